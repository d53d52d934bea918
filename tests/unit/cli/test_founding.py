"""Making a party and its people: whatever is wrong is said before anything is written."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from comity.cli.desk import Desk
from comity.cli.settings import Settings
from comity.storage.folder import PartyFolder
from comity.storage.keyfiles import load_personal
from support.cli import FakeNode, Type, loaded

PASSPHRASE = "correct horse battery"
Told = Callable[[str], None]


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("passphrase").write_text(f"{PASSPHRASE}\n")
    monkeypatch.setenv("COMITY_PASSPHRASE_FILE", "passphrase")


def official(typed: Type, name: str) -> str:
    made = typed("officials", "new", name, "--id", name, "--name", name.title(), "--office", "Head")
    assert made.code == 0, made.err
    return f"{name}/card.json"


def init(*cards: str, **changes: str) -> tuple[str, ...]:
    given = {
        "party": "Ministry A",
        "form": "state",
        "host": "localhost",
        "port": "8443",
        "local-port": "8080",
        "purpose": "demonstration",
        **changes,
    }
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    return ("init", "party", *words, *(word for card in cards for word in ("--appointing", card)))


def test_a_party_is_made_with_two_appointing_officials(typed: Type) -> None:
    cards = [official(typed, name) for name in ("alder", "birch")]
    said = typed(*init(*cards))
    assert said.code == 0, said.err
    assert "Ministry A is made: did:web:localhost%3A8443" in said.out
    assert "comity serve --folder party" in said.err
    assert PartyFolder.open(Path("party")).config.name == "Ministry A"
    again = typed(*init(*cards))
    assert (again.code, "[folder.exists]" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("cards", "changes", "says"),
    [
        (["alder/card.json", "alder/card.json"], {}, "[founding.appointing]"),
        (["alder/card.json"], {}, "[founding.appointing]"),
        (["alder/card.json", "nobody"], {}, "[keys.card_missing]"),
        (["alder", "birch"], {"local-port": "8443"}, "[founding.ports]"),
        (["alder", "birch"], {"purpose": "conformance"}, "[cli.usage]"),
        (["alder", "birch"], {"port": "x"}, "[cli.usage]"),
    ],
)
def test_a_party_that_cannot_be_made_leaves_nothing(
    typed: Type, cards: list[str], changes: dict[str, str], says: str
) -> None:
    for name in ("alder", "birch"):
        official(typed, name)
    said = typed(*init(*cards, **changes))
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert not Path("party").exists()


def test_personal_keys_open_with_the_passphrase_and_are_never_written_over(typed: Type) -> None:
    card = official(typed, "keller")
    opened = load_personal(Path("keller"), passphrase=PASSPHRASE.encode())
    said = typed("officials", "new", "k2", "--id", "k", "--name", "K", "--office", "O", "--json")
    made = loaded(said.out)
    assert (made["card"], made["id"]) == ("k2/card.json", "k")
    assert made["key"] != opened.card.pair.id
    again = typed("officials", "new", "keller", "--id", "k", "--name", "K", "--office", "O")
    assert (again.code, "[keys.exist]" in again.err) == (2, True)
    assert Path(card).exists()


def test_a_short_passphrase_makes_no_keys(typed: Type) -> None:
    Path("passphrase").write_text("short\n")
    said = typed("officials", "new", "keller", "--id", "k", "--name", "K", "--office", "O")
    assert (said.code, "[keys.passphrase_short]" in said.err) == (2, True)
    assert not Path("keller").exists()


def test_the_node_gets_the_card_and_never_a_key(typed: Type, node: FakeNode) -> None:
    official(typed, "keller")
    said = typed("officials", "add", "keller", "--role", "signatory", "--role", "negotiator")
    assert said.code == 0
    body = node.calls[0].body
    assert isinstance(body, dict)
    assert body["roles"] == ["signatory", "negotiator"]
    card = body["card"]
    assert isinstance(card, dict)
    assert set(card) == {"id", "name", "office", "keys"}


def test_serving_takes_the_folder_and_the_ready_file(
    typed: Type, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[Path, Path | None]] = []

    def serve(folder: Path, *, ready_file: Path | None, told: Told | None) -> None:
        served.append((folder, ready_file))
        assert told is None  # a program that starts a node wants nothing but the log

    monkeypatch.setattr("comity.node.serve.serve", serve)
    assert typed("serve", "--ready-file", "ready").code == 0
    assert served == [(node.folder, Path("ready"))]


def test_whoever_starts_a_node_at_a_terminal_learns_where_the_site_is(
    typed: Type, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(folder: Path, *, ready_file: Path | None, told: Told | None) -> None:
        assert (folder, ready_file) == (node.folder, None)
        assert told is not None
        told("http://localhost:8080/")

    monkeypatch.setattr("comity.node.serve.serve", serve)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    said = typed("serve")
    assert said.code == 0
    assert "http://localhost:8080/" in said.err


class Terminal:
    """A standard error that is a terminal."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.half = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: object) -> int:
        if not isinstance(text, str):
            raise TypeError("a terminal takes text")
        self.written.append(text)
        if "50 %" in text:
            self.half.set()
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize("quiet", [True, False])
def test_what_takes_time_shows_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, *, quiet: bool
) -> None:
    monkeypatch.setattr("comity.cli.desk._PATIENCE_S", 0.0)
    monkeypatch.setattr("comity.cli.desk._TURN_S", 0.001)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    settings = Settings()
    settings.quiet = quiet
    with Desk(settings).patience("Receiving", of=200) as told:
        told(100)
        assert quiet or terminal.half.wait(10)
    assert bool(terminal.written) is not quiet
