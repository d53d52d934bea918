"""What holds for every Dataspace Protocol message and policy, not only for the examples."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.policies import Area, Policy
from comity.foundation.canonical import Json
from comity.foundation.errors import ComityError
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp import odrl
from comity.protocols.dsp.catalogue import Catalog
from comity.protocols.dsp.policies import Constraint, Logical, Offer, Rule, Rules, normal_form
from comity.protocols.dsp.reading import Readable, parse_as, to_bytes
from comity.sharing.model import Terms
from support import dsp as samples
from support.sharing import POLICY


@given(samples.messages)
def test_what_is_printed_is_what_is_read(message: Readable) -> None:
    data = to_bytes(message)
    assert parse_as(data, type(message), bytes_max=1 << 24) == message
    assert to_bytes(parse_as(data, type(message), bytes_max=1 << 24)) == data


@given(samples.messages, st.data())
def test_a_broken_message_gives_a_coded_error_and_nothing_else(
    message: Readable, data: st.DataObject
) -> None:
    told = json.loads(to_bytes(message))
    name = data.draw(st.sampled_from(sorted(told)))
    told[name] = data.draw(
        st.one_of(st.none(), st.integers(), st.booleans(), st.just([]), st.just({}), st.just([[]]))
    )
    body = json.dumps(told).encode()
    try:
        parse_as(body, type(message), bytes_max=1 << 24)
    except ComityError as error:
        assert error.code.startswith(("dsp.", "json."))  # noqa: PT017 -- either may happen


@given(st.binary(max_size=60))
def test_any_bytes_at_all_give_a_message_or_a_coded_error(body: bytes) -> None:
    for kind in (dsp.ContractRequestMessage, dsp.TransferStartMessage, Catalog):
        with pytest.raises(ComityError):
            parse_as(body, kind)


@given(samples.terms)
def test_terms_mean_the_same_on_both_sides_of_the_wire(terms: Terms) -> None:
    rules = odrl.terms_rules(terms)
    assert odrl.read_terms(rules) == terms
    assert odrl.read_terms(_through_json_ld(rules)) == terms


@given(samples.terms, st.data())
def test_terms_with_anything_missing_doubled_or_unknown_are_refused(
    terms: Terms, data: st.DataObject
) -> None:
    (permission,) = odrl.terms_rules(terms).permission
    listed = list(permission.constraints)
    place = data.draw(st.integers(min_value=0, max_value=len(listed) - 1))
    other = data.draw(samples.constraints)
    broken: tuple[list[Constraint], ...] = (
        listed[:place] + listed[place + 1 :],
        [*listed, listed[place]],
        [*listed, other],
        [*listed[:place], Logical(operator="or", parts=(listed[place], other))],
    )
    for each in broken:
        rule = Rule(action=permission.action, constraints=tuple(each))
        with pytest.raises(ComityError):
            odrl.read_terms(Rules(permission=(rule,), profile=(odrl.PROFILE,)))


_listed = st.lists(samples.words, min_size=1, max_size=3, unique=True).map(tuple)
policies = st.builds(
    Policy,
    articles=st.lists(
        st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=3, unique=True
    ).map(tuple),
    actions=st.sampled_from([("share",), ("share", "meet"), ("meet", "transfer_technology")]),
    kinds=st.lists(st.text("abc", min_size=1), min_size=1, max_size=3, unique=True).map(tuple),
    marking_max=samples.texts.filter(str.isprintable),
    purposes=st.just(("operations", "safety")),
    recipients=st.sampled_from([("parties",), ("did:web:a.example", "did:web:b.example")]),
    onward=st.sampled_from(["refused", "consent", "free"]),
)


@given(policies, st.sampled_from(["Information sharing", "Échange d'informations"]))
def test_an_areas_policy_comes_back_from_the_wire_exactly(policy: Policy, title: str) -> None:
    area = Area(id="sharing", title=title, policy=policy)
    rules = odrl.area_rules(area, instrument="urn:uuid:i")
    assert odrl.read_area(rules) == ("urn:uuid:i", area)
    assert odrl.read_area(_through_json_ld(rules)) == ("urn:uuid:i", area)
    assert policy != POLICY


@given(samples.rules, st.randoms(use_true_random=False))
def test_the_order_of_rules_and_constraints_means_nothing(
    rules: Rules, chance: random.Random
) -> None:
    def shuffled(rule: Rule) -> Rule:
        listed = list(rule.constraints)
        chance.shuffle(listed)
        return Rule(action=rule.action, constraints=tuple(listed))

    other = Rules(
        permission=tuple(map(shuffled, reversed(rules.permission))),
        prohibition=tuple(map(shuffled, reversed(rules.prohibition))),
        obligation=tuple(map(shuffled, reversed(rules.obligation))),
        profile=(),
    )
    assert normal_form(other) == normal_form(rules)
    assert normal_form(_through_json_ld(rules)) == normal_form(rules)


def _through_json_ld(rules: Rules) -> Rules:
    """Return what a JSON-LD peer sends back: lists of one unwrapped where it may do so."""

    def unwrapped(value: Json) -> Json:
        if isinstance(value, dict):
            return {
                name: each[0]
                if name in {"rightOperand", "and", "or", "xone", "andSequence"}
                and isinstance(each, list)
                and len(each) == 1
                else each
                for name, each in ((name, unwrapped(each)) for name, each in value.items())
            }
        return [unwrapped(each) for each in value] if isinstance(value, list) else value

    offer = Offer(id="urn:uuid:o", rules=rules, target="urn:uuid:t")
    told = json.loads(
        to_bytes(
            dsp.ContractRequestMessage(id=None, consumer_pid="c", offer=offer, callback="https://x")
        )
    )
    body = json.dumps(unwrapped(told)).encode()
    return parse_as(body, dsp.ContractRequestMessage, bytes_max=1 << 24).offer.rules
