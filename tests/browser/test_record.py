"""Journey 8 in a real browser: the auditor reads the record and verifies evidence on one page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from browser.person import VIEWS, Enter, World

#: agreements.md D6, 13: one page, no trust in a node. To an archive's verdict: choose it, verify.
VERIFYING_ACTIONS_MAX = 2
#: From the record's first page to what one entry says, with who cosigned it when.
READING_ACTIONS_MAX = 2


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("in_force")


def test_an_auditor_reads_the_record_entry_by_entry_and_checks_it(
    world: World, enter: Enter
) -> None:
    auditor = enter(world.a, "legal_adviser")
    auditor.visit("/record")
    auditor.check_page()
    auditor.count()
    auditor.follow("Berevan")
    auditor.sees("sealed the conclusion")
    auditor.check_page()
    auditor.picture("record-both")
    auditor.click(auditor.page.locator("td.act a").first)
    auditor.sees("What it says")
    assert auditor.actions <= READING_ACTIONS_MAX
    auditor.page.locator("summary").first.click()
    auditor.check_page()
    auditor.picture("record-entry")

    auditor.follow("Cosigned heads")
    auditor.sees("localhost:9543/comity/mirror")
    auditor.check_page()
    auditor.follow("Checks")
    auditor.sees("equal, signatures hold")
    auditor.check_page()
    auditor.picture("record-checks")
    auditor.click("Replay both logs")
    auditor.sees("give the state in use")
    auditor.check_page()


def test_evidence_is_verified_on_one_page_by_the_other_side(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    auditor = enter(world.a, "legal_adviser")
    auditor.visit("/evidence")
    auditor.check_page()
    with auditor.page.expect_download() as saving:
        auditor.page.get_by_role("link", name="Save the archive").first.click()
    archive = tmp_path / saving.value.suggested_filename
    saving.value.save_as(archive)
    there = enter(world.b, "desk_officer")
    there.visit("/evidence")
    there.count()
    there.page.get_by_label("Archive of evidence").set_input_files(archive)
    there.actions += 1
    there.click(there.page.get_by_role("button", name="Verify", exact=True))
    there.sees("Verified: everything holds")
    assert there.actions <= VERIFYING_ACTIONS_MAX
    there.check_page()
    there.picture("evidence-verified")


def test_an_archive_that_was_changed_is_told_apart(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.zip"
    changed.write_bytes(b"PK, and no more")
    person = enter(world.a, "desk_officer")
    person.visit("/evidence")
    person.page.get_by_label("Archive of evidence").set_input_files(changed)
    person.click(person.page.get_by_role("button", name="Verify", exact=True))
    person.sees("Not verified.")
    person.check_page()


@pytest.mark.parametrize("view", VIEWS)
def test_the_record_reads_in_every_light_and_width(world: World, enter: Enter, view: str) -> None:
    reader = enter(world.a, "mandate_holder", view=view)
    for path in ("/record", "/evidence", "/house", f"/agreements/{world.instrument}/history"):
        reader.visit(path)
        reader.check_page()
    reader.visit("/record")
    reader.follow("Berevan")
    reader.check_page()
    reader.follow("Checks")
    reader.check_page()
