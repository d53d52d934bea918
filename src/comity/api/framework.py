"""Litestar for the officials' site (signatures first; the bodies follow)."""

from collections.abc import Callable, Sequence
from typing import Final

from litestar import Litestar
from litestar.types import ControllerRouterHandler

OFFICIAL_HEADER: Final = "x-comity-as"


def make_app(
    *,
    handlers: Sequence[ControllerRouterHandler],
    token: str,
    title: str,
    version: str,
    official_known: Callable[[str], bool],
    dependencies: dict[str, object] | None = None,
) -> Litestar:
    """Return the officials' API: every route under /api needs the bearer token.

    Handlers take ``official: str | None`` (the X-Comity-As header, already known to the node) or
    ``acting: str`` (required; MisuseError ``api.official_missing``). ComityError -> problem+json
    with facts; msgspec validation errors -> MisuseError ``api.body``. OpenAPI: /api/openapi.json.
    """
