"""Messages that come early, late, twice or across each other: both sides still end in one state.

Each is tried on a node and on the stand-in, as the scenarios are. What a connector meets in the
wild is rude in these ways. Source: dataspace-protocol 7 and 11.4, edc-on-the-wire.
"""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs
import pytest

from support.dsp_peer import (
    WAIT_S,
    Answer,
    AnsweredError,
    Behaviour,
    HangUpError,
    Peer,
    Process,
)
from support.dsp_scenarios import SCENARIOS, Target, play, refused, taken

AT_ONCE: Final = 12


@pytest.fixture(autouse=True)
def _as_usual(target: Target) -> Iterator[None]:
    """Have a peer that behaves before and after each test."""
    target.peer.as_usual()
    yield
    target.peer.as_usual()


def goes_on(
    peer: Peer, word: str, answers: list[Answer], *, meanwhile: Callable[[], object] = bool
) -> Behaviour:
    """Send ``word`` before the message that it follows is answered.

    Args:
        peer: Who sends it.
        word: What is sent.
        answers: Where its answer is kept.
        meanwhile: What happens before the message that was followed is answered.
    """

    def late(process: Process) -> None:
        on_its_way = threading.Event()

        def send() -> None:
            answer = peer.sends(process, word, sent=on_its_way)
            with peer.moved:
                answers.append(answer)
                peer.moved.notify_all()

        threading.Thread(target=send, daemon=True).start()
        assert on_its_way.wait(WAIT_S)
        meanwhile()

    return Behaviour(late=late)


@attrs.define
class Refusing:
    """Answers the first messages with an error, or not at all, and takes what comes then."""

    times: int
    status: int | None
    seen: int = 0

    def __call__(self, _: Process) -> None:
        self.seen += 1
        if self.seen <= self.times:
            raise HangUpError if self.status is None else AnsweredError(Answer(self.status))


EAGER: Final[list[tuple[str, Mapping[str, str]]]] = [
    ("CN:01-03", {"offer": "acceptance", "agreement": "verification"}),
    ("CN:01-04", {"agreement": "verification"}),
    ("CN:02-04", {"offer": "termination"}),
    ("CN_C:01-01", {"request": "offer", "acceptance": "agreement", "verification": "finalization"}),
    ("CN_C:01-04", {"request": "agreement", "verification": "finalization"}),
    ("CN_C:02-01", {"request": "termination"}),
    ("CN_C:02-05", {"request": "offer", "acceptance": "termination"}),
    ("TP:02-01", {"start": "termination"}),
    ("TP:02-02", {"start": "completion"}),
    ("TP_C:02-02", {"request": "start"}),
    ("TP_C:01-05", {"request": "termination"}),
]


@pytest.mark.parametrize(("name", "follows"), EAGER)
def test_who_goes_on_before_our_message_is_answered_is_not_lost(
    target: Target, name: str, follows: Mapping[str, str]
) -> None:
    scenario, answers = SCENARIOS[name], list[Answer]()
    for word, following in follows.items():
        target.peer.when(scenario.subject, word, goes_on(target.peer, following, answers))
    opens = target.opened if scenario.steps[0].mark == "<" else target.asked
    process = opens(scenario.family, scenario.subject)
    target.awaits(process, *scenario.awaited)
    target.reaches(process, scenario.end)
    target.peer.wait(lambda: len(answers) == len(follows), "the answers")
    assert [answer.status // 100 for answer in answers] == [2] * len(follows)
    assert process.state == scenario.end


SLOW: Final = ["CN:01-03", "CN_C:01-01", "TP_C:02-02"]


@pytest.mark.parametrize("name", SLOW)
def test_an_answer_that_comes_long_after_what_followed_changes_nothing_of_that(
    target: Target, name: str
) -> None:
    """What is played meanwhile has three delays of rules: our rule's delay is over before."""
    scenario, answers = SCENARIOS[name], list[Answer]()
    follows = dict(EAGER)[name]
    for word, following in follows.items():
        behaviour = goes_on(
            target.peer,
            following,
            answers,
            meanwhile=lambda: play(SCENARIOS["TP:01-03"], target),
        )
        target.peer.when(scenario.subject, word, behaviour)
    opens = target.opened if scenario.steps[0].mark == "<" else target.asked
    process = opens(scenario.family, scenario.subject)
    target.awaits(process, *scenario.awaited)
    target.reaches(process, scenario.end)
    target.peer.wait(lambda: len(answers) == len(follows), "the answers")
    assert [answer.status // 100 for answer in answers] == [2] * len(follows)


@pytest.mark.parametrize(("status", "times"), [(404, 2), (409, 1), (503, 1), (None, 1)])
@pytest.mark.parametrize("name", ["CN:01-03", "CN_C:01-01", "TP:01-04"])
def test_who_is_not_ready_yet_gets_the_same_message_again(
    target: Target, name: str, status: int | None, times: int
) -> None:
    scenario, peer = SCENARIOS[name], target.peer
    words = [word for word in scenario.awaited if word != "request"]
    for word in words:
        peer.when(scenario.subject, word, Behaviour(early=Refusing(times, status)))
    begun = len(peer.arrived)
    play(scenario, target)
    for word in dict.fromkeys(words):
        ids = [
            message_id
            for subject, which, message_id in peer.arrived[begun:]
            if (subject, which) == (scenario.subject, word)
        ]
        assert len(ids) == times + words.count(word)
        assert len(set(ids)) == words.count(word)


def test_a_message_that_nobody_takes_is_called_off_when_the_process_ends(target: Target) -> None:
    peer, name = target.peer, "ACN0101"
    peer.when(name, "offer", Behaviour(early=Refusing(1000, 404)))
    process = target.asked("negotiations", name)

    def tries() -> int:
        return sum(subject == name for subject, _, _ in peer.arrived)

    begun = tries()
    peer.wait(lambda: tries() > begun, "an offer")
    taken(peer.sends(process, "termination"))
    target.reaches(process, "TERMINATED")
    ended = tries()
    # As long as three tries take elsewhere, no more comes here than what was on its way.
    peer.when("ACN0103", "offer", Behaviour(early=Refusing(2, 404)))
    play(SCENARIOS["CN:01-03"], target)
    assert tries() <= ended + 1
    assert target.peer.state_at(process) == "TERMINATED"


def test_a_request_that_comes_twice_opens_one_process(target: Target) -> None:
    peer = target.peer
    for family, subject in (("negotiations", "ACN0202"), ("transfers", "ATP0205")):
        process = peer.opens(family, subject, base=target.base)
        first = peer.message(process, "request", "urn:x:twice-" + subject)
        again = peer.message(process, "request")
        url = f"{target.base}/{family}/request"
        answers = [peer.call("POST", url, body) for body in (first, first, again)]
        for answer in answers:
            taken(answer)
        assert len({str(answer.body and answer.body["providerPid"]) for answer in answers}) == 1


REPEATED: Final = [
    ("CN:03-04", "request", "REQUESTED"),
    ("CN_C:02-04", "offer", "OFFERED"),
    ("CN_C:01-04", "agreement", "VERIFIED"),
    ("TP:02-03", "suspension", "SUSPENDED"),
    ("TP_C:01-01", "start", "STARTED"),
]


@pytest.mark.parametrize(("name", "word", "state"), REPEATED)
def test_a_message_that_comes_twice_has_one_effect(
    target: Target, name: str, word: str, state: str
) -> None:
    scenario, peer = SCENARIOS[name], target.peer
    opens = target.opened if scenario.steps[0].mark == "<" else target.asked
    process = opens(scenario.family, scenario.subject)
    awaited = scenario.awaited[:1]
    target.awaits(process, *awaited)
    twice = f"urn:x:twice-{scenario.subject}-{process.pid}"
    taken(peer.sends(process, word, message_id=twice))
    if name == "CN_C:01-04":
        target.awaits(process, *awaited, "verification")
    taken(peer.sends(process, word, message_id=twice))
    target.reaches(process, state)
    refused(peer.sends(process, word), scenario.family)
    target.reaches(process, state)


def test_an_end_that_comes_twice_is_taken_twice(target: Target) -> None:
    process = target.asked("negotiations", "ACN0202")
    taken(target.peer.sends(process, "termination", message_id=f"{process.pid}-end"))
    taken(target.peer.sends(process, "termination", message_id=f"{process.pid}-end"))
    refused(target.peer.sends(process, "termination"), "negotiations")
    assert target.peer.state_at(process) == "TERMINATED"


@pytest.mark.parametrize("name", ["CN:02-01", "CN:02-05", "CN_C:02-02", "TP:01-05", "TP_C:02-05"])
def test_two_terminations_that_cross_end_it_on_both_sides(target: Target, name: str) -> None:
    scenario, answers = SCENARIOS[name], list[Answer]()
    behaviour = goes_on(target.peer, "termination", answers)
    target.peer.when(scenario.subject, "termination", behaviour)
    process = play(scenario, target)
    target.peer.wait(lambda: bool(answers), "the answer to our termination")
    assert answers[0].status in {200, 400}
    assert (process.state, target.peer.state_at(process)) == ("TERMINATED", "TERMINATED")


def test_a_message_that_was_overtaken_by_the_end_changes_nothing(target: Target) -> None:
    process = target.asked("negotiations", "ACN0101")
    target.awaits(process, "offer")
    body = json.dumps(target.peer.message(process, "acceptance")).encode()
    connection = http.client.HTTPConnection(
        target.base.removeprefix("http://").partition("/")[0], timeout=WAIT_S
    )
    prefix = "/dsp/2025-1" if target.base.endswith("2025-1") else ""
    connection.putrequest("POST", f"{prefix}/negotiations/{process.other}/events")
    connection.putheader("authorization", target.peer.secret)
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(len(body)))
    connection.endheaders(body[:40])
    taken(target.peer.sends(process, "termination"))
    connection.send(body[40:])
    answer = connection.getresponse()
    found = Answer(answer.status, json.loads(answer.read()))
    connection.close()
    refused(found, "negotiations")
    target.reaches(process, "TERMINATED")


def test_of_many_at_once_none_is_lost(target: Target) -> None:
    def one(_: int) -> str:
        process = target.asked("negotiations", "ACN0104")
        target.awaits(process, "agreement")
        taken(target.peer.sends(process, "verification"))
        target.awaits(process, "agreement", "finalization")
        target.reaches(process, "FINALIZED")
        return process.other

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert len(set(pool.map(one, range(2 * AT_ONCE)))) == 2 * AT_ONCE


def test_other_pids_than_agreed_are_refused(target: Target) -> None:
    process = target.asked("negotiations", "ACN0202")
    body = target.peer.message(process, "termination")
    url = f"{target.base}/negotiations/{process.other}/termination"
    for odd in ({"consumerPid": "urn:x:another"}, {"providerPid": "urn:x:another"}):
        answer = target.peer.call("POST", url, {**body, **odd})
        assert answer.status // 100 == 4
    unknown = target.peer.call("POST", url.replace(process.other, "urn:x:nobody"), body)
    assert unknown.status == 404
    assert target.peer.state_at(process) == "REQUESTED"


def test_the_kit_may_say_twice_that_we_begin_and_we_begin_once(target: Target) -> None:
    for subject in ("ACNC0201", "ACNC0201", "ACNC0301"):
        target.begins("negotiations", subject, "said twice")
    target.peer.came_anew("negotiations", "ACNC0301")
    target.peer.came_anew("negotiations", "ACNC0201")
    assert not [one for one in target.peer.processes.values() if not one.claimed]
