"""What is wrong, by the code of an error: joint statements.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "statements.miscounted": marked(
        "What they said of a text is not what our node holds of it. Nothing was agreed."
    ),
    "statements.miscounted_sentences": marked(
        "They count other sentences in the principal text than our node. Nothing was agreed."
    ),
    "statements.no_correction": marked("The other side asks for no erratum."),
    "statements.no_erratum": marked(
        "The other side asks for no such erratum any more. Look at what it asks for now."
    ),
    "statements.not_released": marked("It is not released: there is no page of it."),
    "statements.nothing_marked": marked(
        "The other side marks no sentence otherwise than we do. Mark sentences yourself."
    ),
    "statements.nothing_said": marked(
        "The other side asks for nothing here that we could agree to. Say it yourself."
    ),
    "statements.nothing_to_compare": marked(
        "There is no agreed text yet that a read-out could depart from."
    ),
    "statements.open_word": marked(
        "Our side asks for something else than what it would release. Say again what stands, or"
        " agree on the change first."
    ),
    "statements.other_content": marked(
        "Its texts or marks are others now. Look at it as it is before you act."
    ),
    "statements.other_counterpart": marked("That text is negotiated with another counterpart."),
    "statements.other_release": marked(
        "That is not the release that both sides ordered. Look at it as it is now."
    ),
    "statements.other_text": marked("Its texts are others now. Look at them and mark those."),
    "statements.parties": marked(
        "Nobody owes a thing to itself. Choose who does it and for whom, or both together."
    ),
    "statements.promise": marked(
        "A sentence that commits says who does what for whom until when; no other sentence does."
    ),
    "statements.nothing_to_recall": marked(
        "Nothing of that waits any more, or yet: they may have answered it. What counts is not"
        " taken back."
    ),
    "statements.readout_exists": marked("There is a read-out of that id already."),
    "statements.released_by_one": marked(
        "One side has released it as it is. Nothing is changed any more."
    ),
    "statements.released_by_you": marked(
        "Our side has released it. That cannot be taken back; an erratum can follow."
    ),
    "statements.strangers": marked(
        "A sentence names somebody who is neither of the two parties. It was not marked."
    ),
    "statements.which_mark": marked(
        "Say what the sentences are: stated, welcomed, reaffirmed, committed or aspiration."
    ),
    "statements.who_does_what": marked(
        "A sentence that commits says who does it, for whom and until when. Fill these in."
    ),
    "web.no_mark": marked("Say what these sentences are first; nothing was marked."),
    "web.no_sentence": marked("Choose the sentences first; nothing was marked."),
    "web.no_text_chosen": marked("Choose its texts first; nothing was said."),
    "web.no_time": marked("Say when it is released; nothing was ordered."),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "statements.all_languages": marked(
        "An erratum says in each language of the release what is corrected."
    ),
    "statements.embargo": marked("It is under embargo: its time has not come."),
    "statements.full": marked("There are too many of these already."),
    "statements.no_language": marked("It has no text in one of these languages."),
    "statements.no_principal": marked("None of these texts is in the principal language."),
    "statements.no_readout": marked("No read-out is called that. Name it by its number."),
    "statements.no_sentence": marked("It has no sentence of that number."),
    "statements.no_sentences": marked("This text has no sentences, or too many for a statement."),
    "statements.no_text": marked("Our node does not hold one of its texts."),
    "statements.not_adopted": marked(
        "A statement takes a text that both sides have adopted. Finish its negotiation first."
    ),
    "statements.not_cleared": marked(
        "Our side's clearance is missing. Press and legal people each clear it for themselves."
    ),
    "statements.not_embargoed": marked(
        "It cannot be released yet: all four clearances and the same order of both are needed."
    ),
    "statements.other_words": marked(
        "They marked a sentence with other words than in our text. Nothing was agreed."
    ),
    "statements.past": marked("That time has passed already. Order one that lies ahead."),
    "statements.principal": marked("No text is in the principal language."),
    "statements.text_moved": marked(
        "Both have adopted another text since. Agree on that one, or begin another statement."
    ),
    "statements.twice": marked("Something stands twice in this act."),
    "statements.unmarked": marked(
        "Both sides have not marked every sentence alike yet. Then it can be cleared."
    ),
    "statements.which_sentence": marked("It has no sentence of that number."),
}
