"""``make demo`` keeps what it promises: two processes, two databases, one agreement, a report."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

import msgspec
import pytest

from comity.foundation.instants import Instant, Period
from comity.storage.folder import PartyFolder

ROOT: Final = Path(__file__).resolve().parents[2]
PLAY: Final = ROOT / "demo" / "play.py"
PLAY_S: Final = 420

#: What must be refused: the case, by whom, with which code, and whether an article is named.
REFUSALS: Final = [
    ("nothing in force", "sender", "not_in_force", False),
    ("outside the areas", "sender", "no_such_area", False),
    ("above the agreed marking", "sender", "marking_above", True),
    ("a stranger asks", "sender", "call.not_authenticated", False),
    ("outside the areas", "receiver", "no_such_area", False),
    ("above the agreed marking", "receiver", "marking_above", True),
    ("suspended article", "sender", "suspended", True),
    ("suspended article", "receiver", "suspended", True),
]


class Closed(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An object of the report: these members, and no others."""


class Chapter(Closed, frozen=True):
    id: str
    title: str
    ok: bool
    seconds: float


class Digests(Closed, frozen=True):
    a: str
    b: str


class Signature(Closed, frozen=True):
    party: str
    name: str
    office: str
    attested: str


class Agreement(Closed, frozen=True):
    digest: Digests
    units: int
    void_attempts: int
    state: Digests
    enters_into_force: str
    ends: str
    signatures: list[Signature]


class RedLine(Closed, frozen=True):
    fired: bool
    found_on_counterpart: bool


class Sha256(Closed, frozen=True):
    sent: str
    received: str


class Transfer(Closed, frozen=True):
    bytes: int
    sha256: Sha256
    ruling: Digests
    seconds: float


class Refusal(Closed, frozen=True):
    case: str
    refused_by: str
    code: str
    article: str | None


class Head(Closed, frozen=True):
    size: int
    root: str


class Logs(Closed, frozen=True):
    ours: Head
    theirs: Head


class Record(Closed, frozen=True):
    a: Logs
    b: Logs


class Evidence(Closed, frozen=True):
    files: list[str]
    verified: bool
    tampered_verified: bool
    tampered_where: list[str]


class Promise(Closed, frozen=True):
    title: str
    status: str
    overdue: bool
    performer: str
    due: str


class Promises(Closed, frozen=True):
    a: list[Promise]
    b: list[Promise]


class Meeting(Closed, frozen=True):
    title: str
    status: str
    number: int
    start: str
    agenda: list[tuple[str, bool]]
    outcomes: list[tuple[str, bool]]
    record: list[bool]
    record_digest: str


class Meetings(Closed, frozen=True):
    a: Meeting
    b: Meeting


class Stand(Closed, frozen=True):
    digest: str
    measures: list[object]


class Relationship(Closed, frozen=True):
    a: Stand
    b: Stand


class Authorisation(Closed, frozen=True):
    title: str
    number: str
    status: str
    quantity: int
    quantity_left: int
    used: int
    refused: list[str]


class Authorisations(Closed, frozen=True):
    a: Authorisation
    b: Authorisation


class Milestone(Closed, frozen=True):
    title: str
    performer: str
    due: str
    state: str


class Loan(Closed, frozen=True):
    what: str
    lender: str
    due: str
    state: str


class Project(Closed, frozen=True):
    title: str
    status: str
    proposed_by: str
    people: dict[str, dict[str, str]]
    sheets: dict[str, list[object]]
    next: dict[str, object]
    arrangement: str
    milestones: list[Milestone]
    loans: list[Loan]


class Projects(Closed, frozen=True):
    a: Project
    b: Project


class Statement(Closed, frozen=True):
    title: str
    status: str
    at: str
    languages: list[str]
    marks: list[str]
    clearances: int
    commitments: int
    release_digest: str
    verified: bool


class Statements(Closed, frozen=True):
    a: Statement
    b: Statement


class Report(Closed, frozen=True):
    """``demo-out/report.json``. Source: issue 3, "The report's keys"."""

    chapters: list[Chapter]
    agreement: Agreement
    red_line: RedLine
    transfer: Transfer
    meeting: Meetings
    commitments: Promises
    relationship: Relationship
    statement: Statements
    project: Projects
    authorisation: Authorisations
    refusals: list[Refusal]
    record: Record
    evidence: Evidence
    timings: dict[str, float]


class Play(Protocol):
    """Plays the demonstration."""

    def __call__(self, *words: str) -> Path: ...


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play the demonstration to its end and return the folder that it leaves."""

    def played(*words: str) -> Path:
        out = tmp_path / "out"
        ended = subprocess.run(
            [sys.executable, str(PLAY), "--out", str(out), *words],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PLAY_S,
            check=False,
        )
        said = ended.stdout.decode() + ended.stderr.decode()
        assert ended.returncode == 0, said[-4000:]
        assert "Try next" in said
        assert not ended.stderr, "nobody's traceback stands between the lines"
        return out

    return played


def check_report(out: Path, *, file: bytes | None = None) -> Report:
    """See that a report has exactly its keys and that they say what the story promises."""
    report = msgspec.json.decode((out / "report.json").read_bytes(), type=Report)
    assert [each.ok for each in report.chapters] == [True] * 13
    assert report.meeting.a == report.meeting.b
    assert report.meeting.a.status == "record_agreed"
    assert report.meeting.a.record == [True, True, False], "one item keeps two versions"
    assert [consented for _, consented in report.meeting.a.agenda] == [True, True, False]
    said = report.statement.a
    assert said == report.statement.b, "both nodes say the same of the statement"
    assert (said.status, said.clearances, said.commitments) == ("released", 4, 1)
    assert said.marks == ["welcomed", "welcomed", "reaffirmed", "committed", "aspiration"]
    assert said.verified
    for side, whose in ((report.commitments.a, "us"), (report.commitments.b, "them")):
        found = {(one.status, one.overdue, one.performer) for one in side}
        assert found == {("kept", False, whose), ("open", True, whose)}
    assert report.relationship.a == report.relationship.b
    check_project(report.project)
    once = report.authorisation.a
    assert once == report.authorisation.b, "both ends count and refuse alike"
    assert (once.status, once.quantity_left, once.used) == ("exhausted", 0, 1)
    assert once.refused == ["not_authorised", "quantity_used_up"]
    check_agreement(report.agreement)
    assert report.red_line == RedLine(fired=True, found_on_counterpart=False)
    transfer = report.transfer
    assert transfer.sha256.sent == transfer.sha256.received
    if file is not None:
        assert transfer.bytes == len(file)
        assert transfer.sha256.sent == sha256(file).hexdigest()
    assert transfer.ruling.a == transfer.ruling.b
    assert transfer.ruling.a.startswith("permitted under ")
    assert [
        (each.case, each.refused_by, each.code, each.article is not None)
        for each in report.refusals
    ] == REFUSALS
    assert report.record.a.ours == report.record.b.theirs
    assert report.record.a.theirs == report.record.b.ours
    evidence = report.evidence
    assert evidence.verified
    assert not evidence.tampered_verified
    where = evidence.tampered_where
    assert where[:2] == ["text/units.json", "documents/manifest.jws"]
    assert where[2].startswith("entries/a/")
    assert len(evidence.files) == 2
    assert all((out / name).is_file() for name in evidence.files)
    return report


def check_project(project: Projects) -> None:
    """See that both nodes show one project that goes on: reached, open and lent."""
    one = project.a
    assert one == project.b, "both nodes say the same of the project"
    assert one.status == "active"
    assert all(each["sponsor"] and each["user"] for each in one.people.values())
    assert {side: len(items) for side, items in one.sheets.items()} == {"a": 1, "b": 0}
    assert [each.state for each in one.milestones] == ["accepted", "open"]
    assert [(each.lender, each.state) for each in one.loans] == [("a", "received")]
    assert one.next == {"step": "claim", "whose": ["b"]}


def check_agreement(agreement: Agreement) -> None:
    """See that both nodes computed one agreement, from its own clause."""
    assert agreement.digest.a == agreement.digest.b
    assert agreement.state == Digests(a="in_force", b="in_force")
    assert agreement.void_attempts == 1
    assert len({each.name for each in agreement.signatures}) == 4
    assert len({each.party for each in agreement.signatures}) == 2
    begins = Instant.parse(agreement.enters_into_force)
    last = max(Instant.parse(each.attested) for each in agreement.signatures)
    assert begins == last
    ten_years = Period(years=10, months=0, days=0)
    assert agreement.ends == str(ten_years.after(begins))


def check_left(out: Path) -> None:
    """See that both folders can be explored: nobody uses them, nothing of the play is in front."""
    for name in ("aldoria", "berevan"):
        folder = PartyFolder.open(out / name)
        assert folder.config.listen == (folder.config.host, folder.config.port)
        folder.lock().release()
        for port in (folder.config.port, folder.config.local_port):
            with socket.socket() as sock:
                assert sock.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Let the keyboard stop what the test starts, also where a shell started us in the background.

    Such a shell has SIGINT ignored, and every process it starts inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.timeout(PLAY_S + 60)
@pytest.mark.usefixtures("keyboard")
def test_the_demonstration_plays_with_its_own_text_and_can_be_played_again(play: Play) -> None:
    out = play()
    report = check_report(out)
    assert report.agreement.units > 100
    check_left(out)
    (out / "left-by-somebody").touch()

    again = subprocess.Popen(
        [sys.executable, "-m", "comity", "demo", "--out", str(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert again.stderr is not None
    wait_for(lambda: serving(out), again)
    assert not (out / "left-by-somebody").exists()
    assert not (out / "report.json").exists(), "it is a new play"
    os.killpg(again.pid, signal.SIGINT)  # as a terminal does: the command, the play, its commands
    said = again.stderr.read().decode()
    again.stderr.close()
    assert again.wait(30) == 130, said
    assert "stopped in the chapter «The Parties meet»" in said
    check_left(out)


def serving(out: Path) -> bool:
    """Return whether both nodes have said that they are ready."""
    return all((out / f"{name}-desk" / "ready").is_file() for name in ("aldoria", "berevan"))


def wait_for(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Return once something holds; the process must go on until then."""
    end = time.monotonic() + 60
    while not holds():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    "name",
    [
        "un-charter.zh.txt",
        pytest.param("un-charter.en.txt", marks=pytest.mark.faults),
        pytest.param("un-charter.ar.txt", marks=pytest.mark.faults),
    ],
)
@pytest.mark.timeout(PLAY_S + 60)
def test_the_demonstration_plays_with_a_text_and_a_file_of_the_user(
    play: Play, shared_data: Path, tmp_path: Path, name: str
) -> None:
    text = shared_data / "agreements" / name
    file = tmp_path / "own survey (final).bin"
    file.write_bytes(os.urandom(300_000))
    out = play("--agreement", str(text), "--file", str(file))
    report = check_report(out, file=file.read_bytes())
    assert report.agreement.units > 300
    drafted = (out / "aldoria-desk" / "draft.txt").read_bytes()
    assert drafted.startswith(text.read_bytes().rstrip(b"\r\n"))
    assert b"Provisions added by the demonstration" in drafted


@pytest.mark.parametrize("words", [["--file", "nowhere"], ["--agreement", "nowhere"]])
def test_a_file_that_is_not_there_is_said_before_anything_is_touched(
    tmp_path: Path, words: list[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "precious").touch()
    code, said = refused_to_play(out, *words)
    assert code == 2
    assert "nowhere is not a file" in said
    assert [each.name for each in out.iterdir()] == ["precious"]


def test_a_folder_of_somebody_else_is_never_cleared(tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter-1").touch()
    code, said = refused_to_play(out)
    assert code == 2
    assert "was not made by the demonstration" in said
    assert [each.name for each in out.iterdir()] == ["chapter-1"]


def refused_to_play(out: Path, *words: str) -> tuple[int, str]:
    """Return exit code and complaint of a play that does not begin."""
    ended = subprocess.run(
        [sys.executable, str(PLAY), "--out", str(out), *words],
        cwd=out.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert ended.stdout == b""
    return ended.returncode, ended.stderr.decode()
