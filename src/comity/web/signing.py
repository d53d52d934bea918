"""The way from a clean text to force: how far it is, who must do what next, and each act's form.

The acts themselves are operations; what needs a personal signature leads to the page of its request
(``requests``). Source: agreements.md D2.1, D6 (journeys 4 and 12); docs/concepts/windows.md.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import number, one, rows, text, words
from comity.web.signing_words import ACTS, NEXT, OPERATIONS, OUTCOMES, STEPS, WHO, WHY_NOT
from comity.web.visit import Goto, Html, Page, Reply, Visit, at

_CONCLUDE: Final = "/agreements/{instrument}/conclude"
_SUSPEND: Final = "/agreements/{instrument}/suspend"
_SEEN: Final = "agreements.conclusion"
#: Acts that need no more than a yes; those of the second row want a reason.
_PLAIN: Final = ("talk", "adopt", "initial", "clear", "ready", "sign", "resume")
_REASONED: Final = ("reopen", "abandon")


async def _show(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    found = await visit.see(_SEEN, instrument=name)
    now = await visit.node.now()
    return Html(
        template="signing/conclude.html",
        context={
            "found": found,
            "name": name,
            "steps": [_step(visit, each) for each in rows(found, "steps")],
            "next": [_next(visit, each) for each in rows(found, "next")],
            "acts": [_act(visit, each) for each in rows(found, "acts")],
            "attempts": [_attempt(visit, each) for each in rows(found, "attempts")],
            "requests": [_request(visit, each) for each in rows(found, "requests")],
            "opens": _local(visit, now.plus(60)),
            "closes": _local(visit, now.plus(3 * 86_400)),
            "signers": _signers(found),
            "history": await visit.ask("history", kind="instrument", object=name),
            "staged": await _staged(visit, name),
        },
    )


async def _staged(visit: Visit, name: str) -> int:
    """Return how many answers of ours lie in the tray, not sent yet."""
    found = await visit.ask("agreements.staged", instrument=name)
    return number(found, "staged")


def _step(visit: Visit, step: JsonObject) -> Mapping[str, object]:
    return {**step, "said": visit._(STEPS.get(text(step, "step"), text(step, "step")))}


def _next(visit: Visit, each: JsonObject) -> Mapping[str, object]:
    return {
        "who": visit._(WHO.get(text(each, "who"), text(each, "who"))),
        "what": visit._(NEXT.get(text(each, "code"), text(each, "code"))),
        "name": text(each, "name"),
        "until": text(each, "until"),
        "ours": each.get("who") in {"ours", "both"},
    }


def _act(visit: Visit, act: JsonObject) -> Mapping[str, object]:
    code = text(act, "act").removeprefix("agreements.")
    label, authority, effect, evidence = (visit._(each) for each in ACTS[code])
    return {
        **act,
        "code": code,
        "label": label,
        "authority": authority,
        "effect": effect,
        "evidence": evidence,
        "why_not": visit._(WHY_NOT.get(text(act, "code"), text(act, "code"))),
        "may": visit.has(*words(act, "roles")),
        "plain": code in _PLAIN,
        "reasoned": code in _REASONED,
    }


def _attempt(visit: Visit, attempt: JsonObject) -> Mapping[str, object]:
    kind, word, why = OUTCOMES.get(
        text(attempt, "outcome"), ("plain", text(attempt, "outcome"), "")
    )
    return {**attempt, "badge": (kind, visit._(word)), "why": visit._(why) if why else ""}


def _request(visit: Visit, request: JsonObject) -> Mapping[str, object]:
    operation = text(request, "operation")
    return {**request, "what": visit._(OPERATIONS.get(operation, operation))}


def _signers(found: JsonObject) -> list[JsonObject]:
    """Return the officials of ours who could sign, to choose from for a window."""
    sign = next((one for one in rows(found, "acts") if one["act"] == "agreements.sign"), {})
    return rows(sign, "people")


def _local(visit: Visit, instant: Instant) -> str:
    """Return an instant as an input of date and time takes it, in the reader's zone."""
    return instant.datetime().astimezone(visit.words.zone).strftime("%Y-%m-%dT%H:%M")


def chosen_instant(visit: Visit, name: str, what: str) -> str:
    """Return the instant that a person chose in their own zone, in UTC.

    Raises:
        MisuseError: ``web.when``: nothing, no time, or one that the clocks jump over.
    """
    typed = visit.form.get(name, visit.query.get(name, "")).strip()
    try:
        wall = dt.datetime.fromisoformat(typed).replace(tzinfo=None, microsecond=0)
        at_zone = wall.replace(tzinfo=visit.words.zone)
        utc = at_zone.astimezone(dt.UTC)
        there = utc.astimezone(visit.words.zone).replace(tzinfo=None) == wall
        made = Instant(int(utc.timestamp()))
    except (ValueError, OverflowError):
        there, made = False, None
    if not there or made is None:
        found = typed[:40] or visit._("nothing")
        raise MisuseError(
            "web.when",
            f"{what}: choose a date and a time that there is in {visit.words.zone.key}; found"
            f" {found}.",
            {"what": what, "zone": visit.words.zone.key, "typed": found},
        )
    return str(made)


async def _done(visit: Visit) -> Reply:
    """Do one of the acts that need no more than a yes, or a reason."""
    act, name = visit.at["act"], visit.at["instrument"]
    if act not in (*_PLAIN, *_REASONED):
        raise MisuseError("web.act", "There is no such act.")
    seen = (_SEEN, {"instrument": name})
    if act in _REASONED:
        reason = visit.form.get("reason", "").strip()
        if not reason:
            raise MisuseError("web.reason", "Say why: the reason goes into the record.")
        made = await visit.act(f"agreements.{act}", seen=seen, instrument=name, reason=reason)
    else:
        made = await visit.act(f"agreements.{act}", seen=seen, instrument=name)
    return _after(visit, made, label=visit._(ACTS[act][0]))


async def _window(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    made = await visit.act(
        "agreements.window",
        seen=(_SEEN, {"instrument": name}),
        instrument=name,
        opens=chosen_instant(visit, "opens", visit._("The window opens")),
        closes=chosen_instant(visit, "closes", visit._("The window closes")),
        signatories=list(visit.chosen("signatory")),
    )
    return _after(visit, made, label=visit._(ACTS["window"][0]))


def _after(visit: Visit, made: JsonObject, *, label: str) -> Goto:
    """Go to the request that waits for a signature, or back to the way."""
    if "request" in made:
        said = visit._("Nothing binding has happened yet: the request waits for the signature.")
        return Goto(path=at("requests", text(made, "request")), notice=said)
    held = made.get("held_by_counterpart")
    said = visit._("Done: %(act)s.", act=label)
    if held is True:
        said += " " + visit._("The counterpart holds it.")
    elif held is False:
        said += " " + visit._("It reaches the counterpart as soon as its node can be reached.")
    return Goto(path=at("agreements", visit.at["instrument"], "conclude"), notice=said)


async def _suspension(visit: Visit) -> Reply:
    """Show what a suspension would stop, before anybody asks for it."""
    name = visit.at["instrument"]
    found = await visit.see(_SEEN, instrument=name)
    whole = await visit.ask("agreements.suspend_preview", instrument=name)
    articles = sorted({label for area in rows(whole, "areas") for label in words(area, "articles")})
    units = _units(visit)
    preview = None
    if "look" in visit.query or visit.form:
        preview = await _preview(visit, name, units)
    return Html(
        template="signing/suspend.html",
        context={
            "found": found,
            "name": name,
            "clause": one(found, "suspension_clause") or None,
            "articles": articles,
            "units": units,
            "preview": preview,
            "act": next(
                _act(visit, each)
                for each in rows(found, "acts")
                if each["act"] == "agreements.suspend"
            ),
        },
    )


def _units(visit: Visit) -> list[str]:
    """Return the units that were named: ticked, or typed with commas between them."""
    typed = visit.typed("more").replace("\n", ",").split(",")
    named = [*visit.chosen("unit"), *(each.strip() for each in typed)]
    return list(dict.fromkeys(each for each in named if each))


async def _preview(visit: Visit, name: str, units: list[str]) -> JsonObject:
    until = chosen_instant(visit, "until", visit._("Its end")) if visit.typed("until") else ""
    return await visit.ask("agreements.suspend_preview", instrument=name, units=units, until=until)


async def _suspend(visit: Visit) -> Reply:
    name = visit.at["instrument"]
    until = chosen_instant(visit, "until", visit._("Its end")) if visit.typed("until") else ""
    made = await visit.act(
        "agreements.suspend",
        seen=(_SEEN, {"instrument": name}),
        instrument=name,
        units=_units(visit),
        until=until,
    )
    return _after(visit, made, label=visit._(ACTS["suspend"][0]))


PAGES: Final = (
    Page(method="GET", path=_CONCLUDE, work=_show, nav="agreements"),
    Page(method="POST", path=_CONCLUDE + "/window", work=_window, back=_CONCLUDE, nav="agreements"),
    Page(method="POST", path=_CONCLUDE + "/{act}", work=_done, back=_CONCLUDE, nav="agreements"),
    Page(method="GET", path=_SUSPEND, work=_suspension, nav="agreements"),
    Page(method="POST", path=_SUSPEND, work=_suspend, back=_SUSPEND, nav="agreements"),
)
