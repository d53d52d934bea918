"""Files we may share: bring them in, ask, have them released."""

from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text
from comity.cli.words import held, plural, size, table
from comity.foundation.canonical import JsonObject

_FILE = click.Path(path_type=Path, dir_okay=False)
_ITEM: Final = click.argument("item", metavar="ITEM")
_TO: Final = click.option(
    "--to", "counterpart", metavar="COUNTERPART", help="For whom; else the only counterpart."
)


@command(
    "add",
    "share add survey.pdf --area information --kind report --marking restricted \\",
    '    --purpose "joint survey" --as nakamura',
)
@click.argument("file", type=_FILE)
@click.option("--area", required=True, help="The area of cooperation, by its id.")
@click.option("--kind", required=True, help="What kind of item, in the words of the policy.")
@click.option("--marking", required=True, help="Its level on the agreement's marking scale.")
@click.option("--purpose", required=True, help="What it is for, in the words of the policy.")
@click.option("--title", default="", help="A title for people; else the file's name.")
@click.option("--action", default="", help="What would be done with it; else what its area allows.")
@click.option(
    "--media", default="application/octet-stream", show_default=True, help="Its media type."
)
def add(
    desk: Desk,
    *,
    file: Path,
    area: str,
    kind: str,
    marking: str,
    purpose: str,
    title: str,
    action: str,
    media: str,
) -> None:
    """Bring a file into the node; nothing leaves.

    Area, kind, marking and purpose say what it is: from them and the agreement follows whether it
    may be sent.
    """
    answer = desk.upload(
        "items.add",
        file,
        name=file.name,
        area=area,
        kind=kind,
        marking=marking,
        purpose=purpose,
        title=title or file.name,
        **({"action": action} if action else {}),
        media=media,
    )
    item = one(answer, "item")
    desk.show(
        answer,
        f"{file.name} is in the node: item {_brief(answer)}, {size(number(item, 'bytes'))}.",
        f"  SHA-256 {text(item, 'digest')}",
    )
    desk.hint(f"Next: comity share check {_brief(answer)} --to COUNTERPART")


def _brief(row: JsonObject) -> str:
    return text(row, "id").removeprefix("urn:uuid:")[:8]


@command("check", 'share check last --to "Ministry B" --as nakamura')
@_ITEM
@_TO
def check(desk: Desk, *, item: str, counterpart: str | None) -> None:
    """May I send this?

    Yes, and under which article; no, and why; or whom to ask. ITEM is the beginning of its id, or
    last. Asking records nothing and sends nothing.
    """
    answer = desk.call("items.check", item=item, counterpart=desk.counterpart(counterpart))
    desk.show(answer, _ruling(answer))


def _ruling(answer: JsonObject) -> str:
    what = f"«{text(answer, 'title')}» to {text(answer, 'counterpart')}"
    article, area = text(answer, "article"), text(answer, "area")
    match text(answer, "answer"):
        case "yes":
            return f"Yes: {what}, under {article}, area {area}. It is released."
        case "ask":
            whom = text(answer, "ask") or "release officer"
            return (
                f"Ask the {whom}: {what} is permitted under {article}, area {area}, and not"
                " released yet."
            )
        case _:
            pass
    under = f" ({article})" if article else ""
    return f"No: {what}{under}. {text(answer, 'reason')} [{text(answer, 'code')}]"


@command("offer", 'share offer last --to "Ministry B" --as nakamura')
@_ITEM
@_TO
def offer(desk: Desk, *, item: str, counterpart: str | None) -> None:
    """Ask the release officer to release an item to a counterpart."""
    answer = desk.call("items.offer", item=item, counterpart=desk.counterpart(counterpart))
    desk.show(
        answer,
        f"«{text(answer, 'title')}» waits for the"
        f" {text(answer, 'waiting_for') or 'release officer'}.",
    )


@command("cancel", 'share cancel last --to "Ministry B" --as nakamura')
@_ITEM
@_TO
def cancel(desk: Desk, *, item: str, counterpart: str | None) -> None:
    """Take the wish to have an item released back, while nobody has decided it."""
    answer = desk.call("items.cancel", item=item, counterpart=desk.counterpart(counterpart))
    desk.show(answer, f"«{text(answer, 'title')}» does not wait any more.")


@command("waiting", "share waiting", "share waiting --all")
@click.option("--all", "past", is_flag=True, help="Also what was decided.")
def waiting(desk: Desk, *, past: bool) -> None:
    """List what waits for the release officer, or what was decided and why."""
    answer = desk.whole("wishes", status="all" if past else "waiting")
    lines = [_wish(row) for row in rows(answer, "wishes")]
    desk.show(answer, *(table(lines, indent=0) or ["Nothing waits for a release."]))


def _wish(row: JsonObject) -> list[str]:
    status = text(row, "status")
    said = f"waits since {text(row, 'since')}"
    if status != "waiting":
        why = f": {text(row, 'reason')}" if text(row, "reason") else ""
        said = f"{status} by {text(row, 'decided_by')} at {text(row, 'decided_at')}{why}"
    item = text(row, "item").removeprefix("urn:uuid:")[:8]
    return [item, text(row, "title"), f"to {text(row, 'counterpart')}", said]


@command("decline", 'share decline last --to "Ministry B" --because "Not final." --as okoye')
@_ITEM
@_TO
@click.option("--because", "reason", required=True, help="Why; our own officials read it.")
def decline(desk: Desk, *, item: str, counterpart: str | None, reason: str) -> None:
    """Decline to release an item. The counterpart never hears that it was asked for."""
    whom = desk.counterpart(counterpart)
    answer = desk.call("items.decline", item=item, counterpart=whom, reason=reason)
    desk.show(answer, f"«{text(answer, 'title')}» is not released.")


@command("release", 'share release last --to "Ministry B" --as okoye')
@_ITEM
@_TO
def release(desk: Desk, *, item: str, counterpart: str | None) -> None:
    """Release an item to a counterpart.

    The node asks the agreement first: what no article in force permits cannot be released. From now
    on the item stands in the counterpart's catalogue.
    """
    answer = desk.call("items.release", item=item, counterpart=desk.counterpart(counterpart))
    lines = [f"Released to {text(answer, 'counterpart')} (entry {number(answer, 'release')})."]
    if "held_by_counterpart" in answer:
        lines.append(f"  {held(answer['held_by_counterpart'])}")
    desk.show(answer, *lines)


@command("withdraw", 'share withdraw last --to "Ministry B" --as okoye')
@_ITEM
@_TO
def withdraw(desk: Desk, *, item: str, counterpart: str | None) -> None:
    """Withdraw a release; what they have already received stays with them."""
    answer = desk.call("items.withdraw", item=item, counterpart=desk.counterpart(counterpart))
    desk.show(answer, "Withdrawn: nobody pulls it from now on.")


@command("list", "share list")
def listing(desk: Desk) -> None:
    """List our items, what is released to whom, and what waits for release."""
    answer = desk.whole("items")
    lines = []
    for row in rows(answer, "items"):
        item, note = one(row, "item"), one(row, "note")
        lines.append(f"{_brief(row)}  {text(note, 'title')}  ({size(number(item, 'bytes'))})")
        lines.append(
            f"    area {text(item, 'area')}, {text(item, 'kind')}, {text(item, 'marking')}, for"
            f" {text(item, 'purpose')}"
        )
        for released in rows(row, "released"):
            state = "was released" if released.get("withdrawn") is True else "released"
            lines.append(f"    {state} to {text(released, 'counterpart')}")
        waiting = [text(wish, "counterpart") for wish in rows(row, "waiting")]
        lines += [f"    waits for release to {', '.join(waiting)}"] if waiting else []
    count = plural(len(rows(answer, "items")), "item")
    desk.show(answer, *(lines or [f"{count}: comity share add brings one in."]))
