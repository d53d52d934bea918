"""Journey 3 in a real browser: the legal reading, and what is said to whoever hands in a key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, World
from support.framework import CONDITIONED, RED_LINE, RED_LINE_SENTENCE, UNAFFECTED

#: Clear a unit; hold one with words.
CLEARING_ACTIONS_MAX = 2
HOLDING_ACTIONS_MAX = 3


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


def test_the_legal_adviser_reads_clears_and_holds_unit_by_unit(
    reading: World, enter: Enter
) -> None:
    adviser = enter(reading.a, "legal_adviser")
    adviser.visit(f"/agreements/{reading.instrument}/reading")
    adviser.sees(RED_LINE_SENTENCE)
    adviser.check_page()
    adviser.count()
    adviser.key("j", "c")
    adviser.sees("Cleared:")
    assert adviser.actions <= CLEARING_ACTIONS_MAX
    adviser.visit(f"/agreements/{reading.instrument}/reading?show=breaches")
    adviser.picture("legal-reading")
    adviser.count()
    adviser.key("h")
    adviser.page.keyboard.type("It ties us towards others.")
    adviser.actions += 1
    adviser.click(adviser.page.get_by_role("button", name="Hold"))
    adviser.sees("Held:")
    assert adviser.reads("Held: Article 3")
    adviser.picture("legal-held")
    assert adviser.actions <= HOLDING_ACTIONS_MAX
    adviser.check_page()


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
