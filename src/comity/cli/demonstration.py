"""The demonstration: it stands in ``demo/`` beside the package and drives these commands."""

import contextlib
import subprocess
import sys
from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.foundation.errors import MisuseError

_FILE = click.Path(path_type=Path, dir_okay=False)


@command("demo", "demo", "demo --agreement treaty.md --file survey.pdf --step")
@click.option("--agreement", type=_FILE, help="Your own text, plain or Markdown.")
@click.option("--file", type=_FILE, help="Your own file to share.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the two folders are left.")
@click.option("--step", is_flag=True, help="Wait for Enter between the chapters.")
def demo(
    desk: Desk, *, agreement: Path | None, file: Path | None, out: Path | None, step: bool
) -> None:
    """Watch two parties live through an agreement, on two real nodes on this machine.

    They meet, negotiate, sign for ten years, share a file, are refused others, and prove it all.
    Both folders stay for exploring. Nothing in it binds anybody.
    """
    del desk
    play = Path(__file__).resolve().parents[3] / "demo" / "play.py"
    if not play.is_file():
        raise MisuseError(
            "cli.no_demo",
            "The demonstration is part of the source checkout (demo/play.py), and this program does"
            " not run from one. Clone the repository, then: make demo.",
        )
    given = {"--agreement": agreement, "--file": file, "--out": out}
    words = [word for name, path in given.items() if path for word in (name, str(path))]
    run = [sys.executable, str(play), *words, *(["--step"] if step else [])]
    playing = subprocess.Popen(run)  # noqa: S603 - our own script, words as one list
    while True:
        # From the keyboard the play is interrupted too: it stops both nodes; that is waited for.
        with contextlib.suppress(KeyboardInterrupt):
            click.get_current_context().exit(playing.wait())
