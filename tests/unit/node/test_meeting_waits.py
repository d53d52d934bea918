"""Whom a meeting waits for: its own page, the first page and the relationship's say the same."""

from pathlib import Path

from comity.foundation.instants import Instant
from comity.foundation.members import one, rows, words
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of
from unit.node.test_meetings import WHO, both, confirmed, do, in_session, shown

TERMS = {
    "title": "Send charts",
    "test": "They are here.",
    "performer": "us",
    "beneficiary": "them",
    "due": "2027-06-30",
}


async def needs(party: Party, name: str) -> dict[str, object]:
    """Return by code whom the needs about a meeting are for."""
    found = rows(await party.call("needs"), "needs")
    return {str(row["code"]): row["who"] for row in found if one(row, "object")["id"] == name}


async def waits(pair: Pair, name: str) -> str:
    """Return what a meeting waits for, as its page, the first page and the relationship's say."""
    said: list[object] = []
    for each in (pair.a, pair.b):
        row = await each.call("meetings.show", meeting=name)
        found = rows(await each.call("needs", who=WHO), "needs")
        about = (need for need in found if one(need, "object")["id"] == name)
        asked = [need for need in about if not str(need["code"]).startswith("told.")]
        rel = await each.call("relationship", counterpart=pair.other(each).did)
        open_ = [matter["code"] for matter in rows(rel, "matters") if matter["thing"] == name]
        assert open_ == [need["code"] for need in asked]
        whose = {need["who"] for need in asked}
        assert row["waits_for"] in ({"both"} if len(whose) > 1 else whose or {None})
        assert all(need["mine"] for need in asked if need["who"] != "them")
        said.append([row["waits_for"], *open_])
    assert said[0] == said[1], "it is for both, or for nobody"
    assert isinstance(said[0], list)
    return " ".join(map(str, said[0]))


@on_a_loop
async def test_a_meeting_that_waits_for_both_is_on_the_first_page_of_both_once_its_time_is_near(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await confirmed(pair)
    assert await waits(pair, name) == "None", "in two months: it has time"
    await do(pair, pair.b, "postpone", name, reason="Storm.")
    assert await waits(pair, name) == "both meeting.time"
    await do(pair, pair.b, "counter", name, start="2026-12-10T10:00")
    await do(pair, pair.a, "confirm", name)
    start = Instant.parse(str((await pair.a.call("meetings.show", meeting=name))["start"]))
    await pair.later(start.seconds - pair.clock.now().seconds - 14 * 86_400)
    assert await waits(pair, name) == "both meeting.agenda"
    await do(pair, pair.a, "add", name, title="Charts")
    await both(pair, "agree", name)
    assert await waits(pair, name) == "None"
    await pair.later(14 * 86_400)
    assert await waits(pair, name) == "both meeting.begin"
    await both(pair, "open", name)
    assert await waits(pair, name) == "both meeting.conclude"
    await both(pair, "adjourn", name)
    assert await waits(pair, name) == "both meeting.resume"
    await pair.close()


@on_a_loop
async def test_an_outcome_agreed_as_a_commitment_is_asked_for_until_a_commitment_of_it_stands(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    await do(pair, pair.a, "outcome", name, item="1", kind="commitment", text="We send charts.")
    await do(pair, pair.b, "concur", name, outcome="1")
    assert await waits(pair, name) == "both meeting.conclude"
    await both(pair, "close", name)
    ours, theirs = [await needs(each, name) for each in (pair.a, pair.b)]
    assert ours == {"meeting.record": "us", "meeting.commit": "both"}
    assert theirs == {"meeting.record": "them", "meeting.commit": "both"}
    assert [each["waits_for"] for each in await shown(pair, name)] == ["both"] * 2
    await do(pair, pair.a, "draft", name, texts=["Of charts.", "Of ships."])
    for item in ("1", "2"):
        await do(pair, pair.b, "take", name, item=item)
    await both(pair, "seal", name)
    assert await waits(pair, name) == "both meeting.commit", "a sealed meeting keeps its task"
    fell: list[object] = []
    for step, party, why in (("withdraw", pair.a, {}), ("decline", pair.b, {"reason": "No."})):
        made = await do(pair, pair.a, "commit", name, outcome="1", **TERMS)
        assert await waits(pair, name) == "None"
        fell.append(made["commitment"])
        await party.call(f"commitments.{step}", who=WHO, commitment=fell[-1], **why)
        await pair.settle()
        assert await waits(pair, name) == "both meeting.commit"
        for each in await shown(pair, name):
            (outcome,) = rows(each, "outcomes")
            assert outcome["commitment"] is None
            assert set(words(outcome, "earlier")) == set(fell)
    await do(pair, pair.b, "commit", name, outcome="1", **TERMS)
    assert await waits(pair, name) == "None"
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()
