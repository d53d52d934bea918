"""The acts on joint statements: the forms of what crosses, and the table of steps.

Source: agreements.md D2.4; spec 13.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from comity.coordination.commitments import BOTH, Due
from comity.foundation.deeds import EITHER, Deed, Hex, Id, Line, Step, Text, When, read_act, table
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant

FAMILY: Final = "statement"


class Status(StrEnum):
    """Where a statement stands by its acts."""

    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    CLEARED = "cleared"
    EMBARGOED = "embargoed"
    RELEASED = "released"
    CORRECTED = "corrected"
    PULLED = "pulled"


#: Its text is agreed, and it is neither released nor given up.
COMING: Final = (Status.AGREED, Status.CLEARED, Status.EMBARGOED)
OUT: Final = (Status.RELEASED, Status.CORRECTED)
OPEN: Final = (Status.NEGOTIATING, *COMING)
ENDS: Final = (*OUT, Status.PULLED)

#: The machine (agreements.md D2.4; spec 13.2).
STEPS: Final = table(
    Step(name="begin", by=EITHER, target=Status.NEGOTIATING, ruled=True),
    Step(name="text", by=EITHER, sources=OPEN, target=Status.AGREED, both=True, ruled=True),
    Step(name="mark", by=EITHER, sources=COMING, both=True, ruled=True),
    Step(name="clear", by=EITHER, sources=COMING, ruled=True),
    Step(name="unclear", by=EITHER, sources=COMING),
    Step(
        name="order",
        by=EITHER,
        sources=(Status.CLEARED, Status.EMBARGOED),
        target=Status.EMBARGOED,
        both=True,
        ruled=True,
    ),
    Step(name="pull", by=EITHER, sources=OPEN, target=Status.PULLED),
    # From agreed too: what the other side takes back while this act is on its way does not undo
    # it. It is one side's word; only both of them release (spec 13.5).
    Step(
        name="release",
        by=EITHER,
        sources=(Status.AGREED, Status.EMBARGOED),
        target=Status.RELEASED,
        both=True,
        ruled=True,
    ),
    Step(name="correct", by=EITHER, sources=OUT, ruled=True),
    Step(
        name="accept_correction",
        by=EITHER,
        sources=OUT,
        target=Status.CORRECTED,
        ruled=True,
    ),
    Step(name="readout", by=EITHER, sources=(*OPEN, *ENDS), ruled=True),
    Step(name="recall", by=EITHER, sources=(*OPEN, *OUT)),
)

LANGUAGES_MAX: Final = 12
SENTENCES_MAX: Final = 500
MARKS_MAX: Final = 100
CHANNELS_MAX: Final = 20
#: Per party.
READOUTS_MAX: Final = 20
ERRATA_MAX: Final = 50

#: Who on each side clears a statement.
CLEARANCES: Final = ("press", "legal")
COMMITTED: Final = "committed"

Language = Annotated[
    str, Meta(max_length=40, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")
]
Whose = Annotated[str, Meta(min_length=1, max_length=300)]
By = Literal["press", "legal"]
MarkName = Literal["stated", "welcomed", "reaffirmed", "committed", "aspiration"]


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    statement: Id


class Begin(_Act, frozen=True, kw_only=True):
    """``statement.begin``: what it is issued under, and what the two call it.

    ``salt`` is drawn by chance: nobody outside can guess the marks from the digest on the page.
    """

    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    unit: Annotated[str, Meta(min_length=1, max_length=100)]
    title: Line
    salt: Hex


class Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text in one language: an instrument that both adopted, and the digest of its text."""

    language: Language
    instrument: Annotated[str, Meta(min_length=1, max_length=300)]
    text: Hex


class SayText(_Act, frozen=True, kw_only=True):
    """``statement.text``: the texts, and how many sentences the principal one has.

    Counts once both have said the same; then clearances, marks and order start anew.
    """

    texts: Annotated[list[Version], Meta(min_length=1, max_length=LANGUAGES_MAX)]
    principal: Language
    sentences: Annotated[int, Meta(ge=1, le=SENTENCES_MAX)]


class Promise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a committed sentence commits to: the terms of the commitment it becomes."""

    title: Line
    test: Annotated[str, Meta(min_length=1, max_length=5_000)]
    performer: Whose
    beneficiary: Whose
    due: Due


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one sentence is: its number, the digest of its words, and a promise if it commits."""

    sentence: Annotated[int, Meta(ge=1, le=SENTENCES_MAX)]
    words: Hex
    mark: MarkName
    promise: Promise | None


class MarkSentences(_Act, frozen=True, kw_only=True):
    """``statement.mark``: a mark counts once both have said the same of its sentence."""

    texts: Hex
    marks: Annotated[list[Mark], Meta(min_length=1, max_length=MARKS_MAX)]


class Clear(_Act, frozen=True, kw_only=True):
    """``statement.clear``: one side's press or legal people clear this content; its digest."""

    by: By
    content: Hex


class Unclear(_Act, frozen=True, kw_only=True):
    """``statement.unclear``: they take their clearance back, and why."""

    by: By
    reason: Text


class Order(_Act, frozen=True, kw_only=True):
    """``statement.order``: when, where and in which languages this content is released."""

    content: Hex
    at: When
    channels: Annotated[list[Line], Meta(max_length=CHANNELS_MAX)]
    languages: Annotated[list[Language], Meta(min_length=1, max_length=LANGUAGES_MAX)]


class Pull(_Act, frozen=True, kw_only=True):
    """``statement.pull``: it is not released, and why."""

    reason: Text


class Release(_Act, frozen=True, kw_only=True):
    """``statement.release``: this side's last word for it; the digest of what is released."""

    release: Hex


class Corrected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an erratum says in one language."""

    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=5_000)]


class Correct(_Act, frozen=True, kw_only=True):
    """``statement.correct``: an erratum to what was released; it counts once it is accepted."""

    release: Hex
    texts: Annotated[list[Corrected], Meta(min_length=1, max_length=LANGUAGES_MAX)]


class AcceptCorrection(_Act, frozen=True, kw_only=True):
    """``statement.accept_correction``: the digest of the erratum."""

    erratum: Hex


class Readout(_Act, frozen=True, kw_only=True):
    """``statement.readout``: what one side alone says of it, in its own words."""

    readout: Id
    language: Language
    title: Line
    text: Text


class Recall(_Act, frozen=True, kw_only=True):
    """``statement.recall``: what its author asks for and does not count yet is taken back."""

    of: Literal["text", "mark", "order", "correct"]


Act: TypeAlias = (
    Begin
    | SayText
    | MarkSentences
    | Clear
    | Unclear
    | Order
    | Pull
    | Release
    | Correct
    | AcceptCorrection
    | Readout
    | Recall
)

FORMS: Final[Mapping[str, type[Act]]] = {
    "begin": Begin,
    "text": SayText,
    "mark": MarkSentences,
    "clear": Clear,
    "unclear": Unclear,
    "order": Order,
    "pull": Pull,
    "release": Release,
    "correct": Correct,
    "accept_correction": AcceptCorrection,
    "readout": Readout,
    "recall": Recall,
}
KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)


def read(deed: Deed) -> Act:
    """Return what an act says.

    Raises:
        PeerError: ``deeds.form``, ``deeds.kind``, ``basics.*``.
    """
    return read_act(deed, FORMS, family=FAMILY)


def admit(deed: Deed) -> None:
    """Pass if an act has the form of its kind; asked before an entry is stored.

    Raises:
        PeerError: ``deeds.form``, ``basics.*``; ``statements.twice``: a language, a sentence or a
            channel stands twice; ``statements.principal``: the principal language has no text;
            ``statements.promise``: what commits has no promise, or what does not has one;
            ``statements.parties``: performer and beneficiary are the same party.
    """
    act = read(deed)
    if isinstance(act, SayText):
        languages = [each.language for each in act.texts]
        _once(languages, "language")
        _once([each.instrument for each in act.texts], "text")
        if act.principal not in languages:
            raise PeerError(
                "statements.principal",
                f"The principal language is {act.principal}, and no text is in it.",
            )
    elif isinstance(act, MarkSentences):
        _once([str(each.sentence) for each in act.marks], "sentence")
        for mark in act.marks:
            _promised(mark)
    elif isinstance(act, Order):
        Instant.parse(act.at)
        _once(act.languages, "language")
        _once(act.channels, "channel")
    elif isinstance(act, Correct):
        _once([each.language for each in act.texts], "language")


def _once(names: Iterable[str], what: str) -> None:
    listed = [each.casefold() for each in names]
    if len(set(listed)) != len(listed):
        raise PeerError("statements.twice", f"A {what} stands twice in this act.")


def _promised(mark: Mark) -> None:
    if (mark.mark == COMMITTED) != (mark.promise is not None):
        raise PeerError(
            "statements.promise",
            "A sentence that commits says who does what for whom until when; no other sentence"
            " does.",
        )
    if mark.promise is not None:
        Instant.parse(mark.promise.due.at)
        if mark.promise.performer == mark.promise.beneficiary != BOTH:
            raise PeerError(
                "statements.parties",
                "Nobody owes a thing to itself: performer and beneficiary are the two parties, or"
                " both together.",
            )
