"""Which part of a file is asked for and which one came. Source: RFC 9110 sections 13.1.5 and 14."""

import pytest

from comity.foundation.errors import PeerError
from comity.sharing.ranges import (
    Asked,
    Behind,
    Part,
    Span,
    Whole,
    asked,
    etag_of,
    given,
    length,
    repr_digest,
)

ETAG = etag_of("ab" * 32)
ALL = Whole(Span(0, 100))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        (None, ALL),
        ("", ALL),
        ("bytes=0-", Part(Span(0, 100))),
        ("bytes=0-0", Part(Span(0, 1))),
        ("bytes=40-", Part(Span(40, 100))),
        (" Bytes=40-59 ", Part(Span(40, 60))),
        ("bytes=40-5000", Part(Span(40, 100))),
        ("bytes=99-", Part(Span(99, 100))),
        ("bytes=100-", Behind()),
        ("bytes=100-200", Behind()),
        ("bytes=-10", Part(Span(90, 100))),
        ("bytes=-1000", Part(Span(0, 100))),
        ("bytes=-0", Behind()),
        ("bytes=-", ALL),
        ("bytes=60-40", ALL),
        ("bytes=0-1,5-6", ALL),
        ("bytes=+1-2", ALL),
        ("bytes=1_0-", ALL),
        ("bytes=٣-", ALL),
        ("lines=1-2", ALL),
        ("bytes=" + "9" * 19 + "-", ALL),
    ],
)
def test_a_range_gives_just_the_bytes_it_names(said: str | None, means: Asked) -> None:
    headers = {} if said is None else {"range": said}
    assert asked(headers, size=100, etag=ETAG) == means


@pytest.mark.parametrize(
    ("tag", "means"), [(ETAG, Part(Span(40, 100))), ('"other"', ALL), (f"W/{ETAG}", ALL), ("", ALL)]
)
def test_a_part_of_something_else_is_never_joined(tag: str, means: Asked) -> None:
    assert asked({"range": "bytes=40-", "if-range": tag}, size=100, etag=ETAG) == means


def test_a_weak_tag_joins_nothing() -> None:
    weak = f"W/{ETAG}"
    assert asked({"range": "bytes=40-", "if-range": weak}, size=100, etag=weak) == ALL
    assert asked({"range": "bytes=40-"}, size=100, etag=weak) == Part(Span(40, 100))


def test_an_empty_file_has_no_part() -> None:
    assert asked({"range": "bytes=0-"}, size=0, etag=ETAG) == Behind()
    assert asked({"range": "bytes=-5"}, size=0, etag=ETAG) == Behind()
    assert asked({}, size=0, etag=ETAG) == Whole(Span(0, 0))


def test_an_answer_says_which_bytes_it_carries() -> None:
    assert given(200, {}, size=100) == Span(0, 100)
    part = Span(40, 100)
    assert given(206, {"content-range": part.content_range(100)}, size=100) == part
    assert (part.bytes, part.content_range(100)) == (60, "bytes 40-99/100")


@pytest.mark.parametrize(
    "said",
    [None, "", "bytes 40-99/*", "bytes 40-99/200", "bytes 40-100/100", "bytes 50-40/100", "40-99"],
)
def test_a_part_that_cannot_be_placed_is_refused(said: str | None) -> None:
    headers = {} if said is None else {"content-range": said}
    with pytest.raises(PeerError) as caught:
        given(206, headers, size=100)
    assert caught.value.code == "sharing.range"


@pytest.mark.parametrize(("said", "means"), [("12", 12), ("", None), ("-1", None), ("1e3", None)])
def test_a_length_is_a_number_or_nothing(said: str, means: int | None) -> None:
    assert length({"content-length": said}) == means
    assert length({}) is None


def test_the_digest_of_the_whole_goes_along() -> None:
    # RFC 9530, appendix A: the digest of {"hello": "world"}
    told = "5f8f04f6a3a892aaabbddb6cf273894493773960d4a325b105fee46eef4304f1"
    assert repr_digest(told) == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
