"""What people and the counterpart can do wrong on the pages: issue 4, "Bad input"."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx2
import pytest

from comity.web import entry, pages
from support.crawl import crawl
from support.crossing import bring_in, sharing_pair
from support.forms import WORDS, Form, forms_of
from support.looks import PROGRAM, look_everywhere, problem_of
from support.sites import Browser, logged_in
from support.staff import add
from support.stages import at_stage, draft
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]
EVERY_ROLE: Final = [
    *("negotiator", "legal_adviser", "mandate_holder", "signatory"),
    *("desk_officer", "release_officer", "engineer"),
]
#: What may stand in a text, and must stay words: script, formulas, both directions.
SPEECH: Final = (
    "=1+1 <script>alert(1)</script>'\"\uff1dcmd {{ 7*7 }} %(n)s \u05e9\u05dc\u05d5\u05dd"
)
#: What may not: an override, an isolate, a bell, nothing.
CONTROL: Final = "\u202eevil\u2066\x07\x00<script>alert(2)</script>"
#: Forms that end everything come last; what ends the walk itself does not come.
LATE: Final = (
    *("text", "title", "note", "table", "withdraw", "cancel", "conclude/abandon"),
    *("suspend", "drop", "close", "revoke", "forget"),
)
NOT_WALKED: Final = {"/leave", "/account/password", "/account/sessions", "/account/preferences"}


async def at(stage: str, root: Path) -> Pair:
    """Return two nodes at a stage; the first has an official with every role, ``all``."""
    if stage == "sharing":
        pair = await sharing_pair(root)
    else:
        pair = await at_stage("introduced" if stage == "draft" else stage, root)
    if stage == "draft":
        await draft(pair)
    for party in (pair.a, pair.b):
        await add(party, "all", EVERY_ROLE)
    return pair


def play(story: Story, root: Path, *, stage: str) -> None:
    async def main() -> None:
        pair = await at(stage, root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


def late(form: Form) -> int:
    return max((LATE.index(end) + 1 for end in LATE if form.action.endswith(end)), default=0)


async def forms_to_fill(shown: Browser) -> list[tuple[str, Form]]:
    """Return one of each form that acts, with the address of a page where it stands."""
    found: dict[tuple[object, ...], tuple[str, Form]] = {}
    for address, page in (await crawl(shown, each=2)).items():
        if "text/html" in page.headers["content-type"]:
            for form in forms_of(page.text):
                if form.method == "post" and form.action not in NOT_WALKED:
                    found.setdefault(form.same(), (address, form))
    return sorted(found.values(), key=lambda row: late(row[1]))


def check_answer(form: Form, words: str, answer: httpx2.Response) -> None:
    """Fail unless an answer is a page that says what happened and has lost nothing typed."""
    said = f"{form.action}: {answer.status_code} {problem_of(answer.text)}"
    assert answer.status_code < 500, said
    if "content-disposition" in answer.headers:
        return
    assert answer.text.count("<h1") == 1, said
    assert "<script>alert" not in answer.text, said
    assert not (program := PROGRAM.search(answer.text)), f"{said}: {program}"
    if answer.status_code >= 400:
        assert problem_of(answer.text), said
        kept = [(f.name, f.value) for each in forms_of(answer.text) for f in each.fields]
        shown = html.unescape(answer.text)
        for field in form.of(*WORDS):
            assert (field.name, words) in kept or words in shown, f"{said}: {field.name} is lost"


async def post_everywhere(shown: Browser) -> int:
    """Fill every form with each kind of words and send it, bare and with every choice made."""
    count = 0
    for address, known in await forms_to_fill(shown):
        for words, whole in ((CONTROL, True), (SPEECH, False), (SPEECH, True)):
            page = await shown.client.get(address)
            form = next((each for each in forms_of(page.text) if each.same() == known.same()), None)
            if form is None:
                continue  # what it was for is done
            press = next(iter(form.of("press")), None)
            data = form.filled(words, whole=whole, press=press)
            files = {each.name: (f"{words}.pdf", words.encode()) for each in form.of("file")}
            target = (press.action if press else "") or form.action
            answer = await shown.client.post(target, data=data, files=files or None)
            check_answer(form, words, answer)
            count += 1
    return count


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("stage", "side"), [("draft", "a"), ("tabled", "b"), ("sharing", "a")])
def test_words_of_any_kind_in_every_field_of_every_form_stay_words(
    stage: str, side: str, tmp_path: Path
) -> None:
    async def story(pair: Pair) -> None:
        party = {"a": pair.a, "b": pair.b}[side]
        async with await logged_in(party, "all") as shown:
            assert await post_everywhere(shown) > 30
        async with await logged_in(party, "all") as shown:
            await look_everywhere(shown)

    play(story, tmp_path, stage=stage)


# --- addresses, methods, cookies ------------------------------------------------------------------

NOWHERE: Final = (
    *("x", "-1", "9" * 30, "%00", "\u202e<script>alert(1)</script>"),
    *("urn:uuid:00000000-0000-4000-8000-000000000000", "u000000000000", "../../etc/passwd"),
)
MEMBER: Final = re.compile(r"\{([a-z_]+)\}")


def filled_in(path: str, known: Mapping[str, str]) -> str:
    """Return an address; members that are not known become 1."""
    return MEMBER.sub(lambda member: quote(known.get(member[1], "1"), safe=":"), path)


def leading_nowhere(path: str, known: Mapping[str, str]) -> Iterator[str]:
    """Give a page's address with each member in turn leading nowhere."""
    for name in MEMBER.findall(path):
        for value in NOWHERE:
            right = {**known, name: value}
            yield filled_in(path, right)


def check_page(address: str, page: httpx2.Response) -> None:
    """Fail unless an address, however wrong, is answered by a page in words."""
    assert page.status_code < 500, f"{address[:200]}: {page.status_code} {problem_of(page.text)}"
    if "text/html" not in page.headers.get("content-type", ""):
        return
    assert page.text.count("<h1") == 1, address[:200]
    assert "<script>alert" not in page.text, address[:200]
    said = re.sub(r'\b(?:value|href|action)="[^"]*"', "", page.text)
    assert not (found := PROGRAM.search(said)), f"{address[:200]}: {found}"
    if page.status_code >= 400:
        assert problem_of(page.text), address[:200]


@pytest.mark.timeout(300)
def test_an_address_that_leads_nowhere_says_so_in_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        relationship = (await pair.a.relationship()).rel_id
        known = {"instrument": pair.instrument, "relationship": relationship}
        async with await logged_in(pair.a, "all") as shown:
            for page in (*entry.PAGES, *pages.PAGES):
                for address in leading_nowhere(page.path, known) if page.method == "GET" else ():
                    check_page(address, await shown.client.get(address))

    play(story, tmp_path, stage="sharing")


@pytest.mark.timeout(300)
def test_a_question_that_makes_no_sense_is_answered_in_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "all") as shown:
            found = await crawl(shown, each=1)
            for address, page in found.items():
                path = address.partition("?")[0]
                asked = set(re.findall(r'[?&;]([a-z_]+)=|name="([a-z]+)"', page.text))
                names = {"q", "start", "format", "n", *(a or b for a, b in asked)}
                for value in NOWHERE:
                    many = [(name, html.unescape(value)) for name in sorted(names) for _ in "12"]
                    asking = str(httpx2.URL(path, params=many))
                    check_page(asking, await shown.client.get(asking))

    play(story, tmp_path, stage="sharing")


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "comity_form=\x7f; a=" + "x" * 5000},
        {"cookie": ";;;===;\xff"},
        {"cookie": "comity_zone=../../etc; comity_language=<script>"},
        {"accept-language": "x" * 9000 + ",;;q=q"},
        {"content-type": "multipart/form-data"},
        {"content-length": "-1"},
        {"sec-fetch-site": "\xff"},
        {"range": "bytes=5-1"},
        {"host": "localhost:99999"},
        {"host": "[::1"},
    ],
)
def test_headers_that_no_browser_sends_break_no_page(
    headers: dict[str, str], tmp_path: Path
) -> None:
    async def story(pair: Pair) -> None:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        async with await logged_in(pair.a, "all") as shown:
            for address in ("/", "/agreements", "/enter", "/nowhere"):
                for method in ("GET", "POST"):
                    answer = await shown.client.request(method, address, headers=raw)
                    assert answer.status_code < 500, f"{method} {address}"

    play(story, tmp_path, stage="tabled")


def test_methods_that_a_page_does_not_have_are_refused(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "all") as shown:
            for address in ("/", "/agreements", f"/agreements/{pair.instrument}", "/leave"):
                for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
                    answer = await shown.client.request(method, address)
                    assert answer.status_code < 500, f"{method} {address}"
            assert (await shown.get("/")).status_code == 200

    play(story, tmp_path, stage="tabled")


@pytest.mark.parametrize(
    "address",
    ["/" + "x" * 60_000, "/agreements/" + "a" * 50_000, "/?q=" + "%20" * 15_000, "/%ff%fe"],
)
def test_an_address_without_end_is_answered(address: str, tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "all") as shown:
            check_page(address, await shown.client.get(address))

    play(story, tmp_path, stage="tabled")


# --- forms that are not what the page gave out ----------------------------------------------------


@pytest.mark.timeout(300)
def test_a_form_with_nothing_in_it_says_what_is_missing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        relationship = (await pair.a.relationship()).rel_id
        known = {"instrument": pair.instrument, "relationship": relationship}
        forms = [page for page in pages.PAGES if page.method == "POST" and not page.raw]
        async with await logged_in(pair.a, "all") as shown:
            token = {"_csrf_token": shown.hidden("/leave")["_csrf_token"][0]}
            for page in forms:
                path = filled_in(page.path, known)
                check_page(path, await shown.client.post(path, data=token))

    play(story, tmp_path, stage="tabled")


@pytest.mark.timeout(300)
def test_a_form_from_another_site_changes_nothing_anywhere(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        known = {"instrument": pair.instrument}
        async with await logged_in(pair.a, "all") as shown:
            before = await pair.a.call("agreements.show", instrument=pair.instrument)
            for page in pages.PAGES:
                path = filled_in(page.path, known)
                if page.method == "POST":
                    for data in ({}, {"_csrf_token": "0" * 128}):
                        answer = await shown.client.post(path, data=data)
                        assert answer.status_code == 403, path
                        assert "web.foreign_form" in answer.text, path
            assert await pair.a.call("agreements.show", instrument=pair.instrument) == before

    play(story, tmp_path, stage="tabled")


def unit_of(shown: Browser, instrument: str) -> str:
    found = re.search(rf"/agreements/{instrument}/units/(u[0-9a-f]+)", shown.text)
    assert found is not None
    return f"/agreements/{instrument}/units/{found[1]}"


def test_a_role_taken_away_while_the_page_is_open_loses_nothing_typed(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        words = "what I wrote <b>before</b> it was taken"
        async with await logged_in(pair.a, "all") as shown:
            await shown.get(f"/agreements/{pair.instrument}")
            unit = unit_of(shown, pair.instrument)
            reading = f"/agreements/{pair.instrument}/reading"
            opened = {}
            for address, action in ((unit, f"{unit}/note"), (reading, f"{reading}/review")):
                await shown.get(address)
                opened[action] = shown.hidden(action)
            await pair.a.call("officials.roles", person="all", roles=["desk_officer"])
            for action, hidden in opened.items():
                field = "note" if action.endswith("note") else "words-x"
                answer = await shown.client.post(action, data={**hidden, field: words})
                assert answer.status_code in {400, 403}, action
                assert words in html.unescape(answer.text), f"{action}: what was typed is lost"
                assert "role" in problem_of(answer.text), problem_of(answer.text)

    play(story, tmp_path, stage="tabled")


def test_two_officials_who_decide_at_once_decide_once(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        item = await bring_in(pair.a)
        asked = await pair.a.call(
            "items.offer", who="desk_officer", item=item, counterpart=pair.b.did
        )
        wish = f"/releases/{asked['wish']}"
        async with (
            await logged_in(pair.a, "release_officer") as one,
            await logged_in(pair.a, "all") as two,
        ):
            sent = []
            for shown, action, words in ((one, "release", {}), (two, "decline", {"reason": "no"})):
                await shown.get(wish)
                sent.append(shown.submit(f"{wish}/{action}", words))
            answers = await asyncio.gather(*sent)
            done = sorted(each.status_code for each in answers)
            assert done[0] == 200, done
            assert done[1] in {400, 403, 409, 412}, done
            (late,) = [each for each in answers if each.status_code != 200]
            assert problem_of(late.text), late.text

    play(story, tmp_path, stage="sharing")


def test_a_session_that_ended_on_a_real_page_keeps_every_choice(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        accounts = pair.a.node.accounts
        hashed = accounts.hash_password("four plain words here")
        await pair.a.node.ctx.store.write(
            lambda tx: accounts.set_password(tx, "mandate_holder", hashed)
        )
        async with await logged_in(pair.a, "mandate_holder") as shown:
            await shown.get("/people/signatory")
            form = shown.hidden("/people/signatory/powers")
            await pair.a.node.ctx.store.write(
                lambda tx: accounts.end_sessions(tx, "mandate_holder")
            )
            pair.clock.tick(5)
            typed = {"acts": ["adopt", "sign"], "until": "2027-06-30", "instrument": ""}
            shown.page = await shown.client.post("/people/signatory/powers", data={**form, **typed})
            assert shown.page.status_code == 401
            password = {"official": "mandate_holder", "password": "four plain words here"}
            await shown.submit("/enter", password)
            page = await shown.submit("/people/signatory/powers")
            assert page.status_code == 200, shown.words
            assert page.url.path.startswith("/requests/"), page.url
            assert "adopt" in shown.words
            assert "sign" in shown.words

    play(story, tmp_path, stage="tabled")
