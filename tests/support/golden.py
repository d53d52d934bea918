"""Golden logs: both logs of a relationship as files, and what they amount to.

``tools/golden_logs.py`` plays the story once and writes a set; a set is made once for a rule set
and never again, for what it amounts to must stay what it was (design 13.2).
"""

import json
from pathlib import Path

import attrs

from comity.agreements.fold import view
from comity.foundation import base64url
from comity.foundation.attested import Mark, Marks
from comity.foundation.instants import Instant
from comity.node.folding import Folded, RecordedAct, empty, fingerprint_of, fold, read_act
from comity.record.body import unpack
from comity.record.checkpoint import Checkpoint, parse_checkpoint
from comity.record.envelope import parse_envelope
from comity.record.note import parse_note
from comity.record.tree import leaf_hash, root_of

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "golden" / "rules-1"


@attrs.frozen(kw_only=True)
class GoldenLog:
    """One party's log: envelopes and containers, and the cosigned notes with their times."""

    party: str
    entries: tuple[tuple[bytes, bytes], ...]
    notes: tuple[tuple[int, str, bytes], ...]

    def acts(self) -> list[RecordedAct]:
        return [
            read_act(self.party, parse_envelope(envelope), unpack(body))
            for envelope, body in self.entries
        ]

    def root(self) -> bytes:
        return root_of([leaf_hash(envelope) for envelope, _ in self.entries])

    def marks(self) -> Marks:
        return Marks.of(Mark(size, Instant.parse(time)) for size, time, _ in self.notes)

    def heads(self) -> list[Checkpoint]:
        return [parse_checkpoint(parse_note(note).text) for _, _, note in self.notes]


def read_logs(folder: Path) -> tuple[GoldenLog, GoldenLog]:
    first, second = sorted(folder.glob("*.log.json"))
    return _read(first), _read(second)


def _read(path: Path) -> GoldenLog:
    value = json.loads(path.read_text())
    return GoldenLog(
        party=value["party"],
        entries=tuple(
            (base64url.decode(e, what="envelope"), base64url.decode(b, what="body"))
            for e, b in value["entries"]
        ),
        notes=tuple(
            (size, time, base64url.decode(note, what="note")) for size, time, note in value["notes"]
        ),
    )


def folded(logs: tuple[GoldenLog, GoldenLog]) -> Folded:
    """Return the state of both logs, each act after all its author had seen."""
    state = empty(own_root=logs[0].root(), peer_root=logs[1].root())
    waiting = [log.acts() for log in logs]
    done = [0, 0]
    while any(waiting):
        turn = 0 if waiting[0] and (not waiting[1] or waiting[0][0].seen <= done[1]) else 1
        state = fold(state, waiting[turn].pop(0))
        done[turn] += 1
    return state


def amounts_to(logs: tuple[GoldenLog, GoldenLog], times: list[str]) -> dict[str, object]:
    """Return what must never change for these logs."""
    state = folded(logs)
    marks = {log.party: log.marks() for log in logs}
    made: dict[str, object] = {"fingerprints": fingerprint_of(state), "at": {}}
    at: dict[str, object] = {}
    for time in times:
        for instrument in state.agreements.instruments:
            seen = view(state.agreements, instrument, marks=marks, at=Instant.parse(time))
            at[time] = {
                "instrument": instrument,
                "status": str(seen.status),
                "text": seen.text_digest,
                "state": seen.state_digest,
                "void_attempts": seen.void_attempts,
                "in_force_at": str(seen.in_force_at),
                "ends_at": str(seen.ends_at),
                "suspended_units": list(seen.suspended_units),
            }
    made["at"] = at
    made["roots"] = {log.party: log.root().hex() for log in logs}
    return made
