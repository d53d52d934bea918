"""What may cross under an area of an agreement: a closed, checked value.

A policy says for one area under which articles which actions on which kinds of item are permitted,
up to which level of the agreement's own marking scale, for which purposes, to whom, and whether the
recipient may pass the item on. Whatever it does not name is not permitted; a term this version does
not know is refused, never ignored. Source: design 13.9; ``docs/spec/04-text.md`` 4.6.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Self

import attrs

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.text import check_text

ACTIONS: Final = frozenset({"share", "meet", "transfer_technology"})
ONWARD: Final = frozenset({"refused", "consent", "free"})
#: The word for "the two parties of this agreement and nobody else" among recipients.
PARTIES: Final = "parties"
TERMS_MAX: Final = 200
TITLE_CHARS_MAX: Final = 200

_WORD: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_UNIT: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DID: Final = re.compile(r"did:web:[A-Za-z0-9._%:-]{1,250}")

_ACTION_WORDS: Final = {
    "share": "share items",
    "meet": "meet",
    "transfer_technology": "transfer technology",
}
_ONWARD_WORDS: Final = {
    "refused": "may not be passed on",
    "consent": "may be passed on only with the sender's consent",
    "free": "may be passed on freely",
}


@attrs.frozen(kw_only=True)
class Policy:
    """What is permitted in one area.

    Attributes:
        articles: Unit ids of the articles that permit it, the leading one first.
        actions: From ``ACTIONS``.
        kinds: Kinds of item, lower-case words that this agreement declares here.
        marking_max: Highest permitted level of the agreement's marking scale.
        purposes: What the recipient may use it for, lower-case words.
        recipients: Party identifiers, or only ``PARTIES``.
        onward: From ``ONWARD``.
    """

    articles: tuple[str, ...]
    actions: tuple[str, ...]
    kinds: tuple[str, ...]
    marking_max: str
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    onward: str

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the policy in a JSON value.

        Raises:
            PeerError: ``policy.members``, ``policy.list``, ``policy.term``, ``policy.marking``,
                ``policy.onward``, ``policy.recipients``.
        """
        policy = members(value, attrs.fields_dict(cls), what="policy")
        onward = policy["onward"]
        if not isinstance(onward, str) or onward not in ONWARD:
            raise PeerError(
                "policy.onward",
                f"A policy's onward is one of {_list(ONWARD)}; found {_shown(onward)}.",
            )
        recipients = _terms(policy["recipients"], what="recipients", form=None)
        unknown = [each for each in recipients if each != PARTIES and not _DID.fullmatch(each)]
        if unknown or (PARTIES in recipients and len(recipients) > 1):
            raise PeerError(
                "policy.recipients",
                'A policy\'s recipients are ["parties"] or a list of party identifiers '
                f"(did:web:...); found {_shown(policy['recipients'])}.",
            )
        return cls(
            articles=_terms(policy["articles"], what="articles", form=_UNIT),
            actions=_terms(policy["actions"], what="actions", form=ACTIONS),
            kinds=_terms(policy["kinds"], what="kinds", form=_WORD),
            marking_max=level(policy["marking_max"]),
            purposes=_terms(policy["purposes"], what="purposes", form=_WORD),
            recipients=recipients,
            onward=onward,
        )

    def json(self) -> JsonObject:
        """Return the value that ``read`` accepts."""
        return {
            "articles": list(self.articles),
            "actions": list(self.actions),
            "kinds": list(self.kinds),
            "marking_max": self.marking_max,
            "purposes": list(self.purposes),
            "recipients": list(self.recipients),
            "onward": self.onward,
        }

    def words(self, labels: Mapping[str, str]) -> str:
        """Return the policy as one sentence of plain English.

        Args:
            labels: Printed label by unit id; an id without a label stands for itself.
        """
        under = ", ".join(labels.get(unit, unit) for unit in self.articles)
        do = " or ".join(_ACTION_WORDS[each] for each in self.actions)
        whom = (
            "between the two parties"
            if self.recipients == (PARTIES,)
            else f"to {', '.join(self.recipients)}"
        )
        return (
            f"under {under} the parties may {do} ({_spaced(self.kinds)}), "
            f"marked {self.marking_max} or lower, for {_spaced(self.purposes)}, {whom}; "
            f"what is received "
            f"{_ONWARD_WORDS[self.onward]}"
        )


def _spaced(words: Sequence[str]) -> str:
    """Return kinds or purposes as people read them."""
    return ", ".join(words).replace("_", " ")


@attrs.frozen(kw_only=True)
class Area:
    """One area of cooperation: a stable id, the title people read, and its policy."""

    id: str
    title: str
    policy: Policy

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the area in a JSON value.

        Raises:
            PeerError: as ``Policy.read``; ``policy.area`` for a bad id or title.
        """
        area = members(value, ("id", "title", "policy"), what="area")
        name, title = area["id"], area["title"]
        if (
            not isinstance(name, str)
            or not _WORD.fullmatch(name)
            or not isinstance(title, str)
            or not 0 < len(title) <= TITLE_CHARS_MAX
            or "\n" in title
        ):
            raise PeerError(
                "policy.area",
                "An area has an id of lower-case letters, digits, - or _ and a title of one line; "
                f"found id {_shown(name)}, title {_shown(title)}.",
            )
        return cls(
            id=name,
            title=check_text(title, what="the title of an area"),
            policy=Policy.read(area["policy"]),
        )

    def json(self) -> JsonObject:
        """Return the value that ``read`` accepts."""
        return {"id": self.id, "title": self.title, "policy": self.policy.json()}


def members(value: Json, names: Collection[str], *, what: str) -> JsonObject:
    """Return ``value`` as an object that has exactly the members ``names``.

    Raises:
        PeerError: ``policy.members``: not an object, a member missing, or one we do not know.
    """
    if not isinstance(value, Mapping) or set(value) != set(names):
        found = value if isinstance(value, Mapping) else {}
        missing, unknown = _list(set(names) - set(found)), _list(set(found) - set(names))
        raise PeerError(
            "policy.members",
            f"The {what} must have exactly the members {_list(names)}; "
            f"missing: {missing or 'none'}; unknown: {unknown or 'none'}.",
        )
    return value


def level(value: Json) -> str:
    """Return the name of one level of a marking scale.

    Raises:
        PeerError: ``policy.marking``: not one line of 1 to 80 characters.
    """
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable():
        raise PeerError(
            "policy.marking",
            f"A marking is one line of 1 to 80 printable characters; found {_shown(value)}.",
        )
    return value


def _terms(
    value: Json, *, what: str, form: "re.Pattern[str] | frozenset[str] | None"
) -> tuple[str, ...]:
    if (
        not isinstance(value, Sequence)
        or isinstance(value, str)
        or not 0 < len(value) <= TERMS_MAX
        or len({repr(each) for each in value}) != len(value)
    ):
        raise PeerError(
            "policy.list",
            f"A policy's {what} must be a list of 1 to {TERMS_MAX} different terms; "
            f"found {_shown(value)}.",
        )
    for each in value:
        known = isinstance(each, str) and (
            form is None or (each in form if isinstance(form, frozenset) else form.fullmatch(each))
        )
        if not known:
            allowed = _list(form) if isinstance(form, frozenset) else "lower-case words"
            raise PeerError(
                "policy.term",
                f"{_shown(each)} is no known term for a policy's {what}; allowed: {allowed}.",
            )
    return tuple(str(each) for each in value)


def _list(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _shown(value: Json) -> str:
    return repr(value)[:80]
