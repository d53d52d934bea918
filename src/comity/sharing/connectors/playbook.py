"""Playbooks: what a node does by itself, set by a person, rule by rule, default *hold*.

A rule says: in which role, in which kind of process, when which state is reached for the first or a
later time, for which datasets, contracts or counterparts, what is done, after how long, and why.
The first rule that fits decides; where none does, a person decides. A rule never adds authority:
what it does goes through the same ruling as a person's act. Source: design 2 (idea 2), 7;
``docs/spec/09-connectors.md`` 9.5.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import attrs

from comity.foundation.errors import MisuseError
from comity.sharing.connectors.model import Exchange
from comity.sharing.lifecycle import NEGOTIATION_SENDS, TRANSFER_SENDS, Step, Table
from comity.sharing.model import Family, Role, State

#: Beside the states of the protocol: all bytes of a transfer went out, or came in and are right.
DELIVERED: Final = "DELIVERED"
RULES_MAX: Final = 1_000
AFTER_MS_MAX: Final = 366 * 24 * 3_600_000
_AFTER: Final = re.compile(r"(0|[1-9][0-9]{0,8})(ms|s|m|h|d)", re.ASCII)
_UNITS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Do(StrEnum):
    """What a rule, or a person, can do in a process."""

    HOLD = "hold"
    OFFER = "offer"
    AGREE = "agree"
    FINALIZE = "finalize"
    REQUEST = "request"
    ACCEPT = "accept"
    VERIFY = "verify"
    START = "start"
    FETCH = "fetch"
    SUSPEND = "suspend"
    COMPLETE = "complete"
    TERMINATE = "terminate"


#: Which message each of them sends; holding and fetching send none.
STEPS: Final[Mapping[Do, Step]] = {
    Do.OFFER: Step.OFFER,
    Do.AGREE: Step.AGREE,
    Do.FINALIZE: Step.FINALIZE,
    Do.REQUEST: Step.REQUEST,
    Do.ACCEPT: Step.ACCEPT,
    Do.VERIFY: Step.VERIFY,
    Do.START: Step.START,
    Do.SUSPEND: Step.SUSPEND,
    Do.COMPLETE: Step.COMPLETE,
    Do.TERMINATE: Step.TERMINATE,
}
_TABLES: Final[Mapping[Family, Table]] = {
    Family.NEGOTIATION: NEGOTIATION_SENDS,
    Family.TRANSFER: TRANSFER_SENDS,
}


class Occurrence(StrEnum):
    """How often the process must have reached the state."""

    FIRST = "first"
    LATER = "later"
    ANY = "any"


@attrs.frozen(kw_only=True)
class When:
    """To what a rule is limited; an empty list limits nothing."""

    dataset: tuple[str, ...] = ()
    agreement: tuple[str, ...] = ()
    counterpart: tuple[str, ...] = ()

    def fits(self, exchange: Exchange) -> bool:
        """Return whether the process is one of those."""
        return (
            (not self.dataset or exchange.dataset in self.dataset)
            and (not self.agreement or exchange.contract in self.agreement)
            and (not self.counterpart or exchange.counterpart in self.counterpart)
        )


@attrs.frozen(kw_only=True)
class Rule:
    """One rule. ``after`` is written like ``300ms``, ``5s``, ``15m``, ``2h``, ``30d``."""

    role: Role
    process: Family
    on: str
    do: Do
    reason: str
    occurrence: Occurrence = Occurrence.ANY
    when: When = When()
    after: str = "0ms"

    @property
    def after_ms(self) -> int:
        """Return the delay in milliseconds."""
        return after_ms(self.after)

    def fits(self, exchange: Exchange, on: str) -> bool:
        """Return whether it is about this process at this moment.

        Args:
            exchange: The process.
            on: The state it has just reached, or ``DELIVERED``.
        """
        times = exchange.reached.get(on, 1)
        often = {
            Occurrence.FIRST: times <= 1,
            Occurrence.LATER: times > 1,
            Occurrence.ANY: True,
        }[self.occurrence]
        return (
            (self.role, self.process, self.on) == (exchange.role, exchange.family, on)
            and often
            and not (self.do is Do.FETCH and exchange.pushed_to_us)
            and self.when.fits(exchange)
        )


@attrs.frozen(kw_only=True)
class Chosen:
    """The rule that decides, and its place in the playbook, counted from 1."""

    number: int
    rule: Rule


def choose(rules: Sequence[Rule], exchange: Exchange, *, on: str) -> Chosen | None:
    """Return the first rule that fits, or None: then a person decides.

    Args:
        rules: The playbook, in its order.
        exchange: The process as it is now.
        on: The state it has just reached, or ``DELIVERED``.
    """
    for number, rule in enumerate(rules, start=1):
        if rule.fits(exchange, on):
            return None if rule.do is Do.HOLD else Chosen(number=number, rule=rule)
    return None


def check_rules(rules: Sequence[Rule]) -> None:
    """Pass if every rule could ever do what it says.

    Raises:
        MisuseError: ``playbook.rules``, ``playbook.on``, ``playbook.do``, ``playbook.after``,
            ``playbook.reason``.
    """
    if len(rules) > RULES_MAX:
        raise MisuseError("playbook.rules", f"A playbook has at most {RULES_MAX} rules.")
    for number, rule in enumerate(rules, start=1):
        _check(rule, f"Rule {number}")


def _check(rule: Rule, name: str) -> None:
    table = _TABLES[rule.process]
    states = {state.value for state, _, _ in table if state is not None}
    known = {*states, DELIVERED} if rule.process is Family.TRANSFER else states
    if rule.on not in known:
        raise MisuseError(
            "playbook.on",
            f"{name}: a {rule.process} never waits in {rule.on[:40]!r}; it can be in"
            f" {', '.join(sorted(known))}.",
        )
    if not rule.reason.strip():
        raise MisuseError(
            "playbook.reason", f"{name} needs a reason: it is recorded with each act."
        )
    after_ms(rule.after)
    allowed = possible(rule.process, rule.role, rule.on)
    if rule.do is not Do.HOLD and rule.do not in allowed:
        raise MisuseError(
            "playbook.do",
            f"{name}: a {rule.role} cannot {rule.do} when {rule.on} is reached; it can"
            f" {', '.join(allowed) or 'only hold'}.",
        )


def possible(family: Family, role: Role, on: str) -> tuple[Do, ...]:
    """Return what that role can do in a process that has reached ``on``, by the tables.

    Args:
        family: Which kind of process.
        role: Whose act.
        on: The state, or ``DELIVERED``, which a started transfer reaches.
    """
    state = State.STARTED if on == DELIVERED else State(on)
    table = _TABLES[family]
    found = [do for do, step in STEPS.items() if (state, role, step) in table]
    if (family, state) == (Family.TRANSFER, State.STARTED):
        found.insert(0, Do.FETCH if role is Role.CONSUMER else Do.START)
    return tuple(found)


def after_ms(text: str) -> int:
    """Return a delay in milliseconds.

    Raises:
        MisuseError: ``playbook.after``.
    """
    found = _AFTER.fullmatch(text)
    told = int(found[1]) * _UNITS[found[2]] if found else AFTER_MS_MAX + 1
    if told > AFTER_MS_MAX:
        raise MisuseError(
            "playbook.after",
            f"{text[:40]!r} is no delay: write a number and ms, s, m, h or d, at most a year.",
        )
    return told
