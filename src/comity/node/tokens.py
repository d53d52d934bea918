"""Personal access tokens: how a program acts for one official, for some things, for some time.

The secret is 256 bits of chance, told once; what is kept is its hash, which needs no slow function.
Whatever is wrong with a token, the answer is the same, and takes the same steps. Source: design
13.5, 13.13.
"""

import hmac
from hashlib import sha256
from typing import Final

import attrs

from comity.api.calling import TOKEN_PREFIX, Caller
from comity.api.scopes import SCOPES, Scope
from comity.api.tokens import CreateToken
from comity.foundation.base64url import encode
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.ports import ThingRow
from comity.foundation.text import check_text
from comity.node.context import HOUSE, Context, text_of
from comity.node.officials import Official
from comity.storage.tx import Tx

KIND: Final = "token"
TOKENS_MAX: Final = 50
DAYS_MAX: Final = 366
_DAY_S: Final = 86_400
_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_NOBODY: Final = "0" * 64


@attrs.frozen(kw_only=True)
class Tokens:
    """The desk for personal access tokens."""

    ctx: Context

    def create(self, tx: Tx, request: CreateToken, *, official: Official) -> JsonObject:
        """Return a new token of the official with its secret, which nobody sees again.

        Raises:
            MisuseError: ``tokens.expires``: not within a year; ``tokens.too_many``.
        """
        now, expires = self.ctx.now(), Instant.parse(request.expires)
        if not now < expires <= now.plus(DAYS_MAX * _DAY_S):
            raise MisuseError(
                "tokens.expires",
                f"A token ends later than now and within a year; {expires} is not. Give an instant"
                " such as 2027-01-31T12:00:00Z.",
            )
        own = [row for row in self._rows(tx, official.id) if self._counts(row)]
        if len(own) >= TOKENS_MAX:
            raise MisuseError(
                "tokens.too_many",
                f"You have {TOKENS_MAX} tokens that count; revoke some that are not used.",
            )
        number = self.ctx.chance.token(_ID_BYTES).hex()
        secret = f"{TOKEN_PREFIX}{number}_{encode(self.ctx.chance.token(_SECRET_BYTES))}"
        value: JsonObject = {
            "official": official.id,
            "name": check_text(request.name, what="the token's name"),
            "scopes": [scope for scope in SCOPES if scope in request.scopes],
            "created": str(now),
            "expires": str(expires),
            "used": None,
            "hash": _hash(secret),
        }
        tx.things.add(HOUSE, KIND, number, value=value, status="given")
        self.ctx.ledger.house(
            tx, "house.token", {"token": number, "by": official.id, "scopes": value["scopes"]}
        )
        return {**self._shown(number, value, status="given"), "secret": secret}

    def listing(self, tx: Tx, *, official: Official) -> JsonObject:
        """Return the official's tokens, latest first; never a secret or its hash."""
        rows = sorted(
            self._rows(tx, official.id),
            key=lambda row: (text_of(row.value, "created"), row.name),
            reverse=True,
        )
        return {"tokens": [self._shown(row.name, row.value, status=row.status) for row in rows]}

    def revoke(self, tx: Tx, token: str, *, official: Official) -> JsonObject:
        """End one of the official's tokens; again: no effect.

        Raises:
            MisuseError: ``tokens.unknown``: the official has no such token.
        """
        row = tx.things.get(HOUSE, KIND, token)
        if row is None or row.value["official"] != official.id:
            raise MisuseError("tokens.unknown", f"You have no token {token[:60]!r}.")
        if row.status != "revoked":
            value = {**row.value, "revoked": str(self.ctx.now())}
            row = attrs.evolve(row, value=value, status="revoked")
            tx.things.put(HOUSE, KIND, token, value=value, status="revoked")
            self.ctx.ledger.house(tx, "house.token", {"token": token, "revoked_by": official.id})
        return self._shown(token, row.value, status=row.status)

    async def admit(self, secret: str) -> Caller | None:
        """Return the official whose token this is, with its scopes; None if it does not count."""
        number = secret.removeprefix(TOKEN_PREFIX).partition("_")[0][: 2 * _ID_BYTES]
        row = await self.ctx.store.read(lambda tx: tx.things.get(HOUSE, KIND, number))
        kept = _NOBODY if row is None else text_of(row.value, "hash")
        same = hmac.compare_digest(_hash(secret), kept)
        if row is None or not same or not self._counts(row):
            return None
        await self._used(row)
        given = row.value["scopes"]
        assert isinstance(given, list)
        scopes: tuple[Scope, ...] = tuple(scope for scope in SCOPES if scope in given)
        return Caller(official=text_of(row.value, "official"), scopes=scopes)

    async def _used(self, row: ThingRow) -> None:
        """Keep the day of the last use, for whoever wonders whether a token is needed."""
        today = str(self.ctx.now())[:10]
        if row.value["used"] == today:
            return

        def keep(tx: Tx) -> None:
            now = tx.things.get(HOUSE, KIND, row.name)
            if now is not None and now.status == "given":
                value: dict[str, Json] = {**now.value, "used": today}
                tx.things.put(HOUSE, KIND, row.name, value=value, status="given")

        await self.ctx.store.write(keep)

    def _rows(self, tx: Tx, official: str) -> list[ThingRow]:
        found: list[ThingRow] = []
        after = ""
        while rows := tx.things.list(HOUSE, KIND, after=after):
            after = rows[-1].name
            found += [row for row in rows if row.value["official"] == official]
        return found

    def _counts(self, row: ThingRow) -> bool:
        return row.status == "given" and self.ctx.now() < Instant.parse(
            text_of(row.value, "expires")
        )

    def _shown(self, number: str, value: JsonObject, *, status: str) -> JsonObject:
        names = ("name", "scopes", "created", "expires", "used")
        over = status == "given" and self.ctx.now() >= Instant.parse(text_of(value, "expires"))
        return {
            "token": number,
            **{name: value[name] for name in names},
            "status": "expired" if over else status,
            "revoked": value.get("revoked"),
        }


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
