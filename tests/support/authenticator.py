"""An authenticator in software: makes passkeys, signs what a site asks, as browsers pass it on.

Written from W3C Web Authentication Level 3 (6.1 authenticator data, 6.5 attestation "none", 5.8.1
client data), with the primitives of ``cryptography``; it shares no code with the verifier.
"""

import json
from hashlib import sha256

import attrs
import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@attrs.define(kw_only=True)
class Authenticator:
    """One device with one passkey.

    Attributes:
        origin: The site its browser shows; a phishing site has another.
        verifies: Whether it asks its holder for a PIN or finger.
        count: Its signature counter.
    """

    origin: str
    rp_id: str = "localhost"
    verifies: bool = True
    count: int = 0
    key: EllipticCurvePrivateKey = attrs.field(factory=lambda: generate_private_key(SECP256R1()))
    handle: str = ""

    @property
    def credential(self) -> bytes:
        """Return the id of the passkey."""
        return sha256(str(self.key.private_numbers().private_value).encode()).digest()

    def create(self, options: JsonObject) -> dict[str, object]:
        """Return the answer of ``navigator.credentials.create``."""
        user = options["user"]
        assert isinstance(user, dict)
        self.handle = str(user["id"])
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + cose
        data = self._data(_ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", str(options["challenge"])),
            attestationObject=made,
        )

    def get(self, options: JsonObject) -> dict[str, object]:
        """Return the answer of ``navigator.credentials.get``."""
        self.count += 1
        client = self._client("webauthn.get", str(options["challenge"]))
        data = self._data(0)
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        answer = self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)
        response = answer["response"]
        assert isinstance(response, dict)
        response["userHandle"] = self.handle
        return answer

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> dict[str, object]:
        name = base64url.encode(self.credential)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {part: base64url.encode(data) for part, data in response.items()},
        }
