"""The machine of a project as a table: who may do what, from where, to where.

Source: agreements.md D2.7; spec 12.3.
"""

from enum import StrEnum
from typing import Final

from comity.foundation.deeds import EITHER, OPENER, OTHER, Step, table

FAMILY: Final = "project"
PERFORMER: Final = "performer"
LENDER: Final = "lender"
BORROWER: Final = "borrower"
#: Who did not put up, enter or claim what is answered.
ANSWERER: Final = "answerer"
#: Who entered it.
AUTHOR: Final = "author"
#: Who gave notice.
NOTICER: Final = "noticer"


class Status(StrEnum):
    """Where a project stands by its acts."""

    PROPOSED = "proposed"
    EXPLORATORY = "exploratory"
    INTENT_SIGNED = "intent_signed"
    EXPORTABILITY_CHECKED = "exportability_checked"
    ARRANGING = "arranging"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    DECLINED = "declined"
    ABANDONED = "abandoned"
    HANDED_OVER = "handed_over"


_S = Status
#: The way of a project that goes well, in order.
PIPELINE: Final = (
    *(_S.PROPOSED, _S.EXPLORATORY, _S.INTENT_SIGNED, _S.EXPORTABILITY_CHECKED, _S.ARRANGING),
    *(_S.APPROVED, _S.ACTIVE, _S.CLOSING, _S.CLOSED),
)
ENDS: Final = (_S.CLOSED, _S.DECLINED, _S.ABANDONED, _S.HANDED_OVER)
TALKS: Final = (_S.EXPLORATORY, _S.INTENT_SIGNED, _S.EXPORTABILITY_CHECKED, _S.ARRANGING)
WORK: Final = (_S.APPROVED, _S.ACTIVE, _S.PAUSED, _S.CLOSING)
LIVE: Final = (_S.PROPOSED, *TALKS, *WORK)
#: Here the arrangement that a project names is its own: an ended one keeps what it worked under.
ARRANGED: Final = (*LIVE, _S.CLOSED, _S.HANDED_OVER)
_GOING: Final = (*TALKS, *WORK)
_SHEETS: Final = (_S.INTENT_SIGNED, _S.EXPORTABILITY_CHECKED, _S.ARRANGING)
_PLANS: Final = (_S.ARRANGING, _S.APPROVED, _S.ACTIVE, _S.PAUSED)
_ANSWERS: Final = (_S.ACTIVE, _S.PAUSED, _S.CLOSING)
#: What was lent comes home whatever became of the project.
_LOANS: Final = (*_ANSWERS, _S.ABANDONED)

STEPS: Final = table(
    Step(name="propose", by=EITHER, target=_S.PROPOSED, ruled=True),
    Step(name="explore", by=OTHER, sources=(_S.PROPOSED,), target=_S.EXPLORATORY, ruled=True),
    Step(name="decline", by=OTHER, sources=(_S.PROPOSED,), target=_S.DECLINED),
    Step(name="withdraw", by=OPENER, sources=(_S.PROPOSED,), target=_S.ABANDONED),
    Step(name="name", by=EITHER, sources=TALKS),
    Step(
        name="intend",
        by=EITHER,
        sources=(_S.EXPLORATORY,),
        target=_S.INTENT_SIGNED,
        both=True,
        ruled=True,
    ),
    Step(name="sheet", by=EITHER, sources=_SHEETS, ruled=True),
    Step(
        name="arrange",
        by=EITHER,
        sources=(_S.EXPORTABILITY_CHECKED, _S.ARRANGING),
        target=_S.ARRANGING,
        ruled=True,
    ),
    Step(name="plan", by=EITHER, sources=_PLANS, ruled=True),
    Step(name="agree_plan", by=ANSWERER, sources=_PLANS, ruled=True),
    Step(
        name="approve",
        by=EITHER,
        sources=(_S.ARRANGING,),
        target=_S.APPROVED,
        both=True,
        ruled=True,
    ),
    Step(name="start", by=EITHER, sources=(_S.APPROVED,), target=_S.ACTIVE, ruled=True),
    Step(name="pause", by=EITHER, sources=(_S.ACTIVE,), target=_S.PAUSED),
    Step(
        name="resume",
        by=EITHER,
        sources=(_S.PAUSED,),
        target=_S.ACTIVE,
        both=True,
        ruled=True,
    ),
    Step(name="claim", by=PERFORMER, sources=(_S.ACTIVE,), ruled=True),
    Step(name="accept", by=ANSWERER, sources=_ANSWERS),
    Step(name="reject", by=ANSWERER, sources=_ANSWERS),
    Step(name="lend", by=EITHER, sources=(_S.ACTIVE,), ruled=True),
    Step(name="receive", by=BORROWER, sources=_LOANS),
    Step(name="give_back", by=BORROWER, sources=_LOANS),
    Step(name="take_back", by=LENDER, sources=_LOANS),
    Step(name="write_off", by=LENDER, sources=_LOANS),
    Step(name="enter", by=EITHER, sources=_GOING),
    Step(name="confirm", by=ANSWERER, sources=_GOING),
    Step(name="strike", by=AUTHOR, sources=_GOING),
    Step(
        name="wind_up",
        by=EITHER,
        sources=(_S.ACTIVE, _S.PAUSED),
        target=_S.CLOSING,
        both=True,
    ),
    Step(name="close", by=EITHER, sources=(_S.CLOSING,), target=_S.CLOSED, both=True),
    Step(
        name="hand_over",
        by=EITHER,
        sources=(_S.ACTIVE, _S.CLOSING),
        target=_S.HANDED_OVER,
        both=True,
    ),
    Step(name="abandon", by=EITHER, sources=_GOING, target=_S.ABANDONED, both=True),
    Step(name="notice", by=EITHER, sources=_GOING),
    Step(name="leave", by=NOTICER, sources=_GOING, target=_S.ABANDONED),
    Step(name="recall", by=EITHER, sources=_GOING),
    Step(name="remark", by=EITHER, sources=LIVE),
)


def goes_on(step: Step) -> bool:
    """Return whether by a step a party takes back its lone word for abandonment (12.3.6)."""
    return step.name != "abandon" and (step.both or step.ruled)


KINDS: Final = tuple(f"{FAMILY}.{name}" for name in STEPS)
