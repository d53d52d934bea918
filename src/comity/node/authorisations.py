"""Authorisations as an official acts on them: asks, decides, answers and accounts for.

How they are shown is in ``authorisation_rows``; uses are counted by the transfers themselves
(``controlling``). Source: agreements.md D2.8, D6 (journey 8); spec 11.3.
"""

from collections.abc import Callable, Mapping

import attrs

from comity.api import technology as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.node import folding
from comity.node.authorisation_periods import period_of
from comity.node.authorisation_rows import AuthorisationRows
from comity.node.authorisation_times import OVER, asked_at
from comity.node.context import Context, relationship
from comity.node.controlling import AUTHORISATION, Controlling
from comity.node.controls import Controls
from comity.node.deciding import (
    asked_of,
    check_changes,
    check_decided,
    check_ends,
    check_number,
    check_period,
    check_recipients,
    classes_of,
    provisos_of,
)
from comity.node.deeds import Deeds, Place
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology.authorisation_acts import Terms, decision_digest
from comity.technology.authorisations import Authorisation, said_last, totals


@attrs.frozen(kw_only=True)
class Authorisations:
    """The desk of authorisations."""

    ctx: Context
    deeds: Deeds
    controlling: Controlling
    controls: Controls

    @property
    def rows(self) -> AuthorisationRows:
        """How authorisations are shown."""
        return AuthorisationRows(
            ctx=self.ctx, deeds=self.deeds, controlling=self.controlling, controls=self.controls
        )

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Of) -> JsonObject:
        """Return authorisations, those that wait for us first; of each turn the ended ones last."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        shown, articles = self.rows, dict[tuple[str, str], str]()
        found = [
            shown.listed(tx, rel, chain, articles=articles)
            for rel in rels
            for chain in self.deeds.book(tx, rel, AUTHORISATION).chains.values()
            if chain.thing is not None
        ]
        order = {"us": 0, "both": 1, "them": 2, "None": 3}
        found.sort(
            key=lambda row: (
                order[str(row["waits_for"])],
                row["status"] in OVER,
                str(row["title"]),
            )
        )
        rows: list[Json] = list(found)
        return {"authorisations": rows, "at": str(self.ctx.now())}

    def show(self, tx: Tx, request: asks.OneAuthorisation) -> JsonObject:
        """Return one authorisation with everything that a decision on it needs."""
        return self.rows.whole(tx, self.deeds.find(tx, AUTHORISATION, request.authorisation))

    # --- asking -------------------------------------------------------------------------------

    def request(self, tx: Tx, request: asks.RequestAuthorisation) -> JsonObject:
        """Ask for an authorisation on an article in force.

        Raises:
            MisuseError: ``controls.unknown``, ``authorisations.*``; RefusedError:
                ``deeds.not_permitted``.
        """
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        own, theirs = self.ctx.config.party, rel.counterpart
        exporter, recipient = (own, theirs) if request.exporter == "us" else (theirs, own)
        name = self.ctx.new_id()
        data: JsonObject = {
            "authorisation": name,
            "type": request.type,
            "instrument": found.instrument,
            "unit": unit,
            "area": request.area.strip(),
            "project": request.project.strip(),
            "title": " ".join(request.title.split()),
            "exporter": exporter,
            "recipient": recipient,
            **self._what(tx, rel, request, exporter=exporter, known_items={}),
            "use": request.use.strip(),
        }
        self.deeds.record(
            tx, rel, AUTHORISATION, step="request", data=data, words=request.words.strip()
        )
        return self._after(tx, rel, name)

    def _what(
        self,
        tx: Tx,
        rel: RelationshipRow,
        request: asks.RequestAuthorisation | asks.AmendAuthorisation,
        *,
        exporter: str,
        known_items: Mapping[str, Json],
    ) -> JsonObject:
        names = {"us": self.ctx.config.party, "them": rel.counterpart}
        known = {name: party for party, name in self.deeds.names(tx, rel).items()}
        return {
            "items": [
                known_items.get(each.strip())
                or self.controls.covered(tx, rel, each.strip(), exporter=exporter)
                for each in request.items
            ],
            "classes": classes_of(request.classes),
            "members": [
                names.get(each.strip(), known.get(each.strip(), each.strip()))
                for each in request.members
            ],
            "excluded": classes_of(request.excluded),
        }

    def amend(self, tx: Tx, request: asks.AmendAuthorisation) -> JsonObject:
        """Ask for an amendment; what is not named stays, unless this is the whole of it."""
        place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
        old: Terms = place.thing.terms
        stay = {each.item: json_of(each) for each in old.items}
        new = self._what(tx, place.rel, request, exporter=old.exporter, known_items=stay)
        given: JsonObject = {
            **{name: value for name, value in new.items() if value or request.whole},
            **({"title": " ".join(request.title.split())} if request.title.strip() else {}),
            **({"use": request.use.strip()} if request.use.strip() else {}),
        }
        data, asked = {**json_of(old), **given}, asked_of(request)
        check_changes(place.thing, data, asked=asked, words=request.words)
        words = asked.lines() + request.words.strip()
        return self._act(tx, place, step="amend", data=data, words=words)

    # --- deciding -----------------------------------------------------------------------------

    def review(self, tx: Tx, request: asks.ReviewAuthorisation) -> JsonObject:
        """Enter which authority has it, and its case number."""
        self._check_number(tx, request, authority=request.authority, number=request.case)
        data: JsonObject = {"authority": request.authority.strip(), "case": request.case.strip()}
        return self._on(tx, request, step="review", data=data)

    def approving(self, step: str) -> Callable[[Tx, asks.ApproveAuthorisation], JsonObject]:
        """Return the work of entering a decision for it, or for its amendment."""

        def work(tx: Tx, request: asks.ApproveAuthorisation) -> JsonObject:
            place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
            names = {name: party for party, name in self.deeds.names(tx, place.rel).items()}
            provisos = provisos_of(request, names=names)
            check_recipients(provisos, place.thing.terms.recipient)
            check_ends(provisos, now=self.ctx.now())
            self._check_number(tx, request, authority=None, number=request.number)
            self._check_day(tx, place, request, step=step)
            data: JsonObject = {
                "number": request.number.strip(),
                "decided": request.decided.strip(),
                "document": request.document,
                "assurance": request.assurance.strip(),
                "cosigned": request.cosigned,
                "provisos": provisos,
            }
            return self._act(tx, place, step=step, data=data, words=request.words)

        return work

    def denying(self, step: str) -> Callable[[Tx, asks.DenyAuthorisation], JsonObject]:
        """Return the work of entering a decision against it, or against its amendment."""

        def work(tx: Tx, request: asks.DenyAuthorisation) -> JsonObject:
            place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
            self._check_day(tx, place, request, step=step)
            self._check_number(tx, request, authority=None, number=request.number)
            data: JsonObject = {
                "number": request.number.strip(),
                "decided": request.decided.strip(),
                "document": request.document,
                "reason": request.reason.strip(),
            }
            return self._on(tx, request, step=step, data=data)

        return work

    def _check_day(
        self, tx: Tx, place: Place[Authorisation], request: asks.Decision, *, step: str
    ) -> None:
        """Pass if a decision is of a day from its request on."""
        marks = folding.marks_of(tx, place.rel, self.ctx.config.party)
        asked = asked_at(
            place.chain,
            amends=step.startswith("amend"),
            attested=lambda party, n: marks[party].attested(n),
        )
        check_decided(request.decided.strip(), asked=asked, now=self.ctx.now())

    def _check_number(
        self,
        tx: Tx,
        request: asks.ReviewAuthorisation | asks.Decision,
        *,
        authority: str | None,
        number: str,
    ) -> None:
        """Pass if the authority, else the one that has it, uses that number for this one alone."""
        one = self.deeds.find(tx, AUTHORISATION, request.authorisation).thing
        named = authority or ("" if one.review is None else one.review.authority)
        if not request.number_again:
            known = (
                each
                for rel in tx.relationships.list()
                for each in self.deeds.book(tx, rel, AUTHORISATION).things()
            )
            check_number(known, one, authority=named, number=number)

    def return_(self, tx: Tx, request: asks.ReasonedOnAuthorisation) -> JsonObject:
        """Enter that the authority sent it back."""
        return self._on(tx, request, step="return", data={"reason": request.reason.strip()})

    def based(self, step: str) -> Callable[[Tx, asks.BasedOnAuthorisation], JsonObject]:
        """Return the work of a step that names its basis and why."""

        def work(tx: Tx, request: asks.BasedOnAuthorisation) -> JsonObject:
            data: JsonObject = {
                "basis": " ".join(request.basis.split()),
                "reason": request.reason.strip(),
            }
            return self._on(tx, request, step=step, data=data)

        return work

    def withdraw(self, tx: Tx, request: asks.OnAuthorisation) -> JsonObject:
        """Take back what our side asked for."""
        return self._on(tx, request, step="withdraw", data={})

    def amend_withdraw(self, tx: Tx, request: asks.OnAuthorisation) -> JsonObject:
        """Take back the amendment that our side asked for, while it is not decided."""
        return self._on(tx, request, step="amend_withdraw", data={})

    # --- answering and accounting -------------------------------------------------------------

    def assure(self, tx: Tx, request: asks.AssureAuthorisation) -> JsonObject:
        """Give the assurance; with the digest of the provisos, accept them too."""
        place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
        decision = place.thing.decision
        data: JsonObject = {
            "decision": "0" * 64 if decision is None else decision_digest(decision),
            "assurance": request.assurance.strip(),
            "document": request.document or None,
        }
        done = self._act(tx, place, step="assure", data=data, words=request.words)
        if not request.provisos:
            return done
        return self._act(tx, place, step="accept", data={"provisos": request.provisos})

    def decline(self, tx: Tx, request: asks.ReasonedOnAuthorisation) -> JsonObject:
        """Decline the decision, as its recipient; it can be handed in again."""
        decision = self.deeds.find(tx, AUTHORISATION, request.authorisation).thing.decision
        data: JsonObject = {
            "decision": "0" * 64 if decision is None else decision_digest(decision),
            "reason": request.reason.strip(),
        }
        return self._on(tx, request, step="decline", data=data)

    def accept(self, tx: Tx, request: asks.AcceptProvisos) -> JsonObject:
        """Accept the provisos by their digest."""
        return self._on(tx, request, step="accept", data={"provisos": request.provisos})

    def dispose(self, tx: Tx, request: asks.DisposeItems) -> JsonObject:
        """Say what became of what came."""
        data: JsonObject = {"how": request.how, "report": request.report.strip()}
        return self._on(tx, request, step="dispose", data=data)

    def report(self, tx: Tx, request: asks.ReportAuthorisation) -> JsonObject:
        """Report the totals of our record since the last report, of a period that holds them."""
        starts, ends = request.starts.strip(), request.ends.strip()
        check_period(ends, now=self.ctx.now())
        place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
        one = place.thing
        marks = folding.marks_of(tx, place.rel, self.ctx.config.party)
        period_of(
            place.chain, attested=lambda party, n: marks[party].attested(n), now=self.ctx.now()
        ).check(starts, ends)
        counted = totals(one)
        data: JsonObject = {
            "starts": starts,
            "ends": ends,
            "transfers": counted[0],
            "received": counted[1],
            "bytes": counted[2],
            "last": request.last or said_last(one, self.ctx.config.party),
        }
        return self._act(tx, place, step="report", data=data, words=request.words)

    def _on(
        self, tx: Tx, request: asks.OneAuthorisation, *, step: str, data: JsonObject
    ) -> JsonObject:
        place = self.deeds.find(tx, AUTHORISATION, request.authorisation)
        words = request.words if isinstance(request, asks.OnAuthorisation) else ""
        return self._act(tx, place, step=step, data=data, words=words)

    def _act(
        self,
        tx: Tx,
        place: Place[Authorisation],
        *,
        step: str,
        data: JsonObject,
        words: str = "",
    ) -> JsonObject:
        name = place.thing.id
        self.deeds.record(
            tx,
            place.rel,
            AUTHORISATION,
            step=step,
            data={**data, "authorisation": name},
            words=words.strip(),
        )
        return self._after(tx, place.rel, name)

    def _after(self, tx: Tx, rel: RelationshipRow, name: str) -> JsonObject:
        return self.rows.one(tx, rel, self.deeds.book(tx, rel, AUTHORISATION).chains[name])
