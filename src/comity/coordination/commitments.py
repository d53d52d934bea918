"""Commitments: proposed, open, claimed, acknowledged; nothing is kept by silence.

A commitment has a performer, a beneficiary, a due date and a test of fulfilment. The performer
claims, and only the beneficiary says what the claim comes to. A due date that passes, or a claim
that nobody answers, is shown as that and changes nothing. Source: agreements.md D2.6; spec 10.2.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

import attrs
import msgspec
from msgspec import Meta

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import (
    EITHER,
    OPENER,
    OTHER,
    Book,
    Deed,
    Hex,
    Id,
    Line,
    Step,
    Text,
    When,
    begins,
    body_of,
    json_of,
    may,
    missing,
    read_act,
    table,
)
from comity.foundation.errors import PeerError, RefusedError
from comity.foundation.instants import Instant

V = TypeVar("V")

FAMILY: Final = "commitment"
#: In place of a party: both together.
BOTH: Final = "both"
PERFORMER: Final = "performer"
BENEFICIARY: Final = "beneficiary"
#: In place of an act on it: the statement whose release made it. No entry is of this kind.
ARISE: Final = "arise"


class Status(StrEnum):
    """Where a commitment stands by its acts."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    PARTLY_KEPT = "partly_kept"
    NOT_KEPT = "not_kept"
    RELEASED = "released"


#: What a beneficiary may say of a claim.
RESULTS: Final = (Status.KEPT, Status.KEPT_LATE, Status.PARTLY_KEPT)
#: While a commitment is one of these, it is owed.
LIVE: Final = (Status.OPEN, Status.IN_PROGRESS, Status.CLAIMED, Status.DISPUTED)
ENDS: Final = (
    *(Status.DECLINED, Status.WITHDRAWN, Status.RELEASED),
    *(*RESULTS, Status.NOT_KEPT),
)
_DUE: Final = (Status.OPEN, Status.IN_PROGRESS, Status.DISPUTED)

#: The machine (agreements.md D2.6; spec 10.2.3).
STEPS: Final = table(
    Step(name="propose", by=EITHER, target=Status.PROPOSED, ruled=True),
    Step(name="accept", by=OTHER, sources=(Status.PROPOSED,), target=Status.OPEN, ruled=True),
    Step(name="decline", by=OTHER, sources=(Status.PROPOSED,), target=Status.DECLINED),
    Step(name="withdraw", by=OPENER, sources=(Status.PROPOSED,), target=Status.WITHDRAWN),
    Step(
        name="progress",
        by=PERFORMER,
        sources=(Status.OPEN, Status.IN_PROGRESS),
        target=Status.IN_PROGRESS,
    ),
    Step(name="claim", by=PERFORMER, sources=_DUE, target=Status.CLAIMED, ruled=True),
    Step(name="acknowledge", by=BENEFICIARY, sources=(Status.CLAIMED, Status.DISPUTED)),
    Step(name="dispute", by=BENEFICIARY, sources=(Status.CLAIMED,), target=Status.DISPUTED),
    Step(name="redate", by=EITHER, sources=_DUE, both=True, ruled=True),
    Step(name="release", by=BENEFICIARY, sources=LIVE, target=Status.RELEASED),
    Step(name="fail", by=EITHER, sources=LIVE, target=Status.NOT_KEPT, both=True),
    Step(name="recall", by=EITHER, sources=LIVE),
)


class Due(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A due date: the instant that counts, and the day and zone in which people wrote it."""

    at: When
    day: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")] | None = None
    zone: (
        Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]*$(?!\n)")]
        | None
    ) = None

    def json(self) -> JsonObject:
        """Return it as it stands in an act."""
        return {"at": self.at, "day": self.day, "zone": self.zone}


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a commitment comes from: an article, a meeting's item, a statement, or elsewhere."""

    kind: Literal["article", "meeting", "statement", "other"]
    ref: Annotated[str, Meta(max_length=300)]
    item: Annotated[str, Meta(max_length=300)]


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    commitment: Id


class Propose(_Act, frozen=True, kw_only=True):
    """``commitment.propose``: the terms; they never change but for the due date."""

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    title: Line
    test: Text
    performer: Annotated[str, Meta(min_length=1, max_length=300)]
    beneficiary: Annotated[str, Meta(min_length=1, max_length=300)]
    due: Due
    source: Source


class Accept(_Act, frozen=True, kw_only=True):
    """``commitment.accept``: the digest of the terms that are accepted."""

    terms: Hex


class Plain(_Act, frozen=True, kw_only=True):
    """``commitment.withdraw``, ``commitment.progress``: words go into the note."""


class Reasoned(_Act, frozen=True, kw_only=True):
    """``commitment.decline``, ``dispute``, ``release``, ``fail``: why."""

    reason: Text


class Claim(_Act, frozen=True, kw_only=True):
    """``commitment.claim``: when it was fulfilled as the performer says, and what shows it."""

    fulfilled: When
    evidence: Annotated[list[Line], Meta(max_length=50)]


class Acknowledge(_Act, frozen=True, kw_only=True):
    """``commitment.acknowledge``: what the claim comes to."""

    result: Literal["kept", "kept_late", "partly_kept"]


class Redate(_Act, frozen=True, kw_only=True):
    """``commitment.redate``: another due date; it counts once both have said the same."""

    due: Due


class Recall(_Act, frozen=True, kw_only=True):
    """``commitment.recall``: what its author said of that does not count yet is taken back."""

    of: Literal["claim", "redate", "acknowledge", "release", "fail"]


Body: TypeAlias = Propose | Accept | Plain | Reasoned | Claim | Acknowledge | Redate | Recall

FORMS: Final[Mapping[str, type[Body]]] = {
    "propose": Propose,
    "accept": Accept,
    "withdraw": Plain,
    "progress": Plain,
    "decline": Reasoned,
    "dispute": Reasoned,
    "release": Reasoned,
    "fail": Reasoned,
    "claim": Claim,
    "acknowledge": Acknowledge,
    "redate": Redate,
    "recall": Recall,
}
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


@attrs.frozen(kw_only=True)
class Commitment:
    """What the acts on one commitment come to.

    Attributes:
        id: Its id.
        terms: What was proposed.
        opener: Who proposed it.
        status: Where it stands by its acts.
        due: The due date that counts now.
        dates: The due dates before, oldest first: each re-dating keeps the one it replaced.
        claim: The claim that stands, with the entry that made it.
        before: While it is claimed: where it stood before that, and the claim that stood then.
        reason: The words of the last decline, dispute, release or finding.
        asked: By step that needs both, what each party has said so far.
        last: The act that brought it where it is.
        since: The act by which it waits for somebody, in its present state.
        deeds: How many acts counted.
    """

    id: str
    terms: Propose
    opener: str
    status: Status
    due: Due
    dates: tuple[Due, ...] = ()
    claim: Claim | None = None
    before: tuple[Status, Claim | None] | None = None
    reason: str = ""
    asked: Mapping[str, Mapping[str, JsonObject]] = attrs.field(factory=dict)
    last: tuple[str, int]
    opened: tuple[str, int] | None = None

    @property
    def due_at(self) -> Instant:
        """The instant at which it is due."""
        return Instant.parse(self.due.at)

    def plays(self, party: str, part: str) -> bool:
        """Return whether ``party`` has that part: performer, beneficiary, opener, other, either."""
        match part:
            case "performer":
                return self.terms.performer in {party, BOTH}
            case "beneficiary":
                return self.terms.beneficiary in {party, BOTH}
            case "opener":
                return self.opener == party
            case "other":
                return self.opener != party
            case _:
                return True

    def needs_both(self, step: Step) -> bool:
        """Return whether a step counts only once both have done the same.

        What is joint on the side that decides (the beneficiary's, or the whole) takes both.
        """
        if step.both:
            return True
        joint = BOTH in {self.terms.performer, self.terms.beneficiary}
        return step.by == BENEFICIARY and step.name in {"acknowledge", "release"} and joint

    def may_say(self, party: str, step: Step) -> bool:
        """Return whether a step is that party's: what takes both is either's. Source: 10.2.4."""
        return self.plays(party, step.by) or self.needs_both(step)

    def unanswered_word(self) -> str | None:
        """Return who alone has said something that counts once both have said it, if somebody."""
        for words in self.asked.values():
            if len(words) == 1:
                (party,) = words
                return party
        return None

    def recallable(self, party: str) -> Iterator[str]:
        """Yield the steps of which a party said something that does not count yet."""
        # Of a claimed one the last act is the claim: what one side alone has said moves nothing.
        if self.status is Status.CLAIMED and self.last[0] == party:
            yield "claim"
        yield from (step for step, words in self.asked.items() if party in words)

    def overdue(self, at: Instant) -> bool:
        """Return whether its due date has passed and it is still owed; a flag, not an end."""
        return self.status in _DUE and at > self.due_at


def terms_digest(data: JsonObject) -> str:
    """Return the digest of the terms of a proposal: what an acceptance names."""
    return digest(canonical(data))


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``; ``commitments.parties``: performer and beneficiary
            are the same party.
    """
    body = read(deed)
    if isinstance(body, Propose):
        Instant.parse(body.due.at)
        if body.performer == body.beneficiary != BOTH:
            raise PeerError(
                "commitments.parties",
                "Nobody owes a thing to itself: performer and beneficiary are the two parties, or"
                " both together.",
            )
    elif isinstance(body, Redate):
        Instant.parse(body.due.at)
    elif isinstance(body, Claim):
        Instant.parse(body.fulfilled)


def read(deed: Deed) -> Body:
    """Return what an act says.

    Raises:
        PeerError: ``deeds.form``, ``deeds.kind``, ``basics.*``.
    """
    return read_act(deed, FORMS, family=FAMILY)


def apply(commitment: Commitment | None, deed: Deed) -> Commitment:
    """Return the commitment after one more act.

    Raises:
        RefusedError: ``commitments.*``: the act cannot count at its place, and why.
    """
    if deed.step == ARISE:
        return _arisen(deed)
    body, step = read(deed), STEPS[deed.step]
    if isinstance(body, Propose):
        return _begun(commitment, deed, body)
    if commitment is None:
        raise missing("commitment")
    plays = commitment.may_say(deed.party, step)
    may(commitment.terms.title, commitment.status, step, plays=plays, whose=_WHOSE)
    if isinstance(body, Accept) and body.terms != terms_digest(json_of(commitment.terms)):
        raise RefusedError("commitments.other_terms", "What was accepted is not what was proposed.")
    if isinstance(body, Accept):
        _between(commitment, deed)
    if isinstance(body, Recall):
        return _recalled(commitment, deed, body)
    if commitment.needs_both(step):
        return _by_both(commitment, deed, body)
    return _moved(commitment, deed, body)


#: What people call the parts that a step of this machine can want.
_WHOSE: Final[Mapping[str, str]] = {
    PERFORMER: "its performer",
    BENEFICIARY: "its beneficiary",
    OPENER: "who proposed it",
    OTHER: "the party to which it was proposed",
}


def _begun(commitment: Commitment | None, deed: Deed, body: Propose) -> Commitment:
    begins(commitment, "a commitment")
    return Commitment(
        id=body.commitment,
        terms=body,
        opener=deed.party,
        status=Status.PROPOSED,
        due=body.due,
        last=(deed.party, deed.n),
    )


def arising(release: Deed, terms: JsonObject) -> Deed:
    """Return what makes a commitment open at the place of the act that released its source.

    Source: agreements.md D2.6 (open by release of the source); spec 10.2.7.

    Args:
        release: The act by which both had released the statement.
        terms: The terms, as a proposal says them.
    """
    return attrs.evolve(release, kind=f"{FAMILY}.{ARISE}", data=terms)


def _arisen(deed: Deed) -> Commitment:
    """Return an open commitment, whatever somebody proposed by its id before."""
    terms = body_of(deed.data, Propose, what="What a statement commits to")
    return Commitment(
        id=terms.commitment,
        terms=terms,
        opener=deed.party,
        status=Status.OPEN,
        due=terms.due,
        last=(deed.party, deed.n),
        opened=(deed.party, deed.n),
    )


def _between(commitment: Commitment, deed: Deed) -> None:
    known = {commitment.opener, deed.party, BOTH}
    if {commitment.terms.performer, commitment.terms.beneficiary} - known:
        raise RefusedError(
            "commitments.strangers",
            f"«{commitment.terms.title}» names somebody who is neither of the two parties.",
        )


def _by_both(commitment: Commitment, deed: Deed, body: Body) -> Commitment:
    """Return the commitment with one party's word, moved if the other has said the same."""
    said = {name: value for name, value in deed.data.items() if name != "reason"}
    known = commitment.asked.get(deed.step, {})
    words: dict[str, JsonObject] = {**known, deed.party: said}
    asked = {**commitment.asked, deed.step: words}
    if len(words) == 2 and all(each == said for each in words.values()):
        return _moved(attrs.evolve(commitment, asked=_but(asked, deed.step)), deed, body)
    return attrs.evolve(commitment, asked=asked)


def _recalled(commitment: Commitment, deed: Deed, body: Recall) -> Commitment:
    """Return the commitment without what a party said and does not count yet. Source: 10.2.8."""
    if body.of not in commitment.recallable(deed.party):
        raise RefusedError(
            "commitments.nothing_to_recall",
            "Nothing of that waits any more, or yet; what counts is not taken back.",
        )
    if body.of != "claim":
        left = _but(commitment.asked[body.of], deed.party)
        asked = _but(commitment.asked, body.of) | ({body.of: left} if left else {})
        return attrs.evolve(commitment, asked=asked)
    assert commitment.before is not None  # the claim kept it
    status, claim = commitment.before
    return attrs.evolve(
        commitment,
        status=status,
        claim=claim,
        before=None,
        # What one side said of this claim goes with it.
        asked=_but(commitment.asked, "acknowledge"),
        last=(deed.party, deed.n),
    )


def _but(known: Mapping[str, V], name: str) -> dict[str, V]:
    """Return what is known without what has a name."""
    return {each: value for each, value in known.items() if each != name}


def _moved(commitment: Commitment, deed: Deed, body: Body) -> Commitment:
    target = STEPS[deed.step].target
    moved = attrs.evolve(
        commitment,
        status=Status(target) if target else commitment.status,
        before=None,
        last=(deed.party, deed.n),
        asked={} if target else commitment.asked,
    )
    match body:
        case Redate():
            dates = (*commitment.dates, commitment.due)
            return attrs.evolve(moved, due=body.due, dates=dates)
        case Claim():
            return attrs.evolve(moved, claim=body, before=(commitment.status, commitment.claim))
        case Acknowledge():
            return attrs.evolve(moved, status=Status(body.result), asked={})
        case Reasoned():
            return attrs.evolve(moved, reason=body.reason)
        case Accept():
            return attrs.evolve(moved, opened=(deed.party, deed.n))
        case _:
            return moved


def state_json(book: Book[Commitment]) -> list[Json]:
    """Return every commitment as JSON: equal for equal states."""
    return [
        {
            "commitment": each.id,
            "terms": json_of(each.terms),
            "opener": each.opener,
            "status": str(each.status),
            "due": each.due.json(),
            "dates": [date.json() for date in each.dates],
            "claim": None if each.claim is None else list(each.claim.evidence),
            "fulfilled": None if each.claim is None else each.claim.fulfilled,
            "reason": each.reason,
            "asked": {step: dict(words) for step, words in each.asked.items()},
            "last": list(each.last),
        }
        for each in book.things()
    ]
