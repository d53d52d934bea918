"""If this breaks, evidence shows a transfer that was not permitted, or differs at the two ends."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.verify import Report, verify_archive, write_archive
from comity.verify.layout import Subject
from support.evidence import Story, in_force, shared, trust
from support.evidence_parts import (
    INSTRUMENT,
    ITEM,
    POLICY,
    RULING,
    SIDES,
    units,
)
from support.parties import NOW
from support.parties import A as ALDER
from support.parties import B as BIRCH


@cache
def files() -> dict[str, bytes]:
    return shared().files(transfer=True)


def verify(changed: dict[str, bytes]) -> Report:
    return verify_archive(write_archive(changed), trust=trust())


def failure(report: Report, what: str) -> None:
    assert not report.ok
    assert any(what in f"{check.what}: {check.detail}" for check in report.failures), report.lines


def moved(
    *,
    release: JsonObject | None = None,
    offered: JsonObject | None = None,
    taken: JsonObject | None = None,
    sent: JsonObject | None = None,
    received: JsonObject | None = None,
) -> Report:
    """Return the report on a transfer of which some members were recorded otherwise."""
    story = in_force()
    place = story.release(**(release or {}))
    story.sync()
    story.contract(ALDER, place, **(offered or {}))
    story.contract(BIRCH, place, **(taken or {}))
    story.sync()
    story.moved(ALDER, "sharing.sent", **(sent or {}))
    story.moved(BIRCH, "sharing.received", **(received or {}))
    story.sync()
    return verify(story.files(transfer=True))


def test_a_transfer_is_verified_with_its_article_size_and_digest() -> None:
    report = verify(files())
    assert report.ok, report.lines
    assert any(
        "Shared under Article 3: 10 bytes" in line and str(ITEM["digest"]) in line
        for line in report.lines
    )


@pytest.mark.parametrize(
    "kind", ["sharing.release", "sharing.contract", "sharing.sent", "sharing.received"]
)
def test_one_changed_byte_of_a_sharing_entry_fails_and_says_where(kind: str) -> None:
    for name, log in shared().logs.items():
        for n in [n for n, found in enumerate(log.kinds) if found == kind]:
            folder = f"entries/{SIDES[name]}/{n:06d}"
            data = files()[f"{folder}/body.bin"]
            at = len(data) - 9
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            report = verify({**files(), f"{folder}/body.bin": changed})
            assert report.where == f"{folder}/body.bin"


RULED: JsonObject = {**RULING, "stage": "send"}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"received": {"sha256": "0" * 64}}, "both sides recorded the same sha256"),
        ({"received": {"bytes": 11}}, "both sides recorded the same bytes"),
        ({"received": {"item": "urn:x"}}, "both sides recorded the same item"),
        ({"sent": {"bytes": 9}, "received": {"bytes": 9}}, "what was sent is what was released"),
        ({"taken": {"messages": {}}}, "both sides recorded the same contract: messages"),
        ({"taken": {"release": 3}}, "both sides recorded the same contract: release"),
        ({"offered": {"unit": "u1"}, "taken": {"unit": "u1"}}, "about what was released: unit"),
        ({"release": {"recipient": "did:web:cedar.example"}}, "released to somebody else"),
        ({"release": {"instrument": "urn:x"}}, "under another instrument"),
        ({"release": {"area": "weapons"}}, "no area"),
        ({"release": {"action": "meet"}}, "action 'meet' is not permitted"),
        ({"release": {"kind": "plan"}}, "kind 'plan' is not permitted"),
        ({"release": {"purpose": "sale"}}, "purpose 'sale' is not permitted"),
        ({"release": {"marking": "secret"}}, "the marking 'secret'"),
        ({"release": {"marking": "cosmic"}}, "the marking 'cosmic'"),
        ({"release": {"onward": True}}, "passing it on is not free"),
        ({"release": {"unit": "u1"}}, "another unit than u1 permits it"),
        ({"sent": {"ruling": {**RULED, "article": "Article 9"}}}, "names the article"),
        ({"sent": {"ruling": {**RULED, "stage": "offer"}}}, "names the article"),
        ({"sent": {"ruling": {**RULED, "unit": "u2"}}}, "names the article"),
        ({"sent": {"ruling": None}}, "names the article"),
        ({"sent": {"more": 1}}, "unknown members: more"),
        ({"sent": {"transfer": "urn:x"}}, "One entry sharing.sent"),
        ({"received": {"transfer": "urn:x"}}, "One entry sharing.received"),
        ({"taken": {"contract": "urn:x"}}, "One entry sharing.contract"),
        ({"offered": {"release": 99}}, "One entry sharing.release"),
    ],
)
def test_a_transfer_that_differs_or_that_the_text_does_not_permit_fails(
    changes: dict[str, JsonObject], what: str
) -> None:
    failure(moved(**changes), what)


def test_what_stands_in_no_area_is_refused_whatever_is_suspended() -> None:
    story = in_force()
    place = story.release(area="weapons", unit="u0")
    story.suspend(ALDER, units=["u3"])
    story.sync()
    for name in SIDES:
        story.contract(name, place, unit="u0")
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    failure(verify(story.files(transfer=True)), "no area 'weapons'")


def withdrawn(story: Story) -> None:
    place = story.logs[ALDER].kinds.index("sharing.release")
    story.act(ALDER, "sharing.withdraw", {"release": place})


def suspended(
    by: str, *, units: Sequence[str] = (), until: str | None = None
) -> Callable[[Story], None]:
    def change(story: Story) -> None:
        story.suspend(by, units=units, until=until)

    return change


def halved(story: Story) -> None:
    """One party alone lifts the suspension."""
    story.resume(ALDER, story.suspend(ALDER))


def restored(story: Story) -> None:
    document = story.suspend(ALDER)
    for name in SIDES:
        story.resume(name, document)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (withdrawn, "it was withdrawn before"),
        (suspended(ALDER), "suspended by"),
        (suspended(BIRCH, units=["u3"]), "suspended by"),
        (suspended(BIRCH, until="2027-01-01T00:00:00Z"), "suspended by"),
        (halved, "suspended by"),
        (suspended(ALDER, units=["u1"]), None),
        (suspended(BIRCH, until=str(NOW)), None),
        (restored, None),
    ],
    ids=range(8),
)
def test_what_is_suspended_or_withdrawn_does_not_cross(
    change: Callable[[Story], None], what: str | None
) -> None:
    report = verify(shared(change).files(transfer=True))
    if what is None:
        assert report.ok, report.lines
    else:
        failure(report, what)


def test_a_suspension_that_its_author_did_not_know_of_does_not_touch_an_act() -> None:
    story = in_force()
    place = story.release()
    story.sync()
    for name in SIDES:
        story.contract(name, place)
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.suspend(BIRCH)
    story.sync()
    report = verify(story.files(transfer=True))
    assert report.ok, report.lines
    assert any("Suspended by" in line for line in report.lines)


def both(story: Story) -> None:
    """From now on it takes both parties to suspend."""
    old = story.units["u4"]["fields"]
    assert isinstance(old, dict)
    value: JsonObject = {"by": "both", "scope": ["whole"]}
    fields: dict[str, Json] = {"suspension": {**old["suspension"], "value": value}}
    story.units = {**units(), "u4": {**units()["u4"], "fields": fields}}
    story.open()


@pytest.mark.parametrize(
    ("who", "of", "stops"),
    [
        ([ALDER], [], False),
        ([ALDER, BIRCH], [], True),
        ([ALDER, BIRCH], ["u3"], False),  # this text allows suspending the whole only
    ],
)
def test_where_it_takes_both_to_suspend_one_alone_stops_nothing(
    who: list[str], of: list[str], *, stops: bool
) -> None:
    story = in_force(both)
    place = story.release()
    for name in who:
        story.suspend(name, units=of)
    story.sync()
    for name in SIDES:
        story.contract(name, place)
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    assert verify(story.files(transfer=True)).ok is not stops


def no_suspension(story: Story) -> None:
    story.units = {name: each for name, each in units().items() if name != "u4"}
    story.open()


def test_a_text_without_suspension_cannot_be_suspended() -> None:
    story = in_force(no_suspension)
    place = story.release()
    story.suspend(ALDER)
    story.sync()
    for name in SIDES:
        story.contract(name, place)
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    assert verify(story.files(transfer=True)).ok


def test_order_counts_released_contracted_sent() -> None:
    story = in_force()
    story.sync()
    place = len(story.logs[ALDER].envelopes)
    story.contract(ALDER, place + 1)
    story.release()
    story.sync()
    story.contract(BIRCH, place + 1)
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    report = verify(story.files(transfer=True))
    failure(report, "sharing.contract by did:web:alder.example came after sharing.release")


def test_both_ends_are_not_one_party() -> None:
    story = in_force()
    place = story.release()
    for name in SIDES:
        story.contract(name, place)
    story.moved(ALDER, "sharing.sent")
    story.moved(ALDER, "sharing.received")
    story.sync()
    failure(verify(story.files(transfer=True)), "both entries are of one party")


def test_what_was_shared_before_it_was_in_force_fails() -> None:
    story = Story()
    story.introduce()
    place = story.release()
    story.sync()
    for name in SIDES:
        story.contract(name, place)
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    story.open()
    story.sync(seconds=120)
    for name in SIDES:
        story.sign(name)
    story.sync()
    story.conclude(story.at)
    story.sync()
    assert verify(story.files()).ok
    failure(verify(story.files(transfer=True)), "the agreement was in force")


def test_entries_of_another_transfer_or_of_an_agreement_alone_have_no_place() -> None:
    story = shared()
    story.moved(ALDER, "sharing.sent", transfer="urn:uuid:other")
    story.sync()
    failure(verify(story.files(transfer=True)), "has nothing to do with this transfer")
    alone = Subject(instrument=INSTRUMENT, transfer=None, parties=(ALDER, BIRCH))
    report = verify({**files(), "subject.json": alone.to_bytes()})
    failure(report, "has no place in evidence of this subject")


def test_an_area_may_name_its_recipients_and_let_things_go_on() -> None:
    policy: JsonObject = {**POLICY, "recipients": [BIRCH], "onward": "free"}
    areas: list[Json] = [{"id": "reports", "title": "Reports", "policy": policy}]

    def freely(story: Story) -> None:
        old = units()["u3"]["fields"]
        assert isinstance(old, dict)
        fields: dict[str, Json] = {
            **old,
            "areas": {"value": {"areas": areas}, "quote": "Reports are shared."},
        }
        story.units = {**units(), "u3": {**units()["u3"], "fields": fields}}
        story.open()

    story = in_force(freely)
    place = story.release(onward=True)
    story.sync()
    for name in SIDES:
        story.contract(name, place)
    story.sync()
    story.moved(ALDER, "sharing.sent")
    story.moved(BIRCH, "sharing.received")
    story.sync()
    report = verify(story.files(transfer=True))
    assert report.ok, report.lines
