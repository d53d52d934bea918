"""What the pages of a project say of the next step, of a word taken back, of plans side by side."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_projects import MILESTONES, do, to_active
from unit.web.test_project_pages import PLAN, go, proposed

#: The plan of ``to_active`` as the form of its performer says it.
_SAME = {
    **PLAN,
    **{f"{name}-0": text for name, text in MILESTONES[0].items()},
    **{f"{name}-1": text for name, text in MILESTONES[1].items()},
    "key-0": "m1",
    "key-1": "m2",
    "currency-us": "EUR",
}
_MIRRORED = {
    **_SAME,
    "performer-0": "them",
    "performer-1": "us",
    "amount-them": "250000.00",
    "currency-them": "EUR",
    "in_kind-them": "",
    "amount-us": "0",
    "currency-us": "",
    "in_kind-us": "Two ship days",
}


@on_a_loop
async def test_what_was_accepted_stays_to_be_read_and_what_comes_next_has_name_and_day(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    page = f"/projects/{name}"
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(page)
        assert "Reach the next milestone: Hull" in ours.words.replace(" :", ":")
        assert "due " in ours.words.partition("Reach the next milestone")[2][:20]
        await go(pair, ours, name, "plan/claim", milestone="m1", words="It floated in the basin.")
        await go(pair, theirs, name, "plan/accept", milestone="m1")
        await ours.get(page + "/plan")
        row = ours.words.partition("Agreed by both")[2].partition("It is heard.")[0]
        assert "accepted 23 Nov 2026" in row
        assert "It floated in the basin." in row
        await go(pair, ours, name, "plan/plan", **{**_SAME, "title-1": "Radio of steel"})
        put_up = ours.words.partition("The plan that is put up")[2].partition("Another plan")[0]
        assert "accepted unchanged" in put_up
        await go(pair, theirs, name, "plan/plan", **{**_MIRRORED, "title-1": "Radio of brass"})
        await ours.get(page + "/plan")
        beside = ours.words.partition("Beside the plan of ours that waited before")[2]
        assert "Radio of brass ◐ changed before: Radio of steel" in beside.partition("Agree")[0]
        await ours.submit(f"{page}/plan/plan", {**_SAME, "title-0": "Hull of steel"})
        assert "«Hull» is accepted" in ours.words
    await pair.close()


@on_a_loop
async def test_a_step_that_takes_our_word_for_the_end_back_says_so_before_and_after(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    page = f"/projects/{name}"
    before = "This takes back our word that it is abandoned."
    after = "Our word that it is abandoned is taken back by this."
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(page)
        assert before not in ours.words
        await go(pair, ours, name, "do/abandon", reason="The ice is gone.")
        assert before in ours.words.partition("Begin to close it")[2]
        assert before not in ours.words.partition("Say how it goes")[2].partition("Pause")[0]
        await theirs.get(page)
        assert before not in theirs.words
        await go(pair, ours, name, "do/remark", words="It goes on meanwhile.")
        assert after not in ours.words
        await go(pair, ours, name, "do/wind_up")
        assert f"Said. It counts once both have said the same. {after}" in ours.words
        await do(pair, pair.b, "pause", name, reason="No ship.")
        await go(pair, ours, name, "do/resume")
        assert after not in ours.words, "it was taken back before"
        assert "said that it is taken up again" in ours.words
        await do(pair, pair.b, "resume", name)
    await pair.close()


@on_a_loop
async def test_who_strikes_background_reads_before_what_goes_with_it_and_the_other_is_told(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    given = {"ground": "background", "title": "Hull drawings"}
    await do(pair, pair.a, "enter", name, **given)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(f"/projects/{name}/register")
        assert "what it lets them do with the item goes with it" in ours.words
        assert "Both read these groups here where they see the same register" in ours.words
        await go(pair, ours, name, "register/strike")
        await theirs.get("/")
        assert "They struck an item from its register" in theirs.words
    await pair.close()


@on_a_loop
async def test_who_signed_an_intent_reads_that_a_user_was_changed_and_that_each_signs_again(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as shown:
        name = await proposed(pair, shown)
    people = {"sponsor": "Fisheries Board", "user": "Ice Service"}
    await pair.b.call("projects.explore", who="project_officer", project=name, **people)
    await pair.settle()
    await pair.a.call("projects.intend", who="project_officer", project=name)
    await pair.settle()
    changed = {**people, "user": "Port of Berevan"}
    await pair.b.call("projects.name", who="project_officer", project=name, **changed)
    await pair.settle()
    for party in (pair.a, pair.b):
        async with await logged_in(party, "project_officer") as shown:
            await shown.get("/")
            line = shown.words.partition("A sponsor or user was changed after the intent")[2]
            assert line.startswith(" was signed: each side signs it again.")
            assert "each side has to act" in line
            assert "both can act" not in line
            await shown.get(f"/projects/{name}")
            assert "for both: each of us has to do it" in shown.words
    await pair.close()
