"""An agreement's text as people have it, plain or Markdown, becomes a tree of units.

Rules: nothing is lost (printing the units gives the text back, line ends apart), labels stay as
printed, what was not understood is kept in place and reported with its line, and a file that cannot
be a text is refused with line and reason before anything is parsed. The time is in proportion to
the size. Source: design 13.10; ``docs/spec/04-text.md`` 4.7.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from comity.agreements.bodies import Draft, fit
from comity.agreements.languages import language_of
from comity.agreements.lines import split_lines
from comity.agreements.model import Content, orders
from comity.agreements.numbering import check_numbers
from comity.agreements.outline import Finding, read_outline
from comity.agreements.tree import build_tree
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.limits import TEXT_BYTES_MAX, UNITS_MAX
from comity.foundation.text import refused_character

LINES_MAX: Final = 1_000_000
FINDINGS_MAX: Final = 1_000

#: What is found of a text without articles, as a short political one may be.
NO_ARTICLES: Final = "No articles were found; the text is kept as paragraphs."


@attrs.frozen(kw_only=True)
class ImportedUnit:
    """One unit of an imported text, with those that stand in it."""

    kind: str
    label: str
    heading: str
    text: str
    layout: tuple[str, str, str, str]
    line: int
    units: tuple["ImportedUnit", ...]


@attrs.frozen(kw_only=True)
class ImportedText:
    """What the import made of a text.

    Attributes:
        title: Its title, or the file's name where it has none.
        units: The tree.
        not_understood: What the importer wants a person to look at, by line.
        language: BCP 47 tag of most of the text, ``und`` where unknown.
    """

    title: str
    units: tuple[ImportedUnit, ...]
    not_understood: tuple[Finding, ...]
    language: str


def import_text(data: bytes, *, name: str) -> ImportedText:
    """Return the units of the text in ``data``.

    Args:
        data: The bytes of the file: UTF-8, with any line ends.
        name: How to name the file in an error, and the title where the text has none.

    Raises:
        PeerError: ``import.size``, ``import.empty``, ``import.utf16``, ``import.binary``,
            ``import.encoding``, ``import.character``, ``import.normal_form``, ``import.lines``,
            ``import.units``; the message names the line.
    """
    text = decode_text(data, name=name)
    lines = split_lines(text)
    outline = read_outline(lines)
    tree = build_tree(lines, outline)
    units = _frozen(tree.units)
    count = sum(1 for _ in _walk(units))
    if count > UNITS_MAX:
        raise PeerError(
            "import.units",
            f"{name} has {count} units, counting every paragraph; at most {UNITS_MAX} are taken.",
        )
    findings = [*outline.findings, *check_numbers(tree.units)]
    if not any(each.kind == "article" for each in _walk(units)):
        findings.append(Finding(line=1, what=NO_ARTICLES))
    findings.sort(key=lambda finding: finding.line)
    return ImportedText(
        title=tree.title or name,
        units=units,
        not_understood=tuple(findings[:FINDINGS_MAX]),
        language=language_of(text, [mark.heading.lang for mark in outline.marks]),
    )


def decode_text(data: bytes, *, name: str) -> str:
    """Return the text of a file with line feeds only, once it can be a text.

    Raises:
        PeerError: as ``import_text``.
    """
    if len(data) > TEXT_BYTES_MAX:
        raise PeerError(
            "import.size",
            f"{name} has {len(data)} bytes; a text may have {TEXT_BYTES_MAX} (32 MiB). "
            "Is it the right file? Nothing of it was read.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PeerError(
            "import.utf16", f"{name}, line 1: this is UTF-16; save it as UTF-8.", {"line": 1}
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    nul = data.find(b"\0")
    if nul >= 0:
        line = _line_at(data, nul)
        raise PeerError(
            "import.binary",
            f"{name}, line {line}: this is not a text but binary data. "
            "Export the agreement as plain text or Markdown.",
            {"line": line},
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_at(data, error.start)
        raise PeerError(
            "import.encoding",
            f"{name}, line {line}: not UTF-8. Save the text as UTF-8; "
            "if it is a word processor's file, export it as plain text first.",
            {"line": line},
        ) from error
    if not text.strip():
        raise PeerError(
            "import.empty", f"{name}, line 1: the file is empty; there is no text.", {"line": 1}
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _check_characters(text, name)
    return text


def tree_json(imported: ImportedText) -> JsonObject:
    """Return the tree as ``comity agreement import --dry-run --json`` prints it."""
    return {
        "title": imported.title,
        "language": imported.language,
        "units": [_unit_json(unit) for unit in imported.units],
        "not_understood": [
            {"line": finding.line, "what": finding.what} for finding in imported.not_understood
        ],
    }


def flatten(*imported: ImportedText, new_id: Callable[[], str]) -> dict[str, Content]:
    """Return the contents by unit id, in tree order.

    Several texts are put one behind the other, each with its own top-level units: how the
    demonstration adds its provisions to a text that has none.

    Args:
        imported: The texts.
        new_id: Draws a fresh unit id.
    """
    made: dict[str, Content] = {}
    tops = [(unit, text.language) for text in imported for unit in text.units]
    waiting: list[tuple[ImportedUnit, str | None, str, str]] = [
        (unit, None, order, language)
        for (unit, language), order in zip(tops, orders(len(tops)), strict=True)
    ]
    waiting.reverse()
    while waiting:
        unit, parent, order, language = waiting.pop()
        unit_id = new_id()
        made[unit_id] = Content(
            kind=unit.kind,
            label=unit.label,
            heading=unit.heading,
            text=unit.text,
            layout=unit.layout,
            parent=parent,
            order=order,
            fields={},
            lang=language,
        )
        places = zip(unit.units, orders(len(unit.units)), strict=True)
        below = [(child, unit_id, place, language) for child, place in places]
        waiting.extend(reversed(below))
    return made


def _check_characters(text: str, name: str) -> None:
    if text.count("\n") >= LINES_MAX:
        raise PeerError("import.lines", f"{name} has more than {LINES_MAX} lines.")
    found = refused_character(text)
    if found is not None:
        line, character = found
        raise PeerError(
            "import.character",
            f"{name}, line {line}: {character} may not stand in a text that is signed, because "
            "people cannot see it. Remove it.",
            {"line": line},
        )
    if not unicodedata.is_normalized("NFC", text):
        each = enumerate(text.split("\n"), start=1)
        line = next(n for n, words in each if not unicodedata.is_normalized("NFC", words))
        raise PeerError(
            "import.normal_form",
            f"{name}, line {line}: letters and accents are not in Unicode normal form C; save the "
            "text as NFC, so that both parties sign the same bytes.",
            {"line": line},
        )


def _line_at(data: bytes, place: int) -> int:
    before = data[:place].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _frozen(drafts: Sequence[Draft]) -> tuple[ImportedUnit, ...]:
    return tuple(
        ImportedUnit(
            kind=draft.kind,
            label=draft.label,
            heading=draft.heading,
            text=draft.text,
            layout=(draft.prefix, draft.infix, draft.suffix, draft.tail),
            line=draft.line + 1,
            units=_frozen(draft.children),
        )
        for draft in map(fit, drafts)
    )


def _walk(units: Sequence[ImportedUnit]) -> "list[ImportedUnit]":
    every: list[ImportedUnit] = []
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        every.append(unit)
        waiting.extend(unit.units)
    return every


def _unit_json(unit: ImportedUnit) -> JsonObject:
    return {
        "kind": unit.kind,
        "label": unit.label,
        "heading": unit.heading,
        "text": unit.text,
        "units": [_unit_json(child) for child in unit.units],
    }
