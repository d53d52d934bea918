"""How long it takes until a command has answered and until a node serves: whole processes."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from lines import Line, NotYetError, milliseconds

BUILD: Final = Path(__file__).resolve().parents[1] / "build"
ROUNDS: Final = 9
START_S_MAX: Final = 30.0
COMITY: Final = (sys.executable, "-m", "comity")


def environment() -> dict[str, str]:
    """Return the environment of a user: compiled files are kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"NO_COLOR": "1"}


def timed(*command: str, passphrase: Path | None = None) -> float:
    """Return how long a command takes that must succeed."""
    env = environment()
    if passphrase is not None:
        env["COMITY_PASSPHRASE_FILE"] = str(passphrase)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=env, text=True)
    took = time.perf_counter() - started
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotYetError(f"{' '.join(command[2:])}: {said[-1] if said else 'failed'}")
    return took


def cli_start() -> list[Line]:
    """Return the time of the commands that need no node, beside a Python that does nothing."""
    timed(*COMITY, "--help")  # compiles what was never run
    bare = [timed(sys.executable, "-c", "pass") for _ in range(ROUNDS)]
    lines = []
    for arguments in (("--help",), ("agreement", "--help")):
        samples = [timed(*COMITY, *arguments) for _ in range(ROUNDS)]
        lines.append(
            Line(
                what=f"comity {' '.join(arguments)}",
                figure=milliseconds(samples),
                beside=f"Python alone: {milliseconds(bare)}",
                ratio=f"{min(samples) / min(bare):.1f}",
            )
        )
    return lines


def init(folder: Path) -> None:
    """Make a party folder for measuring."""
    cards = []
    for role in ("holder", "adviser"):
        personal = folder.parent / role
        secret = folder.parent / "passphrase"
        secret.write_text("bench bench")
        timed(
            *COMITY, "officials", "new", str(personal), "--id", role, "--name", role,
            "--office", role, passphrase=secret,
        )  # fmt: skip  # as one types it
        cards += ["--appointing", str(personal / "card.json")]
    timed(
        *COMITY, "init", str(folder), "--party", "Bench", "--form", "organisation",
        "--host", "localhost", "--port", "18443", "--local-port", "18444",
        "--purpose", "demonstration", *cards,
    )  # fmt: skip  # as one types it


def start_once(folder: Path) -> float:
    """Return the time from the start of ``serve`` until it says that it serves."""
    ready = folder.parent / "ready"
    ready.unlink(missing_ok=True)
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMITY, "--folder", str(folder), "serve", "--ready-file", str(ready)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), text=True,
    )  # fmt: skip  # one line for each thing
    try:
        while not ready.exists():
            if process.poll() is not None:
                said = (process.stdout.read() if process.stdout else "").strip().splitlines()
                raise NotYetError(f"serve: {said[-1] if said else 'ended at once'}")
            if time.perf_counter() - started > START_S_MAX:
                raise NotYetError("serve: not ready after half a minute")
            time.sleep(0.005)
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(10)


def node_start() -> list[Line]:
    """Return the time until a node with an empty database serves."""
    BUILD.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="bench-", dir=BUILD))
    try:
        folder = root / "party"
        init(folder)
        samples = [start_once(folder) for _ in range(5)]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return [Line(what="node start to serving", figure=milliseconds(samples))]
