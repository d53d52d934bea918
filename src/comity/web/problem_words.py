"""What went wrong, in the reader's language: one sentence by the code of an error.

An error's own words are English and hold its values; to a reader of English they are shown as they
are. Everybody else reads the sentence of its code, which says what is wrong and who must do what,
and below it the error's own words where they say more. A code without a sentence of its own is said
by its room. A test demands one or the other of every code that can reach a page.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.web.problem_words_connectors import IN_SHORT as CONNECTORS_IN_SHORT
from comity.web.problem_words_connectors import WHOLE as CONNECTORS_WHOLE
from comity.web.problem_words_coordination import IN_SHORT as COORDINATION_IN_SHORT
from comity.web.problem_words_coordination import WHOLE as COORDINATION_WHOLE
from comity.web.problem_words_house import IN_SHORT as HOUSE_IN_SHORT
from comity.web.problem_words_house import WHOLE as HOUSE_WHOLE
from comity.web.problem_words_meetings import IN_SHORT as MEETINGS_IN_SHORT
from comity.web.problem_words_meetings import WHOLE as MEETINGS_WHOLE
from comity.web.problem_words_projects import IN_SHORT as PROJECTS_IN_SHORT
from comity.web.problem_words_projects import WHOLE as PROJECTS_WHOLE
from comity.web.problem_words_record import IN_SHORT as RECORD_IN_SHORT
from comity.web.problem_words_record import WHOLE as RECORD_WHOLE
from comity.web.problem_words_statements import IN_SHORT as STATEMENTS_IN_SHORT
from comity.web.problem_words_statements import WHOLE as STATEMENTS_WHOLE
from comity.web.problem_words_technology import IN_SHORT as TECHNOLOGY_IN_SHORT
from comity.web.problem_words_technology import WHOLE as TECHNOLOGY_WHOLE
from comity.web.problem_words_texts import IN_SHORT as TEXTS_IN_SHORT
from comity.web.problem_words_texts import WHOLE as TEXTS_WHOLE
from comity.web.roles import role_names
from comity.web.texts import SOURCE, Words, marked
from comity.web.wording import person

#: Rooms whose errors meet a person at a terminal, or an engineer in the log, and never a page.
NO_PAGE: Final = frozenset({"cli", "folder", "founding", "local", "profile", "sdk", "serve"})

_WHOLE: Final[Mapping[str, str]] = {
    **CONNECTORS_WHOLE,
    **COORDINATION_WHOLE,
    **HOUSE_WHOLE,
    **PROJECTS_WHOLE,
    **MEETINGS_WHOLE,
    **RECORD_WHOLE,
    **STATEMENTS_WHOLE,
    **TECHNOLOGY_WHOLE,
    **TEXTS_WHOLE,
}
_IN_SHORT: Final[Mapping[str, str]] = {
    **CONNECTORS_IN_SHORT,
    **COORDINATION_IN_SHORT,
    **HOUSE_IN_SHORT,
    **PROJECTS_IN_SHORT,
    **MEETINGS_IN_SHORT,
    **RECORD_IN_SHORT,
    **STATEMENTS_IN_SHORT,
    **TECHNOLOGY_IN_SHORT,
    **TEXTS_IN_SHORT,
}
#: By the first word of the code, for what only a program or another node gets wrong.
_ROOMS: Final[Mapping[str, str]] = {
    "acts": marked("A signature does not carry the authority that this act needs."),
    "agreements": marked("An act on the agreement is not as it must be, and was not taken."),
    "approvals": marked("An approval is not as it must be, and does not count."),
    "basics": marked("A value is not written as it must be. Correct it and send it again."),
    "call": marked(
        "The call between the two nodes was not taken. The engineers of both sides look at it."
    ),
    "connectors": marked(
        "The connector does not answer as it must. The operators of both sides look at it."
    ),
    "documents": marked(
        "A signed document is not of its agreed form. Whoever made it makes it anew."
    ),
    "dsp": marked(
        "The other node's message about a transfer is not of the agreed form. Their engineer looks"
        " at it."
    ),
    "fields": marked("A field of the text does not hold. Correct it."),
    "fields_file": marked("The file of fields has a mistake. Correct it and hand it in again."),
    "fold": marked("An entry contradicts what the record says already, and was not taken."),
    "json": marked("The file or message is not in the agreed form. Whoever made it makes it anew."),
    "keys": marked("A key or card is not as it must be. Whoever it belongs to makes it anew."),
    "letters": marked("The letter of introduction is not as it must be. Ask them for a new one."),
    "moves": marked("An answer to a unit is not as it must be, and was not taken."),
    "odrl": marked("The terms of an offer say what the agreed profile does not know."),
    "parties": marked("An address or identifier is not written as it must be."),
    "peers": marked("The counterpart's node called for what is not here."),
    "policy": marked("What an area permits is not stated as it must be. Correct the area."),
    "powers": marked(
        "Full powers are not as they must be. The appointing officials give them anew."
    ),
    "record": marked("What came for the record cannot be taken, or the record needs its engineer."),
    "redlines": marked("The file of red lines has a mistake. Correct it and hand it in again."),
    "sharing": marked(
        "What the other node sent about a transfer is not as agreed, and was not taken."
    ),
    "sign": marked(
        "The signing request is not as the node writes it. Do not sign; ask for it anew."
    ),
    "signatures": marked(
        "The signature does not hold, or is not by whom it must be. Sign the exact document again."
    ),
    "signing": marked("A document of the signing is not as it must be, and was not taken."),
    "storage": marked("The node's own store cannot do this. The node's engineer looks at it."),
    "text": marked("A unit of the text is not as it must be. Correct it."),
    "transport": marked(
        "The call to the counterpart's node failed. The engineers of both sides look at it."
    ),
    "verify": marked(
        "The archive of evidence is not as it must be. Ask whoever made it for a new one."
    ),
}
_OTHER: Final = marked("It did not work; the exact words of the node say why.")


@attrs.frozen(kw_only=True)
class Said:
    """A problem in words.

    Attributes:
        sentence: In the reader's language.
        detail: The error's own words, in English, where they say more; else empty.
    """

    sentence: str
    detail: str


def said(words: Words, code: object, *, message: object, facts: object = None) -> Said:
    """Return a problem in the reader's language.

    Args:
        words: The reader's language.
        code: The error's code; one of a newer node is said in general.
        message: The error's own words.
        facts: Its facts, where they came along.
    """
    exact, name = str(message), str(code)
    if words.language == SOURCE:
        return Said(sentence=words.timed(exact), detail="")
    sentence = _WHOLE.get(name)
    if sentence is not None:
        filled = _filled(words, sentence, facts)
        if filled:
            return Said(sentence=filled, detail="")
    sentence = _IN_SHORT.get(name) or _ROOMS.get(name.partition(".")[0]) or _OTHER
    filled = _filled(words, sentence, facts) or words.gettext(_OTHER)
    return Said(sentence=filled, detail=exact)


def sentence_of(code: str) -> str:
    """Return the sentence of a code or of its room in the source language; empty: none."""
    room = code.partition(".")[0]
    return _WHOLE.get(code) or _IN_SHORT.get(code) or _ROOMS.get(room, "")


def _filled(words: Words, sentence: str, facts: object) -> str:
    """Return the sentence with its facts; empty where the error came without them."""
    given = facts if isinstance(facts, Mapping) else {}
    try:
        return words.gettext(sentence) % {name: _fact(words, name, given[name]) for name in given}
    except KeyError:
        return ""


def _fact(words: Words, name: object, value: object) -> str:
    if isinstance(value, list | tuple):
        if name == "roles":
            return role_names(words, value)
        return ", ".join(_fact(words, "", each) for each in value) or words.gettext("nobody")
    if isinstance(value, int):
        return words.number(value)
    return person(value)
