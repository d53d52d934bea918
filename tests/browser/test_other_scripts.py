"""Texts in other scripts, words without end and towers of marks, on a telephone."""

import unicodedata
from collections.abc import Callable
from typing import Final

import pytest

from browser.conftest import wait_for
from browser.person import Enter, Person, World
from support.scripts import ARABIC, CHINESE

TOWER: Final = unicodedata.normalize("NFC", "Z" + "\u030d\u0316" * 60)
ODD: Final = f"""{"x" * 3000}

Article 1
{"x" * 190}

{TOWER} {"x" * 9000}

Article 2
{TOWER}

{"https://example.org/" + "a" * 3000}
"""
TEXTS: Final = {"arabic": ARABIC, "chinese": CHINESE, "words without end": ODD}
PARTS: Final = ("", "/reading", "/compare", "/packages", "/tray", "/history", "/conclude")


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("introduced")


def tabled(world: World, name: str) -> str:
    """Let A draft and table a text; return its id."""

    async def story() -> str:
        made = await world.a.call(
            "agreements.draft",
            who="negotiator",
            text=TEXTS[name],
            title=TEXTS[name].partition("\n")[0][:190],
            counterpart=world.b.did,
        )
        instrument = str(made["instrument"])
        await world.a.call("agreements.table", who="negotiator", instrument=instrument)
        return instrument

    return wait_for(story())


def arrived(person: Person, path: str) -> None:
    """Open the text as soon as it has come."""
    for _ in range(100):
        person.visit("/agreements")
        if person.page.locator(f"a[href='{path}']").count():
            person.visit(path)
            return
        person.page.wait_for_timeout(100)
    raise AssertionError("the text did not come")


def fits(person: Person) -> bool:
    return bool(
        person.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_any_script_fits_a_telephone_on_every_page(
    world: World, enter: Enter, name: str
) -> None:
    """Else every line must be pushed sideways to be read to its end."""
    path = f"/agreements/{tabled(world, name)}"
    person = enter(world.b, "negotiator", view="phone-light")
    arrived(person, path)
    for part in PARTS:
        person.visit(path + part)
        assert fits(person), f"{path}{part} must be scrolled sideways"
    person.visit(path)
    person.check_page()
    person.page.locator(".unit a").first.click()
    assert fits(person), person.page.url
    person.visit("/agreements")
    assert fits(person), person.page.url


@pytest.mark.parametrize(("name", "direction"), [("arabic", "rtl"), ("chinese", "ltr")])
def test_a_text_runs_in_its_own_direction_on_a_page_in_english(
    world: World, enter: Enter, name: str, direction: str
) -> None:
    """Else its sentences begin at their end and its full stops stand in front."""
    path = f"/agreements/{tabled(world, name)}"
    person = enter(world.b, "negotiator")
    arrived(person, path)
    texts = person.page.locator(".legal-text").evaluate_all(
        "all => all.map(each => getComputedStyle(each).direction)"
    )
    assert set(texts) == {direction}
    assert person.page.evaluate("getComputedStyle(document.body).direction") == "ltr"
