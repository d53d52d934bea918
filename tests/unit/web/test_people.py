"""The pages on people and on the own account: coming in, being invited, approving by two."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import msgspec

from comity.foundation.canonical import canonical
from support.authenticator import Authenticator
from support.sites import Browser, browser, logged_in
from support.staff import add, device, equip
from support.stages import at_stage
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]
PASSWORD = "four words make one"


def play(story: Story, root: Path) -> None:
    async def main() -> None:
        pair = await at_stage("introduced", root)
        try:
            await add(pair.a, "mechanic", ["engineer"])
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def answer(
    shown: Browser, action: str, ask: str, *, made: Authenticator, do: str = "get", **fields: str
) -> httpx2.Response:
    """Do what passkey.js does with one form: ask, let the device answer, send."""
    token = shown.hidden(action)["_csrf_token"]
    asked = await shown.client.post(ask, data={"_csrf_token": token})
    assert asked.headers["content-type"].startswith("application/json"), asked.text
    options = msgspec.json.decode(asked.content)
    credential = made.create(options) if do == "create" else made.get(options)
    said = {**fields, "credential": msgspec.json.encode(credential).decode()}
    return await shown.submit(action, said)


def link_in(shown: Browser) -> str:
    found = re.search(r"http://localhost:\d+(/enter/[^<\s?]+)(\?next=/account)?", shown.text)
    assert found is not None, shown.words
    return found[1] + (found[2] or "")


def test_an_invited_person_sets_a_password_and_comes_in_with_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/people")
            page = await shown.submit(
                "/people",
                {"id": "clerk", "name": "C. Lerk", "office": "Clerk", "roles": ["desk_officer"]},
                files={"card": ("", b"")},
            )
            assert page.url.path == "/people/clerk"
            await shown.submit("/people/clerk/invite")
            path = link_in(shown)
            await shown.get("/people/clerk")
            assert "/enter/" not in shown.text, "the link is shown again"
        async with await browser(pair.a.node) as invited:
            await invited.get(path)
            action = path.partition("?")[0]
            assert (await invited.submit(action)).url.path == "/account"
            assert "Choose now how you come in" in invited.words
            short = await invited.submit("/account/password", {"password": "x", "again": "x"})
            assert short.status_code == 400
            differs = await invited.submit(
                "/account/password", {"password": PASSWORD, "again": PASSWORD + "!"}
            )
            assert differs.status_code == 400
            done = await invited.submit(
                "/account/password", {"password": PASSWORD, "again": PASSWORD}
            )
            assert done.url.path == "/account"
            assert "Your password is set" in invited.words
        async with await browser(pair.a.node) as again:
            await again.get("/enter")
            page = await again.submit("/enter", {"official": "clerk", "password": PASSWORD})
            assert page.url.path == "/"
            await again.get("/account")
            wrong = await again.submit(
                "/account/password",
                {"password": "another four words", "again": "another four words", "current": "no"},
            )
            assert wrong.status_code == 403, "a session left open changes the password"

    play(story, tmp_path)


def test_a_passkey_made_on_the_account_page_lets_in(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        made = device(pair.a)
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get("/account")
            await answer(
                shown,
                "/account/passkeys/add",
                "/account/passkeys/offer",
                made=made,
                do="create",
                name="My telephone",
            )
            assert "My telephone" in shown.words
        async with await browser(pair.a.node) as shown:
            await shown.get("/enter")
            page = await answer(shown, "/passkey/enter", "/passkey/ask", made=made)
            assert page.url.path == "/"
            assert "Aldoria Chief Negotiator" in shown.words
            await shown.get("/account")
            last = await shown.submit("/account/passkeys/remove")
            assert "your only way in" in shown.words
            assert last.status_code == 403

    play(story, tmp_path)


def test_a_strange_passkey_is_told_nothing_about_who_works_here(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await equip(pair.a, "negotiator")
        async with await browser(pair.a.node) as shown:
            await shown.get("/enter")
            page = await answer(shown, "/passkey/enter", "/passkey/ask", made=device(pair.a))
            assert page.status_code == 403
            assert "negotiator" not in shown.words.casefold()
            await shown.get("/enter")
            without = await shown.submit("/passkey/enter", {"credential": "[1"})
            assert without.status_code == 400

    play(story, tmp_path)


def test_two_persons_approve_a_role_on_two_browsers(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/people/desk_officer")
            page = await shown.submit(
                "/people/desk_officer/roles", {"roles": ["desk_officer", "release_officer"]}
            )
            path = page.url.path
            assert path.startswith("/people/approvals/")
            await answer(shown, f"{path}/give", f"{path}/challenge", made=keys["mechanic"])
            assert "One more person" in shown.words
            await shown.get("/people/desk_officer")
            assert "waits for two persons" in shown.words
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get("/people")
            assert "1 of 2 approved" in shown.words
            await shown.get(path)
            await answer(shown, f"{path}/give", f"{path}/challenge", made=keys["legal_adviser"])
            assert "it is done" in shown.words
        person = await pair.a.call("officials.show", person="desk_officer")
        assert person["roles"] == ["desk_officer", "release_officer"]

    play(story, tmp_path)


def test_an_invitation_for_who_can_approve_takes_two_persons(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        keys = {who: await equip(pair.a, who) for who in ("mechanic", "legal_adviser")}
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/people/mandate_holder")
            path = (await shown.submit("/people/mandate_holder/invite")).url.path
            assert path.startswith("/people/approvals/")
            await answer(shown, f"{path}/give", f"{path}/challenge", made=keys["mechanic"])
            assert "/enter/" not in shown.text
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(path)
            await answer(shown, f"{path}/give", f"{path}/challenge", made=keys["legal_adviser"])
            link_in(shown)

    play(story, tmp_path)


def test_who_lacks_the_role_sees_what_they_cannot_do_and_who_can(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/people")
            assert "An engineer or the mandate holder adds people" in shown.words
            await shown.get("/people/negotiator")
            refused = await shown.submit("/people/negotiator/invite")
            assert refused.status_code == 403
            assert "officials.role" in shown.words

    play(story, tmp_path)


def test_a_role_form_that_is_stale_changes_nothing_and_keeps_what_was_ticked(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/people/desk_officer")
            await pair.a.call("officials.roles", person="desk_officer", roles=["negotiator"])
            stale = await shown.submit("/people/desk_officer/roles", {"roles": ["release_officer"]})
            assert stale.status_code == 409 or "api.changed" in shown.words
            assert 'value="release_officer" checked' in shown.text
        assert (await pair.a.call("approvals"))["approvals"] == []

    play(story, tmp_path)


def test_names_with_script_and_other_directions_stay_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        hostile = "<script>alert(1)</script> =1+1 \u0633\u0644\u0627\u0645"
        card = {"id": "x", "name": hostile, "office": hostile}
        await pair.a.call("officials.add", card=card, roles=["desk_officer"])
        async with await logged_in(pair.a, "mechanic") as shown:
            for path in ("/people", "/people/x"):
                page = await shown.get(path)
                assert page.headers["content-type"] == "text/html; charset=utf-8"
                assert "<script>alert" not in shown.text
                assert hostile in shown.words
            page = await shown.get("/people", format="csv")
            assert page.headers["content-type"] == "text/csv; charset=utf-8"

    play(story, tmp_path)


def test_full_powers_are_asked_for_and_wait_for_own_keys(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "mandate_holder") as shown:
            await shown.get("/people/signatory")
            assert "suspend" in shown.words
            none = await shown.submit("/people/signatory/powers", {"until": "2027-06-30"})
            assert none.status_code == 400
            await shown.submit(
                "/people/signatory/powers", {"until": "2027-06-30", "acts": ["sign", "renew"]}
            )
            waiting = (await pair.a.call("requests"))["requests"]
            assert isinstance(waiting, list)
            assert len(waiting) == 1
            await shown.get("/people/signatory")
            await shown.submit("/people/signatory/revoke", {"reason": "replaced"})
        waiting = (await pair.a.call("requests"))["requests"]
        assert isinstance(waiting, list)
        assert len(waiting) == 2

    play(story, tmp_path)


def test_a_card_that_is_no_card_is_said_to_be_none(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "mechanic") as shown:
            await shown.get("/people")
            for data in (b"{", b"[]", b'{"id":1}'):
                page = await shown.submit(
                    "/people", {"roles": ["negotiator"]}, files={"card": ("card.json", data)}
                )
                assert page.status_code == 400, shown.words
            card = canonical({**pair.b.people["second"].card.to_json(), "id": "guest"})
            page = await shown.submit(
                "/people", {"roles": ["signatory"]}, files={"card": ("card.json", card)}
            )
            assert page.url.path == "/people/guest"

    play(story, tmp_path)


def test_preferences_sessions_and_tokens_are_kept_for_their_owner(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with (
            await logged_in(pair.a, "negotiator") as shown,
            await logged_in(pair.a, "negotiator") as other,
        ):
            await shown.get("/account")
            await shown.submit("/account/preferences", {"zone": "Asia/Tokyo", "theme": "dark"})
            assert 'data-theme="dark"' in shown.text
            none = await shown.submit("/account/tokens", {"token_name": "t", "days": "7"})
            assert none.status_code == 400
            await shown.submit(
                "/account/tokens", {"token_name": "nightly", "scopes": ["read"], "days": "7"}
            )
            assert "comity_pat_" in shown.text
            await shown.get("/account")
            assert "comity_pat_" not in shown.text
            await shown.submit("/account/tokens/revoke")
            assert "good for nothing any more" in shown.words
            await shown.submit("/account/sessions")
            assert "Every other session of yours has ended" in shown.words
            assert (await other.get("/account")).status_code == 401
            assert (await shown.get("/account")).status_code == 200

    play(story, tmp_path)
