"""What follows a transfer, in a real browser: passing on, looking at the use, amending."""

import asyncio
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import VIEWS, Enter, World
from comity.foundation.members import rows
from support.controlled import ASSURANCE, DECISION
from support.processes import settled

WHO = "technology_security_officer"
#: To ask: third, use, button. To consent: from the first page on, with a proviso.
ASKING_ACTIONS_MAX = 3
CONSENTING_ACTIONS_MAX = 3
ARRANGING_ACTIONS_MAX = 1
#: From the first page on: the authorisation, the fold, why, the button.
DECLINING_ACTIONS_MAX = 4
TITLE = "A sonar for the survey"
#: Of no earlier day than the request: these nodes go by the clock of the machine.
DECIDED = {**DECISION, "decided": dt.datetime.now(tz=dt.UTC).date().isoformat()}
ITEM = "survey of the strait.pdf"


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("in_force")


@pytest.fixture(scope="module")
def _crossed(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let an item cross under an authorisation that was assured."""
    file = tmp_path_factory.mktemp("items") / ITEM
    file.write_bytes(b"A survey of the strait.\n" * 40)
    wait_for(_cross(world, file))


async def _cross(world: World, file: Path) -> None:
    a, b = world.a, world.b
    words = {"area": "information-sharing", "kind": "report", "marking": "PARTNERS"}
    made = await asyncio.to_thread(
        a.client("desk_officer").upload,
        "items.add",
        file,
        {"name": ITEM, "title": ITEM, "purpose": "planning", **words},
    )
    item = str(made["id"])
    await a.call("items.release", who="release_officer", item=item, counterpart=b.did)
    await a.call(
        "controls.classify",
        who=WHO,
        counterpart=b.did,
        item=item,
        scheme="Munitions List",
        code="ML 9.c",
        list_version="2026",
        decided_by="Licensing Office",
    )
    asked = await a.call(
        "authorisations.request",
        who=WHO,
        counterpart=b.did,
        instrument=world.instrument,
        unit="Article 2",
        title=TITLE,
        use="The survey of the strait.",
        items=[item],
    )
    name = str(asked["authorisation"])
    await a.call("authorisations.review", who=WHO, authorisation=name, authority="LO", case="C-17")
    await a.call(
        "authorisations.approve", who=WHO, authorisation=name, assurance=ASSURANCE, **DECIDED
    )
    await settled(a, b)
    await b.call("authorisations.assure", who=WHO, authorisation=name, assurance=ASSURANCE)
    await settled(a, b)
    await b.call("fetch", who="desk_officer", counterpart=a.did, dataset=item)
    await settled(a, b)


@pytest.mark.usefixtures("_crossed")
def test_a_question_about_passing_on_is_asked_and_consented(world: World, enter: Enter) -> None:
    ours, theirs = enter(world.a, WHO), enter(world.b, WHO, view="phone-dark")
    theirs.visit("/transfers")
    theirs.follow(ITEM)
    theirs.check_page()
    theirs.follow("Ask to pass it on")
    theirs.check_page()
    theirs.count()
    theirs.write("To whom it is to go", "Navy Yard of Cerulia")
    theirs.write("For which use", "Repair of the sonar.")
    theirs.click("Ask them")
    assert theirs.actions <= ASKING_ACTIONS_MAX
    theirs.sees("It does not go on before they consent; no answer is no consent.")
    theirs.check_page()
    ours.visit("/")
    ours.sees("They ask to pass an item of ours on: consent, or refuse.")
    ours.count()
    ours.follow("Navy Yard of Cerulia")
    ours.check_page()
    ours.write("Provisos in words", "Not beyond the yard.")
    ours.click(ours.page.get_by_role("button", name="Consent", exact=True))
    assert ours.actions <= CONSENTING_ACTIONS_MAX
    ours.sees("consented, with provisos")
    ours.check_page()
    ours.picture("passing-on")
    theirs.page.reload()
    theirs.sees("Not beyond the yard.")
    theirs.write("What was done, when, by whom", "Handed over on 3 March.")
    theirs.click("Report that it went on")
    theirs.sees("passed on, as we report")
    theirs.check_page()
    ours.page.reload()
    ours.page.locator("summary", has_text="Close it").click()
    ours.write("Your reason (they read it)", "Seen.")
    ours.click("Close it")
    ours.sees("Nothing, in its present state.")
    ours.check_page()


@pytest.mark.usefixtures("_crossed")
def test_an_end_use_check_is_arranged_by_both_and_concluded(world: World, enter: Enter) -> None:
    ours, theirs = enter(world.a, WHO, view="phone-light"), enter(world.b, WHO, view="desktop-dark")
    ours.visit("/authorisations")
    ours.follow(TITLE)
    ours.check_page()
    ours.follow("Ask for an end-use check")
    ours.check_page()
    ours.write("What it is called", "Where the sonar is")
    ours.write("What is to be seen", "That it is on board of the survey ship.")
    ours.click("Ask for it")
    theirs.visit("/")
    theirs.sees("An end-use check waits for us to name a time and place.")
    theirs.follow("Where the sonar is")
    theirs.check_page()
    theirs.page.get_by_label("When").fill("2036-03-01T10:00")
    theirs.write("Where", "Port of Berevan")
    theirs.click("Name it")
    theirs.check_page()
    ours.page.reload()
    ours.count()
    ours.click("Agree to this time and place")
    assert ours.actions <= ARRANGING_ACTIONS_MAX
    ours.sees("It can be reported from 1 Mar 2036")
    ours.check_page()
    theirs.page.reload()
    theirs.sees("1 Mar 2036")
    theirs.check_page()


@pytest.mark.usefixtures("_crossed")
def test_an_amendment_is_asked_for_and_decided(world: World, enter: Enter, tmp_path: Path) -> None:
    ours, theirs = enter(world.a, WHO), enter(world.b, "project_officer", view="phone-light")
    decision = tmp_path / "decision.pdf"
    decision.write_bytes(b"The Licensing Office decides.")
    theirs.visit("/authorisations")
    theirs.follow(TITLE)
    theirs.page.locator("summary", has_text="Ask for an amendment").click()
    theirs.check_page()
    theirs.write("For which use", "The survey of the strait, and its repetition.")
    theirs.click("Ask for an amendment")
    theirs.sees("An amendment waits for its decision")
    theirs.check_page()
    ours.visit("/")
    ours.follow(TITLE)
    ours.page.locator("summary", has_text="Enter the decision for the amendment").click()
    ours.check_page()
    ours.write("Number of the decision", "L-5")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    ours.page.get_by_label("Day of the decision").first.fill(today)
    ours.page.get_by_label("The document of the decision").first.set_input_files(decision)
    ours.click("Enter the decision for the amendment")
    ours.sees("not assured yet")
    ours.check_page()
    ours.page.emulate_media(media="print")
    assert ours.reads("“they” and “them” are")
    assert ours.page.get_by_role("heading", name="What the last amendment changed").is_visible()
    for left_out in ("What we can do", "Suspend it"):
        assert not ours.page.get_by_text(left_out).first.is_visible()
    assert not ours.page.locator(".tabs").first.is_visible()


async def _decided(world: World, title: str) -> None:
    asked = await world.a.call(
        "authorisations.request",
        who=WHO,
        counterpart=world.b.did,
        instrument=world.instrument,
        unit="Article 2",
        title=title,
        use="A test at sea.",
        classes=["Munitions List: ML 9.c"],
    )
    name = str(asked["authorisation"])
    await world.a.call(
        "authorisations.review", who=WHO, authorisation=name, authority="LO", case="C-18"
    )
    await world.a.call(
        "authorisations.approve",
        who=WHO,
        authorisation=name,
        assurance=ASSURANCE,
        provisos=["Kept under guard by day and night."],
        **{**DECIDED, "number": "L-18"},
    )
    await settled(world.a, world.b)


def test_a_decision_that_cannot_be_kept_is_declined_and_one_entered_wrongly_entered_anew(
    world: World, enter: Enter, tmp_path: Path
) -> None:
    wait_for(_decided(world, "A sonar for a test"))
    ours, theirs = enter(world.a, WHO), enter(world.b, WHO, view="phone-dark")
    theirs.visit("/")
    theirs.count()
    theirs.follow("A sonar for a test")
    theirs.page.locator("summary", has_text="Decline it").click()
    theirs.write("Your reason (they read it)", "We have nobody there at night.")
    theirs.click("Decline it")
    assert theirs.actions <= DECLINING_ACTIONS_MAX
    theirs.sees("declined by the recipient")
    theirs.check_page()
    ours.visit("/")
    ours.sees("They declined the decision: read why.")
    ours.follow("A sonar for a test")
    ours.sees("We have nobody there at night.")
    ours.check_page()
    ours.write("Licensing authority", "LO")
    ours.write("Case number", "C-19")
    ours.click("Hand it to the authority")
    decision = tmp_path / "decision.pdf"
    decision.write_bytes(b"The Licensing Office decides again.")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    for summary, words in (
        ("Enter the decision for it", "For the stated us only."),
        ("Enter the decision anew", "For the stated use only."),
    ):
        ours.page.locator("summary", has_text=summary).click()
        ours.check_page()
        ours.write("Number of the decision", "L-19")
        ours.page.get_by_label("Day of the decision").first.fill(today)
        ours.page.get_by_label("The document of the decision").first.set_input_files(decision)
        ours.write("Assurance that is asked", words)
        ours.click(summary)
        ours.sees("Nothing crosses before the recipient has given the assurance.")
    ours.check_page()
    theirs.page.reload()
    assert theirs.reads("For the stated use only.")
    theirs.check_page()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.usefixtures("_crossed")
def test_what_follows_a_transfer_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    wait_for(_asked(world))
    person = enter(world.a, "mandate_holder", view=view)
    for place, link in (("retransfers", "Dry Dock"), ("endchecks", "A second look")):
        person.visit(f"/{place}")
        person.check_page()
        person.click(person.page.get_by_role("link", name=re.compile(link)).first)
        person.check_page()
    for place in ("retransfers/new", "endchecks/new"):
        person.visit(f"/{place}")
        person.check_page()


async def _asked(world: World) -> None:
    a, b = world.a, world.b
    if any(row["third"] == "Dry Dock" for row in rows(await a.call("retransfers"), "retransfers")):
        return
    await b.call(
        "retransfers.request",
        who=WHO,
        transfer="last",
        instrument=world.instrument,
        unit="Article 2",
        third="Dry Dock",
        use="Storage.",
    )
    await a.call(
        "endchecks.request", who=WHO, authorisation="last", title="A second look", what="On board?"
    )
    await settled(a, b)
