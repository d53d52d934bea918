"""What does not count yet is taken back, and both nodes say the same of it. Source: spec 12.3.7."""

from pathlib import Path

from comity.foundation.canonical import JsonObject
from comity.foundation.members import items, one, rows
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage
from support.two_nodes import Pair
from unit.node.test_project_needs import alike, codes, told
from unit.node.test_projects import (
    MILESTONES,
    SHARES,
    do,
    shown,
    states,
    to_active,
    typed,
)

DAY = 86_400


async def back(pair: Pair, name: str) -> list[list[JsonObject]]:
    """Return what each side can take back."""
    return [[*rows(each, "recallable")] for each in await shown(pair, name)]


@on_a_loop
async def test_a_notice_a_word_a_plan_and_a_claim_are_taken_back_alike_at_both(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    before = (await codes(pair.a), await codes(pair.b))
    plan: dict[str, object] = {
        "milestones": typed(*MILESTONES[:1], kind="PlannedMilestone"),
        "shares": typed(*SHARES, kind="PlannedShare"),
    }
    said: dict[str, dict[str, object]] = {
        "notice": {"leaves": "2027-12-31", "reason": "The budget ends."},
        "abandon": {"reason": "The ice is gone."},
        "plan": plan,
    }
    for step, members in said.items():
        await do(pair, pair.a, step, name, **members)
        assert await back(pair, name) == [[{"of": step, "milestone": None}], []]
        assert (await codes(pair.a), await codes(pair.b)) != before
        await refused("projects.nothing_to_recall", do(pair, pair.b, "recall", name, of=step))
        await do(pair, pair.a, "recall", name, of=step, who="mandate_holder")
        assert await states(pair, name) == {"active"}
        assert (await codes(pair.a), await codes(pair.b)) == before, step
        assert (await told(pair.a), await told(pair.b)) == ([], ["told.recalled"])
        await alike(pair)
    mine, theirs = await shown(pair, name)
    assert mine["notices"] == theirs["notices"] == []
    assert mine["reason"] == theirs["reason"] == ""
    assert one(mine, "plan")["put_up"] is None
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["report 4"])
    await refused("projects.recall_form", do(pair, pair.a, "recall", name, of="claim"))
    await do(pair, pair.a, "recall", name, of="claim", milestone="Hull")
    assert "accept" not in await codes(pair.b)
    assert "recall" not in items((await shown(pair, name))[0], "may")
    await do(pair, pair.a, "remark", name, words="It goes on.")
    assert await told(pair.b) == []
    await pair.close()


@on_a_loop
async def test_a_notice_whose_day_has_come_is_not_taken_back(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    for party, days in ((pair.a, 20), (pair.b, 60)):
        leaves = str(pair.clock.now().plus(days * DAY))[:10]
        await do(pair, party, "notice", name, leaves=leaves, reason="No ship.")
    assert [each["whose"] for each in rows((await shown(pair, name))[0], "notices")] == [
        "us",
        "them",
    ]
    pair.clock.tick(30 * DAY)
    assert await back(pair, name) == [[], [{"of": "notice", "milestone": None}]]
    assert "recall" not in items((await shown(pair, name))[0], "may")
    await refused("projects.notice_came", do(pair, pair.a, "recall", name, of="notice"))
    await do(pair, pair.b, "recall", name, of="notice")
    await do(pair, pair.a, "leave", name)
    assert await states(pair, name) == {"abandoned"}
    await pair.close()


@on_a_loop
async def test_a_word_taken_back_while_the_other_says_the_same_comes_to_one_end_at_both(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.b, "abandon", name, reason="The ice is gone.")
    pair.wire.down = True
    for party, step, members in (
        (pair.b, "recall", {"of": "abandon"}),
        (pair.a, "abandon", {"reason": "So it is."}),
    ):
        await party.call(f"projects.{step}", who="project_officer", project=name, **members)
    pair.wire.down = False
    for party in (pair.a, pair.b):
        party.node.delivery.wake((await party.relationship()).rel_id)
    await pair.settle()
    (status,) = await states(pair, name)
    idle = [
        one(row, "no_effect")["code"]
        for each in await shown(pair, name)
        for row in rows(each, "acts")
        if row["no_effect"] is not None
    ]
    assert (status, set(idle)) in (
        ("abandoned", {"deeds.not_now"}),
        ("active", set()),
    ), "the order is that of both"
    await pair.close()
