"""A chapter: two promises, one kept in time, one overdue in view of both; and how it all stands."""

from functools import partial
from typing import Final

from screen import short
from stage import Answer, Party, until
from story import Story, expect, held

#: How soon the promise falls due that nobody keeps, in seconds.
SOON_S: Final = 4


def promise(story: Story) -> None:
    """A promises B two things; one is claimed and acknowledged, the other becomes overdue."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell("A promises B two things. Each is owed only once B accepts exactly its terms.")
    kept = _promised(story, "A joint catalogue of charts", due="+90d")
    late = _promised(story, "A list of points of contact", due=f"+{SOON_S}s")
    screen.sides(
        ["> promised: a joint catalogue of charts, in 90 days", f"> and a list, in {SOON_S} s"],
        ["+ accepted, each exactly as it was proposed", "  nothing is owed before that"],
    )
    claimed = a.run("commitments", "claim", kept, "--evidence", "the transfer above", who="desk")
    held(claimed, "a claim")
    seen = b.run("commitments", "show", kept)
    expect(holds=seen["status"] == "claimed", what="a claim is not yet kept")
    told = b.run("commitments", "acknowledge", kept, "kept", who="desk")
    held(told, "an acknowledgement")
    both = [
        until(partial(_overdue, one, late), seconds=30, what="both see that it is overdue")
        for one in (a, b)
    ]
    expect(holds=all(one["status"] == "open" for one in both), what="overdue ends nothing")
    screen.sides(
        ["> claimed: the catalogue is there", "  the list is overdue; nothing ends by that"],
        ["+ kept, says its beneficiary, and only it can", "  the list is overdue here too"],
    )
    story.commitments = {side: _told(party) for side, party in zip("ab", (a, b), strict=True)}
    _stand(story)


def _promised(story: Story, title: str, *, due: str) -> str:
    """Let A propose and B accept a commitment under the first area's article; return its id."""
    made = story.a.run(
        *("commitments", "propose", title, "--under", story.instrument),
        *("--article", story.areas[0].unit, "--by", "us", "--for", "them", "--due", due),
        *("--test", "Both Parties hold it."),
        who="desk",
    )
    held(made, "a proposal")
    name = str(made["commitment"])
    held(story.b.run("commitments", "accept", name, who="desk"), "an acceptance")
    return name


def _overdue(party: Party, name: str) -> Answer | None:
    shown = party.run("commitments", "show", name)
    return shown if shown["overdue"] is True else None


def _told(party: Party) -> list[Answer]:
    names = ("title", "status", "overdue", "performer", "due")
    rows = party.run("commitments", "list")["commitments"]
    return [{name: row[name] for name in names} for row in rows]


def _stand(story: Story) -> None:
    """See that both nodes say the same of the relationship."""

    def same() -> tuple[Answer, Answer] | None:
        a, b = (party.run("relationship", "show") for party in story.parties)
        return (a, b) if a["digest"] == b["digest"] else None

    a, b = until(same, seconds=30, what="both relationship pages are equal")
    story.relationship = {
        side: {"digest": one["digest"], "measures": one["measures"]}
        for side, one in (("a", a), ("b", b))
    }
    story.screen.sides(
        [f"= how it stands: {short(a['digest'])}"], [f"= how it stands: {short(b['digest'])}"]
    )
