"""What the other side did lately that asks nobody for anything, and that its reader may not miss.

An answer, a withdrawal, a statement pulled, a read-out: nothing waits for it, so no open matter
tells of it. It is told for some days after both hold it, to the side that did not do it, and then
stands in the timeline alone. Source: agreements.md D6 (journeys 5, 6, 10).
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

import attrs

from comity.coordination.commitments import ENDS, Commitment
from comity.coordination.meeting_acts import Status as Met
from comity.coordination.meeting_values import Meeting
from comity.coordination.statement_values import Statement
from comity.foundation.deeds import Book, Chain, Deed
from comity.foundation.instants import Instant
from comity.relationship.model import SECONDS_PER_DAY, Picture, Ref
from comity.relationship.things import thing_named

T = TypeVar("T")

#: How many days a piece of news is told.
NEWS_DAYS: Final = 14
#: By kind of act, what is told of it.
CODES: Final[Mapping[str, str]] = {
    "commitment.decline": "told.declined",
    "commitment.withdraw": "told.withdrawn",
    "commitment.acknowledge": "told.result",
    "commitment.release": "told.result",
    "commitment.fail": "told.result",
    "body.decline": "told.declined",
    "body.withdraw": "told.withdrawn",
    "meeting.decline": "told.off",
    "meeting.cancel": "told.off",
    "meeting.postpone": "told.postponed",
    "statement.text": "told.text",
    "statement.pull": "told.pulled",
    "statement.readout": "told.readout",
}


@attrs.frozen(kw_only=True)
class News:
    """One thing that the other side did.

    Attributes:
        code: What: a value of ``CODES``.
        family: Of what sort of thing: commitment, body, meeting or statement.
        thing: The id of it.
        title: What people call it.
        since: Since when both hold it; None while they do not.
    """

    code: str
    family: str
    thing: str
    title: str
    since: Instant | None


def news(picture: Picture, *, to: str) -> Iterator[News]:
    """Yield what the other side did lately and ``to`` may not know of, by family and id.

    Of each thing the latest that is so alone.
    """
    known = picture.shared.coordination
    yield from _of_family(picture, "commitment", known.commitments, to=to)
    yield from _of_family(picture, "body", known.bodies, to=to)
    yield from _of_family(picture, "meeting", known.meetings, to=to)
    yield from _of_family(picture, "statement", known.statements, to=to)


def _of_family(picture: Picture, family: str, book: Book[T], *, to: str) -> Iterator[News]:
    for name, chain in sorted(book.chains.items()):
        named = thing_named(picture.shared, family, name)
        if chain.thing is None or named is None:
            continue
        told = (
            News(code=code, family=family, thing=name, title=named.title, since=since)
            for deed, since in _lately(picture, chain)
            if (code := CODES.get(deed.kind)) is not None
            and deed.party != to
            and _stands(chain, chain.thing, deed)
        )
        yield from itertools.islice(told, 1)


def _lately(picture: Picture, chain: Chain[T]) -> Iterator[tuple[Deed, Instant | None]]:
    """Yield the acts that counted in the last days, the latest first, and since when each stands.

    What is not cosigned yet was done just now.
    """
    idle = {(each.party, each.n) for each in chain.idle}
    for deed in reversed(chain.deeds):
        since = picture.shared.when(Ref(party=deed.party, n=deed.n))
        if since is not None and since.plus(NEWS_DAYS * SECONDS_PER_DAY) < picture.shared.at:
            return
        if (deed.party, deed.n) not in idle:
            yield deed, since


def _stands(chain: Chain[T], thing: object, deed: Deed) -> bool:
    """Return whether what an act brought about is still so."""
    if isinstance(thing, Commitment):
        return thing.status in ENDS
    if deed.step == "postpone":
        assert isinstance(thing, Meeting)  # no other family has such a step
        return thing.status is Met.POSTPONED
    if deed.step == "text":
        last = next(each for each in reversed(chain.deeds) if each.step == "text")
        assert isinstance(thing, Statement)  # no other family has such a step
        return last is deed and "text" not in thing.asked
    return True
