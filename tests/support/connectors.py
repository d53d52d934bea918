"""Two registered connectors and what moves between them: builders, and both ends at once."""

from collections.abc import Callable
from itertools import count
from typing import Final

import attrs
import pytest

from comity.foundation.canonical import digest
from comity.foundation.errors import ComityError, MisuseError, PeerError, RefusedError
from comity.foundation.instants import Instant
from comity.protocols.dsp import connectors as wire
from comity.protocols.dsp.policies import Atomic, Rule, Rules
from comity.sharing.connectors import machine, openings
from comity.sharing.connectors.messages import Agreed, Message
from comity.sharing.connectors.model import (
    PULL,
    PUSH,
    Address,
    Contract,
    Counterpart,
    Dataset,
    Exchange,
    Framework,
    Identity,
    IdentityKind,
    ItemFacts,
    PolicyOffer,
    Source,
)
from comity.sharing.connectors.playbook import Do
from comity.sharing.connectors.rulings import Facts
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role, State
from support.sharing import AT

#: P gives, C takes; each has registered the other.
P, C = "urn:connector:provider", "urn:connector:consumer"
BASE: Final = {P: "https://p.example/dsp/2025-1", C: "https://c.example/dsp/2025-1"}
IDS: Final = {Role.PROVIDER: P, Role.CONSUMER: C}
FRAMEWORK = Framework(
    title="Arrangement on Charts",
    article="Article 4",
    area="charts",
    kinds=("chart",),
    scale=("open", "limited"),
    marking_max="limited",
    purposes=("navigation",),
    onward="refused",
    since=Instant.parse("2026-01-01T00:00:00Z"),
    until=None,
)
ITEM = ItemFacts(area="charts", kind="chart", marking="open", purpose="navigation")
USE = Rules(permission=(Rule(action="use", constraints=()),))
#: The same words with a condition: another meaning.
LIMITED = Rules(
    permission=(
        Rule(
            action="use",
            constraints=(Atomic(left="https://x.example/p", operator="eq", right="navigation"),),
        ),
    )
)
OFFER: PolicyOffer = wire.policy_offer("offer-1", target="chart-1", rules=USE)
OTHER_TERMS: PolicyOffer = wire.policy_offer("offer-1", target="chart-1", rules=LIMITED)
DATASET = Dataset(
    id="chart-1",
    title="Approaches",
    source=Source(kind="payload", place="ab" * 32),
    media="application/octet-stream",
    offers=(OFFER,),
    formats=(PULL, PUSH),
    to=(C,),
    facts=ITEM,
)
TOKEN: Final = "A" * 43


def counterpart(name: str, **changes: object) -> Counterpart:
    """Return P or C as the other has registered it."""
    made = Counterpart(
        id=name,
        name=name.rpartition(":")[2],
        base=BASE[name],
        identity=Identity(kind=IdentityKind.STATIC, header="secret"),
        framework=FRAMEWORK,
        registered=AT,
        by="desk",
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


def contract(role: Role, **changes: object) -> Contract:
    """Return a contract as that side keeps it."""
    made = Contract(
        id="contract-1",
        role=role,
        counterpart=IDS[role.other()],
        dataset=DATASET.id,
        policy=OFFER.policy,
        meaning=OFFER.meaning,
        agreed=AT,
        negotiation=None,
        facts=ITEM,
        formats=(PULL, PUSH),
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


def facts(role: Role, **changes: object) -> Facts:
    """Return what the node in that role tells its room."""
    own = IDS[role]
    made = Facts(
        own=own,
        own_base=BASE[own],
        counterpart=counterpart(IDS[role.other()]),
        dataset=DATASET if role is Role.PROVIDER else None,
        withdrawn=False,
        contract=contract(role),
        control=None,
        at=AT,
        ids=lambda: f"urn:uuid:00000000-0000-4000-8000-{next(_NUMBERS):012d}",
        chance=lambda: bytes(32),
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


_NUMBERS = count(1)


def exchange(family: Family, role: Role, state: State, **changes: object) -> Exchange:
    """Return a process as it stands in ``state``, everything on it that its past has brought."""
    agreed = family is Family.TRANSFER or state in {State.AGREED, State.VERIFIED, State.FINALIZED}
    started = family is Family.TRANSFER and state is not State.REQUESTED
    made = Exchange(
        family=family,
        role=role,
        pid="ours",
        peer_pid="theirs",
        counterpart=IDS[role.other()],
        state=state,
        pending=None,
        dataset=DATASET.id,
        offer=OFFER if family is Family.NEGOTIATION else None,
        asked=OFFER if (family, role) == (Family.NEGOTIATION, Role.CONSUMER) else None,
        agreed=AT if agreed else None,
        contract="contract-1" if agreed else None,
        format=PULL if family is Family.TRANSFER else None,
        address=Address(endpoint=f"{BASE[P]}/data/1", authorization=TOKEN)
        if started and role is Role.CONSUMER
        else None,
        facts=ITEM,
        reached={state.value: 1},
        messages=(),
        since=AT,
        opened=AT,
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


def agreed(**changes: object) -> Agreed:
    """Return the agreement that P and C would conclude."""
    made = Agreed(
        id="contract-1",
        target=DATASET.id,
        assigner=P,
        assignee=C,
        policy=OFFER.policy,
        meaning=OFFER.meaning,
        timestamp=AT,
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


def said(about: Exchange, step: Step, **changes: object) -> Message:
    """Return the message with which the other side of ``about`` takes ``step``."""
    name = str(changes.get("id", f"message-{step}"))
    made = Message(
        family=about.family,
        step=step,
        id=name,
        provider_pid=about.provider_pid or "theirs",
        consumer_pid=about.consumer_pid or "theirs",
        offer=OFFER if step in {Step.REQUEST, Step.OFFER} else None,
        agreed=agreed() if step is Step.AGREE else None,
        sha256=digest(name.encode()),
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


# --- both ends --------------------------------------------------------------------------------


@attrs.define(kw_only=True)
class End:
    """One side of a process, with its letters on the way; it behaves as the node's delivery does.

    Attributes:
        letters: Messages and which of ours they are; the first is being brought.
        answers: What came back for the first letter and has not yet been read.
        arrived: Ids of the messages that arrived, whatever became of the answers.
    """

    role: Role
    exchange: Exchange | None = None
    letters: list[tuple[Message, int | None]] = attrs.field(factory=list)
    answers: list[str] = attrs.field(factory=list)
    arrived: set[str] = attrs.field(factory=set)

    @property
    def now(self) -> Exchange:
        assert self.exchange is not None
        return self.exchange

    def opens(self, moved: openings.Moved) -> None:
        """Begin a process of our own."""
        assert moved.message is not None
        self.exchange = moved.exchange
        self.letters.append((moved.message, None))

    def act(self, do: Do, *, person: bool = True) -> None:
        """Do something, if it may be done."""
        moved = machine.act(self.now, do, facts=facts(self.role), person=person)
        self.exchange = moved.exchange
        if moved.message is not None:
            if do is Do.TERMINATE:
                self.letters.clear()
                self.answers.clear()
            self.letters.append((moved.message, moved.exchange.sent))

    def take(self, body: bytes, message: Message) -> str:
        """Return the answer to a letter of the other side."""
        if message.callback is not None:
            if self.exchange is None:
                place = wire.path_of(message, peer_pid=None)
                opening = wire.read_opening(place, body)
                self.exchange = openings.opened_by(opening, facts=facts(self.role))
            return "taken"
        end = wire.path_of(message, peer_pid="x").split("/x/")[1]
        came = wire.read_step(message.family, end, body)
        try:
            if not machine.repeated(self.now, came):
                self.exchange = machine.received(self.now, came, facts=facts(self.role))
        except PeerError:
            return "rejected"
        if self.now.ended:
            self.letters.clear()
            self.answers.clear()
        return "taken"

    def bring(self, other: "End") -> None:
        """Let the first letter arrive at the other side; an answer before was lost."""
        message, sent = self.letters[0]
        self.answers.clear()
        if sent is not None:
            ours = machine.again(self.now, sent=sent, step=message.step)
            self.exchange = ours or machine.overtaken(self.now, sent=sent)
            if ours is None:
                self.letters.pop(0)
                return
        self.arrived.add(message.id)
        self.answers.append(other.take(wire.message_bytes(message), message))

    def withhold(self) -> None:
        """Have the first letter answered "not now", by a counterpart that has not taken it."""
        message, sent = self.letters[0]
        if message.id in self.arrived:
            return
        if sent is not None:
            self.exchange = machine.withheld(self.now, sent=sent)

    def hear(self, other: "End") -> None:
        """Read the answer to the first letter."""
        answer, sent = self.answers.pop(0), self.letters.pop(0)[1]
        if answer == "taken":
            pid = other.now.pid if sent is None else None
            self.exchange = machine.acknowledged(self.now, sent=sent, peer_pid=pid, at=AT)
        elif sent is None or machine.on_its_way(self.now, sent):
            self.exchange = machine.over(self.now, code="rejected", reason="", at=AT)
        if self.now.ended:
            self.letters.clear()


@attrs.define
class Both:
    """Both sides of one process."""

    provider: End = attrs.field(factory=lambda: End(role=Role.PROVIDER))
    consumer: End = attrs.field(factory=lambda: End(role=Role.CONSUMER))

    @classmethod
    def opened(cls, family: Family) -> "Both":
        """Return both sides after the consumer's request was taken."""
        made = cls()
        told = facts(Role.CONSUMER)
        if family is Family.NEGOTIATION:
            made.consumer.opens(openings.ask(OFFER, item=ITEM, facts=told))
        else:
            assert told.contract is not None
            made.consumer.opens(openings.ask_for_data(told.contract, way=PULL, facts=told))
        made.settle()
        return made

    def ends(self) -> tuple[tuple[End, End], tuple[End, End]]:
        """Return each side with its other one."""
        return (self.provider, self.consumer), (self.consumer, self.provider)

    def settle(self) -> None:
        """Let everything arrive that is on its way."""
        for _ in range(100):
            for ours, theirs in self.ends():
                if ours.answers:
                    ours.hear(theirs)
                elif ours.letters:
                    ours.bring(theirs)
        assert not self.provider.letters
        assert not self.consumer.letters

    @property
    def states(self) -> tuple[State, State]:
        return self.provider.now.state, self.consumer.now.state


def tried(work: Callable[[], object]) -> bool:
    """Return whether it could be done; what could not has said why."""
    try:
        work()
    except (MisuseError, PeerError, RefusedError):
        return False
    return True


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as refused:
        work()
    ruling = refused.value.facts.get("ruling")
    return str(ruling or refused.value.code)


def acted(one: Exchange, do: Do, *, person: bool = True, **told: object) -> openings.Moved:
    offer = told.pop("offer", None)
    assert offer is None or isinstance(offer, PolicyOffer)
    return machine.act(
        one, do, facts=facts(one.role, **told), person=person, offer=offer, reason="A reason."
    )
