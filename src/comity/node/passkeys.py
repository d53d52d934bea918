"""Passkeys: how an official enters the site, and how two persons approve what needs both.

The authenticator signs a challenge that this desk made for one purpose, for one use, within a few
minutes; what was signed for one purpose never serves another. Challenges live in memory: they are
spent whatever becomes of the answer, and a restart ends them. User verification is always
required. Public keys and counters stand in the house part.

Source: W3C Web Authentication Level 3, sections 7.1 and 7.2; identity-and-signatures 8.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final, Literal, TypeVar

import attrs
import webauthn
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.parse_client_data_json import parse_client_data_json
from webauthn.helpers.structs import AttestationFormat

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.node.context import HOUSE, Context, text_of
from comity.node.officials import Official, one_line
from comity.storage.tx import Tx

CHALLENGE_S: Final = 300
CHALLENGES_MAX: Final = 1000
PASSKEYS_MAX: Final = 20

Purpose = Literal["register", "log-in", "approve"]

#: COSE numbers: Ed25519, ES256, RS256 (what browsers and security keys have).
_ALGORITHMS: Final = (-8, -7, -257)
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Site:
    """The officials' site as an authenticator knows it.

    Attributes:
        rp_id: Host of the site.
        origin: Scheme, host and port.
    """

    rp_id: str
    origin: str


@attrs.frozen(kw_only=True)
class Challenge:
    """What an authenticator was asked to sign, and what for.

    Attributes:
        official: For whom; None at log-in, where nobody is known yet.
        subject: Digest of what is approved; empty otherwise.
        expires: In seconds since 1970.
    """

    purpose: Purpose
    official: str | None
    subject: str
    expires: int


@attrs.frozen(kw_only=True)
class Asserted:
    """An answer of an authenticator that was verified.

    Attributes:
        official: Whose passkey it is.
        passkey: Its credential id.
        evidence: What was signed, with the signature and the public key, for whoever looks later.
    """

    official: str
    passkey: str
    evidence: JsonObject


@attrs.frozen(kw_only=True)
class Passkeys:
    """The desk for passkeys."""

    ctx: Context
    _challenges: dict[bytes, Challenge] = attrs.field(factory=dict)

    def site(self) -> Site:
        """Return the site for which passkeys are made: the one for other machines, if there is one.

        A passkey belongs to one host name; browsers take an address of numbers for none.
        """
        config = self.ctx.config
        name = "localhost" if config.site is None else config.site.host
        return Site(rp_id=name, origin=config.site_origin)

    def of(self, tx: Tx, official: str) -> list[JsonObject]:
        """Return what an official has: id, name, when made and last used; no keys."""
        names = ("id", "name", "created", "used")
        return [
            {name: row.value[name] for name in names}
            for row in tx.things.list(HOUSE, "passkey", status=official)
        ]

    # --- a new passkey ---------------------------------------------------------------------------

    def offer(self, tx: Tx, official: Official) -> JsonObject:
        """Return the options for ``navigator.credentials.create``.

        Raises:
            MisuseError: ``passkeys.many``.
        """
        held = self.of(tx, official.id)
        if len(held) >= PASSKEYS_MAX:
            raise MisuseError(
                "passkeys.many", f"You have {PASSKEYS_MAX} passkeys: remove one before the next."
            )
        challenge = self.ask("register", official=official.id)
        config = self.ctx.config
        user = sha256(f"comity/user/v1\n{config.party}\n{official.id}".encode()).digest()
        return {
            "rp": {"id": self.site().rp_id, "name": f"Comity: {config.name}"},
            "user": {
                "id": base64url.encode(user),
                "name": f"{official.id} ({config.name})",
                "displayName": official.name,
            },
            "challenge": base64url.encode(challenge),
            "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in _ALGORITHMS],
            "timeout": CHALLENGE_S * 1000,
            "excludeCredentials": [{"type": "public-key", "id": one["id"]} for one in held],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "attestation": "none",
        }

    def add(
        self, tx: Tx, official: Official, *, credential: Mapping[str, object], name: str
    ) -> JsonObject:
        """Store a new passkey of an official and return it.

        Raises:
            RefusedError: ``passkeys.challenge``, ``passkeys.not_verified``.
            MisuseError: ``passkeys.known``; as ``one_line``.
        """
        name = one_line(name, what="name of the passkey")
        challenge = self._spend(credential, "register", official=official.id)[0]
        site = self.site()
        made = _verified(
            lambda: webauthn.verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        )
        if made.fmt not in {AttestationFormat.NONE, AttestationFormat.PACKED}:
            raise _not_verified("the attestation is of a form that was not asked for")
        found = bytes_to_base64url(made.credential_id)
        if tx.things.get(HOUSE, "passkey", found) is not None:
            raise MisuseError("passkeys.known", "This passkey is known here already.")
        value: JsonObject = {
            "id": found,
            "official": official.id,
            "name": name,
            "public_key": base64url.encode(made.credential_public_key),
            "count": made.sign_count,
            "created": str(self.ctx.now()),
            "used": None,
        }
        tx.things.add(HOUSE, "passkey", found, value=value, status=official.id)
        self.ctx.ledger.house(
            tx,
            "house.passkey_added",
            {"official": official.id, "passkey": found, "public_key": value["public_key"]},
        )
        return {"passkey": found, "name": name}

    def remove(self, tx: Tx, official: Official, passkey: str, *, other_ways: int) -> JsonObject:
        """Remove one of an official's own passkeys.

        Args:
            tx: The unit of work.
            official: Whose.
            passkey: Which.
            other_ways: How many ways in the official has besides passkeys.

        Raises:
            MisuseError: ``passkeys.unknown``.
            RefusedError: ``passkeys.last_way``: nobody locks himself out.
        """
        held = self.of(tx, official.id)
        if passkey not in {one["id"] for one in held}:
            raise MisuseError("passkeys.unknown", "You have no such passkey.")
        if len(held) == 1 and not other_ways:
            raise RefusedError(
                "passkeys.last_way",
                "This passkey is your only way in. Add another, or set a password, then remove it.",
            )
        tx.things.delete(HOUSE, "passkey", passkey)
        self.ctx.ledger.house(
            tx, "house.passkey_removed", {"official": official.id, "passkey": passkey}
        )
        return {"passkey": passkey, "removed": True}

    # --- challenges ------------------------------------------------------------------------------

    def ask(
        self,
        purpose: Purpose,
        *,
        official: str | None,
        subject: str = "",
        challenge: bytes | None = None,
    ) -> bytes:
        """Return a challenge for one use; unless one is given it is random."""
        now = self.ctx.now().seconds
        kept = list(self._challenges.items())  # at once: several threads come here
        over = max(0, len(kept) + 1 - CHALLENGES_MAX)
        for number, (known, its) in enumerate(kept):
            if its.expires < now or number < over:
                self._challenges.pop(known, None)
        made = challenge or self.ctx.chance.token(32)
        self._challenges[made] = Challenge(
            purpose=purpose, official=official, subject=subject, expires=now + CHALLENGE_S
        )
        return made

    def request(self, tx: Tx, challenge: bytes, *, official: str | None) -> JsonObject:
        """Return the options for ``navigator.credentials.get``.

        Nobody is named at log-in: the authenticator offers what it has for this site, so that the
        page tells no stranger who works here.
        """
        allowed: list[Json] = [
            {"type": "public-key", "id": one["id"]}
            for one in (self.of(tx, official) if official is not None else ())
        ]
        return {
            "challenge": base64url.encode(challenge),
            "timeout": CHALLENGE_S * 1000,
            "rpId": self.site().rp_id,
            "allowCredentials": allowed,
            "userVerification": "required",
        }

    def enter(self, tx: Tx, credential: Mapping[str, object]) -> str:
        """Return the id of the official who enters by a passkey.

        Raises: as ``verify``; RefusedError: ``officials.disabled``.
        """
        asserted = self.verify(tx, credential, "log-in", official=None)
        thing = tx.things.get(HOUSE, "official", asserted.official)
        if thing is None or thing.value.get("disabled"):
            raise RefusedError("officials.disabled", "This account is closed.")
        return asserted.official

    def verify(
        self,
        tx: Tx,
        credential: Mapping[str, object],
        purpose: Purpose,
        *,
        official: str | None,
        subject: str = "",
    ) -> Asserted:
        """Return who signed the challenge that was made for exactly this purpose.

        Args:
            tx: The unit of work.
            credential: The answer of the authenticator.
            purpose: What was asked for.
            official: Who must have signed; None where the answer tells who it is.
            subject: Digest of what is approved.

        Raises:
            RefusedError: ``passkeys.challenge``: not asked for, spent, too late, or asked for
                another purpose, person or act; ``passkeys.unknown_key``;
                ``passkeys.not_verified``.
        """
        challenge, asked = self._spend(credential, purpose, official=official)
        if asked.subject != subject:
            raise _wrong_challenge()
        name = str(credential.get("id"))
        thing = tx.things.get(HOUSE, "passkey", name)
        if thing is None or official not in {None, text_of(thing.value, "official")}:
            raise RefusedError(
                "passkeys.unknown_key",
                "This passkey does not belong to this account here. Use another, or ask for a new"
                " invitation.",
            )
        count = thing.value["count"]
        assert isinstance(count, int)
        site = self.site()
        public_key = base64url.decode(text_of(thing.value, "public_key"), what="stored passkey")
        found = _verified(
            lambda: webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
                credential_public_key=public_key,
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        )
        value = {**thing.value, "count": found.new_sign_count, "used": str(self.ctx.now())}
        tx.things.put(HOUSE, "passkey", name, value=value, status=thing.status)
        response = credential["response"]
        assert isinstance(response, Mapping)
        evidence: dict[str, Json] = {
            part: str(response[part]) for part in ("clientDataJSON", "authenticatorData")
        }
        evidence["signature"] = str(response["signature"])
        evidence["public_key"] = text_of(thing.value, "public_key")
        return Asserted(official=thing.status, passkey=name, evidence=evidence)

    def _spend(
        self, credential: Mapping[str, object], purpose: Purpose, *, official: str | None
    ) -> tuple[bytes, Challenge]:
        """Return the challenge that was answered; it is good for nothing from now on."""
        response = credential.get("response")
        said = response.get("clientDataJSON") if isinstance(response, Mapping) else None
        answered = _verified(
            lambda: parse_client_data_json(base64url.decode(str(said), what="clientDataJSON"))
        ).challenge
        asked = self._challenges.pop(answered, None)
        if (
            asked is None
            or asked.expires < self.ctx.now().seconds
            or (asked.purpose, asked.official) != (purpose, official)
        ):
            raise _wrong_challenge()
        return answered, asked


def _verified(check: Callable[[], T]) -> T:
    """Return what the library found.

    Raises:
        RefusedError: ``passkeys.not_verified``, whatever the library says against the answer.
    """
    try:
        return check()
    except Exception as error:  # parsers of the library raise of many kinds
        raise _not_verified(str(error)[:200]) from error


def _not_verified(why: str) -> RefusedError:
    return RefusedError(
        "passkeys.not_verified",
        "The answer of the passkey could not be verified. Try again; if it happens twice, use"
        " another way in and tell your engineer.",
        {"why": why},
    )


def _wrong_challenge() -> RefusedError:
    return RefusedError(
        "passkeys.challenge",
        "This answer of a passkey belongs to no question that is still open. Try again.",
    )
