"""What a user loses if this breaks: a document that binds without authority or sense."""

from collections.abc import Callable, Mapping

import attrs
import pytest

from comity.agreements import events
from comity.agreements.clauses import areas_in, basis_of
from comity.agreements.model import Content
from comity.agreements.signing import (
    adoption_document,
    conclusion_document,
    manifest_document,
    read_conclusion,
)
from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import ComityError, PeerError
from comity.parties.powers import FullPowers
from comity.parties.signatures import merge, sign_document
from support import parties as people
from support.parties import NOW, A, B
from support.talks import (
    INSTRUMENT,
    Talks,
    agreed_framework,
    content,
    field,
    framework,
    in_force,
    person,
)

P = "urn:uuid:00000000-0000-4000-8000-000000000001"
D = "ab" * 32


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    return caught.value.code


def test_an_adoption_names_the_clean_text_of_its_own_instrument() -> None:
    talks = agreed_framework()
    assert code_of(lambda: talks.statement(A, events.ADOPT, text=D)) == "agreements.other_text"
    text = talks.view().text_digest or ""
    document = adoption_document(instrument=INSTRUMENT, text=text, party=A)
    documents = {"document": document, "signatures": person(A, "Head").sign(document, "adopt")}
    for party, wanted, code in (
        (A, D, "agreements.statement"),
        (B, text, "agreements.document"),
    ):
        act = talks.act(party, events.ADOPT, {"text": wanted}, documents=documents)
        with pytest.raises(PeerError) as caught:
            talks.admit(act)
        assert caught.value.code == code
    odd = talks.act(A, events.ADOPT, {"text": 3}, documents=documents)
    assert code_of(lambda: talks.admit(odd)) == "agreements.ref"


def test_an_adoption_needs_a_signature_for_adopting_by_someone_with_powers() -> None:
    talks = agreed_framework()
    text = talks.view().text_digest or ""
    document = adoption_document(instrument=INSTRUMENT, text=text, party=A)
    for signatures, code in (
        (person(A, "Head").sign(document, "sign"), "acts.capacity"),
        (people.party(A).grant("Nobody", "adopt").sign(document, "adopt"), "signatures.key"),
    ):
        documents = {"document": document, "signatures": signatures}
        act = talks.act(A, events.ADOPT, {"text": text}, documents=documents)
        found = code_of(lambda act=act: talks.admit(act))  # type: ignore[misc]  # bound per round
        assert found.split(".")[0] == code.split(".")[0]
    talks.revoked = {person(A, "Head").powers.digest}
    assert code_of(lambda: talks.statement(A, events.ADOPT)) == "acts.revoked"


def initialled(units: Mapping[str, Content] | None = None) -> Talks:
    talks = agreed_framework(units)
    talks.initialled()
    return talks


def open_manifest(talks: Talks, **change: object) -> str:
    manifest = attrs.evolve(
        talks.manifest(opens=NOW, closes=NOW.plus(9)),
        **change,  # type: ignore[arg-type]  # real members
    )
    document = manifest_document(manifest)
    return code_of(
        lambda: talks.do(
            A, events.OPEN, {"manifest": digest(document)}, documents={"document": document}
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"instrument": P},
        {"text": D},
        {"title": "Another title"},
        {"policies": D},
        {"entry": {"when": "last_signature", "days": 1}},
        {"parties": (B, A)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_manifest_must_be_that_of_the_clean_text(change: dict[str, object]) -> None:
    assert open_manifest(initialled(), **change) == "agreements.manifest_differs"


def test_a_manifest_lists_as_many_persons_with_powers_as_the_text_asks_for() -> None:
    talks = initialled()
    listed = talks.manifest(opens=NOW, closes=NOW.plus(9)).signatories
    more = talks.manifest(opens=NOW, closes=NOW.plus(9), per_party=2).signatories
    assert open_manifest(talks, signatories=more) == "agreements.signatories"
    other_name = (attrs.evolve(listed[0], name="Somebody"), listed[1])
    assert open_manifest(talks, signatories=other_name) == "agreements.no_powers"
    other_powers = (attrs.evolve(listed[0], powers=D), listed[1])
    assert open_manifest(talks, signatories=other_powers) == "agreements.no_powers"
    talks.revoked = {listed[1].powers}
    assert open_manifest(talks) == "agreements.no_powers"


def test_one_person_under_two_full_powers_is_listed_once() -> None:
    fields = {"signatories": field("two persons each", per_party=2)}
    units = {**framework(), "u6": content("Signed by two persons each.", fields=fields)}
    talks = initialled(units)
    manifest = talks.manifest(opens=NOW, closes=NOW.plus(9), per_party=2)
    again = people.party(A).grant("First", "sign", "adopt").powers
    twice = attrs.evolve(manifest.signatories[0], powers=again.digest, name=again.name)
    powers_of = talks.powers_of

    class Twice(Talks):
        def powers_of(self, party: str, n: int) -> tuple[list[FullPowers], frozenset[str]]:
            granted, revoked = powers_of(party, n)
            return [*granted, again], revoked

    made = Twice(**attrs.asdict(talks, recurse=False))
    signatories = (manifest.signatories[0], twice, *manifest.signatories[2:])
    assert open_manifest(made, signatories=signatories) == "agreements.one_person"


def test_a_manifest_is_opened_once_and_known_before_anything_is_said_about_it() -> None:
    talks = initialled()
    document = talks.open_window(opens=NOW, closes=NOW.plus(9))
    data: dict[str, Json] = {"manifest": digest(document)}
    again = {"document": document}
    assert code_of(lambda: talks.do(B, events.OPEN, data, documents=again)) == (
        "agreements.manifest_twice"
    )
    assert code_of(lambda: talks.do(B, events.OPEN, {"manifest": D}, documents=again)) == (
        "agreements.manifest"
    )
    assert code_of(lambda: talks.do(B, events.READY, {"manifest": D})) == (
        "agreements.unknown_manifest"
    )
    talks.do(B, events.REVOKE, data)
    assert code_of(lambda: talks.do(B, events.READY, data)) == "agreements.attempt_over"


def test_a_second_manifest_waits_until_both_are_ready() -> None:
    talks = initialled()
    talks.open_window(opens=NOW, closes=NOW.plus(9))
    document = manifest_document(talks.manifest(opens=NOW, closes=NOW.plus(10)))
    talks.do(A, events.OPEN, {"manifest": digest(document)}, documents={"document": document})
    assert code_of(lambda: talks.sign(A, document)) == "agreements.not_ready"


def test_only_listed_persons_sign_and_each_once() -> None:
    talks = initialled()
    document = talks.open_window(opens=NOW, closes=NOW.plus(9))
    assert code_of(lambda: talks.sign(A, document, name="Second")) == "agreements.not_listed"
    talks.sign(A, document)
    assert code_of(lambda: talks.sign(A, document)) == "agreements.signed_twice"
    both = merge(
        person(B, "First").sign(document, "sign"), person(B, "Second").sign(document, "sign")
    )
    data: dict[str, Json] = {"manifest": digest(document)}
    assert code_of(lambda: talks.do(B, events.SIGN, data, documents={"signatures": both})) == (
        "agreements.one_pair"
    )


def concluding(talks: Talks, document: bytes, manifest: str, *, sealed: bytes) -> str:
    data: dict[str, Json] = {"manifest": manifest, "conclusion": digest(document)}
    documents = {"document": document, "signatures": sealed}
    return code_of(lambda: talks.do(A, events.CONCLUDE, data, documents=documents))


def test_a_conclusion_is_sealed_and_about_what_was_signed() -> None:
    talks = in_force()
    shown = talks.view()
    assert shown.conclusion is not None
    good = read_conclusion(shown.conclusion)
    seal = people.party(A).sealed
    other = conclusion_document(attrs.evolve(good, text=D))
    assert concluding(talks, other, good.manifest, sealed=seal(other)) == "agreements.conclusion"
    more = conclusion_document(attrs.evolve(good, signatures=(*good.signatures, "f" * 64)))
    assert concluding(talks, more, good.manifest, sealed=seal(more)) == "agreements.not_concluded"
    by_b = people.party(B).sealed(shown.conclusion)
    assert concluding(talks, shown.conclusion, good.manifest, sealed=by_b).startswith("signatures")
    approval = sign_document(
        shown.conclusion,
        signer=people.party(A).seal,
        capacity="approve",
        on_behalf_of=A,
        full_powers=None,
    )
    assert concluding(talks, shown.conclusion, good.manifest, sealed=approval) == (
        "agreements.seal"
    )


# Clauses that could not be applied.


def changed(**units: Content) -> dict[str, Content]:
    return {**framework(), **units}


def without(name: str) -> dict[str, Content]:
    return {unit: each for unit, each in framework().items() if unit != name}


AREAS = framework()["u3"]


def policy(**change: Json) -> Content:
    _, area = areas_in(framework())[0]
    made: JsonObject = {**area.json(), "policy": {**area.policy.json(), **change}}
    fields = {**AREAS.fields, "areas": field("share reports", areas=[made])}
    return attrs.evolve(AREAS, fields=fields)


@pytest.mark.parametrize(
    ("units", "code"),
    [
        (without("u2"), "agreements.no_entry"),
        (
            changed(u6=content("for five years", fields={"term": field("five", period="P5Y")})),
            "agreements.field_twice",
        ),
        (
            changed(u6=attrs.evolve(AREAS, fields={"areas": AREAS.fields["areas"]})),
            "agreements.area_twice",
        ),
        (changed(u3=policy(articles=["u77"])), "agreements.area_article"),
        (changed(u3=policy(marking_max="cosmic")), "agreements.area_marking"),
        (
            changed(u1=content("ten years", fields={"term": field("ten", period="P9000Y")})),
            "basics.far_future",
        ),
    ],
)
def test_a_text_whose_clauses_cannot_be_applied_is_not_signed(
    units: dict[str, Content], code: str
) -> None:
    talks = initialled(units)
    manifest = initialled().manifest(opens=NOW, closes=NOW.plus(9))
    document = manifest_document(attrs.evolve(manifest, text=talks.view().text_digest or ""))
    if code == "basics.far_future":
        document = manifest_document(talks.manifest(opens=NOW, closes=NOW.plus(9)))
    assert (
        code_of(
            lambda: talks.do(
                A, events.OPEN, {"manifest": digest(document)}, documents={"document": document}
            )
        )
        == code
    )


def test_a_text_says_under_which_agreement_it_stands_once_or_not_at_all() -> None:
    under = {"basis": field("ten", instrument="urn:uuid:1", title="Pact")}
    stated = content("ten years", fields=under)
    assert basis_of({"u1": content("ten years")}) is None
    assert basis_of({"u1": stated}) == "urn:uuid:1"
    assert code_of(lambda: basis_of({"u1": stated, "u2": stated})) == "agreements.field_twice"
