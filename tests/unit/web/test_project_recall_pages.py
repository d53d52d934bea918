"""What does not count yet is taken back on the pages of a project, and the other side reads it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_projects import MILESTONES, SHARES, to_active, typed
from unit.web.test_project_pages import go

REPLANNED: Final[Mapping[str, object]] = {
    "milestones": typed(*MILESTONES[:1], kind="PlannedMilestone"),
    "shares": typed(*SHARES, kind="PlannedShare"),
}


@on_a_loop
async def test_what_does_not_count_yet_is_taken_back_by_its_page_and_the_other_reads_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        page = f"/projects/{name}"
        for step, label, told, fields in (
            ("wind_up", "Take our word back", "took back a word, which was: said that", {}),
            (
                "notice",
                "Take our notice back",
                "took the notice to leave back",
                {"leaves": "2027-12-31", "zone": "UTC", "reason": "The budget ends."},
            ),
        ):
            await go(pair, ours, name, f"do/{step}", **fields)
            await theirs.get(page)
            assert label not in theirs.words, "it is not theirs"
            await ours.get(page)
            assert f"{label} Authority A project officer or mandate holder" in ours.words
            assert "If their answer came first, nothing is taken back." in ours.words
            await go(pair, ours, name, "do/recall", of=step)
            assert "Taken back." in ours.words
            assert label not in ours.words
            await theirs.get(page)
            assert told in theirs.words
            assert "Notice to leave" not in theirs.words
        await go(pair, ours, name, "plan/claim", milestone="m1", evidence="report 4", words="")
        assert "Take the claim of Hull back" in ours.words
        await go(pair, ours, name, "plan/recall", of="claim", milestone="m1")
        assert "Take the claim" not in ours.words
        await pair.a.call("projects.plan", who="project_officer", project=name, **REPLANNED)
        await pair.settle()
        await ours.get(f"{page}/plan")
        assert "Take our plan back" in ours.words
        await go(pair, ours, name, "plan/recall", of="plan", milestone="")
        assert "The plan that is put up" not in ours.words
        await theirs.get(page)
        assert "took the claim of a milestone back: Hull" in theirs.words.replace(" : ", ": ")
        assert "took back the plan that was put up" in theirs.words
        await theirs.get("/")
        assert "They took back what they had said on it, before it counted." in theirs.words
    await pair.close()
