"""Years of acts between two nodes, many of them in one unit of work: so that long lives are cheap.

The desks' own work is done, act by act; only the commits and the calls between the nodes are fewer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final, Protocol

from comity.api import coordination as promised
from comity.api import meetings as met
from comity.foundation.canonical import JsonObject
from comity.storage.tx import Tx
from support.two_nodes import Pair, Party

#: How many acts are committed together.
BATCH: Final = 500
DAY_S: Final = 86_400

Work = Callable[[Tx], JsonObject]


class Step(Protocol):
    """What is done to a thing that is named."""

    def __call__(self, tx: Tx, named: str) -> JsonObject:
        """Do it and return what the desk says."""
        ...


async def all_at_once(pair: Pair, party: Party, works: Iterable[Work]) -> list[JsonObject]:
    """Do many acts of one party, some hundreds to a commit; both nodes hold them after it."""
    made: list[JsonObject] = []
    left = iter(works)
    while batch := list(islice(left, BATCH)):
        made += await party.node.ctx.store.write(partial(_each, batch))
        party.node.delivery.wake((await party.relationship()).rel_id)
        await pair.settle()
    return made


def _each(works: Sequence[Work], tx: Tx) -> list[JsonObject]:
    return [work(tx) for work in works]


async def promises(
    pair: Pair, count: int, *, named: str = "Promise", ended: bool = False
) -> list[str]:
    """Let A promise things, B accept, A claim and B acknowledge most of them; return their ids.

    Of ten, one stays proposed, one open, one claimed, and seven are kept; all are where it ended.
    """
    a, b = pair.a.node.commitments, pair.b.node.commitments
    due = str(pair.clock.now().plus(30 * DAY_S))

    def propose(number: int) -> Work:
        request = promised.ProposeCommitment(
            counterpart=pair.b.did,
            instrument=pair.instrument,
            unit="Article 2",
            title=f"{named} {number}",
            test="It is there.",
            performer="us",
            beneficiary="them",
            due=due,
        )
        return lambda tx: a.propose(tx, request)

    made = await all_at_once(pair, pair.a, map(propose, range(count)))
    names = [str(one["commitment"]) for one in made]

    def works(step: Step, least: int) -> Iterator[Work]:
        for at, name in enumerate(names):
            if ended or at % 10 >= least:
                yield partial(step, named=name)

    def accept(tx: Tx, named: str) -> JsonObject:
        return b.accept(tx, promised.OnCommitment(commitment=named))

    def claim(tx: Tx, named: str) -> JsonObject:
        return a.claim(tx, promised.ClaimCommitment(commitment=named, evidence=("entry 12",)))

    def acknowledge(tx: Tx, named: str) -> JsonObject:
        return b.acknowledge(tx, promised.AcknowledgeCommitment(commitment=named, result="kept"))

    await all_at_once(pair, pair.b, works(accept, 1))
    await all_at_once(pair, pair.a, works(claim, 2))
    await all_at_once(pair, pair.b, works(acknowledge, 3))
    return names


async def meetings(pair: Pair, count: int) -> list[str]:
    """Let A propose meetings of one series and B confirm them; return their ids."""
    a, b = pair.a.node.meetings, pair.b.node.meetings

    def propose(number: int) -> Work:
        start = pair.clock.now().plus((number + 1) * DAY_S)
        request = met.ProposeMeeting(
            counterpart=pair.b.did,
            instrument=pair.instrument,
            unit="Article 2",
            title=f"Meeting {number}",
            series="Charts dialogue",
            start=str(start),
            end=str(start.plus(3600)),
            place="Harbour House",
        )
        return lambda tx: a.propose(tx, request)

    names = [
        str(one["meeting"]) for one in await all_at_once(pair, pair.a, map(propose, range(count)))
    ]

    def confirm(tx: Tx, named: str) -> JsonObject:
        return b.confirm(tx, met.OnMeeting(meeting=named))

    await all_at_once(pair, pair.b, (partial(confirm, named=name) for name in names))
    return names
