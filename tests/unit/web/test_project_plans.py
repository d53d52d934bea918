"""What officials see of the plan and the history of a project, and what its forms keep."""

import re
from pathlib import Path

from comity.foundation.members import one, rows
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_projects import do, to_active, to_planning
from unit.web.test_project_pages import PLAN, form, go, worked


@on_a_loop
async def test_who_answers_a_claim_reads_beside_the_buttons_what_was_claimed(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(f"/projects/{name}/plan")
        await ours.submit(f"/projects/{name}/plan/claim", {"evidence": " \n"})
        assert "projects.claim_empty" in ours.text, "they would decide on nothing"
        said = {"evidence": "report 4", "words": "It floated for nine <days>."}
        await go(pair, ours, name, "plan/claim", **said)
        await theirs.get(f"/projects/{name}/plan")
        beside = theirs.words.partition("The claim of Hull")[2].partition("Accept Hull")[0]
        for each in ("It floated for nine <days>.", "report 4", "It floats.", "they claimed"):
            assert each in beside, each
    await pair.close()


@on_a_loop
async def test_what_a_plan_put_up_would_change_is_marked_and_one_can_counter_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(f"/projects/{name}/plan")
        given = {
            **PLAN,  # without the second one
            "title-2": "Buoy chain",
            "test-2": "It holds.",
            "performer-2": "us",
            "due-2": "2027-05-31",
            "amount-us": "300000.00",
            "words": "The radio is bought.",
        }
        await go(pair, ours, name, "plan/plan", **given)
        await theirs.get(f"/projects/{name}/plan")
        plan = theirs.words.partition("The plan that is put up")[2].partition("Put up a plan")[0]
        assert "The radio is bought." in plan
        assert "new" in plan.partition("Buoy chain")[2].partition("It holds.")[2][:30]
        assert "left out Radio" in plan
        assert "changed now: 250000.00" in plan
        assert "It floats. changed" not in plan
        assert "Put up our own plan instead" in plan
        assert "Put up our own plan instead" not in ours.words
        await theirs.get(f"/projects/{name}/plan", instead="yes")
        assert "<details open><summary>Another plan, from this one" in theirs.text
    await pair.close()


@on_a_loop
async def test_the_first_counter_plan_shows_what_it_changes_of_the_plan_that_it_replaced(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_planning(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, ours, name, "plan/plan", **PLAN)
        await theirs.get(f"/projects/{name}/plan")
        assert "No plan counts yet: all of it is new." in theirs.words
        mirrored = {**PLAN, "amount-us": "", "currency-us": "", "in_kind-us": "Two ship days"}
        mirrored |= {"amount-them": "200000.00", "currency-them": "EUR", "in_kind-them": ""}
        mirrored |= {"performer-0": "them", "key-0": "m1"}
        await go(pair, theirs, name, "plan/plan", **mirrored)
        for shown, whose in ((ours, "ours"), (theirs, "theirs")):
            await shown.get(f"/projects/{name}/plan")
            plan = shown.words.partition("The plan that is put up")[2].partition("Another")[0]
            assert f"What differs from the plan of {whose} that waited before" in plan
            assert "changed before: 250000.00" in plan
            assert plan.count("changed") == 1
        await go(pair, theirs, name, "plan/plan", **mirrored)
        assert "of ours that waited before is marked" in theirs.words
        assert "It says the same." in theirs.words
    await pair.close()


@on_a_loop
async def test_more_rows_for_a_plan_keep_what_was_typed(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with await logged_in(pair.a, "project_officer") as shown:
        page = f"/projects/{name}/plan"
        await shown.get(page)
        assert "Milestone 5" not in shown.words
        data = {**shown.hidden(f"{page}/plan"), **PLAN, "title-0": "Hull of steel"}
        shown.page = await shown.client.post(f"{page}/more", data=data)
        assert "Milestone 9" in shown.words
        assert 'value="Hull of steel"' in shown.text
        assert "<details open><summary>Another plan" in shown.text
        late = {"title-8": "Late one", "test-8": "Seen.", "performer-8": "us"}
        await shown.submit(f"{page}/plan", {**PLAN, **late, "due-8": ""})
        assert "Milestone 9: the field 'Due' is empty." in shown.words
        await shown.submit(f"{page}/plan", {**PLAN, **late, "due-8": "2027-09-30"})
        found = await pair.a.call("projects.show", project=name)
        put_up = rows(one(one(found, "plan"), "put_up"), "milestones")
        assert [row["key"] for row in put_up] == ["m1", "m3"]
    await pair.close()


@on_a_loop
async def test_who_agrees_to_a_plan_reads_before_which_approval_it_sets_aside(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_planning(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, ours, name, "plan/plan", **PLAN)
        await go(pair, theirs, name, "plan/agree_plan")
        await go(pair, ours, name, "do/approve")
        await ours.get(f"/projects/{name}/plan")
        await ours.submit(f"/projects/{name}/plan/plan", {**PLAN, "key-0": "m1"})
        assert "projects.same_plan" in ours.text, "the approval is undone by nothing"
        await go(pair, theirs, name, "plan/plan", **{**PLAN, "title-0": "Hull of steel"})
        await ours.get(f"/projects/{name}/plan")
        told = "Agreeing to this plan sets aside the approval that we gave on"
        assert told in ours.words.partition("Agree to this plan")[0]
        await go(pair, ours, name, "plan/plan", **PLAN)
        assert "The plan that counts stays, and no other waits any more." in ours.words
        await go(pair, ours, name, "plan/plan", **{**PLAN, "title-0": "Hull of steel"})
        await theirs.get(f"/projects/{name}/plan")
        assert "Agreeing to this plan sets aside the approval that Aldoria gave on" in theirs.words
        await go(pair, theirs, name, "plan/agree_plan")
        await go(pair, ours, name, "plan/plan", **PLAN)
        await theirs.get(f"/projects/{name}/plan")
        assert "sets aside" not in theirs.words, "no approval stands any more"
    await pair.close()


@on_a_loop
async def test_a_plan_changed_after_both_approved_it_is_not_shown_as_approved(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_planning(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, ours, name, "plan/plan", **PLAN)
        await go(pair, theirs, name, "plan/agree_plan")
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/approve")
        await ours.get("/")
        assert "It is approved by both: the work can begin." in ours.words
        dearer = {**PLAN, "key-0": "m1", "amount-us": "430000.00"}
        await go(pair, ours, name, "plan/plan", **dearer)
        await theirs.get(f"/projects/{name}/plan")
        before = theirs.words.partition("Agree to this plan")[0].rpartition("The plan that is")[2]
        assert "The plan that counts is the one that both approved" in before
        assert "its approval does not name this one, and is not asked for anew." in before
        assert "approved for an earlier plan" not in before
        await go(pair, theirs, name, "plan/agree_plan")
        for shown in (ours, theirs):
            await shown.get("/")
            assert "Both approved it for an earlier plan: the work can begin." in shown.words
            await shown.get("/projects")
            assert "approved for an earlier plan; changed since" in shown.words
            for page in (f"/projects/{name}", f"/projects/{name}/plan"):
                await shown.get(page)
                assert "approved for an earlier plan; changed since" in shown.words, page
                assert re.search("Both approved it on .* for an earlier plan", shown.words), page
        await go(pair, ours, name, "plan/plan", **{**dearer, "amount-us": "450000.00"})
        await theirs.get(f"/projects/{name}/plan")
        before = theirs.words.partition("Agree to this plan")[0].rpartition("The plan that is")[2]
        assert "The plan that counts is the one that both approved" not in before
        assert "Both approved an earlier plan" in before
    await pair.close()


@on_a_loop
async def test_what_is_wrong_in_a_plan_stands_at_the_field(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    line = {"title-3": "Late one", "test-3": "Seen.", "performer-3": "us"}
    async with await logged_in(pair.a, "project_officer") as shown:
        page = f"/projects/{name}/plan"
        await shown.get(page)
        assert "aria-invalid" not in shown.text
        for field, given in (
            ("due-3", {**line, "due-3": ""}),
            ("due-3", {**line, "due-3": "2026-01-31"}),
            ("due-3", {**line, "due-3": "next week"}),
            ("test-3", {**line, "test-3": "", "due-3": "2027-09-30"}),
            ("title-3", {"test-3": "Seen.", "title-3": ""}),
            ("amount-us", {"amount-us": "4 000"}),
            ("amount-them", {"amount-them": "4,5"}),
            ("currency-us", {"currency-us": "Dol"}),
            ("currency-us", {"currency-us": "Euro"}),
        ):
            await shown.get(page)
            await shown.submit(f"{page}/plan", {**PLAN, "title-1": "", "test-1": "", **given})
            marked = re.findall(r'<input id="([^"]+)"[^>]* aria-invalid="true"', shown.text)
            assert marked == [field], (field, shown.words)
            assert f'<a href="#{field}">To the field' in shown.text
            at_field = shown.text.partition(f'id="{field}-wrong"')[2].partition(f'id="{field}"')[0]
            assert "Nothing was put up" in at_field
    await pair.close()


@on_a_loop
async def test_a_day_comes_back_into_the_form_of_a_plan_as_it_was_typed(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_planning(pair)
    page = f"/projects/{name}/plan"
    async with await logged_in(pair.a, "project_officer") as shown:
        await shown.get(page)
        assert 'name="background-within" required>\n<option value="">' in shown.text
        for zone, due in (("UTC", "2027-03-31"), ("Europe/Paris", "2027-04-30")):
            shown.client.cookies.set("comity_zone", "Europe/Paris")
            await go(pair, shown, name, "plan/plan", **{**PLAN, "due-0": due, "zone": zone})
            await shown.get(page)
            assert f'name="due-0" type="date" value="{due}"' in shown.text
            assert re.search(rf'name="zone" type="text" value="{zone}"', shown.text)
        await go(pair, shown, name, "plan/plan", **{**PLAN, "due-0": "2027-03-31T12:00:00Z"})
        await shown.get(page)
        assert 'name="due-0" type="text" value="2027-03-31T12:00:00Z"' in shown.text
    await pair.close()


@on_a_loop
async def test_a_project_is_not_proposed_twice_by_a_form_that_is_sent_again(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as shown:
        await shown.get("/projects/new")
        data = {**shown.hidden("/projects"), **await form(pair)}
        for _ in range(2):  # a double click, or the page as the browser kept it
            shown.page = await shown.client.post("/projects", data=data)
            assert "Proposed. Both sides see" in shown.words
        await shown.get("/projects/new")  # the way back, by a page that is fetched anew
        await shown.submit("/projects", await form(pair))
        assert "projects.proposed_already" in shown.text
        assert len(rows(await pair.a.call("projects"), "projects")) == 1
        await shown.submit("/projects", await form(pair, title="Buoys that report fog"))
        assert len(rows(await pair.a.call("projects"), "projects")) == 2
    await pair.close()


@on_a_loop
async def test_the_history_of_a_project_names_what_each_act_was_about(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await worked(pair, ours, theirs, name)
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/wind_up")
        await go(pair, ours, name, "do/close", authorisations="none")
        await ours.get(f"/projects/{name}")
        history = ours.words.partition("Why is it in this state?")[2]
        for line in (
            *("claimed a milestone : Hull", "accepted the claim of a milestone : Hull"),
            *("entered an item : Ice model", "confirmed a foreground item : Ice model"),
            *("lent something : Test buoy no. 3", "what was lent is back : Test buoy no. 3"),
            "said that it is closed",
        ):
            assert line.replace(" :", ":") in history.replace(" :", ":"), line
        assert "on its own side" not in ours.words
    await pair.close()


@on_a_loop
async def test_a_director_sees_every_milestone_and_loan_by_side_and_how_late_it_was_accepted(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "lend", name, what="=Test buoy", due="2027-02-01")
    await do(pair, pair.a, "claim", name, milestone="Hull", words="It floats.")
    while str(pair.clock.now()) < "2027-04-03":
        pair.clock.tick(86_400)
    await do(pair, pair.b, "accept", name, milestone="Hull")
    async with await logged_in(pair.b, "project_officer") as shown:
        await shown.get("/projects")
        assert 'href="/projects/milestones"' in shown.text
        page = "/projects/milestones"
        await shown.get(page)
        assert "on its way, overdue" in shown.words
        assert "Hull" not in shown.words, "it is accepted and not under way"
        await shown.get(page, state="done")
        assert "accepted, 3 days after it was due" in shown.words
        assert "Radio" not in shown.words
        assert 'href="/projects/milestones?state=done&amp;side=them"' in shown.text
        for side, listed in (("us", {"Radio", "Test buoy"}), ("them", {"Hull"}), ("both", set())):
            await shown.get(page, state="all", side=side)
            assert {w for w in ("Hull", "Radio", "Test buoy") if w in shown.words} == listed, side
        await shown.get(page, state="all", format="csv")
        hull, radio = (
            next(r for r in shown.text.splitlines() if w in r) for w in ("Hull", "Radio")
        )
        buoy = next(r for r in shown.text.splitlines() if "'=Test buoy" in r)
        assert (",they,," in hull, ",we,," in radio, ",we,they," in buoy) == (True,) * 3
        for page in ("", "/plan"):
            await shown.get(f"/projects/{name}{page}")
            assert "accepted 3 days after it was due" in shown.words
    await pair.close()
