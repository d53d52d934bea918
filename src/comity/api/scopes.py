"""What a personal access token may be made for, and which scope each operation needs.

Reading needs ``read``, what is private to the house ``private`` besides the role; what acts needs
the scope of its group. Nobody can, by a token, make tokens or change accounts, roles or log-ins.
A test fails as long as an operation is not placed.
"""

from collections.abc import Mapping
from typing import Final, Literal

from comity.api.operation import Operation

Scope = Literal[
    "read", "private", "negotiate", "conclude", "share", "coordinate", "people", "operate"
]

#: For people, in the order of their weight.
SCOPES: Final[Mapping[Scope, str]] = {
    "read": "See agreements, items, transfers and the record",
    "private": "See and set what is private to the house: red lines, notes, legal review",
    "negotiate": "Draft, answer, table",
    "conclude": "Ask for adoption, initials, signature, suspension; hand in signatures",
    "share": "Bring in, offer, release and fetch",
    "coordinate": "Commitments, meetings, projects and authorisations",
    "people": "Introductions and full powers (what binds still needs the persons' own keys)",
    "operate": "Look after the node",
}

#: What acts and is for people alone, by the whole name or its first word.
NEVER: Final = frozenset(
    {
        "accounts",
        "approvals",
        "officials.add",
        "officials.close",
        "officials.reopen",
        "officials.roles",
        "meetings.feed_end",
        "meetings.feed_new",
        "passkeys",
        "statements.clear_legal",
        "statements.clear_press",
        "statements.unclear_legal",
        "statements.unclear_press",
        "tokens",
    }
)
#: What is private to the house, looking at it too.
PRIVATE: Final = frozenset(
    {
        "agreements.clear_units",
        "agreements.overrule_hold",
        "agreements.reading",
        "agreements.review_unit",
        "agreements.note",
        "house",
        "projects.disclosure",
        "projects.set_disclosure",
        "meetings.note",
        "meetings.notes",
        "redlines",
    }
)
#: By the whole name, or by its first word where all of a group need the same.
ACTS: Final[Mapping[str, Scope]] = {
    "agreements.adopt": "conclude",
    "agreements.initial": "conclude",
    "agreements.clear": "conclude",
    "agreements.window": "conclude",
    "agreements.ready": "conclude",
    "agreements.sign": "conclude",
    "agreements.suspend": "conclude",
    "agreements.suspend_preview": "read",
    "agreements.resume": "conclude",
    "agreements": "negotiate",
    "drafts": "negotiate",
    "items": "share",
    "fetch": "share",
    "held": "share",
    "dataspace": "share",
    "transfers": "share",
    "commitments": "coordinate",
    "controls": "coordinate",
    "authorisations": "coordinate",
    "retransfers": "coordinate",
    "endchecks": "coordinate",
    "projects": "coordinate",
    "bodies": "coordinate",
    "meetings": "coordinate",
    "statements": "coordinate",
    "letters": "people",
    "officials": "people",
    "requests": "conclude",
    "mail": "operate",
    "peers": "operate",
    "record": "operate",
    "evidence": "read",
}


def scope_of(operation: Operation) -> Scope | None:
    """Return the scope that a token needs for the operation; None: no token can.

    Source: this module's tables. What is in none of them no token can do.
    """
    name = operation.name
    group = name.partition(".")[0]
    if name in PRIVATE or group in PRIVATE:
        return "private"
    if operation.method == "GET":
        return "read"
    if name in NEVER or group in NEVER:
        return None
    return ACTS.get(name) or ACTS.get(group)
