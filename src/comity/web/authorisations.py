"""Controlled items and their authorisations: all facts of a decision on one page.

Source: agreements.md D2.8, D6 (journey 8); spec 11.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import items, rows, words
from comity.web import (
    amendments,
    authorisation_history,
    authorisation_list,
    authorisation_requests,
    project_authorisations,
    proviso_words,
)
from comity.web.after_transfer_words import check_state, consent_state
from comity.web.authorisation_requests import counterparts, our_items
from comity.web.authorisation_words import flags, notice, state_of, step_words
from comity.web.commitment_words import waits
from comity.web.commitments import may
from comity.web.listing import Column, listing
from comity.web.sharing import all_rows, asked_about
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at

#: The decision's document is read for its digest and not kept.
DOCUMENT_BYTES_MAX: Final = 16 << 20


def _said(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: state_of(visit, row),
        "flags": lambda row: flags(visit, row),
        "waits": lambda row: waits(visit, row),
        "step_words": lambda step: step_words(visit, step),
    }


async def _list(visit: Visit) -> Reply:
    return await authorisation_list.page(visit, _said(visit))


async def _controls(visit: Visit) -> Reply:
    found_rows = await all_rows(visit, "controls", "controls")
    columns = [
        Column(title=visit._("Item"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("Class"), value=lambda row: row["code"]),
        Column(title=visit._("List"), value=lambda row: row["scheme"]),
        Column(title=visit._("Who decided"), value=lambda row: row["decided_by"]),
        Column(title=visit._("Authorisation"), value=_covered_by),
    ]
    if visit.query.get("format") == "csv":  # on the page it stands beside the list
        version = Column(
            title=visit._("Version of the list"), value=lambda row: row["list_version"]
        )
        columns.insert(4, version)
    found = listing(visit, found_rows, columns=columns, name="controls")
    if isinstance(found, Plain):
        return found
    context = {
        "list": found,
        "counterparts": await counterparts(visit),
        "items": await our_items(visit),
        **_said(visit),
        **may(visit, "controls.classify"),
    }
    return Html(template="technology/controls.html", context=context)


def _covered_by(row: Mapping[str, object]) -> str:
    """Return what the authorisations that speak of a classified item are called."""
    known = row["authorisations"]
    covering = [each for each in known if isinstance(each, dict)] if isinstance(known, list) else []
    return ", ".join(
        f"{each['title']} ({each['number']})" if each["number"] else str(each["title"])
        for each in covering
    )


def _typed(visit: Visit, *names: str) -> dict[str, object]:
    return {name: visit.form.get(name, "").strip() for name in names}


async def _classify(visit: Visit) -> Reply:
    await visit.act(
        "controls.classify",
        seen=None,
        upload=None,
        **_typed(visit, "counterpart", "item", "scheme", "code", "list_version", "decided_by"),
        **_typed(visit, "value", "currency", "words"),
    )
    return Goto(
        path="/controls",
        notice=visit._("Classified. From now on it crosses only under an authorisation."),
    )


async def _show(visit: Visit) -> Reply:
    name = visit.at["authorisation"]
    found = await visit.see("authorisations.show", authorisation=name)
    can = set(words(found, "may"))
    context = {
        "found": found,
        "can": can,
        "who": {step: may(visit, f"authorisations.{step}") for step in can},
        "fresh": amendments.to_correct(found),
        "again": amendments.to_decide(found),
        "printed": str(await visit.node.now()),
        "earlier": authorisation_history.earlier_decisions(found),
        "beside": authorisation_history.beside(visit, found),
        "totals_of": lambda said: authorisation_history.totals_of(visit, said),
        "day": lambda written: authorisation_history.day(visit, written),
        "changes": amendments.changes(visit, found),
        "changed": amendments.decided_changes(visit, found),
        "item_name": lambda item: amendments.item_name(visit, found, item),
        "said_of": lambda each: proviso_words.said(visit, each, found),
        "project": await project_authorisations.project_of(visit, found),
        "purposes": await _purposes(visit, found) if can & {"approve", "amend_approve"} else [],
        **(await amendments.asked_form(visit, found) if "amend" in can else {}),
        **await _after(visit, found),
        **_said(visit),
    }
    return Html(template="technology/authorisation.html", context=context)


async def _purposes(visit: Visit, found: JsonObject) -> list[str]:
    """Return the purposes that the agreement of an authorisation knows, in their order."""
    areas = await visit.ask("areas", counterpart=found["relationship"])
    known = [
        str(each)
        for row in rows(areas, "areas")
        if row["instrument"] == found["instrument"]
        for each in items(row, "purposes")
    ]
    return list(dict.fromkeys(known))


async def _after(visit: Visit, found: JsonObject) -> dict[str, object]:
    """Return what was asked about what crossed: checks of its use, consent to pass it on."""
    uses = rows(found, "uses")
    crossed = {str(use["transfer"]) for use in uses}
    came = [str(use["transfer"]) for use in uses if use["received"]]
    checks = await all_rows(visit, "endchecks", "endchecks")
    return {
        "checks": [row for row in checks if row["authorisation"] == found["authorisation"]],
        "consents": [row for row in await asked_about(visit) if row["transfer"] in crossed],
        "came": came[-1] if came else "",
        "check_state": lambda row: check_state(visit, row),
        "consent_state": lambda row: consent_state(visit, row),
    }


#: By step, the plain members of its form.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "withdraw": ("words",),
    "review": ("authority", "case", "words"),
    "return": ("reason",),
    "assure": ("assurance", "words"),
    "accept": ("provisos", "words"),
    "decline": ("reason",),
    "suspend": ("basis", "reason"),
    "resume": ("basis", "reason"),
    "revoke": ("basis", "reason"),
    "dispose": ("how", "report"),
    "report": ("starts", "ends", "words"),
    "approve": ("number", "decided", "assurance", "value", "currency", "starts", "ends"),
    "deny": ("number", "decided", "reason"),
    "amend": (),
    "amend_withdraw": ("words",),
    "amend_approve": ("number", "decided", "assurance", "value", "currency", "starts", "ends"),
    "amend_deny": ("number", "decided", "reason"),
}
_DECISIONS: Final = frozenset({"approve", "deny", "amend_approve", "amend_deny"})


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["authorisation"], visit.at["step"]
    if step not in _MEMBERS:
        raise MisuseError("web.unknown_step", f"Nothing is called {step[:40]!r} here.")
    given = _typed(visit, *_MEMBERS[step])
    if step in {"approve", "amend_approve"}:
        given |= _checks(visit)
    if step in _DECISIONS:
        given["document"] = await _document(visit)
    if step == "amend":
        found = await visit.ask("authorisations.show", authorisation=name)
        given = amendments.asked(visit, found)
    if step in _DECISIONS or step == "review":
        given["number_again"] = bool(visit.form.get("number_again"))
    if step == "report":
        given["last"] = bool(visit.form.get("last"))
    seen = ("authorisations.show", {"authorisation": name})
    made = await visit.act(
        f"authorisations.{step}", seen=seen, upload=None, authorisation=name, **given
    )
    return Goto(path=at("authorisations", name), notice=notice(visit, step, made))


async def _document(visit: Visit) -> str:
    """Return the digest of the decision's document, handed in as a file."""
    content = await visit.file_bytes(
        "document", top=DOCUMENT_BYTES_MAX, what=visit._("the document of the decision")
    )
    return hashlib.sha256(content).hexdigest()


def _checks(visit: Visit) -> dict[str, object]:
    return {
        "quantity": amendments.whole_number(visit.form.get("quantity", "").strip()),
        "unit": visit.form.get("unit", "transfers"),
        "provisos": visit.lines("provisos"),
        "purposes": [
            line.strip()
            for given in visit.chosen("purposes")
            for line in given.splitlines()
            if line.strip()
        ],
        "recipients": visit.lines("recipients"),
        "no_onward": bool(visit.form.get("no_onward")),
        "cosigned": bool(visit.form.get("cosigned")),
        "return_by": visit.form.get("return_by", "").strip(),
        "return_how": visit.form.get("return_how", "return"),
    }


_BACK: Final = "/authorisations/{authorisation}"
PAGES: Final = (
    Page(method="GET", path="/controls", work=_controls, nav="coordination"),
    Page(method="POST", path="/controls", work=_classify, back="/controls", nav="coordination"),
    Page(method="GET", path="/authorisations", work=_list, nav="coordination"),
    Page(
        method="GET",
        path="/authorisations/new",
        work=authorisation_requests.new,
        nav="coordination",
    ),
    Page(
        method="POST",
        path="/authorisations",
        work=authorisation_requests.ask,
        back="/authorisations/new",
        nav="coordination",
    ),
    Page(method="GET", path=_BACK, work=_show, nav="coordination"),
    Page(
        method="POST",
        path="/authorisations/{authorisation}/{step}",
        work=_act,
        back=_BACK,
        nav="coordination",
        body_max=DOCUMENT_BYTES_MAX + (1 << 20),
    ),
)
