"""The words that a calendar program shows of what falls due, in the language of whom it is for."""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import SOURCE, Words, language_for, marked, zone_for

#: By code of a date, what stands before its title.
TITLES: Final[Mapping[str, str]] = {
    "commitment": marked("Due: %(title)s"),
    "milestone": marked("Milestone: %(title)s"),
    "answer": marked("Answer to a proposed project: %(title)s"),
    "loan": marked("Loan is due back: %(title)s"),
    "notice": marked("A party leaves after notice: %(title)s"),
    "review": marked("Review: %(title)s"),
    "term": marked("Term ends: %(title)s"),
    "window": marked("Signing window closes: %(title)s"),
    "authorisation": marked("Authorisation ends: %(title)s"),
    "return": marked("What crossed is to be returned: %(title)s"),
    "destroy": marked("What crossed is to be destroyed: %(title)s"),
    "check": marked("End-use check: %(title)s"),
    "release": marked("Statement is released: %(title)s"),
    "foreseen": marked("Next meeting foreseen: %(title)s"),
}
#: Whose it is, and with whom.
WHOSE: Final[Mapping[str, str]] = {
    "us": marked("For us. %(name)s."),
    "them": marked("For them. %(name)s."),
    "both": marked("For both. %(name)s."),
}


def words_in(*languages: str) -> Words:
    """Return the words of the first language that there is; English where none is."""
    chosen = (code for code in languages if code and language_for(code, "") == code)
    return Words(language=next(chosen, SOURCE), zone=zone_for())
