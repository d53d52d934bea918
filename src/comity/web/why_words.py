"""Why something is in its state, in words: states, reasons, persons and rules.

The second half of ``wording``: what the operation ``history`` answers with, for the panel "Why is
it in this state?" that every object's page carries (``templates/parts/why.html``).
"""

from collections.abc import Mapping
from typing import Final

from comity.web.roles import role_names
from comity.web.texts import Words, marked, parse_instant
from comity.web.wording import Facts, person

#: States of every kind of thing that has a history.
_STATES: Final[Mapping[str, str]] = {
    "tabled": marked("tabled"),
    "negotiating": marked("being negotiated"),
    "clean": marked("clean: nothing is open"),
    "agreed_ad_ref": marked("adopted by both"),
    "initialled": marked("initialled"),
    "signing": marked("being signed"),
    "signed": marked("signed"),
    "awaiting_entry": marked("signed, not yet in force"),
    "in_force": marked("in force"),
    "suspended": marked("suspended"),
    "expired": marked("expired"),
    "abandoned": marked("given up"),
    "released": marked("released"),
    "withdrawn": marked("withdrawn"),
    "not_released": marked("not released"),
    "moving": marked("under way"),
    "moved": marked("sent and received"),
    "introduced": marked("introduced by one side"),
    "open": marked("open"),
    "frozen": marked("frozen for new acts"),
    "granted": marked("valid"),
    "revoked": marked("ended by a revocation"),
    "ended": marked("past its last day"),
    "unit_new": marked("new"),
    "unit_open": marked("open"),
    "unit_bracketed": marked("in brackets"),
    "unit_reserved": marked("reserved"),
    "unit_agreed_ad_ref": marked("agreed ad referendum"),
    "unit_agreed": marked("agreed"),
    "unit_parked": marked("parked"),
    "unit_closed": marked("agreed and closed"),
    "draft": marked("a draft of this house; nothing of it has left"),
    "dropped": marked("dropped"),
    "closed": marked("closed: can neither enter nor sign"),
    "in_use": marked("in use"),
    "no_way_in": marked("known here, without a way in"),
    "waiting": marked("waits for somebody of ours"),
    "done": marked("done"),
    "refused": marked("refused"),
    "lapsed": marked("lapsed"),
    "read": marked("their letter is read; the fingerprint is not compared"),
    "compared": marked("the fingerprints agree; two persons are to sign"),
    "accepted": marked("accepted by us; waits for them"),
    "declined": marked("declined"),
    "cancelled": marked("taken back"),
}
#: Why, by the code of the reason. Facts: article, at, units, n, reason, who, roles.
_REASONS: Final[Mapping[str, str]] = {
    "tabled": marked("It was tabled, and the other side has not said yet whether to talk."),
    "answered": marked("The side that had not tabled it agreed to talk about it."),
    "reopened": marked("It was reopened."),
    "uncleaned": marked("Units are not agreed yet: %(units)s."),
    "cleaned": marked("No bracket, open unit or reserve is left."),
    "adopted": marked("Both adopted this exact text."),
    "initialled": marked("Both initialled this exact text."),
    "void": marked("The signing window ended %(at)s with a signature missing."),
    "revoked": marked("It was taken back."),
    "ready": marked("Both are ready to sign the same manifest; the window closes %(at)s."),
    "signed": marked("Every listed person signed inside the window; the last one counts %(at)s."),
    "entry_conditions": marked("%(article)s lets it enter into force %(at)s."),
    "entered": marked("It entered into force %(at)s, as %(article)s says."),
    "suspended": marked("It is suspended under %(article)s."),
    "resumed": marked("The suspension is lifted."),
    "term_over": marked("The term under %(article)s was over %(at)s."),
    "abandoned": marked("It was given up."),
    "released": marked("A release officer released it."),
    "release_withdrawn": marked("The release was withdrawn."),
    "sent": marked("The sender recorded what it sent, permitted by %(article)s."),
    "received": marked("The recipient recorded what it received, permitted by %(article)s."),
    "accepted": marked("One side has accepted the other's letter."),
    "both_accepted": marked("Each side accepted the other's letter after comparing fingerprints."),
    "frozen": marked("This node froze it: %(reason)s"),
    "granted": marked("The appointing officials gave them; they end %(at)s."),
    "powers_ended": marked("Their last day was %(at)s."),
    "unit_new": marked("One side proposed its words, and the other has not answered them yet."),
    "unit_open": marked("The other side answered, and does not stand by these words."),
    "unit_bracketed": marked("The two sides stand by different words."),
    "unit_reserved": marked("Both stand by the same words, and a reserve is left."),
    "unit_agreed_ad_ref": marked("Both stand by the same words, at least one ad referendum."),
    "unit_agreed": marked("Both stand by the same words."),
    "unit_parked": marked("Both put it aside, to come back to it later."),
    "unit_closed": marked("Both stood by the same words when the text was closed."),
    "unit_turn": marked("By rule the next answer is due from: %(who)s."),
    "draft_started": marked("%(who)s started it %(at)s."),
    "draft_changed": marked("%(who)s made its version %(n)s %(at)s."),
    "draft_wrong": marked("Fields that do not hold: %(n)s. Until they do it cannot be tabled."),
    "draft_kept": marked("It leaves only when one of these tables it: %(roles)s. Nobody has yet."),
    "draft_dropped": marked("%(who)s put it away %(at)s; it can be brought out again."),
    "draft_tabled": marked("It was tabled; from then on it stands in the record."),
    "official_entered": marked(
        "%(who)s entered this person here %(at)s, with the roles: %(roles)s."
    ),
    "roles_given": marked("%(who)s gave the roles as they are now %(at)s: %(roles)s."),
    "account_closed": marked("%(who)s closed the account %(at)s."),
    "account_opened": marked("%(who)s opened the account again %(at)s."),
    "no_way_in": marked("No password is set and no passkey added: an invitation is the way in."),
    "approval_asked": marked("%(who)s asked for it %(at)s."),
    "approval_given": marked("%(who)s approved it %(at)s, with the own passkey."),
    "approval_missing": marked(
        "Approvals still needed: %(n)s. By rule two of %(roles)s give it, not the person concerned;"
        " here that is: %(who)s. Without them it lapses %(at)s."
    ),
    "approval_done": marked("By rule it was done at once when the second person approved."),
    "approval_lapsed": marked("By rule it lapsed %(at)s: two persons had not approved by then."),
    "approval_refused": marked("%(who)s refused it %(at)s; nothing happened."),
    "letter_read": marked("%(who)s read their letter here %(at)s."),
    "letter_not_compared": marked(
        "By rule nothing is accepted before one of us types the fingerprint as they read it out."
    ),
    "letter_compared": marked("%(who)s typed what they read out %(at)s, and it agreed."),
    "letter_signed": marked("Signed the acceptance: %(who)s."),
    "letter_unsigned": marked("By rule both appointing officials sign it; missing: %(who)s."),
    "wish_asked": marked("%(who)s asked for the release %(at)s."),
    "wish_waits": marked("By rule a release officer decides it, and nobody has yet."),
    "wish_released": marked("%(who)s released it %(at)s."),
    "wish_declined": marked("%(who)s declined it %(at)s: %(reason)s"),
    "wish_cancelled": marked("%(who)s took the wish back %(at)s."),
    "request_asked": marked("It was asked for %(at)s."),
    "request_signed": marked("Signed with the own keys: %(who)s."),
    "request_missing": marked("Signatures still needed: %(n)s, of: %(who)s."),
    "request_done": marked("The last signature came in %(at)s, and what was asked for was done."),
    "request_dropped": marked("%(who)s dropped it %(at)s; nothing binding had happened."),
}
#: Who stands behind a change, where that is not one official.
_BEHIND: Final[Mapping[str, str]] = {
    "folder": marked("Whoever holds the node's folder"),
    "two_persons": marked("Two persons (%(names)s)"),
}
_RULES: Final[Mapping[str, str]] = {
    "conclude-when-signed": marked("by rule: concluded as soon as all had signed"),
    "anchor-daily": marked("by rule: once a day"),
    "ruling": marked("by the node, as the agreement's articles ruled"),
}
_HOUSE: Final[Mapping[str, str]] = {
    "house.red_lines": marked("Red lines were set."),
    "house.deviation": marked("A red line was let pass for one unit."),
    "house.clearance": marked("This exact text was cleared for signature."),
    "house.release": marked("The release was decided."),
    "house.withdrawn": marked("The release was taken back."),
    "house.ruling": marked("The node ruled on a crossing."),
    "house.access": marked("The bytes of a transfer were let out once more."),
    "house.uncounted": marked("What came under an authorisation could not be counted any more."),
    "house.transfer": marked("A transfer was paused, gone on with or ended by an official."),
    "house.rule": marked("The node acted by its rule."),
    "house.official": marked("An official was entered."),
    "house.dataspace": marked("Something was done with a registered connector."),
    "house.letter_exported": marked("Our letter was handed out."),
    "house.letter_accepted": marked("The counterpart's letter was accepted."),
    "house.frozen": marked("The relationship was frozen for new acts."),
    "house.recovered": marked("Our entries were recovered from the counterpart."),
    "house.acted": marked("An official entered acts that were recorded."),
    "house.account": marked("The account of an official was changed."),
    "house.approval_asked": marked("The approval of a second person was asked for."),
    "house.approval_given": marked("A second person approved."),
    "house.approval_refused": marked("A second person refused."),
    "house.declined": marked("The release was declined."),
    "house.draft": marked("The draft was changed."),
    "house.disclosure": marked("What we may disclose for a project was set."),
    "house.fingerprint_differed": marked("The fingerprints did not agree."),
    "house.letter_put_aside": marked("The counterpart's letter was put aside."),
    "house.letter_read": marked("The counterpart's letter was read."),
    "house.note": marked("A private note was written."),
    "house.passkey_added": marked("A passkey was added."),
    "house.passkey_removed": marked("A passkey was removed."),
    "house.review": marked("The legal review of a unit was recorded."),
    "house.review_overruled": marked("The legal review of a unit was overruled."),
    "house.settled": marked("What waited for a person was settled."),
    "house.token": marked("An access token was made or ended."),
}
_UNITS_SHOWN: Final = 6


def state(words: Words, code: object) -> str:
    """Return a state in words; an unknown one stands for itself."""
    name = _STATES.get(str(code))
    return str(code) if name is None else words.gettext(name)


def because(words: Words, reason: Facts) -> str:
    """Return one reason for a state in words."""
    text = _REASONS.get(str(reason.get("code")))
    if text is None:
        return str(reason.get("code"))
    at = parse_instant(reason.get("at"))
    said = words.say(
        text,
        article=person(reason.get("article") or words.gettext("the text")),
        at="—" if at is None else words.local(at),
        units=_units(words, reason),
        reason=person(reason.get("reason")),
        n=words.number(n) if isinstance(n := reason.get("n"), int) else "",
        who=_who(words, reason),
        roles=role_names(words, _listed(reason.get("roles"))),
    )
    units = _units(words, reason)
    if reason.get("code") == "suspended" and units:
        said += " " + words.say("Only these units: %(units)s.", units=units)
    if reason.get("code") == "suspended" and at is not None:
        said += " " + words.say("It ends by itself %(at)s.", at=words.local(at))
    return said


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _who(words: Words, reason: Facts) -> str:
    """Return the persons a reason names, or what stands for them."""
    names = ", ".join(person(one) for one in _listed(reason.get("who")))
    behind = _BEHIND.get(str(reason.get("rule")))
    if behind is not None:
        return words.say(behind, names=names)
    return names or words.gettext("nobody")


def _units(words: Words, reason: Facts) -> str:
    units = [str(one) for one in _listed(reason.get("units"))]
    more = reason.get("units_more")
    left = len(units[_UNITS_SHOWN:]) + (more if isinstance(more, int) else 0)
    named = ", ".join(person(one) for one in units[:_UNITS_SHOWN])
    if left:
        return words.say("%(units)s and %(n)s more", units=named, n=words.number(left))
    return named


def by_whom(words: Words, who: object) -> str:
    """Return who did it, as far as the reader may know; empty where only the party is known."""
    if not isinstance(who, Mapping):
        return ""
    parts = []
    if who.get("signer"):
        name, office = person(who["signer"]), person(who.get("office"))
        parts.append(words.say("signed by %(name)s, %(office)s", name=name, office=office))
    if who.get("entered_by"):
        name = person(who.get("entered_by_name") or who["entered_by"])
        parts.append(words.say("entered by %(name)s", name=name))
    rule = _RULES.get(str(who.get("rule")))
    if rule is not None:
        parts.append(words.gettext(rule))
    return "; ".join(parts)


def house(words: Words, row: Facts) -> str:
    """Return what an entry of the house log says in words; an unknown kind stands for itself."""
    name = _HOUSE.get(str(row.get("code")))
    return str(row.get("code")) if name is None else words.gettext(name)


def house_kinds(words: Words) -> list[tuple[str, str]]:
    """Return the kinds of the house log, for a choice."""
    return [(code, words.gettext(name)) for code, name in _HOUSE.items()]
