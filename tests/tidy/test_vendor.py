"""Third-party files are what their source published: each hash stands beside them."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "tests/browser/vendor",)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_nobody_changed_a_file_that_others_published(folder: Path) -> None:
    said = set(re.findall(r"\b[0-9a-f]{64}\b", (folder / "README.md").read_text()))
    files = [path for path in folder.rglob("*") if path.suffix in {".js", ".css"}]
    assert files
    assert {sha256(path.read_bytes()).hexdigest() for path in files} == said
    assert all((path.parent / "LICENSE").is_file() for path in files)
