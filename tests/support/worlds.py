"""Officials of two parties who act at random while their nodes' messages go astray, on a seed.

Nothing runs in the background: every act, delivery, restart and tick of the clock is a step that
the seed chooses, so a seed that fails fails again. After each step the promises of the record are
looked at. Source: record.md 12.1 nos. 8 and 9.
"""

import random
from collections.abc import Sequence
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.node import folding
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.ports import RelationshipRow
from comity.record.sync import parse_answer, parse_header, parse_holding
from comity.record.tree import leaf_hash, root_of
from comity.storage.tx import Tx
from support import stages
from support.two_nodes import Pair, Party

ANSWERS: Final = (
    "accept", "accept_ad_ref", "object", "reserve", "lift", "withdraw", "park", "unpark",
    "reopen", "explain",
)  # fmt: skip  # one line per thought
#: What usually comes next in each state, so that a world gets somewhere.
NEXT: Final = {
    "tabled": ("talk", "accept_all"),
    "negotiating": ("accept_all", "accept_all", "confirm", "lift_all"),
    "clean": ("adopt",),
    "agreed_ad_ref": ("initial",),
    "initialled": ("clear", "window", "ready"),
    "signing": ("sign", "sign", "sign", "clear"),
    "in_force": ("suspend", "resume"),
}
ANY: Final = (
    "accept_all", "adopt", "answer", "answer", "answer", "clear", "confirm", "counter", "initial",
    "lift_all", "package", "accept_package", "ready", "reopen", "resume", "sign", "suspend",
    "table", "talk", "window",
)  # fmt: skip  # one line per thought
#: How many entries an act adds; what is not named adds at most one.
ADDS: Final = {"window": 2}


@attrs.define(kw_only=True)
class World:
    """Two parties, a seed, and what was seen so far."""

    pair: Pair
    rng: random.Random
    logs: dict[str, list[bytes]] = attrs.field(factory=dict)
    digests: dict[tuple[int, int], JsonObject] = attrs.field(factory=dict)
    story: list[str] = attrs.field(factory=list)

    @property
    def parties(self) -> tuple[Party, Party]:
        return self.pair.a, self.pair.b

    def awake(self) -> list[Party]:
        return [party for party in self.parties if party.running is not None]

    # --- steps --------------------------------------------------------------------------------

    async def step(self) -> None:
        """Do one thing, then look at every promise."""
        kind = self.rng.choices(
            ("act", "push", "follow", "release", "stop", "start", "tick", "refresh"),
            (30, 30, 14, 6, 4, 8, 5, 3),
        )[0]
        party = self.rng.choice(self.parties)
        if kind == "start" and party.running is None:
            self.pair.open(party)
        elif kind == "tick":
            self.pair.clock.tick(self.rng.choice((1, 60, 2000)))
        elif kind == "release":
            await self.pair.wire.release()
        elif party.running is None:
            return
        elif kind == "stop":
            await self.pair.stop(party)
        elif kind == "act":
            await self.act(party)
        else:
            await self.deliver(party, kind)
        self.story.append(f"{kind} {party.name}")
        await self.look()

    async def deliver(self, party: Party, kind: str) -> None:
        """Let a node do what it would do by itself after a change."""
        rel = await party.relationship()
        try:
            if kind == "follow":
                await party.node._after(rel.rel_id)
            else:
                await party.node.syncing.push(rel.rel_id, kind == "refresh")
        except ComityError as error:
            self.story.append(error.code)

    async def act(self, party: Party) -> None:
        """Let an official do something, wise or not."""
        before = await self.own_size(party)
        seen = await self.seen(party)
        usual = NEXT.get(str(seen["status"]) if seen else "", ())
        name = self.rng.choice(usual if usual and self.rng.random() < 0.6 else ANY)
        try:
            await self.try_act(party, name, seen)
        except ComityError as error:
            grown = 0
            self.story.append(f"{party.name} {name}: {error.code}")
        else:
            grown = ADDS.get(name, 1)
            self.story.append(f"{party.name} {name}")
        assert await self.own_size(party) - before <= grown, f"{name} happened twice"

    async def try_act(self, party: Party, name: str, seen: JsonObject | None) -> None:
        pair = self.pair
        if seen is None:
            if party is pair.a and not pair.instrument:
                await stages.draft(pair)
            await party.call("agreements.table", who="negotiator", instrument=pair.instrument)
            return
        units = seen["units"]
        assert isinstance(units, list)
        named = [str(unit["unit"]) for unit in self.rng.sample(units, 2)]
        match name:
            case "answer":
                what = self.rng.choice(ANSWERS)
                words = "legal" if what == "reserve" else "words"
                await stages.answer(pair, party, what, named[0], words=words)
            case "accept_all" | "lift_all":
                await stages.answer(pair, party, name.removesuffix("_all"), "all")
                await self.table(party)
            case "confirm":
                await stages.answer(pair, party, name, "all", who="mandate_holder")
                await self.table(party, who="mandate_holder")
            case "counter":
                years = self.rng.choice(("two", "ten"))
                await stages.counter(pair, party, ("The Parties may", f"In {years}, they may"))
                await self.table(party)
            case "package":
                await self.ask(party, "package", gives=named[:1], asks=named[1:])
                await self.table(party)
            case "accept_package":
                await self.ask(party, "accept_package", package="last")
                await self.table(party)
            case "table":
                await self.table(party)
            case _:
                await self.binding(party, name, named)

    async def binding(self, party: Party, name: str, named: Sequence[str]) -> None:
        """Try one of the acts that conclude or suspend."""
        now = self.pair.clock.now()
        match name:
            case "clear":
                await self.ask(party, name, who="mandate_holder")
            case "window":
                closes = str(now.plus(self.rng.choice((30, 3000, 9000))))
                await self.ask(party, name, opens=str(now), closes=closes)
            case "ready" | "talk" | "reopen":
                await self.ask(party, name)
            case _:
                who = self.rng.choice(("signatory", "second"))
                more = {"units": list(named[:1])} if name == "suspend" else {}
                request = await self.ask(party, name, who=who, **more)
                if self.rng.random() < 0.9:
                    await party.sign(request, who)

    async def table(self, party: Party, *, who: str = "negotiator") -> None:
        await self.ask(party, "table", who=who)

    async def ask(
        self, party: Party, name: str, *, who: str = "negotiator", **members: object
    ) -> JsonObject:
        return await party.call(
            f"agreements.{name}", who=who, instrument=self.pair.instrument, **members
        )

    # --- what is seen -------------------------------------------------------------------------

    async def seen(self, party: Party) -> JsonObject | None:
        """Return the instrument as the party sees it; None where it does not know it yet."""
        listed = (await party.call("agreements"))["agreements"]
        assert isinstance(listed, list)
        if not any("relationship" in one and "counts" in one for one in listed):
            return None
        return await stages.show(party, self.pair.instrument)

    async def own_size(self, party: Party) -> int:
        rel = await party.relationship()
        return await party.node.ctx.store.read(lambda tx: tx.logs.head(rel.own_origin).size)

    async def look(self) -> None:
        """Check after each step: logs only grow, mirrors are prefixes, equal heads say the same."""
        mirrors = {}
        for party in self.awake():
            rel = await party.relationship()
            assert rel.status in {"introduced", "open"}, rel.reason
            own, mirror, state = await party.node.ctx.store.read(
                lambda tx, rel=rel, party=party: _logs(tx, rel, party)  # type: ignore[misc]  # bound now
            )
            known = self.logs.get(party.did, [])
            assert own[: len(known)] == known, "what was acknowledged is still there, in its place"
            self.logs[party.did], mirrors[rel.counterpart] = own, mirror
            heads = (len(own), len(mirror)) if party is self.pair.a else (len(mirror), len(own))
            assert self.digests.setdefault(heads, state) == state, f"both say the same at {heads}"
        for author, mirror in mirrors.items():
            log = self.logs.get(author)
            assert log is None or mirror == log[: len(mirror)], "the mirror is a prefix"

    # --- the end ------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Let the wire carry everything and both nodes come to rest."""
        self.pair.wire.calm()
        await self.pair.wire.release()
        for party in self.parties:
            if party.running is None:
                self.pair.open(party)
        for _ in range(3):
            for party in self.parties:
                await self.deliver(party, "follow")
                await self.deliver(party, "refresh")
        await self.look()

    async def check_end(self) -> None:
        """Check what must hold once everything has arrived."""
        a, b = self.parties
        for party in self.parties:
            counterpart = self.pair.other(party)
            rel = await party.relationship()
            mirror = await counterpart.node.ctx.store.read(
                lambda tx, rel=rel: tx.logs.head(rel.own_origin)  # type: ignore[misc]  # bound now
            )
            assert mirror.size == len(self.logs[party.did]), "everything arrived"
            replayed = await party.call("record.replay", counterpart=counterpart.did)
            assert replayed["equal"] is True
        if self.pair.instrument and (seen := await self.seen(a)) is not None:
            other = await stages.show(b, self.pair.instrument)
            for member in ("status", "state_digest", "text", "attempts", "void_attempts",
                           "ends_at", "suspended_units", "contested", "no_effects"):  # fmt: skip
                assert seen[member] == other[member], member
        self.check_heads()

    def check_heads(self) -> None:
        """Check every head that was ever signed or cosigned against the one history."""
        leaves = {}
        for party in self.parties:
            made = [leaf_hash(raw) for raw in self.logs[party.did]]
            leaves[party.did.rpartition("%3A")[2]] = made
        heads = set()
        for content in self.pair.wire.sent:
            if content:
                heads.add(_head(parse_header(content.partition(b"\n")[0]).note))
        for one in self.pair.wire.carried:
            if one.status in {200, 409}:
                said = (parse_holding if one.method == "GET" else parse_answer)(one.answer)
                if said.note is not None:
                    heads.add(_head(said.note))
        assert heads
        for head in heads:
            port = head.origin.partition("/")[0].rpartition(":")[2]
            assert head.root == root_of(leaves[port][: head.size]), "no node signs two histories"


async def fingerprints_of(party: Party) -> JsonObject:
    """Return the digests of what a party's node makes of its only relationship."""
    rel = await party.relationship()
    node = party.node

    def look(tx: Tx) -> JsonObject:
        return dict(folding.fingerprint_of(node.ctx.folding.state(tx, rel)))

    return await node.ctx.store.read(look)


def _logs(
    tx: Tx, rel: RelationshipRow, party: Party
) -> tuple[list[bytes], list[bytes], JsonObject]:
    own = [row.envelope for row in tx.logs.entries(rel.own_origin, 0, 1 << 20)]
    mirror = [row.envelope for row in tx.logs.entries(rel.peer_origin, 0, 1 << 20)]
    state = folding.fingerprint_of(party.node.ctx.folding.state(tx, rel))
    return own, mirror, dict(state)


def _head(note: bytes) -> Checkpoint:
    """Return the head in a note; that it is signed, whoever received it has checked."""
    return parse_checkpoint(note.partition(b"\n\n")[0] + b"\n")
