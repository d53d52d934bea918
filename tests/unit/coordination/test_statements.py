"""Joint statements: agreed by both, cleared by both sides' people, released by both or not."""

import pytest

from comity.coordination import statement_acts as acts
from comity.coordination.commitments import Commitment
from comity.coordination.commitments import Status as Owed
from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.coordination.statement_acts import Status
from comity.coordination.statement_values import commitment_id
from comity.coordination.statements import check_release
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import ComityError
from comity.foundation.instants import Instant
from support.parties import A, B
from support.stating import (
    AT,
    COMMITTED,
    ENGLISH,
    FIRST,
    ID,
    LC,
    PROMISE,
    READOUT,
    SAID,
    Story,
    agreed,
    cleared,
    embargoed,
    erratum,
    mark,
    released,
)


def promised(story: Story) -> list[Commitment]:
    return list(story.state.commitments.things())


# --- its life -------------------------------------------------------------------------------------


def test_it_is_released_once_both_released_what_all_four_cleared() -> None:
    story = Story()
    assert story.status() is Status.NEGOTIATING
    story.act(A, "text", **SAID)
    assert story.status() is Status.NEGOTIATING, "what one side says agrees nothing"
    story.act(B, "text", **SAID)
    assert story.status() is Status.AGREED
    for party in (A, B):
        story.mark(party, mark(1), COMMITTED)
    story.clear(A)
    story.clear(B, "press")
    assert story.status() is Status.AGREED, "three clearances are not four"
    story.clear(B, "legal")
    assert story.status() is Status.CLEARED
    story.order(A)
    assert story.status() is Status.CLEARED
    story.order(B)
    assert story.status() is Status.EMBARGOED
    story.release(A)
    assert story.status() is Status.EMBARGOED, "one side alone releases nothing"
    assert promised(story) == []
    story.release(B)
    assert story.status() is Status.RELEASED
    assert story.idle == []


def test_what_commits_is_owed_from_the_release_on_and_by_nothing_else() -> None:
    story = released()
    (one,) = promised(story)
    assert (one.id, one.status) == (commitment_id(ID, 2), Owed.OPEN)
    assert (one.terms.performer, one.terms.beneficiary) == (A, B)
    assert (one.terms.source.kind, one.terms.source.ref, one.terms.source.item) == (
        "statement",
        ID,
        "2",
    )
    assert one.opened == story.now().completed
    assert promised(embargoed()) == []


def test_nobody_takes_the_place_of_a_commitment_before_the_statement_is_out() -> None:
    story = embargoed()
    name = commitment_id(ID, 2)
    terms = {**PROMISE, "commitment": name, "title": "Something else", "instrument": "i"}
    squat = Deed(
        party=B,
        n=990,
        seen=0,
        lc=LC + 3,
        kind="commitment.propose",
        data={**terms, "unit": "u1", "source": {"kind": "other", "ref": "", "item": ""}},
    )
    for party in (A, B):
        story.release(party)
    found = fold_deeds(CoordinationState(), [squat, *story.deeds]).commitments.get(name)
    assert found is not None
    assert (found.terms.title, found.status) == ("A catalogue", Owed.OPEN)
    later = fold_deeds(story.state, [squat])
    assert state_json(later) == state_json(fold_deeds(CoordinationState(), [squat, *story.deeds]))


def test_a_commitment_of_a_statement_is_claimed_and_kept_like_any_other() -> None:
    story = released()
    state, name = story.state, commitment_id(ID, 2)
    claim = Deed(
        party=A,
        n=950,
        seen=950,
        lc=LC + 60,
        kind="commitment.claim",
        data={"commitment": name, "fulfilled": AT, "evidence": []},
    )
    found = fold_deeds(state, [claim]).commitments.get(name)
    assert found is not None
    assert found.status is Owed.CLAIMED
    assert fold_deeds(CoordinationState(), [claim, *story.deeds]).commitments.get(name) == found
    again = fold_deeds(fold_deeds(state, [claim]), [])
    assert state_json(again) == state_json(fold_deeds(state, [claim]))


# --- what both agreed on --------------------------------------------------------------------------


def test_another_text_sets_aside_marks_clearances_and_order() -> None:
    story = embargoed()
    other = {**SAID, "texts": [ENGLISH]}
    story.act(A, "text", **other)
    assert story.status() is Status.EMBARGOED, "one side alone changes nothing"
    assert story.now().open_words(A) == ("text",)
    story.act(B, "text", **other)
    one = story.now()
    assert (one.status, one.marks, one.clearances, one.order) == (Status.AGREED, {}, {}, None)


def test_another_mark_of_both_sets_aside_clearances_and_order() -> None:
    story = embargoed()
    story.mark(A, mark(1, "aspiration"))
    assert story.status() is Status.EMBARGOED
    assert story.now().open_words(A) == ("mark",)
    story.mark(B, mark(1, "aspiration"))
    assert story.status() is Status.AGREED
    assert story.now().order is None
    assert story.now().marks[1].mark == "aspiration"


def test_whoever_says_again_what_stands_takes_back_what_it_asked_for() -> None:
    story = embargoed()
    story.act(A, "text", **{**SAID, "texts": [ENGLISH]})
    story.mark(A, mark(1, "aspiration"))
    story.order(A, at="2027-04-01T12:00:00Z")
    assert story.now().open_words(A) == ("mark", "order", "text")
    story.act(A, "text", **SAID)
    story.mark(A, mark(1))
    story.order(A)
    assert story.now().open_words(A) == ()
    assert story.now().asked == {}
    assert story.now().said == {}
    assert story.status() is Status.EMBARGOED


def test_what_one_side_asks_for_can_be_taken_back_and_is_as_if_it_had_not_been_said() -> None:
    story = embargoed()
    before = story.now()
    for party in (A, B):
        story.mark(party, mark(1, "aspiration" if party == A else "stated"))
    story.act(A, "text", **{**SAID, "texts": [ENGLISH]})
    story.mark(B, mark(2, "welcomed"))
    story.order(A, at="2027-04-01T12:00:00Z")
    assert story.now().recallable(A) == ("mark", "order", "text")
    for of in ("text", "mark", "order"):
        story.act(A, "recall", of=of)
    assert story.now().recallable(A) == ()
    assert story.now().recallable(B) == ("mark",), "what they said is theirs"
    assert set(story.now().said) == {1, 2}
    story.act(B, "recall", of="mark")
    one = story.now()
    assert (one.asked, one.said, one.status) == ({}, {}, Status.EMBARGOED)
    assert (one.texts, one.marks, one.order) == (before.texts, before.marks, before.order)
    assert one.clearances == before.clearances
    assert story.idle == []


def test_an_erratum_that_was_taken_back_cannot_be_accepted() -> None:
    story = released()
    named = erratum(story, A, en="Read 3.", fr="Lisez 3.")
    story.act(A, "recall", of="correct")
    story.act(B, "accept_correction", erratum=named)
    assert story.now().errata == ()
    assert story.idle == ["statements.no_erratum"]


def test_what_counts_already_or_was_never_said_is_not_taken_back() -> None:
    story = agreed()
    for party, of in ((A, "text"), (B, "mark"), (A, "order"), (B, "correct")):
        story.act(party, "recall", of=of)
    assert story.idle == ["statements.nothing_to_recall"] * 4
    assert story.status() is Status.AGREED


def test_orders_that_differ_order_nothing() -> None:
    story = cleared()
    story.order(A)
    story.order(B, at="2027-04-01T12:00:00Z")
    assert story.status() is Status.CLEARED
    story.order(B)
    assert story.status() is Status.EMBARGOED
    story.order(A, languages=("en",))
    story.order(B, languages=("en",))
    one = story.now()
    assert one.order is not None
    assert one.order.languages == ["en"], "both order anew, and that counts"


def test_marks_are_of_the_sentences_that_are_there() -> None:
    story = agreed()
    story.act(A, "mark", texts="0" * 64, marks=[mark(1)])
    story.mark(A, mark(3))
    assert story.idle == ["statements.other_text", "statements.no_sentence"]
    stranger: JsonObject = {**PROMISE, "performer": "did:web:c.example"}
    for party in (A, B):
        story.mark(party, mark(1), mark(2, "committed", stranger))
    assert story.idle[2:] == ["statements.strangers"]
    assert story.now().marks == {}, "an act counts as a whole"


def test_a_mark_is_agreed_only_with_the_same_words_and_promise() -> None:
    story = agreed()
    story.mark(A, mark(1), COMMITTED)
    story.mark(B, {**mark(1), "words": "4" * 64}, mark(2, "committed", {**PROMISE, "title": "X"}))
    assert story.now().marks == {}
    assert set(story.now().said) == {1, 2}
    story.mark(B, mark(1))
    assert set(story.now().marks) == {1}


# --- clearance ------------------------------------------------------------------------------------


def test_nothing_is_cleared_that_is_not_what_stands_or_not_marked() -> None:
    story = agreed()
    story.clear(A, "legal")
    story.act(A, "clear", by="press", content="0" * 64)
    assert story.idle == ["statements.unmarked", "statements.other_content"]


def test_a_clearance_taken_back_in_the_embargo_stops_that_side_until_it_is_given_again() -> None:
    story = embargoed()
    story.act(B, "unclear", by="legal", reason="A date.")
    assert story.status() is Status.AGREED
    assert story.now().reason == "A date."
    story.release(B)
    assert story.idle == ["statements.not_cleared"]
    story.act(B, "unclear", by="legal", reason="Again.")
    assert story.idle[1:] == ["statements.not_cleared"]
    story.clear(B, "legal")
    assert story.status() is Status.EMBARGOED, "the order still stands"


# --- release and pull -----------------------------------------------------------------------------


def test_a_side_releases_or_pulls_and_never_both_whatever_crosses() -> None:
    for first, second in ((A, B), (B, A)):
        story = embargoed()
        story.release(first)
        story.act(second, "pull", reason="Not now.")
        assert story.status() is Status.PULLED
        assert promised(story) == []
        story = embargoed()
        named = story.now().release_digest()
        story.act(second, "pull", reason="Not now.")
        story.act(first, "release", release=named)
        assert (story.status(), story.idle) == (Status.PULLED, ["deeds.not_now"])
        story = embargoed()
        story.release(first)
        story.act(first, "pull", reason="Too late.")
        assert story.idle == ["statements.released_by_you"]
        story.release(second)
        assert story.status() is Status.RELEASED


def test_what_the_other_side_takes_back_does_not_undo_a_release_on_its_way() -> None:
    for unclear_first in (True, False):
        story = embargoed()
        named = story.now().release_digest()
        if unclear_first:
            story.act(B, "unclear", by="press", reason="Wait.")
        story.act(A, "release", release=named)
        if not unclear_first:
            story.act(B, "unclear", by="press", reason="Wait.")
        assert story.idle == []
        assert set(story.now().released) == {A}
        story.clear(B, "press")
        story.release(B)
        assert story.status() is Status.RELEASED


def test_released_twice_is_released_once() -> None:
    story = embargoed()
    story.release(A)
    story.release(A)
    assert story.idle == ["statements.released_by_you"]
    story.release(B)
    story.release(B)
    assert story.idle[1:] == ["deeds.not_now"]
    assert len(promised(story)) == 1


def test_after_one_side_released_nobody_changes_what_it_released() -> None:
    story = embargoed()
    story.order(B, at="2027-04-01T12:00:00Z")
    story.release(B)
    assert story.idle == ["statements.open_word"]
    story.order(B)
    story.release(B)
    story.act(A, "text", **{**SAID, "texts": [ENGLISH]})
    story.mark(A, mark(1, "aspiration"))
    story.order(A, at="2027-04-01T12:00:00Z")
    story.clear(B, "press")
    assert story.idle[1:] == [
        *["statements.released_by_one"] * 3,
        "statements.released_by_you",
    ]
    story.act(A, "release", release="0" * 64)
    assert story.idle[-1] == "statements.other_release"


def test_who_asked_for_another_time_still_releases_what_the_other_side_released() -> None:
    """Else that side can only pull it: nothing can be said anew after a release."""
    story = embargoed()
    story.order(B, at="2027-04-01T12:00:00Z")
    story.release(A)
    assert story.now().open_words(B) == ("order",)
    story.release(B)
    assert (story.status(), story.idle) == (Status.RELEASED, [])


def test_our_own_side_releases_only_what_is_cleared_ordered_and_due() -> None:
    with pytest.raises(ComityError, match="released once press"):
        check_release(cleared().now(), at=Instant.parse(AT))
    with pytest.raises(ComityError, match="under embargo until"):
        check_release(embargoed().now(), at=Instant.parse("2027-03-01T11:59:59Z"))
    check_release(embargoed().now(), at=Instant.parse(AT))


def test_an_order_is_of_what_stands_and_of_languages_that_are_there() -> None:
    story = cleared()
    story.order(A, languages=("de",))
    story.act(A, "order", content="0" * 64, at=AT, channels=[], languages=["en"])
    assert story.idle == ["statements.no_language", "statements.other_content"]
    assert story.now().release() is None
    assert story.now().release_digest() is None


# --- after it -------------------------------------------------------------------------------------


def test_an_erratum_counts_once_the_other_side_accepts_exactly_that() -> None:
    story = released()
    asked = erratum(story, A, en="For May read June.", fr="Pour mai, lire juin.")
    assert story.status() is Status.RELEASED
    named = asked
    story.act(A, "accept_correction", erratum=named)
    story.act(B, "accept_correction", erratum="0" * 64)
    assert story.idle == ["statements.no_erratum"] * 2
    story.act(B, "accept_correction", erratum=named)
    one = story.now()
    assert (one.status, len(one.errata), one.offered) == (Status.CORRECTED, 1, {})
    assert one.errata[0].accepted == (B, FIRST + len(story.deeds) - 1)
    assert one.content_digest() == released().now().content_digest(), "the original stays"


def test_an_erratum_speaks_every_language_of_the_release_and_of_that_release() -> None:
    story = released()
    erratum(story, A, en="For May read June.")
    said: list[Json] = [{"language": name, "text": "x"} for name in ("en", "fr")]
    story.act(A, "correct", release="0" * 64, texts=said)
    assert story.idle == ["statements.all_languages", "statements.other_release"]


def test_the_errata_of_a_statement_have_an_end() -> None:
    story = released()
    for number in range(acts.ERRATA_MAX):
        asked = erratum(story, A, en=f"No. {number}", fr=f"No {number}")
        story.act(B, "accept_correction", erratum=asked)
    erratum(story, A, en="One more", fr="Encore un")
    assert story.idle == ["statements.full"]


def test_a_read_out_is_one_sides_alone_at_any_time_and_moves_nothing() -> None:
    said: JsonObject = {"language": "en", "title": "Ours", "text": "We said."}
    for story in (Story(), embargoed(), released()):
        before = story.status()
        story.act(B, "readout", readout=READOUT, **said)
        assert story.status() is before
        assert [(one.by, one.text) for one in story.now().readouts] == [(B, "We said.")]
        story.act(A, "readout", readout=READOUT, **said)
        assert story.idle == ["statements.readout_exists"]
    for number in range(acts.READOUTS_MAX):
        name = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        story.act(A, "readout", readout=name, **said)
    assert story.idle[1:] == ["statements.readout_exists"], "one of them is B's"
    story.act(A, "readout", readout=READOUT.replace("4", "6"), **said)
    story.act(A, "readout", readout=READOUT.replace("4", "7"), **said)
    assert story.idle[2:] == ["statements.full"]
