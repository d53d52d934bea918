"""What both logs say was released, contracted and moved; and what is refused or has no effect."""

import attrs
import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.sharing.fold import (
    KINDS,
    SharingAct,
    SharingState,
    admit,
    fold_sharing_act,
    fold_sharing_acts,
)
from comity.sharing.reactions import RecordAct
from support.sharing import RELEASE, A, B
from support.sharing_path import finalized

MOVED: JsonObject = {
    "contract": "urn:k",
    "transfer": "urn:t",
    "item": "urn:i",
    "bytes": 3,
    "sha256": "ab" * 32,
    "ruling": {"article": "Article 4", "unit": "u-art4", "area": "sharing", "stage": "send"},
}


def contract_act() -> JsonObject:
    record = finalized()[0].effects[0]
    assert isinstance(record, RecordAct)
    return record.act


CONTRACT = contract_act()
ACTS = [
    SharingAct(party=A, n=7, kind="sharing.release", act=RELEASE.act()),
    SharingAct(party=A, n=8, kind="sharing.contract", act=CONTRACT),
    SharingAct(party=A, n=9, kind="sharing.sent", act=MOVED),
    SharingAct(party=A, n=10, kind="sharing.withdraw", act={"release": 7}),
    SharingAct(party=B, n=3, kind="sharing.contract", act=CONTRACT),
    SharingAct(party=B, n=4, kind="sharing.received", act=MOVED),
]


def test_both_logs_give_one_state_however_they_are_interleaved() -> None:
    whole = fold_sharing_acts(SharingState(), ACTS)
    one_by_one = SharingState()
    for act in (*ACTS[4:], *ACTS[:4]):
        one_by_one = fold_sharing_act(one_by_one, act)
    assert one_by_one == whole
    assert whole.without_effect == ()
    contract = CONTRACT["contract"]
    assert isinstance(contract, str)
    assert whole.agreed(contract, parties=(A, B))
    assert whole.moved("urn:t", sender=A, recipient=B)
    assert not whole.moved("urn:t", sender=B, recipient=A)
    assert whole.release(A, 7) == attrs.evolve(RELEASE, withdrawn=True)
    assert whole.release(B, 7) is None
    assert [each.n for each in whole.released_by(A)] == [7]


@pytest.mark.parametrize(("member", "value"), [("item", "urn:other"), ("unit", "u-art9")])
def test_two_records_that_differ_are_no_contract(member: str, value: str) -> None:
    changed = attrs.evolve(ACTS[4], act={**CONTRACT, member: value})
    state = fold_sharing_acts(SharingState(), [ACTS[1], changed])
    assert not state.agreed(str(CONTRACT["contract"]), parties=(A, B))
    assert not SharingState().agreed("urn:k", parties=(A, B))


@pytest.mark.parametrize(
    "act",
    [
        attrs.evolve(ACTS[1], n=20),
        attrs.evolve(ACTS[2], n=20),
        attrs.evolve(ACTS[5], n=20),
        attrs.evolve(ACTS[3], n=20),
        SharingAct(party=A, n=20, kind="sharing.withdraw", act={"release": 99}),
        SharingAct(party=B, n=20, kind="sharing.withdraw", act={"release": 7}),
    ],
)
def test_an_act_that_cannot_count_changes_nothing_and_says_so(act: SharingAct) -> None:
    before = fold_sharing_acts(SharingState(), ACTS)
    after = fold_sharing_act(before, act)
    (told,) = after.without_effect
    assert (told.party, told.n, told.kind) == (act.party, 20, act.kind)
    assert told.reason
    assert attrs.evolve(after, without_effect=()) == before


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("sharing.gift", {}),
        ("sharing.release", {}),
        ("sharing.release", {**RELEASE.act(), "extra": 1}),
        ("sharing.release", {**RELEASE.act(), "bytes": -1}),
        ("sharing.release", {**RELEASE.act(), "bytes": True}),
        ("sharing.release", {**RELEASE.act(), "digest": "AB" * 32}),
        ("sharing.release", {**RELEASE.act(), "onward": "no"}),
        ("sharing.release", {**RELEASE.act(), "marking": ""}),
        ("sharing.release", {**RELEASE.act(), "marking": 7}),
        ("sharing.release", {**RELEASE.act(), "kind": "two\nlines"}),
        ("sharing.withdraw", {"release": None}),
        ("sharing.contract", {**CONTRACT, "ruling": "Article 4"}),
        ("sharing.contract", {**CONTRACT, "ruling": {"article": "Article 4"}}),
        ("sharing.contract", {**CONTRACT, "messages": []}),
        ("sharing.contract", {**CONTRACT, "messages": {"request": "x"}}),
        ("sharing.contract", {**CONTRACT, "messages": {str(n): "ab" * 32 for n in range(17)}}),
        ("sharing.sent", {**MOVED, "sha256": 1}),
    ],
)
def test_an_act_without_its_form_is_refused_before_it_is_stored(kind: str, act: JsonObject) -> None:
    with pytest.raises(PeerError) as refused:
        admit(SharingAct(party=A, n=0, kind=kind, act=act))
    assert refused.value.code.startswith("sharing.")


def test_a_contract_without_release_is_still_a_form() -> None:
    admit(attrs.evolve(ACTS[1], act={**CONTRACT, "release": None}))
    assert {act.kind for act in ACTS} == set(KINDS)


def test_order_within_a_log_counts() -> None:
    early = fold_sharing_acts(SharingState(), [ACTS[3], ACTS[0]])
    assert early.release(A, 7) == RELEASE
    assert len(early.without_effect) == 1
