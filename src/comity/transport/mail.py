"""Handing a mail to the house's own relay. Source: RFC 5321; spec 10.5.5."""

import asyncio
import smtplib
import ssl
from typing import Final, Literal

import attrs

from comity.foundation.errors import RefusedError, UnavailableError

TIMEOUT_S: Final = 20.0
#: From here on an answer of a relay says that trying again helps nothing.
_FOR_GOOD: Final = 500


@attrs.frozen(kw_only=True)
class Relay:
    """Where mails are handed in, and how."""

    host: str
    port: int
    security: Literal["starttls", "tls", "plain"]


async def hand_in(relay: Relay, mail: bytes, *, sender: str, to: str) -> None:
    """Hand a mail in for one address.

    Raises:
        UnavailableError: ``mail.unreachable``: try again later.
        RefusedError: ``mail.refused``: the relay will not take it.
    """
    await asyncio.to_thread(_hand_in, relay, mail, sender=sender, to=to)


def _hand_in(relay: Relay, mail: bytes, *, sender: str, to: str) -> None:
    try:
        with _connected(relay) as smtp:
            smtp.sendmail(sender, [to], mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[to]
        raise _said(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _said(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnavailableError(
            "mail.unreachable", f"The mail relay {relay.host} does not take mail now: {error}."
        ) from error


def _connected(relay: Relay) -> smtplib.SMTP:
    if relay.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT_S, context=context)
    smtp = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT_S)
    if relay.security == "starttls":
        try:
            smtp.starttls(context=ssl.create_default_context())
        except BaseException:
            smtp.close()
            raise
    return smtp


def _said(code: int, words: bytes | str) -> RefusedError | UnavailableError:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    said = f"{code} {' '.join(text.split())[:200]}"
    if code >= _FOR_GOOD:
        return RefusedError("mail.refused", f"The mail relay does not take this mail: {said}")
    return UnavailableError("mail.unreachable", f"The mail relay does not take mail now: {said}")
