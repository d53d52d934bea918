"""Units, their digests and their order: what both parties must compute alike. Spec 4.1 to 4.4."""

import attrs
import pytest

from comity.agreements.model import (
    DELETED,
    LAYOUT_CHARACTERS,
    ORDER_CHARS_MAX,
    Content,
    alternative_digest,
    content_json,
    in_order,
    label_path,
    named_fields,
    order_between,
    orders,
    print_text,
    printed,
    read_content,
)
from comity.foundation.canonical import Json, canonical, digest, parse
from comity.foundation.errors import ComityError

CONTENT = Content(
    kind="article",
    label="Article 4",
    heading="Term",
    text="Ten years.",
    layout=("**", "**\n", "\n\n", "\n"),
    parent=None,
    order="i",
    fields={"term": {"value": {"period": "P10Y"}, "quote": "Ten  years"}},
    lang="en",
)


def unit(
    order: str,
    parent: str | None = None,
    *,
    kind: str = "article",
    label: str = "",
    heading: str = "",
) -> Content:
    return Content(
        kind=kind,
        label=label,
        heading=heading,
        text=order,
        layout=("", "", "", ""),
        parent=parent,
        order=order,
        fields={},
        lang="en",
    )


def test_a_content_prints_and_is_read_back_from_its_canonical_bytes() -> None:
    assert printed(CONTENT) == "**Article 4**\nTerm\n\nTen years.\n"
    assert read_content(parse(canonical(content_json(CONTENT)))) == CONTENT
    assert read_content({"deleted": True}) == DELETED
    assert printed(DELETED) == ""
    assert content_json(DELETED) == {"deleted": True}


def test_the_digest_of_an_alternative_covers_words_fields_place_and_unit() -> None:
    expected = digest(canonical({"unit": "u1", "content": content_json(CONTENT)}))
    assert alternative_digest("u1", CONTENT) == expected
    others = [
        alternative_digest("u2", CONTENT),
        alternative_digest("u1", DELETED),
        *(
            alternative_digest("u1", changed)
            for changed in (
                attrs.evolve(CONTENT, text="Six years."),
                attrs.evolve(CONTENT, heading="Duration"),
                attrs.evolve(CONTENT, fields={}),
                attrs.evolve(CONTENT, order="j"),
                attrs.evolve(CONTENT, parent="u7"),
                attrs.evolve(CONTENT, layout=("", "", "", "")),
                attrs.evolve(CONTENT, lang="fr"),
            )
        ),
    ]
    assert len({expected, *others}) == len(others) + 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "clause"}, "text.kind"),
        ({"kind": 3}, "text.kind"),
        ({"label": "Article\n4"}, "text.line"),
        ({"label": "x" * 201}, "text.line"),
        ({"heading": 4}, "text.line"),
        ({"heading": "x" * 2_001}, "text.line"),
        ({"text": None}, "text.text"),
        ({"text": "x" * ((32 << 20) + 1)}, "text.text"),
        ({"layout": ["", "", ""]}, "text.layout"),
        ({"layout": "    "}, "text.layout"),
        ({"layout": ["", "", "", 1]}, "text.layout"),
        ({"layout": ["", " and no more ", "", ""]}, "text.layout"),
        ({"layout": ["", "", "", " " * 10_001]}, "text.layout"),
        ({"parent": "U 1"}, "text.parent"),
        ({"parent": 1}, "text.parent"),
        ({"order": "a0"}, "text.order"),
        ({"order": ""}, "text.order"),
        ({"order": "A"}, "text.order"),
        ({"order": "i" * 201}, "text.order"),
        ({"lang": "English"}, "text.lang"),
        ({"lang": None}, "text.lang"),
        ({"fields": []}, "fields.form"),
        ({"fields": {"term": {"value": {"period": "P10Y"}}}}, "policy.members"),
        ({"fields": {"colour": {"value": {}, "quote": "Ten"}}}, "fields.unknown"),
        ({"fields": {"term": {"value": {"period": "P6Y"}, "quote": "Six"}}}, "fields.quote"),
        ({"more": 1}, "text.members"),
    ],
)
def test_a_content_that_is_not_exactly_the_form_is_refused(
    changed: dict[str, Json], code: str
) -> None:
    with pytest.raises(ComityError) as caught:
        read_content({**content_json(CONTENT), **changed})
    assert caught.value.code == code


@pytest.mark.parametrize("value", [None, "x", {}, {"deleted": False}, {"deleted": 1}])
def test_only_one_spelling_says_deleted(value: Json) -> None:
    with pytest.raises(ComityError) as caught:
        read_content(value)
    assert caught.value.code == "text.members"


def test_no_letter_and_no_digit_can_hide_in_the_layout() -> None:
    assert not [char for char in LAYOUT_CHARACTERS if char.isalnum()]


def test_units_print_below_their_parents_by_order_and_then_by_id() -> None:
    units = {
        "c": unit("b"),
        "a": unit("b"),
        "z": unit("a"),
        "k": unit("b", "z"),
        "j": unit("a", "z"),
        "gone": DELETED,
    }
    assert in_order(units) == ["z", "j", "k", "a", "c"]
    assert print_text(units) == "aabbb"


def test_units_whose_parents_are_gone_or_in_a_circle_are_still_printed() -> None:
    units = {
        "orphan": unit("b", "nobody"),
        "left": unit("c", "gone"),
        "gone": DELETED,
        "r2": unit("a", "r1"),
        "r1": unit("a", "r2"),
        "self": unit("a", "self"),
        "top": unit("a"),
    }
    assert in_order(units) == ["top", "orphan", "left", "r1", "r2", "self"]


def test_order_keys_leave_room_between_any_two() -> None:
    keys = orders(3)
    assert keys == sorted(keys)
    assert orders(0) == []
    low, high = keys[0], keys[1]
    for _ in range(100):
        middle = order_between(low, high)
        assert low < middle < high
        assert not middle.endswith("0")
        high = middle
    last: str | None = None
    for _ in range(200):
        following = order_between(last, None)
        assert last is None or last < following
        last = following
    assert last is not None
    assert len(last) < 20


@pytest.mark.parametrize(
    ("before", "after"),
    [("b", "a"), ("a", "a"), ("", ""), ("a" * ORDER_CHARS_MAX, "a" * ORDER_CHARS_MAX + "1"),
     ("z" * 300, None)],
)  # fmt: skip  # a case is a line
def test_no_key_is_made_where_there_is_no_room(before: str, after: str | None) -> None:
    with pytest.raises(ComityError) as caught:
        order_between(before, after)
    assert caught.value.code == "text.order_room"


def test_a_unit_is_named_from_its_article_down() -> None:
    units = {
        "c": unit("a", kind="chapter", label="Chapter I"),
        "a": unit("a", "c", kind="article", label="Article 4"),
        "p": unit("a", "a", kind="paragraph", label="2."),
        "i": unit("a", "p", kind="item", label="(a)"),
        "n": unit("b", "a", kind="paragraph"),
        "h": unit("c", kind="section", heading="Voting"),
        "lost": unit("c", "nobody", kind="item", label="(x)"),
    }
    names = [label_path(units, each) for each in units]
    assert names == [
        "Chapter I",
        "Article 4",
        "Article 4 2.",
        "Article 4 2. (a)",
        "Article 4 paragraph",
        "Voting",
        "(x)",
    ]


def test_fields_are_found_by_name_in_printed_order() -> None:
    units = {"b": attrs.evolve(CONTENT, order="b"), "a": CONTENT, "c": unit("c"), "d": DELETED}
    found = named_fields({**units, "a": attrs.evolve(CONTENT, order="c")}, "term")
    assert [each for each, _ in found] == ["b", "a"]
    assert found[0][1] == {"period": "P10Y"}
