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
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.relationship.leaves import events_of_leaves
from comity.relationship.model import Entry, Picture, Ref, Shared
from comity.relationship.order import FAR, causal, life_entries
from comity.relationship.suspensions import spans
from comity.relationship.things import ANCHORS, THINGS, deeds_of, thing_facts
from comity.sharing.fold import ContractAct

Contracts: TypeAlias = Mapping[tuple[str, str], ContractAct]

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
    "authorisation_exhausted": "technology",
    "authorisation_expired": "technology",
    "authorisation_reconciled": "technology",
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
        each
        for each in (*acts, *shared.entries)
        if (each.kind in KINDS or each.kind in ANCHORS) and each.ref not in idle
    )
    order = causal(chosen, when=shared.when)
    places = {entry.ref: place for place, entry in enumerate(order)}
    openings, contracts = _openings(picture), contracts_by_tail(shared)
    deeds = deeds_of(shared)
    made: list[tuple[int, int, Happening]] = []
    for place, entry in enumerate(order):
        if entry.kind in ANCHORS:
            continue
        opened = openings.get(entry.ref)
        happening = _of_entry(shared, entry, contracts=contracts, deeds=deeds, opened=opened)
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
    shared: Shared,
    entry: Entry,
    *,
    contracts: Contracts,
    deeds: Mapping[Ref, Deed],
    opened: str | None,
) -> Happening:
    code, group = KINDS[entry.kind]
    facts: JsonObject = {}
    if group == "sharing":
        facts = _sharing_facts(shared, contracts, entry)
    elif entry.kind in THINGS:
        facts = thing_facts(shared, entry, deeds)
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

    for event in events_of_leaves(picture.shared):
        terms = event.leave.terms
        yield Happening(
            code=event.code,
            group=COMPUTED[event.code],
            at=event.at,
            party=None,
            ref=event.ref,
            instrument=terms.instrument,
            facts={
                "instrument": terms.instrument,
                "thing": event.leave.id,
                "title": terms.title,
            },
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
