"""The sentences of a text, counted the same by everybody, and where a read-out departs."""

import pytest

from comity.agreements.importing import flatten, import_text
from comity.coordination.sentences import (
    COMPARED_MAX,
    departures,
    sentences_of,
    split,
    words_digest,
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("They met. They spoke.", ("They met.", "They spoke.")),
        ("They met in\n  May. They\nspoke.", ("They met in May.", "They spoke.")),
        ("They met\n\nThey spoke", ("They met", "They spoke")),
        ("Under Art. 4 and No. 5 they met. Yes!", ("Under Art. 4 and No. 5 they met.", "Yes!")),
        ("Mr. A. Keller spoke (cf. above). Why?", ("Mr. A. Keller spoke (cf. above).", "Why?")),
        (
            "It is 3.5 metres. \u00abGood.\u00bb They left.",
            ("It is 3.5 metres.", "\u00abGood.\u00bb", "They left."),
        ),
        (
            "\u4ed6\u4eec\u4f1a\u9762\u3002\u4ed6\u4eec\u8c08\u8bdd\u3002",
            ("\u4ed6\u4eec\u4f1a\u9762\u3002", "\u4ed6\u4eec\u8c08\u8bdd\u3002"),
        ),
        (
            "\u0647\u0644 \u0627\u062a\u0641\u0642\u0627\u061f \u0646\u0639\u0645.",
            ("\u0647\u0644 \u0627\u062a\u0641\u0642\u0627\u061f", "\u0646\u0639\u0645."),
        ),
        ("They met... and spoke. End.", ("They met... and spoke.", "End.")),
        (" \n\n ", ()),
    ],
)
def test_sentences_end_where_people_end_them(text: str, sentences: tuple[str, ...]) -> None:
    assert split(text) == sentences


def test_titles_and_labels_are_no_sentences() -> None:
    text = "# Joint statement\n\nThey met. They spoke.\n\n1. First they welcome it.\n"
    names = iter(f"u{number}" for number in range(20))
    units = flatten(import_text(text.encode(), name="x"), new_id=lambda: next(names))
    assert sentences_of(units) == ("They met.", "They spoke.", "First they welcome it.")


def test_a_mark_names_the_words_of_its_sentence() -> None:
    assert words_digest("They met.") != words_digest("They meet.")


AGREED = ("They met at Harbour House.", "They welcome the common chart.", "They will meet again.")


def kinds(*said: str) -> list[tuple[str, int | None]]:
    return [(each.kind, each.number) for each in departures(AGREED, said)]


def test_where_a_read_out_departs_is_shown_sentence_by_sentence() -> None:
    assert kinds(*AGREED) == [("same", 1), ("same", 2), ("same", 3)]
    assert kinds(AGREED[0], "They warmly welcome the common chart.", AGREED[2]) == [
        ("same", 1),
        ("changed", 2),
        ("same", 3),
    ]
    assert kinds(AGREED[0], AGREED[2]) == [("same", 1), ("left_out", 2), ("same", 3)]
    assert kinds(AGREED[0], "Fish were sold.", AGREED[1], AGREED[2])[1] == ("added", None)
    assert kinds("Fish were sold.", "They welcome the chart.", "Boats were painted.") == [
        ("left_out", 1),
        ("added", None),
        ("changed", 2),
        ("left_out", 3),
        ("added", None),
    ]
    assert kinds() == [("left_out", 1), ("left_out", 2), ("left_out", 3)]
    assert departures(("...",), ("!!!",))[0].kind == "changed", "no words on either side"


def test_a_read_out_of_a_thousand_sentences_is_still_shown() -> None:
    said = [f"Sentence {number} of many." for number in range(COMPARED_MAX + 5)]
    found = departures(AGREED, said)
    assert len([each for each in found if each.kind == "added"]) >= COMPARED_MAX
    assert found[-1].json() == {
        "kind": "added",
        "sentence": None,
        "agreed": "",
        "said": said[-1],
    }
