"""What is wrong, by the code of an error: connectors, playbooks, and where data comes from.

Two tables, as in ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "connectors.busy": marked(
        "A message of ours is on its way in this exchange. Wait for its answer; nothing was done."
    ),
    "connectors.data_busy": marked("The counterpart cannot give the data now. It is tried again."),
    "connectors.data_cut": marked("The data ended before its end. It is tried again."),
    "connectors.data_digest": marked(
        "What came is not what the counterpart announced: its digest is another one. It was not"
        " taken; their operator looks at what changes it."
    ),
    "connectors.data_range": marked(
        "The counterpart sends another part of the data than was asked for. Their operator looks at"
        " it."
    ),
    "connectors.not_countered": marked(
        "There is no offer of theirs to answer in this exchange. Look at where it stands."
    ),
    "connectors.no_dataset": marked(
        "We offer no such item to connectors. Look at the list of what we offer."
    ),
    "connectors.no_exchange": marked(
        "There is no such negotiation or transfer with a connector. Look at the list of exchanges."
    ),
    "connectors.changed": marked(
        "The registration was changed since this was proposed. Refuse it and propose it anew."
    ),
    "connectors.no_proposal": marked(
        "No such proposal waits: it was settled, has lapsed, or never was. Look at the connectors."
    ),
    "connectors.nothing_changed": marked(
        "The connector is registered exactly like that already. Change what is to be changed."
    ),
    "connectors.other_digest": marked(
        "That is the digest of something else than what waits. Look at the proposal again."
    ),
    "connectors.own_proposal": marked(
        "You proposed this yourself. Another person looks at it and confirms it."
    ),
    "connectors.proposals": marked(
        "Too many proposals wait already. Confirm or refuse some of them first."
    ),
    "connectors.until": marked(
        "The day on which the registration ends has passed already. Choose a later one, or leave it"
        " empty."
    ),
    "intake.busy": marked(
        "Data of this transfer is coming in already; a second sending waits until that has ended."
    ),
    "intake.digest": marked(
        "What was sent to us is not what was announced: its digest is another one. All of it was"
        " forgotten; their node sends it again."
    ),
    "intake.exists": marked(
        "The data of this transfer is here already; nothing more is taken under it."
    ),
    "intake.length": marked(
        "What was sent to us has another length than was announced. All of it was forgotten; their"
        " node sends it again."
    ),
    "sources.empty": marked(
        "The folder behind this data is empty now. Our engineer sees to it that its file is there."
    ),
}
#: Below these stands what the error itself says.
IN_SHORT: Final[Mapping[str, str]] = {
    "connectors.base": marked(
        "That is no address of a connector: https://host:port/path, in lower case, without a slash"
        " at its end. Ask its operator for it and correct it."
    ),
    "connectors.catalogue": marked("The connector gives no catalogue now. Ask for it again later."),
    "connectors.catalogue_refused": marked(
        "The connector does not show us its catalogue. Its operator must say how it knows us; our"
        " engineer compares."
    ),
    "connectors.data_refused": marked(
        "The counterpart gives nothing. A desk officer of ours asks its operator why."
    ),
    "connectors.ended": marked(
        "This exchange has ended, and what has ended stays ended. Ask anew if it is still wanted."
    ),
    "connectors.format": marked(
        "Under this contract the data does not move in that way. Choose a way that the contract"
        " names."
    ),
    "connectors.participant": marked(
        "The participant id of a connector is a did, as its tokens name it. Ask its operator what"
        " stands in the iss of its tokens."
    ),
    "connectors.is_a_party": marked(
        "This party has a record with us, or is ourselves: share with it under the agreement, not"
        " as with a connector."
    ),
    "connectors.key": marked(
        "That is not a key we can use: the connector's public P-256 key as a JWK, never its private"
        " half. Ask its operator for it."
    ),
    "connectors.known": marked(
        "A connector of that id is registered already. Look at it in the list, or correct the id."
    ),
    "connectors.no_contract": marked(
        "There is no such contract with this connector. Choose one from the list of contracts, or"
        " ask for one first."
    ),
    "connectors.no_offer": marked(
        "The item is no longer offered to this connector. A release officer of ours releases it"
        " again, or the exchange is ended."
    ),
    "connectors.not_consumer": marked(
        "Under this contract we give the data: the connector asks for it, not we."
    ),
    "connectors.not_pinned": marked(
        "The data is said to be at an address that was not registered for this connector, and"
        " nothing was called. Our engineer asks its operator whether the address is theirs."
    ),
    "connectors.not_taken": marked(
        "The counterpart's node did not take our message. It is sent again."
    ),
    "connectors.nothing_to_fetch": marked(
        "There is nothing to fetch here: where the data is comes only with the provider's start,"
        " and for as long as the transfer runs."
    ),
    "connectors.odd": marked(
        "What came is not what was on the table. Read what differs: a person may go on with other"
        " terms; an agreement that differs is confirmed by nobody, and is ended."
    ),
    "connectors.origin": marked(
        "Where data comes from is written https://host:port, without a path. Correct it."
    ),
    "connectors.policy": marked(
        "The terms to ask for cannot be read. Correct them, or leave them empty to ask for plain"
        " use."
    ),
    "connectors.scale": marked(
        "The highest marking is not on the scale. Choose a level of the scale, or add it there."
    ),
    "connectors.unknown": marked(
        "No connector is registered under that name or id. Look at the list, or have it registered"
        " by a release officer."
    ),
    "intake.form": marked(
        "What was sent to us does not say in the agreed form which part of the data it is. Their"
        " operator looks at it."
    ),
    "intake.part": marked(
        "A part was sent to us that does not go on where the data ends that is here. Their node"
        " goes on there, or sends the whole."
    ),
    "intake.too_large": marked("More was to be sent to us than a node takes in one transfer."),
    "playbook.after": marked(
        "A delay is a number and ms, s, m, h or d, at most a year. Correct it in the playbook."
    ),
    "playbook.do": marked(
        "A rule says to do what its role cannot do when that state is reached. Choose what it can"
        " do, or hold."
    ),
    "playbook.form": marked(
        "The playbook cannot be read: it consists of tables [[rule]] and nothing else. Correct what"
        " is named and send it again."
    ),
    "playbook.on": marked(
        "A rule waits for a state that is never reached there. Choose one of those named."
    ),
    "playbook.reason": marked(
        "A rule lacks its reason, which is recorded with each of its acts. Write it."
    ),
    "playbook.rules": marked("The playbook has more rules than are taken. Make one of several."),
    "sources.changed": marked(
        "The data changed while it was read, and was cut off there. Begin again."
    ),
    "sources.missing": marked(
        "The file behind this data cannot be read now. Our engineer looks at the file and who may"
        " read it."
    ),
    "sources.too_large": marked(
        "What stands behind this data is larger than a node gives. Our engineer has it made"
        " smaller."
    ),
    "sources.upstream": marked(
        "The server behind this data does not give it as it must now. Our engineer looks at its"
        " address and credentials."
    ),
    "sources.url": marked(
        "The address of the server behind this data is none: http:// or https:// and a host. Our"
        " engineer corrects it."
    ),
}
