"""What calendar programs read and write (iCalendar, RFC 5545; iTIP, RFC 5546), as our values.

We write REQUEST, COUNTER, CANCEL and feeds, all times in UTC. We read REPLY and COUNTER with one
event. What describes zones is taken away before parsing: its rules can be without end, and times
here are in UTC or in a zone of the data base. Rich texts beside the plain ones are passed over; a
plain text with markup in it is refused. Source: RFC 5546, 3.2; spec 10.5.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, Literal

import attrs
from icalendar import Calendar, Component, Event, vCalAddress, vText

from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.foundation.text import check_text

MESSAGE_BYTES_MAX: Final = 64 << 10
_PARTS_MAX: Final = 40
_TEXT_MAX: Final = 2000
_PRODUCT: Final = "-//Comity//Meetings//EN"
_ZONES: Final = re.compile(
    r"^BEGIN:VTIMEZONE[ \t]*\r?\n.*?^END:VTIMEZONE[ \t]*\r?\n",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_BEGIN: Final = re.compile(r"^BEGIN:", re.MULTILINE | re.IGNORECASE)
_MARKUP: Final = re.compile(r"<\s*[!/a-zA-Z][^>]*>")
_RECURS: Final = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")
#: What a broken message makes the parser raise.
_BROKEN: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)

Method = Literal["REQUEST", "COUNTER", "CANCEL", "PUBLISH"]
Says = Literal["accepted", "declined", "tentative", "counter"]


@attrs.frozen(kw_only=True)
class Meeting:
    """A meeting as calendar programs know one.

    Attributes:
        uid: Its identifier for them.
        sequence: How often its time was changed.
        start: When it begins.
        end: When it ends.
        title: What people call it.
        place: Where it is.
        words: A description.
        settled: Whether it stands; otherwise it is tentative.
        over: Whether it was cancelled.
        organizer: The mail address that answers go to.
        attendee: The mail address of whom it is for; empty in a feed.
        url: Where more of it stands; empty: nowhere.
    """

    uid: str
    sequence: int
    start: Instant
    end: Instant
    title: str
    place: str
    words: str
    settled: bool
    over: bool = False
    organizer: str = ""
    attendee: str = ""
    url: str = ""


@attrs.frozen(kw_only=True)
class Date:
    """Something that falls due: an instant or a day in a calendar, which takes up no time there.

    Attributes:
        uid: Its identifier for calendar programs.
        at: The instant.
        title: What people call it.
        words: A description.
        day: The day, where one was named: it is that day in whatever zone it is read.
    """

    uid: str
    at: Instant
    title: str
    words: str
    day: dt.date | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """What a calendar program answered: to which event, for whom, and what.

    ``start`` and ``end`` stand in a counter-proposal alone.
    """

    uid: str
    sequence: int
    attendee: str
    says: Says
    start: Instant | None
    end: Instant | None
    place: str
    comment: str


def write_calendar(
    method: Method,
    meetings: Iterable[Meeting],
    *,
    name: str,
    at: Instant,
    dates: Iterable[Date] = (),
) -> str:
    """Return a calendar, as a message or as a feed.

    Args:
        method: What the message asks for.
        meetings: One, or in a feed all of them.
        name: What a program calls the calendar.
        at: When it was written.
        dates: What falls due; in a feed, and in a file that answers nothing.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if method == "PUBLISH":
        calendar.add("x-wr-calname", name)
    for each in meetings:
        calendar.add_component(_event(each, at=at))
    for date in dates:
        calendar.add_component(_due(date, at=at))
    return bytes(calendar.to_ical()).decode()


def _event(meeting: Meeting, *, at: Instant) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at.datetime())
    event.add("dtstart", meeting.start.datetime())
    event.add("dtend", meeting.end.datetime())
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("description", meeting.words)
    if meeting.url:
        event.add("url", meeting.url)
    state = "CONFIRMED" if meeting.settled else "TENTATIVE"
    event.add("status", "CANCELLED" if meeting.over else state)
    if meeting.organizer:
        event.add("organizer", vCalAddress(f"mailto:{meeting.organizer}"))
    if meeting.attendee:
        attendee = vCalAddress(f"mailto:{meeting.attendee}")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    return event


def _due(date: Date, *, at: Instant) -> Event:
    event = Event()
    event.add("uid", date.uid)
    event.add("dtstamp", at.datetime())
    event.add("dtstart", date.day or date.at.datetime())
    event.add("summary", date.title)
    event.add("description", date.words)
    event.add("transp", "TRANSPARENT")
    return event


def read_answer(message: str) -> Answer:
    """Return what a calendar program answered.

    Raises:
        PeerError: ``calendars.size``: too long; ``calendars.form``: no message of a calendar, or a
            broken one; ``calendars.method``: it answers nothing; ``calendars.events``: not one
            event; ``calendars.recurrence``; ``calendars.markup``; ``calendars.zone``;
            ``calendars.attendee``: it answers for nobody, or for several; ``basics.*``.
    """
    event, method = _one_event(message)
    if any(name in event for name in _RECURS):
        raise PeerError(
            "calendars.recurrence",
            "This message repeats its event. A meeting here is one meeting: answer the one that"
            " was sent, without a rule of repetition.",
        )
    attendee, status = _attendee(event)
    counter = method == "COUNTER"
    says: dict[str, Says] = {
        "ACCEPTED": "accepted",
        "DECLINED": "declined",
        "TENTATIVE": "tentative",
    }
    if not counter and status not in says:
        raise PeerError("calendars.method", "This message accepts nothing and declines nothing.")
    return Answer(
        uid=_text(event, "UID"),
        sequence=_sequence(event),
        attendee=attendee,
        says="counter" if counter else says[status],
        start=_time(event, "DTSTART") if counter else None,
        end=_time(event, "DTEND") if counter else None,
        place=_text(event, "LOCATION") if counter else "",
        comment=_text(event, "COMMENT"),
    )


def _one_event(message: str) -> tuple[Component, str]:
    """Return the event of a message, and its method."""
    if len(message.encode(errors="replace")) > MESSAGE_BYTES_MAX:
        raise PeerError(
            "calendars.size",
            f"A message of a calendar program has at most {MESSAGE_BYTES_MAX >> 10} KiB; take"
            " attachments out of it.",
        )
    text = message.lstrip("\ufeff \r\n\t")
    if not text.upper().startswith("BEGIN:VCALENDAR") or len(_BEGIN.findall(text)) > _PARTS_MAX:
        raise PeerError(
            "calendars.form",
            "This is no message of a calendar program: such a file ends in .ics and begins with"
            " BEGIN:VCALENDAR.",
        )
    try:
        calendar = Calendar.from_ical(_ZONES.sub("", text))
        events = calendar.walk("VEVENT")
        method = str(calendar.get("METHOD", "")).strip().upper()
    except _BROKEN as error:
        raise PeerError("calendars.form", f"This message is broken: {str(error)[:200]}") from error
    if method not in {"REPLY", "COUNTER"}:
        raise PeerError(
            "calendars.method",
            f"This message is no answer (its method is {method[:20] or 'missing'!r}): an answer"
            " accepts, declines, or proposes another time.",
        )
    if len(events) != 1:
        raise PeerError(
            "calendars.events", f"An answer has one event; this message has {len(events)}."
        )
    return events[0], method


def _attendee(event: Component) -> tuple[str, str]:
    """Return whom an answer speaks for, and the status it gives."""
    found = event.get("ATTENDEE")
    if found is None or isinstance(found, list):
        raise PeerError(
            "calendars.attendee", "An answer speaks for one person; this one for none, or several."
        )
    address = str(found).strip().lower().removeprefix("mailto:")
    params = found.params if isinstance(found, vCalAddress) else {}
    return address, str(params.get("PARTSTAT", "")).upper()


def _sequence(event: Component) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (ValueError, TypeError) as error:
        raise PeerError("calendars.form", "The sequence number of this message is none.") from error


def _text(event: Component, name: str) -> str:
    found = event.get(name, "")
    text = str(found[0] if isinstance(found, list) and found else found).strip()
    text = text.replace("\r\n", "\n").replace("\t", " ")[:_TEXT_MAX]
    if _MARKUP.search(text):
        raise PeerError(
            "calendars.markup",
            f"The {name.lower()} of this message has markup (HTML) in it. Set the calendar program"
            " to answer in plain text.",
        )
    return check_text(text, what=f"the {name.lower()} of a calendar's message")


def _time(event: Component, name: str) -> Instant:
    try:
        value = getattr(event.get(name), "dt", None)
    except _BROKEN:
        value = None
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise PeerError(
            "calendars.zone",
            "The time in this message has no zone that is known here. Propose it in UTC, or in a"
            " zone such as Europe/Paris.",
        )
    try:
        return Instant(int(value.timestamp()))
    except (OverflowError, ValueError) as error:  # pragma: no cover - a zone could, none is known
        raise PeerError("calendars.form", "The time in this message is out of bounds.") from error
