"""Journeys 6 and 7 in a browser without a window: may I send this, and the release officer."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from support import framework
from support.crossing import (
    AREA,
    CONTENT,
    WORDS,
    bring_in,
    connect,
    offer_unasked,
    release,
    sharing_pair,
    suspend,
)
from support.sites import Browser, logged_in
from support.stages import play_to
from support.two_nodes import Pair, make_pair

Story = Callable[[Pair], Awaitable[None]]
HOSTILE = "<script>alert(1)</script> =1+1 \u05e9\u05dc\u05d5\u05dd"


def play(story: Story, root: Path) -> None:
    async def main() -> None:
        pair = await sharing_pair(root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def rel_of(pair: Pair) -> str:
    return (await pair.a.relationship()).rel_id


async def brought(shown: Browser, **words: str) -> None:
    """Fill the form in and send it with a file, as a browser without script does."""
    await shown.get("/share")
    await shown.submit(
        "/share", {**WORDS, "title": "Survey", **words}, files={"file": ("survey.pdf", CONTENT)}
    )


def test_a_file_is_dropped_asked_about_and_put_before_the_release_officer(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            page = await shown.get("/share", **WORDS)
            assert page.status_code == 200, shown.words
            assert "Ask the release officer." in shown.words
            assert "Article 2 permits it" in shown.words
            (article,) = set(re.findall(r'href="(/agreements/[^"]+/units/[^"]+)"', shown.text))
            assert (await shown.get(article)).status_code == 200, shown.words
            assert "decides alone" in shown.words
            await brought(shown)
            assert shown.page is not None
            assert shown.page.url.path.startswith("/items/"), shown.words
            assert "Ask the release officer." in shown.words
            await shown.submit(f"{shown.page.url.path}/offer")
            assert "waits for the release officer" in shown.words
            assert "Aldoria Desk Officer" in shown.words
            await shown.submit(f"{shown.page.url.path}/cancel")
            assert "Taken back" in shown.words
            assert (await shown.get("/items")).status_code == 200
            assert "Survey" in shown.words

    play(story, tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"marking": "RESTRICTED"}, "the marking is above the permitted level"),
        ({"kind": "weapon"}, "the agreement does not name this kind"),
        ({"area": "elsewhere"}, "the agreement has no such area"),
        ({"purpose": HOSTILE}, "the agreement does not name this purpose"),
    ],
)
def test_a_no_is_said_in_words_before_any_byte_is_brought_in(
    change: dict[str, str], says: str, tmp_path: Path
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/share", **{**WORDS, **change})
            assert f"No: {says}." in shown.words
            before = set(pair.a.node.ctx.payloads.names())
            await brought(shown, **change)
            assert shown.page is not None
            assert shown.page.status_code in {403, 409}
            assert "web.not_permitted" in shown.text
            assert "<script>alert" not in shown.text
            assert set(pair.a.node.ctx.payloads.names()) == before, "nothing was kept"
            await shown.submit(
                "/share",
                {**WORDS, **change, "title": "Survey", "keep": "yes"},
                files={"file": ("s.pdf", CONTENT)},
            )
            assert shown.page.url.path.startswith("/items/")
            assert f"No: {says}." in shown.words

    play(story, tmp_path)


def test_a_form_without_a_file_or_a_description_says_what_is_missing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/share")
            await shown.submit("/share", {**WORDS, "title": HOSTILE})
            assert "Choose a file first" in shown.words
            assert "&lt;script&gt;" in shown.text, "what was typed is kept, and harmless"
            await shown.submit("/share", {"area": AREA}, files={"file": ("a", b"a")})
            assert "Say for whom it is" in shown.words

    play(story, tmp_path)


def test_who_may_not_bring_files_in_can_ask_all_the_same(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get("/share", **WORDS)
            assert "Ask the release officer." in shown.words
            assert "Files are brought in by: desk officer" in shown.words
            before = set(pair.a.node.ctx.payloads.names())
            await brought(shown)
            assert "web.role" in shown.text
            assert set(pair.a.node.ctx.payloads.names()) == before

    play(story, tmp_path)


async def raw(shown: Browser, content: bytes, **words: str) -> int:
    """Send a file as the script does; return the status."""
    await shown.get("/share")
    tokens = shown.hidden("/share")
    headers = {
        "x-csrftoken": tokens["_csrf_token"][0],
        "x-comity-once": tokens["_once"][0],
        "content-type": "application/octet-stream",
    }
    query = {"name": "survey.pdf", "size": str(len(content)), **WORDS, **words}
    shown.page = await shown.client.post(
        "/share/file", params=query, content=content, headers=headers
    )
    return shown.page.status_code


def test_a_script_sends_a_file_as_it_is_and_is_told_where_to_go_on(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        content = bytes(range(256)) * 12_000
        async with await logged_in(pair.a, "desk_officer") as shown:
            assert await raw(shown, content, name="\u202efdp.exe/../sur\u0000vey.pdf") == 200
            assert shown.page is not None
            await shown.get(shown.page.json()["goto"])
            assert "survey.pdf" in shown.words
            assert "2.9 MiB" in shown.words
            assert "\u202e" not in shown.text
            await shown.get("/share")
            refused = await shown.client.post("/share/file", params=WORDS, content=b"forged")
            assert refused.status_code == 403

    play(story, tmp_path)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"size": "9"}, "web.upload_cut"),
        ({"size": "-1"}, "web.no_room"),
        ({"size": "99999999999999"}, "web.no_room"),
        ({"size": str(1 << 40)}, "web.no_room"),
        ({"marking": "RESTRICTED"}, "web.not_permitted"),
        ({"marking": ""}, "web.not_described"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing_half_written(
    words: dict[str, str], says: str, tmp_path: Path
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            folder = pair.a.node.ctx.payloads.folder
            before = sorted(folder.iterdir())
            assert await raw(shown, b"ten bytes.", **words) >= 400
            assert f'data-problem="{says}"' in shown.text
            assert sorted(folder.iterdir()) == before

    play(story, tmp_path)


def test_the_release_officer_decides_on_one_page_with_all_facts(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a, words={"title": HOSTILE})
        asked = await pair.a.call(
            "items.offer", who="desk_officer", item=item, counterpart=pair.b.did
        )
        wish = f"/releases/{asked['wish']}"
        async with await logged_in(pair.a, "release_officer") as shown:
            await shown.get("/releases")
            assert "Aldoria Desk Officer" in shown.words
            await shown.get(wish)
            for fact in (
                "Asked by Aldoria Desk Officer",
                "decides alone whether to release it",
                "they may not pass it on",
                "Framework for Cooperation",
                "survey.pdf",
                "Released to nobody.",
                "Our gateway opens",
            ):
                assert fact in shown.words, fact
            assert "<script>alert" not in shown.text
            await shown.submit(f"{wish}/release")
            assert "both gateways are open" in shown.words, shown.words
            assert "released" in shown.words
            await shown.get("/releases")
            assert "Nothing waits for a release." in shown.words
            await shown.get("/releases?status=all&format=csv")
            assert "<script>" in shown.text, "CSV is plain text"

    play(story, tmp_path)


def test_a_decline_needs_a_reason_and_the_asker_reads_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        asked = await pair.a.call(
            "items.offer", who="desk_officer", item=item, counterpart=pair.b.did
        )
        wish = f"/releases/{asked['wish']}"
        async with await logged_in(pair.a, "release_officer") as shown:
            await shown.get(wish)
            await shown.submit(f"{wish}/decline", {"reason": "  "})
            assert shown.page is not None
            assert shown.page.status_code == 400
            await shown.submit(f"{wish}/decline", {"reason": HOSTILE})
            assert "Declined." in shown.words
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/items/{item}")
            assert "&lt;script&gt;alert(1)" in shown.text
            assert "Private to us" in shown.words

    play(story, tmp_path)


def test_a_stale_decision_changes_nothing_and_loses_nothing_typed(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        ask = {"item": item, "counterpart": pair.b.did}
        asked = await pair.a.call("items.offer", who="desk_officer", **ask)
        wish = f"/releases/{asked['wish']}"
        async with await logged_in(pair.a, "release_officer") as shown:
            await shown.get(wish)
            await pair.a.call("items.cancel", who="desk_officer", **ask)
            await shown.submit(f"{wish}/decline", {"reason": "Not final."})
            assert "api.changed" in shown.text
            assert "taken back" in shown.words
            listed = await pair.a.call("items.show", item=item)
            assert isinstance(listed["wishes"], list)
            assert [one["status"] for one in listed["wishes"]] == ["cancelled"]

    play(story, tmp_path)


def test_who_may_not_release_sees_who_can(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        asked = await pair.a.call(
            "items.offer", who="desk_officer", item=item, counterpart=pair.b.did
        )
        wish = f"/releases/{asked['wish']}"
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(wish)
            assert "A release officer of ours decides this." in shown.words
            await shown.submit(f"{wish}/release")
            assert "officials.role" in shown.text

    play(story, tmp_path)


def test_what_they_released_is_fetched_watched_and_saved_never_shown(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(
            pair.a, HTML, words={"name": "page.html", "title": HOSTILE, "media": "text/html"}
        )
        await release(pair, pair.a, item)
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get("/received/now")
            assert "<script>alert(1)</script>" in shown.words
            file = await fetched(pair, shown)
            saved = await shown.get(file)
            assert saved.content == HTML
            assert saved.headers["content-disposition"].startswith("attachment")
            assert "page.html" in saved.headers["content-disposition"]
            assert saved.headers["content-type"] == "application/octet-stream"
            assert saved.headers["x-content-type-options"] == "nosniff"
            await pair.settle()
            await shown.get(file.removesuffix("/file"))
            assert "say that the same bytes moved" in shown.words
            assert "Fetched by Berevan Desk Officer" in shown.words
            assert "Why is it in this state?" in shown.words
        async with await logged_in(pair.a, "release_officer") as shown:
            await shown.get(f"/items/{item}")
            assert "delivered" in shown.words
            assert "A release officer released it." in shown.words
            await shown.submit(f"/items/{item}/withdraw")
            assert "both gateways are shut" in shown.words

    play(story, tmp_path)


HTML = b"<html><script>alert(1)</script></html>"


async def fetched(pair: Pair, shown: Browser) -> str:
    """Fetch the only thing released to B by its page; return the address of the file."""
    await shown.get("/received")
    assert "permitted Article 2" in shown.words
    await shown.submit("/received/fetch")
    assert shown.page is not None
    place = shown.page.url.path
    assert place.startswith("/fetches/"), shown.words
    async with asyncio.timeout(20):
        while "Received." not in shown.words:
            await pair.b.node.sharing.post.moved(0.05)
            await shown.get(place)
    assert 'data-live="off"' in shown.text
    (file,) = re.findall(r'href="(/transfers/[^"]+/file)"', shown.text)
    return str(file)


def test_what_crossed_stands_in_lists_with_the_ruling_that_let_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        await release(pair, pair.a, item)
        async with await logged_in(pair.b, "desk_officer") as shown:
            await fetched(pair, shown)
            for path, says in (
                ("/transfers", "from Aldoria"),
                ("/transfers?what=contracts", "agreed"),
                ("/rulings", "before the first byte was taken in"),
                ("/received", "received"),
            ):
                await shown.get(path)
                assert says in shown.words, path

    play(story, tmp_path)


def test_what_came_unasked_waits_on_a_page_and_can_be_declined_there(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a, words={"title": HOSTILE})
        await release(pair, pair.a, item)
        await offer_unasked(pair)
        async with await logged_in(pair.b, "negotiator") as shown:
            await shown.get("/held")
            assert "A desk officer of ours can decide this." in shown.words
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get("/received")
            assert "1 offer came unasked" in shown.words
            await shown.get("/held")
            assert "<script>alert" not in shown.text
            (place,) = set(re.findall(r'action="(/held/[^"]+/settle)"', shown.text))
            await shown.submit(place)
            assert "Declined; Aldoria is told so." in shown.words
            assert "Nothing came unasked." in shown.words

    play(story, tmp_path)


def test_a_suspended_article_is_named_where_somebody_wants_to_fetch_or_send(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        await release(pair, pair.a, item)
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get("/received")
            await suspend(pair, pair.a)
            await shown.submit("/received/fetch")
            assert "Article 2 is suspended by Aldoria under Article 5" in shown.words
            await shown.get("/share")
            assert "Article 2 is suspended by Aldoria" in shown.words
            await offer_unasked(pair, status=400)
            await shown.get("/rulings")
            assert "Article 2 is suspended by Aldoria" in shown.words
            assert "suspended by did:" not in shown.text

    play(story, tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "/share?to=nobody",
        "/items/nothing",
        "/releases/nothing",
        "/transfers/nothing",
        "/fetches/nothing",
        "/transfers/nothing/file",
        "/items/%00",
        "/received?of=%3Cscript%3E",
        "/rulings?of=x&start=99999999999999",
        "/items?q=%3Cscript%3E&start=-5",
        "/held",
        "/releases?status=all",
    ],
)
def test_an_address_that_leads_nowhere_is_answered_in_words(path: str, tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            page = await shown.get(path)
            assert page.status_code < 500, shown.words
            assert "<script>" not in shown.text.replace("<script>alert", "")

    play(story, tmp_path)


def test_a_running_transfer_is_paused_let_go_on_and_ended_on_its_page(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        await release(pair, pair.a, item)
        pair.wire.no_data = True
        await pair.b.call(
            "fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, wait=False
        )
        transfer = await standing(pair, "STARTED")
        page = f"/transfers/{transfer}"
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(page)
            assert "Pause the transfer" in shown.words
            await shown.submit(f"{page}/suspend", {"reason": "Not today."})
            assert "no further byte moves" in shown.words
            await standing(pair, "SUSPENDED")
            await shown.get(page)
            assert "Pause the transfer" not in shown.words
            await shown.submit(f"{page}/resume")
            assert "It goes on." in shown.words
            await standing(pair, "STARTED")
            await shown.get(page)
            await shown.submit(f"{page}/suspend", {"reason": "Not today."})
            await standing(pair, "SUSPENDED")
            await shown.get(page)
            await shown.submit(f"{page}/terminate", {"reason": "Not at all."})
            assert "Ended for good." in shown.words
        await standing(pair, "TERMINATED")
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(page)
            assert "Go on" not in shown.words
            assert "Not at all." in shown.words

    play(story, tmp_path)


async def standing(pair: Pair, state: str) -> str:
    """Return A's transfer once it is in that state on A's side, its messages delivered."""
    async with asyncio.timeout(90):
        while True:
            listed = (await pair.a.call("transfers"))["transfers"]
            assert isinstance(listed, list)
            rows = [row for row in listed if row["family"] == "transfer"]
            if rows and (rows[-1]["state"], rows[-1]["pending"]) == (state, None):
                return str(rows[-1]["transfer"])
            await pair.a.node.sharing.post.moved(0.05)


def test_what_an_area_lets_be_transferred_is_not_refused_as_something_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = framework.FIELDS.replace('actions = ["share"]', 'actions = ["transfer_technology"]')
    monkeypatch.setattr(framework, "FIELDS", fields)

    async def story() -> None:
        pair = await make_pair(tmp_path)
        await play_to(pair, "in_force")
        await connect(pair)
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/share", **WORDS)
            assert "Article 2 permits it" in shown.words
            await brought(shown)
            assert shown.page is not None
            assert shown.page.url.path.startswith("/items/"), shown.words
            assert "Article 2 permits it" in shown.words
        item = await bring_in(pair.a)
        who, to = "desk_officer", pair.b.did
        for said in (
            await pair.a.call("items.check", who=who, counterpart=to, item=item),
            await pair.a.call("items.ask", who=who, counterpart=to, **WORDS),
        ):
            assert said["permitted"] is True, "a program that names no action is no worse off"
        await pair.close()

    asyncio.run(story())
