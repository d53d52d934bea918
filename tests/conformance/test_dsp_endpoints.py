"""Every route of the Dataspace Protocol at a served node, with every kind of call: never a 5xx.

What schemathesis does from a document, done from the lists of routes and messages: each method,
real and hostile ids, messages whole and spoilt member by member, and what is no message at all.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from comity.protocols.dsp.connectors import OPENINGS, STEPS
from comity.sharing.model import Family
from support.connector_nodes import OFFER, PEER, Facing, facing, message
from support.loops import on_a_loop
from support.pushes import MORE, asked

HOSTILE: Final = ("urn:uuid:none", "%00", "%2e%2e", "a%2Fb", "%F0%9F%92%A3", "x" * 3000, "'--", "%")
WRONG: Final[tuple[object, ...]] = (
    None,
    True,
    1,
    -1.5,
    "",
    "x" * 70_000,
    [],
    [[]],
    {},
    {"@type": []},
    "\u0000",
)
JUNK: Final = (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 5_000, b"1e999")


def valid(base: str, pids: dict[str, object]) -> list[bytes]:
    """Return a whole message of each kind about a process there is."""
    reply = {"code": "x", "reason": ["because"]}
    wanted: list[tuple[str, dict[str, object]]] = [
        ("CatalogRequestMessage", {"filter": []}),
        ("ContractRequestMessage", {"offer": OFFER, "callbackAddress": base, **pids}),
        ("ContractOfferMessage", {"offer": OFFER, "callbackAddress": base, **pids}),
        ("ContractNegotiationEventMessage", {"eventType": "ACCEPTED", **pids}),
        (
            "ContractAgreementMessage",
            {"agreement": {**OFFER, "@type": "Agreement", "timestamp": "2026-01-01T00:00:00Z"}}
            | pids,
        ),
        ("ContractAgreementVerificationMessage", pids),
        ("ContractNegotiationTerminationMessage", {**reply, **pids}),
        (
            "TransferRequestMessage",
            {
                "agreementId": "given",
                "format": "HttpData-PULL",
                "callbackAddress": base,
                "dataAddress": {"@type": "DataAddress", "endpointType": "x", "endpoint": base},
                **pids,
            },
        ),
        ("TransferStartMessage", pids),
        ("TransferSuspensionMessage", {**reply, **pids}),
        ("TransferCompletionMessage", pids),
        ("TransferTerminationMessage", {**reply, **pids}),
    ]
    return [message(kind, **{"@id": f"urn:x:{kind}", **members}) for kind, members in wanted]


def spoilt(body: bytes) -> Iterator[bytes]:
    """Yield a message with each member left out, and wrong in every way."""
    whole = json.loads(body)
    for name in whole:
        yield json.dumps({key: value for key, value in whole.items() if key != name}).encode()
        for wrong in WRONG:
            yield json.dumps({**whole, name: wrong}).encode()


def routes(pids: list[str]) -> list[str]:
    """Return every route, with each id."""
    made = ["", "/", "/nothing", "/catalog/request", *OPENINGS]
    for pid in (*pids, *HOSTILE):
        made += [f"/catalog/datasets/{pid}", f"/data/{pid}", f"/intake/{pid}"]
        made += [f"/{family}s/{pid}" for family in Family]
        made += [f"/{family}s/{pid}/{end}" for family, end in STEPS]
        made.append(f"/negotiations/{pid}/nothing/at/all/")
    return made


async def call(found: Facing, method: str, path: str, body: bytes | None, **more: str) -> int:
    """Return the status of an answer, which is JSON whatever it says."""
    answer = await found.http.request(
        method,
        found.base + path,
        content=body,
        headers={
            "authorization": "peer-secret",
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in more.items()},
        },
    )
    assert answer.status_code < 500, (method, path[:80], (body or b"")[:300], answer.text)
    if answer.content and answer.headers["content-type"].startswith("application/json"):
        json.loads(answer.content)
    return answer.status_code


async def opened(found: Facing) -> list[tuple[str, dict[str, object]]]:
    """Return a negotiation and a transfer that the node has, with their ids."""
    _, negotiation = await found.request()
    _, transfer = await found.request_data()
    return [
        (
            str(one["providerPid"]),
            {"providerPid": one["providerPid"], "consumerPid": one["consumerPid"]},
        )
        for one in (negotiation, transfer)
    ]


@pytest.mark.timeout(300)
@on_a_loop
async def test_no_method_at_no_route_finds_a_fault(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        known = await opened(found)
        for path in routes([pid for pid, _ in known]):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
                await call(found, method, path, b"{}" if method in {"POST", "PUT"} else None)
        for query in ("continuationToken=%00", "continuationToken=" + "x" * 3000, "a[]=%ff"):
            body = message("CatalogRequestMessage")
            await call(found, "POST", f"/catalog/request?{query}", body)
        for media in ("", "text/plain", "application/json; charset=utf-7", "x" * 500):
            await call(found, "POST", "/negotiations/request", b"{}", content_type=media)
        status, _ = await found.call("GET", f"/negotiations/{known[0][0]}", who=PEER)
        assert status == 200


@pytest.mark.timeout(300)
@on_a_loop
async def test_no_message_spoilt_in_any_member_finds_a_fault(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        for number, (pid, pids) in enumerate(await opened(found)):
            family = list(Family)[number]
            places = [f"/{family}s/{pid}/{end}" for each, end in STEPS if each is family]
            places += [place for place in OPENINGS if place.startswith(f"/{family}")]
            bodies = [*JUNK]
            for body in valid(found.peer.base, pids):
                bodies += spoilt(body)
            for turn, body in enumerate(bodies):
                await call(found, "POST", places[turn % len(places)], body)
                await call(found, "POST", "/catalog/request", body)
            for body in valid(found.peer.base, pids):
                for place in places:
                    await call(found, "POST", place, body)


@pytest.mark.timeout(300)
@on_a_loop
async def test_no_head_of_a_push_finds_a_fault(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        address = {"@type": "DataAddress", "endpointType": "x", "endpoint": "http://127.0.0.1:1/"}
        assert (await one.say("start", "TransferStartMessage", dataAddress=address))[0] == 200
        digest = f"sha-256=:{'A' * 43}=:"
        odd = (
            *(
                "",
                "x",
                "bytes 0-0/1",
                "bytes 0-0/*",
                "bytes */1",
                "bytes 9-1/2",
                digest,
                "0" * 3000,
            ),
            *("bytes " + "9" * 400, "sha-256=:AA==:", f"{digest}, {digest}", "a b"),
        )
        names = ("content-range", "content-encoding", "range", "upload-offset", "authorization")
        for name in (*names, "repr-digest", "content-digest"):  # with the last two it is taken
            for method in ("HEAD", "POST", "PUT", "GET", "PATCH"):
                for value in odd:
                    told = {"authorization": one.token, "repr-digest": digest, name: value}
                    body = b"" if method in {"HEAD", "GET"} else b"a"
                    got = await one.call(method, body, **told)
                    assert got.status_code < 500, (method, told, got.text)
        assert (await one.received()) is not None
