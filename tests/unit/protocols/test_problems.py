"""Problems: the error at the other end is the error that was raised, and nothing more."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from comity.foundation.errors import (
    ComityError,
    MisuseError,
    PeerError,
    RefusedError,
    UnavailableError,
)
from comity.protocols.problems import problem_of, read_problem

SCHEMA = Path(__file__).parents[3] / "docs" / "spec" / "schemas" / "problem.json"
ERRORS = [
    (MisuseError("a.form", "Correct it."), 400),
    (MisuseError("a.stale", "Read it again."), 409),
    (MisuseError("a.not_found", "There is none."), 404),
    (PeerError("a.size", "They broke it."), 400),
    (PeerError("a.too_large", "Too large."), 413),
    (RefusedError("a.refused", "Somebody decides. «é»"), 403),
    (UnavailableError("a.later", "Try again."), 503),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=[error.code for error, _ in ERRORS])
def test_an_error_comes_back_as_what_it_was(error: ComityError, status: int) -> None:
    problem = problem_of(error)
    back = read_problem(problem.to_bytes(), status=problem.status).error()
    assert problem.status == status
    assert (type(back), back.code, str(back)) == (type(error), error.code, str(error))


def test_the_members_are_those_of_the_specification() -> None:
    """Spec 6.3.1."""
    members = json.loads(problem_of(PeerError("a.b", "No.", {"secret": 1})).to_bytes())
    assert members == {
        "type": "urn:comity:problem:peer:a.b",
        "title": "What was sent breaks the agreed form",
        "status": 400,
        "detail": "No.",
        "code": "a.b",
    }


@pytest.mark.parametrize(
    "error", [*(error for error, _ in ERRORS), ComityError("a.fault", "A fault.")]
)
def test_every_problem_has_the_form_of_the_schema(error: ComityError) -> None:
    """Spec 6.3.1."""
    schema = json.loads(SCHEMA.read_text())
    jsonschema_rs.validator_for(schema).validate(json.loads(problem_of(error).to_bytes()))


def test_facts_go_only_where_they_may() -> None:
    error = MisuseError(
        "a.b", "No.", {"n": 1, "who": ("x",), "m": {"k": {1}}, "o": ValueError("v")}
    )
    problem = problem_of(error, facts=True)
    back = read_problem(problem.to_bytes(), status=400).error()
    assert back.facts == {"n": 1, "who": ["x"], "m": {"k": [1]}, "o": "v"}


def test_a_fault_of_the_node_is_to_be_tried_again() -> None:
    problem = problem_of(ComityError("a.fault", "A fault."))
    assert problem.status == 500
    assert isinstance(read_problem(problem.to_bytes(), status=500).error(), UnavailableError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"7",
        b"{}",
        b'{"type":"urn:comity:problem:peer:a.b"}',
        b'{"type":"urn:comity:problem:peer:a.b","detail":7}',
        b'{"type":"urn:comity:problem:PEER:a.b","detail":"x"}',
        b'{"type":7,"detail":"x"}',
        b"[" * 20_000,
        b"\xff",
    ],
)
def test_an_unreadable_reason_still_gives_an_error(body: bytes) -> None:
    assert isinstance(read_problem(body, status=400).error(), PeerError)
    assert isinstance(read_problem(body, status=502).error(), UnavailableError)


def test_a_long_reason_is_cut() -> None:
    body = problem_of(PeerError("a.b", "x" * 5000)).to_bytes()
    assert len(read_problem(body, status=400).detail) == 2000


def test_a_door_may_know_the_status_better() -> None:
    assert problem_of(PeerError("a.b", "No."), status=401).status == 401
