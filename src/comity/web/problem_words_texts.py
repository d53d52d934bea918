"""What is wrong, by the code of an error: drafts, texts, negotiation, signing, red lines.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "agreements.already_open": marked("This text is open already; table without opening it."),
    "agreements.attempt_over": marked("This attempt to sign was revoked; agree another window."),
    "agreements.fields_twice": marked(
        "The fields came both as a file and as forms. Give one of the two."
    ),
    "agreements.manifest_twice": marked("This signing window was opened before."),
    "agreements.no_entry": marked(
        "No unit of the text states its entry into force as a field; table one first."
    ),
    "agreements.no_package": marked("There is no package of ours to take back."),
    "agreements.not_cleared": marked(
        "This exact text is not cleared for signature on our side; the mandate holder clears it."
    ),
    "agreements.not_concluded": marked("Not all have signed what the conclusion lists."),
    "agreements.not_signed": marked("Only a signed text can be suspended."),
    "agreements.nothing_staged": marked("Nothing is staged: the tray is empty."),
    "agreements.nothing_to_resume": marked(
        "The suspension that was to be lifted is not known there."
    ),
    "agreements.own_talk": marked("Only the other party can agree to talk."),
    "agreements.package_changed": marked(
        "The package was changed or taken back; look at it again."
    ),
    "agreements.package_gone": marked("The counterpart has no such package on the table."),
    "agreements.package_not_ours": marked("We have no such package on the table."),
    "agreements.seal": marked("A conclusion carries the seal of its author; this one does not."),
    "drafts.fields_twice": marked("Give the fields as a file or as forms, not both."),
    "drafts.no_field": marked("The draft has no such field any more."),
    "drafts.no_place": marked(
        "Only a skeleton that says under which agreement it stands takes one; a text of your own"
        " gets it as a field once it is a draft."
    ),
    "drafts.no_skeleton": marked("There is no such skeleton."),
    "drafts.no_unit": marked("The draft has no such unit any more; look at it again."),
    "drafts.other_counterpart": marked(
        "The agreement that the text is to stand under is one with another counterpart. Choose one"
        " with this one."
    ),
    "drafts.reword": marked(
        "The words that the field quoted so far do not stand in the text of its unit, so they"
        " cannot be replaced there. Change the text itself, then quote it."
    ),
    "drafts.text_or_skeleton": marked("Start from a text or from a skeleton: give one of them."),
    "drafts.text_twice": marked("Give the whole text or one unit, not both."),
    "drafts.title": marked("Give a title of one line."),
    "fields.area_twice": marked("Two areas have the same id. Give one of them another."),
    "fields.basis": marked("A basis names an agreement by its id: urn:uuid: and so on."),
    "fields.basis_title": marked(
        "Say what the agreement is called that it stands under, in one line of at most 200"
        " characters."
    ),
    "import.empty": marked("There is no text in the file."),
    "import.utf16": marked("The text is in UTF-16; save it as UTF-8."),
    "legal.hold_without_words": marked(
        "Say why the unit is held: whoever must lift or overrule it reads these words."
    ),
    "moves.no_reason": marked("A unit is reopened with a reason: say why."),
    "redlines.twice": marked("Two red lines have the same id. Give one of them another."),
    "tray.stale": marked(
        "The tray is not as you saw it: somebody has added or removed an answer. Nothing has left."
        " Look at the tray as it stands now and table again."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "agreements.area_article": marked(
        "An area names an article that does not stand in the text. Correct the area."
    ),
    "agreements.area_marking": marked(
        "An area permits up to a level that is not in the text's marking scale. Correct the area."
    ),
    "agreements.area_twice": marked("Two fields state the same area. Take one away."),
    "agreements.different_text": marked(
        "The two nodes compute different texts from the same acts. Stop negotiating and let the"
        " engineers of both sides look."
    ),
    "agreements.digest_changed": marked(
        "The wording has changed: the alternative is not on the table any more. Look at the unit"
        " again."
    ),
    "agreements.field": marked(
        "A field of the unit does not hold as it would be worded, and nothing was staged. Correct"
        " the field or the words."
    ),
    "agreements.field_twice": marked(
        "One field stands in several units; one agreement can state it once."
    ),
    "agreements.in_package": marked(
        "The unit is settled by a package; reopen it first, with a reason."
    ),
    "agreements.manifest_differs": marked(
        "What is to be signed is not the clean text any more; make the signing window anew."
    ),
    "agreements.no_full_powers": marked(
        "Whoever is named holds no full powers in force for this act. The appointing officials can"
        " give them."
    ),
    "agreements.no_instrument": marked("No agreement of that name was tabled."),
    "agreements.no_party": marked("Whoever acts here is no party to this agreement."),
    "agreements.no_powers": marked(
        "Somebody is listed to sign under full powers that are not granted to that person, or were"
        " revoked."
    ),
    "agreements.no_state": marked("The text has no such state."),
    "agreements.no_status": marked("There is no such status of a unit."),
    "agreements.no_suspension": marked("No article of the text allows suspending this."),
    "agreements.no_suspension_clause": marked(
        "The agreement has no article that allows suspension."
    ),
    "agreements.no_unit": marked("The text has no such unit."),
    "agreements.no_window": marked("There is no such signing window."),
    "agreements.not_a_party": marked("An agreement between others cannot be opened here."),
    "agreements.not_ad_referendum": marked(
        "The unit was not accepted ad referendum by us, so there is nothing to confirm."
    ),
    "agreements.not_clean": marked("The text is not clean: units are not agreed yet."),
    "agreements.not_known": marked("The text must be tabled first."),
    "agreements.not_listed": marked("Whoever signed is not among the signatories of this window."),
    "agreements.not_now": marked("The agreement is in a state in which this cannot be done."),
    "agreements.not_parked": marked("The unit is not parked by us."),
    "agreements.not_ready": marked(
        "Signing begins when both parties have said that they are ready."
    ),
    "agreements.not_suspended": marked("The agreement is not suspended."),
    "agreements.not_tabled": marked("The agreement was not tabled yet at that time."),
    "agreements.notes_full": marked("The unit has as many notes as one can have."),
    "agreements.nothing_asked": marked(
        "We have no wording of this unit on the table that they could accept."
    ),
    "agreements.nothing_offered": marked(
        "The counterpart has no wording of this unit on the table to answer."
    ),
    "agreements.nothing_to_confirm": marked(
        "We accepted nothing of this unit that is left to confirm."
    ),
    "agreements.nothing_to_lift": marked("We placed no reserve on this unit."),
    "agreements.nothing_to_withdraw": marked("We proposed nothing for this unit."),
    "agreements.objects_to_accepted": marked(
        "Our side stands by that wording; reopen or withdraw instead of objecting."
    ),
    "agreements.one_person": marked(
        "One person is listed twice among the signatories. Choose two persons."
    ),
    "agreements.only_confirm": marked(
        "With your role you may confirm what was accepted ad referendum; other answers are for the"
        " negotiator."
    ),
    "agreements.other_text": marked(
        "The act names another text than the clean one. Look at the text again."
    ),
    "agreements.out_of_order": marked("The agreement is in a state in which this cannot happen."),
    "agreements.signatories": marked(
        "The text asks for another number of signatures. Choose as many signatories as it says."
    ),
    "agreements.signatories_missing": marked(
        "Too few persons hold full powers to sign: they must be given first."
    ),
    "agreements.signed_twice": marked("This person has signed already."),
    "agreements.suspended_unit": marked("The text has no such unit to suspend."),
    "agreements.suspension_article": marked(
        "The suspension names another article than the one that allows it."
    ),
    "agreements.text_changed": marked(
        "The text has changed since this signature was asked for, so it is not used. Read the text"
        " again and ask for a new request."
    ),
    "agreements.unit_doubled": marked("Several units have that name: choose one of them."),
    "agreements.unknown_instrument": marked(
        "No such agreement has been tabled in this relationship."
    ),
    "agreements.unknown_manifest": marked("No such signing window was opened."),
    "agreements.window_over": marked(
        "The signing window has ended, so a signature would not count, and nothing was done. Agree"
        " another window; whoever has signed signs again."
    ),
    "comparing.article_gone": marked(
        "An area rests on an article that is gone from the edited text. Give the area anew in the"
        " fields."
    ),
    "comparing.field_lost": marked(
        "A unit is gone from the edited text and with it a field. Give the field anew, under the"
        " unit that states it now."
    ),
    "comparing.no_words": marked(
        "The unit would say nothing. Write its words, or propose to delete it."
    ),
    "comparing.other_unit": marked(
        "The words that the field quotes stand in another unit. Change that unit by itself."
    ),
    "comparing.quote": marked(
        "A field quotes words that the edited text no longer says. Give the field anew, with the"
        " words that state it now."
    ),
    "drafts.fields_file": marked(
        "The file of fields has a mistake. Correct the line that is named and hand it in again."
    ),
    "drafts.no_version": marked("That version of the draft is not kept."),
    "drafts.none": marked(
        "There is no such draft here any more: it was tabled, dropped, or never was."
    ),
    "drafts.not_ready": marked(
        "Fields of the draft do not hold, so that it was not tabled. Nothing has left. Put them"
        " right first."
    ),
    "drafts.not_text": marked(
        "That file is no plain text. Open it in the program that made it, save it as plain text"
        " (.txt) in UTF-8, and choose that file."
    ),
    "drafts.stale": marked(
        "Somebody changed this draft meanwhile. Nothing was changed now: look at the draft again,"
        " then decide."
    ),
    "fields.levels": marked(
        "A marking scale lists different levels, the lowest first. Correct the field."
    ),
    "fields.period": marked("A period is a number of years, months or days. Correct the field."),
    "fields.quote": marked(
        "A field quotes words that do not stand in its unit. Quote the words that state it, or give"
        " the field anew."
    ),
    "fields.unknown": marked("There is no such field."),
    "fields_file.level": marked(
        "An area permits up to a level that is no level of the marking scale. Choose a level of the"
        " scale."
    ),
    "fields_file.quote": marked("A field needs a quote: pick the words of the text that state it."),
    "fields_file.syntax": marked(
        "The file of fields is not TOML. Correct it and hand it in again."
    ),
    "fields_file.twice": marked("A unit states this field already; take one away."),
    "forms.member": marked("The field has no such member."),
    "forms.name": marked("There is no such field."),
    "forms.once": marked(
        "The text states this already in another place, and one agreement can state it once; take"
        " one away."
    ),
    "import.binary": marked(
        "This is not a text but binary data. Export the agreement as plain text or Markdown."
    ),
    "import.character": marked(
        "The text holds a character that may not stand in a text that is signed, because people"
        " cannot see it. Remove it."
    ),
    "import.encoding": marked(
        "The text is not in UTF-8. Save it as UTF-8; from a word processor, export it as plain text"
        " first."
    ),
    "import.lines": marked("The text has more lines than are taken. Is it the right file?"),
    "import.normal_form": marked(
        "Letters and accents are not in Unicode normal form C; save the text as NFC, so that both"
        " parties sign the same bytes."
    ),
    "import.size": marked(
        "The text is larger than is taken. Is it the right file? Nothing of it was read."
    ),
    "import.units": marked("The text has more units than are taken, counting every paragraph."),
    "legal.changed": marked(
        "The unit has changed since you read it, and nothing was kept. Read it again, then sign it"
        " off."
    ),
    "legal.held": marked(
        "A legal adviser of ours holds this text, so that our side does not adopt, initial, clear"
        " or sign it. Nothing has left. A legal adviser lifts the hold, or the mandate holder"
        " overrules it."
    ),
    "legal.no_hold": marked("No legal hold stands on this unit."),
    "legal.no_state": marked("The text has had no such state. Compare with one that it has had."),
    "moves.package": marked("A package asks for at least one unit and names each unit once."),
    "moves.reserve": marked("Choose one of the kinds of reserve."),
    "moves.text": marked("Words are missing, or they are too long. Write or shorten them."),
    "paths.many": marked("Several units have that label; give the labels above it as well."),
    "paths.none": marked("The text has no unit with that label."),
    "redlines.blocked": marked(
        "Our own red line stands against this, and nothing has left. The mandate holder, a legal"
        " adviser or a negotiator of ours sees which, and what to do."
    ),
    "redlines.file": marked("The file of red lines is not TOML. Correct it and hand it in again."),
    "redlines.size": marked("The file of red lines is too large."),
    "redlines.unknown": marked("We have no such red line."),
    "reviews.form": marked("The sign-off is not as it must be. Reload the page and give it again."),
    "suspension.until": marked(
        "The end of the suspension must be a time to come. Choose another, or none."
    ),
    "text.order_room": marked(
        "No unit can be put in at this place any more. Put it before or after another unit."
    ),
    "unit.stale": marked(
        "The unit is not as you saw it. Nothing was staged; what you typed is kept. Look at the"
        " unit as it stands now and answer again."
    ),
}
