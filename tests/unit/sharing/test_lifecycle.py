"""Every pair of state and step, allowed or not, on both sides (dataspace-protocol 4 and 5)."""

from itertools import product

import pytest

from comity.foundation.errors import MisuseError, PeerError
from comity.sharing.lifecycle import (
    NEGOTIATION_SENDS,
    NEGOTIATION_TAKES,
    TRANSFER_RESUMED,
    TRANSFER_SENDS,
    Step,
    after_receiving,
    after_resuming,
    after_sending,
)
from comity.sharing.model import Family, Role, State

SENDS = {Family.NEGOTIATION: NEGOTIATION_SENDS, Family.TRANSFER: TRANSFER_SENDS}
TAKES = {Family.NEGOTIATION: NEGOTIATION_TAKES, Family.TRANSFER: TRANSFER_SENDS}
EVERY = list(product(Family, [None, *State], Role, Step))
ENDS = {State.FINALIZED, State.COMPLETED, State.TERMINATED}


@pytest.mark.parametrize(("family", "state", "sender", "step"), EVERY)
def test_only_the_tables_move_a_process(
    family: Family, state: State | None, sender: Role, step: Step
) -> None:
    key = (state, sender, step)
    if key in SENDS[family]:
        assert after_sending(family, state, sender=sender, step=step) is SENDS[family][key]
    else:
        with pytest.raises(MisuseError) as slip:
            after_sending(family, state, sender=sender, step=step)
        assert slip.value.code == "sharing.not_sendable"
    if key in TAKES[family]:
        assert after_receiving(family, state, sender=sender, step=step) is TAKES[family][key]
    else:
        with pytest.raises(PeerError) as broken:
            after_receiving(family, state, sender=sender, step=step)
        assert broken.value.code == "dsp.out_of_order"


def test_nothing_follows_an_end() -> None:
    for table in (NEGOTIATION_TAKES, TRANSFER_SENDS, TRANSFER_RESUMED):
        assert not {key for key in table if key[0] in ENDS}


def test_either_side_may_end_whatever_has_not_ended() -> None:
    for family, table in TAKES.items():
        live = {state for state, _, _ in table if state is not None}
        for state, sender in product(live, Role):
            assert table[state, sender, Step.TERMINATE] is State.TERMINATED, (family, state)


#: What a provider answers to a consumer's message, and a consumer to a provider's (section 4);
#: the letters are the columns of the two tables there, in their order.
PROVIDER_TAKES = {
    State.REQUESTED: "t",
    State.OFFERED: "rat",
    State.ACCEPTED: "t",
    State.AGREED: "vt",
    State.VERIFIED: "t",
    State.FINALIZED: "",
    State.TERMINATED: "",
}
CONSUMER_TAKES = {
    State.REQUESTED: "ogt",
    State.OFFERED: "t",
    State.ACCEPTED: "gt",
    State.AGREED: "t",
    State.VERIFIED: "ft",
    State.FINALIZED: "",
    State.TERMINATED: "",
}
LETTERS = {
    "r": Step.REQUEST,
    "a": Step.ACCEPT,
    "v": Step.VERIFY,
    "o": Step.OFFER,
    "g": Step.AGREE,
    "f": Step.FINALIZE,
    "t": Step.TERMINATE,
}


@pytest.mark.parametrize(
    ("sender", "answers"), [(Role.CONSUMER, PROVIDER_TAKES), (Role.PROVIDER, CONSUMER_TAKES)]
)
def test_the_table_says_what_the_protocols_two_answer_tables_say(
    sender: Role, answers: dict[State, str]
) -> None:
    for state, letters in answers.items():
        taken = {step for known, who, step in NEGOTIATION_TAKES if (known, who) == (state, sender)}
        assert taken == {LETTERS[letter] for letter in letters}, state


def test_a_provider_hands_over_a_fresh_token_right_after_a_consumer_resumed() -> None:
    assert after_resuming(State.STARTED, sender=Role.PROVIDER, step=Step.START) is State.STARTED
    assert after_resuming(State.STARTED, sender=Role.CONSUMER, step=Step.COMPLETE) is (
        State.COMPLETED
    )
    with pytest.raises(PeerError):
        after_receiving(Family.TRANSFER, State.STARTED, sender=Role.PROVIDER, step=Step.START)
    with pytest.raises(PeerError, match="expected: "):
        after_resuming(State.STARTED, sender=Role.CONSUMER, step=Step.START)
