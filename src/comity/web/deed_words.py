"""What acts on things that live by steps say: by kind its name, and the sentence with who did it.

Each family has its rows; a test holds them against the kinds that the record knows.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

COMMITMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "commitment.propose": (
        marked("Commitment proposed"),
        marked("%(who)s proposed a commitment%(title)s."),
    ),
    "commitment.accept": (
        marked("Commitment accepted"),
        marked("%(who)s accepted a commitment%(title)s."),
    ),
    "commitment.decline": (
        marked("Commitment declined"),
        marked("%(who)s declined a commitment%(title)s."),
    ),
    "commitment.withdraw": (
        marked("Proposal taken back"),
        marked("%(who)s took the proposal of a commitment back%(title)s."),
    ),
    "commitment.progress": (
        marked("Progress"),
        marked("%(who)s said how a commitment goes%(title)s."),
    ),
    "commitment.claim": (
        marked("Claim"),
        marked("%(who)s claimed that a commitment is fulfilled%(title)s."),
    ),
    "commitment.acknowledge": (
        marked("Acknowledgement"),
        marked("%(who)s said what a claim comes to%(title)s."),
    ),
    "commitment.dispute": (marked("Dispute"), marked("%(who)s disputed a claim%(title)s.")),
    "commitment.redate": (
        marked("Another due date"),
        marked("%(who)s named another due date of a commitment%(title)s."),
    ),
    "commitment.release": (
        marked("Commitment released"),
        marked("%(who)s released the performer of a commitment%(title)s."),
    ),
    "commitment.fail": (
        marked("Found not kept"),
        marked("%(who)s found that a commitment was not kept%(title)s."),
    ),
}

DEEDS: Final[Mapping[str, tuple[str, str]]] = {**COMMITMENTS}
