"""Policies on the wire: rules, constraints, offers and agreements, and when two mean the same.

A peer that runs a JSON-LD processor sends back what it got with prefixes in the place of IRIs and
with one-element lists unwrapped where the context has no list; both are read, and ``normal_form``
makes them equal. Source: Dataspace Protocol 2025-1, negotiation/contract-schema.json;
dataspace-protocol 3.2, 8, 9 and 12.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Self, TypeAlias

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import PeerError
from comity.protocols.dsp.reading import Reader, reader, without_absent

#: ``term-lteq`` stands in the official schema by mistake; it is read as ``lteq``, never written.
OPERATORS: Final = (
    *("eq", "gt", "gteq", "hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf"),
    *("lt", "lteq", "neq"),
)
LOGICAL: Final = ("and", "andSequence", "or", "xone")

_ODRL: Final = "http://www.w3.org/ns/odrl/2/"
_PREFIXES: Final = {
    "odrl:": _ODRL,
    "dct:": "http://purl.org/dc/terms/",
    "dcat:": "http://www.w3.org/ns/dcat#",
    "xsd:": "http://www.w3.org/2001/XMLSchema#",
    "dspace:": "https://w3id.org/dspace/2025/1/",
}
#: Words of ODRL that the context of the protocol knows without a prefix.
_KNOWN: Final = frozenset({"use", *OPERATORS})
_DATE_TIME: Final = re.compile(
    r"-?(?:[1-9][0-9]{3,8}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,20})?|24:00:00(?:\.0{1,20})?)"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?",
    re.ASCII,
)


@attrs.frozen(kw_only=True)
class Atomic:
    """One comparison. ``right`` is a text, an object or a list."""

    left: str
    operator: str
    right: Json

    def json(self) -> JsonObject:
        """Return the object."""
        return {
            "leftOperand": self.left,
            "operator": self.operator,
            "rightOperand": self.right,
        }


@attrs.frozen(kw_only=True)
class Logical:
    """Several constraints under one of ``LOGICAL``; one alone is never wrapped."""

    operator: str
    parts: "tuple[Constraint, ...]"

    def json(self) -> JsonObject:
        """Return the object."""
        return {self.operator: [each.json() for each in self.parts]}


Constraint: TypeAlias = Atomic | Logical


@attrs.frozen(kw_only=True)
class Rule:
    """A permission, a prohibition or a duty."""

    action: str
    constraints: tuple[Constraint, ...]

    def json(self) -> JsonObject:
        """Return the object."""
        listed = [each.json() for each in self.constraints]
        return without_absent({"action": self.action, "constraint": listed})

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the rule of an opened object.

        Raises:
            PeerError: ``dsp.*``.
        """
        listed = value.values("constraint", least=0)
        return cls(
            action=value.text("action"), constraints=tuple(read_constraint(each) for each in listed)
        )


@attrs.frozen(kw_only=True)
class Rules:
    """What a policy says: at least one permission or prohibition."""

    permission: tuple[Rule, ...] = ()
    prohibition: tuple[Rule, ...] = ()
    obligation: tuple[Rule, ...] = ()
    profile: tuple[str, ...] = ()

    def json(self) -> dict[str, Json]:
        """Return the members that stand."""
        profile: Json = self.profile[0] if len(self.profile) == 1 else list(self.profile)
        return without_absent(
            {
                "profile": profile,
                "permission": [each.json() for each in self.permission],
                "prohibition": [each.json() for each in self.prohibition],
                "obligation": [each.json() for each in self.obligation],
            }
        )

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the rules of an opened policy.

        Raises:
            PeerError: ``dsp.no_rule``: neither permission nor prohibition; ``dsp.*``.
        """
        if not value.has("permission") and not value.has("prohibition"):
            raise PeerError("dsp.no_rule", f"{value.what} needs a permission or a prohibition.")
        return cls(
            permission=tuple(map(Rule.read, value.inners("permission"))),
            prohibition=tuple(map(Rule.read, value.inners("prohibition"))),
            obligation=tuple(map(Rule.read, value.inners("obligation"))),
            profile=_profile(value),
        )


@attrs.frozen(kw_only=True)
class Offer:
    """An offer; inside a dataset it has no target, inside a message it should."""

    id: str
    rules: Rules
    target: str | None = None

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {"@id": self.id, "@type": "Offer", "target": self.target}
        return without_absent(members) | self.rules.json()

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the offer of a message.

        Raises:
            PeerError: ``dsp.*``.
        """
        value.fixed("@type", "Offer")
        return cls(id=value.name("@id"), rules=Rules.read(value), target=value.maybe_name("target"))

    @classmethod
    def read_in_dataset(cls, value: Reader) -> Self:
        """Return the offer of a dataset, which its place gives a target.

        Raises:
            PeerError: ``dsp.offer_target``: it has one of its own; ``dsp.*``.
        """
        if value.has("@type"):
            value.fixed("@type", "Offer")
        if value.has("target"):
            raise PeerError(
                "dsp.offer_target", f"{value.what}: an offer inside a dataset has no target."
            )
        return cls(id=value.name("@id"), rules=Rules.read(value))


@attrs.frozen(kw_only=True)
class Agreement:
    """A contract as the wire has it. ``timestamp`` keeps the spelling it came in."""

    id: str
    rules: Rules
    target: str
    assigner: str
    assignee: str
    timestamp: str | None

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {
            "@id": self.id,
            "@type": "Agreement",
            "target": self.target,
            "assigner": self.assigner,
            "assignee": self.assignee,
            "timestamp": self.timestamp,
        }
        return without_absent(members) | self.rules.json()

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the agreement of an opened object.

        Raises:
            PeerError: ``dsp.timestamp``: not an xsd:dateTime; ``dsp.*``.
        """
        value.fixed("@type", "Agreement")
        timestamp = value.maybe_text("timestamp")
        if timestamp is not None and _DATE_TIME.fullmatch(timestamp) is None:
            raise PeerError(
                "dsp.timestamp", f"{value.what}: {timestamp[:60]!r} is not an xsd:dateTime."
            )
        return cls(
            id=value.name("@id"),
            rules=Rules.read(value),
            target=value.name("target"),
            assigner=value.name("assigner"),
            assignee=value.name("assignee"),
            timestamp=timestamp,
        )


def read_constraint(value: Json) -> Constraint:
    """Return the constraint in ``value``.

    Raises:
        PeerError: ``dsp.constraint``: neither a comparison nor one logical constraint, or both;
            ``dsp.*``.
    """
    read = reader(value, what="constraint")
    atomic = all(read.has(name) for name in ("leftOperand", "operator", "rightOperand"))
    logical = [name for name in LOGICAL if read.has(name)]
    if atomic == bool(logical) or len(logical) > 1:
        raise PeerError(
            "dsp.constraint",
            "A constraint is either leftOperand, operator and rightOperand, or exactly one of"
            f" {', '.join(LOGICAL)}.",
        )
    if atomic:
        return Atomic(
            left=read.text("leftOperand"),
            operator=_operator(read),
            right=_right(read.value["rightOperand"]),
        )
    name = logical[0]
    listed = read.value[name]
    # A JSON-LD processor unwraps a list of one; the bare object is read as that list.
    bare = isinstance(listed, Mapping)
    parts = (listed,) if bare else read.values(name, least=0)
    if len(parts) == 1:
        return read_constraint(parts[0])
    return Logical(operator=name, parts=tuple(read_constraint(each) for each in parts))


def normal_form(rules: Rules) -> JsonObject:
    """Return what two policies that mean the same have in common.

    Ids, parties and profile are not in it; the order of lists counts only in ``andSequence``; IRIs
    have one spelling; a right operand that is a list of one is its member.
    """
    return {
        "permission": _sorted([_normal_rule(each) for each in rules.permission]),
        "prohibition": _sorted([_normal_rule(each) for each in rules.prohibition]),
        "obligation": _sorted([_normal_rule(each) for each in rules.obligation]),
    }


def normal_word(word: str) -> str:
    """Return an action, an operand or an id in its one spelling: ODRL words bare, others whole."""
    for prefix, iri in _PREFIXES.items():
        if word.startswith(prefix):
            word = iri + word.removeprefix(prefix)
            break
    bare = word.removeprefix(_ODRL)
    return bare if bare in _KNOWN else word


def _normal_rule(rule: Rule) -> JsonObject:
    listed = [_normal_constraint(each) for each in rule.constraints]
    return {"action": normal_word(rule.action), "constraint": _sorted(listed)}


def _normal_constraint(constraint: Constraint) -> JsonObject:
    if isinstance(constraint, Atomic):
        return {
            "leftOperand": normal_word(constraint.left),
            "operator": constraint.operator,
            "rightOperand": normal_right(constraint.right),
        }
    listed = [_normal_constraint(each) for each in constraint.parts]
    ordered = constraint.operator == "andSequence"
    return {constraint.operator: listed if ordered else _sorted(listed)}


def normal_right(value: Json) -> Json:
    """Return a right operand in its one spelling."""
    if isinstance(value, str):
        return normal_word(value)
    if isinstance(value, Sequence) and len(value) == 1:
        return normal_right(value[0])
    if isinstance(value, Sequence):
        return _sorted([normal_right(each) for each in value])
    return value


def _sorted(values: "Sequence[Json]") -> list[Json]:
    return sorted(values, key=canonical)


def _profile(value: Reader) -> tuple[str, ...]:
    found = value.value.get("profile", ())
    if isinstance(found, str):
        return (found,)
    listed = value.values("profile", least=0)
    if not all(isinstance(each, str) for each in listed):
        raise PeerError("dsp.profile", f"{value.what}: profile must be a text or a list of texts.")
    return tuple(str(each) for each in listed)


def _operator(read: Reader) -> str:
    found = read.fixed("operator", *OPERATORS, "term-lteq")
    return found.removeprefix("term-")


def _right(value: Json) -> Json:
    if isinstance(value, str | Mapping | Sequence):
        return value
    raise PeerError(
        "dsp.right_operand",
        "A rightOperand is a text, an object or a list; numbers and truth values are written as"
        " text.",
    )
