"""What is wrong, by the code of an error: bodies, meetings, messages of calendar programs.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "bodies.other_proposal": marked(
        "What was accepted is not what was proposed. Look at the proposal and answer it anew."
    ),
    "bodies.own_parent": marked("A body is no part of itself."),
    "bodies.rhythm": marked(
        "That is no rhythm. Choose one of the list, or “as needed”; in a program it is a period"
        " such as P6M."
    ),
    "meetings.body_and_series": marked(
        "A meeting is one of a body, or one of a dialogue, not of both: choose the body, or name"
        " the dialogue."
    ),
    "meetings.same_slot": marked(
        "This names the time, place and mode that were proposed already: confirm those, or change"
        " something."
    ),
    "meetings.same_text": marked(
        "This is the other side's text of the item, word for word: take theirs, or change"
        " something."
    ),
    "calendars.address": marked(
        "That is no mail address. Write the one by which your calendar program knows you."
    ),
    "calendars.agrees": marked(
        "The answer agrees with what stands already. There is nothing to do; throw it away."
    ),
    "calendars.attendee": marked(
        "This message answers for nobody, or for several. Hand in the answer of one person."
    ),
    "calendars.ended": marked(
        "This meeting was opened, or called off: no answer changes that. Propose a new meeting"
        " where one is wanted."
    ),
    "calendars.markup": marked(
        "This message has markup (HTML) in its words. Set the calendar program to plain text."
    ),
    "calendars.no_answer": marked("No such answer waits for you."),
    "calendars.ours": marked(
        "This time was proposed by us, and the other side answers it. Cancel the meeting on its"
        " page, or propose another time there."
    ),
    "calendars.overtaken": marked(
        "Another time was proposed since this answer was read. Look at the one that stands, and"
        " answer that."
    ),
    "calendars.postponed": marked(
        "This meeting was postponed: that time stands no more. Propose another time on its page."
    ),
    "calendars.recurrence": marked(
        "This message repeats its event. A meeting here is one meeting; answer it without"
        " repetition."
    ),
    "calendars.settled": marked(
        "This meeting is confirmed already. Postpone or cancel it on its page; once it is"
        " postponed, another time can be proposed."
    ),
    "calendars.size": marked(
        "This message is too long for an answer. Take attachments out of it; 64 KiB are enough."
    ),
    "calendars.stranger": marked(
        "This message answers no file that was made for you, or it comes from another address."
        " Nothing was kept of it."
    ),
    "mail.not_ours": marked(
        "This address is in no domain of ours: meetings go by mail to our own people only."
    ),
    "mail.off": marked(
        "This node sends no mail: an engineer names the house's relay first. Take the file instead."
    ),
    "mail.plain": marked(
        "Mail goes to another machine with encryption alone; without it only to a relay on this"
        " machine."
    ),
    "mail.refused": marked("The mail relay does not take this mail."),
    "mail.sender": marked("That is no mail address."),
    "mail.unreachable": marked("The mail relay does not take mail now; it is tried again."),
    "calendars.undecided": marked(
        "This answer is tentative: it neither accepts nor declines. Nothing follows from it."
    ),
    "calendars.zone": marked(
        "The time in this message has no time zone that is known here. Propose it in UTC, or in a"
        " zone such as Europe/Paris."
    ),
    "meetings.concurred": marked("Both sides agreed to this outcome already."),
    "meetings.item_exists": marked("There is, or was, an item of that id already. Take a new id."),
    "meetings.no_commitment": marked(
        "Only an outcome of the kind «commitment», to which both sides agreed, becomes one."
    ),
    "meetings.no_text": marked("The other side has written nothing of this item yet."),
    "meetings.nothing_to_recall": marked(
        "Nothing of that waits any more, or yet; what counts is not taken back. Look at the meeting"
        " as it stands now."
    ),
    "meetings.recall_form": marked(
        "To take a consent back, name its item; to take anything else back, name none."
    ),
    "meetings.other_text": marked(
        "The other side has changed its text of this item. Look at it as it is now."
    ),
    "meetings.outcome_exists": marked(
        "There is, or was, an outcome of that id already. Take a new id."
    ),
    "meetings.past": marked("The beginning has passed already. Propose a time that lies ahead."),
    "meetings.record_items": marked("A record has one text for each item of the agenda."),
    "meetings.strangers": marked("A meeting is hosted by one of the two parties."),
    "meetings.times": marked("A meeting ends after it begins. Look at both times."),
    "web.no_feed": marked("Nothing stands at this address, or nothing any more."),
    "web.no_message": marked("This is no message of a calendar program: it is not text in UTF-8."),
    "meetings.twice": marked("An item stands twice in this record."),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "bodies.no_parent": marked("Only of an established body can another be a part."),
    "bodies.not_established": marked("Only an established body holds meetings."),
    "bodies.same_terms": marked("The body has these terms of reference already."),
    "bodies.terms": marked("Terms of reference are a text that both sides have agreed."),
    "calendars.events": marked("An answer of a calendar program has exactly one event."),
    "calendars.form": marked(
        "This is no message of a calendar program, or a broken one. Nothing was kept of it."
    ),
    "calendars.full": marked("Too many answers wait for you. Confirm them, or throw them away."),
    "calendars.method": marked(
        "This message is no answer: it neither accepts nor declines, nor proposes another time."
    ),
    "calendars.outdated": marked(
        "This answers a proposal that stands no more. Take the newer file into your calendar."
    ),
    "days.no_time": marked(
        "The clocks of that zone skip that time. Name an earlier or a later one."
    ),
    "days.time": marked(
        "That is no time. Write one as 2027-02-01T10:00 in its zone, or in UTC with a Z."
    ),
    "meetings.committed": marked("This outcome was proposed as a commitment already."),
    "meetings.consented": marked("Both sides want this item on the agenda already."),
    "meetings.full": marked("The agenda, or the list of outcomes, is full."),
    "meetings.item_agreed": marked(
        "Both sides agreed to what the record says of this item; one alone cannot change it."
    ),
    "meetings.item_open": marked(
        "An item of the record is not answered yet. Take the other side's text, or write your own."
    ),
    "meetings.no_item": marked("The agenda has no such item."),
    "meetings.no_outcome": marked("The meeting has no such outcome."),
    "meetings.not_your_item": marked("That is for the other side to do with this item."),
    "meetings.not_your_outcome": marked("That is for the other side to do with this outcome."),
    "meetings.nothing_on_it": marked(
        "Nothing is on the agenda yet. Add an item first, then agree to it."
    ),
    "meetings.other_agenda": marked("The agenda was changed meanwhile. Look at it as it is now."),
    "meetings.other_proposal": marked(
        "Another time was proposed meanwhile. Look at the one that stands, and answer that."
    ),
    "meetings.other_record": marked("The record was changed meanwhile. Look at it as it is now."),
    "meetings.texts": marked("The record needs one text for each item of the agenda."),
    "meetings.which_item": marked("No item, or more than one, is called that."),
    "meetings.which_outcome": marked("No outcome is called that."),
}
