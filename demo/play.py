"""Play the life of an agreement on two real nodes: ``python demo/play.py --out demo-out``.

Two processes, two folders, two databases, HTTPS on loopback with pinned certificates. Nothing is
faked: the play drives the commands that a user has, and what it prints was read back from a node.
"""

import argparse
import contextlib
import random
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

import _checkout  # noqa: F401 - makes the package of this checkout known
import attrs
import authorisation
import beginning
import concluding
import crossing
import meeting
import project
import promises
import proof
import report
import sites
import statement
import talks
import work
from relay import Recorder
from report import Done
from screen import Screen
from stage import StageError, clear, make_parties
from story import Story
from texts import prepare


@attrs.frozen(kw_only=True)
class Chapter:
    """One chapter."""

    id: str
    title: str
    play: Callable[[Story], None]

    def done(self, started: float, *, ok: bool) -> Done:
        """Return the line about it, now that it has ended."""
        seconds = time.monotonic() - started
        return Done(id=self.id, title=self.title, ok=ok, seconds=seconds)


CHAPTERS: Final = (
    Chapter(id="meet", title="The Parties meet", play=beginning.meet),
    Chapter(id="table", title="A draft is tabled", play=beginning.table_draft),
    Chapter(id="negotiate", title="Nobody rushes, nobody gives up freedom", play=talks.negotiate),
    Chapter(id="sign", title="Signed for ten years", play=concluding.conclude),
    Chapter(id="share", title="Information is shared", play=crossing.share),
    Chapter(id="meeting", title="A first meeting", play=meeting.meet_again),
    Chapter(id="promise", title="Promises are kept in view", play=promises.promise),
    Chapter(id="statement", title="Both announce together", play=statement.announce),
    Chapter(id="project", title="A project is proposed", play=project.propose),
    Chapter(id="work", title="The project is at work", play=work.begin_work),
    Chapter(id="authorise", title="Controlled, authorised, once", play=authorisation.authorise),
    Chapter(id="refuse", title="What does not cross", play=crossing.refuse),
    Chapter(id="prove", title="Proof", play=proof.prove),
)


def main() -> int:
    """Play it and return the exit code."""
    given = _arguments()
    signal.signal(signal.SIGTERM, _end)
    began = time.monotonic()
    try:
        story = _set(given)
    except StageError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    screen = story.screen
    screen.title(story.play.title, story.a.name, story.b.name)
    done: list[Done] = []
    code = _played(story, done, step=given.step)
    story.timings |= {one.id: one.seconds for one in done}
    commands = [seconds for party in story.parties for seconds in party.commands]
    starts = [seconds for party in story.parties for seconds in party.starts]
    story.timings["command_median"] = statistics.median(commands or [0.0])
    story.timings["node_start_median"] = statistics.median(starts or [0.0])
    story.timings["total"] = time.monotonic() - began
    path = report.write(story, done)
    if code == 0:
        screen.plain("", "━" * screen.width, "", *report.summary(story, done), "")
        screen.plain(f"Report: {path}", "Both folders stay; both nodes are stopped. Try next:", "")
        screen.plain(*report.next_steps(story))
        if sys.stdin.isatty() and sys.stdout.isatty():
            return _hand_over(story)
    return code


def _hand_over(story: Story) -> int:
    """Serve both sites with the story's data until Ctrl-C, and return the exit code."""
    story.screen.plain("", "Both sites are served now: look around on both sides of the border.")
    try:
        return sites.serve(story.parties)
    except StageError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


def _played(story: Story, done: list[Done], *, step: bool) -> int:
    """Play the chapters and return the exit code; both nodes are stopped in every case."""
    at, started = CHAPTERS[0], time.monotonic()
    try:
        for number, chapter in enumerate(CHAPTERS, start=1):
            at, started = chapter, time.monotonic()
            story.screen.chapter(number, at.title)
            at.play(story)
            done.append(at.done(started, ok=True))
            if step and number < len(CHAPTERS):
                story.screen.wait()
    except KeyboardInterrupt:
        print(f"\ndemo: stopped in the chapter «{at.title}».", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it is, the chapter is named
        done.append(at.done(started, ok=False))
        what = str(error) if isinstance(error, StageError) else f"{type(error).__name__}: {error}"
        print(f"\ndemo: the chapter «{at.title}» failed.\n{what}", file=sys.stderr)
        if "--trace" in sys.argv:
            traceback.print_exc()
        return 1
    finally:
        stop(story)
    return 0


def _set(given: argparse.Namespace) -> Story:
    """Return the play with its stage set, before anything is on it.

    Raises:
        StageError: a file of the user's cannot be used, or the place is somebody else's.
    """
    for named in (given.agreement, given.fields, given.file):
        if named is not None and not named.is_file():
            raise StageError(f"{named} is not a file. Nothing was touched.")
    clear(given.out)
    out = given.out.resolve()
    a, b = make_parties(out)
    story = Story(
        out=out,
        a=a,
        b=b,
        screen=Screen(),
        play=prepare(a.desk, agreement=given.agreement, fields=given.fields),
        file=(given.file or _own_file(a.desk)).resolve(),
        rng=random.Random(given.seed),
    )
    story.recorders = [
        Recorder(b, keep="incoming", into=story.received),
        Recorder(a, keep="outgoing", into=story.received),
    ]
    return story


def stop(story: Story) -> None:
    """Stop both nodes by their pids, whatever happened."""
    for party in story.parties:
        party.stop()
    for recorder in story.recorders:
        recorder.stop()
    for party in story.parties:
        with contextlib.suppress(OSError):
            party.listen_in_front()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="where it is left")
    parser.add_argument("--agreement", type=Path, help="your own text, plain or Markdown, UTF-8")
    parser.add_argument("--fields", type=Path, help="what your text lays down, as TOML")
    parser.add_argument("--file", type=Path, help="your own file to share")
    parser.add_argument("--step", action="store_true", help="wait for Enter between the chapters")
    parser.add_argument("--seed", type=int, default=0, help="which units play which part")
    parser.add_argument("--trace", action="store_true", help="show where it failed")
    return parser.parse_args()


def _own_file(desk: Path) -> Path:
    """Return a file to share where the user has given none."""
    file = desk / "harbour-survey.txt"
    lines = [f"Sounding {n:04d}: {7 + n % 5}.{n * 37 % 10} m" for n in range(2000)]
    file.write_text("Survey of the common harbour\n\n" + "\n".join(lines) + "\n")
    return file


def _end(number: int, _frame: object) -> None:
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
