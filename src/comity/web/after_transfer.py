"""What follows a transfer: asking to pass on what came, and looking at the use of what crossed.

Source: agreements.md D2.8; spec 11.6, 11.7.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from comity.foundation.errors import MisuseError
from comity.foundation.members import one, words
from comity.web import after_transfer_words as said
from comity.web.commitment_words import waits
from comity.web.commitments import grounds, may
from comity.web.listing import Column, listing
from comity.web.sharing import all_rows
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at

Row = Mapping[str, object]
_STATES: Final = ("all", "ours", "open", "ended")
#: So many received transfers a form offers, those received last first.
_OFFERED_MAX: Final = 200
_CONSENT_OVER: Final = frozenset({"withdrawn", "refused", "closed"})
_CHECK_OVER: Final = frozenset({"withdrawn", "favourable", "unfavourable", "inconclusive"})


def _in(visit: Visit) -> dict[str, object]:
    return {
        "consent_state": lambda row: said.consent_state(visit, row),
        "consent_steps": lambda step: said.consent_steps(visit, step),
        "check_state": lambda row: said.check_state(visit, row),
        "check_steps": lambda step: said.check_steps(visit, step),
        "waits": lambda row: waits(visit, row),
        "zone": str(visit.words.zone),
    }


def whose(visit: Visit, row: Row) -> str:
    """Return who asks, in words."""
    return visit._("we ask") if row["asked_by"] == "us" else visit._("they ask")


def _state(visit: Visit) -> str:
    chosen = visit.query.get("state", "all")
    return chosen if chosen in _STATES else "all"


def _those(found: Iterable[Row], state: str, *, over: frozenset[str]) -> list[Row]:
    """Return the rows of a tab, those that wait for us first, then the newest first."""

    def wanted(row: Row) -> bool:
        match state:
            case "ours":
                return row["waits_for"] in {"us", "both"}
            case "open":
                return row["status"] not in over
            case "ended":
                return row["status"] in over
            case _:
                return True

    rank = {"us": 0, "both": 1}
    kept = [row for row in found if wanted(row)]
    kept.reverse()
    return sorted(kept, key=lambda row: rank.get(str(row["waits_for"]), 2))


# --- consent to pass on ---------------------------------------------------------------------------


async def _consents(visit: Visit) -> Reply:
    state = _state(visit)
    found_rows = _those(
        await all_rows(visit, "retransfers", "retransfers"), state, over=_CONSENT_OVER
    )
    columns = [
        Column(title=visit._("To whom"), value=lambda row: row["third"]),
        Column(title=visit._("Item"), value=lambda row: row["item_title"] or row["item"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Who asks"), value=lambda row: whose(visit, row)),
        Column(title=visit._("State"), value=lambda row: said.consent_state(visit, row)[1]),
        Column(title=visit._("Days without answer"), value=lambda row: row["days_without_answer"]),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, found_rows, columns=columns, name="retransfers")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "state": state,
        "whose": lambda row: whose(visit, row),
        **_in(visit),
    }
    return Html(template="technology/retransfers.html", context=context)


async def _new_consent(visit: Visit) -> Reply:
    came = [
        row
        for row in await all_rows(visit, "transfers", "transfers")
        if row["role"] == "consumer" and row["moved"] is not None
    ]
    chosen = visit.typed("transfer")
    came.reverse()
    offered = [
        row
        for number, row in enumerate(came)
        if number < _OFFERED_MAX or row["shared_id"] == chosen
    ]
    known = any(row["shared_id"] == chosen for row in offered)
    came_by = await visit.ask("transfers.show", transfer=chosen) if known else {}
    context = {
        "rule": came_by.get("onward"),
        "transfers": [
            (
                str(row["shared_id"]),
                visit._(
                    "%(title)s, from %(name)s",
                    title=row["title"] or row["item"],
                    name=row["counterpart"],
                ),
            )
            for row in offered
        ],
        "under": next((_under(row) for row in offered if row["shared_id"] == chosen), ""),
        "grounds": await grounds(visit),
        **may(visit, "retransfers.request"),
    }
    return Html(template="technology/new_retransfer.html", context=context)


def _under(transfer: Row) -> str:
    """Return the article that a transfer came under, as the choice of a form."""
    terms, ruling = transfer["terms"], transfer["ruling"]
    if not isinstance(terms, Mapping) or not isinstance(ruling, Mapping):
        return ""
    return f"{terms['instrument']} {ruling['unit']}"


def _typed(visit: Visit, *names: str) -> dict[str, object]:
    return {name: visit.form.get(name, "").strip() for name in names}


async def _ask_consent(visit: Visit) -> Reply:
    instrument, _, unit = visit.form.get("grounds", "").strip().partition(" ")
    if not unit:
        raise MisuseError("web.no_grounds", "Choose the article in force that it stands on.")
    made = await visit.act(
        "retransfers.request",
        seen=None,
        upload=None,
        instrument=instrument,
        unit=unit,
        **_typed(visit, "transfer", "third", "use", "words"),
    )
    return Goto(
        path=at("retransfers", str(made["retransfer"])),
        notice=visit._("Asked. It does not go on before they consent; no answer is no consent."),
    )


async def _consent(visit: Visit) -> Reply:
    found = await visit.see("retransfers.show", retransfer=visit.at["retransfer"])
    can = set(words(found, "may"))
    context = {
        "found": found,
        "can": can,
        "who": {step: may(visit, f"retransfers.{step}") for step in can},
        "asks": whose(visit, found),
        "printed": str(await visit.node.now()),
        **_in(visit),
    }
    return Html(template="technology/retransfer.html", context=context)


#: By step, the members of its form.
_CONSENT: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("withdraw", "again"), ("words",)),
    "grant": ("words",),
    **dict.fromkeys(("refuse", "return", "close"), ("reason",)),
    "use": ("report",),
}


async def _on_consent(visit: Visit) -> Reply:
    name, step = visit.at["retransfer"], visit.at["step"]
    given = _typed(visit, *_members(_CONSENT, step))
    if step == "grant":
        given["provisos"] = visit.lines("provisos")
    seen = ("retransfers.show", {"retransfer": name})
    await visit.act(f"retransfers.{step}", seen=seen, upload=None, retransfer=name, **given)
    return Goto(path=at("retransfers", name), notice=said.consent_notice(visit, step))


def _members(table: Mapping[str, tuple[str, ...]], step: str) -> tuple[str, ...]:
    if step not in table:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    return table[step]


def _when(row: Row) -> object:
    arranged = row["arranged"]
    return arranged["at"] if isinstance(arranged, Mapping) else None


# --- end-use checks -------------------------------------------------------------------------------


async def _checks(visit: Visit) -> Reply:
    state = _state(visit)
    found_rows = _those(await all_rows(visit, "endchecks", "endchecks"), state, over=_CHECK_OVER)
    as_csv = visit.query.get("format") == "csv"
    columns = [
        Column(title=visit._("What is to be seen"), value=lambda row: row["title"]),
        Column(title=visit._("Authorisation"), value=lambda row: row["authorisation_title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Who asks"), value=lambda row: whose(visit, row)),
        Column(title=visit._("State"), value=lambda row: said.check_state(visit, row)[1]),
        Column(title=visit._("When (UTC)") if as_csv else visit._("When"), value=_when),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, found_rows, columns=columns, name="endchecks")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "state": state,
        "whose": lambda row: whose(visit, row),
        **_in(visit),
    }
    return Html(template="technology/endchecks.html", context=context)


async def _new_check(visit: Visit) -> Reply:
    known = await all_rows(visit, "authorisations", "authorisations")
    crossed = [row for row in known if row["used"]]
    context = {
        "authorisations": [
            (
                str(row["authorisation"]),
                visit._("%(title)s, with %(name)s", title=row["title"], name=row["counterpart"]),
            )
            for row in crossed
        ],
        **may(visit, "endchecks.request"),
    }
    return Html(template="technology/new_endcheck.html", context=context)


async def _ask_check(visit: Visit) -> Reply:
    made = await visit.act(
        "endchecks.request",
        seen=None,
        upload=None,
        **_typed(visit, "authorisation", "title", "what", "words"),
    )
    return Goto(
        path=at("endchecks", str(made["endcheck"])),
        notice=visit._("Asked for. Now both name the same time and place."),
    )


async def _check(visit: Visit) -> Reply:
    found = await visit.see("endchecks.show", endcheck=visit.at["endcheck"])
    can = set(words(found, "may"))
    asked = one(found, "asked") if "arrange" in can else {}
    context = {
        "found": found,
        "can": can,
        "who": {step: may(visit, f"endchecks.{step}") for step in can},
        "asks": whose(visit, found),
        "printed": str(await visit.node.now()),
        "named_by_them": one(asked, "them"),
        "named_by_us": one(asked, "us"),
        "results": said.results(visit),
        **_in(visit),
    }
    return Html(template="technology/endcheck.html", context=context)


#: By step, the members of its form.
_LOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    "withdraw": ("words",),
    "arrange": ("at", "place", "zone", "words"),
    "done": ("report",),
    "conclude": ("result", "report"),
    "follow_up": ("report",),
}


async def _on_check(visit: Visit) -> Reply:
    name, step = visit.at["endcheck"], visit.at["step"]
    given = _typed(visit, *_members(_LOOKS, step))
    if step == "arrange":
        given["zone"] = given["zone"] or "UTC"
    seen = ("endchecks.show", {"endcheck": name})
    made = await visit.act(f"endchecks.{step}", seen=seen, upload=None, endcheck=name, **given)
    return Goto(path=at("endchecks", name), notice=said.check_notice(visit, step, made))


def _pages() -> Iterable[Page]:
    for family, name, works in (
        ("retransfers", "retransfer", (_consents, _new_consent, _ask_consent, _consent)),
        ("endchecks", "endcheck", (_checks, _new_check, _ask_check, _check)),
    ):
        every, new, ask, show = works
        one_of = f"/{family}/{{{name}}}"
        yield Page(method="GET", path=f"/{family}", work=every, nav="coordination")
        yield Page(method="GET", path=f"/{family}/new", work=new, nav="coordination")
        yield Page(
            method="POST",
            path=f"/{family}",
            work=ask,
            back=f"/{family}/new",
            nav="coordination",
        )
        yield Page(method="GET", path=one_of, work=show, nav="coordination")
        yield Page(
            method="POST",
            path=one_of + "/{step}",
            work=_on_consent if name == "retransfer" else _on_check,
            back=one_of,
            nav="coordination",
        )


PAGES: Final = tuple(_pages())
