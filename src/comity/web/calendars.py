"""Calendar programs of our own people: answers handed in, and the feed. Source: spec 10.5."""

from typing import Final

from comity.foundation.errors import MisuseError
from comity.foundation.members import rows
from comity.web.commitments import may
from comity.web.problem_words_meetings import WHOLE
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at

_MESSAGE_MAX: Final = 70_000


async def _show(visit: Visit) -> Reply:
    allowed = may(visit, "meetings.answer")
    waiting = rows(await visit.ask("meetings.answers"), "answers") if allowed["may"] else []
    context = {
        "feed": await visit.ask("meetings.feed"),
        "answers": waiting,
        "why_not": {
            str(row["stands"]): visit._(WHOLE[str(row["stands"])])
            for row in waiting
            if row["stands"] != "open"
        },
        "fresh": "",
        "does": {
            "confirm": visit._("confirm the time and place"),
            "decline": visit._("decline the meeting"),
            "counter": visit._("propose another time"),
        },
        **allowed,
    }
    return Html(template="meetings/calendar.html", context=context)


async def _read(visit: Visit) -> Reply:
    data = await visit.file_bytes("message", top=_MESSAGE_MAX, what=visit._("the message"))
    try:
        message = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MisuseError(
            "web.no_message", "This is no message of a calendar program: it is not text in UTF-8."
        ) from error
    read = await visit.act("meetings.answer", message=message)
    if read["answer"] is None:
        return Goto(
            path=at("meetings", str(read["meeting"])),
            notice=visit._(
                "The answer agrees with what stands already: there is nothing to do, and it was"
                " not kept."
            ),
        )
    return Goto(
        path="/calendar",
        notice=visit._("Read. Nothing is done before you confirm it below."),
    )


async def _confirm(visit: Visit) -> Reply:
    done = await visit.act("meetings.answer_confirm", answer=visit.at["answer"])
    return Goto(
        path=at("meetings", str(done["meeting"])), notice=visit._("Done as the answer says.")
    )


async def _drop(visit: Visit) -> Reply:
    await visit.act("meetings.answer_drop", answer=visit.at["answer"])
    return Goto(path="/calendar", notice=visit._("Thrown away; nothing was done."))


async def _renew(visit: Visit) -> Reply:
    """Show the new secret address, once."""
    made = await visit.act("meetings.feed_new", language=visit.words.language)
    page = await _show(visit)
    assert isinstance(page, Html)
    return Html(template=page.template, context={**page.context, "fresh": made["address"]})


async def _end(visit: Visit) -> Reply:
    await visit.act("meetings.feed_end")
    return Goto(path="/calendar", notice=visit._("Ended. The address opens nothing any more."))


async def _feed(visit: Visit) -> Reply:
    """Return what stands at a secret address; anybody who has it may fetch it."""
    secret = visit.at["file"].removesuffix(".ics")
    text = await visit.node.feed(secret) if visit.at["file"].endswith(".ics") else None
    if text is None:
        raise MisuseError("web.no_feed", "Nothing stands at this address, or nothing any more.")
    return Plain(data=text.encode(), media="text/calendar; charset=utf-8", name="meetings.ics")


PAGES: Final = (
    Page(method="GET", path="/calendar", work=_show, nav="coordination"),
    Page(method="POST", path="/calendar", work=_read, back="/calendar", nav="coordination"),
    Page(
        method="POST", path="/calendar/feed/new", work=_renew, back="/calendar", nav="coordination"
    ),
    Page(method="POST", path="/calendar/feed/end", work=_end, back="/calendar", nav="coordination"),
    Page(
        method="POST",
        path="/calendar/answers/{answer}/confirm",
        work=_confirm,
        back="/calendar",
        nav="coordination",
    ),
    Page(
        method="POST",
        path="/calendar/answers/{answer}/drop",
        work=_drop,
        back="/calendar",
        nav="coordination",
    ),
    Page(method="GET", path="/calendar/{file}", work=_feed, open=True, limited=True),
)
