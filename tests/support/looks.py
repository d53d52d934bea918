"""What no page and no export may show, whatever somebody typed or sent."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Final

import attrs

from support.crawl import crawl
from support.sites import Browser

UNSEEN: Final = re.compile("[\u202a-\u202e\u2066\u2067\x00-\x08\x0b\x0c\x0e-\x1f]")
#: What a program says and no person should read.
PROGRAM: Final = re.compile(
    r">\s*(?:None|True|False)\s*<|object at 0x|\{&#39;|\[&#39;|Traceback|Expected `|\$\.[a-z]"
)
FORMULA: Final = re.compile(r"\s*[=+\-@\t\uff1d\uff0b\uff0d\uff20]")
#: Elements that have no end.
_VOID: Final = frozenset({"meta", "link", "input", "br", "hr", "img", "progress", "source", "wbr"})
#: Elements that a browser sets apart by itself.
_APART: Final = frozenset({"bdi", "title", "textarea"})
#: Where words that are set apart inside a sentence begin and end.
_FIRST_STRONG, _POP = "\u2068", "\u2069"


async def look_everywhere(shown: Browser, *, each: int = 2) -> dict[str, str]:
    """Fail if a page shows what somebody typed as anything but words; return pages and exports."""
    found = {}
    for address, page in (await crawl(shown, each=each)).items():
        assert page.status_code == 200, address
        kind = page.headers["content-type"]
        if "text/html" in kind:
            found[address] = page.text
            assert "<script>alert" not in page.text, address
            assert "49 %(n)s" not in page.text, address
            assert not (seen := UNSEEN.search(page.text)), f"{address}: {seen}"
            assert not (seen := PROGRAM.search(page.text)), f"{address}: {seen}"
        elif "csv" in kind:
            found[address] = page.text
            check_csv(address, page.text)
    return found


def check_csv(address: str, text: str) -> None:
    """Fail if a spreadsheet would take a cell for a formula."""
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))):
        for cell in row:
            number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert number or not FORMULA.match(cell), f"{address}: {cell!r}"


def problem_of(page: str) -> str:
    """Return what the page says was wrong, as words."""
    found = re.search(r'<div class="notice bad" role="alert".*?</div>', page, re.DOTALL)
    return "" if found is None else " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def mixed_in(page: str, words: str) -> list[str]:
    """Return where a page shows words of another direction in the middle of its own.

    Such words turn the sentence around them, unless an element or a mark sets them apart.

    Args:
        page: The page.
        words: Words that run the other way.
    """
    reader = _Directions(words=words)
    reader.feed(page)
    return reader.found


@attrs.define(kw_only=True, init=False)
class _Directions(HTMLParser):
    words: str
    open: list[tuple[str, bool]]
    found: list[str]

    def __init__(self, *, words: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.open, self.found = words, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            apart = dict(attrs).get("dir") == "auto" or tag in _APART
            self.open.append((tag, apart))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        at = data.find(self.words)
        if at < 0 or any(apart for _, apart in self.open):
            return
        before = data[:at]
        if before.rfind(_FIRST_STRONG) <= before.rfind(_POP):
            path = ">".join(tag for tag, _ in self.open)
            self.found.append(f"{path}: {data[max(0, at - 60) : at + 40]!r}")
