"""Every row of the table of agreements.md D2.8, each reached through two nodes. Source: spec 11."""

from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.foundation.members import one, rows
from support import stages
from support.authorised_rows import (
    ACCEPT,
    APPROVE,
    ASSURE,
    CLASSIFY,
    DECLINE,
    DENY,
    LAST,
    PROVISOS,
    REQUEST,
    RESUME,
    RETURN,
    REVIEW,
    REVOKE,
    SUSPEND,
    TABLE,
    UNAMEND,
    act,
    classifying,
    not_now,
    not_role,
    not_theirs,
    on,
    silence,
    use,
)
from support.controlled import ASSURANCE, DECISION, fetch
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Row, Scene, Wrong, check, reach


async def ends(scene: Scene) -> list[object]:
    """Return the codes by which both ends rule on the item now; None where it may cross."""
    pair, item = scene.pair, scene.facts["thing"]
    check_ = await pair.a.call("items.check", who="desk_officer", counterpart=pair.b.did, item=item)
    (theirs,) = rows(await pair.b.call("released", counterpart=pair.a.did), "released")
    return [check_.get("code"), theirs["code"]]


async def crosses(scene: Scene) -> None:
    assert await ends(scene) == [None, None]


def stopped(code: str) -> "Stopped":
    """Return the check that both ends refuse the item with a code."""
    return Stopped(code=code)


@attrs.frozen(kw_only=True)
class Stopped:
    """That both ends refuse the item with a code, and it does not cross."""

    code: str

    async def __call__(self, scene: Scene) -> None:
        assert await ends(scene) == [self.code] * 2
        error = await refused("sharing.refused", fetch(scene.pair, scene.facts["thing"]))
        assert error.facts["ruling"] == self.code


async def _counted(scene: Scene) -> None:
    """Each gateway counted it once, and there is a receipt of the transfer on both sides."""
    for each in await scene.shown():
        (use,) = rows(each, "uses")
        assert (use["sent"], use["received"], use["item"]) == (True, True, scene.facts["thing"])
        assert each["quantity_left"] == 0
        steps = [row["step"] for row in rows(each, "acts")]
        assert (steps.count("use"), steps.count("receive")) == (1, 1)
    await stopped("quantity_used_up")(scene)


async def _basis_stops(scene: Scene) -> None:
    """Let the article be suspended on which the authorisation stands, and on which no item does."""
    await suspend(scene.pair, scene.pair.b, "Article 3")


async def _basis_again(scene: Scene) -> None:
    await stopped("basis_not_in_force")(scene)
    for party in (scene.pair.b, scene.pair.a):
        await stages.act(scene.pair, party, "resume")
    assert await scene.states() == ["active"] * 2
    await crosses(scene)


async def _expires(scene: Scene) -> None:
    await scene.later(100)


async def _amended(scene: Scene) -> None:
    """The new version is assured anew, and what was counted stays counted."""
    assert [(each["version"], each["title"]) for each in await scene.shown()] == [
        (2, "Two surveys")
    ] * 2
    await stopped("not_assured")(scene)
    await scene.do(ASSURE)
    assert await scene.states() == ["active"] * 2
    await crosses(scene)


async def _as_it_was(scene: Scene) -> None:
    """No amendment waits, and none can be decided or taken back."""
    for each in await scene.shown():
        told = [each[name] for name in ("amendment", "version", "title", "waits_for")]
        assert told == [False, 1, "A sonar for the survey", None]
    for act_ in (act("A", "amend_approve", **DECISION, assurance=ASSURANCE), UNAMEND):
        await refused("authorisations.no_amendment", scene.do(act_))
    await crosses(scene)


async def _of_the_last(scene: Scene) -> None:
    """The decision that was entered last counts, and it alone is assured."""
    for each in await scene.shown():
        assert (each["quantity"], each["version"], each["status"]) == (None, 1, "approved")
    await scene.do(ASSURE)
    assert await scene.states() == ["active"] * 2
    await refused("deeds.not_now", scene.do(PROVISOS))
    await crosses(scene)


async def _handed_in_again(scene: Scene) -> None:
    """Both read why, nothing crosses, and the exporter alone leads on."""
    for each, whose in zip(await scene.shown(), ("us", "them"), strict=True):
        assert one(each, "stopped")["reason"] == "We have no such store."
        assert (each["decision"], each["quantity"], each["waits_for"]) == (None, None, whose)
    await stopped("not_authorised")(scene)
    await refused("deeds.not_now", scene.do(ASSURE))
    for party, mine in ((scene.pair.a, True), (scene.pair.b, False)):
        found = rows(await party.call("needs", who="technology_security_officer"), "needs")
        (need,) = [each for each in found if each["code"] == "authorisation.declined"]
        assert need["mine"] is mine
    await scene.do(REVIEW)
    await scene.do(APPROVE)
    await scene.do(ASSURE)
    await crosses(scene)


def _reconciled(state: str, transfers: int) -> Row:
    async def matched(scene: Scene) -> None:
        for each in await scene.shown():
            (report,) = rows(each, "reports")
            assert (report["transfers"], report["received"]) == (transfers, transfers)

    return Row(
        name=f"D2.8 {state} -> reconciled" + ("" if transfers else " (nil)"),
        kind="B",
        at=state,
        before=state,
        silent=0 if state == "active" else 10,
        acts=LAST,
        after="reconciled",
        then=matched,
    )


def _decided(decision: Do, state: str) -> Row:
    return Row(
        name=f"D2.8 in_review -> {state}",
        kind="U",
        at="in_review",
        before="in_review",
        waits=("us", "them"),
        wrong=(not_theirs(decision, "B"), not_role(decision)),
        acts=(decision,),
        after=state,
        then=stopped("not_assured" if state.startswith("approved") else "not_authorised"),
    )


ROWS: Final = (
    Row(
        name="D2.8 classified -> requested",
        kind="U",
        at="classified",
        before="",
        wrong=(not_role(REQUEST, "desk_officer"),),
        acts=(REQUEST.as_a("project_officer"),),
        after="requested",
        then=stopped("not_authorised"),
    ),
    Row(
        name="D2.8 requested -> in_review",
        kind="U",
        at="requested",
        before="requested",
        waits=("us", "them"),
        wrong=(not_theirs(REVIEW, "B"), not_role(REVIEW), not_now(APPROVE)),
        acts=(REVIEW,),
        after="in_review",
        then=stopped("not_authorised"),
    ),
    Row(
        name="D2.8 requested, and nobody decides",
        kind="C",
        at="requested",
        before="requested",
        happens=silence,
        after="requested",
        then=stopped("not_authorised"),
    ),
    _decided(APPROVE, "approved"),
    _decided(PROVISOS, "approved_with_provisos"),
    _decided(DENY, "denied"),
    _decided(RETURN, "returned"),
    Row(
        name="D2.8 returned -> in_review",
        kind="U",
        at="returned",
        before="returned",
        wrong=(not_theirs(REVIEW, "B"),),
        acts=(REVIEW,),
        after="in_review",
    ),
    Row(
        name="D2.8 approved -> assured",
        kind="U",
        at="with_provisos",
        before="approved_with_provisos",
        waits=("them", "us"),
        wrong=(
            not_theirs(ASSURE, "A"),
            not_role(ASSURE),
            Wrong(
                act=act("B", "assure", assurance="We will see."),
                code="authorisations.other_assurance",
            ),
        ),
        acts=(ASSURE,),
        after="waits_for_provisos",  # 11.3.7: assured, and what it waits for
        then=stopped("provisos_not_accepted"),
    ),
    Row(
        name="D2.8 approved -> approved (entered anew before it is assured)",
        kind="U",
        at="with_provisos",
        before="approved_with_provisos",
        wrong=(not_theirs(APPROVE, "B"), not_role(APPROVE)),
        acts=(APPROVE,),
        after="approved",
        then=_of_the_last,
    ),
    Row(
        name="D2.8 approved -> declined",
        kind="U",
        at="with_provisos",
        before="approved_with_provisos",
        waits=("them", "us"),
        wrong=(not_theirs(DECLINE, "A"), not_role(DECLINE)),
        acts=(DECLINE,),
        after="declined",
        then=_handed_in_again,
    ),
    Row(
        name="D2.8 approved, and nobody assures",
        kind="C",
        at="approved",
        before="approved",
        waits=("them", "us"),
        happens=silence,
        after="approved",
        then=stopped("not_assured"),
    ),
    Row(
        name="D2.8 assured -> active",
        kind="U",  # the last act is the recipient's; that it is active is computed at both ends
        at="assured",
        before="waits_for_provisos",
        waits=("them", "us"),
        wrong=(
            not_theirs(ACCEPT, "A"),
            Wrong(act=act("B", "accept", provisos="0" * 64), code="authorisations.other_provisos"),
        ),
        acts=(ACCEPT,),
        after="active",
        then=crosses,
    ),
    Row(
        name="D2.8 assured -> active (not before the provisos are accepted)",
        kind="C",
        at="assured",
        before="waits_for_provisos",
        happens=silence,
        after="waits_for_provisos",
        then=stopped("provisos_not_accepted"),
    ),
    Row(
        name="D2.8 active: use",
        kind="C",  # no official acts on it: both gateways count
        at="active",
        before="active",
        happens=use,
        after="exhausted",
        then=_counted,
    ),
    Row(
        name="D2.8 active -> suspended",
        kind="U",
        at="active",
        before="active",
        wrong=(not_theirs(SUSPEND, "B"), not_role(SUSPEND)),
        acts=(SUSPEND,),
        after="suspended",
        then=stopped("authorisation_suspended"),
    ),
    Row(
        name="D2.8 active -> suspended (C if basis suspended)",
        kind="C",
        at="active",
        before="active",
        happens=_basis_stops,
        after="basis_stopped",  # 11.3.7: computed, and no state
        then=_basis_again,
    ),
    Row(
        name="D2.8 suspended -> active",
        kind="U",
        at="suspended",
        before="suspended",
        wrong=(not_theirs(RESUME, "B"), not_role(RESUME)),
        acts=(RESUME,),
        after="active",
        then=crosses,
    ),
    Row(
        name="D2.8 active -> amended",
        kind="B",
        at="active",
        before="active",
        silent=0,
        wrong=(
            Wrong(
                act=act("A", "amend_approve", **DECISION, assurance=ASSURANCE),
                code="authorisations.no_amendment",
            ),
            not_theirs(act("A", "amend_deny", **DECISION, reason="No."), "B"),
        ),
        acts=(
            act("B", "amend", title="Two surveys"),
            act("A", "amend_approve", **DECISION, assurance=ASSURANCE),
        ),
        after="approved",  # 11.3.5: the next version, assured anew
        then=_amended,
    ),
    Row(
        name="D2.8 amended -> active (taken back before it is decided)",
        kind="U",
        at="amended",
        before="active",
        waits=("us", "them"),
        wrong=(not_theirs(UNAMEND, "A"), not_role(UNAMEND, "desk_officer")),
        acts=(UNAMEND,),
        after="active",
        then=_as_it_was,
    ),
    Row(
        name="D2.8 active -> exhausted",
        kind="C",
        at="active",
        before="active",
        happens=use,
        after="exhausted",
        then=stopped("quantity_used_up"),
    ),
    Row(
        name="D2.8 active -> expired",
        kind="C",
        at="active_until",
        before="active",
        happens=_expires,
        after="expired",
        then=stopped("authorisation_expired"),
    ),
    Row(
        name="D2.8 active -> revoked",
        kind="U",
        at="active",
        before="active",
        wrong=(not_theirs(REVOKE, "B"), not_role(REVOKE)),
        acts=(REVOKE,),
        after="revoked",
        then=stopped("authorisation_revoked"),
    ),
    _reconciled("exhausted", 1),
    _reconciled("revoked", 0),
    _reconciled("suspended", 0),
    _reconciled("expired", 0),
    Row(
        # 11.3.2: what was never decided for has nothing to reconcile.
        name="D2.8 any end -> reconciled (not where it was denied)",
        kind="C",
        at="denied",
        before="denied",
        wrong=tuple(not_now(each) for each in LAST),
        happens=silence,
        after="denied",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row(tmp_path: Path, row: Row) -> None:
    await check(TABLE, row, tmp_path)


@on_a_loop
async def test_row_of_classification(tmp_path: Path) -> None:
    """D2.8 identified -> classified: by the originator alone, with scheme, code and edition."""
    scene = await reach(TABLE, "identified", tmp_path)
    await crosses(scene)
    await refused("officials.role", scene.do(CLASSIFY.as_a("project_officer")))
    theirs = on("B", "controls.classify", {**classifying(scene), "counterpart": scene.pair.a.did})
    await refused("items.unknown", scene.do(theirs))
    await scene.do(CLASSIFY)
    for party, whose in ((scene.pair.a, "us"), (scene.pair.b, "them")):
        (row,) = rows(await party.call("controls"), "controls")
        told = [row[name] for name in ("status", "whose", "scheme", "code", "list_version")]
        assert told == ["controlled", whose, "Munitions List", "ML 9.c", "2026"]
    await stopped("not_authorised")(scene)
    await scene.same()
    await scene.pair.close()
