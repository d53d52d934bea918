"""A problem is said in the reader's language; the node's exact words stay beside it."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from comity.web import problem_words
from comity.web.problem_words import Said
from comity.web.texts import Words, zone_for
from support.sites import Browser, logged_in
from support.stages import at_stage
from support.two_nodes import Pair

Story = Callable[[Pair], Awaitable[None]]
ENGLISH, FRENCH = (Words(language=code, zone=zone_for("UTC")) for code in ("en", "fr"))


def said(
    code: str, message: str = "Exactly 7.", *, facts: Mapping[str, object] | None = None
) -> Said:
    return problem_words.said(FRENCH, code, message=message, facts=facts)


def bare(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def test_a_reader_of_english_reads_the_errors_own_words() -> None:
    for code in ("web.enter", "drafts.stale", "nobody.knows"):
        told = problem_words.said(ENGLISH, code, message="Exactly 7.")
        assert (told.sentence, told.detail) == ("Exactly 7.", "")


def test_an_instant_in_a_refusal_is_read_in_the_zone_of_the_reader() -> None:
    paris = Words(language="en", zone=zone_for("Europe/Paris"))
    exact = "It expired at 2026-12-31T23:30:00Z, not at 2026-99-99T00:00:00Z."
    told = problem_words.said(paris, "sharing.refused", message=exact)
    assert told.sentence == "It expired at 1 Jan 2027, 00:30 CET, not at 2026-99-99T00:00:00Z."


def test_another_reader_reads_the_sentence_and_the_exact_words_only_where_they_say_more() -> None:
    whole = said("web.enter")
    assert whole == Said(sentence="Saisissez votre identifiant et votre mot de passe.", detail="")
    short = said("drafts.stale")
    assert short.sentence.startswith("Quelqu'un a modifié ce projet entre-temps.")
    assert short.detail == "Exactly 7."


def test_the_facts_of_an_error_stand_in_its_sentence() -> None:
    facts = {"roles": ["negotiator", "mandate_holder"], "able": ["ann", "<ben>"]}
    told = bare(said("officials.role", facts=facts).sentence)
    assert "négociateur, titulaire du mandat" in told
    assert "ann, <ben>" in told
    assert "personne" in said("officials.role", facts={**facts, "able": []}).sentence
    differs = said("letters.fingerprint_differs", facts={"groups": [3, 5]})
    assert "3, 5" in differs.sentence
    assert differs.detail == ""


def test_an_error_without_its_facts_is_said_in_general_with_its_own_words() -> None:
    for facts in (None, {}, {"other": "100 %"}):
        told = said("letters.fingerprint_differs", facts=facts)
        assert told.sentence.startswith("La lettre de présentation")
        assert told.detail == "Exactly 7."
        assert said("web.role", facts=facts).detail == "Exactly 7."


@pytest.mark.parametrize("code", ["record.of_tomorrow", "morning.glory", ""])
def test_an_error_of_a_newer_node_is_said_in_general(code: str) -> None:
    told = said(code)
    assert told.sentence != ""
    assert told.detail == "Exactly 7."


def play(story: Story, root: Path) -> None:
    async def main() -> None:
        pair = await at_stage("introduced", root)
        try:
            await story(pair)
        finally:
            await pair.close()

    asyncio.run(main())


def problem(shown: Browser) -> str:
    """Return the box of the problem on the page."""
    box = r'<div class="notice bad" role="alert" id="problem".*?</div>'
    found = re.search(box, shown.text, re.DOTALL)
    assert found is not None, shown.words
    return html.unescape(found[0])


def test_a_french_page_says_the_problem_in_french_and_marks_the_exact_words_as_english(
    tmp_path: Path,
) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            shown.client.headers["accept-language"] = "fr"
            await shown.get("/drafts/new")
            await shown.submit(
                "/drafts/new",
                {"counterpart": pair.b.did, "way": "paste", "text": "Article 1\nA\u202eb.\n"},
            )
            told = problem(shown)
            assert "Une correction est nécessaire." in told
            assert "Le texte contient un caractère qui ne peut figurer" in told
            exact = re.search(r'<small class="exact" lang="en"[^>]*>(.*?)</small>', told)
            assert exact is not None
            assert "line 2" in exact[1]
            await shown.get("/drafts/new")
            await shown.submit("/drafts/new", {"counterpart": pair.b.did, "way": "paste"})
            told = problem(shown)
            assert "Collez d'abord le texte ; rien n'a été conservé." in told
            assert 'lang="en"' not in told
            shown.client.headers["accept-language"] = "en"
            await shown.get("/drafts/new")
            await shown.submit("/drafts/new", {"counterpart": pair.b.did, "way": "paste"})
            assert "Paste the text first; nothing was kept." in problem(shown)

    play(story, tmp_path)


def test_a_french_reader_chooses_a_skeleton_by_a_french_title(tmp_path: Path) -> None:
    async def story(pair: Pair) -> None:
        async with await logged_in(pair.a, "negotiator") as shown:
            shown.client.headers["accept-language"] = "fr"
            await shown.get("/drafts/new")
            assert "Accord-cadre de coopération" in shown.words
            assert "Framework for Cooperation" not in shown.words
            await shown.get("/drafts/skeletons/memorandum")
            assert "Protocole d'entente" in shown.words

    play(story, tmp_path)
