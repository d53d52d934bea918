"""README, "Two machines in ten minutes", typed as it stands on two terminals of one machine.

What differs from a person: both addresses are ``localhost`` with free ports, the letters are
carried by copying, the digits are read off the other terminal, passphrases come from a file, and
nobody is asked before a signature.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tidy.house import ROOT

BLOCK: Final = re.compile(r"^```sh (a|b|both)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DONE: Final = "--typed--"
REFUSED: Final = re.compile(r"# (?:no|refused): (?P<why>.+)$")
DIGITS: Final = re.compile(r"\d{4}(?: \d{4}){7}")
STEP_S: Final = 60


class Terminal:
    """A shell that is typed into, line by line."""

    def __init__(self, place: Path, *, variables: dict[str, str]) -> None:
        self.place = place
        self.said = ""
        self.shell = subprocess.Popen(
            ["/bin/bash", "--norc"],
            cwd=place,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def type(self, line: str) -> str:
        """Return what a command printed; it must end as its line says."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{line}\necho; echo {DONE} $?\n")
        self.shell.stdin.flush()
        printed = []
        for text in iter(self.shell.stdout.readline, ""):
            if text.startswith(DONE):
                break
            printed.append(text)
        self.said = "".join(printed)
        return self.said

    def close(self) -> None:
        assert self.shell.stdin
        self.shell.stdin.write("kill $(jobs -p) 2>/dev/null; wait\n")
        self.shell.communicate(timeout=STEP_S)


def free_ports(count: int) -> list[str]:
    listening = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [str(one.getsockname()[1]) for one in listening]
    for one in listening:
        one.close()
    return ports


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[dict[str, Terminal]]:
    program = tmp_path / "bin" / "comity"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m comity "$@"\n')
    program.chmod(0o755)
    secret = tmp_path / "passphrase"
    secret.write_text("nine metres deep\n")
    variables = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "COMITY": str(ROOT),
        "COMITY_PASSPHRASE_FILE": str(secret),
    }
    both = {name: Terminal(tmp_path, variables=variables) for name in "ab"}
    yield both
    for terminal in both.values():
        terminal.close()


def commands() -> list[tuple[str, str]]:
    """Return the lines of the section, each with the terminal it is for."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Two machines in ten minutes")[1].split("\n## ")[0]
    found = []
    for where, block in BLOCK.findall(section):
        lines = block.replace("\\\n", " ").splitlines()
        found += [(who, line) for who in ("ab" if where == "both" else where) for line in lines]
    return found


def carry_letters(place: Path) -> None:
    for here, there in (("a", "b"), ("b", "a")):
        letter = place / f"ministry-{here}" / f"ministry-{here}.letter.json"
        shutil.copy(letter, place / f"ministry-{there}")


@pytest.mark.timeout(300)
def test_two_parties_conclude_and_share_by_what_the_readme_says(
    terminals: dict[str, Terminal], tmp_path: Path
) -> None:
    ports = iter(free_ports(4))
    heard = ""
    for who, line in commands():
        if line.startswith("comity letter show") and not heard:
            carry_letters(tmp_path)
        typed = re.sub(r"\b[ab]\.example\b", "localhost", line)
        typed = re.sub(r"(PORT|LOCAL)=\d+", lambda found: f"{found[1]}={next(ports)}", typed)
        typed = f'DIGITS="{heard}"' if typed == "read -r DIGITS" else typed
        said = terminals[who].type(f"{typed} --yes" if typed.startswith("comity sign") else typed)
        if digits := DIGITS.search(said):
            assert heard in {"", digits[0]}, "both sides see the same digits"
            heard = digits[0]
        refused = REFUSED.search(line)
        assert ("comity:" in said or "No:" in said) is bool(refused), f"{line}\n{said}"
        assert not refused or refused["why"] in said, f"{line}\n{said}"
    assert "VERIFIED" in terminals["b"].said
    received = tmp_path / "ministry-b" / "survey.txt"
    assert received.read_text() == "The harbour is nine metres deep.\n"
