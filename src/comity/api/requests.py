"""The requests of the officials' API as typed values; ``operations`` says where each is used.

Unknown members are refused. A member named in the path of an operation comes from there. Bounds are
those of design 13.14 and of sense: a person names few things at a time.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Annotated[str, Meta(max_length=20_000)]
Many = Annotated[list[str], Meta(max_length=20_000)]
PersonalAct = Literal[
    "adopt",
    "initial",
    "sign",
    "sign_ad_referendum",
    "certify_language",
    "suspend",
    "resume",
    "withdraw",
    "renew",
    "release",
]
Role = Literal[
    "negotiator",
    "legal_adviser",
    "mandate_holder",
    "signatory",
    "desk_officer",
    "release_officer",
    "engineer",
]


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request without members."""


class ExportLetter(Request, frozen=True, kw_only=True):
    """Export our letter of introduction."""

    new: bool = False


class GivenLetter(Request, frozen=True, kw_only=True):
    """A counterpart's letter, as the file came (base64url)."""

    letter: str


class AcceptLetter(Request, frozen=True, kw_only=True):
    """Accept a letter whose fingerprint was compared over a second channel."""

    letter: str
    fingerprint: Name


class AddOfficial(Request, frozen=True, kw_only=True):
    """Make an official known to the node by the card from their personal folder."""

    card: dict[str, object]
    roles: Annotated[list[Role], Meta(min_length=1, max_length=7)]


class GrantPowers(Request, frozen=True, kw_only=True):
    """Ask the two appointing officials to give an official full powers."""

    official: Name
    acts: Annotated[list[PersonalAct], Meta(min_length=1, max_length=16)]
    valid_until: Name
    instruments: Annotated[list[str], Meta(max_length=100)] = []


class RevokePowers(Request, frozen=True, kw_only=True):
    """Ask an appointing official to end an official's full powers."""

    official: Name
    reason: Literal["ended", "key_lost", "key_stolen", "replaced", "mistake"] = "ended"


class OneRequest(Request, frozen=True, kw_only=True):
    """One signing request."""

    request: Name


class DeliverSignature(Request, frozen=True, kw_only=True):
    """Hand in a signature file (base64url) for a signing request."""

    request: Name
    signatures: str


class Draft(Request, frozen=True, kw_only=True):
    """Start an instrument from a text and its fields."""

    text: str
    title: Name
    fields: str = ""
    counterpart: Name
    register: Literal["binding", "political"] = "binding"


class OneInstrument(Request, frozen=True, kw_only=True):
    """One instrument."""

    instrument: Name


class InstrumentText(OneInstrument, frozen=True, kw_only=True):
    """The text of one instrument: clean, or with brackets and statuses."""

    form: Literal["clean", "brackets", "fields"] = "brackets"


class Answer(OneInstrument, frozen=True, kw_only=True):
    """Stage an answer to units; nothing leaves until it is tabled."""

    answer: Literal[
        "accept",
        "accept_ad_ref",
        "confirm",
        "object",
        "reserve",
        "lift",
        "withdraw",
        "park",
        "unpark",
        "reopen",
        "explain",
    ]
    units: Annotated[list[str], Meta(min_length=1, max_length=20_000)]
    words: Words = ""


class Counter(OneInstrument, frozen=True, kw_only=True):
    """Stage the changes between the present text and an edited one."""

    text: str
    fields: str = ""
    dry_run: bool = False


class OfferPackage(OneInstrument, frozen=True, kw_only=True):
    """Stage a package: we accept ``gives`` if they accept ``asks``; all or nothing."""

    gives: Annotated[list[str], Meta(max_length=1000)]
    asks: Annotated[list[str], Meta(max_length=1000)]


class AcceptPackage(OneInstrument, frozen=True, kw_only=True):
    """Stage the acceptance of the counterpart's package as it stands."""

    package: Name


class OpenWindow(OneInstrument, frozen=True, kw_only=True):
    """Propose a signing window."""

    opens: Name
    closes: Name
    signatories: Annotated[list[str], Meta(max_length=20)] = []


class Reason(OneInstrument, frozen=True, kw_only=True):
    """An act on an instrument that wants a reason."""

    reason: Words = ""


class Suspend(OneInstrument, frozen=True, kw_only=True):
    """Ask a signatory to suspend the whole (no units) or some units."""

    units: Annotated[list[str], Meta(max_length=1000)] = []
    until: str = ""


class SetRedLines(OneInstrument, frozen=True, kw_only=True):
    """Replace the private red lines for one instrument (TOML)."""

    lines: str


class Deviate(OneInstrument, frozen=True, kw_only=True):
    """Let one red line pass for one unit as it stands now."""

    line: Name
    unit: Name


class UploadItem(Request, frozen=True, kw_only=True):
    """Describe the file that the request body carries."""

    name: Name
    area: Name
    kind: Name
    marking: Name
    purpose: Name
    title: Words = ""
    action: Name = "share"
    media: Name = "application/octet-stream"


class ItemTo(Request, frozen=True, kw_only=True):
    """One item and the counterpart it is meant for."""

    item: Name
    counterpart: Name


class OfCounterpart(Request, frozen=True, kw_only=True):
    """One counterpart: relationship id, party id or name."""

    counterpart: Name


class Fetch(OfCounterpart, frozen=True, kw_only=True):
    """Contract and pull one dataset of the counterpart's catalogue."""

    dataset: Name


class OneTransfer(Request, frozen=True, kw_only=True):
    """One transfer."""

    transfer: Name


class Entries(OfCounterpart, frozen=True, kw_only=True):
    """A page of one log of the relationship's record."""

    log: Literal["ours", "theirs"] = "ours"
    start: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
