"""The words for what needs somebody: by code, in the reader's language, and where to act on it.

Sentences hold no words of people; titles and names stand beside them, each in its own direction.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.instants import Instant
from comity.relationship.news import NEWS_DAYS
from comity.web.meeting_needs import meeting_nothing, meeting_sentences
from comity.web.project_needs import project_nothing, project_sentences
from comity.web.roles import role_name
from comity.web.visit import Visit, at

Row = Mapping[str, object]


#: Where things of a kind are acted on, before and after their id; some by code.
_PLACES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "agreement": (("agreements",), ("conclude",)),
    "text.turn": (("agreements",), ()),
    "text.confirm": (("agreements",), ()),
    "review.due": (("agreements",), ()),
    "term.ends": (("agreements",), ()),
    "draft.untabled": (("drafts",), ()),
    "request": (("requests",), ()),
    "approval": (("people", "approvals"), ()),
    "wish": (("releases",), ()),
    "exchange": (("exchanges",), ()),
    "proposal": (("connectors", "proposals"), ()),
    "commitment": (("commitments",), ()),
    "body": (("bodies",), ()),
    "meeting": (("meetings",), ()),
    "project": (("projects",), ()),
    **dict.fromkeys(
        (f"project.{step}" for step in ("plan", "agree_plan", "claim", "due", "overdue", "accept")),
        (("projects",), ("plan",)),
    ),
    **dict.fromkeys(
        (
            f"project.{step}"
            for step in ("confirm", "receive", "give_back", "take_back", "loan_due")
        ),
        (("projects",), ("register",)),
    ),
    "project.sheet": (("projects",), ("sheet",)),
    "statement": (("statements",), ()),
    "authorisation": (("authorisations",), ()),
    "retransfer": (("retransfers",), ()),
    "endcheck": (("endchecks",), ()),
}


def address(row: Row) -> str:
    """Return the place to act on a need."""
    thing = row["object"]
    assert isinstance(thing, Mapping)
    kind = str(thing["kind"])
    if kind == "connector":
        return at("connector", of=str(thing["id"]))
    found = _PLACES.get(str(row["code"])) or _PLACES.get(kind)
    if found is None:
        return at("held" if kind == "transfer" else "health")
    before, after = found
    return at(*before, str(thing["id"]), *after)


def sentence(visit: Visit, row: Row) -> str:
    """Return what it is, in one sentence without the words of people."""
    facts = row["facts"]
    assert isinstance(facts, Mapping)
    theirs = f".{row['who']}"
    counted = facts.get("units")
    units = counted if isinstance(counted, int) else 0
    words = {
        **project_sentences(visit, facts),
        **_technology(visit, facts),
        **_statements(visit),
        **_bodies(visit),
        **meeting_sentences(visit),
        **_commitments(visit, facts),
        **_told(visit),
        "text.talk": visit._("They have tabled it: say whether we talk about it."),
        "text.talk.them": visit._("We have tabled it: they must say whether they talk about it."),
        "text.turn": visit.words.ngettext(
            "%(units)s unit of the text waits for our answer.",
            "%(units)s units of the text wait for our answer.",
            units,
        ),
        "text.turn.them": visit.words.ngettext(
            "%(units)s unit of the text waits for their answer.",
            "%(units)s units of the text wait for their answer.",
            units,
        ),
        "text.confirm": visit.words.ngettext(
            "%(units)s unit that we accepted ad referendum waits for our confirmation.",
            "%(units)s units that we accepted ad referendum wait for our confirmation.",
            units,
        ),
        "text.confirm.them": visit.words.ngettext(
            "%(units)s unit that they accepted ad referendum waits for their confirmation.",
            "%(units)s units that they accepted ad referendum wait for their confirmation.",
            units,
        ),
        "text.adopt": visit._("The text is clean and is to be adopted by us."),
        "text.adopt.them": visit._("The text is clean; we have adopted it, they have not."),
        "text.initial": visit._("The adopted text is to be initialled by us."),
        "text.initial.them": visit._("We have initialled the text; they have not."),
        "window.propose": visit._("It is initialled: a signing window is to be proposed."),
        "window.ready": visit._("They propose a signing window: say whether we are ready."),
        "window.ready.them": visit._("We propose a signing window; they have not agreed to it."),
        "window.sign": visit._("A signature of ours is missing in the open window."),
        "window.sign.them": visit._("A signature of theirs is missing in the open window."),
        "suspension.standing": visit._("It is suspended by us, as a whole or in part."),
        "suspension.standing.them": visit._("It is suspended by them, as a whole or in part."),
        "review.due": visit._("A review is due within %(months)s months."),
        "term.ends": visit._("The term ends within %(months)s months."),
        "relationship.frozen": visit._("No new acts are possible: the relationship is frozen."),
        "relationship.unreachable": visit._("Nothing gets through to them."),
        "relationship.not_accepted.them": visit._("They have not accepted our letter yet."),
        "release.decide": visit._("Its release to them is to be decided."),
        "transfer.held": visit._("They sent it unasked; a person decides."),
        "connector.decide": visit._("A step with a registered connector waits for a person."),
        "connector.confirm": visit._("A registration waits for a second person."),
        "connector.unreachable": visit._("Nothing gets through to this connector."),
        "request.sign": visit._("It waits for a personal signature."),
        "approval.decide": visit._("A change of a person's roles or account is to be approved."),
        "draft.untabled": visit._("The draft is not tabled yet."),
    }
    code = str(row["code"])
    text = words.get(code + theirs) or words.get(code) or code
    return text % facts if facts else text


def _commitments(visit: Visit, facts: Row) -> dict[str, str]:
    """Return the sentences for commitments; of a disputed one, where it comes up."""
    said = visit._("Its claim is disputed. It comes up at the next meeting; none is arranged.")
    meeting = facts.get("meeting")
    if isinstance(meeting, Mapping):
        day = visit.words.day(Instant.parse(str(meeting["start"])))
        said = visit._("Its claim is disputed. It comes up at the meeting of %(day)s.", day=day)
    return {
        "commitment.answer": visit._("They propose a commitment: accept or decline it."),
        "commitment.answer.them": visit._("We propose a commitment; they have not answered."),
        "commitment.acknowledge": visit._("They claim it is fulfilled: say what it comes to."),
        "commitment.acknowledge.them": visit._("We claim it is fulfilled; they have not answered."),
        "commitment.redate": visit._("They ask for another due date: agree to it, or not."),
        "commitment.redate.them": visit._("We ask for another due date; they have not agreed."),
        "commitment.fail": visit._("They find that it was not kept; our word is missing."),
        "commitment.fail.them": visit._("We find that it was not kept; their word is missing."),
        "commitment.release": visit._("They would release it; it takes our word too."),
        "commitment.release.them": visit._("We would release it; it takes their word too."),
        "commitment.disputed": said,
        "commitment.overdue": visit._("What we owe is overdue."),
        "commitment.overdue.them": visit._("What they owe is overdue."),
        "commitment.due": visit._("What we owe comes due within 30 days."),
        "commitment.due.them": visit._("What they owe comes due within 30 days."),
    }


def _told(visit: Visit) -> dict[str, str]:
    """Return the sentences for what the other side did and nobody has to answer."""
    return {
        "told.declined": visit._("They declined it; they say why."),
        "told.withdrawn": visit._("They took the proposal back."),
        "told.accepted": visit._("They accepted the claim of a milestone."),
        "told.rejected": visit._("They rejected the claim of a milestone; they say why."),
        "told.recalled": visit._("They took back what they had said on it, before it counted."),
        "told.replanned": visit._(
            "The plan was changed after both had approved it: see what it says."
        ),
        "told.struck": visit._("They struck an item from its register: see what stands there now."),
        "told.ended": visit._("It has ended with their word: see how, and what is still lent."),
        "told.owed": visit._("They accepted it: from now on it is owed."),
        "told.kept": visit._("They said what the claim comes to: it was kept."),
        "told.kept_late": visit._("They said what the claim comes to: it was kept late."),
        "told.partly_kept": visit._("They said what the claim comes to: it was kept in part."),
        "told.not_kept": visit._("They found so too: it was not kept."),
        "told.let_off": visit._("It is released with their word: nobody owes it any more."),
        "told.body": visit._("They accepted it: it can meet."),
        "told.confirmed": visit._("They confirmed its time and place."),
        "told.off": visit._("They declined or cancelled it; they say why."),
        "told.postponed": visit._("They postponed it: another time is to be named."),
        "told.text": visit._("They agreed to its texts: they stand."),
        "told.pulled": visit._("They pulled it: it is not released; they say why."),
        "told.readout": visit._("They published a read-out of their own: see where it departs."),
        "told.denied": visit._("They decided against it; read why on its page."),
        "told.amend_denied": visit._(
            "They decided against the amendment; it stands as it was. Read why on its page."
        ),
        "told.amend_unasked": visit._(
            "They took the amendment they had asked for back: nothing of it is to be decided."
        ),
        "told.amend_replaced": visit._(
            "Your amendment was replaced by theirs, which waits for its decision. If they take"
            " theirs back, yours waits again."
        ),
        "told.amend_restored": visit._(
            "They took their amendment back: yours, which it had replaced, waits again."
        ),
        "told.unasked": visit._("They took their request back: nothing is to be decided."),
        "told.case": visit._(
            "They took their request back while the authority has it: recall the case there."
        ),
        "told.used_up": visit._(
            "What crossed last under it has come, and it is used up: nothing more crosses under it."
        ),
        "told.check_off": visit._("They took the end-use check back: it is not made."),
        "told.active": visit._(
            "They gave the assurance and accepted the provisos: items can cross under it, within"
            " its dates."
        ),
        "told.released": visit._(
            "They released an item to us under it: it can be fetched, under “Released to us”."
        ),
        "told.sent": visit._("They sent us an item under it; its page says whether it came."),
        "told.came": visit._(
            "An item came to us under it: open it on its page, under “Use so far”."
        ),
        "told.disposed": visit._("They said what became of what came."),
        "told.settled": visit._("They reported the same totals as we did: these count now."),
        "told.resumed": visit._("They let it go on: items can cross under it again."),
        "told.revoked": visit._("They revoked it: it has ended, and nothing crosses under it."),
        "told.consented": visit._("They consent to passing it on; see with which provisos."),
        "told.refused": visit._("They refuse to let it be passed on; they say why."),
        "told.arranged": visit._("They agreed to the time and place of the check: they stand."),
        "told.concluded": visit._("They said what the check comes to."),
    }


def _bodies(visit: Visit) -> dict[str, str]:
    return {
        "body.answer": visit._("They propose a body: accept or decline it."),
        "body.answer.them": visit._("We propose a body; they have not answered."),
        "body.terms": visit._("Terms of reference are named for it: name the same, or others."),
        "body.terms.them": visit._("We named terms of reference for it; they have not."),
    }


def _accepting(visit: Visit) -> dict[str, str]:
    return {
        "authorisation.accept": visit._("It is assured: accept its provisos, or nothing crosses."),
        "authorisation.accept.them": visit._(
            "It is assured; they have not accepted its provisos, and nothing crosses."
        ),
    }


def _sent_back(visit: Visit) -> dict[str, str]:
    return {
        "authorisation.returned": visit._(
            "The authority sent it back: read why, and hand it in again."
        ),
        "authorisation.returned.them": visit._(
            "Their authority sent it back: read why. They can hand it in again; to ask otherwise"
            " takes a new request."
        ),
        "authorisation.declined": visit._(
            "They declined the decision: read why. It can be handed to the authority again."
        ),
        "authorisation.declined.them": visit._(
            "We declined the decision; they can hand it to the authority again."
        ),
    }


def _totals(visit: Visit) -> dict[str, str]:
    return {
        "authorisation.report": visit._(
            "They reported the totals of a period: compare them with our record, and report ours."
        ),
        "authorisation.report.them": visit._(
            "We reported the totals of a period; they have not reported theirs."
        ),
        "authorisation.totals": visit._(
            "The totals of the two differ: they count once both report the same."
        ),
    }


def _technology(visit: Visit, facts: Row) -> dict[str, str]:
    """Return the sentences for authorisations, and for what follows a transfer."""
    stopped = visit._("We suspended it: nothing crosses under it. Let it go on, or revoke it.")
    if facts.get("suspended_by") == "them":  # and something came
        stopped = visit._(
            "They suspended it: nothing crosses under it. Stop the use of what came; they can let"
            " it go on."
        )
    return {
        "authorisation.decide": visit._("A transfer of an item of ours is to be decided."),
        "authorisation.decide.them": visit._("A transfer of their item is to be decided by them."),
        **_sent_back(visit),
        "authorisation.amend": visit._("An amendment of it is to be decided by us."),
        "authorisation.amend.them": visit._("An amendment of it is to be decided by them."),
        "authorisation.assure_anew": visit._(
            "An amendment of it is approved: nothing crosses before we give the assurance anew."
        ),
        "authorisation.assure_anew.them": visit._(
            "An amendment of it is approved; their assurance anew is missing."
        ),
        "authorisation.assure": visit._("It is approved: give the assurance that was asked for."),
        "authorisation.assure.them": visit._("It is approved; their assurance is missing."),
        **_accepting(visit),
        **_totals(visit),
        "authorisation.suspended": stopped,
        "authorisation.suspended.them": visit._(
            "They suspended it: nothing has come under it yet, and no transfer can start. They can"
            " let it go on."
        ),
        "authorisation.revoked": visit._(
            "They revoked it: nothing crosses under it. Stop the use of what came, and say what"
            " became of it."
        ),
        "authorisation.revoked.them": visit._(
            "We revoked it; they have not said what became of what came."
        ),
        "retransfer.answer": visit._("They ask to pass an item of ours on: consent, or refuse."),
        "retransfer.answer.them": visit._("We ask to pass an item on; they have not answered."),
        "retransfer.returned": visit._(
            "They sent our question about passing on back: read why, and ask again or take it back."
        ),
        "retransfer.returned.them": visit._(
            "We sent their question about passing on back; they have not asked again."
        ),
        "endcheck.agree": visit._(
            "They named a time and place for an end-use check: agree, or name another."
        ),
        "endcheck.agree.them": visit._(
            "We named a time and place for an end-use check; they have not agreed."
        ),
        "endcheck.arrange": visit._("An end-use check waits for us to name a time and place."),
        "endcheck.arrange.them": visit._("An end-use check waits for their time and place."),
        "endcheck.report": visit._(
            "The time named for an end-use check has passed: report what was seen, or name another."
        ),
        "endcheck.report.them": visit._(
            "The time named for an end-use check has passed; they have not reported."
        ),
        "endcheck.conclude": visit._("An end-use check was made: say what it comes to."),
        "endcheck.conclude.them": visit._(
            "An end-use check was made; they have not said what it comes to."
        ),
    }


def _statements(visit: Visit) -> dict[str, str]:
    """Return the sentences for joint statements."""
    return {
        "statement.draft": visit._("No text of it is on the table: draft one and table it."),
        "statement.text": visit._("Its text is to be agreed by us."),
        "statement.text.them": visit._("Its text is to be agreed by them."),
        "statement.mark": visit._("Say which of its sentences commit: we have not marked them."),
        "statement.mark.them": visit._("They have not marked its sentences as we did."),
        "statement.text_differs.both": visit._(
            "Each side named other texts; none counts until both say the same."
        ),
        "statement.mark_differs.both": visit._(
            "Each side marks a sentence otherwise; it counts once both say the same."
        ),
        "statement.order_differs.both": visit._(
            "Each side orders another release: what stood before stands until both say the same."
        ),
        "statement.clear": visit._("It is to be cleared by our press or legal people."),
        "statement.clear.them": visit._("It is to be cleared by their press or legal people."),
        "statement.order": visit._("It is cleared: order its release, or agree to theirs."),
        "statement.order.them": visit._("We ordered its release; they have not agreed."),
        "statement.release": visit._("Its time has come; our side has not released it."),
        "statement.release.them": visit._("We have released it; they have not."),
        "statement.correct": visit._("They ask for an erratum: accept it, or not."),
        "statement.correct.them": visit._("We ask for an erratum; they have not answered."),
    }


#: Where the item of an authorisation does not cross before somebody acts.
_ITEM_STAYS: Final = ("decide", "returned", "declined", "assure", "assure_anew", "accept")


def nothing(visit: Visit, row: Row) -> str:
    """Return what happens if nobody acts: mostly nothing, by itself."""
    waits = visit._("Nothing by itself; the text stays where it is.")
    line = visit._("Nothing crosses until it is put right; nothing is lost.")
    stays = visit._("Nothing by itself; the item does not cross.")
    words = {
        **{f"text.{each}": waits for each in ("talk", "turn", "confirm", "adopt", "initial")},
        "window.propose": waits,
        "window.ready": visit._("The proposed window passes; nothing is signed."),
        "window.sign": visit._("The window closes; without every signature nothing is signed."),
        "suspension.standing": visit._("It stays suspended, until a date it names, if it does."),
        "body.answer": visit._("Nothing by itself; there is no such body."),
        "body.terms": visit._("Nothing by itself; its terms of reference stay as they are."),
        **dict.fromkeys(
            (f"statement.{step}" for step in ("draft", "text", "mark", "clear", "order")),
            visit._("Nothing by itself; nothing is released."),
        ),
        **dict.fromkeys(
            (f"statement.{step}_differs" for step in ("text", "mark", "order")),
            visit._("Nothing by itself; what stood before stands."),
        ),
        "statement.release": visit._("Nothing by itself; both release, or it is not out."),
        "statement.correct": visit._("Nothing by itself; the statement stays as it is."),
        **{f"authorisation.{each}": stays for each in _ITEM_STAYS},
        "authorisation.amend": visit._("Nothing by itself; it stands as it is."),
        "authorisation.suspended": visit._("Nothing by itself; it stays suspended."),
        "authorisation.revoked": visit._("Nothing by itself; it has ended."),
        **dict.fromkeys(
            ("authorisation.report", "authorisation.totals"),
            visit._("Nothing by itself; the totals of neither count."),
        ),
        "retransfer.answer": visit._("Nothing by itself; no answer is no consent."),
        "retransfer.returned": visit._("Nothing by itself; it is not passed on."),
        "endcheck.arrange": visit._("Nothing by itself; the check has no time."),
        "endcheck.agree": visit._("Nothing by itself; the check has no time."),
        "endcheck.report": visit._("Nothing by itself; the check stays arranged."),
        "endcheck.conclude": visit._("Nothing by itself; the check has no result."),
        "commitment.answer": visit._("Nothing by itself; nothing is owed."),
        "commitment.acknowledge": visit._("Nothing by itself; nothing is kept by silence."),
        "commitment.redate": visit._("Nothing by itself; the old due date stays."),
        "commitment.disputed": visit._("Nothing by itself; the claim stays disputed."),
        "commitment.fail": visit._("Nothing by itself; it stays the word of one side."),
        "commitment.release": visit._("Nothing by itself; it stays owed."),
        "commitment.overdue": visit._("Nothing by itself; both sides see that it is overdue."),
        "commitment.due": visit._("Nothing by itself; on that day both sides see it as overdue."),
        "review.due": visit._("Nothing by itself; the text says that a review is due."),
        "term.ends": visit._("The agreement ends on that day, as its text says."),
        "relationship.frozen": line,
        "relationship.unreachable": line,
        "relationship.not_accepted": visit._("Nothing by itself; nothing can be tabled to them."),
        "release.decide": visit._("Nothing is released."),
        "transfer.held": visit._("Nothing is taken in."),
        "connector.decide": visit._("Nothing by itself; it waits, and the other side may end it."),
        "connector.confirm": visit._("The proposal lapses; nothing of it holds."),
        "connector.unreachable": line,
        "request.sign": visit._("Nothing by itself; what was asked for is not done."),
        "approval.decide": visit._("The request lapses; nothing changes."),
        "draft.untabled": visit._("Nothing leaves the house."),
    }
    code = str(row["code"])
    if code.startswith("told."):
        return visit._("Nothing; it leaves this list after %(days)s days.", days=NEWS_DAYS)
    return words.get(code) or meeting_nothing(visit).get(code) or project_nothing(visit, code)


def consequence(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the badge and the words for what hangs on it."""
    words = {
        "nothing_crosses": ("bad", visit._("nothing crosses")),
        "window_closes": ("bad", visit._("a window closes")),
        "items_stay": ("wait", visit._("items do not cross")),
        "other_waits": ("wait", visit._("the other side waits")),
        "date_comes": ("open", visit._("a date comes")),
        "own_work": ("plain", visit._("our own pace")),
        "to_know": ("plain", visit._("to know")),
    }
    kind, said = words[str(row["consequence"])]
    if row["who"] == "them" and row["consequence"] == "other_waits":
        return "plain", visit._("we wait")
    if row["who"] == "both" and row["consequence"] == "other_waits":
        facts = row["facts"]
        each = isinstance(facts, Mapping) and facts.get("each") is True
        return "plain", visit._("each side has to act") if each else visit._("both can act")
    return kind, said


def by_whom(visit: Visit, row: Row) -> str:
    """Return who can act on it: a person, an office of ours, or the other side."""
    persons, roles = _texts(row["persons"]), _texts(row["roles"])
    joined = visit._(" or ").join(persons)
    if row["who"] == "them":
        return joined or str(row["counterpart"] or "")
    if persons:
        return joined
    named = [role_name(visit.words, role) for role in roles]
    return visit._(" or ").join(named) or visit._("anybody of us")


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, Sequence) else []
