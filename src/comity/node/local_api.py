"""The officials' API before this node: calls go to the dispatch, uploads to the payload store.

Source: design 13.5, 13.15.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from litestar import Litestar

from comity import __version__
from comity.api.app import Answer, Ask, Download, make_api
from comity.node.node import Node


def local_api(node: Node, *, token: str) -> Litestar:
    """Return the ASGI application of the officials' API of a node.

    Args:
        node: The node.
        token: The token of its folder.
    """

    async def carry(ask: Ask) -> Answer:
        answer = await node.dispatch.call(
            ask.operation,
            ask.request,
            official=ask.caller.official,
            upload=ask.upload,
            once=ask.once,
            expects=ask.expects,
            scopes=ask.caller.scopes,
        )
        if isinstance(answer, Path):
            return Download(name=answer.name, path=answer)
        if isinstance(answer, bytes):
            return Download(name=f"{ask.operation.name}.comity-evidence", data=answer)
        return answer

    async def receive_upload(chunks: AsyncIterator[bytes]) -> str:
        with node.ctx.payloads.writer() as writer:
            async for chunk in chunks:
                await asyncio.to_thread(writer.write, chunk)
            return (await asyncio.to_thread(writer.commit)).name

    return make_api(
        token=token,
        carry=carry,
        admit=node.tokens.admit,
        receive_upload=receive_upload,
        version=__version__,
    )
