"""Files that ship with the pages: each served under a name with its hash, cached for ever."""

import hashlib
from functools import cache
from importlib import resources
from typing import Final

_MEDIA: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def _read(name: str) -> bytes | None:
    """Return a file by its plain name; only names of files that ship are looked at."""
    folder = resources.files("comity.web") / "static"
    known = {each.name for each in folder.iterdir() if each.is_file()}
    return (folder / name).read_bytes() if name in known else None


@cache
def asset(name: str) -> str:
    """Return the address of a file, which changes whenever the file does."""
    data = _read(name)
    assert data is not None, name
    return f"/static/{hashlib.sha256(data).hexdigest()[:12]}/{name}"


def served(name: str) -> tuple[bytes, str] | None:
    """Return a file and its media type, or None."""
    media = _MEDIA.get(name.rpartition(".")[2])
    data = _read(name) if media and len(name) < 80 else None
    return None if data is None or media is None else (data, media)
