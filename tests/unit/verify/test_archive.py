"""If this breaks, evidence cannot be packed twice alike, or a hostile archive does harm."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256

import pytest

from comity.foundation.errors import MisuseError, PeerError
from comity.verify import archive, read_archive, verify_archive, write_archive

FILES = {"a/one.txt": b"one", "b.bin": bytes(range(256)), "empty": b""}


def packed(
    *members: tuple[str, bytes],
    method: int = zipfile.ZIP_STORED,
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
) -> bytes:
    """Return an archive as other tools make it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in members:
            info = zipfile.ZipInfo(name, date_time=(2026, 11, 23, 12, 0, 0))
            info.compress_type = method
            change(info)
            made.writestr(info, data)
    return buffer.getvalue()


def test_equal_files_make_equal_archives_in_whatever_order_they_come() -> None:
    one = write_archive(FILES)
    assert one == write_archive(dict(reversed(FILES.items())))
    assert sha256(one).hexdigest() == (
        "da78001cbf909ad28b5c6e0fb74eb276aab64871b4ea874184e9947ba9f47470"
    ), "the bytes of the container are part of the format"


def test_what_is_packed_comes_out_with_a_manifest_and_a_changed_archive_gets_a_new_one() -> None:
    files = read_archive(write_archive(FILES))
    assert {name: files[name] for name in FILES} == FILES
    assert archive.differences(files) == []
    files["b.bin"] = b"other"
    again = read_archive(write_archive(files))
    assert archive.differences(again) == []
    assert again["manifest.json"] != files["manifest.json"]


def test_an_archive_that_other_tools_packed_again_is_as_good() -> None:
    files = read_archive(write_archive(FILES))
    deflated = packed(*files.items(), ("a/", b""), method=zipfile.ZIP_DEFLATED)
    assert read_archive(deflated) == files


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../up", "a/../b", "a//b", ".hidden", "a/.b", "a\\b", "a b", "é", "x" * 201],
)
def test_a_name_that_leads_out_or_hides_is_neither_written_nor_read(name: str) -> None:
    with pytest.raises(MisuseError) as written:
        write_archive({name: b""})
    assert written.value.code == "verify.file_name"
    with pytest.raises(PeerError) as read:
        read_archive(packed((name, b"")))
    assert read.value.code in {"verify.archive_name", "verify.archive_file"}


def link(info: zipfile.ZipInfo) -> None:
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "verify.archive_form"),
        (b"PK\x05\x06", "verify.archive_form"),
        (b"no archive at all, but long enough to be one", "verify.archive_form"),
        (write_archive(FILES) + b"more", "verify.archive_form"),
        (write_archive(FILES)[:-1], "verify.archive_form"),
        (packed(("a", b"1"), change=link), "verify.archive_kind"),
        (packed(("a", b"1"), method=zipfile.ZIP_BZIP2), "verify.archive_kind"),
        (packed(("a", b"1"), ("A", b"2")), "verify.archive_twice"),
        (packed(("a", bytes(8 << 20)), method=zipfile.ZIP_DEFLATED), "verify.archive_unpacked"),
        (packed(("a/", b"a folder with content")), "verify.archive_kind"),
        (write_archive(FILES).replace(b"one", b"two", 1), "verify.archive_file"),
        (write_archive(FILES).replace(b"PK\x01\x02", b"PK\x01\x03"), "verify.archive_file"),
        (write_archive(FILES).replace(b"PK\x03\x04", b"PK\x03\x05"), "verify.archive_file"),
    ],
)
def test_what_is_no_plain_archive_is_refused_and_reported(data: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        read_archive(data)
    assert caught.value.code == code
    report = verify_archive(data, trust=[])
    assert (report.ok, report.where, report.verdict) == (False, None, "failed")


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(("a", b"1"), ("a", b"2"))
    with pytest.raises(PeerError, match="same name"):
        read_archive(data)


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(packed(("a", b"1")))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(PeerError, match="no plain file"):
        read_archive(bytes(data))


def test_more_than_is_read_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = write_archive(FILES)
    monkeypatch.setattr(archive, "ARCHIVE_BYTES_MAX", len(data) - 1)
    with pytest.raises(PeerError) as caught:
        read_archive(data)
    assert caught.value.code == "verify.archive_size"
    many = packed(*((f"f{n}", b"") for n in range(9)))
    monkeypatch.setattr(archive, "FILES_MAX", 8)
    with pytest.raises(PeerError) as caught:
        read_archive(many)
    assert caught.value.code == "verify.archive_bounds"


def test_the_size_in_all_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(("a", bytes(4000)), ("b", bytes(4000)), method=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(archive, "ARCHIVE_BYTES_MAX", 5000)
    with pytest.raises(PeerError) as caught:
        read_archive(data)
    assert caught.value.code == "verify.archive_unpacked"


def test_a_second_directory_for_large_archives_is_refused() -> None:
    data = write_archive(FILES)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    with pytest.raises(PeerError) as caught:
        read_archive(data[:-22] + locator + data[-22:])
    assert caught.value.code == "verify.archive_form"


def test_a_file_that_the_manifest_does_not_describe_is_named() -> None:
    files = read_archive(write_archive(FILES))
    changed = {**files, "b.bin": b"other", "new": b""}
    del changed["empty"]
    assert archive.differences(changed) == [
        ("b.bin", "its size or checksums are not those in manifest.json"),
        ("empty", "it is listed but not there"),
        ("new", "it is not listed in manifest.json"),
    ]


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"", "json.syntax"),
        (b"{}", "verify.manifest"),
        (b'{"files":[],"type":"comity/evidence-manifest","v":1}', "verify.manifest"),
        (b'{"files":{},"type":"comity/evidence-manifest","v":2}', "verify.manifest"),
        (b'{"files":{}, "type":"comity/evidence-manifest","v":1}', "json.not_canonical"),
    ],
)
def test_a_manifest_of_another_form_is_refused(manifest: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        archive.differences({"manifest.json": manifest})
    assert caught.value.code == code
