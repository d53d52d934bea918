"""The page of a statement: its way from the start, and the word that made both say the same."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import act, at_stage
from support.statements import TITLE, adopted, agreed, begun, do, ordered, shown
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
async def test_a_text_drafted_for_a_statement_is_the_next_step_and_then_chosen_by_itself(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await begun(pair)
    text = await adopted(pair, title=TITLE, adopting="A")
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get(f"/statements/{name}")
        told = theirs.words.partition("Next:")[2]
        assert told.lstrip().startswith(TITLE)
        assert "Once both have adopted it" in told
        pair.instrument = text
        await act(pair, pair.b, "adopt")
        await pair.settle()
        await theirs.get(f"/statements/{name}")
        assert f'value="{text}" checked' in theirs.text
        assert "Next:" not in theirs.words
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


@on_a_loop
async def test_where_both_say_something_else_the_page_says_what_and_that_it_is_boths_turn(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair, await adopted(pair))
    path = f"/statements/{name}"
    await do(pair, pair.a, "order", name, at="2026-11-24T12:00:00Z")
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        assert "Until they do, what both ordered stands:" in ours.words
        await do(pair, pair.b, "order", name, at="2026-11-25T12:00:00Z")
        for person, they, we in ((ours, "25", "24"), (theirs, "24", "25")):
            await person.get(path)
            told = person.words.partition("They order:")[2].partition("release it then")[0]
            first, second = told.split("We order:")
            assert f"{they} Nov 2026" in first
            assert f"{we} Nov 2026" in second.partition("what both ordered stands")[0]
            assert "for both" in person.words
            await person.get("/")
            assert "Each side orders another release" in person.words
    await pair.close()
    pair = await at_stage("in_force", tmp_path / "second")
    name = await agreed(pair, await adopted(pair))
    for party, mark in ((pair.a, "stated"), (pair.b, "welcomed")):
        await do(pair, party, "mark", name, sentences=(1, 2, 3, 4, 5), mark=mark)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/statements/{name}")
        assert "not alike: 1, 2, 3, 4, 5." in ours.words
    other = await adopted(pair, "# Other\n\nThey met. They parted.\n", "Another text")
    await do(pair, pair.a, "text", name, texts=(other,))
    third = await adopted(pair, "# Third\n\nThey met. They left.\n", "A third text")
    await do(pair, pair.b, "text", name, texts=(third,))
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get(f"/statements/{name}")
        assert "Both have named texts, and not the same" in theirs.words
        assert "Agree to their texts" in theirs.words
    await pair.close()


@on_a_loop
async def test_who_asked_for_another_release_takes_it_back_in_the_page_and_they_are_not_asked(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair, await adopted(pair))
    path = f"/statements/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        assert "Take back the release" not in ours.words
        await do(pair, pair.a, "order", name, at="2026-11-24T12:00:00Z")
        await theirs.get(path)
        assert "Agree to this time" in theirs.words
        assert "Take back the release we ordered" not in theirs.words
        await ours.get(path)
        assert "Take back the release we ordered" in ours.words
        await ours.submit(f"{path}/do/recall", {"of": "order", "words": "A feast day."})
        assert "Taken back. Both sides see it, and nobody has to answer it." in ours.words
        assert "took back the release it had ordered" in ours.words
        await pair.settle()
        await theirs.get(path)
        assert "Agree to this time" not in theirs.words
        assert "A feast day." in theirs.words
        await theirs.get("/")
        assert "They took back what they had said on it, before it counted." in theirs.words
    assert [each["status"] for each in await shown(pair, name)] == ["embargoed"] * 2
    for each in await shown(pair, name):
        assert each["said"] == {}
    await pair.close()
