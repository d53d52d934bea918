"""Sessions of the site: the framework's, kept in the node's database under a hash of their name.

Who reads the database cannot take over a session. The name is made anew at every log-in, so that a
name planted in a browser beforehand is worth nothing. Source: OWASP ASVS 5.0, chapter 7.
"""

import hashlib
import time
from datetime import timedelta
from typing import Final, TypeAlias

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures.state import State
from litestar.handlers import BaseRouteHandler
from litestar.middleware.session.server_side import (
    ServerSideSessionBackend,
    ServerSideSessionConfig,
)
from litestar.stores.base import Store
from litestar.types import Empty, Message, ScopeSession

from comity.web.ports import Node

IDLE_S: Final = 8 * 3600
"""A session ends after so long without a call."""
_RENEW_S: Final = 300
_KEPT_MAX: Final = 2000
_NEW: Final = "comity_new_session"

_Connection: TypeAlias = ASGIConnection[BaseRouteHandler, object, object, State]


class SessionStore(Store):
    """Keeps sessions by the node; writes only what changed, or every few minutes."""

    __slots__ = ("_known", "_node")

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known: dict[str, tuple[bytes, float]] = {}

    async def set(
        self, key: str, value: str | bytes, expires_in: int | timedelta | None = None
    ) -> None:
        """Store a session, unless nothing changed and it was stored a moment ago."""
        name = _hashed(key)
        data = value.encode() if isinstance(value, str) else value
        known, now = self._known.get(name), time.monotonic()
        if known is not None and known[0] == data and now - known[1] < _RENEW_S:
            return
        seconds = expires_in.total_seconds() if isinstance(expires_in, timedelta) else expires_in
        await self._node.save_session(name, data, expires_s=int(seconds or IDLE_S))
        if len(self._known) >= _KEPT_MAX:
            self._known.clear()
        self._known[name] = (data, now)

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """Return a session that is not over."""
        del renew_for
        return await self._node.load_session(_hashed(key))

    async def delete(self, key: str) -> None:
        """Forget a session."""
        self._known.pop(_hashed(key), None)
        await self._node.drop_session(_hashed(key))

    async def delete_all(self) -> None:
        """Not offered: sessions are ended one by one, or by their official."""
        raise NotImplementedError

    async def exists(self, key: str) -> bool:
        """Return whether there is such a session."""
        return await self.get(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Return nothing: the database decides."""
        del key
        return None


class _Backend(ServerSideSessionBackend):
    """Writes nothing for strangers, and takes a new name at every log-in."""

    def get_session_id(self, connection: _Connection) -> str:
        """Return the session's name for this answer."""
        planned = connection.state.get(_NEW)
        if planned is None:
            return super().get_session_id(connection)
        if planned is True:
            planned = connection.state[_NEW] = self.generate_session_id()
        return str(planned)

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: _Connection
    ) -> None:
        """Put the cookie on the answer; a stranger has no session and gets none."""
        if scope_session is Empty or scope_session:
            await super().store_in_message(scope_session, message, connection)


def make_config(*, party: str, secure: bool) -> ServerSideSessionConfig:
    """Return the framework's configuration; the cookie's name carries the party."""
    config = ServerSideSessionConfig(
        key=f"comity_{party_mark(party)}",
        max_age=IDLE_S,
        samesite="lax",
        secure=secure,
        httponly=True,
        exclude=["^/static/"],
    )
    config._backend_class = _Backend  # noqa: SLF001 - the framework offers no other place
    return config


def party_mark(party: str) -> str:
    """Return a short mark of a party for names of cookies, which ignore ports (design 13.15)."""
    return hashlib.sha256(party.encode()).hexdigest()[:10]


async def begin(request: Request[None, None, State], official: str, *, since: str) -> None:
    """Begin a session under a new name; one that this browser had is over."""
    await end(request)
    request.state[_NEW] = True
    request.scope["session"] = {"official": official, "since": since}


async def end(request: Request[None, None, State]) -> None:
    """End the session of this browser, if it has one."""
    name = request.get_session_id()
    if name is not None and request.session:
        await request.app.stores.get("sessions").delete(name)
    request.clear_session()


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
