"""Journey 10 in a real browser: two engineers side by side pair their nodes, and see that it works.

Letters go as files from one window to the other, the fingerprint is read out in one and typed in
the other, and on each side two persons sign the acceptance with their own keys.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import STRANGERS, wait_for
from browser.person import VIEWS, Enter, Person, World
from support.processes import Served, end

#: agreements.md D6, 15: guided, with the comparison of fingerprints. Save our letter; choose
#: theirs, read it; go to the field, type what they read out, compare; from the first page go to
#: the request, save it, choose the signature, hand it in; go to the node's page, call them.
LETTER_ACTIONS_MAX = 1
READING_ACTIONS_MAX = 2
COMPARING_ACTIONS_MAX = 3
ACCEPTING_ACTIONS_MAX = 4
CALLING_ACTIONS_MAX = 2
APPOINTING = ("mandate_holder", "legal_adviser")


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    world = world_at(STRANGERS)

    async def engineers() -> None:
        for party in (world.a, world.b):
            card = {"id": "engineer", "name": f"Engineer of {party.name}", "office": "Operations"}
            await party.call("officials.add", card=card, roles=["engineer"])

    wait_for(engineers())
    return world


def letter_of(engineer: Person, place: Path) -> Path:
    """Save the letter of a party, to be brought to the other one by hand."""
    engineer.visit("/pair")
    engineer.check_page()
    engineer.count()
    with engineer.page.expect_download() as saving:
        engineer.click("Save our letter as a file")
    assert engineer.actions <= LETTER_ACTIONS_MAX
    letter = place / saving.value.suggested_filename
    saving.value.save_as(letter)
    return letter


def read(engineer: Person, letter: Path) -> str:
    """Read the letter that came; return the fingerprint as it is read out."""
    engineer.visit("/pair")
    engineer.count()
    engineer.page.get_by_label("Their letter").set_input_files(letter)
    engineer.actions += 1
    engineer.click("Read the letter")
    assert engineer.actions <= READING_ACTIONS_MAX
    engineer.sees("The letter is whole, and its seal holds.")
    engineer.check_page()
    engineer.click(engineer.page.get_by_text("Show ours, to read it out"))
    return engineer.page.locator("strong.digest").inner_text()


def compare(engineer: Person, heard: str) -> str:
    """Type what was heard, wrong at first; return the id of the request to accept."""
    engineer.count()
    engineer.follow("Type what they read out")
    assert not engineer.reads(heard), "ours stands where theirs is typed"
    engineer.check_page()
    engineer.write("Eight groups of four digits", misheard(heard))
    engineer.expect_refusal()
    engineer.click("Compare")
    engineer.sees("differ")
    engineer.check_page()
    engineer.picture("pairing-misheard")
    assert engineer.page.get_by_label("Eight groups").input_value() == misheard(heard)
    engineer.write("Eight groups of four digits", heard.replace(" ", ""))
    engineer.click("Compare")
    assert engineer.actions - 2 <= COMPARING_ACTIONS_MAX  # the slip cost two
    engineer.sees("The fingerprints agree")
    return engineer.page.url.rpartition("/")[2]


def misheard(groups: str) -> str:
    """Return the digits with one of them heard wrongly."""
    return f"{groups[:-1]}{(int(groups[-1]) + 1) % 10}"


def accept(enter: Enter, party: Served, place: Path) -> None:
    """Let both appointing officials accept, each from the own first page and with the own key."""
    for who in APPOINTING:
        person = enter(party, who)
        person.count()
        person.click(person.page.locator("td a[href^='/requests/']"))
        with person.page.expect_download() as saving:
            person.follow("Save the request as a file")
        request = json.loads(Path(saving.value.path()).read_bytes())
        signature = place / f"{party.name}-{who}.jws"
        signature.write_bytes(party.signature(request, who))
        person.page.get_by_label("The signature file (.jws)").set_input_files(signature)
        person.actions += 1
        person.click("Hand in the signature")
        assert person.actions <= ACCEPTING_ACTIONS_MAX
        person.sees("The signature is in")
        person.check_page()


def test_two_engineers_who_never_met_pair_their_nodes_side_by_side(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    one, two = (enter(party, "engineer") for party in (world.a, world.b))
    letters = [letter_of(engineer, tmp_path) for engineer in (one, two)]
    said, seen = read(one, letters[1]), read(two, letters[0])
    assert said == seen, "they look at the same two letters"
    two.picture("pairing-read-out")
    compare(one, seen)
    compare(two, said)

    accept(enter, world.a, tmp_path)
    one.visit("/health")
    one.sees("not accepted by them yet")
    one.sees("They have our letter, and two of their officials accept it.")
    one.check_page()
    two.visit("/pair")
    two.sees("compared; waits for two persons' signatures")
    two.check_page()

    accept(enter, world.b, tmp_path)
    for engineer, them in ((two, world.a), (one, world.b)):
        engineer.visit("/")
        engineer.count()
        engineer.follow("Node")
        engineer.click(f"Call them now: {them.name}")
        engineer.sees("answers: everything is in order.")
        assert engineer.reads(f"{them.name} answers: everything is in order.")
        assert engineer.actions <= CALLING_ACTIONS_MAX
        engineer.check_page()
        engineer.visit("/pair")
        engineer.sees("paired")
        engineer.check_page()
        engineer.follow(them.name)
        engineer.sees("the record of the relationship has begun")
        engineer.check_page()
    one.visit("/health")
    one.sees("all delivered")
    one.picture("pairing-health")
    away(world, enter)


def away(world: World, enter: Enter) -> None:
    """B's node goes away: whoever asks is told that, and who must act."""
    end([world.b])
    for view in VIEWS:
        engineer = enter(world.a, "engineer", view=view)
        engineer.visit("/health")
        engineer.click(f"Call them now: {world.b.name}")
        engineer.sees("Not reached.")
        engineer.sees("Their node does not answer at the address of its letter.")
        engineer.check_page()
