"""What is wrong, by the code of an error: registered connectors, exchanges with them, playbooks.

As ``problem_words_house``.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.texts import marked

#: These say all that the error says.
WHOLE: Final[Mapping[str, str]] = {
    "connectors.busy": marked(
        "A message of ours is on its way in this exchange. Wait for its answer, then decide."
    ),
    "connectors.until": marked("The day on which it ends has passed already. Give a later one."),
    "web.no_connector": marked("Choose a connector from the list first."),
}
#: Below these stand the error's own words, which name values.
IN_SHORT: Final[Mapping[str, str]] = {
    "connectors.base": marked(
        "The address is not written as a connector's address must be. Correct it."
    ),
    "connectors.ended": marked("This exchange has ended. Begin a new one."),
    "connectors.format": marked("Under this contract the data moves in another way."),
    "connectors.is_a_party": marked(
        "We have a record with this party. Share with it under the agreement."
    ),
    "connectors.key": marked(
        "The key is no public P-256 key as a JWK. Ask the connector's operator for it anew."
    ),
    "connectors.known": marked("This connector is registered already."),
    "connectors.no_contract": marked("There is no such contract with this connector."),
    "connectors.no_dataset": marked("We offer no such thing to connectors."),
    "connectors.no_exchange": marked("There is no such exchange. Look at the list."),
    "connectors.no_offer": marked(
        "This is offered to the connector no longer. A release officer can release it again."
    ),
    "connectors.not_consumer": marked("Under this contract we give the data; they ask for it."),
    "connectors.not_pinned": marked(
        "The data is said to be at an address that was not registered. Ask their operator whether"
        " it is theirs."
    ),
    "connectors.nothing_to_fetch": marked("There is nothing to fetch yet. The provider opens it."),
    "connectors.odd": marked("Something in this exchange is not as agreed."),
    "connectors.origin": marked(
        "Where data comes from is written as https://host:port, without a path. Correct it."
    ),
    "connectors.policy": marked("The rules that are asked for cannot be read. Correct them."),
    "connectors.scale": marked(
        "The highest marking is no level of the scale. Correct one of both."
    ),
    "connectors.unknown": marked("No connector is registered under that name. Look at the list."),
    "playbook.after": marked("A delay is a number with ms, s, m, h or d, at most a year."),
    "playbook.do": marked("A rule wants what cannot be done in that state. Correct it."),
    "playbook.form": marked("The playbook is not written as it must be. Correct its text."),
    "playbook.on": marked("A rule names a state that is never reached there. Correct it."),
    "playbook.reason": marked("Every rule needs a reason: it is recorded with each act."),
    "playbook.rules": marked("The playbook has too many rules."),
}
