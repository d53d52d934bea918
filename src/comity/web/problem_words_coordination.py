"""What is wrong, by the code of an error: things that live by steps, commitments, days.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "commitments.ahead": marked("That day has not come yet: claim it once it is fulfilled."),
    "commitments.before": marked(
        "That day is before this commitment was accepted: nothing was owed yet. Enter the day on"
        " which it was fulfilled, %(first)s at the earliest."
    ),
    "commitments.unlike_claim": marked(
        "The claim says that it was fulfilled on %(fulfilled)s, and it was due on %(due)s. Choose"
        " the result that says the same of the time, or say in a word about it why you see it"
        " otherwise; they read it."
    ),
    "days.zone": marked("There is no time zone «%(zone)s». Write one as: %(near)s."),
    "web.not_sure": marked(
        "Something is missing, as is said beside the button. Tick that it is meant so and do it"
        " again, or add what is missing first; nothing was done."
    ),
    "web.no_item_text": marked("Say of each item what was said; nothing was drafted."),
    "commitments.other_terms": marked(
        "What was accepted is not what was proposed. Look at the proposal and answer it anew."
    ),
    "commitments.nothing_to_recall": marked(
        "Nothing of that waits any more, or yet: they may have answered it. What counts is not"
        " taken back."
    ),
    "commitments.parties": marked(
        "Nobody owes a thing to itself. Choose one party that does it and one for which it is done,"
        " or both together."
    ),
    "commitments.past": marked(
        "The due date has passed already. A commitment is for the future: choose a later date."
    ),
    "commitments.strangers": marked(
        "This commitment names somebody who is neither of the two parties. It cannot be accepted."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "days.form": marked(
        "That is no date. Write a day as 2027-01-31, or an instant as 2027-01-31T12:00:00Z."
    ),
    "days.none": marked(
        "The calendar of that zone skips that day. Name the day before or after it."
    ),
    "deeds.exists": marked("There is something of that id already. Nothing was recorded."),
    "deeds.kind": marked("The counterpart sent an act that nobody knows. It was not taken."),
    "deeds.none": marked("There is nothing of that id here. Look at the list."),
    "deeds.not_now": marked("In its present state this cannot be done. Nothing was recorded."),
    "deeds.not_yours": marked("That is for the other party to do. Nothing was recorded."),
    "deeds.form": marked("An act has not the form of its kind. Nothing was recorded."),
    "deeds.no_thing": marked(
        "Nothing, or more than one, is called that. Name it by its id or its title."
    ),
    "deeds.not_permitted": marked(
        "The article that this stands on does not allow it now. Nothing was recorded."
    ),
}
