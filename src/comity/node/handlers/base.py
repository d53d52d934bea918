"""What every handler is made with: one unit of work, then a moment for the counterpart.

Source: design 13.5.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from comity.api import operations as op
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.node.accounts import Accounts
from comity.node.after_transfer import AfterTransfer
from comity.node.approving import Approving
from comity.node.authorisations import Authorisations
from comity.node.bodies import Bodies
from comity.node.calendars import Calendars
from comity.node.commitments import Commitments
from comity.node.concluding import Concluding
from comity.node.context import Context, counterpart_name
from comity.node.controls import Controls
from comity.node.dataspace.desk import Dataspace
from comity.node.deeds import Deeds
from comity.node.delivery import Delivery
from comity.node.dispatch import Answer, Call, Handler, Looking
from comity.node.drafting import Drafting
from comity.node.due_dates import DueDates
from comity.node.health import Health
from comity.node.instruments import Instruments
from comity.node.introductions import Introductions
from comity.node.mailing import Mailing
from comity.node.meetings import Meetings
from comity.node.needs import Needs
from comity.node.negotiating import Negotiating
from comity.node.officials import Official, Officials
from comity.node.pairing import Pairing
from comity.node.passkeys import Passkeys
from comity.node.people import People
from comity.node.projects import Projects
from comity.node.recovering import Recovering
from comity.node.relations_desk import RelationsDesk
from comity.node.replaying import Replays
from comity.node.requests import Requests
from comity.node.sharing_desk import SharingDesk
from comity.node.statements import Statements
from comity.node.syncing import Syncing
from comity.node.tokens import Tokens
from comity.storage.tx import Tx

#: How long a command waits for the counterpart to hold what was recorded, in seconds.
HELD_WAIT_S: Final = 5.0

R = TypeVar("R", bound=op.Request)


class Desks(Protocol):
    """What the handlers need of a node."""

    ctx: Context
    officials: Officials
    people: People
    pairing: Pairing
    health: Health
    syncing: Syncing
    approving: Approving
    passkeys: Passkeys
    accounts: Accounts
    introductions: Introductions
    requests: Requests
    instruments: Instruments
    drafting: Drafting
    negotiating: Negotiating
    concluding: Concluding
    sharing: SharingDesk
    dataspace: Dataspace
    delivery: Delivery
    recovering: Recovering
    replays: Replays
    tokens: Tokens
    relations: RelationsDesk
    deeds: Deeds
    commitments: Commitments
    controls: Controls
    authorisations: Authorisations
    after_transfer: AfterTransfer
    projects: Projects
    bodies: Bodies
    meetings: Meetings
    calendars: Calendars
    mailing: Mailing
    due_dates: DueDates
    statements: Statements
    needs: Needs


def write(
    node: Desks, kind: type[R], work: Callable[[Tx, R, Official | None], JsonObject]
) -> Handler:
    """Return a handler that writes; it says whether the counterpart holds it."""

    async def handle(call: Call) -> Answer:
        request = call.request
        assert isinstance(request, kind)
        answer = await call.write(lambda tx: work(tx, request, call.official))
        rel_id = answer.get("relationship")
        outcome = answer.get("outcome")
        if rel_id is None and isinstance(outcome, dict):
            rel_id = outcome.get("relationship")
        if not isinstance(rel_id, str):
            return answer
        return {**answer, "held_by_counterpart": await held(node, rel_id)}

    return handle


async def held(node: Desks, rel_id: str) -> bool:
    """Return whether the counterpart holds all of our record, waiting a moment for it."""

    async def delivered() -> bool:
        def read(tx: Tx) -> bool:
            rel = tx.relationships.get(rel_id)
            if rel is None:
                return True
            latest = tx.checkpoints.latest(rel.own_origin)
            return latest is not None and latest.size == tx.logs.head(rel.own_origin).size

        return await node.ctx.store.read(read)

    node.delivery.wake(rel_id)
    return await node.delivery.flush(rel_id, delivered=delivered, timeout_s=HELD_WAIT_S)


def read(node: Desks, kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
    """Return a handler that only reads."""
    del node

    def look(tx: Tx, call: Call) -> JsonObject:
        request = call.request
        assert isinstance(request, kind)
        return work(tx, request)

    return Looking(look)


def acting(official: Official | None) -> Official:
    """Return the acting official.

    Raises:
        MisuseError: ``officials.who``: nobody was named.
    """
    if official is None:
        raise MisuseError("officials.who", "Say who acts: --as OFFICIAL.")
    return official


def names_of(node: Desks, tx: Tx) -> dict[str, str]:
    """Return the names of the parties we know, by party id."""
    config = node.ctx.config
    rows = tx.relationships.list()
    return {
        config.party: config.name,
        **{row.counterpart: counterpart_name(tx, row) for row in rows},
    }
