"""Every row of agreements.md D2.5, each reached through two nodes. Source: spec 10.4."""

from pathlib import Path
from typing import Final

import pytest

from comity.foundation.members import one, rows
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.rows import Do, Row, Scene, Table, Way, Wrong, check, reach
from support.sites import logged_in


def act(side: str, step: str, **members: object) -> Do:
    assert side in {"A", "B"}
    made = Do(side="A", step=f"meetings.{step}", members=members)
    return made.by("B") if side == "B" else made


def _propose(scene: Scene) -> dict[str, object]:
    return {
        "counterpart": scene.pair.b.did,
        "instrument": scene.pair.instrument,
        "unit": "Article 2",
        "title": "First talks on charts",
        "series": "Harbour dialogue",
        "place": "Harbour House",
        "start": "2027-02-01T10:00",
        "end": "2027-02-01T12:00",
    }


def both(step: str) -> tuple[Do, Do]:
    return act("A", step), act("B", step)


PROPOSE: Final = Do(side="A", step="meetings.propose", members=_propose, makes=True)
COUNTER: Final = act("B", "counter", start="2027-02-02T14:00")
DRAFT: Final = act("A", "draft", texts=["They spoke of charts.", "And of ships."])
OUTCOME: Final = act("A", "outcome", item="1", kind="decision", text="One chart.")
VERSION: Final = act("B", "version", item="2", text="Ships were not spoken of.")
ANSWERED: Final = (act("B", "take", item="1"), VERSION)
TABLE: Final = Table(
    thing="meeting",
    who="desk_officer",
    ways={
        "proposed": Way(acts=(PROPOSE,)),
        "countered": Way(come="proposed", acts=(COUNTER,)),
        "confirmed": Way(come="proposed", acts=(act("B", "confirm"),)),
        "agenda": Way(
            come="confirmed",
            acts=(
                act("A", "add", title="Charts"),
                act("B", "add", title="Ships"),
                act("B", "consent", item="1"),
            ),
        ),
        "agenda_agreed": Way(come="agenda", acts=both("agree")),
        "in_session": Way(come="agenda_agreed", acts=both("open")),
        "adjourned": Way(come="in_session", acts=both("adjourn")),
        "closed": Way(come="in_session", acts=(OUTCOME, *both("close"))),
        "record_drafted": Way(come="closed", acts=(DRAFT,)),
        "answered": Way(come="record_drafted", acts=ANSWERED),
        "record_agreed": Way(come="answered", acts=both("seal")),
        "postponed": Way(come="agenda_agreed", acts=(act("A", "postpone", reason="Storm."),)),
    },
)


def not_theirs(step: str, side: str, **members: object) -> Wrong:
    return Wrong(act=act(side, step, **members), code="deeds.not_yours")


def not_now(step: str, **members: object) -> Wrong:
    return Wrong(act=act("A", step, **members), code="deeds.not_now")


async def _at_the_new_time(scene: Scene) -> None:
    for each in await scene.shown():
        assert each["start"] == "2027-02-02T14:00:00Z"
        assert each["moves"] == 1, "what calendar programs call SEQUENCE (10.5.1)"


async def _fixed(scene: Scene) -> None:
    """The time stands, and from now on each side may add items: the agenda is open (10.4.3)."""
    for each in await scene.shown():
        assert (each["moves"], each["start"]) == (0, "2027-02-01T10:00:00Z")
        for step in ("add", "agree"):
            assert step in _list(each["may"])


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


async def _agenda(scene: Scene) -> None:
    """What one side alone wants stands as raised by it."""
    ours, theirs = await scene.shown()
    assert ours["agenda_digest"] == theirs["agenda_digest"]
    raised = [(row["by"], row["consented"]) for row in rows(ours, "agenda")]
    assert raised == [("us", True), ("them", False)]
    await refused("deeds.not_now", scene.do(act("A", "add", title="Late")))


async def _attended(scene: Scene) -> None:
    """Each side names its own people alone."""
    await scene.play(
        act("A", "attend", people=["Minister"]), act("B", "attend", people=["Ambassador"])
    )
    ours, theirs = await scene.shown()
    assert one(ours, "people") == {"us": ["Minister"], "them": ["Ambassador"]}
    assert one(theirs, "people") == {"us": ["Ambassador"], "them": ["Minister"]}


async def _recorded(scene: Scene) -> None:
    ours, theirs = await scene.shown()
    assert ours["record_digest"] == theirs["record_digest"]
    for each in (ours, theirs):
        first, second = rows(each, "record")
        assert first["agreed"] == "They spoke of charts."
        assert second["agreed"] is None, "not agreed: two versions"
        assert {second["ours"], second["theirs"]} == {"And of ships.", "Ships were not spoken of."}


async def _is_final(scene: Scene) -> None:
    """What both sealed stays; what is to be published is a joint statement of its own (13)."""
    for step, members in (
        ("version", {"item": "2", "text": "Other."}),
        ("draft", {"texts": ["a", "b"]}),
        ("seal", {}),
        ("cancel", {"reason": "No."}),
        ("postpone", {"reason": "No."}),
    ):
        await refused("deeds.not_now", scene.do(act("A", step, **members)))
    await _recorded(scene)


async def _typed(scene: Scene) -> None:
    """Outcomes have a kind, and what the other side does not concur with is not agreed."""
    await scene.do(OUTCOME)
    await scene.do(act("B", "outcome", item="2", kind="deferred", text="Ships, next time."))
    await scene.do(act("B", "concur", outcome="1"))
    for each in await scene.shown():
        found = [(row["kind"], row["agreed"]) for row in rows(each, "outcomes")]
        assert found == [("decision", True), ("deferred", False)]


async def _to_start(scene: Scene) -> None:
    """Let the hour at which it was to begin come and pass."""
    await scene.later(100)


async def _reason(scene: Scene) -> None:
    assert [each["reason"] for each in await scene.shown()] == ["Storm."] * 2


async def _again(scene: Scene) -> None:
    """A meeting that was postponed keeps its items and takes another time (10.4.5)."""
    await _reason(scene)
    await scene.play(act("A", "counter", start="2027-03-01T10:00"), act("B", "confirm"))
    assert await scene.states() == ["confirmed"] * 2
    for each in await scene.shown():
        assert len(rows(each, "agenda")) == 2


def _cancelled(state: str, at: str = "") -> Row:
    return Row(
        name=f"D2.5 any -> cancelled ({state})",
        kind="U",
        at=at or state,
        before=state,
        wrong=(
            Wrong(
                act=act("B", "cancel", reason="Storm.").as_a("release_officer"),
                code="officials.role",
            ),
        ),
        acts=(act("B", "cancel", reason="Storm."),),
        after="cancelled",
        then=_reason,
    )


def _held(state: str, at: str = "") -> Row:
    """10.4.3: what was opened is neither cancelled nor postponed; it is closed by both."""
    return Row(
        name=f"D2.5 any -> postponed / cancelled (not once {state})",
        kind="C",
        at=at or state,
        before=state,
        wrong=(not_now("cancel", reason="Storm."), not_now("postpone", reason="Storm.")),
        happens=_to_start,
        after=state,
    )


def _two(name: str, at: str, after: str, step: str, *more: Wrong) -> Row:
    """Return a row in which both co-chairs say the same step."""
    before = name.partition(" ")[0]
    return Row(
        name=f"D2.5 {name}",
        kind="B",
        at=at,
        before=before,
        wrong=more,
        acts=both(step),
        after=after,
    )


ROWS: Final = (
    Row(
        name="D2.5 proposed -> countered",
        kind="U",
        at="proposed",
        before="proposed",
        waits=("them", "us"),
        wrong=(not_theirs("confirm", "A"), not_now("add", title="Charts")),
        acts=(COUNTER,),
        after="countered",
        then=_at_the_new_time,
    ),
    Row(
        name="D2.5 proposed -> confirmed",
        kind="B",
        at="proposed",
        before="proposed",
        waits=("them", "us"),
        wrong=(not_theirs("confirm", "A"),),
        acts=(act("B", "confirm"),),
        after="confirmed",
    ),
    Row(
        name="D2.5 countered -> confirmed",
        kind="B",
        at="countered",
        before="countered",
        waits=("us", "them"),
        wrong=(not_theirs("confirm", "B"),),
        acts=(act("A", "confirm"),),
        after="confirmed",
        then=_at_the_new_time,
    ),
    Row(
        name="D2.5 proposed -> declined",
        kind="U",
        at="proposed",
        before="proposed",
        wrong=(not_theirs("decline", "A", reason="No."),),
        acts=(act("B", "decline", reason="Storm."),),
        after="declined",
        then=_reason,
    ),
    Row(
        name="D2.5 countered -> declined",
        kind="U",
        at="countered",
        before="countered",
        wrong=(not_theirs("decline", "B", reason="No."),),
        acts=(act("A", "decline", reason="Storm."),),
        after="declined",
        then=_reason,
    ),
    Row(
        name="D2.5 proposed, and nobody answers",
        kind="C",
        at="proposed",
        before="proposed",
        happens=_to_start,
        after="proposed",
    ),
    Row(
        name="D2.5 confirmed -> agenda_open",  # 10.4.3: no state of its own
        kind="C",
        at="confirmed",
        before="confirmed",
        happens=lambda scene: scene.later(1),
        after="confirmed",
        then=_fixed,
    ),
    Row(
        name="D2.5 agenda_open -> agenda_agreed",
        kind="B",
        at="agenda",
        before="confirmed",
        wrong=(not_now("open"), not_now("outcome", item="1", kind="decision", text="x")),
        acts=both("agree"),
        after="agenda_agreed",
        then=_agenda,
    ),
    Row(
        name="D2.5 agenda_agreed -> in_session",
        kind="B",
        at="agenda_agreed",
        before="agenda_agreed",
        wrong=(not_now("outcome", item="1", kind="decision", text="One chart."),),
        silent=100,  # its hour passes meanwhile: no clock opens a meeting
        acts=both("open"),
        after="in_session",
        then=_attended,
    ),
    Row(
        name="D2.5 in_session: outcomes typed, only now writable",
        kind="C",
        at="in_session",
        before="in_session",
        happens=_to_start,
        after="in_session",
        then=_typed,
    ),
    _two("in_session -> closed", "in_session", "closed", "close"),
    _two("in_session -> adjourned", "in_session", "adjourned", "adjourn"),
    _two(
        "adjourned -> in_session",
        "adjourned",
        "in_session",
        "open",
        not_now("outcome", item="1", kind="decision", text="x"),
    ),
    _two("adjourned -> closed", "adjourned", "closed", "close"),
    Row(
        name="D2.5 closed -> record_drafted",
        kind="U",
        at="closed",
        before="closed",
        waits=("us", "them"),  # the host drafts it
        wrong=(
            not_theirs("draft", "B", texts=["One.", "Two."]),
            not_now("outcome", item="1", kind="decision", text="Another."),
        ),
        acts=(DRAFT,),
        after="record_drafted",
    ),
    Row(
        name="D2.5 record_drafted -> record_agreed",
        kind="B",
        at="answered",
        before="record_drafted",
        acts=both("seal"),
        after="record_agreed",
        then=_recorded,
    ),
    Row(
        name="D2.5 record_drafted -> record_agreed (not before every item is answered)",
        kind="C",
        at="record_drafted",
        before="record_drafted",
        wrong=(
            Wrong(act=act("A", "seal"), code="meetings.item_open"),
            Wrong(act=act("B", "seal"), code="meetings.item_open"),
        ),
        happens=_to_start,
        after="record_drafted",
    ),
    Row(
        # Its record is co-signed by the cosigned logs; publishing is no state of the machine of
        # 10.4.3. What both publish is a joint statement (13), and that takes both again.
        name="D2.5 record_agreed -> published (optional)",
        kind="C",
        at="record_agreed",
        before="record_agreed",
        happens=_to_start,
        after="record_agreed",
        then=_is_final,
    ),
    Row(
        name="D2.5 any -> postponed (confirmed)",
        kind="U",
        at="agenda",
        before="confirmed",
        wrong=(
            Wrong(
                act=act("B", "postpone", reason="Storm.").as_a("release_officer"),
                code="officials.role",
            ),
        ),
        acts=(act("B", "postpone", reason="Storm."),),
        after="postponed",
        then=_again,
    ),
    Row(
        name="D2.5 any -> postponed (agenda_agreed)",
        kind="U",
        at="agenda_agreed",
        before="agenda_agreed",
        wrong=(not_now("counter", start="2027-02-03T10:00"),),
        acts=(act("A", "postpone", reason="Storm."),),
        after="postponed",
        then=_again,
    ),
    *map(_cancelled, ("proposed", "countered", "confirmed", "agenda_agreed", "postponed")),
    *map(_held, ("in_session", "adjourned", "closed", "record_drafted")),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@on_a_loop
async def test_row(tmp_path: Path, row: Row) -> None:
    await check(TABLE, row, tmp_path)


@on_a_loop
async def test_row_of_a_suspended_article(tmp_path: Path) -> None:
    """D2.5 agenda_agreed -> in_session asks the article: under a suspended one nobody opens it."""
    scene = await reach(TABLE, "agenda_agreed", tmp_path)
    await scene.do(act("A", "open"))
    await suspend(scene.pair, scene.pair.a)
    await refused("deeds.not_permitted", scene.do(act("B", "open")))
    assert await scene.states() == ["agenda_agreed"] * 2
    await scene.pair.close()


@on_a_loop
async def test_row_of_a_changed_agenda(tmp_path: Path) -> None:
    """D2.5 agenda_agreed, of one digest: what is added sets aside what one side said (10.4.5)."""
    scene = await reach(TABLE, "agenda", tmp_path)
    await scene.play(act("A", "agree"), act("A", "add", title="Snow"))
    assert await scene.turn() == [None, None], "A knows itself what it changed"
    await scene.play(act("A", "agree"), act("B", "add", title="Ice"))
    assert await scene.turn() == ["us", "them"], "A must know that its word fell"
    asked = [row["code"] for row in rows(await scene.pair.a.call("needs"), "needs")]
    assert "meeting.again" in asked
    async with await logged_in(scene.pair.a, "desk_officer") as shown:
        await shown.get(f"/meetings/{scene.facts['meeting']}")
        assert "They changed its agenda after we had agreed to it" in shown.words
    await scene.play(act("B", "agree"))
    assert await scene.states() == ["confirmed"] * 2, "A agreed to another agenda than B"
    assert await scene.turn() == ["us", "them"]
    await scene.do(act("A", "agree"))
    assert await scene.states() == ["agenda_agreed"] * 2
    await scene.same()
    await scene.pair.close()


@on_a_loop
async def test_row_of_what_was_said_and_taken_back(tmp_path: Path) -> None:
    """What does not count yet is taken back by its author alone (10.4.12)."""
    scene = await reach(TABLE, "agenda", tmp_path)
    back = act("A", "recall", of="agree")
    await refused("meetings.nothing_to_recall", scene.do(back))
    await scene.play(act("A", "agree"))
    await refused("meetings.nothing_to_recall", scene.do(back.by("B")))
    await scene.play(back, act("B", "agree"))
    assert await scene.states() == ["confirmed"] * 2, "A said it no more when B did"
    consent = act("B", "recall", of="consent", item="1")
    await refused("meetings.nothing_to_recall", scene.do(consent.by("A")))
    await refused("meetings.recall_form", scene.do(act("B", "recall", of="consent")))
    await scene.play(consent)
    for each in await scene.shown():
        assert [row["consented"] for row in rows(each, "agenda")] == [False, False]
        assert one(each, "said") == {}, "B had agreed to the agenda with its consent"
    await scene.play(*both("agree"))
    await refused("meetings.nothing_to_recall", scene.do(back))
    for step in ("open", "close"):
        await scene.play(act("A", step), act("A", "recall", of=step))
        assert [one(each, "said") for each in await scene.shown()] == [{}, {}]
        await scene.play(*both(step))
    assert await scene.states() == ["closed"] * 2
    await scene.pair.close()
