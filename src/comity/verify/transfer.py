"""Whether one transfer was made under the agreement: released, contracted, sent, received.

Both sides recorded the same facts; the text permits them; the agreement was in force and, as far
as the author of each act could know, not suspended. Source: pages 5 and 7 of the specification;
design 7; spec 8.3.10, 8.3.11.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.parties.documents import members
from comity.verify import layout
from comity.verify.agreement import Signed
from comity.verify.documents import Suspension
from comity.verify.entries import Entry, of_kind
from comity.verify.layout import Subject
from comity.verify.report import Book
from comity.verify.ruling import Crossing, area_of, article_of, objections

_MOVED: Final = ("contract", "transfer", "item", "bytes", "sha256", "ruling")
_CONTRACT: Final = ("contract", "item", "release", "instrument", "unit", "ruling", "messages")
_RELEASE: Final = (
    *("item", "digest", "bytes", "media", "instrument", "unit", "area", "action", "kind"),
    *("marking", "purpose", "recipient", "onward"),
)
_STAGES: Final[Mapping[str, str]] = {
    "sharing.contract": "finalization",
    "sharing.sent": "send",
    "sharing.received": "receive",
}
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "sharing.release": _RELEASE,
    "sharing.withdraw": ("release",),
    "sharing.contract": _CONTRACT,
    "sharing.sent": _MOVED,
    "sharing.received": _MOVED,
}


@attrs.frozen(kw_only=True)
class Transfer:
    """The entries of one transfer.

    Attributes:
        release: The decision of the sender.
        offered: The contract in the sender's log.
        taken: The contract in the recipient's log.
        sent: That it was sent.
        received: That it was received.
    """

    release: Entry
    offered: Entry
    taken: Entry
    sent: Entry
    received: Entry

    @property
    def article(self) -> str:
        """The article that both rulings name."""
        ruling = self.sent.act["ruling"]
        return str(ruling["article"]) if isinstance(ruling, Mapping) else ""


def check_transfer(
    book: Book, entries: Sequence[Entry], *, subject: Subject, signed: Signed
) -> Transfer | None:
    """Take down whether the transfer was made as both say; return it, or None."""
    for entry in of_kind(entries, *layout.SHARING_KINDS):
        book.attempt(
            f"{entry.kind} by {entry.party} has the form of its kind",
            file=entry.body,
            work=partial(members, entry.act, _MEMBERS[entry.kind], what=entry.kind),
        )
    if book.failed():
        return None
    transfer = book.attempt(
        "release, contract, sending and receipt are there, once each",
        file=layout.SUBJECT,
        work=partial(_found, entries, subject),
    )
    if transfer is None:
        return None
    _check_order(book, entries, transfer)
    _check_alike(book, transfer)
    _check_permitted(book, transfer, signed=signed)
    for entry in (transfer.offered, transfer.taken, transfer.sent, transfer.received):
        _check_ruling(book, entry, transfer=transfer, signed=signed)
        _check_force(book, entry, transfer=transfer, signed=signed)
    return None if book.failed() else transfer


def _found(entries: Sequence[Entry], subject: Subject) -> Transfer:
    sent = _only(_about(entries, "sharing.sent", transfer=subject.transfer), "sharing.sent")
    received = _only(
        _about(entries, "sharing.received", transfer=subject.transfer), "sharing.received"
    )
    contracts = _about(entries, "sharing.contract", contract=sent.act["contract"])
    offered = _only((one for one in contracts if one.party == sent.party), "sharing.contract")
    taken = _only((one for one in contracts if one.party != sent.party), "sharing.contract")
    release = _only(
        (
            one
            for one in of_kind(entries, "sharing.release", party=sent.party)
            if one.n == offered.act["release"]
        ),
        "sharing.release",
    )
    used = {id(one) for one in (release, offered, taken, sent, received)}
    for one in of_kind(entries, *layout.SHARING_KINDS):
        if id(one) not in used and one.act.get("release") != release.n:
            raise PeerError(
                "verify.other_transfer", f"{one.folder} has nothing to do with this transfer."
            )
    return Transfer(release=release, offered=offered, taken=taken, sent=sent, received=received)


def _about(entries: Iterable[Entry], kind: str, /, **wanted: object) -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in of_kind(entries, kind)
        if all(entry.act[name] == value for name, value in wanted.items())
    )


def _only(found: Iterable[Entry], kind: str) -> Entry:
    entries = tuple(found)
    if len(entries) != 1:
        raise PeerError(
            "verify.not_one", f"One entry {kind} of this transfer is needed; found {len(entries)}."
        )
    return entries[0]


def _check_order(book: Book, entries: Sequence[Entry], transfer: Transfer) -> None:
    book.expect(
        transfer.sent.party != transfer.received.party,
        "one party sent, the other received",
        file=transfer.received.body,
        wrong="both entries are of one party",
    )
    for later, earlier in (
        (transfer.offered, transfer.release),
        (transfer.taken, transfer.release),
        (transfer.sent, transfer.offered),
        (transfer.received, transfer.taken),
    ):
        book.expect(
            later.knew(earlier),
            f"{later.kind} by {later.party} came after {earlier.kind}",
            file=f"{later.folder}/envelope.json",
            wrong=f"its author had not seen {earlier.folder}",
        )
    for entry in of_kind(entries, "sharing.withdraw", party=transfer.sent.party):
        book.expect(
            not transfer.sent.knew(entry) or entry.act["release"] != transfer.release.n,
            "the release still stood when it was sent",
            file=entry.body,
            wrong="it was withdrawn before",
        )


def _check_alike(book: Book, transfer: Transfer) -> None:
    release, item = transfer.release.act, transfer.release.act["item"]
    sent, received = transfer.sent.act, transfer.received.act
    for name in ("contract", "transfer", "item", "bytes", "sha256"):
        book.expect(
            sent[name] == received[name],
            f"both sides recorded the same {name}",
            file=transfer.received.body,
            wrong=f"sent: {str(sent[name])[:80]}; received: {str(received[name])[:80]}",
        )
    for name, right in (("bytes", release["bytes"]), ("sha256", release["digest"]), ("item", item)):
        book.expect(
            sent[name] == right,
            f"what was sent is what was released: {name}",
            file=transfer.sent.body,
            wrong=f"released: {str(right)[:80]}; sent: {str(sent[name])[:80]}",
        )
    offered, taken = transfer.offered.act, transfer.taken.act
    for name in ("contract", "item", "release", "instrument", "unit", "messages"):
        book.expect(
            offered[name] == taken[name],
            f"both sides recorded the same contract: {name}",
            file=transfer.taken.body,
            wrong=f"one says {str(offered[name])[:80]}, the other {str(taken[name])[:80]}",
        )
    for name in ("item", "instrument", "unit"):
        book.expect(
            offered[name] == release[name],
            f"the contract is about what was released: {name}",
            file=transfer.offered.body,
            wrong=f"released: {str(release[name])[:80]}; contract: {str(offered[name])[:80]}",
        )


def _check_permitted(book: Book, transfer: Transfer, *, signed: Signed) -> None:
    release = transfer.release
    crossing = Crossing(
        sender=transfer.sent.party,
        recipient=transfer.received.party,
        unit=str(release.act["unit"]),
        facts=release.act,
    )
    against = objections(signed.text, crossing)
    if release.act["recipient"] != transfer.received.party:
        against.append("it was released to somebody else")
    if release.act["instrument"] != signed.text.instrument:
        against.append("it was released under another instrument")
    book.expect(
        not against,
        "the signed text permits it",
        file=release.body,
        wrong="; ".join(against),
    )


def _check_ruling(book: Book, entry: Entry, *, transfer: Transfer, signed: Signed) -> None:
    release = transfer.release.act
    unit = str(release["unit"])
    wanted: JsonObject = {
        "article": article_of(signed.text, unit),
        "unit": unit,
        "area": release["area"],
        "stage": _STAGES[entry.kind],
    }
    book.expect(
        entry.act["ruling"] == wanted,
        f"the ruling of {entry.party} names the article that permits it",
        file=entry.body,
        wrong=f"it is {str(entry.act['ruling'])[:200]}; the text says {wanted['article']}",
    )


def _check_force(book: Book, entry: Entry, *, transfer: Transfer, signed: Signed) -> None:
    conclusion = signed.conclusion
    ended = conclusion.ends_at is not None and entry.attested >= conclusion.ends_at
    book.expect(
        conclusion.in_force_at <= entry.attested and not ended,
        f"the agreement was in force at {entry.kind} by {entry.party}",
        file=f"{entry.folder}/proof.txt",
        wrong=f"it is attested at {entry.attested}; in force from {conclusion.in_force_at} until"
        f" {conclusion.ends_at or 'further notice'}",
    )
    standing = [
        f"{one.folder} by {one.party}"
        for one, suspension in signed.acts.suspensions
        if _stands(one, suspension, entry, transfer=transfer, signed=signed)
    ]
    book.expect(
        not standing,
        f"nothing that {entry.party} knew of suspended it at {entry.kind}",
        file=entry.body,
        wrong=f"suspended by {', '.join(standing)}",
    )


def _stands(
    by: Entry, suspension: Suspension, entry: Entry, *, transfer: Transfer, signed: Signed
) -> bool:
    """Return whether the author of ``entry`` had to hold to a suspension. Source: page 5."""
    text = signed.text
    clause = text.field("suspension")
    scope = clause.get("scope") if clause is not None else None
    allowed = isinstance(scope, list) and ("unit" if suspension.units else "whole") in scope
    if clause is None or not allowed or suspension.text != text.digest or not entry.knew(by):
        return False
    if suspension.until is not None and entry.attested >= suspension.until:
        return False
    lifted = {
        one.party
        for one, what in signed.acts.resumed
        if what == suspension.digest and entry.knew(one) and one.knew(by)
    }
    if len(lifted) == len(layout.SIDES):
        return False
    if clause.get("by") != "either" and not _joined(suspension, entry, signed=signed):
        return False
    return not suspension.units or bool(_touched(transfer, signed=signed) & set(suspension.units))


def _joined(suspension: Suspension, entry: Entry, *, signed: Signed) -> bool:
    """Return whether the other party had suspended the same."""
    return any(
        other.party != suspension.party
        and (other.units, other.until) == (suspension.units, suspension.until)
        and entry.knew(one)
        for one, other in signed.acts.suspensions
    )


def _touched(transfer: Transfer, *, signed: Signed) -> set[str]:
    """Return the units under which it was shared, and everything they stand in."""
    release = transfer.release.act
    found = area_of(signed.text, release["area"])
    units = {str(release["unit"])}
    if found is not None:
        listed = found[1].get("articles")
        units |= {found[0], *(str(one) for one in (listed if isinstance(listed, list) else ()))}
    return {above for unit in units for above in signed.text.line_up(unit)}
