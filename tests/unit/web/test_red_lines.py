"""The mandate holder keeps red lines by forms: sees where each would fire, and nobody else does."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest

from support import framework
from support.framework import CONDITIONED, RED_LINE, RED_LINE_ID, RED_LINE_SENTENCE, UNAFFECTED
from support.sites import Browser, logged_in
from support.stages import at_stage, counter, table
from support.two_nodes import Pair

Story = Callable[[Pair, Browser], Awaitable[None]]
Fields = Mapping[str, str | Sequence[str]]


def play(story: Story, root: Path, *, chapter: str = "tabled", who: str = "mandate_holder") -> None:
    async def main() -> None:
        pair = await at_stage(chapter, root)
        try:
            async with await logged_in(pair.a, who) as shown:
                await story(pair, shown)
        finally:
            await pair.close()

    asyncio.run(main())


def path_of(pair: Pair) -> str:
    return f"/agreements/{pair.instrument}/red-lines"


async def countered(pair: Pair) -> None:
    """Let B table wording that makes A's relations with others subject to conditions."""
    fields = ('relations = "unaffected"', 'relations = "conditioned"')
    await counter(pair, pair.b, (UNAFFECTED, CONDITIONED), fields)
    await table(pair, pair.b)


async def send(shown: Browser, place: str, fields: Fields, *, look: bool = False) -> int:
    data = {**shown.hidden(place), **fields}
    shown.page = await shown.client.post(f"{place}/look" if look else place, data=data)
    return shown.page.status_code


async def lines_of(pair: Pair) -> list[dict[str, object]]:
    found = await pair.a.call("redlines", who="mandate_holder", instrument=pair.instrument)
    rows = found["red_lines"]
    assert isinstance(rows, list)
    return [dict(row) for row in rows]


#: kind, where its form begins, what is filled in, what the list says, what fires at the start.
KINDS: Sequence[tuple[str, str, Fields, str, str]] = [
    (
        "field",
        "?field=term",
        {"v-years": "8", "v-months": "0", "v-days": "0", "test": "at_most"},
        "Duration: at most 8 years.",
        "our wording · Article 7 : the field term is 10 years, not at most 8 years",
    ),
    (
        "field",
        "?field=third_parties",
        {"v-relations": "unaffected", "v-onward": ""},
        "Third parties must say: Relations with others stay as they are.",
        "nothing",
    ),
    (
        "field",
        "?field=suspension",
        {"v-by": "both"},
        "Suspension must say: Who may suspend: both parties together.",
        "the field suspension differs in by",
    ),
    (
        "field",
        "?field=marking_scale",
        {"v-levels": "OPEN\nPARTNERS\nRESTRICTED"},
        "Items are marked, from the lowest to the highest: OPEN < PARTNERS < RESTRICTED.",
        "nothing",
    ),
    (
        "field",
        "?field=signatories",
        {"v-per_party": "3"},
        "Who signs must say: 3 persons sign for each party.",
        "the field signatories differs in per_party",
    ),
    (
        "field",
        "?field=entry",
        {"v-when": "same", "v-days": "0"},
        "It enters into force on the date of the last signature.",
        "nothing",
    ),
    ("field", "?field=areas", {}, "as they stood when this line was set", "nothing"),
    (
        "keep",
        "",
        {"label": "Article 2", "wordings": "decides alone\n\n  decides by  itself "},
        "Article 2 must say «decides alone» or «decides by itself».",
        "nothing",
    ),
    (
        "keep",
        "",
        {"label": "Article 1", "wordings": "marked PARTNERS or lower"},
        "Article 1 must say «marked PARTNERS or lower».",
        "nothing",
    ),
    (
        "forbid_wording",
        "",
        {"patterns": "single article*, of course"},
        "Nowhere may stand «single article*, of course»",
        "nothing",
    ),
    (
        "forbid_effect",
        "",
        {"effect": "conditions_third_parties", "patterns": "decides alone"},
        "Nothing that makes our relations with others subject to conditions.",
        "our wording · Article 2 : the words 'decides alone' stand there",
    ),
    (
        "authority",
        "",
        {"labels": ["Article 1", "Article 7"], "role": "mandate_holder"},
        "Only the role mandate holder may stand by Article 1, Article 7.",
        "our wording · Article 1 1. : only the role mandate_holder may stand by Article 1",
    ),
]


@pytest.mark.parametrize(
    ("kind", "query", "fields", "said", "fires"),
    KINDS,
    ids=[f"{row[0]}{row[1]}{n}" for n, row in enumerate(KINDS)],
)
def test_a_line_of_every_kind_is_tried_set_changed_and_taken_away_by_forms(
    tmp_path: Path, kind: str, query: str, fields: Fields, said: str, fires: str
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        path = path_of(pair)
        place = f"{path}/new/{kind}"
        await shown.get(place + query)
        typed = {"sentence": "as our mandate has it", "severity": "amber", **fields}
        assert await send(shown, place, typed, look=True) == 200, shown.words
        assert "This line would fire now on:" in shown.words
        assert fires in shown.words
        assert said in shown.words
        assert "It is not set yet." in shown.words
        assert await lines_of(pair) == [], "trying a line sets nothing"
        assert await send(shown, place, typed) == 200, shown.words
        assert "The red line is set" in shown.words
        assert said in shown.words
        (before,) = await lines_of(pair)
        assert before["id"] == "as-our-mandate-has-it"
        place = f"{path}/lines/{before['id']}"
        await shown.get(place)
        assert "This line fires now on:" in shown.words
        assert fires in shown.words
        changed = {**typed, "sentence": "as it was decided", "severity": "note"}
        assert await send(shown, place, changed) == 200, shown.words
        (after,) = await lines_of(pair)
        assert after == {**before, "sentence": "as it was decided", "severity": "note"}
        await shown.get(place)
        await shown.submit(f"{place}/drop")
        assert "The red line is taken away" in shown.words
        assert await lines_of(pair) == []

    play(story, tmp_path)


def test_what_a_line_may_be_about_is_offered_from_the_text(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        path = path_of(pair)
        await shown.get(path)
        assert "A value that must hold" in shown.words
        await shown.get(f"{path}/new/field")
        assert "The agreement runs for 10 years." in shown.words
        assert "Notice of withdrawal The text does not state it now." in shown.words
        await shown.get(f"{path}/new/field", field="term")
        assert "The text now: The agreement runs for 10 years." in shown.words
        assert re.search(r'name="v-years"[^>]*value="10"', shown.text)
        await shown.get(f"{path}/new/keep")
        assert '<option value="Article 1 2."' in shown.text
        await shown.get(f"{path}/new/authority")
        assert "Article 7 Duration" in shown.words
        await shown.get(f"{path}/new/nonsense")
        assert shown.page is not None
        assert shown.page.status_code == 400

    play(story, tmp_path)


def test_a_line_says_where_it_fires_on_theirs_and_on_what_waits_in_our_tray(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        await countered(pair)
        await pair.a.call(
            "agreements.answer",
            who="negotiator",
            instrument=pair.instrument,
            answer="accept",
            units=["Article 3"],
        )
        place = f"{path_of(pair)}/new/forbid_effect"
        await shown.get(place)
        typed = {"sentence": "no conditions", "effect": "conditions_third_parties"}
        assert await send(shown, place, {**typed, "severity": "red"}, look=True) == 200
        why = "it makes relations with others subject to conditions"
        assert f"their wording · Article 3 : {why}" in shown.words
        assert f"what waits in our tray · Article 3 : {why}" in shown.words
        assert "our wording · Article 3" not in shown.words

    play(story, tmp_path)


def test_a_draft_has_red_lines_by_the_same_forms(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        made = await pair.a.call(
            "agreements.draft",
            who="negotiator",
            text=framework.TEXT,
            fields=framework.FIELDS,
            title="Framework",
            counterpart=pair.b.did,
        )
        pair.instrument = str(made["instrument"])
        place = f"{path_of(pair)}/new/field"
        await shown.get(place, field="term")
        typed = {"sentence": "eight at most", "severity": "red", "test": "at_most", "v-years": "8"}
        assert await send(shown, place, typed, look=True) == 200
        assert "our wording · Article 7 : the field term is 10 years" in shown.words
        assert await send(shown, place, typed) == 200
        assert "Duration: at most 8 years." in shown.words

    play(story, tmp_path, chapter="introduced")


def test_a_line_that_a_colleague_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        path = path_of(pair)
        place = f"{path}/lines/{RED_LINE_ID}"
        typed = {"sentence": "mine", "severity": "red", "effect": "onward_sharing"}
        async with await logged_in(pair.a, "mandate_holder") as other:
            await other.get(place)
            await shown.get(place)
            assert await send(other, place, {**typed, "sentence": "theirs"}) == 200
            assert await send(shown, place, typed, look=True) == 200, "a look keeps what was seen"
            assert await send(shown, place, typed) == 409
            assert "has changed these red lines since you looked" in shown.words
            assert ">\nmine</textarea>" in shown.text
            assert [row["sentence"] for row in await lines_of(pair)] == ["theirs"]
            await other.get(f"{path}/text")
            await other.get(place)
            assert await send(shown, place, typed) == 200, "sent once more it is meant"
            await other.submit(f"{place}/drop")
            assert other.page is not None
            assert other.page.status_code == 409
        assert [row["sentence"] for row in await lines_of(pair)] == ["mine"]

    play(story, tmp_path)


def test_the_text_form_of_a_colleague_who_was_slower_is_refused_and_kept(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        path = path_of(pair)
        await shown.get(f"{path}/text")
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        mine = RED_LINE.replace(RED_LINE_SENTENCE, "a sentence of mine")
        page = await shown.submit(f"{path}/set", {"lines": mine})
        assert page.status_code == 409
        assert "has changed these red lines" in shown.words
        assert "a sentence of mine" in shown.words
        await shown.submit(f"{path}/set", {"lines": mine})
        assert [row["sentence"] for row in await lines_of(pair)] == ["a sentence of mine"]

    play(story, tmp_path)


def test_red_lines_are_edited_as_text_and_the_wrong_line_is_shown(tmp_path: Path) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        await countered(pair)
        path = path_of(pair)
        await shown.get(path)
        assert RED_LINE_SENTENCE in shown.words
        assert "Stands against their wording of Article 3" in shown.words
        await shown.submit(f"{path}/pass")
        assert "Let pass; kept in our own record" in shown.words
        assert f"{RED_LINE_SENTENCE} · Article 3" in shown.words
        await shown.get(f"{path}/lines/{RED_LINE_ID}")
        assert "It stays let pass there, however the line is changed." in shown.words
        await shown.get(f"{path}/text")
        wrong = RED_LINE + "\n" + RED_LINE.replace(RED_LINE_ID, "<b>x</b>")
        page = await shown.submit(f"{path}/set", {"lines": wrong})
        assert page.status_code == 400
        assert f"Line {RED_LINE.count(chr(10)) + 2}:" in shown.words
        assert "&lt;b&gt;x&lt;/b&gt;" in shown.text
        assert "<b>x</b>" not in shown.text

    play(story, tmp_path)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("keep", {"wordings": "x"}, "a text that is not empty"),
        ("keep", {"sentence": "s", "wordings": " \n"}, "Say what the line is about"),
        ("forbid_wording", {"sentence": "s", "patterns": ""}, "Say what the line is about"),
        ("authority", {"sentence": "s", "role": "negotiator"}, "Say what the line is about"),
        ("field", {"sentence": "s", "v-name": "term", "v-years": "x"}, "whole number in figures"),
        ("field", {"sentence": "s", "v-name": "notice", "test": "equals"}, "The rule on notice"),
        ("field", {"sentence": "s", "v-name": "suspension", "v-by": ""}, "Say which of by, scope"),
        ("field", {"sentence": "\u202es", "v-name": "term", "v-years": "3"}, "may not stand"),
    ],
)
def test_a_form_that_says_nothing_comes_back_with_the_reason_and_all_that_was_typed(
    tmp_path: Path, kind: str, fields: Fields, said: str
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        place = f"{path_of(pair)}/new/{kind}"
        for look in (True, False):
            await shown.get(place, field="term")
            assert await send(shown, place, {"severity": "red", **fields}, look=look) == 400
            assert said in shown.words
            for value in fields.values():
                assert str(value).strip() in shown.text
        assert await lines_of(pair) == []

    play(story, tmp_path)


@pytest.mark.parametrize("who", ["negotiator", "legal_adviser", "desk_officer", "signatory"])
def test_nobody_but_the_mandate_holder_opens_a_form_or_sets_a_line(
    tmp_path: Path, who: str
) -> None:
    async def story(pair: Pair, shown: Browser) -> None:
        await pair.a.call(
            "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
        )
        path = path_of(pair)
        sees = who in {"negotiator", "legal_adviser"}
        page = await shown.get(path)
        assert page.status_code == (200 if sees else 403)
        assert (RED_LINE_SENTENCE in shown.text) == sees
        if sees:
            assert "Red lines are set by the mandate holder." in shown.words
            assert "/red-lines/lines/" not in shown.text
        for place in (f"{path}/lines/{RED_LINE_ID}", f"{path}/new/keep"):
            page = await shown.get(place)
            assert page.status_code == 403
            assert sees or RED_LINE_SENTENCE not in shown.text

    play(story, tmp_path, who=who)
