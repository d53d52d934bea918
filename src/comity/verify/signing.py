"""The acts by which an agreement was made, each for itself: form, document, who signed it.

Which of them count together is for ``agreement``. Every signature is verified by the strict
verifier, under full powers as of the act's place in its author's log and its attested time.
Source: pages 2 and 5 of the specification; spec 8.3.6.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

import attrs

from comity.foundation.canonical import JsonObject, digest
from comity.foundation.errors import PeerError
from comity.parties.acts import SignedAct, read_act
from comity.parties.documents import members, string_of
from comity.parties.fold import PartiesState, powers_at
from comity.parties.letters import check_seal
from comity.parties.signatures import Capacity
from comity.verify import documents
from comity.verify.documents import Suspension
from comity.verify.entries import Entry, of_kind
from comity.verify.layout import INSTRUMENT_KINDS
from comity.verify.report import Book


@attrs.define
class Acts:
    """What the acts on one instrument amount to, collected entry by entry.

    Attributes:
        instrument: Its id.
        parties: Letters and full powers.
        manifests: The bytes of every signing manifest that was opened, by digest.
        signed: Every signature of a manifest, with its entry.
        statements: Kind, text and party of every adoption and initials.
        suspensions: Every suspension, with its entry.
        resumed: The suspensions and the entries that lift them.
    """

    instrument: str
    parties: PartiesState
    manifests: dict[str, tuple[Entry, bytes]] = attrs.field(factory=dict)
    signed: list[tuple[Entry, SignedAct]] = attrs.field(factory=list)
    statements: set[tuple[str, str, str]] = attrs.field(factory=set)
    suspensions: list[tuple[Entry, Suspension]] = attrs.field(factory=list)
    resumed: list[tuple[Entry, str]] = attrs.field(factory=list)


def check_acts(
    book: Book, entries: Sequence[Entry], *, instrument: str, parties: PartiesState
) -> Acts:
    """Take down whether each act on the instrument holds for itself; return all that do."""
    acts = Acts(instrument=instrument, parties=parties)
    # A signature rests on a manifest that the other log may hold: manifests first.
    opening = of_kind(entries, "signing.open")
    rest = [one for one in of_kind(entries, *INSTRUMENT_KINDS) if one.kind != "signing.open"]
    for entry in (*opening, *rest):
        book.attempt(
            f"{entry.kind} by {entry.party} holds",
            file=entry.body,
            work=partial(_CHECKS[entry.kind], acts, entry),
        )
    return acts


def signed_by(
    entry: Entry, document: bytes, *, capacity: Capacity, parties: PartiesState
) -> tuple[SignedAct, ...]:
    """Return who signed ``document`` in ``entry``, under full powers as of its place and time.

    Raises:
        ComityError: as ``parties.acts.read_act``.
    """
    granted, revoked = powers_at(parties, entry.party, entry.n)
    return read_act(
        document,
        entry.section("signatures"),
        powers=granted,
        revoked=revoked,
        capacity=capacity,
        at=entry.attested,
    )


def _data(acts: Acts, entry: Entry, *names: str) -> JsonObject:
    found = members(entry.act, ("instrument", *names), what=entry.kind)
    if found["instrument"] != acts.instrument:
        raise PeerError(
            "verify.other_instrument", f"{entry.kind} is about another instrument than this one."
        )
    return found


def _ref(data: JsonObject, name: str, *, wanted: str, what: str) -> None:
    if string_of(data, name, what=what) != wanted:
        raise PeerError(
            "verify.reference", f"{what}: {name} is not the digest of the document beside it."
        )


def _statement(acts: Acts, entry: Entry, *, type_name: str, capacity: Capacity) -> None:
    data = _data(acts, entry, "text")
    document = entry.section("document")
    stated = documents.read_statement(document, type_name=type_name)
    if stated != (acts.instrument, data["text"], entry.party):
        raise PeerError(
            "verify.statement", f"{entry.kind} and its document name different texts or parties."
        )
    signed_by(entry, document, capacity=capacity, parties=acts.parties)
    acts.statements.add((entry.kind, stated[1], entry.party))


def _open(acts: Acts, entry: Entry) -> None:
    data = _data(acts, entry, "manifest")
    raw = entry.section("document")
    manifest = documents.read_manifest(raw)
    _ref(data, "manifest", wanted=manifest.digest, what=entry.kind)
    if manifest.instrument != acts.instrument:
        raise PeerError("verify.manifest_instrument", "The manifest is of another instrument.")
    acts.manifests.setdefault(manifest.digest, (entry, raw))


def _about_manifest(acts: Acts, entry: Entry) -> None:
    _manifest_of(acts, _data(acts, entry, "manifest"), entry)


def _manifest_of(acts: Acts, data: JsonObject, entry: Entry) -> bytes:
    found = acts.manifests.get(string_of(data, "manifest", what=entry.kind))
    if found is None:
        raise PeerError(
            "verify.unknown_manifest", f"{entry.kind} names a manifest that is not in the archive."
        )
    return found[1]


def _signature(acts: Acts, entry: Entry) -> None:
    raw = _manifest_of(acts, _data(acts, entry, "manifest"), entry)
    signed = signed_by(entry, raw, capacity=Capacity.SIGN, parties=acts.parties)
    if len(signed) != 1:
        raise PeerError("verify.one_person", "A signature act carries the pair of one person.")
    listed = {(one.party, one.powers) for one in documents.read_manifest(raw).signatories}
    if (entry.party, signed[0].powers.digest) not in listed:
        raise PeerError(
            "verify.not_listed", f"{signed[0].powers.name} is not a signatory of that manifest."
        )
    acts.signed.append((entry, signed[0]))


def _conclude(acts: Acts, entry: Entry) -> None:
    data = _data(acts, entry, "conclusion", "manifest")
    _manifest_of(acts, data, entry)
    document = entry.section("document")
    _ref(data, "conclusion", wanted=digest(document), what=entry.kind)
    letter = acts.parties.letters[entry.party]
    check_seal(document, entry.section("signatures"), letter=letter)


def _suspend(acts: Acts, entry: Entry) -> None:
    data = _data(acts, entry, "act")
    document = entry.section("document")
    suspension = documents.read_suspension(document)
    _ref(data, "act", wanted=suspension.digest, what=entry.kind)
    if (suspension.instrument, suspension.party) != (acts.instrument, entry.party):
        raise PeerError(
            "verify.suspension", "The suspension names another instrument or party than its entry."
        )
    signed_by(entry, document, capacity=Capacity.SUSPEND, parties=acts.parties)
    acts.suspensions.append((entry, suspension))


def _resume(acts: Acts, entry: Entry) -> None:
    data = _data(acts, entry, "act")
    document = entry.section("document")
    instrument, suspension, party = documents.read_resumption(document)
    _ref(data, "act", wanted=digest(document), what=entry.kind)
    if (instrument, party) != (acts.instrument, entry.party):
        raise PeerError(
            "verify.resumption", "The resumption names another instrument or party than its entry."
        )
    signed_by(entry, document, capacity=Capacity.RESUME, parties=acts.parties)
    acts.resumed.append((entry, suspension))


def _plain(acts: Acts, entry: Entry) -> None:
    _data(acts, entry)


_Check: TypeAlias = Callable[[Acts, Entry], None]
_CHECKS: Final[Mapping[str, _Check]] = {
    "agreement.adopt": partial(_statement, type_name=documents.ADOPTION, capacity=Capacity.ADOPT),
    "agreement.initial": partial(
        _statement, type_name=documents.INITIALS, capacity=Capacity.INITIAL
    ),
    "agreement.reopen": _plain,
    "agreement.abandon": _plain,
    "signing.open": _open,
    "signing.ready": _about_manifest,
    "signing.revoke": _about_manifest,
    "signing.signature": _signature,
    "signing.conclude": _conclude,
    "agreement.suspend": _suspend,
    "agreement.resume": _resume,
}
