"""What a decision that is entered is checked for before it is recorded."""

import pytest

from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.deciding import check_decided


@pytest.mark.parametrize("hour", ["05", "21"])
def test_a_decision_before_its_request_is_told_the_day_of_that_request(hour: str) -> None:
    asked = Instant.parse(f"2026-11-23T{hour}:00:00Z")
    with pytest.raises(MisuseError, match=r"before the day of the request, 2026-11-23 in UTC\."):
        check_decided("2026-11-20", asked=asked, now=asked)
    check_decided(str(asked.plus(-12 * 3600))[:10], asked=asked, now=asked)  # a clock far behind
