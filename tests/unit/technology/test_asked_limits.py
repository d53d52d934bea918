"""Limits that an amendment asks for: what one side wrote in fields the other reads as fields."""

import pytest

from comity.technology.asked_limits import AskedLimits, asked_limits

NONE = AskedLimits(quantity=None, unit="transfers", starts=None, ends=None)


@pytest.mark.parametrize(
    "limits",
    [
        AskedLimits(quantity=5, unit="transfers", starts=None, ends=None),
        AskedLimits(quantity=70_000, unit="bytes", starts="2027-01-01", ends="2027-12-31"),
        AskedLimits(quantity=None, unit="transfers", starts="2027-01-01", ends=None),
        AskedLimits(quantity=None, unit="transfers", starts=None, ends="2027-12-31"),
    ],
)
@pytest.mark.parametrize("words", ["", "For the second season.\nQuantity: 9 bytes"])
def test_what_was_asked_in_fields_is_read_back_beside_the_other_words(
    limits: AskedLimits, words: str
) -> None:
    assert asked_limits(limits.lines() + words) == (limits, words)


def test_a_note_that_asks_for_no_limit_stays_as_it_is() -> None:
    assert NONE.lines() == ""
    for words in ("", "Quantity: 0 transfers", "Please: Quantity: 5 transfers", "Not after: soon"):
        assert asked_limits(words) == (None, words)
