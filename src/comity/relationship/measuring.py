"""What a measure is: a row of a table, the lines it computes, what it looks at.

Source: agreements.md D7.
"""

from collections.abc import Callable, Iterable

import attrs

from comity.agreements.chains import acts_of
from comity.foundation.canonical import Json, JsonObject
from comity.relationship.areas import AreaView
from comity.relationship.model import Picture, Ref
from comity.relationship.promises import Promise
from comity.relationship.waits import Wait


@attrs.frozen(kw_only=True)
class Line:
    """One value of a measure.

    Attributes:
        subject: What it is about: an area, an instrument, a status; empty for the relationship.
        name: What people call that.
        party: Whose direction it is: the party that acts; None for both together.
        value: The value in the measure's unit; None where there is nothing to measure yet.
        of: The denominator; None where there is none.
        evidence: The acts behind it.
    """

    subject: str = ""
    name: str = ""
    party: str | None = None
    value: int | str | None
    of: int | None = None
    evidence: tuple[Ref, ...] = ()

    def json(self) -> JsonObject:
        """Return the line for programs, people and the digest."""
        evidence: list[Json] = [[each.party, each.n] for each in self.evidence]
        return {
            "subject": self.subject,
            "name": self.name,
            "party": self.party,
            "value": self.value,
            "of": self.of,
            "evidence": evidence,
        }


@attrs.frozen(kw_only=True)
class Measure:
    """One row of the table.

    Attributes:
        name: Its stable name.
        group: depth, responsiveness, reliability, fairness, negotiation, conduct or record
            (agreements.md D7).
        unit: count, bytes, seconds or level.
        formula: How it is computed, in words.
        lines: The function that computes it.
    """

    name: str
    group: str
    unit: str
    formula: str
    lines: Callable[["Read"], Iterable[Line]]


@attrs.frozen(kw_only=True)
class Read:
    """What the measures look at, read once."""

    picture: Picture
    areas: tuple[AreaView, ...]
    waits: tuple[Wait, ...]
    promises: tuple[Promise, ...]

    @property
    def parties(self) -> tuple[str, str]:
        """Both parties, in their order."""
        return self.picture.shared.parties

    def acts(self, party: str, *kinds: str) -> tuple[Ref, ...]:
        """Return the acts of a party on any instrument of some kinds."""
        chains = self.picture.shared.agreements.instruments
        return tuple(
            Ref(party=party, n=act.place.n)
            for name in self.picture.views
            for act in acts_of(chains[name], None, *kinds)
            if act.place.party == party
        )

    def entries(self, party: str, kind: str) -> tuple[Ref, ...]:
        """Return the entries of a party of one kind of sharing."""
        entries = self.picture.shared.entries
        return tuple(each.ref for each in entries if (each.party, each.kind) == (party, kind))
