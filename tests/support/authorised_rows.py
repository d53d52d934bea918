"""What the rows of agreements.md D2.8 share: each act on a controlled item, and every place.

Used by the rows of authorisations, and by those of what follows a transfer. Source: spec 11.
"""

from typing import Final

import attrs

from comity.foundation.members import rows
from support.controlled import ASSURANCE, DECISION, fetch, shown
from support.crossing import bring_in, release
from support.rows import Do, Members, Scene, Table, Way, Wrong

OFFICE: Final = {"authority": "Licensing Office", "case": "C-17"}
BASIS: Final = {"basis": "Licence condition 4", "reason": "An inquiry."}
PERIOD: Final = {"starts": "2026-11-23", "ends": "2026-11-23"}


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


def classifying(scene: Scene) -> dict[str, object]:
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


def pass_on_ours(scene: Scene) -> dict[str, object]:
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


async def use(scene: Scene) -> None:
    """Let the item cross once."""
    done = await fetch(scene.pair, scene.facts["thing"])
    assert done["received"] is True
    await scene.pair.settle()


async def received(scene: Scene) -> None:
    await use(scene)
    for name, party in (("sent", scene.pair.a), ("came", scene.pair.b)):
        found = rows(await party.call("transfers"), "transfers")
        last = [row for row in found if row["family"] == "transfer"][-1]
        scene.facts[name] = str(last["transfer"])


CLASSIFY: Final = Do(side="A", step="controls.classify", members=classifying, makes=True)
REQUEST: Final = Do(side="A", step="authorisations.request", members=_request, makes=True)
REVIEW: Final = act("A", "review", **OFFICE)
APPROVE: Final = act("A", "approve", **DECISION, assurance=ASSURANCE)
PROVISOS: Final = act("A", "approve", **DECISION, assurance=ASSURANCE, quantity=1)
UNTIL: Final = act("A", "approve", **DECISION, assurance=ASSURANCE, ends="2027-01-31")
DENY: Final = act("A", "deny", **DECISION, reason="Not now.")
RETURN: Final = act("A", "return", reason="Who will use it?")
DECLINE: Final = act("B", "decline", reason="We have no such store.")
ASSURE: Final = act("B", "assure", assurance=ASSURANCE)
ACCEPT: Final = on("B", "authorisations.accept", _accept)
SUSPEND: Final = act("A", "suspend", **BASIS)
RESUME: Final = act("A", "resume", **BASIS)
REVOKE: Final = act("A", "revoke", **BASIS)
AMEND: Final = act("B", "amend", title="Two surveys")
UNAMEND: Final = act("B", "amend_withdraw")
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
        "amended": Way(come="active", acts=(AMEND,)),
        "active_until": Way(come="dated", acts=(ASSURE, ACCEPT)),
        "expired": Way(come="active_until", work=lambda scene: scene.later(100)),
        "exhausted": Way(come="active", work=received),
        "suspended": Way(come="active", acts=(SUSPEND,)),
        "revoked": Way(come="active", acts=(REVOKE,)),
        # what follows a transfer
        "asked": Way(come="exhausted", acts=(PASS_ON,)),
        "granted": Way(come="asked", acts=(GRANT,)),
        "sent_back": Way(come="asked", acts=(consent("A", "return", reason="Which yard?"),)),
        "passed_on": Way(come="granted", acts=(GONE,)),
        "look": Way(come="exhausted", acts=(LOOK,)),
        "look_arranged": Way(come="look", acts=(MEET, MEET.by("B"))),
        "look_due": Way(come="look_arranged", work=lambda scene: scene.later(100)),
        "look_done": Way(come="look_due", acts=(DONE,)),
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


async def silence(scene: Scene) -> None:
    await scene.later(400)
