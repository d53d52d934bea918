"""What would let a refused controlled item through: which authorisation, whose act comes next."""

from typing import Final

import attrs
import pytest

from comity.agreements.mandates import Ruling
from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.technology.remedies import Remedy, remedy
from support.authorising import (
    AT,
    CLASS,
    DIGEST,
    FINE,
    ID,
    ONCE,
    STOPPED,
    TERMS,
    WANTED,
    WISH,
    A,
    Acts,
    B,
    active,
    approved,
)

SECOND = "urn:uuid:00000000-0000-4000-8000-000000000002"
BY_CLASS = {"items": [], "classes": [{"scheme": CLASS["scheme"], "code": CLASS["code"]}]}
DATES: Final[JsonObject] = {
    "text": "In March.",
    "check": {"kind": "dates", "starts": "2027-03-01T00:00:00Z", "ends": "2027-03-31T23:59:59Z"},
}


def missing(
    story: Acts, *, basis: Ruling = FINE, at: Instant = AT, sha256: str = DIGEST
) -> Remedy | None:
    state = story.state
    return remedy(
        state.controls,
        state.authorisations,
        attrs.evolve(WISH, sha256=sha256),
        wanted=WANTED,
        basis=lambda _: basis,
        at=at,
    )


def said(found: Remedy | None) -> tuple[str, str, str | None]:
    assert found is not None
    return found.against.code, found.act, found.party


def stopped() -> Acts:
    story = active()
    story.act(A, "authorisation.suspend", basis="Condition 4", reason="An inquiry.")
    return story


def ended(step: str) -> Acts:
    story = Acts()
    story.classify()
    story.request()
    if step == "deny":
        story.review()
        story.act(
            A,
            "authorisation.deny",
            number="L-1",
            decided="2026-11-20",
            document="ab" * 32,
            reason="No.",
        )
    else:
        story.act(A, "authorisation.withdraw")
    return story


def test_what_nothing_controls_or_keeps_back_needs_no_remedy() -> None:
    assert missing(Acts()) is None
    assert missing(active()) is None


def test_who_must_act_is_named_for_each_reason_that_keeps_an_item_back() -> None:
    bare = Acts()
    bare.classify()
    assert said(missing(bare)) == ("not_authorised", "request", None)
    bare.request()
    assert said(missing(bare)) == ("not_authorised", "decide", A)
    assert said(missing(approved())) == ("not_assured", "assure", B)
    unaccepted = approved(ONCE)
    unaccepted.assure()
    assert said(missing(unaccepted)) == ("provisos_not_accepted", "accept", B)
    assert said(missing(active(), basis=STOPPED)) == ("basis_not_in_force", "basis", None)
    assert said(missing(stopped())) == ("authorisation_suspended", "resume", A)


@pytest.mark.parametrize("step", ["deny", "withdraw"])
def test_what_was_refused_or_taken_back_is_asked_for_anew(step: str) -> None:
    assert said(missing(ended(step))) == ("not_authorised", "request", None)


def test_what_runs_out_is_amended_and_an_amendment_that_waits_is_decided() -> None:
    story = active(ONCE)
    story.use(1)
    assert said(missing(story)) == ("quantity_used_up", "amend", None)
    story.act(B, "authorisation.amend", {**TERMS, "use": "More."})
    assert said(missing(story)) == ("quantity_used_up", "decide_amendment", A)
    early = active(DATES)
    assert said(missing(early)) == ("authorisation_not_begun", "wait", None)
    late = Instant.parse("2027-04-01T00:00:00Z")
    assert said(missing(early, at=late)) == ("authorisation_expired", "amend", None)


def test_the_authorisation_that_names_the_item_is_meant_and_not_one_of_its_class() -> None:
    story = stopped()
    other = {**TERMS, **BY_CLASS, "authorisation": SECOND}
    story.act(B, "authorisation.request", other, thing=SECOND)
    found = missing(story)
    assert found is not None
    assert found.authorisation is not None
    assert (found.authorisation.id, found.act) == (ID, "resume")


def test_one_that_was_decided_is_meant_before_one_that_waits_or_has_ended() -> None:
    story = stopped()
    story.act(B, "authorisation.request", {**TERMS, "authorisation": SECOND}, thing=SECOND)
    assert said(missing(story)) == ("authorisation_suspended", "resume", A)
    story.act(A, "authorisation.revoke", basis="Condition 4", reason="It is over.")
    found = missing(story)
    assert found is not None
    assert found.authorisation is not None
    assert (found.authorisation.id, found.act) == (SECOND, "decide")
