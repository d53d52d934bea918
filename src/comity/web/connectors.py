"""Registered connectors: who they are, what we offer them, what they offer us, and contracts.

A connector is the node of somebody without Comity, registered under an article of an agreement made
elsewhere. Its participant id may hold slashes, so addresses name it in the query. Source: issue 5,
7 and 9.
"""

import re
from collections.abc import Mapping
from typing import Final

from comity.foundation.errors import MisuseError
from comity.web.connector_words import about, past_of, state_of, turn_of, what_of
from comity.web.listing import Column, listing
from comity.web.roles import role_names
from comity.web.sharing import all_rows
from comity.web.sharing_words import Row
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

_SPLIT: Final = re.compile(r"[\n,;]")
_NAMES: Final = ("name", "base", "key", "pin", "agreement", "article", "area", "marking_max")
_LISTS: Final = ("origins", "kinds", "scale", "purposes")
#: A registration in which nothing was entered.
_BLANK: Final[Row] = {
    **dict.fromkeys(("connector", "onward", "until", *_NAMES), ""),
    **{name: [] for name in _LISTS},
}
#: How data can come to us: we fetch it, or they send it.
_PULL, _PUSH = "HttpData-PULL", "HttpData-PUSH"


async def _list(visit: Visit) -> Reply:
    rows = await all_rows(visit, "dataspace.connectors", "connectors")
    columns = [
        Column(title=visit._("Name"), value=lambda row: row["name"]),
        Column(title=visit._("Participant id"), value=lambda row: row["connector"]),
        Column(title=visit._("Agreement"), value=lambda row: row["agreement"]),
        Column(title=visit._("Permitted by"), value=lambda row: row["article"]),
        Column(title=visit._("State"), value=lambda row: standing(visit, row)[1]),
    ]
    found = listing(visit, rows, columns=columns, name="connectors")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "own": await visit.ask("dataspace.own"),
        "waiting": await all_rows(visit, "dataspace.proposals", "proposals"),
        "standing": lambda row: standing(visit, row),
    }
    return Html(template="connectors/list.html", context=context)


def standing(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the kind of badge and the words for how a registration stands."""
    if row["suspended"] is True:
        return "bad", visit._("suspended")
    return "good", visit._("open")


def may_register(visit: Visit) -> dict[str, object]:
    """Return who may register, release, suspend and withdraw: one role for all of them."""
    lacking = visit.node.allowed("dataspace.register", visit.person.roles)
    return {"may": not lacking, "lacking": role_names(visit.words, lacking)}


# --- registering ----------------------------------------------------------------------------------


async def _new(visit: Visit) -> Reply:
    context = {"known": _BLANK, "onward": onward_words(visit), **may_register(visit)}
    return Html(template="connectors/new.html", context=context)


def onward_words(visit: Visit) -> list[tuple[str, str]]:
    """Return whether a recipient may pass things on, as choices."""
    return [
        ("refused", visit._("not permitted")),
        ("consent", visit._("only with the sender's consent")),
        ("free", visit._("permitted")),
    ]


async def _register(visit: Visit) -> Reply:
    made = await visit.act(
        "dataspace.register",
        id=visit.form.get("id", "").strip(),
        **entered(visit),  # type: ignore[arg-type]  # no member is called like what act takes
    )
    return Goto(path=at("connectors", "proposals", str(made["proposal"])), notice=proposed(visit))


def entered(visit: Visit) -> dict[str, object]:
    """Return the members of a registration as they were typed."""
    told: dict[str, object] = {
        name: visit.form.get(name, "").strip() for name in (*_NAMES, "onward", "until")
    }
    return told | {name: _several(visit.form.get(name, "")) for name in _LISTS}


def proposed(visit: Visit) -> str:
    """Return what is said to whoever proposed."""
    return visit._("Proposed. It holds once another person has confirmed exactly this.")


def _several(text: str) -> list[str]:
    """Return what stands one below the other, or between commas."""
    return [word for part in _SPLIT.split(text) if (word := part.strip())]


# --- one of them ----------------------------------------------------------------------------------


def connector_of(visit: Visit) -> str:
    """Return which connector the address names."""
    of = visit.query.get("of", "")
    if not of:
        raise MisuseError("web.no_connector", "Choose a connector from the list first.")
    return of


async def _show(visit: Visit) -> Reply:
    found = await visit.see("dataspace.connector", connector=connector_of(visit))
    datasets = await all_rows(visit, "dataspace.datasets", "datasets")
    contracts = await all_rows(visit, "dataspace.contracts", "contracts")
    return Html(
        template="connectors/one.html",
        context={
            "found": found,
            "standing": standing(visit, found),
            "past_of": lambda row: past_of(visit, row),
            "offered": [row for row in datasets if is_to(row, str(found["connector"]))],
            "contracts": [row for row in contracts if row["counterpart"] == found["connector"]],
            **may_register(visit),
            **words(visit),
        },
    )


def is_to(row: Row, connector: str) -> bool:
    """Return whether a dataset of ours is released to a connector."""
    to = row["to"]
    return isinstance(to, list | tuple) and connector in to


def words(visit: Visit) -> dict[str, object]:
    """Return what templates word exchanges with."""
    return {
        "about": about,
        "state_of": lambda row: state_of(visit, row),
        "turn_of": lambda row: turn_of(visit, row),
        "what_of": lambda row: what_of(visit, row),
    }


async def _suspend(visit: Visit) -> Reply:
    stop = visit.form.get("suspended") == "yes"
    # No look at what else changed: who suspends must not be held up by an exchange that runs.
    done = await visit.act(
        "dataspace.suspend",
        connector=connector_of(visit),
        suspended=stop,
        reason=visit.form.get("reason", "").strip(),
    )
    notice = (
        visit._("Suspended: nothing crosses, and what ran is cut.")
        if stop
        else visit._("Resumed: the article permits again what it says.")
    )
    return Goto(path=at("connector", of=done["connector"]), notice=notice)


async def _catalogue(visit: Visit) -> Reply:
    """Ask the connector what it offers us at this moment."""
    found = await visit.ask("dataspace.connector", connector=connector_of(visit))
    answer = await visit.ask("dataspace.catalogue", connector=connector_of(visit))
    rows: list[Row] = [
        {"dataset": row["dataset"], "formats": row["formats"], **offer}
        for row in rows_of(answer, "datasets")
        for offer in rows_of(row, "offers")
    ]
    columns = [
        Column(title=visit._("Dataset"), value=lambda row: row["dataset"]),
        Column(title=visit._("Their offer"), value=lambda row: row["offer"]),
        Column(title=visit._("How it moves"), value=_formats),
        Column(title=visit._("Ask for it"), value=lambda _: ""),
    ]
    listed = listing(visit, rows, columns=columns, name="catalogue")
    if isinstance(listed, Plain):
        return listed
    return Html(
        template="connectors/catalogue.html",
        context={
            "found": found,
            "list": listed,
            "formats": _formats,
            "elsewhere": list(rows_of(answer, "elsewhere")),
            "may": not visit.node.allowed("dataspace.negotiate", visit.person.roles),
        },
    )


def _formats(row: Row) -> str:
    formats = row["formats"]
    return ", ".join(map(str, formats)) if isinstance(formats, list | tuple) else ""


async def _ask(visit: Visit) -> Reply:
    """Show the form that says what is asked for, in the registration's words."""
    found = await visit.ask("dataspace.connector", connector=connector_of(visit))
    choices = {name: _pairs(found[name]) for name in ("kinds", "scale", "purposes")}
    may = not visit.node.allowed("dataspace.negotiate", visit.person.roles)
    return Html(
        template="connectors/ask.html", context={"found": found, "choices": choices, "may": may}
    )


def _pairs(values: object) -> list[tuple[str, str]]:
    return [(str(one), str(one)) for one in values] if isinstance(values, list | tuple) else []


async def _negotiate(visit: Visit) -> Reply:
    def typed(name: str) -> str:
        return visit.form.get(name, "").strip()

    begun = await visit.act(
        "dataspace.negotiate",
        counterpart=connector_of(visit),
        dataset=typed("dataset"),
        offer=typed("offer"),
        kind=typed("kind"),
        marking=typed("marking"),
        purpose=typed("purpose"),
    )
    return Goto(
        path=at("exchanges", str(begun["exchange"])),
        notice=visit._("Asked for. The answer is theirs; this page shows it."),
    )


# --- what we offer --------------------------------------------------------------------------------


async def _offered(visit: Visit) -> Reply:
    names = {
        str(row["connector"]): str(row["name"])
        for row in await all_rows(visit, "dataspace.connectors", "connectors")
    }
    rows = await all_rows(visit, "dataspace.datasets", "datasets")

    def to(row: Row) -> str:
        told = row["to"]
        known = [names.get(str(one), str(one)) for one in told] if isinstance(told, list) else []
        return ", ".join(known) or visit._("withdrawn")

    columns = [
        Column(title=visit._("Title"), value=lambda row: row["title"]),
        Column(
            title=visit._("What it is"),
            value=lambda row: f"{row['kind']}, {row['marking']}, {row['purpose']}",
        ),
        Column(title=visit._("Released to"), value=to),
        Column(title=visit._("How it moves"), value=_formats),
        Column(title=visit._("Withdraw"), value=lambda _: ""),
    ]
    found = listing(visit, rows, columns=columns, name="offered-to-connectors")
    if isinstance(found, Plain):
        return found
    items = await all_rows(visit, "items", "items")
    return Html(
        template="connectors/offered.html",
        context={
            "list": found,
            "to": to,
            "formats": _formats,
            "connectors": sorted(names.items(), key=lambda one: one[1].casefold()),
            "items": [(str(row["id"]), _title(row)) for row in items],
            "known_items": {str(row["id"]) for row in items},
            **may_register(visit),
        },
    )


def _title(row: Row) -> str:
    note = row["note"]
    return str(note["title"]) if isinstance(note, Mapping) else str(row["id"])


async def _release(visit: Visit) -> Reply:
    item = visit.form.get("item", "")
    done = await visit.act(
        "dataspace.release",
        item=item,
        connector=visit.form.get("connector", ""),
        push=visit.form.get("push") == "yes",
    )
    notice = visit._(
        "Released under %(article)s. It stands in their catalogue now; nothing moves until they"
        " ask.",
        article=done["article"],
    )
    back = visit.form.get("back") == "item"
    return Goto(path=at("items", item) if back else at("connectors", "offered"), notice=notice)


async def _withdraw(visit: Visit) -> Reply:
    await visit.act("dataspace.withdraw", dataset=visit.form.get("dataset", ""))
    return Goto(
        path=at("connectors", "offered"),
        notice=visit._("Withdrawn: no connector sees it or gets it from now on."),
    )


# --- contracts ------------------------------------------------------------------------------------


async def _contracts(visit: Visit) -> Reply:
    rows = await all_rows(visit, "dataspace.contracts", "contracts")
    columns = [
        Column(title=visit._("What"), value=about),
        Column(title=visit._("With"), value=lambda row: row["name"]),
        Column(title=visit._("Which way"), value=lambda row: _way(visit, row)),
        Column(title=visit._("Agreed"), value=lambda row: row["agreed"]),
        Column(title=visit._("Contract"), value=lambda row: row["contract"]),
    ]
    found = listing(visit, rows, columns=columns, name="connector-contracts")
    if isinstance(found, Plain):
        return found
    return Html(
        template="connectors/contracts.html",
        context={
            "list": found,
            "way": lambda row: _way(visit, row),
            "about": about,
            "ways": lambda row: [
                (code, said)
                for code, said in (
                    (_PULL, visit._("Ask for the data")),
                    (_PUSH, visit._("Have it sent to us")),
                )
                if code in row["formats"]
            ],
            "may": not visit.node.allowed("dataspace.transfer", visit.person.roles),
        },
    )


def _way(visit: Visit, row: Row) -> str:
    return visit._("from us") if row["role"] == "provider" else visit._("to us")


async def _transfer(visit: Visit) -> Reply:
    begun = await visit.act(
        "dataspace.transfer",
        counterpart=visit.form.get("counterpart", ""),
        contract=visit.form.get("contract", ""),
        format=visit.form.get("format", _PULL),
    )
    return Goto(
        path=at("exchanges", str(begun["exchange"])),
        notice=visit._("Asked for. The answer is theirs; this page shows it."),
    )


PAGES: Final = (
    Page(method="GET", path="/connectors", work=_list, nav="share"),
    Page(method="GET", path="/connectors/new", work=_new, nav="share"),
    Page(method="POST", path="/connectors", work=_register, back="/connectors/new", nav="share"),
    Page(method="GET", path="/connector", work=_show, nav="share"),
    Page(method="POST", path="/connector/suspend", work=_suspend, back="/connector", nav="share"),
    Page(method="GET", path="/connector/catalogue", work=_catalogue, nav="share"),
    Page(method="GET", path="/connector/ask", work=_ask, nav="share"),
    Page(method="POST", path="/connector/ask", work=_negotiate, back="/connector/ask", nav="share"),
    Page(method="GET", path="/connectors/offered", work=_offered, nav="share"),
    Page(
        method="POST",
        path="/connectors/release",
        work=_release,
        back="/connectors/offered",
        nav="share",
    ),
    Page(
        method="POST",
        path="/connectors/withdraw",
        work=_withdraw,
        back="/connectors/offered",
        nav="share",
    ),
    Page(method="GET", path="/connectors/contracts", work=_contracts, nav="share"),
    Page(
        method="POST",
        path="/connectors/contracts",
        work=_transfer,
        back="/connectors/contracts",
        nav="share",
    ),
)
