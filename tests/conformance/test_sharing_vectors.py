"""The vectors of spec 7: by the schema, by our code, and by a second computation without it."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from pathlib import Path

import jsonschema_rs
import pytest

from comity.foundation.canonical import JsonObject, canonical
from comity.protocols.dsp.answers import read_dataset
from comity.protocols.dsp.messages import ContractAgreementMessage
from comity.protocols.dsp.odrl import read_area, read_terms
from comity.protocols.dsp.policies import Rules
from comity.protocols.dsp.reading import parse_as, reader
from comity.sharing.catalogue import offer_of
from comity.sharing.descriptor import Descriptor, read_header
from comity.sharing.fold import KINDS, SharingAct, admit
from comity.sharing.model import Contract, Offer, Process, ReleaseDecision
from comity.sharing.tokens import token_digest, token_of
from support.sharing import AGREEMENT, RELEASE

ROOT = Path(__file__).resolve().parents[2]
VECTOR = json.loads((ROOT / "tests/vectors/sharing/path.json").read_text("utf-8"))
SCHEMA = json.loads((ROOT / "docs/spec/schemas/sharing.json").read_text("utf-8"))
SHAPES: list[tuple[str, JsonObject]] = [
    ("offer", VECTOR["offer"]),
    ("terms", VECTOR["offer"]["terms"]),
    ("contract", VECTOR["contract"]),
    ("process", VECTOR["process"]),
    ("descriptor", VECTOR["descriptor"]["value"]),
    *VECTOR["acts"].items(),
]


@pytest.mark.parametrize(("name", "value"), SHAPES, ids=[name for name, _ in SHAPES])
def test_spec_7_2_and_7_3_each_value_fulfils_its_schema_and_nothing_more(
    name: str, value: JsonObject
) -> None:
    validator = jsonschema_rs.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"})
    assert [error.message for error in validator.iter_errors(value)] == []
    assert not validator.is_valid({**value, "more": 1})
    for member in value:
        assert not validator.is_valid({key: each for key, each in value.items() if key != member})


def test_spec_7_2_the_code_reads_the_values_back() -> None:
    assert Offer.from_json(VECTOR["offer"]).to_json() == VECTOR["offer"]
    assert Process.from_json(VECTOR["process"]).to_json() == VECTOR["process"]
    assert Contract.from_json(VECTOR["contract"]).to_json() == VECTOR["contract"]
    release = VECTOR["release"]
    decision = ReleaseDecision.from_act(release["act"], party=release["party"], n=release["n"])
    assert decision == RELEASE
    assert offer_of(decision).to_json() == VECTOR["offer"]
    for kind in KINDS:
        admit(SharingAct(party="did:web:a.example", n=1, kind=kind, act=VECTOR["acts"][kind]))


def test_spec_7_4_3_the_id_of_an_offer_follows_from_its_release() -> None:
    release = VECTOR["release"]
    act = release["act"]
    parts = ["comity/offer/v1", release["party"], release["n"], act["item"], act["recipient"]]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    raw = bytearray(sha256(text.encode()).digest()[:16])
    raw[6] = raw[6] % 16 + 0x80
    raw[8] = raw[8] % 64 + 0x80
    found = VECTOR["offer"]["id"].removeprefix("urn:uuid:").replace("-", "")
    assert bytes(raw).hex() == found


def test_spec_7_6_a_token_is_kept_as_its_digest() -> None:
    told = VECTOR["token"]
    chance = bytes.fromhex(told["chance"])
    assert urlsafe_b64decode(told["token"] + "=") == chance
    assert token_of(chance) == told["token"]
    joined = "\n".join(
        ["comity/token/v1", told["transfer"], told["counterpart"], told["digest"], told["token"]]
    )
    assert sha256(joined.encode()).hexdigest() == told["kept"]
    bound = {name: told[name] for name in ("transfer", "counterpart", "digest")}
    assert token_digest(told["token"], **bound) == told["kept"]


def test_spec_7_7_1_the_descriptor_goes_before_the_bytes() -> None:
    told = VECTOR["descriptor"]
    header = told["header"]
    raw = urlsafe_b64decode(header + "=" * (-len(header) % 4))
    assert json.loads(raw) == told["value"]
    assert json.dumps(told["value"], sort_keys=True, separators=(",", ":")).encode() == raw
    assert read_header(header) == Descriptor.from_json(told["value"])


def test_spec_7_9_terms_and_areas_are_permissions_of_our_profile() -> None:
    offer = Offer.from_json(VECTOR["offer"])
    assert read_dataset(canonical(VECTOR["dataset"])).offer == offer
    message = parse_as(canonical(VECTOR["agreement"]), ContractAgreementMessage)
    assert read_terms(message.agreement.rules) == offer.terms
    instrument, area = read_area(Rules.read(reader(VECTOR["area"], what="area")))
    assert instrument == offer.terms.instrument
    assert area == AGREEMENT.areas[0][1]
