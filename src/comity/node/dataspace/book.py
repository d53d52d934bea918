"""What the node keeps about registered connectors: one place that knows names and forms of rows.

Source: ``docs/spec/09-connectors.md`` 9.2.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import attrs
import msgspec

from comity.agreements.controlled import ControlFacts
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.context import Context, text_of
from comity.node.controlling import controlled_bytes
from comity.sharing.connectors.model import (
    Contract,
    Counterpart,
    Dataset,
    Exchange,
)
from comity.sharing.connectors.playbook import Rule
from comity.sharing.connectors.rulings import Facts
from comity.sharing.model import Family, Role
from comity.sharing.tokens import TOKEN_BYTES
from comity.storage.tx import Tx

SPACE: Final = "dataspace"
_PAGE: Final = 500
#: How many steps of one process are read at once: most have fewer.
_STEPS: Final = 16
#: How many steps of a registration are shown with it; the house log has all of them.
_HISTORY: Final = 200
T = TypeVar("T")


def row_of(value: object) -> JsonObject:
    """Return a value of the room as it is kept."""
    made = msgspec.to_builtins(value)
    assert isinstance(made, dict)
    return made


def value_of(kind: type[T], row: JsonObject) -> T:
    """Return the value that was kept."""
    return msgspec.convert(row, kind)


@attrs.frozen(kw_only=True)
class Book:
    """Counterparts, datasets, contracts, the playbook and the processes, as they are kept.

    Attributes:
        own: Our participant id towards registered connectors.
        base: Our Dataspace Protocol base address, no slash at its end.
    """

    ctx: Context
    own: str
    base: str
    _rules: dict[int, tuple[Rule, ...]] = attrs.field(factory=dict)

    # --- what was registered ------------------------------------------------------------------

    def counterpart(self, tx: Tx, name: str) -> Counterpart | None:
        """Return the counterpart of that participant id."""
        return self._get(tx, Counterpart, "counterpart", name=name)

    def counterparts(self, tx: Tx) -> list[Counterpart]:
        """Return all of them, by id."""
        return [value_of(Counterpart, row) for row in self._rows(tx, "counterpart")]

    def named(self, tx: Tx, named: str) -> Counterpart:
        """Return the counterpart of that id or name.

        Raises:
            MisuseError: ``connectors.unknown``.
        """
        found = [one for one in self.counterparts(tx) if named in {one.id, one.name}]
        if len(found) != 1:
            known = ", ".join(one.name for one in self.counterparts(tx)) or "none yet"
            raise MisuseError(
                "connectors.unknown",
                f"No connector is registered as {named[:80]!r}; registered: {known[:300]}.",
            )
        return found[0]

    def keep_counterpart(self, tx: Tx, counterpart: Counterpart) -> None:
        """Keep a counterpart."""
        tx.things.put(SPACE, "counterpart", counterpart.id, value=row_of(counterpart))

    def keep_history(self, tx: Tx, name: str, **said: Json) -> None:
        """Keep what was done about a registration, behind what was done before."""
        row = tx.things.get(SPACE, "history", name)
        before = [] if row is None else row.value["steps"]
        assert isinstance(before, list)
        value: JsonObject = {"steps": [*before, {"at": str(self.ctx.now()), **said}][-_HISTORY:]}
        tx.things.put(SPACE, "history", name, value=value)

    def history(self, tx: Tx, name: str) -> list[Json]:
        """Return what was done about a registration, the oldest first."""
        row = tx.things.get(SPACE, "history", name)
        found = [] if row is None else row.value["steps"]
        assert isinstance(found, list)
        return found

    def proposals(self, tx: Tx) -> list[JsonObject]:
        """Return the proposed registrations and changes that wait and have not lapsed."""
        now = self.ctx.now()
        return [
            row
            for row in self._rows(tx, "proposal", status="waiting")
            if now <= Instant.parse(text_of(row, "lapses"))
        ]

    def dataset(self, tx: Tx, name: str) -> Dataset | None:
        """Return our dataset of that id."""
        return self._get(tx, Dataset, "dataset", name=name)

    def datasets(self, tx: Tx, *, after: str | None = None) -> Iterator[Dataset]:
        """Yield all of our datasets, by id, or those after one."""
        return (value_of(Dataset, row) for row in self._rows(tx, "dataset", after=after))

    def stamp(self, tx: Tx) -> str:
        """Return what is another one whenever a dataset was kept: for what is made of all."""
        row = tx.things.get(SPACE, "stamp", "datasets")
        return "" if row is None else str(row.value["stamp"])

    def keep_dataset(self, tx: Tx, dataset: Dataset) -> None:
        """Keep a dataset."""
        tx.things.put(SPACE, "dataset", dataset.id, value=row_of(dataset))
        tx.things.put(SPACE, "stamp", "datasets", value={"stamp": self.ctx.new_id()})

    def contract(self, tx: Tx, counterpart: str, name: str) -> Contract | None:
        """Return a contract with a counterpart."""
        return self._get(tx, Contract, "contract", name=f"{counterpart}\n{name}")

    def contracts(self, tx: Tx) -> Iterator[Contract]:
        """Yield all contracts."""
        return (value_of(Contract, row) for row in self._rows(tx, "contract"))

    def keep_contract(self, tx: Tx, contract: Contract) -> None:
        """Keep a contract."""
        name = f"{contract.counterpart}\n{contract.id}"
        tx.things.put(SPACE, "contract", name, value=row_of(contract))

    def rules(self, tx: Tx) -> tuple[Rule, ...]:
        """Return the playbook in its order."""
        row = tx.things.get(SPACE, "playbook", "rules")
        if row is None:
            return ()
        known = self._rules.get(row.version)
        if known is None:
            known = msgspec.convert(row.value["rules"], tuple[Rule, ...])
            self._rules.clear()
            self._rules[row.version] = known
        return known

    def keep_rules(self, tx: Tx, rules: Sequence[Rule]) -> None:
        """Keep the playbook."""
        tx.things.put(SPACE, "playbook", "rules", value={"rules": [row_of(one) for one in rules]})

    # --- processes ----------------------------------------------------------------------------

    def find(self, tx: Tx, pid: str) -> Exchange | None:
        """Return our process of that id."""
        return self._get(tx, Exchange, "exchange", name=pid)

    def by_peer(  # whose process, of which kind, in which part of ours
        self, tx: Tx, counterpart: str, pid: str, *, family: Family, role: Role
    ) -> Exchange | None:
        """Return the process that a counterpart calls ``pid``: for a repeated opening."""
        row = tx.things.get(SPACE, "peer", f"{counterpart}\n{family}\n{role}\n{pid}")
        return None if row is None else self.find(tx, str(row.value["pid"]))

    def keep(self, tx: Tx, exchange: Exchange) -> None:
        """Keep a process as it is now."""
        named = exchange.peer_pid is not None
        tx.things.put(
            SPACE,
            "exchange",
            exchange.pid,
            value=row_of(attrs.evolve(exchange, named=named)),
            status="ended" if exchange.ended else "open",
        )
        if named and not exchange.named:
            kind = f"{exchange.counterpart}\n{exchange.family}\n{exchange.role}"
            tx.things.put(
                SPACE, "peer", f"{kind}\n{exchange.peer_pid}", value={"pid": exchange.pid}
            )

    def exchanges(self, tx: Tx, *, live: bool = False) -> Iterator[Exchange]:
        """Yield the processes, by id; or only those that have not ended."""
        rows = self._rows(tx, "exchange", status="open" if live else None)
        return (value_of(Exchange, row) for row in rows)

    def latest(
        self, tx: Tx, states: Sequence[str], *, before: tuple[int, str] | None, limit: int
    ) -> list[tuple[int, Exchange]]:
        """Return processes with when they changed, what changed last first; no more rows are read.

        Args:
            tx: The unit of work.
            states: ``open``, ``ended`` or both.
            before: Seconds and id of the one after which to go on; None begins.
            limit: How many at most.
        """
        rows = [
            row
            for state in states
            for row in tx.things.latest(SPACE, "exchange", status=state, before=before, limit=limit)
        ]
        rows.sort(key=lambda row: (row.updated.seconds, row.name), reverse=True)
        return [(row.updated.seconds, value_of(Exchange, row.value)) for row in rows[:limit]]

    def count(self, tx: Tx, states: Sequence[str]) -> int:
        """Return how many processes there are in these states."""
        return sum(tx.things.count(SPACE, "exchange", status=state) for state in states)

    def beginning(self, tx: Tx, prefix: str) -> list[Exchange]:
        """Return at most two processes whose id begins with ``prefix``."""
        found: list[Exchange] = []
        for start in (prefix, f"urn:uuid:{prefix}"):
            # Names after the prefix itself; one that is the prefix is found by its name.
            rows = tx.things.list(SPACE, "exchange", after=start, limit=2)
            found += [value_of(Exchange, row.value) for row in rows if row.name.startswith(start)]
        return found

    def coming(self, tx: Tx) -> Iterator[str]:
        """Yield the transfers that bring us data and have not ended."""
        for one in self.exchanges(tx, live=True):
            if (one.family, one.role) == (Family.TRANSFER, Role.CONSUMER):
                yield one.pid

    def note(self, tx: Tx, pid: str, *, why: str, rule: int | None, code: str = "") -> None:
        """Keep why something that a rule wanted was not done: an official sees it."""
        value: JsonObject = {"why": why, "code": code, "rule": rule, "at": str(self.ctx.now())}
        tx.things.put(SPACE, "note", pid, value=value)

    def note_of(self, tx: Tx, pid: str) -> JsonObject | None:
        """Return that note, if there is one."""
        row = tx.things.get(SPACE, "note", pid)
        return None if row is None else row.value

    def forget_note(self, tx: Tx, pid: str) -> None:
        """Forget the note: the process moved on."""
        tx.things.delete(SPACE, "note", pid)

    def keep_tag(self, tx: Tx, pid: str, tag: str) -> None:
        """Keep by which tag the other side names what it gives: a cut pull goes on by it."""
        tx.things.put(SPACE, "tag", pid, value={"tag": tag})

    def tag(self, tx: Tx, pid: str) -> str:
        """Return that tag; empty where there is none."""
        row = tx.things.get(SPACE, "tag", pid)
        return "" if row is None else str(row.value["tag"])

    def keep_received(self, tx: Tx, pid: str, value: JsonObject) -> None:
        """Keep which file came by a transfer."""
        tx.things.put(SPACE, "received", pid, value=value)

    def received(self, tx: Tx, pid: str) -> JsonObject | None:
        """Return which file came by a transfer, if one did."""
        row = tx.things.get(SPACE, "received", pid)
        return None if row is None else row.value

    def keep_step(self, tx: Tx, exchange: Exchange, *, n: int | None, how: JsonObject) -> None:
        """Keep what moved a process, with its place in the house log where it has one."""
        value: JsonObject = {"at": str(self.ctx.now()), "n": n, **how}
        tx.things.put(SPACE, "step", f"{exchange.pid}\n{exchange.serial:06d}", value=value)

    def steps(self, tx: Tx, pid: str) -> list[JsonObject]:
        """Return what moved a process, the oldest first."""
        found: list[JsonObject] = []
        after = f"{pid}\n"
        while True:
            rows = tx.things.list(SPACE, "step", after=after, limit=_STEPS)
            found += [row.value for row in rows if row.name.startswith(f"{pid}\n")]
            if len(rows) < _STEPS or not rows[-1].name.startswith(f"{pid}\n"):
                return found
            after = rows[-1].name

    # --- what holds now -----------------------------------------------------------------------

    def facts(
        self, tx: Tx, counterpart: Counterpart, *, dataset: str | None, contract: str | None
    ) -> Facts:
        """Return what holds at this moment between us and a counterpart.

        Args:
            tx: The unit of work.
            counterpart: Whom it is with.
            dataset: Ours that it is about, if any.
            contract: The contract it names, if any.
        """
        known = None if contract is None else self.contract(tx, counterpart.id, contract)
        if dataset is None and known is not None and known.role is Role.PROVIDER:
            dataset = known.dataset
        found = None if dataset is None else self.dataset(tx, dataset)
        withdrawn = found is not None and counterpart.id not in found.to
        return Facts(
            own=self.own,
            own_base=self.base,
            counterpart=counterpart,
            dataset=None if withdrawn else found,
            withdrawn=withdrawn,
            contract=known,
            control=None if found is None else self.control(tx, found),
            at=self.ctx.now(),
            ids=self.ctx.new_id,
            chance=lambda: self.ctx.chance.token(TOKEN_BYTES),
        )

    def control(self, tx: Tx, dataset: Dataset) -> ControlFacts | None:
        """Return that the bytes of a dataset are controlled, or None where they are not."""
        if dataset.source.kind != "payload":
            return None
        return controlled_bytes(self.ctx, tx).get(dataset.source.place)

    def facts_for(self, tx: Tx, exchange: Exchange) -> Facts:
        """Return what holds at this moment for a process."""
        counterpart = self.counterpart(tx, exchange.counterpart)
        assert counterpart is not None
        return self.facts(
            tx,
            counterpart,
            dataset=exchange.dataset if exchange.role is Role.PROVIDER else None,
            contract=exchange.contract,
        )

    def _get(self, tx: Tx, kind: type[T], what: str, *, name: str) -> T | None:
        row = tx.things.get(SPACE, what, name)
        return None if row is None else value_of(kind, row.value)

    def _rows(
        self, tx: Tx, kind: str, *, status: str | None = None, after: str | None = None
    ) -> Iterator[JsonObject]:
        while True:
            rows = tx.things.list(SPACE, kind, status=status, after=after, limit=_PAGE)
            yield from (row.value for row in rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1].name
