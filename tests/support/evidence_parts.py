"""What stories of evidence are made of: an agreement's units, an item, a log that is cosigned."""

from collections.abc import Sequence
from hashlib import sha256

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.signatures import merge
from comity.record.body import Body
from comity.record.checkpoint import Checkpoint
from comity.record.cosign import HeadSigners, cosign, sign_log
from comity.record.tree import leaf_hash, root_of
from support.parties import NOW, ed25519, ml_dsa_44
from support.parties import A as ALDER
from support.parties import B as BIRCH

INSTRUMENT = "urn:uuid:00000000-0000-4000-8000-00000000c0de"
TITLE = "Framework for Cooperation"
OPENS, CLOSES = NOW.plus(100), NOW.plus(200)
SIDES = {ALDER: "a", BIRCH: "b"}
ACTS = ("adopt", "initial", "sign", "suspend", "resume")
POLICY: JsonObject = {
    "articles": ["u3"],
    "actions": ["share"],
    "kinds": ["report"],
    "marking_max": "restricted",
    "purposes": ["planning"],
    "recipients": ["parties"],
    "onward": "refused",
}
ITEM: JsonObject = {
    "item": "urn:uuid:00000000-0000-4000-8000-00000000f11e",
    "digest": sha256(b"the report").hexdigest(),
    "bytes": 10,
    "media": "text/plain",
    "instrument": INSTRUMENT,
    "unit": "u3",
    "area": "reports",
    "action": "share",
    "kind": "report",
    "marking": "open",
    "purpose": "planning",
    "recipient": BIRCH,
    "onward": False,
}
CONTRACT = "urn:uuid:00000000-0000-4000-8000-00000000c041"
TRANSFER = "urn:uuid:00000000-0000-4000-8000-000000007ab5"
RULING: JsonObject = {"article": "Article 3", "unit": "u3", "area": "reports"}


def other(name: str) -> str:
    return BIRCH if name == ALDER else ALDER


def unit(label: str, text: str, *, order: str, **fields: JsonObject) -> JsonObject:
    """Return the content of an article."""
    quoted: dict[str, Json] = {
        name: {"value": value, "quote": text} for name, value in fields.items()
    }
    return {
        "kind": "article",
        "label": label,
        "heading": "",
        "text": text,
        "layout": ["", "\n", "", "\n\n"],
        "parent": None,
        "order": order,
        "fields": quoted,
        "lang": "en",
    }


def units() -> dict[str, JsonObject]:
    """Return the units of a small agreement with every clause that verification reads."""
    areas: list[Json] = [{"id": "reports", "title": "Reports", "policy": POLICY}]
    return {
        "u1": unit("Article 1", "Ten years.", order="1i", term={"period": "P10Y"}),
        "u2": unit(
            "Article 2",
            "In force on the last signature.",
            order="2i",
            entry={"when": "last_signature", "days": 0},
        ),
        "u3": unit(
            "Article 3",
            "Reports are shared.",
            order="3i",
            areas={"areas": areas},
            marking_scale={"levels": ["open", "restricted", "secret"]},
        ),
        "u4": unit(
            "Article 4",
            "Either party may suspend.",
            order="4i",
            suspension={"by": "either", "scope": ["whole", "unit"]},
        ),
    }


@attrs.define
class FakeLog:
    """One log: envelopes, bodies, and the cosigned heads over it."""

    origin: str
    signers: HeadSigners
    cosigners: HeadSigners
    envelopes: list[bytes] = attrs.field(factory=list)
    kinds: list[str] = attrs.field(factory=list)
    bodies: list[Body] = attrs.field(factory=list)
    seen: list[int] = attrs.field(factory=list)
    notes: list[tuple[int, bytes]] = attrs.field(factory=list)

    def leaves(self) -> list[bytes]:
        return [leaf_hash(one) for one in self.envelopes]

    def cosign(self, at: Instant) -> None:
        """The counterpart cosigns the whole log."""
        size = len(self.envelopes)
        head = Checkpoint(origin=self.origin, size=size, root=root_of(self.leaves()))
        note = sign_log(head, signers=self.signers, at=at)
        keys = self.signers.log_keys()
        self.notes.append((size, cosign(note, log=keys, signers=self.cosigners, at=at)))


def merged(signatures: Sequence[bytes]) -> bytes:
    """Return the signatures in one file, or nothing where they cannot stand in one."""
    try:
        return merge(*signatures)
    except PeerError:
        return b"{}"


def head_signers(name: str, key: str) -> HeadSigners:
    return HeadSigners(name=name, ed=ed25519(key), pq=ml_dsa_44(key))
