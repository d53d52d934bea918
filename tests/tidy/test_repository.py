"""What must not be in the repository, and the form of its change notes."""

import re
from typing import Final

import pytest

from tidy.house import ROOT, files, lines_matching, texts

# Put together here, so that this file does not contain what it looks for.
MACHINE_PATH: Final = re.compile(
    r"(?<![\w.:/-])/(?:" + "home|root|Users|work|mnt|workspace" + r")/\w"
)
INDEX_HOST: Final = re.compile(
    "|".join(["pypi" + r"\.org", "python" + r"hosted\.", "npmjs" + r"\.(?:com|org)", "unp" + "kg"])
    + r"|(?<![\w-])--(?:extra-)?index"
    + r"-url\b"
)
CHANGE_NAME: Final = re.compile(
    r"\d+(?:\.(?:\d+|[a-z]+))?\.(security|added|changed|fixed|removed)\.md"
)
CHANGELOG_HEADING: Final = re.compile(
    r"## (?:\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)|Not yet released)"
)
SECRET: Final = re.compile("-----BEGIN (?:[A-Z]+ )*" + r"PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")


def test_no_path_of_somebodys_machine() -> None:
    assert not lines_matching(MACHINE_PATH)


def test_no_address_of_a_package_index() -> None:
    assert not lines_matching(INDEX_HOST)


@pytest.mark.parametrize("name", ["runtime", "build", "dev"])
def test_locked_requirements_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not INDEX_HOST.search(text)
    assert "://" not in text
    pinned = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)
    assert not [entry[:60] for entry in pinned if "--hash=sha256:" not in entry]


def test_no_private_key_in_the_repository() -> None:
    assert not [
        name for name, text in texts() if SECRET.search(text) and not name.startswith("tests/")
    ]


def test_a_change_is_told_to_its_reader() -> None:
    notes = [path for path in files() if path.parent == ROOT / "changes"]
    for note in notes:
        if note.name == "README.md":
            continue
        assert CHANGE_NAME.fullmatch(note.name), f"changes/{note.name}: see changes/README.md"
        text = note.read_text(encoding="utf-8").strip()
        assert text.endswith("."), f"changes/{note.name} is a sentence"
        assert "\n\n" not in text, f"changes/{note.name} is one paragraph"
        assert not text.startswith(("#", "-", "*")), f"changes/{note.name} is plain words"


def test_the_changelog_names_version_and_day() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings
    assert not [line for line in headings if not CHANGELOG_HEADING.fullmatch(line)]


def test_an_executable_script_says_what_runs_it() -> None:
    scripts = [ROOT / "tools" / "setup", ROOT / "tools" / "lock", ROOT / ".ci" / "run"]
    for script in scripts:
        assert script.stat().st_mode & 0o111, f"{script.name} is not executable"
        assert script.read_bytes().startswith(b"#!"), f"{script.name} names no interpreter"


def test_a_test_that_needs_shared_data_finds_it_by_the_fixture() -> None:
    direct = lines_matching(re.compile(r"\.\./" + "shared"), suffix=".py")
    assert not [line for line in direct if not line.startswith(("tests/conftest.py", "bench/"))]
