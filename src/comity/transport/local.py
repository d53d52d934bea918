"""The officials' local API, synchronous (signatures first; the bodies follow)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from comity.foundation.canonical import Json, JsonObject


class LocalClient:
    """Synchronous client; every error is a ComityError of the node's family and code."""

    def __init__(self, base_url: str, token: str) -> None: ...

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Json = None,
        as_official: str | None = None,
    ) -> JsonObject: ...

    def upload(
        self,
        path: str,
        source: BinaryIO,
        *,
        length: int,
        media: str = "application/octet-stream",
        as_official: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> JsonObject:
        """POST ``length`` bytes of ``source``; names and options go into the query of ``path``."""

    def download(
        self,
        path: str,
        target: BinaryIO,
        *,
        as_official: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Mapping[str, str]:
        """GET ``path`` into ``target``; returns the answer's headers (lower-case names)."""
