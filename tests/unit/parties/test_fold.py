"""Both nodes read the same parties out of both logs, whatever came first. Spec 2.9."""

from collections.abc import Mapping, Sequence
from itertools import permutations

import attrs
import pytest

from comity.foundation.canonical import digest
from comity.foundation.errors import PeerError
from comity.parties.fold import PARTY_ACTS, PartiesState, PartyAct, fold_party_act, powers_at
from comity.parties.letters import Letter, fingerprint, letter_document
from comity.parties.powers import PowersContent, full_powers_document, revocation_document
from support.parties import A, B, FakeParty, Signatory, pair, party

ALDER, BIRCH = party(A), party(B)
FOUND = fingerprint(ALDER.document, BIRCH.document)
ADA = ALDER.grant("Ada Alder", "sign")
BEN = ALDER.grant("Ben Alder", "sign")


def act(
    whose: str, n: int, kind: str, data: Mapping[str, str], documents: Sequence[bytes] = ()
) -> PartyAct:
    names = ("document", "signatures")
    return PartyAct(
        party=whose, n=n, kind=kind, data=data, documents=dict(zip(names, documents, strict=False))
    )


def introduce(whose: FakeParty, n: int = 0, rules: str = "1") -> PartyAct:
    data = {"letter": whose.letter.digest, "rules": rules}
    return act(whose.did, n, "letter.introduce", data, (whose.document, whose.signatures))


def accept(
    whose: FakeParty, other: Letter, hexadecimal: str = FOUND.hex, *, n: int = 1
) -> PartyAct:
    data = {"letter": other.digest, "fingerprint": hexadecimal}
    return act(whose.did, n, "letter.accept", data)


def grant(whose: Signatory, n: int) -> PartyAct:
    data = {"powers": whose.powers.digest}
    return act(A, n, "powers.grant", data, (whose.document, whose.signatures))


def revoke(whose: Signatory, n: int, named: str | None = None) -> PartyAct:
    document = revocation_document(whose.powers.digest, "ended")
    data = {"powers": named or whose.powers.digest}
    return act(A, n, "powers.revoke", data, (document, ALDER.appointed(document, "revoke")))


def fold(*acts: PartyAct) -> PartiesState:
    state = PartiesState()
    for one in acts:
        state = fold_party_act(state, one)
    return state


MEETING = (
    introduce(ALDER),
    accept(ALDER, BIRCH.letter),
    introduce(BIRCH),
    accept(BIRCH, ALDER.letter),
)


def test_the_order_in_which_the_chains_arrive_changes_nothing() -> None:
    states = [
        fold(*(MEETING[place] for place in order))
        for order in permutations(range(4))
        if order.index(0) < order.index(1) and order.index(2) < order.index(3)
    ]
    assert len(states) == 6
    assert all(state == states[0] and state.introduced for state in states)


def test_nobody_is_introduced_before_both_have_accepted() -> None:
    assert not fold().introduced
    assert not fold(*MEETING[:3]).introduced
    assert not fold(*MEETING[:2]).introduced


def test_full_powers_count_from_after_their_grant_until_their_revocation() -> None:
    state = fold(*MEETING, grant(ADA, 2), grant(BEN, 4), revoke(ADA, 6))
    rows = {
        n: ([one.name for one in powers], sorted(revoked))
        for n in range(2, 8)
        for powers, revoked in [powers_at(state, A, n)]
    }
    both = ["Ada Alder", "Ben Alder"]
    assert rows == {
        2: ([], []),
        3: (["Ada Alder"], []),
        4: (["Ada Alder"], []),
        5: (both, []),
        6: (both, []),
        7: (both, [ADA.powers.digest]),
    }
    assert powers_at(state, B, 9) == ((), frozenset())


def test_renewed_powers_keep_the_key_and_a_key_has_one_name() -> None:
    again = ALDER.grant("Ada Alder", "sign", "adopt")
    state = fold(*MEETING, grant(ADA, 2), grant(again, 3))
    assert len(powers_at(state, A, 9)[0]) == 2
    for key, name in (
        (ADA.signer, "Eda Alder"),
        (attrs.evolve(ADA.signer, pq=pair("x").pq), "Ada Alder"),
    ):
        content = {
            field.name: getattr(ADA.powers, field.name) for field in attrs.fields(PowersContent)
        }
        document = full_powers_document(PowersContent(**content | {"name": name, "key": key.pair}))
        data = {"powers": digest(document)}
        one = act(A, 5, "powers.grant", data, (document, ALDER.appointed(document)))
        assert refused(state, one) == "fold.key_of_two"


def refused(state: PartiesState, one: PartyAct) -> str:
    with pytest.raises(PeerError) as caught:
        fold_party_act(state, one)
    return caught.value.code


MET = fold(*MEETING)
ONLY_A = fold(introduce(ALDER))
CEDAR = party("did:web:cedar.example")
RULES_2 = attrs.evolve(BIRCH.content, rule_sets=("2",))
RULES_2_DOCUMENT = letter_document(RULES_2)


@pytest.mark.parametrize(
    ("state", "one", "code"),
    [
        pytest.param(MET, act(A, 9, "letter.burn", {}), "fold.kind", id="unknown kind"),
        pytest.param(MET, introduce(ALDER), "fold.introduced_twice", id="a second letter"),
        pytest.param(
            PartiesState(), introduce(ALDER, 1), "fold.introduced_twice", id="a late letter"
        ),
        pytest.param(MET, introduce(CEDAR), "fold.third_party", id="a third party"),
        pytest.param(
            PartiesState(), introduce(ALDER, rules="2"), "fold.rules", id="another rule set"
        ),
        pytest.param(
            PartiesState(),
            act(
                B,
                0,
                "letter.introduce",
                {"letter": digest(RULES_2_DOCUMENT), "rules": "1"},
                (RULES_2_DOCUMENT, BIRCH.sealed(RULES_2_DOCUMENT)),
            ),
            "fold.rules",
            id="a rule set the letter does not list",
        ),
        pytest.param(
            PartiesState(),
            attrs.evolve(introduce(ALDER), party=B),
            "fold.letter",
            id="the letter of another party",
        ),
        pytest.param(
            PartiesState(),
            attrs.evolve(introduce(ALDER), data={"letter": "ab" * 32, "rules": "1"}),
            "fold.letter",
            id="a letter the entry does not name",
        ),
        pytest.param(
            PartiesState(),
            attrs.evolve(introduce(ALDER), documents={}),
            "fold.documents",
            id="no documents",
        ),
        pytest.param(
            PartiesState(),
            attrs.evolve(introduce(ALDER), data={}),
            "documents.members",
            id="no members",
        ),
        pytest.param(
            ONLY_A,
            introduce(party(B, "operational")),
            "letters.purposes",
            id="a letter of another purpose",
        ),
        pytest.param(
            PartiesState(), accept(ALDER, BIRCH.letter), "fold.no_letter", id="no own letter"
        ),
        pytest.param(
            MET, accept(ALDER, BIRCH.letter, n=2), "fold.accepted_twice", id="accepted twice"
        ),
        pytest.param(
            fold(introduce(ALDER), introduce(BIRCH)),
            accept(ALDER, CEDAR.letter),
            "fold.other_letter",
            id="another letter",
        ),
        pytest.param(
            fold(introduce(ALDER), introduce(BIRCH)),
            accept(BIRCH, ALDER.letter, "ab" * 32),
            "fold.other_letter",
            id="another fingerprint",
        ),
        pytest.param(
            fold(introduce(ALDER), accept(ALDER, CEDAR.letter)),
            introduce(BIRCH),
            "fold.other_letter",
            id="accepted before it came, and another",
        ),
        pytest.param(ONLY_A, accept(ALDER, BIRCH.letter, "xy"), "parties.hex", id="no fingerprint"),
        pytest.param(PartiesState(), grant(ADA, 2), "fold.no_letter", id="powers, no letter"),
        pytest.param(
            MET,
            attrs.evolve(grant(ADA, 2), data={"powers": BEN.powers.digest}),
            "fold.powers",
            id="other powers than named",
        ),
        pytest.param(
            fold(*MEETING, grant(ADA, 2)),
            grant(ADA, 3),
            "fold.granted_twice",
            id="the same powers again",
        ),
        pytest.param(
            fold(*MEETING, grant(ADA, 2), revoke(ADA, 3)),
            grant(ADA, 4),
            "fold.granted_twice",
            id="revoked powers again",
        ),
        pytest.param(MET, revoke(ADA, 2), "fold.nothing_to_revoke", id="nothing to revoke"),
        pytest.param(
            fold(*MEETING, grant(ADA, 2), revoke(ADA, 3)),
            revoke(ADA, 4),
            "fold.nothing_to_revoke",
            id="revoked twice",
        ),
        pytest.param(
            fold(*MEETING, grant(ADA, 2)),
            revoke(ADA, 3, BEN.powers.digest),
            "fold.nothing_to_revoke",
            id="another revocation than named",
        ),
    ],
)
def test_an_act_that_cannot_count_is_refused_at_its_place(
    state: PartiesState, one: PartyAct, code: str
) -> None:
    assert refused(state, one) == code


def test_the_kinds_are_those_of_the_specification() -> None:
    assert PARTY_ACTS == ("letter.introduce", "letter.accept", "powers.grant", "powers.revoke")
