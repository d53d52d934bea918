"""Meetings: the machine of agreements.md D2.5, row by row, in any order of arrival."""

import itertools
from types import MappingProxyType

import attrs
import pytest

from comity.coordination.commitments import Status as Owed
from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.coordination.meeting_acts import STEPS, ProposeMeeting, Status, admit
from comity.coordination.meeting_values import Meeting, numbers_in_series, pulled_in, text_digest
from comity.coordination.meetings import apply
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import PeerError, RefusedError
from unit.coordination import test_commitments as promised

A, B = "did:web:a.example", "did:web:b.example"
ID = "urn:uuid:00000000-0000-4000-8000-000000000001"
NOTHING: JsonObject = MappingProxyType({})


def named(n: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{n:012d}"


def slot(hour: int = 9, *, host: str = A) -> JsonObject:
    return {
        "mode": "in_person",
        "place": "Aldoria, Harbour House",
        "start": f"2027-02-01T{hour:02d}:00:00Z",
        "end": f"2027-02-01T{hour + 2:02d}:00:00Z",
        "zone": "UTC",
        "host": host,
    }


class Story:
    """Acts of two parties, each knowing all before it unless told otherwise."""

    def __init__(self, **opening: Json) -> None:
        self.deeds: list[Deed] = []
        self.act(
            A,
            "propose",
            {
                "instrument": named(90),
                "unit": "u1",
                "body": None,
                "series": "Harbour dialogue",
                "title": "First talks on charts",
                "slot": slot(),
                **opening,
            },
        )

    def act(
        self,
        party: str,
        step: str,
        given: JsonObject = NOTHING,
        *,
        lc: int | None = None,
        **members: Json,
    ) -> None:
        n = sum(each.party == party for each in self.deeds)
        deed = Deed(
            party=party,
            n=n,
            seen=len(self.deeds) - n,
            lc=len(self.deeds) + 1 if lc is None else lc,
            kind=f"meeting.{step}",
            data={"meeting": ID, **given, **members},
        )
        admit(deed)
        self.deeds.append(deed)

    def both(self, step: str, given: JsonObject = NOTHING) -> None:
        for party in (A, B):
            self.act(party, step, given)

    def counter(self, party: str, hour: int) -> None:
        self.act(party, "counter", replaces=self.now().proposal, slot=slot(hour))

    def confirm(self, party: str = B) -> None:
        self.act(party, "confirm", proposal=self.now().proposal)

    def item(self, party: str, n: int, title: str = "Charts") -> None:
        self.act(party, "add", item=named(n), title=title, about=None)

    def agree(self) -> None:
        self.both("agree", {"agenda": self.now().agenda_digest()})

    def outcome(self, party: str, n: int, kind: str = "decision") -> None:
        self.act(party, "outcome", outcome=named(n), item=named(10), kind=kind, text="We do it.")

    @property
    def state(self) -> CoordinationState:
        return fold_deeds(CoordinationState(), self.deeds)

    def now(self) -> Meeting:
        found = self.state.meetings.get(ID)
        assert found is not None
        return found

    @property
    def idle(self) -> list[str]:
        return [each.code for each in self.state.idle()]


def confirmed() -> Story:
    story = Story()
    story.confirm()
    return story


def in_session() -> Story:
    story = confirmed()
    story.item(A, 10)
    story.item(B, 11, "Ships")
    story.act(B, "consent", item=named(10))
    story.agree()
    story.both("open")
    return story


def drafted() -> Story:
    story = in_session()
    story.both("close")
    entries: list[Json] = [{"item": named(n), "text": f"Said of {n}."} for n in (10, 11)]
    story.act(A, "draft", entries=entries)
    return story


def seal(story: Story, *parties: str) -> None:
    for party in parties or (A, B):
        story.act(party, "seal", record=story.now().record_digest())


def test_a_meeting_stands_only_once_the_other_side_took_exactly_that_time() -> None:
    story = Story()
    story.act(B, "confirm", proposal="0" * 64)
    assert (story.now().status, story.idle) == (Status.PROPOSED, ["meetings.other_proposal"])
    story.confirm(A)
    assert story.idle[-1] == "deeds.not_yours", "nobody confirms the own proposal"
    story.counter(B, 11)
    assert (story.now().status, story.now().slot.start) == (
        Status.COUNTERED,
        "2027-02-01T11:00:00Z",
    )
    story.confirm(B)
    assert story.now().status is Status.COUNTERED, "it is the proposer's turn now"
    story.confirm(A)
    assert (story.now().status, story.now().moves) == (Status.CONFIRMED, 1)


def test_of_two_counters_that_crossed_the_first_stands_and_the_other_says_why() -> None:
    story = Story()
    first = story.now().proposal
    story.act(B, "counter", replaces=first, slot=slot(11), lc=2)
    story.act(A, "counter", replaces=first, slot=slot(14), lc=2)
    for order in itertools.permutations(story.deeds):
        state = fold_deeds(CoordinationState(), order)
        found = state.meetings.get(ID)
        assert found is not None
        assert (found.slot.start, found.offered_by) == ("2027-02-01T14:00:00Z", A)
        assert [(each.party, each.code) for each in state.idle()] == [
            (B, "meetings.other_proposal")
        ]
    story.counter(B, 16)
    assert story.now().offered_by == B, "whose counter came second may counter again"
    story.confirm(A)
    assert story.now().status is Status.CONFIRMED


def test_a_confirmation_that_crossed_a_counter_confirms_no_other_time() -> None:
    story = Story()
    first = story.now().proposal
    story.act(A, "counter", replaces=first, slot=slot(14), lc=2)
    story.act(B, "confirm", proposal=first, lc=2)
    assert (story.now().status, story.idle) == (Status.COUNTERED, ["meetings.other_proposal"])


def test_a_declined_or_cancelled_meeting_keeps_its_reason_and_is_over() -> None:
    story = Story()
    story.act(B, "decline", reason="Not this month.")
    assert (story.now().status, story.now().reason) == (Status.DECLINED, "Not this month.")
    for party in (A, B):
        story = confirmed()
        story.act(party, "cancel", reason="The harbour is closed.")
        assert story.now().status is Status.CANCELLED
        story.counter(A, 9)
        assert story.idle == ["deeds.not_now"]


def test_a_postponed_meeting_keeps_its_items_and_waits_for_another_time() -> None:
    story = confirmed()
    story.item(A, 10)
    story.agree()
    story.act(B, "postpone", reason="Elections.")
    assert story.now().status is Status.POSTPONED
    story.counter(A, 15)
    story.confirm(B)
    assert story.now().status is Status.CONFIRMED, "the agenda is open again"
    assert [each.title for each in story.now().items] == ["Charts"]


def test_nothing_is_added_to_an_agenda_that_both_agreed() -> None:
    story = confirmed()
    story.item(A, 10)
    story.agree()
    assert story.now().status is Status.AGENDA_AGREED
    story.item(B, 11)
    assert (len(story.now().items), story.idle) == (1, ["deeds.not_now"])


def test_an_item_added_after_one_side_agreed_sets_that_word_aside() -> None:
    story = confirmed()
    story.item(A, 10)
    before = story.now().agenda_digest()
    story.act(A, "agree", agenda=before)
    story.item(B, 11)
    story.act(B, "agree", agenda=before)
    assert story.idle == ["meetings.other_agenda"]
    story.act(B, "agree", agenda=story.now().agenda_digest())
    assert story.now().status is Status.CONFIRMED, "the first side agreed to another agenda"
    story.act(A, "agree", agenda=story.now().agenda_digest())
    assert story.now().status is Status.AGENDA_AGREED


def test_an_item_stands_as_raised_by_one_until_the_other_consents() -> None:
    story = confirmed()
    story.item(A, 10)
    story.act(A, "consent", item=named(10))
    assert story.idle == ["meetings.not_your_item"]
    story.act(B, "drop", item=named(10))
    assert [each.by for each in story.now().items] == [A], "nobody drops what the other raised"
    story.act(B, "consent", item=named(10))
    assert story.now().items[0].consented
    story.act(A, "drop", item=named(10))
    assert story.idle[-1] == "meetings.consented"
    story.item(A, 12)
    story.act(A, "drop", item=named(12))
    assert len(story.now().items) == 1
    story.act(B, "consent", item=named(99))
    assert story.idle[-1] == "meetings.no_item"
    story.item(B, 10)
    assert story.idle[-1] == "meetings.item_exists"


def test_outcomes_are_written_in_session_alone_and_count_once_the_other_concurs() -> None:
    story = confirmed()
    story.item(A, 10)
    story.outcome(A, 20)
    assert story.idle == ["deeds.not_now"]
    story.agree()
    story.act(A, "open")
    assert story.now().status is Status.AGENDA_AGREED, "one side alone opens nothing"
    story.act(B, "open")
    story.outcome(A, 20)
    story.act(A, "concur", outcome=named(20))
    assert story.idle[-1] == "meetings.not_your_outcome"
    story.act(B, "concur", outcome=named(20))
    assert story.now().results[0].agreed
    story.act(A, "retract", outcome=named(20))
    assert story.idle[-1] == "meetings.concurred"
    story.outcome(B, 20)
    assert story.idle[-1] == "meetings.outcome_exists"
    story.outcome(B, 21, "deferred")
    story.act(B, "retract", outcome=named(21))
    assert len(story.now().results) == 1
    story.act(A, "concur", outcome=named(77))
    assert story.idle[-1] == "meetings.no_outcome"
    story.act(A, "outcome", outcome=named(22), item=named(66), kind="decision", text="Of nothing.")
    assert story.idle[-1] == "meetings.no_item"


def test_each_side_names_its_own_people() -> None:
    story = in_session()
    story.act(A, "attend", people=["Minister", "Chief of Staff"])
    story.act(B, "attend", people=["Ambassador"])
    story.act(A, "attend", people=["Minister"])
    assert story.now().people == {A: ("Minister",), B: ("Ambassador",)}


def test_an_adjourned_meeting_opens_again_or_closes_by_both() -> None:
    story = in_session()
    story.both("adjourn")
    assert story.now().status is Status.ADJOURNED
    story.both("open")
    assert story.now().status is Status.IN_SESSION
    story.both("adjourn")
    story.both("close")
    assert story.now().status is Status.CLOSED


def test_only_the_host_drafts_and_leaves_no_item_out() -> None:
    story = in_session()
    story.both("close")
    entries: list[Json] = [{"item": named(10), "text": "Said."}]
    story.act(B, "draft", entries=entries)
    assert story.idle == ["deeds.not_yours"]
    story.act(A, "draft", entries=entries)
    assert story.idle[-1] == "meetings.record_items"
    with pytest.raises(PeerError, match="twice"):
        story.act(A, "draft", entries=[*entries, *entries])


def test_the_record_is_agreed_item_by_item_and_two_versions_stay_two() -> None:
    story = drafted()
    story.act(B, "take", item=named(10), text=text_digest("Said of 10."))
    seal(story, A)
    assert story.idle == ["meetings.item_open"], "an item that nobody answered is not agreed"
    story.act(B, "version", item=named(11), text="Said otherwise.")
    seal(story)
    now = story.now()
    assert now.status is Status.RECORD_AGREED
    assert now.record[named(10)].agreed == "Said of 10."
    assert now.record[named(11)].agreed is None
    assert now.record[named(11)].versions == {A: "Said of 11.", B: "Said otherwise."}


def test_a_record_that_one_side_amends_alone_is_not_what_the_other_agreed_to() -> None:
    story = drafted()
    for n in (10, 11):
        story.act(B, "take", item=named(n), text=text_digest(f"Said of {n}."))
    story.act(A, "version", item=named(10), text="Never said.")
    assert story.idle == ["meetings.item_agreed"]
    seal(story)
    story.act(B, "version", item=named(10), text="Never said.")
    assert story.idle[-1] == "deeds.not_now"
    story = drafted()
    story.act(B, "version", item=named(10), text="Said otherwise.")
    story.act(B, "take", item=named(11), text=text_digest("Said of 11."))
    before = story.now().record_digest()
    story.act(B, "seal", record=before)
    story.act(A, "version", item=named(10), text="Another.")
    story.act(A, "seal", record=before)
    assert story.idle == ["meetings.other_record"]
    assert story.now().asked == {}, "what was sealed before the change is set aside"


def test_a_text_that_changed_meanwhile_is_not_taken() -> None:
    story = drafted()
    story.act(A, "version", item=named(10), text="Said more.")
    story.act(B, "take", item=named(10), text=text_digest("Said of 10."))
    assert story.idle == ["meetings.other_text"]
    story.act(A, "take", item=named(11), text=text_digest("Said of 11."))
    assert story.idle[-1] == "meetings.other_text", "nobody takes the own text"


def test_a_stranger_hosts_nothing() -> None:
    story = Story(slot=slot(host="did:web:c.example"))
    story.confirm()
    assert story.idle == ["meetings.strangers"]


def test_a_second_meeting_of_the_same_id_changes_nothing() -> None:
    story = Story()
    opening = {name: value for name, value in story.deeds[0].data.items() if name != "meeting"}
    story.act(B, "propose", opening)
    assert (story.now().opener, story.idle) == (A, ["deeds.exists"])
    other = attrs.evolve(story.deeds[0], kind="meeting.open", data={"meeting": ID})
    with pytest.raises(RefusedError, match="no such meeting"):
        apply(None, other)


def test_agenda_and_outcomes_have_an_end() -> None:
    story = confirmed()
    for n in range(101):
        story.item(A, 1000 + n)
    assert (len(story.now().items), story.idle) == (100, ["meetings.full"])
    story = in_session()
    for n in range(301):
        story.outcome(A, 1000 + n)
    assert (len(story.now().results), story.idle) == (300, ["meetings.full"])


def test_the_number_of_a_meeting_in_its_series_counts_those_held_and_those_ahead() -> None:
    held = in_session().now()
    ahead = [
        attrs.evolve(held, id=named(n), status=Status.CONFIRMED, slot=one)
        for n, one in ((5, held.slot), (4, held.slot))
    ]
    open_one = attrs.evolve(held, id=named(6), status=Status.PROPOSED)
    every = [*ahead, open_one, held]
    numbers = numbers_in_series(every)
    assert [numbers.get(each.id) for each in every] == [3, 2, None, 1]
    other = attrs.evolve(held, id=named(7), opening=ahead_of_another_series())
    assert numbers_in_series([*every, other])[other.id] == 1
    assert numbers_in_series([attrs.evolve(held, opening=Story(series="").now().opening)]) == {}


def ahead_of_another_series() -> ProposeMeeting:
    return Story(series="Fishing dialogue").now().opening


def test_a_disputed_claim_is_on_every_agenda_and_what_is_owed_on_those_of_its_text() -> None:
    owed = promised.opened().now()
    ours = attrs.evolve(
        in_session().now(), opening=Story(instrument=owed.terms.instrument).now().opening
    )
    foreign = in_session().now()
    assert (pulled_in(ours, owed), pulled_in(foreign, owed)) == (True, False)
    disputed = attrs.evolve(owed, status=Owed.DISPUTED)
    assert (pulled_in(ours, disputed), pulled_in(foreign, disputed)) == (True, True)
    kept = attrs.evolve(owed, status=Owed.KEPT)
    assert not pulled_in(ours, kept)
    assert not pulled_in(attrs.evolve(foreign, status=Status.CLOSED), disputed)


@pytest.mark.parametrize("kind", ["meeting.shout", "body.propose"])
def test_an_act_of_no_known_kind_is_refused_before_it_is_stored(kind: str) -> None:
    deed = Deed(party=A, n=0, seen=0, lc=1, kind=kind, data={"meeting": ID})
    with pytest.raises(PeerError):
        admit(deed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "2027-02-01T12:00:00Z"},
        {"start": "2027-13-01T12:00:00Z"},
        {"mode": "by_ship"},
        {"place": "two\nlines"},
        {"more": 1},
    ],
)
def test_a_time_that_cannot_be_is_refused_before_it_is_stored(wrong: JsonObject) -> None:
    with pytest.raises(PeerError):
        Story(slot={**slot(), **wrong})


def test_acts_come_to_the_same_in_whatever_order_they_arrive() -> None:
    story = drafted()
    story.act(B, "take", item=named(10), text=text_digest("Said of 10."))
    story.act(B, "version", item=named(11), text="Said otherwise.")
    seal(story)
    state = CoordinationState()
    for deed in reversed(story.deeds):
        state = fold_deeds(state, [deed])
    assert state_json(state) == state_json(story.state)


@pytest.mark.parametrize("step", [name for name in STEPS if name != "propose"])
def test_every_step_is_refused_in_every_state_that_the_table_does_not_name(step: str) -> None:
    members: dict[str, JsonObject] = {
        "counter": {"replaces": "0" * 64, "slot": slot()},
        "confirm": {"proposal": "0" * 64},
        "add": {"item": named(70), "title": "One", "about": None},
        "agree": {"agenda": "0" * 64},
        "attend": {"people": []},
        "outcome": {"outcome": named(71), "item": named(10), "kind": "decision", "text": "So."},
        "draft": {"entries": []},
        "version": {"item": named(10), "text": "So."},
        "take": {"item": named(10), "text": "0" * 64},
        "seal": {"record": "0" * 64},
        "recall": {"of": "agree", "item": None},
        **{name: {"item": named(10)} for name in ("consent", "drop")},
        **{name: {"outcome": named(10)} for name in ("retract", "concur")},
        **{name: {"reason": "So."} for name in ("decline", "postpone", "cancel")},
    }
    for status in set(Status) - set(STEPS[step].sources):
        at = attrs.evolve(drafted().now(), status=status)
        deed = Deed(
            party=A,
            n=50,
            seen=50,
            lc=99,
            kind=f"meeting.{step}",
            data={"meeting": ID, **members.get(step, {})},
        )
        with pytest.raises(RefusedError) as caught:
            apply(at, deed)
        assert caught.value.code == "deeds.not_now"
