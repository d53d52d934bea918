"""The stage: two parties with folders, people and nodes, driven by the commands a user has.

Each party has a folder of its own, each of its seven officials a personal folder with a passphrase
made for this run. A node is a process of its own; it is stopped by its pid. Every wait has an end.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import attrs
from _checkout import SRC

MARK: Final = "made-by-comity-demo"
COMMAND_WAIT_S: Final = 90.0
READY_WAIT_S: Final = 30.0
STOP_WAIT_S: Final = 15.0

#: What a command answers with ``--json``. Its members are looked at as a script of a user's would.
Answer: TypeAlias = dict[str, Any]  # type: ignore[explicit-any]  # a script reads JSON so
T = TypeVar("T")


class StageError(Exception):
    """Something on the stage did not go as it should."""


@attrs.frozen(kw_only=True)
class Role:
    """An official's part: id, office, and the roles at the node."""

    id: str
    office: str
    roles: tuple[str, ...]


CAST: Final = (
    Role(id="negotiator", office="Chief Negotiator", roles=("negotiator",)),
    Role(id="adviser", office="Legal Adviser", roles=("legal_adviser",)),
    Role(id="holder", office="Director of Policy", roles=("mandate_holder",)),
    Role(id="minister", office="Minister for Foreign Affairs", roles=("signatory",)),
    Role(id="secretary", office="Secretary of State", roles=("signatory",)),
    Role(id="desk", office="Desk Officer", roles=("desk_officer", "project_officer")),
    Role(id="release", office="Release Officer", roles=("release_officer", "press_officer")),
    Role(
        id="security",
        office="Technology Security Officer",
        roles=("technology_security_officer",),
    ),
)
SIGNATORIES: Final = ("minister", "secretary")
APPOINTING: Final = ("holder", "adviser")


@attrs.define(kw_only=True)
class Party:
    """One party: where its things are, and its node while it runs.

    The counterparts' port is the published one; behind it stands the demonstration's recorder, and
    the node listens at ``listen_port`` (``listen_port`` in comity.json).
    """

    side: str
    name: str
    slug: str
    folder: Path
    people: Path
    desk: Path
    names: Mapping[str, str]
    port: int
    local_port: int
    listen_port: int
    node: subprocess.Popen[bytes] | None = None
    commands: list[float] = attrs.field(factory=list)
    starts: list[float] = attrs.field(factory=list)
    started: float = 0.0

    @property
    def log(self) -> Path:
        """What the node writes for its operator."""
        return self.desk / "node.log"

    @property
    def letter(self) -> Path:
        """The party's letter of introduction, as it is handed over."""
        return self.desk / f"{self.slug}.letter.json"

    def person(self, role: str) -> Path:
        """Return the personal folder of an official."""
        return self.people / role

    def passphrase(self, role: str) -> Path:
        """Return the file with the passphrase that stands for what the person has in mind."""
        return self.people / f"{role}.passphrase"

    # --- commands -----------------------------------------------------------------------------

    def run(
        self,
        *words: object,
        who: str | None = None,
        key: str | None = None,
        may_fail: bool = False,
    ) -> Answer:
        """Return what a command answers.

        Args:
            words: The words after ``comity``.
            who: The official in whose name (``--as``).
            key: The official whose passphrase the command may read.
            may_fail: Give back ``{"error": ...}`` instead of ending the demonstration.

        Raises:
            StageError: the command failed, or did not end.
        """
        given = [str(word) for word in words]
        line = [*given, "--json", *(["--as", who] if who else [])]
        extra = {"COMITY_FOLDER": str(self.folder)}
        if key is not None:
            extra["COMITY_PASSPHRASE_FILE"] = str(self.passphrase(key))
        began = time.monotonic()
        answer = comity(line, cwd=self.desk, env=extra)
        self.commands.append(time.monotonic() - began)
        error = answer.get("error")
        if error is not None and not may_fail:
            raise StageError(
                f"{self.name}: comity {' '.join(line)}\n  {error['message']} [{error['code']}]"
            )
        return answer

    def refused(self, *words: object, who: str | None = None) -> Answer:
        """Return the error of a command that must be refused: code, message, facts.

        Raises:
            StageError: it was not refused.
        """
        answer = self.run(*words, who=who, may_fail=True)
        if "error" not in answer:
            raise StageError(f"{self.name}: comity {' '.join(map(str, words))} was not refused")
        return dict(answer["error"])

    def sign(self, request: Path, *signers: str) -> Answer:
        """Let officials sign a request with their own keys and hand it in; return the last word."""
        answer: Answer = {}
        for signer in signers:
            answer = self.run(
                "sign",
                request,
                "--with",
                self.person(signer),
                "-o",
                request.with_suffix(f".{signer}.jws"),
                "--yes",
                "--deliver",
                key=signer,
            )
        return answer

    def ask(self, *words: object, who: str, name: str) -> Path:
        """Return the file of a signing request that a command writes."""
        request = self.desk / f"{name}.request.json"
        self.run(*words, "-o", request, who=who)
        return request

    # --- the node -----------------------------------------------------------------------------

    def start(self) -> None:
        """Start the node's process; ``ready`` waits for it."""
        self._ready_file.unlink(missing_ok=True)
        self.started = time.monotonic()
        words = ["--folder", str(self.folder), "--ready-file", str(self._ready_file)]
        with self.log.open("ab") as log:
            self.node = subprocess.Popen(
                [*_TIED, *COMITY, "serve", *words],
                cwd=self.desk,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def _ready_file(self) -> Path:
        return self.desk / "ready"

    def ready(self) -> None:
        """Return once both ports answer.

        Raises:
            StageError: the node ended, or did not come up in time.
        """
        assert self.node is not None
        deadline = time.monotonic() + READY_WAIT_S
        while not self._ready_file.exists():
            if self.node.poll() is not None:
                raise StageError(f"The node of {self.name} ended:\n{_tail(self.log)}")
            if time.monotonic() > deadline:
                raise StageError(f"The node of {self.name} does not come up:\n{_tail(self.log)}")
            time.sleep(0.01)
        self.starts.append(time.monotonic() - self.started)

    def stop(self) -> None:
        """Stop the node by its pid; again: no effect."""
        node, self.node = self.node, None
        self._ready_file.unlink(missing_ok=True)
        if node is None:
            return
        with contextlib.suppress(ProcessLookupError):
            node.send_signal(signal.SIGTERM)
        try:
            node.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait(STOP_WAIT_S)

    # --- comity.json --------------------------------------------------------------------------

    def listen_behind(self) -> None:
        """Let the node listen at another port than its letter says: the recorder is in front."""
        self._configure(listen_port=self.listen_port)

    def listen_in_front(self) -> None:
        """Take that back: from now on the node itself answers at its published port."""
        self._configure(listen_port=None)

    def _configure(self, *, listen_port: int | None) -> None:
        file = self.folder / "comity.json"
        value = json.loads(file.read_bytes())
        value.pop("listen_port", None)
        if listen_port is not None:
            value["listen_port"] = listen_port
        file.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n")


COMITY: Final = (sys.executable, "-m", "comity")
#: On Linux the kernel stops a node if the demonstration is killed and cannot do so itself.
_TIED: Final = (
    sys.executable,
    "-c",
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])",
) * (sys.platform == "linux")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: this one's, without what would steer ``comity``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    paths = [str(SRC), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), **(extra or {})}


def comity(
    words: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, json_out: bool = True
) -> Answer:
    """Return what ``comity`` answers; ``exit_code`` is added where the command failed.

    Raises:
        StageError: it did not end, or did not answer with one JSON object.
    """
    try:
        done = subprocess.run(
            [*COMITY, *words],
            cwd=cwd,
            env=environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StageError(
            f"comity {' '.join(words)} did not end in {COMMAND_WAIT_S:.0f} s"
        ) from error
    if not json_out:
        return {"output": done.stdout.decode(), "exit_code": done.returncode}
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        said = (done.stderr or done.stdout).decode(errors="replace")[-2000:]
        raise StageError(f"comity {' '.join(words)} answered\n{said}") from error
    return {**answer, "exit_code": done.returncode} if done.returncode else answer


def both(*works: Callable[[], T]) -> list[T]:
    """Return what independent pieces of work give, done side by side."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


def until(look: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """Return the first thing ``look`` finds that is not None.

    Raises:
        StageError: nothing was found in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise StageError(f"After {seconds:.0f} s still not so: {what}")
        time.sleep(0.05)


# --- making the stage -------------------------------------------------------------------------


def clear(out: Path) -> None:
    """Make an empty folder for this run; one of an earlier run is removed, any other refused.

    Raises:
        StageError: it is somebody else's.
    """
    if out.exists() and any(out.iterdir()) if out.is_dir() else out.exists():
        if not (out / MARK).is_file():
            raise StageError(
                f"{out} exists and was not made by the demonstration: nothing in it is touched."
                " Choose another place with --out, or move it away."
            )
        shutil.rmtree(out)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    (out / MARK).write_text("The demonstration may remove this folder when it is run again.\n")


def make_parties(out: Path) -> tuple[Party, Party]:
    """Return the two parties of the demonstration, not made yet."""
    ports = free_ports(6)
    a, b = (_party(out, side, ports=(ports.pop(), ports.pop(), ports.pop())) for side in "ab")
    for party in (a, b):
        party.desk.mkdir()
        party.people.mkdir(parents=True)
    return a, b


def reopen(out: Path) -> tuple[Party, Party]:
    """Return the two parties of a demonstration that was played."""
    made = []
    for side in "ab":
        config = json.loads((out / _SIDES[side][1] / "comity.json").read_bytes())
        ports = (config["port"], config["local_port"], config["port"])
        made.append(_party(out, side, ports=ports))
    return made[0], made[1]


def _party(out: Path, side: str, *, ports: tuple[int, int, int]) -> Party:
    name, slug, names = _SIDES[side]
    return Party(
        side=side,
        name=name,
        slug=slug,
        folder=out / slug,
        people=out / "people" / slug,
        desk=out / f"{slug}-desk",
        names=dict(zip((role.id for role in CAST), names, strict=True)),
        port=ports[0],
        local_port=ports[1],
        listen_port=ports[2],
    )


_ALDORIA: Final = (
    *("Mira Solen", "Teodor Vance", "Irene Castell", "Anselm Rourke", "Livia Marent"),
    *("Jonas Petri", "Edda Halloran", "Ruben Ostrava"),
)
_BEREVAN: Final = (
    *("Kasimir Dorn", "Salome Adair", "Henrik Valois", "Oda Lindqvist", "Pavel Aranyi"),
    *("Nuria Tessen", "Bram Okafor", "Celia Marchetti"),
)
_SIDES: Final = {
    "a": ("Republic of Aldoria", "aldoria", _ALDORIA),
    "b": ("Kingdom of Berevan", "berevan", _BEREVAN),
}


def make_people(party: Party) -> None:
    """Make the personal folders of a party's officials, each with a passphrase of its own."""

    def one(role: Role) -> None:
        file = party.passphrase(role.id)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(18) + "\n")
        party.run(
            *("officials", "new", party.person(role.id)),
            *("--id", role.id, "--name", party.names[role.id], "--office", role.office),
            key=role.id,
        )

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(one, role) for role in CAST]:
            future.result()


def make_folder(party: Party) -> Answer:
    """Make the party itself; its node will listen behind the recorder."""
    made = party.run(
        *("init", party.folder, "--party", party.name, "--form", "state"),
        *("--host", "localhost", "--port", party.port, "--local-port", party.local_port),
        *("--purpose", "demonstration"),
        *(word for role in APPOINTING for word in ("--appointing", party.person(role))),
    )
    party.listen_behind()
    return made


def make_known(party: Party) -> None:
    """Make the officials known to the node by their cards."""
    for role in CAST:
        party.run(
            *("officials", "add", party.person(role.id)),
            *(word for name in role.roles for word in ("--role", name)),
        )


def free_ports(count: int) -> list[int]:
    """Return ports on loopback that nobody uses, below those the system hands out by itself."""
    found: list[int] = []
    at = 20_000 + os.getpid() * 10 % 10_000
    while len(found) < count:
        at += 1
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", at))
            found.append(at)
    return found


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"  {line[:300]}" for line in lines[-8:])
