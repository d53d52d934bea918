"""The playbook: its rules as sentences, its text, what it would do now, and switching it on.

Trying a text changes nothing, so that its form shows a page instead of going on. Source: issue 5,
4 and 9.
"""

from typing import Final

from comity.web.connector_words import about, do_words, rule_sentence, state_of, what_of
from comity.web.roles import role_names
from comity.web.sharing import all_rows
from comity.web.sharing_words import Row
from comity.web.visit import Goto, Html, Page, Reply, Visit, at, rows_of

TEXT_BYTES_MAX: Final = 4 << 20


async def _show(visit: Visit) -> Reply:
    return await _page(visit, would=None)


async def _try(visit: Visit) -> Reply:
    answer = await visit.ask("dataspace.simulate", rules=visit.form.get("rules", ""))
    exchanges = {
        str(row["exchange"]): row
        for row in await all_rows(visit, "dataspace.exchanges", "exchanges", state="open")
    }
    would: list[Row] = [
        {**exchanges.get(str(row["exchange"]), {}), **row} for row in rows_of(answer, "would")
    ]
    return await _page(visit, would=would)


async def _page(visit: Visit, *, would: list[Row] | None) -> Reply:
    found = await visit.see("dataspace.playbook")
    lacking = visit.node.allowed("dataspace.set_playbook", visit.person.roles)
    return Html(
        template="connectors/playbook.html",
        context={
            "found": found,
            "sentence": lambda rule: rule_sentence(visit, rule),
            "would": would,
            "about": about,
            "state_of": lambda row: state_of(visit, row),
            "what_of": lambda row: what_of(visit, row),
            "do_words": lambda do: do_words(visit, do),
            "may": not lacking,
            "lacking": role_names(visit.words, lacking),
        },
    )


async def _set(visit: Visit) -> Reply:
    await visit.act(
        "dataspace.set_playbook",
        seen=("dataspace.playbook", {}),
        rules=visit.form.get("rules", ""),
    )
    return Goto(
        path=at("playbook"),
        notice=visit._("Switched on. What waits already goes on waiting for a person."),
    )


PAGES: Final = (
    Page(method="GET", path="/playbook", work=_show, nav="share"),
    Page(
        method="POST",
        path="/playbook/try",
        work=_try,
        back="/playbook",
        body_max=TEXT_BYTES_MAX,
        nav="share",
    ),
    Page(
        method="POST",
        path="/playbook",
        work=_set,
        back="/playbook",
        body_max=TEXT_BYTES_MAX,
        nav="share",
    ),
)
