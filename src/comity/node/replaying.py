"""Rebuilding the state from both logs, in front of whoever waits, or beside other work.

A replay of many years takes long: begun by a page, it goes on beside other work and says how far it
has come; one at a time for each relationship, the last result kept until the node stops. Nothing is
changed by it: the state in use and the one in the database are only compared with the one that
follows from the record. Source: record.md 7.4; design 5.
"""

import asyncio
from collections.abc import Callable

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.node import folding
from comity.node.context import Context
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx


def replay(
    tx: Tx, ctx: Context, rel: RelationshipRow, *, step: Callable[[], None] | None = None
) -> JsonObject:
    """Rebuild the state from both logs and compare it with the one the node works with.

    Args:
        tx: The transaction.
        ctx: The node.
        rel: The relationship.
        step: Called after each act; what it raises ends the replay.
    """
    own, peer = tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin)
    in_use = folding.fingerprint_of(ctx.folding.state(tx, rel))
    anew = folding.fingerprint_of(ctx.folding.replay(tx, rel, step=step))
    stored = tx.things.get(f"state:{rel.rel_id}", "digest", "all")
    written: dict[str, Json] = dict(stored.value) if stored else {}
    sizes = (written.pop("ours", 0), written.pop("theirs", 0))
    cut = tuple(size for size in sizes if isinstance(size, int))
    then = folding.fingerprint_of(ctx.folding.replay(tx, rel, sizes=(cut[0], cut[1]), step=step))
    return {
        "relationship": rel.rel_id,
        "entries": {"ours": own.size, "theirs": peer.size},
        "equal": in_use == anew and (not written or written == then),
        "in_use": in_use,
        "replayed": anew,
        "database": {"ours": cut[0], "theirs": cut[1], **written},
        "replayed_to_database": then,
    }


class _StoppedError(Exception):
    """The node stops: a replay that goes on is not waited for."""


@attrs.define(kw_only=True)
class _Run:
    """One replay: begun when, how far, and what came of it."""

    began: str
    total: int
    done: int = 0
    ended: str | None = None
    result: JsonObject | None = None
    problem: str = ""
    stopped: bool = False
    task: asyncio.Task[None] | None = None

    def step(self) -> None:
        """Count one act; called on the reader's thread."""
        if self.stopped:
            raise _StoppedError
        self.done += 1


@attrs.define(kw_only=True)
class Replays:
    """The desk for replays that go on beside other work."""

    ctx: Context
    _runs: dict[str, _Run] = attrs.field(factory=dict)

    async def start(self, rel: RelationshipRow) -> JsonObject:
        """Begin a replay, unless one goes on, and return how it stands."""
        run = self._runs.get(rel.rel_id)
        if run is None or run.ended is not None:
            total = await self.ctx.store.read(lambda tx: self._length(tx, rel))
            run = self._runs[rel.rel_id] = _Run(began=str(self.ctx.now()), total=total)
            run.task = asyncio.create_task(self._go(run, rel))
        return self.state(rel)

    def _length(self, tx: Tx, rel: RelationshipRow) -> int:
        """Return how many acts there are to fold: to the end, and to what the database has."""
        heads = (tx.logs.head(rel.own_origin), tx.logs.head(rel.peer_origin))
        stored = tx.things.get(f"state:{rel.rel_id}", "digest", "all")
        kept = [stored.value.get(side) for side in ("ours", "theirs")] if stored else []
        return sum(head.size for head in heads) + sum(n for n in kept if isinstance(n, int))

    async def _go(self, run: _Run, rel: RelationshipRow) -> None:
        try:
            run.result = await self.ctx.store.read(
                lambda tx: replay(tx, self.ctx, rel, step=run.step)
            )
        except _StoppedError:
            return
        except ComityError as error:
            run.problem = error.message
        run.ended = str(self.ctx.now())

    def state(self, rel: RelationshipRow) -> JsonObject:
        """Return how the newest replay of a relationship stands."""
        run = self._runs.get(rel.rel_id)
        if run is None:
            return {"relationship": rel.rel_id, "began": None, "running": False, "result": None}
        return {
            "relationship": rel.rel_id,
            "began": run.began,
            "ended": run.ended,
            "running": run.ended is None,
            "done": min(run.done, run.total),
            "total": run.total,
            "result": run.result,
            "problem": run.problem,
        }

    async def stop(self) -> None:
        """End what goes on."""
        for run in self._runs.values():
            run.stopped = True
            if run.task is not None:
                await asyncio.gather(run.task, return_exceptions=True)
