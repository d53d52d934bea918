"""What every test has: the Hypothesis profiles and the shared data."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("COMITY_HYPOTHESIS", "gate"))

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared test data, or skip: the product never needs it."""
    folder = (ROOT / os.environ.get("COMITY_SHARED", "../shared")).resolve() / "data"
    if not folder.is_dir():
        pytest.skip("the shared test data is not beside this checkout (COMITY_SHARED)")
    return folder
