"""The members that programs rely on are in real answers, under the names and types promised."""

from pathlib import Path

import msgspec

from comity.api.answers import ANSWERS
from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from support.crossing import bring_in, release, sharing_pair
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import START, Party

SOON = str(START.plus(3600))


async def promised(party: Party, operation: str, *, who: str, **members: object) -> JsonObject:
    """Ask, and see that the answer keeps the promise."""
    answer = await party.call(operation, who=who, **members)
    msgspec.convert(answer, type=ANSWERS[operation], strict=True)
    return answer


@on_a_loop
async def test_answers_about_sharing_keep_their_promise(tmp_path: Path) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    told = {"item": item, "counterpart": pair.b.did}
    for state in ("ask", "yes"):
        checked = await promised(pair.a, "items.check", who="desk_officer", **told)
        assert checked["answer"] == state
        if state == "ask":
            await release(pair, pair.a, item)
    await promised(pair.a, "items", who="desk_officer")
    of = {"counterpart": pair.a.did}
    catalogue = await promised(pair.b, "catalogue", who="desk_officer", **of)
    assert catalogue["total"] == 1
    rows = catalogue["datasets"]
    assert isinstance(rows, list)
    await pair.b.call("fetch", who="desk_officer", dataset=rows[0]["dataset"], **of)
    moved = await promised(pair.b, "transfers", who="desk_officer")
    assert moved["total"]
    await pair.close()


@on_a_loop
async def test_answers_about_agreements_and_the_record_keep_their_promise(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    who, one = {"who": "negotiator"}, {"instrument": pair.instrument}
    for name in ("status", "health", "agreements", "officials", "requests"):
        await promised(pair.a, name, **who)
    for name in ("agreements.show", "agreements.text"):
        await promised(pair.a, name, **who, **one)
    for name in ("record", "record.entries"):
        await promised(pair.a, name, **who, counterpart=pair.b.did)
    await pair.close()


@on_a_loop
async def test_answers_about_talks_requests_and_tokens_keep_their_promise(tmp_path: Path) -> None:
    pair = await at_stage("clean", tmp_path)
    who = {"who": "signatory"}
    await pair.a.call("agreements.adopt", instrument=pair.instrument, **who)
    waiting = await promised(pair.a, "requests", **who)
    assert waiting["total"] == 1
    await promised(pair.a, "agreements.show", instrument=pair.instrument, **who)
    made = await promised(
        pair.a, "tokens.create", name="n", scopes=["read"], expires=SOON, who="signatory"
    )
    await promised(pair.a, "tokens", **who)
    await promised(pair.a, "tokens.revoke", token=made["token"], **who)
    await pair.close()


def test_every_promise_is_an_operations() -> None:
    assert set(ANSWERS) <= set(BY_NAME)
