"""Skeletons: texts to start an instrument from, with the fields that their words state.

Each is ``NAME.txt`` with ``NAME.fields.toml`` beside it, listed in ``index.toml``; all of it is our
own wording and free to change. ``{A}`` and ``{B}`` stand for the names of the parties.
"""

import tomllib
from importlib.resources import files
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError

_HERE: Final = files(__name__)


@attrs.frozen(kw_only=True)
class Skeleton:
    """One skeleton, the names of the parties filled in."""

    about: JsonObject
    text: str
    fields: str


def listed() -> list[JsonObject]:
    """Return what each skeleton is, in the order in which they are offered."""
    index = tomllib.loads(_HERE.joinpath("index.toml").read_text("utf-8"))
    return [{"skeleton": name, **about} for name, about in index.items()]


def opened(name: str, *, ours: str, theirs: str) -> Skeleton:
    """Return a skeleton with the names of the parties.

    Raises:
        MisuseError: ``drafts.no_skeleton``.
    """
    known = {str(about["skeleton"]): about for about in listed()}
    if name not in known:
        raise MisuseError(
            "drafts.no_skeleton",
            f"There is no skeleton {name[:60]!r}; there are {', '.join(known)}.",
        )
    text = _HERE.joinpath(f"{name}.txt").read_text("utf-8")
    names = {"{A}": " ".join(ours.split()), "{B}": " ".join(theirs.split())}
    parts = [names.get(part, part) for part in _split(text)]
    return Skeleton(
        about=known[name],
        text="".join(parts),
        fields=_HERE.joinpath(f"{name}.fields.toml").read_text("utf-8"),
    )


def _split(text: str) -> list[str]:
    """Return the text cut at its placeholders, so that a name that looks like one stays a name."""
    parts = [text]
    for mark in ("{A}", "{B}"):
        parts = [
            piece
            for part in parts
            for found in (part.split(mark),)
            for at, words in enumerate(found)
            for piece in ((words,) if at == 0 else (mark, words))
        ]
    return parts
