"""Why a process waits: who must act, what could be done, since when; or what was planned by a rule.

Source: ``docs/spec/09-connectors.md`` 9.6; issue 5, «why does this wait».
"""

from enum import StrEnum

import attrs

from comity.foundation.instants import Instant
from comity.sharing.connectors.model import Exchange
from comity.sharing.connectors.playbook import Do, possible
from comity.sharing.model import Family, Role, State


class Whose(StrEnum):
    """Who must act next."""

    US = "us"
    COUNTERPART = "counterpart"
    DELIVERY = "delivery"
    NOBODY = "nobody"


@attrs.frozen(kw_only=True)
class Wait:
    """Why a process stands where it stands.

    Attributes:
        whose: Who must act.
        since: Since when.
        can: What an official could do now; ending it is always the last of them.
        why: A code for the words: ``ended``, ``sending``, ``odd``, ``received`` (all bytes are here
            and right), ``our_turn``, ``their_turn``.
    """

    whose: Whose
    since: Instant
    can: tuple[Do, ...]
    why: str


#: The states in which the next step is ours, by kind and role; in the others it is theirs.
_OURS = {
    (Family.NEGOTIATION, Role.PROVIDER): {State.REQUESTED, State.ACCEPTED, State.VERIFIED},
    (Family.NEGOTIATION, Role.CONSUMER): {State.OFFERED, State.AGREED},
    (Family.TRANSFER, Role.PROVIDER): {State.REQUESTED},
    (Family.TRANSFER, Role.CONSUMER): {State.STARTED},
}


def wait_of(exchange: Exchange) -> Wait:
    """Return why ``exchange`` stands where it stands."""
    can = _can(exchange)
    if exchange.ended:
        whose, why = Whose.NOBODY, "ended"
    elif _under_way(exchange):
        whose, why = Whose.DELIVERY, "sending"
    elif exchange.odd is not None:
        whose, why = Whose.US, "odd"
    elif _our_turn(exchange):
        whose, why = Whose.US, "received" if exchange.delivered else "our_turn"
    else:
        whose, why = Whose.COUNTERPART, "their_turn"
    return Wait(whose=whose, since=exchange.since, can=can, why=why)


def _our_turn(exchange: Exchange) -> bool:
    if exchange.pushed_to_us and exchange.state is State.STARTED:
        return exchange.delivered
    if exchange.resumed:  # the provider's next word is a start with a fresh address
        return exchange.role is Role.PROVIDER
    return exchange.state in _OURS[exchange.family, exchange.role]


def _under_way(exchange: Exchange) -> bool:
    return exchange.pending is not None or exchange.withheld or exchange.peer_pid is None


def _can(exchange: Exchange) -> tuple[Do, ...]:
    """Return what could be done now: what the tables allow, and an end alone while we send."""
    if exchange.ended or exchange.peer_pid is None:
        return ()
    found = possible(exchange.family, exchange.role, exchange.state.value)
    if _under_way(exchange):
        ending = exchange.pending is State.TERMINATED
        return tuple(do for do in found if do is Do.TERMINATE and not ending)
    anew = exchange.state is not State.STARTED or exchange.resumed  # a second start
    there = exchange.address is not None and not exchange.delivered
    return tuple(
        do for do in found if (do is not Do.START or anew) and (do is not Do.FETCH or there)
    )
