"""Commitments in a browser without a window: proposed, accepted, claimed, acknowledged, refused."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import Browser, logged_in
from support.stages import at_stage
from support.two_nodes import Pair

HOSTILE = "<script>alert(1)</script> =1+1 שלום"


async def grounds(pair: Pair, article: str = "Article 2") -> str:
    found = (await pair.a.call("grounds"))["grounds"]
    assert isinstance(found, list)
    row = next(each for each in found if each["article"] == article)
    return f"{row['instrument']} {row['unit']}"


async def form(pair: Pair, **changed: str) -> dict[str, str]:
    return {
        "counterpart": (await pair.a.relationship()).rel_id,
        "grounds": await grounds(pair),
        "title": f"A catalogue {HOSTILE}",
        "test": "The catalogue lists all charts.",
        "performer": "us",
        "beneficiary": "them",
        "due": "2027-01-31",
        "zone": "Asia/Kolkata",
        "words": "",
        **changed,
    }


async def go(shown: Browser, name: str, step: str, **members: str) -> None:
    await shown.get(f"/commitments/{name}")
    await shown.submit(f"/commitments/{name}/{step}", members)


@on_a_loop
async def test_officials_of_both_sides_keep_a_promise_without_a_manual(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        await ours.get("/commitments")
        assert "There is none." in ours.words
        await ours.get("/commitments/new")
        assert "Article 2 Information sharing" in ours.words
        await ours.submit("/commitments", await form(pair))
        assert "proposed, not answered" in ours.words
        assert "&lt;script&gt;" in ours.text
        assert "the end of 2027-01-31 in Asia/Kolkata" in ours.words
        assert ours.page is not None
        name = ours.page.url.path.rpartition("/")[2]
        await pair.settle()
        async with await logged_in(pair.b, "desk_officer") as theirs:
            await theirs.get("/")
            assert "They propose a commitment: accept or decline it." in theirs.words
            await go(theirs, name, "accept", words="")
            assert "Accepted. From now on it is owed." in theirs.words
            await pair.settle()
            await go(ours, name, "claim", fulfilled="", evidence="transfer 7\nentry 9", words="")
            assert "claimed as fulfilled" in ours.words
            await pair.settle()
            await go(theirs, name, "acknowledge", result="kept", words="Well done.")
            await pair.settle()
            for shown in (ours, theirs):
                await shown.get(f"/commitments/{name}")
                assert "Well done." in shown.words
                assert "Nothing, in its present state." in shown.words
            rel_id = (await pair.a.relationship()).rel_id
            for shown in (ours, theirs):
                await shown.get(f"/relationships/{rel_id}")
                assert "Promises" in shown.words
                assert "said what a claim comes to" in shown.words
    await pair.close()


@on_a_loop
async def test_what_was_typed_stays_where_a_proposal_is_refused(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        for changed, told in (
            ({"due": "2020-01-01"}, "commitments.past"),
            ({"zone": "Nowhere"}, "days.zone"),
            ({"grounds": "x"}, "web.no_grounds"),
            ({"beneficiary": "us"}, "commitments.parties"),
        ):
            await shown.get("/commitments/new")
            await shown.submit("/commitments", await form(pair, **changed))
            assert told in shown.text
            assert "The catalogue lists all charts." in shown.text
        await shown.get("/commitments")
        assert "There is none." in shown.words
    await pair.close()


@on_a_loop
async def test_who_has_not_the_role_is_told_whose_it_is(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "release_officer") as shown:
        await shown.get("/commitments/new")
        assert (
            "Commitments are proposed by: liaison officer, desk officer, negotiator" in shown.words
        )
    await pair.close()


@on_a_loop
async def test_a_step_that_nobody_knows_and_a_stale_form_change_nothing(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/commitments/new")
        await shown.submit("/commitments", await form(pair))
        assert shown.page is not None
        name = shown.page.url.path.rpartition("/")[2]
        await shown.get(f"/commitments/{name}")
        await pair.a.call("commitments.withdraw", who="negotiator", commitment=name)
        await shown.submit(f"/commitments/{name}/withdraw", {"words": ""})
        assert "api.changed" in shown.text
    await pair.close()


@on_a_loop
async def test_another_due_date_is_agreed_to_by_one_button_in_whatever_zone_it_was_named(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        await ours.get("/commitments/new")
        await ours.submit("/commitments", await form(pair))
        assert ours.page is not None
        name = ours.page.url.path.rpartition("/")[2]
        await pair.settle()
        async with await logged_in(pair.b, "desk_officer") as theirs:
            await go(theirs, name, "accept", words="")
            await pair.settle()
            await go(ours, name, "redate", due="2027-02-28", zone="Europe/Berlin", words="")
            assert "We ask for another due date: 28 Feb 2027, 22:59" in ours.words
            await pair.settle()
            await theirs.get(f"/commitments/{name}")
            assert "the end of 2027-02-28 in Europe/Berlin" in theirs.words
            preset = theirs.text.partition('id="zone-redate"')[2].partition(">")[0]
            assert 'value="Asia/Kolkata"' in preset, "the day ends in another zone unawares"
            asked = theirs.text.partition('type="hidden" name="due" value="')[2].partition('"')[0]
            await theirs.submit(f"/commitments/{name}/redate", {"due": asked, "zone": "UTC"})
            assert "Both have named it: it is due then." in theirs.words
            await pair.settle()
            await ours.get(f"/commitments/{name}")
            assert "Agree to their date" not in ours.words
            assert "28 Feb 2027, 22:59" in ours.words
            history = ours.words.partition("Why is it in this state?")[2]
            assert history.count("named another due date: 28 Feb 2027, 22:59 UTC") == 2
            assert "the end of 2027-02-28 in Europe/Berlin" in history
    await pair.close()


async def owed(pair: Pair, ours: Browser, theirs: Browser, **changed: str) -> str:
    """Propose a commitment and accept it; return its id."""
    await ours.get("/commitments/new")
    await ours.submit("/commitments", await form(pair, **changed))
    assert ours.page is not None
    name = ours.page.url.path.rpartition("/")[2]
    await pair.settle()
    await go(theirs, name, "accept", words="")
    await pair.settle()
    return name


@on_a_loop
async def test_a_disputed_claim_is_shown_as_that_everywhere_and_says_where_it_comes_up(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await owed(pair, ours, theirs, due="2026-12-01", zone="UTC")
        await go(ours, name, "claim", fulfilled="2026-11-20", evidence="", words="")
        field = ours.text.partition('id="fulfilled-wrong"')[2].partition("</small>")[0]
        assert "fulfilled, 2026-11-22 at the earliest" in field
        await go(ours, name, "claim", fulfilled="2026-11-22", evidence="", words="")
        assert "Fulfilled 22 Nov 2026 , as its performer says." in ours.words
        await pair.settle()
        await go(theirs, name, "acknowledge", result="kept_late", words="")
        field = theirs.text.partition('id="result-wrong"')[2].partition("</small>")[0]
        assert "fulfilled on 2026-11-22, and it was due on 2026-12-01: that is in time" in field
        await go(theirs, name, "dispute", reason="Half of it is missing.")
    await pair.later(40 * 24 * 3600)
    await pair.settle()
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        rel_id = (await pair.a.relationship()).rel_id
        for shown in (ours, theirs):
            await shown.get("/")
            assert "It comes up at the next meeting; none is arranged." in shown.words
            assert "both can act" in shown.words
            for path in (f"/commitments/{name}", "/commitments"):
                await shown.get(path)
                assert "claim disputed" in shown.words
                assert "</span> overdue" not in shown.text
            await shown.get(f"/relationships/{rel_id}")
            assert "a commitment whose claim is disputed" in shown.words
            assert "a commitment that is overdue" not in shown.words
            assert "both can act" in shown.words, "two pages say two things of one dispute"
            assert "the other side waits" not in shown.words
        await ours.get(f"/commitments/{name}")
        assert "The dispute goes onto the agenda of the next meeting; none is arranged." in (
            ours.words
        )
        meeting = await pair.a.call(
            "meetings.propose",
            who="desk_officer",
            counterpart=rel_id,
            instrument=(await grounds(pair)).partition(" ")[0],
            unit=(await grounds(pair)).partition(" ")[2],
            title="Third talks",
            start="2027-02-01T10:00",
            end="2027-02-01T12:00",
        )
        await ours.get(f"/commitments/{name}")
        assert f'href="/meetings/{meeting["meeting"]}#agenda"' in ours.text
        await ours.get("/")
        assert "It comes up at the meeting of 1 Feb 2027." in ours.words
    await pair.close()


@on_a_loop
async def test_a_lone_word_that_a_promise_was_not_kept_is_told_to_the_other_side(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await owed(pair, ours, theirs)
        await go(theirs, name, "fail", reason="Nothing came.")
        await pair.settle()
        await ours.get("/")
        assert "They find that it was not kept; our word is missing." in ours.words
        await theirs.get("/")
        assert "We find that it was not kept; their word is missing." in theirs.words
        await go(ours, name, "fail", reason="So it is.")
        await pair.settle()
        await theirs.get("/")
        assert "They found so too: it was not kept." in theirs.words
    await pair.close()


@on_a_loop
async def test_a_source_that_nobody_here_knows_is_shown_as_it_was_written(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    instrument, _, unit = (await grounds(pair)).partition(" ")
    made = await pair.a.call(
        "commitments.propose",
        who="desk_officer",
        counterpart=pair.b.did,
        instrument=instrument,
        unit=unit,
        title="A catalogue",
        test="It is there.",
        performer="us",
        beneficiary="them",
        due="2027-01-31",
        source="meeting",
        source_ref="The lunch of May",
        source_item="Coffee",
    )
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get(f"/commitments/{made['commitment']}")
        assert "Comes from The lunch of May , Coffee" in shown.words
    await pair.close()
