"""What this room is told: one act of one party, as it stands in that party's log.

The room does not know that acts are recorded, only their place: the party, the index in its log and
how much of the counterpart's log it had seen. Source: spec 5.1.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject

TABLE: Final = "agreement.table"
TALK: Final = "agreement.talk"
REOPEN: Final = "agreement.reopen"
ABANDON: Final = "agreement.abandon"
ADOPT: Final = "agreement.adopt"
INITIAL: Final = "agreement.initial"
OPEN: Final = "signing.open"
READY: Final = "signing.ready"
REVOKE: Final = "signing.revoke"
SIGN: Final = "signing.signature"
CONCLUDE: Final = "signing.conclude"
SUSPEND: Final = "agreement.suspend"
RESUME: Final = "agreement.resume"

#: Every kind of act this room folds, with the members of its ``act`` section and whether the act
#: carries a document and signatures. Source: spec 5.1.2.
MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    TABLE: frozenset({"instrument", "moves", "result"}),
    TALK: frozenset({"instrument"}),
    REOPEN: frozenset({"instrument"}),
    ABANDON: frozenset({"instrument"}),
    ADOPT: frozenset({"instrument", "text"}),
    INITIAL: frozenset({"instrument", "text"}),
    OPEN: frozenset({"instrument", "manifest"}),
    READY: frozenset({"instrument", "manifest"}),
    REVOKE: frozenset({"instrument", "manifest"}),
    SIGN: frozenset({"instrument", "manifest"}),
    CONCLUDE: frozenset({"instrument", "manifest", "conclusion"}),
    SUSPEND: frozenset({"instrument", "act"}),
    RESUME: frozenset({"instrument", "act"}),
}
WITH_DOCUMENT: Final = frozenset({ADOPT, INITIAL, OPEN, CONCLUDE, SUSPEND, RESUME})
WITH_SIGNATURES: Final = frozenset({ADOPT, INITIAL, SIGN, CONCLUDE, SUSPEND, RESUME})


@attrs.frozen(kw_only=True)
class Act:
    """One act of a party.

    Attributes:
        party: Who did it.
        n: Its index in that party's log.
        seen: How many entries of the counterpart's log its author had seen.
        kind: One of the kinds above.
        data: The ``act`` section of its body.
        documents: The sections ``document`` and ``signatures``, as they came.
    """

    party: str
    n: int
    seen: int
    kind: str
    data: JsonObject
    documents: Mapping[str, bytes] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Place:
    """Where an act stands: enough to say what its author knew."""

    party: str
    n: int
    seen: int

    def knew(self, other: "Place") -> bool:
        """Return whether the author of this act knew ``other`` when acting."""
        return other.n < (self.n if other.party == self.party else self.seen)

    def inside(self, heads: Mapping[str, int] | None) -> bool:
        """Return whether the act stands below ``heads`` (log sizes by party; None: everything)."""
        return heads is None or self.n < heads.get(self.party, 0)


def place_of(act: Act) -> Place:
    """Return the place of ``act``."""
    return Place(party=act.party, n=act.n, seen=act.seen)
