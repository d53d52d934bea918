"""What a user loses if this breaks: a signature that binds one side only, or the wrong text."""

from collections.abc import Callable, Sequence

import attrs
import pytest

from comity.agreements import events
from comity.agreements import moves as m
from comity.agreements.attempts import Outcome
from comity.agreements.chains import fold_act
from comity.agreements.fold import admit
from comity.agreements.signing import (
    ADOPTION,
    Conclusion,
    Manifest,
    SuspensionDocument,
    adoption_document,
    conclusion_document,
    manifest_document,
    read_conclusion,
    read_manifest,
    read_resumption,
    read_signers,
    read_statement,
    read_suspension,
    resumption_document,
    suspension_document,
)
from comity.foundation.attested import Mark
from comity.foundation.canonical import Json, canonical, digest, parse_canonical
from comity.foundation.errors import ComityError, PeerError
from comity.parties.powers import FullPowers
from support import parties as people
from support.parties import NOW, A, B
from support.talks import (
    INSTRUMENT,
    Talks,
    agreed_framework,
    content,
    framework,
    person,
)

OPENS, CLOSES = NOW, NOW.plus(60)
D = "ab" * 32


def signing(per_party: int = 1) -> tuple[Talks, bytes]:
    units = framework()
    if per_party > 1:
        field = {"value": {"per_party": per_party}, "quote": "two persons"}
        units["u6"] = content("Signed by two persons each.", fields={"signatories": field})
    talks = agreed_framework(units)
    talks.initialled()
    return talks, talks.open_window(opens=OPENS, closes=CLOSES, per_party=per_party)


def test_all_signatures_inside_the_window_bind_both() -> None:
    talks, manifest = signing()
    assert talks.view().status == "signing"
    talks.sign(A, manifest)
    talks.cosign(A, OPENS.plus(1))
    talks.sign(B, manifest)
    assert talks.outcomes() == [Outcome.SIGNING]
    talks.cosign(B, CLOSES)
    shown = talks.view(at=CLOSES)
    assert (shown.status, shown.signed_at, shown.in_force_at) == ("in_force", CLOSES, CLOSES)
    assert str(shown.ends_at) == "2036-11-23T12:01:00Z"


def test_two_signatories_per_party_are_all_needed() -> None:
    talks, manifest = signing(per_party=2)
    for party in (A, B):
        talks.sign(party, manifest)
        talks.cosign(party, OPENS.plus(1))
    assert talks.outcomes() == [Outcome.SIGNING]
    for party in (A, B):
        talks.sign(party, manifest, name="Second")
        talks.cosign(party, OPENS.plus(2))
    assert talks.outcomes() == [Outcome.SIGNED]


@pytest.mark.parametrize("missing", [A, B])
def test_one_signature_missing_at_the_end_makes_the_attempt_void(missing: str) -> None:
    talks, manifest = signing()
    present = B if missing == A else A
    talks.sign(present, manifest)
    talks.cosign(present, OPENS.plus(1))
    talks.cosign(missing, CLOSES)
    assert talks.outcomes() == [Outcome.SIGNING]
    talks.cosign(missing, CLOSES.plus(1))
    assert (talks.outcomes(), talks.view().status) == ([Outcome.VOID], "initialled")
    talks.sign(missing, manifest)
    talks.cosign(missing, CLOSES.plus(2))
    shown = talks.view()
    assert (shown.status, shown.void_attempts, shown.in_force_at) == ("initialled", 1, None)


def test_a_signature_cosigned_before_the_window_does_not_count() -> None:
    talks, manifest = signing()
    for party in (A, B):
        talks.sign(party, manifest)
        talks.marks[party] = [Mark(talks.sizes[party], OPENS.plus(-1))]
    assert [each.counts for each in talks.view().signatures] == [False, False]


def test_a_second_window_after_a_void_one_can_be_signed() -> None:
    talks, _ = signing()
    for party in (A, B):
        talks.cosign(party, CLOSES.plus(1))
    again = talks.open_window(opens=CLOSES.plus(2), closes=CLOSES.plus(60), party=B)
    assert talks.view().status == "signing"
    for party in (A, B):
        talks.sign(party, again)
        talks.cosign(party, CLOSES.plus(3))
    shown = talks.view(at=CLOSES.plus(4))
    assert (shown.status, shown.void_attempts) == ("in_force", 1)


def test_an_attempt_that_not_both_are_ready_for_lapses() -> None:
    talks = agreed_framework()
    talks.initialled()
    document = manifest_document(talks.manifest(opens=OPENS, closes=CLOSES))
    data = {"manifest": digest(document)}
    talks.do(A, events.OPEN, data, documents={"document": document})
    talks.do(A, events.READY, data)
    assert talks.outcomes() == [Outcome.PROPOSED]
    with pytest.raises(ComityError) as caught:
        talks.sign(A, document)
    assert caught.value.code == "agreements.not_now"
    talks.cosign(B, CLOSES.plus(1))
    assert talks.outcomes() == [Outcome.LAPSED]
    assert talks.view().void_attempts == 0


def test_revoking_before_all_have_signed_ends_the_attempt() -> None:
    talks, manifest = signing()
    talks.sign(A, manifest)
    talks.cosign(A, OPENS.plus(1))
    talks.do(A, events.REVOKE, {"manifest": digest(manifest)})
    assert (talks.outcomes(), talks.view().status) == ([Outcome.REVOKED], "initialled")
    with pytest.raises(ComityError) as caught:
        talks.sign(B, manifest)
    assert caught.value.code == "agreements.not_now"


def revocation(talks: Talks, manifest: bytes) -> tuple[str, dict[str, Json]]:
    del talks
    return events.REVOKE, {"manifest": digest(manifest)}


def reopening(talks: Talks, manifest: bytes) -> tuple[str, dict[str, Json]]:
    del talks, manifest
    return events.REOPEN, {}


@pytest.mark.parametrize("how", [revocation, reopening])
def test_a_revocation_that_crosses_the_last_signature_is_contested(
    how: Callable[[Talks, bytes], tuple[str, dict[str, Json]]],
) -> None:
    talks, manifest = signing()
    talks.sign(A, manifest)
    seen = talks.sizes[A]
    kind, data = how(talks, manifest)
    talks.do(A, kind, data)
    talks.sign(B, manifest, seen=seen)
    for party in (A, B):
        talks.cosign(party, OPENS.plus(2))
    shown = talks.view()
    assert (talks.outcomes(), shown.contested) == ([Outcome.CONTESTED], True)
    assert (shown.in_force_at, shown.conclusion) == (None, None)


def test_a_revocation_by_one_who_knew_all_signatures_changes_nothing() -> None:
    talks, manifest = signing()
    for party in (A, B):
        talks.sign(party, manifest)
    talks.do(A, events.REOPEN)
    assert talks.outcomes() == [Outcome.SIGNING]
    for party in (A, B):
        talks.cosign(party, OPENS.plus(2))
    shown = talks.view(at=CLOSES)
    assert shown.status == "in_force"
    assert [(each.what, each.reason) for each in shown.no_effects] == [(events.REOPEN, "concluded")]


def test_after_a_void_attempt_the_text_can_be_reopened_and_changed() -> None:
    talks, manifest = signing()
    for party in (A, B):
        talks.sign(party, manifest)
        talks.cosign(party, CLOSES.plus(1))
    assert talks.outcomes() == [Outcome.VOID]
    talks.do(A, events.REOPEN)
    talks.propose(A, {"u1": "It lasts for ever."})
    shown = talks.view()
    assert (shown.status, shown.void_attempts, shown.reopened) == ("negotiating", 1, 1)


def test_both_nodes_compute_the_same_conclusion_and_seal_it() -> None:
    talks, manifest = signing()
    signed = [talks.sign(party, manifest) for party in (A, B)]
    for party in (A, B):
        talks.cosign(party, OPENS.plus(2))
    shown = talks.view(at=CLOSES)
    assert shown.conclusion is not None
    conclusion = read_conclusion(shown.conclusion)
    listed = {
        one
        for act in signed
        for signer in read_signers(act.documents["signatures"])
        for one in signer.digests
    }
    assert set(conclusion.signatures) == listed
    assert len(listed) == 4
    for party in (A, B):
        conclude(talks, party, manifest, shown.conclusion)
    assert talks.view(at=CLOSES).concluded == (A, B)


def conclude(talks: Talks, party: str, manifest: bytes, conclusion: bytes) -> None:
    talks.do(
        party,
        events.CONCLUDE,
        {"manifest": digest(manifest), "conclusion": digest(conclusion)},
        documents={
            "document": conclusion,
            "signatures": people.party(party).sealed(conclusion),
        },
    )


def test_a_sealed_conclusion_that_differs_is_not_counted() -> None:
    talks, manifest = signing()
    for party in (A, B):
        talks.sign(party, manifest)
        talks.cosign(party, OPENS.plus(2))
    shown = talks.view(at=CLOSES)
    assert shown.conclusion is not None
    other = attrs.evolve(read_conclusion(shown.conclusion), signed_at=OPENS)
    conclude(talks, B, manifest, conclusion_document(other))
    assert talks.view(at=CLOSES).concluded == ()


def test_an_adoption_that_crossed_a_tabling_does_not_count() -> None:
    talks = agreed_framework()
    seen = talks.sizes[A]
    talks.table(A, m.Reserve(unit="u1", reserve="legal"))
    talks.table(A, m.Lift(unit="u1"))
    talks.statement(B, events.ADOPT, seen=seen)
    shown = talks.view()
    assert (shown.status, dict(shown.adopted)) == ("clean", {})
    assert [(each.what, each.reason) for each in shown.no_effects] == [(events.ADOPT, "superseded")]


def test_an_adopted_text_is_reopened_before_it_is_changed() -> None:
    talks = agreed_framework()
    talks.statement(B, events.ADOPT)
    talks.statement(A, events.ADOPT)
    with pytest.raises(ComityError, match="Reopen") as caught:
        talks.propose(A, {"u1": "new"})
    assert caught.value.code == "agreements.not_now"


def test_initials_need_both_adoptions() -> None:
    talks = agreed_framework()
    talks.statement(A, events.ADOPT)
    with pytest.raises(ComityError) as caught:
        talks.statement(A, events.INITIAL)
    assert caught.value.code == "agreements.not_now"
    talks.statement(B, events.ADOPT)
    talks.statement(A, events.INITIAL)
    shown = talks.view()
    assert (shown.status, set(shown.initialled)) == ("agreed_ad_ref", {A})
    assert {signer.powers for signer in shown.adopted[B]} == {person(B, "Head").powers.digest}


def test_reopening_an_initialled_text_needs_new_adoptions() -> None:
    talks = agreed_framework()
    talks.initialled()
    talks.do(B, events.REOPEN)
    shown = talks.view()
    assert (shown.status, shown.reopened, dict(shown.adopted)) == ("clean", 1, {})
    talks.initialled()
    assert talks.view().status == "initialled"


MANIFEST = Manifest(
    instrument=INSTRUMENT,
    text=D,
    title="Framework",
    parties=(A, B),
    policies=D,
    signatories=(),
    opens=OPENS,
    closes=CLOSES,
    entry={"when": "last_signature", "days": 0},
)


def listed(*persons: tuple[str, str]) -> Json:
    return [
        {"party": party, "powers": powers, "name": "N", "office": "O"} for party, powers in persons
    ]


BOTH = listed((A, "a" * 64), (B, "b" * 64))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signatories": []}, "signing.signatories"),
        ({"signatories": listed((A, "a" * 64))}, "signing.signatories"),
        ({"signatories": listed((A, "a" * 64), (B, "a" * 64))}, "signing.signatories"),
        ({"signatories": "AB"}, "signing.list"),
        ({"signatories": [{}]}, "documents.members"),
        ({"parties": [A, A]}, "signing.parties"),
        ({"parties": [A, {}]}, "parties.identifier"),
        ({"window": {"opens": str(OPENS), "closes": str(OPENS)}}, "signing.window"),
        ({"entry": {"when": "now", "days": 0}}, "fields.entry"),
        ({"text": "x"}, "moves.value"),
        ({"crypto_profile": "SP-0"}, "documents.profile"),
    ],
)
def test_a_manifest_that_cannot_be_signed_is_refused(change: dict[str, Json], code: str) -> None:
    whole = parse_canonical(manifest_document(MANIFEST))
    good = canonical({**whole, "signatories": BOTH})
    assert read_manifest(good).digest == digest(good)
    assert manifest_document(read_manifest(good)) == good
    with pytest.raises(PeerError) as caught:
        read_manifest(canonical({**whole, "signatories": BOTH, **change}))
    assert caught.value.code == code


CONCLUSION = Conclusion(
    instrument=INSTRUMENT,
    text=D,
    manifest=D,
    signatures=("a" * 64, "b" * 64),
    signed_at=OPENS,
    in_force_at=OPENS,
    ends_at=None,
)
SUSPENSION = SuspensionDocument(
    instrument=INSTRUMENT, text=D, party=A, units=("u1", "u2"), until=CLOSES, article="Article 5"
)


def test_documents_are_read_as_they_were_written() -> None:
    conclusion = conclusion_document(CONCLUSION)
    assert read_conclusion(conclusion) == CONCLUSION
    suspension = suspension_document(SUSPENSION)
    assert read_suspension(suspension) == attrs.evolve(SUSPENSION, digest=digest(suspension))
    resumption = resumption_document(instrument=INSTRUMENT, suspension=D, party=A)
    assert read_resumption(resumption).suspension == D
    adoption = adoption_document(instrument=INSTRUMENT, text=D, party=A)
    assert read_statement(adoption, type_name=ADOPTION).text == D


@pytest.mark.parametrize("signatures", [[], ["b" * 64, "a" * 64], ["a" * 64, "a" * 64]])
def test_a_conclusion_lists_each_signature_once_in_order(signatures: list[Json]) -> None:
    whole = parse_canonical(conclusion_document(CONCLUSION))
    with pytest.raises(PeerError) as caught:
        read_conclusion(canonical({**whole, "signatures": signatures}))
    assert caught.value.code == "signing.digests"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"units": ["u2", "u1"]}, "signing.units"),
        ({"units": ["u1", "u1"]}, "signing.units"),
        ({"article": ""}, "signing.article"),
        ({"party": "A"}, "parties.identifier"),
    ],
)
def test_a_suspension_with_two_spellings_is_refused(change: dict[str, Json], code: str) -> None:
    whole = parse_canonical(suspension_document(SUSPENSION))
    with pytest.raises(PeerError) as caught:
        read_suspension(canonical({**whole, **change}))
    assert caught.value.code == code


def test_a_signatures_file_with_a_half_is_refused() -> None:
    whole = parse_canonical(person(A, "Head").sign(conclusion_document(CONCLUSION), "sign"))
    entries = whole["signatures"]
    assert isinstance(entries, list)
    for broken in (entries[:1], []):
        with pytest.raises(PeerError) as caught:
            read_signers(canonical({"signatures": broken}))
        assert caught.value.code == "signing.file"


def test_a_manifest_that_both_open_unseen_is_one_attempt() -> None:
    talks = agreed_framework()
    talks.initialled()
    seen = talks.sizes[A]
    document = talks.open_window(opens=OPENS, closes=CLOSES)
    data: dict[str, Json] = {"manifest": digest(document)}
    assert talks.outcomes() == [Outcome.SIGNING]
    other = agreed_framework()
    other.initialled()
    other.do(A, events.OPEN, data, documents={"document": document})
    other.do(B, events.OPEN, data, documents={"document": document}, seen=seen)
    assert other.outcomes() == [Outcome.PROPOSED]


def test_revoking_one_attempt_leaves_another_alone() -> None:
    talks, first = signing()
    seen = talks.sizes[A]
    second = manifest_document(talks.manifest(opens=OPENS, closes=CLOSES.plus(1)))
    data: dict[str, Json] = {"manifest": digest(second)}
    talks.do(B, events.OPEN, data, documents={"document": second})
    talks.do(A, events.REVOKE, {"manifest": digest(first)}, seen=talks.sizes[B] - 1)
    for party in (A, B):
        talks.do(party, events.READY, data)
    assert sorted(talks.outcomes()) == [Outcome.REVOKED, Outcome.SIGNING]
    assert seen < talks.sizes[A]


def test_of_two_signed_attempts_the_earlier_signature_counts() -> None:
    talks, first = signing()
    second = talks.open_window(opens=OPENS, closes=CLOSES.plus(1))
    for document, offset in ((second, 3), (first, 9)):
        for party in (A, B):
            talks.sign(party, document)
            talks.cosign(party, OPENS.plus(offset))
    assert talks.outcomes() == [Outcome.SIGNED, Outcome.SIGNED]
    assert talks.view(at=CLOSES).signed_at == OPENS.plus(3)


def raw(talks: Talks, party: str, kind: str, name: str, documents: dict[str, bytes]) -> None:
    """Fold an act that nobody should have admitted."""
    ref = digest(documents.get("document", b"")) if name == "act" else D
    act = talks.act(party, kind, {name: ref}, documents=documents)
    talks.state = fold_act(talks.state, act)
    talks.acts.append(act)
    talks.sizes[party] += 1


def test_a_signature_given_in_knowledge_of_a_revocation_never_counts() -> None:
    talks, manifest = signing()
    talks.sign(A, manifest)
    talks.do(A, events.REVOKE, {"manifest": digest(manifest)})
    act = talks.act(
        B,
        events.SIGN,
        {"manifest": digest(manifest)},
        documents={"signatures": person(B, "First").sign(manifest, "sign")},
    )
    talks.state = fold_act(talks.state, act)
    talks.sizes[B] += 1
    for party in (A, B):
        talks.cosign(party, OPENS.plus(1))
    assert talks.outcomes() == [Outcome.REVOKED]


def test_an_adoption_of_another_text_never_counts() -> None:
    talks = agreed_framework()
    document = adoption_document(instrument=INSTRUMENT, text=D, party=A)
    signatures = person(A, "Head").sign(document, "adopt")
    raw(talks, A, events.ADOPT, "text", {"document": document, "signatures": signatures})
    assert [each.reason for each in talks.view().no_effects] == ["text"]
    assert dict(talks.view().adopted) == {}


def test_a_manifest_is_opened_only_within_the_full_powers() -> None:
    talks = agreed_framework()
    talks.initialled()
    until = person(A, "First").powers.valid_until
    document = manifest_document(talks.manifest(opens=OPENS, closes=until.plus(1)))
    data: dict[str, Json] = {"manifest": digest(document)}
    with pytest.raises(ComityError) as caught:
        talks.do(A, events.OPEN, data, documents={"document": document})
    assert caught.value.code == "powers.expired"


def test_the_powers_of_the_other_party_are_those_that_the_opener_knew() -> None:
    talks = agreed_framework()
    talks.initialled()
    talks.sizes[A] += 7
    asked: list[tuple[str, int]] = []
    granted = talks.powers_of

    def powers_of(party: str, n: int) -> tuple[Sequence[FullPowers], frozenset[str]]:
        asked.append((party, n))
        return granted(party, n)

    document = manifest_document(talks.manifest(opens=OPENS, closes=CLOSES))
    act = talks.act(
        A, events.OPEN, {"manifest": digest(document)}, documents={"document": document}
    )
    admit(talks.state, act, powers_of=powers_of, seal_of=talks.seal_of, at=None)
    assert asked == [(A, talks.sizes[A]), (B, talks.sizes[B])]
