"""The playbook: reading it, setting it, and seeing what it would do before it does anything.

Source: issue 5, 4; spec 9.5.
"""

import tomllib
from typing import Final

import attrs
import msgspec

from comity.api import dataspace as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.node.dataspace.book import Book, row_of
from comity.node.dataspace.showing import Showing
from comity.node.officials import Official
from comity.sharing.connectors.playbook import Rule, check_rules, choose
from comity.sharing.connectors.waits import Whose, wait_of
from comity.storage.tx import Tx

_MEMBERS: Final = {"role", "process", "on", "do", "reason", "occurrence", "when", "after"}
_WORDS: Final = ("role", "process", "on", "occurrence", "do", "after", "reason")
_WHEN: Final = {"dataset", "agreement", "counterpart"}


@attrs.frozen(kw_only=True)
class Planning:
    """The desk of those who write playbooks."""

    book: Book
    showing: Showing

    def show(self, tx: Tx) -> JsonObject:
        """Return the playbook, rule by rule and as text."""
        rules = self.book.rules(tx)
        return {"rules": [row_of(one) for one in rules], "text": text_of(rules)}

    def set(self, tx: Tx, request: asks.SetPlaybook, official: Official) -> JsonObject:
        """Set the playbook; what waits already goes on waiting for a person.

        Raises:
            MisuseError: ``playbook.*``.
        """
        rules = read_rules(request.rules)
        self.book.keep_rules(tx, rules)
        value: JsonObject = {"what": "playbook", "by": official.id, "rules": len(rules)}
        self.book.ctx.ledger.house(tx, "house.dataspace", value)
        return self.show(tx)

    def simulate(self, tx: Tx, request: asks.SetPlaybook) -> JsonObject:
        """Return which rule would decide in each open process that waits for us.

        Raises:
            MisuseError: ``playbook.*``.
        """
        rules = read_rules(request.rules)
        rows: list[Json] = []
        for one in self.book.exchanges(tx, live=True):
            chosen = choose(rules, one, on=one.state.value)
            if chosen is None and wait_of(one).whose is not Whose.US:
                continue
            rows.append(
                {
                    "exchange": one.pid,
                    "counterpart": one.counterpart,
                    "dataset": one.dataset,
                    "family": str(one.family),
                    "role": str(one.role),
                    "state": str(one.state),
                    "rule": None if chosen is None else chosen.number,
                    "do": "hold" if chosen is None else str(chosen.rule.do),
                    "after": None if chosen is None else chosen.rule.after,
                    "reason": None if chosen is None else chosen.rule.reason,
                }
            )
        return {"rules": len(rules), "would": rows}


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules in a playbook's text.

    Raises:
        MisuseError: ``playbook.form``: no TOML, an unknown word, or a member missing; as
            ``check_rules``.
    """
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MisuseError("playbook.form", f"The playbook is no TOML: {error}.") from error
    if set(value) - {"rule"}:
        raise MisuseError("playbook.form", "A playbook has tables [[rule]] and nothing else.")
    return rules_in(value.get("rule", []))


def rules_in(tables: object) -> tuple[Rule, ...]:
    """Return the rules of tables ``[[rule]]``. Raises: as ``read_rules``."""
    if not isinstance(tables, list):
        raise MisuseError("playbook.form", "Rules are written as tables [[rule]].")
    for number, table in enumerate(tables, start=1):
        when = table.get("when", {}) if isinstance(table, dict) else None
        odd = (set(table) - _MEMBERS) if isinstance(table, dict) else {"rule"}
        odd |= (set(when) - _WHEN) if isinstance(when, dict) else {"when"}
        if odd:
            raise MisuseError(
                "playbook.form",
                f"Rule {number}: nothing is called {', '.join(sorted(map(str, odd)))[:100]}; a rule"
                f" has {', '.join(sorted(_MEMBERS))}, and when has {', '.join(sorted(_WHEN))}.",
            )
    try:
        rules = msgspec.convert(tables, tuple[Rule, ...])
    except msgspec.ValidationError as error:
        raise MisuseError("playbook.form", f"The playbook cannot be read: {error}.") from error
    check_rules(rules)
    return rules


def text_of(rules: tuple[Rule, ...]) -> str:
    """Return a playbook as the text that ``read_rules`` reads."""
    parts: list[str] = []
    for rule in rules:
        told = {name: str(getattr(rule, name)) for name in _WORDS}
        lines = ["[[rule]]", *(f"{name} = {_quoted(word)}" for name, word in told.items())]
        when = {
            name: getattr(rule.when, name) for name in sorted(_WHEN) if getattr(rule.when, name)
        }
        if when:
            limits = ", ".join(
                f"{name} = [{', '.join(map(_quoted, names))}]" for name, names in when.items()
            )
            lines.append(f"when = {{ {limits} }}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
