"""Registering a connector under an article, and releasing items to it.

Both are acts of a person with the role: what they enter is the whole ground of what crosses later,
so it goes into the house log with who did it. Source: issue 5, 3 and 7; spec 9.1.
"""

import json
from typing import Final

import attrs

from comity.agreements.mandates import Refused
from comity.api import dataspace as asks
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.foundation.text import check_text
from comity.node.context import HOUSE
from comity.node.controlling import controlled_bytes
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import Reacting
from comity.node.officials import Official
from comity.parties.keys import PublicKey
from comity.protocols.dsp.connectors import policy_offer
from comity.protocols.dsp.policies import Rule, Rules
from comity.sharing.connectors import rulings
from comity.sharing.connectors.model import (
    PULL,
    PUSH,
    Counterpart,
    Dataset,
    Framework,
    Identity,
    IdentityKind,
    ItemFacts,
    Source,
)
from comity.sharing.model import Role, derived_id
from comity.sharing.reactions import refusal
from comity.storage.tx import Tx
from comity.transport.connector import check_base
from comity.transport.id_tokens import DID

#: What is offered where an official says nothing else: to use it, as the registration permits.
USE: Final = Rules(permission=(Rule(action="use", constraints=()),))


@attrs.frozen(kw_only=True)
class Registering:
    """The desk of those who let others in.

    Attributes:
        plain: Whether plain http may be registered: purpose *conformance* alone.
        reacting: Cuts data that runs.
    """

    book: Book
    plain: bool
    reacting: Reacting

    def check_new(self, tx: Tx, named: str) -> None:
        """Pass if a connector with that id can be registered.

        Raises:
            MisuseError: ``connectors.known``, ``connectors.participant``,
                ``connectors.is_a_party``.
        """
        if self.book.counterpart(tx, named) is not None:
            raise MisuseError("connectors.known", f"{named} is registered already.")
        if named in {self.book.own, *(r.counterpart for r in tx.relationships.list())}:
            raise MisuseError(
                "connectors.is_a_party",
                f"{named} has a record with us (or is ourselves): sharing with it goes under"
                " the agreement, not under a registration.",
            )
        if DID.fullmatch(named) is None:
            raise MisuseError(
                "connectors.participant",
                f"{named[:200]!r} cannot be the id of a connector that is known by its"
                " tokens: they name a did, such as did:web:connector.example. Ask its operator what"
                " stands in their iss.",
            )

    def read(
        self, request: asks.Terms, *, of: str, known: Counterpart | None, by: str
    ) -> Counterpart:
        """Return the registration that was entered.

        Args:
            request: What was entered.
            of: The participant id.
            known: The registration as it is; None for a new one.
            by: Who entered it.

        Raises:
            MisuseError: ``connectors.base``, ``connectors.key``, ``connectors.scale``,
                ``connectors.until``, ``connectors.origin``.
        """
        check_base(request.base, plain=self.plain)
        if request.marking_max not in request.scale:
            raise MisuseError(
                "connectors.scale",
                f"The highest marking {request.marking_max!r} is not on the scale"
                f" {' < '.join(request.scale)}.",
            )
        now = self.book.ctx.now()
        return Counterpart(
            id=of,
            name=check_text(request.name, what="The name"),
            base=request.base,
            identity=Identity(kind=IdentityKind.TOKEN, key=_key(request.key)),
            framework=Framework(
                title=check_text(request.agreement, what="The agreement"),
                article=check_text(request.article, what="The article"),
                area=request.area,
                kinds=tuple(request.kinds),
                scale=tuple(request.scale),
                marking_max=request.marking_max,
                purposes=tuple(request.purposes),
                onward=request.onward,
                since=now if known is None else known.framework.since,
                until=_until(request.until, now),
                suspended=False if known is None else known.framework.suspended,
            ),
            registered=now if known is None else known.registered,
            by=by,
            pin=request.pin or None,
            origins=tuple(_origin(each, plain=self.plain) for each in request.origins),
        )

    def suspend(self, tx: Tx, request: asks.ChangeConnector, official: Official) -> JsonObject:
        """Suspend all that a registration permits, or resume it; running data is cut at once."""
        found = self.book.named(tx, request.connector)
        framework = attrs.evolve(found.framework, suspended=request.suspended)
        self.book.keep_counterpart(tx, attrs.evolve(found, framework=framework))
        what = "suspended" if request.suspended else "resumed"
        if request.suspended:
            self.reacting.stop_data(tx, counterpart=found.id)
        self._house(tx, what, found.id, official, reason=request.reason)
        self.book.keep_history(tx, found.id, what=what, by=official.id, reason=request.reason)
        return {"connector": found.id, "suspended": request.suspended}

    def release(self, tx: Tx, request: asks.ReleaseDataset, official: Official) -> JsonObject:
        """Release an item of ours to a registered connector.

        Raises:
            MisuseError: ``items.unknown``.
            RefusedError: ``sharing.refused``: the registration does not permit it.
        """
        counterpart = self.book.named(tx, request.connector)
        row = tx.things.get(HOUSE, "item", request.item)
        if row is None:
            raise MisuseError("items.unknown", f"There is no item {request.item[:60]!r}.")
        item, note = row.value["item"], row.value["note"]
        assert isinstance(item, dict)
        assert isinstance(note, dict)
        item_facts = ItemFacts(
            area=str(item["area"]),
            kind=str(item["kind"]),
            marking=str(item["marking"]),
            purpose=str(item["purpose"]),
            action=str(item["action"]),
        )
        facts = attrs.evolve(
            self.book.facts(tx, counterpart, dataset=None, contract=None),
            control=controlled_bytes(self.book.ctx, tx).get(str(item["digest"])),
        )
        ruling = rulings.ruling(item_facts, role=Role.PROVIDER, stage="release", facts=facts)
        if isinstance(ruling, Refused):
            raise refusal(ruling)
        known = self.book.dataset(tx, request.item)
        to = (counterpart.id,) if known is None else (*known.to, counterpart.id)
        offer = policy_offer(
            derived_id("connector-offer", request.item), target=request.item, rules=USE
        )
        dataset = Dataset(
            id=request.item,
            title=str(note.get("title", "")),
            source=Source(kind="payload", place=str(item["digest"])),
            media=str(item["media"]),
            offers=(offer,),
            formats=(PULL, PUSH) if request.push else (PULL,),
            to=tuple(sorted(set(to))),
            facts=item_facts,
            by=official.id,
        )
        self.book.keep_dataset(tx, dataset)
        self._house(tx, "released", counterpart.id, official, dataset=dataset.id)
        return {"dataset": dataset.id, "connector": counterpart.id, "article": ruling.article}

    def withdraw(self, tx: Tx, request: asks.OneDataset, official: Official) -> JsonObject:
        """Withdraw a dataset: nobody sees it or gets it from now on; running data is cut."""
        found = self.book.dataset(tx, request.dataset)
        if found is None:
            raise MisuseError("connectors.no_dataset", f"We offer no {request.dataset[:60]!r}.")
        gone = attrs.evolve(found, to=(), facts=attrs.evolve(found.facts, released=False))
        self.book.keep_dataset(tx, gone)
        self.reacting.stop_data(tx, dataset=found.id)
        self._house(tx, "withdrawn", ",".join(found.to), official, dataset=found.id)
        return {"dataset": found.id, "to": []}

    def _house(  # noqa: PLR0917  # what was done, about whom, by whom
        self, tx: Tx, what: str, counterpart: str, official: Official, **more: Json
    ) -> None:
        value: JsonObject = {
            "what": what,
            "counterpart": counterpart,
            "by": official.id,
            **more,
        }
        self.book.ctx.ledger.house(tx, "house.dataspace", value)


def _key(text: str) -> str:
    """Return a P-256 public key as canonical JWK."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if (
        not isinstance(told, dict)
        or (told.get("kty"), told.get("crv")) != ("EC", "P-256")
        or not all(isinstance(told.get(name), str) for name in ("x", "y"))
        or "d" in told
    ):
        raise MisuseError(
            "connectors.key",
            "The key is the connector's public P-256 key as a JWK: kty EC, crv P-256, x and y; and"
            " never d, which is the private half.",
        )
    jwk = {name: str(told[name]) for name in ("crv", "kty", "x", "y")}
    try:
        PublicKey.from_jwk(jwk, what="The key")
    except PeerError as error:
        raise MisuseError("connectors.key", f"The key cannot be used: {error}") from error
    return canonical(jwk).decode()


def _until(text: str, now: Instant) -> Instant | None:
    if not text:
        return None
    until = Instant.parse(text if "T" in text else f"{text}T00:00:00Z")
    if until <= now:
        raise MisuseError("connectors.until", f"The end {text} has passed already.")
    return until


def _origin(text: str, *, plain: bool) -> str:
    check_base(text, plain=plain)
    if text.count("/") != 2:
        raise MisuseError(
            "connectors.origin", f"{text[:200]!r} is no origin: https://host:port, no path."
        )
    return text
