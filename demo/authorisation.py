"""A chapter: a controlled item is refused, authorised with a proviso, and crosses exactly once."""

import datetime as dt
from functools import partial
from typing import Final

from crossing import add, released
from stage import Answer, Party, until
from story import Story, expect, held

#: What A's licensing authority asks B to give, word by word.
ASSURANCE: Final = "For the survey alone; not to be passed on to others."
WHO: Final = "security"
_ONCE: Final = ("--quantity", "1", "--unit", "transfers")


def authorise(story: Story) -> None:
    """An item is classified; both ends refuse it, let it cross once, and refuse it again."""
    a, b, screen, area = story.a, story.b, story.screen, story.areas[0]
    file = a.desk / "sonar.txt"
    file.write_text("How the sonar of the survey ship is set.\n")
    item = add(story, file, area, title="Settings of the sonar")
    released(story, item)
    screen.tell(
        "A file that A has released turns out to be on a control list. A's technology security"
        " officer enters that. From now on it crosses only under an authorisation."
    )
    told = a.run(
        *("controls", "classify", item, "--to", b.name, "--scheme", "Munitions List"),
        *("--code", "ML 9.c", "--version", "2026", "--by", "Licensing Office"),
        who=WHO,
    )
    held(told, "a classification")
    first = _refused(story, item)
    expect(holds=first == ["not_authorised"] * 2, what="both ends refuse it without authorisation")
    screen.sides(
        ["> ML 9.c of the Munitions List, entered", "x may I send it? not without authorisation"],
        ["> asks for it all the same", "x refused here too, by the same ruling"],
    )
    name = _decided(story, item)
    _assured(story, name)
    screen.sides(
        ["> the decision, with its document: one transfer", "  and an assurance, word by word"],
        ["+ assurance given", "+ proviso accepted, by its digest"],
    )
    target = b.desk / "received-sonar.txt"
    fetched = b.run("fetch", item, "--from", a.name, "-o", target, who="desk")
    expect(holds=fetched["received"] is True, what="it crosses under its authorisation")
    shown = [
        until(partial(_counted, party, name), seconds=30, what="both count it") for party in (a, b)
    ]
    second = _refused(story, item)
    expect(holds=second == ["quantity_used_up"] * 2, what="its quantity is used up at both ends")
    screen.sides(
        ["+ sent once, and counted", "x a second time? the quantity is used up"],
        ["+ received, and counted", "x refused here too: one of one is used"],
    )
    story.authorisation = {
        side: {**_told(each), "refused": [first[at], second[at]]}
        for at, (side, each) in enumerate(zip("ab", shown, strict=True))
    }


def _refused(story: Story, item: str) -> list[str]:
    """Return the codes by which the sender's and the receiver's node rule on an item now."""
    a, b = story.a, story.b
    check = a.run("share", "check", item, "--to", b.name, who="desk")
    error = b.refused("fetch", item, "--from", a.name, "-o", b.desk / "nothing", who="desk")
    return [str(check.get("code")), str(error.get("facts", {}).get("ruling"))]


def _decided(story: Story, item: str) -> str:
    """Let A ask for an authorisation and enter what its authority decided; return its id."""
    a = story.a
    made = a.run(
        *("authorisations", "request", "A sonar for the survey", "--under", story.instrument),
        *("--article", story.areas[0].unit, "--item", item, "--use", "The survey of the strait."),
        who=WHO,
    )
    name = str(made["authorisation"])
    a.run(
        *("authorisations", "review", name, "--authority", "Licensing Office", "--case", "C-17"),
        who=WHO,
    )
    document = a.desk / "decision.txt"
    document.write_text("Licence L-2026-4: one transfer, for the survey alone.\n")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    decided = a.run(
        *("authorisations", "approve", name, "--number", "L-2026-4", "--decided", today),
        *("--document", document, "--assurance", ASSURANCE, *_ONCE),
        who=WHO,
    )
    held(decided, "a decision")
    return name


def _assured(story: Story, name: str) -> None:
    """Let B give the assurance and accept the proviso it reads."""
    b = story.b
    held(b.run("authorisations", "assure", name, "--text", ASSURANCE, who=WHO), "an assurance")
    digest = b.run("authorisations", "show", name)["provisos_digest"]
    done = b.run("authorisations", "accept", name, "--provisos", digest, who=WHO)
    expect(holds=done["status"] == "active", what="it is active once all of that is there")
    held(done, "the acceptance")


def _counted(party: Party, name: str) -> Answer | None:
    """Return the authorisation once both gateways have counted the transfer, as a party sees it."""
    shown = party.run("authorisations", "show", name)
    uses = shown["uses"]
    both = [use["sent"] and use["received"] for use in uses]
    return shown if both == [True] else None


def _told(shown: Answer) -> Answer:
    names = ("title", "number", "status", "quantity", "quantity_left", "used")
    return {name: shown[name] for name in names}
