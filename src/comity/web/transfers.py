"""What crosses: what they released to us, fetching it, transfers both ways, rulings.

Received files are handed out as files to save, never shown. Source: design 7, 13.3.
"""

from typing import Final

import attrs

from comity.foundation.errors import MisuseError
from comity.sharing.names import file_name
from comity.web.after_transfer_words import consent_state
from comity.web.listing import Column, listing
from comity.web.sharing import all_rows, asked_about, chosen, counterparts, why_of
from comity.web.sharing_words import Row, code_words, percent, stage_words, state_of
from comity.web.visit import Goto, Handout, Html, Page, Plain, Reply, Visit, at, rows_of
from comity.web.wording import bare, person, what_it_is


def _words(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: state_of(visit, row),
        "code_words": lambda code: code_words(visit, code),
        "stage_words": lambda row: stage_words(visit, row),
        "percent": percent,
        "counts": lambda row: _counts(visit, row),
    }


# --- what they released to us ---------------------------------------------------------------------


async def _received(visit: Visit) -> Reply:
    known = await counterparts(visit)
    of = chosen(visit, known, "of")
    rows = await all_rows(visit, "released", "released", counterpart=of) if of else []
    columns = [
        Column(title=visit._("Title"), value=lambda row: row["title"] or row["file_name"]),
        Column(title=visit._("What it is"), value=_label),
        Column(title=visit._("Size"), value=lambda row: row["bytes"]),
        Column(title=visit._("Released"), value=lambda row: row["at"]),
        Column(title=visit._("Our ruling now"), value=lambda row: bare(_ruling(visit, row))),
        Column(title=visit._("Here"), value=lambda row: _here(visit, row)),
    ]
    found = listing(visit, rows, columns=columns, name="released-to-us")
    if isinstance(found, Plain):
        return found
    held = await all_rows(visit, "held", "held")
    return Html(
        template="sharing/received.html",
        context={
            **_words(visit),
            "list": found,
            "counterparts": known,
            "of": of,
            "held": held,
            "may_fetch": not visit.node.allowed("fetch", visit.person.roles),
        },
    )


def _label(row: Row) -> str:
    return what_it_is(row)


def _counts(visit: Visit, counts: Row) -> str:
    """Return what one more transfer counts under its authorisation."""
    if counts["unit"] == "bytes":
        words = visit._(
            "This counts %(amount)s more bytes under the authorisation «%(title)s»: %(used)s of"
            " %(most)s used."
        )
    else:
        words = visit._(
            "This counts as one more transfer under the authorisation «%(title)s»: %(used)s of"
            " %(most)s used."
        )
    names = ("amount", "used", "most")
    told = {name: visit.words.number(int(str(counts[name]))) for name in names}
    return words % {**told, "title": person(counts["title"])}


def _ruling(visit: Visit, row: Row) -> str:
    if row["permitted"] is True:
        return visit._("permitted under %(article)s", article=person(row["article"]))
    return code_words(visit, row["code"])


def _here(visit: Visit, row: Row) -> str:
    moves = row["transfers"]
    found = [one for one in moves if isinstance(one, dict)] if isinstance(moves, list) else []
    return visit._("received") if any(one["received"] for one in found) else ""


async def _offered_now(visit: Visit) -> Reply:
    """Ask the counterpart's node what it offers at this moment."""
    known = await counterparts(visit)
    of = chosen(visit, known, "of")
    answer = await visit.ask("catalogue", counterpart=of) if of else {}
    columns = [
        Column(title=visit._("Title"), value=lambda row: row["title"]),
        Column(title=visit._("What it is"), value=_label),
        Column(title=visit._("Size"), value=lambda row: row["bytes"]),
        Column(title=visit._("Our ruling now"), value=lambda row: bare(_ruling(visit, row))),
    ]
    found = listing(visit, rows_of(answer, "datasets"), columns=columns, name="offered-now")
    if isinstance(found, Plain):
        return found
    odd = answer.get("not_understood")
    context = {
        **_words(visit),
        "list": found,
        "of": of,
        "not_understood": odd if isinstance(odd, list) else [],
    }
    return Html(template="sharing/offered.html", context=context)


async def _fetch(visit: Visit) -> Reply:
    of, dataset = visit.form.get("of", ""), visit.form.get("dataset", "")
    if not visit.form.get("counted"):
        rows = await all_rows(visit, "released", "released", counterpart=of)
        if any(row["dataset"] == dataset and row["counts"] for row in rows):
            raise MisuseError(
                "web.not_counted",
                "This transfer counts under an authorisation. Say that it may be counted, then"
                " fetch.",
            )
    begun = await visit.act(
        "fetch",
        counterpart=of,
        dataset=dataset,
        wait=False,
    )
    return Goto(path=at("fetches", str(begun["negotiation"])))


async def _fetching(visit: Visit) -> Reply:
    found = await visit.ask("fetch.show", fetch=visit.at["fetch"])
    return Html(template="sharing/fetch.html", context={**_words(visit), "found": found})


# --- transfers ------------------------------------------------------------------------------------


async def _transfers(visit: Visit) -> Reply:
    every = await all_rows(visit, "transfers", "transfers")
    contracts = visit.query.get("what") == "contracts"
    family = "negotiation" if contracts else "transfer"
    rows = [row for row in every if row["family"] == family]
    rows.reverse()
    columns = [
        Column(title=visit._("What"), value=lambda row: row["title"] or row["item"]),
        Column(title=visit._("Which way"), value=lambda row: bare(_way(visit, row))),
        Column(title=visit._("Size"), value=lambda row: row["bytes"]),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
        Column(title=visit._("Changed"), value=lambda row: row["changed"]),
    ]
    if visit.query.get("format") == "csv" and not contracts:  # a page has no room for it
        columns.append(
            Column(title=visit._("Authorisation"), value=lambda row: _authorisation(visit, row))
        )
    found = listing(visit, rows, columns=columns, name=f"{family}s")
    if isinstance(found, Plain):
        return found
    context = {
        **_words(visit),
        "list": found,
        "contracts": contracts,
        "way": lambda row: _way(visit, row),
    }
    return Html(template="sharing/transfers.html", context=context)


def _authorisation(visit: Visit, row: Row) -> str:
    """Return under which authorisation a transfer was counted, or nothing."""
    under = row["authorisation"]
    if not isinstance(under, dict):
        return ""
    return visit._(
        "%(title)s, number %(number)s, version %(version)s",
        title=under["title"],
        number=under["number"],
        version=under["version"],
    )


def _way(visit: Visit, row: Row) -> str:
    if row["role"] == "provider":
        return visit._("to %(name)s", name=person(row["counterpart"]))
    return visit._("from %(name)s", name=person(row["counterpart"]))


async def _transfer(visit: Visit) -> Reply:
    found = await visit.ask("transfers.show", transfer=visit.at["transfer"])
    history = await why_of(visit, "transfer", str(found["transfer"]))
    may = not visit.node.allowed("transfers.suspend", visit.person.roles)
    context = {
        **_words(visit),
        "found": found,
        "history": history,
        "may": may,
        "consents": await asked_about(visit, transfer=found["shared_id"]),
        "consent_state": lambda row: consent_state(visit, row),
    }
    return Html(template="sharing/transfer.html", context=context)


async def _stop(visit: Visit, operation: str, notice: str) -> Reply:
    reason = visit.form.get("reason", "")
    done = await visit.act(operation, transfer=visit.at["transfer"], reason=reason)
    return Goto(path=at("transfers", str(done["transfer"])), notice=notice)


async def _suspend(visit: Visit) -> Reply:
    return await _stop(visit, "transfers.suspend", visit._("Paused; no further byte moves."))


async def _resume(visit: Visit) -> Reply:
    done = await visit.act("transfers.resume", transfer=visit.at["transfer"])
    return Goto(path=at("transfers", str(done["transfer"])), notice=visit._("It goes on."))


async def _terminate(visit: Visit) -> Reply:
    return await _stop(visit, "transfers.terminate", visit._("Ended for good."))


async def _file(visit: Visit) -> Reply:
    """Hand the received file out under the name it came with, as far as a name can be trusted."""
    shown = await visit.ask("transfers.show", transfer=visit.at["transfer"])
    handed = await visit.file("transfers.content", transfer=visit.at["transfer"])
    name = file_name(str(shown["file_name"] or shown["title"] or ""), otherwise="received")
    return Handout(sent=attrs.evolve(handed.sent, name=name))


# --- what waits, and rulings ----------------------------------------------------------------------


async def _held(visit: Visit) -> Reply:
    rows = await all_rows(visit, "held", "held")
    columns = [
        Column(title=visit._("What"), value=lambda row: row["title"] or row["item"]),
        Column(title=visit._("From"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Why it waits"), value=lambda row: row["why"]),
        Column(title=visit._("Since"), value=lambda row: row["since"]),
        Column(title=visit._("State"), value=lambda row: state_of(visit, row)[1]),
    ]
    found = listing(visit, rows, columns=columns, name="unasked")
    if isinstance(found, Plain):
        return found
    may = not visit.node.allowed("held.settle", visit.person.roles)
    return Html(template="sharing/held.html", context={**_words(visit), "list": found, "may": may})


async def _settle(visit: Visit) -> Reply:
    done = await visit.act("held.settle", held=visit.at["held"])
    declined = str(done["state"]) == "TERMINATED"
    notice = (
        visit._("Declined; %(name)s is told so.", name=person(done["counterpart"]))
        if declined
        else visit._("Put away.")
    )
    return Goto(path=at("held"), notice=notice)


async def _rulings(visit: Visit) -> Reply:
    known = await counterparts(visit)
    of = chosen(visit, known, "of")
    rows = await all_rows(visit, "rulings", "rulings", counterpart=of) if of else []
    columns = [
        Column(title=visit._("When"), value=lambda row: row["at"]),
        Column(title=visit._("Ruling"), value=lambda row: _ruled(visit, row)),
        Column(title=visit._("At which point"), value=lambda row: stage_words(visit, row)),
        Column(title=visit._("Why"), value=lambda row: row.get("reason") or row.get("article")),
        Column(title=visit._("Item"), value=lambda row: row.get("item")),
    ]
    found = listing(visit, rows, columns=columns, name="rulings")
    if isinstance(found, Plain):
        return found
    context = {**_words(visit), "list": found, "counterparts": known, "of": of}
    return Html(template="sharing/rulings.html", context=context)


def _ruled(visit: Visit, row: Row) -> str:
    return visit._("permitted") if row["permitted"] is True else visit._("refused")


PAGES: Final = (
    Page(method="GET", path="/received", work=_received, nav="share"),
    Page(method="GET", path="/received/now", work=_offered_now, nav="share"),
    Page(method="POST", path="/received/fetch", work=_fetch, back="/received", nav="share"),
    Page(method="GET", path="/fetches/{fetch}", work=_fetching, nav="share"),
    Page(method="GET", path="/transfers", work=_transfers, nav="share"),
    Page(method="GET", path="/transfers/{transfer}", work=_transfer, nav="share"),
    *(
        Page(
            method="POST",
            path=f"/transfers/{{transfer}}/{step}",
            work=work,
            back="/transfers/{transfer}",
            nav="share",
        )
        for step, work in (("suspend", _suspend), ("resume", _resume), ("terminate", _terminate))
    ),
    Page(method="GET", path="/transfers/{transfer}/file", work=_file, nav="share"),
    Page(method="GET", path="/held", work=_held, nav="share"),
    Page(method="POST", path="/held/{held}/settle", work=_settle, back="/held", nav="share"),
    Page(method="GET", path="/rulings", work=_rulings, nav="share"),
)
