"""Provisos as a person enters them: words, and checks with words of their own beside them.

Source: spec 11.4.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from comity.api import technology as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.days import DAY, ZONES_BEHIND_S, due_of, first_second
from comity.technology.asked_limits import AskedLimits
from comity.technology.authorisation_acts import Against, Approve
from comity.technology.authorisations import Authorisation
from comity.technology.provisos import (
    Check,
    Dates,
    Money,
    NoOnward,
    Proviso,
    Purposes,
    Quantity,
    Recipients,
    ReturnBy,
    Unit,
    Value,
)

#: How far a clock somewhere is ahead of ours at most.
ZONES_AHEAD_S: Final = 14 * 3600


def provisos_of(request: asks.ApproveAuthorisation, *, names: Mapping[str, str]) -> list[Json]:
    """Return the provisos of a decision, the checked ones first.

    Args:
        request: What was entered.
        names: The parties by the names people call them.

    Raises:
        MisuseError: ``authorisations.unit``, ``authorisations.money``, ``days.*``.
    """
    checks = [Proviso(text=each.words, check=each) for each in _checks(request, names)]
    words = [Proviso(text=each.strip(), check=None) for each in request.provisos if each.strip()]
    return [json_of(each) for each in (*checks, *words)]


def check_recipients(provisos: list[Json], recipient: str) -> None:
    """Pass if the party that receives is among those that a decision lets receive.

    Raises:
        MisuseError: ``authorisations.recipients``.
    """
    for each in provisos:
        check = each.get("check") if isinstance(each, dict) else None
        parties = check.get("parties") if isinstance(check, dict) else None
        if isinstance(parties, list) and recipient not in parties:
            raise MisuseError(
                "authorisations.recipients",
                "The party that is to receive it is not among those you let receive it: nothing"
                " could ever cross. Name that party, or nobody.",
            )


def check_ends(provisos: list[Json], *, now: Instant) -> None:
    """Pass unless the period that a decision gives is over already.

    Raises:
        MisuseError: ``authorisations.period_over``.
    """
    for each in provisos:
        check = each.get("check") if isinstance(each, dict) else None
        ends = check.get("ends") if isinstance(check, dict) else None
        if isinstance(ends, str) and Instant.parse(ends) < now:
            raise MisuseError(
                "authorisations.period_over",
                f"The last day you gave, {ends[:10]}, has passed: nothing could ever cross. Give a"
                " later one, or none.",
            )


def check_number(
    known: Iterable[Authorisation], one: Authorisation, *, authority: str, number: str
) -> None:
    """Pass if an authority uses a number for one authorisation alone, as far as is known here.

    Raises:
        MisuseError: ``authorisations.number_used``.
    """
    wanted = (_folded(authority), _folded(number))
    for other in known:
        if other.id == one.id or other.review is None:
            continue
        entered = (other.review.case, *(each.number for each in _decisions(other)))
        if any((_folded(other.review.authority), _folded(each)) == wanted for each in entered):
            raise MisuseError(
                "authorisations.number_used",
                f"{authority[:60]} has used {number[:60]!r} already, for «{other.terms.title}»."
                " Look at the number; if it is right, say that it is used again.",
                {"authorisation": other.id},
            )


def _decisions(one: Authorisation) -> Iterator[Approve | Against]:
    yield from (each for each in (one.decision, one.against) if each is not None)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def asked_of(request: asks.AmendAuthorisation) -> AskedLimits:
    """Return the limits that an amendment asks for.

    Raises:
        MisuseError: ``authorisations.unit``, ``days.form``, ``authorisations.asked_dates``.
    """
    starts, ends = (_day(each.strip()) for each in (request.starts, request.ends))
    if starts and ends and ends < starts:
        raise MisuseError("authorisations.asked_dates", f"{ends} is before {starts}.")
    return AskedLimits(
        quantity=request.quantity or None,
        unit=_unit(request.unit),
        starts=starts or None,
        ends=ends or None,
    )


def check_changes(one: Authorisation, terms: JsonObject, *, asked: AskedLimits, words: str) -> None:
    """Pass if an amendment asks for anything that does not count already.

    Other provisos are asked for in words, so words alone ask for something.

    Args:
        one: What is to be amended.
        terms: The terms that are asked for.
        asked: The limits that are asked for.
        words: What else is said of it.

    Raises:
        MisuseError: ``authorisations.no_change``.
    """
    limits = one.limits
    most = limits.quantity
    kept = (
        asked.quantity is None
        or (most is not None and (most.amount, most.unit) == (asked.quantity, asked.unit)),
        asked.starts is None or str(limits.starts) == first_second(asked.starts, "UTC"),
        asked.ends is None or str(limits.ends) == due_of(asked.ends, "UTC").at,
    )
    if all(kept) and not words.strip() and terms == json_of(one.terms):
        raise MisuseError(
            "authorisations.no_change",
            "The amendment asks for what counts already: change what is to be different; which"
            " provisos are to be others is said in words.",
        )


def _day(given: str) -> str:
    """Return a day as it was written, once it is one; or nothing."""
    if given and not DAY.fullmatch(given):
        raise MisuseError("days.form", f"{given[:40]!r} is no day: write it as 2027-01-31.")
    if given:
        due_of(given, "UTC")
    return given


def check_decided(day: str, *, asked: Instant | None, now: Instant) -> None:
    """Pass if a decision is of no day that nowhere has begun yet, nor of one before its request.

    Args:
        day: The day of the decision.
        asked: Since when both hold what was asked for; None while they do not.
        now: This moment.

    Raises:
        MisuseError: ``authorisations.decided``, ``authorisations.decided_early``.
    """
    if _to_come(day, now=now):
        raise MisuseError(
            "authorisations.decided",
            f"{day[:20]} has not come yet: enter the day on which it was decided.",
        )
    first = "" if asked is None else str(asked.plus(-ZONES_BEHIND_S))[:10]
    if day[:4].isdecimal() and day < first:
        raise MisuseError(
            "authorisations.decided_early",
            f"The day of the decision, {day[:20]}, is before the request that it answers, of"
            f" {str(asked)[:10]} in UTC. Enter {first}, the earliest that this day is anywhere, or"
            " a later day.",
            {"first": first},
        )


def check_period(ends: str, *, now: Instant) -> None:
    """Pass if totals are not of a period whose last day nowhere has begun yet.

    Raises:
        MisuseError: ``authorisations.period_open``.
    """
    if _to_come(ends, now=now):
        raise MisuseError(
            "authorisations.period_open",
            f"The last day of the period, {ends[:20]}, has not come yet: report the totals of days"
            " that have, today at the latest.",
        )


def _to_come(day: str, *, now: Instant) -> bool:
    """Return whether a day has begun nowhere yet; what is no day is refused by its form."""
    return day[:4].isdecimal() and day > str(now.plus(ZONES_AHEAD_S))[:10]


def money_of(amount: str, currency: str) -> Money:
    """Return an amount as a person wrote it.

    Raises:
        MisuseError: ``authorisations.money``.
    """
    given = {"amount": amount.strip(), "currency": currency.strip().upper()}
    try:
        return msgspec.convert(given, Money)
    except msgspec.ValidationError as error:
        raise MisuseError(
            "authorisations.money",
            f"{amount[:30]!r} {currency[:5]!r} is no amount: write 1250 or 1250.00, and the"
            " currency in three letters, such as EUR.",
        ) from error


def _checks(request: asks.ApproveAuthorisation, names: Mapping[str, str]) -> Iterator[Check]:
    if request.recipients:
        yield Recipients(
            parties=[names.get(each.strip(), each.strip()) for each in request.recipients]
        )
    if request.purposes:
        yield Purposes(purposes=[each.strip() for each in request.purposes])
    if request.quantity:
        yield Quantity(amount=request.quantity, unit=_unit(request.unit))
    if request.value:
        yield Value(limit=money_of(request.value, request.currency))
    if request.starts or request.ends:
        zone = request.zone
        yield Dates(
            starts=first_second(request.starts, zone) if request.starts else None,
            ends=due_of(request.ends, zone).at if request.ends else None,
        )
    if request.no_onward:
        yield NoOnward()
    if request.return_by:
        yield ReturnBy(at=due_of(request.return_by, request.zone).at, how=request.return_how)


def _unit(given: str) -> Unit:
    match given.strip():
        case "transfers":
            return "transfers"
        case "bytes":
            return "bytes"
        case other:
            raise MisuseError(
                "authorisations.unit",
                f"Nobody can count {other[:40]!r} at both ends: a quantity is in transfers or in"
                " bytes. Write others as a proviso in words.",
            )


def classes_of(given: Sequence[str]) -> list[Json]:
    """Return classes written as LIST: CODE.

    Raises:
        MisuseError: ``authorisations.class``.
    """
    made: list[Json] = []
    for each in given:
        scheme, colon, code = each.partition(":")
        if not (colon and scheme.strip() and code.strip()):
            raise MisuseError(
                "authorisations.class", f"{each[:60]!r} is no class: write it as LIST: CODE."
            )
        made.append({"scheme": scheme.strip(), "code": code.strip()})
    return made
