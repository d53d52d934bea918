"""From a project to its authorisations and back, without looking either up in a list."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from support.controlled import WHO, controlled_pair, request
from support.loops import on_a_loop
from support.sites import logged_in
from unit.node.test_projects import TITLE, propose


@on_a_loop
async def test_a_project_and_its_authorisations_lead_to_each_other_on_both_sides(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    project = await propose(pair, pair.a)
    await pair.settle()
    name = await request(pair, item, project=TITLE)
    await request(pair, item, title="Of another project", project="Survey 2031")
    for party in (pair.a, pair.b):
        async with await logged_in(party, WHO) as shown:
            await shown.get(f"/authorisations/{name}")
            assert f'href="/projects/{project}"' in shown.text
            await shown.get(f"/projects/{project}")
            assert f'href="/authorisations/{name}"' in shown.text
            assert "A sonar for the survey" in shown.words
            assert "Of another project" not in shown.words
    await pair.close()


@on_a_loop
async def test_an_authorisation_for_a_project_is_asked_for_from_its_page(tmp_path: Path) -> None:
    pair, _ = await controlled_pair(tmp_path)
    project = await propose(pair, pair.a)
    await pair.settle()
    async with await logged_in(pair.b, WHO) as shown:
        await shown.get(f"/projects/{project}")
        assert "None was asked for in its name." in shown.words
        (link,) = set(re.findall(r'href="(/authorisations/new[^"]+)"', shown.text))
        link = link.replace("&amp;", "&")
        assert parse_qs(urlsplit(link).query)["project"] == [TITLE]
        await shown.get(link)
        (chosen,) = re.findall(r'<select id="project".*?</select>', shown.text, flags=re.DOTALL)
        assert re.search(r"<option [^>]*selected>" + re.escape(TITLE), chosen)
    await pair.close()
