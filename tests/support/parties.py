"""Two fictional parties with keys made from names, so that every test can repeat them."""

from functools import lru_cache
from hashlib import sha256

import attrs
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from comity.foundation.instants import Instant
from comity.parties.keys import LogPair, PairSigner
from comity.parties.letters import (
    AppointingOfficial,
    Endpoints,
    Letter,
    LetterContent,
    PartyKeys,
    letter_document,
    read_letter,
)
from comity.parties.powers import (
    FullPowers,
    PowersContent,
    full_powers_document,
    read_full_powers,
)
from comity.parties.private import PrivateKey
from comity.parties.signatures import Capacity, merge, sign_document

START = Instant.parse("2026-11-01T00:00:00Z")
NOW = Instant.parse("2026-11-23T12:00:00Z")
END = Instant.parse("2026-12-01T00:00:00Z")
POWERS_END = Instant.parse("2028-11-01T00:00:00Z")
INSTRUMENT = "urn:uuid:00000000-0000-4000-8000-000000000001"


def seed(name: str) -> bytes:
    return sha256(name.encode()).digest()


@lru_cache(maxsize=256)
def ed25519(name: str) -> PrivateKey:
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(seed(f"ed25519 {name}")))


@lru_cache(maxsize=256)
def ml_dsa_44(name: str) -> PrivateKey:
    return PrivateKey(MLDSA44PrivateKey.from_seed_bytes(seed(f"ml-dsa-44 {name}")))


@lru_cache(maxsize=256)
def ml_dsa_87(name: str) -> PrivateKey:
    return PrivateKey(MLDSA87PrivateKey.from_seed_bytes(seed(f"ml-dsa-87 {name}")))


@lru_cache(maxsize=256)
def p256(name: str) -> PrivateKey:
    number = int.from_bytes(seed(f"p256 {name}")) >> 1
    return PrivateKey(ec.derive_private_key(number, ec.SECP256R1()))


@lru_cache(maxsize=256)
def pair(name: str) -> PairSigner:
    return PairSigner(ed=ed25519(name), pq=ml_dsa_87(name))


def log_pair(name: str) -> LogPair:
    return LogPair(ed=ed25519(name).public, pq=ml_dsa_44(name).public)


@attrs.frozen(kw_only=True)
class FakeParty:
    """A party with its signers: the keys of its node, its officials, its letter."""

    did: str
    seal: PairSigner
    first: PairSigner
    second: PairSigner
    network: PrivateKey
    dsp: PrivateKey
    content: LetterContent
    document: bytes
    signatures: bytes
    letter: Letter

    def sealed(self, document: bytes) -> bytes:
        """Return the signatures file with the party's seal."""
        return sign_document(
            document, signer=self.seal, capacity="seal", on_behalf_of=self.did, full_powers=None
        )

    def appointed(self, document: bytes, capacity: str = "appoint") -> bytes:
        """Return the signatures file with the seal and both appointing officials."""
        return merge(
            self.sealed(document),
            *(
                sign_document(
                    document,
                    signer=official,
                    capacity=capacity,
                    on_behalf_of=self.did,
                    full_powers=None,
                )
                for official in (self.first, self.second)
            ),
        )

    def grant(
        self,
        name: str,
        *acts: str,
        valid_from: Instant = START,
        valid_until: Instant = POWERS_END,
        instruments: tuple[str, ...] = (),
    ) -> "Signatory":
        """Return a person with full powers for ``acts`` (when none is given: three)."""
        signer = pair(f"{self.did} {name}")
        document = full_powers_document(
            PowersContent(
                party=self.did,
                name=name,
                office=f"Office of {name}",
                key=signer.pair,
                acts=tuple(Capacity(act) for act in acts or ("adopt", "initial", "sign")),
                instruments=instruments or "any",
                valid_from=valid_from,
                valid_until=valid_until,
            )
        )
        signatures = self.appointed(document)
        powers = read_full_powers(document, signatures, letter=self.letter)
        return Signatory(signer=signer, document=document, signatures=signatures, powers=powers)


@attrs.frozen(kw_only=True)
class Signatory:
    """A person with full powers and the key pair to use them."""

    signer: PairSigner
    document: bytes
    signatures: bytes
    powers: FullPowers

    def sign(self, document: bytes, capacity: str) -> bytes:
        """Return the signatures file with this person's signature under the full powers."""
        return sign_document(
            document,
            signer=self.signer,
            capacity=capacity,
            on_behalf_of=self.powers.party,
            full_powers=self.powers.digest,
        )


def letter_content(did: str, *, purpose: str = "demonstration") -> LetterContent:
    return LetterContent(
        party=did,
        name=f"Ministry {did[8:]}",
        form="ministry of a state",
        purpose=purpose,
        endpoints=Endpoints(peer="https://localhost:8443/comity", dsp="https://localhost:8443/dsp"),
        keys=PartyKeys(
            seal=pair(f"{did} seal").pair,
            network=ed25519(f"{did} network").public,
            tls=p256(f"{did} tls").public.spki_sha256(),
            log=log_pair(f"{did} log"),
            cosigner=log_pair(f"{did} cosigner"),
            dsp=p256(f"{did} dsp").public,
        ),
        appointing=(
            AppointingOfficial(office="Minister", key=pair(f"{did} minister").pair),
            AppointingOfficial(office="Secretary-General", key=pair(f"{did} secretary").pair),
        ),
        rule_sets=("1",),
        valid_from=START,
        valid_until=END,
        nonce=seed(f"{did} nonce")[:16].hex(),
    )


@lru_cache(maxsize=16)
def party(did: str, purpose: str = "demonstration") -> FakeParty:
    content = letter_content(did, purpose=purpose)
    seal = pair(f"{did} seal")
    document = letter_document(content)
    signatures = sign_document(
        document, signer=seal, capacity="seal", on_behalf_of=did, full_powers=None
    )
    return FakeParty(
        did=did,
        seal=seal,
        first=pair(f"{did} minister"),
        second=pair(f"{did} secretary"),
        network=ed25519(f"{did} network"),
        dsp=p256(f"{did} dsp"),
        content=content,
        document=document,
        signatures=signatures,
        letter=read_letter(document, signatures, at=NOW, purpose=purpose),
    )


A = "did:web:alder.example"
B = "did:web:birch.example%3A8443"
