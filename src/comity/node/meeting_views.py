"""A meeting as people look at it: its agenda, what is pulled in, its record side by side.

Source: agreements.md D2.5, D6 (journeys 6 and 7); spec 10.4.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Final

import attrs

from comity.coordination.commitments import Status as Owed
from comity.coordination.meeting_acts import ENDS, FAMILY, HELD, STEPS
from comity.coordination.meeting_acts import admit as admit_meeting
from comity.coordination.meeting_values import (
    Item,
    Meeting,
    numbers_in_series,
    pulled_in,
    text_digest,
)
from comity.coordination.meeting_waiting import earlier_of, standing_of, unproposed, waiting
from comity.coordination.meetings import apply as apply_to_meeting
from comity.foundation.attested import Marks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name
from comity.node.deeds import Deeds, Family, Place
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

MEETINGS: Final[Family[Meeting]] = Family(
    name=FAMILY,
    what="meeting",
    book=lambda state: state.coordination.meetings,
    apply=apply_to_meeting,
    admit=admit_meeting,
    steps=STEPS,
    grounds=lambda one: (one.opening.instrument, one.opening.unit),
    title=lambda one: one.title,
)


@attrs.frozen(kw_only=True)
class _Look:
    """What every meeting of one relationship is looked at with.

    Attributes:
        marks: By party, what was cosigned when.
        standing: By meeting and outcome, the commitment that stands of it.
        over: Whether an instrument has ended at the instant of looking.
    """

    marks: Mapping[str, Marks]
    standing: Mapping[tuple[str, str], str]
    over: Callable[[str], bool]


@attrs.frozen(kw_only=True)
class MeetingViews:
    """What is shown of meetings."""

    ctx: Context
    deeds: Deeds

    def rows(
        self, tx: Tx, rel: RelationshipRow, wanted: Callable[[Meeting], bool]
    ) -> list[tuple[Meeting, JsonObject]]:
        """Return meetings as a list shows them; their numbers are counted once for all."""
        every = list(self.deeds.book(tx, rel, MEETINGS).things())
        numbers = numbers_in_series(every)
        look = self._look(tx, rel)
        return [
            (one, {**self._row(tx, rel, one, look=look), "number": numbers.get(one.id)})
            for one in every
            if wanted(one)
        ]

    def row(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> JsonObject:
        """Return a meeting as a list shows it."""
        numbers = numbers_in_series(self.deeds.book(tx, rel, MEETINGS).things())
        look = self._look(tx, rel)
        return {**self._row(tx, rel, one, look=look), "number": numbers.get(one.id)}

    def _look(self, tx: Tx, rel: RelationshipRow) -> "_Look":
        commitments = self.ctx.folding.state(tx, rel).coordination.commitments
        return _Look(
            marks=folding.marks_of(tx, rel, self.ctx.config.party),
            standing=standing_of(commitments.things()),
            over=cache(partial(self.deeds.over, tx, rel)),
        )

    def _row(self, tx: Tx, rel: RelationshipRow, one: Meeting, *, look: "_Look") -> JsonObject:
        return {
            "meeting": one.id,
            "title": one.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "instrument": one.opening.instrument,
            "unit": one.opening.unit,
            "body": one.opening.body,
            "body_name": self.body_name(tx, rel, one),
            "series": one.opening.series,
            "status": str(one.status),
            **self._slot(one),
            "began": str(began(one, look.marks)),
            "proposal": one.proposal,
            "offered_by": self.deeds.whose(one.offered_by),
            "moves": one.moves,
            "ended": one.status in ENDS,
            "held": one.status in HELD,
            "waits_for": self.waits_for(rel, one, look),
        }

    def one(self, tx: Tx, place: Place[Meeting]) -> JsonObject:
        """Return one meeting with everything that was said of it."""
        one, rel = place.thing, place.rel
        acts: list[Json] = list(self.deeds.acts(tx, rel, place.chain))
        may: list[Json] = [*self.may(one)]
        people = {self.deeds.whose(party): list(names) for party, names in one.people.items()}
        return {
            **self.row(tx, rel, one),
            "opened_by": self.deeds.whose(one.opener),
            "agenda": [self._item(one, n, item) for n, item in enumerate(one.items, 1)],
            "agenda_digest": one.agenda_digest(),
            "pulled": list(self._pulled(tx, rel, one)),
            "people": {"us": people.get("us", []), "them": people.get("them", [])},
            "outcomes": self._results(tx, rel, one),
            "record": [
                self._minute(one, n, item)
                for n, item in enumerate(one.items, 1)
                if item.id in one.record
            ],
            "record_digest": one.record_digest() if one.record else None,
            "said": {
                step: [self.deeds.whose(party) for party in sorted(words)]
                for step, words in one.asked.items()
            },
            "fallen": [self.deeds.whose(party) for party in sorted(one.fallen)],
            "recallable": [
                {"of": step, "item": item} for step, item in one.recallable(self.ctx.config.party)
            ],
            "reason": one.reason,
            "basis": self.deeds.basis(tx, rel, MEETINGS.grounds(one)),
            "acts": acts,
            "may": may,
        }

    def may(self, one: Meeting) -> Iterator[str]:
        """Yield what our side may do with a meeting now."""
        own = self.ctx.config.party
        for step in STEPS.values():
            if one.status not in step.sources or not one.plays(own, step.by):
                continue
            if own in one.asked.get(step.name, {}):
                continue
            if _has_object(one, step.name, own):
                yield step.name

    def waits_for(self, rel: RelationshipRow, one: Meeting, look: "_Look") -> str | None:
        """Return whose act comes next: us, them or both; None where nobody has to look at it yet.

        It is what the first page and the page of the relationship say of it.
        """
        waits = waiting(one, (self.ctx.config.party, rel.counterpart), at=self.ctx.now())
        if any(unproposed(one, look.standing)) and not look.over(one.opening.instrument):
            return "both"
        if waits is None:
            return None
        return "both" if len(waits.whose) > 1 else self.deeds.whose(waits.whose[0])

    def _slot(self, one: Meeting) -> JsonObject:
        return {**json_of(one.slot), "host": self.deeds.whose(one.slot.host)}

    def body_name(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> str:
        """Return the name of the body whose meeting it is; empty where it is of none."""
        if one.opening.body is None:
            return ""
        found = self.ctx.folding.state(tx, rel).coordination.bodies.get(one.opening.body)
        return "" if found is None else str(found.founding.name)

    def _item(self, one: Meeting, number: int, item: Item) -> JsonObject:
        return {
            **item.json(),
            "number": number,
            "by": self.deeds.whose(item.by),
            "outcomes": sum(each.item == item.id for each in one.results),
        }

    def _pulled(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> Iterator[JsonObject]:
        """Yield the commitments on the agenda: those owed under it, and whatever is disputed."""
        for each in self.ctx.folding.state(tx, rel).coordination.commitments.things():
            if pulled_in(one, each):
                yield {
                    "commitment": each.id,
                    "title": each.terms.title,
                    "status": str(each.status),
                    "due": each.due.at,
                    "overdue": each.overdue(self.ctx.now()),
                    "reason": each.reason if each.status == Owed.DISPUTED else "",
                }

    def _results(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> list[Json]:
        commitments = tuple(self.ctx.folding.state(tx, rel).coordination.commitments.things())
        standing, earlier = standing_of(commitments), earlier_of(commitments, one.id)
        return [
            {
                **result.json(),
                "number": number,
                "by": self.deeds.whose(result.by),
                "on": one.item(result.item).title,
                "commitment": standing.get((one.id, result.id)),
                "earlier": [*earlier.get(result.id, ())],
            }
            for number, result in enumerate(one.results, 1)
        ]

    def became(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> dict[str, str]:
        """Return by outcome the commitment that was proposed of it, and was not declined since."""
        every = self.ctx.folding.state(tx, rel).coordination.commitments.things()
        found = standing_of(every).items()
        return {outcome: name for (meeting, outcome), name in found if meeting == one.id}

    def _minute(self, one: Meeting, number: int, item: Item) -> JsonObject:
        minute = one.record[item.id]
        said = {self.deeds.whose(party): text for party, text in minute.versions.items()}
        theirs = said.get("them")
        return {
            "item": item.id,
            "number": number,
            "title": item.title,
            "agreed": minute.agreed,
            "ours": said.get("us"),
            "theirs": theirs,
            "theirs_digest": None if theirs is None else text_digest(theirs),
        }


def began(one: Meeting, marks: Mapping[str, Marks]) -> Instant:
    """Return when a meeting begins: as it was named, or when both opened it before that."""
    named = Instant.parse(one.slot.start)
    if one.opened is None:
        return named
    party, n = one.opened
    opened = marks[party].attested(n)
    return named if opened is None else min(named, opened)


def _has_object(one: Meeting, step: str, own: str) -> bool:
    """Return whether there is anything our side could take a step on."""
    items = [each for each in one.items if not each.consented]
    results = [each for each in one.results if not each.agreed]
    minutes = [each for each in one.record.values() if each.agreed is None]
    found: dict[str, bool] = {
        "consent": any(each.by != own for each in items),
        "drop": any(each.by == own for each in items),
        "outcome": bool(one.items),
        "retract": any(each.by == own for each in results),
        "concur": any(each.by != own for each in results),
        "version": bool(minutes),
        "take": any(set(each.versions) - {own} for each in minutes),
        "seal": all(len(each.versions) > 1 for each in minutes),
        "recall": any(one.recallable(own)),
    }
    return found.get(step, True)
