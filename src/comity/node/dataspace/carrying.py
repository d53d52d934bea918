"""The bytes of transfers with registered connectors on their way: pulled from them, pushed to them.

A pull that was cut goes on from where it was, where the other side names its data by a strong tag;
else it begins anew. Nothing is known of it beforehand: how large it is and its digest are taken
from what the other side says, and compared with what came. Source: spec 9.8; RFC 9110, RFC 9530.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.node.courier import MOVED, Carrier, Courier, Errand
from comity.node.dataplane.accesses import Pacing
from comity.node.dataplane.keeping import kept
from comity.node.dataplane.pushing import Pushed, push
from comity.node.dataplane.serving import Bounds
from comity.node.dataspace.data import Sources
from comity.node.dataspace.delivery import PASSING
from comity.node.dataspace.intake import DATA_BYTES_MAX
from comity.node.dataspace.reacting import FETCH, SEND, Reacting
from comity.sharing.connectors import rulings
from comity.sharing.connectors.model import Address, Counterpart, Dataset, Exchange
from comity.sharing.model import Role, State
from comity.sharing.ranges import length, repr_digest
from comity.storage.files import KeptWriter
from comity.storage.tx import Tx
from comity.transport.client import PeerStream
from comity.transport.connector import ConnectorClient


@attrs.frozen(kw_only=True)
class Carrying:
    """What carries out the orders for bytes."""

    reacting: Reacting
    client: Callable[[Counterpart], ConnectorClient]
    sources: Sources
    pacing: Pacing

    def carriers(self) -> dict[str, Carrier]:
        """Return what carries out which topic."""
        return {FETCH: self.fetch, SEND: self.push}

    @property
    def courier(self) -> Courier:
        """Return who plans the work."""
        return self.reacting.courier

    def _still(self, tx: Tx, errand: Errand) -> tuple[Exchange, Counterpart, Address] | None:
        """Return the transfer, its counterpart and address, while it is started."""
        book = self.reacting.book
        exchange = book.find(tx, str(errand.payload["pid"]))
        open_now = exchange is not None and exchange.standing is State.STARTED
        if exchange is None or not open_now or exchange.address is None or _here(exchange):
            self.courier.done(tx, errand)
            return None
        counterpart = book.counterpart(tx, exchange.counterpart)
        assert counterpart is not None
        return exchange, counterpart, exchange.address

    async def _noted(self, errand: Errand, error: ComityError, *, at: Address | None) -> None:
        """Leave it to a person: what was wrong stands in the inbox.

        Args:
            errand: The work.
            error: What was wrong.
            at: Where. Nobody need know of an address that has died since, or of a second attempt at
                what is here.
        """
        book, pid = self.reacting.book, str(errand.payload["pid"])

        def work(tx: Tx) -> None:
            self.courier.done(tx, errand)
            now = book.find(tx, pid)
            assert now is not None
            stands = now.address == at and not now.resumed and not now.delivered
            if at is None or (stands and not now.ended):
                book.note(tx, pid, why=error.message, rule=None, code=error.code)

        await book.ctx.store.write(work)

    # --- pulling ------------------------------------------------------------------------------

    async def fetch(self, errand: Errand) -> None:
        """Make one attempt to fetch the data of a transfer.

        Raises:
            UnavailableError: It is to be tried again.
        """
        book = self.reacting.book
        found = await book.ctx.store.write(lambda tx: self._still(tx, errand))
        if found is None:
            return
        exchange, counterpart, address = found
        pid = exchange.pid
        files = book.ctx.payloads
        writer = await kept(files, pid, bytes_max=DATA_BYTES_MAX)
        had = writer.size
        with writer, self.reacting.accesses.open(pid) as access:
            try:
                tag = await book.ctx.store.read(lambda tx: book.tag(tx, pid))
                headers = _resuming(writer, tag)
                client = self.client(counterpart)
                async with client.data(
                    address.endpoint,
                    authorization=address.authorization,
                    headers=headers,
                    bytes_max=DATA_BYTES_MAX,
                ) as answer:
                    size = await self._begun(pid, answer, writer)
                    self.reacting.sizes[pid] = size
                    access.begin(writer.size)
                    async for chunk in answer.chunks:
                        access.check()
                        await asyncio.to_thread(writer.write, chunk)
                        access.moved += len(chunk)
                _check(writer, answer, size)
                await asyncio.to_thread(writer.sync)
                await book.ctx.store.write(lambda tx: self._came(tx, errand, writer))
            except (PeerError, MisuseError) as error:
                await self._noted(errand, error, at=address)
            except UnavailableError as error:
                error.facts[MOVED] = writer.size > had
                raise

    async def _begun(self, pid: str, answer: PeerStream, writer: KeptWriter) -> int | None:
        """Return how large the whole is, once it is clear how the answer joins what is here."""
        if answer.status >= 500 or answer.status in PASSING:
            raise UnavailableError(
                "connectors.data_busy", "The counterpart cannot give the data now."
            )
        if answer.status not in {200, 206}:
            raise PeerError(
                "connectors.data_refused",
                f"The counterpart gives nothing: it answered with status {answer.status}.",
            )
        size = length(answer.headers)
        whole = size
        if answer.status == 206:
            told = answer.headers.get("content-range", "")
            if not told.startswith(f"bytes {writer.size}-"):
                raise PeerError(
                    "connectors.data_range",
                    "The counterpart sends another part than was asked for.",
                )
            whole = None if size is None else writer.size + size
        elif writer.size:
            await asyncio.to_thread(writer.restart)
        tag = answer.headers.get("etag", "")
        strong = tag if tag.startswith('"') else ""
        book = self.reacting.book
        await book.ctx.store.write(lambda tx: book.keep_tag(tx, pid, strong))
        return whole

    def _came(self, tx: Tx, errand: Errand, writer: KeptWriter) -> None:
        self.courier.done(tx, errand)
        book, pid = self.reacting.book, str(errand.payload["pid"])
        now = book.find(tx, pid)
        assert now is not None
        if now.standing is not State.STARTED:
            return  # it was paused or ended meanwhile: what came is not taken
        found, size = writer.sha256, writer.size
        writer.commit(expected=found)
        value: JsonObject = {"digest": found, "bytes": size}
        book.keep_received(tx, pid, value)
        self.reacting.delivered(tx, now, how={"bytes": size, "sha256": found})

    # --- pushing ------------------------------------------------------------------------------

    async def push(self, errand: Errand) -> None:
        """Push the data of a transfer to where its consumer wants it.

        Raises:
            UnavailableError: It is to be sent again.
        """
        book = self.reacting.book
        address: Address | None = None

        def still(tx: Tx) -> tuple[Exchange, Counterpart, Address, Dataset] | None:
            found = self._still(tx, errand)
            if found is None:
                return None
            facts = book.facts_for(tx, found[0])
            rulings.require(found[0].facts, role=Role.PROVIDER, stage="send", facts=facts)
            dataset = book.dataset(tx, found[0].dataset)
            assert dataset is not None
            return *found, dataset

        try:
            found = await book.ctx.store.write(still)
            if found is None:
                return
            exchange, counterpart, address, dataset = found
            source = await self.sources.open(dataset.source)
            with self.reacting.accesses.open(exchange.pid) as access:
                bounds = Bounds(access=access, pacer=self.pacing.run(), now=book.ctx.now)
                self.reacting.sizes[exchange.pid] = source.size
                await push(
                    _Pushing(client=self.client(counterpart)),
                    address.endpoint,
                    source,
                    token=(address.authorization or "").removeprefix("Bearer "),
                    bounds=bounds,
                    again=errand.attempts > 0,
                )
        except UnavailableError:
            raise
        except ComityError as error:
            await self._noted(errand, error, at=address)
            return

        def gone(tx: Tx) -> None:
            self.courier.done(tx, errand)
            now = book.find(tx, exchange.pid)
            assert now is not None
            if now.address == address:  # else it is wanted elsewhere by now, and sent there
                self.reacting.delivered(tx, now, how={"bytes": source.size})

        await book.ctx.store.write(gone)


@attrs.frozen(kw_only=True)
class _Pushing:
    """The client of a connector as ``pushing`` wants it."""

    client: ConnectorClient

    async def push(
        self, path: str, parts: AsyncIterator[bytes], *, headers: Mapping[str, str]
    ) -> Pushed:
        answer = await self.client.push(path, parts, headers=headers)
        return Pushed(status=answer.status, body=answer.body)

    async def ask(self, path: str, *, headers: Mapping[str, str]) -> Pushed:
        answer = await self.client.head(path, headers=headers)
        return Pushed(status=answer.status, body=b"", headers=answer.headers)


def _here(exchange: Exchange) -> bool:
    """Return whether all that is to move has moved, perhaps by an order before this one."""
    return exchange.delivered


def _resuming(writer: KeptWriter, tag: str) -> Mapping[str, str]:
    if not writer.size or not tag:
        return {}
    return {"range": f"bytes={writer.size}-", "if-range": tag}


def _check(writer: KeptWriter, answer: PeerStream, size: int | None) -> None:
    """Pass if all came that was said, and it is what was said.

    Raises:
        UnavailableError: ``connectors.data_cut``: it goes on later.
        PeerError: ``connectors.data_digest``.
    """
    if size is not None and writer.size < size:
        raise UnavailableError("connectors.data_cut", "The data ended before its end.")
    told = answer.headers.get("repr-digest", "")
    if told.startswith("sha-256=") and told != repr_digest(writer.sha256):
        raise PeerError(
            "connectors.data_digest",
            "What came is not what the counterpart announced: its digest is another one.",
        )
