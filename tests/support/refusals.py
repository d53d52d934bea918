"""Refusals that a test expects: of which kind, with which code."""

from collections.abc import Awaitable

import pytest

from comity.foundation.errors import ComityError


async def refused(code: str, act: Awaitable[object]) -> ComityError:
    """Return the refusal with that code; fails where there is none, or another."""
    with pytest.raises(ComityError) as caught:
        await act
    found = f"{caught.value.code}: {caught.value}"
    assert caught.value.code == code, found
    return caught.value
