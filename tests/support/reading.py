"""Units as a reader has them before them, made without a negotiation."""

from comity.agreements.model import Content, alternative_digest
from comity.agreements.negotiation import Status
from comity.agreements.texts import AlternativeView, UnitView
from support.parties import A, B


def unit(name: str, *contents: Content) -> UnitView:
    """Return a unit with these wordings on the table."""
    return UnitView(
        id=name,
        label=name,
        face=next((each for each in contents if not each.deleted), contents[0]),
        status=Status.BRACKETED if len(contents) > 1 else Status.AGREED,
        alternatives=tuple(
            AlternativeView(digest=alternative_digest(name, each), content=each, by=(A, B))
            for each in contents
        ),
        agreed=None,
        stances={},
        reserves={},
        parked=(),
        turn=(),
        reopened=0,
        explanations=(),
        objections={},
    )
