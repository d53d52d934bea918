"""The consolidated text as people read it: brackets where alternatives stand, statuses beside.

Agreed units print exactly as they will in the clean text. Every other unit is followed by its
status and by whose position is awaited. Source: agreements.md D3.3; spec 5.3.8.
"""

from collections.abc import Mapping

from comity.agreements.model import printed
from comity.agreements.negotiation import Status
from comity.agreements.texts import UnitView
from comity.agreements.views import InstrumentView


def consolidated_text(shown: InstrumentView, *, names: Mapping[str, str] | None = None) -> str:
    """Return the text with brackets and statuses.

    Args:
        shown: The instrument.
        names: What to call each party in brackets; A and B, as the text names them, if not given.
    """
    called = names or dict(zip(shown.opening.parties, "AB", strict=True))
    return "".join(_unit(unit, called) for unit in shown.units)


def _unit(unit: UnitView, names: Mapping[str, str]) -> str:
    texts = {
        each.digest: (each.by, printed(each.content), each.content.deleted)
        for each in unit.alternatives
    }
    if unit.status in {Status.AGREED, Status.CLOSED}:
        return "".join(text for _, text, _ in texts.values())
    last = next((text for _, text, gone in texts.values() if not gone), "\n")
    tail = last[len(last.rstrip()) :] or "\n"
    bodies = {
        digest: "(deleted)" if gone else text.rstrip() for digest, (_, text, gone) in texts.items()
    }
    if len(bodies) == 1 and unit.agreed is not None:
        body = next(iter(bodies.values()))
    else:
        sides = (
            f"{' and '.join(names[party] for party in by)}: {bodies[digest].strip()}"
            for digest, (by, _, _) in texts.items()
        )
        body = f"{_lead(bodies)}[{' | '.join(sides)}]"
    return f"{body} {_remark(unit, names)}{tail}"


def _lead(bodies: Mapping[str, str]) -> str:
    """Return the white space before the first alternative: the bracket stands after it."""
    first = next(iter(bodies.values()), "")
    return first[: len(first) - len(first.lstrip())]


def _remark(unit: UnitView, names: Mapping[str, str]) -> str:
    said = [str(unit.status).replace("_", " ")]
    said.extend(f"{names[party]}: {kind} reserve" for party, kind in unit.reserves.items())
    if unit.turn:
        said.append(f"awaiting {' and '.join(names[party] for party in unit.turn)}")
    return f"({'; '.join(said)})"
