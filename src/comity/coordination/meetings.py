"""Meetings: proposed and countered, an agenda both build, outcomes, a record agreed item by item.

A time stands only when the other side has named exactly the proposal it takes. An agenda, and later
a record, is agreed when both have named the same digest of it; whoever changes it after one side
did so sets that word aside. What only one side wants stands as that: an item "raised by X", a
record with two versions. Source: agreements.md D2.5; spec 10.4.
"""

from collections.abc import Callable, Mapping
from typing import Final, cast

import attrs

from comity.coordination import meeting_acts as acts
from comity.coordination.meeting_acts import (
    ANSWERER,
    HOST,
    ITEMS_MAX,
    OUTCOMES_MAX,
    STEPS,
    ProposeMeeting,
    Status,
    read,
)
from comity.coordination.meeting_values import Item, Meeting, Minute, Result, text_digest
from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.deeds import Deed, Step, begins, may, missing
from comity.foundation.errors import RefusedError


def apply(meeting: Meeting | None, deed: Deed) -> Meeting:
    """Return the meeting after one more act.

    Raises:
        RefusedError: ``meetings.*``: the act cannot count at its place, and why.
    """
    act, step = read(deed), STEPS[deed.step]
    if isinstance(act, ProposeMeeting):
        begins(meeting, "a meeting")
        return _begun(deed, act)
    if meeting is None:
        raise missing("meeting")
    plays = meeting.plays(deed.party, step.by)
    may(meeting.title, meeting.status, step, plays=plays, whose=_WHOSE)
    made = _WORK[type(act)](meeting, deed, act)
    return _by_both(made, deed, step) if step.both else _arrived(made, deed, step)


def _begun(deed: Deed, act: ProposeMeeting) -> Meeting:
    return Meeting(
        id=act.meeting,
        opening=act,
        opener=deed.party,
        status=Status.PROPOSED,
        slot=act.slot,
        proposal=digest(canonical(deed.data)),
        offered_by=deed.party,
        last=(deed.party, deed.n),
    )


#: What people call the parts that a step of this machine can want.
_WHOSE: Final[Mapping[str, str]] = {
    ANSWERER: "the party that the last proposal was made to",
    HOST: "the party that hosts it",
}


def _arrived(meeting: Meeting, deed: Deed, step: Step) -> Meeting:
    """Return the meeting in the state that a step leads to; words of both end with the state."""
    target = Status(step.target) if step.target else meeting.status
    return attrs.evolve(
        meeting,
        status=target,
        last=(deed.party, deed.n),
        asked={} if target != meeting.status else meeting.asked,
        fallen=frozenset() if target != meeting.status else meeting.fallen,
        opened=meeting.opened or ((deed.party, deed.n) if target is Status.IN_SESSION else None),
    )


def _by_both(meeting: Meeting, deed: Deed, step: Step) -> Meeting:
    """Return the meeting with one side's word, moved on if the other has said the same."""
    words: dict[str, JsonObject] = {**meeting.asked.get(step.name, {}), deed.party: deed.data}
    if len(words) == 2 and all(each == deed.data for each in words.values()):
        return _arrived(meeting, deed, step)
    fallen = meeting.fallen - {deed.party} if step.name == "agree" else meeting.fallen
    return attrs.evolve(meeting, asked={**meeting.asked, step.name: words}, fallen=fallen)


def _agenda(meeting: Meeting, items: tuple[Item, ...], *, by: str) -> Meeting:
    """Return the meeting with a changed agenda: what either side had said of it is set aside."""
    words = meeting.asked.get("agree", {})
    fallen = meeting.fallen | {party for party in words if party != by}
    return attrs.evolve(meeting, items=items, asked=_without(meeting, "agree"), fallen=fallen)


def _without(meeting: Meeting, step: str) -> dict[str, Mapping[str, JsonObject]]:
    """Return what both were asked for, but for one step whose object has just changed."""
    return {name: words for name, words in meeting.asked.items() if name != step}


# --- what each act does -------------------------------------------------------------------------


def _counter(meeting: Meeting, deed: Deed, act: acts.Counter) -> Meeting:
    _last_proposal(meeting, act.replaces)
    return attrs.evolve(
        meeting,
        slot=act.slot,
        proposal=digest(canonical(deed.data)),
        offered_by=deed.party,
        moves=meeting.moves + 1,
    )


def _confirm(meeting: Meeting, deed: Deed, act: acts.Confirm) -> Meeting:
    _last_proposal(meeting, act.proposal)
    if meeting.slot.host not in {deed.party, meeting.offered_by}:
        raise RefusedError("meetings.strangers", "A meeting is hosted by one of the two parties.")
    return meeting


def _last_proposal(meeting: Meeting, named: str) -> None:
    if named != meeting.proposal:
        raise RefusedError(
            "meetings.other_proposal",
            f"«{meeting.title}»: this answers a proposal that stands no more; another came before"
            " it. Look at the one that stands, and answer that.",
        )


def _reasoned(meeting: Meeting, deed: Deed, act: acts.ReasonedOnMeeting) -> Meeting:
    del deed
    return attrs.evolve(meeting, reason=act.reason)


def _add(meeting: Meeting, deed: Deed, act: acts.AddItem) -> Meeting:
    if act.item in {*(each.id for each in meeting.items), *meeting.gone}:
        raise RefusedError(
            "meetings.item_exists", "There is, or was, an item of that id already; take a new id."
        )
    if len(meeting.items) >= ITEMS_MAX:
        raise RefusedError("meetings.full", f"An agenda has at most {ITEMS_MAX} items.")
    item = Item(id=act.item, title=act.title, about=act.about, by=deed.party)
    return _agenda(meeting, (*meeting.items, item), by=deed.party)


def _on_item(meeting: Meeting, deed: Deed, act: acts.OnItem) -> Meeting:
    item = meeting.item(act.item)
    drop = deed.step == "drop"
    if drop != (item.by == deed.party):
        whose = "who raised it can drop it" if drop else "the other side can consent to it"
        raise RefusedError("meetings.not_your_item", f"«{item.title}»: only {whose}.")
    if item.consented:
        raise RefusedError("meetings.consented", f"Both want «{item.title}» on the agenda already.")
    items = tuple(
        attrs.evolve(each, consented=True) if each is item else each
        for each in meeting.items
        if not (drop and each is item)
    )
    gone = meeting.gone | {item.id} if drop else meeting.gone
    return attrs.evolve(_agenda(meeting, items, by=deed.party), gone=gone)


def _agree(meeting: Meeting, deed: Deed, act: acts.AgreeAgenda) -> Meeting:
    del deed
    if act.agenda != meeting.agenda_digest():
        raise RefusedError(
            "meetings.other_agenda",
            f"«{meeting.title}»: the agenda was changed; look at it as it is now.",
        )
    return meeting


def _attend(meeting: Meeting, deed: Deed, act: acts.Attend) -> Meeting:
    return attrs.evolve(meeting, people={**meeting.people, deed.party: tuple(act.people)})


def _plain_act(meeting: Meeting, deed: Deed, act: acts.PlainOnMeeting) -> Meeting:
    del deed, act
    return meeting


def _outcome(meeting: Meeting, deed: Deed, act: acts.Outcome) -> Meeting:
    meeting.item(act.item)
    if act.outcome in {*(each.id for each in meeting.results), *meeting.gone}:
        raise RefusedError(
            "meetings.outcome_exists",
            "There is, or was, an outcome of that id already; take a new id.",
        )
    if len(meeting.results) >= OUTCOMES_MAX:
        raise RefusedError("meetings.full", f"A meeting has at most {OUTCOMES_MAX} outcomes.")
    made = Result(id=act.outcome, item=act.item, kind=act.kind, text=act.text, by=deed.party)
    return attrs.evolve(meeting, results=(*meeting.results, made))


def _on_outcome(meeting: Meeting, deed: Deed, act: acts.OnOutcome) -> Meeting:
    result = meeting.result(act.outcome)
    retract = deed.step == "retract"
    if retract != (result.by == deed.party):
        whose = "who wrote it can retract it" if retract else "the other side can concur"
        raise RefusedError("meetings.not_your_outcome", f"This outcome: only {whose}.")
    if result.agreed:
        raise RefusedError("meetings.concurred", "Both agreed to this outcome already.")
    results = tuple(
        attrs.evolve(each, agreed=True) if each is result else each
        for each in meeting.results
        if not (retract and each is result)
    )
    gone = meeting.gone | {result.id} if retract else meeting.gone
    return attrs.evolve(meeting, results=results, gone=gone)


def _draft(meeting: Meeting, deed: Deed, act: acts.DraftRecord) -> Meeting:
    if {each.item for each in act.entries} != {each.id for each in meeting.items}:
        raise RefusedError(
            "meetings.record_items", "A record has one text for each item of the agenda."
        )
    record = {each.item: Minute(versions={deed.party: each.text}) for each in act.entries}
    return attrs.evolve(meeting, record=record)


def _minute(meeting: Meeting, item: str) -> Minute:
    named = meeting.item(item)
    minute = meeting.record[item]
    if minute.agreed is not None:
        raise RefusedError(
            "meetings.item_agreed",
            f"Both agreed to what the record says of «{named.title}»; one side alone cannot"
            " change it.",
        )
    return minute


def _version(meeting: Meeting, deed: Deed, act: acts.Version) -> Meeting:
    minute = _minute(meeting, act.item)
    made = Minute(versions={**minute.versions, deed.party: act.text})
    return _recorded(meeting, act.item, made)


def _take(meeting: Meeting, deed: Deed, act: acts.Take) -> Meeting:
    minute = _minute(meeting, act.item)
    others = [text for party, text in minute.versions.items() if party != deed.party]
    if not any(text_digest(text) == act.text for text in others):
        raise RefusedError(
            "meetings.other_text",
            "The other side's text of this item is not the one that was taken; look at it as it"
            " is now.",
        )
    return _recorded(meeting, act.item, attrs.evolve(minute, agreed=others[0]))


def _recorded(meeting: Meeting, item: str, minute: Minute) -> Meeting:
    record = {**meeting.record, item: minute}
    return attrs.evolve(meeting, record=record, asked=_without(meeting, "seal"))


def _seal(meeting: Meeting, deed: Deed, act: acts.Seal) -> Meeting:
    del deed
    if act.record != meeting.record_digest():
        raise RefusedError(
            "meetings.other_record",
            f"«{meeting.title}»: the record was changed; look at it as it is now.",
        )
    waiting = [
        each.title
        for each in meeting.items
        if meeting.record[each.id].agreed is None and len(meeting.record[each.id].versions) < 2
    ]
    if waiting:
        raise RefusedError(
            "meetings.item_open",
            f"«{waiting[0][:80]}» is not answered: take the other side's text of it, or write"
            " your own beside it.",
        )
    return meeting


def _recall(meeting: Meeting, deed: Deed, act: acts.Recall) -> Meeting:
    """Return the meeting without what a party said and does not count yet. Source: 10.4.12."""
    if (act.of, act.item) not in meeting.recallable(deed.party):
        raise RefusedError(
            "meetings.nothing_to_recall",
            f"«{meeting.title}»: nothing of that waits any more, or yet; what counts is not taken"
            " back.",
        )
    if act.of == "consent":
        items = tuple(
            attrs.evolve(each, consented=each.consented and each.id != act.item)
            for each in meeting.items
        )
        return _agenda(meeting, items, by=deed.party)
    left = {party: said for party, said in meeting.asked[act.of].items() if party != deed.party}
    return attrs.evolve(meeting, asked=_without(meeting, act.of) | ({act.of: left} if left else {}))


#: By the form of an act, what it does; each raises RefusedError where it cannot count.
_WORK: Final[Mapping[type[acts.Act], Callable[[Meeting, Deed, acts.Act], Meeting]]] = {
    form: cast("Callable[[Meeting, Deed, acts.Act], Meeting]", work)  # keyed by its own form
    for form, work in (
        (acts.Counter, _counter),
        (acts.Confirm, _confirm),
        (acts.ReasonedOnMeeting, _reasoned),
        (acts.AddItem, _add),
        (acts.OnItem, _on_item),
        (acts.AgreeAgenda, _agree),
        (acts.Attend, _attend),
        (acts.PlainOnMeeting, _plain_act),
        (acts.Outcome, _outcome),
        (acts.OnOutcome, _on_outcome),
        (acts.DraftRecord, _draft),
        (acts.Version, _version),
        (acts.Take, _take),
        (acts.Seal, _seal),
        (acts.Recall, _recall),
    )
}
