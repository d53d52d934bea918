"""Two logs in memory, and the archives that prove what is in them, for tests of the verifier.

It assembles archives by itself, from the clauses of the specification, so that a fault in the
node's export is not repeated here.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.instants import Instant
from comity.parties.letters import Letter, fingerprint, log_origin, pack_letter, rel_id
from comity.parties.signatures import merge
from comity.record.body import Body, Section, commit, pack
from comity.record.cosign import cosigner_name
from comity.record.envelope import Envelope, Seen
from comity.record.policy import hybrid_policy
from comity.record.proof_file import ProofFile
from comity.record.proofs import consistency_proof, inclusion_proof
from comity.record.tree import root_of
from comity.verify.history import consistency_document
from comity.verify.keyring import key_files
from comity.verify.layout import Subject
from comity.verify.readme import readme
from support.evidence_parts import (
    ACTS,
    CLOSES,
    CONTRACT,
    INSTRUMENT,
    ITEM,
    OPENS,
    RULING,
    SIDES,
    TITLE,
    TRANSFER,
    FakeLog,
    head_signers,
    merged,
    other,
    units,
)
from support.parties import NOW, FakeParty, Signatory, party
from support.parties import A as ALDER
from support.parties import B as BIRCH
from support.record import reader_of


@lru_cache(maxsize=32)
def person(name: str, who: str) -> Signatory:
    return party(name).grant(who, *ACTS)


@attrs.define(kw_only=True)
class Story:
    """Both logs while an agreement is made; every step can be done otherwise.

    Attributes:
        units: The text.
        at: The time of the next cosignature.
        beginning: What A claims as the root of a log without entries; None for the truth.
    """

    units: dict[str, JsonObject] = attrs.field(factory=units)
    at: Instant = NOW
    logs: dict[str, FakeLog] = attrs.field(factory=dict)
    beginning: bytes | None = None
    manifest: bytes = b""
    conclusion: bytes = b""

    def __attrs_post_init__(self) -> None:
        rel = rel_id(fingerprint(party(ALDER).document, party(BIRCH).document))
        for name in SIDES:
            origin, mirror = (log_origin(each, rel, 0) for each in (name, other(name)))
            self.logs[name] = FakeLog(
                origin=origin,
                signers=head_signers(origin, f"{name} log"),
                cosigners=head_signers(cosigner_name(mirror), f"{other(name)} cosigner"),
            )

    def act(
        self,
        name: str,
        kind: str,
        data: JsonObject,
        *,
        seen: int | None = None,
        seen_root: bytes | None = None,
        of: str | None = None,
        **sections: bytes,
    ) -> int:
        """Append an entry; return its place."""
        log, theirs = self.logs[name], self.logs[other(name)]
        n, size = len(log.envelopes), len(theirs.envelopes) if seen is None else seen
        parts = {"act": canonical(data), **sections}
        body = Body(
            key=sha256(f"{name} {n}".encode()).digest(),
            sections=tuple(
                Section(name=part, key=sha256(f"{name} {n} {part}".encode()).digest(), content=raw)
                for part, raw in sorted(parts.items())
            ),
        )
        envelope = Envelope(
            kind=kind,
            log=log.origin,
            n=n,
            seen=Seen(
                log=theirs.origin,
                size=size,
                root=(seen_root or root_of(theirs.leaves()[:size])).hex(),
            ),
            lc=n + size + 1,
            of=of,
            commitment=commit(body),
        )
        log.envelopes.append(envelope.to_bytes())
        log.kinds.append(kind)
        log.bodies.append(body)
        log.seen.append(size)
        return n

    def sync(self, *, seconds: int = 1) -> None:
        """Both logs are cosigned, some seconds later."""
        self.at = self.at.plus(seconds)
        for log in self.logs.values():
            log.cosign(self.at)

    def text(self) -> bytes:
        """Return ``units.json``."""
        opening: JsonObject = {
            "title": TITLE,
            "register": "binding",
            "language": "en",
            "parties": [ALDER, BIRCH],
        }
        listed: list[Json] = [
            {"unit": name, "content": content} for name, content in self.units.items()
        ]
        return canonical({"instrument": INSTRUMENT, "open": opening, "units": listed})

    def text_digest(self) -> str:
        pairs: list[Json] = [
            [name, digest(canonical({"unit": name, "content": content}))]
            for name, content in self.units.items()
        ]
        opening: JsonObject = {
            "title": TITLE,
            "register": "binding",
            "language": "en",
            "parties": [ALDER, BIRCH],
        }
        return digest(canonical({"instrument": INSTRUMENT, "open": opening, "units": pairs}))

    def printed(self) -> bytes:
        made = ""
        for content in self.units.values():
            made += f"{content['label']}\n{content['text']}\n\n"
        return made.encode()

    # --- the chapters -------------------------------------------------------------------------

    def introduce(self) -> None:
        """Letters, acceptance, full powers."""
        people = {name: party(name) for name in SIDES}
        found = fingerprint(people[ALDER].document, people[BIRCH].document).hex
        for name, who in people.items():
            data: JsonObject = {"letter": who.letter.digest, "rules": "1"}
            self.act(
                name,
                "letter.introduce",
                data,
                seen_root=self.beginning if name == ALDER else None,
                document=who.document,
                signatures=who.signatures,
            )
        self.sync()
        for name in SIDES:
            accepted: JsonObject = {
                "letter": people[other(name)].letter.digest,
                "fingerprint": found,
            }
            self.act(name, "letter.accept", accepted)
            for signatory in ("First", "Second"):
                self.grant(name, person(name, signatory))
        self.sync()

    def grant(self, name: str, who: Signatory) -> int:
        data: JsonObject = {"powers": who.powers.digest}
        return self.act(
            name, "powers.grant", data, document=who.document, signatures=who.signatures
        )

    def state(self, name: str, kind: str, *, text: str | None = None) -> None:
        """Adopt or initial."""
        which = "adoption" if kind == "agreement.adopt" else "initials"
        capacity = "adopt" if kind == "agreement.adopt" else "initial"
        wanted = text or self.text_digest()
        document = canonical(
            {
                "type": f"comity/{which}",
                "crypto_profile": "SP-1",
                "instrument": INSTRUMENT,
                "text": wanted,
                "party": name,
            }
        )
        signatures = person(name, "First").sign(document, capacity)
        data: JsonObject = {"instrument": INSTRUMENT, "text": wanted}
        self.act(name, kind, data, of=INSTRUMENT, document=document, signatures=signatures)

    def open(self, *, opens: Instant = OPENS, closes: Instant = CLOSES, **changed: Json) -> bytes:
        """Open a window by A, ready by B; return the manifest."""
        areas = self.units["u3"]["fields"]
        assert isinstance(areas, Mapping)
        listed: list[Json] = [["u3", areas["areas"]["value"]]]  # type: ignore[call-overload,index]  # our own text above
        entry = self.units["u2"]["fields"]
        assert isinstance(entry, Mapping)
        powers = [person(name, "First").powers for name in SIDES]
        value: dict[str, Json] = {
            "type": "comity/manifest",
            "crypto_profile": "SP-1",
            "instrument": INSTRUMENT,
            "text": self.text_digest(),
            "title": TITLE,
            "parties": [ALDER, BIRCH],
            "policies": digest(canonical(listed)),
            "signatories": [
                {"party": p.party, "powers": p.digest, "name": p.name, "office": p.office}
                for p in powers
            ],
            "window": {"opens": str(opens), "closes": str(closes)},
            "entry": entry["entry"]["value"],  # type: ignore[call-overload,index]  # our own text above
        }
        self.manifest = canonical({**value, **changed})
        data = self.named_manifest()
        self.act(ALDER, "signing.open", data, of=INSTRUMENT, document=self.manifest)
        self.act(BIRCH, "signing.ready", data, of=INSTRUMENT)
        return self.manifest

    def named_manifest(self) -> JsonObject:
        return {"instrument": INSTRUMENT, "manifest": digest(self.manifest)}

    def sign(self, name: str, who: str = "First") -> int:
        return self.act(
            name,
            "signing.signature",
            self.named_manifest(),
            of=INSTRUMENT,
            signatures=person(name, who).sign(self.manifest, "sign"),
        )

    def conclude(self, at: Instant, *, by: Sequence[str] = (ALDER, BIRCH), **changed: Json) -> None:
        """Both parties, or whoever is named, seal the conclusion."""
        value: dict[str, Json] = {
            "type": "comity/conclusion",
            "crypto_profile": "SP-1",
            "instrument": INSTRUMENT,
            "text": self.text_digest(),
            "manifest": digest(self.manifest),
            "signatures": sorted(self.signature_digests()),
            "signed_at": str(at),
            "in_force_at": str(at),
            "ends_at": str(at).replace("2026", "2036"),
        }
        self.conclusion = canonical({**value, **changed})
        data = {**self.named_manifest(), "conclusion": digest(self.conclusion)}
        for name in by:
            self.act(
                name,
                "signing.conclude",
                data,
                of=INSTRUMENT,
                document=self.conclusion,
                signatures=party(name).sealed(self.conclusion),
            )

    def signature_digests(self) -> list[str]:
        return [
            sha256(f"{one['protected']}.{one['signature']}".encode()).hexdigest()
            for raw in self.signature_files()
            for one in json.loads(raw)["signatures"]
        ]

    def signature_files(self) -> list[bytes]:
        """Return the signatures that were given under the last manifest."""
        wanted = canonical(self.named_manifest())
        return [
            body.section("signatures") or b""
            for log in self.logs.values()
            for kind, body in zip(log.kinds, log.bodies, strict=True)
            if kind == "signing.signature" and body.section("act") == wanted
        ]

    def suspend(self, name: str, *, units: Sequence[str] = (), until: str | None = None) -> str:
        """Suspend; return the digest of the document."""
        document = canonical(
            {
                "type": "comity/suspension",
                "crypto_profile": "SP-1",
                "instrument": INSTRUMENT,
                "text": self.text_digest(),
                "party": name,
                "units": list(units),
                "until": until,
                "article": "Article 4",
            }
        )
        self._binding(name, "agreement.suspend", document, "suspend")
        return digest(document)

    def resume(self, name: str, suspension: str) -> None:
        document = canonical(
            {
                "type": "comity/resumption",
                "crypto_profile": "SP-1",
                "instrument": INSTRUMENT,
                "suspension": suspension,
                "party": name,
            }
        )
        self._binding(name, "agreement.resume", document, "resume")

    def _binding(self, name: str, kind: str, document: bytes, capacity: str) -> None:
        data: JsonObject = {"instrument": INSTRUMENT, "act": digest(document)}
        signatures = person(name, "First").sign(document, capacity)
        self.act(name, kind, data, of=INSTRUMENT, document=document, signatures=signatures)

    def release(self, **changed: Json) -> int:
        return self.act(ALDER, "sharing.release", {**ITEM, **changed})

    def contract(self, name: str, place: int, **changed: Json) -> int:
        data: dict[str, Json] = {
            "contract": CONTRACT,
            "item": ITEM["item"],
            "release": place,
            "instrument": INSTRUMENT,
            "unit": "u3",
            "ruling": {**RULING, "stage": "finalization"},
            "messages": {"request": "ab" * 32},
        }
        return self.act(name, "sharing.contract", {**data, **changed}, of=CONTRACT)

    def moved(self, name: str, kind: str, **changed: Json) -> int:
        stage = "send" if kind == "sharing.sent" else "receive"
        data: dict[str, Json] = {
            "contract": CONTRACT,
            "transfer": TRANSFER,
            "item": ITEM["item"],
            "bytes": ITEM["bytes"],
            "sha256": ITEM["digest"],
            "ruling": {**RULING, "stage": stage},
        }
        return self.act(name, kind, {**data, **changed}, of=CONTRACT)

    # --- the archive --------------------------------------------------------------------------

    def files(self, *, transfer: bool = False) -> dict[str, bytes]:
        """Return the files of the archive that proves it."""
        subject = Subject(
            instrument=INSTRUMENT,
            transfer=TRANSFER if transfer else None,
            parties=(ALDER, BIRCH),
        )
        letters: list[Letter] = [party(name).letter for name in SIDES]
        files = {
            "subject.json": subject.to_bytes(),
            "README.txt": readme(subject, TITLE),
            "text/units.json": self.text(),
            "text/agreement.txt": self.printed(),
            "documents/manifest.json": self.manifest,
            "documents/manifest.jws": merged(self.signature_files()),
            "documents/conclusion.json": self.conclusion,
            "documents/conclusion.jws": merge(*self._seals()),
            **key_files(letters, [person(name, "First").powers.key for name in SIDES]),
        }
        used: dict[str, set[int]] = {name: set() for name in SIDES}
        for name, side in SIDES.items():
            who: FakeParty = party(name)
            files[f"letters/{side}.letter"] = pack_letter(who.document, who.signatures)
            for n in self._chosen(name, transfer=transfer):
                files |= self._entry(name, n, used)
        for name, side in SIDES.items():
            files |= self._heads(name, side, used[name])
        return files

    def _seals(self) -> list[bytes]:
        return [
            body.section("signatures") or b""
            for log in self.logs.values()
            for kind, body in zip(log.kinds, log.bodies, strict=True)
            if kind == "signing.conclude" and body.section("document") == self.conclusion
        ]

    def _chosen(self, name: str, *, transfer: bool) -> list[int]:
        kinds = self.logs[name].kinds
        return [
            n
            for n, kind in enumerate(kinds)
            if kind != "agreement.talk" and (transfer or not kind.startswith("sharing."))
        ]

    def _entry(self, name: str, n: int, used: dict[str, set[int]]) -> dict[str, bytes]:
        log = self.logs[name]
        size, note = next((size, note) for size, note in log.notes if size > n)
        used[name].add(size)
        used[other(name)].add(log.seen[n])
        reader = reader_of(log.leaves())
        proof = ProofFile(
            index=n, hashes=inclusion_proof(reader, index=n, size=size), note=note, extra=None
        )
        folder = f"entries/{SIDES[name]}/{n:06d}"
        return {
            f"{folder}/envelope.json": log.envelopes[n],
            f"{folder}/body.bin": pack(log.bodies[n]),
            f"{folder}/proof.txt": proof.to_bytes(),
        }

    def _heads(self, name: str, side: str, used: set[int]) -> dict[str, bytes]:
        log = self.logs[name]
        size, note = log.notes[-1]
        reader = reader_of(log.leaves())
        proofs = {
            old: consistency_proof(reader, old=old, new=size)
            for old in sorted((used | {size}) - {0})
        }
        policy = hybrid_policy(log=log.signers.log_keys(), cosigner=log.cosigners.cosigner_keys())
        return {
            f"heads/{side}/latest.note": note,
            f"heads/{side}/consistency.json": consistency_document(log.origin, size, proofs),
            f"heads/{side}/policy.txt": policy,
        }


def as_it_is(story: Story) -> None:
    del story


def in_force(
    change: Callable[[Story], None] = as_it_is, *, beginning: bytes | None = None
) -> Story:
    """Return a story whose agreement is in force; ``change`` comes before the signatures."""
    story = Story(beginning=beginning)
    story.introduce()
    for kind in ("agreement.adopt", "agreement.initial"):
        for name in SIDES:
            story.state(name, kind)
    story.open(opens=NOW.plus(20), closes=NOW.plus(23))
    story.sync(seconds=30)
    for name in SIDES:  # the first window ended without them
        story.sign(name)
    story.sync(seconds=40)
    story.open()
    story.sync()
    change(story)
    story.at = OPENS
    for name in SIDES:
        story.act(name, "agreement.talk", {"instrument": INSTRUMENT})
        story.sign(name)
        story.sync(seconds=5)
    story.conclude(story.at)
    story.sync()
    return story


def shared(change: Callable[[Story], None] = as_it_is) -> Story:
    """Return a story in which a report was shared; ``change`` comes before the contract."""
    story = in_force()
    release = story.release()
    story.sync()
    change(story)
    for name in SIDES:
        story.contract(name, release)
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.sync()
    story.moved(BIRCH, "sharing.received")
    story.sync()
    return story


def trust() -> list[bytes]:
    """Return both letters, as their owners handed them over."""
    return [pack_letter(party(name).document, party(name).signatures) for name in SIDES]
