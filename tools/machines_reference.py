"""Write the two machines into docs/spec/09-connectors.md from the tables the program runs by.

One row for each state and step: who sends it, and from whom it is taken. Run by ``make
docs-machines``; tests/tidy checks that the committed page is what this writes.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from comity.sharing.lifecycle import (
    NEGOTIATION_SENDS,
    NEGOTIATION_TAKES,
    TRANSFER_RESUMED,
    TRANSFER_SENDS,
    Table,
)
from comity.sharing.model import Role

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "spec" / "09-connectors.md"
BEGIN: Final = "<!-- machines -->\n"
END: Final = "<!-- /machines -->\n"
_LETTERS: Final = {Role.CONSUMER: "C", Role.PROVIDER: "P"}


def rows(sends: Table, takes: Table) -> Iterator[str]:
    """Yield the rows of one machine: from, step, who sends it, from whom it is taken, to."""
    yield "| From | Step | Sends | Is taken from | To |"
    yield "|---|---|---|---|---|"
    seen = dict.fromkeys((state, step) for state, _, step in takes)
    for state, step in seen:
        to = next(takes[state, role, step] for role in Role if (state, role, step) in takes)
        told = [
            ", ".join(_LETTERS[role] for role in Role if (state, role, step) in table)
            for table in (sends, takes)
        ]
        begins = "-" if state is None else str(state)
        yield f"| {begins} | {step} | {told[0]} | {told[1]} | {to} |"


def machines() -> str:
    """Return what stands between the two marks of the page."""
    resumed = {**TRANSFER_SENDS, **TRANSFER_RESUMED}
    lines = [
        "",
        "Negotiation:",
        "",
        *rows(NEGOTIATION_SENDS, NEGOTIATION_TAKES),
        "",
        "Transfer (the start from STARTED follows a consumer's resumption alone, 9.4.3):",
        "",
        *rows(resumed, resumed),
        "",
    ]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Return the page with the machines as they are."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{machines()}{END}{after}"


def main(arguments: Sequence[str]) -> int:
    """Print the machines, or write the page."""
    if "--write" in arguments:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(machines())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
