"""What a user loses if this breaks: two ministries read different numbers to each other."""

import pytest

from comity.foundation.attested import Mark, Marks
from comity.foundation.instants import Instant
from comity.relationship.model import Entry, Log, Ref, as_of, common_cut, first_marks, look
from comity.relationship.order import causal
from support.parties import NOW, A, B
from support.relations import shared
from support.talks import Talks, agreed_framework


@pytest.mark.parametrize(
    ("sizes", "seen", "cut"),
    [
        ((3, 2), {A: [0, 1, 2], B: [0, 3]}, (3, 2)),
        ((3, 2), {A: [0, 1, 2], B: [0, 4]}, (2, 1)),  # B saw what A does not know is cosigned
        ((3, 3), {A: [0, 1, 3], B: [0, 1, 5]}, (2, 2)),  # and then what rests on it falls too
        ((1, 1), {A: [9], B: [9]}, (0, 0)),
        ((0, 0), {A: [], B: []}, (0, 0)),
    ],
)
def test_the_cut_holds_nothing_that_rests_on_what_is_outside(
    sizes: tuple[int, int], seen: dict[str, list[int]], cut: tuple[int, int]
) -> None:
    found = common_cut({A: sizes[0], B: sizes[1]}, seen=lambda party, n: seen[party][n])
    assert (found[A], found[B]) == cut


def test_a_renewed_cosignature_that_one_node_alone_has_changes_nothing() -> None:
    both = [Mark(2, NOW), Mark(5, NOW.plus(20))]
    alone = [*both, Mark(2, NOW.plus(10)), Mark(5, NOW.plus(30)), Mark(9, NOW.plus(40))]
    assert first_marks(both, size=5) == first_marks(alone, size=5) == Marks(tuple(both))
    assert first_marks(alone, size=4) == Marks(tuple(both)), "the first that covers it counts"
    assert first_marks([], size=0) == Marks()


def test_the_instant_is_of_the_record_or_begins_the_day_so_that_two_clocks_agree() -> None:
    def log(size: int, *marks: Mark) -> Log:
        return Log(size=size, root="", marks=Marks(marks))

    today = Instant.parse("2026-11-23T00:00:00Z")
    assert as_of([log(0), log(0)], now=NOW) == today
    assert as_of(
        [log(3, Mark(3, NOW)), log(2, Mark(2, NOW.plus(5)))], now=NOW.plus(90)
    ) == NOW.plus(5)
    assert as_of([log(3, Mark(3, NOW)), log(4)], now=NOW.plus(86_400)) == today.plus(86_400)


def test_an_effect_never_stands_before_its_cause() -> None:
    entries = [
        Entry(party=A, n=1, seen=2, kind="answer", of=None),
        Entry(party=A, n=0, seen=0, kind="first", of=None),
        Entry(party=B, n=1, seen=1, kind="reply", of=None),
        Entry(party=B, n=0, seen=0, kind="other", of=None),
    ]
    for when in (lambda _: NOW, lambda ref: NOW.plus(-ref.n), lambda _: None):
        order = [each.kind for each in causal(entries, when=when)]
        assert order == ["first", "other", "reply", "answer"]
    assert [each.kind for each in causal(entries, when=lambda ref: NOW.plus(ref.party == A))] == [
        "other",
        "first",
        "reply",
        "answer",
    ]
    assert causal([], when=lambda _: None) == ()


def test_every_tabled_instrument_is_looked_at_once() -> None:
    made = shared(agreed_framework())
    assert [str(each.status) for each in look(made).views.values()] == ["clean"]
    assert look(shared(Talks())).views == {}
    assert made.other(A) == B
    assert made.other(B) == A
    assert made.when(Ref(party=A, n=0)) == NOW.plus(10)


def test_what_came_to_an_instrument_before_its_opening_is_not_looked_at() -> None:
    talks = agreed_framework()
    (name, chains), *_ = talks.state.instruments.items()
    talks.state = type(talks.state)(instruments={name: {B: chains[B]}})
    assert look(shared(talks)).views == {}
