"""What a token may do is placed for every operation; what no token may do stays with people."""

import pytest

from comity.api.calling import objects_of
from comity.api.operations import BY_NAME, OPERATIONS, Operation
from comity.api.scopes import ACTS, NEVER, SCOPES, scope_of


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_has_its_scope_or_is_for_people_alone(operation: Operation) -> None:
    """A new operation is placed in ``api/scopes.py`` before a token can use it."""
    group = operation.name.partition(".")[0]
    assert scope_of(operation) in SCOPES or {operation.name, group} & NEVER


def test_no_token_makes_tokens_or_changes_who_is_who() -> None:
    for name in ("tokens.create", "tokens.revoke", "officials.add", "officials.roles"):
        assert scope_of(BY_NAME[name]) is None


def test_reading_needs_no_scope_to_act_and_red_lines_need_their_own() -> None:
    assert scope_of(BY_NAME["agreements.show"]) == "read"
    for name in ("redlines", "redlines.set", "redlines.deviate"):
        assert scope_of(BY_NAME[name]) == "private"


def test_the_table_of_scopes_names_what_exists() -> None:
    groups = {operation.name.partition(".")[0] for operation in OPERATIONS}
    assert {name for name in ACTS if name not in BY_NAME and name not in groups} == set()


@pytest.mark.parametrize(
    ("acting", "shown"),
    [
        ("agreements.table", "agreements.show"),
        ("agreements.accept_package", "agreements.show"),
        ("redlines.set", "redlines"),
        ("requests.deliver", "requests.show"),
        ("agreements.draft", None),
        ("letters.accept", None),
    ],
)
def test_an_act_on_an_object_can_be_bound_to_its_state(acting: str, shown: str | None) -> None:
    found = objects_of(OPERATIONS).get(acting)
    assert (found.name if found else None) == shown
