"""What is written about the code is there, is complete, and says the same as the code."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import errors_reference
import machines_reference
import sdk_methods
from tidy.house import PACKAGE, ROOT, errors, modules, texts

DECISIONS: Final = ROOT / "docs" / "decisions"
SPEC: Final = ROOT / "docs" / "spec"
STATUS: Final = re.compile(
    r"^- Status: (proposed|accepted|superseded by (?P<by>\d{4}))$", re.MULTILINE
)
DATE: Final = re.compile(r"^- Date: \d{4}-\d{2}-\d{2}$", re.MULTILINE)
LINK: Final = re.compile(
    r"(?<!!)\[[^\]]+\]\((?!https?:|mailto:|#)(?P<target>[^)#\s]+)(?:#[^)]*)?\)"
)
PICTURE: Final = re.compile(r"!\[[^\]]+\]\((?P<target>[^)#\s]+)\)")
PICTURES: Final = ROOT / "docs" / "guides" / "pictures"
PICTURES_BYTES_MAX: Final = 3 << 20
CLAUSE: Final = re.compile(
    r"^(?:#{1,6}\s+|\s*[-*]\s+\**|\s*\*\*)(?P<number>\d+(?:\.\d+)+)\.?\**(?=\s)", re.MULTILINE
)
# As a docstring says it: the word, then numbers, the first part of each that of the page.
CITED: Final = re.compile(
    r"\bspec,?\s+(?:clauses?\s+)?"
    r"(?P<numbers>\d+(?:\.\d+)+(?:(?:,| and| to|,\s+and)\s+\d+(?:\.\d+)+)*)"
)
ARCHITECTURE_LINES_MAX: Final = 300


def records() -> list[Path]:
    return sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("record", [pytest.param(path, id=path.stem) for path in records()])
def test_a_decision_has_a_status_a_date_and_a_place_in_the_index(record: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", record.stem)
    text = record.read_text(encoding="utf-8")
    status = STATUS.search(text)
    assert status, "a line like '- Status: accepted'"
    assert DATE.search(text), "a line like '- Date: 2026-11-23'"
    if status["by"]:
        assert list(DECISIONS.glob(f"{status['by']}-*.md")), "superseded by a record that exists"
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert f"({record.name})" in index, "the index lists it"


def test_decision_numbers_are_used_once() -> None:
    numbers = [record.name[:4] for record in records()]
    assert len(numbers) == len(set(numbers))


def test_the_methods_of_the_sdk_are_those_of_the_table() -> None:
    """Or: PYTHONPATH=src python tools/sdk_methods.py --write."""
    for place, text in sdk_methods.modules().items():
        assert place.read_text(encoding="utf-8") == text, f"{place.name} is stale: make docs"


def test_the_page_of_errors_is_what_the_code_raises() -> None:
    found = errors()
    assert not found.problems
    page = ROOT / "docs" / "reference" / "errors.md"
    assert page.read_text(encoding="utf-8") == errors_reference.page(found), "run: make docs-errors"


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    page = ROOT / "docs" / "reference" / "cli.md"
    written = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "cli_reference.py")],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    assert page.read_text(encoding="utf-8") == written.stdout, "run: make docs-cli"


def test_the_machines_in_the_specification_are_those_the_program_runs_by() -> None:
    for path, text in machines_reference.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run: make docs-machines"
    written = (SPEC / "09-connectors.md").read_text(encoding="utf-8")
    assert written == machines_reference.page(written), "run: make docs-machines"
    assert machines_reference.BEGIN in written


def clauses(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [found["number"] for found in CLAUSE.finditer(text)]


def test_a_cited_clause_of_the_specification_exists() -> None:
    known = {number for path in SPEC.glob("[0-9]*.md") for number in clauses(path)}
    cited = {
        f"{module.name}: spec {number}"
        for module in modules("src", "tests")
        for found in CITED.finditer(module.text)
        for number in re.findall(r"\d+(?:\.\d+)+", found["numbers"])
        if number not in known
    }
    assert not sorted(cited)


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in sorted(SPEC.glob("[0-9]*.md"))]
)
def test_a_clause_number_stands_for_one_clause_of_its_page(path: Path) -> None:
    numbers = clauses(path)
    assert numbers, "clauses are numbered"
    assert sorted(set(numbers)) == sorted(numbers), "each number once"
    page = str(int(path.name[:2]))
    assert not [number for number in numbers if number.partition(".")[0] != page]


def test_a_link_between_documents_leads_somewhere() -> None:
    broken = []
    for name, text in texts():
        if not name.endswith(".md"):
            continue
        for link in LINK.finditer(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            target = (ROOT / name).parent / link["target"]
            if not target.exists():
                broken.append(f"{name}: {link['target']}")
    assert not broken


def test_a_picture_is_there_where_it_is_shown_and_shown_where_it_is() -> None:
    shown = {
        ((ROOT / name).parent / found["target"]).resolve()
        for name, text in texts()
        if name.endswith(".md")
        for found in PICTURE.finditer(text)
    }
    there = set(PICTURES.glob("*.png"))
    assert sorted(shown - there) == [], "make pictures"
    assert sorted(there - shown) == [], "no page shows it"
    assert sum(path.stat().st_size for path in there) <= PICTURES_BYTES_MAX


def test_the_map_is_short_enough_to_be_read() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= ARCHITECTURE_LINES_MAX


def test_the_map_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    assert not [room for room in rooms if f"`{room}`" not in text]


def test_every_spec_page_is_in_the_spec_index() -> None:
    index = SPEC / "README.md"
    pages = [path.name for path in SPEC.glob("[0-9]*.md")]
    assert pages
    listed = index.read_text(encoding="utf-8")
    assert not [page for page in pages if f"({page})" not in listed]


def test_every_test_that_the_specification_names_is_there() -> None:
    named = [
        (path.name, *found)
        for path in sorted(SPEC.glob("*.md"))
        for found in re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", path.read_text("utf-8"))
    ]
    assert len(named) > 10, "the hard cases name their tests"
    for page, file, test in named:
        source = ROOT / file
        assert source.is_file(), f"{page}: {file}"
        assert f"def {test}(" in source.read_text("utf-8"), f"{page}: {test}"
