"""Which rule decides, what it can do, and why a process waits where none does (spec 9.5, 9.6)."""

from itertools import product

import attrs
import pytest

from comity.foundation.errors import MisuseError
from comity.sharing.connectors.model import Exchange
from comity.sharing.connectors.playbook import (
    DELIVERED,
    RULES_MAX,
    Do,
    Occurrence,
    Rule,
    When,
    after_ms,
    check_rules,
    choose,
    possible,
)
from comity.sharing.connectors.waits import Whose, wait_of
from comity.sharing.lifecycle import NEGOTIATION_SENDS, TRANSFER_SENDS
from comity.sharing.model import Family, Role, State
from support.connectors import C, acted, exchange
from support.sharing import AT


def rule(do: Do = Do.OFFER, **changes: object) -> Rule:
    made = Rule(
        role=Role.PROVIDER,
        process=Family.NEGOTIATION,
        on="REQUESTED",
        do=do,
        reason="We always answer with our formal offer.",
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # members by name


ONE = exchange(Family.NEGOTIATION, Role.PROVIDER, State.REQUESTED)
TWICE = attrs.evolve(ONE, reached={"REQUESTED": 2})


@pytest.mark.parametrize(
    ("told", "one", "on", "chosen"),
    [
        ({}, ONE, "REQUESTED", 1),
        ({}, ONE, "OFFERED", None),
        ({"role": Role.CONSUMER}, ONE, "REQUESTED", None),
        ({"process": Family.TRANSFER}, ONE, "REQUESTED", None),
        ({"occurrence": Occurrence.FIRST}, ONE, "REQUESTED", 1),
        ({"occurrence": Occurrence.FIRST}, TWICE, "REQUESTED", None),
        ({"occurrence": Occurrence.LATER}, ONE, "REQUESTED", None),
        ({"occurrence": Occurrence.LATER}, TWICE, "REQUESTED", 1),
        ({"occurrence": Occurrence.ANY}, TWICE, "REQUESTED", 1),
        ({"when": When(dataset=("chart-1", "chart-2"))}, ONE, "REQUESTED", 1),
        ({"when": When(dataset=("chart-2",))}, ONE, "REQUESTED", None),
        ({"when": When(agreement=("contract-1",))}, ONE, "REQUESTED", None),
        ({"when": When(counterpart=(C,))}, ONE, "REQUESTED", 1),
        ({"when": When(counterpart=("else",))}, ONE, "REQUESTED", None),
    ],
)
def test_a_rule_decides_where_all_it_says_holds(
    told: dict[str, object], one: Exchange, on: str, chosen: int | None
) -> None:
    found = choose([rule(**told)], one, on=on)  # type: ignore[arg-type]  # members by name
    assert (None if found is None else found.number) == chosen


def test_a_rule_may_be_limited_to_contracts() -> None:
    one = exchange(Family.TRANSFER, Role.PROVIDER, State.REQUESTED)
    told = rule(Do.START, process=Family.TRANSFER, when=When(agreement=("contract-1",)))
    assert choose([told], one, on="REQUESTED") is not None
    assert choose([told], attrs.evolve(one, contract="contract-2"), on="REQUESTED") is None


def test_the_first_rule_that_fits_decides_and_holding_is_a_decision() -> None:
    rules = [rule(Do.AGREE, on="ACCEPTED"), rule(Do.AGREE), rule(Do.OFFER)]
    chosen = choose(rules, ONE, on="REQUESTED")
    assert chosen is not None
    assert (chosen.number, chosen.rule.do) == (2, Do.AGREE)
    assert choose([rule(Do.HOLD), *rules], ONE, on="REQUESTED") is None
    assert choose([], ONE, on="REQUESTED") is None


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("0ms", 0),
        ("300ms", 300),
        ("5s", 5_000),
        ("15m", 900_000),
        ("2h", 7_200_000),
        ("366d", 31_622_400_000),
        *(
            (odd, None)
            for odd in ("", "5", "5 s", "-1s", "01s", "1.5s", "367d", "9999999999s", "٣s")
        ),
    ],
)
def test_a_delay_is_a_number_and_a_unit_of_a_year_at_most(
    text: str, milliseconds: int | None
) -> None:
    if milliseconds is not None:
        assert after_ms(text) == milliseconds
        assert rule(after=text).after_ms == milliseconds
        return
    with pytest.raises(MisuseError) as refused:
        after_ms(text)
    assert refused.value.code == "playbook.after"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (rule(), None),
        (rule(Do.HOLD), None),
        (rule(Do.COMPLETE, process=Family.TRANSFER, on=DELIVERED), None),
        (rule(Do.START, process=Family.TRANSFER, on="STARTED"), None),
        (rule(Do.FETCH, role=Role.CONSUMER, process=Family.TRANSFER, on="STARTED"), None),
        (rule(on="FINALIZED"), "playbook.on"),
        (rule(on="requested"), "playbook.on"),
        (rule(on=DELIVERED), "playbook.on"),
        (rule(reason="  "), "playbook.reason"),
        (rule(after="soon"), "playbook.after"),
        (rule(Do.ACCEPT), "playbook.do"),
        (rule(Do.FETCH, process=Family.TRANSFER, on="STARTED"), "playbook.do"),
        (rule(Do.ACCEPT, on="AGREED"), "playbook.do"),
        (rule(Do.TERMINATE, role=Role.CONSUMER, on="ACCEPTED"), "playbook.do"),
    ],
)
def test_a_rule_that_could_never_act_is_refused_when_it_is_written(
    told: Rule, code: str | None
) -> None:
    if code is None:
        check_rules([told])
        return
    with pytest.raises(MisuseError, match=r"Rule 2|delay") as refused:
        check_rules([rule(), told])
    assert refused.value.code == code


def test_a_playbook_has_an_end() -> None:
    check_rules([rule()] * RULES_MAX)
    with pytest.raises(MisuseError) as refused:
        check_rules([rule()] * (RULES_MAX + 1))
    assert refused.value.code == "playbook.rules"


TABLES = {Family.NEGOTIATION: NEGOTIATION_SENDS, Family.TRANSFER: TRANSFER_SENDS}
EVERY = [
    (family, state, role)
    for family, table in TABLES.items()
    for state, role in product(sorted({one for one, _, _ in table if one is not None}), Role)
]


@pytest.mark.parametrize(("family", "state", "role"), EVERY)
def test_what_an_official_is_offered_can_be_done_and_nothing_is_left_out(
    family: Family, state: State, role: Role
) -> None:
    one = exchange(family, role, state)
    can = wait_of(one).can
    for do in possible(family, role, state.value):
        if do in can:
            acted(one, do)
        else:
            assert do is Do.START, "only a second start is left out"
    assert wait_of(attrs.evolve(one, peer_pid=None, reached={})).can == ()


#: Whose turn it is, for a provider and a consumer.
TURNS = {
    (Family.NEGOTIATION, State.REQUESTED): (Whose.US, Whose.COUNTERPART),
    (Family.NEGOTIATION, State.OFFERED): (Whose.COUNTERPART, Whose.US),
    (Family.NEGOTIATION, State.ACCEPTED): (Whose.US, Whose.COUNTERPART),
    (Family.NEGOTIATION, State.AGREED): (Whose.COUNTERPART, Whose.US),
    (Family.NEGOTIATION, State.VERIFIED): (Whose.US, Whose.COUNTERPART),
    (Family.TRANSFER, State.REQUESTED): (Whose.US, Whose.COUNTERPART),
    (Family.TRANSFER, State.STARTED): (Whose.COUNTERPART, Whose.US),
    (Family.TRANSFER, State.SUSPENDED): (Whose.COUNTERPART, Whose.COUNTERPART),
}


@pytest.mark.parametrize(("family", "state", "role"), EVERY)
def test_it_is_never_both_sides_turn(family: Family, state: State, role: Role) -> None:
    wait = wait_of(exchange(family, role, state))
    whose = TURNS[family, state][0 if role is Role.PROVIDER else 1]
    assert wait.whose is whose
    assert wait.why == ("our_turn" if whose is Whose.US else "their_turn")
    assert wait.since == AT


@pytest.mark.parametrize(
    ("one", "whose", "why", "can"),
    [
        (exchange(Family.NEGOTIATION, Role.PROVIDER, State.TERMINATED), Whose.NOBODY, "ended", ()),
        (attrs.evolve(ONE, pending=State.OFFERED), Whose.DELIVERY, "sending", (Do.TERMINATE,)),
        (attrs.evolve(ONE, withheld=True), Whose.DELIVERY, "sending", (Do.TERMINATE,)),
        (attrs.evolve(ONE, pending=State.TERMINATED), Whose.DELIVERY, "sending", ()),
        (attrs.evolve(ONE, peer_pid=None), Whose.DELIVERY, "sending", ()),
        (
            attrs.evolve(ONE, odd="Other terms."),
            Whose.US,
            "odd",
            (Do.OFFER, Do.AGREE, Do.TERMINATE),
        ),
        (
            exchange(Family.TRANSFER, Role.PROVIDER, State.STARTED, resumed=True),
            Whose.US,
            "our_turn",
            (Do.START, Do.SUSPEND, Do.COMPLETE, Do.TERMINATE),
        ),
        (
            exchange(Family.TRANSFER, Role.CONSUMER, State.STARTED, resumed=True),
            Whose.COUNTERPART,
            "their_turn",
            (Do.FETCH, Do.SUSPEND, Do.COMPLETE, Do.TERMINATE),
        ),
        (
            exchange(Family.TRANSFER, Role.CONSUMER, State.STARTED, delivered=True),
            Whose.US,
            "received",
            (Do.SUSPEND, Do.COMPLETE, Do.TERMINATE),
        ),
    ],
)
def test_why_a_process_waits_is_always_told(
    one: Exchange, whose: Whose, why: str, can: tuple[Do, ...]
) -> None:
    wait = wait_of(one)
    assert (wait.whose, wait.why, wait.can) == (whose, why, can)
