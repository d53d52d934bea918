"""Goes through a whole site as one person: every link, each kind of page a few times."""

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx2

from support.sites import Browser

PAGES_MAX: Final = 400
#: Asks the counterpart's node, which the wire of these tests does not carry for sharing.
_ABROAD: Final = "/received/now"
_LINK: Final = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
_ID: Final = re.compile(r"/(?:urn:|did:|[0-9a-f]{8}|u[0-9a-f]{12}|\d+)[^/]*")


def kind_of(address: str) -> str:
    """Return the kind of a page: its address without ids and without what the query says."""
    parts = urlsplit(address)
    names = ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    return _ID.sub("/*", parts.path) + (f"?{names}" if names else "")


async def crawl(
    shown: Browser,
    *,
    start: str = "/",
    each: int = 3,
    within: Callable[[str], bool] = lambda _: True,
) -> dict[str, httpx2.Response]:
    """Return every page that can be reached by links, at most ``each`` of a kind.

    Args:
        shown: The browser of a person who is logged in.
        start: Where to begin.
        each: How many pages of one kind.
        within: Whether to follow a link to an address.
    """
    found: dict[str, httpx2.Response] = {}
    waiting, kinds = [start], Counter[str]()
    while waiting and len(found) < PAGES_MAX:
        address = waiting.pop(0)
        if address in found or kinds[kind_of(address)] >= each:
            continue
        kinds[kind_of(address)] += 1
        page = found[address] = await shown.client.get(address)
        if "text/html" in page.headers.get("content-type", ""):
            waiting += [link for link in links_of(page.text, here=address) if within(link)]
    return found


def links_of(page: str, *, here: str) -> list[str]:
    """Return the addresses on this site that a page links to, without fragments."""
    found = []
    for given in _LINK.findall(page):
        address = html.unescape(given).partition("#")[0]
        if address.startswith("?"):
            address = urlsplit(here).path + address
        if address.startswith("/") and not address.startswith(("//", "/static/", _ABROAD)):
            found.append(address)
    return found
