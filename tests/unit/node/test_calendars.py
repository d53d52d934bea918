"""Calendar programs take part: files for our people, answers that wait for a person, a feed."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.members import rows
from comity.storage.tx import Tx
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of
from unit.node.test_meetings import TITLE, do, in_session, propose, shown

ANNA, BEN = "desk_officer", "negotiator"
ADDRESS = "anna@berevan.example"


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def member(text: str, name: str) -> str:
    return next(line.partition(":")[2] for line in unfolded(text) if line.startswith(name + ":"))


async def invited(pair: Pair) -> tuple[str, str]:
    """Return a meeting that waits for B, and the file Anna of B took into her calendar."""
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "invite", name, address="Anna@Berevan.example")
    made = await pair.b.call("meetings.calendar", who=ANNA, meeting=name)
    assert made["method"] == "REQUEST"
    return name, str(made["text"])


def answer(file: str, *, says: str = "ACCEPTED", more: tuple[str, ...] = (), **put: str) -> str:
    """Return the answer of a calendar program to a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{put.get('method', 'REPLY')}",
        "BEGIN:VEVENT",
        f"UID:{put.get('uid', member(file, 'UID'))}",
        f"SEQUENCE:{put.get('sequence', member(file, 'SEQUENCE'))}",
        "DTSTAMP:20261201T080000Z",
        f"ATTENDEE;PARTSTAT={says}:mailto:{put.get('address', ADDRESS)}",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


async def hand_in(party: Party, message: str, *, who: str = ANNA) -> JsonObject:
    return await party.call("meetings.answer", who=who, message=message)


@on_a_loop
async def test_an_answer_does_nothing_before_the_person_confirms_it(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    before = await fingerprints_of(pair.b)
    draft = await hand_in(pair.b, answer(file))
    assert (draft["does"], draft["title"]) == ("confirm", TITLE)
    assert await fingerprints_of(pair.b) == before
    waiting = await pair.b.call("meetings.answers", who=ANNA)
    assert [row["answer"] for row in rows(waiting, "answers")] == [draft["answer"]]
    assert rows(await pair.b.call("meetings.answers", who=BEN), "answers") == []
    await refused(
        "calendars.no_answer",
        pair.b.call("meetings.answer_confirm", who=BEN, answer=draft["answer"]),
    )
    await pair.b.call("meetings.answer_confirm", who=ANNA, answer=draft["answer"])
    await pair.settle()
    assert [each["status"] for each in await shown(pair, name)] == ["confirmed"] * 2
    assert rows(await pair.b.call("meetings.answers", who=ANNA), "answers") == []
    assert not any(ADDRESS.encode() in sent for sent in pair.wire.sent), "addresses stay ours"
    await pair.close()


@on_a_loop
async def test_a_later_answer_about_a_meeting_stands_in_place_of_the_earlier(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    _, file = await invited(pair)
    await hand_in(pair.b, answer(file))
    second = await hand_in(pair.b, answer(file, says="DECLINED"))
    waiting = rows(await pair.b.call("meetings.answers", who=ANNA), "answers")
    assert [(row["answer"], row["does"]) for row in waiting] == [(second["answer"], "decline")]
    await pair.close()


@on_a_loop
async def test_a_counter_proposal_of_a_calendar_program_becomes_ours_once_confirmed(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    times = ("DTSTART:20270202T090000Z", "DTEND:20270202T100000Z", "COMMENT:Tuesday is better.")
    draft = await hand_in(pair.b, answer(file, says="TENTATIVE", method="COUNTER", more=times))
    await pair.b.call("meetings.answer_confirm", who=ANNA, answer=draft["answer"])
    await pair.settle()
    ours, theirs = await shown(pair, name)
    assert (ours["start"], ours["end"]) == ("2027-02-02T09:00:00Z", "2027-02-02T10:00:00Z")
    assert rows(ours, "acts")[-1]["words"] == "Tuesday is better."
    assert theirs["place"] == "Harbour House", "what was not changed stays"
    made = await pair.b.call("meetings.calendar", who=ANNA, meeting=name)
    assert made["method"] == "COUNTER"
    await do(pair, pair.a, "decline", name, reason="No.")
    made = await pair.b.call("meetings.calendar", who=ANNA, meeting=name)
    assert (made["method"], member(str(made["text"]), "SEQUENCE")) == ("CANCEL", "2")
    await pair.close()


@on_a_loop
async def test_an_answer_that_declines_declines_with_its_words(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    message = answer(file, says="DECLINED", more=("COMMENT:Not this month.",))
    draft = await hand_in(pair.b, message)
    await pair.b.call("meetings.answer_confirm", who=ANNA, answer=draft["answer"])
    await pair.settle()
    assert [each["reason"] for each in await shown(pair, name)] == ["Not this month."] * 2
    await pair.close()


@on_a_loop
async def test_a_calendar_says_with_whom_a_meeting_is_of_which_body_on_what_and_where_to_look(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    await do(pair, pair.b, "note", name, item="1", text="We can give in here.")
    file = str((await pair.b.call("meetings.calendar", who=ANNA, meeting=name))["text"])
    address = f"{pair.b.node.ctx.config.site_origin}/meetings/{name}"
    said = member(file, "DESCRIPTION").split("\\n")
    ours, theirs = [each.node.ctx.config.name for each in (pair.b, pair.a)]
    assert said[:2] == [f"{ours} \N{EN DASH} {theirs}", "Harbour dialogue"]
    assert said[2:] == ["1. Charts", "2. Ships", address]
    assert member(file, "URL") == address
    assert "give in" not in file
    await pair.close()


@on_a_loop
async def test_an_answer_that_agrees_with_what_stands_asks_nobody_for_a_deed(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    await hand_in(pair.b, answer(file))
    await do(pair, pair.b, "confirm", name)
    (waiting,) = rows(await pair.b.call("meetings.answers", who=ANNA), "answers")
    assert waiting["stands"] == "calendars.agrees"
    await refused(
        "calendars.agrees",
        pair.b.call("meetings.answer_confirm", who=ANNA, answer=waiting["answer"]),
    )
    again = await hand_in(pair.b, answer(file))
    assert (again["stands"], again["answer"]) == ("calendars.agrees", None)
    assert rows(await pair.b.call("meetings.answers", who=ANNA), "answers") == []
    same = ("DTSTART:20270201T090000Z", "DTEND:20270201T110000Z")
    other = ("DTSTART:20270202T090000Z", "DTEND:20270202T110000Z")
    counter = await hand_in(pair.b, answer(file, method="COUNTER", more=same))
    assert counter["stands"] == "calendars.agrees"
    for message in (answer(file, says="DECLINED"), answer(file, method="COUNTER", more=other)):
        await refused("calendars.settled", hand_in(pair.b, message))
    assert rows(await pair.b.call("meetings.answers", who=ANNA), "answers") == []
    await pair.close()


@on_a_loop
async def test_an_answer_that_nothing_follows_from_says_what_to_do(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    await do(pair, pair.b, "confirm", name)
    await do(pair, pair.a, "postpone", name, reason="Storm.")
    await refused("calendars.postponed", hand_in(pair.b, answer(file)))
    assert (await hand_in(pair.b, answer(file, says="DECLINED")))["answer"] is None
    times = ("DTSTART:20270202T090000Z", "DTEND:20270202T100000Z")
    counter = await hand_in(pair.b, answer(file, method="COUNTER", more=times))
    await pair.b.call("meetings.answer_confirm", who=ANNA, answer=counter["answer"])
    await pair.settle()
    ours = str((await pair.b.call("meetings.calendar", who=ANNA, meeting=name))["text"])
    await refused("calendars.ours", hand_in(pair.b, answer(ours, says="DECLINED")))
    assert (await hand_in(pair.b, answer(ours)))["answer"] is None
    await do(pair, pair.a, "decline", name, reason="No.")
    await refused("calendars.ended", hand_in(pair.b, answer(ours)))
    await pair.close()


@on_a_loop
async def test_an_answer_about_a_meeting_that_is_held_changes_nothing(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    await do(pair, pair.b, "invite", name, address=ADDRESS)
    file = str((await pair.b.call("meetings.calendar", who=ANNA, meeting=name))["text"])
    assert (await hand_in(pair.b, answer(file)))["answer"] is None
    await refused("calendars.ended", hand_in(pair.b, answer(file, says="DECLINED")))
    await pair.close()


@pytest.mark.parametrize(
    ("put", "code"),
    [
        ({"address": "eve@elsewhere.example"}, "calendars.stranger"),
        ({"uid": "00000000-0000-4000-8000-000000000001@localhost"}, "calendars.stranger"),
        ({"sequence": "7"}, "calendars.outdated"),
        ({"method": "REQUEST"}, "calendars.method"),
        ({"says": "TENTATIVE"}, "calendars.undecided"),
        ({"more": ("RRULE:FREQ=SECONDLY",)}, "calendars.recurrence"),
        ({"more": ("COMMENT:<p>Yes</p>",)}, "calendars.markup"),
        ({"more": ("COMMENT:" + "x" * 68_000,)}, "calendars.size"),
    ],
)
@on_a_loop
async def test_a_forged_or_strange_answer_is_told_and_nothing_is_kept(
    tmp_path: Path, put: dict[str, object], code: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    _, file = await invited(pair)
    before = await fingerprints_of(pair.b)
    await refused(code, hand_in(pair.b, answer(file, **put)))  # type: ignore[arg-type]  # a case names what it changes
    assert rows(await pair.b.call("meetings.answers", who=ANNA), "answers") == []
    assert await fingerprints_of(pair.b) == before
    await pair.close()


@on_a_loop
async def test_a_file_made_for_one_person_is_answered_by_no_other(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    _, file = await invited(pair)
    await refused("calendars.stranger", hand_in(pair.b, answer(file), who=BEN))
    await pair.close()


@on_a_loop
async def test_an_answer_that_was_overtaken_confirms_no_other_time(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, file = await invited(pair)
    draft = await hand_in(pair.b, answer(file))
    await do(pair, pair.a, "counter", name, start="2027-02-05T10:00")
    await refused(
        "calendars.overtaken",
        pair.b.call("meetings.answer_confirm", who=ANNA, answer=draft["answer"]),
    )
    await pair.b.call("meetings.answer_drop", who=ANNA, answer=draft["answer"])
    assert rows(await pair.b.call("meetings.answers", who=ANNA), "answers") == []
    await refused("calendars.outdated", hand_in(pair.b, answer(file)))
    await pair.close()


@pytest.mark.parametrize("address", ["nobody", "two words@example.org", "a@b,c@d"])
@on_a_loop
async def test_what_is_no_mail_address_is_told(tmp_path: Path, address: str) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await refused("calendars.address", do(pair, pair.b, "invite", name, address=address))
    await pair.close()


@on_a_loop
async def test_whoever_is_not_invited_gets_the_meeting_without_a_question(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name, _ = await invited(pair)
    made = await pair.b.call("meetings.calendar", who=BEN, meeting=name)
    assert made["method"] == "PUBLISH"
    assert "ATTENDEE" not in str(made["text"])
    await pair.close()


@on_a_loop
async def test_a_meeting_that_was_opened_early_is_moved_in_a_calendar_that_holds_its_file(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    made = await pair.b.call("meetings.feed_new", who=ANNA)
    secret = str(made["path"]).removeprefix("/calendar/").removesuffix(".ics")
    file = str((await pair.b.call("meetings.calendar", who=ANNA, meeting=name))["text"])
    look = pair.b.node.calendars.published
    feed = await pair.b.node.ctx.store.read(lambda tx: look(tx, secret))
    assert feed is not None
    assert member(feed, "DTSTART") < member(file, "DTSTART"), "it was opened before its time"
    assert int(member(feed, "SEQUENCE")) > int(member(file, "SEQUENCE")), "else it stays as it was"
    await pair.close()


@on_a_loop
async def test_a_feed_opens_by_its_address_alone_until_it_is_ended(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    made = await pair.b.call("meetings.feed_new", who=ANNA)
    secret = str(made["path"]).removeprefix("/calendar/").removesuffix(".ics")

    async def published(key: str) -> str | None:
        def look(tx: Tx) -> str | None:
            return pair.b.node.calendars.published(tx, key)

        return await pair.b.node.ctx.store.read(look)

    found = await published(secret)
    assert found is not None
    assert f"SUMMARY:{TITLE}" in unfolded(found)
    assert await published("guess") is None
    assert (await pair.b.call("meetings.feed", who=ANNA))["feed"] is True
    assert (await pair.b.call("meetings.feed", who=BEN))["feed"] is False
    await do(pair, pair.a, "cancel", name, reason="Storm.")
    found = await published(secret)
    assert found is not None
    assert TITLE not in found
    await pair.b.call("meetings.feed_new", who=ANNA)
    assert await published(secret) is None, "a new address ends the old one"
    await pair.b.call("meetings.feed_end", who=ANNA)
    assert (await pair.b.call("meetings.feed", who=ANNA))["feed"] is False
    await pair.close()
