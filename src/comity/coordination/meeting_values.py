"""What a meeting is after its acts: its time, agenda, people, outcomes and record.

Source: agreements.md D2.5; spec 10.4.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from comity.coordination import meeting_acts as acts
from comity.coordination.commitments import LIVE, Commitment
from comity.coordination.commitments import Status as Owed
from comity.coordination.meeting_acts import AHEAD, HELD, OFFERED, ProposeMeeting, Slot, Status
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Book, json_of
from comity.foundation.errors import RefusedError


@attrs.frozen(kw_only=True)
class Item:
    """An item of the agenda: who raised it, and whether the other side consents to it."""

    id: str
    title: str
    about: str | None
    by: str
    consented: bool = False

    def json(self) -> JsonObject:
        """Return it as it counts in the digest of the agenda."""
        return {
            "item": self.id,
            "title": self.title,
            "about": self.about,
            "by": self.by,
            "consented": self.consented,
        }


@attrs.frozen(kw_only=True)
class Result:
    """An outcome: who wrote it, and whether the other side concurred."""

    id: str
    item: str
    kind: str
    text: str
    by: str
    agreed: bool = False

    def json(self) -> JsonObject:
        """Return it as it counts in the digest of the record."""
        return {
            "outcome": self.id,
            "item": self.item,
            "kind": self.kind,
            "text": self.text,
            "by": self.by,
            "agreed": self.agreed,
        }


@attrs.frozen(kw_only=True)
class Minute:
    """What the record says of one item: one agreed text, or what each side says."""

    versions: Mapping[str, str]
    agreed: str | None = None

    def json(self) -> JsonObject:
        """Return it as it counts in the digest of the record."""
        return {"agreed": self.agreed, "versions": {} if self.agreed else dict(self.versions)}


@attrs.frozen(kw_only=True)
class Meeting:
    """What the acts on one meeting come to.

    Attributes:
        id: Its id.
        opening: What was proposed first: what it is held under, its series, its title.
        opener: Who proposed it.
        status: Where it stands.
        slot: The time and place that were proposed last.
        proposal: The digest of the act that proposed them.
        offered_by: Who proposed them.
        moves: How many proposals there were: the number that calendar programs call sequence.
        items: The agenda.
        people: By party, who takes part.
        results: The outcomes.
        record: By item, what the record says.
        gone: The ids of items that were dropped and of outcomes that were retracted: used once.
        asked: By step that needs both, what each party has said so far.
        fallen: Who had agreed to the agenda before the other side changed it.
        reason: The words of the last refusal, postponement or cancellation.
        opened: The act by which it was first in session.
        last: The act that brought it where it is.
    """

    id: str
    opening: ProposeMeeting
    opener: str
    status: Status
    slot: Slot
    proposal: str
    offered_by: str
    moves: int = 0
    items: tuple[Item, ...] = ()
    people: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    results: tuple[Result, ...] = ()
    record: Mapping[str, Minute] = attrs.field(factory=dict)
    gone: frozenset[str] = frozenset()
    asked: Mapping[str, Mapping[str, JsonObject]] = attrs.field(factory=dict)
    fallen: frozenset[str] = frozenset()
    reason: str = ""
    opened: tuple[str, int] | None = None
    last: tuple[str, int]

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.opening.title)

    @property
    def series(self) -> str:
        """What counts its meetings together: a body's id, or the name of a dialogue."""
        return self.opening.body or self.opening.series

    def plays(self, party: str, part: str) -> bool:
        """Return whether ``party`` has that part: answerer, host, either."""
        match part:
            case acts.ANSWERER:
                return self.offered_by != party
            case acts.HOST:
                return self.slot.host == party
            case _:
                return True

    def item(self, name: str) -> Item:
        """Return an item of the agenda.

        Raises:
            RefusedError: ``meetings.no_item``.
        """
        for each in self.items:
            if each.id == name:
                return each
        raise RefusedError("meetings.no_item", f"«{self.title}» has no such item on its agenda.")

    def result(self, name: str) -> Result:
        """Return an outcome.

        Raises:
            RefusedError: ``meetings.no_outcome``.
        """
        for each in self.results:
            if each.id == name:
                return each
        raise RefusedError("meetings.no_outcome", f"«{self.title}» has no such outcome.")

    def recallable(self, party: str) -> Iterator[tuple[str, str | None]]:
        """Yield what a party said that does not count yet, and of a consent the item."""
        yield from ((step, None) for step, words in self.asked.items() if party in words)
        if self.status is Status.CONFIRMED:
            for each in self.items:
                if each.consented and each.by != party:
                    yield "consent", each.id

    def agenda_digest(self) -> str:
        """Return the digest of the agenda: what each side names to agree to it."""
        items: list[Json] = [each.json() for each in self.items]
        return digest(canonical({"meeting": self.id, "agenda": items}))

    def record_json(self) -> JsonObject:
        """Return the record as it stands: what each side names the digest of to agree to it."""
        return {
            "meeting": self.id,
            "title": self.opening.title,
            "slot": json_of(self.slot),
            "people": {party: list(names) for party, names in sorted(self.people.items())},
            "agenda": [each.json() for each in self.items],
            "outcomes": [each.json() for each in self.results],
            "entries": [
                {"item": each.id, **self.record[each.id].json()}
                for each in self.items
                if each.id in self.record
            ],
        }

    def record_digest(self) -> str:
        """Return the digest of the record."""
        return digest(canonical(self.record_json()))


def pulled_in(meeting: Meeting, commitment: Commitment) -> bool:
    """Return whether a commitment stands on the agenda of a meeting by itself.

    What is owed under the same instrument, and whatever is disputed; until the meeting is closed.
    Source: spec 10.4.6.
    """
    if meeting.status not in {*OFFERED, *AHEAD, Status.IN_SESSION, Status.ADJOURNED}:
        return False
    if commitment.status is Owed.DISPUTED:
        return True
    return commitment.status in LIVE and (commitment.terms.instrument == meeting.opening.instrument)


def text_digest(text: str) -> str:
    """Return the digest of a text of the record: what whoever takes it names."""
    return digest(text.encode())


def numbers_in_series(meetings: Iterable[Meeting]) -> dict[str, int]:
    """Return by id which meeting of its series each is; without those in none, or not settled.

    Those that were held come first, and of these, and of those ahead, the earlier ones. Source:
    spec 10.4.9.
    """
    counted = [each for each in meetings if each.series and each.status in {*HELD, *AHEAD}]
    counted.sort(key=lambda each: (each.status not in HELD, each.slot.start, each.id))
    numbers: dict[str, int] = {}
    reached: dict[str, int] = {}
    for each in counted:
        numbers[each.id] = reached[each.series] = reached.get(each.series, 0) + 1
    return numbers


def state_json(book: Book[Meeting]) -> list[Json]:
    """Return every meeting as JSON: equal for equal states."""
    return [
        {
            **each.record_json(),
            "opening": json_of(each.opening),
            "opener": each.opener,
            "status": str(each.status),
            "proposal": each.proposal,
            "offered_by": each.offered_by,
            "moves": each.moves,
            "asked": {step: dict(words) for step, words in each.asked.items()},
            "fallen": sorted(each.fallen),
            "reason": each.reason,
            "last": list(each.last),
        }
        for each in book.things()
    ]
