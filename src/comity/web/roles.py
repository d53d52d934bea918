"""The roles of a house by the names that people use: once for every page that names one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from comity.web.texts import Words, marked
from comity.web.wording import person

#: Each role's name, and what it lets a person enter.
ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "negotiator": (marked("negotiator"), marked("drafts, answers, tables")),
    "legal_adviser": (marked("legal adviser"), marked("reviews, clears for signature")),
    "mandate_holder": (marked("mandate holder"), marked("mandates, red lines, full powers")),
    "signatory": (marked("signatory"), marked("is asked to sign; full powers say what")),
    "desk_officer": (marked("desk officer"), marked("drafts, items, offers, fetches")),
    "release_officer": (marked("release officer"), marked("decides what leaves")),
    "liaison_officer": (
        marked("liaison officer"),
        marked("meetings and commitments with the counterpart"),
    ),
    "project_officer": (marked("project officer"), marked("joint projects and their milestones")),
    "technology_security_officer": (
        marked("technology security officer"),
        marked("classifies, decides transfers of controlled items"),
    ),
    "press_officer": (marked("press officer"), marked("clears and releases statements")),
    "engineer": (marked("engineer"), marked("pairs, looks after the node and accounts")),
}


def role_name(words: Words, code: object) -> str:
    """Return what people call a role; an unknown one stands for itself."""
    known = ROLES.get(str(code))
    return str(code) if known is None else words.gettext(known[0])


def roles_with_people(
    words: Words, codes: Iterable[object], officials: Iterable[Mapping[str, object]]
) -> str:
    """Return several roles as people call them, each with the people of the house who are that."""
    known = list(officials)
    made = []
    for code in codes:
        people = [str(row["name"]) for row in known if code in _members(row["roles"])]
        role = role_name(words, code)
        made.append(f"{role} ({', '.join(person(each) for each in people)})" if people else role)
    return ", ".join(made)


def _members(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()


def role_names(words: Words, codes: Iterable[object]) -> str:
    """Return several roles as people call them."""
    return ", ".join(role_name(words, code) for code in codes)
