"""A chapter: two promises, one kept in time, one overdue in view of both; and how it all stands."""

from functools import partial

from screen import short
from stage import Answer, Party, until
from story import Story, expect, held


def promise(story: Story) -> None:
    """A promises B two things; one is claimed and acknowledged, the other becomes overdue."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell("Of what the meeting decided, one promise is kept, the other falls due.")
    kept, late = (story.items[f"promise_{number}"] for number in (1, 2))
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
