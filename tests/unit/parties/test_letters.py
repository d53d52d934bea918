"""How two parties come to know each other; the letters' row of bad input. Spec 2.1, 2.4."""

from collections.abc import Callable, Mapping

import attrs
import pytest

from comity.foundation.canonical import Json, canonical, parse
from comity.foundation.errors import ComityError, PeerError
from comity.foundation.instants import Instant
from comity.parties.documents import members, read_document
from comity.parties.identifiers import check_address, check_party, check_urn, host_of
from comity.parties.letters import (
    Letter,
    LetterContent,
    all_keys,
    check_introduction,
    fingerprint,
    letter_document,
    log_origin,
    pack_letter,
    read_letter,
    rel_id,
    unpack_letter,
)
from comity.parties.signatures import merge, sign_document
from comity.parties.words import WORDS
from support.parties import (
    END,
    NOW,
    START,
    A,
    B,
    FakeParty,
    ed25519,
    letter_content,
    ml_dsa_44,
    p256,
    pair,
    party,
)

ALDER, BIRCH = party(A), party(B)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    assert len(str(caught.value)) > 20
    return caught.value.code


def changed(value: Json, path: str, to: object) -> Json:
    """Return ``value`` with the member at ``path`` set, or taken out when ``to`` is ``...``."""
    assert isinstance(value, Mapping)
    name, _, rest = path.partition("/")
    after: dict[str, Json] = dict(value)
    if rest:
        after[name] = changed(after[name], rest, to)
    elif to is ...:
        del after[name]
    else:
        after[name] = to  # type: ignore[assignment]  # tests put wrong things in
    return after


def sealed_anew(path: str, to: object) -> tuple[bytes, bytes]:
    """Return A's letter with one member changed, under a seal that is right."""
    document = canonical(changed(parse(ALDER.document), path, to))
    if b'"crypto_profile":"SP-1"' not in document:
        return document, ALDER.signatures  # nobody's tool signs such a document
    return document, ALDER.sealed(document)


def test_a_letter_says_who_the_party_is() -> None:
    letter = read_letter(ALDER.document, ALDER.signatures, at=NOW, purpose="demonstration")
    content = letter_content(A)
    for field in attrs.fields(LetterContent):
        assert getattr(letter, field.name) == getattr(content, field.name)
    assert letter.document == ALDER.document


def test_a_letter_travels_as_one_file() -> None:
    packed = pack_letter(ALDER.document, ALDER.signatures)
    assert unpack_letter(packed) == (ALDER.document, ALDER.signatures)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{}", "documents.members"),
        (b'{"letter":1,"signatures":""}', "documents.string"),
        (b'{"letter":"A","signatures":""}', "basics.base64url"),
        (b"[]", "json.not_object"),
        (b"x" * ((4 << 20) + 1), "json.size"),
    ],
)
def test_a_file_that_is_no_letter_is_said_to_be_none(data: bytes, code: str) -> None:
    assert code_of(lambda: unpack_letter(data)) == code


@pytest.mark.parametrize(
    ("path", "to", "code"),
    [
        ("type", "comity/leter", "documents.type"),
        ("type", ..., "documents.type"),
        ("crypto_profile", "SP-2", "documents.profile"),
        ("extra", 1, "documents.members"),
        ("nonce", ..., "documents.members"),
        ("party", "did:web:ALDER.example", "parties.identifier"),
        ("party", 1, "documents.string"),
        ("name", "", "documents.text"),
        ("name", "a\nb", "documents.text"),
        ("name", "a" * 201, "documents.text"),
        ("name", 7, "documents.text"),
        ("form", "  ", "documents.text"),
        ("purpose", "testing", "letters.purpose"),
        ("endpoints", [], "documents.object"),
        ("endpoints/peer", "http://localhost:8443", "parties.address"),
        ("endpoints/dsp", "https://localhost:8443/", "parties.address"),
        ("endpoints/mail", "x", "documents.members"),
        ("keys/network", ml_dsa_44("x").public.jwk(), "letters.key_kind"),
        ("keys/dsp", ed25519("x").public.jwk(), "letters.key_kind"),
        ("keys/tls", "AB" * 32, "parties.hex"),
        ("keys/seal", {}, "keys.pair_form"),
        ("keys/log", {}, "keys.log_pair_form"),
        ("keys/log/ed25519", letter_content(A).keys.network.jwk(), "letters.key_twice"),
        ("keys/tls", letter_content(A).keys.dsp.spki_sha256(), "letters.key_twice"),
        ("keys/cosigner", letter_content(A).keys.log.to_json(), "letters.key_twice"),
        ("appointing", [], "letters.appointing"),
        ("appointing", "two", "letters.appointing"),
        ("appointing", {"a": 1, "b": 2}, "letters.appointing"),
        ("appointing", None, "letters.appointing"),
        ("appointing", ["a", "b"], "documents.object"),
        (
            "appointing",
            [{"office": "Minister", "key": pair("same").pair.to_json()}] * 2,
            "letters.key_twice",
        ),
        ("rule_sets", [], "documents.list"),
        ("rule_sets", "1", "documents.list"),
        ("rule_sets", 2, "documents.list"),
        ("rule_sets", [1], "documents.list"),
        ("rule_sets", ["2", "1"], "documents.order"),
        ("rule_sets", ["1", "1"], "documents.order"),
        ("valid_from", 1, "documents.instant"),
        ("valid_from", "2026-11-01", "basics.instant"),
        ("valid_until", str(START), "letters.validity"),
        ("valid_until", "2027-11-03T00:00:00Z", "letters.validity"),
        ("nonce", "00", "parties.hex"),
    ],
)
def test_a_letter_with_a_wrong_member_is_refused_although_sealed(
    path: str, to: object, code: str
) -> None:
    document, signatures = sealed_anew(path, to)
    assert code_of(lambda: read_letter(document, signatures, at=NOW, purpose=None)) == code


def test_an_altered_letter_is_refused() -> None:
    document = ALDER.document.replace(b"Ministry", b"Minustry")
    assert code_of(lambda: read_letter(document, ALDER.signatures, at=NOW, purpose=None)) == (
        "signatures.invalid"
    )


def test_no_single_byte_of_a_letter_can_change() -> None:
    for place in range(0, len(ALDER.document), 311):
        altered = bytearray(ALDER.document)
        altered[place] ^= 1
        with pytest.raises(PeerError):
            read_letter(bytes(altered), ALDER.signatures, at=NOW, purpose=None)


def test_a_letter_counts_only_in_its_time() -> None:
    def read(at: Instant | None) -> Letter:
        return read_letter(ALDER.document, ALDER.signatures, at=at, purpose=None)

    assert read(START) == read(END) == read(None)
    assert code_of(lambda: read(START.plus(-1))) == "letters.not_yet_valid"
    assert code_of(lambda: read(END.plus(1))) == "letters.expired"


def test_letters_of_different_purpose_never_pair() -> None:
    other = party(B, "operational")
    assert code_of(
        lambda: read_letter(other.document, other.signatures, at=NOW, purpose="demonstration")
    ) == ("letters.purpose_differs")
    assert code_of(lambda: check_introduction(ALDER.letter, other.letter)) == "letters.purposes"


@pytest.mark.parametrize(
    ("signer", "capacity", "on_behalf_of", "powers", "code"),
    [
        ("stranger", "seal", A, None, "signatures.unknown_key"),
        (f"{A} minister", "seal", A, None, "signatures.unknown_key"),
        (f"{A} seal", "appoint", A, None, "letters.seal"),
        (f"{A} seal", "seal", B, None, "letters.seal"),
        (f"{A} seal", "seal", A, "ab" * 32, "letters.seal"),
    ],
)
def test_only_the_own_seal_makes_a_letter(
    signer: str, capacity: str, on_behalf_of: str, powers: str | None, code: str
) -> None:
    jws = sign_document(
        ALDER.document,
        signer=pair(signer),
        capacity=capacity,
        on_behalf_of=on_behalf_of,
        full_powers=powers,
    )
    assert code_of(lambda: read_letter(ALDER.document, jws, at=NOW, purpose=None)) == code
    if signer != f"{A} seal":
        both = merge(ALDER.signatures, jws)
        assert code_of(lambda: read_letter(ALDER.document, both, at=NOW, purpose=None)) == code


def test_both_sides_read_the_same_fingerprint() -> None:
    found = fingerprint(ALDER.document, BIRCH.document)
    assert found == fingerprint(BIRCH.document, ALDER.document)
    assert found == check_introduction(BIRCH.letter, ALDER.letter)
    assert [len(group) for group in found.groups] == [4] * 8
    assert "".join(found.groups) == f"{int(found.hex[:32], 16) % 10**32:032d}"
    assert found.words == tuple(WORDS[int(found.hex[i : i + 2], 16)] for i in range(32, 44, 2))
    assert rel_id(found) == found.hex[:32]
    assert str(found).count(" ") == 14


def test_an_altered_letter_changes_the_fingerprint() -> None:
    other = party(B, "operational")
    assert fingerprint(ALDER.document, other.document) != fingerprint(
        ALDER.document, BIRCH.document
    )


def with_content(whose: FakeParty, **changes: object) -> Letter:
    content = attrs.evolve(whose.content, **changes)  # type: ignore[arg-type]  # any field
    document = letter_document(content)
    return read_letter(document, whose.sealed(document), at=NOW, purpose=None)


def test_two_letters_that_cannot_pair_are_told_apart() -> None:
    own = ALDER.letter
    rows = [
        (own, "letters.own_letter"),
        (with_content(ALDER, name="Another"), "letters.same_party"),
        (with_content(BIRCH, nonce=own.nonce), "letters.replayed"),
        (with_content(BIRCH, rule_sets=("2",)), "letters.rule_sets"),
        (
            with_content(BIRCH, keys=attrs.evolve(BIRCH.content.keys, network=own.keys.network)),
            "letters.shared_key",
        ),
    ]
    for theirs, code in rows:
        assert code_of(lambda theirs=theirs: check_introduction(own, theirs)) == code  # type: ignore[misc]  # bound in the loop


def test_a_letter_names_every_key_once() -> None:
    keys = all_keys(ALDER.letter)
    assert len(keys) == len(set(keys)) == 13
    assert p256(f"{A} tls").public.spki_sha256() in keys


def test_a_log_is_named_after_party_and_relationship() -> None:
    rel = "0a" * 16
    assert log_origin(A, rel, 0) == f"alder.example/comity/{rel}/0"
    assert log_origin(B, rel, 1) == f"birch.example:8443/comity/{rel}/1"
    assert code_of(lambda: log_origin(A, "0A" * 16, 0)) == "parties.hex"


def test_the_words_cannot_be_confused_over_a_telephone() -> None:
    assert len(WORDS) == len({word[:4] for word in WORDS}) == 256
    assert list(WORDS) == sorted(WORDS)
    assert all(4 <= len(word) <= 7 and word.isascii() and word.islower() for word in WORDS)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("did:web:localhost", "localhost"),
        ("did:web:localhost%3A8443", "localhost:8443"),
        ("did:web:mfa.gov.example", "mfa.gov.example"),
        ("did:web:a-b.xn--p1ai%3A65535", "a-b.xn--p1ai:65535"),
    ],
)
def test_a_party_is_named_by_its_host(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did:web:",
        "did:web:single",
        "did:web:Alder.example",
        "did:web:alder.example:8443",
        "did:web:alder.example%3a8443",
        "did:web:alder.example%3A0",
        "did:web:alder.example%3A08443",
        "did:web:alder.example%3A65536",
        "did:web:alder.example:path",
        "did:web:alder.example/path",
        "did:web:alder.example#key",
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:0x7f.0x1",
        "did:web:[::1]",
        "did:web:%2e%2e.example",
        "did:web:user@alder.example",
        "did:web:alder..example",
        "did:web:-alder.example",
        "did:web:alder.example.",
        "did:web:алдер.example",
        "did:web:" + "a." * 140 + "example",
        "did:key:z6Mk",
        "did:web:alder.example\n",
    ],
)
def test_what_is_no_party_is_refused_before_any_network(text: str) -> None:
    assert code_of(lambda: check_party(text)) == "parties.identifier"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://alder.example", True),
        ("https://alder.example:8443/comity/v1", True),
        ("https://192.0.2.7:8443", True),
        ("https://localhost:8443/a.b~c_d-e", True),
        ("http://alder.example", False),
        ("https://alder.example/", False),
        ("https://alder.example/a//b", False),
        ("https://alder.example/../a", False),
        ("https://alder.example?x", False),
        ("https://alder.example#x", False),
        ("https://user@alder.example", False),
        ("https://alder.example:65536", False),
        ("https://alder.example:0", False),
        ("https://[::1]:8443", False),
        ("https://alder.example/" + "a" * 500, False),
        ("https://alder.example/%2e%2e", False),
    ],
)
def test_an_address_has_one_spelling(text: str, *, good: bool) -> None:
    if good:
        assert check_address(text, what="It") == text
    else:
        assert code_of(lambda: check_address(text, what="It")) == "parties.address"


@pytest.mark.parametrize(
    "text", ["", "urn:uuid:x", "urn:uuid:00000000-0000-4000-8000-00000000000A"]
)
def test_an_instrument_has_one_spelling(text: str) -> None:
    assert code_of(lambda: check_urn(text, what="It")) == "parties.urn"


def test_nothing_is_written_that_would_not_be_read() -> None:
    content = attrs.evolve(letter_content(A), name="a\u202eb")
    assert code_of(lambda: letter_document(content)) == "json.text"
    assert isinstance(parse(letter_document(letter_content(A))), dict)


def test_a_document_of_another_type_is_named() -> None:
    assert code_of(lambda: members([], ("a",), what="It")) == "documents.object"
    assert code_of(
        lambda: read_document(b'{"type":"comity/x"}', type_name="comity/y", names=())
    ) == ("documents.type")
    assert code_of(
        lambda: read_document(
            b'{"crypto_profile":"SP-9","type":"comity/y"}', type_name="comity/y", names=()
        )
    ) == ("documents.profile")
