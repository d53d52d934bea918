"""A tag stands for one answer, whatever the order of its members."""

import pytest

from comity.protocols.etags import among, etag_of


def test_equal_answers_have_one_tag_and_others_another() -> None:
    tag = etag_of({"a": 1, "b": ["x"]})
    assert tag == etag_of({"b": ["x"], "a": 1})
    assert tag != etag_of({"a": 1, "b": ["y"]})
    assert tag[0] == tag[-1] == '"'


@pytest.mark.parametrize("header", ['"a"', '"b", "a"', "*", " * "])
def test_a_condition_names_tags_as_http_writes_them(header: str) -> None:
    assert among('"a"', header)


@pytest.mark.parametrize("header", ['W/"a"', "", '"b"', "a", '"a'])
def test_another_tag_is_no_condition_that_holds(header: str) -> None:
    assert not among('"a"', header)
