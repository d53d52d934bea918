"""Registered connectors in a browser without a window: register, release, decide, watch, rules."""

import html
import re
from pathlib import Path

from support.connected import (
    CONSUMER,
    Connected,
    ask,
    is_state,
    own,
    until,
)
from support.connector_pages import HOSTILE, OF, THEIRS, asked, form, play
from support.crossing import AREA, CONTENT, bring_in
from support.sites import Browser, logged_in


def test_a_release_officer_registers_a_connector_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/connectors")
            assert "No connector is registered yet." in shown.words
            await shown.get("/connectors/new")
            await shown.submit("/connectors", form(two, key=HOSTILE))
            assert "connectors.key" in shown.text
            assert "&lt;script&gt;" in shown.text, "what was typed is kept, and harmless"
            await shown.submit("/connectors", form(two))
            assert "It holds once another person has confirmed exactly this." in shown.words
            assert "You proposed it yourself: another person confirms it." in shown.words
            assert shown.page is not None
            place = shown.page.url.path
            await shown.submit(f"{place}/confirm", {})
            assert "connectors.own_proposal" in shown.text
        async with await logged_in(two.a, "legal_adviser") as shown:
            await shown.get("/connectors")
            assert f"Register {THEIRS}" in shown.words
            await shown.get(place)
            assert two.line.base("Berevan") in shown.text
            await shown.submit(f"{place}/confirm", {})
            assert shown.page is not None
            assert (shown.page.url.path, shown.page.status_code) == ("/connector", 200)
            assert "confirmed and registered by legal_adviser" in shown.words
            assert "It sees nothing until you release something to it." in shown.words
            assert "report, chart" in shown.words
            assert "Article 6 of Harbour Arrangement" in shown.words
            assert "Nothing was released to it." in shown.words
            await shown.get("/connectors", format="csv")
            assert f"{THEIRS},{OF},Harbour Arrangement,Article 6,open" in shown.text

    play(story, tmp_path, aware=False)


def test_who_may_not_register_is_told_who_can(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        async with await logged_in(two.a, "negotiator") as shown:
            await shown.get("/connectors/new")
            assert "Connectors are registered by: release officer." in shown.words
            await shown.submit("/connectors", form(two))
            assert "officials.role" in shown.text
            assert (await two.a.call("dataspace.connectors"))["connectors"] == []

    play(story, tmp_path, aware=False)


def test_a_connector_is_suspended_with_a_reason_and_resumed(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        async with await logged_in(two.a, "release_officer") as shown:
            action = f"/connector/suspend?of={OF.replace(':', '%3A')}"
            await shown.get("/connector", of=OF)
            await shown.submit(action, {"reason": "Under review."})
            assert "Suspended: nothing crosses" in shown.words
            assert (await two.a.call("dataspace.connector", connector=OF))["suspended"] is True
            await shown.submit(action, {"reason": "Review over."})
            assert "Resumed" in shown.words
            assert (await two.a.call("dataspace.connector", connector=OF))["suspended"] is False
            await shown.get("/connector")
            assert "Choose a connector from the list first." in shown.words

    play(story, tmp_path)


def test_an_item_is_released_from_its_own_page_and_withdrawn(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        item = await bring_in(two.a)
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get(f"/items/{item}")
            assert "Released to no connector." in shown.words
            await shown.submit("/connectors/release", {"connector": OF})
            assert "Released under Article 6." in shown.words
            assert shown.page is not None
            assert shown.page.url.path == f"/items/{item}"
            assert "✓ released" in shown.words
            await shown.get("/connector", of=OF)
            assert "Survey ( report , PARTNERS )" in shown.words
            await shown.get("/connectors/offered")
            assert f"Survey report , PARTNERS , planning {THEIRS}" in shown.words
            await shown.submit("/connectors/withdraw", {})
            assert "no connector sees it or gets it" in shown.words
            assert (await two.b.call("dataspace.catalogue", connector=own("Aldoria")))[
                "datasets"
            ] == []

    play(story, tmp_path)


def test_what_the_registration_does_not_permit_is_not_released(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        item = await bring_in(two.a, words={"marking": "RESTRICTED"})
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/connectors/offered")
            await shown.submit("/connectors/release", {"item": item, "connector": OF})
            assert "sharing.refused" in shown.text
            assert (await two.a.call("dataspace.datasets"))["datasets"] == []

    play(story, tmp_path)


def test_a_request_waits_says_why_and_is_agreed_until_the_data_has_moved(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        await two.b.call("dataspace.set_playbook", who="release_officer", rules=CONSUMER)
        ours, theirs = await asked(two)
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/")
            assert "A step with a registered connector waits for a person." in shown.words
            await shown.get("/exchanges/inbox")
            assert "It is our turn, and no rule of the playbook acts" in shown.words
            assert "desk officer or release officer" in shown.words
            action = f"/exchanges/{ours}/act"
            await shown.submit(action, {"do": "agree"}, nth=1)
            assert "Done. Our message is on its way" in shown.words
            await until(two.a, ours, is_state("VERIFIED"))
            await shown.get(f"/exchanges/{ours}")
            assert "the consumer has confirmed it" in shown.words
            assert "They confirmed the agreement." in shown.words
            assert "Permitted by Article 6 ." in shown.words
            assert "release_officer: Agree to the contract." in shown.words
            await shown.submit(action, {"do": "finalize"})
            await until(two.b, theirs, is_state("FINALIZED"))
            moved = await transfer(two)
            await until(two.a, moved, is_state("REQUESTED"))
            await shown.get(f"/exchanges/{moved}")
            await shown.submit(f"/exchanges/{moved}/act", {"do": "start"})
            await until(two.a, moved, lambda found: found["delivered"] is True)
            await shown.get(f"/exchanges/{moved}")
            assert "All bytes have moved: 960 bytes." in shown.words
            assert "The next step is theirs." in shown.words
        await received(two)
        await until(two.a, moved, is_state("COMPLETED"))

    play(story, tmp_path)


async def transfer(two: Connected) -> str:
    """Let B ask for the data by its pages; return A's id of the transfer."""
    two.pair.clock.tick()  # what began last is known by its second
    async with await logged_in(two.b, "desk_officer") as shown:
        await shown.get("/connectors/contracts")
        await shown.submit("/connectors/contracts")
        assert "Asked for. The answer is theirs" in shown.words
        assert "data, to us" in shown.words
    theirs = str((await two.b.call("dataspace.exchange", exchange="last"))["exchange"])
    found = await until(two.b, theirs, is_state("REQUESTED"))
    return str(found["theirs"])


async def received(two: Connected) -> None:
    """Let B see that all is there, save it, and declare it complete."""
    async with await logged_in(two.b, "desk_officer") as shown:
        await shown.get("/exchanges/inbox")
        assert "All bytes are here and checked" in shown.words
        exchange = str((await two.b.call("dataspace.exchange", exchange="last"))["exchange"])
        page = await shown.get(f"/exchanges/{exchange}/file")
        assert page.content == CONTENT
        assert "attachment" in page.headers["content-disposition"]
        await shown.get(f"/exchanges/{exchange}")
        assert "Rule 2 of the playbook: Fetch the data." in shown.words
        await shown.submit(f"/exchanges/{exchange}/act", {"do": "complete"})
        await until(two.b, exchange, is_state("COMPLETED"))
        await shown.get("/exchanges", state="ended")
        assert "complete" in shown.words
        await shown.get("/exchanges", state="all", format="csv")
        assert '"data, to us",complete,nobody' in shown.text


def test_a_request_is_ended_with_words_that_the_other_side_reads(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        ours, theirs = await asked(two)
        async with await logged_in(two.a, "desk_officer") as shown:
            await shown.get(f"/exchanges/{ours}")
            action = f"/exchanges/{ours}/act"
            await shown.submit(action, {"do": "terminate", "reason": HOSTILE}, nth=2)
            await until(two.b, theirs, is_state("TERMINATED"))
        async with await logged_in(two.b, "desk_officer") as shown:
            await shown.get(f"/exchanges/{theirs}")
            assert "They ended it." in shown.words
            assert "&lt;script&gt;" in shown.text
            assert "<script>alert" not in shown.text
            assert "Nothing more happens in it." in shown.words

    play(story, tmp_path)


def test_a_decision_on_what_has_changed_meanwhile_is_not_taken(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        ours, _ = await asked(two)
        async with await logged_in(two.a, "desk_officer") as shown:
            await shown.get(f"/exchanges/{ours}")
            await two.a.call("dataspace.act", who="desk_officer", exchange=ours, do="offer")
            await until(two.a, ours, is_state("OFFERED"))
            await shown.submit(f"/exchanges/{ours}/act", {"do": "agree"}, nth=1)
            assert "api.changed" in shown.text

    play(story, tmp_path)


def test_what_does_not_get_through_is_said_with_what_was_tried(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        item = await bring_in(two.a)
        await two.a.call("dataspace.release", who="release_officer", item=item, connector=OF)
        begun = await ask(two.b, item, of="Aldoria")
        await until(two.b, str(begun["exchange"]), is_state("REQUESTED"))
        await unknown(two)
        ours = str((await two.a.call("dataspace.exchange", exchange="last"))["exchange"])
        await two.a.call("dataspace.act", who="desk_officer", exchange=ours, do="offer")
        await until(two.a, ours, _tried)
        async with await logged_in(two.a, "desk_officer") as shown:
            await shown.get(f"/exchanges/{ours}")
            assert "Our node is bringing our message to theirs." in shown.words
            assert "answered with status 404" in shown.words
            assert "again at" in shown.words
            await shown.get("/")
            assert "Nothing gets through to this connector." in shown.words
        said = (await two.a.call("status"))["waiting"]
        assert isinstance(said, list)
        assert any("Nothing gets through to the connector" in str(one["what"]) for one in said)

    play(story, tmp_path)


async def unknown(two: Connected) -> None:
    """Let B's node know nobody any more, as after a restore: it answers 404."""
    node = two.b.node
    await node.ctx.store.write(
        lambda tx: tx.things.delete("dataspace", "counterpart", own("Aldoria"))
    )


def _tried(found: object) -> bool:
    assert isinstance(found, dict)
    return any(one["error"] for one in found["waits"]["work"])


def test_a_playbook_is_tried_before_it_is_switched_on(tmp_path: Path) -> None:
    rules = (
        '[[rule]]\nrole = "provider"\nprocess = "negotiation"\non = "REQUESTED"\n'
        'occurrence = "first"\nafter = "5s"\ndo = "agree"\nreason = "We agree to what we offer."\n'
        f'when = {{ counterpart = ["{OF}"] }}\n'
    )

    async def story(two: Connected) -> None:
        await asked(two)
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/playbook")
            assert "There is no rule: everything waits for a person." in shown.words
            await shown.submit("/playbook", {"rules": "[[rule]]\nrole = 1"})
            assert "playbook.form" in shown.text
            tokens = shown.hidden("/playbook")
            shown.page = await shown.client.post("/playbook/try", data={**tokens, "rules": rules})
            assert "What the text below would do now" in shown.words
            assert "Agree to the contract, after 5s" in shown.words
            assert "We agree to what we offer." in shown.text
            assert (await two.a.call("dataspace.playbook"))["rules"] == []
            await shown.submit("/playbook", {"rules": rules})
            assert "Switched on." in shown.words
            assert (
                "When “an offer is asked for” is reached in a contract from us: Agree to the"
                " contract. Only the first time. Not before 5s have passed. Only with:"
                f" {OF}."
            ) in shown.words
            waits = (await two.a.call("dataspace.inbox"))["inbox"]
            assert isinstance(waits, list)
            assert len(waits) == 1, "what waited goes on waiting"

    play(story, tmp_path)


def test_their_catalogue_is_asked_for_a_contract_in_the_registrations_words(
    tmp_path: Path,
) -> None:
    async def story(two: Connected) -> None:
        item = await bring_in(two.b)
        await two.b.call(
            "dataspace.release", who="release_officer", item=item, connector=own("Aldoria")
        )
        async with await logged_in(two.a, "desk_officer") as shown:
            await shown.get("/connector/catalogue", of=OF)
            assert item in shown.words
            link = await ask_link(shown)
            await shown.get(link)
            assert item in shown.text
            await shown.submit(
                f"/connector/ask?of={OF.replace(':', '%3A')}",
                {
                    "dataset": item,
                    "offer": str(await theirs_of(two, item)),
                    "kind": "report",
                    "marking": "PARTNERS",
                    "purpose": "planning",
                },
            )
            assert "Asked for. The answer is theirs" in shown.words
            assert "contract, to us" in shown.words
        found = await two.a.call("dataspace.exchange", exchange="last")
        assert found["what"] == {
            "area": AREA,
            "kind": "report",
            "marking": "PARTNERS",
            "purpose": "planning",
        }

    play(story, tmp_path)


async def ask_link(shown: Browser) -> str:
    """Return the address behind «Ask for it» of the only offer."""
    (found,) = set(re.findall(r'href="(/connector/ask[^"]*)"', shown.text))
    return html.unescape(found)


async def theirs_of(two: Connected, item: str) -> object:
    """Return the offer's id under which B offers an item."""
    shown = await two.a.call("dataspace.catalogue", connector=OF)
    datasets = shown["datasets"]
    assert isinstance(datasets, list)
    (row,) = [one for one in datasets if one["dataset"] == item]
    return row["offers"][0]["offer"]


def test_every_list_opens_as_a_spreadsheet(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        await asked(two)
        async with await logged_in(two.a, "desk_officer") as shown:
            for path in ("/connectors/offered", "/connectors/contracts", "/exchanges/inbox"):
                page = await shown.get(path, format="csv")
                assert page.headers["content-type"] == "text/csv; charset=utf-8", path
            assert f"Survey,{THEIRS}," in shown.text

    play(story, tmp_path)
