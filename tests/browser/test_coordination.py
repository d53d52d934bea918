"""Promises between two parties in a real browser: made, claimed, acknowledged by those who may."""

import re
from collections.abc import Callable

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, World
from comity.foundation.members import rows


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
    theirs.click("Say what it comes to")
    theirs.sees("Nothing, in its present state.")
    theirs.picture("commitment-kept")


@pytest.mark.parametrize("view", VIEWS)
def test_every_list_of_coordination_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    wait_for(_promised(world))
    person = enter(world.b, "mandate_holder", view=view)
    for place in ("bodies", "meetings", "commitments", "projects", "authorisations", "controls"):
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
