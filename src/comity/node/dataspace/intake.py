"""Bytes that registered connectors push to us, taken in under the token of our own request.

The token is the whole authority, bound to transfer, counterpart and contract; the ruling is asked
again before the first byte and behind the last. What comes goes to a file without a name; it is
shown, and written down, once it is whole and as announced. Source: spec 9.8.5 to 9.8.7.
"""

import asyncio
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, UnavailableError
from comity.foundation.instants import Instant
from comity.node.dataplane.accesses import Access, Pacing
from comity.node.dataplane.keeping import kept
from comity.node.dataplane.pushing import take
from comity.node.dataplane.serving import Bounds, headers_of
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import Reacting
from comity.protocols.problems import PROBLEM_JSON, problem_of
from comity.sharing.connectors import doors, rulings
from comity.sharing.connectors.intake import Announced, announced
from comity.sharing.connectors.model import Exchange
from comity.sharing.model import Role
from comity.sharing.ranges import repr_digest
from comity.storage.files import KeptWriter
from comity.storage.tx import Tx
from comity.transport.body import Body
from comity.transport.gate import Headers, Receive, Scope, Send, answer
from comity.transport.limits import BODY_WAIT_S

#: Most that is taken in by one transfer from a registered connector, in bytes.
DATA_BYTES_MAX: Final = 1 << 40
#: After these nothing of what came is of any use.
_SPOILT: Final = frozenset(
    {"intake.length", "intake.digest", "files.too_large", "call.body_too_large"}
)


@attrs.frozen(kw_only=True)
class _Stands:
    """How a transfer stands that its token opens.

    Attributes:
        until: When it takes nothing more.
        digest: What was said of what is here, as ``Repr-Digest``.
        here: How many bytes the whole has that came already; None while it has not.
    """

    until: Instant | None
    digest: str
    here: int | None


@attrs.frozen(kw_only=True)
class Intake:
    """Answers ``POST``, ``PUT`` and ``HEAD`` of a transfer's data, as its consumer.

    Attributes:
        pacing: How large the pieces are that go to the disk.
        bytes_max: Most that is taken.
        wait_s: How long a body has before its speed counts.
    """

    book: Book
    reacting: Reacting
    pacing: Pacing
    bytes_max: int = DATA_BYTES_MAX
    wait_s: float = BODY_WAIT_S
    _running: set[str] = attrs.field(factory=set)

    async def __call__(  # noqa: PLR0917  # an ASGI call and which transfer
        self, scope: Scope, receive: Receive, send: Send, pid: str
    ) -> None:
        """Answer one call.

        Raises:
            RefusedError: ``sharing.token``, ``sharing.refused``: nothing was read.
            PeerError: ``dsp.no_route``, ``intake.*``, ``files.*``, ``call.*``.
            UnavailableError: ``intake.busy``, ``sharing.cut_off``, ``files.*``, ``call.cut_off``.
        """
        if scope["method"] not in {"HEAD", "POST", "PUT"}:
            raise PeerError("dsp.no_route", "There is nothing at that address.")
        headers = headers_of(scope)
        token = headers.get("authorization", "").removeprefix("Bearer ")
        store, files = self.book.ctx.store, self.book.ctx.payloads
        with self.reacting.accesses.open(pid) as access:
            stands = await store.read(lambda tx: self._open(tx, pid, token=token))
            if scope["method"] == "HEAD":
                here = files.kept_size(pid) if stands.here is None else stands.here
                whole = stands.here is not None
                await _say(send, _where(here, whole=whole, digest=stands.digest))
                return
            coming = announced(headers)
            if stands.here is not None:
                await self._again(send, stands, coming, here=stands.here)
                return
            if coming.size is not None and coming.size > self.bytes_max:
                raise PeerError(
                    "intake.too_large", f"The data is larger than {self.bytes_max} bytes."
                )
            if pid in self._running:
                raise UnavailableError(
                    "intake.busy", "Data of this transfer is coming in already; send it later."
                )
            self._running.add(pid)
            try:
                await self._taken(receive, send, pid, token=token, coming=coming, access=access)
            finally:
                self._running.discard(pid)

    async def _again(self, send: Send, stands: _Stands, coming: Announced, *, here: int) -> None:
        """Answer who sends what is here already: the same is the same, all else is refused."""
        if not coming.digest or coming.digest != stands.digest:
            raise PeerError(
                "intake.exists",
                "The data of this transfer is here already, and this says nothing by which it could"
                " be known as the same.",
            )
        await _say(send, _where(here, whole=True, digest=stands.digest), close=True)

    async def _taken(  # an ASGI call, which transfer, what is announced
        self,
        receive: Receive,
        send: Send,
        pid: str,
        *,
        token: str,
        coming: Announced,
        access: Access,
    ) -> None:
        store = self.book.ctx.store
        writer = await kept(self.book.ctx.payloads, pid, bytes_max=self.bytes_max)
        with writer:
            stands = await store.read(lambda tx: self._open(tx, pid, token=token))
            if not coming.goes_on(writer.size, digest=stands.digest):
                await self._elsewhere(send, stands, have=writer.size)
                return
            if coming.first == 0 and writer.size:
                await asyncio.to_thread(writer.restart)
            stands = await store.write(lambda tx: self._begun(tx, pid, token=token, coming=coming))
            self.reacting.sizes[pid] = coming.size
            bounds = Bounds(
                access=access, pacer=self.pacing.run(), now=self.book.ctx.now, until=stands.until
            )
            body = Body(receive, None, bytes_max=self.bytes_max, wait_s=self.wait_s)
            try:
                await take(body.receive, writer, stop=coming.stop, bounds=bounds)
                _check(writer, coming)
            except PeerError as error:
                if error.code in _SPOILT:
                    await asyncio.to_thread(writer.restart)
                raise
            await asyncio.to_thread(writer.sync)
            whole = coming.is_whole(writer.size)
            if whole:
                await store.write(lambda tx: self._came(tx, pid, writer, token=token))
            said = repr_digest(writer.sha256) if whole else coming.digest
            await _say(send, _where(writer.size, whole=whole, digest=said))

    async def _elsewhere(self, send: Send, stands: _Stands, *, have: int) -> None:
        """Answer a part that does not join what is here."""
        error = PeerError(
            "intake.part",
            f"What is here ends at byte {have}; go on there with the same Repr-Digest, or send the"
            " whole.",
        )
        problem = problem_of(error, status=416)
        await answer(
            send,
            status=problem.status,
            body=problem.to_bytes(),
            content_type=PROBLEM_JSON,
            headers=[
                *_where(have, whole=False, digest=stands.digest),
                (b"connection", b"close"),
            ],
        )

    # --- units of work ------------------------------------------------------------------------

    def _open(self, tx: Tx, pid: str, *, token: str) -> _Stands:
        """Return how a transfer stands: by the token, by the ruling, as both are now."""
        exchange = self.book.find(tx, pid)
        if exchange is None or not exchange.pushed_to_us:
            raise doors.no_door()
        doors.check_data_token(token, exchange=exchange, at=self.book.ctx.now())
        facts = self.book.facts_for(tx, exchange)
        rulings.require(exchange.facts, role=Role.CONSUMER, stage="receive", facts=facts)
        ends = (exchange.token_expires, facts.counterpart.framework.until)
        received = self.book.received(tx, pid)
        size = None if received is None else received["bytes"]
        assert size is None or isinstance(size, int)
        return _Stands(
            until=min((one for one in ends if one is not None), default=None),
            digest=repr_digest(str(received["digest"])) if received else self.book.tag(tx, pid),
            here=size,
        )

    def _begun(self, tx: Tx, pid: str, *, token: str, coming: Announced) -> _Stands:
        """Write down what begins, before its first byte is kept."""
        stands = self._open(tx, pid, token=token)
        self.book.keep_tag(tx, pid, coming.digest)
        how: JsonObject = {"intake": {"first": coming.first, "bytes": coming.size}}
        self.reacting.noted(tx, self._found(tx, pid), how=how)
        return stands

    def _came(self, tx: Tx, pid: str, writer: KeptWriter, *, token: str) -> None:
        """Take what came, if it may still be had at this moment."""
        self._open(tx, pid, token=token)
        found, size = writer.sha256, writer.size
        writer.commit(expected=found)
        value: JsonObject = {"digest": found, "bytes": size}
        self.book.keep_received(tx, pid, value)
        how: JsonObject = {"bytes": size, "sha256": found}
        self.reacting.delivered(tx, self._found(tx, pid), how=how)

    def _found(self, tx: Tx, pid: str) -> Exchange:
        exchange = self.book.find(tx, pid)
        assert exchange is not None
        return exchange


def _check(writer: KeptWriter, coming: Announced) -> None:
    """Pass if what is here, once it is whole, is what was announced."""
    whole = coming.is_whole(writer.size)
    if whole and coming.digest and coming.digest != repr_digest(writer.sha256):
        raise PeerError(
            "intake.digest",
            f"What came has the SHA-256 {writer.sha256}, announced was another one: it was changed"
            " on the way. All of it is forgotten; send it again.",
        )


def _where(have: int, *, whole: bool, digest: str) -> Headers:
    """Return the headers that say how much is here."""
    headers = [
        (b"upload-offset", str(have).encode()),
        (b"upload-complete", b"?1" if whole else b"?0"),
    ]
    return [*headers, (b"repr-digest", digest.encode())] if digest else headers


async def _say(send: Send, headers: Headers, *, close: bool = False) -> None:
    lines = [*headers, *([(b"connection", b"close")] if close else [])]
    await send({"type": "http.response.start", "status": 204, "headers": lines})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
