"""Signing requests: one page of summary, the exact text, the file out and the signature file back.

Everything shown comes from the exact bytes by the code that ``comity sign`` uses. No private key is
typed into or kept by the site: what is handed in is a signature file, and nothing else is taken.
Source: agreements.md D6 (journey 4); design 8, 13.4.
"""

from collections.abc import Mapping
from typing import Final

from comity.agreements.asked import LAST_MOVER
from comity.agreements.request_file import MEMBERS
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.members import one, rows, text, words
from comity.web.listing import Column, listing
from comity.web.ports import Sent
from comity.web.signing_words import CAPACITIES, OPERATIONS, OUTCOMES, REQUEST_STATES
from comity.web.visit import Goto, Handout, Html, Page, Plain, Reply, Visit, at
from comity.web.wording import person

SIGNATURE_FILE_BYTES_MAX: Final = 1 << 20
_REQUEST: Final = "/requests/{asked}"


async def _list(visit: Visit) -> Reply:
    status = visit.query.get("status", "waiting")
    status = status if status in {*REQUEST_STATES, "all"} else "waiting"
    answer = await visit.ask("requests.all", status=status)
    columns = [
        Column(title=visit._("What is asked for"), value=lambda row: row["title"]),
        Column(title=visit._("Kind"), value=lambda row: row["what"]),
        Column(title=visit._("Who signs"), value=lambda row: row["who"]),
        Column(title=visit._("Since"), value=lambda row: row["created"]),
        Column(title=visit._("State"), value=lambda row: row["state"]),
    ]
    found = listing(
        visit,
        [_row(visit, each) for each in rows(answer, "requests")],
        columns=columns,
        name="signing-requests",
    )
    if isinstance(found, Plain):
        return found
    states = [(code, visit._(word)) for code, (_, word) in REQUEST_STATES.items()]
    return Html(
        template="signing/requests.html",
        context={
            "list": found,
            "status": status,
            "states": [*states, ("all", visit._("all"))],
        },
    )


def _row(visit: Visit, request: JsonObject) -> dict[str, object]:
    operation, status = text(request, "operation"), text(request, "status")
    kind, word = REQUEST_STATES.get(status, ("plain", status))
    signed = words(request, "signed_by")
    who = [
        f"{each} ({visit._('signed')})" if each in signed else each
        for each in words(request, "signers")
    ]
    return {
        **request,
        "what": visit._(OPERATIONS.get(operation, operation)),
        "who": ", ".join(who),
        "state": visit._(word),
        "badge": (kind, visit._(word)),
    }


async def _show(visit: Visit) -> Reply:
    name = visit.at["asked"]
    found = await visit.see("requests.summary", request=name)
    capacity = text(found, "capacity")
    attempt = one(found, "attempt")
    outcome = OUTCOMES.get(text(attempt, "outcome"))
    return Html(
        template="signing/request.html",
        context={
            "history": await visit.ask("history", kind="request", object=text(found, "request")),
            "found": {"text": None, "attempt": None, "says": [], "node_says": [], **found},
            "row": _row(visit, found),
            "capacity": visit._(CAPACITIES.get(capacity, capacity)),
            "outcome": None if outcome is None else (outcome[0], visit._(outcome[1])),
            "says": _says(found),
            "file": _file_name(found),
            "top": SIGNATURE_FILE_BYTES_MAX,
            "signing": capacity in {"sign", "sign_ad_referendum"},
        },
    )


def _says(found: JsonObject) -> list[str]:
    """Return what the document says; what the last mover could do stands by itself on the page."""
    return [line for line in words(found, "says") if line != LAST_MOVER]


def _file_name(request: JsonObject) -> str:
    operation = text(request, "operation").replace(".", "-")
    return f"{operation}-{text(request, 'request')[:8]}.request.json"


async def _text(visit: Visit) -> Reply:
    found = await visit.ask("requests.text", request=visit.at["asked"])
    return Html(template="signing/text.html", context={"found": found})


async def _file(visit: Visit) -> Reply:
    """Hand out the request as ``comity sign`` reads it."""
    request = await visit.ask("requests.show", request=visit.at["asked"])
    kept: dict[str, Json] = {name: request[name] for name in MEMBERS}
    return Handout(sent=Sent(name=_file_name(request), data=canonical(kept)))


async def _signature(visit: Visit) -> Reply:
    """Take a signature file in; whatever else it is, is refused and not kept."""
    data = await visit.file_bytes(
        "signature", top=SIGNATURE_FILE_BYTES_MAX, what=visit._("the signature file (.jws)")
    )
    made = await visit.act(
        "requests.deliver", request=visit.at["asked"], signatures=base64url.encode(data)
    )
    return Goto(path=at("requests", visit.at["asked"]), notice=_taken(visit, made))


def _taken(visit: Visit, made: Mapping[str, object]) -> str:
    if made.get("done") is not True:
        return visit._(
            "The signature is in; still needed: %(n)s.", n=str(made.get("still_needed", ""))
        )
    said = visit._("The signature is in. It was the last one needed, and what was asked is done.")
    if made.get("held_by_counterpart") is True:
        return f"{said} {visit._('The counterpart holds it.')}"
    if made.get("held_by_counterpart") is False:
        reaches = visit._("It reaches the counterpart as soon as its node can be reached.")
        return f"{said} {reaches}"
    return said


async def _drop(visit: Visit) -> Reply:
    made = await visit.act("requests.drop", request=visit.at["asked"])
    said = visit._("Dropped: %(title)s. Nothing binding had happened.", title=person(made["title"]))
    return Goto(path=at("requests"), notice=said)


PAGES: Final = (
    Page(method="GET", path="/requests", work=_list, nav="agreements"),
    Page(method="GET", path=_REQUEST, work=_show, nav="agreements"),
    Page(method="GET", path=_REQUEST + "/text", work=_text, nav="agreements"),
    Page(method="GET", path=_REQUEST + "/file", work=_file, nav="agreements"),
    Page(
        method="POST",
        path=_REQUEST + "/signature",
        work=_signature,
        back=_REQUEST,
        nav="agreements",
    ),
    Page(method="POST", path=_REQUEST + "/drop", work=_drop, back=_REQUEST, nav="agreements"),
)
