"""Joint projects between two nodes: what officials do, what both see, what is refused."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from comity.api import projects as asks
from comity.foundation.canonical import JsonObject
from comity.foundation.members import items, one, rows, text
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.sites import logged_in
from support.stages import at_stage, concluded
from support.told import told_alike
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of

OFFICER, SECURITY = "project_officer", "technology_security_officer"
TITLE = "Drifting buoys that report ice"
LINE = {
    "name": "Pressure sensor",
    "scheme": "Aldorian control list",
    "code": "6A001",
    "edition": "2026-1",
    "decided_by": "Technology Security Officer",
    "critical": True,
    "release": "conditional",
    "conditions": "Not to be opened.",
}
MILESTONES = (
    {"title": "Hull", "test": "It floats.", "performer": "us", "due": "2027-03-31"},
    {"title": "Radio", "test": "It is heard.", "performer": "them", "due": "2027-06-30"},
)
SHARES = (
    {"party": "us", "amount": "250000.00", "currency": "EUR"},
    {"party": "them", "in_kind": "Two ship days"},
)


async def propose(pair: Pair, party: Party, **changes: object) -> str:
    members: dict[str, object] = {
        "counterpart": pair.other(party).did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "title": TITLE,
        "purpose": "Twelve buoys warn both coasts of ice a day earlier.",
        "area": "technology",
        "sponsor": "Ministry of Ports",
        "user": "Coast Guard",
        "answer_by": "2026-12-31",
        **changes,
    }
    made = await party.call("projects.propose", who=OFFICER, **members)
    await pair.settle()
    return str(made["project"])


async def do(pair: Pair, party: Party, step: str, name: str, **members: object) -> JsonObject:
    who = str(members.pop("who", OFFICER))
    made = await party.call(f"projects.{step}", who=who, project=name, **members)
    await pair.settle()
    return made


async def both(pair: Pair, step: str, name: str, **members: object) -> None:
    for party in (pair.a, pair.b):
        await do(pair, party, step, name, **members)


async def shown(pair: Pair, name: str) -> list[JsonObject]:
    return [await each.call("projects.show", project=name) for each in (pair.a, pair.b)]


async def states(pair: Pair, name: str) -> set[str]:
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    return {str(each["status"]) for each in await shown(pair, name)}


def typed(*lines: Mapping[str, object], kind: str) -> list[object]:
    return [getattr(asks, kind)(**line) for line in lines]


async def sheet(pair: Pair, party: Party, name: str, **changes: object) -> None:
    lines = typed({**LINE, **changes}, kind="ForeseenItem") if party is pair.a else []
    await do(pair, party, "sheet", name, who=SECURITY, items=lines)


async def arrangement(pair: Pair) -> str:
    listed = rows(await pair.a.call("agreements"), "agreements")
    (other,) = [str(row["instrument"]) for row in listed if row["instrument"] != pair.instrument]
    return other


async def to_planning(pair: Pair) -> str:
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", name)
    for party in (pair.a, pair.b):
        await sheet(pair, party, name)
    await do(pair, pair.a, "arrange", name, instrument=await arrangement(pair), unit="Article 2")
    return name


async def to_arranging(pair: Pair) -> str:
    name = await to_planning(pair)
    await do(
        pair,
        pair.a,
        "plan",
        name,
        milestones=typed(*MILESTONES, kind="PlannedMilestone"),
        shares=typed(*SHARES, kind="PlannedShare"),
    )
    await do(pair, pair.b, "agree_plan", name)
    return name


async def to_active(pair: Pair) -> str:
    name = await to_arranging(pair)
    await both(pair, "approve", name)
    await do(pair, pair.a, "start", name)
    return name


@on_a_loop
async def test_a_project_lives_from_proposal_to_closing_and_both_say_the_same(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    assert await states(pair, name) == {"active"}
    ours, theirs = await shown(pair, name)
    assert (one(ours, "next"), one(theirs, "next")) == (
        {"step": "claim", "whose": ["us"]},
        {"step": "claim", "whose": ["them"]},
    )
    plan = one(one(theirs, "plan"), "agreed")
    assert [row["performer"] for row in rows(plan, "milestones")] == ["them", "us"]
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["test report 4"])
    await do(pair, pair.b, "accept", name, milestone="m1")
    await do(pair, pair.b, "claim", name, milestone="m2", words="Heard.")
    await do(pair, pair.a, "reject", name, milestone="m2", reason="Not heard at 40 miles.")
    await do(pair, pair.b, "claim", name, milestone="Radio", words="Heard.")
    await do(pair, pair.a, "accept", name, milestone="Radio")
    await do(pair, pair.a, "enter", name, ground="background", title="Hull drawings")
    await do(pair, pair.b, "enter", name, ground="foreground", title="Ice model", owner="both")
    await do(pair, pair.a, "confirm", name, item="Ice model")
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due="2027-02-01")
    await do(pair, pair.b, "receive", name, loan="Test buoy no. 3")
    await both(pair, "wind_up", name)
    await refused(
        "projects.loans_open", do(pair, pair.a, "close", name, authorisations="reconciled")
    )
    await do(pair, pair.b, "give_back", name, loan="Test buoy no. 3")
    await do(pair, pair.a, "take_back", name, loan="Test buoy no. 3")
    await both(pair, "close", name, authorisations="reconciled", words="Twelve buoys drift.")
    assert await states(pair, name) == {"closed"}
    told = await told_alike(pair, "technology")
    assert [each for each in told if each.startswith(("milestone", "loan", "foreground"))] == [
        *("milestone_claimed Hull", "milestone_accepted Hull", "milestone_claimed Radio"),
        *("milestone_rejected Radio", "milestone_claimed Radio", "milestone_accepted Radio"),
        *("foreground_confirmed Ice model", "loan_made Test buoy no. 3"),
        *("loan_received Test buoy no. 3", "loan_sent_back Test buoy no. 3"),
        "loan_returned Test buoy no. 3",
    ]
    ours, theirs = await shown(pair, name)
    assert ours["register"] == theirs["register"] == one(ours, "closing")["register"]
    assert {row["where"] for row in rows(ours, "pipeline")} == {"done", "now"}
    await pair.close()


@on_a_loop
async def test_the_age_of_an_unanswered_proposal_is_seen_on_both_sides_and_comes_to_nothing(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    pair.clock.tick(40 * 86_400)
    for party, turn in ((pair.a, "them"), (pair.b, "us")):
        (row,) = rows(await party.call("projects"), "projects")
        assert (row["age_days"], row["late"], row["status"]) == (40, True, "proposed")
        assert one(row, "next") == {"step": "answer", "whose": [turn]}
        waits = await party.call("projects", state="ours")
        assert len(rows(waits, "projects")) == (turn == "us")
    await do(pair, pair.b, "decline", name, reason="Not this year.")
    assert await states(pair, name) == {"declined"}
    ended = await pair.a.call("projects", state="ended", counterpart=pair.b.did)
    assert rows(ended, "projects")[0]["title"] == TITLE
    assert rows(await pair.a.call("projects", state="live"), "projects") == []
    await pair.close()


@on_a_loop
async def test_a_critical_item_that_cannot_be_released_stops_the_project_before_money_is_spent(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", name)
    await sheet(pair, pair.a, name, release="no")
    await sheet(pair, pair.b, name)
    assert await states(pair, name) == {"intent_signed"}
    ours, theirs = await shown(pair, name)
    assert rows(theirs, "blocked") == [{"whose": "them", "name": "Pressure sensor"}]
    assert one(ours, "next") == {"step": "blocked", "whose": ["us"]}
    assert one(theirs, "sheets")["us"] == []
    await refused(
        "deeds.not_now",
        do(pair, pair.b, "arrange", name, instrument=await arrangement(pair), unit="Article 2"),
    )
    await pair.close()


@on_a_loop
async def test_what_we_may_disclose_never_reaches_the_counterpart(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    secret = "Nothing above PARTNERS, and never the sonar"
    pair.wire.carried.clear()
    await do(pair, pair.a, "set_disclosure", name, who=SECURITY, may_not=secret, whom=secret)
    kept = await pair.a.call("projects.disclosure", who=SECURITY, project=name)
    assert (kept["may_not"], kept["set"]) == (secret, True)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", name)
    await sheet(pair, pair.a, name)
    carried = b"".join(each.content + each.answer for each in pair.wire.carried)
    assert carried, "something crossed"
    assert secret.encode() not in carried
    theirs = await pair.b.call("projects.disclosure", who=SECURITY, project=name)
    assert (theirs["may_not"], theirs["set"]) == ("", False)
    assert secret not in str(await shown(pair, name))
    await refused("officials.role", pair.a.call("projects.disclosure", who=OFFICER, project=name))
    await pair.close()


@on_a_loop
async def test_an_item_on_its_way_comes_home_after_its_arrangement_was_suspended(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "lend", name, what="Test buoy no. 3", due="2027-02-01")
    framework, pair.instrument = pair.instrument, await arrangement(pair)
    await suspend(pair, pair.b)
    pair.instrument = framework
    lend = do(pair, pair.a, "lend", name, what="Test buoy no. 4", due="2027-02-01")
    error = await refused("deeds.not_permitted", lend)
    assert error.facts["reason"] == "suspended"
    await refused(
        "deeds.not_permitted", do(pair, pair.b, "claim", name, milestone="m2", words="Heard.")
    )
    for each in await shown(pair, name):
        assert one(each, "arrangement")["code"] == "suspended"
        assert one(each, "basis")["permitted"] is True
    await do(pair, pair.b, "receive", name, loan="Test buoy no. 3")
    await do(pair, pair.b, "give_back", name, loan="Test buoy no. 3")
    await do(pair, pair.a, "take_back", name, loan="Test buoy no. 3")
    (loan,) = rows((await shown(pair, name))[1], "loans")
    assert (loan["state"], loan["lender"]) == ("returned", "them")
    assert await states(pair, name) == {"active"}
    await pair.close()


@on_a_loop
async def test_a_project_rests_with_the_framework_above_its_arrangement(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await suspend(pair, pair.a)
    await refused(
        "deeds.not_permitted", do(pair, pair.a, "claim", name, milestone="m1", words="It floats.")
    )
    await do(pair, pair.b, "pause", name, reason="The framework is suspended.")
    assert await states(pair, name) == {"paused"}
    await refused("deeds.not_permitted", do(pair, pair.a, "resume", name))
    await pair.close()


BASIS = """
["Article 2".basis]
instrument = "{instrument}"
title = "Framework"
quote = "The Party that holds an item"
"""


@on_a_loop
async def test_a_project_takes_no_arrangement_that_stands_under_another_framework(
    tmp_path: Path,
) -> None:
    """Else what crosses for a project rests on a text that both signed for something else."""
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "explore", name, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", name)
    for party in (pair.a, pair.b):
        await sheet(pair, party, name)
    elsewhere = "urn:uuid:00000000-0000-4000-8000-000000000000"
    other = await concluded(pair, title="Other", more=BASIS.format(instrument=elsewhere))
    await refused(
        "projects.other_basis",
        do(pair, pair.a, "arrange", name, instrument=other, unit="Article 2"),
    )
    assert [each["arrangement"] for each in await shown(pair, name)] == [None, None]
    ours = await concluded(pair, title="Ours", more=BASIS.format(instrument=pair.instrument))
    await do(pair, pair.a, "arrange", name, instrument=ours, unit="Article 2")
    under = [one(each, "arrangement")["under"] for each in await shown(pair, name)]
    assert under == [pair.instrument] * 2
    listed = rows(await pair.a.call("projects", state="all"), "projects")
    assert [row["arranged"] for row in listed] == [ours], "the form for the next one names it"
    await do(pair, pair.a, "arrange", name, instrument=ours, unit="Article 3")
    second = await propose(pair, pair.a, title="Buoys that report fog")
    await do(pair, pair.b, "explore", second, sponsor="Fisheries Board", user="Ice Service")
    await both(pair, "intend", second)
    for party in (pair.a, pair.b):
        await sheet(pair, party, second)
    taken = do(pair, pair.b, "arrange", second, instrument=ours, unit="Article 2")
    await refused("projects.arrangement_taken", taken)
    free = await concluded(pair, title="Free", more=BASIS.format(instrument=pair.instrument))
    await do(pair, pair.b, "arrange", name, instrument=free, unit="Article 2")
    for party, whose in ((pair.a, "they"), (pair.b, "we")):
        async with await logged_in(party, OFFICER) as page:
            await page.get(f"/projects/{name}")
            told = f"{whose} named another arrangement: Free instead of Ours"
            assert told in page.words, "what it stands on was exchanged unseen"
    await do(pair, pair.a, "arrange", second, instrument=ours, unit="Article 2")
    await pair.close()


@pytest.mark.parametrize(
    ("milestone", "share", "code"),
    [
        ({}, {"amount": "40,000"}, "projects.our_share"),
        ({}, {"amount": "40000", "currency": ""}, "projects.our_share"),
        ({}, {"amount": "0", "currency": "EUR"}, "projects.our_share"),
        ({}, {"amount": "1", "currency": "E"}, "projects.our_share"),
        ({}, {"party": "them", "amount": "7", "currency": ""}, "projects.their_share"),
        ({"due": "2026-01-31"}, {}, "projects.milestone_past"),
        ({"due": "soon"}, {}, "projects.milestone_day"),
    ],
)
@on_a_loop
async def test_a_row_of_a_plan_that_cannot_be_is_named(
    tmp_path: Path, milestone: dict[str, str], share: dict[str, str], code: str
) -> None:
    """Else a plan of many rows is searched for the one that is wrong."""
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    rows_typed = typed(MILESTONES[0], {**MILESTONES[1], **milestone}, kind="PlannedMilestone")
    shares = typed({**SHARES[0], **share}, SHARES[1], kind="PlannedShare")
    told = do(pair, pair.a, "plan", name, milestones=rows_typed, shares=shares)
    error = await refused(code, told)
    named = "they bring in" if share.get("party") else "we bring in" if share else "Milestone 2"
    assert named in error.message
    await pair.close()


@on_a_loop
async def test_a_milestone_of_the_plan_whose_day_has_passed_stays_in_the_next_one(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    pair.clock.tick(200 * 86_400)
    lines = typed(
        {**MILESTONES[0], "key": "m1"},
        {**MILESTONES[1], "key": "m3"},
        MILESTONES[1],
        kind="PlannedMilestone",
    )
    shares = typed(*SHARES, kind="PlannedShare")
    await do(pair, pair.a, "plan", name, milestones=lines, shares=shares)
    put_up = one(one((await shown(pair, name))[0], "plan"), "put_up")
    assert [row["key"] for row in rows(put_up, "milestones")] == ["m1", "m3", "m4"]
    await pair.close()


@on_a_loop
async def test_nothing_is_approved_before_its_arrangement_is_in_force(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_arranging(pair)
    other = await arrangement(pair)
    framework, pair.instrument = pair.instrument, other
    await suspend(pair, pair.a)
    pair.instrument = framework
    await refused("deeds.not_permitted", do(pair, pair.a, "approve", name))
    assert await states(pair, name) == {"arranging"}
    await pair.close()


@on_a_loop
async def test_one_leaves_after_the_day_of_its_notice_and_not_before(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "explore", name)
    await do(pair, pair.b, "name", name, sponsor="Fisheries Board", user="Ice Service")
    await refused("deeds.not_yours", do(pair, pair.b, "leave", name))
    await do(pair, pair.b, "notice", name, leaves="2026-12-01", reason="The budget ends.")
    (notice,) = rows((await shown(pair, name))[0], "notices")
    assert notice["whose"] == "them"
    await refused("projects.too_soon", do(pair, pair.b, "leave", name))
    pair.clock.tick(30 * 86_400)
    assert [each["leaving"] for each in await shown(pair, name)] == [True, True]
    await do(pair, pair.b, "leave", name)
    assert await states(pair, name) == {"abandoned"}
    await pair.close()


@on_a_loop
async def test_acts_of_both_that_cross_come_to_the_same_on_both_sides(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    pair.wire.down = True
    await pair.a.call("projects.withdraw", who=OFFICER, project=name)
    await pair.b.call("projects.explore", who=OFFICER, project=name)
    pair.wire.down = False
    for party in (pair.a, pair.b):
        party.node.delivery.wake((await party.relationship()).rel_id)
    await pair.settle()
    assert len(await states(pair, name)) == 1
    for each in await shown(pair, name):
        (idle,) = [row for row in rows(each, "acts") if row["no_effect"] is not None]
        assert text(one(idle, "no_effect"), "code") == "deeds.not_now"
    await pair.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer_by": "2026-01-01"}, "projects.past"),
        ({"answer_by": "soon"}, "days.form"),
        ({"zone": "Nowhere/Town"}, "days.zone"),
        ({"unit": "Article 99"}, "agreements.no_unit"),
        ({"instrument": "nothing"}, "agreements.no_instrument"),
        ({"title": "   "}, "deeds.form"),
    ],
)
@on_a_loop
async def test_a_wrong_proposal_is_told_and_nothing_is_recorded(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await fingerprints_of(pair.a)
    await refused(code, propose(pair, pair.a, **changes))
    assert await fingerprints_of(pair.a) == before
    await pair.close()


@on_a_loop
async def test_nothing_is_recorded_for_a_wrong_word_on_a_project(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    before = await fingerprints_of(pair.a)
    for step, code, members in (
        ("explore", "deeds.not_yours", {}),
        ("claim", "projects.no_part", {"milestone": "m1", "words": "It floats."}),
        ("take_back", "projects.no_part", {"loan": "buoy"}),
        ("confirm", "projects.no_part", {"item": "model"}),
        ("agree_plan", "deeds.not_now", {}),
        ("approve", "deeds.not_now", {}),
        ("start", "deeds.not_now", {}),
    ):
        await refused(code, do(pair, pair.a, step, name, **members))
    await refused("officials.role", do(pair, pair.a, "sheet", name, items=[]))
    await refused("deeds.no_thing", do(pair, pair.a, "remark", "nothing"))
    assert await fingerprints_of(pair.a) == before
    assert items((await shown(pair, name))[0], "may") == ["withdraw", "remark"]
    await pair.close()


@on_a_loop
async def test_nothing_is_proposed_before_the_agreement_is_in_force(tmp_path: Path) -> None:
    pair = await at_stage("initialled", tmp_path)
    error = await refused("deeds.not_permitted", propose(pair, pair.a))
    assert error.facts["reason"] == "not_in_force"
    await pair.close()
