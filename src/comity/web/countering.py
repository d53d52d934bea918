"""A counter of one unit: its words, and beside them what they lay down, changed together by forms.

The forms are those of drafts. What would be tabled is shown before it goes into the tray; what does
not hold says so at its place. The fields can be edited as text instead. Source: agreements.md D3.4,
D6 (journeys 1 and 2); design 13.9.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.web import draft_words as say
from comity.web.agreements import filters, words_of
from comity.web.draft_words import Row
from comity.web.problem_words import Said
from comity.web.visit import Goto, Html, Page, Reply, Visit, at, rows_of

_UNIT: Final = "/agreements/{instrument}/units/{unit}"
_COUNTER: Final = f"{_UNIT}/counter"
_WORDS_MAX: Final = 8 << 20
#: A unit states each field once at most.
_SLOTS_MAX: Final = len(say.NAMES)


@attrs.frozen(kw_only=True)
class _Slot:
    """One field of the unit as it stands in the form: its number and its name."""

    number: int
    name: str

    @property
    def prefix(self) -> str:
        """What the names of its inputs begin with."""
        return f"f{self.number}-"


def _slots(visit: Visit) -> Iterator[_Slot]:
    """Give the fields that the form came with."""
    for number in range(_SLOTS_MAX):
        name = visit.form.get(f"f{number}-name", "")
        if name not in say.NAMES:
            return
        yield _Slot(number=number, name=name)


def _picked(visit: Visit) -> None:
    """Put the words that were picked into the field for them, as if they had been typed."""
    for slot in _slots(visit):
        quote = visit.form.get(f"{slot.prefix}pick", "").partition("\n")[2]
        if quote:
            visit.form = {**visit.form, f"{slot.prefix}quote": quote}


def _forms(visit: Visit) -> list[dict[str, object]] | None:
    """Return all fields that the unit shall have, or None where the form has none of them.

    Raises:
        MisuseError: as ``draft_words.given``.
    """
    if "forms" not in visit.form:
        return None
    return [
        {**say.given(visit, slot.name, prefix=slot.prefix), "unit": visit.at["unit"]}
        for slot in _slots(visit)
        if not visit.form.get(f"{slot.prefix}gone")
    ]


def _members(visit: Visit) -> dict[str, object]:
    """Return the counter that was typed."""
    form = visit.form
    made: dict[str, object] = {
        "instrument": visit.at["instrument"],
        "unit": visit.at["unit"],
        "text": form.get("text", ""),
        "delete": bool(form.get("delete")),
    }
    given = {name: form[name] for name in ("heading", "fields") if name in form}
    forms = _forms(visit)
    return {**made, **given, **({} if forms is None else {"forms": forms})}


# --- the page -------------------------------------------------------------------------------------


async def _show(visit: Visit) -> Reply:
    """Show the unit as it stands; after a refusal, what was typed, and what is wrong."""
    _picked(visit)
    found = await _looked(visit)
    return await _page(visit, found, tabled=False)


async def _look(visit: Visit) -> Reply:
    """Show what would be tabled; nothing is staged."""
    _picked(visit)
    found = await visit.ask("agreements.counter_preview", **_members(visit))
    return await _page(visit, found, tabled=not visit.form.get("more"))


async def _looked(visit: Visit) -> JsonObject:
    """Return the preview of what was typed, or of the unit as it stands where that cannot be."""
    standing = {"instrument": visit.at["instrument"], "unit": visit.at["unit"]}
    if "text" in visit.form:
        try:
            return await visit.ask("agreements.counter_preview", **_members(visit))
        except ComityError:
            pass  # it came back with a problem, and the page says which
    return await visit.ask("agreements.counter_preview", **standing)


async def _page(visit: Visit, found: JsonObject, *, tabled: bool) -> Reply:
    name = visit.at["instrument"]
    head = await visit.ask("agreements.show", instrument=name, unit=visit.at["unit"], limit=1)
    rows = list(_rows(visit, found))
    free = [str(each) for each in say.terms(found, "free")]
    stated = {str(row["name"]) for row in rows}
    return Html(
        template="agreements/counter.html",
        context={
            "found": head,
            "counter": found,
            "asked": filters(visit),
            "rows": rows,
            "levels": say.terms(found, "levels"),
            "articles": say.terms(found, "articles"),
            "free": [
                (each, say.name_of(visit, each))
                for each in say.NAMES
                if each in free and each not in stated
            ],
            "as_text": visit.query.get("as") == "text" or "fields" in visit.form,
            "tabled": tabled and found["wording"] is not None,
            "says": [row["sentence"] for row in rows if not row["gone"]],
            **words_of(visit),
        },
    )


def _rows(visit: Visit, found: JsonObject) -> Iterator[dict[str, object]]:
    """Give the fields of the unit as the page shows them, those taken away and a new one too."""
    looked: dict[str, Row] = {str(row["name"]): row for row in rows_of(found, "forms")}
    if "forms" not in visit.form:
        for number, (name, row) in enumerate(looked.items()):
            yield _row(visit, _Slot(number=number, name=name), row)
        return
    slots = list(_slots(visit))
    for slot in slots:
        gone = bool(visit.form.get(f"{slot.prefix}gone"))
        yield _row(visit, slot, {} if gone else looked.get(slot.name, {}), gone=gone)
    more = visit.form.get("more", "")
    if more in say.NAMES and more not in {slot.name for slot in slots}:
        yield _row(visit, _Slot(number=len(slots), name=more), {})


def _row(visit: Visit, slot: _Slot, row: Row, *, gone: bool = False) -> dict[str, object]:
    problem, doubt = row.get("problem"), row.get("doubt")
    return {
        **row,
        "name": slot.name,
        "prefix": slot.prefix,
        "gone": gone,
        "title": say.name_of(visit, slot.name),
        "sentence": say.sentence(visit, row) if row.get("plain") else "",
        "wrong": _said(visit, problem),
        "doubtful": _said(visit, doubt),
    }


def _said(visit: Visit, problem: object) -> Said | None:
    if not isinstance(problem, Mapping):
        return None
    return say.problem_words(visit, str(problem["code"]), str(problem["message"]))


async def _counter(visit: Visit) -> Reply:
    _picked(visit)
    form = visit.form
    if form.get("more"):
        raise MisuseError(
            "web.field_open",
            "You chose a field to add: fill in its form below, or leave it out; nothing was"
            " staged.",
        )
    await visit.act(
        "agreements.counter_unit",
        seen=None,
        upload=None,
        **_members(visit),
        why=form.get("why", "").strip(),
        mark=form.get("mark", ""),
    )
    path = at("agreements", visit.at["instrument"], **filters(visit))
    return Goto(
        path=f"{path}#u-{visit.at['unit']}",
        notice=visit._("Our wording is in the tray. Nothing has left yet."),
    )


PAGES: Final = (
    Page(method="GET", path=_COUNTER, work=_show, nav="agreements"),
    Page(
        method="POST",
        path=_COUNTER,
        work=_counter,
        back=_COUNTER,
        body_max=_WORDS_MAX,
        nav="agreements",
    ),
    Page(
        method="POST",
        path=f"{_COUNTER}/look",
        work=_look,
        back=_COUNTER,
        body_max=_WORDS_MAX,
        nav="agreements",
    ),
)
