"""A chapter: a joint statement, negotiated, cleared by both, released on one signed page."""

import math
import shutil
import time
from functools import partial
from pathlib import Path
from typing import Final

from screen import short, when
from stage import SIGNATORIES, Answer, Party, both, comity, until
from story import Story, expect, held

TITLE: Final = "Joint statement on charts"
#: For how long it is under embargo at least, in seconds.
EMBARGO_S: Final = 3
EXIT_NOT_VERIFIED: Final = 6
_TEXT: Final = """# Joint statement on charts

The two Parties met for the first time. They welcome the common survey of the harbour.

They reaffirm the Framework between them. The first Party will send its list of wrecks.

They hope to meet again soon.
"""
_BEFORE: Final = "They hope to meet again soon."
_AFTER: Final = "They hope to meet again within a year."
_MARKS: Final = (("welcomed", "1", "2"), ("reaffirmed", "3"), ("aspiration", "5"))


def announce(story: Story) -> None:
    """A text is countered once and adopted; marked, cleared, ordered; out at its time."""
    text = _negotiated(story)
    name = _marked(story, text)
    told = _released(story, name, embargo_s=_cleared(story, name))
    pages = _verified(story, name)
    story.statement = {
        side: {**_told(one), "verified": verified}
        for side, one, verified in zip("ab", told, pages, strict=True)
    }


def _do(party: Party, step: str, *words: object, who: str = "desk") -> Answer:
    return held(party.run("statements", step, *words, who=who), f"{step} of a statement")


def _negotiated(story: Story) -> str:
    """A tables a text, B counters one sentence, A accepts, both adopt; return the text's id."""
    a, b, screen = story.a, story.b, story.screen
    screen.tell(
        "What both say in public is a text like any other: negotiated, and adopted by both. Then"
        " it waits for the press and legal people of either side."
    )
    file, edited = a.desk / "statement.md", b.desk / "statement.md"
    file.write_text(_TEXT)
    edited.write_text(_TEXT.replace(_BEFORE, _AFTER))
    drafted = a.run(
        *("agreement", "draft", file, "--title", TITLE, "--with", b.name),
        *("--register", "political"),
        who="negotiator",
    )
    text = str(drafted["instrument"])
    held(a.run("agreement", "table", text, who="negotiator"), "a tabling")
    b.run("agreement", "talk", text, who="negotiator")
    b.run("agreement", "accept", text, "--all-open", who="negotiator")
    b.run("agreement", "counter", text, edited, who="negotiator")
    held(b.run("agreement", "table", text, who="negotiator"), "a tabling")
    a.run("agreement", "accept", text, "--all-open", who="negotiator")
    held(a.run("agreement", "table", text, who="negotiator"), "a tabling")

    def adopt(party: Party) -> Answer:
        request = party.ask("agreement", "adopt", text, who=SIGNATORIES[0], name="statement")
        return party.sign(request, SIGNATORIES[0])

    both(partial(adopt, a), partial(adopt, b))
    screen.sides(
        ["> a text of five sentences", f"+ their words taken: «{_AFTER}»"],
        ["> one sentence countered", "+ adopted by both"],
    )
    return text


def _marked(story: Story, text: str) -> str:
    """Both agree on the text and on what each of its sentences is; return the statement's id."""
    a, b, screen = story.a, story.b, story.screen
    made = a.run(
        *("statements", "begin", TITLE, "--under", story.instrument),
        *("--article", story.areas[0].unit),
        who="desk",
    )
    name = str(held(made, "a statement")["statement"])
    _do(a, "text", name, text)
    _do(b, "text", name)
    for mark, *sentences in _MARKS:
        _do(a, "mark", name, *sentences, "--is", mark)
    _do(
        a,
        "mark",
        *(name, "4", "--is", "committed", "--by", "us", "--for", "them", "--due", "+30d"),
        *("--title", "A list of wrecks", "--test", "B holds it."),
    )
    early = a.refused("statements", "clear", name, "legal", who="adviser")
    expect(holds=early["code"] == "statements.unmarked", what="nobody clears what is not marked")
    _do(b, "mark", name)
    screen.sides(
        ["> sentence 4 commits us, with a due date", "x cleared before both agree? refused"],
        ["+ says the same of each sentence"],
    )
    return name


def _cleared(story: Story, name: str) -> int:
    """Press and legal people of both sides clear it; return how long an embargo is long enough.

    Both must order the release before its time, on a machine with much else to do too.
    """
    began = time.monotonic()

    def clear(party: Party) -> None:
        _do(party, "clear", name, "press", who="release")
        _do(party, "clear", name, "legal", who="adviser")

    both(partial(clear, story.a), partial(clear, story.b))
    story.screen.sides(*(["+ cleared: press and legal people"] for _ in story.parties))
    return max(EMBARGO_S, math.ceil(2 * (time.monotonic() - began)))


def _released(story: Story, name: str, *, embargo_s: int) -> list[Answer]:
    """Both order the release; before its time it is refused, at its time both nodes release."""
    a, b, screen = story.a, story.b, story.screen
    _do(a, "order", name, "--at", f"+{embargo_s}s", "--channel", "Ministry site")
    agreed = _do(b, "order", name)
    expect(holds=agreed["status"] == "embargoed", what="both order the same: an embargo")
    shown = [
        until(partial(_out, party, name), seconds=30, what="both nodes released it")
        for party in story.parties
    ]
    expect(
        holds=shown[0]["release_digest"] == shown[1]["release_digest"],
        what="both released the same",
    )
    promised = [
        next(row for row in rows if row["title"] == "A list of wrecks")
        for rows in (party.run("commitments", "list")["commitments"] for party in (a, b))
    ]
    expect(holds=[row["status"] for row in promised] == ["open"] * 2, what="it is owed now")
    screen.sides(
        [
            f"> embargo until {when(agreed['at'])}",
            f"= released: {short(shown[0]['release_digest'])}",
        ],
        ["+ agreed to that time", f"= released: {short(shown[1]['release_digest'])}"],
    )
    return shown


def _out(party: Party, name: str) -> Answer | None:
    shown = party.run("statements", "show", name)
    return shown if shown["status"] == "released" else None


def _verified(story: Story, name: str) -> list[bool]:
    """Each side makes the page; it verifies, and with one word changed it does not."""
    folder = story.out / "statement"
    folder.mkdir()
    pages = [folder / f"{side}.html" for side in "ab"]
    both(
        *(
            partial(party.run, "statements", "page", name, "-o", page)
            for party, page in zip(story.parties, pages, strict=True)
        )
    )
    bad = folder / "changed.html"
    shutil.copy(pages[0], bad)
    bad.write_bytes(bad.read_bytes().replace(b"They welcome", b"They regret", 1))
    reports = both(*(partial(_verify, story, page) for page in (*pages, bad)))
    expect(holds=all(one["ok"] for one in reports[:2]), what=f"the pages verify: {reports[:2]}")
    wrong = reports[2]
    expect(
        holds=wrong["ok"] is False and wrong.get("exit_code") == EXIT_NOT_VERIFIED,
        what="a changed word is found",
    )
    said = next(one["detail"] for one in wrong["checks"] if not one["ok"])
    expect(holds="regret" in said, what="the report says where")
    story.screen.sides(
        [f"= our page verified: {len(reports[0]['checks'])} checks", "! one word of it changed"],
        [
            f"= our page verified: {len(reports[1]['checks'])} checks",
            "x not verified, and it says where",
        ],
    )
    return [bool(one["ok"]) for one in reports[:2]]


def _verify(story: Story, page: Path) -> Answer:
    trust = [word for party in story.parties for word in ("--trust", str(party.letter))]
    return comity(["verify", str(page), *trust, "--json"], cwd=page.parent)


def _told(shown: Answer) -> Answer:
    """Return what a node says of the statement, without words that depend on whose node it is."""
    return {
        "title": shown["title"],
        "status": shown["status"],
        "at": shown["at"],
        "languages": shown["languages"],
        "marks": [row["agreed"]["mark"] for row in shown["sentences"]],
        "clearances": sum(sum(given.values()) for given in shown["clearances"].values()),
        "commitments": len(shown["commitments"]),
        "release_digest": shown["release_digest"],
    }
