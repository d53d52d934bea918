"""A long past of negotiations and transfers is read page by page, and never whole."""

from pathlib import Path

import attrs
import pytest

from comity.api import dataspace as asks
from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.ports import LIST_ROWS_MAX, ThingRow, Things
from comity.sharing.model import State
from comity.storage.tx import Tx
from support.connector_nodes import Facing, facing, rows_in
from support.loops import on_a_loop

MANY = 1_200


@attrs.define
class Counted:
    """Things that count how many rows are read of them in lists; they are read alone."""

    things: Things
    rows: int = 0

    def list(  # as the port has it
        self,
        space: str,
        kind: str,
        *,
        status: str | None = None,
        after: str | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        return self._counted(self.things.list(space, kind, status=status, after=after, limit=limit))

    def latest(  # as the port has it
        self,
        space: str,
        kind: str,
        *,
        status: str,
        before: tuple[int, str] | None = None,
        limit: int = LIST_ROWS_MAX,
    ) -> tuple[ThingRow, ...]:
        return self._counted(
            self.things.latest(space, kind, status=status, before=before, limit=limit)
        )

    def _counted(self, rows: tuple[ThingRow, ...]) -> tuple[ThingRow, ...]:
        self.rows += len(rows)
        return rows

    def get(self, space: str, kind: str, name: str) -> ThingRow | None:
        return self.things.get(space, kind, name)

    def count(self, space: str, kind: str, *, status: str) -> int:
        return self.things.count(space, kind, status=status)


async def past(found: Facing) -> str:
    """Give the node a long past; return the id of what is open still."""
    book = found.node.dataspace.book
    _, said = await found.request()
    pid = str(said["providerPid"])
    one = await found.exchange(pid)

    def keep(tx: Tx) -> None:
        for number in range(MANY):
            made = attrs.evolve(
                one,
                pid=f"urn:uuid:{number:08d}-old",
                peer_pid=f"theirs {number}",
                named=False,
                state=State.TERMINATED,
            )
            book.keep(tx, made)

    await found.node.ctx.store.write(keep)
    return pid


@pytest.mark.timeout(120)
@on_a_loop
async def test_a_page_of_a_long_past_reads_no_more_rows_than_it_has(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        pid = await past(found)
        request = BY_NAME["dataspace.exchanges"].request

        def page(tx: Tx, **told: object) -> tuple[JsonObject, int]:
            things = Counted(tx.things)
            counted = attrs.evolve(tx, things=things)  # type: ignore[arg-type]  # it is only read
            shown = found.node.dataspace.showing.exchanges(counted, request(**told))  # type: ignore[arg-type]  # a page of it
            return shown, things.rows

        seen: list[str] = []
        cursor: object = ""
        turns = 0
        while isinstance(cursor, str):
            shown, read = await found.node.ctx.store.read(
                lambda tx, cursor=cursor: page(tx, limit=100, cursor=cursor)  # type: ignore[misc]  # bound now
            )
            assert read < 250, "not the whole past"
            assert shown["total"] == MANY + 1
            seen += [str(row["exchange"]) for row in rows_in(shown, "exchanges")]
            cursor, turns = shown["next"], turns + 1
        assert turns == 13
        assert len(seen) == len(set(seen)) == MANY + 1
        assert pid in seen
        for state, total in (("open", 1), ("ended", MANY), ("all", MANY + 1)):
            told = await found.ask("dataspace.exchanges", state=state, limit=10)
            assert (told["total"], len(rows_in(told, "exchanges"))) == (total, min(total, 10))
        with pytest.raises(MisuseError) as refused:
            await found.ask("dataspace.exchanges", cursor="AAAA")
        assert refused.value.code == "api.cursor"


@on_a_loop
async def test_one_of_a_long_past_is_found_by_either_id_the_beginning_or_as_the_last(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path) as found:
        pid = await past(found)
        for named in (pid, pid.removeprefix("urn:uuid:")[:8], "c-1", "last"):
            shown = await found.ask("dataspace.exchange", exchange=named)
            assert shown["exchange"] == pid, named
        shown = await found.ask("dataspace.exchange", exchange="00000007")
        assert shown["theirs"] == "theirs 7"
        for named in ("0000", "none", "urn:uuid:", ""):
            with pytest.raises(MisuseError) as refused:
                await found.node.ctx.store.read(
                    lambda tx, named=named: found.node.dataspace.showing.exchange(  # type: ignore[misc]  # bound now
                        tx, asks.OneExchange(exchange=named)
                    )
                )
            assert refused.value.code == "connectors.no_exchange"
