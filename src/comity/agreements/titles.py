"""Whether words beside or below a label are its heading, or already the text."""

import re
from typing import Final

import attrs

from comity.agreements.headings import read_heading
from comity.agreements.labels import read_label
from comity.agreements.lines import Lines, is_ended, starts_lower
from comity.agreements.outline import Mark

_CHARS_MAX: Final = 200
_CAPTION_CHARS_MAX: Final = 80
_BLANK_MAX: Final = 3
_SENTENCE: Final = re.compile(r"\b(?:shall|must|hereby|doit|deberán?|muss|müssen)\b")
_MARKS: Final = re.compile(r"([ \t\u00a0\u3000*_#>\u200e\u200f]*)(.*?)([ \t\u00a0\u3000*_#]*)$")
_COMMAS: Final = (",", "\uff0c", "\u060c", "\u3001")


@attrs.frozen
class Below:
    """A heading on a line below its label."""

    line: int
    prefix: str
    words: str
    trail: str


def run_in_heading(lines: Lines, mark: Mark, *, stop: int) -> bool:
    """Tell whether the words behind a label are already its text: "Article 2. Every State ..."."""
    words = mark.heading.heading
    if read_label(words) is not None:
        return True
    following = lines.next_full(mark.line + 1)
    if following == mark.line + 1 < stop and (
        starts_lower(lines.all[following]) or not lines.deliberate(following)
    ):
        return True
    has_body = following < stop
    if _ends_like_text(words):
        short = has_body and words.endswith(".") and len(words) <= 60 and len(words.split()) <= 8
        return not short or ". " in words or _SENTENCE.search(words) is not None
    if not has_body and mark.kind == "article":
        return len(words) > _CAPTION_CHARS_MAX
    return len(words) > _CHARS_MAX or (
        mark.kind == "article" and _SENTENCE.search(words) is not None
    )


def title_below(lines: Lines, mark: Mark, *, stop: int) -> Below | None:
    """Return the heading that stands on a line of its own below a bare label, or None."""
    at = lines.next_full(mark.line + 1)
    if at >= stop or at - mark.line - 1 > _BLANK_MAX or mark.kind in {"preamble", "group"}:
        return None
    parts = _MARKS.match(lines.all[at])
    assert parts is not None  # every part of the pattern may be empty
    prefix, words, trail = parts.groups()
    marked = "#" in prefix or ("*" in prefix and "*" in trail) or ("_" in prefix and "_" in trail)
    if not words or len(words) > _CHARS_MAX or len(prefix) > _CHARS_MAX:
        return None
    shape = read_heading(lines.all[at])
    if shape is not None and shape.label:
        return None
    if marked or (_stands_alone(lines, at, stop=stop, words=words, kind=mark.kind)):
        return Below(at, prefix, words, trail)
    return None


def _stands_alone(lines: Lines, at: int, *, stop: int, words: str, kind: str) -> bool:
    following = lines.next_full(at + 1)
    if kind == "article" and following >= stop and not _opens_section(lines, stop):
        return False
    if following == at + 1 < stop and (
        starts_lower(lines.all[following]) or not lines.deliberate(following)
    ):
        return False
    return not (
        _ends_like_text(words)
        or starts_lower(words)
        or read_label(lines.all[at]) is not None
        or (kind == "article" and _SENTENCE.search(words) is not None)
    )


def _opens_section(lines: Lines, index: int) -> bool:
    shape = read_heading(lines.all[index]) if index < len(lines.all) else None
    return shape is not None and shape.kind == "section"


def _ends_like_text(words: str) -> bool:
    return (is_ended(words) and not words.endswith((")", "\uff09"))) or words.endswith(_COMMAS)
