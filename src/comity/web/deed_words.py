"""What acts on things that live by steps say: by kind its name, and the sentence with who did it.

Each family has its rows; a test holds them against the kinds that the record knows.
"""

from collections.abc import Mapping
from typing import Final

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
}

PROJECTS: Final[Mapping[str, tuple[str, str]]] = {
    "project.propose": (
        marked("Project proposed"),
        marked("%(who)s proposed a joint project%(title)s."),
    ),
    "project.explore": (
        marked("Project explored"),
        marked("%(who)s answered that a project is explored%(title)s."),
    ),
    "project.decline": (marked("Project declined"), marked("%(who)s declined a project%(title)s.")),
    "project.withdraw": (
        marked("Project taken back"),
        marked("%(who)s took a proposed project back%(title)s."),
    ),
    "project.name": (
        marked("Sponsor and user named"),
        marked("%(who)s named sponsor and user of a project%(title)s."),
    ),
    "project.intend": (
        marked("Statement of intent"),
        marked("%(who)s signed the statement of intent for a project%(title)s."),
    ),
    "project.sheet": (
        marked("Exportability sheet"),
        marked("%(who)s entered an exportability sheet%(title)s."),
    ),
    "project.arrange": (
        marked("Arrangement named"),
        marked("%(who)s named the arrangement of a project%(title)s."),
    ),
    "project.plan": (
        marked("Plan put up"),
        marked("%(who)s put up a plan for a project%(title)s."),
    ),
    "project.agree_plan": (
        marked("Plan agreed"),
        marked("%(who)s agreed to the plan of a project%(title)s."),
    ),
    "project.approve": (
        marked("Project approved"),
        marked("%(who)s approved arrangement and plan of a project%(title)s."),
    ),
    "project.start": (
        marked("Work begun"),
        marked("%(who)s began the work of a project%(title)s."),
    ),
    "project.pause": (marked("Project paused"), marked("%(who)s paused a project%(title)s.")),
    "project.resume": (
        marked("Project resumed"),
        marked("%(who)s took a paused project up again%(title)s."),
    ),
    "project.claim": (
        marked("Milestone claimed"),
        marked("%(who)s claimed that a milestone is reached%(title)s."),
    ),
    "project.accept": (
        marked("Milestone accepted"),
        marked("%(who)s accepted the claim of a milestone%(title)s."),
    ),
    "project.reject": (
        marked("Milestone rejected"),
        marked("%(who)s rejected the claim of a milestone%(title)s."),
    ),
    "project.lend": (marked("Lent"), marked("%(who)s lent something for a project%(title)s.")),
    "project.receive": (
        marked("Loan received"),
        marked("%(who)s said that what was lent has arrived%(title)s."),
    ),
    "project.give_back": (
        marked("Loan on its way back"),
        marked("%(who)s said that what was lent is on its way back%(title)s."),
    ),
    "project.take_back": (
        marked("Loan back"),
        marked("%(who)s said that what was lent is back%(title)s."),
    ),
    "project.write_off": (
        marked("Loan given up"),
        marked("%(who)s gave up what was lent%(title)s."),
    ),
    "project.enter": (
        marked("Item registered"),
        marked("%(who)s entered an item of background or foreground%(title)s."),
    ),
    "project.confirm": (
        marked("Foreground confirmed"),
        marked("%(who)s confirmed a foreground item%(title)s."),
    ),
    "project.strike": (
        marked("Item struck"),
        marked("%(who)s struck an item of the register%(title)s."),
    ),
    "project.wind_up": (
        marked("Project to be closed"),
        marked("%(who)s said that a project is to be closed%(title)s."),
    ),
    "project.close": (
        marked("Project closed"),
        marked("%(who)s said that a project is closed%(title)s."),
    ),
    "project.hand_over": (
        marked("Result handed over"),
        marked("%(who)s said that the result of a project is handed over%(title)s."),
    ),
    "project.abandon": (
        marked("Project abandoned"),
        marked("%(who)s said that a project is abandoned%(title)s."),
    ),
    "project.notice": (
        marked("Notice to leave"),
        marked("%(who)s gave notice to leave a project%(title)s."),
    ),
    "project.leave": (marked("Left a project"), marked("%(who)s left a project%(title)s.")),
    "project.remark": (
        marked("Word on a project"),
        marked("%(who)s said how a project goes%(title)s."),
    ),
}

DEEDS: Final[Mapping[str, tuple[str, str]]] = {**COMMITMENTS, **PROJECTS}
