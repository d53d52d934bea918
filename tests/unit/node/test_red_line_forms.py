"""Red lines one by one, as programs and pages set them: nothing lost, nothing written over."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from comity.agreements.redlines import LINES_MAX
from comity.api.redlines import RedLineForm
from comity.foundation.canonical import Json, JsonObject
from support.framework import RED_LINE, RED_LINE_ID
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage
from support.two_nodes import Pair

HOLDER = "mandate_holder"
WORDS: JsonObject = {
    "kind": "forbid_wording",
    "severity": "red",
    "sentence": "Never, ever!",
    "patterns": ["never*"],
}


def form(line: JsonObject) -> RedLineForm:
    return msgspec.convert(line, RedLineForm)


async def put(pair: Pair, line: JsonObject, *, version: int, **more: Json) -> JsonObject:
    return await pair.a.call(
        "redlines.put",
        who=HOLDER,
        instrument=pair.instrument,
        line=form(line),
        version=version,
        **more,
    )


async def known(pair: Pair) -> tuple[list[str], int]:
    """Return the ids of the red lines that there are, and their version."""
    found = await pair.a.call("redlines", who=HOLDER, instrument=pair.instrument)
    rows, version = found["red_lines"], found["version"]
    assert isinstance(rows, Sequence)
    assert isinstance(version, int)
    return [str(row["id"]) for row in rows if isinstance(row, dict)], version


@on_a_loop
async def test_lines_keep_their_place_and_get_ids_of_their_own(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    assert await known(pair) == ([], 0)
    assert (await put(pair, WORDS, version=0))["red_line"] == "never-ever"
    assert (await put(pair, WORDS, version=1))["red_line"] == "never-ever-2"
    assert (await put(pair, {**WORDS, "sentence": "從不"}, version=2))["red_line"] == "line"
    assert (await put(pair, {**WORDS, "id": "mine"}, version=3))["red_line"] == "mine"
    changed = await put(pair, {**WORDS, "severity": "note"}, version=4, replaces="never-ever-2")
    assert changed["red_line"] == "never-ever-2"
    assert await known(pair) == (["never-ever", "never-ever-2", "line", "mine"], 5)
    renamed = await put(pair, {**WORDS, "id": "other"}, version=5, replaces="line")
    assert renamed["red_line"] == "other"
    await pair.a.call(
        "redlines.drop", who=HOLDER, instrument=pair.instrument, line="never-ever", version=6
    )
    assert await known(pair) == (["never-ever-2", "other", "mine"], 7)
    await pair.close()


@on_a_loop
async def test_what_somebody_else_changed_is_not_written_over(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    instrument = pair.instrument
    await pair.a.call("redlines.set", who=HOLDER, instrument=instrument, lines=RED_LINE)
    for stale in (
        put(pair, WORDS, version=0),
        pair.a.call(
            "redlines.drop", who=HOLDER, instrument=instrument, line=RED_LINE_ID, version=0
        ),
        pair.a.call("redlines.set", who=HOLDER, instrument=instrument, lines=RED_LINE, version=2),
    ):
        error = await refused("redlines.stale", stale)
        assert "Aldoria Director of Policy has changed" in error.message
    await pair.a.call("redlines.set", who=HOLDER, instrument=instrument, lines=RED_LINE, version=1)
    assert await known(pair) == ([RED_LINE_ID], 2)
    await pair.close()


@on_a_loop
async def test_what_cannot_be_set_says_why(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await put(pair, {**WORDS, "id": "mine"}, version=0)
    field: JsonObject = {"kind": "field", "severity": "red", "sentence": "s", "test": "equals"}
    cases: list[tuple[str, JsonObject, dict[str, Json]]] = [
        ("redlines.taken", {**WORDS, "id": "mine"}, {}),
        ("redlines.unknown", WORDS, {"replaces": "gone"}),
        ("redlines.id", {**WORDS, "id": "MINE"}, {}),
        ("redlines.nothing", {**WORDS, "patterns": [" "]}, {}),
        ("redlines.members", {**WORDS, "role": "negotiator"}, {}),
        ("redlines.not_stated", {**field, "field": "notice"}, {}),
        ("redlines.not_stated", {**field, "field": "nonsense"}, {}),
        ("redlines.field", {**field, "field": "nonsense", "value": {"a": 1}}, {}),
        ("redlines.member", {**field, "field": "entry", "value": {"hours": 1}}, {}),
        ("redlines.member", {**field, "field": "entry", "value": {}}, {}),
        ("redlines.member", {**field, "field": "term", "value": {"years": "x"}}, {}),
        ("redlines.member", {**field, "field": "term", "value": {"hours": 1}}, {}),
        ("redlines.period", {**field, "field": "term", "value": "ten"}, {}),
        ("redlines.equals", {**field, "field": "entry", "value": "ten"}, {}),
    ]
    for code, line, more in cases:
        await refused(code, put(pair, line, version=1, **more))
    assert await known(pair) == (["mine"], 1)
    many = "\n".join(RED_LINE.replace(RED_LINE_ID, f"l{n}") for n in range(LINES_MAX))
    await pair.a.call("redlines.set", who=HOLDER, instrument=pair.instrument, lines=many)
    await refused("redlines.full", put(pair, WORDS, version=2))
    await pair.close()


@on_a_loop
async def test_a_value_that_is_left_out_is_the_text_s_and_then_the_line_s(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    for name in ("term", "areas", "third_parties"):
        line: JsonObject = {
            "kind": "field",
            "severity": "note",
            "sentence": name,
            "field": name,
            "test": "equals",
        }
        found = await pair.a.call(
            "redlines.preview", who=HOLDER, instrument=pair.instrument, line=form(line)
        )
        assert found["findings"] == [], "the text is as it is"
        _, version = await known(pair)
        await put(pair, line, version=version)
    found = await pair.a.call("redlines", who=HOLDER, instrument=pair.instrument)
    rows = found["red_lines"]
    assert isinstance(rows, list)
    term = dict(rows[0])
    assert term["value"] == "P10Y"
    assert term["form"] == {"name": "term", "years": 10, "months": 0, "days": 0}
    given = {name: each for name, each in term.items() if name not in {"form", "value"}}
    await put(pair, {**given, "value": {"years": 8}}, version=3, replaces="term")
    await put(pair, {**given, "severity": "red"}, version=4, replaces="term")
    again = await pair.a.call("redlines", who=HOLDER, instrument=pair.instrument)
    rows = again["red_lines"]
    assert isinstance(rows, list)
    assert dict(rows[0])["value"] == "P8Y", "the line's own value stays"
    await pair.close()


@pytest.mark.parametrize("who", ["negotiator", "legal_adviser", "desk_officer", "signatory"])
@on_a_loop
async def test_only_the_mandate_holder_tries_and_sets_lines(tmp_path: Path, who: str) -> None:
    pair = await at_stage("tabled", tmp_path)
    asked = {"who": who, "instrument": pair.instrument}
    for call in (
        pair.a.call("redlines.choices", **asked),
        pair.a.call("redlines.preview", line=form(WORDS), **asked),
        pair.a.call("redlines.put", line=form(WORDS), version=0, **asked),
        pair.a.call("redlines.drop", line="l", version=0, **asked),
    ):
        await refused("officials.role", call)
    await pair.close()
