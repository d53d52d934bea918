"""The catalogue on the wire: catalogues, datasets, distributions, services, and their errors.

Source: Dataspace Protocol 2025-1, catalog protocol, schemas of 2025-08-29; dataspace-protocol 3.1.
"""

from collections.abc import Mapping
from typing import Self

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.protocols.dsp.policies import Offer
from comity.protocols.dsp.reading import Reader, reader, root, without_absent


@attrs.frozen(kw_only=True)
class CatalogRequestMessage:
    """A consumer asks what there is for it; ``filters`` as they came, empty for none."""

    id: str | None
    filters: tuple[Json, ...] = ()

    def json(self) -> JsonObject:
        """Return the object."""
        return root(self, message_id=self.id, members={"filter": list(self.filters)})

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(id=message.maybe_name("@id"), filters=message.values("filter", least=0))


@attrs.frozen(kw_only=True)
class DatasetRequestMessage:
    """A request for one dataset, as a message (over HTTPS the path says it)."""

    id: str | None
    dataset: str

    def json(self) -> JsonObject:
        """Return the object."""
        return root(self, message_id=self.id, members={"dataset": self.dataset})

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(id=message.maybe_name("@id"), dataset=message.name("dataset"))


@attrs.frozen(kw_only=True)
class DataService:
    """Where to negotiate and transfer."""

    id: str
    endpoint: str

    def json(self) -> JsonObject:
        """Return the object."""
        return {"@id": self.id, "@type": "DataService", "endpointURL": self.endpoint}

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the value of an opened object.

        Raises:
            PeerError: ``dsp.*``.
        """
        value.fixed("@type", "DataService")
        return cls(id=value.name("@id"), endpoint=value.text("endpointURL"))


@attrs.frozen(kw_only=True)
class Distribution:
    """One way to get a dataset; the service is told by its id or stands inside."""

    format: str
    service: str | DataService
    offers: tuple[Offer, ...] = ()

    def json(self) -> JsonObject:
        """Return the object."""
        service: Json = self.service if isinstance(self.service, str) else self.service.json()
        return without_absent(
            {
                "@type": "Distribution",
                "format": self.format,
                "accessService": service,
                "hasPolicy": [each.json() for each in self.offers],
            }
        )

    @classmethod
    def read(cls, value: Reader) -> Self:
        """Return the value of an opened object.

        Raises:
            PeerError: ``dsp.*``.
        """
        found = value.value.get("accessService")
        service: str | DataService
        if isinstance(found, Mapping):
            service = DataService.read(reader(found, what="accessService"))
        else:
            service = value.text("accessService")
        return cls(
            format=value.text("format"),
            service=service,
            offers=tuple(map(Offer.read_in_dataset, value.inners("hasPolicy"))),
        )


@attrs.frozen(kw_only=True)
class Dataset:
    """One thing on offer."""

    id: str
    offers: tuple[Offer, ...]
    distributions: tuple[Distribution, ...]

    def json(self) -> JsonObject:
        """Return the object as the answer to a request for this dataset."""
        return root(self, message_id=self.id, members=self.members())

    def nested(self) -> JsonObject:
        """Return the object as it stands in a catalogue."""
        return {"@id": self.id, "@type": "Dataset", **self.members()}

    def members(self) -> JsonObject:
        """Return the members of its own."""
        return {
            "hasPolicy": [each.json() for each in self.offers],
            "distribution": [each.json() for each in self.distributions],
        }

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened object; its type may be left out inside a catalogue.

        Raises:
            PeerError: ``dsp.*``.
        """
        if message.has("@type"):
            message.fixed("@type", "Dataset")
        return cls(
            id=message.name("@id"),
            offers=tuple(map(Offer.read_in_dataset, message.needed("hasPolicy"))),
            distributions=tuple(map(Distribution.read, message.needed("distribution"))),
        )


@attrs.frozen(kw_only=True)
class Catalog:
    """What a participant offers to whoever asked; ``participant`` stands at the root only."""

    id: str
    participant: str | None
    services: tuple[DataService, ...]
    datasets: tuple[Dataset, ...]
    catalogs: "tuple[Catalog, ...]" = ()
    distributions: tuple[Distribution, ...] = ()

    def json(self) -> JsonObject:
        """Return the object at the root."""
        members: JsonObject = {"participantId": self.participant, **self.members()}
        return root(self, message_id=self.id, members=members)

    def nested(self) -> JsonObject:
        """Return the object inside another catalogue."""
        return {"@id": self.id, "@type": "Catalog", **without_absent(self.members())}

    def members(self) -> JsonObject:
        """Return the members of its own."""
        return {
            "service": [each.json() for each in self.services],
            "dataset": [each.nested() for each in self.datasets],
            "catalog": [each.nested() for each in self.catalogs],
            "distribution": [each.json() for each in self.distributions],
        }

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened root catalogue.

        Raises:
            PeerError: ``dsp.*``.
        """
        return attrs.evolve(cls.read_nested(message), participant=message.name("participantId"))

    @classmethod
    def read_nested(cls, message: Reader) -> Self:
        """Return the value of an opened catalogue inside another.

        Raises:
            PeerError: ``dsp.*``.
        """
        message.fixed("@type", "Catalog")
        return cls(
            id=message.name("@id"),
            participant=None,
            services=tuple(map(DataService.read, message.inners("service"))),
            datasets=tuple(map(Dataset.read, message.inners("dataset"))),
            catalogs=tuple(map(cls.read_nested, message.inners("catalog"))),
            distributions=tuple(map(Distribution.read, message.inners("distribution"))),
        )


@attrs.frozen(kw_only=True)
class CatalogError:
    """What is answered when a catalogue or dataset cannot be given."""

    id: str | None
    code: str | None
    reasons: tuple[Json, ...]

    def json(self) -> JsonObject:
        """Return the object."""
        members: JsonObject = {"code": self.code, "reason": list(self.reasons)}
        return root(self, message_id=self.id, members=members)

    @classmethod
    def read(cls, message: Reader) -> Self:
        """Return the value of an opened message.

        Raises:
            PeerError: ``dsp.*``.
        """
        return cls(
            id=message.maybe_name("@id"),
            code=message.maybe_text("code"),
            reasons=message.values("reason", least=0),
        )
