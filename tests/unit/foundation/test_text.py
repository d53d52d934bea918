"""A text reads as what is signed. Spec 1.4, 1.5."""

import sys
import unicodedata

import pytest

from comity.foundation import base64url
from comity.foundation.errors import ComityError, MisuseError, PeerError
from comity.foundation.text import check_text, refused_character

KEPT = "\n\t\u200e\u200f\u061c\u200d\u200c\u00ad"


def test_the_list_of_characters_covers_what_python_knows_as_control_and_format() -> None:
    refused = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in refused and char not in KEPT:
            assert refused_character(char) is not None, hex(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Article 1",
        "第一条",
        "\u0627\u0644\u0645\u0627\u062f\u0629 \u0661\u200f",
        "a\tb\nc",
        "soft\u00adhyphen",
        "👩\u200d⚖",
    ],
)
def test_the_scripts_of_agreements_may_stand(text: str) -> None:
    assert check_text(text, what="The text") == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\ntwo\x00", "The text, line 2: U+0000"),
        ("a\r\nb", "The text, line 1: U+000D"),
        ("\n\n\u202eb", "The text, line 3: U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\ufeffa", "line 1: U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\ud800", "U+D800"),
        ("\ufdd0", "U+FDD0"),
        ("\U0001ffff", "U+1FFFF"),
        ("\U0010ffff", "U+10FFFF"),
        ("\U00013430", "U+13430"),
    ],
)
def test_a_hidden_character_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(PeerError) as caught:
        check_text(text, what="The text")
    assert caught.value.code == "basics.character"
    assert said in str(caught.value)


def test_a_decomposed_text_is_refused_and_not_converted() -> None:
    with pytest.raises(PeerError) as caught:
        check_text("e\u0301", what="The text")
    assert caught.value.code == "basics.normal_form"


@pytest.mark.parametrize("data", [b"", b"\x00", b"ab", b"\xff\xfe\xfd", bytes(range(256))])
def test_bytes_come_back_from_base64url(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data), what="It") == data


@pytest.mark.parametrize("text", ["A", "AA==", "AB", "A+8_", "A/8_", "AA A", "AAA\n", "=", "é"])
def test_another_spelling_of_bytes_is_refused(text: str) -> None:
    with pytest.raises(PeerError) as caught:
        base64url.decode(text, what="It")
    assert caught.value.code == "basics.base64url"


def test_an_error_says_what_and_keeps_its_facts() -> None:
    error = MisuseError("room.what", "Say what.", {"n": 3})
    assert isinstance(error, ComityError)
    assert (str(error), error.code, error.family, error.facts) == (
        "Say what.", "room.what", "misuse", {"n": 3},
    )  # fmt: skip  # one line of facts
    assert PeerError("a.b", "c").facts == {}


def test_an_error_in_other_words_stays_the_same_error() -> None:
    said = MisuseError("web.form", "The field “at” is empty.", {"field": "at", "n": 1})
    told = said.reworded("The field “When” is empty.", field="When")
    assert (type(told), told.code, told.message) == (MisuseError, "web.form", str(told))
    assert told.facts == {"field": "When", "n": 1}
    assert said.facts["field"] == "at"
