"""Promises between two parties in a real browser: made, claimed, acknowledged by those who may."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, Person, World
from comity.foundation.members import rows
from support.processes import settled
from unit.node.test_calendars import answer

#: The width at which a list must not be moved sideways.
LAPTOP_PX = 1200
PLACES = (
    *("bodies", "meetings", "commitments", "statements", "projects", "authorisations"),
    *("controls", "retransfers", "endchecks"),
)
#: From a saved answer to what it does: page, file, hand in, confirm.
CALENDAR_ACTIONS_MAX = 4


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("in_force")


def test_a_promise_is_made_kept_and_acknowledged_in_the_pages(world: World, enter: Enter) -> None:
    ours, theirs = enter(world.a, "desk_officer"), enter(world.b, "desk_officer")
    ours.follow("Coordination")
    ours.follow("Commitments")
    ours.check_page()
    ours.follow("Propose a commitment")
    ours.check_page()
    ours.choose_first("Under which article")
    ours.write("What is to be done", "A joint catalogue of charts")
    ours.write("How both see that it was done", "It lists all charts of both.")
    ours.page.get_by_label("Due").fill("2036-06-30")
    ours.click("Propose it")
    ours.sees("proposed, not answered")
    ours.check_page()
    theirs.visit("/")
    theirs.sees("They propose a commitment: accept or decline it.")
    theirs.follow("A joint catalogue of charts")
    theirs.click("Accept it")
    theirs.sees("From now on it is owed.")
    theirs.check_page()
    ours.page.reload()
    ours.write("What shows it", "entry 12")
    ours.click("Claim that it is fulfilled")
    ours.sees("claimed as fulfilled")
    theirs.visit("/")
    theirs.follow("A joint catalogue of charts")
    theirs.choose("It was", "kept")
    theirs.click("Say what it comes to")
    theirs.sees("Nothing, in its present state.")
    theirs.picture("commitment-kept")


@pytest.mark.parametrize("view", VIEWS)
def test_every_list_of_coordination_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    wait_for(_promised(world))
    person = enter(world.b, "mandate_holder", view=view)
    for place in PLACES:
        person.visit(f"/{place}")
        person.check_page()
    person.visit("/commitments")
    person.click(person.page.get_by_role("link", name=re.compile("A list of contacts")).first)
    person.check_page()


async def _promised(world: World) -> None:
    known = await world.a.call("commitments")
    if any(row["title"] == "A list of contacts" for row in rows(known, "commitments")):
        return
    await world.a.call(
        "commitments.propose",
        who="desk_officer",
        counterpart=world.b.did,
        instrument=world.instrument,
        unit="Article 2",
        title="A list of contacts",
        test="Both hold it.",
        performer="us",
        beneficiary="them",
        due="2036-06-30",
    )


def test_a_meeting_is_arranged_held_and_recorded_in_the_pages(world: World, enter: Enter) -> None:
    ours, theirs = enter(world.a, "desk_officer"), enter(world.b, "desk_officer")
    ours.visit("/meetings/new")
    ours.check_page()
    ours.choose_first("Under which article")
    ours.write("What it is called", "First talks on charts")
    ours.page.get_by_label("Begins").fill("2036-02-01T10:00")
    ours.page.get_by_label("Ends").fill("2036-02-01T12:00")
    ours.write("Where", "Harbour House")
    ours.click("Propose it")
    ours.check_page()
    theirs.visit("/")
    theirs.sees("They propose a time: confirm it, or name another.")
    theirs.follow("First talks on charts")
    theirs.click("Confirm this time and place")
    theirs.write("A new item", "Charts of the strait")
    theirs.click("Add it to the agenda")
    theirs.sees("raised by us")
    ours.page.reload()
    ours.click("Consent to this item")
    for label in ("Agree to the agenda as it is", "Open the meeting"):
        for person in (ours, theirs):
            person.page.reload()
            person.click(label)
    theirs.sees("What came of it")
    theirs.check_page()
    theirs.write("What came of it", "Both send their charts.")
    theirs.click("Write it down")
    ours.page.reload()
    ours.click("Concur in it")
    ours.sees("agreed by both")
    for person in (ours, theirs):
        person.page.reload()
        person.click("Close the meeting")
    ours.page.reload()
    ours.write("1. Charts of the strait", "Both will send their charts by June.")
    ours.click("Draft the record")
    theirs.page.reload()
    theirs.click(theirs.page.get_by_role("button", name=re.compile("Take their text")))
    for person in (theirs, ours):
        person.page.reload()
        person.click("Agree to the record as it is")
    ours.sees("record agreed")
    ours.check_page()
    ours.picture("meeting-record")


def test_an_officer_decides_a_transfer_with_all_facts_on_one_page(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    role = "technology_security_officer"
    ours, theirs = enter(world.a, role), enter(world.b, role)
    decision = tmp_path / "decision.pdf"
    decision.write_bytes(b"The Licensing Office decides.")
    _ask(ours)
    ours.sees("Nothing crosses by that.")
    ours.write("Licensing authority", "Licensing Office")
    ours.write("Case number", "C-17")
    ours.click("Hand it to the authority")
    ours.page.get_by_text("Enter the decision for it").first.click()
    ours.write("Number of the decision", "L-4")
    ours.page.get_by_label("Day of the decision").first.fill(
        dt.datetime.now(tz=dt.UTC).date().isoformat()
    )
    ours.page.get_by_label("The document of the decision").first.set_input_files(decision)
    ours.write("Assurance that is asked", "For the survey alone.")
    ours.write("No more than so many", "1")
    ours.write("Provisos in words", "Two persons carry it.")
    ours.click("Enter the decision for it")
    ours.sees("not assured yet")
    ours.check_page()
    theirs.visit("/")
    theirs.sees("It is approved: give the assurance that was asked for.")
    theirs.follow("A sonar for the survey")
    theirs.sees("Two persons carry it.")
    theirs.write("Assurance that is asked", "For the survey alone.")
    theirs.click("Give the assurance")
    theirs.click("Accept the provisos")
    theirs.sees("active")
    theirs.check_page()
    theirs.picture("authorisation-active")
    _read_on_a_laptop(ours)


def _ask(ours: Person) -> None:
    ours.visit("/authorisations/new")
    ours.check_page()
    ours.choose_first("Under which article")
    ours.write("What it is called", "A sonar for the survey")
    ours.write("Classes of items", "Munitions List: ML 9.c")
    ours.page.get_by_label("Whose items").select_option("us")
    ours.write("For which use", "The survey of the strait.")
    ours.expect_refusal()
    ours.click("Ask for it")
    ours.sees("Neither side has classified anything as")
    ours.page.get_by_label("The classes are right").check()
    ours.check_page()
    ours.click("Ask for it")


def _read_on_a_laptop(ours: Person) -> None:
    ours.page.set_viewport_size({"width": LAPTOP_PX, "height": 800})
    ours.visit("/authorisations")
    ours.check_page()
    cut = "(list) => list.scrollWidth - list.clientWidth"
    assert ours.page.locator(".scroll").evaluate(cut) <= 0, "columns are cut"


def test_an_invitation_is_saved_and_its_answer_is_done_only_once_the_person_confirms_it(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    wait_for(_invited(world))
    theirs = enter(world.b, "desk_officer", view="phone-dark")
    theirs.visit("/")
    theirs.follow("Talks by calendar")
    theirs.page.locator("summary", has_text="Let it ask me for an answer").click()
    theirs.write("My mail address there", "anna@berevan.example")
    theirs.click("Make the file ask")
    theirs.check_page()
    with theirs.page.expect_download() as saving:
        theirs.page.get_by_role("link", name="File for my calendar program").click()
    invitation = Path(saving.value.path()).read_bytes().decode()
    assert saving.value.suggested_filename.endswith(".ics")
    reply = tmp_path / "reply.ics"
    reply.write_bytes(answer(invitation).encode())
    theirs.count()
    theirs.follow("Hand in its answer")
    theirs.page.get_by_label("The answer, a file ending in .ics").set_input_files(reply)
    theirs.actions += 1
    theirs.click("Hand it in")
    theirs.sees("Nothing is done before you confirm it below.")
    theirs.check_page()
    ours = enter(world.a, "desk_officer")
    ours.visit("/meetings?state=open")
    ours.follow("Talks by calendar")
    assert not ours.reads("confirmed, agenda open"), "an answer that was read did something"
    theirs.click("Do it")
    assert theirs.actions <= CALENDAR_ACTIONS_MAX
    theirs.sees("confirmed, agenda open")
    theirs.check_page()
    ours.page.reload()
    ours.sees("confirmed, agenda open")


async def _invited(world: World) -> None:
    await world.a.call(
        "meetings.propose",
        who="desk_officer",
        counterpart=world.b.did,
        instrument=world.instrument,
        unit="Article 2",
        title="Talks by calendar",
        place="Harbour House",
        start="2036-03-01T10:00",
        end="2036-03-01T12:00",
        zone="Europe/Paris",
    )
    await settled(world.a, world.b)
