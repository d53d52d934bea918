"""Texts from right to left and without spaces on every page that shows a text."""

import asyncio
import csv
import html
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import pytest

from support.crawl import crawl
from support.looks import mixed_in
from support.scripts import ARABIC, CHINESE
from support.sites import Browser, logged_in
from support.staff import add
from support.stages import at_stage, table
from support.two_nodes import Pair

ROLES: Final = [
    *("negotiator", "legal_adviser", "mandate_holder", "signatory", "desk_officer"),
]
TEXT_TAG: Final = re.compile(r'<(?!textarea)[a-z]+ [^>]*class="[^"]*\blegal-text\b[^"]*"[^>]*>')


@attrs.frozen(kw_only=True)
class Script:
    """A text, and what a reader does with it.

    Attributes:
        text: The text, or the name of the file that holds it.
        lang: Its language.
        unit: How a reader names the unit that is countered.
        sought: Words that a reader looks for.
        old: What the counterpart strikes out.
        new: What it writes in its place.
    """

    text: str
    lang: str
    unit: str
    sought: str
    old: str
    new: str


SCRIPTS: Final[Mapping[str, Script]] = {
    "arabic": Script(
        text=ARABIC,
        lang="ar",
        unit="المادة 2",
        sought="عشر سنوات",
        old="عشر",
        new="خمس",
    ),
    "chinese": Script(
        text=CHINESE, lang="zh", unit="第二条", sought="十年内", old="十年", new="五年"
    ),
    "the charter in arabic": Script(
        text="un-charter.ar.txt",
        lang="ar",
        unit="المادة 2",
        sought="الأمم المتحدة",
        old="الهيئة",
        new="المنظمة",
    ),
    "the charter in chinese": Script(
        text="un-charter.zh.txt",
        lang="zh",
        unit="第二条",
        sought="安全理事会",
        old="本组织",
        new="联合国",
    ),
}


async def _unit(pair: Pair, script: Script) -> dict[str, object]:
    """Return a unit with the words that will be countered."""
    found = await pair.b.call("agreements.show", instrument=pair.instrument)
    units = found["units"]
    assert isinstance(units, list)
    for one in units:
        assert isinstance(one, dict)
        shown = one["alternatives"]
        assert isinstance(shown, list)
        if shown and script.old in str(shown[0]["text"]):
            return {**one, "text": str(shown[0]["text"])}
    raise AssertionError(f"no unit says {script.old}")


async def _story(script: Script, text: str, root: Path) -> None:
    pair = await at_stage("introduced", root)
    try:
        for party in (pair.a, pair.b):
            await add(party, "all", ROLES)
        made = await pair.a.call(
            "agreements.draft",
            who="negotiator",
            text=text,
            title=script.sought,
            counterpart=pair.b.did,
        )
        assert made["language"] == script.lang
        pair.instrument = str(made["instrument"])
        async with await logged_in(pair.a, "all") as shown:
            await _look(shown, f"/drafts/{pair.instrument}", script)
        await table(pair, pair.a)
        unit = await _unit(pair, script)
        await pair.b.call(
            "agreements.counter_unit",
            who="negotiator",
            instrument=pair.instrument,
            unit=unit["unit"],
            text=str(unit["text"]).replace(script.old, script.new, 1),
        )
        async with await logged_in(pair.b, "all") as shown:
            await _look(shown, f"/agreements/{pair.instrument}", script)
            await _tray(shown, pair, script)
        await table(pair, pair.b)
        async with await logged_in(pair.a, "all") as shown:
            await _look(shown, f"/agreements/{pair.instrument}", script)
            await _redline(shown, pair, script)
            await _found(shown, pair, script)
    finally:
        await pair.close()


async def _look(shown: Browser, start: str, script: Script) -> None:
    """Fail unless every page marks the language and the direction of what it shows."""
    name = start.rpartition(":")[2]
    pages = await crawl(shown, start=start, each=1, within=lambda link: name in link)
    texts = 0
    for address, page in pages.items():
        assert page.status_code == 200, address
        if "text/html" not in page.headers["content-type"]:
            continue
        assert '<html lang="en" dir="ltr"' in page.text, address
        for tag in TEXT_TAG.findall(page.text):
            texts += 1
            assert 'dir="auto"' in tag, f"{address}: {tag}"
            assert f'lang="{script.lang}"' in tag, f"{address}: {tag}"
        assert not mixed_in(page.text, script.sought), address
        assert "\ufffd" not in page.text, address
        assert not re.search(r"&amp;#|\\u[0-9a-f]{4}", page.text), address
    assert texts > 3, sorted(pages)


async def _tray(shown: Browser, pair: Pair, script: Script) -> None:
    page = await shown.get(f"/agreements/{pair.instrument}/tray")
    assert script.new in page.text
    exported = await shown.get(f"/agreements/{pair.instrument}/tray", format="csv")
    assert exported.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet guesses another encoding"
    cells = [cell for row in csv.reader(io.StringIO(exported.text)) for cell in row]
    assert any(script.new in cell for cell in cells), cells


async def _redline(shown: Browser, pair: Pair, script: Script) -> None:
    """Only what changed is struck out: no word is cut, and no whole sentence where none has to."""
    await shown.get(f"/agreements/{pair.instrument}/compare")
    text = html.unescape(shown.text)
    gone = "".join(re.findall(r"<del>(.*?)</del>", text, re.DOTALL))
    new = "".join(re.findall(r"<ins>(.*?)</ins>", text, re.DOTALL))
    assert len(gone) <= 3 * len(script.old), gone
    assert len(new) <= 3 * len(script.new), new
    assert set(script.new) - set(script.old) <= set(new), new


async def _found(shown: Browser, pair: Pair, script: Script) -> None:
    """Words are found as a reader types them."""
    await shown.get(f"/agreements/{pair.instrument}", words=script.sought)
    assert shown.text.count("data-unit tabindex") >= 1, "nothing found"
    assert "No unit is like that" not in shown.words
    await shown.get("/agreements", format="csv")
    assert script.sought in shown.text


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_text_in_another_script_is_shown_marked_and_found_as_its_reader_writes_it(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Else its full stops jump to the wrong end, it is read out in English, or it is not found."""
    script = SCRIPTS[name]
    text = script.text
    if text.endswith(".txt"):
        folder = request.getfixturevalue("shared_data") / "agreements"
        text = (folder / text).read_text(encoding="utf-8")
    asyncio.run(_story(script, text, tmp_path))
