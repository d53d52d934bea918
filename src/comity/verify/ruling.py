"""Whether the signed text permits a crossing: the rule of both gateways, from the text alone.

Source: page 5 of the specification (rulings); design 13.8, 13.9; spec 8.3.11.
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.verify.text import Text


@attrs.frozen(kw_only=True)
class Crossing:
    """What crossed, in the words of the release decision."""

    sender: str
    recipient: str
    unit: str
    facts: JsonObject


def article_of(text: Text, unit: str) -> str:
    """Return the label of a unit as rulings carry it. Source: page 7 (``ruling``)."""
    return " ".join(text.label(unit).split())[:300].strip() or unit


def area_of(text: Text, name: Json) -> tuple[str, JsonObject] | None:
    """Return the unit that states an area, and its policy."""
    for unit, value in text.fields("areas"):
        listed = value.get("areas")
        for area in listed if isinstance(listed, list) else []:
            policy = area.get("policy") if isinstance(area, Mapping) else None
            if isinstance(policy, Mapping) and isinstance(area, Mapping) and area.get("id") == name:
                return unit, policy
    return None


def objections(text: Text, crossing: Crossing) -> list[str]:
    """Return why the text does not permit the crossing; empty where it does."""
    facts = crossing.facts
    found = area_of(text, facts.get("area"))
    if found is None:
        return [f"the text has no area {str(facts.get('area'))[:60]!r}"]
    _, policy = found
    held = {
        f"another unit than {crossing.unit[:60]} permits it": _first(policy) == crossing.unit,
        **{
            f"{name} {str(facts.get(name))[:60]!r} is not permitted": facts.get(name)
            in _listed(policy, many)
            for name, many in (("action", "actions"), ("kind", "kinds"), ("purpose", "purposes"))
        },
        f"the marking {str(facts.get('marking'))[:60]!r} is above what is permitted": _marked(
            text, policy, facts.get("marking")
        ),
        "it is not between the two parties, or not for that recipient": _whom(
            text, policy, crossing
        ),
        "passing it on is not free": facts.get("onward") is False or _onward(text, policy),
    }
    return [reason for reason, right in held.items() if not right]


def _listed(policy: JsonObject, name: str) -> Sequence[Json]:
    value = policy.get(name)
    return value if isinstance(value, list) else []


def _first(policy: JsonObject) -> Json:
    articles = _listed(policy, "articles")
    return articles[0] if articles else None


def _marked(text: Text, policy: JsonObject, marking: Json) -> bool:
    field = text.field("marking_scale")
    scale = _listed(field, "levels") if field is not None else []
    highest = policy.get("marking_max")
    return marking in scale and highest in scale and scale.index(marking) <= scale.index(highest)


def _whom(text: Text, policy: JsonObject, crossing: Crossing) -> bool:
    between = {crossing.sender, crossing.recipient} == set(text.parties)
    recipients = list(_listed(policy, "recipients"))
    return between and (recipients == ["parties"] or crossing.recipient in recipients)


def _onward(text: Text, policy: JsonObject) -> bool:
    others = text.field("third_parties")
    return policy.get("onward") == "free" and (others is None or others.get("onward") == "free")
