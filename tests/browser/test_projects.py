"""Journey 11 in a real browser: a project from its proposal to its closing, in both widths."""

from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, Person, World

#: To propose: title, purpose, sponsor, user, date, button. To answer: from the first page on.
PROPOSING_ACTIONS_MAX = 7
ANSWERING_ACTIONS_MAX = 4
#: A side that foresees no controlled item ticks that, and enters it.
EMPTY_SHEET_ACTIONS_MAX = 2
CLAIMING_ACTIONS_MAX = 3
TITLE = "Buoys that report ice"


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("arranged")


def folded(person: Person, label: str) -> None:
    """Open what is folded under a label."""
    person.actions += 1
    person.page.locator("summary", has_text=label).first.click()


def again(*people: Person) -> None:
    """Look at the page anew."""
    for person in people:
        person.page.reload()


def test_a_project_is_run_from_its_proposal_to_its_closing(world: World, enter: Enter) -> None:
    ours = enter(world.a, "project_officer")
    theirs = enter(world.b, "project_officer", view="phone-dark")
    ours.follow("Coordination")
    ours.follow("Projects")
    ours.check_page()
    ours.follow("Propose a project")
    ours.check_page()
    propose(ours)
    answer(theirs)
    for person in (ours, theirs):
        person.page.reload()
        person.click("Sign the statement of intent")
    sheets(world, enter, ours)
    arrange(ours, theirs)
    work(ours, theirs)
    register(ours, theirs)
    close(ours, theirs)


def propose(ours: Person) -> None:
    ours.count()
    ours.choose_first("Under which article")
    ours.write("What is it called", TITLE)
    ours.write("What it is for", "Twelve buoys warn both coasts of ice a day earlier.")
    ours.write("Our sponsor", "Ministry of Ports")
    ours.write("Our user", "Coast Guard")
    ours.page.get_by_label("Answer asked for by").fill("2036-06-30")
    ours.actions += 1
    ours.click("Propose it")
    assert ours.actions <= PROPOSING_ACTIONS_MAX
    ours.sees("The proposal has waited 0 days for its answer; both sides see this.")
    ours.check_page()


def answer(theirs: Person) -> None:
    theirs.visit("/")
    theirs.sees("They propose a project: explore it, or decline it.")
    theirs.count()
    theirs.follow(TITLE)
    theirs.sees("The proposal has waited 0 days for its answer; both sides see this.")
    theirs.check_page()
    theirs.write("Our sponsor", "Fisheries Board")
    theirs.write("Our user", "Ice Service")
    theirs.click("Explore it")
    assert theirs.actions <= ANSWERING_ACTIONS_MAX


def sheets(world: World, enter: Enter, ours: Person) -> None:
    """Enter what is controlled, each side its own; nothing is spent before."""
    mine = enter(world.a, "technology_security_officer", view="phone-light")
    other = enter(world.b, "technology_security_officer", view="desktop-dark")
    path = "/" + ours.page.url.split("/", maxsplit=3)[3].split("?", maxsplit=1)[0]
    for person in (mine, other):
        person.visit(f"{path}/sheet")
        person.check_page()
    for label, words in (
        ("Item", "Pressure sensor"),
        ("Control list", "Aldorian control list"),
        ("Code on that list", "6A001"),
        ("Edition of the list", "2026-1"),
        ("Who decided", "Technology Security Officer"),
        ("On which conditions", "Not to be opened."),
    ):
        mine.type(mine.page.get_by_label(label, exact=True), words)
    mine.choose("The project needs it", "yes")
    mine.click("Enter our sheet")
    mine.sees("6A001")
    mine.check_page()
    other.page.reload()
    other.count()
    other.click("No controlled item is foreseen", role="checkbox")
    other.click("Enter our sheet")
    assert other.actions <= EMPTY_SHEET_ACTIONS_MAX
    other.sees("no controlled item is foreseen")
    other.check_page()


def arrange(ours: Person, theirs: Person) -> None:
    again(ours)
    folded(ours, "Name the arrangement")
    ours.choose_first("Which article of which instrument")
    ours.click("Name the arrangement")
    ours.follow("To the plan")
    ours.check_page()
    ours.type(ours.page.get_by_label("Milestone", exact=True), "Hull")
    ours.write("How both see that it is reached", "It floats.")
    ours.page.get_by_label("Due").first.fill("2036-03-31")
    plan = ours.page.url
    ours.click("More rows")
    ours.sees("Milestone 7")
    assert ours.page.url == plan, "the way back would miss a page"
    assert ours.page.locator("#title-0").input_value() == "Hull"
    for ground in ("background", "foreground"):
        rights(ours, f"#{ground}-")
    ours.write("Amount", "250000.00")
    ours.write("Currency", "EUR")
    ours.click("Put up this plan")
    ours.check_page()
    again(theirs)
    theirs.follow("To the plan")
    theirs.check_page()
    theirs.click("Agree to this plan")
    theirs.follow("Way")
    theirs.click("Approve arrangement and plan")
    folded(theirs, "Take our word back")
    theirs.check_page()
    theirs.click("Take our word back")
    theirs.sees("took back a word")
    for person in (theirs, ours):
        person.follow("Way")
        person.click("Approve arrangement and plan")
    ours.click("Begin the work")
    ours.sees("at work")


def rights(person: Person, prefix: str) -> None:
    """Choose what the other party may do; nothing is chosen beforehand."""
    for name in ("within", "outside", "onward"):
        person.page.locator(f"{prefix}{name}").select_option("consent")


def work(ours: Person, theirs: Person) -> None:
    """Reach a milestone; the other side accepts it."""
    ours.follow("Plan")
    ours.count()
    folded(ours, "Claim Hull")
    ours.write("What shows it", "report 4")
    ours.click("Claim Hull")
    assert ours.actions <= CLAIMING_ACTIONS_MAX
    theirs.follow("Plan")
    theirs.check_page()
    theirs.click("Accept Hull")
    theirs.check_page()


def register(ours: Person, theirs: Person) -> None:
    """Keep what the project makes with its rights, and lend something that comes back."""
    ours.follow("Register and loans")
    ours.check_page()
    folded(ours, "Enter an item")
    ours.choose("Kind", "foreground")
    ours.choose("Owner", "both")
    ours.type(ours.page.get_by_label("Item", exact=True), "Ice model")
    rights(ours, "#")
    ours.click("Enter an item")
    theirs.follow("Register and loans")
    theirs.click("Confirm Ice model")
    theirs.check_page()
    again(ours)
    folded(ours, "Lend something")
    ours.write("Thing", "Test buoy")
    ours.page.get_by_label("Due back").fill("2036-02-01")
    ours.click("Lend something")
    again(theirs)
    theirs.click("Test buoy has arrived")
    again(ours)
    ours.click("Test buoy is back")
    ours.check_page()
    ours.picture("project-register")


def close(ours: Person, theirs: Person) -> None:
    for person in (ours, theirs):
        person.follow("Way")
        folded(person, "Begin to close it")
        person.click("Begin to close it")
    for person in (ours, theirs):
        person.page.reload()
        person.choose("Transfer authorisations", "none")
        person.click("Close it")
    again(ours)
    for person in (ours, theirs):
        person.sees("Nothing, in its present state.")
        person.check_page()
    ours.follow("Projects")
    ours.sees("closed")


@pytest.mark.parametrize("view", VIEWS)
def test_every_part_of_a_project_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "mandate_holder", view=view)
    person.visit("/projects")
    person.follow(TITLE)
    person.check_page()
    for part in ("Exportability", "Plan", "Register and loans"):
        person.follow(part)
        person.check_page()
