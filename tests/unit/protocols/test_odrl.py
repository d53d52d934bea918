"""Our ODRL profile: what it does not know is refused, never passed over."""

import attrs
import pytest

from comity.agreements.policies import Area
from comity.foundation.canonical import Json
from comity.foundation.errors import ComityError, PeerError
from comity.protocols.dsp.odrl import (
    NS,
    PROFILE,
    area_rules,
    read_area,
    read_terms,
    terms_rules,
)
from comity.protocols.dsp.policies import Atomic, Logical, Rule, Rules
from support.sharing import AGREEMENT, POLICY, TERMS

RULES = terms_rules(TERMS)
AREA = Area(id="sharing", title="Information sharing", policy=POLICY)


def with_operand(rules: Rules, operand: str, right: Json, operator: str | None = None) -> Rules:
    """Return ``rules`` with one operand saying something else, in every permission."""

    def changed(rule: Rule) -> Rule:
        return Rule(
            action=rule.action,
            constraints=tuple(
                Atomic(left=each.left, operator=operator or each.operator, right=right)
                if isinstance(each, Atomic) and each.left == NS + operand
                else each
                for each in rule.constraints
            ),
        )

    return attrs.evolve(rules, permission=tuple(map(changed, rules.permission)))


def with_constraint(rules: Rules, constraint: Atomic | Logical) -> Rules:
    (permission,) = rules.permission
    listed = (*permission.constraints, constraint)
    return attrs.evolve(rules, permission=(Rule(action=permission.action, constraints=listed),))


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (attrs.evolve(RULES, profile=()), "odrl.profile"),
        (attrs.evolve(RULES, profile=(PROFILE, "urn:other")), "odrl.profile"),
        (attrs.evolve(RULES, prohibition=RULES.permission), "odrl.rule_kind"),
        (attrs.evolve(RULES, obligation=RULES.permission), "odrl.rule_kind"),
        (attrs.evolve(RULES, permission=RULES.permission * 2), "odrl.permissions"),
        (
            attrs.evolve(RULES, permission=(attrs.evolve(RULES.permission[0], action="use"),)),
            "odrl.action",
        ),
        (with_operand(RULES, "release", "07"), "odrl.number"),
        (with_operand(RULES, "bytes", "1e3"), "odrl.number"),
        (with_operand(RULES, "bytes", "-1"), "odrl.number"),
        (with_operand(RULES, "bytes", "\u0667"), "odrl.number"),
        (with_operand(RULES, "onward", "True"), "odrl.flag"),
        (with_operand(RULES, "kind", ["a", "b"]), "odrl.single"),
        (with_operand(RULES, "kind", {"@value": "a"}), "odrl.value"),
        (with_operand(RULES, "kind", [1]), "odrl.value"),
        (with_operand(RULES, "kind", "report", "neq"), "odrl.missing"),
        (with_operand(RULES, "digest", "AB" * 32), "sharing.digest"),
        (with_operand(RULES, "marking", "two\nlines"), "sharing.word"),
        (
            with_constraint(RULES, Atomic(left=NS + "secretly", operator="eq", right="x")),
            "odrl.unknown",
        ),
        (
            with_constraint(RULES, Atomic(left="odrl:spatial", operator="eq", right="x")),
            "odrl.operand",
        ),
        (with_constraint(RULES, Atomic(left=NS + "kind", operator="eq", right="x")), "odrl.twice"),
        (
            with_constraint(RULES, Atomic(left=NS + "kind", operator="neq", right="x")),
            "odrl.unknown",
        ),
        (with_constraint(RULES, Logical(operator="or", parts=())), "odrl.operand"),
    ],
)
def test_terms_that_say_anything_else_are_refused(rules: Rules, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        read_terms(rules)
    assert refused.value.code == code


def test_terms_carry_every_fact_of_the_crossing_under_an_absolute_name() -> None:
    (permission,) = RULES.permission
    named = {each.left for each in permission.constraints if isinstance(each, Atomic)}
    assert named == {
        f"urn:comity:v1:{name}"
        for name in (
            *("instrument", "unit", "area", "kind", "marking", "purpose", "onward"),
            *("release", "digest", "bytes", "media"),
        )
    }
    assert permission.action == "urn:comity:v1:action:share"


@pytest.mark.parametrize(
    "rules",
    [
        attrs.evolve(area_rules(AREA, instrument="urn:i"), permission=()),
        with_operand(area_rules(AREA, instrument="urn:i"), "article", []),
        with_operand(area_rules(AREA, instrument="urn:i"), "kind", ["Kind With Capitals"]),
        with_operand(area_rules(AREA, instrument="urn:i"), "onward", "perhaps"),
        with_operand(area_rules(AREA, instrument="urn:i"), "recipient", ["somebody"]),
        with_operand(area_rules(AREA, instrument="urn:i"), "area", "No Such Id"),
        with_constraint(
            area_rules(AREA, instrument="urn:i"), Atomic(left=NS + "x", operator="eq", right="y")
        ),
    ],
)
def test_an_areas_policy_with_unknown_terms_is_refused(rules: Rules) -> None:
    with pytest.raises(ComityError) as refused:
        read_area(rules)
    assert refused.value.code.startswith(("odrl.", "policy."))


def test_the_permissions_of_an_area_stand_under_the_same_constraints() -> None:
    two = Area(id="sharing", title="Both", policy=attrs.evolve(POLICY, actions=("share", "meet")))
    rules = area_rules(two, instrument="urn:i")
    assert read_area(rules) == ("urn:i", two)
    first, second = rules.permission
    narrower = Rule(action=second.action, constraints=second.constraints[:-1])
    with pytest.raises(PeerError):
        read_area(attrs.evolve(rules, permission=(first, narrower)))
    other = with_operand(Rules(permission=(second,), profile=(PROFILE,)), "kind", ["chart"])
    with pytest.raises(PeerError) as refused:
        read_area(attrs.evolve(rules, permission=(first, *other.permission)))
    assert refused.value.code == "odrl.permissions_differ"
    assert AGREEMENT.areas[0][1] == AREA
