"""The words of a negotiation for people: statuses with their signs, moves, reserves, red lines.

One table each, from the node's codes to English; the catalogues translate them where they are said.
Source: agreements.md D1, D3.3, D3.4.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

INSTRUMENT: Final[Mapping[str, tuple[str, str]]] = {
    "drafting": ("plain", marked("being drafted, not tabled yet")),
    "tabled": ("open", marked("tabled, no answer yet")),
    "negotiating": ("bracket", marked("being negotiated")),
    "clean": ("half", marked("clean, to be adopted")),
    "agreed_ad_ref": ("half", marked("adopted by both, to be initialled")),
    "adopted": ("half", marked("adopted by both; it is not signed")),
    "said": ("half", marked("adopted by both, text of a joint statement")),
    "initialled": ("half", marked("initialled by both, to be signed")),
    "signing": ("wait", marked("being signed")),
    "signed": ("good", marked("signed by all, not yet in force")),
    "awaiting_entry": ("wait", marked("signed, waiting for its entry into force")),
    "provisional": ("half", marked("applied provisionally")),
    "in_force": ("good", marked("in force")),
    "suspended": ("bad", marked("suspended")),
    "ending": ("wait", marked("ending")),
    "terminated": ("closed", marked("terminated")),
    "expired": ("closed", marked("expired")),
    "superseded": ("closed", marked("superseded")),
    "abandoned": ("closed", marked("abandoned")),
    "lapsed": ("closed", marked("lapsed")),
}


def stage(row: Mapping[str, object]) -> str:
    """Return where an instrument stands, as the code of its words.

    That is its status; but nobody has to initial a text that a joint statement says, or another
    that is adopted and no more.
    """
    status = str(row["status"])
    if status != "agreed_ad_ref":
        return status
    if row.get("statements"):
        return "said"
    return "adopted" if row.get("to_sign") is False else status


UNIT: Final[Mapping[str, tuple[str, str]]] = {
    "new": ("plain", marked("new")),
    "open": ("open", marked("open")),
    "bracketed": ("bracket", marked("in brackets")),
    "reserved": ("reserve", marked("reserved")),
    "agreed_ad_ref": ("half", marked("agreed ad referendum")),
    "agreed": ("good", marked("agreed")),
    "parked": ("parked", marked("parked")),
    "closed": ("closed", marked("agreed and closed")),
}

#: The groups of a chart, in the order in which they are stacked.
GROUP: Final[Mapping[str, str]] = {
    "agreed": marked("agreed"),
    "ad_ref": marked("agreed ad referendum"),
    "reserved": marked("reserved"),
    "bracketed": marked("in brackets"),
    "open": marked("open"),
    "parked": marked("parked"),
}

MOVE: Final[Mapping[str, str]] = {
    "propose": marked("Propose this wording"),
    "accept": marked("Accept"),
    "accept_ad_ref": marked("Accept ad referendum"),
    "confirm": marked("Confirm"),
    "object": marked("Object"),
    "reserve": marked("Place a reserve"),
    "lift": marked("Lift our reserve"),
    "withdraw": marked("Withdraw our wording"),
    "park": marked("Park"),
    "unpark": marked("Take up again"),
    "reopen": marked("Reopen"),
    "explain": marked("Explain"),
    "package": marked("Offer a package"),
    "accept_package": marked("Accept their package"),
    "withdraw_package": marked("Take back our package"),
}

RESERVE: Final[Mapping[str, str]] = {
    "scrutiny": marked("scrutiny"),
    "capital": marked("capital"),
    "parliamentary": marked("parliamentary"),
    "linguistic": marked("linguistic"),
    "legal": marked("legal"),
    "substantive": marked("substantive"),
}

KIND_OF_CHANGE: Final[Mapping[str, tuple[str, str]]] = {
    "added": ("good", marked("added")),
    "removed": ("bad", marked("removed")),
    "changed": ("bracket", marked("changed")),
    "moved": ("plain", marked("moved")),
}

RULE: Final[Mapping[str, str]] = {
    "field": marked("A value that must hold"),
    "keep": marked("A wording that must stay"),
    "forbid_wording": marked("A wording that must not come"),
    "forbid_effect": marked("An effect that must not come"),
    "authority": marked("Only one role may accept it"),
}

SEVERITY: Final[Mapping[str, tuple[str, str]]] = {
    "red": ("bad", marked("red: blocks until the mandate holder lets it pass")),
    "amber": ("wait", marked("amber: blocks until it is let pass")),
    "note": ("plain", marked("note: never blocks")),
}
