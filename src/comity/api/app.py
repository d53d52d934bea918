"""The officials' API of one node: the whole table of operations before whatever carries them out.

The node hands in how it carries out an operation and where the bytes of an upload go; this module
knows neither desks nor folders. Source: design 10, 13.5, 13.15.
"""

from typing import Protocol

from litestar import Litestar

from comity.api.framework import Answer, Download, Spool, make_app
from comity.api.operations import OPERATIONS, Operation, Request

__all__ = ("Answer", "Dispatch", "Download", "make_api")


class Dispatch(Protocol):
    """Carries out one operation for an official."""

    async def __call__(
        self, operation: Operation, request: Request, *, official: str | None, upload: str | None
    ) -> Answer:
        """Return the answer; ``upload`` is what ``receive_upload`` returned."""
        ...


def make_api(*, token: str, dispatch: Dispatch, receive_upload: Spool, version: str) -> Litestar:
    """Return the ASGI application of the officials' API.

    Args:
        token: What every call must show: the contents of the folder's ``api-token``.
        dispatch: Carries out one operation.
        receive_upload: Keeps the body of an upload durably, in bounded memory, and returns its
            name.
        version: Version of the program, for the OpenAPI document.
    """
    return make_app(
        OPERATIONS,
        carry=lambda operation, request, official, upload: dispatch(
            operation, request, official=official, upload=upload
        ),
        spool=receive_upload,
        token=token,
        version=version,
    )
