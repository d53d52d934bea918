"""The public face of this room's state: folding acts, looking at it, comparing it.

``fold_act`` takes one act into the state of a relationship; ``admit`` says beforehand whether the
act may be stored at all; ``view`` computes how an instrument stands, from both chains, the cosigned
checkpoints over them and a time. Nothing here depends on the order in which the two parties' acts
arrived. Source: design 2 (idea 1), 5; spec 5.1.
"""

from comity.agreements.admission import PowersOf, SealOf, admit
from comity.agreements.chains import AgreementsState, fold_act
from comity.agreements.consolidated import consolidated_text
from comity.agreements.views import (
    AlternativeView,
    InstrumentView,
    UnitView,
    agreement_in_force,
    view,
    view_later,
)
from comity.agreements.wire import result_of, state_digest_at, state_json

__all__ = (
    "AgreementsState",
    "AlternativeView",
    "InstrumentView",
    "PowersOf",
    "SealOf",
    "UnitView",
    "admit",
    "agreement_in_force",
    "consolidated_text",
    "fold_act",
    "result_of",
    "state_digest_at",
    "state_json",
    "view",
    "view_later",
)
