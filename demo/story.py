"""What the chapters hand on to each other, and steps that more than one of them takes."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
from relay import Recorder
from screen import Screen
from stage import Answer, Party, StageError, both, until
from texts import Area, Cast, Play

HELD_WAIT_S = 20.0


@attrs.frozen(kw_only=True)
class Refusal:
    """One thing that did not cross: who refused it, and what they named."""

    case: str
    refused_by: str
    code: str
    article: str | None
    reason: str

    def to_json(self) -> dict[str, str | None]:
        """Return the line of the report."""
        return {
            "case": self.case,
            "refused_by": self.refused_by,
            "code": self.code,
            "article": self.article,
        }


@attrs.define(kw_only=True)
class Story:
    """The play while it goes on."""

    out: Path
    a: Party
    b: Party
    screen: Screen
    play: Play
    file: Path
    rng: random.Random
    recorders: list[Recorder] = attrs.field(factory=list)
    instrument: str = ""
    cast: Cast | None = None
    areas: list[Area] = attrs.field(factory=list)
    red_line: Mapping[str, str] = attrs.field(factory=dict)
    red_line_fired: bool = False
    found_on_counterpart: bool | None = None
    refusals: list[Refusal] = attrs.field(factory=list)
    items: dict[str, str] = attrs.field(factory=dict)
    offered: Answer = attrs.field(factory=dict)
    transfer: Answer = attrs.field(factory=dict)
    record: Answer = attrs.field(factory=dict)
    shown: dict[str, Answer] = attrs.field(factory=dict)
    meeting: Answer = attrs.field(factory=dict)
    commitments: dict[str, list[Answer]] = attrs.field(factory=dict)
    statement: dict[str, Answer] = attrs.field(factory=dict)
    project: dict[str, Answer] = attrs.field(factory=dict)
    relationship: Answer = attrs.field(factory=dict)
    authorisation: Answer = attrs.field(factory=dict)
    evidence: Answer = attrs.field(factory=dict)
    timings: dict[str, float] = attrs.field(factory=dict)

    @property
    def received(self) -> Path:
        """Where the recorders keep what B received."""
        return self.out / "received-by-berevan"

    @property
    def parties(self) -> tuple[Party, Party]:
        """Both parties."""
        return self.a, self.b

    def other(self, party: Party) -> Party:
        """Return the counterpart of a party."""
        return self.b if party is self.a else self.a

    def look(self) -> tuple[Answer, Answer]:
        """Return the instrument as both nodes show it, and keep it for the report."""
        a, b = both(*(self._show(party) for party in self.parties))
        self.shown = {"a": a, "b": b}
        return a, b

    def _show(self, party: Party) -> Callable[[], Answer]:
        return lambda: party.run("agreement", "show", self.instrument)

    def settled(self) -> tuple[Answer, Answer]:
        """Return the instrument as both nodes show it once they show the same.

        Raises:
            StageError: they do not come to the same state.
        """

        def same() -> tuple[Answer, Answer] | None:
            a, b = self.look()
            return (a, b) if _state(a) == _state(b) else None

        return until(same, seconds=HELD_WAIT_S, what="both nodes show the same")

    def words(self, said: str) -> str:
        """Return what a node said, with the names of the parties for their identifiers."""
        for party in self.parties:
            said = said.replace(f"did:web:localhost%3A{party.port}", f"the {party.name}")
        return said

    def refuse(self, refusal: Refusal) -> None:
        """Keep a refusal for the report."""
        self.refusals.append(refusal)


def _state(shown: Answer) -> tuple[object, ...]:
    attempt = shown["attempt"] or {}
    return (
        shown["state_digest"],
        shown["status"],
        shown["text"],
        attempt.get("outcome"),
        shown["void_attempts"],
        shown["suspended"],
        shown["suspended_units"],
    )


def held(answer: Answer, what: str) -> Answer:
    """Return an answer once it says that the counterpart holds what was recorded.

    Raises:
        StageError: it does not; on one machine that means that something is wrong.
    """
    if answer.get("held_by_counterpart") is not True:
        raise StageError(f"{what}: the counterpart does not hold it: {answer}")
    return answer


def expect(*, holds: bool, what: str) -> None:
    """Go on only if something holds that the play promises.

    Raises:
        StageError: it does not.
    """
    if not holds:
        raise StageError(f"It should be so and is not: {what}")
