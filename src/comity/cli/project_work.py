"""A joint project at work: approval, milestones, loans, register, and its ends."""

from typing import Final

import click

from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.projects import WHICH, WHY, WORDS, ZONE, told

_MILESTONE: Final = click.argument("milestone", metavar="MILESTONE")
_LOAN: Final = click.argument("loan", metavar="LOAN")
_ITEM: Final = click.argument("item", metavar="ITEM")
_RECALLED: Final = (
    *("intend", "approve", "resume", "wind-up", "close", "hand-over", "abandon"),
    *("plan", "claim", "notice"),
)
_MAY: Final = click.Choice(["free", "consent", "no"])


@command("agree-plan", "projects agree-plan last --as okoye")
@WHICH
@WORDS
def agree_plan(desk: Desk, *, project: str, words: str) -> None:
    """Agree to the plan that the other side put up, exactly as it stands."""
    told(desk, "agree_plan", project, words=words)


@command("approve", "projects approve last --as nakamura")
@WHICH
@WORDS
def approve(desk: Desk, *, project: str, words: str) -> None:
    """Approve the arrangement in force, by its text, and the agreed plan; counts with both."""
    told(desk, "approve", project, words=words)


@command("start", "projects start last --as nakamura")
@WHICH
@WORDS
def start(desk: Desk, *, project: str, words: str) -> None:
    """Begin the work of an approved project."""
    told(desk, "start", project, words=words)


@command("pause", 'projects pause last --because "The ship is in dock." --as nakamura')
@WHICH
@WHY
def pause(desk: Desk, *, project: str, reason: str) -> None:
    """Pause the work."""
    told(desk, "pause", project, reason=reason)


@command("resume", "projects resume last --as nakamura")
@WHICH
@WORDS
def resume(desk: Desk, *, project: str, words: str) -> None:
    """Take the work up again; counts once both have said so."""
    told(desk, "resume", project, words=words)


@command("claim", 'projects claim last m1 --evidence "test report 4" --as nakamura')
@WHICH
@_MILESTONE
@click.option("--evidence", multiple=True, help="What shows it; may be given several times.")
@WORDS
def claim(
    desk: Desk, *, project: str, milestone: str, evidence: tuple[str, ...], words: str
) -> None:
    """Claim that a milestone is reached; MILESTONE is its key or its title."""
    told(desk, "claim", project, milestone=milestone, evidence=list(evidence), words=words)


@command("accept", "projects accept last m1 --as okoye")
@WHICH
@_MILESTONE
@WORDS
def accept(desk: Desk, *, project: str, milestone: str, words: str) -> None:
    """Accept the claim of a milestone."""
    told(desk, "accept", project, milestone=milestone, words=words)


@command("reject", 'projects reject last m1 --because "Report 4 is missing." --as okoye')
@WHICH
@_MILESTONE
@WHY
def reject(desk: Desk, *, project: str, milestone: str, reason: str) -> None:
    """Reject the claim of a milestone; it can be claimed again."""
    told(desk, "reject", project, milestone=milestone, reason=reason)


@command("lend", 'projects lend last "Test buoy no. 3" --due 2027-02-01 --as nakamura')
@WHICH
@click.argument("what", metavar="WHAT")
@click.option("--due", type=DUE, required=True, help="When it is due back.")
@click.option("--ref", default="", help="Where it stands in our inventory.")
@ZONE
@WORDS
def lend(  # what, until when
    desk: Desk, *, project: str, **members: str
) -> None:
    """Lend something to the other side."""
    told(desk, "lend", project, **dict(members))


@command("receive", 'projects receive last "Test buoy no. 3" --as okoye')
@WHICH
@_LOAN
@WORDS
def receive(desk: Desk, *, project: str, loan: str, words: str) -> None:
    """Say that what was lent to us has arrived."""
    told(desk, "receive", project, loan=loan, words=words)


@command("give-back", 'projects give-back last "Test buoy no. 3" --as okoye')
@WHICH
@_LOAN
@WORDS
def give_back(desk: Desk, *, project: str, loan: str, words: str) -> None:
    """Say that what was lent to us is on its way back."""
    told(desk, "give_back", project, loan=loan, words=words)


@command("take-back", 'projects take-back last "Test buoy no. 3" --as nakamura')
@WHICH
@_LOAN
@WORDS
def take_back(desk: Desk, *, project: str, loan: str, words: str) -> None:
    """Say that what we lent is back: only this ends a loan, or writing it off."""
    told(desk, "take_back", project, loan=loan, words=words)


@command("write-off", 'projects write-off last "Test buoy no. 3" --because "Lost." --as nakamura')
@WHICH
@_LOAN
@WHY
def write_off(desk: Desk, *, project: str, loan: str, reason: str) -> None:
    """Give up what we lent."""
    told(desk, "write_off", project, loan=loan, reason=reason)


@command(
    "enter",
    'projects enter last background "Hull drawings" --outside no --as nakamura',
    'projects enter last foreground "Ice model" --owner both --as nakamura',
)
@WHICH
@click.argument("ground", type=click.Choice(["background", "foreground"]))
@click.argument("title", metavar="TITLE")
@click.option("--description", default="", help="What it is.")
@click.option("--ref", default="", help="Where it is kept.")
@click.option("--owner", type=click.Choice(["us", "them", "both"]), default="us", help="Whose.")
@click.option("--within", type=_MAY, default="free", help="Use in the project.")
@click.option("--outside", type=_MAY, default="consent", help="Use outside it.")
@click.option("--onward", type=_MAY, default="no", help="Passing it on.")
@WORDS
def enter(desk: Desk, *, project: str, **members: str) -> None:
    """Enter an item: what we bring in, or what the project made (the other side confirms that)."""
    told(desk, "enter", project, **dict(members))


@command("confirm", 'projects confirm last "Ice model" --as okoye')
@WHICH
@_ITEM
@WORDS
def confirm(desk: Desk, *, project: str, item: str, words: str) -> None:
    """Confirm a foreground item exactly as the other side entered it."""
    told(desk, "confirm", project, item=item, words=words)


@command("strike", 'projects strike last "Hull drawings" --as nakamura')
@WHICH
@_ITEM
@WORDS
def strike(desk: Desk, *, project: str, item: str, words: str) -> None:
    """Strike an entry of ours; it stays to be read."""
    told(desk, "strike", project, item=item, words=words)


@command("wind-up", "projects wind-up last --as nakamura")
@WHICH
@WORDS
def wind_up(desk: Desk, *, project: str, words: str) -> None:
    """Begin to close the project; counts once both have said so."""
    told(desk, "wind_up", project, words=words)


@command("close", "projects close last --authorisations reconciled --as nakamura")
@WHICH
@click.option(
    "--authorisations",
    type=click.Choice(["reconciled", "none"]),
    required=True,
    help="How the transfer authorisations were left, or that there were none.",
)
@WORDS
def close(desk: Desk, *, project: str, authorisations: str, words: str) -> None:
    """Close the project: register complete, nothing lent; counts once both said the same."""
    told(desk, "close", project, authorisations=authorisations, words=words)


@command("hand-over", 'projects hand-over last "Joint Procurement Office" --as nakamura')
@WHICH
@click.argument("to", metavar="TO")
@WORDS
def hand_over(desk: Desk, *, project: str, to: str, words: str) -> None:
    """Hand the result over to procurement or an enterprise; counts once both said the same."""
    told(desk, "hand_over", project, to=to, words=words)


@command("abandon", 'projects abandon last --because "No money." --as nakamura')
@WHICH
@WHY
def abandon(desk: Desk, *, project: str, reason: str) -> None:
    """Abandon the project; counts once both have said so. What is lent still comes home."""
    told(desk, "abandon", project, reason=reason)


@command("notice", 'projects notice last 2027-12-31 --because "The budget ends." --as nakamura')
@WHICH
@click.argument("leaves", type=DUE)
@WHY
@ZONE
def notice(desk: Desk, *, project: str, leaves: str, reason: str, zone: str) -> None:
    """Give notice that we leave; nothing happens by itself when that day comes."""
    told(desk, "notice", project, leaves=leaves, reason=reason, zone=zone)


@command("leave", "projects leave last --as nakamura")
@WHICH
@WORDS
def leave(desk: Desk, *, project: str, words: str) -> None:
    """Leave the project, once the day of our notice has come."""
    told(desk, "leave", project, words=words)


@command("recall", "projects recall last --of notice --as nakamura")
@WHICH
@click.option("--of", type=click.Choice(_RECALLED), required=True, help="What of ours.")
@click.option("--milestone", default="", help="Of a claim: the milestone, by its key or title.")
@WORDS
def recall(desk: Desk, *, project: str, of: str, milestone: str, words: str) -> None:
    """Take back what we said and does not count yet: a word, a plan, a claim, a notice."""
    told(desk, "recall", project, of=of.replace("-", "_"), milestone=milestone, words=words)


@command("remark", 'projects remark last --words "The first buoy floats." --as nakamura')
@WHICH
@WORDS
def remark(desk: Desk, *, project: str, words: str) -> None:
    """Say how it goes; a project without entries is shown as dormant."""
    told(desk, "remark", project, words=words)
