"""Sentences that rooms make and records keep, in the reader's language.

A ruling, a red line's reason and what an import did not understand reach the pages as whole English
sentences: records and house logs hold them so, also those that were made years ago. Each is one
sentence with facts in it; here it is found again by its form and said anew with the same facts.
What has no such form stays as it is. ``tests/unit/web/test_sentence_words.py`` makes each of them
with the room that makes it, so that no sentence can change there without its form here.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from comity.web.texts import SOURCE, Words, marked, parse_instant

#: What "may I send this?" and both gateways say. Source: agreements/mandates.py, spec 5.9.2.
_RULINGS: Final = (
    marked("There is no agreement in force with %(whom)s."),
    marked("%(title)s is not in force before %(when)s."),
    marked("%(title)s is not in force."),
    marked("%(title)s ended at %(when)s."),
    marked("%(title)s has no area '%(area)s'."),
    marked("%(title)s is suspended as a whole by %(party)s under %(article)s until %(when)s."),
    marked("%(title)s is suspended as a whole by %(party)s under %(article)s."),
    marked("%(label)s is suspended by %(party)s under %(article)s until %(when)s."),
    marked("%(label)s is suspended by %(party)s under %(article)s."),
    marked("%(article)s permits only the actions %(allowed)s; not '%(value)s'."),
    marked("%(article)s permits only the kinds of item %(allowed)s; not '%(value)s'."),
    marked("%(article)s permits only the purposes %(allowed)s; not '%(value)s'."),
    marked(
        "The agreement's marking scale (%(scale)s) has no '%(marking)s' that could be compared with"
        " the highest permitted, '%(most)s'."
    ),
    marked("%(article)s permits up to '%(most)s'; the item is marked '%(marking)s'."),
    marked(
        "%(article)s permits it from one party to the other, to %(allowed)s; not from %(sender)s to"
        " %(recipient)s."
    ),
    marked(
        "Under %(article)s passing it on to others needs the sender's consent, which is not given"
        " with an item."
    ),
    marked("Under %(article)s passing it on to others is excluded."),
    marked(
        "No release decision of %(sender)s stands for this item to %(recipient)s: a release officer"
        " must release it."
    ),
    marked("The counterpart offers this without a request."),
)
#: What stands against a controlled item. Source: agreements/controlled.py, spec 11.5.2.
_CONTROLLED: Final = (
    marked("The item is controlled as %(called)s, and no authorisation covers it."),
    marked("%(called)s is requested: nothing crosses under it."),
    marked("%(called)s is in review: nothing crosses under it."),
    marked("%(called)s is withdrawn: nothing crosses under it."),
    marked("%(called)s is returned: nothing crosses under it."),
    marked("%(called)s is denied: nothing crosses under it."),
    marked("%(called)s is revoked: it has ended."),
    marked("%(called)s is reconciled: it has ended."),
    marked("%(called)s is suspended: the party that exports has stopped it."),
    marked("%(called)s is approved: the recipient has not given the assurance that was asked."),
    marked(
        "%(called)s is approved with provisos: the recipient has not given the assurance that was"
        " asked."
    ),
    marked("%(called)s: the recipient has not accepted the provisos."),
    marked("%(called)s stands on what is not in force: %(why)s"),
    marked("%(called)s begins at %(when)s."),
    marked("%(called)s expired at %(when)s."),
    marked("%(called)s is only for %(allowed)s; not for '%(value)s'."),
    marked("%(called)s is only for %(allowed)s."),
    marked("%(called)s does not let it go with leave to pass it on."),
    marked("%(called)s: the quantity is used up; %(left)s is left, %(needed)s would be needed."),
    marked("%(called)s: the value is used up, or the item has none in that currency."),
)
#: Why a red line fires. Source: agreements/redlines.py.
_RED_LINES: Final = (
    marked("the field %(field)s is %(stated)s, not at most %(wanted)s"),
    marked("the field %(field)s is %(stated)s, not at least %(wanted)s"),
    marked("the field %(field)s is %(stated)s, not equals %(wanted)s"),
    marked("the field %(field)s differs in %(members)s"),
    marked("the text no longer says '%(wording)s'"),
    marked("%(label)s no longer says '%(wording)s'"),
    marked("the words '%(wording)s' stand there"),
    marked("it makes relations with others subject to conditions"),
    marked("what is shared may be passed on to others freely"),
    marked("only the role %(role)s may stand by %(label)s"),
)
#: What an import did not understand. Source: agreements/importing.py, outline.py, numbering.py.
_FINDINGS: Final = (
    marked("%(label)s stands twice (first on line %(n)s); both are kept."),
    marked("%(label)s stands twice; both are kept."),
    marked("%(label)s comes after number %(n)s; it is kept where it stands."),
    marked("Number %(missing)s is missing before %(label)s; nothing is renumbered."),
    marked("A number is missing before %(label)s; nothing is renumbered."),
    marked("Looks like a line of a table of contents; kept as text."),
    marked("Starts like a heading (%(label)s) but reads as a sentence; kept as text."),
    marked("No articles were found; the text is kept as paragraphs."),
)
#: What a text lays down. Source: agreements/fields.py, policies.py.
_FIELDS: Final = (
    marked("Term: %(period)s."),
    marked("Notice of withdrawal: %(period)s."),
    marked("Review at least every: %(period)s."),
    marked("Entry into force: on the last signature."),
    marked("Entry into force: %(n)s days after the last signature."),
    marked("Markings, lowest first: %(levels)s."),
    marked("Signatures needed: %(n)s for each party."),
    marked("Suspension: %(by)s, %(how)s."),
    marked("Third parties: %(relations)s; %(onward)s."),
    marked("Stands under: %(title)s (%(instrument)s)."),
    marked("Area %(area)s (%(title)s): %(policy)s."),
)
_POLICIES: Final = (
    marked(
        "under %(article)s the parties may %(do)s (%(kinds)s), marked %(marking)s or lower, for"
        " %(purposes)s, between the two parties; what is received %(received)s"
    ),
    marked(
        "under %(article)s the parties may %(do)s (%(kinds)s), marked %(marking)s or lower, for"
        " %(purposes)s, to %(recipients)s; what is received %(received)s"
    ),
)
SENTENCES: Final = (*_CONTROLLED, *_RULINGS, *_RED_LINES, *_FINDINGS, *_FIELDS, *_POLICIES)
#: The facts that are such parts, one or several of them.
_PHRASED: Final = frozenset(("by", "how", "relations", "onward", "do", "received"))
#: Longer ones are no sentence of a room.
_CHARS_MAX: Final = 4_000
_FACT: Final = re.compile(r"'?%\((\w+)\)s'?")
_PERIOD: Final = re.compile(r"(\d+) (year|month|day)s?")
#: What fields and their members are called in the middle of a sentence.
_NAMES: Final[Mapping[str, str]] = {
    "term": marked("duration"),
    "notice": marked("notice of withdrawal"),
    "review": marked("review"),
    "entry": marked("entry into force"),
    "signatories": marked("signatories"),
    "suspension": marked("suspension"),
    "third_parties": marked("third parties"),
    "marking_scale": marked("scale of markings"),
    "basis": marked("agreement it stands under"),
    "areas": marked("area of cooperation"),
    "none": marked("none"),
}
#: Parts of a sentence that the rooms take from a table of theirs.
PHRASES: Final[Mapping[str, str]] = {
    phrase: phrase
    for phrase in (
        marked("by either party alone"),
        marked("by both parties together"),
        marked("as a whole"),
        marked("article by article"),
        marked("relations with others stay unaffected"),
        marked("relations with others are made subject to conditions"),
        marked("nothing is passed on to others"),
        marked("passing on to others needs the sender's consent"),
        marked("passing on to others is free"),
        marked("share items"),
        marked("meet"),
        marked("transfer technology"),
        marked("may not be passed on"),
        marked("may be passed on only with the sender's consent"),
        marked("may be passed on freely"),
    )
}


def retold(words: Words, sentence: str) -> str | None:
    """Return a sentence of a room in the reader's language; None where it has no known form.

    Readers of English read the sentence itself.
    """
    if words.language == SOURCE or len(sentence) > _CHARS_MAX:
        return None
    for form, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            told = words.gettext(form)
            return told % {name: _fact(words, name, said) for name, said in _facts(found).items()}
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in SENTENCES)


def _pattern(form: str) -> str:
    """Return what finds a form again; a fact in quotes is one as Python quotes it."""
    made, at = "", 0
    for fact in _FACT.finditer(form):
        made += re.escape(form[at : fact.start()])
        name, quoted = fact[1], fact[0].startswith("'")
        made += rf"(?:'(?P<{name}>[^']*)'|\"(?P<{name}_>.*?)\")" if quoted else rf"(?P<{name}>.+?)"
        at = fact.end()
    return made + re.escape(form[at:])


def _facts(found: "re.Match[str]") -> dict[str, str]:
    return {name.removesuffix("_"): said for name, said in found.groupdict().items() if said}


def _fact(words: Words, name: str, said: str) -> str:
    """Return a fact as it stands in the reader's sentence, set apart where people chose it."""
    if name in {"stated", "wanted", "period"}:
        return " ".join(_count(words, int(n), unit) for n, unit in _PERIOD.findall(said))
    if name == "when" and (at := parse_instant(said)) is not None:
        return words.local(at)
    if name in {"field", "scale"} and said in _NAMES:
        return words.gettext(_NAMES[said])
    if name == "policy":
        return retold(words, said) or said
    if name in _PHRASED:
        return f" {words.gettext('or')} ".join(
            words.gettext(PHRASES.get(part, part)) for part in said.split(" or ")
        )
    return f"\u2068{said}\u2069"


def _count(words: Words, n: int, unit: str) -> str:
    ngettext = words.ngettext
    said = {
        "year": ngettext("%(n)s year", "%(n)s years", n),
        "month": ngettext("%(n)s month", "%(n)s months", n),
        "day": ngettext("%(n)s day", "%(n)s days", n),
    }[unit]
    return said % {"n": words.number(n)}
