"""The counterparts' port behind the gate: the record's routes, sharing's routes, nothing else.

Whoever gets here has been authenticated; what they may see is only what belongs to the relationship
with them. Source: docs/spec/06-transport.md 4, 07-sharing.md.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final
from urllib.parse import unquote

import attrs

from comity.foundation.errors import ComityError, PeerError
from comity.node.context import Context
from comity.node.dataspace.desk import Dataspace
from comity.node.recovering import Recovering
from comity.node.sharing_site import BASE, DATA, family_of
from comity.node.syncing import SYNC_BYTES_MAX, Syncing
from comity.protocols.dsp.answers import error_bytes
from comity.protocols.dsp.versions import VERSION, Authentication, ProtocolVersion, versions_bytes
from comity.record.ports import RelationshipRow
from comity.record.sync import ANSWER_TYPE, CONTENT_TYPE, SyncAccepted
from comity.transport.gate import CALLER, PEER, Caller, Message, Receive, Scope, Send, answer

_RECORD: Final = re.compile(r"/comity/v1/relationships/([0-9a-f]{32})/(sync|checkpoint|entries)")

_QUERY: Final = re.compile(r"start=(0|[1-9][0-9]{0,15})&stop=(0|[1-9][0-9]{0,15})", re.ASCII)

_VERSIONS_PATH: Final = "/.well-known/dspace-version"
_VERSIONS: Final = versions_bytes(
    ProtocolVersion(
        version=VERSION,
        path=BASE,
        identifier_type="did:web",
        auth=Authentication(
            protocol="urn:comity:v1:id-token", version="1", profiles=("es256-pinned",)
        ),
    )
)

#: Where the bytes of transfers move: out, and in.
_DATA: Final = (DATA, f"{BASE}/intake/")

#: Answers a call to sharing's routes: (scope, receive, send, relationship).
SharingSite = Callable[[Scope, Receive, Send, RelationshipRow], Awaitable[None]]


def streams(method: str, path: str) -> int | None:
    """Return the largest body of a route that reads it as a stream (``GatePorts.streams``)."""
    found = _RECORD.fullmatch(path)
    return SYNC_BYTES_MAX if method == "POST" and found and found[2] == "sync" else None


def by_token(path: str) -> bool:
    """Return whether the callers of a route show an ID token (``TokenRoutes.has``). Spec 6.7.1."""
    return path.startswith(f"{BASE}/") and not path.startswith(_DATA)


def by_key(scope: Scope) -> bool:
    """Return whether a call moves data by a transfer's own key alone (``GatePorts.by_key``).

    That is how other connectors do; one of ours signs the call besides. Source: spec 9.8.
    """
    headers = scope["headers"]
    assert isinstance(headers, list)
    names = {name for name, _ in headers}
    moves = str(scope["path"]).startswith(_DATA) and b"authorization" in names
    return moves and b"signature-input" not in names


def refusal(path: str, error: ComityError, status: int) -> tuple[int, bytes]:
    """Return how a call to such a route is refused (``TokenRoutes.refusal``). Spec 6.7.8."""
    below = path.removeprefix(BASE)
    if status == 401 and not below.startswith("/catalog"):
        status = 404
    if status == 429:
        status = 503  # no counterpart may take "later" for "no"
    return status, error_bytes(error, family=family_of(below))


def open_to_all(method: str, path: str) -> bytes | None:
    """Return what anybody may read (``GatePorts.open``). Spec 6.8."""
    return _VERSIONS if (method, path) == ("GET", _VERSIONS_PATH) else None


@attrs.frozen(kw_only=True)
class PeerSite:
    """The ASGI application behind the gate."""

    ctx: Context
    syncing: Syncing
    recovering: Recovering
    sharing: SharingSite
    heard: Callable[[str], None]
    dataspace: Dataspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call of an authenticated counterpart, or one that brings a transfer's key."""
        peer, caller = scope.get(PEER), scope.get(CALLER)
        if not isinstance(peer, str):
            door = self.dataspace.site.by_token(unquote(str(scope["path"]).removeprefix(BASE)))
            assert door is not None  # ``by_key`` let it through
            await door(scope, receive, send)
            return
        if isinstance(caller, Caller) and caller.pinned_by == "registration":
            await self._connector(scope, receive, send, caller)
            return
        rel = await self.ctx.store.read(lambda tx: tx.relationships.by_counterpart(peer))
        if rel is None:
            raise PeerError("peers.unknown", "No relationship exists with the caller.")
        self.heard(rel.rel_id)
        method, path = str(scope["method"]), str(scope["path"])
        found = _RECORD.fullmatch(path)
        if found is None:
            await self.sharing(scope, receive, send, rel)
            return
        if found[1] != rel.rel_id:
            raise PeerError(
                "peers.other_record",
                "This node keeps the record with you under another name: one of us accepted an"
                " older letter of the other. Compare the fingerprints of both letters again.",
            )
        match method, found[2]:
            case "POST", "sync":
                said = await self.syncing.receive(rel, _chunks(receive))
                status = 200 if isinstance(said, SyncAccepted) else 409
                await answer(send, status=status, body=said.to_bytes(), content_type=ANSWER_TYPE)
            case "GET", "checkpoint":
                body = await self.syncing.holding(rel)
                await answer(send, status=200, body=body, content_type=ANSWER_TYPE)
            case "GET", "entries":
                body = await self.recovering.give(rel, _start(scope))
                await answer(send, status=200, body=body, content_type=CONTENT_TYPE)
            case _:
                raise _NOT_FOUND

    async def _connector(  # noqa: PLR0917  # an ASGI call and whose it is
        self, scope: Scope, receive: Receive, send: Send, caller: Caller
    ) -> None:
        """Answer one call of a registered connector: the sharing routes, and no others."""
        path = str(scope["path"])
        if not path.startswith(f"{BASE}/"):
            raise _NOT_FOUND
        await self.dataspace.site(scope, receive, send, caller.party, path.removeprefix(BASE))


_NOT_FOUND: Final = PeerError("peers.not_found", "There is nothing at that address.")


def _start(scope: Scope) -> int:
    """Return the member ``start`` of the query of a call for entries."""
    query = scope["query_string"]
    assert isinstance(query, bytes)
    found = _QUERY.fullmatch(query.decode("latin-1"))
    if found is None:
        raise PeerError("peers.query", "Entries are asked for by ?start=N&stop=M.")
    return int(found[1])


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """Yield the parts of a body; the gate checks size, pace and digest on the way."""
    more = True
    while more:
        message: Message = await receive()
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        more = bool(message.get("more_body", False))
        yield body
