"""Commitments: the machine of agreements.md D2.6, row by row, in any order of arrival."""

import itertools
from types import MappingProxyType

import attrs
import pytest

from comity.coordination import fold
from comity.coordination.commitment_views import check_due, check_result, claimed_late, standing
from comity.coordination.commitments import (
    ENDS,
    STEPS,
    Commitment,
    Due,
    Status,
    admit,
    apply,
    terms_digest,
)
from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant

A, B = "did:web:a.example", "did:web:b.example"
ID = "urn:uuid:00000000-0000-4000-8000-000000000001"
DUE = Instant.parse("2027-01-31T23:59:59Z")
TERMS: JsonObject = {
    "commitment": ID,
    "instrument": "urn:uuid:00000000-0000-4000-8000-00000000000a",
    "unit": "u1",
    "title": "A joint catalogue of charts",
    "test": "The catalogue lists all charts of both parties.",
    "performer": A,
    "beneficiary": B,
    "due": {"at": str(DUE), "day": "2027-01-31", "zone": "UTC"},
    "source": {"kind": "article", "ref": "", "item": ""},
}


class Story:
    """Acts of two parties, each knowing all before it unless told otherwise."""

    def __init__(self, **terms: Json) -> None:
        self.deeds: list[Deed] = []
        self.terms: JsonObject = {**TERMS, **terms}
        self.act(A, "propose", self.terms)

    def act(
        self,
        party: str,
        step: str,
        given: JsonObject = MappingProxyType({}),
        *,
        lc: int | None = None,
        **members: Json,
    ) -> None:
        n = sum(each.party == party for each in self.deeds)
        deed = Deed(
            party=party,
            n=n,
            seen=len(self.deeds) - n,
            lc=len(self.deeds) + 1 if lc is None else lc,
            kind=f"commitment.{step}",
            data={"commitment": ID, **given, **members},
        )
        admit(deed)
        self.deeds.append(deed)

    def accept(self, party: str = B) -> None:
        self.act(party, "accept", terms=terms_digest(self.terms))

    def claim(self, party: str = A) -> None:
        self.act(party, "claim", fulfilled="2027-01-15T00:00:00Z", evidence=["entry 7"])

    @property
    def state(self) -> CoordinationState:
        return fold_deeds(CoordinationState(), self.deeds)

    def now(self) -> Commitment:
        found = self.state.commitments.get(ID)
        assert found is not None
        return found

    @property
    def idle(self) -> list[str]:
        return [each.code for each in self.state.idle()]


def opened(**terms: Json) -> Story:
    story = Story(**terms)
    story.accept()
    return story


def test_a_commitment_is_owed_only_once_the_other_party_took_exactly_its_terms() -> None:
    story = Story()
    assert story.now().status is Status.PROPOSED
    story.act(B, "accept", terms="0" * 64)
    assert (story.now().status, story.idle) == (Status.PROPOSED, ["commitments.other_terms"])
    story.accept(A)
    assert story.idle[-1] == "deeds.not_yours", "nobody accepts the own proposal"
    story.accept()
    assert story.now().status is Status.OPEN


def test_only_the_beneficiary_says_that_it_was_kept() -> None:
    story = opened()
    story.claim()
    story.act(A, "acknowledge", result="kept")
    assert (story.now().status, story.idle) == (Status.CLAIMED, ["deeds.not_yours"])
    story.act(B, "acknowledge", result="kept_late")
    assert story.now().status is Status.KEPT_LATE


def test_only_the_performer_claims() -> None:
    story = opened()
    story.claim(B)
    assert (story.now().status, story.idle) == (Status.OPEN, ["deeds.not_yours"])


def test_a_disputed_claim_keeps_its_reason_and_can_be_claimed_again() -> None:
    story = opened()
    story.claim()
    story.act(B, "dispute", reason="Half the charts are missing.")
    assert (story.now().status, story.now().reason) == (
        Status.DISPUTED,
        "Half the charts are missing.",
    )
    story.claim()
    assert story.now().status is Status.CLAIMED


def test_a_new_due_date_counts_once_both_named_the_same_and_the_old_one_is_kept() -> None:
    story = opened()
    later, other = ({"at": f"2027-0{n}-01T00:00:00Z", "day": None, "zone": None} for n in (3, 4))
    story.act(A, "redate", due=later)
    assert story.now().unanswered_word() == A
    story.act(B, "redate", due=other)
    assert story.now().unanswered_word() is None, "both have said something"
    assert story.now().due_at == DUE, "they named different days"
    story.act(A, "redate", due=other)
    assert story.now().due.at == "2027-04-01T00:00:00Z"
    assert [each.at for each in story.now().dates] == [str(DUE)]


def test_what_is_owed_to_both_is_acknowledged_by_both_alike() -> None:
    story = opened(beneficiary="both", performer=A)
    story.claim()
    story.act(A, "acknowledge", result="kept")
    assert story.now().status is Status.CLAIMED, "one's own word is not enough"
    story.act(B, "acknowledge", result="partly_kept")
    assert story.now().status is Status.CLAIMED, "two different words are no agreement"
    story.act(B, "acknowledge", result="kept")
    assert story.now().status is Status.KEPT


def test_what_both_do_for_one_of_them_can_be_acknowledged_and_released() -> None:
    """Else a commitment that both owe to one side can never end as kept."""
    story = opened(beneficiary=A, performer="both")
    story.claim()
    story.act(A, "acknowledge", result="kept")
    assert story.now().status is Status.CLAIMED
    story.act(B, "acknowledge", result="kept")
    assert story.now().status is Status.KEPT
    other = opened(beneficiary=A, performer="both")
    other.act(B, "release", reason="Not needed.")
    other.act(A, "release", reason="Not needed any more.")
    assert other.now().status is Status.RELEASED


def test_that_it_was_not_kept_is_found_by_both_or_not_at_all() -> None:
    story = opened()
    story.act(B, "fail", reason="Nothing came.")
    assert story.now().status is Status.OPEN
    story.act(A, "fail", reason="We could not.")
    assert story.now().status is Status.NOT_KEPT


def test_an_acknowledgement_after_a_release_changes_nothing_and_says_why() -> None:
    story = opened()
    story.claim()
    story.act(B, "release", reason="No longer needed.")
    story.act(B, "acknowledge", result="kept")
    assert (story.now().status, story.idle) == (Status.RELEASED, ["deeds.not_now"])


def test_nothing_moves_a_commitment_that_has_ended() -> None:
    for end in ENDS:
        assert all(end not in step.sources for step in STEPS.values()), end


@pytest.mark.parametrize("status", list(Status))
def test_silence_and_dates_change_no_state(status: Status) -> None:
    one = opened().now()
    far = Instant.parse("2037-01-01T00:00:00Z")
    seen = standing(_as(one, status), at=far, since=DUE, ended=False)
    assert seen.status == status
    assert seen.overdue == (status in {Status.OPEN, Status.IN_PROGRESS, Status.DISPUTED})
    assert seen.unanswered == (status is Status.CLAIMED)


def test_what_was_owed_is_void_with_the_agreement_and_what_ended_before_stays() -> None:
    one = opened().now()
    assert standing(one, at=DUE, since=None, ended=True).status == "void"
    kept = _as(one, Status.KEPT)
    assert standing(kept, at=DUE, since=None, ended=True).status == "kept"


def test_acts_that_crossed_come_to_the_same_in_every_order_of_arrival() -> None:
    story = opened()
    at = len(story.deeds) + 1
    story.act(A, "claim", lc=at, fulfilled="2027-01-15T00:00:00Z", evidence=[])
    story.act(B, "release", lc=at, reason="We no longer need it.")
    made = {
        str(state_json(fold_deeds(CoordinationState(), order)))
        for order in itertools.permutations(story.deeds)
    }
    assert len(made) == 1
    assert story.now().status is Status.RELEASED


def test_who_is_no_party_cannot_be_made_to_owe() -> None:
    story = Story(performer="did:web:stranger.example")
    story.accept()
    assert (story.now().status, story.idle) == (Status.PROPOSED, ["commitments.strangers"])


@pytest.mark.parametrize(
    ("step", "members"),
    [
        ("propose", {**TERMS, "extra": 1}),
        ("propose", {**TERMS, "due": {"at": "soon", "day": None, "zone": None}}),
        ("propose", {**TERMS, "due": {"at": "2027-02-30T00:00:00Z", "day": None, "zone": None}}),
        ("propose", {**TERMS, "title": "two\nlines"}),
        ("propose", {**TERMS, "title": "\u202eback"}),
        ("propose", {**TERMS, "performer": B}),
        ("propose", {**TERMS, "test": "x" * 20_001}),
        ("accept", {"terms": "ab"}),
        ("claim", {"fulfilled": "2027-01-15T00:00:00Z", "evidence": ["x"] * 51}),
        ("acknowledge", {"result": "trust"}),
        ("dispute", {"reason": ""}),
        ("conquer", {}),
    ],
)
def test_an_act_without_the_form_of_its_kind_is_refused_before_it_is_stored(
    step: str, members: JsonObject
) -> None:
    deed = Deed(
        party=A,
        n=0,
        seen=0,
        lc=1,
        kind=f"commitment.{step}",
        data={"commitment": ID, **members},
    )
    with pytest.raises(PeerError):
        admit(deed)


def test_an_act_on_a_commitment_that_nobody_proposed_has_no_effect() -> None:
    deed = Deed(
        party=A,
        n=0,
        seen=0,
        lc=1,
        kind="commitment.release",
        data={"commitment": ID, "reason": "x"},
    )
    state = fold_deeds(CoordinationState(), (deed,))
    assert state.commitments.get(ID) is None
    assert [each.code for each in state.idle()] == ["deeds.none"]
    assert list(state.commitments.things()) == []


def test_a_due_date_lies_ahead_of_whoever_proposes_it() -> None:
    due = Due(at=str(DUE))
    check_due(due, at=DUE.plus(-1))
    with pytest.raises(MisuseError):
        check_due(due, at=DUE)


@pytest.mark.parametrize(
    ("due", "fulfilled", "late"),
    [
        (("2027-01-31T18:29:59Z", "2027-01-31", "Asia/Kolkata"), "2027-01-31T23:59:59Z", False),
        (("2027-01-31T18:29:59Z", "2027-01-31", "Asia/Kolkata"), "2027-01-31T20:00:00Z", True),
        (("2027-02-01T07:59:59Z", "2027-01-31", "America/Los_Angeles"), f"{DUE}", False),
        (
            ("2027-02-01T07:59:59Z", "2027-01-31", "America/Los_Angeles"),
            "2027-02-01T23:59:59Z",
            True,
        ),
        (("2027-01-31T12:00:00Z", None, None), "2027-01-31T23:59:59Z", False),
        (("2027-01-31T12:00:00Z", None, None), "2027-01-31T13:00:00Z", True),
    ],
)
def test_whoever_did_it_on_the_day_it_was_due_is_not_late_in_any_zone(
    due: tuple[str, str | None, str | None], *, fulfilled: str, late: bool
) -> None:
    story = opened(due=dict(zip(("at", "day", "zone"), due, strict=True)))
    assert claimed_late(story.now()) is None
    check_result(story.now(), "kept_late", words="")  # without a claim, others say what is wrong
    story.act(A, "claim", fulfilled=fulfilled, evidence=[])
    assert claimed_late(story.now()) is late
    as_claimed, against = ("kept_late", "kept") if late else ("kept", "kept_late")
    for result, words in ((as_claimed, ""), ("partly_kept", ""), (against, "We saw it so.")):
        check_result(story.now(), result, words=words)
    with pytest.raises(MisuseError, match="that is late" if late else "that is in time"):
        check_result(story.now(), against, words=" ")


def test_the_room_asks_the_machine_whether_an_act_has_its_form() -> None:
    story = Story()
    fold.admit(story.deeds[0])
    with pytest.raises(PeerError):
        fold.admit(attrs.evolve(story.deeds[0], data={"commitment": ID}))


def test_a_second_proposal_of_the_same_id_changes_nothing() -> None:
    story = Story()
    story.act(B, "propose", {**TERMS, "title": "Another"})
    assert (story.now().terms.title, story.idle) == (TERMS["title"], ["deeds.exists"])


def test_the_other_steps_go_where_the_table_says() -> None:
    story = Story()
    story.act(B, "decline", reason="Too early.")
    assert (story.now().status, story.now().reason) == (Status.DECLINED, "Too early.")
    story = Story()
    story.act(A, "withdraw")
    assert story.now().status is Status.WITHDRAWN
    story = opened()
    story.act(A, "progress")
    assert story.now().status is Status.IN_PROGRESS
    assert apply(story.now(), story.deeds[-1]).status is Status.IN_PROGRESS


def _as(one: Commitment, status: Status) -> Commitment:
    return attrs.evolve(one, status=status)
