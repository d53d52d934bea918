"""Measure what the README promises about speed, and print it with what the machine is.

``make bench`` prints the tables and writes them to build/bench-results.md, ready for
bench/RESULTS.md; named measures alone where some are named (``make bench-dsp``). Ratios inside one
run say more than figures across machines.
"""

import datetime as dt
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import facts
from lines import Line, NotYetError

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "build" / "bench-results.md"
MEASURES: Final = (
    "appends.measure",
    "processes.cli_start",
    "processes.node_start",
    "nodes.measure",
    "dataplane.measure",
    "pages.measure",
    "years.measure",
)


def measured(name: str) -> list[Line]:
    """Return what one measure found; a module that cannot be loaded yet is no failure."""
    module, _, function = name.partition(".")
    try:
        measure: Callable[[], list[Line]] = getattr(importlib.import_module(module), function)
    except ImportError as error:
        raise NotYetError(f"{name}: {error}") from error
    return measure()


def table(lines: list[Line], missing: list[str]) -> str:
    """Return what was measured as a section of RESULTS.md."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    parts = [f"## {today}", "", "| What | Figure | Beside it | Ratio |", "|---|---|---|---|"]
    parts += [f"| {line.what} | {line.figure} | {line.beside} | {line.ratio} |" for line in lines]
    parts += ["", *(f"Not measured: {reason}" for reason in missing), ""] if missing else [""]
    parts += ["Machine: " + "; ".join(f"{name} {value}" for name, value in facts.machine()) + "."]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Measure one thing after another; what does not exist yet is said and left out."""
    lines: list[Line] = []
    missing: list[str] = []
    for name in sys.argv[1:] or MEASURES:
        try:
            found = measured(name)
        except (NotYetError, NotImplementedError) as error:
            reason = str(error) or name
            sys.stderr.write(f"not measured: {reason}\n")
            missing.append(reason)
            continue
        lines += found
        for line in found:
            print(f"{line.what}: {line.figure}  {line.beside}  {line.ratio}".rstrip())
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table(lines, missing), encoding="utf-8")
    print(f"\n{table(lines, missing)}\nwritten to {RESULTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
