"""Two nodes with a classified item between them, and the steps that authorise it."""

from pathlib import Path
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from comity.node.ledger import NewAct
from support import framework
from support.crossing import bring_in, connect, release, sharing_pair
from support.stages import at_stage, concluded
from support.two_nodes import Pair, Party

WHO: Final = "technology_security_officer"
ASSURANCE: Final = "For the stated use only; not to be passed on."
DECISION: Final[dict[str, object]] = {
    "number": "L-2026-4",
    "decided": "2026-11-23",
    "document": "ab" * 32,
}


async def do(pair: Pair, party: Party, operation: str, **members: object) -> JsonObject:
    """Let the technology security officer act, and let it arrive."""
    made = await party.call(operation, who=WHO, **members)
    await pair.settle()
    return made


async def classify(pair: Pair, item: str, **members: object) -> JsonObject:
    told: dict[str, object] = {
        "counterpart": pair.b.did,
        "item": item,
        "scheme": "Munitions List",
        "code": "ML 9.c",
        "list_version": "2026",
        "decided_by": "Licensing Office",
        **members,
    }
    return await do(pair, pair.a, "controls.classify", **told)


async def controlled_pair(root: Path) -> tuple[Pair, str]:
    """Return two nodes, and an item that A released to B and then classified."""
    pair = await sharing_pair(root)
    return pair, await classified(pair)


async def forbidding_pair(root: Path) -> tuple[Pair, str]:
    """Return the same under an agreement whose area says that what came is not passed on."""
    pair = await at_stage("introduced", root)
    fields = framework.FIELDS.replace('onward = "consent"', 'onward = "refused"', 1)
    pair.instrument = await concluded(pair, title=framework.TITLE, fields=fields)
    await connect(pair)
    return pair, await classified(pair)


async def classified(pair: Pair) -> str:
    """Return an item that A released to B and then classified."""
    item = await bring_in(pair.a)
    await release(pair, pair.a, item)
    await classify(pair, item)
    return item


async def request(pair: Pair, item: str, **members: object) -> str:
    """Let A ask for an authorisation; return its id."""
    told: dict[str, object] = {
        "counterpart": pair.b.did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "title": "A sonar for the survey",
        "use": "The survey of the strait.",
        "items": [item],
        **members,
    }
    made = await do(pair, pair.a, "authorisations.request", **told)
    return str(made["authorisation"])


async def approve(pair: Pair, name: str, **checks: object) -> None:
    """Enter a case number and the decision for it."""
    await do(
        pair,
        pair.a,
        "authorisations.review",
        authorisation=name,
        authority="Licensing Office",
        case="C-17",
    )
    told: dict[str, object] = {**DECISION, "assurance": ASSURANCE, **checks}
    await do(pair, pair.a, "authorisations.approve", authorisation=name, **told)


async def assure(pair: Pair, name: str) -> None:
    """Give the assurance and accept the provisos."""
    shown = await pair.b.call("authorisations.show", authorisation=name)
    digest = shown["provisos_digest"] if not shown["accepted"] else ""
    await do(
        pair,
        pair.b,
        "authorisations.assure",
        authorisation=name,
        assurance=ASSURANCE,
        provisos=digest,
    )


async def authorised(pair: Pair, item: str, **checks: object) -> str:
    """Take an authorisation to the point where items may cross; return its id."""
    name = await request(pair, item)
    await approve(pair, name, **checks)
    await assure(pair, name)
    return name


async def fetch(pair: Pair, item: str, **members: object) -> JsonObject:
    """Let B's desk officer fetch an item of A's."""
    return await pair.b.call(
        "fetch", who="desk_officer", counterpart=pair.a.did, dataset=item, **members
    )


async def asked_before_the_rule(pair: Pair, item: str) -> str:
    """Write B's question about passing on what came, as a node without that rule would have."""
    (came,) = [
        row
        for row in rows(await pair.b.call("transfers"), "transfers")
        if row["family"] == "transfer"
    ]
    name, rel = "urn:uuid:00000000-0000-4000-8000-0000000000aa", await pair.b.relationship()
    data: JsonObject = {
        "retransfer": name,
        "instrument": pair.instrument,
        "unit": one(came, "terms")["unit"],
        "transfer": came["shared_id"],
        "item": item,
        "third": "Navy Yard of Cerulia",
        "use": "Repair.",
    }
    act, node = NewAct(kind="retransfer.request", data=data, of=name), pair.b.node
    await node.ctx.store.write(lambda tx: node.ctx.ledger.append(tx, rel, act))
    await pair.settle()
    return name


async def shown(pair: Pair, name: str) -> list[JsonObject]:
    """Return what both nodes say of an authorisation."""
    return [await each.call("authorisations.show", authorisation=name) for each in (pair.a, pair.b)]
