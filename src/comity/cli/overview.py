"""The first screen: what waits for whom, and why."""

from collections.abc import Iterator

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import items, number, rows, text
from comity.cli.words import INSTRUMENT, plural, table, when
from comity.foundation.canonical import JsonObject

_WHO = {"trouble": "!", "us": ">", "them": ".", "both": ">"}
_HEADS = {"trouble": "Trouble", "us": "Waits for us", "them": "Waits for them", "both": "For both"}


@command("status", "status", "status --json")
def status(desk: Desk) -> None:
    """Show what waits for whom, and why.

    First what is in trouble, then what waits for us, then what waits for the counterpart; below
    that every relationship and every instrument in a line.
    """
    answer = desk.call("status")
    desk.show(answer, *_status(answer))


def _status(answer: JsonObject) -> Iterator[str]:
    purpose = text(answer, "purpose")
    note = "" if purpose == "operational" else f"  [{purpose}: nothing here binds anybody]"
    yield f"{text(answer, 'name')}  {text(answer, 'party')}{note}"
    waiting = rows(answer, "waiting")
    for who, head in _HEADS.items():
        lines = [one for one in waiting if text(one, "who") == who]
        if lines:
            yield ""
            yield head
        for line in lines:
            yield f"  {_WHO[who]} {text(line, 'what')}"
            act = text(line, "act")
            if act.startswith("comity"):
                yield f"      {act}"
    if not waiting:
        yield ""
        yield "Nothing waits for anybody."
    relationships = rows(answer, "relationships")
    if relationships:
        yield ""
        yield "Counterparts"
        yield from table([_relationship(row) for row in relationships])
    instruments = rows(answer, "instruments")
    if instruments:
        yield ""
        yield "Instruments"
        yield from table([_instrument(row) for row in instruments])


def _relationship(row: JsonObject) -> list[str]:
    entries, held = number(row, "entries"), number(row, "held_by_counterpart")
    delivered = "all delivered" if held >= entries else f"{plural(entries - held, 'entry')} to go"
    reason = text(row, "reason")
    state = text(row, "status") + (f": {reason}" if reason else "")
    return [text(row, "name"), state, delivered]


def _instrument(row: JsonObject) -> list[str]:
    state = text(row, "status")
    said = INSTRUMENT.get(state, state)
    if state in {"in_force", "suspended"}:
        said += f" since {when(text(row, 'in_force_at'))}"
        said += f", until {when(text(row, 'ends_at'))}" if text(row, "ends_at") else ""
    suspended = items(row, "suspended_units")
    if suspended and state == "in_force":
        said += f"; suspended: {plural(len(suspended), 'unit')}"
    return [text(row, "title"), text(row, "counterpart"), said]


@command("health", "health")
def health(desk: Desk) -> None:
    """Show how the node itself is: whether it answers, and what does not get through."""
    answer = desk.call("health")
    good = answer.get("ok") is True
    lines = [f"The node of {text(answer, 'party')} answers; {'all well' if good else 'trouble'}."]
    lines += [
        f"  ! {text(one, 'counterpart')}: {text(one, 'code')} since {when(text(one, 'since'))}"
        for one in rows(answer, "troubles")
    ]
    desk.show(answer, *lines)
