"""Everything public that happened between the two parties, in one order.

Happenings come from acts in either log, or by computation (signed, in force, a window that closed
void, a suspension or a term that ended). Items are counted, with area and marking, never named: the
words of people about an item are erasable and are not read here. Source: agreements.md D2.1, D6
(journey 14).
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from comity.agreements import events
from comity.agreements.attempts import Attempt, Outcome
from comity.agreements.chains import opening_of
from comity.agreements.views import InstrumentView
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.relationship import promises
from comity.relationship.model import Entry, Picture, Ref, Shared
from comity.relationship.order import FAR, causal, life_entries
from comity.relationship.suspensions import spans
from comity.sharing.fold import ContractAct

Contracts: TypeAlias = Mapping[tuple[str, str], ContractAct]

#: The same of acts on things that live by steps.
THINGS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"commitment.{step}": (code, "coordination") for step, code in promises.CODES.items()},
    "body.accept": ("body_established", "coordination"),
    "body.wind_up": ("body_ending", "coordination"),
    "meeting.propose": ("meeting_proposed", "coordination"),
    "meeting.confirm": ("meeting_confirmed", "coordination"),
    "meeting.open": ("meeting_opened", "coordination"),
    "meeting.seal": ("record_agreed", "coordination"),
    "meeting.cancel": ("meeting_cancelled", "coordination"),
    "statement.begin": ("statement_begun", "coordination"),
    "statement.release": ("statement_released", "coordination"),
    "statement.pull": ("statement_pulled", "coordination"),
    "statement.accept_correction": ("statement_corrected", "coordination"),
    "statement.readout": ("readout_issued", "coordination"),
    "control.classify": ("item_classified", "technology"),
    "authorisation.request": ("authorisation_asked", "technology"),
    "authorisation.approve": ("authorisation_approved", "technology"),
    "authorisation.deny": ("authorisation_denied", "technology"),
    "authorisation.assure": ("authorisation_assured", "technology"),
    "authorisation.suspend": ("authorisation_suspended", "technology"),
    "authorisation.resume": ("authorisation_resumed", "technology"),
    "authorisation.revoke": ("authorisation_revoked", "technology"),
    "project.propose": ("project_proposed", "technology"),
    "project.explore": ("project_explored", "technology"),
    "project.decline": ("project_declined", "technology"),
    "project.approve": ("project_approved", "technology"),
    "project.start": ("project_started", "technology"),
    "project.close": ("project_closed", "technology"),
    "project.abandon": ("project_abandoned", "technology"),
}
#: Code and group by kind of entry; a kind that is not here happens to a text or a person and is
#: found in the record.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "letter.introduce": ("introduced", "introduction"),
    "letter.accept": ("accepted", "introduction"),
    events.TABLE: ("tabled", "negotiation"),
    events.TALK: ("talk", "negotiation"),
    events.REOPEN: ("reopened", "negotiation"),
    events.ABANDON: ("given_up", "negotiation"),
    events.ADOPT: ("adopted", "conclusion"),
    events.INITIAL: ("initialled", "conclusion"),
    events.OPEN: ("window_proposed", "conclusion"),
    events.READY: ("window_agreed", "conclusion"),
    events.REVOKE: ("window_revoked", "conclusion"),
    events.SIGN: ("signature", "conclusion"),
    events.SUSPEND: ("suspended", "life"),
    events.RESUME: ("resumed", "life"),
    "sharing.release": ("released", "sharing"),
    "sharing.withdraw": ("withdrawn", "sharing"),
    "sharing.sent": ("sent", "sharing"),
    "sharing.received": ("received", "sharing"),
    **THINGS,
}
#: The happenings that no act is, with their groups.
COMPUTED: Final[Mapping[str, str]] = {
    "opened": "negotiation",
    "window_void": "conclusion",
    "signed": "conclusion",
    "in_force": "life",
    "suspension_ended": "life",
    "term_ended": "life",
}
GROUPS: Final = (
    "introduction",
    "negotiation",
    "conclusion",
    "life",
    "sharing",
    "coordination",
    "technology",
)


@attrs.frozen(kw_only=True)
class Happening:
    """One thing that happened.

    Attributes:
        code: What: a value of ``KINDS`` or a name of ``COMPUTED``.
        group: Its group.
        at: When: cosigned, or computed; None while it is not cosigned.
        party: Who did it; None where it follows by computation.
        ref: The entry behind it; None where it follows from a date.
        instrument: The instrument it concerns, if one.
        facts: What else there is to say.
    """

    code: str
    group: str
    at: Instant | None
    party: str | None
    ref: Ref | None
    instrument: str | None
    facts: JsonObject

    def json(self) -> JsonObject:
        """Return the happening for programs, people and the digest."""
        return {
            "code": self.code,
            "group": self.group,
            "at": None if self.at is None else str(self.at),
            "party": self.party,
            "n": None if self.ref is None else self.ref.n,
            "instrument": self.instrument,
            "facts": self.facts,
        }


def timeline(picture: Picture) -> tuple[Happening, ...]:
    """Return all happenings, oldest first."""
    shared = picture.shared
    acts = (each for name in picture.views for each in life_entries(shared, name))
    idle = shared.idle()
    chosen = (
        each for each in (*acts, *shared.entries) if each.kind in KINDS and each.ref not in idle
    )
    order = causal(chosen, when=shared.when)
    places = {entry.ref: place for place, entry in enumerate(order)}
    openings, contracts = _openings(picture), contracts_by_tail(shared)
    made: list[tuple[int, int, Happening]] = []
    for place, entry in enumerate(order):
        opened = openings.get(entry.ref)
        happening = _of_entry(shared, entry, contracts=contracts, opened=opened)
        made.append((place, 0, happening))
    times = [shared.when(entry.ref) or FAR for entry in order]
    made.extend((_place(each, places, times), 1, each) for each in _computed(picture))
    return tuple(each[2] for each in sorted(made, key=lambda each: (*each[:2], each[2].at or FAR)))


def _place(happening: Happening, places: Mapping[Ref, int], times: list[Instant]) -> int:
    """Return the act right after which something computed stands: its cause, or by its time."""
    if happening.ref is not None:
        return places[happening.ref]
    at = happening.at or FAR
    return max((place for place, time in enumerate(times) if time <= at), default=-1)


def _openings(picture: Picture) -> Mapping[Ref, str]:
    made: dict[Ref, str] = {}
    for name in picture.views:
        opened = opening_of(picture.shared.agreements.instruments[name], None)
        assert opened is not None  # ``look`` left out the others
        place, opening = opened
        made[Ref(party=place.party, n=place.n)] = opening.title
    return made


def _of_entry(
    shared: Shared, entry: Entry, *, contracts: Contracts, opened: str | None
) -> Happening:
    code, group = KINDS[entry.kind]
    facts: JsonObject = {}
    if group == "sharing":
        facts = _sharing_facts(shared, contracts, entry)
    elif entry.kind in THINGS:
        facts = _thing_facts(shared, entry)
    if opened is not None:
        code, facts = "opened", {"title": opened}
    apart = {"introduction", "sharing", "coordination", "technology"}
    instrument = entry.of if group not in apart else None
    if group in apart and isinstance(facts.get("instrument"), str):
        instrument = str(facts["instrument"])
    return Happening(
        code=code,
        group=group,
        at=shared.when(entry.ref),
        party=entry.party,
        ref=entry.ref,
        instrument=instrument,
        facts=facts,
    )


def _sharing_facts(shared: Shared, contracts: Contracts, entry: Entry) -> JsonObject:
    """Return area and marking of what was released or moved; nothing that names it."""
    release = shared.sharing.release(entry.party, entry.n)
    if release is not None:
        return {
            "instrument": release.instrument,
            "area": release.item.area,
            "marking": release.item.marking,
        }
    found = contracts.get((entry.party, entry.of or ""))
    return {} if found is None else {"instrument": found.instrument, "area": found.ruling.area}


def _thing_facts(shared: Shared, entry: Entry) -> JsonObject:
    """Return which thing an act is about: both sides hold its words."""
    found = _thing(shared, entry.kind.partition(".")[0], entry.of or "")
    if found is None:
        return {}
    instrument, title = found
    return {"instrument": instrument, "thing": entry.of, "title": title}


def _thing(shared: Shared, family: str, name: str) -> tuple[str, str] | None:
    """Return the instrument that a thing stands on, and what people call the thing."""
    coordination = shared.coordination
    match family:
        case "commitment":
            owed = coordination.commitments.get(name)
            return None if owed is None else (owed.terms.instrument, owed.terms.title)
        case "body":
            group = coordination.bodies.get(name)
            return None if group is None else (group.founding.instrument, group.founding.name)
        case "meeting" | "statement":
            book = coordination.meetings if family == "meeting" else coordination.statements
            met = book.get(name)
            return None if met is None else (met.opening.instrument, met.title)
        case "authorisation":
            leave = shared.technology.authorisations.get(name)
            return None if leave is None else (leave.terms.instrument, leave.terms.title)
        case "control":
            return None  # what an item is called is said where it is released
        case _:
            project = shared.technology.projects.get(name)
            return None if project is None else (project.terms.instrument, project.terms.title)


def contracts_by_tail(shared: Shared) -> Contracts:
    """Return the contracts by party and by the tail of their id, as entries about them say it."""
    return {
        (party, name.rpartition(":")[2]): each
        for (party, name), each in shared.sharing.contracts.items()
    }


def _computed(picture: Picture) -> Iterator[Happening]:
    for seen in picture.views.values():
        yield from _of_instrument(picture.shared, seen)
    for span in spans(picture):
        if span.ended is not None:
            yield Happening(
                code="suspension_ended",
                group=COMPUTED["suspension_ended"],
                at=span.ended,
                party=None,
                ref=span.lifted,
                instrument=span.instrument,
                facts={"by": span.party, "own_end": span.lifted is None},
            )


def _of_instrument(shared: Shared, seen: InstrumentView) -> Iterator[Happening]:
    for attempt in seen.attempts:
        if attempt.outcome is Outcome.VOID:
            facts: JsonObject = {"missing": _missing(attempt)}
            yield _derived(seen, "window_void", attempt.manifest.closes, facts=facts)
    if seen.signed_at is None:
        return
    last = _completing(shared, seen)
    yield _derived(seen, "signed", seen.signed_at, ref=last)
    if seen.in_force_at is not None and seen.in_force_at <= shared.at:
        at_once = seen.in_force_at == seen.signed_at
        yield _derived(seen, "in_force", seen.in_force_at, ref=last if at_once else None)
    if seen.ends_at is not None and seen.ends_at <= shared.at:
        yield _derived(seen, "term_ended", seen.ends_at)


def _derived(
    seen: InstrumentView,
    code: str,
    at: Instant,
    *,
    ref: Ref | None = None,
    facts: JsonObject | None = None,
) -> Happening:
    return Happening(
        code=code,
        group=COMPUTED[code],
        at=at,
        party=None,
        ref=ref,
        instrument=seen.instrument,
        facts=facts or {},
    )


def _missing(attempt: Attempt) -> Json:
    return sorted({one.signatory.party for one in attempt.signatures if not one.counts})


def _completing(shared: Shared, seen: InstrumentView) -> Ref | None:
    """Return the last signature act that was cosigned when the instrument was signed."""
    signed = [
        each.ref
        for each in life_entries(shared, seen.instrument)
        if each.kind == events.SIGN and (shared.when(each.ref) or FAR) <= (seen.signed_at or FAR)
    ]
    return signed[-1] if signed else None
