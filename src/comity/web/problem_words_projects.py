"""What is wrong, by the code of an error: joint projects.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "projects.item_twice": marked("There is an item of that id in the register already."),
    "projects.loan_twice": marked("There is a loan of that id already."),
    "projects.no_item": marked("There is no such item in the register of this project."),
    "projects.no_loan": marked("There is no such loan in this project."),
    "projects.no_plan": marked("No plan of the other party waits for an answer."),
    "projects.not_ready": marked(
        "An approval needs the arrangement and a plan that both agreed to. The page of the project"
        " shows what is missing."
    ),
    "projects.other_approval": marked(
        "What was approved is not the arrangement and the plan that both agreed on. Look at the"
        " project again."
    ),
    "projects.other_entry": marked(
        "What was confirmed is not what was entered. Look at the register again."
    ),
    "projects.other_intent": marked(
        "What was signed is not what both say now. Look at the sponsors and users of both sides"
        " again."
    ),
    "projects.other_plan": marked(
        "What was agreed to is not the plan that was put up. Look at the plan again."
    ),
    "projects.milestone_past": marked(
        "Milestone %(number)s, «%(title)s»: that day has passed already; name one that lies ahead."
        " Nothing was put up."
    ),
    "projects.our_share": marked(
        "What we bring in: an amount is written as 40000 or 40000.50, without spaces and commas,"
        " with its currency in three letters; where no money is brought in, both stay empty."
        " Nothing was put up."
    ),
    "projects.their_share": marked(
        "What they bring in: an amount is written as 40000 or 40000.50, without spaces and commas,"
        " with its currency in three letters; where no money is brought in, both stay empty."
        " Nothing was put up."
    ),
    "projects.proposed_already": marked(
        "We proposed «%(title)s» in these words already, and it waits for its answer. Nothing was"
        " proposed a second time."
    ),
    "projects.arrangement_taken": marked(
        "That is the arrangement of «%(title)s» already; each project has its own. Nothing was"
        " named."
    ),
    "projects.claim_empty": marked(
        "A claim says what shows that the milestone is reached: name something that shows it, or"
        " write a word about it. Nothing was claimed."
    ),
    "projects.nothing_to_recall": marked(
        "Nothing of that waits any more, or yet; what counts is not taken back. Look at the project"
        " as it stands now."
    ),
    "projects.notice_came": marked(
        "The day of our notice has come; it is not taken back any more. We take part until we leave"
        " by an act of our own."
    ),
    "projects.recall_form": marked(
        "To take a claim back, name its milestone; to take anything else back, name none."
    ),
    "projects.no_conditions": marked(
        "An item of the sheet is released on conditions, and none is named. Name them."
    ),
    "projects.other_basis": marked(
        "The text of that arrangement says that it stands under another agreement than the one this"
        " project was proposed under. Name an arrangement under the same agreement."
    ),
    "projects.other_register": marked(
        "The register reads otherwise by now. Look at it again before the project is closed."
    ),
    "projects.other_terms": marked(
        "What was answered is not what was proposed. Look at the proposal and answer it anew."
    ),
    "projects.own_arrangement": marked(
        "The arrangement of a project is an instrument of its own under the framework, not the"
        " framework itself. Choose another one."
    ),
    "projects.plan_shares": marked(
        "A plan says what each of the two parties brings in; zero too. Fill in both."
    ),
    "projects.same_plan": marked(
        "This plan is the agreed one, word for word; nothing is put up by it."
    ),
    "projects.strangers": marked("This names somebody who is neither of the two parties."),
    "projects.twice": marked("Two milestones of the plan have one name. Name each differently."),
    "projects.unnamed": marked(
        "Sponsor and user are named on both sides before the statement of intent is signed."
    ),
    "web.currency": marked(
        "“%(currency)s” is no currency of ISO 4217: write its code of three letters, as EUR."
        " Nothing was put up."
    ),
    "web.no_way": marked(
        "Choose which text to start from: a skeleton, a file or a text that you paste. Nothing was"
        " kept."
    ),
    "web.sheet_both": marked(
        "Items are filled in, and the tick says that none is foreseen. Nothing was entered: take"
        " away the one or the other."
    ),
    "web.sheet_empty": marked(
        "No item is filled in. Nothing was entered: fill in the items, or tick that no controlled"
        " item is foreseen."
    ),
    "web.milestone_untitled": marked(
        "Milestone %(number)s has no title. Nothing was put up: write it, or to leave the milestone"
        " out empty its test and its day too."
    ),
    "web.milestone_line": marked(
        "Milestone %(number)s: the field “%(label)s” is empty. Nothing was put up: fill it in, or"
        " empty the whole line."
    ),
    "web.sheet_line": marked(
        "Item %(line)s: the field “%(label)s” is empty. Nothing was entered: fill it in, or empty"
        " the whole line."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "projects.full": marked("The register of this project is full."),
    "projects.item_not_now": marked("In its present state this cannot be done to the item."),
    "projects.loan_not_now": marked("In its present state this cannot be done to the loan."),
    "projects.loans_open": marked("Something is still lent. It comes back before the end."),
    "projects.milestone_day": marked(
        "Milestone %(number)s, «%(title)s»: its day cannot be as it was written. Nothing was put"
        " up."
    ),
    "projects.milestone_not_now": marked(
        "In its present state this cannot be done to the milestone."
    ),
    "projects.no_milestone": marked("The plan that both agreed to has no such milestone."),
    "projects.no_part": marked(
        "Nothing, or more than one, in this project is called that. Name it as its page does."
    ),
    "projects.not_own": marked("Each party registers its own background alone."),
    "projects.past": marked("That day has passed already. Name a later one."),
    "projects.plan_drops": marked(
        "A new plan keeps every milestone that is claimed or accepted, as it was agreed."
    ),
    "projects.register_open": marked(
        "Foreground of this project still waits to be confirmed by one of the parties."
    ),
    "projects.too_soon": marked("The day of our notice has not come; until then we take part."),
}
