"""What is wrong, by the code of an error: forms, people, ways in, files, the node itself.

Two tables: the sentences that say all there is to say, and those below which the error's own words
stand, because they name values. How they are said: ``problem_words``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "accounts.link": marked(
        "This link does not let anybody in: it was used, it is too old, or it is not one of ours."
        " Ask whoever runs this node for a new one."
    ),
    "accounts.password": marked(
        "Id and password do not fit, or there were too many tries: then wait a minute."
    ),
    "accounts.who_links": marked(
        "Links to log in are made by whoever runs this node. An engineer or the mandate holder can"
        " invite."
    ),
    "api.answer_not_kept": marked(
        "This was carried out before, and its answer was not kept. Look at the object itself."
    ),
    "api.changed": marked(
        "This has changed since you looked at it, and nothing was done. Look at it again, then"
        " decide."
    ),
    "api.cursor": marked("That page of the list cannot be found any more. Begin the list again."),
    "api.key": marked(
        "The form's one-time mark is not as it must be. Reload the page and send it again."
    ),
    "api.key_reused": marked(
        "This form was sent before with other words in it. Reload the page and send it again."
    ),
    "api.no_object": marked("There is no object here that could be compared with what you saw."),
    "api.too_many_keys": marked("Too many forms were sent within two days. Try again tomorrow."),
    "approving.changed": marked(
        "What this approval starts from has changed since it was asked for: look at it again and"
        " ask anew."
    ),
    "approving.given": marked(
        "You approved this already; the other approval is another person's, whatever passkey it"
        " comes from."
    ),
    "approving.no_passkey": marked(
        "To approve you need a passkey: add one in your account, then come back."
    ),
    "approving.settled": marked("This approval is settled already; look at how it stands."),
    "approving.unknown": marked("There is no such approval here."),
    "files.digest": marked(
        "What came is not what was announced: it was changed or cut off on the way. Ask for it"
        " again."
    ),
    "files.finished": marked("This file was finished already. Begin anew."),
    "files.full": marked(
        "The disk is full: the file was not stored. The node's engineer makes room; then try again."
    ),
    "node.delivery_fault": marked("Our own node has a fault; its log says more. It tries again."),
    "node.no_operation": marked("This node does not offer this yet."),
    "officials.card": marked(
        "That is no official's card: choose the file card.json of the person's own folder."
    ),
    "officials.closed": marked("The account is closed already."),
    "officials.disabled": marked(
        "This account is closed. An engineer or the mandate holder can ask to open it again; two"
        " persons approve that."
    ),
    "officials.no_powers": marked("This person holds no full powers."),
    "officials.open": marked("The account is open already."),
    "officials.private": marked(
        "Red lines, notes and mandates are private to our side: for negotiator, legal adviser and"
        " mandate holder."
    ),
    "officials.same_roles": marked("This person has exactly these roles already."),
    "officials.who": marked("The node was not told who acts. Log in again."),
    "passkeys.challenge": marked(
        "This answer of a passkey belongs to no question that is still open. Try again."
    ),
    "passkeys.known": marked("This passkey is known here already."),
    "passkeys.last_way": marked(
        "This passkey is your only way in. Add another, or set a password, then remove it."
    ),
    "passkeys.many": marked(
        "You have as many passkeys as one person may: remove one before the next."
    ),
    "passkeys.not_verified": marked(
        "The answer of the passkey could not be verified. Try again; if it happens twice, use"
        " another way in and tell your engineer."
    ),
    "passkeys.unknown": marked("You have no such passkey."),
    "passkeys.unknown_key": marked(
        "This passkey does not belong to this account here. Use another, or ask for a new"
        " invitation."
    ),
    "storage.exists": marked("There is one of that name already."),
    "storage.not_committed": marked("It was not stored: nothing of it happened. Try again."),
    "storage.stale": marked("This has changed meanwhile: look at it again, then decide."),
    "tokens.too_many": marked(
        "You have as many tokens as one person may; revoke some that are not used."
    ),
    "tokens.unknown": marked("You have no such token."),
    "web.act": marked("There is no such act; reload the page and choose again."),
    "web.card": marked(
        "That is no official's card: choose the file card.json of the person's own folder. The keys"
        " themselves never leave that folder."
    ),
    "web.days": marked("Choose how long the token is good for."),
    "web.disk_full": marked(
        "The disk is full: nothing was stored. The node's engineer makes room; then try again."
    ),
    "web.enter": marked("Type your id and your password."),
    "web.fault": marked(
        "The node has a fault; its engineer finds it in the node's log. Nothing is known to have"
        " changed."
    ),
    "web.field_open": marked(
        "You chose a field to add: fill in its form below, or leave it out; nothing was staged."
    ),
    "web.file_too_large": marked(
        "The file may have at most %(size)s. Choose a smaller one; nothing was stored."
    ),
    "web.fingerprint": marked("Type the digits that they read out."),
    "web.foreign_form": marked(
        "This form does not belong to a page that this browser got from this node (its cookie is"
        " gone, or another site sent it). Nothing was done. Go back, reload the page and send it"
        " again."
    ),
    "web.form_too_large": marked(
        "What was sent is longer than this form takes. Nothing was stored."
    ),
    "web.no_answer": marked("Choose an answer to this unit first."),
    "web.no_connector": marked("Choose a connector from the list first."),
    "web.no_field": marked("The draft has no such field any more. Open the draft and look again."),
    "web.no_file": marked("Choose a file first; nothing was sent."),
    "web.no_kind": marked("There is no such kind of red line."),
    "web.no_page": marked("There is no such page here."),
    "web.no_pairing": marked(
        "There is no such letter here; perhaps it was put aside. Read it anew."
    ),
    "web.no_proof": marked(
        "The other side has not cosigned this entry yet, so there is no proof to hand out."
    ),
    "web.no_red_line": marked("There is no such red line any more. Look at the list again."),
    "web.no_role": marked("Choose at least one role; to take all away, close the account."),
    "web.no_scope": marked("Choose at least one thing that the token is for."),
    "web.no_text": marked("Paste the text first; nothing was kept."),
    "web.no_words": marked("Write the words first; nothing was kept."),
    "web.not_described": marked(
        "Say for whom it is, and its area, kind, marking and purpose. Nothing was brought in."
    ),
    "web.passkey": marked(
        "No answer of a passkey came with the form. It needs a browser with scripts allowed for"
        " this site and a device with a passkey; a password needs neither."
    ),
    "web.password_differs": marked("The two new passwords differ: type both again."),
    "web.powers": marked("Choose at least one act and the last day."),
    "web.reason": marked("Say why: the reason goes into the record."),
    "web.role": marked("Files are brought in by: %(roles)s."),
    "web.too_many": marked(
        "Too many tries to log in within a minute. Wait a minute and try again."
    ),
    "web.units": marked("Choose at least one unit; nothing was cleared."),
    "web.verdict": marked("Say whether you clear the unit or hold it."),
    "web.when": marked(
        "%(what)s: choose a date and a time that there is in %(zone)s; found %(typed)s."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "accounts.weak": marked("The password is too short or too long. Four words make a good one."),
    "api.body": marked(
        "The node could not read the form. Correct what it names and send it again."
    ),
    "api.method": marked("The address cannot be used like this."),
    "api.not_comparable": marked(
        "What you saw cannot be compared with how it stands now. Reload the page, then decide."
    ),
    "api.not_found": marked("There is nothing at that address."),
    "api.other_official": marked(
        "This token is another official's and cannot act for the one named."
    ),
    "api.parameter": marked("The address carries a parameter that is not known here."),
    "api.request": marked("The request has to be corrected before the node can carry it out."),
    "api.token": marked("This call carries no valid token."),
    "api.too_large": marked("What was sent is larger than the node takes. Nothing was stored."),
    "approvals.key_of_two": marked(
        "Two persons have the same key; each person needs a key of their own."
    ),
    "approvals.missing": marked("More persons have to approve this, each with the own key."),
    "approving.not_asked": marked(
        "This is approved by two of mandate holder, legal adviser and engineer, and not by the"
        " person it concerns."
    ),
    "basics.character": marked(
        "The text holds a character that may not stand in it. Take it out and send it again."
    ),
    "basics.instant": marked("A time is not written as it must be. Correct it and send it again."),
    "basics.no_date": marked("There is no such date. Correct it and send it again."),
    "basics.normal_form": marked(
        "Letters and accents of the text are stored in an unusual form (not Unicode normal form C)."
        " Save it again as such and send it."
    ),
    "basics.period": marked(
        "A period is a number of years, months or days. Correct it and send it again."
    ),
    "files.failed": marked(
        "The file could not be read or written. The node's engineer looks at the folder and the"
        " disk."
    ),
    "files.missing": marked(
        "The file is not here any more; the node's engineer restores it from the backup."
    ),
    "files.name": marked("That is no name of a stored file."),
    "files.too_large": marked("The file is larger than is taken here. Nothing of it was kept."),
    "history.unknown": marked("The record has no such thing; look its id up in its list."),
    "node.body_commitment": marked("What an entry says is not what it commits to."),
    "node.character": marked(
        "What was typed holds a character that may not stand in a text, because people cannot see"
        " it. Take it out and send it again."
    ),
    "node.no_counterpart": marked("No counterpart of that name is known here."),
    "officials.appointing_unknown": marked(
        "An appointing official is not known at this node yet: the card has to be added first."
    ),
    "officials.id": marked(
        "The id of an official is 1 to 60 letters, digits, dots, hyphens or underscores, and begins"
        " with a letter or digit. Choose another."
    ),
    "officials.known": marked(
        "This person is known here already with other roles. Change roles by themselves: two"
        " persons approve that."
    ),
    "officials.line": marked(
        "A name or an office is one line, not too long. Shorten it and send it again."
    ),
    "officials.no_keys": marked(
        "This person cannot sign: the account is closed, or no keys of theirs are known here. They"
        " make their own keys and hand in the card."
    ),
    "officials.nobody_named": marked("The node was not told who acts. Log in again."),
    "officials.other_key": marked(
        "This person is known here with another key. Keys are not replaced in place: end the full"
        " powers, then use a new id."
    ),
    "officials.role": marked(
        "Your roles do not allow this. It is for: %(roles)s; here that is: %(able)s."
    ),
    "officials.same_key": marked(
        "Somebody else is known here with the same key: one person is one official."
    ),
    "officials.unknown": marked("No official of that id is known here."),
    "tokens.expires": marked("A token ends later than now and within a year. Choose another end."),
    "tokens.scope": marked(
        "A token cannot do this, or this one was not made for it. A person does it, or makes a"
        " token that can."
    ),
    "web.form": marked(
        "This field of the form cannot be as it is: “%(field)s”. Correct it and send the form"
        " again."
    ),
    "web.no_room": marked(
        "The node's disk has no room for this file. Nothing was brought in; the node's engineer"
        " makes room."
    ),
    "web.not_permitted": marked("No article permits sending this, so the file was not brought in."),
    "web.number": marked("Write a whole number in figures, at most 99999."),
    "web.request": marked(
        "The page cannot be asked for like this. Go back to the page before and follow its links."
    ),
    "web.upload_cut": marked("The file arrived only in part; nothing was kept. Send it again."),
}
