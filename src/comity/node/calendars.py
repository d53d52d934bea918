"""Calendar programs of our own people: files for them, their answers read back, and a feed.

Nothing crosses by mail. An answer is a draft of whoever hands it in, and only of the person for
whom the file was made; what it says is done when that person confirms it. Source: D2.5, D6 (journey
6); spec 10.5.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import attrs

from comity.api import meetings as asks
from comity.coordination.meeting_acts import AHEAD, HELD, OFFERED, Status
from comity.coordination.meeting_values import Meeting
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.calendar_answers import AGREES, check_stands, stands
from comity.node.context import HOUSE, Context, counterpart_name, text_of
from comity.node.due_dates import DueDates
from comity.node.meeting_views import began
from comity.node.meetings import Meetings
from comity.node.officials import Official
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

if TYPE_CHECKING:
    from comity.protocols import calendars as room

INVITE: Final = "calendar_invite"
_ANSWER: Final = "calendar_answer"
_FEED: Final = "calendar_feed"
_ANSWERS_MAX: Final = 50
_OVER: Final = (Status.DECLINED, Status.CANCELLED, Status.POSTPONED)


@attrs.frozen(kw_only=True)
class Calendars:
    """The desk of calendar programs."""

    ctx: Context
    meetings: Meetings
    due: DueDates

    # --- files --------------------------------------------------------------------------------

    def invite(self, tx: Tx, request: asks.InviteUs, who: Official) -> JsonObject:
        """Note under which address an official's calendar program takes part in a meeting; or none.

        Raises:
            MisuseError: ``calendars.address``.
        """
        one = self.meetings.find(tx, request.meeting).thing
        if not request.address.strip():
            tx.things.delete(HOUSE, INVITE, f"{one.id}/{who.id}")
            return {"meeting": one.id, "address": ""}
        address = request.address.strip().lower().removeprefix("mailto:")
        name, at, domain = address.partition("@")
        if (
            not (name and at and domain)
            or not address.isprintable()
            or set(address) & set(' ",;<>')
        ):
            raise MisuseError(
                "calendars.address",
                f"{address[:60]!r} is no mail address; write the one of your calendar program.",
            )
        mark = self.ctx.chance.token(12).hex()
        value: JsonObject = {
            "address": address,
            "mark": mark,
            "at": str(self.ctx.now()),
            "by_mail": request.by_mail,
        }
        tx.things.put(HOUSE, INVITE, f"{one.id}/{who.id}", value=value)
        return {"meeting": one.id, "address": address}

    def file(self, tx: Tx, request: asks.OneMeeting, who: Official | None) -> JsonObject:
        """Return a meeting as a file: an invitation where one was asked for, else an entry."""
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it

        place = self.meetings.find(tx, request.meeting)
        one, event = place.thing, self._event(tx, place.rel, place.thing)
        invited = None if who is None else tx.things.get(HOUSE, INVITE, f"{one.id}/{who.id}")
        method: room.Method = "PUBLISH"
        if one.status in _OVER:
            method = "CANCEL"
        elif invited is not None:
            ours = one.offered_by == self.ctx.config.party
            method = "COUNTER" if one.status == Status.COUNTERED and ours else "REQUEST"
        if invited is not None:
            event = attrs.evolve(
                event,
                uid=self._uid(one.id, text_of(invited.value, "mark")),
                organizer=f"meetings@{self._host}",
                attendee=text_of(invited.value, "address"),
            )
        text = room.write_calendar(method, [event], name=self.ctx.config.name, at=self.ctx.now())
        return {
            "meeting": one.id,
            "method": method,
            "address": "" if invited is None else invited.value["address"],
            "by_mail": invited is not None and invited.value.get("by_mail") is True,
            "file": f"meeting-{one.id.removeprefix('urn:uuid:')[:8]}.ics",
            "text": text,
        }

    def told(self, tx: Tx, named: str) -> JsonObject:
        """Return what a calendar program shows of a meeting: when it differs, it is told again."""
        place = self.meetings.find(tx, named)
        event = self._event(tx, place.rel, place.thing)
        return {
            "title": event.title,
            "start": str(event.start),
            "end": str(event.end),
            "place": event.place,
            "words": _agenda(place.thing),
            "sequence": event.sequence,
            "settled": event.settled,
            "over": event.over,
        }

    def _event(self, tx: Tx, rel: RelationshipRow, one: Meeting) -> "room.Meeting":
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it

        over = one.status in _OVER
        url = f"{self.ctx.config.site_origin}/meetings/{one.id}"
        group = self.meetings.views.body_name(tx, rel, one) or one.opening.series
        between = f"{self.ctx.config.name} \N{EN DASH} {counterpart_name(tx, rel)}"
        return room.Meeting(
            uid=self._uid(one.id, ""),
            sequence=one.moves + (1 if over else 0),
            start=Instant.parse(one.slot.start),
            end=Instant.parse(one.slot.end),
            title=one.title,
            place=one.slot.place,
            words="\n".join(part for part in (between, group, _agenda(one), url) if part),
            settled=one.status not in OFFERED,
            over=over,
            url=url,
        )

    def _uid(self, meeting: str, mark: str) -> str:
        name = meeting.removeprefix("urn:uuid:")
        return f"{name}.{mark}@{self._host}" if mark else f"{name}@{self._host}"

    @property
    def _host(self) -> str:
        """The host in our party's name, as it may stand in an address."""
        named = unquote(self.ctx.config.party.rpartition(":")[2])
        return named.partition(":")[0] or "localhost"

    # --- answers ------------------------------------------------------------------------------

    def answers(self, tx: Tx, who: Official | None) -> JsonObject:
        """Return the answers that wait for whoever handed them in."""
        rows = [] if who is None else list(tx.things.list(HOUSE, _ANSWER, status=who.id))
        found: list[Json] = [self._standing(tx, row.value) for row in rows]
        return {"answers": found}

    def _standing(self, tx: Tx, value: JsonObject) -> JsonObject:
        """Return an answer with whether it can be done as its meeting stands now."""
        one = self.meetings.find(tx, text_of(value, "meeting")).thing
        return {**value, "stands": stands(one, value, own=self.ctx.config.party)}

    def read(self, tx: Tx, request: asks.ReadAnswer, who: Official) -> JsonObject:
        """Keep what a calendar program answered as a draft; nothing is done by it.

        It stands in place of an earlier answer of the same person about the same meeting. One that
        agrees with what stands already is not kept: nothing is left to confirm.

        Raises:
            MisuseError: ``calendars.*``: what is wrong with the message, or whose it is;
                RefusedError: ``calendars.*``: nothing can follow from it, and what to do instead.
        """
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it

        try:
            answer = room.read_answer(request.message)
        except PeerError as error:
            raise error.as_family(MisuseError) from error
        one = self._theirs(tx, answer, who)
        if answer.sequence != one.moves:
            raise MisuseError(
                "calendars.outdated",
                f"«{one.title}»: this answers a proposal that stands no more. Take the file of the"
                " one that stands into your calendar, and answer that.",
            )
        value = self._draft(one, answer)
        if stands(one, value, own=self.ctx.config.party) == AGREES:
            self._replace(tx, one.id, who)
            return {**value, "answer": None, "stands": AGREES}
        check_stands(one, value, own=self.ctx.config.party)
        self._replace(tx, one.id, who)
        if len(list(tx.things.list(HOUSE, _ANSWER, status=who.id))) >= _ANSWERS_MAX:
            raise MisuseError(
                "calendars.full",
                f"{_ANSWERS_MAX} answers wait for you already; confirm them or throw them away.",
            )
        tx.things.put(HOUSE, _ANSWER, text_of(value, "answer"), value=value, status=who.id)
        return self._standing(tx, value)

    def _replace(self, tx: Tx, meeting: str, who: Official) -> None:
        for row in list(tx.things.list(HOUSE, _ANSWER, status=who.id)):
            if row.value["meeting"] == meeting:
                tx.things.delete(HOUSE, _ANSWER, row.name)

    def _theirs(self, tx: Tx, answer: "room.Answer", who: Official) -> Meeting:
        """Return the meeting an answer is about, once it comes from a file made for ``who``."""
        name, _, mark = answer.uid.partition("@")[0].partition(".")
        invited = tx.things.get(HOUSE, INVITE, f"urn:uuid:{name}/{who.id}")
        known = invited is not None and mark == invited.value["mark"]
        if invited is None or not known or answer.attendee != invited.value["address"]:
            raise MisuseError(
                "calendars.stranger",
                "This message answers no file that was made for you, or it comes from another"
                " address. Nothing was kept of it. Hand in answers of your own alone.",
            )
        return self.meetings.find(tx, f"urn:uuid:{name}").thing

    def _draft(self, one: Meeting, answer: "room.Answer") -> JsonObject:
        does = {"accepted": "confirm", "declined": "decline", "counter": "counter"}
        if answer.says not in does:
            raise MisuseError(
                "calendars.undecided",
                "This answer is tentative: it neither accepts nor declines. Nothing follows.",
            )
        slot: JsonObject | None = None
        if answer.start is not None and answer.end is not None:
            slot = {"start": str(answer.start), "end": str(answer.end), "place": answer.place}
        return {
            "answer": self.ctx.new_id(),
            "meeting": one.id,
            "title": one.title,
            "does": does[answer.says],
            "proposal": one.proposal,
            "slot": slot,
            "comment": answer.comment,
            "at": str(self.ctx.now()),
        }

    def confirm(self, tx: Tx, request: asks.OneAnswer, who: Official) -> JsonObject:
        """Do what an answer says; it is used up by that.

        Raises:
            MisuseError: ``calendars.no_answer``; RefusedError: ``calendars.*``, and as the act it
                stands for.
        """
        value = self._kept(tx, request.answer, who)
        meeting, comment = text_of(value, "meeting"), text_of(value, "comment")
        one = self.meetings.find(tx, meeting).thing
        check_stands(one, value, own=self.ctx.config.party)
        done = self._done(tx, value, meeting=meeting, comment=comment)
        tx.things.delete(HOUSE, _ANSWER, request.answer)
        return done

    def _done(self, tx: Tx, value: JsonObject, *, meeting: str, comment: str) -> JsonObject:
        asked = asks.OnMeeting(meeting=meeting, words=comment)
        match value["does"]:
            case "confirm":
                return self.meetings.confirm(tx, asked)
            case "decline":
                reason = comment or "Declined by calendar."
                reasoned: Callable[[Tx, asks.ReasonedOnMeeting], JsonObject]
                reasoned = self.meetings.reasoned("decline")
                return reasoned(tx, asks.ReasonedOnMeeting(meeting=meeting, reason=reason))
            case _:
                slot = value["slot"]
                assert isinstance(slot, dict)
                return self.meetings.counter(
                    tx,
                    asks.CounterMeeting(
                        meeting=meeting,
                        start=text_of(slot, "start"),
                        end=text_of(slot, "end"),
                        place=text_of(slot, "place")[:300],
                        words=comment,
                    ),
                )

    def drop(self, tx: Tx, request: asks.OneAnswer, who: Official) -> JsonObject:
        """Throw an answer away."""
        value = self._kept(tx, request.answer, who)
        tx.things.delete(HOUSE, _ANSWER, request.answer)
        return {"answer": value["answer"], "meeting": value["meeting"]}

    def _kept(self, tx: Tx, name: str, who: Official) -> JsonObject:
        row = tx.things.get(HOUSE, _ANSWER, name)
        if row is None or row.status != who.id:
            raise MisuseError("calendars.no_answer", "No such answer waits for you.")
        return row.value

    # --- feeds --------------------------------------------------------------------------------

    def feed(self, tx: Tx, who: Official) -> JsonObject:
        """Return whether an official has a feed, and since when; never its address."""
        row = tx.things.get(HOUSE, _FEED, who.id)
        return {"feed": row is not None, "since": None if row is None else row.value["at"]}

    def feed_new(self, tx: Tx, request: asks.NewFeed, who: Official) -> JsonObject:
        """Return a new secret address of an official's feed; told once, kept as a digest."""
        secret = base64url.encode(self.ctx.chance.token(32))
        value: JsonObject = {
            "hash": _hashed(secret),
            "at": str(self.ctx.now()),
            "language": request.language,
        }
        tx.things.put(HOUSE, _FEED, who.id, value=value, status=_hashed(secret))
        self.ctx.ledger.house(tx, "house.account", {"what": "calendar_feed", "official": who.id})
        path = f"/calendar/{secret}.ics"
        return {"path": path, "address": f"{self.ctx.config.site_origin}{path}"}

    def feed_end(self, tx: Tx, who: Official) -> JsonObject:
        """End an official's feed."""
        tx.things.delete(HOUSE, _FEED, who.id)
        return {"feed": False, "since": None}

    def published(self, tx: Tx, secret: str) -> str | None:
        """Return what stands at a feed's address; None where nothing does (any more)."""
        from comity.protocols import calendars as room  # noqa: PLC0415 - a node starts without it

        rows = list(tx.things.list(HOUSE, _FEED, status=_hashed(secret)))
        if len(rows) != 1:
            return None
        official = tx.things.get(HOUSE, "official", rows[0].name)
        if official is None or Official.read(official.value).disabled:
            return None
        events = [event for rel in tx.relationships.list() for event in self._happening(tx, rel)]
        name = self.ctx.config.name
        account = tx.things.get(HOUSE, "account", rows[0].name)
        chosen = "" if account is None else str(account.value.get("language", ""))
        languages = (chosen, str(rows[0].value.get("language", "")))
        dates = self.due.events(tx, *languages)
        return room.write_calendar("PUBLISH", events, name=name, at=self.ctx.now(), dates=dates)

    def _happening(self, tx: Tx, rel: RelationshipRow) -> "Iterator[room.Meeting]":
        """Yield the meetings of a relationship; one that was opened early at the time it was."""
        marks = folding.marks_of(tx, rel, self.ctx.config.party)
        for one in self.ctx.folding.state(tx, rel).coordination.meetings.things():
            if one.status in {*OFFERED, *AHEAD, *HELD}:
                event, start = self._event(tx, rel, one), began(one, marks)
                length = event.end.seconds - event.start.seconds
                moved = event.sequence + (start != event.start)  # RFC 5545, 3.8.7.4
                yield attrs.evolve(event, start=start, end=start.plus(length), sequence=moved)


def _agenda(one: Meeting) -> str:
    return "\n".join(f"{number}. {each.title}" for number, each in enumerate(one.items, 1))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
