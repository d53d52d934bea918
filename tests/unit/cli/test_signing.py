"""The last place where a person can notice: what is signed is what the bytes say, or nothing is."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.agreements.asked import LAST_MOVER
from comity.agreements.clauses import policies_digest
from comity.agreements.model import Content, alternative_digest, content_json, in_order
from comity.agreements.signing import (
    Manifest,
    Signatory,
    SuspensionDocument,
    adoption_document,
    initials_document,
    manifest_document,
    resumption_document,
    suspension_document,
)
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.instants import Instant
from comity.parties.approvals import approval_document
from comity.parties.powers import PowersContent, full_powers_document, revocation_document
from comity.parties.signatures import Capacity, verify_document
from comity.storage.keyfiles import Card, generate_personal, load_card
from support.cli import FakeNode, Type, loaded

A, B = "did:web:a.example", "did:web:b.example"
INSTRUMENT = "urn:uuid:11111111-2222-4333-8444-555555555555"
PASSPHRASE = b"correct horse battery"
POWERS = "ab" * 32
OPEN: JsonObject = {
    "title": "Framework",
    "register": "binding",
    "language": "en",
    "parties": [A, B],
}


def content(label: str, text: str, order: str, fields: JsonObject | None = None) -> Content:
    found: dict[str, JsonObject] = {}
    for name, value in (fields or {}).items():
        assert isinstance(value, dict)
        found[name] = value
    return Content(
        kind="article",
        label=label,
        heading="",
        text=text,
        layout=("", "\n", "", "\n"),
        parent=None,
        order=order,
        fields=found,
        lang="en",
    )


ENTRY: JsonObject = {"when": "last_signature", "days": 0}
UNITS = {
    "u1": content(
        "Article 1",
        "It holds for ten years.",
        "1i",
        {"term": {"value": {"period": "P10Y"}, "quote": "ten years"}},
    ),
    "u2": content(
        "Article 2",
        "It enters into force on the last signature.",
        "2i",
        {"entry": {"value": ENTRY, "quote": "on the last signature"}},
    ),
}


def attached(units: dict[str, Content] | None = None) -> JsonObject:
    made = units or UNITS
    listed: list[Json] = [
        {"unit": unit, "content": content_json(made[unit])} for unit in in_order(made)
    ]
    return {"instrument": INSTRUMENT, "open": OPEN, "units": listed}


TEXT = digest(
    canonical(
        {
            "instrument": INSTRUMENT,
            "open": OPEN,
            "units": [[unit, alternative_digest(unit, UNITS[unit])] for unit in in_order(UNITS)],
        }
    )
)


def manifest() -> bytes:
    return manifest_document(
        Manifest(
            instrument=INSTRUMENT,
            text=TEXT,
            title="Framework",
            parties=(A, B),
            policies=policies_digest(UNITS),
            signatories=(
                Signatory(party=A, powers=POWERS, name="Keller", office="Minister"),
                Signatory(party=B, powers="cd" * 32, name="Okoye", office="Secretary"),
            ),
            opens=Instant.parse("2026-12-01T09:00:00Z"),
            closes=Instant.parse("2026-12-03T09:00:00Z"),
            entry=ENTRY,
        )
    )


def suspension() -> bytes:
    return suspension_document(
        SuspensionDocument(
            instrument=INSTRUMENT,
            text=TEXT,
            party=A,
            units=("u1",),
            until=None,
            article="Article 2",
        )
    )


@pytest.fixture(scope="session")
def keller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "keller"
    generate_personal(
        folder, id="keller", name="M. Keller", office="Minister", passphrase=PASSPHRASE
    )
    return folder


@pytest.fixture(autouse=True)
def _passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(PASSPHRASE + b"\n")
    monkeypatch.setenv("COMITY_PASSPHRASE_FILE", str(file))


def asking(document: bytes, capacity: str) -> JsonObject:
    personal = capacity not in {"appoint", "approve", "revoke"}
    powers: JsonObject = {"keller": POWERS} if personal else {}
    return {
        "type": "comity/signing-request",
        "request": "3f9a0000",
        "operation": "agreement.adopt",
        "party": A,
        "party_name": "Ministry A",
        "purpose": "demonstration",
        "capacity": capacity,
        "title": "Something to sign",
        "shown": ["The node's own words."],
        "document": base64url.encode(document),
        "digest": digest(document),
        "signers": ["keller"],
        "needed": 1,
        "full_powers": powers,
        "created": "2026-11-23T09:00:00Z",
        "context": {},
        "attachments": attached(),
    }


def write(request: JsonObject, path: Path = Path("r.request.json")) -> str:
    path.write_bytes(canonical(request))
    return str(path)


def adoption(**changes: Json) -> JsonObject:
    document = adoption_document(instrument=INSTRUMENT, text=TEXT, party=A)
    return {**asking(document, "adopt"), **changes}


def card_of(folder: Path) -> Card:
    return load_card(folder)


KINDS: list[tuple[str, Callable[[], bytes], list[str]]] = [
    (
        "adopt",
        lambda: adoption_document(instrument=INSTRUMENT, text=TEXT, party=A),
        ["Adopts the text of «Framework», 2 units.", "Article 1: Term: 10 years."],
    ),
    (
        "initial",
        lambda: initials_document(instrument=INSTRUMENT, text=TEXT, party=A),
        ["Initials the text of «Framework»"],
    ),
    (
        "sign",
        manifest,
        ["1 December 2026, 09:00 UTC to 3 December", "Keller, Minister", LAST_MOVER],
    ),
    ("suspend", suspension, ["Suspends Article 1 of «Framework»", "Until further notice."]),
    (
        "resume",
        lambda: resumption_document(instrument=INSTRUMENT, suspension="ef" * 32, party=A),
        ["Lifts, for the own part, the suspension efef efef"],
    ),
    (
        "revoke",
        lambda: revocation_document(POWERS, "key_lost"),
        ["Ends the full powers abab", "reason: key_lost"],
    ),
    (
        "approve",
        lambda: approval_document(
            {"fingerprint": "00" * 32, "counterpart": B, "letter": "ef" * 32}, "letters.accept"
        ),
        ["fingerprint  0000 0000 0000", f"counterpart  {B}"],
    ),
    (
        "approve",
        lambda: approval_document({"fingerprint": "no digits at all"}, "letters.accept"),
        ["fingerprint  no digits at all"],
    ),
]


@pytest.mark.parametrize(("capacity", "make", "says"), KINDS)
def test_each_document_is_told_in_words_and_signed_as_it_is(
    typed: Type, keller: Path, capacity: str, make: Callable[[], bytes], says: list[str]
) -> None:
    document = make()
    said = typed("sign", write(asking(document, capacity)), "--with", str(keller), "--yes")
    assert said.code == 0, said.err
    for line in (*says, "M. Keller, Minister", "Ministry A", "this binds nobody", "own words"):
        assert line in said.err
    jws = Path("r.keller.jws").read_bytes()
    (found,) = verify_document(document, jws, keys=[card_of(keller).pair])
    assert (str(found.capacity), found.on_behalf_of) == (capacity, A)
    assert found.full_powers == (None if capacity in {"revoke", "approve"} else POWERS)


def test_full_powers_name_person_acts_and_key(typed: Type, keller: Path) -> None:
    document = full_powers_document(
        PowersContent(
            party=A,
            name="M. Keller",
            office="Minister",
            key=card_of(keller).pair,
            acts=(Capacity.SIGN, Capacity.ADOPT),
            instruments="any",
            valid_from=Instant.parse("2026-11-23T09:00:00Z"),
            valid_until=Instant.parse("2027-11-23T09:00:00Z"),
        )
    )
    request = write(asking(document, "appoint"))
    said = typed("sign", request, "--with", str(keller), "--yes", "--json")
    assert said.code == 0
    assert loaded(said.out)["signature"] == "r.keller.jws"
    assert "any instrument" not in said.err, "--yes --json shows nothing"
    said = typed("sign", request, "--with", str(keller), "--yes", "-o", "again.jws")
    assert "adopt, sign" in said.err
    assert card_of(keller).pair.id in said.err


OTHER = {**UNITS, "u1": content("Article 1", "It holds for ever.", "1i")}
NO_POLICY = manifest().replace(policies_digest(UNITS).encode(), b"0" * 64)
BROKEN: list[tuple[str, Callable[[], JsonObject], str, int]] = [
    ("a changed document", lambda: adoption(digest="00" * 32), "sign.altered", 4),
    (
        "a document put in the place of another",
        lambda: adoption(document=base64url.encode(manifest())),
        "sign.altered",
        4,
    ),
    ("another text", lambda: adoption(attachments=attached(OTHER)), "sign.text", 4),
    ("no text", lambda: adoption(attachments={}), "sign.no_text", 4),
    (
        "the text of another instrument",
        lambda: adoption(
            attachments={**attached(), "instrument": INSTRUMENT.replace("1111", "9999")}
        ),
        "sign.instrument",
        4,
    ),
    (
        "another opening",
        lambda: adoption(attachments={**attached(), "open": {**OPEN, "title": "Other"}}),
        "sign.text",
        4,
    ),
    ("other policies", lambda: asking(NO_POLICY, "sign"), "sign.policies", 4),
    ("an unknown capacity", lambda: adoption(capacity="marry"), "sign.capacity", 4),
    ("a seal", lambda: adoption(capacity="seal"), "sign.capacity", 4),
    (
        "a manifest presented as a text to adopt",
        lambda: asking(manifest(), "adopt"),
        "sign.kind",
        4,
    ),
    (
        "a text to adopt presented as an approval",
        lambda: adoption(capacity="approve", full_powers={}),
        "sign.kind",
        4,
    ),
    ("another party", lambda: adoption(party="did:web:c.example"), "sign.party", 4),
    ("no full powers", lambda: adoption(full_powers={}), "sign.no_powers", 4),
    (
        "somebody else",
        lambda: adoption(signers=["ito"], full_powers={"ito": POWERS}),
        "sign.not_asked",
        3,
    ),
    ("no request", lambda: {"type": "letter"}, "sign.no_request", 4),
    ("one member more", lambda: {**adoption(), "more": 1}, "sign.members", 4),
    (
        "a member less",
        lambda: {name: value for name, value in adoption().items() if name != "title"},
        "sign.members",
        4,
    ),
]


@pytest.mark.parametrize(
    ("make", "code", "exit_code"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_what_is_not_what_it_says_is_not_signed(
    typed: Type, keller: Path, make: Callable[[], JsonObject], code: str, exit_code: int
) -> None:
    said = typed("sign", write(make()), "--with", str(keller), "--yes")
    assert (said.code, said.out) == (exit_code, "")
    assert f"[{code}]" in said.err
    assert not list(Path().glob("*.jws"))


@pytest.mark.parametrize("data", [b"", b"[]", b'{"a":1,"a":2}', b"\xff", b"[" * 5000, b'{"a":1.5}'])
def test_a_file_of_anything_is_no_request(typed: Type, keller: Path, data: bytes) -> None:
    Path("r.json").write_bytes(data)
    assert typed("sign", "r.json", "--with", str(keller), "--yes").code == 4


def test_a_wrong_passphrase_signs_nothing(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("wrong").write_text("correct horse batter\n")
    monkeypatch.setenv("COMITY_PASSPHRASE_FILE", "wrong")
    said = typed("sign", write(adoption()), "--with", str(keller), "--yes")
    assert said.code == 3
    assert "[keys.passphrase]" in said.err
    assert not list(Path().glob("*.jws"))


def test_an_empty_passphrase_file_is_said_so(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("empty").write_text("")
    monkeypatch.setenv("COMITY_PASSPHRASE_FILE", "empty")
    said = typed("sign", write(adoption()), "--with", str(keller), "--yes")
    assert "[cli.passphrase_file]" in said.err


def test_without_a_terminal_nobody_is_waited_for(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = typed("sign", write(adoption()), "--with", str(keller))
    assert said.code == 2
    assert "[sign.not_confirmed]" in said.err
    assert "It holds for ten years." in said.err, "the text was shown before"
    monkeypatch.delenv("COMITY_PASSPHRASE_FILE")
    said = typed("sign", write(adoption()), "--with", str(keller), "--yes")
    assert "[cli.no_terminal]" in said.err


class Terminal:
    """A standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 130)])
def test_a_person_is_asked_after_having_seen_the_text(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch, *, answer: bool, code: int
) -> None:
    asked: list[str] = []

    def confirm(question: str, **given: object) -> bool:
        del given
        asked.append(question)
        return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("comity.cli.signing.click.confirm", confirm)
    said = typed("sign", write(adoption()), "--with", str(keller))
    assert said.code == code
    assert "M. Keller" in asked[0]
    assert Path("r.keller.jws").exists() is answer


def test_a_passphrase_is_asked_for_on_a_terminal(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def prompt(question: str, **given: object) -> str:
        asked.extend([question, given["hide_input"], given["confirmation_prompt"]])
        return PASSPHRASE.decode()

    monkeypatch.delenv("COMITY_PASSPHRASE_FILE")
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("comity.cli.passphrase.click.prompt", prompt)
    assert typed("sign", write(adoption()), "--with", str(keller), "--yes").code == 0
    assert asked == ["Passphrase of M. Keller", True, False]
    made = typed("officials", "new", "n", "--id", "n", "--name", "N", "--office", "O")
    assert made.code == 0
    assert asked[5] == "Passphrase for the keys of N, again"


def test_a_signature_is_never_written_over(typed: Type, keller: Path) -> None:
    request = write(adoption())
    assert typed("sign", request, "--with", str(keller), "--yes").code == 0
    said = typed("sign", request, "--with", str(keller), "--yes")
    assert (said.code, "[cli.file_exists]" in said.err) == (2, True)


def test_the_personal_folder_may_be_the_current_directory(
    typed: Type, keller: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request = write(adoption(), tmp_path / "r.request.json")
    here = tmp_path / "mine"
    shutil.copytree(keller, here)
    monkeypatch.chdir(here)
    assert typed("sign", request, "--yes").code == 0
    assert (here / "r.keller.jws").exists()


def test_a_signature_is_handed_in(typed: Type, keller: Path, node: FakeNode) -> None:
    node.answer = {
        "done": True,
        "outcome": {"kind": "agreement.adopt", "entry": 7},
        "held_by_counterpart": True,
    }
    request = write(adoption())
    said = typed("sign", request, "--with", str(keller), "--yes", "--deliver")
    assert said.code == 0
    assert "entry 7" in said.out
    assert "The counterpart holds it." in said.out
    called = node.calls[0]
    assert called.path == "/api/requests/3f9a0000/signatures"
    assert called.body == {"signatures": base64url.encode(Path("r.keller.jws").read_bytes())}


@pytest.mark.parametrize("named", ["r.request.json", "3f9a0000"])
def test_a_signature_file_is_handed_in_later(
    typed: Type, keller: Path, node: FakeNode, named: str
) -> None:
    node.answer = {"done": False, "still_needed": 1}
    request = write(adoption())
    typed("sign", request, "--with", str(keller), "--yes")
    said = typed("deliver", "r.keller.jws", "--request", named)
    assert (said.code, "1 signature still needed" in said.out) == (0, True)
    assert node.calls[0].path == "/api/requests/3f9a0000/signatures"
    shown = loaded(typed("deliver", "r.keller.jws", "--request", named, "--json").out)
    assert shown == {"done": False, "still_needed": 1}
