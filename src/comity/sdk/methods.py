"""A method for every operation of the node.

Written by `tools/sdk_methods.py --write` from the table of operations; do not edit.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Generic, Literal, TypeVar

from comity.foundation.canonical import JsonObject
from comity.sdk.calling import Members
from comity.sdk.wire import Progress

R = TypeVar("R")


class Methods(Generic[R]):
    """All operations; ``R`` is what a client returns: an answer, or what is awaited for one.

    Where an act is about an object, ``expects`` is the object's answer as it was seen: if it is
    another one by now, nothing is done. ``once`` is an idempotency key (``key()``).
    """

    def _call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        raise NotImplementedError

    def _upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> R:
        raise NotImplementedError

    def _download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> R:
        raise NotImplementedError

    def letters_export(self, *, new: bool | None = None, once: str | None = None) -> R:
        """Our letter of introduction as a file.

        POST ``/api/letters/export``.
        """
        return self._call("letters.export", {"new": new}, once=once)

    def letters_read(self, *, letter: str, once: str | None = None) -> R:
        """Read a counterpart's letter and show the fingerprint to compare.

        POST ``/api/letters/read``.
        """
        return self._call("letters.read", {"letter": letter}, once=once)

    def letters_accept(self, *, letter: str, fingerprint: str, once: str | None = None) -> R:
        """Ask two officials to accept a letter.

        POST ``/api/letters/accept``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call(
            "letters.accept", {"letter": letter, "fingerprint": fingerprint}, once=once
        )

    def officials(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """The officials this node knows.

        GET ``/api/officials``.
        """
        return self._call("officials", {"limit": limit, "cursor": cursor})

    def officials_add(
        self,
        *,
        card: JsonObject,
        roles: Sequence[
            Literal[
                "desk_officer",
                "engineer",
                "legal_adviser",
                "liaison_officer",
                "mandate_holder",
                "negotiator",
                "press_officer",
                "project_officer",
                "release_officer",
                "signatory",
                "technology_security_officer",
            ]
        ],
        once: str | None = None,
    ) -> R:
        """Make an official known by their card, or by name and office alone.

        POST ``/api/officials/add``.
        For: mandate_holder, engineer.
        """
        return self._call("officials.add", {"card": card, "roles": roles}, once=once)

    def officials_powers(
        self,
        *,
        official: str,
        acts: Sequence[
            Literal[
                "adopt",
                "certify_language",
                "initial",
                "release",
                "renew",
                "resume",
                "sign",
                "sign_ad_referendum",
                "suspend",
                "withdraw",
            ]
        ],
        valid_until: str,
        instruments: Sequence[str] | None = None,
        once: str | None = None,
    ) -> R:
        """Ask for full powers for an official.

        POST ``/api/officials/powers``.
        For: mandate_holder, legal_adviser.
        """
        return self._call(
            "officials.powers",
            {
                "official": official,
                "acts": acts,
                "valid_until": valid_until,
                "instruments": instruments,
            },
            once=once,
        )

    def officials_revoke(
        self,
        *,
        official: str,
        reason: Literal["ended", "key_lost", "key_stolen", "mistake", "replaced"] | None = None,
        once: str | None = None,
    ) -> R:
        """Ask to end an official's full powers.

        POST ``/api/officials/revoke``.
        For: mandate_holder, legal_adviser.
        """
        return self._call("officials.revoke", {"official": official, "reason": reason}, once=once)

    def requests(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """What waits for a personal signature.

        GET ``/api/requests``.
        """
        return self._call("requests", {"limit": limit, "cursor": cursor})

    def requests_show(self, request: str) -> R:
        """One signing request, as a file.

        GET ``/api/requests/{request}``.
        """
        return self._call("requests.show", {"request": request})

    def requests_drop(
        self, request: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Drop a signing request that is not settled.

        POST ``/api/requests/{request}/drop``.
        """
        return self._call("requests.drop", {"request": request}, once=once, expects=expects)

    def requests_deliver(
        self,
        request: str,
        *,
        signatures: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Hand in a signature.

        POST ``/api/requests/{request}/signatures``.
        """
        return self._call(
            "requests.deliver",
            {"request": request, "signatures": signatures},
            once=once,
            expects=expects,
        )

    def peers_check(self, *, counterpart: str, once: str | None = None) -> R:
        """Call a counterpart now, and see what answers.

        POST ``/api/peers/check``.
        """
        return self._call("peers.check", {"counterpart": counterpart}, once=once)

    def letters_pairing(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """How far our letter and each pairing is.

        GET ``/api/letters/pairings``.
        """
        return self._call("letters.pairing", {"limit": limit, "cursor": cursor})

    def letters_pairing_show(self, pairing: str) -> R:
        """How far one pairing is, and our fingerprint to read out.

        GET ``/api/letters/pairings/{pairing}``.
        """
        return self._call("letters.pairing.show", {"pairing": pairing})

    def letters_receive(self, *, letter: str, once: str | None = None) -> R:
        """Keep a counterpart's letter to be compared.

        POST ``/api/letters/receive``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call("letters.receive", {"letter": letter}, once=once)

    def letters_compare(
        self,
        pairing: str,
        *,
        fingerprint: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Compare the fingerprint as they read it out, and ask two officials to accept.

        POST ``/api/letters/pairings/{pairing}/compare``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call(
            "letters.compare",
            {"pairing": pairing, "fingerprint": fingerprint},
            once=once,
            expects=expects,
        )

    def letters_forget(
        self, pairing: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Put a letter aside that was not accepted.

        POST ``/api/letters/pairings/{pairing}/forget``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call("letters.forget", {"pairing": pairing}, once=once, expects=expects)

    def officials_show(self, person: str) -> R:
        """One official.

        GET ``/api/officials/{person}``.
        """
        return self._call("officials.show", {"person": person})

    def officials_roles(
        self,
        person: str,
        *,
        roles: Sequence[
            Literal[
                "desk_officer",
                "engineer",
                "legal_adviser",
                "liaison_officer",
                "mandate_holder",
                "negotiator",
                "press_officer",
                "project_officer",
                "release_officer",
                "signatory",
                "technology_security_officer",
            ]
        ],
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Set what an official may enter; two persons approve.

        POST ``/api/officials/{person}/roles``.
        For: mandate_holder, engineer.
        """
        return self._call(
            "officials.roles", {"person": person, "roles": roles}, once=once, expects=expects
        )

    def officials_close(
        self, person: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Close an official's account; two persons approve.

        POST ``/api/officials/{person}/close``.
        For: mandate_holder, engineer.
        """
        return self._call("officials.close", {"person": person}, once=once, expects=expects)

    def officials_reopen(
        self, person: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Open a closed account again; two persons approve.

        POST ``/api/officials/{person}/reopen``.
        For: mandate_holder, engineer.
        """
        return self._call("officials.reopen", {"person": person}, once=once, expects=expects)

    def approvals(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """What two persons approve in the site.

        GET ``/api/approvals``.
        """
        return self._call("approvals", {"limit": limit, "cursor": cursor})

    def approvals_show(self, approval: str) -> R:
        """One approval.

        GET ``/api/approvals/{approval}``.
        """
        return self._call("approvals.show", {"approval": approval})

    def approvals_challenge(
        self, approval: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """What the own passkey signs to approve this.

        POST ``/api/approvals/{approval}/challenge``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call("approvals.challenge", {"approval": approval}, once=once, expects=expects)

    def approvals_give(
        self,
        approval: str,
        *,
        credential: JsonObject,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Approve by the own passkey.

        POST ``/api/approvals/{approval}/give``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call(
            "approvals.give",
            {"approval": approval, "credential": credential},
            once=once,
            expects=expects,
        )

    def approvals_refuse(
        self, approval: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Refuse what is asked for.

        POST ``/api/approvals/{approval}/refuse``.
        For: mandate_holder, legal_adviser, engineer.
        """
        return self._call("approvals.refuse", {"approval": approval}, once=once, expects=expects)

    def passkeys(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """The own passkeys.

        GET ``/api/passkeys``.
        """
        return self._call("passkeys", {"limit": limit, "cursor": cursor})

    def passkeys_offer(self, *, once: str | None = None) -> R:
        """What an authenticator needs to make a passkey.

        POST ``/api/passkeys/offer``.
        """
        return self._call("passkeys.offer", {}, once=once)

    def passkeys_add(self, *, name: str, credential: JsonObject, once: str | None = None) -> R:
        """Add a passkey of one's own.

        POST ``/api/passkeys/add``.
        """
        return self._call("passkeys.add", {"name": name, "credential": credential}, once=once)

    def passkeys_remove(self, *, passkey: str, once: str | None = None) -> R:
        """Remove a passkey of one's own.

        POST ``/api/passkeys/remove``.
        """
        return self._call("passkeys.remove", {"passkey": passkey}, once=once)

    def accounts_link(self, *, official: str, once: str | None = None) -> R:
        """A one-time link by which an official logs in.

        POST ``/api/accounts/link``.
        """
        return self._call("accounts.link", {"official": official}, once=once)

    def accounts_invite(self, *, person: str, once: str | None = None) -> R:
        """Invite an official to the site by a one-time link.

        POST ``/api/accounts/invite``.
        For: mandate_holder, engineer.
        """
        return self._call("accounts.invite", {"person": person}, once=once)

    def accounts_own(self) -> R:
        """One's own ways in and preferences.

        GET ``/api/accounts/own``.
        """
        return self._call("accounts.own", {})

    def accounts_password(
        self, *, password: str, current: str | None = None, once: str | None = None
    ) -> R:
        """Set one's own password; other sessions end.

        POST ``/api/accounts/password``.
        """
        return self._call(
            "accounts.password", {"password": password, "current": current}, once=once
        )

    def accounts_preferences(
        self,
        *,
        language: str | None = None,
        zone: str | None = None,
        theme: Literal["", "dark", "light"] | None = None,
        once: str | None = None,
    ) -> R:
        """Set one's own language, time zone and theme.

        POST ``/api/accounts/preferences``.
        """
        return self._call(
            "accounts.preferences", {"language": language, "zone": zone, "theme": theme}, once=once
        )

    def accounts_end_sessions(self, *, once: str | None = None) -> R:
        """End all one's own sessions in the site.

        POST ``/api/accounts/end-sessions``.
        """
        return self._call("accounts.end_sessions", {}, once=once)

    def agreements(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """The instruments of this node.

        GET ``/api/agreements``.
        """
        return self._call("agreements", {"limit": limit, "cursor": cursor})

    def agreements_draft(
        self,
        *,
        text: str,
        title: str,
        counterpart: str,
        fields: str | None = None,
        register: Literal["binding", "political"] | None = None,
        once: str | None = None,
    ) -> R:
        """Start an instrument from a text.

        POST ``/api/agreements/draft``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "agreements.draft",
            {
                "text": text,
                "title": title,
                "counterpart": counterpart,
                "fields": fields,
                "register": register,
            },
            once=once,
        )

    def agreements_show(
        self,
        instrument: str,
        *,
        start: int | None = None,
        limit: int | None = None,
        unit: str | None = None,
        status: str | None = None,
        turn: Literal["", "ours", "theirs"] | None = None,
        words: str | None = None,
    ) -> R:
        """One instrument, unit by unit.

        GET ``/api/agreements/{instrument}``.
        """
        return self._call(
            "agreements.show",
            {
                "instrument": instrument,
                "start": start,
                "limit": limit,
                "unit": unit,
                "status": status,
                "turn": turn,
                "words": words,
            },
        )

    def agreements_states(
        self, instrument: str, *, start: int | None = None, limit: int | None = None
    ) -> R:
        """Every state of the text.

        GET ``/api/agreements/{instrument}/states``.
        """
        return self._call(
            "agreements.states", {"instrument": instrument, "start": start, "limit": limit}
        )

    def agreements_compare(
        self,
        instrument: str,
        *,
        earlier: str | None = None,
        later: str | None = None,
        start: int | None = None,
        limit: int | None = None,
    ) -> R:
        """Two states, word by word.

        GET ``/api/agreements/{instrument}/compare``.
        """
        return self._call(
            "agreements.compare",
            {
                "instrument": instrument,
                "earlier": earlier,
                "later": later,
                "start": start,
                "limit": limit,
            },
        )

    def agreements_rounds(
        self, instrument: str, *, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """Progress by round.

        GET ``/api/agreements/{instrument}/rounds``.
        """
        return self._call(
            "agreements.rounds", {"instrument": instrument, "limit": limit, "cursor": cursor}
        )

    def agreements_note(
        self,
        instrument: str,
        *,
        unit: str,
        words: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Keep a private note beside a unit.

        POST ``/api/agreements/{instrument}/notes``.
        For: negotiator, legal_adviser, mandate_holder.
        """
        return self._call(
            "agreements.note",
            {"instrument": instrument, "unit": unit, "words": words},
            once=once,
            expects=expects,
        )

    def agreements_text(
        self, instrument: str, *, form: Literal["brackets", "clean", "fields"] | None = None
    ) -> R:
        """The text of one instrument.

        GET ``/api/agreements/{instrument}/text``.
        """
        return self._call("agreements.text", {"instrument": instrument, "form": form})

    def agreements_talk(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Agree to talk about a tabled text (not to the text).

        POST ``/api/agreements/{instrument}/talk``.
        For: negotiator.
        """
        return self._call("agreements.talk", {"instrument": instrument}, once=once, expects=expects)

    def agreements_answer(
        self,
        instrument: str,
        *,
        answer: Literal[
            "accept",
            "accept_ad_ref",
            "confirm",
            "explain",
            "lift",
            "object",
            "park",
            "reopen",
            "reserve",
            "unpark",
            "withdraw",
        ],
        units: Sequence[str],
        words: str | None = None,
        mark: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage answers to units.

        POST ``/api/agreements/{instrument}/answers``.
        For: negotiator, mandate_holder.
        """
        return self._call(
            "agreements.answer",
            {
                "instrument": instrument,
                "answer": answer,
                "units": units,
                "words": words,
                "mark": mark,
            },
            once=once,
            expects=expects,
        )

    def agreements_counter_unit(
        self,
        instrument: str,
        *,
        unit: str,
        text: str | None = None,
        heading: str | None = None,
        fields: str | None = None,
        forms: Sequence[JsonObject] | None = None,
        delete: bool | None = None,
        why: str | None = None,
        mark: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage another wording of one unit.

        POST ``/api/agreements/{instrument}/counter_unit``.
        For: negotiator.
        """
        return self._call(
            "agreements.counter_unit",
            {
                "instrument": instrument,
                "unit": unit,
                "text": text,
                "heading": heading,
                "fields": fields,
                "forms": forms,
                "delete": delete,
                "why": why,
                "mark": mark,
            },
            once=once,
            expects=expects,
        )

    def agreements_counter_preview(
        self,
        instrument: str,
        *,
        unit: str,
        text: str | None = None,
        heading: str | None = None,
        fields: str | None = None,
        forms: Sequence[JsonObject] | None = None,
        delete: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Look at what another wording of one unit would come to; nothing is staged.

        POST ``/api/agreements/{instrument}/counter_unit/preview``.
        For: negotiator.
        """
        return self._call(
            "agreements.counter_preview",
            {
                "instrument": instrument,
                "unit": unit,
                "text": text,
                "heading": heading,
                "fields": fields,
                "forms": forms,
                "delete": delete,
            },
            once=once,
            expects=expects,
        )

    def agreements_counter(
        self,
        instrument: str,
        *,
        text: str,
        fields: str | None = None,
        dry_run: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage the changes of an edited text.

        POST ``/api/agreements/{instrument}/counter``.
        For: negotiator.
        """
        return self._call(
            "agreements.counter",
            {"instrument": instrument, "text": text, "fields": fields, "dry_run": dry_run},
            once=once,
            expects=expects,
        )

    def agreements_package(
        self,
        instrument: str,
        *,
        gives: Sequence[str],
        asks: Sequence[str],
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage a package offer.

        POST ``/api/agreements/{instrument}/packages``.
        For: negotiator.
        """
        return self._call(
            "agreements.package",
            {"instrument": instrument, "gives": gives, "asks": asks},
            once=once,
            expects=expects,
        )

    def agreements_accept_package(
        self,
        instrument: str,
        *,
        package: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage the acceptance of a package.

        POST ``/api/agreements/{instrument}/packages/accept``.
        For: negotiator.
        """
        return self._call(
            "agreements.accept_package",
            {"instrument": instrument, "package": package},
            once=once,
            expects=expects,
        )

    def agreements_withdraw_package(
        self,
        instrument: str,
        *,
        package: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stage taking back our package.

        POST ``/api/agreements/{instrument}/packages/withdraw``.
        For: negotiator.
        """
        return self._call(
            "agreements.withdraw_package",
            {"instrument": instrument, "package": package},
            once=once,
            expects=expects,
        )

    def agreements_staged(self, instrument: str, *, preview: bool | None = None) -> R:
        """What would be tabled.

        GET ``/api/agreements/{instrument}/staged``.
        """
        return self._call("agreements.staged", {"instrument": instrument, "preview": preview})

    def agreements_unstage(
        self,
        instrument: str,
        *,
        units: Sequence[str] | None = None,
        packages: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Drop what is staged.

        POST ``/api/agreements/{instrument}/unstage``.
        For: negotiator, mandate_holder.
        """
        return self._call(
            "agreements.unstage",
            {"instrument": instrument, "units": units, "packages": packages},
            once=once,
            expects=expects,
        )

    def agreements_table(
        self,
        instrument: str,
        *,
        reason: str | None = None,
        tray: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Table the draft or the staged answers: now they leave.

        POST ``/api/agreements/{instrument}/table``.
        For: negotiator, mandate_holder.
        """
        return self._call(
            "agreements.table",
            {"instrument": instrument, "reason": reason, "tray": tray},
            once=once,
            expects=expects,
        )

    def agreements_reopen(
        self,
        instrument: str,
        *,
        reason: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Reopen an agreed text.

        POST ``/api/agreements/{instrument}/reopen``.
        For: negotiator.
        """
        return self._call(
            "agreements.reopen",
            {"instrument": instrument, "reason": reason},
            once=once,
            expects=expects,
        )

    def agreements_abandon(
        self,
        instrument: str,
        *,
        reason: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Abandon an instrument that is not signed.

        POST ``/api/agreements/{instrument}/abandon``.
        For: negotiator, mandate_holder.
        """
        return self._call(
            "agreements.abandon",
            {"instrument": instrument, "reason": reason},
            once=once,
            expects=expects,
        )

    def agreements_adopt(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Ask a signatory to adopt the clean text.

        POST ``/api/agreements/{instrument}/adopt``.
        For: signatory.
        """
        return self._call(
            "agreements.adopt", {"instrument": instrument}, once=once, expects=expects
        )

    def agreements_initial(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Ask a signatory to initial the adopted text.

        POST ``/api/agreements/{instrument}/initial``.
        For: signatory.
        """
        return self._call(
            "agreements.initial", {"instrument": instrument}, once=once, expects=expects
        )

    def agreements_clear(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Clear the initialled text for signature (private).

        POST ``/api/agreements/{instrument}/clear``.
        For: mandate_holder.
        """
        return self._call(
            "agreements.clear", {"instrument": instrument}, once=once, expects=expects
        )

    def agreements_window(
        self,
        instrument: str,
        *,
        opens: str,
        closes: str,
        signatories: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Propose a signing window.

        POST ``/api/agreements/{instrument}/window``.
        For: negotiator, legal_adviser.
        """
        return self._call(
            "agreements.window",
            {
                "instrument": instrument,
                "opens": opens,
                "closes": closes,
                "signatories": signatories,
            },
            once=once,
            expects=expects,
        )

    def agreements_ready(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Agree to the proposed signing window.

        POST ``/api/agreements/{instrument}/ready``.
        For: negotiator, legal_adviser.
        """
        return self._call(
            "agreements.ready", {"instrument": instrument}, once=once, expects=expects
        )

    def agreements_sign(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """The signing request for one signatory.

        POST ``/api/agreements/{instrument}/sign``.
        For: signatory.
        """
        return self._call("agreements.sign", {"instrument": instrument}, once=once, expects=expects)

    def agreements_suspend(
        self,
        instrument: str,
        *,
        units: Sequence[str] | None = None,
        until: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask a signatory to suspend the whole or some units.

        POST ``/api/agreements/{instrument}/suspend``.
        For: signatory.
        """
        return self._call(
            "agreements.suspend",
            {"instrument": instrument, "units": units, "until": until},
            once=once,
            expects=expects,
        )

    def agreements_resume(
        self, instrument: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Ask a signatory to resume what is suspended.

        POST ``/api/agreements/{instrument}/resume``.
        For: signatory.
        """
        return self._call(
            "agreements.resume", {"instrument": instrument}, once=once, expects=expects
        )

    def redlines(self, instrument: str) -> R:
        """Our private red lines.

        GET ``/api/redlines/{instrument}``.
        """
        return self._call("redlines", {"instrument": instrument})

    def redlines_choices(self, instrument: str) -> R:
        """What a red line for this text can be about: its units, fields and effects.

        GET ``/api/redlines/{instrument}/choices``.
        For: mandate_holder.
        """
        return self._call("redlines.choices", {"instrument": instrument})

    def redlines_preview(
        self,
        instrument: str,
        *,
        line: JsonObject,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Where a red line would fire now; it is not kept.

        POST ``/api/redlines/{instrument}/preview``.
        For: mandate_holder.
        """
        return self._call(
            "redlines.preview", {"instrument": instrument, "line": line}, once=once, expects=expects
        )

    def redlines_put(
        self,
        instrument: str,
        *,
        line: JsonObject,
        version: int,
        replaces: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Set one private red line.

        POST ``/api/redlines/{instrument}/lines``.
        For: mandate_holder.
        """
        return self._call(
            "redlines.put",
            {"instrument": instrument, "line": line, "version": version, "replaces": replaces},
            once=once,
            expects=expects,
        )

    def redlines_drop(
        self,
        instrument: str,
        *,
        line: str,
        version: int,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take one private red line away.

        POST ``/api/redlines/{instrument}/lines/drop``.
        For: mandate_holder.
        """
        return self._call(
            "redlines.drop",
            {"instrument": instrument, "line": line, "version": version},
            once=once,
            expects=expects,
        )

    def redlines_set(
        self,
        instrument: str,
        *,
        lines: str,
        version: int | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Set our private red lines.

        POST ``/api/redlines/{instrument}``.
        For: mandate_holder.
        """
        return self._call(
            "redlines.set",
            {"instrument": instrument, "lines": lines, "version": version},
            once=once,
            expects=expects,
        )

    def redlines_deviate(
        self,
        instrument: str,
        *,
        line: str,
        unit: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Let one red line pass for one unit as it stands.

        POST ``/api/redlines/{instrument}/deviations``.
        For: mandate_holder.
        """
        return self._call(
            "redlines.deviate",
            {"instrument": instrument, "line": line, "unit": unit},
            once=once,
            expects=expects,
        )

    def skeletons(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """The skeletons that a draft can start from.

        GET ``/api/skeletons``.
        """
        return self._call("skeletons", {"limit": limit, "cursor": cursor})

    def skeletons_show(self, skeleton: str, *, counterpart: str | None = None) -> R:
        """The text and the fields of one skeleton.

        GET ``/api/skeletons/{skeleton}``.
        """
        return self._call("skeletons.show", {"skeleton": skeleton, "counterpart": counterpart})

    def drafts(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Our drafts that have not been tabled.

        GET ``/api/drafts``.
        """
        return self._call("drafts", {"limit": limit, "cursor": cursor})

    def drafts_start(
        self,
        *,
        counterpart: str,
        title: str | None = None,
        register: Literal["binding", "political"] | None = None,
        skeleton: str | None = None,
        text: str | None = None,
        fields: str | None = None,
        under: str | None = None,
        project: str | None = None,
        once: str | None = None,
    ) -> R:
        """Start a draft from a skeleton or a text.

        POST ``/api/drafts``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.start",
            {
                "counterpart": counterpart,
                "title": title,
                "register": register,
                "skeleton": skeleton,
                "text": text,
                "fields": fields,
                "under": under,
                "project": project,
            },
            once=once,
        )

    def drafts_preview(
        self,
        *,
        text: str,
        title: str | None = None,
        fields: str | None = None,
        forms: Sequence[JsonObject] | None = None,
        once: str | None = None,
    ) -> R:
        """Look at what would be made of a text; nothing is kept.

        POST ``/api/drafts/preview``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.preview",
            {"text": text, "title": title, "fields": fields, "forms": forms},
            once=once,
        )

    def drafts_read_file(self, *, name: str, content: str, once: str | None = None) -> R:
        """Read a text file for a draft; nothing is kept.

        POST ``/api/drafts/file``.
        For: negotiator, desk_officer.
        """
        return self._call("drafts.read_file", {"name": name, "content": content}, once=once)

    def drafts_show(self, draft: str, *, offers: str | None = None) -> R:
        """One draft: text, fields, what is left to do.

        GET ``/api/drafts/{draft}``.
        """
        return self._call("drafts.show", {"draft": draft, "offers": offers})

    def drafts_units(
        self,
        draft: str,
        *,
        start: int | None = None,
        limit: int | None = None,
        unit: str | None = None,
    ) -> R:
        """The units of one draft.

        GET ``/api/drafts/{draft}/units``.
        """
        return self._call(
            "drafts.units", {"draft": draft, "start": start, "limit": limit, "unit": unit}
        )

    def redlines_draft(self, draft: str) -> R:
        """Which of our private red lines stand against tabling a draft.

        GET ``/api/redlines/draft/{draft}``.
        For: negotiator, legal_adviser, mandate_holder.
        """
        return self._call("redlines.draft", {"draft": draft})

    def drafts_update(
        self,
        draft: str,
        *,
        version: int,
        title: str | None = None,
        register: Literal["binding", "political"] | None = None,
        text: str | None = None,
        unit: str | None = None,
        heading: str | None = None,
        words: str | None = None,
        fields: str | None = None,
        forms: Sequence[JsonObject] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Change a draft's text, title or fields.

        POST ``/api/drafts/{draft}/update``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.update",
            {
                "draft": draft,
                "version": version,
                "title": title,
                "register": register,
                "text": text,
                "unit": unit,
                "heading": heading,
                "words": words,
                "fields": fields,
                "forms": forms,
            },
            once=once,
            expects=expects,
        )

    def drafts_field(
        self,
        draft: str,
        *,
        version: int,
        field: JsonObject,
        index: int | None = None,
        reword: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Set one field of a draft.

        POST ``/api/drafts/{draft}/field``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.field",
            {"draft": draft, "version": version, "field": field, "index": index, "reword": reword},
            once=once,
            expects=expects,
        )

    def drafts_drop_field(
        self,
        draft: str,
        *,
        version: int,
        index: int,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take one field away from a draft.

        POST ``/api/drafts/{draft}/field/drop``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.drop_field",
            {"draft": draft, "version": version, "index": index},
            once=once,
            expects=expects,
        )

    def drafts_back(
        self,
        draft: str,
        *,
        version: int,
        to: int,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Go back to an earlier version of a draft.

        POST ``/api/drafts/{draft}/back``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.back",
            {"draft": draft, "version": version, "to": to},
            once=once,
            expects=expects,
        )

    def drafts_drop(
        self,
        draft: str,
        *,
        version: int,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Drop a draft that was never tabled.

        POST ``/api/drafts/{draft}/drop``.
        For: negotiator, desk_officer.
        """
        return self._call(
            "drafts.drop", {"draft": draft, "version": version}, once=once, expects=expects
        )

    def drafts_table(
        self,
        draft: str,
        *,
        version: int,
        reason: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Table a draft: now it leaves.

        POST ``/api/drafts/{draft}/table``.
        For: negotiator, mandate_holder.
        """
        return self._call(
            "drafts.table",
            {"draft": draft, "version": version, "reason": reason},
            once=once,
            expects=expects,
        )

    def agreements_reading(
        self,
        instrument: str,
        *,
        against: int | None = None,
        show: Literal[
            "all", "breaches", "changes", "duties", "held", "register", "third_parties", "to_read"
        ]
        | None = None,
        start: int | None = None,
        limit: int | None = None,
    ) -> R:
        """The legal reading of one instrument, unit by unit (private).

        GET ``/api/agreements/{instrument}/reading``.
        For: negotiator, legal_adviser, mandate_holder.
        """
        return self._call(
            "agreements.reading",
            {
                "instrument": instrument,
                "against": against,
                "show": show,
                "start": start,
                "limit": limit,
            },
        )

    def agreements_review_unit(
        self,
        instrument: str,
        *,
        unit: str,
        wording: str,
        verdict: Literal["clear", "hold"],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Clear or hold one unit as it was read (private).

        POST ``/api/agreements/{instrument}/reviews``.
        For: legal_adviser.
        """
        return self._call(
            "agreements.review_unit",
            {
                "instrument": instrument,
                "unit": unit,
                "wording": wording,
                "verdict": verdict,
                "words": words,
            },
            once=once,
            expects=expects,
        )

    def agreements_clear_units(
        self,
        instrument: str,
        *,
        units: JsonObject,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Clear several units as they were read (private).

        POST ``/api/agreements/{instrument}/reviews/clear``.
        For: legal_adviser.
        """
        return self._call(
            "agreements.clear_units",
            {"instrument": instrument, "units": units, "words": words},
            once=once,
            expects=expects,
        )

    def agreements_overrule_hold(
        self,
        instrument: str,
        *,
        unit: str,
        wording: str,
        words: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Overrule a legal hold for one unit as it stands (private).

        POST ``/api/agreements/{instrument}/reviews/overrule``.
        For: mandate_holder.
        """
        return self._call(
            "agreements.overrule_hold",
            {"instrument": instrument, "unit": unit, "wording": wording, "words": words},
            once=once,
            expects=expects,
        )

    def agreements_conclusion(self, instrument: str) -> R:
        """How far an instrument is on its way to force, and who must do what next.

        GET ``/api/agreements/{instrument}/conclusion``.
        """
        return self._call("agreements.conclusion", {"instrument": instrument})

    def agreements_suspend_preview(
        self,
        instrument: str,
        *,
        units: Sequence[str] | None = None,
        until: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """What a suspension would stop at both gateways; nothing is done.

        POST ``/api/agreements/{instrument}/suspend/preview``.
        For: signatory, negotiator, legal_adviser, mandate_holder.
        """
        return self._call(
            "agreements.suspend_preview",
            {"instrument": instrument, "units": units, "until": until},
            once=once,
            expects=expects,
        )

    def requests_all(
        self,
        *,
        status: Literal["all", "done", "dropped", "waiting"] | None = None,
        instrument: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Signing requests, also settled ones.

        GET ``/api/signing-requests``.
        """
        return self._call(
            "requests.all",
            {"status": status, "instrument": instrument, "limit": limit, "cursor": cursor},
        )

    def requests_summary(self, request: str) -> R:
        """What one signing request asks, checked from its exact bytes.

        GET ``/api/requests/{request}/summary``.
        """
        return self._call("requests.summary", {"request": request})

    def requests_text(self, request: str) -> R:
        """The exact text that one signing request covers.

        GET ``/api/requests/{request}/text``.
        """
        return self._call("requests.text", {"request": request})

    def items(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Our items and what is released to whom.

        GET ``/api/items``.
        """
        return self._call("items", {"limit": limit, "cursor": cursor})

    def items_add(
        self,
        source: str | Path | BinaryIO,
        *,
        name: str,
        area: str,
        kind: str,
        marking: str,
        purpose: str,
        title: str | None = None,
        action: str | None = None,
        media: str | None = None,
        progress: Progress | None = None,
        once: str | None = None,
    ) -> R:
        """Bring a file into the node.

        POST ``/api/items``.
        For: desk_officer.
        """
        return self._upload(
            "items.add",
            source,
            {
                "name": name,
                "area": area,
                "kind": kind,
                "marking": marking,
                "purpose": purpose,
                "title": title,
                "action": action,
                "media": media,
            },
            once=once,
            progress=progress,
        )

    def items_show(self, item: str) -> R:
        """One item, and all that became of it.

        GET ``/api/items/{item}``.
        """
        return self._call("items.show", {"item": item})

    def areas(self, *, counterpart: str, limit: int | None = None, cursor: str | None = None) -> R:
        """What may be sent to a counterpart, area by area.

        GET ``/api/areas``.
        """
        return self._call("areas", {"counterpart": counterpart, "limit": limit, "cursor": cursor})

    def items_ask(
        self,
        *,
        counterpart: str,
        area: str,
        kind: str,
        marking: str,
        purpose: str,
        action: str | None = None,
        onward: bool | None = None,
        once: str | None = None,
    ) -> R:
        """May I send this? Before a file is brought in.

        POST ``/api/may-i-send``.
        """
        return self._call(
            "items.ask",
            {
                "counterpart": counterpart,
                "area": area,
                "kind": kind,
                "marking": marking,
                "purpose": purpose,
                "action": action,
                "onward": onward,
            },
            once=once,
        )

    def items_check(
        self,
        item: str,
        *,
        counterpart: str,
        onward: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """May I send this?

        POST ``/api/items/{item}/check``.
        For: desk_officer, release_officer.
        """
        return self._call(
            "items.check",
            {"item": item, "counterpart": counterpart, "onward": onward},
            once=once,
            expects=expects,
        )

    def items_offer(
        self,
        item: str,
        *,
        counterpart: str,
        onward: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask the release officer to release an item.

        POST ``/api/items/{item}/offer``.
        For: desk_officer.
        """
        return self._call(
            "items.offer",
            {"item": item, "counterpart": counterpart, "onward": onward},
            once=once,
            expects=expects,
        )

    def items_cancel(
        self,
        item: str,
        *,
        counterpart: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back the wish to have an item released.

        POST ``/api/items/{item}/cancel``.
        For: desk_officer.
        """
        return self._call(
            "items.cancel", {"item": item, "counterpart": counterpart}, once=once, expects=expects
        )

    def wishes(
        self,
        *,
        status: Literal["all", "waiting"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """What waits for the release officer.

        GET ``/api/wishes``.
        """
        return self._call("wishes", {"status": status, "limit": limit, "cursor": cursor})

    def wishes_show(self, wish: str) -> R:
        """One wish, with all facts.

        GET ``/api/wishes/{wish}``.
        """
        return self._call("wishes.show", {"wish": wish})

    def items_release(
        self,
        item: str,
        *,
        counterpart: str,
        onward: bool | None = None,
        wish: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Release an item to a counterpart.

        POST ``/api/items/{item}/release``.
        For: release_officer.
        """
        return self._call(
            "items.release",
            {"item": item, "counterpart": counterpart, "onward": onward, "wish": wish},
            once=once,
            expects=expects,
        )

    def items_decline(
        self,
        item: str,
        *,
        counterpart: str,
        reason: str,
        wish: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline to release an item, and say why.

        POST ``/api/items/{item}/decline``.
        For: release_officer.
        """
        return self._call(
            "items.decline",
            {"item": item, "counterpart": counterpart, "reason": reason, "wish": wish},
            once=once,
            expects=expects,
        )

    def items_withdraw(
        self,
        item: str,
        *,
        counterpart: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Withdraw a release.

        POST ``/api/items/{item}/withdraw``.
        For: release_officer.
        """
        return self._call(
            "items.withdraw", {"item": item, "counterpart": counterpart}, once=once, expects=expects
        )

    def catalogue(
        self, *, counterpart: str, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """What the counterpart offers us at this moment, asked of its node.

        GET ``/api/catalogue``.
        """
        return self._call(
            "catalogue", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def released(
        self, *, counterpart: str, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """What the counterpart released to us, by its record.

        GET ``/api/released``.
        """
        return self._call(
            "released", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def fetch(
        self, *, counterpart: str, dataset: str, wait: bool | None = None, once: str | None = None
    ) -> R:
        """Contract and pull one dataset.

        POST ``/api/fetch``.
        For: desk_officer.
        """
        return self._call(
            "fetch", {"counterpart": counterpart, "dataset": dataset, "wait": wait}, once=once
        )

    def fetch_show(self, fetch: str) -> R:
        """How far a fetch of ours is.

        GET ``/api/fetch/{fetch}``.
        """
        return self._call("fetch.show", {"fetch": fetch})

    def held(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """What the counterparts sent unasked, and waits for a person.

        GET ``/api/held``.
        """
        return self._call("held", {"limit": limit, "cursor": cursor})

    def held_settle(self, held: str, *, reason: str | None = None, once: str | None = None) -> R:
        """Decline what came unasked, or put it away.

        POST ``/api/held/{held}/settle``.
        For: desk_officer.
        """
        return self._call("held.settle", {"held": held, "reason": reason}, once=once)

    def transfers(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Transfers, in and out.

        GET ``/api/transfers``.
        """
        return self._call("transfers", {"limit": limit, "cursor": cursor})

    def transfers_show(self, transfer: str) -> R:
        """One transfer.

        GET ``/api/transfers/{transfer}``.
        """
        return self._call("transfers.show", {"transfer": transfer})

    def transfers_content(
        self, transfer: str, target: str | Path | BinaryIO, *, progress: Progress | None = None
    ) -> R:
        """The received file, as a download.

        GET ``/api/transfers/{transfer}/content``.
        """
        return self._download(
            "transfers.content", target, {"transfer": transfer}, progress=progress
        )

    def transfers_suspend(
        self,
        transfer: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Pause a running transfer; its token dies at once.

        POST ``/api/transfers/{transfer}/suspend``.
        For: desk_officer, release_officer.
        """
        return self._call(
            "transfers.suspend",
            {"transfer": transfer, "reason": reason},
            once=once,
            expects=expects,
        )

    def transfers_resume(
        self, transfer: str, *, once: str | None = None, expects: JsonObject | str | None = None
    ) -> R:
        """Go on with a transfer that our side paused.

        POST ``/api/transfers/{transfer}/resume``.
        For: desk_officer, release_officer.
        """
        return self._call("transfers.resume", {"transfer": transfer}, once=once, expects=expects)

    def transfers_terminate(
        self,
        transfer: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """End a transfer for good.

        POST ``/api/transfers/{transfer}/terminate``.
        For: desk_officer, release_officer.
        """
        return self._call(
            "transfers.terminate",
            {"transfer": transfer, "reason": reason},
            once=once,
            expects=expects,
        )

    def rulings(
        self, *, counterpart: str, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """Rulings our node made, latest first.

        GET ``/api/rulings``.
        """
        return self._call("rulings", {"counterpart": counterpart, "limit": limit, "cursor": cursor})

    def dataspace_own(self) -> R:
        """What others need to register our connector.

        GET ``/api/dataspace/own``.
        """
        return self._call("dataspace.own", {})

    def dataspace_connectors(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """The registered connectors.

        GET ``/api/dataspace/connectors``.
        """
        return self._call("dataspace.connectors", {"limit": limit, "cursor": cursor})

    def dataspace_connector(self, connector: str) -> R:
        """One registered connector.

        GET ``/api/dataspace/connectors/{connector}``.
        """
        return self._call("dataspace.connector", {"connector": connector})

    def dataspace_register(
        self,
        *,
        name: str,
        base: str,
        key: str,
        agreement: str,
        article: str,
        area: str,
        kinds: Sequence[str],
        scale: Sequence[str],
        marking_max: str,
        purposes: Sequence[str],
        id: str,
        onward: Literal["consent", "free", "refused"] | None = None,
        until: str | None = None,
        pin: str | None = None,
        origins: Sequence[str] | None = None,
        once: str | None = None,
    ) -> R:
        """Propose to register a connector under an article.

        POST ``/api/dataspace/connectors``.
        For: release_officer.
        """
        return self._call(
            "dataspace.register",
            {
                "name": name,
                "base": base,
                "key": key,
                "agreement": agreement,
                "article": article,
                "area": area,
                "kinds": kinds,
                "scale": scale,
                "marking_max": marking_max,
                "purposes": purposes,
                "id": id,
                "onward": onward,
                "until": until,
                "pin": pin,
                "origins": origins,
            },
            once=once,
        )

    def dataspace_change(
        self,
        connector: str,
        *,
        name: str,
        base: str,
        key: str,
        agreement: str,
        article: str,
        area: str,
        kinds: Sequence[str],
        scale: Sequence[str],
        marking_max: str,
        purposes: Sequence[str],
        reason: str,
        onward: Literal["consent", "free", "refused"] | None = None,
        until: str | None = None,
        pin: str | None = None,
        origins: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Propose to change a registration: address, key, article.

        POST ``/api/dataspace/connectors/{connector}/change``.
        For: release_officer.
        """
        return self._call(
            "dataspace.change",
            {
                "connector": connector,
                "name": name,
                "base": base,
                "key": key,
                "agreement": agreement,
                "article": article,
                "area": area,
                "kinds": kinds,
                "scale": scale,
                "marking_max": marking_max,
                "purposes": purposes,
                "reason": reason,
                "onward": onward,
                "until": until,
                "pin": pin,
                "origins": origins,
            },
            once=once,
            expects=expects,
        )

    def dataspace_proposals(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Registrations and changes that wait for a second person.

        GET ``/api/dataspace/proposals``.
        """
        return self._call("dataspace.proposals", {"limit": limit, "cursor": cursor})

    def dataspace_proposal(self, proposal: str) -> R:
        """One proposed registration or change: what it says, and what it changes.

        GET ``/api/dataspace/proposals/{proposal}``.
        """
        return self._call("dataspace.proposal", {"proposal": proposal})

    def dataspace_confirm(
        self,
        proposal: str,
        *,
        digest: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Confirm a registration or change that another person proposed.

        POST ``/api/dataspace/proposals/{proposal}/confirm``.
        For: release_officer, legal_adviser, mandate_holder.
        """
        return self._call(
            "dataspace.confirm",
            {"proposal": proposal, "digest": digest},
            once=once,
            expects=expects,
        )

    def dataspace_refuse(
        self,
        proposal: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Refuse a proposed registration or change.

        POST ``/api/dataspace/proposals/{proposal}/refuse``.
        For: release_officer, legal_adviser, mandate_holder.
        """
        return self._call(
            "dataspace.refuse", {"proposal": proposal, "reason": reason}, once=once, expects=expects
        )

    def dataspace_suspend(
        self,
        connector: str,
        *,
        suspended: bool,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Suspend or resume all that a registration permits.

        POST ``/api/dataspace/connectors/{connector}/suspended``.
        For: release_officer.
        """
        return self._call(
            "dataspace.suspend",
            {"connector": connector, "suspended": suspended, "reason": reason},
            once=once,
            expects=expects,
        )

    def dataspace_catalogue(
        self, connector: str, *, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """What a connector offers us at this moment, asked of it.

        GET ``/api/dataspace/connectors/{connector}/catalogue``.
        """
        return self._call(
            "dataspace.catalogue", {"connector": connector, "limit": limit, "cursor": cursor}
        )

    def dataspace_datasets(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """What we offer to registered connectors.

        GET ``/api/dataspace/datasets``.
        """
        return self._call("dataspace.datasets", {"limit": limit, "cursor": cursor})

    def dataspace_release(
        self, *, item: str, connector: str, push: bool | None = None, once: str | None = None
    ) -> R:
        """Release an item to a registered connector.

        POST ``/api/dataspace/datasets``.
        For: release_officer.
        """
        return self._call(
            "dataspace.release", {"item": item, "connector": connector, "push": push}, once=once
        )

    def dataspace_withdraw(self, dataset: str, *, once: str | None = None) -> R:
        """Withdraw a dataset from all registered connectors.

        POST ``/api/dataspace/datasets/{dataset}/withdraw``.
        For: release_officer.
        """
        return self._call("dataspace.withdraw", {"dataset": dataset}, once=once)

    def dataspace_contracts(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Contracts with registered connectors.

        GET ``/api/dataspace/contracts``.
        """
        return self._call("dataspace.contracts", {"limit": limit, "cursor": cursor})

    def dataspace_inbox(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """What waits for a person, and why.

        GET ``/api/dataspace/inbox``.
        """
        return self._call("dataspace.inbox", {"limit": limit, "cursor": cursor})

    def dataspace_exchanges(
        self,
        *,
        state: Literal["all", "ended", "open"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Negotiations and transfers with registered connectors.

        GET ``/api/dataspace/exchanges``.
        """
        return self._call("dataspace.exchanges", {"state": state, "limit": limit, "cursor": cursor})

    def dataspace_exchange(self, exchange: str) -> R:
        """One negotiation or transfer, and why it stands where it stands.

        GET ``/api/dataspace/exchanges/{exchange}``.
        """
        return self._call("dataspace.exchange", {"exchange": exchange})

    def dataspace_act(
        self,
        exchange: str,
        *,
        do: Literal[
            "accept",
            "agree",
            "complete",
            "fetch",
            "finalize",
            "offer",
            "request",
            "start",
            "suspend",
            "terminate",
            "verify",
        ],
        reason: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Go on in a negotiation or transfer, or end it.

        POST ``/api/dataspace/exchanges/{exchange}/act``.
        For: desk_officer, release_officer.
        """
        return self._call(
            "dataspace.act",
            {"exchange": exchange, "do": do, "reason": reason},
            once=once,
            expects=expects,
        )

    def dataspace_counter_preview(
        self,
        exchange: str,
        *,
        policy: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """What a counter-request would say, and whether it may leave; nothing is sent.

        POST ``/api/dataspace/exchanges/{exchange}/counter/preview``.
        """
        return self._call(
            "dataspace.counter_preview",
            {"exchange": exchange, "policy": policy},
            once=once,
            expects=expects,
        )

    def dataspace_counter(
        self,
        exchange: str,
        *,
        policy: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Answer an offer with other rules.

        POST ``/api/dataspace/exchanges/{exchange}/counter``.
        For: desk_officer, release_officer.
        """
        return self._call(
            "dataspace.counter",
            {"exchange": exchange, "policy": policy},
            once=once,
            expects=expects,
        )

    def dataspace_negotiate(
        self,
        *,
        counterpart: str,
        dataset: str,
        offer: str,
        policy: str | None = None,
        kind: str | None = None,
        marking: str | None = None,
        purpose: str | None = None,
        once: str | None = None,
    ) -> R:
        """Ask a registered connector for an offer of its own.

        POST ``/api/dataspace/negotiations``.
        For: desk_officer.
        """
        return self._call(
            "dataspace.negotiate",
            {
                "counterpart": counterpart,
                "dataset": dataset,
                "offer": offer,
                "policy": policy,
                "kind": kind,
                "marking": marking,
                "purpose": purpose,
            },
            once=once,
        )

    def dataspace_transfer(
        self, *, counterpart: str, contract: str, format: str | None = None, once: str | None = None
    ) -> R:
        """Ask a registered connector for the data of a contract.

        POST ``/api/dataspace/transfers``.
        For: desk_officer.
        """
        return self._call(
            "dataspace.transfer",
            {"counterpart": counterpart, "contract": contract, "format": format},
            once=once,
        )

    def dataspace_content(
        self, exchange: str, target: str | Path | BinaryIO, *, progress: Progress | None = None
    ) -> R:
        """The file that came by a transfer, as a download.

        GET ``/api/dataspace/exchanges/{exchange}/content``.
        """
        return self._download(
            "dataspace.content", target, {"exchange": exchange}, progress=progress
        )

    def dataspace_playbook(self) -> R:
        """The rules by which our node acts.

        GET ``/api/dataspace/playbook``.
        """
        return self._call("dataspace.playbook", {})

    def dataspace_simulate(self, *, rules: str, once: str | None = None) -> R:
        """What rules would do in the processes there are; nothing is done.

        POST ``/api/dataspace/playbook/simulate``.
        """
        return self._call("dataspace.simulate", {"rules": rules}, once=once)

    def dataspace_set_playbook(self, *, rules: str, once: str | None = None) -> R:
        """Set the rules by which our node acts.

        POST ``/api/dataspace/playbook``.
        For: release_officer.
        """
        return self._call("dataspace.set_playbook", {"rules": rules}, once=once)

    def status(self) -> R:
        """What waits for whom, and why.

        GET ``/api/status``.
        """
        return self._call("status", {})

    def health(self) -> R:
        """How the node itself is.

        GET ``/api/health``.
        """
        return self._call("health", {})

    def record(self, *, counterpart: str) -> R:
        """Both logs: sizes, roots, who cosigned when.

        GET ``/api/record``.
        """
        return self._call("record", {"counterpart": counterpart})

    def record_all(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Every relationship's record: how long, cosigned since when.

        GET ``/api/records``.
        """
        return self._call("record.all", {"limit": limit, "cursor": cursor})

    def record_entries(
        self,
        *,
        counterpart: str,
        log: Literal["ours", "theirs"] | None = None,
        start: int | None = None,
        limit: int | None = None,
        order: Literal["newest", "oldest"] | None = None,
        kind: str | None = None,
        about: str | None = None,
        text: str | None = None,
    ) -> R:
        """Entries of one log.

        GET ``/api/record/entries``.
        """
        return self._call(
            "record.entries",
            {
                "counterpart": counterpart,
                "log": log,
                "start": start,
                "limit": limit,
                "order": order,
                "kind": kind,
                "about": about,
                "text": text,
            },
        )

    def record_both(
        self,
        *,
        counterpart: str,
        ours: int | None = None,
        theirs: int | None = None,
        limit: int | None = None,
        order: Literal["newest", "oldest"] | None = None,
        kind: str | None = None,
        about: str | None = None,
        text: str | None = None,
    ) -> R:
        """Entries of both logs, side by side in causal order.

        GET ``/api/record/both``.
        """
        return self._call(
            "record.both",
            {
                "counterpart": counterpart,
                "ours": ours,
                "theirs": theirs,
                "limit": limit,
                "order": order,
                "kind": kind,
                "about": about,
                "text": text,
            },
        )

    def record_entry(self, *, counterpart: str, log: Literal["ours", "theirs"], n: int) -> R:
        """One entry whole, with its proof and who cosigned it when.

        GET ``/api/record/entry``.
        """
        return self._call("record.entry", {"counterpart": counterpart, "log": log, "n": n})

    def record_checkpoints(
        self,
        *,
        counterpart: str,
        log: Literal["ours", "theirs"] | None = None,
        skip: int | None = None,
        limit: int | None = None,
    ) -> R:
        """The cosigned heads of one log.

        GET ``/api/record/checkpoints``.
        """
        return self._call(
            "record.checkpoints",
            {"counterpart": counterpart, "log": log, "skip": skip, "limit": limit},
        )

    def history(
        self,
        *,
        kind: Literal[
            "approval",
            "draft",
            "instrument",
            "item",
            "official",
            "pairing",
            "powers",
            "relationship",
            "release",
            "request",
            "transfer",
            "unit",
            "wish",
        ],
        object: str,
        limit: int | None = None,
    ) -> R:
        """Why something is in its state: acts, articles, persons.

        GET ``/api/history``.
        """
        return self._call("history", {"kind": kind, "object": object, "limit": limit})

    def house_entries(
        self,
        *,
        start: int | None = None,
        limit: int | None = None,
        order: Literal["newest", "oldest"] | None = None,
        kind: str | None = None,
        about: str | None = None,
        text: str | None = None,
    ) -> R:
        """The house log: what this party did alone.

        GET ``/api/house/entries``.
        For: mandate_holder, legal_adviser.
        """
        return self._call(
            "house.entries",
            {
                "start": start,
                "limit": limit,
                "order": order,
                "kind": kind,
                "about": about,
                "text": text,
            },
        )

    def record_replay(self, *, counterpart: str, once: str | None = None) -> R:
        """Rebuild the state from both logs and compare it with the database.

        POST ``/api/record/replay``.
        """
        return self._call("record.replay", {"counterpart": counterpart}, once=once)

    def record_replay_start(self, *, counterpart: str, once: str | None = None) -> R:
        """Begin the same, which can take long, and come back for the result.

        POST ``/api/record/replay/start``.
        """
        return self._call("record.replay_start", {"counterpart": counterpart}, once=once)

    def record_replay_state(self, *, counterpart: str) -> R:
        """How far a replay has come, and its result.

        GET ``/api/record/replay/state``.
        """
        return self._call("record.replay_state", {"counterpart": counterpart})

    def record_recover(self, *, counterpart: str, once: str | None = None) -> R:
        """Get our own entries back from the counterpart after a restore.

        POST ``/api/record/recover``.
        For: engineer, mandate_holder, legal_adviser.
        """
        return self._call("record.recover", {"counterpart": counterpart}, once=once)

    def evidence_agreement(
        self, instrument: str, target: str | Path | BinaryIO, *, progress: Progress | None = None
    ) -> R:
        """Evidence of an agreement, as one archive.

        GET ``/api/evidence/agreement/{instrument}``.
        """
        return self._download(
            "evidence.agreement", target, {"instrument": instrument}, progress=progress
        )

    def evidence_verify(
        self,
        source: str | Path | BinaryIO,
        *,
        letters: Sequence[str] | None = None,
        pinned: bool | None = None,
        progress: Progress | None = None,
        once: str | None = None,
    ) -> R:
        """Verify an archive of evidence, stage by stage.

        POST ``/api/evidence/verify``.
        """
        return self._upload(
            "evidence.verify",
            source,
            {"letters": letters, "pinned": pinned},
            once=once,
            progress=progress,
        )

    def evidence_transfer(
        self, transfer: str, target: str | Path | BinaryIO, *, progress: Progress | None = None
    ) -> R:
        """Evidence of a transfer, as one archive.

        GET ``/api/evidence/transfer/{transfer}``.
        """
        return self._download(
            "evidence.transfer", target, {"transfer": transfer}, progress=progress
        )

    def tokens(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """One's own personal access tokens.

        GET ``/api/tokens``.
        """
        return self._call("tokens", {"limit": limit, "cursor": cursor})

    def tokens_create(
        self,
        *,
        name: str,
        scopes: Sequence[
            Literal[
                "conclude",
                "coordinate",
                "negotiate",
                "operate",
                "people",
                "private",
                "read",
                "share",
            ]
        ],
        expires: str,
        once: str | None = None,
    ) -> R:
        """Make a personal access token; its secret is told once.

        POST ``/api/tokens``.
        """
        return self._call(
            "tokens.create", {"name": name, "scopes": scopes, "expires": expires}, once=once
        )

    def tokens_revoke(self, token: str, *, once: str | None = None) -> R:
        """End a personal access token.

        POST ``/api/tokens/{token}/revoke``.
        """
        return self._call("tokens.revoke", {"token": token}, once=once)

    def dates(
        self, *, counterpart: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """What falls due: commitments, milestones, reviews, ends of terms and authorisations.

        GET ``/api/dates``.
        """
        return self._call("dates", {"counterpart": counterpart, "limit": limit, "cursor": cursor})

    def dates_calendar(self, *, language: str | None = None) -> R:
        """What falls due, as a file for a calendar.

        GET ``/api/dates/calendar``.
        """
        return self._call("dates.calendar", {"language": language})

    def needs(
        self,
        *,
        whose: Literal["all", "mine", "ours", "theirs"] | None = None,
        counterpart: str | None = None,
        start: int | None = None,
        limit: int | None = None,
    ) -> R:
        """What needs me: by whom, since when, and what hangs on it.

        GET ``/api/needs``.
        """
        return self._call(
            "needs", {"whose": whose, "counterpart": counterpart, "start": start, "limit": limit}
        )

    def relationships(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Every relationship, and how it stands.

        GET ``/api/relationships``.
        """
        return self._call("relationships", {"limit": limit, "cursor": cursor})

    def relationship(
        self,
        *,
        counterpart: str,
        ours: int | None = None,
        theirs: int | None = None,
        at: str | None = None,
        ready: bool | None = None,
    ) -> R:
        """One relationship: clock, areas, measures, open matters, and the digest to compare.

        GET ``/api/relationship``.
        """
        return self._call(
            "relationship",
            {"counterpart": counterpart, "ours": ours, "theirs": theirs, "at": at, "ready": ready},
        )

    def relationship_timeline(
        self,
        *,
        counterpart: str,
        ours: int | None = None,
        theirs: int | None = None,
        at: str | None = None,
        ready: bool | None = None,
        group: Literal[
            "",
            "conclusion",
            "coordination",
            "introduction",
            "life",
            "negotiation",
            "sharing",
            "technology",
        ]
        | None = None,
        instrument: str | None = None,
        by: Literal["", "them", "us"] | None = None,
        since: str | None = None,
        until: str | None = None,
        zone: str | None = None,
        newest_first: bool | None = None,
        start: int | None = None,
        limit: int | None = None,
    ) -> R:
        """What happened between the two parties.

        GET ``/api/relationship/timeline``.
        """
        return self._call(
            "relationship.timeline",
            {
                "counterpart": counterpart,
                "ours": ours,
                "theirs": theirs,
                "at": at,
                "ready": ready,
                "group": group,
                "instrument": instrument,
                "by": by,
                "since": since,
                "until": until,
                "zone": zone,
                "newest_first": newest_first,
                "start": start,
                "limit": limit,
            },
        )

    def relationship_evidence(
        self,
        *,
        counterpart: str,
        measure: str,
        ours: int | None = None,
        theirs: int | None = None,
        at: str | None = None,
        ready: bool | None = None,
        subject: str | None = None,
        by: Literal["", "them", "us"] | None = None,
        start: int | None = None,
        limit: int | None = None,
    ) -> R:
        """The acts behind a measure.

        GET ``/api/relationship/evidence``.
        """
        return self._call(
            "relationship.evidence",
            {
                "counterpart": counterpart,
                "measure": measure,
                "ours": ours,
                "theirs": theirs,
                "at": at,
                "ready": ready,
                "subject": subject,
                "by": by,
                "start": start,
                "limit": limit,
            },
        )

    def grounds(self, *, counterpart: str | None = None) -> R:
        """The articles in force that a commitment, a meeting or a project can stand on.

        GET ``/api/grounds``.
        """
        return self._call("grounds", {"counterpart": counterpart})

    def commitments(
        self,
        *,
        state: Literal["all", "ended", "live", "overdue"] | None = None,
        performer: Literal["", "both", "them", "us"] | None = None,
        counterpart: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Commitments, and how they stand.

        GET ``/api/commitments``.
        """
        return self._call(
            "commitments",
            {
                "state": state,
                "performer": performer,
                "counterpart": counterpart,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def commitments_show(self, commitment: str) -> R:
        """One commitment with everything that was said of it.

        GET ``/api/commitments/{commitment}``.
        """
        return self._call("commitments.show", {"commitment": commitment})

    def commitments_propose(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        title: str,
        test: str,
        performer: Literal["both", "them", "us"],
        beneficiary: Literal["both", "them", "us"],
        due: str,
        zone: str | None = None,
        source: Literal["article", "meeting", "other", "statement"] | None = None,
        source_ref: str | None = None,
        source_item: str | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Propose a commitment under an article in force.

        POST ``/api/commitments``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.propose",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "title": title,
                "test": test,
                "performer": performer,
                "beneficiary": beneficiary,
                "due": due,
                "zone": zone,
                "source": source,
                "source_ref": source_ref,
                "source_item": source_item,
                "words": words,
            },
            once=once,
        )

    def commitments_accept(
        self,
        commitment: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Accept a commitment as it was proposed.

        POST ``/api/commitments/{commitment}/accept``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.accept",
            {"commitment": commitment, "words": words},
            once=once,
            expects=expects,
        )

    def commitments_decline(
        self,
        commitment: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline a proposed commitment.

        POST ``/api/commitments/{commitment}/decline``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.decline",
            {"commitment": commitment, "reason": reason},
            once=once,
            expects=expects,
        )

    def commitments_withdraw(
        self,
        commitment: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back a proposal that is not answered.

        POST ``/api/commitments/{commitment}/withdraw``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.withdraw",
            {"commitment": commitment, "words": words},
            once=once,
            expects=expects,
        )

    def commitments_progress(
        self,
        commitment: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say how it goes, as its performer.

        POST ``/api/commitments/{commitment}/progress``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.progress",
            {"commitment": commitment, "words": words},
            once=once,
            expects=expects,
        )

    def commitments_claim(
        self,
        commitment: str,
        *,
        words: str | None = None,
        fulfilled: str | None = None,
        evidence: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Claim that it is fulfilled, as its performer.

        POST ``/api/commitments/{commitment}/claim``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.claim",
            {
                "commitment": commitment,
                "words": words,
                "fulfilled": fulfilled,
                "evidence": evidence,
            },
            once=once,
            expects=expects,
        )

    def commitments_acknowledge(
        self,
        commitment: str,
        *,
        result: Literal["kept", "kept_late", "partly_kept"],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say what the claim comes to, as its beneficiary.

        POST ``/api/commitments/{commitment}/acknowledge``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.acknowledge",
            {"commitment": commitment, "result": result, "words": words},
            once=once,
            expects=expects,
        )

    def commitments_dispute(
        self,
        commitment: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Dispute the claim, as its beneficiary.

        POST ``/api/commitments/{commitment}/dispute``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.dispute",
            {"commitment": commitment, "reason": reason},
            once=once,
            expects=expects,
        )

    def commitments_redate(
        self,
        commitment: str,
        *,
        due: str,
        words: str | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask for another due date, or agree to the one asked for.

        POST ``/api/commitments/{commitment}/redate``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.redate",
            {"commitment": commitment, "due": due, "words": words, "zone": zone},
            once=once,
            expects=expects,
        )

    def commitments_release(
        self,
        commitment: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Release the performer from it, as its beneficiary.

        POST ``/api/commitments/{commitment}/release``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.release",
            {"commitment": commitment, "reason": reason},
            once=once,
            expects=expects,
        )

    def commitments_fail(
        self,
        commitment: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Find that it was not kept; counts once both say so.

        POST ``/api/commitments/{commitment}/fail``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.fail",
            {"commitment": commitment, "reason": reason},
            once=once,
            expects=expects,
        )

    def commitments_recall(
        self,
        commitment: str,
        *,
        of: Literal["acknowledge", "claim", "fail", "redate", "release"],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we said and does not count yet.

        POST ``/api/commitments/{commitment}/recall``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "commitments.recall",
            {"commitment": commitment, "of": of, "words": words},
            once=once,
            expects=expects,
        )

    def controls(
        self, *, counterpart: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """Items that are classified, and as what.

        GET ``/api/controls``.
        """
        return self._call(
            "controls", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def controls_classify(
        self,
        *,
        counterpart: str,
        item: str,
        scheme: str,
        code: str,
        list_version: str,
        decided_by: str,
        value: str | None = None,
        currency: str | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Enter how an item of ours is classified; entered again, it is reclassified.

        POST ``/api/controls``.
        For: technology_security_officer.
        """
        return self._call(
            "controls.classify",
            {
                "counterpart": counterpart,
                "item": item,
                "scheme": scheme,
                "code": code,
                "list_version": list_version,
                "decided_by": decided_by,
                "value": value,
                "currency": currency,
                "words": words,
            },
            once=once,
        )

    def controls_declassify(self, control: str, *, reason: str, once: str | None = None) -> R:
        """Enter that an item is controlled no more.

        POST ``/api/controls/{control}/declassify``.
        For: technology_security_officer.
        """
        return self._call("controls.declassify", {"control": control, "reason": reason}, once=once)

    def authorisations(
        self, *, counterpart: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """Authorisations, and how they stand.

        GET ``/api/authorisations``.
        """
        return self._call(
            "authorisations", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def authorisations_show(self, authorisation: str) -> R:
        """One authorisation with all facts that a decision on it needs.

        GET ``/api/authorisations/{authorisation}``.
        """
        return self._call("authorisations.show", {"authorisation": authorisation})

    def authorisations_request(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        title: str,
        use: str,
        type: Literal["community", "licence"] | None = None,
        exporter: Literal["them", "us"] | None = None,
        area: str | None = None,
        project: str | None = None,
        items: Sequence[str] | None = None,
        classes: Sequence[str] | None = None,
        members: Sequence[str] | None = None,
        excluded: Sequence[str] | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Ask for an authorisation on an article in force.

        POST ``/api/authorisations``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "authorisations.request",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "title": title,
                "use": use,
                "type": type,
                "exporter": exporter,
                "area": area,
                "project": project,
                "items": items,
                "classes": classes,
                "members": members,
                "excluded": excluded,
                "words": words,
            },
            once=once,
        )

    def authorisations_withdraw(
        self,
        authorisation: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we asked for.

        POST ``/api/authorisations/{authorisation}/withdraw``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "authorisations.withdraw",
            {"authorisation": authorisation, "words": words},
            once=once,
            expects=expects,
        )

    def authorisations_review(
        self,
        authorisation: str,
        *,
        authority: str,
        case: str,
        words: str | None = None,
        number_again: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter which authority has it, and its case number.

        POST ``/api/authorisations/{authorisation}/review``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.review",
            {
                "authorisation": authorisation,
                "authority": authority,
                "case": case,
                "words": words,
                "number_again": number_again,
            },
            once=once,
            expects=expects,
        )

    def authorisations_approve(
        self,
        authorisation: str,
        *,
        number: str,
        decided: str,
        document: str,
        assurance: str,
        words: str | None = None,
        number_again: bool | None = None,
        cosigned: bool | None = None,
        provisos: Sequence[str] | None = None,
        recipients: Sequence[str] | None = None,
        purposes: Sequence[str] | None = None,
        quantity: int | None = None,
        unit: str | None = None,
        value: str | None = None,
        currency: str | None = None,
        starts: str | None = None,
        ends: str | None = None,
        no_onward: bool | None = None,
        return_by: str | None = None,
        return_how: Literal["destroy", "return"] | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter the decision for it, with its provisos; again, until its assurance, to correct it.

        POST ``/api/authorisations/{authorisation}/approve``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.approve",
            {
                "authorisation": authorisation,
                "number": number,
                "decided": decided,
                "document": document,
                "assurance": assurance,
                "words": words,
                "number_again": number_again,
                "cosigned": cosigned,
                "provisos": provisos,
                "recipients": recipients,
                "purposes": purposes,
                "quantity": quantity,
                "unit": unit,
                "value": value,
                "currency": currency,
                "starts": starts,
                "ends": ends,
                "no_onward": no_onward,
                "return_by": return_by,
                "return_how": return_how,
                "zone": zone,
            },
            once=once,
            expects=expects,
        )

    def authorisations_deny(
        self,
        authorisation: str,
        *,
        number: str,
        decided: str,
        document: str,
        reason: str,
        words: str | None = None,
        number_again: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter the decision against it.

        POST ``/api/authorisations/{authorisation}/deny``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.deny",
            {
                "authorisation": authorisation,
                "number": number,
                "decided": decided,
                "document": document,
                "reason": reason,
                "words": words,
                "number_again": number_again,
            },
            once=once,
            expects=expects,
        )

    def authorisations_return(
        self,
        authorisation: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter that the authority sent it back.

        POST ``/api/authorisations/{authorisation}/return``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.return",
            {"authorisation": authorisation, "reason": reason},
            once=once,
            expects=expects,
        )

    def authorisations_assure(
        self,
        authorisation: str,
        *,
        assurance: str,
        words: str | None = None,
        document: str | None = None,
        provisos: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Give the assurance that was asked, as its recipient.

        POST ``/api/authorisations/{authorisation}/assure``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.assure",
            {
                "authorisation": authorisation,
                "assurance": assurance,
                "words": words,
                "document": document,
                "provisos": provisos,
            },
            once=once,
            expects=expects,
        )

    def authorisations_accept(
        self,
        authorisation: str,
        *,
        provisos: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Accept the provisos, as its recipient.

        POST ``/api/authorisations/{authorisation}/accept``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.accept",
            {"authorisation": authorisation, "provisos": provisos, "words": words},
            once=once,
            expects=expects,
        )

    def authorisations_decline(
        self,
        authorisation: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline the decision, as its recipient, before any assurance.

        POST ``/api/authorisations/{authorisation}/decline``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.decline",
            {"authorisation": authorisation, "reason": reason},
            once=once,
            expects=expects,
        )

    def authorisations_suspend(
        self,
        authorisation: str,
        *,
        reason: str,
        basis: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Stop it at both ends until it is resumed.

        POST ``/api/authorisations/{authorisation}/suspend``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.suspend",
            {"authorisation": authorisation, "reason": reason, "basis": basis},
            once=once,
            expects=expects,
        )

    def authorisations_resume(
        self,
        authorisation: str,
        *,
        reason: str,
        basis: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Let it go on.

        POST ``/api/authorisations/{authorisation}/resume``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.resume",
            {"authorisation": authorisation, "reason": reason, "basis": basis},
            once=once,
            expects=expects,
        )

    def authorisations_amend(
        self,
        authorisation: str,
        *,
        words: str | None = None,
        title: str | None = None,
        use: str | None = None,
        items: Sequence[str] | None = None,
        classes: Sequence[str] | None = None,
        members: Sequence[str] | None = None,
        excluded: Sequence[str] | None = None,
        whole: bool | None = None,
        quantity: int | None = None,
        unit: str | None = None,
        starts: str | None = None,
        ends: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask for an amendment.

        POST ``/api/authorisations/{authorisation}/amend``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "authorisations.amend",
            {
                "authorisation": authorisation,
                "words": words,
                "title": title,
                "use": use,
                "items": items,
                "classes": classes,
                "members": members,
                "excluded": excluded,
                "whole": whole,
                "quantity": quantity,
                "unit": unit,
                "starts": starts,
                "ends": ends,
            },
            once=once,
            expects=expects,
        )

    def authorisations_amend_withdraw(
        self,
        authorisation: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back the amendment we asked for, while it is not decided.

        POST ``/api/authorisations/{authorisation}/amend-withdraw``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "authorisations.amend_withdraw",
            {"authorisation": authorisation, "words": words},
            once=once,
            expects=expects,
        )

    def authorisations_amend_approve(
        self,
        authorisation: str,
        *,
        number: str,
        decided: str,
        document: str,
        assurance: str,
        words: str | None = None,
        number_again: bool | None = None,
        cosigned: bool | None = None,
        provisos: Sequence[str] | None = None,
        recipients: Sequence[str] | None = None,
        purposes: Sequence[str] | None = None,
        quantity: int | None = None,
        unit: str | None = None,
        value: str | None = None,
        currency: str | None = None,
        starts: str | None = None,
        ends: str | None = None,
        no_onward: bool | None = None,
        return_by: str | None = None,
        return_how: Literal["destroy", "return"] | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter the decision for the amendment.

        POST ``/api/authorisations/{authorisation}/amend-approve``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.amend_approve",
            {
                "authorisation": authorisation,
                "number": number,
                "decided": decided,
                "document": document,
                "assurance": assurance,
                "words": words,
                "number_again": number_again,
                "cosigned": cosigned,
                "provisos": provisos,
                "recipients": recipients,
                "purposes": purposes,
                "quantity": quantity,
                "unit": unit,
                "value": value,
                "currency": currency,
                "starts": starts,
                "ends": ends,
                "no_onward": no_onward,
                "return_by": return_by,
                "return_how": return_how,
                "zone": zone,
            },
            once=once,
            expects=expects,
        )

    def authorisations_amend_deny(
        self,
        authorisation: str,
        *,
        number: str,
        decided: str,
        document: str,
        reason: str,
        words: str | None = None,
        number_again: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter the decision against the amendment.

        POST ``/api/authorisations/{authorisation}/amend-deny``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.amend_deny",
            {
                "authorisation": authorisation,
                "number": number,
                "decided": decided,
                "document": document,
                "reason": reason,
                "words": words,
                "number_again": number_again,
            },
            once=once,
            expects=expects,
        )

    def authorisations_revoke(
        self,
        authorisation: str,
        *,
        reason: str,
        basis: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """End it for good at both ends.

        POST ``/api/authorisations/{authorisation}/revoke``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.revoke",
            {"authorisation": authorisation, "reason": reason, "basis": basis},
            once=once,
            expects=expects,
        )

    def authorisations_dispose(
        self,
        authorisation: str,
        *,
        how: Literal["destroyed", "returned"],
        report: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that what came was returned or destroyed.

        POST ``/api/authorisations/{authorisation}/dispose``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.dispose",
            {"authorisation": authorisation, "how": how, "report": report},
            once=once,
            expects=expects,
        )

    def authorisations_report(
        self,
        authorisation: str,
        *,
        starts: str,
        ends: str,
        words: str | None = None,
        last: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Report the totals; counts once both say the same.

        POST ``/api/authorisations/{authorisation}/report``.
        For: technology_security_officer.
        """
        return self._call(
            "authorisations.report",
            {
                "authorisation": authorisation,
                "starts": starts,
                "ends": ends,
                "words": words,
                "last": last,
            },
            once=once,
            expects=expects,
        )

    def retransfers(
        self, *, counterpart: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """What is asked about passing on.

        GET ``/api/retransfers``.
        """
        return self._call(
            "retransfers", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def retransfers_show(self, retransfer: str) -> R:
        """One request for consent to pass on.

        GET ``/api/retransfers/{retransfer}``.
        """
        return self._call("retransfers.show", {"retransfer": retransfer})

    def retransfers_request(
        self,
        *,
        transfer: str,
        instrument: str,
        unit: str,
        third: str,
        use: str,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Ask whose item it is whether it may go on to a third.

        POST ``/api/retransfers``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "retransfers.request",
            {
                "transfer": transfer,
                "instrument": instrument,
                "unit": unit,
                "third": third,
                "use": use,
                "words": words,
            },
            once=once,
        )

    def retransfers_withdraw(
        self,
        retransfer: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we asked.

        POST ``/api/retransfers/{retransfer}/withdraw``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "retransfers.withdraw",
            {"retransfer": retransfer, "words": words},
            once=once,
            expects=expects,
        )

    def retransfers_again(
        self,
        retransfer: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask again what came back to us.

        POST ``/api/retransfers/{retransfer}/again``.
        For: technology_security_officer, project_officer.
        """
        return self._call(
            "retransfers.again",
            {"retransfer": retransfer, "words": words},
            once=once,
            expects=expects,
        )

    def retransfers_grant(
        self,
        retransfer: str,
        *,
        words: str | None = None,
        provisos: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Consent, with provisos or none.

        POST ``/api/retransfers/{retransfer}/grant``.
        For: technology_security_officer.
        """
        return self._call(
            "retransfers.grant",
            {"retransfer": retransfer, "words": words, "provisos": provisos},
            once=once,
            expects=expects,
        )

    def retransfers_refuse(
        self,
        retransfer: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Refuse consent.

        POST ``/api/retransfers/{retransfer}/refuse``.
        For: technology_security_officer.
        """
        return self._call(
            "retransfers.refuse",
            {"retransfer": retransfer, "reason": reason},
            once=once,
            expects=expects,
        )

    def retransfers_return(
        self,
        retransfer: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Send it back for more.

        POST ``/api/retransfers/{retransfer}/return``.
        For: technology_security_officer.
        """
        return self._call(
            "retransfers.return",
            {"retransfer": retransfer, "reason": reason},
            once=once,
            expects=expects,
        )

    def retransfers_use(
        self,
        retransfer: str,
        *,
        report: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that it went on, under the provisos of the consent.

        POST ``/api/retransfers/{retransfer}/use``.
        For: technology_security_officer.
        """
        return self._call(
            "retransfers.use",
            {"retransfer": retransfer, "report": report},
            once=once,
            expects=expects,
        )

    def retransfers_close(
        self,
        retransfer: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Close it.

        POST ``/api/retransfers/{retransfer}/close``.
        For: technology_security_officer.
        """
        return self._call(
            "retransfers.close",
            {"retransfer": retransfer, "reason": reason},
            once=once,
            expects=expects,
        )

    def endchecks(
        self, *, counterpart: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> R:
        """End-use checks.

        GET ``/api/endchecks``.
        """
        return self._call(
            "endchecks", {"counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def endchecks_show(self, endcheck: str) -> R:
        """One end-use check.

        GET ``/api/endchecks/{endcheck}``.
        """
        return self._call("endchecks.show", {"endcheck": endcheck})

    def endchecks_request(
        self,
        *,
        authorisation: str,
        title: str,
        what: str,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Ask to see that use is as was assured.

        POST ``/api/endchecks``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.request",
            {"authorisation": authorisation, "title": title, "what": what, "words": words},
            once=once,
        )

    def endchecks_withdraw(
        self,
        endcheck: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we asked.

        POST ``/api/endchecks/{endcheck}/withdraw``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.withdraw", {"endcheck": endcheck, "words": words}, once=once, expects=expects
        )

    def endchecks_arrange(
        self,
        endcheck: str,
        *,
        at: str,
        place: str,
        words: str | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say when and where; counts once both say the same.

        POST ``/api/endchecks/{endcheck}/arrange``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.arrange",
            {"endcheck": endcheck, "at": at, "place": place, "words": words, "zone": zone},
            once=once,
            expects=expects,
        )

    def endchecks_done(
        self,
        endcheck: str,
        *,
        report: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that it was done, and what was seen.

        POST ``/api/endchecks/{endcheck}/done``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.done", {"endcheck": endcheck, "report": report}, once=once, expects=expects
        )

    def endchecks_conclude(
        self,
        endcheck: str,
        *,
        report: str,
        result: Literal["favourable", "inconclusive", "unfavourable"],
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say what it comes to.

        POST ``/api/endchecks/{endcheck}/conclude``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.conclude",
            {"endcheck": endcheck, "report": report, "result": result},
            once=once,
            expects=expects,
        )

    def endchecks_follow_up(
        self,
        endcheck: str,
        *,
        report: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say what is still to be done.

        POST ``/api/endchecks/{endcheck}/follow-up``.
        For: technology_security_officer.
        """
        return self._call(
            "endchecks.follow_up",
            {"endcheck": endcheck, "report": report},
            once=once,
            expects=expects,
        )

    def projects(
        self,
        *,
        state: Literal["all", "ended", "live", "ours"] | None = None,
        counterpart: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Joint projects, and whose act comes next.

        GET ``/api/projects``.
        """
        return self._call(
            "projects",
            {"state": state, "counterpart": counterpart, "limit": limit, "cursor": cursor},
        )

    def projects_show(self, project: str) -> R:
        """One project with everything that was said of it.

        GET ``/api/projects/{project}``.
        """
        return self._call("projects.show", {"project": project})

    def projects_propose(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        title: str,
        purpose: str,
        area: str | None = None,
        sponsor: str | None = None,
        user: str | None = None,
        answer_by: str | None = None,
        zone: str | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Propose a project under an article in force.

        POST ``/api/projects``.
        For: project_officer.
        """
        return self._call(
            "projects.propose",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "title": title,
                "purpose": purpose,
                "area": area,
                "sponsor": sponsor,
                "user": user,
                "answer_by": answer_by,
                "zone": zone,
                "words": words,
            },
            once=once,
        )

    def projects_explore(
        self,
        project: str,
        *,
        words: str | None = None,
        sponsor: str | None = None,
        user: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Answer that we explore a proposed project.

        POST ``/api/projects/{project}/explore``.
        For: project_officer, mandate_holder.
        """
        return self._call(
            "projects.explore",
            {"project": project, "words": words, "sponsor": sponsor, "user": user},
            once=once,
            expects=expects,
        )

    def projects_decline(
        self,
        project: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline a proposed project.

        POST ``/api/projects/{project}/decline``.
        For: project_officer, mandate_holder.
        """
        return self._call(
            "projects.decline", {"project": project, "reason": reason}, once=once, expects=expects
        )

    def projects_withdraw(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back a proposal that is not answered.

        POST ``/api/projects/{project}/withdraw``.
        For: project_officer.
        """
        return self._call(
            "projects.withdraw", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_name(
        self,
        project: str,
        *,
        sponsor: str,
        user: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Name sponsor and user on our side.

        POST ``/api/projects/{project}/name``.
        For: project_officer.
        """
        return self._call(
            "projects.name",
            {"project": project, "sponsor": sponsor, "user": user, "words": words},
            once=once,
            expects=expects,
        )

    def projects_intend(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Sign the statement of intent; counts with both.

        POST ``/api/projects/{project}/intend``.
        For: project_officer, mandate_holder.
        """
        return self._call(
            "projects.intend", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_sheet(
        self,
        project: str,
        *,
        items: Sequence[JsonObject],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter our exportability sheet.

        POST ``/api/projects/{project}/sheet``.
        For: technology_security_officer.
        """
        return self._call(
            "projects.sheet",
            {"project": project, "items": items, "words": words},
            once=once,
            expects=expects,
        )

    def projects_arrange(
        self,
        project: str,
        *,
        instrument: str,
        unit: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Name the project arrangement that is being concluded.

        POST ``/api/projects/{project}/arrange``.
        For: project_officer.
        """
        return self._call(
            "projects.arrange",
            {"project": project, "instrument": instrument, "unit": unit, "words": words},
            once=once,
            expects=expects,
        )

    def projects_plan(
        self,
        project: str,
        *,
        milestones: Sequence[JsonObject],
        shares: Sequence[JsonObject],
        words: str | None = None,
        background: JsonObject | None = None,
        foreground: JsonObject | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Put up a plan: milestones, cost shares, rights.

        POST ``/api/projects/{project}/plan``.
        For: project_officer.
        """
        return self._call(
            "projects.plan",
            {
                "project": project,
                "milestones": milestones,
                "shares": shares,
                "words": words,
                "background": background,
                "foreground": foreground,
                "zone": zone,
            },
            once=once,
            expects=expects,
        )

    def projects_agree_plan(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Agree to the plan that the other party put up.

        POST ``/api/projects/{project}/agree_plan``.
        For: project_officer.
        """
        return self._call(
            "projects.agree_plan", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_approve(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Approve arrangement and plan; counts with both.

        POST ``/api/projects/{project}/approve``.
        For: project_officer, mandate_holder.
        """
        return self._call(
            "projects.approve", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_start(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Begin the work of an approved project.

        POST ``/api/projects/{project}/start``.
        For: project_officer.
        """
        return self._call(
            "projects.start", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_pause(
        self,
        project: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Pause the work.

        POST ``/api/projects/{project}/pause``.
        For: project_officer.
        """
        return self._call(
            "projects.pause", {"project": project, "reason": reason}, once=once, expects=expects
        )

    def projects_resume(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take the work up again; counts once both said so.

        POST ``/api/projects/{project}/resume``.
        For: project_officer.
        """
        return self._call(
            "projects.resume", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_claim(
        self,
        project: str,
        *,
        milestone: str,
        words: str | None = None,
        evidence: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Claim that a milestone is reached, as its performer.

        POST ``/api/projects/{project}/claim``.
        For: project_officer.
        """
        return self._call(
            "projects.claim",
            {"project": project, "milestone": milestone, "words": words, "evidence": evidence},
            once=once,
            expects=expects,
        )

    def projects_accept(
        self,
        project: str,
        *,
        milestone: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Accept the claim of a milestone.

        POST ``/api/projects/{project}/accept``.
        For: project_officer.
        """
        return self._call(
            "projects.accept",
            {"project": project, "milestone": milestone, "words": words},
            once=once,
            expects=expects,
        )

    def projects_reject(
        self,
        project: str,
        *,
        milestone: str,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Reject the claim of a milestone.

        POST ``/api/projects/{project}/reject``.
        For: project_officer.
        """
        return self._call(
            "projects.reject",
            {"project": project, "milestone": milestone, "reason": reason},
            once=once,
            expects=expects,
        )

    def projects_lend(
        self,
        project: str,
        *,
        what: str,
        due: str,
        words: str | None = None,
        zone: str | None = None,
        ref: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Lend something to the other party.

        POST ``/api/projects/{project}/lend``.
        For: project_officer.
        """
        return self._call(
            "projects.lend",
            {
                "project": project,
                "what": what,
                "due": due,
                "words": words,
                "zone": zone,
                "ref": ref,
            },
            once=once,
            expects=expects,
        )

    def projects_receive(
        self,
        project: str,
        *,
        loan: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that what was lent has arrived, as its borrower.

        POST ``/api/projects/{project}/receive``.
        For: project_officer.
        """
        return self._call(
            "projects.receive",
            {"project": project, "loan": loan, "words": words},
            once=once,
            expects=expects,
        )

    def projects_give_back(
        self,
        project: str,
        *,
        loan: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that it is on its way back, as its borrower.

        POST ``/api/projects/{project}/give_back``.
        For: project_officer.
        """
        return self._call(
            "projects.give_back",
            {"project": project, "loan": loan, "words": words},
            once=once,
            expects=expects,
        )

    def projects_take_back(
        self,
        project: str,
        *,
        loan: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say that it is back, as its lender.

        POST ``/api/projects/{project}/take_back``.
        For: project_officer.
        """
        return self._call(
            "projects.take_back",
            {"project": project, "loan": loan, "words": words},
            once=once,
            expects=expects,
        )

    def projects_write_off(
        self,
        project: str,
        *,
        loan: str,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Give up what was lent, as its lender.

        POST ``/api/projects/{project}/write_off``.
        For: project_officer.
        """
        return self._call(
            "projects.write_off",
            {"project": project, "loan": loan, "reason": reason},
            once=once,
            expects=expects,
        )

    def projects_enter(
        self,
        project: str,
        *,
        ground: Literal["background", "foreground"],
        title: str,
        words: str | None = None,
        description: str | None = None,
        ref: str | None = None,
        owner: Literal["both", "them", "us"] | None = None,
        within: Literal["consent", "free", "no"] | None = None,
        outside: Literal["consent", "free", "no"] | None = None,
        onward: Literal["consent", "free", "no"] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Enter an item of background or foreground.

        POST ``/api/projects/{project}/enter``.
        For: project_officer.
        """
        return self._call(
            "projects.enter",
            {
                "project": project,
                "ground": ground,
                "title": title,
                "words": words,
                "description": description,
                "ref": ref,
                "owner": owner,
                "within": within,
                "outside": outside,
                "onward": onward,
            },
            once=once,
            expects=expects,
        )

    def projects_confirm(
        self,
        project: str,
        *,
        item: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Confirm a foreground item that the other party entered.

        POST ``/api/projects/{project}/confirm``.
        For: project_officer.
        """
        return self._call(
            "projects.confirm",
            {"project": project, "item": item, "words": words},
            once=once,
            expects=expects,
        )

    def projects_strike(
        self,
        project: str,
        *,
        item: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Strike an entry of ours that nobody confirmed.

        POST ``/api/projects/{project}/strike``.
        For: project_officer.
        """
        return self._call(
            "projects.strike",
            {"project": project, "item": item, "words": words},
            once=once,
            expects=expects,
        )

    def projects_wind_up(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Begin to close the project; counts once both said so.

        POST ``/api/projects/{project}/wind_up``.
        For: project_officer.
        """
        return self._call(
            "projects.wind_up", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_close(
        self,
        project: str,
        *,
        authorisations: Literal["none", "reconciled"],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Close the project; counts once both said the same.

        POST ``/api/projects/{project}/close``.
        For: project_officer.
        """
        return self._call(
            "projects.close",
            {"project": project, "authorisations": authorisations, "words": words},
            once=once,
            expects=expects,
        )

    def projects_hand_over(
        self,
        project: str,
        *,
        to: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Hand the result over; counts once both said the same.

        POST ``/api/projects/{project}/hand_over``.
        For: project_officer.
        """
        return self._call(
            "projects.hand_over",
            {"project": project, "to": to, "words": words},
            once=once,
            expects=expects,
        )

    def projects_abandon(
        self,
        project: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Abandon the project; counts once both said so.

        POST ``/api/projects/{project}/abandon``.
        For: project_officer.
        """
        return self._call(
            "projects.abandon", {"project": project, "reason": reason}, once=once, expects=expects
        )

    def projects_notice(
        self,
        project: str,
        *,
        reason: str,
        leaves: str,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Give notice that we leave.

        POST ``/api/projects/{project}/notice``.
        For: project_officer.
        """
        return self._call(
            "projects.notice",
            {"project": project, "reason": reason, "leaves": leaves, "zone": zone},
            once=once,
            expects=expects,
        )

    def projects_leave(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Leave, after notice.

        POST ``/api/projects/{project}/leave``.
        For: project_officer.
        """
        return self._call(
            "projects.leave", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_recall(
        self,
        project: str,
        *,
        of: Literal[
            "abandon",
            "approve",
            "claim",
            "close",
            "hand_over",
            "intend",
            "notice",
            "plan",
            "resume",
            "wind_up",
        ],
        words: str | None = None,
        milestone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we said and does not count yet.

        POST ``/api/projects/{project}/recall``.
        For: project_officer, mandate_holder.
        """
        return self._call(
            "projects.recall",
            {"project": project, "of": of, "words": words, "milestone": milestone},
            once=once,
            expects=expects,
        )

    def projects_remark(
        self,
        project: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say how it goes.

        POST ``/api/projects/{project}/remark``.
        For: project_officer.
        """
        return self._call(
            "projects.remark", {"project": project, "words": words}, once=once, expects=expects
        )

    def projects_disclosure(self, project: str) -> R:
        """What we may disclose in a project (private).

        GET ``/api/projects/{project}/disclosure``.
        For: technology_security_officer, mandate_holder.
        """
        return self._call("projects.disclosure", {"project": project})

    def projects_set_disclosure(
        self,
        project: str,
        *,
        levels: str | None = None,
        categories: str | None = None,
        may: str | None = None,
        may_not: str | None = None,
        whom: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Set what we may disclose (private).

        POST ``/api/projects/{project}/set_disclosure``.
        For: technology_security_officer.
        """
        return self._call(
            "projects.set_disclosure",
            {
                "project": project,
                "levels": levels,
                "categories": categories,
                "may": may,
                "may_not": may_not,
                "whom": whom,
            },
            once=once,
            expects=expects,
        )

    def bodies(
        self,
        *,
        state: Literal["all", "ended", "established", "proposed"] | None = None,
        counterpart: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Bodies in which both parties meet.

        GET ``/api/bodies``.
        """
        return self._call(
            "bodies", {"state": state, "counterpart": counterpart, "limit": limit, "cursor": cursor}
        )

    def bodies_show(self, body: str) -> R:
        """One body: its people, its meetings, what was said of it.

        GET ``/api/bodies/{body}``.
        """
        return self._call("bodies.show", {"body": body})

    def bodies_propose(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        name: str,
        level: Literal[
            "group",
            "leaders",
            "ministers",
            "senior_officials",
            "steering_committee",
            "working_group",
        ],
        chair: str,
        contact: str | None = None,
        parent: str | None = None,
        rhythm: str | None = None,
        terms: str | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Propose a body under an article in force.

        POST ``/api/bodies``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.propose",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "name": name,
                "level": level,
                "chair": chair,
                "contact": contact,
                "parent": parent,
                "rhythm": rhythm,
                "terms": terms,
                "words": words,
            },
            once=once,
        )

    def bodies_accept(
        self,
        body: str,
        *,
        chair: str,
        words: str | None = None,
        contact: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Accept a body as it was proposed, and name our co-chair.

        POST ``/api/bodies/{body}/accept``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.accept",
            {"body": body, "chair": chair, "words": words, "contact": contact},
            once=once,
            expects=expects,
        )

    def bodies_decline(
        self,
        body: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline a proposed body.

        POST ``/api/bodies/{body}/decline``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.decline", {"body": body, "reason": reason}, once=once, expects=expects
        )

    def bodies_withdraw(
        self,
        body: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back a proposal that is not answered.

        POST ``/api/bodies/{body}/withdraw``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.withdraw", {"body": body, "words": words}, once=once, expects=expects
        )

    def bodies_appoint(
        self,
        body: str,
        *,
        chair: str,
        words: str | None = None,
        contact: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Name another co-chair or point of contact of our side.

        POST ``/api/bodies/{body}/appoint``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.appoint",
            {"body": body, "chair": chair, "words": words, "contact": contact},
            once=once,
            expects=expects,
        )

    def bodies_terms(
        self,
        body: str,
        *,
        terms: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Name terms of reference of a body; count once both name the same.

        POST ``/api/bodies/{body}/terms``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.terms",
            {"body": body, "terms": terms, "words": words},
            once=once,
            expects=expects,
        )

    def bodies_wind_up(
        self,
        body: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Wind a body up; counts once both say so.

        POST ``/api/bodies/{body}/wind_up``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "bodies.wind_up", {"body": body, "reason": reason}, once=once, expects=expects
        )

    def meetings(
        self,
        *,
        state: Literal["ahead", "all", "held", "open"] | None = None,
        body: str | None = None,
        counterpart: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Meetings, and how they stand.

        GET ``/api/meetings``.
        """
        return self._call(
            "meetings",
            {
                "state": state,
                "body": body,
                "counterpart": counterpart,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def meetings_answers(self, *, limit: int | None = None, cursor: str | None = None) -> R:
        """Answers of calendar programs that wait for whoever handed them in.

        GET ``/api/meetings/answers``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call("meetings.answers", {"limit": limit, "cursor": cursor})

    def meetings_show(self, meeting: str) -> R:
        """One meeting.

        GET ``/api/meetings/{meeting}``.
        """
        return self._call("meetings.show", {"meeting": meeting})

    def meetings_calendar(self, meeting: str) -> R:
        """One meeting as a file for the calendar programs of our own people.

        GET ``/api/meetings/{meeting}/calendar``.
        """
        return self._call("meetings.calendar", {"meeting": meeting})

    def meetings_notes(self, meeting: str) -> R:
        """Our private notes on its items; they never cross.

        GET ``/api/meetings/{meeting}/notes``.
        For: liaison_officer, desk_officer, negotiator, legal_adviser, mandate_holder.
        """
        return self._call("meetings.notes", {"meeting": meeting})

    def meetings_propose(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        title: str,
        start: str,
        end: str,
        body: str | None = None,
        series: str | None = None,
        mode: Literal["correspondence", "in_person", "online"] | None = None,
        place: str | None = None,
        zone: str | None = None,
        host: Literal["them", "us"] | None = None,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Propose a meeting under an article in force.

        POST ``/api/meetings``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.propose",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "title": title,
                "start": start,
                "end": end,
                "body": body,
                "series": series,
                "mode": mode,
                "place": place,
                "zone": zone,
                "host": host,
                "words": words,
            },
            once=once,
        )

    def meetings_counter(
        self,
        meeting: str,
        *,
        words: str | None = None,
        mode: Literal["", "correspondence", "in_person", "online"] | None = None,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        zone: str | None = None,
        host: Literal["", "them", "us"] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Propose another time or place.

        POST ``/api/meetings/{meeting}/counter``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.counter",
            {
                "meeting": meeting,
                "words": words,
                "mode": mode,
                "place": place,
                "start": start,
                "end": end,
                "zone": zone,
                "host": host,
            },
            once=once,
            expects=expects,
        )

    def meetings_confirm(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Confirm the time and place that were proposed last.

        POST ``/api/meetings/{meeting}/confirm``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.confirm", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_decline(
        self,
        meeting: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Decline a proposed meeting.

        POST ``/api/meetings/{meeting}/decline``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.decline", {"meeting": meeting, "reason": reason}, once=once, expects=expects
        )

    def meetings_postpone(
        self,
        meeting: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Postpone a confirmed meeting.

        POST ``/api/meetings/{meeting}/postpone``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.postpone", {"meeting": meeting, "reason": reason}, once=once, expects=expects
        )

    def meetings_cancel(
        self,
        meeting: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Cancel a meeting that was not opened.

        POST ``/api/meetings/{meeting}/cancel``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.cancel", {"meeting": meeting, "reason": reason}, once=once, expects=expects
        )

    def meetings_add(
        self,
        meeting: str,
        *,
        title: str,
        words: str | None = None,
        about: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Add an item to the agenda.

        POST ``/api/meetings/{meeting}/add``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.add",
            {"meeting": meeting, "title": title, "words": words, "about": about},
            once=once,
            expects=expects,
        )

    def meetings_consent(
        self,
        meeting: str,
        *,
        item: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Consent to an item that the other side raised.

        POST ``/api/meetings/{meeting}/consent``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.consent",
            {"meeting": meeting, "item": item, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_drop(
        self,
        meeting: str,
        *,
        item: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Drop an item that we raised.

        POST ``/api/meetings/{meeting}/drop``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.drop",
            {"meeting": meeting, "item": item, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_agree(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Agree to the agenda as it is; counts once both do.

        POST ``/api/meetings/{meeting}/agree``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.agree", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_attend(
        self,
        meeting: str,
        *,
        people: Sequence[str],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say who takes part for our side.

        POST ``/api/meetings/{meeting}/attend``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.attend",
            {"meeting": meeting, "people": people, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_open(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Open the meeting; counts once both do.

        POST ``/api/meetings/{meeting}/open``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.open", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_outcome(
        self,
        meeting: str,
        *,
        item: str,
        kind: Literal["commitment", "decision", "deferred", "information"],
        text: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Write down what came of an item.

        POST ``/api/meetings/{meeting}/outcome``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.outcome",
            {"meeting": meeting, "item": item, "kind": kind, "text": text, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_retract(
        self,
        meeting: str,
        *,
        outcome: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back an outcome that we wrote.

        POST ``/api/meetings/{meeting}/retract``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.retract",
            {"meeting": meeting, "outcome": outcome, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_concur(
        self,
        meeting: str,
        *,
        outcome: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Concur in an outcome that the other side wrote.

        POST ``/api/meetings/{meeting}/concur``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.concur",
            {"meeting": meeting, "outcome": outcome, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_adjourn(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Adjourn the meeting; counts once both do.

        POST ``/api/meetings/{meeting}/adjourn``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.adjourn", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_close(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Close the meeting; counts once both do.

        POST ``/api/meetings/{meeting}/close``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.close", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_draft(
        self,
        meeting: str,
        *,
        texts: Sequence[str],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Draft the record, as the host.

        POST ``/api/meetings/{meeting}/draft``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.draft",
            {"meeting": meeting, "texts": texts, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_version(
        self,
        meeting: str,
        *,
        item: str,
        text: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Write our own text of an item of the record.

        POST ``/api/meetings/{meeting}/version``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.version",
            {"meeting": meeting, "item": item, "text": text, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_take(
        self,
        meeting: str,
        *,
        item: str,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take the other side's text of an item of the record.

        POST ``/api/meetings/{meeting}/take``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.take",
            {"meeting": meeting, "item": item, "words": words},
            once=once,
            expects=expects,
        )

    def meetings_seal(
        self,
        meeting: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Agree to the record as it is; counts once both do.

        POST ``/api/meetings/{meeting}/seal``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.seal", {"meeting": meeting, "words": words}, once=once, expects=expects
        )

    def meetings_recall(
        self,
        meeting: str,
        *,
        of: Literal["adjourn", "agree", "close", "consent", "open", "seal"],
        words: str | None = None,
        item: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we said and does not count yet.

        POST ``/api/meetings/{meeting}/recall``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.recall",
            {"meeting": meeting, "of": of, "words": words, "item": item},
            once=once,
            expects=expects,
        )

    def meetings_commit(
        self,
        meeting: str,
        *,
        outcome: str,
        title: str,
        test: str,
        performer: Literal["both", "them", "us"],
        beneficiary: Literal["both", "them", "us"],
        due: str,
        words: str | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Propose the commitment that an agreed outcome becomes.

        POST ``/api/meetings/{meeting}/commit``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.commit",
            {
                "meeting": meeting,
                "outcome": outcome,
                "title": title,
                "test": test,
                "performer": performer,
                "beneficiary": beneficiary,
                "due": due,
                "words": words,
                "zone": zone,
            },
            once=once,
            expects=expects,
        )

    def meetings_note(
        self,
        meeting: str,
        *,
        item: str,
        text: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Keep a private note on an item; it never crosses.

        POST ``/api/meetings/{meeting}/note``.
        For: liaison_officer, desk_officer, negotiator, legal_adviser, mandate_holder.
        """
        return self._call(
            "meetings.note",
            {"meeting": meeting, "item": item, "text": text},
            once=once,
            expects=expects,
        )

    def meetings_invite(
        self,
        meeting: str,
        *,
        address: str,
        by_mail: bool | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take part by a calendar program: the file asks it for an answer.

        POST ``/api/meetings/{meeting}/invite``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "meetings.invite",
            {"meeting": meeting, "address": address, "by_mail": by_mail},
            once=once,
            expects=expects,
        )

    def meetings_answer(self, *, message: str, once: str | None = None) -> R:
        """Read the answer of a calendar program; nothing is done before it is confirmed.

        POST ``/api/meetings/answers``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call("meetings.answer", {"message": message}, once=once)

    def meetings_answer_confirm(self, answer: str, *, once: str | None = None) -> R:
        """Do what an answer of a calendar program says.

        POST ``/api/meetings/answers/{answer}/confirm``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call("meetings.answer_confirm", {"answer": answer}, once=once)

    def meetings_answer_drop(self, answer: str, *, once: str | None = None) -> R:
        """Throw an answer of a calendar program away.

        POST ``/api/meetings/answers/{answer}/drop``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call("meetings.answer_drop", {"answer": answer}, once=once)

    def meetings_feed(self) -> R:
        """Whether we have a feed for our calendar program, and since when.

        GET ``/api/meetings/feed``.
        """
        return self._call("meetings.feed", {})

    def meetings_feed_new(self, *, language: str | None = None, once: str | None = None) -> R:
        """A new secret address of a feed for one's own calendar; the old one ends.

        POST ``/api/meetings/feed``.
        """
        return self._call("meetings.feed_new", {"language": language}, once=once)

    def meetings_feed_end(self, *, once: str | None = None) -> R:
        """End the feed: its address opens nothing any more.

        POST ``/api/meetings/feed/end``.
        """
        return self._call("meetings.feed_end", {}, once=once)

    def mail(self) -> R:
        """Whether meetings are sent to our own people by mail, and how.

        GET ``/api/mail``.
        """
        return self._call("mail", {})

    def mail_set(
        self,
        *,
        host: str,
        sender: str,
        domains: Sequence[str],
        port: int | None = None,
        security: Literal["plain", "starttls", "tls"] | None = None,
        once: str | None = None,
    ) -> R:
        """Send meetings to our own people by the house's mail relay.

        POST ``/api/mail``.
        For: engineer, mandate_holder.
        """
        return self._call(
            "mail.set",
            {
                "host": host,
                "sender": sender,
                "domains": domains,
                "port": port,
                "security": security,
            },
            once=once,
        )

    def mail_off(self, *, once: str | None = None) -> R:
        """Send no mail any more.

        POST ``/api/mail/off``.
        For: engineer, mandate_holder.
        """
        return self._call("mail.off", {}, once=once)

    def statements(
        self,
        *,
        state: Literal["all", "open", "ours", "out"] | None = None,
        counterpart: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> R:
        """Statements, and how they stand.

        GET ``/api/statements``.
        """
        return self._call(
            "statements",
            {"state": state, "counterpart": counterpart, "limit": limit, "cursor": cursor},
        )

    def statements_show(self, statement: str) -> R:
        """One statement.

        GET ``/api/statements/{statement}``.
        """
        return self._call("statements.show", {"statement": statement})

    def statements_departs(self, statement: str, readout: str) -> R:
        """Where a read-out departs from the statement, sentence by sentence.

        GET ``/api/statements/{statement}/departs/{readout}``.
        """
        return self._call("statements.departs", {"statement": statement, "readout": readout})

    def statements_page(
        self,
        statement: str,
        target: str | Path | BinaryIO,
        *,
        alternate: Literal["them", "us"] | None = None,
        progress: Progress | None = None,
    ) -> R:
        """The signed page of a released statement; anyone can verify it.

        GET ``/api/statements/{statement}/page``.
        """
        return self._download(
            "statements.page",
            target,
            {"statement": statement, "alternate": alternate},
            progress=progress,
        )

    def statements_begin(
        self,
        *,
        counterpart: str,
        instrument: str,
        unit: str,
        title: str,
        words: str | None = None,
        once: str | None = None,
    ) -> R:
        """Begin a joint statement under an article in force.

        POST ``/api/statements``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "statements.begin",
            {
                "counterpart": counterpart,
                "instrument": instrument,
                "unit": unit,
                "title": title,
                "words": words,
            },
            once=once,
        )

    def statements_text(
        self,
        statement: str,
        *,
        words: str | None = None,
        texts: Sequence[str] | None = None,
        principal: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Say which texts it has; counts once both say the same.

        POST ``/api/statements/{statement}/text``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "statements.text",
            {"statement": statement, "words": words, "texts": texts, "principal": principal},
            once=once,
            expects=expects,
        )

    def statements_mark(
        self,
        statement: str,
        *,
        words: str | None = None,
        sentences: Sequence[int] | None = None,
        mark: Literal["aspiration", "committed", "reaffirmed", "stated", "welcomed"] | None = None,
        title: str | None = None,
        test: str | None = None,
        performer: Literal["both", "them", "us"] | None = None,
        beneficiary: Literal["both", "them", "us"] | None = None,
        due: str | None = None,
        zone: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Mark sentences; a mark counts once both say the same.

        POST ``/api/statements/{statement}/mark``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "statements.mark",
            {
                "statement": statement,
                "words": words,
                "sentences": sentences,
                "mark": mark,
                "title": title,
                "test": test,
                "performer": performer,
                "beneficiary": beneficiary,
                "due": due,
                "zone": zone,
            },
            once=once,
            expects=expects,
        )

    def statements_clear_press(
        self,
        statement: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Clear it, as the press people of our side.

        POST ``/api/statements/{statement}/clear_press``.
        For: press_officer.
        """
        return self._call(
            "statements.clear_press",
            {"statement": statement, "words": words},
            once=once,
            expects=expects,
        )

    def statements_clear_legal(
        self,
        statement: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Clear it, as the legal people of our side.

        POST ``/api/statements/{statement}/clear_legal``.
        For: legal_adviser.
        """
        return self._call(
            "statements.clear_legal",
            {"statement": statement, "words": words},
            once=once,
            expects=expects,
        )

    def statements_unclear_press(
        self,
        statement: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back the clearance of our press people.

        POST ``/api/statements/{statement}/unclear_press``.
        For: press_officer.
        """
        return self._call(
            "statements.unclear_press",
            {"statement": statement, "reason": reason},
            once=once,
            expects=expects,
        )

    def statements_unclear_legal(
        self,
        statement: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back the clearance of our legal people.

        POST ``/api/statements/{statement}/unclear_legal``.
        For: legal_adviser.
        """
        return self._call(
            "statements.unclear_legal",
            {"statement": statement, "reason": reason},
            once=once,
            expects=expects,
        )

    def statements_order(
        self,
        statement: str,
        *,
        words: str | None = None,
        at: str | None = None,
        zone: str | None = None,
        channels: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Order its release at a time; counts once both order the same.

        POST ``/api/statements/{statement}/order``.
        For: liaison_officer, desk_officer, negotiator, press_officer.
        """
        return self._call(
            "statements.order",
            {
                "statement": statement,
                "words": words,
                "at": at,
                "zone": zone,
                "channels": channels,
                "languages": languages,
            },
            once=once,
            expects=expects,
        )

    def statements_pull(
        self,
        statement: str,
        *,
        reason: str,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Pull it: it is not released.

        POST ``/api/statements/{statement}/pull``.
        For: liaison_officer, desk_officer, negotiator, press_officer.
        """
        return self._call(
            "statements.pull",
            {"statement": statement, "reason": reason},
            once=once,
            expects=expects,
        )

    def statements_release(
        self,
        statement: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Release it for our side, after its time; this cannot be taken back.

        POST ``/api/statements/{statement}/release``.
        For: liaison_officer, desk_officer, negotiator, press_officer.
        """
        return self._call(
            "statements.release",
            {"statement": statement, "words": words},
            once=once,
            expects=expects,
        )

    def statements_correct(
        self,
        statement: str,
        *,
        texts: JsonObject,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Ask for an erratum to a released statement.

        POST ``/api/statements/{statement}/correct``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "statements.correct",
            {"statement": statement, "texts": texts, "words": words},
            once=once,
            expects=expects,
        )

    def statements_accept_correction(
        self,
        statement: str,
        *,
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Accept the erratum that they ask for.

        POST ``/api/statements/{statement}/accept_correction``.
        For: liaison_officer, desk_officer, negotiator.
        """
        return self._call(
            "statements.accept_correction",
            {"statement": statement, "words": words},
            once=once,
            expects=expects,
        )

    def statements_recall(
        self,
        statement: str,
        *,
        of: Literal["correct", "mark", "order", "text"],
        words: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Take back what we asked for and does not count yet.

        POST ``/api/statements/{statement}/recall``.
        For: liaison_officer, desk_officer, negotiator, press_officer.
        """
        return self._call(
            "statements.recall",
            {"statement": statement, "of": of, "words": words},
            once=once,
            expects=expects,
        )

    def statements_readout(
        self,
        statement: str,
        *,
        title: str,
        text: str,
        words: str | None = None,
        language: str | None = None,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        """Issue a read-out of our own, labelled so.

        POST ``/api/statements/{statement}/readout``.
        For: liaison_officer, desk_officer, negotiator, press_officer.
        """
        return self._call(
            "statements.readout",
            {
                "statement": statement,
                "title": title,
                "text": text,
                "words": words,
                "language": language,
            },
            once=once,
            expects=expects,
        )
