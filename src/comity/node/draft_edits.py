"""What an edit of a draft asks for, made into a text and forms; what a file is, before it is one.

Source: agreements.md D6 (journey 2); design 13.9, 13.10.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs
import msgspec

from comity.agreements.drafts import check_forms, lines_of, read_draft_text
from comity.agreements.exporting import export_text
from comity.agreements.forms import FileFault, Form, read_form, read_forms_toml
from comity.agreements.headings import read_heading
from comity.agreements.importing import decode_text, import_text
from comity.agreements.model import Content
from comity.api import drafting as asks
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.text import check_text
from comity.node import draft_views as views
from comity.node import skeletons

PREVIEW_UNITS: Final = 200
TITLE_CHARS_MAX: Final = 200
#: What errors call a text that nobody has named yet.
_UNNAMED: Final = "The text"
#: How files begin that hold a text and are none: what they are, for people.
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "a word processor's file or another archive"),
    (b"%PDF", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's file"),
    (b"{\\rtf", "a rich text file"),
)


@attrs.frozen(kw_only=True)
class Beginning:
    """What a draft begins with."""

    title: str
    register: str
    text: str
    forms: tuple[Form, ...]


def beginning(
    request: asks.StartDraft, *, ours: str, theirs: str, under: skeletons.Under | None = None
) -> Beginning:
    """Return what a draft begins with: a skeleton with the names of the parties, or a text.

    Raises:
        MisuseError: ``drafts.text_or_skeleton``, ``drafts.no_skeleton``, ``drafts.no_place``,
            ``drafts.title``, and as ``import_text`` and ``read_fields``.
    """
    text, fields, title = _lines(request.text), request.fields, request.title.strip()
    register = request.register
    if bool(text.strip()) == bool(request.skeleton):
        raise MisuseError(
            "drafts.text_or_skeleton", "Start from a text or from a skeleton: give one of them."
        )
    if under is not None and not request.skeleton:
        raise MisuseError("drafts.no_place", skeletons.NO_PLACE)
    if request.skeleton:
        found = skeletons.opened(
            request.skeleton, ours=ours, theirs=theirs, under=under, project=request.project
        )
        text, fields = found.text, found.fields
        text = _headed(text, title) if title else text
        title = title or str(found.about["title"])
        register = register or ("political" if found.about["register"] == "political" else None)
    return Beginning(
        title=check_title(title or _title_in(text)),
        register=register or "binding",
        text=text,
        forms=read_fields(fields) if fields.strip() else (),
    )


def _headed(text: str, title: str) -> str:
    """Return a skeleton with the title of the draft on top, where it reads as one there."""
    line = " ".join(title.split()).upper()
    return text if read_heading(line) is not None else line + text[text.index("\n") :]


def check_title(title: str) -> str:
    """Return the title if people can see all of it.

    Raises:
        MisuseError: ``drafts.title``, or as ``check_text``.
    """
    if "\n" in title or "\t" in title or not title.strip():
        raise MisuseError("drafts.title", "Give a title of one line.")
    try:
        return check_text(title, what="The title")
    except PeerError as error:
        raise error.as_family(MisuseError) from None


def _title_in(text: str) -> str:
    """Return the title that a text gives itself, or an empty one."""
    try:
        found = import_text(text.encode(), name=_UNNAMED).title
    except PeerError as error:  # it is our own text
        raise error.as_family(MisuseError) from None
    return "" if found == _UNNAMED else " ".join(found.split())[:TITLE_CHARS_MAX]


def given_forms(request: asks.UpdateDraft) -> tuple[Form, ...] | None:
    """Return the fields that replace those of the draft, or None where they stay.

    Raises:
        MisuseError: ``drafts.fields_twice``, and as ``read_fields``.
    """
    if request.forms is not None and request.fields is not None:
        raise MisuseError("drafts.fields_twice", "Give the fields as a file or as forms, not both.")
    if request.forms is not None:
        return tuple(form_of(each) for each in request.forms)
    return read_fields(request.fields) if request.fields is not None else None


def form_of(field: asks.DraftField) -> Form:
    """Return a field of a request as a form. Raises as ``read_form``."""
    given = msgspec.to_builtins(field)
    assert isinstance(given, dict)  # a struct
    return read_form({name: each for name, each in given.items() if each is not None})


def read_fields(fields: str) -> tuple[Form, ...]:
    """Return the forms in a fields file of ours.

    Raises:
        MisuseError: ``drafts.fields_file``: some of it cannot be read; the facts hold each place;
            and those of ``parse_fields_file``.
    """
    try:
        forms, faults = read_forms_toml(fields.encode())
    except PeerError as error:  # it is our own file
        raise error.as_family(MisuseError) from None
    if faults:
        more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
        raise MisuseError(
            "drafts.fields_file",
            f"The fields file, line {faults[0].line}: {faults[0].message}{more}",
            {"faults": views.fault_rows(faults)},
        )
    return forms


def edited_text(request: asks.UpdateDraft, units: Mapping[str, Content]) -> str | None:
    """Return the whole text after an edit, or None where it stays.

    Raises:
        MisuseError: ``drafts.text_twice``; ``drafts.no_unit``: the unit is gone by now.
    """
    if request.unit is None:
        return None if request.text is None else _lines(request.text)
    if request.text is not None:
        raise MisuseError("drafts.text_twice", "Give the whole text or one unit, not both.")
    content = units.get(request.unit)
    if content is None:
        raise MisuseError(
            "drafts.no_unit", "The draft has no such unit any more; look at it again."
        )
    heading = content.heading if request.heading is None else " ".join(request.heading.split())
    words = content.text if request.words is None else _lines(request.words).strip("\n")
    edited = attrs.evolve(content, heading=heading, text=words)
    return export_text({**units, request.unit: edited})


def placed(
    request: asks.SetField, forms: list[Form], form: Form, *, units: Mapping[str, Content]
) -> str | None:
    """Put a form in its place among the others; return the text where its words change too.

    Raises:
        MisuseError: ``drafts.no_field``, ``drafts.reword``.
    """
    if request.index is None:
        forms.append(form)
        return None
    check_index(forms, request.index)
    text = reworded(units, forms[request.index], form) if request.reword else None
    forms[request.index] = form
    return text


def reworded(units: Mapping[str, Content], old: Form, new: Form) -> str:
    """Return the whole text with the words that a field quoted replaced by its new quote.

    Raises:
        MisuseError: ``drafts.reword``: the words quoted so far stand in no unit of the text.
    """
    checked = check_forms(units, [old])[1][0]
    content = units.get(checked.unit or "")
    quoted = re.compile(r"\s+".join(map(re.escape, old.quote.split())) or r"\Z.")
    if content is None or checked.unit is None or not quoted.search(content.text):
        raise MisuseError(
            "drafts.reword",
            "The words that the field quoted so far do not stand in the text of its unit, so they"
            " cannot be replaced there. Change the text itself, then quote it.",
        )
    text = quoted.sub(lambda _: new.quote, content.text, count=1)
    return export_text({**units, checked.unit: attrs.evolve(content, text=text)})


def check_index(forms: Sequence[Form], index: int) -> None:
    """Refuse an index that names no field.

    Raises:
        MisuseError: ``drafts.no_field``.
    """
    if index >= len(forms):
        raise MisuseError("drafts.no_field", "The draft has no such field any more.")


def preview(request: asks.PreviewDraft) -> JsonObject:
    """Return what would be made of a text and its fields: every error at its place."""
    counter = iter(range(1 << 30))
    try:
        units, imported = read_draft_text(
            _lines(request.text),
            name=request.title or "The text",
            before={},
            new_id=lambda: f"u{next(counter)}",
        )
    except PeerError as error:
        line = error.facts.get("line")
        return {
            "ok": False,
            "error": {
                "code": error.code,
                "message": error.message,
                "line": line if isinstance(line, int) else 0,
            },
        }
    forms, faults = _preview_forms(request)
    made, checked = check_forms(units, forms)
    return {
        "ok": True,
        "title": request.title or imported.title,
        "language": imported.language,
        "kinds": views.kinds_of(made),
        "total": len(made),
        "units": views.unit_rows(made, start=0, limit=PREVIEW_UNITS),
        "fields": views.field_rows(checked, lines_of(made)),
        "faults": views.fault_rows(faults),
        "suggested": views.suggestions(made, forms),
        "not_understood": views.finding_rows(views.findings_of(imported), _lines(request.text)),
        "missing": views.missing_in(made),
    }


def read_file(request: asks.ReadFile) -> JsonObject:
    """Return the text of a file, and a title for it.

    Raises:
        MisuseError: ``drafts.not_text``: a file of another kind, and what to do; and as
            ``import_text``.
    """
    name = request.name
    try:
        data = base64url.decode(request.content, what="The file")
        for beginning, what in _OTHER_FILES:
            if data.startswith(beginning):
                raise MisuseError(
                    "drafts.not_text",
                    f"{name} is {what}. Open it in the program that made it, save it as plain text"
                    " (.txt) with the encoding UTF-8, and choose that file. Headings, labels and"
                    " paragraphs are found again; changes that the program tracks must be accepted"
                    " or rejected before.",
                )
        text = decode_text(data, name=name)
        imported = import_text(data, name=name)
    except PeerError as error:  # it is our own file
        raise error.as_family(MisuseError) from None
    title = imported.title if imported.title != name else name.rpartition(".")[0] or name
    return {"name": name, "title": " ".join(title.split())[:TITLE_CHARS_MAX], "text": text}


def refilled(units: Mapping[str, Content], forms: Sequence[Form]) -> JsonObject:
    """Return the members of a draft that hold its fields, with other fields in the same text."""
    return views.stored_fields(*check_forms(units, forms))


def _preview_forms(request: asks.PreviewDraft) -> tuple[tuple[Form, ...], tuple[FileFault, ...]]:
    if request.forms is not None:
        return tuple(form_of(each) for each in request.forms), ()
    if not request.fields.strip():
        return (), ()
    try:
        return read_forms_toml(request.fields.encode())
    except PeerError as error:
        whole = FileFault(line=0, key="", name="", code=error.code, message=error.message)
        return (), (whole,)


def _lines(text: str) -> str:
    """Return a text as a browser sent it, with line feeds only."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
