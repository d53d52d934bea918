"""A chart says what its table says, to those who see it and to those who do not."""

import re

import pytest

from comity.web.charts import Bar, key, stacked_bars

SERIES = {"agreed": "agreed", "open": "open <b>"}


def heights(chart: str) -> list[float]:
    found = re.findall(
        r'class="series \w+" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', chart
    )
    return [float(each) for each in found]


def test_bars_stand_in_proportion_and_name_each_part() -> None:
    bars = [Bar(name="1", parts={"open": 4}), Bar(name="2", parts={"agreed": 3, "open": 1})]
    chart = str(stacked_bars(bars, series=SERIES, title="Progress"))
    first, agreed, rest = heights(chart)
    assert agreed + rest == pytest.approx(first, abs=0.2)
    assert agreed == pytest.approx(3 * rest, abs=0.5)
    assert "<title>2: agreed 3</title>" in chart
    assert 'aria-label="Progress"' in chart


def test_names_are_words_and_never_markup() -> None:
    bars = [Bar(name='"><script>', parts={"open": 1})]
    chart = str(stacked_bars(bars, series=SERIES, title="<i>")) + str(key(SERIES))
    assert "<script>" not in chart
    assert "<i>" not in chart
    assert "<b>" not in chart
    assert "style=" not in chart, "the content security policy forbids it"


@pytest.mark.parametrize("count", [0, 1, 3, 60, 500])
def test_any_number_of_rounds_fits_with_names_that_do_not_overlap(count: int) -> None:
    bars = [Bar(name=str(n), parts={"agreed": n, "open": count - n}) for n in range(count)]
    chart = str(stacked_bars(bars, series=SERIES, title="x"))
    assert len(re.findall(r'text-anchor="middle"', chart)) <= 18
    assert chart.count("<svg") == chart.count("</svg>") == 1


def test_each_series_has_a_pattern_besides_its_colour() -> None:
    chart = str(stacked_bars([Bar(name="1", parts={"open": 1})], series=SERIES, title="x"))
    assert 'id="hatch-open"' in chart
    assert 'fill="url(#hatch-open)"' in chart
