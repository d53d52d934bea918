"""A mandate holder edits the red lines as they are kept, and learns which line is wrong."""

import pytest

from comity.agreements.redlines import parse_toml
from comity.agreements.redlines_file import lines_toml, read_lines
from comity.foundation.errors import MisuseError

FILE = """[[redline]]
id = "term"
kind = "field"
severity = "amber"
sentence = "No more than \\"ten\\" years"
field = "term"
test = "at_most"
value = "P10Y"

[[redline]]
id = "others"
kind = "field"
severity = "red"
sentence = "C:\\\\ and \\u007f"
field = "third_parties"
test = "equals"
value = {relations = "unaffected", deep = [1, true, "x"]}

[[redline]]
id = "words"
kind = "forbid_wording"
severity = "note"
sentence = "nothing exclusive"
patterns = ["exclusive*", "sole right"]

[[redline]]
id = "keep"
kind = "keep"
severity = "red"
sentence = "keep the free hand"
label = "Article 3"
wordings = ["does not affect"]
"""


def test_the_kept_red_lines_come_back_as_the_file_that_is_edited() -> None:
    lines = parse_toml(FILE.encode())
    assert parse_toml(lines_toml(lines).encode()) == lines
    assert read_lines(FILE.replace("\n", "\r\n")) == lines
    assert lines_toml(()) == ""


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('id = "others"\n', "id = others\n", "redlines.file", 11),
        (
            'severity = "red"\nsentence = "C',
            'severity = "blue"\nsentence = "C',
            "redlines.severity",
            10,
        ),
        ('id = "keep"', 'id = "term"', "redlines.twice", 26),
        ('kind = "keep"', 'kind = "hold"', "redlines.kind", 26),
        (
            '[[redline]]\nid = "term"',
            'other = 1\n[[redline]]\nid = "term"',
            "redlines.tables",
            None,
        ),
        ("[[redline]]", "[[rule]]", "redlines.tables", None),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(
    old: str, new: str, code: str, line: int | None
) -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines(FILE.replace(old, new))
    assert (caught.value.code, caught.value.facts.get("line")) == (code, line)


def test_a_file_beyond_all_bounds_is_refused_without_being_read_again() -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines("x" * (2 << 20))
    assert (caught.value.code, caught.value.facts) == ("redlines.size", {})


@pytest.mark.parametrize("value", ["1979-05-27", "1.5", "99999999999999999999", "[1, 1.5]"])
def test_a_value_that_only_toml_knows_is_refused_before_it_is_kept(value: str) -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines(FILE.replace('[1, true, "x"]', value))
    assert (caught.value.code, caught.value.facts["line"]) == ("redlines.value", 10)


def test_a_file_nested_without_end_is_refused() -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines("redline = " + "[" * 100_000)
    assert caught.value.code == "redlines.deep"


def test_a_table_written_inline_has_no_head_to_point_at() -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines('redline = [{id = "x"}]')
    assert "line" not in caught.value.facts


def test_an_error_at_the_end_of_the_file_has_no_line() -> None:
    with pytest.raises(MisuseError) as caught:
        read_lines("a = ")
    assert caught.value.code == "redlines.file"
