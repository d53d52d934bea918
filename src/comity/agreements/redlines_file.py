"""Red lines as the file that their holder edits: written from the kept ones, errors with a line.

``parse_toml(lines_toml(lines))`` is ``lines``. Source: agreements.md D3.6.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Final

from comity.agreements.redlines import FieldRule, RedLine, parse_toml
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.limits import INTEGER_MAX

_AT: Final = re.compile(r"at line (\d+)")
_HEAD: Final = re.compile(
    r"^[ \t]*\[\[[ \t]*(?:redline|\"redline\"|'redline')[ \t]*\]\]", re.MULTILINE
)


def lines_toml(lines: Sequence[RedLine]) -> str:
    """Return red lines as the file that ``parse_toml`` reads."""
    return "\n".join(_table(line.json()) for line in lines)


def read_lines(text: str) -> tuple[RedLine, ...]:
    """Return the red lines of a file that a person typed.

    Raises:
        MisuseError: ``redlines.deep``, ``redlines.value`` and as ``parse_toml``; with the line of
            the file in the fact ``line`` where one line, or one ``[[redline]]``, is to blame.
    """
    data = text.replace("\r\n", "\n")
    try:
        lines = parse_toml(data.encode())
        for line in lines:
            _check_value(line)
    except RecursionError as error:
        raise MisuseError(
            "redlines.deep", "The file of red lines is nested more deeply than any rule can be."
        ) from error
    except MisuseError as error:
        place = _line_of(data, error)
        if place is None:
            raise
        located = error.as_family(MisuseError)
        located.message = f"Line {place}: {error.message}"
        located.facts = {**error.facts, "line": place}
        raise located from error
    return lines


def _check_value(line: RedLine) -> None:
    """Refuse a value that only TOML knows: dates, decimals, numbers beyond all others' range.

    Raises:
        MisuseError: ``redlines.value``.
    """
    if isinstance(line.rule, FieldRule) and not _plain(line.rule.value):
        raise MisuseError(
            "redlines.value",
            f"The value of the red line {line.id!r} is made of texts, whole numbers, true and"
            " false, and lists and tables of these; write a date or a decimal as text.",
        )


def _plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_plain(each) for each in value.values())
    if isinstance(value, list):
        return all(_plain(each) for each in value)
    return isinstance(value, str) or (isinstance(value, int) and abs(value) <= INTEGER_MAX)


def _line_of(text: str, error: MisuseError) -> int | None:
    """Return the 1-based line that is to blame."""
    named = _AT.search(error.message)
    if error.code == "redlines.file":
        return int(named[1]) if named else None
    heads = [text.count("\n", 0, found.start()) + 1 for found in _HEAD.finditer(text)]
    number = _to_blame(text)
    return heads[number] if number is not None and number < len(heads) else None


def _to_blame(text: str) -> int | None:
    """Return which table cannot be read or repeats an id, counted from 0."""
    tables = tomllib.loads(text).get("redline") if len(text) < _LOOKED_AT_MAX else None
    seen: set[str] = set()
    for number, table in enumerate(tables if isinstance(tables, list) else ()):
        try:
            line = RedLine.read(table)
            _check_value(line)
        except MisuseError:
            return number
        if line.id in seen:
            return number
        seen.add(line.id)
    return None


_LOOKED_AT_MAX: Final = 1 << 20


def _table(line: JsonObject) -> str:
    members = [f"{name} = {_value(value)}" for name, value in line.items() if value != []]
    return "\n".join(["[[redline]]", *members, ""])


def _value(value: Json) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_text(name)} = {_value(each)}' for name, each in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
