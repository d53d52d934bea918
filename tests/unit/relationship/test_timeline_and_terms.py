"""What a user loses if this breaks: the story of the relationship, and the dates that will come."""

import attrs
import pytest

from comity.agreements import events
from comity.agreements.moves import Explain
from comity.foundation.canonical import Json
from comity.foundation.instants import Instant, Period
from comity.relationship.suspensions import spans
from comity.relationship.terms import TERM_MONTHS, months_left, term_of
from comity.relationship.timeline import GROUPS, KINDS, timeline
from support.parties import NOW, A, B
from support.relations import DAY, Exchange, picture
from support.talks import (
    INSTRUMENT,
    Talks,
    agreed_framework,
    content,
    field,
    framework,
    in_force,
)


def told(talks: Talks, **more: object) -> list[str]:
    return [each.code for each in timeline(picture(talks, **more))]


def test_the_whole_life_stands_in_one_order() -> None:
    talks = in_force()
    suspension = talks.suspend(A, units=("u3",))
    for party in (A, B):
        talks.resume(party, suspension)
    exchange = Exchange()
    exchange.add(A, "letter.introduce", {}, n=0)
    exchange.acts.clear()
    exchange.release(A, n=talks.sizes[A])
    exchange.moved(A, "sharing.sent", n=talks.sizes[A] + 1)
    exchange.moved(B, "sharing.received", n=talks.sizes[B] + 1)
    exchange.add(A, "sharing.withdraw", {"release": talks.sizes[A]}, n=talks.sizes[A] + 9)
    found = timeline(picture(talks, exchange=exchange))
    assert [each.code for each in found] == [
        *("introduced", "opened", "tabled", "adopted", "adopted", "initialled", "initialled"),
        *("window_proposed", "window_agreed", "window_agreed", "signature", "signature"),
        *("signed", "in_force", "suspended", "resumed", "released", "sent", "withdrawn"),
        *("resumed", "suspension_ended", "received"),
    ]
    assert {each.group for each in found} <= set(GROUPS)
    opened = found[1]
    assert opened.json() == {
        "code": "opened",
        "group": "negotiation",
        "at": str(NOW.plus(10)),
        "party": A,
        "n": 2,
        "instrument": INSTRUMENT,
        "facts": {"title": "Framework for Cooperation"},
    }
    sent = next(each for each in found if each.code == "sent")
    assert (sent.instrument, sent.facts["area"]) == (INSTRUMENT, "reports")
    withdrawn = next(each for each in found if each.code == "withdrawn")
    assert (withdrawn.instrument, withdrawn.facts) == (None, {})
    ended = next(each for each in found if each.code == "suspension_ended")
    assert ended.facts == {"by": A, "own_end": False}


def test_no_word_of_people_about_an_item_is_in_the_timeline() -> None:
    exchange = Exchange()
    exchange.release(A, n=50, marking="restricted")
    found = timeline(picture(in_force(), exchange=exchange))
    released = next(each for each in found if each.code == "released")
    assert released.facts == {"instrument": INSTRUMENT, "area": "reports", "marking": "restricted"}


def test_what_is_not_cosigned_yet_stands_last_and_without_a_time() -> None:
    talks = agreed_framework()
    found = timeline(picture(talks, marks={A: (), B: ()}))
    assert [(each.code, each.at) for each in found] == [("opened", None), ("tabled", None)]
    assert found[0].json()["at"] is None


def test_a_window_that_closed_void_names_the_side_whose_signature_was_missing() -> None:
    talks = agreed_framework()
    talks.initialled()
    manifest = talks.open_window(opens=NOW, closes=NOW.plus(60))
    talks.sign(A, manifest)
    for party in (A, B):
        talks.cosign(party, NOW.plus(30))
        talks.cosign(party, NOW.plus(100))
    talks.at = NOW.plus(200)
    found = timeline(picture(talks, marks={p: talks.marks[p] for p in (A, B)}))
    void = next(each for each in found if each.code == "window_void")
    missing: Json = [B]
    assert (void.at, void.facts, void.party, void.ref) == (
        NOW.plus(60),
        {"missing": missing},
        None,
        None,
    )
    assert found[-1] is void


def test_force_that_begins_later_and_a_term_that_ends_stand_at_their_dates() -> None:
    units = framework()
    entry = field("on the last signature", when="last_signature", days=30)
    units["u2"] = attrs.evolve(units["u2"], fields={"entry": entry})
    talks = in_force(units)
    assert told(talks)[-1] == "signed", "not in force yet"
    talks.at = NOW.plus(31 * DAY)
    assert told(talks)[-2:] == ["signed", "in_force"]
    talks.at = Instant.parse("2037-01-01T00:00:00Z")
    assert told(talks)[-3:] == ["signed", "in_force", "term_ended"]


def test_a_suspension_ends_by_its_own_date_by_both_or_not_at_all() -> None:
    talks = in_force()
    talks.suspend(A, units=("u3",), until=NOW.plus(5 * DAY))
    open_ended = talks.suspend(B, units=("u4",))
    talks.resume(A, open_ended)
    talks.at = NOW.plus(10 * DAY)
    own, still = spans(picture(talks))
    assert (own.ended, own.lifted, own.until) == (NOW.plus(5 * DAY), None, NOW.plus(5 * DAY))
    assert own.seconds(talks.at) == 5 * DAY - 10
    assert (still.ended, still.lifted, still.units) == (None, None, ("u4",))
    assert still.seconds(talks.at) == 10 * DAY - 10
    assert told(talks).count("suspension_ended") == 1
    talks.resume(B, open_ended)
    lifted = spans(picture(talks))[1]
    assert (lifted.ended, lifted.lifted) == (NOW.plus(10), lifted.lifted)
    assert lifted.lifted is not None
    assert [each.facts for each in timeline(picture(talks)) if each.code == "suspension_ended"] == [
        {"by": B, "own_end": False},
        {"by": A, "own_end": True},
    ], "by their times"


def test_a_suspension_lifted_before_its_own_end_was_ended_by_both() -> None:
    talks = in_force()
    suspension = talks.suspend(A, units=("u3",), until=NOW.plus(5 * DAY))
    for party in (A, B):
        talks.resume(party, suspension)
    talks.at = NOW.plus(10 * DAY)
    (span,) = spans(picture(talks))
    assert (span.ended, span.lifted is None) == (NOW.plus(10), False)


@pytest.mark.parametrize("agreed", [True, False])
def test_where_the_clause_wants_both_one_suspension_alone_does_not_count(agreed: bool) -> None:  # noqa: FBT001  # a case is a line
    units = framework()
    both = field("Either party may suspend", by="both", scope=["unit"])
    units["u5"] = attrs.evolve(units["u5"], fields={"suspension": both})
    talks = in_force(units)
    talks.suspend(A, units=("u3",))
    talks.suspend(A, units=("u4",))
    if agreed:
        talks.suspend(B, units=("u3",))
    assert len(spans(picture(talks))) == (2 if agreed else 0)


def test_nothing_is_suspended_where_no_clause_allows_it_or_nothing_is_cosigned() -> None:
    units = framework()
    units["u5"] = attrs.evolve(units["u5"], fields={})
    assert spans(picture(in_force(units))) == ()
    assert spans(picture(agreed_framework())) == ()
    talks = in_force()
    talks.suspend(A)
    marks = {p: talks.marks[p] for p in (A, B)}
    assert spans(picture(talks, marks=marks)) == ()


def test_every_act_on_an_instrument_has_a_word_but_the_seal_under_the_conclusion() -> None:
    assert set(events.MEMBERS) - set(KINDS) == {events.CONCLUDE}


def test_the_clock_shows_force_reviews_notice_and_end() -> None:
    units = framework()
    units["u1"] = content(
        "It lasts ten years, is reviewed every four years, and ends on six months' notice.",
        label="Article 1",
        fields={
            "term": field("ten years", period="P10Y"),
            "review": field("every four years", period="P4Y"),
            "notice": field("six months' notice", period="P6M"),
        },
        order="1i",
        layout=("", "\n", "", "\n\n"),
    )
    talks = in_force(units)
    (seen,) = picture(talks).views.values()
    term = term_of(seen, at=talks.at)
    assert term is not None
    assert term.json() == {
        "signed_at": "2026-11-23T12:00:10Z",
        "in_force_at": "2026-11-23T12:00:10Z",
        "ends_at": "2036-11-23T12:00:10Z",
        "reviews": ["2030-11-23T12:00:10Z", "2034-11-23T12:00:10Z"],
        "notice_ends_at": "2027-05-23T12:01:40Z",
    }
    assert term.next_review(Instant.parse("2031-01-01T00:00:00Z")) == term.reviews[1]
    assert term.next_review(Instant.parse("2035-01-01T00:00:00Z")) is None
    over = term_of(seen, at=Instant.parse("2036-11-23T12:00:10Z"))
    assert over is not None
    assert over.notice_ends_at is None


def test_without_an_end_reviews_are_told_up_to_the_next_and_within_the_calendar() -> None:
    units = framework()
    yearly = {"review": field("ten years", period="P1Y")}
    units["u1"] = attrs.evolve(units["u1"], fields=yearly)
    talks = in_force(units)
    (seen,) = picture(talks).views.values()
    found = term_of(seen, at=Instant.parse("2028-01-01T00:00:00Z"))
    assert found is not None
    assert [str(each)[:4] for each in found.reviews] == ["2027", "2028"]
    assert (found.json()["ends_at"], found.notice_ends_at) == (None, None)
    units["u1"] = attrs.evolve(units["u1"], fields={"review": field("ten years", period="P9000Y")})
    talks = in_force(units)
    (seen,) = picture(talks).views.values()
    far = term_of(seen, at=talks.at)
    assert far is not None
    assert far.reviews == ()


def test_a_text_that_is_not_signed_or_names_no_review_has_no_such_dates() -> None:
    (seen,) = picture(agreed_framework()).views.values()
    assert term_of(seen, at=NOW) is None
    talks = in_force()
    (seen,) = picture(talks).views.values()
    term = term_of(seen, at=talks.at)
    assert term is not None
    assert term.reviews == ()


def test_a_review_every_day_is_not_counted_without_end() -> None:
    units = framework()
    daily = {**units["u1"].fields, "review": field("ten years", period="P1D")}
    units["u1"] = attrs.evolve(units["u1"], fields=daily)
    talks = in_force(units)
    (seen,) = picture(talks).views.values()
    term = term_of(seen, at=talks.at)
    assert term is not None
    assert len(term.reviews) == 200


@pytest.mark.parametrize(
    ("months", "told_as"), [(0, None), (2, 3), (3, 3), (5, 6), (12, 12), (24, 24), (25, None)]
)
def test_an_end_is_told_two_years_one_year_six_and_three_months_before(
    months: int, told_as: int | None
) -> None:
    until = Period(0, months, 0).after(NOW) if months else NOW
    assert months_left(until, at=NOW, steps=TERM_MONTHS) == told_as


def test_a_tabling_that_only_explains_stands_in_the_timeline_too() -> None:
    talks = agreed_framework()
    talks.table(A, Explain(unit="u1", text="why"))
    assert told(talks) == ["opened", "tabled", "tabled"]
