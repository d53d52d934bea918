"""What officials do with registered connectors: ask for an offer, for data, go on, or end it.

Source: issue 5, 3 and 9; spec 9.4.
"""

from collections.abc import Callable, Mapping

import attrs

from comity.api import dataspace as asks
from comity.foundation.canonical import Json, JsonObject, parse
from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.foundation.text import check_text
from comity.node.dataspace.book import Book
from comity.node.dataspace.reacting import Reacting
from comity.node.dataspace.registering import USE
from comity.node.dataspace.showing import Showing
from comity.node.officials import Official
from comity.protocols.dsp import catalogue as wire
from comity.protocols.dsp.answers import read_error
from comity.protocols.dsp.connectors import policy_offer, read_policy
from comity.protocols.dsp.policies import Rules
from comity.protocols.dsp.reading import CATALOGUE_BYTES_MAX, parse_as, to_bytes
from comity.sharing.connectors import machine, openings
from comity.sharing.connectors.model import Counterpart, Exchange, ItemFacts, PolicyOffer
from comity.sharing.connectors.playbook import Do
from comity.sharing.model import Role
from comity.storage.tx import Tx
from comity.transport.connector import ConnectorClient

#: How deep nested catalogues are read, and how many pages of one.
DEPTH_MAX = 4
PAGES_MAX = 100
_POLICY_BYTES_MAX = 60_000


@attrs.frozen(kw_only=True)
class Dealing:
    """The desk that acts in negotiations and transfers with registered connectors."""

    book: Book
    reacting: Reacting
    showing: Showing
    client: Callable[[Counterpart], ConnectorClient]

    def negotiate(self, tx: Tx, request: asks.Negotiate, official: Official) -> JsonObject:
        """Ask a connector for an offer of its own.

        Raises:
            MisuseError: ``connectors.unknown``, ``connectors.policy``.
            RefusedError: ``sharing.refused``.
        """
        counterpart = self.book.named(tx, request.counterpart)
        told = counterpart.framework
        item = ItemFacts(
            area=told.area,
            kind=request.kind or told.kinds[0],
            marking=request.marking or told.scale[0],
            purpose=request.purpose or told.purposes[0],
        )
        rules = _rules(request.policy) if request.policy else USE
        offer = policy_offer(request.offer, target=request.dataset, rules=rules)
        facts = self.book.facts(tx, counterpart, dataset=None, contract=None)
        moved = openings.ask(offer, item=item, facts=facts)
        exchange = self.reacting.send(tx, moved, how={"do": "request", "by": official.id})
        return self.showing.exchange(tx, asks.OneExchange(exchange=exchange.pid))

    def transfer(self, tx: Tx, request: asks.AskForData, official: Official) -> JsonObject:
        """Ask a connector for the data of a contract.

        Raises:
            MisuseError: ``connectors.unknown``, ``connectors.no_contract``, as
                ``openings.ask_for_data``.
            RefusedError: ``sharing.refused``.
        """
        counterpart = self.book.named(tx, request.counterpart)
        facts = self.book.facts(tx, counterpart, dataset=None, contract=request.contract)
        if facts.contract is None:
            raise MisuseError(
                "connectors.no_contract",
                f"There is no contract {request.contract[:80]!r} with {counterpart.name}.",
            )
        moved = openings.ask_for_data(facts.contract, way=request.format, facts=facts)
        exchange = self.reacting.send(tx, moved, how={"do": "request", "by": official.id})
        return self.showing.exchange(tx, asks.OneExchange(exchange=exchange.pid))

    def act(self, tx: Tx, request: asks.ActIn, official: Official) -> JsonObject:
        """Go on in a process, or end it.

        Raises:
            MisuseError: as ``Reacting.carry_out``.
            RefusedError: ``sharing.refused``.
        """
        exchange = self.showing.found(tx, request.exchange)
        reason = check_text(request.reason, what="The reason") if request.reason else ""
        self.reacting.carry_out(
            tx,
            exchange,
            Do(request.do),
            person=True,
            how={"by": official.id},
            code="decided",
            reason=reason or "Decided by an official.",
        )
        return self.showing.exchange(tx, asks.OneExchange(exchange=exchange.pid))

    def counter(self, tx: Tx, request: asks.Counter, official: Official) -> JsonObject:
        """Answer an offer with other rules.

        Raises:
            MisuseError: ``connectors.policy``, ``connectors.not_countered``; as
                ``Reacting.carry_out``.
            RefusedError: ``sharing.refused``.
        """
        exchange, offer = self._countered(tx, request)
        how: JsonObject = {"by": official.id, "meaning": offer.meaning}
        self.reacting.carry_out(tx, exchange, Do.REQUEST, person=True, how=how, offer=offer)
        return self.showing.exchange(tx, asks.OneExchange(exchange=exchange.pid))

    def preview(self, tx: Tx, request: asks.Counter) -> JsonObject:
        """Return what ``counter`` would send, and under which article; nothing is done.

        Raises: as ``counter``.
        """
        exchange, offer = self._countered(tx, request)
        facts = self.book.facts_for(tx, exchange)
        moved = machine.act(exchange, Do.REQUEST, facts=facts, person=True, offer=offer)
        assert exchange.offer is not None
        assert moved.permitted is not None
        return {
            "exchange": exchange.pid,
            "offer": offer.id,
            "dataset": offer.target,
            "theirs": exchange.offer.policy,
            "ours": offer.policy,
            "same": exchange.offer.meaning == offer.meaning,
            "article": moved.permitted.article,
        }

    def _countered(self, tx: Tx, request: asks.Counter) -> tuple[Exchange, PolicyOffer]:
        exchange = self.showing.found(tx, request.exchange)
        on_table = exchange.offer
        if exchange.ended or exchange.role is not Role.CONSUMER or on_table is None:
            raise MisuseError(
                "connectors.not_countered",
                f"There is no offer of theirs to answer in {exchange.pid}.",
            )
        rules = _rules(request.policy)
        return exchange, policy_offer(on_table.id, target=on_table.target, rules=rules)

    # --- the counterpart's catalogue ----------------------------------------------------------

    async def catalogue(self, counterpart: Counterpart) -> JsonObject:
        """Return what a connector offers us at this moment, nested catalogues too.

        Raises:
            UnavailableError: ``connectors.catalogue``: it does not give it now.
            PeerError: ``connectors.catalogue_refused``, ``dsp.*``.
        """
        client = self.client(counterpart)
        body = to_bytes(wire.CatalogRequestMessage(id=self.book.ctx.new_id()))
        found: list[Json] = []
        odd: list[Json] = []
        path = "/catalog/request"
        for _ in range(PAGES_MAX):
            answer = await client.post(path, body)
            if answer.status >= 500 or answer.status in {408, 409, 429}:
                raise UnavailableError(
                    "connectors.catalogue",
                    f"{counterpart.name} answered with status {answer.status}; ask again later.",
                )
            if answer.status >= 300:
                told = read_error(answer.body, family=None)
                raise PeerError(
                    "connectors.catalogue_refused",
                    f"{counterpart.name} does not show its catalogue ({answer.status}):"
                    f" {told.reason} Its operator must say how it knows us.",
                )
            page = parse_as(answer.body, wire.Catalog, bytes_max=CATALOGUE_BYTES_MAX)
            _gather(page, found, odd, depth=0)
            following = _next(answer.headers.get("link", ""), counterpart.base)
            if following is None:
                break
            path = following
        return {"connector": counterpart.id, "datasets": found, "elsewhere": odd}


def _gather(catalogue: wire.Catalog, found: list[Json], odd: list[Json], *, depth: int) -> None:
    found.extend(
        {
            "dataset": dataset.id,
            "offers": [
                {"offer": each.id, "policy": dict(each.rules.json())} for each in dataset.offers
            ],
            "formats": sorted({each.format for each in dataset.distributions}),
        }
        for dataset in catalogue.datasets
    )
    for inner in catalogue.catalogs:
        if inner.datasets or inner.catalogs:
            if depth < DEPTH_MAX:
                _gather(inner, found, odd, depth=depth + 1)
        else:
            odd.append({"catalogue": inner.id, "at": [each.endpoint for each in inner.services]})


def _next(link: str, base: str) -> str | None:
    """Return the path of the next page, if a ``Link`` header names one below the base."""
    for part in link.split(","):
        address, _, told = part.strip().partition(">")
        if 'rel="next"' in told and address.startswith(f"<{base}/"):
            return address.removeprefix(f"<{base}")
    return None


def _rules(text: str) -> Rules:
    try:
        value = parse(text.encode(), bytes_max=_POLICY_BYTES_MAX, what="The policy")
        if not isinstance(value, Mapping):
            raise MisuseError("connectors.policy", "The policy is no JSON object.")
        return read_policy(value, what="The policy")
    except ComityError as error:
        raise MisuseError("connectors.policy", f"The policy cannot be read: {error}") from error
