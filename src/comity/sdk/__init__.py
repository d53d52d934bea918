"""The Python client of a node's REST API: every operation is a method.

``Comity`` is synchronous and quick to start; ``comity.sdk.aio.AsyncComity`` is awaited, and loads
an HTTP stack. The room knows no node: it calls over HTTP what ``comity.api`` offers there, and
raises what the node raised. The modules ``methods`` and ``addresses`` are written by
``tools/sdk_methods.py``.

Source: design 13.5; docs/guides/scripting.md.
"""

from comity.foundation.errors import (
    ComityError,
    MisuseError,
    PeerError,
    RefusedError,
    UnavailableError,
)
from comity.sdk.client import Comity

__all__ = (
    "Comity",
    "ComityError",
    "MisuseError",
    "PeerError",
    "RefusedError",
    "UnavailableError",
)
