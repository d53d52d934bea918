"""What a user loses if this breaks: something waits, and nobody is told."""

import attrs
import pytest

from comity.agreements import events
from comity.agreements.model import alternative_digest
from comity.agreements.moves import Accept, AcceptAdRef, Confirm, Propose
from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.relationship.matters import (
    CONSEQUENCES,
    Consequence,
    Matter,
    by_consequence,
    matters,
)
from support import projects
from support.parties import NOW, A, B
from support.relations import DAY, picture
from support.talks import INSTRUMENT, Talks, agreed_framework, content, field, framework, in_force


def open_now(talks: Talks, **more: object) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.code, each.waits_for) for each in matters(picture(talks, **more))]


def proposed() -> Talks:
    talks = Talks()
    talks.propose(A, framework(), opening=True)
    return talks


def test_a_tabled_text_waits_for_the_other_side_with_the_number_of_units() -> None:
    talks = proposed()
    talk, turn = matters(picture(talks))
    assert (talk.code, talk.waits_for, talk.since) == ("text.talk", (B,), NOW.plus(10))
    assert (turn.code, turn.waits_for, turn.facts["units"]) == ("text.turn", (B,), 5)
    assert turn.facts["labels"] == ["Article 1", "Article 2", "Article 3", "Article 4"]
    talks.do(B, events.TALK)
    assert open_now(talks) == [("text.turn", (B,))]


def test_the_text_of_the_second_named_party_waits_for_the_first() -> None:
    talks = Talks()
    talks.table(B, Propose(unit="u1", content=content("One.")), opening=True)
    assert open_now(talks) == [("text.talk", (A,)), ("text.turn", (A,))]


def test_a_unit_accepted_ad_referendum_waits_for_its_confirmation_and_for_no_other_answer() -> None:
    talks = proposed()
    digest = alternative_digest("u1", framework()["u1"])
    talks.table(B, AcceptAdRef(unit="u1", digest=digest))
    turn, confirm = matters(picture(talks))
    assert (turn.code, turn.waits_for, turn.facts["units"]) == ("text.turn", (B,), 4)
    assert (confirm.code, confirm.waits_for) == ("text.confirm", (B,))
    assert confirm.facts == {"units": 1, "labels": ["Article 1"]}
    talks.table(B, Confirm(unit="u1", digest=digest))
    assert open_now(talks) == [("text.turn", (B,))]


def test_what_is_not_cosigned_yet_waits_since_no_time() -> None:
    turn = matters(picture(proposed(), marks={A: [], B: []}))[-1]
    assert turn.since is None
    assert turn.json()["since"] is None


def test_conclusion_waits_step_by_step_for_whoever_has_not_done_it() -> None:
    talks = agreed_framework()
    assert open_now(talks) == [("text.adopt", (A, B))]
    talks.statement(A, events.ADOPT)
    assert open_now(talks) == [("text.adopt", (B,))]
    talks.statement(B, events.ADOPT)
    talks.statement(B, events.INITIAL)
    assert open_now(talks) == [("text.initial", (A,))]
    talks.statement(A, events.INITIAL)
    assert open_now(talks) == [("window.propose", (A, B))]
    manifest = talks.open_window(opens=NOW, closes=NOW.plus(60))
    names = [
        (each.code, each.waits_for, each.person, each.until) for each in matters(picture(talks))
    ]
    assert names == [
        ("window.sign", (A,), "First", NOW.plus(60)),
        ("window.sign", (B,), "First", NOW.plus(60)),
    ]
    talks.sign(A, manifest)
    assert open_now(talks) == [("window.sign", (B,))]


def test_a_proposed_window_waits_for_the_side_that_is_not_ready() -> None:
    talks = agreed_framework()
    talks.initialled()
    talks.open_window(opens=NOW, closes=NOW.plus(60))
    (name,) = talks.state.instruments
    chains = dict(talks.state.instruments[name])
    acts = tuple(act for act in chains[B].acts if act.kind != events.READY)
    chains[B] = attrs.evolve(chains[B], acts=acts)
    talks.state = type(talks.state)(instruments={name: chains})
    (ready,) = matters(picture(talks))
    assert (ready.code, ready.waits_for, ready.until) == ("window.ready", (B,), NOW.plus(60))


def test_a_suspension_waits_for_its_author_until_its_own_end() -> None:
    talks = in_force()
    talks.suspend(A, units=("u3",), until=NOW.plus(DAY))
    talks.suspend(B)
    first, second = matters(picture(talks))
    assert (first.waits_for, first.until, first.facts["labels"]) == (
        (A,),
        NOW.plus(DAY),
        ["Article 3"],
    )
    assert (second.waits_for, second.until, second.facts["whole"]) == ((B,), None, True)
    assert open_now(talks, at=NOW.plus(2 * DAY)) == [("suspension.standing", (B,))]


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        ("2030-01-01T00:00:00Z", []),
        ("2031-06-01T00:00:00Z", [("review.due", 6)]),
        ("2031-08-01T00:00:00Z", [("review.due", 3)]),
        ("2035-01-01T00:00:00Z", [("term.ends", 24)]),
        ("2036-09-01T00:00:00Z", [("review.due", 3), ("term.ends", 3)]),
        ("2037-01-01T00:00:00Z", []),
    ],
)
def test_a_review_and_the_end_of_the_term_are_told_before_they_come(
    at: str, codes: list[tuple[str, int]]
) -> None:
    units = framework()
    more = {**units["u1"].fields, "review": field("ten years", period="P59M")}
    units["u1"] = attrs.evolve(units["u1"], fields=more)
    talks = in_force(units)
    found = matters(picture(talks, at=Instant.parse(at)))
    assert [(each.code, each.facts["months"]) for each in found] == codes
    assert all(each.waits_for == (A, B) for each in found)


def test_an_agreement_without_an_end_has_none_to_be_told() -> None:
    units = framework()
    units["u1"] = attrs.evolve(units["u1"], fields={})
    assert open_now(in_force(units)) == []


def test_the_gravest_comes_first_then_the_nearest_date_then_the_oldest() -> None:
    def matter(code: str, *, since: int | None = None, until: int | None = None) -> Matter:
        return Matter(
            code=code,
            instrument="",
            title="",
            waits_for=(),
            since=None if since is None else NOW.plus(since),
            until=None if until is None else NOW.plus(until),
        )

    ordered = [
        matter("window.sign", until=5),
        matter("window.ready", until=9),
        matter("suspension.standing"),
        matter("text.turn", since=1),
        matter("text.talk", since=2),
        matter("text.adopt"),
        matter("term.ends", until=1),
    ]
    assert list(by_consequence(reversed(ordered))) == ordered
    assert set(CONSEQUENCES.values()) == set(Consequence)
    assert ordered[0].json()["consequence"] == "window_closes"


def test_an_instrument_that_was_given_up_waits_for_nobody() -> None:
    talks = proposed()
    talks.do(A, events.ABANDON)
    assert open_now(talks) == []


def test_a_unit_that_waits_for_both_is_told_to_both() -> None:
    talks = proposed()
    accepted = framework()["u1"]
    talks.table(B, Accept(unit="u1", digest=alternative_digest("u1", accepted)))
    assert open_now(talks) == [("text.turn", (B,))]


def test_nobody_is_asked_to_name_an_arrangement_while_no_agreement_could_be_one() -> None:
    story = projects.at("exportability_checked")

    def told(talks: Talks) -> tuple[str, str, JsonObject]:
        made = picture(talks)
        logs = {**made.shared.logs, **dict.fromkeys((projects.A, projects.B), made.shared.logs[A])}
        shared = attrs.evolve(made.shared, technology=story.state, logs=logs)
        found = matters(attrs.evolve(made, shared=shared))
        (one,) = [each for each in found if each.code.startswith("project.")]
        return one.code, one.title, one.facts

    title = "Drifting buoys that report ice"
    assert told(Talks()) == ("project.draft", title, {})
    facts: JsonObject = {"texts": 1, "status": "negotiating"}
    talks = proposed()
    talks.do(B, events.TALK)
    assert told(talks) == ("project.text", f"{title}: Framework for Cooperation", facts)
    assert told(agreed_framework())[2] == {"texts": 1, "status": "clean"}
    assert told(in_force()) == ("project.arrange", title, {})
    story = projects.at("exportability_checked", instrument=INSTRUMENT)
    assert told(in_force())[0] == "project.draft", "the framework is no arrangement"
    elsewhere = field("ten years", instrument=INSTRUMENT, title="Another framework")
    units = framework()
    fields = {**units["u1"].fields, "basis": elsewhere}
    units["u1"] = attrs.evolve(units["u1"], fields=fields)
    story = projects.at("exportability_checked")
    assert told(in_force(units))[0] == "project.draft", "it says that it stands under another"
