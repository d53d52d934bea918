"""A joint statement between two nodes: its text in one or two languages, and each step of it."""

from typing import Final

from comity.api.operations import BY_NAME
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from support.stages import act
from support.two_nodes import Pair, Party

WHO: Final = "desk_officer"
TITLE: Final = "Charts of the strait"
TEXT: Final = """# Joint statement on charts

The two Parties met at Harbour House. They welcome the first common chart.

They reaffirm the Framework Agreement. Aldoria will send its catalogue of charts to Berevan.

They hope to meet again next year.
"""
FRENCH: Final = """# D\u00e9claration conjointe sur les cartes

Les deux Parties se sont r\u00e9unies. Elles saluent la premi\u00e8re carte commune.

Elles r\u00e9affirment l'accord-cadre. Aldoria enverra son catalogue de cartes \u00e0 Berevan.

Elles esp\u00e8rent se revoir l'ann\u00e9e prochaine.
"""
MARKS: Final = ("welcomed", "welcomed", "reaffirmed", "committed", "aspiration")
PROMISE: Final = {
    "title": "A catalogue of charts",
    "test": "Berevan holds it.",
    "performer": "us",
    "beneficiary": "them",
    "due": "2027-06-30",
}


async def adopted(
    pair: Pair, text: str = TEXT, title: str = "Joint statement on charts", *, adopting: str = "AB"
) -> str:
    """Let both negotiate and adopt a text; return its id."""
    under = pair.instrument
    made = await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=text,
        fields="",
        title=title,
        counterpart=pair.b.did,
        register="political",
    )
    pair.instrument = str(made["instrument"])
    await pair.a.call("agreements.table", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
    await pair.b.call(
        "agreements.answer",
        who="negotiator",
        instrument=pair.instrument,
        answer="accept",
        units=["all"],
        words="",
    )
    await pair.b.call("agreements.table", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    for name, party in zip("AB", (pair.a, pair.b), strict=True):
        if name in adopting:
            await act(pair, party, "adopt")
    made_, pair.instrument = pair.instrument, under
    return made_


async def do(
    pair: Pair, party: Party, step: str, name: str, *, who: str = WHO, **members: object
) -> JsonObject:
    """Take one step of a statement, and let it arrive."""
    made = await party.call(f"statements.{step}", who=who, statement=name, **members)
    await pair.settle()
    return made


async def begun(pair: Pair, **changes: object) -> str:
    members: dict[str, object] = {
        "counterpart": pair.b.did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "title": TITLE,
        **changes,
    }
    made = await pair.a.call("statements.begin", who=WHO, **members)
    await pair.settle()
    return str(made["statement"])


async def agreed(pair: Pair, *texts: str) -> str:
    """Return a statement of which both agreed on the texts."""
    named = texts or (await adopted(pair),)
    name = await begun(pair)
    await do(pair, pair.a, "text", name, texts=named)
    await do(pair, pair.b, "text", name)
    return name


async def marked(pair: Pair, *texts: str) -> str:
    """Return a statement whose sentences both marked alike; one of them commits A."""
    name = await agreed(pair, *texts)
    for number, mark in enumerate(MARKS, 1):
        more = PROMISE if mark == "committed" else {}
        await pair.a.call(
            "statements.mark", who=WHO, statement=name, sentences=(number,), mark=mark, **more
        )
    await pair.settle()
    await do(pair, pair.b, "mark", name)
    return name


async def clear(pair: Pair, name: str, *parties: Party) -> None:
    for party in parties or (pair.a, pair.b):
        await party.call("statements.clear_press", who="press_officer", statement=name)
        await party.call("statements.clear_legal", who="legal_adviser", statement=name)
        await pair.settle()


async def cleared(pair: Pair, *texts: str) -> str:
    name = await marked(pair, *texts)
    await clear(pair, name)
    return name


async def ordered(pair: Pair, *texts: str, seconds: int = 600) -> str:
    """Return a statement under embargo: both ordered its release."""
    name = await cleared(pair, *texts)
    at = str(pair.clock.now().plus(seconds))
    await do(pair, pair.a, "order", name, at=at, channels=("Ministry site",))
    await do(pair, pair.b, "order", name)
    return name


async def shown(pair: Pair, name: str) -> list[JsonObject]:
    return [await each.call("statements.show", statement=name) for each in (pair.a, pair.b)]


async def stands(pair: Pair, name: str) -> list[object]:
    return [each["status"] for each in await shown(pair, name)]


async def page_of(party: Party, name: str, alternate: str = "us") -> bytes:
    """Return the signed page as a party's node makes it."""
    operation = BY_NAME["statements.page"]
    request = operation.request(statement=name, alternate=alternate)
    answer = await party.node.dispatch.call(operation, request, official=None, upload=None)
    assert isinstance(answer, bytes)
    return answer


async def letters_of(pair: Pair) -> list[bytes]:
    """Return the letters of both parties, as whoever verifies has them."""
    made = []
    for party in (pair.a, pair.b):
        answer = await party.call("letters.export")
        made.append(base64url.decode(str(answer["letter"]), what="letter"))
    return made
