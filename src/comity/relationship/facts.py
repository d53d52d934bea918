"""The relationship as one object, equal at both nodes, and the digest that two people compare.

Nothing in it says which node wrote it: parties stand by their identifiers, entries by party and
index. Source: design 2 (idea 1); agreements.md D7.
"""

from collections.abc import Iterable

from comity.agreements.clauses import one_field
from comity.agreements.views import InstrumentView
from comity.coordination.statement_values import speaking
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.relationship.areas import areas
from comity.relationship.matters import by_consequence, matters
from comity.relationship.measures import measured
from comity.relationship.measuring import Line, Measure
from comity.relationship.model import Picture, Shared, look
from comity.relationship.terms import term_of
from comity.relationship.timeline import Happening, timeline


def facts_of(picture: Picture) -> JsonObject:
    """Return everything this room says of a relationship but the timeline, for people."""
    shared = picture.shared
    heads: list[Json] = [
        {"party": party, "entries": shared.logs[party].size, "root": shared.logs[party].root}
        for party in shared.parties
    ]
    instruments: list[Json] = [_instrument(picture, seen) for seen in picture.views.values()]
    found_areas: list[Json] = [each.json() for each in areas(picture)]
    found_measures: list[Json] = [_measure(one, lines) for one, lines in measured(picture)]
    found_matters: list[Json] = [each.json() for each in by_consequence(matters(picture))]
    return {
        "at": str(shared.at),
        "heads": heads,
        "introduced": shared.known.introduced,
        "parties": [_party(picture, party) for party in shared.parties],
        "instruments": instruments,
        "areas": found_areas,
        "measures": found_measures,
        "matters": found_matters,
    }


def facts_digest(shared: Shared) -> str:
    """Return the digest of all facts, the timeline among them: equal at both nodes."""
    picture = look(shared)
    return digest_of(facts_of(picture), timeline(picture))


def digest_of(facts: JsonObject, happenings: Iterable[Happening]) -> str:
    """Return the digest of facts and of the timeline, which are there already."""
    rows: list[Json] = [each.json() for each in happenings]
    return digest(canonical({**facts, "timeline": rows}))


def _party(picture: Picture, party: str) -> JsonObject:
    letter = picture.shared.known.letters.get(party)
    return {"party": party, "name": None if letter is None else letter.name}


def _instrument(picture: Picture, seen: InstrumentView) -> JsonObject:
    term = term_of(seen, at=picture.shared.at)
    spoken = picture.shared.coordination.statements.things()
    return {
        "instrument": seen.instrument,
        "title": seen.opening.title,
        "register": seen.opening.register,
        "status": str(seen.status),
        "statements": [one.id for one in speaking(spoken, seen.instrument)],
        "to_sign": seen.to_sign,
        "suspended": seen.suspended,
        "suspended_units": len(seen.suspended_units),
        "text": seen.text_digest,
        "term": None if term is None else term.json(),
        "states": _states(seen),
    }


def _states(seen: InstrumentView) -> JsonObject:
    """Return the words of the signed text by which its dates count, by field."""
    made: dict[str, Json] = {}
    for name in ("entry", "term", "review", "notice"):
        found = one_field(seen.contents, name) if seen.signed_at is not None else None
        if found is not None:
            unit, _ = found
            made[name] = {"unit": unit, "quote": seen.contents[unit].fields[name]["quote"]}
    return made


def _measure(one: Measure, lines: tuple[Line, ...]) -> JsonObject:
    shown: list[Json] = [each.json() for each in lines]
    return {"measure": one.name, "group": one.group, "unit": one.unit, "lines": shown}
