"""Sharing's routes for the counterpart: catalogue, negotiation, transfer, and the bytes.

Every message is parsed once, answered after its transition is stored, and a repeated one gets the
same answer without a second effect. Source: Dataspace Protocol 2025-1, HTTPS bindings; spec 7.8.
"""

import re
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias, TypeVar
from urllib.parse import unquote

import attrs

from comity.agreements.mandates import Refused
from comity.foundation.canonical import JsonObject, digest
from comity.foundation.errors import ComityError, PeerError, RefusedError, UnavailableError
from comity.foundation.instants import Instant
from comity.node.dataplane.accesses import Pacing
from comity.node.dataplane.serving import Bounds, serve, wanted
from comity.node.dataplane.sources import PayloadSource
from comity.node.exchanges import Exchanges
from comity.protocols.dsp import incoming
from comity.protocols.dsp.answers import (
    catalogue_bytes,
    dataset_bytes,
    error_bytes,
    process_bytes,
)
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.reading import parse_as
from comity.record.ports import RelationshipRow
from comity.sharing import contracts, pausing, transfers
from comity.sharing.catalogue import Dataset, datasets_for
from comity.sharing.descriptor import HEADER
from comity.sharing.model import Family, Process, Role
from comity.sharing.processes import repeats
from comity.sharing.ranges import Behind, Span
from comity.sharing.reactions import Facts, Reaction
from comity.sharing.tokens import TOKEN_BYTES
from comity.storage.tx import Tx
from comity.transport.gate import PROOF, Receive, Scope, Send, answer, read_body, repeated
from comity.transport.id_tokens import IdToken

BASE: Final = "/dsp/2025-1"
DATA: Final = f"{BASE}/data/"
_JSON: Final = "application/json"
_PROCESS: Final = re.compile(r"/(negotiations|transfers)/([^/]+)(?:/(.+))?")
_STATUS: Final = {"dsp.foreign_process": 404, "dsp.no_process": 404, "dsp.no_dataset": 404}

M_contra = TypeVar("M_contra", contravariant=True)
#: Reads a message about a known process and reacts to it.
Step: TypeAlias = Callable[[Process, bytes, Facts], Reaction]


class React(Protocol[M_contra]):
    """How a room reacts to a message of one type."""

    def __call__(self, process: Process, message: M_contra, /, *, facts: Facts) -> Reaction:
        """Return the reaction."""
        ...


def _step(read: Callable[[bytes], M_contra], react: "React[M_contra]") -> Step:
    return lambda process, body, facts: react(process, read(body), facts=facts)


_STEPS: Final[dict[tuple[Family, str], Step]] = {
    (Family.NEGOTIATION, "agreement"): _step(
        incoming.read_contract_agreement, contracts.consumer_on_agreement
    ),
    (Family.NEGOTIATION, "agreement/verification"): _step(
        incoming.read_contract_verification, contracts.provider_on_verification
    ),
    (Family.NEGOTIATION, "events"): _step(
        incoming.read_contract_finalized, contracts.consumer_on_finalized
    ),
    (Family.NEGOTIATION, "termination"): _step(
        incoming.read_contract_termination, contracts.on_termination
    ),
    (Family.TRANSFER, "start"): _step(incoming.read_transfer_start, transfers.consumer_on_start),
    (Family.TRANSFER, "suspension"): _step(
        incoming.read_transfer_suspension, pausing.on_suspension
    ),
    (Family.TRANSFER, "completion"): _step(
        incoming.read_transfer_completion, transfers.on_completion
    ),
    (Family.TRANSFER, "termination"): _step(
        incoming.read_transfer_termination, transfers.on_termination
    ),
}
#: (transaction, relationship, body) -> status and answer of an opening message.
Opening: TypeAlias = Callable[[Tx, RelationshipRow, bytes], tuple[int, bytes]]


@attrs.frozen(kw_only=True)
class SharingSite:
    """Answers the counterpart's calls to sharing's routes."""

    exchanges: Exchanges
    advanced: Callable[[Tx, RelationshipRow, Process], None]
    pacing: Pacing

    async def __call__(  # noqa: PLR0917 - an ASGI call and whose it is
        self, scope: Scope, receive: Receive, send: Send, rel: RelationshipRow
    ) -> None:
        """Answer one call."""
        path = str(scope["path"]).removeprefix(BASE)
        if not str(scope["path"]).startswith(f"{BASE}/"):
            raise PeerError("peers.no_route", "There is nothing at that address.")
        if str(scope["path"]).startswith(DATA):
            await self._data(scope, send, rel, pid=unquote(str(scope["path"]).removeprefix(DATA)))
            return
        method, token = str(scope["method"]), scope[PROOF]
        assert isinstance(token, IdToken)
        body = await read_body(receive) if method == "POST" else b""
        route = f"{method} {path.rstrip('/')}"
        answered = await self.exchanges.ctx.store.write(
            lambda tx: self._once(tx, token, lambda part: self._route(part, rel, route, body=body))
        )
        if isinstance(answered, ComityError):
            if isinstance(answered, RefusedError):
                await self._note(rel, answered, body)
            said = error_bytes(answered, family=family_of(path))
            answered = _STATUS.get(answered.code, 400), said
        status, said = answered
        await answer(send, status=status, body=said, content_type=_JSON)

    def _once(
        self, tx: Tx, token: IdToken, work: Callable[[Tx], tuple[int, bytes]]
    ) -> tuple[int, bytes] | ComityError:
        """Return what ``work`` answers or refuses; the token is used up either way, in one commit.

        What cannot be done now leaves nothing behind, the use of the token neither. Source: spec
        6.7.7.

        Raises:
            PeerError: ``call.repeated``.
            UnavailableError: as ``work``.
        """
        now = self.exchanges.ctx.now()
        if not tx.nonces.use(token.issuer, token.jti, expires=token.forgotten, now=now):
            raise repeated()
        try:
            return tx.part(work)
        except UnavailableError:
            raise
        except ComityError as error:
            return error

    async def _note(self, rel: RelationshipRow, error: RefusedError, body: bytes) -> None:
        """Write down a refusal that left no process behind."""
        ruling = error.facts.get("ruling")
        if not isinstance(ruling, str):
            return
        refused = Refused(
            code=ruling,
            reason=str(error.facts.get("reason")),
            article=str(error.facts["article"]) if error.facts.get("article") else None,
        )
        await self.exchanges.ctx.store.write(
            lambda tx: self.exchanges.note(
                tx, rel, refused, stage="message", item=digest(body)[:16]
            )
        )

    def _route(self, tx: Tx, rel: RelationshipRow, route: str, *, body: bytes) -> tuple[int, bytes]:
        openings: dict[str, Opening] = {
            "POST /catalog/request": self._catalogue,
            "POST /negotiations/request": self._contract_request,
            "POST /negotiations/offers": self._contract_offer,
            "POST /transfers/request": self._transfer_request,
        }
        opening = openings.get(route)
        if opening is not None:
            return opening(tx, rel, body)
        method, _, path = route.partition(" ")
        if method == "GET" and path.startswith("/catalog/datasets/"):
            return self._dataset(tx, rel, unquote(path.removeprefix("/catalog/datasets/")))
        found = _PROCESS.fullmatch(path)
        process = self.exchanges.find(tx, rel, unquote(found[2])) if found else None
        if found is None or process is None or family_of(path) is not process.family:
            raise PeerError("dsp.no_process", "There is no such process.")
        if method == "GET" and found[3] is None:
            return 200, process_bytes(process)
        return self._message(tx, rel, process, body=body, step=found[3] or "")

    def _message(
        self, tx: Tx, rel: RelationshipRow, process: Process, *, body: bytes, step: str
    ) -> tuple[int, bytes]:
        """Answer a message about a process that exists."""
        if repeats(process, digest(body)):
            return 200, process_bytes(process)
        facts = self.exchanges.facts_for(tx, rel, process)
        react = _STEPS.get((process.family, step))
        if (process.family, process.role, step) == (Family.TRANSFER, Role.PROVIDER, "start"):
            react = self._resumed
        if react is None:
            raise PeerError("dsp.no_step", "There is no such message for this process.")
        reaction = react(process, body, facts)
        kept = self.exchanges.carry_out(tx, rel, reaction)
        self.advanced(tx, rel, kept)
        return 200, process_bytes(kept)

    def _resumed(self, process: Process, body: bytes, facts: Facts) -> Reaction:
        """React to a consumer that goes on with a transfer that it had paused."""
        message = incoming.read_transfer_resumption(body)
        chance = self.exchanges.ctx.chance.token(TOKEN_BYTES)
        return pausing.provider_on_resumption(process, message, chance=chance, facts=facts)

    # --- catalogue ----------------------------------------------------------------------------

    def _datasets(self, tx: Tx, rel: RelationshipRow) -> tuple[Dataset, ...]:
        own = self.exchanges.ctx.config.party
        return datasets_for(
            self.exchanges.releases(tx, rel, own),
            agreements=self.exchanges.agreements(tx, rel),
            facts=self.exchanges.facts(tx, rel),
        )

    def _catalogue(self, tx: Tx, rel: RelationshipRow, body: bytes) -> tuple[int, bytes]:
        if parse_as(body, CatalogRequestMessage).filters:
            raise PeerError("dsp.filter", "Filters are not supported; ask without one.")
        facts = self.exchanges.facts(tx, rel)
        return 200, catalogue_bytes(
            self._datasets(tx, rel),
            catalogue=f"urn:comity:catalogue:{rel.rel_id}",
            participant=facts.own,
            base=facts.own_base,
        )

    def _dataset(self, tx: Tx, rel: RelationshipRow, name: str) -> tuple[int, bytes]:
        for dataset in self._datasets(tx, rel):
            if dataset.id == name:
                service = f"urn:comity:catalogue:{rel.rel_id}#service"
                return 200, dataset_bytes(dataset, service=service)
        raise PeerError("dsp.no_dataset", "There is no such dataset.")

    # --- openings -----------------------------------------------------------------------------

    def _contract_request(self, tx: Tx, rel: RelationshipRow, body: bytes) -> tuple[int, bytes]:
        message = incoming.read_contract_request(body)
        known = self.exchanges.by_peer(tx, rel, message.consumer_pid, family=Family.NEGOTIATION)
        if known is not None:
            return 200, process_bytes(known)
        facts = self.exchanges.facts(
            tx,
            rel,
            instrument=message.offer.terms.instrument,
            release=self.exchanges.release_of_offer(tx, rel, message.offer.id),
        )
        return self._opened(tx, rel, contracts.provider_on_request(message, facts=facts))

    def _contract_offer(self, tx: Tx, rel: RelationshipRow, body: bytes) -> tuple[int, bytes]:
        message = incoming.read_contract_offer(body)
        known = self.exchanges.by_peer(tx, rel, message.provider_pid, family=Family.NEGOTIATION)
        if known is not None:
            return 200, process_bytes(known)
        terms = message.offer.terms
        facts = self.exchanges.facts(
            tx,
            rel,
            instrument=terms.instrument,
            release=self.exchanges.release(tx, rel, party=rel.counterpart, n=terms.release),
        )
        return self._opened(tx, rel, contracts.consumer_on_offer(message, facts=facts))

    def _transfer_request(self, tx: Tx, rel: RelationshipRow, body: bytes) -> tuple[int, bytes]:
        message = incoming.read_transfer_request(body)
        known = self.exchanges.by_peer(tx, rel, message.consumer_pid, family=Family.TRANSFER)
        if known is not None:
            return 200, process_bytes(known)
        contract = self.exchanges.contract(tx, rel, message.contract)
        facts = self.exchanges.facts(tx, rel)
        if contract is not None:
            facts = self.exchanges.facts(
                tx,
                rel,
                instrument=contract.terms.instrument,
                release=self.exchanges.release(tx, rel, party=facts.own, n=contract.terms.release),
            )
        reaction = transfers.provider_on_request(
            message,
            contract=contract,
            chance=self.exchanges.ctx.chance.token(TOKEN_BYTES),
            facts=facts,
        )
        return self._opened(tx, rel, reaction)

    def _opened(self, tx: Tx, rel: RelationshipRow, reaction: Reaction) -> tuple[int, bytes]:
        return 201, process_bytes(self.exchanges.carry_out(tx, rel, reaction))

    # --- the bytes ----------------------------------------------------------------------------

    async def _data(self, scope: Scope, send: Send, rel: RelationshipRow, *, pid: str) -> None:
        """Let the bytes of a transfer out, once token and ruling allow it."""
        exchanges = self.exchanges
        with exchanges.accesses.open(pid) as access:
            out = await exchanges.ctx.store.write(lambda tx: self._let_out(tx, rel, scope, pid=pid))
            bounds = Bounds(
                access=access, pacer=self.pacing.run(), now=exchanges.ctx.now, until=out.until
            )
            headers = [(HEADER.encode(), out.descriptor.encode())]
            await serve(out.source, scope, send, headers=headers, bounds=bounds)

    def _let_out(self, tx: Tx, rel: RelationshipRow, scope: Scope, *, pid: str) -> "_Out":
        """Rule on one access and write it down; a look at the head alone is none."""
        process = self.exchanges.find(tx, rel, pid)
        if process is None or scope["method"] not in {"GET", "HEAD"}:
            raise PeerError("dsp.no_process", "There is no such process.")
        facts, token = self.exchanges.facts_for(tx, rel, process), _bearer(scope)
        serve = transfers.provider_on_look(process, token=token, facts=facts)
        source = PayloadSource.of(self.exchanges.ctx.payloads, serve.digest)
        wish = wanted(source, scope)
        if scope["method"] == "GET" and not isinstance(wish, Behind):
            if process.sent:
                self._note_access(tx, rel, process, span=wish.span)
            reaction = transfers.provider_on_data(process, token=token, facts=facts)
            self.exchanges.carry_out(tx, rel, reaction)
        return _Out(source=source, descriptor=serve.descriptor, until=process.token_expires)

    def _note_access(self, tx: Tx, rel: RelationshipRow, process: Process, *, span: Span) -> None:
        value: JsonObject = {
            "transfer": process.pid,
            "relationship": rel.rel_id,
            "item": process.item,
            "first": span.start,
            "bytes": span.bytes,
        }
        self.exchanges.ctx.ledger.house(tx, "house.access", value)


@attrs.frozen(kw_only=True)
class _Out:
    """What one access may have, and until when."""

    source: PayloadSource
    descriptor: str
    until: Instant | None


def family_of(path: str) -> Family | None:
    """Return the kind of process of a path below the base; None for the catalogue and others."""
    if path.startswith("/negotiations"):
        return Family.NEGOTIATION
    return Family.TRANSFER if path.startswith("/transfers") else None


def _bearer(scope: Scope) -> str:
    headers = scope["headers"]
    assert isinstance(headers, list)
    value = next((value for name, value in headers if name == b"authorization"), b"")
    return bytes(value).decode("latin-1").removeprefix("Bearer ")
