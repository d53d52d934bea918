"""What the tests of the Dataspace Protocol share."""

import os
from functools import partial
from pathlib import Path

import pytest

from support.dsp_peer import Check
from support.dsp_schemas import check_message

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def schemas() -> Check:
    """Return the check of a message; without the shared data it finds everything right.

    The scenarios are worth playing without the schemas; with them, every message is held against
    the official one.
    """
    folder = (ROOT / os.environ.get("COMITY_SHARED", "../shared")).resolve() / "data/dsp-2025-1"
    return partial(check_message, folder) if folder.is_dir() else lambda _: None
