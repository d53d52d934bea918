"""From a clean text to an agreement in force, and its suspension: the binding acts.

Each binding act is a document that a person signs in a folder of their own; this desk makes the
request, takes the signature in, and records the act. What follows by computation (the conclusion)
the node does itself, under the seal. Source: agreements.md D3.7 to D3.9; design 13.4, 13.6.
"""

from collections.abc import Mapping, Sequence

import attrs

from comity.agreements import clauses
from comity.agreements.asked import LAST_MOVER
from comity.agreements.attempts import Attempt, Outcome
from comity.agreements.signing import (
    Manifest,
    Signatory,
    SuspensionDocument,
    adoption_document,
    initials_document,
    manifest_document,
    resumption_document,
    suspension_document,
)
from comity.api import operations as op
from comity.foundation.canonical import JsonObject, digest, parse_canonical
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.foundation.limits import TEXT_BYTES_MAX
from comity.node.binding import BindingActs
from comity.node.context import HOUSE, Context, text_of
from comity.node.instruments import Found, Instruments
from comity.node.ledger import NewAct
from comity.node.legal_desk import LegalDesk, may_read_private
from comity.node.officials import Official, Officials
from comity.node.red_lines import RedLines
from comity.node.requests import Completion, Signed
from comity.parties.fold import powers_at
from comity.parties.powers import FullPowers
from comity.parties.signatures import Capacity, sign_document
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Concluding:
    """The desk of signatories, legal advisers and mandate holders."""

    ctx: Context
    instruments: Instruments
    officials: Officials
    binding: BindingActs
    red_lines: RedLines
    legal: LegalDesk

    def completions(self) -> Mapping[str, Completion]:
        """Return what follows when the signature of a request is in."""
        return {
            "agreement.adopt": self._stated,
            "agreement.initial": self._stated,
            "signing.signature": self._signature,
            "agreement.suspend": self._suspended,
            "agreement.resume": self._suspended,
        }

    # --- adoption and initials ----------------------------------------------------------------

    def adopt(self, tx: Tx, request: op.OneInstrument, *, official: Official) -> JsonObject:
        """Return the request by which a signatory adopts the clean text."""
        found = self.instruments.find(tx, request.instrument)
        text = self._clean(found)
        self._check_house(tx, found, official)
        document = adoption_document(
            instrument=found.instrument, text=text, party=self.ctx.config.party
        )
        return self.binding.ask(
            tx, found, official, kind="agreement.adopt", capacity=Capacity.ADOPT, document=document
        )

    def initial(self, tx: Tx, request: op.OneInstrument, *, official: Official) -> JsonObject:
        """Return the request by which a signatory initials the adopted text."""
        found = self.instruments.find(tx, request.instrument)
        text = self._clean(found)
        self._check_house(tx, found, official)
        document = initials_document(
            instrument=found.instrument, text=text, party=self.ctx.config.party
        )
        return self.binding.ask(
            tx,
            found,
            official,
            kind="agreement.initial",
            capacity=Capacity.INITIAL,
            document=document,
        )

    def _check_house(self, tx: Tx, found: Found, official: Official) -> None:
        """Refuse what our own house stands against: a red line, or a legal adviser's hold.

        What exactly it is, only those learn who may read mandates and the legal review.

        Raises:
            RefusedError: ``redlines.blocked``, ``legal.held``.
        """
        self.legal.check(tx, found, official=official)
        try:
            self.red_lines.check_text(tx, found.instrument, found.view.contents)
        except RefusedError:
            if may_read_private(official):
                raise
            raise RefusedError(
                "redlines.blocked",
                "Our own red line stands against this text, and nothing has left. The mandate"
                " holder, a legal adviser or a negotiator of ours sees which, and what to do.",
            ) from None

    def _clean(self, found: Found) -> str:
        if found.view.text_digest is None:
            open_units = [
                one.label for one in found.view.units if str(one.status) not in {"agreed", "closed"}
            ]
            raise MisuseError(
                "agreements.not_clean",
                f"The text is not clean: {len(open_units)} units are not agreed, such as"
                f" {', '.join(open_units[:3])}.",
            )
        return found.view.text_digest

    def _stated(self, tx: Tx, signed: Signed) -> JsonObject:
        found = self.binding.found(tx, signed)
        text = self._clean(found)
        if text != self._document_text(signed):
            raise MisuseError(
                "agreements.text_changed",
                f"The text of {found.view.opening.title} has changed since this signature was"
                " asked for, so it is not used. Read the text again and ask for a new request.",
            )
        self.legal.check(tx, found, official=None)
        act = NewAct(
            kind=text_of(signed.request, "operation"),
            data={"instrument": found.instrument, "text": text},
            documents={"document": signed.document, "signatures": signed.signatures},
            of=found.instrument,
        )
        return self.binding.recorded(tx, found, act)

    def _document_text(self, signed: Signed) -> str:
        document = parse_canonical(
            signed.document, bytes_max=TEXT_BYTES_MAX, what="the document that was signed"
        )
        return text_of(document, "text")

    # --- clearance, window, signature ---------------------------------------------------------

    def clear(self, tx: Tx, request: op.OneInstrument, *, official: Official) -> JsonObject:
        """Clear one exact text for signature; private, and gone if the text changes."""
        found = self.instruments.find(tx, request.instrument)
        text = self._clean(found)
        self.legal.check(tx, found, official=official)
        value: JsonObject = {"text": text, "by": official.id, "at": str(self.ctx.now())}
        tx.things.put(HOUSE, "clearance", found.instrument, value=value)
        self.ctx.ledger.house(
            tx, "house.clearance", {"instrument": found.instrument, "text": text, "by": official.id}
        )
        return {"instrument": found.instrument, "cleared": True}

    def _check_clearance(self, tx: Tx, found: Found) -> None:
        thing = tx.things.get(HOUSE, "clearance", found.instrument)
        if thing is None or thing.value["text"] != found.view.text_digest:
            raise RefusedError(
                "agreements.not_cleared",
                "This exact text is not cleared for signature on our side; the mandate holder"
                " clears it with comity agreement clear.",
            )
        self.legal.check(tx, found, official=None)

    def window(self, tx: Tx, request: op.OpenWindow) -> JsonObject:
        """Propose a signing window with its manifest; that says that we are ready."""
        found = self.instruments.find(tx, request.instrument)
        self._check_clearance(tx, found)
        units = found.view.contents
        manifest = Manifest(
            instrument=found.instrument,
            text=self._clean(found),
            title=found.view.opening.title,
            parties=found.view.opening.parties,
            policies=clauses.policies_digest(units),
            signatories=self._signatories(tx, found, request.signatories),
            opens=Instant.parse(request.opens),
            closes=Instant.parse(request.closes),
            entry=clauses.entry_of(units),
        )
        document = manifest_document(manifest)
        manifest_digest = digest(document)
        act = NewAct(
            kind="signing.open",
            data={"instrument": found.instrument, "manifest": manifest_digest},
            documents={"document": document},
            of=found.instrument,
        )
        self.binding.recorded(tx, found, act)
        ready = NewAct(
            kind="signing.ready",
            data={"instrument": found.instrument, "manifest": manifest_digest},
            of=found.instrument,
        )
        answer = self.binding.recorded(tx, found, ready)
        return {**answer, "opens": request.opens, "closes": request.closes}

    def _signatories(self, tx: Tx, found: Found, named: Sequence[str]) -> tuple[Signatory, ...]:
        needed = clauses.signatories_per_party(found.view.contents)
        made: list[Signatory] = []
        ours = {self.officials.key_of(self.officials.find(tx, name)).id for name in named}
        for party in found.view.opening.parties:
            given, revoked = powers_at(found.state.parties, party, 1 << 53)
            able: dict[str, FullPowers] = {}
            for one in given:
                usable = (
                    Capacity.SIGN in one.acts
                    and one.digest not in revoked
                    and (one.instruments == "any" or found.instrument in one.instruments)
                    and self.ctx.now() <= one.valid_until
                )
                wanted = party != self.ctx.config.party or not ours or one.key.id in ours
                if usable and wanted:
                    able[one.key.id] = one
            if len(able) < needed:
                raise RefusedError(
                    "agreements.signatories_missing",
                    f"{needed} signatories of {party} are needed; {len(able)} hold full powers to"
                    " sign: they must be given first.",
                )
            made += [
                Signatory(party=party, powers=one.digest, name=one.name, office=one.office)
                for one in list(able.values())[:needed]
            ]
        return tuple(made)

    def ready(self, tx: Tx, request: op.OneInstrument) -> JsonObject:
        """Agree to the counterpart's window."""
        found = self.instruments.find(tx, request.instrument)
        self._check_clearance(tx, found)
        attempt = self._attempt(found, Outcome.PROPOSED)
        act = NewAct(
            kind="signing.ready",
            data={"instrument": found.instrument, "manifest": attempt.manifest.digest},
            of=found.instrument,
        )
        answer = self.binding.recorded(tx, found, act)
        window = attempt.manifest
        return {**answer, "opens": str(window.opens), "closes": str(window.closes)}

    def _attempt(self, found: Found, *wanted: Outcome) -> Attempt:
        standing = [one for one in found.view.attempts if one.outcome in wanted]
        if not standing:
            raise MisuseError(
                "agreements.no_window",
                f"No signing window of {found.view.opening.title} is"
                f" {' or '.join(str(one) for one in wanted)}.",
            )
        return standing[-1]

    def sign(self, tx: Tx, request: op.OneInstrument, *, official: Official) -> JsonObject:
        """Return the request by which one signatory signs the manifest."""
        found = self.instruments.find(tx, request.instrument)
        self._check_clearance(tx, found)
        attempt = self._attempt(found, Outcome.SIGNING)
        manifest = attempt.manifest
        self._check_window(found, manifest.digest)
        others = [
            f"  {one.signatory.name}, {one.signatory.office}"
            f" ({'has signed' if one.signer else 'has not signed'})"
            for one in attempt.signatures
        ]
        return self.binding.ask(
            tx,
            found,
            official,
            kind="signing.signature",
            capacity=Capacity.SIGN,
            document=attempt.raw,
            shown=(
                f"Window: {manifest.opens} to {manifest.closes} (UTC).",
                "Signatories:",
                *others,
                LAST_MOVER,
            ),
        )

    def _check_window(self, found: Found, manifest: str) -> None:
        """Refuse a signature of ours that could not count any more.

        The record decides what counts; this spares our signatory a signature for nothing.

        Raises:
            RefusedError: ``agreements.window_over``.
        """
        closes = next(
            one.manifest.closes for one in found.view.attempts if one.manifest.digest == manifest
        )
        if self.ctx.now() > closes:
            raise RefusedError(
                "agreements.window_over",
                f"The signing window ended at {closes}, so a signature would not count, and nothing"
                " was done. Agree another window; whoever has signed signs again.",
            )

    def _signature(self, tx: Tx, signed: Signed) -> JsonObject:
        found = self.binding.found(tx, signed)
        self._check_clearance(tx, found)
        self._check_window(found, digest(signed.document))
        act = NewAct(
            kind="signing.signature",
            data={"instrument": found.instrument, "manifest": digest(signed.document)},
            documents={"signatures": signed.signatures},
            of=found.instrument,
        )
        return self.binding.recorded(tx, found, act)

    def conclude(self, tx: Tx, rel: RelationshipRow) -> bool:
        """Seal the conclusion of what has just been signed; return whether there was one.

        By computation: both nodes make equal bytes. The rule is named in the house log.
        """
        done = False
        for found in self.instruments.signing(tx, rel):
            instrument = found.instrument
            document = found.view.conclusion
            party = self.ctx.config.party
            if document is None or party in found.view.concluded or rel.status != "open":
                continue
            signed = next(one for one in found.view.attempts if one.outcome is Outcome.SIGNED)
            seal = sign_document(
                document,
                signer=self.ctx.keys.seal,
                capacity=str(Capacity.SEAL),
                on_behalf_of=party,
                full_powers=None,
            )
            act = NewAct(
                kind="signing.conclude",
                data={
                    "instrument": instrument,
                    "manifest": signed.manifest.digest,
                    "conclusion": digest(document),
                },
                documents={"document": document, "signatures": seal},
                of=instrument,
            )
            self.instruments.record_in(tx, rel, act)
            self.ctx.ledger.house(
                tx, "house.rule", {"rule": "conclude-when-signed", "instrument": instrument}
            )
            done = True
        return done

    # --- suspension ---------------------------------------------------------------------------

    def suspend(self, tx: Tx, request: op.Suspend, *, official: Official) -> JsonObject:
        """Return the request by which a signatory suspends the whole or some units."""
        found = self.instruments.find(tx, request.instrument)
        units = [found.unit(name) for name in request.units]
        rule = clauses.suspension_of(found.view.contents)
        if found.view.text_digest is None or rule is None:
            raise RefusedError(
                "agreements.no_suspension_clause",
                f"{found.view.opening.title} has no article that allows suspension.",
            )
        labels = {one.id: one.label for one in found.view.units}
        document = suspension_document(
            SuspensionDocument(
                instrument=found.instrument,
                text=found.view.text_digest,
                party=self.ctx.config.party,
                units=tuple(sorted(one.id for one in units)),
                until=Instant.parse(request.until) if request.until else None,
                article=labels.get(rule[0], rule[0]),
            )
        )
        what = ", ".join(one.label for one in units) or "the whole agreement"
        return self.binding.ask(
            tx,
            found,
            official,
            kind="agreement.suspend",
            capacity=Capacity.SUSPEND,
            document=document,
            shown=(
                f"Suspended: {what}.",
                f"Until: {request.until or 'further notice'}.",
                "Nothing crosses under it: on our side at once, on theirs as soon as it arrives.",
            ),
        )

    def resume(self, tx: Tx, request: op.OneInstrument, *, official: Official) -> JsonObject:
        """Return the request by which a signatory lifts the newest suspension, for our part."""
        found = self.instruments.find(tx, request.instrument)
        if not found.view.suspensions:
            raise MisuseError(
                "agreements.not_suspended", f"{found.view.opening.title} is not suspended."
            )
        suspension = found.view.suspensions[-1]
        document = resumption_document(
            instrument=found.instrument,
            suspension=suspension.digest,
            party=self.ctx.config.party,
        )
        return self.binding.ask(
            tx,
            found,
            official,
            kind="agreement.resume",
            capacity=Capacity.RESUME,
            document=document,
            shown=("The suspension is lifted for our part; it ends once both have lifted it.",),
        )

    def _suspended(self, tx: Tx, signed: Signed) -> JsonObject:
        found = self.binding.found(tx, signed)
        act = NewAct(
            kind=text_of(signed.request, "operation"),
            data={"instrument": found.instrument, "act": digest(signed.document)},
            documents={"document": signed.document, "signatures": signed.signatures},
            of=found.instrument,
        )
        return self.binding.recorded(tx, found, act)
