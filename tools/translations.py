"""Keep the catalogues of the words: ``python tools/translations.py --write`` after words changed.

Reads every template and page module, and what the skeletons are called, and brings each
``locale/LANGUAGE.po`` to what they say: new texts get an empty translation, vanished ones go.
Without ``--write`` it only says what is missing.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
WEB: Final = ROOT / "src" / "comity" / "web"
LOCALE: Final = WEB / "locale"
SKELETONS: Final = ROOT / "src" / "comity" / "node" / "skeletons" / "index.toml"
_METHODS: Final = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS: Final = {
    "templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
        "newstyle_gettext": "true",
    }
}
_KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "marked": None}
_FACT: Final = re.compile(r"%\((\w+)\)[sd]")


def source() -> Catalog:
    """Return all texts that templates and pages hold, and the titles of the skeletons."""
    catalogue = Catalog(project="Comity", charset="utf-8")
    found = extract_from_dir(
        str(WEB), method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS
    )
    for file, _, message, _, context in sorted(found, key=lambda each: (str(each[2]), each[0])):
        if message:
            catalogue.add(message, locations=[(file, 0)], context=context)
    for row in tomllib.loads(SKELETONS.read_text(encoding="utf-8")).values():
        for text in (row["title"], row["description"]):
            catalogue.add(text, locations=[(SKELETONS.name, 0)])
    return catalogue


def read(path: Path) -> Catalog:
    """Return a catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def brought_up(path: Path, texts: Catalog) -> Catalog:
    """Return a catalogue that has exactly the texts of the source, translations kept."""
    old = read(path)
    made = Catalog(locale=path.stem, project="Comity", charset="utf-8")
    for message in texts:
        if message.id:
            known = old.get(message.id, context=message.context)
            made.add(
                message.id,
                string=known.string if known is not None else None,
                locations=message.locations,
                flags=message.flags,
            )
    return made


def findings(catalogue: Catalog) -> Iterator[str]:
    """Give what is wrong with a catalogue: nothing translated, or other facts than the source."""
    for message in catalogue:
        if not message.id:
            continue
        strings = _strings(message)
        if not all(strings):
            yield f"not translated: {message.id!r}"
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        wanted = set(_FACT.findall(ids[-1]))
        for string in filter(None, strings):
            if set(_FACT.findall(string)) - wanted or (
                len(ids) == 1 and wanted - set(_FACT.findall(string))
            ):
                yield f"other facts: {message.id!r}"


def _strings(message: Message) -> list[str]:
    given = message.string
    return list(given) if isinstance(given, list | tuple) else [given or ""]


def main() -> int:
    """Write or compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    texts, wrong = source(), 0
    for path in sorted(LOCALE.glob("*.po")):
        made = brought_up(path, texts)
        if given.write:
            with path.open("wb") as file:
                write_po(
                    file, made, width=100, omit_header=False, sort_output=True, no_location=True
                )
        for finding in findings(made):
            wrong += 1
            print(f"{path.name}: {finding}")
    print(f"{len(texts)} texts; {wrong} to look at")
    return 0 if given.write or not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
