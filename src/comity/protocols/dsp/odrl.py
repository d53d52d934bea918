"""Our profile of ODRL 2.2: terms of a crossing and policies of an area, as rules on the wire.

Every action and operand is an absolute IRI below ``urn:comity:v1:``, so that a JSON-LD peer keeps
it as it is. Reading is exact: a rule, an operand, an operator or a value that the profile does not
name is refused, since whatever is not understood could permit or forbid something. Source: ODRL
Information Model 2.2; design 13.9; ``docs/spec/07-sharing.md`` 7.9.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.policies import Area, Policy
from comity.foundation.canonical import Json
from comity.foundation.errors import PeerError
from comity.protocols.dsp.policies import Atomic, Rule, Rules
from comity.sharing.model import Terms

NS: Final = "urn:comity:v1:"
PROFILE: Final = f"{NS}profile"
ACTION: Final = f"{NS}action:"

#: Members of ``Terms`` that the action carries, that are numbers, that are truth values.
_ACTION_MEMBER: Final = "action"
_NUMBERS: Final = frozenset({"release", "bytes"})
_FLAGS: Final = frozenset({"onward"})
_TERMS: Final = tuple(field.name for field in attrs.fields(Terms) if field.name != _ACTION_MEMBER)

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_WORDS: Final[Mapping[str, bool]] = {"true": True, "false": False}

#: Operand and operator of each member of an area's policy, in the order they are written.
_LISTED: Final = {
    "articles": "article",
    "kinds": "kind",
    "purposes": "purpose",
    "recipients": "recipient",
}
_SINGLE: Final = {
    "marking_max": ("marking", "lteq"),
    "onward": ("onward", "eq"),
    "area": ("area", "eq"),
    "title": ("area-title", "eq"),
    "instrument": ("instrument", "eq"),
}


def terms_rules(terms: Terms) -> Rules:
    """Return ``terms`` as one permission: this action, under all of these facts at once."""
    told = terms.to_json()
    constraints = tuple(
        Atomic(left=f"{NS}{name}", operator="eq", right=_written(told[name])) for name in _TERMS
    )
    permission = Rule(action=f"{ACTION}{terms.action}", constraints=constraints)
    return Rules(permission=(permission,), profile=(PROFILE,))


def read_terms(rules: Rules) -> Terms:
    """Return the terms that ``rules`` state.

    Raises:
        PeerError: ``odrl.*``: they state anything else, or leave something out; ``sharing.*``: a
            value is not of its kind.
    """
    _check_profile(rules)
    if len(rules.permission) != 1:
        raise PeerError(
            "odrl.permissions",
            f"An offer of an item has one permission; found {len(rules.permission)}.",
        )
    permission = rules.permission[0]
    found = _operands(permission)
    told: dict[str, Json] = {_ACTION_MEMBER: _action(permission)}
    for name in _TERMS:
        told[name] = _value(name, _one(_take(found, name, "eq"), name))
    _nothing_left(found)
    return Terms.from_json(told)


def area_rules(area: Area, *, instrument: str) -> Rules:
    """Return an area's policy: one permission per action, all under the same constraints."""
    policy = area.policy
    single = {
        "marking_max": policy.marking_max,
        "onward": policy.onward,
        "area": area.id,
        "title": area.title,
        "instrument": instrument,
    }
    listed: dict[str, tuple[str, ...]] = {
        "articles": policy.articles,
        "kinds": policy.kinds,
        "purposes": policy.purposes,
        "recipients": policy.recipients,
    }
    constraints = (
        *(
            Atomic(left=f"{NS}{operand}", operator=operator, right=single[name])
            for name, (operand, operator) in _SINGLE.items()
        ),
        *(
            Atomic(left=f"{NS}{operand}", operator="isAnyOf", right=listed[name])
            for name, operand in _LISTED.items()
        ),
    )
    permissions = tuple(
        Rule(action=f"{ACTION}{action}", constraints=constraints) for action in policy.actions
    )
    return Rules(permission=permissions, profile=(PROFILE,))


def read_area(rules: Rules) -> tuple[str, Area]:
    """Return the instrument and the area that ``rules`` state.

    Raises:
        PeerError: ``odrl.*``: they state anything else, or leave something out; ``policy.*``: a
            value is no known term.
    """
    _check_profile(rules)
    read = [_read_area(permission) for permission in rules.permission]
    first = next(iter(read), None)
    if first is None or any(each != first for each in read):
        raise PeerError(
            "odrl.permissions_differ",
            "The permissions of one area must all stand under the same constraints.",
        )
    instrument, area_id, title, told = first
    policy = Policy.read({**told, "actions": [_action(each) for each in rules.permission]})
    area = Area.read({"id": area_id, "title": title, "policy": policy.json()})
    return instrument, area


def _read_area(permission: Rule) -> tuple[str, str, str, dict[str, Json]]:
    found = _operands(permission)
    told: dict[str, Json] = {
        name: list(_take(found, operand, "isAnyOf")) for name, operand in _LISTED.items()
    }
    single = {
        name: _one(_take(found, operand, operator), operand)
        for name, (operand, operator) in _SINGLE.items()
    }
    _nothing_left(found)
    told |= {"marking_max": single["marking_max"], "onward": single["onward"]}
    return single["instrument"], single["area"], single["title"], told


def _check_profile(rules: Rules) -> None:
    if rules.profile != (PROFILE,):
        raise PeerError(
            "odrl.profile",
            f"The policy must name the profile {PROFILE} and no other; found"
            f" {', '.join(rules.profile)[:200] or 'none'}.",
        )
    if rules.prohibition or rules.obligation:
        raise PeerError(
            "odrl.rule_kind",
            "This profile knows permissions only; a prohibition or a duty in it is not understood.",
        )


def _action(permission: Rule) -> str:
    if not permission.action.startswith(ACTION):
        raise PeerError(
            "odrl.action", f"The action {permission.action[:80]!r} is none of {ACTION}..."
        )
    return permission.action.removeprefix(ACTION)


def _operands(permission: Rule) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for each in permission.constraints:
        if not isinstance(each, Atomic) or not each.left.startswith(NS):
            raise PeerError(
                "odrl.operand",
                "A constraint here compares one operand of the profile"
                f" ({NS}...); found {str(each.json())[:120]}.",
            )
        key = (each.left.removeprefix(NS), each.operator)
        if key in found:
            raise PeerError("odrl.twice", f"The operand {each.left} stands twice.")
        found[key] = _texts(each.right)
    return found


def _texts(right: Json) -> tuple[str, ...]:
    listed = (right,) if isinstance(right, str) else right
    if not isinstance(listed, Sequence) or not all(isinstance(each, str) for each in listed):
        raise PeerError(
            "odrl.value", f"A value of this profile is a text or a list of texts: {right!r:.120}"
        )
    return tuple(str(each) for each in listed)


def _take(
    found: dict[tuple[str, str], tuple[str, ...]], operand: str, operator: str
) -> tuple[str, ...]:
    value = found.pop((operand, operator), None)
    if value is None:
        raise PeerError("odrl.missing", f"The policy does not say {NS}{operand} ({operator}).")
    return value


def _one(values: tuple[str, ...], operand: str) -> str:
    if len(values) != 1:
        raise PeerError("odrl.single", f"{NS}{operand} takes one value; found {len(values)}.")
    return values[0]


def _nothing_left(found: Mapping[tuple[str, str], object]) -> None:
    if found:
        odd = ", ".join(f"{operand} {operator}" for operand, operator in found)
        raise PeerError(
            "odrl.unknown", f"The policy says what this profile does not know: {odd[:200]}."
        )


def _written(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(name: str, text: str) -> Json:
    if name in _NUMBERS:
        if _NUMBER.fullmatch(text) is None:
            raise PeerError("odrl.number", f"{NS}{name} is no whole number: {text[:40]!r}.")
        return int(text)
    if name in _FLAGS:
        if text not in _WORDS:
            raise PeerError("odrl.flag", f"{NS}{name} is true or false; found {text[:40]!r}.")
        return _WORDS[text]
    return text
