"""People and pairing in a real browser, with an authenticator of the browser's own."""

from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, Person, World

PAGES = ("/people", "/people/negotiator", "/account", "/pair", "/health")


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("introduced")


def with_device(person: Person) -> Person:
    """Give the browser an authenticator that verifies its holder."""
    session = person.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return person


@pytest.mark.parametrize("view", VIEWS)
def test_the_pages_on_people_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.a, "mandate_holder", view=view)
    for path in PAGES:
        person.visit(path)
        person.check_page()


def test_a_passkey_is_made_and_lets_in(world: World, enter: Enter) -> None:
    person = with_device(enter(world.a, "legal_adviser"))
    person.visit("/account")
    person.click("Add a passkey")
    person.sees("The passkey is added")
    person.check_page()
    person.picture("people-passkey")
    person.click("Log out")
    person.click("Log in with a passkey")
    person.sees("What needs me")
