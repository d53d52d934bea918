"""A joint statement as acts of two parties in their order, without nodes."""

from collections.abc import Sequence
from typing import Final

from comity.coordination.fold import CoordinationState, fold_deeds
from comity.coordination.statement_acts import Status, admit
from comity.coordination.statement_values import Statement
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.deeds import Deed
from support.parties import A, B

#: Where the acts stand in the logs, behind those of an agreement; and their first clock.
FIRST: Final = 100
LC: Final = 1000
ID: Final = "urn:uuid:00000000-0000-4000-8000-000000000001"
TEXT: Final = "urn:uuid:00000000-0000-4000-8000-000000000002"
FRENCH: Final = "urn:uuid:00000000-0000-4000-8000-000000000003"
READOUT: Final = "urn:uuid:00000000-0000-4000-8000-000000000004"
AT: Final = "2027-03-01T12:00:00Z"
BEGIN: Final[JsonObject] = {
    "instrument": "urn:uuid:00000000-0000-4000-8000-000000000009",
    "unit": "u1",
    "title": "Charts",
    "salt": "5" * 64,
}
ENGLISH: Final[JsonObject] = {"language": "en", "instrument": TEXT, "text": "1" * 64}
IN_FRENCH: Final[JsonObject] = {"language": "fr", "instrument": FRENCH, "text": "2" * 64}
SAID: Final[JsonObject] = {"texts": [ENGLISH, IN_FRENCH], "principal": "en", "sentences": 2}
PROMISE: Final[JsonObject] = {
    "title": "A catalogue",
    "test": "It is there.",
    "performer": A,
    "beneficiary": B,
    "due": {"at": "2027-06-30T23:59:59Z", "day": None, "zone": None},
}


def mark(sentence: int, name: str = "welcomed", promise: Json = None) -> JsonObject:
    return {"sentence": sentence, "words": "3" * 64, "mark": name, "promise": promise}


COMMITTED: Final = mark(2, "committed", PROMISE)


class Story:
    """Acts of two parties on one statement, in the order in which they are done."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.act(A, "begin", **BEGIN)

    def act(self, party: str, step: str, **members: Json) -> Deed:
        deed = Deed(
            party=party,
            n=FIRST + len(self.deeds),
            seen=0,
            lc=LC + len(self.deeds),
            kind=f"statement.{step}",
            data={"statement": ID, **members},
        )
        admit(deed)
        self.deeds.append(deed)
        return deed

    def both(self, step: str, **members: Json) -> None:
        self.act(A, step, **members)
        self.act(B, step, **members)

    @property
    def state(self) -> CoordinationState:
        return fold_deeds(CoordinationState(), self.deeds)

    def now(self) -> Statement:
        found = self.state.statements.get(ID)
        assert found is not None
        return found

    def status(self) -> Status:
        return self.now().status

    @property
    def idle(self) -> list[str]:
        return [each.code for each in self.state.idle()]

    def mark(self, party: str, *marks: JsonObject) -> None:
        self.act(party, "mark", texts=self.now().texts_digest(), marks=list(marks))

    def clear(self, party: str, *by: str) -> None:
        for each in by or ("press", "legal"):
            self.act(party, "clear", by=each, content=self.now().content_digest())

    def order(self, party: str, at: str = AT, languages: Sequence[str] = ("en", "fr")) -> None:
        self.act(
            party,
            "order",
            content=self.now().content_digest(),
            at=at,
            channels=["Site"],
            languages=list(languages),
        )

    def release(self, party: str) -> None:
        self.act(party, "release", release=self.now().release_digest())


def agreed() -> Story:
    story = Story()
    story.both("text", **SAID)
    return story


def marked() -> Story:
    story = agreed()
    for party in (A, B):
        story.mark(party, mark(1), COMMITTED)
    return story


def cleared() -> Story:
    story = marked()
    for party in (A, B):
        story.clear(party)
    return story


def embargoed() -> Story:
    story = cleared()
    for party in (A, B):
        story.order(party)
    return story


def released() -> Story:
    story = embargoed()
    for party in (A, B):
        story.release(party)
    return story


def erratum(story: Story, party: str, **texts: str) -> str:
    """Let a party ask for an erratum; return its digest."""
    said: list[Json] = [{"language": name, "text": text} for name, text in texts.items()]
    asked = story.act(party, "correct", release=story.now().release_digest(), texts=said)
    return digest(canonical(asked.data))
