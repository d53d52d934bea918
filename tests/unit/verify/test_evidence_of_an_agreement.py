"""If this breaks, forged or altered evidence of an agreement passes, or true evidence does not."""

import io
import zipfile
from collections.abc import Callable
from functools import cache, partial

import attrs
import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.parties.letters import letter_document, pack_letter
from comity.parties.powers import revocation_document
from comity.verify import Report, read_archive, verify_archive, write_archive
from support.evidence import Story, in_force, person, trust
from support.evidence_parts import (
    CLOSES,
    INSTRUMENT,
    OPENS,
    SIDES,
    unit,
    units,
)
from support.parties import NOW, party
from support.parties import A as ALDER
from support.parties import B as BIRCH


@cache
def files() -> dict[str, bytes]:
    return in_force().files()


def verify(changed: dict[str, bytes], *, letters: list[bytes] | None = None) -> Report:
    """Return the report on an archive packed anew, checksums and all."""
    return verify_archive(write_archive(changed), trust=trust() if letters is None else letters)


def failure(report: Report, what: str) -> None:
    assert not report.ok
    assert not report.facts
    assert any(what in f"{check.what}: {check.detail}" for check in report.failures), report.lines


def test_true_evidence_is_verified_and_says_what_it_proves() -> None:
    report = verify(files())
    assert (report.ok, report.where, report.verdict) == (True, None, "verified")
    assert report.consistent
    assert report.authenticity == "established"
    said = "\n".join(report.lines)
    assert "in force from 2026-11-23T12:01:50Z until 2036-11-23T12:01:50Z" in said
    assert "Signed by First, Office of First, for Ministry alder.example" in said
    assert said.endswith("both letters are those you trust.")


@pytest.mark.parametrize(
    "letters",
    [
        [],
        trust()[:1],
        [
            pack_letter(
                party("did:web:cedar.example").document, party("did:web:cedar.example").signatures
            )
        ],
    ],
)
def test_without_both_letters_it_is_consistent_but_nobody_knows_from_whom(
    letters: list[bytes],
) -> None:
    report = verify(files(), letters=letters)
    assert (report.ok, report.consistent, report.verdict) == (
        False,
        True,
        "not_established",
    )
    assert report.authenticity == "not_established"
    assert "internally consistent, authenticity not established" in report.lines[-1]


def test_a_letter_of_the_same_party_that_is_not_the_one_in_the_archive_fails() -> None:
    """An archive that brings its own keys: record.md 13, row 33."""
    newer = attrs.evolve(party(ALDER).content, nonce="ab" * 16)
    document = letter_document(newer)
    other = pack_letter(document, party(ALDER).sealed(document))
    report = verify(files(), letters=[other, trust()[1]])
    assert (report.where, report.authenticity) == ("letters/a.letter", "not_established")
    failure(report, "another letter than the one you brought")


def test_a_trusted_letter_that_is_none_is_said_to_the_user() -> None:
    with pytest.raises(PeerError):
        verify_archive(write_archive(files()), trust=[b"no letter"])
    altered = trust()[0].replace(b"A", b"B", 1)
    with pytest.raises(PeerError):
        verify_archive(write_archive(files()), trust=[altered])


# --- one byte of one file ----------------------------------------------------------------------

#: Which file may be named beside the one that was changed: the one that proves it wrong.
BLAMED = {
    "documents/manifest.json": {"text/units.json"},
}


def flipped(data: bytes, place: int, bit: int = 1) -> bytes:
    return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


def check_flip(original: dict[str, bytes], name: str, place: int, bit: int = 1) -> None:
    report = verify({**original, name: flipped(original[name], place, bit)})
    assert not report.ok, f"{name}, byte {place}"
    folder = name.rpartition("/")[0] if name.startswith(("entries/", "heads/")) else name
    where = report.where or ""
    assert where.startswith(folder) or where in BLAMED.get(name, ()), (name, place, report.lines)


def places(data: bytes) -> set[int]:
    return {0, len(data) // 3, len(data) // 2, len(data) - 1}


@pytest.mark.parametrize(
    "name",
    [
        *("README.txt", "subject.json", "text/units.json", "text/agreement.txt"),
        *("documents/manifest.json", "documents/manifest.jws"),
        *("documents/conclusion.json", "documents/conclusion.jws"),
        *(f"letters/{side}.letter" for side in SIDES.values()),
        *(
            f"heads/{side}/{part}"
            for side in SIDES.values()
            for part in ("latest.note", "consistency.json", "policy.txt")
        ),
    ],
)
def test_one_changed_byte_of_a_file_fails_and_says_where(name: str) -> None:
    for place in places(files()[name]):
        check_flip(files(), name, place)


@pytest.mark.parametrize(
    "kind",
    sorted({kind for log in in_force().logs.values() for kind in log.kinds} - {"agreement.talk"}),
)
def test_one_changed_byte_of_a_log_entry_fails_and_says_where(kind: str) -> None:
    for party_id, log in in_force().logs.items():
        if kind in log.kinds:
            folder = f"entries/{SIDES[party_id]}/{log.kinds.index(kind):06d}"
            for part in ("envelope.json", "body.bin", "proof.txt"):
                name = f"{folder}/{part}"
                data = files()[name]
                check_flip(files(), name, len(data) // 2)
            break


def test_one_changed_byte_of_a_key_for_other_tools_fails() -> None:
    name = next(name for name in files() if name.startswith("keys/"))
    check_flip(files(), name, 60)


def test_without_new_checksums_the_damage_is_found_before_anything_is_believed() -> None:
    data = write_archive(files())
    broken = flipped(data, data.index(b'"comity/conclusion"') + 3)
    report = verify_archive(broken, trust=trust())
    assert (report.ok, report.where) == (False, None), "the container has checksums of its own"
    stale = verify_archive(repacked({**read_archive(data), "text/agreement.txt": b"x"}), trust=[])
    assert stale.where == "text/agreement.txt"
    assert "checksums" in stale.failures[0].detail


def repacked(content: dict[str, bytes]) -> bytes:
    """Return an archive with the manifest that is among the files, not with a new one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in content.items():
            made.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def test_every_file_is_needed_and_no_other_is_let_in() -> None:
    for name in ("README.txt", "heads/b/latest.note", "entries/a/000000/body.bin"):
        left = {each: data for each, data in files().items() if each != name}
        assert verify(left).where == name
    for name in ("more.txt", "entries/a/0000001/body.bin", "entries/c/000001/body.bin"):
        assert verify({**files(), name: b""}).where is not None
    assert verify({**files(), "keys/key-x.pem": b""}).where == "keys/key-x.pem"


# --- what was signed otherwise -----------------------------------------------------------------


def told(change: Callable[[Story], None]) -> Report:
    return verify(in_force(change).files())


def test_a_signature_after_the_window_does_not_count() -> None:
    def late(story: Story) -> None:
        story.open(opens=NOW.plus(60), closes=NOW.plus(90))

    report = told(late)
    failure(report, "signed inside the window")
    failure(report, "the counterpart held it at 2026-11-23T12:01:45Z")


def revoked_powers(story: Story) -> None:
    powers = person(BIRCH, "First").powers.digest
    document = revocation_document(powers, "ended")
    data: JsonObject = {"powers": powers}
    signatures = party(BIRCH).appointed(document, "revoke")
    story.act(BIRCH, "powers.revoke", data, document=document, signatures=signatures)


def revoked_attempt(story: Story) -> None:
    story.act(BIRCH, "signing.revoke", story.named_manifest(), of=INSTRUMENT)


def plain(kind: str, story: Story) -> None:
    story.act(BIRCH, kind, {"instrument": INSTRUMENT}, of=INSTRUMENT)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (revoked_powers, "were revoked"),
        (revoked_attempt, "taken back"),
        (partial(plain, "agreement.reopen"), "taken back"),
        (partial(plain, "agreement.abandon"), "taken back"),
        (lambda story: story.sign(ALDER, "Second"), "is not a signatory"),
        (lambda story: story.open(opens=OPENS, closes=CLOSES, title="Another"), "title"),
        (lambda story: story.open(policies="0" * 64), "policies"),
        (lambda story: story.open(text="0" * 64), "what was signed is this text"),
        (
            lambda story: story.open(entry={"when": "last_signature", "days": 9}),
            "the manifest's entry",
        ),
        (lambda story: story.open(opens=CLOSES, closes=OPENS), "the window"),
        (lambda story: story.open(parties=[BIRCH, ALDER]), "the manifest's parties"),
        (
            lambda story: story.act(
                ALDER, "signing.ready", {**story.named_manifest(), "manifest": "0" * 64}
            ),
            "a manifest that is not in the archive",
        ),
        (
            lambda story: story.act(
                ALDER, "signing.ready", {**story.named_manifest(), "instrument": "urn:other"}
            ),
            "another instrument",
        ),
        (
            lambda story: story.act(ALDER, "agreement.reopen", {"instrument": INSTRUMENT, "x": 1}),
            "unknown members: x",
        ),
    ],
)
def test_an_attempt_that_was_disturbed_or_is_about_something_else_fails(
    change: Callable[[Story], None], what: str
) -> None:
    failure(told(change), what)


def test_what_ended_an_earlier_attempt_does_not_touch_this_one() -> None:
    story = Story()
    story.introduce()
    story.open(opens=NOW.plus(20), closes=NOW.plus(23))
    story.act(BIRCH, "signing.revoke", story.named_manifest(), of=INSTRUMENT)
    story.act(BIRCH, "agreement.reopen", {"instrument": INSTRUMENT}, of=INSTRUMENT)
    story.sync()
    story.open()
    story.sync()
    story.at = OPENS
    for name in SIDES:
        story.sign(name)
    story.sync()
    story.conclude(story.at)
    story.act(BIRCH, "agreement.reopen", {"instrument": INSTRUMENT}, of=INSTRUMENT)
    story.sync()
    assert verify(story.files()).ok


def concluded(**changed: object) -> Story:
    """Return a story with another conclusion than the one that follows."""
    story = in_force()
    story.conclude(OPENS.plus(10), **changed)  # type: ignore[arg-type]  # members of any kind
    story.sync()
    return story


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"signatures": []}, "added to it or left out"),
        ({"signed_at": str(OPENS.plus(11))}, "times are those of the record"),
        ({"ends_at": None}, "times are those of the record"),
        ({"text": "0" * 64}, "another instrument, text or manifest"),
        ({"in_force_at": str(NOW)}, "times are those of the record"),
        ({"signatures": "none"}, "list"),
        ({"signatures": [1]}, "list of texts"),
    ],
)
def test_a_conclusion_that_says_more_than_the_record_fails_though_both_sealed_it(
    changed: dict[str, object], what: str
) -> None:
    failure(verify(concluded(**changed).files()), what)


def test_a_conclusion_that_one_party_did_not_seal_fails() -> None:
    story = Story()
    story.introduce()
    story.open()
    story.sync()
    story.at = OPENS
    for name in SIDES:
        story.sign(name)
    story.sync()
    story.conclude(story.at, by=[ALDER])
    story.sync()
    report = verify(story.files())
    failure(report, "both parties sealed this conclusion")
    assert (report.where, len(report.failures)) == ("documents/conclusion.json", 1)


def sealed_by_one() -> dict[str, bytes]:
    story = in_force()
    first = story.conclusion
    story.conclude(OPENS.plus(10), ends_at=None)
    story.sync()
    second, story.conclusion = story.conclusion, first
    made = story.files()
    return {**made, "documents/conclusion.json": second}


def test_the_conclusion_beside_the_record_must_be_the_one_both_sealed() -> None:
    failure(verify(sealed_by_one()), "times are those of the record")
    made = in_force().files()
    seal = party(ALDER).sealed(made["documents/conclusion.json"])
    failure(verify({**made, "documents/conclusion.jws": seal}), "the seals beside the conclusion")


def twice(story: Story) -> None:
    """A fifth article states the term again."""
    story.units = {**units(), "u5": {**units()["u1"], "order": "5i"}}
    story.open()


def test_a_text_that_states_one_thing_twice_proves_no_end() -> None:
    report = told(twice)
    failure(report, "The text states term twice")
    assert report.where == "text/units.json"


def without_term(story: Story) -> None:
    story.units = {name: each for name, each in units().items() if name != "u1"}
    story.open()


def test_a_text_without_a_term_has_no_end() -> None:
    story = in_force(without_term)
    failure(verify(story.files()), "times are those of the record")
    story.conclude(OPENS.plus(10), ends_at=None)
    story.sync()
    report = verify(story.files())
    assert report.ok, report.lines
    assert any("without an end" in line for line in report.lines)


def two_each(story: Story) -> None:
    asked = unit("Article 6", "Two sign for each.", order="6i", signatories={"per_party": 2})
    story.units = {**units(), "u6": asked}
    story.open()


def test_fewer_signatories_than_the_text_asks_for_are_not_enough() -> None:
    failure(told(two_each), "the text asks for 2 persons, the manifest lists 1")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("subject.json", b"{}"),
        ("text/units.json", b'{"instrument":"x","open":{},"units":[]}'),
        ("heads/a/consistency.json", b'{"log":"x","proofs":[],"size":1,"v":1}'),
        ("heads/a/consistency.json", b'{"log":"x"}'),
        ("letters/b.letter", trust()[0]),
        ("entries/a/000001/proof.txt", b"c2sp.org/tlog-proof@v1\nindex 1\n\n"),
        ("entries/a/000001/body.bin", b""),
        ("entries/a/000001/envelope.json", files()["entries/a/000002/envelope.json"]),
        ("entries/a/000001/proof.txt", files()["entries/a/000002/proof.txt"]),
        ("entries/a/000001/envelope.json", files()["entries/b/000001/envelope.json"]),
        ("heads/a/latest.note", files()["heads/b/latest.note"]),
        ("documents/conclusion.json", files()["documents/manifest.json"]),
    ],
)
def test_a_file_of_another_form_or_from_another_place_fails_and_is_named(
    name: str, data: bytes
) -> None:
    assert verify({**files(), name: data}).where == name


def test_a_conclusion_with_the_signature_of_one_person_only_is_not_a_signed_agreement() -> None:
    story = in_force()
    wanted = story.logs[BIRCH].kinds
    place = max(n for n, kind in enumerate(wanted) if kind == "signing.signature")
    left = {
        name: data
        for name, data in story.files().items()
        if not name.startswith(f"entries/b/{place:06d}")
    }
    assert not verify(left).ok
