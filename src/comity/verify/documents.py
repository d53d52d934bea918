"""The documents of an agreement, read again from their bytes: from adoption to conclusion.

Source: pages 2 and 5 of the specification; spec 8.3.6.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.documents import instant_of, members, read_document, string_of, text_of
from comity.parties.identifiers import check_hex, check_party, check_urn

ADOPTION: Final = "comity/adoption"
INITIALS: Final = "comity/initials"
MANIFEST: Final = "comity/manifest"
CONCLUSION: Final = "comity/conclusion"
SUSPENSION: Final = "comity/suspension"
RESUMPTION: Final = "comity/resumption"


@attrs.frozen(kw_only=True)
class Signatory:
    """One person who must sign, by the full powers under which it will be done."""

    party: str
    powers: str
    name: str
    office: str


@attrs.frozen(kw_only=True)
class Manifest:
    """What every signatory signs."""

    instrument: str
    text: str
    title: str
    parties: tuple[str, ...]
    policies: str
    signatories: tuple[Signatory, ...]
    opens: Instant
    closes: Instant
    entry: Json
    digest: str


@attrs.frozen(kw_only=True)
class Conclusion:
    """What both parties sealed once all had signed."""

    instrument: str
    text: str
    manifest: str
    signatures: tuple[str, ...]
    signed_at: Instant
    in_force_at: Instant
    ends_at: Instant | None


@attrs.frozen(kw_only=True)
class Suspension:
    """A suspension: of the whole (no units) or of units, until further notice or an instant."""

    instrument: str
    text: str
    party: str
    units: tuple[str, ...]
    until: Instant | None
    digest: str


def read_manifest(data: bytes) -> Manifest:
    """Return the signing manifest in ``data``.

    Raises:
        PeerError: ``documents.*``, ``parties.*``, ``basics.*``, ``json.*``, ``verify.list``.
    """
    names = ("instrument", "text", "title", "parties", "policies", "signatories", "window", "entry")
    value = read_document(data, type_name=MANIFEST, names=names)
    window = members(value["window"], ("opens", "closes"), what="The window")
    return Manifest(
        instrument=_urn(value),
        text=_hex(value, "text"),
        title=text_of(value, "title", what=MANIFEST),
        parties=_texts(value, "parties"),
        policies=_hex(value, "policies"),
        signatories=tuple(_signatory(each) for each in _list(value, "signatories")),
        opens=instant_of(window, "opens", what=MANIFEST),
        closes=instant_of(window, "closes", what=MANIFEST),
        entry=value["entry"],
        digest=digest(data),
    )


def read_conclusion(data: bytes) -> Conclusion:
    """Return the conclusion in ``data``. Raises as ``read_manifest``."""
    names = ("instrument", "text", "manifest", "signatures", "signed_at", "in_force_at", "ends_at")
    value = read_document(data, type_name=CONCLUSION, names=names)
    return Conclusion(
        instrument=_urn(value),
        text=_hex(value, "text"),
        manifest=_hex(value, "manifest"),
        signatures=_texts(value, "signatures"),
        signed_at=instant_of(value, "signed_at", what=CONCLUSION),
        in_force_at=instant_of(value, "in_force_at", what=CONCLUSION),
        ends_at=_maybe_instant(value, "ends_at"),
    )


def read_statement(data: bytes, *, type_name: str) -> tuple[str, str, str]:
    """Return instrument, text and party of an adoption or initials. Raises as ``read_manifest``."""
    value = read_document(data, type_name=type_name, names=("instrument", "text", "party"))
    return _urn(value), _hex(value, "text"), _party(value)


def read_suspension(data: bytes) -> Suspension:
    """Return the suspension in ``data``. Raises as ``read_manifest``."""
    names = ("instrument", "text", "party", "units", "until", "article")
    value = read_document(data, type_name=SUSPENSION, names=names)
    string_of(value, "article", what=SUSPENSION)
    return Suspension(
        instrument=_urn(value),
        text=_hex(value, "text"),
        party=_party(value),
        units=_texts(value, "units"),
        until=_maybe_instant(value, "until"),
        digest=digest(data),
    )


def read_resumption(data: bytes) -> tuple[str, str, str]:
    """Return instrument, suspension and party of a resumption. Raises as ``read_manifest``."""
    value = read_document(data, type_name=RESUMPTION, names=("instrument", "suspension", "party"))
    return _urn(value), _hex(value, "suspension"), _party(value)


def _signatory(value: Json) -> Signatory:
    what = "A signatory"
    found = members(value, ("party", "powers", "name", "office"), what=what)
    return Signatory(
        party=_party(found),
        powers=_hex(found, "powers"),
        name=text_of(found, "name", what=what),
        office=text_of(found, "office", what=what),
    )


def _urn(value: JsonObject) -> str:
    return check_urn(string_of(value, "instrument", what="A document"), what="The instrument")


def _hex(value: JsonObject, name: str) -> str:
    return check_hex(string_of(value, name, what="A document"), size=32, what=name)


def _party(value: JsonObject) -> str:
    return check_party(string_of(value, "party", what="A document"))


def _maybe_instant(value: JsonObject, name: str) -> Instant | None:
    return None if value[name] is None else instant_of(value, name, what="A document")


def _list(value: JsonObject, name: str) -> Sequence[Json]:
    found = value[name]
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise PeerError("verify.list", f"The member {name} of a document is a list.")
    return found


def _texts(value: JsonObject, name: str) -> tuple[str, ...]:
    found = _list(value, name)
    texts = tuple(each for each in found if isinstance(each, str))
    if len(texts) != len(found):
        raise PeerError("verify.texts", f"The member {name} of a document is a list of texts.")
    return texts
