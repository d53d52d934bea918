"""What falls due, for people and for their calendar programs.

The dates that both nodes know; of the house nothing. A file or a feed shows them and decides
nothing. Source: agreements.md D6 (journey 5); spec 10.5.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from comity.api import relationship as asks
from comity.foundation.canonical import Json, JsonObject
from comity.node.context import Context, counterpart_name, relationship
from comity.node.days import day_ended_at
from comity.node.relations_desk import RelationsDesk
from comity.record.ports import RelationshipRow
from comity.relationship.dates import Date, dates
from comity.storage.tx import Tx

if TYPE_CHECKING:
    from comity.protocols import calendars as room

#: Dates that are reckoned, or named by the minute: never days.
_INSTANTS: Final = ("foreseen", "release")
#: Dates whose days are named in UTC.
_IN_UTC: Final = ("review", "term", "window")


@attrs.frozen(kw_only=True)
class DueDates:
    """The desk of dates."""

    ctx: Context
    relations: RelationsDesk

    def listing(self, tx: Tx, request: asks.Dates) -> JsonObject:
        """Return what falls due, the nearest first; what passed and lies open stands before."""
        rows: list[Json] = [self._row(rel, name, each) for rel, name, each in self._all(tx)]
        if request.counterpart:
            wanted = relationship(tx, request.counterpart).rel_id
            rows = [row for row in rows if isinstance(row, dict) and row["relationship"] == wanted]
        rows.sort(key=lambda row: str(row["at"]) if isinstance(row, dict) else "")
        return {"at": str(self.ctx.now()), "dates": rows}

    def file(self, tx: Tx, request: asks.InLanguage) -> JsonObject:
        """Return all of it as a file for a calendar program, in a language."""
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it

        text = room.write_calendar(
            "PUBLISH",
            (),
            name=self.ctx.config.name,
            at=self.ctx.now(),
            dates=self.events(tx, request.language),
        )
        return {"file": "due.ics", "text": text}

    def events(self, tx: Tx, *languages: str) -> "Iterator[room.Date]":
        """Yield what falls due as calendar programs take it, in the first language there is."""
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it
        from comity.web import calendar_words as said  # noqa: PLC0415 - nor without pages

        words = said.words_in(*languages)
        for rel, name, each in self._all(tx):
            if each.code == "meeting":  # a calendar has it as the meeting that it is
                continue
            about = each.thing or each.instrument
            place = about.removeprefix("urn:uuid:")
            part = hashlib.sha256(each.part.encode()).hexdigest()[:16] if each.part else "0"
            yield room.Date(
                uid=f"{each.code}.{place}.{part}@{rel.rel_id[:16]}",
                at=each.at,
                title=words.say(said.TITLES[each.code], title=each.title),
                words=words.say(said.WHOSE[self._whose(each)], name=name),
                day=_day(each),
            )

    def _all(self, tx: Tx) -> Iterator[tuple[RelationshipRow, str, Date]]:
        for rel in tx.relationships.list():
            name = counterpart_name(tx, rel)
            for each in dates(self.relations.present(tx, rel)):
                yield rel, name, each

    def _row(self, rel: RelationshipRow, name: str, each: Date) -> JsonObject:
        return {
            **each.json(),
            "whose": self._whose(each),
            "relationship": rel.rel_id,
            "counterpart": name,
            "passed": each.at < self.ctx.now(),
        }

    def _whose(self, each: Date) -> str:
        if len(each.whose) > 1:
            return "both"
        return "us" if self.ctx.config.party in each.whose else "them"


def _day(each: Date) -> dt.date | None:
    """Return the day that people named for a date; None where they named an instant."""
    if each.day:
        return dt.date.fromisoformat(each.day)
    if each.code in _INSTANTS:
        return None
    return day_ended_at(each.at, in_utc=each.code in _IN_UTC)
