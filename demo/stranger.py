"""A stranger: somebody whom nobody has accepted asks a party for its catalogue, with good tokens.

No part of the product. ``python demo/stranger.py LETTER`` prints what the party's node answered.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Final

import _checkout  # noqa: F401 - makes the package of this checkout known
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.foundation.canonical import JsonObject
from comity.node.clock import SystemChance, SystemClock
from comity.parties.letters import Letter, read_letter, unpack_letter
from comity.parties.private import PrivateKey
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.reading import to_bytes
from comity.transport.client import PeerClient

NAME: Final = "did:web:stranger.example"


async def ask(letter: Letter) -> JsonObject:
    """Return what the party answers to a well-formed, well-signed call of nobody it knows."""
    address = letter.endpoints.dsp.removeprefix("https://")
    host, _, base = address.partition("/")
    client = PeerClient(
        origin=f"https://{host}",
        base=f"/{base}",
        pin=letter.keys.tls,
        signer=PrivateKey(Ed25519PrivateKey.generate()),
        clock=SystemClock(),
        chance=SystemChance(),
    ).with_tokens(
        issuer=NAME, audience=letter.party, signer=PrivateKey(generate_private_key(SECP256R1()))
    )
    body = to_bytes(CatalogRequestMessage(id="urn:uuid:00000000-0000-4000-8000-000000000001"))
    try:
        answer = await client.post("/catalog/request", body, "application/json")
    finally:
        await client.aclose()
    return {"status": answer.status, "answer": json.loads(answer.body)}


def main() -> int:
    """Ask, and print the answer."""
    document, signatures = unpack_letter(Path(sys.argv[1]).read_bytes())
    letter = read_letter(document, signatures, at=None, purpose="demonstration")
    print(json.dumps([asyncio.run(ask(letter))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
