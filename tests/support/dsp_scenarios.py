"""The scenarios of the official compatibility kit, and how the peer plays one of them.

A line is a scenario: its name in the kit, then what happens. ``>`` the peer sends, and it is taken;
``<`` the other side sends, by itself; ``x`` the peer sends what is not allowed now, and is refused
with a 4xx that is not 404; ``=`` the state that the other side then shows. Nothing else may come.
Source: dataspace-protocol 11.2.
"""

import time
from collections.abc import Callable
from typing import Final

import attrs

import kit
from support.dsp_peer import WAIT_S, Answer, Peer, PeerFaultError, Process
from support.dsp_words import ERRORS

_TEXT: Final = """
CN:01-01  > request  < offer  > termination  = TERMINATED
CN:01-02  > request  < offer  > request  < termination  = TERMINATED
CN:01-03  > request  < offer  > acceptance  < agreement  > verification  < finalization  = FINALIZED
CN:01-04  > request  < agreement  > verification  < finalization  = FINALIZED
CN:02-01  > request  < termination  = TERMINATED
CN:02-02  > request  > termination  = TERMINATED
CN:02-03  > request  < agreement  > termination  = TERMINATED
CN:02-04  > request  < offer  > termination  = TERMINATED
CN:02-05  > request  < offer  < termination  = TERMINATED
CN:02-06  > request  < offer  > acceptance  < termination  = TERMINATED
CN:02-07  > request  < agreement  > verification  < termination  = TERMINATED
CN:03-01  > request  < agreement  > verification  < finalization  = FINALIZED  x termination  = FINALIZED
CN:03-02  > request  < offer  x verification  = OFFERED
CN:03-03  > request  < offer  > acceptance  x verification  = ACCEPTED
CN:03-04  > request  < offer  > request  x request  = REQUESTED

CN_C:01-01  < request  > offer  < acceptance  > agreement  < verification  > finalization  = FINALIZED
CN_C:01-02  < request  > offer  < request  > termination  = TERMINATED
CN_C:01-03  < request  > offer  < termination  = TERMINATED
CN_C:01-04  < request  > agreement  < verification  > finalization  = FINALIZED
CN_C:02-01  < request  > termination  = TERMINATED
CN_C:02-02  < request  < termination  = TERMINATED
CN_C:02-03  < request  > agreement  < termination  = TERMINATED
CN_C:02-04  < request  > offer  = OFFERED  > termination  = TERMINATED
CN_C:02-05  < request  > offer  < acceptance  > termination  = TERMINATED
CN_C:02-06  < request  > agreement  < verification  > termination  = TERMINATED
CN_C:03-01  < request  x finalization  = REQUESTED
CN_C:03-02  < request  > offer  x agreement  = OFFERED
CN_C:03-03  < request  > offer  x finalization  = OFFERED
CN_C:03-04  < request  > offer  < acceptance  x finalization  = ACCEPTED
CN_C:03-05  < request  > offer  < acceptance  x offer  = ACCEPTED
CN_C:03-06  < request  > offer  < acceptance  > agreement  x finalization  = AGREED

TP:01-01  > request  < start  < termination  = TERMINATED
TP:01-02  > request  < start  < completion  = COMPLETED
TP:01-03  > request  < start  < suspension  < termination  = TERMINATED
TP:01-04  > request  < start  < suspension  < start  < completion  = COMPLETED
TP:01-05  > request  < termination  = TERMINATED
TP:02-01  > request  < start  = STARTED  > termination  = TERMINATED
TP:02-02  > request  < start  > completion  = COMPLETED
TP:02-03  > request  < start  > suspension  = SUSPENDED  > termination  = TERMINATED
TP:02-05  > request  = REQUESTED  > termination  = TERMINATED
TP:03-01  > request  x completion  = REQUESTED
TP:03-02  > request  x suspension  = REQUESTED
TP:03-03  > request  < start  > suspension  x completion  = SUSPENDED
TP:03-04  > request  < start  > termination  x start  = TERMINATED
TP:03-05  > request  < start  > termination  x suspension  = TERMINATED
TP:03-06  > request  < start  > termination  x completion  = TERMINATED

TP_C:01-01  < request  > start  = STARTED  > termination  = TERMINATED
TP_C:01-02  < request  > start  = STARTED  > completion  = COMPLETED
TP_C:01-03  < request  > start  = STARTED  > suspension  = SUSPENDED  > termination  = TERMINATED
TP_C:01-04  < request  > start  = STARTED  > suspension  = SUSPENDED  > start  = STARTED  > completion  = COMPLETED
TP_C:01-05  < request  > termination  = TERMINATED
TP_C:02-01  < request  > start  < termination  = TERMINATED
TP_C:02-02  < request  > start  < completion  = COMPLETED
TP_C:02-03  < request  > start  < suspension  < termination  = TERMINATED
TP_C:02-05  < request  < termination  = TERMINATED
TP_C:03-01  < request  x completion  = REQUESTED
TP_C:03-02  < request  x suspension  = REQUESTED
TP_C:03-03  < request  > start  > suspension  x completion  = SUSPENDED
TP_C:03-04  < request  > start  > termination  x start  = TERMINATED
TP_C:03-05  < request  > start  > termination  x suspension  = TERMINATED
TP_C:03-06  < request  > start  > termination  x completion  = TERMINATED
"""  # noqa: E501  a scenario is a line
_SUBJECTS: Final = {name: subject for name, _, subject in kit.tests()}


@attrs.frozen
class Step:
    mark: str
    word: str


@attrs.frozen
class Scenario:
    """One line: its name, whether it is about negotiations, its dataset or agreement, its steps."""

    name: str
    family: str
    subject: str
    steps: tuple[Step, ...]

    @property
    def end(self) -> str:
        """Return the state that the other side shows last."""
        return self.steps[-1].word

    @property
    def awaited(self) -> list[str]:
        """Return what the other side sends in all."""
        return [step.word for step in self.steps if step.mark == "<"]


def _read(line: str) -> Scenario:
    name, *told = line.split()
    family = "negotiations" if name.startswith("CN") else "transfers"
    steps = tuple(Step(*pair) for pair in zip(told[::2], told[1::2], strict=True))
    return Scenario(name, family, _SUBJECTS[name], steps)


SCENARIOS: Final = {
    one.name: one for one in (_read(line) for line in _TEXT.splitlines() if line.strip())
}


@attrs.define(kw_only=True)
class Target:
    """The connector that is tried, and the peer that tries it.

    Attributes:
        root: Where its version document lies below.
        base: Where its paths begin.
        peer: Its counterpart.
        begins: Makes it open a process as consumer: family, subject, which time.
        played: What was played so far.
    """

    root: str
    base: str
    peer: Peer
    begins: Callable[[str, str, str], None]
    played: list[tuple[Scenario, Process]] = attrs.field(factory=list)

    def opened(self, family: str, subject: str) -> Process:
        """Return a process in which the target is the consumer; it has just asked."""
        self.begins(family, subject, str(len(self.peer.arrived)))
        return self.peer.came_anew(family, subject)

    def asked(self, family: str, subject: str) -> Process:
        """Return a process in which the target is the provider; the peer has just asked."""
        process = self.peer.opens(family, subject, base=self.base)
        taken(self.peer.sends(process, "request"))
        return process

    def awaits(self, process: Process, *words: str) -> None:
        """Return once the target has sent just these, since the beginning."""
        self.peer.wait(lambda: len(process.came) >= len(words), f"{words}, came {process.came}")
        assert process.came == list(words)

    def reaches(self, process: Process, state: str) -> None:
        """Return once the target shows a state: it has to read our answer first."""
        until = time.monotonic() + WAIT_S
        while (shown := self.peer.state_at(process)) != state:
            if time.monotonic() > until:
                raise PeerFaultError(f"{process.subject} is {shown} for {WAIT_S} s, not {state}")


def taken(answer: Answer) -> None:
    """See that a message was taken."""
    assert answer.status // 100 == 2, answer


def refused(answer: Answer, family: str) -> None:
    """See that a message was refused, as the protocol says it."""
    assert answer.status // 100 == 4, answer
    assert answer.status != 404, answer
    assert answer.body is not None, answer
    assert answer.body["@type"] == ERRORS[family]


def play(scenario: Scenario, target: Target) -> Process:
    """Play a scenario; return its process."""
    peer, awaited = target.peer, list[str]()
    opens = target.opened if scenario.steps[0].mark == "<" else target.asked
    process = opens(scenario.family, scenario.subject)
    before = scenario.steps[0].mark
    if before == "<":
        awaited.append("request")
    for step in scenario.steps[1:]:
        if step.mark == ">":
            taken(peer.sends(process, step.word))
        elif step.mark == "x":
            refused(peer.sends(process, step.word), scenario.family)
        elif step.mark == "<":
            awaited.append(step.word)
            target.awaits(process, *awaited)
        elif before == ">":  # applied before it was answered
            assert peer.state_at(process) == step.word
        else:
            target.reaches(process, step.word)
        before = step.mark
    target.played.append((scenario, process))
    return process
