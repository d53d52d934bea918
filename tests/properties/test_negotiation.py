"""Invariants of a negotiation between two writers, under any interleaving.

Source: agreements.md D3.12, nos. 1 to 9 (3 and 5 in one language, 8 for areas).
"""

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comity.agreements import events
from comity.agreements import moves as m
from comity.agreements.chains import AgreementsState, Chain, fold_act
from comity.agreements.events import Act
from comity.agreements.fold import (
    InstrumentView,
    agreement_in_force,
    consolidated_text,
    state_digest_at,
    state_json,
    view,
)
from comity.agreements.mandates import Crossing, Permitted, ReleaseFacts, rule_on
from comity.agreements.packages import open_offers
from comity.agreements.redlines import Candidate, RedLine, blocks, check, consents
from comity.foundation import base64url
from comity.foundation.attested import Mark, Marks
from comity.foundation.canonical import Json, canonical, digest
from comity.foundation.errors import ComityError
from support.parties import NOW, A, B
from support.talks import INSTRUMENT, Talks, agreed_framework, content, in_force, on, other

UNITS = ("u1", "u2", "u3")
WORDS = ("one", "two", "three")
PACKAGES = tuple(f"urn:uuid:00000000-0000-4000-8000-{n:012d}" for n in (1, 2))
ALTERNATIVES = tuple((unit, on(unit, words)) for unit in UNITS for words in WORDS)

units = st.sampled_from(UNITS)
alternatives = st.sampled_from(ALTERNATIVES)


def accepting(kind: type[m.Move]) -> st.SearchStrategy[m.Move]:
    return alternatives.map(lambda pair: kind(unit=pair[0], digest=pair[1]))  # type: ignore[call-arg]  # kinds that have both


@st.composite
def packages(draw: st.DrawFn) -> m.Package:
    chosen = draw(st.lists(alternatives, min_size=1, max_size=3, unique_by=lambda pair: pair[0]))
    cut = draw(st.integers(0, len(chosen) - 1))
    return m.Package(
        package=draw(st.sampled_from(PACKAGES)),
        gives=tuple(chosen[:cut]),
        asks=tuple(chosen[cut:]),
    )


any_move: st.SearchStrategy[m.Move] = st.one_of(
    st.builds(m.Propose, unit=units, content=st.sampled_from(WORDS).map(content)),
    accepting(m.Accept),
    accepting(m.Accept),
    accepting(m.AcceptAdRef),
    accepting(m.Confirm),
    accepting(m.Object),
    st.builds(m.Reserve, unit=units, reserve=st.sampled_from(m.RESERVES)),
    st.builds(m.Lift, unit=units),
    st.builds(m.Withdraw, unit=units),
    st.builds(m.Park, unit=units),
    st.builds(m.Unpark, unit=units),
    st.builds(m.Reopen, unit=units, reason=st.just("again")),
    packages(),
    packages().map(lambda offer: m.AcceptPackage(package=offer.package, digest=offer.digest())),
    st.builds(m.WithdrawPackage, package=st.sampled_from(PACKAGES)),
)

#: One try: who, how many of the counterpart's newest acts it has not seen, what.
Try = tuple[str, int, m.Move]
tries = st.lists(
    st.tuples(st.sampled_from((A, B)), st.sampled_from((0, 0, 0, 1, 2)), any_move),
    min_size=1,
    max_size=25,
)


def played(steps: Sequence[Try]) -> Talks:
    """Return talks in which every try that its author may make was made."""
    talks = Talks()
    talks.propose(A, dict.fromkeys(UNITS, "one"), opening=True)
    seen = {A: 2, B: talks.sizes[A]}
    for party, lag, move in steps:
        seen[party] = max(seen[party], talks.sizes[other(party)] - lag)
        try:
            talks.table(party, fitted(talks, party, move, seen=seen[party]), seen=seen[party])
        except ComityError:
            continue
    return talks


def fitted(talks: Talks, party: str, move: m.Move, *, seen: int) -> m.Move:
    """Return the move about what its author sees on the table, where there is something."""
    chains = talks.state.instruments[INSTRUMENT]
    own, theirs = (chains.get(each, Chain()) for each in (party, other(party)))
    if isinstance(move, m.Accept | m.AcceptAdRef | m.Object):
        return attrs.evolve(move, digest=theirs.position(move.unit, seen).own or move.digest)
    if isinstance(move, m.Confirm):
        stance = own.position(move.unit, None).stance
        return move if stance is None else attrs.evolve(move, digest=stance.digest)
    if isinstance(move, m.Package):
        gives = [(unit, theirs.position(unit, seen).own or wanted) for unit, wanted in move.gives]
        asks = [(unit, own.position(unit, None).own or wanted) for unit, wanted in move.asks]
        return attrs.evolve(move, gives=tuple(gives), asks=tuple(asks))
    if isinstance(move, m.AcceptPackage):
        heads = {party: talks.sizes[party], other(party): seen}
        offers = open_offers({each: chain.packages for each, chain in chains.items()}, heads)
        offered = [offer for (by, _), (_, offer) in offers.items() if by != party]
        if offered:
            return m.AcceptPackage(package=offered[-1].package, digest=offered[-1].digest())
    return move


def interleaved(acts: Sequence[Act], turns: Sequence[bool]) -> AgreementsState:
    """Return the fold of both chains, taken in turns."""
    queues = {party: [act for act in acts if act.party == party] for party in (A, B)}
    state = AgreementsState()
    for turn in [*turns, *([True] * len(acts)), *([False] * len(acts))]:
        queue = queues[A if turn else B]
        if queue:
            state = fold_act(state, queue.pop(0))
    return state


def seen_by(state: AgreementsState, talks: Talks) -> InstrumentView:
    return attrs.evolve(talks, state=state).view()


@given(tries, st.lists(st.booleans(), max_size=30))
def test_1_any_delivery_order_gives_the_same_text_and_digests(
    steps: list[Try], turns: list[bool]
) -> None:
    talks = played(steps)
    state = interleaved(talks.acts, turns)
    assert canonical(state_json(state)) == canonical(state_json(talks.state))
    assert seen_by(state, talks) == talks.view()


@given(tries)
def test_1_what_an_act_states_is_what_both_compute_at_its_heads(steps: list[Try]) -> None:
    talks = played(steps)
    for act in talks.acts:
        heads = {act.party: act.n + 1, other(act.party): act.seen}
        assert state_digest_at(talks.state, INSTRUMENT, heads) == act.data["result"]


def stood_by(acts: Sequence[Act], party: str, wanted: str) -> bool:
    """Return whether ``party`` ever proposed, accepted, confirmed or packaged a digest."""
    own = [move for act in acts if act.party == party for move in m.read_moves(act.data["moves"])]
    offers = [
        move
        for act in acts
        for move in m.read_moves(act.data["moves"])
        if isinstance(move, m.Package)
    ]
    return wanted in {one for _, one in consents(own, offers)}


@given(tries, st.integers(0, 10**9))
def test_2_nothing_is_agreed_without_an_act_of_each_and_time_changes_nothing(
    steps: list[Try], later: int
) -> None:
    talks = played(steps)
    shown = talks.view()
    for unit in shown.units:
        if unit.agreed is not None:
            assert stood_by(talks.acts, A, unit.agreed)
            assert stood_by(talks.acts, B, unit.agreed)
    assert talks.view(at=NOW.plus(later)) == shown


@given(tries, st.sampled_from((A, B)), units)
def test_3_any_change_drops_both_positions(steps: list[Try], party: str, unit: str) -> None:
    talks = played(steps)
    try:
        talks.propose(party, {unit: "words nobody has used"})
    except ComityError:  # settled by a package
        talks.table(party, m.Reopen(unit=unit, reason="anew"))
        talks.propose(party, {unit: "words nobody has used"})
    after = {each.id: each for each in talks.view().units}[unit]
    assert after.agreed is None


@given(tries)
def test_4_red_lines_leave_no_trace_in_acts_or_state(steps: list[Try]) -> None:
    line = RedLine.read(
        {
            "id": "secret-line",
            "kind": "forbid_wording",
            "severity": "red",
            "sentence": "Never say two.",
            "patterns": ["two"],
        }
    )
    talks = played(steps)
    before = canonical([dict(act.data) for act in talks.acts])
    state = canonical(state_json(talks.state))
    candidates = [
        Candidate(unit=each.id, content=one.content)
        for each in talks.view().units
        for one in each.alternatives
    ]
    check([line], candidates, direction="incoming")
    blocks([line], [], units=candidates, deviations=(), role=None)
    assert canonical([dict(act.data) for act in talks.acts]) == before
    assert canonical(state_json(talks.state)) == state
    assert b"secret-line" not in before + state


@given(tries)
def test_5_the_text_named_the_other_way_round_is_the_same_text(steps: list[Try]) -> None:
    shown = played(steps).view()
    one = consolidated_text(shown, names={A: "<1>", B: "<2>"})
    two = consolidated_text(shown, names={A: "<2>", B: "<1>"})
    swapped = one.replace("<1>", "<0>").replace("<2>", "<1>").replace("<0>", "<2>")
    assert swapped == two


# Signing: the fold alone, with signature files that name their signers.


def unsigned(powers: str, party: str) -> bytes:
    header = canonical({"kid": powers, "full_powers": powers, "on_behalf_of": party})
    protected = base64url.encode(header)
    half: Json = {"protected": protected, "signature": ""}
    return canonical({"signatures": [half, half]})


def at_window() -> tuple[Talks, bytes]:
    talks = agreed_framework()
    talks.initialled()
    return talks, talks.open_window(opens=NOW, closes=NOW.plus(60))


WINDOW = at_window()
times = st.integers(1, 120)


def signed(talks: Talks, manifest: bytes, order: Sequence[tuple[str, int]]) -> Talks:
    """Return the talks after signatures in an order, each cosigned at an offset."""
    made = attrs.evolve(talks, sizes=dict(talks.sizes), acts=list(talks.acts), marks={A: [], B: []})
    clock = {A: 0, B: 0}
    listed = {each.party: each.powers for each in talks.view().attempts[0].manifest.signatories}
    for party, offset in order:
        act = made.act(
            party,
            events.SIGN,
            {"manifest": digest(manifest)},
            documents={"signatures": unsigned(listed[party], party)},
        )
        made.state = fold_act(made.state, act)
        made.acts.append(act)
        made.sizes[party] += 1
        clock[party] = max(clock[party], offset)
        made.marks[party].append(Mark(made.sizes[party], NOW.plus(clock[party])))
    return made


@settings(max_examples=50)
@given(st.sampled_from((A, B)), st.integers(61, 500), st.booleans(), st.integers(1, 60))
@example(late=A, offset=61, first=True, good=60)
def test_6_with_one_signature_missing_at_the_end_everybody_says_void(
    late: str,
    offset: int,
    first: bool,  # noqa: FBT001 - drawn
    good: int,
) -> None:
    talks, manifest = WINDOW
    order = [(other(late), good), (late, offset)]
    made = signed(talks, manifest, order if first else order[::-1])
    for turns in ([], [False] * 40):
        shown = seen_by(interleaved(made.acts, turns), made)
        assert (shown.status, shown.void_attempts, shown.conclusion) == ("initialled", 1, None)
    made.marks[late].append(Mark(made.sizes[late], NOW.plus(600)))
    assert made.view().void_attempts == 1


@settings(max_examples=50)
@given(times, times, st.lists(st.booleans(), max_size=30), st.integers(0, 10**9))
def test_7_both_nodes_agree_on_what_is_in_force(
    a: int, b: int, turns: list[bool], later: int
) -> None:
    talks, manifest = WINDOW
    made = signed(talks, manifest, [(A, a), (B, b)])
    marks = {party: Marks.of(each) for party, each in made.marks.items()}
    at = NOW.plus(later)
    one = view(made.state, INSTRUMENT, marks=marks, at=at)
    two = view(interleaved(made.acts, turns), INSTRUMENT, marks=marks, at=at)
    assert one == two
    assert (one.in_force_at is not None) == (max(a, b) <= 60)
    if one.in_force_at is not None:
        assert one.in_force_at == NOW.plus(max(a, b))


FORCE = in_force()
CROSSING = Crossing(
    sender=A,
    recipient=B,
    area="reports",
    action="share",
    kind="report",
    marking="open",
    purpose="planning",
    onward=False,
    control=None,
    release=ReleaseFacts(release=1, digest="", recipient=B),
    stage="send",
)


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from((A, B)), st.sampled_from(((), ("u1",), ("u3",)))),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.booleans(), max_size=40),
)
def test_8_a_suspension_closes_its_areas_at_both_ends_from_the_same_place(
    suspensions: list[tuple[str, tuple[str, ...]]], turns: list[bool]
) -> None:
    talks = attrs.evolve(FORCE, sizes=dict(FORCE.sizes), acts=list(FORCE.acts))
    closed = False
    lifted: list[str] = []
    for party, names in suspensions:
        before = dict(talks.sizes)
        suspension = talks.suspend(party, units=names)
        lifted.append(suspension)
        closed = closed or names != ("u1",)
        for state in (talks.state, interleaved(talks.acts, turns)):
            both = attrs.evolve(talks, state=state)
            ruling = rule_on(agreement_in_force(both.view()), CROSSING, at=talks.at)
            assert isinstance(ruling, Permitted) != closed
            assert len(both.view(heads=before).suspensions) == len(lifted) - 1
    for suspension in set(lifted):
        for party in (A, B):
            talks.resume(party, suspension)
    ruling = rule_on(agreement_in_force(talks.view()), CROSSING, at=talks.at)
    assert isinstance(ruling, Permitted)


@given(tries, st.data())
def test_9_replay_gives_the_same_state_and_a_missing_act_shows(
    steps: list[Try], data: st.DataObject
) -> None:
    talks = played(steps)
    whole = canonical(state_json(talks.state))
    state = AgreementsState()
    for act in talks.acts:
        state = fold_act(state, act)
    assert canonical(state_json(state)) == whole
    gone = data.draw(st.sampled_from(talks.acts))
    less = AgreementsState()
    for act in talks.acts:
        if act is not gone:
            less = fold_act(less, act)
    assert canonical(state_json(less)) != whole


@pytest.mark.parametrize("swap", [1, 2])
def test_9_a_reordered_act_shows(swap: int) -> None:
    talks = Talks()
    talks.propose(A, dict.fromkeys(UNITS, "one"), opening=True)
    for words in WORDS[1:]:
        talks.propose(A, {"u1": words})
    acts = list(talks.acts)
    acts[swap - 1], acts[swap] = acts[swap], acts[swap - 1]
    state = AgreementsState()
    for act in acts:
        state = fold_act(state, act)
    assert canonical(state_json(state)) != canonical(state_json(talks.state))
