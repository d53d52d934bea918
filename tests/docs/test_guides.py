"""What README, guides and concepts tell people to type are commands; their examples are read."""

import re
import shlex
from pathlib import Path
from typing import Final

import click
import pytest

from comity.agreements.importing import import_text
from comity.agreements.redlines import parse_toml
from comity.cli.main import root
from comity.node.dataspace.planning import read_rules
from tidy.house import ROOT

PAGES: Final = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("guides/*.md")),
    *sorted((ROOT / "docs").glob("concepts/*.md")),
]
BLOCK: Final = re.compile(r"^```sh[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOML: Final = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def typed(page: Path) -> list[str]:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("comity ")]


LINES: Final = [
    pytest.param(line, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, line in enumerate(typed(page), start=1)
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_documentation_is_a_command_with_its_options(line: str) -> None:
    words = shlex.split(re.sub(r"\s2?>.*", "", line), comments=True)[1:]
    command: click.Command = root
    context = click.Context(root)
    while isinstance(command, click.Group):
        name, words = words[0], words[1:]
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    given = [re.sub(r"^\$PORT$|^\$LOCAL$", "8443", word) for word in words]
    command.make_context(str(command.name), given)


def test_the_red_lines_of_the_guide_are_read() -> None:
    (example,) = TOML.findall((ROOT / "docs/guides/negotiating.md").read_text(encoding="utf-8"))
    assert [line.id for line in parse_toml(example.encode())] == ["free-hand", "ten-years"]


def test_the_playbook_of_the_guide_is_read() -> None:
    (example,) = TOML.findall((ROOT / "docs/guides/connectors.md").read_text(encoding="utf-8"))
    assert [str(rule.do) for rule in read_rules(example)] == ["agree", "finalize", "start"]


def test_the_example_text_is_read_whole() -> None:
    text = (ROOT / "docs" / "examples" / "framework.txt").read_bytes()
    assert not import_text(text, name="framework.txt").not_understood
