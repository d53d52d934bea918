"""Random lives of projects: two logs that grow apart and meet again come to the same.

Source: agreements.md D2.7; spec 12; issue 6 (properties).
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.technology.fold import TechnologyState, admit, fold_deeds, state_json
from comity.technology.plans import plan_digest
from comity.technology.project_steps import ENDS, STEPS, Status
from comity.technology.project_turns import anew, turns
from comity.technology.project_views import can
from comity.technology.projects import Project, apply, terms_digest
from support.projects import (
    ARRANGEMENT,
    DUE,
    ID,
    PEOPLE,
    TERMS,
    A,
    B,
    first_of,
    foreseen,
    item,
    milestone,
    plan,
)

STEPS_PER_LIFE: Final = 240
_USUAL: Final = (
    *("sheet", "plan", "agree_plan", "claim", "accept", "lend", "take_back", "enter", "confirm"),
    *("remark", "start", "wind_up", "wind_up", "close", "recall"),
)


#: By what somebody is asked for, the step that answers it, where it has another name.
_STEP_OF: Final = {
    "answer": "explore",
    "blocked": "sheet",
    "overdue": "claim",
    "due": "claim",
    "loan_due": "give_back",
}


def _id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"


@attrs.define(kw_only=True)
class Life:
    """Two parties, each with its own log and what it has of the other's."""

    rng: random.Random
    logs: dict[str, list[Deed]] = attrs.field(factory=lambda: {A: [], B: []})
    held: dict[str, int] = attrs.field(factory=lambda: {A: 0, B: 0})
    states: dict[str, TechnologyState] = attrs.field(
        factory=lambda: {A: TechnologyState(), B: TechnologyState()}
    )
    made: int = 0

    def take(self, party: str, deeds: Sequence[Deed]) -> None:
        """Let a party's node fold what is new to it, as it comes."""
        self.states[party] = fold_deeds(self.states[party], deeds)

    def arrive(self, party: str, count: int) -> None:
        """Let a party have ``count`` acts of the other's log."""
        other = B if party == A else A
        self.take(party, self.logs[other][self.held[party] : count])
        self.held[party] = count

    def project(self, party: str) -> Project | None:
        """Return the project as a party sees it."""
        return self.states[party].projects.get(ID)

    def step(self) -> None:
        """Let somebody do something, or something arrive."""
        party = self.rng.choice((A, B))
        if self.rng.random() < 0.4:
            other = B if party == A else A
            self.arrive(party, self.rng.randint(self.held[party], len(self.logs[other])))
        else:
            self.act(party)

    def act(self, party: str) -> None:
        """Let a party try a step; its own node records it only if it counts there and then."""
        now = self.project(party)
        step = self.chosen(now)
        other = B if party == A else A
        known = [*self.logs[party], *self.logs[other][: self.held[party]]]
        deed = Deed(
            party=party,
            n=len(self.logs[party]),
            seen=self.held[party],
            lc=max((each.lc for each in known), default=0) + 1,
            kind=f"project.{step}",
            data={"project": ID, **self.data(party, step, now)},
        )
        admit(deed)
        try:
            apply(now, deed)
        except RefusedError:
            return
        self.logs[party].append(deed)
        self.take(party, (deed,))

    def chosen(self, now: Project | None) -> str:
        """Return what is tried: often what would bring it on, sometimes anything at all."""
        if now is None:
            return "propose"
        luck = self.rng.random()
        if luck < 0.5:
            wise = first_of(now).step
            wise = anew(wise) or wise
            return {"answer": "explore", "blocked": "sheet", "": "remark"}.get(wise, wise)
        if luck < 0.95:
            return self.rng.choice(_USUAL)
        return self.rng.choice(tuple(STEPS))

    def data(self, party: str, step: str, now: Project | None) -> JsonObject:
        """Return what an act of a step would say, as the party sees the project."""
        if now is None or step == "propose":
            return TERMS
        self.made += 1
        plain: dict[str, JsonObject] = {
            **{each: {"reason": "x"} for each in ("decline", "pause", "abandon")},
            "name": PEOPLE,
            "explore": {"terms": terms_digest(now.terms), **PEOPLE},
            "intend": {"intent": now.intent},
            "arrange": {"instrument": ARRANGEMENT, "unit": "u1"},
            "plan": plan(milestone("m1", self.rng.choice((A, B, "both"))), milestone("m2", B)),
            "notice": {"leaves": DUE, "reason": "x"},
            "lend": {"loan": _id(self.made), "what": "Buoy", "ref": "", "due": DUE},
            "close": {"register": now.register.digest, "authorisations": "none"},
            "hand_over": {"register": now.register.digest, "to": "Office"},
        }
        chosen: Mapping[str, Callable[[], JsonObject]] = {
            "sheet": lambda: {"items": self._sheet()},
            "agree_plan": lambda: {"plan": _digest_of(now, put_up=True)},
            "approve": lambda: {
                "instrument": ARRANGEMENT,
                "text": self.rng.choice(("ab", "ab", "ab", "cd")) * 32,
                "plan": _digest_of(now, put_up=False),
            },
            "recall": lambda: self._recall(party, now),
            "enter": lambda: item(
                *self.rng.choice((("background", party), ("foreground", "both"))),
                item=_id(self.made),
            ),
        }
        if step in chosen:
            return chosen[step]()
        return plain.get(step) or self._about(step, now)

    def _recall(self, party: str, now: Project) -> JsonObject:
        found = [*now.recallable(party), ("notice", None), ("claim", "m1")]
        of, key = self.rng.choice(found)
        return {"of": of, "milestone": key}

    def _sheet(self) -> list[Json]:
        release = self.rng.choice(("yes", "conditional", "conditional", "no"))
        return [foreseen(release=release)] if self.rng.random() < 0.6 else []

    def _about(self, step: str, now: Project) -> JsonObject:
        loans = [*now.register.loans, _id(0)]
        items = [*now.register.items, _id(0)]
        if step in {"claim", "accept", "reject"}:
            key = self.rng.choice(("m1", "m2"))
            more: dict[str, JsonObject] = {"claim": {"evidence": []}, "reject": {"reason": "x"}}
            return {"milestone": key, **more.get(step, {})}
        if step in {"receive", "give_back", "take_back", "write_off"}:
            reason: JsonObject = {"reason": "x"} if step == "write_off" else {}
            return {"loan": self.rng.choice(loans), **reason}
        if step in {"confirm", "strike"}:
            name = self.rng.choice(items)
            found = now.register.items.get(name)
            entry: JsonObject = {"entry": "0" * 64 if found is None else found.digest}
            return {"item": name, **(entry if step == "confirm" else {})}
        return {}

    def check(self) -> None:
        """Check what must hold at each node, whatever it has."""
        for party in (A, B):
            now = self.project(party)
            if now is not None:
                self.look(now)

    def look(self, now: Project) -> None:
        """Check one view of the project."""
        if now.approved is not None:
            words = [
                {each.party for each in log if each.step == "approve"} for log in self.logs.values()
            ]
            assert all(words), "nothing is approved without both"
        if now.status in {Status.CLOSED, Status.HANDED_OVER}:
            assert not list(now.register.lent()), "nothing is closed with an open loan"
            assert not list(now.register.waiting()), "nothing is closed with foreground open"
        checked = {Status.EXPORTABILITY_CHECKED, Status.ARRANGING, Status.APPROVED, Status.ACTIVE}
        if now.status in checked:
            assert now.exportable, "a critical item that cannot be released stops it"
        for reached in now.plan.reached.values():
            assert reached.by in {A, B}
        for party in (A, B):
            self.back(now, party)
        coming = first_of(now)
        lent = now.status == Status.ABANDONED and any(now.register.lent())
        assert (coming.step == "") == (now.status in ENDS and not lent)
        for each in turns(now, at=Instant.parse(DUE).plus(1)):
            named = _STEP_OF.get(each.step, anew(each.step) or each.step)
            for party in each.parties:
                assert can(now, party, STEPS[named]), "it waits for whom it can be done by"
        for party in (A, B):
            for step in STEPS.values():
                assert not can(now, party, step) or now.status in step.sources

    def back(self, now: Project, party: str) -> None:
        """Check that each thing that can be taken back is gone by it, and asks nobody any more."""
        if not can(now, party, STEPS["recall"]):
            return
        for of, key in now.recallable(party):
            data: JsonObject = {"project": ID, "of": of, "milestone": key}
            deed = Deed(party=party, n=9_999, seen=0, lc=9_999, kind="project.recall", data=data)
            after = apply(now, deed)
            assert [*after.recallable(party)] == [
                each for each in now.recallable(party) if each != (of, key)
            ]
            assert after.status == now.status, "nothing that counts is undone"
            assert after.plan.agreed == now.plan.agreed
            assert all(words for words in after.asked.values())

    def meet(self) -> None:
        """Let everything arrive, and check that both say the same."""
        for party, other in ((A, B), (B, A)):
            self.arrive(party, len(self.logs[other]))
        anew = [*self.logs[A], *self.logs[B]]
        self.rng.shuffle(anew)
        told = state_json(fold_deeds(TechnologyState(), anew))
        assert all(state_json(self.states[party]) == told for party in (A, B)), "both say the same"


@pytest.mark.parametrize("seed", range(16))
def test_both_logs_come_to_the_same_project_whatever_crossed(seed: int) -> None:
    life = Life(rng=random.Random(seed))
    for number in range(STEPS_PER_LIFE):
        life.step()
        life.check()
        if number % 20 == 19:
            life.meet()
    life.meet()


def _digest_of(now: Project, *, put_up: bool) -> str:
    found = now.plan.put_up if put_up else now.plan.agreed
    return "0" * 64 if found is None else plan_digest(found)


def test_the_lives_reach_the_end_of_the_way() -> None:
    seen: set[str] = set()
    for seed in range(8):
        life = Life(rng=random.Random(seed))
        for _ in range(STEPS_PER_LIFE):
            life.step()
            now = life.project(A)
            if now is not None:
                seen.add(now.status)
    assert {"exploratory", "arranging", "approved", "active", "closing", "closed"} <= seen
