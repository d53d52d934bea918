"""Our catalogue as a registered connector may see it, page by page, made once and kept.

A page is the same as long as the datasets are and the rulings on them: both are looked at for each
call, and only then the bytes of the last time are given again. Source: spec 9.4;
dataspace-protocol 2 (paging).
"""

import threading
from typing import Final
from urllib.parse import quote

import attrs

from comity.agreements.mandates import Permitted
from comity.foundation.canonical import digest
from comity.node.controlling import controlled_bytes
from comity.node.dataspace.book import Book
from comity.protocols.dsp.connectors import catalogue_bytes
from comity.sharing.connectors import rulings
from comity.sharing.connectors.model import Dataset, ItemFacts
from comity.sharing.connectors.rulings import Facts
from comity.sharing.model import Role
from comity.storage.tx import Tx
from comity.transport.gate import Headers

#: Datasets on one page of a catalogue.
PAGE_DATASETS: Final = 1_000
#: Pages that are kept in memory, of all counterparts together.
PAGES_KEPT: Final = 16


@attrs.frozen(kw_only=True)
class Said:
    """An answer: its status, its body, and what stands beside its type in the head."""

    status: int
    body: bytes
    headers: Headers = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class _Page:
    """A page, and what it was made of.

    Attributes:
        stamp: Of the datasets.
        controlled: The bytes of ours that are controlled: they are in no catalogue of a connector.
        rulings: What was ruled on each kind of dataset; many are the same to a ruling.
    """

    stamp: str
    controlled: frozenset[str]
    rulings: dict[ItemFacts, bool]
    said: Said


@attrs.frozen(kw_only=True)
class Pages:
    """Gives pages of our catalogue; units of work of several threads may ask at once."""

    book: Book
    _kept: dict[tuple[str, str | None], _Page] = attrs.field(factory=dict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    @property
    def name(self) -> str:
        """The id of our catalogue."""
        return f"urn:comity:catalogue:{digest(self.book.own.encode())[:32]}"

    def page(self, tx: Tx, facts: Facts, *, after: str | None) -> Said:
        """Return the page for a counterpart.

        Args:
            tx: The unit of work.
            facts: What holds now between us and the counterpart.
            after: The last dataset of the page before; None for the first page.
        """
        place, stamp = (facts.counterpart.id, after), self.book.stamp(tx)
        controlled = frozenset(controlled_bytes(self.book.ctx, tx))
        with self._lock:
            kept = self._kept.pop(place, None)
        made = (stamp, controlled)
        if kept is None or (kept.stamp, kept.controlled) != made or not _still(kept.rulings, facts):
            kept = self._make(tx, facts, after=after, made=made)
        with self._lock:
            self._kept[place] = kept  # at the end: what was not asked for longest goes first
            if len(self._kept) > PAGES_KEPT:
                del self._kept[next(iter(self._kept))]
        return kept.said

    def _make(
        self, tx: Tx, facts: Facts, *, after: str | None, made: tuple[str, frozenset[str]]
    ) -> _Page:
        stamp, controlled = made
        ruled: dict[ItemFacts, bool] = {}
        page: list[Dataset] = []
        more = False
        for dataset in self.book.datasets(tx, after=after):
            if facts.counterpart.id not in dataset.to:
                continue
            if dataset.facts not in ruled:
                ruled[dataset.facts] = permitted(dataset.facts, facts)
            if not ruled[dataset.facts] or dataset.source.place in controlled:
                continue
            if len(page) == PAGE_DATASETS:
                more = True
                break
            page.append(dataset)
        headers: Headers = []
        if more:
            token = quote(page[-1].id, safe="")
            address = f"{self.book.base}/catalog/request?continuationToken={token}"
            headers.append((b"link", f'<{address}>; rel="next"'.encode()))
        body = catalogue_bytes(
            page, catalogue=self.name, participant=self.book.own, base=self.book.base
        )
        said = Said(status=200, body=body, headers=headers)
        return _Page(stamp=stamp, controlled=controlled, rulings=ruled, said=said)


def permitted(item: ItemFacts, facts: Facts) -> bool:
    """Return whether a counterpart may be offered such an item now."""
    found = rulings.ruling(item, role=Role.PROVIDER, stage="offer", facts=facts)
    return isinstance(found, Permitted)


def _still(ruled: dict[ItemFacts, bool], facts: Facts) -> bool:
    return all(permitted(item, facts) is was for item, was in ruled.items())
