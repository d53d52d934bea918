"""The counterpart's cosignature dates an entry, and a window ends for both alike. Spec 1.6."""

import pytest

from comity.foundation.attested import Mark, Marks
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant


def mark(size: int, time: int) -> Mark:
    return Mark(size, Instant(time))


def test_nothing_is_attested_before_the_first_cosignature() -> None:
    marks = Marks.of([])
    assert (marks.held(), marks.attested(0), marks.passed(Instant(0))) == (0, None, False)


def test_the_earliest_cosignature_over_an_entry_dates_it() -> None:
    marks = Marks.of([mark(5, 30), mark(2, 10), mark(5, 20), mark(5, 40)])
    assert [marks.attested(n) for n in (0, 1, 2, 4, 5)] == [
        Instant(10), Instant(10), Instant(20), Instant(20), None,
    ]  # fmt: skip  # one line of answers
    assert marks.held() == 5


def test_what_was_cosigned_before_an_instant_is_counted_without_a_look_at_each() -> None:
    marks = Marks.of([mark(2, 10), mark(5, 20), mark(5, 30)])
    told = [marks.held_before(Instant(at)) for at in (9, 10, 11, 20, 21, 31)]
    assert told == [0, 0, 2, 2, 5, 5]
    assert Marks.of([]).held_before(Instant(9)) == 0


def test_a_window_has_ended_only_after_a_later_cosignature() -> None:
    marks = Marks.of([mark(1, 10), mark(1, 20)])
    assert [marks.passed(Instant(at)) for at in (9, 19, 20, 21)] == [True, True, False, False]


def test_a_cosigner_whose_clock_went_back_is_found_out() -> None:
    with pytest.raises(PeerError) as caught:
        Marks.of([mark(3, 5), mark(2, 10)])
    assert caught.value.code == "record.time_went_back"


def test_later_marks_take_their_place_and_none_that_goes_back_in_time() -> None:
    marks = Marks.of([mark(1, 10)])
    assert marks.later([]) is marks
    assert marks.later([mark(3, 20), mark(2, 15)]) == Marks.of(
        [mark(1, 10), mark(2, 15), mark(3, 20)]
    )
    assert Marks().later([mark(1, 10)]) == marks
    with pytest.raises(PeerError):
        marks.later([mark(2, 5)])
