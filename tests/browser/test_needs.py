"""Journey 5 in a real browser: what needs me, the gravest first; each row leads to the act."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, Person, World
from support.framework import FIELDS, TEXT
from support.processes import Served

#: agreements.md D6, 5: one list, sorted by consequence. From a row to the act that was asked for:
#: the row, then the act; a draft is looked at once more; a signature is a file.
ACTIONS_MAX = 2
TABLING_ACTIONS_MAX = 3
SIGNING_ACTIONS_MAX = 3
OURS, THEIRS = "Understanding on Charts", "Understanding on Weather"


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    """Return a world in which much waits for B, the least urgent first."""
    world = world_at("initialled")

    async def pile_up() -> None:
        await draft(world.b, world.a, OURS)
        made = await draft(world.a, world.b, THEIRS)
        await world.a.call("agreements.table", who="negotiator", instrument=made)
        now = dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
        until = now + dt.timedelta(hours=2)
        await world.a.call(
            "agreements.window",
            who="negotiator",
            instrument=world.instrument,
            opens=stamp(now),
            closes=stamp(until),
        )
        await world.b.call(
            "officials.powers",
            who="mandate_holder",
            official="second",
            acts=["sign"],
            valid_until=stamp(now + dt.timedelta(days=90)),
        )

    wait_for(pile_up())
    return world


def stamp(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


async def draft(party: Served, other: Served, title: str) -> str:
    made = await party.call(
        "agreements.draft",
        who="negotiator",
        text=TEXT,
        fields=FIELDS,
        title=title,
        counterpart=other.did,
    )
    return str(made["instrument"])


def waiting(person: Person) -> list[str]:
    """Return what waits for a person, row by row, as the first page says it."""
    person.visit("/")
    table = person.page.get_by_role("region", name="For you")
    return [" ".join(row.split()) for row in table.locator("tbody tr").all_inner_texts()]


def take(person: Person, title: str) -> None:
    """Follow a row of the first page."""
    person.visit("/")
    person.count()
    person.click(person.page.get_by_role("region", name="For you").get_by_role("link", name=title))


@pytest.mark.parametrize("view", VIEWS)
def test_what_waits_is_read_the_gravest_first_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "negotiator", view=view)
    found = waiting(person)
    grave = ["a window closes", "the other side waits", "our own pace"]
    ranks = [next(rank for rank, words in enumerate(grave) if words in row) for row in found]
    assert ranks == [0, 1, 1, 2]
    person.check_page()
    person.picture(f"needs-{view}")
    person.follow("For you (4)")
    person.check_page()
    person.follow("Waits for the other side")
    person.check_page()


def test_every_row_leads_to_where_it_is_done_and_is_gone_when_it_is(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    person = enter(world.b, "negotiator")
    window, talk, turn, own = waiting(person)
    assert "Framework for Cooperation" in window
    take(person, "Framework for Cooperation")
    person.click("Agree to the window")
    assert person.actions <= ACTIONS_MAX
    person.sees("Both agreed to it")

    assert waiting(person) == [talk, turn, own]
    take(person, THEIRS)
    person.click("Agree to talk")
    assert person.actions <= ACTIONS_MAX
    assert waiting(person) == [turn, own]
    take(person, THEIRS)
    assert person.reads("Your turn"), "the row leads to the text that waits for an answer"

    take(person, OURS)
    person.follow("As they will see it; table it")
    person.click("Table it now")
    assert person.actions <= TABLING_ACTIONS_MAX
    assert waiting(person) == [turn]
    person.picture("needs-done")

    adviser = enter(world.b, "legal_adviser")
    (asked,) = waiting(adviser)
    assert "It waits for a personal signature." in asked
    adviser.count()
    adviser.click(adviser.page.locator("td a[href^='/requests/']"))
    with adviser.page.expect_download() as saving:
        adviser.page.get_by_role("link", name="Save the request as a file").click()
    request = json.loads(Path(saving.value.path()).read_bytes())
    signature = tmp_path / "powers.jws"
    signature.write_bytes(world.b.signature(request, "legal_adviser"))
    adviser.page.get_by_label("The signature file (.jws)").set_input_files(signature)
    adviser.actions += 1
    adviser.click("Hand in the signature")
    assert adviser.actions <= SIGNING_ACTIONS_MAX
    assert waiting(adviser) == []
    adviser.sees("Nothing waits for you.")
    adviser.check_page()
