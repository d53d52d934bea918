"""What is asked after a transfer, and what was sent back, on the relationship page."""

from comity.foundation.canonical import JsonObject
from support import authorising
from support.parties import A, B
from unit.relationship.test_rhythm import authorised, open_


def test_what_is_asked_after_a_transfer_waits_for_whoever_must_answer() -> None:
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", authorising.CONSENT)
    assert open_(authorised(story))[authorising.ID] == ("retransfer.answer", (A,))
    story.act(authorising.A, "retransfer.refuse", reason="No.")
    assert authorising.ID not in open_(authorised(story))
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    when: JsonObject = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
    asked = (("endcheck.arrange", B), ("endcheck.agree", A))
    for party, (code, waiting) in zip((authorising.B, authorising.A), asked, strict=True):
        assert open_(authorised(story))[authorising.ID] == (code, (waiting,))
        story.act(party, "endcheck.arrange", when)
    assert authorising.ID not in open_(authorised(story))
    story = authorising.active()
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    assert open_(authorised(story))[authorising.ID] == ("authorisation.amend", (A,))
    story.act(authorising.A, "authorisation.revoke", basis="Condition 4", reason="It is over.")
    assert authorising.ID not in open_(authorised(story)), "an amendment of it is decided no more"


def test_what_was_sent_back_waits_for_who_can_hand_it_in_or_ask_again() -> None:
    story = authorising.Acts()
    story.request(authorising.B)
    story.review()
    story.act(authorising.A, "authorisation.return", reason="Which ship?")
    assert open_(authorised(story))[authorising.ID] == ("authorisation.returned", (A,))
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", authorising.CONSENT)
    story.act(authorising.A, "retransfer.return", reason="Which sonar?")
    assert open_(authorised(story))[authorising.ID] == ("retransfer.returned", (B,))
