"""Registrations of connectors that wait for a second person, and the form that changes one.

What is confirmed is what the page shows: the form carries its digest. Source: spec 9.1.7.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.web.connector_words import member_words
from comity.web.connectors import connector_of, entered, may_register, onward_words, proposed
from comity.web.roles import role_names
from comity.web.sharing_words import Row
from comity.web.visit import Goto, Html, Page, Reply, Visit, at


async def _change(visit: Visit) -> Reply:
    known = await visit.ask("dataspace.connector", connector=connector_of(visit))
    context = {"known": known, "onward": onward_words(visit), **may_register(visit)}
    return Html(template="connectors/change.html", context=context)


async def _propose(visit: Visit) -> Reply:
    made = await visit.act(
        "dataspace.change",
        connector=connector_of(visit),
        reason=visit.form.get("reason", "").strip(),
        **entered(visit),  # type: ignore[arg-type]  # no member is called like what act takes
    )
    return Goto(path=at("connectors", "proposals", str(made["proposal"])), notice=proposed(visit))


async def _show(visit: Visit) -> Reply:
    found = await visit.ask("dataspace.proposal", proposal=visit.at["proposal"])
    lacking = visit.node.allowed("dataspace.confirm", visit.person.roles)
    return Html(
        template="connectors/proposal.html",
        context={
            "found": found,
            "rows": list(_rows(visit, found)),
            "own": found["by"] == visit.person.id,
            "may": not lacking,
            "lacking": role_names(visit.words, lacking),
        },
    )


def _rows(visit: Visit, found: Row) -> Iterator[Row]:
    reads, before, differs = found["registration"], found["before"], found["differs"]
    for name, title in member_words(visit).items():
        yield {
            "title": title,
            "value": _value(reads, name),
            "before": _value(before, name),
            "differs": isinstance(differs, list | tuple) and name in differs,
        }


def _value(row: object, name: str) -> str:
    value = row.get(name) if isinstance(row, Mapping) else None
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value or "")


async def _confirm(visit: Visit) -> Reply:
    done = await visit.act(
        "dataspace.confirm",
        proposal=visit.at["proposal"],
        digest=visit.form.get("digest", ""),
    )
    notice = (
        visit._("The registration of %(name)s is changed.", name=done["name"])
        if done["changed"]
        else visit._(
            "%(name)s is registered. It sees nothing until you release something to it.",
            name=done["name"],
        )
    )
    return Goto(path=at("connector", of=done["connector"]), notice=notice)


async def _refuse(visit: Visit) -> Reply:
    await visit.act(
        "dataspace.refuse",
        proposal=visit.at["proposal"],
        reason=visit.form.get("reason", "").strip(),
    )
    return Goto(path="/connectors", notice=visit._("Refused: nothing of it holds."))


_ONE: Final = "/connectors/proposals/{proposal}"
PAGES: Final = (
    Page(method="GET", path="/connector/change", work=_change, nav="share"),
    Page(
        method="POST",
        path="/connector/change",
        work=_propose,
        back="/connector/change",
        nav="share",
    ),
    Page(method="GET", path=_ONE, work=_show, nav="share"),
    Page(method="POST", path=f"{_ONE}/confirm", work=_confirm, back=_ONE, nav="share"),
    Page(method="POST", path=f"{_ONE}/refuse", work=_refuse, back=_ONE, nav="share"),
)
