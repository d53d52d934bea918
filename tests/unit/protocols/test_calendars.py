"""Messages of calendar programs: what two common programs write is read, what is wrong is told.

The two answers were made by hand from the documented shapes of such messages: one as a mail program
of a large suite writes it (names of zones of its own, capital MAILTO, a description of the zone),
one as a calendar on the web writes it (UTC, parameters in another order, folded lines).
"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.protocols.calendars import Answer, Meeting, read_answer, write_calendar

UID = "00000000-0000-4000-8000-000000000001.abc@localhost"
SUITE = f"""BEGIN:VCALENDAR
METHOD:COUNTER
PRODID:-//Example Suite//Mail 16.0 MIMEDIR//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=TENTATIVE;CN="Anna":MAILTO:Anna@Aldoria.example
COMMENT:The hall is taken\\, sorry.
CLASS:PUBLIC
DTEND;TZID=Romance Standard Time:20270201T160000
DTSTAMP:20270101T080000Z
DTSTART;TZID=Romance Standard Time:20270201T140000
LOCATION:Harbour House
PRIORITY:5
SEQUENCE:1
SUMMARY;LANGUAGE=en-us:New Time Proposed: First talks
TRANSP:OPAQUE
UID:{UID}
X-ALT-DESC;FMTTYPE=text/html:<html><body>Hello</body></html>
X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
WEB = f"""BEGIN:VCALENDAR
PRODID:-//Example Inc//Example Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20270201T090000Z
DTEND:20270201T110000Z
DTSTAMP:20270101T080000Z
ORGANIZER;CN=meetings@localhost:mailto:meetings@localhost
UID:{UID}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=anna@a
 ldoria.example;X-NUM-GUESTS=0:mailto:anna@aldoria.example
CREATED:20270101T070000Z
DESCRIPTION:
LAST-MODIFIED:20270101T080000Z
LOCATION:Harbour House
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:First talks
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_an_acceptance_as_a_calendar_on_the_web_writes_it_is_read() -> None:
    assert read_answer(WEB) == Answer(
        uid=UID,
        sequence=0,
        attendee="anna@aldoria.example",
        says="accepted",
        start=None,
        end=None,
        place="",
        comment="",
    )


def test_a_counter_proposal_as_a_mail_program_writes_it_is_read() -> None:
    assert read_answer("\ufeff" + SUITE) == Answer(
        uid=UID,
        sequence=1,
        attendee="anna@aldoria.example",
        says="counter",
        start=Instant.parse("2027-02-01T13:00:00Z"),
        end=Instant.parse("2027-02-01T15:00:00Z"),
        place="Harbour House",
        comment="The hall is taken, sorry.",
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("BEGIN:VCALENDAR", "<html><body>Accepted", "calendars.form"),
        ("VERSION:2.0", "BEGIN:VTODO", "calendars.form"),
        ("VERSION:2.0", "BEGIN:X\r\n" * 41, "calendars.form"),
        ("METHOD:REPLY", "METHOD:REQUEST", "calendars.method"),
        ("METHOD:REPLY\r\n", "", "calendars.method"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION", "calendars.method"),
        ("SEQUENCE:0", "RRULE:FREQ=SECONDLY;COUNT=999999999", "calendars.recurrence"),
        ("SEQUENCE:0", "RDATE:20270301T090000Z", "calendars.recurrence"),
        ("SEQUENCE:0", "RECURRENCE-ID:20270301T090000Z", "calendars.recurrence"),
        ("SEQUENCE:0", "SEQUENCE:many", "calendars.form"),
        ("SEQUENCE:0", "COMMENT:<b>Yes</b><script>x</script>", "calendars.markup"),
        ("SEQUENCE:0", "COMMENT:\u202ereversed", "basics.character"),
        ("SEQUENCE:0", "ATTENDEE:mailto:other@example.org", "calendars.attendee"),
        ("SEQUENCE:0", "COMMENT:" + "x" * 70_000, "calendars.size"),
        ("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT", "calendars.events"),
    ],
)
def test_a_message_that_is_no_plain_answer_is_told(old: str, new: str, code: str) -> None:
    assert old in WEB
    with pytest.raises(PeerError) as caught:
        read_answer(WEB.replace(old, new, 1))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "DTSTART;TZID=Romance Standard Time:20270201T140000",
            "DTSTART:20270201T140000",
            "calendars.zone",
        ),
        (
            "DTSTART;TZID=Romance Standard Time:20270201T140000",
            "DTSTART;VALUE=DATE:20270201",
            "calendars.zone",
        ),
        (
            "DTSTART;TZID=Romance Standard Time:20270201T140000",
            "DTSTART:nonsense",
            "calendars.zone",
        ),
        ("DTSTART;TZID=Romance Standard", "DTSTART;TZID=Customized", "calendars.zone"),
    ],
)
def test_a_counter_proposal_without_a_time_that_is_known_is_told(
    old: str, new: str, code: str
) -> None:
    assert old in SUITE
    with pytest.raises(PeerError) as caught:
        read_answer(SUITE.replace(old, new, 1))
    assert caught.value.code == code


def test_rules_without_end_in_a_description_of_a_zone_cost_nothing() -> None:
    hostile = SUITE.replace("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=SECONDLY")
    assert read_answer(hostile).says == "counter"


@pytest.mark.parametrize("message", ["", "\x00", "BEGIN:VCALENDAR", "BEGIN:VCALENDAR\r\n:::"])
def test_what_is_no_message_at_all_is_told(message: str) -> None:
    with pytest.raises(PeerError) as caught:
        read_answer(message)
    assert caught.value.code in {"calendars.form", "calendars.method"}


@given(
    st.sampled_from([SUITE, WEB]),
    st.integers(0, 1000),
    st.integers(0, 60),
    st.text(alphabet='ABCDEFGTZ:;=,\\\r\n"0189-', max_size=20),
)
def test_a_damaged_message_is_read_or_told_and_nothing_else(
    message: str, at: int, cut: int, put: str
) -> None:
    with contextlib.suppress(PeerError):  # anything else fails the test
        read_answer(message[:at] + put + message[at + cut :])


def test_what_is_written_for_calendar_programs_says_what_the_meeting_is() -> None:
    text = write_calendar(
        "REQUEST",
        [
            Meeting(
                uid=UID,
                sequence=2,
                start=Instant.parse("2027-02-01T09:00:00Z"),
                end=Instant.parse("2027-02-01T11:00:00Z"),
                title="First talks; on charts\u00e9",
                place="Harbour House, Aldoria",
                words="1. Charts",
                settled=False,
                organizer="meetings@localhost",
                attendee="anna@aldoria.example",
            )
        ],
        name="Aldoria",
        at=Instant.parse("2027-01-01T08:00:00Z"),
    )
    lines = text.replace("\r\n ", "").split("\r\n")
    for line in (
        "METHOD:REQUEST",
        f"UID:{UID}",
        "SEQUENCE:2",
        "DTSTAMP:20270101T080000Z",
        "DTSTART:20270201T090000Z",
        "DTEND:20270201T110000Z",
        "SUMMARY:First talks\\; on charts\u00e9",
        "LOCATION:Harbour House\\, Aldoria",
        "STATUS:TENTATIVE",
        "ORGANIZER:mailto:meetings@localhost",
    ):
        assert line in lines
    assert any(
        line.startswith("ATTENDEE;") and line.endswith(":mailto:anna@aldoria.example")
        for line in lines
    )
