"""What a counterpart says of itself and of what it does, on every page and in every export of ours.

What nobody can see is refused when it comes in; everything else is shown, as words and apart.
"""

import asyncio
import json
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.node.founding import Founding, found
from support.crossing import bring_in, connect, offer_unasked, release
from support.hostile import Entry, Hostile, files, hostile, stored
from support.looks import look_everywhere, mixed_in
from support.loops import on_a_loop
from support.sites import logged_in
from support.staff import add
from support.stages import answer, play_to, stepwise, table
from support.two_nodes import PORTS, ROLES, Pair, strangers

EVERY_ROLE: Final = [
    *("negotiator", "legal_adviser", "mandate_holder", "signatory"),
    *("desk_officer", "release_officer", "engineer"),
]
#: Runs from right to left: it turns a sentence around that it is not set apart from.
TURNING: Final = "\u05e9\u05dc\u05d5\u05dd"
TOWER: Final = unicodedata.normalize("NFC", "z" + "\u0301\u0323\u0330" * 12)
#: A formula, markup, a template, a format, a tower of marks, and words from right to left.
EVIL: Final = f"=cmd|' /C calc'!A0 <script>alert(1)</script>{{{{ 7*7 }}}} %(n)s {TOWER} {TURNING}"
#: One word as long as an explanation may be.
ENDLESS: Final = TURNING + "x" * 9_996
EVIL_TEXT: Final = f"""{EVIL}

Article 1
{EVIL}

{EVIL}

1. {EVIL}

Article 2
{ENDLESS}

{ENDLESS}
"""

# --- what nobody can see --------------------------------------------------------------------------

HIDDEN: Final = {
    "an override": "Art\u202eicle",
    "an isolate": "Art\u2066icle",
    "a bell": "Art\u0007icle",
    "nothing at all": "Art\u0000icle",
    "an escape": "\u001b[2JArticle",
    "a space without width": "Art\u200bicle",
    "a mark of byte order": "\ufeffArticle",
    "a line separator": "Article\u2028Article",
    "a private character": "\ue000Article",
    "a tag": "Article\U000e0041",
    "two spellings": "A\u0301rticle",
}


def raw(value: object) -> bytes:
    """Return JSON as our own writer would write it, if it let these words through."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def entries(liar: Hostile, words: str) -> Iterator[tuple[str, Entry]]:
    """Give an entry for each member in which a counterpart's words stand."""
    unit, instrument = liar.unit, liar.pair.instrument
    content: dict[str, object] = {
        "kind": "article",
        "label": "Article 3",
        "heading": "Third parties",
        "text": "Words.",
        "layout": ["", "", "", "\n"],
        "parent": None,
        "order": "i",
        "fields": {},
        "lang": "en",
    }
    plain = {"move": "explain", "unit": unit, "text": "words"}
    moves: dict[str, object] = {
        "explain": {"move": "explain", "unit": unit, "text": words},
        "object": {"move": "object", "unit": unit, "digest": "0" * 64, "reason": words},
        "reserve": {"move": "reserve", "unit": unit, "reserve": words},
        "reopen": {"move": "reopen", "unit": unit, "reason": words},
    }
    for member in ("label", "heading", "text"):
        made = {**content, member: words}
        moves[f"a unit's {member}"] = {"move": "propose", "unit": unit, "content": made}
    for name, move in moves.items():
        tabled = {"instrument": instrument, "moves": [move], "result": "0" * 64}
        yield name, liar.entry(raw(tabled), kind="agreement.table")
    opening: dict[str, object] = {
        "title": words,
        "register": "binding",
        "language": "en",
        "parties": [liar.pair.a.did, liar.pair.b.did],
    }
    act: dict[str, object] = {"instrument": instrument, "moves": [], "result": "0" * 64}
    act["open"] = opening
    yield "a title", liar.entry(raw(act), kind="agreement.table")
    for member in ("reason", "words", "title", "file_name"):
        sections = {"note": raw({member: words})}
        act = {"instrument": instrument, "moves": [plain], "result": "0" * 64}
        yield f"a note's {member}", liar.entry(raw(act), kind="agreement.table", sections=sections)


@pytest.mark.parametrize("hidden", HIDDEN)
@on_a_loop
async def test_what_nobody_can_see_is_refused_wherever_a_counterpart_writes_it(
    tmp_path: Path, hidden: str
) -> None:
    """Else a text reads otherwise than it is signed, or a name is not the name that it shows."""
    pair = await stepwise(tmp_path)
    liar = await hostile(pair)
    before = stored(pair.a), files(pair.a)
    expected = "json.normal_form" if hidden == "two spellings" else "json.text"
    wrong = {}
    for name, entry in entries(liar, HIDDEN[hidden]):
        said = await liar.post(liar.request(entry))
        code = json.loads(said.body).get("code")
        if (said.status, code) != (400, expected):
            wrong[name] = (said.status, said.body[:200])
        assert (stored(pair.a), files(pair.a)) == before, f"{name} left something"
    assert not wrong
    await pair.close()


# --- what can be seen -----------------------------------------------------------------------------


async def with_evil_names(root: Path) -> Pair:
    """Return a pair whose second party and all its officials have evil names and offices."""
    pair = strangers(root)
    b = pair.b
    b.people = {
        role: attrs.evolve(one, card=attrs.evolve(one.card, name=f"{EVIL} {role}", office=EVIL))
        for role, one in b.people.items()
    }
    shutil.rmtree(b.folder)
    found(
        b.folder,
        Founding(
            name=EVIL,
            form="state",
            purpose="demonstration",
            host="localhost",
            port=PORTS[b.name],
            local_port=PORTS[b.name] + 1,
        ),
        appointing=[b.people["mandate_holder"].card, b.people["legal_adviser"].card],
        clock=pair.clock,
    )
    for party in (pair.a, pair.b):
        await pair.start(party)
        for role in ROLES:
            roles = ["signatory"] if role == "second" else [role]
            card = dict(party.people[role].card.to_json())
            await party.call("officials.add", card=card, roles=roles)
    await add(pair.a, "all", EVERY_ROLE)
    return pair


async def evil_talks(pair: Pair) -> str:
    """Let B table a text that is evil in every word and answer evilly; return its id."""
    kept = pair.instrument
    made = await pair.b.call(
        "agreements.draft",
        who="negotiator",
        text=EVIL_TEXT,
        title=EVIL,
        counterpart=pair.a.did,
    )
    pair.instrument = str(made["instrument"])
    await pair.b.call(
        "agreements.table", who="negotiator", instrument=pair.instrument, reason=ENDLESS
    )
    await pair.settle()
    await pair.a.call(
        "agreements.counter_unit",
        who="negotiator",
        instrument=pair.instrument,
        unit="Article 2",
        heading="Ours",
        text="",
    )
    await table(pair, pair.a)
    await answer(pair, pair.b, "explain", "Article 1", words=EVIL)
    await answer(pair, pair.b, "object", "Article 2", words=ENDLESS)
    await pair.b.call("agreements.table", who="negotiator", instrument=pair.instrument, reason=EVIL)
    await pair.settle()
    evil, pair.instrument = pair.instrument, kept
    return evil


async def evil_sharing(pair: Pair) -> None:
    """Let B release an item with evil names, and decline an offer with an evil reason."""
    await connect(pair)
    item = await bring_in(pair.b, words={"title": EVIL, "name": f"{EVIL}.pdf"})
    await release(pair, pair.b, item)
    await release(pair, pair.a, await bring_in(pair.a))
    await offer_unasked(pair)
    held = (await pair.b.call("held"))["held"]
    assert isinstance(held, list)
    await pair.b.call("held.settle", who="desk_officer", held=held[0]["held"], reason=EVIL)
    await pair.settle()
    released = (await pair.a.call("released", counterpart=pair.b.did))["released"]
    assert isinstance(released, list)
    await pair.a.call(
        "fetch", who="desk_officer", counterpart=pair.b.did, dataset=released[0]["dataset"]
    )
    async with asyncio.timeout(20):
        while not (await pair.a.call("transfers"))["transfers"]:
            await pair.a.node.sharing.post.moved(0.05)
    await pair.settle()


@pytest.mark.timeout(300)
def test_a_counterparts_words_stay_words_and_stay_apart_on_every_page_and_in_every_export(
    tmp_path: Path,
) -> None:
    """Else its name runs a script or a formula here, or turns our own sentences around."""

    async def story() -> None:
        pair = await with_evil_names(tmp_path)
        try:
            await play_to(pair, "in_force")
            await evil_talks(pair)
            await evil_sharing(pair)
            async with await logged_in(pair.a, "all") as shown:
                found = await look_everywhere(shown, each=3)
        finally:
            await pair.close()
        mixed = {
            address: where
            for address, text in found.items()
            if text.startswith("<!doctype") and (where := mixed_in(text, TURNING))
        }
        assert not mixed, "\n".join(f"{address}: {where}" for address, where in mixed.items())
        shows = [address for address, text in found.items() if TURNING in text]
        assert len(shows) > 40, shows

    asyncio.run(story())
