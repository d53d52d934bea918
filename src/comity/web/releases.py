"""The release officer's desk: what waits, and one page with all facts to decide it on.

Source: agreements.md D6 (8).
"""

from typing import Final

from comity.web.authorisation_words import state_of as leave_state
from comity.web.listing import Column, listing
from comity.web.proviso_words import said
from comity.web.sharing import all_rows, member
from comity.web.sharing_words import code_words, gate_state, wish_state
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at
from comity.web.wording import person


async def _releases(visit: Visit) -> Reply:
    past = visit.query.get("status") == "all"
    rows = await all_rows(visit, "wishes", "wishes", status="all" if past else "waiting")
    columns = [
        Column(title=visit._("What"), value=lambda row: row["title"]),
        Column(title=visit._("For"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Asked by"), value=lambda row: member(row, "by_whom", "name")),
        Column(title=visit._("Since"), value=lambda row: row["since"]),
        Column(title=visit._("State"), value=lambda row: wish_state(visit, row["status"])[1]),
    ]
    found = listing(visit, rows, columns=columns, name="releases")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "past": past,
        "wish_state": lambda status: wish_state(visit, status),
        "code_words": lambda code: code_words(visit, code),
    }
    return Html(template="sharing/releases.html", context=context)


async def _wish(visit: Visit) -> Reply:
    found = await visit.see("wishes.show", wish=visit.at["wish"])
    between = {"exporter": "us", "recipient": "them", "counterpart": found["counterpart"]}
    return Html(
        template="sharing/wish.html",
        context={
            "found": found,
            "history": await visit.ask("history", kind="wish", object=str(found["wish"])),
            "may": not visit.node.allowed("items.release", visit.person.roles),
            "may_classify": not visit.node.allowed("controls.classify", visit.person.roles),
            "wish_state": lambda status: wish_state(visit, status),
            "leave_state": lambda row: leave_state(visit, row),
            "said_of": lambda leave, each: said(visit, each, {**between, "terms": leave["terms"]}),
            "gate_state": lambda gate: gate_state(visit, gate),
            "code_words": lambda code: code_words(visit, code),
        },
    )


async def _release(visit: Visit) -> Reply:
    wish = visit.at["wish"]
    done = await visit.act(
        "items.release",
        seen=("wishes.show", {"wish": wish}),
        item=visit.form.get("item", ""),
        counterpart=visit.form.get("to", ""),
        wish=wish,
    )
    name = person(done["counterpart"])
    told = (
        visit._("Released. %(name)s holds the decision: both gateways are open.", name=name)
        if done["held_by_counterpart"] is True
        else visit._(
            "Released. Our gateway is open; %(name)s has not confirmed it yet, our node goes on"
            " telling it.",
            name=name,
        )
    )
    return Goto(path=at("releases", wish), notice=told)


async def _decline(visit: Visit) -> Reply:
    wish = visit.at["wish"]
    await visit.act(
        "items.decline",
        seen=("wishes.show", {"wish": wish}),
        item=visit.form.get("item", ""),
        counterpart=visit.form.get("to", ""),
        reason=visit.form.get("reason", "").strip(),
        wish=wish,
    )
    notice = visit._("Declined. Whoever asked sees your reason; the counterpart hears nothing.")
    return Goto(path=at("releases", wish), notice=notice)


PAGES: Final = (
    Page(method="GET", path="/releases", work=_releases, nav="share"),
    Page(method="GET", path="/releases/{wish}", work=_wish, nav="share"),
    Page(
        method="POST",
        path="/releases/{wish}/release",
        work=_release,
        back="/releases/{wish}",
        nav="share",
    ),
    Page(
        method="POST",
        path="/releases/{wish}/decline",
        work=_decline,
        back="/releases/{wish}",
        nav="share",
    ),
)
