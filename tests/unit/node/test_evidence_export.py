"""If this breaks, a node exports evidence that does not verify, or exports what proves nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from comity.agreements.fold import agreement_in_force, view
from comity.agreements.mandates import Agreement
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.node.evidence import agreement_files, transfer_files
from comity.node.folding import marks_of
from comity.node.ledger import NewAct
from comity.record.body import unpack
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.verify import verify_archive, write_archive
from support.loops import on_a_loop
from support.stages import act, at_stage
from support.two_nodes import Pair, Party

CONTRACT = "urn:uuid:00000000-0000-4000-8000-00000000c041"
TRANSFER = "urn:uuid:00000000-0000-4000-8000-000000007ab5"
ITEM = "urn:uuid:00000000-0000-4000-8000-00000000f11e"
DIGEST = "ab" * 32


async def exported(pair: Pair, party: Party) -> dict[str, bytes]:
    rel, ctx = await party.relationship(), party.node.ctx
    return await ctx.store.read(
        lambda tx: agreement_files(tx, ctx=ctx, rel=rel, instrument=pair.instrument)
    )


def letters(files: Mapping[str, bytes]) -> list[bytes]:
    return [files["letters/a.letter"], files["letters/b.letter"]]


@on_a_loop
async def test_both_nodes_export_the_same_bytes_and_they_verify(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await act(pair, pair.b, "suspend")
    await act(pair, pair.b, "resume")
    await act(pair, pair.a, "resume")
    ours, theirs = await exported(pair, pair.a), await exported(pair, pair.b)
    await pair.close()
    assert ours == theirs
    report = verify_archive(write_archive(ours), trust=letters(ours))
    assert report.ok, report.lines
    assert any("Suspended by Berevan" in line for line in report.lines)


@on_a_loop
async def test_what_is_not_signed_is_no_evidence(tmp_path: Path) -> None:
    pair = await at_stage("signing", tmp_path)
    with pytest.raises(ComityError) as caught:
        await exported(pair, pair.a)
    await pair.close()
    assert caught.value.code == "evidence.not_signed"


async def agreement(pair: Pair) -> Agreement:
    rel, ctx = await pair.a.relationship(), pair.a.node.ctx

    def work(tx: Tx) -> Agreement:
        state = ctx.folding.state(tx, rel).agreements
        marks = marks_of(tx, rel, ctx.config.party)
        return agreement_in_force(view(state, pair.instrument, marks=marks, at=ctx.now()))

    return await ctx.store.read(work)


async def record(party: Party, kind: str, data: JsonObject, note: JsonObject | None = None) -> int:
    """Record an act of sharing as the desk does."""
    rel: RelationshipRow = await party.relationship()
    ledger = party.node.ctx.ledger
    made = NewAct(kind=kind, data=data, note=note, of=CONTRACT)
    return (await party.node.ctx.store.write(lambda tx: ledger.append(tx, rel, made))).n


async def share(pair: Pair, *, received: bool = True) -> None:
    """Record a transfer of A to B on both sides."""
    found = await agreement(pair)
    unit, area = found.areas[0]
    unit, policy = area.policy.articles[0], area.policy
    release = await record(
        pair.a,
        "sharing.release",
        {
            "item": ITEM,
            "digest": DIGEST,
            "bytes": 10,
            "media": "text/plain",
            "instrument": pair.instrument,
            "unit": unit,
            "area": area.id,
            "action": policy.actions[0],
            "kind": policy.kinds[0],
            "marking": found.scale[0],
            "purpose": policy.purposes[0],
            "recipient": pair.b.did,
            "onward": False,
        },
        {"title": "A private title", "file_name": "private.txt"},
    )
    await pair.settle()
    ruling: JsonObject = {"article": found.labels[unit], "unit": unit, "area": area.id}
    for party in (pair.a, pair.b):
        contract: JsonObject = {
            "contract": CONTRACT,
            "item": ITEM,
            "release": release,
            "instrument": pair.instrument,
            "unit": unit,
            "ruling": {**ruling, "stage": "finalization"},
            "messages": {"request": DIGEST},
        }
        await record(party, "sharing.contract", contract)
    moved: JsonObject = {
        "contract": CONTRACT,
        "transfer": TRANSFER,
        "item": ITEM,
        "bytes": 10,
        "sha256": DIGEST,
    }
    await record(pair.a, "sharing.sent", {**moved, "ruling": {**ruling, "stage": "send"}})
    if received:
        got: JsonObject = {**moved, "ruling": {**ruling, "stage": "receive"}}
        await record(pair.b, "sharing.received", got)
    await record(pair.a, "sharing.withdraw", {"release": release})


async def moved_files(party: Party, transfer: str = TRANSFER) -> dict[str, bytes]:
    rel, ctx = await party.relationship(), party.node.ctx
    return await ctx.store.read(lambda tx: transfer_files(tx, ctx=ctx, rel=rel, transfer=transfer))


@on_a_loop
async def test_a_transfer_is_proven_alike_from_both_nodes_without_private_words(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    await share(pair)
    await pair.settle()
    ours, theirs = await moved_files(pair.a), await moved_files(pair.b)
    with pytest.raises(ComityError) as unknown:
        await moved_files(pair.a, "urn:uuid:nothing")
    await pair.close()
    assert unknown.value.code == "evidence.no_transfer"
    assert ours == theirs
    report = verify_archive(write_archive(ours), trust=letters(ours))
    assert report.ok, report.lines
    assert any(DIGEST in line for line in report.lines)
    assert not [name for name, data in ours.items() if b"private" in data]
    erased = [unpack(data).erased for name, data in ours.items() if name.endswith("body.bin")]
    assert [part.name for parts in erased for part in parts] == ["note"]


@on_a_loop
async def test_what_only_one_side_has_recorded_is_not_exported(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await share(pair, received=False)
    await pair.settle()
    for party in (pair.a, pair.b):
        with pytest.raises(ComityError) as caught:
            await moved_files(party)
        assert caught.value.code == "evidence.not_moved"
    await pair.close()


@on_a_loop
async def test_what_the_counterpart_does_not_hold_yet_is_not_exported(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    pair.wire.down = True
    request = await pair.a.call(
        "agreements.suspend", who="signatory", instrument=pair.instrument, units=[]
    )
    await pair.a.sign(request, "signatory")
    with pytest.raises(ComityError) as caught:
        await exported(pair, pair.a)
    assert caught.value.code == "evidence.not_cosigned"
    await pair.close()
