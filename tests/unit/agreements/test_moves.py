"""What a user loses if this breaks: a move that two nodes could read in two ways."""

import pytest

from comity.agreements import moves as m
from comity.foundation.canonical import Json, canonical, parse
from comity.foundation.errors import PeerError
from support.talks import content

D = "0123456789abcdef" * 4
P = "urn:uuid:00000000-0000-4000-8000-000000000001"

ALL: list[m.Move] = [
    m.Propose(unit="u1", content=content("words")),
    m.Accept(unit="u1", digest=D),
    m.AcceptAdRef(unit="u1", digest=D),
    m.Confirm(unit="u1", digest=D),
    m.Object(unit="u1", digest=D),
    m.Object(unit="u1", digest=D, reason="too long"),
    m.Reserve(unit="u1", reserve="legal"),
    m.Lift(unit="u1"),
    m.Withdraw(unit="u1"),
    m.Park(unit="u1"),
    m.Unpark(unit="u1"),
    m.Reopen(unit="u1", reason="new instructions"),
    m.Explain(unit="u1", text="because"),
    m.Package(package=P, gives=(("u1", D),), asks=(("u2", D),)),
    m.AcceptPackage(package=P, digest=D),
    m.WithdrawPackage(package=P),
]


@pytest.mark.parametrize("number", list(range(len(ALL))))
def test_every_move_is_read_back_as_it_was_written(number: int) -> None:
    move = ALL[number]
    written = canonical(m.move_json(move))
    assert m.read_moves([parse(written)]) == (move,)
    assert canonical(m.move_json(m.read_move(parse(written)))) == written


def test_every_known_move_is_among_those_tried() -> None:
    assert {m.move_name(each) for each in ALL} == set(m.NAMES)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("accept", "moves.unknown"),
        ({}, "moves.unknown"),
        ({"move": "assume"}, "moves.unknown"),
        ({"move": ["accept"]}, "moves.unknown"),
        ({"move": "lift"}, "moves.members"),
        ({"move": "lift", "unit": "u1", "silently": True}, "moves.members"),
        ({"move": "accept", "unit": "u1"}, "moves.members"),
        ({"move": "reopen", "unit": "u1"}, "moves.no_reason"),
        ({"move": "reopen", "unit": "u1", "reason": ""}, "moves.text"),
        ({"move": "explain", "unit": "u1", "text": 7}, "moves.text"),
        ({"move": "explain", "unit": "u1", "text": "x" * 20_001}, "moves.text"),
        ({"move": "lift", "unit": "U1"}, "moves.value"),
        ({"move": "lift", "unit": 1}, "moves.value"),
        ({"move": "accept", "unit": "u1", "digest": D.upper()}, "moves.value"),
        ({"move": "accept", "unit": "u1", "digest": D + "\n"}, "moves.value"),
        ({"move": "reserve", "unit": "u1", "reserve": "silence"}, "moves.reserve"),
        ({"move": "reserve", "unit": "u1", "reserve": 1}, "moves.reserve"),
        ({"move": "propose", "unit": "u1", "content": {}}, "text.members"),
        ({"move": "withdraw_package", "package": "1"}, "moves.value"),
        ({"move": "package", "package": P, "gives": [], "asks": []}, "moves.package"),
        ({"move": "package", "package": P, "gives": 1, "asks": []}, "moves.pairs"),
        ({"move": "package", "package": P, "gives": "", "asks": []}, "moves.pairs"),
        ({"move": "package", "package": P, "gives": ["u1"], "asks": []}, "moves.pair"),
        ({"move": "package", "package": P, "gives": [["u1"]], "asks": []}, "moves.pair"),
        (
            {"move": "package", "package": P, "gives": [["u1", D]], "asks": [["u1", D]]},
            "moves.package",
        ),
    ],
)
def test_what_is_no_move_is_refused_with_its_reason(value: Json, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        m.read_moves([value])
    assert caught.value.code == code


@pytest.mark.parametrize("value", [None, "moves", 3, [{"move": "lift", "unit": "u1"}] * 40_001])
def test_moves_come_in_a_list_of_bounded_length(value: Json) -> None:
    with pytest.raises(PeerError) as caught:
        m.read_moves(value)
    assert caught.value.code == "moves.list"


def test_a_package_digest_changes_with_anything_in_it() -> None:
    made = [
        m.Package(package=P, gives=(("u1", D),), asks=(("u2", D),)),
        m.Package(package=P, gives=(("u2", D),), asks=(("u1", D),)),
        m.Package(package=P, gives=(), asks=(("u1", D), ("u2", D))),
        m.Package(package=P[:-1] + "2", gives=(("u1", D),), asks=(("u2", D),)),
    ]
    assert len({each.digest() for each in made}) == len(made)
