"""Write the state machines into the specification from the tables the program runs by.

Page 9 has the two machines of sharing: one row for each state and step, who sends it, and from whom
it is taken. Pages 10 and 11 have the machines of things that live by steps: one row for each step.
The schemas of their acts are written beside. Run by ``make docs-machines``; tests/tidy checks that
what is committed is what this writes.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
import msgspec

from comity.coordination import bodies, commitments, meeting_acts, statement_acts
from comity.foundation.deeds import Step
from comity.sharing.lifecycle import (
    NEGOTIATION_SENDS,
    NEGOTIATION_TAKES,
    TRANSFER_RESUMED,
    TRANSFER_SENDS,
    Table,
)
from comity.sharing.model import Role
from comity.technology import (
    authorisation_acts,
    authorisations,
    controls,
    endchecks,
    project_forms,
    project_steps,
    retransfers,
)

ROOT: Final = Path(__file__).resolve().parents[1]
SPEC: Final = ROOT / "docs" / "spec"
PAGE: Final = SPEC / "09-connectors.md"
BEGIN: Final = "<!-- machines -->\n"
END: Final = "<!-- /machines -->\n"
_LETTERS: Final = {Role.CONSUMER: "C", Role.PROVIDER: "P"}


@attrs.frozen(kw_only=True)
class Life:
    """One machine of things that live by steps, with the forms of its acts."""

    family: str
    steps: Mapping[str, Step]
    forms: Mapping[str, type[msgspec.Struct]]


#: By page of the specification and name of its schema, the machines that stand there.
LIVES: Final[Mapping[tuple[str, str], tuple[Life, ...]]] = {
    ("10-coordination.md", "coordination"): (
        Life(family=commitments.FAMILY, steps=commitments.STEPS, forms=commitments.FORMS),
        Life(family=bodies.FAMILY, steps=bodies.STEPS, forms=bodies.FORMS),
        Life(family=meeting_acts.FAMILY, steps=meeting_acts.STEPS, forms=meeting_acts.FORMS),
    ),
    ("13-statements.md", "statements"): (
        Life(family=statement_acts.FAMILY, steps=statement_acts.STEPS, forms=statement_acts.FORMS),
    ),
    ("12-projects.md", "projects"): (
        Life(family=project_steps.FAMILY, steps=project_steps.STEPS, forms=project_forms.FORMS),
    ),
    ("11-authorisations.md", "technology"): (
        Life(family=controls.FAMILY, steps=controls.STEPS, forms=controls.FORMS),
        Life(
            family=authorisations.FAMILY,
            steps=authorisations.STEPS,
            forms=authorisation_acts.FORMS,
        ),
        Life(family=retransfers.FAMILY, steps=retransfers.STEPS, forms=retransfers.FORMS),
        Life(family=endchecks.FAMILY, steps=endchecks.STEPS, forms=endchecks.FORMS),
    ),
}


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
    """Return what stands between the two marks of the page of connectors."""
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
    """Return the page of connectors with the machines as they are."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{machines()}{END}{after}"


def steps_of(life: Life) -> str:
    """Return a machine of steps as a table."""
    lines = ["", "| Step | Who | From | To | Counts once both | Asks the article |"]
    lines.append("|---|---|---|---|---|---|")
    for step in life.steps.values():
        begins = ", ".join(f"`{each}`" for each in step.sources) or "-"
        to = f"`{step.target}`" if step.target else "as it says"
        marks = ["yes" if mark else "" for mark in (step.both, step.ruled)]
        lines.append(f"| `{step.name}` | {step.by} | {begins} | {to} | {marks[0]} | {marks[1]} |")
    return "\n".join([*lines, ""]) + "\n"


def page_of_steps(text: str, lives: Sequence[Life]) -> str:
    """Return a page with the machines of steps as they are."""
    for life in lives:
        begin, end = (f"<!-- {mark}machine {life.family} -->\n" for mark in ("", "/"))
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{steps_of(life)}{end}{after}"
    return text


def schema_of(name: str, lives: Sequence[Life]) -> str:
    """Return the schema of the acts of a page: one definition for each kind."""
    kinds = {f"{life.family}.{step}": form for life in lives for step, form in life.forms.items()}
    forms = list(dict.fromkeys(kinds.values()))
    refs, parts = msgspec.json.schema_components(forms, ref_template="#/$defs/{name}")
    by_form = dict(zip(forms, refs, strict=True))
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:comity:schema:{name}",
        "title": f"The acts of {name} (spec {next(iter(_numbers(name)))})",
        "$defs": {**parts, **{kind: by_form[form] for kind, form in kinds.items()}},
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _numbers(name: str) -> Iterator[str]:
    for page_name, schema in LIVES:
        if schema == name:
            yield page_name.partition("-")[0]


def pages() -> Mapping[Path, str]:
    """Return every file this writes, as it should be."""
    made = {PAGE: page(PAGE.read_text(encoding="utf-8"))}
    for (name, schema), lives in LIVES.items():
        path = SPEC / name
        made[path] = page_of_steps(path.read_text(encoding="utf-8"), lives)
        made[SPEC / "schemas" / f"{schema}.json"] = schema_of(schema, lives)
    return made


def main(arguments: Sequence[str]) -> int:
    """Print what would be written, or write it."""
    for path, text in pages().items():
        if "--write" in arguments:
            path.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
