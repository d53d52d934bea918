"""How the node itself is: what waits, what does not get through and who must act, what runs out.

Facts and codes; the doors word them. Asking a counterpart is the one thing here that goes out, and
it goes where everything else goes: to the pinned address. Source: design 8, 10.
"""

import asyncio
import shutil
from collections.abc import Iterator
from typing import Final

import attrs
from cryptography import x509

from comity import __version__
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.instants import Instant
from comity.node.context import HOUSE, Context, counterpart_name
from comity.node.delivery import Delivery, Trouble
from comity.node.introductions import Introductions
from comity.node.requests import Requests
from comity.node.syncing import RecordPeer
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.record.sync import parse_holding
from comity.storage.tx import Tx
from comity.transport.client import PeerAnswer

_DAY_S: Final = 86_400
LETTER_SOON_S: Final = 7 * _DAY_S
CERTIFICATE_SOON_S: Final = 60 * _DAY_S
DISK_LOW_BYTES: Final = 2 << 30
_TIME_HEADER: Final = "comity-time"

#: Who must act, by the code of a trouble or by its beginning; what is not here is our engineer's.
_WHO: Final = {
    "transport.unreachable": "them",
    "transport.timeout": "them",
    "transport.slow": "them",
    "transport.clock": "both",
    "transport.pin": "both",
    "transport.redirect": "them",
    "transport.answer": "them",
    "call.not_authenticated": "them",
    "peers.unknown": "them",
    "peers.other_record": "both",
    "record.frozen": "both",
}


def who_acts(code: str) -> str:
    """Return who must act on a trouble in delivery: ``us``, ``them`` or ``both``."""
    return _WHO.get(code, "us")


@attrs.frozen(kw_only=True)
class Health:
    """The desk that knows how the node is."""

    ctx: Context
    delivery: Delivery
    introductions: Introductions
    requests: Requests
    _asked: dict[str, JsonObject] = attrs.field(factory=dict)

    def show(self, tx: Tx) -> JsonObject:
        """Return the whole state: counterparts, queue, dates that near, room on the disk."""
        now = self.ctx.now()
        peers = [self._counterpart(tx, row) for row in tx.relationships.list()]
        dates = list(self._dates(tx, now))
        disk = self._disk()
        troubles: list[Json] = [
            {
                "counterpart": one["counterpart"],
                "code": one["trouble"]["code"],
                "since": one["trouble"]["since"],
            }
            for one in peers
            if isinstance(one["trouble"], dict)
        ]
        notes = [
            {"code": f"{one['what']}_{one['state']}"} for one in dates if one["state"] != "good"
        ]
        if disk["low"]:
            notes.append({"code": "disk_low"})
        notes += [{"code": "frozen"} for one in peers if one["status"] == "frozen"]
        return {
            "ok": not troubles and not notes,
            "party": self.ctx.config.party,
            "purpose": self.ctx.config.purpose,
            "at": str(now),
            "version": __version__,
            "queued": len(tx.outbox.list()),
            "queue": self._queue(tx),
            "troubles": troubles,
            "notes": [dict(one) for one in notes],
            "counterparts": [dict(one) for one in peers],
            "dates": [dict(one) for one in dates],
            "database": self._database(),
            "disk": disk,
        }

    def _counterpart(self, tx: Tx, row: RelationshipRow) -> JsonObject:
        own, latest = tx.logs.head(row.own_origin), tx.checkpoints.latest(row.own_origin)
        theirs = tx.logs.head(row.peer_origin)
        held = latest.size if latest else 0
        trouble = self.delivery.trouble(row.rel_id)
        if row.status == "introduced" and trouble and trouble.code == "call.not_authenticated":
            trouble = None  # they have not accepted our letter yet: nothing is wrong
        letter = self.introductions.letter_of(tx, row)
        return {
            "relationship": row.rel_id,
            "counterpart": row.counterpart,
            "name": counterpart_name(tx, row),
            "address": letter.endpoints.peer,
            "status": row.status,
            "reason": row.reason,
            "ours": own.size,
            "held": held,
            "waiting": own.size - held,
            "theirs": theirs.size,
            "cosigned": str(latest.time) if latest else None,
            "trouble": None if trouble is None else _trouble(trouble),
            "asked": self._asked.get(row.rel_id),
        }

    def _queue(self, tx: Tx) -> list[Json]:
        """Return the work that waits, by kind: how much, the oldest due, the last error."""
        kinds: dict[str, dict[str, Json]] = {}
        for row in tx.outbox.list():
            due = str(row.due)
            kind = kinds.setdefault(
                row.topic, {"topic": row.topic, "count": 0, "due": due, "error": ""}
            )
            count = kind["count"]
            assert isinstance(count, int)
            kind["count"] = count + 1
            kind["due"] = min(str(kind["due"]), due)
            kind["error"] = row.error or kind["error"]
        return [kinds[topic] for topic in sorted(kinds)]

    def _dates(self, tx: Tx, now: Instant) -> Iterator[JsonObject]:
        """Yield what runs out: our letter, the certificate of the counterparts' port."""
        if tx.things.get(HOUSE, "letter", "own") is not None:
            until = self.requests.own_letter(tx).valid_until
            yield _date("letter", until, now=now, soon_s=LETTER_SOON_S)
        data = self.ctx.keys.tls_certificate_file.read_bytes()
        ends = x509.load_pem_x509_certificate(data).not_valid_after_utc
        until = Instant(int(ends.timestamp()))
        yield _date("certificate", until, now=now, soon_s=CERTIFICATE_SOON_S)

    def _disk(self) -> JsonObject:
        usage = shutil.disk_usage(self.ctx.folder.path)
        return {"free": usage.free, "total": usage.total, "low": usage.free < DISK_LOW_BYTES}

    def _database(self) -> JsonObject:
        file = self.ctx.folder.database
        parts = (file, file.with_name(file.name + "-wal"))
        size = sum(part.stat().st_size for part in parts if part.exists())
        return {"bytes": size, "library": self.ctx.store.note}

    async def ask(self, peer: RecordPeer, rel_id: str) -> JsonObject:
        """Call a counterpart now and return what answered; what went wrong is in the answer.

        The pin, the signatures and the clocks are checked as at every call.
        """
        row, letter = await self.ctx.store.read(lambda tx: self._known(tx, rel_id))
        before = asyncio.get_running_loop().time()
        said: dict[str, Json] = {
            "counterpart": row.counterpart,
            "name": letter.name,
            "address": letter.endpoints.peer,
            "at": str(self.ctx.now()),
            "reached": False,
            "code": None,
            "message": None,
            "who": None,
            "apart_s": None,
            "held": None,
        }
        try:
            answer = await peer(row, letter).get(f"/relationships/{rel_id}/checkpoint")
            self._read(answer, said)
        except ComityError as error:
            said |= {"code": error.code, "message": error.message, "who": who_acts(error.code)}
        said["took_ms"] = int((asyncio.get_running_loop().time() - before) * 1000)
        self._asked[rel_id] = said
        if said["reached"]:
            self.delivery.wake(rel_id)
        return said

    def _known(self, tx: Tx, rel_id: str) -> tuple[RelationshipRow, Letter]:
        row = tx.relationships.get(rel_id)
        assert row is not None
        return row, self.introductions.letter_of(tx, row)

    def _read(self, answer: PeerAnswer, said: dict[str, Json]) -> None:
        told = answer.headers.get(_TIME_HEADER)
        if told is not None:
            said["apart_s"] = Instant.parse(told).seconds - self.ctx.now().seconds
        problem = answer.problem
        if problem is not None:
            code = problem.code or "peers.refused"
            said |= {"code": code, "message": problem.detail, "who": who_acts(code)}
            return
        said["held"] = parse_holding(answer.body).size
        said["reached"] = True


def _trouble(trouble: Trouble) -> JsonObject:
    return {
        "since": trouble.since,
        "code": trouble.code,
        "message": trouble.message,
        "attempts": trouble.attempts,
        "who": who_acts(trouble.code),
    }


def _date(what: str, until: Instant, *, now: Instant, soon_s: int) -> JsonObject:
    left = until.seconds - now.seconds
    state = "over" if left <= 0 else "soon" if left < soon_s else "good"
    return {"what": what, "until": str(until), "days": max(0, left) // _DAY_S, "state": state}
