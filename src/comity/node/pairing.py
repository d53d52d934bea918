"""Pairing step by step: whose letter is where, what was compared, who must act next.

The steps are those of ``introductions``; here they are told apart, so that a page can lead through
them. What our fingerprint is stands in the answer for reading it out; what the counterpart read out
is typed and compared here. Source: identity-and-signatures 5.2; design 13.3.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.node.context import HOUSE, Context, counterpart_name, text_of
from comity.node.introductions import Introductions
from comity.node.officials import Official
from comity.node.requests import Requests
from comity.parties.letters import Fingerprint, Letter
from comity.parties.lookalikes import check_seen, likeness, mixed_words
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

_DIGITS: Final = 32
_GROUP: Final = 4


@attrs.frozen(kw_only=True)
class Pairing:
    """The desk for pairing."""

    ctx: Context
    introductions: Introductions
    requests: Requests

    def receive(self, tx: Tx, packed: str, *, by: Official) -> JsonObject:
        """Keep a counterpart's letter to be compared; the same letter again is the same pairing.

        Raises: as ``Introductions.given``; PeerError: ``letters.name_unseen``.
        """
        letter, mark = self.introductions.given(tx, packed)
        check_seen(letter.name)
        known = tx.things.get(HOUSE, "pairing", letter.digest)
        if known is None:
            value: JsonObject = {
                "letter": packed,
                "party": letter.party,
                "name": letter.name,
                "read": str(self.ctx.now()),
                "read_by": by.id,
                "request": None,
                "compared": None,
                "compared_by": None,
            }
            tx.things.add(HOUSE, "pairing", letter.digest, value=value, status="read")
            self.ctx.ledger.house(tx, "house.letter_read", {"letter": letter.digest, "by": by.id})
        return {
            **self._one(tx, letter.digest),
            **self._said(tx, letter, mark),
            "again": known is not None,
        }

    def show(self, tx: Tx, pairing: str) -> JsonObject:
        """Return how far one pairing is, what the letter says, and our fingerprint to read out.

        Raises:
            MisuseError: ``letters.no_pairing``. PeerError: as ``read_letter``, where the letter
            cannot be used any more.
        """
        value = self._find(tx, pairing)
        shown = self._one(tx, pairing)
        if shown["state"] in {"accepted", "open", "frozen"}:
            return shown
        letter, mark = self.introductions.given(tx, text_of(value, "letter"))
        return {**shown, **self._said(tx, letter, mark)}

    def compare(self, tx: Tx, pairing: str, typed: str, *, by: Official) -> JsonObject:
        """Return the request to accept the letter, once what was typed is our fingerprint too.

        Args:
            tx: The unit of work.
            pairing: Which.
            typed: The digits as the counterpart read them out.
            by: Who compared.

        Raises:
            MisuseError: ``letters.fingerprint_length``: not 32 digits.
            PeerError: ``letters.fingerprint_differs``: which groups differ; nothing is accepted.
        """
        value = self._find(tx, pairing)
        packed = text_of(value, "letter")
        _, mark = self.introductions.given(tx, packed)
        digits = _digits(typed)
        if len(digits) != _DIGITS:
            raise MisuseError(
                "letters.fingerprint_length",
                f"A fingerprint is eight groups of four digits, {_DIGITS} in all; typed were"
                f" {len(digits)}. Let them read it out again.",
                {"digits": len(digits)},
            )
        groups = [digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP)]
        wrong = [
            number
            for number, (one, ours) in enumerate(zip(groups, mark.groups, strict=True), start=1)
            if one != ours
        ]
        if wrong:
            self.ctx.ledger.house(
                tx, "house.fingerprint_differed", {"letter": pairing, "by": by.id}
            )
            raise PeerError(
                "letters.fingerprint_differs",
                "The fingerprints differ, in group"
                f" {', '.join(map(str, wrong))} of 8. Let them read it out once more. If it differs"
                " again, one of the letters was changed on the way: do not accept, and exchange"
                " letters anew by another way.",
                {"groups": wrong},
            )
        request = self.introductions.ask(tx, packed, " ".join(groups))
        tx.things.put(
            HOUSE,
            "pairing",
            pairing,
            value={
                **value,
                "request": request["request"],
                "compared": str(self.ctx.now()),
                "compared_by": by.id,
            },
            status="compared",
        )
        return {"pairing": pairing, "request": request["request"]}

    def forget(self, tx: Tx, pairing: str, *, by: Official) -> JsonObject:
        """Put a letter aside that was not accepted; its open request goes with it.

        Raises:
            MisuseError: ``letters.no_pairing``, ``letters.known_party``.
        """
        value = self._find(tx, pairing)
        if self._relationship(tx, pairing) is not None:
            raise MisuseError(
                "letters.pairing_made", "This letter is accepted: a relationship is not forgotten."
            )
        request = value["request"]
        if isinstance(request, str):
            thing = tx.things.get(HOUSE, "request", request)
            if thing is not None and thing.status == "waiting":
                self.requests.drop(tx, request, by=by.id)
        tx.things.delete(HOUSE, "pairing", pairing)
        self.ctx.ledger.house(tx, "house.letter_put_aside", {"letter": pairing, "by": by.id})
        return {"pairing": pairing, "forgotten": True}

    def listing(self, tx: Tx) -> JsonObject:
        """Return how far our own letter and each pairing is, with who must act since when."""
        names = {row.name for row in tx.things.list(HOUSE, "pairing")}
        names |= {row.name for row in tx.things.list(HOUSE, "letter_used")}
        return {"own": self._own(tx), "pairings": [self._one(tx, name) for name in sorted(names)]}

    def one(self, tx: Tx, pairing: str) -> JsonObject | None:
        """Return how far one pairing is; None for a letter that does not lie here."""
        kinds = ("pairing", "letter_used")
        if all(tx.things.get(HOUSE, kind, pairing) is None for kind in kinds):
            return None
        return self._one(tx, pairing)

    def _own(self, tx: Tx) -> JsonObject | None:
        thing = tx.things.get(HOUSE, "letter", "own")
        if thing is None:
            return None
        letter = self.requests.own_letter(tx)
        return {
            "digest": letter.digest,
            "made": str(thing.updated),
            "valid_until": str(letter.valid_until),
            "expired": letter.valid_until < self.ctx.now(),
        }

    def _one(self, tx: Tx, pairing: str) -> JsonObject:
        """Return one pairing: its state, the steps done, who must act since when."""
        rel = self._relationship(tx, pairing)
        thing = tx.things.get(HOUSE, "pairing", pairing)
        value: JsonObject = {} if thing is None else thing.value
        state, since, who, signed = self._state(tx, value, rel)
        assert thing is not None or rel is not None
        return {
            "pairing": pairing,
            "party": rel.counterpart if rel is not None else value["party"],
            "name": counterpart_name(tx, rel) if rel is not None else value["name"],
            "state": state,
            "since": since,
            "who": list(who),
            "read": value.get("read"),
            "read_by": value.get("read_by"),
            "compared": value.get("compared"),
            "compared_by": value.get("compared_by"),
            "request": value.get("request") if rel is None else None,
            "signed_by": list(signed),
            "names": self.introductions.officials.names(
                tx, [value.get("read_by"), value.get("compared_by"), *who, *signed]
            ),
            "relationship": None if rel is None else rel.rel_id,
            "accepted": None if rel is None else str(rel.created),
        }

    def _state(
        self, tx: Tx, value: JsonObject, rel: RelationshipRow | None
    ) -> tuple[str, Json, tuple[str, ...], tuple[str, ...]]:
        """Return state, since when, who must act (ids, or ``them``), who signed."""
        if rel is not None:
            if rel.status == "introduced":
                return "accepted", str(rel.created), ("them",), ()
            return rel.status, None, (), ()
        request = value["request"]
        thing = tx.things.get(HOUSE, "request", request) if isinstance(request, str) else None
        if thing is None or thing.status != "waiting":
            return "read", value["read"], ("us",), ()
        asked, given = thing.value["signers"], thing.value["signatures"]
        assert isinstance(asked, list)
        assert isinstance(given, Mapping)
        missing = tuple(str(one) for one in asked if one not in given)
        return "compared", value["compared"], missing, tuple(sorted(given))

    def _relationship(self, tx: Tx, pairing: str) -> RelationshipRow | None:
        used = tx.things.get(HOUSE, "letter_used", pairing)
        return None if used is None else tx.relationships.get(text_of(used.value, "relationship"))

    def _find(self, tx: Tx, pairing: str) -> JsonObject:
        thing = tx.things.get(HOUSE, "pairing", pairing)
        if thing is None:
            raise MisuseError(
                "letters.no_pairing", f"There is no letter {pairing[:70]!r} here. Read it anew."
            )
        return thing.value

    def _said(self, tx: Tx, letter: Letter, mark: Fingerprint) -> JsonObject:
        return {
            "purpose": letter.purpose,
            "form": letter.form,
            "address": letter.endpoints.peer,
            "valid_from": str(letter.valid_from),
            "valid_until": str(letter.valid_until),
            "appointing": [one.office for one in letter.appointing],
            "fingerprint": {"groups": list(mark.groups), "words": list(mark.words)},
            "warnings": list(self._warnings(tx, letter)),
        }

    def _warnings(self, tx: Tx, letter: Letter) -> Iterator[JsonObject]:
        """Return what a person should look at twice; a warning decides nothing."""
        known = {counterpart_name(tx, row): row.counterpart for row in tx.relationships.list()}
        known[self.ctx.config.name] = self.ctx.config.party
        for row in tx.things.list(HOUSE, "pairing"):
            if row.name != letter.digest:
                known.setdefault(text_of(row.value, "name"), text_of(row.value, "party"))
        for one in likeness(letter.name, list(known)):
            if known[one.name] != letter.party:
                yield {"code": f"name_{one.how}", "name": one.name, "party": known[one.name]}
        for word in mixed_words(letter.name):
            yield {"code": "name_mixed", "name": word, "party": letter.party}


def _digits(typed: str) -> str:
    """Return the decimal digits in what was typed, of whatever script, as ASCII."""
    found = (unicodedata.decimal(one, None) for one in typed)
    return "".join(str(digit) for digit in found if digit is not None)
