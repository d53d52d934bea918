"""The amendment of an authorisation: what its forms hold at first, and what it would change.

Source: agreements.md D2.8; spec 11.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows, text
from comity.web import proviso_words
from comity.web.authorisation_history import pending
from comity.web.sharing import all_rows
from comity.web.visit import Visit
from comity.web.wording import spaced

#: What the form of a decision holds where nothing was decided yet.
FRESH: Final[Mapping[str, object]] = {
    **dict.fromkeys(
        (
            *(
                "number",
                "decided",
                "assurance",
                "quantity",
                "starts",
                "ends",
                "value",
                "currency",
                "return_by",
            ),
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
    """Return what the form that asks for an amendment needs: prefilled with one that waits."""
    terms = one(found, "terms")
    wanted = one(found, "proposed") or terms
    kept = {text(each, "item") for each in rows(wanted, "items")}
    named = {text(each, "item"): each for of in (terms, wanted) for each in rows(of, "items")}
    known = [
        row
        for row in await all_rows(visit, "controls", "controls")
        if row["relationship"] == found["relationship"] and row["whose"] == found["exporter"]
    ]
    called = {str(row["item"]): item_name(visit, found, row) for row in known}
    titles = {text(each, "item"): item_name(visit, found, each) for each in rows(found, "items")}
    more = [
        (str(row["item"]), f"{item_name(visit, found, row)} ({row['code']})")
        for row in known
        if row["status"] == "controlled" and row["item"] not in named
    ]
    now = to_decide(found)
    return {
        "wanted": wanted,
        "waiting": pending(found),
        "limits": {name: now[name] for name in ("quantity", "unit", "starts", "ends")},
        "titles": {**called, **titles},
        "named": list(named.values()),
        "kept": set(visit.chosen("items")) if visit.form else kept,
        "more": more,
        "lines_of": lines_of,
    }


def to_correct(found: JsonObject) -> Mapping[str, object]:
    """Return what the form of a decision holds: of one that was entered already, all that it says.

    An amendment is decided under a number of its own: its form begins without one.
    """
    entered = one(found, "decision")
    return {**decided(found), **{name: entered.get(name, "") for name in ("number", "decided")}}


def to_decide(found: JsonObject) -> Mapping[str, object]:
    """Return what the form of the decision on an amendment holds: what counts, or is asked for."""
    asked_for = one(found, "asked_limits")
    wanted = {name: str(asked_for[name]) for name in _LIMITS if asked_for.get(name)}
    if "quantity" in wanted:
        wanted["unit"] = text(asked_for, "unit")
    return {**decided(found), **wanted}


def _limits(
    visit: Visit, now: Mapping[str, object], then: Mapping[str, object]
) -> dict[str, tuple[str, str]]:
    """Return by their words the limits of a decision, and those of another."""
    units = {"transfers": visit._("transfers"), "bytes": visit._("bytes")}

    def most(limits: Mapping[str, object]) -> str:
        return f"{limits['quantity']} {units[str(limits['unit'])]}" if limits["quantity"] else ""

    return {
        visit._("No more than so many"): (most(now), most(then)),
        visit._("Not before"): (str(now["starts"]), str(then["starts"])),
        visit._("Not after"): (str(now["ends"]), str(then["ends"])),
    }


def _conditions(
    visit: Visit, found: JsonObject, *, now: Mapping[str, object], then: Mapping[str, object]
) -> dict[str, tuple[str, str]]:
    """Return by their words what else a decision says, and another; of lines, those that differ."""
    yes = visit._("yes")
    how = {"return": visit._("to return"), "destroy": visit._("to destroy")}

    def worth(limits: Mapping[str, object]) -> str:
        return f"{limits['value']} {limits['currency']}".strip()

    def back(limits: Mapping[str, object]) -> str:
        return f"{limits['return_by']} ({how[str(limits['return_how'])]})"

    def named(limits: Mapping[str, object]) -> str:
        return proviso_words.parties(visit, str(limits["recipients"]).splitlines(), found)

    def lines(limits: Mapping[str, object], other: Mapping[str, object]) -> str:
        known = str(other["provisos"]).splitlines()
        return " ".join(each for each in str(limits["provisos"]).splitlines() if each not in known)

    return {
        visit._("No more than this value"): (worth(now), worth(then)),
        visit._("Back by"): (
            back(now) if now["return_by"] else "",
            back(then) if then["return_by"] else "",
        ),
        visit._("Only for these purposes"): (
            ", ".join(map(spaced, str(now["purposes"]).splitlines())),
            ", ".join(map(spaced, str(then["purposes"]).splitlines())),
        ),
        visit._("Only to these parties"): (named(now), named(then)),
        visit._("Not to be passed on"): (
            yes if now["no_onward"] else "",
            yes if then["no_onward"] else "",
        ),
        visit._("Provisos in words"): (lines(now, then), lines(then, now)),
        visit._("Assurance that is asked"): (str(now["assurance"]), str(then["assurance"])),
        visit._("A government must co-sign the assurance"): (
            yes if now["cosigned"] else "",
            yes if then["cosigned"] else "",
        ),
    }


def item_name(visit: Visit, found: JsonObject, item: Mapping[str, object]) -> str:
    """Return what people call an item that an authorisation covers; theirs may have no name yet."""
    if item.get("title"):
        return str(item["title"])
    if found["exporter"] == "us":
        return str(item["item"])
    return visit._("an item of theirs, not released yet")


def changes(visit: Visit, found: JsonObject) -> list[tuple[str, str, str]]:
    """Return what an amendment that waits would change: what it is, how it reads, would read."""
    now, then = one(found, "terms"), one(found, "proposed")
    if not then:
        return []
    said = {
        **_terms(visit, found, now=now, then=then),
        **_limits(visit, decided(found), to_decide(found)),
    }
    return _differing(visit, said)


def decided_changes(visit: Visit, found: JsonObject) -> list[tuple[str, str, str]]:
    """Return what the last amendment that was decided for changed: as ``changes``."""
    before, now = _two_last(found)
    if not before:
        return []
    limits, then = (decided({"decision": each["decision"]}) for each in (before, now))
    said = {
        **_terms(visit, found, now=one(before, "terms"), then=one(now, "terms")),
        **_limits(visit, limits, then),
        **_conditions(visit, found, now=limits, then=then),
    }
    return _differing(visit, said)


def _two_last(found: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Return the terms and the decision before the last amendment, and under it; else nothing."""
    before: JsonObject = {}
    now: JsonObject = {}
    asked_for: JsonObject = {}
    for each in rows(found, "acts"):
        if each["no_effect"] is not None:
            continue
        act = one(each, "act")
        match each["step"]:
            case "request" | "amend":
                asked_for = act
            case "approve":
                now = {"terms": asked_for, "decision": act}
            case "amend_approve":
                before, now = now, {"terms": asked_for, "decision": act}
            case _:
                pass
    return before, now


def _differing(visit: Visit, said: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    none = visit._("none")
    return [(label, old or none, new or none) for label, (old, new) in said.items() if old != new]


def _terms(
    visit: Visit, found: JsonObject, *, now: JsonObject, then: JsonObject
) -> dict[str, tuple[str, str]]:
    """Return by their words the terms that stand and those that would, or the ones before."""
    titles = {text(each, "item"): item_name(visit, found, each) for each in rows(found, "items")}

    def items(terms: JsonObject) -> str:
        named = rows(terms, "items")
        return ", ".join(
            titles.get(text(each, "item")) or item_name(visit, found, each) for each in named
        )

    return {
        visit._("What it is called"): (text(now, "title"), text(then, "title")),
        visit._("For which use"): (text(now, "use"), text(then, "use")),
        visit._("Items"): (items(now), items(then)),
        visit._("Classes of items"): (_classes(now, "classes"), _classes(then, "classes")),
        visit._("Classes that stay outside"): (
            _classes(now, "excluded"),
            _classes(then, "excluded"),
        ),
    }


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
        "classes": visit.lines("classes"),
        "excluded": visit.lines("excluded"),
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
