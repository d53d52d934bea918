"""What a user loses if this breaks: acts that nobody should have been able to store."""

from collections.abc import Callable

import attrs
import pytest

from comity.agreements import events
from comity.agreements import moves as m
from comity.agreements.chains import fold_act
from comity.agreements.events import Act
from comity.agreements.fold import result_of, state_digest_at, view
from comity.agreements.model import DELETED
from comity.foundation.canonical import Json
from comity.foundation.errors import ComityError, MisuseError, PeerError
from support.parties import NOW, A, B
from support.talks import (
    INSTRUMENT,
    OPEN,
    Talks,
    agreed_framework,
    assert_same_in_any_order,
    content,
    on,
)

P = "urn:uuid:00000000-0000-4000-8000-000000000001"
D = "ab" * 32


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    return caught.value.code


def test_a_tabling_that_states_another_result_is_refused() -> None:
    talks = Talks()
    talks.propose(A, {"u1": "old"}, opening=True)
    act = talks.act(B, events.TABLE, {"moves": [m.move_json(m.Park(unit="u1"))]})
    lying = attrs.evolve(act, data={**act.data, "result": D})
    assert code_of(lambda: talks.take(lying)) == "agreements.different_text"
    talks.take(act)
    assert act.data["result"] == talks.view().state_digest


def tabled() -> Talks:
    talks = Talks()
    talks.propose(A, {"u1": "old", "u2": "more"}, opening=True)
    talks.table(B, m.Accept(unit="u2", digest=on("u2", "more")))
    return talks


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (m.Accept(unit="u9", digest=D), "agreements.unknown_unit"),
        (m.Explain(unit="u9", text="?"), "agreements.unknown_unit"),
        (m.Propose(unit="u9", content=DELETED), "agreements.unknown_unit"),
        (m.Accept(unit="u1", digest=D), "agreements.digest_changed"),
        (m.AcceptAdRef(unit="u1", digest=D), "agreements.digest_changed"),
        (m.Object(unit="u1", digest=D), "agreements.digest_changed"),
        (m.Object(unit="u2", digest=on("u2", "more")), "agreements.objects_to_accepted"),
        (m.Confirm(unit="u2", digest=on("u2", "more")), "agreements.nothing_to_confirm"),
        (m.Lift(unit="u1"), "agreements.nothing_to_lift"),
        (m.Withdraw(unit="u1"), "agreements.nothing_to_withdraw"),
        (m.Unpark(unit="u1"), "agreements.not_parked"),
    ],
    ids=lambda value: value if isinstance(value, str) else m.move_name(value),
)
def test_a_move_that_means_nothing_is_refused(move: m.Move, code: str) -> None:
    talks = tabled()
    act = Act(
        party=B,
        n=talks.sizes[B],
        seen=talks.sizes[A],
        kind=events.TABLE,
        data={"instrument": INSTRUMENT, "moves": [m.move_json(move)], "result": D},
    )
    assert code_of(lambda: talks.admit(act)) == code


def test_the_message_of_a_changed_unit_names_it() -> None:
    talks = Talks()
    talks.propose(A, {"u1": content("old", label="Article 7")}, opening=True)
    with pytest.raises(ComityError, match="Article 7 has changed"):
        talks.table(B, m.Accept(unit="u1", digest=D))


def test_moves_of_one_tabling_build_on_each_other() -> None:
    talks = tabled()
    talks.table(
        B,
        m.Propose(unit="u1", content=content("ours")),
        m.Park(unit="u1"),
        m.Unpark(unit="u1"),
        m.Withdraw(unit="u1"),
        m.AcceptAdRef(unit="u1", digest=on("u1", "old")),
        m.Confirm(unit="u1", digest=on("u1", "old")),
    )
    assert talks.view().clean


def test_a_confirmation_of_nothing_would_be_without_effect_in_the_fold() -> None:
    talks = tabled()
    data: dict[str, Json] = {
        "instrument": INSTRUMENT,
        "moves": [m.move_json(m.Confirm(unit="u1", digest=D))],
        "result": D,
    }
    act = Act(party=B, n=9, seen=9, kind=events.TABLE, data=data)
    talks.state = fold_act(talks.state, act)
    assert [(each.unit, each.reason) for each in talks.view().no_effects] == [("u1", "not_ad_ref")]


GOOD_OPEN: dict[str, Json] = dict(OPEN)


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        ({**GOOD_OPEN, "register": "poetic"}, "agreements.register"),
        ({**GOOD_OPEN, "parties": [A]}, "agreements.parties"),
        ({**GOOD_OPEN, "parties": "AB"}, "agreements.parties"),
        ({**GOOD_OPEN, "parties": [A, A]}, "agreements.parties_differ"),
        ({**GOOD_OPEN, "parties": [A, 3]}, "agreements.parties_differ"),
        ({**GOOD_OPEN, "parties": [B, "did:web:c.example"]}, "agreements.not_a_party"),
        ({**GOOD_OPEN, "title": "two\nlines"}, "documents.text"),
        ([], "agreements.object"),
    ],
)
def test_an_opening_that_is_not_one_is_refused(opening: Json, code: str) -> None:
    act = Act(
        party=A,
        n=2,
        seen=2,
        kind=events.TABLE,
        data={"instrument": INSTRUMENT, "moves": [], "result": D, "open": opening},
    )
    assert code_of(lambda: Talks().admit(act)) == code


def test_an_instrument_is_opened_once_and_by_tabling() -> None:
    talks = Talks()
    assert code_of(lambda: talks.do(A, events.TALK)) == "agreements.not_known"
    talks.propose(A, {"u1": "old"}, opening=True)
    assert code_of(lambda: talks.propose(B, {"u1": "x"}, opening=True)) == (
        "agreements.already_open"
    )
    assert code_of(lambda: talks.do(A, events.TALK)) == "agreements.own_talk"
    assert code_of(lambda: talks.table(A)) == "agreements.no_moves"


def test_two_that_open_one_identifier_unseen_take_the_same_opening() -> None:
    talks = Talks()
    talks.propose(B, {"u1": "theirs"}, opening=True)
    other: dict[str, Json] = {**OPEN, "title": "Our own title"}
    talks.do(A, events.TABLE, {"moves": [], "open": other}, seen=2)
    assert talks.view().opening.title == "Our own title"
    assert talks.view().status == "negotiating"
    assert_same_in_any_order(talks)
    assert talks.view(heads={A: 2, B: 3}).status == "tabled"


def test_a_stranger_cannot_act_on_an_instrument() -> None:
    talks = agreed_framework()
    act = attrs.evolve(talks.act(A, events.TALK, {}), party="did:web:c.example", seen=9)
    assert code_of(lambda: talks.admit(act)) == "agreements.no_party"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act(party=A, n=3, seen=3, kind="agreement.assume", data={}), "agreements.kind"),
        (Act(party=A, n=3, seen=3, kind=events.TALK, data={}), "agreements.members"),
        (
            Act(party=A, n=3, seen=3, kind=events.TALK, data={"instrument": INSTRUMENT, "x": 1}),
            "agreements.members",
        ),
        (Act(party=A, n=3, seen=3, kind=events.TALK, data={"instrument": "i"}), "moves.value"),
        (
            Act(
                party=A,
                n=3,
                seen=3,
                kind=events.TALK,
                data={"instrument": INSTRUMENT},
                documents={"document": b"{}"},
            ),
            "agreements.sections",
        ),
        (
            Act(
                party=A,
                n=3,
                seen=3,
                kind=events.OPEN,
                data={"instrument": INSTRUMENT, "manifest": D},
                documents={"document": b" " * ((1 << 20) + 1)},
            ),
            "agreements.section_size",
        ),
    ],
)
def test_an_act_of_another_form_is_refused(act: Act, code: str) -> None:
    assert code_of(lambda: Talks().admit(act)) == code


def test_what_was_never_tabled_has_no_view() -> None:
    talks = agreed_framework()
    missing = P
    assert code_of(lambda: view(talks.state, missing, marks={}, at=NOW)) == (
        "agreements.unknown_instrument"
    )
    assert code_of(lambda: talks.view(heads={A: 2, B: 2})) == "agreements.not_tabled"
    with pytest.raises(PeerError):
        fold_act(talks.state, attrs.evolve(talks.acts[0], kind="x.y"))
    with pytest.raises(MisuseError):
        state_digest_at(talks.state, missing, {})
    unopened = Act(party=A, n=2, seen=2, kind=events.TABLE, data={"instrument": P, "moves": []})
    with pytest.raises(PeerError):
        result_of(talks.state, unopened)
    with pytest.raises(PeerError):
        fold_act(talks.state, attrs.evolve(unopened, data={**unopened.data, "open": 3}))
