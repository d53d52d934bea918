"""What one party receives, written down as it arrives: a recorder in front of each node's port.

The recorder ends the TLS connection with that party's own key (the demonstration owns the folder),
opens one to the node behind it, and passes every byte on. In front of B it keeps what comes in, in
front of A what goes out, so that together they are all bytes that B receives, decrypted. There is
nothing of this in the product: to the nodes it is a machine that forwards a port.
"""

import asyncio
import contextlib
import itertools
import threading
from pathlib import Path
from typing import BinaryIO, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from stage import Party

from comity.storage.keyfiles import TLS_CERTIFICATE_FILE, TLS_KEY_FILE
from comity.transport.tls import pinned_context, server_context, spki_sha256

CHUNK_BYTES: Final = 64 << 10
START_WAIT_S: Final = 10.0
CLOSE_WAIT_S: Final = 1.0


class Recorder:
    """A relay in front of one party's node, on a thread of its own."""

    def __init__(self, party: Party, *, keep: str, into: Path) -> None:
        """Prepare.

        Args:
            party: Whose port.
            keep: ``incoming`` (what the party receives) or ``outgoing`` (what it answers).
            into: Folder for one file per connection.
        """
        self._party, self._keep, self._into = party, keep, into
        self._numbers = itertools.count(1)
        self._up, self._failed = threading.Event(), ""
        self._loop = asyncio.new_event_loop()
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(
            target=self._run, name=f"{party.slug}-recorder", daemon=True
        )

    def start(self) -> None:
        """Return once the published port answers; the party's keys must be there."""
        self._into.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        if not self._up.wait(START_WAIT_S) or self._failed:
            raise RuntimeError(f"The recorder of {self._party.name} does not start: {self._failed}")

    def stop(self) -> None:
        """Close the port and every connection; again: no effect."""
        if self._thread.is_alive() and self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(START_WAIT_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self._failed = str(error)
            self._up.set()
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        keys = self._party.folder / "keys"
        certificate = keys / TLS_CERTIFICATE_FILE
        parsed = x509.load_pem_x509_certificate(certificate.read_bytes())
        self._behind = pinned_context(spki_sha256(parsed.public_bytes(Encoding.DER)))
        server = await asyncio.start_server(
            self._pass_on,
            "127.0.0.1",
            self._party.port,
            ssl=server_context(certificate=certificate, key=keys / TLS_KEY_FILE),
        )
        self._up.set()
        async with server:
            await self._ended.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind_reader, behind_writer = await asyncio.open_connection(
                "127.0.0.1", self._party.listen_port, ssl=self._behind, server_hostname=""
            )
        except OSError:  # the node is stopped: to the caller it cannot be reached
            writer.transport.abort()
            return
        name = f"{self._party.slug}-{self._keep}-{next(self._numbers):04d}.bin"
        with (self._into / name).open("wb") as file:
            incoming = file if self._keep == "incoming" else None
            outgoing = file if self._keep == "outgoing" else None
            ways = [
                asyncio.create_task(_copy(reader, behind_writer, incoming)),
                asyncio.create_task(_copy(behind_reader, writer, outgoing)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                await asyncio.gather(_close(behind_writer), _close(writer))


async def _close(writer: asyncio.StreamWriter) -> None:
    """Let what is on its way arrive, then end; a peer that does not listen is not waited for."""
    try:
        async with asyncio.timeout(CLOSE_WAIT_S):
            writer.close()
            await writer.wait_closed()
    except OSError:  # TimeoutError is one
        # Python before 3.11.4 has nothing left to abort where a TLS transport was closed twice.
        with contextlib.suppress(AttributeError):
            writer.transport.abort()


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: BinaryIO | None
) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK_BYTES):
            if record is not None:
                record.write(chunk)
                record.flush()
            writer.write(chunk)
            await writer.drain()
