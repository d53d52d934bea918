"""The gate on sharing's routes: an ID token lets in, whatever is wrong is told as DSP tells it."""

import json
import sys
from collections.abc import Sequence

import pytest

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.protocols.dsp.versions import parse_versions
from comity.transport.gate import App, GateLimits, Receive, Scope, Send
from support.gates import Answered, Headers, ask
from support.id_tokens import CLAIMS, HEADER, changed, token
from support.parties import NOW, ed25519, p256
from support.wire import B, Watched, run

BASE = "/dsp/2025-1"
CATALOGUE = f"{BASE}/catalog/request"
NEGOTIATION = f"{BASE}/negotiations/urn:uuid:1"
TRANSFER = f"{BASE}/transfers/urn:uuid:1"
VERSIONS = "/.well-known/dspace-version"
BODY = b'{"@type":"CatalogRequestMessage"}'


def call(
    watched: Watched,
    path: str = CATALOGUE,
    tokens: Sequence[str] = (),
    *,
    method: str = "POST",
    body: bytes = BODY,
    headers: Headers = (),
    address: str = "192.0.2.1",
) -> Answered:
    answers: list[Answered] = []

    async def main() -> None:
        answers.append(
            await ask(
                watched.gate(),
                path,
                tokens,
                method=method,
                body=body,
                headers=headers,
                address=address,
            )
        )

    run(main)
    assert answers[0].headers["comity-time"] == str(watched.clock.now())
    return answers[0]


def fresh(at: int = 0, **changes: object) -> str:
    return token(claims=changed(CLAIMS, jti=f"call-{at}", **changes))


def test_a_token_lets_its_party_in_with_body_or_without() -> None:
    watched = Watched()
    assert call(watched, tokens=[fresh(1)]).status == 200
    assert call(watched, NEGOTIATION, [fresh(2)], method="GET", body=b"").status == 200
    assert watched.came == [(B, CATALOGUE, BODY), (B, NEGOTIATION, b"")]
    assert not watched.notes


def test_a_signature_of_6_2_lets_nobody_in_here_and_a_token_nowhere_else() -> None:
    watched = Watched()
    for path in ("/comity/v1/x", BASE, "/dsp/2025-2/catalog", f"/{CATALOGUE}"):
        answered = call(watched, path, [fresh(1)])
        assert answered.status == 401
        assert json.loads(answered.body)["code"] == "call.unsigned"
    assert not watched.came


def test_a_token_of_a_party_opens_no_data_and_guessing_keys_of_data_ends_soon() -> None:
    watched = Watched(limits=GateLimits(failures_per_minute=3))
    said = [call(watched, f"{BASE}/data/1", [fresh(n)], method="GET") for n in range(5)]
    assert [one.status for one in said] == [403, 403, 403, 429, 429]
    assert not watched.came


BAD: dict[str, tuple[list[str], str]] = {
    "no token": ([], "call.no_token"),
    "two tokens": ([fresh(1), fresh(2)], "call.no_token"),
    "garbage": (["x.y.z"], "call.token_form"),
    "none": ([token(changed(HEADER, alg="none"))], "call.token_algorithm"),
    "other issuer": ([fresh(iss="did:web:c.example")], "call.token_issuer"),
    "other audience": ([fresh(aud="did:web:c.example")], "call.token_audience"),
    "old": ([fresh(iat=NOW.seconds - 310, exp=NOW.seconds - 10)], "call.expired"),
    "early": ([fresh(iat=NOW.seconds + 60)], "call.early"),
    "too long": ([fresh(exp=NOW.seconds + 601)], "call.lifetime"),
    "other key": ([token(signer=p256("dsp c"))], "call.not_authenticated"),
    "network key": ([token(signer=ed25519("network b"))], "call.not_authenticated"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        (CATALOGUE, "CatalogError", 401),
        (f"{BASE}/catalog/datasets/urn:uuid:1", "CatalogError", 401),
        (f"{BASE}/negotiations/request", "ContractNegotiationError", 404),
        (NEGOTIATION, "ContractNegotiationError", 404),
        (f"{BASE}/transfers/request", "TransferError", 404),
        (TRANSFER, "TransferError", 404),
        (f"{BASE}/elsewhere", "CatalogError", 404),
    ],
)
def test_whoever_has_no_right_token_is_told_what_the_protocol_names(
    name: str, path: str, kind: str, status: int
) -> None:
    watched = Watched()
    tokens, code = BAD[name]
    answered = call(watched, path, tokens)
    assert (answered.status, answered.error(kind)) == (status, code)
    assert answered.headers["connection"] == "close"
    assert answered.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    assert not watched.came
    assert not watched.nonces
    assert [(note.code, note.party) for note in watched.notes] == [(code, None)]


def test_a_token_is_used_once_whatever_the_call() -> None:
    """Spec 6.7.7: another path, another body, another spelling of the signature do not help."""
    watched = Watched()
    used = fresh(1)
    assert call(watched, tokens=[used]).status == 200
    for path, status in [(CATALOGUE, 401), (NEGOTIATION, 404)]:
        answered = call(watched, path, [used], body=b"{}")
        assert answered.status == status
        assert json.loads(answered.body)["code"] == "call.repeated"
        assert answered.headers["connection"] == "close"
    assert call(watched, tokens=[fresh(1)]).status == 401, "signed anew, the same jti"
    assert len(watched.came) == 1
    assert [note.party for note in watched.notes] == [B] * 3


def test_a_flood_of_wrong_tokens_is_told_to_come_later() -> None:
    """Spec 6.7.8: what passes by itself is no 4xx, which other connectors take for an end."""
    watched = Watched(limits=GateLimits(failures_per_minute=2, notes_per_minute=9))
    statuses = [call(watched, tokens=["x"]).status for _ in range(4)]
    assert statuses == [401, 401, 503, 503]
    late = call(watched, NEGOTIATION, ["x"])
    assert (late.status, late.error("ContractNegotiationError")) == (503, "call.too_many")
    assert late.headers["retry-after"] == "60"
    assert call(watched, tokens=[fresh(1)]).status == 200, "the right one still gets in"
    assert call(watched, tokens=["x"], address="192.0.2.2").status == 401


def test_repeated_tokens_count_against_the_address() -> None:
    watched = Watched(limits=GateLimits(failures_per_minute=2))
    assert call(watched, tokens=[fresh(1)]).status == 200
    assert [call(watched, tokens=[fresh(1)]).status for _ in range(3)] == [401, 401, 503]


def test_signed_calls_and_tokens_of_one_party_share_a_pace() -> None:
    watched = Watched(limits=GateLimits(calls_per_s=1))
    statuses = [call(watched, tokens=[fresh(at)]).status for at in range(3)]
    assert statuses == [200, 200, 503]
    assert len(watched.nonces) == 2, "what is too much is not looked at further"


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"x" * 1_048_577, [], 413, "call.body_too_large"),
        (BODY, [(b"content-encoding", b"gzip")], 415, "call.content_type"),
        (BODY, [(b"x", b"y" * 17_000)], 431, "call.headers_too_large"),
    ],
    ids=["body", "compressed", "head"],
)
def test_a_body_or_head_out_of_bounds_is_told_in_the_protocols_form(
    body: bytes, headers: Headers, *, status: int, code: str
) -> None:
    watched = Watched()
    answered = call(watched, NEGOTIATION, [fresh(1)], body=body, headers=headers)
    assert (answered.status, answered.error("ContractNegotiationError")) == (status, code)
    assert not watched.came


def raising(error: Exception) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnavailableError("storage.full", "No room."), 503, "storage.full"),
        (PeerError("peers.unknown", "Nobody."), 400, "peers.unknown"),
        (MisuseError("redlines.fired", "A private word."), 500, "call.failed"),
        (ValueError("a private word"), 500, "call.failed"),
    ],
)
def test_an_error_behind_the_gate_says_nothing_private(
    error: Exception, status: int, code: str
) -> None:
    answered = call(Watched(app=raising(error)), NEGOTIATION, [fresh(1)])
    assert (answered.status, answered.error("ContractNegotiationError")) == (status, code)
    assert b"private" not in answered.body


def test_anybody_may_read_which_protocol_is_spoken_and_nothing_else() -> None:
    """Spec 6.8."""
    watched = Watched()
    answered = call(watched, VERSIONS, method="GET", body=b"")
    assert answered.status == 200
    assert answered.headers["content-type"] == "application/json"
    (version,) = parse_versions(answered.body)
    assert (version.version, version.path, version.service) == ("2025-1", BASE, None)
    assert version.auth is not None
    assert (version.auth.protocol, version.auth.profiles) == (
        "urn:comity:v1:id-token",
        ("es256-pinned",),
    )
    for path, method in [
        (VERSIONS, "POST"),
        (VERSIONS, "HEAD"),
        (f"{VERSIONS}/", "GET"),
        (f"{BASE}{VERSIONS}", "GET"),
        ("/", "GET"),
        ("/.well-known/did.json", "GET"),
    ]:
        assert call(watched, path, method=method, body=b"").status in {401, 404}
    assert not watched.came


def test_nobody_can_ask_for_the_version_without_end() -> None:
    watched = Watched(limits=GateLimits(open_per_minute=2))
    statuses = [call(watched, VERSIONS, method="GET", body=b"").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert call(watched, VERSIONS, method="GET", body=b"", address="192.0.2.2").status == 200
    watched.clock.at = NOW.plus(60)
    assert call(watched, VERSIONS, method="GET", body=b"").status == 200
    long = call(watched, VERSIONS, method="GET", body=b"", headers=[(b"x", b"y" * 17_000)])
    assert long.status == 431


def test_an_issuer_that_nobody_pinned_causes_no_call_of_ours() -> None:
    """No look-up of a name, no connection: what a stranger writes leads nowhere."""
    asked: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo"}:
            asked.append(f"{event} {arguments}")

    sys.addaudithook(watch)
    for stranger in ("did:web:evil.example%3A8080", "did:web:localhost", "did:web:2130706433"):
        made = token(
            changed(HEADER, kid=f"{stranger}#k"), changed(CLAIMS, iss=stranger, sub=stranger)
        )
        answered = call(Watched(), tokens=[made])
        assert answered.error("CatalogError") == "call.not_authenticated"
    assert asked == []
