"""A party's folder is never written over, mixed up, shared, or used twice at once."""

import errno
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import MisuseError, UnavailableError
from comity.storage.folder import FolderLock, PartyConfig, PartyFolder, SiteConfig, check_free
from support.stores import START
from support.wire import make_client

CONFIG = PartyConfig(
    party="did:web:a.example",
    name="Ministry of A",
    form="ministry",
    purpose="demonstration",
    host="127.0.0.1",
    port=8443,
    local_port=8080,
    created=START,
)


@pytest.fixture
def folder(tmp_path: Path) -> PartyFolder:
    made = PartyFolder.create(tmp_path / "party", config=CONFIG)
    made.seal()
    return made


def test_a_folder_comes_back_as_it_was_made(folder: PartyFolder) -> None:
    assert PartyFolder.open(folder.path, party=CONFIG.party) == folder
    for place in (folder.keys, folder.bodies, folder.payloads, folder.inbox, folder.letters):
        assert place.is_dir()
        assert place.stat().st_mode & 0o777 == 0o700
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert folder.database.parent == folder.high_water.parent == folder.path


@pytest.mark.parametrize(
    ("given", "listens"),
    [
        ({}, ("127.0.0.1", 8443)),
        ({"listen_port": 9443}, ("127.0.0.1", 9443)),
        ({"listen_host": "0.0.0.0"}, ("0.0.0.0", 8443)),
        ({"listen_host": "10.0.0.2", "listen_port": 9443}, ("10.0.0.2", 9443)),
        (
            {"site": {"host": "a.example", "port": 443, "certificate": "c.pem", "key": "k.pem"}},
            ("127.0.0.1", 8443),
        ),
        ({"bytes_per_s": {"transfer": 65_536}}, ("127.0.0.1", 8443)),
        ({"bytes_per_s": {"transfer": 65_536, "node": 1_000_000}}, ("127.0.0.1", 8443)),
    ],
)
def test_a_node_behind_a_forwarding_machine_listens_elsewhere_and_keeps_its_identity(
    tmp_path: Path, given: dict[str, object], listens: tuple[str, int]
) -> None:
    made = PartyFolder.create(tmp_path / "party", config=CONFIG)
    made.seal()
    said = {**json.loads(made.config_file.read_bytes()), **given}
    made.config_file.write_text(json.dumps(said))
    config = PartyFolder.open(made.path).config
    assert config.listen == listens
    assert (config.party, config.host, config.port) == (CONFIG.party, "127.0.0.1", 8443)
    assert config.to_json() == said


@pytest.mark.parametrize(
    ("port", "origin"),
    [
        (None, f"http://localhost:{CONFIG.local_port}"),
        (443, "https://desk.example"),
        (8080, "https://desk.example:8080"),
    ],
)
def test_an_invited_person_is_sent_to_the_site_that_their_machine_can_reach(
    port: int | None, origin: str
) -> None:
    files = {"certificate": Path("c.pem"), "key": Path("k.pem")}
    site = None if port is None else SiteConfig(host="desk.example", port=port, **files)
    assert attrs.evolve(CONFIG, site=site).site_origin == origin


@pytest.mark.parametrize(
    ("port", "origin"), [(8443, "https://127.0.0.1:8443"), (443, "https://127.0.0.1")]
)
def test_a_node_at_the_usual_port_can_be_called_at_the_address_in_its_letter(
    port: int, origin: str
) -> None:
    config = attrs.evolve(CONFIG, port=port)
    assert config.origin == origin
    make_client(config.origin, "0" * 64)  # refuses any other spelling


def test_a_folder_that_was_not_finished_is_no_partys(tmp_path: Path) -> None:
    PartyFolder.create(tmp_path / "party", config=CONFIG)
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(tmp_path / "party")
    assert caught.value.code == "folder.none"


def test_nothing_that_exists_is_written_over(folder: PartyFolder, tmp_path: Path) -> None:
    before = folder.config_file.read_bytes()
    for path in (folder.path, folder.config_file):
        with pytest.raises(MisuseError) as caught:
            PartyFolder.create(path, config=CONFIG)
        assert caught.value.code == "folder.exists"
    assert folder.config_file.read_bytes() == before
    (tmp_path / "empty").mkdir()
    check_free(tmp_path / "empty")
    check_free(tmp_path / "deep" / "down")
    assert not (tmp_path / "deep").exists()


def test_a_place_below_a_file_is_refused(folder: PartyFolder) -> None:
    with pytest.raises(MisuseError) as caught:
        PartyFolder.create(folder.config_file / "below", config=CONFIG)
    assert caught.value.code == "folder.not_writable"


def test_the_folder_of_another_party_is_refused(folder: PartyFolder) -> None:
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(folder.path, party="did:web:b.example")
    assert caught.value.code == "folder.other_party"
    assert "Ministry of A" in caught.value.message


def test_a_place_that_is_no_folder_of_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(tmp_path)
    assert caught.value.code == "folder.none"


def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "comity.json").mkdir()
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(tmp_path)
    assert caught.value.code == "folder.not_writable"


@pytest.mark.parametrize("kind", ["access", "iterdir", "mkdir"])
def test_a_folder_without_permission_is_named(
    folder: PartyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Root may write anywhere: what the system would say is put in its mouth."""

    def refuse(*_given: object, **_more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    if kind == "access":
        monkeypatch.setattr("comity.storage.folder.os.access", lambda *_a: False)
        with pytest.raises(MisuseError) as caught:
            PartyFolder.open(folder.path)
        assert caught.value.code == "folder.not_writable"
    else:
        (tmp_path / "new").mkdir()
        monkeypatch.setattr(f"comity.storage.folder.Path.{kind}", refuse)
    with pytest.raises(MisuseError) as caught:
        PartyFolder.create(tmp_path / "new", config=CONFIG)
    assert caught.value.code == "folder.not_writable"


def test_a_folder_others_can_write_is_refused(folder: PartyFolder) -> None:
    folder.path.chmod(0o770)
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(folder.path)
    assert caught.value.code == "folder.open_to_others"


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "test"},
        {"port": 0},
        {"port": True},
        {"local_port": "8080"},
        {"listen_port": 0},
        {"listen_port": None},
        {"listen_host": ""},
        {"listen_host": 1},
        {"bytes_per_s": None},
        {"bytes_per_s": {"transfer": 65_535}},
        {"bytes_per_s": {"node": True}},
        {"bytes_per_s": {"transfer": "fast"}},
        {"bytes_per_s": {"other": 65_536}},
        {"site": None},
        {"site": {"host": "desk.example", "port": 443}},
        {"site": {"host": "desk.example/", "port": 443, "certificate": "c", "key": "k"}},
        {"site": {"host": "desk.example", "port": 0, "certificate": "c", "key": "k"}},
        {"site": {"host": "desk.example", "port": 443, "certificate": "", "key": "k"}},
        {"name": None},
        {"created": "yesterday"},
        {"v": 2},
        {"debug": True},
    ],
    ids=str,
)
def test_a_wrong_configuration_is_refused_and_the_member_named(
    folder: PartyFolder, change: dict[str, object]
) -> None:
    value = {**json.loads(folder.config_file.read_bytes()), **change}
    folder.config_file.write_text(json.dumps(value))
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(folder.path)
    assert caught.value.code == "folder.config"
    assert next(iter(change)) in caught.value.message


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"v":1.0}'])
def test_a_configuration_that_is_none_is_refused(folder: PartyFolder, content: bytes) -> None:
    folder.config_file.write_bytes(content)
    with pytest.raises(MisuseError) as caught:
        PartyFolder.open(folder.path)
    assert caught.value.code == "folder.config"


def test_a_wrong_configuration_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(MisuseError):
        PartyFolder.create(tmp_path / "party", config=attrs.evolve(CONFIG, port=99999))
    assert not (tmp_path / "party").exists()


def test_the_token_is_its_owners_alone(folder: PartyFolder) -> None:
    with pytest.raises(UnavailableError) as caught:
        folder.read_api_token()
    assert caught.value.code == "folder.no_token"
    folder.write_api_token("secret")
    assert folder.read_api_token() == "secret"
    assert folder.api_token.stat().st_mode & 0o777 == 0o600


def test_a_second_process_is_refused_and_told_who_is_there(folder: PartyFolder) -> None:
    with folder.lock():
        with pytest.raises(MisuseError) as caught:
            folder.lock()
        assert caught.value.code == "folder.in_use"
        assert str(os.getpid()) in caught.value.message
    folder.lock().release()


def test_the_lock_of_a_killed_process_is_free(folder: PartyFolder) -> None:
    code = (
        "import sys, os; from pathlib import Path; from comity.storage.folder import FolderLock;"
        f"lock = FolderLock(Path({str(folder.lock_file)!r})); os.write(1, b'locked');"
        "sys.stdin.read()"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(root / "src")},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(6) == b"locked"
        with pytest.raises(MisuseError):
            folder.lock()
        process.kill()
        process.wait()
    folder.lock().release()


def test_a_folder_that_cannot_be_locked_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnavailableError) as caught:
        FolderLock(tmp_path / "missing" / "lock")
    assert caught.value.code == "folder.not_lockable"

    def unsupported(_number: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(UnavailableError) as caught:
        FolderLock(tmp_path / "lock")
    assert caught.value.code == "folder.not_lockable"
