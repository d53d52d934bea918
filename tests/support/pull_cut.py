"""Pull data from a connector that cuts it off again and again, in a process that watches its size.

Run as a program by the fault tests: ``pull_cut.py FOLDER MIB``.
"""

import asyncio
import random
import sys
from pathlib import Path

import attrs

from support.connector_nodes import PEER, facing, rule
from support.flat_memory import grown_bytes
from support.rude import Pieces, RudeConnector, start_message

CUTS = 10
FETCHES = rule("consumer", "transfer", "STARTED", "fetch") + rule(
    "consumer", "transfer", "DELIVERED", "complete"
)


@attrs.frozen(kw_only=True)
class Pulled:
    """What came, and how it was asked for."""

    digest: str
    bytes: int
    pieces: Pieces


async def pulled(root: Path, mib: int, *, seed: int) -> Pulled:
    """Pull so many MiB, cut ten times; after five of them it becomes other data."""
    pieces = Pieces(mib=mib, cuts=CUTS, anew_at=CUTS // 2, rng=random.Random(seed))
    async with (
        RudeConnector.serving(pieces=pieces) as peer,
        facing(root, rules=FETCHES, base=peer.base) as found,
    ):
        peer.held.set()
        told = await found.ask("dataspace.transfer", counterpart=PEER, contract="taken")
        pid = str(told["exchange"])
        await peer.calls(1)
        await found.quiet()
        await found.call("POST", f"/transfers/{pid}/start", start_message(pid, peer.base))
        await peer.call_to("/completion")
        await found.quiet()
        received = (await found.ask("dataspace.exchange", exchange=pid))["received"]
        assert isinstance(received, dict)
        size = received["bytes"]
        assert isinstance(size, int)
        return Pulled(digest=str(received["digest"]), bytes=size, pieces=pieces)


def check(came: Pulled) -> None:
    """Pass if it is the data there was in the end, and it was gone on with where that could be."""
    pieces = came.pieces
    assert (came.digest, came.bytes) == (pieces.digest, pieces.size)
    assert len(pieces.spans) == CUTS + 1, "one call per cut, and the one that was whole"
    assert pieces.spans.count(0) == 2, "once at the beginning, and once when it was other data"


if __name__ == "__main__":
    small, large = (Path(sys.argv[1]) / name for name in ("small", "large"))
    for folder in (small, large):
        folder.mkdir()
    check(asyncio.run(pulled(small, 16, seed=1)))
    before = grown_bytes()
    check(asyncio.run(pulled(large, int(sys.argv[2]), seed=2)))
    sys.stdout.write(f"{grown_bytes() - before}\n")
