"""Controls: an item of one's own is classified, and crosses from then on only under authorisation.

The scheme, the code, the version of the list and who decided are what people entered; nothing here
computes a classification. A control is of bytes: the same bytes brought in anew are the same thing,
since its id follows from the party and their digest. Source: agreements.md D2.8; spec 11.2.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import attrs
from msgspec import Meta, Struct

from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.deeds import (
    EITHER,
    OPENER,
    Book,
    Deed,
    Hex,
    Id,
    Line,
    Step,
    Text,
    begins,
    json_of,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.errors import PeerError
from comity.technology.machine import WHOSE
from comity.technology.provisos import Money

FAMILY: Final = "control"
Scheme = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\n\t]*$(?!\n)")]


class Status(StrEnum):
    """Where a control stands by its acts."""

    CONTROLLED = "controlled"
    DECLASSIFIED = "declassified"


STEPS: Final = table(
    Step(name="classify", by=EITHER, target=Status.CONTROLLED),
    Step(
        name="reclassify",
        by=OPENER,
        sources=(Status.CONTROLLED, Status.DECLASSIFIED),
        target=Status.CONTROLLED,
    ),
    Step(name="declassify", by=OPENER, sources=(Status.CONTROLLED,), target=Status.DECLASSIFIED),
)
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


class _Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    control: Id


class Reclassify(_Act, frozen=True, kw_only=True):
    """``control.reclassify``: another class, from a later list or by a better look."""

    scheme: Scheme
    code: Scheme
    list_version: Scheme
    decided_by: Line
    value: Money | None

    @property
    def called(self) -> str:
        """The class as people say it."""
        return f"{self.code} of {self.scheme} ({self.list_version})"


class Classify(Reclassify, frozen=True, kw_only=True):
    """``control.classify``: an item of ours, and its class as somebody decided it."""

    item: Id
    digest: Hex


class Declassify(_Act, frozen=True, kw_only=True):
    """``control.declassify``: it is controlled no more, and why."""

    reason: Text


Body: TypeAlias = Classify | Reclassify | Declassify
FORMS: Final[Mapping[str, type[Body]]] = {
    "classify": Classify,
    "reclassify": Reclassify,
    "declassify": Declassify,
}


@attrs.frozen(kw_only=True)
class Control:
    """What the acts on one control come to.

    Attributes:
        id: Its id.
        item: The item that was classified.
        digest: The SHA-256 of its bytes.
        party: Whose item it is.
        status: Where it stands by its acts.
        now: The class that counts.
        before: The classes before, oldest first.
        reason: Why it was declassified.
        last: The act that brought it where it is.
    """

    id: str
    item: str
    digest: str
    party: str
    status: Status
    now: Reclassify
    before: tuple[Reclassify, ...] = ()
    reason: str = ""
    last: tuple[str, int]


def control_id(party: str, sha256: str) -> str:
    """Return the id of the control of these bytes of a party: a UUID of version 8."""
    raw = bytearray.fromhex(digest(canonical(["comity/control/v1", party, sha256]))[:32])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.kind``, ``deeds.form``, ``basics.*``; ``controls.id``: the id is
            not the one that follows from the party and the digest.
    """
    body = read_act(deed, FORMS, family=FAMILY)
    if isinstance(body, Classify) and body.control != control_id(deed.party, body.digest):
        raise PeerError(
            "controls.id",
            "The id of a control follows from the party and the digest of the bytes; this is"
            " another one.",
        )


def apply(control: Control | None, deed: Deed) -> Control:
    """Return the control after one more act.

    Raises:
        RefusedError: ``technology.*``: the act cannot count at its place, and why.
    """
    body, step = read_act(deed, FORMS, family=FAMILY), STEPS[deed.step]
    last = (deed.party, deed.n)
    if isinstance(body, Classify):
        begins(control, "a control")
        return Control(
            id=body.control,
            item=body.item,
            digest=body.digest,
            party=deed.party,
            status=Status.CONTROLLED,
            now=body,
            last=last,
        )
    if control is None:
        raise missing("control")
    may(control.now.called, control.status, step, plays=deed.party == control.party, whose=WHOSE)
    moved = attrs.evolve(control, status=Status(step.target), last=last)
    if isinstance(body, Declassify):
        return attrs.evolve(moved, reason=body.reason)
    return attrs.evolve(moved, now=body, before=(*control.before, control.now), reason="")


def state_json(book: Book[Control]) -> list[Json]:
    """Return every control as JSON: equal for equal states."""
    return [
        {
            "control": each.id,
            "item": each.item,
            "digest": each.digest,
            "party": each.party,
            "status": str(each.status),
            "now": json_of(each.now),
            "before": [json_of(one) for one in each.before],
            "reason": each.reason,
            "last": list(each.last),
        }
        for each in book.things()
    ]
