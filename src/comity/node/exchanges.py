"""Processes of sharing in the store: what holds now, and carrying out what a reaction says.

The process, what is recorded and what is to be sent are one transaction; the outbox brings messages
afterwards, again and again. Source: design 2 (idea 5), 7; docs/spec/07-sharing.md 7.5.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import Final

import attrs

from comity.agreements.chains import Chains
from comity.agreements.controlled import ControlFacts
from comity.agreements.fold import agreement_in_force
from comity.agreements.mandates import Agreement, Refused
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.ports import ThingRow
from comity.node import folding
from comity.node.context import HOUSE, Context, counterpart_name
from comity.node.controlling import Controlling
from comity.node.dataplane.accesses import Accesses
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.ledger import NewAct
from comity.node.remedying import Remedying
from comity.protocols.dsp.wire import deliver
from comity.record.ports import RelationshipRow
from comity.sharing.catalogue import release_behind
from comity.sharing.contracts import contract_of
from comity.sharing.model import (
    Contract,
    Family,
    ItemNote,
    Process,
    ReleaseDecision,
    Role,
    State,
    Terms,
)
from comity.sharing.names import file_name, title_of
from comity.sharing.reactions import (
    CountUse,
    DropData,
    Facts,
    FetchData,
    HoldForPerson,
    KeepData,
    NoteRefusal,
    Reaction,
    RecordAct,
    RevokeToken,
    StopFetch,
)
from comity.storage.tx import Tx
from comity.technology.covering import Wish

POST: Final = "dsp"
FETCH: Final = "fetch"
RULINGS_SHOWN: Final = 200
_PAGE: Final = 500
#: The states in which a transfer can still move or be cut.
_LIVE: Final = (State.REQUESTED, State.STARTED, State.SUSPENDED)


@attrs.frozen(kw_only=True)
class Exchanges:
    """Loads and stores processes, and carries reactions out.

    Attributes:
        accesses: The bytes on their way now, by our id of the transfer.
    """

    ctx: Context
    instruments: Instruments
    introductions: Introductions
    controlling: Controlling
    accesses: Accesses = attrs.field(factory=Accesses)
    _signed: dict[str, tuple[Chains, Agreement]] = attrs.field(factory=dict)

    # --- what holds now -----------------------------------------------------------------------

    def agreements(self, tx: Tx, rel: RelationshipRow) -> dict[str, Agreement]:
        """Return every instrument of a relationship as rulings need it."""
        state = self.ctx.folding.state(tx, rel)
        return {name: self._agreement(tx, rel, name) for name in state.agreements.instruments}

    def _agreement(self, tx: Tx, rel: RelationshipRow, instrument: str) -> Agreement:
        """Return an instrument as rulings need it; once signed it changes only with an act on it.

        What has been signed in time stays so, whatever is cosigned later: then the chains alone
        decide, and the same chains give the same agreement.
        """
        state = self.ctx.folding.state(tx, rel)
        kept = self._signed.get(instrument)
        if kept is not None and kept[0] is state.agreements.instruments[instrument]:
            return kept[1]
        made = agreement_in_force(self.instruments.look(tx, rel, state, instrument).view)
        if made.in_force_at is not None:
            self._signed[instrument] = (state.agreements.instruments[instrument], made)
        return made

    def releases(self, tx: Tx, rel: RelationshipRow, party: str) -> tuple[ReleaseDecision, ...]:
        """Return the recorded release decisions of a party."""
        return self.ctx.folding.state(tx, rel).sharing.released_by(party)

    def facts(
        self,
        tx: Tx,
        rel: RelationshipRow,
        *,
        instrument: str | None = None,
        release: ReleaseDecision | None = None,
        transfer: str | None = None,
    ) -> Facts:
        """Return what holds at this moment between us and a counterpart, or for a transfer."""
        own = self.introductions.letter_of(tx, rel, own=True)
        theirs = self.introductions.letter_of(tx, rel)
        agreement: Agreement | None = None
        if instrument is not None:
            state = self.ctx.folding.state(tx, rel)
            if instrument in state.agreements.instruments:
                agreement = self._agreement(tx, rel, instrument)
        return Facts(
            own=self.ctx.config.party,
            own_base=own.endpoints.dsp,
            counterpart=rel.counterpart,
            counterpart_base=theirs.endpoints.dsp,
            agreement=agreement,
            release=release,
            controls=lambda terms, sender: self._control(
                tx, rel, terms, sender=sender, transfer=transfer
            ),
            at=self.ctx.now(),
            ids=self.ctx.new_id,
        )

    def _control(
        self, tx: Tx, rel: RelationshipRow, terms: Terms, *, sender: str, transfer: str | None
    ) -> ControlFacts | None:
        """Return what controls the bytes of some terms, and what authorises them now."""
        own = self.ctx.config.party
        wish = Wish(
            sha256=terms.digest,
            bytes=terms.bytes,
            sender=sender,
            recipient=rel.counterpart if sender == own else own,
            transfer=transfer,
        )
        return self.controlling.facts(tx, rel, wish)

    @property
    def remedying(self) -> Remedying:
        """What would let a controlled item through, and who acts."""
        return Remedying(controlling=self.controlling)

    def facts_for(self, tx: Tx, rel: RelationshipRow, process: Process) -> Facts:
        """Return what holds for a process: its agreement and the release it rests on."""
        provider = self.ctx.config.party if process.role is Role.PROVIDER else rel.counterpart
        return self.facts(
            tx,
            rel,
            instrument=process.instrument,
            release=self.release(tx, rel, party=provider, n=process.terms.release),
            transfer=process.provider_pid,
        )

    def release(
        self, tx: Tx, rel: RelationshipRow, *, party: str, n: int
    ) -> ReleaseDecision | None:
        """Return the release that a party recorded at an index of its log."""
        return self.ctx.folding.state(tx, rel).sharing.release(party, n)

    def release_of_offer(
        self, tx: Tx, rel: RelationshipRow, offer_id: str
    ) -> ReleaseDecision | None:
        """Return our release behind an offer of ours."""
        return release_behind(offer_id, releases=self.releases(tx, rel, self.ctx.config.party))

    # --- processes ----------------------------------------------------------------------------

    def find(self, tx: Tx, rel: RelationshipRow, pid: str) -> Process | None:
        """Return our process of that id with this counterpart."""
        row = tx.things.get(f"sharing:{rel.rel_id}", "process", pid)
        return Process.from_json(row.value) if row else None

    def by_peer(self, tx: Tx, rel: RelationshipRow, pid: str, *, family: Family) -> Process | None:
        """Return the process that the counterpart calls ``pid``: for a repeated opening."""
        row = tx.things.get(f"sharing:{rel.rel_id}", "peer_pid", f"{family}/{pid}")
        return self.find(tx, rel, str(row.value["pid"])) if row else None

    def keep(self, tx: Tx, rel: RelationshipRow, process: Process) -> None:
        """Store a process."""
        space = f"sharing:{rel.rel_id}"
        tx.things.put(
            space, "process", process.pid, value=process.to_json(), status=str(process.state)
        )
        if process.peer_pid is not None:
            name = f"{process.family}/{process.peer_pid}"
            tx.things.put(space, "peer_pid", name, value={"pid": process.pid})

    def all(self, tx: Tx, rel: RelationshipRow) -> list[Process]:
        """Return all processes with a counterpart, the one that changed last at the end."""
        rows = sorted(self._rows(tx, rel, status=None), key=attrgetter("updated"))
        return [Process.from_json(row.value) for row in rows]

    def transfers(self, tx: Tx, rel: RelationshipRow, *, live: bool = False) -> list[Process]:
        """Return the transfers with a counterpart; or only those that could still move."""
        states = [str(state) for state in _LIVE] if live else [None]
        rows = [row for state in states for row in self._rows(tx, rel, status=state)]
        made = [Process.from_json(row.value) for row in sorted(rows, key=attrgetter("updated"))]
        return [one for one in made if one.family is Family.TRANSFER]

    def _rows(self, tx: Tx, rel: RelationshipRow, *, status: str | None) -> list[ThingRow]:
        found: list[ThingRow] = []
        after: str | None = None
        while True:
            rows = tx.things.list(
                f"sharing:{rel.rel_id}", "process", status=status, after=after, limit=_PAGE
            )
            found += rows
            if len(rows) < _PAGE:
                return found
            after = rows[-1].name

    def received(self, tx: Tx, rel: RelationshipRow, process: Process) -> str | None:
        """Return the digest of what came by a transfer, if it was kept."""
        row = tx.things.get(f"sharing:{rel.rel_id}", "received", process.pid)
        return None if row is None else str(row.value["digest"])

    def contract(self, tx: Tx, rel: RelationshipRow, name: str) -> Contract | None:
        """Return a concluded contract."""
        row = tx.things.get(f"sharing:{rel.rel_id}", "contract", name)
        return Contract.from_json(row.value) if row else None

    # --- carrying out -------------------------------------------------------------------------

    def carry_out(self, tx: Tx, rel: RelationshipRow, reaction: Reaction) -> Process:
        """Store the process and everything that follows, in one transaction; return the process."""
        process, outgoing = deliver(reaction)
        self.keep(tx, rel, process)
        for effect in reaction.effects:
            match effect:
                case RecordAct():
                    self._record(tx, rel, effect, process=process)
                case CountUse():
                    self.controlling.count(tx, rel, effect)
                case NoteRefusal():
                    self.note(tx, rel, effect.refused, stage=effect.stage, item=effect.item)
                case FetchData():
                    payload = {
                        "pid": effect.transfer,
                        "endpoint": effect.endpoint,
                        "token": effect.token,
                    }
                    self._later(tx, rel, FETCH, effect.transfer, payload=payload)
                case HoldForPerson():
                    value: JsonObject = {"why": effect.why, "at": str(self.ctx.now())}
                    tx.things.put(f"sharing:{rel.rel_id}", "held", effect.process, value=value)
                case RevokeToken() | StopFetch() | DropData():
                    self._stop(tx, rel, effect)
                case KeepData():
                    received: JsonObject = {"digest": effect.digest, "item": effect.item}
                    tx.things.put(f"sharing:{rel.rel_id}", "received", process.pid, value=received)
                case _:
                    pass
        for message in outgoing:
            payload = {
                "pid": process.pid,
                "path": message.path,
                "body": base64url.encode(message.body),
            }
            self._later(tx, rel, POST, process.pid, payload=payload)
        return process

    def drop(self, transfer: str) -> None:
        """End what is on its way for a transfer, and forget what came so far."""
        self.accesses.cut(transfer)
        self.ctx.payloads.forget(transfer)

    def _stop(
        self, tx: Tx, rel: RelationshipRow, effect: RevokeToken | StopFetch | DropData
    ) -> None:
        tx.outbox.cancel(f"{FETCH}:{rel.rel_id}", effect.transfer)
        ending = self.drop if isinstance(effect, DropData) else self.accesses.cut
        tx.on_commit(lambda: ending(effect.transfer))

    def _record(self, tx: Tx, rel: RelationshipRow, effect: RecordAct, *, process: Process) -> None:
        self.ctx.ledger.append(
            tx, rel, NewAct(kind=effect.kind, data=effect.act, of=effect.of.rpartition(":")[2])
        )
        if effect.kind == "sharing.contract":
            contract = contract_of(process, own=self.ctx.config.party)
            tx.things.put(
                f"sharing:{rel.rel_id}", "contract", contract.id, value=contract.to_json()
            )
        self._note_ruling(tx, rel, {"permitted": True, "act": effect.kind, **_ruling(effect.act)})

    def _later(  # noqa: PLR0917 - which relationship, what kind of work, for which process
        self, tx: Tx, rel: RelationshipRow, topic: str, key: str, *, payload: JsonObject
    ) -> None:
        tx.outbox.put(f"{topic}:{rel.rel_id}", key, canonical(payload), due=self.ctx.now())
        tx.on_commit(lambda: self.ctx.changed(rel.rel_id))

    def note(
        self, tx: Tx, rel: RelationshipRow, refused: Refused, *, stage: str, item: str
    ) -> None:
        """Write a refusal of ours down: in the house log, and where officials see it."""
        self._note_ruling(
            tx,
            rel,
            {
                "permitted": False,
                "stage": stage,
                "code": refused.code,
                "reason": refused.reason,
                "article": refused.article,
                "item": item,
            },
        )

    def _note_ruling(self, tx: Tx, rel: RelationshipRow, ruling: JsonObject) -> None:
        value: JsonObject = {
            "at": str(self.ctx.now()),
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            **ruling,
        }
        n = self.ctx.ledger.house(tx, "house.ruling", value)
        newest_first = f"{10**15 - n:016d}"
        tx.things.put(HOUSE, "ruling", newest_first, value=value)
        tx.things.put(HOUSE, "ruling_on", f"{value['item']}/{newest_first}", value=value)

    def rulings(self, tx: Tx, rel: RelationshipRow) -> list[Json]:
        """Return the newest rulings of ours about one counterpart."""
        rows = tx.things.list(HOUSE, "ruling", limit=RULINGS_SHOWN)
        return [
            self._shown_ruling(tx, row.value)
            for row in rows
            if row.value["relationship"] == rel.rel_id
        ]

    def rulings_on(self, tx: Tx, item: str) -> list[Json]:
        """Return the newest rulings of ours about one item."""
        rows = tx.things.list(HOUSE, "ruling_on", after=f"{item}/", limit=RULINGS_SHOWN)
        return [
            self._shown_ruling(tx, row.value) for row in rows if row.name.startswith(f"{item}/")
        ]

    def _shown_ruling(self, tx: Tx, ruling: JsonObject) -> JsonObject:
        """Return a ruling whose reason names the parties as people call them."""
        rel = tx.relationships.get(str(ruling["relationship"]))
        reason = ruling.get("reason")
        if rel is None or not isinstance(reason, str):
            return ruling
        return {**ruling, "reason": self.named(tx, rel, reason)}

    # --- for people and programs --------------------------------------------------------------

    def named(self, tx: Tx, rel: RelationshipRow, text: str) -> str:
        """Return our own words with the names of the two parties in place of their ids."""
        shown = text.replace(rel.counterpart, counterpart_name(tx, rel))
        return shown.replace(self.ctx.config.party, self.ctx.config.name)

    def words_of(self, tx: Tx, rel: RelationshipRow, n: int) -> ItemNote:
        """Return the words beside a release of the counterpart, as far as they can be shown.

        They are a person's words from the other side and decide nothing; an erased note leaves
        an empty title.
        """
        row = tx.logs.entry(rel.peer_origin, n)
        note: JsonObject = {}
        if row is not None:
            act = self.ctx.folding.act_of(tx, rel.peer_origin, row, party=rel.counterpart)
            note = act.note or {}
        title, name = str(note.get("title", "")), str(note.get("file_name", ""))
        return ItemNote(
            title=title_of(title, otherwise=""), file_name=file_name(name) if name else ""
        )

    def note_of(self, tx: Tx, rel: RelationshipRow, process: Process) -> ItemNote:
        """Return the words about what a process is about: ours, or those beside their release."""
        if process.role is Role.CONSUMER:
            return self.words_of(tx, rel, process.terms.release)
        row = tx.things.get(HOUSE, "item", process.item)
        return ItemNote(title="", file_name="") if row is None else _note(row.value["note"])

    def shown(self, tx: Tx, rel: RelationshipRow, process: Process) -> JsonObject:
        """Return a process for people and programs."""
        state = folding_state(self.ctx, tx, rel)
        own, transfer = self.ctx.config.party, process.provider_pid or ""
        table = state.sharing.sent if process.role is Role.PROVIDER else state.sharing.received
        moved = table.get((own, transfer))
        note = self.note_of(tx, rel, process)
        row = tx.things.get(f"sharing:{rel.rel_id}", "process", process.pid)
        return {
            "transfer": process.pid,
            "shared_id": process.provider_pid,
            "family": str(process.family),
            "role": str(process.role),
            "counterpart": counterpart_name(tx, rel),
            "relationship": rel.rel_id,
            "item": process.item,
            "title": note.title,
            "file_name": note.file_name,
            "contract": process.contract,
            "state": str(process.state),
            "pending": None if process.pending is None else str(process.pending),
            "ended": process.ended,
            "changed": None if row is None else str(row.updated),
            "bytes": process.terms.bytes,
            "sha256": process.terms.digest,
            "moved": None if moved is None else {"bytes": moved.bytes, "sha256": moved.sha256},
            "ruling": None if moved is None else attrs.asdict(moved.ruling),
            "code": process.code,
            "reason": process.reason,
            "paused_by": None if process.paused_by is None else str(process.paused_by),
            "terms": process.terms.to_json(),
        }

    def under_way(self, tx: Tx, rel: RelationshipRow, process: Process) -> JsonObject:
        """Return how many bytes moved so far, and what a process that has not ended waits for.

        ``waiting`` is None while nothing of ours is left to do: then the counterpart is next.
        """
        work = [
            row
            for topic in (POST, FETCH)
            for row in tx.outbox.list(f"{topic}:{rel.rel_id}")
            if row.key == process.pid
        ]
        waiting: JsonObject | None = None
        if work:
            first = work[0]
            waiting = {
                "for": first.topic.partition(":")[0],
                "attempts": first.attempts,
                "error": first.error or None,
                "next": str(first.due),
                "working": first.claimed_until is not None,
            }
        return {"bytes_so_far": self.accesses.moved(process.pid), "waiting": waiting}

    def both_recorded(self, tx: Tx, rel: RelationshipRow, process: Process) -> bool:
        """Return whether both logs say that the same bytes moved."""
        own, other = self.ctx.config.party, rel.counterpart
        sender, recipient = (own, other) if process.role is Role.PROVIDER else (other, own)
        state = folding_state(self.ctx, tx, rel)
        return state.sharing.moved(process.provider_pid or "", sender=sender, recipient=recipient)


def folding_state(ctx: Context, tx: Tx, rel: RelationshipRow) -> folding.Folded:
    """Return the folded state of a relationship."""
    return ctx.folding.state(tx, rel)


def _ruling(act: JsonObject) -> JsonObject:
    ruling = act.get("ruling")
    item = act.get("item")
    return {**(ruling if isinstance(ruling, Mapping) else {}), "item": item}


def _note(value: Json) -> ItemNote:
    """Return the words of our own official about an item, read leniently: they decide nothing."""
    words = value if isinstance(value, Mapping) else {}
    return ItemNote(title=str(words.get("title", "")), file_name=str(words.get("file_name", "")))


def is_finalized(process: Process) -> bool:
    """Return whether a negotiation has brought its contract."""
    return process.family is Family.NEGOTIATION and process.state is State.FINALIZED
