"""What a negotiator sees in a redline: every word that differs, and nothing that does not."""

import time

import attrs
import pytest

from comity.agreements.differing import differences, word_runs
from comity.agreements.model import DELETED, Content, orders
from support.talks import content, field


def shown(before: str, after: str) -> str:
    """Return the runs as people write a redline by hand."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(signs[run.what].format(run.words) for run in word_runs(before, after))


@pytest.mark.parametrize(
    ("before", "after", "redline"),
    [
        ("", "", ""),
        ("a b c", "a b c", "a b c"),
        ("", "a b", "{+a b+}"),
        ("a b", "", "[-a b-]"),
        ("ten years.", "five years.", "[-ten -]{+five +}years."),
        ("the Parties", "both  Parties\nagree", "[-the -]{+both  +}Parties\n{+agree+}"),
        ("a  b\n", "a b", "a b"),
        ("a, b; c", "a; b; c", "a[-, -]{+; +}b; c"),
        ("x a y b z", "x 1 y 2 z", "x [-a -]{+1 +}y [-b -]{+2 +}z"),
        ("双方应当合作", "双方可以合作", "双方[-应当-]{+可以+}合作"),
        ("ความร่วมมือ ดี", "ความร่วมใจ ดี", "ความร่วม[-มือ -]{+ใจ +}ดี"),
        ("يتعاون الطرفان", "يتشاور الطرفان", "[-يتعاون -]{+يتشاور +}الطرفان"),
        ("राज्य पक्ष", "राज्य दल", "राज्य [-पक्ष-]{+दल+}"),
        ("a \u202eb", "a b", "a [-\u202eb-]{+b+}"),
    ],
)
def test_a_redline_shows_the_words_that_differ_and_no_others(
    before: str, after: str, redline: str
) -> None:
    assert shown(before, after) == redline


def test_a_long_stretch_without_likeness_is_shown_as_a_whole_at_once() -> None:
    before = " ".join(f"x{number % 7}" for number in range(20_000))
    after = " ".join(f"y{number % 5} x{number % 3}" for number in range(10_000))
    started = time.perf_counter()
    runs = word_runs(f"Same. {before} end", f"Same. {after} end")
    assert time.perf_counter() - started < 2
    assert [run.what for run in runs] == ["same", "gone", "new", "same"]


def text(*said: str | None, **more: object) -> dict[str, Content]:
    """Return a text of articles u0, u1, ... in order; None: that unit is not there."""
    places = orders(len(said))
    return {
        f"u{number}": content(each, label=f"Article {number}", order=places[number], **more)
        for number, each in enumerate(said)
        if each is not None
    }


def test_units_that_come_go_change_and_move_are_told_apart_and_others_left_out() -> None:
    before = text("zero", "one", "two", "three", "four", "five")
    after = {**text("zero", None, "two", "3", "four", "five"), **text(*"xxxxxxx")}
    after |= {unit: before[unit] for unit in ("u0", "u2", "u4")}
    after["u3"] = content("3", label="Article 3", order=before["u3"].order)
    after["u4"] = attrs.evolve(before["u4"], order="zz")
    after["u5"] = DELETED
    del after["u1"]
    found = [(each.unit, each.kind, each.label) for each in differences(before, after)]
    assert found == [
        ("u1", "removed", "Article 1"),
        ("u3", "changed", "Article 3"),
        ("u6", "added", "Article 6"),
        ("u4", "moved", "Article 4"),
        ("u5", "removed", "Article 5"),
    ]


def test_what_is_gone_before_the_first_unit_comes_first() -> None:
    before, after = text("zero", "one"), text(None, "one")
    assert [each.unit for each in differences(before, after | {"u1": before["u1"]})] == ["u0"]


def test_white_space_alone_is_no_difference() -> None:
    before = {"u0": content("a b\n"), "u1": content("c", layout=("", "", "\n", "\n"))}
    after = {"u0": content("a  b"), "u1": content("c", layout=("", "", "\n\n", "\n"))}
    assert differences(before, after) == ()


def test_a_unit_shows_its_heading_and_words_as_a_redline_and_its_fields_in_plain_words() -> None:
    ten = field("ten years", period="P10Y")
    before = {"u0": content("For ten years.", label="Article 7", heading="Term")}
    before = {"u0": attrs.evolve(before["u0"], fields={"term": ten})}
    after = {"u0": attrs.evolve(before["u0"], text="For ten years and more.", heading="Duration")}
    five = attrs.evolve(before["u0"], fields={"term": field("ten years", period="P5Y")})
    (said,) = differences(before, after)
    assert [(run.what, run.words.strip()) for run in said.runs()] == [
        ("same", "Article 7"),
        ("gone", "Term"),
        ("new", "Duration"),
        ("same", "For ten years"),
        ("new", "and more"),
        ("same", "."),
    ]
    assert (said.fields_gone({}), said.fields_new({})) == ((), ())
    (laid,) = differences(before, {"u0": five})
    assert laid.kind == "changed"
    assert laid.fields_gone({}) == ("Term: 10 years.",)
    assert laid.fields_new({}) == ("Term: 5 years.",)
    (gone,) = differences(before, {})
    assert gone.fields_gone({}) == ("Term: 10 years.",)
    assert gone.fields_new({}) == ()
    (come,) = differences({}, before)
    assert come.fields_new({}) == ("Term: 10 years.",)
    assert "".join(run.words for run in come.runs()) == "Article 7 Term\nFor ten years."
