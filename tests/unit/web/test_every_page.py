"""What holds for every page that an official can reach, in both languages and for every role."""

import asyncio
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from comity.web.rendering import environment
from support.crawl import crawl
from support.sites import logged_in
from support.stages import at_stage

ROLES = (
    *("negotiator", "legal_adviser", "mandate_holder", "signatory"),
    *("desk_officer", "release_officer"),
)
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
PAGE_BYTES_MAX = 100_000


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_and_keeps_the_rules_of_the_house(role: str, tmp_path: Path) -> None:
    async def main() -> None:
        pair = await at_stage("in_force", tmp_path)
        try:
            async with await logged_in(pair.a, role) as shown:
                pages = await crawl(shown)
                assert len(pages) > 5
                for address, page in pages.items():
                    assert page.status_code == 200, f"{address}: {page.status_code}"
                    if "text/html" in page.headers["content-type"]:
                        _check(address, page.text)
        finally:
            await pair.close()

    asyncio.run(main())


def _check(address: str, page: str) -> None:
    assert page.count("<h1") == 1, f"{address} has not one heading of its own"
    assert not INLINE.search(page), f"{address}: something inline that the policy forbids"
    assert len(page.encode()) < PAGE_BYTES_MAX, f"{address} weighs {len(page.encode())} bytes"
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page, re.DOTALL):
        assert '"_csrf_token"' in form, f"{address}: a form without its token"
        assert '"_once"' in form or 'action="/leave"' in form, f"{address}: a form can act twice"
    assert "None</" not in page, f"{address} shows a value that is not there"


@pytest.mark.parametrize("language", ["fr"])
def test_every_page_opens_in_another_language(language: str, tmp_path: Path) -> None:
    async def main() -> None:
        pair = await at_stage("in_force", tmp_path)
        try:
            async with await logged_in(pair.a, "mandate_holder") as shown:
                shown.client.headers["accept-language"] = language
                for address, page in (await crawl(shown, each=1)).items():
                    assert page.status_code == 200, address
                    if "text/html" in page.headers["content-type"]:
                        assert f'<html lang="{language}"' in page.text
        finally:
            await pair.close()

    asyncio.run(main())


def test_every_page_turns_round_for_readers_from_right_to_left() -> None:
    """Our stylesheets name no left and no right."""
    folder = Path(__file__).parents[3] / "src" / "comity" / "web" / "static"
    sided = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)"
        r"|(?<![\w-])(?:left|right)\s*:|float:\s*(?:left|right)"
    )
    for sheet in folder.glob("*.css"):
        assert not sided.search(sheet.read_text(encoding="utf-8")), sheet.name


def test_each_cell_of_a_list_says_what_it_is_where_no_heading_is_seen() -> None:
    """Else a list on a telephone is a heap of words, or hides half of itself beside the window."""
    made = (
        environment()
        .from_string("{{ cells|labelled(titles) }}")
        .render(
            cells=Markup('<td><a href="/x">A &lt;td&gt;</a></td><th scope="row">B</th><td> </td>'),
            titles=["What", 'So "called"', "Until"],
        )
    )
    assert re.findall(r'<(t[dh]) role="(\w+)" data-label="([^"]*)"( data-none)?', made) == [
        ("td", "cell", "What", ""),
        ("th", "rowheader", "So &#34;called&#34;", ""),
        ("td", "cell", "Until", " data-none"),
    ]
