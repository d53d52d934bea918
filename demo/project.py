"""A chapter: a joint project is proposed and answered, and checked before money is spent."""

from pathlib import Path
from typing import Final

from stage import Answer, Party, until
from story import Story, expect, held

TITLE: Final = "Drifting buoys that report ice"
#: Who does it: the desk officer is project officer too.
OFFICER: Final = "desk"
SECURITY: Final = "security"
_SHEET: Final = """\
[[items]]
name = "Pressure sensor"
scheme = "Aldorian control list"
code = "6A001"
edition = "2026-1"
decided_by = "Office for the Security of Technology"
critical = true
release = "conditional"
conditions = "Not to be opened; returned with the buoy."
"""
#: What A may disclose; nobody at B learns of it.
PRIVATE: Final = "never the sonar of the boats"


def propose(story: Story) -> None:
    """A proposes a project, B answers; both sign the intent and enter their sheets."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell("A proposes a joint project. Until B answers, both see how long it waits.")
    made = a.run(
        *("projects", "propose", TITLE, "--under", story.instrument),
        *("--article", story.areas[0].unit, "--answer-by", "+30d"),
        *("--purpose", "Twelve buoys warn both coasts of ice a day earlier."),
        *("--sponsor", "Ministry of Ports", "--user", "Coast Guard"),
        who=OFFICER,
    )
    name = story.items["project"] = str(held(made, "a proposal")["project"])
    waits = [_shown(party, name) for party in story.parties]
    expect(
        holds=[one["next"] for one in waits]
        == [{"step": "answer", "whose": ["them"]}, {"step": "answer", "whose": ["us"]}],
        what="both see whose answer the proposal waits for",
    )
    answered = b.run(
        *("projects", "explore", name, "--sponsor", "Fisheries Board", "--user", "Ice Service"),
        who=OFFICER,
    )
    held(answered, "an answer")
    for party in story.parties:
        held(party.run("projects", "intend", name, who=OFFICER), "a statement of intent")
    screen.sides(
        ["> proposed: " + TITLE, "+ intent signed, sponsor and user named"],
        ["+ we explore it", "+ intent signed, the same terms and names"],
    )
    _checked(story, name)


def _checked(story: Story, name: str) -> None:
    """Let both technology security officers enter their sheets."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell("Before money is spent, each side says what it could not simply hand over.")
    a.run("projects", "set-disclosure", name, "--may-not", PRIVATE, who=SECURITY)
    sheet = a.desk / "sheet.toml"
    _write(sheet, _SHEET)
    held(a.run("projects", "sheet", name, sheet, who=SECURITY), "a sheet")
    expect(
        holds=_shown(b, name)["status"] == "intent_signed", what="one sheet alone is no check yet"
    )
    held(b.run("projects", "sheet", name, "--nil", who=SECURITY), "a nil sheet")
    seen = until(lambda: _both_checked(story, name), seconds=30, what="both have checked it")
    expect(holds=PRIVATE not in str(seen["b"]), what="what A may disclose stays A's own")
    screen.sides(
        ["> our sheet: one controlled item, on conditions", "  what we may disclose: ours alone"],
        ["> our sheet: nothing controlled", "+ exportability checked: now it can be arranged"],
    )


def _write(path: Path, words: str) -> None:
    path.write_text(words, encoding="utf-8")


def _shown(party: Party, name: str) -> Answer:
    return party.run("projects", "show", name)


def _both_checked(story: Story, name: str) -> dict[str, Answer] | None:
    seen = {party.side: _shown(party, name) for party in story.parties}
    done = all(one["status"] == "exportability_checked" for one in seen.values())
    return seen if done else None
