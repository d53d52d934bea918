"""The record for its readers: heads, entries with what they say, proofs, cosigned heads, replay.

Reads only, a page at a time, both ways, so that a log of many years is as quick to open as a short
one. Nothing is kept back of what crossed, but the words of people in erasable sections are for
those who work with them; the house log has a view of its own, for few. Source: agreements.md
D6, 13.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, Protocol

import attrs

from comity.api import record as asks
from comity.api.operation import OfCounterpart
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.node.acting import Reader, actor_of
from comity.node.context import Context, counterpart_name, relationship
from comity.node.heads import reader_of
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.saying import Said, said_of, without_words
from comity.record.body import ErasedSection, header_of, unpack
from comity.record.checkpoint import parse_checkpoint
from comity.record.cosign import CosignerKeys, LogKeys, cosigner_name, verify_cosigned
from comity.record.envelope import parse_envelope
from comity.record.kinds import kind_of
from comity.record.note import parse_note
from comity.record.ports import CheckpointRow, EntryQuery, EntryRow, RelationshipRow
from comity.record.proof_file import ProofFile
from comity.record.proofs import inclusion_proof, root_at
from comity.storage.tx import Tx

#: How many entries one page looks through for a text; the page then says where it stopped.
SCANNED_MAX: Final = 2_000
#: How much of one section is shown; the whole is in the evidence.
SECTION_SHOWN: Final = 20_000

#: For what is the same for every reader.
NOBODY: Final = Reader(roles=frozenset())

Side = Literal["ours", "theirs"]


class Desks(Protocol):
    """What this desk looks at."""

    ctx: Context
    introductions: Introductions
    instruments: Instruments


@attrs.frozen(kw_only=True)
class Wanted:
    """Which entries a reader wants; ``text`` in what they say, without regard to case."""

    back: bool
    limit: int
    kind: str
    of: str
    text: str

    @classmethod
    def of_request(cls, request: asks.Entries | asks.BothLogs | asks.HouseEntries) -> "Wanted":
        """Return what a request wants."""
        return cls(
            back=request.order == "newest",
            limit=request.limit,
            kind=request.kind,
            of=request.about,
            text=request.text.casefold(),
        )


@attrs.frozen(kw_only=True)
class Leafed:
    """A page of one log: the entries found, and the place where the search stood then.

    Attributes:
        rows: Entries with what they say, in the order wanted.
        at: The place between entries from where to go on.
        over: Whether nothing is left beyond it.
    """

    rows: tuple[tuple[EntryRow, Said], ...]
    at: int
    over: bool


def leaf(
    tx: Tx, origin: str, wanted: Wanted, *, at: int, say: Callable[[EntryRow], Said]
) -> Leafed:
    """Return a page of one log from the place ``at`` on."""
    found: list[tuple[EntryRow, Said]] = []
    seen = 0
    while True:
        some = min(wanted.limit - len(found), SCANNED_MAX - seen)
        query = EntryQuery(at=at, back=wanted.back, limit=some, kind=wanted.kind, of=wanted.of)
        rows = tx.logs.select(origin, query)
        for row in rows:
            said = say(row)
            at = row.n if wanted.back else row.n + 1
            if not wanted.text or wanted.text in _searched(row, said):
                found.append((row, said))
        seen += len(rows)
        if len(rows) < some:
            return Leafed(rows=tuple(found), at=at, over=True)
        if len(found) == wanted.limit or seen >= SCANNED_MAX:
            left = tx.logs.select(origin, attrs.evolve(query, at=at, limit=1))
            return Leafed(rows=tuple(found), at=at, over=not left)


def _searched(row: EntryRow, said: Said) -> str:
    """Return the words of an entry in which a text is looked for."""
    return " ".join(_words([row.kind, row.of or "", said.facts, list(said.signers)])).casefold()


def _words(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)


@attrs.frozen(kw_only=True)
class _Logs:
    """Both logs of one relationship as one transaction sees them."""

    tx: Tx
    node: Desks
    rel: RelationshipRow
    reader: Reader

    def origin(self, side: Side) -> str:
        return self.rel.own_origin if side == "ours" else self.rel.peer_origin

    def party(self, side: Side) -> str:
        return self.node.ctx.config.party if side == "ours" else self.rel.counterpart

    def cosigner(self, side: Side) -> str:
        """Return the name of whoever cosigns that log: the other party."""
        return cosigner_name(self.origin("theirs" if side == "ours" else "ours"))

    def size(self, side: Side) -> int:
        return self.tx.logs.head(self.origin(side)).size

    def say(self, side: Side) -> Callable[[EntryRow], Said]:
        """Return what tells the entries of a log."""
        ctx = self.node.ctx
        parties = ctx.folding.state(self.tx, self.rel).parties
        origin, party = self.origin(side), self.party(side)
        labels = self.node.instruments.labels(self.tx, self.rel)

        def said(row: EntryRow) -> Said:
            found = said_of(
                self.tx,
                row,
                origin=origin,
                party=party,
                folds=ctx.folding,
                parties=parties,
                labels=labels,
            )
            return found if self.reader.words else without_words(found)

        return said

    def line(self, side: Side, row: EntryRow, said: Said) -> JsonObject:
        """Return one entry in a list."""
        envelope = parse_envelope(row.envelope)
        covering = self.tx.checkpoints.covering(self.origin(side), row.n)
        actor = None
        if side == "ours":
            actor = actor_of(self.tx, self.rel.rel_id, row.n)
        return {
            "log": side,
            "n": row.n,
            "kind": row.kind,
            "of": row.of,
            "lc": envelope.lc,
            "seen": envelope.seen.size,
            "attested": None if covering is None else str(covering.time),
            "leaf": row.leaf.hex(),
            **told(said),
            "entered_by": actor,
        }


def told(said: Said) -> JsonObject:
    """Return what an entry says, as members of an answer."""
    return {
        "code": said.code,
        "facts": said.facts,
        "signers": list(said.signers),
        "body": said.body,
    }


def _logs(tx: Tx, node: Desks, named: str, *, reader: Reader) -> _Logs:
    return _Logs(tx=tx, node=node, rel=relationship(tx, named), reader=reader)


def _heading(logs: _Logs) -> JsonObject:
    """Return whose record it is, for every answer about one."""
    config = logs.node.ctx.config
    return {
        "relationship": logs.rel.rel_id,
        "counterpart": logs.rel.counterpart,
        "counterpart_name": counterpart_name(logs.tx, logs.rel),
        "party": config.party,
        "party_name": config.name,
    }


def all_view(tx: Tx, node: Desks) -> JsonObject:
    """Return every relationship with the length of both logs and what is cosigned of them."""
    rows: list[Json] = []
    for rel in tx.relationships.list():
        logs = _Logs(tx=tx, node=node, rel=rel, reader=NOBODY)
        sides: dict[str, Json] = {}
        for side in ("ours", "theirs"):
            latest = tx.checkpoints.latest(logs.origin(side))
            sides[side] = logs.size(side)
            sides[f"{side}_cosigned"] = latest.size if latest else 0
            sides[f"{side}_cosigned_at"] = str(latest.time) if latest else None
        rows.append({**_heading(logs), "status": rel.status, "reason": rel.reason, **sides})
    return {"records": rows}


def record_view(tx: Tx, node: Desks, request: OfCounterpart) -> JsonObject:
    """Return both logs of a relationship: size, root, who cosigned when, do the heads agree."""
    logs = _logs(tx, node, request.counterpart, reader=NOBODY)
    rel = logs.rel
    return {
        **_heading(logs),
        "status": rel.status,
        "reason": rel.reason,
        "ours": _head(logs, "ours"),
        "theirs": _head(logs, "theirs"),
        "evidence": [
            {"kind": one.kind, "at": str(one.at), "bytes": len(one.data)}
            for one in tx.evidence.list(rel.rel_id)
        ],
        "at": str(node.ctx.now()),
    }


def _head(logs: _Logs, side: Side) -> JsonObject:
    origin = logs.origin(side)
    head, latest = logs.tx.logs.head(origin), logs.tx.checkpoints.latest(origin)
    made: JsonObject = {
        "origin": origin,
        "size": head.size,
        "root": head.root.hex(),
        "cosigned_size": latest.size if latest else 0,
        "cosigned_at": str(latest.time) if latest else None,
        "cosigned_by": logs.cosigner(side),
    }
    return {**made, **_agreement(logs, side, latest)}


def _agreement(logs: _Logs, side: Side, latest: CheckpointRow | None) -> JsonObject:
    """Return whether the cosigned head is that of the entries held here, and its signatures hold.

    The head is computed anew from the stored hashes, and the note is verified with the keys in the
    two letters: nothing that was stored about either is believed.
    """
    if latest is None:
        return {"cosigned_root": None, "equal": None, "signatures_hold": None}
    origin = logs.origin(side)
    stated = parse_checkpoint(parse_note(latest.note).text)
    held = root_at(reader_of(logs.tx, origin), latest.size)
    letters = logs.node.introductions
    author = letters.letter_of(logs.tx, logs.rel, own=side == "ours")
    other = letters.letter_of(logs.tx, logs.rel, own=side == "theirs")
    try:
        verify_cosigned(
            latest.note,
            log=LogKeys.of(origin, author.keys.log),
            cosigner=CosignerKeys.of(logs.cosigner(side), other.keys.cosigner),
        )
    except ComityError:
        holds = False
    else:
        holds = True
    return {
        "cosigned_root": stated.root.hex(),
        "equal": (stated.origin, stated.size, stated.root) == (origin, latest.size, held),
        "signatures_hold": holds,
    }


def entries_view(tx: Tx, node: Desks, request: asks.Entries, *, reader: Reader) -> JsonObject:
    """Return a page of one log with what each entry says, and where to go on either way."""
    logs = _logs(tx, node, request.counterpart, reader=reader)
    side, wanted = request.log, Wanted.of_request(request)
    origin, size, say = logs.origin(side), logs.size(side), logs.say(side)
    at = request.start
    if at is None:
        at = size if wanted.back else 0
    page = leaf(tx, origin, wanted, at=at, say=say)
    before = leaf(tx, origin, attrs.evolve(wanted, back=not wanted.back), at=at, say=say)
    return {
        "log": origin,
        "party": logs.party(side),
        "size": size,
        "entries": [logs.line(side, row, said) for row, said in page.rows],
        "next": None if page.over else page.at,
        "previous": before.at if before.rows or not before.over else None,
    }


def both_view(tx: Tx, node: Desks, request: asks.BothLogs, *, reader: Reader) -> JsonObject:
    """Return a page of both logs in one causal order: no entry before one its author had seen."""
    logs = _logs(tx, node, request.counterpart, reader=reader)
    wanted = Wanted.of_request(request)
    sizes: dict[Side, int] = {"ours": logs.size("ours"), "theirs": logs.size("theirs")}
    given: dict[Side, int | None] = {"ours": request.ours, "theirs": request.theirs}
    ends: dict[Side, int] = sizes if wanted.back else dict.fromkeys(sizes, 0)
    at: dict[Side, int] = {side: _or(given[side], ends[side]) for side in sizes}
    rows, forth, over = _merged(logs, wanted, at)
    before, back, none = _merged(logs, attrs.evolve(wanted, back=not wanted.back), at)
    return {
        **_heading(logs),
        "sizes": _places(sizes),
        "entries": rows,
        "next": None if over else _places(forth),
        "previous": _places(back) if before or not none else None,
    }


def _places(at: Mapping[Side, int]) -> JsonObject:
    return {"ours": at["ours"], "theirs": at["theirs"]}


def _or(value: int | None, other: int) -> int:
    return other if value is None else value


def _merged(
    logs: _Logs, wanted: Wanted, at: Mapping[Side, int]
) -> tuple[list[Json], dict[Side, int], bool]:
    """Return a page of both logs, the places to go on from, and whether nothing is left.

    The logical clock of an entry is larger than that of all it had seen, so its order is causal.
    """
    pages = {
        side: leaf(logs.tx, logs.origin(side), wanted, at=at[side], say=logs.say(side))
        for side in at
    }
    waiting = {side: list(page.rows) for side, page in pages.items()}
    places = dict(at)
    made: list[Json] = []

    def key(side: Side) -> tuple[int, str]:
        return parse_envelope(waiting[side][0][0].envelope).lc, logs.origin(side)

    while len(made) < wanted.limit:
        if any(not waiting[side] and not pages[side].over for side in at):
            break  # what the other log still holds could belong before the next
        ready = [side for side in at if waiting[side]]
        if not ready:
            break
        side = max(ready, key=key) if wanted.back else min(ready, key=key)
        row, said = waiting[side].pop(0)
        places[side] = row.n if wanted.back else row.n + 1
        made.append(logs.line(side, row, said))
    for side, page in pages.items():
        if not waiting[side]:
            places[side] = page.at
    over = all(pages[side].over and not waiting[side] for side in at)
    return made, places, over


def entry_view(tx: Tx, node: Desks, request: asks.OneEntry, *, reader: Reader) -> JsonObject:
    """Return one entry whole: what it says, its envelope, its body, and the proof that it is there.

    Raises:
        MisuseError: ``record.no_such_entry``.
    """
    logs = _logs(tx, node, request.counterpart, reader=reader)
    side, n = request.log, request.n
    origin, size = logs.origin(side), logs.size(side)
    row = tx.logs.entry(origin, n)
    if row is None:
        raise MisuseError(
            "record.no_such_entry",
            f"The log {side} has {size} entries, from 0 to {size - 1}; there is no entry {n}.",
        )
    envelope = parse_envelope(row.envelope)
    return {
        **_heading(logs),
        "origin": origin,
        "author": logs.party(side),
        **logs.line(side, row, logs.say(side)(row)),
        "envelope": row.envelope.decode(),
        "seen_log": envelope.seen.log,
        "seen_root": envelope.seen.root,
        "commitment": row.commitment,
        "sections": _sections(logs, origin, row),
        "proof": _proof(logs, side, row),
        "size": size,
    }


def _sections(logs: _Logs, origin: str, row: EntryRow) -> list[Json]:
    """Return the sections of a body; of erasable ones the words only for who works with them."""
    ref = logs.tx.bodies.get(origin, row.n)
    if ref.inline is None and ref.file is None:
        return []
    body = unpack(logs.node.ctx.folding.container(logs.tx, origin, row.n))
    erasable = kind_of(row.kind).erasable
    content = {section.name: section.content for section in body.sections}
    made: list[Json] = []
    for head in header_of(body).sections:
        said: dict[str, Json] = {"name": head.name, "erasable": head.name in erasable}
        if isinstance(head, ErasedSection):
            made.append({**said, "state": "erased", "bytes": None, "text": None, "cut": False})
            continue
        open_here = head.name not in erasable or logs.reader.words
        text = content[head.name].decode("utf-8", "replace") if open_here else ""
        said |= {"state": "held" if open_here else "withheld", "bytes": head.size}
        made.append({**said, "text": text[:SECTION_SHOWN], "cut": len(text) > SECTION_SHOWN})
    return made


def _proof(logs: _Logs, side: Side, row: EntryRow) -> JsonObject | None:
    """Return the proof that the log contains an entry, under the head that dates it."""
    origin = logs.origin(side)
    covering = logs.tx.checkpoints.covering(origin, row.n)
    if covering is None:
        return None
    head = parse_checkpoint(parse_note(covering.note).text)
    hashes = inclusion_proof(reader_of(logs.tx, origin), index=row.n, size=covering.size)
    file = ProofFile(index=row.n, hashes=hashes, note=covering.note, extra=None)
    return {
        "size": covering.size,
        "root": head.root.hex(),
        "time": str(covering.time),
        "cosigner": logs.cosigner(side),
        "hashes": [one.hex() for one in hashes],
        "file": file.to_bytes().decode(),
    }


def checkpoints_view(tx: Tx, node: Desks, request: asks.Checkpoints) -> JsonObject:
    """Return a page of the cosigned heads of one log, newest first."""
    logs = _logs(tx, node, request.counterpart, reader=NOBODY)
    origin = logs.origin(request.log)
    total = tx.checkpoints.count(origin)
    rows = tx.checkpoints.newest(origin, skip=request.skip, limit=request.limit)
    after = request.skip + len(rows)
    return {
        **_heading(logs),
        "log": request.log,
        "origin": origin,
        "cosigner": logs.cosigner(request.log),
        "total": total,
        "checkpoints": [_checkpoint(row) for row in rows],
        "next": after if after < total else None,
        "previous": max(0, request.skip - request.limit) if request.skip else None,
    }


def _checkpoint(row: CheckpointRow) -> JsonObject:
    note = parse_note(row.note)
    signers = list(dict.fromkeys(line.name for line in note.signatures))
    root = parse_checkpoint(note.text).root.hex()
    return {"size": row.size, "time": str(row.time), "root": root, "signed_by": list(signers)}
