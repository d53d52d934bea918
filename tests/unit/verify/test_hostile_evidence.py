"""If this breaks, somebody who holds real keys can make evidence of what never happened."""

import json
from collections.abc import Callable
from functools import cache

import pytest

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import PeerError
from comity.parties.powers import revocation_document
from comity.parties.signatures import merge
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import HeadSigners, cosign, sign_log
from comity.record.note import SignatureLine, VKey
from comity.verify import Report, verifier, verify_archive, write_archive
from comity.verify.layout import Subject
from comity.verify.text import read_text
from support.evidence import Story, in_force, person, trust
from support.evidence_parts import (
    CLOSES,
    INSTRUMENT,
    OPENS,
    TITLE,
    unit,
    units,
)
from support.parties import A as ALDER
from support.parties import B as BIRCH
from support.parties import party


@cache
def files() -> dict[str, bytes]:
    return in_force().files()


def verify(changed: dict[str, bytes]) -> Report:
    return verify_archive(write_archive(changed), trust=trust())


def failure(report: Report, what: str) -> None:
    assert not report.ok
    assert any(what in f"{check.what}: {check.detail}" for check in report.failures), report.lines


# --- heads -------------------------------------------------------------------------------------


def head(story: Story, root: bytes, *, signers: HeadSigners | None = None) -> bytes:
    log = story.logs[ALDER]
    made = Checkpoint(origin=log.origin, size=len(log.envelopes), root=root)
    note = sign_log(made, signers=signers or log.signers, at=story.at)
    keys = (signers or log.signers).log_keys()
    return cosign(note, log=keys, signers=log.cosigners, at=story.at)


def test_a_log_that_shows_two_histories_is_caught_by_its_own_heads() -> None:
    forked = head(in_force(), b"\1" * 32)
    report = verify({**files(), "heads/a/latest.note": forked})
    failure(report, "is not shown to continue")
    assert report.where == "heads/a/consistency.json"
    assert "NOT VERIFIED." in report.lines
    assert "entries/a/" in report.lines[1], "the older head is named"


def test_a_log_signed_with_other_keys_than_those_of_the_letter_proves_nothing() -> None:
    story = in_force()
    log = story.logs[ALDER]
    others = HeadSigners(name=log.origin, ed=log.cosigners.ed, pq=log.cosigners.pq)
    report = verify({**files(), "heads/a/latest.note": head(story, b"\1" * 32, signers=others)})
    failure(report, "lacks the signature")


def test_a_head_carries_no_signature_that_nobody_needs() -> None:
    key = VKey(name="stranger.example", kind=1, public=bytes(32))
    note = files()["heads/a/latest.note"] + f"{SignatureLine.by(key, bytes(64))}\n".encode()
    failure(verify({**files(), "heads/a/latest.note": note}), "and no other")


def test_a_cosigner_whose_clock_went_back_is_said() -> None:
    story = in_force()
    story.at = OPENS
    story.act(ALDER, "agreement.reopen", {"instrument": INSTRUMENT}, of=INSTRUMENT)
    story.sync()
    failure(verify(story.files()), "clock went back")


def consistency(change: Callable[[list[Json]], object], **members: Json) -> dict[str, bytes]:
    value = json.loads(files()["heads/b/consistency.json"])
    change(value["proofs"])
    return {**files(), "heads/b/consistency.json": canonical({**value, **members})}


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (consistency(lambda proofs: proofs.pop()), "Proofs are there from the sizes"),
        (consistency(lambda proofs: proofs.reverse()), "the sizes stand in order"),
        (consistency(lambda proofs: proofs.insert(0, {"size": True, "hashes": []})), "in order"),
        (consistency(lambda proofs: proofs.append(1)), "not a JSON object"),
        (consistency(lambda proofs: proofs.clear(), log="x"), "is not about"),
        (consistency(lambda proofs: proofs.clear(), proofs={}), "is not about"),
    ],
    ids=range(6),
)
def test_the_proofs_of_one_history_are_those_needed_and_no_other(
    changed: dict[str, bytes], what: str
) -> None:
    failure(verify(changed), what)


def test_an_author_who_claims_to_have_seen_another_history_is_caught() -> None:
    story = in_force()
    story.act(
        BIRCH,
        "agreement.reopen",
        {"instrument": INSTRUMENT},
        seen_root=b"\1" * 32,
        of=INSTRUMENT,
    )
    story.sync()
    failure(verify(story.files()), "not shown to continue")


def test_a_log_without_entries_has_one_root() -> None:
    failure(verify(in_force(beginning=b"\1" * 32).files()), "had no entries")


def test_an_author_never_unsees_what_was_seen() -> None:
    story = in_force()
    story.act(BIRCH, "agreement.reopen", {"instrument": INSTRUMENT}, seen=1, of=INSTRUMENT)
    story.sync()
    failure(verify(story.files()), "what an author has seen never grows less")


# --- acts --------------------------------------------------------------------------------------


def told(change: Callable[[Story], object]) -> Report:
    def once(story: Story) -> None:
        change(story)

    return verify(in_force(once).files())


def binding(story: Story, kind: str, capacity: str, **document: Json) -> None:
    """Do an act that carries a document, in which some member is another than it should be."""
    raw = canonical({"crypto_profile": "SP-1", **document})
    data: JsonObject = {"instrument": INSTRUMENT, "act": digest(raw)}
    if kind == "agreement.adopt":
        data = {"instrument": INSTRUMENT, "text": story.text_digest()}
    signed = person(ALDER, "First").sign(raw, capacity)
    story.act(ALDER, kind, data, of=INSTRUMENT, document=raw, signatures=signed)


def suspension(**changed: Json) -> dict[str, Json]:
    value: dict[str, Json] = {
        "type": "comity/suspension",
        "instrument": INSTRUMENT,
        "text": "0" * 64,
        "party": ALDER,
        "units": [],
        "until": None,
        "article": "Article 4",
    }
    return {**value, **changed}


def other_manifest(story: Story) -> None:
    """The entry names another manifest than the one it carries."""
    data: JsonObject = {"instrument": INSTRUMENT, "manifest": "0" * 64}
    story.act(ALDER, "signing.open", data, of=INSTRUMENT, document=story.manifest)


def two_persons(story: Story) -> None:
    both = merge(*(person(ALDER, who).sign(story.manifest, "sign") for who in ("First", "Second")))
    story.act(ALDER, "signing.signature", story.named_manifest(), of=INSTRUMENT, signatures=both)


def stranger(story: Story) -> None:
    """Somebody signs whose full powers are nowhere in the record."""
    signed = person(ALDER, "Third").sign(story.manifest, "sign")
    story.act(ALDER, "signing.signature", story.named_manifest(), of=INSTRUMENT, signatures=signed)


def in_the_name_of_the_other(story: Story) -> None:
    signed = person(ALDER, "First").sign(story.manifest, "sign")
    story.act(BIRCH, "signing.signature", story.named_manifest(), of=INSTRUMENT, signatures=signed)


def other_powers_revoked(story: Story) -> None:
    """The seal alone, without an appointing official, takes nothing back."""
    powers = person(BIRCH, "Second").powers.digest
    document = revocation_document(powers, "ended")
    data: JsonObject = {"powers": powers}
    sealed = party(BIRCH).sealed(document)
    story.act(BIRCH, "powers.revoke", data, document=document, signatures=sealed)


def sealed_by_a_person(story: Story) -> None:
    document = canonical({"crypto_profile": "SP-1", "type": "comity/conclusion"})
    data = {**story.named_manifest(), "conclusion": digest(document)}
    signed = person(ALDER, "First").sign(document, "sign")
    story.act(ALDER, "signing.conclude", data, document=document, signatures=signed)


OTHER = "urn:uuid:00000000-0000-4000-8000-0000000000ff"
RESUMPTION: dict[str, Json] = {
    "type": "comity/resumption",
    "instrument": INSTRUMENT,
    "suspension": "0" * 64,
}
ADOPTION: dict[str, Json] = {
    "type": "comity/adoption",
    "instrument": INSTRUMENT,
    "text": "0" * 64,
    "party": ALDER,
}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (other_manifest, "is not the digest of the document beside it"),
        (two_persons, "carries the pair of one person"),
        (stranger, "belongs to nobody who may sign"),
        (in_the_name_of_the_other, "belongs to nobody who may sign"),
        (sealed_by_a_person, "belongs to nobody who may sign"),
        (other_powers_revoked, "needs the signature of an appointing official"),
        (lambda story: story.open(opens=OPENS, closes=CLOSES, instrument=OTHER), "manifest is of"),
        (
            lambda story: binding(story, "agreement.suspend", "suspend", **suspension(party=BIRCH)),
            "The suspension names another",
        ),
        (
            lambda story: binding(
                story, "agreement.suspend", "suspend", **suspension(article=None)
            ),
            "article must be a text",
        ),
        (
            lambda story: binding(story, "agreement.resume", "resume", **RESUMPTION, party=BIRCH),
            "The resumption names another",
        ),
        (
            lambda story: binding(story, "agreement.adopt", "adopt", **ADOPTION),
            "name different texts",
        ),
        (
            lambda story: binding(story, "agreement.suspend", "sign", **suspension()),
            "here one signs to suspend",
        ),
    ],
    ids=range(12),
)
def test_an_act_that_is_not_what_it_says_fails(
    change: Callable[[Story], object], what: str
) -> None:
    failure(told(change), what)


def renewed(story: Story) -> None:
    """One person, two full powers, both listed: two signatures of one."""
    more = party(ALDER).grant("First", "sign")
    story.grant(ALDER, more)
    first = person(ALDER, "First").powers
    listed = (first, more.powers, person(BIRCH, "First").powers)
    fields = {"signatories": {"per_party": 2}}
    story.units = {**units(), "u6": unit("Article 6", "Two sign.", order="6i", **fields)}
    story.open(
        signatories=[
            {"party": p.party, "powers": p.digest, "name": p.name, "office": p.office}
            for p in listed
        ]
    )
    signed = more.sign(story.manifest, "sign")
    story.act(ALDER, "signing.signature", story.named_manifest(), of=INSTRUMENT, signatures=signed)


def test_one_person_under_two_full_powers_is_still_one() -> None:
    report = told(renewed)
    failure(report, "as many signatories")
    failure(report, "the signatures that count are of different keys")


def never(story: Story) -> None:
    entry: JsonObject = {"when": "some_day", "days": 0}
    changed = unit("Article 2", "Some day.", order="2i", entry=entry)
    story.units = {**units(), "u2": changed}
    story.open()


def far(story: Story) -> None:
    entry: JsonObject = {"when": "last_signature", "days": 10**15}
    changed = unit("Article 2", "Later.", order="2i", entry=entry)
    story.units = {**units(), "u2": changed}
    story.open()


def endless(story: Story) -> None:
    changed = unit("Article 1", "Long.", order="1i", term={"period": "P9999Y"})
    story.units = {**units(), "u1": changed}
    story.open()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (never, "does not say when it enters into force"),
        (far, "does not say when it enters into force"),
        (endless, "beyond the year 9999"),
    ],
)
def test_a_text_whose_clauses_compute_nothing_proves_nothing(
    change: Callable[[Story], object], what: str
) -> None:
    failure(told(change), what)


def test_an_archive_about_another_instrument_than_its_files_fails() -> None:
    other = Subject(instrument=OTHER, transfer=None, parties=(ALDER, BIRCH))
    report = verify({**files(), "subject.json": other.to_bytes()})
    failure(report, "The text is of another instrument")


def test_the_parties_cannot_be_exchanged() -> None:
    other = Subject(instrument=INSTRUMENT, transfer=None, parties=(BIRCH, ALDER))
    assert (other.side(BIRCH), other.side(ALDER)) == ("a", "b")
    assert verify({**files(), "subject.json": other.to_bytes()}).where == "letters/a.letter"


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"kind": "transfer"},
        {"kind": "agreement", "transfer": "x"},
        {"kind": 1},
        {"parties": [ALDER]},
        {"parties": [ALDER, ALDER]},
        {"parties": ALDER},
        {"parties": [ALDER, 1]},
        {"parties": [ALDER, "nobody"]},
        {"transfer": []},
        {"instrument": "x"},
        {"more": 1},
    ],
    ids=range(12),
)
def test_a_subject_of_another_form_is_refused(changed: dict[str, Json]) -> None:
    value = json.loads(files()["subject.json"])
    report = verify({**files(), "subject.json": canonical({**value, **changed})})
    assert report.where == "subject.json"


# --- texts -------------------------------------------------------------------------------------


def text(*listed: Json, **changed: Json) -> bytes:
    opening: JsonObject = {
        "title": TITLE,
        "register": "binding",
        "language": "en",
        "parties": [ALDER, BIRCH],
    }
    return canonical({"instrument": INSTRUMENT, "open": opening, "units": list(listed), **changed})


def listed(name: str, **changed: Json) -> JsonObject:
    content = {**unit("Article 1", "Words.", order="1i"), **changed}
    return {"unit": name, "content": content}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (text(), "verify.units"),
        (text(listed("u1"), listed("u1")), "verify.units"),
        (text(units="none"), "verify.units"),
        (text(listed("u1", layout=["", "", ""])), "verify.unit"),
        (text(listed("u1", layout="....")), "verify.unit"),
        (text(listed("u1", layout=["", "", "", 1])), "verify.unit"),
        (text(listed("u1", text=None)), "verify.unit"),
        (text(listed("u1", more=1)), "documents.members"),
        (text(1), "documents.object"),
    ],
    ids=range(9),
)
def test_a_text_of_another_form_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        read_text(data)
    assert caught.value.code == code


def test_a_unit_is_called_by_its_place_in_the_text() -> None:
    read = read_text(
        text(
            listed("u1"),
            listed("u2", kind="paragraph", label="2.", parent="u1"),
            listed("u3", kind="item", label="", heading="Scope", parent="u2", fields=[]),
            listed("u4", kind="paragraph", label="", parent="u9", fields={"term": 1}),
            listed("u5", kind="item", label="(a)", parent="u5"),
        )
    )
    names = [read.label(name) for name in ("u1", "u3", "u4", "u0")]
    assert names == ["Article 1", "Article 1 2. Scope", "paragraph", ""]
    assert read.label("u5") == " ".join(["(a)"] * 10), "a circle ends"
    assert read.line_up("u3") == ("u3", "u2", "u1")
    assert read.line_up("u4") == ("u4", "u9")
    assert read.line_up("u5") == ("u5",)
    assert read.fields("term") == ()


# --- the report itself -------------------------------------------------------------------------


def test_what_nobody_expected_is_a_failure_and_never_a_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise PeerError("verify.subject", "something nobody thought of")

    monkeypatch.setattr(verifier, "check_history", broken)
    report = verify(files())
    assert (report.ok, report.verdict, report.where) == (False, "failed", None)
    failure(report, "something nobody thought of")
