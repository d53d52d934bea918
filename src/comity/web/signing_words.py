"""The words of the way from a clean text to force: steps, acts, why an act cannot be done now.

Codes come from ``agreements.conclusion`` and ``requests.all``; only their wording is here.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

STEPS: Final[Mapping[str, str]] = {
    "talk": marked("Both talk about the text"),
    "clean": marked("The text is clean: every unit is agreed"),
    "adopted": marked("Adopted: this text is the text"),
    "initialled": marked("Initialled: it is fixed as definitive"),
    "cleared": marked("Cleared for signature"),
    "window": marked("A signing window is agreed"),
    "signed": marked("Signed by all who are listed"),
    "in_force": marked("In force"),
}
NEXT: Final[Mapping[str, str]] = {
    "talk": marked("say whether to talk about the text"),
    "negotiate": marked("agree the units that are still open"),
    "adopt": marked("adopt the clean text"),
    "initial": marked("initial the adopted text"),
    "clear": marked("clear this exact text for signature (the mandate holder, privately)"),
    "window": marked("propose a signing window"),
    "ready": marked("agree to the signing window that is proposed"),
    "sign": marked("sign"),
    "entry": marked("wait: force begins on the day that the text says"),
    "resume": marked("lift the suspension, each for its own part, when it is time"),
}
WHO: Final[Mapping[str, str]] = {
    "ours": marked("We"),
    "theirs": marked("They"),
    "both": marked("Either side"),
    "nobody": marked("Nobody"),
}
OUTCOMES: Final[Mapping[str, tuple[str, str, str]]] = {
    "proposed": ("wait", marked("proposed"), marked("The other side has not agreed to it yet.")),
    "lapsed": (
        "closed",
        marked("lapsed"),
        marked("It ended before both sides had agreed to it. Nobody had signed."),
    ),
    "signing": ("wait", marked("open"), marked("Both agreed to it; signatures are awaited.")),
    "signed": ("good", marked("signed"), marked("Every listed signature came inside the window.")),
    "void": (
        "bad",
        marked("void"),
        marked(
            "It ended with a signature missing, or countersigned too late: nobody has signed."
            " Another window can be agreed."
        ),
    ),
    "revoked": (
        "bad",
        marked("revoked"),
        marked("One side took it back, or changed the text, before all had signed."),
    ),
    "contested": (
        "bad",
        marked("contested"),
        marked(
            "A revocation and the last signature crossed, so that the record cannot decide: it"
            " binds nobody."
        ),
    ),
}
#: Why an act cannot be done now.
WHY_NOT: Final[Mapping[str, str]] = {
    "done": marked("It is done on our side."),
    "cleared": marked("This exact text is cleared."),
    "not_clean": marked("Some units are not agreed yet."),
    "not_adopted": marked("Both must have adopted the text first."),
    "not_initialled": marked("Both must have initialled the text first."),
    "not_cleared": marked("The mandate holder must clear this exact text first."),
    "no_window": marked("No signing window is agreed."),
    "proposed": marked("A window is proposed or open already."),
    "agreed": marked("Both have agreed to the window."),
    "agreed_by_us": marked("We have agreed; the other side has not yet."),
    "signed_by_us": marked("All our signatories have signed."),
    "window_over": marked("The window has ended: agree another one."),
    "signed": marked("The agreement is signed."),
    "ended": marked("The agreement has ended."),
    "not_in_force": marked("The agreement is not in force."),
    "not_suspended": marked("Nothing is suspended."),
    "no_clause": marked("No article of the text allows a suspension."),
    "not_now": marked("It cannot be done in this state."),
}
_KEPT: Final = marked("An entry in our record, which the counterpart's node countersigns.")
_SIGNED: Final = marked(
    "The signed document in both records, countersigned by both nodes, and provable without us."
)
_OWN_KEY: Final = marked(
    "Makes a request for a personal signature. Nothing binding happens until the signature, made"
    " with the signatory's own key, is handed in."
)
_POWERS: Final = marked("A signatory with full powers for it, by a signature of their own")
#: By act: its name, the authority it needs, what it does, what it leaves.
ACTS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "talk": (
        marked("Agree to talk"),
        marked("Negotiator"),
        marked("Says that we talk about the text. It accepts nothing of it."),
        _KEPT,
    ),
    "adopt": (marked("Adopt the text"), _POWERS, _OWN_KEY, _SIGNED),
    "initial": (marked("Initial the text"), _POWERS, _OWN_KEY, _SIGNED),
    "clear": (
        marked("Clear for signature"),
        marked("Mandate holder"),
        marked(
            "Lets our side sign exactly this text. It is gone if the text changes. The counterpart"
            " learns nothing."
        ),
        marked("The digest, your name and the time, in our house log alone."),
    ),
    "window": (
        marked("Propose a signing window"),
        marked("Negotiator or legal adviser"),
        marked(
            "Proposes from when until when signatures count, and says that we are ready. All who"
            " are listed sign inside it, or nobody has signed."
        ),
        _KEPT,
    ),
    "ready": (
        marked("Agree to the window"),
        marked("Negotiator or legal adviser"),
        marked("Says that we are ready to sign inside the window that is proposed."),
        _KEPT,
    ),
    "sign": (marked("Sign"), _POWERS, _OWN_KEY, _SIGNED),
    "suspend": (
        marked("Suspend"),
        _POWERS,
        marked(
            "Makes a request for a personal signature. Once it is handed in, nothing crosses under"
            " what is suspended: on our side at once, on theirs as soon as it arrives."
        ),
        _SIGNED,
    ),
    "resume": (
        marked("Resume"),
        _POWERS,
        marked(
            "Makes a request for a personal signature that lifts the newest suspension for our"
            " part. It ends once both sides have lifted it."
        ),
        _SIGNED,
    ),
    "reopen": (
        marked("Reopen the text"),
        marked("Negotiator"),
        marked(
            "The text is negotiated again: adoption, initials and an open signing window fall."
            " It is counted, and the other side sees it at once."
        ),
        _KEPT,
    ),
    "abandon": (
        marked("Abandon"),
        marked("Negotiator or mandate holder"),
        marked(
            "Gives the text up for our part. A text that was answered ends once both sides have"
            " given it up."
        ),
        _KEPT,
    ),
}
#: What is asked for, by the operation that waits for the signature.
OPERATIONS: Final[Mapping[str, str]] = {
    "agreement.adopt": marked("adoption"),
    "agreement.initial": marked("initials"),
    "signing.signature": marked("signature"),
    "agreement.suspend": marked("suspension"),
    "agreement.resume": marked("resumption"),
    "powers.grant": marked("full powers"),
    "powers.revoke": marked("end of full powers"),
    "letters.accept": marked("acceptance of a letter"),
    "record.recover": marked("recovery of the record"),
    "sharing.release": marked("release"),
}
CAPACITIES: Final[Mapping[str, str]] = {
    "adopt": marked("adopts the text: this text is the text"),
    "initial": marked("initials the text: it is fixed as definitive"),
    "sign": marked("signs, to be bound"),
    "sign_ad_referendum": marked("signs, subject to later confirmation"),
    "suspend": marked("suspends what is named"),
    "resume": marked("lifts a suspension, for the own part"),
    "appoint": marked("gives full powers to another person"),
    "revoke": marked("ends full powers"),
    "approve": marked("approves an operation that needs two persons"),
    "release": marked("releases an item"),
}
REQUEST_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": ("wait", marked("waits for signatures")),
    "done": ("good", marked("signed and done")),
    "dropped": ("closed", marked("dropped")),
}
