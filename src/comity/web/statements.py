"""Joint statements: drafted together, marked, cleared by both, released by both or not at all.

Source: agreements.md D2.4, D6 (journey 10); spec 13.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.foundation.members import one, rows, text, words
from comity.sharing.names import file_name
from comity.web import statement_words as said
from comity.web.commitment_words import waits, whom
from comity.web.commitments import grounds, may
from comity.web.listing import Column, Row, listing
from comity.web.negotiation_words import INSTRUMENT
from comity.web.roles import roles_with_people
from comity.web.sharing import all_rows
from comity.web.statement_way import counted, way
from comity.web.visit import Goto, Handout, Html, Page, Plain, Reply, Visit, at, rows_of

_STATES: Final = ("all", "open", "ours", "out")
#: What an instrument is once both have adopted it, and until it is signed.
_ADOPTED: Final = frozenset({"agreed_ad_ref", "initialled", "signing", "signed"})
#: What it is on the way there.
_ON_THE_WAY: Final = frozenset({"drafting", "tabled", "negotiating", "clean"})
_CLEARANCES: Final = ("press", "legal")
#: So many sentences stand on a page: as many as one act marks.
SENTENCES_PER_PAGE: Final = 100


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "all")
    state = chosen if chosen in _STATES else "all"
    found_rows = await all_rows(visit, "statements", "statements", state=state)
    columns = [
        Column(title=visit._("Statement"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("State"), value=lambda row: said.state_of(visit, row)[1]),
        Column(title=visit._("Release"), value=lambda row: row["at"]),
        Column(title=visit._("Next"), value=lambda row: said.coming(visit, row)),
        Column(title=visit._("Waits"), value=lambda row: waits(visit, row)[1]),
    ]
    found = listing(visit, found_rows, columns=columns, name="statements")
    if isinstance(found, Plain):
        return found
    context = {"list": found, "state": state, **_in(visit)}
    return Html(template="statements/list.html", context=context)


def _in(visit: Visit) -> dict[str, object]:
    return {
        "state_of": lambda row: said.state_of(visit, row),
        "coming": lambda row: said.coming(visit, row),
        "waits": lambda row: waits(visit, row),
        "whom": lambda party: whom(visit, party),
        "mark_words": lambda mark: said.mark_words(visit, mark),
        "promise_words": lambda promise: said.promise_words(visit, promise),
        "step_words": lambda step: said.step_words(visit, step),
        "language_name": lambda code: said.language_name(visit, code),
        "zone": str(visit.words.zone),
    }


async def _new(visit: Visit) -> Reply:
    found = await visit.ask("relationships")
    context = {
        "counterparts": [
            (str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")
        ],
        "grounds": await grounds(visit),
        **may(visit, "statements.begin"),
    }
    return Html(template="statements/new.html", context=context)


def _typed(visit: Visit, name: str) -> str:
    return visit.form.get(name, "").strip()


async def _begin(visit: Visit) -> Reply:
    instrument, _, unit = _typed(visit, "grounds").partition(" ")
    if not unit:
        raise MisuseError("web.no_grounds", "Choose the article in force that it is issued under.")
    made = await visit.act(
        "statements.begin",
        seen=None,
        upload=None,
        instrument=instrument,
        unit=unit,
        **{name: _typed(visit, name) for name in ("counterpart", "title", "words")},
    )
    return Goto(
        path=at("statements", str(made["statement"])),
        notice=visit._("Begun. Nothing is public before both sides have released it."),
    )


# --- one statement ------------------------------------------------------------------------------


def _overtaken(found: JsonObject, asked: JsonObject) -> bool:
    """Return whether they released it while our side asked for something else in it."""
    ours = any(one(one(asked, step), "us") for step in asked) or any(
        row["ours"] for row in rows(found, "sentences")
    )
    return found["released_by"] == ["them"] and ours


async def _show(visit: Visit) -> Reply:
    found = await visit.see("statements.show", statement=visit.at["statement"])
    known = await all_rows(visit, "agreements", "agreements")
    rel = found["relationship"]
    adopted = [row for row in known if row["relationship"] == rel and row["status"] in _ADOPTED]
    order, asked = one(found, "order"), one(found, "said")
    theirs = one(one(asked, "order"), "them")
    now = await visit.node.now()
    ahead = _on_their_way(visit, known, rel)
    free = any(
        row["register"] == "political" and not list(rows_of(row, "statements")) for row in adopted
    )
    context = {
        **await _head(visit, found, tab="show"),
        "way": way(visit, found, texts=ahead, adopted=free),
        "adopted": [
            {
                "name": str(row["instrument"]),
                "title": str(row["title"]),
                "language": str(row["language"]),
                "elsewhere": [
                    str(one["title"])
                    for one in rows_of(row, "statements")
                    if one["statement"] != found["statement"]
                ],
            }
            for row in adopted
        ],
        "on_their_way": ahead,
        "tongues": [
            ("", visit._("the first one chosen")),
            *(
                (code, said.language_name(visit, code))
                for code in dict.fromkeys(str(row["language"]) for row in adopted)
            ),
        ],
        "chosen_texts": set(visit.chosen("texts")) if visit.form else _texts_of(found, adopted),
        "of_its_name": [each for each in ahead if each["title"] == found["title"]],
        "clearances": await _clearances(visit, found),
        "their_text": one(one(asked, "text"), "them"),
        "our_text": one(one(asked, "text"), "us"),
        "titles": {str(row["instrument"]): str(row["title"]) for row in known},
        "their_order": theirs,
        "our_order": one(one(asked, "order"), "us"),
        "asked_otherwise": _overtaken(found, asked),
        "differ": [
            row["number"] for row in rows(found, "sentences") if row["ours"] and row["theirs"]
        ],
        "until": said.countdown(visit, Instant.parse(text(order, "at")), now=now) if order else "",
        "languages_of": [str(code) for code in _members(found, "languages")],
        "chosen_languages": set(visit.chosen("languages"))
        if visit.form
        else set(_members(found, "languages")),
        "texts_differ": any(each["stands"] is not True for each in rows(found, "texts")),
    }
    return Html(template="statements/show.html", context=context)


def _texts_of(found: JsonObject, adopted: Sequence[Row]) -> set[str]:
    """Return its texts; before any was said, the adopted ones that are called as it is.

    A text drafted from the page of a statement bears its title.
    """
    said = {text(each, "instrument") for each in rows(found, "texts")}
    called = [row for row in adopted if row["title"] == found["title"]]
    return said or {
        str(row["instrument"]) for row in called if not list(rows_of(row, "statements"))
    }


def _on_their_way(visit: Visit, known: Sequence[Row], rel: object) -> list[JsonObject]:
    """Return the political texts between the two that wait for their adoption."""
    return [
        {
            "name": str(row["instrument"]),
            "title": str(row["title"]),
            "language": str(row["language"]),
            "status": str(row["status"]),
            "draft": row["status"] == "drafting",
            "badge": (kind, visit._(word)),
        }
        for row in known
        if row["relationship"] == rel
        and row.get("register") == "political"
        and row["status"] in _ON_THE_WAY
        for kind, word in [INSTRUMENT[str(row["status"])]]
    ]


async def _head(visit: Visit, found: JsonObject, *, tab: str) -> dict[str, object]:
    """Return what every page of one statement shows."""
    steps = (
        *("text", "mark", "order", "pull", "release", "correct", "accept_correction", "readout"),
        "recall",
    )
    operations = (*steps, *(f"{step}_{by}" for step in ("clear", "unclear") for by in _CLEARANCES))
    officials = list(rows_of(await visit.ask("officials"), "officials"))
    return {
        "found": {**found, "acts": [_told(each) for each in rows(found, "acts")]},
        "tab": tab,
        "can": set(words(found, "may")),
        "who": {step: _who(visit, f"statements.{step}", officials) for step in operations},
        "mark_choices": said.marks(visit),
        "parties": [
            ("", visit._("nobody: it does not commit")),
            ("us", visit._("we")),
            ("them", visit._("they")),
            ("both", visit._("both together")),
        ],
        **_in(visit),
    }


def _who(visit: Visit, operation: str, officials: Sequence[Row]) -> dict[str, object]:
    """Return whether the reader may do it, and who may where not: offices, and people in them."""
    lacking = visit.node.allowed(operation, visit.person.roles)
    return {
        "may": not lacking,
        "lacking": roles_with_people(visit.words, lacking, officials),
    }


def _told(act: JsonObject) -> JsonObject:
    """Return an act as the page tells it: whose clearance it was, or what was taken back."""
    said = one(act, "act")
    if act["step"] == "recall":
        return {**act, "step": f"recall_{said.get('of')}"}
    by = said.get("by")
    return {**act, "step": f"{act['step']}_{by}"} if by in _CLEARANCES else act


def _members(value: JsonObject, name: str) -> Sequence[Json]:
    found = value.get(name)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


async def _clearances(visit: Visit, found: JsonObject) -> list[dict[str, object]]:
    """Return the four clearances, with when each was given, and by whom on our side."""
    made: list[dict[str, object]] = []
    for by, label in (("press", visit._("Press")), ("legal", visit._("Legal"))):
        row: dict[str, object] = {"by": by, "label": label}
        for side, log in (("us", "ours"), ("them", "theirs")):
            given = one(one(found, "clearances"), side)[by] is True
            act = next(
                (
                    each
                    for each in reversed(rows(found, "acts"))
                    if each["log"] == log
                    and each["step"] == "clear"
                    and one(each, "act").get("by") == by
                ),
                None,
            )
            row[side] = None
            if given and act is not None:
                who = await _entered_by(visit, found, act) if side == "us" else ""
                row[side] = {"at": act["at"], "n": act["n"], "who": who}
        made.append(row)
    return made


async def _entered_by(visit: Visit, found: JsonObject, act: JsonObject) -> str:
    """Return who of ours entered an act, as the house log has it."""
    entry = await visit.ask(
        "record.entry", counterpart=found["relationship"], log="ours", n=act["n"]
    )
    return text(one(entry, "entered_by"), "name")


async def _sentences(visit: Visit) -> Reply:
    found = await visit.see("statements.show", statement=visit.at["statement"])
    told = rows(found, "sentences")
    start = _start(visit, len(told))
    live = await all_rows(
        visit, "commitments", "commitments", state="live", counterpart=text(found, "relationship")
    )
    owed = {_bare(row["title"]): row for row in live}
    context = {
        **await _head(visit, found, tab="sentences"),
        "shown": told[start : start + SENTENCES_PER_PAGE],
        "owed": {
            str(row["number"]): owed[name] for row in told for name in _titles(row) if name in owed
        },
        "start": start,
        "before_these": max(0, start - SENTENCES_PER_PAGE) if start else None,
        "after_these": start + SENTENCES_PER_PAGE
        if start + SENTENCES_PER_PAGE < len(told)
        else None,
        "chosen": set(visit.chosen("sentences")),
        "theirs_differ": any(row["theirs"] is not None for row in told),
    }
    return Html(template="statements/sentences.html", context=context)


def _titles(row: JsonObject) -> list[str]:
    """Return what a commitment of a sentence is or would be called."""
    said = [one(one(row, side), "promise").get("title") for side in ("agreed", "ours", "theirs")]
    return [_bare(each) for each in (row["words"], *said) if each]


def _bare(title: object) -> str:
    return " ".join(str(title).split()).rstrip(".").casefold()


def _start(visit: Visit, count: int) -> int:
    """Return the first sentence of the page that was asked for, or that a form was on."""
    given = str(visit.typed("start"))
    first = int(given) if _is_number(given) else 0
    last_page = max(0, count - 1) // SENTENCES_PER_PAGE * SENTENCES_PER_PAGE
    return min(first // SENTENCES_PER_PAGE * SENTENCES_PER_PAGE, last_page)


async def _readouts(visit: Visit) -> Reply:
    found = await visit.see("statements.show", statement=visit.at["statement"])
    tongues = [str(code) for code in _members(found, "languages")]
    context = {
        **await _head(visit, found, tab="readouts"),
        "tongues": [(code, said.language_name(visit, code)) for code in tongues],
    }
    return Html(template="statements/readouts.html", context=context)


async def _departs(visit: Visit) -> Reply:
    """Show where a read-out departs from the statement, sentence by sentence."""
    named = {"statement": visit.at["statement"]}
    found = await visit.see("statements.show", **named)
    told = next(
        (each for each in rows(found, "readouts") if str(each["number"]) == visit.at["readout"]),
        None,
    )
    if told is None:
        raise MisuseError("web.no_page", "There is no read-out of that number.")
    beside = None
    if rows(found, "texts"):
        beside = await visit.ask("statements.departs", **named, readout=visit.at["readout"])
    context = {
        **await _head(visit, found, tab="readouts"),
        "readout": told,
        "beside": beside,
        "kinds": said.departures(visit),
    }
    return Html(template="statements/readout.html", context=context)


async def _page(visit: Visit) -> Reply:
    """Hand out the signed page, as a file to save."""
    shown = await visit.ask("statements.show", statement=visit.at["statement"])
    alternate = "them" if visit.query.get("first") == "them" else "us"
    handed = await visit.file(
        "statements.page", statement=visit.at["statement"], alternate=alternate
    )
    name = file_name(f"{shown['title']}.html", otherwise="statement.html")
    return Handout(sent=attrs.evolve(handed.sent, name=name))


#: By step, its operation and the members of its form that go on as they are typed.
_STEPS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "text": ("text", ("principal", "words")),
    "agree_text": ("text", ("words",)),
    "mark": ("mark", ("title", "test", "due", "zone", "words")),
    "agree_marks": ("mark", ("words",)),
    **{f"clear_{by}": (f"clear_{by}", ("words",)) for by in _CLEARANCES},
    **{f"unclear_{by}": (f"unclear_{by}", ("reason",)) for by in _CLEARANCES},
    "order": ("order", ("at", "zone", "words")),
    "agree_order": ("order", ("words",)),
    "pull": ("pull", ("reason",)),
    "release": ("release", ("words",)),
    "correct": ("correct", ("words",)),
    "accept_correction": ("accept_correction", ("words",)),
    "readout": ("readout", ("title", "text", "language")),
    "recall": ("recall", ("of", "words")),
}


def _more(visit: Visit, step: str) -> dict[str, object]:
    """Return the members of a step that are no plain fields.

    Raises:
        MisuseError: ``web.no_text_chosen``, ``web.no_sentence``, ``web.no_mark``, ``web.when``.
    """
    match step:
        case "text":
            texts = [each for each in visit.chosen("texts") if each]
            if not texts:
                raise MisuseError("web.no_text_chosen", "Choose its texts first; nothing was said.")
            return {"texts": texts}
        case "mark":
            numbers = [each for each in visit.chosen("sentences") if _is_number(each)]
            if not numbers:
                raise MisuseError(
                    "web.no_sentence", "Choose the sentences first; nothing was marked."
                )
            if not _typed(visit, "mark"):
                raise MisuseError(
                    "web.no_mark", "Say what these sentences are first; nothing was marked."
                )
            sides = {name: _typed(visit, name) or None for name in ("performer", "beneficiary")}
            return {
                "sentences": [int(each) for each in numbers],
                "mark": _typed(visit, "mark"),
                **sides,
            }
        case "order":
            if not _typed(visit, "at"):
                raise MisuseError("web.no_time", "Say when it is released; nothing was ordered.")
            channels = [line.strip() for line in visit.form.get("channels", "").splitlines()]
            return {
                "channels": [line for line in channels if line],
                "languages": list(visit.chosen("languages")),
            }
        case "correct":
            prefix = "text-"
            texts_by = {
                name.removeprefix(prefix): value.strip()
                for name, value in visit.form.items()
                if name.startswith(prefix)
            }
            return {"texts": texts_by}
        case _:
            return {}


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) < 6


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["statement"], visit.at["step"]
    if step not in _STEPS:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    operation, members = _STEPS[step]
    given: dict[str, object] = {member: _typed(visit, member) for member in members}
    if "zone" in given:
        given["zone"] = given["zone"] or "UTC"
    await visit.act(
        f"statements.{operation}",
        seen=("statements.show", {"statement": name}),
        upload=None,
        statement=name,
        **given,
        **_more(visit, step),
    )
    where = visit.path.split("/")[3]
    start = _typed(visit, "start")
    place = (
        at("statements", name)
        if where == "do"
        else at("statements", name, where, start=start if start != "0" else "")
    )
    after = await visit.ask("statements.show", statement=name)
    told = counted(after, step, visit.chosen("sentences"))
    return Goto(path=place, notice=said.notice(visit, step, counted=told))


_ONE: Final = "/statements/{statement}"
PAGES: Final = (
    Page(method="GET", path="/statements", work=_list, nav="coordination"),
    Page(method="GET", path="/statements/new", work=_new, nav="coordination"),
    Page(
        method="POST", path="/statements", work=_begin, back="/statements/new", nav="coordination"
    ),
    Page(method="GET", path=_ONE, work=_show, nav="coordination"),
    Page(method="GET", path=f"{_ONE}/sentences", work=_sentences, nav="coordination"),
    Page(method="GET", path=f"{_ONE}/readouts", work=_readouts, nav="coordination"),
    Page(method="GET", path=f"{_ONE}/readouts/{{readout}}", work=_departs, nav="coordination"),
    Page(method="GET", path=f"{_ONE}/page", work=_page, nav="coordination"),
    Page(method="POST", path=f"{_ONE}/do/{{step}}", work=_act, back=_ONE, nav="coordination"),
    *(
        Page(
            method="POST",
            path=f"{_ONE}/{tab}/{{step}}",
            work=_act,
            back=f"{_ONE}/{tab}",
            nav="coordination",
        )
        for tab in ("sentences", "readouts")
    ),
)
