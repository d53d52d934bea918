"""What needs me, and the relationship on one page, in a real browser and on paper."""

import re
from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, World


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("in_force")


@pytest.mark.parametrize("view", VIEWS)
def test_the_relationship_can_be_read_by_everybody(world: World, enter: Enter, view: str) -> None:
    person = enter(world.a, "mandate_holder", view=view)
    person.check_page()
    person.follow("Relationships")
    person.check_page()
    person.follow("Berevan")
    person.sees("Compare by telephone")
    person.check_page()
    person.picture(f"relationship-{view}")
    person.follow("one of two")
    person.check_page()


def test_the_timeline_is_reached_and_filtered_by_hand(world: World, enter: Enter) -> None:
    person = enter(world.a, "mandate_holder")
    person.follow("Berevan")
    person.click(person.page.get_by_role("link", name=re.compile("with filters and CSV")))
    person.choose("Group", "life")
    person.click("Show")
    assert person.reads("entered into force")
    assert not person.reads("tabled the first text")
    person.check_page()
    person.picture("relationship-timeline")


def test_the_page_for_a_minister_is_two_sheets_of_paper(world: World, enter: Enter) -> None:
    person = enter(world.b, "mandate_holder")
    person.follow("Aldoria")
    printed = person.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
