"""A visit: one request of one person, as a page sees it; and what a page answers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, Protocol, TypeAlias
from urllib.parse import quote, urlencode

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.protocols.etags import etag_of
from comity.web.ports import House, Node, Part, Person, Seen, Sent
from comity.web.texts import Words, scaled

#: Fields that are never put into a page again.
SECRET_FIELDS: Final = frozenset({"password", "again", "current", "credential"})

#: The code of a refusal because what a form was made from reads otherwise by now.
CHANGED: Final = "api.changed"


class File(Protocol):
    """A file that came with a form."""

    filename: str

    async def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        ...


@attrs.frozen(kw_only=True)
class Html:
    """A page."""

    template: str
    context: Mapping[str, object]
    status: int = 200


@attrs.frozen(kw_only=True)
class Goto:
    """Go on at another address of this site; ``notice`` is shown there once.

    ``tone`` is ``wait`` where the notice says that an act has not done what it was for.
    """

    path: str
    notice: str = ""
    tone: str = ""


@attrs.frozen(kw_only=True)
class Handout:
    """A file to save; a browser never shows it itself."""

    sent: Sent


@attrs.frozen(kw_only=True)
class Plain:
    """Bytes of a known kind: CSV, a fragment of JSON."""

    data: bytes
    media: str
    name: str = ""


@attrs.frozen(kw_only=True)
class Stream:
    """A file of a known kind that is made while it is sent: a long CSV."""

    chunks: AsyncIterator[bytes]
    media: str
    name: str


#: What the page of a form read: an operation, its members and, where not all counts, what does.
Looked: TypeAlias = tuple[str, Mapping[str, object]] | tuple[str, Mapping[str, object], Part]
Reply: TypeAlias = Html | Goto | Handout | Plain | Stream


@attrs.define(kw_only=True)
class Visit:
    """One request of one person.

    Attributes:
        node: The node.
        house: Whose site it is.
        words: Language and zone of the reader.
        who: Who is logged in; None on the few pages that need nobody.
        path: The path called.
        at: Members of the path, by name.
        query: The query, last value of each name.
        many: All values of each name of query or form.
        form: The form, last value of each name; empty for GET.
        files: Files that came with the form.
        problem: What an act that came back here was refused for; the page shows it at its place.
        body: The raw body of an upload by script, where the page asked for it.
        once: Names one posting of one form: its token and what was in it.
        notice: What the last act left to say.
        tone: How that is said, if not as good news.
        csrf: The token that forms of this browser carry.
        nav: Which entry of the navigation is current.
        chance: Fresh for each visit; form tokens begin with it.
        lost: What was typed and has no field on the page that says why it was refused.
        wrong: Name of the field that the problem is about, where the page knows it.
    """

    node: Node
    house: House
    words: Words
    who: Person | None
    path: str
    at: Mapping[str, str]
    query: Mapping[str, str]
    many: Mapping[str, Sequence[str]]
    form: Mapping[str, str] = attrs.field(factory=dict)
    files: Mapping[str, File] = attrs.field(factory=dict)
    problem: ComityError | None = None
    body: Callable[[], AsyncIterator[bytes]] | None = None
    once: str = ""
    notice: str = ""
    tone: str = ""
    csrf: str = ""
    nav: str = ""
    chance: str = ""
    lost: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    wrong: str = ""
    _tags: dict[str, str] = attrs.field(factory=dict)
    _forms: int = 0
    _acts: int = 0
    _within: str = ""

    def form_of(self, step: str) -> str:
        """Begin the form of a step, or end it (""): what was typed goes into no other form.

        Its hidden member ``_step`` names it. Returns nothing to show, for templates to call.
        """
        self._within = step
        return ""

    def form_token(self) -> str:
        """Return the one-time token of the next form on this page."""
        self._forms += 1
        return f"{self.chance}-{self._forms}"

    @property
    def person(self) -> Person:
        """Who is logged in; only pages that need somebody may ask."""
        assert self.who is not None
        return self.who

    def has(self, *roles: str) -> bool:
        """Return whether the person has one of the roles; for what to offer, never to decide."""
        return self.who is not None and bool(set(roles) & set(self.who.roles))

    def _(self, text: str, **facts: object) -> str:
        """Return a text in the reader's language with ``%(name)s`` filled in."""
        return self.words.say(text, **facts)

    async def ask(self, operation: str, /, **members: object) -> JsonObject:
        """Return the answer of an operation that reads.

        Raises:
            ComityError: whatever it refuses.
        """
        answer = await self.node.ask(operation, members, official=self._id)
        assert isinstance(answer, Mapping)
        return answer

    async def see(
        self, operation: str, part: Part | None = None, /, **members: object
    ) -> JsonObject:
        """Return the answer of an operation that reads, and remember it for ``act(seen=...)``.

        ``tokens(visit, operation)`` in the form carries the tag of what the person saw, or of the
        part of it that counts.
        """
        answer = await self.ask(operation, **members)
        self._tags[operation] = etag_of(answer if part is None else part(answer))
        return answer

    async def act(
        self,
        operation: str,
        /,
        *,
        seen: Looked | None = None,
        upload: str | None = None,
        **members: object,
    ) -> JsonObject:
        """Return the answer of an operation that acts; a form posted twice acts once.

        Args:
            operation: The operation.
            seen: The operation that the form's page read with ``see``, and its members: the act is
                refused with ``api.changed`` where the object reads otherwise by now. Third, what
                counts of the answer, where the form carries the tag of that alone.
            upload: Name of a received file.
            members: Members of the request.

        Raises:
            ComityError: whatever it refuses.
        """
        guard = None
        tag = self.form.get("_seen", "")
        if seen is not None and tag:
            part = seen[2] if len(seen) == 3 else None
            guard = Seen(operation=seen[0], members=seen[1], tag=tag, part=part)
        answer = await self.node.ask(
            operation,
            members,
            official=self._id,
            upload=upload,
            once=self._key(operation),
            seen=guard,
        )
        assert isinstance(answer, Mapping)
        return answer

    def _key(self, operation: str) -> str | None:
        """Return the idempotency key of the next act of this posting."""
        self._acts += 1
        return f"{self.once}.{operation}.{self._acts}" if self.once else None

    async def file(self, operation: str, /, **members: object) -> Handout:
        """Return the file an operation answers with, to be saved."""
        answer = await self.node.ask(operation, members, official=self._id)
        assert isinstance(answer, Sent)
        return Handout(sent=answer)

    def tag_of(self, operation: str) -> str:
        """Return the tag of what ``see`` read."""
        return self._tags.get(operation, "")

    def seen(self, tag: str) -> str:
        """Return the tag for a form: what its reader saw first, until they were told of the change.

        Who is told that a form was overtaken has what stands now before them, and sends it anew.
        """
        told = self.problem is not None and self.problem.code == CHANGED
        return tag if told else self.typed("_seen") or tag

    def typed(self, name: str, default: object = "") -> str:
        """Return what was typed into a field before, or the default: nothing typed is lost.

        Within a form of several (``form_of``) only what was typed into that one.
        """
        same = not self._within or self.form.get("_step", self._within) == self._within
        if same and name in self.form:
            return self.form[name]
        return self.query.get(name, "" if default is None else str(default))

    def lines(self, name: str) -> list[str]:
        """Return the lines of a field that say something."""
        lines = (line.strip() for line in self.form.get(name, "").splitlines())
        return [line for line in lines if line]

    def chosen(self, name: str) -> Sequence[str]:
        """Return all values of a field."""
        return self.many.get(name, ())

    def number(self, name: str, default: int = 0, *, top: int = 10_000_000) -> int:
        """Return a number of the query, within bounds; anything else is the default."""
        text = self.query.get(name, "")
        value = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else default
        return max(0, min(value, top))

    async def file_bytes(self, name: str, *, top: int, what: str) -> bytes:
        """Return the bytes of a file of the form.

        Raises:
            MisuseError: ``web.no_file``, ``web.file_too_large``.
        """
        file = self.files.get(name)
        data = b"" if file is None else await file.read(top + 1)
        if not data:
            raise MisuseError("web.no_file", f"Choose {what} first; nothing was sent.")
        if len(data) > top:
            raise MisuseError(
                "web.file_too_large",
                f"{what[:1].upper()}{what[1:]} may have at most {readable(top)}.",
                {"size": readable(top)},
            )
        return data

    def here(self, **changes: object) -> str:
        """Return this page's address with other members of the query; None takes one away."""
        members = {**self.query, **changes}
        kept = {name: str(value) for name, value in members.items() if value not in {None, ""}}
        return self.path + ("?" + urlencode(kept) if kept else "")

    @property
    def _id(self) -> str | None:
        return None if self.who is None else self.who.id


Work: TypeAlias = Callable[[Visit], Awaitable[Reply]]


@attrs.frozen(kw_only=True)
class Page:
    """One page or form: where, what it does, and where a refusal is shown.

    Attributes:
        method: GET, or POST for forms.
        path: The address, members in braces.
        work: Makes the reply.
        back: The GET page that is shown again when the form is refused, with what was typed;
            members as in ``path``. Empty: a page of its own for the problem.
        open: Nobody need be logged in.
        limited: Only so many tries a minute from one address: for what strangers may post.
        raw: A POST whose body is a file as such (``visit.body``), sent by script.
        body_max: How long the body of a form may be, in bytes.
        nav: Which entry of the navigation it belongs to.
    """

    method: Literal["GET", "POST"]
    path: str
    work: Work
    back: str = ""
    open: bool = False
    limited: bool = False
    raw: bool = False
    body_max: int = 2 << 20
    nav: str = ""


def at(*parts: str, **query: object) -> str:
    """Return an address of this site, each part quoted: ``at("agreements", id, "text")``."""
    path = "/" + "/".join(quote(part, safe=":@") for part in parts)
    kept = {name: str(value) for name, value in query.items() if value not in {None, ""}}
    return path + ("?" + urlencode(kept) if kept else "")


def readable(size: float) -> str:
    """Return a number of bytes as the node's own messages say it, in English: ``41.8 KiB``."""
    if size < 1024:
        return f"{int(size)} bytes"
    count, power = scaled(size)
    return f"{count:.1f} {('KiB', 'MiB', 'GiB', 'TiB')[power - 1]}"


def rows_of(answer: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    """Give the objects in a list member of an answer."""
    members = answer.get(name)
    for each in members if isinstance(members, Sequence) else ():
        if isinstance(each, Mapping):
            yield each
