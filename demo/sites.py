"""Both parties' sites side by side, with the story's data in them, until Ctrl-C.

``python demo/sites.py --out demo-out`` serves again what a demonstration left. Nobody has a
password: each person of the story gets a link that logs in once; Enter makes new ones.
"""

import argparse
import select
import signal
import sys
from pathlib import Path
from shlex import quote
from typing import Final

import _checkout  # noqa: F401 - makes the package of this checkout known
from stage import CAST, MARK, SIGNATORIES, Party, StageError, both, reopen

_LOOK_S: Final = 0.5
_SIGNING: Final = """
  Adopting, initialling and signing take a person's own key. Save the request from its page, sign
  it as one of these, and hand the .jws file in on the same page:
"""
_COMITY: Final = quote(str(Path(sys.executable).with_name("comity")))


def serve(parties: tuple[Party, Party]) -> int:
    """Serve both sites until the keyboard says stop; return the exit code.

    Raises:
        StageError: a node does not come up.
    """
    try:
        for party in parties:
            party.start()
        both(*(party.ready for party in parties))
        _tell(parties)
        while all(party.node is not None and party.node.poll() is None for party in parties):
            if sys.stdin.isatty() and select.select([sys.stdin], [], [], _LOOK_S)[0]:
                if not sys.stdin.readline():
                    break
                _tell(parties)
            elif not sys.stdin.isatty():
                signal.pause()
        else:
            raise StageError("One of the nodes has ended; look at node.log beside its folder.")
    except KeyboardInterrupt:
        print("\nBoth nodes are stopped.")
    finally:
        for party in parties:
            party.stop()
    return 0


def _tell(parties: tuple[Party, Party]) -> None:
    """Print both sites with a link for each person."""
    for party in parties:
        print(f"\n{party.name}: http://localhost:{party.local_port}/\n")
        for role in CAST:
            made = party.run("officials", "link", role.id)
            print(f"  {party.names[role.id]:<16}{role.office:<30}{made['link']}")
        print(_SIGNING)
        for who in SIGNATORIES:
            print(f"  # {party.names[who]}")
            print(f"  export COMITY_PASSPHRASE_FILE={quote(str(party.passphrase(who)))}")
            print(f"  {_COMITY} sign FILE.request.json --with {quote(str(party.person(who)))}")
    print(
        "\nEach link logs one person in, once, within a quarter of an hour."
        " Enter: new links. Ctrl-C: stop both.",
        flush=True,
    )


def main() -> int:
    """Serve what a demonstration left and return the exit code."""
    parser = argparse.ArgumentParser(prog="demo-sites", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="where it was left")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        return serve(_left(given.out.resolve()))
    except StageError as error:
        print(f"demo-sites: {error}", file=sys.stderr)
        return 2


def _left(out: Path) -> tuple[Party, Party]:
    """Return the parties of the demonstration that was played there.

    Raises:
        StageError: none was.
    """
    if not (out / MARK).is_file() or not (out / "report.json").is_file():
        raise StageError(f"{out} holds no demonstration that was played: make demo")
    return reopen(out)


def _end(number: int, _frame: object) -> None:
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
