"""Every object's page says why it is in its state: the act, the person or the rule behind it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from comity.foundation.members import one, rows, words
from comity.web import why_words, wording
from comity.web.texts import Words, zone_for
from support.crossing import bring_in, sharing_pair
from support.sites import Browser, logged_in
from support.staff import approve, equip, set_roles, staffed
from support.stages import at_stage
from support.two_nodes import Pair, make_pair

Story = Callable[[Pair], Awaitable[None]]
PANEL = "Why is it in this state?"
ENGLISH = Words(language="en", zone=zone_for("UTC"))
#: Codes of reasons that the desks of the node give, wherever they are written there.
GIVEN = sorted(
    {
        code
        for module in (Path(why_words.__file__).parents[1] / "node").glob("history*.py")
        for code in re.findall(
            r'(?:why\(|_by\(asking, |_changed\(asking, |code = )\s*"([a-z_]+)"',
            module.read_text(encoding="utf-8"),
        )
    }
)


def play(begin: Callable[[Path], Awaitable[Pair]], root: Path, story: Story) -> None:
    async def main() -> None:
        pair = await begin(root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def panel(shown: Browser, path: str) -> str:
    await shown.get(path)
    return wording.bare(shown.words).partition(PANEL)[2]


async def introduced(root: Path) -> Pair:
    return await at_stage("introduced", root)


def test_there_is_a_reason_to_word_for_each_thing_of_the_house() -> None:
    assert {"draft_kept", "official_entered", "approval_missing", "letter_read"} <= set(GIVEN)


@pytest.mark.parametrize("code", GIVEN)
def test_every_reason_is_a_sentence_with_its_facts(code: str) -> None:
    facts: dict[str, object] = {"who": ["Ann"], "n": 2, "roles": ["engineer"], "reason": "Late."}
    said = why_words.because(ENGLISH, {"code": code, "at": "2026-11-23T09:00:00Z", **facts})
    assert said != code
    assert said.endswith((".", "\u2069"))
    assert "%(" not in said


def test_whoever_stands_behind_a_change_is_named_as_what_they_are() -> None:
    reason = {"code": "account_closed", "at": "2026-11-23T09:00:00Z", "who": ["Ann", "Ben"]}
    for rule, begins in (("two_persons", "Two persons (Ann, Ben) "), ("folder", "Whoever holds ")):
        said = wording.bare(why_words.because(ENGLISH, {**reason, "rule": rule}))
        assert said.startswith(begins)
    assert why_words.because(ENGLISH, {**reason, "who": []}).startswith("nobody ")


def test_a_draft_says_who_began_it_and_who_may_table_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        made = await pair.a.call(
            "drafts.start",
            who="desk_officer",
            counterpart=pair.b.did,
            title="Our text",
            skeleton="framework",
        )
        async with await logged_in(pair.a, "desk_officer") as shown:
            said = await panel(shown, f"/drafts/{made['draft']}")
            assert "Aldoria Desk Officer started it" in said
            assert "one of these tables it: negotiator, mandate holder" in said
            await pair.a.call(
                "drafts.drop", who="negotiator", draft=made["draft"], version=made["version"]
            )
            assert "Chief Negotiator put it away" in await panel(shown, f"/drafts/{made['draft']}")
            assert "Our text" in (await panel_of(shown, "draft", made["draft"]))

    play(introduced, tmp_path, story)


async def panel_of(shown: Browser, kind: str, name: object) -> str:
    await shown.get(f"/why/{kind}", object=str(name))
    return wording.bare(shown.words)


def test_a_person_and_an_approval_say_who_asked_gave_and_is_missing(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        key = await equip(pair.a, "mechanic")
        asked = await set_roles(pair.a, "mechanic", "desk_officer", "release_officer", "engineer")
        await approve(pair.a, "mechanic", key, asked["approval"])
        async with await logged_in(pair.a, "desk_officer") as shown:
            said = await panel(shown, f"/people/approvals/{asked['approval']}")
            assert "Mechanic of Aldoria asked for it" in said
            assert "Mechanic of Aldoria approved it" in said
            assert "Approvals still needed: 1" in said
            assert "two of mandate holder, legal adviser, engineer" in said
            assert "now: desk officer" in shown.words, "the role stands there as a code"
            said = await panel(shown, "/people/desk_officer")
            assert "Whoever holds the node's folder entered this person here" in said
            assert "with the roles: desk officer" in said
            assert "Links, passwords and passkeys are shown to engineer" in said
            assert "with Berevan" not in await panel_of(shown, "approval", asked["approval"])

    play(staffed, tmp_path, story)


def test_a_pairing_and_a_signing_request_say_whose_step_is_the_next(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        letters = [str((await each.call("letters.export"))["letter"]) for each in (pair.a, pair.b)]
        read = await pair.a.call("letters.receive", who="legal_adviser", letter=letters[1])
        async with await logged_in(pair.a, "legal_adviser") as shown:
            said = await panel(shown, f"/pair/{read['pairing']}")
            assert "Aldoria Legal Adviser read their letter here" in said
            assert "By rule nothing is accepted before" in said
            asked = await pair.a.call(
                "letters.compare",
                who="legal_adviser",
                pairing=read["pairing"],
                fingerprint=" ".join(words(one(read, "fingerprint"), "groups")),
            )
            said = await panel(shown, f"/pair/{read['pairing']}")
            assert "both appointing officials sign it; missing: Aldoria Director of Policy" in said
            said = await panel(shown, f"/requests/{asked['request']}")
            assert "Signatures still needed: 2, of: Aldoria Director of Policy" in said

    play(make_pair, tmp_path, story)


def test_a_wish_for_a_release_says_who_had_it_and_by_which_rule_it_waits(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        given = {"item": await bring_in(pair.a), "counterpart": pair.b.did}
        wish = await pair.a.call("items.offer", who="desk_officer", **given)
        async with await logged_in(pair.a, "release_officer") as shown:
            said = await panel(shown, f"/releases/{wish['wish']}")
            assert "Aldoria Desk Officer asked for the release" in said
            assert "By rule a release officer decides it" in said
            await pair.a.call("items.release", who="release_officer", wish=wish["wish"], **given)
            said = await panel(shown, f"/releases/{wish['wish']}")
            assert "Aldoria Release Officer released it" in said
            assert "our entry" in said, "the entry that released it is not named"

    play(sharing_pair, tmp_path, story)


def test_a_unit_says_who_stands_by_which_words_and_whose_turn_it_is(tmp_path: Path) -> None:
    async def tabled(root: Path) -> Pair:
        return await at_stage("tabled", root)

    async def story(pair: Pair) -> None:
        head = await pair.b.call("agreements.show", who="negotiator", instrument=pair.instrument)
        (first, *_) = rows(head, "units")
        async with await logged_in(pair.b, "negotiator") as shown:
            said = await panel(shown, f"/agreements/{pair.instrument}/units/{first['unit']}")
            assert "One side proposed its words" in said
            assert "By rule the next answer is due from: Berevan" in said
            assert "their entry" in said

    play(tabled, tmp_path, story)
