"""The shared treaties written out as people write them, and imported texts read back."""

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from comity.agreements.importing import ImportedText, ImportedUnit, flatten, import_text
from comity.agreements.model import Content


@attrs.frozen(kw_only=True)
class Source:
    """One article of a treaty in one language, as the data set has it."""

    number: int
    chinese: str
    lang: str
    title: str
    text: str

    @property
    def label(self) -> str:
        return f"Article {self.number}" if self.lang == "en" else f"第{self.chinese}條"


def read_treaty(folder: Path, name: str, lang: str) -> tuple[str, str, list[Source]]:
    """Return title, preamble and articles of a shared treaty in one language."""
    data = json.loads((folder / "agreements" / f"{name}.json").read_text(encoding="utf-8"))
    articles = [
        Source(
            number=number,
            chinese=each["article"],
            lang=lang,
            title=each[f"title_{lang}"],
            text=each[f"content_{lang}"],
        )
        for number, each in enumerate(data["articles"], start=1)
    ]
    return data[f"treaty_{lang}"], data[f"preamble_{lang}"], articles


def wrapped(text: str, width: int, lang: str) -> str:
    if lang == "en":
        return "\n".join(
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
            for line in text.split("\n")
        )
    half = width // 2
    return "\n".join(
        line[at : at + half]
        for line in text.split("\n")
        for at in range(0, max(1, len(line)), half)
    )


def roman(number: int) -> str:
    made = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            made, number = made + sign, number - value
    return made


def _line(title: str, before: str = "", after: str = "\n") -> str:
    return f"{before}{title}{after}" if title else ""


def _part(a: Source) -> str:
    head = f"PART {roman(a.number // 10 + 1)}\nGENERAL PROVISIONS\n\n" if a.number % 10 == 1 else ""
    return head + (f"Section {a.number // 5 % 2 + 1}. Of things\n\n" if a.number % 5 == 1 else "")


#: How the same article looks in a ministry's file, a web page, a Markdown file, a mail...
LAYOUTS: Final[Mapping[str, Callable[[Source], str]]] = {
    "label, blank, title, blank": lambda a: (
        f"{a.label}\n\n{_line(a.title, '', chr(10) * 2)}{a.text}\n\n"
    ),
    "every line tight": lambda a: f"{a.label}\n{_line(a.title)}{a.text}\n",
    "title below, then blank": lambda a: f"{a.label}\n{_line(a.title)}\n{a.text}\n\n",
    "Article N. Title": lambda a: f"{a.label}. {a.title}\n\n{a.text}\n\n",
    "Art. N - Title": lambda a: f"{a.label}{_line(a.title, ' - ', '')}\n{a.text}\n\n",
    "Article N: Title": lambda a: f"{a.label}: {a.title}\n\n{a.text}\n\n",
    "Article N Title": lambda a: f"{a.label} {a.title}\n\n{a.text}\n\n",
    "ARTICLE IV": lambda a: (
        (f"ARTICLE {roman(a.number)}" if a.lang == "en" else a.label)
        + f"\n\n{_line(a.title, '', chr(10) * 2)}{a.text}\n\n"
    ),
    "Markdown ##": lambda a: f"## {a.label}{_line(a.title, ': ', '')}\n\n{a.text}\n\n",
    "Markdown ## and title": lambda a: (
        f"## {a.label}\n\n{_line(a.title, '### ', chr(10) * 2)}{a.text}\n\n"
    ),
    "bold": lambda a: f"**{a.label}{_line(a.title, ' - ', '')}**\n\n{a.text}\n\n",
    "bold label, italic title": lambda a: (
        f"### **{a.label}**\n{_line(a.title, '*', '*')}\n\n{a.text}\n\n"
    ),
    "two languages in the label": lambda a: (
        f"Article {a.number} / 第{a.chinese}條\n{_line(a.title)}\n{a.text}\n\n"
    ),
    "text beside the label": lambda a: f"{a.label}. {a.text}\n\n",
    "wrapped at 72": lambda a: (
        f"{a.label}\n\n{_line(a.title, '', chr(10) * 2)}{wrapped(a.text, 72, a.lang)}\n\n"
    ),
    "wrapped at 80, tight": lambda a: (
        f"{a.label}\n{_line(a.title)}{wrapped(a.text, 80, a.lang)}\n\n"
    ),
    "wrapped with the label": lambda a: (
        (f"{a.label}. {a.text}" if a.lang == "zh" else wrapped(f"{a.label}. {a.text}", 66, "en"))
        + "\n\n"
    ),
    "indented": lambda a: (
        f"      {a.label}\n      {a.title}\n\n{textwrap.indent(a.text, '    ')}\n\n"
    ),
    "numbered lines": lambda a: (
        f"{a.number}. {a.title or 'Provision'}\n\n"
        + re.sub(r"^\d+\. ?", "", a.text, flags=re.MULTILINE)
        + "\n\n"
    ),
    "parts and sections between": lambda a: f"{_part(a)}{a.label}\n{_line(a.title)}\n{a.text}\n\n",
}


def articles_of(units: Sequence[ImportedUnit]) -> Iterator[ImportedUnit]:
    for unit in units:
        if unit.kind == "article":
            yield unit
        else:
            yield from articles_of(unit.units)


def words_of(unit: ImportedUnit) -> str:
    """Return every printed word of a unit and of all below it, in order."""
    below = " ".join(words_of(child) for child in unit.units)
    return f"{unit.label} {unit.heading} {unit.text} {below}"


def bare(text: str) -> str:
    """Return the letters and digits of a text: what no layout may lose or move."""
    return re.sub(r"[\s*_#.:()\-\u2013|/]+", "", text)


def imported(text: str | bytes) -> ImportedText:
    return import_text(text.encode() if isinstance(text, str) else text, name="a text")


def units_of(text: str | bytes) -> dict[str, Content]:
    numbers = iter(range(1 << 20))
    return flatten(imported(text), new_id=lambda: f"u{next(numbers)}")


def outline_of(units: Sequence[ImportedUnit], depth: int = 0) -> list[str]:
    """Return one line per unit: kind, label, heading."""
    lines: list[str] = []
    for unit in units:
        parts = [unit.kind, unit.label and f"[{unit.label}]", unit.heading]
        lines.append("  " * depth + " ".join(part for part in parts if part))
        lines += outline_of(unit.units, depth + 1)
    return lines
