"""The page of a meeting: whose turn its record is, and what each line of its history was about."""

import re
from pathlib import Path

import comity.web
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.web.test_meeting_pages import go, held, opened, proposed


@on_a_loop
async def test_both_sides_read_whose_turn_the_record_of_a_meeting_is(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        for shown in (ours, theirs):
            await go(pair, shown, name, "close", sure="yes")
        await theirs.get(f"/meetings/{name}")
        told = theirs.words.partition("What we can do")[2].partition("Agenda")[0]
        assert "The host drafts the record; you answer it then." in told
        await ours.get(f"/meetings/{name}")
        assert "The host drafts the record" not in ours.words, "the host waits for itself"
        texts = {"text-1": "Of charts.", "text-2": "Of ships.", "sure": "yes"}
        await ours.submit(f"/meetings/{name}/draft", texts)
        await pair.settle()
        for shown, sign, word, need in (
            (ours, "•", "for them", "Its record is to be drafted, answered or agreed by them."),
            (theirs, "…", "for us", "Its record is to be drafted, answered or agreed by us."),
        ):
            await shown.get(f"/meetings/{name}")
            assert f"record drafted {sign} {word}" in shown.words
            await shown.get("/")
            assert need in shown.words, "home and the page of the meeting name others"
    await pair.close()


@on_a_loop
async def test_every_line_of_the_history_of_a_meeting_names_the_item_or_the_outcome(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "outcome", item="1", kind="decision", text="One\nchart.")
        await go(pair, theirs, name, "concur")
        await go(pair, ours, name, "outcome", item="2", kind="decision", text="S" * 200)
        await go(pair, ours, name, "retract")
        told = ours.words.partition("Why is it in this state?")[2]
    for line in (
        "added an item to the agenda: Charts",
        "consented to an item: Charts",
        "added an item to the agenda: Ships",
        "wrote down an outcome: One chart.",
        "concurred in an outcome: One chart.",
        f"took an outcome back: {'S' * 99}…",
    ):
        assert line in told, line
    await pair.close()


@on_a_loop
async def test_what_was_said_too_early_of_a_meeting_is_taken_back_where_it_stands(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "close", sure="yes")
        assert "Take back that we close the meeting" in ours.words
        assert "What we said counts as not said; it can be said again." in ours.words
        await theirs.get(f"/meetings/{name}")
        assert "Take back" not in theirs.words.partition("Agenda")[0], "it is not theirs"
        await go(pair, ours, name, "recall", of="close")
        assert "took back the word that closed the meeting" in ours.words
        assert "Take back that we close" not in ours.words
    await pair.close()


@on_a_loop
async def test_an_outcome_agreed_as_a_commitment_is_a_task_until_one_of_it_stands(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    told = "What was agreed in it as a commitment is none yet: propose it as one."
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "outcome", item="1", kind="commitment", text="We send charts.")
        await go(pair, theirs, name, "concur")
        for step in ("close", "draft", "take", "version", "seal"):
            more = {"text-1": "Of charts.", "text-2": "Of ships."} if step == "draft" else {}
            if step in {"close", "seal", "draft"}:
                await go(pair, ours, name, step, sure="yes", **more)
            if step != "draft":
                ship = {"text": "Not of ships."} if step == "version" else {}
                await go(pair, theirs, name, step, sure="yes", **ship)
        for shown in (ours, theirs):
            await shown.get(f"/meetings/{name}")
            assert "Nothing, in its present state." not in shown.words
            assert told in shown.words
            await shown.get("/", whose="mine")
            assert told in shown.words
            await shown.get(f"/relationships/{(await pair.a.relationship()).rel_id}")
            assert "the proposal of a commitment agreed in a meeting" in shown.words
        await ours.get(f"/meetings/{name}")
        owed = {"performer": "us", "beneficiary": "them", "due": "2027-06-30"}
        await ours.submit(f"/meetings/{name}/commit", {**held(ours, "commit1"), **owed})
        await pair.settle()
        assert told not in ours.words
        await pair.b.call(
            "commitments.decline", who="desk_officer", commitment="last", reason="Not so."
        )
        await pair.settle()
        await ours.get(f"/meetings/{name}")
        assert told in ours.words
        assert "declined" in ours.words.partition("Outcomes")[2].partition("Record")[0]
        assert held(ours, "commit1")["title"] == "We send charts."
    await pair.close()


#: Elements that stand on no paper: what they hold ends with their own kind, they hold none.
_UNPRINTED = re.compile(
    r'<(div|section|details|form)[^>]*class="[^"]*no-print[^"]*".*?</\1>', re.DOTALL
)


@on_a_loop
async def test_what_never_crosses_is_not_on_the_paper_that_is_laid_on_the_table(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    style = Path(comity.web.__file__).parent / "static" / "comity.css"
    paper = style.read_text(encoding="utf-8").partition("@media print")[2]
    assert ".no-print" in paper.partition("display: none")[0]
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "note", text="They hesitated.")
        await go(pair, ours, name, "invite", address="okafor@aldoria.example")
        assert "They hesitated." in ours.text
        printed = _UNPRINTED.sub("", ours.text)
        for private in ("They hesitated.", "Private to us", "okafor@", "What we can do", "<form"):
            assert private not in printed.partition("<main")[2].partition("</main")[0], private
        assert "Charts" in printed
    await pair.close()


@on_a_loop
async def test_who_names_another_time_begins_with_what_is_on_the_table(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        await theirs.get(f"/meetings/{name}")
        found = held(theirs, "counter")
        assert (found["start"], found["end"]) == ("2027-02-01T10:00", "2027-02-01T12:00")
        assert found["zone"] == "Europe/Paris"
        await theirs.submit(f"/meetings/{name}/counter", found)
        assert "meetings.same_slot" in theirs.text, "what is changed in nothing changes nothing"
        await theirs.submit(f"/meetings/{name}/counter", {**found, "end": "2027-02-01T13:00"})
        await pair.settle()
        meeting = await pair.a.call("meetings.show", meeting=name)
        times = (meeting["start"], meeting["end"], meeting["place"])
        assert times == ("2027-02-01T09:00:00Z", "2027-02-01T12:00:00Z", "Harbour House")
        # At half past two of that night for the second time: 02:30 would be the first of the two.
        for start, shown in (
            ("2027-10-31T01:30:00Z", ("2027-10-31T01:30", "UTC")),
            ("2027-11-01T09:00:15Z", ("2027-11-01T10:00:15", "Europe/Paris")),
        ):
            act = {"meeting": name, "start": start, "zone": "Europe/Paris"}
            await pair.a.call("meetings.counter", who="desk_officer", **act)
            await pair.settle()
            await theirs.get(f"/meetings/{name}")
            found = held(theirs, "counter")
            assert (found["start"], found["zone"]) == shown
    await pair.close()
