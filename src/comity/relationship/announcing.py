"""Joint statements between the two: what each waits for, and for whom.

Only what both nodes know: who of a side's people has yet to clear it is that side's own. Source:
agreements.md D2.4, D7; spec 13.
"""

from collections.abc import Iterator

from comity.coordination.statement_values import waiting
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref


def announced(
    picture: Picture,
) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref, Instant | None]]:
    """Yield the statements that wait for somebody.

    Each is a code, the instrument, the title, the id, whom it waits for, the act since which, and
    the time of its release where one is ordered.
    """
    shared = picture.shared
    for one in shared.coordination.statements.things():
        waits = waiting(one, shared.parties, at=shared.at)
        if waits is not None:
            until = None
            if one.order is not None and one.completed is None:
                until = Instant.parse(one.order.at)
            yield (
                f"statement.{waits.what}",
                one.opening.instrument,
                one.title,
                one.id,
                waits.whose,
                Ref(party=one.last[0], n=one.last[1]),
                until,
            )
