"""Things that live by acts of two parties: one order of the acts, one step at a time.

Each party writes its acts into its own log. An act takes its place after everything its author had
seen: by its logical clock, and where two acts crossed, by the identifiers of the parties. What a
thing is follows from its acts in that order alone, so both nodes compute the same however the acts
arrived. An act that cannot count at its place stays in the record without effect and says why.
Source: design 2 (idea 1); spec 10.1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Final, Generic, TypeVar

import attrs
import msgspec
from msgspec import Meta

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.text import check_text

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

# Members of acts, bounded; the patterns say the same in Python and in a JSON schema.
Id = Annotated[str, Meta(pattern=r"^urn:uuid:[0-9a-f-]{36}$(?!\n)")]
Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
When = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$(?!\n)")]
Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]

#: In a step: who may take it. The names of further parts are the room's own.
EITHER: Final = "either"
OTHER: Final = "other"
OPENER: Final = "opener"


@attrs.frozen(kw_only=True)
class Deed:
    """One act on one thing.

    Attributes:
        party: Who wrote it.
        n: Its index in that party's log.
        seen: How much of the other log its author had seen.
        lc: Its logical clock: larger than that of everything its author knew.
        kind: Its kind, such as ``commitment.claim``.
        data: What it says: the section ``act``.
    """

    party: str
    n: int
    seen: int
    lc: int
    kind: str
    data: JsonObject

    @property
    def family(self) -> str:
        """What sort of thing it is about: the part of its kind before the point."""
        return self.kind.partition(".")[0]

    @property
    def step(self) -> str:
        """What it does to that thing: the part of its kind behind the point."""
        return self.kind.partition(".")[2]

    @property
    def thing(self) -> str:
        """The id of the thing: the member that is called as the family."""
        return str(self.data[self.family])

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the common order."""
        return (self.lc, self.party)


@attrs.frozen(kw_only=True)
class Idle:
    """An act that stands in the record and changes nothing, and why."""

    party: str
    n: int
    kind: str
    code: str
    message: str


@attrs.frozen(kw_only=True)
class Step:
    """One row of a machine: what an act does, who may take it, from where, to where.

    Attributes:
        name: The part of the kind behind the point.
        by: Who may: a part that the room knows (``either``, ``other``, ``opener``, its own).
        sources: The states it may be taken from; none where it begins the thing.
        target: The state it leads to; empty where the act names it, or where it stays.
        both: Whether it counts only once both parties have done the same.
        ruled: Whether the article that the thing stands on must allow it when it is done.
    """

    name: str
    by: str
    sources: tuple[str, ...] = ()
    target: str = ""
    both: bool = False
    ruled: bool = False


@attrs.frozen(kw_only=True)
class Chain(Generic[T]):
    """The acts on one thing in their order, and what they come to."""

    deeds: tuple[Deed, ...] = ()
    thing: T | None = None
    idle: tuple[Idle, ...] = ()


#: A room's function: the thing after one more act; raises RefusedError where that cannot count.
Apply = Callable[[T | None, Deed], T]


@attrs.frozen(kw_only=True)
class Book(Generic[T]):
    """All things of one family, by id."""

    chains: Mapping[str, Chain[T]] = attrs.field(factory=dict)

    def get(self, name: str) -> T | None:
        """Return the thing, or None where no act began one."""
        chain = self.chains.get(name)
        return None if chain is None else chain.thing

    def things(self) -> Iterator[T]:
        """Yield every thing, by id."""
        for name in sorted(self.chains):
            thing = self.chains[name].thing
            if thing is not None:
                yield thing

    def idle(self) -> tuple[Idle, ...]:
        """Return the acts without effect."""
        return tuple(each for name in sorted(self.chains) for each in self.chains[name].idle)

    def after(self, deeds: Iterable[Deed], apply: Apply[T]) -> "Book[T]":
        """Return the book with more acts, which may come in any order; copied once."""
        made = dict(self.chains)
        for deed in deeds:
            made[deed.thing] = _after(made.get(deed.thing, Chain()), deed, apply)
        return Book(chains=made)


def _after(chain: Chain[T], deed: Deed, apply: Apply[T]) -> Chain[T]:
    if not chain.deeds or chain.deeds[-1].place < deed.place:
        return _applied(chain, deed, apply)
    made: Chain[T] = Chain()
    for each in sorted((*chain.deeds, deed), key=lambda one: one.place):
        made = _applied(made, each, apply)
    return made


def _applied(chain: Chain[T], deed: Deed, apply: Apply[T]) -> Chain[T]:
    deeds = (*chain.deeds, deed)
    try:
        return attrs.evolve(chain, deeds=deeds, thing=apply(chain.thing, deed))
    except RefusedError as error:
        idle = Idle(
            party=deed.party, n=deed.n, kind=deed.kind, code=error.code, message=error.message
        )
        return attrs.evolve(chain, deeds=deeds, idle=(*chain.idle, idle))


def body_of(data: JsonObject, form: type[S], *, what: str) -> S:
    """Return what an act says as a typed value: closed, bounded, every text one that may stand.

    Raises:
        PeerError: ``deeds.form``: a member is missing, unknown or of another kind;
            ``basics.character``, ``basics.normal_form``: a text that may not stand.
    """
    try:
        made = msgspec.convert(data, form, strict=True)
    except msgspec.ValidationError as error:
        raise PeerError("deeds.form", f"{what} has not its form: {error}.") from error
    for text in _texts(data):
        check_text(text, what=what)
    return made


def read_act(deed: Deed, forms: Mapping[str, type[S]], *, family: str) -> S:
    """Return what an act says, by the form of its step.

    Raises:
        PeerError: ``deeds.kind``: the family has no such step; as ``body_of``.
    """
    form = forms.get(deed.step) if deed.family == family else None
    if form is None:
        raise PeerError("deeds.kind", f"{deed.kind[:60]!r} is no kind of act.")
    return body_of(deed.data, form, what=f"The act {deed.kind}")


def json_of(value: msgspec.Struct) -> JsonObject:
    """Return a typed value as it stands in an act."""
    made = msgspec.to_builtins(value)
    assert isinstance(made, dict)
    return made


def table(*steps: Step) -> Mapping[str, Step]:
    """Return a machine by the names of its steps."""
    return {step.name: step for step in steps}


def begins(known: object, what: str) -> None:
    """Pass if a thing of that id is not there yet.

    Raises:
        RefusedError: ``deeds.exists``.
    """
    if known is not None:
        raise RefusedError("deeds.exists", f"There is {what} of that id already.")


def missing(what: str) -> RefusedError:
    """Return the error of an act on a thing that no act began."""
    return RefusedError("deeds.none", f"There is no such {what} (yet).")


def may(title: str, status: str, step: Step, *, plays: bool, whose: Mapping[str, str]) -> None:
    """Pass if a step may be taken now, by whoever takes it.

    Args:
        title: What people call the thing.
        status: Where it stands by its acts.
        step: The step.
        plays: Whether the author has the part that the step wants.
        whose: What people call each part that a step of this machine can want.

    Raises:
        RefusedError: ``deeds.not_now``, ``deeds.not_yours``.
    """
    name = words_of(step.name)
    if status not in step.sources:
        wanted = " or ".join(words_of(each) for each in step.sources)
        raise RefusedError(
            "deeds.not_now",
            f"«{title}» is {words_of(status)}; {name} is possible while it is {wanted}.",
            {"status": str(status)},
        )
    if not plays:
        raise RefusedError("deeds.not_yours", f"«{title}»: only {whose[step.by]} can {name}.")


def words_of(code: str) -> str:
    """Return a state or a step in plain words."""
    return code.replace("_", " ")


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)
