"""What an auditor loses if this breaks: the record in words, proofs, honest verification."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from comity.api.operations import BY_NAME
from support.framework import RED_LINE, RED_LINE_SENTENCE
from support.sites import Browser, logged_in
from support.stages import act, at_stage
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]


def play(stage: str, root: Path, story: Story) -> None:
    async def main() -> None:
        pair = await at_stage(stage, root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


async def rel_of(pair: Pair) -> str:
    return (await pair.a.relationship()).rel_id


def links(shown: Browser, beginning: str) -> list[str]:
    return re.findall(rf'href="({re.escape(beginning)}[^"]*)"', shown.text)


def test_both_logs_are_read_side_by_side_in_words(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "desk_officer") as shown:
            assert (await shown.get("/record")).status_code == 200
            assert "Berevan" in shown.words
            await shown.get(links(shown, "/record/")[0])
            for words in (
                "Aldoria sealed the conclusion",
                "Berevan signed.",
                "Chief of Staff",
                "we had seen",
                "they had seen",
                "attested",
            ):
                assert words in shown.words, words
            assert shown.text.count('<td class="act">') == 24
            assert not re.search(r"\bu[0-9a-f]{12}\b", shown.words), "a unit by its id"
            await shown.get(f"/record/{rel}", kind="signing.", order="oldest")
            assert shown.words.index("proposed to sign") < shown.words.index("sealed")
            assert "full powers to" not in shown.words
            await shown.get(f"/record/{rel}", text="no such words <script>")
            assert "No entry is like that" in shown.words
            assert "<script>" not in shown.text.replace("<script src", "")

    play("in_force", tmp_path, story)


def test_a_long_record_is_leafed_through_and_saved_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.web.record.PER_PAGE", 5)

    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(f"/record/{rel}")
            entries = links(shown, f"/record/{rel}/")
            seen = [one for one in entries if "/ours/" in one or "/theirs/" in one]
            while following := re.search(r'rel="next" href="([^"]+)"', shown.text):
                await shown.get(following[1].replace("&amp;", "&"))
                seen += [
                    one
                    for one in links(shown, f"/record/{rel}/")
                    if re.search("/(ours|theirs)/", one)
                ]
            assert len(seen) == len(set(seen)) == 24
            assert 'rel="prev"' in shown.text
            csv = (await shown.get(f"/record/{rel}", format="csv")).text
            assert csv.count("\r\n") == 25
            assert "\u2068" not in csv
            some = (await shown.get(f"/record/{rel}", format="csv", kind="signing.ready")).text
            assert some.count("ready to sign") == 2
            monkeypatch.setattr("comity.web.record.CSV_ROWS_MAX", 2)
            monkeypatch.setattr("comity.web.record._CSV_PAGE", 2)
            cut = (await shown.get(f"/record/{rel}", format="csv")).text
            assert "The list goes on after these 2 rows" in cut

    play("in_force", tmp_path, story)


def test_an_entry_shows_its_words_its_sections_and_its_proof(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(f"/record/{rel}/theirs/0")
            assert "Their entry 0 of" in shown.words
            assert "introduced itself with its letter" in shown.words
            assert "needed for ever" in shown.words
            await shown.get(f"/record/{rel}/theirs/1")
            assert "compared fingerprints" in shown.words
            proof = await shown.get(f"/record/{rel}/theirs/1/proof")
            assert proof.text.startswith("c2sp.org/tlog-proof@v1\n")
            assert proof.headers["content-disposition"].startswith("attachment")
            await shown.get(f"/record/{rel}/ours/4")
            assert "Entered by Aldoria Chief Negotiator" in shown.words
            for path in ("ours/99", "ours/x", "nobodys/1", "ours/-1", "ours/1/proof/1"):
                assert (await shown.get(f"/record/{rel}/{path}")).status_code in {400, 404, 409}
        async with await logged_in(pair.b, "legal_adviser") as shown:
            await shown.get(f"/record/{rel}/theirs/4")
            assert "Chief Negotiator" not in shown.words

    play("tabled", tmp_path, story)


def test_an_entry_nobody_cosigned_yet_says_so_and_has_no_proof(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        pair.wire.down = True
        await pair.a.call("agreements.draft", who="negotiator", **_DRAFT, counterpart=pair.b.did)
        await pair.a.call("agreements.table", who="negotiator", instrument="Memo")
        size = await pair.a.node.ctx.store.read(
            lambda tx: tx.logs.head(tx.relationships.list()[0].own_origin).size
        )
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(f"/record/{rel}/ours/{size - 1}")
            assert "not cosigned yet" in shown.words
            assert "tlog-proof" not in shown.words
            refused = await shown.get(f"/record/{rel}/ours/{size - 1}/proof")
            assert refused.status_code == 400
            assert "not cosigned" in shown.words
            await shown.get(f"/record/{rel}/checks")
            assert "wait for a cosignature" in shown.words

    play("introduced", tmp_path, story)


_DRAFT = {
    "title": "Memo",
    "text": "Article 1\nWe talk.\n",
    "fields": "",
}


def test_heads_are_listed_compared_and_who_cosigned_is_named(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/record/{rel}/heads")
            assert "localhost:9543/comity/mirror" in shown.words
            await shown.get(f"/record/{rel}/heads", log="theirs")
            assert "localhost:9443/comity/mirror" in shown.words
            csv = (await shown.get(f"/record/{rel}/heads", format="csv")).text
            assert "Entries covered,Cosigned (UTC),Root,Signed by" in csv
            await shown.get(f"/record/{rel}/checks")
            assert shown.words.count("equal, signatures hold") == 2
            assert "Each side accepted the other's letter" in shown.words

    play("tabled", tmp_path, story)


def test_a_replay_shows_how_far_it_is_and_what_came_of_it(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/record/{rel}/checks")
            assert "Nothing is changed" in shown.words
            await shown.submit(f"/record/{rel}/checks/replay")
            async with asyncio.timeout(30):
                while "Folding both logs anew" in shown.words:
                    assert "data-again-in" in shown.text
                    await shown.get(f"/record/{rel}/checks")
            assert "give the state in use" in shown.words
            assert "disabled>Recover our entries" in shown.text
            assert "Engineer, mandate holder or legal adviser can do this" in shown.words

    play("tabled", tmp_path, story)


def test_recovering_is_refused_at_its_place_to_who_may_not(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        rel = await rel_of(pair)
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/record/{rel}/checks")
            assert (await shown.submit(f"/record/{rel}/checks/recover")).status_code == 403
            assert "officials.role" in shown.words
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get(f"/record/{rel}/checks")
            await shown.submit(f"/record/{rel}/checks/recover")
            assert "holds nothing of ours that we lack" in shown.words

    play("tabled", tmp_path, story)


def test_the_house_log_is_read_by_its_two_roles_and_by_nobody_else(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        async with await logged_in(pair.a, "mandate_holder") as shown:
            await shown.get("/house", kind="house.red_lines")
            assert "Red lines were set." in shown.words
            assert "Director of Policy" in shown.words
            assert "Private to us" in shown.words
            csv = (await shown.get("/house", format="csv")).text
            assert "Red lines were set." in csv
        for who in ("negotiator", "desk_officer", "release_officer", "signatory"):
            async with await logged_in(pair.a, who) as shown:
                for path in ("/house", "/house?format=csv"):
                    assert (await shown.get(path)).status_code == 403
                    assert "Red lines were set" not in shown.words
        async with await logged_in(pair.b, "mandate_holder") as shown:
            await shown.get("/house")
            assert "Red lines" not in shown.words.replace("Red lines were set.", "", 1)
            assert RED_LINE_SENTENCE not in shown.words

    play("tabled", tmp_path, story)


def test_why_names_act_and_article_and_keeps_private_things_private(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        await act(pair, pair.b, "suspend")
        path = f"/why/instrument?object={pair.instrument}"
        async with await logged_in(pair.a, "negotiator") as shown:
            await shown.get(path)
            assert "It is suspended under" in shown.words
            assert "Berevan suspended the whole" in shown.words
            assert "their entry" in shown.words
            assert "Red lines were set." in shown.words
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get(f"/agreements/{pair.instrument}/history")
            assert "It is suspended under" in shown.words
            await shown.get(path)
            assert "It is suspended under" in shown.words
            assert "Red lines were set" not in shown.words
            assert "shown to negotiator, legal adviser" in shown.words
            assert (await shown.get("/why/instrument?object=nothing")).status_code == 400
            assert (await shown.get("/why/planet?object=x")).status_code == 400
            await shown.get(f"/why/relationship?object={await rel_of(pair)}")
            assert "accepted the other side's letter" in shown.words

    play("in_force", tmp_path, story)


async def archive(pair: Pair) -> bytes:
    op = BY_NAME["evidence.agreement"]
    data = await pair.a.node.dispatch.call(
        op, op.request(instrument=pair.instrument), official=None, upload=None
    )
    assert isinstance(data, bytes)
    return data


def test_evidence_is_saved_and_verified_stage_by_stage(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "legal_adviser") as shown:
            await shown.get("/evidence")
            assert "comity verify ARCHIVE" in shown.words
            assert "openssl pkeyutl -verify" in shown.words
            (link,) = links(shown, "/evidence/agreement/")
            saved = await shown.get(link)
            assert saved.headers["content-disposition"].startswith("attachment")
            assert saved.content == await archive(pair)
        async with await logged_in(pair.b, "desk_officer") as shown:
            await shown.get("/evidence")
            files = {"archive": ("a.comity-evidence", saved.content)}
            await shown.submit("/evidence/verify", {"pinned": "1"}, files=files)
            assert "Verified: everything holds" in shown.words
            assert shown.words.count("holds Each act stands") == 1
            assert "Signed by" in shown.words
            assert "accepted by this node" in shown.words
            await shown.get("/evidence")
            await shown.submit("/evidence/verify", files=files)
            assert "nothing says whose it is" in shown.words

    play("in_force", tmp_path, story)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.zip", "=1+1.zip", "\u202egnp.exe"])
def test_a_hostile_archive_is_said_to_be_no_evidence_and_its_name_stays_a_name(
    name: str, tmp_path: Path
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/evidence")
            page = await shown.submit(
                "/evidence/verify", {"pinned": "1"}, files={"archive": (name, b"PK no archive")}
            )
            assert page.status_code == 200
            assert "Not verified." in shown.words
            assert "not looked at" in shown.words
            assert "<script>alert" not in shown.text

    play("introduced", tmp_path, story)


def test_no_file_and_a_letter_that_is_none_are_refused_at_their_place(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "desk_officer") as shown:
            await shown.get("/evidence")
            assert (await shown.submit("/evidence/verify")).status_code == 400
            assert "Choose an archive" in shown.words
            files = {"archive": ("a.zip", b"x"), "letter_a": ("l.letter", b"no letter")}
            page = await shown.submit("/evidence/verify", files=files)
            assert page.status_code in {400, 422}
            assert "data-problem" in shown.text
            assert list(pair.a.node.ctx.payloads.names()) == []
            huge = {"archive": ("a.zip", b"x"), "letter_a": ("l.letter", bytes(300_000))}
            assert (await shown.submit("/evidence/verify", files=huge)).status_code == 400

    play("introduced", tmp_path, story)
