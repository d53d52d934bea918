"""Journey 2 in a real browser: a desk officer starts a framework, a negotiator tables it."""

from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, Person, World

#: Start, title, keep: what it takes to hold a draft that could be tabled as it is.
ACTIONS_TO_A_DRAFT = 4
#: From the draft: look at it as they will see it, table it.
ACTIONS_TO_TABLE = 2

ODD = """OUR FRAMEWORK

Article 1
Term

This Framework remains in force for ten years.

Article 3
Entry

It enters into force on the date of the last signature.
"""
TITLES = dict(
    zip(VIEWS, ("for Cooperation", "for Exchange", "for Research", "for Relief"), strict=True)
)


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("introduced")


def started(person: Person, title: str) -> None:
    person.visit("/drafts")
    person.count()
    person.follow("Start a text")
    person.write("Title", title)
    person.click("Framework for Cooperation", role="radio")
    person.click("Start the draft")
    person.sees("Nothing of it has left")


@pytest.mark.parametrize("view", VIEWS)
def test_from_nothing_to_the_table_in_a_few_actions(world: World, enter: Enter, view: str) -> None:
    desk = enter(world.a, "desk_officer", view=view)
    desk.visit("/drafts")
    desk.check_page()
    desk.visit("/drafts/new")
    desk.check_page()
    desk.picture(f"drafting-start-{view}")
    started(desk, f"Framework {TITLES[view]}")
    assert desk.actions <= ACTIONS_TO_A_DRAFT
    desk.sees("The agreement runs for 10 years.")
    desk.check_page()
    address = desk.page.url.removeprefix(desk.base)
    desk.picture(f"drafting-draft-{view}")
    desk.follow("Whole text")
    desk.check_page()
    desk.follow("Unit by unit")
    desk.check_page()

    chief = enter(world.a, "negotiator", view=view)
    chief.visit(address)
    chief.count()
    chief.follow("As they will see it; table it")
    chief.sees("binds nobody")
    chief.check_page()
    chief.picture(f"drafting-table-{view}")
    chief.click("Table it now")
    assert chief.actions <= ACTIONS_TO_TABLE
    chief.sees("Tabled: entry")


def test_what_was_not_understood_is_marked_and_what_is_said_is_offered(
    world: World, enter: Enter
) -> None:
    desk = enter(world.a, "desk_officer")
    desk.visit("/drafts/new")
    desk.write("Title", "Odd")
    desk.page.get_by_label("Paste it").check()
    desk.page.get_by_label("Text", exact=True).fill(ODD)
    desk.click("Start the draft")
    desk.sees("Number 2 is missing before Article 3")
    assert "Article 3" in desk.page.locator("mark").inner_text()
    desk.sees("The text seems to say")
    desk.check_page()
    desk.picture("drafting-pasted")
    desk.click("Take all of these over")
    desk.sees("The agreement runs for 10 years.")
    desk.follow("Change Duration")
    desk.check_page()
    desk.picture("drafting-field")
    desk.write("Years", "12")
    desk.write("Its words", "in force for twelve years")
    desk.page.get_by_label("Also change the text").check()
    desk.click("Keep")
    desk.sees("The agreement runs for 12 years.")
    assert "for twelve years" in desk.page.get_by_label("Text of the draft").input_value()
    for name in ("Area of cooperation", "Suspension", "Third parties", "Scale of markings"):
        desk.follow(name)
        desk.check_page()
        desk.page.go_back()
