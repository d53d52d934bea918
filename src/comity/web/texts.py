"""The words of the site in the reader's language, and times in the reader's zone.

The source language is English; every other language is one catalogue, ``locale/LANGUAGE.po``, read
at start (gettext's format, read by Babel). A text that a catalogue lacks is shown in English.
"""

import datetime as dt
import math
import re
import zoneinfo
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Final

import attrs
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from comity.foundation.instants import Instant

SOURCE: Final = "en"
#: The first and the last second of a day.
EDGES: Final = frozenset({dt.time(0, 0, 0), dt.time(23, 59, 59)})
#: Languages by code, each by its own name.
LANGUAGES: Final = {"en": "English", "fr": "Français"}
#: Written from right to left.
RIGHT_TO_LEFT: Final = frozenset({"ar", "he", "fa", "ur"})


def marked(text: str) -> str:
    """Return the text itself: marks it for the catalogues where it is said later."""
    return text


_SIZES: Final = (
    *(marked("%(n)s KiB"), marked("%(n)s MiB")),
    *(marked("%(n)s GiB"), marked("%(n)s TiB")),
)


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language."""
    if language == SOURCE or language not in LANGUAGES:
        return NullTranslations()
    source = resources.files("comity.web") / "locale" / f"{language}.po"
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def language_for(chosen: str, accepted: str) -> str:
    """Return the language to show.

    Args:
        chosen: What the person chose; empty: nothing.
        accepted: The browser's ``Accept-Language``.
    """
    if chosen in LANGUAGES:
        return chosen
    for wanted in accepted[:200].split(","):
        code = wanted.partition(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return SOURCE


def zone_for(*names: str) -> zoneinfo.ZoneInfo:
    """Return the first of the named time zones that there is, else UTC."""
    for name in names:
        if name and len(name) < 64:
            try:
                return zoneinfo.ZoneInfo(name)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return zoneinfo.ZoneInfo("UTC")


@cache
def zones() -> tuple[str, ...]:
    """Return the names of all time zones, for a choice."""
    return tuple(sorted(zoneinfo.available_timezones()))


def scaled(size: float) -> tuple[float, int]:
    """Return a number of bytes of 1024 and more in its unit, and which power of 1024 that is."""
    power = min(4, int(math.log(size, 1024)))
    return size / 1024**power, power


#: An instant as sentences of the node write it.
_INSTANT: Final = re.compile(
    r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\b", re.ASCII
)


@attrs.frozen(kw_only=True)
class Words:
    """How a reader is spoken to: the language and the time zone."""

    language: str
    zone: zoneinfo.ZoneInfo

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, for the page as a whole."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def gettext(self, text: str) -> str:
        """Return a text in the reader's language."""
        return str(catalogue(self.language).gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return the form of a text for a number."""
        return str(catalogue(self.language).ngettext(one, many, n))

    def say(self, text: str, **facts: object) -> str:
        """Return a text in the reader's language with ``%(name)s`` filled in."""
        said = self.gettext(text)
        return said % facts if facts else said

    def local(self, at: Instant) -> str:
        """Return date and time in the reader's zone, with the zone."""
        when = at.datetime()
        shown = format_datetime(
            when, self._pattern, tzinfo=self.zone, locale=Locale.parse(self.language)
        )
        return f"{shown} {when.astimezone(self.zone).tzname()}"

    def utc(self, at: Instant) -> str:
        """Return date and time in UTC, or an empty text where that is the reader's zone."""
        when = at.datetime()
        if when.astimezone(self.zone).utcoffset() == dt.timedelta(0):
            return ""
        shown = format_datetime(
            when, self._pattern, tzinfo=dt.UTC, locale=Locale.parse(self.language)
        )
        return f"{shown} UTC"

    def there(self, at: Instant, zone: str) -> str:
        """Return the time in another zone, with its date where that is another day there.

        Args:
            at: When.
            zone: Name of that zone.

        Returns:
            Empty where the clocks of that zone show what the reader's show, or nobody knows it.
        """
        where = zone_for(zone)
        here, shown = at.datetime().astimezone(self.zone), at.datetime().astimezone(where)
        if where.key != zone or here.utcoffset() == shown.utcoffset():
            return ""
        pattern = "HH:mm" if here.date() == shown.date() else self._pattern
        return str(
            format_datetime(shown, pattern, tzinfo=where, locale=Locale.parse(self.language))
        )

    def timed(self, text: str) -> str:
        """Return a sentence whose instants stand in the reader's zone."""
        return _INSTANT.sub(lambda found: self._timed(found[0]), text)

    def bounds(self, text: str) -> str:
        """Return a sentence whose instants bound a period, each as ``bound``."""
        return _INSTANT.sub(lambda found: self._bounded(found[0]), text)

    def _bounded(self, written: str) -> str:
        at = parse_instant(written)
        return written if at is None else self.bound(at)

    def _timed(self, written: str) -> str:
        at = parse_instant(written)
        return written if at is None else self.local(at)

    def day(self, at: Instant) -> str:
        """Return the date in the reader's zone."""
        when = at.datetime().astimezone(self.zone)
        return str(format_date(when.date(), "d MMM y", locale=Locale.parse(self.language)))

    def bound(self, at: Instant) -> str:
        """Return the first or last instant of a period: a day alone where a day was meant.

        Days are entered as days and kept as their first or last second in UTC.
        """
        when = at.datetime()
        if when.time() not in EDGES:
            return self.local(at)
        return str(format_date(when.date(), "d MMM y", locale=Locale.parse(self.language)))

    def size(self, size: float) -> str:
        """Return a number of bytes as the reader writes it: ``41.8 KiB``."""
        if size < 1024:
            return self.ngettext("%(n)s byte", "%(n)s bytes", int(size)) % {"n": int(size)}
        count, power = scaled(size)
        shown = format_decimal(count, format="0.0", locale=Locale.parse(self.language))
        return self.say(_SIZES[power - 1], n=shown)

    def number(self, value: float) -> str:
        """Return a number as the reader writes it."""
        return str(format_decimal(value, locale=Locale.parse(self.language)))

    _pattern: str = attrs.field(default="d MMM y, HH:mm", init=False)


def parse_instant(text: object) -> Instant | None:
    """Return the instant an answer wrote, or None for anything else."""
    if not isinstance(text, str) or not text.endswith("Z"):
        return None
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return Instant(int(when.timestamp()))
