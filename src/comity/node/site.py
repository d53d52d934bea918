"""The node as the officials' site sees it: operations by name, and who may come in."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import attrs
import msgspec

from comity import __version__
from comity.api.operation import Expected
from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.accounts import Accounts
from comity.node.calendars import Calendars
from comity.node.context import HOUSE, Context
from comity.node.dispatch import Dispatch
from comity.node.officials import Official
from comity.node.passkeys import Passkeys
from comity.storage.tx import Tx
from comity.web.ports import Answered, House, Person, Seen, Sent


@attrs.frozen(kw_only=True)
class SiteNode:
    """Implements ``web.ports.Node`` over the dispatch that every door uses."""

    ctx: Context
    dispatch: Dispatch
    accounts: Accounts
    passkeys: Passkeys
    calendars: Calendars

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
        """Return the answer of one operation, as the API would."""
        row = BY_NAME[operation]
        try:
            request = msgspec.convert(dict(members), type=row.request)
        except msgspec.ValidationError as error:
            said, member = _in_words(str(error)), _member(str(error))
            facts: JsonObject = {"field": member} if member else {}
            raise MisuseError("web.form", f"{row.summary}: {said}", facts) from error
        expects = None
        if seen is not None:
            members_seen = {name: _plain(value) for name, value in seen.members.items()}
            expects = Expected(
                operation=seen.operation, members=members_seen, etag=seen.tag, part=seen.part
            )
        answer = await self.dispatch.call(
            row, request, official=official, upload=upload, once=once, expects=expects
        )
        if isinstance(answer, Path):
            return Sent(name=answer.name, path=answer)
        if isinstance(answer, bytes):
            return Sent(name=f"{operation}.comity-evidence", data=answer)
        return answer

    def allowed(self, operation: str, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the roles that an operation wants and the person lacks; empty: they may."""
        wanted = BY_NAME[operation].roles
        return () if not wanted or set(wanted) & set(roles) else tuple(wanted)

    def token(self) -> str:
        """Return a few unpredictable characters."""
        return self.ctx.chance.token(12).hex()

    async def now(self) -> Instant:
        """Return the node's time."""
        return self.ctx.now()

    async def receive(self, chunks: AsyncIterator[bytes]) -> str:
        """Keep a file durably, in bounded memory; return its name."""
        with self.ctx.payloads.writer() as writer:
            async for chunk in chunks:
                await asyncio.to_thread(writer.write, chunk)
            return (await asyncio.to_thread(writer.commit)).name

    async def person(self, official: str, *, since: Instant) -> Person | None:
        """Return who that is, or None if a session begun then is no longer good."""

        def read(tx: Tx) -> Person | None:
            thing = tx.things.get(HOUSE, "official", official)
            if thing is None or not self.accounts.good_since(tx, official, since=since):
                return None
            known, account = Official.read(thing.value), self.accounts.account(tx, official)
            return Person(
                id=known.id,
                name=known.name,
                office=known.office,
                roles=known.roles,
                language=_word(account, "language"),
                zone=_word(account, "zone"),
                theme=_word(account, "theme"),
                fresh=not account.get("password") and not self.passkeys.of(tx, official),
            )

        return await self.ctx.store.read(read)

    async def feed(self, secret: str) -> str | None:
        """Return the calendar at a secret address; None where nothing stands there."""
        return await self.ctx.store.read(lambda tx: self.calendars.published(tx, secret))

    async def enter_by_link(self, secret: str) -> str:
        """Return the official whom a one-time link lets in, and use the link up."""
        return await self.ctx.store.write(lambda tx: self.accounts.enter_by_link(tx, secret))

    async def enter_by_password(self, official: str, password: str) -> str:
        """Return the official, if the password is theirs."""
        stored = await self.ctx.store.read(
            lambda tx: self.accounts.stored_password(tx, official[:200])
        )
        await asyncio.to_thread(
            self.accounts.check_password, official[:200], password, stored=stored
        )
        return official

    async def passkey_options(self) -> JsonObject:
        """Return what a browser asks an authenticator, to come in."""
        return await self.ctx.store.read(
            lambda tx: self.passkeys.request(
                tx, self.passkeys.ask("log-in", official=None), official=None
            )
        )

    async def enter_by_passkey(self, credential: Mapping[str, object]) -> str:
        """Return the official whose passkey answered."""
        return await self.ctx.store.write(lambda tx: self.passkeys.enter(tx, credential))

    async def load_session(self, key: str) -> bytes | None:
        """Return the stored session, or None once it is over."""
        return await self.ctx.store.read(lambda tx: self.accounts.session(tx, key))

    async def save_session(self, key: str, data: bytes, *, expires_s: int) -> None:
        """Store a session for so many seconds."""
        await self.ctx.store.write(
            lambda tx: self.accounts.save_session(tx, key, data, expires_s=expires_s)
        )

    async def drop_session(self, key: str) -> None:
        """Forget a session."""
        await self.ctx.store.write(lambda tx: self.accounts.drop_session(tx, key))


async def house_of(node: SiteNode, *, host: str | None = None) -> House:
    """Return whose site it is; ``host`` where it is reached over https."""
    config = node.ctx.config
    return House(
        party=config.party,
        name=config.name,
        purpose=config.purpose,
        hosts=("localhost", "127.0.0.1", "::1") if host is None else (host,),
        secure=host is not None,
        secret=await node.ctx.store.write(node.accounts.make_secret),
        version=__version__,
    )


_FAULTS: Final = (
    (r"`str` of length <= (\d+)", "{at} may have at most {n} characters."),
    (r"`str` of length >= 1\b", "{at} is empty; write something."),
    (r"`(?:array|object)` of length <= (\d+)", "{at} may have at most {n} parts."),
    (r"`array` of length >= (\d+)", "choose at least {n} of {at}."),
    (r"Invalid enum value|`str`, got `null`", "choose {at} from what the page offers."),
    (r"`int` >= (-?\d+)", "{at} is at least {n}."),
    (r"`int` <= (-?\d+)", "{at} is at most {n}."),
    (r"`int", "{at} is a whole number."),
)


def _in_words(error: str) -> str:
    """Return in words for a person what a member of a form lacks."""
    named = _member(error)
    at = f"“{named}”" if named else "this"
    for pattern, words in _FAULTS:
        fault = re.search(pattern, error)
        if fault:
            return words.format(at=at, n=fault[1] if fault.re.groups else "")
    if _MISSING.search(error):
        return f"{at} is missing."
    return f"{at} is not what the page offers."


_MISSING: Final = re.compile(r"required field `(\w+)`")


def _member(error: str) -> str:
    """Return the member of a form that cannot be as it is; empty where none is named."""
    missing = _MISSING.search(error)
    if missing:
        return missing[1]
    found = re.search(r"`\$\.?([^`]*)`$", error)
    return re.sub(r"\[(?:\.\.\.|\d+)\]", "", found[1]) if found else ""


def _plain(value: object) -> str | int | None:
    return value if isinstance(value, str | int) else None


def _word(value: JsonObject, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
