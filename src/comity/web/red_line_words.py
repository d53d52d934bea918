"""Red lines in the reader's language: what each says, and what its form was filled in with.

One sentence a kind. Source: agreements.md D3.6, D6 (journey 1).
"""

from collections.abc import Callable, Mapping
from typing import Final

from comity.web import draft_words as say
from comity.web.draft_words import Row
from comity.web.roles import role_name
from comity.web.texts import marked
from comity.web.visit import Visit

#: The kinds, in the order in which they are offered, with what each is good for.
KINDS: Final[Mapping[str, str]] = {
    "field": marked("A number or a choice that the text lays down: its duration, its notice..."),
    "keep": marked("Words that must stay in an article, or anywhere in the text."),
    "forbid_wording": marked("Words that may stand nowhere."),
    "forbid_effect": marked("What the text may not do, whatever words it uses for it."),
    "authority": marked("Articles that only one role may accept."),
}


def sentence(visit: Visit, line: Row) -> str:
    """Return what a red line asks, in one sentence."""
    return _SENTENCES[str(line["kind"])](visit, line)


def effect_words(visit: Visit) -> dict[str, str]:
    """Return what each effect is called."""
    _ = visit._
    return {
        "conditions_third_parties": _("makes our relations with others subject to conditions"),
        "onward_sharing": _("lets what we share be passed on to others freely"),
    }


def limit_words(visit: Visit) -> dict[str, str]:
    """Return what each test of a period is called."""
    _ = visit._
    return {"at_most": _("at most"), "at_least": _("at least"), "equals": _("exactly")}


def whose_words(visit: Visit) -> dict[str, str]:
    """Return what each place is called where a line can fire."""
    _ = visit._
    return {
        "theirs": _("their wording"),
        "ours": _("our wording"),
        "tray": _("what waits in our tray"),
    }


def given(visit: Visit, kind: str) -> dict[str, object]:
    """Return the red line that a form was filled in with, as the node asks for it.

    Raises:
        MisuseError: ``web.number``.
    """
    form = visit.form
    made: dict[str, object] = {
        "kind": kind,
        "severity": form.get("severity", ""),
        "sentence": " ".join(form.get("sentence", "").split()),
    }
    if kind == "field":
        made |= _field_given(visit)
    elif kind == "keep":
        made |= {
            "label": " ".join(form.get("label", "").split()),
            "wordings": _each(form, "wordings"),
        }
    elif kind == "forbid_wording":
        made["patterns"] = _each(form, "patterns")
    elif kind == "forbid_effect":
        made |= {"effect": form.get("effect", ""), "patterns": _each(form, "patterns")}
    else:
        made |= {"labels": [*visit.chosen("labels")], "role": form.get("role", "")}
    return made


def _field_given(visit: Visit) -> dict[str, object]:
    name = visit.form.get("v-name", "")
    made: dict[str, object] = {"field": name, "test": visit.form.get("test", "equals")}
    if name not in say.NAMES or name == "areas":
        return made
    beside = {"name", "unit", "quote"}
    values = {
        member: value
        for member, value in say.given(visit, name, prefix="v-").items()
        if member not in beside and value not in ("", [])
    }
    return {**made, "value": values}


def _each(form: Mapping[str, str], name: str) -> list[str]:
    """Return what was written on the lines of an area, each once."""
    lines = (" ".join(line.split()) for line in form.get(name, "").split("\n"))
    return [line for line in dict.fromkeys(lines) if line]


def _field(visit: Visit, line: Row) -> str:
    _ = visit._
    form = line["form"]
    assert isinstance(form, Mapping)  # the node gives one for this kind
    name = say.name_of(visit, str(form["name"]))
    if form["name"] in say.PERIODS:
        return _(
            "%(name)s: %(test)s %(period)s.",
            name=name,
            test=limit_words(visit)[str(line["test"])],
            period=say.period(visit, form),
        )
    said = _suspension(visit, form) if form["name"] == "suspension" else say.sentence(visit, form)
    if form["name"] == "areas":
        said = _("as they stood when this line was set")
    return _("%(name)s must say: %(said)s", name=name, said=said)


def _suspension(visit: Visit, form: Row) -> str:
    _ = visit._
    by = {"either": _("either party alone"), "both": _("both parties together")}
    how = {"whole": _("the whole"), "unit": _("single articles")}
    said = []
    if form.get("by"):
        said.append(f"{_('Who may suspend')}: {by.get(str(form['by']), str(form['by']))}")
    scope = [how.get(each, each) for each in say.terms(form, "scope")]
    if scope:
        said.append(f"{_('What may be suspended')}: {', '.join(scope)}")
    return "; ".join(said) + "."


def _quoted(visit: Visit, line: Row, name: str) -> str:
    return visit._(" or ").join(f"«{each}»" for each in say.terms(line, name))


def _keep(visit: Visit, line: Row) -> str:
    words = _quoted(visit, line, "wordings")
    if line.get("label"):
        return visit._("%(unit)s must say %(words)s.", unit=line["label"], words=words)
    return visit._("The text must say %(words)s.", words=words)


def _wording(visit: Visit, line: Row) -> str:
    return visit._(
        "Nowhere may stand %(words)s (* is any ending).", words=_quoted(visit, line, "patterns")
    )


def _effect(visit: Visit, line: Row) -> str:
    effect = str(line["effect"])
    said = visit._("Nothing that %(effect)s.", effect=effect_words(visit).get(effect, effect))
    if not line.get("patterns"):
        return said
    words = _quoted(visit, line, "patterns")
    also = visit._("Told by these words too: %(words)s.", words=words)
    return f"{said} {also}"


def _authority(visit: Visit, line: Row) -> str:
    role = str(line["role"])
    return visit._(
        "Only the role %(role)s may stand by %(units)s.",
        role=role_name(visit.words, role),
        units=", ".join(say.terms(line, "labels")),
    )


_SENTENCES: Final[Mapping[str, Callable[[Visit, Row], str]]] = {
    "field": _field,
    "keep": _keep,
    "forbid_wording": _wording,
    "forbid_effect": _effect,
    "authority": _authority,
}
