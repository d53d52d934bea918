"""Journey 10 in a real browser: a joint statement from its first word to its signed page."""

import re
import time
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Build, Enter, Person, World
from comity.foundation import base64url
from comity.node.clock import SystemClock
from comity.verify import verify_archive
from support.processes import settled
from support.statements import FRENCH, adopted
from support.two_nodes import Pair

TITLE = "Charts of the strait"
#: To begin: title, button. To clear: from the first page, the statement and the button.
BEGINNING_ACTIONS_MAX = 3
CLEARING_ACTIONS_MAX = 2
#: Time, channel, button.
ORDERING_ACTIONS_MAX = 3
OUT_S_MAX = 90
EMBARGO_S = 12


@pytest.fixture(scope="module")
def world(world_at: Build) -> World:
    return world_at("in_force", texts)


async def texts(pair: Pair) -> None:
    """Negotiate and adopt a text in two languages."""
    await adopted(pair)
    await adopted(pair, FRENCH, "Déclaration conjointe sur les cartes")


def address(person: Person) -> str:
    """Return where a person is, without what follows a question mark."""
    return "/" + person.page.url.split("/", maxsplit=3)[3].split("?", maxsplit=1)[0]


def test_a_statement_is_marked_cleared_by_both_released_at_its_time_and_verified(
    world: World, enter: Enter
) -> None:
    ours = enter(world.a, "desk_officer")
    theirs = enter(world.b, "desk_officer", view="phone-dark")
    path = begin(ours)
    agree(ours, theirs)
    marks(ours, theirs, path)
    clear(world, enter, path)
    order(ours, theirs, path)
    release(world, ours, theirs, path)
    verify(world, ours)
    read_out(ours, theirs, path)
    correct(ours, theirs, path)


def begin(ours: Person) -> str:
    ours.follow("Coordination")
    ours.follow("Statements")
    ours.check_page()
    ours.follow("Begin a statement")
    ours.check_page()
    ours.count()
    ours.choose_first("Under which article")
    ours.write("What it is called", TITLE)
    ours.click("Begin it")
    assert ours.actions <= BEGINNING_ACTIONS_MAX
    ours.sees("Nothing is public before both sides have released it.")
    ours.check_page()
    return address(ours)


def agree(ours: Person, theirs: Person) -> None:
    ours.page.get_by_label("Joint statement on charts").check()
    ours.page.get_by_label("Déclaration conjointe sur les cartes").check()
    ours.choose("Sentences are marked in", "en")
    ours.click("Say its texts")
    ours.sees("We ask for these texts")
    theirs.visit("/")
    theirs.sees("Its text is to be agreed by us.")
    theirs.follow(TITLE)
    theirs.check_page()
    theirs.click("Agree to their texts")
    theirs.sees("text agreed, not cleared")
    theirs.check_page()


def marks(ours: Person, theirs: Person, path: str) -> None:
    """Say of every sentence what it is; the one that commits becomes a commitment."""
    for numbers, mark in (("12", "welcomed"), ("3", "reaffirmed"), ("5", "aspiration")):
        ours.visit(f"{path}/sentences")
        for number in numbers:
            ours.page.locator(f'input[name="sentences"][value="{number}"]').check()
        ours.choose("Each is", mark)
        ours.click("Mark them")
    ours.check_page()
    ours.page.locator('input[name="sentences"][value="4"]').check()
    ours.choose("Each is", "committed")
    ours.page.locator("summary", has_text="Where it commits").click()
    ours.choose("Who does it", "us")
    ours.choose("For whom", "them")
    ours.page.get_by_label("Due").fill("2036-06-30")
    ours.click("Mark them")
    ours.sees("A mark counts once both have said the same.")
    ours.check_page()
    theirs.visit(f"{path}/sentences")
    theirs.check_page()
    theirs.click("Say the same as they do")
    assert not theirs.reads("not yet"), "a sentence is not marked alike"
    theirs.check_page()
    ours.page.reload()
    ours.picture("statement-sentences")


def clear(world: World, enter: Enter, path: str) -> None:
    """Clear it four times; before the last nobody can order its release."""
    people = [
        (world.a, "press_officer", "Clear it as press", "desktop-light"),
        (world.a, "legal_adviser", "Clear it as legal", "phone-light"),
        (world.b, "press_officer", "Clear it as press", "desktop-dark"),
        (world.b, "legal_adviser", "Clear it as legal", "phone-dark"),
    ]
    for party, who, label, view in people:
        person = enter(party, who, view=view)
        person.visit("/")
        person.sees("It is to be cleared by our press or legal people.")
        person.count()
        person.follow(TITLE)
        assert address(person) == path
        assert not person.reads("Order its release"), "ordered without all clearances"
        person.check_page()
        person.click(label)
        assert person.actions <= CLEARING_ACTIONS_MAX
        person.sees("exactly as it stands")
        person.check_page()


def order(ours: Person, theirs: Person, path: str) -> None:
    ours.visit(path)
    ours.count()
    ours.page.get_by_label("When").fill("2036-02-01T10:00")
    ours.actions += 1
    ours.write("Where", "Ministry site")
    ours.click("Order its release")
    assert ours.actions <= ORDERING_ACTIONS_MAX
    ours.sees("We ordered, they have not agreed:")
    ours.check_page()
    theirs.visit("/")
    theirs.sees("It is cleared: order its release, or agree to theirs.")
    theirs.follow(TITLE)
    theirs.click("Agree to this time")
    theirs.sees("Embargo: it is released in")
    assert theirs.page.get_by_role("button", name="Release it for our side").count() == 0
    theirs.check_page()
    ours.page.reload()
    ours.picture("statement-embargo")


def release(world: World, ours: Person, theirs: Person, path: str) -> None:
    """Let both order an hour that comes soon; both nodes release it then, by themselves."""
    wait_for(_soon(world, path))
    theirs.visit(path)
    theirs.click("Agree to this time")
    end_s = time.monotonic() + OUT_S_MAX
    for person in (ours, theirs):
        while not person.reads("out, released by both"):
            assert time.monotonic() < end_s, "it was not released at its time"
            person.visit(path)
        person.check_page()


async def _soon(world: World, path: str) -> None:
    at = str(SystemClock().now().plus(EMBARGO_S))
    name = path.rpartition("/")[2]
    await world.a.call(
        "statements.order",
        who="desk_officer",
        statement=name,
        at=at,
        channels=["Ministry site"],
        languages=["en", "fr"],
    )
    await settled(world.a, world.b)


def verify(world: World, ours: Person) -> None:
    """Save the signed page; anyone verifies it with the letters alone."""
    with ours.page.expect_download() as saving:
        ours.page.get_by_role("link", name="Save the page that names us first").click()
    assert saving.value.suggested_filename == f"{TITLE}.html"
    page = Path(saving.value.path()).read_bytes()
    letters = [wait_for(party.call("letters.export")) for party in (world.a, world.b)]
    trust = [base64url.decode(str(each["letter"]), what="letter") for each in letters]
    report = verify_archive(page, trust=trust)
    assert report.ok, report.lines
    ours.click(ours.page.get_by_role("link", name=re.compile("commitment 1")))
    ours.sees("owed")
    ours.check_page()


def read_out(ours: Person, theirs: Person, path: str) -> None:
    ours.visit(f"{path}/readouts")
    ours.check_page()
    ours.page.locator("summary", has_text="Issue a read-out").click()
    ours.write("What it is called", "Our account of the talks")
    ours.write("What we say", "The two Parties met at Harbour House. Aldoria may send charts.")
    ours.click("Issue a read-out")
    theirs.visit(f"{path}/readouts")
    theirs.sees("unilateral")
    theirs.follow("Our account of the talks")
    theirs.sees("Aldoria alone says this; it is not agreed.")
    theirs.sees("left out by the read-out")
    theirs.check_page()


def correct(ours: Person, theirs: Person, path: str) -> None:
    ours.visit(path)
    ours.page.locator("summary", has_text="Ask for an erratum").click()
    ours.write("English", "Read: in two years.")
    ours.write("French", "Lire : dans deux ans.")
    ours.click("Ask for an erratum")
    ours.check_page()
    theirs.visit(path)
    theirs.click("Accept their erratum")
    theirs.sees("out, with an erratum")
    theirs.check_page()


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_of_statements_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "mandate_holder", view=view)
    person.visit("/statements")
    person.check_page()
    person.follow(TITLE)
    person.check_page()
    for part in ("Sentences", "Read-outs", "Our account of the talks"):
        person.follow(part)
        person.check_page()
