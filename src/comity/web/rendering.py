"""Templates to HTML: one environment, everything escaped, the words and times of the reader."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from typing import Final, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from comity.foundation.errors import ComityError
from comity.web import problem_words, remedy_words, sentence_words, why_words, wording
from comity.web.assets import asset
from comity.web.negotiation_words import INSTRUMENT, stage
from comity.web.roles import role_names
from comity.web.texts import EDGES, LANGUAGES, Words, marked, parse_instant, zones
from comity.web.visit import CHANGED, Visit, at

T = TypeVar("T")

#: Navigation: code, address, English text (a page's ``nav`` names the code).
NAVIGATION: Final = (
    ("needs", "/", marked("What needs me")),
    ("agreements", "/agreements", marked("Agreements")),
    ("share", "/share", marked("Sharing")),
    ("coordination", "/commitments", marked("Coordination")),
    ("relationships", "/relationships", marked("Relationships")),
    ("record", "/record", marked("Record")),
    ("people", "/people", marked("People")),
    ("health", "/health", marked("Node")),
)


#: Refusals because somebody acted since a page was seen: nothing is forbidden by them.
_OVERTAKEN: Final = frozenset(
    {
        *(CHANGED, "calendars.overtaken", "approving.changed"),
        *("meetings.other_proposal", "meetings.other_agenda"),
        *("meetings.other_text", "meetings.other_record"),
    }
)

#: The beginning of a cell, and whether there is nothing in it.
_CELL: Final = re.compile(r"<(td|th)(?=[ >])(?=[^>]*>(\s*</)?)")

#: Whose page is being made: macros that a template imports do not see its context.
_SHOWN_TO: Final[ContextVar[Visit]] = ContextVar("shown to")


@cache
def environment() -> Environment:
    """Return the environment of all templates."""
    env = Environment(
        loader=PackageLoader("comity.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # put there by the extension
    env.filters.update(
        when=_when,
        day=_day,
        bound=_bound,
        bounds=_bounds,
        number=_number,
        size=_size,
        person=_person,
        roles=_roles,
        labelled=_labelled,
        timed=_timed,
        there=_there,
    )
    env.filters.update(spaced=wording.spaced, area_words=wording.area_words, fact=_fact)
    env.globals.update(
        OVERTAKEN=_OVERTAKEN,
        said_problem=_said_problem,
        word_told=_word_told,
        word_what=wording.what_it_is,
        word_because=_worded(why_words.because),
        word_by_whom=_worded(why_words.by_whom),
        word_house=_worded(why_words.house),
        word_kind=_worded(wording.kind),
        word_reason=wording.reason,
        word_remedy=_word_remedy,
        word_retold=_word_retold,
        word_signers=_worded(wording.signers),
        word_state=_worded(why_words.state),
    )
    env.globals.update(
        zone_names=zones, at=at, asset=asset, languages=LANGUAGES, navigation=NAVIGATION
    )
    env.globals.update(agreement_states=INSTRUMENT, stage=stage)
    return env


def render(template: str, context: Mapping[str, object], *, visit: Visit) -> str:
    """Return the page."""
    token = _SHOWN_TO.set(visit)
    try:
        return environment().get_template(template).render(**context, visit=visit)
    finally:
        _SHOWN_TO.reset(token)


@pass_context
def _gettext(context: Context, text: str) -> str:
    return _visit(context).words.gettext(text)


@pass_context
def _ngettext(context: Context, one: str, many: str, n: int) -> str:  # noqa: PLR0917 - gettext's order
    return _visit(context).words.ngettext(one, many, n)


@pass_context
def _when(context: Context, value: object) -> Markup:
    """Return an instant in the reader's zone with UTC beside it."""
    instant = parse_instant(str(value))
    if instant is None:
        return escape("" if value is None else str(value))
    words = _visit(context).words
    utc = words.utc(instant)
    beside = Markup(' <span class="utc">({})</span>').format(utc) if utc else Markup("")
    return Markup('<time datetime="{}">{}{}</time>').format(
        str(instant), words.local(instant), beside
    )


@pass_context
def _timed(context: Context, sentence: object) -> str:
    """Return a sentence whose instants stand in the reader's zone."""
    return _visit(context).words.timed(str(sentence or ""))


@pass_context
def _there(context: Context, value: object, zone: str) -> str:
    """Return an instant by the clocks of a zone; empty where the reader's show the same."""
    instant = parse_instant(str(value))
    return "" if instant is None else _visit(context).words.there(instant, zone)


@pass_context
def _day(context: Context, value: object) -> Markup:
    """Return the date of an instant in the reader's zone."""
    instant = parse_instant(str(value))
    if instant is None:
        return escape("" if value is None else str(value))
    shown = _visit(context).words.day(instant)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        str(instant), str(instant), shown
    )


@pass_context
def _bound(context: Context, value: object) -> Markup:
    """Return the first or last instant of a period: a day alone where a day was meant."""
    instant = parse_instant(str(value))
    if instant is None:
        return escape("" if value is None else str(value))
    if instant.datetime().time() not in EDGES:
        return _when(context, value)
    shown = _visit(context).words.bound(instant)
    return Markup('<time datetime="{}">{}</time>').format(str(instant), shown)


@pass_context
def _bounds(context: Context, sentence: object) -> str:
    """Return a sentence whose instants bound a period: days alone where days were meant."""
    return _visit(context).words.bounds(str(sentence))


@pass_context
def _number(context: Context, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return _visit(context).words.number(value)


@pass_context
def _size(context: Context, value: float) -> str:
    return _visit(context).words.size(value)


def _person(value: object, tag: str = "span", lang: str = "") -> Markup:
    """Return words that a person wrote: in their own direction, never mixed with ours."""
    known = Markup(' lang="{}"').format(lang) if lang else Markup("")
    shown = Markup('<{0} dir="auto"{1} class="person-text">{2}</{0}>')
    return shown.format(tag, known, value)


def _labelled(row: str, titles: Sequence[str]) -> Markup:
    """Return a row of a list whose cells say what they are: narrow windows show no heading.

    Texts of people are escaped already: every ``<td`` is one of a template.
    """
    waiting = iter(titles)

    def label(cell: "re.Match[str]") -> str:
        title, role = next(waiting, ""), "cell" if cell[1] == "td" else "rowheader"
        empty = " data-none" if cell[2] is not None else ""
        return f'<{cell[1]} role="{role}" data-label="{escape(title)}"{empty}'

    return Markup(_CELL.sub(label, row))  # noqa: S704 - a row that a template escaped


def _fact(value: object) -> Markup:
    """Return any plain value as people read it: no brackets and quotes of a program."""
    match value:
        case None | "":
            return Markup("–")  # noqa: RUF001 - a dash stands for nothing
        case bool():
            return escape("✓" if value else "✗")
        case Mapping():
            parts = [Markup("{}: {}").format(name, _fact(each)) for name, each in value.items()]
            return Markup("; ").join(parts)
        case list() | tuple():
            return Markup(", ").join(_fact(each) for each in value)
        case _:
            return _person(value)


@pass_context
def _said_problem(context: Context, problem: object) -> problem_words.Said:
    """Return an error, or an answer that tells of one by its code, in the reader's language."""
    words = _visit(context).words
    if isinstance(problem, problem_words.Said):
        return problem
    if isinstance(problem, ComityError):
        facts = problem.facts
        return problem_words.said(words, problem.code, message=problem.message, facts=facts)
    told = problem if isinstance(problem, Mapping) else {}
    message = told.get("message") or told.get("reason") or ""
    return problem_words.said(words, told.get("code"), message=message, facts=told.get("facts"))


@pass_context
def _roles(context: Context, codes: Sequence[object]) -> str:
    return role_names(_visit(context).words, codes)


@pass_context
def _word_remedy(context: Context, remedy: wording.Facts) -> remedy_words.Remedy:
    return remedy_words.remedied(_visit(context), remedy)


@pass_context
def _word_retold(context: Context, sentence: object) -> str | None:
    return sentence_words.retold(_visit(context).words, str(sentence or ""))


@pass_context
def _word_told(context: Context, row: wording.Facts, who: str) -> str:
    return wording.told(_visit(context).words, row, who=who)


def _worded(tell: Callable[[Words, T], str]) -> Callable[[Context, T], str]:
    """Return a function for templates that words something for whoever reads the page."""

    @pass_context
    def worded(context: Context, value: T) -> str:
        return tell(_visit(context).words, value)

    return worded


def _visit(context: Context) -> Visit:
    visit = context.get("visit")
    return visit if isinstance(visit, Visit) else _SHOWN_TO.get()
