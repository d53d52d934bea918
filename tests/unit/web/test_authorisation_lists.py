"""Lists of authorisations in a browser without a window: what a director reads and takes away."""

import csv
import io
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
from support.loops import on_a_loop
from support.sites import logged_in
from unit.node.test_projects import propose
from unit.web.test_authorisation_pages import CLASS


@on_a_loop
async def test_a_director_reads_how_long_each_took_and_what_is_left_and_takes_it_away_as_csv(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, quantity=3, ends="2027-06-30")
    assert (await fetch(pair, item))["received"] is True
    await propose(pair, pair.a, title="Survey 2027")
    await request(
        pair, item, title="A second one", project="Survey 2027", items=[], classes=[CLASS]
    )
    await pair.settle()
    async with await logged_in(pair.a, "negotiator") as shown:
        await shown.get("/authorisations")
        for fact in ("1 of 3", "2026-11-23", "30 Jun 2027", "0 so far", "Survey 2027", CLASS):
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
async def test_a_list_is_narrowed_to_a_year_of_expiry_and_to_a_part_of_a_number(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, ends="2027-12-31")
    later = await request(pair, item, title="A second one")
    case = {"authorisation": later, "authority": "Licensing Office", "case": "C-18"}
    await do(pair, pair.a, "authorisations.review", **case)
    decision = {**DECISION, "number": "M-2028-1", "assurance": ASSURANCE, "ends": "2028-01-01"}
    await do(pair, pair.a, "authorisations.approve", authorisation=later, **decision)
    await request(pair, item, title="Not decided")
    found = {
        ("2027", ""): ["A sonar for the survey"],
        ("2028", ""): ["A second one"],
        ("", "2026-"): ["A sonar for the survey"],
        ("", "m-2028"): ["A second one"],
        ("2027", "m-2028"): [],
        ("", ""): ["A second one", "A sonar for the survey", "Not decided"],
    }
    async with await logged_in(pair.b, WHO) as shown:
        for (year, number), titles in found.items():
            await shown.get("/authorisations", year=year, number=number, format="csv")
            table = csv.DictReader(io.StringIO(shown.text.lstrip("\ufeff")))
            assert sorted(row["Authorisation"] for row in table) == titles, (year, number)
            await shown.get("/authorisations", year=year, number=number)
            assert ("There is none." in shown.words) == (not titles)
        await shown.get("/authorisations", year="2028", number='"m-')
        assert '<option value="2028" selected>' in shown.text
        assert 'value="&#34;m-"' in shown.text, "what was sought stands in its field"
        assert '<option value="2027">' in shown.text
    await pair.close()


@on_a_loop
async def test_an_amended_authorisation_says_what_its_quantity_and_its_last_day_were(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1, ends="2027-06-30")
    async with await logged_in(pair.b, WHO) as shown:
        for limits, told in (
            ({"quantity": 2, "ends": "2027-06-30"}, ["0 of 2 was 1"]),
            ({"quantity": 2, "ends": "2027-12-31"}, ["31 Dec 2027 was 30 Jun 2027"]),
            ({"quantity": 9, "unit": "bytes"}, ["0 of 9 bytes was 2 ", "was 31 Dec 2027"]),
            ({"quantity": 9, "unit": "bytes", "ends": "2027-12-31"}, ["was without end"]),
            ({}, ["was 9 bytes", "was 31 Dec 2027"]),
            ({"quantity": 5}, ["0 of 5 was without limit"]),
            ({"quantity": 5}, []),
        ):
            await do(pair, pair.b, "authorisations.amend", authorisation=name)
            await do(
                pair,
                pair.a,
                "authorisations.amend_approve",
                authorisation=name,
                **{**DECISION, "assurance": ASSURANCE, **limits},
            )
            await assure(pair, name)
            await shown.get("/authorisations")
            assert shown.words.count(" was ") == len(told)
            for fact in told:
                assert fact in shown.words
        await shown.get("/authorisations", format="csv")
        (row,) = csv.DictReader(io.StringIO(shown.text.lstrip("\ufeff")))
        assert (row["Quantity before the amendment"], row["Expiry before the amendment"]) == (
            "",
            "",
        )
    await pair.close()


@on_a_loop
async def test_a_list_counts_bytes_as_bytes(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, quantity=5000, unit="bytes")
    async with await logged_in(pair.b, WHO) as shown:
        await shown.get("/authorisations")
        assert "0 of 5,000 bytes" in shown.words
    await pair.close()
