"""The words for provisos: what both gateways check, in the reader's language and by its days.

The sentence that was signed stands in English with instants; what a person wrote stands beside.
Source: spec 11.4.
"""

from collections.abc import Mapping

import msgspec

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, text, words
from comity.technology.provisos import Check
from comity.web.texts import parse_instant
from comity.web.visit import Visit
from comity.web.wording import spaced


def said(visit: Visit, proviso: JsonObject, found: JsonObject) -> tuple[str, str]:
    """Return a proviso as people read it, and the words of who decided beside it, if there are any.

    Args:
        visit: The visit.
        proviso: It, with its check or none.
        found: The authorisation of which it is.
    """
    check, written = one(proviso, "check"), text(proviso, "text")
    if not check:
        return written, ""
    own = written != msgspec.convert(check, Check).words
    return _checked(visit, check, found), written if own else ""


def _checked(visit: Visit, check: JsonObject, found: JsonObject) -> str:
    """Return what a check holds to, in words."""
    match check["kind"]:
        case "recipients":
            who = parties(visit, words(check, "parties"), found)
            said_so = visit._("Only to %(who)s.", who=who)
        case "purposes":
            what = ", ".join(map(spaced, words(check, "purposes")))
            said_so = visit._("Only for %(what)s.", what=what)
        case "quantity":
            said_so = visit._("No more than %(n)s in all.", n=quantity(visit, check))
        case "value":
            said_so = visit._("No more than %(n)s in all.", n=money(one(check, "limit")))
        case "dates":
            said_so = _period(visit, check)
        case "no_onward":
            said_so = visit._("Not to be passed on to others.")
        case _:
            said_so = back(visit, check)
    return said_so


def _period(visit: Visit, check: JsonObject) -> str:
    starts, ends = bound(visit, check.get("starts")), bound(visit, check.get("ends"))
    made = [visit._("Not before %(day)s.", day=starts)] if starts else []
    made += [visit._("Not after %(day)s.", day=ends)] if ends else []
    return " ".join(made) or visit._("At any time.")


def back(visit: Visit, check: JsonObject) -> str:
    """Return by when what came is to be returned or destroyed."""
    day = bound(visit, check.get("at"))
    if check.get("how") == "destroy":
        return visit._("To be destroyed by %(day)s.", day=day)
    return visit._("To be returned by %(day)s.", day=day)


def bound(visit: Visit, written: object) -> str:
    """Return the first or last instant of a period as people say it; empty: there is none."""
    at = parse_instant(written)
    return "" if at is None else visit.words.bound(at)


def quantity(visit: Visit, check: JsonObject) -> str:
    """Return so many transfers or bytes."""
    amount = check["amount"]
    assert isinstance(amount, int)  # the form of a check says so
    if check["unit"] == "bytes":
        return visit.words.size(amount)
    one_or_more = visit.words.ngettext("%(n)s transfer", "%(n)s transfers", amount)
    return one_or_more % {"n": visit.words.number(amount)}


def money(limit: Mapping[str, object]) -> str:
    """Return an amount with its currency."""
    return f"{limit['amount']} {limit['currency']}"


def parties(visit: Visit, named: list[str], found: JsonObject) -> str:
    """Return parties by what people call them: us, the counterpart, others as they are named."""
    terms = one(found, "terms")
    called = {
        text(terms, part): visit._("us") if found[part] == "us" else text(found, "counterpart")
        for part in ("exporter", "recipient")
    }
    return ", ".join(called.get(each, each) for each in named)
