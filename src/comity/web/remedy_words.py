"""What would let a refused controlled item through: one sentence, who must act, where to go.

Source: agreements.md D6 (journey 8); spec 11.5.
"""

from collections.abc import Mapping

import attrs

from comity.web.roles import role_names
from comity.web.visit import Visit, at

Row = Mapping[str, object]


@attrs.frozen(kw_only=True)
class Remedy:
    """A remedy as a page shows it; an empty address is not offered.

    Attributes:
        sentence: What is missing, and who must act.
        title: What the authorisation that is meant is called, or empty.
        path: Its page.
        amend: Where its amendment is asked for.
        ask: Where an authorisation is asked for, with what is known filled in.
        lacking: Who of ours can ask, where the reader cannot.
    """

    sentence: str
    title: str
    path: str
    amend: str
    ask: str
    lacking: str


def remedied(visit: Visit, remedy: Row) -> Remedy:
    """Return what a page says about a refused controlled item."""
    name, act, ask = str(remedy["authorisation"] or ""), str(remedy["act"]), remedy["ask"]
    asking = act in {"request", "amend"}
    lacking = visit.node.allowed("authorisations.request", visit.person.roles) if asking else ()
    members = ask if isinstance(ask, Mapping) else {}
    path = at("authorisations", name) if name else ""
    return Remedy(
        sentence=_sentence(visit, act, who=str(remedy["who"] or ""), had=bool(name)),
        title=str(remedy["title"] or ""),
        path=path,
        amend=f"{path}?open=amend#amend" if act == "amend" else "",
        ask=at("authorisations", "new", **dict(members)) if asking else "",
        lacking=role_names(visit.words, lacking),
    )


def _sentence(visit: Visit, act: str, *, who: str, had: bool) -> str:
    if act == "request" and not had:
        return visit._("No authorisation covers it. Either side can ask for one.")
    words = {
        "request": visit._("The authorisation that covered it has ended; ask for another one."),
        "decide": visit._("It was asked for. Their technology security officer must decide."),
        "decide.us": visit._(
            "It was asked for. Our technology security officer must enter the decision."
        ),
        "decide_amendment": visit._(
            "Its amendment was asked for. Their technology security officer must decide."
        ),
        "decide_amendment.us": visit._(
            "Its amendment was asked for. Our technology security officer must enter the decision."
        ),
        "assure": visit._(
            "It is approved. Their technology security officer must give the assurance."
        ),
        "assure.us": visit._(
            "It is approved. Our technology security officer must give the assurance."
        ),
        "accept": visit._("Their technology security officer must accept its provisos."),
        "accept.us": visit._("Our technology security officer must accept its provisos."),
        "resume": visit._("They suspended it. Their technology security officer can let it go on."),
        "resume.us": visit._("We suspended it. Our technology security officer can let it go on."),
        "amend": visit._(
            "It does not let this through any more, or not for this. Either side can ask for its"
            " amendment, or for another authorisation."
        ),
        "wait": visit._("It has not begun yet. Nobody need act before its first day."),
        "basis": visit._(
            "What it stands on is not in force. It lets this through once that is in force again."
        ),
    }
    return words.get(f"{act}.{who}") or words[act]
