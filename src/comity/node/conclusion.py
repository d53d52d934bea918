"""How far an instrument is on its way from a tabled text to force, and who must do what next.

A view for people: it decides nothing and reads the same table of the lifecycle as the acts do.
Whether our side has cleared the text is told only to those who may know. Source: agreements.md
D2.1, D6 (journeys 4 and 12).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.attempts import Attempt, Outcome
from comity.agreements.lifecycle import ALLOWED, State
from comity.agreements.mandates import (
    Suspension,
)
from comity.agreements.model import label_path, named_fields
from comity.api import operations as op
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.foundation.ports import ThingRow
from comity.node.context import HOUSE, Context, counterpart_name
from comity.node.instruments import Found, Instruments
from comity.node.legal_desk import LegalDesk, may_read_private
from comity.node.officials import Official
from comity.node.requests import Requests
from comity.parties.fold import powers_at
from comity.parties.powers import FullPowers
from comity.parties.signatures import Capacity
from comity.storage.tx import Tx

_SIGNED: Final = frozenset(
    {State.SIGNED, State.AWAITING_ENTRY, State.PROVISIONAL, State.IN_FORCE, State.SUSPENDED}
)
_ENDED: Final = frozenset(
    {State.ABANDONED, State.LAPSED, State.EXPIRED, State.TERMINATED, State.SUPERSEDED}
)
#: The acts of the page, in the order of the way, with the capacity of a signature where one is.
_ACTS: Final[tuple[tuple[str, Capacity | None], ...]] = (
    ("agreements.talk", None),
    ("agreements.adopt", Capacity.ADOPT),
    ("agreements.initial", Capacity.INITIAL),
    ("agreements.clear", None),
    ("agreements.window", None),
    ("agreements.ready", None),
    ("agreements.sign", Capacity.SIGN),
    ("agreements.suspend", Capacity.SUSPEND),
    ("agreements.resume", Capacity.RESUME),
    ("agreements.reopen", None),
    ("agreements.abandon", None),
)
#: What leads to signatures, which a text that is adopted alone does not get.
_TO_SIGN_ACTS: Final = frozenset(
    f"agreements.{act}" for act in ("initial", "clear", "window", "ready", "sign")
)
_TO_SIGN_STEPS: Final = frozenset(("initialled", "cleared", "window", "signed", "in_force"))


@attrs.frozen(kw_only=True)
class Conclusion:
    """The desk that shows the way to force."""

    ctx: Context
    instruments: Instruments
    requests: Requests
    legal: LegalDesk

    def show(self, tx: Tx, found: Found, *, official: Official | None) -> JsonObject:
        """Return how far an instrument is, what can be done now by whom, and every attempt."""
        seen = found.view
        able = self._able(tx, found)
        told = official is not None and (
            may_read_private(official) or "signatory" in official.roles
        )
        cleared = self._cleared(tx, found)
        states = {name: self._state(found, name, cleared=cleared) for name, _ in _ACTS}
        acts: list[Json] = [
            {
                "act": name,
                "state": states[name][0],
                "code": states[name][1],
                "roles": list(op.BY_NAME[name].roles),
                "people": [dict(one) for one in able[name]],
                "yours": official is not None
                and any(one["id"] == official.id for one in able[name]),
            }
            for name, _ in _ACTS
            if seen.to_sign or name not in _TO_SIGN_ACTS
        ]
        return {
            "instrument": found.instrument,
            "title": seen.opening.title,
            "register": seen.opening.register,
            "status": str(seen.status),
            "relationship": found.rel.rel_id,
            "counterpart": found.rel.counterpart,
            "counterpart_name": counterpart_name(tx, found.rel),
            "parties": self.instruments.parties(tx, found),
            "to_sign": seen.to_sign,
            "text": seen.text_digest,
            "state_digest": seen.state_digest,
            "open_units": _open_units(found),
            "steps": self._steps(found, cleared=cleared if told else None),
            "acts": acts,
            "next": list(_next(found, own=self.ctx.config.party, cleared=cleared and told)),
            "attempts": [self._attempt(each) for each in reversed(seen.attempts)],
            "void_attempts": seen.void_attempts,
            "contested": seen.contested,
            "entry": _entry(found),
            "signed_at": _instant(seen.signed_at),
            "in_force_at": _instant(seen.in_force_at),
            "ends_at": _instant(seen.ends_at),
            "suspension_clause": clause_of(found),
            "suspensions": [self._suspension(found, each) for each in seen.suspensions],
            "requests": self._waiting(tx, found),
            "cleared": cleared if told else None,
            "holds": len(self.legal.held(tx, found)) if may_read_private(official) else None,
        }

    # --- the way ------------------------------------------------------------------------------

    def _steps(self, found: Found, *, cleared: bool | None) -> list[Json]:
        """Return each step of the way, with each side's part; None: not ours to know."""
        seen, own, other = found.view, self.ctx.config.party, found.rel.counterpart
        status = seen.status
        signed = status in _SIGNED or seen.signed_at is not None
        attempt = seen.attempts[-1] if seen.attempts else None
        live = attempt is not None and attempt.outcome in {
            Outcome.PROPOSED,
            Outcome.SIGNING,
            Outcome.SIGNED,
        }
        ready = attempt.ready if attempt is not None and live else ()

        talking = status is not State.TABLED
        has_signed = _signed_by(attempt) if attempt is not None and live else {}
        in_force = status in {State.IN_FORCE, State.SUSPENDED}
        parts: tuple[tuple[str, bool | None, bool | None], ...] = (
            ("talk", talking, talking),
            ("clean", seen.clean or signed, seen.clean or signed),
            ("adopted", own in seen.adopted or signed, other in seen.adopted or signed),
            ("initialled", own in seen.initialled or signed, other in seen.initialled or signed),
            ("cleared", cleared, None),
            ("window", own in ready, other in ready),
            ("signed", has_signed.get(own, False), has_signed.get(other, False)),
            ("in_force", in_force, in_force),
        )
        return [
            {
                "step": step,
                "done": bool(ours) and theirs is not False,
                "ours": ours,
                "theirs": theirs,
            }
            for step, ours, theirs in parts
            if seen.to_sign or step not in _TO_SIGN_STEPS
        ]

    def _state(self, found: Found, act: str, *, cleared: bool) -> tuple[str, str]:
        """Return whether an act can be done now, and the code of why not.

        ``now``, ``done``, ``later`` (something must come first) or ``no`` (not any more).
        """
        seen, own = found.view, self.ctx.config.party
        if act in {"agreements.suspend", "agreements.resume"}:
            return self._life(found, act)
        if act in _SIGNING and seen.status not in _SIGNED | _ENDED:
            return self._signing(found, act, cleared=cleared)
        clearing = act == "agreements.clear"
        done = {
            "agreements.adopt": own in seen.adopted,
            "agreements.initial": own in seen.initialled,
            "agreements.talk": seen.status is not State.TABLED or seen.opening.parties[0] == own,
        }
        return _first(
            (seen.status in _SIGNED, "no", "signed"),
            (seen.status in _ENDED, "no", "ended"),
            (clearing and cleared, "done", "cleared"),
            (clearing and seen.text_digest is None, "later", "not_clean"),
            (done.get(act, False), "done", "done"),
            (
                act in _KINDS and seen.status not in ALLOWED[_KINDS[act]],
                "later",
                _BEFORE.get(act, "not_now"),
            ),
        )

    def _signing(self, found: Found, act: str, *, cleared: bool) -> tuple[str, str]:
        seen, own = found.view, self.ctx.config.party
        attempt = seen.attempts[-1] if seen.attempts else None
        proposed = attempt is not None and attempt.outcome is Outcome.PROPOSED
        signing = attempt is not None and attempt.outcome is Outcome.SIGNING
        ready = attempt is not None and own in attempt.ready
        window, agree = act == "agreements.window", act == "agreements.ready"
        sign = act == "agreements.sign"
        return _first(
            (seen.status not in {State.INITIALLED, State.SIGNING}, "later", "not_initialled"),
            (window and (proposed or signing), "done", "proposed"),
            (agree and signing, "done", "agreed"),
            (agree and proposed and ready, "done", "agreed_by_us"),
            (agree and not proposed, "later", "no_window"),
            (sign and not signing, "later", "no_window"),
            (
                sign and attempt is not None and _signed_by(attempt).get(own, False),
                "done",
                "signed_by_us",
            ),
            (
                sign and attempt is not None and self.ctx.now() > attempt.manifest.closes,
                "no",
                "window_over",
            ),
            (not cleared, "later", "not_cleared"),
        )

    def _life(self, found: Found, act: str) -> tuple[str, str]:
        seen = found.view
        if seen.status not in {State.IN_FORCE, State.SUSPENDED}:
            return ("no", "ended") if seen.status in _ENDED else ("later", "not_in_force")
        if act == "agreements.resume":
            return ("now", "") if seen.suspensions else ("later", "not_suspended")
        return ("now", "") if clause_of(found) is not None else ("no", "no_clause")

    def _able(self, tx: Tx, found: Found) -> dict[str, list[dict[str, Json]]]:
        """Return for each act the officials of ours who could do it now."""
        rows = tx.things.list(HOUSE, "official")
        officials = [one for one in map(_official, rows) if not one.disabled]
        powers = self._powers(found)
        made: dict[str, list[dict[str, Json]]] = {}
        for name, capacity in _ACTS:
            roles = set(op.BY_NAME[name].roles)
            holding = (
                [] if capacity is None else [one.key.id for one in powers if capacity in one.acts]
            )
            made[name] = [
                {"id": one.id, "name": one.name, "office": one.office}
                for one in officials
                if roles & set(one.roles)
                and (capacity is None or (one.key is not None and one.key.id in holding))
            ]
        return made

    def _powers(self, found: Found) -> Sequence[FullPowers]:
        given, revoked = powers_at(found.state.parties, self.ctx.config.party, 1 << 53)
        now = self.ctx.now()
        return [
            one
            for one in given
            if one.digest not in revoked
            and (one.instruments == "any" or found.instrument in one.instruments)
            and one.valid_from <= now <= one.valid_until
        ]

    def _cleared(self, tx: Tx, found: Found) -> bool:
        thing = tx.things.get(HOUSE, "clearance", found.instrument)
        text = found.view.text_digest
        return thing is not None and text is not None and thing.value["text"] == text

    def _side(self, party: str) -> str:
        return "ours" if party == self.ctx.config.party else "theirs"

    def _attempt(self, attempt: Attempt) -> JsonObject:
        manifest = attempt.manifest
        return {
            "manifest": manifest.digest,
            "outcome": str(attempt.outcome),
            "opens": str(manifest.opens),
            "closes": str(manifest.closes),
            "proposed_by": self._side(attempt.opened.party),
            "ready": [self._side(party) for party in attempt.ready],
            "signed_at": _instant(attempt.signed_at),
            "signatures": [
                {
                    "side": self._side(one.signatory.party),
                    "name": one.signatory.name,
                    "office": one.signatory.office,
                    "signed": one.signer is not None,
                    "attested": _instant(one.attested),
                    "counts": one.counts,
                }
                for one in attempt.signatures
            ],
        }

    def _suspension(self, found: Found, each: Suspension) -> JsonObject:
        labels = {one.id: one.label for one in found.view.units}
        return {
            "act": each.digest,
            "side": self._side(each.party),
            "units": [{"unit": one, "label": labels.get(one, one)} for one in each.units],
            "until": _instant(each.until),
            "article": each.article,
            "holds": each.holds(self.ctx.now()),
        }

    def _waiting(self, tx: Tx, found: Found) -> list[Json]:
        return [
            {
                "request": one["request"],
                "operation": one["operation"],
                "title": one["title"],
                "signers": one["signers"],
                "created": one["created"],
            }
            for one in self.requests.waiting(tx)
            if isinstance(context := one["context"], Mapping)
            and context.get("instrument") == found.instrument
        ]


_KINDS: Final[Mapping[str, str]] = {
    "agreements.talk": events.TALK,
    "agreements.adopt": events.ADOPT,
    "agreements.initial": events.INITIAL,
    "agreements.reopen": events.REOPEN,
    "agreements.abandon": events.ABANDON,
}
_SIGNING: Final = frozenset({"agreements.window", "agreements.ready", "agreements.sign"})
_BEFORE: Final[Mapping[str, str]] = {
    "agreements.adopt": "not_clean",
    "agreements.initial": "not_adopted",
    "agreements.reopen": "not_adopted",
}


def _official(row: ThingRow) -> Official:
    return Official.read(row.value)


def _first(*cases: tuple[bool, str, str]) -> tuple[str, str]:
    """Return state and code of the first case that holds; where none does, it can be done now."""
    return next(((state, code) for holds, state, code in cases if holds), ("now", ""))


def _next(found: Found, *, own: str, cleared: bool) -> Iterator[JsonObject]:
    """Yield who must do what next: the side, and the code of what."""
    seen = found.view
    status = seen.status
    other = found.rel.counterpart

    def wait(who: str, code: str) -> JsonObject:
        return {"who": who, "code": code}

    if status is State.TABLED:
        yield wait("theirs" if seen.opening.parties[0] == own else "ours", "talk")
    elif status is State.NEGOTIATING:
        yield wait("both", "negotiate")
    for state, done, code in (
        (State.CLEAN, seen.adopted, "adopt"),
        (State.AGREED_AD_REF, seen.initialled, "initial"),
    ):
        if status is state and (seen.to_sign or state is State.CLEAN):
            yield from (
                wait("ours" if party == own else "theirs", code)
                for party in (own, other)
                if party not in done
            )
    if status in {State.INITIALLED, State.SIGNING}:
        yield from _next_of_signing(found, own=own, cleared=cleared)
    elif status in {State.SIGNED, State.AWAITING_ENTRY}:
        yield wait("nobody", "entry")
    elif status is State.SUSPENDED or seen.suspensions:
        yield wait("both", "resume")


def _next_of_signing(found: Found, *, own: str, cleared: bool) -> Iterator[JsonObject]:
    attempt = found.view.attempts[-1] if found.view.attempts else None
    if not cleared:
        yield {"who": "ours", "code": "clear"}
    if attempt is None or attempt.outcome not in {Outcome.PROPOSED, Outcome.SIGNING}:
        yield {"who": "both", "code": "window"}
        return
    if attempt.outcome is Outcome.PROPOSED:
        yield {"who": "theirs" if own in attempt.ready else "ours", "code": "ready"}
        return
    for each in attempt.signatures:
        if each.signer is None:
            yield {
                "who": "ours" if each.signatory.party == own else "theirs",
                "code": "sign",
                "name": each.signatory.name,
                "until": str(attempt.manifest.closes),
            }


def _signed_by(attempt: Attempt) -> dict[str, bool]:
    """Return for each party whether all its listed signatories have signed."""
    made: dict[str, bool] = {}
    for each in attempt.signatures:
        party = each.signatory.party
        made[party] = made.get(party, True) and each.signer is not None
    return made


def _open_units(found: Found) -> int:
    return sum(str(one.status) not in {"agreed", "closed"} for one in found.view.units)


def _entry(found: Found) -> Json:
    """Return how many days after the last signature force begins; None where no unit says so."""
    fields = named_fields(found.view.contents, "entry")
    return None if len(fields) != 1 else dict(fields[0][1])


def clause_of(found: Found) -> Json:
    """Return the suspension clause with the label of its article, or None where there is none."""
    fields = named_fields(found.view.contents, "suspension")
    if len(fields) != 1:
        return None
    unit, value = fields[0]
    return {"article": label_path(found.view.contents, unit), **value}


def _instant(value: Instant | None) -> str | None:
    return None if value is None else str(value)
