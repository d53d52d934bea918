"""What a user loses if this breaks: the answer to "why is it in this state", act and article."""

from collections.abc import Callable

import attrs
import pytest

from comity.agreements import events
from comity.agreements.lifecycle import Event, State
from comity.agreements.reasons import Reason, reasons_of
from comity.agreements.signing import manifest_document
from comity.foundation.canonical import digest
from comity.foundation.instants import Instant
from support.parties import NOW, A, B
from support.talks import Talks, agreed_framework, field, framework, in_force


def why(talks: Talks, *, at: Instant | None = None) -> list[Reason]:
    return list(reasons_of(talks.state, talks.view(at=at)))


def said(talks: Talks) -> list[tuple[Event, list[tuple[str, int]], str]]:
    """Return each reason as event, places and article."""
    return [
        (one.event, [(place.party, place.n) for place in one.places], one.article)
        for one in why(talks)
    ]


def tabled() -> Talks:
    talks = Talks()
    talks.propose(A, framework(), opening=True)
    return talks


def talked() -> Talks:
    talks = tabled()
    talks.do(B, events.TALK)
    return talks


def reopened() -> Talks:
    talks = agreed_framework()
    talks.initialled()
    talks.do(B, events.REOPEN)
    talks.propose(B, {"u1": "Other words."})
    return talks


def abandoned() -> Talks:
    talks = talked()
    for party in (A, B):
        talks.do(party, events.ABANDON)
    return talks


def initialled() -> Talks:
    talks = agreed_framework()
    talks.initialled()
    return talks


def adopted() -> Talks:
    talks = agreed_framework()
    for party in (A, B):
        talks.statement(party, events.ADOPT)
    return talks


def signing() -> Talks:
    talks = initialled()
    talks.open_window(opens=NOW, closes=NOW.plus(60))
    return talks


def revoked() -> Talks:
    talks = initialled()
    document = talks.open_window(opens=NOW, closes=NOW.plus(60))
    talks.do(B, events.REVOKE, {"manifest": digest(document)})
    return talks


def void() -> Talks:
    talks = signing()
    for party in (A, B):
        talks.cosign(party, NOW.plus(61))
    return talks


def lapsed() -> Talks:
    talks = initialled()
    document = manifest_document(talks.manifest(opens=NOW, closes=NOW.plus(60)))
    talks.do(A, events.OPEN, {"manifest": digest(document)}, documents={"document": document})
    talks.cosign(A, NOW.plus(61))
    return talks


def proposed() -> Talks:
    talks = initialled()
    document = manifest_document(talks.manifest(opens=NOW, closes=NOW.plus(60)))
    talks.do(A, events.OPEN, {"manifest": digest(document)}, documents={"document": document})
    return talks


def later() -> Talks:
    """Return talks whose agreement waits thirty days after the last signature."""
    units = framework()
    entry = field("on the last signature", when="last_signature", days=30)
    units["u2"] = attrs.evolve(units["u2"], fields={"entry": entry})
    return in_force(units)


def suspended() -> Talks:
    talks = in_force()
    talks.suspend(B, until=NOW.plus(1000))
    return talks


def suspended_in_part() -> Talks:
    talks = in_force()
    talks.suspend(B, units=("u3",))
    return talks


def resumed() -> Talks:
    talks = in_force()
    suspension = talks.suspend(A)
    for party in (A, B):
        talks.resume(party, suspension)
    return talks


Told = tuple[Event, list[tuple[str, int]], str]
INITIALLED: Told = (Event.INITIALLED, [(A, 4), (B, 4)], "")
SIGNED: Told = (Event.SIGNED, [(A, 7), (B, 6)], "")
ENTERED: Told = (Event.ENTERED, [], "Article 2")
CASES: dict[str, tuple[Callable[[], Talks], list[tuple[Event, list[tuple[str, int]], str]]]] = {
    "tabled": (tabled, [(Event.TABLED, [(A, 2)], "")]),
    "talked about": (
        talked,
        [(Event.ANSWERED, [(B, 2)], ""), (Event.UNCLEANED, [(A, 2)], "")],
    ),
    "clean": (agreed_framework, [(Event.CLEANED, [(B, 2)], "")]),
    "adopted": (adopted, [(Event.ADOPTED, [(A, 3), (B, 3)], "")]),
    "reopened": (
        reopened,
        [
            (Event.ANSWERED, [(B, 2)], ""),
            (Event.REOPENED, [(B, 5)], ""),
            (Event.UNCLEANED, [(B, 6)], ""),
        ],
    ),
    "initialled": (initialled, [INITIALLED]),
    "a window proposed": (proposed, [INITIALLED]),
    "a window nobody agreed to": (lapsed, [INITIALLED, (Event.VOID, [(A, 5)], "")]),
    "a window missed": (void, [INITIALLED, (Event.VOID, [(A, 5)], "")]),
    "a window revoked": (revoked, [INITIALLED, (Event.REVOKED, [(B, 6)], "")]),
    "signing": (signing, [(Event.READY, [(A, 5), (A, 6), (B, 5)], "")]),
    "in force": (in_force, [SIGNED, ENTERED]),
    "signed, not in force": (later, [SIGNED, (Event.ENTRY_CONDITIONS, [], "Article 2")]),
    "suspended": (suspended, [SIGNED, ENTERED, (Event.SUSPENDED, [(B, 7)], "Article 5")]),
    "suspended in part": (
        suspended_in_part,
        [SIGNED, ENTERED, (Event.SUSPENDED, [(B, 7)], "Article 5")],
    ),
    "resumed": (resumed, [SIGNED, ENTERED, (Event.RESUMED, [(A, 9), (B, 7)], "")]),
    "abandoned": (abandoned, [(Event.ABANDONED, [(A, 3), (B, 3)], "")]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_state_names_the_acts_and_the_article_that_made_it(name: str) -> None:
    make, wanted = CASES[name]
    assert said(make()) == wanted


def test_open_units_are_named_while_a_text_is_negotiated() -> None:
    assert why(talked())[-1].units == ("u1", "u2", "u3", "u4", "u5")


def test_a_suspension_whose_own_end_came_is_told_as_lifted_by_it() -> None:
    talks = suspended()
    found = why(talks, at=NOW.plus(2000))[-1]
    assert (found.event, found.at) == (Event.RESUMED, NOW.plus(1000))


def test_a_term_that_is_over_names_its_article() -> None:
    talks = in_force()
    ends = talks.view().ends_at
    assert ends is not None
    found = why(talks, at=ends)[-1]
    assert (found.event, found.article, found.at) == (Event.TERM_OVER, "Article 1", ends)
    units = framework()
    units["u1"] = attrs.evolve(units["u1"], fields={})
    endless = in_force(units)
    over = attrs.evolve(endless.view(), status=State.EXPIRED)
    assert reasons_of(endless.state, over)[-1].article == ""


def test_a_state_of_a_later_rule_set_has_no_reason_here() -> None:
    talks = in_force()
    shown = attrs.evolve(talks.view(), status=State.SUPERSEDED)
    assert reasons_of(talks.state, shown) == ()
    unsigned = attrs.evolve(void().view(), status=State.SIGNED)
    assert [one.event for one in reasons_of(void().state, unsigned)] == []
    waiting = attrs.evolve(void().view(), status=State.SIGNING)
    assert reasons_of(void().state, waiting) == ()
