"""Bodies, meetings, and the calendar programs of our own people."""

from collections.abc import Callable

from comity.api import bodies as body_asks
from comity.api import mail
from comity.api import meetings as asks
from comity.api.operation import Request
from comity.foundation.canonical import JsonObject
from comity.node.dispatch import Call, Handler, Looking
from comity.node.handlers.base import Desks, R, acting, read, write
from comity.storage.tx import Tx


def handlers(node: Desks) -> dict[str, Handler]:
    """Return the handlers of these operations, by name."""
    return {**_bodies(node), **_meetings(node), **_calendars(node)}


def _doing(node: Desks, kind: type[R], work: Callable[[Tx, R], JsonObject]) -> Handler:
    return write(node, kind, lambda tx, request, _: work(tx, request))


def _bodies(node: Desks) -> dict[str, Handler]:
    desk, reasoned = node.bodies, body_asks.ReasonedOnBody
    return {
        "bodies": read(node, body_asks.Bodies, desk.all),
        "bodies.show": read(node, body_asks.OneBody, desk.show),
        "bodies.propose": _doing(node, body_asks.ProposeBody, desk.propose),
        "bodies.accept": _doing(node, body_asks.NameOurSide, desk.accept),
        "bodies.decline": _doing(node, reasoned, desk.reasoned("decline")),
        "bodies.withdraw": _doing(node, body_asks.OnBody, desk.withdraw),
        "bodies.appoint": _doing(node, body_asks.NameOurSide, desk.appoint),
        "bodies.terms": _doing(node, body_asks.NameTerms, desk.terms),
        "bodies.wind_up": _doing(node, reasoned, desk.reasoned("wind_up")),
    }


def _meetings(node: Desks) -> dict[str, Handler]:
    desk = node.meetings
    plain = {
        f"meetings.{step}": _doing(node, asks.OnMeeting, desk.plain(step))
        for step in ("open", "adjourn", "close")
    }
    reasoned = {
        f"meetings.{step}": _doing(node, asks.ReasonedOnMeeting, desk.reasoned(step))
        for step in ("decline", "postpone", "cancel")
    }
    return {
        **plain,
        **reasoned,
        "meetings": read(node, asks.Meetings, desk.all),
        "meetings.show": read(node, asks.OneMeeting, desk.show),
        "meetings.notes": read(node, asks.OneMeeting, desk.notes),
        "meetings.note": write(node, asks.WriteNote, desk.note),
        "meetings.propose": _doing(node, asks.ProposeMeeting, desk.propose),
        "meetings.counter": _doing(node, asks.CounterMeeting, desk.counter),
        "meetings.confirm": _doing(node, asks.OnMeeting, desk.confirm),
        "meetings.add": _doing(node, asks.AddItem, desk.add),
        "meetings.consent": _doing(node, asks.OnItem, desk.on_item("consent")),
        "meetings.drop": _doing(node, asks.OnItem, desk.on_item("drop")),
        "meetings.agree": _doing(node, asks.OnMeeting, desk.agree),
        "meetings.attend": _doing(node, asks.Attend, desk.attend),
        "meetings.outcome": _doing(node, asks.WriteOutcome, desk.outcome),
        "meetings.retract": _doing(node, asks.OnOutcome, desk.on_outcome("retract")),
        "meetings.concur": _doing(node, asks.OnOutcome, desk.on_outcome("concur")),
        "meetings.draft": _doing(node, asks.DraftRecord, desk.draft),
        "meetings.version": _doing(node, asks.WriteVersion, desk.version),
        "meetings.take": _doing(node, asks.OnItem, desk.take),
        "meetings.seal": _doing(node, asks.OnMeeting, desk.seal),
        "meetings.recall": _doing(node, asks.RecallOnMeeting, desk.recall),
        "meetings.commit": _doing(node, asks.CommitOutcome, desk.commit),
    }


def _calendars(node: Desks) -> dict[str, Handler]:
    desk, mailing = node.calendars, node.mailing

    def file(tx: Tx, call: Call) -> JsonObject:
        assert isinstance(call.request, asks.OneMeeting)
        return desk.file(tx, call.request, call.official)

    return {
        "mail": read(node, Request, lambda tx, _: mailing.show(tx)),
        "mail.set": write(node, mail.SetMail, lambda tx, request, _: mailing.set(tx, request)),
        "mail.off": write(node, Request, lambda tx, _, __: mailing.off(tx)),
        "meetings.calendar": Looking(file),
        "meetings.answers": Looking(lambda tx, call: desk.answers(tx, call.official)),
        "meetings.feed": Looking(lambda tx, call: desk.feed(tx, acting(call.official))),
        "meetings.invite": write(
            node, asks.InviteUs, lambda tx, request, who: mailing.invite(tx, request, acting(who))
        ),
        "meetings.answer": write(
            node, asks.ReadAnswer, lambda tx, request, who: desk.read(tx, request, acting(who))
        ),
        "meetings.answer_confirm": write(
            node, asks.OneAnswer, lambda tx, request, who: desk.confirm(tx, request, acting(who))
        ),
        "meetings.answer_drop": write(
            node, asks.OneAnswer, lambda tx, request, who: desk.drop(tx, request, acting(who))
        ),
        "meetings.feed_new": write(
            node, asks.NewFeed, lambda tx, request, who: desk.feed_new(tx, request, acting(who))
        ),
        "meetings.feed_end": write(
            node, Request, lambda tx, _, who: desk.feed_end(tx, acting(who))
        ),
    }
