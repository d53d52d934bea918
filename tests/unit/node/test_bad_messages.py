"""Messages of a counterpart that breaks the rules, at the site behind the gate.

Source: the table of bad input: «message ... wrong signature, repeated, reordered, oversized, deeply
nested, duplicate keys, floats, NaN, wrong Unicode: refused with a coded error; nothing stored».
What the gate itself refuses (unknown keys, old or repeated calls) is tried in
``tests/unit/transport/test_gate.py``.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.record.body import Body
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import HeadSigners, sign_log
from comity.record.tree import leaf_hash, root_of
from support import parties
from support.hostile import Hostile, body_of, files, hostile, stored
from support.loops import on_a_loop
from support.stages import push, say, stepwise
from support.two_nodes import FakePeer

Build = Callable[[Hostile], bytes]


def act(raw: bytes) -> Build:
    """Return a request whose entry carries these bytes as its act."""
    return lambda liar: liar.request(liar.entry(raw))


def header(change: Callable[[bytes], bytes]) -> Build:
    """Return a right request whose header line was changed."""

    def build(liar: Hostile) -> bytes:
        line, end, rest = liar.request(liar.anchor()).partition(b"\n")
        return change(line) + end + rest

    return build


def replaced(old: bytes, new: bytes) -> Build:
    def change(line: bytes) -> bytes:
        assert old in line
        return line.replace(old, new, 1)

    return header(change)


def seen(**changes: object) -> Build:
    def build(liar: Hostile) -> bytes:
        return liar.request(liar.anchor(seen=attrs.evolve(liar.seen, **changes)))  # type: ignore[arg-type]  # members of it

    return build


def two(first: int, second: int) -> Build:
    """Return two entries at these places after the mirror's end."""

    def build(liar: Hostile) -> bytes:
        end = len(liar.log)
        return liar.request(
            liar.anchor(n=end + first, lc=liar.lc + 1 + first),
            liar.anchor(n=end + second, lc=liar.lc + 1 + second),
        )

    return build


def envelope(change: Callable[[bytes], bytes]) -> Build:
    """Return a request whose envelope was changed and signed as it is."""

    def build(liar: Hostile) -> bytes:
        raw, body = liar.anchor()
        return liar.request((change(raw), body))

    return build


def another_body(liar: Hostile) -> bytes:
    raw, _ = liar.anchor()
    _, other = liar.entry({"commitment": "ff" * 48}, kind="anchor.house")
    return liar.request((raw, other))


def signed_by(name: str) -> Build:
    """Return a request whose head is signed by somebody else."""

    def build(liar: Hostile) -> bytes:
        entry = liar.anchor()
        leaves = [*liar.leaves, leaf_hash(entry[0])]
        head = Checkpoint(origin=liar.rel.own_origin, size=len(leaves), root=root_of(leaves))
        signers = HeadSigners(
            name=head.origin, ed=parties.ed25519(name), pq=parties.ml_dsa_44(name)
        )
        note = sign_log(head, signers=signers, at=liar.pair.clock.now())
        return liar.request(entry, note=note)

    return build


def half_signed(place: int) -> Build:
    """Return a request whose head has lost one of its two signatures."""

    def build(liar: Hostile) -> bytes:
        entry = liar.anchor()
        note = liar.note([*liar.leaves, leaf_hash(entry[0])])
        text, _, signatures = note.partition(b"\n\n")
        lines = signatures.splitlines(keepends=True)
        assert len(lines) == 2
        return liar.request(entry, note=text + b"\n\n" + lines[place])

    return build


def covering(more: int) -> Build:
    """Return a request whose head covers more or fewer entries than it carries."""

    def build(liar: Hostile) -> bytes:
        entry = liar.anchor()
        leaves = [*liar.leaves, leaf_hash(entry[0]), bytes(32)]
        return liar.request(entry, note=liar.note(leaves[: len(leaves) - 1 + more]))

    return build


def stranger_in_seen(liar: Hostile) -> bytes:
    return liar.request(liar.anchor(seen=attrs.evolve(liar.seen, log="elsewhere/comity/0")))


NESTED: Final = b'{"instrument":' + b"[" * 500 + b"]" * 500 + b"}"
NOTE: Final = {"note": b"{}"}
BAD: Final[dict[str, tuple[Build, str]]] = {
    "entries reordered": (two(1, 0), "record.entry_index"),
    "an entry repeated": (two(0, 0), "record.entry_index"),
    "an entry left out": (two(0, 2), "record.entry_index"),
    "a logical clock that stands still": (
        lambda liar: liar.request(liar.anchor(lc=liar.lc)),
        "record.clock",
    ),
    "a header of more than a megabyte": (
        replaced(b'"entries":[', b'"entries":[' + b"[1,1]," * 200_000),
        "json.size",
    ),
    "an envelope announced too large": (
        header(lambda line: re.sub(rb'"entries":.*?\]\]', b'"entries":[[5000,9]]', line)),
        "record.sync_value",
    ),
    "more entries than one request may carry": (
        lambda liar: liar.request(*[liar.anchor()] * 257),
        "record.sync_entries",
    ),
    "a header deeply nested": (
        replaced(b'"proof":', b'"proof":' + b"[" * 500 + b"]" * 500 + b',"x":'),
        "json.depth",
    ),
    "an act deeply nested": (act(NESTED), "json.depth"),
    "a header with a key twice": (replaced(b'"v":1', b'"v":1,"v":1'), "json.duplicate"),
    "an act with a key twice": (act(b'{"instrument":"x","instrument":"x"}'), "json.duplicate"),
    "an envelope with a key twice": (
        envelope(lambda raw: raw.replace(b'"v":1', b'"v":1,"v":1')),
        "json.duplicate",
    ),
    "an act with a float": (act(b'{"instrument":"x","n":1.5}'), "json.decimal"),
    "an act with NaN": (act(b'{"instrument":NaN}'), "json.decimal"),
    "a header with a float": (replaced(b'"v":1', b'"v":1.0'), "json.decimal"),
    "an act that is no UTF-8": (act(b'{"instrument":"\xff"}'), "json.encoding"),
    "an act with half a surrogate": (act(b'{"instrument":"\\ud800"}'), "json.text"),
    "an act not in normal form C": (act('{"instrument":"e\u0301"}'.encode()), "json.normal_form"),
    "an act that is not canonical": (act(b'{ "instrument":"x"}'), "json.not_canonical"),
    "an act that is no object": (act(b'["instrument"]'), "json.not_object"),
    "an act with members nobody knows": (
        act(b'{"extra":1,"instrument":"urn:uuid:00000000-0000-4000-8000-000000000001"}'),
        "agreements.members",
    ),
    "a head signed by a stranger": (signed_by("stranger"), "record.unsigned"),
    "a head without its ML-DSA half": (half_signed(0), "record.unsigned"),
    "a head without its Ed25519 half": (half_signed(1), "record.unsigned"),
    "a head over one entry more": (covering(1), "record.sync_head"),
    "a head over one entry fewer": (covering(-1), "record.sync_head"),
    "a body that was not committed to": (another_body, "node.body_commitment"),
    "a kind nobody knows": (
        lambda liar: liar.request(liar.entry({"x": 1}, kind="agreement.magic")),
        "record.unknown_kind",
    ),
    "a kind of the house": (
        lambda liar: liar.request(liar.entry({"x": 1}, kind="house.rule")),
        "record.unknown_kind",
    ),
    "a section that the kind has not": (
        lambda liar: liar.request(
            liar.entry({"instrument": liar.pair.instrument}, sections={"payload": b"x"})
        ),
        "record.sections",
    ),
    "no act at all": (
        lambda liar: liar.request(
            liar.entry(b"", body=Body(key=bytes(32), sections=body_of(b"", NOTE).sections[1:]))
        ),
        "record.sections",
    ),
    "entries of our log seen that do not exist": (seen(size=999), "record.seen_beyond"),
    "a root of our log that it never had": (seen(root="11" * 32), "record.seen_root"),
    "less of our log seen than before": (
        lambda liar: liar.request(
            liar.anchor(seen=attrs.evolve(liar.seen, size=liar.seen.size - 1))
        ),
        "record.seen_back",
    ),
    "another log seen": (stranger_in_seen, "record.seen_log"),
    "bytes after the end": (
        lambda liar: liar.request(liar.anchor()) + b"more",
        "record.sync_trailing",
    ),
    "a request cut off": (lambda liar: liar.request(liar.anchor())[:-1], "record.sync_cut"),
    "nothing": (lambda _: b"", "record.sync_cut"),
    "the log of somebody else": (
        lambda liar: liar.request(liar.anchor(log="localhost:9443/comity/ab/0")),
        "record.entry_log",
    ),
    "a second letter of introduction": (
        lambda liar: liar.request(
            liar.entry(
                {"letter": "00" * 32, "rules": "1"},
                kind="letter.introduce",
                sections={"document": b"{}", "signatures": b"{}"},
            )
        ),
        "record.other_letter",
    ),
    "full powers that are no document": (
        lambda liar: liar.request(
            liar.entry(
                {"powers": "00" * 32},
                kind="powers.grant",
                sections={"document": b"{}", "signatures": b"{}"},
            )
        ),
        "documents.type",
    ),
    "an act on an instrument nobody tabled": (
        lambda liar: liar.request(
            liar.entry({"instrument": "urn:uuid:00000000-0000-4000-8000-000000000009"})
        ),
        "agreements.not_known",
    ),
}  # fmt: skip  # one thing wrong per entry


def code_of(body: bytes) -> str:
    return str(json.loads(body).get("code"))


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.node.handlers.base.HELD_WAIT_S", 0.0)


@on_a_loop
async def test_a_message_with_one_thing_wrong_is_refused_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    before, sent = (stored(pair.a), files(pair.a)), len(pair.wire.sent)
    wrong: dict[str, object] = {}
    for name, (build, code) in BAD.items():
        answer = await liar.post(build(liar))
        status = 403 if code == "agreements.not_known" else 400
        if (answer.status, code_of(answer.body)) != (status, code):
            wrong[name] = (answer.status, answer.body[:300])
        assert (stored(pair.a), files(pair.a)) == before, f"{name} left something"
    assert not wrong
    assert len(pair.wire.sent) == sent, "no network request was caused"

    accepted = await liar.post(liar.request(liar.anchor()))
    assert accepted.status == 200, "what is right is taken all the same"
    await pair.close()


@on_a_loop
async def test_a_message_that_comes_again_is_answered_and_has_no_second_effect(
    tmp_path: Path,
) -> None:
    pair = await stepwise(tmp_path)
    await say(pair, pair.b, "once")
    await push(pair.b)
    (sync,) = [one for one in pair.wire.carried if one.path.endswith("/sync")][-1:]
    before = stored(pair.a)
    again = await pair.peer(pair.b).arrive(
        "POST", sync.path, content=sync.content, media="application/vnd.comity.sync"
    )
    assert again.status == 409
    said = json.loads(again.body)
    assert said["conflict"] == "size"
    assert said["note"] == json.loads(sync.answer)["note"], "the answer that was perhaps lost"
    assert stored(pair.a) == before
    await pair.close()


@pytest.mark.parametrize("path", ["/relationships/{}/checkpoint", "/relationships/{}/sync", "/x"])
@on_a_loop
async def test_a_party_that_nobody_accepted_learns_nothing(tmp_path: Path, path: str) -> None:
    pair = await stepwise(tmp_path)
    rel = await pair.a.relationship()
    stranger = FakePeer(
        wire=pair.wire, target=lambda: pair.a.running, caller="did:web:stranger.example"
    )
    before = stored(pair.a)
    for method in ("GET", "POST"):
        answer = await stranger.arrive(method, path.format(rel.rel_id), content=b"", media="")
        assert (answer.status, code_of(answer.body)) == (400, "peers.unknown")
        assert pair.b.did.encode() not in answer.body
    assert stored(pair.a) == before
    await pair.close()


@on_a_loop
async def test_a_counterpart_reaches_its_own_relationship_only(tmp_path: Path) -> None:
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    answer = await liar.post(liar.request(liar.anchor()), rel_id="00" * 16)
    assert code_of(answer.body) == "peers.other_record"
    await pair.close()
