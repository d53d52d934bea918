"""What stands to be read on the page of one authorisation, and of passing on what came by it."""

from pathlib import Path

import pytest

from support.controlled import (
    ASSURANCE,
    DECISION,
    WHO,
    assure,
    authorised,
    classify,
    controlled_pair,
    do,
    request,
    shown,
)
from support.crossing import bring_in
from support.loops import on_a_loop
from support.sites import logged_in


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
        told = {**DECISION, "assurance": ASSURANCE}
        await do(pair, pair.a, "authorisations.approve", authorisation=name, **told)
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
