"""The one ruling on everything that crosses: permitted under article N, or refused because.

``rule_on`` is asked at the sender's node before sending and at the receiver's before accepting, and
answers alike at both because it looks at nothing but the agreement, the crossing and the time.
What a policy does not name is refused. What higher rooms know (a release, what controls an item and
what authorises it) comes as values in the crossing; red lines are no part of it. Source: design 2
(idea 3), 13.8; spec 5.9.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from comity.agreements.controlled import Against, ControlFacts, Wanted, authorised
from comity.agreements.policies import PARTIES, Area
from comity.foundation.instants import Instant

#: Asking and deciding come before a release exists; every other stage needs one.
BEFORE_RELEASE: Final = frozenset({"check", "release"})
_STRICTEST_FIRST: Final = ("refused", "consent", "free")


@attrs.frozen(kw_only=True)
class Suspension:
    """One suspension that nobody has lifted.

    Attributes:
        digest: The suspending document.
        party: Who suspended.
        units: The suspended units; none means the whole agreement.
        until: When it ends by itself, if it does.
        article: Label of the article under which it was done.
    """

    digest: str
    party: str
    units: tuple[str, ...]
    until: Instant | None
    article: str

    def holds(self, at: Instant) -> bool:
        """Return whether its own end has not yet come."""
        return self.until is None or at < self.until


@attrs.frozen(kw_only=True)
class ThirdParties:
    """What the agreement says on relations with others and on passing things on to them."""

    relations: str
    onward: str
    article: str


@attrs.frozen(kw_only=True)
class OnwardRule:
    """What a text says on passing on what came in one of its areas, and by which article."""

    onward: str
    article: str


@attrs.frozen(kw_only=True)
class Agreement:
    """What a ruling needs of one agreement, computed from both logs.

    Attributes:
        instrument: Its id.
        title: What people call it.
        parties: The two parties, in the order in which the text names them.
        text: Digest of the signed text; None while nothing is signed.
        in_force_at: When force begins; None while that cannot be computed, or is contested.
        ends_at: When the term ends; None where the text has none.
        scale: The marking scale, lowest level first.
        areas: Every area with its policy, and the unit whose field states it.
        labels: How a person names each unit that stands.
        parents: The unit in which each unit stands.
        third_parties: Its article on third parties, if it has one.
        suspensions: Those that nobody has lifted.
    """

    instrument: str
    title: str
    parties: tuple[str, str]
    text: str | None
    in_force_at: Instant | None
    ends_at: Instant | None
    scale: tuple[str, ...]
    areas: tuple[tuple[str, Area], ...]
    labels: Mapping[str, str]
    parents: Mapping[str, str | None]
    third_parties: ThirdParties | None
    suspensions: tuple[Suspension, ...]


@attrs.frozen(kw_only=True)
class ReleaseFacts:
    """A release decision: its index in the sender's log, what it releases and to whom."""

    release: int
    digest: str
    recipient: str


@attrs.frozen(kw_only=True)
class Crossing:
    """One thing that would cross from one party to another.

    A new condition is a new member here, never an argument of ``rule_on``. ``control`` is None
    where the item is not controlled, or where no item is meant.
    """

    sender: str
    recipient: str
    area: str
    action: str
    kind: str
    marking: str
    purpose: str
    onward: bool
    control: ControlFacts | None
    release: ReleaseFacts | None
    stage: str


@attrs.frozen(kw_only=True)
class Conduct:
    """One act of coordination or technology that is to stand on an article of an agreement.

    No data crosses by it, so it has no area; but a meeting, a commitment or a project is of the
    agreement only while the article it is held under is in force.
    """

    sender: str
    recipient: str
    unit: str
    stage: str


@attrs.frozen(kw_only=True)
class Permitted:
    """It may cross under ``article`` (unit ``unit``), in ``area``; empty where it has none.

    ``authorisation`` is the id of the one under which a controlled item may cross.
    """

    article: str
    unit: str
    area: str
    authorisation: str | None = None


@attrs.frozen(kw_only=True)
class Refused:
    """It may not cross; ``article`` is the one that stands against it, where one does."""

    code: str
    reason: str
    article: str | None


Ruling: TypeAlias = Permitted | Refused


def rule_on(agreement: Agreement, crossing: Crossing | Conduct, *, at: Instant) -> Ruling:
    """Return the ruling on ``crossing`` under ``agreement`` at the time ``at``.

    Conditions are tried in the order of 5.9.2 (5.9.6 for conduct), so that both ends name the same
    one.
    """
    refused = _force(agreement, at)
    if refused is not None:
        return refused
    if isinstance(crossing, Conduct):
        return _conduct(agreement, crossing, at)
    found = next(((u, a) for u, a in agreement.areas if a.id == crossing.area), None)
    if found is None:
        return Refused(
            code="no_such_area",
            reason=f"{agreement.title} has no area {crossing.area!r}.",
            article=None,
        )
    unit, area = found
    permitting = area.policy.articles[0]
    article = agreement.labels.get(permitting, permitting)
    refused = (
        _suspended_area(agreement, (unit, *area.policy.articles), at)
        or _policy(agreement, area, crossing, article=article)
        or _whom(agreement, area, crossing, article=article)
    )
    if refused is not None:
        return refused
    return _item(crossing, Permitted(article=article, unit=permitting, area=area.id), at=at)


def onward_rule(agreement: Agreement, area: str) -> OnwardRule | None:
    """Return the stricter of what an area and the article on third parties say on passing on.

    None where the text has neither. Source: spec 11.6.5.
    """
    others = agreement.third_parties
    said = [
        OnwardRule(
            onward=one.policy.onward,
            article=agreement.labels.get(one.policy.articles[0], one.policy.articles[0]),
        )
        for _, one in agreement.areas
        if one.id == area
    ]
    if others is not None:
        said.append(OnwardRule(onward=others.onward, article=others.article))
    return min(said, key=lambda rule: _STRICTEST_FIRST.index(rule.onward), default=None)


def _force(agreement: Agreement, at: Instant) -> Refused | None:
    if agreement.in_force_at is None or at < agreement.in_force_at:
        when = "" if agreement.in_force_at is None else f" before {agreement.in_force_at}"
        return Refused(
            code="not_in_force",
            reason=f"{agreement.title} is not in force{when}.",
            article=None,
        )
    if agreement.ends_at is not None and at >= agreement.ends_at:
        return Refused(
            code="ended", reason=f"{agreement.title} ended at {agreement.ends_at}.", article=None
        )
    for each in agreement.suspensions:
        if not each.units and each.holds(at):
            return Refused(
                code="suspended",
                reason=f"{agreement.title} is suspended as a whole by {each.party}"
                f" under {_under(each)}.",
                article=each.article,
            )
    return None


def _conduct(agreement: Agreement, conduct: Conduct, at: Instant) -> Ruling:
    """Return the ruling on an act that stands on a unit of the text."""
    between = {conduct.sender, conduct.recipient} == set(agreement.parties)
    if not between:
        return Refused(
            code="recipient_not_allowed",
            reason=f"{agreement.title} is between {' and '.join(agreement.parties)}; not between"
            f" {conduct.sender} and {conduct.recipient}.",
            article=None,
        )
    article = agreement.labels.get(conduct.unit)
    if article is None:
        return Refused(
            code="no_such_unit",
            reason=f"{agreement.title} has no article {conduct.unit!r} in its signed text.",
            article=None,
        )
    return _suspended_area(agreement, (conduct.unit,), at) or Permitted(
        article=article or conduct.unit, unit=conduct.unit, area=""
    )


def _suspended_area(agreement: Agreement, units: tuple[str, ...], at: Instant) -> Refused | None:
    """Return the refusal where one of the area's units, or what it stands in, is suspended."""
    for unit in units:
        for above in _line_up(agreement.parents, unit):
            for each in agreement.suspensions:
                if above in each.units and each.holds(at):
                    label = agreement.labels.get(above, above)
                    return Refused(
                        code="suspended",
                        reason=f"{label} is suspended by {each.party} under {_under(each)}.",
                        article=label,
                    )
    return None


def _policy(
    agreement: Agreement, area: Area, crossing: Crossing, *, article: str
) -> Refused | None:
    policy = area.policy
    for code, value, allowed, what in (
        ("action_not_allowed", crossing.action, policy.actions, "actions"),
        ("kind_not_allowed", crossing.kind, policy.kinds, "kinds of item"),
    ):
        if value not in allowed:
            return _not_named(code, value, allowed, article=article, what=what)
    if crossing.marking not in agreement.scale or policy.marking_max not in agreement.scale:
        return Refused(
            code="marking_unknown",
            reason=f"The agreement's marking scale ({' < '.join(agreement.scale) or 'none'}) has no"
            f" {crossing.marking!r} that could be compared with the highest permitted,"
            f" {policy.marking_max!r}.",
            article=article,
        )
    if agreement.scale.index(crossing.marking) > agreement.scale.index(policy.marking_max):
        return Refused(
            code="marking_above",
            reason=f"{article} permits up to {policy.marking_max!r};"
            f" the item is marked {crossing.marking!r}.",
            article=article,
        )
    if crossing.purpose not in policy.purposes:
        return _not_named(
            "purpose_not_allowed",
            crossing.purpose,
            policy.purposes,
            article=article,
            what="purposes",
        )
    return None


def _not_named(
    code: str, value: str, allowed: tuple[str, ...], *, article: str, what: str
) -> Refused:
    return Refused(
        code=code,
        reason=f"{article} permits only the {what} {', '.join(allowed)}; not {value!r}.",
        article=article,
    )


def _whom(agreement: Agreement, area: Area, crossing: Crossing, *, article: str) -> Refused | None:
    policy = area.policy
    between = (
        crossing.sender in agreement.parties
        and crossing.recipient in agreement.parties
        and crossing.sender != crossing.recipient
    )
    if not between or (
        policy.recipients != (PARTIES,) and crossing.recipient not in policy.recipients
    ):
        return Refused(
            code="recipient_not_allowed",
            reason=f"{article} permits it from one party to the other, to"
            f" {', '.join(policy.recipients)}; not from {crossing.sender} to"
            f" {crossing.recipient}.",
            article=article,
        )
    if not crossing.onward:
        return None
    if policy.onward != "free":
        return _onward(article, policy.onward)
    others = agreement.third_parties
    if others is not None and others.onward != "free":
        return _onward(others.article, others.onward)
    return None


def _onward(article: str, onward: str) -> Refused:
    why = (
        "needs the sender's consent, which is not given with an item"
        if onward == "consent"
        else "is excluded"
    )
    return Refused(
        code="onward_not_allowed",
        reason=f"Under {article} passing it on to others {why}.",
        article=article,
    )


def _item(crossing: Crossing, permitted: Permitted, *, at: Instant) -> Ruling:
    """Return the ruling on the item itself: what controls it, and its release."""
    refused = _release(crossing, permitted.article)
    if crossing.control is None:
        return refused or permitted
    wanted = Wanted(recipient=crossing.recipient, purpose=crossing.purpose, onward=crossing.onward)
    found = authorised(crossing.control, wanted, at=at)
    if isinstance(found, Against):
        return Refused(code=found.code, reason=found.reason, article=permitted.article)
    return refused or attrs.evolve(permitted, authorisation=found.authorisation)


def _release(crossing: Crossing, article: str) -> Refused | None:
    if crossing.stage in BEFORE_RELEASE:
        return None
    if crossing.release is None or crossing.release.recipient != crossing.recipient:
        return Refused(
            code="not_released",
            reason=f"No release decision of {crossing.sender} stands for this item to"
            f" {crossing.recipient}: a release officer must release it.",
            article=article,
        )
    return None


def _line_up(parents: Mapping[str, str | None], unit: str) -> tuple[str, ...]:
    """Return the unit and everything it stands in, nearest first."""
    line: dict[str, None] = {}
    above: str | None = unit
    while above is not None and above not in line:
        line[above] = None
        above = parents.get(above)
    return tuple(line)


def _under(suspension: Suspension) -> str:
    """Return the article, without the point of a paragraph's number at its end, and until when."""
    until = "" if suspension.until is None else f" until {suspension.until}"
    return f"{suspension.article.rstrip('.')}{until}"
