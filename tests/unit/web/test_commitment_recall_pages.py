"""What does not count yet is taken back on the page of a commitment, and the other reads it."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.web.test_commitment_pages import go, owed


@on_a_loop
async def test_what_was_said_by_mistake_is_taken_back_by_its_page_and_the_other_reads_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await owed(pair, ours, theirs)
        page = f"/commitments/{name}"
        claim = {"fulfilled": "", "evidence": "entry 9", "words": ""}
        for step, label, told, fields in (
            ("redate", "Take our other due date back", "the request for another due date", {}),
            ("fail", "Take our finding back", "took back the finding", {"reason": "No ship."}),
            ("claim", "Take our claim back", "took the claim back", claim),
        ):
            dated = {"due": "2027-06-30", "zone": "UTC", "words": ""}
            await go(ours, name, step, **(fields or dated))
            await pair.settle()
            await theirs.get(page)
            assert label not in theirs.words, "it is not theirs"
            await ours.get(page)
            assert "If their answer came first, nothing is taken back." in ours.words
            assert label in ours.words
            await go(ours, name, "recall", of=step, words="A slip.")
            assert "Taken back. Both sides see it" in ours.words
            assert label not in ours.words
            await pair.settle()
            await theirs.get(page)
            assert told in theirs.words
            assert "A slip." in theirs.words
        await theirs.get("/")
        assert "They took back what they had said on it, before it counted." in theirs.words
        assert "claimed as fulfilled" not in theirs.words
    await pair.close()


@on_a_loop
async def test_who_takes_back_what_was_answered_meanwhile_is_told_so_and_offered_it_no_more(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await owed(pair, ours, theirs)
        await go(ours, name, "claim", fulfilled="", evidence="", words="")
        await pair.settle()
        await ours.get(f"/commitments/{name}")
        await go(theirs, name, "dispute", reason="Half of it is missing.")
        await pair.settle()
        await ours.submit(f"/commitments/{name}/recall", {"of": "claim", "words": ""})
        assert "api.changed" in ours.text
        await ours.get(f"/commitments/{name}")
        assert "Half of it is missing." in ours.words
        assert f"/commitments/{name}/recall" not in ours.text, "nothing is left to be taken back"
    await pair.close()
