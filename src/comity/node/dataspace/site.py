"""The routes of the Dataspace Protocol for registered connectors, in both roles.

A message is parsed once, its transition is durable before it is answered, and what it makes our
side do leaves afterwards. Whoever calls is known before this: the caller is a registered
counterpart. What is wrong with a call is answered as the protocol names it, and changes nothing.
Source: Dataspace Protocol 2025-1, HTTPS bindings; dataspace-protocol 2 and 6; spec 9.4.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from urllib.parse import parse_qs

import attrs

from comity.foundation.canonical import JsonObject, digest
from comity.foundation.errors import ComityError, PeerError, RefusedError, UnavailableError
from comity.node.dataspace.book import Book
from comity.node.dataspace.data import DataDoor
from comity.node.dataspace.intake import Intake
from comity.node.dataspace.paging import Pages, Said, permitted
from comity.node.dataspace.reacting import Reacting
from comity.node.sharing_site import family_of
from comity.protocols.dsp.answers import error_bytes
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.connectors import (
    OPENINGS,
    dataset_bytes,
    exchange_bytes,
    named_pids,
    read_opening,
    read_step,
)
from comity.protocols.dsp.reading import parse_as
from comity.sharing.connectors import machine, openings
from comity.sharing.connectors.messages import Message
from comity.sharing.connectors.model import Counterpart, Dataset, Exchange
from comity.sharing.lifecycle import Step
from comity.sharing.model import Family, Role
from comity.storage.tx import Tx
from comity.transport.gate import (
    PROOF,
    Receive,
    Scope,
    Send,
    answer,
    read_body,
    repeated,
)
from comity.transport.id_tokens import IdToken

_log: Final = logging.getLogger(__name__)
JSON: Final = "application/json"
#: What follows is a dataset's id, whatever is in it; the server has decoded it.
_DATASETS: Final = "/catalog/datasets/"
_PROCESS: Final = re.compile(r"/(negotiations|transfers)/([^/]+)(?:/(.+))?")
#: What is asked of a process: how it stands (nothing behind its id), or a message (something).
_ASKED: Final = {("GET", True), ("POST", False)}
_STATUS: Final = {
    "dsp.no_process": 404,
    "dsp.no_dataset": 404,
    "dsp.no_route": 404,
    "sharing.token": 404,
    "call.body_too_large": 413,
    "dsp.media": 415,
}


@attrs.frozen(kw_only=True)
class ConnectorSite:
    """Answers the calls of registered connectors. Paths are below the base address."""

    book: Book
    reacting: Reacting
    data: DataDoor
    intake: Intake
    pages: Pages

    def by_token(self, path: str) -> Callable[[Scope, Receive, Send], Awaitable[None]] | None:
        """Return what answers a call that a transfer's own token opens; None for all others.

        Args:
            path: Below the base, decoded.
        """
        for place, door in (("/data/", self.data), ("/intake/", self.intake)):
            if path.startswith(place):
                return partial(door, pid=path.removeprefix(place))
        return None

    async def __call__(  # noqa: PLR0917  # an ASGI call, whose it is, and what it is for
        self, scope: Scope, receive: Receive, send: Send, caller: str, path: str
    ) -> None:
        """Answer one call of the registered counterpart with the id ``caller``.

        Raises:
            PeerError: ``call.repeated``: the token of the call was used before.
        """
        method, family = str(scope["method"]), family_of(path)
        body = b""
        try:
            if method == "POST":
                _check_media(scope)
                body = await read_body(receive)
            named = path if path.startswith(_DATASETS) else path.rstrip("/")
            said = await self._said(scope, caller, f"{method} {named}", body=body)
        except ComityError as error:
            if error.code == "call.repeated":
                raise
            said = await self._refused(error, family=family, body=body, caller=caller)
        await answer(
            send, status=said.status, body=said.body, content_type=JSON, headers=said.headers
        )

    async def _said(self, scope: Scope, caller: str, route: str, *, body: bytes) -> Said:
        """Return the answer to a call whose body was read.

        The token of a call is used up in the unit of work that the call is answered in; a call
        without one (purpose *conformance*) that changes nothing is answered from a snapshot.
        """
        work = self._work(scope, caller, route, body=body)
        token, store = scope.get(PROOF), self.book.ctx.store
        if isinstance(token, IdToken):
            answered = await store.write(lambda tx: self._once(tx, token, work))
            if isinstance(answered, ComityError):
                raise answered
            return answered
        acts = route.startswith("POST ") and not route.endswith("/catalog/request")
        return await (store.write(work) if acts else store.read(work))

    def _once(self, tx: Tx, token: IdToken, work: Callable[[Tx], Said]) -> Said | ComityError:
        now = self.book.ctx.now()
        if not tx.nonces.use(token.issuer, token.jti, expires=token.forgotten, now=now):
            raise repeated()
        try:
            return tx.part(work)
        except UnavailableError:
            raise
        except ComityError as error:
            return error

    def _work(self, scope: Scope, caller: str, route: str, *, body: bytes) -> Callable[[Tx], Said]:
        """Return what answers a call in one unit of work; its message is parsed before.

        Raises:
            PeerError: ``dsp.no_route``, ``json.*``, ``dsp.*``.
        """
        method, _, path = route.partition(" ")
        if route == "POST /catalog/request":
            return lambda tx: self._catalogue(tx, caller, scope, body=body)
        if method == "GET" and path.startswith(_DATASETS):
            name = path.removeprefix(_DATASETS)
            return lambda tx: self._dataset(tx, caller, name)
        if method == "POST" and path in OPENINGS:
            opening = read_opening(path, body)
            return lambda tx: self._open(tx, caller, opening)
        found, family = _PROCESS.fullmatch(path), family_of(path)
        if found is None or family is None or (method, found[3] is None) not in _ASKED:
            raise PeerError("dsp.no_route", "There is nothing at that address.")
        pid, end = found[2], found[3]
        if end is None:
            return lambda tx: Said(
                status=200, body=exchange_bytes(self._known(tx, caller, family, pid=pid))
            )
        return lambda tx: self._take(tx, caller, family, pid=pid, end=end, body=body)

    async def _refused(
        self, error: ComityError, *, family: Family | None, body: bytes, caller: str
    ) -> Said:
        """Return the answer to what cannot be taken; a ruling's refusal is written down."""
        _log.info("a message of %s was not taken: %s", caller, error.code)
        if isinstance(error, RefusedError) and "ruling" in error.facts:
            value: JsonObject = {
                "counterpart": caller,
                "permitted": False,
                "code": str(error.facts["ruling"]),
                "reason": error.message,
                "message": digest(body)[:16],
            }
            await self.book.ctx.store.write(
                lambda tx: self.book.ctx.ledger.house(tx, "house.dataspace", value)
            )
        busy = isinstance(error, UnavailableError)
        status = 503 if busy else _STATUS.get(error.code, 400)
        provider, consumer = named_pids(body)
        return Said(
            status=status,
            body=error_bytes(error, family=family, provider_pid=provider, consumer_pid=consumer),
            headers=[(b"retry-after", b"1")] if busy else [],
        )

    # --- processes ----------------------------------------------------------------------------

    def _caller(self, tx: Tx, caller: str) -> Counterpart:
        """Return the counterpart that calls, as it is registered now."""
        found = self.book.counterpart(tx, caller)
        if found is None:
            raise PeerError("dsp.no_route", "There is nothing at that address.")
        return found

    def _known(self, tx: Tx, caller: str, family: Family, *, pid: str) -> Exchange:
        """Return a process of this counterpart; a stranger's is answered like none at all."""
        exchange = self.book.find(tx, pid)
        if exchange is None or (exchange.counterpart, exchange.family) != (caller, family):
            raise PeerError("dsp.no_process", "There is no such process.")
        return exchange

    def _take(  # which message about which process of whom
        self,
        tx: Tx,
        caller: str,
        family: Family,
        *,
        pid: str,
        end: str,
        body: bytes,
    ) -> Said:
        """Take a message about a process; the same message again moves nothing.

        Whether there is such a process is answered first: a stranger learns nothing by the form.
        """
        exchange = self._known(tx, caller, family, pid=pid)
        message = read_step(family, end, body)
        if not machine.repeated(exchange, message):
            facts = self.book.facts_for(tx, exchange)
            exchange = machine.received(exchange, message, facts=facts)
            how: JsonObject = {"came": str(message.step), "message": message.sha256}
            self.reacting.settle(tx, exchange, how=how)
        return Said(status=200, body=exchange_bytes(exchange))

    def _open(self, tx: Tx, caller: str, message: Message) -> Said:
        """Open a process; one that this counterpart has opened before is answered as it is."""
        role = Role.CONSUMER if message.step is Step.OFFER else Role.PROVIDER
        theirs = message.provider_pid if role is Role.CONSUMER else message.consumer_pid
        known = self.book.by_peer(tx, caller, theirs or "", family=message.family, role=role)
        if known is not None:
            return Said(status=200, body=exchange_bytes(known))
        target = None if message.offer is None else message.offer.target
        counterpart = self._caller(tx, caller)
        facts = self.book.facts(tx, counterpart, dataset=target, contract=message.contract)
        exchange = openings.opened_by(message, facts=facts)
        body = exchange_bytes(exchange)
        how = {"came": str(message.step), "message": message.sha256}
        self.reacting.settle(tx, exchange, how=how)
        return Said(status=201, body=body)

    # --- catalogue ----------------------------------------------------------------------------

    def _seen(self, tx: Tx, counterpart: Counterpart, dataset: Dataset) -> bool:
        """Return whether a counterpart may see a dataset now: released to it, and permitted."""
        facts = attrs.evolve(
            self.book.facts(tx, counterpart, dataset=None, contract=None),
            control=self.book.control(tx, dataset),
        )
        return counterpart.id in dataset.to and permitted(dataset.facts, facts)

    def _catalogue(self, tx: Tx, caller: str, scope: Scope, *, body: bytes) -> Said:
        if parse_as(body, CatalogRequestMessage).filters:
            raise PeerError(
                "dsp.filter",
                "Filters are not supported; ask without one, and choose from the whole.",
            )
        facts = self.book.facts(tx, self._caller(tx, caller), dataset=None, contract=None)
        return self.pages.page(tx, facts, after=_page_after(scope))

    def _dataset(self, tx: Tx, caller: str, name: str) -> Said:
        counterpart = self._caller(tx, caller)
        dataset = self.book.dataset(tx, name)
        if dataset is None or not self._seen(tx, counterpart, dataset):
            raise PeerError("dsp.no_dataset", "There is no such dataset.")
        said = dataset_bytes(dataset, service=f"{self.pages.name}#service")
        return Said(status=200, body=said)


def _check_media(scope: Scope) -> None:
    """Pass if the body is JSON; parameters are left out of account."""
    headers = scope["headers"]
    assert isinstance(headers, list)
    told = next((bytes(value) for name, value in headers if name == b"content-type"), b"")
    media = told.partition(b";")[0].strip().lower()
    if media not in {b"application/json", b"application/ld+json"}:
        raise PeerError("dsp.media", "A message is sent as application/json.")


def _page_after(scope: Scope) -> str | None:
    query = scope["query_string"]
    assert isinstance(query, bytes)
    told = parse_qs(query.decode("latin-1")).get("continuationToken")
    return told[0] if told else None
