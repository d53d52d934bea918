"""The officials' API of one node: the whole table of operations before whatever carries them out.

The node hands in how it carries out an operation and where the bytes of an upload go; this module
knows neither desks nor folders. Source: design 10, 13.5, 13.15.
"""

from litestar import Litestar

from comity.api.calling import Admit, Answer, Ask, Caller, Carry, Download, Spool
from comity.api.framework import make_app
from comity.api.operations import OPERATIONS

__all__ = ("Answer", "Ask", "Caller", "Download", "make_api")


def make_api(
    *, token: str, carry: Carry, admit: Admit, receive_upload: Spool, version: str
) -> Litestar:
    """Return the ASGI application of the officials' API.

    Args:
        token: The contents of the folder's ``api-token``: what commands show.
        carry: Carries out one call.
        admit: Returns whose personal access token that is.
        receive_upload: Keeps the body of an upload durably, in bounded memory, and returns its
            name.
        version: Version of the program, for the OpenAPI document.
    """
    return make_app(
        OPERATIONS,
        carry=carry,
        spool=receive_upload,
        admit=admit,
        token=token,
        version=version,
    )
