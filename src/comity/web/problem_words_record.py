"""What is wrong, by the code of an error: letters, signatures, the record, evidence, sharing.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "call.not_authenticated": marked(
        "The counterpart's node does not know us: either the letters have not been accepted there,"
        " or a key has changed, or the call was altered on its way."
    ),
    "evidence.no_file": marked("No archive came; choose the file to verify."),
    "fetch.digest": marked("The file that came is not the one that was agreed; it was not kept."),
    "fetch.going_on": marked(
        "Not received yet: the counterpart has not answered. Both nodes go on by themselves."
    ),
    "items.no_file": marked("Choose a file first; nothing was brought in."),
    "items.no_reason": marked("Say why it is not released: the officer who asked reads it."),
    "items.no_wish": marked("There is no such wish for a release."),
    "items.not_released": marked("That item is not released to them."),
    "items.released": marked("That item is released to them already."),
    "items.unknown": marked("There is no such item here."),
    "letters.accepted_before": marked("This letter was accepted before; ask them for a new one."),
    "letters.fingerprint": marked(
        "The fingerprint that was compared does not belong to this letter and ours. Do not accept;"
        " compare again over the telephone or in person."
    ),
    "letters.fingerprint_differs": marked(
        "The fingerprints differ, in these groups of the eight: %(groups)s. Let them read it out"
        " once more. If it differs again, one of the letters was changed on the way: do not accept,"
        " and exchange letters anew by another way."
    ),
    "letters.fingerprint_length": marked(
        "A fingerprint is eight groups of four digits, 32 in all; typed were %(digits)s. Let them"
        " read it out again."
    ),
    "letters.no_pairing": marked("There is no such letter here. Read it anew."),
    "letters.none_yet": marked("Hand out our letter of introduction first."),
    "letters.own_changed": marked(
        "Our own letter was renewed since the fingerprint was compared: compare again."
    ),
    "letters.own_letter": marked("This is our own letter; the counterpart's is needed."),
    "letters.pairing_made": marked("This letter is accepted: a relationship is not forgotten."),
    "letters.same_party": marked(
        "Both letters are of the same party; the counterpart's is needed."
    ),
    "letters.seal": marked("The seal of the letter does not hold. Ask them for a new letter."),
    "record.fork": marked(
        "The counterpart signed two heads of its log that cannot both be true: it shows different"
        " histories. The heads are kept as evidence; no new acts are made. Speak to the"
        " counterpart's officials over another channel."
    ),
    "record.nothing_to_recover": marked("The counterpart holds nothing of ours that we lack."),
    "record.restored": marked(
        "This node is behind its own record: its engineer gets the missing entries back from the"
        " counterpart first."
    ),
    "requests.done": marked(
        "This request is settled already; the signature is not needed any more."
    ),
    "requests.no_signature": marked(
        "That is no signature file. Hand in the file that ends in .jws, which comity sign wrote;"
        " nothing has changed."
    ),
    "requests.one_person": marked(
        "A signature file carries the signature of one person. Hand them in one by one."
    ),
    "requests.settled": marked("That request is settled already."),
    "requests.unknown": marked("There is no such signing request."),
    "sharing.data_busy": marked("The counterpart cannot give the data now. It is tried again."),
    "sharing.no_dataset": marked("They offer no such item to us."),
    "sharing.no_fetch": marked("There is no such fetch of ours."),
    "sharing.not_started": marked("This transfer is not open for data."),
    "sharing.nothing_held": marked("Nothing waits here for a decision any more."),
    "sharing.token": marked("This token opens nothing here, or no longer; ask for the data again."),
    "sign.altered": marked(
        "The request was altered: its document has another digest than it states. Do not sign; ask"
        " for it anew, and tell the node's engineer."
    ),
    "transfers.nothing": marked("Nothing was received by that transfer."),
    "transfers.paused_by_them": marked(
        "The counterpart paused this transfer. It goes on when their official lets it."
    ),
    "transfers.unknown": marked("There is no such transfer here."),
    "transport.pin": marked(
        "Whoever answers at the counterpart's address does not hold the key of their letter;"
        " nothing was sent. Ask the counterpart over another channel whether their key or address"
        " has changed."
    ),
    "transport.slow": marked("The counterpart's answer comes too slowly. It is tried again."),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "acts.capacity": marked("The signature is given for another kind of act than this one."),
    "acts.other_powers": marked(
        "The signature names full powers that are not granted, or are those of somebody else."
    ),
    "acts.revoked": marked("The full powers behind the signature were revoked."),
    "acts.same_person": marked("One person signed twice; two signatures take two persons."),
    "acts.without_powers": marked("The signature names no full powers; a person needs them."),
    "evidence.letter_size": marked("The file is too large to be a letter of introduction."),
    "evidence.no_transfer": marked("No such transfer is recorded with this counterpart."),
    "evidence.not_concluded": marked(
        "Not both parties have sealed the conclusion yet. Try again when both nodes have done it."
    ),
    "evidence.not_cosigned": marked(
        "An entry is not cosigned by the other party yet. Try again when it is."
    ),
    "evidence.not_moved": marked(
        "The transfer is not recorded by both sides yet. Try again when it is."
    ),
    "evidence.not_signed": marked("The agreement is not signed: there is nothing to prove yet."),
    "evidence.seen": marked(
        "Entries that this rests on are not cosigned yet. Try again when they are."
    ),
    "evidence.too_large": marked(
        "The archive is larger than is read here. It was not looked into."
    ),
    "fetch.refused": marked("Not received: it was refused."),
    "items.not_waiting": marked(
        "That wish does not wait any more: somebody has decided it. Look at it again."
    ),
    "items.waiting": marked("That item waits for the release officer already."),
    "items.wish_of_another": marked(
        "Somebody else asked for this release and can take that back; a release officer can decline"
        " it."
    ),
    "items.word": marked(
        "These words are one line, not too long, without control characters. Correct them."
    ),
    "letters.expired": marked("Their letter is past its last day. They must write a new one."),
    "letters.known_party": marked(
        "This party is already a counterpart of ours. A change of keys or address is not made by a"
        " new letter."
    ),
    "letters.name_unseen": marked(
        "The name in the letter contains a character that nobody sees. They must write a new letter"
        " with a name that is what it looks like."
    ),
    "letters.not_yet_valid": marked("Their letter is not valid yet. Look at the clocks, or wait."),
    "letters.purpose_differs": marked(
        "Their letter is for another purpose than this node: demonstration, tests and the real"
        " thing never pair."
    ),
    "letters.purposes": marked("The two letters are for different purposes: they never pair."),
    "letters.rule_sets": marked(
        "The two nodes have no set of rules in common. One side must update its software."
    ),
    "powers.act": marked(
        "The full powers do not cover this act. The appointing officials can give others."
    ),
    "powers.expired": marked(
        "The full powers have ended. The appointing officials can give new ones."
    ),
    "powers.instrument": marked("The full powers do not cover this agreement."),
    "powers.not_yet_valid": marked("The full powers are not valid yet."),
    "powers.validity": marked("Full powers last at most 24 months. Choose an earlier last day."),
    "record.clock_back": marked(
        "This node's clock went back, so that nothing is cosigned until it is right. The node's"
        " engineer sets it."
    ),
    "record.damaged": marked(
        "An entry of our record is damaged: the node's engineer restores a backup."
    ),
    "record.diverged": marked(
        "Since it was restored this node has written other entries than it had signed before. They"
        " cannot both stand: its engineer restores a copy without them, or both parties agree on a"
        " new record."
    ),
    "record.frozen": marked(
        "The relationship is frozen for new acts. Officials of both parties must talk."
    ),
    "record.frozen_there": marked(
        "The counterpart took nothing: their officials must look at their node. Speak to them over"
        " another channel."
    ),
    "record.high_water": marked(
        "The database is older than what this node has signed, so that nothing is signed. The"
        " node's engineer recovers what is missing."
    ),
    "record.high_water_changed": marked(
        "Two copies of this node seem to run: nothing is signed. The node's engineer stops both,"
        " then starts one."
    ),
    "record.no_such_entry": marked("The log has no such entry."),
    "relationship.cut": marked(
        "Not so many entries are cosigned here that this can be compared yet. Wait until both nodes"
        " hold them, or compare an earlier cut."
    ),
    "relationship.no_measure": marked("There is no such measure."),
    "requests.capacity": marked(
        "The signature is given for another purpose than was asked. Sign again what this request"
        " asks for."
    ),
    "requests.file_size": marked(
        "That file is too large to be a signature. Hand in the file that ends in .jws, which comity"
        " sign wrote."
    ),
    "requests.not_asked": marked("Whoever signed was not asked to sign this."),
    "requests.other_document": marked(
        "The signature in that file is not over what this request asks for, or it was altered."
        " Nothing has changed. Sign the document of this request."
    ),
    "requests.party": marked("The signature is given for another party, not for us."),
    "requests.powers": marked(
        "The signature names other full powers than the request. Ask for the request anew and sign"
        " that."
    ),
    "requests.private_key": marked(
        "That looks like a private key, not like a signature. It was not kept and not looked at"
        " further. A private key never leaves its owner's folder: if others could read it on its"
        " way, have its full powers ended and make new keys."
    ),
    "requests.role_gone": marked(
        "Whoever signed is no signatory at this node any more, so the signature is not used."
        " Whoever gives roles can give it back, or another signatory signs."
    ),
    "sharing.busy": marked("The counterpart's node cannot answer now. It is tried again."),
    "sharing.no_catalogue": marked(
        "The counterpart's node gives no catalogue now. Try again later."
    ),
    "sharing.not_fetching": marked("That transfer is not open for data."),
    "sharing.not_held": marked("Nothing waits for a person there any more."),
    "sharing.not_offered": marked(
        "They released it to us, and their node does not offer it at this moment. Try again; if it"
        " stays so, ask their release officer."
    ),
    "sharing.not_sendable": marked(
        "That message cannot follow now: the transfer has gone on meanwhile. Look at it again."
    ),
    "sharing.refused": marked(
        "The agreement does not permit this, so that nothing was sent or released."
    ),
    "sharing.unanswered": marked("This can be ended once the counterpart has answered it."),
    "sharing.unnoted": marked(
        "Messages of this contract were not kept, so that it cannot be recorded. The node's"
        " engineer looks at it."
    ),
    "sign.not_asked": marked("You are not asked to sign this."),
    "transfers.state": marked(
        "The transfer is in another state by now, in which this cannot be done. Look at how it"
        " stands."
    ),
    "transport.clock": marked(
        "The two nodes' clocks disagree. Whoever is wrong has to set theirs; until then nothing is"
        " exchanged."
    ),
    "transport.timeout": marked("The counterpart does not answer in time. It is tried again."),
    "transport.unreachable": marked(
        "The counterpart's node cannot be reached. Delivery is tried again by itself."
    ),
}
