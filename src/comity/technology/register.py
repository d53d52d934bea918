"""What a project holds: background and foreground with the rights in them, and what is lent.

Background is what a party brings in: it registers its own, and that counts at once. Foreground is
what the project makes: one party enters it, and it stands once the other has confirmed the same
words. A loan ends when its lender says that the thing is back. Source: agreements.md B7, D2.7; spec
12.5, 12.6.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Deed, json_of
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.technology.project_forms import (
    BOTH,
    Confirm,
    Enter,
    Lend,
    OnItem,
    OnLoan,
    WriteOff,
)

#: Of items, and of loans, in one project.
ENTRIES_MAX: Final = 2_000
#: By step on a loan: from which states, to which, and whose it is.
LOAN_STEPS: Final[Mapping[str, tuple[tuple[str, ...], str, str]]] = {
    "receive": (("lent",), "received", "borrower"),
    "give_back": (("lent", "received"), "sent_back", "borrower"),
    "take_back": (("lent", "received", "sent_back"), "returned", "lender"),
    "write_off": (("lent", "received", "sent_back"), "written_off", "lender"),
}
LOAN_ENDS: Final = ("returned", "written_off")


@attrs.frozen(kw_only=True)
class Item:
    """One item of the register.

    Attributes:
        entry: What was entered.
        by: Who entered it.
        state: ``standing``, ``to_confirm`` or ``struck``.
    """

    entry: Enter
    by: str
    state: str

    @property
    def digest(self) -> str:
        """The digest of what was entered: what a confirmation names."""
        return digest(canonical(json_of(self.entry)))

    def json(self) -> JsonObject:
        """Return it as JSON."""
        return {**json_of(self.entry), "by": self.by, "state": self.state}


@attrs.frozen(kw_only=True)
class Loan:
    """Something lent: by whom to whom, until when, and where it is by their acts."""

    terms: Lend
    lender: str
    state: str
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether the lender still waits for it."""
        return self.state not in LOAN_ENDS

    def overdue(self, at: Instant) -> bool:
        """Return whether it is due back and still away; a flag, not an end."""
        return self.open and at > Instant.parse(self.terms.due)

    def may(self, party: str, step: str) -> bool:
        """Return whether a party may take a step on it now."""
        sources, _, whose = LOAN_STEPS[step]
        return self.state in sources and (party == self.lender) == (whose == "lender")

    def json(self) -> JsonObject:
        """Return it as JSON."""
        return {
            **json_of(self.terms),
            "lender": self.lender,
            "state": self.state,
            "reason": self.reason,
        }


@attrs.frozen(kw_only=True)
class Register:
    """All items and loans of a project, by id."""

    items: Mapping[str, Item] = attrs.field(factory=dict)
    loans: Mapping[str, Loan] = attrs.field(factory=dict)

    @property
    def digest(self) -> str:
        """The digest of all items that stand: what both name when the project is closed."""
        rows: list[Json] = [
            json_of(self.items[name].entry)
            for name in sorted(self.items)
            if self.items[name].state == "standing"
        ]
        return digest(canonical({"items": rows}))

    def waiting(self) -> Iterator[Item]:
        """Yield the foreground items that one party entered and the other has not confirmed."""
        return (item for item in self.items.values() if item.state == "to_confirm")

    def lent(self) -> Iterator[Loan]:
        """Yield the loans that have not ended."""
        return (loan for loan in self.loans.values() if loan.open)

    def json(self) -> JsonObject:
        """Return it as JSON: equal for equal registers."""
        return {
            "items": [self.items[name].json() for name in sorted(self.items)],
            "loans": [self.loans[name].json() for name in sorted(self.loans)],
        }


def entered(register: Register, deed: Deed, body: Enter) -> Register:
    """Return the register with one more item.

    Raises:
        RefusedError: ``projects.item_twice``, ``projects.not_own``, ``projects.full``.
    """
    if body.item in register.items:
        raise RefusedError("projects.item_twice", "There is an item of that id already.")
    _room_for(register.items)
    background = body.ground == "background"
    if background and body.owner != deed.party:
        raise RefusedError(
            "projects.not_own",
            f"«{body.title}»: each party registers its own background; only its owner can enter"
            " it.",
        )
    state = "standing" if background else "to_confirm"
    item = Item(entry=body, by=deed.party, state=state)
    return attrs.evolve(register, items={**register.items, body.item: item})


def confirmed(register: Register, deed: Deed, body: Confirm) -> Register:
    """Return the register with a foreground item that both stand by.

    Raises:
        RefusedError: ``projects.no_item``, ``projects.item_not_now``, ``projects.other_entry``.
    """
    item = _item(register, body.item)
    if item.state != "to_confirm" or item.by == deed.party:
        raise RefusedError(
            "projects.item_not_now",
            f"«{item.entry.title}» is {item.state.replace('_', ' ')}; what one party entered as"
            " foreground is confirmed by the other.",
        )
    if item.digest != body.entry:
        raise RefusedError("projects.other_entry", "What was confirmed is not what was entered.")
    return _with(register, attrs.evolve(item, state="standing"))


def struck(register: Register, deed: Deed, body: OnItem) -> Register:
    """Return the register with an entry that no longer stands; it stays to be read.

    Raises:
        RefusedError: ``projects.no_item``, ``projects.item_not_now``.
    """
    item = _item(register, body.item)
    joint = item.entry.ground == "foreground" and item.state == "standing"
    if item.by != deed.party or item.state == "struck" or joint:
        raise RefusedError(
            "projects.item_not_now",
            f"«{item.entry.title}»: a party strikes what it entered itself, foreground only until"
            " the other has confirmed it.",
        )
    return _with(register, attrs.evolve(item, state="struck"))


def lent(register: Register, deed: Deed, body: Lend) -> Register:
    """Return the register with one more loan.

    Raises:
        RefusedError: ``projects.loan_twice``, ``projects.full``.
    """
    if body.loan in register.loans:
        raise RefusedError("projects.loan_twice", "There is a loan of that id already.")
    _room_for(register.loans)
    loan = Loan(terms=body, lender=deed.party, state="lent")
    return attrs.evolve(register, loans={**register.loans, body.loan: loan})


def moved(register: Register, deed: Deed, body: OnLoan | WriteOff) -> Register:
    """Return the register with a lent thing where its holder, or its lender, says it is.

    Raises:
        RefusedError: ``projects.no_loan``, ``projects.loan_not_now``.
    """
    loan = register.loans.get(body.loan)
    if loan is None:
        raise RefusedError("projects.no_loan", "There is no such loan in this project.")
    _, target, whose = LOAN_STEPS[deed.step]
    if not loan.may(deed.party, deed.step):
        raise RefusedError(
            "projects.loan_not_now",
            f"«{loan.terms.what}» is {loan.state.replace('_', ' ')}; {deed.step.replace('_', ' ')}"
            f" is for its {whose}, while it is away.",
        )
    reason = body.reason if isinstance(body, WriteOff) else loan.reason
    now = attrs.evolve(loan, state=target, reason=reason)
    return attrs.evolve(register, loans={**register.loans, body.loan: now})


def check_owner(body: Enter, *, parties: tuple[str, str]) -> None:
    """Pass if an item belongs to one of the two parties, or to both.

    Raises:
        RefusedError: ``projects.strangers``.
    """
    check_parties((body.owner,), parties=parties)


def check_parties(named: tuple[str, ...], *, parties: tuple[str, str]) -> None:
    """Pass if everybody who is named is one of the two parties, or both together.

    Raises:
        RefusedError: ``projects.strangers``.
    """
    if set(named) - {*parties, BOTH}:
        raise RefusedError(
            "projects.strangers", "This names somebody who is neither of the two parties."
        )


def _item(register: Register, name: str) -> Item:
    item = register.items.get(name)
    if item is None:
        raise RefusedError("projects.no_item", "There is no such item in the register.")
    return item


def _with(register: Register, item: Item) -> Register:
    return attrs.evolve(register, items={**register.items, item.entry.item: item})


def _room_for(known: Mapping[str, object]) -> None:
    if len(known) >= ENTRIES_MAX:
        raise RefusedError(
            "projects.full",
            f"A project holds at most {ENTRIES_MAX} items and as many loans; begin another one.",
        )
