"""Journey 4 in a real browser: the signatory's one page, and four keys that never come near it."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.person import Enter, Person, World
from support.processes import Served

#: Save the request, choose the signature file, hand it in.
SIGNING_ACTIONS_MAX = 3


@pytest.fixture(scope="module")
def initialled(world_at: Callable[[str], World]) -> World:
    return world_at("initialled")


def proposed(world: World, enter: Enter) -> None:
    """Propose and agree a window by the pages, in the zone of the browser."""
    place = f"/agreements/{world.instrument}/conclude"
    ours = enter(world.a, "negotiator")
    ours.visit(place)
    ours.check_page()
    ours.picture("signing-window")
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


def sheets(person: Person) -> int:
    """Return on how many sheets of paper the page prints."""
    printed = person.page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


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
            person.picture("signing-summary")
            for language in ("fr", "en"):
                person.context.set_extra_http_headers({"accept-language": language})
                person.page.reload()
                assert sheets(person) == 1, f"the summary of a signatory is one page: {language}"
            signs(person, party, who, tmp_path)
    desk = enter(initialled.b, "desk_officer")
    desk.visit(f"/agreements/{initialled.instrument}/conclude")
    desk.sees("Every listed signature came inside the window.")
    desk.picture("signing-in-force")
    minister = enter(initialled.b, "signatory")
    minister.visit(f"/agreements/{initialled.instrument}/suspend?look=yes")
    minister.sees("What would stop, at both gateways")
    minister.check_page()
