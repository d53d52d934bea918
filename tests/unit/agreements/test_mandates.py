"""What a user loses if this breaks: something crosses that no article allows."""

import attrs
import pytest

from comity.agreements.fold import agreement_in_force
from comity.agreements.mandates import (
    Agreement,
    Conduct,
    Crossing,
    Permitted,
    Refused,
    ReleaseFacts,
    Suspension,
    onward_rule,
    rule_on,
)
from comity.agreements.policies import Area
from comity.foundation.instants import Instant
from support.parties import NOW, A, B
from support.talks import (
    Talks,
    content,
    field,
    framework,
    in_force,
)

AT = NOW.plus(100)
STRANGER = "did:web:stranger.example"
CROSSING = Crossing(
    sender=A,
    recipient=B,
    area="reports",
    action="share",
    kind="report",
    marking="restricted",
    purpose="planning",
    onward=False,
    control=None,
    release=ReleaseFacts(release=9, digest="0" * 64, recipient=B),
    stage="send",
)


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return agreement_in_force(in_force().view())


def test_what_every_condition_allows_is_permitted_under_its_article(agreement: Agreement) -> None:
    assert rule_on(agreement, CROSSING, at=AT) == Permitted(
        article="Article 3", unit="u3", area="reports"
    )


def test_the_ruling_is_the_same_in_the_other_direction(agreement: Agreement) -> None:
    back = attrs.evolve(
        CROSSING, sender=B, recipient=A, release=ReleaseFacts(release=1, digest="", recipient=A)
    )
    assert isinstance(rule_on(agreement, back, at=AT), Permitted)


@pytest.mark.parametrize(
    ("change", "code", "article"),
    [
        ({"area": "space"}, "no_such_area", None),
        ({"action": "meet"}, "action_not_allowed", "Article 3"),
        ({"kind": "software"}, "kind_not_allowed", "Article 3"),
        ({"marking": "cosmic"}, "marking_unknown", "Article 3"),
        ({"marking": "secret"}, "marking_above", "Article 3"),
        ({"purpose": "sale"}, "purpose_not_allowed", "Article 3"),
        ({"recipient": STRANGER}, "recipient_not_allowed", "Article 3"),
        ({"sender": STRANGER}, "recipient_not_allowed", "Article 3"),
        ({"recipient": A}, "recipient_not_allowed", "Article 3"),
        ({"onward": True}, "onward_not_allowed", "Article 3"),
        ({"release": None}, "not_released", "Article 3"),
        (
            {"release": ReleaseFacts(release=1, digest="", recipient=STRANGER)},
            "not_released",
            "Article 3",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_each_condition_alone_refuses(
    agreement: Agreement, change: dict[str, object], code: str, article: str | None
) -> None:
    crossing = attrs.evolve(CROSSING, **change)  # type: ignore[arg-type]  # real members
    ruling = rule_on(agreement, crossing, at=AT)
    assert isinstance(ruling, Refused)
    assert (ruling.code, ruling.article) == (code, article)


@pytest.mark.parametrize("stage", ["check", "release"])
def test_asking_and_deciding_need_no_release(agreement: Agreement, stage: str) -> None:
    crossing = attrs.evolve(CROSSING, release=None, stage=stage)
    assert isinstance(rule_on(agreement, crossing, at=AT), Permitted)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW.plus(9), "not_in_force"),
        (NOW.plus(10), None),
        (Instant.parse("2036-11-23T12:00:09Z"), None),
        (Instant.parse("2036-11-23T12:00:10Z"), "ended"),
    ],
)
def test_nothing_crosses_before_entry_or_after_the_end(
    agreement: Agreement, at: Instant, code: str | None
) -> None:
    assert getattr(rule_on(agreement, CROSSING, at=at), "code", None) == code


def test_nothing_crosses_under_a_text_that_nobody_signed() -> None:
    talks = Talks()
    talks.propose(A, framework(), opening=True)
    ruling = rule_on(agreement_in_force(talks.view()), CROSSING, at=AT)
    assert isinstance(ruling, Refused)
    assert ruling.code == "not_in_force"


def suspended(agreement: Agreement, *units: str, until: Instant | None = None) -> Agreement:
    one = Suspension(digest="d", party=A, units=units, until=until, article="Article 5")
    return attrs.evolve(agreement, suspensions=(one,))


@pytest.mark.parametrize(
    ("units", "article"), [((), "Article 5"), (("u3",), "Article 3"), (("u1",), None)]
)
def test_a_suspension_closes_what_it_names(
    agreement: Agreement, units: tuple[str, ...], article: str | None
) -> None:
    ruling = rule_on(suspended(agreement, *units), CROSSING, at=AT)
    if article is None:
        assert isinstance(ruling, Permitted)
    else:
        assert isinstance(ruling, Refused)
        assert (ruling.code, ruling.article) == ("suspended", article)


@pytest.mark.parametrize("units", [(), ("u3",)])
def test_a_timed_suspension_ends_by_itself(agreement: Agreement, units: tuple[str, ...]) -> None:
    timed = suspended(agreement, *units, until=AT)
    before = rule_on(timed, CROSSING, at=AT.plus(-1))
    assert isinstance(before, Refused)
    assert str(AT) in before.reason
    assert isinstance(rule_on(timed, CROSSING, at=AT), Permitted)


def test_suspending_a_chapter_suspends_the_articles_in_it(agreement: Agreement) -> None:
    nested = attrs.evolve(agreement, parents={**agreement.parents, "u3": "u1", "u1": "u3"})
    ruling = rule_on(suspended(nested, "u1"), CROSSING, at=AT)
    assert isinstance(ruling, Refused)
    assert (ruling.code, ruling.article) == ("suspended", "Article 1")


def with_policy(agreement: Agreement, **change: object) -> Agreement:
    unit, area = agreement.areas[0]
    policy = attrs.evolve(area.policy, **change)  # type: ignore[arg-type]  # real members
    return attrs.evolve(
        agreement, areas=((unit, Area(id=area.id, title=area.title, policy=policy)),)
    )


def test_named_recipients_are_the_only_ones(agreement: Agreement) -> None:
    only_a = with_policy(agreement, recipients=(A,))
    assert getattr(rule_on(only_a, CROSSING, at=AT), "code", None) == "recipient_not_allowed"
    assert isinstance(rule_on(with_policy(agreement, recipients=(B,)), CROSSING, at=AT), Permitted)


@pytest.mark.parametrize(
    ("area", "article_onward", "expected"),
    [
        ("free", "free", None),
        ("free", "refused", "Article 4"),
        ("free", "consent", "Article 4"),
        ("consent", "free", "Article 3"),
        ("free", None, None),
    ],
)
def test_the_stricter_word_on_passing_on_wins(
    agreement: Agreement, area: str, article_onward: str | None, expected: str | None
) -> None:
    made = with_policy(agreement, onward=area)
    others = agreement.third_parties
    assert others is not None
    made = attrs.evolve(
        made,
        third_parties=None
        if article_onward is None
        else attrs.evolve(others, onward=article_onward),
    )
    ruling = rule_on(made, attrs.evolve(CROSSING, onward=True), at=AT)
    assert getattr(ruling, "code", None) == (None if expected is None else "onward_not_allowed")
    if expected is not None:
        assert ruling.article == expected


@pytest.mark.parametrize(
    ("area", "article_onward", "expected"),
    [
        ("refused", "free", ("refused", "Article 3")),
        ("refused", "refused", ("refused", "Article 3")),
        ("consent", "refused", ("refused", "Article 4")),
        ("consent", None, ("consent", "Article 3")),
        ("free", "consent", ("consent", "Article 4")),
        ("free", "free", ("free", "Article 3")),
        (None, "refused", ("refused", "Article 4")),
        (None, None, None),
    ],
)
def test_what_the_text_forbids_to_pass_on_is_not_taken_for_what_a_consent_can_give(
    agreement: Agreement,
    area: str | None,
    article_onward: str | None,
    expected: tuple[str, str] | None,
) -> None:
    others = agreement.third_parties
    assert others is not None
    made = attrs.evolve(
        agreement if area is None else with_policy(agreement, onward=area),
        third_parties=None
        if article_onward is None
        else attrs.evolve(others, onward=article_onward),
    )
    found = onward_rule(made, "another" if area is None else CROSSING.area)
    assert (None if found is None else (found.onward, found.article)) == expected


def test_a_policy_above_the_scale_permits_nothing(agreement: Agreement) -> None:
    ruling = rule_on(attrs.evolve(agreement, scale=()), CROSSING, at=AT)
    assert getattr(ruling, "code", None) == "marking_unknown"


def test_an_agreement_without_term_or_third_parties_is_ruled_too() -> None:
    units = framework()
    del units["u1"], units["u4"], units["u5"]
    shown = in_force(units).view()
    agreement = agreement_in_force(shown)
    assert (agreement.ends_at, agreement.third_parties) == (None, None)
    assert isinstance(rule_on(agreement, CROSSING, at=AT), Permitted)


def test_an_agreement_without_a_scale_has_none() -> None:
    units = {
        "u2": framework()["u2"],
        "u9": content("x", fields={"notice": field("x", period="P1M")}),
    }
    assert agreement_in_force(in_force(units).view()).scale == ()


CONDUCT = Conduct(sender=A, recipient=B, unit="u3", stage="commitment.propose")


def test_an_act_that_moves_no_data_stands_on_the_article_it_names(agreement: Agreement) -> None:
    assert rule_on(agreement, CONDUCT, at=AT) == Permitted(article="Article 3", unit="u3", area="")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "u999"}, "no_such_unit"),
        ({"recipient": STRANGER}, "recipient_not_allowed"),
        ({"sender": B}, "recipient_not_allowed"),
    ],
)
def test_no_act_stands_on_what_the_text_does_not_say(
    agreement: Agreement, change: dict[str, str], code: str
) -> None:
    ruling = rule_on(agreement, attrs.evolve(CONDUCT, **change), at=AT)
    assert isinstance(ruling, Refused)
    assert ruling.code == code


def test_no_act_stands_on_a_suspended_article_or_on_an_agreement_not_in_force(
    agreement: Agreement,
) -> None:
    for found, code in (
        (suspended(agreement, "u3"), "suspended"),
        (suspended(agreement), "suspended"),
        (attrs.evolve(agreement, in_force_at=None), "not_in_force"),
    ):
        ruling = rule_on(found, CONDUCT, at=AT)
        assert isinstance(ruling, Refused)
        assert ruling.code == code
