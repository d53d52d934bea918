"""The kinds of entries, and which sections their bodies have.

Replay needs every state-bearing section and never an erasable one; that is decided here, for every
kind, before anything of the kind is written. An unknown kind is refused: nobody could replay it.
This is the table of rule set 1; a later rule set gets a table of its own, this one stays.
Source: record.md 4.10; design 13.2; spec 3.9.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.record.body import Body

#: Entries of the house log; their kinds are the node's own and never cross.
HOUSE: Final = "house"


@attrs.frozen
class Kind:
    """One kind of entry: the sections its body must have, and those it may have.

    Attributes:
        required: State-bearing; present for ever.
        optional: State-bearing where present.
        erasable: May be present, may be erased; never needed to replay.
    """

    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    erasable: frozenset[str] = frozenset()

    @property
    def state_bearing(self) -> frozenset[str]:
        """The sections that a replay reads."""
        return self.required | self.optional


_ACT: Final = frozenset({"act"})
_DOCUMENT: Final = frozenset({"act", "document"})
_SIGNATURES: Final = frozenset({"act", "signatures"})
_SIGNED: Final = frozenset({"act", "document", "signatures"})
_NOTE: Final = frozenset({"note"})

_COMMITMENT: Final = (
    *("propose", "accept", "decline", "withdraw", "progress", "claim", "acknowledge"),
    *("dispute", "redate", "release", "fail", "recall"),
)
_CONTROL: Final = ("classify", "reclassify", "declassify")
_AUTHORISATION: Final = (
    *("request", "withdraw", "review", "approve", "deny", "return", "assure", "accept", "use"),
    *("receive", "suspend", "resume", "amend", "amend_approve", "amend_deny", "revoke"),
    *("amend_withdraw", "decline", "dispose", "report"),
)
_RETRANSFER: Final = (
    *("request", "withdraw", "again", "grant", "refuse", "return", "use", "close"),
)
_ENDCHECK: Final = ("request", "withdraw", "arrange", "done", "conclude", "follow_up")
_BODY: Final = ("propose", "accept", "decline", "withdraw", "appoint", "terms", "wind_up")
_MEETING: Final = (
    *("propose", "counter", "confirm", "decline", "postpone", "cancel", "add", "consent", "drop"),
    *("agree", "attend", "open", "outcome", "retract", "concur", "adjourn", "close", "draft"),
    *("version", "take", "seal", "recall"),
)
_STATEMENT: Final = (
    *("begin", "text", "mark", "clear", "unclear", "order", "pull", "release", "correct"),
    *("accept_correction", "readout", "recall"),
)

_PROJECT: Final = (
    *("propose", "explore", "decline", "withdraw", "name", "intend", "sheet", "arrange", "plan"),
    *("agree_plan", "approve", "start", "pause", "resume", "claim", "accept", "reject", "lend"),
    *("receive", "give_back", "take_back", "write_off", "enter", "confirm", "strike", "wind_up"),
    *("close", "hand_over", "abandon", "notice", "leave", "recall", "remark"),
)

KINDS: Final[Mapping[str, Kind]] = {
    "letter.introduce": Kind(_SIGNED),
    "letter.accept": Kind(_ACT),
    "powers.grant": Kind(_SIGNED),
    "powers.revoke": Kind(_SIGNED),
    "agreement.table": Kind(_ACT, erasable=_NOTE),
    "agreement.talk": Kind(_ACT),
    "agreement.reopen": Kind(_ACT, erasable=_NOTE),
    "agreement.abandon": Kind(_ACT, erasable=_NOTE),
    "agreement.adopt": Kind(_SIGNED),
    "agreement.initial": Kind(_SIGNED),
    "signing.open": Kind(_DOCUMENT),
    "signing.ready": Kind(_ACT),
    "signing.revoke": Kind(_ACT),
    "signing.signature": Kind(_SIGNATURES),
    "signing.conclude": Kind(_SIGNED),
    "agreement.suspend": Kind(_SIGNED),
    "agreement.resume": Kind(_SIGNED),
    "sharing.release": Kind(_ACT, optional=frozenset({"signatures"}), erasable=_NOTE),
    "sharing.withdraw": Kind(_ACT),
    "sharing.contract": Kind(_ACT),
    "sharing.sent": Kind(_ACT),
    "sharing.received": Kind(_ACT),
    **{f"commitment.{name}": Kind(_ACT, erasable=_NOTE) for name in _COMMITMENT},
    **{f"control.{name}": Kind(_ACT, erasable=_NOTE) for name in _CONTROL},
    **{f"authorisation.{name}": Kind(_ACT, erasable=_NOTE) for name in _AUTHORISATION},
    **{f"retransfer.{name}": Kind(_ACT, erasable=_NOTE) for name in _RETRANSFER},
    **{f"endcheck.{name}": Kind(_ACT, erasable=_NOTE) for name in _ENDCHECK},
    **{f"project.{name}": Kind(_ACT, erasable=_NOTE) for name in _PROJECT},
    **{f"body.{name}": Kind(_ACT, erasable=_NOTE) for name in _BODY},
    **{f"meeting.{name}": Kind(_ACT, erasable=_NOTE) for name in _MEETING},
    **{f"statement.{name}": Kind(_ACT, erasable=_NOTE) for name in _STATEMENT},
    "anchor.house": Kind(_ACT),
}

_HOUSE_KIND: Final = Kind(_ACT, erasable=_NOTE)


def kind_of(name: str) -> Kind:
    """Return what an entry of that kind has, for a log that crosses.

    Raises:
        PeerError: ``record.unknown_kind``.
    """
    found = KINDS.get(name)
    if found is None:
        raise PeerError(
            "record.unknown_kind",
            f"{name[:70]!r} is no kind of entry of rule set 1. If the counterpart's node is newer,"
            " both must first adopt its rule set.",
        )
    return found


def check_sections(name: str, *, present: Iterable[str], erased: Iterable[str] = ()) -> None:
    """Return if a body of that kind may have these sections.

    Args:
        name: The kind; ``house.*`` kinds have an act and perhaps a note.
        present: Names of the sections that are there.
        erased: Names of the sections of which only the commitment is left.

    Raises:
        PeerError: ``record.sections``: one too few, too many, or erased that may not be;
            ``record.unknown_kind``.
    """
    kind = _HOUSE_KIND if name.partition(".")[0] == HOUSE else kind_of(name)
    here, gone = frozenset(present), frozenset(erased)
    wrong = (kind.required - here) | (here - kind.state_bearing - kind.erasable)
    wrong |= gone - kind.erasable
    if wrong:
        raise PeerError(
            "record.sections",
            f"The body of an entry {name} must have the sections {', '.join(sorted(kind.required))}"
            f" and may have {', '.join(sorted(kind.optional | kind.erasable)) or 'no others'};"
            f" wrong here: {', '.join(sorted(wrong))[:200]}.",
        )


def check_body(name: str, body: Body) -> None:
    """Return if ``body`` is one of that kind. Raises as ``check_sections``."""
    check_sections(
        name,
        present=(section.name for section in body.sections),
        erased=(section.name for section in body.erased),
    )
