"""Every row of agreements.md D2.8, each reached through two nodes.

With what stands below the table: consent to pass on, and end-use checks. Source: spec 11.
"""

from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.foundation.members import rows
from support import stages
from support.controlled import ASSURANCE, DECISION, fetch, shown
from support.crossing import bring_in, release, suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Members, Row, Scene, Table, Way, Wrong, check, reach

OFFICE: Final = {"authority": "Licensing Office", "case": "C-17"}
BASIS: Final = {"basis": "Licence condition 4", "reason": "An inquiry."}
PERIOD: Final = {"starts": "2026-11-01", "ends": "2026-11-30"}


def on(side: str, step: str, members: Members) -> Do:
    assert side in {"A", "B"}
    made = Do(side="A", step=step, members=members)
    return made.by("B") if side == "B" else made


def act(side: str, step: str, **members: object) -> Do:
    return on(side, f"authorisations.{step}", members)


def consent(side: str, step: str, **members: object) -> Do:
    return on(side, f"retransfers.{step}", members)


def look(side: str, step: str, **members: object) -> Do:
    return on(side, f"endchecks.{step}", members)


def _classify(scene: Scene) -> dict[str, object]:
    return {
        "counterpart": scene.pair.b.did,
        "item": scene.facts["thing"],
        "scheme": "Munitions List",
        "code": "ML 9.c",
        "list_version": "2026",
        "decided_by": "Licensing Office",
    }


def _request(scene: Scene) -> dict[str, object]:
    return {
        "counterpart": scene.pair.b.did,
        "instrument": scene.pair.instrument,
        "unit": "Article 3",
        "title": "A sonar for the survey",
        "use": "The survey of the strait.",
        "items": [scene.facts["thing"]],
    }


def _pass_on(scene: Scene) -> dict[str, object]:
    return {
        "transfer": scene.facts["came"],
        "instrument": scene.pair.instrument,
        "unit": "Article 2",
        "third": "Navy Yard of Cerulia",
        "use": "Repair.",
    }


def _pass_on_ours(scene: Scene) -> dict[str, object]:
    return {**_pass_on(scene), "transfer": scene.facts["sent"]}


def _accept(scene: Scene) -> dict[str, object]:
    return {"provisos": scene.facts["provisos"]}


async def _item(scene: Scene) -> None:
    scene.facts["thing"] = await bring_in(scene.pair.a)
    await release(scene.pair, scene.pair.a, scene.facts["thing"])


async def _provisos(scene: Scene) -> None:
    """Let both read the provisos by their digest."""
    ours, theirs = await shown(scene.pair, scene.facts["authorisation"])
    assert ours["provisos_digest"] == theirs["provisos_digest"]
    scene.facts["provisos"] = str(ours["provisos_digest"])


async def _use(scene: Scene) -> None:
    """Let the item cross once."""
    done = await fetch(scene.pair, scene.facts["thing"])
    assert done["received"] is True
    await scene.pair.settle()


async def _received(scene: Scene) -> None:
    await _use(scene)
    for name, party in (("sent", scene.pair.a), ("came", scene.pair.b)):
        found = rows(await party.call("transfers"), "transfers")
        last = [row for row in found if row["family"] == "transfer"][-1]
        scene.facts[name] = str(last["transfer"])


CLASSIFY: Final = Do(side="A", step="controls.classify", members=_classify, makes=True)
REQUEST: Final = Do(side="A", step="authorisations.request", members=_request, makes=True)
REVIEW: Final = act("A", "review", **OFFICE)
APPROVE: Final = act("A", "approve", **DECISION, assurance=ASSURANCE)
PROVISOS: Final = act("A", "approve", **DECISION, assurance=ASSURANCE, quantity=1)
UNTIL: Final = act("A", "approve", **DECISION, assurance=ASSURANCE, ends="2027-01-31")
DENY: Final = act("A", "deny", **DECISION, reason="Not now.")
RETURN: Final = act("A", "return", reason="Who will use it?")
ASSURE: Final = act("B", "assure", assurance=ASSURANCE)
ACCEPT: Final = on("B", "authorisations.accept", _accept)
SUSPEND: Final = act("A", "suspend", **BASIS)
RESUME: Final = act("A", "resume", **BASIS)
REVOKE: Final = act("A", "revoke", **BASIS)
LAST: Final = (act("A", "report", last=True, **PERIOD), act("B", "report", last=True, **PERIOD))
PASS_ON: Final = attrs.evolve(on("B", "retransfers.request", _pass_on), makes=True)
GRANT: Final = consent("A", "grant")
GONE: Final = consent("B", "use", report="Passed on.")
LOOK: Final = attrs.evolve(
    on(
        "A",
        "endchecks.request",
        lambda scene: {
            "authorisation": scene.facts["authorisation"],
            "title": "Where the sonar is",
            "what": "That it is on board.",
        },
    ),
    makes=True,
)
MEET: Final = look("A", "arrange", at="2027-01-10T09:00:00Z", place="Port of Berevan")
DONE: Final = look("A", "done", report="Seen.")
TABLE: Final = Table(
    thing="authorisation",
    who="technology_security_officer",
    sharing=True,
    key="authorisation",
    ways={
        "identified": Way(work=_item),
        "classified": Way(come="identified", acts=(CLASSIFY,)),
        "requested": Way(come="classified", acts=(REQUEST,)),
        "in_review": Way(come="requested", acts=(REVIEW,)),
        "returned": Way(come="in_review", acts=(RETURN,)),
        "denied": Way(come="in_review", acts=(DENY,)),
        "approved": Way(come="in_review", acts=(APPROVE,)),
        "with_provisos": Way(come="in_review", acts=(PROVISOS,), work=_provisos),
        "dated": Way(come="in_review", acts=(UNTIL,), work=_provisos),
        "assured": Way(come="with_provisos", acts=(ASSURE,)),
        "active": Way(come="assured", acts=(ACCEPT,)),
        "active_until": Way(come="dated", acts=(ASSURE, ACCEPT)),
        "expired": Way(come="active_until", work=lambda scene: scene.later(100)),
        "exhausted": Way(come="active", work=_received),
        "suspended": Way(come="active", acts=(SUSPEND,)),
        "revoked": Way(come="active", acts=(REVOKE,)),
        # what follows a transfer
        "asked": Way(come="exhausted", acts=(PASS_ON,)),
        "granted": Way(come="asked", acts=(GRANT,)),
        "sent_back": Way(come="asked", acts=(consent("A", "return", reason="Which yard?"),)),
        "passed_on": Way(come="granted", acts=(GONE,)),
        "look": Way(come="exhausted", acts=(LOOK,)),
        "look_arranged": Way(come="look", acts=(MEET, MEET.by("B"))),
        "look_done": Way(come="look_arranged", acts=(DONE,)),
        **{
            result: Way(
                come="look_done", acts=(look("A", "conclude", result=result, report="So it is."),)
            )
            for result in ("favourable", "unfavourable", "inconclusive")
        },
        "follow_up": Way(
            come="unfavourable", acts=(look("A", "follow_up", report="Again in spring."),)
        ),
    },
)
CONSENT: Final = attrs.evolve(TABLE, thing="retransfer")
LOOKS: Final = attrs.evolve(TABLE, thing="endcheck")


def not_theirs(wrong: Do, side: str) -> Wrong:
    """Return an act of the party whose it is not."""
    assert side in {"A", "B"}
    return Wrong(act=wrong.by("B") if side == "B" else wrong.by("A"), code="deeds.not_yours")


def not_now(wrong: Do) -> Wrong:
    return Wrong(act=wrong, code="deeds.not_now")


def not_role(wrong: Do, who: str = "project_officer") -> Wrong:
    return Wrong(act=wrong.as_a(who), code="officials.role")


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


async def _silence(scene: Scene) -> None:
    await scene.later(400)


async def _amended(scene: Scene) -> None:
    """The new version is assured anew, and what was counted stays counted."""
    assert [(each["version"], each["title"]) for each in await scene.shown()] == [
        (2, "Two surveys")
    ] * 2
    await stopped("not_assured")(scene)
    await scene.do(ASSURE)
    assert await scene.states() == ["active"] * 2
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
        happens=_silence,
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
        name="D2.8 approved, and nobody assures",
        kind="C",
        at="approved",
        before="approved",
        waits=("them", "us"),
        happens=_silence,
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
        happens=_silence,
        after="waits_for_provisos",
        then=stopped("provisos_not_accepted"),
    ),
    Row(
        name="D2.8 active: use",
        kind="C",  # no official acts on it: both gateways count
        at="active",
        before="active",
        happens=_use,
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
        name="D2.8 active -> exhausted",
        kind="C",
        at="active",
        before="active",
        happens=_use,
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
        happens=_silence,
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
    theirs = on("B", "controls.classify", {**_classify(scene), "counterpart": scene.pair.a.did})
    await refused("items.unknown", scene.do(theirs))
    await scene.do(CLASSIFY)
    for party, whose in ((scene.pair.a, "us"), (scene.pair.b, "them")):
        (row,) = rows(await party.call("controls"), "controls")
        told = [row[name] for name in ("status", "whose", "scheme", "code", "list_version")]
        assert told == ["controlled", whose, "Munitions List", "ML 9.c", "2026"]
    await stopped("not_authorised")(scene)
    await scene.same()
    await scene.pair.close()


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
                act=attrs.evolve(PASS_ON.by("A"), members=_pass_on_ours),
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
        happens=_silence,
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
        at="look_arranged",
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
        happens=_silence,
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
