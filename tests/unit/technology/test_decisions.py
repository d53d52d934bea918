"""A decision that is entered anew, or that the recipient declines, before anybody is held to it."""

from comity.technology.authorisation_acts import decision_digest
from comity.technology.authorisations import Status
from support.authorising import ONCE, TERMS, A, B, active, approved, ruled


def test_a_decision_entered_wrongly_is_entered_anew_before_its_assurance_and_never_after() -> None:
    story = approved(ONCE)
    first = story.now().decision
    assert first is not None
    story.accept()
    story.approve({**ONCE, "text": "One transfer, in spring."})
    found = story.now()
    assert (found.status, found.version, found.accepted) == (
        Status.APPROVED_WITH_PROVISOS,
        1,
        False,
    ), "provisos of another decision were taken as accepted"
    story.assure(decision=decision_digest(first))
    assert story.idle == ["authorisations.other_decision"], "assured is what one has read"
    story.assure()
    assert story.now().status is Status.ASSURED
    story.approve()
    assert story.idle[1:] == ["deeds.not_now"], "what was assured is not exchanged any more"
    found = story.now()
    assert found.decision is not None
    assert [each.text for each in found.decision.provisos] == ["One transfer, in spring."]


def test_a_recipient_declines_a_decision_as_it_read_it_and_the_authority_can_have_it_again() -> (
    None
):
    story = approved(ONCE)
    first = story.now().decision
    assert first is not None
    story.decline(party=A)
    assert story.idle == ["deeds.not_yours"]
    story.approve({**ONCE, "text": "One transfer, in spring."})
    story.decline(decision=decision_digest(first))
    assert story.idle[1:] == ["authorisations.other_decision"]
    story.decline()
    found = story.now()
    assert (found.status, ruled(story)) == (Status.DECLINED, "not_authorised")
    assert (found.decision, found.limits.quantity) == (None, None), "a declined limit counts"
    assert found.basis is not None
    assert found.basis.reason == "We have no such store."
    story.assure()
    assert story.idle[2:] == ["deeds.not_now"], "what was declined is assured by no second thought"
    story.review()
    found = story.now()
    assert (found.status, found.basis) == (Status.IN_REVIEW, None)
    story.approve()
    story.assure()
    assert story.now().status is Status.ASSURED
    story.decline()
    assert story.idle[3:] == ["deeds.not_now"]


def test_what_was_declined_can_be_taken_back_by_who_asked() -> None:
    story = approved(ONCE)
    story.decline()
    story.act(A, "authorisation.withdraw")
    assert (story.now().status, story.idle) == (Status.WITHDRAWN, [])


def test_the_decision_on_an_amendment_is_not_declined_but_entered_anew() -> None:
    story = active(ONCE)
    story.act(B, "authorisation.amend", TERMS, title="Two surveys")
    story.approve(ONCE, step="amend_approve")
    story.decline()
    assert story.idle == ["authorisations.amended"], "what was counted must still be reconciled"
    story.approve()
    found = story.now()
    assert (found.status, found.version, found.terms.title) == (Status.APPROVED, 2, "Two surveys")
