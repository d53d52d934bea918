"""Pages of registered connectors in a browser without a window: stories, forms, what was asked."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from support.connected import (
    KEY,
    NAMES,
    Connected,
    ask,
    connected,
    is_state,
    own,
    until,
)
from support.crossing import AREA, bring_in

Story = Callable[[Connected], Awaitable[None]]
HOSTILE = "<script>alert(1)</script> =1+1 שלום"
THEIRS = NAMES["Berevan"]
OF = own("Berevan")


def play(story: Story, root: Path, *, aware: bool = True) -> None:
    async def main() -> None:
        async with connected(root, aware=aware) as two:
            await story(two)

    asyncio.run(main())


def form(two: Connected, **changed: str) -> dict[str, str]:
    """Return the form of the page for a registration, filled in."""
    return {
        "name": THEIRS,
        "id": OF,
        "base": two.line.base("Berevan"),
        "key": KEY,
        "agreement": "Harbour Arrangement",
        "article": "Article 6",
        "area": AREA,
        "kinds": "report\nchart",
        "scale": "OPEN\nPARTNERS",
        "marking_max": "PARTNERS",
        "purposes": "planning",
        "onward": "refused",
        **changed,
    }


async def asked(two: Connected) -> tuple[str, str]:
    """Let B ask for an item that A releases; return the ids that A and B have of it."""
    item = await bring_in(two.a)
    await two.a.call("dataspace.release", who="release_officer", item=item, connector=OF)
    begun = await ask(two.b, item, of="Aldoria")
    theirs = str(begun["exchange"])
    await until(two.b, theirs, is_state("REQUESTED"))
    rows = (await two.a.call("dataspace.inbox"))["inbox"]
    assert isinstance(rows, list)
    (row,) = rows
    return str(row["exchange"]), theirs
