"""What a tired person reads: plain words, whose turn it is, nothing that needs colour."""

import pytest

from comity.cli.words import plural, short, size, slug, table, when
from comity.foundation.canonical import Json, JsonObject
from support.cli import FakeNode, Type, loaded

A, B = "did:web:a.example", "did:web:b.example"


def unit(label: str, status: str, **more: Json) -> JsonObject:
    return {
        "unit": f"u-{label}",
        "label": label,
        "kind": "article",
        "heading": "",
        "status": status,
        "alternatives": [],
        "reserves": {},
        "turn": [],
        "our_turn": False,
        **more,
    }


SHOWN: JsonObject = {
    "instrument": "urn:uuid:1b63b4ae-5cf1",
    "title": "Framework",
    "register": "binding",
    "parties": [{"id": A, "name": "Ministry A"}, {"id": B, "name": "Ministry B"}],
    "counterpart": B,
    "status": "negotiating",
    "text": None,
    "state_digest": "ab" * 32,
    "counts": {"units": 5, "agreed": 1, "bracketed": 1, "reserved": 1, "open": 2},
    "units": [
        unit("Article 1", "agreed", heading="Scope"),
        unit(
            "Article 4",
            "bracketed",
            our_turn=True,
            turn=[A],
            alternatives=[
                {"by": [A], "text": "ten years", "digest": "cd" * 32},
                {"by": [B], "text": "eight years", "digest": "ef" * 32},
            ],
            explanations=[[B, "As in our other treaties."]],
        ),
        unit("Article 6", "reserved", reserves={B: "legal"}, turn=[B]),
        unit(
            "Article 9",
            "open",
            alternatives=[{"by": [B], "deleted": True}],
            turn=[A, B],
            our_turn=True,
        ),
        unit("Article 9", "open", reopened=2),
    ],
    "packages": [
        {
            "package": "urn:uuid:77aa88bb99",
            "by": B,
            "gives": [["u-Article 4", "x"]],
            "asks": [["u-Article 6", "y"]],
        }
    ],
    "no_effects": [{"by": A, "message": "Article 1 has changed since it was accepted."}],
    "adopted": [A],
    "initialled": [],
    "red_lines": [
        {
            "line": "others",
            "severity": "red",
            "unit": "u-Article 9",
            "label": "Article 9",
            "sentence": "Our relations with others stay free.",
            "why": "third parties: conditioned",
        }
    ],
    "suspensions": [{"by": A, "units": ["u-Article 6"], "article": "Article 14", "until": None}],
    "void_attempts": 1,
    "attempt": {
        "outcome": "signing",
        "opens": "2026-12-01T09:00:00Z",
        "closes": "2026-12-03T09:00:00Z",
        "signatures": [{"name": "Keller", "office": "Minister", "signed": True}],
    },
    "in_force_at": None,
    "ends_at": None,
}


def test_an_instrument_is_read_unit_by_unit(typed: Type, node: FakeNode) -> None:
    node.answer = SHOWN
    out = typed("agreement", "show", "last").out
    for line in (
        "with Ministry B; binding; being negotiated",
        "5 units: 1 agreed, 1 in brackets, 1 reserved, 2 open",
        "=   Article 1  Scope  agreed",
        "[]  Article 4         in brackets; your turn",
        "we: ten years",
        "Ministry B: eight years",
        "note of Ministry B: As in our other treaties.",
        "#   Article 6         reserved; Ministry B: legal reserve; waits for Ministry B",
        "?   Article 9         open; both to move",
        "Ministry B: (to be deleted)",
        "! Article 9: our red line others (red) «Our relations with others stay free.»",
        "Package 77aa88bb: Ministry B accept Article 4 if Article 6 is accepted.",
        "we: Article 1 has changed since it was accepted.",
        "adopted by us",
        "signing window (signing): 1 December 2026, 09:00 UTC to 3 December 2026, 09:00 UTC",
        "Keller, Minister: signed",
        "1 attempt to sign void before",
        "suspended by us: Article 6, under Article 14, until further notice",
    ):
        assert line in out
    assert "abab" not in out, "digests only on request"
    assert (
        f"Digest of the state: {'ab' * 32}" in typed("agreement", "show", "last", "--digests").out
    )


def test_one_unit_is_shown_whole_with_our_red_lines(typed: Type, node: FakeNode) -> None:
    node.answer = SHOWN
    said = typed("agreement", "show", "last", "--unit", "article 4.", "--digests")
    assert "article u-Article 4: in brackets; your turn" in said.out
    assert "digest cdcd cdcd" in said.out
    assert (
        loaded(typed("agreement", "show", "last", "--unit", "scope", "--json").out)["red_lines"]
        == []
    )
    assert "[cli.no_unit]" in typed("agreement", "show", "last", "--unit", "Article 99").err
    assert "[cli.unit_doubled]" in typed("agreement", "show", "last", "--unit", "Article 9").err
    by_id = {**SHOWN, "units": [unit("Article 9", "open", reopened=2)]}
    node.answer = by_id
    out = typed("agreement", "show", "last", "--unit", "u-Article 9").out
    assert "reopened 2 times" in out
    assert "Our relations with others" in out


def test_an_agreement_in_force_says_until_when(typed: Type, node: FakeNode) -> None:
    node.answer = {
        **SHOWN,
        "status": "in_force",
        "text": "12" * 32,
        "signed_at": "2026-12-02T09:00:00Z",
        "in_force_at": "2026-12-02T09:00:00Z",
        "ends_at": "2036-12-02T09:00:00Z",
    }
    out = typed("agreement", "show", "last", "--digests").out
    assert "in force from 2 December 2026, 09:00 UTC until 2 December 2036, 09:00 UTC" in out
    assert "Digest of the clean text: 1212" in out
    assert "signing window" not in out


STATUS: JsonObject = {
    "party": A,
    "name": "Ministry A",
    "purpose": "demonstration",
    "waiting": [
        {"who": "them", "what": "Article 6 waits for Ministry B.", "act": "wait"},
        {"who": "us", "what": "Article 4 waits for us.", "act": "comity agreement show"},
        {"who": "trouble", "what": "Nothing gets through.", "act": "engineer"},
    ],
    "relationships": [
        {"name": "Ministry B", "status": "open", "entries": 5, "held_by_counterpart": 5},
        {
            "name": "Ministry C",
            "status": "frozen",
            "reason": "fork",
            "entries": 5,
            "held_by_counterpart": 3,
        },
    ],
    "instruments": [
        {
            "title": "Framework",
            "counterpart": "Ministry B",
            "status": "in_force",
            "in_force_at": "2026-12-02T09:00:00Z",
            "ends_at": "2036-12-02T09:00:00Z",
            "suspended_units": ["u"],
        },
        {"title": "Other", "counterpart": "Ministry B", "status": "clean"},
    ],
}


def test_the_first_screen_says_what_waits_for_whom(typed: Type, node: FakeNode) -> None:
    node.answer = STATUS
    out = typed("status").out
    assert "demonstration: nothing here binds anybody" in out
    order = [
        out.index(word) for word in ("Trouble", "Waits for us", "Waits for them", "Counterparts")
    ]
    assert order == sorted(order)
    assert "      comity agreement show" in out
    assert "Ministry B  open          all delivered" in out
    assert "Ministry C  frozen: fork  2 entries to go" in out
    assert "in force since 2 December 2026, 09:00 UTC, until 2 December 2036" in out
    assert "suspended: 1 unit" in out
    assert "clean, to be adopted" in out


def test_nothing_waits_is_said_too(typed: Type, node: FakeNode) -> None:
    node.answer = {"name": "Ministry A", "party": A, "purpose": "operational"}
    assert typed("status").out.splitlines() == [
        f"Ministry A  {A}",
        "",
        "Nothing waits for anybody.",
    ]


def test_trouble_of_the_node_is_named(typed: Type, node: FakeNode) -> None:
    node.answer = {
        "ok": False,
        "party": A,
        "troubles": [{"counterpart": B, "code": "x.y", "since": "2026-12-02T09:00:00Z"}],
    }
    assert f"  ! {B}: x.y since 2 December 2026, 09:00 UTC" in typed("health").out


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2036-11-23T09:00:00Z", "23 November 2036, 09:00 UTC"),
        ("2036-01-02T09:00:07Z", "2 January 2036, 09:00:07 UTC"),
        ("", "-"),
        ("soon", "soon"),
    ],
)
def test_an_instant_reads_like_a_date(instant: str, words: str) -> None:
    assert when(instant) == words


def test_small_words() -> None:
    assert (plural(1, "entry"), plural(2, "entry"), plural(2, "annex"), plural(3, "day")) == (
        "1 entry",
        "2 entries",
        "2 annexes",
        "3 days",
    )
    assert (size(1), size(2048), size(3 << 30)) == ("1 byte", "2.0 KiB", "3.0 GiB")
    assert slug("Ministry A / Süd") == "ministry-a-s-d"
    assert slug("省") == "file"
    assert short("ab" * 32) == " ".join(["abab"] * 8)
    assert table([]) == []
    assert table([["a", "bb"], ["ccc", "d"]]) == ["  a    bb", "  ccc  d"]
