"""What the demonstration leaves behind: ``report.json`` for programs, a summary for people."""

import json
import shutil
import sys
from pathlib import Path

import attrs
from screen import date, size
from stage import Answer
from story import Story


@attrs.frozen(kw_only=True)
class Done:
    """One chapter that was played."""

    id: str
    title: str
    ok: bool
    seconds: float

    def to_json(self) -> Answer:
        """Return the line of the report."""
        return {
            "id": self.id,
            "title": self.title,
            "ok": self.ok,
            "seconds": round(self.seconds, 2),
        }


def report(story: Story, done: list[Done]) -> Answer:
    """Return the report; every value was read back from a node, or is the time it took."""
    a, b = (story.shown.get(side, {}) for side in "ab")
    return {
        "chapters": [one.to_json() for one in done],
        "agreement": {
            "digest": {"a": a.get("text"), "b": b.get("text")},
            "units": len(b.get("units", [])),
            "void_attempts": b.get("void_attempts", 0),
            "state": {"a": a.get("status"), "b": b.get("status")},
            "enters_into_force": b.get("in_force_at"),
            "ends": b.get("ends_at"),
            "signatures": _signatures(b),
        },
        "red_line": {
            "fired": story.red_line_fired,
            "found_on_counterpart": story.found_on_counterpart,
        },
        "transfer": story.transfer,
        "meeting": story.meeting,
        "commitments": story.commitments,
        "statement": story.statement,
        "project": story.project,
        "relationship": story.relationship,
        "authorisation": story.authorisation,
        "refusals": [one.to_json() for one in story.refusals],
        "record": story.record,
        "evidence": story.evidence,
        "timings": {name: round(value, 3) for name, value in story.timings.items()},
    }


def _signatures(shown: Answer) -> list[Answer]:
    names = ("party", "name", "office", "attested")
    lines = (shown.get("attempt") or {}).get("signatures", [])
    return [{name: line[name] for name in names} for line in lines if line["counts"]]


def write(story: Story, done: list[Done]) -> Path:
    """Write ``report.json`` and return where."""
    path = story.out / "report.json"
    path.write_text(json.dumps(report(story, done), ensure_ascii=False, indent=2) + "\n")
    return path


def summary(story: Story, done: list[Done]) -> list[str]:
    """Return the summary for people."""
    shown = story.shown["b"]
    signed = _signatures(shown)
    sender = sum(one.refused_by == "sender" for one in story.refusals)
    transfer = story.transfer
    force = f"in force since {date(shown['in_force_at'])}, until {date(shown['ends_at'])}"
    shared = f"one file of {size(transfer['bytes'])} shared in {transfer['seconds']:.1f} s"
    liar = len(story.refusals) - sender
    lines = [
        f"«{shown['title']}», {len(shown['units'])} units: the same digest on both nodes",
        f"{force}; signed by {len(signed)}, after {shown['void_attempts']} void attempt",
        f"{shared}, {transfer['ruling']['a']}, digest right",
        (
            f"a first meeting held: {len(story.meeting['a']['agenda'])} items, one record agreed,"
            " one item of it in two versions"
        ),
        (
            f"{len(story.commitments['a'])} promises: one kept, one overdue in view of both;"
            " both relationship pages equal"
        ),
        "a joint statement cleared and released by both, on one page that anyone verifies",
        (
            "a project at work under its own arrangement in force: one of"
            f" {len(story.project['a']['milestones'])} milestones accepted, a buoy lent"
        ),
        "a controlled item refused at both ends, authorised, sent once, and refused again",
        f"refused: {sender} times by the sender, {liar} times by the receiver of a lie",
        "A's red line fired, and nothing of it is on B's side",
        "evidence verified without the nodes; with one byte changed, it did not",
        f"played in {sum(one.seconds for one in done):.0f} seconds",
    ]
    return [f"  {line}" for line in lines]


def next_steps(story: Story) -> list[str]:
    """Return three commands to try; the nodes are stopped, the first needs none."""
    out = _shown(story.out)
    a = f"{out}/{story.a.folder.name}"
    letters = " ".join(f"--trust {_shown(party.letter)}" for party in story.parties)
    evidence = f"{out}/{story.evidence['files'][0]}"
    beside = Path(sys.executable).with_name("comity")
    comity = "comity" if shutil.which("comity") or not beside.exists() else _shown(beside)
    return [
        f"  {comity} verify {evidence} {letters}",
        "  make demo-sites        # both parties' sites, side by side",
        f"  {comity} agreement show last --folder {a}",
    ]


def _shown(path: Path) -> str:
    """Return a path as short as it can be typed from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
