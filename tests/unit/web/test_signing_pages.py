"""The way to force and the signatory's page: nothing is signed but what was read, by one's key."""

import asyncio
import html
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from comity.agreements.asked import read_request
from comity.foundation.plain import short
from support import stages
from support.sites import Browser, logged_in
from support.two_nodes import Pair, Party

PEM = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----\n"
Story = Callable[[Pair], Awaitable[None]]


def play(story: Story, root: Path, stage: str) -> None:
    async def main() -> None:
        pair = await stages.at_stage(stage, root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


def way(pair: Pair) -> str:
    return f"/agreements/{pair.instrument}/conclude"


async def do(shown: Browser, pair: Pair, act: str, **fields: str) -> None:
    await shown.get(way(pair))
    await shown.submit(f"{way(pair)}/{act}", fields)
    await pair.settle()


def here(shown: Browser) -> str:
    assert shown.page is not None
    return shown.page.url.path


async def signed_file(shown: Browser, party: Party, who: str) -> bytes:
    """Save the request of the page that is shown, and sign it as comity sign does."""
    path = here(shown)
    saved = await shown.client.get(f"{path}/file")
    assert saved.headers["content-disposition"].startswith("attachment")
    asked = read_request(saved.content)
    assert short(asked.digest) in shown.words, "the page shows the groups that comity sign shows"
    return party.signature(json.loads(saved.content), who)


async def hand_in(shown: Browser, data: bytes, *, name: str = "a.jws") -> None:
    path = here(shown).removesuffix("/signature")
    await shown.submit(f"{path}/signature", files={"signature": (name, data)})


def test_the_whole_way_from_clean_to_in_force_by_pages_alone(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        for act in ("adopt", "initial"):
            for party in (pair.a, pair.b):
                async with await logged_in(party, "signatory") as shown:
                    await do(shown, pair, act)
                    assert here(shown).startswith("/requests/")
                    assert "Nothing binding has happened yet" in shown.words
                    jws = await signed_file(shown, party, "signatory")
                    await hand_in(shown, jws)
                    assert "It was the last one needed" in shown.words
                    await pair.settle()
        for party in (pair.a, pair.b):
            async with await logged_in(party, "mandate_holder") as shown:
                await do(shown, pair, "clear")
                assert "cleared: exactly this text" in shown.words
        async with await logged_in(pair.a, "negotiator") as shown:
            await do(shown, pair, "window", opens="2026-11-23T09:00", closes="2026-12-01T09:00")
            assert "Done: Propose a signing window. The counterpart holds it." in shown.words
        async with await logged_in(pair.b, "negotiator") as shown:
            await do(shown, pair, "ready")
        for party in (pair.a, pair.b):
            for who in ("signatory", "second"):
                async with await logged_in(party, who) as shown:
                    await do(shown, pair, "sign")
                    assert "What the last mover could do" in shown.words
                    assert "on the last signature" in shown.words
                    await hand_in(shown, await signed_file(shown, party, who))
                    await pair.settle()
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get(way(pair))
            assert "Nobody must do anything now" in shown.words
            assert "Every listed signature came inside the window" in shown.words
        assert await stages.both(pair, "status") == ["in_force", "in_force"]

    play(story, tmp_path, "clean")


def test_the_request_page_is_one_page_of_what_matters_and_links_the_exact_text(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "signatory") as shown:
            await do(shown, pair, "sign")
            for words in (
                "On behalf of Aldoria",
                "signs, to be bound",
                "Framework for Cooperation",
                "Term: 10 years.",
                "Area information-sharing",
                "Berevan Minister",
                "has not signed",
                "never uploaded to it and never kept by it",
                "comity sign signing-signature-",
            ):
                assert words in shown.words, words
            path = here(shown)
            await shown.get(f"{path}/text")
            assert "remains in force for ten years" in shown.words
            clean = await pair.a.call("agreements.text", instrument=pair.instrument, form="clean")
            shows = re.findall(r'<div class="legal-text"[^>]*>(.*?)</div>', shown.text, re.DOTALL)
            assert "".join(html.unescape(each) for each in shows) == clean["text"]
            await shown.get("/requests")
            assert "Signature: Framework for Cooperation" in shown.words

    play(story, tmp_path, "signing")


FILES = {
    "a private key": (PEM, "That looks like a private key"),
    "a text": (b"I sign. Keller", "That is no signature file"),
    "nothing": (b"", "Choose the signature file"),
    "too much": (b'{"signatures":' + b"[" * (1 << 20), "may have at most"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_signature_is_refused_on_the_page_and_nothing_changed(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    data, words = FILES[name]

    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "signatory") as shown:
            await do(shown, pair, "adopt")
            await hand_in(shown, data)
            assert words in shown.words
            assert "c2VjcmV0" not in shown.text
            jws = await signed_file_of(shown, pair.a)
            await hand_in(shown, jws)
            assert "It was the last one needed" in shown.words, "the right file goes in at once"

    play(story, tmp_path, "clean")
    assert "c2VjcmV0" not in caplog.text


async def signed_file_of(shown: Browser, party: Party) -> bytes:
    path = here(shown).removesuffix("/signature")
    await shown.get(path)
    return await signed_file(shown, party, "signatory")


def test_a_signature_for_another_request_is_refused_and_says_where_it_belongs(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        powers = await pair.a.call(
            "officials.powers",
            who="mandate_holder",
            official="second",
            acts=["sign"],
            valid_until="2027-01-01T00:00:00Z",
        )
        async with await logged_in(pair.a, "signatory") as shown:
            await do(shown, pair, "adopt")
            await hand_in(shown, pair.a.signature(powers, "mandate_holder"))
            assert "is not over what this request asks for" in shown.words
            assert "Full powers for Aldoria Chief of Staff" in shown.words
            assert "waits for signatures" in shown.words

    play(story, tmp_path, "clean")


def test_a_signature_handed_in_twice_counts_once(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with (
            await logged_in(pair.a, "signatory") as first,
            await logged_in(pair.a, "second") as other,
        ):
            await do(first, pair, "adopt")
            path = here(first)
            jws = await signed_file(first, pair.a, "signatory")
            await other.get(path)
            await hand_in(first, jws)
            await hand_in(other, jws)
            assert "is settled: done" in other.words
            adopted = await stages.show(pair.a, pair.instrument)
            assert adopted["adopted"] == [pair.a.did]

    play(story, tmp_path, "clean")


def test_a_window_that_ended_while_the_page_was_open_binds_nobody(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "signatory") as shown:
            await do(shown, pair, "sign")
            jws = await signed_file(shown, pair.a, "signatory")
            await pair.later(2 * stages.HOUR_S)
            await hand_in(shown, jws)
            assert "The signing window ended" in shown.words
            assert "a signature would not count any more" in shown.words
            await shown.get(way(pair))
            assert "nobody has signed" in shown.words
            assert "propose a signing window" in shown.words

    play(story, tmp_path, "signing")


def test_who_may_not_act_sees_who_can_and_the_node_refuses_the_rest(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(way(pair))
            assert "Who can: Aldoria Chief of Staff , Aldoria Minister" in shown.words
            page = await shown.submit(f"{way(pair)}/adopt")
            assert page.status_code == 403
            assert "It is for signatory" in shown.words

    play(story, tmp_path, "clean")


def test_a_form_that_became_stale_is_refused_and_keeps_the_reason(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(way(pair))
            await stages.act(pair, pair.b, "adopt")
            await shown.submit(f"{way(pair)}/abandon", {"reason": "my long reason"})
            assert "This has changed since you looked at it" in shown.words
            assert "my long reason" in shown.text
            await shown.get(way(pair))
            await shown.submit(f"{way(pair)}/abandon", {"reason": " "})
            assert "Say why" in shown.words
        assert await stages.status(pair.a, pair.instrument) == "clean"

    play(story, tmp_path, "clean")


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-03-29T02:30", "99999-01-01T00:00"])
def test_a_time_that_there_is_not_is_refused_in_words(tmp_path: Path, typed: str) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            shown.client.cookies.set("comity_zone", "Europe/Berlin")
            await do(shown, pair, "window", opens="2026-11-24T10:00", closes=typed)
            assert "The window closes: choose a date and a time" in shown.words
            assert 'value="2026-11-24T10:00"' in shown.text

    play(story, tmp_path, "initialled")


def test_times_are_those_of_the_readers_zone(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            shown.client.cookies.set("comity_zone", "Asia/Tokyo")
            await do(shown, pair, "window", opens="2026-11-24T10:00", closes="2026-11-25T10:00")
            assert "10:00 JST (24 Nov 2026, 01:00 UTC)" in shown.words
        found = await pair.b.call("agreements.conclusion", instrument=pair.instrument)
        assert "2026-11-24T01:00:00Z" in str(found["attempts"])

    play(story, tmp_path, "initialled")


def test_a_suspension_shows_what_stops_before_it_is_asked_for(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        place = f"/agreements/{pair.instrument}/suspend"
        async with await logged_in(pair.a, "signatory") as shown:
            await shown.get(place)
            assert "Article 5 allows it" in shown.words
            await shown.get(place, look="yes", unit="Article 2", until="2027-01-01T00:00")
            assert "Information sharing" in shown.words
            assert "stops" in shown.words
            await shown.submit(place)
            assert "Suspends Article 2" in shown.words
            await hand_in(shown, await signed_file(shown, pair.a, "signatory"))
            await pair.settle()
            await shown.get(way(pair))
            assert "suspended by us" in shown.words
            await shown.get(place, look="yes", more="Article 99")
            assert "has no unit 'Article 99'" in shown.words
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get(place, look="yes")
            assert "stopped already" in shown.words

    play(story, tmp_path, "in_force")


def test_a_request_is_dropped_and_takes_no_signature_any_more(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "signatory") as shown:
            await do(shown, pair, "adopt")
            path = here(shown)
            await shown.submit(f"{path}/drop")
            assert "Nothing binding had happened" in shown.words
            await shown.get(path)
            assert "Hand in the signature" not in shown.words
            await shown.get("/requests", status="dropped", format="csv")
            assert "Adoption of the text" in shown.text
            page = await shown.get("/requests/nothing-like-that")
            assert page.status_code in {400, 404}

    play(story, tmp_path, "clean")


def test_our_clearance_and_holds_are_not_told_to_everybody(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(way(pair))
            assert "private to each side" in shown.words
            assert "cleared: exactly this text" not in shown.words

    play(story, tmp_path, "initialled")
