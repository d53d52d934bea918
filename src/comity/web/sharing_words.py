"""Words for what answers about sharing say in codes: states, rulings, roles, shares of a whole."""

from collections.abc import Mapping
from typing import Final

from comity.web.visit import Visit

Row = Mapping[str, object]

_PROVIDER: Final = "provider"


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the kind of badge and the words for how a transfer or a negotiation stands."""
    state, ours = str(row["state"]), row["role"] == _PROVIDER
    if row["family"] == "negotiation":
        return _negotiation(visit, state)
    words = {
        "REQUESTED": ("wait", visit._("asked for")),
        "STARTED": ("wait", visit._("may be fetched") if ours else visit._("being fetched")),
        "SUSPENDED": ("wait", visit._("paused")),
        "COMPLETED": ("good", visit._("delivered") if ours else visit._("received")),
        "TERMINATED": ("bad", visit._("ended without it")),
    }
    return words.get(state, ("plain", state))


def _negotiation(visit: Visit, state: str) -> tuple[str, str]:
    words = {
        "REQUESTED": ("wait", visit._("asked for")),
        "OFFERED": ("wait", visit._("offered, waits for a person")),
        "ACCEPTED": ("wait", visit._("accepted")),
        "AGREED": ("wait", visit._("being agreed")),
        "VERIFIED": ("wait", visit._("being agreed")),
        "FINALIZED": ("good", visit._("agreed")),
        "TERMINATED": ("bad", visit._("ended without a contract")),
    }
    return words.get(state, ("plain", state))


def control_words(visit: Visit, code: object) -> str:
    """Return in a few words why no authorisation lets a controlled item through; or nothing."""
    words = {
        "not_authorised": visit._("it is controlled, and no authorisation covers it"),
        "authorisation_revoked": visit._("its authorisation has ended"),
        "authorisation_suspended": visit._("its authorisation is suspended"),
        "not_assured": visit._("the assurance that was asked is not given"),
        "provisos_not_accepted": visit._("the provisos are not accepted"),
        "basis_not_in_force": visit._("what its authorisation stands on is not in force"),
        "authorisation_not_begun": visit._("its authorisation has not begun"),
        "authorisation_expired": visit._("its authorisation has expired"),
        "recipient_not_authorised": visit._("its authorisation is for others"),
        "purpose_not_authorised": visit._("its authorisation is for other purposes"),
        "onward_not_authorised": visit._("its authorisation forbids passing it on"),
        "quantity_used_up": visit._("the quantity of its authorisation is used up"),
        "value_used_up": visit._("the value of its authorisation is used up"),
    }
    return words.get(str(code), "")


def code_words(visit: Visit, code: object) -> str:
    """Return in a few words what a refusal's code means."""
    words = {
        "not_in_force": visit._("no agreement is in force for this"),
        "ended": visit._("the agreement has ended"),
        "suspended": visit._("it is suspended"),
        "no_such_area": visit._("the agreement has no such area"),
        "action_not_allowed": visit._("the agreement does not permit this action"),
        "kind_not_allowed": visit._("the agreement does not name this kind"),
        "marking_above": visit._("the marking is above the permitted level"),
        "marking_unknown": visit._("the marking is no level of the agreement"),
        "purpose_not_allowed": visit._("the agreement does not name this purpose"),
        "recipient_not_allowed": visit._("it may not go to them"),
        "onward_not_allowed": visit._("it may not be passed on"),
        "not_released": visit._("it is not released, or was withdrawn"),
        "article_differs": visit._("the terms cite another article"),
        "agreement_differs": visit._("the contract says something else than was asked"),
        "data_differs": visit._("the sender announced something else than was agreed"),
        "bytes_differ": visit._("what came is not what was agreed"),
        "declined": visit._("an official declined"),
    }
    return words.get(str(code)) or control_words(visit, code) or str(code or "")


def stage_words(visit: Visit, row: Row) -> str:
    """Return at which point a ruling was made."""
    words = {
        "check": visit._("when an official asked"),
        "release": visit._("when it was to be released"),
        "offer": visit._("when it was offered"),
        "request": visit._("when it was asked for"),
        "agreement": visit._("when the contract was made"),
        "finalization": visit._("when the contract was concluded"),
        "transfer": visit._("when the bytes were asked for"),
        "start": visit._("when the door was opened"),
        "send": visit._("before the first byte left"),
        "receive": visit._("before the first byte was taken in"),
        "message": visit._("when a message arrived"),
    }
    stage = str(row.get("stage", ""))
    return words.get(stage, stage)


def wish_state(visit: Visit, status: object) -> tuple[str, str]:
    """Return the kind of badge and the words for how a wish for a release stands."""
    words = {
        "waiting": ("wait", visit._("waits for the release officer")),
        "released": ("good", visit._("released")),
        "declined": ("bad", visit._("declined")),
        "cancelled": ("plain", visit._("taken back")),
    }
    return words.get(str(status), ("plain", str(status)))


def gate_state(visit: Visit, gate: object) -> tuple[str, str]:
    """Return the kind of badge and the words for one gateway."""
    words = {
        "open": ("good", visit._("open")),
        "shut": ("bad", visit._("shut")),
        "not_told": ("wait", visit._("not told yet")),
    }
    return words.get(str(gate), ("plain", str(gate)))


def percent(part: object, whole: object) -> int:
    """Return how much of a whole is there, in hundredths."""
    if not isinstance(part, int) or not isinstance(whole, int) or whole <= 0:
        return 0
    return max(0, min(100, part * 100 // whole))
