"""Keys are their owner's alone, never written over, and never mixed up unnoticed."""

import datetime as dt
import json
import shutil
import ssl
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.foundation.errors import ComityError, MisuseError, RefusedError, UnavailableError
from comity.parties.keys import PublicKey
from comity.storage.keyfiles import (
    NODE_FILES,
    Personal,
    generate_node_keys,
    generate_personal,
    load_card,
    load_node_keys,
    load_personal,
)
from support.stores import START

PASSPHRASE = "ein langes Paßwort".encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "made"
    generate_node_keys(folder, host="localhost", at=START)
    return folder


@pytest.fixture
def keys(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "keys"))


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "keller"
    make_person(folder)
    return folder


@pytest.fixture
def personal(person: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(person, tmp_path / "keller"))


def make_person(folder: Path, *, passphrase: bytes = PASSPHRASE, name: str = "keller") -> Personal:
    return generate_personal(
        folder, id=name, name="M. Keller", office="Director", passphrase=passphrase
    )


def test_node_keys_come_back_as_they_were_made(keys: Path) -> None:
    loaded = load_node_keys(keys)
    assert loaded.public == load_node_keys(keys).public
    public = loaded.public
    singles: list[PublicKey] = [
        public.seal.ed,
        public.seal.pq,
        public.network,
        loaded.tls.public,
        public.log.ed,
        public.log.pq,
        public.cosigner.ed,
        public.cosigner.pq,
        public.dsp,
    ]
    assert len({key.raw for key in singles}) == len(NODE_FILES) == 9, "no key serves twice"
    for signer in (loaded.seal.ed, loaded.seal.pq, loaded.log.pq, loaded.dsp):
        assert signer.public.verify(signer.sign(b"x"), b"x")


def test_node_keys_are_their_owners_alone(keys: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}
    (keys / "log-ed25519.pem").chmod(0o640)
    with pytest.raises(MisuseError) as caught:
        load_node_keys(keys)
    assert caught.value.code == "keys.open_to_others"


def test_the_certificate_is_what_the_letter_pins(keys: Path) -> None:
    loaded = load_node_keys(keys)
    certificate = x509.load_pem_x509_certificate(loaded.tls_certificate_file.read_bytes())
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert loaded.public.tls == sha256(spki).hexdigest()
    now = START.datetime()
    assert certificate.not_valid_before_utc < now
    assert certificate.not_valid_after_utc >= now + dt.timedelta(days=3650)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(loaded.tls_certificate_file, loaded.tls_key_file)


def test_an_address_is_named_as_an_address(tmp_path: Path) -> None:
    loaded = generate_node_keys(tmp_path / "keys", host="127.0.0.1", at=START)
    certificate = x509.load_pem_x509_certificate(loaded.tls_certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name) for name in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["", "mañana.example", "a" * 254])
def test_a_host_that_is_none_makes_no_keys(tmp_path: Path, host: str) -> None:
    with pytest.raises(MisuseError) as caught:
        generate_node_keys(tmp_path / "keys", host=host, at=START)
    assert caught.value.code == "keys.host"
    assert not (tmp_path / "keys").exists()


def test_no_key_is_written_over(keys: Path, personal: Path) -> None:
    before = {path: path.read_bytes() for path in (*keys.iterdir(), *personal.iterdir())}
    for call in (
        lambda: generate_node_keys(keys, host="localhost", at=START),
        lambda: make_person(personal),
    ):
        with pytest.raises(MisuseError) as caught:
            call()
        assert caught.value.code == "keys.exist"
    assert {path: path.read_bytes() for path in before} == before


def test_keys_that_cannot_be_stored_are_said(keys: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        make_person(keys / "dsp.pem" / "below")
    assert caught.value.code == "keys.not_stored"


@pytest.mark.parametrize("name", [*NODE_FILES, "tls-certificate.pem"])
def test_a_missing_key_is_named(keys: Path, name: str) -> None:
    (keys / name).unlink()
    with pytest.raises(MisuseError) as caught:
        load_node_keys(keys)
    assert caught.value.code == "keys.file_missing"
    assert name in caught.value.message


def test_keys_in_one_anothers_place_are_noticed(keys: Path) -> None:
    (keys / "dsp.pem").rename(keys / "network.pem")
    with pytest.raises(MisuseError) as caught:
        load_node_keys(keys)
    assert caught.value.code == "keys.wrong_file"


def test_a_persons_pair_opens_with_the_passphrase_alone(personal: Path) -> None:
    opened = load_personal(personal, passphrase=PASSPHRASE)
    assert opened.card == load_card(personal) == load_card(personal / "card.json")
    assert (opened.card.id, opened.card.name, opened.card.office) == (
        "keller",
        "M. Keller",
        "Director",
    )
    assert opened.signer.pair == opened.card.pair
    for passphrase in (b"wrong passphrase", b""):
        with pytest.raises(RefusedError):
            load_personal(personal, passphrase=passphrase)


def test_no_private_key_of_a_person_stands_in_the_open(personal: Path) -> None:
    for name in ("ed25519.pem", "ml-dsa-87.pem"):
        assert b"ENCRYPTED" in (personal / name).read_bytes()
    assert {path.stat().st_mode & 0o777 for path in personal.iterdir()} == {0o600}
    assert set(json.loads((personal / "card.json").read_bytes())) == {
        "id",
        "name",
        "office",
        "keys",
    }


def test_a_short_passphrase_protects_nobody(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as caught:
        make_person(tmp_path / "x", passphrase=b"1234567")
    assert caught.value.code == "keys.passphrase_short"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "a" * 201, "\u202eevil", "e\u0301"])
def test_a_card_says_who_somebody_is_in_one_plain_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(MisuseError) as caught:
        make_person(tmp_path / "x", name=name)
    assert caught.value.code == "keys.card_field"
    assert not (tmp_path / "x").exists()


def mixed(folder: Path) -> None:
    make_person(folder / "other")
    shutil.copy(folder / "other" / "card.json", folder / "card.json")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: (folder / "card.json").unlink(), "keys.card_missing"),
        (lambda folder: (folder / "card.json").write_bytes(b"{}"), "keys.card"),
        (lambda folder: (folder / "card.json").write_bytes(b"hello"), "keys.card"),
        (
            lambda folder: (folder / "card.json").write_bytes(
                b'{"id":"x","keys":{},"name":"n","office":"o"}'
            ),
            "keys.card",
        ),
        (
            lambda folder: (folder / "card.json").write_bytes(
                b'{"id":1,"keys":{},"name":"n","office":"o"}'
            ),
            "keys.card_field",
        ),
        (lambda folder: (folder / "ed25519.pem").unlink(), "keys.file_missing"),
        (mixed, "keys.card_differs"),
    ],
    ids=["no card", "empty", "no json", "no keys", "no id", "no key", "mixed"],
)
def test_a_spoilt_personal_folder_says_what_is_wrong(
    personal: Path, spoil: Callable[[Path], object], code: str
) -> None:
    spoil(personal)
    with pytest.raises(ComityError) as caught:
        load_personal(personal, passphrase=PASSPHRASE)
    assert caught.value.code == code
