"""Every page that can be reached by links, before axe-core and in every width and light."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Error

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, Person, World
from support.crawl import kind_of
from support.framework import FIELDS, TEXT

#: The first test looks in the light on a desk.
OTHER_VIEWS = [view for view in VIEWS if view != "desktop-light"]
ROLES = ("negotiator", "release_officer", "mandate_holder")
#: Pages that differ by what a person or a measure is called are one kind.
_NAMED = re.compile(r"^(/people|/relationships/\*/evidence)/[^/?]+")
_LINKS = """links => links.filter(link => link.origin === location.origin && !link.download)
.map(link => link.pathname + link.search)"""
#: Fewer kinds than this: a link to half the site is missing.
KINDS_MIN = 40


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    """Return a world with an agreement in force, a draft, and a request that waits."""
    world = world_at("in_force")

    async def more() -> None:
        await world.a.call(
            "agreements.draft",
            who="negotiator",
            text=TEXT,
            fields=FIELDS,
            title="Understanding on Charts",
            counterpart=world.b.did,
        )
        await world.a.call("agreements.suspend", who="signatory", instrument=world.instrument)

    wait_for(more())
    return world


def pages(person: Person) -> Iterator[str]:
    """Open one page of each kind, by the links of those before it; yield its kind."""
    waiting, seen = ["/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = _NAMED.sub(r"\1/*", kind_of(address))
        if kind in seen or address.startswith("/static/"):
            continue
        seen.add(kind)
        try:
            person.visit(address)
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        assert person.page.locator("h1").count() == 1, f"{address} has not one heading"
        waiting += person.page.locator("a[href]").evaluate_all(_LINKS)
        yield kind


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_can_be_read_by_everybody(
    world: World, enter: Enter, role: str
) -> None:
    person = enter(world.a, role)
    kinds, found = [], []
    for kind in pages(person):
        found += person.complaints()
        kinds.append(kind)
    assert found == [], "\n".join(found)
    assert len(kinds) > KINDS_MIN, kinds


def test_every_page_fits_every_width_and_light(world: World, enter: Enter) -> None:
    person = enter(world.a, "mandate_holder")
    found = []
    for _ in pages(person):
        for view in OTHER_VIEWS:
            person.look(view)
            found += [f"{view}: {each}" for each in person.complaints()]
    assert found == [], "\n".join(found)
