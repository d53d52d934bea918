"""What is refused of a decision as a person enters it, and how that is said."""

import pytest

from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.deciding import check_decided


def test_who_enters_a_decision_of_a_day_too_early_reads_the_day_of_the_request() -> None:
    asked, now = (Instant.parse(f"2026-12-0{day}T05:00:00Z") for day in (3, 5))
    check_decided("2026-12-02", asked=asked, now=now)  # it was still that day somewhere
    with pytest.raises(MisuseError, match="the day of the request, 2026-12-03") as refused:
        check_decided("2026-12-01", asked=asked, now=now)
    assert refused.value.code == "authorisations.decided_early"
