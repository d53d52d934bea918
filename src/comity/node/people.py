"""People and their accounts: who is added, what they may enter, whose account is closed.

The holder of the node's folder founds the accounts and can repair them without naming anybody; that
is how the first people get here. From the site or with ``--as`` an official does it: alone where
nothing but ordinary roles is given to somebody new, otherwise two persons approve. Source: design
13.4, 13.5.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.api import parties as asks
from comity.api import people as requests
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.node.accounts import INVITATION_LIFE_S, Accounts
from comity.node.approving import APPROVERS, Approving, Kind
from comity.node.context import HOUSE, Context, text_of
from comity.node.officials import Official, Officials
from comity.storage.tx import Tx

FOLDER: Final = "the holder of the node's folder"


@attrs.frozen(kw_only=True)
class People:
    """The desk for people and accounts."""

    ctx: Context
    officials: Officials
    approving: Approving
    accounts: Accounts

    def kinds(self) -> Mapping[str, Kind]:
        """Return what two persons approve here, and what follows."""
        return {
            "officials.add": Kind(state=self._state, follow=self._added),
            "officials.roles": Kind(state=self._state, follow=self._given_roles),
            "officials.close": Kind(state=self._state, follow=self._closed),
            "officials.reopen": Kind(state=self._state, follow=self._reopened),
            "accounts.invite": Kind(state=self._state, follow=self._invited),
        }

    def show(self, tx: Tx, name: str) -> JsonObject:
        """Return one official with full powers, passkeys' number and open approvals.

        Raises:
            MisuseError: ``officials.unknown``.
        """
        official = self.officials.find(tx, name)
        waiting = self.approving.listing(tx)["approvals"]
        assert isinstance(waiting, list)
        return {
            **self.officials.shown(tx, official),
            "approvals": [
                one
                for one in waiting
                if isinstance(one, dict)
                and (one["concerns"], one["status"]) == (official.id, "waiting")
            ],
        }

    def add(self, tx: Tx, request: asks.AddOfficial, *, by: Official | None) -> JsonObject:
        """Make a person known, or take in the card of one who had no keys; return them.

        Raises:
            RefusedError: ``officials.known``: roles of known people are given apart.
            MisuseError: as ``Officials.read_card``, ``Officials.check_new``.
        """
        official = self.officials.check_new(tx, self.officials.read_card(request))
        if by is None:
            return self.officials.store(tx, official, by=FOLDER)
        thing = tx.things.get(HOUSE, "official", official.id)
        known = None if thing is None else Official.read(thing.value)
        if known is not None and set(known.roles) != set(official.roles):
            raise RefusedError(
                "officials.known",
                f"{known.name} is known here with the roles {', '.join(known.roles)}. Change roles"
                " by themselves: two persons approve that.",
            )
        if set(official.roles) & set(APPROVERS):
            members: JsonObject = {"official": official.id, "card": official.to_json()}
            return self.approving.propose(tx, "officials.add", members, concerns=official.id, by=by)
        return self.officials.store(tx, official, by=by.id)

    def roles(self, tx: Tx, request: requests.SetRoles, *, by: Official | None) -> JsonObject:
        """Set what an official may enter: two persons approve it.

        Raises:
            MisuseError: ``officials.unknown``, ``officials.same_roles``.
        """
        official = self.officials.find(tx, request.person)
        roles: list[Json] = list(dict.fromkeys(request.roles))
        if set(roles) == set(official.roles):
            raise MisuseError(
                "officials.same_roles", f"{official.name} has exactly these roles already."
            )
        return self._ask(tx, "officials.roles", {"official": official.id, "roles": roles}, by=by)

    def close(self, tx: Tx, name: str, *, by: Official | None) -> JsonObject:
        """Close an official's account: they can neither enter nor sign; two persons approve it.

        Raises:
            MisuseError: ``officials.unknown``, ``officials.closed``.
        """
        official = self.officials.find(tx, name)
        if official.disabled:
            raise MisuseError(
                "officials.closed", f"The account of {official.name} is closed already."
            )
        return self._ask(tx, "officials.close", {"official": official.id}, by=by)

    def reopen(self, tx: Tx, name: str, *, by: Official | None) -> JsonObject:
        """Open a closed account again; two persons approve it.

        Raises:
            MisuseError: ``officials.unknown``, ``officials.open``.
        """
        official = self.officials.find(tx, name)
        if not official.disabled:
            raise MisuseError("officials.open", f"The account of {official.name} is open.")
        return self._ask(tx, "officials.reopen", {"official": official.id}, by=by)

    def invite(self, tx: Tx, name: str, *, by: Official | None) -> JsonObject:
        """Return a one-time link for an official who is invited to the site.

        Two persons approve it for whoever can approve, and for whoever has a way in already:
        otherwise one official could come in as another.

        Raises:
            MisuseError: ``officials.unknown``. RefusedError: ``officials.disabled``.
        """
        official = self.officials.find(tx, name)
        if official.disabled:
            raise RefusedError(
                "officials.disabled", f"The account of {official.name} is closed: open it first."
            )
        settled = self.officials.shown(tx, official)
        alone = not settled["password"] and not settled["passkeys"]
        if by is not None and alone and not set(official.roles) & set(APPROVERS):
            return {**self._invited(tx, {"official": official.id}, by.id), "approved": True}
        return self._ask(tx, "accounts.invite", {"official": official.id}, by=by)

    def _invited(self, tx: Tx, members: JsonObject, by: str) -> JsonObject:
        name = text_of(members, "official")
        made = self.accounts.make_link(tx, name, by=by, life_s=INVITATION_LIFE_S)
        return {**made, "link": f"{made['link']}?next=/account"}

    def _ask(
        self, tx: Tx, operation: str, members: JsonObject, *, by: Official | None
    ) -> JsonObject:
        if by is None:
            return {**self.approving.kinds[operation].follow(tx, members, FOLDER), "approved": True}
        concerns = text_of(members, "official")
        return self.approving.propose(tx, operation, members, concerns=concerns, by=by)

    def _state(self, tx: Tx, members: JsonObject) -> JsonObject:
        thing = tx.things.get(HOUSE, "official", text_of(members, "official"))
        return {"official": None if thing is None else thing.value}

    def _added(self, tx: Tx, members: JsonObject, approval: str) -> JsonObject:
        card = members["card"]
        assert isinstance(card, Mapping)
        official = self.officials.check_new(tx, Official.read(card))
        return self.officials.store(tx, official, by=approval)

    def _given_roles(self, tx: Tx, members: JsonObject, approval: str) -> JsonObject:
        roles = members["roles"]
        assert isinstance(roles, list)
        official = self.officials.find(tx, text_of(members, "official"))
        changed = attrs.evolve(official, roles=tuple(str(role) for role in roles))
        return self.officials.store(tx, changed, by=approval)

    def _closed(self, tx: Tx, members: JsonObject, approval: str) -> JsonObject:
        official = self.officials.find(tx, text_of(members, "official"))
        return self.officials.store(tx, attrs.evolve(official, disabled=True), by=approval)

    def _reopened(self, tx: Tx, members: JsonObject, approval: str) -> JsonObject:
        official = self.officials.find(tx, text_of(members, "official"))
        return self.officials.store(tx, attrs.evolve(official, disabled=False), by=approval)
