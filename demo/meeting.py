"""A chapter: a first meeting, arranged by both, held, and what comes of it."""

from functools import partial
from typing import Final

from screen import when
from stage import Answer, Party, until
from story import Story, expect, held

TITLE: Final = "First talks on charts"
#: In hours from now: when A proposes to meet, and when B would rather.
PROPOSED_H: Final = 48
COUNTERED_H: Final = 72
#: How soon the second promise falls due, in seconds.
SOON_S: Final = 4


def meet_again(story: Story) -> None:
    """A proposes, B counters, A confirms; both build the agenda; two outcomes bind; one record."""
    name = _arranged(story)
    _agenda(story, name)
    _outcomes(story, name)
    _record(story, name)
    told = {side: _told(party) for side, party in zip("ab", story.parties, strict=True)}
    expect(holds=told["a"] == told["b"], what="both nodes say the same of the meeting")
    story.meeting = told


def _do(party: Party, step: str, *words: object) -> Answer:
    answer = party.run("meetings", step, *words, who="desk")
    held(answer, f"{step} of a meeting")
    return answer


def _both(story: Story, step: str, name: str) -> None:
    for party in story.parties:
        _do(party, step, name)


def _arranged(story: Story) -> str:
    a, b, screen = story.a, story.b, story.screen
    screen.tell("A meeting is arranged: one proposes, the other counters, the first confirms.")
    made = a.run(
        *("meetings", "propose", TITLE, "--under", story.instrument),
        *("--article", story.areas[0].unit, "--series", "Charts dialogue"),
        *("--start", f"+{PROPOSED_H}h", "--end", f"+{PROPOSED_H + 2}h", "--place", "Harbour House"),
        who="desk",
    )
    held(made, "a proposal of a meeting")
    name = str(made["meeting"])
    countered = _do(b, "counter", name, "--start", f"+{COUNTERED_H}h")
    expect(holds=countered["status"] == "countered", what="B's counter-proposal stands")
    confirmed = _do(a, "confirm", name)
    expect(holds=confirmed["start"] == countered["start"], what="what B proposed is confirmed")
    screen.sides(
        [f"> proposed for {when(made['start'])}", "+ confirmed, exactly what B proposed last"],
        [f"> countered: {when(countered['start'])}", "  the length stays, the agenda is open"],
    )
    return name


def _agenda(story: Story, name: str) -> None:
    a, b, screen = story.a, story.b, story.screen
    _do(a, "add", name, "A joint catalogue of charts")
    _do(b, "add", name, "Points of contact")
    _do(b, "add", name, "Fishing rights")
    _do(b, "consent", name, "1")
    _do(a, "consent", name, "2")
    _both(story, "agree", name)
    late = a.refused("meetings", "add", name, "One more", who="desk")
    expect(holds=late["code"] == "deeds.not_now", what="nothing is added to an agreed agenda")
    for party, who in ((a, "Director of Ports"), (b, "Harbour Master")):
        _do(party, "attend", name, "--who", who)
    _both(story, "open", name)
    screen.sides(
        ["> on the agenda: a joint catalogue", "x one item more after both agreed: refused"],
        ["> points of contact; fishing rights,", "  raised by B: A did not consent to it"],
    )


def _outcomes(story: Story, name: str) -> None:
    a, b, screen = story.a, story.b, story.screen
    _do(a, "outcome", name, "1", "commitment", "--text", "A makes a joint catalogue of charts.")
    _do(a, "outcome", name, "2", "commitment", "--text", "A sends a list of points of contact.")
    _do(b, "outcome", name, "3", "deferred", "--text", "Left for another time.")
    _do(b, "concur", name, "1")
    _do(b, "concur", name, "2")
    _do(a, "concur", name, "3")
    _both(story, "close", name)
    for number, title, due in (
        ("1", "A joint catalogue of charts", "+90d"),
        ("2", "A list of points of contact", f"+{SOON_S}s"),
    ):
        made = a.run(
            *("meetings", "commit", name, number, title, "--test", "Both Parties hold it."),
            *("--by", "us", "--for", "them", "--due", due),
            who="desk",
        )
        held(made, "a commitment of a meeting")
        taken = b.run("commitments", "accept", str(made["commitment"]), who="desk")
        held(taken, "an acceptance")
        expect(holds=taken["status"] == "open", what="what the meeting decided is owed")
        story.items[f"promise_{number}"] = str(made["commitment"])
    screen.sides(
        ["> two outcomes commit A; both concur"],
        ["+ both became commitments, each by an act", "  the third is deferred"],
    )


def _record(story: Story, name: str) -> None:
    a, b, screen = story.a, story.b, story.screen
    texts = ("A makes a catalogue.", "A sends a list.", "The item was not discussed.")
    _do(a, "draft", name, *(word for text in texts for word in ("--text", text)))
    _do(b, "take", name, "1")
    _do(b, "take", name, "2")
    _do(b, "version", name, "3", "--text", "B raised it; A listened.")
    _both(story, "seal", name)
    for party in story.parties:
        until(partial(_sealed, party, name), seconds=20, what="the record is agreed")
    screen.sides(
        ["> the record, item by item"],
        ["+ two items agreed; of the third the record", "  keeps two versions, and says so"],
    )


def _sealed(party: Party, name: str) -> Answer | None:
    shown = party.run("meetings", "show", name)
    return shown if shown["status"] == "record_agreed" else None


def _told(party: Party) -> Answer:
    """Return what a node says of the meeting, without words that depend on whose node it is."""
    shown = party.run("meetings", "show", TITLE)
    return {
        "title": shown["title"],
        "status": shown["status"],
        "number": shown["number"],
        "start": shown["start"],
        "agenda": [[row["title"], row["consented"]] for row in shown["agenda"]],
        "outcomes": [[row["kind"], row["agreed"]] for row in shown["outcomes"]],
        "record": [row["agreed"] is not None for row in shown["record"]],
        "record_digest": shown["record_digest"],
    }
