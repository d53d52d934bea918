"""The operations on drafts: from a skeleton or a text to the first tabling.

A draft is private to the house. Every change names the version that the person has seen. Source:
design 6, 13.9; agreements.md D6 (journey 2).
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from comity.api.operation import Name, Operation, Request, Role, Words, get, post

Register = Literal["binding", "political"]
Short = Annotated[str, Meta(max_length=200)]
Quote = Annotated[str, Meta(max_length=2_000)]
Terms = Annotated[list[Short], Meta(max_length=200)]
Count = Annotated[int, Meta(ge=0, le=99_999)]
Version = Annotated[int, Meta(ge=1)]
Index = Annotated[int, Meta(ge=0, le=999)]


class DraftArea(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One area of cooperation and what may cross under it; articles by their labels."""

    id: Short
    title: Short
    articles: Terms
    actions: Terms
    kinds: Terms
    marking_max: Short
    purposes: Terms
    recipients: Terms
    onward: Short


class DraftField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field as a form: its members, the unit that states it and the words that do.

    Which members a field has is decided by its name: periods (term, notice, review) have years,
    months and days; entry has days after the last signature; marking_scale has levels, lowest
    first; signatories has per_party; suspension has by and scope; third_parties has relations and
    onward; basis has instrument and title; areas has areas.
    """

    name: Literal[
        "term",
        "notice",
        "review",
        "entry",
        "marking_scale",
        "signatories",
        "suspension",
        "third_parties",
        "basis",
        "areas",
    ]
    unit: Short
    quote: Quote
    years: Count | None = None
    months: Count | None = None
    days: Count | None = None
    levels: Terms | None = None
    per_party: Count | None = None
    by: Short | None = None
    scope: Terms | None = None
    relations: Short | None = None
    onward: Short | None = None
    instrument: Short | None = None
    title: Short | None = None
    areas: Annotated[list[DraftArea], Meta(max_length=200)] | None = None


Fields = Annotated[list[DraftField], Meta(max_length=1_000)]


class OneSkeleton(Request, frozen=True, kw_only=True):
    """One skeleton, with the counterpart's name filled in where one is given."""

    skeleton: Name
    counterpart: Short = ""


class StartDraft(Request, frozen=True, kw_only=True):
    """Start a draft from a skeleton, or from a text with or without a fields file.

    Without a title it is called as the skeleton or the text is; without a register it is meant as
    the skeleton is, and a text as binding. ``under`` names the agreement with the same counterpart
    that the text is to stand under: a skeleton that has a place for it says so, with its field.
    ``project`` is the title of a project, for a skeleton that names the one it is made for.
    """

    counterpart: Name
    title: Short = ""
    register: Register | None = None
    skeleton: Short = ""
    text: str = ""
    fields: str = ""
    under: Short = ""
    project: Annotated[str, Meta(max_length=300)] = ""


class ReadFile(Request, frozen=True, kw_only=True):
    """A file as it was chosen: its name, and its bytes as base64url."""

    name: Name
    content: str


class PreviewDraft(Request, frozen=True, kw_only=True):
    """A text, with a fields file or fields as forms, to be looked at and not kept."""

    text: str
    title: Short = ""
    fields: str = ""
    forms: Fields | None = None


class OneDraft(Request, frozen=True, kw_only=True):
    """One draft: its id, the beginning of it, or its title."""

    draft: Name


class ShowDraft(OneDraft, frozen=True, kw_only=True):
    """One draft; ``offers`` names a field that is to be added, and asks for words that state it."""

    offers: Short = ""


class DraftUnits(OneDraft, frozen=True, kw_only=True):
    """The units of a draft, some at a time, or one unit."""

    start: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    unit: Short = ""


class SeenDraft(OneDraft, frozen=True, kw_only=True):
    """A draft as the person has seen it."""

    version: Version


class UpdateDraft(SeenDraft, frozen=True, kw_only=True):
    """Change a draft: what is not given stays.

    ``text`` is the whole text. ``unit`` with ``heading`` or ``words`` changes one unit. ``fields``
    (a fields file) or ``forms`` replace all fields.
    """

    title: Name | None = None
    register: Register | None = None
    text: str | None = None
    unit: Short | None = None
    heading: Short | None = None
    words: str | None = None
    fields: str | None = None
    forms: Fields | None = None


class SetField(SeenDraft, frozen=True, kw_only=True):
    """Set one field of a draft: the one at ``index``, or a new one.

    With ``reword`` the words that the field quoted so far are replaced in the text by the new
    quote, so that words and value change together.
    """

    field: DraftField
    index: Index | None = None
    reword: bool = False


class DropField(SeenDraft, frozen=True, kw_only=True):
    """Take one field away; the text stays."""

    index: Index


class BackDraft(SeenDraft, frozen=True, kw_only=True):
    """Go back to an earlier version; what is there now is kept as a version too."""

    to: Version


class TableDraft(SeenDraft, frozen=True, kw_only=True):
    """Table a draft: now it leaves. The reason is read by the counterpart."""

    reason: Words = ""


_DRAFT: Final = "/api/drafts/{draft}"
_DRAFTERS: Final[tuple[Role, ...]] = ("negotiator", "desk_officer")

OPERATIONS: Final[tuple[Operation, ...]] = (
    get("skeletons", "/api/skeletons", "The skeletons that a draft can start from"),
    get(
        "skeletons.show",
        "/api/skeletons/{skeleton}",
        "The text and the fields of one skeleton",
        request=OneSkeleton,
    ),
    get("drafts", "/api/drafts", "Our drafts that have not been tabled"),
    post(
        "drafts.start",
        "/api/drafts",
        request=StartDraft,
        summary="Start a draft from a skeleton or a text",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.preview",
        "/api/drafts/preview",
        request=PreviewDraft,
        summary="Look at what would be made of a text; nothing is kept",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.read_file",
        "/api/drafts/file",
        request=ReadFile,
        summary="Read a text file for a draft; nothing is kept",
        roles=_DRAFTERS,
    ),
    get("drafts.show", _DRAFT, "One draft: text, fields, what is left to do", request=ShowDraft),
    get("drafts.units", _DRAFT + "/units", "The units of one draft", request=DraftUnits),
    Operation(
        name="redlines.draft",
        method="GET",
        path="/api/redlines/draft/{draft}",
        request=OneDraft,
        summary="Which of our private red lines stand against tabling a draft",
        roles=("negotiator", "legal_adviser", "mandate_holder"),
    ),
    post(
        "drafts.update",
        _DRAFT + "/update",
        request=UpdateDraft,
        summary="Change a draft's text, title or fields",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.field",
        _DRAFT + "/field",
        request=SetField,
        summary="Set one field of a draft",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.drop_field",
        _DRAFT + "/field/drop",
        request=DropField,
        summary="Take one field away from a draft",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.back",
        _DRAFT + "/back",
        request=BackDraft,
        summary="Go back to an earlier version of a draft",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.drop",
        _DRAFT + "/drop",
        request=SeenDraft,
        summary="Drop a draft that was never tabled",
        roles=_DRAFTERS,
    ),
    post(
        "drafts.table",
        _DRAFT + "/table",
        request=TableDraft,
        summary="Table a draft: now it leaves",
        roles=("negotiator", "mandate_holder"),
    ),
)
