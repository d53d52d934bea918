"""What a person meets first: help, options anywhere, and errors that say who must act."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import click
import pytest

from comity.cli.lazy import Place
from comity.cli.main import main
from comity.cli.tree import TREE
from comity.foundation.errors import (
    ComityError,
    MisuseError,
    PeerError,
    RefusedError,
    UnavailableError,
)
from support.cli import FakeNode, Type, loaded

HEAVY = {
    *("attrs", "cryptography", "httpx2", "litestar", "msgspec", "rich", "sqlalchemy", "uvicorn"),
    *("asyncio", "comity.node", "comity.storage", "comity.agreements", "comity.transport"),
}


def leaves(
    table: Mapping[str, Place] = TREE, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Place]]:
    for name, place in table.items():
        if place.below:
            yield from leaves(place.below, (*path, name))
        else:
            yield (*path, name), place


def python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the interpreter with our source, whatever directory the test is in."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, check=False, text=True, env=env
    )


SOURCE = Path(__file__).resolve().parents[3] / "src"
INTO_NOBODY = f"{sys.executable} -m comity --help | true"
LEAVES = [pytest.param(path, place, id=" ".join(path)) for path, place in leaves()]


@pytest.mark.parametrize(("path", "place"), LEAVES)
def test_every_command_is_where_the_table_says_and_explains_itself(
    path: tuple[str, ...], place: Place
) -> None:
    module, _, name = place.target.partition(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    assert command.name == path[-1]
    said = command.get_help(click.Context(command, info_name=path[-1]))
    assert f"comity {' '.join(path)}" in said, "it shows an example a person could type"
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert all(each.help for each in options), "each option says its use"
    names = [each.name for each in command.params if each.name != "form"]  # one choice of three
    assert len(set(names)) == len(names), "two parameters under one name hide each other"


def test_help_lists_every_command_and_every_exit_code(typed: Type) -> None:
    said = typed("--help")
    assert said.code == 0
    assert all(name in said.out for name in TREE)
    assert all(f"\n    {code}  " in said.out for code in range(7))


@pytest.mark.parametrize("words", [["--help"], ["agreement", "--help"]])
def test_help_comes_at_once_because_nothing_else_is_loaded(words: list[str]) -> None:
    made = python(
        "-c", f"import sys; from comity.cli.main import main; main({words!r}); print(*sys.modules)"
    )
    assert not HEAVY & set(made.stdout.splitlines()[-1].split())


def test_the_package_runs_as_a_module() -> None:
    made = python("-m", "comity", "nonsense")
    assert (made.returncode, made.stdout) == (2, "")
    assert "[cli.usage]" in made.stderr


def test_a_bare_group_shows_its_help(typed: Type) -> None:
    said = typed("letter")
    assert said.code == 2
    assert "export" in said.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MisuseError("a.b", "Correct it."), 2),
        (RefusedError("a.b", "No article allows it."), 3),
        (PeerError("a.b", "They broke it."), 4),
        (UnavailableError("a.b", "Try again."), 5),
        (ComityError("api.fault", "The node has a fault."), 1),
    ],
)
def test_an_error_of_the_node_ends_the_command_with_the_code_of_its_family(
    typed: Type, node: FakeNode, error: ComityError, code: int
) -> None:
    node.answer = error
    said = typed("status")
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(f"comity: {error.message}")
    assert f"[{error.code}]" in said.err
    told = loaded(typed("status", "--json").out)["error"]
    assert isinstance(told, dict)
    assert (told["code"], told["message"]) == (error.code, error.message)
    if error.family != "error":
        assert told["family"] == error.family


def test_facts_of_an_error_reach_programs(typed: Type, node: FakeNode) -> None:
    node.answer = RefusedError("redlines.blocked", "No.", {"findings": [{"line": "x"}]})
    told = loaded(typed("agreement", "table", "last", "--json").out)["error"]
    assert isinstance(told, dict)
    assert told["facts"] == {"findings": [{"line": "x"}]}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["stats"], "did you mean status"),
        (["xyz"], "there are: init"),
        (["agreement", "acept"], "did you mean accept"),  # codespell:ignore acept
        (["status", "more"], "unexpected extra argument"),
        (["status", "--no"], "No such option"),
        (["letter", "accept", "x"], "--fingerprint"),
        (["agreement", "accept", "last"], "--all-open"),
        (["agreement", "accept", "last", "x", "--all-open"], "--all-open"),
        (["agreement", "counter", "a", "b", "c"], "one edited text"),
        (
            ["agreement", "window", "last", "--opens", "soon", "--closes", "+1d"],
            "'soon' is no date",
        ),
        (["init", "x", "--port", "0"], "--port"),
    ],
)
def test_a_command_typed_wrong_is_told_in_words(typed: Type, words: list[str], says: str) -> None:
    said = typed(*words)
    assert (said.code, said.out) == (2, "")
    assert says in " ".join(said.err.split())
    told = loaded(typed(*words, "--json").out)["error"]
    assert isinstance(told, dict)
    assert (told["code"], told["family"]) == ("cli.usage", "misuse")


@pytest.mark.parametrize(
    "words",
    [
        ["--as", "keller", "--json", "status"],
        ["status", "--as", "keller", "--json"],
        ["--json", "status", "--as", "keller"],
    ],
)
def test_the_options_of_every_command_stand_before_or_after_it(
    typed: Type, node: FakeNode, words: list[str]
) -> None:
    assert loaded(typed(*words).out) == {}
    assert node.calls[0].official == "keller"


def test_an_official_that_a_command_names_is_not_the_one_who_acts(
    typed: Type, node: FakeNode
) -> None:
    typed("--as", "alder", "officials", "revoke", "keller")
    assert node.calls[0].official == "alder"
    assert node.calls[0].body == {"official": "keller", "reason": "ended"}


def test_the_folder_is_named_or_the_one_we_are_in(
    typed: Type, node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert typed("health", "--folder", str(node.folder)).code == 0
    monkeypatch.delenv("COMITY_FOLDER")
    assert "[cli.no_folder]" in typed("health").err
    assert "[folder.none]" in typed("health", "--folder", str(tmp_path)).err
    monkeypatch.chdir(node.folder)
    assert typed("health").code == 0


def test_a_node_that_does_not_run_is_said_so(typed: Type, node: FakeNode) -> None:
    token = node.folder / "api-token"
    kept = token.read_bytes()
    token.unlink()
    try:
        said = typed("status")
    finally:
        token.write_bytes(kept)
    assert said.code == 5
    assert "Start it with" in said.err


@pytest.mark.usefixtures("node")
def test_a_fault_of_ours_is_one_line_and_its_trace_only_on_request(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: object) -> None:
        raise ZeroDivisionError(str(words))

    monkeypatch.setattr("comity.cli.desk.Desk.call", broken)
    said = typed("status")
    assert said.code == 1
    assert "ZeroDivisionError" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("COMITY_DEBUG", "1")
    assert "Traceback" in typed("status").err


@pytest.mark.usefixtures("node")
def test_stopping_a_command_says_that_the_node_goes_on(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*words: object) -> None:
        del words
        raise KeyboardInterrupt

    monkeypatch.setattr("comity.cli.desk.Desk.call", stopped)
    said = typed("status")
    assert said.code == 130
    assert "goes on" in said.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    made = python("-c", f"import os; os.execl('/bin/sh', 'sh', '-c', {INTO_NOBODY!r})")
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_shell_learns_to_complete(typed: Type, shell: str) -> None:
    said = typed("completion", shell)
    assert said.code == 0
    assert "_COMITY_COMPLETE" in said.out


def test_without_a_checkout_the_demonstration_says_where_it_is(
    typed: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "comity.cli.demonstration.__file__", str(tmp_path / "a" / "b" / "c" / "demonstration.py")
    )
    said = typed("demo")
    assert said.code == 2
    assert "make demo" in said.err


def test_the_demonstration_gets_the_users_files_and_its_code_is_ours(
    typed: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    play = tmp_path / "demo" / "play.py"
    play.parent.mkdir()
    play.write_text("import sys; print(*sys.argv[1:]); sys.exit(7)")
    place = tmp_path / "src" / "comity" / "cli" / "demonstration.py"
    monkeypatch.setattr("comity.cli.demonstration.__file__", str(place))
    said = typed("demo", "--agreement", "t.md", "--file", "f.bin", "--step")
    assert said.code == 7
    assert said.out.split() == ["--agreement", "t.md", "--file", "f.bin", "--step"]


def test_main_takes_the_words_of_the_process(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["comity", "--help"])
    assert main() == 0
    assert "Usage: comity" in capfd.readouterr().out
