"""A negotiator changes the words of a unit and what they lay down together, by forms."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from support.framework import CONDITIONED, OWN_WORDING, RED_LINE, RED_LINE_SENTENCE, UNAFFECTED
from support.sites import Browser, logged_in
from support.stages import answer, at_stage
from support.two_nodes import Pair

Story = Callable[[Pair, Browser], Awaitable[None]]
DURATION = "Article 7"
TWELVE = "This Framework remains in force for twelve years."


def play(story: Story, root: Path, *, who: str = "negotiator") -> None:
    async def main() -> None:
        pair = await at_stage("tabled", root)
        try:
            async with await logged_in(pair.b, who) as shown:
                await story(pair, shown)
        finally:
            await pair.close()

    asyncio.run(main())


async def unit_of(pair: Pair, label: str) -> dict[str, object]:
    found = await pair.b.call(
        "agreements.show", who="negotiator", instrument=pair.instrument, unit=label
    )
    units = found["units"]
    assert isinstance(units, list)
    return dict(units[0])


async def opened(pair: Pair, shown: Browser, label: str = DURATION) -> str:
    """Open the page for a counter of one unit; return its address."""
    unit = await unit_of(pair, label)
    place = f"/agreements/{pair.instrument}/units/{unit['unit']}/counter"
    await shown.get(place)
    assert shown.page is not None
    assert shown.page.status_code == 200, shown.words[:1500]
    return place


async def send(
    shown: Browser, place: str, fields: Mapping[str, str | list[str]], *, look: bool = False
) -> int:
    """Press one of the two buttons of the form; return the status of what comes."""
    data = {**shown.hidden(place), **fields}
    shown.page = await shown.client.post(f"{place}/look" if look else place, data=data)
    return shown.page.status_code


def period(years: str, quote: str) -> dict[str, str | list[str]]:
    return {"f0-years": years, "f0-months": "0", "f0-days": "0", "f0-quote": quote}


def values(row: object, name: str) -> object:
    """Return the value of a field of what is staged."""
    assert isinstance(row, list)
    return row[0]["fields"][name]["value"]


def test_words_and_value_change_together_after_a_look_at_what_would_be_tabled(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        assert "The agreement runs for 10 years." in shown.words
        typed = {"text": TWELVE, "heading": "Duration", **period("12", "twelve years")}
        assert await send(shown, place, typed, look=True) == 200
        assert "What would be tabled" in shown.words
        assert "The agreement runs for 12 years." in shown.words
        assert "<ins>twelve" in shown.text
        for kind in ("legal-text", "legal-text redline"):
            assert f'<p class="{kind}" dir="auto" lang="en">' in shown.text, "read in what language"
        assert "nothing is in the tray yet" in shown.words
        assert (await unit_of(pair, DURATION))["staged"] == [], "a look stages nothing"
        assert await send(shown, place, typed) == 200
        assert "Our wording is in the tray" in shown.words
        staged = (await unit_of(pair, DURATION))["staged"]
        assert values(staged, "term") == {"period": "P12Y"}
        assert "twelve years" in str(staged)

    play(story, tmp_path)


def test_a_field_whose_words_are_gone_says_so_at_its_place_and_offers_the_new_ones(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        typed = {"text": TWELVE, **period("12", "ten years")}
        assert await send(shown, place, typed) == 400
        assert "The words it quotes do not stand in that unit any more." in shown.words
        assert re.search(r'<textarea id="f0-quote"[^>]*aria-invalid="true"', shown.text)
        assert 'value="12"' in shown.text, "what was typed is kept"
        quote = "This Framework remains in force for twelve years"
        assert f"«{quote}»" in shown.words.replace("« ", "«").replace(" »", "»")
        picked = re.search(r'name="f0-pick" value="([^"]+)"', shown.text)
        assert picked is not None
        assert await send(shown, place, {**typed, "f0-pick": picked[1]}, look=True) == 200
        assert "What would be tabled" in shown.words
        assert quote in shown.text.partition('id="f0-quote"')[2], "the picked words are the quote"
        assert await send(shown, place, {**typed, "f0-quote": quote}) == 200
        assert values((await unit_of(pair, DURATION))["staged"], "term") == {"period": "P12Y"}

    play(story, tmp_path)


def test_the_short_form_beside_the_text_leads_to_the_forms_when_a_field_loses_its_words(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        text = f"/agreements/{pair.instrument}"
        place = f"{text}/units/{(await unit_of(pair, DURATION))['unit']}"
        await shown.get(text)
        data = {**shown.hidden(f"{place}/answer"), "text": TWELVE}
        shown.page = await shown.client.post(f"{place}/counter", data=data)
        assert shown.page.status_code == 400
        assert "no longer says" in shown.words
        assert "The words it quotes do not stand in that unit any more." in shown.words
        assert TWELVE in shown.words
        counter = {"text": TWELVE, **period("12", "twelve years")}
        assert await send(shown, f"{place}/counter", counter) == 200
        assert "Our wording is in the tray" in shown.words

    play(story, tmp_path)


def test_words_and_value_that_seem_to_disagree_are_pointed_out(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        text = "This Framework remains in force for ten years."
        typed = {"text": text, **period("12", "ten years")}
        assert await send(shown, place, typed, look=True) == 200
        assert "The value and the quoted words seem to say different things." in shown.words

    play(story, tmp_path)


def test_a_number_that_is_none_comes_back_with_all_that_was_typed(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        typed = {"text": TWELVE, **period("many", "twelve years")}
        for look in (True, False):
            assert await send(shown, place, typed, look=look) == 400
            assert "Write a whole number in figures" in shown.words
            assert 'value="many"' in shown.text
            assert TWELVE in shown.words
        assert (await unit_of(pair, DURATION))["staged"] == []

    play(story, tmp_path)


def test_a_field_is_taken_away_and_another_added(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        text = "A Party that leaves says so six months before. There is no set duration."
        typed = {"text": text, **period("10", "ten years"), "f0-gone": "yes", "more": "notice"}
        assert await send(shown, place, typed) == 400
        assert "You chose a field to add" in shown.words
        assert "Notice of withdrawal" in shown.words
        assert 'name="f1-years"' in shown.text
        typed |= {"f1-years": "0", "f1-months": "6", "f1-days": "0", "more": ""}
        assert await send(shown, place, {**typed, "f1-quote": "six months before"}) == 200
        staged = (await unit_of(pair, DURATION))["staged"]
        assert values(staged, "notice") == {"period": "P6M"}
        assert "term" not in str(staged)

    play(story, tmp_path)


def test_areas_and_ticks_are_kept_and_changed_by_the_same_forms_as_in_a_draft(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown, "Article 1 1.")
        assert "share items (report), marked PARTNERS or lower" in shown.words
        unit = await unit_of(pair, "Article 1 1.")
        alternatives = unit["alternatives"]
        assert isinstance(alternatives, list)
        quote = "share reports marked PARTNERS or lower under Article 2, for planning"
        typed: dict[str, str | list[str]] = {
            "text": f"The Parties may meet and {quote}.",
            "f0-quote": quote,
            "f0-title-0": "Information sharing",
            "f0-articles-0": "Article 2",
            "f0-actions-0": ["share", "meet"],
            "f0-kinds-0": "report, warning",
            "f0-marking_max-0": "PARTNERS",
            "f0-purposes-0": "planning",
            "f0-recipients-0": "parties",
            "f0-onward-0": "refused",
        }
        assert await send(shown, place, typed, look=True) == 200
        assert "may share items or meet (report, warning)" in shown.words
        assert await send(shown, place, typed) == 200
        value = values((await unit_of(pair, "Article 1 1."))["staged"], "areas")
        assert "'warning'" in str(value)
        assert "'id': 'information-sharing'" in str(value)

    play(story, tmp_path)


def test_the_fields_can_be_edited_as_text(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown, "Article 3")
        await shown.get(place, **{"as": "text"})
        assert "What the machines read of it" in shown.words
        assert "f0-quote" not in shown.text
        fields = str((await unit_of(pair, "Article 3"))["fields_file"])
        typed = {"text": f"This Framework {OWN_WORDING}.", "fields": fields}
        assert await send(shown, place, typed) == 400
        assert OWN_WORDING in shown.words
        assert "What the machines read of it" in shown.words, "it stays as text"
        typed["fields"] = fields.replace(UNAFFECTED, "shall not be read to affect")
        assert await send(shown, place, typed, look=True) == 200
        assert "What would be tabled" in shown.words
        assert await send(shown, place, typed) == 200
        assert "Our wording is in the tray" in shown.words

    play(story, tmp_path)


def test_a_colleague_who_answered_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        typed = {"text": TWELVE, **period("12", "twelve years")}
        await answer(pair, pair.b, "accept", DURATION)
        assert await send(shown, place, typed, look=True) == 200, "a look keeps what was seen"
        assert await send(shown, place, typed) == 409
        assert "has put an answer into the tray" in shown.words
        assert TWELVE in shown.words
        assert "propose" not in str((await unit_of(pair, DURATION))["staged"])

    play(story, tmp_path)


def test_our_red_line_stands_beside_what_would_be_tabled_for_us_alone(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        await pair.b.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        place = await opened(pair, shown, "Article 3")
        typed = {
            "text": f"This Framework {CONDITIONED}.",
            "f0-relations": "conditioned",
            "f0-onward": "consent",
            "f0-quote": CONDITIONED,
        }
        assert await send(shown, place, typed, look=True) == 200
        assert "Our own red lines stand against it" in shown.words
        assert RED_LINE_SENTENCE in shown.words
        async with await logged_in(pair.b, "desk_officer") as other:
            page = await other.get(place)
            assert page.status_code == 403
            assert RED_LINE_SENTENCE not in other.text

    play(story, tmp_path)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "\u202eabc"])
def test_hostile_words_are_shown_as_words_or_refused(tmp_path: Path, hostile: str) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = await opened(pair, shown)
        typed = {"text": hostile, **period("12", hostile), "f0-name": "term"}
        for look in (True, False):
            await send(shown, place, typed, look=look)
            assert shown.page is not None
            assert shown.page.status_code < 500
            assert "<script>alert" not in shown.text
            assert "<img" not in shown.text

    play(story, tmp_path)
