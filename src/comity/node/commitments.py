"""Commitments as an official sees them and acts on them.

What both nodes know, and nothing else; the words beside an act are erasable notes that cross with
it. Source: agreements.md D2.6, D6 (journey 5); spec 10.2.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Final

import attrs

from comity.api import coordination as asks
from comity.coordination import commitments as room
from comity.coordination.commitment_views import Standing, check_due, check_result, standing
from comity.coordination.commitments import BOTH, LIVE, Commitment, Status
from comity.foundation.attested import Marks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name, relationship
from comity.node.days import ZONES_BEHIND_S, due_of
from comity.node.deeds import Deeds, Family, Place
from comity.node.meeting_views import began
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

#: Until when a day that is today somewhere ends, from now on.
_TODAY_S: Final = (24 + 14) * 3600
FAMILY: Final[Family[Commitment]] = Family(
    name=room.FAMILY,
    what="commitment",
    book=lambda state: state.coordination.commitments,
    apply=room.apply,
    admit=room.admit,
    steps=room.STEPS,
    grounds=lambda one: (one.terms.instrument, one.terms.unit),
    title=lambda one: str(one.terms.title),
)


@attrs.frozen(kw_only=True)
class _Look:
    """What every commitment of one relationship is looked at with.

    Attributes:
        over: Whether an instrument has ended at the instant of looking.
    """

    rel: RelationshipRow
    name: str
    marks: Mapping[str, Marks]
    at: Instant
    over: Callable[[str], bool]

    def since(self, one: Commitment) -> Instant | None:
        """Return when its last act was cosigned."""
        party, n = one.last
        return self.marks[party].attested(n)

    def standing(self, one: Commitment) -> Standing:
        """Return how a commitment stands."""
        ended = self.over(one.terms.instrument)
        return standing(one, at=self.at, since=self.since(one), ended=ended)


@attrs.frozen(kw_only=True)
class Commitments:
    """The desk of commitments."""

    ctx: Context
    deeds: Deeds

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Commitments) -> JsonObject:
        """Return commitments, those owed first, of these the nearest due date first."""
        found = [row for rel in self._relationships(tx, request) for row in self._rows(tx, rel)]
        chosen = [row for row in found if _wanted(row, request)]
        chosen.sort(key=lambda row: (not row["live"], str(row["due"]), str(row["commitment"])))
        rows: list[Json] = list(chosen)
        return {"commitments": rows, "at": str(self.ctx.now())}

    def show(self, tx: Tx, request: asks.OneCommitment) -> JsonObject:
        """Return one commitment with everything that was said of it."""
        place = self.deeds.find(tx, FAMILY, request.commitment)
        one = place.thing
        acts: list[Json] = list(self.deeds.acts(tx, place.rel, place.chain))
        may: list[Json] = [*self.may(one)]
        recallable: list[Json] = [*one.recallable(self.ctx.config.party)]
        return {
            **self._row(self._look(tx, place.rel), one),
            "test": one.terms.test,
            "source": json_of(one.terms.source),
            "terms": room.terms_digest(json_of(one.terms)),
            "dates": [each.json() for each in one.dates],
            "asked": {
                step: {party: dict(said) for party, said in words.items()}
                for step, words in one.asked.items()
            },
            "claim": None if one.claim is None else json_of(one.claim),
            "reason": one.reason,
            "basis": self.deeds.basis(tx, place.rel, FAMILY.grounds(one)),
            "acts": acts,
            "recallable": recallable,
            "may": may,
        }

    def may(self, one: Commitment) -> Iterator[str]:
        """Yield what our side may do with a commitment now."""
        own = self.ctx.config.party
        for step in room.STEPS.values():
            said = one.asked.get(step.name, {})
            free = own not in said or step.name == "redate"
            there = step.name != "recall" or any(one.recallable(own))
            if one.status in step.sources and one.may_say(own, step) and free and there:
                yield step.name

    def _relationships(self, tx: Tx, request: asks.Commitments) -> list[RelationshipRow]:
        if request.counterpart:
            return [relationship(tx, request.counterpart)]
        return list(tx.relationships.list())

    def _rows(self, tx: Tx, rel: RelationshipRow) -> Iterator[JsonObject]:
        look = self._look(tx, rel)
        for chain in self.deeds.book(tx, rel, FAMILY).chains.values():
            if chain.thing is not None:
                yield self._row(look, chain.thing)

    def _look(self, tx: Tx, rel: RelationshipRow) -> "_Look":
        """Return what every commitment of a relationship is looked at with, at this moment."""
        return _Look(
            rel=rel,
            name=counterpart_name(tx, rel),
            marks=folding.marks_of(tx, rel, self.ctx.config.party),
            at=self.ctx.now(),
            over=cache(partial(self.deeds.over, tx, rel)),
        )

    def _row(self, look: "_Look", one: Commitment) -> JsonObject:
        seen = look.standing(one)
        since = look.since(one)
        return {
            "commitment": one.id,
            "title": one.terms.title,
            "relationship": look.rel.rel_id,
            "counterpart": look.name,
            "instrument": one.terms.instrument,
            "unit": one.terms.unit,
            "performer": self.deeds.whose(one.terms.performer),
            "beneficiary": self.deeds.whose(one.terms.beneficiary),
            "proposed_by": self.deeds.whose(one.opener),
            "status": seen.status,
            "live": one.status in LIVE and seen.status != "void",
            "overdue": seen.overdue,
            "unanswered": seen.unanswered,
            "due": one.due.at,
            "due_day": one.due.day,
            "due_zone": one.due.zone,
            "redated": len(one.dates),
            "waits_for": self.waits_for(one, seen),
            "since": None if since is None else str(since),
        }

    def waits_for(self, one: Commitment, seen: Standing) -> str | None:
        """Return whose act comes next: us, them or both; None where nobody's does."""
        own = self.ctx.config.party
        if seen.status == "void":
            return None
        if one.status == Status.PROPOSED:
            return "them" if one.opener == own else "us"
        alone = one.unanswered_word()
        if alone is not None:
            return "them" if own == alone else "us"
        if one.status == Status.CLAIMED:
            return self.deeds.whose(one.terms.beneficiary)
        if one.status in LIVE:
            disputed = one.status == Status.DISPUTED
            return "both" if disputed else self.deeds.whose(one.terms.performer)
        return None

    # --- acting -------------------------------------------------------------------------------

    def propose(self, tx: Tx, request: asks.ProposeCommitment) -> JsonObject:
        """Propose a commitment under an article in force.

        Raises:
            MisuseError: ``commitments.past``, ``commitments.parties``, ``days.*``; RefusedError:
                ``deeds.not_permitted``.
        """
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        due = due_of(request.due, request.zone)
        check_due(due, at=self.ctx.now())
        own, theirs = self.ctx.config.party, rel.counterpart
        parties: Mapping[str, str] = {"us": own, "them": theirs, "both": BOTH}
        name = self.ctx.new_id()
        data: JsonObject = {
            "commitment": name,
            "instrument": found.instrument,
            "unit": unit,
            "title": " ".join(request.title.split()),
            "test": request.test.strip(),
            "performer": parties[request.performer],
            "beneficiary": parties[request.beneficiary],
            "due": due.json(),
            "source": {
                "kind": request.source,
                "ref": request.source_ref,
                "item": request.source_item,
            },
        }
        self.deeds.record(tx, rel, FAMILY, step="propose", data=data, words=request.words.strip())
        return self._after(tx, rel, name)

    def accept(self, tx: Tx, request: asks.OnCommitment) -> JsonObject:
        """Accept what was proposed: exactly these terms."""

        def data(one: Commitment) -> JsonObject:
            return {"terms": room.terms_digest(json_of(one.terms))}

        return self._act(tx, request, step="accept", data=data)

    def plain(self, step: str) -> Callable[[Tx, asks.OnCommitment], JsonObject]:
        """Return the work of a step that says nothing but itself."""
        return lambda tx, request: self._act(tx, request, step=step, data=lambda _: {})

    def reasoned(self, step: str) -> Callable[[Tx, asks.ReasonedOnCommitment], JsonObject]:
        """Return the work of a step that gives a reason."""

        def work(tx: Tx, request: asks.ReasonedOnCommitment) -> JsonObject:
            asked = asks.OnCommitment(commitment=request.commitment)
            return self._act(
                tx, asked, step=step, data=lambda _: {"reason": request.reason.strip()}
            )

        return work

    def claim(self, tx: Tx, request: asks.ClaimCommitment) -> JsonObject:
        """Claim that it is fulfilled.

        Raises:
            MisuseError: ``commitments.ahead``, ``commitments.before``, ``days.*``.
        """
        now = self.ctx.now()
        when = due_of(request.fulfilled, "UTC").at if request.fulfilled else str(now)
        if Instant.parse(when) > now.plus(_TODAY_S):
            raise MisuseError(
                "commitments.ahead",
                "That day has not come yet: claim it once it is fulfilled, with the day it was.",
            )
        if request.fulfilled:
            place = self.deeds.find(tx, FAMILY, request.commitment)
            _check_since(when, self._owed_since(tx, place))
        evidence: list[Json] = [each.strip() for each in request.evidence]
        return self._act(
            tx,
            request,
            step="claim",
            data=lambda _: {"fulfilled": when, "evidence": evidence},
        )

    def _owed_since(self, tx: Tx, place: Place[Commitment]) -> Instant | None:
        """Return since when a commitment can have been fulfilled; None while nobody can tell.

        That is since both hold its acceptance, or the release that made it; one that came of a
        meeting, where it was agreed before, since the meeting began.
        """
        marks, one = folding.marks_of(tx, place.rel, self.ctx.config.party), place.thing
        opened = None if one.opened is None else marks[one.opened[0]].attested(one.opened[1])
        if opened is None or one.terms.source.kind != "meeting":
            return opened
        state = self.ctx.folding.state(tx, place.rel)
        met = state.coordination.meetings.get(one.terms.source.ref)
        return opened if met is None or met.opened is None else min(opened, began(met, marks))

    def acknowledge(self, tx: Tx, request: asks.AcknowledgeCommitment) -> JsonObject:
        """Say what the claim comes to.

        Raises:
            MisuseError: ``commitments.unlike_claim``.
        """

        def data(one: Commitment) -> JsonObject:
            if "acknowledge" in self.may(one):  # otherwise that is what is wrong
                check_result(one, request.result, words=request.words)
            return {"result": request.result}

        return self._act(tx, request, step="acknowledge", data=data)

    def redate(self, tx: Tx, request: asks.RedateCommitment) -> JsonObject:
        """Ask for another due date, or agree to the one that was asked for.

        Who names the instant that the other side asked for agrees to its date as it stands.
        """
        due = due_of(request.due, request.zone)
        check_due(due, at=self.ctx.now())

        def data(one: Commitment) -> JsonObject:
            own = self.ctx.config.party
            for party, said in one.asked.get("redate", {}).items():
                asked = said.get("due")
                if party != own and isinstance(asked, dict) and asked.get("at") == due.at:
                    return {"due": asked}
            return {"due": due.json()}

        return self._act(tx, request, step="redate", data=data)

    def recall(self, tx: Tx, request: asks.RecallOnCommitment) -> JsonObject:
        """Take back what we said and does not count yet."""
        return self._act(tx, request, step="recall", data=lambda _: {"of": request.of})

    def _act(
        self,
        tx: Tx,
        request: asks.OnCommitment,
        *,
        step: str,
        data: Callable[[Commitment], JsonObject],
    ) -> JsonObject:
        place: Place[Commitment] = self.deeds.find(tx, FAMILY, request.commitment)
        one = place.thing
        self.deeds.record(
            tx,
            place.rel,
            FAMILY,
            step=step,
            data={"commitment": one.id, **data(one)},
            words=request.words.strip(),
        )
        return self._after(tx, place.rel, one.id)

    def _after(self, tx: Tx, rel: RelationshipRow, name: str) -> JsonObject:
        made = self.deeds.book(tx, rel, FAMILY).get(name)
        assert made is not None  # it was recorded just now
        return self._row(self._look(tx, rel), made)


def _check_since(when: str, since: Instant | None) -> None:
    """Pass if a day of fulfilment is, somewhere, not before the day since which it is owed.

    Raises:
        MisuseError: ``commitments.before``.
    """
    first = "" if since is None else str(since.plus(-ZONES_BEHIND_S))[:10]
    if when[:10] < first:
        raise MisuseError(
            "commitments.before",
            f"{when[:10]} is before this commitment was accepted: nothing was owed yet. Enter the"
            f" day on which it was fulfilled, {first} at the earliest.",
            {"first": first},
        )


def _wanted(row: JsonObject, request: asks.Commitments) -> bool:
    if request.performer and row["performer"] != request.performer:
        return False
    match request.state:
        case "live":
            return row["live"] is True
        case "overdue":
            return row["overdue"] is True
        case "ended":
            return row["live"] is False and row["status"] != "proposed"
        case _:
            return True
