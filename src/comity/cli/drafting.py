"""From a file with a text to a draft at the node."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.files import TEXT_FILE_BYTES_MAX, read_file, read_words
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import plural
from comity.foundation.canonical import JsonObject

_FILE = click.Path(path_type=Path, dir_okay=False)
_EXCERPT_CHARS: Final = 60


@command("import", "agreement import framework.md --dry-run", "agreement import treaty.txt --json")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Only look; this is all the command ever does.")
def look(desk: Desk, *, file: Path, dry_run: bool) -> None:
    """Look at what would be made of a text; needs no node and no folder.

    Prints the tree of parts, articles and paragraphs with their labels as printed, and every line
    that was not understood. With --json: units (kind, label, heading, text, units) and
    not_understood. Plain text or Markdown, UTF-8, any language.
    """
    from comity.agreements.importing import import_text, tree_json  # noqa: PLC0415 - help is quick

    data = read_file(file, bytes_max=TEXT_FILE_BYTES_MAX)
    with desk.patience("Reading the text"):
        tree = tree_json(import_text(data, name=file.name))
    desk.show(tree, *_tree(tree))
    if not dry_run:
        desk.hint(
            "",
            "Nothing was stored. To start an instrument from this text:",
            f'  comity agreement draft {file} --with COUNTERPART --title "TITLE" --as NEGOTIATOR',
        )


def _tree(tree: JsonObject) -> Iterator[str]:
    units = rows(tree, "units")
    counts: dict[str, int] = {}
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        counts[text(unit, "kind")] = counts.get(text(unit, "kind"), 0) + 1
        waiting.extend(rows(unit, "units"))
    yield f"{text(tree, 'title')}  [{text(tree, 'language')}]"
    yield _counted(counts)
    yield ""
    yield from _outline(units, "  ")
    yield from _not_understood(rows(tree, "not_understood"))


def _counted(counts: JsonObject | dict[str, int]) -> str:
    return ", ".join(plural(number(counts, kind), kind) for kind in sorted(counts))


def _outline(units: Sequence[JsonObject], indent: str) -> Iterator[str]:
    for unit in units:
        name = " ".join(part for part in (text(unit, "label"), text(unit, "heading")) if part)
        first = " ".join(text(unit, "text").split())
        if not name or text(unit, "kind") in {"paragraph", "item"}:
            cut = first if len(first) <= _EXCERPT_CHARS else f"{first[:_EXCERPT_CHARS]}..."
            name = f"{name} {cut}".strip() or f"({text(unit, 'kind')})"
        yield f"{indent}{name}"
        yield from _outline(rows(unit, "units"), indent + "  ")


def _not_understood(findings: Sequence[JsonObject]) -> Iterator[str]:
    if findings:
        yield ""
        yield "Look at these lines:"
    for finding in findings:
        yield f"  line {number(finding, 'line')}: {text(finding, 'what')}"


@command(
    "draft", 'agreement draft framework.md --with "Ministry B" --title "Framework" --as keller'
)
@click.argument("file", type=_FILE)
@click.option("--with", "counterpart", metavar="COUNTERPART", help="Name or id; else the only one.")
@click.option("--title", required=True, help="The instrument's title.")
@click.option(
    "--fields",
    type=_FILE,
    help="What the text lays down, as TOML; else NAME.fields.toml beside the text, if it is there.",
)
@click.option(
    "--register",
    type=click.Choice(["binding", "political"]),
    default="binding",
    show_default=True,
    help="Whether it is meant to bind.",
)
def draft(
    desk: Desk,
    *,
    file: Path,
    counterpart: str | None,
    title: str,
    fields: Path | None,
    register: str,
) -> None:
    """Start an instrument from a text.

    The draft stays in this node until comity agreement table. Labels stay as printed; each field
    must quote the words of its unit that state it.
    """
    body = read_words(file)
    beside = file.with_suffix(".fields.toml")
    fields = fields or (beside if beside.is_file() else None)
    answer = desk.call(
        "agreements.draft",
        text=body,
        title=title,
        fields=read_words(fields) if fields else "",
        counterpart=desk.counterpart(counterpart),
        register=register,
    )
    known = some_fields(answer)
    desk.show(
        answer,
        f"Draft «{text(answer, 'title')}»  {text(answer, 'instrument')}",
        f"  {plural(number(answer, 'units'), 'unit')}: {_counted(one(answer, 'kinds'))}",
        f"  Fields {f'from {fields}: ' if fields else ''}{known}",
        *_not_understood(rows(answer, "not_understood")),
    )
    desk.hint("", "Nothing has left this node. To table it: comity agreement table last")


def some_fields(answer: JsonObject) -> str:
    """Return the names of the fields in words."""
    return ", ".join(words(answer, "fields")).replace("_", " ") or "none"
