"""Journeys 3 and 4 in a real browser: the legal reading, and the signatory's one page."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, Person, World
from support.framework import CONDITIONED, RED_LINE, RED_LINE_SENTENCE, UNAFFECTED
from support.processes import Served

#: Clear a unit; hold one with words; sign: save the request, choose the file, hand it in.
CLEARING_ACTIONS_MAX = 2
HOLDING_ACTIONS_MAX = 3
SIGNING_ACTIONS_MAX = 3


@pytest.fixture(scope="module")
def reading(world_at: Callable[[str], World]) -> World:
    """Return a world in which B has conditioned the article on third parties."""
    world = world_at("tabled")

    async def counter() -> None:
        instrument = world.instrument
        await world.a.call(
            "redlines.set", who="mandate_holder", instrument=instrument, lines=RED_LINE
        )
        forms = {}
        for form in ("clean", "fields"):
            got = await world.b.call("agreements.text", instrument=instrument, form=form)
            text = str(got["text"]).replace(UNAFFECTED, CONDITIONED)
            forms[form] = text.replace('relations = "unaffected"', 'relations = "conditioned"')
        await world.b.call(
            "agreements.counter",
            who="negotiator",
            instrument=instrument,
            text=forms["clean"],
            fields=forms["fields"],
        )
        await world.b.call("agreements.table", who="negotiator", instrument=instrument)

    wait_for(counter())
    return world


@pytest.fixture(scope="module")
def initialled(world_at: Callable[[str], World]) -> World:
    return world_at("initialled")


def test_the_legal_adviser_reads_clears_and_holds_unit_by_unit(
    reading: World, enter: Enter
) -> None:
    adviser = enter(reading.a, "legal_adviser")
    adviser.visit(f"/agreements/{reading.instrument}/reading")
    adviser.sees(RED_LINE_SENTENCE)
    adviser.check_page()
    adviser.picture("legal-reading")
    adviser.count()
    adviser.key("j", "c")
    adviser.sees("Cleared:")
    assert adviser.actions <= CLEARING_ACTIONS_MAX
    adviser.visit(f"/agreements/{reading.instrument}/reading?show=breaches")
    adviser.count()
    adviser.key("h")
    adviser.page.keyboard.type("It ties us towards others.")
    adviser.actions += 1
    adviser.click(adviser.page.get_by_role("button", name="Hold"))
    adviser.sees("Held: Article 3")
    assert adviser.actions <= HOLDING_ACTIONS_MAX
    adviser.check_page()


def proposed(world: World, enter: Enter) -> None:
    """Propose and agree a window by the pages, in the zone of the browser."""
    place = f"/agreements/{world.instrument}/conclude"
    ours = enter(world.a, "negotiator")
    ours.visit(place)
    ours.check_page()
    ours.picture("conclude")
    now = dt.datetime.now(tz=dt.UTC) + dt.timedelta(
        hours=5, minutes=29
    )  # Asia/Kolkata, a minute ago
    ours.write("The window opens", now.strftime("%Y-%m-%dT%H:%M"))
    ours.click("Propose a signing window")
    ours.sees("Done: Propose a signing window.")
    theirs = enter(world.b, "negotiator")
    theirs.visit(place)
    theirs.click("Agree to the window")
    theirs.sees("Both agreed to it")


def signs(person: Person, party: Served, who: str, folder: Path) -> None:
    """Save the request, sign it where the key is, hand the signature file in: by keys alone."""
    person.count()
    with person.page.expect_download() as saving:
        focus(person, "Save the request as a file")
        person.key("Enter")
    request = json.loads(Path(saving.value.path()).read_bytes())
    assert request["digest"][:4] in person.page.locator(".groups").first.inner_text()
    signature = folder / f"{who}.jws"
    signature.write_bytes(party.signature(request, who))
    with person.page.expect_file_chooser() as choosing:
        person.page.get_by_label("The signature file (.jws)").focus()
        person.key("Enter")
    choosing.value.set_files(signature)
    focus(person, "Hand in the signature")
    person.key("Enter")
    person.sees("The signature is in.")
    assert person.actions <= SIGNING_ACTIONS_MAX


_FOCUSED = "document.activeElement.matches('a, button') ? document.activeElement.textContent : ''"


def focus(person: Person, name: str) -> None:
    """Walk to a button or link by Tab, as a person without a mouse does."""
    for _ in range(60):
        if name in str(person.page.evaluate(_FOCUSED)):
            return
        person.page.keyboard.press("Tab")
    pytest.fail(f"{name} cannot be reached by Tab")


def test_all_four_sign_by_their_own_keys_and_the_agreement_is_in_force(
    initialled: World, enter: Enter, tmp_path: Path
) -> None:
    proposed(initialled, enter)
    for party in (initialled.a, initialled.b):
        for who in ("signatory", "second"):
            person = enter(party, who)
            person.visit(f"/agreements/{initialled.instrument}/conclude")
            person.click(person.page.get_by_role("button", name="Sign", exact=True))
            person.sees("What the last mover could do")
            person.check_page()
            person.picture("sign-request")
            signs(person, party, who, tmp_path)
    desk = enter(initialled.b, "desk_officer")
    desk.visit(f"/agreements/{initialled.instrument}/conclude")
    desk.sees("Every listed signature came inside the window.")
    minister = enter(initialled.b, "signatory")
    minister.visit(f"/agreements/{initialled.instrument}/suspend?look=yes")
    minister.sees("What would stop, at both gateways")
    minister.check_page()


def test_a_key_handed_in_by_mistake_is_refused_loudly(
    reading: World, enter: Enter, tmp_path: Path
) -> None:
    asked = wait_for(
        reading.a.call(
            "officials.powers",
            who="mandate_holder",
            official="second",
            acts=["sign"],
            valid_until="2027-06-01T00:00:00Z",
        )
    )
    key = tmp_path / "ed25519.pem"
    key.write_text(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
    )
    person = enter(reading.a, "mandate_holder")
    person.visit(f"/requests/{asked['request']}")
    person.page.get_by_label("The signature file (.jws)").set_input_files(key)
    person.expect_refusal()
    person.click("Hand in the signature")
    person.sees("That looks like a private key")
    person.check_page()


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_of_reading_and_signing_fits_window_and_theme(
    reading: World, enter: Enter, view: str
) -> None:
    adviser = enter(reading.a, "legal_adviser", view=view)
    listed = wait_for(reading.a.call("requests.all", status="all"))["requests"]
    assert isinstance(listed, list)
    request = str(listed[0]["request"])
    for path in (
        f"/agreements/{reading.instrument}/reading",
        f"/agreements/{reading.instrument}/conclude",
        f"/agreements/{reading.instrument}/suspend",
        "/requests?status=all",
        f"/requests/{request}",
        f"/requests/{request}/text",
    ):
        adviser.visit(path)
        adviser.check_page()
