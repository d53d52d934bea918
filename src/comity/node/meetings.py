"""Meetings: what officials do with them. What is shown of them stands in ``meeting_views``.

Our private notes on items live in the house part and never cross. Source: agreements.md D2.5, D6
(journeys 6 and 7); spec 10.4.
"""

from collections.abc import Callable
from typing import Final

import attrs

from comity.api import coordination as commitment_asks
from comity.api import meetings as asks
from comity.coordination.meeting_acts import AHEAD, ENDS, HELD, Slot, Status
from comity.coordination.meeting_values import Item, Meeting, text_digest
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import json_of
from comity.foundation.errors import MisuseError
from comity.foundation.instants import Instant
from comity.node.bodies import find_established
from comity.node.commitments import Commitments
from comity.node.context import HOUSE, Context, relationship
from comity.node.days import instant_of, zone_of
from comity.node.deeds import Deeds, Place
from comity.node.meeting_views import MEETINGS, MeetingViews
from comity.node.officials import Official
from comity.storage.tx import Tx

_NOTE: Final = "meeting_note"


@attrs.frozen(kw_only=True)
class Meetings:
    """The desk of meetings."""

    ctx: Context
    deeds: Deeds
    commitments: Commitments
    views: MeetingViews

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Meetings) -> JsonObject:
        """Return meetings: those that go on first, the next one first; then the latest first."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        body = find_body(self.deeds, tx, request.body)
        found = [
            row
            for rel in rels
            for row in self.views.rows(
                tx,
                rel,
                lambda one: (
                    _wanted(one, request.state) and (body is None or one.opening.body == body)
                ),
            )
        ]
        going = [row for one, row in found if one.status not in ENDS]
        ended = [row for one, row in found if one.status in ENDS]
        going.sort(key=lambda row: (str(row["began"]), str(row["meeting"])))
        ended.sort(key=lambda row: (str(row["began"]), str(row["meeting"])), reverse=True)
        return {"meetings": [*going, *ended], "at": str(self.ctx.now())}

    def show(self, tx: Tx, request: asks.OneMeeting) -> JsonObject:
        """Return one meeting with everything that was said of it."""
        return self.views.one(tx, self.find(tx, request.meeting))

    def find(self, tx: Tx, named: str) -> Place[Meeting]:
        """Return a meeting by its id, the beginning of it, its title, or ``last``."""
        return self.deeds.find(tx, MEETINGS, named)

    # --- arranging ----------------------------------------------------------------------------

    def propose(self, tx: Tx, request: asks.ProposeMeeting) -> JsonObject:
        """Propose a meeting.

        Raises:
            MisuseError: ``meetings.past``, ``meetings.body_and_series``,
                ``bodies.not_established``, ``days.*``.
        """
        if request.body and request.series.strip():
            raise MisuseError(
                "meetings.body_and_series",
                "A meeting is one of a body, or one of a dialogue, not of both: choose the body, or"
                " name the dialogue.",
            )
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        own, theirs = self.ctx.config.party, rel.counterpart
        slot: JsonObject = {
            "mode": request.mode,
            "place": request.place.strip(),
            "start": str(instant_of(request.start, request.zone)),
            "end": str(instant_of(request.end, request.zone)),
            "zone": zone_of(request.zone).key,
            "host": own if request.host == "us" else theirs,
        }
        self._ahead(slot)
        body = find_established(self.deeds, tx, request.body).id if request.body else None
        data: JsonObject = {
            "meeting": self.ctx.new_id(),
            "instrument": found.instrument,
            "unit": unit,
            "body": body,
            "series": request.series.strip(),
            "title": request.title.strip(),
            "slot": slot,
        }
        words = request.words.strip()
        made = self.deeds.record(tx, rel, MEETINGS, step="propose", data=data, words=words)
        return self.views.row(tx, rel, made)

    def counter(self, tx: Tx, request: asks.CounterMeeting) -> JsonObject:
        """Propose another time or place; what is not named stays as it was proposed last.

        Raises:
            MisuseError: ``meetings.same_slot``: nothing is changed; ``meetings.past``, ``days.*``.
        """
        place = self.find(tx, request.meeting)
        slot = self._changed(place, request)
        if place.thing.status != Status.POSTPONED and slot == json_of(place.thing.slot):
            raise MisuseError(
                "meetings.same_slot",
                "This names the time, place and mode that were proposed already: confirm those, or"
                " change something.",
            )
        self._ahead(slot)
        replaces = place.thing.proposal
        return self.act(
            tx, request, step="counter", data=lambda _: {"replaces": replaces, "slot": slot}
        )

    def _changed(self, place: Place[Meeting], request: asks.CounterMeeting) -> JsonObject:
        """Return the slot that a counter-proposal names.

        Who moves the beginning alone keeps the length. A zone is that of the times named with it.
        """
        now: Slot = place.thing.slot
        timed = bool(request.start or request.end)
        zone = zone_of(request.zone).key if request.zone and timed else now.zone
        start, end = Instant.parse(now.start), Instant.parse(now.end)
        length = end.seconds - start.seconds
        if request.start:
            start = instant_of(request.start, zone)
            end = start.plus(length)
        if request.end:
            end = instant_of(request.end, zone)
        host = {"us": self.ctx.config.party, "them": place.rel.counterpart, "": now.host}
        return {
            "mode": request.mode or now.mode,
            "place": request.place.strip() or now.place,
            "start": str(start),
            "end": str(end),
            "zone": zone,
            "host": host[request.host],
        }

    def _ahead(self, slot: JsonObject) -> None:
        if Instant.parse(str(slot["start"])) <= self.ctx.now():
            raise MisuseError(
                "meetings.past",
                f"The beginning {slot['start']} has passed; propose a time that lies ahead.",
            )

    def confirm(self, tx: Tx, request: asks.OnMeeting) -> JsonObject:
        """Confirm the time and place that were proposed last."""
        return self.act(tx, request, step="confirm", data=lambda one: {"proposal": one.proposal})

    def plain(self, step: str) -> Callable[[Tx, asks.OnMeeting], JsonObject]:
        """Return the work of a step that says nothing but itself."""
        return lambda tx, request: self.act(tx, request, step=step, data=lambda _: {})

    def reasoned(self, step: str) -> Callable[[Tx, asks.ReasonedOnMeeting], JsonObject]:
        """Return the work of a step that gives a reason."""

        def work(tx: Tx, request: asks.ReasonedOnMeeting) -> JsonObject:
            asked = asks.OnMeeting(meeting=request.meeting)
            reason = request.reason.strip()
            return self.act(tx, asked, step=step, data=lambda _: {"reason": reason})

        return work

    # --- agenda and people --------------------------------------------------------------------

    def add(self, tx: Tx, request: asks.AddItem) -> JsonObject:
        """Add an item to the agenda."""
        about = None
        if request.about:
            shown = self.commitments.show(
                tx, commitment_asks.OneCommitment(commitment=request.about)
            )
            about = shown["commitment"]
        item, title = self.ctx.new_id(), request.title.strip()
        return self.act(
            tx,
            request,
            step="add",
            data=lambda _: {"item": item, "title": title, "about": about},
        )

    def on_item(self, step: str) -> Callable[[Tx, asks.OnItem], JsonObject]:
        """Return the work of ``consent`` or ``drop``."""
        return lambda tx, request: self.act(
            tx, request, step=step, data=lambda one: {"item": item_of(one, request.item).id}
        )

    def agree(self, tx: Tx, request: asks.OnMeeting) -> JsonObject:
        """Agree to the agenda as it is.

        Raises:
            MisuseError: ``meetings.nothing_on_it``: it has no item. A meeting under it could come
                to nothing: outcomes and the record are of items.
        """

        def data(one: Meeting) -> JsonObject:
            if one.status is Status.CONFIRMED and not one.items:
                raise MisuseError(
                    "meetings.nothing_on_it",
                    f"Nothing is on the agenda of «{one.title}» yet: add an item first, then agree"
                    " to it.",
                )
            return {"agenda": one.agenda_digest()}

        return self.act(tx, request, step="agree", data=data)

    def attend(self, tx: Tx, request: asks.Attend) -> JsonObject:
        """Say who takes part for our side."""
        people: list[Json] = [each.strip() for each in request.people if each.strip()]
        return self.act(tx, request, step="attend", data=lambda _: {"people": people})

    # --- outcomes -----------------------------------------------------------------------------

    def outcome(self, tx: Tx, request: asks.WriteOutcome) -> JsonObject:
        """Write down what came of an item."""
        name, text = self.ctx.new_id(), request.text.strip()
        return self.act(
            tx,
            request,
            step="outcome",
            data=lambda one: {
                "outcome": name,
                "item": item_of(one, request.item).id,
                "kind": request.kind,
                "text": text,
            },
        )

    def on_outcome(self, step: str) -> Callable[[Tx, asks.OnOutcome], JsonObject]:
        """Return the work of ``retract`` or ``concur``."""
        return lambda tx, request: self.act(
            tx,
            request,
            step=step,
            data=lambda one: {"outcome": outcome_of(one, request.outcome)},
        )

    def commit(self, tx: Tx, request: asks.CommitOutcome) -> JsonObject:
        """Propose the commitment that an agreed outcome becomes.

        Raises:
            MisuseError: ``meetings.no_commitment``: it is another kind of outcome, or not agreed;
                ``meetings.committed``: it became one already.
        """
        place = self.find(tx, request.meeting)
        one = place.thing
        result = one.result(outcome_of(one, request.outcome))
        if result.kind != "commitment" or not result.agreed:
            raise MisuseError(
                "meetings.no_commitment",
                "Only an outcome of the kind commitment, which both sides agreed to, becomes one.",
            )
        became = self.views.became(tx, place.rel, one).get(result.id)
        if became is not None:
            raise MisuseError(
                "meetings.committed", f"This outcome was proposed as a commitment: {became}."
            )
        return self.commitments.propose(
            tx,
            commitment_asks.ProposeCommitment(
                counterpart=place.rel.rel_id,
                instrument=one.opening.instrument,
                unit=one.opening.unit,
                title=request.title,
                test=request.test,
                performer=request.performer,
                beneficiary=request.beneficiary,
                due=request.due,
                zone=request.zone,
                source="meeting",
                source_ref=one.id,
                source_item=result.id,
                words=request.words,
            ),
        )

    # --- the record ---------------------------------------------------------------------------

    def draft(self, tx: Tx, request: asks.DraftRecord) -> JsonObject:
        """Draft the record: one text for each item, in the order of the agenda."""

        def data(one: Meeting) -> JsonObject:
            if len(request.texts) != len(one.items):
                raise MisuseError(
                    "meetings.texts",
                    f"The agenda has {len(one.items)} items and {len(request.texts)} texts came:"
                    " write one for each.",
                )
            pairs = zip(one.items, request.texts, strict=True)
            return {"entries": [{"item": each.id, "text": text.strip()} for each, text in pairs]}

        return self.act(tx, request, step="draft", data=data)

    def version(self, tx: Tx, request: asks.WriteVersion) -> JsonObject:
        """Write our own text of an item.

        Raises:
            MisuseError: ``meetings.same_text``: it is the other side's, word for word.
        """
        text = request.text.strip()

        def data(one: Meeting) -> JsonObject:
            item = item_of(one, request.item).id
            if text == self._theirs(one, item):
                raise MisuseError(
                    "meetings.same_text",
                    "This is the other side's text of the item, word for word: take theirs, or"
                    " change something.",
                )
            return {"item": item, "text": text}

        return self.act(tx, request, step="version", data=data)

    def take(self, tx: Tx, request: asks.OnItem) -> JsonObject:
        """Take the other side's text of an item."""

        def data(one: Meeting) -> JsonObject:
            item = item_of(one, request.item).id
            theirs = self._theirs(one, item)
            if theirs is None:
                raise MisuseError(
                    "meetings.no_text", "The other side has written nothing of this item."
                )
            return {"item": item, "text": text_digest(theirs)}

        return self.act(tx, request, step="take", data=data)

    def _theirs(self, one: Meeting, item: str) -> str | None:
        """Return the other side's text of an item of the record; None where it wrote none."""
        minute = one.record.get(item)
        said = {} if minute is None else minute.versions
        return next((text for party, text in said.items() if party != self.ctx.config.party), None)

    def seal(self, tx: Tx, request: asks.OnMeeting) -> JsonObject:
        """Agree to the record as it is."""
        return self.act(tx, request, step="seal", data=lambda one: {"record": one.record_digest()})

    def recall(self, tx: Tx, request: asks.RecallOnMeeting) -> JsonObject:
        """Take back what we said and does not count yet."""
        named = request.item
        return self.act(
            tx,
            request,
            step="recall",
            data=lambda one: {
                "of": request.of,
                "item": item_of(one, named).id if named else None,
            },
        )

    def act(
        self,
        tx: Tx,
        request: asks.OnMeeting,
        *,
        step: str,
        data: Callable[[Meeting], JsonObject],
    ) -> JsonObject:
        """Record one of our acts on a meeting and return it as it is then."""
        place = self.find(tx, request.meeting)
        made = self.deeds.record(
            tx,
            place.rel,
            MEETINGS,
            step=step,
            data={"meeting": place.thing.id, **data(place.thing)},
            words=request.words.strip(),
        )
        return self.views.row(tx, place.rel, made)

    # --- ours alone ---------------------------------------------------------------------------

    def note(self, tx: Tx, request: asks.WriteNote, who: Official | None) -> JsonObject:
        """Keep our private note on an item; nothing of it crosses."""
        one = self.find(tx, request.meeting).thing
        item = item_of(one, request.item)
        name, text = f"{one.id}/{item.id}", request.text.strip()
        by = "" if who is None else who.name
        value: JsonObject = {"item": item.id, "text": text, "by": by, "at": str(self.ctx.now())}
        if text:
            tx.things.put(HOUSE, _NOTE, name, value=value, status=one.id)
        else:
            tx.things.delete(HOUSE, _NOTE, name)
        return {"meeting": one.id, "item": item.id, "kept": bool(text)}

    def notes(self, tx: Tx, request: asks.OneMeeting) -> JsonObject:
        """Return our private notes on the items of a meeting."""
        one = self.find(tx, request.meeting).thing
        notes: list[Json] = [row.value for row in tx.things.list(HOUSE, _NOTE, status=one.id)]
        return {"meeting": one.id, "notes": notes}


def find_body(deeds: Deeds, tx: Tx, named: str) -> str | None:
    """Return the id of the body that a list is asked for, if it is."""
    return find_established(deeds, tx, named).id if named else None


def item_of(one: Meeting, named: str) -> Item:
    """Return an item of the agenda by its number, its id or its title.

    Raises:
        MisuseError: ``meetings.which_item``.
    """
    found = [
        each
        for number, each in enumerate(one.items, 1)
        if named in {str(number), each.id, each.title}
    ]
    if len(found) != 1:
        raise MisuseError(
            "meetings.which_item",
            f"No item of «{one.title}», or more than one, is called {named[:80]!r}; name it by its"
            " number.",
        )
    return found[0]


def outcome_of(one: Meeting, named: str) -> str:
    """Return the id of an outcome by its number or its id.

    Raises:
        MisuseError: ``meetings.which_outcome``.
    """
    for number, each in enumerate(one.results, 1):
        if named in {str(number), each.id}:
            return each.id
    raise MisuseError(
        "meetings.which_outcome",
        f"No outcome of «{one.title}» is called {named[:80]!r}; name it by its number.",
    )


def _wanted(one: Meeting, state: str) -> bool:
    match state:
        case "open":
            return one.status not in ENDS
        case "ahead":
            return one.status in {*AHEAD, Status.PROPOSED, Status.COUNTERED}
        case "held":
            return one.status in HELD
        case _:
            return True
