"""What a verification says: each check with the file that proves it, and plain words.

A report never says yes by leaving something out: what failed is named, and where a check could not
be made because an earlier one failed, the report ends there and says so.
Source: record.md 5, "Verifier output"; spec 8.5.
"""

from collections.abc import Callable
from typing import Final, Literal, TypeVar

import attrs

from comity.foundation.errors import ComityError

Authenticity = Literal["established", "not_established"]
#: ``not_established`` is a failure of its own: all holds, but nobody knows who wrote it.
Verdict = Literal["verified", "not_established", "failed"]

#: The stages in their order; each rests on those before it.
STAGES: Final = (
    *("container", "subject", "letters", "entries", "heads"),
    *("parties", "agreement", "transfer", "statement", "rest", "page"),
)

_T = TypeVar("_T")


@attrs.frozen(kw_only=True)
class Check:
    """One thing that was checked.

    Attributes:
        what: What was to hold, in a few words.
        file: The file that proves it, or that is wrong; None where it is the archive itself.
        ok: Whether it held.
        detail: What was found; empty where it held and there is nothing to add.
        stage: The stage of the verification that it belongs to, one of ``STAGES``.
    """

    what: str
    file: str | None
    ok: bool
    detail: str
    stage: str


@attrs.frozen(kw_only=True)
class Report:
    """The outcome of verifying one archive.

    Attributes:
        ok: Whether everything holds *and* authenticity is established: the only yes.
        authenticity: Whether both letters are those that the user trusts.
        checks: Every check that was made, in order.
        facts: What was proven, in plain words; empty unless every check held.
    """

    ok: bool
    authenticity: Authenticity
    checks: tuple[Check, ...]
    facts: tuple[str, ...]

    @property
    def consistent(self) -> bool:
        """Whether every check held, whoever the letters are from."""
        return all(check.ok for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that did not hold."""
        return tuple(check for check in self.checks if not check.ok)

    @property
    def where(self) -> str | None:
        """The file of the first failure; None without one, or where it is the archive itself."""
        return self.failures[0].file if self.failures else None

    @property
    def verdict(self) -> Verdict:
        """The outcome in one word; commands end with a code of its own for each."""
        if self.ok:
            return "verified"
        return "not_established" if self.consistent else "failed"

    @property
    def lines(self) -> tuple[str, ...]:
        """The report for people."""
        if not self.consistent:
            return (
                "NOT VERIFIED.",
                *(
                    f"{check.file or 'the archive'}: {check.what}: {check.detail}"
                    for check in self.failures
                ),
                "What rests on it was not checked any further.",
            )
        last = (
            "VERIFIED: everything holds, and both letters are those you trust."
            if self.ok
            else "NOT VERIFIED: internally consistent, authenticity not established. Bring both"
            " letters of introduction, obtained from the parties themselves, with --trust."
        )
        return (*self.facts, f"{len(self.checks)} checks held.", last)


@attrs.define
class Book:
    """Takes down the checks while they are made."""

    checks: list[Check] = attrs.field(factory=list)
    stage: str = STAGES[0]

    def failed(self) -> bool:
        """Return whether a check has failed so far."""
        return any(not check.ok for check in self.checks)

    def fail(self, what: str, *, file: str | None, wrong: str) -> None:
        """Take down a check that did not hold."""
        self._note(what, file=file, wrong=wrong)

    def expect(self, right: bool, what: str, *, file: str | None, wrong: str) -> bool:  # noqa: FBT001 - it is what is taken down
        """Take down a check that is a comparison; return whether it held."""
        self._note(what, file=file, wrong=None if right else wrong)
        return right

    def attempt(self, what: str, *, file: str | None, work: Callable[[], _T]) -> _T | None:
        """Take down a check that raises where it fails; return what was proven, or None."""
        try:
            proven = work()
        except ComityError as error:
            self._note(what, file=file, wrong=error.message)
            return None
        self._note(what, file=file, wrong=None)
        return proven

    def _note(self, what: str, *, file: str | None, wrong: str | None) -> None:
        ok, detail = wrong is None, wrong or ""
        self.checks.append(Check(what=what, file=file, ok=ok, detail=detail, stage=self.stage))
