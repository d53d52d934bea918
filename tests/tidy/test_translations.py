"""Whoever reads the site in another language reads all of it, with the same facts."""

from pathlib import Path

import pytest

import translations


@pytest.mark.parametrize(
    "path", sorted(translations.LOCALE.glob("*.po")), ids=lambda path: path.stem
)
def test_every_text_is_translated_with_the_facts_of_the_source(path: Path) -> None:
    made = translations.brought_up(path, translations.source())
    assert list(translations.findings(made)) == [], "python tools/translations.py --write"
    known = {message.id for message in translations.read(path) if message.id}
    assert known == {message.id for message in made if message.id}
