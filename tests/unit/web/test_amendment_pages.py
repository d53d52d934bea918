"""Amending an authorisation in a browser without a window."""

import re
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
    request,
)
from support.crossing import bring_in, sharing_pair
from support.loops import on_a_loop
from support.sites import logged_in
from unit.web.test_after_transfer_pages import crossed


@on_a_loop
async def test_an_amendment_is_asked_decided_and_assured_in_the_pages(tmp_path: Path) -> None:
    pair, item, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get(path)
        asked = {"title": "Two surveys", "use": "Both surveys.", "classes": "ML 9.c", "words": ""}
        await theirs.submit(f"{path}/amend", {**asked, "items": item})
        assert "authorisations.class" in theirs.text
        assert "Both surveys." in theirs.text
        asked["classes"] = "Munitions List: ML 9.c"
        await theirs.submit(f"{path}/amend", asked)
        assert "Until it is decided the authorisation stands as it is." in theirs.words
        assert "amendment asked for" in theirs.words
        await pair.settle()
        await ours.get(path)
        for fact in ("Two surveys", "Both surveys.", "Munitions List: ML 9.c"):
            assert fact in ours.words
        assert re.search(r"Items: \S.* → none", ours.words), "what it would leave out"
        assert "Two persons carry it.</textarea>" in ours.text
        decision = {**DECISION, "document": "", "assurance": ASSURANCE, "quantity": "3"}
        await ours.submit(
            f"{path}/amend_approve",
            {str(key): str(value) for key, value in decision.items()},
            files={"document": ("decision.pdf", b"They decide.")},
        )
        assert "given the assurance anew" in ours.words
        await pair.settle()
        await assure(pair, name)
        shown = await pair.b.call("authorisations.show", authorisation=name)
        assert (shown["status"], shown["title"]) == ("active", "Two surveys")
        assert (shown["quantity_left"], shown["version"]) == (2, 2)
    await pair.close()


@on_a_loop
async def test_limits_that_an_amendment_asks_for_stand_beside_those_that_count_and_in_the_decision(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1, ends="2027-06-30")
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get(path)
        form = {
            "title": "A sonar for the survey",
            "use": "The survey of the strait.",
            "items": item,
            "classes": "",
            "words": "A second season.",
            "quantity": "none",
            "unit": "transfers",
            "starts": "2027-12-01",
            "ends": "2027-01-31",
        }
        await theirs.submit(f"{path}/amend", form)
        assert "from 1 on" in theirs.words
        await theirs.submit(f"{path}/amend", {**form, "quantity": "3"})
        assert "2027-01-31 is before 2027-12-01." in theirs.words
        await theirs.submit(f"{path}/amend", {**form, "quantity": "3", "starts": "soon"})
        assert "write it as 2027-01-31" in theirs.words
        dates = {"starts": "", "ends": "2027-12-31"}
        await theirs.submit(f"{path}/amend", {**form, "quantity": "3", **dates})
        assert "No more than so many: 1 transfers → 3 transfers" in theirs.words
        await pair.settle()
        await ours.get(path)
        assert "No more than so many: 1 transfers → 3 transfers" in ours.words
        assert "Not after: 2027-06-30 → 2027-12-31" in ours.words
        decision = ours.text.partition('id="quantity-amend_approve"')[2]
        assert 'value="3"' in decision.partition(">")[0]
        decision = ours.text.partition('id="ends-amend_approve"')[2]
        assert 'value="2027-12-31"' in decision.partition(">")[0]
        assert "A second season." in ours.words
    await pair.close()


@on_a_loop
async def test_a_recipient_who_is_to_assure_anew_reads_what_the_amendment_changed(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    first = {"quantity": 1, "value": "100", "currency": "EUR", "ends": "2027-06-30"}
    words = ["Two persons carry it.", "By sea."]
    name = await authorised(pair, item, **first, provisos=words, purposes=["planning"])
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get(f"/authorisations/{name}")
        assert "What the last amendment changed" not in theirs.words
        await do(pair, pair.b, "authorisations.amend", authorisation=name, use="Two surveys.")
        then = {
            **DECISION,
            "number": "L-2026-5",
            "assurance": ASSURANCE,
            "quantity": 3,
            "value": "250",
            "currency": "EUR",
            "ends": "2027-12-31",
            "return_by": "2028-01-31",
            "no_onward": True,
            "recipients": [pair.b.did],
        }
        kept = ["Two persons carry it.", "By air."]
        await do(
            pair, pair.a, "authorisations.amend_approve", authorisation=name, **then, provisos=kept
        )
        await theirs.get(f"/authorisations/{name}")
        assert (
            '<details class="no-print" open><summary>What the last amendment changed' in theirs.text
        )
        for fact in (
            "For which use: The survey of the strait. → Two surveys.",
            "No more than so many: 1 transfers → 3 transfers",
            "Not after: 2027-06-30 → 2027-12-31",
            "No more than this value: 100 EUR → 250 EUR",
            "Back by: none → 2028-01-31 (to return)",
            "Only for these purposes: planning → none",
            "Only to these parties: none → us",
            "Not to be passed on: none → yes",
            "Provisos in words: By sea. → By air.",
        ):
            assert fact in theirs.words
        assert "Assurance that is asked:" not in theirs.words, "it is as it was"
    await pair.close()


@on_a_loop
async def test_a_proviso_that_is_checked_is_read_by_its_days_and_in_the_readers_language(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(
        pair,
        item,
        quantity=2048,
        unit="bytes",
        starts="2026-11-01",
        ends="2027-06-30",
        return_by="2027-07-31",
        return_how="destroy",
        recipients=[pair.b.did],
        purposes=["planning"],
    )
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/authorisations/{name}")
        for said in (
            f"Only to {pair.b.name}.",
            "Only for planning.",
            "No more than 2.0 KiB in all.",
            "Not before 1 Nov 2026. Not after 30 Jun 2027.",
            "To be destroyed by 31 Jul 2027.",
        ):
            assert said in ours.words
        assert "23:59" not in ours.words.partition("Why is it")[0]
        assert "did:web" not in ours.words.partition("Why is it")[0]
    await pair.close()


@on_a_loop
async def test_a_recipient_reads_words_for_an_item_that_has_no_name_here_yet(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await classify(pair, item)
    name = await request(pair, item)
    async with await logged_in(pair.b, WHO) as theirs:
        for path in (f"/authorisations/{name}", "/authorisations", "/authorisations/new"):
            await theirs.get(path)
            assert item not in theirs.words, path
            assert "ML 9.c" in theirs.words, path
        await theirs.get(f"/authorisations/{name}")
        assert "an item of theirs, not released yet : ML 9.c" in theirs.words
    await pair.close()


@on_a_loop
async def test_who_asked_for_an_amendment_takes_it_back_on_the_page(tmp_path: Path) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    await do(pair, pair.b, "authorisations.amend", authorisation=name, use="Fishing.")
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        assert f"{path}/amend_withdraw" not in ours.text, "it is not ours to take back"
        await theirs.get(path)
        await theirs.submit(f"{path}/amend_withdraw", {"words": "Not this year."})
        assert "The amendment is taken back. It stands as it was." in theirs.words
        await pair.settle()
        await ours.get(path)
        assert "took the amendment back" in ours.words
        assert "An amendment waits for its decision" not in ours.words
        assert f"{path}/amend_approve" not in ours.text
    await pair.close()


@on_a_loop
async def test_whose_amendment_was_replaced_reads_so_and_that_it_waits_again(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    theirs_first = {"use": "Fishing.", "quantity": 5, "words": "Two seasons."}
    await do(pair, pair.b, "authorisations.amend", authorisation=name, **theirs_first)
    await do(pair, pair.a, "authorisations.amend", authorisation=name, use="Mapping.", quantity=4)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/")
        assert "Your amendment was replaced by theirs" in theirs.words
        await theirs.get(path)
        assert "took the place of ours, which waits again if they take theirs back" in theirs.words
        assert f"{path}/amend_withdraw" not in theirs.text
        await ours.get(path)
        assert "took the place of theirs, which waits again if we take ours back" in ours.words
        await ours.submit(f"{path}/amend_withdraw", {"words": ""})
        assert "The amendment is taken back; theirs waits again." in ours.words
        assert "the one that it had replaced waits again" in ours.words
        assert "The survey of the strait. → Fishing." in ours.words
        decision = ours.text.partition('id="quantity-amend_approve"')[2]
        assert 'value="5"' in decision.partition(">")[0], "what theirs asks for"
        await pair.settle()
        await theirs.get("/")
        assert "yours, which it had replaced, waits again" in theirs.words
        await theirs.get(path)
        await theirs.submit(f"{path}/amend_withdraw", {"words": ""})
        assert "The amendment is taken back. It stands as it was." in theirs.words
    await pair.close()


@on_a_loop
async def test_a_decision_that_comes_back_says_that_its_document_must_be_chosen_again(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    await do(pair, pair.b, "authorisations.amend", authorisation=name, use="Fishing.")
    again = "Choose the file again"
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        assert again not in ours.words
        await ours.submit(
            f"{path}/amend_deny",
            {"number": "D-1", "decided": "2027-11-23", "reason": "Not for fishing."},
            files={"document": ("decision.pdf", b"They decide.")},
        )
        assert ours.words.count(again) == 1, "in the form that came back alone"
        assert "Not for fishing." in ours.text
    await pair.close()


@on_a_loop
async def test_an_amendment_is_decided_against_and_the_authorisation_stands(tmp_path: Path) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    await do(pair, pair.b, "authorisations.amend", authorisation=name, use="Fishing.")
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        assert "The survey of the strait. → Fishing." in ours.words
        await ours.submit(
            f"{path}/amend_deny",
            {"number": "D-1", "decided": "2026-11-23", "reason": "Not for fishing."},
            files={"document": ("decision.pdf", b"They decide.")},
        )
        assert "It stands as it was." in ours.words
        assert "An amendment was decided against:" in ours.words
        assert "active" in ours.words
    await pair.close()
