"""What falls due, as both nodes list it and as a calendar program takes it."""

from pathlib import Path

import pytest
from icalendar import Calendar

from comity.foundation.instants import Instant
from comity.foundation.members import rows, text
from comity.node.days import day_ended_at
from support.controlled import WHO, authorised, controlled_pair, do, fetch
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from support.two_nodes import Pair
from support.worlds import fingerprints_of

TITLE = "A joint catalogue of charts"


async def owed(pair: Pair, zone: str = "UTC") -> None:
    made = await pair.a.call(
        "commitments.propose",
        who="desk_officer",
        counterpart=pair.b.did,
        instrument=pair.instrument,
        unit="Article 2",
        title=TITLE,
        test="It is there.",
        performer="us",
        beneficiary="them",
        due="2027-01-31",
        zone=zone,
    )
    await pair.settle()
    name = str(made["commitment"])
    await pair.b.call("commitments.accept", who="desk_officer", commitment=name)
    await pair.settle()


@on_a_loop
async def test_both_see_the_same_dates_and_whose_they_are(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await fingerprints_of(pair.a)
    await owed(pair)
    ours, theirs = [rows(await each.call("dates"), "dates") for each in (pair.a, pair.b)]
    assert [(one["code"], one["at"]) for one in ours] == [
        (one["code"], one["at"]) for one in theirs
    ]
    assert (ours[0]["title"], ours[0]["at"]) == (TITLE, "2027-01-31T23:59:59Z")
    assert (ours[0]["whose"], theirs[0]["whose"]) == ("us", "them")
    assert {one["code"] for one in ours} == {"commitment", "review", "term"}
    assert ours[-1]["whose"] == "both"
    pair.clock.tick(90 * 86_400)
    late = rows(await pair.a.call("dates", counterpart=pair.b.did), "dates")
    assert (late[0]["title"], late[0]["passed"]) == (TITLE, True)
    assert before != await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_a_calendar_program_gets_what_falls_due_by_file_and_by_feed(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await owed(pair)
    listed = rows(await pair.a.call("dates"), "dates")
    text_of_file = text(await pair.a.call("dates.calendar"), "text")
    events = Calendar.from_ical(text_of_file).walk("VEVENT")
    assert len(events) == len(listed)
    assert len({str(one["UID"]) for one in events}) == len(listed)
    first = events[0] if "charts" in str(events[0]["SUMMARY"]) else events[-1]
    assert str(first["SUMMARY"]) == f"Due: {TITLE}"
    assert str(first["TRANSP"]) == "TRANSPARENT"
    assert str(first["DESCRIPTION"]) == "For us. Berevan."
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/dates")
        assert TITLE in shown.words
        assert "A commitment is due" in shown.words
        assert "The term ends" in shown.words
        page = await shown.get("/dates.ics")
        assert page.headers["content-type"].startswith("text/calendar")
        page = await shown.get("/dates", format="csv")
        assert TITLE in page.text
    made = await pair.a.call("meetings.feed_new", who="desk_officer")
    secret = text(made, "path").removeprefix("/calendar/").removesuffix(".ics")
    fed = await pair.a.node.ctx.store.read(
        lambda tx: pair.a.node.calendars.published(tx, secret) or ""
    )
    assert f"Due: {TITLE}" in fed
    french = text(await pair.a.call("dates.calendar", language="fr"), "text")
    assert f"Échéance : {TITLE}" in french.replace("\r\n ", "").replace("\u00a0", " ")
    async with await logged_in(pair.a, "negotiator") as shown:
        shown.client.headers["accept-language"] = "fr"
        await shown.get("/calendar")
        await shown.submit("/calendar/feed/new", {})
        address = shown.text.partition('<code id="feed-address">')[2].partition("</code>")[0]
        fed = (await shown.client.get(f"/calendar/{address.rpartition('/')[2]}")).text
        assert "Pour nous." in fed, "a reader of French finds English in the calendar"
    await pair.close()


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "UTC", "Pacific/Auckland"])
@on_a_loop
async def test_a_day_that_was_named_is_that_day_in_a_calendar_of_every_zone(
    tmp_path: Path, zone: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    await owed(pair, zone)
    file = text(await pair.b.call("dates.calendar"), "text")
    events = Calendar.from_ical(file).walk("VEVENT")
    (first,) = [each for each in events if "charts" in str(each["SUMMARY"])]
    assert first["DTSTART"].to_ical() == b"20270131"
    assert "DTSTART;VALUE=DATE:20270131" in file
    assert "DTEND" not in first, "a program reads one day"
    await pair.close()


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2027-01-31T23:59:59Z", "2027-01-31"),
        ("2027-01-31T22:59:59Z", "2027-01-31"),  # in Paris
        ("2027-01-31T18:29:59Z", "2027-01-31"),  # in Kolkata
        ("2027-01-31T10:59:59Z", "2027-01-31"),  # in Auckland
        ("2027-02-01T09:59:59Z", "2027-01-31"),  # in Honolulu
        ("2027-02-01T04:59:59Z", "2027-01-31"),  # in New York
        ("2027-01-31T22:58:59Z", None),
        ("2027-01-31T12:00:00Z", None),
    ],
)
def test_the_day_that_ends_is_told_by_its_last_second(at: str, day: str | None) -> None:
    told = day_ended_at(Instant.parse(at), in_utc=False)
    assert (None if told is None else str(told)) == day
    in_utc = day_ended_at(Instant.parse(at), in_utc=True)
    assert (in_utc is not None) == at.endswith("23:59:59Z")


@on_a_loop
async def test_another_due_date_moves_the_entry_of_a_calendar_and_adds_none(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    await owed(pair)

    async def entries() -> dict[str, str]:
        made = text(await pair.a.call("dates.calendar"), "text")
        events = Calendar.from_ical(made).walk("VEVENT")
        return {str(one["UID"]): str(one["DTSTART"].to_ical()) for one in events}

    before = await entries()
    for party in (pair.a, pair.b):
        await party.call(
            "commitments.redate", who="desk_officer", commitment=TITLE, due="2027-03-31"
        )
        await pair.settle()
    after = await entries()
    assert set(before) == set(after)
    assert set(after.items()) - set(before.items()) == {
        (name, day.replace("20270131", "20270331"))
        for name, day in before.items()
        if "20270131" in day
    }
    await pair.close()


@on_a_loop
async def test_a_recipient_reads_by_which_day_what_came_is_to_be_destroyed(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, return_by="2027-03-31", return_how="destroy")
    assert (await fetch(pair, item))["received"] is True
    await pair.settle()
    for party, whose in ((pair.a, "them"), (pair.b, "us")):
        found = rows(await party.call("dates"), "dates")
        (owed,) = [one for one in found if one["code"] == "destroy"]
        assert (owed["at"], owed["whose"]) == ("2027-03-31T23:59:59Z", whose)
        calendar = text(await party.call("dates.calendar"), "text")
        assert "What crossed is to be destroyed" in calendar.replace("\r\n ", "")
    async with await logged_in(pair.b, WHO) as shown:
        await shown.get("/dates")
        assert "What crossed under an authorisation is to be destroyed" in shown.words
        assert f"/authorisations/{name}" in shown.text
    told: dict[str, object] = {"how": "destroyed", "report": "All of it."}
    await do(pair, pair.b, "authorisations.dispose", authorisation=name, **told)
    for party in (pair.a, pair.b):
        assert "destroy" not in [one["code"] for one in rows(await party.call("dates"), "dates")]
    await pair.close()
