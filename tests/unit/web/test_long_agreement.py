"""An agreement of 10,000 units on every page that shows it, from its draft to its signature."""

import asyncio
import csv
import io
import re
from pathlib import Path
from typing import Final, TypeAlias

import httpx2
import pytest

from support.crawl import crawl
from support.sites import logged_in
from support.staff import add
from support.stages import answer, at_stage, table
from support.two_nodes import Pair, Party

UNITS: Final = 10_000
PAGE_BYTES_MAX: Final = 100_000
#: How far into a page of the whole text a reader must already find the beginning of it.
BEGINS_BYTES_MAX: Final = 10_000
LAST: Final = "The Parties shall consult each other in matter 9996."
TEXT: Final = (
    "LONG FRAMEWORK\n\nPREAMBLE\n\nThe Parties have agreed as follows:\n\n"
    + "".join(
        f"Article {n}\nMatter {n}\n\nThe Parties shall consult each other in matter {n}.\n\n"
        for n in range(1, UNITS - 3)
    )
    + """Article 9997
Entry into force

This Framework enters into force on the date of the last signature.

Article 9998
Signature

This Framework is signed by one signatory of each Party.
"""
)
FIELDS: Final = """["Article 9997".entry]
when = "last_signature"
days = 0
quote = "enters into force on the date of the last signature"

["Article 9998".signatories]
per_party = 1
quote = "signed by one signatory of each Party"
"""
ROLES: Final = [
    *("negotiator", "legal_adviser", "mandate_holder", "signatory", "desk_officer"),
]
#: Pages that are the whole text, because the person asked for it.
WHOLE: Final = re.compile(r"/drafts/[^/]+/text$|/drafts/[^/]+/table\?whole=|/requests/[^/]+/text$")

#: Playing its life takes about a minute, and several on a machine with more to do.
pytestmark = pytest.mark.timeout(900)

Pages: TypeAlias = dict[str, httpx2.Response]


async def _draft(pair: Pair) -> None:
    made = await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=TEXT,
        fields=FIELDS,
        title="A long text",
        counterpart=pair.b.did,
    )
    assert made["units"] == UNITS
    pair.instrument = str(made["instrument"])


async def _walk(party: Party, start: str, *, unasked: str = "&") -> Pages:
    """Return every page and tab of the agreement, and what a list says of it.

    Args:
        party: Who looks.
        start: The first page; every other is about the same thing.
        unasked: What a link that is followed has not: ``&``, two questions; ``?``, any.
    """
    name = start.rpartition(":")[2].rpartition("/")[2]

    def within(link: str) -> bool:
        return name in link and unasked not in link and "/fields/new-" not in link

    async with await logged_in(party, "all") as shown:
        found = await crawl(shown, start=start, each=1, within=within)
        for address in ("/", "/agreements", "/agreements?format=csv", "/drafts"):
            found[address] = await shown.get(address)
    return found


async def _staged(pair: Pair) -> None:
    """Let B answer every unit: one with a wording of its own, all others with yes."""
    await answer(pair, pair.b, "accept", "all")
    await pair.b.call(
        "agreements.counter_unit",
        who="negotiator",
        instrument=pair.instrument,
        unit="Article 7",
        text="The Parties shall often consult each other in matter 7.",
    )


async def _life(root: Path) -> dict[str, Pages]:
    pair = await at_stage("introduced", root)
    found = {}
    try:
        for party in (pair.a, pair.b):
            await add(party, "all", ROLES)
        await _draft(pair)
        found["draft"] = await _walk(pair.a, f"/drafts/{pair.instrument}")
        await table(pair, pair.a)
        await _staged(pair)
        found["staged"] = await _walk(pair.b, f"/agreements/{pair.instrument}")
        await table(pair, pair.b)
        found["talks"] = await _walk(pair.a, f"/agreements/{pair.instrument}", unasked="?")
        await answer(pair, pair.a, "accept", "Article 7")
        await table(pair, pair.a)
        request = await pair.a.call("agreements.adopt", who="signatory", instrument=pair.instrument)
        found["signing"] = await _walk(pair.a, f"/requests/{request['request']}")
    finally:
        await pair.close()
    return found


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pages]:
    """Return every page of four moments in the life of the long text, played once."""
    return asyncio.run(_life(tmp_path_factory.mktemp("long")))


def test_every_page_of_a_text_without_end_opens_and_is_light(walked: dict[str, Pages]) -> None:
    """Else people wait for megabytes, or never come to the page on which they would act."""
    for moment, pages in walked.items():
        for address, page in pages.items():
            said = f"{moment} {address}: {page.status_code}, {len(page.content)} bytes"
            assert page.status_code == 200, said
            if "text/html" in page.headers["content-type"] and not WHOLE.search(address):
                assert len(page.content) < PAGE_BYTES_MAX, said


def test_the_walk_comes_to_every_tab_of_a_text_and_of_its_signing(
    walked: dict[str, Pages],
) -> None:
    """Else the other tests of this module prove nothing of the tab that is missing."""
    tabs = {
        "draft": {"", "/units", "/text", "/table"},
        "staged": {"", "/tray", "/reading", "/compare", "/rounds", "/packages", "/history"},
        "talks": {"", "/compare", "/rounds", "/conclude"},
        "signing": {"", "/text"},
    }
    for moment, wanted in tabs.items():
        paths = {address.partition("?")[0] for address in walked[moment]}
        missing = [tab for tab in wanted if not any(each.endswith(tab) for each in paths)]
        assert not missing, f"{moment}: {missing}"


def test_the_end_of_a_text_without_end_is_reached_from_its_first_page(
    walked: dict[str, Pages],
) -> None:
    """Else nobody reads the article on which the signature depends."""
    (first,) = [page for address, page in walked["talks"].items() if _is_text(address)]
    assert "Article 9998" in first.text
    assert "start=9980" in first.text


def test_a_whole_text_stands_in_its_page_from_the_beginning_and_waits_for_no_script(
    walked: dict[str, Pages],
) -> None:
    """Else a signatory looks at an empty window until the last of 10,000 articles has come."""
    whole = [
        (address, page)
        for pages in walked.values()
        for address, page in pages.items()
        if WHOLE.search(address)
    ]
    assert len(whole) > 1
    for address, page in whole:
        assert page.text.index("in matter 1.") < BEGINS_BYTES_MAX, address
        assert LAST in page.text, address
        body = page.text[page.text.index("<main") :]
        assert "<script" not in body, address
        for script in re.findall(r"<script\b[^>]*>", page.text):
            assert " defer" in script, f"{address}: {script}"
        assert "<table" not in body[: body.index(LAST)], (
            f"{address}: a table is laid out at its end"
        )


def test_the_one_changed_word_among_ten_thousand_articles_is_found(
    walked: dict[str, Pages],
) -> None:
    """Else a change that the other side made is signed unread."""
    (redline,) = [
        page
        for address, page in walked["talks"].items()
        if address.partition("?")[0].endswith("/compare")
    ]
    assert "<ins>often </ins>" in redline.text, redline.text[-3000:]
    assert redline.text.count('class="unit"') == 1


def test_a_list_of_ten_thousand_answers_is_exported_whole(walked: dict[str, Pages]) -> None:
    """Else what is looked through before it is tabled lacks most of it."""
    (exported,) = [
        page for address, page in walked["staged"].items() if "/tray?format=csv" in address
    ]
    rows = list(csv.reader(io.StringIO(exported.text)))
    assert len(rows) == 1 + UNITS


def _is_text(address: str) -> bool:
    return re.fullmatch(r"/agreements/[^/?]+", address) is not None
