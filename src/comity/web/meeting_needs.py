"""The words for what waits in meetings: for us, for them, and for both.

Sentences hold no words of people; the title of the meeting stands beside them.
"""

from collections.abc import Mapping

from comity.web.visit import Visit


def meeting_sentences(visit: Visit) -> dict[str, str]:
    """Return the sentences by code; ``.them`` and ``.both`` where it is not for us alone."""
    return {
        "meeting.answer": visit._("They propose a time: confirm it, or name another."),
        "meeting.answer.them": visit._("We propose a time; they have not answered."),
        "meeting.again": visit._("They changed its agenda after we had agreed to it: agree anew."),
        "meeting.again.them": visit._("We changed its agenda after they had agreed to it."),
        "meeting.again.both": visit._("Its agenda was changed after each of us had agreed to it."),
        "meeting.agree": visit._("They agree to its agenda; our word is missing."),
        "meeting.agree.them": visit._("We agree to its agenda; their word is missing."),
        "meeting.open": visit._("They have opened it; it is in session once we open it too."),
        "meeting.open.them": visit._("We have opened it; it is in session once they open it too."),
        "meeting.concur": visit._("They wrote down what came of it: concur, or write our own."),
        "meeting.concur.them": visit._("We wrote down what came of it; they have not concurred."),
        "meeting.close": visit._("They have closed or adjourned it; our word is missing."),
        "meeting.close.them": visit._("We have closed or adjourned it; their word is missing."),
        "meeting.record": visit._("Its record is to be drafted, answered or agreed by us."),
        "meeting.record.them": visit._("Its record is to be drafted, answered or agreed by them."),
        "meeting.record.both": visit._("Its record is to be answered or agreed by both."),
        "meeting.concur.both": visit._("Each of us wrote down what came of it: concur, or not."),
        "meeting.time.both": visit._("It is postponed: name another time, or cancel it."),
        "meeting.agenda.both": visit._(
            "It begins within 14 days, and its agenda is not agreed: add to it, and agree."
        ),
        "meeting.begin.both": visit._(
            "Its time has come, and it is not open: agree to its agenda, and open or postpone it."
        ),
        "meeting.conclude.both": visit._(
            "It is in session: write down what came of it, and close it."
        ),
        "meeting.resume.both": visit._("It is adjourned: open it again, or close it."),
        "meeting.commit.both": visit._(
            "What was agreed in it as a commitment is none yet: propose it as one."
        ),
    }


def meeting_nothing(visit: Visit) -> dict[str, str]:
    """Return by code what happens to a meeting if nobody acts."""
    agenda = visit._("Nothing by itself; the agenda stays open.")
    none = visit._("Nothing by itself; no meeting is held.")
    closed = visit._("Nothing by itself; the meeting is not in session.")
    session = visit._("Nothing by itself; the meeting stays in session.")
    return {
        "meeting.answer": none,
        "meeting.agree": agenda,
        "meeting.again": agenda,
        "meeting.open": closed,
        "meeting.concur": visit._("Nothing by itself; it stays the word of one side."),
        "meeting.close": session,
        "meeting.record": visit._("Nothing by itself; the meeting has no agreed record."),
        "meeting.time": none,
        "meeting.agenda": agenda,
        "meeting.begin": closed,
        "meeting.conclude": session,
        "meeting.resume": visit._("Nothing by itself; the meeting stays adjourned."),
        "meeting.commit": visit._("Nothing by itself; nothing is owed."),
    }


def meeting_matters(visit: Visit) -> Mapping[str, str]:
    """Return what is open in meetings as both sides would put it."""
    return {
        "meeting.answer": visit._("an answer to the time of a meeting"),
        "meeting.again": visit._("a word for an agenda that was changed"),
        "meeting.agree": visit._("the second word for an agenda"),
        "meeting.open": visit._("the second word for opening a meeting"),
        "meeting.concur": visit._("a word on what came of a meeting"),
        "meeting.close": visit._("the second word for closing a meeting"),
        "meeting.record": visit._("the record of a meeting"),
        "meeting.time": visit._("another time for a meeting that is postponed"),
        "meeting.agenda": visit._("the agenda of a meeting that is near"),
        "meeting.begin": visit._("the opening of a meeting whose time has come"),
        "meeting.conclude": visit._("the close of a meeting in session"),
        "meeting.resume": visit._("the going on of a meeting that is adjourned"),
        "meeting.commit": visit._("the proposal of a commitment agreed in a meeting"),
    }
