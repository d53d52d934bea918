"""What an official loses if this breaks: knowing where an exchange stands and whose turn it is."""

from pathlib import Path

import pytest

from comity.foundation.canonical import Json, JsonObject
from support.cli import FakeNode, Said, Type

PID = "urn:uuid:7f3a0000-0000-4000-8000-000000000001"
KEY = '{"kty":"EC","crv":"P-256","x":"AA","y":"BB"}'


def waits(why: str, *, whose: str = "us", **more: Json) -> JsonObject:
    return {
        "for": whose,
        "roles": ["desk_officer", "release_officer"] if whose == "us" else [],
        "since": "2026-12-01T10:00:00Z",
        "why": why,
        "can": ["agree", "terminate"],
        "odd": None,
        "note": None,
        "work": [],
        **more,
    }


def exchange(waiting: JsonObject, **more: Json) -> JsonObject:
    return {
        "exchange": PID,
        "theirs": "urn:uuid:theirs",
        "family": "negotiation",
        "role": "provider",
        "counterpart": "urn:port",
        "name": "Port Authority",
        "dataset": "urn:uuid:item",
        "title": "Survey",
        "state": "REQUESTED",
        "pending": None,
        "since": "2026-12-01T10:00:00Z",
        "code": None,
        "reason": None,
        "received": None,
        "steps": [],
        "waits": waiting,
        **more,
    }


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            exchange(waits("our_turn")),
            (
                "It waits for a person of ours (desk officer or release officer): no rule of the"
                " playbook acts here. What can be done: agree (agree to the contract), terminate"
                " (end it)."
            ),
        ),
        (
            exchange(waits("their_turn", whose="counterpart", can=[])),
            (
                "REQUESTED, an offer is asked for, since 1 December 2026, 10:00 UTC. It waits for"
                " Port Authority: the next step is theirs."
            ),
        ),
        (
            exchange(
                waits(
                    "sending",
                    whose="delivery",
                    can=[],
                    work=[
                        {
                            "what": "message",
                            "attempts": 3,
                            "error": "It answered with status 503.",
                            "next": "2026-12-01T10:05:00Z",
                        }
                    ],
                )
            ),
            (
                "It was tried 3 times; last: It answered with status 503. It is tried again at 1"
                " December 2026, 10:05 UTC."
            ),
        ),
        (exchange(waits("odd", odd="Other terms.")), "something is not as agreed: Other terms."),
        (
            exchange(
                waits("planned", whose="delivery", work=[{"what": "rule", "next": "2026-12-02"}])
            ),
            "A rule of our playbook acts next, unless something happens before.",
        ),
        (
            exchange(
                waits("moving", whose="delivery", can=[]),
                family="transfer",
                state="STARTED",
                moving={"so_far": 1024, "bytes": 4096},
            ),
            "Our node is moving the bytes. 1.0 KiB of 4.0 KiB have moved.",
        ),
        (exchange(waits("received"), family="transfer"), "declares it complete, or Port Authority"),
        (
            exchange(waits("ended", whose="nobody", can=[]), reason="Out of date.", code="decided"),
            "The reason given: Out of date. [decided]",
        ),
        (
            exchange(
                waits(
                    "our_turn",
                    note={"why": "It is suspended.", "rule": 2, "at": "2026-12-01T10:00:00Z"},
                )
            ),
            "Rule 2 wanted to act and was not let (1 December 2026, 10:00 UTC): It is suspended.",
        ),
    ],
)
def test_one_paragraph_says_where_it_stands_who_must_act_and_what_was_tried(
    typed: Type, node: FakeNode, row: JsonObject, says: str
) -> None:
    node.answer = row
    said = typed("exchanges", "show", "last")
    assert said.code == 0
    assert says in said.out.partition("\n")[0]
    assert "to Port Authority about «Survey»" in said.out
    node.answers["/api/dataspace/inbox"] = {"inbox": [row]}
    assert says in typed("exchanges", "inbox").out


STEPS: list[tuple[JsonObject, str]] = [
    ({"came": "request"}, "Port Authority asked; REQUESTED"),
    ({"do": "agree", "by": "okoye"}, "okoye: agree to the contract"),
    ({"do": "agree", "by_rule": 1, "reason": "Always."}, "rule 1: agree to the contract (Always.)"),
    ({"taken": "/x"}, "Port Authority's node took our message"),
    ({"rejected": "busy"}, "node rejected our message [busy]"),
    ({"delivered": True, "bytes": 2048}, "all bytes have moved: 2.0 KiB"),
]


@pytest.mark.parametrize(("how", "says"), STEPS)
def test_every_step_says_who_did_what(
    typed: Type, node: FakeNode, how: JsonObject, says: str
) -> None:
    step: JsonObject = {"at": "2026-12-01T10:00:00Z", "state": "REQUESTED", **how}
    node.answer = exchange(waits("our_turn"), steps=[step])
    assert says in typed("exchanges", "show", "7f3a").out


def register(typed: Type) -> Said:
    return typed(
        *("connectors", "register", "urn:port", "--name", "Port", "--base", "https://p.example/d"),
        *("--key", "key.json", "--agreement", "A", "--article", "Article 6", "--area", "info"),
        *("--kind", "report", "--marking", "OPEN", "--marking", "LIMITED"),
        *("--marking-max", "LIMITED", "--purpose", "planning", "--until", "2030-12-31"),
    )


def test_a_registration_carries_every_word_that_was_typed(
    typed: Type, node: FakeNode, tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(KEY + "\n")
    at = "2026-06-01T00:00:00Z"
    node.answer = {
        "proposal": "7f3a9c11-2222",
        "digest": "5be04a2d" * 8,
        "kind": "register",
        "connector": "urn:port",
        "by": "okoye",
        "at": at,
        "lapses": at,
        "registration": {"name": "Port", "base": "https://p.example/d"},
    }
    said = register(typed)
    assert said.code == 0
    assert "To register urn:port; proposed by okoye" in said.out
    assert "https://p.example/d" in said.out
    assert "comity connectors confirm 7f3a9c11 5be04a2d" in said.out + said.err
    assert node.calls[0].body == {
        "id": "urn:port",
        "name": "Port",
        "base": "https://p.example/d",
        "key": KEY,
        "agreement": "A",
        "article": "Article 6",
        "area": "info",
        "kinds": ["report"],
        "scale": ["OPEN", "LIMITED"],
        "marking_max": "LIMITED",
        "purposes": ["planning"],
        "onward": "refused",
        "until": "2030-12-31",
        "pin": "",
        "origins": [],
    }
    (tmp_path / "key.json").write_bytes(b"\xff")
    assert "[cli.not_utf8]" in register(typed).err


CALLS: list[tuple[str, str, Json]] = [
    ("connectors suspend P --because w", "connectors/P/suspended", {"suspended": True}),
    ("connectors resume P --because w", "connectors/P/suspended", {"suspended": False}),
    ("connectors confirm 7f3a 5be04a2d", "proposals/7f3a/confirm", {"digest": "5be04a2d"}),
    ("connectors refuse 7f3a --because w", "proposals/7f3a/refuse", {"reason": "w"}),
    (
        "connectors change P --article 7 --pin none --until none --because w",
        "connectors/P/change",
        {"article": "7", "pin": "", "until": "", "base": "b", "kinds": ["k"], "reason": "w"},
    ),
    ("exchanges transfer P c --push", "transfers", {"format": "HttpData-PUSH"}),
    ("connectors withdraw 4c1f", "datasets/urn%3Auuid%3A4c1f/withdraw", {}),
    ("exchanges act 7f3a terminate --because w", "exchanges/7f3a/act", {"do": "terminate"}),
    ("exchanges transfer P c", "transfers", {"contract": "c", "format": "HttpData-PULL"}),
    ("exchanges negotiate P d o --kind k", "negotiations", {"offer": "o", "kind": "k"}),
    ("exchanges negotiate P d o --policy p.json", "negotiations", {"policy": "{}"}),
    ("playbook set p.toml", "playbook", {"rules": "text"}),
    ("playbook simulate p.toml", "playbook/simulate", {"rules": "text"}),
]


@pytest.mark.parametrize(("words", "path", "body"), CALLS, ids=[call[0] for call in CALLS])
def test_what_is_typed_reaches_the_operation(
    typed: Type, node: FakeNode, words: str, path: str, body: JsonObject, tmp_path: Path
) -> None:
    (tmp_path / "p.toml").write_text("text")
    (tmp_path / "p.json").write_text("{}")
    node.answers["/api/dataspace/connectors/P"] = {
        "base": "b", "kinds": ["k"], "pin": "p", "until": "2030-12-31T00:00:00Z"
    }  # fmt: skip  # a list of words
    node.answers["/api/dataspace/datasets"] = {"datasets": [{"dataset": "urn:uuid:4c1f"}]}
    assert typed(*words.split()).code == 0
    called = node.calls[-1]
    assert called.path == f"/api/dataspace/{path}"
    assert isinstance(called.body, dict)
    assert body.items() <= called.body.items()


def test_an_item_is_named_by_its_beginning_and_released_whole(typed: Type, node: FakeNode) -> None:
    node.answers["/api/items/4c1f"] = {"id": "urn:uuid:4c1f-whole"}
    node.answers["/api/dataspace/datasets"] = {"connector": "urn:port", "article": "Article 6"}
    said = typed("connectors", "release", "4c1f", "--to", "Port", "--push")
    assert "Released to urn:port under Article 6" in said.out
    assert node.calls[-1].body == {
        "item": "urn:uuid:4c1f-whole",
        "connector": "Port",
        "push": True,
    }
    node.answers["/api/dataspace/connectors/P"] = {
        "base": "b", "kinds": ["k"], "pin": "p", "until": "2030-12-31T00:00:00Z"
    }  # fmt: skip  # a list of words
    node.answers["/api/dataspace/datasets"] = {"datasets": []}
    said = typed("connectors", "withdraw", "4c1f")
    assert (said.code, "[cli.no_dataset]" in said.err) == (2, True)


def test_what_others_need_to_register_us_is_printed_whole(typed: Type, node: FakeNode) -> None:
    node.answer = {"participant": "did:web:us", "base": "https://us/dsp", "key": KEY, "pin": "ab"}
    out = typed("connectors", "ours").out
    for value in ("did:web:us", "https://us/dsp", KEY, "ab"):
        assert value in out


def test_lists_are_read_by_people_and_empty_ones_say_what_is_next(
    typed: Type, node: FakeNode
) -> None:
    node.answer = {}
    for words, says in (
        ("connectors list", "comity connectors register --help"),
        ("connectors catalogue P", "It offers us nothing now."),
        ("connectors offered", "We offer nothing to connectors."),
        ("connectors contracts", "There is no contract yet."),
        ("exchanges list --open", "There is none yet."),
        ("exchanges inbox", "Nothing waits for a person of ours."),
        ("playbook show", "There is no rule: everything waits for a person."),
    ):
        assert says in typed(*words.split()).out
    connector: JsonObject = {
        "connector": "urn:port",
        "name": "Port",
        "article": "Article 6",
        "agreement": "Arrangement",
        "until": "2030-12-31T00:00:00Z",
        "scale": ["OPEN", "LIMITED"],
        "marking_max": "LIMITED",
        "open": [exchange(waits("our_turn"))],
    }
    node.answer = {**connector, "connectors": [connector, {**connector, "suspended": True}]}
    out = typed("connectors", "list").out
    assert "Article 6 of Arrangement" in out
    assert "open, until 31 December 2030" in out
    assert "suspended" in out
    out = typed("connectors", "show", "Port").out
    assert "OPEN < LIMITED, up to LIMITED" in out
    assert "waits for us" in out
    node.answer = {
        "datasets": [
            {
                "dataset": "urn:d",
                "title": "Depths",
                "to": ["urn:port"],
                "formats": ["HttpData-PULL"],
                "offers": [{"offer": "urn:o"}],
            },
            {"dataset": "urn:e", "title": "Old", "to": []},
        ],
        "elsewhere": [{"catalogue": "urn:c", "at": ["https://x"]}],
        "contracts": [{"contract": "urn:k", "role": "consumer", "name": "Port", "dataset": "d"}],
    }
    out = typed("connectors", "catalogue", "Port").out
    assert "offer urn:o" in out
    assert "another catalogue, at https://x" in out
    out = typed("connectors", "offered").out
    assert "to urn:port" in out
    assert "withdrawn" in out
    assert "from Port" in typed("connectors", "contracts").out


def test_a_received_file_is_written_and_compared(
    typed: Type, node: FakeNode, tmp_path: Path
) -> None:
    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    node.answer = exchange(waits("received"), received={"digest": digest, "bytes": 5})
    node.answers[f"/api/dataspace/exchanges/{PID.replace(':', '%3A')}/content"] = b"hello"
    said = typed("exchanges", "get", "last", "-o", "x.txt")
    assert said.code == 0
    assert (tmp_path / "x.txt").read_bytes() == b"hello"
    assert f"SHA-256 {digest}" in typed("exchanges", "show", "last").out
    node.answer = exchange(waits("received"), received={"digest": "00" * 32, "bytes": 5})
    assert "[cli.exchange_digest]" in typed("exchanges", "get", "last", "-o", "y.txt").err
    assert not (tmp_path / "y.txt").exists()
    node.answer = exchange(waits("their_turn", whose="counterpart"))
    said = typed("exchanges", "get", "last", "-o", "z.txt")
    assert "[cli.nothing_received]" in said.err
    assert "It waits for Port Authority" in " ".join(said.err.split())


def test_a_playbook_is_read_as_sentences_and_what_it_would_do_is_said(
    typed: Type, node: FakeNode, tmp_path: Path
) -> None:
    rule: JsonObject = {
        "role": "provider",
        "process": "negotiation",
        "on": "REQUESTED",
        "occurrence": "first",
        "do": "agree",
        "after": "5s",
        "reason": "We always agree.",
        "when": {"counterpart": ["urn:port"], "dataset": [], "agreement": []},
    }
    node.answer = {"rules": [rule], "text": "[[rule]]\n"}
    said = typed("playbook", "show").out
    assert (
        "1. As provider, when a negotiation is REQUESTED for the first time (only counterpart"
        " urn:port): agree to the contract, after 5s. Because: We always agree."
    ) in said
    assert typed("playbook", "show", "--as-text").out == "[[rule]]\n"
    (tmp_path / "p.toml").write_text("text")
    row: JsonObject = {"exchange": PID, "family": "negotiation", "dataset": "d", "after": "0ms"}
    node.answer = {"rules": 1, "would": [{**row, "rule": 1, "do": "agree"}, {**row, "rule": None}]}
    said = typed("playbook", "simulate", "p.toml").out
    assert "rule 1: agree to the contract." in said
    assert "no rule; it waits for a person." in said
