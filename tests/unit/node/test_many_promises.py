"""Many years of commitments and meetings: lists stay pages, and both nodes say the same of them."""

from pathlib import Path
from typing import Final

import pytest

from comity.coordination.meeting_waiting import AGENDA_DAYS
from comity.foundation.members import rows
from support import years
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair
from support.worlds import fingerprints_of

ROWS: Final = 40


async def leafed(pair: Pair, operation: str) -> list[str]:
    """Return the ids of a whole list, page by page."""
    member = operation.removesuffix("s")
    names: list[str] = []
    cursor, total = "", 0
    while True:
        page = await pair.b.call(operation, limit=ROWS, cursor=cursor)
        found = [str(row[member]) for row in rows(page, operation)]
        assert len(found) <= ROWS
        names += found
        total = int(str(page["total"]))
        if page["next"] is None:
            break
        cursor = str(page["next"])
    assert len(names) == len(set(names)) == total
    return names


async def live_through(tmp_path: Path, *, promises: int, meetings: int) -> None:
    pair = await at_stage("in_force", tmp_path)
    try:
        promised = await years.promises(pair, promises)
        met = await years.meetings(pair, meetings)
        assert sorted(await leafed(pair, "commitments")) == sorted(promised)
        assert sorted(await leafed(pair, "meetings")) == sorted(met)
        ours, theirs = [
            await each.call("relationship", counterpart=pair.other(each).did)
            for each in (pair.a, pair.b)
        ]
        assert ours["digest"] == theirs["digest"]
        kept = next(one for one in rows(ours, "measures") if one["measure"] == "promises")
        values = {(one["subject"], one["party"]): one["value"] for one in rows(kept, "lines")}
        assert values["kept", pair.a.did] == promises - 3 * (promises // 10)
        assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
        needs = await pair.b.call("needs", limit=ROWS)
        assert len(rows(needs, "needs")) <= ROWS
        answers = acknowledgements = promises // 10
        agendas = min(meetings, AGENDA_DAYS)  # one meeting a day, the first tomorrow
        assert needs["total"] == answers + acknowledgements + agendas, (
            "nothing far away, nothing twice"
        )
    finally:
        await pair.close()


@on_a_loop
async def test_a_year_of_promises_and_meetings_is_listed_page_by_page_alike_on_both_nodes(
    tmp_path: Path,
) -> None:
    await live_through(tmp_path, promises=100, meetings=45)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@on_a_loop
async def test_ten_thousand_promises_and_a_thousand_meetings_do_not_overwhelm_a_node(
    tmp_path: Path,
) -> None:
    await live_through(tmp_path, promises=10_000, meetings=1_000)
