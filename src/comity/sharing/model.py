"""The values of sharing: terms, items, release decisions, contracts, processes.

``Terms`` is everything a crossing is judged by and held to, from the release decision over offer
and contract to the bytes that arrive; two sides mean the same thing only if their terms are equal.
Title and file name of an item are kept apart (``ItemNote``): they are words of people, can be
erased, and decide nothing. Source: design 7, 13.9; ``docs/spec/07-sharing.md`` 7.1 and 7.2.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Final, Self, TypeVar

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.sharing.reading import ADDRESS_CHARS_MAX, REASON_CHARS_MAX, Members

#: The one way an item moves in rule set 1.
PULL: Final = "HttpData-PULL"

_E = TypeVar("_E", bound=StrEnum)


class Role(StrEnum):
    """The part a node plays in one process."""

    PROVIDER = "provider"
    CONSUMER = "consumer"

    def other(self) -> "Role":
        """Return the counterpart's role."""
        return Role.CONSUMER if self is Role.PROVIDER else Role.PROVIDER


class Family(StrEnum):
    """The two kinds of process."""

    NEGOTIATION = "negotiation"
    TRANSFER = "transfer"


class State(StrEnum):
    """The states of both kinds of process, as the Dataspace Protocol writes them."""

    REQUESTED = "REQUESTED"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    AGREED = "AGREED"
    VERIFIED = "VERIFIED"
    FINALIZED = "FINALIZED"
    STARTED = "STARTED"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


@attrs.frozen(kw_only=True)
class Terms:
    """What one crossing is judged by: the article it goes under, the facts, the exact bytes.

    Attributes:
        instrument: Id of the agreement.
        unit: Id of its article.
        onward: Whether the recipient may pass it on.
        release: Index of the release decision in the sender's log.
        digest: SHA-256 of the bytes.
        bytes: Their number.
        media: Their media type.
    """

    instrument: str
    unit: str
    area: str
    action: str
    kind: str
    marking: str
    purpose: str
    onward: bool
    release: int
    digest: str
    bytes: int
    media: str

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.2.2."""
        return attrs.asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the terms of a closed object of clause 7.2.2.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = tuple(field.name for field in attrs.fields(Terms))
        read = Members.closed(value, what="terms", names=names)
        words = ("instrument", "unit", "area", "action", "kind", "marking", "purpose", "media")
        instrument, unit, area, action, kind, marking, purpose, media = map(read.word, words)
        return cls(
            instrument=instrument,
            unit=unit,
            area=area,
            action=action,
            kind=kind,
            marking=marking,
            purpose=purpose,
            media=media,
            onward=read.flag("onward"),
            release=read.count("release"),
            digest=read.digest("digest"),
            bytes=read.count("bytes"),
        )


@attrs.frozen(kw_only=True)
class Item:
    """One thing that can be shared: exact bytes, and what they are in the agreement's words."""

    id: str
    digest: str
    bytes: int
    media: str
    area: str
    action: str
    kind: str
    marking: str
    purpose: str

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.2.1."""
        return attrs.asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the item of a closed object of clause 7.2.1.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = tuple(field.name for field in attrs.fields(Item))
        read = Members.closed(value, what="item", names=names)
        words = ("id", "media", "area", "action", "kind", "marking", "purpose")
        item_id, media, area, action, kind, marking, purpose = map(read.word, words)
        return cls(
            id=item_id,
            digest=read.digest("digest"),
            bytes=read.count("bytes"),
            media=media,
            area=area,
            action=action,
            kind=kind,
            marking=marking,
            purpose=purpose,
        )


@attrs.frozen(kw_only=True)
class ItemNote:
    """The words of people about an item; erasable, and never part of a ruling."""

    title: str
    file_name: str

    def to_json(self) -> JsonObject:
        """Return the ``note`` section of a release."""
        return attrs.asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the note of a closed object.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        read = Members.closed(value, what="note", names=("title", "file_name"))
        return cls(title=read.word("title"), file_name=read.word("file_name"))


@attrs.frozen(kw_only=True)
class ReleaseDecision:
    """The act of an authorised person: this item, to this party, under this article.

    Attributes:
        party: The releasing party.
        n: Index of the act in its log; None while it is only being prepared.
        withdrawn: Whether a later act of the same party took it back.
    """

    party: str
    n: int | None
    item: Item
    instrument: str
    unit: str
    recipient: str
    onward: bool
    withdrawn: bool = False

    def act(self) -> JsonObject:
        """Return the ``act`` section of the entry ``sharing.release`` (clause 7.3.1)."""
        item = self.item
        return {
            "item": item.id,
            "digest": item.digest,
            "bytes": item.bytes,
            "media": item.media,
            "instrument": self.instrument,
            "unit": self.unit,
            "area": item.area,
            "action": item.action,
            "kind": item.kind,
            "marking": item.marking,
            "purpose": item.purpose,
            "recipient": self.recipient,
            "onward": self.onward,
        }

    @classmethod
    def from_act(cls, value: Json, *, party: str, n: int) -> Self:
        """Return the decision that entry ``n`` of the log of ``party`` states.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = (*_ITEM_IN_ACT, "instrument", "unit", "recipient", "onward")
        read = Members.closed(value, what="release", names=names)
        item: dict[str, Json] = {name: read.value[name] for name in _ITEM_IN_ACT}
        item["id"] = item.pop("item")
        return cls(
            party=party,
            n=n,
            item=Item.from_json(item),
            instrument=read.word("instrument"),
            unit=read.word("unit"),
            recipient=read.word("recipient"),
            onward=read.flag("onward"),
        )

    def terms(self) -> Terms:
        """Return the terms an offer of this release carries; the act must have its index.

        Raises:
            PeerError: ``sharing.release_not_recorded``: the decision is not in the record yet.
        """
        if self.n is None:
            raise PeerError(
                "sharing.release_not_recorded",
                f"The release of {self.item.id} is not in the record yet: nothing can rest on it.",
            )
        item = self.item
        return Terms(
            instrument=self.instrument,
            unit=self.unit,
            area=item.area,
            action=item.action,
            kind=item.kind,
            marking=item.marking,
            purpose=item.purpose,
            onward=self.onward,
            release=self.n,
            digest=item.digest,
            bytes=item.bytes,
            media=item.media,
        )


_ITEM_IN_ACT: Final = (
    *("item", "digest", "bytes", "media", "area", "action", "kind", "marking", "purpose"),
)


@attrs.frozen(kw_only=True)
class Offer:
    """An offer of one item: the id is its owner's and opaque, ``target`` is the item."""

    id: str
    target: str
    terms: Terms

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.2.3."""
        return {"id": self.id, "target": self.target, "terms": self.terms.to_json()}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the offer of a closed object of clause 7.2.3.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        read = Members.closed(value, what="offer", names=("id", "target", "terms"))
        return cls(
            id=read.word("id"),
            target=read.word("target"),
            terms=Terms.from_json(read.value["terms"]),
        )


def derived_id(purpose: str, *parts: Json) -> str:
    """Return a ``urn:uuid`` (version 8) computed from ``parts``: equal parts, equal id.

    Source: RFC 9562, 5.8; ``docs/spec/07-sharing.md`` 7.4.3.
    """
    raw = bytearray(sha256(canonical([f"comity/{purpose}/v1", *parts])).digest()[:16])
    raw[6] = 0x80 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@attrs.frozen(kw_only=True)
class Process:
    """One contract negotiation or transfer, as one side keeps it.

    Attributes:
        pid: Our id of it.
        peer_pid: The counterpart's id, once known.
        base: Address below which the counterpart hears about this process.
        state: The state both sides know: a message of ours counts once it was acknowledged.
        pending: The state that a message of ours, on its way, will bring.
        offer: What is negotiated or was agreed.
        contract: Id of the contract, once there is one.
        agreed: When the provider says the contract was concluded.
        messages: Name and SHA-256 of each message's exact bytes.
        token_digest: SHA-256 of the access token (provider of a transfer).
        token_expires: When that token dies.
        sent: Whether the bytes were let out, or taken in, and recorded.
        code: Why it ended, in a word.
        reason: Why it ended, for a person.
        paused_by: Who paused it; the consumer's stays until the provider's fresh start is here.
    """

    family: Family
    role: Role
    pid: str
    peer_pid: str | None
    counterpart: str
    base: str
    state: State
    pending: State | None
    offer: Offer
    contract: str | None
    agreed: Instant | None
    messages: Mapping[str, str]
    token_digest: str | None
    token_expires: Instant | None
    sent: bool
    code: str | None
    reason: str | None
    paused_by: Role | None = None

    @property
    def item(self) -> str:
        """Return the id of the item, which is the dataset's."""
        return self.offer.target

    @property
    def terms(self) -> Terms:
        """Return what the crossing is judged by and held to."""
        return self.offer.terms

    @property
    def instrument(self) -> str:
        """Return the agreement it rests on."""
        return self.offer.terms.instrument

    @property
    def unit(self) -> str:
        """Return the article it rests on."""
        return self.offer.terms.unit

    @property
    def ended(self) -> bool:
        """Return whether nothing more can happen in it."""
        return self.state in {State.FINALIZED, State.COMPLETED, State.TERMINATED}

    @property
    def provider_pid(self) -> str | None:
        """Return the provider's id of it."""
        return self.pid if self.role is Role.PROVIDER else self.peer_pid

    @property
    def consumer_pid(self) -> str | None:
        """Return the consumer's id of it."""
        return self.pid if self.role is Role.CONSUMER else self.peer_pid

    def noted(self, name: str, sha256_hex: str) -> "Process":
        """Return the process with one more message's digest."""
        return attrs.evolve(self, messages={**self.messages, name: sha256_hex})

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.2.4."""
        made: dict[str, Json] = attrs.asdict(self, recurse=False)
        made |= {
            "offer": self.offer.to_json(),
            "messages": dict(self.messages),
            "agreed": None if self.agreed is None else str(self.agreed),
            "token_expires": None if self.token_expires is None else str(self.token_expires),
        }
        if self.paused_by is None:
            del made["paused_by"]
        return made

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the process of a closed object of clause 7.2.4.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = tuple(field.name for field in attrs.fields(Process))
        if isinstance(value, Mapping):
            value = {"paused_by": None, **value}
        read = Members.closed(value, what="process", names=names)
        pending, paused_by = read.maybe_word("pending"), read.maybe_word("paused_by")
        return cls(
            family=_member(Family, read.word("family")),
            role=_member(Role, read.word("role")),
            pid=read.word("pid"),
            peer_pid=read.maybe_word("peer_pid"),
            counterpart=read.word("counterpart"),
            base=read.word("base", chars_max=ADDRESS_CHARS_MAX),
            state=_member(State, read.word("state")),
            pending=None if pending is None else _member(State, pending),
            offer=Offer.from_json(read.value["offer"]),
            contract=read.maybe_word("contract"),
            agreed=read.maybe_instant("agreed"),
            messages=read.digests("messages"),
            token_digest=read.maybe_digest("token_digest"),
            token_expires=read.maybe_instant("token_expires"),
            sent=read.flag("sent"),
            code=read.maybe_word("code"),
            reason=read.maybe_word("reason", chars_max=REASON_CHARS_MAX),
            paused_by=None if paused_by is None else _member(Role, paused_by),
        )


@attrs.frozen(kw_only=True)
class Contract:
    """A concluded contract: the leaf under the agreement that cites its article."""

    id: str
    offer: Offer
    provider: str
    consumer: str
    agreed: Instant

    @property
    def item(self) -> str:
        """Return the id of the item."""
        return self.offer.target

    @property
    def terms(self) -> Terms:
        """Return what was agreed about it."""
        return self.offer.terms

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.2.5."""
        return {
            "id": self.id,
            "offer": self.offer.to_json(),
            "provider": self.provider,
            "consumer": self.consumer,
            "agreed": str(self.agreed),
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the contract of a closed object of clause 7.2.5.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = ("id", "offer", "provider", "consumer", "agreed")
        read = Members.closed(value, what="contract", names=names)
        return cls(
            id=read.word("id"),
            offer=Offer.from_json(read.value["offer"]),
            provider=read.word("provider"),
            consumer=read.word("consumer"),
            agreed=Instant.parse(read.word("agreed")),
        )


def _member(of: type[_E], word: str) -> _E:
    try:
        return of(word)
    except ValueError as error:
        raise PeerError("sharing.choice", f"{word[:40]!r} is none of {', '.join(of)}.") from error
