"""What the other side did that asks for nothing is told for some days, to the other side alone."""

from collections.abc import Sequence

import attrs
import pytest

from comity.coordination.commitments import terms_digest
from comity.foundation.attested import Mark
from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.deeds import Deed
from comity.relationship.news import NEWS_DAYS, news
from comity.technology.provisos import provisos_digest
from support import authorising
from support.parties import NOW, A, B
from support.relations import DAY, Exchange, picture
from support.stating import READOUT, SAID, Story, released
from support.talks import in_force
from unit.relationship.test_promises import Promises
from unit.relationship.test_rhythm import BODY, MEETING, SIDE, Acts, authorised, open_


def told(deeds: Sequence[Deed], to: str, *, days: int = 5) -> list[str]:
    seen = picture(in_force(), deeds=deeds, at=NOW.plus(days * DAY))
    return [one.code for one in news(seen, to=to)]


def test_a_statement_that_they_pulled_is_told_for_two_weeks_and_not_to_who_pulled_it() -> None:
    story = Story()
    story.act(B, "pull", reason="Not now.")
    assert told(story.deeds, A) == ["told.pulled"]
    assert told(story.deeds, B) == []
    assert told(story.deeds, A, days=NEWS_DAYS + 1) == []


def test_who_asked_for_texts_is_told_that_they_were_agreed_to_and_not_that_others_are_asked() -> (
    None
):
    story = Story()
    story.act(A, "text", **SAID)
    assert told(story.deeds, B) == [], "what is asked for stands among what needs them"
    story.act(B, "text", **SAID)
    assert told(story.deeds, A) == ["told.text"]
    assert told(story.deeds, B) == []
    story.act(A, "text", **{**SAID, "sentences": 3})
    assert told(story.deeds, A) == [], "they are asked for others now"


def test_a_read_out_of_theirs_is_told_once_however_many_there_are() -> None:
    story = released()
    for number in (4, 5):
        name = f"{READOUT[:-1]}{number}"
        story.act(B, "readout", readout=name, language="en", title="Ours", text="We met.")
    assert told(story.deeds, A) == ["told.readout"]


def test_what_is_old_is_not_told_again_because_something_else_was_done_to_the_same() -> None:
    story = released()
    old = story.act(B, "readout", readout=READOUT, language="en", title="Ours", text="We met.")
    new = story.act(A, "correct", release="ab" * 32, texts=[{"language": "en", "text": "No."}])
    days = {old.n + 1: 1, new.n + 1: 20}
    for at, codes in ((10, ["told.readout"]), (21, [])):
        marks = [Mark(size, NOW.plus(day * DAY)) for size, day in days.items()]
        seen = picture(
            in_force(), deeds=story.deeds, at=NOW.plus(at * DAY), marks={A: marks, B: marks}
        )
        assert [one.code for one in news(seen, to=A)] == codes


def test_how_a_commitment_ended_is_told_and_a_lone_word_is_not() -> None:
    story = Promises()
    first = story.propose(A, B, due=NOW.plus(DAY), number=1)
    story.act(B, "decline", first, {"reason": "No."})
    second = story.made(A, B, due=NOW.plus(DAY), number=2)
    story.act(B, "fail", second, {"reason": "Nothing came."})
    third = story.propose(A, B, due=NOW.plus(DAY), number=3)
    story.act(B, "accept", third, {"terms": terms_digest(story.terms)})
    story.claim(A, third, at=NOW)
    story.act(B, "acknowledge", third, {"result": "kept"})
    assert told(story.deeds, A) == ["told.declined", "told.kept"]
    assert told(story.deeds, B) == []


def test_who_asked_for_a_promise_or_a_meeting_is_told_that_they_agreed_until_it_goes_on() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    assert (told(story.deeds, A), told(story.deeds, B)) == (["told.owed"], [])
    story.claim(A, name, at=NOW)
    assert told(story.deeds, A) == []
    acts = Acts()
    founding = digest(canonical(acts.body()))
    acts.act(B, "body.accept", BODY, proposal=founding, side=SIDE)
    assert (told(acts.deeds, A), told(acts.deeds, B)) == (["told.body"], [])
    acts = Acts()
    proposal = acts.meeting()
    acts.act(B, "meeting.confirm", MEETING, proposal=digest(canonical(proposal)))
    assert (told(acts.deeds, A), told(acts.deeds, B)) == (["told.confirmed"], [])
    acts.act(A, "meeting.cancel", MEETING, reason="Snow.")
    assert (told(acts.deeds, A), told(acts.deeds, B)) == ([], ["told.off"])


@pytest.mark.parametrize("result", ["kept", "kept_late", "partly_kept"])
def test_who_owed_it_reads_on_the_first_page_what_they_said_of_it(result: str) -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    story.act(A, "fail", name, {"reason": "We could not."})
    story.claim(A, name, at=NOW)
    story.act(B, "acknowledge", name, {"result": result})
    assert (told(story.deeds, A), told(story.deeds, B)) == ([f"told.{result}"], [])


def test_that_both_found_it_not_kept_or_that_they_let_it_go_is_told_by_its_name() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY), number=1)
    other = story.made(A, B, due=NOW.plus(DAY), number=2)
    for party in (A, B):
        story.act(party, "fail", name, {"reason": "Nothing came."})
    story.act(B, "release", other, {"reason": "Not needed."})
    assert told(story.deeds, A) == ["told.not_kept", "told.let_off"]


def test_a_meeting_that_was_postponed_is_told_until_another_time_is_named() -> None:
    acts = Acts()
    proposal = acts.meeting()
    acts.act(B, "meeting.confirm", MEETING, proposal=digest(canonical(proposal)))
    acts.act(B, "meeting.postpone", MEETING, reason="Snow.")
    assert told(acts.deeds, A) == ["told.postponed"]
    slot = proposal["slot"]
    assert isinstance(slot, dict)
    acts.act(
        A,
        "meeting.counter",
        MEETING,
        replaces=digest(canonical(proposal)),
        slot={**slot, "end": "2027-02-01T12:00:00Z"},
    )
    assert told(acts.deeds, A) == []


def test_what_counts_for_nothing_and_what_nobody_holds_is_not_told() -> None:
    acts = Acts()
    acts.body()
    acts.act(B, "body.decline", BODY, reason="No.")
    acts.act(B, "body.accept", BODY, proposal="0" * 64, side=SIDE)
    acts.act(B, "meeting.cancel", MEETING, reason="It was never proposed.")
    assert told(acts.deeds, A) == ["told.declined"]
    first = picture(in_force(), deeds=acts.deeds, at=NOW, marks={A: (), B: ()})
    assert [(one.code, one.since) for one in news(first, to=A)] == [("told.declined", None)]


def of_control(story: authorising.Acts, to: str) -> list[str]:
    return [one.code for one in news(authorised(story), to=to)]


def stop(story: authorising.Acts, step: str) -> None:
    story.act(authorising.A, f"authorisation.{step}", basis="Condition 4", reason="An inquiry.")


def test_who_sends_is_told_that_the_recipients_word_makes_an_authorisation_active() -> None:
    story = authorising.approved(authorising.ONCE)
    story.assure()
    assert of_control(story, A) == [], "the provisos are not accepted"
    story.accept()
    assert (of_control(story, A), of_control(story, B)) == (["told.active"], [])
    stop(story, "suspend")
    assert of_control(story, A) == [], "what needs them tells how it stands"
    stop(story, "resume")
    assert of_control(story, A) == [], "who acted on it since knows it"
    assert of_control(authorising.active(), A) == ["told.active"], "there are no provisos to accept"


def test_who_receives_is_told_that_something_is_on_its_way_and_that_it_came() -> None:
    story = authorising.active()
    story.use(1)
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.sent"])
    story.use(1, party=authorising.B)
    assert of_control(story, B) == ["told.came"]
    story.use(2)
    assert of_control(story, B) == ["told.sent"], "the latest alone"
    stop(story, "suspend")
    assert of_control(story, B) == [], "what needs them says to stop the use"
    stop(story, "resume")
    assert of_control(story, B) == ["told.resumed"]
    story = authorising.active()
    story.use(1)
    story.use(1, party=authorising.B)
    story.act(authorising.B, "authorisation.dispose", how="destroyed", report="All of it.")
    assert of_control(story, B) == [], "who acted on it since knows it"


def test_who_receives_is_told_that_an_item_is_released_under_it_until_it_came() -> None:
    story, exchange = authorising.active(), Exchange()
    exchange.release(A, n=1, digest=authorising.DIGEST)
    exchange.release(A, n=2)  # nobody classified it
    seen = authorised(story, exchange)
    assert [(one.code, one.thing) for one in news(seen, to=B)] == [
        ("told.released", authorising.ID)
    ]
    assert [one.code for one in news(seen, to=A)] == ["told.active"]
    late = attrs.evolve(seen, shared=attrs.evolve(seen.shared, at=NOW.plus((NEWS_DAYS + 1) * DAY)))
    assert not list(news(late, to=B))
    stop(story, "suspend")
    assert not list(news(authorised(story, exchange), to=B)), "nothing crosses under it"
    stop(story, "resume")
    exchange.moved(B, "sharing.received", n=3, sha256=authorising.DIGEST)
    assert [one.code for one in news(authorised(story, exchange), to=B)] == ["told.resumed"]
    exchange = Exchange()
    exchange.release(A, n=1, digest=authorising.DIGEST)
    exchange.add(A, "sharing.withdraw", {"release": 1}, n=2)
    seen = authorised(authorising.active(), exchange)
    assert not list(news(seen, to=B)), "it is released no more"
    waiting = authorised(authorising.approved(), exchange)
    assert not list(news(waiting, to=B))


def test_who_receives_is_told_that_its_request_or_its_amendment_was_decided_against() -> None:
    against: JsonObject = {
        "number": "L-2026-5",
        "decided": "2026-11-21",
        "document": "ab" * 32,
        "reason": "Not for that use.",
    }
    story = authorising.Acts()
    story.request(authorising.B)
    story.review()
    story.act(authorising.A, "authorisation.deny", against)
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.denied"])
    story = authorising.active()
    stop(story, "suspend")
    stop(story, "resume")
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.act(authorising.A, "authorisation.amend_deny", against)
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.amend_denied"])


def test_who_decides_is_told_that_an_amendment_was_taken_back_until_another_is_asked_for() -> None:
    story = authorising.active()
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    story.act(authorising.B, "authorisation.amend_withdraw")
    assert (of_control(story, A), of_control(story, B)) == (["told.amend_unasked"], [])
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    assert of_control(story, A) == ["told.active"]


def test_whose_amendment_was_replaced_is_told_and_told_again_that_it_waits_anew() -> None:
    story = authorising.active()
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    assert of_control(story, B) == []
    for _ in range(2):
        story.act(authorising.A, "authorisation.amend", authorising.TERMS)
        assert of_control(story, B) == ["told.amend_replaced"]
    story.act(authorising.A, "authorisation.amend_withdraw")
    assert of_control(story, B) == ["told.amend_restored"]
    assert open_(authorised(story))[authorising.ID] == ("authorisation.amend", (A,))
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    assert of_control(story, B) == [], "it asked anew"
    story.act(authorising.A, "authorisation.amend", authorising.TERMS)
    story.act(authorising.B, "authorisation.amend", authorising.TERMS)
    assert (of_control(story, A), of_control(story, B)) == (["told.amend_replaced"], [])
    story.act(authorising.B, "authorisation.amend_withdraw")
    assert (of_control(story, A), of_control(story, B)) == (["told.amend_restored"], [])
    story.approve(step="amend_approve")
    assert of_control(story, A) == [], "it is decided"


def test_who_sends_is_told_to_recall_the_case_of_a_request_that_was_taken_back() -> None:
    story = authorising.Acts()
    story.request(authorising.B)
    story.act(authorising.B, "authorisation.withdraw")
    assert (of_control(story, A), of_control(story, B)) == (["told.unasked"], [])
    for sent_back, code in ((False, "told.case"), (True, "told.unasked")):
        story = authorising.Acts()
        story.request(authorising.B)
        story.review()
        if sent_back:
            story.act(authorising.A, "authorisation.return", reason="Which ship?")
        story.act(authorising.B, "authorisation.withdraw")
        assert of_control(story, A) == [code]
    story = authorising.Acts()
    story.request()
    story.review()
    story.act(authorising.A, "authorisation.withdraw")
    assert of_control(story, B) == ["told.unasked"], "who sends recalls its own case"


def test_who_sends_is_told_that_what_may_cross_has_come_until_it_acts_on_it() -> None:
    story = authorising.approved(authorising.ONCE)
    story.assure()
    story.accept()
    story.use(1)
    assert of_control(story, A) == [], "who acted on it since knows it"
    story.use(1, party=authorising.B)
    assert (of_control(story, A), of_control(story, B)) == (["told.used_up"], ["told.came"])
    story.report(authorising.A, 1, 1, 10)
    assert of_control(story, A) == []


def test_who_sent_is_told_what_became_of_what_came() -> None:
    story = authorising.active()
    story.use(1)
    story.use(1, party=authorising.B)
    story.act(authorising.B, "authorisation.dispose", how="returned", report="By ship.")
    assert of_control(story, A) == ["told.disposed"]
    assert of_control(story, B) == []


def test_who_received_is_told_that_it_goes_on_and_that_it_ended_with_nothing_there() -> None:
    story = authorising.active()
    stop(story, "suspend")
    stop(story, "resume")
    assert of_control(story, B) == ["told.resumed"]
    assert of_control(story, A) == []
    stop(story, "suspend")
    assert of_control(story, B) == [], "it is stopped again, which stands among what needs them"
    stop(story, "revoke")
    assert of_control(story, B) == ["told.revoked"]
    story = authorising.active()
    story.use(1)
    story.use(1, party=authorising.B)
    stop(story, "revoke")
    assert of_control(story, B) == [], "what needs them tells of it"
    story.act(authorising.B, "authorisation.dispose", how="destroyed", report="All of it.")
    assert of_control(story, B) == [], "they have answered it"
    story = authorising.active()
    story.use(1)
    story.use(1, party=authorising.B)
    story.act(authorising.B, "authorisation.dispose", how="destroyed", report="All of it.")
    stop(story, "revoke")
    assert of_control(story, B) == ["told.revoked"], "nothing asks them"


def test_totals_that_both_said_are_told_to_who_did_not_speak_last() -> None:
    story = authorising.active()
    story.report(authorising.B, 0, 0, 0)
    assert (of_control(story, A), of_control(story, B)) == (["told.active"], []), "it is asked"
    story.report(authorising.A, 0, 0, 0)
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.settled"]), "they count now"
    story.report(authorising.B, 9, 9, 9)
    assert of_control(story, B) == ["told.settled"], "what counts for nothing is no last word"
    story.report(authorising.A, 0, 0, 0)
    assert (of_control(story, A), of_control(story, B)) == ([], []), "the other is asked"
    story.report(authorising.B, 0, 0, 0, ends="2026-12-31")
    assert (of_control(story, A), of_control(story, B)) == ([], []), "what needs both tells of it"


def test_an_answer_about_passing_on_is_told_to_who_asked_until_it_went_on() -> None:
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", authorising.CONSENT)
    story.act(authorising.A, "retransfer.grant", provisos=[])
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.consented"])
    story.act(authorising.B, "retransfer.use", provisos=provisos_digest(()), report="Handed over.")
    assert of_control(story, B) == []
    story = authorising.Acts()
    story.act(authorising.B, "retransfer.request", authorising.CONSENT)
    story.act(authorising.A, "retransfer.refuse", reason="No.")
    assert of_control(story, B) == ["told.refused"]


def test_whose_use_is_looked_at_is_told_that_a_check_is_not_made() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    for party in (authorising.B, authorising.A):
        story.act(party, "endcheck.arrange", at="2027-03-01T09:00:00Z", place="Port")
    story.act(authorising.A, "endcheck.withdraw")
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.check_off"])


def test_who_named_a_time_for_a_check_is_told_that_it_stands_and_then_what_came_of_it() -> None:
    story = authorising.Acts()
    story.act(authorising.A, "endcheck.request", authorising.LOOK)
    when: JsonObject = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
    story.act(authorising.A, "endcheck.arrange", when)
    assert of_control(story, B) == [], "what is asked for stands among what needs them"
    story.act(authorising.B, "endcheck.arrange", when)
    assert (of_control(story, A), of_control(story, B)) == (["told.arranged"], [])
    story.act(authorising.A, "endcheck.done", report="It is on board.")
    assert of_control(story, A) == []
    story.act(authorising.A, "endcheck.conclude", result="favourable", report="As assured.")
    assert (of_control(story, A), of_control(story, B)) == ([], ["told.concluded"])
