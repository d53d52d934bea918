"""A meeting with nothing on its agenda, as nodes of before let one be held."""

from pathlib import Path

from comity.api.meetings import OnMeeting
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from support.two_nodes import Party
from unit.web.test_meeting_pages import go, proposed


async def agreed_to_nothing(party: Party, name: str) -> None:
    desk = party.node.meetings
    await party.node.ctx.store.write(
        lambda tx: desk.act(
            tx,
            OnMeeting(meeting=name),
            step="agree",
            data=lambda one: {"agenda": one.agenda_digest()},
        )
    )


@on_a_loop
async def test_a_meeting_without_an_agenda_gets_no_empty_record_unawares(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        await go(pair, theirs, name, "confirm")
        assert "The agenda has no item yet: add one below" in theirs.words
        assert "Agree to the agenda as it is" not in theirs.words
        for party in (pair.a, pair.b):  # nodes of before agreed to one
            await agreed_to_nothing(party, name)
            await pair.settle()
        for shown in (ours, theirs):
            await go(pair, shown, name, "open")
        for shown in (ours, theirs):
            await go(pair, shown, name, "close")
            assert "web.not_sure" in shown.text
            await go(pair, shown, name, "close", sure="yes")
        await go(pair, ours, name, "draft")
        assert "Its agenda has no item: its record would be empty." in ours.words
        await go(pair, ours, name, "draft", sure="yes")
        assert "Drafted." in ours.words
        await go(pair, theirs, name, "seal")
        assert "web.not_sure" in theirs.text
    await pair.close()
