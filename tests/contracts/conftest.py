"""The backends every port is tried on. PostgreSQL becomes the second parameter here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.storage.store import Store
from support.stores import ToldClock


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: ToldClock) -> Iterator[Store]:
    assert request.param == "sqlite"
    with Store.open(tmp_path / "comity.db", clock=clock) as opened:
        yield opened
