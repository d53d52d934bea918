"""The generator of the page of errors finds every code and every broken rule."""

from pathlib import Path

import pytest

import errors_reference

HEAD = '"""Doc."""\nfrom comity.foundation.errors import MisuseError, PeerError, RefusedError\n'


def collect(folder: Path, **modules: str) -> errors_reference.Found:
    package = folder / "comity"
    package.mkdir()
    for name, text in modules.items():
        (package / f"{name}.py").write_text(HEAD + text, encoding="utf-8")
    return errors_reference.collect(folder)


LATE_CLASS = """
class LateError(RefusedError):
    def __init__(self, due):
        super().__init__("a.late", f"Due {due}.")
raise LateError(3)
"""
FROM_A_TABLE = """
CODES = {404: "a.table"}
def go(n):
    code = CODES[n]
    raise PeerError(code, "No.")
"""
HANDED_ON = """
def fail(what, code):
    return PeerError(code, f"{what} fails.")
raise fail("x", "a.b")
"""
HANDED_ON_WITH_ITS_MESSAGE = """
def need(ok, *, code, text):
    if not ok:
        raise PeerError(code, text)
def go(n):
    need(n, code="a.b", text=f"{n} is bad.")
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('raise PeerError("a.b", f"{x!r} came.")', ("a.b", "peer", "{x} came.")),
        ('raise MisuseError(code="a.b", message="No.")', ("a.b", "misuse", "No.")),
        ('raise PeerError("a.b", "One " + f"{two}.")', ("a.b", "peer", "One {two}.")),
        (LATE_CLASS, ("a.late", "refused", "Due {due}.")),
        (FROM_A_TABLE, ("a.table", "peer", "No.")),
        (HANDED_ON, ("a.b", "peer", "")),
        (HANDED_ON_WITH_ITS_MESSAGE, ("a.b", "peer", "{n} is bad.")),
    ],
)
def test_each_way_to_make_an_error_is_found(
    tmp_path: Path, text: str, expected: tuple[str, str, str]
) -> None:
    found = collect(tmp_path, one=text + "\n")
    assert not found.problems
    assert [(row.code, row.family, row.message) for row in found.rows] == [expected]


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ('raise PeerError(f"a.{x}", "No.")', "", "no constant"),
        ('raise PeerError("a.b", "1")', 'raise PeerError("a.b", "2")', "one code, one room"),
        ('raise PeerError("a.b", "1")\nraise MisuseError("a.b", "1")', "", "two families"),
        ('raise PeerError("Late", "1")', "", "form room.what"),
    ],
)
def test_a_code_that_breaks_a_rule_is_told(
    tmp_path: Path, first: str, second: str, says: str
) -> None:
    found = collect(tmp_path, one=first + "\n", two=second + "\n")
    assert [problem for problem in found.problems if says in problem]


def test_a_code_stands_once_on_the_page(tmp_path: Path) -> None:
    found = collect(tmp_path, one='raise PeerError("a.b", "1")\nraise PeerError("a.b", "2 | 3")\n')
    text = errors_reference.page(found)
    assert text.count("`a.b`") == 1
    assert "1 · 2 \\| 3" in text
