"""Chapters 5 and 6: information is shared, and what does not cross."""

import json
import subprocess
import sys
import time
from hashlib import file_digest
from pathlib import Path
from typing import Final

from screen import short, size
from stage import COMMAND_WAIT_S, SIGNATORIES, Answer, Party, StageError, environment, until
from story import Refusal, Story, expect, held
from texts import Area, above

HERE: Final = Path(__file__).resolve().parent
OUTSIDE: Final = "border-control"


def share(story: Story) -> None:
    """A desk officer asks, a release officer releases, B finds it, contracts it and pulls it."""
    a, screen = story.a, story.screen
    area = story.areas[0]
    item = add(story, story.file, area, title=story.file.name)
    story.items["shared"] = item
    asked = a.run("share", "check", item, "--to", story.b.name, who="desk")
    expect(holds=asked["answer"] == "ask", what="it is permitted, a person must release it")
    screen.tell("A desk officer has a file for B and asks: may I send this?")
    screen.a(
        f"> {story.file.name}, {size(story.file.stat().st_size)}, {area.kind}, {area.marking}",
        f"  permitted under {asked['article']}; ask the {asked['ask']}",
    )
    a.run("share", "offer", item, "--to", story.b.name, who="desk")
    released(story, item)
    answer = a.run("share", "check", item, "--to", story.b.name, who="desk")
    expect(holds=answer["answer"] == "yes", what="yes under the article")
    screen.a(
        f"+ {a.names['release']} releases it",
        f"+ may I send this? yes, under {answer['article']}",
    )
    _pull(story, item)


def add(story: Story, file: Path, policy: Area, *, title: str, **other: str) -> str:
    """Bring a file into A's node and return the item's id."""
    said = {"area": policy.id, "kind": policy.kind, "marking": policy.marking}
    said |= {"purpose": policy.purpose}
    said |= {"title": title} | other
    added = story.a.run(
        *("share", "add", file),
        *(word for name, value in said.items() for word in (f"--{name}", value)),
        who="desk",
    )
    return str(added["id"])


def released(story: Story, item: str) -> None:
    story.a.run("share", "release", item, "--to", story.b.name, who="release")
    until(lambda: _delivered(story.a), seconds=20, what="B holds the release")


def _delivered(party: Party) -> bool | None:
    """Return whether the counterpart holds all of our record, as our node says."""
    rows = party.run("status")["relationships"]
    return all(row["held_by_counterpart"] >= row["entries"] for row in rows) or None


def _pull(story: Story, item: str) -> None:
    """Let B contract and pull an item, and see that both ends say the same of it."""
    a, b, screen = story.a, story.b, story.screen
    catalogue = b.run("catalogue", "--of", a.name)
    row = next(one for one in catalogue["datasets"] if one["dataset"] == item)
    screen.b(f"> in our catalogue: «{row['title']}», {size(row['bytes'])}, under {row['article']}")
    target = b.desk / f"received-{story.file.name}"
    began = time.monotonic()
    fetched = b.run("fetch", item, "--from", a.name, "-o", target, who="desk")
    seconds = time.monotonic() - began
    sent = until(lambda: _sent(a, fetched), seconds=20, what="A's node says that it was sent")
    with target.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    with story.file.open("rb") as file:
        original = file_digest(file, "sha256").hexdigest()
    rulings = [_ruling(one) for one in (sent, fetched)]
    expect(holds=rulings[0] == rulings[1], what="both ends made the same ruling")
    expect(
        holds=original == found == sent["moved"]["sha256"] == fetched["moved"]["sha256"],
        what="what was received is what was sent",
    )
    screen.sides(
        [
            f"+ sent: {size(sent['moved']['bytes'])}, {rulings[0]}",
            f"= {short(sent['moved']['sha256'])}",
        ],
        [
            f"+ received: {size(fetched['moved']['bytes'])}, {rulings[1]}",
            f"= {short(fetched['moved']['sha256'])}",
        ],
    )
    story.items["dataset"], story.items["offer"] = item, row["offer"]
    story.transfer = {
        "bytes": fetched["moved"]["bytes"],
        "sha256": {"sent": sent["moved"]["sha256"], "received": found},
        "ruling": {"a": rulings[0], "b": rulings[1]},
        "seconds": round(seconds, 3),
    }
    story.items["transfer"] = fetched["transfer"]
    names = ("instrument", "unit", "area", "action", "kind", "marking", "purpose", "onward")
    story.offered = {name: row[name] for name in (*names, "release", "digest", "bytes", "media")}


def _sent(a: Party, fetched: Answer) -> Answer | None:
    rows = a.run("transfers", "list")["transfers"]
    for row in rows:
        if (
            row["shared_id"] == fetched["shared_id"]
            and row["family"] == "transfer"
            and row["moved"]
        ):
            return dict(row)
    return None


def _ruling(shown: Answer) -> str:
    return f"permitted under {shown['ruling']['article']}"


# --- chapter 6 ------------------------------------------------------------------------------------


def refuse(story: Story) -> None:
    """What no article allows does not cross, whoever sends it."""
    a, screen = story.a, story.screen
    area = story.areas[0]
    screen.tell("A's own officials try what the agreement does not allow.")
    _not_released(story, "outside the areas", area=OUTSIDE)
    _not_released(story, "above the agreed marking", marking=above(story.shown["a"], area))
    _stranger(story)
    screen.tell(
        "Now somebody sits down at A's port with A's own keys, and sends all the same. B's node"
        " looks at the agreement, not at the sender's honesty."
    )
    a.stop()
    good = story.offered
    _lies(
        story,
        {
            "outside the areas": {**good, "area": OUTSIDE},
            "above the agreed marking": {**good, "marking": above(story.shown["b"], area)},
            "": good,
        },
    )
    _back(a)
    _suspended(story)
    _resumed(story)


def _not_released(story: Story, case: str, **other: str) -> None:
    """Let A's release officer try to release what no article allows."""
    area = story.areas[0]
    item = add(story, story.file, area, title=case, **other)
    error = story.a.refused("share", "release", item, "--to", story.b.name, who="release")
    facts = error.get("facts", {})
    expect(holds="ruling" in facts, what=f"a ruling refuses: {case}")
    story.refuse(
        Refusal(
            case=case,
            refused_by="sender",
            code=str(facts["ruling"]),
            article=facts["article"],
            reason=str(facts["reason"]),
        )
    )
    story.screen.a(f"x {case}: {story.words(facts['reason'])}")


def _stranger(story: Story) -> None:
    """Let somebody ask whom nobody has accepted."""
    (said,) = _other_program("stranger.py", story.a.letter)
    answer = said["answer"]
    expect(holds=said["status"] == 401, what="a stranger is refused")
    story.refuse(
        Refusal(
            case="a stranger asks",
            refused_by="sender",
            code=str(answer["code"]),
            article=None,
            reason=str(answer["reason"][0]),
        )
    )
    story.screen.a(f"x a stranger asks for our catalogue: {answer['reason'][0]}")


def _lies(story: Story, offers: dict[str, Answer]) -> None:
    """Let the liar send offers; all but the control (``""``) must be refused by a ruling."""
    b = story.b
    file = story.out / "lies.json"
    told = [
        {"offer": story.items["offer"], "dataset": story.items["dataset"], "terms": terms}
        for terms in offers.values()
    ]
    file.write_text(json.dumps(told))
    said = _other_program("liar.py", story.a.folder, story.a.desk / b.letter.name, file)
    rulings = {
        row["item"]: row for row in b.run("record", "rulings", "--with", story.a.name)["rulings"]
    }
    for case, answer in zip(offers, said, strict=True):
        ruling = rulings.get(answer["message"][:16])
        if not case:
            _held(story, answer)
            continue
        expect(
            holds=ruling is not None and not ruling["permitted"],
            what=f"B's ruling refuses: {case}",
        )
        assert ruling is not None
        expect(holds=answer["answer"].get("code") == ruling["code"], what="the liar is told so")
        story.refuse(
            Refusal(
                case=case,
                refused_by="receiver",
                code=ruling["code"],
                article=ruling["article"],
                reason=ruling["reason"],
            )
        )
        story.screen.sides(
            [f"! a lying sender offers: {case}"], [f"x refused: {story.words(ruling['reason'])}"]
        )


def _held(story: Story, answer: Answer) -> None:
    """See that an honest offer by the same hands comes through, and waits for a person."""
    rows = story.b.run("transfers", "list")["transfers"]
    found = [row for row in rows if row["shared_id"] == answer["provider_pid"]]
    expect(
        holds=answer["status"] in {200, 201} and [row["state"] for row in found] == ["OFFERED"],
        what="an offer within the agreement is not refused, whoever sends it",
    )
    story.screen.sides(
        ["  the same hands offer what the article allows"],
        ["+ not refused; it waits for a person of ours"],
    )


def _back(party: Party) -> None:
    party.start()
    party.ready()


def _suspended(story: Story) -> None:
    """A suspends the article: its own gateway shuts at once, B's as soon as it knows."""
    a, b, area = story.a, story.b, story.areas[0]
    story.screen.tell(
        f"A suspends {area.article}. Its own gateway shuts at once, B's as soon as it arrives."
    )
    request = a.ask(
        *("agreement", "suspend", story.instrument, area.unit),
        who=SIGNATORIES[0],
        name="suspension",
    )
    held(a.sign(request, SIGNATORIES[0]), "the suspension")
    seen = story.settled()
    expect(holds=seen[1]["suspended_units"] == [area.unit], what="B knows of the suspension")
    catalogue = b.run("catalogue", "--of", a.name)
    expect(
        holds=all(row["unit"] != area.unit for row in catalogue["datasets"]),
        what="a suspended article empties its part of the catalogue",
    )
    story.screen.sides(
        [f"+ {area.article} suspended by {a.names[SIGNATORIES[0]]}"],
        [f"> {area.article} suspended; in our catalogue: {len(catalogue['datasets'])} files"],
    )
    _not_released(story, "suspended article")
    a.stop()
    _lies(story, {"suspended article": story.offered})
    _back(a)


def _resumed(story: Story) -> None:
    """Both lift the suspension, and sharing works again."""
    area = story.areas[0]
    story.screen.tell("Both lift the suspension, and sharing works again.")
    who = SIGNATORIES[0]
    for party in story.parties:
        request = party.ask("agreement", "resume", story.instrument, who=who, name="resumption")
        held(party.sign(request, who), "the resumption")
    seen = story.settled()
    expect(holds=not any(one["suspended_units"] for one in seen), what="nothing is suspended")
    story.screen.sides(*([f"+ {area.article} applies again"] for _ in seen))
    first = dict(story.transfer)
    story.file = _second_file(story)
    item = add(story, story.file, area, title=story.file.name)
    released(story, item)
    _pull(story, item)
    story.transfer = first


def _second_file(story: Story) -> Path:
    """Return another file to share."""
    file = story.a.desk / "addendum.txt"
    file.write_text(f"Addendum to {story.file.name}, sent after the resumption.\n")
    return file


def _other_program(name: str, *words: object) -> list[Answer]:
    """Return what a program beside the play was answered, call by call.

    Raises:
        StageError: it failed.
    """
    done = subprocess.run(
        [sys.executable, str(HERE / name), *map(str, words)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=COMMAND_WAIT_S,
        check=False,
    )
    try:
        return list(json.loads(done.stdout))
    except ValueError as error:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise StageError(f"demo/{name} failed:\n{said}") from error
