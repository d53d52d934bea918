"""What holds at the moment of a step, and the ruling under the registered framework.

The same ``rule_on`` is asked as about a party with a record; only where the agreement comes from
differs. It is asked afresh at each stage: what was permitted yesterday is no ground for today.
Source: design 2 (idea 3); ``docs/spec/09-connectors.md`` 9.1 and 9.4.
"""

from collections.abc import Callable

import attrs

from comity.agreements.controlled import ControlFacts
from comity.agreements.mandates import Crossing, Permitted, Refused, ReleaseFacts, rule_on
from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Contract, Counterpart, Dataset, ItemFacts, agreement_of
from comity.sharing.model import Role
from comity.sharing.reactions import refusal


@attrs.frozen(kw_only=True)
class Facts:
    """What holds at the moment of a step, told by the node.

    Attributes:
        own: Our participant id towards this counterpart.
        own_base: Our Dataspace Protocol base address, no slash at its end.
        counterpart: Who it is with, as registered now.
        dataset: Ours that the process or message is about (provider); None if there is none that
            this counterpart may see.
        withdrawn: Whether that dataset is there and no longer released to this counterpart.
        contract: Ours that the process or message names; None if there is none with it.
        control: That the dataset's bytes are controlled, which no authorisation between parties
            can lift for a connector; None where they are not.
        at: Now.
        ids: Draws a new ``urn:uuid``.
        chance: Draws ``tokens.TOKEN_BYTES`` random bytes.
    """

    own: str
    own_base: str
    counterpart: Counterpart
    dataset: Dataset | None
    withdrawn: bool
    contract: Contract | None
    control: ControlFacts | None
    at: Instant
    ids: Callable[[], str]
    chance: Callable[[], bytes]


def ruling(item: ItemFacts, *, role: Role, stage: str, facts: Facts) -> Permitted | Refused:
    """Return the ruling on ``item`` under the registered framework, as it stands now.

    Args:
        item: What would cross.
        role: Our part; the provider sends.
        stage: One of ``reactions.STAGES``.
        facts: What holds now.
    """
    sender, recipient = facts.own, facts.counterpart.id
    if role is Role.CONSUMER:
        sender, recipient = recipient, sender
    stands = item.released and not (role is Role.PROVIDER and facts.withdrawn)
    released = ReleaseFacts(release=0, digest="", recipient=recipient) if stands else None
    crossing = Crossing(
        sender=sender,
        recipient=recipient,
        area=item.area,
        action=item.action,
        kind=item.kind,
        marking=item.marking,
        purpose=item.purpose,
        onward=item.onward,
        control=facts.control,
        release=released,
        stage=stage,
    )
    return rule_on(agreement_of(facts.counterpart, own=facts.own), crossing, at=facts.at)


def require(item: ItemFacts, *, role: Role, stage: str, facts: Facts) -> Permitted:
    """Return the permission, or raise the refusal.

    Raises:
        RefusedError: ``sharing.refused``.
    """
    found = ruling(item, role=role, stage=stage, facts=facts)
    if isinstance(found, Refused):
        raise refusal(found)
    return found
