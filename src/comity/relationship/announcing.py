"""Joint statements between the two: what each waits for, and for whom.

Only what both nodes know: who of a side's people has yet to clear it is that side's own. Source:
agreements.md D2.4, D7; spec 13.
"""

from collections.abc import Iterator
from typing import Final

from comity.coordination.statement_values import Statement, speaking, waiting
from comity.foundation.instants import Instant
from comity.relationship.model import Picture, Ref

#: Where a political text stands on its way to its adoption by both, and from then on.
_UNDER_WAY: Final = frozenset(("tabled", "negotiating", "clean"))
_ADOPTED: Final = frozenset(("agreed_ad_ref", "initialled", "signing", "signed"))


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
        what = None if waits is None else _asked(picture, one, waits.what)
        if waits is not None and what is not None:
            until = None
            if one.order is not None and one.completed is None:
                until = Instant.parse(one.order.at)
            yield (
                f"statement.{what}",
                one.opening.instrument,
                one.title,
                one.id,
                waits.whose,
                Ref(party=one.last[0], n=one.last[1]),
                until,
            )


def _asked(picture: Picture, one: Statement, what: str) -> str | None:
    """Return what a statement asks for; None where that is asked by a text on its way.

    Nobody can say which texts it has before one is adopted: ``draft`` where none is tabled either.
    """
    if what != "text" or "text" in one.asked:
        return what
    every = tuple(picture.shared.coordination.statements.things())
    free = {
        str(view.status)
        for name, view in picture.views.items()
        if not view.to_sign and not any(speaking(every, name))
    }
    if free & _ADOPTED:
        return "text"
    return None if free & _UNDER_WAY else "draft"
