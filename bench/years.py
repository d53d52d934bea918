"""What an official waits for in the tenth year of an agreement, beside the first.

Two nodes in one process and a relationship of ten years: each year 120 commitments and 12 meetings,
those of the years before at their end and those of the last as a year is. Measured are the list of
what needs somebody, and the relationship as a whole: for whoever looks again; for whoever looks
first at the very moment after something happened, who is shown what was computed before, with the
number of acts that it does not count; for whoever looks a little later, when the node has computed
it anew by itself; and for a program, which is told of everything and waits until that is computed.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from comity.node.renewing import RENEW_AFTER_S
from lines import Line, milliseconds
from processes import BUILD

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from support import years  # noqa: E402  # found only now: it stands with the tests
from support.stages import at_stage  # noqa: E402  # found only now
from support.two_nodes import Pair  # noqa: E402  # found only now

YEARS: Final = 10
COMMITMENTS: Final = 120
MEETINGS: Final = 12
LOOKS: Final = 7
MONTH_S: Final = 30 * 86_400
#: How much longer a page may take in the tenth year.
GOAL: Final = "goal 1.5"
_WHAT: Final = {
    "needs": "what needs somebody",
    "again": "the relationship, seen again",
    "ready": "the relationship, first look two seconds after an act",
    "first": "the relationship, first look at once after an act",
    "whole": "the relationship with every act, computed while one waits",
}


def measure() -> list[Line]:
    """Return the figures of the tenth year beside those of the first."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[Line]:
    pair = await at_stage("in_force", folder)
    try:
        await _year(pair, 1, ended=False)
        first = await _looks(pair, "early")
        for year in range(2, YEARS):
            await _year(pair, year, ended=True)
        last = await _looks(pair, "late")
    finally:
        await pair.close()
    return [
        Line(
            what=f"{what}, year {YEARS}",
            figure=milliseconds(last[name]),
            beside=f"year 1: {milliseconds(first[name])}",
            ratio=f"{statistics.median(last[name]) / statistics.median(first[name]):.2f}"
            + (f" ({GOAL})" if name != "whole" else ""),
        )
        for name, what in _WHAT.items()
    ]


async def _year(pair: Pair, year: int, *, ended: bool) -> None:
    """Play a year; a month passes before it, so that no act of one year is news in the next."""
    pair.clock.tick(MONTH_S)
    await years.promises(pair, COMMITMENTS, named=f"Year {year}, promise", ended=ended)
    await years.meetings(pair, MEETINGS)


async def _looks(pair: Pair, when: str) -> dict[str, list[float]]:
    """Return durations in seconds of each look."""
    found: dict[str, list[float]] = {name: [] for name in _WHAT}
    for look in range(LOOKS):
        await years.promises(pair, 1, named=f"{when} {look}", ended=True)
        await asyncio.sleep(RENEW_AFTER_S + 1)
        found["ready"].append(await _timed(pair, "relationship"))
        await years.promises(pair, 1, named=f"{when} {look} again", ended=True)
        found["first"].append(await _timed(pair, "relationship"))
        found["whole"].append(await _timed(pair, "relationship", ready=False))
        found["again"].append(await _timed(pair, "relationship"))
        found["needs"].append(await _timed(pair, "needs"))
    return found


async def _timed(pair: Pair, operation: str, *, ready: bool = True) -> float:
    started = time.perf_counter()
    if operation == "relationship":
        await pair.a.call(operation, counterpart=pair.b.did, ready=ready)
    else:
        await pair.a.call(operation)
    return time.perf_counter() - started
