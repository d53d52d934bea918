"""The relationship as a whole: what both nodes hold, handed to the room ``relationship``.

The cut is what each side has cosigned, and on request an earlier one, so that two people on the
telephone can look at the same. Nothing of the house part is handed over. Source: agreements.md D6
(journey 14), D7; design 2 (idea 1).
"""

import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

import attrs

from comity.api import relationship as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name, relationship
from comity.node.days import Span
from comity.node.delivery import Delivery
from comity.node.heads import reader_of
from comity.node.instruments import Instruments
from comity.record.envelope import parse_envelope
from comity.record.ports import EntryRow, RelationshipRow
from comity.record.proofs import root_at
from comity.relationship.facts import digest_of, facts_of
from comity.relationship.measures import MEASURES, measured
from comity.relationship.measuring import Line, Measure
from comity.relationship.model import (
    Entry,
    Log,
    Picture,
    Shared,
    as_of,
    common_cut,
    first_marks,
    look,
)
from comity.relationship.things import ANCHORS, THINGS
from comity.relationship.timeline import GROUPS, Happening, timeline
from comity.storage.tx import Tx

#: The kinds of entry that the room dates by themselves.
_ENTRIES: Final = frozenset(
    (
        *("letter.introduce", "letter.accept", "sharing.release", "sharing.withdraw"),
        *("sharing.sent", "sharing.received"),
        *THINGS,
        *ANCHORS,
    )
)
#: How many entries are read at a time.
_READ: Final = 256
#: How long what was computed before is shown for ready although newer acts are there, in seconds.
READY_S: Final = 15


@attrs.define
class _Log:
    """What was read of one log so far; a log only grows, so none of it is read again.

    Attributes:
        size: How many entries were read.
        dated: Those that the room dates by themselves.
        root: A size, and the root at it.
    """

    size: int = 0
    dated: list[Entry] = attrs.field(factory=list)
    root: tuple[int, str] | None = None


@attrs.define(slots=False)
class _Page:
    """A picture, and what is computed of it once, however often people look.

    Attributes:
        picture: It.
        old_at: When somebody was first shown it although newer acts were there.
    """

    picture: Picture
    old_at: Instant | None = None

    @cached_property
    def facts(self) -> JsonObject:
        """Everything but the timeline."""
        return facts_of(self.picture)

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """The timeline."""
        return timeline(self.picture)

    @cached_property
    def digest(self) -> str:
        """The digest of all of it, which two people compare."""
        return digest_of(self.facts, self.happenings)

    @cached_property
    def measures(self) -> tuple[tuple[Measure, tuple[Line, ...]], ...]:
        """Every measure with its lines."""
        return measured(self.picture)


@attrs.frozen(kw_only=True)
class RelationsDesk:
    """The desk of the relationship pages."""

    ctx: Context
    delivery: Delivery
    instruments: Instruments
    _kept: dict[str, _Page] = attrs.field(factory=dict)
    _compared: dict[str, _Page] = attrs.field(factory=dict)
    _read: dict[str, _Log] = attrs.field(factory=dict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)  # readers are several threads

    def present(self, tx: Tx, rel: RelationshipRow) -> Picture:
        """Return how it stands at this node at this moment: for what needs somebody."""
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        state = self.ctx.folding.state(tx, rel)
        origins = self._origins(rel)
        shared = Shared(
            parties=_both(rel, self.ctx.config.party),
            known=state.parties,
            agreements=state.agreements,
            sharing=state.sharing,
            coordination=state.coordination,
            technology=state.technology,
            logs={
                party: Log(size=tx.logs.head(origin).size, root="", marks=marks[party])
                for party, origin in origins.items()
            },
            entries=(),
            at=self.ctx.now(),
        )
        names = sorted(state.agreements.instruments)
        return Picture(
            shared=shared,
            views={name: self.instruments.look(tx, rel, state, name).view for name in names},
        )

    def _page(self, tx: Tx, rel: RelationshipRow, request: asks.OfRelationship) -> _Page:
        """Return how it stands as far as both nodes hold it, or at the cut that is asked for.

        The last picture is kept: it is a function of both logs up to the cut, of the marks over
        them and of the instant, and of nothing else. So is the last one that was asked for to
        compare, apart.

        Raises:
            MisuseError: ``relationship.cut``: a size beyond what is cosigned.
            PeerError: ``basics.instant``, ``basics.no_date``: another spelling of the time.
        """
        apart = _apart(request)
        pages = self._compared if apart else self._kept
        kept = pages.get(rel.rel_id)
        if kept is not None and request.ready and not apart and self._enough(tx, rel, kept):
            return kept
        logs = self._logs(tx, rel, request)
        at = Instant.parse(request.at) if request.at else as_of(logs.values(), now=self.ctx.now())
        if kept is not None and (kept.picture.shared.logs, kept.picture.shared.at) == (logs, at):
            return kept
        own = self.ctx.config.party
        state = self._state(tx, rel, sizes=(logs[own].size, logs[rel.counterpart].size))
        picture = look(
            Shared(
                parties=_both(rel, own),
                known=state.parties,
                agreements=state.agreements,
                sharing=state.sharing,
                coordination=state.coordination,
                technology=state.technology,
                logs=logs,
                entries=tuple(self._entries(tx, self._origins(rel), logs)),
                at=at,
            )
        )
        page = pages[rel.rel_id] = _Page(picture)
        return page

    def _enough(self, tx: Tx, rel: RelationshipRow, page: _Page) -> bool:
        """Return whether a page is of today, and not for long without acts that are there."""
        now = self.ctx.now()
        if page.picture.shared.at < as_of((), now=now):
            return False
        if not any(self._behind(tx, rel, page).values()):
            return True
        page.old_at = page.old_at or now
        return now < page.old_at.plus(READY_S)

    def _behind(self, tx: Tx, rel: RelationshipRow, page: _Page) -> dict[str, int]:
        """Return by party how many entries both nodes hold beyond those that a page counts."""
        cut = self._cut(tx, rel, asks.OfRelationship(counterpart=rel.counterpart))
        return {party: cut[party] - log.size for party, log in page.picture.shared.logs.items()}

    def renew(self, tx: Tx, rel_id: str) -> bool:
        """Compute a page anew that somebody has looked at, so that the next look need not wait.

        Returns:
            Whether there was one; nobody's first look is computed ahead.
        """
        rel = tx.relationships.get(rel_id)
        if rel is None or rel_id not in self._kept:
            return False
        page = self._page(tx, rel, asks.OfRelationship(counterpart=rel.counterpart))
        return bool(page.digest)

    def _logs(self, tx: Tx, rel: RelationshipRow, request: asks.OfRelationship) -> dict[str, Log]:
        """Return both logs up to the cut.

        Raises:
            MisuseError: ``relationship.cut``: a size beyond what is cosigned.
        """
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        cut = self._cut(tx, rel, request)
        return {
            party: Log(
                size=cut[party],
                root=self._root(tx, origin, size=cut[party]),
                marks=first_marks(marks[party].marks, size=cut[party]),
            )
            for party, origin in self._origins(rel).items()
        }

    def _cut(self, tx: Tx, rel: RelationshipRow, request: asks.OfRelationship) -> Mapping[str, int]:
        """Return by party how many entries count.

        Raises:
            MisuseError: ``relationship.cut``: a size beyond what is cosigned.
        """
        own, origins = self.ctx.config.party, self._origins(rel)
        marks = folding.marks_of(tx, rel, own)
        held = {party: marks[party].held() for party in origins}
        asked = {own: request.ours, rel.counterpart: request.theirs}
        for party, size in asked.items():
            if size is not None and size > held[party]:
                raise MisuseError(
                    "relationship.cut",
                    f"Of the log of {party} {held[party]} entries are cosigned here; {size} cannot"
                    " be compared yet. Wait until both nodes hold them, or compare an earlier cut.",
                )
        wanted = {party: held[party] if size is None else size for party, size in asked.items()}
        return common_cut(wanted, seen=lambda party, n: _seen(tx, origins[party], n))

    def _origins(self, rel: RelationshipRow) -> dict[str, str]:
        return {self.ctx.config.party: rel.own_origin, rel.counterpart: rel.peer_origin}

    def _state(self, tx: Tx, rel: RelationshipRow, *, sizes: tuple[int, int]) -> folding.Folded:
        here = (tx.logs.head(rel.own_origin).size, tx.logs.head(rel.peer_origin).size)
        if sizes == here:
            return self.ctx.folding.state(tx, rel)
        return self.ctx.folding.replay(tx, rel, sizes=sizes)

    def _root(self, tx: Tx, origin: str, *, size: int) -> str:
        read = self._read.setdefault(origin, _Log())
        kept = read.root
        if kept is None or kept[0] != size:
            kept = read.root = (size, root_at(reader_of(tx, origin), size).hex())
        return kept[1]

    def _entries(self, tx: Tx, origins: dict[str, str], logs: dict[str, Log]) -> Iterator[Entry]:
        for party, origin in origins.items():
            size = logs[party].size
            with self._lock:
                read = self._read.setdefault(origin, _Log())
                while read.size < size:
                    rows = tx.logs.entries(origin, read.size, min(size, read.size + _READ))
                    read.dated += [_entry(party, row) for row in rows if row.kind in _ENTRIES]
                    read.size += len(rows)
                found = [each for each in read.dated if each.n < size]
            yield from found

    # --- operations ---------------------------------------------------------------------------

    def listing(self, tx: Tx) -> JsonObject:
        """Return every relationship with how it stands."""
        rows: list[Json] = [self.line(tx, rel) for rel in tx.relationships.list()]
        return {"party": self.ctx.config.party, "relationships": rows}

    def line(self, tx: Tx, rel: RelationshipRow) -> JsonObject:
        """Return one relationship in a line."""
        trouble = self.delivery.trouble(rel.rel_id)
        own, latest = tx.logs.head(rel.own_origin), tx.checkpoints.latest(rel.own_origin)
        return {
            "relationship": rel.rel_id,
            "counterpart": rel.counterpart,
            "name": counterpart_name(tx, rel),
            "status": rel.status,
            "reason": rel.reason,
            "created": str(rel.created),
            "entries": own.size,
            "held_by_counterpart": latest.size if latest else 0,
            "cosigned": str(latest.time) if latest else None,
            "instruments": len(self.ctx.folding.state(tx, rel).agreements.instruments),
            "trouble": None
            if trouble is None
            else {"since": trouble.since, "code": trouble.code, "message": trouble.message},
        }

    def show(self, tx: Tx, request: asks.OfRelationship) -> JsonObject:
        """Return the relationship on one page: everything both nodes compute alike."""
        rel = relationship(tx, request.counterpart)
        page = self._page(tx, rel, request)
        picture, facts = page.picture, page.facts
        behind = {} if _apart(request) else self._behind(tx, rel, page)
        measures = facts["measures"]
        assert isinstance(measures, list)
        return {
            **self.line(tx, rel),
            "own": self.ctx.config.party,
            "own_name": self.ctx.config.name,
            "ours": picture.shared.logs[self.ctx.config.party].size,
            "theirs": picture.shared.logs[rel.counterpart].size,
            "digest": page.digest,
            "behind": sum(behind.values()),
            **facts,
            "measures": [_brief(each) for each in measures],
        }

    def timeline(self, tx: Tx, request: asks.Timeline) -> JsonObject:
        """Return a page of what happened.

        Raises:
            MisuseError: ``days.form``, ``days.zone``, ``days.none``: of the days asked for.
        """
        span = Span.of_days(request.since, request.until, request.zone)
        rel = relationship(tx, request.counterpart)
        found = self._page(tx, rel, request)
        picture, everything = found.picture, found.happenings
        own = self.ctx.config.party
        by = {"us": own, "them": rel.counterpart}.get(request.by)
        titles = {name: seen.opening.title for name, seen in picture.views.items()}
        chosen = [
            each
            for each in everything
            if (not request.group or each.group == request.group)
            and (not request.instrument or each.instrument == request.instrument)
            and (by is None or each.party == by)
            and span.holds(None if each.at is None else str(each.at))
        ]
        if request.newest_first:
            chosen.reverse()
        page = chosen[request.start : request.start + request.limit]
        return {
            "relationship": rel.rel_id,
            "at": str(picture.shared.at),
            "groups": {name: sum(each.group == name for each in everything) for name in GROUPS},
            "happenings": [self._happening(each, titles) for each in page],
            **_paging(len(chosen), request.start, len(page)),
        }

    def _happening(self, each: Happening, titles: dict[str, str]) -> JsonObject:
        return {
            **each.json(),
            "log": self._log(each.party),
            "title": titles.get(each.instrument or ""),
        }

    def _log(self, party: str | None) -> str | None:
        if party is None:
            return None
        return "ours" if party == self.ctx.config.party else "theirs"

    def evidence(self, tx: Tx, request: asks.MeasureEvidence) -> JsonObject:
        """Return the acts behind a measure.

        Raises:
            MisuseError: ``relationship.no_measure``.
        """
        rel = relationship(tx, request.counterpart)
        read = self._page(tx, rel, request)
        picture = read.picture
        found = next((each for each in read.measures if each[0].name == request.measure), None)
        if found is None:
            known = ", ".join(each.name for each in MEASURES)
            raise MisuseError(
                "relationship.no_measure",
                f"There is no measure {request.measure[:60]!r}; there are: {known}.",
            )
        measure, lines = found
        by = {"us": self.ctx.config.party, "them": rel.counterpart}.get(request.by)
        refs = dict.fromkeys(
            ref for line in lines if _fits(line, request, by) for ref in line.evidence
        )
        page = list(refs)[request.start : request.start + request.limit]
        origins = self._origins(rel)
        rows: list[Json] = []
        for ref in page:
            row = tx.logs.entry(origins[ref.party], ref.n)
            assert row is not None
            rows.append(
                {
                    "party": ref.party,
                    "log": self._log(ref.party),
                    "n": ref.n,
                    "kind": row.kind,
                    "of": row.of,
                    "attested": str(picture.shared.when(ref)),
                }
            )
        return {
            "relationship": rel.rel_id,
            "measure": measure.name,
            "group": measure.group,
            "unit": measure.unit,
            "formula": measure.formula,
            "acts": rows,
            **_paging(len(refs), request.start, len(page)),
        }


def _apart(request: asks.OfRelationship) -> bool:
    """Return whether a cut is asked for, to compare."""
    return (request.ours, request.theirs, request.at) != (None, None, "")


def _fits(line: Line, request: asks.MeasureEvidence, by: str | None) -> bool:
    return (not request.subject or line.subject == request.subject) and (
        by is None or line.party == by
    )


def _paging(total: int, start: int, shown: int) -> JsonObject:
    following = start + shown
    return {"total": total, "start": start, "next": following if following < total else None}


def _brief(measure: Json) -> JsonObject:
    """Return a measure with its formula and the number of acts behind each line."""
    assert isinstance(measure, dict)
    formulas = {each.name: each.formula for each in MEASURES}
    lines = measure["lines"]
    assert isinstance(lines, list)
    return {
        **measure,
        "formula": formulas[str(measure["measure"])],
        "lines": [_brief_line(each) for each in lines],
    }


def _brief_line(line: Json) -> JsonObject:
    assert isinstance(line, dict)
    evidence = line["evidence"]
    assert isinstance(evidence, list)
    return {**line, "evidence": len(evidence)}


def _both(rel: RelationshipRow, own: str) -> tuple[str, str]:
    first, second = sorted((own, rel.counterpart))
    return first, second


def _entry(party: str, row: EntryRow) -> Entry:
    seen = parse_envelope(row.envelope).seen.size
    return Entry(party=party, n=row.n, seen=seen, kind=row.kind, of=row.of)


def _seen(tx: Tx, origin: str, n: int) -> int:
    row = tx.logs.entry(origin, n)
    assert row is not None
    return parse_envelope(row.envelope).seen.size
