"""The forms of a page as a browser has them: where they post to and what is in each field."""

import re
from html.parser import HTMLParser
from typing import Final

import attrs

#: Fields into which a person types words.
WORDS: Final = frozenset({"text", "search", "textarea", "email", "url", "tel"})
#: Fields that a browser keeps to a form, each with something of that form.
SHAPED: Final = {
    "number": "3",
    "date": "2027-01-01",
    "time": "10:00",
    "datetime-local": "2026-12-01T10:00",
    "password": "four plain words here",
}
_NUMBER: Final = re.compile(
    r"urn:[^/?]*|did:[^/?]*|(?<![a-z])u?[0-9a-f]{12,}|(?<=/people/)[^/]+|(?<=/fields/)\d+"
)
_IGNORED: Final = frozenset({"submit", "button", "reset", "image"})


@attrs.define(kw_only=True)
class Field:
    """One field: its name, its kind, what stands in it, and what could be chosen."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = True
    options: list[str] = attrs.field(factory=list)
    action: str = ""


@attrs.define(kw_only=True)
class Form:
    """One form of a page."""

    action: str
    method: str
    kind: str
    fields: list[Field] = attrs.field(factory=list)

    def of(self, *kinds: str) -> list[Field]:
        """Return the fields of some kinds."""
        return [field for field in self.fields if field.kind in kinds]

    def same(self) -> tuple[object, ...]:
        """Return what two copies of one form have in common, whatever they are about."""
        fields = {_NUMBER.sub("*", field.name) for field in self.fields if field.kind != "hidden"}
        return _NUMBER.sub("*", self.action), *sorted(fields)

    def filled(self, words: str, *, whole: bool, press: Field | None) -> dict[str, list[str]]:
        """Return what a browser sends when every field of words holds ``words``.

        Args:
            words: What is typed.
            whole: Whether every choice is made too, else what the page chose stays.
            press: The button.
        """
        data: dict[str, list[str]] = {}
        for field in self.fields:
            if field.kind in {"radio", "checkbox"}:
                value = field.value if field.chosen or (whole and field.name not in data) else None
            elif field.kind == "select":
                value = field.value or next((each for each in field.options if each and whole), "")
            elif field.kind in WORDS:
                value = words
            elif field.kind in SHAPED:
                value = SHAPED[field.kind] if whole else field.value
            else:
                value = None if field.kind == "file" else field.value
                if field.kind == "press" and (field is not press or not field.name):
                    value = None
            if value is not None:
                data.setdefault(field.name, []).append(value)
        return data


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.open: Form | None = None
        self.area: Field | None = None
        self.choice: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(
                action=has.get("action", ""),
                method=has.get("method", "get").lower(),
                kind=has.get("enctype", ""),
            )
            self.forms.append(self.open)
            self.named[has.get("id", "")] = self.open
            return
        owner = self.named.get(has["form"]) if "form" in has else self.open
        if tag == "option" and self.choice is not None:
            value = has.get("value", "")
            if "selected" in has or not self.choice.options:
                self.choice.value = value
            self.choice.options.append(value)
        elif (
            owner is not None and not {"disabled"} & set(has) and {"name", "formaction"} & set(has)
        ):
            self._field(tag, has, owner)

    def _field(self, tag: str, has: dict[str, str], owner: Form) -> None:
        kind = {"textarea": "textarea", "select": "select"}.get(tag, has.get("type", "text"))
        if tag == "button":
            kind = "press"
        if tag not in {"input", "textarea", "select", "button"} or kind in _IGNORED:
            return
        chosen = kind not in {"checkbox", "radio", "press"} or "checked" in has
        value = has.get("value", "on" if kind in {"checkbox", "radio"} else "")
        field = Field(
            name=has.get("name", ""),
            kind=kind,
            value=value,
            chosen=chosen,
            action=has.get("formaction", ""),
        )
        owner.fields.append(field)
        if tag == "textarea":
            self.area = field
        if tag == "select":
            self.choice = field

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.choice = None


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
