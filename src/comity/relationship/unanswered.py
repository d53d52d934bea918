"""What waits now for an answer of one side, beside texts, windows and commitments (``waits``).

What the list of open matters shows as waiting for one side alone: bodies, meetings, statements,
projects, authorisations and what follows them, and initials. What both can do, and what only a date
brings near, keeps nobody waiting. Source: agreements.md D7 (responsiveness).
"""

from collections.abc import Iterator

from comity.agreements import events
from comity.agreements.chains import acts_of
from comity.coordination.statement_values import speaking
from comity.foundation.instants import Instant
from comity.relationship.announcing import announced
from comity.relationship.gathering import gathering
from comity.relationship.matters import CONSEQUENCES, Consequence
from comity.relationship.model import Picture, Ref
from comity.relationship.rhythm import asked
from comity.relationship.turning import turning
from comity.relationship.waits import Wait


def unanswered(picture: Picture) -> tuple[Wait, ...]:
    """Return what waits for one side's answer, from the act that asked until now."""
    at = picture.shared.at
    return tuple(
        Wait(
            instrument=instrument,
            party=party,
            kind=code,
            asked=ref,
            answered=None,
            seconds=max(0, at.seconds - since.seconds),
        )
        for code, instrument, party, ref, since in _found(picture)
    )


def _found(picture: Picture) -> Iterator[tuple[str, str, str, Ref, Instant]]:
    things = (
        *((code, of, whose, ref) for code, of, _, _, whose, ref in asked(picture)),
        *((code, of, whose, ref) for code, of, _, _, whose, ref, _ in announced(picture)),
        *((code, of, whose, ref) for code, of, _, _, whose, ref, _ in gathering(picture)),
        *((code, of, whose, ref) for code, of, _, _, whose, ref, _ in turning(picture)),
        *_initials(picture),
    )
    for code, instrument, whose, ref in things:
        since = picture.shared.when(ref)
        alone = len(whose) == 1 and CONSEQUENCES[code] is not Consequence.DATE_COMES
        if alone and since is not None:
            yield code, instrument, whose[0], ref, since


def _initials(picture: Picture) -> Iterator[tuple[str, str, tuple[str, ...], Ref]]:
    """Yield the adopted texts that one side alone has initialled."""
    shared = picture.shared
    for name, seen in picture.views.items():
        missing = tuple(each for each in seen.opening.parties if each not in seen.initialled)
        said = any(speaking(shared.coordination.statements.things(), name))
        if str(seen.status) != "agreed_ad_ref" or said or not seen.to_sign or len(missing) != 1:
            continue
        acts = acts_of(shared.agreements.instruments[name], None, events.INITIAL)
        places = [act.place for act in acts if act.place.party not in missing]
        yield "text.initial", name, missing, Ref(party=places[-1].party, n=places[-1].n)
