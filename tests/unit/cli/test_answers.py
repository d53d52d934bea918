"""What the node answers, told in plain words, line by line; programs get the answer itself."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from support.cli import FakeNode, Type, loaded

B = "did:web:b.example"


@pytest.mark.parametrize(
    ("path", "words", "answer", "says"),
    [
        (
            "/api/officials",
            "officials list",
            {
                "officials": [
                    {
                        "id": "k",
                        "name": "K",
                        "office": "Minister",
                        "roles": ["desk_officer"],
                        "full_powers": [{"acts": ["sign"], "valid_until": "2027-01-31T23:59:59Z"}],
                    }
                ]
            },
            [
                "k: K, Minister",
                "desk officer",
                "full powers to sign until 31 January 2027, 23:59:59 UTC",
            ],
        ),
        (
            "/api/requests",
            "requests list",
            {
                "requests": [
                    {
                        "request": "3f9a00001111",
                        "title": "Adoption",
                        "signers": ["k", "i"],
                        "signed_by": ["i"],
                        "created": "2026-12-02T09:00:00Z",
                    }
                ]
            },
            ["3f9a0000  Adoption  waits for k since 2 December 2026"],
        ),
        (
            "/api/agreements",
            "agreement list",
            {
                "agreements": [
                    {
                        "instrument": "urn:uuid:1b63b4ae-5cf1",
                        "title": "T",
                        "status": "in_force",
                        "ends_at": "2036-12-02T09:00:00Z",
                    },
                    {"instrument": "urn:uuid:2b", "title": "D", "status": "drafting"},
                ]
            },
            ["1b63b4ae  T  in force until 2 December 2036", "2b        D  being drafted"],
        ),
        (
            "/api/agreements/last/staged",
            "agreement staged last",
            {
                "staged": 2,
                "moves": [
                    {"move": "accept", "label": "Article 1"},
                    {"move": "package", "package": "urn:uuid:77aa88bb99"},
                ],
                "red_lines": [
                    {"line": "l", "severity": "red", "sentence": "No.", "why": "because"}
                ],
            },
            [
                "2 answers staged",
                "accept           Article 1",
                "offer a package  77aa88bb",
                "red lines stand against",
                "! the text: our red line l",
            ],
        ),
        (
            "/api/agreements/last/counter",
            "agreement counter last t.txt",
            {
                "changes": [
                    {"label": "Article 4", "kind": "amend", "before": "ten", "after": "eight"}
                ]
            },
            ["Article 4: amend", "  - ten", "  + eight"],
        ),
        (
            "/api/agreements/last/counter",
            "agreement counter last t.txt",
            {"changes": []},
            ["changes nothing"],
        ),
        (
            "/api/agreements/last/table",
            "agreement table last",
            {"tabled": 3, "entry": 7, "held_by_counterpart": False},
            ["Tabled: 3 moves (entry 7 of our log).", "as soon as its node can be reached"],
        ),
        (
            "/api/redlines/last",
            "redline show last",
            {
                "red_lines": [{"id": "l", "severity": "red", "sentence": "No."}],
                "findings": [
                    {
                        "line": "l",
                        "severity": "red",
                        "unit": "u",
                        "label": "Article 9",
                        "sentence": "No.",
                        "why": "w",
                    }
                ],
                "deviations": [{"red_line": "l", "on": "u", "by": "ito"}],
            },
            ["l  (red)  No.", "They fire at:", "! Article 9", "Let pass: l for u, by ito"],
        ),
        (
            "/api/items/i/check",
            "share check i --to B",
            {
                "answer": "yes",
                "title": "f",
                "counterpart": "Ministry B",
                "article": "Article 6",
                "area": "a",
            },
            ["Yes: «f» to Ministry B, under Article 6, area a. It is released."],
        ),
        (
            "/api/items/i/check",
            "share check i --to B",
            {
                "answer": "ask",
                "title": "f",
                "counterpart": "Ministry B",
                "article": "Article 6",
                "area": "a",
                "ask": "release officer",
            },
            ["Ask the release officer: «f» to Ministry B is permitted under Article 6"],
        ),
        (
            "/api/items/i/check",
            "share check i --to B",
            {
                "answer": "no",
                "title": "f",
                "counterpart": "Ministry B",
                "code": "suspended",
                "reason": "Article 6 is suspended.",
                "article": "Article 6",
            },
            ["No: «f» to Ministry B (Article 6). Article 6 is suspended. [suspended]"],
        ),
        (
            "/api/wishes",
            "share waiting --all",
            {
                "wishes": [
                    {
                        "item": "urn:uuid:8f728c39aa",
                        "title": "f",
                        "counterpart": "Ministry B",
                        "status": "waiting",
                        "since": "2026-11-23T09:00:00Z",
                    },
                    {
                        "item": "urn:uuid:8f728c39aa",
                        "title": "g",
                        "counterpart": "Ministry B",
                        "status": "declined",
                        "decided_by": "okoye",
                        "reason": "Not final.",
                        "decided_at": "2026-11-23T10:00:00Z",
                    },
                ]
            },
            ["waits since 2026-11-23", "declined by okoye at 2026-11-23T10:00:00Z: Not final."],
        ),
        (
            "/api/items",
            "share list",
            {
                "items": [
                    {
                        "id": "urn:uuid:8f728c39aa",
                        "item": {
                            "bytes": 2048,
                            "area": "a",
                            "kind": "k",
                            "marking": "m",
                            "purpose": "p",
                        },
                        "note": {"title": "f"},
                        "released": [{"counterpart": "B", "withdrawn": True}],
                        "waiting": [{"counterpart": "C"}],
                    }
                ]
            },
            [
                "8f728c39  f  (2.0 KiB)",
                "area a, k, m, for p",
                "was released to B",
                "waits for release to C",
            ],
        ),
        (
            "/api/catalogue",
            "catalogue --of B",
            {
                "datasets": [
                    {
                        "dataset": "urn:uuid:8f728c39aa",
                        "title": "f",
                        "bytes": 6,
                        "kind": "k",
                        "marking": "m",
                        "permitted": True,
                        "article": "Article 6",
                    },
                    {
                        "dataset": "x",
                        "title": "",
                        "bytes": 6,
                        "kind": "k",
                        "marking": "m",
                        "permitted": False,
                        "code": "marking_above",
                    },
                ]
            },
            [
                "8f728c39  f           6 bytes  k, m  under Article 6",
                "(no title)",
                "not permitted: marking above",
            ],
        ),
        (
            "/api/transfers",
            "transfers list",
            {
                "transfers": [
                    {
                        "transfer": "t",
                        "role": "provider",
                        "family": "transfer",
                        "counterpart": "B",
                        "bytes": 6,
                        "state": "TERMINATED",
                        "reason": "suspended",
                    }
                ]
            },
            ["t  transfer to B  6 bytes  terminated: suspended"],
        ),
        (
            "/api/record",
            "record show --with B --digests",
            {
                "counterpart": B,
                "status": "frozen",
                "reason": "fork",
                "ours": {
                    "size": 1,
                    "cosigned_size": 1,
                    "cosigned_at": "2026-12-02T09:00:00Z",
                    "root": "ab",
                    "origin": "o",
                },
                "theirs": {"size": 2},
                "evidence": [{"kind": "fork", "at": "2026-12-02T09:00:00Z"}],
            },
            [
                "frozen",
                "ours    1 entry, cosigned up to 1, 2 December 2026",
                "root ab",
                "theirs  2 entries, not cosigned",
                "kept as evidence: fork",
            ],
        ),
        (
            "/api/record/entries",
            "record entries --with B --digests",
            {
                "size": 9,
                "next": 1,
                "entries": [{"n": 0, "kind": "letter.introduce", "leaf": "ab" * 32}],
            },
            ["0  letter.introduce  not attested  abab abab"],
        ),
        (
            "/api/record/replay",
            "record replay --with B",
            {"equal": True, "entries": {"ours": 3, "theirs": 4}},
            ["Equal: 3 entries of ours and 4 of theirs"],
        ),
        (
            "/api/retransfers/r1",
            "retransfers show r1",
            {
                "title": "Passing on to Navy Yard",
                "status": "granted_with_provisos",
                "item": "urn:uuid:3f0c2b1a-5cf1",
                "item_title": "A sonar",
                "founded": False,
                "use": "Repair.",
                "counterpart": "Berevan",
                "provisos": [{"text": "Not beyond.", "check": None}],
                "basis": {"article": "Article 7", "title": "Framework"},
                "acts": [
                    {
                        "log": "ours",
                        "at": "2026-12-02T09:00:00Z",
                        "step": "return",
                        "act": {"reason": "Who is it?"},
                        "no_effect": {"code": "deeds.not_now", "message": "Not now."},
                    }
                ],
                "may": ["close"],
            },
            [
                "«Passing on to Navy Yard»  granted with provisos",
                "«A sonar». Their record shows no such receipt.",
                "Proviso: Not beyond.",
                "Under Article 7 of «Framework».",
                "We  return: Who is it?",
                "without effect: Not now. [deeds.not_now]",
            ],
        ),
        (
            "/api/endchecks/e1",
            "endchecks show e1",
            {
                "title": "Where the sonar is",
                "status": "arranged",
                "authorisation_title": "A sonar for the survey",
                "what": "On board?",
                "counterpart": "Berevan",
                "arranged": {"at": "2027-03-29T08:00:00Z", "place": "Port"},
                "basis": {"article": "Article 7", "title": "Framework"},
                "acts": [{"log": "theirs", "at": None, "step": "arrange", "act": {}}],
                "may": [],
            },
            [
                "Of «A sonar for the survey»: On board?",
                "Arranged: 29 March 2027",
                "not held by both yet  Berevan  arrange",
            ],
        ),
    ],
)
def test_an_answer_is_told_in_plain_words(
    typed: Type, node: FakeNode, path: str, words: str, answer: JsonObject, says: list[str]
) -> None:
    Path("t.txt").write_text("text")
    node.answers[path] = answer
    said = typed(*words.split())
    assert said.code == 0, said.err
    for line in says:
        assert line in said.out
    assert typed(*words.split(), "--quiet").err == ""
    assert loaded(typed(*words.split(), "--json").out) == answer


def test_a_state_that_does_not_follow_from_the_record_is_no_success(
    typed: Type, node: FakeNode
) -> None:
    node.answer = {"equal": False}
    said = typed("record", "replay", "--with", "B")
    assert said.code == 5
    assert "[cli.replay_differs]" in said.err
