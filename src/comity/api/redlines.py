"""The operations on our private red lines: looking, setting, letting pass.

One line is set, changed or taken away in the version that the person has seen. Source: design 6;
agreements.md D3.6.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from comity.api.operation import Name, OneInstrument, Operation, Role, get, post

Short = Annotated[str, Meta(max_length=200)]
Sentence = Annotated[str, Meta(max_length=2_000)]
Phrases = Annotated[list[Sentence], Meta(max_length=200)]
Labels = Annotated[list[Short], Meta(max_length=1_000)]
Count = Annotated[int, Meta(ge=0, le=99_999)]
Version = Annotated[int, Meta(ge=0)]


class RedLineForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One red line; which members it has is decided by its kind.

    field: ``field``, ``test`` and ``value``: a period (as ``P10Y``, or as years, months and days),
    or the members that must be equal; left out, the value that the line has had, or that the text
    has now. keep: ``wordings``, one of which must stand, and perhaps ``label`` of the unit.
    forbid_wording: ``patterns``. forbid_effect: ``effect`` and perhaps ``patterns``. authority:
    ``labels`` and ``role``. Without an id the node gives one.
    """

    kind: Literal["field", "keep", "forbid_wording", "forbid_effect", "authority"]
    severity: Literal["red", "amber", "note"]
    sentence: Sentence
    id: Annotated[str, Meta(max_length=64)] = ""
    field: Short | None = None
    test: Short | None = None
    value: Short | dict[Short, Short | Count | Labels] | None = None
    label: Short | None = None
    wordings: Phrases | None = None
    patterns: Phrases | None = None
    effect: Short | None = None
    labels: Labels | None = None
    role: Short | None = None


class SetRedLines(OneInstrument, frozen=True, kw_only=True):
    """Replace the private red lines for one instrument (TOML), in the version seen if given."""

    lines: str
    version: Version | None = None


class PreviewRedLine(OneInstrument, frozen=True, kw_only=True):
    """A red line to be tried on what is on the table; it is not kept."""

    line: RedLineForm


class PutRedLine(PreviewRedLine, frozen=True, kw_only=True):
    """Set one red line: a new one, or in place of the one that ``replaces`` names."""

    version: Version
    replaces: Short = ""


class DropRedLine(OneInstrument, frozen=True, kw_only=True):
    """Take one red line away."""

    line: Name
    version: Version


class Deviate(OneInstrument, frozen=True, kw_only=True):
    """Let one red line pass for one unit as it stands now."""

    line: Name
    unit: Name


_LINES: Final = "/api/redlines/{instrument}"
_HOLDER: Final[tuple[Role, ...]] = ("mandate_holder",)

OPERATIONS: Final[tuple[Operation, ...]] = (
    get("redlines", _LINES, "Our private red lines", request=OneInstrument),
    Operation(
        name="redlines.choices",
        method="GET",
        path=_LINES + "/choices",
        request=OneInstrument,
        summary="What a red line for this text can be about: its units, fields and effects",
        roles=_HOLDER,
    ),
    post(
        "redlines.preview",
        _LINES + "/preview",
        request=PreviewRedLine,
        summary="Where a red line would fire now; it is not kept",
        roles=_HOLDER,
    ),
    post(
        "redlines.put",
        _LINES + "/lines",
        request=PutRedLine,
        summary="Set one private red line",
        roles=_HOLDER,
    ),
    post(
        "redlines.drop",
        _LINES + "/lines/drop",
        request=DropRedLine,
        summary="Take one private red line away",
        roles=_HOLDER,
    ),
    post(
        "redlines.set",
        _LINES,
        request=SetRedLines,
        summary="Set our private red lines",
        roles=_HOLDER,
    ),
    post(
        "redlines.deviate",
        _LINES + "/deviations",
        request=Deviate,
        summary="Let one red line pass for one unit as it stands",
        roles=_HOLDER,
    ),
)
