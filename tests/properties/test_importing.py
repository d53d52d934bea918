"""Nothing is lost: whatever a text looks like, its units print it back. Spec 4.7.1."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from comity.agreements.comparing import changes
from comity.agreements.importing import decode_text, flatten, import_text
from comity.agreements.model import (
    Content,
    content_json,
    in_order,
    order_between,
    orders,
    print_text,
    read_content,
)
from comity.foundation.canonical import canonical, parse
from comity.foundation.errors import ComityError

#: What headings, labels, lists, tables of contents and closings are made of.
_PIECES = (
    "Article 1|ARTICLE IV|## |# |**|\n|\n\n|\n\n\n|1. |(a) |(i) |- |Text goes on.|lower text|"
    "第一条|\u3000\u3000|一、|Chapter I: X|ANNEX|Contents|IN WITNESS WHEREOF|Preamble|\t|...... 3|"
    "   |---|Article 2. Terms|Section 1|\u200f|المادة 1|2.|§ 5|DONE at|为此|Part II|VOTING|>|***|"
    "_|1.1 | |Article 1 - Artículo 1|First Part|\r\n|\r|\ufeff|A.|B.|#|§§|Title"
)
PIECES = st.sampled_from(_PIECES.split("|"))
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map("".join)


def imported_units(data: bytes) -> dict[str, Content] | None:
    numbers = iter(range(1 << 20))
    try:
        imported = import_text(data, name="a text")
    except ComityError:
        return None
    return flatten(imported, new_id=lambda: f"u{next(numbers)}")


def check_nothing_is_lost(data: bytes) -> None:
    units = imported_units(data)
    if units is None:
        return
    text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert decode_text(data, name="a text") == text
    assert print_text(units) == text
    assert in_order(units) == list(units)
    for content in units.values():
        assert read_content(parse(canonical(content_json(content)), bytes_max=1 << 22)) == content


@settings(max_examples=400)
@given(TEXTS)
@example("## المادة 1(a) 一、§§为此\r2.ANNEXPart IIANNEX1.1 _ARTICLE IV# \r\n")
@example("Preamble\n\nx\n\ny\n")
def test_a_text_made_of_headings_and_lists_is_printed_back(text: str) -> None:
    check_nothing_is_lost(text.encode())


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_at_all_is_printed_back_or_refused(text: str) -> None:
    check_nothing_is_lost(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_a_text_or_refused(data: bytes) -> None:
    imported_units(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_charter_with_lines_lost_doubled_and_disturbed_is_printed_back(
    shared_data: Path, data: st.DataObject
) -> None:
    charters = sorted((shared_data / "agreements").glob("un-charter.*.txt"))
    lines = data.draw(st.sampled_from(charters)).read_text(encoding="utf-8").split("\n")
    start = data.draw(st.integers(0, len(lines) - 80))
    part = lines[start : start + 80]
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(part) - 1))
        drawn: list[str] = data.draw(
            st.sampled_from([[], [part[at], part[at]], [part[at][5:]], ["", "", part[at]]])
        )
        part[at : at + data.draw(st.integers(0, 2))] = [*drawn, data.draw(PIECES)]
    check_nothing_is_lost("\n".join(part).encode())


@settings(max_examples=150)
@given(TEXTS)
def test_a_text_that_nobody_edited_has_no_changes(text: str) -> None:
    units = imported_units(text.encode())
    if units is not None:
        made = changes(units, print_text(units).encode(), fields=None, new_id=lambda: "fresh")
        assert made == ()


@settings(max_examples=100)
@given(TEXTS, TEXTS)
def test_the_changes_of_an_edit_make_the_edited_text(first: str, second: str) -> None:
    units, wanted = imported_units(first.encode()), imported_units(second.encode())
    if units is None or wanted is None:
        return
    numbers = iter(range(1 << 20))
    made = changes(units, second.encode(), fields=None, new_id=lambda: f"n{next(numbers)}")
    after = dict(units)
    for change in made:
        after.pop(change.unit, None)
        if change.after is not None:
            after[change.unit] = change.after
    assert print_text(after).split() == print_text(wanted).split()
    assert len({change.unit for change in made}) == len(made)


@given(st.integers(0, 60), st.lists(st.integers(0, 1 << 16), max_size=200))
def test_there_is_always_room_for_one_more_unit(count: int, places: list[int]) -> None:
    keys = orders(count)
    for place in places:
        at = place % (len(keys) + 1)
        before = keys[at - 1] if at else None
        keys.insert(at, order_between(before, keys[at] if at < len(keys) else None))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if key.endswith("0")]
