"""What a user loses if this breaks: consent that stands only for the text it was given to."""

import attrs
import pytest

from comity.agreements import events
from comity.agreements import moves as m
from comity.agreements.chains import fold_act
from comity.agreements.events import Act
from comity.agreements.fold import InstrumentView, UnitView, consolidated_text
from comity.agreements.model import DELETED, alternative_digest, print_text
from comity.agreements.negotiation import Status
from comity.foundation.canonical import Json, JsonObject
from support.parties import A, B
from support.talks import INSTRUMENT, Talks, content, framework, on


def unit(shown: InstrumentView, name: str = "u1") -> UnitView:
    return next(each for each in shown.units if each.id == name)


def opened(text: str = "old") -> Talks:
    talks = Talks()
    talks.propose(A, {"u1": text}, opening=True)
    return talks


def reasons(talks: Talks) -> list[tuple[str, str | None, str]]:
    return [(each.party, each.unit, each.reason) for each in talks.view().no_effects]


def test_a_new_unit_awaits_the_other_party() -> None:
    shown = unit(opened().view())
    assert (shown.status, shown.turn, shown.agreed) == (Status.NEW, (B,), None)


def test_acceptance_of_the_same_digest_agrees_a_unit() -> None:
    talks = opened()
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")))
    shown = talks.view()
    assert (unit(shown).status, unit(shown).turn) == (Status.AGREED, ())
    assert (shown.clean, shown.status) == (True, "clean")
    assert shown.text_digest is not None


def test_acceptance_ad_referendum_is_not_yet_agreement() -> None:
    talks = opened()
    digest = on("u1", "old")
    talks.table(B, m.AcceptAdRef(unit="u1", digest=digest))
    assert (unit(talks.view()).status, unit(talks.view()).turn) == (Status.AGREED_AD_REF, (B,))
    assert not talks.view().clean
    talks.table(B, m.Confirm(unit="u1", digest=digest))
    assert unit(talks.view()).status is Status.AGREED


def test_a_counter_proposal_opens_a_bracket_and_the_last_word_waits() -> None:
    talks = opened()
    talks.propose(B, {"u1": "new"})
    shown = unit(talks.view())
    assert (shown.status, shown.turn) == (Status.BRACKETED, (A,))
    assert {each.by for each in shown.alternatives} == {(A,), (B,)}
    talks.table(A, m.Accept(unit="u1", digest=on("u1", "new")))
    assert unit(talks.view()).status is Status.AGREED


def test_a_reserve_holds_a_unit_that_both_accept() -> None:
    talks = opened()
    talks.table(
        B,
        m.Accept(unit="u1", digest=on("u1", "old")),
        m.Reserve(unit="u1", reserve="parliamentary"),
    )
    shown = unit(talks.view())
    assert (shown.status, shown.turn, dict(shown.reserves)) == (
        Status.RESERVED,
        (B,),
        {B: "parliamentary"},
    )
    talks.table(B, m.Lift(unit="u1"))
    assert unit(talks.view()).status is Status.AGREED


def test_a_unit_is_parked_only_when_both_wish_it() -> None:
    talks = opened()
    talks.table(A, m.Park(unit="u1"))
    assert unit(talks.view()).status is Status.NEW
    talks.table(B, m.Park(unit="u1"))
    assert (unit(talks.view()).status, unit(talks.view()).parked) == (Status.PARKED, (A, B))
    talks.table(A, m.Unpark(unit="u1"))
    assert unit(talks.view()).status is Status.OPEN


def test_an_acceptance_that_crossed_a_change_has_no_effect_and_names_the_unit() -> None:
    talks = opened()
    seen = talks.sizes[A]
    talks.propose(A, {"u1": "changed"})
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")), seen=seen)
    assert unit(talks.view()).status is Status.OPEN
    assert reasons(talks) == [(B, "u1", "changed")]


def test_an_acceptance_that_crossed_a_withdrawal_has_no_effect() -> None:
    talks = opened()
    talks.propose(A, {"u2": "stays"})
    seen = talks.sizes[A]
    talks.table(A, m.Withdraw(unit="u1"))
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")), seen=seen)
    assert [each.id for each in talks.view().units] == ["u2"]
    assert reasons(talks) == [(B, "u1", "withdrawn")]


def test_an_acceptance_does_not_revive_when_the_old_words_come_back_unseen() -> None:
    talks = opened()
    seen = talks.sizes[A]
    talks.propose(A, {"u1": "changed"})
    talks.propose(A, {"u1": "old"})
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")), seen=seen)
    assert unit(talks.view()).agreed is None


def test_tabling_the_same_words_again_leaves_the_acceptance_standing() -> None:
    talks = opened()
    seen = talks.sizes[A]
    talks.propose(A, {"u1": "old"})
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")), seen=seen)
    assert unit(talks.view()).status is Status.AGREED


def test_reopening_drops_both_stances_and_is_counted() -> None:
    talks = opened()
    digest = on("u1", "old")
    talks.table(B, m.Accept(unit="u1", digest=digest))
    talks.table(B, m.Reopen(unit="u1", reason="the minister asks"))
    shown = unit(talks.view())
    assert (shown.status, shown.agreed, shown.reopened) == (Status.OPEN, None, 1)
    assert reasons(talks) == [(A, "u1", "reopened")]
    talks.table(B, m.Accept(unit="u1", digest=digest))
    assert unit(talks.view()).agreed is None
    talks.table(A, m.Accept(unit="u1", digest=digest))
    assert unit(talks.view()).status is Status.AGREED


def test_crossing_acceptances_agree_nothing() -> None:
    talks = opened("mine")
    talks.propose(B, {"u1": "yours"})
    seen = talks.sizes[A]
    talks.table(A, m.Accept(unit="u1", digest=on("u1", "yours")))
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "mine")), seen=seen)
    assert talks.view().units == ()
    assert sorted(reasons(talks)) == [(A, "u1", "changed"), (B, "u1", "changed")]


def test_both_may_return_to_words_that_nobody_owns_any_more() -> None:
    talks = opened("mine")
    mine = on("u1", "mine")
    talks.table(B, m.Accept(unit="u1", digest=mine))
    talks.table(A, m.Withdraw(unit="u1"))
    talks.table(A, m.Accept(unit="u1", digest=mine))
    assert unit_or_none(talks) is None
    talks.table(B, m.Accept(unit="u1", digest=mine))
    assert unit(talks.view()).status is Status.AGREED


def unit_or_none(talks: Talks) -> UnitView | None:
    return next(iter(talks.view().units), None)


def test_the_same_words_proposed_by_both_are_agreed() -> None:
    talks = opened()
    talks.propose(B, {"u1": "old"}, seen=0 + talks.sizes[A])
    assert unit(talks.view()).status is Status.AGREED


@pytest.mark.parametrize(
    "change",
    [
        {"text": "other"},
        {"heading": "Other"},
        {"label": "Article 9"},
        {"order": "z"},
        {"lang": "fr"},
        {"kind": "paragraph"},
        {"fields": {"term": {"value": {"period": "P5Y"}, "quote": "old"}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_an_accepted_alternative_drops_both_positions(
    change: dict[str, object],
) -> None:
    talks = opened()
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")))
    talks.propose(A, {"u1": attrs.evolve(content("old"), **change)})  # type: ignore[arg-type]  # real members
    assert unit(talks.view()).agreed is None
    assert reasons(talks) == [(B, "u1", "changed")]


def test_a_deletion_needs_acceptance_and_then_leaves_the_text() -> None:
    talks = opened()
    talks.propose(A, {"u2": "stays"})
    talks.table(
        B,
        m.Accept(unit="u1", digest=on("u1", "old")),
        m.Accept(unit="u2", digest=on("u2", "stays")),
    )
    talks.propose(A, {"u1": DELETED})
    shown = talks.view()
    assert unit(shown).status is Status.OPEN
    assert "(deleted)" in consolidated_text(shown)
    talks.table(B, m.Accept(unit="u1", digest=alternative_digest("u1", DELETED)))
    assert [each.id for each in talks.view().units] == ["u2"]
    assert talks.view().clean


def test_objection_and_explanation_are_shown_and_change_nothing() -> None:
    talks = opened()
    talks.table(
        B,
        m.Object(unit="u1", digest=on("u1", "old"), reason="too long"),
        m.Explain(unit="u1", text="our law differs"),
    )
    shown = unit(talks.view())
    assert (shown.status, shown.turn) == (Status.OPEN, (A,))
    assert shown.explanations == ((B, "our law differs"),)
    assert shown.objections == {B: on("u1", "old")}
    talks.table(A, m.Explain(unit="u1", text="ours too"))
    assert unit(talks.view()).turn == (A,)
    talks.propose(A, {"u1": "newer"})
    assert unit(talks.view()).objections == {}, "what was objected to is not there any more"


def test_the_consolidated_text_shows_brackets_and_who_is_awaited() -> None:
    talks = opened("We meet yearly.")
    talks.propose(B, {"u1": "We meet twice a year."})
    talks.propose(A, {"u2": "Costs are shared."})
    text = consolidated_text(talks.view())
    assert "[A: We meet yearly. | B: We meet twice a year.] (bracketed; awaiting A)\n" in text
    assert "[A: Costs are shared.] (new; awaiting B)\n" in text
    talks.table(
        B,
        m.AcceptAdRef(unit="u2", digest=on("u2", "Costs are shared.")),
        m.Reserve(unit="u2", reserve="legal"),
    )
    text = consolidated_text(talks.view(), names={A: "Alder", B: "Birch"})
    assert "Costs are shared. (reserved; Birch: legal reserve; awaiting Birch)\n" in text


def test_the_consolidated_text_of_a_clean_text_is_the_text() -> None:
    talks = Talks()
    units = framework()
    talks.propose(A, units, opening=True)
    talks.table(
        B,
        *(m.Accept(unit=u, digest=alternative_digest(u, each)) for u, each in units.items()),
    )
    assert consolidated_text(talks.view()) == print_text(units)


def test_a_view_of_earlier_heads_is_the_view_of_then() -> None:
    talks = opened()
    before, heads = talks.view(), dict(talks.sizes)
    talks.propose(B, {"u1": "new"})
    talks.table(B, m.Explain(unit="u1", text="why"))
    assert talks.view(heads=heads) == before
    assert talks.view(heads=heads) != talks.view()


def test_a_parked_unit_awaits_nobody() -> None:
    talks = opened()
    for party in (A, B):
        talks.table(party, m.Park(unit="u1"))
    assert consolidated_text(talks.view()).endswith("[A: old] (parked)\n")


def test_words_that_were_never_tabled_never_get_into_the_text() -> None:
    talks = opened()
    for party in (A, B):
        moves: list[Json] = [m.move_json(m.Accept(unit="u9", digest="ab" * 32))]
        data: JsonObject = {"instrument": INSTRUMENT, "moves": moves, "result": "ab" * 32}
        act = Act(party=party, n=9, seen=9, kind=events.TABLE, data=data)
        talks.state = fold_act(talks.state, act)
    assert [each.id for each in talks.view().units] == ["u1"]
    assert not talks.view().clean


def test_a_stance_falls_with_the_first_act_that_its_author_had_not_seen() -> None:
    talks = opened()
    talks.table(B, m.Reopen(unit="u1", reason="not yet"))
    assert reasons(talks) == [(A, "u1", "reopened")]


def test_whoever_reopens_must_speak_again_before_the_unit_is_agreed() -> None:
    talks = opened()
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")))
    talks.table(A, m.Reopen(unit="u1", reason="second thoughts"))
    talks.table(B, m.Accept(unit="u1", digest=on("u1", "old")))
    assert unit(talks.view()).agreed is None


def test_an_instrument_without_units_is_not_clean() -> None:
    talks = Talks()
    talks.propose(A, {}, opening=True)
    assert (talks.view().clean, talks.view().text_digest) == (False, None)
