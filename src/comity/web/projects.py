"""Joint projects: the list with ages, and one project as a pipeline with sheet, plan and register.

Source: agreements.md B7, D2.7, D6 (journey 11); spec 12.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows, words
from comity.web import project_authorisations
from comity.web import project_words as said
from comity.web.authorisation_words import state_of
from comity.web.commitments import fitting_grounds, grounds, may
from comity.web.listing import Column, listing
from comity.web.project_acts import (
    approved_on,
    differing,
    earlier_claims,
    loan_ways,
    reasons,
    set_aside,
    unreached,
)
from comity.web.project_parts import parts_page
from comity.web.project_plan import (
    GROUNDS,
    MILESTONE,
    accepted,
    as_typed,
    changes,
    claims,
    countered,
    days_late,
    last_words,
    milestones_typed,
    named_acts,
    shares_typed,
    wrong_field,
)
from comity.web.project_sheet import ITEM, LINES_MAX, items_typed, lines_typed
from comity.web.sharing import all_rows
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

_STATES: Final = ("all", "live", "ours", "ended")
#: How many empty lines a form of many lines offers beside those that are filled in.
_MORE: Final = 2
#: How many more it offers where somebody asks for more.
_ROWS: Final = 5
#: By what comes next, the step that does it where that has another name.
_DONE_BY: Final = {
    "answer": "explore",
    "blocked": "sheet",
    "overdue": "claim",
    "due": "claim",
    "loan_due": "give_back",
}
#: Where a text stands that may become an arrangement.
_UNDER_WAY: Final = frozenset(
    (
        *("drafting", "tabled", "negotiating", "clean", "agreed_ad_ref"),
        *("initialled", "signing", "signed", "awaiting_entry"),
    )
)
#: How many lines a sheet offers at least.
_ITEMS_MIN: Final = 5
_RIGHTS: Final = ("within", "outside", "onward")
#: Nothing is chosen beforehand where no plan is there yet.
_UNCHOSEN: Final[Mapping[str, Mapping[str, str]]] = {
    ground: dict.fromkeys(_RIGHTS, "") for ground in GROUNDS
}
_NO_SHARES: Final[Mapping[str, Mapping[str, object]]] = {
    party: {"amount": "0", "currency": "", "in_kind": ""} for party in ("us", "them")
}


async def _list(visit: Visit) -> Reply:
    chosen = visit.query.get("state", "all")
    state = chosen if chosen in _STATES else "all"
    found_rows = await all_rows(visit, "projects", "projects", state=state)
    columns = [
        Column(title=visit._("Project"), value=lambda row: row["title"]),
        Column(title=visit._("With"), value=lambda row: row["counterpart"]),
        Column(title=visit._("State"), value=lambda row: said.state_words(visit, row["status"])[1]),
        Column(title=visit._("Days in this state"), value=lambda row: row["since_days"]),
        Column(title=visit._("Next"), value=lambda row: said.coming(visit, row)),
        Column(title=visit._("Whose turn"), value=lambda row: said.turn(visit, row)),
    ]
    found = listing(visit, found_rows, columns=columns, name="projects")
    if isinstance(found, Plain):
        return found
    return Html(
        template="projects/list.html", context={"list": found, "state": state, **_in(visit)}
    )


def _in(visit: Visit) -> dict[str, object]:
    """Return the words that the templates ask for."""
    return {
        "state_words": lambda status: said.state_words(visit, status),
        "flags": lambda row: said.flags(visit, row),
        "coming": lambda row: said.coming(visit, row),
        "turn": lambda row: said.turn(visit, row),
        "whom": lambda party: said.whom(visit, party),
        "step_words": lambda step: said.step_words(visit, step),
        "late_words": lambda days: said.late_words(visit, days),
        "part_words": lambda code: said.part_words(visit, code),
        "unreached_words": lambda code: said.unreached_words(visit, code),
        "differing_words": lambda word: said.differing_words(visit, differing(word)),
        "rights": said.rights_words(visit),
        "releases": said.release_words(visit),
        "zone": str(visit.words.zone),
    }


async def _new(visit: Visit) -> Reply:
    found = await visit.ask("relationships")
    others = [str(row["relationship"]) for row in rows_of(found, "relationships")]
    context = {
        "counterparts": [
            (str(row["relationship"]), str(row["name"])) for row in rows_of(found, "relationships")
        ],
        "articles": await fitting_grounds(visit, others),
        "areas": await _areas(visit, found),
        **_in(visit),
        **may(visit, "projects.propose"),
    }
    return Html(template="projects/new.html", context=context)


async def _areas(visit: Visit, found: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the areas of the agreements in force with every counterpart, each once."""
    known: dict[str, str] = {}
    for rel in rows_of(found, "relationships"):
        areas = await visit.ask("areas", counterpart=rel["relationship"])
        known |= {str(row["area"]): str(row["title"]) for row in rows_of(areas, "areas")}
    typed = visit.typed("area").strip()
    return [*known.items(), *([(typed, typed)] if typed and known and typed not in known else [])]


async def _propose(visit: Visit) -> Reply:
    instrument, unit = _grounds(visit)
    names = ("counterpart", "title", "purpose", "area", "sponsor", "user", "answer_by", "words")
    made = await visit.act(
        "projects.propose",
        seen=None,
        upload=None,
        instrument=instrument,
        unit=unit,
        zone=_typed(visit, "zone") or "UTC",
        **{name: _typed(visit, name) for name in names},
    )
    return Goto(
        path=at("projects", str(made["project"])),
        notice=visit._("Proposed. Both sides see how long it waits for an answer."),
    )


def _typed(visit: Visit, name: str) -> str:
    return visit.form.get(name, "").strip()


def _grounds(visit: Visit) -> tuple[str, str]:
    instrument, _, unit = _typed(visit, "grounds").partition(" ")
    if not unit:
        raise MisuseError("web.no_grounds", "Choose the article in force that it stands on.")
    return instrument, unit


# --- one project --------------------------------------------------------------------------------


async def _one(visit: Visit) -> Reply:
    return await _shown(visit, "show")


async def _sheet(visit: Visit) -> Reply:
    return await _shown(visit, "sheet")


async def _plan(visit: Visit) -> Reply:
    return await _shown(visit, "plan")


async def _register(visit: Visit) -> Reply:
    return await _shown(visit, "register")


async def _disclosure(visit: Visit) -> Reply:
    return await _shown(visit, "disclosure")


async def _shown(visit: Visit, template: str) -> Reply:
    name = visit.at["project"]
    found = await visit.see("projects.show", project=name)
    officials = rows(await visit.ask("officials"), "officials")
    private = _who(visit, officials, "disclosure")
    own = rows(one(found, "sheets"), "us")
    plan = one(one(found, "plan"), "put_up") or one(one(found, "plan"), "agreed")
    arrangements = (
        await _arrangements(visit, found)
        if template == "show" and "arrange" in words(found, "may")
        else []
    )
    nobody = one(found, "next")["step"] == "arrange" and not arrangements  # there is none to name
    milestones, zone = as_typed(visit, rows(plan, "milestones"))
    visit.wrong = wrong_field(visit) if template == "plan" else ""
    context = {
        "found": {**found, "acts": named_acts(found)},
        "tab": template,
        "can": set(words(found, "may")),
        "next_by": [] if nobody else _next_by(visit, officials, found),
        "arrangements": arrangements,
        "renamed": _renamed(found),
        "rearranged": await _rearranged(visit, found) if template == "show" else None,
        "unnamed": not all(
            one(one(found, "people"), side).get(part)
            for side in ("us", "them")
            for part in ("sponsor", "user")
        ),
        "under_way": await _under_way(visit, found)
        if template == "show" and "arrange" in words(found, "may")
        else [],
        "licences": await project_authorisations.of_project(visit, found)
        if template == "show"
        else [],
        "licence_state": lambda row: state_of(visit, row),
        "own_items": _lines(visit, own, names=(*ITEM, "critical"), least=_ITEMS_MIN),
        "unreached": unreached(found),
        "earlier": earlier_claims(found),
        "claims": claims(found),
        "accepted": accepted(found),
        "changes": changes(found),
        "countered": countered(found),
        "late": days_late(found),
        "ways": loan_ways(found),
        "reasons": reasons(found),
        "set_aside": set_aside(found),
        "approved_on": approved_on(found),
        "plan_words": last_words(found, "plan"),
        "own_milestones": _lines(visit, milestones, names=MILESTONE),
        "shares": {**_NO_SHARES, **{str(each["party"]): each for each in rows(plan, "shares")}},
        "table": {**_UNCHOSEN, **one(plan, "rights")},
        "disclosure": await visit.ask("projects.disclosure", project=name)
        if private["may"] and template == "disclosure"
        else None,
        "private": private,
        "officers": _who(visit, officials, "start"),
        "security": _who(visit, officials, "sheet"),
        "authority": _who(visit, officials, "intend"),
        **_in(visit),
        **({"zone": zone} if milestones else {}),
    }
    return Html(template=f"projects/{template}.html", context=context)


def _who(visit: Visit, officials: Sequence[JsonObject], step: str) -> dict[str, object]:
    """Return whether the reader may take a step, the roles that may, and who of ours has them."""
    roles = set(visit.node.allowed(f"projects.{step}", ()))
    people = [
        str(row["name"])
        for row in officials
        if not row["disabled"] and roles & set(words(row, "roles"))
    ]
    return {**may(visit, f"projects.{step}"), "people": people}


def _next_by(visit: Visit, officials: Sequence[JsonObject], found: JsonObject) -> list[object]:
    """Return who could take the next step, by side: persons of ours, of theirs the party."""
    coming = one(found, "next")
    step, whose = str(coming["step"]), words(coming, "whose")
    made: list[object] = []
    if "us" in whose:
        people = _who(visit, officials, _DONE_BY.get(step, step.removesuffix("_anew")))["people"]
        assert isinstance(people, list)
        made.append(people or [visit._("nobody yet")])
    return made + [[found["counterpart"]]] * ("them" in whose)


def _renamed(found: JsonObject) -> list[dict[str, object]]:
    """Return who named sponsor or user anew since both signed the intent, each side's last."""
    if found["status"] in {"proposed", "exploratory"}:
        return []
    acts = [act for act in rows(found, "acts") if not act["no_effect"]]
    signed = max((n for n, act in enumerate(acts) if act["step"] == "intend"), default=len(acts))
    last = {str(act["log"]): one(act, "act") for act in acts[signed:] if act["step"] == "name"}
    return [
        {"whose": "us" if log == "ours" else "them", "sponsor": act["sponsor"], "user": act["user"]}
        for log, act in last.items()
    ]


async def _arrangements(visit: Visit, found: JsonObject) -> list[tuple[str, str]]:
    """Return the articles that may be named as the arrangement: those of no other project."""
    framework, own = str(found["instrument"]), str(found["project"])
    taken = {
        str(row["arranged"])
        for row in await all_rows(visit, "projects", "projects", state="all")
        if row["project"] != own and row["keeps_arrangement"]
    }
    return [
        (code, article)
        for code, article in await grounds(visit)
        if code.partition(" ")[0] not in {framework, *taken}
    ]


async def _rearranged(visit: Visit, found: JsonObject) -> dict[str, object] | None:
    """Return who named another arrangement in place of which, while the approval is not there."""
    acts = [act for act in rows(found, "acts") if act["step"] == "arrange" and not act["no_effect"]]
    if found["status"] != "arranging" or len(acts) < 2:
        return None
    before, now = (str(one(act, "act")["instrument"]) for act in acts[-2:])
    if before == now:
        return None
    listed = rows_of(await visit.ask("agreements"), "agreements")
    titles = {str(row["instrument"]): str(row["title"]) for row in listed}
    whose = "us" if acts[-1]["log"] == "ours" else "them"
    return {"whose": whose, "now": titles.get(now, now), "before": titles.get(before, before)}


async def _under_way(visit: Visit, found: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the texts with the counterpart of a project that are not in force yet."""
    return [
        row
        for row in rows_of(await visit.ask("agreements"), "agreements")
        if row.get("relationship") == found["relationship"]
        and row["status"] in _UNDER_WAY
        and not row.get("statements")
    ]


def _lines(
    visit: Visit,
    known: Sequence[Mapping[str, object]],
    *,
    names: Sequence[str],
    least: int = 0,
) -> list[Mapping[str, object]]:
    """Return the lines of a form of many lines: what is known, and some empty ones."""
    typed = lines_typed(visit) + (_ROWS if visit.at.get("step") == "more" else 0)
    wanted = min(max(len(known) + _MORE, least, typed), LINES_MAX)
    return [*known, *(dict.fromkeys(names, "") for _ in range(wanted - len(known)))]


#: By step, the members of its form that go on as they are typed.
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            *("withdraw", "intend", "agree_plan", "approve", "start", "resume", "wind_up"),
            *("leave", "remark"),
        ),
        ("words",),
    ),
    **dict.fromkeys(("decline", "pause", "abandon"), ("reason",)),
    **dict.fromkeys(("explore", "name"), ("sponsor", "user", "words")),
    "arrange": ("words",),
    "sheet": ("words",),
    "plan": ("words", "zone"),
    "claim": ("milestone", "words"),
    "accept": ("milestone", "words"),
    "reject": ("milestone", "reason"),
    "lend": ("what", "ref", "due", "zone", "words"),
    **dict.fromkeys(("receive", "give_back", "take_back"), ("loan", "words")),
    "write_off": ("loan", "reason"),
    "enter": ("ground", "title", "description", "ref", "owner", *_RIGHTS, "words"),
    **dict.fromkeys(("confirm", "strike"), ("item", "words")),
    "close": ("authorisations", "words"),
    "hand_over": ("to", "words"),
    "notice": ("leaves", "zone", "reason"),
    "recall": ("of", "milestone", "words"),
    "set_disclosure": ("levels", "categories", "may", "may_not", "whom"),
}


def _more(visit: Visit, step: str) -> dict[str, object]:
    """Return the members of a step that are made of several fields."""
    match step:
        case "arrange":
            instrument, unit = _grounds(visit)
            return {"instrument": instrument, "unit": unit}
        case "claim":
            lines = visit.form.get("evidence", "").splitlines()
            return {"evidence": [line.strip() for line in lines if line.strip()]}
        case "sheet":
            return {"items": items_typed(visit)}
        case "plan":
            table = {
                ground: {name: _typed(visit, f"{ground}-{name}") for name in _RIGHTS}
                for ground in GROUNDS
            }
            return {
                "milestones": milestones_typed(visit),
                "shares": shares_typed(visit),
                **table,
            }
        case _:
            return {}


async def _act(visit: Visit) -> Reply:
    name, step = visit.at["project"], visit.at["step"]
    where = visit.path.split("/")[3]
    if step == "more" and where in {"plan", "sheet"}:
        return await _shown(visit, where)  # with more lines; what was typed stays in its fields
    members = _MEMBERS.get(step)
    if members is None:
        raise MisuseError("web.no_step", f"Nothing is called {step[:40]!r} here.")
    given: dict[str, object] = {member: _typed(visit, member) for member in members}
    if "zone" in given:
        given["zone"] = given["zone"] or "UTC"
    seen = None if step == "set_disclosure" else ("projects.show", {"project": name})
    before = await visit.ask("projects.show", project=name)
    await visit.act(
        f"projects.{step}", seen=seen, upload=None, project=name, **given, **_more(visit, step)
    )
    made = await visit.ask("projects.show", project=name)
    place = at("projects", name) if where == "do" else at("projects", name, where)
    told = said.notice_words(visit, step, made)
    unsaid = said.unsaid_words(visit, step, before=before, made=made)
    notice = f"{told} {unsaid}" if unsaid else told
    return Goto(path=place, notice=notice, tone=said.tone(step, made))


_BASE: Final = "/projects/{project}"
PAGES: Final = (
    Page(method="GET", path="/projects", work=_list, nav="coordination"),
    Page(method="GET", path="/projects/new", work=_new, nav="coordination"),
    Page(method="GET", path="/projects/milestones", work=parts_page, nav="coordination"),
    Page(method="POST", path="/projects", work=_propose, back="/projects/new", nav="coordination"),
    Page(method="GET", path=_BASE, work=_one, nav="coordination"),
    Page(method="GET", path=f"{_BASE}/sheet", work=_sheet, nav="coordination"),
    Page(method="GET", path=f"{_BASE}/plan", work=_plan, nav="coordination"),
    Page(method="GET", path=f"{_BASE}/register", work=_register, nav="coordination"),
    Page(method="GET", path=f"{_BASE}/disclosure", work=_disclosure, nav="coordination"),
    Page(method="POST", path=f"{_BASE}/do/{{step}}", work=_act, back=_BASE, nav="coordination"),
    *(
        Page(
            method="POST",
            path=f"{_BASE}/{tab}/{{step}}",
            work=_act,
            back=f"{_BASE}/{tab}",
            nav="coordination",
        )
        for tab in ("sheet", "plan", "register", "disclosure")
    ),
)
