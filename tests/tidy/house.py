"""What the tidy tests look at: the project's own files, read once."""

import ast
import functools
import io
import re
import subprocess
import tokenize
from pathlib import Path
from typing import Final

import attrs

import errors_reference

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCE: Final = ROOT / "src"
PACKAGE: Final = SOURCE / "comity"
CODE_FOLDERS: Final = ("src", "tests", "tools", "bench", "demo", "conformance")
NOT_OURS: Final = ("vendor/", "LICENSE", "requirements/")


@attrs.frozen
class Module:
    """One Python file: where it lies, what it says, what it parses to."""

    path: Path
    text: str = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """Return the path from the project's root, as people cite it."""
        return self.path.relative_to(ROOT).as_posix()

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @functools.cached_property
    def comments(self) -> dict[int, str]:
        """Return the comments by line; a string that looks like a comment is none."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = sorted(set(listed.stdout.decode().split("\0")) - {""})
        paths = [ROOT / name for name in names]
    else:  # an unpacked archive instead of a clone
        hidden = {".venv", "__pycache__", "build", "dist", "demo-out"}
        paths = [path for path in ROOT.rglob("*") if not hidden & set(path.parts)]
    return tuple(path for path in paths if path.is_file())


@functools.cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python files under ``folders`` (all folders of code when none is named)."""
    chosen = folders or CODE_FOLDERS
    return tuple(
        Module(path, path.read_text(encoding="utf-8"))
        for path in files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in chosen
    )


@functools.cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return name and content of every text file that we wrote ourselves."""
    found = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(NOT_OURS):
            continue
        try:
            found.append((name, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


def lines_matching(pattern: re.Pattern[str], *, suffix: str = "") -> list[str]:
    """Return ``name:line: text`` for every line of our files in which ``pattern`` is found."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        if name.endswith(suffix)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@functools.cache
def errors() -> errors_reference.Found:
    """Return every code of an error that the package makes."""
    return errors_reference.collect(SOURCE)
