"""What officials read of pauses, ends and loans of a project, and are asked for."""

import re
from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_projects import do, to_active, to_arranging
from unit.web.test_project_pages import go


@on_a_loop
async def test_each_reason_stands_with_its_step_its_side_and_its_day(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    page = f"/projects/{name}"
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, theirs, name, "do/pause", reason="The ice has come.")
        await ours.get(page)
        way = ours.words.partition("The way of a project")[2].partition("Next:")[0]
        assert "paused now" in way.replace("‖ ", "")
        assert "at work now" not in way
        assert "they paused it, " in ours.words
        assert "Reason given: The ice has come." in ours.words
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/resume")
        assert "Reason given" not in theirs.words, "it is at work again"
        await go(pair, ours, name, "do/abandon", reason="The budget.")
        await theirs.get(page)
        assert "they said that it is abandoned, " in theirs.words
        await go(pair, theirs, name, "do/abandon", reason="No ship.")
        for shown, first, second in (
            (ours, "we", "they"),
            (theirs, "they", "we"),
        ):
            await shown.get(page)
            told = shown.words.partition("What it is")[2].partition("What we can do")[0]
            assert "ice has come" not in told
            for whose, reason in ((first, "The budget."), (second, "No ship.")):
                before = told.partition(reason)[0]
                assert f"{whose} said that it is abandoned" in before[-120:], whose
    await pair.close()


@on_a_loop
async def test_who_left_after_notice_does_not_read_an_old_word_as_the_reason(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.b, "abandon", name, reason="An old word.")
    await do(pair, pair.b, "claim", name, milestone="Radio", words="It sends.")
    await do(pair, pair.a, "notice", name, leaves="2027-02-01", reason="No ship.")
    while str(pair.clock.now()) < "2027-02-02":
        pair.clock.tick(86_400)
    await do(pair, pair.a, "leave", name)
    async with await logged_in(pair.a, "project_officer") as shown:
        await shown.get(f"/projects/{name}")
        assert "Reason given" not in shown.words
        assert "No ship." in shown.words
    await pair.close()


@on_a_loop
async def test_a_loan_asks_each_side_for_what_fits_where_it_is(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    page = f"/projects/{name}"
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, ours, name, "register/lend", what="Test buoy", due="2027-06-30")
        await theirs.get(page)
        assert "Say that Test buoy has arrived, once it has" in theirs.words
        await ours.get(page)
        assert "Test buoy is back" not in ours.words
        await ours.get(f"{page}/register")
        assert "<summary>Test buoy is back" in ours.text, "it is still on its way out"
        await theirs.get(f"{page}/register")
        assert ">Test buoy has arrived</button>" in theirs.text
        assert "<summary>Test buoy is on its way back" in theirs.text
        await go(pair, theirs, name, "register/receive")
        assert "<summary>Test buoy is on its way back" not in theirs.text
        await go(pair, theirs, name, "register/give_back")
        await ours.get(page)
        assert "Say that Test buoy is back, once it is" in ours.words
        await ours.get("/dates")
        assert "we" in ours.words.partition("A loan is due back")[2][:8]
    await pair.close()


@on_a_loop
async def test_who_reads_that_it_is_for_both_reads_whether_one_is_enough(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    async with await logged_in(pair.a, "project_officer") as shown:
        for step, told in (
            ("approve", "for both: each of us has to do it"),
            ("start", "for both: one of us is enough"),
        ):
            await shown.get(f"/projects/{name}")
            assert told in shown.words
            for party in (pair.a, pair.b) if step == "approve" else (pair.a,):
                await do(pair, party, step, name)
    await pair.close()


@on_a_loop
async def test_every_step_says_before_what_it_does(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.b, "lend", name, what="Radio set", due="2027-06-30")
    await do(pair, pair.a, "lend", name, what="Test buoy", due="2027-06-30")
    await do(pair, pair.b, "claim", name, milestone="Radio", words="It sends.")
    given = {"ground": "background", "title": "Ice model"}
    await do(pair, pair.a, "enter", name, **given)
    async with await logged_in(pair.a, "project_officer") as shown:
        seen = set()
        for tab in ("", "/plan", "/register"):
            await shown.get(f"/projects/{name}{tab}")
            for action, body in re.findall(r'action="([^"]*)">(.*?)</form>', shown.text, re.DOTALL):
                if f"/projects/{name}/" in action.replace("%3A", ":"):
                    seen.add(action.rpartition("/")[2])
                    assert '<dl class="before">' in body, action
        assert {"pause", "remark", "claim", "reject", "lend", "receive", "strike"} <= seen
    await pair.close()
