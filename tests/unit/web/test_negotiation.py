"""A negotiator reads what came, answers, looks through the tray, and only then tables."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from comity.web.agreements import PER_PAGE
from support.framework import (
    CONDITIONED,
    RED_LINE,
    RED_LINE_ID,
    RED_LINE_SENTENCE,
    UNAFFECTED,
)
from support.sites import Browser, logged_in
from support.stages import answer, at_stage, counter, table
from support.two_nodes import Pair, Party

Story = Callable[[Pair], Awaitable[None]]
THIRD = "Article 3"


def play(story: Story, root: Path, *, chapter: str = "tabled") -> None:
    async def main() -> None:
        pair = await at_stage(chapter, root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def unit_of(party: Party, pair: Pair, label: str = THIRD) -> dict[str, object]:
    found = await party.call(
        "agreements.show", who="negotiator", instrument=pair.instrument, unit=label
    )
    units = found["units"]
    assert isinstance(units, list)
    (row,) = units
    assert isinstance(row, dict)
    return dict(row)


async def place_of(pair: Pair, label: str = THIRD) -> str:
    unit = (await unit_of(pair.b, pair, label))["unit"]
    return f"/agreements/{pair.instrument}/units/{unit}"


async def countered(pair: Pair) -> None:
    """Let B counter the third-party article, and A have a red line on it."""
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    fields = ('relations = "unaffected"', 'relations = "conditioned"')
    await counter(pair, pair.b, (UNAFFECTED, CONDITIONED), fields)
    await table(pair, pair.b)


async def counter_by(shown: Browser, place: str, fields: dict[str, str]) -> httpx2.Response:
    """Press the button for our own wording: it stands in the form of the answers."""
    data = {**shown.hidden(f"{place}/answer"), **fields}
    shown.page = await shown.client.post(f"{place}/counter", data=data)
    return shown.page


def shown_ok(shown: Browser) -> None:
    assert shown.page is not None
    assert shown.page.status_code == 200, shown.words[:1500]


def test_the_list_names_each_text_its_counterpart_and_state(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get("/agreements")
            shown_ok(shown)
            assert "Framework for Cooperation" in shown.words
            assert "Aldoria" in shown.words
            assert "being negotiated" in shown.words or "tabled" in shown.words
            csv = await shown.get("/agreements?format=csv")
            assert "Framework for Cooperation" in csv.text

    play(story, tmp_path)


def test_an_answer_waits_in_the_tray_until_it_is_tabled(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text, place = f"/agreements/{pair.instrument}", await place_of(pair)
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(text)
            shown_ok(shown)
            assert UNAFFECTED in shown.words
            assert "Your turn" in shown.words
            await shown.submit(f"{place}/answer", {"answer": "accept"})
            shown_ok(shown)
            assert "Nothing has left yet" in shown.words
            assert "1 in the tray" in shown.words
            assert (await unit_of(pair.a, pair))["status"] != "agreed"
            await shown.get(f"{text}/tray")
            shown_ok(shown)
            for said in ("Authority", "What it does", "What it leaves", "Article 3", "+1"):
                assert said in shown.words, said
            await shown.submit(f"{text}/tray/table")
            shown_ok(shown)
            assert "Tabled: entry" in shown.words
            await pair.settle()
            assert (await unit_of(pair.a, pair))["status"] == "agreed"

    play(story, tmp_path)


def test_our_own_wording_goes_into_the_tray_and_can_be_removed(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text, place = f"/agreements/{pair.instrument}", await place_of(pair, "Article 2")
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(text, start="0")
            await counter_by(shown, place, {"text": "Each holder decides \r\n alone."})
            shown_ok(shown)
            assert "Each holder decides" in shown.words
            await shown.submit(f"{place}/remove")
            assert "Removed from the tray" in shown.words
            assert (await unit_of(pair.b, pair, "Article 2"))["staged"] == []

    play(story, tmp_path)


def test_two_negotiators_at_once_are_told_at_the_unit(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text, place = f"/agreements/{pair.instrument}", await place_of(pair)
        async with (
            await logged_in(pair.b, "negotiator") as one,
            await logged_in(pair.b, "negotiator") as other,
        ):
            await one.get(text)
            await other.get(text)
            await one.submit(f"{place}/answer", {"answer": "accept"})
            said = {"answer": "object", "reason": "our <law> forbids it"}
            page = await other.submit(f"{place}/answer", said)
            assert page.status_code == 409
            assert "has put an answer into the tray" in other.words
            assert "our <law> forbids it" in other.words, "what was typed is kept"
            staged = (await unit_of(pair.b, pair))["staged"]
            assert "accept" in str(staged)
            await other.submit(f"{place}/answer", said)
            shown_ok(other)
            assert "object" in str((await unit_of(pair.b, pair))["staged"])

    play(story, tmp_path)


def test_a_tray_that_grew_since_it_was_confirmed_does_not_leave(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text = f"/agreements/{pair.instrument}"
        await answer(pair, pair.b, "accept", THIRD)
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(f"{text}/tray")
            await answer(pair, pair.b, "accept", "Article 4")
            page = await shown.submit(f"{text}/tray/table", {"reason": "for today"})
            assert page.status_code == 409
            assert "The tray is not as you saw it" in shown.words
            assert "for today" in shown.words
            await pair.settle()
            assert (await unit_of(pair.a, pair))["status"] != "agreed"
            await shown.submit(f"{text}/tray/table", {"reason": "for today"})
            shown_ok(shown)

    play(story, tmp_path)


def test_their_wording_stands_against_ours_with_our_red_line_beside_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await countered(pair)
        text = f"/agreements/{pair.instrument}"
        place = await place_of(pair)
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(text)
            shown_ok(shown)
            assert re.search(r"<del>does not affect ?</del>", shown.text)
            assert "<ins>" in shown.text
            assert RED_LINE_SENTENCE in shown.words
            assert "Private to us" in shown.words
            await shown.submit(f"{place}/answer", {"answer": "accept"})
            await shown.get(f"{text}/tray")
            assert "Our own red lines stand against it" in shown.words
            page = await shown.submit(f"{text}/tray/table")
            assert page.status_code == 403
            assert RED_LINE_SENTENCE in shown.words
        for who in ("desk_officer", "signatory"):
            async with await logged_in(pair.a, who) as shown:
                for path in ("", "/tray", "/rounds", "/compare", "/packages"):
                    await shown.get(text + path)
                    shown_ok(shown)
                    assert RED_LINE_SENTENCE not in shown.text
                    assert RED_LINE_ID not in shown.text
                page = await shown.get(f"{text}/red-lines")
                assert page.status_code == 403
                assert RED_LINE_SENTENCE not in shown.text
        async with await logged_in(pair.b, "negotiator") as shown:
            for path in ("", "/tray", "/compare", "/red-lines"):
                await shown.get(text + path)
                assert RED_LINE_SENTENCE not in shown.text

    play(story, tmp_path)


def test_two_states_are_compared_and_progress_is_drawn_with_its_numbers(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await countered(pair)
        text = f"/agreements/{pair.instrument}"
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"{text}/compare")
            shown_ok(shown)
            assert THIRD in shown.words
            assert "<del>" in shown.text
            await shown.get(f"{text}/compare", earlier="1", later="1")
            assert "These two say the same" in shown.words
            page = await shown.get(f"{text}/compare", earlier="nonsense", later="2")
            assert page.status_code == 400
            await shown.get(f"{text}/rounds")
            shown_ok(shown)
            assert '<svg class="chart bars"' in shown.text
            assert "style=" not in shown.text
            csv = await shown.get(f"{text}/rounds?format=csv")
            assert len(csv.text.splitlines()) == 3

    play(story, tmp_path)


def test_the_history_says_why_the_text_stands_as_it_does(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/agreements/{pair.instrument}/history")
            shown_ok(shown)
            assert "Why is it in this state?" in shown.words

    play(story, tmp_path)


def test_a_package_is_offered_and_accepted(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await countered(pair)
        text = f"/agreements/{pair.instrument}"
        third = (await unit_of(pair.b, pair))["unit"]
        fourth = (await unit_of(pair.b, pair, "Article 4"))["unit"]
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(f"{text}/packages")
            shown_ok(shown)
            page = await shown.submit(f"{text}/packages/offer", {"gives": str(fourth)})
            assert page.status_code == 400
            assert "checked" in shown.text, "what was chosen is kept"
            both = {"gives": str(fourth), "asks": str(third)}
            await shown.submit(f"{text}/packages/offer", both)
            shown_ok(shown)
            await shown.submit(f"{text}/tray/table")
            await pair.settle()
            await shown.get(f"{text}/packages")
            await shown.submit(f"{text}/packages/answer", {"what": "withdraw"})
            shown_ok(shown)
            assert "Take back our package" in shown.words
        await pair.a.call(
            "redlines.deviate",
            who="mandate_holder",
            instrument=pair.instrument,
            line=RED_LINE_ID,
            unit=THIRD,
        )
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(f"{text}/packages")
            assert "Package of Berevan" in shown.words
            await shown.submit(f"{text}/packages/answer", {"what": "accept"})
            await shown.submit(f"{text}/tray/table")
            shown_ok(shown)
        assert (await unit_of(pair.a, pair))["status"] == "agreed"

    play(story, tmp_path)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "يتعاون الطرفان",
        "x" * 20_000,
        '"><img src=x onerror=alert(1)>',
    ],
    ids=["script", "formula", "right to left", "long", "attribute"],
)
def test_hostile_words_are_shown_as_words(tmp_path: Path, hostile: str) -> None:
    async def story(pair: Pair) -> None:
        place = await place_of(pair, "Article 2")
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(place)
            await counter_by(shown, place, {"text": hostile, "heading": hostile[:200]})
            shown_ok(shown)
            await shown.get(place)
            await shown.submit(f"{place}/note", {"note": hostile})
            shown_ok(shown)
            assert "<script>alert" not in shown.text
            assert "<img" not in shown.text
            await table(pair, pair.b)
            await shown.get(f"/agreements/{pair.instrument}/compare")
            shown_ok(shown)
            assert "<script>alert" not in shown.text
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(f"/agreements/{pair.instrument}")
            shown_ok(shown)
            assert hostile[:40] in shown.words
            assert "<img" not in shown.text

    play(story, tmp_path)


def test_units_are_found_and_paged_without_leaving_the_place(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text, place = f"/agreements/{pair.instrument}", await place_of(pair)
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(text, words="relations of either", turn="ours")
            shown_ok(shown)
            assert shown.text.count("data-unit tabindex") == 1
            page = await shown.submit(f"{place}/answer", {"answer": "accept_ad_ref"})
            assert page.url.params["words"] == "relations of either"
            await shown.get(text, words="nothing like that")
            assert "No unit is like that" in shown.words
            await shown.get(text, status="<b>", turn="x", start="-1")
            assert shown.page is not None
            assert shown.page.status_code == 400

    play(story, tmp_path)


def test_the_first_screen_of_a_long_text_weighs_little(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        text = "FRAMEWORK\n\n" + "".join(
            f"Article {n}\nMatter {n}\n\nThe Parties shall consult each other in matter {n}.\n\n"
            for n in range(1, 301)
        )
        made = await pair.a.call(
            "agreements.draft",
            who="negotiator",
            text=text,
            title="A long text",
            counterpart=pair.b.did,
        )
        pair.instrument = str(made["instrument"])
        await table(pair, pair.a)
        async with await logged_in(pair.b, "negotiator") as shown:
            page = await shown.get(f"/agreements/{pair.instrument}")
            shown_ok(shown)
            assert len(page.content) < 100_000
            assert shown.text.count("data-unit tabindex") == PER_PAGE
            assert "Article 300" in shown.words, "the outline leads to the last page"
            await shown.get(f"/agreements/{pair.instrument}", words="in matter 299")
            assert shown.text.count("data-unit tabindex") == 1

    play(story, tmp_path, chapter="introduced")


def test_all_that_is_open_on_a_page_is_accepted_as_it_was_shown_and_stays_here(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        text, place = f"/agreements/{pair.instrument}", f"/agreements/{pair.instrument}/accept-all"
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(text)
            shown_ok(shown)
            assert "Accept all that is open on this page" in shown.words
            seen = re.findall(r'name="seen" value="([^"]*)"', shown.text)
            assert len(seen) > 1
            await shown.submit(place, {"seen": seen})
            shown_ok(shown)
            assert f"{len(seen)} acceptances are in the tray" in shown.words
            assert (await unit_of(pair.a, pair))["status"] == "new"
            await shown.get(text)
            assert place not in shown.text
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get(text)
            assert place not in shown.text

    play(story, tmp_path)


def test_a_long_text_is_accepted_page_by_page_without_going_back_and_forth(tmp_path: Path) -> None:
    """Else whoever agrees to all of it searches for the next page after each."""

    async def story(pair: Pair) -> None:
        made = await pair.a.call(
            "agreements.draft",
            who="negotiator",
            text="".join(f"Article {n}\n\nMatter {n} is agreed.\n\n" for n in range(1, 26)),
            title="Of two pages",
            counterpart=pair.b.did,
        )
        pair.instrument = str(made["instrument"])
        await table(pair, pair.a)
        await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
        text, left = f"/agreements/{pair.instrument}", 25
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(text)
            for place in (text, f"{text}/tray"):
                seen = re.findall(r'name="seen" value="([^"]*)"', shown.text)
                left -= len(seen)
                await shown.submit(f"{text}/accept-all", {"seen": seen})
                shown_ok(shown)
                assert shown.page is not None
                assert shown.page.url.path == place
            assert left == 0

    play(story, tmp_path, chapter="introduced")


def test_a_text_that_is_settled_is_read_without_the_noise_of_a_negotiation(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(f"/agreements/{pair.instrument}")
            shown_ok(shown)
            assert shown.words.count("agreed and closed") == 1
            assert 'name="status"' not in shown.text
            await shown.get(f"/agreements/{pair.instrument}/packages")
            assert "Put the offer into the tray" not in shown.words

    play(story, tmp_path, chapter="in_force")
