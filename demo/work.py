"""A chapter: the project gets its arrangement and its plan, is approved, and is at work."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import attrs
from concluding import initialled, signed
from project import OFFICER
from stage import Answer, Party, both, until
from story import Story, expect, held

ARRANGEMENT: Final = "Arrangement on drifting buoys"
BUOY: Final = "Test buoy no. 3"
REACHED: Final = "Drawings of the buoy"
OPEN: Final = "Two buoys on trial"
_FILES: Final = "arrangement-"
_TEXT: Final = """\
# Arrangement on drifting buoys

Article 1
The project

1. The Parties develop drifting buoys that report ice, as the plan that both agree on lays down.

2. This Arrangement stands under the agreement that the project was proposed under.

Article 2
Beginning and end

1. This Arrangement enters into force on the date of the last signature.

2. This Arrangement remains in force for three years.

3. This Arrangement is signed by two signatories of each Party.
"""
_FIELDS: Final = """\
["Article 1 2.".basis]
instrument = "{instrument}"
title = {title}
quote = "stands under the agreement that the project was proposed under"

["Article 2 1.".entry]
when = "last_signature"
days = 0
quote = "on the date of the last signature"

["Article 2 2.".term]
period = "P3Y"
quote = "three years"

["Article 2 3.".signatories]
per_party = 2
quote = "two signatories"
"""
_PLAN: Final = """\
[[milestones]]
title = "{reached}"
test = "Both Parties hold the drawings."
performer = "us"
due = "{first}"

[[milestones]]
title = "{open}"
test = "Both coasts receive what the buoys report."
performer = "them"
due = "{second}"

[[shares]]
party = "us"
amount = "400000"
currency = "EUR"
in_kind = "A survey ship for two weeks"

[[shares]]
party = "them"
amount = "400000"
currency = "EUR"
"""


def begin_work(story: Story) -> None:
    """The arrangement is concluded and the plan agreed; one milestone is reached, a buoy is lent.

    At its end the project goes on: a milestone is open, and what was lent is not back.
    """
    name = story.items["project"]
    _approved(story, name, _arranged(story))
    _worked(story, name)
    told = {party.side: _told(party, name) for party in story.parties}
    expect(holds=told["a"] == told["b"], what="both nodes say the same of the project")
    story.project = told


def _arranged(story: Story) -> str:
    """Negotiate, adopt, initial and sign the arrangement of the project; return its id."""
    a, b = story.a, story.b
    story.screen.tell(
        "A project needs an arrangement of its own under the framework. It is a text like any"
        " other: tabled, agreed, adopted, initialled and signed."
    )
    text, fields = a.desk / "arrangement.md", a.desk / "arrangement.fields.toml"
    text.write_text(_TEXT)
    title = json.dumps(story.play.title, ensure_ascii=False)
    fields.write_text(_FIELDS.format(instrument=story.instrument, title=title), encoding="utf-8")
    drafted = a.run(
        *("agreement", "draft", text, "--title", ARRANGEMENT, "--fields", fields),
        *("--with", b.name),
        who="negotiator",
    )
    made = str(drafted["instrument"])
    held(a.run("agreement", "table", made, who="negotiator"), "a tabling")
    b.run("agreement", "talk", made, who="negotiator")
    b.run("agreement", "accept", made, "--all-open", who="negotiator")
    held(b.run("agreement", "table", made, who="negotiator"), "a tabling")
    beside = attrs.evolve(story, instrument=made)
    initialled(beside, files=_FILES)
    signed(beside, files=_FILES)
    return made


def _do(party: Party, step: str, *words: object) -> Answer:
    return held(party.run("projects", step, *words, who=OFFICER), f"{step} of a project")


def _approved(story: Story, name: str, arrangement: str) -> None:
    """Name the arrangement, put up a plan and agree to it; both approve."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell("Under it a plan: who reaches what until when, and what each side brings in.")
    _do(a, "arrange", name, "--under", arrangement, "--article", "Article 1")
    today = datetime.now(UTC).date()
    plan = a.desk / "plan.toml"
    plan.write_text(
        _PLAN.format(
            reached=REACHED,
            open=OPEN,
            first=today + timedelta(days=60),
            second=today + timedelta(days=150),
        )
    )
    _do(a, "plan", name, plan)
    _do(b, "agree-plan", name)
    _do(a, "approve", name)
    early = b.refused("projects", "start", name, who=OFFICER)
    expect(holds=early["code"] == "deeds.not_now", what="the approval of one side begins nothing")
    approved = _do(b, "approve", name)
    expect(holds=approved["status"] == "approved", what="both approved the same")
    screen.sides(
        ["> arrangement named, a plan of two milestones", "+ approved: this text and this plan"],
        ["+ agreed to the plan", "x begin before both approve? refused", "+ approved, the same"],
    )


def _worked(story: Story, name: str) -> None:
    """A reaches a milestone and lends a buoy; B accepts, and says that it has arrived."""
    a, b, screen = story.a, story.b, story.screen
    _do(a, "start", name)
    _do(a, "claim", name, REACHED, "--evidence", "Drawings 1 to 12")
    _do(b, "accept", name, REACHED)
    _do(a, "lend", name, BUOY, "--due", "+90d", "--ref", "inventory 77")
    _do(b, "receive", name, BUOY)
    both(
        *(
            partial(until, partial(_at_work, party, name), seconds=30, what="both see it at work")
            for party in story.parties
        )
    )
    screen.sides(
        ["> begun; the drawings are made, claimed", f"> {BUOY} lent for 90 days"],
        ["+ the claim accepted", "+ arrived; the trial is the next milestone, ours"],
    )


def _at_work(party: Party, name: str) -> Answer | None:
    shown = party.run("projects", "show", name)
    done = [one["state"] for one in shown["loans"]] == ["received"]
    return shown if done and shown["status"] == "active" else None


def _told(party: Party, name: str) -> Answer:
    """Return what a node says of the project, with the letter of a side for us and them."""
    shown = party.run("projects", "show", name)
    names = ("title", "status", "proposed_by", "people", "sheets", "next")
    plan = shown["plan"]["agreed"]
    told = {
        **{each: shown[each] for each in names},
        "arrangement": shown["arrangement"]["title"],
        "milestones": [
            {each: one[each] for each in ("title", "performer", "due", "state")}
            for one in plan["milestones"]
        ],
        "loans": [
            {each: one[each] for each in ("what", "lender", "due", "state")}
            for one in shown["loans"]
        ],
    }
    return {name: _lettered(one, us=party.side) for name, one in told.items()}


def _lettered(value: object, *, us: str) -> object:
    match value:
        case dict():
            return {_lettered(name, us=us): _lettered(one, us=us) for name, one in value.items()}
        case list():
            return [_lettered(one, us=us) for one in value]
        case "us" | "them":
            return us if value == "us" else "ab".replace(us, "")
        case _:
            return value
