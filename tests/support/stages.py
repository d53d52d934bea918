"""The chapters of an agreement's life as steps, and pairs of nodes that stand at one of them.

``at_stage`` plays the story up to a chapter once per process, stops both nodes and keeps their
folders; every later call copies them. So a test of the last chapter does not pay for the first.
"""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.ports import Chance
from support import framework
from support.two_nodes import Pair, Party, TickingClock, Wire, copied, introduce, kept, make_pair

HOUR_S: Final = 3600


async def show(party: Party, instrument: str) -> JsonObject:
    """Return an instrument as a party sees it."""
    return await party.call("agreements.show", instrument=instrument)


async def status(party: Party, instrument: str) -> str:
    return str((await show(party, instrument))["status"])


async def both(pair: Pair, member: str) -> list[object]:
    """Return what A and B see of one member of the instrument."""
    return [(await show(party, pair.instrument))[member] for party in (pair.a, pair.b)]


async def draft(pair: Pair) -> str:
    """Let A draft the framework; return its id."""
    made = await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=framework.TEXT,
        fields=framework.FIELDS,
        title=framework.TITLE,
        counterpart=pair.b.did,
    )
    assert made["not_understood"] == []
    pair.instrument = str(made["instrument"])
    return pair.instrument


async def answer(  # who answers what to which units
    pair: Pair, party: Party, what: str, *units: str, words: str = "", who: str = "negotiator"
) -> JsonObject:
    """Stage an answer."""
    return await party.call(
        "agreements.answer",
        who=who,
        instrument=pair.instrument,
        answer=what,
        units=list(units),
        words=words,
    )


async def counter(pair: Pair, party: Party, *edits: tuple[str, str]) -> JsonObject:
    """Stage the changes of an edited text; text and fields are edited alike."""
    both_forms = {}
    for form in ("clean", "fields"):
        got = await party.call("agreements.text", instrument=pair.instrument, form=form)
        text = str(got["text"])
        for old, new in edits:
            text = text.replace(old, new)
        both_forms[form] = text
    return await party.call(
        "agreements.counter",
        who="negotiator",
        instrument=pair.instrument,
        text=both_forms["clean"],
        fields=both_forms["fields"],
    )


async def table(pair: Pair, party: Party, *, who: str = "negotiator") -> JsonObject:
    """Table the draft or what is staged, and let it arrive."""
    tabled = await party.call("agreements.table", who=who, instrument=pair.instrument)
    await pair.settle()
    return tabled


async def act(  # an operation, who asks, who signs, and what more it takes
    pair: Pair, party: Party, operation: str, *, who: str = "signatory", **members: object
) -> JsonObject:
    """Ask for a personal signature, sign, hand in, and let it arrive."""
    request = await party.call(
        f"agreements.{operation}", who=who, instrument=pair.instrument, **members
    )
    done = await party.sign(request, who)
    await pair.settle()
    return done


async def window(pair: Pair, *, seconds: int) -> None:
    """Let A propose a window that opens now, and B agree to it."""
    now = pair.clock.now()
    await pair.a.call(
        "agreements.window",
        who="negotiator",
        instrument=pair.instrument,
        opens=str(now),
        closes=str(now.plus(seconds)),
    )
    await pair.settle()
    await pair.b.call("agreements.ready", who="negotiator", instrument=pair.instrument)
    await pair.settle()


async def _introduced(pair: Pair) -> None:
    await introduce(pair)


async def _tabled(pair: Pair) -> None:
    await draft(pair)
    await table(pair, pair.a)
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
    await pair.settle()


async def _clean(pair: Pair) -> None:
    await answer(pair, pair.b, "accept", "all")
    await table(pair, pair.b)


async def _initialled(pair: Pair) -> None:
    for operation in ("adopt", "initial"):
        for party in (pair.a, pair.b):
            await act(pair, party, operation)
    for party in (pair.a, pair.b):
        await party.call("agreements.clear", who="mandate_holder", instrument=pair.instrument)


async def _signing(pair: Pair) -> None:
    await window(pair, seconds=HOUR_S)


async def _in_force(pair: Pair) -> None:
    for party in (pair.a, pair.b):
        for who in ("signatory", "second"):
            await act(pair, party, "sign", who=who)


async def _arranged(pair: Pair) -> None:
    """Conclude a second instrument of the same words: the arrangement of a project."""
    await concluded(pair, title=f"Arrangement beside {framework.TITLE}")


async def concluded(
    pair: Pair, *, title: str, fields: str = framework.FIELDS, more: str = ""
) -> str:
    """Conclude an instrument of the framework's words beside it; return its id.

    Args:
        pair: Both nodes.
        title: What it is called.
        fields: The fields file.
        more: Fields beside those of the framework, as a fields file has them.
    """
    first = pair.instrument
    made = await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=framework.TEXT,
        fields=fields + more,
        title=title,
        counterpart=pair.b.did,
    )
    pair.instrument = str(made["instrument"])
    await table(pair, pair.a)
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    for chapter in (_clean, _initialled, _signing, _in_force):
        await chapter(pair)
    pair.instrument = first
    return str(made["instrument"])


_CHAPTERS: Final[dict[str, Callable[[Pair], Awaitable[None]]]] = {
    "introduced": _introduced,
    "tabled": _tabled,
    "clean": _clean,
    "initialled": _initialled,
    "signing": _signing,
    "in_force": _in_force,
    "arranged": _arranged,
}
_KEPT: Final[dict[str, tuple[Path, TickingClock, str]]] = {}


async def play_to(pair: Pair, chapter: str) -> None:
    """Play every chapter up to one with two nodes that run and have not met."""
    for name, play in _CHAPTERS.items():
        await play(pair)
        if name == chapter:
            return


async def _keep(chapter: str) -> tuple[Path, TickingClock, str]:
    """Return the kept folders of a chapter, played on from the chapter before."""
    if chapter not in _KEPT:
        place = kept() / f"at-{chapter}"
        names = list(_CHAPTERS)
        before = names.index(chapter) - 1
        pair = await (make_pair(place) if before < 0 else at_stage(names[before], place))
        await _CHAPTERS[chapter](pair)
        await pair.close()
        _KEPT[chapter] = (place, pair.clock, pair.instrument)
    return _KEPT[chapter]


async def at_stage(
    chapter: str,
    root: Path,
    *,
    wire: Wire | None = None,
    chance: Chance | None = None,
    started: bool = True,
) -> Pair:
    """Return two nodes at the end of a chapter of the story, in folders below ``root``.

    Args:
        chapter: ``introduced``, ``tabled``, ``clean``, ``initialled``, ``signing``, ``in_force``,
            ``arranged``: a second instrument is in force beside it.
        root: Where the folders are copied to.
        wire: Another wire.
        chance: A chance that a seed repeats.
        started: Whether the nodes run; else the test opens them.
    """
    place, clock, instrument = await _keep(chapter)
    a, b = copied(root, (place / "Aldoria", place / "Berevan"))
    pair = Pair(
        a=a,
        b=b,
        wire=wire or Wire(),
        clock=TickingClock(clock.at),
        chance=chance,
        instrument=instrument,
    )
    if started:
        for party in (a, b):
            await pair.start(party)
        await pair.settle()
    return pair


async def stepwise(root: Path, chapter: str = "tabled") -> Pair:
    """Return two nodes that deliver only when a test pushes."""
    pair = await at_stage(chapter, root, started=False)
    for party in (pair.a, pair.b):
        pair.open(party)
    for party in (pair.a, pair.b):
        await push(party)
    return pair


async def push(party: Party, *, refresh: bool = False) -> None:
    """Let a node deliver what it has, once."""
    await party.node.syncing.push((await party.relationship()).rel_id, refresh)


async def say(pair: Pair, party: Party, words: str) -> None:
    """Table a word of explanation: the smallest act."""
    await answer(pair, party, "explain", "Article 2", words=words)
    await party.call("agreements.table", who="negotiator", instrument=pair.instrument)


def copy_of(party: Party, place: Path) -> Path:
    """Return a copy of a stopped party's database, to be put back later."""
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy2(party.folder / "comity.db", place / "comity.db")
    return place / "comity.db"
