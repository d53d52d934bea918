"""The amendment of an authorisation: what its forms hold at first, and what it would change.

Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows, text
from comity.web.sharing import all_rows
from comity.web.visit import Visit

#: What the form of a decision holds where nothing was decided yet.
FRESH: Final[Mapping[str, object]] = {
    **dict.fromkeys(
        (
            *("assurance", "quantity", "starts", "ends", "value", "currency", "return_by"),
            *("purposes", "recipients", "provisos"),
        ),
        "",
    ),
    "cosigned": False,
    "no_onward": False,
    "unit": "transfers",
    "return_how": "return",
}
_LIMITS: Final = ("quantity", "starts", "ends")
_BEGIN: Final = "T00:00:00Z"
_END: Final = "T23:59:59Z"


def decided(found: JsonObject) -> Mapping[str, object]:
    """Return what the form of another decision holds at first: what counts now."""
    decision = one(found, "decision")
    if not decision:
        return FRESH
    made: dict[str, object] = {
        **FRESH,
        "assurance": text(decision, "assurance"),
        "cosigned": decision.get("cosigned") is True,
    }
    in_words: list[str] = []
    for proviso in rows(decision, "provisos"):
        check = one(proviso, "check")
        if check:
            made |= _checked(check)
        else:
            in_words.append(" ".join(text(proviso, "text").split()))
    return {**made, "provisos": "\n".join(in_words)}


def _checked(check: JsonObject) -> Mapping[str, object]:
    """Return the fields that say a check."""
    made: dict[str, object] = {}
    match check.get("kind"):
        case "quantity":
            made = {"quantity": str(check["amount"]), "unit": text(check, "unit")}
        case "value":
            limit = one(check, "limit")
            made = {"value": text(limit, "amount"), "currency": text(limit, "currency")}
        case "dates":
            starts, ends = text(check, "starts"), text(check, "ends")
            made = {"starts": starts.removesuffix(_BEGIN), "ends": ends.removesuffix(_END)}
        case "return_by":
            when = text(check, "at").removesuffix(_END)
            made = {"return_by": when, "return_how": text(check, "how")}
        case "recipients":
            made = {"recipients": _joined(check, "parties")}
        case "purposes":
            made = {"purposes": _joined(check, "purposes")}
        case "no_onward":
            made = {"no_onward": True}
        case _:
            pass  # a check that this page cannot enter stands in its words alone
    return made


def _joined(check: JsonObject, name: str) -> str:
    members = check.get(name)
    return "\n".join(str(each) for each in members) if isinstance(members, Sequence) else ""


def lines_of(classes: Sequence[JsonObject]) -> str:
    """Return classes as a person writes them, one on a line."""
    return "\n".join(f"{each['scheme']}: {each['code']}" for each in classes)


async def asked_form(visit: Visit, found: JsonObject) -> dict[str, object]:
    """Return what the form that asks for an amendment needs."""
    terms = one(found, "terms")
    named = {text(each, "item") for each in rows(terms, "items")}
    titles = {text(each, "item"): text(each, "title") for each in rows(found, "items")}
    known = await all_rows(visit, "controls", "controls")
    more = [
        (str(row["item"]), f"{row['title'] or row['item']} ({row['code']})")
        for row in known
        if row["relationship"] == found["relationship"]
        and row["whose"] == found["exporter"]
        and row["status"] == "controlled"
        and row["item"] not in named
    ]
    now = decided(found)
    return {
        "terms": terms,
        "limits": {name: now[name] for name in ("quantity", "unit", "starts", "ends")},
        "titles": titles,
        "kept": set(visit.chosen("items")) if visit.form else named,
        "more": more,
        "lines_of": lines_of,
    }


def to_decide(found: JsonObject) -> Mapping[str, object]:
    """Return what the form of the decision on an amendment holds: what counts, or is asked for."""
    asked_for = one(found, "asked_limits")
    wanted = {name: str(asked_for[name]) for name in _LIMITS if asked_for.get(name)}
    if "quantity" in wanted:
        wanted["unit"] = text(asked_for, "unit")
    return {**decided(found), **wanted}


def _limits(visit: Visit, found: JsonObject) -> dict[str, tuple[str, str]]:
    """Return by their words the limits that count and those that an amendment asks for."""
    now, then = decided(found), to_decide(found)
    units = {"transfers": visit._("transfers"), "bytes": visit._("bytes")}

    def most(limits: Mapping[str, object]) -> str:
        return f"{limits['quantity']} {units[str(limits['unit'])]}" if limits["quantity"] else ""

    return {
        visit._("No more than so many"): (most(now), most(then)),
        visit._("Not before"): (str(now["starts"]), str(then["starts"])),
        visit._("Not after"): (str(now["ends"]), str(then["ends"])),
    }


def changes(visit: Visit, found: JsonObject) -> list[tuple[str, str, str]]:
    """Return what an amendment that waits would change: what it is, how it reads, would read."""
    now, then = one(found, "terms"), one(found, "proposed")
    if not then:
        return []
    titles = {text(each, "item"): text(each, "title") for each in rows(found, "items")}

    def items(terms: JsonObject) -> str:
        named = [text(each, "item") for each in rows(terms, "items")]
        return ", ".join(titles.get(each) or each for each in named)

    said = {
        visit._("What it is called"): (text(now, "title"), text(then, "title")),
        visit._("For which use"): (text(now, "use"), text(then, "use")),
        visit._("Items"): (items(now), items(then)),
        visit._("Classes of items"): (_classes(now, "classes"), _classes(then, "classes")),
        visit._("Classes that stay outside"): (
            _classes(now, "excluded"),
            _classes(then, "excluded"),
        ),
        **_limits(visit, found),
    }
    none = visit._("none")
    return [(label, old or none, new or none) for label, (old, new) in said.items() if old != new]


def _classes(terms: JsonObject, name: str) -> str:
    return ", ".join(lines_of(rows(terms, name)).splitlines())


def asked(visit: Visit, found: JsonObject) -> dict[str, object]:
    """Return the members of an amendment as its form was filled in: the whole of it."""
    terms = one(found, "terms")
    items = [*visit.chosen("items"), visit.form.get("item", "").strip()]
    members = terms.get("members")
    return {
        **{name: visit.form.get(name, "").strip() for name in ("title", "use", "words")},
        "items": [each for each in items if each],
        "classes": _lines(visit, "classes"),
        "excluded": _lines(visit, "excluded"),
        "members": list(members) if isinstance(members, Sequence) else [],
        "whole": True,
        **_asked_limits(visit, found),
    }


def _asked_limits(visit: Visit, found: JsonObject) -> dict[str, object]:
    """Return the limits that the form asks for: those that differ from what counts.

    Raises:
        MisuseError: ``web.quantity``.
    """
    now = decided(found)
    given = {name: visit.form.get(name, "").strip() for name in (*_LIMITS, "unit")}
    quantity = whole_number(given["quantity"])
    made: dict[str, object] = {
        name: given[name] for name in ("starts", "ends") if given[name] != now[name]
    }
    if given["quantity"] and (given["quantity"], given["unit"]) != (now["quantity"], now["unit"]):
        made |= {"quantity": quantity, "unit": given["unit"]}
    return made


def whole_number(given: str) -> int:
    """Return a quantity as a person wrote it; 0 where nothing is.

    Raises:
        MisuseError: ``web.quantity``.
    """
    whole = given.isascii() and given.isdigit() and len(given) < 16
    if given and not (whole and int(given)):
        raise MisuseError(
            "web.quantity", "A quantity is a whole number from 1 on; leave it empty for no limit."
        )
    return int(given or "0")


def _lines(visit: Visit, name: str) -> list[str]:
    lines = visit.form.get(name, "").splitlines()
    return [line.strip() for line in lines if line.strip()]
