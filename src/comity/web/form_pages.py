"""The page on which a form stands, found by the address that takes the form.

A person who reloads after a form was refused asks for that address with GET. No page is read there;
the page with the form is what they look for. Only addresses of our own pages come out.
"""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from comity.web.visit import Page

_MEMBER: Final = re.compile(r"\{([a-z_]+)\}")


def form_page(pages: Iterable[Page], path: str) -> str:
    """Return the address of the page whose form is sent to ``path``; empty where there is none."""
    every = list(pages)
    shown = {page.path for page in every if page.method == "GET"}
    forms = sorted(
        (page for page in every if page.method == "POST" and page.back in shown),
        key=lambda page: page.path.count("{"),
    )
    for page in forms:
        if found := _pattern(page.path).fullmatch(path):
            return _address(page.back, found)
    return _longest(shown, path)


def _longest(shown: Iterable[str], path: str) -> str:
    """Return the longest address of a page with which ``path`` begins, but for the first page."""
    parts = path.split("/")
    patterns = [_pattern(each) for each in shown if each != "/"]
    for count in range(len(parts) - 1, 1, -1):
        start = "/".join(parts[:count])
        if any(pattern.fullmatch(start) for pattern in patterns):
            return quote(start, safe="/:@")
    return ""


def _pattern(path: str) -> re.Pattern[str]:
    pieces = _MEMBER.split(path)
    return re.compile(
        "".join(
            f"(?P<{piece}>[^/]+)" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        )
    )


def _address(path: str, found: re.Match[str]) -> str:
    given = found.groupdict()
    return _MEMBER.sub(lambda member: quote(given.get(member[1], ""), safe=":@"), path)
