"""The counterparts as the network knows them: whose key may call, and where theirs is called.

Only pinned origins are ever called, only pinned keys ever answered. Source: design 8.
"""

import attrs

from comity.node.context import Context
from comity.node.introductions import Introductions
from comity.parties.letters import Letter
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.transport.client import PeerClient
from comity.transport.gate import Caller


@attrs.frozen(kw_only=True)
class Peers:
    """Counterparts by key and by relationship; kept in memory, loaded after each change."""

    ctx: Context
    introductions: Introductions
    _callers: dict[str, Caller] = attrs.field(factory=dict)
    _issuers: dict[str, Caller] = attrs.field(factory=dict)
    _clients: dict[str, PeerClient] = attrs.field(factory=dict)

    async def load(self) -> None:
        """Learn the keys by which all counterparts whose letters were accepted call."""

        def read(tx: Tx) -> list[tuple[RelationshipRow, Letter]]:
            return [(row, self.introductions.letter_of(tx, row)) for row in tx.relationships.list()]

        for row, letter in await self.ctx.store.read(read):
            key = letter.keys.network
            self._callers[key.thumbprint()] = Caller(
                party=row.counterpart, key=key, pinned_by="letter"
            )
            self._issuers[row.counterpart] = Caller(
                party=row.counterpart, key=letter.keys.dsp, pinned_by="letter"
            )

    def caller(self, keyid: str) -> Caller | None:
        """Return the counterpart whose network key has that thumbprint."""
        return self._callers.get(keyid)

    def by_issuer(self, issuer: str) -> Caller | None:
        """Return the counterpart with that party id, and its key for ID tokens."""
        return self._issuers.get(issuer)

    def record_client(self, rel: RelationshipRow, letter: Letter) -> PeerClient:
        """Return the client for the counterpart's record routes."""
        return self._client(rel, letter, letter.endpoints.peer)

    def dsp_client(self, rel: RelationshipRow, letter: Letter) -> PeerClient:
        """Return the client for the counterpart's sharing routes; its calls carry ID tokens."""
        return self._client(rel, letter, letter.endpoints.dsp).with_tokens(
            issuer=self.ctx.config.party, audience=rel.counterpart, signer=self.ctx.keys.dsp
        )

    def data_client(self, rel: RelationshipRow, letter: Letter) -> PeerClient:
        """Return the client that pulls data below the sharing routes; its calls are signed."""
        return self._client(rel, letter, letter.endpoints.dsp)

    def _client(self, rel: RelationshipRow, letter: Letter, address: str) -> PeerClient:
        origin, base = split(address)
        known = self._clients.get(rel.rel_id)
        if known is None:
            known = PeerClient(
                origin=origin,
                base="",
                pin=letter.keys.tls,
                signer=self.ctx.keys.network,
                clock=self.ctx.clock,
                chance=self.ctx.chance,
            )
            self._clients[rel.rel_id] = known
        return known.under(base)

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()


def split(address: str) -> tuple[str, str]:
    """Return origin and base path of an address from a letter."""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", f"{slash}{path}"
