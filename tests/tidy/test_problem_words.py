"""Whoever meets an error on a page reads, in their own language, what is wrong and who must act."""

import re

from comity.web import problem_words as say
from comity.web.texts import LANGUAGES, SOURCE, Words, zone_for
from tidy.house import errors

#: Made of the base of all errors, which is no family: a fault of our own.
FAULT = "web.fault"
#: Rooms whose misuse is a mistake of our own program, or happens at a terminal only.
PROGRAMS = frozenset(
    {"dsp", "keys", "record", "redlines", "sharing", "sign", "signatures", "storage", "transport"}
    | {"verify"}
)
OWN = {**say._WHOLE, **say._IN_SHORT}


def families() -> dict[str, str]:
    """Return every code with the family of its error."""
    return {row.code: row.family for row in errors().rows}


def test_every_error_that_can_reach_a_page_has_its_sentence() -> None:
    silent = {
        code
        for code in families()
        if code.partition(".")[0] not in say.NO_PAGE and not say.sentence_of(code)
    }
    assert silent == set(), "give each a sentence in web/problem_words_*.py"


def test_what_people_get_wrong_and_what_is_refused_has_a_sentence_of_its_own() -> None:
    general = {
        code
        for code, family in families().items()
        if family in {"misuse", "refused"}
        and code.partition(".")[0] not in say.NO_PAGE | PROGRAMS
        and code not in OWN
    }
    assert general == set(), "give each a sentence in web/problem_words_*.py"


def test_no_sentence_is_left_of_an_error_that_is_gone() -> None:
    assert set(OWN) - set(families()) == {FAULT}
    rooms = {code.partition(".")[0] for code in families()}
    assert set(say._ROOMS) <= rooms
    assert rooms >= say.NO_PAGE


def test_a_sentence_that_says_all_is_not_said_in_short_too() -> None:
    assert not set(say._WHOLE) & set(say._IN_SHORT)
    assert [text for text in OWN.values() if not text.endswith((".", "?"))] == []


def test_every_language_says_each_sentence_with_the_same_facts() -> None:
    for language in set(LANGUAGES) - {SOURCE}:
        words = Words(language=language, zone=zone_for("UTC"))
        for text in (*OWN.values(), *say._ROOMS.values()):
            told = words.gettext(text)
            assert told != text
            facts = [sorted(re.findall(r"%\((\w+)\)s", each)) for each in (text, told)]
            assert facts[0] == facts[1]
