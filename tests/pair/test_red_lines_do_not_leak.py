"""A private red line is seen by nobody else: not in what is sent, not in how much, not in when.

The same story is lived twice on the same keys and the same chance, once without and once with a red
line that fires, blocks and is looked at. Everything that Berevan receives must be equal in number,
order, size and content until Aldoria's next deliberate act; apart are what chance makes anew each
time: signatures, body keys with the commitments and roots over them, and the commitment in an
anchor of the house log. Source: agreements.md D3.6, D3.12; design 2 (idea 4).
"""

import json
import random
from pathlib import Path

import attrs

from comity.foundation.canonical import Json, JsonObject, parse_canonical
from comity.record.body import unpack
from comity.record.envelope import parse_envelope
from comity.record.sync import parse_request
from support.framework import CONDITIONED, RED_LINE, RED_LINE_ID, RED_LINE_SENTENCE, UNAFFECTED
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import answer, at_stage, counter, draft, say, show, table
from support.two_nodes import Carried, Pair

DAY_S = 24 * 3600
SEED = 20261123


@attrs.define
class ChanceBySize:
    """Chance with one stream per size: keys that are drawn more often change no identifier."""

    seed: int
    streams: dict[int, random.Random] = attrs.field(factory=dict)

    def token(self, n: int) -> bytes:
        stream = self.streams.setdefault(n, random.Random(f"{self.seed}/{n}"))
        return stream.randbytes(n)


async def live(root: Path, *, red_line: bool) -> Pair:
    """Live the story up to where Aldoria would next have to act deliberately."""
    pair = await at_stage("introduced", root, chance=ChanceBySize(SEED))
    pair.wire.carried.clear()
    await draft(pair)
    if red_line:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        await pair.settle()
    await table(pair, pair.a)
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    await answer(pair, pair.b, "accept", "Article 1 1.", "Article 2")
    await counter(
        pair,
        pair.b,
        (UNAFFECTED, CONDITIONED),
        ('relations = "unaffected"', 'relations = "conditioned"'),
    )
    await table(pair, pair.b)
    await answer(pair, pair.a, "accept", "Article 3")
    if red_line:
        await what_only_a_sees(pair)
    for _ in range(2):
        await pair.later(DAY_S)
    await say(pair, pair.b, "are you still there?")
    await pair.settle()
    return pair


async def what_only_a_sees(pair: Pair) -> None:
    """Let the red line fire, block, be looked at and be set aside for one unit."""
    assert RED_LINE_SENTENCE in str((await show(pair.a, pair.instrument))["red_lines"])
    await refused(
        "redlines.blocked",
        pair.a.call("agreements.table", who="negotiator", instrument=pair.instrument),
    )
    await pair.a.call("redlines", instrument=pair.instrument)
    await pair.a.call(
        "redlines.deviate",
        who="mandate_holder",
        instrument=pair.instrument,
        line=RED_LINE_ID,
        unit="Article 3",
    )
    await pair.settle()


def received(pair: Pair) -> list[JsonObject]:
    """Return all that reached Berevan, without what chance makes anew.

    First Aldoria's own messages in their order, then its answers to Berevan's in theirs: two lines
    that run side by side, so how they interleave is the network's.
    """
    own = [one for one in pair.wire.carried if one.caller == pair.a.did]
    asked = [one for one in pair.wire.carried if one.caller == pair.b.did]
    return [*map(_request, own), *map(_answer, asked)]


def _request(one: Carried) -> JsonObject:
    """Return a request of Aldoria: Berevan received it."""
    made: dict[str, Json] = {"method": one.method, "path": one.path, "bytes": len(one.content)}
    if one.method == "POST":
        request = parse_request(one.content)
        head = request.header
        made |= {"log": head.log, "from": head.start, "to": head.to, "held": head.held}
        made |= {"note": len(head.note), "proof": len(head.proof)}
        made["entries"] = [_entry(*entry) for entry in request.entries]
    return made


def _entry(raw: bytes, container: bytes) -> JsonObject:
    envelope = parse_envelope(raw)
    body = unpack(container)
    sections = {section.name: section.content for section in body.sections}
    acts: Json = len(sections["act"])
    if envelope.kind != "anchor.house":
        acts = parse_canonical(sections["act"], bytes_max=1 << 24, what="act")
    return {
        "kind": envelope.kind,
        "n": envelope.n,
        "seen": envelope.seen.size,
        "lc": envelope.lc,
        "of": envelope.of,
        "bytes": [len(raw), len(container)],
        "sections": {name: len(content) for name, content in sorted(sections.items())},
        "act": acts,
    }


def _answer(one: Carried) -> JsonObject:
    """Return an answer of Aldoria's: Berevan received that too."""
    value = json.loads(one.answer)
    note = value.pop("note", None)
    return {
        "answer to": one.path,
        "status": one.status,
        "bytes": len(one.answer),
        "note": None if note is None else len(note),
        "rest": value,
    }


def kinds_sent(pair: Pair) -> list[str]:
    """Return the kinds of the entries that Aldoria sent."""
    requests = [
        parse_request(one.content)
        for one in pair.wire.carried
        if one.caller == pair.a.did and one.method == "POST"
    ]
    return [parse_envelope(raw).kind for each in requests for raw, _ in each.entries]


@on_a_loop
async def test_what_the_counterpart_receives_is_the_same_with_and_without_a_red_line(
    tmp_path: Path,
) -> None:
    without = await live(tmp_path / "without", red_line=False)
    within = await live(tmp_path / "with", red_line=True)
    plain, guarded = received(without), received(within)
    for number, (one, other) in enumerate(zip(plain, guarded, strict=False)):
        assert one == other, f"message {number} tells them apart"
    assert len(plain) == len(guarded)
    kinds = kinds_sent(within)
    assert kinds[0] == "agreement.table"
    assert kinds.count("anchor.house") >= 2, "the days have passed at both"
    await without.close()
    await within.close()


@on_a_loop
async def test_no_byte_of_a_red_line_is_at_the_counterpart(tmp_path: Path) -> None:
    pair = await live(tmp_path, red_line=True)
    await pair.close()
    secrets = (RED_LINE_ID.encode(), RED_LINE_SENTENCE.encode(), b"forbid_effect")

    def held(folder: Path) -> set[bytes]:
        contents = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())
        return {secret for secret in secrets if secret in contents}

    assert held(pair.a.folder) == set(secrets), "the search finds what is there"
    assert held(pair.b.folder) == set()
    wire = b"".join(one.content + one.answer for one in pair.wire.carried)
    assert not [secret for secret in secrets if secret in wire]
