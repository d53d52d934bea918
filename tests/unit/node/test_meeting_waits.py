"""Whom a meeting waits for: its own page, the first page and the relationship's say the same."""

from pathlib import Path

from comity.foundation.instants import Instant
from comity.foundation.members import one, rows
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair
from unit.node.test_meetings import WHO, both, confirmed, do


async def waits(pair: Pair, name: str) -> str:
    """Return what a meeting waits for, as its page, the first page and the relationship's say."""
    said: list[object] = []
    for each in (pair.a, pair.b):
        row = await each.call("meetings.show", meeting=name)
        found = rows(await each.call("needs", who=WHO), "needs")
        about = (need for need in found if one(need, "object")["id"] == name)
        needs = [need for need in about if not str(need["code"]).startswith("told.")]
        rel = await each.call("relationship", counterpart=pair.other(each).did)
        open_ = [matter["code"] for matter in rows(rel, "matters") if matter["thing"] == name]
        assert open_ == [need["code"] for need in needs]
        assert row["waits_for"] in {None, *(need["who"] for need in needs)}
        assert all(need["mine"] for need in needs if need["who"] != "them")
        said.append([row["waits_for"], *open_])
    assert said[0] == said[1], "it is for both, or for nobody"
    assert isinstance(said[0], list)
    return " ".join(map(str, said[0]))


@on_a_loop
async def test_a_meeting_that_waits_for_both_is_on_the_first_page_of_both_once_its_time_is_near(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await confirmed(pair)
    assert await waits(pair, name) == "None", "in two months: it has time"
    await do(pair, pair.b, "postpone", name, reason="Storm.")
    assert await waits(pair, name) == "both meeting.time"
    await do(pair, pair.b, "counter", name, start="2026-12-10T10:00")
    await do(pair, pair.a, "confirm", name)
    start = Instant.parse(str((await pair.a.call("meetings.show", meeting=name))["start"]))
    await pair.later(start.seconds - pair.clock.now().seconds - 14 * 86_400)
    assert await waits(pair, name) == "both meeting.agenda"
    await do(pair, pair.a, "add", name, title="Charts")
    await both(pair, "agree", name)
    assert await waits(pair, name) == "None"
    await pair.later(14 * 86_400)
    assert await waits(pair, name) == "both meeting.begin"
    await both(pair, "open", name)
    assert await waits(pair, name) == "both meeting.conclude"
    await both(pair, "adjourn", name)
    assert await waits(pair, name) == "both meeting.resume"
    await pair.close()
