"""Authorisations over random lives: none is ever overdrawn, and both nodes come to the same."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.agreements.controlled import Grant, Wanted, authorised
from comity.agreements.mandates import Permitted
from comity.foundation.canonical import Json
from comity.foundation.deeds import Deed
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.technology import authorisations, fold
from comity.technology.authorisation_acts import decision_digest
from comity.technology.covering import Wish, control_facts
from comity.technology.fold import TechnologyState, fold_deeds, state_json
from comity.technology.provisos import provisos_digest
from support.authorising import ASSURANCE, DIGEST, ID, ITEM, TERMS, A, Acts, B, active, transfer_id

AT = Instant.parse("2026-12-01T00:00:00Z")
LIMIT = 3
FINE = Permitted(article="Article 2", unit="u1", area="")
QUANTITY: dict[str, Json] = {
    "text": "Three.",
    "check": {"kind": "quantity", "amount": LIMIT, "unit": "transfers"},
}
MOVES = (
    *["send"] * 6,
    *["receive"] * 3,
    "suspend",
    "resume",
    "revoke",
    "amend",
    "amend_withdraw",
    "approve",
    "anew",
    "decline",
    "assure",
    "meet",
)


class Node:
    """One party's node: its own acts, what it has seen of the other's, and its logical clock."""

    def __init__(self, party: str, known: list[Deed]) -> None:
        self.party = party
        self.known = list(known)

    @property
    def state(self) -> TechnologyState:
        return fold_deeds(TechnologyState(), self.known)

    def write(self, step: str, members: dict[str, Json]) -> Deed | None:
        """Record an act as the desk does: only if it counts by all that is known here."""
        mine = [each for each in self.known if each.party == self.party]
        deed = Deed(
            party=self.party,
            n=len(mine),
            seen=len(self.known) - len(mine),
            lc=1 + max(each.lc for each in self.known),
            kind=f"authorisation.{step}",
            data={"authorisation": ID, **members},
        )
        fold.admit(deed)
        try:
            authorisations.apply(self.state.authorisations.get(ID), deed)
        except RefusedError:
            return None
        self.known.append(deed)
        return deed

    def permits(self, number: int) -> bool:
        """Return whether a ruling here lets a transfer through."""
        state = self.state
        wish = Wish(sha256=DIGEST, bytes=10, sender=A, recipient=B, transfer=transfer_id(number))
        control = control_facts(state.controls, state.authorisations, wish, basis=lambda _: FINE)
        assert control is not None
        wanted = Wanted(recipient=B, purpose="planning", onward=False)
        return isinstance(authorised(control, wanted, at=AT), Grant)

    def decision(self) -> authorisations.Authorisation:
        found = self.state.authorisations.get(ID)
        assert found is not None
        return found


def meet(a: Node, b: Node) -> None:
    """Let each see all that the other wrote."""
    for node, other in ((a, b), (b, a)):
        have = {(each.party, each.n) for each in node.known}
        node.known += [each for each in other.known if (each.party, each.n) not in have]


def moved(a: Node, b: Node, move: str, number: int, *, crossed: list[int]) -> None:
    use: dict[str, Json] = {
        "transfer": transfer_id(number),
        "item": ITEM,
        "digest": DIGEST,
        "bytes": 10,
        "value": None,
    }
    why: dict[str, Json] = {"basis": "Article 2", "reason": "Because."}
    match move:
        case "send" if a.permits(number) and (a.write("use", use) or number in crossed):
            crossed.append(number)
        case "receive" if number in crossed and b.permits(number):
            b.write("receive", use)
        case "suspend" | "resume" | "revoke":
            a.write(move, why)
        case "amend" | "amend_withdraw":
            terms = {**TERMS, "title": f"Version {number}"}
            writer = a if number % 2 else b
            writer.write(move, terms if move == "amend" else {})
        case "decline" if (decision := b.decision().decision) is not None:
            b.write(
                "decline", {"decision": decision_digest(decision), "reason": "We cannot keep it."}
            )
        case "approve" | "anew":
            a.write(
                "amend_approve" if move == "approve" else "approve",
                {
                    "number": f"L-{number}",
                    "decided": "2026-11-20",
                    "document": "ab" * 32,
                    "assurance": ASSURANCE,
                    "cosigned": False,
                    "provisos": [QUANTITY],
                },
            )
        case "assure" if (decision := b.decision().decision) is not None:
            b.write(
                "assure",
                {
                    "decision": decision_digest(decision),
                    "assurance": ASSURANCE,
                    "document": None,
                },
            )
            b.write("accept", {"provisos": provisos_digest(decision.provisos)})
        case "meet":
            meet(a, b)
        case _:
            pass


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(MOVES), st.integers(min_value=1, max_value=9)),
        min_size=8,
        max_size=30,
    )
)
def test_no_life_overdraws_an_authorisation_and_both_nodes_agree(
    life: list[tuple[str, int]],
) -> None:
    story: Acts = active(QUANTITY)
    a, b = Node(A, story.deeds), Node(B, story.deeds)
    crossed: list[int] = []
    for move, number in life:
        moved(a, b, move, number, crossed=crossed)
        for node in (a, b):
            one = node.decision()
            assert len(one.uses) <= LIMIT
            assert len(one.receipts) <= LIMIT
        assert len(set(crossed)) <= LIMIT, "more left than was authorised"
    meet(a, b)
    assert state_json(a.state) == state_json(b.state)
    counted = {each.transfer for each in a.decision().uses}
    assert counted == {transfer_id(each) for each in crossed}, "what left is what was counted"
    for order in itertools.islice(itertools.permutations(a.known[-5:]), 24):
        again = fold_deeds(TechnologyState(), [*order, *a.known[:-5]])
        assert state_json(again) == state_json(a.state)
