"""The text that is negotiated, and how the play finds its way in it: by fields, never by labels.

A text that says nothing of term, areas and the rest in a fields file gets the provisions of the
demonstration, visibly, at its end; its own words stay as they are.
"""

import json
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
from stage import Answer, StageError, comity

HERE: Final = Path(__file__).resolve().parent
NEEDED: Final = (
    *("term", "review", "third_parties", "areas", "marking_scale", "suspension", "entry"),
    "signatories",
)
FRAMEWORK: Final = "Framework for Cooperation"
TITLE_CHARS_MAX: Final = 100


@attrs.frozen(kw_only=True)
class Play:
    """What is to be played.

    Attributes:
        title: The instrument's title.
        text: The file that is tabled.
        fields: What it lays down, as TOML.
        own: The user's text, or None for the demonstration's own.
        added: Whether the demonstration's provisions were added to it.
    """

    title: str
    text: Path
    fields: Path
    own: Path | None
    added: bool


def prepare(desk: Path, *, agreement: Path | None, fields: Path | None) -> Play:
    """Return the files to draft from, written to ``desk``.

    Raises:
        StageError: a file cannot be read, or its fields lack what the play needs.
    """
    if agreement is None:
        text, table, title = (
            _shipped("framework"),
            _fields("framework"),
            "Framework for Cooperation",
        )
        return _written(desk, text, table, title=title, own=None, added=False)
    words = _read(agreement)
    beside = agreement.with_suffix(".fields.toml")
    found = fields or (beside if beside.is_file() else None)
    title = _title(agreement, desk)
    if found is None:
        whole = words.rstrip("\r\n") + "\n" + _shipped("provisions")
        return _written(desk, whole, _fields("provisions"), title=title, own=agreement, added=True)
    table = _read(found)
    _check_fields(table, found)
    return _written(desk, words, table, title=title, own=agreement, added=False)


def _written(
    desk: Path, text: str, fields: str, *, title: str, own: Path | None, added: bool
) -> Play:
    play = Play(
        title=title,
        text=desk / "draft.txt",
        fields=desk / "draft.fields.toml",
        own=own,
        added=added,
    )
    play.text.write_bytes(text.encode())
    play.fields.write_bytes(fields.encode())
    return play


def _shipped(name: str) -> str:
    return (HERE / f"{name}.txt").read_bytes().decode()


def _fields(name: str) -> str:
    return (HERE / f"{name}.fields.toml").read_bytes().decode()


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise StageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise StageError(
            f"{path} is not text in UTF-8. Save it as plain text or Markdown first."
        ) from error


def _title(agreement: Path, desk: Path) -> str:
    """Return the title that the import finds in a text, or the file's name without its ending.

    Raises:
        StageError: the text cannot be imported; says why, and in which line.
    """
    words = ["agreement", "import", str(agreement.resolve()), "--dry-run", "--json"]
    seen = comity(words, cwd=desk)
    if "error" in seen:
        raise StageError(f"{seen['error']['message']} [{seen['error']['code']}]")
    title = str(seen["title"])
    return (agreement.stem if title == agreement.name else title)[:TITLE_CHARS_MAX].strip()


def _check_fields(table: str, path: Path) -> None:
    try:
        named = tomllib.loads(table)
    except tomllib.TOMLDecodeError as error:
        raise StageError(f"{path} is not TOML: {error}.") from error
    there = {name for fields in named.values() if isinstance(fields, dict) for name in fields}
    missing = [name for name in NEEDED if name not in there]
    if missing:
        raise StageError(
            f"{path} has no field {', '.join(missing)}, and the play negotiates or uses it. Add it,"
            " or give the text without fields: then the demonstration adds provisions of its own."
        )


# --- finding one's way in a tabled text ---------------------------------------------------------


@attrs.frozen(kw_only=True)
class Area:
    """An area under which files may be shared, as the text lays it down."""

    id: str
    title: str
    article: str
    unit: str
    kind: str
    marking: str
    marking_max: str
    purpose: str


@attrs.frozen(kw_only=True)
class Cast:
    """Which unit plays which part; ids, so that doubled labels do not matter.

    Attributes:
        term: States how long it lasts.
        review: States when it is reviewed.
        third: States what it means for relations with others.
        referendum: Two units that B accepts ad referendum.
        reserve: The unit on which B places a reserve.
    """

    term: str
    review: str
    third: str
    referendum: tuple[str, str]
    reserve: str


def cast(shown: Answer, *, rng: random.Random) -> Cast:
    """Return which unit plays which part in the text that ``agreement show`` gave."""
    by_field = {name: unit["unit"] for unit in shown["units"] for name in unit["fields"]}
    taken = {by_field[name] for name in ("term", "review", "third_parties")}
    free = [
        unit["unit"]
        for unit in shown["units"]
        if unit["unit"] not in taken and not unit["fields"] and words_of(unit).strip()
    ]
    numbered = [unit["unit"] for unit in shown["units"] if any(map(str.isdigit, unit["label"]))]
    free = [unit for unit in free if unit in set(numbered)] or free
    if len(free) < 3:
        raise StageError("The text has too few paragraphs to negotiate about.")
    first, second, third = sorted(rng.sample(range(len(free)), 3))
    return Cast(
        term=by_field["term"],
        review=by_field["review"],
        third=by_field["third_parties"],
        referendum=(free[first], free[third]),
        reserve=free[second],
    )


def words_of(unit: Answer) -> str:
    """Return the own words of a unit in the wording that prints."""
    offered = unit["alternatives"]
    printing = [one for one in offered if one["fields"] == unit["fields"]] or offered
    return str(printing[0]["text"]) if printing else ""


def label(shown: Answer, unit: str) -> str:
    """Return how people name a unit."""
    found = next(one for one in shown["units"] if one["unit"] == unit)
    return str(found["label"] or found["heading"] or found["kind"])


def labels(shown: Answer, units: tuple[str, ...]) -> str:
    """Return how people name several units."""
    return " and ".join(label(shown, unit) for unit in units)


def field(shown: Answer, unit: str, name: str) -> Answer:
    """Return a field of a unit: ``value`` and ``quote``."""
    found = next(one for one in shown["units"] if one["unit"] == unit)
    return dict(found["fields"][name])


def areas(shown: Answer) -> list[Area]:
    """Return the areas under which files may be shared, those for files first."""
    scale = scale_of(shown)
    made = []
    for unit in shown["units"]:
        for area in unit["fields"].get("areas", {}).get("value", {}).get("areas", []):
            policy = area["policy"]
            if "share" not in policy["actions"] or not policy["kinds"]:
                continue
            highest = scale.index(policy["marking_max"])
            made.append(
                Area(
                    id=area["id"],
                    title=area["title"],
                    article=label(shown, policy["articles"][0]),
                    unit=policy["articles"][0],
                    kind=policy["kinds"][0],
                    marking=scale[highest],
                    marking_max=policy["marking_max"],
                    purpose=policy["purposes"][0],
                )
            )
    if not made:
        raise StageError("The text has no area under which a file may be shared.")
    return sorted(made, key=lambda area: area.kind not in _FILES)


_FILES: Final = frozenset({"report", "assessment", "advisory", "document", "dataset"})


def scale_of(shown: Answer) -> list[str]:
    """Return the marking scale, lowest level first."""
    for unit in shown["units"]:
        if "marking_scale" in unit["fields"]:
            return list(unit["fields"]["marking_scale"]["value"]["levels"])
    raise StageError("The text has no marking scale.")


def above(shown: Answer, area: Area) -> str:
    """Return a marking that the area does not permit: the next level, or one beyond the scale."""
    scale = scale_of(shown)
    at = scale.index(area.marking_max) + 1
    return scale[at] if at < len(scale) else "BEYOND"


# --- editing --------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Edit:
    """A change of one unit: its words, and the field that they state.

    Attributes:
        unit: Which one.
        field: The field's name.
        members: The members of the field that change.
        quote: The words that state it from now on.
        old: The words that are replaced; empty to add ``new`` at the end of the unit.
        new: The words that come in.
    """

    unit: str
    field: str
    members: Mapping[str, str]
    quote: str
    old: str
    new: str


def shorter(shown: Answer, unit: str, name: str, *, first: str, second: str) -> Edit:
    """Return the edit that gives a period another length, in a form the text can hold.

    Args:
        shown: The text.
        unit: The unit that states the period.
        name: The field.
        first: The period wanted, as ``P5Y=five years``.
        second: The one to take if that is what stands there already.
    """
    old = field(shown, unit, name)
    period, _, words = first.partition("=")
    if old["value"]["period"] == period:
        period, _, words = second.partition("=")
    return Edit(
        unit=unit,
        field=name,
        members={"period": period},
        quote=words,
        old=old["quote"],
        new=words,
    )


def edited(text: str, fields: str, *, shown: Answer, edits: Sequence[Edit]) -> tuple[str, str]:
    """Return text and fields file with the edits made, as a person would in an editor.

    Raises:
        StageError: the words to change are not where they should be.
    """
    order = [unit["unit"] for unit in shown["units"]]
    for edit in sorted(edits, key=lambda one: -order.index(one.unit)):  # the first stay in place
        unit = next(one for one in shown["units"] if one["unit"] == edit.unit)
        own = words_of(unit)
        changed = own.rstrip() + " " + edit.new if not edit.old else _replaced(own, edit)
        at = _place(text, shown, edit.unit)
        text = text[:at] + changed + text[at + len(own) :]
        fields = _edited_table(fields, unit, edit)
    return text, fields


def _replaced(own: str, edit: Edit) -> str:
    spaced = r"\s+".join(re.escape(word) for word in edit.old.split())
    found = re.search(spaced, own)
    if found is None:
        raise StageError(f"The words «{edit.old}» do not stand in the unit they were quoted from.")
    return own[: found.start()] + edit.new + own[found.end() :]


def _place(text: str, shown: Answer, wanted: str) -> int:
    """Return where a unit's own words stand: units are listed as they print, one after another."""
    at = 0
    for unit in shown["units"]:
        found = [text.find(each, at) for each in _wordings(unit)]
        standing = [each for each in found if each >= 0]
        if unit["unit"] == wanted and found and found[0] >= 0:
            return found[0]
        if standing:
            own = _wordings(unit)[found.index(min(standing))]
            at = min(standing) + len(own)
    raise StageError(f"The words of {label(shown, wanted)} are not in the exported text.")


def _wordings(unit: Answer) -> list[str]:
    """Return the wordings of a unit on the table, the one that prints first."""
    own = words_of(unit)
    rest = [each["text"] for each in unit["alternatives"]]
    return [each for each in dict.fromkeys((own, *rest)) if each.strip()]


def _edited_table(fields: str, unit: Answer, edit: Edit) -> str:
    """Return the fields file with one table changed; the table is found by what it says now."""
    was = dict(unit["fields"][edit.field])
    wanted = {**was["value"], "quote": was["quote"]}
    heads = list(re.finditer(r"(?m)^\[(?!\[)[^\n]*\]$", fields))
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(fields)
        body = fields[head.end() : end]
        if not head[0].endswith(f".{edit.field}]") or _table(body) != wanted:
            continue
        now = {**wanted, **edit.members, "quote": edit.quote}
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in now.items()]
        return fields[: head.end()] + "\n" + "\n".join(lines) + "\n\n" + fields[end:]
    raise StageError(f"The fields file has no table for {edit.field} of {unit['label']}.")


def _table(body: str) -> dict[str, object]:
    try:
        return tomllib.loads(body)
    except tomllib.TOMLDecodeError:
        return {}
