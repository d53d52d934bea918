"""The officials of this party: who they are here, what they may enter, and their full powers.

Roles say what an official may enter at this node; only full powers say what binds, and those need
the party's seal and both appointing officials (design 13.4). Keys never come here: an official
hands in a card with public keys.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs

from comity.api import operations as op
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.foundation.limits import NAME_CHARS_MAX
from comity.foundation.text import check_text
from comity.node.context import HOUSE, Context, text_of
from comity.node.ledger import NewAct
from comity.node.requests import Completion, NewRequest, Requests, Signed
from comity.parties.keys import PairKey
from comity.parties.letters import Letter
from comity.parties.powers import (
    FullPowers,
    PowersContent,
    full_powers_document,
    read_full_powers,
    revocation_document,
)
from comity.parties.signatures import Capacity, merge, sign_document
from comity.storage.tx import Tx

#: An id stands in addresses of pages and after ``--as``.
_ID: Final = re.compile(r"[^\W_][\w.-]{0,59}")


@attrs.frozen(kw_only=True)
class Official:
    """One official as this node knows them.

    Attributes:
        key: Their public keys; None for a person who can enter acts but sign nothing.
        disabled: Whether the account is closed: such a person can neither enter nor sign.
    """

    id: str
    name: str
    office: str
    roles: tuple[str, ...]
    key: PairKey | None
    disabled: bool = False

    @classmethod
    def read(cls, value: JsonObject) -> "Official":
        """Return the official from the stored object."""
        roles = value["roles"]
        assert isinstance(roles, list)
        return cls(
            id=text_of(value, "id"),
            name=text_of(value, "name"),
            office=text_of(value, "office"),
            roles=tuple(str(role) for role in roles),
            key=PairKey.from_json(value["keys"], what="an official's keys")
            if "keys" in value
            else None,
            disabled=value.get("disabled") is True,
        )

    def to_json(self) -> JsonObject:
        """Return the object to store and to show."""
        value: dict[str, Json] = {
            "id": self.id,
            "name": self.name,
            "office": self.office,
            "roles": list(self.roles),
        }
        if self.key is not None:
            value["keys"] = self.key.to_json()
        if self.disabled:
            value["disabled"] = True
        return value


@attrs.frozen(kw_only=True)
class Officials:
    """The desk for officials and full powers."""

    ctx: Context
    requests: Requests

    def completions(self) -> Mapping[str, Completion]:
        """Return what follows when all signatures of a request are in."""
        return {"powers.grant": self._granted, "powers.revoke": self._revoked}

    def find(self, tx: Tx, name: str) -> Official:
        """Return the official with that id.

        Raises:
            MisuseError: ``officials.unknown``: there is none; the known ones are named.
        """
        thing = tx.things.get(HOUSE, "official", name)
        if thing is None:
            known = ", ".join(row.name for row in tx.things.list(HOUSE, "official")) or "none yet"
            raise MisuseError(
                "officials.unknown", f"No official {name[:60]!r} is known here; known: {known}."
            )
        return Official.read(thing.value)

    def check_role(self, tx: Tx, name: str | None, operation: op.Operation) -> Official | None:
        """Return the acting official, once the role allows the operation.

        Raises:
            MisuseError: ``officials.nobody_named``: the operation needs an official.
            RefusedError: ``officials.role``: the official has another role; names who could;
                ``officials.disabled``: the account is closed.
        """
        if name is None:
            if operation.roles and not operation.founding:
                raise MisuseError(
                    "officials.nobody_named",
                    f"Say who acts: --as OFFICIAL. {operation.summary} is for:"
                    f" {', '.join(operation.roles)}.",
                )
            return None
        official = self.find(tx, name)
        if official.disabled:
            raise RefusedError(
                "officials.disabled",
                f"The account of {official.name} is closed. An engineer or mandate holder can open"
                " it again.",
            )
        if operation.roles and not set(operation.roles) & set(official.roles):
            able = [one.id for one in self.holding(tx, operation.roles)]
            raise RefusedError(
                "officials.role",
                f"{official.name} ({', '.join(official.roles)}) may not do this:"
                f" {operation.summary}. It is for {', '.join(operation.roles)}; here that is"
                f" {', '.join(able) or 'nobody yet'}.",
                {"roles": list(operation.roles), "able": able},
            )
        return official

    def all(self, tx: Tx) -> tuple[Official, ...]:
        """Return all officials by id, those whose account is closed too."""
        return tuple(Official.read(row.value) for row in tx.things.list(HOUSE, "official"))

    def holding(self, tx: Tx, roles: Sequence[str]) -> tuple[Official, ...]:
        """Return the officials with an open account who have one of these roles."""
        return tuple(
            one for one in self.all(tx) if not one.disabled and set(one.roles) & set(roles)
        )

    def read_card(self, request: op.AddOfficial) -> Official:
        """Return the official whom a card names; without keys where the card has none.

        Raises:
            MisuseError: ``officials.card``, ``officials.id``; as ``check_text`` and ``PairKey``.
        """
        card = request.card
        if set(card) - {"keys"} != {"id", "name", "office"}:
            raise MisuseError(
                "officials.card", "That is no official's card (card.json of a personal folder)."
            )
        name = check_text(str(card["id"]), what="the id")
        if not _ID.fullmatch(name):
            raise MisuseError(
                "officials.id",
                "The id of an official is 1 to 60 letters, digits, dots, hyphens or underscores,"
                f" and begins with a letter or digit; found {name[:60]!r}.",
            )
        return Official(
            id=name,
            name=one_line(str(card["name"]), what="name"),
            office=one_line(str(card["office"]), what="office"),
            roles=tuple(dict.fromkeys(request.roles)),
            key=PairKey.from_json(_plain(card["keys"]), what="The card's keys")
            if "keys" in card
            else None,
        )

    def check_new(self, tx: Tx, official: Official) -> Official:
        """Return the official as they may be stored beside those who are known.

        Raises:
            MisuseError: ``officials.same_key``, ``officials.other_key``.
        """
        for other in self.all(tx):
            if other.id == official.id:
                if other.key is not None and official.key is None:
                    official = attrs.evolve(official, key=other.key)
                elif other.key is not None and other.key != official.key:
                    raise MisuseError(
                        "officials.other_key",
                        f"{other.name} is known with another key. Keys are not replaced in place:"
                        " revoke the full powers, then use a new id.",
                    )
                official = attrs.evolve(official, disabled=other.disabled)
            elif official.key is not None and other.key == official.key:
                raise MisuseError(
                    "officials.same_key",
                    f"{other.name} is known with the same key: one person is one official.",
                )
        return official

    def store(self, tx: Tx, official: Official, **why: Json) -> JsonObject:
        """Store an official, note it in the house log, and return what was stored."""
        tx.things.put(HOUSE, "official", official.id, value=official.to_json())
        self.ctx.ledger.house(tx, "house.official", {"official": official.to_json(), **why})
        return official.to_json()

    def names(self, tx: Tx, ids: Iterable[Json]) -> JsonObject:
        """Return what people call these officials, by id; whoever is not known is left out."""
        wanted = {one for one in ids if isinstance(one, str)}
        return {one.id: one.name for one in self.all(tx) if one.id in wanted}

    def listing(self, tx: Tx) -> JsonObject:
        """Return all officials with their full powers."""
        return {"officials": [self.shown(tx, one) for one in self.all(tx)]}

    def shown(self, tx: Tx, official: Official) -> JsonObject:
        """Return an official with full powers, and whether the account is open."""
        held: list[Json] = [
            {
                "powers": power.digest,
                "acts": list(power.acts),
                "instruments": power.instruments
                if isinstance(power.instruments, str)
                else list(power.instruments),
                "valid_from": str(power.valid_from),
                "valid_until": str(power.valid_until),
            }
            for power in (() if official.key is None else self.held_by(tx, official.key))
        ]
        return {
            **official.to_json(),
            "key": None if official.key is None else official.key.id,
            "disabled": official.disabled,
            "password": self._has_password(tx, official.id),
            "passkeys": len(tx.things.list(HOUSE, "passkey", status=official.id)),
            "full_powers": held,
        }

    def _has_password(self, tx: Tx, official: str) -> bool:
        thing = tx.things.get(HOUSE, "account", official)
        return thing is not None and isinstance(thing.value.get("password"), str)

    def ask_powers(self, tx: Tx, request: op.GrantPowers, *, letter: Letter) -> JsonObject:
        """Return the request by which two appointing officials give full powers."""
        official = self.find(tx, request.official)
        key = self.key_of(official)
        whole = ", ".join(request.instruments) or "any instrument"
        document = full_powers_document(
            PowersContent(
                party=self.ctx.config.party,
                name=official.name,
                office=official.office,
                key=key,
                acts=tuple(Capacity(act) for act in request.acts),
                instruments=tuple(request.instruments) or "any",
                valid_from=self.ctx.now(),
                valid_until=Instant.parse(request.valid_until),
            )
        )
        return self.requests.create(
            tx,
            NewRequest(
                operation="powers.grant",
                capacity="appoint",
                document=document,
                signers=self.requests.appointing(tx, letter),
                needed=2,
                title=f"Full powers for {official.name}, {official.office}",
                shown=(
                    f"{official.name}, {official.office}, may act for {self.ctx.config.name}:",
                    *(f"  {act.replace('_', ' ')}" for act in request.acts),
                    f"until {request.valid_until}, for {whole}.",
                ),
            ),
        )

    def key_of(self, official: Official) -> PairKey:
        """Return the keys of an official who must have some.

        Raises:
            MisuseError: ``officials.no_keys``: they have not handed in a card.
        """
        if official.key is None or official.disabled:
            raise MisuseError(
                "officials.no_keys",
                f"{official.name} cannot sign: the account is closed."
                if official.disabled
                else f"{official.name} has no keys here yet: they make their own with comity"
                " officials new and hand in the card.",
            )
        return official.key

    def ask_revocation(self, tx: Tx, request: op.RevokePowers, *, letter: Letter) -> JsonObject:
        """Return the request by which two appointing officials end full powers."""
        official = self.find(tx, request.official)
        held = [] if official.key is None else self.held_by(tx, official.key)
        if not held:
            raise MisuseError("officials.no_powers", f"{official.name} holds no full powers.")
        return self.requests.create(
            tx,
            NewRequest(
                operation="powers.revoke",
                capacity="revoke",
                document=revocation_document(held[-1].digest, request.reason),
                signers=self.requests.appointing(tx, letter),
                needed=1,
                title=f"End of the full powers of {official.name}",
                shown=(f"The full powers of {official.name}, {official.office}, end.",),
                context={"powers": held[-1].digest},
            ),
        )

    def powers(self, tx: Tx) -> tuple[FullPowers, ...]:
        """Return the full powers this party has given and not ended, oldest first."""
        given = tx.things.list(HOUSE, "powers", status="given")
        if not given:
            return ()  # also before our letter was exported, which they are verified by
        letter = self.requests.own_letter(tx)
        found = []
        for row in given:
            document = base64url.decode(text_of(row.value, "document"), what="stored full powers")
            signatures = base64url.decode(
                text_of(row.value, "signatures"), what="stored signatures"
            )
            found.append(read_full_powers(document, signatures, letter=letter))
        return tuple(sorted(found, key=lambda power: (power.valid_from, power.digest)))

    def held_by(self, tx: Tx, key: PairKey) -> list[FullPowers]:
        """Return the full powers that the holder of these keys has, oldest first."""
        return [power for power in self.powers(tx) if power.key.id == key.id]

    def record_powers(self, tx: Tx, rel_id: str) -> None:
        """Record all full powers in a relationship's log; for one that has just begun."""
        rel = tx.relationships.get(rel_id)
        assert rel is not None
        for row in tx.things.list(HOUSE, "powers", status="given"):
            self.ctx.ledger.append(tx, rel, _grant(row.value))

    def _granted(self, tx: Tx, signed: Signed) -> JsonObject:
        document = signed.document
        sealed = merge(signed.signatures, self._seal(document))
        powers = read_full_powers(document, sealed, letter=self.requests.own_letter(tx))
        value: JsonObject = {
            "digest": powers.digest,
            "document": base64url.encode(document),
            "signatures": base64url.encode(sealed),
        }
        tx.things.put(HOUSE, "powers", powers.digest, value=value, status="given")
        told: dict[str, Json] = {"powers": powers.digest, "official": powers.name}
        for rel in tx.relationships.list():
            if rel.status != "frozen":
                self.ctx.ledger.append(tx, rel, _grant(value))
                told["relationship"] = rel.rel_id
        return told

    def _revoked(self, tx: Tx, signed: Signed) -> JsonObject:
        document = signed.document
        powers = text_of(signed.context, "powers")
        thing = tx.things.get(HOUSE, "powers", powers)
        assert thing is not None
        tx.things.put(HOUSE, "powers", powers, value=thing.value, status="ended")
        act = NewAct(
            kind="powers.revoke",
            data={"powers": powers},
            documents={
                "document": document,
                "signatures": merge(signed.signatures, self._seal(document)),
            },
        )
        for rel in tx.relationships.list():
            if rel.status != "frozen":
                self.ctx.ledger.append(tx, rel, act)
        return {"powers": powers, "ended": True}

    def _seal(self, document: bytes) -> bytes:
        return sign_document(
            document,
            signer=self.ctx.keys.seal,
            capacity="seal",
            on_behalf_of=self.ctx.config.party,
            full_powers=None,
        )


def _grant(value: JsonObject) -> NewAct:
    document = base64url.decode(text_of(value, "document"), what="stored full powers")
    return NewAct(
        kind="powers.grant",
        data={"powers": digest(document)},
        documents={
            "document": document,
            "signatures": base64url.decode(text_of(value, "signatures"), what="stored signatures"),
        },
    )


def one_line(text: str, *, what: str) -> str:
    """Return a name or an office: one line, not empty, not long.

    Raises:
        MisuseError: ``officials.line``; PeerError: as ``check_text``.
    """
    if not text.strip() or "\n" in text or len(text) > NAME_CHARS_MAX:
        raise MisuseError(
            "officials.line", f"The {what} is one line of 1 to {NAME_CHARS_MAX} characters."
        )
    return check_text(text, what=f"the {what}")


def _plain(value: object) -> Json:
    """Return what a strict parser accepts of a member of a request; None for anything else."""
    if isinstance(value, dict):
        return {str(name): _plain(member) for name, member in value.items()}
    return value if isinstance(value, str | int) else None
