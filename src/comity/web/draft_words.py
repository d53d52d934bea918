"""The fields of a draft in the reader's language, and between its forms and what the node asks.

One sentence a field: what it says, and where. Source: agreements.md D6 (journey 2).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from comity.foundation.errors import MisuseError
from comity.web.problem_words import Said, said
from comity.web.visit import Visit

Row = Mapping[str, object]

NAMES: Final = (
    "areas",
    "term",
    "notice",
    "review",
    "entry",
    "signatories",
    "suspension",
    "third_parties",
    "marking_scale",
    "basis",
)
ACTIONS: Final = ("share", "meet", "transfer_technology")
AREAS_SHOWN_MAX: Final = 20

_SEPARATOR: Final = re.compile(r"[,;\n]")
PERIODS: Final = frozenset({"term", "notice", "review"})


def name_of(visit: Visit, name: str) -> str:
    """Return what a field is called."""
    _ = visit._
    return {
        "areas": _("Area of cooperation"),
        "term": _("Duration"),
        "notice": _("Notice of withdrawal"),
        "review": _("Review"),
        "entry": _("Entry into force"),
        "signatories": _("Who signs"),
        "suspension": _("Suspension"),
        "third_parties": _("Third parties"),
        "marking_scale": _("Scale of markings"),
        "basis": _("Agreement it stands under"),
    }[name]


def about(visit: Visit, name: str) -> str:
    """Return what a field does once the text is in force."""
    _ = visit._
    return {
        "areas": _("What may cross between the parties. Both nodes ask this and nothing else."),
        "term": _("When the agreement ends by itself. Nothing renews it but a new signature."),
        "notice": _("How long before leaving a party must say so."),
        "review": _("The node reminds both sides of it; no date decides anything."),
        "entry": _("From when the agreement is in force. Without it the text cannot be adopted."),
        "signatories": _("How many persons sign for each party."),
        "suspension": _("Who may stop it for a while, and whether single articles can be stopped."),
        "third_parties": _("What it means for others, and whether items may be passed on."),
        "marking_scale": _("The levels by which items are marked, the lowest first."),
        "basis": _("For an arrangement under a framework: a project takes no other framework's."),
    }[name]


def sentence(visit: Visit, row: Row) -> str:
    """Return what a field says, in one sentence."""
    name = str(row["name"])
    if name in PERIODS:
        return _period_sentence(visit, name, period(visit, row))
    return _SENTENCES[name](visit, row)


def period(visit: Visit, row: Row) -> str:
    """Return a period in words: "10 years", "1 year 6 months"."""
    ngettext = visit.words.ngettext
    parts = (
        (ngettext("%(n)s year", "%(n)s years", number(row, "years")), number(row, "years")),
        (ngettext("%(n)s month", "%(n)s months", number(row, "months")), number(row, "months")),
        (ngettext("%(n)s day", "%(n)s days", number(row, "days")), number(row, "days")),
    )
    said = [text % {"n": visit.words.number(count)} for text, count in parts if count]
    return " ".join(said) or visit._("no time at all")


def area_sentence(visit: Visit, area: Row) -> str:
    """Return what may cross under one area."""
    _ = visit._
    do = {
        "share": _("share items"),
        "meet": _("meet"),
        "transfer_technology": _("transfer technology"),
    }
    onward = {
        "refused": _("may not be passed on"),
        "consent": _("may be passed on only with the sender's consent"),
        "free": _("may be passed on freely"),
    }
    whom = terms(area, "recipients")
    return _(
        "%(title)s: under %(articles)s the parties may %(actions)s (%(kinds)s), marked %(marking)s"
        " or lower, for %(purposes)s, %(whom)s. What is received %(onward)s.",
        title=area.get("title", ""),
        articles=", ".join(terms(area, "articles")),
        actions=_(" or ").join(do.get(each, each) for each in terms(area, "actions")),
        kinds=", ".join(each.replace("_", " ") for each in terms(area, "kinds")),
        marking=area.get("marking_max", ""),
        purposes=", ".join(each.replace("_", " ") for each in terms(area, "purposes")),
        whom=_("between the two parties") if whom == ["parties"] else ", ".join(whom),
        onward=onward.get(str(area.get("onward")), str(area.get("onward"))),
    )


def problem_words(visit: Visit, code: str, message: str) -> Said:
    """Return what is wrong with a field: in the words of the form, else as of any error."""
    _ = visit._
    known = {
        "fields.quote": _("The words it quotes do not stand in that unit any more."),
        "fields_file.quote": _("Nobody has said yet which words of the text state it."),
        "paths.none": _("The text has no unit with that label."),
        "paths.many": _("Several units have that label; give the labels above it as well."),
        "basics.period": _("Give a number of years, months or days."),
        "forms.once": _("The text states this already in another place; take one away."),
        "fields_file.twice": _("The same unit states this already; take one away."),
        "forms.disagree": _("The value and the quoted words seem to say different things."),
    }
    if code in known:
        return Said(sentence=known[code], detail="")
    return said(visit.words, code, message=message)


def check_words(visit: Visit, row: Row) -> str:
    """Return one line of the check list before tabling."""
    facts = row["facts"]
    assert isinstance(facts, Mapping)
    word = _CHECKS.get(str(row["code"]))
    if word is None:
        return str(facts.get("message", ""))
    return word(visit, facts, row["state"] == "ok")


def given(visit: Visit, name: str, *, prefix: str = "") -> dict[str, object]:
    """Return the field that a form was filled in with, as the node asks for it.

    Args:
        visit: The visit with the form.
        name: Which field.
        prefix: What the names of its inputs begin with.

    Raises:
        MisuseError: ``web.number``: words where a number is wanted.
    """

    def said(member: str) -> str:
        return visit.form.get(prefix + member, "")

    made: dict[str, object] = {
        "name": name,
        "unit": said("unit").strip(),
        "quote": " ".join(said("quote").split()),
    }
    if name in PERIODS:
        made |= {each: whole(said(each)) for each in ("years", "months", "days")}
    elif name == "entry":
        made["days"] = whole(said("days")) if said("when") == "later" else 0
    elif name == "signatories":
        made["per_party"] = whole(said("per_party"))
    elif name == "marking_scale":
        made["levels"] = listed(said("levels"))
    elif name == "suspension":
        made |= {"by": said("by"), "scope": [*visit.chosen(prefix + "scope")]}
    elif name == "third_parties":
        made |= {each: said(each) for each in ("relations", "onward")}
    elif name == "basis":
        made |= {each: " ".join(said(each).split()) for each in ("instrument", "title")}
    else:
        numbers = range(min(whole(said("areas") or "1"), AREAS_SHOWN_MAX))
        made["areas"] = [_area(visit, n, prefix) for n in numbers if said(f"title-{n}").strip()]
    return made


def kept(row: Row) -> dict[str, object]:
    """Return a field of an answer as the node asks for it."""
    beside = {"index", "unit_id", "line", "problem", "doubt", "plain", "offered"}
    return {name: value for name, value in row.items() if name not in beside}


def terms(row: Row, name: str) -> list[str]:
    """Return a list member of an answer as texts."""
    found = row.get(name)
    plain = isinstance(found, Sequence) and not isinstance(found, str)
    return [str(each) for each in found] if plain and isinstance(found, Sequence) else []


def rows(row: Row, name: str) -> list[Row]:
    """Return a list member of an answer as objects."""
    found = row.get(name)
    plain = isinstance(found, Sequence) and not isinstance(found, str)
    every = found if plain and isinstance(found, Sequence) else ()
    return [each for each in every if isinstance(each, Mapping)]


def number(row: Row, name: str) -> int:
    """Return a member of an answer as a number."""
    found = row.get(name)
    return found if isinstance(found, int) else 0


def _period_sentence(visit: Visit, name: str, said: str) -> str:
    _ = visit._
    return {
        "term": _("The agreement runs for %(period)s.", period=said),
        "notice": _("A party that leaves says so %(period)s before.", period=said),
        "review": _("The parties review it at least every %(period)s.", period=said),
    }[name]


def _entry(visit: Visit, row: Row) -> str:
    days = number(row, "days")
    if not days:
        return visit._("It enters into force on the date of the last signature.")
    text = visit.words.ngettext(
        "It enters into force %(n)s day after the last signature.",
        "It enters into force %(n)s days after the last signature.",
        days,
    )
    return text % {"n": visit.words.number(days)}


def _signatories(visit: Visit, row: Row) -> str:
    count = number(row, "per_party")
    text = visit.words.ngettext(
        "%(n)s person signs for each party.", "%(n)s persons sign for each party.", count
    )
    return text % {"n": visit.words.number(count)}


def _suspension(visit: Visit, row: Row) -> str:
    _ = visit._
    how = {"whole": _("as a whole"), "unit": _("article by article")}
    scope = _(" or ").join(how.get(each, each) for each in terms(row, "scope"))
    if row.get("by") == "both":
        return _("Both parties together may suspend it, %(scope)s.", scope=scope)
    return _("Either party alone may suspend it, %(scope)s.", scope=scope)


def _third(visit: Visit, row: Row) -> str:
    _ = visit._
    relations = {
        "unaffected": _("Relations with others stay as they are."),
        "conditioned": _("Relations with others are made subject to conditions."),
    }
    onward = {
        "refused": _("Nothing is passed on to others."),
        "consent": _("Passing on to others needs the sender's consent."),
        "free": _("Passing on to others is free."),
    }
    said = (relations.get(str(row.get("relations"))), onward.get(str(row.get("onward"))))
    return " ".join(each for each in said if each)


def _scale(visit: Visit, row: Row) -> str:
    return visit._(
        "Items are marked, from the lowest to the highest: %(levels)s.",
        levels=" < ".join(terms(row, "levels")),
    )


def _basis(visit: Visit, row: Row) -> str:
    return visit._("It stands under %(title)s.", title=row.get("title", ""))


def _areas(visit: Visit, row: Row) -> str:
    return " ".join(area_sentence(visit, each) for each in rows(row, "areas"))


def _check_adopted(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    del facts, ok
    return visit._("It states no entry into force: both adopt it, and nobody signs it.")


def _check_places(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    del ok
    ngettext, count = visit.words.ngettext, number(facts, "count")
    said = ngettext(
        "%(n)s place in square brackets is still to be filled in.",
        "%(n)s places in square brackets are still to be filled in.",
        count,
    )
    return said % {"n": visit.words.number(count)}


def _check_text(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    del ok
    if not number(facts, "count"):
        return visit._("No articles were found; the text is kept as paragraphs.")
    ngettext, count = visit.words.ngettext, number(facts, "count")
    said = ngettext("The text has %(n)s article.", "The text has %(n)s articles.", count)
    return said % {"n": visit.words.number(count)}


def _check_findings(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    if ok:
        return visit._("Every line of the text was understood.")
    ngettext, count = visit.words.ngettext, number(facts, "count")
    said = ngettext("%(n)s line wants a look.", "%(n)s lines want a look.", count)
    return said % {"n": visit.words.number(count)}


def _check_fields(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    if ok:
        return visit._("Every field stands in the words it quotes.")
    ngettext, count = visit.words.ngettext, number(facts, "count")
    said = ngettext("%(n)s field does not hold.", "%(n)s fields do not hold.", count)
    return said % {"n": visit.words.number(count)}


def _check_doubts(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    del ok
    ngettext, count = visit.words.ngettext, number(facts, "count")
    said = ngettext(
        "%(n)s field seems to say something else than its words.",
        "%(n)s fields seem to say something else than their words.",
        count,
    )
    return said % {"n": visit.words.number(count)}


def _check_stated(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    name = name_of(visit, str(facts["name"]))
    if ok:
        return visit._("%(name)s: stated.", name=name)
    return visit._("%(name)s: not stated as a field.", name=name)


def _check_relationship(visit: Visit, facts: Row, ok: bool) -> str:  # noqa: FBT001 - one of a table
    if ok:
        return visit._("The relationship takes new acts.")
    return visit._("The relationship is frozen: %(why)s", why=facts.get("message", ""))


_CHECKS: Final[Mapping[str, Callable[[Visit, Row, bool], str]]] = {
    "text": _check_text,
    "findings": _check_findings,
    "fields": _check_fields,
    "doubts": _check_doubts,
    "stated": _check_stated,
    "adopted": _check_adopted,
    "places": _check_places,
    "relationship": _check_relationship,
}
_SENTENCES: Final[Mapping[str, Callable[[Visit, Row], str]]] = {
    "entry": _entry,
    "signatories": _signatories,
    "suspension": _suspension,
    "third_parties": _third,
    "marking_scale": _scale,
    "basis": _basis,
    "areas": _areas,
}


def _area(visit: Visit, n: int, prefix: str) -> dict[str, object]:
    def said(name: str) -> str:
        return visit.form.get(f"{prefix}{name}-{n}", "").strip()

    return {
        "id": said("id") or _word(said("title"), "-"),
        "title": said("title"),
        "articles": listed(said("articles")),
        "actions": [*visit.chosen(f"{prefix}actions-{n}")],
        "kinds": [_word(each, "_") for each in listed(said("kinds"))],
        "marking_max": said("marking_max"),
        "purposes": [_word(each, "_") for each in listed(said("purposes"))],
        "recipients": listed(said("recipients")) or ["parties"],
        "onward": said("onward") or "refused",
    }


def listed(text: str) -> list[str]:
    """Return what stands between commas or on lines of its own, each once."""
    parts = (" ".join(each.split()) for each in _SEPARATOR.split(text))
    return [each for each in dict.fromkeys(parts) if each]


def _word(text: str, joint: str) -> str:
    """Return a text as one lower-case word, as the terms of a policy are spelled."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", joint, plain).strip("-_")[:64]


def whole(text: str) -> int:
    """Return a whole number that was typed; nothing typed is 0.

    Raises:
        MisuseError: ``web.number``.
    """
    text = text.strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise MisuseError(
            "web.number", f"Write a whole number in figures, at most 99999; found {text[:40]!r}."
        )
    return int(text or "0")
