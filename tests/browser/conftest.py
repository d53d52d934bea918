"""Real Chromium before two served nodes: what a person sees, types and is told.

Each module asks for a world at a stage of the story; both nodes run as users run them, on loopback.
Whatever a page does behind a person's back fails the test: an error in the console, a request to
another origin, a violation that axe-core finds.
"""

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.person import Enter, Person, World
from support.processes import Killer, Served, end
from support.stages import at_stage

T = TypeVar("T")

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
#: Without these Chromium calls out for itself.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage",),
)


def wait_for(work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine returns; Playwright holds this thread's own loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    wanted = (os.environ.get("COMITY_CHROMIUM", ""), *CHROMIUM)
    program = next((path for path in wanted if path and Path(path).exists()), None)
    assert program is not None, "no Chromium: run tools/browser"
    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=program, headless=True, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def world_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], World]]:
    """Return what serves both nodes at a stage; they are ended by their pids."""
    running: list[Served] = []

    def make(stage: str) -> World:
        root = tmp_path_factory.mktemp(stage)

        async def prepare() -> World:
            pair = await at_stage(stage, root)
            await pair.close()
            killer = Killer(rng=random.Random(0), left=0)
            made = [
                Served(name=p.name, folder=p.folder, people=p.people, killer=killer)
                for p in (pair.a, pair.b)
            ]
            running.extend(made)
            for party in made:
                await party.serve()
            return World(a=made[0], b=made[1], instrument=pair.instrument)

        return wait_for(prepare())

    yield make
    end(running)


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Enter]:
    """Return what lets an official log in by a link, in a browser window of their own."""
    people: list[Person] = []

    def log_in(party: Served, official: str, *, view: str = "desktop-light") -> Person:
        made = wait_for(party.call("accounts.link", official=official))
        person = Person.open(chromium, link=str(made["link"]), view=view)
        people.append(person)
        return person

    yield log_in
    for person in people:
        person.close()
