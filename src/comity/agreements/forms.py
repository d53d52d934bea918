"""The fields of a text as forms: plain typed values, and the words of the text that state them.

A form may be wrong still: it is what a person is writing. ``drafts.check_forms`` says what of it
stands in a text; a fields file and the forms say the same, each written from the other. Units and
the articles of a policy are named by their labels. Source: design 13.9; ``docs/spec/04-text.md``
4.5, 4.6, 4.8.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.fields import FIELD_NAMES, areas_of, check_value
from comity.agreements.fields_file import parse_fields_file, plain_members, where_in_file
from comity.agreements.model import Content, in_order
from comity.agreements.paths import Paths, read_paths
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Period

FORMS_MAX: Final = 1_000


@attrs.frozen(kw_only=True)
class Form:
    """One field, as a person fills it in.

    Attributes:
        name: One of ``FIELD_NAMES``.
        unit: The label of the unit that states it ("Article 16 1."), or its id.
        quote: The words of that unit that state it.
        values: The members of its form; which ones is decided by ``name``.
    """

    name: str
    unit: str
    quote: str
    values: JsonObject


@attrs.frozen(kw_only=True)
class FileFault:
    """What of a fields file could not be made into a form, and where it stands.

    Attributes:
        line: Counted from 1; 0 where the file does not tell.
        key: The unit it is written under, or empty.
        name: The field, or empty.
        code: The code of the reason.
        message: The reason in words.
    """

    line: int
    key: str
    name: str
    code: str
    message: str


def read_form(given: Mapping[str, Json]) -> Form:
    """Return the form in its flat members; members left out have the form's empty value.

    Raises:
        MisuseError: ``forms.name``: no such field; ``forms.member``: a member that this field does
            not have.
    """
    name = given.get("name")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise MisuseError(
            "forms.name",
            f"There is no field {str(name)[:60]!r}; there are {', '.join(sorted(_KINDS))}.",
        )
    values = {member: each for member, each in given.items() if member not in _COMMON}
    unknown = sorted(values.keys() - kind.empty.keys())
    if unknown:
        raise MisuseError(
            "forms.member",
            f"The field {name} has no member {unknown[0]!r}; it has {', '.join(kind.empty)}.",
        )
    return Form(
        name=str(name),
        unit=str(given.get("unit", "")),
        quote=str(given.get("quote", "")),
        values={**kind.empty, **values},
    )


def form_json(form: Form) -> JsonObject:
    """Return the flat members that ``read_form`` reads."""
    return {"name": form.name, "unit": form.unit, "quote": form.quote, **form.values}


def members_of(form: Form) -> JsonObject:
    """Return the members of a form as a fields file writes them, the quote among them."""
    return {**_KINDS[form.name].value(form.values), "quote": form.quote}


def forms_of(units: Mapping[str, Content]) -> tuple[Form, ...]:
    """Return the fields of a text as forms, in printed order."""
    paths = read_paths(units)
    made: list[Form] = []
    for unit in in_order(units):
        for name in sorted(units[unit].fields):
            field = units[unit].fields[name]
            value = field["value"]
            assert isinstance(value, Mapping)  # checked when the content was read
            if name == "areas":
                value = _labelled(value, paths)
            made.append(
                Form(
                    name=name,
                    unit=paths.name(unit),
                    quote=str(field["quote"]),
                    values=_KINDS[name].said(value),
                )
            )
    return tuple(made)


def read_forms_toml(data: bytes) -> tuple[tuple[Form, ...], tuple[FileFault, ...]]:
    """Return the fields of a fields file as forms, and what of it could not be read.

    No text is needed: whether a quote stands is looked at later. One field that is wrong leaves
    the others as they are.

    Raises:
        PeerError: as ``parse_fields_file``: the file as a whole cannot be read.
    """
    text, table = parse_fields_file(data)
    forms: list[Form] = []
    faults: list[FileFault] = []
    for key, named in table.items():
        for name, members in named.items() if isinstance(named, Mapping) else (("", named),):
            line = where_in_file(text, key, name or None) or where_in_file(text, key)
            try:
                forms.append(_from_file(key, name, members))
            except PeerError as error:
                faults.append(
                    FileFault(line=line, key=key, name=name, code=error.code, message=error.message)
                )
    return tuple(forms), tuple(faults)


def forms_toml(forms: Sequence[Form]) -> str:
    """Return the forms as a fields file."""
    lines: list[str] = []
    for form in forms:
        key = f"{_text(form.unit)}.{form.name}"
        members = members_of(form)
        areas = members.get("areas")
        plain = {name: each for name, each in members.items() if name != "areas"}
        lines += _table(f"[{key}]", plain)
        for area in areas if isinstance(areas, Sequence) else ():
            assert isinstance(area, Mapping)  # made by _areas_value
            policy = area["policy"]
            assert isinstance(policy, Mapping)  # made by _areas_value
            lines += _table(f"[[{key}.areas]]", {"id": area["id"], "title": area["title"]})[:-1]
            lines += _table(f"[{key}.areas.policy]", policy)
    return "\n".join(lines)


def _from_file(key: str, name: str, members: object) -> Form:
    what = f"{key[:60]}, {name[:60]}" if name else key[:60]
    if name not in _KINDS:
        raise PeerError(
            "fields.unknown",
            f"{what}: no such field; known fields are {', '.join(sorted(FIELD_NAMES))}.",
        )
    if not isinstance(members, Mapping) or not isinstance(members.get("quote"), str):
        raise PeerError(
            "fields_file.quote",
            f"{what}: a field needs a quote, the words of its unit that state it.",
        )
    plain = plain_members(members)
    quote = str(plain.pop("quote"))
    checked = check_value(name, _with_ids(plain) if name == "areas" else plain, unit=what)
    value = plain if name == "areas" else checked
    return Form(name=name, unit=key, quote=quote, values=_KINDS[name].said(value))


def _labelled(value: JsonObject, paths: Paths) -> JsonObject:
    """Return the value of a field ``areas`` with the labels of its articles for their ids."""
    made: list[Json] = []
    for area in areas_of(value):
        articles: list[Json] = [
            paths.name(unit) if unit in paths.longest else unit for unit in area.policy.articles
        ]
        made.append({**area.json(), "policy": {**area.policy.json(), "articles": articles}})
    return {"areas": made}


def _with_ids(value: JsonObject) -> JsonObject:
    """Return a value of ``areas`` in which any label passes for the id of an article."""
    areas = value.get("areas")
    if not isinstance(areas, Sequence) or isinstance(areas, str):
        return value
    made: list[Json] = []
    for area in areas:
        policy = area.get("policy") if isinstance(area, Mapping) else None
        articles = policy.get("articles") if isinstance(policy, Mapping) else None
        if isinstance(area, Mapping) and isinstance(policy, Mapping) and _are_labels(articles):
            assert isinstance(articles, Sequence)  # as just seen
            ids: list[Json] = [f"u{list(articles).index(each)}" for each in articles]
            made.append({**area, "policy": {**policy, "articles": ids}})
        else:
            made.append(area)
    return {**value, "areas": made}


def _are_labels(articles: Json) -> bool:
    return (
        isinstance(articles, Sequence)
        and not isinstance(articles, str)
        and all(isinstance(each, str) and each.strip() for each in articles)
    )


def _table(head: str, members: JsonObject) -> list[str]:
    return [head, *(f"{name} = {_value(value)}" for name, value in members.items()), ""]


def _value(value: Json) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(each) for each in value)}]"
    return str(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- between a form's members and a field's value -----------------------------------------------


def _period_value(values: JsonObject) -> JsonObject:
    years, months, days = (_whole(values[name]) for name in ("years", "months", "days"))
    return {"period": str(Period(years, months, days))}


def _period_said(value: JsonObject) -> JsonObject:
    period = Period.parse(str(value["period"]))
    return {"years": period.years, "months": period.months, "days": period.days}


def _entry_value(values: JsonObject) -> JsonObject:
    return {"when": "last_signature", "days": values["days"]}


def _entry_said(value: JsonObject) -> JsonObject:
    return {"days": value["days"]}


def _areas_value(values: JsonObject) -> JsonObject:
    areas = values["areas"]
    assert isinstance(areas, Sequence)  # the doors take a list
    made: list[Json] = []
    for area in areas:
        assert isinstance(area, Mapping)  # the doors take a list of objects
        policy = {name: area.get(name, empty) for name, empty in _POLICY.items()}
        made.append({"id": area.get("id", ""), "title": area.get("title", ""), "policy": policy})
    return {"areas": made}


def _areas_said(value: JsonObject) -> JsonObject:
    areas = value["areas"]
    assert isinstance(areas, Sequence)  # checked when the value was read
    made: list[Json] = []
    for area in areas:
        assert isinstance(area, Mapping)  # checked when the value was read
        policy = area["policy"]
        assert isinstance(policy, Mapping)  # checked when the value was read
        made.append({"id": area["id"], "title": area["title"], **policy})
    return {"areas": made}


def _whole(value: Json) -> int:
    assert isinstance(value, int)  # the doors take whole numbers only
    return value


def _as_it_is(value: JsonObject) -> JsonObject:
    return dict(value)


@attrs.frozen
class _Kind:
    """One row of the table: the empty form, and the way to a field's value and back."""

    empty: JsonObject
    value: Callable[[JsonObject], JsonObject] = _as_it_is
    said: Callable[[JsonObject], JsonObject] = _as_it_is


_COMMON: Final = ("name", "unit", "quote")
_POLICY: Final[JsonObject] = {
    "articles": [],
    "actions": [],
    "kinds": [],
    "marking_max": "",
    "purposes": [],
    "recipients": ["parties"],
    "onward": "refused",
}
_PERIOD: Final = _Kind({"years": 0, "months": 0, "days": 0}, _period_value, _period_said)
_KINDS: Final[Mapping[str, _Kind]] = {
    "term": _PERIOD,
    "notice": _PERIOD,
    "review": _PERIOD,
    "entry": _Kind({"days": 0}, _entry_value, _entry_said),
    "marking_scale": _Kind({"levels": []}),
    "signatories": _Kind({"per_party": 1}),
    "suspension": _Kind({"by": "either", "scope": ["whole", "unit"]}),
    "third_parties": _Kind({"relations": "unaffected", "onward": "consent"}),
    "basis": _Kind({"instrument": "", "title": ""}),
    "areas": _Kind({"areas": []}, _areas_value, _areas_said),
}
assert _KINDS.keys() == FIELD_NAMES  # every field has its form
