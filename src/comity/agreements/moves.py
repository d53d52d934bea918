"""The moves of a tabling: what a party says on a unit or offers as a package.

A move names a unit by its id and an alternative by its digest; nothing is ever accepted by
reference to "the current text". The set of moves and of their members is closed. Source:
agreements.md D3.4; spec 5.2.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.agreements.model import Content, content_json, read_content
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import PeerError
from comity.foundation.limits import FREE_TEXT_CHARS_MAX, UNITS_MAX

MOVES_MAX: Final = 2 * UNITS_MAX
RESERVES: Final = ("scrutiny", "capital", "parliamentary", "linguistic", "legal", "substantive")

_UNIT: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_URN: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class Propose:
    """An alternative for a unit: new, changed, moved or deleted. It accepts itself."""

    unit: str
    content: Content


@attrs.frozen(kw_only=True)
class Accept:
    """Acceptance of one alternative; one's own, if different, is withdrawn by it."""

    unit: str
    digest: str


@attrs.frozen(kw_only=True)
class AcceptAdRef:
    """Acceptance subject to confirmation."""

    unit: str
    digest: str


@attrs.frozen(kw_only=True)
class Confirm:
    """Confirmation of what was accepted ad referendum."""

    unit: str
    digest: str


@attrs.frozen(kw_only=True)
class Object:
    """A stated no to the counterpart's alternative, with or without a reason."""

    unit: str
    digest: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Reserve:
    """A hold on a unit; of one of ``RESERVES``."""

    unit: str
    reserve: str


@attrs.frozen(kw_only=True)
class Lift:
    """The end of one's own reserve."""

    unit: str


@attrs.frozen(kw_only=True)
class Withdraw:
    """Taking back one's own alternative and stance."""

    unit: str


@attrs.frozen(kw_only=True)
class Park:
    """Wish to come back to a unit later; it is parked once both wish it."""

    unit: str


@attrs.frozen(kw_only=True)
class Unpark:
    """The end of one's wish to leave a unit for later."""

    unit: str


@attrs.frozen(kw_only=True)
class Reopen:
    """Both stances on a unit fall; counted and shown."""

    unit: str
    reason: str


@attrs.frozen(kw_only=True)
class Explain:
    """Words beside a unit, without effect on it."""

    unit: str
    text: str


@attrs.frozen(kw_only=True)
class Package:
    """An offer: the author accepts all of ``gives`` if the counterpart accepts all of ``asks``."""

    package: str
    gives: Pairs
    asks: Pairs

    def digest(self) -> str:
        """Return the digest by which the package is accepted. Source: spec 5.4.1."""
        return digest(
            canonical(
                {
                    "package": self.package,
                    "gives": [list(pair) for pair in self.gives],
                    "asks": [list(pair) for pair in self.asks],
                }
            )
        )


@attrs.frozen(kw_only=True)
class AcceptPackage:
    """Acceptance of a package as a whole, by its digest."""

    package: str
    digest: str


@attrs.frozen(kw_only=True)
class WithdrawPackage:
    """Taking back one's own package."""

    package: str


Flag: TypeAlias = Object | Reserve | Lift | Park | Unpark
#: The moves that make a position; ``Explain`` makes none.
UnitMove: TypeAlias = Propose | Accept | AcceptAdRef | Confirm | Withdraw | Reopen | Flag
PackageMove: TypeAlias = Package | AcceptPackage | WithdrawPackage
Move: TypeAlias = UnitMove | Explain | PackageMove

#: Move name on the wire to its class. Source: spec 5.2.2.
NAMES: Final[Mapping[str, type[Move]]] = {
    "propose": Propose,
    "accept": Accept,
    "accept_ad_ref": AcceptAdRef,
    "confirm": Confirm,
    "object": Object,
    "reserve": Reserve,
    "lift": Lift,
    "withdraw": Withdraw,
    "park": Park,
    "unpark": Unpark,
    "reopen": Reopen,
    "explain": Explain,
    "package": Package,
    "accept_package": AcceptPackage,
    "withdraw_package": WithdrawPackage,
}
_NAME_OF: Final = {kind: name for name, kind in NAMES.items()}
_NAMES_OF_MEMBERS: Final = {
    name: tuple(each.name for each in attrs.fields(kind)) for name, kind in NAMES.items()
}


def read_moves(value: Json) -> tuple[Move, ...]:
    """Return the moves of one tabling.

    Raises:
        PeerError: ``moves.list`` and all of ``read_move``.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOVES_MAX:
        raise PeerError("moves.list", f"A tabling's moves are a list of at most {MOVES_MAX} moves.")
    return tuple(read_move(each) for each in value)


def read_move(value: Json) -> Move:
    """Return the move in a JSON value; strict and closed.

    Raises:
        PeerError: ``moves.unknown``, ``moves.members``, ``moves.value`` and all of
            ``model.read_content``.
    """
    name = value.get("move") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(name, str) or name not in NAMES:
        raise PeerError(
            "moves.unknown", f"Moves are {', '.join(NAMES)}; found {name or value!r:.60}."
        )
    names = _NAMES_OF_MEMBERS[name]
    given = set(value) - {"move"}
    if not given <= set(names) or not set(names) - {"reason"} <= given:
        raise PeerError(
            "moves.members",
            f"The move {name} has the members {', '.join(names)};"
            f" found {', '.join(sorted(given)) or 'none'}.",
        )
    if name == "reopen" and "reason" not in given:
        raise PeerError("moves.no_reason", "A unit is reopened with a reason; none is given.")
    made: dict[str, object] = {
        member: _READERS[member](value[member], member) for member in names if member in given
    }
    move = NAMES[name](**made)  # type: ignore[arg-type]  # each member was read by its own reader
    if isinstance(move, Package):
        _check_package(move)
    return move


def move_json(move: Move) -> JsonObject:
    """Return the JSON object that ``read_move`` reads back to an equal move."""
    made: dict[str, Json] = {"move": _NAME_OF[type(move)]}
    for each in attrs.fields(type(move)):
        value = getattr(move, each.name)
        if isinstance(value, Content):
            made[each.name] = content_json(value)
        elif isinstance(value, tuple):
            made[each.name] = [list(pair) for pair in value]
        elif value is not None:
            made[each.name] = value
    return made


def move_name(move: Move) -> str:
    """Return the move's name on the wire."""
    return _NAME_OF[type(move)]


def read_unit(value: Json, member: str = "unit") -> str:
    """Return a unit id.

    Raises:
        PeerError: ``moves.value``.
    """
    return _matching(value, member, _UNIT)


def read_digest(value: Json, member: str = "digest") -> str:
    """Return a SHA-256 digest in lower-case hexadecimal.

    Raises:
        PeerError: ``moves.value``.
    """
    return _matching(value, member, _DIGEST)


def read_urn(value: Json, member: str) -> str:
    """Return a ``urn:uuid`` identifier.

    Raises:
        PeerError: ``moves.value``.
    """
    return _matching(value, member, _URN)


def _matching(value: Json, member: str, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise PeerError(
            "moves.value", f"The member {member} is written {form.pattern}; found {value!r:.80}."
        )
    return value


def _content(value: Json, _: str) -> Content:
    return read_content(value)


def _text(value: Json, member: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= FREE_TEXT_CHARS_MAX:
        raise PeerError(
            "moves.text", f"The member {member} is a text of 1 to {FREE_TEXT_CHARS_MAX} characters."
        )
    return value


def _reserve(value: Json, _: str) -> str:
    if not isinstance(value, str) or value not in RESERVES:
        raise PeerError(
            "moves.reserve", f"A reserve is one of {', '.join(RESERVES)}; found {value!r:.40}."
        )
    return value


def _pairs(value: Json, member: str) -> Pairs:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) <= UNITS_MAX:
        return tuple(_pair(each, member) for each in value)
    raise PeerError("moves.pairs", f"The member {member} is a list of [unit, digest] pairs.")


def _pair(value: Json, member: str) -> tuple[str, str]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise PeerError("moves.pair", f"In {member}: [unit, digest] expected; {value!r:.60} found.")
    return read_unit(value[0]), read_digest(value[1])


def _check_package(package: Package) -> None:
    units = [unit for unit, _ in package.gives + package.asks]
    if not package.asks or len(set(units)) != len(units):
        raise PeerError(
            "moves.package", "A package asks for at least one unit and names each unit once."
        )


_READERS: Final[Mapping[str, Callable[[Json, str], object]]] = {
    "unit": read_unit,
    "digest": read_digest,
    "content": _content,
    "reason": _text,
    "text": _text,
    "reserve": _reserve,
    "package": read_urn,
    "gives": _pairs,
    "asks": _pairs,
}
