"""A push between the connectors of two served nodes: TLS, pins, tokens and the gate before it.

The two parties have no record with each other; each has registered the other's connector. Source:
docs/spec/09-connectors.md 9.8.5 to 9.8.8.
"""

import asyncio
import io
import random
import ssl
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from comity.foundation.canonical import JsonObject
from support.connected import confirm
from support.connector_nodes import rule
from support.loops import on_a_loop
from support.processes import Killer, Served, end, founded_pair, know_officials

CONTENT: Final = random.Random(6).randbytes(3 << 20)
WORDS: Final = {"area": "information", "kind": "report", "marking": "OPEN", "purpose": "planning"}
GIVES: Final = (
    rule("provider", "negotiation", "REQUESTED", "agree")
    + rule("provider", "negotiation", "VERIFIED", "finalize")
    + rule("provider", "transfer", "REQUESTED", "start")
)
TAKES: Final = rule("consumer", "negotiation", "AGREED", "verify")


async def register(party: Served, theirs: JsonObject, name: str) -> None:
    """Let two persons of a party register the other's connector."""
    made = await party.call(
        "dataspace.register",
        who="release_officer",
        id=theirs["participant"],
        name=name,
        base=theirs["base"],
        key=theirs["key"],
        pin=theirs["pin"],
        agreement="Harbour Arrangement",
        article="Article 6",
        area=WORDS["area"],
        kinds=[WORDS["kind"]],
        scale=["OPEN"],
        marking_max="OPEN",
        purposes=[WORDS["purpose"]],
    )
    await confirm(party, made)


async def stands(party: Served, exchange: object, member: str, wanted: object) -> JsonObject:
    """Return an exchange once it stands as wanted."""
    async with asyncio.timeout(60):
        while True:
            found = await party.call("dataspace.exchange", exchange=exchange)
            if found[member] == wanted:
                return found


async def status_of(endpoint: str, *lines: str) -> int:
    """Return the status of a POST of nothing, whoever answers."""
    parts = urlsplit(endpoint)
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=anybody)
    head = [f"POST {parts.path} HTTP/1.1", f"host: {parts.netloc}", "content-length: 0", *lines]
    writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
    status = int((await reader.readline()).split()[1])
    writer.transport.abort()
    return status


@pytest.mark.timeout(200)
@on_a_loop
async def test_a_push_crosses_between_two_served_nodes_and_no_stranger_gets_in(
    tmp_path: Path,
) -> None:
    pair = founded_pair(tmp_path, Killer(rng=random.Random(1), left=0))
    a, b = pair.a, pair.b
    assert isinstance(a, Served)
    assert isinstance(b, Served)
    try:
        for party in (a, b):
            await party.serve()
        await know_officials(pair)
        for party, other in ((a, b), (b, a)):
            await register(party, await other.call("dataspace.own"), other.name)
        for party, rules in ((a, GIVES), (b, TAKES)):
            await party.call("dataspace.set_playbook", who="release_officer", rules=rules)
        client = a.client("desk_officer")
        words = {"name": "survey.bin", **WORDS}
        await asyncio.to_thread(client.upload, "items.add", io.BytesIO(CONTENT), words)
        items = (await a.call("items"))["items"]
        assert isinstance(items, list)
        await a.call(
            "dataspace.release",
            who="release_officer",
            item=items[0]["id"],
            connector=b.name,
            push=True,
        )
        shown = (await b.call("dataspace.catalogue", connector=a.name))["datasets"]
        assert isinstance(shown, list)
        begun = await b.call(
            "dataspace.negotiate",
            who="desk_officer",
            counterpart=a.name,
            dataset=shown[0]["dataset"],
            offer=shown[0]["offers"][0]["offer"],
        )
        made = await stands(b, begun["exchange"], "state", "FINALIZED")
        asked = await b.call(
            "dataspace.transfer",
            who="desk_officer",
            counterpart=a.name,
            contract=made["contract"],
            format="HttpData-PUSH",
        )
        done = await stands(b, asked["exchange"], "delivered", wanted=True)
        assert done["received"] == {"digest": sha256(CONTENT).hexdigest(), "bytes": len(CONTENT)}
        endpoint = str(done["address"])
        assert await status_of(endpoint) == 401, "nobody, and no token"
        assert await status_of(endpoint, "authorization: Bearer " + "A" * 43) == 403
        assert await status_of(f"{endpoint}x", "authorization: " + "A" * 43) == 403
    finally:
        end([a, b])
