"""Coming in, in a real browser."""

from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, World


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("introduced")


@pytest.mark.parametrize("view", VIEWS)
def test_the_first_page_can_be_read_by_everybody(world: World, enter: Enter, view: str) -> None:
    person = enter(world.a, "negotiator", view=view)
    person.sees("What needs me")
    person.check_page()


def test_who_logs_out_leaves_nothing_behind_in_the_browser(world: World, enter: Enter) -> None:
    person = enter(world.a, "negotiator")
    person.click("Log out")
    person.check_page()
    person.expect_refusal()
    person.visit("/")
    assert person.reads("For the first time")
    assert not person.reads("What needs me")


def test_a_page_that_is_not_for_me_says_so_and_leads_back(world: World, enter: Enter) -> None:
    person = enter(world.a, "negotiator")
    person.expect_refusal()
    person.visit("/house")
    person.sees("This is not allowed.")
    person.check_page()
    person.follow("To the first page")
    person.sees("What needs me")
