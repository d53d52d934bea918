"""What stands below the table of agreements.md D2.8, through two nodes: consent, end-use checks.

Source: spec 11.6, 11.7.
"""

from pathlib import Path
from typing import Final

import attrs
import pytest

from support.authorised_rows import (
    CONSENT,
    DONE,
    GONE,
    GRANT,
    LOOK,
    LOOKS,
    MEET,
    PASS_ON,
    consent,
    look,
    not_now,
    not_role,
    not_theirs,
    pass_on_ours,
    silence,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Row, Scene, Wrong, check

# --- consent to pass on ---------------------------------------------------------------------------


def _answered(answer: Do, state: str) -> Row:
    return Row(
        name=f"D2.8 re-transfer: requested -> {state}",
        kind="U",
        at="asked",
        before="requested",
        waits=("us", "them"),
        wrong=(not_theirs(answer, "B"), not_role(answer), not_now(GONE)),
        acts=(answer,),
        after=state,
    )


async def _age(scene: Scene) -> None:
    assert [each["days_without_answer"] for each in await scene.shown()] == [400, 400]
    await refused("deeds.not_now", scene.do(GONE))


CONSENT_ROWS: Final = (
    Row(
        name="D2.8 re-transfer: -> requested",
        kind="U",
        at="exhausted",
        before="",
        wrong=(
            not_role(PASS_ON, "desk_officer"),
            Wrong(
                act=attrs.evolve(PASS_ON.by("A"), members=pass_on_ours),
                code="retransfers.not_received",
            ),
        ),
        acts=(PASS_ON,),
        after="requested",
    ),
    _answered(GRANT, "granted"),
    _answered(consent("A", "grant", provisos=["Not beyond."]), "granted_with_provisos"),
    _answered(consent("A", "refuse", reason="No."), "refused"),
    _answered(consent("A", "return", reason="Which yard?"), "returned"),
    Row(
        name="D2.8 re-transfer: absence of an answer is a refusal in effect",
        kind="C",
        at="asked",
        before="requested",
        happens=silence,
        after="requested",
        then=_age,
    ),
    Row(
        name="D2.8 re-transfer: returned -> requested",
        kind="U",
        at="sent_back",
        before="returned",
        waits=("them", "us"),
        wrong=(not_theirs(consent("A", "again"), "A"), not_now(GRANT)),
        acts=(consent("B", "again"),),
        after="requested",
    ),
    Row(
        name="D2.8 re-transfer: granted -> used",
        kind="U",
        at="granted",
        before="granted",
        wrong=(not_theirs(GONE, "A"), not_role(GONE)),
        acts=(GONE,),
        after="used",
    ),
    Row(
        name="D2.8 re-transfer: used -> closed",
        kind="U",
        at="passed_on",
        before="used",
        waits=("us", "them"),
        wrong=(not_theirs(consent("A", "close", reason="Seen."), "B"),),
        acts=(consent("A", "close", reason="Seen."),),
        after="closed",
    ),
)


@pytest.mark.parametrize("row", CONSENT_ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row_of_consent(tmp_path: Path, row: Row) -> None:
    await check(CONSENT, row, tmp_path)


# --- end-use checks -------------------------------------------------------------------------------


def _concluded(result: str, at: str = "look_done", before: str = "done") -> Row:
    conclude = look("A", "conclude", result=result, report="So it is.")
    return Row(
        name=f"D2.8 end-use check: {before} -> {result}",
        kind="U",
        at=at,
        before=before,
        waits=("us", "them"),
        wrong=(not_theirs(conclude, "B"), not_role(conclude)),
        acts=(conclude,),
        after=result,
    )


def _followed(result: str) -> Row:
    follow = look("A", "follow_up", report="Again in spring.")
    return Row(
        name=f"D2.8 end-use check: {result} -> follow_up",
        kind="U",
        at=result,
        before=result,
        wrong=(not_theirs(follow, "B"), not_role(follow)),
        acts=(follow,),
        after="follow_up",
    )


LOOK_ROWS: Final = (
    Row(
        name="D2.8 end-use check: -> requested",
        kind="U",
        at="exhausted",
        before="",
        wrong=(not_role(LOOK),),
        acts=(LOOK,),
        after="requested",
    ),
    Row(
        name="D2.8 end-use check: requested -> arranged",
        kind="B",
        at="look",
        before="requested",
        waits=("both", "both"),
        wrong=(not_now(DONE), not_role(MEET)),
        acts=(MEET, MEET.by("B")),
        after="arranged",
    ),
    Row(
        name="D2.8 end-use check: arranged -> done",
        kind="U",
        at="look_due",
        before="arranged",
        waits=("us", "them"),
        wrong=(not_theirs(DONE, "B"), not_role(DONE)),
        acts=(DONE,),
        after="done",
    ),
    Row(
        name="D2.8 end-use check: arranged, and its time passes",
        kind="C",
        at="look_arranged",
        before="arranged",
        happens=silence,
        after="arranged",
    ),
    *map(_concluded, ("favourable", "unfavourable", "inconclusive")),
    *map(_followed, ("favourable", "unfavourable", "inconclusive")),
    _concluded("favourable", at="follow_up", before="follow_up"),
)


@pytest.mark.parametrize("row", LOOK_ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row_of_end_use_checks(tmp_path: Path, row: Row) -> None:
    await check(LOOKS, row, tmp_path)
