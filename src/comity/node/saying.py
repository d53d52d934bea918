"""What an entry says: its kind as a code and the facts of its body, for pages and people to word.

Nothing is decided here and nothing private is looked at: the facts are those of the shared body, so
that both parties can be told the same. A body that was erased or never came says so and no more.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.signing import read_signers
from comity.foundation.canonical import Json, JsonObject, parse_canonical
from comity.foundation.errors import ComityError
from comity.foundation.limits import TEXT_BYTES_MAX
from comity.node.folding import DEED_FAMILIES, Folding, RecordedAct
from comity.parties.fold import PartiesState
from comity.record.ports import EntryRow
from comity.storage.tx import Tx

#: How many units a tabling names one by one; the rest is counted.
UNITS_NAMED_MAX: Final = 8
#: How many hexadecimal digits of a digest people are shown; the whole stands in the entry.
DIGEST_SHOWN: Final = 16
#: How much of a note stands in a list; the whole stands in the entry.
NOTE_SHOWN: Final = 500


@attrs.frozen(kw_only=True)
class Said:
    """What one entry says.

    Attributes:
        code: The kind of the act.
        facts: What the shared body states, ready to be worded.
        signers: Who signed, as full powers in the record name them.
        body: ``held``, or why nothing more is known: ``erased``, ``missing``, ``unreadable``.
    """

    code: str
    facts: JsonObject
    signers: tuple[JsonObject, ...] = ()
    body: str = "held"


def said_of(  # noqa: PLR0913  # an entry, whose it is, and what its words need
    tx: Tx,
    row: EntryRow,
    *,
    origin: str,
    party: str,
    folds: Folding,
    parties: PartiesState,
    labels: Mapping[str, str] | None = None,
) -> Said:
    """Return what a stored entry says, however much of its body is left.

    Args:
        tx: The transaction.
        row: The entry.
        origin: Its log.
        party: Who wrote that log.
        folds: Reads bodies.
        parties: The relationship's letters and full powers, for the names of signers.
        labels: How people name the units of the instrument, by unit id, where it is known.
    """
    ref = tx.bodies.get(origin, row.n)
    if ref.inline is None and ref.file is None:
        body = "erased" if ref.state == "erased" else "missing"
        return Said(code=row.kind, facts={}, body=body)
    try:
        act = folds.act_of(tx, origin, row, party=party)
        return said(act, parties=parties, labels=labels)
    except ComityError:
        body = "erased" if ref.state == "erased" else "unreadable"
        return Said(code=row.kind, facts={}, body=body)


def said(
    act: RecordedAct, *, parties: PartiesState, labels: Mapping[str, str] | None = None
) -> Said:
    """Return what an act says.

    Args:
        act: The act.
        parties: The relationship's letters and full powers, for the names of signers.
        labels: How people name the units of the instrument, by unit id, where it is known.

    Raises:
        PeerError: The body is not of the form of its kind; none that was stored is.
    """
    deed = act.kind.partition(".")[0] in DEED_FAMILIES
    facts = (_deed if deed else _FACTS.get(act.kind, _nothing))(act, labels or {})
    if act.kind == "powers.revoke":
        facts = {**facts, **_of_powers(parties, act.party, str(act.data.get("powers")))}
    return Said(
        code=act.kind,
        facts=facts if act.note is None else {**facts, "note": _note(act.note)},
        signers=_signers(act, parties=parties),
    )


def _signers(act: RecordedAct, *, parties: PartiesState) -> tuple[JsonObject, ...]:
    """Return the persons who signed, by their full powers; seals are no persons."""
    if "signatures" not in act.documents:
        return ()
    found = read_signers(act.documents["signatures"])
    return tuple(
        {"capacity": one.capacity, **_of_powers(parties, act.party, one.powers)}
        for one in found
        if one.powers is not None
    )


def _of_powers(parties: PartiesState, party: str, powers: str) -> JsonObject:
    for one in parties.powers.get(party, ()):
        if one.powers.digest == powers:
            return {"name": one.powers.name, "office": one.powers.office, "powers": short(powers)}
    return {"powers": short(powers)}


def without_words(said: Said) -> Said:
    """Return what an entry says without the words of people beside it."""
    return attrs.evolve(said, facts={k: v for k, v in said.facts.items() if k != "note"})


def short(value: Json) -> str:
    """Return the beginning of a digest."""
    return str(value)[:DIGEST_SHOWN]


def _note(note: JsonObject) -> JsonObject:
    """Return the words of people beside the act; erasable, and nothing rests on them."""
    return {name: text[:NOTE_SHOWN] for name, text in note.items() if isinstance(text, str)}


def _nothing(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del act, labels
    return {}


def _deed(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    """Return what an act on a thing says: which thing, and words that stand in the act itself."""
    del labels
    family = act.kind.partition(".")[0]
    kept = {name: act.data[name] for name in ("title", "reason", "result") if name in act.data}
    return {
        "thing": act.data[family],
        **{name: str(value)[:NOTE_SHOWN] for name, value in kept.items()},
    }


def _document(act: RecordedAct) -> JsonObject:
    return parse_canonical(act.documents["document"], bytes_max=TEXT_BYTES_MAX, what="a document")


def _letter(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    letter = _document(act)
    kept = {name: letter[name] for name in ("name", "form", "valid_until")}
    return {**kept, "letter": short(act.data["letter"])}


def _acceptance(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    return {
        "letter": short(act.data["letter"]),
        "fingerprint": short(act.data["fingerprint"]),
    }


def _powers(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    document = _document(act)
    names = ("name", "office", "acts", "instruments", "valid_from", "valid_until")
    return {**{name: document[name] for name in names}, "powers": short(act.data["powers"])}


def _revocation(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    return {"why": _document(act)["reason"], "powers": short(act.data["powers"])}


def _tabling(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    moves = [one for one in _list(act.data.get("moves")) if isinstance(one, Mapping)]
    counts = Counter(str(one.get("move")) for one in moves)
    units = list(dict.fromkeys(str(one["unit"]) for one in moves if "unit" in one))
    named: list[Json] = [labels.get(unit, unit) for unit in units[:UNITS_NAMED_MAX]]
    opened = act.data.get("open")
    opening: JsonObject = {}
    if isinstance(opened, Mapping):
        opening = {"title": opened.get("title"), "register": opened.get("register")}
    return {
        "instrument": act.data["instrument"],
        "opens": isinstance(opened, Mapping),
        **opening,
        "moves": dict(sorted(counts.items())),
        "units": named,
        "units_more": len(units) - len(named),
    }


def _on_text(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    refs = {name: short(act.data[name]) for name in ("text", "manifest") if name in act.data}
    return {"instrument": act.data["instrument"], **refs}


def _manifest(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    document = _document(act)
    window = _object(document["window"])
    persons: list[Json] = [
        {"name": one["name"], "office": one["office"], "party": one["party"]}
        for one in _list(document["signatories"])
        if isinstance(one, Mapping)
    ]
    return {
        **_on_text(act, labels),
        "opens_at": window["opens"],
        "closes_at": window["closes"],
        "signatories": persons,
    }


def _conclusion(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    document = _document(act)
    names = ("signed_at", "in_force_at", "ends_at")
    return {**_on_text(act, labels), **{name: document[name] for name in names}}


def _suspension(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    document = _document(act)
    units = [str(unit) for unit in _list(document["units"])]
    named: list[Json] = [labels.get(unit, unit) for unit in units[:UNITS_NAMED_MAX]]
    return {
        **_on_text(act, labels),
        "article": document["article"],
        "until": document["until"],
        "suspension": short(act.data["act"]),
        "whole": not units,
        "units": named,
        "units_more": len(units) - len(named),
    }


def _resumption(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    document = _document(act)
    return {**_on_text(act, labels), "suspension": short(document["suspension"])}


def _release(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    data = act.data
    names = ("item", "bytes", "media", "instrument", "area", "kind", "marking", "purpose")
    return {
        **{name: data[name] for name in names},
        "recipient": data["recipient"],
        "onward": data["onward"],
        "sha256": short(data["digest"]),
        "article": labels.get(str(data["unit"]), ""),
    }


def _withdrawal(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    return {"release": act.data["release"]}


def _ruled(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    """Return what an act under a ruling says: contract, sent, received."""
    del labels
    ruling = _object(act.data["ruling"])
    names = ("contract", "item", "release", "instrument", "transfer", "bytes")
    kept = {name: act.data[name] for name in names if name in act.data}
    digest = {"sha256": short(act.data["sha256"])} if "sha256" in act.data else {}
    return {**kept, **digest, "article": ruling["article"], "area": ruling["area"]}


def _anchor(act: RecordedAct, labels: Mapping[str, str]) -> JsonObject:
    del labels
    return {"commitment": short(act.data["commitment"])}


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


_FACTS: Final[Mapping[str, Callable[[RecordedAct, Mapping[str, str]], JsonObject]]] = {
    "letter.introduce": _letter,
    "letter.accept": _acceptance,
    "powers.grant": _powers,
    "powers.revoke": _revocation,
    "agreement.table": _tabling,
    "agreement.talk": _on_text,
    "agreement.reopen": _on_text,
    "agreement.abandon": _on_text,
    "agreement.adopt": _on_text,
    "agreement.initial": _on_text,
    "signing.open": _manifest,
    "signing.ready": _on_text,
    "signing.revoke": _on_text,
    "signing.signature": _on_text,
    "signing.conclude": _conclusion,
    "agreement.suspend": _suspension,
    "agreement.resume": _resumption,
    "sharing.release": _release,
    "sharing.withdraw": _withdrawal,
    "sharing.contract": _ruled,
    "sharing.sent": _ruled,
    "sharing.received": _ruled,
    "anchor.house": _anchor,
}
