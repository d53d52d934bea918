"""Registrations and their changes: one person proposes, another one confirms exactly that.

Whoever enters a key or an address decides who is let in, and what is called; so two persons do. A
proposal holds nothing. What is confirmed is named by its digest, and only if the registration still
reads as it did when the change was proposed. Source: ``docs/spec/09-connectors.md`` 9.1.7 to 9.1.9.
"""

from collections.abc import Callable
from typing import Final

import attrs

from comity.api import dataspace as asks
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.text import check_text
from comity.node.context import text_of
from comity.node.dataspace.book import SPACE, Book, row_of, value_of
from comity.node.dataspace.reacting import Reacting
from comity.node.dataspace.registering import Registering
from comity.node.dataspace.showing import counterpart_row
from comity.node.officials import Official
from comity.sharing.connectors.model import Counterpart
from comity.storage.tx import Tx

#: How long a proposal waits for its second person.
LAPSES_S: Final = 7 * 86_400
#: Of how many digits of the digest a confirmation is made at least.
_DIGITS_MIN: Final = 8
#: How many wait at once.
WAITING_MAX: Final = 100


@attrs.frozen(kw_only=True)
class Proposing:
    """The desk for what two persons decide about registrations.

    Attributes:
        registered: Told of each counterpart, once its registration is durable.
        reacting: Cuts data that runs.
    """

    book: Book
    registering: Registering
    registered: Callable[[Counterpart], None]
    reacting: Reacting

    def register(self, tx: Tx, request: asks.Register, official: Official) -> JsonObject:
        """Propose to register a connector.

        Raises: as ``Registering.check_new``, ``Registering.read``; MisuseError:
            ``connectors.proposals``.
        """
        self.registering.check_new(tx, request.id)
        made = self.registering.read(request, of=request.id, known=None, by=official.id)
        return self._propose(tx, made, None, by=official, reason="")

    def change(self, tx: Tx, request: asks.Change, official: Official) -> JsonObject:
        """Propose to change a registration.

        Raises: as ``Registering.read``; MisuseError: ``connectors.unknown``,
            ``connectors.nothing_changed``, ``connectors.proposals``.
        """
        known = self.book.named(tx, request.connector)
        made = self.registering.read(request, of=known.id, known=known, by=official.id)
        if attrs.evolve(made, by=known.by) == known:
            raise MisuseError(
                "connectors.nothing_changed", f"{known.name} is registered exactly like that."
            )
        reason = check_text(request.reason, what="The reason")
        return self._propose(tx, made, known, by=official, reason=reason)

    def _propose(
        self,
        tx: Tx,
        made: Counterpart,
        known: Counterpart | None,
        *,
        by: Official,
        reason: str,
    ) -> JsonObject:
        if len(self.book.proposals(tx)) >= WAITING_MAX:
            raise MisuseError(
                "connectors.proposals",
                f"{WAITING_MAX} proposals wait already: confirm or refuse some of them first.",
            )
        name, now = self.book.ctx.new_id().removeprefix("urn:uuid:"), self.book.ctx.now()
        said: JsonObject = {
            "proposal": name,
            "registration": row_of(made),
            "changes": None if known is None else _state(known),
            "by": by.id,
            "reason": reason,
        }
        value: JsonObject = {
            **said,
            "digest": digest(canonical(said)),
            "at": str(now),
            "lapses": str(now.plus(LAPSES_S)),
        }
        tx.things.add(SPACE, "proposal", name, value=value, status="waiting")
        self._told(tx, "proposed", value, by=by)
        return self._shown(tx, value)

    def listing(self, tx: Tx) -> JsonObject:
        """Return what waits for a second person, the oldest first."""
        rows = sorted(
            self.book.proposals(tx), key=lambda one: (str(one["at"]), str(one["proposal"]))
        )
        return {"proposals": [self._shown(tx, one) for one in rows]}

    def show(self, tx: Tx, request: asks.OneProposal) -> JsonObject:
        """Return one that waits.

        Raises:
            MisuseError: ``connectors.no_proposal``.
        """
        return self._shown(tx, self._found(tx, request.proposal))

    def confirm(self, tx: Tx, request: asks.Confirm, official: Official) -> JsonObject:
        """Confirm what another person proposed: from now on it holds.

        Raises:
            MisuseError: ``connectors.no_proposal``; as ``Registering.check_new``.
            RefusedError: ``connectors.own_proposal``, ``connectors.other_digest``,
                ``connectors.changed``.
        """
        value = self._found(tx, request.proposal)
        if official.id == value["by"]:
            raise RefusedError(
                "connectors.own_proposal",
                "Another person than the one who proposed it confirms a registration.",
            )
        told = len(request.digest) >= _DIGITS_MIN
        if not (told and text_of(value, "digest").startswith(request.digest)):
            raise RefusedError(
                "connectors.other_digest",
                "That is not its digest, nor its first 8 digits or more: look at it again.",
            )
        made = _registration(value)
        known = self.book.counterpart(tx, made.id)
        if value["changes"] is None:
            self.registering.check_new(tx, made.id)
        elif known is None or _state(known) != value["changes"]:
            raise RefusedError(
                "connectors.changed",
                "The registration was changed since this was proposed: refuse it and propose anew.",
            )
        self.book.keep_counterpart(tx, made)
        tx.on_commit(lambda: self.registered(made))
        if known is not None:
            self.reacting.stop_data(tx, counterpart=made.id)
        self._end(tx, value, "registered" if known is None else "changed", by=official)
        return {"connector": made.id, "name": made.name, "changed": known is not None}

    def refuse(self, tx: Tx, request: asks.RefuseProposal, official: Official) -> JsonObject:
        """Refuse a proposal, also one's own.

        Raises:
            MisuseError: ``connectors.no_proposal``.
        """
        value = self._found(tx, request.proposal)
        self._end(tx, value, "refused", by=official, reason=request.reason)
        return {"proposal": value["proposal"], "refused": True}

    # --- what is kept -------------------------------------------------------------------------

    def _found(self, tx: Tx, named: str) -> JsonObject:
        found = [
            one for one in self.book.proposals(tx) if text_of(one, "proposal").startswith(named)
        ]
        if len(found) != 1:
            raise MisuseError(
                "connectors.no_proposal",
                f"No proposed registration {named[:60]!r} waits: it was settled, has lapsed, or"
                " never was.",
            )
        return found[0]

    def _end(self, tx: Tx, value: JsonObject, what: str, *, by: Official, reason: str = "") -> None:
        name = text_of(value, "proposal")
        tx.things.put(SPACE, "proposal", name, value=value, status=what)
        self._told(tx, what, value, by=by, reason=reason)

    def _told(
        self, tx: Tx, what: str, value: JsonObject, *, by: Official, reason: str = ""
    ) -> None:
        made = _registration(value)
        said: dict[str, Json] = {
            "what": what,
            "by": by.id,
            "proposed_by": value["by"],
            "proposal": value["proposal"],
            "digest": value["digest"],
            "reason": reason or value["reason"],
        }
        house: JsonObject = {**said, "counterpart": made.id, "registration": row_of(made)}
        self.book.ctx.ledger.house(tx, "house.dataspace", house)
        before = self.book.counterpart(tx, made.id)
        if before is not None:
            self.book.keep_history(tx, made.id, **said)

    def _shown(self, tx: Tx, value: JsonObject) -> JsonObject:
        made = _registration(value)
        known = self.book.counterpart(tx, made.id)
        reads = counterpart_row(made)
        before = None if known is None or value["changes"] is None else counterpart_row(known)
        differs = [name for name in reads if before is not None and before[name] != reads[name]]
        return {
            **{name: value[name] for name in ("proposal", "digest", "by", "reason", "at")},
            "lapses": value["lapses"],
            "connector": made.id,
            "name": made.name,
            "kind": "register" if value["changes"] is None else "change",
            "registration": reads,
            "before": before,
            "differs": [name for name in differs if name != "by"],
            "roles": list(asks.CONFIRMING),
        }


def _registration(value: JsonObject) -> Counterpart:
    row = value["registration"]
    assert isinstance(row, dict)
    return value_of(Counterpart, row)


def _state(one: Counterpart) -> str:
    return digest(canonical(row_of(one)))
