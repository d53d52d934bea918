"""What follows a transfer: consent to pass on, and looking at the use. Source: spec 11.6, 11.7."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import attrs

from comity.api import technology as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import EITHER, OPENER, OTHER, Chain, Step, json_of
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.authorisations import Authorisations
from comity.node.context import Context, counterpart_name, relationship
from comity.node.controlling import AUTHORISATION
from comity.node.days import DAY, due_of, instant_of
from comity.node.deeds import Deeds, Family
from comity.node.moving import Moving
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology import endchecks, retransfers
from comity.technology.endchecks import EndCheck
from comity.technology.provisos import Proviso, provisos_digest
from comity.technology.retransfers import Retransfer

RETRANSFER: Final[Family[Retransfer]] = Family(
    name=retransfers.FAMILY,
    what="request for consent",
    book=lambda state: state.technology.retransfers,
    apply=retransfers.apply,
    admit=retransfers.admit,
    steps=retransfers.STEPS,
    grounds=lambda one: (one.terms.instrument, one.terms.unit),
    title=lambda one: one.title,
)
ENDCHECK: Final[Family[EndCheck]] = Family(
    name=endchecks.FAMILY,
    what="end-use check",
    book=lambda state: state.technology.endchecks,
    apply=endchecks.apply,
    admit=endchecks.admit,
    steps=endchecks.STEPS,
    grounds=lambda one: (one.terms.instrument, one.terms.unit),
    title=lambda one: str(one.terms.title),
)
#: A day is named by its last second, so long after its first one.
_LAST_SECOND: Final = 59
_DAY_S: Final = 86_399
T = TypeVar("T", Retransfer, EndCheck)
#: By state, whose act comes next where one is looked for.
_NEXT_CONSENT: Final[Mapping[retransfers.Status, str]] = {
    retransfers.Status.REQUESTED: OTHER,
    retransfers.Status.RETURNED: OPENER,
    retransfers.Status.USED: OTHER,
}
_NEXT_CHECK: Final[Mapping[endchecks.Status, str]] = {
    endchecks.Status.REQUESTED: EITHER,
    endchecks.Status.ARRANGED: OPENER,
    endchecks.Status.DONE: OPENER,
    endchecks.Status.FOLLOW_UP: OPENER,
}


@attrs.frozen(kw_only=True)
class AfterTransfer:
    """The desk of consent and of end-use checks."""

    ctx: Context
    deeds: Deeds
    authorisations: Authorisations
    moving: Moving

    # --- consent to pass on -------------------------------------------------------------------

    def retransfers(self, tx: Tx, request: asks.Of) -> JsonObject:
        """Return what is asked about passing on, on both sides."""
        rows = self._all(tx, request, RETRANSFER, row=self._retransfer)
        return {"retransfers": rows, "at": str(self.ctx.now())}

    def retransfer(self, tx: Tx, request: asks.OneRetransfer) -> JsonObject:
        """Return one request for consent with everything that was said of it."""
        place = self.deeds.find(tx, RETRANSFER, request.retransfer)
        return {
            **self._retransfer(tx, place.rel, place.chain),
            "came_under": self._came_under(tx, place.rel, place.thing.terms.transfer),
            "onward": self._onward(tx, place.rel, place.thing),
            **self._told(tx, place.rel, RETRANSFER, chain=place.chain),
        }

    def _retransfer(self, tx: Tx, rel: RelationshipRow, chain: Chain[Retransfer]) -> JsonObject:
        one = chain.thing
        assert one is not None
        party, n = one.last
        since = folding.marks_of(tx, rel, self.ctx.config.party)[party].attested(n)
        waiting = one.status is retransfers.Status.REQUESTED
        days = None if since is None else (self.ctx.now().datetime() - since.datetime()).days
        return {
            "retransfer": one.id,
            "title": one.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "asked_by": self.deeds.whose(one.opener),
            "transfer": one.terms.transfer,
            "item": one.terms.item,
            "item_title": self.authorisations.controls.title(tx, rel, one.terms.item),
            "third": one.terms.third,
            "use": one.terms.use,
            "status": str(one.status),
            "founded": self._founded(tx, rel, one),
            "days_without_answer": days if waiting else None,
            "provisos": [] if one.grant is None else [json_of(p) for p in one.grant.provisos],
            "reason": one.reason,
            "report": one.report,
            "waits_for": self._waits(one.opener, _NEXT_CONSENT.get(one.status)),
            "since": None if since is None else str(since),
        }

    def _came_under(self, tx: Tx, rel: RelationshipRow, transfer: str) -> list[Json]:
        """Return the authorisations that a transfer was counted under: assurance and provisos."""
        known = self.deeds.book(tx, rel, AUTHORISATION).things()
        return [
            {
                "authorisation": one.id,
                "title": one.terms.title,
                "assurance": None if one.decision is None else one.decision.assurance,
                "assured": one.assurance is not None,
                "provisos": [] if one.decision is None else [p.text for p in one.decision.provisos],
                "no_onward": one.limits.no_onward is not None,
            }
            for one in known
            if transfer in one.counted()
        ]

    def _founded(self, tx: Tx, rel: RelationshipRow, one: Retransfer) -> bool:
        """Return whether who asks has received that item by that transfer (spec 11.6.3)."""
        state = self.ctx.folding.state(tx, rel)
        moved = state.sharing.received.get((one.opener, one.terms.transfer))
        return moved is not None and moved.item == one.terms.item

    def _onward(self, tx: Tx, rel: RelationshipRow, one: Retransfer) -> JsonObject | None:
        """Return what the text in force says on passing on what is asked about."""
        return self.moving.onward(tx, rel, recipient=one.opener, transfer=one.terms.transfer)

    def ask(self, tx: Tx, request: asks.RequestRetransfer) -> JsonObject:
        """Ask whose item it is whether what we received may go on.

        Raises:
            MisuseError: ``transfers.unknown``; RefusedError: ``retransfers.not_received``,
                ``retransfers.forbidden``, ``deeds.not_permitted``.
        """
        rel, process = self.moving.found(tx, request.transfer)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        transfer, own = process.provider_pid or "", self.ctx.config.party
        received = self.ctx.folding.state(tx, rel).sharing.received
        if (own, transfer) not in received:
            raise RefusedError(
                "retransfers.not_received",
                "Consent to pass on is asked about what was received; by that transfer nothing"
                " was.",
            )
        _not_forbidden(self.moving.onward(tx, rel, recipient=own, transfer=transfer))
        name = self.ctx.new_id()
        data: JsonObject = {
            "retransfer": name,
            "instrument": found.instrument,
            "unit": unit,
            "transfer": transfer,
            "item": process.item,
            "third": " ".join(request.third.split()),
            "use": request.use.strip(),
        }
        self.deeds.record(
            tx, rel, RETRANSFER, step="request", data=data, words=request.words.strip()
        )
        return self._retransfer(tx, rel, self.deeds.book(tx, rel, RETRANSFER).chains[name])

    def grant(self, tx: Tx, request: asks.GrantRetransfer) -> JsonObject:
        """Consent, with provisos or none, to what was received.

        Raises:
            RefusedError: ``retransfers.unfounded``, ``retransfers.forbidden``.
        """
        place = self.deeds.find(tx, RETRANSFER, request.retransfer)
        if not self._founded(tx, place.rel, place.thing):
            raise RefusedError(
                "retransfers.unfounded",
                "Their record does not say that they received that item by that transfer: there is"
                " nothing to consent to. Refuse it, or send it back.",
            )
        _not_forbidden(self._onward(tx, place.rel, place.thing))
        provisos: list[Json] = [
            json_of(Proviso(text=each.strip(), check=None))
            for each in request.provisos
            if each.strip()
        ]
        return self._consent(
            tx, request, step="grant", data={"provisos": provisos}, words=request.words
        )

    def use(self, tx: Tx, request: asks.UseRetransfer) -> JsonObject:
        """Say that it went on, under exactly the provisos of the consent."""
        one = self.deeds.find(tx, RETRANSFER, request.retransfer).thing
        known = [] if one.grant is None else one.grant.provisos
        data: JsonObject = {"provisos": provisos_digest(known), "report": request.report.strip()}
        return self._consent(tx, request, step="use", data=data)

    def again(self, tx: Tx, request: asks.OnRetransfer) -> JsonObject:
        """Ask again what came back.

        Raises:
            RefusedError: ``retransfers.forbidden``.
        """
        place = self.deeds.find(tx, RETRANSFER, request.retransfer)
        _not_forbidden(self._onward(tx, place.rel, place.thing))
        return self._consent(tx, request, step="again", data={}, words=request.words)

    def withdraw(self, tx: Tx, request: asks.OnRetransfer) -> JsonObject:
        """Take back what we asked."""
        return self._consent(tx, request, step="withdraw", data={}, words=request.words)

    def reasoned(self, step: str) -> Callable[[Tx, asks.ReasonedOnRetransfer], JsonObject]:
        """Return the work of a step on a request that gives a reason."""
        return lambda tx, request: self._consent(
            tx, request, step=step, data={"reason": request.reason.strip()}
        )

    def _consent(
        self,
        tx: Tx,
        request: asks.OneRetransfer,
        *,
        step: str,
        data: JsonObject,
        words: str = "",
    ) -> JsonObject:
        place = self.deeds.find(tx, RETRANSFER, request.retransfer)
        name = place.thing.id
        said = {**data, "retransfer": name}
        self.deeds.record(tx, place.rel, RETRANSFER, step=step, data=said, words=words.strip())
        chain = self.deeds.book(tx, place.rel, RETRANSFER).chains[name]
        return self._retransfer(tx, place.rel, chain)

    # --- end-use checks -----------------------------------------------------------------------

    def endchecks(self, tx: Tx, request: asks.Of) -> JsonObject:
        """Return end-use checks, on both sides."""
        rows = self._all(tx, request, ENDCHECK, row=self._endcheck)
        return {"endchecks": rows, "at": str(self.ctx.now())}

    def endcheck(self, tx: Tx, request: asks.OneEndCheck) -> JsonObject:
        """Return one end-use check with everything that was said of it."""
        place = self.deeds.find(tx, ENDCHECK, request.endcheck)
        return {
            **self._endcheck(tx, place.rel, place.chain),
            **self._told(tx, place.rel, ENDCHECK, chain=place.chain),
        }

    def _endcheck(self, tx: Tx, rel: RelationshipRow, chain: Chain[EndCheck]) -> JsonObject:
        one = chain.thing
        assert one is not None
        party, n = one.last
        since = folding.marks_of(tx, rel, self.ctx.config.party)[party].attested(n)
        leave = self.deeds.book(tx, rel, AUTHORISATION).get(one.terms.authorisation)
        begins = _begins(one)
        return {
            "endcheck": one.id,
            "title": one.terms.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "asked_by": self.deeds.whose(one.opener),
            "authorisation": one.terms.authorisation,
            "authorisation_title": "" if leave is None else leave.terms.title,
            "what": one.terms.what,
            "status": str(one.status),
            "arranged": None if one.arranged is None else json_of(one.arranged),
            "asked": {self.deeds.whose(party): dict(said) for party, said in one.asked.items()},
            "report": one.report,
            "from": None if begins is None else str(begins),
            "early": begins is not None and self.ctx.now() < begins,
            "waits_for": self._looks(one),
            "since": None if since is None else str(since),
        }

    def _looks(self, one: EndCheck) -> str | None:
        """Return who must act on a check next: us, them, both; None where nobody must."""
        if len(one.asked) == 1 and str(one.status) in endchecks.STEPS["arrange"].sources:
            return "them" if self.ctx.config.party in one.asked else "us"
        return self._waits(one.opener, _NEXT_CHECK.get(one.status))

    def check(self, tx: Tx, request: asks.RequestEndCheck) -> JsonObject:
        """Ask to see that use is as was assured."""
        place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
        terms, name = place.thing.terms, self.ctx.new_id()
        data: JsonObject = {
            "endcheck": name,
            "instrument": terms.instrument,
            "unit": terms.unit,
            "authorisation": place.thing.id,
            "title": " ".join(request.title.split()),
            "what": request.what.strip(),
        }
        words = request.words.strip()
        self.deeds.record(tx, place.rel, ENDCHECK, step="request", data=data, words=words)
        return self._checked(tx, place.rel, name)

    def arrange(self, tx: Tx, request: asks.ArrangeEndCheck) -> JsonObject:
        """Say when and where; it counts once both say the same.

        Raises:
            MisuseError: ``endchecks.past``: that time has passed; ``days.*``.
        """
        given, zone = request.at.strip(), request.zone
        when = due_of(given, zone).at if DAY.fullmatch(given) else str(instant_of(given, zone))
        if Instant.parse(when) < self.ctx.now():
            raise MisuseError(
                "endchecks.past", f"{given[:40]} has passed: name a time that is still to come."
            )
        data: JsonObject = {
            "at": when,
            "place": " ".join(request.place.split()),
        }
        return self._check(tx, request, step="arrange", data=data, words=request.words)

    def done(self, tx: Tx, request: asks.ReportEndCheck) -> JsonObject:
        """Say what was seen, once the time that was arranged has come.

        Raises:
            MisuseError: ``endchecks.not_yet``.
        """
        begins = _begins(self.deeds.find(tx, ENDCHECK, request.endcheck).thing)
        if begins is not None and self.ctx.now() < begins:
            raise MisuseError(
                "endchecks.not_yet",
                f"The check is arranged for {begins}, which has not come: report what was seen"
                " then, or arrange another time.",
            )
        return self._check(tx, request, step="done", data={"report": request.report.strip()})

    def follow_up(self, tx: Tx, request: asks.ReportEndCheck) -> JsonObject:
        """Say what is still to be done."""
        return self._check(tx, request, step="follow_up", data={"report": request.report.strip()})

    def conclude(self, tx: Tx, request: asks.ConcludeEndCheck) -> JsonObject:
        """Say what it comes to."""
        data: JsonObject = {"result": request.result, "report": request.report.strip()}
        return self._check(tx, request, step="conclude", data=data)

    def take_back(self, tx: Tx, request: asks.OnEndCheck) -> JsonObject:
        """Take back what our side asked."""
        return self._check(tx, request, step="withdraw", data={}, words=request.words)

    def _check(
        self,
        tx: Tx,
        request: asks.OneEndCheck,
        *,
        step: str,
        data: JsonObject,
        words: str = "",
    ) -> JsonObject:
        place = self.deeds.find(tx, ENDCHECK, request.endcheck)
        name = place.thing.id
        said = {**data, "endcheck": name}
        self.deeds.record(tx, place.rel, ENDCHECK, step=step, data=said, words=words.strip())
        return self._checked(tx, place.rel, name)

    def _checked(self, tx: Tx, rel: RelationshipRow, name: str) -> JsonObject:
        return self._endcheck(tx, rel, self.deeds.book(tx, rel, ENDCHECK).chains[name])

    # --- both ---------------------------------------------------------------------------------

    def _all(
        self,
        tx: Tx,
        request: asks.Of,
        family: Family[T],
        *,
        row: Callable[[Tx, RelationshipRow, Chain[T]], JsonObject],
    ) -> list[Json]:
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        return [
            row(tx, rel, chain)
            for rel in rels
            for chain in self.deeds.book(tx, rel, family).chains.values()
            if chain.thing is not None
        ]

    def _told(
        self, tx: Tx, rel: RelationshipRow, family: Family[T], *, chain: Chain[T]
    ) -> JsonObject:
        one = chain.thing
        assert one is not None
        acts: list[Json] = list(self.deeds.acts(tx, rel, chain))
        return {
            "basis": self.deeds.basis(tx, rel, family.grounds(one)),
            "acts": acts,
            "may": [
                name
                for name, step in family.steps.items()
                if str(one.status) in step.sources and self._plays(one.opener, step)
            ],
        }

    def _waits(self, opener: str, by: str | None) -> str | None:
        """Return whose act comes next, by who opened it."""
        if by is None or by == EITHER:
            return None if by is None else "both"
        return "us" if (opener == self.ctx.config.party) == (by == OPENER) else "them"

    def _plays(self, opener: str, step: Step) -> bool:
        ours = opener == self.ctx.config.party
        return step.by == EITHER or ours == (step.by == OPENER)


def _begins(one: EndCheck) -> Instant | None:
    """Return from when on a check can have been made (spec 11.7.3)."""
    if one.arranged is None:
        return None
    named = Instant.parse(one.arranged.at)
    return named.plus(-_DAY_S) if named.seconds % 60 == _LAST_SECOND else named


def _not_forbidden(rule: JsonObject | None) -> None:
    """Refuse what a text forbids to pass on: a consent cannot lift it (spec 11.6.5)."""
    if rule is not None and rule["onward"] == "refused":
        raise RefusedError(
            "retransfers.forbidden",
            f"{rule['article']} of {rule['title']} says that what is received may not be passed"
            " on, and a consent cannot lift that: the article must be amended first.",
            {"article": rule["article"], "title": rule["title"]},
        )
