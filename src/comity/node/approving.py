"""What two persons approve in the site, each with the own passkey, before it happens.

For acts on people and accounts, which bind nobody and stand in no shared record: roles, closing an
account, the way in for those who hold others' ways in. Each person's passkey signs a challenge made
from the exact document; that document names the state it starts from, so that nothing approved
happens to another state. The person concerned is not one of the two. Approvals stay in the house
part. Source: design 13.4; parties.approvals.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.node.context import HOUSE, Context, text_of
from comity.node.officials import Official, Officials
from comity.node.passkeys import Passkeys
from comity.parties.approvals import approval_challenge, approval_document
from comity.storage.tx import Tx

#: Who may approve, and whose own accounts and roles therefore need two persons.
APPROVERS: Final = ("mandate_holder", "legal_adviser", "engineer")
NEEDED: Final = 2
LAPSES_S: Final = 7 * 86_400


@attrs.frozen(kw_only=True)
class Kind:
    """One operation that two persons approve.

    Attributes:
        state: What the operation starts from, to be found unchanged when it happens.
        follow: Does it, and returns what is told to whoever approved last.
    """

    state: Callable[[Tx, JsonObject], JsonObject]
    follow: Callable[[Tx, JsonObject, str], JsonObject]


#: By operation.
Kinds: TypeAlias = Mapping[str, Kind]


@attrs.frozen(kw_only=True)
class Approving:
    """The desk for approvals by two persons in the site."""

    ctx: Context
    officials: Officials
    passkeys: Passkeys
    kinds: dict[str, Kind] = attrs.field(factory=dict)

    def propose(
        self, tx: Tx, operation: str, members: JsonObject, *, concerns: str, by: Official
    ) -> JsonObject:
        """Return the new approval that two persons are asked for.

        Args:
            tx: The unit of work.
            operation: What is to happen.
            members: What the operation is asked to do.
            concerns: The id of the official it concerns.
            by: Who asks.
        """
        now = self.ctx.now()
        name = self.ctx.new_id().removeprefix("urn:uuid:")
        subject: JsonObject = {
            "approval": name,
            "members": members,
            "concerns": concerns,
            "before": self.kinds[operation].state(tx, members),
            "proposed_by": by.id,
        }
        document = approval_document(subject, operation)
        value: JsonObject = {
            "approval": name,
            "operation": operation,
            "subject": subject,
            "document": base64url.encode(document),
            "digest": digest(document),
            "created": str(now),
            "lapses": str(now.plus(LAPSES_S)),
            "given": {},
        }
        tx.things.add(HOUSE, "approval", name, value=value, status="waiting")
        self.ctx.ledger.house(
            tx,
            "house.approval_asked",
            {"approval": name, "digest": value["digest"], "operation": operation, "by": by.id},
        )
        return {**self._shown(tx, value, "waiting"), "approved": False}

    def listing(self, tx: Tx) -> JsonObject:
        """Return what waits for approval, and what was decided."""
        rows = tx.things.list(HOUSE, "approval")
        shown = [self._shown(tx, row.value, row.status) for row in rows]
        return {"approvals": sorted(shown, key=lambda one: str(one["created"]), reverse=True)}

    def show(self, tx: Tx, name: str) -> JsonObject:
        """Return one approval with whoever gave it and whoever still can.

        Raises:
            MisuseError: ``approving.unknown``.
        """
        value, status = self._find(tx, name)
        return self._shown(tx, value, status)

    def challenge(self, tx: Tx, name: str, official: Official) -> JsonObject:
        """Return the options with which the official's authenticator approves this one act.

        Raises:
            MisuseError: ``approving.settled``, ``approving.no_passkey``.
            RefusedError: ``approving.not_asked``, ``approving.given``.
        """
        value = self._open(tx, name, official)
        if not self.passkeys.of(tx, official.id):
            raise MisuseError(
                "approving.no_passkey",
                "To approve you need a passkey: add one in your account, then come back.",
            )
        approved = text_of(value, "digest")
        nonce = self.ctx.chance.token(16).hex()
        made = self.passkeys.ask(
            "approve",
            official=official.id,
            subject=approved,
            challenge=approval_challenge(approved, person=official.id, nonce=nonce),
        )
        return self.passkeys.request(tx, made, official=official.id)

    def give(
        self, tx: Tx, name: str, *, official: Official, credential: Mapping[str, object]
    ) -> JsonObject:
        """Take in an official's approval; with the second one, do what was approved.

        Raises:
            MisuseError: ``approving.settled``.
            RefusedError: ``approving.not_asked``, ``approving.given``, ``approving.changed``; as
                ``Passkeys.verify``.
        """
        value = self._open(tx, name, official)
        asserted = self.passkeys.verify(
            tx, credential, "approve", official=official.id, subject=text_of(value, "digest")
        )
        given: dict[str, Json] = {
            **_given(value),
            official.id: {
                "at": str(self.ctx.now()),
                "passkey": asserted.passkey,
                "evidence": asserted.evidence,
            },
        }
        value = {**value, "given": given}
        able = {one.id for one in self._able(tx, value)}
        counted = sorted(set(given) & able)  # a role may have been taken since
        done = len(counted) >= NEEDED
        status = "done" if done else "waiting"
        tx.things.put(HOUSE, "approval", text_of(value, "approval"), value=value, status=status)
        self.ctx.ledger.house(
            tx,
            "house.approval_given",
            {"approval": value["approval"], "digest": value["digest"], "by": official.id},
        )
        answer: dict[str, Json] = {**self._shown(tx, value, status), "approved": done}
        if done:
            answer["outcome"] = self._follow(tx, value)
        return answer

    def drop(self, tx: Tx, name: str, official: Official) -> JsonObject:
        """Refuse an approval that is not settled; it is over for both.

        Raises:
            MisuseError: ``approving.unknown``, ``approving.settled``.
        """
        value, status = self._find(tx, name)
        _check_waiting(status)
        tx.things.put(HOUSE, "approval", text_of(value, "approval"), value=value, status="refused")
        self.ctx.ledger.house(
            tx, "house.approval_refused", {"approval": value["approval"], "by": official.id}
        )
        return self._shown(tx, value, "refused")

    def _follow(self, tx: Tx, value: JsonObject) -> JsonObject:
        subject = _subject(value)
        kind = self.kinds[text_of(value, "operation")]
        members = subject["members"]
        assert isinstance(members, Mapping)
        if kind.state(tx, members) != subject["before"]:
            raise RefusedError(
                "approving.changed",
                "What this approval starts from has changed since it was asked for: look at it"
                " again and ask anew.",
            )
        return kind.follow(tx, members, text_of(value, "approval"))

    def _open(self, tx: Tx, name: str, official: Official) -> JsonObject:
        """Return an approval that this official can give now."""
        value, status = self._find(tx, name)
        _check_waiting(status)
        if official.id in _given(value):
            raise RefusedError(
                "approving.given",
                "You approved this already; the other approval is another person's, whatever"
                " passkey it comes from.",
            )
        able = self._able(tx, value)
        if official.id not in {one.id for one in able}:
            names = ", ".join(one.id for one in able) or "nobody yet"
            raise RefusedError(
                "approving.not_asked",
                f"This is approved by two of {', '.join(APPROVERS)}, and not by the person it"
                f" concerns; here that is {names}.",
            )
        return value

    def _able(self, tx: Tx, value: JsonObject) -> tuple[Official, ...]:
        concerns = _subject(value)["concerns"]
        return tuple(one for one in self.officials.holding(tx, APPROVERS) if one.id != concerns)

    def _find(self, tx: Tx, name: str) -> tuple[JsonObject, str]:
        thing = tx.things.get(HOUSE, "approval", name)
        if thing is None:
            raise MisuseError("approving.unknown", f"There is no approval {name[:60]!r}.")
        lapsed = thing.status == "waiting" and self.ctx.now() > Instant.parse(
            text_of(thing.value, "lapses")
        )
        return thing.value, "lapsed" if lapsed else thing.status

    def _shown(self, tx: Tx, value: JsonObject, status: str) -> JsonObject:
        given = _given(value)
        missing = [one.id for one in self._able(tx, value) if one.id not in given]
        subject = _subject(value)
        if status == "waiting" and self.ctx.now() > Instant.parse(text_of(value, "lapses")):
            status = "lapsed"
        involved = [subject["concerns"], subject["proposed_by"], *given, *missing]
        return {
            **{name: value[name] for name in ("approval", "operation", "digest", "created")},
            "lapses": value["lapses"],
            "status": status,
            "members": subject["members"],
            "before": subject["before"],
            "concerns": subject["concerns"],
            "proposed_by": subject["proposed_by"],
            "needed": NEEDED,
            "given": [
                {"official": who, "at": its["at"]}
                for who, its in sorted(given.items())
                if isinstance(its, Mapping)
            ],
            "can_approve": _texts(missing),
            "names": self.officials.names(tx, involved),
        }


def _given(value: JsonObject) -> Mapping[str, Json]:
    given = value["given"]
    assert isinstance(given, Mapping)
    return given


def _subject(value: JsonObject) -> JsonObject:
    subject = value["subject"]
    assert isinstance(subject, Mapping)
    return subject


def _texts(names: Sequence[str]) -> list[Json]:
    return list(names)


def _check_waiting(status: str) -> None:
    if status != "waiting":
        raise MisuseError(
            "approving.settled", f"This approval is settled: {status}.", {"status": status}
        )
