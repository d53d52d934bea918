"""Coming in: by a link once, by a password of one's own; what a session protects."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from comity.foundation.errors import MisuseError
from comity.web.visit import Goto, Html, Page, Reply, Visit
from support.sites import browser, logged_in
from support.stages import at_stage
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]


def play(story: Story, root: Path) -> None:
    async def main() -> None:
        pair = await at_stage("introduced", root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


def test_a_stranger_sees_the_log_in_and_nothing_of_the_house(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await browser(pair.a.node) as shown:
            page = await shown.get("/")
            assert page.status_code == 401
            assert "Log in" in shown.words
            assert "Berevan" not in shown.words
            assert "set-cookie" not in page.headers or "comity_form" in page.headers["set-cookie"]

    play(story, tmp_path)


def test_a_link_lets_in_once_and_only_by_its_button(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        made = await pair.a.call("accounts.link", official="negotiator")
        path = "/" + str(made["link"]).split("/", 3)[3]
        async with await browser(pair.a.node) as first, await browser(pair.a.node) as second:
            await first.get(path)
            await second.get(path)  # a mail program that looks at the link uses nothing up
            assert (await first.submit(path)).url.path == "/"
            assert "What needs me" in first.words
            refused = await second.submit(path)
            assert refused.status_code == 403
            assert "does not let anybody in" in second.words

    play(story, tmp_path)


def test_a_link_that_is_too_old_or_guessed_lets_nobody_in(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        made = await pair.a.call("accounts.link", official="negotiator")
        path = "/" + str(made["link"]).split("/", 3)[3]
        pair.clock.tick(16 * 60)
        async with await browser(pair.a.node) as shown:
            for guess in (path, "/enter/" + "A" * 43, "/enter/%00", "/enter/" + "x" * 5000):
                await shown.get(guess)
                assert (await shown.submit(guess)).status_code in {403, 400}
                assert (await shown.get("/")).status_code == 401

    play(story, tmp_path)


def test_a_password_that_was_never_set_lets_nobody_in(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await browser(pair.a.node) as shown:
            for official in ("negotiator", "nobody", "'; --", "\u202eevil"):
                await shown.get("/enter")
                answer = await shown.submit("/enter", {"official": official, "password": "guess"})
                assert answer.status_code == 403
                assert "do not fit" in shown.words

    play(story, tmp_path)


def test_the_password_a_person_set_lets_in_and_five_wrong_tries_rest(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        accounts = pair.a.node.accounts
        hashed = accounts.hash_password("four plain words here")
        await pair.a.node.ctx.store.write(
            lambda tx: accounts.set_password(tx, "negotiator", hashed)
        )
        async with await browser(pair.a.node) as shown:
            await shown.get("/enter")
            right = {"official": "negotiator", "password": "four plain words here"}
            await shown.submit("/enter", right)
            assert "What needs me" in shown.words
            await shown.submit("/leave")
            for _ in range(5):
                await shown.submit("/enter", {"official": "negotiator", "password": "wrong"})
            assert (await shown.submit("/enter", right)).status_code == 403
            pair.clock.tick(61)
            assert (await shown.submit("/enter", right)).status_code == 200

    play(story, tmp_path)


def test_a_session_that_ended_loses_nothing_typed(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        got: list[str] = []

        async def show(visit: Visit) -> Reply:
            return Html(template="problem.html", context={"status": 200, "at": visit.path})

        async def take(visit: Visit) -> Reply:
            got.append(visit.form["words"])
            return Goto(path="/", notice="taken")

        pages = (
            Page(method="GET", path="/form", work=show),
            Page(method="POST", path="/form", work=take, back="/form"),
        )
        accounts = pair.a.node.accounts
        hashed = accounts.hash_password("four plain words here")
        await pair.a.node.ctx.store.write(
            lambda tx: accounts.set_password(tx, "negotiator", hashed)
        )
        async with await logged_in(pair.a, "negotiator", more=pages) as shown:
            tokens = {name: values[0] for name, values in shown.hidden("/leave").items()}
            await pair.a.node.ctx.store.write(lambda tx: accounts.end_sessions(tx, "negotiator"))
            pair.clock.tick(5)
            shown.page = await shown.client.post(
                "/form",
                data={**tokens, "words": "my <b>long</b> answer", "password": "never put back"},
            )
            assert "never put back" not in shown.text
            assert shown.page.status_code == 401
            assert "nothing you typed is lost" in shown.words
            await shown.submit(
                "/enter", {"official": "negotiator", "password": "four plain words here"}
            )
            assert got == []
            assert "my <b>long</b> answer" in shown.words
            await shown.submit("/form")
            assert got == ["my <b>long</b> answer"]
            assert "taken" in shown.words

    play(story, tmp_path)


def test_a_form_from_another_site_does_nothing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            tokens = {name: values[0] for name, values in shown.hidden("/leave").items()}
            for data, headers in (
                ({}, {}),
                ({"_csrf_token": "0" * 128}, {}),
                (tokens, {"sec-fetch-site": "cross-site"}),
                (tokens, {"sec-fetch-site": "same-site"}),
            ):
                answer = await shown.client.post("/leave", data=data, headers=headers)
                assert answer.status_code in {401, 403}, headers
            await shown.get("/")
            assert "What needs me" in shown.words

    play(story, tmp_path)


def test_a_name_that_is_not_ours_reaches_nothing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            answer = await shown.client.get("/", headers={"host": "evil.example:8080"})
            assert answer.status_code == 421

    play(story, tmp_path)


def test_a_double_click_acts_once_and_shows_the_same(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        done: list[str] = []
        begun, gate = asyncio.Event(), asyncio.Event()

        async def act(visit: Visit) -> Reply:
            done.append(visit.once)
            begun.set()
            await gate.wait()
            return Goto(path="/", notice=f"done {len(done)}")

        page = Page(method="POST", path="/act", work=act)
        async with await logged_in(pair.a, "negotiator", more=[page]) as shown:
            data = {**{k: v[0] for k, v in shown.hidden("/leave").items()}, "_once": "one-form"}
            first = asyncio.create_task(shown.client.post("/act", data=data))
            second = asyncio.create_task(shown.client.post("/act", data=data))
            await begun.wait()
            gate.set()
            assert [(await each).status_code for each in (first, second)] == [200, 200]
            assert len(done) == 1
            await shown.client.post("/act", data={**data, "other": "words"})
            assert len(done) == 2  # the same form with other words in it is another act

    play(story, tmp_path)


def test_what_was_typed_stands_on_the_page_that_shows_why_it_was_refused(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async def show(visit: Visit) -> Reply:
            return Html(template="entry/enter.html", context=_context(visit))

        async def refuse(visit: Visit) -> Reply:
            raise MisuseError("web.enter", f"Type it otherwise than on {visit.path}.")

        pages = (
            Page(method="GET", path="/form/{part}", work=show),
            Page(method="POST", path="/form/{part}", work=refuse, back="/form/{part}"),
        )
        async with await logged_in(pair.a, "negotiator", more=pages) as shown:
            data = {k: v[0] for k, v in shown.hidden("/leave").items()}
            page = await shown.client.post("/form/x", data={**data, "official": '"><i>typed'})
            assert page.status_code == 400
            assert "Type it otherwise than on /form/x." in page.text
            assert "&#34;&gt;&lt;i&gt;typed" in page.text

    play(story, tmp_path)


def _context(visit: Visit) -> dict[str, object]:
    return {"again": "", "kept": {}, "files": [], "next": visit.query.get("n", ""), "prefix": ""}


def test_every_answer_forbids_what_is_inline_and_framing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            for path in ("/", "/enter", "/nowhere", "/static/x/comity.css"):
                headers = (await shown.client.get(path)).headers
                assert "default-src 'none'" in headers["content-security-policy"], path
                assert "unsafe" not in headers["content-security-policy"]
                assert headers["x-content-type-options"] == "nosniff"
            assert 'style="' not in shown.text
            assert "<script>" not in shown.text

    play(story, tmp_path)


@pytest.mark.parametrize("next_path", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_the_log_in_never_leads_to_another_site(next_path: str, tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        accounts = pair.a.node.accounts
        hashed = accounts.hash_password("four plain words here")
        await pair.a.node.ctx.store.write(
            lambda tx: accounts.set_password(tx, "negotiator", hashed)
        )
        async with await browser(pair.a.node) as shown:
            await shown.get("/enter")
            entered = await shown.submit(
                "/enter",
                {
                    "official": "negotiator",
                    "password": "four plain words here",
                    "next": next_path,
                },
            )
            assert (entered.url.host, entered.url.path) == ("localhost", "/")

    play(story, tmp_path)


def test_a_person_with_another_language_reads_the_site_in_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await browser(pair.a.node) as shown:
            page = await shown.client.get("/enter", headers={"accept-language": "fr-CA,en;q=0.5"})
            assert '<html lang="fr"' in page.text

    play(story, tmp_path)
