"""What is changed, countered and long past with connectors, in a browser without a window."""

import html
import json
import re
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import ComityError
from comity.sharing.model import State
from comity.storage.tx import Tx
from support.connected import (
    Connected,
    until,
)
from support.connector_pages import HOSTILE, OF, asked, form, play
from support.sites import Browser, logged_in

ONLY = {"leftOperand": "https://x.example/p", "operator": "eq", "rightOperand": "planning"}


def test_an_offer_is_answered_with_other_rules_that_were_looked_at_before(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        ours, theirs = await asked(two)
        await two.a.call("dataspace.act", who="release_officer", exchange=ours, do="offer")
        await until(two.b, theirs, lambda one: one["state"] == "OFFERED")
        rules = {"permission": [{"action": "use", "constraint": [ONLY]}]}
        async with await logged_in(two.b, "desk_officer") as shown:
            await shown.get(f"/exchanges/{theirs}")
            assert "Ask for other rules" in shown.words
            await shown.get(f"/exchanges/{theirs}/counter")
            for odd in ("{", "[]", HOSTILE):
                await shown.submit(f"/exchanges/{theirs}/counter/preview", {"policy": odd})
                assert "connectors.policy" in shown.text
                assert "<script>alert" not in shown.text
            table = (await two.b.call("dataspace.exchange", exchange=theirs))["policy"]
            await shown.submit(f"/exchanges/{theirs}/counter/preview", {"policy": str(table)})
            assert "means the same as theirs" in shown.words
            await shown.get(f"/exchanges/{theirs}/counter")
            await shown.submit(
                f"/exchanges/{theirs}/counter/preview", {"policy": json.dumps(rules)}
            )
            assert "other rules than theirs" in shown.words
            assert "Permitted by Article 6" in shown.words
            before = await two.b.call("dataspace.exchange", exchange=theirs)
            assert before["state"] == "OFFERED", "nothing has left"
            await shown.submit(f"/exchanges/{theirs}/counter", {})
            assert "is on its way" in shown.words
        there = await until(two.a, ours, lambda one: one["state"] == "REQUESTED")
        assert "planning" in str(there["policy"])
        waits = there["waits"]
        assert isinstance(waits, dict)
        assert waits["why"] == "odd", "other rules than ours: a person decides"
        with pytest.raises(ComityError) as refused:
            await two.a.call("dataspace.counter", who="release_officer", exchange=ours, policy="{}")
        assert refused.value.code == "connectors.not_countered"

    play(story, tmp_path)


def test_a_changed_article_waits_for_a_second_person_beside_what_it_was(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        action = f"/connector/change?of={OF.replace(':', '%3A')}"
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/connector/change", of=OF)
            assert "Harbour Arrangement" in shown.text, "what there is stands in the fields"
            told = form(two, article="Article 9 <b>", reason=HOSTILE)
            await shown.submit(action, {**told, "kinds": "report"})
            assert "Article 9 &lt;b&gt;" in shown.text
            assert "now: Article 6" in shown.words
            assert shown.page is not None
            first = shown.page.url.path
            await shown.submit(f"{first}/refuse", {"reason": "A slip."})
            assert "Refused: nothing of it holds." in shown.words
            await shown.get("/connector/change", of=OF)
            await shown.submit(action, {**told, "kinds": "report", "article": "Article 7"})
            assert shown.page is not None
            second = shown.page.url.path
        async with await logged_in(two.a, "mandate_holder") as shown:
            await shown.get(first)
            assert "No such proposal waits" in shown.words or "no_proposal" in shown.text
            await shown.get(second)
            await shown.submit(f"{second}/confirm", {})
            assert "is changed." in shown.words
            assert "Article 7 of Harbour Arrangement" in shown.words
            assert "refused a change" in shown.words

    play(story, tmp_path)


def test_a_long_past_is_shown_page_by_page_searched_and_saved_whole(tmp_path: Path) -> None:
    async def story(two: Connected) -> None:
        ours, _ = await asked(two)
        book = two.a.node.dataspace.book
        found = await two.a.node.ctx.store.read(lambda tx: book.find(tx, ours))
        assert found is not None

        def keep(tx: Tx) -> None:
            for number in range(120):
                pid = f"urn:uuid:{number:08d}"
                gone = attrs.evolve(
                    found,
                    pid=pid,
                    peer_pid=pid,
                    named=False,
                    dataset=f"chart {number}",
                    state=State.TERMINATED,
                )
                book.keep(tx, gone)

        await two.a.node.ctx.store.write(keep)
        async with await logged_in(two.a, "release_officer") as shown:
            await shown.get("/exchanges?state=all")
            assert "1 to 50 of 121" in shown.words
            pages = [shown.words]
            for words in ("51 to 100 of 121", "101 to 121 of 121"):
                await shown.get(link(shown, "next"))
                assert words in shown.words
                pages.append(shown.words)
            assert all(sum(f"chart {n} " in page for page in pages) == 1 for n in range(120))
            await shown.get(link(shown, "prev"))
            assert "51 to 100 of 121" in shown.words
            await shown.get(link(shown, "prev"))
            assert "1 to 50 of 121" in shown.words
            assert 'rel="prev"' not in shown.text
            await shown.get("/exchanges?state=all&q=chart+11")
            assert "1 to 11 of 11" in shown.words
            await shown.get("/exchanges?state=all&format=csv")
            assert len(shown.text.strip().splitlines()) == 122
            await shown.get("/exchanges?state=all&format=csv&q=chart+11")
            assert len(shown.text.strip().splitlines()) == 12

    play(story, tmp_path)


def link(shown: Browser, rel: str) -> str:
    """Return the address of the page before or behind."""
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', shown.text)
    assert found is not None
    return html.unescape(found[1])
