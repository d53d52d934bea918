"""What acts on things that live by steps say: by kind its name, and the sentence with who did it.

Each family has its rows; a test holds them against the kinds that the record knows.
"""

from collections.abc import Mapping
from typing import Final

from comity.web.deed_words_statements import STATEMENTS
from comity.web.deed_words_technology import TECHNOLOGY
from comity.web.texts import marked

COMMITMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "commitment.propose": (
        marked("Commitment proposed"),
        marked("%(who)s proposed a commitment%(title)s."),
    ),
    "commitment.accept": (
        marked("Commitment accepted"),
        marked("%(who)s accepted a commitment%(title)s."),
    ),
    "commitment.decline": (
        marked("Commitment declined"),
        marked("%(who)s declined a commitment%(title)s."),
    ),
    "commitment.withdraw": (
        marked("Proposal taken back"),
        marked("%(who)s took the proposal of a commitment back%(title)s."),
    ),
    "commitment.progress": (
        marked("Progress"),
        marked("%(who)s said how a commitment goes%(title)s."),
    ),
    "commitment.claim": (
        marked("Claim"),
        marked("%(who)s claimed that a commitment is fulfilled%(title)s."),
    ),
    "commitment.acknowledge": (
        marked("Acknowledgement"),
        marked("%(who)s said what a claim comes to%(title)s."),
    ),
    "commitment.dispute": (marked("Dispute"), marked("%(who)s disputed a claim%(title)s.")),
    "commitment.redate": (
        marked("Another due date"),
        marked("%(who)s named another due date of a commitment%(title)s."),
    ),
    "commitment.release": (
        marked("Commitment released"),
        marked("%(who)s released the performer of a commitment%(title)s."),
    ),
    "commitment.fail": (
        marked("Found not kept"),
        marked("%(who)s found that a commitment was not kept%(title)s."),
    ),
    "commitment.recall": (
        marked("Taken back"),
        marked("%(who)s took back, before it counted, what it had said on a commitment%(title)s."),
    ),
}

BODIES: Final[Mapping[str, tuple[str, str]]] = {
    "body.propose": (marked("Body proposed"), marked("%(who)s proposed a body%(title)s.")),
    "body.accept": (marked("Body accepted"), marked("%(who)s accepted a body%(title)s.")),
    "body.decline": (marked("Body declined"), marked("%(who)s declined a body%(title)s.")),
    "body.withdraw": (
        marked("Body taken back"),
        marked("%(who)s took the proposal of a body back%(title)s."),
    ),
    "body.appoint": (
        marked("Own side of a body named"),
        marked("%(who)s named its own side of a body%(title)s."),
    ),
    "body.terms": (
        marked("Terms of reference of a body named"),
        marked("%(who)s named terms of reference for a body%(title)s."),
    ),
    "body.wind_up": (marked("Body wound up"), marked("%(who)s wound a body up%(title)s.")),
}

MEETINGS: Final[Mapping[str, tuple[str, str]]] = {
    "meeting.propose": (marked("Meeting proposed"), marked("%(who)s proposed a meeting%(title)s.")),
    "meeting.counter": (
        marked("Another time or place"),
        marked("%(who)s named another time or place for a meeting%(title)s."),
    ),
    "meeting.confirm": (
        marked("Meeting confirmed"),
        marked("%(who)s confirmed a meeting%(title)s."),
    ),
    "meeting.decline": (marked("Meeting declined"), marked("%(who)s declined a meeting%(title)s.")),
    "meeting.postpone": (
        marked("Meeting postponed"),
        marked("%(who)s postponed a meeting%(title)s."),
    ),
    "meeting.cancel": (
        marked("Meeting cancelled"),
        marked("%(who)s cancelled a meeting%(title)s."),
    ),
    "meeting.add": (
        marked("Item for the agenda"),
        marked("%(who)s put an item on an agenda%(title)s."),
    ),
    "meeting.consent": (
        marked("Consent to an item"),
        marked("%(who)s consented to an item of an agenda%(title)s."),
    ),
    "meeting.drop": (
        marked("Item taken off"),
        marked("%(who)s took an item off an agenda%(title)s."),
    ),
    "meeting.agree": (marked("Agenda agreed"), marked("%(who)s agreed to an agenda%(title)s.")),
    "meeting.attend": (
        marked("Attendance"),
        marked("%(who)s said who attends for its side%(title)s."),
    ),
    "meeting.open": (marked("Meeting opened"), marked("%(who)s opened a meeting%(title)s.")),
    "meeting.outcome": (marked("Outcome"), marked("%(who)s wrote an outcome down%(title)s.")),
    "meeting.retract": (
        marked("Outcome taken back"),
        marked("%(who)s took an outcome back%(title)s."),
    ),
    "meeting.concur": (marked("Outcome agreed"), marked("%(who)s agreed to an outcome%(title)s.")),
    "meeting.adjourn": (
        marked("Meeting adjourned"),
        marked("%(who)s adjourned a meeting%(title)s."),
    ),
    "meeting.close": (marked("Meeting closed"), marked("%(who)s closed a meeting%(title)s.")),
    "meeting.draft": (
        marked("Record drafted"),
        marked("%(who)s drafted the record of a meeting%(title)s."),
    ),
    "meeting.version": (
        marked("Another version"),
        marked("%(who)s wrote its own version of an item of a record%(title)s."),
    ),
    "meeting.take": (
        marked("Item of a record agreed"),
        marked("%(who)s agreed to an item of a record%(title)s."),
    ),
    "meeting.seal": (
        marked("Record agreed"),
        marked("%(who)s agreed to the record of a meeting%(title)s."),
    ),
    "meeting.recall": (
        marked("Taken back"),
        marked("%(who)s took back, before it counted, what it had said on a meeting%(title)s."),
    ),
}

PROJECTS: Final[Mapping[str, tuple[str, str]]] = {
    "project.propose": (marked("Project proposed"), marked("%(who)s proposed a project%(title)s.")),
    "project.explore": (
        marked("Exploratory talks"),
        marked("%(who)s agreed to explore a project%(title)s."),
    ),
    "project.decline": (marked("Project declined"), marked("%(who)s declined a project%(title)s.")),
    "project.withdraw": (
        marked("Project taken back"),
        marked("%(who)s took the proposal of a project back%(title)s."),
    ),
    "project.name": (
        marked("Sponsor and user named"),
        marked("%(who)s named its sponsor and user of a project%(title)s."),
    ),
    "project.intend": (
        marked("Intent"),
        marked("%(who)s stated the intent for a project%(title)s."),
    ),
    "project.sheet": (
        marked("Exportability sheet"),
        marked("%(who)s entered its exportability sheet of a project%(title)s."),
    ),
    "project.arrange": (
        marked("Arrangement"),
        marked("%(who)s named the arrangement of a project%(title)s."),
    ),
    "project.plan": (marked("Plan"), marked("%(who)s wrote the plan of a project%(title)s.")),
    "project.agree_plan": (
        marked("Plan agreed"),
        marked("%(who)s agreed to the plan of a project%(title)s."),
    ),
    "project.approve": (marked("Project approved"), marked("%(who)s approved a project%(title)s.")),
    "project.start": (marked("Project started"), marked("%(who)s started a project%(title)s.")),
    "project.pause": (marked("Project paused"), marked("%(who)s paused a project%(title)s.")),
    "project.resume": (
        marked("Project resumed"),
        marked("%(who)s agreed to go on with a project%(title)s."),
    ),
    "project.claim": (
        marked("Milestone claimed"),
        marked("%(who)s claimed a milestone of a project%(title)s."),
    ),
    "project.accept": (
        marked("Milestone accepted"),
        marked("%(who)s accepted a milestone of a project%(title)s."),
    ),
    "project.reject": (
        marked("Milestone rejected"),
        marked("%(who)s rejected a milestone of a project%(title)s."),
    ),
    "project.lend": (marked("Loan"), marked("%(who)s lent something to a project%(title)s.")),
    "project.receive": (
        marked("Loan received"),
        marked("%(who)s received a loan of a project%(title)s."),
    ),
    "project.give_back": (
        marked("Loan given back"),
        marked("%(who)s gave a loan of a project back%(title)s."),
    ),
    "project.take_back": (
        marked("Loan taken back"),
        marked("%(who)s took a loan of a project back%(title)s."),
    ),
    "project.write_off": (
        marked("Loan written off"),
        marked("%(who)s wrote a loan of a project off%(title)s."),
    ),
    "project.enter": (
        marked("Register"),
        marked("%(who)s entered an item in the register of a project%(title)s."),
    ),
    "project.confirm": (
        marked("Register confirmed"),
        marked("%(who)s confirmed an item in the register of a project%(title)s."),
    ),
    "project.strike": (
        marked("Register struck"),
        marked("%(who)s struck its own item from the register of a project%(title)s."),
    ),
    "project.wind_up": (marked("Closing"), marked("%(who)s agreed to close a project%(title)s.")),
    "project.close": (
        marked("Project closed"),
        marked("%(who)s agreed that a project is closed%(title)s."),
    ),
    "project.hand_over": (
        marked("Project handed over"),
        marked("%(who)s agreed to hand a project over%(title)s."),
    ),
    "project.abandon": (
        marked("Project abandoned"),
        marked("%(who)s agreed to abandon a project%(title)s."),
    ),
    "project.notice": (
        marked("Notice"),
        marked("%(who)s gave notice to leave a project%(title)s."),
    ),
    "project.leave": (
        marked("Project left"),
        marked("%(who)s left a project after notice%(title)s."),
    ),
    "project.recall": (
        marked("Taken back"),
        marked("%(who)s took back, before it counted, what it had said on a project%(title)s."),
    ),
    "project.remark": (marked("Remark"), marked("%(who)s said how a project goes%(title)s.")),
}

DEEDS: Final[Mapping[str, tuple[str, str]]] = {
    **COMMITMENTS,
    **BODIES,
    **MEETINGS,
    **STATEMENTS,
    **PROJECTS,
    **TECHNOLOGY,
}
