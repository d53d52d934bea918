"""Sharing (being wired)."""

import attrs

from comity.node.context import Context
from comity.node.dispatch import Handler
from comity.node.instruments import Instruments
from comity.node.peers import Peers
from comity.record.ports import RelationshipRow
from comity.transport.gate import Receive, Scope, Send


@attrs.frozen(kw_only=True)
class SharingDesk:
    """The desk of desk officers and release officers."""

    ctx: Context
    instruments: Instruments
    peers: Peers

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of sharing's operations."""
        return {}

    async def site(self, scope: Scope, receive: Receive, send: Send, rel: RelationshipRow) -> None:
        """Answer a call to sharing's routes."""

    async def start(self) -> None:
        """Begin to deliver messages."""

    async def stop(self) -> None:
        """End in order."""
