"""Codes and facts of the node, as sentences in the reader's language.

The node answers with codes and facts (``history``, ``record.entries`` and others); here they become
words, once for every page. Whatever a person wrote is set apart in its own direction, so that no
name can turn a sentence around. Facts that an erased body does not give any more are left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from comity.web.deed_words import DEEDS
from comity.web.texts import Words, marked, parse_instant

Facts: TypeAlias = Mapping[str, object]

#: How much of a text that a person wrote stands in a sentence.
PERSON_CHARS: Final = 160

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def person(value: object) -> str:
    """Return words of a person for the middle of a sentence: set apart, on one line, not long."""
    text = " ".join(_TURNING.sub("", str(value or "")).split())
    if len(text) > PERSON_CHARS:
        text = text[: PERSON_CHARS - 1] + "…"
    return f"\u2068{text}\u2069"


def spaced(value: object) -> str:
    """Return a kind or a purpose as people read it: words with spaces."""
    return str(value or "").replace("_", " ")


def area_words(value: object) -> str:
    """Return the id of an area as people read it; its title stands only in the agreement."""
    return spaced(value).replace("-", " ")


def what_it_is(row: Facts) -> str:
    """Return area, kind, marking and purpose of a thing as people read them."""
    said = [spaced(row.get(name)) for name in ("kind", "marking", "purpose")]
    return ", ".join([area_words(row.get("area")), *said])


def bare(text: str) -> str:
    """Return a sentence without the marks that set persons' words apart: for CSV."""
    return _TURNING.sub("", text)


# --- what an act says -----------------------------------------------------------------------

#: Acts whose sentence needs no more than who did it.
_PLAIN: Final[Mapping[str, str]] = {
    "letter.introduce": marked("%(who)s introduced itself with its letter."),
    "agreement.talk": marked("%(who)s agreed to talk about the text."),
    "agreement.reopen": marked("%(who)s reopened the text."),
    "agreement.abandon": marked("%(who)s gave the text up."),
    "agreement.adopt": marked("%(who)s adopted the text."),
    "agreement.initial": marked("%(who)s initialled the text."),
    "signing.ready": marked("%(who)s is ready to sign in this window."),
    "signing.revoke": marked("%(who)s took the signing window back."),
    "signing.signature": marked("%(who)s signed."),
    "agreement.resume": marked("%(who)s lifted the suspension for its part."),
    "sharing.withdraw": marked("%(who)s withdrew a release."),
    "anchor.house": marked("%(who)s committed to the head of its house log."),
}
_MOVES: Final[Mapping[str, tuple[str, str]]] = {
    "propose": (marked("%(n)s text proposed"), marked("%(n)s texts proposed")),
    "accept": (marked("%(n)s unit accepted"), marked("%(n)s units accepted")),
    "accept_ad_ref": (
        marked("%(n)s unit accepted ad referendum"),
        marked("%(n)s units accepted ad referendum"),
    ),
    "confirm": (marked("%(n)s unit confirmed"), marked("%(n)s units confirmed")),
    "object": (marked("%(n)s objection"), marked("%(n)s objections")),
    "reserve": (marked("%(n)s reserve"), marked("%(n)s reserves")),
    "lift": (marked("%(n)s reserve lifted"), marked("%(n)s reserves lifted")),
    "withdraw": (marked("%(n)s text withdrawn"), marked("%(n)s texts withdrawn")),
    "park": (marked("%(n)s unit to be parked"), marked("%(n)s units to be parked")),
    "unpark": (marked("%(n)s unit no longer parked"), marked("%(n)s units no longer parked")),
    "reopen": (marked("%(n)s unit reopened"), marked("%(n)s units reopened")),
    "explain": (marked("%(n)s explanation"), marked("%(n)s explanations")),
    "package": (marked("%(n)s package offered"), marked("%(n)s packages offered")),
    "accept_package": (marked("%(n)s package accepted"), marked("%(n)s packages accepted")),
    "withdraw_package": (marked("%(n)s package withdrawn"), marked("%(n)s packages withdrawn")),
}
_BODIES: Final[Mapping[str, str]] = {
    "erased": marked("What it said was erased; that it stood here is still proven."),
    "missing": marked("What it says is not held here."),
    "unreadable": marked("What it says cannot be read."),
}
_KINDS: Final[Mapping[str, str]] = {
    "letter.introduce": marked("Letter of introduction"),
    "letter.accept": marked("Acceptance of the letter"),
    "powers.grant": marked("Full powers given"),
    "powers.revoke": marked("Full powers ended"),
    "agreement.table": marked("Tabling"),
    "agreement.talk": marked("Talks"),
    "agreement.reopen": marked("Reopening"),
    "agreement.abandon": marked("Giving up"),
    "agreement.adopt": marked("Adoption"),
    "agreement.initial": marked("Initials"),
    "signing.open": marked("Signing window"),
    "signing.ready": marked("Ready to sign"),
    "signing.revoke": marked("Window taken back"),
    "signing.signature": marked("Signature"),
    "signing.conclude": marked("Conclusion"),
    "agreement.suspend": marked("Suspension"),
    "agreement.resume": marked("Resumption"),
    "sharing.release": marked("Release"),
    "sharing.withdraw": marked("Release withdrawn"),
    "sharing.contract": marked("Contract"),
    "sharing.sent": marked("Sent"),
    "sharing.received": marked("Received"),
    "anchor.house": marked("Anchor of the house log"),
    **{code: name for code, (name, _) in DEEDS.items()},
}


def kinds(words: Words) -> list[tuple[str, str]]:
    """Return the kinds of acts with their names, for a choice."""
    return [(code, words.gettext(name)) for code, name in _KINDS.items()]


def kind(words: Words, code: object) -> str:
    """Return the name of a kind of act; an unknown code stands for itself."""
    name = _KINDS.get(str(code))
    return str(code) if name is None else words.gettext(name)


def told(words: Words, row: Facts, *, who: str) -> str:
    """Return what an entry says in words.

    Args:
        words: The reader's language.
        row: A row of ``record.entries``, ``record.both``, ``record.entry`` or ``history``.
        who: The party that wrote it.
    """
    code, facts = str(row.get("code")), _object(row.get("facts"))
    name = person(who)
    if row.get("body", "held") != "held":
        missing = words.gettext(_BODIES.get(str(row.get("body")), _BODIES["missing"]))
        return f"{kind(words, code)}: {missing}"
    teller = _TELLERS.get(code)
    if teller is not None:
        return teller(words, name, facts)
    deed = DEEDS.get(code)
    if deed is not None:
        title = facts.get("title")
        return words.say(deed[1], who=name, title=f": {person(title)}" if title else "")
    plain = _PLAIN.get(code)
    if plain is not None:
        return words.say(plain, who=name)
    return kind(words, code)


def reason(row: Facts) -> str:
    """Return the words a person put beside an act, as they are; the page sets them apart."""
    note = _object(_object(row.get("facts")).get("note"))
    said = _object(row.get("facts")).get("reason")
    return str(note.get("reason") or note.get("title") or note.get("words") or said or "")


def signers(words: Words, row: Facts) -> str:
    """Return who signed an act, by the full powers in the record; empty where nobody did."""
    named = [
        words.say(
            "%(name)s, %(office)s", name=person(one.get("name")), office=person(one["office"])
        )
        for one in _rows(row.get("signers"))
        if one.get("office")
    ]
    return "; ".join(named)


def _acceptance(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s accepted the other side's letter, after two persons compared fingerprints"
        " (%(mark)s…).",
        who=who,
        mark=facts.get("fingerprint", ""),
    )


def _grant(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s gave full powers to %(name)s, %(office)s, until %(until)s.",
        who=who,
        name=person(facts.get("name")),
        office=person(facts.get("office")),
        until=_when(words, facts.get("valid_until")),
    )


def _revoke(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s ended the full powers of %(name)s, %(office)s.",
        who=who,
        name=person(facts.get("name")),
        office=person(facts.get("office")),
    )


def _table(words: Words, who: str, facts: Facts) -> str:
    moves = _object(facts.get("moves"))
    counted = ", ".join(_counted(words, name, n) for name, n in moves.items())
    if facts.get("opens"):
        return words.say(
            "%(who)s tabled “%(title)s” (%(moves)s).",
            who=who,
            title=person(facts.get("title")),
            moves=counted,
        )
    units = [str(one) for one in _list(facts.get("units"))]
    named = ", ".join(person(one) for one in units[:4])
    left = _whole(facts.get("units_more")) + len(units[4:])
    if left:
        named = words.say("%(units)s and %(n)s more", units=named, n=words.number(left))
    return words.say("%(who)s tabled: %(moves)s (%(units)s).", who=who, moves=counted, units=named)


def _counted(words: Words, move: str, n: object) -> str:
    number = _whole(n)
    one, many = _MOVES.get(move, (move, move))
    return words.gettext(one if number == 1 else many) % {"n": words.number(number)}


def _open(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s proposed to sign between %(opens)s and %(closes)s; %(n)s persons are to sign.",
        who=who,
        opens=_when(words, facts.get("opens_at")),
        closes=_when(words, facts.get("closes_at")),
        n=words.number(len(_list(facts.get("signatories")))),
    )


def _conclude(words: Words, who: str, facts: Facts) -> str:
    ends = facts.get("ends_at")
    said = words.say(
        "%(who)s sealed the conclusion: signed %(signed)s, in force from %(force)s.",
        who=who,
        signed=_when(words, facts.get("signed_at")),
        force=_when(words, facts.get("in_force_at")),
    )
    if ends is None:
        return said
    return said + " " + words.say("The term ends %(ends)s.", ends=_when(words, ends))


def _suspend(words: Words, who: str, facts: Facts) -> str:
    article = person(facts.get("article"))
    if facts.get("whole"):
        said = words.say("%(who)s suspended the whole under %(article)s.", who=who, article=article)
    else:
        units = ", ".join(person(one) for one in _list(facts.get("units")))
        said = words.say(
            "%(who)s suspended %(units)s under %(article)s.", who=who, units=units, article=article
        )
    until = facts.get("until")
    if until is None:
        return said
    return said + " " + words.say("It ends by itself %(until)s.", until=_when(words, until))


def _release(words: Words, who: str, facts: Facts) -> str:
    title = _object(facts.get("note")).get("title")
    named = person(title) if title else str(facts.get("item"))
    size = words.size(_whole(facts.get("bytes")))
    return words.say(
        "%(who)s released %(title)s (%(size)s, %(marking)s) in the area %(area)s.",
        who=who,
        title=named,
        size=size,
        marking=person(facts.get("marking")),
        area=person(area_words(facts.get("area"))),
    )


def _contract(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s recorded the contract over an item of the area %(area)s, under %(article)s.",
        who=who,
        area=person(area_words(facts.get("area"))),
        article=person(facts.get("article")),
    )


def _sent(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s sent %(size)s under %(article)s.",
        who=who,
        size=words.size(_whole(facts.get("bytes"))),
        article=person(facts.get("article")),
    )


def _received(words: Words, who: str, facts: Facts) -> str:
    return words.say(
        "%(who)s received %(size)s under %(article)s, unchanged.",
        who=who,
        size=words.size(_whole(facts.get("bytes"))),
        article=person(facts.get("article")),
    )


_TELLERS: Final[Mapping[str, Callable[[Words, str, Facts], str]]] = {
    "letter.accept": _acceptance,
    "powers.grant": _grant,
    "powers.revoke": _revoke,
    "agreement.table": _table,
    "signing.open": _open,
    "signing.conclude": _conclude,
    "agreement.suspend": _suspend,
    "sharing.release": _release,
    "sharing.contract": _contract,
    "sharing.sent": _sent,
    "sharing.received": _received,
}


# --- helpers ----------------------------------------------------------------------------------


def _when(words: Words, value: object) -> str:
    at = parse_instant(value)
    return "—" if at is None else words.local(at)


def _object(value: object) -> Facts:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _rows(value: object) -> list[Facts]:
    return [one for one in _list(value) if isinstance(one, Mapping)]


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
