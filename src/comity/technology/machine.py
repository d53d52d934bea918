"""The parts that parties have in authorisations and what follows them, and what they are called.

Source: spec 11.1.
"""

from collections.abc import Mapping
from typing import Final

from comity.foundation.deeds import EITHER, OPENER, OTHER

#: Whose items they are, and who gets them.
EXPORTER: Final = "exporter"
RECIPIENT: Final = "recipient"
#: Who asked for the amendment that waits.
AMENDER: Final = "amender"
WHOSE: Final[Mapping[str, str]] = {
    EITHER: "a party",
    OPENER: "who began it",
    OTHER: "the other party",
    EXPORTER: "the party that exports",
    RECIPIENT: "the party that receives",
    AMENDER: "who asked for the amendment",
}
