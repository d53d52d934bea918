"""Bodies: set up by both, each side naming its own people, wound up by both."""

import pytest

from comity.coordination.bodies import STEPS, Group, Status, admit
from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import PeerError

A, B = "did:web:a.example", "did:web:b.example"
ID = "urn:uuid:00000000-0000-4000-8000-000000000001"
OTHER = "urn:uuid:00000000-0000-4000-8000-000000000002"


def side(chair: str) -> JsonObject:
    return {"chair": chair, "contact": "desk@example"}


FOUNDING: JsonObject = {
    "instrument": OTHER,
    "unit": "u1",
    "name": "Harbour Group",
    "level": "group",
    "parent": None,
    "rhythm": "P6M",
    "terms": {"instrument": OTHER, "text": "0" * 64},
    "side": side("Director of Ports"),
}


class Story:
    """Acts of two parties on one body."""

    def __init__(self, **founding: Json) -> None:
        self.deeds: list[Deed] = []
        self.act(A, "propose", **(founding or FOUNDING))

    def act(self, party: str, step: str, **members: Json) -> None:
        deed = Deed(
            party=party,
            n=len(self.deeds),
            seen=0,
            lc=len(self.deeds) + 1,
            kind=f"body.{step}",
            data={"body": ID, **members},
        )
        admit(deed)
        self.deeds.append(deed)

    @property
    def state(self) -> CoordinationState:
        return fold_deeds(CoordinationState(), self.deeds)

    def now(self) -> Group:
        found = self.state.bodies.get(ID)
        assert found is not None
        return found

    @property
    def idle(self) -> list[str]:
        return [each.code for each in self.state.idle()]

    def accept(self, party: str = B) -> None:
        self.act(party, "accept", proposal=self.now().proposal, side=side("Harbour Master"))


def established() -> Story:
    story = Story()
    story.accept()
    return story


def test_a_body_exists_only_once_the_other_party_took_exactly_what_was_proposed() -> None:
    story = Story()
    story.act(B, "accept", proposal="0" * 64, side=side("Nobody"))
    story.accept(A)
    assert story.idle == ["bodies.other_proposal", "deeds.not_yours"]
    assert story.now().status is Status.PROPOSED
    story.accept()
    assert story.now().status is Status.ESTABLISHED
    assert {party: each.chair for party, each in story.now().sides.items()} == {
        A: "Director of Ports",
        B: "Harbour Master",
    }


def test_each_side_changes_its_own_co_chair_alone() -> None:
    story = established()
    story.act(B, "appoint", side=side("Deputy"))
    assert (story.now().sides[A].chair, story.now().sides[B].chair) == (
        "Director of Ports",
        "Deputy",
    )
    assert story.now().status is Status.ESTABLISHED


def test_a_body_is_wound_up_by_both_or_not_at_all() -> None:
    story = established()
    story.act(A, "wind_up", reason="Done.")
    assert story.now().status is Status.ESTABLISHED
    story.act(B, "wind_up", reason="The work is finished.")
    assert story.now().status is Status.WOUND_UP
    assert story.now().ending == {A: "Done.", B: "The work is finished."}
    story.act(B, "appoint", side=side("Deputy"))
    assert story.idle == ["deeds.not_now"]


def terms(text: str) -> JsonObject:
    return {"instrument": OTHER, "text": text * 64}


def test_a_standing_body_has_other_terms_of_reference_only_once_both_named_the_same_text() -> None:
    story = established()
    story.act(A, "terms", terms=terms("1"))
    assert story.now().terms == story.now().founding.terms, "one side alone changed them"
    story.act(B, "terms", terms=terms("2"))
    assert {party: each.text[0] for party, each in story.now().naming.items()} == {A: "1", B: "2"}
    story.act(B, "terms", terms=terms("1"))
    found = story.now()
    assert found.terms is not None
    assert (found.terms.text, dict(found.naming), found.status) == (
        "1" * 64,
        {},
        Status.ESTABLISHED,
    )
    assert not story.idle


def test_a_body_without_terms_of_reference_gets_them_later() -> None:
    story = Story(**{**FOUNDING, "terms": None})
    story.accept()
    assert story.now().terms is None
    for party in (B, A):
        story.act(party, "terms", terms=terms("1"))
    assert story.now().terms is not None


def test_naming_the_terms_that_stand_takes_back_what_a_side_named_and_else_does_nothing() -> None:
    story = established()
    story.act(A, "terms", terms=terms("0"))
    assert story.idle == ["bodies.same_terms"]
    story.act(A, "terms", terms=terms("1"))
    story.act(A, "terms", terms=terms("0"))
    assert not story.now().naming
    story.act(B, "terms", terms=terms("1"))
    assert set(story.now().naming) == {B}, "a word that was taken back still counted"


def test_terms_of_reference_are_named_only_for_a_body_that_stands() -> None:
    story = Story()
    story.act(B, "terms", terms=terms("1"))
    assert story.idle == ["deeds.not_now"]


def test_a_refused_or_withdrawn_proposal_makes_no_body() -> None:
    story = Story()
    story.act(B, "decline", reason="Too many groups.")
    assert (story.now().status, story.now().reason) == (Status.DECLINED, "Too many groups.")
    story = Story()
    story.act(B, "withdraw")
    assert story.idle == ["deeds.not_yours"]
    story.act(A, "withdraw")
    assert story.now().status is Status.WITHDRAWN


def test_acts_on_no_body_and_a_second_founding_change_nothing() -> None:
    story = Story()
    story.act(B, "propose", **FOUNDING)
    assert story.idle == ["deeds.exists"]
    story.deeds = [story.deeds[0]]
    story.act(A, "withdraw")
    lonely = fold_deeds(CoordinationState(), story.deeds[1:])
    assert [each.code for each in lonely.idle()] == ["deeds.none"]


@pytest.mark.parametrize(
    "wrong",
    [{"parent": ID}, {"rhythm": "every now and then"}, {"level": "friends"}, {"name": ""}],
)
def test_a_body_that_cannot_be_is_refused_before_it_is_stored(wrong: JsonObject) -> None:
    with pytest.raises(PeerError):
        Story(**{**FOUNDING, **wrong})


def test_a_body_that_foresees_no_rhythm_is_proposed_without_one() -> None:
    assert not Story(**{**FOUNDING, "rhythm": ""}).idle


def test_an_act_of_no_known_kind_is_refused_before_it_is_stored() -> None:
    with pytest.raises(PeerError):
        Story().act(A, "rename")


def test_acts_come_to_the_same_in_whatever_order_they_arrive() -> None:
    story = established()
    for party in (A, B):
        story.act(party, "terms", terms=terms("1"))
        story.act(party, "wind_up", reason="Done.")
    state = CoordinationState()
    for deed in reversed(story.deeds):
        state = fold_deeds(state, [deed])
    assert state_json(state) == state_json(story.state)
    assert set(STEPS) >= {each.step for each in story.deeds}
