"""What the acts on projects come to, as JSON: equal at both nodes. Source: spec 10.1, 12."""

from comity.foundation.canonical import Json
from comity.foundation.deeds import Book, json_of
from comity.technology.projects import Project


def state_json(book: Book[Project]) -> list[Json]:
    """Return every project as JSON: equal for equal states."""
    return [
        {
            "project": each.id,
            "terms": json_of(each.terms),
            "parties": list(each.parties),
            "status": str(each.status),
            "people": {party: list(pair) for party, pair in each.people.items()},
            "sheets": {party: json_of(sheet) for party, sheet in each.sheets.items()},
            "arrangement": None if each.arrangement is None else json_of(each.arrangement),
            "approved": None if each.approved is None else json_of(each.approved),
            "plan": each.plan.json(),
            "register": each.register.json(),
            "notices": {party: json_of(notice) for party, notice in each.notices.items()},
            "closing": each.closing,
            "reason": each.reason,
            "asked": {step: dict(words) for step, words in each.asked.items()},
            "moved": list(each.moved),
            "last": list(each.last),
        }
        for each in book.things()
    ]
