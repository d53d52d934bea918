"""What a call with an idempotency key came to: one key, one act, one answer.

The answer is kept in the same unit of work as the act, so that after a crash there are both or
neither. A call that failed has changed nothing and leaves no outcome: the same key may be tried
again. Outcomes live a day at least and two at most, and are bounded in number and size. Source:
draft-ietf-httpapi-idempotency-key-header-07, section 2.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import msgspec

from comity.api.operation import Operation, Request
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import MisuseError, UnavailableError
from comity.node.context import Context
from comity.storage.tx import Tx

SPACE: Final = "outcomes"
ROWS_MAX: Final = 50_000
ANSWER_BYTES_MAX: Final = 64 << 10
KEY_CHARACTERS_MAX: Final = 255
_DAY_S: Final = 86_400
_PAGE: Final = 100

#: An object, the bytes of a file made now, or the path of a stored one.
Answer: TypeAlias = JsonObject | bytes | Path


@attrs.frozen(kw_only=True)
class Mark:
    """One key of one person, and the request it stands for."""

    name: str
    operation: str
    fingerprint: str
    secret: bool

    @classmethod
    def of(
        cls,
        key: str,
        operation: Operation,
        request: Request,
        *,
        who: str | None,
        upload: str | None,
    ) -> "Mark":
        """Return the mark of one call.

        Args:
            key: The idempotency key, as the caller chose it.
            operation: What is asked for.
            request: With which members.
            who: The acting official; keys of different people never meet.
            upload: The name of the uploaded file, which comes from its content.

        Raises:
            MisuseError: ``api.key``: empty, too long, or not printable ASCII.
        """
        if not (0 < len(key) <= KEY_CHARACTERS_MAX and key.isascii() and key.isprintable()):
            raise MisuseError(
                "api.key",
                f"An idempotency key has 1 to {KEY_CHARACTERS_MAX} printable ASCII characters; a"
                " new UUID for each act is best.",
            )
        # With the key, which nobody can guess: a password in a request cannot be tried out on this.
        said = msgspec.json.encode([operation.name, request, upload], order="sorted")
        return cls(
            name=sha256(f"{who or ''}\n{key}".encode()).hexdigest(),
            operation=operation.name,
            fingerprint=sha256(key.encode() + b"\n" + said).hexdigest(),
            secret=operation.secret,
        )


@attrs.frozen(kw_only=True)
class Keeper:
    """Keeps the outcome of one call; handed to whoever acts."""

    mark: Mark
    day: str

    def keep(self, tx: Tx, answer: object) -> None:
        """Keep the answer, in the unit of work that acts or after it."""
        told: Json = None
        if (
            isinstance(answer, Mapping)
            and not self.mark.secret
            and len(canonical(answer)) <= ANSWER_BYTES_MAX
        ):
            told = answer
        value: dict[str, Json] = {
            "operation": self.mark.operation,
            "fingerprint": self.mark.fingerprint,
            "answer": told,
        }
        tx.things.put(SPACE, "outcome", self.mark.name, value=value, status=self.day)


@attrs.define(kw_only=True)
class Outcomes:
    """The kept outcomes of this node, and the calls that are under way."""

    ctx: Context
    _under_way: dict[str, tuple[str, asyncio.Task[Answer]]] = attrs.field(factory=dict)
    _swept: int = -1
    _rows: int = 0

    async def once(self, mark: Mark, act: Callable[[Keeper], Awaitable[Answer]]) -> Answer:
        """Return what the call came to, acting only if no call with this key has acted.

        A caller who goes away does not stop what has begun.

        Raises:
            MisuseError: ``api.key_reused``: the key stands for another request;
                ``api.answer_not_kept``: it was done, but the answer cannot be told again.
            UnavailableError: ``api.too_many_keys``.
        """
        there = self._under_way.get(mark.name)
        if there is None:
            task = asyncio.get_running_loop().create_task(self._first(mark, act))
            self._under_way[mark.name] = (mark.fingerprint, task)
            task.add_done_callback(lambda done: self._over(mark.name, done))
        else:
            _check_same(mark, there[0])
            task = there[1]
        return await asyncio.shield(task)

    def _over(self, name: str, task: asyncio.Task[Answer]) -> None:
        del self._under_way[name]
        if not task.cancelled():
            task.exception()  # whoever asked has been told, or has gone away

    async def _first(self, mark: Mark, act: Callable[[Keeper], Awaitable[Answer]]) -> Answer:
        kept = await self.ctx.store.read(lambda tx: _kept(tx, mark))
        if kept is not None:
            return kept
        await self._make_room()
        keeper = Keeper(mark=mark, day=_day(self._today()))
        answer = await act(keeper)
        await self.ctx.store.write(lambda tx: keeper.keep(tx, answer))
        self._rows += 1
        return answer

    async def _make_room(self) -> None:
        """Forget what is old, once a day and after a start; refuse when there is too much."""
        today = self._today()
        if self._swept != today:
            self._rows = await self.ctx.store.write(lambda tx: _sweep(tx, today))
            self._swept = today
        if self._rows >= ROWS_MAX:
            raise UnavailableError(
                "api.too_many_keys",
                f"{ROWS_MAX} calls with idempotency keys were made within two days; no more are"
                " kept. Call without a key, or tomorrow.",
            )

    def _today(self) -> int:
        return self.ctx.now().seconds // _DAY_S


def _day(number: int) -> str:
    return f"{number:06}"


def _sweep(tx: Tx, today: int) -> int:
    """Remove outcomes from before yesterday; return how many are left."""
    left, after = 0, ""
    while rows := tx.things.list(SPACE, "outcome", after=after, limit=_PAGE):
        after = rows[-1].name
        for row in rows:
            if row.status < _day(today - 1):
                tx.things.delete(SPACE, "outcome", row.name)
            else:
                left += 1
    return left


def _kept(tx: Tx, mark: Mark) -> JsonObject | None:
    row = tx.things.get(SPACE, "outcome", mark.name)
    if row is None:
        return None
    _check_same(mark, str(row.value["fingerprint"]))
    answer = row.value["answer"]
    if not isinstance(answer, Mapping):
        raise MisuseError(
            "api.answer_not_kept",
            f"This call of {mark.operation} was carried out before. Its answer is secret or large"
            " and was not kept: look at the object itself.",
        )
    return answer


def _check_same(mark: Mark, fingerprint: str) -> None:
    if mark.fingerprint != fingerprint:
        raise MisuseError(
            "api.key_reused",
            "This idempotency key stands for another request. Use a new key for each act.",
        )
