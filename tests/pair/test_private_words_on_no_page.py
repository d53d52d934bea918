"""A word of a red line, a note, a reading or an approval is on no page of who may not see it.

Aldoria's own side writes marked words wherever private words can be written. Then every page of
Berevan's site, for every role, every page of Aldoria's for the roles without that sight, every
answer of every reading operation, and every line that either node logs are searched for them.
Source: design 2 (idea 4); issue 4, tests.
"""

import asyncio
import logging
import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from comity.api.operations import OPERATIONS
from comity.api.redlines import RedLineForm
from comity.foundation.errors import ComityError
from support.crawl import crawl
from support.framework import RED_LINE
from support.sites import logged_in
from support.stages import answer, at_stage, table
from support.two_nodes import ROLES, Pair, Party

MARK: Final = re.compile("okapi|quagga|bongo|dugong|gerenuk|saola|markhor", re.IGNORECASE)
SEEING: Final = ("negotiator", "legal_adviser", "mandate_holder")
BLIND: Final = ("signatory", "desk_officer", "release_officer")


async def write_private_words(pair: Pair) -> None:
    """Let Aldoria write a marked word in every private place."""
    a, instrument = pair.a, pair.instrument
    lines = RED_LINE.replace('sentence = "', 'sentence = "okapi ').replace('id = "', 'id = "bongo-')
    await a.call("redlines.set", who="mandate_holder", instrument=instrument, lines=lines)
    await a.call(
        "redlines.put",
        who="mandate_holder",
        instrument=instrument,
        version=1,
        line=RedLineForm(
            kind="keep",
            severity="note",
            sentence="a saola",
            label="Article 2",
            wordings=["the markhor"],
        ),
    )
    shown = await a.call("agreements.show", instrument=instrument, who="negotiator")
    units = shown["units"]
    assert isinstance(units, list)
    unit = str(units[3]["unit"])
    await a.call(
        "agreements.note", who="negotiator", instrument=instrument, unit=unit, words="the quagga"
    )
    reading = await a.call("agreements.reading", who="legal_adviser", instrument=instrument)
    read = reading["units"]
    assert isinstance(read, list)
    await a.call(
        "agreements.review_unit",
        who="legal_adviser",
        instrument=instrument,
        unit=str(read[3]["unit"]),
        wording=str(read[3]["wording"]),
        verdict="hold",
        words="a dugong",
    )
    await a.call(
        "agreements.overrule_hold",
        who="mandate_holder",
        instrument=instrument,
        unit=str(read[3]["unit"]),
        wording=str(read[3]["wording"]),
        words="the gerenuk",
    )


async def readings(party: Party, who: str) -> list[tuple[str, str]]:
    """Return what every reading operation answers that needs no more than a name."""
    status = await party.call("status", who=who)
    rows = status["relationships"]
    instruments = status["instruments"]
    assert isinstance(rows, list)
    assert isinstance(instruments, list)
    known = {
        "instrument": instruments[0]["instrument"],
        "counterpart": rows[0]["relationship"],
        "object": instruments[0]["instrument"],
        "kind": "instrument",
        "n": 1,
        "log": "ours",
    }
    found = []
    for operation in OPERATIONS:
        fields = msgspec.structs.fields(operation.request)
        wanted = {field.name: known.get(field.name) for field in fields if field.required}
        if operation.method != "GET" or None in wanted.values():
            continue
        try:
            answered = str(await party.call(operation.name, who=who, **wanted))
        except ComityError as error:
            answered = f"{error.message} {error.facts}"
        except AssertionError:
            continue  # a file: looked into by the tests of evidence
        found.append((operation.name, answered))
    return found


def test_private_words_are_on_no_page_no_answer_and_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        pair = await at_stage("tabled", tmp_path)
        try:
            await write_private_words(pair)
            await answer(pair, pair.b, "accept", "Article 2")
            await table(pair, pair.b)
            assert await _seen(pair.a, "negotiator"), "the marked words are nowhere at all"
            for who in BLIND:
                assert await _seen(pair.a, who) == []
            for who in ROLES:
                assert await _seen(pair.b, who) == []
        finally:
            await pair.close()

    asyncio.run(main())
    logged = [record.getMessage() for record in caplog.records]
    assert [line for line in logged if MARK.search(line)] == []


async def _seen(party: Party, who: str) -> list[str]:
    """Return where an official sees a marked word: addresses of pages, names of operations."""
    async with await logged_in(party, who) as shown:
        pages = await crawl(shown, each=2)
    places = [address for address, page in pages.items() if MARK.search(page.text)]
    return places + [name for name, said in await readings(party, who) if MARK.search(said)]
