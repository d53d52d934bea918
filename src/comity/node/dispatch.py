"""Which desk carries out which operation; roles are checked here, once, for every door."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import attrs

from comity.api.operations import Operation, Request
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node.context import Context
from comity.node.officials import Official, Officials

#: An object, the bytes of a file made now, or the path of a stored one.
Answer: TypeAlias = JsonObject | bytes | Path
#: (request, acting official or None, uploaded file or None) -> answer.
Handler: TypeAlias = Callable[["Call"], Awaitable[Answer]]


@attrs.frozen(kw_only=True)
class Call:
    """One call of an operation, roles already checked."""

    operation: Operation
    request: Request
    official: Official | None
    upload: str | None


@attrs.frozen(kw_only=True)
class Dispatch:
    """All operations of the node."""

    ctx: Context
    officials: Officials
    handlers: Mapping[str, Handler]

    async def call(
        self, operation: Operation, request: Request, *, official: str | None, upload: str | None
    ) -> Answer:
        """Return the answer of one operation.

        Args:
            operation: Which one.
            request: Its typed request.
            official: The id of the acting official, where one was named.
            upload: Name of the durable file in the payload store, for uploads.

        Raises:
            MisuseError: ``node.no_operation``: this node does not offer it.
        """
        handler = self.handlers.get(operation.name)
        if handler is None:
            raise MisuseError(
                "node.no_operation", f"This node does not offer {operation.name} yet."
            )
        acting = await self.ctx.store.read(
            lambda tx: self.officials.check_role(tx, official, operation)
        )
        return await handler(
            Call(operation=operation, request=request, official=acting, upload=upload)
        )
