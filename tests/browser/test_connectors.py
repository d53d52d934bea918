"""Registered connectors in a real browser: parties without a record between them, by pages alone.

Both nodes run as users run them: TLS with a pinned key, tokens of the key pinned at registration.
"""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from browser.conftest import STRANGERS, wait_for
from browser.person import VIEWS, Enter, Person, World
from support.processes import Served

#: From the inbox to the agreement: open it, agree.
DECIDING_ACTIONS_MAX = 2
PLAYBOOK = """[[rule]]
role = "consumer"
process = "negotiation"
on = "AGREED"
do = "verify"
reason = "We confirm what is as we asked for it."
"""


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at(STRANGERS)


def own(party: Served) -> dict[str, str]:
    """Return what a party hands to the operator of the other connector."""
    told = wait_for(party.call("dataspace.own"))
    return {name: str(value) for name, value in told.items()}


def register(officer: Person, theirs: dict[str, str], *, name: str) -> None:
    """Fill the form in, with what the other side handed over."""
    officer.visit("/connectors/new")
    officer.check_page()
    officer.write("Name", name)
    officer.write("Participant id", theirs["participant"])
    officer.write("Address of its Dataspace Protocol", theirs["base"])
    officer.write("Its public key", theirs["key"])
    officer.write("Pin of its TLS key", theirs["pin"])
    officer.write("Agreement", "Harbour Arrangement")
    officer.page.get_by_label("Article", exact=True).fill("Article 6")
    officer.write("Marking scale", "OPEN\nPARTNERS")
    officer.write("Highest marking", "PARTNERS")
    officer.click("Propose it")
    officer.sees("It holds once another person has confirmed exactly this.")
    officer.check_page()


def confirm(party: Served) -> None:
    """Let the second person confirm what waits."""
    waiting = wait_for(party.call("dataspace.proposals"))["proposals"]
    assert isinstance(waiting, list)
    (waits,) = waiting
    assert isinstance(waits, dict)
    told = {"proposal": waits["proposal"], "digest": waits["digest"]}
    wait_for(party.call("dataspace.confirm", who="legal_adviser", **told))


def bring_in(desk: Served, file: Path) -> None:
    """Bring a file in; the page for that is another journey's."""
    words = {"area": "information", "kind": "report", "marking": "OPEN", "purpose": "planning"}
    client = desk.client("desk_officer")
    with file.open("rb") as content:
        client.upload("items.add", content, {"name": file.name, "title": "Depths", **words})


def test_a_file_goes_to_a_foreign_connector_and_every_page_says_why_it_waits(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    file = tmp_path / "depths.csv"
    file.write_bytes(bytes(range(256)) * 4096 * 8)
    bring_in(world.a, file)
    giver = enter(world.a, "release_officer")
    register(giver, own(world.b), name="Berevan Harbour Office")
    confirm(world.a)
    register(enter(world.b, "release_officer"), own(world.a), name="Port of Aldoria")
    confirm(world.b)

    giver.visit("/items")
    giver.follow("Depths")
    giver.page.get_by_text("Release it to a connector").click()
    giver.click("Release to the connector")
    giver.sees("Released under Article 6.")
    giver.check_page()

    taker = enter(world.b, "desk_officer")
    ask_for_it(taker)
    decide(giver)
    watch(taker, giver, file)


def ask_for_it(taker: Person) -> None:
    taker.visit("/connectors")
    taker.follow("Port of Aldoria")
    taker.follow("What it offers us now")
    taker.check_page()
    taker.follow("Ask for it")
    taker.check_page()
    taker.choose("Marking", "OPEN")
    taker.click("Ask for it")
    taker.sees("Asked for. The answer is theirs; this page shows it.")
    taker.sees("The next step is theirs.")
    taker.check_page()


def decide(giver: Person) -> None:
    """Agree to what waits, from the first screen."""
    giver.visit("/")
    giver.sees("A step with a registered connector waits for a person.")
    giver.visit("/exchanges/inbox")
    giver.sees("It is our turn, and no rule of the playbook acts")
    giver.check_page()
    giver.picture("connector-inbox")
    giver.count()
    giver.follow("All facts, or end it")
    giver.check_page()
    giver.picture("connector-exchange")
    giver.click("Agree to the contract")
    giver.sees("Done. Our message is on its way")
    assert giver.actions <= DECIDING_ACTIONS_MAX
    giver.sees("the provider has agreed")


def watch(taker: Person, giver: Person, file: Path) -> None:
    """Confirm, conclude, open, fetch and declare complete: each page goes on by itself."""
    taker.sees("the provider has agreed")
    taker.click("Confirm the agreement")
    giver.sees("the consumer has confirmed it")
    giver.click("Conclude the contract")
    taker.sees("the contract stands")
    taker.visit("/connectors/contracts")
    taker.check_page()
    taker.click("Ask for the data")
    taker.sees("the data is asked for")
    giver.visit("/exchanges/inbox")
    giver.click("Open the data")
    giver.sees("The next step is theirs.")
    taker.sees("It is our turn, and no rule of the playbook acts")
    taker.click("Fetch the data")
    taker.sees("All bytes are here and checked")
    taker.check_page()
    with taker.page.expect_download() as saving:
        taker.page.get_by_role("link", name="Save the file").click()
    assert Path(saving.value.path()).read_bytes() == file.read_bytes()
    taker.click("Declare it complete")
    taker.sees("Nothing more happens in it.")
    giver.sees("They declared it complete.")


def test_a_playbook_is_tried_and_switched_on_with_the_keyboard(world: World, enter: Enter) -> None:
    officer = enter(world.b, "release_officer")
    officer.visit("/playbook")
    officer.page.get_by_label("Rules").fill(PLAYBOOK)
    officer.tab_to("Try it")
    officer.key("Enter")
    officer.sees("What the text below would do now")
    officer.check_page()
    assert officer.page.get_by_label("Rules").input_value() == PLAYBOOK
    officer.tab_to("Switch on")
    officer.key("Enter")
    officer.sees("Switched on.")
    officer.sees("Confirm the agreement.")
    officer.check_page()


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_of_connectors_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    theirs = quote(own(world.b)["participant"])
    last = wait_for(world.a.call("dataspace.exchanges"))["exchanges"]
    assert isinstance(last, list)
    officer = enter(world.a, "release_officer", view=view)
    for path in (
        "/connectors",
        "/connectors/new",
        f"/connector?of={theirs}",
        f"/connector/ask?of={theirs}",
        "/connectors/offered",
        "/connectors/contracts",
        "/exchanges/inbox",
        "/exchanges?state=all",
        *(f"/exchanges/{one['exchange']}" for one in last),
        "/playbook",
    ):
        officer.visit(path)
        officer.check_page()


def test_nothing_of_it_needs_a_script(world: World, enter: Enter) -> None:
    made = wait_for(world.a.call("accounts.link", official="release_officer"))
    first = enter(world.a, "release_officer")
    browser = first.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(str(made["link"]))
    page.get_by_role("button", name="Log in").click()
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    page.goto(f"{origin}/connectors/new")
    key = {**json.loads(own(world.b)["key"]), "d": "AAAA"}
    page.get_by_label("Its public key").fill(json.dumps(key))
    for label in ("Name", "Agreement", "Marking scale", "Highest marking"):
        page.get_by_label(label).first.fill("OPEN")
    page.get_by_label("Participant id").first.fill("did:web:c.example")
    page.get_by_label("Article", exact=True).fill("Article 6")
    page.get_by_label("Address of its Dataspace Protocol").fill("https://c.example/dsp")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("and never d, which is the private half").first.wait_for()
    assert page.get_by_label("Participant id").first.input_value() == "did:web:c.example"
    context.close()
