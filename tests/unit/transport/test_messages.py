"""Signed calls: what a second node must send, and what is refused before a body is read."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity.foundation.errors import PeerError
from comity.parties.keys import PublicKey
from comity.transport.messages import (
    NO_CONTENT,
    Content,
    check_digest,
    sign_request,
    verify_request,
)
from support.parties import NOW, ed25519, p256

TARGET = "https://a.example/comity/relationships/00112233445566778899aabbccddeeff/sync"
BODY = b'{"example":"sync"}'
CONTENT = Content(digest=sha256(BODY).digest(), media="application/json")
KEY = ed25519("network b")
VECTOR = Path(__file__).parents[2] / "vectors" / "transport" / "signed-call.json"


def headers(content: Content = CONTENT, **other: str) -> dict[str, str]:
    signed = sign_request(
        "POST", TARGET, content=content, signer=KEY, created=NOW, nonce=b"nonce of 18 bytes!"
    )
    return {**signed, **{name.replace("_", "-"): value for name, value in other.items()}}


def lines(given: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in given.items()]


def key_of(keyid: str) -> PublicKey | None:
    return KEY.public if keyid == KEY.public.thumbprint() else None


def refusal(
    given: list[tuple[bytes, bytes]],
    *,
    method: str = "POST",
    target: str = TARGET,
    later_s: int = 0,
) -> str:
    with pytest.raises(PeerError) as caught:
        verify_request(method, target, given, key_of=key_of, at=NOW.plus(later_s))
    return caught.value.code


def test_a_call_proves_who_calls_and_with_which_body() -> None:
    signed = verify_request("POST", TARGET, lines(headers()), key_of=key_of, at=NOW)
    assert (signed.keyid, signed.created) == (KEY.public.thumbprint(), NOW)
    assert signed.expires == NOW.plus(300)
    check_digest(signed, sha256(BODY).digest())


def test_a_second_node_can_be_written_from_the_vector() -> None:
    """Spec 6.2: the vector holds everything, the signature base too."""
    vector = json.loads(VECTOR.read_text())
    assert vector["headers"] == headers()
    base = vector["signature-base"].encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["public-key"]))
    key.verify(bytes.fromhex(vector["signature"]), base)


def test_the_signature_is_checked_without_our_code_and_the_library() -> None:
    """RFC 9421, 2.5: the base is written here by hand."""
    given = headers()
    label, _, parameters = given["signature-input"].partition("=")
    base = (
        '"@method": POST\n'
        f'"@target-uri": {TARGET}\n'
        f'"content-digest": sha-256=:{b64encode(sha256(BODY).digest()).decode()}:\n'
        '"content-type": application/json\n'
        '"@signature-params": ("@method" "@target-uri" "content-digest" "content-type")'
        f";created={NOW.seconds}"
        f';keyid="{KEY.public.thumbprint()}"'
        f";expires={NOW.seconds + 300}"
        ';nonce="bm9uY2Ugb2YgMTggYnl0ZXMh"'
        ';tag="comity/1"'
    )
    assert (label, parameters) == ("sig-ed", base.rpartition('"@signature-params": ')[2])
    signature = given["signature"].removeprefix("sig-ed=:").removesuffix(":")

    Ed25519PublicKey.from_public_bytes(KEY.public.raw).verify(b64decode(signature), base.encode())


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("PUT", TARGET),
        ("POST", TARGET + "?x=1"),
        ("POST", TARGET.replace("a.example", "b.example")),
        ("POST", TARGET.replace("/sync", "/sync/")),
        ("POST", TARGET + "\xe9"),
        ("post", TARGET),
    ],
)
def test_a_call_counts_only_for_what_it_was_signed_for(method: str, target: str) -> None:
    code = refusal(lines(headers()), method=method, target=target)
    assert code == "call.not_authenticated"


def test_another_content_type_than_signed_is_refused() -> None:
    assert refusal(lines(headers(content_type="text/html"))) == "call.not_authenticated"


def test_an_unknown_key_and_a_wrong_signature_look_the_same() -> None:
    """Spec 6.2.8: nobody learns whom a node knows."""
    stranger = sign_request(
        "POST", TARGET, content=CONTENT, signer=ed25519("stranger"), created=NOW, nonce=bytes(18)
    )
    forged = headers(signature=stranger["signature"])
    with pytest.raises(PeerError) as unknown:
        verify_request("POST", TARGET, lines(stranger), key_of=key_of, at=NOW)
    with pytest.raises(PeerError) as wrong:
        verify_request("POST", TARGET, lines(forged), key_of=key_of, at=NOW)
    assert str(unknown.value) == str(wrong.value)
    assert unknown.value.code == wrong.value.code == "call.not_authenticated"


@pytest.mark.parametrize(
    ("later_s", "code"),
    [(300, "call.expired"), (301, "call.expired"), (86_400, "call.expired"), (-301, "call.early")],
)
def test_an_old_call_and_one_from_the_future_are_refused(later_s: int, code: str) -> None:
    assert refusal(lines(headers()), later_s=later_s) == code


@pytest.mark.parametrize("later_s", [-300, 0, 299])
def test_clocks_may_differ_by_five_minutes(later_s: int) -> None:
    verify_request("POST", TARGET, lines(headers()), key_of=key_of, at=NOW.plus(later_s))


def replaced(old: str, new: str) -> Callable[[], list[tuple[bytes, bytes]]]:
    given = headers()
    assert old in given["signature-input"]
    given["signature-input"] = given["signature-input"].replace(old, new)
    return lambda: lines(given)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (f"created={NOW.seconds}", f"created={NOW.seconds - 1}", "call.lifetime"),
        (f"expires={NOW.seconds + 300}", f"expires={NOW.seconds}", "call.lifetime"),
        (f"expires={NOW.seconds + 300}", 'expires="soon"', "call.signature_form"),
        (f";created={NOW.seconds}", "", "call.signature_form"),
        (f";created={NOW.seconds}", f";created={NOW.seconds}.5", "call.signature_form"),
        (f";created={NOW.seconds}", f";created={10**20}", "call.signature_form"),
        (';tag="comity/1"', "", "call.signature_form"),
        (';tag="comity/1"', ';tag="comity/2"', "call.signature_form"),
        (';tag="comity/1"', ';tag="comity/1";alg="ed25519"', "call.signature_form"),
        (';tag="comity/1"', ';tag="comity/1";other=1', "call.signature_form"),
        ('nonce="bm9uY2Ugb2YgMTggYnl0ZXMh"', 'nonce="short"', "call.signature_form"),
        ('nonce="bm9uY2Ugb2YgMTggYnl0ZXMh"', "nonce=5", "call.signature_form"),
        (KEY.public.thumbprint(), "me", "call.signature_form"),
        ("sig-ed=", "sig-pq=", "call.signature_form"),
        ("sig-ed=", 'a=("@method"), sig-ed=', "call.signature_form"),
        ("sig-ed=(", "sig-ed=", "call.signature_form"),
        ('"@method"', '"@method";req', "call.signature_form"),
        ('"@method"', "5", "call.signature_form"),
        ('"@method" ', "", "call.components"),
        ('"@target-uri"', '"@path"', "call.components"),
        (' "content-digest"', "", "call.components"),
        (' "content-type"', "", "call.components"),
        ('"@method" "@target-uri"', '"@target-uri" "@method"', "call.components"),
        ('"@method"', '"@method" "@method"', "call.components"),
        ("sig-ed", "\xff", "call.signature_form"),
        ("sig-ed", "x" * 1100, "call.signature_form"),
    ],
)
def test_a_signature_of_another_form_is_refused(old: str, new: str, code: str) -> None:
    assert refusal(replaced(old, new)()) == code


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("content-digest", None, "call.unsigned"),
        ("signature", None, "call.unsigned"),
        ("signature-input", None, "call.unsigned"),
        ("content-type", None, "call.components"),
        ("signature", "sig-ed=:AAAA:", "call.not_authenticated"),
        ("signature", "sig-ed=?", "call.not_authenticated"),
        ("signature", "other=:AAAA:", "call.not_authenticated"),
        ("content-digest", "sha-256=:AAAA:", "call.digest_form"),
        ("content-digest", f"sha-256=:{'A' * 42}B=:", "call.digest_form"),
        ("content-digest", f"sha-512=:{'A' * 86}==:", "call.digest_form"),
        ("content-digest", f"sha-256=:{'A' * 43}=:", "call.not_authenticated"),
    ],
)
def test_a_call_without_one_of_its_headers_is_refused(
    name: str, value: str | None, code: str
) -> None:
    given = headers()
    del given[name]
    if value is not None:
        given[name] = value
    assert refusal(lines(given)) == code


def test_a_header_that_stands_twice_is_refused() -> None:
    given = lines(headers())
    assert refusal([*given, given[0]]) == "call.header_twice"


def test_a_call_without_body_signs_the_empty_digest_and_no_type() -> None:
    given = headers(NO_CONTENT)
    assert "content-type" not in given
    signed = verify_request("POST", TARGET, lines(given), key_of=key_of, at=NOW)
    check_digest(signed, sha256(b"").digest())


def test_a_content_type_that_was_not_signed_is_refused() -> None:
    given = headers(NO_CONTENT, content_type="application/json")
    assert refusal(lines(given)) == "call.components"


def test_another_body_than_signed_is_refused() -> None:
    signed = verify_request("POST", TARGET, lines(headers()), key_of=key_of, at=NOW)
    with pytest.raises(PeerError) as caught:
        check_digest(signed, sha256(BODY + b" ").digest())
    assert caught.value.code == "call.digest"


def test_only_ed25519_keys_sign_calls() -> None:

    with pytest.raises(PeerError):
        verify_request("POST", TARGET, lines(headers()), key_of=lambda _: p256("b").public, at=NOW)
