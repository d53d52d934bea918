"""Bodies on the pages of both sides: set up, given terms of reference, wound up."""

import html
import re
from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.web.test_commitment_pages import grounds


@on_a_loop
async def test_a_body_is_set_up_and_wound_up_on_the_pages(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        await ours.get("/bodies")
        assert "There is none." in ours.words
        await ours.get("/bodies/new")
        typed = {
            "counterpart": (await pair.a.relationship()).rel_id,
            "grounds": await grounds(pair),
            "name": "Harbour Group",
            "level": "group",
            "rhythm": "often",
            "chair": "Director of Ports",
            "contact": "desk",
            "parent": "",
            "terms": "",
            "words": "",
        }
        await ours.submit("/bodies", typed)
        assert "bodies.rhythm" in ours.text
        await ours.submit("/bodies", {**typed, "rhythm": "P6M"})
        assert "The body exists once they accept exactly this." in ours.words
        assert "Means to meet every 6 months" in ours.words
        assert ours.page is not None
        name = ours.page.url.path.rpartition("/")[2]
        await pair.settle()
        async with await logged_in(pair.b, "desk_officer") as theirs:
            await theirs.get(f"/bodies/{name}")
            await theirs.submit(f"/bodies/{name}/accept", {"chair": "Harbour Master"})
            assert "established" in theirs.words
            await pair.settle()
            await ours.get(f"/bodies/{name}")
            assert "Harbour Master" in ours.words
            assert "Next meeting foreseen by" in ours.words
            await ours.get("/dates")
            assert "The next meeting of a body is foreseen by then" in ours.words
            assert f'href="/bodies/{name}">' in ours.text
            await ours.get(f"/bodies/{name}")
            meet = html.unescape(re.findall(r'href="(/meetings/new[^"]*)"', ours.text)[0])
            await ours.get(meet)
            began = f'value="{typed["grounds"]}" dir="auto" selected'
            assert began in ours.text, "its article is looked for a second time"
            await ours.get(f"/bodies/{name}")
            await ours.submit(f"/bodies/{name}/wind_up", {"reason": "Done."})
            await pair.settle()
            await theirs.get(f"/bodies/{name}")
            await theirs.submit(f"/bodies/{name}/wind_up", {"reason": "Done."})
            assert "wound up" in theirs.words
            await theirs.get("/bodies?state=ended")
            assert "Harbour Group" in theirs.words
    await pair.close()


@on_a_loop
async def test_a_standing_body_is_given_terms_of_reference_on_the_pages(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    typed = {
        "counterpart": (await pair.a.relationship()).rel_id,
        "grounds": await grounds(pair),
        "name": "Harbour Group",
        "level": "group",
        "chair": "Director of Ports",
    }
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        await ours.get("/bodies/new")
        assert f'<option value="{pair.instrument}"' in ours.text, "no text is offered"
        assert "way=skeleton:terms-of-reference" in ours.text
        await ours.submit("/bodies", {**typed, "terms": ""})
        assert ours.page is not None
        here = ours.page.url.path
        assert "way=skeleton:terms-of-reference" not in ours.text, "no body stands yet"
        await pair.settle()
        await theirs.get(here)
        await theirs.submit(f"{here}/accept", {"chair": "Harbour Master"})
        await pair.settle()
        await ours.get(here)
        assert "none yet Draft them" in ours.words
        draft = ours.text.partition('href="/drafts/new?')[2].partition('"')[0]
        await ours.get("/drafts/new?" + draft.replace("&amp;", "&"))
        assert 'value="skeleton:terms-of-reference" checked' in ours.text
        assert 'value="Terms of Reference: Harbour Group"' in ours.text
        await ours.get(here)
        await ours.submit(f"{here}/terms", {"terms": pair.instrument})
        assert "They count once both sides have named the same text." in ours.words
        assert "named by us" in ours.words
        await pair.settle()
        await theirs.get("/")
        assert "Terms of reference are named for it" in theirs.words
        await theirs.get(here)
        assert "named by them" in theirs.words
        await theirs.submit(f"{here}/terms")
        assert "These are its terms of reference now." in theirs.words
        await pair.settle()
        for shown in (ours, theirs):
            await shown.get(here)
            assert "Name the same" not in shown.words
            assert "named terms of reference for it: the text" in shown.words
    await pair.close()
