"""What is wrong, by the code of an error: controlled items, authorisations, what follows.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "authorisations.checks": marked(
        "A check of one kind stands twice among the provisos. Say which of the two holds."
    ),
    "authorisations.closing": marked(
        "The exporter has given the last report of this authorisation already. Nothing more is"
        " counted under it."
    ),
    "authorisations.counted": marked("That transfer is counted under this authorisation already."),
    "authorisations.covers": marked(
        "A licence names items or classes of items. An authorised community names its members, with"
        " both parties among them, and what stays outside."
    ),
    "authorisations.last": marked("The last report of this authorisation is given already."),
    "authorisations.no_amendment": marked(
        "No amendment of this authorisation waits for a decision."
    ),
    "authorisations.no_change": marked(
        "The amendment asks for what counts already. Change what is to be different; say in words"
        " which provisos are to be others."
    ),
    "authorisations.amended": marked(
        "What was decided on an amendment cannot be declined, for what crossed before is still to"
        " be reconciled. They can enter another decision, or end it: tell them why."
    ),
    "authorisations.not_cosigned": marked(
        "The decision asks for a co-signature of the government. Name the digest of its document."
    ),
    "authorisations.other_assurance": marked(
        "The assurance does not say, word by word, what was asked. Copy the text that is asked for."
    ),
    "authorisations.other_decision": marked(
        "That answers another decision than the one that stands. Look at it again."
    ),
    "authorisations.other_parties": marked(
        "An amendment keeps exporter, recipient and type. For others ask for a new authorisation."
    ),
    "authorisations.other_provisos": marked(
        "What was accepted are not the provisos that stand. Read them again and accept those."
    ),
    "authorisations.parties": marked("Exporter and recipient are the two parties, not one."),
    "authorisations.provisos_open": marked(
        "The provisos of this authorisation are not accepted yet. Nothing crosses under it before."
    ),
    "authorisations.strangers": marked(
        "Only one of the two parties that it names can ask for an authorisation."
    ),
    "controls.id": marked(
        "The id of a classified item follows from the party and the digest of its bytes. The"
        " counterpart sent another one."
    ),
    "retransfers.forbidden": marked(
        "%(article)s of %(title)s says that what is received may not be passed on, and a consent"
        " cannot lift that: the article must be amended first."
    ),
    "retransfers.not_received": marked(
        "Consent to pass on is asked about what was received. By that transfer nothing was."
    ),
    "retransfers.other_provisos": marked(
        "What was accepted are not the provisos of the consent. Read them again."
    ),
    "retransfers.unfounded": marked(
        "Their record does not say that they received that item by that transfer: there is nothing"
        " to consent to. Refuse it, or send it back."
    ),
    "web.not_counted": marked(
        "This transfer counts under an authorisation. Say that it may be counted, then fetch."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "authorisations.class": marked("That is no class of items. Write it as LIST: CODE."),
    "web.no_exporter": marked("Name an item, or say whose items are meant."),
    "web.unknown_class": marked(
        "Neither side has classified anything so. Correct the class, or say that it is right."
    ),
    "authorisations.asked_dates": marked("The last day asked for is before the first."),
    "authorisations.dates": marked("A period ends before it begins."),
    "authorisations.decided": marked("That day has not come yet: enter the day of the decision."),
    "authorisations.decided_early": marked(
        "The day of the decision is before the request that it answers. Enter %(first)s or a later"
        " day."
    ),
    "authorisations.period_over": marked(
        "The last day you gave has passed: nothing could ever cross. Give a later one, or none."
    ),
    "authorisations.period_open": marked(
        "The last day of the period has not come yet. Report the totals of days that have, today at"
        " the latest."
    ),
    "authorisations.period_begun": marked(
        "The period begins before the last report ends, or before it was asked for. Begin on"
        " %(starts)s or later."
    ),
    "authorisations.period_short": marked(
        "The period does not hold everything that is counted since the last report. Begin on"
        " %(starts)s at the latest, and end on %(ends)s or later."
    ),
    "authorisations.recipients": marked(
        "The party that is to receive it is not among those you let receive it. Name it, or nobody."
    ),
    "authorisations.number_used": marked(
        "That authority has used this number already, for another authorisation. Look at the"
        " number; if it is right, say so in the form and enter it again."
    ),
    "endchecks.not_yet": marked(
        "The time that was arranged for the check has not come. Report what was seen then, or"
        " arrange another time."
    ),
    "endchecks.past": marked("That time has passed. Name one that is still to come."),
    "authorisations.money": marked(
        "That is no amount. Write 1250 or 1250.00, and the currency in three letters, such as EUR."
    ),
    "authorisations.totals": marked(
        "The totals do not match what was counted since the last report. Look at the uses, wait for"
        " what is on its way, and report again."
    ),
    "authorisations.unit": marked(
        "A quantity is in transfers or in bytes, which both ends can count. Write others as a"
        " proviso in words."
    ),
    "authorisations.used_up": marked("The quantity of this authorisation is used up."),
    "authorisations.value": marked(
        "The value of this authorisation is used up, or the item has none in that currency."
    ),
    "controls.unknown": marked("No classified item, or more than one, is called that."),
    "web.no_grounds": marked("Choose the article in force that it stands on."),
    "web.no_step": marked("Nothing is called that here. Go back and use the buttons of the page."),
    "web.quantity": marked("A quantity is a whole number from 1 on; empty: no limit."),
    "web.unknown_step": marked(
        "Nothing is called that here. Go back to the page and choose again."
    ),
}
