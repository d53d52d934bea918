"""Pairing with a counterpart, step by step: letters as files, fingerprints by voice, two persons.

What the counterpart reads out is typed on a page that does not show ours: nobody can copy it by
mistake. Source: identity-and-signatures 5.2; design 13.3.
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation import base64url
from comity.foundation.errors import ComityError, MisuseError
from comity.web.listing import Column, listing
from comity.web.people import called
from comity.web.ports import Sent
from comity.web.visit import Goto, Handout, Html, Page, Plain, Reply, Visit, at, rows_of

_LETTER_BYTES_MAX: Final = 1 << 20
_WHO: Final = ("mandate_holder", "legal_adviser", "engineer")


def state_words(visit: Visit, row: Mapping[str, object]) -> tuple[str, str]:
    """Return sign and word for how far a pairing is."""
    return {
        "read": ("wait", visit._("fingerprint to be compared")),
        "compared": ("wait", visit._("compared; waits for two persons' signatures")),
        "accepted": ("wait", visit._("accepted by us; waits for them")),
        "open": ("good", visit._("paired")),
        "frozen": ("bad", visit._("frozen")),
    }[str(row["state"])]


def who_words(visit: Visit, row: Mapping[str, object]) -> str:
    """Return who must act."""
    who = row["who"]
    names = [str(one) for one in who] if isinstance(who, list) else []
    if names == ["them"]:
        return visit._("the counterpart")
    if names == ["us"]:
        return visit._("one of us, on the telephone with them")
    return ", ".join(called(row, one) for one in names)


async def _first(visit: Visit) -> Reply:
    found = await visit.ask("letters.pairing")
    columns = [
        Column(title=visit._("Counterpart"), value=lambda row: row["name"]),
        Column(title=visit._("How far"), value=lambda row: state_words(visit, row)[1]),
        Column(title=visit._("Since"), value=lambda row: row["since"]),
        Column(title=visit._("Who must act"), value=lambda row: who_words(visit, row)),
    ]
    shown = listing(visit, rows_of(found, "pairings"), columns=columns, name="pairings")
    if isinstance(shown, Plain):
        return shown
    return Html(
        template="people/pair.html",
        context={
            "own": found["own"],
            "list": shown,
            "state": lambda row: state_words(visit, row),
            "may": visit.has(*_WHO),
        },
    )


async def _export(visit: Visit) -> Reply:
    made = await visit.act("letters.export", new=visit.form.get("new") == "yes")
    data = base64url.decode(str(made["letter"]), what="the letter")
    return Handout(sent=Sent(name=f"{_file_name(visit.house.name)}.letter.json", data=data))


def _file_name(name: str) -> str:
    kept = "".join(one if one.isalnum() else "-" for one in name.casefold())
    return kept.strip("-")[:60] or "our"


async def _read(visit: Visit) -> Reply:
    data = await visit.file_bytes(
        "letter", top=_LETTER_BYTES_MAX, what=visit._("the counterpart's letter")
    )
    found = await visit.act("letters.receive", letter=base64url.encode(data))
    said = (
        visit._("This letter was read before: this is where it stands.")
        if found["again"]
        else visit._("The letter is whole, and its seal holds. Whose it is, the telephone tells.")
    )
    return Goto(path=at("pair", str(found["pairing"])), notice=said)


async def _one(visit: Visit, pairing: str) -> Mapping[str, object]:
    """Return the row of one pairing, whatever became of its letter.

    Raises:
        MisuseError: ``web.no_pairing``.
    """
    found = await visit.ask("letters.pairing")
    for row in rows_of(found, "pairings"):
        if row["pairing"] == pairing:
            return row
    raise MisuseError(
        "web.no_pairing", "There is no such letter here; perhaps it was put aside. Read it anew."
    )


async def _show(visit: Visit) -> Reply:
    row = await _one(visit, visit.at["pairing"])
    said: Mapping[str, object] = {}
    broken: ComityError | None = None
    try:
        said = await visit.ask("letters.pairing.show", pairing=visit.at["pairing"])
    except ComityError as error:
        if row["state"] in {"read", "compared"}:  # what was accepted needs its letter no more
            broken = error  # such as a letter that expired while it lay here: said on the page
    return Html(
        template="people/pairing.html",
        context={
            "row": row,
            "history": await visit.ask("history", kind="pairing", object=str(row["pairing"])),
            "said": said,
            "broken": broken,
            "state": state_words(visit, row),
            "who": who_words(visit, row),
            "called": lambda official: called(row, official),
            "warnings": [_warning(visit, one) for one in _rows(said, "warnings")],
            "may": visit.has(*_WHO),
        },
    )


def _rows(value: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = value.get(name)
    rows = found if isinstance(found, list) else []
    return [one for one in rows if isinstance(one, Mapping)]


def _warning(visit: Visit, row: Mapping[str, object]) -> str:
    name, party = str(row["name"]), str(row["party"])
    return {
        "name_same": visit._(
            "The name is the same as that of %(name)s (%(party)s), whom we know under another"
            " address.",
            name=name,
            party=party,
        ),
        "name_looks": visit._(
            "The name looks like %(name)s (%(party)s), but is written with other characters.",
            name=name,
            party=party,
        ),
        "name_near": visit._(
            "The name differs from %(name)s (%(party)s) by one letter.", name=name, party=party
        ),
        "name_mixed": visit._(
            "The word %(name)s mixes letters of several scripts that look alike.", name=name
        ),
    }[str(row["code"])]


async def _ask_compare(visit: Visit) -> Reply:
    """Show the page to type on; our own fingerprint does not stand on it."""
    row = await _one(visit, visit.at["pairing"])
    context = {"row": row, "may": visit.has(*_WHO)}
    return Html(template="people/compare.html", context=context)


async def _compare(visit: Visit) -> Reply:
    typed = visit.form.get("fingerprint", "").strip()[:200]
    if not typed:
        raise MisuseError("web.fingerprint", "Type the digits that they read out.")
    made = await visit.act("letters.compare", pairing=visit.at["pairing"], fingerprint=typed)
    return Goto(
        path=at("requests", str(made["request"])),
        notice=visit._(
            "The fingerprints agree: nobody changed either letter. Now two persons accept, each"
            " with the own keys."
        ),
    )


async def _forget(visit: Visit) -> Reply:
    await visit.act("letters.forget", pairing=visit.at["pairing"])
    return Goto(path="/pair", notice=visit._("The letter is put aside; nothing was accepted."))


_ONE: Final = "/pair/{pairing}"

PAGES: Final = (
    Page(method="GET", path="/pair", work=_first, nav="relationships"),
    Page(method="POST", path="/pair/letter", work=_export, back="/pair", nav="relationships"),
    Page(method="POST", path="/pair/read", work=_read, back="/pair", nav="relationships"),
    Page(method="GET", path=_ONE, work=_show, nav="relationships"),
    Page(method="GET", path=f"{_ONE}/compare", work=_ask_compare, nav="relationships"),
    Page(
        method="POST",
        path=f"{_ONE}/compare",
        work=_compare,
        back=f"{_ONE}/compare",
        nav="relationships",
    ),
    Page(method="POST", path=f"{_ONE}/forget", work=_forget, back=_ONE, nav="relationships"),
)
