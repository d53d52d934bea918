"""The fields of a text in a file beside it: ``NAME.fields.toml``.

Tables are keyed by unit label and field name: ``["Article 4".term]`` with the members of the field
and its ``quote``. A field belongs to the unit whose own words the quote stands in; where a label
names an article and the words stand in one of its paragraphs, it is that paragraph. Unknown terms
are refused, never ignored. Source: design 13.9; ``docs/spec/04-text.md`` 4.8.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.fields import areas_of, check_fields, check_quote, check_value, stands_in
from comity.agreements.model import Content, named_fields
from comity.agreements.paths import Paths, read_paths
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.text import check_text

FILE_BYTES_MAX: Final = 1 << 18
LINE_CHARS_MAX: Final = 4_000


def read_fields_toml(
    data: bytes, *, units: Mapping[str, Content]
) -> dict[str, dict[str, JsonObject]]:
    """Return the fields in the file by unit id.

    Args:
        data: The bytes of the file.
        units: The text the fields belong to.

    Raises:
        PeerError: ``fields_file.*``; the message names the unit and the line. What is wrong with
            one field is ``fields_file.field``, with the code of the reason in the fact ``cause``.
    """
    text, table = parse_fields_file(data)
    paths = read_paths(units)
    made: dict[str, dict[str, JsonObject]] = {}
    for key, named in table.items():
        if not isinstance(named, Mapping):
            raise PeerError(
                "fields_file.shape",
                f"{_where(text, key)}: write fields as a table, for example "
                f'["{key[:60]}".term] and below it period = "P10Y" and quote = "ten years".',
            )
        for name, members in named.items():
            where = _where(text, key, name)
            unit, field = read_field(key, name, members, paths=paths, where=where)
            of_unit = made.setdefault(unit, {})
            if name in of_unit:
                raise PeerError(
                    "fields_file.twice",
                    f"{_where(text, key, name)}: the unit has this field twice under two names.",
                )
            of_unit[name] = field
    _check_levels(with_fields(units, made))
    return made


def with_fields(
    units: Mapping[str, Content], fields: Mapping[str, Mapping[str, JsonObject]]
) -> dict[str, Content]:
    """Return the units with these fields added to those they have; the same name is replaced."""
    return {
        unit: attrs.evolve(content, fields={**content.fields, **fields[unit]})
        if unit in fields
        else content
        for unit, content in units.items()
    }


def parse_fields_file(data: bytes) -> tuple[str, Mapping[str, object]]:
    """Return the text of a fields file and its tables, before anything in it is checked.

    Raises:
        PeerError: ``fields_file.size``, ``fields_file.encoding``, ``fields_file.line``,
            ``fields_file.depth``, ``fields_file.syntax``, and those of ``check_text``.
    """
    text = _text(data)
    return text, _parse(text)


def _text(data: bytes) -> str:
    if len(data) > FILE_BYTES_MAX:
        raise PeerError(
            "fields_file.size",
            f"The fields file has {len(data)} bytes; at most {FILE_BYTES_MAX} are accepted.",
        )
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PeerError(
            "fields_file.encoding", f"The fields file, line {line}: not UTF-8."
        ) from error
    text = text.replace("\r\n", "\n")
    check_text(text, what="The fields file")
    for number, words in enumerate(text.split("\n"), start=1):
        if len(words) > LINE_CHARS_MAX:
            raise PeerError(
                "fields_file.line",
                f"The fields file, line {number}: longer than {LINE_CHARS_MAX} characters.",
            )
    return text


def _parse(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise PeerError("fields_file.depth", "The fields file is nested too deeply.") from error
    except ValueError as error:
        raise PeerError("fields_file.syntax", f"The fields file is not TOML: {error}.") from error


def read_field(
    key: str, name: str, members: object, *, paths: Paths, where: str
) -> tuple[str, JsonObject]:
    """Return the unit and the checked field that one table of a fields file states.

    Args:
        key: How the unit is named.
        name: The field.
        members: Its members, the quote among them.
        paths: The paths of the text.
        where: How an error begins.

    Raises:
        PeerError: ``fields_file.quote``; ``fields_file.field`` with the code of the reason in the
            fact ``cause``.
    """
    if not isinstance(members, Mapping) or "quote" not in members:
        raise PeerError(
            "fields_file.quote",
            f"{where}: a field needs a quote, the words of its unit that state it.",
        )
    try:
        plain = plain_members(members)
        quote = plain["quote"]
        value = {member: each for member, each in plain.items() if member != "quote"}
        if name == "areas":
            value = _resolved(value, paths, where=where)
        checked = check_value(name, value, unit=where)
        unit = _unit_of(key, quote, paths, where=where)
        words = paths.units[unit].words()
        return unit, {"value": checked, "quote": check_quote(name, quote, words, unit=where)}
    except PeerError as error:
        said = error.message if error.message.startswith(where) else f"{where}: {error.message}"
        raise PeerError("fields_file.field", said, {**error.facts, "cause": error.code}) from error


def _unit_of(key: str, quote: Json, paths: Paths, *, where: str) -> str:
    """Return the unit among those named ``key`` and below whose own words hold the quote."""
    named = paths.find(key)
    if not named:
        raise paths.missing(key, where=where)
    if not isinstance(quote, str):
        return named[0]  # the check of the quote says what is wrong
    own = [unit for unit in named if stands_in(quote, paths.units[unit].words())]
    if not own:
        every = dict.fromkeys(unit for top in named for unit in paths.subtree(top))
        own = [unit for unit in every if stands_in(quote, paths.units[unit].words())]
    if len(own) > 1:
        raise paths.ambiguous(key, tuple(own), where=where)
    if not own and len(named) > 1:
        raise paths.ambiguous(key, named, where=where)
    return own[0] if own else named[0]


def _resolved(value: Mapping[str, Json], paths: Paths, *, where: str) -> dict[str, Json]:
    """Return the areas with the labels in their policies' articles replaced by unit ids."""
    areas = value.get("areas")
    if not isinstance(areas, Sequence) or isinstance(areas, str):
        return dict(value)
    made: list[Json] = []
    for area in areas:
        policy = area.get("policy") if isinstance(area, Mapping) else None
        articles = policy.get("articles") if isinstance(policy, Mapping) else None
        if not (
            isinstance(area, Mapping)
            and isinstance(policy, Mapping)
            and isinstance(articles, Sequence)
        ) or isinstance(articles, str):
            made.append(area)
            continue
        ids: list[Json] = [
            paths.one(each, where=f"{where}, policy articles") if isinstance(each, str) else each
            for each in articles
        ]
        made.append({**area, "policy": {**policy, "articles": ids}})
    return {**value, "areas": made}


def plain_members(value: object) -> dict[str, Json]:
    """Return a TOML table as JSON; TOML's dates and decimals have no place in a field.

    Raises:
        PeerError: ``fields_file.type``.
    """
    made = _plain(value)
    assert isinstance(made, dict)  # the caller has given a table
    return made


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, (str, int)):
        return value
    raise PeerError(
        "fields_file.type",
        f"{str(value)[:40]} is neither text nor a whole number; write it as text in quotes.",
    )


def _check_levels(units: Mapping[str, Content]) -> None:
    """Refuse a policy whose highest marking is no level of the text's own scale."""
    scales = [value["levels"] for _, value in named_fields(units, "marking_scale")]
    known = {level for scale in scales if isinstance(scale, Sequence) for level in scale}
    for unit, value in named_fields(units, "areas"):
        for area in areas_of(value):
            if known and area.policy.marking_max not in known:
                shown = ", ".join(sorted(str(level) for level in known))
                raise PeerError(
                    "fields_file.level",
                    f"{units[unit].label or 'A unit'}: area {area.id} permits up to "
                    f"{area.policy.marking_max!r}, which is no level of the marking scale "
                    f"({shown}).",
                )


def check_text_fields(units: Mapping[str, Content]) -> None:
    """Check every field of a text against its unit once more, and policies against the scale.

    Raises:
        PeerError: as ``read_fields_toml``.
    """
    for content in units.values():
        if content.fields:
            name = content.label or content.heading or f"a {content.kind}"
            check_fields(content.fields, words=content.words(), unit=name)
    _check_levels(units)


def where_in_file(text: str, key: str, name: str | None = None) -> int:
    """Return the line on which a fields file heads that unit and field, or 0."""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if bare.startswith("[") and key in bare and (name is None or name in bare.split(key)[-1]):
            return number
    return 0


def _where(text: str, key: str, name: str | None = None) -> str:
    what = f"The fields file, {key[:60]}{f', {name[:60]}' if name else ''}"
    line = where_in_file(text, key, name)
    return f"{what} (line {line})" if line else what
