"""How two parties meet: letters as files, fingerprints compared by people, two of whom accept.

No trust on first use, no registry: a relationship exists because two officials accepted one exact
letter. Source: identity-and-signatures 5.2; design 13.3.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Period
from comity.node.context import HOUSE, Context, text_of
from comity.node.ledger import NewAct
from comity.node.officials import Officials
from comity.node.requests import Completion, NewRequest, Requests, Signed, known_keys
from comity.parties.approvals import approval_document, read_approvals
from comity.parties.letters import (
    Endpoints,
    Fingerprint,
    Letter,
    LetterContent,
    check_introduction,
    letter_document,
    log_origin,
    pack_letter,
    read_letter,
    rel_id,
    unpack_letter,
)
from comity.parties.signatures import sign_document
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

_VALID: Final = Period(years=0, months=0, days=30)
_DIGITS: Final = re.compile(r"[^0-9]")


@attrs.frozen(kw_only=True)
class Introductions:
    """The desk for letters of introduction."""

    ctx: Context
    requests: Requests
    officials: Officials
    _letters: dict[str, Letter] = attrs.field(factory=dict)

    def completions(self) -> Mapping[str, Completion]:
        """Return what follows when all signatures of a request are in."""
        return {"letters.accept": self._accepted}

    def export(self, tx: Tx, *, new: bool) -> JsonObject:
        """Return our letter as a file; the same one until it expires or a new one is asked for."""
        now = self.ctx.now()
        thing = tx.things.get(HOUSE, "letter", "own")
        if thing is not None and not new:
            letter = self.requests.own_letter(tx)
            if letter.valid_until > now:
                return self._exported(text_of(thing.value, "letter"), letter)
        document = self._document(tx)
        signatures = sign_document(
            document,
            signer=self.ctx.keys.seal,
            capacity="seal",
            on_behalf_of=self.ctx.config.party,
            full_powers=None,
        )
        packed = base64url.encode(pack_letter(document, signatures))
        tx.things.put(HOUSE, "letter", "own", value={"letter": packed})
        letter = read_letter(document, signatures, at=now, purpose=self.ctx.config.purpose)
        self.ctx.ledger.house(tx, "house.letter_exported", {"letter": letter.digest})
        return self._exported(packed, letter)

    def _document(self, tx: Tx) -> bytes:
        config, keys, now = self.ctx.config, self.ctx.keys, self.ctx.now()
        return letter_document(
            LetterContent(
                party=config.party,
                name=config.name,
                form=config.form,
                purpose=config.purpose,
                endpoints=Endpoints(
                    peer=f"{config.origin}/comity/v1", dsp=f"{config.origin}/dsp/2025-1"
                ),
                keys=keys.public,
                appointing=self.requests.appointing_officials(tx),
                rule_sets=("1",),
                valid_from=now,
                valid_until=_VALID.after(now),
                nonce=self.ctx.chance.token(16).hex(),
            )
        )

    def _exported(self, packed: str, letter: Letter) -> JsonObject:
        return {
            "letter": packed,
            "party": letter.party,
            "name": letter.name,
            "valid_until": str(letter.valid_until),
            "digest": letter.digest,
        }

    def read(self, tx: Tx, packed: str) -> JsonObject:
        """Return what a counterpart's letter says and the fingerprint to compare."""
        letter, mark = self.given(tx, packed)
        return {
            "party": letter.party,
            "name": letter.name,
            "purpose": letter.purpose,
            "valid_until": str(letter.valid_until),
            "address": letter.endpoints.peer,
            "appointing": [one.office for one in letter.appointing],
            "fingerprint": {
                "groups": " ".join(mark.groups),
                "words": " ".join(mark.words),
                "hex": mark.hex,
            },
        }

    def given(self, tx: Tx, packed: str) -> tuple[Letter, Fingerprint]:
        """Return a counterpart's letter that may be accepted now, and the common fingerprint.

        Raises: as ``read_letter`` and ``check_introduction``;
            PeerError: ``letters.accepted_before``; MisuseError: ``letters.known_party``.
        """
        document, signatures = unpack_letter(base64url.decode(packed, what="letter"))
        letter = read_letter(
            document, signatures, at=self.ctx.now(), purpose=self.ctx.config.purpose
        )
        own = self.requests.own_letter(tx)
        if tx.things.get(HOUSE, "letter_used", letter.digest) is not None:
            raise PeerError(
                "letters.accepted_before", "This letter was accepted before; ask for a new one."
            )
        if tx.relationships.by_counterpart(letter.party) is not None:
            raise MisuseError(
                "letters.known_party",
                f"{letter.name} is already a counterpart of ours. A change of keys or address is"
                " not made by a new letter.",
            )
        return letter, check_introduction(own, letter)

    def ask(self, tx: Tx, packed: str, compared: str) -> JsonObject:
        """Return the request by which two officials accept a letter.

        Raises:
            PeerError: ``letters.fingerprint``: what was compared is another fingerprint.
        """
        letter, mark = self.given(tx, packed)
        if _DIGITS.sub("", compared) != "".join(mark.groups):
            raise PeerError(
                "letters.fingerprint",
                "The fingerprint that was compared does not belong to this letter and ours:"
                f" here it is {' '.join(mark.groups)}. Do not accept; compare again over the"
                " telephone or in person.",
            )
        subject: JsonObject = {
            "letter": letter.digest,
            "fingerprint": mark.hex,
            "counterpart": letter.party,
        }
        return self.requests.create(
            tx,
            NewRequest(
                operation="letters.accept",
                capacity="approve",
                document=approval_document(subject, "letters.accept"),
                signers=self.requests.appointing(tx, self.requests.own_letter(tx)),
                needed=2,
                title=f"Acceptance of the letter of introduction of {letter.name}",
                shown=(
                    f"We accept {letter.name} ({letter.party}) as our counterpart.",
                    f"Fingerprint compared: {' '.join(mark.groups)}",
                    f"                      {' '.join(mark.words)}",
                    f"From then on our node talks to {letter.endpoints.peer} and to no other.",
                ),
                context={"letter": packed, "fingerprint": mark.hex},
            ),
        )

    def _accepted(self, tx: Tx, signed: Signed) -> JsonObject:
        packed = text_of(signed.context, "letter")
        letter, mark = self.given(tx, packed)
        read_approvals(signed.document, signed.signatures, officials=known_keys(tx), needed=2)
        if mark.hex != signed.context["fingerprint"]:
            raise MisuseError(
                "letters.own_changed",
                "Our own letter was renewed since the fingerprint was compared: compare again.",
            )
        rel = self._open(tx, letter, rel_id(mark), packed=packed)
        own = self.requests.own_letter(tx)
        _, own_signatures = unpack_letter(
            base64url.decode(self._own_packed(tx), what="stored letter")
        )
        self.ctx.ledger.append(
            tx,
            rel,
            NewAct(
                kind="letter.introduce",
                data={"letter": own.digest, "rules": "1"},
                documents={"document": own.document, "signatures": own_signatures},
            ),
        )
        self.ctx.ledger.append(
            tx,
            rel,
            NewAct(kind="letter.accept", data={"letter": letter.digest, "fingerprint": mark.hex}),
        )
        self.ctx.ledger.house(
            tx,
            "house.letter_accepted",
            {"letter": letter.digest, "request": text_of(signed.request, "request")},
        )
        self.officials.record_powers(tx, rel.rel_id)
        return {"counterpart": letter.party, "name": letter.name, "relationship": rel.rel_id}

    def _own_packed(self, tx: Tx) -> str:
        thing = tx.things.get(HOUSE, "letter", "own")
        assert thing is not None
        return text_of(thing.value, "letter")

    def _open(self, tx: Tx, letter: Letter, name: str, *, packed: str) -> RelationshipRow:
        rel = RelationshipRow(
            rel_id=name,
            counterpart=letter.party,
            own_origin=log_origin(self.ctx.config.party, name, 0),
            peer_origin=log_origin(letter.party, name, 0),
            status="introduced",
            reason="",
            created=self.ctx.now(),
        )
        tx.relationships.add(rel)
        tx.logs.create(rel.own_origin, rel_id=name, role="own")
        tx.logs.create(rel.peer_origin, rel_id=name, role="mirror")
        value: JsonObject = {
            "name": letter.name,
            "letter": packed,
            "own_letter": self._own_packed(tx),
            "party": letter.party,
        }
        tx.things.add(HOUSE, "introduction", name, value=value)
        tx.things.add(HOUSE, "letter_used", letter.digest, value={"relationship": name})
        return rel

    def letter_of(self, tx: Tx, rel: RelationshipRow, *, own: bool = False) -> Letter:
        """Return the counterpart's letter we accepted, or our own that they were given."""
        key = f"{rel.rel_id}/{'own' if own else 'peer'}"
        if key not in self._letters:
            thing = tx.things.get(HOUSE, "introduction", rel.rel_id)
            assert thing is not None
            packed = text_of(thing.value, "own_letter" if own else "letter")
            document, signatures = unpack_letter(base64url.decode(packed, what="stored letter"))
            self._letters[key] = read_letter(
                document, signatures, at=None, purpose=self.ctx.config.purpose
            )
        return self._letters[key]
