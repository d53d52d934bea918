"""The node's own state, for its engineer: what waits for whom and why, and what runs out."""

from collections.abc import Mapping
from typing import Final

from comity.web.listing import Column, listing
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, rows_of
from comity.web.wording import person


def trouble_words(visit: Visit, code: str) -> str:
    """Return what a code of a trouble in delivery means."""
    group = code.partition(".")[0]
    known = {
        "transport.unreachable": visit._(
            "Their node does not answer at the address of its letter."
        ),
        "transport.timeout": visit._("Their node does not answer in time."),
        "transport.slow": visit._("Their node answers too slowly."),
        "transport.clock": visit._("The two clocks disagree by more than five minutes."),
        "transport.pin": visit._("Another key answers than the one in their letter."),
        "transport.redirect": visit._("Something else than their node answers there."),
        "transport.answer": visit._("Something else than their node answers there."),
        "call.not_authenticated": visit._("They do not know our key: our letter is not accepted."),
        "peers.unknown": visit._("They do not know us: our letter is not accepted there."),
        "peers.other_record": visit._("They accepted another letter of ours than the one we use."),
        "node.delivery_fault": visit._("Our own node has a fault; its log says more."),
    }
    if code in known:
        return known[code]
    if group == "record":
        return visit._("Their record and ours do not fit together; nothing is signed meanwhile.")
    return visit._("Their node refuses what ours sends.")


def who_words(visit: Visit, who: object) -> str:
    """Return who must act."""
    return {
        "us": visit._("our engineer"),
        "them": visit._("the counterpart's engineer"),
        "both": visit._("both engineers, on the telephone"),
    }.get(str(who), visit._("our engineer"))


def _topic(visit: Visit, topic: str) -> str:
    return {
        "sharing": visit._("messages of sharing"),
        "negotiation": visit._("messages of sharing"),
        "transfer": visit._("files on their way"),
    }.get(topic.partition(".")[0], topic)


async def _show(visit: Visit) -> Reply:
    found = await visit.ask("health")
    columns = [
        Column(title=visit._("Counterpart"), value=lambda row: row["name"]),
        Column(title=visit._("State"), value=lambda row: _state(visit, row)[1]),
        Column(title=visit._("Waits for them"), value=lambda row: row["waiting"]),
        Column(title=visit._("They cosigned last"), value=lambda row: row["cosigned"]),
        Column(title=visit._("Why, and who must act"), value=lambda row: _why(visit, row)),
        Column(title=visit._("Ask now"), value=lambda row: row["address"]),
    ]
    shown = listing(visit, rows_of(found, "counterparts"), columns=columns, name="health")
    if isinstance(shown, Plain):
        return shown
    return Html(
        template="people/health.html",
        context={
            "found": found,
            "list": shown,
            "state": lambda row: _state(visit, row),
            "why": lambda row: _why(visit, row),
            "said": lambda row: _said(visit, row),
            "queue": [
                {**row, "word": _topic(visit, str(row["topic"]))} for row in rows_of(found, "queue")
            ],
            "dates": [{**row, "word": _date(visit, row)} for row in rows_of(found, "dates")],
        },
    )


def _date(visit: Visit, row: Mapping[str, object]) -> str:
    if row["what"] == "letter":
        return visit._("Our letter of introduction, for pairing with somebody new")
    return visit._("The certificate of the counterparts' port")


def _state(visit: Visit, row: Mapping[str, object]) -> tuple[str, str]:
    if row["status"] == "frozen":
        return "bad", visit._("frozen")
    if row["trouble"]:
        return "bad", visit._("does not get through")
    if row["status"] == "introduced":
        return "wait", visit._("not accepted by them yet")
    if row["waiting"]:
        return "wait", visit._("on its way")
    return "good", visit._("all delivered")


def _why(visit: Visit, row: Mapping[str, object]) -> str:
    if row["status"] == "frozen":
        return visit._("Officials of both parties must talk: %(why)s", why=str(row["reason"]))
    trouble = row["trouble"]
    if isinstance(trouble, Mapping):
        what = trouble_words(visit, str(trouble["code"]))
        who = who_words(visit, trouble["who"])
        return visit._("%(what)s Who must act: %(who)s.", what=what, who=who)
    if row["status"] == "introduced":
        return visit._("They have our letter, and two of their officials accept it.")
    return ""


def _said(visit: Visit, row: Mapping[str, object]) -> str:
    """Return what the last call by hand came to."""
    asked = row["asked"]
    if not isinstance(asked, Mapping):
        return ""
    if asked["reached"]:
        return visit._(
            "Reached in %(ms)s ms; it holds %(held)s of our entries.",
            ms=asked["took_ms"],
            held=asked["held"],
        )
    return trouble_words(visit, str(asked["code"]))


async def _ask(visit: Visit) -> Reply:
    answer = await visit.act("peers.check", counterpart=visit.form.get("counterpart", ""))
    if answer["reached"]:
        return Goto(
            path="/health",
            notice=visit._(
                "%(name)s answers: everything is in order.", name=person(answer["name"])
            ),
        )
    what = trouble_words(visit, str(answer["code"]))
    who = who_words(visit, answer["who"])
    return Goto(
        path="/health",
        notice=visit._("Not reached. %(what)s Who must act: %(who)s.", what=what, who=who),
    )


PAGES: Final = (
    Page(method="GET", path="/health", work=_show, nav="health"),
    Page(method="POST", path="/health/ask", work=_ask, back="/health", nav="health"),
)
