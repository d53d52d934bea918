"""Transfers for officials: how they stand, what came by them, what waits for a person.

Source: design 7; docs/spec/07-sharing.md 7.5 to 7.7.
"""

from pathlib import Path

import attrs

from comity.agreements.mandates import onward_rule
from comity.api import sharing as asks
from comity.api.operation import OfCounterpart, OneTransfer
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.text import check_text
from comity.node import folding
from comity.node.authorisation_times import crossings
from comity.node.context import counterpart_name, relationship
from comity.node.exchanges import Exchanges
from comity.node.items import every, official_shown
from comity.node.officials import Official
from comity.record.ports import RelationshipRow
from comity.sharing import contracts, pausing
from comity.sharing.model import Family, Process, Role, State
from comity.sharing.processes import standing
from comity.sharing.reactions import Reaction
from comity.sharing.tokens import TOKEN_BYTES
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Moving:
    """The desk that shows what moves."""

    exchanges: Exchanges

    def all(self, tx: Tx) -> JsonObject:
        """Return all transfers and negotiations, in and out; what changed last at the end."""
        rows: list[Json] = []
        for rel in tx.relationships.list():
            under = self._counted(tx, rel)
            rows += [
                {
                    **self.exchanges.shown(tx, rel, process),
                    "authorisation": under.get(process.provider_pid or ""),
                }
                for process in self.exchanges.all(tx, rel)
            ]
        return {"transfers": rows}

    def _counted(self, tx: Tx, rel: RelationshipRow) -> dict[str, JsonObject]:
        """Return under which authorisation each transfer was counted, by what both call it."""
        ctx = self.exchanges.ctx
        marks = folding.marks_of(tx, rel, ctx.config.party)
        return {
            transfer: {"authorisation": chain.thing.id, "title": chain.thing.terms.title, **told}
            for chain in ctx.folding.state(tx, rel).technology.authorisations.chains.values()
            if chain.thing is not None
            for transfer, told in crossings(
                chain, attested=lambda party, n: marks[party].attested(n)
            ).items()
        }

    def found(self, tx: Tx, named: str) -> tuple[RelationshipRow, Process]:
        """Return a transfer by our id or theirs, the beginning of ours, or ``last``.

        Raises:
            MisuseError: ``transfers.unknown``.
        """
        for rel in tx.relationships.list():
            process = self.exchanges.find(tx, rel, named)
            if process is not None and process.family is Family.TRANSFER:
                return rel, process
        found = [
            (rel, process)
            for rel in tx.relationships.list()
            for process in self.exchanges.all(tx, rel)
            if process.family is Family.TRANSFER
            and (
                named in {process.pid, process.peer_pid, "last"}
                or process.pid.removeprefix("urn:uuid:").startswith(named)
            )
        ]
        if not found or (len(found) > 1 and named != "last"):
            raise MisuseError("transfers.unknown", f"There is no transfer {named[:60]!r}.")
        return found[-1]

    def show(self, tx: Tx, request: OneTransfer) -> JsonObject:
        """Return one transfer, how many bytes of it moved so far, and what it waits for."""
        rel, process = self.found(tx, request.transfer)
        space = f"sharing:{rel.rel_id}"
        origin = tx.things.get(space, "fetch_of", process.pid)
        fetch = str(origin.value["fetch"]) if origin else None
        asked = tx.things.get(space, "fetch", fetch) if fetch else None
        by = asked.value.get("by") if asked else None
        received = self.exchanges.received(tx, rel, process)
        said = self.exchanges.shown(tx, rel, process)
        return {
            **said,
            **self.exchanges.under_way(tx, rel, process),
            "remedy": self.exchanges.remedying.of_process(
                tx,
                rel,
                process,
                title=str(said["title"]),
                code=process.code,
            ),
            "fetch": fetch,
            "by_whom": official_shown(tx, str(by)) if by else None,
            "received": received is not None,
            "authorisation": self._counted(tx, rel).get(process.provider_pid or ""),
            "onward": self.onward(
                tx,
                rel,
                recipient=self._recipient(rel, process),
                transfer=process.provider_pid or "",
            ),
            "both_recorded": self.exchanges.both_recorded(tx, rel, process),
        }

    def _recipient(self, rel: RelationshipRow, process: Process) -> str:
        ours = process.role is Role.CONSUMER
        return self.exchanges.ctx.config.party if ours else rel.counterpart

    def onward(
        self, tx: Tx, rel: RelationshipRow, *, recipient: str, transfer: str
    ) -> JsonObject | None:
        """Return what the text in force says on passing on what came by a transfer (spec 11.6.5).

        None where nothing came by it, or the text says nothing of that.
        """
        sharing = self.exchanges.ctx.folding.state(tx, rel).sharing
        moved = sharing.received.get((recipient, transfer))
        if moved is None:
            return None
        contract = sharing.contracts.get((recipient, moved.contract))
        instrument = "" if contract is None else contract.instrument
        agreement = self.exchanges.agreements(tx, rel).get(instrument)
        rule = None if agreement is None else onward_rule(agreement, moved.ruling.area)
        if agreement is None or rule is None:
            return None
        return {
            "onward": rule.onward,
            "article": rule.article,
            "instrument": agreement.instrument,
            "title": agreement.title,
        }

    def content(self, tx: Tx, request: OneTransfer) -> Path:
        """Return where the file stands that came by a transfer.

        Raises:
            MisuseError: ``transfers.nothing``.
        """
        rel, process = self.found(tx, request.transfer)
        digest = self.exchanges.received(tx, rel, process)
        if digest is None:
            raise MisuseError("transfers.nothing", "Nothing was received by that transfer.")
        return self.exchanges.ctx.payloads.path(digest)

    def rulings(self, tx: Tx, request: OfCounterpart) -> JsonObject:
        """Return the newest rulings of ours about one counterpart."""
        rel = relationship(tx, request.counterpart)
        return {"rulings": self.exchanges.rulings(tx, rel)}

    # --- a person's acts on a transfer ----------------------------------------------------------

    def suspend(self, tx: Tx, request: asks.StopTransfer, official: Official) -> JsonObject:
        """Pause a running transfer; what came so far is kept.

        Raises:
            MisuseError: ``transfers.unknown``, ``transfers.state``, ``sharing.unanswered``.
        """
        rel, process = self._acted_on(tx, request.transfer, State.STARTED)
        facts = self.exchanges.facts_for(tx, rel, process)
        reason = check_text(request.reason, what="The reason")
        reaction = pausing.suspend(process, reason=reason, facts=facts)
        return self._done(tx, rel, reaction, official=official, what="paused")

    def resume(self, tx: Tx, request: OneTransfer, official: Official) -> JsonObject:
        """Go on with a transfer that our side paused.

        Raises:
            MisuseError: ``transfers.unknown``, ``transfers.state``, ``transfers.paused_by_them``.
            RefusedError: ``sharing.refused``: no article permits it now.
        """
        rel, process = self._acted_on(tx, request.transfer, State.SUSPENDED)
        facts = self.exchanges.facts_for(tx, rel, process)
        chance = self.exchanges.ctx.chance.token(TOKEN_BYTES)
        reaction = pausing.resume(process, chance=chance, facts=facts)
        return self._done(tx, rel, reaction, official=official, what="resumed")

    def terminate(self, tx: Tx, request: asks.StopTransfer, official: Official) -> JsonObject:
        """End a transfer for good; what came so far is removed.

        Raises:
            MisuseError: ``transfers.unknown``, ``transfers.state``, ``sharing.unanswered``.
        """
        states = (State.REQUESTED, State.STARTED, State.SUSPENDED)
        rel, process = self._acted_on(tx, request.transfer, *states)
        facts = self.exchanges.facts_for(tx, rel, process)
        reason = check_text(request.reason, what="The reason")
        reaction = pausing.end(process, reason=reason, facts=facts)
        return self._done(tx, rel, reaction, official=official, what="ended")

    def _acted_on(self, tx: Tx, named: str, *states: State) -> tuple[RelationshipRow, Process]:
        rel, process = self.found(tx, named)
        if standing(process) not in states:
            wanted = " or ".join(states)
            raise MisuseError(
                "transfers.state",
                f"This transfer is {standing(process)}; for that it would have to be {wanted}.",
            )
        return rel, process

    def _done(
        self, tx: Tx, rel: RelationshipRow, reaction: Reaction, *, official: Official, what: str
    ) -> JsonObject:
        process = self.exchanges.carry_out(tx, rel, reaction)
        value: JsonObject = {"transfer": process.pid, "what": what, "by": official.id}
        self.exchanges.ctx.ledger.house(tx, "house.transfer", value)
        return self.exchanges.shown(tx, rel, process)

    # --- what waits for a person --------------------------------------------------------------

    def held(self, tx: Tx) -> JsonObject:
        """Return what the counterparts sent unasked, the oldest first."""
        rows: list[JsonObject] = []
        for rel in tx.relationships.list():
            for row in every(tx, f"sharing:{rel.rel_id}", "held"):
                process = self.exchanges.find(tx, rel, row.name)
                if process is not None:
                    rows.append(
                        {
                            **self.exchanges.shown(tx, rel, process),
                            "held": row.name,
                            "why": row.value["why"],
                            "since": row.value["at"],
                            "offered": process.state is State.OFFERED,
                        }
                    )
        rows.sort(key=lambda row: str(row["since"]))
        return {"held": [dict(row) for row in rows]}

    def settle(self, tx: Tx, request: asks.SettleHeld, official: Official) -> JsonObject:
        """Decline an offer that came unasked, or put away what has ended by itself.

        Raises:
            MisuseError: ``sharing.nothing_held``.
        """
        for rel in tx.relationships.list():
            space = f"sharing:{rel.rel_id}"
            row = tx.things.get(space, "held", request.held)
            process = self.exchanges.find(tx, rel, request.held)
            if row is None or process is None:
                continue
            if process.state is State.OFFERED and process.pending is None:
                reason = check_text(request.reason, what="The reason")
                facts = self.exchanges.facts_for(tx, rel, process)
                reaction = contracts.consumer_refuses_offer(process, reason=reason, facts=facts)
                process = self.exchanges.carry_out(tx, rel, reaction)
            tx.things.delete(space, "held", request.held)
            self.exchanges.ctx.ledger.house(
                tx, "house.settled", {"process": process.pid, "by": official.id}
            )
            return {
                "held": request.held,
                "relationship": rel.rel_id,
                "counterpart": counterpart_name(tx, rel),
                "state": str(process.pending or process.state),
            }
        raise MisuseError(
            "sharing.nothing_held", f"Nothing waits here under {request.held[:60]!r}."
        )
