"""What is open between the two parties: what waits for whom, and what hangs on it.

Only what both nodes know. What one side alone knows (a draft, a release to be decided, a line that
is down) the node adds, with the same codes' consequences. A matter does nothing by itself when
nobody acts, but what the signed text or a proposed window says. Source: agreements.md D6 (journey
5), D7; design 13.7.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from comity.agreements import events
from comity.agreements.attempts import Attempt, Outcome
from comity.agreements.chains import acts_of, opening_of
from comity.agreements.negotiation import Status as UnitStatus
from comity.agreements.texts import UnitView
from comity.agreements.views import InstrumentView
from comity.coordination.commitments import Commitment, Status
from comity.coordination.meeting_values import pulled_in
from comity.coordination.statement_values import speaking
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.relationship.announcing import announced
from comity.relationship.gathering import gathering
from comity.relationship.model import SECONDS_PER_DAY, Picture, Ref, Shared
from comity.relationship.news import CODES as TOLD
from comity.relationship.order import FAR
from comity.relationship.promises import GOING, Promise, facts, lone_word, promises
from comity.relationship.rhythm import asked, stopped
from comity.relationship.terms import REVIEW_MONTHS, TERM_MONTHS, months_left, term_of
from comity.relationship.turning import turn_facts, turning

#: How many labels of units are named; the rest is a number.
LABELS_MAX: Final = 4
#: How many days before its due date a commitment is shown as coming.
DUE_SOON_DAYS: Final = 30


class Consequence(enum.IntEnum):
    """What hangs on a matter, the gravest first. The number is only for sorting."""

    NOTHING_CROSSES = 1
    WINDOW_CLOSES = 2
    ITEMS_STAY = 3
    OTHER_WAITS = 4
    DATE_COMES = 5
    OWN_WORK = 6
    TO_KNOW = 7


#: By code, what hangs on it. The last rows are known to one side alone; the node adds them.
CONSEQUENCES: Final[Mapping[str, Consequence]] = {
    "text.talk": Consequence.OTHER_WAITS,
    "text.turn": Consequence.OTHER_WAITS,
    "text.confirm": Consequence.OTHER_WAITS,
    "text.adopt": Consequence.OTHER_WAITS,
    "text.initial": Consequence.OTHER_WAITS,
    "window.propose": Consequence.OTHER_WAITS,
    "window.ready": Consequence.WINDOW_CLOSES,
    "window.sign": Consequence.WINDOW_CLOSES,
    "suspension.standing": Consequence.ITEMS_STAY,
    "commitment.answer": Consequence.OTHER_WAITS,
    "body.answer": Consequence.OTHER_WAITS,
    "body.terms": Consequence.OTHER_WAITS,
    "meeting.answer": Consequence.OTHER_WAITS,
    "meeting.again": Consequence.OTHER_WAITS,
    "meeting.agree": Consequence.OTHER_WAITS,
    "meeting.open": Consequence.OTHER_WAITS,
    "meeting.concur": Consequence.OTHER_WAITS,
    "meeting.close": Consequence.OTHER_WAITS,
    "meeting.record": Consequence.OTHER_WAITS,
    "meeting.time": Consequence.OTHER_WAITS,
    "meeting.agenda": Consequence.DATE_COMES,
    "meeting.begin": Consequence.DATE_COMES,
    "meeting.conclude": Consequence.OTHER_WAITS,
    "meeting.resume": Consequence.OTHER_WAITS,
    "meeting.commit": Consequence.OTHER_WAITS,
    "statement.draft": Consequence.OTHER_WAITS,
    "statement.text": Consequence.OTHER_WAITS,
    "statement.mark": Consequence.OTHER_WAITS,
    "statement.text_differs": Consequence.OTHER_WAITS,
    "statement.mark_differs": Consequence.OTHER_WAITS,
    "statement.order_differs": Consequence.OTHER_WAITS,
    "statement.clear": Consequence.OTHER_WAITS,
    "statement.order": Consequence.OTHER_WAITS,
    "statement.release": Consequence.OTHER_WAITS,
    "statement.correct": Consequence.OTHER_WAITS,
    "project.answer": Consequence.OTHER_WAITS,
    "project.name": Consequence.OTHER_WAITS,
    "project.intend": Consequence.OTHER_WAITS,
    "project.sheet": Consequence.OTHER_WAITS,
    "project.blocked": Consequence.OTHER_WAITS,
    "project.arrange": Consequence.OTHER_WAITS,
    "project.draft": Consequence.OTHER_WAITS,
    "project.text": Consequence.TO_KNOW,
    "project.plan": Consequence.OTHER_WAITS,
    "project.agree_plan": Consequence.OTHER_WAITS,
    "project.approve": Consequence.OTHER_WAITS,
    "project.start": Consequence.OTHER_WAITS,
    "project.claim": Consequence.DATE_COMES,
    "project.overdue": Consequence.DATE_COMES,
    "project.due": Consequence.DATE_COMES,
    "project.receive": Consequence.OTHER_WAITS,
    "project.loan_due": Consequence.DATE_COMES,
    "project.accept": Consequence.OTHER_WAITS,
    "project.confirm": Consequence.OTHER_WAITS,
    "project.resume": Consequence.OTHER_WAITS,
    "project.wind_up": Consequence.OTHER_WAITS,
    "project.give_back": Consequence.OTHER_WAITS,
    "project.take_back": Consequence.OTHER_WAITS,
    "project.close": Consequence.OTHER_WAITS,
    "project.hand_over": Consequence.OTHER_WAITS,
    "project.intend_anew": Consequence.OTHER_WAITS,
    "project.approve_anew": Consequence.OTHER_WAITS,
    "project.close_anew": Consequence.OTHER_WAITS,
    "project.hand_over_anew": Consequence.OTHER_WAITS,
    "project.abandon": Consequence.OTHER_WAITS,
    "project.leave": Consequence.DATE_COMES,
    "project.notice": Consequence.DATE_COMES,
    "authorisation.decide": Consequence.ITEMS_STAY,
    "authorisation.returned": Consequence.ITEMS_STAY,
    "authorisation.declined": Consequence.ITEMS_STAY,
    "authorisation.amend": Consequence.OTHER_WAITS,
    "authorisation.assure": Consequence.ITEMS_STAY,
    "authorisation.accept": Consequence.ITEMS_STAY,
    "authorisation.assure_anew": Consequence.ITEMS_STAY,
    "authorisation.suspended": Consequence.ITEMS_STAY,
    "authorisation.revoked": Consequence.ITEMS_STAY,
    "authorisation.report": Consequence.OTHER_WAITS,
    "authorisation.totals": Consequence.OTHER_WAITS,
    "retransfer.answer": Consequence.ITEMS_STAY,
    "retransfer.returned": Consequence.ITEMS_STAY,
    "endcheck.arrange": Consequence.OTHER_WAITS,
    "endcheck.agree": Consequence.OTHER_WAITS,
    "endcheck.report": Consequence.DATE_COMES,
    "endcheck.conclude": Consequence.OTHER_WAITS,
    "commitment.acknowledge": Consequence.OTHER_WAITS,
    "commitment.redate": Consequence.OTHER_WAITS,
    "commitment.disputed": Consequence.OTHER_WAITS,
    "commitment.fail": Consequence.OTHER_WAITS,
    "commitment.release": Consequence.OTHER_WAITS,
    "commitment.overdue": Consequence.OTHER_WAITS,
    "commitment.due": Consequence.DATE_COMES,
    "review.due": Consequence.DATE_COMES,
    "term.ends": Consequence.DATE_COMES,
    "relationship.frozen": Consequence.NOTHING_CROSSES,
    "relationship.unreachable": Consequence.NOTHING_CROSSES,
    "relationship.not_accepted": Consequence.NOTHING_CROSSES,
    "release.decide": Consequence.ITEMS_STAY,
    "transfer.held": Consequence.ITEMS_STAY,
    "connector.decide": Consequence.ITEMS_STAY,
    "connector.confirm": Consequence.OWN_WORK,
    "connector.unreachable": Consequence.ITEMS_STAY,
    "request.sign": Consequence.OTHER_WAITS,
    "approval.decide": Consequence.OWN_WORK,
    "draft.untabled": Consequence.OWN_WORK,
    **dict.fromkeys(TOLD.values(), Consequence.TO_KNOW),
}


@attrs.frozen(kw_only=True)
class Matter:
    """One open matter.

    Attributes:
        code: What it is: a key of ``CONSEQUENCES``.
        instrument: On which instrument.
        title: What that is called, or the thing on it that it is about.
        thing: The id of that thing, where it is not the instrument itself.
        waits_for: Which parties can act; both where either or both must.
        person: The one person who can, where the manifest names one.
        since: Since when, if that is cosigned.
        until: The date that the window or the text names, if one.
        facts: What else there is to say.
    """

    code: str
    instrument: str
    title: str
    thing: str = ""
    waits_for: tuple[str, ...]
    person: str | None = None
    since: Instant | None
    until: Instant | None = None
    facts: JsonObject = attrs.field(factory=dict)

    @property
    def consequence(self) -> Consequence:
        """What hangs on it."""
        return CONSEQUENCES[self.code]

    @property
    def both(self) -> bool:
        """Whether both sides can act."""
        return len(self.waits_for) == 2

    def json(self) -> JsonObject:
        """Return the matter for programs, people and the digest."""
        return {
            "code": self.code,
            "consequence": self.consequence.name.lower(),
            "instrument": self.instrument,
            "title": self.title,
            "thing": self.thing,
            "waits_for": list(self.waits_for),
            "person": self.person,
            "since": None if self.since is None else str(self.since),
            "until": None if self.until is None else str(self.until),
            "facts": self.facts,
        }


def matters(picture: Picture) -> tuple[Matter, ...]:
    """Return what is open, by instrument in the order of their ids, then commitments by theirs."""
    texts = (each for name in picture.views for each in matters_of(picture, name))
    owed = (_of_promise(picture, each) for each in promises(picture, only=GOING))
    return (
        *texts,
        *(each for each in owed if each is not None),
        *_asked(picture),
        *_announced(picture),
    )


def _announced(picture: Picture) -> Iterator[Matter]:
    """Yield the meetings, the joint statements and the projects that wait for somebody."""
    found = (*gathering(picture), *announced(picture), *turning(picture))
    for code, instrument, title, thing, whose, ref, until in found:
        yield Matter(
            code=code,
            instrument=instrument,
            title=title,
            thing=thing,
            waits_for=whose,
            since=picture.shared.when(ref),
            until=until,
            facts=turn_facts(picture, code, thing),
        )


def _asked(picture: Picture) -> Iterator[Matter]:
    """Yield the bodies and authorisations that wait for somebody."""
    for code, instrument, title, thing, whose, ref in (*asked(picture), *stopped(picture)):
        by: JsonObject = {"suspended_by": ref.party} if code == "authorisation.suspended" else {}
        yield Matter(
            code=code,
            instrument=instrument,
            title=title,
            thing=thing,
            waits_for=whose,
            since=picture.shared.when(ref),
            facts=by,
        )


def _of_promise(picture: Picture, promise: Promise) -> Matter | None:
    """Return what is open about a commitment; None where nobody has to look at it yet."""
    one, at = promise.one, picture.shared.at
    whose = promise.waits_for(picture.shared.parties)
    soon = one.due_at.seconds - at.seconds < DUE_SOON_DAYS * SECONDS_PER_DAY
    if not whose:
        return None
    if one.status is Status.PROPOSED:
        code = "commitment.answer"
    elif (alone := lone_word(one)) is not None:
        code = f"commitment.{alone}"
    elif one.status is Status.CLAIMED:
        code = "commitment.acknowledge"
    elif one.status is Status.DISPUTED:
        code = "commitment.disputed"
    elif promise.seen.overdue:
        code = "commitment.overdue"
    elif soon:
        code = "commitment.due"
    else:
        return None
    return Matter(
        code=code,
        instrument=one.terms.instrument,
        title=one.terms.title,
        thing=one.id,
        waits_for=whose,
        since=promise.since,
        until=one.due_at,
        facts={
            **facts(promise),
            "unanswered": promise.seen.unanswered,
            **({"meeting": _comes_up(picture, one)} if code == "commitment.disputed" else {}),
        },
    )


def _comes_up(picture: Picture, one: Commitment) -> JsonObject | None:
    """Return the next meeting on whose agenda a commitment stands by itself; None: none is."""
    ahead = (
        (each.slot.start, each.id)
        for each in picture.shared.coordination.meetings.things()
        if pulled_in(each, one)
    )
    found = min(ahead, default=None)
    return None if found is None else {"id": found[1], "start": found[0]}


def by_consequence(found: Iterable[Matter]) -> tuple[Matter, ...]:
    """Return matters with the gravest consequence first, of these the nearest date, the oldest."""
    return tuple(
        sorted(found, key=lambda each: (each.consequence, each.until or FAR, each.since or FAR))
    )


def matters_of(picture: Picture, instrument: str) -> Iterator[Matter]:
    """Yield what is open on one instrument."""
    seen = picture.views[instrument]
    status = str(seen.status)
    if status in {"tabled", "negotiating"}:
        yield from _of_text(picture.shared, seen)
    elif status in {"clean", "agreed_ad_ref"}:
        said = speaking(picture.shared.coordination.statements.things(), instrument)
        if status == "clean" or (seen.to_sign and next(said, None) is None):
            yield _statement(picture.shared, seen)
    elif status == "initialled":
        yield _window(picture.shared, seen)
    elif status == "signing":
        yield from _signatures(picture.shared, seen)
    yield from _suspensions(picture.shared, seen)
    yield from _dates(picture.shared, seen)


def _matter(  # a matter has these parts
    code: str,
    seen: InstrumentView,
    *waits_for: str,
    since: Instant | None,
    until: Instant | None = None,
    person: str | None = None,
    facts: JsonObject | None = None,
) -> Matter:
    return Matter(
        code=code,
        instrument=seen.instrument,
        title=seen.opening.title,
        waits_for=waits_for,
        since=since,
        until=until,
        person=person,
        facts=facts or {},
    )


def _of_text(shared: Shared, seen: InstrumentView) -> Iterator[Matter]:
    first, second = seen.opening.parties
    opened = opening_of(shared.agreements.instruments[seen.instrument], None)
    proposer = first if opened is None else opened[0].party
    other = second if proposer == first else first
    if str(seen.status) == "tabled":
        yield _matter("text.talk", seen, other, since=_last(shared, seen, proposer, events.TABLE))
    for party in (first, second):
        mine = [unit for unit in seen.units if party in unit.turn]
        asked = [unit for unit in mine if unit.status is not UnitStatus.AGREED_AD_REF]
        if asked:
            since = _last(shared, seen, shared.other(party), events.TABLE, events.REOPEN)
            yield _matter("text.turn", seen, party, since=since, facts=_units(asked))
        referred = [unit for unit in mine if unit.status is UnitStatus.AGREED_AD_REF]
        if referred:
            since = _last(shared, seen, party, events.TABLE)
            yield _matter("text.confirm", seen, party, since=since, facts=_units(referred))


def _units(units: list[UnitView]) -> JsonObject:
    labels: list[Json] = [unit.label for unit in units[:LABELS_MAX]]
    return {"units": len(units), "labels": labels}


def _statement(shared: Shared, seen: InstrumentView) -> Matter:
    clean = str(seen.status) == "clean"
    done = seen.adopted if clean else seen.initialled
    kinds = (events.TABLE, events.ADOPT) if clean else (events.ADOPT, events.INITIAL)
    return _matter(
        "text.adopt" if clean else "text.initial",
        seen,
        *(party for party in seen.opening.parties if party not in done),
        since=_newest(shared, seen, *kinds),
    )


def _window(shared: Shared, seen: InstrumentView) -> Matter:
    proposed = [each for each in seen.attempts if each.outcome is Outcome.PROPOSED]
    if not proposed:
        since = _newest(shared, seen, events.INITIAL, events.REVOKE)
        return _matter("window.propose", seen, *seen.opening.parties, since=since)
    attempt = proposed[-1]
    return _matter(
        "window.ready",
        seen,
        *(party for party in seen.opening.parties if party not in attempt.ready),
        since=_opened(shared, attempt),
        until=attempt.manifest.closes,
        facts={"opens": str(attempt.manifest.opens)},
    )


def _signatures(shared: Shared, seen: InstrumentView) -> Iterator[Matter]:
    attempt = next(each for each in seen.attempts if each.outcome is Outcome.SIGNING)
    for line in attempt.signatures:
        if line.signer is None:
            yield _matter(
                "window.sign",
                seen,
                line.signatory.party,
                since=_opened(shared, attempt),
                until=attempt.manifest.closes,
                person=line.signatory.name,
                facts={"office": line.signatory.office},
            )


def _suspensions(shared: Shared, seen: InstrumentView) -> Iterator[Matter]:
    acts = acts_of(shared.agreements.instruments[seen.instrument], None, events.SUSPEND)
    for each in seen.suspensions:
        if not each.holds(shared.at):
            continue
        units = [unit for unit in seen.units if unit.id in each.units]
        found = next(act for act in reversed(acts) if act.ref == each.digest)
        yield _matter(
            "suspension.standing",
            seen,
            each.party,
            since=shared.when(Ref(party=found.place.party, n=found.place.n)),
            until=each.until,
            facts={**_units(units), "article": each.article, "whole": not each.units},
        )


def _dates(shared: Shared, seen: InstrumentView) -> Iterator[Matter]:
    term = term_of(seen, at=shared.at)
    if term is None or str(seen.status) not in {"in_force", "suspended"}:
        return
    for code, until, steps in (
        ("review.due", term.next_review(shared.at), REVIEW_MONTHS),
        ("term.ends", term.ends_at, TERM_MONTHS),
    ):
        months = None if until is None else months_left(until, at=shared.at, steps=steps)
        if months is not None:
            yield _matter(
                code,
                seen,
                *seen.opening.parties,
                since=None,
                until=until,
                facts={"months": months},
            )


def _opened(shared: Shared, attempt: Attempt) -> Instant | None:
    return shared.when(Ref(party=attempt.opened.party, n=attempt.opened.n))


def _last(shared: Shared, seen: InstrumentView, party: str, *kinds: str) -> Instant | None:
    """Return when a party last did one of ``kinds``."""
    acts = acts_of(shared.agreements.instruments[seen.instrument], None, *kinds)
    mine = [act.place for act in acts if act.place.party == party]
    return shared.when(Ref(party=party, n=mine[-1].n)) if mine else None


def _newest(shared: Shared, seen: InstrumentView, *kinds: str) -> Instant | None:
    """Return when either party last did one of ``kinds``."""
    times = [_last(shared, seen, party, *kinds) for party in shared.parties]
    return max((each for each in times if each is not None), default=None)
