"""What a decision that is entered is checked for before it is recorded."""

import pytest

from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.deciding import check_decided


@pytest.mark.parametrize(("hour", "first"), [("05", "2026-11-22"), ("21", "2026-11-23")])
def test_a_decision_before_its_request_is_told_its_day_and_the_earliest_that_can_be_entered(
    hour: str, first: str
) -> None:
    asked = Instant.parse(f"2026-11-23T{hour}:00:00Z")
    told = rf"of 2026-11-23 in UTC\. Enter {first}, the earliest that this day is anywhere"
    with pytest.raises(MisuseError, match=told):
        check_decided("2026-11-20", asked=asked, now=asked)
    check_decided(str(asked.plus(-12 * 3600))[:10], asked=asked, now=asked)  # a clock far behind
