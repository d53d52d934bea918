"""Accounts at the command line: what happened at once, and what waits for two persons."""

from typing import get_args

import pytest

from comity.api.operation import Role
from comity.cli.officials import ROLES
from comity.foundation.canonical import JsonObject
from support.cli import FakeNode, Type

WAITS: JsonObject = {"approved": False, "approval": "a1", "id": "k", "name": "K"}
DONE: JsonObject = {
    "approved": True,
    "id": "k",
    "name": "K. Lerk",
    "roles": ["desk_officer"],
    "link": "http://localhost:9444/enter/x",
    "expires": "2026-12-02T09:00:00Z",
}


@pytest.mark.parametrize(
    ("words", "path", "says"),
    [
        ("officials invite k", "/api/accounts/invite", "http://localhost:9444/enter/x"),
        ("officials roles k --role desk_officer", "/api/officials/k/roles", "desk officer"),
        ("officials close k", "/api/officials/k/close", "K. Lerk is closed"),
        ("officials reopen k", "/api/officials/k/reopen", "K. Lerk is open again"),
        (
            "officials enrol k --name K --office O --role desk_officer",
            "/api/officials/add",
            "K is known here as k",
        ),
    ],
)
def test_what_was_done_and_what_waits_for_two_are_told_apart(
    node: FakeNode, typed: Type, words: str, path: str, says: str
) -> None:
    node.answers[path] = DONE
    assert says in typed(*words.split()).out
    node.answers[path] = WAITS
    waits = typed(*words.split())
    assert "two persons approve" in waits.out
    assert says not in waits.out


def test_every_role_that_the_node_knows_can_be_given_by_command() -> None:
    assert set(ROLES) == set(get_args(Role))
