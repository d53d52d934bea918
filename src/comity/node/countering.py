"""A counter of one unit as it is being written: words, fields as forms, what would be tabled.

Nothing is kept here. Source: agreements.md D3.4; design 13.9.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.comparing import reworded
from comity.agreements.countering import Countered, countered, forms_in, free_names
from comity.agreements.differing import differences
from comity.agreements.drafts import CheckedForm, Problem
from comity.agreements.exporting import fields_toml
from comity.agreements.model import DELETED, Content, in_order, label_path, named_fields
from comity.api import agreements as asks
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError, PeerError
from comity.node import draft_views as views
from comity.node.draft_edits import form_of
from comity.node.showing import redline
from comity.node.tray import wording

ARTICLES_OFFERED_MAX: Final = 400


@attrs.frozen(kw_only=True)
class Looked:
    """A counter that was looked at.

    Attributes:
        content: What would be proposed, or None where something is wrong.
        forms: The fields of the unit, each with what was found of it.
        problem: What is wrong with the whole, or None.
    """

    content: Content | None
    forms: tuple[CheckedForm, ...]
    problem: Problem | None


def content_of(current: Mapping[str, Content], unit: str, request: asks.CounterUnit) -> Content:
    """Return what a counter proposes for one unit.

    Raises:
        MisuseError: ``agreements.fields_twice``; ``agreements.field``: one of the forms does not
            hold, which one stands in the facts; and as ``reworded`` and ``countered``.
    """
    if request.delete:
        return DELETED
    if request.forms is not None and request.fields is not None:
        raise MisuseError(
            "agreements.fields_twice", "Give the fields as a file or as forms, not both."
        )
    try:
        if request.forms is None:
            return reworded(
                current, unit, text=request.text, heading=request.heading, fields=request.fields
            )
        forms = [form_of(each) for each in request.forms]
        found = countered(current, unit, text=request.text, heading=request.heading, forms=forms)
    except PeerError as error:  # typed by our own official
        raise error.as_family(MisuseError) from None
    return _held(current, unit, found)


def _held(current: Mapping[str, Content], unit: str, found: Countered) -> Content:
    wrong = found.wrong()
    if wrong is not None:
        index, form, problem = wrong
        raise MisuseError(
            "agreements.field",
            f"{label_path(current, unit)}: {problem.message} Nothing was staged.",
            {"unit": unit, "index": index, "field": form.form.name, "cause": problem.code},
        )
    assert found.content is not None  # every field holds
    return found.content


def looked(current: Mapping[str, Content], unit: str, request: asks.PreviewCounter) -> Looked:
    """Return what a counter would come to; what is wrong stands where it is wrong."""
    old = current[unit]
    text = old.text if request.text is None else request.text
    standing = forms_in(current, unit)
    forms = standing if request.forms is None else [form_of(each) for each in request.forms]
    if request.delete:
        return Looked(content=DELETED, forms=(), problem=None)
    try:
        found = countered(current, unit, text=text, heading=request.heading, forms=forms)
        content = found.content
        if request.fields is not None:
            content = reworded(
                current, unit, text=text, heading=request.heading, fields=request.fields
            )
    except ComityError as error:
        bare = tuple(
            CheckedForm(form=form, unit=None, problem=None, doubt=None, words=(), offered=())
            for form in forms
        )
        problem = Problem(code=error.code, message=error.message)
        return Looked(content=None, forms=bare, problem=problem)
    return Looked(content=content, forms=found.forms, problem=None)


def preview(
    current: Mapping[str, Content],
    unit: str,
    request: asks.PreviewCounter,
    *,
    found: Looked,
    labels: Mapping[str, str],
) -> JsonObject:
    """Return a counter as people and programs look at it.

    Args:
        current: The text as our side words it, that unit among it.
        unit: Its id.
        request: What was asked.
        found: What ``looked`` made of it.
        labels: How a person names each unit.
    """
    old = current[unit]
    text = old.text if request.text is None else request.text
    heading = old.heading if request.heading is None else request.heading
    articles = [each for each in in_order(current) if current[each].kind == "article"]
    bare = {each: attrs.evolve(content, fields={}) for each, content in current.items()}
    return {
        "unit": unit,
        "label": labels[unit],
        "kind": old.kind,
        "text": text,
        "heading": heading,
        "deleted": request.delete,
        "forms": views.field_rows(found.forms, {}),
        "fields_file": fields_toml({**bare, unit: old}) if old.fields else "",
        "free": list(free_names(current, unit)),
        "articles": [label_path(current, each) for each in articles[:ARTICLES_OFFERED_MAX]],
        "levels": list(_levels(current)),
        "problem": None
        if found.problem is None
        else {"code": found.problem.code, "message": found.problem.message},
        "wording": None if found.content is None else wording(found.content, labels),
        "difference": _difference(unit, old, found.content, labels=labels),
    }


def _levels(units: Mapping[str, Content]) -> Iterator[str]:
    for _, value in named_fields(units, "marking_scale"):
        levels = value["levels"]
        assert isinstance(levels, Sequence)  # checked when the content was read
        yield from map(str, levels)


def _difference(
    unit: str, old: Content, new: Content | None, *, labels: Mapping[str, str]
) -> JsonObject | None:
    """Return how the unit would differ from the wording that the counter starts from."""
    if new is None or new.deleted or old.deleted:
        return None
    for found in differences({unit: old}, {unit: new}):
        return redline(found, labels=labels)
    return None
