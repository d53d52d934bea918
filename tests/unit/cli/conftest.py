"""A node that answers as it is told, and a way to type commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.cli.main import main
from support.cli import FakeNode, Said, Type, fake_node


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("COMITY_FOLDER", "COMITY_AS", "COMITY_DEBUG", "COMITY_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Type:
    """Type a command; returns its exit code and what it printed."""

    def run(*words: str) -> Said:
        capfd.readouterr()
        code = main(words)
        printed = capfd.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def _listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeNode]:
    with fake_node(tmp_path_factory.mktemp("parties") / "party") as node:
        yield node


@pytest.fixture
def node(_listening: FakeNode, monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    """Give a node whose folder the commands find."""
    _listening.answer, _listening.answers, _listening.status = {}, {}, 200
    _listening.calls.clear()
    monkeypatch.setenv("COMITY_FOLDER", str(_listening.folder))
    return _listening
