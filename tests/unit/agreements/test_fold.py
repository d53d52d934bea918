"""What a user loses if this breaks: two nodes that hold different agreements from the same acts."""

from collections.abc import Callable

import attrs
import pytest

from comity.agreements import events
from comity.agreements import moves as m
from comity.agreements.fold import state_digest_at
from comity.agreements.model import alternative_digest
from comity.agreements.negotiation import Status
from comity.foundation.errors import ComityError
from support.parties import NOW, A, B
from support.talks import (
    INSTRUMENT,
    Talks,
    agreed_framework,
    assert_same_in_any_order,
    content,
    field,
    framework,
    in_force,
    on,
)

P = "urn:uuid:00000000-0000-4000-8000-000000000001"
D = "ab" * 32


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    return caught.value.code


def test_the_worked_example_from_tabling_to_force() -> None:
    base = framework()
    texts = {
        unit: content(f"{unit} says its thing.", order=order)
        for unit, order in zip(
            ("u6", "u7", "u8", "u9", "u10", "u11", "u12"), "6789abc", strict=True
        )
    }
    units = {**base, **texts}
    talks = Talks()
    talks.propose(A, units, opening=True)
    assert talks.view().status == "tabled"
    talks.do(B, events.TALK)
    plain = [u for u in units if u not in {"u1", "u4", "u5", "u11", "u12"}]
    term = attrs.evolve(
        base["u1"], text="It lasts five years.", fields={"term": field("five years", period="P5Y")}
    )
    others = attrs.evolve(
        base["u4"],
        text="Relations with others are subject to conditions.",
        fields={
            "third_parties": field(
                "subject to conditions", relations="conditioned", onward="refused"
            )
        },
    )
    talks.table(
        B,
        *(m.Accept(unit=u, digest=alternative_digest(u, units[u])) for u in plain),
        *(m.AcceptAdRef(unit=u, digest=alternative_digest(u, units[u])) for u in ("u11", "u12")),
        m.Propose(unit="u1", content=term),
        m.Propose(unit="u5", content=attrs.evolve(base["u5"], heading="Suspension")),
        m.Propose(unit="u4", content=others),
        m.Reserve(unit="u4", reserve="parliamentary"),
    )
    statuses = [each.status for each in talks.view().units]
    assert (statuses.count(Status.AGREED), statuses.count(Status.AGREED_AD_REF)) == (7, 2)
    assert statuses.count(Status.BRACKETED) == 3
    own = attrs.evolve(base["u4"], heading="Relations with others")
    talks.propose(A, {"u4": own})
    talks.table(B, m.Accept(unit="u4", digest=alternative_digest("u4", own)))
    package = m.Package(
        package=P,
        gives=(("u5", talks.view().units[4].alternatives[1].digest),),
        asks=(("u1", alternative_digest("u1", base["u1"])),),
    )
    talks.table(A, package)
    talks.table(B, m.AcceptPackage(package=P, digest=package.digest()))
    assert not talks.view().clean
    talks.table(
        B,
        *(m.Confirm(unit=u, digest=alternative_digest(u, units[u])) for u in ("u11", "u12")),
        m.Lift(unit="u4"),
    )
    assert (talks.view().status, len(talks.view().units)) == ("clean", 12)
    talks.initialled()
    first = talks.open_window(opens=NOW, closes=NOW.plus(60))
    talks.sign(A, first)
    for party in (A, B):
        talks.cosign(party, NOW.plus(61))
    assert (talks.view().status, talks.view().void_attempts) == ("initialled", 1)
    second = talks.open_window(opens=NOW.plus(62), closes=NOW.plus(120), party=B)
    for party in (B, A):
        talks.sign(party, second)
        talks.cosign(party, NOW.plus(70))
    shown = talks.view(at=NOW.plus(71))
    assert (shown.status, str(shown.ends_at)) == ("in_force", "2036-11-23T12:01:10Z")
    assert_same_in_any_order(talks)


def test_the_state_depends_on_both_logs_alone() -> None:
    assert_same_in_any_order(in_force())


def test_the_state_digest_of_earlier_heads_stays_what_it_was() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "old"}, opening=True)
    heads = dict(talks.sizes)
    before = talks.view().state_digest
    talks.propose(B, {"u1": "new"})
    package = m.Package(package=P, gives=(), asks=(("u1", on("u1", "new")),))
    talks.table(B, package)
    talks.table(A, m.AcceptPackage(package=P, digest=package.digest()))
    talks.table(B, m.WithdrawPackage(package=P))
    assert state_digest_at(talks.state, INSTRUMENT, heads) == before
    assert talks.view().state_digest != before
    assert talks.view(heads=heads).state_digest == before
    nothing = state_digest_at(talks.state, INSTRUMENT, {})
    assert nothing != before


def test_each_act_changes_the_state_digest() -> None:
    talks = in_force()
    suspension = talks.suspend(A)
    for party in (A, B):
        talks.resume(party, suspension)
    own = {A: [2], B: [2]}
    digests = []
    for act in talks.acts:
        own[act.party].append(act.n + 1)
        heads = {A: own[A][-1], B: own[B][-1]}
        digests.append(state_digest_at(talks.state, INSTRUMENT, heads))
    assert len(set(digests)) == len(digests)


def test_force_begins_so_many_days_after_the_last_signature() -> None:
    units = framework()
    units["u2"] = attrs.evolve(
        units["u2"],
        text="In force thirty days after the last signature.",
        fields={"entry": field("thirty days after", when="last_signature", days=30)},
    )
    talks = in_force(units)
    assert talks.view().status == "awaiting_entry"
    assert str(talks.view().in_force_at) == "2026-12-23T12:00:10Z"
    assert talks.view(at=NOW.plus(31 * 86_400)).status == "in_force"


def test_the_term_ends_by_the_calendar() -> None:
    talks = in_force()
    end = talks.view().ends_at
    assert end is not None
    assert talks.view(at=end.plus(-1)).status == "in_force"
    assert talks.view(at=end).status == "expired"
    talks.suspend(A)
    assert talks.view(at=end).status == "expired"
    assert talks.view(at=NOW).status == "signed"


def test_the_proposer_may_give_up_before_an_answer() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "old"}, opening=True)
    seen = talks.sizes[A]
    talks.do(A, events.ABANDON)
    assert talks.view().status == "abandoned"
    talks.do(B, events.TALK, seen=seen)
    assert talks.view().status == "abandoned"
    assert code_of(lambda: talks.propose(A, {"u1": "again"})) == "agreements.not_now"


def test_after_an_answer_both_must_give_up() -> None:
    talks = agreed_framework()
    talks.do(A, events.ABANDON)
    assert talks.view().status == "clean"
    talks.do(B, events.ABANDON)
    assert talks.view().status == "abandoned"


def test_one_who_tables_again_has_not_given_up() -> None:
    talks = agreed_framework()
    talks.do(A, events.ABANDON)
    talks.propose(A, {"u1": "again"})
    talks.do(B, events.ABANDON)
    assert talks.view().status == "negotiating"
