"""The measures of the relationship as one table: name, group, formula, and what computes it.

Equal at both nodes, from recorded acts alone. Every value stands with its direction and its
denominator, and names the acts it was computed from. There is no single score, and no measure of
what one side keeps to itself. Source: agreements.md D7.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from comity.agreements import events
from comity.agreements.chains import acts_of
from comity.agreements.clauses import scale_of
from comity.foundation.instants import Period
from comity.relationship.areas import areas
from comity.relationship.control import CONTROL
from comity.relationship.measuring import Line, Measure, Read
from comity.relationship.model import Picture, Ref
from comity.relationship.promises import promises
from comity.relationship.reliability import RELIABILITY
from comity.relationship.rhythm import RHYTHM
from comity.relationship.suspensions import spans
from comity.relationship.timeline import contracts_by_tail
from comity.relationship.unanswered import unanswered
from comity.relationship.waits import waits

_YEAR: Final = Period(0, 12, 0)


def measured(picture: Picture) -> tuple[tuple[Measure, tuple[Line, ...]], ...]:
    """Return every measure with its lines, in the order of the table."""
    read = Read(
        picture=picture,
        areas=areas(picture),
        waits=waits(picture),
        promises=promises(picture),
    )
    return tuple((measure, tuple(measure.lines(read))) for measure in MEASURES)


def _instruments_in_force(read: Read) -> Iterator[Line]:
    views = read.picture.views
    live = {name for name, seen in views.items() if str(seen.status) == "in_force"}
    signed = [name for name, seen in views.items() if seen.signed_at is not None]
    yield Line(value=len(live), of=len(signed), evidence=_signing(read, live))
    for area in dict.fromkeys(each.area.id for each in read.areas):
        inside = [each for each in read.areas if each.area.id == area]
        found = {each.instrument for each in inside}
        yield Line(
            subject=area,
            name=inside[-1].area.title,
            value=len(found & live),
            of=len(found),
            evidence=_signing(read, found & live),
        )


def _signing(read: Read, instruments: Iterable[str]) -> tuple[Ref, ...]:
    chains = read.picture.shared.agreements.instruments
    return tuple(
        Ref(party=act.place.party, n=act.place.n)
        for name in sorted(instruments)
        for act in acts_of(chains[name], None, events.SIGN)
    )


def _areas_used(read: Read) -> Iterator[Line]:
    used: dict[str, list[Ref]] = {}
    shared = read.picture.shared
    for area, ref in _crossings(read):
        when = shared.when(ref)
        if when is not None and _YEAR.after(when) > shared.at:
            used.setdefault(area, []).append(ref)
    agreed = dict.fromkeys(each.area.id for each in read.areas)
    evidence = tuple(ref for area in agreed for ref in used.get(area, ()))
    yield Line(value=sum(area in used for area in agreed), of=len(agreed), evidence=evidence)


def _crossings(read: Read) -> Iterator[tuple[str, Ref]]:
    """Yield the entries of sharing with the area they cite."""
    shared = read.picture.shared
    contracts = contracts_by_tail(shared)
    for entry in sorted(shared.entries, key=lambda each: (each.party, each.n)):
        release = shared.sharing.release(entry.party, entry.n)
        contract = contracts.get((entry.party, entry.of or ""))
        if release is not None:
            yield release.item.area, entry.ref
        elif entry.kind in {"sharing.sent", "sharing.received"} and contract is not None:
            yield contract.ruling.area, entry.ref


def _releases(read: Read) -> Iterator[Line]:
    for party in read.parties:
        made = read.picture.shared.sharing.released_by(party)
        standing = [each for each in made if not each.withdrawn]
        evidence = read.entries(party, "sharing.release")
        yield Line(party=party, value=len(standing), of=len(made), evidence=evidence)


def _highest_marking(read: Read) -> Iterator[Line]:
    scales = {name: scale_of(seen.contents) for name, seen in read.picture.views.items()}
    for party in read.parties:
        made = read.picture.shared.sharing.released_by(party)
        for name, scale in scales.items():
            levels = [each.item.marking for each in made if each.instrument == name]
            known = [level for level in levels if level in scale]
            if known:
                yield Line(
                    subject=name,
                    name=read.picture.views[name].opening.title,
                    party=party,
                    value=max(known, key=scale.index),
                    of=len(levels),
                    evidence=tuple(
                        Ref(party=party, n=each.n or 0) for each in made if each.instrument == name
                    ),
                )


def _transfers(read: Read) -> Iterator[Line]:
    for party, moved, evidence in _moved(read):
        sent = read.entries(party, "sharing.sent")
        yield Line(party=party, value=len(moved), of=len(sent), evidence=evidence)


def _bytes(read: Read) -> Iterator[Line]:
    for party, moved, evidence in _moved(read):
        yield Line(party=party, value=sum(moved.values()), evidence=evidence)


def _moved(read: Read) -> Iterator[tuple[str, Mapping[str, int], tuple[Ref, ...]]]:
    """Yield by sender the transfers that both sides recorded alike, with their bytes."""
    shared = read.picture.shared
    for party in read.parties:
        other = shared.other(party)
        moved = {
            transfer: act.bytes
            for (sender, transfer), act in sorted(shared.sharing.sent.items())
            if sender == party and shared.sharing.moved(transfer, sender=party, recipient=other)
        }
        evidence = read.entries(party, "sharing.sent") + read.entries(other, "sharing.received")
        yield party, moved, evidence


def _median_answer(read: Read) -> Iterator[Line]:
    for party in read.parties:
        done = [each for each in read.waits if each.party == party and each.answered is not None]
        times = sorted(each.seconds for each in done)
        value = times[(len(times) - 1) // 2] if times else None
        evidence = tuple(ref for each in done for ref in (each.asked, each.answered) if ref)
        yield Line(party=party, value=value, of=len(times), evidence=evidence)


def _oldest_wait(read: Read) -> Iterator[Line]:
    found = (*(each for each in read.waits if each.answered is None), *unanswered(read.picture))
    for party in read.parties:
        still = [each for each in found if each.party == party]
        oldest = max(still, key=lambda each: each.seconds, default=None)
        value = None if oldest is None else oldest.seconds
        yield Line(
            party=party, value=value, of=len(still), evidence=tuple(each.asked for each in still)
        )


def _tablings(read: Read) -> Iterator[Line]:
    made = {party: read.acts(party, events.TABLE) for party in read.parties}
    total = sum(len(each) for each in made.values())
    for party, acts in made.items():
        yield Line(party=party, value=len(acts), of=total, evidence=acts)


def _units(read: Read) -> Iterator[Line]:
    for name, seen in read.picture.views.items():
        if str(seen.status) not in {"tabled", "negotiating", "clean", "agreed_ad_ref"}:
            continue
        counts: dict[str, int] = {}
        for unit in seen.units:
            counts[str(unit.status)] = counts.get(str(unit.status), 0) + 1
        chains = read.picture.shared.agreements.instruments[name]
        evidence = tuple(
            Ref(party=act.place.party, n=act.place.n) for act in acts_of(chains, None, events.TABLE)
        )
        for status in sorted(counts):
            yield Line(
                subject=f"{name} {status}",
                name=seen.opening.title,
                value=counts[status],
                of=len(seen.units),
                evidence=evidence,
            )


def _reopenings(read: Read) -> Iterator[Line]:
    for party in read.parties:
        acts = read.acts(party, events.REOPEN)
        yield Line(party=party, value=len(acts), evidence=acts)


def _suspensions(read: Read) -> Iterator[Line]:
    for party in read.parties:
        mine = [each for each in spans(read.picture) if each.party == party]
        standing = sum(each.ended is None for each in mine)
        evidence = tuple(each.act for each in mine)
        yield Line(party=party, value=standing, of=len(mine), evidence=evidence)


def _suspended_for(read: Read) -> Iterator[Line]:
    at = read.picture.shared.at
    for party in read.parties:
        mine = [each for each in spans(read.picture) if each.party == party]
        evidence = tuple(ref for each in mine for ref in (each.act, each.lifted) if ref)
        value = sum(each.seconds(at) for each in mine)
        yield Line(party=party, value=value, of=len(mine), evidence=evidence)


def _cosigned(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    for party in read.parties:
        log = shared.logs[party]
        last = Ref(party=party, n=log.size - 1)
        when = shared.when(last) if log.size else None
        value = None if when is None else max(0, shared.at.seconds - when.seconds)
        evidence = () if when is None else (last,)
        yield Line(party=party, value=value, of=log.size, evidence=evidence)


MEASURES: Final = (
    Measure(
        name="instruments_in_force",
        group="depth",
        unit="count",
        formula="Instruments in force now and not suspended as a whole, of those signed; by area,"
        " of those that name the area.",
        lines=_instruments_in_force,
    ),
    Measure(
        name="areas_used",
        group="depth",
        unit="count",
        formula="Areas with a release or a transfer in the last 12 months, of the areas agreed.",
        lines=_areas_used,
    ),
    Measure(
        name="releases",
        group="depth",
        unit="count",
        formula="Releases that stand, of all releases ever made, by who released.",
        lines=_releases,
    ),
    Measure(
        name="highest_marking",
        group="depth",
        unit="level",
        formula="The highest marking among the releases made under an instrument, by who released.",
        lines=_highest_marking,
    ),
    Measure(
        name="transfers",
        group="depth",
        unit="count",
        formula="Transfers that both sides recorded alike, of those recorded as sent, by sender.",
        lines=_transfers,
    ),
    Measure(
        name="bytes_moved",
        group="depth",
        unit="bytes",
        formula="Bytes of the transfers that both sides recorded alike, by sender.",
        lines=_bytes,
    ),
    Measure(
        name="answer_time",
        group="responsiveness",
        unit="seconds",
        formula="How long a tabling, a proposed window, a proposed commitment or a claim waited for"
        " this side's answer: the lower median, over all that it answered.",
        lines=_median_answer,
    ),
    Measure(
        name="oldest_wait",
        group="responsiveness",
        unit="seconds",
        formula="The longest that something waits now for an answer of this side alone, of all that"
        " does: texts, windows, initials, commitments, bodies, meetings, statements, projects and"
        " authorisations.",
        lines=_oldest_wait,
    ),
    *RELIABILITY,
    *RHYTHM,
    *CONTROL,
    Measure(
        name="tablings",
        group="fairness",
        unit="count",
        formula="Tablings of this side, of the tablings of both.",
        lines=_tablings,
    ),
    Measure(
        name="units",
        group="negotiation",
        unit="count",
        formula="Units of each text under negotiation by where they stand, of all its units.",
        lines=_units,
    ),
    Measure(
        name="reopenings",
        group="negotiation",
        unit="count",
        formula="How often this side reopened an instrument, with a reason.",
        lines=_reopenings,
    ),
    Measure(
        name="suspensions",
        group="conduct",
        unit="count",
        formula="Suspensions by this side that stand, of all that it made.",
        lines=_suspensions,
    ),
    Measure(
        name="suspended_for",
        group="conduct",
        unit="seconds",
        formula="How long suspensions by this side lasted, added up, of all that it made.",
        lines=_suspended_for,
    ),
    Measure(
        name="last_cosigned",
        group="record",
        unit="seconds",
        formula="How long ago the other side first cosigned this side's newest entry, of all its"
        " entries.",
        lines=_cosigned,
    ),
)
