"""Names that are taken for others: who pairs with the wrong party loses everything that follows."""

import pytest

from comity.foundation.errors import PeerError
from comity.parties.lookalikes import Likeness, check_seen, likeness, mixed_words, skeleton


@pytest.mark.parametrize(
    ("name", "known", "how"),
    [
        ("Berevan", "Berevan", "same"),
        ("\u0412erevan", "Berevan", "looks"),
        ("B\u0435r\u0435v\u0430n", "Berevan", "looks"),
        ("BEREVAN", "berevan", "looks"),
        ("Berevan ", "Bere van", "looks"),
        ("Ald0ria", "Aldoria", "looks"),
        ("AIdoria", "Aldoria", "looks"),
        ("Ald\u00f3ria", "Aldoria", "looks"),
        ("Arnia", "Amia", "looks"),
        ("Berewan", "Berevan", "near"),
        ("Berevana", "Berevan", "near"),
        ("Brevan", "Berevan", "near"),
        ("Breevan", "Berevan", "near"),
        ("Mali", "Malo", None),
        ("Aldoria", "Berevan", None),
        ("Berevan", "Berevanistan", None),
        ("Beervna", "Berevan", None),
    ],
)
def test_a_name_that_is_taken_for_another_is_said_to_be(
    name: str, known: str, how: str | None
) -> None:
    expected = () if how is None else (Likeness(how=how, name=known),)
    assert likeness(name, [known]) == expected


def test_names_of_one_look_have_one_skeleton_and_others_have_not() -> None:
    assert skeleton("\u0412erevan") == skeleton("Berevan") == "berevan"
    assert skeleton("\u4e1c\u56fd") != skeleton("\u897f\u56fd")


def test_a_word_of_two_scripts_is_named_and_a_name_in_two_languages_is_not() -> None:
    assert mixed_words("B\u0435revan \u0411\u0435\u0440\u0435\u0432a\u043d") == (
        "B\u0435revan",
        "\u0411\u0435\u0440\u0435\u0432a\u043d",
    )
    assert mixed_words("Berevan \u0411\u0435\u0440\u0435\u0432\u0430\u043d 7 \u6771") == ()


@pytest.mark.parametrize("one", ["\u00ad", "\u200e", "\u200f", "\u061c", "\u200d", "\u200c"])
def test_a_character_that_nobody_sees_is_refused_in_a_name(one: str) -> None:
    with pytest.raises(PeerError) as caught:
        check_seen(f"Bere{one}van")
    assert caught.value.code == "letters.name_unseen"


def test_joiners_stand_where_a_script_needs_them() -> None:
    assert (
        check_seen("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )
    assert check_seen("\u0dc1\u0dca\u200d\u0dbb\u0dd3") == "\u0dc1\u0dca\u200d\u0dbb\u0dd3"
