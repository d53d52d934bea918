"""Both parties compute the same second. Spec 1.2, 1.3."""

import pytest

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant, Period

at = Instant.parse


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T00:00:00Z",
        "2026-11-23T12:00:00Z",
        "9999-12-31T23:59:59Z",
        "0987-06-05T04:03:02Z",
    ],
)
def test_an_instant_is_printed_as_it_was_written(text: str) -> None:
    assert str(at(text)) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-23", "basics.instant"),
        ("2026-11-23T12:00:00", "basics.instant"),
        ("2026-11-23T12:00:00z", "basics.instant"),
        ("2026-11-23 12:00:00Z", "basics.instant"),
        ("2026-11-23T12:00:00.0Z", "basics.instant"),
        ("2026-11-23T12:00:00+00:00", "basics.instant"),
        ("2026-11-23T12:00:00Z\n", "basics.instant"),
        ("٢٠٢٦-11-23T12:00:00Z", "basics.instant"),
        ("2026-02-29T00:00:00Z", "basics.no_date"),
        ("2026-13-01T00:00:00Z", "basics.no_date"),
        ("2026-11-23T24:00:00Z", "basics.no_date"),
        ("2016-12-31T23:59:60Z", "basics.no_date"),
        ("2016-12-31T23:59:61Z", "basics.no_date"),
        ("0000-01-01T00:00:00Z", "basics.no_date"),
    ],
)
def test_another_spelling_of_a_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        at(text)
    assert caught.value.code == code


def test_instants_can_be_compared_and_moved() -> None:
    assert at("2026-11-23T12:00:00Z").plus(3600) == at("2026-11-23T13:00:00Z")
    assert at("2026-11-23T12:00:00Z") < at("2026-11-23T12:00:01Z")
    assert at("1970-01-02T00:00:00Z").datetime().isoformat() == "1970-01-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("start", "period", "result"),
    [
        ("2026-11-23T12:00:00Z", "P10Y", "2036-11-23T12:00:00Z"),
        ("2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"),
        ("2024-02-29T00:00:00Z", "P4Y", "2028-02-29T00:00:00Z"),
        ("2024-01-31T08:30:00Z", "P1M", "2024-02-29T08:30:00Z"),
        ("2024-01-31T08:30:00Z", "P1M1D", "2024-03-01T08:30:00Z"),
        ("2026-10-31T00:00:00Z", "P1Y4M", "2028-02-29T00:00:00Z"),
        ("2026-12-01T00:00:00Z", "P1M", "2027-01-01T00:00:00Z"),
        ("2026-11-30T23:59:59Z", "P90D", "2027-02-28T23:59:59Z"),
    ],
)
def test_a_term_ends_on_the_day_the_specification_says(
    start: str, period: str, result: str
) -> None:
    assert str(Period.parse(period).after(at(start))) == result


@pytest.mark.parametrize("period", ["P9999Y", "P7974Y", "P7972Y12M3000D", "P7973Y99999D"])
def test_a_period_beyond_the_calendar_is_refused(period: str) -> None:
    with pytest.raises(PeerError) as caught:
        Period.parse(period).after(at("2026-11-23T12:00:00Z"))
    assert caught.value.code == "basics.far_future"


@pytest.mark.parametrize(
    "text",
    ["", "P", "P0D", "P0Y6M", "P06M", "10Y", "p10y", "P10Y ", "P1W", "P1Y2D3M", "PT5M", "-P1Y",
     "P1.5Y", "P100000D", "P10000Y", "P1Y\n", "P٣Y"],
)  # fmt: skip  # one line of cases
def test_another_spelling_of_a_period_is_refused(text: str) -> None:
    with pytest.raises(PeerError) as caught:
        Period.parse(text)
    assert caught.value.code == "basics.period"


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("P10Y", "10 years", 3650),
        ("P1Y6M", "1 year 6 months", 533),
        ("P1M1D", "1 month 1 day", 29),
        ("P30D", "30 days", 30),
    ],
)
def test_a_period_is_said_in_words(text: str, words: str, days: int) -> None:
    period = Period.parse(text)
    assert (str(period), period.words(), period.days_at_least()) == (text, words, days)
