"""Where the marks of two charts stand: the clock of an instrument, and the timeline.

Geometry only: templates draw it with classes, colours stand in ``static/relationship.css``. Each
chart has a table behind it that says the same. Numbers are in units of the drawing.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

import attrs

from comity.foundation.instants import Instant
from comity.web.texts import parse_instant

Row = Mapping[str, object]

WIDTH: Final = 720
LEFT: Final = 12
LANE_LEFT: Final = 120
RIGHT: Final = 12
LANE_HEIGHT: Final = 26
#: Happenings nearer to one another than this are drawn as one larger mark.
BUCKET: Final = 9
TICKS: Final = 5
_DAY: Final = 86_400


@attrs.frozen(kw_only=True)
class Scale:
    """From instants to places: from ``start`` to ``end`` between two edges of the drawing."""

    start: Instant
    end: Instant
    left: int = LEFT

    def x(self, at: Instant) -> float:
        """Return the place of an instant; what lies outside stands at the edge."""
        span = max(1, self.end.seconds - self.start.seconds)
        share = min(1.0, max(0.0, (at.seconds - self.start.seconds) / span))
        return round(self.left + share * (WIDTH - RIGHT - self.left), 1)


@attrs.frozen(kw_only=True)
class Mark:
    """One mark: where, which class and words it has, and when it is."""

    x: float
    code: str
    at: Instant
    anchor: str = "middle"


@attrs.frozen(kw_only=True)
class Clock:
    """The clock of one instrument: its term, how much of it is over, and what falls when."""

    start: float
    end: float
    now: float
    open: bool
    marks: tuple[Mark, ...]
    years: tuple[tuple[float, str], ...]


@attrs.frozen(kw_only=True)
class Dot:
    """Happenings of one group that stand at one place."""

    x: float
    y: int
    r: float
    count: int
    rows: tuple[Row, ...]


@attrs.frozen(kw_only=True)
class Lane:
    """One group of happenings: its name and its line."""

    group: str
    y: int
    dots: tuple[Dot, ...]


@attrs.frozen(kw_only=True)
class Chart:
    """The timeline as lanes over one axis."""

    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, Instant, str], ...]


def clock(term: Row, *, at: Instant) -> Clock | None:
    """Return the clock of an instrument, or None where it has no dates.

    Args:
        term: The member ``term`` of an instrument in the answer ``relationship``.
        at: Now, as both nodes count it.
    """
    signed, force = _instant(term["signed_at"]), _instant(term["in_force_at"])
    if signed is None or force is None:
        return None
    ends = _instant(term["ends_at"])
    reviews = [each for each in map(_instant, _list(term["reviews"])) if each is not None]
    notice = _instant(term["notice_ends_at"])
    known = [force.plus(365 * _DAY), at, *reviews, *([notice] if notice else [])]
    end = ends or max(known, key=lambda each: each.seconds)
    scale = Scale(start=min(signed, force), end=end)
    marks = [Mark(x=scale.x(signed), code="signed", at=signed, anchor="start")]
    marks.append(Mark(x=scale.x(force), code="in_force", at=force, anchor="start"))
    marks += [Mark(x=scale.x(each), code="review", at=each) for each in reviews if each <= end]
    if notice is not None and notice <= end:
        marks.append(Mark(x=scale.x(notice), code="notice", at=notice))
    marks.append(Mark(x=scale.x(at), code="now", at=at))
    if ends is not None:
        marks.append(Mark(x=scale.x(ends), code="end", at=ends, anchor="end"))
    return Clock(
        start=scale.x(force),
        end=scale.x(end),
        now=scale.x(at),
        open=ends is None,
        marks=tuple(marks),
        years=tuple(_years(scale)),
    )


def _years(scale: Scale) -> Iterable[tuple[float, str]]:
    """Yield the beginnings of years; at most a dozen, in equal steps."""
    first, last = scale.start.datetime().year + 1, scale.end.datetime().year
    step = max(1, -(-(last - first + 1) // 12))
    for year in range(first, last + 1, step):
        yield scale.x(Instant.parse(f"{year:04d}-01-01T00:00:00Z")), str(year)


def chart(rows: Sequence[Row], *, groups: Sequence[str], at: Instant) -> Chart | None:
    """Return the timeline as lanes, or None where nothing has happened yet.

    Args:
        rows: Happenings, oldest first.
        groups: The groups, one lane each.
        at: The right edge: now, as both nodes count it.
    """
    dated = [(when, row) for row in rows if (when := _instant(row["at"])) is not None]
    if not dated:
        return None
    times = [when for when, _ in dated]
    scale = Scale(start=min(times), end=max([at, *times]), left=LANE_LEFT)
    lanes = []
    for place, group in enumerate(groups):
        y = LANE_HEIGHT * place + LANE_HEIGHT // 2
        mine = [(scale.x(when), row) for when, row in dated if row["group"] == group]
        lanes.append(Lane(group=group, y=y, dots=tuple(_dots(mine, y=y))))
    return Chart(
        height=LANE_HEIGHT * len(groups) + 22, lanes=tuple(lanes), ticks=tuple(_ticks(scale))
    )


def _dots(placed: Sequence[tuple[float, Row]], *, y: int) -> Iterable[Dot]:
    """Yield one dot for each run of happenings that stand close together."""
    runs: list[list[tuple[float, Row]]] = []
    for each in sorted(placed, key=lambda one: one[0]):
        if runs and each[0] - runs[-1][0][0] < BUCKET:
            runs[-1].append(each)
        else:
            runs.append([each])
    for run in runs:
        yield Dot(
            x=round(sum(x for x, _ in run) / len(run), 1),
            y=y,
            r=round(min(10.0, 3.5 + 1.2 * sqrt(len(run) - 1)), 1),
            count=len(run),
            rows=tuple(row for _, row in run),
        )


def _ticks(scale: Scale) -> Iterable[tuple[float, Instant, str]]:
    """Yield the edges and a few instants between them; the beginning alone within one day."""
    span = scale.end.seconds - scale.start.seconds
    count = TICKS if span >= TICKS * _DAY else 2 if span >= _DAY else 1
    for number in range(count):
        when = scale.start.plus(span * number // max(1, count - 1))
        anchor = "start" if number == 0 else "end" if number == count - 1 else "middle"
        yield scale.x(when), when, anchor


def _instant(value: object) -> Instant | None:
    return parse_instant(value)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Sequence) else []
