"""A browser without a window: a node's site in process, with cookies, forms and form tokens."""

import html
import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

import attrs
import httpx2

from comity.node.node import Node
from comity.node.serve import site_of
from comity.web.visit import Page
from support.two_nodes import Party

_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FORM: Final = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
#: Marks that set a person's words apart in a sentence.
_APART: Final = re.compile("[\u2068\u2069]")
_ACTION: Final = re.compile(r'action="([^"]*)"')


@attrs.define(kw_only=True)
class Browser:
    """One person's browser at one party's site; follows redirects as browsers do."""

    client: httpx2.AsyncClient
    page: httpx2.Response | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.aclose()

    @property
    def text(self) -> str:
        """The page that is shown."""
        assert self.page is not None
        return self.page.text

    @property
    def words(self) -> str:
        """The page as words: no tags, entities read, spaces joined, nothing that is not seen."""
        bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return " ".join(_APART.sub("", html.unescape(bare)).split())

    def first_choice(self, field: str) -> str:
        """Return the first choice that a list of the page offers, given the id of the list."""
        chosen = self.text.partition(f'<select id="{field}"')[2].partition("</select>")[0]
        found: list[str] = re.findall(r'<option value="([^"]*)"', chosen)
        return next(each for each in found if each)

    async def get(self, path: str, **query: str) -> httpx2.Response:
        """Open an address."""
        self.page = await self.client.get(path, params=query or None)
        return self.page

    def hidden(self, action: str, *, nth: int = 0) -> dict[str, list[str]]:
        """Return the hidden fields of the ``nth`` form of the page that posts to ``action``."""
        found = []
        for head, body in _FORM.findall(self.text):
            to = _ACTION.search(head)
            if to and html.unescape(to[1]) == action and 'method="post"' in head:
                found.append(body)
        assert len(found) > nth, f"no form to {action} on the page:\n{self.words[:2000]}"
        fields: dict[str, list[str]] = {}
        for name, value in _HIDDEN.findall(found[nth]):
            fields.setdefault(html.unescape(name), []).append(html.unescape(value))
        return fields

    async def submit(
        self,
        action: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        *,
        nth: int = 0,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> httpx2.Response:
        """Fill in and send a form of the page that is shown, hidden fields and all."""
        data: dict[str, str | Sequence[str]] = {**self.hidden(action, nth=nth), **(fields or {})}
        plain = {k: v if isinstance(v, str) else list(v) for k, v in data.items()}
        self.page = await self.client.post(action, data=plain, files=files)
        return self.page


async def browser(node: Node, *, more: Sequence[Page] = ()) -> Browser:
    """Return a browser at the site of a node; nobody is logged in."""
    wire = httpx2.ASGITransport(app=await site_of(node, more=more))
    return Browser(
        client=httpx2.AsyncClient(
            transport=wire, base_url="http://localhost", follow_redirects=True
        )
    )


async def logged_in(party: Party, official: str, *, more: Sequence[Page] = ()) -> Browser:
    """Return a browser of an official who has logged in by a link."""
    made = await party.call("accounts.link", official=official)
    path = str(made["link"]).partition("localhost")[2].partition("/")[2]
    shown = await browser(party.node, more=more)
    await shown.get(f"/{path}")
    await shown.submit(f"/{path}")
    return shown
