"""The acts on a project as they stand in the record: closed, bounded, one form for each step.

Schema: ``docs/spec/schemas/projects.json``. Source: spec 12.2.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from comity.foundation.deeds import Hex, Id, Line, Text, When

#: In place of a party: both together.
BOTH: Final = "both"
#: One line, which may be empty.
Short = Annotated[str, Meta(max_length=300, pattern=r"^[^\n\t]*$(?!\n)")]
#: The name of a milestone within its plan.
Key = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$(?!\n)")]
Unit = Annotated[str, Meta(min_length=1, max_length=100)]
Owner = Annotated[str, Meta(min_length=1, max_length=300)]
May = Literal["free", "consent", "no"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of an act."""


class Foreseen(_Part, frozen=True, kw_only=True):
    """One controlled item that the project would need: how its holder classifies it, and release.

    Scheme, code and edition are those of the list that the holder's officer decided by; nothing is
    computed from them.
    """

    name: Line
    scheme: Line
    code: Line
    edition: Line
    decided_by: Line
    critical: bool
    release: Literal["yes", "conditional", "no"]
    conditions: Annotated[str, Meta(max_length=5_000)]


class Milestone(_Part, frozen=True, kw_only=True):
    """One milestone: who does it until when, and how one sees that it was done."""

    key: Key
    title: Line
    test: Text
    performer: Owner
    due: When


class Share(_Part, frozen=True, kw_only=True):
    """What one party brings in: an amount of money, or something in kind."""

    party: Owner
    amount: Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{2})?$(?!\n)")]
    currency: Annotated[str, Meta(pattern=r"^([A-Z]{3})?$(?!\n)")]
    in_kind: Short


class Rights(_Part, frozen=True, kw_only=True):
    """What the other party may do with an item: in the project, outside it, passing it on."""

    within: May
    outside: May
    onward: May


class RightsTable(_Part, frozen=True, kw_only=True):
    """What holds for an item unless its entry in the register says otherwise."""

    background: Rights
    foreground: Rights


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    project: Id


class Propose(_Act, frozen=True, kw_only=True):
    """``project.propose``: the terms; they never change."""

    instrument: Owner
    unit: Unit
    title: Line
    purpose: Text
    area: Short
    sponsor: Short
    user: Short
    answer_by: When | None


class Explore(_Act, frozen=True, kw_only=True):
    """``project.explore``: the digest of the terms, and who sponsors and uses it on this side."""

    terms: Hex
    sponsor: Short
    user: Short


class People(_Act, frozen=True, kw_only=True):
    """``project.name``: who sponsors the project on this side, and who will use what it makes."""

    sponsor: Line
    user: Line


class Plain(_Act, frozen=True, kw_only=True):
    """Steps that say nothing but themselves; words go into the note."""


class Reasoned(_Act, frozen=True, kw_only=True):
    """Steps that give a reason."""

    reason: Text


class Intend(_Act, frozen=True, kw_only=True):
    """``project.intend``: the digest of terms and people of both sides."""

    intent: Hex


class Sheet(_Act, frozen=True, kw_only=True):
    """``project.sheet``: every controlled item that this side foresees; none is an answer too."""

    items: Annotated[list[Foreseen], Meta(max_length=500)]


class Arrange(_Act, frozen=True, kw_only=True):
    """``project.arrange``: the project arrangement that is being concluded."""

    instrument: Owner
    unit: Unit


class Plan(_Act, frozen=True, kw_only=True):
    """``project.plan``: milestones, cost shares and rights as one side proposes them."""

    milestones: Annotated[list[Milestone], Meta(min_length=1, max_length=500)]
    shares: Annotated[list[Share], Meta(min_length=1, max_length=50)]
    rights: RightsTable


class AgreePlan(_Act, frozen=True, kw_only=True):
    """``project.agree_plan``: the digest of the plan that is agreed to."""

    plan: Hex


class Approve(_Act, frozen=True, kw_only=True):
    """``project.approve``: the arrangement in force, by the digest of its text, and the plan."""

    instrument: Owner
    text: Hex
    plan: Hex


class Claim(_Act, frozen=True, kw_only=True):
    """``project.claim``: that a milestone is reached, and what shows it."""

    milestone: Key
    evidence: Annotated[list[Line], Meta(max_length=50)]


class OnMilestone(_Act, frozen=True, kw_only=True):
    """``project.accept``: the claim is right."""

    milestone: Key


class RejectMilestone(_Act, frozen=True, kw_only=True):
    """``project.reject``: the claim is not right, and why."""

    milestone: Key
    reason: Text


class Lend(_Act, frozen=True, kw_only=True):
    """``project.lend``: an item on its way to the other party, and when it is due back."""

    loan: Id
    what: Line
    ref: Short
    due: When


class OnLoan(_Act, frozen=True, kw_only=True):
    """``project.receive``, ``give_back``, ``take_back``: where a lent item is."""

    loan: Id


class WriteOff(_Act, frozen=True, kw_only=True):
    """``project.write_off``: the lender no longer wants the item back, and why."""

    loan: Id
    reason: Text


class Enter(_Act, frozen=True, kw_only=True):
    """``project.enter``: an item of the register, and what the other party may do with it."""

    item: Id
    ground: Literal["background", "foreground"]
    title: Line
    description: Annotated[str, Meta(max_length=20_000)]
    ref: Short
    owner: Owner
    rights: Rights


class Confirm(_Act, frozen=True, kw_only=True):
    """``project.confirm``: a foreground item stands as it was entered."""

    item: Id
    entry: Hex


class OnItem(_Act, frozen=True, kw_only=True):
    """``project.strike``: an entry of one's own no longer stands."""

    item: Id


class Close(_Act, frozen=True, kw_only=True):
    """``project.close``: the digest of the register, and how the authorisations were left."""

    register: Hex
    authorisations: Literal["reconciled", "none"]


class HandOver(_Act, frozen=True, kw_only=True):
    """``project.hand_over``: to whom the result goes, and the digest of the register."""

    to: Line
    register: Hex


class Notice(_Act, frozen=True, kw_only=True):
    """``project.notice``: from when this side leaves, and why."""

    leaves: When
    reason: Text


class Recall(_Act, frozen=True, kw_only=True):
    """``project.recall``: what its author said of that does not count yet is taken back.

    The milestone is that of a claim, and null else.
    """

    of: Literal[
        "intend",
        "approve",
        "resume",
        "wind_up",
        "close",
        "hand_over",
        "abandon",
        "plan",
        "claim",
        "notice",
    ]
    milestone: Key | None


Body: TypeAlias = (
    Propose
    | Explore
    | People
    | Plain
    | Reasoned
    | Intend
    | Sheet
    | Arrange
    | Plan
    | AgreePlan
    | Approve
    | Claim
    | OnMilestone
    | RejectMilestone
    | Lend
    | OnLoan
    | WriteOff
    | Enter
    | Confirm
    | OnItem
    | Close
    | HandOver
    | Notice
    | Recall
)

FORMS: Final[Mapping[str, type[Body]]] = {
    "propose": Propose,
    "explore": Explore,
    "decline": Reasoned,
    "withdraw": Plain,
    "name": People,
    "intend": Intend,
    "sheet": Sheet,
    "arrange": Arrange,
    "plan": Plan,
    "agree_plan": AgreePlan,
    "approve": Approve,
    "start": Plain,
    "pause": Reasoned,
    "resume": Plain,
    "claim": Claim,
    "accept": OnMilestone,
    "reject": RejectMilestone,
    "lend": Lend,
    "receive": OnLoan,
    "give_back": OnLoan,
    "take_back": OnLoan,
    "write_off": WriteOff,
    "enter": Enter,
    "confirm": Confirm,
    "strike": OnItem,
    "wind_up": Plain,
    "close": Close,
    "hand_over": HandOver,
    "abandon": Reasoned,
    "notice": Notice,
    "leave": Plain,
    "recall": Recall,
    "remark": Plain,
}
