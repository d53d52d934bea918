"""What the agreement's own clauses compute: entry into force, end, who signs, what is in it.

Source: design 13.7, 13.9; spec 5.7.
"""

from collections.abc import Mapping, Sequence

from comity.agreements.fields import areas_of
from comity.agreements.mandates import ThirdParties
from comity.agreements.model import Content, label_path, named_fields
from comity.agreements.policies import Area
from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant, Period

SECONDS_PER_DAY = 86_400


def one_field(units: Mapping[str, Content], name: str) -> tuple[str, JsonObject] | None:
    """Return the unit and value of the field ``name``, or None where no unit states it.

    Raises:
        RefusedError: ``agreements.field_twice``: two units state it, so that nobody can tell which
            one holds.
    """
    found = named_fields(units, name)
    if len(found) > 1:
        where = " and ".join(label_path(units, unit) for unit, _ in found)
        raise RefusedError(
            "agreements.field_twice",
            f"The field {name!r} stands in {where}; one agreement can state it once.",
        )
    return found[0] if found else None


def entry_of(units: Mapping[str, Content]) -> JsonObject:
    """Return the value of the entry clause.

    Raises:
        RefusedError: ``agreements.no_entry``: no unit states when it enters into force.
    """
    found = one_field(units, "entry")
    if found is None:
        raise RefusedError(
            "agreements.no_entry",
            "No unit of the text states its entry into force as a field; table one first.",
        )
    return found[1]


def enters_at(entry: JsonObject, *, signed_at: Instant) -> Instant:
    """Return when force begins: the last signature, or so many days after it."""
    days = entry["days"]
    assert isinstance(days, int)  # checked when the field was read
    return signed_at.plus(days * SECONDS_PER_DAY)


def ends_at(units: Mapping[str, Content], *, in_force_at: Instant) -> Instant | None:
    """Return when the term ends, or None where the text has none."""
    found = one_field(units, "term")
    return None if found is None else Period.parse(str(found[1]["period"])).after(in_force_at)


def signatories_per_party(units: Mapping[str, Content]) -> int:
    """Return how many must sign for each party: one where the text does not say."""
    found = one_field(units, "signatories")
    number = 1 if found is None else found[1]["per_party"]
    assert isinstance(number, int)  # checked when the field was read
    return number


def suspension_of(units: Mapping[str, Content]) -> tuple[str, str, tuple[str, ...]] | None:
    """Return the label of the suspension article, by whom, and what can be suspended."""
    found = one_field(units, "suspension")
    if found is None:
        return None
    unit, value = found
    scope = value["scope"]
    assert isinstance(scope, Sequence)  # checked when the field was read
    return label_path(units, unit), str(value["by"]), tuple(str(each) for each in scope)


def scale_of(units: Mapping[str, Content]) -> tuple[str, ...]:
    """Return the marking scale, lowest level first; empty where the text has none."""
    found = one_field(units, "marking_scale")
    levels = () if found is None else found[1]["levels"]
    assert isinstance(levels, Sequence)  # checked when the field was read
    return tuple(str(each) for each in levels)


def third_parties_of(units: Mapping[str, Content]) -> ThirdParties | None:
    """Return what the text says on third parties, if it does."""
    found = one_field(units, "third_parties")
    if found is None:
        return None
    unit, value = found
    return ThirdParties(
        relations=str(value["relations"]),
        onward=str(value["onward"]),
        article=label_path(units, unit),
    )


def basis_of(units: Mapping[str, Content]) -> str | None:
    """Return the id of the instrument under which the text says it stands, if it says so.

    Raises:
        RefusedError: ``agreements.field_twice``.
    """
    found = one_field(units, "basis")
    return None if found is None else str(found[1]["instrument"])


def areas_in(units: Mapping[str, Content]) -> tuple[tuple[str, Area], ...]:
    """Return every area with the unit that states it, in printed order."""
    return tuple(
        (unit, area) for unit, value in named_fields(units, "areas") for area in areas_of(value)
    )


def policies_digest(units: Mapping[str, Content]) -> str:
    """Return the digest of all area fields, in printed order. Source: spec 5.6.3."""
    return digest(canonical([[unit, value] for unit, value in named_fields(units, "areas")]))


def check_clauses(units: Mapping[str, Content]) -> None:
    """Refuse a text whose clauses could not be applied once it is signed.

    Raises:
        RefusedError: ``agreements.no_entry``, ``agreements.field_twice``,
            ``agreements.area_twice``, ``agreements.area_article``, ``agreements.area_marking``.
    """
    entry_of(units)
    scale = scale_of(units)
    for name in ("term", "signatories", "suspension", "third_parties", "basis"):
        one_field(units, name)
    seen: set[str] = set()
    standing = {unit for unit, content in units.items() if not content.deleted}
    for _, area in areas_in(units):
        if area.id in seen:
            raise RefusedError("agreements.area_twice", f"Two fields state the area {area.id!r}.")
        seen.add(area.id)
        if not standing.issuperset(area.policy.articles):
            raise RefusedError(
                "agreements.area_article",
                f"The area {area.title!r} names an article that does not stand in the text.",
            )
        if area.policy.marking_max not in scale:
            raise RefusedError(
                "agreements.area_marking",
                f"The area {area.title!r} permits up to {area.policy.marking_max!r}, which is not"
                " in the text's marking scale.",
            )
