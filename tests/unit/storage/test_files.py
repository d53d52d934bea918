"""Files that are stored are whole, named by what they hold, and there after a crash."""

import errno
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from comity.foundation.errors import MisuseError, PeerError, UnavailableError
from comity.storage import files as module
from comity.storage.files import BodyFiles, PayloadFiles, write_durably

CONTENT = b"what was agreed" * 1000
NAME = sha256(CONTENT).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> PayloadFiles:
    return PayloadFiles.open(tmp_path / "payloads")


def test_a_file_comes_back_whole_under_its_digest(files: PayloadFiles) -> None:
    with files.writer() as writer:
        for at in range(0, len(CONTENT), 1000):
            writer.write(CONTENT[at : at + 1000])
        assert writer.size == len(CONTENT)
        stored = writer.commit(NAME)
    assert (stored.name, stored.bytes) == (NAME, len(CONTENT))
    assert files.exists(NAME)
    assert files.size(NAME) == len(CONTENT)
    assert files.read(NAME) == CONTENT
    assert b"".join(files.chunks(NAME, start=10)) == CONTENT[10:]
    assert list(files.names()) == [NAME]
    assert files.path(NAME).stat().st_mode & 0o077 == 0


def test_the_same_content_twice_is_one_file(files: PayloadFiles) -> None:
    assert files.write(CONTENT) == files.write(CONTENT, expected=NAME) == NAME
    assert list(files.names()) == [NAME]


def test_what_is_not_what_was_announced_is_not_kept(files: PayloadFiles) -> None:
    with pytest.raises(PeerError) as caught:
        files.write(CONTENT + b"x", expected=NAME)
    assert caught.value.code == "files.digest"
    assert list(files.folder.iterdir()) == []


def test_what_is_too_large_stops_in_the_middle(files: PayloadFiles) -> None:
    with files.writer(bytes_max=10) as writer:
        writer.write(b"12345")
        with pytest.raises(PeerError) as caught:
            writer.write(b"678901")
    assert caught.value.code == "files.too_large"
    assert list(files.folder.iterdir()) == []


def test_what_a_crash_left_half_written_is_swept_away(files: PayloadFiles) -> None:
    files.write(CONTENT)
    left = files.writer()
    left.write(b"half")
    assert len(list(files.folder.iterdir())) == 2
    PayloadFiles.open(files.folder)
    assert list(files.folder.iterdir()) == [files.path(NAME)]
    left.drop()
    left.drop()


def test_a_file_is_finished_once(files: PayloadFiles) -> None:
    with files.writer() as writer:
        writer.commit()
        with pytest.raises(MisuseError) as caught:
            writer.commit()
    assert caught.value.code == "files.finished"


@pytest.mark.parametrize("name", ["", "../" + NAME, NAME.upper(), NAME[1:], "x" * 64])
def test_no_name_leads_out_of_the_folder(files: PayloadFiles, name: str) -> None:
    for call in (files.path, files.read, files.exists, files.delete):
        with pytest.raises(MisuseError) as caught:
            call(name)
        assert caught.value.code == "files.name"


def test_a_lost_file_is_named(files: PayloadFiles) -> None:
    with pytest.raises(MisuseError) as caught:
        files.read(NAME)
    assert caught.value.code == "files.missing"
    assert not files.delete(NAME)


def test_a_deleted_file_is_gone(files: PayloadFiles) -> None:
    files.write(CONTENT)
    assert files.delete(NAME)
    assert not files.exists(NAME)


def test_bodies_have_a_smaller_bound_than_payloads(tmp_path: Path) -> None:
    assert BodyFiles.open(tmp_path / "bodies").BYTES_MAX < PayloadFiles.BYTES_MAX


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "files.full"), (errno.EIO, "files.failed")]
)
@pytest.mark.parametrize(
    "place", ["os.fsync", "tempfile.mkstemp", "Path.replace", "write"], ids=str
)
def test_a_failing_disk_leaves_no_half_file(
    files: PayloadFiles,
    monkeypatch: pytest.MonkeyPatch,
    *,
    place: str,
    number: int,
    code: str,
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    if place == "write":
        monkeypatch.setattr(module, "CHUNK_BYTES", 16)
        monkeypatch.setattr("comity.storage.files.os.fdopen", lambda *_a, **_k: FullFile())
    else:
        monkeypatch.setattr(f"comity.storage.files.{place}", fail)
    FullFile.number = number
    with pytest.raises(UnavailableError) as caught:
        files.write(CONTENT)
    assert caught.value.code == code
    monkeypatch.undo()
    assert list(files.names()) == []
    PayloadFiles.open(files.folder)
    assert list(files.folder.iterdir()) == []


class FullFile:
    number = errno.ENOSPC

    def write(self, _data: bytes) -> None:
        raise OSError(self.number, os.strerror(self.number))

    def close(self) -> None:
        self.write(b"")


def deny_open(files: PayloadFiles) -> object:
    return PayloadFiles.open(files.path(NAME) / "below a file")


def deny_read(files: PayloadFiles) -> object:
    files.path(NAME).unlink()
    files.path(NAME).mkdir()
    return files.read(NAME)


def deny_delete(files: PayloadFiles) -> object:
    files.path(NAME).unlink()
    files.path(NAME).mkdir()
    return files.delete(NAME)


@pytest.mark.parametrize("call", [deny_open, deny_read, deny_delete])
def test_what_cannot_be_used_is_said(
    files: PayloadFiles, call: Callable[[PayloadFiles], object]
) -> None:
    files.write(CONTENT)
    with pytest.raises(UnavailableError) as caught:
        call(files)
    assert caught.value.code == "files.failed"


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "marks.json"
    write_durably(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600

    def fail(_number: int) -> None:
        raise OSError(errno.EIO, "disk")

    monkeypatch.setattr("comity.storage.files.os.fsync", fail)
    with pytest.raises(UnavailableError):
        write_durably(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_what_came_before_a_cut_is_gone_on_with(files: PayloadFiles) -> None:
    for start in range(0, len(CONTENT), 4000):
        with files.kept_writer("transfer 1", bytes_max=len(CONTENT)) as writer:
            assert writer.size == start
            assert writer.sha256 == sha256(CONTENT[:start]).hexdigest()
            writer.write(memoryview(CONTENT)[start : start + 4000])
        PayloadFiles.open(files.folder)
    with files.kept_writer("transfer 1", bytes_max=len(CONTENT)) as writer:
        assert writer.commit(NAME).bytes == len(CONTENT)
    assert list(files.folder.iterdir()) == [files.path(NAME)]
    assert files.path(NAME).stat().st_mode & 0o077 == 0


def test_what_came_can_be_dropped_and_begun_anew(files: PayloadFiles) -> None:
    with files.kept_writer("transfer 1", bytes_max=100) as writer:
        writer.write(b"wrong")
        writer.restart()
        assert (writer.size, writer.sha256) == (0, sha256(b"").hexdigest())
        writer.write(b"right")
        writer.keep()
    with files.kept_writer("transfer 1", bytes_max=4) as writer:
        assert writer.size == 0, "more than may come is no beginning"
        writer.drop()
    assert list(files.folder.iterdir()) == []


def test_only_what_is_still_wanted_stays(files: PayloadFiles) -> None:
    for key in ("one", "two", "three"):
        with files.kept_writer(key, bytes_max=100) as writer:
            writer.write(b"half")
    files.forget("three")
    files.forget("never there")
    files.forget_all_but(["one"])
    assert list(files.folder.iterdir()) == [files.kept_path("one")]


def test_a_failing_disk_is_said_where_a_pull_goes_on(
    files: PayloadFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.folder.rename(files.folder.parent / "gone")
    with pytest.raises(UnavailableError) as caught:
        files.kept_writer("one", bytes_max=100)
    assert caught.value.code == "files.failed"
    (files.folder.parent / "gone").rename(files.folder)
    with files.kept_writer("one", bytes_max=100) as writer:

        def fail(*_given: object) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(UnavailableError):
            writer.commit()
        monkeypatch.undo()
    assert files.kept_path("one").exists(), "nothing that came is lost"
