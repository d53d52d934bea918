"""Random lives of things that live by steps: officials of both sides try what comes to mind.

Wise and foolish acts alike, while the wire loses, repeats and delays. Each family adds its row to
``TRIES``: an operation, who asks, and the members it takes with what the world knows.
"""

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from comity.foundation.members import rows, text
from support.two_nodes import Party
from support.worlds import World

Members = Callable[["DeedWorld", Party], dict[str, object]]


@attrs.frozen(kw_only=True)
class Try:
    """One thing an official may try."""

    operation: str
    who: str
    members: Members


def _propose(world: "DeedWorld", party: Party) -> dict[str, object]:
    sides = ("us", "them", "both")
    return {
        "counterpart": world.pair.other(party).did,
        "instrument": world.pair.instrument,
        "unit": "Article 2",
        "title": f"Promise {world.rng.randrange(1000)}",
        "test": "It is there.",
        "performer": world.rng.choice(sides),
        "beneficiary": world.rng.choice(sides),
        "due": str(world.pair.clock.now().plus(world.rng.choice((30, 3000)))),
    }


def _on(family: str, **more: object) -> Members:
    def members(world: "DeedWorld", party: Party) -> dict[str, object]:
        known = world.known[party.did].get(family, ())
        named = world.rng.choice(list(known)) if known else "last"
        return {family: named, **more}

    return members


def _commitment(step: str, **more: object) -> Try:
    return Try(
        operation=f"commitments.{step}", who="desk_officer", members=_on("commitment", **more)
    )


def _dated(world: "DeedWorld", party: Party) -> dict[str, object]:
    due = str(world.pair.clock.now().plus(world.rng.choice((40, 4000)) * 10_000))
    return {**_on("commitment")(world, party), "due": due}


TRIES: Final[tuple[Try, ...]] = (
    Try(operation="commitments.propose", who="desk_officer", members=_propose),
    _commitment("accept"),
    _commitment("accept"),
    _commitment("decline", reason="No."),
    _commitment("withdraw"),
    _commitment("progress", words="Half."),
    _commitment("claim"),
    _commitment("claim"),
    _commitment("acknowledge", result="kept"),
    _commitment("acknowledge", result="partly_kept"),
    _commitment("dispute", reason="Not there."),
    Try(operation="commitments.redate", who="desk_officer", members=_dated),
    _commitment("release", reason="Not needed."),
    _commitment("fail", reason="Nothing came."),
)
#: What begins a thing; tried more often while there are few.
BEGIN: Final = (TRIES[0],)
FEW: Final = 3
#: By family, the operation that lists its things, and the member that names one.
LISTS: Final[Mapping[str, str]] = {"commitment": "commitments"}


@attrs.define(kw_only=True)
class DeedWorld(World):
    """A world in which officials act on things that live by steps."""

    known: dict[str, dict[str, tuple[str, ...]]] = attrs.field(factory=dict)
    done: dict[str, int] = attrs.field(factory=dict)

    async def act(self, party: Party) -> None:
        """Let an official try something; what is refused leaves the log as it was."""
        before = await self.own_size(party)
        self.known[party.did] = {
            family: tuple(text(row, family) for row in rows(await party.call(listed), listed))
            for family, listed in LISTS.items()
        }
        few = sum(map(len, self.known[party.did].values())) < FEW
        chosen = self.rng.choice(BEGIN if few and self.rng.random() < 0.7 else TRIES)
        assert chosen.operation in BY_NAME
        try:
            await party.call(chosen.operation, who=chosen.who, **chosen.members(self, party))
        except ComityError as error:
            self.story.append(f"{party.name} {chosen.operation}: {error.code}")
            assert await self.own_size(party) == before, "what is refused is not recorded"
        else:
            self.story.append(f"{party.name} {chosen.operation}")
            self.done[chosen.operation] = self.done.get(chosen.operation, 0) + 1
            assert await self.own_size(party) == before + 1, "one act, one entry"

    async def shown(self, party: Party) -> dict[str, JsonObject]:
        """Return every thing as a party sees it, by family and id."""
        made: dict[str, JsonObject] = {}
        for family, listed in LISTS.items():
            for row in rows(await party.call(listed), listed):
                name = text(row, family)
                made[f"{family} {name}"] = await party.call(f"{listed}.show", **{family: name})
        return made
