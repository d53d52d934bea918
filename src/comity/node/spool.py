"""A request of the counterpart while it comes in: in bounded memory, checked as it arrives.

Envelopes and small bodies are kept in memory within the limits of one request; a large body goes to
a file of its own and its commitment is computed on the way. Nothing of it counts before the whole
request is taken; what is not taken is deleted. Source: record.md 2.8; spec 3.11.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import attrs

from comity.foundation.errors import PeerError
from comity.record.body import Body, BodyReader, unpack
from comity.record.envelope import Envelope
from comity.record.kinds import check_body
from comity.record.ports import BODY_INLINE_BYTES_MAX
from comity.record.sync import BodyPart, EnvelopePart, SyncHeader, SyncReader
from comity.storage.files import BodyFiles, FileWriter, StoredFile
from comity.storage.tx import Tx

Kept: TypeAlias = bytes | StoredFile


@attrs.frozen(kw_only=True)
class Spooled:
    """A whole request; ``entries`` is empty where the caller did not want them."""

    header: SyncHeader
    entries: tuple[tuple[bytes, Kept], ...]
    commitments: tuple[str, ...]
    bodies: BodyFiles

    def open(self, place: int, envelope: Envelope) -> Body:
        """Return a body once it is what the envelope committed to, of a known form.

        Raises:
            PeerError: ``node.body_commitment``: another body than the entry commits to.
        """
        if self.commitments[place] != envelope.commitment:
            raise PeerError(
                "node.body_commitment",
                f"The body of entry {envelope.n} is not the one that the entry commits to.",
            )
        kept = self.entries[place][1]
        body = unpack(kept if isinstance(kept, bytes) else self.bodies.read(kept.name))
        check_body(envelope.kind, body)
        return body

    def keep(self, tx: Tx, origin: str, n: int) -> None:
        """Store the body of entry ``n`` for good."""
        kept = self.entries[n - self.header.start][1]
        if isinstance(kept, bytes):
            tx.bodies.put(origin, n, kept)
        else:
            tx.bodies.put_file(origin, n, kept.name)


@attrs.define(kw_only=True)
class Spool:
    """Reads one request. Call ``taken`` once it is stored, and ``close`` in any case."""

    bodies: BodyFiles
    _wanted: bool = True
    _envelopes: list[bytes] = attrs.field(factory=list)
    _kept: list[Kept] = attrs.field(factory=list)
    _commitments: list[str] = attrs.field(factory=list)
    _reader: BodyReader | None = None
    _small: bytearray = attrs.field(factory=bytearray)
    _large: FileWriter | None = None

    async def read(
        self,
        chunks: AsyncIterator[bytes],
        *,
        wanted: Callable[[SyncHeader], Awaitable[bool]],
    ) -> Spooled:
        """Return the request, whole.

        Args:
            chunks: The body as it comes.
            wanted: Whether the entries would be taken; else they are read and dropped.

        Raises:
            PeerError: it breaks the form; as ``SyncReader`` and ``BodyReader``.
        """
        reader = SyncReader()
        headers: list[SyncHeader] = []
        async for chunk in chunks:
            for part in reader.feed(chunk):
                if isinstance(part, SyncHeader):
                    headers.append(part)
                    self._wanted = await wanted(part)
                elif self._wanted and isinstance(part, EnvelopePart):
                    self._envelopes.append(part.data)
                    self._begin(headers[0].entries[part.n - headers[0].start].body)
                elif self._wanted and isinstance(part, BodyPart):
                    self._more(part)
        reader.finish()
        return Spooled(
            header=headers[0],
            entries=tuple(zip(self._envelopes, self._kept, strict=True)),
            commitments=tuple(self._commitments),
            bodies=self.bodies,
        )

    def _begin(self, size: int) -> None:
        self._reader = BodyReader(lambda _name, _data: None)
        self._small = bytearray()
        self._large = self.bodies.writer() if size > BODY_INLINE_BYTES_MAX else None

    def _more(self, part: BodyPart) -> None:
        assert self._reader is not None
        self._reader.feed(part.data)
        if self._large is None:
            self._small += part.data
        else:
            self._large.write(part.data)
        if part.last:
            self._commitments.append(self._reader.finish())
            kept = bytes(self._small) if self._large is None else self._large.commit()
            self._kept.append(kept)
            self._large = None

    def taken(self) -> None:
        """Say that everything was stored: the files stay."""
        self._kept.clear()

    def close(self) -> None:
        """Drop what was not taken."""
        if self._large is not None:
            self._large.drop()
        for kept in self._kept:
            if isinstance(kept, StoredFile):
                self.bodies.delete(kept.name)
