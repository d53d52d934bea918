"""Meetings by mail: to our own people alone, whenever something changed, lost by no restart."""

import asyncio
import email
import email.policy
from pathlib import Path

import pytest
from icalendar import Calendar

from comity.foundation.errors import MisuseError
from comity.foundation.members import one, text
from support.loops import on_a_loop
from support.refusals import refused
from support.relay import Relay
from support.stages import at_stage
from support.two_nodes import Pair

WHO = "desk_officer"
ADDRESS = "anna@berevan.example"


async def named(pair: Pair, port: int) -> None:
    await pair.b.call(
        "mail.set",
        who="mandate_holder",
        host="127.0.0.1",
        port=port,
        security="plain",
        sender="meetings@berevan.example",
        domains=("berevan.example",),
    )


def carried(data: bytes) -> tuple[str, str]:
    """Return the method and the calendar of a mail."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    part = next(each for each in mail.walk() if each.get_content_type() == "text/calendar")
    return str(part.get_param("method")), str(part.get_content())


async def proposed(pair: Pair) -> str:
    made = await pair.a.call(
        "meetings.propose",
        who=WHO,
        counterpart=pair.b.did,
        instrument=pair.instrument,
        unit="Article 2",
        title="First talks",
        start="2027-03-01T09:00:00Z",
        end="2027-03-01T11:00:00Z",
        place="Harbour House",
    )
    await pair.settle()
    return str(made["meeting"])


@on_a_loop
async def test_whoever_asked_gets_each_change_by_mail_as_their_calendar_program_takes_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with Relay() as relay:
        await named(pair, relay.port)
        name = await proposed(pair)
        await pair.b.call("meetings.invite", who=WHO, meeting=name, address=ADDRESS, by_mail=True)
        await relay.until(1)
        sender, to, mail = relay.taken[0]
        assert (sender, to) == ("meetings@berevan.example", ADDRESS)
        assert b"Subject: First talks\r\n" in mail
        method, calendar = carried(mail)
        assert method == "REQUEST"
        (event,) = Calendar.from_ical(calendar).walk("VEVENT")
        assert str(event["ATTENDEE"]) == f"mailto:{ADDRESS}"
        await pair.a.call("meetings.cancel", who=WHO, meeting=name, reason="Storm.")
        await pair.settle()
        await relay.until(2)
        assert carried(relay.taken[1][2])[0] == "CANCEL"
        async with asyncio.timeout(20):
            while (await pair.b.call("mail"))["waiting"]:
                pass  # each look reads the database on another thread
    await pair.close()


@on_a_loop
async def test_a_mail_goes_to_no_stranger_and_none_without_a_relay(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await proposed(pair)

    async def ask(address: str) -> None:
        await pair.b.call("meetings.invite", who=WHO, meeting=name, address=address, by_mail=True)

    await refused("mail.off", ask(ADDRESS))
    await named(pair, 1)
    await refused("mail.not_ours", ask("eve@aldoria.example"))
    await refused("mail.not_ours", ask("eve@berevan.example.evil.example"))
    assert (await pair.b.call("mail"))["waiting"] == 0
    for host, security, sender, code in (
        ("relay.example", "plain", "m@berevan.example", "mail.plain"),
        ("127.0.0.1", "plain", "nobody", "mail.sender"),
        ("127.0.0.1", "plain", "a@b\r\nBcc: c@d", "mail.sender"),
    ):
        with pytest.raises(MisuseError) as caught:
            await pair.b.call(
                "mail.set",
                who="mandate_holder",
                host=host,
                security=security,
                sender=sender,
                domains=("berevan.example",),
            )
        assert caught.value.code == code
    await pair.close()


@on_a_loop
async def test_a_relay_that_is_down_or_refuses_loses_no_mail_and_says_why(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with Relay(refuses="451 greylisted") as relay:
        await named(pair, relay.port)
        name = await proposed(pair)
        await pair.b.call("meetings.invite", who=WHO, meeting=name, address=ADDRESS, by_mail=True)
        shown = await pair.b.call("mail")
        async with asyncio.timeout(20):
            while not text(shown, "error"):
                shown = await pair.b.call("mail")
        assert shown["waiting"] == 1
        assert "451 greylisted" in text(shown, "error")
        await pair.stop(pair.b)
        relay.refuses = ""
        await pair.start(pair.b)
        pair.clock.tick(7200)
        pair.b.node.mailing.wake()
        await relay.until(1)
        assert relay.taken[0][1] == ADDRESS
    assert one(await pair.b.call("mail"), "relay")["host"] == "127.0.0.1"
    await pair.b.call("mail.off", who="mandate_holder")
    assert (await pair.b.call("mail"))["relay"] is None
    await pair.close()
