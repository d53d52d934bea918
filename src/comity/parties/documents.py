"""Reading a document that was signed: its type, its profile, exactly its members.

A document is an object with ``type``, ``crypto_profile`` and the members its type names: one too
few or one too many is refused, for nobody may sign what the other's node does not show.
Source: document-signatures, "Format"; spec 2.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import Json, JsonObject, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.limits import NAME_CHARS_MAX, SIGNED_DOCUMENT_BYTES_MAX
from comity.foundation.text import check_text

CRYPTO_PROFILE: Final = "SP-1"


def members(value: Json, names: Sequence[str], *, what: str) -> JsonObject:
    """Return ``value`` if it is an object with exactly the members ``names``.

    Raises:
        PeerError: ``documents.object``, ``documents.members``.
    """
    if not isinstance(value, Mapping):
        raise PeerError("documents.object", f"{what} is not a JSON object.")
    missing = sorted(set(names) - set(value))
    unknown = sorted(set(value) - set(names))
    if missing or unknown:
        raise PeerError(
            "documents.members",
            f"{what}: missing members: {', '.join(missing) or 'none'}; unknown members:"
            f" {', '.join(name[:40] for name in unknown) or 'none'}.",
        )
    return value


def read_document(
    data: bytes, *, type_name: str, names: Sequence[str], bytes_max: int = SIGNED_DOCUMENT_BYTES_MAX
) -> JsonObject:
    """Return the object of a document of ``type_name`` with exactly the members ``names``.

    ``type`` and ``crypto_profile`` come on top of ``names``.

    Raises:
        PeerError: ``documents.type``, ``documents.profile``; as ``members`` and
            ``parse_canonical``.
    """
    value = parse_canonical(data, bytes_max=bytes_max, what=type_name)
    if value.get("type") != type_name:
        raise PeerError(
            "documents.type",
            f"Expected a document of type {type_name}; found {str(value.get('type'))[:60]!r}.",
        )
    members(value, ("type", "crypto_profile", *names), what=type_name)
    if value["crypto_profile"] != CRYPTO_PROFILE:
        raise PeerError(
            "documents.profile",
            f"{type_name}: the profile {CRYPTO_PROFILE} is known here; found"
            f" {str(value['crypto_profile'])[:30]!r}.",
        )
    return value


def text_of(value: JsonObject, name: str, *, what: str) -> str:
    """Return a text of one line, not empty and not long.

    Raises:
        PeerError: ``documents.text``, ``basics.character``, ``basics.normal_form``.
    """
    text = value[name]
    if not isinstance(text, str) or not text.strip() or len(text) > NAME_CHARS_MAX or "\n" in text:
        raise PeerError(
            "documents.text",
            f"{what}: {name} must be one line of 1 to {NAME_CHARS_MAX} characters.",
        )
    return check_text(text, what=f"{what}: {name}")


def texts_of(value: JsonObject, name: str, *, what: str) -> tuple[str, ...]:
    """Return a list of texts in ascending order, none twice, at least one.

    Raises:
        PeerError: ``documents.list``, ``documents.order``.
    """
    found = value[name]
    texts = (
        tuple(text for text in found if isinstance(text, str))
        if isinstance(found, Sequence) and not isinstance(found, str)
        else ()
    )
    if not texts or not isinstance(found, Sequence) or len(texts) != len(found):
        raise PeerError("documents.list", f"{what}: {name} must be a list of texts.")
    if list(texts) != sorted(set(texts)):
        raise PeerError(
            "documents.order", f"{what}: {name} must stand in ascending order, none twice."
        )
    return texts


def instant_of(value: JsonObject, name: str, *, what: str) -> Instant:
    """Return an instant.

    Raises:
        PeerError: ``basics.instant``, ``documents.instant``.
    """
    text = value[name]
    if not isinstance(text, str):
        raise PeerError("documents.instant", f"{what}: {name} must be a time in quotes.")
    return Instant.parse(text)


def string_of(value: JsonObject, name: str, *, what: str) -> str:
    """Return a text whose form the caller checks.

    Raises:
        PeerError: ``documents.string``.
    """
    text = value[name]
    if not isinstance(text, str):
        raise PeerError("documents.string", f"{what}: {name} must be a text.")
    return text
