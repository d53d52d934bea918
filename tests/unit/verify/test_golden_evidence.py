"""If this breaks, evidence that was handed out yesterday is no evidence any more."""

from pathlib import Path
from typing import Final

from comity.verify import read_archive, verify_archive, write_archive

VECTORS: Final = Path(__file__).resolve().parents[2] / "vectors" / "evidence"


def letters() -> list[bytes]:
    return [(VECTORS / f"{side}.letter").read_bytes() for side in "ab"]


def test_evidence_of_the_first_version_still_verifies_and_says_the_same() -> None:
    report = verify_archive((VECTORS / "transfer.comity-evidence").read_bytes(), trust=letters())
    assert report.verdict == "verified", report.lines
    said = "\n".join(report.facts) + "\n"
    assert said == (VECTORS / "report.txt").read_text(encoding="utf-8")


def test_packed_anew_it_comes_out_with_the_same_files() -> None:
    files = read_archive((VECTORS / "transfer.comity-evidence").read_bytes())
    assert read_archive(write_archive(files)) == files
