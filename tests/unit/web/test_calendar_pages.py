"""Calendar programs on the pages: the file, its answer handed in, the address, the feed."""

from pathlib import Path

from comity.foundation.members import rows
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_calendars import answer
from unit.web.test_meeting_pages import go, proposed


@on_a_loop
async def test_an_answer_of_a_calendar_program_is_handed_in_and_confirmed_on_the_pages(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        name = await proposed(pair, ours)
    async with await logged_in(pair.b, "desk_officer") as shown:
        await shown.get(f"/meetings/{name}")
        await shown.submit(f"/meetings/{name}/invite", {"address": "anna@berevan.example"})
        file = await shown.get(f"/meetings/{name}/calendar.ics")
        assert file.headers["content-type"].startswith("text/calendar")
        await shown.get("/calendar")
        wrong = {"message": ("reply.ics", b"<html>Yes</html>")}
        await shown.submit("/calendar", {}, files=wrong)
        assert "calendars.form" in shown.text
        good = {"message": ("reply.ics", answer(file.text).encode())}
        await shown.get("/calendar")
        await shown.submit("/calendar", {}, files=good)
        assert "Nothing is done before you confirm it below." in shown.words
        waiting = await pair.b.call("meetings.answers", who="desk_officer")
        (draft,) = rows(waiting, "answers")
        await shown.submit(f"/calendar/answers/{draft['answer']}/confirm", {})
        assert "Done as the answer says." in shown.words
        assert "confirmed, agenda open" in shown.words
    await pair.close()


@on_a_loop
async def test_the_address_that_an_answer_must_come_from_is_shown_and_can_be_forgotten(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        name = await proposed(pair, shown)
        await go(pair, shown, name, "invite", address="anna@aldoria.example")
        assert "which must come from anna@aldoria.example" in shown.words
        await go(pair, shown, name, "invite", address="")
        assert "Your address is forgotten" in shown.words
        assert "anna@aldoria.example" not in shown.text
        file = await shown.get(f"/meetings/{name}/calendar.ics")
        assert "ATTENDEE" not in file.text
    await pair.close()


@on_a_loop
async def test_an_answer_to_a_meeting_that_is_confirmed_already_offers_no_deed(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        name = await proposed(pair, ours)
    async with await logged_in(pair.b, "desk_officer") as shown:
        await go(pair, shown, name, "invite", address="anna@berevan.example")
        file = await shown.get(f"/meetings/{name}/calendar.ics")
        message = {"message": ("reply.ics", answer(file.text).encode())}
        await shown.get("/calendar")
        await shown.submit("/calendar", {}, files=message)
        assert "Do it" in shown.words
        await go(pair, shown, name, "confirm")
        await shown.get("/calendar")
        assert "Do it" not in shown.words, "a dead answer asks to be done"
        assert "The answer agrees with what stands already." in shown.words
        await shown.submit("/calendar", {}, files=message)
        assert "agrees with what stands already: there is nothing to do" in shown.words
        await shown.get("/calendar")
        assert "None waits for you." in shown.words
    await pair.close()


@on_a_loop
async def test_a_feed_opens_without_a_session_by_its_address_alone(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await proposed(pair, shown)
        await shown.get("/calendar")
        assert "You have no feed." in shown.words
        await shown.submit("/calendar/feed/new", {})
        address = shown.text.partition('<code id="feed-address">')[2].partition("</code>")[0]
        origin, slash, rest = address.partition("/calendar/")
        assert origin.startswith("http"), "a calendar program needs the whole address"
        path = slash + rest
        shown.client.cookies.clear()
        feed = await shown.client.get(path)
        assert feed.status_code == 200
        assert "BEGIN:VEVENT" in feed.text
        for other in ("/calendar/guess.ics", path.removesuffix(".ics")):
            found = await shown.client.get(other)
            assert found.status_code in {400, 404}
            assert "VEVENT" not in found.text
    await pair.close()
