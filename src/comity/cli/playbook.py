"""The playbook: what our node does by itself with registered connectors, rule by rule."""

from pathlib import Path
from typing import Final

import click

from comity.cli.connector_words import DO, brief
from comity.cli.desk import Desk
from comity.cli.files import read_words
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import plural, some
from comity.foundation.canonical import JsonObject

_FILE: Final = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@command("show", "playbook show", "playbook show --as-text > playbook.toml")
@click.option("--as-text", is_flag=True, help="The text that comity playbook set takes.")
def show(desk: Desk, *, as_text: bool) -> None:
    """Show the rules by which our node acts; where none fits, a person decides."""
    answer = desk.call("dataspace.playbook")
    lines = [text(answer, "text").rstrip("\n")] if as_text else sentences(rows(answer, "rules"))
    none = "" if as_text else "There is no rule: everything waits for a person."
    desk.show(answer, *(lines if rows(answer, "rules") else [none]))


def sentences(rules: list[JsonObject]) -> list[str]:
    """Return the rules as sentences."""
    return [f"{n}. {_sentence(rule)}" for n, rule in enumerate(rules, start=1)]


def _sentence(rule: JsonObject) -> str:
    often = {"first": " for the first time", "later": " once more"}.get(
        text(rule, "occurrence"), ""
    )
    limits = one(rule, "when")
    only = [
        f"{name} {some(words(limits, name))}"
        for name in ("counterpart", "dataset", "agreement")
        if words(limits, name)
    ]
    after = "" if text(rule, "after") == "0ms" else f", after {text(rule, 'after')}"
    when = f" (only {'; '.join(only)})" if only else ""
    do = DO.get(text(rule, "do"), text(rule, "do"))
    moment = f"when a {text(rule, 'process')} is {text(rule, 'on')}{often}{when}"
    return f"As {text(rule, 'role')}, {moment}: {do}{after}. Because: {text(rule, 'reason')}"


@command("set", "playbook set playbook.toml --as okoye")
@_FILE
def replace(desk: Desk, *, file: Path) -> None:
    """Set the rules, from a TOML file; they replace those that were there.

    What waits already goes on waiting for a person. Try them before: comity playbook simulate.
    """
    answer = desk.call("dataspace.set_playbook", rules=read_words(file))
    desk.show(
        answer,
        f"{plural(len(rows(answer, 'rules')), 'rule')} set.",
        *sentences(rows(answer, "rules")),
    )


@command("simulate", "playbook simulate playbook.toml")
@_FILE
def simulate(desk: Desk, *, file: Path) -> None:
    """Show what rules would do in the processes there are; nothing is done or kept."""
    answer = desk.call("dataspace.simulate", rules=read_words(file))
    lines = [_would(row) for row in rows(answer, "would")]
    none = "No open negotiation or transfer would be touched, and none waits for us."
    desk.show(answer, f"{plural(number(answer, 'rules'), 'rule')} read.", *(lines or [none]))


def _would(row: JsonObject) -> str:
    what = (
        f"{brief(text(row, 'exchange'))}  {text(row, 'family')} about «{text(row, 'dataset')}»"
        f" with {text(row, 'counterpart')}, {text(row, 'state')}"
    )
    if row.get("rule") is None:
        return f"{what}: no rule; it waits for a person."
    after = "" if text(row, "after") == "0ms" else f" after {text(row, 'after')}"
    do = DO.get(text(row, "do"), text(row, "do"))
    return f"{what}: rule {number(row, 'rule')}: {do}{after}."
