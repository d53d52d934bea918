"""Skeletons: texts to start an instrument from, with the fields that their words state.

Each is ``NAME.txt`` with ``NAME.fields.toml`` beside it, listed in ``index.toml``; all of it is our
own wording and free to change. ``{A}`` and ``{B}`` stand for the names of the parties, ``{F}`` for
the agreement that the text is to stand under, ``{P}`` for the title of the project it is made for.
"""

import json
import tomllib
from importlib.resources import files
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError

_HERE: Final = files(__name__)
#: What stands in a skeleton until somebody says which agreement it is under.
_OPEN: Final = "[its title and the article on projects]"
#: What stands in a skeleton until somebody says for which project it is.
_PROJECT: Final = "[its title]"
#: The field that states it, beside the words of the skeleton.
_BASIS: Final = """
["{unit}".basis]
instrument = {instrument}
title = {title}
quote = {quote}
"""
NO_PLACE: Final = (
    "Only a skeleton that says under which agreement it stands takes one; a text of your own gets"
    " it as a field once it is a draft."
)
_PLACE: Final = "rests on the framework agreement between the Parties: "


@attrs.frozen(kw_only=True)
class Under:
    """The agreement that a text is to stand under."""

    instrument: str
    title: str


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


def opened(
    name: str, *, ours: str, theirs: str, under: Under | None = None, project: str = ""
) -> Skeleton:
    """Return a skeleton with the names of the parties, and of the agreement it is to stand under.

    Raises:
        MisuseError: ``drafts.no_skeleton``; ``drafts.no_place``: it has no place for an agreement.
    """
    known = {str(about["skeleton"]): about for about in listed()}
    if name not in known:
        raise MisuseError(
            "drafts.no_skeleton",
            f"There is no skeleton {name[:60]!r}; there are {', '.join(known)}.",
        )
    text = _HERE.joinpath(f"{name}.txt").read_text("utf-8")
    fields = _HERE.joinpath(f"{name}.fields.toml").read_text("utf-8")
    title = _OPEN if under is None else " ".join(under.title.split())
    if under is not None:
        if "{F}" not in text:
            raise MisuseError("drafts.no_place", NO_PLACE)
        fields += _BASIS.format(
            unit="Article 1 2.",
            instrument=_quoted(under.instrument),
            title=_quoted(title),
            quote=_quoted(_PLACE + title),
        )
    names = {"{A}": " ".join(ours.split()), "{B}": " ".join(theirs.split()), "{F}": title}
    names["{P}"] = " ".join(project.split()) or _PROJECT
    parts = [names.get(part, part) for part in _split(text)]
    return Skeleton(about=known[name], text="".join(parts), fields=fields)


def _quoted(words: str) -> str:
    """Return words as a string of TOML."""
    return json.dumps(words, ensure_ascii=False)


def _split(text: str) -> list[str]:
    """Return the text cut at its placeholders, so that a name that looks like one stays a name."""
    parts = [text]
    for mark in ("{A}", "{B}", "{F}", "{P}"):
        parts = [
            piece
            for part in parts
            for found in (part.split(mark),)
            for at, words in enumerate(found)
            for piece in ((words,) if at == 0 else (mark, words))
        ]
    return parts
