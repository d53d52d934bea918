"""Run the official compatibility kit against a node and say, test by test, what it found.

Starts a node with ``profile.toml`` in a folder of its own, the adapter, and the kit, all on free
ports of this machine; prints one line for each test as it ends; ends what it started, whatever
happens. All that is written lies below ``build/conformance``. Succeeds only if every enabled test
passed. ``tools/conformance`` sees to Java and builds the kit before.
"""

import argparse
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from adapter import OPERATOR, Adapter, begin_at
from comity.sdk import Comity
from kit import ENABLED, PROFILE, SELF_CHECK, Place, placed, settings

BUILD: Final = PROFILE.parents[1] / "build" / "conformance"
KIT: Final = BUILD / "tck"
RUN: Final = BUILD / "run"
START_S_MAX: Final = 60
END_S_MAX: Final = 15
#: A run takes one to two minutes. One in which every test waits until its time is up takes eleven.
RUN_S_MAX: Final = 900

_TOLD: Final = re.compile(r"(SUCCESSFUL|FAILED|ABORTED): ([A-Z_]+:\d\d-\d\d)\b")
_BECAUSE: Final = "BECAUSE: "


class BrokenError(Exception):
    """The run itself did not come about; the words say why."""


def main() -> int:
    """Run, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="tools/conformance", description="Run the official compatibility kit against a node."
    )
    parser.add_argument("only", nargs="?", default="", help="tests that begin so, such as CN:01")
    parser.add_argument(
        "--self-check",
        action="store_true",
        help="the kit against its own connector: is the set-up right?",
    )
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(RUN, ignore_errors=True)
    RUN.mkdir(parents=True)
    try:
        if told.self_check:
            (RUN / "kit.properties").write_text(SELF_CHECK, encoding="utf-8")
            passed = kit_run(told.only)
        else:
            with a_node():
                passed = kit_run(told.only)
    except BrokenError as error:
        print(f"conformance: {error}")
        return 1
    return verdict(passed, only=told.only)


def verdict(passed: dict[str, bool], *, only: str) -> int:
    """Print what did not pass and the counts; return the exit status."""
    wanted = [name for name in ENABLED if name.startswith(only)]
    absent = [name for name in wanted if name not in passed]
    for name in absent:
        print(f"FAILED: {name} (the kit did not run it)")
    failed = len(absent) + sum(not good for good in passed.values())
    print(f"{sum(passed.values())} passed, {failed} failed")
    return 0 if wanted and not failed else 1


@contextmanager
def a_node() -> Iterator[None]:
    """Have a node with the profile, and the adapter before it; the kit's settings are written."""
    place = a_place()
    text = placed(PROFILE.read_text(encoding="utf-8"), place)
    (RUN / "profile.toml").write_text(text, encoding="utf-8")
    profile = tomllib.loads(text)
    told = settings(
        place,
        participant=profile["node"]["participant"],
        secret=profile["counterpart"][0]["identity"]["header"],
    )
    (RUN / "kit.properties").write_text(told, encoding="utf-8")
    command = [sys.executable, "-m", "comity", "conformance", "serve", str(RUN / "profile.toml")]
    with ExitStack() as stack:
        log = stack.enter_context((RUN / "node.log").open("wb"))
        ready = RUN / "ready"
        process = subprocess.Popen(
            [*command, "--folder", str(RUN / "node"), "--ready-file", str(ready)],
            stdout=log,
            stderr=log,
        )
        stack.callback(end, process)
        wait_for(ready, process)
        node = Comity.from_folder(RUN / "node", as_=OPERATOR)
        adapter = Adapter(place.adapter, begin_at(node))
        stack.callback(adapter.server_close)
        serving = threading.Thread(target=adapter.serve_forever, daemon=True)
        serving.start()
        stack.callback(adapter.shutdown)
        yield
        if process.poll() is not None:
            raise BrokenError(f"the node ended by itself: see {short(RUN / 'node.log')}")


def kit_run(only: str) -> dict[str, bool]:
    """Run the kit, print a line for each test; return which passed."""
    classes = f"{KIT / 'classes'}:{KIT / 'lib'}/*"
    command = ["java", "-cp", classes, "comity.conformance.Main", str(RUN / "kit.properties")]
    passed: dict[str, bool] = {}
    with ExitStack() as stack:
        log = stack.enter_context((RUN / "kit.log").open("w", encoding="utf-8"))
        process = subprocess.Popen(
            [*command, *([only] if only else [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd=RUN,
        )
        stack.callback(end, process)
        late = threading.Timer(RUN_S_MAX, process.kill)
        late.daemon = True
        late.start()
        stack.callback(late.cancel)
        assert process.stdout is not None
        reasons = False
        for line in process.stdout:
            log.write(line)
            if found := _TOLD.search(line):
                passed[found[2]] = found[1] == "SUCCESSFUL"
                print(f"{'SUCCESSFUL' if passed[found[2]] else 'FAILED'}: {found[2]}", flush=True)
            reasons = line.startswith(_BECAUSE) or (reasons and line.startswith("  "))
            if reasons:
                print(line.rstrip()[:300])
    if not passed:
        raise BrokenError(f"the kit ran no test: see {short(RUN / 'kit.log')}")
    return passed


def a_place() -> Place:
    """Return four ports of this machine that nobody uses now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(4)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        node, api, kit, adapter = [int(one.getsockname()[1]) for one in sockets]
    return Place(node=node, api=api, kit=kit, adapter=adapter)


def wait_for(ready: Path, process: "subprocess.Popen[bytes]") -> None:
    """Return once the node serves.

    Raises:
        BrokenError: It does not.
    """
    moments = START_S_MAX * 20
    while not ready.exists():
        moments -= 1
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            if moments:
                continue
        raise BrokenError(f"the node does not start: see {short(RUN / 'node.log')}")


def end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """End a process that we started, if it has not ended."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=END_S_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def short(path: Path) -> str:
    """Return a path as seen from the checkout."""
    return path.relative_to(BUILD.parents[1]).as_posix()


if __name__ == "__main__":
    sys.exit(main())
