"""What the demonstration concludes from: a search that finds, an edit in the right place."""

import base64
import gzip
import importlib
import io
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

DEMO: Final = Path(__file__).resolve().parents[2] / "demo"
SECRET: Final = "nothing that conditions our relations with others"

Part = Callable[[str], ModuleType]


@pytest.fixture
def part() -> Iterator[Part]:
    """Import a module of the demonstration, which is no package and stands beside the product."""
    before = set(sys.modules)
    sys.path.insert(0, str(DEMO))
    yield importlib.import_module
    sys.path.remove(str(DEMO))
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if Path(file).parent == DEMO:
            del sys.modules[name]


def zipped(data: bytes) -> bytes:
    """Return an archive in which the data stand deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("words.txt", data)
    return buffer.getvalue()


HIDDEN: Final = {
    "as it is": SECRET.encode(),
    "in capitals": SECRET.upper().encode(),
    "UTF-16, one way": SECRET.encode("utf-16-le"),
    "UTF-16, the other way": SECRET.encode("utf-16-be"),
    "hexadecimal": SECRET.encode().hex().encode(),
    "hexadecimal in capitals": SECRET.encode().hex().upper().encode(),
    "in an address": SECRET.replace(" ", "%20").encode(),
    "in a form": SECRET.replace(" ", "+").encode(),
    "Base64": base64.b64encode(SECRET.encode()),
    "Base64, one byte on": base64.b64encode(b"x" + SECRET.encode() + b"yz"),
    "Base64, two bytes on": base64.b64encode(b"xy" + SECRET.encode() + b"z"),
    "Base64 for addresses": base64.urlsafe_b64encode(b"\xff\xfe" + SECRET.encode()),
    "gzip": gzip.compress(SECRET.encode() * 9),
    "zlib": zlib.compress(SECRET.encode() * 9),
    "zip": zipped(SECRET.encode() * 9),
    "gzip in Base64": b'{"a":"' + base64.b64encode(gzip.compress(SECRET.encode() * 9)) + b'"}',
    "gzip in zip": zipped(gzip.compress(SECRET.encode() * 9)),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_secret_is_found_however_it_is_written_down(part: Part, tmp_path: Path, how: str) -> None:
    search = part("search")
    deep = tmp_path / "deep" / "down"
    deep.mkdir(parents=True)
    (deep / "file.bin").write_bytes(HIDDEN[how])
    (tmp_path / "other.txt").write_bytes(b"anything that concerns their affairs with us")
    assert search.find([SECRET], [tmp_path]) == [str(deep / "file.bin")]


@pytest.mark.parametrize("how", HIDDEN)
def test_a_secret_is_found_in_a_database(part: Part, tmp_path: Path, how: str) -> None:
    search = part("search")
    database = sqlite3.connect(tmp_path / "comity.db")
    with database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE house (name TEXT, value BLOB)")
        database.execute("CREATE TABLE empty (name TEXT)")
        database.execute("INSERT INTO house VALUES (?, ?)", ("a", HIDDEN[how]))
    found = search.find([SECRET], [tmp_path])
    database.close()
    assert f"{tmp_path / 'comity.db'}, table house" in found
    assert not any(where.endswith("table empty") for where in found)


def test_nothing_is_found_where_nothing_is(part: Part, tmp_path: Path) -> None:
    search = part("search")
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "empty").touch()
    assert search.find([SECRET, "free-hand-0123abcd"], [tmp_path, tmp_path / "missing"]) == []


def test_a_secret_on_the_edge_of_two_parts_of_a_large_file_is_found(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = part("search")
    monkeypatch.setattr(search, "WHOLE_BYTES_MAX", 1000)
    (tmp_path / "large").write_bytes(b"." * 980 + SECRET.encode() + b"." * 3000)
    assert search.find([SECRET], [tmp_path]) == [str(tmp_path / "large")]


def test_an_edit_changes_the_unit_it_means_where_words_stand_twice(part: Part) -> None:
    texts = part("texts")
    term = {"term": {"value": {"period": "P10Y"}, "quote": "ten years"}}
    shown = {
        "units": [
            unit("u1", "Article 1", "It lasts ten years.\n", {}),
            unit("u2", "Article 2", "It lasts ten years.\n", term),
        ]
    }
    text = "Article 1\nIt lasts ten years.\nArticle 2\nIt lasts ten years.\n"
    fields = '["Article 2".term]\nperiod = "P10Y"\nquote = "ten years"\n'
    edit = texts.shorter(shown, "u2", "term", first="P5Y=five years", second="P3Y=three years")
    made, table = texts.edited(text, fields, shown=shown, edits=[edit])
    assert made == "Article 1\nIt lasts ten years.\nArticle 2\nIt lasts five years.\n"
    assert 'period = "P5Y"' in table
    assert 'quote = "five years"' in table


def unit(name: str, label: str, words: str, fields: object) -> dict[str, object]:
    """Return a unit as ``comity agreement show --json`` prints it."""
    wording = {"text": words, "fields": fields}
    return {"unit": name, "label": label, "fields": fields, "alternatives": [wording]}


@pytest.mark.parametrize(
    "words", ["a line that is longer than one column", "第一条　本宪章之宗旨与原则"]
)
def test_no_line_is_wider_than_the_screen(part: Part, words: str) -> None:
    screens = part("screen")
    out = io.StringIO()
    screen = screens.Screen(out=out)
    screen.sides([f"+ {words} {words} {words}"], [f"    {words} {words} {words}"])
    lines = out.getvalue().splitlines()
    assert len(lines) > 1
    assert all(screens._wide(line) <= screen.width for line in lines)
    assert "".join(out.getvalue().split()).count(words[-3:]) >= 2


@pytest.mark.parametrize(
    ("took_s", "opens_and_lasts"), [(0.4, (4, 3)), (1.9, (4, 3)), (11.2, (23, 12))]
)
def test_a_slow_machine_gets_a_window_in_which_it_can_sign(
    part: Part, took_s: float, opens_and_lasts: tuple[int, int]
) -> None:
    """Else the demonstration ends in its fourth chapter, where a newcomer's machine is busy."""
    assert part("concluding").first_window(took_s) == opens_and_lasts
