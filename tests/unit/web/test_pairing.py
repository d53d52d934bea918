"""Pairing in the site: two engineers who have never seen it pair their nodes."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2

from support.sites import Browser, logged_in
from support.two_nodes import Pair, Party, make_pair

Story = Callable[[Pair], Awaitable[None]]


def play(story: Story, root: Path) -> None:
    async def main() -> None:
        pair = await make_pair(root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def letter(shown: Browser) -> bytes:
    await shown.get("/pair")
    page = await shown.submit("/pair/letter")
    assert "attachment" in page.headers["content-disposition"]
    return page.content


async def upload(shown: Browser, data: bytes) -> httpx2.Response:
    await shown.get("/pair")
    return await shown.submit("/pair/read", files={"letter": ("their.letter.json", data)})


def ours(shown: Browser) -> str:
    found = re.search(r"(?:\d{4} ){7}\d{4}", html.unescape(shown.text))
    assert found is not None, shown.words
    return found[0]


async def accept(party: Party, request: str) -> None:
    made = await party.call("requests.show", request=request)
    for who in ("mandate_holder", "legal_adviser"):
        await party.sign(made, who)


def test_two_parties_pair_by_the_pages(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with (
            await logged_in(pair.a, "legal_adviser") as one,
            await logged_in(pair.b, "mandate_holder") as two,
        ):
            letters = await letter(one), await letter(two)
            await upload(one, letters[1])
            place = (await upload(two, letters[0])).url.path
            assert "Berevan" in one.words
            read_out = ours(one)
            await two.get(f"{place}/compare")
            assert read_out not in two.text, "ours stands where theirs is typed"
            page = await two.submit(f"{place}/compare", {"fingerprint": read_out})
            request = page.url.path.removeprefix("/requests/")
            await accept(pair.b, request)
            await two.get(place)
            assert "accepted by us; waits for them" in two.words
            await two.get("/pair")
            assert "the counterpart" in two.words

    play(story, tmp_path)


def test_digits_that_differ_accept_nothing_and_stay_in_their_field(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with (
            await logged_in(pair.a, "legal_adviser") as one,
            await logged_in(pair.b, "mandate_holder") as two,
        ):
            place = (await upload(one, await letter(two))).url.path
            assert one.page is not None
            await letter(one)  # a fingerprint is of both letters
            place = (await upload(one, await letter(two))).url.path
            wrong = "0000 1111 2222 3333 4444 5555 6666 7777"
            await one.get(f"{place}/compare")
            page = await one.submit(f"{place}/compare", {"fingerprint": wrong})
            assert page.status_code == 400
            assert "differ" in one.words
            assert wrong in one.text, "what was typed is lost"
            await one.submit(f"{place}/compare", {"fingerprint": "12"})
            assert "eight groups of four digits" in one.words
        assert (await pair.a.call("requests"))["requests"] == []

    play(story, tmp_path)


def test_files_that_are_no_letter_are_refused_in_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "legal_adviser") as shown:
            own = await letter(shown)
            for data in (b"{}", b"\xff\xfe", b"[" * 3000, own, b"x" * (1 << 20)):
                page = await upload(shown, data)
                assert page.status_code == 400, shown.words
                assert 'role="alert"' in shown.text
        assert (await pair.a.call("letters.pairing"))["pairings"] == []

    play(story, tmp_path)


def test_a_letter_that_expired_here_says_so_and_can_be_put_aside(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.b, "mandate_holder") as two:
            theirs = await letter(two)
        async with await logged_in(pair.a, "legal_adviser") as one:
            await letter(one)
            place = (await upload(one, theirs)).url.path
        pair.clock.tick(31 * 86_400)
        async with await logged_in(pair.a, "legal_adviser") as one:
            await one.get(place)
            assert "cannot be used any more" in one.words
            await one.submit(f"{place}/forget")
            assert "put aside" in one.words
            gone = await one.get(place)
            assert gone.status_code == 400

    play(story, tmp_path)


def test_who_may_not_pair_is_told_who_can(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            await letter(shown)
            await shown.get("/pair")
            assert "The mandate holder, the legal adviser or an engineer does this" in shown.words

    play(story, tmp_path)
