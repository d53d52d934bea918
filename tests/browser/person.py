"""A person before a browser: counts what they do, and notices what the page does behind them."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol, Self
from urllib.parse import urlsplit

import attrs
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from support.processes import Served
from support.two_nodes import Pair

AXE: Final = Path(__file__).with_name("vendor") / "axe-core-4.14.1" / "axe.min.js"
VIEWS: Final = {
    "desktop-light": (1280, 900, "light"),
    "desktop-dark": (1280, 900, "dark"),
    "phone-light": (390, 844, "light"),
    "phone-dark": (390, 844, "dark"),
}
WAIT_MS: Final = 20_000
_TABS_MAX: Final = 150
#: Two frames: what was scrolled is painted whole.
_PAINTED: Final = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
)


@attrs.frozen(kw_only=True)
class World:
    """Two parties whose nodes run."""

    a: Served
    b: Served
    instrument: str


class Build(Protocol):
    """Serves two nodes at a stage of the story, after what else is to have happened."""

    def __call__(
        self, stage: str, then: Callable[[Pair], Awaitable[object]] | None = None
    ) -> World:
        """Return the world; ``then`` is played before its nodes are served."""
        ...


class Enter(Protocol):
    """Lets an official log in by a link, in a window of their own."""

    def __call__(self, party: Served, official: str, *, view: str = ...) -> "Person":
        """Return the person; ``view`` is one of ``VIEWS``."""
        ...


@attrs.define(kw_only=True, slots=False)  # the browser puts marks on its listeners
class Person:
    """One person at one site.

    Attributes:
        page: The window.
        actions: How many things the person did since ``count`` was called last.
    """

    context: BrowserContext
    page: Page
    base: str
    actions: int = 0
    trouble: list[str] = attrs.field(factory=list)
    expected: int = 0

    @classmethod
    def open(cls, browser: Browser, *, link: str, view: str) -> Self:
        """Return a person who has logged in by a one-time link."""
        width, height, scheme = VIEWS[view]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="Asia/Kolkata",
            accept_downloads=True,
        )
        context.set_default_timeout(WAIT_MS)
        parts = urlsplit(link)
        person = cls(
            context=context, page=context.new_page(), base=f"{parts.scheme}://{parts.netloc}"
        )
        person.page.on("console", person._said)
        person.page.on("pageerror", lambda error: person.trouble.append(f"script: {error}"))
        person.page.on("request", person._asked)
        person.page.goto(link)
        person.page.get_by_role("button", name="Log in").click()
        person.page.wait_for_load_state()
        return person

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            if "Failed to load resource" in message.text and self.expected:
                self.expected -= 1
                return
            self.trouble.append(f"console: {message.text} at {self.page.url}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "data:", "blob:")):
            self.trouble.append(f"another origin: {request.url}")

    # --- what a person does: each counts as one action -----------------------------------------

    def count(self) -> None:
        """Begin to count anew."""
        self.actions = 0

    def visit(self, path: str) -> None:
        """Open an address (not counted: a link or a bookmark led there)."""
        self.page.goto(self.base + path)

    def click(self, target: Locator | str, *, role: str = "button") -> None:
        """Press a button or follow a link, named as a person reads it."""
        self.actions += 1
        found = self.page.get_by_role(role, name=target) if isinstance(target, str) else target  # type: ignore[arg-type]  # a role by its name
        found.first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.click(name, role="link")

    def write(self, label: str, words: str) -> None:
        """Fill in a field."""
        self.actions += 1
        self.page.get_by_label(label, exact=False).first.fill(words)

    def type(self, field: Locator, words: str) -> None:
        """Fill in a field that was found."""
        self.actions += 1
        field.first.fill(words)

    def tab_to(self, name: str, *, role: str = "button") -> None:
        """Go on with Tab until the button or link of that name has the focus."""
        wanted = self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # a role by its name
        for _ in range(_TABS_MAX):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name!r} cannot be reached with Tab")

    def choose(self, label: str, value: str) -> None:
        """Choose from a list."""
        self.actions += 1
        self.page.get_by_label(label, exact=False).first.select_option(value)

    def choose_first(self, label: str) -> None:
        """Choose the first choice of a list in which nothing is chosen beforehand."""
        self.actions += 1
        found = self.page.get_by_label(label, exact=False).first
        assert not found.input_value(), f"«{label}» is chosen beforehand"
        found.select_option(index=1)

    def key(self, *names: str) -> None:
        """Press keys, one action each."""
        for name in names:
            self.actions += 1
            self.page.keyboard.press(name)
        self.page.wait_for_load_state()

    # --- what a person sees --------------------------------------------------------------------

    def reads(self, words: str) -> bool:
        """Return whether the words stand on the page, marks of direction left out."""
        shown = self.page.locator("body").inner_text().replace("\u2068", "").replace("\u2069", "")
        return words in " ".join(shown.split())

    def sees(self, words: str) -> None:
        """Wait until the words stand on the page."""
        self.page.get_by_text(words, exact=False).first.wait_for(state="visible")

    def check_page(self) -> None:
        """Fail for whatever stands against this page: see ``complaints``."""
        found = self.complaints()
        assert found == [], "\n".join(found)

    def complaints(self) -> list[str]:
        """Return what axe-core finds on the page, and whether it must be scrolled sideways."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a',"
            "'wcag21aa','wcag22aa','best-practice']})).violations.map(v =>"
            " v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))"
        )
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        sideways = [f"{wide} px wider than the window"] if wide > 0 else []
        return [f"{self.page.url}: {each}" for each in [*found, *sideways]]

    def look(self, view: str) -> None:
        """Turn this window into another of ``VIEWS``, on the page that it shows."""
        width, height, scheme = VIEWS[view]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def picture(self, name: str) -> None:
        """Keep what the person sees for the guide, where pictures are wanted (make pictures)."""
        folder = os.environ.get("COMITY_PICTURES")
        if folder:
            self.page.mouse.move(0, 0)
            self.page.evaluate(_PAINTED)
            self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    def expect_refusal(self) -> None:
        """The next page is refused on purpose: the browser notes its status in the console."""
        self.expected += 1

    def close(self, *, check: bool = True) -> None:
        """Close the window, and fail for what happened behind the person's back."""
        self.context.close()
        assert not check or self.trouble == [], self.trouble
