"""What the timelines of two nodes tell: the same at both, with the same digest behind it."""

from comity.foundation.members import one, rows, text
from support.two_nodes import Pair


async def told_alike(pair: Pair, group: str) -> list[str]:
    """Return what one group of happenings says, with the part meant; equal at both nodes."""
    await pair.settle()
    pages, digests = [], set()
    for party in (pair.a, pair.b):
        members = {"counterpart": pair.other(party).did}
        digests.add((await party.call("relationship", who=None, **members))["digest"])
        found = await party.call("relationship.timeline", who=None, group=group, **members)
        drop = {"log", "title"}  # ours here is theirs there
        pages.append(
            [{k: v for k, v in row.items() if k not in drop} for row in rows(found, "happenings")]
        )
    assert pages[0] == pages[1]
    assert len(digests) == 1
    return [
        " ".join(filter(None, (text(row, "code"), text(one(row, "facts"), "part"))))
        for row in pages[0]
    ]
