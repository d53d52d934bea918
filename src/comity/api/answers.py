"""What programs look at in answers: the members they can rely on, for the OpenAPI document.

An answer may say more than stands here, and more is added without notice; what stands here stays.
Instants are RFC 3339 in UTC. A test holds real answers against these types. Source: design 13.5.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

At = Annotated[str, Meta(examples=["2026-11-23T09:00:00Z"])]
Texts = list[str]


class Trouble(Struct, kw_only=True):
    """Why nothing gets through to a counterpart."""

    since: str
    code: str
    message: str


class StatusRelationship(Struct, kw_only=True):
    """One relationship, in short."""

    relationship: str
    counterpart: str
    name: str
    status: str
    reason: str
    entries: int
    held_by_counterpart: int
    trouble: Trouble | None


class StatusInstrument(Struct, kw_only=True):
    """One instrument, in short."""

    instrument: str
    title: str
    status: str
    counterpart: str
    in_force_at: At | None
    ends_at: At | None
    suspended: bool
    suspended_units: Texts


class Waiting(Struct, kw_only=True):
    """What waits, for whom, and what to type."""

    who: Literal["trouble", "us", "them", "both"]
    what: str
    act: str


class Status(Struct, kw_only=True):
    """The first screen."""

    party: str
    name: str
    purpose: str
    relationships: list[StatusRelationship]
    instruments: list[StatusInstrument]
    waiting: list[Waiting]


class HealthTrouble(Struct, kw_only=True):
    """One counterpart that cannot be reached."""

    counterpart: str
    code: str
    since: str


class Health(Struct, kw_only=True):
    """How the node is."""

    ok: bool
    party: str
    at: At
    queued: int
    troubles: list[HealthTrouble]


class Listed(Struct, kw_only=True):
    """A page of a list."""

    next: str | None
    total: int


class AgreementRow(Struct, kw_only=True):
    """One instrument of the list; a draft of ours has fewer members."""

    instrument: str
    title: str
    status: str


class Agreements(Listed, kw_only=True):
    """The instruments of this node, drafts too."""

    agreements: list[AgreementRow]


class Alternative(Struct, kw_only=True):
    """One wording of a unit that is on the table."""

    digest: str
    by: Texts
    deleted: bool
    heading: str
    text: str
    fields: dict[str, object]


class Unit(Struct, kw_only=True):
    """One unit of the text: article, paragraph, and so on."""

    unit: str
    label: str
    kind: str
    heading: str
    status: str
    alternatives: list[Alternative]
    agreed: str | None
    parked: Texts
    turn: Texts
    our_turn: bool
    reopened: bool | int


class PartyName(Struct, kw_only=True):
    """A party and its name."""

    id: str
    name: str


class Agreement(Struct, kw_only=True):
    """One instrument, unit by unit."""

    instrument: str
    title: str
    register: str
    parties: list[PartyName]
    counterpart: str
    relationship: str
    status: str
    clean: bool
    text: str | None
    counts: dict[str, int]
    units: list[Unit]
    adopted: Texts
    initialled: Texts
    attempts: int
    signed_at: At | None
    in_force_at: At | None
    ends_at: At | None
    suspended: bool
    suspended_units: Texts


class Text(Struct, kw_only=True):
    """The text of an instrument."""

    instrument: str
    form: str
    clean: bool
    text: str


class What(Struct, kw_only=True):
    """What an item is, as a ruling sees it."""

    digest: str
    bytes: int
    media: str
    area: str
    action: str
    kind: str
    marking: str
    purpose: str


class ItemRow(Struct, kw_only=True):
    """One item of ours."""

    id: str
    item: What
    by: str
    at: At


class Items(Listed, kw_only=True):
    """Our items."""

    items: list[ItemRow]


class Check(Struct, kw_only=True):
    """Whether an item may be sent, and by which article."""

    item: str
    counterpart: str
    answer: Literal["yes", "ask", "no"]
    permitted: bool
    article: str | None


class TransferRow(Struct, kw_only=True):
    """One transfer or contract negotiation."""

    transfer: str
    family: str
    role: str
    state: str
    counterpart: str


class Transfers(Listed, kw_only=True):
    """Transfers, in and out."""

    transfers: list[TransferRow]


class DatasetRow(Struct, kw_only=True):
    """One thing that the counterpart offers us."""

    dataset: str
    title: str


class Catalogue(Listed, kw_only=True):
    """What the counterpart offers us."""

    counterpart: str
    datasets: list[DatasetRow]


class RequestRow(Struct, kw_only=True):
    """What waits for signatures."""

    request: str
    operation: str
    title: str
    capacity: str
    signers: Texts
    needed: int
    created: At
    signed_by: Texts


class Requests(Listed, kw_only=True):
    """What waits for personal signatures."""

    requests: list[RequestRow]


class OfficialRow(Struct, kw_only=True):
    """One official."""

    id: str
    name: str
    office: str
    roles: Texts


class Officials(Listed, kw_only=True):
    """The officials this node knows."""

    officials: list[OfficialRow]


class Log(Struct, kw_only=True):
    """One log of a relationship: its end, and the counterpart's cosignature over it."""

    origin: str
    size: int
    root: str
    cosigned_size: int
    cosigned_at: At | None
    cosigned_by: str


class Record(Struct, kw_only=True):
    """Both logs of a relationship."""

    relationship: str
    counterpart: str
    status: str
    reason: str
    ours: Log
    theirs: Log
    at: At


class EntryRow(Struct, kw_only=True):
    """One entry of a log."""

    n: int
    kind: str
    of: str | None
    seen: int
    attested: At | None
    leaf: str


class Entries(Struct, kw_only=True):
    """A page of one log; ``next`` is where to go on."""

    log: str
    party: str
    size: int
    entries: list[EntryRow]
    next: int | None


class TokenRow(Struct, kw_only=True):
    """One personal access token; never its secret."""

    token: str
    name: str
    scopes: Texts
    created: At
    expires: At
    used: str | None
    status: Literal["given", "expired", "revoked"]
    revoked: At | None


class Tokens(Listed, kw_only=True):
    """The own personal access tokens."""

    tokens: list[TokenRow]


class NewToken(TokenRow, kw_only=True):
    """A new token with its secret, which is told this once."""

    secret: str


#: By the name of the operation. What is not here answers with an object that the summary names.
ANSWERS: Final[Mapping[str, type[Struct]]] = {
    "agreements": Agreements,
    "agreements.show": Agreement,
    "agreements.text": Text,
    "catalogue": Catalogue,
    "health": Health,
    "items": Items,
    "items.check": Check,
    "officials": Officials,
    "record": Record,
    "record.entries": Entries,
    "requests": Requests,
    "status": Status,
    "tokens": Tokens,
    "tokens.create": NewToken,
    "tokens.revoke": TokenRow,
    "transfers": Transfers,
}
