"""Signed JSON has one spelling. Spec 1.1."""

import pytest

from comity.foundation.canonical import Json, canonical, digest, parse, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.limits import INTEGER_MAX

EXAMPLE = '{"a":"é","b":[1,2],"c":{"d":null,"e":true}}'.encode()


def test_the_example_of_the_specification_has_the_digest_it_says() -> None:
    assert parse_canonical(EXAMPLE) == {"a": "é", "b": [1, 2], "c": {"d": None, "e": True}}
    assert len(EXAMPLE) == 44
    assert digest(EXAMPLE) == "b705273ec68fcdd8671ddb56c03cba071580c871c65565f25aa3b174d48f8c8c"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"[" * 33 + b"]" * 33, "json.depth", id="1.1.7 arrays 33 deep"),
        pytest.param(b'{"a":' * 33 + b"1" + b"}" * 33, "json.depth", id="1.1.7 objects 33 deep"),
        pytest.param(b"[" * 5_000, "json.depth", id="1.1.7 brackets that never close"),
        pytest.param(b'["a\\\\",' + b"[" * 40, "json.depth", id="1.1.7 after an escaped backslash"),
        pytest.param(b'["a\\"",' + b"[" * 40, "json.depth", id="1.1.7 after an escaped quote"),
        pytest.param(b'["\\u005b",' + b"{" * 40, "json.depth", id="1.1.7 after an escape"),
        pytest.param(b'"' + b"[" * 40, "json.syntax", id="a string that never ends"),
        pytest.param(b'"\\' + b"[" * 40, "json.syntax", id="an escape that never ends"),
        pytest.param(b"[" * 32, "json.syntax", id="32 brackets that never close"),
        pytest.param(b"]" * 40, "json.syntax", id="only closing"),
        pytest.param(b"", "json.syntax", id="nothing"),
        pytest.param(b"{} {}", "json.syntax", id="two objects"),
        pytest.param(b"{'a':1}", "json.syntax", id="other quotes"),
        pytest.param(b'{"a":1,}', "json.syntax", id="a comma too many"),
        pytest.param(b"[01]", "json.syntax", id="leading zero"),
        pytest.param(b'"a\nb"', "json.syntax", id="raw line feed in a string"),
        pytest.param(b"\xef\xbb\xbf{}", "json.syntax", id="1.1.3 byte order mark"),
        pytest.param(b'{"a":"\xff"}', "json.encoding", id="1.1.3 not UTF-8"),
        pytest.param('{"a":1}'.encode("utf-16"), "json.encoding", id="1.1.3 UTF-16"),
        pytest.param(b'"\xed\xa0\x80"', "json.encoding", id="1.1.3 raw surrogate"),
        pytest.param(b'"\\ud800"', "json.text", id="1.1.3 escaped lone surrogate"),
        pytest.param(b'{"a":1,"a":2}', "json.duplicate", id="1.1.4 a member twice"),
        pytest.param(b'{"a":1,"\\u0061":2}', "json.duplicate", id="1.1.4 twice, one escaped"),
        pytest.param(b'[{"x":{"b":1,"c":1,"b":1}}]', "json.duplicate", id="1.1.4 deep inside"),
        pytest.param(b"[1.5]", "json.decimal", id="1.1.5 fraction"),
        pytest.param(b"[1e3]", "json.decimal", id="1.1.5 exponent"),
        pytest.param(b"[-0.0]", "json.decimal", id="1.1.5 negative zero, decimal"),
        pytest.param(b"NaN", "json.decimal", id="1.1.5 NaN"),
        pytest.param(b"[-Infinity]", "json.decimal", id="1.1.5 infinity"),
        pytest.param(b"[-0]", "json.number", id="1.1.5 negative zero"),
        pytest.param(b"9007199254740992", "json.number", id="1.1.5 2^53"),
        pytest.param(b"-9007199254740992", "json.number", id="1.1.5 -2^53"),
        pytest.param(b"9" * 5_000, "json.number", id="1.1.5 digits without end"),
        pytest.param(b'"e\xcc\x81"', "json.normal_form", id="1.1.6 decomposed"),
        pytest.param(b'{"e\xcc\x81":1}', "json.normal_form", id="1.1.6 decomposed member name"),
        pytest.param(b'"\\u202e"', "json.text", id="1.1.6 override"),
        pytest.param(b'{"\\u0000":1}', "json.text", id="1.1.6 control in a member name"),
        pytest.param(b'["\\u2028"]', "json.text", id="1.1.6 line separator"),
    ],
)
def test_what_could_be_read_two_ways_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse(data, what="The file")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"[" * 32 + b"]" * 32, None),
        (b'["' + b"[" * 40 + b'"]', ["[" * 40]),
        (b'["\\"' + b"{" * 40 + b'"]', ['"' + "{" * 40]),
        (b'["a\\\\","[[\\"]"]', ["a\\", '[["]']),
        (b'["",' + b",".join([b"[[]]"] * 50) + b"]", None),
        (b' { "b" : 1 , "a" : [ ] } ', {"b": 1, "a": []}),
        (b"9007199254740991", INTEGER_MAX),
        (b"-9007199254740991", -INTEGER_MAX),
        ('"a\\n\\tb\u200d"'.encode(), "a\n\tb\u200d"),
        (b"false", False),
    ],
)
def test_strict_json_of_people_is_read(data: bytes, value: Json) -> None:
    found = parse(data)
    assert value is None or found == value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"b":1,"a":2}', "json.not_canonical"),
        (b'{"a": 1}', "json.not_canonical"),
        (b'{"a":1}\n', "json.not_canonical"),
        (b'{"a":"\\u00e9"}', "json.not_canonical"),
        (b'{"a":"\\/"}', "json.not_canonical"),
        (b"[]", "json.not_object"),
        (b'"a"', "json.not_object"),
    ],
)
def test_what_somebody_re_encoded_is_no_document(data: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_canonical(data)
    assert caught.value.code == code


def test_the_size_is_checked_before_anything_else() -> None:
    with pytest.raises(PeerError) as caught:
        parse(b"\xff" * 11, bytes_max=10, what="The letter")
    assert caught.value.code == "json.size"
    assert str(caught.value) == "The letter has 11 bytes; at most 10 are accepted."


def test_canonical_bytes_are_rfc_8785() -> None:
    assert canonical({"b": [True, None, -1], "a": '"é\n', "\u20ac": {}}) == (
        '{"a":"\\"é\\n","b":[true,null,-1],"€":{}}'.encode()
    )
