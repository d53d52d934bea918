"""Joint statements in a browser without a window: agreed, marked, cleared, released, read out."""

from collections.abc import Sequence
from pathlib import Path

from comity.foundation.members import rows
from comity.verify import verify_archive
from support.loops import on_a_loop
from support.sites import Browser, logged_in
from support.stages import at_stage
from support.statements import (
    FRENCH,
    TITLE,
    adopted,
    agreed,
    begun,
    clear,
    letters_of,
    marked,
    ordered,
    shown,
)
from support.two_nodes import Pair

WHO = "desk_officer"
HOSTILE = "<script>alert(1)</script> =1+1 שלום"


async def sent(pair: Pair, person: Browser, path: str, **fields: str | Sequence[str]) -> None:
    """Open the page of a form, send it, and let that arrive."""
    place = path.rpartition("/")[0].removesuffix("/do")
    await person.get(place)
    await person.submit(path, fields)
    await pair.settle()


async def begin(pair: Pair, person: Browser, **changed: str) -> str:
    await person.get("/statements/new")
    told = {
        "counterpart": (await pair.a.relationship()).rel_id,
        "grounds": person.first_choice("grounds"),
        "title": f"{TITLE} {HOSTILE}",
        "words": "As spoken of in June.",
        **changed,
    }
    await person.submit("/statements", told)
    await pair.settle()
    assert person.page is not None
    return person.page.url.path


@on_a_loop
async def test_a_statement_is_begun_agreed_marked_cleared_and_ordered_in_the_pages(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get("/statements")
        assert "There is none." in ours.words
        assert await begin(pair, ours, grounds="") == "/statements"
        assert "web.no_grounds" in ours.text
        path = await begin(pair, ours)
        assert "Nothing is public before both sides have released it." in ours.words
        assert "<script>alert" not in ours.text
        assert "No text is adopted by both yet." in ours.words
        texts = [await adopted(pair), await adopted(pair, FRENCH, "Déclaration")]
        await sent(pair, ours, f"{path}/do/text")
        assert "web.no_text_chosen" in ours.text
        await sent(pair, ours, f"{path}/do/text", texts=texts, principal="en")
        assert "We ask for these texts" in ours.words
        await theirs.get("/")
        assert "Its text is to be agreed by us." in theirs.words
        await sent(pair, theirs, f"{path}/do/agree_text")
        assert "text agreed, not cleared" in theirs.words
        assert "5 not marked by both yet" in theirs.words
        await mark(pair, ours, path)
        await theirs.get(f"{path}/sentences")
        told = ("A catalogue of charts", "they owe it to us", "30 Jun 2027", "They hold it.")
        for fact in told:
            assert fact in theirs.words
        await sent(pair, theirs, f"{path}/sentences/agree_marks")
        assert "not yet" not in theirs.words
        await cleared(pair, path)
        await ours.get(path)
        assert "Aldoria Press Officer" in ours.words
        assert "Berevan Press Officer" not in ours.words
        await order(pair, ours, theirs, path)
        await ours.get("/statements", format="csv")
        assert "under embargo" in ours.text
    await pair.close()


@on_a_loop
async def test_who_waits_for_a_text_finds_it_where_it_is_negotiated(tmp_path: Path) -> None:
    """Else a liaison officer sees that no text is there, and not what hinders it."""
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "negotiator") as ours:
        path = await begin(pair, ours, title="On ice")
        await ours.get(path)
        assert "Political texts on their way" not in ours.words
        assert "the own key of one signatory of each side" in ours.words
        asked = {"register": "political", "skeleton": "joint-statement", "title": "On ice"}
        draft = await pair.a.call("drafts.start", who="negotiator", counterpart=pair.b.did, **asked)
        await ours.get(path)
        assert "Political texts on their way On ice English • being drafted" in ours.words
        assert f'href="/drafts/{draft["draft"]}"' in ours.text
        made = await adopted(pair, adopting="A")
        await ours.get(path)
        assert "Joint statement on charts English ◐ clean, to be adopted" in ours.words
        assert f'href="/agreements/{made}/conclude"' in ours.text
    await pair.close()


async def mark(pair: Pair, ours: Browser, path: str) -> None:
    form = {"mark": "committed", "performer": "us", "beneficiary": "them", "zone": "UTC"}
    await sent(pair, ours, f"{path}/sentences/mark", **form)
    assert "web.no_sentence" in ours.text
    await sent(pair, ours, f"{path}/sentences/mark", sentences="4", **form)
    assert "statements.who_does_what" in ours.text
    promise = {"due": "2027-06-30", "title": "A catalogue of charts", "test": "They hold it."}
    await sent(pair, ours, f"{path}/sentences/mark", sentences="4", **form, **promise)
    assert "A mark counts once both have said the same." in ours.words
    form |= {"performer": "", "beneficiary": ""}
    for number, kind in ((["1", "2"], "welcomed"), (["3"], "reaffirmed"), (["5"], "aspiration")):
        await sent(
            pair, ours, f"{path}/sentences/mark", **{**form, "mark": kind, "sentences": number}
        )


async def cleared(pair: Pair, path: str) -> None:
    """Let press and legal people of both clear it, each on the page and each alone."""
    for party in (pair.a, pair.b):
        for who, by in (("press_officer", "press"), ("legal_adviser", "legal")):
            async with await logged_in(party, who) as person:
                await sent(pair, person, f"{path}/do/clear_{by}")
                assert "exactly as it stands" in person.words


async def order(pair: Pair, ours: Browser, theirs: Browser, path: str) -> None:
    when = {"at": "", "zone": "UTC", "channels": "Ministry site\n", "languages": ["en", "fr"]}
    await sent(pair, ours, f"{path}/do/order", **when)
    assert "web.no_time" in ours.text
    assert "Ministry site" in ours.text
    await sent(pair, ours, f"{path}/do/order", **{**when, "at": "2026-11-24T12:00"})
    assert "We ordered, they have not agreed:" in ours.words
    await sent(pair, theirs, f"{path}/do/agree_order")
    assert "Embargo: it is released in one day, by both nodes" in theirs.words
    assert "English, French" in theirs.words


@on_a_loop
async def test_the_signed_page_is_offered_as_a_download_alone_and_can_be_verified(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair, await adopted(pair))
    path = f"/statements/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(f"{path}/page")
        assert "statements.not_released" in ours.text
        await pair.later(601)
        await pair.settle()
        await ours.get(path)
        assert "The signed page" in ours.words
        assert "commitment 1" in ours.words
        await ours.get(f"{path}/sentences")
        assert "The commitment it became" in ours.words
        promised = ours.text.partition('href="/commitments/')[2].partition('"')[0]
        await ours.get(f"/commitments/{promised}")
        assert "Charts of the strait , sentence 4" in ours.words, "nobody finds its source"
        assert "it arose from a joint statement: it is owed" in ours.words
        assert f'href="{path}/sentences?start=3#sentence-4"' in ours.text
        pages = []
        for first in ("us", "them"):
            page = await ours.get(f"{path}/page", first=first)
            assert page.headers["content-disposition"].startswith("attachment;")
            assert page.headers["content-type"] == "application/octet-stream"
            assert verify_archive(page.content, trust=await letters_of(pair)).ok
            pages.append(page.content)
        assert pages[0] != pages[1]
        await sent(pair, ours, f"{path}/do/correct", **{"text-en": f"Read: 2028. {HOSTILE}"})
        assert "they have not accepted it yet" in ours.words
        await sent(pair, theirs, f"{path}/do/accept_correction")
        assert "out, with an erratum" in theirs.words
        assert "Read: 2028." in theirs.words
        theirs.client.headers["accept-language"] = "fr"
        for tab, words in (
            ("", "Enregistrer la page qui nous nomme en premier"),
            ("/sentences", "ils nous le doivent"),
            ("/readouts", "Aucune des parties"),
        ):
            await theirs.get(f"{path}{tab}")
            assert words in theirs.words
    await pair.close()


@on_a_loop
async def test_a_clearance_is_taken_back_another_time_ordered_and_it_is_pulled(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair, await adopted(pair))
    path = f"/statements/{name}"
    async with (
        await logged_in(pair.a, "press_officer") as press,
        await logged_in(pair.b, WHO) as theirs,
    ):
        await sent(pair, press, f"{path}/do/unclear_press", reason="A name is wrong.")
        assert "not cleared" in press.words
        assert "A name is wrong." in press.words
        await theirs.get(path)
        assert "took the clearance back: press" in theirs.words
        await clear(pair, name, pair.a)
        await sent(
            pair, theirs, f"{path}/do/order", at="2026-11-25T09:00", zone="UTC", channels="Gazette"
        )
        await press.get(path)
        assert "Gazette" in press.words
        await sent(pair, press, f"{path}/do/pull", reason="Not this year.")
        assert "It was pulled and is not released." in press.words
        await press.get("/")
        assert "They pulled it" not in press.words
        await theirs.get("/")
        assert "They pulled it: it is not released; they say why." in theirs.words
        assert [each["status"] for each in await shown(pair, name)] == ["pulled"] * 2
        data = {key: value[0] for key, value in press.hidden("/leave").items()}
        press.page = await press.client.post(f"{path}/do/dance", data=data)
        assert "web.no_step" in press.text
    await pair.close()


@on_a_loop
async def test_a_read_out_is_labelled_unilateral_and_shown_beside_the_statement(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await marked(pair, await adopted(pair))
    path = f"/statements/{name}"
    told = "The two Parties met at Harbour House. Aldoria may send its catalogue. We are glad."
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        form = {"title": f"Our account {HOSTILE}", "text": told, "language": "en"}
        await sent(pair, ours, f"{path}/readouts/readout", **form)
        assert "Issued, labelled as ours alone." in ours.words
        await theirs.get("/")
        assert "They published a read-out of their own: see where it departs." in theirs.words
        await theirs.get(f"{path}/readouts")
        assert "unilateral" in theirs.words
        await theirs.get(f"{path}/readouts/1")
        assert "Aldoria alone says this; it is not agreed." in theirs.words
        assert "left out by the read-out" in theirs.words
        assert "<script>alert" not in theirs.text
        await theirs.get(f"{path}/readouts/7")
        assert "web.no_page" in theirs.text
        early = await begun(pair, title="Another")
        await pair.a.call(
            "statements.readout", who=WHO, statement=early, title="Early", text="We say."
        )
        await ours.get(f"/statements/{early}/readouts/1")
        assert "No text is agreed yet that it could depart from." in ours.words
        assert len(rows(await pair.a.call("statements"), "statements")) == 2
    await pair.close()


@on_a_loop
async def test_a_long_statement_is_marked_page_by_page(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    long = "# Long\n\n" + "\n\n".join(f"They met {n} times." for n in range(1, 231)) + "\n"
    name = await agreed(pair, await adopted(pair, long))
    path = f"/statements/{name}/sentences"
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        assert "1 to 100 of 230" in ours.words
        assert len(ours.text.encode()) < 100_000
        await ours.get(path, start="200")
        assert "They met 201 times." in ours.words
        assert "They met 200 times." not in ours.words
        await ours.submit(f"{path}/mark", {"sentences": "201", "mark": "welcomed"})
        assert "201 to 230 of 230" in ours.words
        assert "A mark counts once both have said the same." in ours.words
        await ours.submit(f"{path}/mark", {"mark": "welcomed"})
        assert "web.no_sentence" in ours.text
        assert "201 to 230 of 230" in ours.words
        for start in ("9999999", "-1", "x"):
            assert (await ours.get(path, start=start)).status_code == 200
    await pair.close()


@on_a_loop
async def test_who_may_not_speak_is_told_who_can(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await marked(pair, await adopted(pair))
    async with await logged_in(pair.a, "signatory") as shown_to:
        for page in (
            "/statements/new",
            f"/statements/{name}",
            f"/statements/{name}/sentences",
            f"/statements/{name}/readouts",
        ):
            await shown_to.get(page)
            assert "That is for: " in shown_to.words
        assert "press officer" in shown_to.words
        await shown_to.get(f"/statements/{name}")
        people = rows(await pair.a.call("officials"), "officials")
        (press,) = (str(row["name"]) for row in people if "press_officer" in str(row["roles"]))
        assert f"press officer ({press})" in shown_to.words, "nobody knows who that is"
    await pair.close()


@on_a_loop
async def test_a_sentence_that_promises_again_what_is_owed_already_says_so_before_it_is_marked(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    promised = "Aldoria will send its catalogue of charts to Berevan"
    made = await pair.a.call(
        "commitments.propose",
        who=WHO,
        counterpart=pair.b.did,
        instrument=pair.instrument,
        unit="Article 2",
        title=promised,
        test="Berevan holds it.",
        performer="us",
        beneficiary="them",
        due="2027-06-30",
    )
    owed = str(made["commitment"])
    await pair.settle()
    name = await agreed(pair, await adopted(pair))
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(f"/statements/{name}/sentences")
        assert "owe it already" not in ours.words, "it is proposed and not owed"
        await pair.b.call("commitments.accept", who=WHO, commitment=owed)
        await pair.settle()
        for shown_to, said in ((ours, "we owe it already"), (theirs, "they owe it already")):
            await shown_to.get(f"/statements/{name}/sentences")
            assert shown_to.words.count(said) == 1
            assert f'href="/commitments/{owed}"' in shown_to.text
    await pair.close()
