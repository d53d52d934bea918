"""The record of a relationship: both logs, and the state that follows from them."""

from collections.abc import Iterator
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text
from comity.cli.words import plural, short, table, when
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import UnavailableError

_WITH: Final = click.option(
    "--with", "counterpart", metavar="COUNTERPART", help="With whom; else the only counterpart."
)


@command("show", 'record show --with "Ministry B"')
@_WITH
@click.option("--digests", is_flag=True, help="With the roots, to compare with the counterpart.")
def show(desk: Desk, *, counterpart: str | None, digests: bool) -> None:
    """Show both logs of a relationship: how long they are, and who cosigned when."""
    answer = desk.call("record", counterpart=desk.counterpart(counterpart))
    lines = [f"With {text(answer, 'counterpart')}: {text(answer, 'status')}"]
    if text(answer, "reason"):
        lines.append(f"  {text(answer, 'reason')}")
    for name in ("ours", "theirs"):
        lines += list(_log(name, one(answer, name), digests=digests))
    for row in rows(answer, "evidence"):
        lines.append(f"  kept as evidence: {text(row, 'kind')}, {when(text(row, 'at'))}")
    desk.show(answer, *lines)


def _log(name: str, log: JsonObject, *, digests: bool) -> Iterator[str]:
    entries = plural(number(log, "size"), "entry")
    at = text(log, "cosigned_at")
    cosigned = (
        f"cosigned up to {number(log, 'cosigned_size')}, {when(at)}" if at else "not cosigned"
    )
    yield f"  {name:<7} {entries}, {cosigned}"
    if digests:
        yield f"          root {text(log, 'root')}"
        yield f"          {text(log, 'origin')}"


@command("entries", 'record entries --with "Ministry B" --log theirs')
@_WITH
@click.option(
    "--log",
    type=click.Choice(["ours", "theirs"]),
    default="ours",
    show_default=True,
    help="Whose log.",
)
@click.option("--start", type=click.IntRange(0), default=0, show_default=True, help="First entry.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many."
)
@click.option("--digests", is_flag=True, help="With the digest of each entry.")
def entries(
    desk: Desk, *, counterpart: str | None, log: str, start: int, limit: int, digests: bool
) -> None:
    """List the entries of one log: what was done, and when the other side attested it."""
    answer = desk.call(
        "record.entries",
        counterpart=desk.counterpart(counterpart),
        log=log,
        start=start,
        limit=limit,
    )
    lines = [
        [
            str(number(row, "n")),
            text(row, "kind"),
            f"attested {when(text(row, 'attested'))}" if text(row, "attested") else "not attested",
            short(text(row, "leaf")) if digests else "",
        ]
        for row in rows(answer, "entries")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["No entries."]))
    if answer.get("next") is not None:
        left = number(answer, "size") - number(answer, "next")
        desk.hint(f"{left} more: --start {number(answer, 'next')}")


@command("rulings", 'record rulings --with "Ministry B"')
@_WITH
def rulings(desk: Desk, *, counterpart: str | None) -> None:
    """List what our node permitted and refused, newest first.

    Both what we wanted to send and what they wanted us to take; refusals name the article, or say
    that there is none. They stand in our house log and are nobody else's to see.
    """
    answer = desk.whole("rulings", counterpart=desk.counterpart(counterpart))
    lines = [[when(text(row, "at")), *_ruling(row)] for row in rows(answer, "rulings")]
    desk.show(answer, *(table(lines, indent=0) or ["No ruling was made yet."]))


def _ruling(row: JsonObject) -> list[str]:
    article = text(row, "article")
    if row.get("permitted") is True:
        return ["permitted", f"under {article} ({text(row, 'stage')})"]
    return ["refused", f"{text(row, 'reason')} [{text(row, 'code')}]"]


@command("replay", 'record replay --with "Ministry B"')
@_WITH
def replay(desk: Desk, *, counterpart: str | None) -> None:
    """Rebuild the state from both logs and compare it with what the node works with."""
    answer = desk.call("record.replay", counterpart=desk.counterpart(counterpart))
    if answer.get("equal") is not True:
        raise UnavailableError(
            "cli.replay_differs",
            "The state in use is not the one that follows from both logs. The logs are right: stop"
            " the node, keep the folder as it is, and call its engineer.",
            dict(answer),
        )
    logs = one(answer, "entries")
    desk.show(
        answer,
        f"Equal: {number(logs, 'ours')} entries of ours and {number(logs, 'theirs')} of theirs give"
        " the state in use.",
    )


@command("recover", 'record recover --with "Ministry B"')
@_WITH
def recover(desk: Desk, *, counterpart: str | None) -> None:
    """Get our own entries back from the counterpart, after this node was restored from a copy.

    Taken is only what our own keys had signed and what continues the entries we still have.
    """
    with desk.patience("Recovering"):
        answer = desk.call("record.recover", counterpart=desk.counterpart(counterpart))
    desk.show(answer, f"Recovered {plural(number(answer, 'recovered'), 'entry')}.")
