"""May I send this, what is released, and what a counterpart gets to see of it."""

import attrs
import pytest

from comity.agreements.mandates import Agreement, Refused
from comity.foundation.errors import PeerError, RefusedError
from comity.sharing.catalogue import datasets_for, offer_of, release_behind
from comity.sharing.check import AskWhom, No, Wish, Yes, agreement_for, decide, may_send
from comity.sharing.model import Item, ItemNote, ReleaseDecision, Role
from comity.sharing.reactions import STAGES, rule
from support.sharing import AGREEMENT, AT, INSTRUMENT, ITEM, RELEASE, SUSPENDED, A, B, facts

WISH = Wish(item=ITEM, sender=A, recipient=B, onward=False, control=None)


def test_a_desk_officer_hears_yes_under_which_article() -> None:
    answer = may_send(AGREEMENT, WISH, release=RELEASE, at=AT)
    assert answer == Yes(article="Article 4", unit="u-art4", area="sharing")


@pytest.mark.parametrize(
    "release", [None, attrs.evolve(RELEASE, withdrawn=True), attrs.evolve(RELEASE, n=None)]
)
def test_a_desk_officer_hears_whom_to_ask(release: ReleaseDecision | None) -> None:
    answer = may_send(AGREEMENT, WISH, release=release, at=AT)
    assert isinstance(answer, AskWhom)
    assert answer.office == "release officer"


@pytest.mark.parametrize(
    ("agreement", "wish", "code"),
    [
        (None, WISH, "not_in_force"),
        (SUSPENDED, WISH, "suspended"),
        (AGREEMENT, attrs.evolve(WISH, item=attrs.evolve(ITEM, marking="secret")), "marking_above"),
        (AGREEMENT, attrs.evolve(WISH, onward=True), "onward_not_allowed"),
        (AGREEMENT, attrs.evolve(WISH, recipient="did:web:x.example"), "recipient_not_allowed"),
    ],
)
def test_a_desk_officer_hears_no_and_why(
    agreement: Agreement | None, wish: Wish, code: str
) -> None:
    answer = may_send(agreement, wish, release=RELEASE, at=AT)
    assert isinstance(answer, No)
    assert answer.code == code
    with pytest.raises(RefusedError) as refused:
        decide(agreement, wish, at=AT)
    assert refused.value.facts["ruling"] == code


def test_a_release_names_the_article_that_permits_it() -> None:
    decision = decide(AGREEMENT, WISH, at=AT)
    assert attrs.evolve(decision, n=7) == RELEASE
    with pytest.raises(PeerError, match="not in the record yet"):
        decision.terms()


def test_a_counterpart_sees_what_is_released_to_it_and_could_be_sent_now() -> None:
    releases = [
        RELEASE,
        attrs.evolve(RELEASE, n=8, withdrawn=True),
        attrs.evolve(RELEASE, n=None),
        attrs.evolve(RELEASE, n=9, recipient="did:web:other.example"),
        attrs.evolve(RELEASE, n=10, party=B),
        attrs.evolve(RELEASE, n=11, item=attrs.evolve(ITEM, marking="secret")),
        attrs.evolve(RELEASE, n=12, instrument="urn:uuid:gone"),
    ]
    told = facts(A, agreement=None, release=None)
    (seen,) = datasets_for(releases, agreements={INSTRUMENT: AGREEMENT}, facts=told)
    assert (seen.id, seen.offer) == (ITEM.id, offer_of(RELEASE))
    assert datasets_for(releases, agreements={INSTRUMENT: SUSPENDED}, facts=told) == ()


def test_an_offer_leads_back_to_its_release() -> None:
    other = attrs.evolve(RELEASE, n=8)
    assert offer_of(other).id != offer_of(RELEASE).id
    releases = [attrs.evolve(RELEASE, n=None), other, RELEASE]
    assert release_behind(offer_of(RELEASE).id, releases=releases) == RELEASE
    assert release_behind("urn:uuid:none", releases=releases) is None


def test_a_sender_cannot_cite_another_article_than_the_one_that_permits_it() -> None:
    release = attrs.evolve(RELEASE, unit="u-art5")
    ruling = rule(
        release.terms(), role=Role.PROVIDER, stage="send", facts=facts(A, release=release)
    )
    assert ruling == Refused(
        code="article_differs",
        reason="The terms cite unit u-art5; what permits it is Article 4.",
        article="Article 4",
    )
    assert "send" in STAGES


def test_values_survive_their_storage() -> None:
    note = ItemNote(title="Chart of the bay", file_name="bay.pdf")
    assert ItemNote.from_json(note.to_json()) == note
    assert Item.from_json(ITEM.to_json()) == ITEM
    assert ReleaseDecision.from_act(RELEASE.act(), party=A, n=7) == RELEASE


NOT_YET = attrs.evolve(AGREEMENT, instrument="urn:uuid:later", in_force_at=None)
NO_AREA = attrs.evolve(AGREEMENT, instrument="urn:uuid:other", areas=())
OTHER_AREA = attrs.evolve(
    AGREEMENT,
    instrument="urn:uuid:third",
    areas=tuple((unit, attrs.evolve(area, id="elsewhere")) for unit, area in AGREEMENT.areas),
)


@pytest.mark.parametrize(
    ("agreements", "found"),
    [
        ((), None),
        ((AGREEMENT, SUSPENDED), AGREEMENT),
        ((SUSPENDED, AGREEMENT), AGREEMENT),
        ((SUSPENDED, NO_AREA, NOT_YET), SUSPENDED),
        ((OTHER_AREA, NO_AREA, NOT_YET), OTHER_AREA),
        ((NO_AREA, NOT_YET), NO_AREA),
        ((NOT_YET,), NOT_YET),
    ],
)
def test_a_question_is_answered_by_the_agreement_that_permits_it_or_else_knows_the_area(
    agreements: tuple[Agreement, ...], found: Agreement | None
) -> None:
    assert agreement_for(agreements, WISH, at=AT) is found
