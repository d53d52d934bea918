"""Journeys 6 and 7 in a real browser: may I send this, and the release officer's one page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, Person, World

#: To the answer: the marking, where the rest has one value. To the wish: file, bring it in, ask.
ASKING_ACTIONS_MAX = 1
OFFERING_ACTIONS_MAX = 3
DECIDING_ACTIONS_MAX = 2


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("in_force")


def describe(person: Person, *, marking: str = "PARTNERS") -> None:
    """Choose what the agreement leaves open: kind and purpose have only one value here."""
    person.choose("Marking", marking)


def test_a_file_goes_from_a_desk_to_the_other_side_by_pages_alone(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "survey of the strait.pdf"
    file.write_bytes(bytes(range(256)) * 4096 * 48)
    desk = enter(world.a, "desk_officer")
    desk.visit("/share")
    desk.count()
    describe(desk)
    desk.sees("Ask the release officer.")
    assert desk.actions <= ASKING_ACTIONS_MAX
    desk.check_page()
    desk.picture("share-ask")
    desk.count()
    desk.page.get_by_label("File").set_input_files(file)
    desk.actions += 1
    desk.sees("48.0 MiB")
    desk.click("Bring it in and go on")
    desk.page.wait_for_url("**/items/**")
    desk.click("Ask the release officer")
    desk.sees("It waits for the release officer now.")
    assert desk.actions <= OFFERING_ACTIONS_MAX
    desk.check_page()
    desk.picture("share-item")

    decide(enter(world.a, "release_officer"))
    receive(enter(world.b, "desk_officer"), file)


def decide(officer: Person) -> None:
    """Release what waits, with all facts before the eyes."""
    officer.visit("/releases")
    officer.check_page()
    officer.count()
    officer.follow("survey of the strait.pdf")
    officer.sees("Yes, if you release it.")
    officer.check_page()
    officer.picture("release-decide")
    officer.click(officer.page.get_by_role("button", name="Release", exact=True))
    officer.sees("both gateways are open")
    assert officer.actions <= DECIDING_ACTIONS_MAX


def receive(there: Person, file: Path) -> None:
    """Fetch what was released, save it, and see that it is what was sent."""
    there.visit("/received")
    there.check_page()
    there.picture("received")
    there.click("Fetch")
    there.sees("Received.")
    there.check_page()
    with there.page.expect_download() as saving:
        there.page.get_by_role("link", name="Save the file").click()
    saved = saving.value
    assert saved.suggested_filename == file.name
    assert Path(saved.path()).read_bytes() == file.read_bytes()
    there.follow("The transfer")
    there.sees("Why is it in this state?")
    there.check_page()
    there.picture("transfer")


def test_a_no_is_said_while_the_form_is_filled_in_and_nothing_is_sent(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "secret.pdf"
    file.write_bytes(b"secret")
    desk = enter(world.a, "desk_officer")
    desk.visit("/share")
    describe(desk, marking="RESTRICTED")
    desk.sees("the marking is above the permitted level")
    desk.page.get_by_label("File").set_input_files(file)
    desk.expect_refusal()
    desk.click("Bring it in and go on")
    desk.sees("The file was not brought in.")
    assert desk.page.get_by_label("Marking").input_value() == "RESTRICTED"
    desk.check_page()


def test_a_file_larger_than_the_disk_is_refused_where_it_was_chosen(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    desk = enter(world.a, "desk_officer")
    desk.visit("/share")
    describe(desk)
    desk.page.get_by_label("File").set_input_files(huge)
    desk.sees("larger than there is room for")


def test_a_transfer_can_be_stopped_by_the_person_and_leaves_nothing(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(1 << 30)
    desk = enter(world.a, "desk_officer")
    desk.visit("/share")
    describe(desk)
    desk.page.get_by_label("File").set_input_files(big)
    desk.click("Bring it in and go on")
    desk.page.get_by_role("button", name="Stop").click()
    desk.sees("Stopped. Nothing was kept.")


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_of_sharing_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    desk = enter(world.b, "desk_officer", view=view)
    for path in (
        "/share",
        "/items",
        "/releases",
        "/releases?status=all",
        "/received",
        "/received/now",
        "/transfers",
        "/transfers?what=contracts",
        "/held",
        "/rulings",
    ):
        desk.visit(path)
        desk.check_page()


def test_everything_works_without_script(world: World, enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "plain.txt"
    file.write_text("plain")
    made = wait_for(world.a.call("accounts.link", official="desk_officer"))
    first = enter(world.a, "desk_officer")
    browser = first.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(str(made["link"]))
    page.get_by_role("button", name="Log in").click()
    page.goto(first.base + "/share")
    page.get_by_label("Marking").select_option("OPEN")
    page.get_by_role("button", name="Only ask").click()
    page.get_by_text("Ask the release officer.").first.wait_for()
    assert page.get_by_label("Kind").input_value() == "report"
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Bring it in and go on").click()
    page.wait_for_url("**/items/**")
    page.get_by_role("button", name="Ask the release officer").click()
    page.get_by_text("It waits for the release officer now.").wait_for()
    context.close()


def test_a_gibibyte_dropped_on_the_page_needs_no_more_memory_than_a_byte(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(1 << 30)
    desk = enter(world.a, "desk_officer")
    desk.visit("/share")
    describe(desk)
    before = memory_most(world)
    desk.page.get_by_label("File").set_input_files(big)
    desk.click("Bring it in and go on")
    desk.page.wait_for_url("**/items/**", timeout=120_000)
    desk.sees("1.0 GiB")
    assert memory_most(world) - before < MEMORY_MORE_BYTES


MEMORY_MORE_BYTES = 100 << 20


def memory_most(world: World) -> int:
    """Return the most memory that A's node ever held, in bytes."""
    assert world.a.process is not None
    status = Path(f"/proc/{world.a.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10
