"""Dates as people type them: a day, an instant, or so much from now."""

import re
from typing import Final

import click

from comity.foundation.errors import ComityError
from comity.foundation.instants import Instant

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LATER: Final = re.compile(r"\+(\d{1,7})([smhdw])", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _from_now(given: str) -> str | None:
    later = _LATER.fullmatch(given)
    if later is None:
        return None
    from comity.node.clock import SystemClock  # noqa: PLC0415 - the one clock

    return str(SystemClock().now().plus(int(later[1]) * _SECONDS[later[2]]))


class _Date(click.ParamType[str, str]):
    """Turns what was typed into ``YYYY-MM-DDTHH:MM:SSZ``; a day means its last second."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the instant as the node takes it."""
        given = value.strip()
        later = _from_now(given)
        if later is not None:
            return later
        try:
            return str(Instant.parse(f"{given}T23:59:59Z" if _DAY.fullmatch(given) else given))
        except ComityError:
            self.fail(
                f"{given[:40]!r} is no date. Write 2028-01-31 (the end of that day, UTC),"
                " 2028-01-31T12:00:00Z, or +3d, +12h, +30m, +0s from now.",
                param,
                ctx,
            )


class _Due(click.ParamType[str, str]):
    """Turns so much from now into an instant; a day stays a day: its zone says when it ends."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the day or the instant as the node takes it; the node says what is no date."""
        del param, ctx
        return _from_now(value.strip()) or value.strip()


INSTANT: Final = _Date()
DUE: Final = _Due()
