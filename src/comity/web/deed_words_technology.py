"""What acts on controlled items and their authorisations say; as ``deed_words``."""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

TECHNOLOGY: Final[Mapping[str, tuple[str, str]]] = {
    "control.classify": (marked("Item classified"), marked("%(who)s classified an item%(title)s.")),
    "control.reclassify": (
        marked("Item reclassified"),
        marked("%(who)s classified an item anew%(title)s."),
    ),
    "control.declassify": (
        marked("Item declassified"),
        marked("%(who)s said that an item is controlled no more%(title)s."),
    ),
    "authorisation.request": (
        marked("Authorisation asked for"),
        marked("%(who)s asked for an authorisation%(title)s."),
    ),
    "authorisation.withdraw": (
        marked("Request taken back"),
        marked("%(who)s took the request for an authorisation back%(title)s."),
    ),
    "authorisation.review": (
        marked("Authorisation in review"),
        marked("%(who)s said which authority has a request%(title)s."),
    ),
    "authorisation.approve": (
        marked("Authorisation approved"),
        marked("%(who)s entered the decision for an authorisation%(title)s."),
    ),
    "authorisation.deny": (
        marked("Authorisation denied"),
        marked("%(who)s entered the decision against an authorisation%(title)s."),
    ),
    "authorisation.return": (
        marked("Request sent back"),
        marked("%(who)s entered that a request came back%(title)s."),
    ),
    "authorisation.assure": (
        marked("Assurance"),
        marked("%(who)s gave the assurance that was asked%(title)s."),
    ),
    "authorisation.accept": (
        marked("Provisos accepted"),
        marked("%(who)s accepted the provisos of an authorisation%(title)s."),
    ),
    "authorisation.decline": (
        marked("Decision declined"),
        marked("%(who)s declined the decision on an authorisation%(title)s."),
    ),
    "authorisation.use": (
        marked("Use counted"),
        marked("%(who)s counted a transfer under an authorisation%(title)s."),
    ),
    "authorisation.receive": (
        marked("Receipt counted"),
        marked("%(who)s counted what came under an authorisation%(title)s."),
    ),
    "authorisation.suspend": (
        marked("Authorisation suspended"),
        marked("%(who)s suspended an authorisation%(title)s."),
    ),
    "authorisation.resume": (
        marked("Authorisation resumed"),
        marked("%(who)s let an authorisation go on%(title)s."),
    ),
    "authorisation.amend": (
        marked("Amendment asked for"),
        marked("%(who)s asked to amend an authorisation%(title)s."),
    ),
    "authorisation.amend_withdraw": (
        marked("Amendment taken back"),
        marked("%(who)s took back the amendment of an authorisation it had asked for%(title)s."),
    ),
    "authorisation.amend_approve": (
        marked("Amendment approved"),
        marked("%(who)s entered the decision for an amendment of an authorisation%(title)s."),
    ),
    "authorisation.amend_deny": (
        marked("Amendment denied"),
        marked("%(who)s entered the decision against an amendment of an authorisation%(title)s."),
    ),
    "authorisation.revoke": (
        marked("Authorisation revoked"),
        marked("%(who)s revoked an authorisation%(title)s."),
    ),
    "authorisation.dispose": (
        marked("Returned or destroyed"),
        marked("%(who)s said what became of what came under an authorisation%(title)s."),
    ),
    "authorisation.report": (
        marked("Totals reported"),
        marked("%(who)s reported the totals of an authorisation%(title)s."),
    ),
    "retransfer.request": (
        marked("Consent asked for"),
        marked("%(who)s asked whether an item may be passed on%(title)s."),
    ),
    "retransfer.withdraw": (
        marked("Question taken back"),
        marked("%(who)s took its question about passing on back%(title)s."),
    ),
    "retransfer.again": (
        marked("Consent asked for again"),
        marked("%(who)s asked again whether an item may be passed on%(title)s."),
    ),
    "retransfer.grant": (
        marked("Consent given"),
        marked("%(who)s consented that an item is passed on%(title)s."),
    ),
    "retransfer.refuse": (
        marked("Consent refused"),
        marked("%(who)s refused that an item is passed on%(title)s."),
    ),
    "retransfer.return": (
        marked("Question sent back"),
        marked("%(who)s sent a question about passing on back%(title)s."),
    ),
    "retransfer.use": (marked("Passed on"), marked("%(who)s passed an item on%(title)s.")),
    "retransfer.close": (
        marked("Consent closed"),
        marked("%(who)s closed a question about passing on%(title)s."),
    ),
    "endcheck.request": (
        marked("End-use check asked for"),
        marked("%(who)s asked for an end-use check%(title)s."),
    ),
    "endcheck.withdraw": (
        marked("End-use check taken back"),
        marked("%(who)s took an end-use check back%(title)s."),
    ),
    "endcheck.arrange": (
        marked("End-use check arranged"),
        marked("%(who)s said when and where an end-use check is%(title)s."),
    ),
    "endcheck.done": (
        marked("End-use check done"),
        marked("%(who)s said what an end-use check saw%(title)s."),
    ),
    "endcheck.conclude": (
        marked("End-use check concluded"),
        marked("%(who)s said what an end-use check comes to%(title)s."),
    ),
    "endcheck.follow_up": (
        marked("Follow-up"),
        marked("%(who)s said what is still to be done after an end-use check%(title)s."),
    ),
}
