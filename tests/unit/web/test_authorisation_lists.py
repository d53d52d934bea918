"""Lists of authorisations in a browser without a window: what a director reads and takes away."""

import csv
import io
import re
from pathlib import Path

from support.controlled import (
    ASSURANCE,
    DECISION,
    WHO,
    assure,
    authorised,
    controlled_pair,
    do,
    fetch,
    request,
)
from support.crossing import bring_in, release, sharing_pair
from support.loops import on_a_loop
from support.sites import logged_in
from unit.web.test_authorisation_pages import CLASS


@on_a_loop
async def test_a_director_reads_how_long_each_took_and_what_is_left_and_takes_it_away_as_csv(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, quantity=3, ends="2027-06-30")
    assert (await fetch(pair, item))["received"] is True
    await request(
        pair, item, title="A second one", project="Survey 2027", items=[], classes=[CLASS]
    )
    await pair.settle()
    async with await logged_in(pair.a, "negotiator") as shown:
        await shown.get("/authorisations")
        for fact in (
            "1 of 3",
            "decided on 23 Nov 2026",
            "30 Jun 2027",
            "0 so far",
            "Survey 2027",
            CLASS,
        ):
            assert fact in shown.words
        await shown.get("/authorisations", state="waiting")
        assert "A second one" in shown.words
        assert "A sonar for the survey" not in shown.words
        await shown.get("/authorisations", state="active", project="Survey 2027")
        assert "There is none." in shown.words
        await shown.get("/authorisations", state="ours")
        assert "A second one" in shown.words
        await shown.get("/authorisations", project="Survey 2027", format="csv")
        head, row, *rest = shown.text.splitlines()
        assert head.lstrip("\ufeff").split(",")[7:10] == [
            "Asked for on",
            "Decided on",
            "Days to decide",
        ]
        assert "A second one" in row
        assert not rest
    await pair.close()


@on_a_loop
async def test_the_csv_of_authorisations_names_decision_authority_article_and_provisos(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, provisos=["Two persons carry it.", "=Back by May."])
    await request(pair, item, title="Not decided")
    async with await logged_in(pair.b, WHO) as shown:
        await shown.get("/authorisations", format="csv")
        table = list(csv.DictReader(io.StringIO(shown.text.lstrip("\ufeff"))))
        made = {row["Authorisation"]: row for row in table}
        row = made["A sonar for the survey"]
        assert (row["Number of the decision"], row["Article"]) == ("L-2026-4", "Article 2")
        assert (row["Licensing authority"], row["Case number"]) == ("Licensing Office", "C-17")
        assert row["Provisos"] == "Two persons carry it.; =Back by May."
        assert (made["Not decided"]["Case number"], made["Not decided"]["Provisos"]) == ("", "")
        await shown.get("/authorisations", format="csv", q="Not decided")
        assert "A sonar" not in shown.text, "it holds the rows that the page shows"
        await shown.get("/authorisations")
        assert "Licensing authority" not in shown.words
    await pair.close()


@on_a_loop
async def test_an_authorisation_stands_in_one_word_wherever_it_is_read(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1)
    await fetch(pair, item)
    await pair.settle()
    why = {"basis": "Condition 4", "reason": "An inquiry."}
    async with await logged_in(pair.a, WHO) as shown:
        rel = (await pair.a.relationship()).rel_id
        pages = ("/authorisations", f"/authorisations/{name}", f"/relationships/{rel}")
        for page in pages:
            await shown.get(page)
            assert "used up" in shown.words, page
            assert "assured " not in shown.words
        await do(pair, pair.a, "authorisations.suspend", authorisation=name, **why)
        for page in pages:
            await shown.get(page)
            assert "suspended" in shown.words, page
        assert "Suspensions of agreements" in shown.words
    await pair.close()


@on_a_loop
async def test_a_list_counts_bytes_as_bytes(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, quantity=5000, unit="bytes")
    async with await logged_in(pair.b, WHO) as shown:
        await shown.get("/authorisations")
        assert "0 of 5,000 bytes" in shown.words
    await pair.close()


@on_a_loop
async def test_an_authorisation_is_found_by_number_case_title_and_year_among_few(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, ends="2027-06-30")
    await request(pair, item, title="Not decided")
    async with await logged_in(pair.a, "negotiator") as shown:
        for sought in ("l-2026-4", "C-17", "A sonar"):
            await shown.get("/authorisations", q=sought)
            assert "A sonar for the survey" in shown.words
            assert "Not decided" not in shown.words
            assert re.search(rf'<input type="search" name="q" value="{sought}"', shown.text)
        for query in ({"year": "2027"}, {"year": "2027", "format": "csv"}):
            await shown.get("/authorisations", **query)
            assert "A sonar for the survey" in shown.words
            assert "Not decided" not in shown.words
        await shown.get("/authorisations", year="2031")
        assert "There is none." in shown.words
    await pair.close()


@on_a_loop
async def test_a_list_shows_what_is_in_force_before_what_has_ended(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item, title="A denied one")
    await do(pair, pair.a, "authorisations.withdraw", authorisation=name)
    await authorised(pair, item)
    async with await logged_in(pair.a, WHO) as shown:
        await shown.get("/authorisations")
        assert shown.words.index("A sonar for the survey") < shown.words.index("A denied one")
    await pair.close()


@on_a_loop
async def test_a_list_says_what_an_amendment_changed_of_quantity_and_end(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=3, ends="2027-06-30")
    words = {"words": "With the limits of the new decision."}
    for more in ({"quantity": 5, "ends": "2027-06-30"}, {}):
        await do(
            pair, pair.a, "authorisations.amend", authorisation=name, title="Two surveys", **words
        )
        decided: dict[str, object] = {**DECISION, "assurance": ASSURANCE, "number_again": True}
        await do(
            pair,
            pair.a,
            "authorisations.amend_approve",
            authorisation=name,
            **{**decided, **more},
        )
        await assure(pair, name)
        async with await logged_in(pair.b, WHO) as shown:
            await shown.get("/authorisations")
            if more:
                assert "0 of 5 (was 3)" in shown.words
                assert "was 30 Jun 2027" not in shown.words
            else:
                assert "0 (was 5)" in shown.words
                assert "no end (was 30 Jun 2027 )" in shown.words
    await pair.close()


@on_a_loop
async def test_an_item_whose_release_was_withdrawn_says_how_often_it_came_to_the_other_side(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/items")
        assert "only here" in shown.words
        await release(pair, pair.a, item)
        for told in ("delivered once", "delivered 2 times"):
            assert (await fetch(pair, item))["received"] is True
            await pair.settle()
            await shown.get("/items")
            assert f"released to Berevan; {told}" in shown.words
        to = {"item": item, "counterpart": pair.b.did}
        await pair.a.call("items.withdraw", who="release_officer", **to)
        await shown.get("/items")
        assert "withdrawn from Berevan; delivered 2 times" in shown.words
        assert "only here" not in shown.words
    await pair.close()
