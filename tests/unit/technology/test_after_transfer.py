"""What follows a transfer: consent to pass on, and looking at the use. Agreements.md D2.8."""

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.technology import endchecks, retransfers
from comity.technology.provisos import Proviso, provisos_digest
from support.authorising import CONSENT, ID, LOOK, ONCE, A, Acts, B

PROVISO = Proviso(text="Not beyond.", check=None)


def consent() -> Acts:
    story = Acts()
    story.act(B, "retransfer.request", CONSENT)
    return story


def status(story: Acts) -> str:
    found = story.state.retransfers.get(ID)
    assert found is not None
    return str(found.status)


def test_requested_to_granted_with_provisos_to_used_to_closed() -> None:
    story = consent()
    story.act(B, "retransfer.grant", provisos=[])
    assert (status(story), story.idle) == ("requested", ["deeds.not_yours"])
    story.act(A, "retransfer.grant", provisos=[{"text": "Not beyond.", "check": None}])
    assert status(story) == "granted_with_provisos"
    story.act(B, "retransfer.use", provisos="0" * 64, report="Passed on.")
    assert story.idle[-1] == "retransfers.other_provisos"
    story.act(B, "retransfer.use", provisos=provisos_digest([PROVISO]), report="Passed on.")
    story.act(A, "retransfer.close", reason="Seen.")
    assert status(story) == "closed"


def test_requested_to_refused_and_to_returned_which_is_asked_again() -> None:
    story = consent()
    story.act(A, "retransfer.return", reason="Who is it?")
    story.act(B, "retransfer.again")
    assert status(story) == "requested"
    story.act(A, "retransfer.refuse", reason="No.")
    assert status(story) == "refused"
    story.act(B, "retransfer.withdraw")
    story.act(B, "retransfer.request", CONSENT)
    assert story.idle == ["deeds.not_now", "deeds.exists"]
    story = consent()
    story.act(B, "retransfer.withdraw")
    assert status(story) == "withdrawn"


def test_nothing_is_consented_by_silence_and_nothing_used_without() -> None:
    story = consent()
    story.act(B, "retransfer.use", provisos=provisos_digest([]), report="We went on.")
    assert (status(story), story.idle) == ("requested", ["deeds.not_now"])
    story = Acts()
    story.act(A, "retransfer.close", reason="None.")
    assert story.idle == ["deeds.none"]


def test_a_consent_with_a_check_twice_is_none() -> None:
    with pytest.raises(PeerError, match="stands twice"):
        consent().act(A, "retransfer.grant", provisos=[ONCE, ONCE])


@pytest.mark.parametrize("result", ["favourable", "unfavourable", "inconclusive"])
def test_requested_arranged_by_both_done_and_concluded_then_followed_up(result: str) -> None:
    story = Acts()
    story.act(A, "endcheck.request", LOOK)
    when: JsonObject = {"at": "2027-01-10T09:00:00Z", "place": "Port of Aldoria"}
    story.act(B, "endcheck.arrange", {**when, "place": "At sea"})
    story.act(A, "endcheck.arrange", when)
    assert seen(story) == "requested", "they have not said the same"
    story.act(B, "endcheck.arrange", when)
    assert seen(story) == "arranged"
    story.act(B, "endcheck.done", report="Nothing to see.")
    assert story.idle == ["deeds.not_yours"]
    story.act(A, "endcheck.done", report="Seen on board.")
    story.act(A, "endcheck.conclude", result=result, report="As assured.")
    assert seen(story) == result
    story.act(A, "endcheck.follow_up", report="Once more in spring.")
    assert seen(story) == "follow_up"
    assert "withdraw" in endchecks.STEPS
    assert "again" in retransfers.STEPS


def test_a_check_is_taken_back_by_who_asked_and_none_is_begun_twice() -> None:
    story = Acts()
    story.act(A, "endcheck.done", report="None.")
    story.act(A, "endcheck.request", LOOK)
    story.act(A, "endcheck.request", LOOK)
    story.act(A, "endcheck.withdraw")
    assert seen(story) == "withdrawn"
    assert story.idle == ["deeds.none", "deeds.exists"]


def seen(story: Acts) -> str:
    found = story.state.endchecks.get(ID)
    assert found is not None
    return str(found.status)
