"""How a node is found: the version document, and the entries of a DID document.

Source: Dataspace Protocol 2025-1, common functionality; dataspace-protocol 1.1, 1.2 and 12 (the
official pattern asks ``/catalog`` of both kinds of DID entry; the prose, which we follow, of one).
"""

from typing import Final, Self

import attrs

from comity.foundation.canonical import JsonObject, canonical, parse
from comity.foundation.errors import PeerError
from comity.protocols.dsp.reading import (
    CONTEXT,
    MESSAGE_BYTES_MAX,
    Reader,
    check_context,
    reader,
    without_absent,
)

VERSION: Final = "2025-1"
DID_CONTEXT: Final = "https://www.w3.org/ns/did/v1"


@attrs.frozen(kw_only=True)
class Authentication:
    """How the endpoints of a version are protected."""

    protocol: str
    version: str
    profiles: tuple[str, ...] = ()

    def json(self) -> JsonObject:
        """Return the object."""
        return without_absent(
            {"protocol": self.protocol, "version": self.version, "profile": list(self.profiles)}
        )

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the value of an opened object.

        Raises:
            PeerError: ``dsp.auth_profile``, ``dsp.*``.
        """
        listed = value.values("profile", least=0)
        if not all(isinstance(each, str) for each in listed):
            raise PeerError("dsp.auth_profile", f"{value.what}: profile must be a list of texts.")
        return cls(
            protocol=value.text("protocol"),
            version=value.text("version"),
            profiles=tuple(str(each) for each in listed),
        )


@attrs.frozen(kw_only=True)
class ProtocolVersion:
    """One version a node speaks, and below which path."""

    version: str
    path: str
    service: str | None = None
    identifier_type: str | None = None
    auth: Authentication | None = None

    def json(self) -> JsonObject:
        """Return the object."""
        return without_absent(
            {
                "version": self.version,
                "path": self.path,
                "binding": "HTTPS",
                "serviceId": self.service,
                "identifierType": self.identifier_type,
                "auth": None if self.auth is None else self.auth.json(),
            }
        )

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the value of an opened object.

        Raises:
            PeerError: ``dsp.path``, ``dsp.*``.
        """
        value.fixed("binding", "HTTPS")
        path = value.text("path")
        if not path.startswith("/") or "//" in path or "/.." in path:
            raise PeerError("dsp.path", f"{value.what}: {path[:80]!r} is no absolute path.")
        return cls(
            version=value.text("version"),
            path=path,
            service=value.maybe_text("serviceId"),
            identifier_type=value.maybe_text("identifierType"),
            auth=Authentication.read(value.inner("auth")) if value.has("auth") else None,
        )


@attrs.frozen(kw_only=True)
class DidService:
    """An entry of a DID document: a catalogue, or a service's version document."""

    id: str
    type: str
    endpoint: str

    def json(self) -> JsonObject:
        """Return the object."""
        return {
            "@context": [CONTEXT, DID_CONTEXT],
            "id": self.id,
            "type": self.type,
            "serviceEndpoint": self.endpoint,
        }


def parse_versions(data: bytes) -> tuple[ProtocolVersion, ...]:
    """Return the versions in a version document, in its order.

    Raises:
        PeerError: ``json.*``, ``dsp.*``.
    """
    what = "version document"
    opened = reader(parse(data, bytes_max=MESSAGE_BYTES_MAX, what=what), what=what)
    return tuple(map(ProtocolVersion.read, opened.needed("protocolVersions")))


def versions_bytes(*versions: ProtocolVersion) -> bytes:
    """Return the bytes of a version document."""
    return canonical({"protocolVersions": [each.json() for each in versions]})


def parse_did_service(data: bytes) -> DidService:
    """Return the entry of a DID document.

    Raises:
        PeerError: ``json.*``; ``dsp.did_context``, ``dsp.did_endpoint``, ``dsp.*``.
    """
    what = "DID service"
    opened = reader(parse(data, bytes_max=MESSAGE_BYTES_MAX, what=what), what=what)
    if opened.has("@context"):
        check_context(opened)
        if DID_CONTEXT not in opened.values("@context", least=1):
            raise PeerError("dsp.did_context", f"{what}: @context must name {DID_CONTEXT} too.")
    kind = opened.fixed("type", "CatalogService", "DataService")
    endpoint = opened.text("serviceEndpoint")
    end = "/catalog" if kind == "CatalogService" else "/.well-known/dspace-version"
    if not endpoint.endswith(end):
        raise PeerError("dsp.did_endpoint", f"{what}: a {kind} ends with {end}.")
    return DidService(id=opened.text("id"), type=kind, endpoint=endpoint)
