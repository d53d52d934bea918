"""A lying sender: it takes the place of a party's stopped node, with that folder's own keys.

No part of the product. It answers at the party's port with the party's TLS key, and sends offers
with ID tokens of the party's own key: to the receiver everything about the call is genuine. What it
offers is not. ``python demo/liar.py FOLDER LETTER OFFERS`` prints what the receiver answered.
"""

import asyncio
import contextlib
import json
import ssl
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

import _checkout  # noqa: F401 - makes the package of this checkout known

from comity.foundation.canonical import JsonObject
from comity.node.clock import SystemChance, SystemClock
from comity.parties.letters import Letter, read_letter, unpack_letter
from comity.protocols.dsp.reading import to_bytes
from comity.protocols.dsp.wire import to_wire
from comity.sharing.messages import ContractOffer
from comity.sharing.model import Offer, Terms
from comity.storage.folder import PartyFolder
from comity.storage.keyfiles import NodeKeys, load_node_keys
from comity.transport.client import PeerClient
from comity.transport.tls import server_context

BASE: Final = "/dsp/2025-1"
OFFERS: Final = "/negotiations/offers"
REQUEST_BYTES_MAX: Final = 1 << 20


async def lie(folder: PartyFolder, letter: Letter, offers: list[JsonObject]) -> list[JsonObject]:
    """Send the offers and return what the receiver answered to each."""
    keys = load_node_keys(folder.keys)
    _, port = folder.config.listen
    server = await asyncio.start_server(_busy, "127.0.0.1", port, ssl=_tls(keys))
    origin, _, _ = letter.endpoints.dsp.removeprefix("https://").partition("/")
    client = PeerClient(
        origin=f"https://{origin}",
        base=BASE,
        pin=letter.keys.tls,
        signer=keys.network,
        clock=SystemClock(),
        chance=SystemChance(),
    ).with_tokens(issuer=folder.config.party, audience=letter.party, signer=keys.dsp)
    own = f"https://{folder.config.host}:{folder.config.port}{BASE}"
    try:
        return [await _offer(client, one, callback=own) for one in offers]
    finally:
        await client.aclose()
        server.close()


def _tls(keys: NodeKeys) -> ssl.SSLContext:
    return server_context(certificate=keys.tls_certificate_file, key=keys.tls_key_file)


async def _offer(client: PeerClient, told: JsonObject, *, callback: str) -> JsonObject:
    message = ContractOffer(
        id=_name(),
        provider_pid=_name(),
        callback=callback,
        offer=Offer(
            id=str(told["offer"]),
            target=str(told["dataset"]),
            terms=Terms.from_json(told["terms"]),
        ),
    )
    body = to_bytes(to_wire(message))
    answer = await client.post(OFFERS, body, "application/json")
    return {
        "status": answer.status,
        "answer": json.loads(answer.body),
        "message": sha256(body).hexdigest(),
        "provider_pid": message.provider_pid,
    }


def _name() -> str:
    raw = bytearray(SystemChance().token(16))
    raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


async def _busy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every call that it cannot be dealt with now, as a node under load would."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        await writer.drain()
    writer.close()


def main() -> int:
    """Lie, and print the answers."""
    folder = PartyFolder.open(Path(sys.argv[1]))
    document, signatures = unpack_letter(Path(sys.argv[2]).read_bytes())
    letter = read_letter(document, signatures, at=None, purpose=folder.config.purpose)
    offers = json.loads(Path(sys.argv[3]).read_bytes())
    print(json.dumps(asyncio.run(lie(folder, letter, offers))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
