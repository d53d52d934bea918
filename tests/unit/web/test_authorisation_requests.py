"""The form that asks for an authorisation, in a browser without a window."""

import html
import re
from pathlib import Path

from comity.foundation.members import rows
from support.controlled import WHO, controlled_pair
from support.crossing import AREA
from support.loops import on_a_loop
from support.sites import logged_in
from unit.node.test_projects import propose
from unit.web.test_authorisation_pages import CLASS, grounds


@on_a_loop
async def test_an_authorisation_is_asked_for_without_a_project_that_nobody_named(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await propose(pair, pair.a, area=AREA)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/items/{item}")
        (link,) = set(re.findall(r'href="(/authorisations/new[^"]+)"', ours.text))
        await ours.get(html.unescape(link))
        (projects,) = re.findall(r'<select id="project".*?</select>', ours.text, flags=re.DOTALL)
        assert 'value="" dir="auto" selected>none</option>' in projects
        assert projects.count("<option") == 2
    await pair.close()


@on_a_loop
async def test_the_form_offers_first_the_articles_under_which_something_crosses(
    tmp_path: Path,
) -> None:
    pair, _ = await controlled_pair(tmp_path)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get("/authorisations/new")
        (offered,) = re.findall(r'<select id="grounds".*?</select>', ours.text, flags=re.DOTALL)
        first, others = offered.split("<optgroup")[1:]
        assert await grounds(pair) in first
        assert "Article 1" not in first
        assert "Article 1" in others
    await pair.close()


@on_a_loop
async def test_whose_items_are_meant_follows_from_the_item_and_is_asked_without_one(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    form = {
        "grounds": await grounds(pair),
        "title": "A sonar",
        "exporter": "",
        "item": "",
        "classes": "",
        "use": "The survey.",
        "project": "",
        "other_project": "Survey 2027",
        "words": "",
    }
    for party, whose in ((pair.a, "us"), (pair.b, "them")):
        async with await logged_in(party, WHO) as shown:
            await shown.get("/authorisations/new")
            told = {**form, "counterpart": (await party.relationship()).rel_id}
            await shown.submit("/authorisations", told)
            assert "Name an item, or say whose items are meant" in shown.words
            await shown.submit("/authorisations", {**told, "item": item})
            assert "Asked for." in shown.words
            assert "Survey 2027" in shown.words
        listed = rows(await party.call("authorisations"), "authorisations")
        assert whose in {row["exporter"] for row in listed}
        await pair.settle()
    await pair.close()


@on_a_loop
async def test_a_class_that_nobody_entered_is_asked_about_once_more(tmp_path: Path) -> None:
    pair, _ = await controlled_pair(tmp_path)
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/authorisations/new")
        form = {
            "counterpart": (await pair.b.relationship()).rel_id,
            "grounds": await grounds(pair),
            "title": "Sonars",
            "exporter": "them",
            "item": "",
            "classes": "Munitions List (2026): ML 9.c",
            "use": "The survey.",
            "words": "",
        }
        await theirs.submit("/authorisations", form)
        assert "Neither side has classified anything as" in theirs.words
        assert f"Entered are: {CLASS}." in theirs.words
        await theirs.submit("/authorisations", {**form, "classes": "ML 9.c"})
        assert "write it as LIST: CODE" in theirs.words
        await theirs.submit("/authorisations", {**form, "classes": CLASS})
        assert "Asked for." in theirs.words
        await theirs.get("/authorisations/new")
        await theirs.submit("/authorisations", {**form, "all_the_same": "1"})
        assert "Asked for." in theirs.words
    await pair.close()
