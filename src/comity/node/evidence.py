"""Evidence: what proves an agreement, or a transfer under it, as the files of an archive.

Nothing is signed or computed anew: entries, bodies and cosigned heads are taken from the record as
they are. Erasable sections (notes of people) stay behind; the commitments to them remain. What no
cosigned head covers yet proves nothing, so it is said and not exported.
Source: record.md 5; design 5; spec 8.2.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from comity.agreements.attempts import Attempt
from comity.agreements.fold import InstrumentView, view
from comity.agreements.model import content_json, in_order, print_text
from comity.agreements.signing import read_conclusion, read_signers
from comity.foundation.canonical import Json, canonical
from comity.foundation.errors import MisuseError, RefusedError, UnavailableError
from comity.node import folding
from comity.node.context import Context
from comity.node.folding import RecordedAct
from comity.node.heads import reader_of
from comity.parties.letters import Letter, pack_letter
from comity.parties.signatures import merge
from comity.record.body import erase, pack
from comity.record.kinds import kind_of
from comity.record.policy import hybrid_policy
from comity.record.ports import CheckpointRow, RelationshipRow
from comity.record.proof_file import ProofFile
from comity.record.proofs import consistency_proof, inclusion_proof
from comity.sharing.fold import MovedAct
from comity.storage.tx import Tx
from comity.verify import layout
from comity.verify.history import consistency_document, logs_of
from comity.verify.keyring import key_files
from comity.verify.layout import Side, Subject, entry_folder
from comity.verify.readme import readme

_HOLD: Final = (
    "Nothing is lost; ask again once both nodes have exchanged what is new, usually in seconds."
)


@attrs.frozen(kw_only=True)
class Source:
    """Where evidence is taken from: one relationship as one transaction sees it."""

    tx: Tx
    ctx: Context
    rel: RelationshipRow
    subject: Subject
    state: folding.Folded

    def origin(self, party: str) -> str:
        """Return the name of a party's log."""
        own = party == self.ctx.config.party
        return self.rel.own_origin if own else self.rel.peer_origin

    def acts(self, party: str, kinds: Iterable[str]) -> list[RecordedAct]:
        """Return the acts of some kinds in a party's log."""
        origin = self.origin(party)
        return [
            self.ctx.folding.act_of(self.tx, origin, row, party=party)
            for kind in kinds
            for row in self.tx.logs.by_kind(origin, kind)
        ]

    def covering(self, party: str, n: int) -> CheckpointRow:
        """Return the earliest cosigned head that covers an entry: it dates the entry."""
        found = self.tx.checkpoints.covering(self.origin(party), n)
        if found is None:
            raise UnavailableError(
                "evidence.not_cosigned",
                f"Entry {n} of the log of {party} is not cosigned by the other party yet. {_HOLD}",
            )
        return found


def agreement_files(
    tx: Tx, *, ctx: Context, rel: RelationshipRow, instrument: str
) -> dict[str, bytes]:
    """Return the files that prove an agreement, for ``verify.write_archive``.

    Raises:
        RefusedError: ``evidence.not_signed``: it was never signed.
        UnavailableError: ``evidence.not_concluded``, ``evidence.not_cosigned``,
            ``evidence.seen``: the record is not so far yet.
        PeerError: ``record.body_missing``.
    """
    return _files(tx, ctx=ctx, rel=rel, instrument=instrument, moved=None)


def transfer_files(
    tx: Tx, *, ctx: Context, rel: RelationshipRow, transfer: str
) -> dict[str, bytes]:
    """Return the files that prove a transfer and the agreement under which it was made.

    Raises:
        MisuseError: ``evidence.no_transfer``: none is recorded by that id.
        UnavailableError: ``evidence.not_moved``: not both sides have recorded it yet; and as
            ``agreement_files``.
    """
    sharing = ctx.folding.state(tx, rel).sharing
    parties = (ctx.config.party, rel.counterpart)
    for sender, recipient in (parties, parties[::-1]):
        sent = sharing.sent.get((sender, transfer))
        received = sharing.received.get((recipient, transfer))
        if sent is None and received is None:
            continue
        moved = sent or received
        contract = None if moved is None else sharing.contracts.get((sender, moved.contract))
        if sent is None or received is None or contract is None:
            raise UnavailableError(
                "evidence.not_moved",
                f"Transfer {transfer[:80]} is not recorded by both sides yet. {_HOLD}",
            )
        return _files(tx, ctx=ctx, rel=rel, instrument=contract.instrument, moved=sent)
    raise MisuseError(
        "evidence.no_transfer", f"No transfer {transfer[:80]} is recorded with {rel.counterpart}."
    )


def _files(
    tx: Tx, *, ctx: Context, rel: RelationshipRow, instrument: str, moved: MovedAct | None
) -> dict[str, bytes]:
    state = ctx.folding.state(tx, rel)
    marks = folding.marks_of(tx, rel, ctx.config.party)
    seen = view(state.agreements, instrument, marks=marks, at=ctx.now())
    attempt, conclusion = _signed(seen)
    subject = Subject(
        instrument=instrument,
        transfer=None if moved is None else moved.transfer,
        parties=seen.opening.parties,
    )
    source = Source(tx=tx, ctx=ctx, rel=rel, subject=subject, state=state)
    acts = [
        act
        for party in subject.parties
        for act in (
            *source.acts(party, layout.PARTY_KINDS),
            *_about(source.acts(party, layout.INSTRUMENT_KINDS), instrument),
            *([] if moved is None else _of_transfer(source, party, moved)),
        )
    ]
    files = {
        **record_files(source, acts),
        **_documents(seen, attempt, conclusion=conclusion, acts=acts),
        layout.SUBJECT: subject.to_bytes(),
        layout.README: readme(subject, seen.opening.title),
    }
    letters = (state.parties.letters[party] for party in subject.parties)
    wanted = {one.signatory.powers for one in attempt.signatures}
    signatories = (
        one.powers.key
        for party in subject.parties
        for one in state.parties.powers.get(party, ())
        if one.powers.digest in wanted
    )
    return {**files, **key_files(letters, signatories)}


def record_files(source: Source, acts: list[RecordedAct]) -> dict[str, bytes]:
    """Return the files that prove some acts: the letters among them, entries and heads.

    Raises:
        UnavailableError: ``evidence.not_cosigned``, ``evidence.seen``.
    """
    return {**_letters(source, acts), **_entries(source, acts), **_heads(source, acts)}


def text_file(seen: InstrumentView) -> bytes:
    """Return a text as it was adopted, unit by unit: the digest of the text is of this."""
    units = seen.contents
    listed: list[Json] = [
        {"unit": unit, "content": content_json(units[unit])} for unit in in_order(units)
    ]
    return canonical({"instrument": seen.instrument, "open": seen.opening.json(), "units": listed})


def _signed(seen: InstrumentView) -> tuple[Attempt, bytes]:
    if seen.conclusion is None:
        raise RefusedError(
            "evidence.not_signed",
            f"{seen.opening.title} is not signed ({seen.status}): there is nothing to prove yet.",
        )
    if len(seen.concluded) != len(seen.opening.parties):
        raise UnavailableError(
            "evidence.not_concluded",
            f"Not both parties have sealed the conclusion of {seen.opening.title} yet. {_HOLD}",
        )
    wanted = read_conclusion(seen.conclusion).manifest
    attempt = next(one for one in seen.attempts if one.manifest.digest == wanted)
    return attempt, seen.conclusion


def _about(acts: Iterable[RecordedAct], instrument: str) -> list[RecordedAct]:
    return [act for act in acts if act.data.get("instrument") == instrument]


def _of_transfer(source: Source, party: str, moved: MovedAct) -> list[RecordedAct]:
    """Return the acts of one party on a transfer: release, withdrawal, contract, sent, received."""
    sharing = source.state.sharing
    sender = next(one for one in source.subject.parties if (one, moved.transfer) in sharing.sent)
    release = sharing.contracts[sender, moved.contract].release
    wanted = {
        "sharing.contract": ("contract", moved.contract),
        "sharing.sent": ("transfer", moved.transfer),
        "sharing.received": ("transfer", moved.transfer),
        **({"sharing.withdraw": ("release", release)} if party == sender else {}),
    }
    found = [
        act
        for kind, (name, value) in wanted.items()
        for act in source.acts(party, (kind,))
        if act.data.get(name) == value
    ]
    if party == sender:
        found += [act for act in source.acts(party, ("sharing.release",)) if act.n == release]
    return found


def _letters(source: Source, acts: Iterable[RecordedAct]) -> dict[str, bytes]:
    return {
        layout.letter_file(source.subject.side(act.party)): pack_letter(
            act.documents["document"], act.documents["signatures"]
        )
        for act in acts
        if act.kind == "letter.introduce"
    }


def _documents(
    seen: InstrumentView, attempt: Attempt, *, conclusion: bytes, acts: Iterable[RecordedAct]
) -> dict[str, bytes]:
    counting = {
        one.signer.digests for one in attempt.signatures if one.signer is not None and one.counts
    }
    signatures = [act.documents["signatures"] for act in acts if _counts(act, attempt, counting)]
    seals = {
        act.party: act.documents["signatures"]
        for act in acts
        if act.kind == "signing.conclude" and act.documents["document"] == conclusion
    }
    return {
        layout.UNITS: text_file(seen),
        layout.RENDERING: print_text(seen.contents).encode(),
        layout.SIGNING_MANIFEST: attempt.raw,
        layout.MANIFEST_SIGNATURES: merge(*signatures),
        layout.CONCLUSION: conclusion,
        layout.SEALS: merge(*seals.values()),
    }


def _counts(act: RecordedAct, attempt: Attempt, counting: set[tuple[str, str]]) -> bool:
    """Return whether the act carries one of the signatures that made the agreement."""
    if act.kind != "signing.signature" or act.data["manifest"] != attempt.manifest.digest:
        return False
    return any(one.digests in counting for one in read_signers(act.documents["signatures"]))


def _entries(source: Source, acts: Iterable[RecordedAct]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for act in acts:
        origin = source.origin(act.party)
        row = source.tx.logs.entry(origin, act.n)
        assert row is not None  # the act was just read from it
        covering = source.covering(act.party, act.n)
        proof = ProofFile(
            index=act.n,
            hashes=inclusion_proof(reader_of(source.tx, origin), index=act.n, size=covering.size),
            note=covering.note,
            extra=None,
        )
        body = source.ctx.folding.body(source.tx, origin, act.n)
        folder = entry_folder(source.subject.side(act.party), act.n)
        files[f"{folder}/envelope.json"] = row.envelope
        files[f"{folder}/body.bin"] = pack(erase(body, sorted(kind_of(act.kind).erasable)))
        files[f"{folder}/proof.txt"] = proof.to_bytes()
    return files


def _heads(source: Source, acts: list[RecordedAct]) -> dict[str, bytes]:
    """Return the newest heads, and that every head the archive names continues into them."""
    subject = source.subject
    letters: Mapping[str, Letter] = source.state.parties.letters
    logs = logs_of(subject, letters)
    files: dict[str, bytes] = {}
    for party in subject.parties:
        origin, side = source.origin(party), subject.side(party)
        newest = source.tx.checkpoints.latest(origin)
        assert newest is not None  # every entry is covered by one, ``_entries`` looked
        sizes = {source.covering(party, act.n).size for act in acts if act.party == party}
        sizes |= {act.seen for act in acts if act.party != party} - {0}
        if max(sizes) > newest.size:
            raise UnavailableError(
                "evidence.seen",
                f"An entry has seen {max(sizes)} entries of the log of {party}, of which"
                f" {newest.size} are cosigned. {_HOLD}",
            )
        reader = reader_of(source.tx, origin)
        proofs = {
            old: consistency_proof(reader, old=old, new=newest.size)
            for old in sorted(sizes | {newest.size})
        }
        files |= _head_files(side, newest=newest, log=logs[party].origin, proofs=proofs)
        files[layout.policy_file(side)] = hybrid_policy(
            log=logs[party].keys, cosigner=logs[party].cosigner
        )
    return files


def _head_files(
    side: Side, *, newest: CheckpointRow, log: str, proofs: Mapping[int, tuple[bytes, ...]]
) -> dict[str, bytes]:
    return {
        layout.latest_file(side): newest.note,
        layout.consistency_file(side): consistency_document(log, newest.size, proofs),
    }
