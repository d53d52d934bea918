"""The body of a call at the counterparts' port: counted, timed and digested while it is read.

Source: spec 6.4 and 6.5.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import TypeAlias

from comity.foundation.errors import PeerError, UnavailableError
from comity.transport.limits import BYTES_PER_S_MIN
from comity.transport.messages import Signed, check_digest

Message: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]


class Body:
    """The body of one call: counted, timed and digested while it is read."""

    def __init__(
        self, receive: Receive, signed: Signed | None, *, bytes_max: int, wait_s: float
    ) -> None:
        self._receive, self._signed, self._bytes_max = receive, signed, bytes_max
        self._deadline = asyncio.get_running_loop().time() + wait_s
        self._digest, self._size, self._ended = sha256(), 0, False

    def check_size(self, size: int) -> None:
        """Return if a body of ``size`` bytes is small enough."""
        if size > self._bytes_max:
            raise PeerError(
                "call.body_too_large", f"The body is larger than {self._bytes_max} bytes."
            )

    async def receive(self) -> Message:
        """Return the next part; the last one only if the whole is what was signed."""
        if self._ended:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline + self._size / BYTES_PER_S_MIN):
                message = await self._receive()
        except TimeoutError as error:
            raise PeerError("call.slow", "The body of the call came too slowly.") from error
        if message["type"] == "http.disconnect":
            raise UnavailableError("call.cut_off", "The caller went away in mid call.")
        part = part_of(message)
        self._size += len(part)
        self.check_size(self._size)
        self._digest.update(part)
        if not message.get("more_body", False):
            if self._signed is not None:
                check_digest(self._signed, self._digest.digest())
            self._ended = True
        return message

    async def whole(self) -> Receive:
        """Return the receive function of a body that was read and checked to its end."""
        parts: list[bytes] = []
        while not self._ended:
            parts.append(part_of(await self.receive()))
        messages: list[Message] = [
            {"type": "http.request", "body": b"".join(parts), "more_body": False}
        ]

        async def again() -> Message:
            return messages.pop() if messages else await self._receive()

        return again


def part_of(message: Message) -> bytes:
    """Return the bytes of one part of a body."""
    part = message.get("body", b"")
    if not isinstance(part, bytes):
        raise TypeError("an ASGI body part is bytes")
    return part
