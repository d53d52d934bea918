"""What the site needs of the node it shows."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant


@attrs.frozen(kw_only=True)
class Person:
    """Who is logged in.

    Attributes:
        id: The official's id.
        name: Their name.
        office: Their office.
        roles: What they may enter here.
        language: The language they chose; empty: what the browser asks for.
        zone: Their time zone (IANA name); empty: what the browser said, else UTC.
        theme: ``light``, ``dark`` or empty for the system's.
        fresh: True until they have set a way to log in without a link.
    """

    id: str
    name: str
    office: str
    roles: tuple[str, ...]
    language: str = ""
    zone: str = ""
    theme: str = ""
    fresh: bool = False


@attrs.frozen(kw_only=True)
class House:
    """Whose site this is.

    Attributes:
        party: The party's id.
        name: Its name.
        purpose: ``operational``, ``demonstration`` or ``conformance``.
        hosts: Names under which a browser may call the site.
        secret: Binds form tokens to this node; survives a restart.
        version: Version of the program.
        secure: The site is reached over https, so cookies stay on it.
    """

    party: str
    name: str
    purpose: str
    hosts: tuple[str, ...]
    secret: str
    version: str
    secure: bool = False


@attrs.frozen(kw_only=True)
class Sent:
    """A file to hand out: its bytes, or where they stand."""

    name: str
    data: bytes | None = None
    path: Path | None = None


#: Takes what counts of an answer.
Part: TypeAlias = Callable[[JsonObject], JsonObject]


@attrs.frozen(kw_only=True)
class Seen:
    """What a form was made from: acting is refused if the object reads otherwise by now.

    Attributes:
        operation: The operation that reads the object.
        members: Its members.
        tag: The entity tag of the answer the person saw, or of a part of it.
        part: Takes that part of an answer; None where all of it counts.
    """

    operation: str
    members: Mapping[str, object]
    tag: str
    part: Part | None = None


Answered: TypeAlias = JsonObject | Sent


class Node(Protocol):
    """The node behind the site."""

    async def ask(
        self,
        operation: str,
        members: Mapping[str, object],
        *,
        official: str | None,
        upload: str | None = None,
        once: str | None = None,
        seen: Seen | None = None,
    ) -> Answered:
        """Return the answer of one operation, for the official, as the API would.

        Raises:
            ComityError: whatever the operation refuses; ``api.changed`` where ``seen`` is stale.
        """
        ...

    def allowed(self, operation: str, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the roles that an operation wants and the person lacks; empty: they may."""
        ...

    async def receive(self, chunks: AsyncIterator[bytes]) -> str:
        """Keep a file durably, in bounded memory; return its name for ``ask(upload=...)``."""
        ...

    async def person(self, official: str, *, since: Instant) -> Person | None:
        """Return who that is, or None if a session begun then is no longer good."""
        ...

    def token(self) -> str:
        """Return a few unpredictable characters."""
        ...

    async def now(self) -> Instant:
        """Return the node's time."""
        ...

    async def feed(self, secret: str) -> str | None:
        """Return the calendar at a secret address; None where nothing stands there."""
        ...

    async def enter_by_link(self, secret: str) -> str:
        """Return the official whom a one-time link lets in, and use the link up.

        Raises:
            RefusedError: ``accounts.link``: unknown, used or too old; never said which.
        """
        ...

    async def enter_by_password(self, official: str, password: str) -> str:
        """Return the official, if the password is theirs.

        Raises:
            RefusedError: ``accounts.password``: wrong, unknown, disabled, or too many tries.
        """
        ...

    async def passkey_options(self) -> JsonObject:
        """Return what a browser asks an authenticator, to come in; it names nobody."""
        ...

    async def enter_by_passkey(self, credential: Mapping[str, object]) -> str:
        """Return the official whose passkey answered.

        Raises:
            RefusedError: ``passkeys.*``, ``officials.disabled``.
        """
        ...

    async def load_session(self, key: str) -> bytes | None:
        """Return the stored session, or None once it is over."""
        ...

    async def save_session(self, key: str, data: bytes, *, expires_s: int) -> None:
        """Store a session for so many seconds."""
        ...

    async def drop_session(self, key: str) -> None:
        """Forget a session."""
        ...
