"""The documents by which a text is fixed, signed, suspended: adoption to conclusion.

Each document is canonical JSON with a closed set of members; its identity is the digest of its
bytes; what was signed is read from those bytes and never printed anew. Who signed is told by the
protected headers of the signatures file, which ``admission`` has verified before.
Source: agreements.md D3.8, D3.9; design 13.4, 13.6; spec 5.5, 5.6.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import attrs

from comity.agreements.fields import check_value
from comity.agreements.moves import read_digest, read_unit, read_urn
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.documents import (
    CRYPTO_PROFILE,
    instant_of,
    members,
    read_document,
    string_of,
    text_of,
)
from comity.parties.identifiers import check_party

ADOPTION: Final = "comity/adoption"
INITIALS: Final = "comity/initials"
MANIFEST: Final = "comity/manifest"
CONCLUSION: Final = "comity/conclusion"
SUSPENSION: Final = "comity/suspension"
RESUMPTION: Final = "comity/resumption"

SIGNATORIES_MAX: Final = 40
SUSPENDED_UNITS_MAX: Final = 1_000
LABEL_CHARS_MAX: Final = 500

_STATEMENT: Final = ("instrument", "text", "party")
_MANIFEST: Final = (
    *("instrument", "text", "title", "parties", "policies"),
    *("signatories", "window", "entry"),
)
_CONCLUSION: Final = (
    *("instrument", "text", "manifest", "signatures"),
    *("signed_at", "in_force_at", "ends_at"),
)
_SUSPENSION: Final = ("instrument", "text", "party", "units", "until", "article")
_RESUMPTION: Final = ("instrument", "suspension", "party")


@attrs.frozen(kw_only=True)
class Signer:
    """Who a signatures file says has signed: key, authority, capacity, digests of both halves."""

    key: str
    powers: str | None
    party: str
    capacity: str
    digests: tuple[str, str]


@attrs.frozen(kw_only=True)
class Statement:
    """One party's adoption or initials of one text."""

    instrument: str
    text: str
    party: str


@attrs.frozen(kw_only=True)
class Signatory:
    """One person who must sign, by the full powers under which it will be done."""

    party: str
    powers: str
    name: str
    office: str


@attrs.frozen(kw_only=True)
class Manifest:
    """What every signatory signs once: the text, who signs, in which window, how it enters."""

    instrument: str
    text: str
    title: str
    parties: tuple[str, str]
    policies: str
    signatories: tuple[Signatory, ...]
    opens: Instant
    closes: Instant
    entry: JsonObject
    digest: str = ""


@attrs.frozen(kw_only=True)
class Conclusion:
    """What the record proves once all have signed; both nodes compute the same bytes."""

    instrument: str
    text: str
    manifest: str
    signatures: tuple[str, ...]
    signed_at: Instant
    in_force_at: Instant
    ends_at: Instant | None


@attrs.frozen(kw_only=True)
class SuspensionDocument:
    """A suspension: of the whole (no units) or of units, until further notice or an instant."""

    instrument: str
    text: str
    party: str
    units: tuple[str, ...]
    until: Instant | None
    article: str
    digest: str = ""


@attrs.frozen(kw_only=True)
class ResumptionDocument:
    """One party's part in lifting a suspension."""

    instrument: str
    suspension: str
    party: str


def adoption_document(*, instrument: str, text: str, party: str) -> bytes:
    """Return the document by which a head of delegation adopts the text. Source: spec 5.5.1."""
    return _document(ADOPTION, {"instrument": instrument, "text": text, "party": party})


def initials_document(*, instrument: str, text: str, party: str) -> bytes:
    """Return the document by which the text is initialled. Source: spec 5.5.1."""
    return _document(INITIALS, {"instrument": instrument, "text": text, "party": party})


def read_statement(data: bytes, *, type_name: str) -> Statement:
    """Return the adoption or the initials in ``data``.

    Raises:
        PeerError: as ``documents.read_document`` and ``moves.value``.
    """
    value = read_document(data, type_name=type_name, names=_STATEMENT)
    return Statement(
        instrument=read_urn(value["instrument"], "instrument"),
        text=read_digest(value["text"], "text"),
        party=_party(value, what=type_name),
    )


def manifest_document(manifest: Manifest) -> bytes:
    """Return the signing manifest. Source: spec 5.6.1."""
    return _document(
        MANIFEST,
        {
            "instrument": manifest.instrument,
            "text": manifest.text,
            "title": manifest.title,
            "parties": list(manifest.parties),
            "policies": manifest.policies,
            "signatories": [
                {"party": s.party, "powers": s.powers, "name": s.name, "office": s.office}
                for s in manifest.signatories
            ],
            "window": {"opens": str(manifest.opens), "closes": str(manifest.closes)},
            "entry": manifest.entry,
        },
    )


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest in ``data``, with the digest of its bytes.

    Raises:
        PeerError: ``signing.parties``, ``signing.signatories``, ``signing.window`` and all of
            ``documents.read_document``.
    """
    value = read_document(data, type_name=MANIFEST, names=_MANIFEST)
    parties = [check_party(str(each)) for each in _list(value["parties"], "parties")]
    if len(parties) != 2 or parties[0] == parties[1]:
        raise PeerError("signing.parties", "A manifest names two different parties.")
    window = members(value["window"], ("opens", "closes"), what="The signing window")
    opens, closes = (instant_of(window, name, what=MANIFEST) for name in ("opens", "closes"))
    if not opens < closes:
        raise PeerError("signing.window", f"The window {opens} to {closes} has no length.")
    listed = _list(value["signatories"], "signatories")
    signatories = tuple(_signatory(each) for each in listed)
    if (
        not 0 < len(signatories) <= SIGNATORIES_MAX
        or len({each.powers for each in signatories}) != len(signatories)
        or {each.party for each in signatories} != set(parties)
    ):
        raise PeerError(
            "signing.signatories",
            "A manifest lists signatories of both parties, each by other full powers, at most"
            f" {SIGNATORIES_MAX}.",
        )
    return Manifest(
        instrument=read_urn(value["instrument"], "instrument"),
        text=read_digest(value["text"], "text"),
        title=text_of(value, "title", what=MANIFEST),
        parties=(parties[0], parties[1]),
        policies=read_digest(value["policies"], "policies"),
        signatories=signatories,
        opens=opens,
        closes=closes,
        entry=check_value("entry", value["entry"], unit="the manifest"),
        digest=digest(data),
    )


def conclusion_document(conclusion: Conclusion) -> bytes:
    """Return the conclusion: equal bytes on both nodes. Source: spec 5.6.6."""
    return _document(
        CONCLUSION,
        {
            "instrument": conclusion.instrument,
            "text": conclusion.text,
            "manifest": conclusion.manifest,
            "signatures": list(conclusion.signatures),
            "signed_at": str(conclusion.signed_at),
            "in_force_at": str(conclusion.in_force_at),
            "ends_at": None if conclusion.ends_at is None else str(conclusion.ends_at),
        },
    )


def read_conclusion(data: bytes) -> Conclusion:
    """Return the conclusion in ``data``.

    Raises:
        PeerError: ``signing.digests`` and all of ``documents.read_document``.
    """
    value = read_document(data, type_name=CONCLUSION, names=_CONCLUSION)
    listed = _list(value["signatures"], "signatures")
    signatures = tuple(read_digest(each, "signatures") for each in listed)
    if list(signatures) != sorted(set(signatures)) or not signatures:
        raise PeerError(
            "signing.digests", "A conclusion lists the digests of its signatures in order, once."
        )
    return Conclusion(
        instrument=read_urn(value["instrument"], "instrument"),
        text=read_digest(value["text"], "text"),
        manifest=read_digest(value["manifest"], "manifest"),
        signatures=signatures,
        signed_at=instant_of(value, "signed_at", what=CONCLUSION),
        in_force_at=instant_of(value, "in_force_at", what=CONCLUSION),
        ends_at=_instant_or_none(value, "ends_at", what=CONCLUSION),
    )


def suspension_document(suspension: SuspensionDocument) -> bytes:
    """Return the document of a suspension. Source: spec 5.5.2."""
    return _document(
        SUSPENSION,
        {
            "instrument": suspension.instrument,
            "text": suspension.text,
            "party": suspension.party,
            "units": list(suspension.units),
            "until": None if suspension.until is None else str(suspension.until),
            "article": suspension.article,
        },
    )


def read_suspension(data: bytes) -> SuspensionDocument:
    """Return the suspension in ``data``, with the digest of its bytes.

    Raises:
        PeerError: ``signing.units``, ``signing.article`` and all of ``documents.read_document``.
    """
    value = read_document(data, type_name=SUSPENSION, names=_SUSPENSION)
    units = tuple(read_unit(each) for each in _list(value["units"], "units"))
    if list(units) != sorted(set(units)) or len(units) > SUSPENDED_UNITS_MAX:
        raise PeerError("signing.units", "A suspension lists its units in order, each once.")
    article = string_of(value, "article", what=SUSPENSION)
    if not 0 < len(article) <= LABEL_CHARS_MAX:
        raise PeerError("signing.article", "A suspension names the article under which it is done.")
    return SuspensionDocument(
        instrument=read_urn(value["instrument"], "instrument"),
        text=read_digest(value["text"], "text"),
        party=_party(value, what=SUSPENSION),
        units=units,
        until=_instant_or_none(value, "until", what=SUSPENSION),
        article=article,
        digest=digest(data),
    )


def resumption_document(*, instrument: str, suspension: str, party: str) -> bytes:
    """Return one party's part in lifting a suspension. Source: spec 5.5.3."""
    return _document(
        RESUMPTION, {"instrument": instrument, "suspension": suspension, "party": party}
    )


def read_resumption(data: bytes) -> ResumptionDocument:
    """Return the resumption in ``data``.

    Raises:
        PeerError: as ``documents.read_document``.
    """
    value = read_document(data, type_name=RESUMPTION, names=_RESUMPTION)
    return ResumptionDocument(
        instrument=read_urn(value["instrument"], "instrument"),
        suspension=read_digest(value["suspension"], "suspension"),
        party=_party(value, what=RESUMPTION),
    )


def read_signers(jws: bytes) -> tuple[Signer, ...]:
    """Return who a signatures file says has signed, without verifying anything.

    The fold uses it on files that ``admission`` has verified.

    Raises:
        PeerError: ``signing.file``: not a file of pairs.
    """
    value = members(parse_canonical(jws, what="The signatures"), ("signatures",), what="The file")
    entries = [_entry(each) for each in _list(value["signatures"], "signatures")]
    if not entries or len(entries) % 2:
        raise PeerError("signing.file", "A signatures file holds pairs; a half is left over.")
    made = []
    for (header, ed), (_, pq) in zip(entries[::2], entries[1::2], strict=True):
        powers = header.get("full_powers")
        made.append(
            Signer(
                key=str(header.get("kid")),
                powers=None if powers is None else str(powers),
                party=str(header.get("on_behalf_of")),
                capacity=str(header.get("capacity")),
                digests=(ed, pq),
            )
        )
    return tuple(made)


def _entry(value: Json) -> tuple[JsonObject, str]:
    found = members(value, ("protected", "signature"), what="An entry of the signatures file")
    protected = string_of(found, "protected", what="An entry")
    signature = string_of(found, "signature", what="An entry")
    header = parse_canonical(
        base64url.decode(protected, what="A protected header"), what="A protected header"
    )
    return header, sha256(f"{protected}.{signature}".encode("ascii", "replace")).hexdigest()


def _signatory(value: Json) -> Signatory:
    found = members(value, ("party", "powers", "name", "office"), what="A signatory")
    return Signatory(
        party=_party(found, what="A signatory"),
        powers=read_digest(found["powers"], "powers"),
        name=text_of(found, "name", what="A signatory"),
        office=text_of(found, "office", what="A signatory"),
    )


def _document(type_name: str, rest: Mapping[str, Json]) -> bytes:
    return canonical({"type": type_name, "crypto_profile": CRYPTO_PROFILE, **rest})


def _party(value: JsonObject, *, what: str) -> str:
    return check_party(string_of(value, "party", what=what))


def _instant_or_none(value: JsonObject, name: str, *, what: str) -> Instant | None:
    return None if value[name] is None else instant_of(value, name, what=what)


def _list(value: Json, member: str) -> Sequence[Json]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise PeerError("signing.list", f"The member {member} is a list; found {value!r:.60}.")
    return value
