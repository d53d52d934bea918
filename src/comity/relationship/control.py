"""Control of technology as figures: what was decided and how soon, consents, checks, totals.

A measure has no line where nobody asked for anything yet. Source: agreements.md D7 (technology,
assurance, depth).
"""

from collections.abc import Container, Iterable, Iterator
from typing import Final, TypeVar

import attrs

from comity.foundation.deeds import Book, Chain, Deed
from comity.foundation.errors import RefusedError
from comity.relationship.measuring import Line, Measure, Read
from comity.relationship.model import Ref, Shared
from comity.technology import projects
from comity.technology.endchecks import Status as Checked
from comity.technology.retransfers import Status as Passed

T = TypeVar("T")

_DONE: Final = (
    *(Checked.DONE, Checked.FAVOURABLE, Checked.UNFAVOURABLE, Checked.INCONCLUSIVE),
    Checked.FOLLOW_UP,
)
_RESULTS: Final = (Checked.FAVOURABLE, Checked.UNFAVOURABLE, Checked.INCONCLUSIVE)
_CONSENTED: Final = (*(Passed.GRANTED, Passed.GRANTED_WITH_PROVISOS, Passed.USED, Passed.CLOSED),)


@attrs.frozen(kw_only=True)
class _Decided:
    """A request that was answered: by whom, after how long, and both acts."""

    party: str
    step: str
    seconds: int
    evidence: tuple[Ref, Ref]


def _ref(deed: Deed) -> Ref:
    return Ref(party=deed.party, n=deed.n)


def _counted(chain: Chain[T]) -> list[Deed]:
    idle = {(each.party, each.n) for each in chain.idle}
    return [deed for deed in chain.deeds if (deed.party, deed.n) not in idle]


def _decided(shared: Shared, book: Book[T], answers: Container[str]) -> Iterator[_Decided]:
    """Yield each first request of a thing with its first answer, where both are cosigned."""
    for name in sorted(book.chains):
        deeds = _counted(book.chains[name])
        asked = next((each for each in deeds if each.step == "request"), None)
        answer = next((each for each in deeds if each.step in answers), None)
        if asked is None or answer is None:
            continue
        start, end = shared.when(_ref(asked)), shared.when(_ref(answer))
        if start is not None and end is not None:
            yield _Decided(
                party=answer.party,
                step=answer.step,
                seconds=max(0, end.seconds - start.seconds),
                evidence=(_ref(asked), _ref(answer)),
            )


def _medians(read: Read, found: Iterable[_Decided]) -> Iterator[Line]:
    """Yield the lower median of each side's times, where it decided anything."""
    everything = list(found)
    for party in read.parties:
        mine = sorted((each for each in everything if each.party == party), key=_seconds)
        if mine:
            yield Line(
                party=party,
                value=mine[(len(mine) - 1) // 2].seconds,
                of=len(mine),
                evidence=tuple(ref for each in mine for ref in each.evidence),
            )


def _seconds(one: _Decided) -> tuple[int, tuple[Ref, Ref]]:
    return one.seconds, one.evidence


def _deciding(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    book = shared.technology.authorisations
    yield from _medians(read, _decided(shared, book, {"approve", "deny"}))


def _provisos(read: Read) -> Iterator[Line]:
    found = read.picture.shared.technology.authorisations.things()
    granted = [one for one in found if one.decision is not None]
    for party in read.parties:
        mine = [one for one in granted if one.terms.exporter == party]
        if mine:
            yield Line(
                party=party,
                value=sum(len(one.decision.provisos) for one in mine if one.decision),
                of=len(mine),
                evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in mine),
            )


def _consents(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    for party in read.parties:
        asked = [one for one in shared.technology.retransfers.things() if one.opener != party]
        if asked:
            yield Line(
                party=party,
                value=sum(one.status in _CONSENTED for one in asked),
                of=len(asked),
                evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in asked),
            )


def _consenting(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    book = shared.technology.retransfers
    yield from _medians(read, _decided(shared, book, {"grant", "refuse"}))


def _checks(read: Read) -> Iterator[Line]:
    for party in read.parties:
        mine = [
            one
            for one in read.picture.shared.technology.endchecks.things()
            if one.opener == party and one.status is not Checked.WITHDRAWN
        ]
        came = {"": _DONE, **{str(each): (each,) for each in _RESULTS}}
        for subject, states in came.items():
            these = [one for one in mine if one.status in states]
            if mine and (these or not subject):
                yield Line(
                    subject=subject,
                    party=party,
                    value=len(these),
                    of=len(mine),
                    evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in these),
                )


def _totals(read: Read) -> Iterator[Line]:
    found = tuple(read.picture.shared.technology.authorisations.things())
    said = [one for one in found if one.reports or one.asked]
    if said:
        matched = sum(len(one.reports) for one in said)
        yield Line(
            value=matched,
            of=matched + sum(bool(one.asked) for one in said),
            evidence=tuple(Ref(party=one.last[0], n=one.last[1]) for one in said),
        )


def _stages(read: Read) -> Iterator[Line]:
    shared = read.picture.shared
    stays: dict[str, list[tuple[int, Ref]]] = {}
    for name in sorted(shared.technology.projects.chains):
        for status, seconds, ref in _stays(shared, shared.technology.projects.chains[name]):
            stays.setdefault(status, []).append((seconds, ref))
    for status in sorted(stays):
        times = sorted(stays[status])
        yield Line(
            subject=status,
            value=times[(len(times) - 1) // 2][0],
            of=len(times),
            evidence=tuple(ref for _, ref in times),
        )


def _stays(shared: Shared, chain: Chain[projects.Project]) -> Iterator[tuple[str, int, Ref]]:
    """Yield each stage that a project has left, with how long it was there and what ended it."""
    one: projects.Project | None = None
    since = None
    for deed in _counted(chain):
        before = "" if one is None else str(one.status)
        try:
            one = projects.apply(one, deed)
        except RefusedError:  # pragma: no cover - what counted once counts again
            continue
        now = shared.when(_ref(deed))
        if str(one.status) != before:
            if before and since is not None and now is not None:
                yield before, max(0, now.seconds - since.seconds), _ref(deed)
            since = now


CONTROL: Final = (
    Measure(
        name="deciding",
        group="technology",
        unit="seconds",
        formula="How long a request for a transfer authorisation waited for this side's decision:"
        " the lower median, over all that it approved or denied.",
        lines=_deciding,
    ),
    Measure(
        name="provisos",
        group="technology",
        unit="count",
        formula="Provisos that stand in this side's authorisations, of the authorisations that it"
        " gave.",
        lines=_provisos,
    ),
    Measure(
        name="consents",
        group="technology",
        unit="count",
        formula="Consents of this side to pass on what it sent, of those that it was asked for.",
        lines=_consents,
    ),
    Measure(
        name="consenting",
        group="technology",
        unit="seconds",
        formula="How long a request to pass on waited for this side's answer: the lower median,"
        " over all that it granted or refused.",
        lines=_consenting,
    ),
    Measure(
        name="endchecks",
        group="assurance",
        unit="count",
        formula="End-use checks of this side that were made, and by what they found, of those that"
        " it asked for and did not take back.",
        lines=_checks,
    ),
    Measure(
        name="totals",
        group="assurance",
        unit="count",
        formula="Totals of transfers that both sides have said alike, of those that either has"
        " said.",
        lines=_totals,
    ),
    Measure(
        name="stages",
        group="depth",
        unit="seconds",
        formula="How long projects stayed in a stage that they have left: the lower median.",
        lines=_stages,
    ),
)
