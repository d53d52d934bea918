"""Chapter 7: evidence that stands without either node, and a secret that stayed one."""

from pathlib import Path
from typing import Final

import search
import tamper
from screen import size
from stage import Answer, Party, both, comity
from story import Story, expect

EXIT_NOT_VERIFIED: Final = 6


def prove(story: Story) -> None:
    """Compare the records, export evidence, stop both nodes, verify, tamper, search."""
    _records(story)
    files = _exported(story)
    story.shown = dict(zip("ab", story.look(), strict=True))
    for party in story.parties:
        party.stop()
    for recorder in story.recorders:
        recorder.stop()
    _verified(story, files)
    _tampered(story, files[0])
    _searched(story)


def _records(story: Story) -> None:
    """See that both hold the same two logs, and that the state follows from them."""
    shown = both(*(lambda p=p: p.run("record", "show") for p in story.parties))
    replayed = both(*(lambda p=p: p.run("record", "replay") for p in story.parties))
    story.record = {
        side: {
            log: {"size": one[log]["size"], "root": one[log]["root"]} for log in ("ours", "theirs")
        }
        for side, one in zip("ab", shown, strict=True)
    }
    a, b = story.record["a"], story.record["b"]
    expect(holds=a["ours"] == b["theirs"] and a["theirs"] == b["ours"], what="equal records")
    expect(holds=all(one["equal"] for one in replayed), what="the state follows from the logs")
    story.screen.sides(
        *(
            [
                f"+ our log {one['ours']['size']} entries, theirs {one['theirs']['size']}",
                "    each cosigned by the other side",
                "= rebuilt from both logs: the same state",
            ]
            for one in shown
        )
    )


def _exported(story: Story) -> tuple[Path, Path]:
    """Let A export the evidence of the agreement, and B that of the transfer."""
    folder = story.out / "evidence"
    folder.mkdir()
    agreement, transfer = folder / "agreement.evidence.zip", folder / "transfer.evidence.zip"
    both(
        lambda: story.a.run("evidence", "agreement", story.instrument, "-o", agreement),
        lambda: story.b.run("evidence", "transfer", story.items["transfer"], "-o", transfer),
    )
    story.screen.sides(
        [f"+ evidence of the agreement: {agreement.name}"],
        [f"+ evidence of the transfer: {transfer.name}"],
    )
    return agreement, transfer


def _verify(story: Story, evidence: Path) -> Answer:
    """Verify evidence in an empty folder: no node, no party, nothing but the two letters."""
    nowhere = story.out / "evidence"
    trust = [word for party in story.parties for word in ("--trust", str(party.letter))]
    return comity(["verify", str(evidence), *trust, "--json"], cwd=nowhere)


def _verified(story: Story, files: tuple[Path, Path]) -> None:
    reports = both(*(lambda f=file: _verify(story, f) for file in files))
    expect(holds=all(one["ok"] for one in reports), what=f"the evidence verifies: {reports}")
    story.evidence = {
        "files": [str(file.relative_to(story.out)) for file in files],
        "verified": True,
    }
    story.screen.tell(
        "Both nodes are stopped. Whoever has the two letters and the files can check everything,"
        " without either party and with other people's tools: the README in each file says how."
    )
    story.screen.sides(*([f"= verified: {len(one['checks'])} checks hold"] for one in reports))


def _tampered(story: Story, evidence: Path) -> None:
    """Change one byte in turn; verification must fail and say where."""
    changed = tamper.write(story.out / "tampered", evidence)
    reports = both(*(lambda p=path: _verify(story, p) for _, path in changed.values()))
    where = []
    for (what, (name, _)), report in zip(changed.items(), reports, strict=True):
        expect(
            holds=report["ok"] is False and report.get("exit_code") == EXIT_NOT_VERIFIED,
            what=f"verification fails after a change of {what}",
        )
        expect(holds=bool(report["where"]), what="the report says where")
        wrong = next(check for check in report["checks"] if not check["ok"])
        where.append({"changed": what, "file": name, "where": report["where"]})
        story.screen.sides(
            [f"! {what} changed, in {name}"],
            [f"x not verified, at {report['where']}: {wrong['what']}"],
        )
    story.evidence |= {
        "tampered_verified": any(report["ok"] for report in reports),
        "tampered_where": [one["where"] for one in where],
    }


def _searched(story: Story) -> None:
    """Search B's things and all that B received for A's red line; the same search must hit at A."""
    secrets = [story.red_line["id"], story.red_line["sentence"]]
    at_b = search.find(secrets, [*_places(story.b), story.received])
    at_a = [search.find([secret], _places(story.a)) for secret in secrets]
    expect(holds=all(at_a), what="the same search finds the red line at A")
    story.found_on_counterpart = bool(at_b)
    expect(holds=not at_b, what=f"nothing of A's red line is at B: {at_b}")
    received = sum(file.stat().st_size for file in story.received.iterdir())
    story.screen.tell("And A's red line? Both sides are searched in the same way.")
    story.screen.sides(
        [f"+ found where it belongs, in {len({one for hits in at_a for one in hits})} places"],
        ["= nowhere in the folder, the database, the log,", f"    or {size(received)} received"],
    )


def _places(party: Party) -> list[Path]:
    return [party.folder, party.desk, party.people]
