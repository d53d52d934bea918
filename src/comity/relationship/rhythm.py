"""Meetings, projects and authorisations: how often, where they stand, who is asked.

A meeting was held if both sides opened it; foreseen are as many as the rhythm of its body has full
periods since both established it. Source: agreements.md D2.5, D2.7, D2.8, D7 (rhythm, depth,
technology).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from comity.coordination.bodies import Group
from comity.coordination.meeting_acts import AHEAD
from comity.coordination.meeting_values import Meeting
from comity.foundation.deeds import Chain
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant, Period
from comity.relationship.leaves import status_of
from comity.relationship.measuring import Line, Measure, Read
from comity.relationship.model import Picture, Ref
from comity.technology.authorisations import Authorisation, missing_totals
from comity.technology.endchecks import EndCheck

#: How many periods of a rhythm are counted at most: ten years of weeks, and more.
PERIODS_MAX: Final = 1_000


def held(picture: Picture) -> tuple[Meeting, ...]:
    """Return the meetings that both sides opened, by id."""
    return tuple(
        one for one in picture.shared.coordination.meetings.things() if one.opened is not None
    )


def _when(picture: Picture, one: Meeting) -> Instant | None:
    assert one.opened is not None  # ``held`` looked
    party, n = one.opened
    return picture.shared.when(Ref(party=party, n=n))


def _refs(meetings: Iterable[Meeting]) -> tuple[Ref, ...]:
    return tuple(Ref(party=one.opened[0], n=one.opened[1]) for one in meetings if one.opened)


def _established(picture: Picture, chain: Chain[Group]) -> Instant | None:
    """Return when a body was established: the acceptance that counted; None while it was not."""
    idle = {(each.party, each.n) for each in chain.idle}
    for deed in chain.deeds:
        if deed.step == "accept" and (deed.party, deed.n) not in idle:
            return picture.shared.when(Ref(party=deed.party, n=deed.n))
    return None


def foreseen(rhythm: str, *, since: Instant, at: Instant) -> int:
    """Return how many full periods of a rhythm lie between two instants.

    Args:
        rhythm: An ISO 8601 period, as a body states it.
        since: When the body was established.
        at: The instant of looking.
    """
    period, count, then = Period.parse(rhythm), 0, since
    while count < PERIODS_MAX:
        after = period.after(then)
        if after > at:
            break
        then, count = after, count + 1
    return count


def next_foreseen(picture: Picture, chain: Chain[Group]) -> Instant | None:
    """Return by when a standing body foresees its next meeting: a period after it last met.

    Or after it was established, while it has not met; None without a rhythm, or where a meeting of
    it is confirmed and still to come.
    """
    group, since = chain.thing, _established(picture, chain)
    if group is None or since is None or str(group.status) != "established":
        return None
    known = [
        one for one in picture.shared.coordination.meetings.things() if one.opening.body == group.id
    ]
    ahead = (one for one in known if one.status in AHEAD)
    if not group.founding.rhythm or any(
        Instant.parse(one.slot.start) >= picture.shared.at for one in ahead
    ):
        return None
    times = (_when(picture, one) for one in known if one.opened is not None)
    last = max((when for when in times if when is not None), default=since)
    try:
        return Period.parse(group.founding.rhythm).after(last)
    except PeerError:  # a rhythm that leads beyond the years that can be written
        return None


def _meetings(read: Read) -> Iterator[Line]:
    picture = read.picture
    met = held(picture)
    yield Line(value=len(met), evidence=_refs(met))
    for name, chain in sorted(picture.shared.coordination.bodies.chains.items()):
        since, group = _established(picture, chain), chain.thing
        if group is None or since is None:
            continue
        mine = [one for one in met if one.opening.body == name]
        rhythm = group.founding.rhythm
        yield Line(
            subject=name,
            name=group.founding.name,
            value=len(mine),
            of=foreseen(rhythm, since=since, at=picture.shared.at) if rhythm else None,
            evidence=_refs(mine),
        )


def _last_met(read: Read) -> Iterator[Line]:
    picture = read.picture
    for name, chain in sorted(picture.shared.coordination.bodies.chains.items()):
        if chain.thing is None or _established(picture, chain) is None:
            continue
        mine = [one for one in held(picture) if one.opening.body == name]
        times = [when for one in mine if (when := _when(picture, one)) is not None]
        value = max(0, picture.shared.at.seconds - max(times).seconds) if times else None
        yield Line(
            subject=name,
            name=chain.thing.founding.name,
            value=value,
            of=len(mine),
            evidence=_refs(mine),
        )


def _projects(read: Read) -> Iterator[Line]:
    found = tuple(read.picture.shared.technology.projects.things())
    for status in dict.fromkeys(str(one.status) for one in found):
        mine = [one for one in found if str(one.status) == status]
        yield Line(
            subject=status,
            value=len(mine),
            of=len(found),
            evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in mine),
        )


def _authorisations(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    found = tuple(shared.technology.authorisations.things())
    for party in read.parties:
        mine = [one for one in found if one.terms.exporter == party]
        stand = {one.id: status_of(read.picture, one) for one in mine}
        for status in dict.fromkeys(stand.values()):
            these = [one for one in mine if stand[one.id] == status]
            yield Line(
                subject=status,
                party=party,
                value=len(these),
                of=len(mine),
                evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in these),
            )


def _uses(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    found = tuple(shared.technology.authorisations.things())
    for party in read.parties:
        mine = [one for one in found if one.terms.exporter == party]
        yield Line(
            party=party,
            value=sum(len(one.receipts) for one in mine),
            of=sum(len(one.uses) for one in mine),
            evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in mine if one.uses),
        )


RHYTHM: Final = (
    Measure(
        name="meetings",
        group="rhythm",
        unit="count",
        formula="Meetings that both sides opened; by body, of those that its rhythm foresaw since"
        " it was established.",
        lines=_meetings,
    ),
    Measure(
        name="last_met",
        group="rhythm",
        unit="seconds",
        formula="How long ago a body last met, of all its meetings that were held.",
        lines=_last_met,
    ),
    Measure(
        name="projects",
        group="depth",
        unit="count",
        formula="Projects by where they stand, of all that were ever proposed.",
        lines=_projects,
    ),
    Measure(
        name="authorisations",
        group="technology",
        unit="count",
        formula="Transfer authorisations by where they stand, of all that were ever asked for, by"
        " whose items they are about.",
        lines=_authorisations,
    ),
    Measure(
        name="uses",
        group="technology",
        unit="count",
        formula="Transfers under an authorisation that the recipient counted, of those that the"
        " sender counted, by sender.",
        lines=_uses,
    ),
)


def asked(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield what waits for an answer.

    Each is a code, the instrument, the title, the id of the thing, whom it waits for, and the act
    since which it waits.
    """
    shared = picture.shared
    for group in shared.coordination.bodies.things():
        if str(group.status) == "proposed":
            yield (
                "body.answer",
                group.founding.instrument,
                group.founding.name,
                group.id,
                (shared.other(group.opener),),
                Ref(party=group.last[0], n=group.last[1]),
            )
    yield from _naming(picture)
    yield from _authorising(picture)


def _naming(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield the bodies for which a side named terms of reference that the other has not named."""
    shared = picture.shared
    for name, chain in sorted(shared.coordination.bodies.chains.items()):
        group = chain.thing
        if group is None or not group.naming or str(group.status) != "established":
            continue
        said = [deed for deed in chain.deeds if deed.step == "terms" and deed.party in group.naming]
        alone = len(group.naming) == 1
        whose = (shared.other(said[-1].party),) if alone else shared.parties
        ref = Ref(party=said[-1].party, n=said[-1].n)
        yield "body.terms", group.founding.instrument, group.founding.name, name, whose, ref


def _authorising(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield the authorisations that wait for a decision, an assurance, or their provisos."""
    for one in picture.shared.technology.authorisations.things():
        ref = Ref(party=one.last[0], n=one.last[1])
        terms, status = one.terms, str(one.status)
        if status in {"requested", "in_review"}:
            whose, code = terms.exporter, "authorisation.decide"
        elif status in {"returned", "declined"}:
            whose, code = terms.exporter, f"authorisation.{status}"
        elif _amending(one):
            whose, code = terms.exporter, "authorisation.amend"
        elif status in {"approved", "approved_with_provisos"} and not _run_out(one, picture):
            anew = "_anew" if one.version > 1 else ""
            whose, code = terms.recipient, f"authorisation.assure{anew}"
        elif status == "assured" and not one.accepted and not _run_out(one, picture):
            whose, code = terms.recipient, "authorisation.accept"
        else:
            continue
        yield code, terms.instrument, terms.title, one.id, (whose,), ref
    yield from _following(picture)
    yield from _counting(picture)


def _amending(one: Authorisation) -> bool:
    return one.proposed is not None and str(one.status) in {"assured", "suspended"}


def _run_out(one: Authorisation, picture: Picture) -> bool:
    ends = one.limits.ends
    return ends is not None and picture.shared.at > ends


def stopped(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield the authorisations that are suspended, and those that ended with what came still there.

    A suspension waits for the exporter, who can let it go on, and where something came for the
    recipient too, who stops its use; a revocation for the recipient, until it has said what became
    of what came. Neither is a question that somebody leaves unanswered.
    """
    book = picture.shared.technology.authorisations
    for one in book.things():
        status, terms = str(one.status), one.terms
        whose: tuple[str, ...] = (terms.recipient,)
        if status == "suspended":
            code, step = "authorisation.suspended", "suspend"
            whose = (terms.exporter, *(whose if one.receipts else ()))
        elif status == "revoked" and one.receipts and not one.disposals:
            code, step = "authorisation.revoked", "revoke"
        else:
            continue
        deed = next(each for each in reversed(book.chains[one.id].deeds) if each.step == step)
        ref = Ref(party=deed.party, n=deed.n)
        yield code, terms.instrument, terms.title, one.id, whose, ref


def _counting(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield the authorisations of which totals are reported that do not count, since the last were.

    Where one side alone has reported, the other compares and reports too; where the two differ,
    either can say what the other said.
    """
    book = picture.shared.technology.authorisations
    for one in book.things():
        whose = missing_totals(one)
        if not whose:
            continue
        chain, terms = book.chains[one.id], one.terms
        idle = {(each.party, each.n) for each in chain.idle}
        ref = next(
            Ref(party=deed.party, n=deed.n)
            for deed in reversed(chain.deeds)
            if deed.step == "report" and (deed.party, deed.n) not in idle
        )
        code = "authorisation.totals" if len(whose) > 1 else "authorisation.report"
        yield code, terms.instrument, terms.title, one.id, whose, ref


def _following(picture: Picture) -> Iterator[tuple[str, str, str, str, tuple[str, ...], Ref]]:
    """Yield what was asked after a transfer and waits for its answer, or for what it comes to."""
    shared = picture.shared
    for asked_for in shared.technology.retransfers.things():
        if (status := str(asked_for.status)) not in {"requested", "returned"}:
            continue
        code, whose = "retransfer.answer", shared.other(asked_for.opener)
        if status == "returned":
            code, whose = "retransfer.returned", asked_for.opener
        ref = Ref(party=asked_for.last[0], n=asked_for.last[1])
        yield code, asked_for.terms.instrument, asked_for.title, asked_for.id, (whose,), ref
    for check in shared.technology.endchecks.things():
        needs, by = _looking(check, other=shared.other(check.opener), at=shared.at)
        if needs is None:
            continue
        ref, terms = Ref(party=check.last[0], n=check.last[1]), check.terms
        yield needs, terms.instrument, str(terms.title), check.id, (by,), ref


def _looking(check: EndCheck, *, other: str, at: Instant) -> tuple[str | None, str]:
    """Return what a check waits for, and for whom; a time that passed asks who looks to report."""
    status = str(check.status)
    named = next(iter(check.asked)) if len(check.asked) == 1 else None
    if named is not None and status in {"requested", "arranged"}:
        return "endcheck.agree", check.opener if named == other else other
    if status == "requested":
        return "endcheck.arrange", other
    if status in {"done", "follow_up"}:
        return "endcheck.conclude", check.opener
    arranged = check.arranged if status == "arranged" else None
    passed = arranged is not None and Instant.parse(arranged.at) < at
    return "endcheck.report" if passed else None, check.opener
