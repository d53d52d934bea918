"""The legal adviser's page: what is found stands beside its unit; clear and hold are kept."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from support import stages
from support.framework import (
    CONDITIONED,
    RED_LINE,
    RED_LINE_SENTENCE,
    UNAFFECTED,
)
from support.sites import Browser, logged_in
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]


def play(story: Story, root: Path, stage: str = "tabled") -> None:
    async def main() -> None:
        pair = await stages.at_stage(stage, root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def conditioned(pair: Pair) -> None:
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    await stages.answer(pair, pair.b, "accept", "all")
    await stages.counter(
        pair,
        pair.b,
        (UNAFFECTED, CONDITIONED),
        ('relations = "unaffected"', 'relations = "conditioned"'),
    )
    await stages.table(pair, pair.b)


def place(pair: Pair) -> str:
    return f"/agreements/{pair.instrument}/reading"


def form_of(shown: Browser, label: str) -> int:
    """Return which review form of the page belongs to the unit with this label."""
    labels = re.findall(r'id="l-[^"]*"><a [^>]*>([^<]*)</a>', shown.text)
    return next(n for n, each in enumerate(labels) if each.startswith(label))


async def verdict(shown: Browser, pair: Pair, label: str, **fields: str) -> None:
    nth = form_of(shown, label)
    action = f"{place(pair)}/review"
    unit = shown.hidden(action, nth=nth)["unit"][0]
    named = {name.replace("words", f"words-{unit}"): value for name, value in fields.items()}
    await shown.submit(action, named, nth=nth)


def test_the_page_shows_breaches_duties_and_changes_beside_their_unit(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await conditioned(pair)
        async with await logged_in(pair.a, "legal_adviser") as shown:
            page = await shown.get(place(pair))
            assert page.status_code == 200
            for words in (
                RED_LINE_SENTENCE,
                "in their wording",
                "A field changed",
                "0 of",
                "Breaches (1)",
                "tabled by them",
                "Nothing was found by rule or by words",
            ):
                assert words in shown.words, words
            await shown.get(place(pair), show="breaches")
            assert re.findall(r'<h2 id="l-[^"]*"><a [^>]*>([^<]*)<', shown.text) == [
                "Article 3 Third parties"
            ]
            listed = await shown.get(place(pair), show="breaches", format="csv")
            assert listed.headers["content-disposition"].endswith("legal-reading.csv")
            assert RED_LINE_SENTENCE in listed.text

    play(story, tmp_path)


def test_a_unit_is_cleared_or_held_and_a_hold_without_words_keeps_the_page(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(place(pair))
            await verdict(shown, pair, "Article 3", verdict="clear")
            assert "Cleared: Article 3" in shown.words
            assert "1 of" in shown.words
            await verdict(shown, pair, "Article 4", verdict="hold", words="")
            assert "Say why the unit is held" in shown.words
            await verdict(shown, pair, "Article 4", verdict="hold", words="=too long, we say")
            assert "Held: Article 4" in shown.words
            assert "One unit is held" in shown.words
            assert "=too long, we say" in shown.words
        async with await logged_in(pair.a, "mandate_holder") as shown:
            await shown.get(place(pair), show="held")
            action = f"{place(pair)}/overrule?show=held"
            unit = shown.hidden(action)["unit"][0]
            await shown.submit(action, {f"over-{unit}": "we accept that"})
            assert "The hold on Article 4 is overruled" in shown.words
            assert "held, overruled for this wording" in shown.words

    play(story, tmp_path)


def test_a_wording_that_changed_while_the_page_was_open_is_not_signed_off(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(place(pair))
            await conditioned(pair)
            await verdict(shown, pair, "Article 3", verdict="hold", words="my careful words")
            assert "has changed since you read it" in shown.words
            assert "my careful words" in shown.text, "nothing typed is lost"

    play(story, tmp_path)


def test_the_rest_of_a_page_is_cleared_at_once_but_never_what_something_was_found_in(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        await conditioned(pair)
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(place(pair))
            await shown.submit(f"{place(pair)}/clear")
            assert "units cleared" in shown.words
            await shown.get(place(pair), show="to_read")
            assert "Article 3" in shown.words

    play(story, tmp_path)


def test_an_official_without_the_role_reads_nothing_of_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await conditioned(pair)
        for who in ("signatory", "desk_officer"):
            async with await logged_in(pair.a, who) as shown:
                page = await shown.get(place(pair))
                assert page.status_code == 403
                assert RED_LINE_SENTENCE not in shown.words
                assert "legal_adviser" in shown.words
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(place(pair))
            assert "Clear and hold are for legal advisers" in shown.words

    play(story, tmp_path)


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        bad = "<script>alert(1)</script>\u2067"
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(place(pair))
            await verdict(shown, pair, "Article 3", verdict="hold", words=bad)
            assert "<script>alert" not in shown.text
            assert "&lt;script&gt;" in shown.text

    play(story, tmp_path)
