"""What a project waits for stands in «What needs me», for the right office, at both nodes alike."""

from pathlib import Path

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows, text
from support import framework
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage, draft, table
from support.two_nodes import Pair, Party
from unit.node.test_projects import (
    MILESTONES,
    OFFICER,
    SECURITY,
    SHARES,
    TITLE,
    both,
    do,
    propose,
    sheet,
    to_active,
    to_arranging,
    typed,
)

DAY = 86_400


async def needs(party: Party, *, whose: str = "all", who: str = OFFICER) -> list[JsonObject]:
    found = rows(await party.call("needs", who=who, whose=whose), "needs")
    return [row for row in found if text(row, "code").startswith("project.")]


async def codes(party: Party, **how: str) -> dict[str, str]:
    return {
        text(row, "code").removeprefix("project."): text(row, "who")
        for row in await needs(party, **how)
    }


async def waited(pair: Pair, party: Party) -> dict[str, bool]:
    """Return for each side whether the oldest wait counts something that it is asked."""
    shown = await party.call("relationship", counterpart=pair.other(party).did)
    (found,) = [row for row in rows(shown, "measures") if row["measure"] == "oldest_wait"]
    return {
        "us" if line["party"] == party.did else "them": line["of"] != 0
        for line in rows(found, "lines")
    }


async def alike(pair: Pair) -> None:
    """Check that «Our turn» and what needs us name the same projects, and both nodes the same."""
    digests = set()
    for party in (pair.a, pair.b):
        listed = rows(await party.call("projects", state="ours"), "projects")
        told = [row for row in await needs(party) if text(row, "code") != "project.notice"]
        ours = [row for row in told if row["who"] in {"us", "both"}]
        assert {text(row, "project") for row in listed} == {one(r, "object")["id"] for r in ours}
        steps = {f"project.{one(row, 'next')['step']}" for row in listed}
        assert steps <= {text(row, "code") for row in ours}
        shown = await party.call("relationship", counterpart=pair.other(party).did)
        assert await waited(pair, party) == {
            whose: any(row["who"] == whose and row["consequence"] != "date_comes" for row in told)
            for whose in ("us", "them")
        }
        digests.add(text(shown, "digest"))
    assert len(digests) == 1


@on_a_loop
async def test_each_side_is_told_of_a_project_from_proposal_to_approval(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await propose(pair, pair.a)
    assert await codes(pair.b, whose="mine", who=OFFICER) == {"answer": "us"}
    (row,) = await needs(pair.b)
    assert text(row, "until").startswith("2026-12-31"), "the date that was asked for"
    async with await logged_in(pair.b, OFFICER) as shown:
        await shown.get("/dates")
        assert "An answer to a proposed project was asked for" in shown.words
        assert f'href="/projects/{name}"' in shown.text
    await alike(pair)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="")
    assert (await codes(pair.a), await codes(pair.b)) == ({"name": "them"}, {"name": "us"})
    await do(pair, pair.b, "name", name, sponsor="Fisheries Board", user="Ice Service")
    assert await codes(pair.a) == {"intend": "both"}
    await alike(pair)
    await do(pair, pair.a, "intend", name)
    since = text((await needs(pair.b))[0], "since")
    pair.clock.tick(DAY)
    await do(pair, pair.a, "remark", name, words="Waiting for spring.")
    (row,) = await needs(pair.b)
    assert (row["code"], row["who"], row["since"]) == ("project.intend", "us", since)
    assert await codes(pair.a) == {"intend": "them"}
    await do(pair, pair.b, "intend", name)
    assert await codes(pair.b, whose="mine", who=SECURITY) == {"sheet": "both"}
    assert await codes(pair.b, whose="mine", who=OFFICER) == {}
    await sheet(pair, pair.a, name, release="no")
    assert await codes(pair.a, whose="mine", who=SECURITY) == {"blocked": "us"}
    await alike(pair)
    await pair.close()


async def to_checked(pair: Pair, **changes: object) -> str:
    name = await propose(pair, pair.a, **changes)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", name)
    for party in (pair.a, pair.b):
        await sheet(pair, party, name)
    return name


@on_a_loop
async def test_the_arrangement_of_one_project_is_not_to_be_named_in_another(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    await to_checked(pair, title="Ice charts")
    assert await codes(pair.a, whose="mine", who=OFFICER) == {"arrange": "both"}
    await to_arranging(pair)
    assert (await codes(pair.a))["draft"] == "both"
    await pair.close()


@on_a_loop
async def test_the_officer_is_told_which_text_the_arrangement_waits_for_and_not_to_name_none(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    await to_checked(pair)
    assert await codes(pair.a) == {"draft": "both"}
    assert await codes(pair.a, whose="mine", who=OFFICER) == {}
    assert await codes(pair.a, whose="mine", who="negotiator") == {"draft": "both"}
    framework_id = pair.instrument
    await draft(pair)
    assert await codes(pair.a) == {"draft": "both"}, "a draft of ours is ours alone"
    await table(pair, pair.a)
    pair.instrument = framework_id
    for party in (pair.a, pair.b):
        (row,) = await needs(party, whose="mine", who=OFFICER)
        assert (row["code"], row["consequence"]) == ("project.text", "to_know")
        assert one(row, "object")["title"] == f"{TITLE}: {framework.TITLE}"
        assert await codes(party, whose="mine", who="negotiator") == {}
    async with await logged_in(pair.b, OFFICER) as shown:
        await shown.get("/")
        said = "can be named once it is in force; the text under way: tabled, no answer yet."
        assert said in shown.words
    pages = [
        await party.call("relationship", counterpart=pair.other(party).did)
        for party in (pair.a, pair.b)
    ]
    assert pages[0]["digest"] == pages[1]["digest"]
    await pair.close()


@on_a_loop
async def test_each_side_is_told_of_plan_and_approval(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    assert await codes(pair.b) == {"approve": "both"}
    await do(pair, pair.a, "approve", name)
    assert (await codes(pair.a), await codes(pair.b)) == ({"approve": "them"}, {"approve": "us"})
    await alike(pair)
    await do(pair, pair.b, "approve", name)
    assert await codes(pair.a) == {"start": "both"}
    await pair.close()


@on_a_loop
async def test_each_side_is_told_of_claims_items_loans_and_ends(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    assert (await codes(pair.a), await codes(pair.b)) == ({"claim": "us"}, {"claim": "them"})
    assert text((await needs(pair.a))[0], "until").startswith("2027-03-31")
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["test report 4"])
    await do(pair, pair.b, "enter", name, ground="foreground", title="Ice model", owner="both")
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due="2027-02-01")
    ours = {"accept": "them", "confirm": "us", "claim": "them", "receive": "them"}
    theirs = {"accept": "us", "confirm": "them", "claim": "us", "receive": "us"}
    assert (await codes(pair.a), await codes(pair.b)) == (ours, theirs)
    await alike(pair)
    await do(pair, pair.b, "give_back", name, loan="Test buoy no. 3")
    assert (await codes(pair.a))["take_back"] == "us"
    await do(pair, pair.a, "take_back", name, loan="Test buoy no. 3")
    await do(pair, pair.a, "confirm", name, item="Ice model")
    await do(pair, pair.b, "accept", name, milestone="Hull")
    for step in ("wind_up", "abandon"):
        more = {"reason": "The ice is gone."} if step == "abandon" else {}
        await do(pair, pair.a, step, name, **more)
        assert ((await codes(pair.a))[step], (await codes(pair.b))[step]) == ("them", "us")
    await do(pair, pair.b, "pause", name, reason="A storm.")
    assert await codes(pair.b) == {"resume": "both"}
    await do(pair, pair.b, "resume", name)
    assert await codes(pair.a) == {"resume": "us"}
    await alike(pair)
    await both(pair, "abandon", name, reason="The ice is gone.")
    assert await codes(pair.a) == {}
    await pair.close()


@on_a_loop
async def test_a_loan_kept_too_long_and_a_notice_are_told_to_both(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    now = pair.clock.now()
    due, leaves = (str(now.plus(days * DAY))[:10] for days in (5, 20))
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due=due)
    await do(pair, pair.b, "notice", name, leaves=leaves, reason="No ship.")
    assert await codes(pair.a) == {"claim": "us", "loan_due": "them", "notice": "them"}
    pair.clock.tick(10 * DAY)
    assert await codes(pair.b) == {"claim": "them", "give_back": "us", "notice": "us"}
    (row,) = rows(await pair.b.call("projects", state="ours"), "projects")
    assert one(row, "next") == {"step": "give_back", "whose": ["us"]}, "ours before theirs"
    pair.clock.tick(20 * DAY)
    await pair.settle()
    assert await codes(pair.b) == {"claim": "them", "give_back": "us", "leave": "us"}
    await alike(pair)
    for party, whose in ((pair.a, "them"), (pair.b, "us")):
        falling = rows(await party.call("dates"), "dates")
        told = {text(each, "code"): text(each, "whose") for each in falling}
        assert (told["loan"], told["notice"]) == (whose, whose)
    said = [text(r, "what") for r in rows(await pair.b.call("status"), "waiting")]
    assert any(TITLE in each and "notice" in each for each in said)
    await pair.close()


@on_a_loop
async def test_the_pages_say_what_a_project_waits_for(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    await do(pair, pair.a, "approve", name)
    rel = text(rows(await pair.b.call("relationships"), "relationships")[0], "relationship")
    async with await logged_in(pair.b, OFFICER) as shown:
        await shown.get("/")
        assert "They have approved arrangement and plan; we have not." in shown.words
        assert f'href="/projects/{name}"' in shown.text
        assert "Nothing by itself; the project stays where it is." in shown.words
        await shown.get(f"/projects/{name}")
        assert "Nothing happens by itself when it comes: we then leave" in shown.words
        await shown.get(f"/relationships/{rel}")
        assert "the approval of a project" in shown.words
    await do(pair, pair.b, "approve", name)
    async with await logged_in(pair.a, OFFICER) as shown:
        await shown.get("/")
        assert "It is approved by both: the work can begin." in shown.words
        assert "both can act" in shown.words
    await pair.close()


@on_a_loop
async def test_an_overdue_milestone_and_a_loan_soon_due_each_stand_among_what_needs_somebody(
    tmp_path: Path,
) -> None:
    """Else they stand behind whatever else waits in the project, and nobody is told."""
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    now = pair.clock.now()
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due=str(now.plus(300 * DAY))[:10])
    await do(pair, pair.b, "enter", name, ground="foreground", title="Ice model", owner="both")
    assert await codes(pair.b) == {"confirm": "them", "claim": "them", "receive": "us"}
    pair.clock.tick(290 * DAY)  # both milestones are past their days by now
    await pair.settle()
    found = {text(one(row, "object"), "title"): row for row in await needs(pair.a)}
    hull, radio = (found[f"Drifting buoys that report ice: {each}"] for each in ("Hull", "Radio"))
    told = [(row["code"], row["who"]) for row in (hull, radio)]
    assert told == [("project.overdue", "us"), ("project.overdue", "them")]
    assert (await codes(pair.b))["loan_due"] == "us"
    await alike(pair)
    async with await logged_in(pair.a, OFFICER) as shown:
        await shown.get("/")
        assert "This milestone is ours, overdue, and not claimed." in shown.words
        assert f'href="/projects/{name}/plan"' in shown.text
    await do(pair, pair.a, "claim", name, milestone="Hull", words="It floats.")
    (hull,) = [each for each in await needs(pair.a) if "Hull" in str(each["object"])]
    assert hull["code"] == "project.accept", "it is told as a claim, and no more as overdue"
    await pair.close()


async def told(party: Party, *, who: str = OFFICER) -> list[str]:
    found = rows(await party.call("needs", who=who, whose="mine"), "needs")
    return [text(row, "code") for row in found if text(row, "code").startswith("told.")]


@on_a_loop
async def test_who_claimed_or_spoke_first_is_told_what_the_other_side_said(tmp_path: Path) -> None:
    """Else a rejected claim, or an end that both said, is found by looking alone."""
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["test report 4"])
    assert (await told(pair.a), await told(pair.b)) == ([], []), "what is asked is no news"
    await do(pair, pair.b, "reject", name, milestone="Hull", reason="Page 4 is missing.")
    assert (await told(pair.a), await told(pair.b)) == (["told.rejected"], [])
    async with await logged_in(pair.a, OFFICER) as shown:
        await shown.get("/")
        assert "They rejected the claim of a milestone; they say why." in shown.words
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["page 4"])
    assert await told(pair.a) == []
    await do(pair, pair.b, "accept", name, milestone="Hull")
    assert await told(pair.a) == ["told.accepted"]
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due="2027-06-01")
    await do(pair, pair.a, "abandon", name, reason="The ice is gone.")
    assert await told(pair.b) == [], "a lone word ends nothing"
    await do(pair, pair.b, "abandon", name, reason="So it is.")
    assert (await told(pair.a), await told(pair.b)) == (["told.ended"], [])
    assert await codes(pair.b) == {"give_back": "us"}, "what is lent comes home"
    await alike(pair)
    await pair.close()


@on_a_loop
async def test_who_holds_the_mandate_is_told_that_the_plan_is_not_the_approved_one_any_more(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    await both(pair, "approve", name)
    await do(pair, pair.a, "start", name)

    async def replan(amount: str) -> None:
        shares = typed({**SHARES[0], "amount": amount}, SHARES[1], kind="PlannedShare")
        lines = typed(
            *({**each, "key": f"m{n}"} for n, each in enumerate(MILESTONES, 1)),
            kind="PlannedMilestone",
        )
        await do(pair, pair.a, "plan", name, milestones=lines, shares=shares)
        await do(pair, pair.b, "agree_plan", name)

    await replan("430000.00")
    for party in (pair.a, pair.b):
        assert await told(party, who="mandate_holder") == ["told.replanned"]
        assert await told(party) == []
        found = await party.call("projects.show", project=name)
        assert found["approved_plan_differs"] is True
    async with await logged_in(pair.a, "mandate_holder") as shown:
        await shown.get("/")
        assert "The plan was changed after both had approved it: see what it says." in shown.words
    pair.clock.tick(15 * DAY)
    assert await told(pair.a, who="mandate_holder") == []
    await replan("440000.00")
    assert await told(pair.a, who="mandate_holder") == ["told.replanned"]
    await replan("250000.00")
    assert await told(pair.a, who="mandate_holder") == [], "it is the approved one again"
    assert (await pair.a.call("projects.show", project=name))["approved_plan_differs"] is False
    await replan("430000.00")
    await both(pair, "abandon", name, reason="The ice is gone.")
    assert await told(pair.a, who="mandate_holder") == []
    await pair.close()
