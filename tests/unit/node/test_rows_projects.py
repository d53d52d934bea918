"""Every row of agreements.md D2.7, each reached through two nodes. Source: spec 12."""

from pathlib import Path
from typing import Final

import pytest

from comity.api import projects as asks
from comity.foundation.canonical import JsonObject
from comity.foundation.members import items, one, rows
from support import framework
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Row, Scene, Table, Way, Wrong, check, reach

SECURITY: Final = "technology_security_officer"
#: The instrument that is the arrangement, by its title.
ARRANGEMENT: Final = f"Arrangement beside {framework.TITLE}"
SENSOR: Final = asks.ForeseenItem(
    name="Pressure sensor",
    scheme="Aldorian control list",
    code="6A001",
    edition="2026-1",
    decided_by="Technology Security Officer",
    critical=True,
    release="conditional",
    conditions="Not to be opened.",
)
BLOCKED: Final = asks.ForeseenItem(
    name="Sonar",
    scheme="Aldorian control list",
    code="6A002",
    edition="2026-1",
    decided_by="Technology Security Officer",
    critical=True,
    release="no",
)
MILESTONES: Final = [
    asks.PlannedMilestone(title="Hull", test="It floats.", performer="us", due="2027-03-31")
]
SHARES: Final = [
    asks.PlannedShare(party="us", amount="250000.00", currency="EUR"),
    asks.PlannedShare(party="them", in_kind="Two ship days"),
]


def act(side: str, step: str, **members: object) -> Do:
    assert side in {"A", "B"}
    made = Do(side="A", step=f"projects.{step}", members=members)
    return made.by("B") if side == "B" else made


def both(step: str, **members: object) -> tuple[Do, Do]:
    return act("A", step, **members), act("B", step, **members)


def _propose(scene: Scene) -> dict[str, object]:
    return {
        "counterpart": scene.pair.b.did,
        "instrument": scene.pair.instrument,
        "unit": "Article 2",
        "title": "Drifting buoys that report ice",
        "purpose": "Twelve buoys warn both coasts of ice a day earlier.",
        "sponsor": "Ministry of Ports",
        "user": "Coast Guard",
        "answer_by": "2026-12-31",
    }


def turn(shown: JsonObject) -> object:
    """Return whose act comes next."""
    whose = items(one(shown, "next"), "whose")
    return "both" if len(whose) > 1 else whose[0] if whose else None


PROPOSE: Final = Do(side="A", step="projects.propose", members=_propose, makes=True)
EXPLORE: Final = act("B", "explore", sponsor="Fisheries Board", user="Ice Service")
SHEET: Final = act("A", "sheet", items=[SENSOR]).as_a(SECURITY)
NO_ITEMS: Final = act("B", "sheet", items=[]).as_a(SECURITY)
ARRANGE: Final = act("A", "arrange", instrument=ARRANGEMENT, unit="Article 2")
PLAN: Final = act("A", "plan", milestones=MILESTONES, shares=SHARES)
CLAIM: Final = act("A", "claim", milestone="Hull", evidence=["test report 4"])
LEND: Final = act("A", "lend", what="Test buoy", due="2027-02-01")
ENTER: Final = act("B", "enter", ground="foreground", title="Ice model", owner="both")
CLOSE: Final = both("close", authorisations="none")
ABANDON: Final = both("abandon", reason="No money.")
TABLE: Final = Table(
    thing="project",
    who="project_officer",
    stage="arranged",
    turn=turn,
    ways={
        "proposed": Way(acts=(PROPOSE,)),
        "unnamed": Way(come="proposed", acts=(act("B", "explore"),)),
        "exploratory": Way(come="proposed", acts=(EXPLORE,)),
        "intent_signed": Way(come="exploratory", acts=both("intend")),
        "exportability_checked": Way(come="intent_signed", acts=(SHEET, NO_ITEMS)),
        "no_plan": Way(come="exportability_checked", acts=(ARRANGE,)),
        "arranging": Way(come="no_plan", acts=(PLAN, act("B", "agree_plan"))),
        "approved": Way(come="arranging", acts=both("approve")),
        "active": Way(come="approved", acts=(act("A", "start"),)),
        "lent": Way(come="active", acts=(LEND, act("B", "receive", loan="Test buoy"))),
        "paused": Way(come="active", acts=(act("A", "pause", reason="Ice."),)),
        "closing": Way(come="active", acts=both("wind_up")),
        "closing_lent": Way(come="lent", acts=both("wind_up")),
        "closing_open": Way(come="active", acts=(ENTER, *both("wind_up"))),
    },
)


def not_theirs(step: str, side: str, **members: object) -> Wrong:
    return Wrong(act=act(side, step, **members), code="deeds.not_yours")


def not_now(step: str, **members: object) -> Wrong:
    return Wrong(act=act("A", step, **members), code="deeds.not_now")


def not_role(wrong: Do, who: str = "desk_officer") -> Wrong:
    """Return an act of an official whose work it is not."""
    return Wrong(act=wrong.as_a(who), code="officials.role")


def guarded(wrong: Do, code: str) -> Wrong:
    return Wrong(act=wrong, code=code)


async def _too_late(scene: Scene) -> None:
    """Let the day come and go by which an answer was asked for."""
    await scene.later(40)


async def _late(scene: Scene) -> None:
    for each in await scene.shown():
        assert (each["late"], each["age_days"], each["live"]) == (True, 40, True)
    assert await scene.turn() == ["them", "us"]
    await scene.do(EXPLORE)
    assert await scene.states() == ["exploratory"] * 2, "it can still be answered"


async def _quarter(scene: Scene) -> None:
    """Let nothing be entered for ninety days, and one more."""
    await scene.later(89)
    assert [each["dormant"] for each in await scene.shown()] == [False, False]
    await scene.later(2)


async def _dormant(scene: Scene) -> None:
    for each in await scene.shown():
        assert (each["dormant"], each["live"]) == (True, True)
    await scene.do(act("B", "remark", words="The ice is late."))
    assert [each["dormant"] for each in await scene.shown()] == [False, False]


async def _blocked(scene: Scene) -> None:
    ours, theirs = await scene.shown()
    assert rows(ours, "blocked") == [{"whose": "us", "name": "Sonar"}]
    assert rows(theirs, "blocked") == [{"whose": "them", "name": "Sonar"}]
    assert [one(each, "next")["step"] for each in (ours, theirs)] == ["blocked"] * 2
    await refused("deeds.not_now", scene.do(ARRANGE))


async def _registered(scene: Scene) -> None:
    ours, theirs = await scene.shown()
    assert ours["register"] == theirs["register"] == one(ours, "closing")["register"]


async def _years(scene: Scene) -> None:
    """Let the ten years of the framework pass."""
    await scene.later(3700)


async def _arrangement_stops(scene: Scene) -> None:
    above, scene.pair.instrument = scene.pair.instrument, await _other(scene)
    await suspend(scene.pair, scene.pair.b)
    scene.pair.instrument = above
    for each in both("approve"):
        await refused("deeds.not_permitted", scene.do(each))


async def _other(scene: Scene) -> str:
    listed = rows(await scene.pair.a.call("agreements"), "agreements")
    (other,) = [row for row in listed if row["instrument"] != scene.pair.instrument]
    return str(other["instrument"])


def _abandoned(state: str) -> Row:
    return Row(
        name=f"D2.7 {state} -> abandoned",
        kind="B",
        at=state,
        before=state,
        wrong=(not_theirs("leave", "A"),),
        acts=ABANDON,
        after="abandoned",
        need="project.abandon",
    )


def _handed(state: str) -> Row:
    return Row(
        name=f"D2.7 {state} -> handed_over",
        kind="B",
        at=state,
        before=state,
        acts=both("hand_over", to="Berevan Ports"),
        after="handed_over",
        then=_registered,
    )


_BEGINNING: Final = (
    Row(
        name="D2.7 proposed -> exploratory",
        kind="B",
        at="proposed",
        before="proposed",
        waits=("them", "us"),
        wrong=(not_theirs("explore", "A"), not_role(EXPLORE)),
        acts=(EXPLORE,),
        after="exploratory",
    ),
    Row(
        name="D2.7 proposed -> declined",
        kind="U",
        at="proposed",
        before="proposed",
        wrong=(not_theirs("decline", "A", reason="No."),),
        acts=(act("B", "decline", reason="Not this year."),),
        after="declined",
    ),
    Row(
        name="D2.7 proposed (answer due date; age shown)",
        kind="C",
        at="proposed",
        before="proposed",
        happens=_too_late,
        after="proposed",
        then=_late,
    ),
    Row(
        name="D2.7 exploratory -> intent_signed",
        kind="B",
        at="exploratory",
        before="exploratory",
        wrong=(not_role(act("A", "intend")),),
        acts=both("intend"),
        after="intent_signed",
    ),
    Row(
        name="D2.7 -> intent_signed (sponsor and user named on both sides)",
        kind="C",
        at="unnamed",
        before="exploratory",
        waits=("them", "us"),
        wrong=tuple(guarded(each, "projects.unnamed") for each in both("intend")),
        happens=_too_late,
        after="exploratory",
    ),
    Row(
        name="D2.7 intent_signed -> exportability_checked",
        kind="B",
        at="intent_signed",
        before="intent_signed",
        wrong=(not_role(SHEET, "project_officer"), guarded(ARRANGE, "deeds.not_now")),
        acts=(SHEET, NO_ITEMS),
        after="exportability_checked",
    ),
    Row(
        name="D2.7 -> exportability_checked ('no' on a critical item stops here)",
        kind="B",
        at="intent_signed",
        before="intent_signed",
        acts=(NO_ITEMS, act("A", "sheet", items=[BLOCKED]).as_a(SECURITY)),
        after="intent_signed",
        then=_blocked,
    ),
    Row(
        name="D2.7 exportability_checked -> arranging",
        kind="U",
        at="exportability_checked",
        before="exportability_checked",
        wrong=(not_role(ARRANGE), not_now("approve")),
        acts=(ARRANGE,),
        after="arranging",
    ),
    Row(
        name="D2.7 arranging -> approved",
        kind="B",
        at="arranging",
        before="arranging",
        wrong=(not_role(act("A", "approve")), not_now("start")),
        acts=both("approve"),
        after="approved",
    ),
    Row(
        name="D2.7 -> approved (rights, cost shares, plan)",
        kind="C",
        at="no_plan",
        before="arranging",
        wrong=tuple(guarded(each, "projects.not_ready") for each in both("approve")),
        happens=_too_late,
        after="arranging",
    ),
    Row(
        name="D2.7 -> approved (project arrangement in force)",
        kind="C",
        at="arranging",
        before="arranging",
        happens=_arrangement_stops,
        after="arranging",
    ),
)
_WORK: Final = (
    Row(
        name="D2.7 approved -> active",
        kind="U",
        at="approved",
        before="approved",
        wrong=(not_role(act("B", "start")), not_now("claim", milestone="Hull", words="It floats.")),
        acts=(act("B", "start"),),
        after="active",
    ),
    Row(
        name="D2.7 active -> paused",
        kind="U",
        at="active",
        before="active",
        wrong=(not_role(act("B", "pause", reason="Ice.")),),
        acts=(act("B", "pause", reason="Ice."),),
        after="paused",
    ),
    Row(
        name="D2.7 paused -> active",
        kind="B",
        at="paused",
        before="paused",
        wrong=(not_now("claim", milestone="Hull", words="It floats."),),
        acts=both("resume"),
        after="active",
    ),
    Row(
        name="D2.7 active -> closing",
        kind="B",
        at="active",
        before="active",
        wrong=(not_now("close", authorisations="none"),),
        acts=both("wind_up"),
        after="closing",
    ),
    Row(
        name="D2.7 closing -> closed",
        kind="B",
        at="closing",
        before="closing",
        acts=CLOSE,
        after="closed",
        then=_registered,
    ),
    Row(
        name="D2.7 -> closed (loans returned)",
        kind="C",
        at="closing_lent",
        before="closing",
        wrong=tuple(guarded(each, "projects.loans_open") for each in CLOSE),
        happens=_too_late,
        after="closing",
    ),
    Row(
        name="D2.7 -> closed (foreground register complete)",
        kind="C",
        at="closing_open",
        before="closing",
        wrong=tuple(guarded(each, "projects.register_open") for each in CLOSE),
        happens=_too_late,
        after="closing",
    ),
    *map(_handed, ("active", "closing")),
)
_ASIDE: Final = (
    *map(_abandoned, ("exploratory", "intent_signed", "arranging", "active", "paused", "closing")),
    Row(
        name="D2.7 active (dormant)",
        kind="C",
        at="active",
        before="active",
        happens=_quarter,
        after="active",
        then=_dormant,
    ),
    Row(
        name="D2.7 active, and what it stands on ends",
        kind="C",
        at="active",
        before="active",
        happens=_years,
        after="void",
    ),
)
ROWS: Final = (*_BEGINNING, *_WORK, *_ASIDE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row(tmp_path: Path, row: Row) -> None:
    await check(TABLE, row, tmp_path)


async def milestones(scene: Scene) -> list[object]:
    made: list[object] = []
    for each in await scene.shown():
        (row,) = rows(one(one(each, "plan"), "agreed"), "milestones")
        made.append(row["state"])
    return made


@on_a_loop
async def test_row_of_milestones(tmp_path: Path) -> None:
    """D2.7 active, milestones B: claimed by the performer, accepted by the other alone."""
    scene = await reach(TABLE, "active", tmp_path)
    await refused("projects.milestone_not_now", scene.do(CLAIM.by("B")))
    await scene.do(CLAIM)
    assert await milestones(scene) == ["claimed"] * 2
    assert await scene.turn() == ["them", "us"]
    await refused("projects.milestone_not_now", scene.do(act("A", "accept", milestone="Hull")))
    await scene.later(60)
    assert await milestones(scene) == ["claimed"] * 2, "nothing is accepted by silence"
    await scene.do(act("B", "accept", milestone="Hull"))
    assert await milestones(scene) == ["accepted"] * 2
    await scene.same()
    await scene.pair.close()


@on_a_loop
async def test_row_of_a_rejected_milestone(tmp_path: Path) -> None:
    """D2.7 active: what the other does not accept is rejected with why, and claimed again."""
    scene = await reach(TABLE, "active", tmp_path)
    await scene.play(CLAIM, act("B", "reject", milestone="Hull", reason="It leaks."))
    assert await milestones(scene) == ["rejected"] * 2
    await scene.do(CLAIM)
    assert await milestones(scene) == ["claimed"] * 2
    await scene.pair.close()


@on_a_loop
async def test_row_of_notice(tmp_path: Path) -> None:
    """D2.7 any -> abandoned (U with notice): not before its day, and not by itself on that day."""
    scene = await reach(TABLE, "active", tmp_path)
    await scene.do(act("B", "notice", leaves="2026-12-23", reason="The budget ends."))
    await refused("projects.too_soon", scene.do(act("B", "leave")))
    await refused("deeds.not_yours", scene.do(act("A", "leave")))
    await scene.later(40)
    assert await scene.states() == ["active"] * 2, "nobody leaves by the calendar"
    assert [each["leaving"] for each in await scene.shown()] == [True, True]
    await scene.do(act("B", "leave"))
    assert await scene.states() == ["abandoned"] * 2
    await scene.same()
    await scene.pair.close()


@on_a_loop
async def test_row_of_a_loan_after_the_end(tmp_path: Path) -> None:
    """D2.7 -> abandoned: what was lent comes home all the same, and its lender says so (12.6)."""
    scene = await reach(TABLE, "lent", tmp_path)
    await scene.play(*ABANDON, act("B", "give_back", loan="Test buoy"))
    await refused("projects.loan_not_now", scene.do(act("B", "take_back", loan="Test buoy")))
    await scene.do(act("A", "take_back", loan="Test buoy"))
    for each in await scene.shown():
        assert [loan["state"] for loan in rows(each, "loans")] == ["returned"]
    await scene.pair.close()
