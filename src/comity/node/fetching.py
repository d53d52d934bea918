"""What a counterpart shares with us: what it released, what it offers now, and fetching it.

What was released stands in the counterpart's log, which we mirror: that needs no call. What its
node offers at this moment is its catalogue. A fetch is a person's wish; contract and transfer
follow by themselves, each ruled on. Source: design 7; docs/spec/07-sharing.md 7.4, 7.5.
"""

import asyncio
from typing import Final

import attrs

from comity.agreements.mandates import Permitted, Refused
from comity.api import sharing as asks
from comity.api.operation import OfCounterpart
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError, UnavailableError
from comity.node.context import counterpart_name, relationship
from comity.node.dispatch import Answer, Call
from comity.node.exchanges import Exchanges, is_finalized
from comity.node.peers import Peers
from comity.node.post import Post
from comity.node.remedying import Matter
from comity.protocols.dsp.answers import Seen, read_catalogue, read_error
from comity.protocols.dsp.catalogue import CatalogRequestMessage
from comity.protocols.dsp.reading import to_bytes
from comity.record.ports import RelationshipRow
from comity.sharing import contracts, transfers
from comity.sharing.catalogue import Dataset
from comity.sharing.model import Process, ReleaseDecision, Role, Terms
from comity.sharing.reactions import refusal, rule
from comity.storage.tx import Tx

FETCH_WAIT_S: Final = 30.0


@attrs.frozen(kw_only=True)
class Fetching:
    """The desk of those who want something that the counterpart has."""

    exchanges: Exchanges
    peers: Peers
    post: Post

    def advanced(self, tx: Tx, rel: RelationshipRow, process: Process) -> None:
        """Go on with a fetch that a person asked for, once its contract stands."""
        space = f"sharing:{rel.rel_id}"
        wish = tx.things.get(space, "fetch", process.pid)
        if wish is None or not is_finalized(process) or wish.value["transfer"] is not None:
            return
        contract = self.exchanges.contract(tx, rel, process.contract or "")
        if contract is None:
            return
        facts = self.exchanges.facts_for(tx, rel, process)
        try:
            reaction = transfers.consumer_request(contract, facts=facts)
        except RefusedError as error:
            value = {**wish.value, "code": str(error.facts["ruling"]), "reason": error.message}
            tx.things.put(space, "fetch", process.pid, value=value)
            return
        started = self.exchanges.carry_out(tx, rel, reaction)
        tx.things.put(space, "fetch", process.pid, value={**wish.value, "transfer": started.pid})
        tx.things.put(space, "fetch_of", started.pid, value={"fetch": process.pid})

    # --- what there is ------------------------------------------------------------------------

    async def _seen(self, rel: RelationshipRow) -> Seen:
        letter = await self.exchanges.ctx.store.read(
            lambda tx: self.exchanges.introductions.letter_of(tx, rel)
        )
        message = to_bytes(CatalogRequestMessage(id=self.exchanges.ctx.new_id()))
        client = self.peers.dsp_client(rel, letter)
        answer = await client.post("/catalog/request", message, "application/json")
        if answer.status != 200:
            told = read_error(answer.body, family=None)
            raise UnavailableError(
                "sharing.no_catalogue", f"{letter.name} gives no catalogue: {told.reason}"
            )
        return read_catalogue(answer.body, provider=rel.counterpart)

    async def catalogue(self, call: Call) -> Answer:
        """Return what the counterpart's node offers at this moment."""
        request = call.request
        assert isinstance(request, OfCounterpart)
        store = self.exchanges.ctx.store
        rel = await store.read(lambda tx: relationship(tx, request.counterpart))
        seen = await self._seen(rel)

        def rows(tx: Tx) -> list[Json]:
            return [self._dataset(tx, rel, dataset) for dataset in seen.datasets]

        return {
            "counterpart": rel.counterpart,
            "datasets": await store.read(rows),
            "not_understood": [list(one) for one in seen.not_understood],
        }

    def _dataset(self, tx: Tx, rel: RelationshipRow, dataset: Dataset) -> JsonObject:
        terms = dataset.offer.terms
        release = self.exchanges.release(tx, rel, party=rel.counterpart, n=terms.release)
        facts = self.exchanges.facts(tx, rel, instrument=terms.instrument, release=release)
        ruling = rule(terms, role=Role.CONSUMER, stage="request", facts=facts)
        title = self.exchanges.words_of(tx, rel, terms.release).title
        return {
            "dataset": dataset.id,
            "title": title,
            "offer": dataset.offer.id,
            **self._ruled(
                tx, rel, ruling, matter=self._matter(rel, terms, item=dataset.id, title=title)
            ),
            **terms.to_json(),
        }

    def released(self, tx: Tx, request: OfCounterpart) -> JsonObject:
        """Return what the counterpart released to us by its log, newest first."""
        rel = relationship(tx, request.counterpart)
        own = self.exchanges.ctx.config.party
        taken = self._taken(tx, rel)
        rows: list[Json] = []
        for release in reversed(self.exchanges.releases(tx, rel, rel.counterpart)):
            if release.recipient != own or release.n is None:
                continue
            note = self.exchanges.words_of(tx, rel, release.n)
            at = tx.checkpoints.marks(rel.peer_origin).attested(release.n)
            rows.append(
                {
                    "dataset": release.item.id,
                    "title": note.title,
                    "file_name": note.file_name,
                    "at": None if at is None else str(at),
                    "withdrawn": release.withdrawn,
                    **self._ruled(
                        tx,
                        rel,
                        self._ruling(tx, rel, release),
                        matter=self._matter(
                            rel, release.terms(), item=release.item.id, title=note.title
                        ),
                    ),
                    **release.terms().to_json(),
                    "transfers": taken.get(release.item.id, []),
                }
            )
        return {
            "counterpart": counterpart_name(tx, rel),
            "relationship": rel.rel_id,
            "released": rows,
        }

    def _taken(self, tx: Tx, rel: RelationshipRow) -> dict[str, list[Json]]:
        """Return our transfers of each item of theirs, by item."""
        made: dict[str, list[Json]] = {}
        for process in self.exchanges.transfers(tx, rel):
            if process.role is Role.CONSUMER:
                shown: JsonObject = {
                    "transfer": process.pid,
                    "state": str(process.state),
                    "received": self.exchanges.received(tx, rel, process) is not None,
                }
                made.setdefault(process.item, []).append(shown)
        return made

    def _ruling(
        self, tx: Tx, rel: RelationshipRow, release: ReleaseDecision
    ) -> Permitted | Refused:
        facts = self.exchanges.facts(tx, rel, instrument=release.instrument, release=release)
        return rule(release.terms(), role=Role.CONSUMER, stage="request", facts=facts)

    def _matter(self, rel: RelationshipRow, terms: Terms, *, item: str, title: str) -> Matter:
        return Matter.of_terms(
            terms,
            item=item,
            title=title,
            sender=rel.counterpart,
            recipient=self.exchanges.ctx.config.party,
        )

    def _ruled(
        self, tx: Tx, rel: RelationshipRow, ruling: Permitted | Refused, *, matter: Matter
    ) -> JsonObject:
        refused = ruling if isinstance(ruling, Refused) else None
        return {
            "permitted": refused is None,
            "article": ruling.article,
            "code": None if refused is None else refused.code,
            "reason": None if refused is None else self.exchanges.named(tx, rel, refused.reason),
            "counts": self.exchanges.remedying.counts(
                tx,
                rel,
                ruling.authorisation if isinstance(ruling, Permitted) else None,
                size=matter.wish.bytes,
            ),
            "remedy": None
            if refused is None
            else self.exchanges.remedying.remedy(tx, rel, matter, code=refused.code),
        }

    # --- fetching -----------------------------------------------------------------------------

    async def fetch(self, call: Call) -> Answer:
        """Begin to contract and pull one dataset; return how it stands once it ended, or soon."""
        request = call.request
        assert isinstance(request, asks.Fetch)
        store = self.exchanges.ctx.store
        rel = await store.read(lambda tx: relationship(tx, request.counterpart))
        seen = await self._seen(rel)
        offered = [one for one in seen.datasets if _called(one.id, request.dataset)]
        if request.dataset == "last" and seen.datasets:
            offered = [seen.datasets[-1]]
        if len(offered) != 1:
            await store.read(lambda tx: self._not_offered(tx, rel, request.dataset))
            raise MisuseError(
                "sharing.no_dataset", f"They offer no dataset {request.dataset[:60]!r} to us."
            )
        offer = offered[0].offer

        def begin(tx: Tx) -> Process:
            release = self.exchanges.release(tx, rel, party=rel.counterpart, n=offer.terms.release)
            facts = self.exchanges.facts(
                tx, rel, instrument=offer.terms.instrument, release=release
            )
            reaction = contracts.consumer_start(offer, facts=facts)
            process = self.exchanges.carry_out(tx, rel, reaction)
            value: JsonObject = {
                "transfer": None,
                "dataset": offer.target,
                "by": None if call.official is None else call.official.id,
                "at": str(self.exchanges.ctx.now()),
            }
            tx.things.add(f"sharing:{rel.rel_id}", "fetch", process.pid, value=value)
            return process

        process = await call.write(begin)
        self.post.wake()
        if not request.wait:
            return await store.read(lambda tx: self._fetched(tx, rel, process.pid))
        return await self._wait(rel, process.pid)

    def _not_offered(self, tx: Tx, rel: RelationshipRow, named: str) -> None:
        """Say why something is not offered now that the counterpart did release to us.

        Raises:
            RefusedError: ``sharing.refused``: a ruling stands against it, a suspension for one.
            UnavailableError: ``sharing.not_offered``: nothing does that we know of.
        """
        own = self.exchanges.ctx.config.party
        known = [
            one
            for one in self.exchanges.releases(tx, rel, rel.counterpart)
            if one.recipient == own and (named == "last" or _called(one.item.id, named))
        ]
        if not known or (named != "last" and len({one.item.id for one in known}) > 1):
            return
        ruling = self._ruling(tx, rel, known[-1])
        if isinstance(ruling, Refused):
            reason = self.exchanges.named(tx, rel, ruling.reason)
            raise refusal(attrs.evolve(ruling, reason=reason))
        raise UnavailableError(
            "sharing.not_offered",
            f"{counterpart_name(tx, rel)} released it to us, and its node does not offer it at"
            " this moment. Try again; if it stays so, ask their release officer.",
        )

    async def _wait(self, rel: RelationshipRow, pid: str) -> JsonObject:
        """Return how a fetch stands once it ended, or after a while."""
        loop = asyncio.get_running_loop()
        end = loop.time() + FETCH_WAIT_S
        while True:
            shown = await self.exchanges.ctx.store.read(lambda tx: self._fetched(tx, rel, pid))
            if shown["ended"] or loop.time() > end:
                return shown
            await self.post.moved(min(1.0, end - loop.time() + 0.01))

    def show(self, tx: Tx, request: asks.OneFetch) -> JsonObject:
        """Return how far a fetch of ours is.

        Raises:
            MisuseError: ``sharing.no_fetch``.
        """
        for rel in tx.relationships.list():
            if tx.things.get(f"sharing:{rel.rel_id}", "fetch", request.fetch) is not None:
                return self._fetched(tx, rel, request.fetch)
        raise MisuseError("sharing.no_fetch", f"There is no fetch {request.fetch[:60]!r} of ours.")

    def _fetched(self, tx: Tx, rel: RelationshipRow, pid: str) -> JsonObject:
        wish = tx.things.get(f"sharing:{rel.rel_id}", "fetch", pid)
        process = self.exchanges.find(tx, rel, pid)
        assert wish is not None
        assert process is not None
        transfer = wish.value["transfer"]
        asked: JsonObject = {"by": wish.value.get("by"), "asked_at": wish.value.get("at")}
        if transfer is None:
            shown = self.exchanges.shown(tx, rel, process)
            code = wish.value.get("code", process.code)
            stopped = "code" in wish.value or (process.ended and not is_finalized(process))
            return {
                **shown,
                **self.exchanges.under_way(tx, rel, process),
                "remedy": self._remedy(tx, rel, process, shown=shown, code=code),
                **{k: wish.value[k] for k in ("code", "reason") if k in wish.value},
                **asked,
                "negotiation": pid,
                "ended": stopped,
                "received": False,
            }
        moving = self.exchanges.find(tx, rel, str(transfer))
        assert moving is not None
        shown = self.exchanges.shown(tx, rel, moving)
        return {
            **shown,
            **self.exchanges.under_way(tx, rel, moving),
            "remedy": self._remedy(tx, rel, moving, shown=shown, code=moving.code),
            **asked,
            "negotiation": pid,
            "received": shown["moved"] is not None,
        }

    def _remedy(
        self, tx: Tx, rel: RelationshipRow, process: Process, *, shown: JsonObject, code: Json
    ) -> JsonObject | None:
        return self.exchanges.remedying.of_process(
            tx, rel, process, title=str(shown["title"]), code=code
        )


def _called(name: str, named: str) -> bool:
    """Return whether a person who says ``named`` means the item ``name``."""
    return name == named or name.removeprefix("urn:uuid:").startswith(named)
