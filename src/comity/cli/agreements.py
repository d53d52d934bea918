"""Looking at instruments: the list, one of them unit by unit, its text."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.files import write_new
from comity.cli.lazy import command
from comity.cli.redlines import finding_lines
from comity.cli.values import items, number, one, rows, text, words
from comity.cli.words import INSTRUMENT, UNIT, plural, short, some, table, when
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError

_FILE = click.Path(path_type=Path, dir_okay=False)
_DONE: Final = frozenset({"agreed", "closed"})
Names = Mapping[str, str]


@command("list", "agreement list")
def listing(desk: Desk) -> None:
    """List the instruments of this node, drafts last."""
    answer = desk.whole("agreements")
    lines = []
    for row in rows(answer, "agreements"):
        state = text(row, "status")
        said = _stands(row)
        if text(row, "ends_at") and state in {"in_force", "suspended"}:
            said += f" until {when(text(row, 'ends_at'))}"
        lines.append([_brief(text(row, "instrument")), text(row, "title"), said])
    desk.show(answer, *(table(lines, indent=0) or ["There is no instrument yet."]))


def _stands(row: JsonObject) -> str:
    """Return where an instrument stands; nobody initials a text that a joint statement says."""
    state = text(row, "status")
    spoken = state == "agreed_ad_ref" and row.get("statements")
    return INSTRUMENT.get("said" if spoken else state, state)


def _brief(instrument: str) -> str:
    return instrument.removeprefix("urn:uuid:")[:8]


@command("show", "agreement show last", 'agreement show last --unit "Article 4"')
@click.argument("instrument", metavar="ID")
@click.option("--unit", metavar="LABEL", help="Only this unit, with its whole wording.")
@click.option("--digests", is_flag=True, help="With the digests, to compare with the counterpart.")
def show(desk: Desk, *, instrument: str, unit: str | None, digests: bool) -> None:
    """Show one instrument, unit by unit.

    ID is the beginning of the id, the title, or last. Each unit has a sign and its status in
    words: = agreed, ~ agreed ad referendum, ? open, + new, [] in brackets, # reserved, || parked;
    and whose turn it is. Where our own red lines fire, they stand beside the unit; nobody else
    sees them.
    """
    answer = desk.call("agreements.show", instrument=instrument)
    if unit is None:
        desk.show(answer, *_whole(answer, digests=digests))
        return
    found = _find(answer, unit)
    shown = {**found, "red_lines": list(_fired(answer, text(found, "unit")))}
    desk.show(shown, *_one(answer, found, digests=digests))


def _names(answer: JsonObject) -> Names:
    """Return what to call each party: us, and the counterpart by its name."""
    them = text(answer, "counterpart")
    return {
        text(row, "id"): text(row, "name") if text(row, "id") == them else "we"
        for row in rows(answer, "parties")
    }


def _find(answer: JsonObject, named: str) -> JsonObject:
    wanted = named.strip().casefold()
    units = rows(answer, "units")
    for member in ("unit", "label", "heading"):
        found = [
            row for row in units if text(row, member).casefold().rstrip(".:") == wanted.rstrip(".:")
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise MisuseError(
                "cli.unit_doubled",
                f"{len(found)} units are called {named!r}: name one by its id:"
                f" {some([text(row, 'unit') for row in found])}.",
            )
    raise MisuseError(
        "cli.no_unit", f"There is no unit {named[:60]!r}; comity agreement show lists them."
    )


def _fired(answer: JsonObject, unit: str) -> list[JsonObject]:
    return [row for row in rows(answer, "red_lines") if text(row, "unit") == unit]


def _whole(answer: JsonObject, *, digests: bool) -> Iterator[str]:
    names = _names(answer)
    yield from _head(answer, names, digests=digests)
    fired: dict[str, list[JsonObject]] = {}
    for row in rows(answer, "red_lines"):
        fired.setdefault(text(row, "unit"), []).append(row)
    yield ""
    units = rows(answer, "units")
    marks = [_mark(unit, names) for unit in units]
    for unit, line in zip(units, table(marks), strict=True):
        yield line
        if text(unit, "status") not in _DONE:
            yield from _wordings(unit, names, whole=False, digests=digests)
        yield from ("    " + line for line in finding_lines(fired.get(text(unit, "unit"), [])))
    yield from finding_lines(fired.get("", []))
    yield from _packages(answer, names)
    yield from _without_effect(answer, names)


def _head(answer: JsonObject, names: Names, *, digests: bool) -> Iterator[str]:
    them = names.get(text(answer, "counterpart"), "")
    counts = {name: value for name, value in one(answer, "counts").items() if name != "units"}
    yield text(answer, "title")
    yield f"  with {them}; {text(answer, 'register')}; {_stands(answer)}"
    yield f"  {plural(number(one(answer, 'counts'), 'units'), 'unit')}: " + ", ".join(
        f"{count} {UNIT.get(name, ('', name))[1]}" for name, count in counts.items()
    )
    yield from _life(answer, names)
    if digests and text(answer, "text"):
        yield f"  Digest of the clean text: {text(answer, 'text')}"
    if digests:
        yield f"  Digest of the state: {text(answer, 'state_digest')}"


def _life(answer: JsonObject, names: Names) -> Iterator[str]:
    for member, verb in (("adopted", "adopted"), ("initialled", "initialled")):
        parties = [names.get(party, party) for party in words(answer, member)]
        if parties and not text(answer, "signed_at"):
            yield f"  {verb} by {' and '.join(map(_object, parties))}"
    attempt = one(answer, "attempt")
    if attempt and not text(answer, "signed_at"):
        yield (
            f"  signing window ({text(attempt, 'outcome')}): {when(text(attempt, 'opens'))} to"
            f" {when(text(attempt, 'closes'))}"
        )
        for row in rows(attempt, "signatures"):
            done = "signed" if row.get("signed") is True else "has not signed"
            yield f"    {text(row, 'name')}, {text(row, 'office')}: {done}"
    if number(answer, "void_attempts"):
        yield f"  {plural(number(answer, 'void_attempts'), 'attempt')} to sign void before"
    if text(answer, "in_force_at"):
        end = text(answer, "ends_at")
        until = f" until {when(end)}" if end else ", without an end date"
        yield f"  in force from {when(text(answer, 'in_force_at'))}{until}"
    labels = {text(unit, "unit"): text(unit, "label") for unit in rows(answer, "units")}
    for row in rows(answer, "suspensions"):
        units = [labels.get(unit, unit) for unit in words(row, "units")]
        by = _object(names.get(text(row, "by"), text(row, "by")))
        end = text(row, "until")
        yield (
            f"  suspended by {by}: {some(units) or 'the whole'}, under"
            f" {text(row, 'article')}, until {when(end) if end else 'further notice'}"
        )


def _object(name: str) -> str:
    return "us" if name == "we" else name


def _mark(unit: JsonObject, names: Names) -> list[str]:
    sign, status = UNIT.get(text(unit, "status"), ("?", text(unit, "status")))
    said = [status]
    said += [f"{names.get(party, party)}: {kind} reserve" for party, kind in _reserves(unit)]
    turn = [names.get(party, party) for party in words(unit, "turn")]
    if unit.get("our_turn") is True:
        said.append("your turn" if len(turn) == 1 else "both to move")
    elif turn:
        said.append(f"waits for {' and '.join(turn)}")
    heading = text(unit, "heading")
    name = text(unit, "label") or heading
    return [sign, name, heading if heading != name else "", "; ".join(said)]


def _reserves(unit: JsonObject) -> Sequence[tuple[str, str]]:
    return [(party, str(kind)) for party, kind in one(unit, "reserves").items()]


def _wordings(unit: JsonObject, names: Names, *, whole: bool, digests: bool) -> Iterator[str]:
    for row in rows(unit, "alternatives"):
        by = " and ".join(names.get(party, party) for party in words(row, "by"))
        body = text(row, "text").strip() or text(row, "heading") or "(no words of its own)"
        body = "(to be deleted)" if row.get("deleted") is True else body
        if not whole:
            body = " ".join(body.split())
            body = body if len(body) <= 160 else f"{body[:160]}..."
        lines = body.splitlines() or [""]
        yield f"       {by}: {lines[0]}"
        yield from (f"         {line}" for line in lines[1:])
        if digests:
            yield f"         digest {short(text(row, 'digest'))}"
    for pair in items(unit, "explanations"):
        if isinstance(pair, Sequence) and len(pair) == 2:
            yield f"       note of {names.get(str(pair[0]), str(pair[0]))}: {pair[1]}"


def _packages(answer: JsonObject, names: Names) -> Iterator[str]:
    labels = {text(unit, "unit"): text(unit, "label") for unit in rows(answer, "units")}
    for row in rows(answer, "packages"):
        by = names.get(text(row, "by"), text(row, "by"))
        gives, asks = (
            some(
                [
                    labels.get(str(pair[0]), str(pair[0]))
                    for pair in items(row, side)
                    if isinstance(pair, Sequence)
                ]
            )
            for side in ("gives", "asks")
        )
        yield ""
        yield f"Package {_brief(text(row, 'package'))}: {by} accept {gives} if {asks} is accepted."


def _without_effect(answer: JsonObject, names: Names) -> Iterator[str]:
    found = rows(answer, "no_effects")
    if found:
        yield ""
        yield "Without effect"
    for row in found:
        yield f"  {names.get(text(row, 'by'), text(row, 'by'))}: {text(row, 'message')}"


def _one(answer: JsonObject, unit: JsonObject, *, digests: bool) -> Iterator[str]:
    names = _names(answer)
    sign, name, heading, said = _mark(unit, names)
    yield f"{sign} {name}  {heading}".rstrip()
    yield f"  {text(unit, 'kind')} {text(unit, 'unit')}: {said}"
    if number(unit, "reopened"):
        yield f"  reopened {plural(number(unit, 'reopened'), 'time')}"
    yield from _wordings(unit, names, whole=True, digests=digests)
    yield from finding_lines(_fired(answer, text(unit, "unit")))


@command("text", "agreement text last --clean -o framework.txt", "agreement text last --brackets")
@click.argument("instrument", metavar="ID")
@click.option("--clean", "form", flag_value="clean", help="As it would be signed.")
@click.option(
    "--brackets", "form", flag_value="brackets", default=True, help="With brackets and statuses."
)
@click.option("--fields", "form", flag_value="fields", help="What it lays down, as TOML.")
@click.option("-o", "output", type=_FILE, help="Where to write it; else it is printed.")
def text_of(desk: Desk, *, instrument: str, form: str, output: Path | None) -> None:
    """Print or write the text of an instrument.

    What is exported clean can be edited and given to comity agreement counter.
    """
    answer = desk.call("agreements.text", instrument=instrument, form=form)
    body = text(answer, "text")
    if output is not None:
        write_new(output, body.encode())
        shown = {name: value for name, value in answer.items() if name != "text"}
        desk.show({**shown, "file": str(output)}, f"Written: {output}")
        return
    desk.show(answer, body.removesuffix("\n"))
