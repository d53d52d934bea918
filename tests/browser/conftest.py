"""Real Chromium before two served nodes: what a person sees, types and is told.

Each module asks for a world at a stage of the story; both nodes run as users run them, on loopback.
Whatever a page does behind a person's back fails the test: an error in the console, a request to
another origin, a violation that axe-core finds.
"""

import asyncio
import fcntl
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.person import Build, Enter, Person, World
from support.processes import Killer, Served, end, founded_pair, know_officials
from support.stages import at_stage
from support.two_nodes import Pair

T = TypeVar("T")

PORTS_WAIT_S = 240
#: Waiting for the ports, two nodes and a browser take longer than a test in process may.
TEST_S_MAX = 300

#: A world of two parties that have not met; every other name is a stage of the story.
STRANGERS = "strangers"

FAILED = pytest.StashKey[bool]()
BUILD = Path(__file__).resolve().parents[2] / "build" / "browser"

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


@contextmanager
def the_ports() -> Iterator[None]:
    """Hold the ports of the story: another run of these tests on this machine waits its turn."""
    with (Path(tempfile.gettempdir()) / "comity-story-ports").open("w") as file:
        end_s = time.monotonic() + PORTS_WAIT_S
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < end_s, "another run holds the ports of the story"
                time.sleep(0.2)
        yield


@pytest.fixture(scope="module")
def world_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Return what serves both nodes at a stage, and further; they are ended by their pids."""
    running: list[Served] = []

    def make(stage: str, then: Callable[[Pair], Awaitable[object]] | None = None) -> World:
        end(running)  # one world at a time: the ports are those of the story
        running.clear()
        root = tmp_path_factory.mktemp(stage)

        async def strangers() -> World:
            pair = founded_pair(root, Killer(rng=random.Random(0), left=0))
            running.extend(party for party in (pair.a, pair.b) if isinstance(party, Served))
            a, b = running
            for party in running:
                await party.serve()
            await know_officials(pair)
            return World(a=a, b=b, instrument="")

        async def prepare() -> World:
            pair = await at_stage(stage, root)
            if then is not None:
                await then(pair)
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

        return wait_for(strangers() if stage == STRANGERS else prepare())

    with the_ports():
        yield make
        end(running)


@pytest.fixture
def enter(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Return what lets an official log in by a link, in a browser window of their own."""
    people: list[Person] = []

    def log_in(party: Served, official: str, *, view: str = "desktop-light") -> Person:
        made = wait_for(party.call("accounts.link", official=official))
        person = Person.open(chromium, link=str(made["link"]), view=view)
        people.append(person)
        return person

    yield log_in
    failed = request.node.stash.get(FAILED, False)
    for number, person in enumerate(people):
        if failed:
            BUILD.mkdir(parents=True, exist_ok=True)
            person.page.screenshot(path=BUILD / f"{request.node.name}-{number}.png", full_page=True)
        person.close(check=not failed)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every browser test the time that it may need, however pytest was called."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(TEST_S_MAX))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that what its people saw last is kept in build/browser."""
    del call
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
