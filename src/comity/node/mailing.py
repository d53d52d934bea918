"""Meetings by mail to our own people: what changed is sent to whoever asked for it.

A mail goes through the house's own relay to addresses in the house's own domains; nothing crosses
to the counterpart by it, and no answer is read from mail. Source: agreements.md D2.5, D6 (journey
6); spec 10.5.5.
"""

import asyncio
import contextlib
import ipaddress
import json
import logging
from collections.abc import Iterator
from typing import Final

import attrs

from comity.api import mail as asks
from comity.api import meetings as met
from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, RefusedError, UnavailableError
from comity.foundation.instants import Instant
from comity.foundation.ports import OutboxRow
from comity.node.calendars import INVITE, Calendars
from comity.node.context import HOUSE, Context, text_of
from comity.node.officials import Official
from comity.protocols.mails import CalendarMail, write_mail
from comity.storage.tx import Tx
from comity.transport.mail import Relay, hand_in

_log: Final = logging.getLogger(__name__)
TOPIC: Final = "mail"
_KIND: Final = "mail"
_LEASE_S: Final = 120
_PAUSE_MOST_S: Final = 3600


@attrs.define(kw_only=True)
class Mailing:
    """The desk of mail, and the task that hands mails in."""

    ctx: Context
    calendars: Calendars
    _woken: asyncio.Event = attrs.field(factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    # --- the relay ----------------------------------------------------------------------------

    def show(self, tx: Tx) -> JsonObject:
        """Return how mail is sent, and what waits to be."""
        row = tx.things.get(HOUSE, _KIND, "relay")
        waiting = tx.outbox.list(TOPIC)
        errors = [each.error for each in waiting if each.error]
        return {
            "relay": None if row is None else row.value,
            "waiting": len(waiting),
            "error": errors[-1] if errors else "",
        }

    def set(self, tx: Tx, request: asks.SetMail) -> JsonObject:
        """Name the relay.

        Raises:
            MisuseError: ``mail.sender``; ``mail.plain``: without encryption to another machine.
        """
        name, at, domain = request.sender.partition("@")
        if not (name and at and domain) or set(request.sender) & set(' ",;<>\r\n'):
            raise MisuseError("mail.sender", f"{request.sender[:60]!r} is no mail address.")
        if request.security == "plain" and not _here(request.host):
            raise MisuseError(
                "mail.plain",
                f"{request.host[:60]} is another machine: mail goes there with starttls or tls."
                " Without encryption only a relay on this machine is used.",
            )
        value: JsonObject = {
            "host": request.host,
            "port": request.port,
            "security": request.security,
            "sender": request.sender.lower(),
            "domains": list(request.domains),
        }
        tx.things.put(HOUSE, _KIND, "relay", value=value)
        self.ctx.ledger.house(tx, "house.account", {"what": "mail_relay", "relay": request.host})
        tx.on_commit(self.wake)
        return self.show(tx)

    def off(self, tx: Tx) -> JsonObject:
        """Send no mail any more; what waits is dropped."""
        tx.things.delete(HOUSE, _KIND, "relay")
        for row in tx.outbox.list(TOPIC):
            tx.outbox.done(row.id)
        self.ctx.ledger.house(tx, "house.account", {"what": "mail_off"})
        return self.show(tx)

    def own(self, tx: Tx, address: str) -> None:
        """Pass if mail may go to an address.

        Raises:
            MisuseError: ``mail.off``: no relay is named; ``mail.not_ours``: another domain.
        """
        row = tx.things.get(HOUSE, _KIND, "relay")
        if row is None:
            raise MisuseError(
                "mail.off",
                "This node sends no mail: an engineer names the house's relay first (comity mail"
                " set). Take the file instead.",
            )
        domains = row.value["domains"]
        assert isinstance(domains, list)
        if address.rpartition("@")[2] not in domains:
            raise MisuseError(
                "mail.not_ours",
                f"{address[:80]} is not in a domain of ours ({', '.join(map(str, domains))}):"
                " meetings go by mail to our own people only.",
            )

    # --- what is to be sent -------------------------------------------------------------------

    def invite(self, tx: Tx, request: met.InviteUs, who: Official) -> JsonObject:
        """Note under which address an official takes part, and whether mail goes there."""
        made = self.calendars.invite(tx, request, who)
        if not made["address"]:
            tx.outbox.cancel(TOPIC, f"{made['meeting']}/{who.id}")
        elif request.by_mail:
            self.own(tx, text_of(made, "address"))
            self.look(tx)
        return {**made, "by_mail": bool(made["address"]) and request.by_mail}

    def look(self, tx: Tx) -> None:
        """Order a mail for each official who asked for one, of each meeting that changed."""
        if tx.things.get(HOUSE, _KIND, "relay") is None:
            return
        for name, value in self._asked(tx):
            meeting, _, official = name.rpartition("/")
            row = tx.things.get(HOUSE, "official", official)
            if row is None or Official.read(row.value).disabled:
                continue
            who = Official.read(row.value)
            file = self.calendars.file(tx, met.OneMeeting(meeting=meeting), who)
            told = self.calendars.told(tx, meeting)
            what = digest(canonical([file["method"], told]))
            if what == value.get("mailed"):
                continue
            tx.things.put(HOUSE, INVITE, name, value={**value, "mailed": what})
            payload: JsonObject = {
                "to": value["address"],
                "subject": told["title"],
                "method": file["method"],
                "calendar": file["text"],
                "mark": what[:32],
                "at": str(self.ctx.now()),
            }
            tx.outbox.cancel(TOPIC, name)  # only the newest counts
            tx.outbox.put(TOPIC, name, canonical(payload), due=self.ctx.now())
            tx.on_commit(self.wake)

    def _asked(self, tx: Tx) -> Iterator[tuple[str, JsonObject]]:
        for row in list(tx.things.list(HOUSE, INVITE)):
            if row.value.get("by_mail") is True:
                yield row.name, row.value

    # --- handing in ---------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to hand in what is ordered."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """Look at once; called on any thread."""
        if self._task is not None and not self._task.done():
            self._task.get_loop().call_soon_threadsafe(self._woken.set)

    async def stop(self) -> None:
        """Stop; what was not handed in stays in the outbox."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                pause = await self._once()
            except Exception:  # noqa: BLE001 - the task must survive a fault of ours
                _log.exception("sending mail met a fault")
                pause = 60.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()

    async def _once(self) -> float | None:
        """Hand in what is due; return how long nothing is, in seconds, or None for no work."""
        store = self.ctx.store
        for row in await store.write(self._claim):
            await self._hand_in(row)
        left = await store.read(lambda tx: tx.outbox.list(TOPIC))
        if not left:
            return None
        return float(max(1, min(row.due.seconds for row in left) - self.ctx.now().seconds))

    def _claim(self, tx: Tx) -> list[OutboxRow]:
        now = self.ctx.now()
        rows = [row for row in tx.outbox.due(now) if row.topic == TOPIC]
        return [row for row in rows if tx.outbox.claim(row.id, now.plus(_LEASE_S))]

    async def _hand_in(self, row: OutboxRow) -> None:
        store = self.ctx.store
        relay = await store.read(lambda tx: tx.things.get(HOUSE, _KIND, "relay"))
        said: JsonObject = json.loads(row.payload)  # written by us
        if relay is None:
            await store.write(lambda tx: tx.outbox.done(row.id))
            return
        sender, to = text_of(relay.value, "sender"), text_of(said, "to")
        mail = _mail(said, sender=sender)
        try:
            await hand_in(_relay(relay.value), mail, sender=sender, to=to)
        except (RefusedError, UnavailableError) as error:
            why, pause = error.message, min(2 ** min(row.attempts + 2, 12), _PAUSE_MOST_S)
            due = self.ctx.now().plus(pause)
            await store.write(lambda tx: tx.outbox.later(row.id, due, why))
        else:
            await store.write(lambda tx: tx.outbox.done(row.id))


def _here(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _relay(value: JsonObject) -> Relay:
    port, security = value["port"], value["security"]
    assert isinstance(port, int)
    assert security in {"starttls", "tls", "plain"}
    return Relay(host=text_of(value, "host"), port=port, security=security)  # type: ignore[arg-type]  # looked at above


def _mail(said: JsonObject, *, sender: str) -> bytes:
    made = CalendarMail(
        sender=sender,
        to=text_of(said, "to"),
        subject=text_of(said, "subject"),
        calendar=text_of(said, "calendar"),
        method=text_of(said, "method"),
        mark=text_of(said, "mark"),
        at=Instant.parse(text_of(said, "at")),
    )
    return write_mail(made)
