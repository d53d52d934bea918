"""Accounts: how officials enter the site. No password exists before its owner has set one.

A link lets in once and is kept as a hash; a password is kept as Argon2id (RFC 9106, section 4,
second recommended option: 64 MiB). Sessions end when the official's account is disabled, or when
they end them. An account can enter acts; it can sign nothing. Source: design 8, 13.3, 13.4, 13.5;
OWASP ASVS 5.0, chapters 6 and 7.
"""

import hashlib
import threading
from typing import Final

import attrs
import msgspec
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.node.context import HOUSE, Context
from comity.node.officials import Official, Officials
from comity.storage.tx import Tx

LINK_LIFE_S: Final = 15 * 60
INVITATION_LIFE_S: Final = 3 * 86_400
#: After coming in by a link, the password can be set without the old one for so long.
RESET_S: Final = 3600
PREFERENCES: Final = ("language", "zone", "theme")
PASSWORD_CHARS_MIN: Final = 12
PASSWORD_CHARS_MAX: Final = 1000
_MEMORY_KIB: Final = 64 << 10
_PASSES: Final = 3
_LANES: Final = 1
#: One hash at a time: memory is bounded whatever is tried at the log-in.
_HASHING: Final = threading.Lock()
#: What an unknown id is compared with, so that it takes as long.
_NONE: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "RPYYEjMoUHPEFUFgtO+zHKUoWMBNkmNPDtpa1OI/kbE"
)
TRIES_MAX: Final = 5
TRIES_REST_S: Final = 60


def _bad_link() -> RefusedError:
    return RefusedError(
        "accounts.link",
        "This link does not let anybody in: it was used, it is too old, or it is not one of ours."
        " Ask whoever runs this node for a new one (comity officials link).",
    )


def _bad_password() -> RefusedError:
    return RefusedError(
        "accounts.password",
        "Id and password do not fit, or there were too many tries: then wait a minute.",
    )


@attrs.frozen(kw_only=True)
class Accounts:
    """The desk for accounts, links, passwords and sessions."""

    ctx: Context
    officials: Officials
    tries: dict[str, list[int]] = attrs.field(factory=dict)

    # --- links --------------------------------------------------------------------------------

    def link(self, tx: Tx, official: str, *, by: Official | None) -> JsonObject:
        """Return a new one-time link for an official; it is shown once and kept as a hash.

        Whoever has a link can come in as that person. So it is for the holder of the node's folder
        alone; officials invite (``People.invite``), where it may take two of them.

        Raises:
            RefusedError: ``accounts.who_links``: an official asks.
            MisuseError: ``officials.unknown``.
        """
        if by is not None:
            raise RefusedError(
                "accounts.who_links",
                "Links to log in are made by whoever runs this node, without --as. An engineer or"
                " mandate holder invites: comity officials invite.",
            )
        return self.make_link(tx, official, by=None, life_s=LINK_LIFE_S)

    def make_link(self, tx: Tx, official: str, *, by: str | None, life_s: int) -> JsonObject:
        """Return a new one-time link, once it is decided that there may be one.

        Args:
            tx: The unit of work.
            official: For whom.
            by: The id of who invites, or of the approval; None: the holder of the folder.
            life_s: How long it can be used.

        Raises:
            MisuseError: ``officials.unknown``.
        """
        known = self.officials.find(tx, official)
        secret = base64url.encode(self.ctx.chance.token(32))
        expires = self.ctx.now().plus(life_s)
        value: JsonObject = {"official": known.id, "expires": str(expires)}
        tx.things.put(HOUSE, "login_link", _hashed(secret), value=value, status="open")
        self._note(tx, "link", known.id, by=by)
        self._sweep(tx)
        return {
            "official": known.id,
            "name": known.name,
            "link": f"{self.ctx.config.site_origin}/enter/{secret}",
            "expires": str(expires),
        }

    def enter_by_link(self, tx: Tx, secret: str) -> str:
        """Return the official whom a link lets in; it is used up.

        Raises:
            RefusedError: ``accounts.link``.
        """
        name = _hashed(secret[:200])
        thing = tx.things.get(HOUSE, "login_link", name)
        if thing is None or thing.status != "open":
            raise _bad_link()
        tx.things.put(HOUSE, "login_link", name, value=thing.value, status="used")
        official = str(thing.value["official"])
        late = Instant.parse(str(thing.value["expires"])) <= self.ctx.now()
        if late or self._closed(tx, official):
            raise _bad_link()
        resettable = str(self.ctx.now().plus(RESET_S))
        self._put(tx, official, {**self.account(tx, official), "resettable": resettable})
        self._note(tx, "entered_by_link", official, by=None)
        return official

    # --- passwords ----------------------------------------------------------------------------

    def set_password(self, tx: Tx, official: str, hashed: str) -> JsonObject:
        """Store the hash of a new password; every session of the official that there is ends."""
        account = {n: v for n, v in self.account(tx, official).items() if n != "resettable"}
        self._put(tx, official, {**account, "password": hashed})
        self._note(tx, "password_set", official, by=None)
        since = self.end_sessions(tx, official)
        return {"official": official, "password": True, "since": since}

    def may_reset(self, tx: Tx, official: str) -> bool:
        """Return whether the password can be set without the old one: just after a link."""
        until = self.account(tx, official).get("resettable")
        return isinstance(until, str) and self.ctx.now() < Instant.parse(until)

    def stored_password(self, tx: Tx, official: str) -> str | None:
        """Return the hash to compare with, or None."""
        if tx.things.get(HOUSE, "official", official) is None:
            return None
        stored = self.account(tx, official).get("password")
        return stored if isinstance(stored, str) and not self._closed(tx, official) else None

    def check_password(self, official: str, password: str, *, stored: str | None) -> None:
        """Return if the password is right; takes as long for an id that is unknown.

        Raises:
            RefusedError: ``accounts.password``.
        """
        now = self.ctx.now().seconds
        recent = [at for at in self.tries.get(official, []) if now - at < TRIES_REST_S]
        if len(recent) >= TRIES_MAX:
            raise _bad_password()
        if len(self.tries) > 10_000:
            self.tries.clear()
        self.tries[official] = [*recent, now]
        with _HASHING:
            try:
                Argon2id.verify_phc_encoded(password[:PASSWORD_CHARS_MAX].encode(), stored or _NONE)
            except (InvalidKey, ValueError) as error:
                raise _bad_password() from error
        if stored is None:
            raise _bad_password()
        self.tries.pop(official, None)

    def hash_password(self, password: str) -> str:
        """Return the hash of a password (PHC string).

        Raises:
            MisuseError: ``accounts.weak``: too short or too long.
        """
        if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
            raise MisuseError(
                "accounts.weak",
                f"A password has {PASSWORD_CHARS_MIN} characters or more (four words do), and at"
                f" most {PASSWORD_CHARS_MAX}.",
            )
        return hash_of(password, salt=self.ctx.chance.token(16))

    # --- accounts and sessions ----------------------------------------------------------------

    def account(self, tx: Tx, official: str) -> JsonObject:
        """Return the account of an official, as stored; empty where they never entered."""
        thing = tx.things.get(HOUSE, "account", official)
        return {} if thing is None else thing.value

    def set_preferences(self, tx: Tx, official: str, preferences: JsonObject) -> JsonObject:
        """Store language, zone and theme of an official."""
        self._put(tx, official, {**self.account(tx, official), **preferences})
        return preferences

    def session(self, tx: Tx, key: str) -> bytes | None:
        """Return the data of a session that is not over."""
        thing = tx.things.get(HOUSE, "session", key)
        if thing is None or not thing.status.startswith("open"):
            return None
        if Instant.parse(str(thing.value["expires"])) <= self.ctx.now():
            return None
        return base64url.decode(str(thing.value["data"]), what="a stored session")

    def save_session(self, tx: Tx, key: str, data: bytes, *, expires_s: int) -> None:
        """Store a session, to be found by its official."""
        value: JsonObject = {
            "data": base64url.encode(data),
            "expires": str(self.ctx.now().plus(expires_s)),
        }
        official, _ = _said(data)
        tx.things.put(HOUSE, "session", key, value=value, status=f"open {official}")

    def drop_session(self, tx: Tx, key: str) -> None:
        """End a session."""
        thing = tx.things.get(HOUSE, "session", key)
        if thing is not None:
            tx.things.put(HOUSE, "session", key, value={}, status="ended")

    def good_since(self, tx: Tx, official: str, *, since: Instant) -> bool:
        """Return whether a session of the official that began then is still good."""
        account = self.account(tx, official)
        after = account.get("sessions_after")
        ended = isinstance(after, str) and since < Instant.parse(after)
        return not self._closed(tx, official) and not ended

    def end_sessions(self, tx: Tx, official: str) -> str:
        """End every session that the official has; return from when on a new one is good.

        The time stays with the account, for a page that is under way and stores its session again.
        """
        since = str(self.ctx.now())
        for row in tx.things.list(HOUSE, "session", status=f"open {official}"):
            self.drop_session(tx, row.name)
        self._put(tx, official, {**self.account(tx, official), "sessions_after": since})
        return since

    def own(self, tx: Tx, official: str) -> JsonObject:
        """Return an official's own ways in, preferences and open sessions."""
        account = self.account(tx, official)
        return {
            "official": official,
            "password": isinstance(account.get("password"), str),
            "may_reset": self.may_reset(tx, official),
            "sessions": [
                {"since": _said(data)[1], "expires": row.value["expires"]}
                for row in tx.things.list(HOUSE, "session", status=f"open {official}")
                if (data := self.session(tx, row.name)) is not None
            ],
            **{name: str(account.get(name, "")) for name in PREFERENCES},
        }

    def _closed(self, tx: Tx, official: str) -> bool:
        thing = tx.things.get(HOUSE, "official", official)
        return thing is None or thing.value.get("disabled") is True

    def _sweep(self, tx: Tx) -> None:
        """Forget some sessions and links that are over."""
        now = self.ctx.now()
        for kind in ("session", "login_link"):
            for row in tx.things.list(HOUSE, kind, limit=200):
                expires = row.value.get("expires")
                if not isinstance(expires, str) or Instant.parse(expires) <= now:
                    tx.things.delete(HOUSE, kind, row.name)

    def secret(self, tx: Tx) -> str | None:
        """Return what binds form tokens to this node, if it was made."""
        thing = tx.things.get(HOUSE, "site", "secret")
        return None if thing is None else str(thing.value["secret"])

    def make_secret(self, tx: Tx) -> str:
        """Return what binds form tokens to this node; made once."""
        known = self.secret(tx)
        if known is not None:
            return known
        made = self.ctx.chance.token(32).hex()
        tx.things.put(HOUSE, "site", "secret", value={"secret": made})
        return made

    def _put(self, tx: Tx, official: str, value: JsonObject) -> None:
        tx.things.put(HOUSE, "account", official, value=value)

    def _note(self, tx: Tx, what: str, official: str, *, by: str | None) -> None:
        data: dict[str, Json] = {"what": what, "official": official}
        if by is not None:
            data["by"] = by
        self.ctx.ledger.house(tx, "house.account", data)


def hash_of(password: str, *, salt: bytes) -> str:
    """Return the Argon2id hash of a password as a PHC string."""
    with _HASHING:
        hashing = Argon2id(
            salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
        )
        return hashing.derive_phc_encoded(password.encode())


def _said(data: bytes) -> tuple[str, str]:
    """Return whose session it is and since when, as the site wrote it."""
    said = msgspec.json.decode(data or b"{}")
    return (str(said.get("official", "")), str(said.get("since", ""))) if said else ("", "")


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
