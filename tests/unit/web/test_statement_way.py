"""The page of a statement: its way from the start, and the word that made both say the same."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import act, at_stage
from support.statements import adopted, begun, ordered
from unit.web.test_statement_pages import WHO, sent


def way(words: str) -> str:
    return words.partition("The way to release")[2].partition("How it stands")[0]


@on_a_loop
async def test_who_begins_a_statement_reads_every_step_of_its_way_and_who_acts(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await begun(pair)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get("/")
        assert "No text of it is on the table: draft one and table it." in ours.words
        await ours.get(f"/statements/{name}")
        told = way(ours.words)
        assert told.count("later") == 6, "what comes after the text is told only once it is agreed"
        assert told.index("now") < told.index("later")
        for who in ("a negotiator", "one signatory of each side", "Press and legal"):
            assert who in told, who
        text = await adopted(pair, adopting="A")
        await theirs.get("/")
        assert "The text is clean and is to be adopted by us." in theirs.words
        assert "Its text is to be agreed" not in theirs.words, "it is asked before it can be"
        await ours.get(f"/statements/{name}")
        assert way(ours.words).count("done") == 1
        pair.instrument = text
        await act(pair, pair.b, "adopt")
        await pair.settle()
        await theirs.get("/")
        assert "Its text is to be agreed" in theirs.words
        await ours.get(f"/statements/{name}")
        assert way(ours.words).count("done") == 2
    await pair.close()


@on_a_loop
async def test_the_second_to_say_the_same_of_a_statement_is_told_that_it_counts(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    text = await adopted(pair)
    name = await begun(pair)
    path = f"/statements/{name}"
    form = {"mark": "welcomed", "sentences": ["1", "2"], "zone": "UTC"}
    when = {"at": "2026-11-24T12:00", "zone": "UTC", "channels": "Ministry site"}
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await sent(pair, ours, f"{path}/do/text", texts=text)
        assert "It counts once both have said the same texts." in ours.words
        await sent(pair, theirs, f"{path}/do/text", texts=text)
        assert "Both have said the same: these are its texts." in theirs.words
        await sent(pair, ours, f"{path}/sentences/mark", **form)
        assert "A mark counts once both have said the same." in ours.words
        await sent(pair, theirs, f"{path}/sentences/mark", **form)
        assert "Both have said the same of these sentences: it counts." in theirs.words
    await pair.close()
    pair = await at_stage("in_force", tmp_path / "second")
    name = await ordered(pair, await adopted(pair))
    path = f"/statements/{name}"
    async with (
        await logged_in(pair.a, "press_officer") as press,
        await logged_in(pair.a, WHO) as ours,
        await logged_in(pair.b, WHO) as theirs,
    ):
        await sent(pair, press, f"{path}/do/unclear_press", reason="A name is wrong.")
        await sent(pair, press, f"{path}/do/clear_press")
        assert "All four clearances stand." in press.words
        await sent(pair, ours, f"{path}/do/order", **when)
        assert "It counts once both have ordered the same." in ours.words
        await sent(pair, theirs, f"{path}/do/order", **when)
        assert "Both have ordered the same: it is released at that time." in theirs.words
    await pair.close()
