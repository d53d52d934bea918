"""Pages of the officials' site at 10 and at 10,000 units: time at the server, weight, first paint.

Beside each page's time stands a file of the same server (the stylesheet), asked for over the same
connection: what routing, sockets and headers cost anyway. Weight is the page with stylesheet and
scripts, as sent. First paint is what Chromium says of a page it has no cache for, where one is
installed; beside it stands that of a page of one word, served by Python's own server, in the same
browser.
"""

import http.client
import http.server
import os
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from lines import Line, NotYetError, milliseconds
from nodes import Party, draft, meet
from processes import BUILD

UNITS: Final = (10, 10_000)
ROUNDS: Final = 15
#: What a person opens; ``{id}`` is the instrument.
PAGES: Final = (
    ("what needs me", "/"),
    ("agreements", "/agreements"),
    ("the text", "/agreements/{id}"),
    ("reading", "/agreements/{id}/reading"),
    ("rounds", "/agreements/{id}/rounds"),
    ("relationships", "/relationships"),
    ("record", "/record"),
    ("may I send this", "/share"),
    ("node", "/health"),
)
_CHROMIUM: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
_QUIET: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
#: The page's own policy forbids evaluating strings, so the browser is asked for a promise.
_FIRST_PAINT: Final = """() => new Promise(done => new PerformanceObserver(list => {
    const first = list.getEntriesByName("first-contentful-paint")[0];
    if (first) done(first.startTime);
}).observe({type: "paint", buffered: true}))"""
#: In place of a path: the page of one word.
_WORD: Final = ""
_PART: Final = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


class Visitor:
    """An official's browser without a window: one connection, one cookie."""

    def __init__(self, party: Party) -> None:
        """Log in by a link."""
        self.port = party.local_port
        link = urlsplit(str(party.call("accounts.link", official="mandate_holder")["link"]))
        self.wire = http.client.HTTPConnection("localhost", self.port, timeout=60)
        self.cookies: dict[str, str] = {}
        page = self.get(link.path)
        tokens = re.findall(r'name="(_csrf_token|_once)" value="([^"]*)"', page.decode())
        self._call("POST", link.path, urlencode(tokens))

    def get(self, path: str) -> bytes:
        """Return a page."""
        status, data = self._call("GET", path)
        if status != 200:
            raise NotYetError(f"page {path}: {status}")
        return data

    def timed(self, path: str) -> float:
        """Return how long a page takes."""
        began = time.perf_counter()
        self.get(path)
        return time.perf_counter() - began

    def weight(self, page: bytes) -> int:
        """Return the bytes of a page with its stylesheets and scripts."""
        parts = set(_PART.findall(page.decode()))
        return len(page) + sum(len(self.get(part)) for part in parts)

    def _call(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        self.wire.request(method, path, body=body or None, headers=headers)
        answer = self.wire.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer.status, answer.read()


def _text(units: int) -> str:
    return "".join(
        f"Article {n}\n\nThe Parties shall keep each other informed of subject number {n}.\n\n"
        for n in range(1, units + 1)
    )


def _paint(visitor: Visitor, paths: list[str]) -> dict[str, float]:
    """Return the first paint of pages in milliseconds, where there is a Chromium."""
    wanted = (os.environ.get("COMITY_CHROMIUM", ""), *_CHROMIUM)
    program = next((path for path in wanted if path and Path(path).exists()), None)
    if program is None:
        return {}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy, and perhaps not needed

    base, found = f"http://localhost:{visitor.port}", {}
    with sync_playwright() as playing, _word() as word:
        browser = playing.chromium.launch(executable_path=program, args=list(_QUIET))
        for path in (_WORD, *paths):
            samples = []
            for _ in range(3):
                context = browser.new_context()
                context.add_cookies(
                    [{"name": n, "value": v, "url": base} for n, v in visitor.cookies.items()]
                )
                page = context.new_page()
                page.goto(word if path == _WORD else base + path)
                samples.append(float(page.evaluate(_FIRST_PAINT)))
                context.close()
            found[path] = statistics.median(samples)
        browser.close()
    return found


class _OneWord(http.server.BaseHTTPRequestHandler):
    """Answers every call with a page of one word."""

    def do_GET(self) -> None:
        page = b"<!doctype html><title>word</title><p>word"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def _word() -> Iterator[str]:
    """Give the address of a page of one word: what a browser takes for nearly nothing."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _OneWord)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def measure() -> list[Line]:
    """Return a line for each page at each size."""
    BUILD.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="pages-", dir=BUILD))
    lines: list[Line] = []
    try:
        for units in UNITS:
            lines += _at(root / str(units), units)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return lines


def _at(root: Path, units: int) -> list[Line]:
    parties = [Party(root, "Aldoria"), Party(root, "Berevan")]
    try:
        for party in parties:
            party.start()
        a, b = parties
        meet(a, b)
        instrument = draft(a, b, f"Of {units} units", text=_text(units))
        visitor = Visitor(b)
        floor = [visitor.timed(_style(visitor)) for _ in range(ROUNDS)]
        asked = [(name, path.format(id=instrument)) for name, path in PAGES]
        paints = _paint(visitor, [path for _, path in asked])
        return [_line(visitor, name, path, units, floor, paints) for name, path in asked]
    finally:
        for party in parties:
            party.stop()


def _style(visitor: Visitor) -> str:
    parts = map(str, _PART.findall(visitor.get("/").decode()))
    return next(part for part in parts if part.endswith("css"))


def _line(  # noqa: PLR0917 - one row's parts
    visitor: Visitor, name: str, path: str, units: int, floor: list[float], paints: dict[str, float]
) -> Line:
    page = visitor.get(path)
    samples = [visitor.timed(path) for _ in range(ROUNDS)]
    paint = ""
    if path in paints:
        paint = f", first paint {paints[path]:.0f} ms (a page of one word: {paints[_WORD]:.0f} ms)"
    return Line(
        what=f"page «{name}», {units:,} units",
        figure=f"{milliseconds(samples)}, {visitor.weight(page) / 1000:.0f} kB{paint}",
        beside=f"a file of the same server: {statistics.median(floor) * 1000:.1f} ms",
        ratio=f"{statistics.median(samples) / statistics.median(floor):.1f}",
    )
