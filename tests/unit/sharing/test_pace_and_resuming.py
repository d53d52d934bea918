"""How fast bytes go and how a pull goes on after a cut: arithmetic without a clock of its own."""

import pytest

from comity.foundation.errors import PeerError
from comity.sharing import pace, resuming
from comity.sharing.pace import Bucket, Rate
from comity.sharing.ranges import Span, etag_of
from comity.sharing.resuming import NOTHING, Progress

RATE = Rate(bytes_per_s=100, burst_bytes=50)


def test_after_a_rest_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    bucket = pace.full(RATE, at_s=10.0)
    bucket, wait = pace.take(bucket, RATE, size=50, at_s=10.0)
    assert wait == 0.0
    bucket, wait = pace.take(bucket, RATE, size=200, at_s=10.0)
    assert wait == 2.0
    bucket, wait = pace.take(bucket, RATE, size=100, at_s=12.0)
    assert wait == 1.0
    _, wait = pace.take(bucket, RATE, size=50, at_s=1000.0)
    assert wait == 0.0


def test_a_rest_saves_no_more_than_a_burst() -> None:
    bucket, _ = pace.take(pace.full(RATE, at_s=0.0), RATE, size=0, at_s=1000.0)
    assert bucket == Bucket(bytes=50.0, at_s=1000.0)


def test_a_clock_that_goes_back_neither_fills_nor_empties() -> None:
    bucket, wait = pace.take(Bucket(bytes=10.0, at_s=100.0), RATE, size=10, at_s=50.0)
    assert (bucket, wait) == (Bucket(bytes=0.0, at_s=100.0), 0.0)


SHA = "ab" * 32
HALF = Progress(have=40, idle=3, anew=0)


def test_the_rest_is_asked_for_and_only_of_the_same_bytes() -> None:
    assert resuming.headers_for(NOTHING, sha256=SHA) == {}
    wanted = {"range": "bytes=40-", "if-range": etag_of(SHA)}
    assert resuming.headers_for(HALF, sha256=SHA) == wanted


def test_a_rest_is_joined_and_a_whole_begins_anew() -> None:
    part = {"content-range": "bytes 40-99/100"}
    assert resuming.joined(40, status=206, headers=part, size=100) == Span(40, 100)
    assert resuming.joined(40, status=200, headers={}, size=100) == Span(0, 100)


@pytest.mark.parametrize("said", ["bytes 41-99/100", "bytes 0-99/100", "bytes 40-98/100"])
def test_another_part_than_the_missing_one_is_refused(said: str) -> None:
    with pytest.raises(PeerError) as caught:
        resuming.joined(40, status=206, headers={"content-range": said}, size=100)
    assert caught.value.code == "sharing.range"


def test_only_attempts_that_brought_nothing_wear_patience_out() -> None:
    progress = HALF
    while not resuming.given_up(progress):
        progress = resuming.after(progress, have=40)
    assert progress.idle == resuming.ATTEMPTS_MAX
    moved = resuming.after(progress, have=41)
    assert moved == Progress(have=41, idle=0, anew=0)
    assert resuming.after(progress, have=0).idle == resuming.ATTEMPTS_MAX + 1, "less is no progress"


def test_pauses_grow_to_a_minute_and_begin_small_after_progress() -> None:
    idle = [Progress(have=0, idle=n, anew=0) for n in (0, 1, 2, 5, 6, 30)]
    assert [resuming.pause_s(one) for one in idle] == [1, 2, 4, 32, 60, 60]


def test_only_bytes_of_one_access_are_held_against_the_sender() -> None:
    assert resuming.begun_anew(HALF, first=0) is None
    again = resuming.begun_anew(HALF, first=20)
    assert again == Progress(have=0, idle=3, anew=1)
    for _ in range(resuming.ANEW_MAX - 1):
        assert again is not None
        again = resuming.begun_anew(again, first=20)
    assert again is not None
    assert resuming.begun_anew(again, first=20) is None, "who always differs is believed at last"
