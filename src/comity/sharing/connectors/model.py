"""The values: registered counterparts, what is offered to them, contracts, and processes.

All of them are our own notes and are on no wire. Policies are kept as the canonical text of their
rules, beside a digest of what they mean (``meaning``), so that this room can compare them without
knowing their form. Source: ``docs/spec/09-connectors.md`` 9.1 and 9.2.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from comity.agreements.mandates import Agreement, Suspension
from comity.agreements.policies import PARTIES, Area, Policy
from comity.foundation.instants import Instant
from comity.sharing.model import Family, Role, State
from comity.sharing.tokens import TOKEN_S

#: How an item can move: the consumer pulls it, or the provider pushes it.
PULL: Final = "HttpData-PULL"
PUSH: Final = "HttpData-PUSH"
FORMATS: Final = (PULL, PUSH)
#: How many message ids of a process are remembered to tell a repetition from a second message.
REMEMBERED: Final = 64
#: The one unit of a framework that was registered: its article.
UNIT: Final = "registered"
#: States from which nothing leads on.
ENDS: Final = frozenset({State.FINALIZED, State.COMPLETED, State.TERMINATED})


class IdentityKind(StrEnum):
    """How a registered counterpart proves who it is; all but the first need purpose conformance."""

    TOKEN = "token"  # noqa: S105  # the name of a kind, no secret
    STATIC = "static"
    EDC_MOCK = "edc-mock"
    NONE = "none"


@attrs.frozen(kw_only=True)
class Identity:
    """What a counterpart's calls must carry, and what ours carry to it.

    Attributes:
        kind: How it is proven.
        key: Its P-256 public key as a JWK in canonical JSON (``token``), else None.
        header: The literal ``Authorization`` value (``static``), else None.
    """

    kind: IdentityKind
    key: str | None = None
    header: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Framework:
    """The article of an agreement made elsewhere under which a counterpart was registered.

    Attributes:
        title: What people call that agreement.
        article: The article, as people cite it.
        area: Id of the one area it opens.
        kinds: Kinds of item that may cross.
        scale: The marking scale, lowest level first.
        marking_max: The highest level that may cross.
        purposes: What the recipient may use it for.
        onward: ``refused``, ``consent`` or ``free``.
        since: When it came into force.
        until: When it ends; None where no end was recorded.
        suspended: Whether our party has suspended it.
    """

    title: str
    article: str
    area: str
    kinds: tuple[str, ...]
    scale: tuple[str, ...]
    marking_max: str
    purposes: tuple[str, ...]
    onward: str
    since: Instant
    until: Instant | None
    suspended: bool = False


@attrs.frozen(kw_only=True)
class Counterpart:
    """A connector that our party registered.

    Attributes:
        id: Its participant id, as its tokens and contracts say it.
        name: What our officials call it.
        base: Address of its Dataspace Protocol endpoints, without a slash at the end: the only one
            that is ever called, and the only callback address that is taken from it.
        identity: How it proves who it is.
        framework: What our party recorded about the agreement with it.
        registered: When.
        by: The official who registered it; None where a profile did.
        pin: The pin of its TLS certificate's key; None: certificates that the system trusts.
        origins: Further origins (``https://host:port``) at which its data may be fetched.
    """

    id: str
    name: str
    base: str
    identity: Identity
    framework: Framework
    registered: Instant
    by: str | None
    pin: str | None = None
    origins: tuple[str, ...] = ()

    def pins(self, address: str) -> bool:
        """Return whether ``address`` stands at one of its pinned origins; no other is called."""
        scheme, _, rest = self.base.partition("://")
        own = f"{scheme}://{rest.partition('/')[0]}"
        return any(address.startswith(f"{origin}/") for origin in (own, *self.origins))


@attrs.frozen(kw_only=True)
class ItemFacts:
    """What an item is in the words of the framework: what rulings look at.

    Attributes:
        action: As in an agreement's policies.
        released: Whether an authorised person released it to the counterpart (provider), or the
            provider offers it (consumer).
    """

    area: str
    kind: str
    marking: str
    purpose: str
    onward: bool = False
    action: str = "share"
    released: bool = True


@attrs.frozen(kw_only=True)
class PolicyOffer:
    """An offer of either side: an opaque id, its dataset, the rules, and what they mean."""

    id: str
    target: str
    policy: str
    meaning: str


@attrs.frozen(kw_only=True)
class Source:
    """Where the bytes of a dataset are.

    Attributes:
        kind: ``payload`` (a digest in the payload store), ``file``, ``folder``, ``http``.
        place: The digest, path or address.
        headers: What an ``http`` source is asked with; never shown to anybody.
    """

    kind: str
    place: str
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Dataset:
    """Something of ours that registered counterparts may see.

    Attributes:
        id: Its id on the wire.
        title: Words for our own officials.
        source: Where the bytes are.
        media: Their media type.
        offers: At least one; the first is the formal offer.
        formats: From ``FORMATS``.
        to: Ids of the counterparts to whom it was released.
        facts: What rulings look at.
        group: The nested catalogue it stands in; None: the catalogue itself.
        by: Who released it; None where a profile did.
    """

    id: str
    title: str
    source: Source
    media: str
    offers: tuple[PolicyOffer, ...]
    formats: tuple[str, ...]
    to: tuple[str, ...]
    facts: ItemFacts
    group: str | None = None
    by: str | None = None


@attrs.frozen(kw_only=True)
class Contract:
    """A contract with a registered counterpart, negotiated or recorded outside the protocol.

    Attributes:
        id: As the provider named it.
        role: Our part in it.
        dataset: The provider's id of what it is about.
        policy: The rules.
        meaning: What they mean.
        agreed: When.
        negotiation: Our id of the negotiation; None where it was registered.
        facts: What rulings look at.
        formats: How it may move.
    """

    id: str
    role: Role
    counterpart: str
    dataset: str
    policy: str
    meaning: str
    agreed: Instant
    negotiation: str | None
    facts: ItemFacts
    formats: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Address:
    """Where data is, or is wanted, and what opens it."""

    endpoint: str
    authorization: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Exchange:
    """One negotiation or transfer with a registered counterpart, as we keep it.

    Attributes:
        pid: Our id of it.
        peer_pid: The counterpart's, once known.
        state: The state both sides know.
        pending: The state that a message of ours, on its way and not rejected, will bring.
        sent: How many messages of ours were said in it; the one that opened it is not counted.
        withheld: Whether a message of ours was not taken for now and is sent again later.
        dataset: The provider's id of what it is about.
        offer: The last offer on the table (negotiation).
        asked: The last proposal of our own (negotiation, consumer).
        agreed: When the provider says the contract was concluded.
        contract: The contract it led to, or that it moves data under.
        format: How the data moves (transfer).
        address: Where the data is (consumer), or is to be pushed (provider).
        facts: What rulings look at.
        reached: How often each state was reached.
        messages: Ids and digests of messages that came, the newest last.
        since: When it came to its state.
        opened: When it began.
        serial: How many steps of it were kept.
        named: Whether it can be found by the counterpart's id.
        token_digest: SHA-256 of the token that opens the data (provider of a pull), or takes it in
            (consumer of a push).
        token_expires: When that token dies; None while a consumer's waits for the start.
        resumed: Whether the consumer has resumed and waits for a fresh address.
        delivered: Whether all bytes went out, or came in and are right.
        odd: What of a message was not as agreed: nothing goes on by itself then.
        code: Why it ended, in a word.
        reason: Why it ended, for a person.
    """

    family: Family
    role: Role
    pid: str
    peer_pid: str | None
    counterpart: str
    state: State
    pending: State | None
    dataset: str
    offer: PolicyOffer | None
    asked: PolicyOffer | None
    agreed: Instant | None
    contract: str | None
    format: str | None
    address: Address | None
    facts: ItemFacts
    reached: Mapping[str, int]
    messages: tuple[tuple[str, str], ...]
    since: Instant
    opened: Instant
    sent: int = 0
    serial: int = 0
    named: bool = False
    token_digest: str | None = None
    token_expires: Instant | None = None
    withheld: bool = False
    resumed: bool = False
    delivered: bool = False
    odd: str | None = None
    code: str | None = None
    reason: str | None = None

    @property
    def ended(self) -> bool:
        """Return whether nothing more can happen in it."""
        return self.state in ENDS

    @property
    def standing(self) -> State:
        """Return the state the counterpart may already have acted on."""
        return self.pending or self.state

    @property
    def provider_pid(self) -> str | None:
        """Return the provider's id of it."""
        return self.pid if self.role is Role.PROVIDER else self.peer_pid

    @property
    def consumer_pid(self) -> str | None:
        """Return the consumer's id of it."""
        return self.pid if self.role is Role.CONSUMER else self.peer_pid

    @property
    def pushed_to_us(self) -> bool:
        """Return whether its provider sends the data to an address of ours."""
        return self.role is Role.CONSUMER and self.format == PUSH

    def times(self, state: State) -> int:
        """Return how often it came to ``state``."""
        return self.reached.get(state.value, 0)

    def at_state(self, state: State, at: Instant) -> "Exchange":
        """Return it in ``state``, reached once more; what opened data opens none in another.

        The token of a consumer's request is made before the start, and its time runs from there.
        """
        reached = {**self.reached, state.value: self.times(state) + 1}
        moved = attrs.evolve(
            self,
            state=state,
            pending=None,
            withheld=self.withheld and state not in ENDS,
            reached=reached,
            since=at,
        )
        if state is State.STARTED and self.pushed_to_us and self.token_digest is not None:
            return attrs.evolve(moved, token_expires=at.plus(TOKEN_S))
        if state in {State.REQUESTED, State.STARTED}:
            return moved
        return attrs.evolve(moved, token_digest=None, token_expires=None, resumed=False)

    def heard(self, message: str, sha256: str) -> "Exchange":
        """Return it with one more message remembered."""
        kept = (*self.messages, (message, sha256))[-REMEMBERED:]
        return attrs.evolve(self, messages=kept)


def agreement_of(counterpart: Counterpart, *, own: str) -> Agreement:
    """Return the registered framework in the form that ``rule_on`` takes.

    Args:
        counterpart: Whose framework.
        own: Our participant id.
    """
    told = counterpart.framework
    policy = Policy(
        articles=(UNIT,),
        actions=("share",),
        kinds=told.kinds,
        marking_max=told.marking_max,
        purposes=told.purposes,
        recipients=(PARTIES,),
        onward=told.onward,
    )
    stopped = Suspension(digest="", party=own, units=(), until=None, article=told.article)
    return Agreement(
        instrument=counterpart.id,
        title=told.title,
        parties=(own, counterpart.id),
        text=None,
        in_force_at=told.since,
        ends_at=told.until,
        scale=told.scale,
        areas=((UNIT, Area(id=told.area, title=told.area, policy=policy)),),
        labels={UNIT: told.article},
        parents={UNIT: None},
        third_parties=None,
        suspensions=(stopped,) if told.suspended else (),
    )
