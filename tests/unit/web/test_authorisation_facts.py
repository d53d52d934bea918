"""What stands to be read on the page of one authorisation, and of passing on what came by it."""

from pathlib import Path

from support.controlled import (
    ASSURANCE,
    DECISION,
    WHO,
    assure,
    authorised,
    classify,
    controlled_pair,
    do,
    fetch,
    request,
    shown,
)
from support.crossing import bring_in
from support.loops import on_a_loop
from support.sites import logged_in
from unit.web.test_after_transfer_pages import ask


@on_a_loop
async def test_the_class_that_was_asked_for_is_read_where_it_is_decided_and_assured(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    wrong = "Munitions List (2026): ML 11.a"
    name = await request(pair, item, items=[], classes=[wrong, "Munitions List: ML 9.c"])
    await classify(pair, await bring_in(pair.a, b"A radio."), code="ML 11.a")
    told, theirs_told = await shown(pair, name)
    for fact in ("classes", "proposed_classes", "lists_known"):
        assert told[fact] == theirs_told[fact]
    warning = f"Nothing that is classified as {wrong} is known. Lists known: Munitions List ."
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        for page in (ours, theirs):
            await page.get(f"/authorisations/{name}")
            assert f"Classes of items : {wrong} , Munitions List: ML 9.c" in page.words
            assert page.words.count(warning) == 1
            assert "classified as Munitions List: ML 9.c" not in page.words
        await pair.a.call(
            "authorisations.review", who=WHO, authorisation=name, authority="Office", case="C-17"
        )
        await ours.get(f"/authorisations/{name}")
        assert ours.words.count(warning) == 2, "on top and at the decision"
        await pair.settle()
        given = {**DECISION, "assurance": ASSURANCE}
        await do(pair, pair.a, "authorisations.approve", authorisation=name, **given)
        await theirs.get(f"/authorisations/{name}")
        assert theirs.words.count(warning) == 2, "on top and at the assurance"
    await pair.close()


@on_a_loop
async def test_numbers_of_earlier_decisions_and_the_basis_of_a_stop_stay_to_be_read(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        amend = {"authorisation": name, "use": "Two surveys."}
        await do(pair, pair.b, "authorisations.amend", **amend)
        then = {**DECISION, "number": "L-2026-5", "document": "cd" * 32, "assurance": ASSURANCE}
        await do(pair, pair.a, "authorisations.amend_approve", authorisation=name, **then)
        await assure(pair, name)
        for page in (ours, theirs):
            await page.get(path)
            said = page.words
            assert "Earlier decisions L-2026-4 , 23 Nov 2026 Digest of its document" in said
            assert "entered the decision for it (L-2026-4 of 23 Nov 2026)" in said
            assert "entered the decision for the amendment (L-2026-5 of 23 Nov 2026)" in said
            assert "said which authority has it (Licensing Office, case C-17)" in said
        await do(pair, pair.b, "authorisations.amend", **{**amend, "use": "Fishing."})
        against = {**DECISION, "number": "D-1", "reason": "Not for fishing."}
        await do(pair, pair.a, "authorisations.amend_deny", authorisation=name, **against)
        stop = {"authorisation": name, "basis": "Condition 4", "reason": "An inquiry."}
        await do(pair, pair.a, "authorisations.suspend", **stop)
        await theirs.get(path)
        assert "suspended it (Condition 4): An inquiry." in theirs.words
        assert "Not for fishing. D-1 , 23 Nov 2026" in theirs.words
    await pair.close()


@on_a_loop
async def test_a_denied_request_shows_the_number_and_the_day_of_the_refusal(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item)
    review = {"authority": "Licensing Office", "case": "C-17"}
    await do(pair, pair.a, "authorisations.review", authorisation=name, **review)
    against = {**DECISION, "number": "D-7", "reason": "Not now."}
    await do(pair, pair.a, "authorisations.deny", authorisation=name, **against)
    assert [told["number"] for told in await shown(pair, name)] == ["D-7", "D-7"]
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get(f"/authorisations/{name}")
        assert "Decision D-7 , 23 Nov 2026 Digest of its document" in theirs.words
        assert "entered the decision against it (D-7 of 23 Nov 2026)" in theirs.words
    await pair.close()


@on_a_loop
async def test_who_asks_for_another_amendment_reads_that_it_replaces_the_one_that_waits(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    path = f"/authorisations/{name}"
    amend = {"authorisation": name, "use": "Two surveys.", "quantity": 3, "unit": "transfers"}
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        assert "Ask for another amendment" not in ours.words
        other = await bring_in(pair.a, b"A radio.")
        await classify(pair, other)
        await do(pair, pair.b, "authorisations.amend", **amend, items=[other])
        await theirs.get(path)
        assert "Ask for another amendment: it replaces the one that waits" in theirs.words
        await ours.get(path)
        assert "Ask for another amendment: it replaces theirs that waits" in ours.words
        for page in (ours, theirs):
            form = page.text.partition('id="use-amend"')[2]
            assert "Two surveys.</textarea>" in form.partition("Not after")[0]
            assert f'value="{other}" checked' in form
            assert f'value="{item}" checked' not in form.partition("One more item")[0]
            assert 'value="3"' in form.partition('id="quantity-amend"')[2].partition(">")[0]
        limits = {"quantity": "4", "unit": "transfers", "starts": "", "ends": ""}
        fields = {"title": "A sonar", "use": "Three surveys.", "items": item, "classes": ""}
        await ours.submit(f"{path}/amend", {**fields, "words": "", **limits})
        await pair.settle()
        for page in (ours, theirs):
            await page.get(path)
            assert "asked for an amendment (in place of the one that waited)" in page.words
            assert page.words.count("in place of the one that waited") == 1
    await pair.close()


@on_a_loop
async def test_a_link_to_the_form_of_an_amendment_opens_it_without_a_script(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    path = f"/authorisations/{await authorised(pair, item)}"
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get(path)
        assert '<details id="amend"><summary>' in theirs.text
        await theirs.get(path, open="amend")
        assert '<details id="amend" open><summary>' in theirs.text
        assert theirs.text.count(" open><summary>") == 1
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        told = "They are told to stop the use of what came."
        assert ours.words.count(told) == 2, "at the suspension and at the revocation"
    await pair.close()


@on_a_loop
async def test_who_consents_to_passing_on_reads_what_was_assured_and_no_old_question_as_the_reason(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, provisos=["Two persons carry it."])
    await fetch(pair, item)
    await pair.settle()
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        path = await ask(pair, theirs)
        given = f"Assurance that was given: {ASSURANCE}"
        for page in (ours, theirs):
            await page.get(path)
            assert given in page.words
        assert ours.words.count(given) == 2, "on top and where one consents"
        assert ours.words.count("Two persons carry it.") == 2
        await ours.submit(f"{path}/return", {"reason": "Which sonar?"})
        assert "Why Which sonar?" in ours.words
        await pair.settle()
        await theirs.get(path)
        await theirs.submit(f"{path}/again", {"words": "The old one."})
        await pair.settle()
        await ours.get(path)
        assert "Why Which sonar?" not in ours.words
        await ours.submit(f"{path}/grant", {"provisos": "", "words": ""})
        for page in (ours, theirs):
            await pair.settle()
            await page.get(path)
            assert "Why Which sonar?" not in page.words
            assert "sent it back for more: Which sonar?" in page.words
    await pair.close()


@on_a_loop
async def test_a_print_for_a_file_names_both_parties_its_day_and_what_was_amended(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    await do(pair, pair.b, "authorisations.amend", authorisation=name, use="Two surveys.")
    then = {**DECISION, "number": "L-2026-5", "assurance": ASSURANCE}
    await do(pair, pair.a, "authorisations.amend_approve", authorisation=name, **then)
    await assure(pair, name)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/authorisations/{name}")
        us, them = pair.a.name, pair.b.name
        assert f"From us ( {us} ) To {them}" in ours.words
        said = f"Printed 23 Nov 2026, 09:00 UTC at the node of {us} . “We” and “us” are {us} ;"
        assert f"{said} “they” and “them” are {them} ." in ours.words
        assert f"they ( {them} ) asked for an amendment" in ours.words
        on_paper = ours.text.partition('<div class="print-only"><h3>What the last amendment')[2]
        assert "Two surveys.</ins>" in on_paper.partition("</div>")[0]
        assert '<section class="card no-print" aria-labelledby="do">' in ours.text
    await pair.close()
