"""Each tabling makes a state that both sides number alike, and old states stay readable."""

from collections import Counter
from typing import Final

from comity.agreements import rounds
from comity.agreements.chains import Chains, opening_of
from comity.agreements.model import DELETED
from comity.agreements.moves import (
    Accept,
    AcceptAdRef,
    AcceptPackage,
    Explain,
    Package,
    Park,
    Propose,
    Reserve,
    Withdraw,
)
from comity.agreements.negotiation import Status
from comity.agreements.texts import Text, text_at
from support.parties import A, B
from support.talks import INSTRUMENT, Talks, content, on, other

NAMES: Final = ("u1", "u2", "u3")


def opened() -> Talks:
    talks = Talks()
    talks.table(A, *(Propose(unit=unit, content=content(unit)) for unit in NAMES), opening=True)
    return talks


def chains_of(talks: Talks) -> Chains:
    return talks.state.instruments[INSTRUMENT]


def counts(talks: Talks) -> list[dict[str, int]]:
    chains = chains_of(talks)
    opening = opening_of(chains, None)
    assert opening is not None
    made = rounds.progress(chains, opening[1])
    for state, counted in made:  # as if each state were read by itself
        text = text_at(INSTRUMENT, chains, opening[1], heads=state.heads)
        standing = [
            each.status
            for unit, each in text.joints.items()
            if each.status is not Status.AGREED or unit in text.agreed
        ]
        groups = {one: name for name, statuses in rounds.GROUPS.items() for one in statuses}
        assert counted == Counter(groups[one] for one in standing)
    return [dict(counted) for _, counted in made]


def text(talks: Talks) -> Text:
    chains = chains_of(talks)
    opening = opening_of(chains, None)
    assert opening is not None
    return text_at(INSTRUMENT, chains, opening[1], heads=None)


def test_the_progress_by_round_counts_each_unit_once_where_it_stood_then() -> None:
    talks = opened()
    talks.table(
        B,
        Accept(unit="u1", digest=on("u1", "u1")),
        Propose(unit="u2", content=content("other")),
        Reserve(unit="u1", reserve="capital"),
        Park(unit="u3"),
    )
    talks.table(A, Park(unit="u3"), AcceptAdRef(unit="u2", digest=on("u2", "other")))
    assert counts(talks) == [
        {"open": 3},
        {"reserved": 1, "bracketed": 1, "open": 1},
        {"reserved": 1, "ad_ref": 1, "parked": 1},
    ]


def test_a_unit_agreed_to_be_deleted_is_counted_no_more() -> None:
    talks = opened()
    talks.table(B, Propose(unit="u1", content=DELETED))
    talks.table(A, Propose(unit="u1", content=DELETED))
    assert counts(talks)[-1] == {"open": 2}


def test_tablings_that_crossed_are_numbered_alike_on_both_nodes() -> None:
    def numbered(first: str) -> list[tuple[int, str, dict[str, int]]]:
        talks = opened()
        seen = dict(talks.sizes)
        for party in (first, other(first)):
            move = Propose(unit="u1", content=content(f"as {party} says"))
            talks.table(party, move, seen=seen[other(party)])
        states = rounds.text_states(chains_of(talks))
        assert states[-1].heads == talks.sizes
        return [(each.number, each.place.party, dict(each.heads)) for each in states]

    assert numbered(A) == numbered(B)
    assert [number for number, _, _ in numbered(A)] == [1, 2, 3]


def test_a_state_before_the_counterpart_has_said_anything_is_a_state() -> None:
    (state,) = rounds.text_states(chains_of(opened()))
    assert state.place.party == A


def test_the_text_of_one_side_is_its_own_wording_where_nothing_is_agreed() -> None:
    talks = opened()
    talks.table(
        B,
        Accept(unit="u1", digest=on("u1", "u1")),
        Propose(unit="u2", content=content("theirs")),
        Propose(unit="u4", content=content("new")),
    )
    said = {
        party: {unit: each.text for unit, each in rounds.text_of(text(talks), party=party).items()}
        for party in (A, B)
    }
    assert said == {
        A: {"u1": "u1", "u2": "u2", "u3": "u3", "u4": "new"},
        B: {"u1": "u1", "u2": "theirs", "u3": "u3", "u4": "new"},
    }


def test_what_a_side_accepted_ad_referendum_stands_as_its_wording() -> None:
    talks = opened()
    talks.table(B, Propose(unit="u1", content=content("theirs")))
    talks.table(
        A, AcceptAdRef(unit="u1", digest=on("u1", "theirs")), Reserve(unit="u1", reserve="legal")
    )
    talks.table(B, Propose(unit="u1", content=content("again")))
    assert rounds.text_of(text(talks), party=A)["u1"].text == "again"


def test_units_settled_by_a_package_count_as_agreed_from_its_acceptance() -> None:
    talks = opened()
    talks.table(B, Propose(unit="u1", content=content("theirs")), Withdraw(unit="u1"))
    talks.table(B, Propose(unit="u2", content=content("theirs")))
    offer = Package(
        package="urn:uuid:00000000-0000-4000-8000-000000000001",
        gives=(("u2", on("u2", "theirs")),),
        asks=(("u1", on("u1", "u1")),),
    )
    talks.table(A, offer, Explain(unit="u1", text="together"))
    talks.table(B, AcceptPackage(package=offer.package, digest=offer.digest()))
    assert counts(talks)[-1] == {"agreed": 2, "open": 1}


def test_a_unit_that_both_withdraw_is_no_part_of_the_text() -> None:
    talks = opened()
    talks.table(A, Withdraw(unit="u1"))
    assert counts(talks)[-1] == {"open": 2}
