"""Promises on the relationship page: what is measured, what is open, what happened, who waits."""

import attrs
import pytest

from comity.coordination.commitments import terms_digest
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.relationship.matters import matters
from comity.relationship.measures import measured
from comity.relationship.measuring import Line
from comity.relationship.model import Picture
from comity.relationship.timeline import timeline
from comity.relationship.waits import waits
from support.parties import NOW, A, B
from support.relations import DAY, picture
from support.talks import INSTRUMENT, in_force
from unit.relationship.test_rhythm import MEETING, Acts

FIRST, SECOND = sorted((A, B))


class Promises:
    """Acts on several commitments, each after all before it, all cosigned at ``NOW + 10``."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.sizes = {A: 100, B: 100}

    def act(self, party: str, step: str, name: str, data: JsonObject) -> None:
        self.deeds.append(
            Deed(
                party=party,
                n=self.sizes[party],
                seen=0,
                lc=1000 + len(self.deeds),
                kind=f"commitment.{step}",
                data={"commitment": name, **data},
            )
        )
        self.sizes[party] += 1

    def propose(self, by: str, to: str, *, due: Instant, number: int = 1, **more: Json) -> str:
        name = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        terms: JsonObject = {
            "commitment": name,
            "instrument": INSTRUMENT,
            "unit": "u3",
            "title": f"Promise {number}",
            "test": "It is there.",
            "performer": by,
            "beneficiary": to,
            "due": {"at": str(due), "day": None, "zone": None},
            "source": {"kind": "article", "ref": "", "item": ""},
            **more,
        }
        self.act(by, "propose", name, terms)
        self.terms = terms
        return name

    def made(self, by: str, to: str, *, due: Instant, number: int = 1) -> str:
        name = self.propose(by, to, due=due, number=number)
        self.act(to, "accept", name, {"terms": terms_digest(self.terms)})
        return name

    def claim(self, by: str, name: str, *, at: Instant) -> None:
        self.act(by, "claim", name, {"fulfilled": str(at), "evidence": []})

    def seen(self, *, days: int = 5) -> Picture:
        return picture(in_force(), deeds=self.deeds, at=NOW.plus(days * DAY))


def lines(name: str, made: Picture) -> list[Line]:
    return [line for one, found in measured(made) if one.name == name for line in found]


def values(name: str, made: Picture) -> dict[str | None, tuple[object, object]]:
    return {line.party: (line.value, line.of) for line in lines(name, made)}


def test_promises_are_counted_by_what_they_came_to_and_open_the_acts_behind_them() -> None:
    story = Promises()
    kept = story.made(A, B, due=NOW.plus(DAY), number=1)
    story.claim(A, kept, at=NOW)
    story.act(B, "acknowledge", kept, {"result": "kept"})
    late = story.made(A, B, due=NOW.plus(DAY), number=2)
    story.claim(A, late, at=NOW.plus(3 * DAY))
    story.act(B, "acknowledge", late, {"result": "kept_late"})
    story.made(A, B, due=NOW.plus(DAY), number=3)
    made = story.seen()
    mine = {line.subject: line for line in lines("promises", made) if line.party == A}
    assert {name: (line.value, line.of) for name, line in mine.items()} == {
        "kept": (1, 3),
        "kept_late": (1, 3),
    }
    assert len(mine["kept"].evidence) == 4
    assert values("overdue", made) == {A: (1, 1), B: (0, 0)}
    assert values("delay", made) == {A: (DAY, 2), B: (None, 0)}


def test_moving_a_due_date_does_not_make_a_late_promise_one_in_time() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    for party in (A, B):
        due: JsonObject = {"at": str(NOW.plus(9 * DAY)), "day": None, "zone": None}
        story.act(party, "redate", name, {"due": due})
    story.claim(A, name, at=NOW.plus(4 * DAY))
    story.act(B, "acknowledge", name, {"result": "kept"})
    made = story.seen()
    assert values("delay", made)[A] == (3 * DAY, 1)
    assert values("redatings", made) == {A: (1, 1), B: (0, 0)}


def test_how_long_a_proposal_or_a_claim_waits_counts_for_the_side_that_is_asked() -> None:
    story = Promises()
    story.propose(A, B, due=NOW.plus(DAY))
    found = [each for each in waits(story.seen()) if each.kind.startswith("commitment.")]
    assert [(each.party, each.answered, each.seconds) for each in found] == [
        (B, None, 5 * DAY - 10)
    ]
    assert values("oldest_wait", story.seen())[B] == (5 * DAY - 10, 1)


def test_a_claim_that_was_taken_back_keeps_nobody_waiting() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    story.claim(A, name, at=NOW)
    story.act(A, "recall", name, {"of": "claim"})
    kinds = {each.kind for each in waits(story.seen())}
    assert "commitment.claim" not in kinds
    story.claim(A, name, at=NOW)
    (found,) = [each for each in waits(story.seen()) if each.kind == "commitment.claim"]
    assert (found.party, found.answered) == (B, None)


@pytest.mark.parametrize(
    ("days", "code", "whose"),
    [(1, "commitment.due", A), (50, "commitment.overdue", A)],
)
def test_what_is_owed_shows_as_due_and_then_as_overdue_to_both(
    days: int, code: str, whose: str
) -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(20 * DAY))
    (found,) = [one for one in matters(story.seen(days=days)) if one.thing == name]
    assert (found.code, found.waits_for) == (code, (whose,))


def test_nothing_is_asked_about_a_promise_that_is_far_off_or_has_ended() -> None:
    story = Promises()
    story.made(A, B, due=NOW.plus(200 * DAY), number=1)
    ended = story.propose(A, B, due=NOW.plus(DAY), number=2)
    story.act(A, "withdraw", ended, {})
    assert [one for one in matters(story.seen()) if one.thing] == []


def test_a_proposal_a_claim_and_a_new_date_wait_for_the_side_that_did_not_speak() -> None:
    story = Promises()
    first = story.propose(A, B, due=NOW.plus(DAY), number=1)
    second = story.made(A, B, due=NOW.plus(DAY), number=2)
    story.claim(A, second, at=NOW)
    third = story.made(B, A, due=NOW.plus(DAY), number=3)
    due: JsonObject = {"at": str(NOW.plus(9 * DAY)), "day": None, "zone": None}
    story.act(B, "redate", third, {"due": due})
    found = {one.thing: (one.code, one.waits_for) for one in matters(story.seen()) if one.thing}
    assert found == {
        first: ("commitment.answer", (B,)),
        second: ("commitment.acknowledge", (B,)),
        third: ("commitment.redate", (A,)),
    }


def test_a_disputed_claim_is_open_as_that_and_says_where_it_comes_up() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    story.claim(A, name, at=NOW)
    story.act(B, "dispute", name, {"reason": "Half of it is missing."})
    (found,) = [one for one in matters(story.seen()) if one.thing == name]
    assert (found.code, found.waits_for) == ("commitment.disputed", (FIRST, SECOND))
    assert found.facts["meeting"] is None
    meeting = Acts()
    meeting.meeting()
    made = picture(in_force(), deeds=[*story.deeds, *meeting.deeds], at=NOW.plus(5 * DAY))
    (found,) = [one for one in matters(made) if one.thing == name]
    assert found.facts["meeting"] == {"id": MEETING, "start": "2027-02-01T09:00:00Z"}


def test_a_lone_word_that_it_was_not_kept_or_is_released_asks_the_other_side() -> None:
    story = Promises()
    failed = story.made(A, B, due=NOW.plus(DAY), number=1)
    story.act(B, "fail", failed, {"reason": "Nothing came."})
    joint = story.propose(A, "both", due=NOW.plus(DAY), number=2)
    story.act(B, "accept", joint, {"terms": terms_digest(story.terms)})
    story.act(A, "release", joint, {"reason": "Not needed."})
    found = {one.thing: (one.code, one.waits_for) for one in matters(story.seen()) if one.thing}
    assert found == {
        failed: ("commitment.fail", (A,)),
        joint: ("commitment.release", (B,)),
    }


def waiting(story: Promises, name: str) -> set[str]:
    """Return whose act is asked for on a commitment."""
    return {party for one in matters(story.seen()) if one.thing == name for party in one.waits_for}


def test_what_both_do_for_one_of_them_is_acknowledged_by_both_and_so_can_end() -> None:
    story = Promises()
    name = story.propose(A, B, due=NOW.plus(DAY), performer="both")
    story.act(B, "accept", name, {"terms": terms_digest(story.terms)})
    story.claim(A, name, at=NOW)
    assert waiting(story, name) == {A, B}
    story.act(B, "acknowledge", name, {"result": "kept"})
    assert waiting(story, name) == {A}
    story.act(A, "acknowledge", name, {"result": "kept"})
    assert waiting(story, name) == set()


def test_a_joint_claim_waits_for_whoever_has_not_said_what_it_comes_to() -> None:
    story = Promises()
    name = story.propose(A, "both", due=NOW.plus(DAY))
    story.act(B, "accept", name, {"terms": terms_digest(story.terms)})
    story.claim(A, name, at=NOW)
    story.act(A, "acknowledge", name, {"result": "kept"})
    (found,) = [one for one in matters(story.seen()) if one.thing == name]
    assert found.waits_for == (B,)
    assert found.facts["joint"] is True


def test_the_timeline_names_promises_and_leaves_out_acts_without_effect() -> None:
    story = Promises()
    name = story.made(A, B, due=NOW.plus(DAY))
    story.claim(B, name, at=NOW)
    happened = [one for one in timeline(story.seen()) if one.group == "coordination"]
    assert [(one.code, one.party) for one in happened] == [
        ("promise_proposed", A),
        ("promise_made", B),
    ]
    assert happened[0].facts == {"instrument": INSTRUMENT, "thing": name, "title": "Promise 1"}


def test_what_is_owed_under_an_agreement_that_ended_asks_nobody() -> None:
    story = Promises()
    story.made(A, B, due=NOW.plus(DAY), number=1)
    story.propose(A, B, due=NOW.plus(DAY), number=2)
    made = story.seen(days=365 * 11)
    assert [one for one in matters(made) if one.thing] == []
    assert values("overdue", made) == {A: (0, 0), B: (0, 0)}
    assert [one for one in waits(made) if one.kind.startswith("commitment.")] != []


def test_a_proposal_taken_back_made_nobody_wait_and_an_act_on_nothing_is_left_out() -> None:
    story = Promises()
    name = story.propose(A, B, due=NOW.plus(DAY))
    story.act(A, "withdraw", name, {})
    story.act(B, "release", "urn:uuid:00000000-0000-4000-8000-000000000099", {"reason": "x"})
    made = story.seen()
    assert [each for each in waits(made) if each.kind.startswith("commitment.")] == []
    assert [one.code for one in timeline(made) if one.group == "coordination"] == [
        *("promise_proposed", "promise_withdrawn"),
    ]


def test_what_nobody_cosigned_yet_has_not_made_anybody_wait() -> None:
    story = Promises()
    story.propose(A, B, due=NOW.plus(DAY))
    made = picture(
        in_force(), deeds=[attrs.evolve(each, n=5000) for each in story.deeds], at=NOW.plus(DAY)
    )
    assert [each for each in waits(made) if each.kind.startswith("commitment.")] == []


def test_an_entry_that_names_another_thing_than_its_act_says_nothing_of_it() -> None:
    story = Promises()
    story.propose(A, B, due=NOW.plus(DAY))
    base = story.seen()
    entries = tuple(attrs.evolve(each, of="urn:uuid:other") for each in base.shared.entries)
    made = attrs.evolve(base, shared=attrs.evolve(base.shared, entries=entries))
    (found,) = [one for one in timeline(made) if one.group == "coordination"]
    assert found.facts == {}
