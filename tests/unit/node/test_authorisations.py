"""Controlled items between two nodes: refused at both ends, authorised, counted once, cut."""

import asyncio
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.members import one, rows
from support.controlled import (
    ASSURANCE,
    DECISION,
    WHO,
    approve,
    assure,
    authorised,
    classify,
    controlled_pair,
    do,
    fetch,
    request,
    shown,
)
from support.crossing import bring_in, data, release, sharing_pair, suspend, token_of, until
from support.loops import on_a_loop
from support.refusals import refused
from support.told import told_alike
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of


async def ends(pair: Pair, item: str) -> list[object]:
    """Return the codes by which both ends rule on an item now; None where it may cross."""
    check = await pair.a.call("items.check", who="desk_officer", counterpart=pair.b.did, item=item)
    (theirs,) = rows(await pair.b.call("released", counterpart=pair.a.did), "released")
    return [check.get("code"), theirs["code"]]


async def running(tmp_path: Path, **checks: object) -> tuple[Pair, str, str]:
    """Return a pair between which an authorised transfer runs, no byte of which gets through."""
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, **checks)
    pair.wire.no_data = True
    await fetch(pair, item, wait=False)
    for party in (pair.a, pair.b):
        await until(pair, party, lambda row: row["state"] == "STARTED")
    return pair, item, name


async def transfers(pair: Pair) -> list[str]:
    made = []
    for party in (pair.a, pair.b):
        found = rows(await party.call("transfers"), "transfers")
        made.append(str([row for row in found if row["family"] == "transfer"][-1]["transfer"]))
    return made


@on_a_loop
async def test_a_classified_item_is_refused_at_both_ends_until_it_is_authorised_and_assured(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    assert await ends(pair, item) == ["not_authorised"] * 2
    error = await refused("sharing.refused", fetch(pair, item))
    assert error.facts["ruling"] == "not_authorised"
    assert error.facts["article"] == "Article 2"
    name = await request(pair, item)
    assert await ends(pair, item) == ["not_authorised"] * 2
    await approve(pair, name, quantity=1)
    assert await ends(pair, item) == ["not_assured"] * 2
    await do(pair, pair.b, "authorisations.assure", authorisation=name, assurance=ASSURANCE)
    assert await ends(pair, item) == ["provisos_not_accepted"] * 2
    ours, theirs = await shown(pair, name)
    assert ours["provisos_digest"] == theirs["provisos_digest"]
    await do(
        pair,
        pair.b,
        "authorisations.accept",
        authorisation=name,
        provisos=theirs["provisos_digest"],
    )
    assert await ends(pair, item) == [None, None]
    assert [each["status"] for each in await shown(pair, name)] == ["active", "active"]
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_a_quantity_of_one_lets_it_cross_once_and_is_counted_by_both(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1)
    done = await fetch(pair, item)
    assert done["received"] is True
    await pair.settle()
    for each in await shown(pair, name):
        (use,) = rows(each, "uses")
        assert (use["sent"], use["received"]) == (True, True)
        assert (each["status"], each["quantity_left"]) == ("exhausted", 0)
    assert await ends(pair, item) == ["quantity_used_up"] * 2
    error = await refused("sharing.refused", fetch(pair, item))
    assert error.facts["ruling"] == "quantity_used_up"
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_a_transfer_that_is_pulled_again_and_cut_and_resumed_is_counted_once(
    tmp_path: Path,
) -> None:
    pair, _, name = await running(tmp_path, quantity=1)
    sent, came = await transfers(pair)
    token = await token_of(pair, came)
    assert (await data(pair, sent, token, range="bytes=0-9"))[0] == 206
    assert (await data(pair, sent, token, range="bytes=10-19"))[0] == 206
    await pair.a.call("transfers.suspend", who="release_officer", transfer=sent, reason="Wait.")
    await until(pair, pair.b, lambda row: row["state"] == "SUSPENDED")
    pair.wire.no_data = False
    await until(pair, pair.a, lambda row: row["state"] == "SUSPENDED")
    await pair.a.call("transfers.resume", who="desk_officer", transfer=sent)
    for party in (pair.b, pair.a):
        await until(pair, party, lambda row: row["state"] == "COMPLETED")
    await pair.settle()
    assert [len(rows(each, "uses")) for each in await shown(pair, name)] == [1, 1]
    await pair.close()


@on_a_loop
async def test_two_officials_at_once_share_one_use(tmp_path: Path) -> None:
    pair, item, name = await running(tmp_path, quantity=1)
    first = await transfers(pair)
    await fetch(pair, item, wait=False)
    for party in (pair.a, pair.b):
        await until(pair, party, lambda row: row["transfer"] not in first)
        await until(pair, party, lambda row: row["state"] == "STARTED")
    second = await transfers(pair)
    rel = await pair.b.relationship()
    found = await pair.b.node.ctx.store.read(lambda tx: tx.outbox.list(f"fetch:{rel.rel_id}"))
    tokens = {row.key: row.payload.decode().partition('"token":"')[2][:43] for row in found}
    answers = await asyncio.gather(
        data(pair, first[0], tokens[first[1]]),
        data(pair, second[0], tokens[second[1]]),
        return_exceptions=True,
    )
    told = sorted(
        str(each.facts["ruling"]) if isinstance(each, ComityError) else str(each[0])
        for each in answers
        if not isinstance(each, BaseException) or isinstance(each, ComityError)
    )
    assert told in (["200", "quantity_used_up"], ["200", "403"]), answers
    await pair.settle()
    assert [len(rows(each, "uses")) for each in await shown(pair, name)] == [1, 1]
    await pair.close()


@pytest.mark.parametrize(
    ("step", "code"),
    [("suspend", "authorisation_suspended"), ("revoke", "authorisation_revoked")],
)
@on_a_loop
async def test_an_authorisation_that_is_stopped_in_mid_transfer_cuts_it_at_both_ends(
    tmp_path: Path, step: str, code: str
) -> None:
    pair, item, name = await running(tmp_path)
    sent, came = await transfers(pair)
    token = await token_of(pair, came)
    assert (await data(pair, sent, token, range="bytes=0-9"))[0] == 206
    await do(
        pair,
        pair.a,
        f"authorisations.{step}",
        authorisation=name,
        basis="Licence condition 4",
        reason="An inquiry.",
    )
    for party in (pair.a, pair.b):
        ended = await until(pair, party, lambda row: row["state"] == "TERMINATED")
        assert ended["code"] == code
    assert (await data(pair, sent, token))[0] == 403
    assert await ends(pair, item) == [code, code]
    assert [len(rows(each, "uses")) for each in await shown(pair, name)] == [1, 1], "it counts"
    await pair.close()


@on_a_loop
async def test_what_it_stands_on_is_suspended_while_an_item_is_on_its_way(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item, unit="Article 3")
    await approve(pair, name)
    await assure(pair, name)
    assert await ends(pair, item) == [None, None]
    pair.wire.no_data = True
    await fetch(pair, item, wait=False)
    await until(pair, pair.b, lambda row: row["state"] == "STARTED")
    await suspend(pair, pair.b, "Article 3")
    for party in (pair.a, pair.b):
        ended = await until(pair, party, lambda row: row["state"] == "TERMINATED")
        assert ended["code"] == "basis_not_in_force"
    assert [each["status"] for each in await shown(pair, name)] == ["basis_stopped"] * 2
    await pair.close()


@on_a_loop
async def test_the_same_bytes_brought_in_anew_are_controlled_and_released_to_nobody(
    tmp_path: Path,
) -> None:
    pair, _ = await controlled_pair(tmp_path)
    again = await bring_in(pair.a)
    error = await refused("sharing.refused", release(pair, pair.a, again))
    assert error.facts["ruling"] == "not_authorised"
    other = await bring_in(pair.a, b"Nothing of the kind.")
    await release(pair, pair.a, other)
    await pair.close()


@on_a_loop
async def test_an_item_that_is_declassified_crosses_as_any_other(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    (ours,) = rows(await pair.a.call("controls"), "controls")
    (theirs,) = rows(await pair.b.call("controls"), "controls")
    assert (ours["code"], ours["whose"], theirs["whose"]) == ("ML 9.c", "us", "them")
    assert theirs["title"] == "Survey"
    await refused(
        "deeds.not_yours",
        do(pair, pair.b, "controls.declassify", control=ours["control"], reason="We think not."),
    )
    await classify(pair, item, code="ML 9.d", value="12.50", currency="eur")
    (theirs,) = rows(await pair.b.call("controls"), "controls")
    assert [theirs["code"], theirs["value"]] == ["ML 9.d", {"amount": "12.50", "currency": "EUR"}]
    await do(pair, pair.a, "controls.declassify", control=item, reason="The list has changed.")
    assert await ends(pair, item) == [None, None]
    await refused(
        "controls.unknown", do(pair, pair.a, "controls.declassify", control="x", reason="y")
    )
    await pair.close()


@on_a_loop
async def test_a_recipient_asks_for_what_it_needs_and_the_exporter_decides(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    made = await do(
        pair,
        pair.b,
        "authorisations.request",
        counterpart=pair.a.did,
        instrument=pair.instrument,
        unit="Article 2",
        title="What we need",
        use="The survey.",
        exporter="them",
        items=[item],
    )
    name = str(made["authorisation"])
    ours, theirs = await shown(pair, name)
    assert (ours["waits_for"], theirs["waits_for"]) == ("us", "them")
    assert "review" in ours["may"]  # type: ignore[operator]  # a list of words
    assert theirs["may"] == ["withdraw"]
    await refused(
        "deeds.not_yours",
        do(pair, pair.b, "authorisations.review", authorisation=name, authority="x", case="y"),
    )
    await do(pair, pair.a, "authorisations.review", authorisation=name, authority="x", case="y")
    await do(pair, pair.a, "authorisations.deny", authorisation=name, **DECISION, reason="Not now.")
    assert [each["status"] for each in await shown(pair, name)] == ["denied", "denied"]
    await pair.close()


@on_a_loop
async def test_all_facts_of_a_decision_stand_in_one_place(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item, project="Survey 2027", words="As discussed.")
    await approve(pair, name, quantity=2, provisos=["Two persons carry it."], ends="2027-01-31")
    for each in await shown(pair, name):
        (row,) = rows(each, "items")
        assert (row["title"], row["code"], row["decided_by"]) == (
            "Survey",
            "ML 9.c",
            "Licensing Office",
        )
        assert one(each, "basis")["article"] == "Article 2"
        texts = [str(proviso["text"]) for proviso in rows(one(each, "decision"), "provisos")]
        assert texts == [
            "No more than 2 transfers in all.",
            "Not after 2027-01-31T23:59:59Z.",
            "Two persons carry it.",
        ]
        assert (each["project"], each["use"]) == ("Survey 2027", "The survey of the strait.")
        assert (each["authority"], each["case"]) == ("Licensing Office", "C-17")
        assert rows(each, "acts")[0]["words"] == "As discussed."
    await pair.close()


@on_a_loop
async def test_both_report_the_same_totals_and_the_last_report_ends_it(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    period: dict[str, object] = {"starts": "2026-11-23", "ends": "2026-11-23"}
    for party in (pair.a, pair.b):
        await do(pair, party, "authorisations.report", authorisation=name, **period)
    await fetch(pair, item)
    await pair.settle()
    for party in (pair.b, pair.a):
        await do(pair, party, "authorisations.report", authorisation=name, last=True, **period)
    for each in await shown(pair, name):
        first, last = rows(each, "reports")
        assert (first["transfers"], last["transfers"], last["received"]) == (0, 1, 1)
        assert each["status"] == "reconciled"
    ended = await told_alike(pair, "technology")
    assert ended[-3:] == ["totals_reported", "totals_reported", "authorisation_reconciled"]
    await pair.close()


@on_a_loop
async def test_totals_are_reported_of_a_period_that_is_over_or_ends_today(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    before = await fingerprints_of(pair.a)
    for ends, code in (("2026-11-30", "authorisations.period_open"), ("soon", "deeds.form")):
        wrong = {"authorisation": name, "starts": "2026-11-01", "ends": ends}
        await refused(code, do(pair, pair.a, "authorisations.report", **wrong))
    assert await fingerprints_of(pair.a) == before
    today = {"authorisation": name, "starts": "2026-11-23", "ends": "2026-11-23"}
    made = await do(pair, pair.a, "authorisations.report", **today)
    assert made["totals_said_by"] == "us"
    await pair.close()


@on_a_loop
async def test_totals_are_of_a_period_that_holds_what_they_count_and_of_no_day_twice(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    day = 24 * 3600

    async def report(starts: str, ends: str, *, at: Party) -> JsonObject:
        return await do(
            pair, at, "authorisations.report", authorisation=name, starts=starts, ends=ends
        )

    begun, short = "authorisations.period_begun", "authorisations.period_short"
    error = await refused(begun, report("2026-06-01", "2026-11-23", at=pair.a))
    assert error.facts["starts"] == "2026-11-23"
    await refused("authorisations.dates", report("2026-11-23", "2026-06-01", at=pair.a))
    pair.clock.tick(2 * day)
    await fetch(pair, item)
    await pair.settle()  # a receipt that comes between two reports makes them differ
    pair.clock.tick(2 * day)
    for each in await shown(pair, name):
        assert each["period"] == {"starts": "2026-11-23", "ends": "2026-11-27"}
    for starts, ends in (("2026-11-23", "2026-11-23"), ("2026-11-27", "2026-11-27")):
        error = await refused(short, report(starts, ends, at=pair.a))
        assert (error.facts["starts"], error.facts["ends"]) == ("2026-11-25", "2026-11-25")
    for party in (pair.a, pair.b):
        await report("2026-11-23", "2026-11-26", at=party)
        await pair.settle()
    await refused(begun, report("2026-11-25", "2026-11-27", at=pair.a))
    for each in await shown(pair, name):
        assert each["period"] == {"starts": "2026-11-27", "ends": "2026-11-27"}
    for party in (pair.a, pair.b):
        await report("2026-11-27", "2026-11-27", at=party)
    await fetch(pair, item)
    await pair.settle()
    for _ in range(2):  # that day is reported, and something crossed on it since
        for each in await shown(pair, name):
            assert one(each, "period")["starts"] == "2026-11-27"
        pair.clock.tick(day)
    await pair.close()


@on_a_loop
async def test_an_amendment_is_decided_assured_and_counts_on(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1)
    await fetch(pair, item)
    await pair.settle()
    await do(pair, pair.b, "authorisations.amend", authorisation=name, title="Two surveys")
    ours, _ = await shown(pair, name)
    assert (ours["amendment"], ours["waits_for"]) == (True, "us")
    await do(
        pair,
        pair.a,
        "authorisations.amend_approve",
        authorisation=name,
        **DECISION,
        assurance=ASSURANCE,
        quantity=2,
    )
    await assure(pair, name)
    ours, theirs = await shown(pair, name)
    assert (ours["version"], ours["title"], theirs["quantity_left"]) == (2, "Two surveys", 1)
    told = await told_alike(pair, "technology")
    assert told[-5:-1] == [
        *("authorisation_exhausted", "amendment_asked", "authorisation_amended"),
        "authorisation_assured",
    ]
    assert await ends(pair, item) == [None, None]
    await pair.close()


@on_a_loop
async def test_what_an_amendment_leaves_out_stays_unless_it_is_the_whole(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    asked: dict[str, object] = {"authorisation": name, "classes": ["Munitions List: ML 9.c"]}
    await do(pair, pair.b, "authorisations.amend", **asked)
    kept = [len(rows(one(each, "proposed"), "items")) for each in await shown(pair, name)]
    assert kept == [1, 1]
    await do(pair, pair.b, "authorisations.amend", whole=True, **asked)
    ours, theirs = await shown(pair, name)
    assert one(ours, "proposed") == one(theirs, "proposed")
    assert (one(ours, "proposed")["items"], len(rows(one(ours, "proposed"), "classes"))) == ([], 1)
    # An item that is no longer classified stays where it stood.
    (control,) = rows(await pair.a.call("controls"), "controls")
    await do(pair, pair.a, "controls.declassify", control=control["control"], reason="New list.")
    await do(pair, pair.b, "authorisations.amend", whole=True, items=[item], **asked)
    ours, _ = await shown(pair, name)
    assert [each["item"] for each in rows(one(ours, "proposed"), "items")] == [item]
    await pair.close()


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ({"quantity": 3, "unit": "crates"}, "authorisations.unit"),
        ({"value": "a lot", "currency": "EUR"}, "authorisations.money"),
        ({"ends": "soon"}, "days.form"),
        ({"starts": "2027-02-01", "ends": "2027-01-01"}, "authorisations.dates"),
        ({"ends": "2026-01-01"}, "authorisations.period_over"),
        ({"provisos": ["\u202e"]}, "node.character"),
        ({"decided": "yesterday"}, "deeds.form"),
        ({"decided": "2027-05-01"}, "authorisations.decided"),
        ({"decided": "2026-10-01"}, "authorisations.decided_early"),
        ({"recipients": ["Utopia"]}, "authorisations.recipients"),
        ({"document": "decision.pdf"}, "deeds.form"),
    ],
)
@on_a_loop
async def test_a_wrong_decision_is_told_and_nothing_is_recorded(
    tmp_path: Path, checks: dict[str, object], code: str
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item)
    await do(pair, pair.a, "authorisations.review", authorisation=name, authority="x", case="y")
    before = await fingerprints_of(pair.a)
    told: dict[str, object] = {**DECISION, "assurance": ASSURANCE, **checks}
    await refused(code, do(pair, pair.a, "authorisations.approve", authorisation=name, **told))
    assert await fingerprints_of(pair.a) == before
    await pair.close()


@on_a_loop
async def test_nothing_is_asked_for_under_a_suspended_article_or_of_a_wrong_class(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await refused("authorisations.class", request(pair, item, classes=["ML 9.c"]))
    await refused("authorisations.covers", request(pair, item, items=[]))
    await refused("controls.unknown", request(pair, item, exporter="them"))
    await suspend(pair, pair.b)
    error = await refused("deeds.not_permitted", request(pair, item))
    assert error.facts["reason"] == "suspended"
    await pair.close()


@on_a_loop
async def test_only_those_whose_work_it_is_classify_and_decide(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    for operation, members in (
        ("controls.classify", {"item": item, "scheme": "x", "code": "y", "list_version": "z",
                               "decided_by": "w", "counterpart": pair.b.did}),
        ("authorisations.revoke", {"authorisation": "last", "basis": "x", "reason": "y"}),
    ):  # fmt: skip
        with pytest.raises(ComityError) as caught:
            await pair.a.call(operation, who="desk_officer", **members)
        assert caught.value.code == "officials.role"
    assert WHO == "technology_security_officer"
    await pair.close()
