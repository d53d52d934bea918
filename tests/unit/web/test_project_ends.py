"""At the end of a project: what was not reached, what two closing words differ in, old claims."""

import html
import re
from pathlib import Path

from comity.foundation.members import one, rows
from support.loops import on_a_loop
from support.refusals import refused
from support.sites import Browser, logged_in
from support.stages import at_stage
from unit.node.test_projects import both, do, propose, sheet, to_active
from unit.web.test_project_pages import go


def box(shown: Browser, step: str) -> str:
    """Return the form of a step, as it stands on the page."""
    return shown.text.partition(f"/do/{step}")[2].partition("</form>")[0]


@on_a_loop
async def test_who_ends_a_project_reads_before_and_for_good_which_milestones_were_not_reached(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "claim", name, milestone="Hull", words="It floats.")
    await do(pair, pair.b, "claim", name, milestone="Radio", words="Heard.")
    await do(pair, pair.a, "reject", name, milestone="Radio", reason="Not heard at 40 miles.")
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            for step in ("wind_up", "hand_over", "abandon"):
                told = box(shown, step).partition("Not reached:")[2].partition("</ul>")[0]
                for each in ("Hull", "claimed", "Radio", "claim rejected"):
                    assert each in told, (step, each)
        await do(pair, pair.a, "notice", name, leaves="2027-01-31", reason="The budget ends.")
        await ours.get(f"/projects/{name}")
        assert "Not reached:" in box(ours, "leave"), "leaving ends it too"
        await both(pair, "wind_up", name)
        await do(pair, pair.b, "accept", name, milestone="Hull")
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            told = box(shown, "close").partition("Not reached:")[2].partition("</ul>")[0]
            assert ("Radio" in told, "Hull" in told) == (True, False)
        await both(pair, "close", name, authorisations="none")
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            told = shown.words.partition("Not reached:")[2].partition("What it is")[0]
            assert told.split() == ["Radio", "✗", "claim", "rejected"]
            await shown.get(f"/projects/{name}/plan")
            assert "not reached: claim rejected" in shown.words
            await shown.get("/projects/milestones", state="all", format="csv")
            assert "not reached: claim rejected" in shown.text
            assert shown.text.count("not reached") == 1
    await pair.close()


@on_a_loop
async def test_a_project_that_was_abandoned_with_nothing_left_to_reach_names_no_milestone(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    for party, other, title in ((pair.a, pair.b, "Hull"), (pair.b, pair.a, "Radio")):
        await do(pair, party, "claim", name, milestone=title, words="Seen.")
        await do(pair, other, "accept", name, milestone=title)
    async with await logged_in(pair.a, "project_officer") as shown:
        await shown.get(f"/projects/{name}")
        assert "Not reached:" not in shown.words
        await both(pair, "abandon", name, reason="The budget ends.")
        await shown.get(f"/projects/{name}")
        assert "Not reached:" not in shown.words
    await pair.close()


@on_a_loop
async def test_whose_closing_word_is_another_reads_at_once_that_it_does_not_count_and_why(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await both(pair, "wind_up", name)
    waits = "Said. It counts once both have said the same."
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await go(pair, ours, name, "do/close", authorisations="none")
        assert waits in ours.words
        await go(pair, theirs, name, "do/close", authorisations="reconciled")
        assert waits not in theirs.words
        assert "both sides have said different things (the transfer authorisations)" in theirs.words
        assert "whoever changes its word says it anew" in theirs.words
        assert 'class="notice wait" role="status">Said, and it does not count' in theirs.text
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            assert "What differs: the transfer authorisations." in shown.words
        entered = {"ground": "background", "title": "Hull drawings"}
        await do(pair, pair.a, "enter", name, **entered)
        await go(pair, theirs, name, "do/close", authorisations="none")
        assert "both sides have said different things (the register)" in theirs.words
        assert "Something has changed since their word: they say it anew" in theirs.words
        await go(pair, ours, name, "do/close", authorisations="none")
        assert "Both have said the same; it counts: closed." in ours.words
    await pair.close()


@on_a_loop
async def test_an_earlier_claim_and_why_it_was_rejected_stay_with_the_milestone(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    first = {"milestone": "Hull", "evidence": ["report 4"], "words": "It floats."}
    await do(pair, pair.a, "claim", name, **first)
    await do(pair, pair.b, "reject", name, milestone="Hull", reason="It leaks.")
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(f"/projects/{name}/plan")
        assert "Claimed before" not in ours.words, "it stands there already"
        await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["report 5"])
        for shown, we, they in ((ours, "we", "they"), (theirs, "they", "we")):
            await shown.get(f"/projects/{name}/plan")
            told = shown.text.partition("<summary>Claimed before</summary>")[2]
            told = told.partition("</details>")[0]
            for each in ("report 4", "It floats.", "It leaks.", "2026"):
                assert each in told, each
            assert "report 5" not in told
            assert told.index(f" {we}</span>") < told.index(f" {they}</span>")
            assert shown.text.count("<summary>Claimed before</summary>") == 1
        await do(pair, pair.a, "recall", name, of="claim", milestone="Hull")
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}/plan")
            told = shown.text.partition("<summary>Claimed before</summary>")[2]
            told = told.partition("</details>")[0]
            assert told.index("report 5") < told.index("took the claim of a milestone back")
    await pair.close()


@on_a_loop
async def test_who_begins_to_close_reads_what_is_still_lent_and_its_borrower_where_to_send_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "lend", name, what="Test buoy <no. 3>", ref="", due="2027-01-31")
    (loan,) = rows(await pair.a.call("projects.show", project=name), "loans")
    await do(pair, pair.b, "receive", name, loan=loan["loan"])
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            assert "Test buoy &lt;no. 3&gt;" in box(shown, "wind_up")
            assert "no milestone is claimed in it" in box(shown, "wind_up")
            assert "Send Test buoy" not in shown.words
        await both(pair, "wind_up", name)
        await theirs.get(f"/projects/{name}")
        assert "Send Test buoy <no. 3> back" in html.unescape(theirs.words)
        await do(pair, pair.b, "give_back", name, loan=loan["loan"])
        await do(pair, pair.a, "take_back", name, loan=loan["loan"])
        await theirs.get(f"/projects/{name}")
        assert "Send Test buoy" not in theirs.words
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}/register")
            (told,) = re.findall(r"<small>(.*?)</small></td>", shown.text, flags=re.DOTALL)
            told = re.sub(r"<[^>]+>", " ", told)
            ways = ("on its way:", "arrived:", "on its way back:", "back:")
            assert [told.count(each) for each in ways] == [1, 1, 1, 2], "each with its day"
            assert told.count("2026") == len(ways)
    await pair.close()


@on_a_loop
async def test_the_arrangement_of_a_closed_project_is_no_other_project_s(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    view = await pair.a.call("projects.show", project=name)
    await both(pair, "wind_up", name)
    await both(pair, "close", name, authorisations="none")
    second = await propose(pair, pair.a, title="Buoys that report fog")
    await do(pair, pair.b, "explore", second, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", second)
    for party in (pair.a, pair.b):
        await sheet(pair, party, second)
    named = one(view, "arrangement")
    where = {"instrument": named["instrument"], "unit": named["unit"]}
    await refused("projects.arrangement_taken", do(pair, pair.b, "arrange", second, **where))
    async with await logged_in(pair.b, "project_officer") as shown:
        await shown.get(f"/projects/{second}")
        assert str(named["instrument"]) not in box(shown, "arrange")
    await pair.close()
