"""What acts on joint statements say, as ``deed_words`` has them."""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

STATEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "statement.begin": (
        marked("Statement begun"),
        marked("%(who)s began a joint statement%(title)s."),
    ),
    "statement.text": (
        marked("Text of a statement"),
        marked("%(who)s said which texts a statement has%(title)s."),
    ),
    "statement.mark": (
        marked("Sentences marked"),
        marked("%(who)s marked sentences of a statement%(title)s."),
    ),
    "statement.clear": (marked("Clearance"), marked("%(who)s cleared a statement%(title)s.")),
    "statement.unclear": (
        marked("Clearance taken back"),
        marked("%(who)s took the clearance of a statement back%(title)s."),
    ),
    "statement.order": (
        marked("Release ordered"),
        marked("%(who)s ordered the release of a statement%(title)s."),
    ),
    "statement.pull": (
        marked("Statement pulled"),
        marked("%(who)s pulled a statement%(title)s."),
    ),
    "statement.release": (
        marked("Statement released"),
        marked("%(who)s released a statement%(title)s."),
    ),
    "statement.correct": (
        marked("Erratum asked for"),
        marked("%(who)s asked for an erratum to a statement%(title)s."),
    ),
    "statement.accept_correction": (
        marked("Erratum agreed"),
        marked("%(who)s agreed to an erratum to a statement%(title)s."),
    ),
    "statement.recall": (
        marked("Taken back"),
        marked("%(who)s took back, before it counted, what it asked for in a statement%(title)s."),
    ),
    "statement.readout": (
        marked("Read-out"),
        marked("%(who)s issued a read-out of its own beside a statement%(title)s."),
    ),
}
