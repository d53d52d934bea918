"""Whoever reads a list page by page gets every row once, whatever comes and goes meanwhile."""

import msgspec
import pytest

from comity.api.operations import BY_NAME, OPERATIONS
from comity.api.paging import LISTS, ROWS_MAX, Page, page_of
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError

ITEMS = BY_NAME["items"]


def rows(*ids: int) -> JsonObject:
    return {"items": [{"id": f"i{number}", "title": "t"} for number in ids], "other": 1}


def page(answer: JsonObject, cursor: object = "", limit: int = 2) -> tuple[list[str], Json]:
    made = page_of(ITEMS, Page(limit=limit, cursor=str(cursor)), answer)
    found = made["items"]
    assert isinstance(found, list)
    assert made["other"] == 1
    assert made["total"] == len(answer["items"])  # type: ignore[arg-type]  # the list above
    return [row["id"] for row in found if isinstance(row, dict)], made["next"]


def test_all_rows_come_once_and_the_last_page_says_so() -> None:
    answer = rows(1, 2, 3, 4, 5)
    first, cursor = page(answer)
    second, cursor = page(answer, cursor)
    third, end = page(answer, cursor)
    assert [first, second, third, end] == [["i1", "i2"], ["i3", "i4"], ["i5"], None]
    assert page(rows()) == ([], None)
    assert page(answer, limit=5) == (["i1", "i2", "i3", "i4", "i5"], None)


def test_rows_that_come_or_go_meanwhile_hide_and_repeat_none() -> None:
    _, cursor = page(rows(1, 2, 3, 4))
    assert page(rows(9, 1, 2, 3, 4), cursor)[0] == ["i3", "i4"]
    assert page(rows(2, 3, 4), cursor)[0] == ["i3", "i4"]
    assert page(rows(1, 3, 4), cursor)[0] == ["i3", "i4"]  # gone: from where it stood
    assert page(rows(), cursor) == ([], None)


@pytest.mark.parametrize("cursor", ["x", "!", "A" * 40, base64url.encode(b"0" * 8 + b"[]")])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(MisuseError) as caught:
        page(rows(1, 2, 3), cursor)
    assert caught.value.code == "api.cursor"


def test_a_cursor_of_another_list_is_refused() -> None:
    _, cursor = page(rows(1, 2, 3))
    with pytest.raises(MisuseError) as caught:
        page_of(BY_NAME["tokens"], Page(cursor=str(cursor)), {"tokens": []})
    assert caught.value.code == "api.cursor"


def test_what_is_no_list_is_left_alone() -> None:
    answer = rows(1, 2, 3)
    assert page_of(BY_NAME["status"], BY_NAME["status"].request(), answer) is answer


def test_every_list_takes_a_page_of_bounded_size() -> None:
    assert {operation.name for operation in OPERATIONS if operation.rows} == set(LISTS)
    for name in LISTS:
        fields = {field.name: field for field in msgspec.structs.fields(BY_NAME[name].request)}
        assert fields["limit"].default == ROWS_MAX
        assert fields["cursor"].default == ""
