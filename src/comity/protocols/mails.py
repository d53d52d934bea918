"""A mail with a message for a calendar program (RFC 5322, RFC 6047): bytes, sent by others.

Source: RFC 6047, 2; spec 10.5.5.
"""

import email.policy
from email.message import EmailMessage
from email.utils import format_datetime

import attrs

from comity.foundation.instants import Instant


@attrs.frozen(kw_only=True)
class CalendarMail:
    """What a mail with a calendar message says.

    Attributes:
        sender: Whose address stands as the author.
        to: The one address it goes to.
        subject: What the meeting is called.
        calendar: The message, as ``calendars`` writes it.
        method: Its method.
        mark: What makes its identifier: the same mail again has the same.
        at: When it is written.
    """

    sender: str
    to: str
    subject: str
    calendar: str
    method: str
    mark: str
    at: Instant


def write_mail(said: CalendarMail) -> bytes:
    """Return the bytes of a mail that carries a calendar message and says in words what it is."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"] = said.sender, said.to
    mail["Subject"] = " ".join(said.subject.split())
    mail["Date"] = format_datetime(said.at.datetime())
    mail["Message-ID"] = f"<{said.mark}@{said.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"{said.subject}\n\nYour calendar program shows this meeting. Save the answer that it"
        " writes as a file and\nhand it in on the officials' site: nothing follows from an answer"
        " by mail.\n"
    )
    mail.add_alternative(
        said.calendar.encode(),
        maintype="text",
        subtype="calendar",
        params={"method": said.method, "charset": "utf-8"},
        cte="base64",
    )
    return mail.as_bytes()
