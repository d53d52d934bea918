"""Authorisations: the machine of agreements.md D2.8, row by row, in any order of arrival."""

import itertools

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.technology import controls
from comity.technology.authorisation_acts import decision_digest
from comity.technology.authorisations import STEPS, Status, left, totals
from comity.technology.covering import standing
from comity.technology.fold import TechnologyState, admit, fold_deeds, state_json
from comity.technology.provisos import (
    Proviso,
)
from support.authorising import (
    ASSURANCE,
    AT,
    CLASS,
    CONTROL,
    DIGEST,
    FINE,
    ID,
    ITEM,
    LATER,
    ONCE,
    STOPPED,
    TERMS,
    A,
    Acts,
    B,
    active,
    approved,
    facts,
    ruled,
    transfer_id,
)

AGAINST: JsonObject = {
    "number": "D-2",
    "decided": "2026-11-20",
    "document": "ab" * 32,
    "reason": "No.",
}

# --- the rows of D2.8 ---------------------------------------------------------------------------


def test_identified_to_classified_from_then_on_nothing_crosses_without_authorisation() -> None:
    story = Acts()
    assert facts(story) is None
    story.classify()
    assert ruled(story) == "not_authorised"
    story.act(B, "control.declassify", thing=CONTROL, reason="We say so.")
    assert story.idle == ["deeds.not_yours"], "only whose item it is says what it is"
    story.act(A, "control.reclassify", {**CLASS, "code": "ML 9.d"}, thing=CONTROL)
    found = story.state.controls.get(CONTROL)
    assert found is not None
    assert (found.now.code, [each.code for each in found.before]) == ("ML 9.d", ["ML 9.c"])
    story.act(A, "control.declassify", thing=CONTROL, reason="The list has changed.")
    assert facts(story) is None


def test_a_classification_is_never_of_another_id_than_its_bytes_have() -> None:
    with pytest.raises(PeerError, match="follows from the party and the digest"):
        Acts().act(A, "control.classify", CLASS, thing=ID, item=ITEM, digest=DIGEST)


def test_classified_to_requested_by_either_of_the_two_parties_it_names() -> None:
    for party in (A, B):
        story = Acts()
        story.classify()
        story.request(party)
        assert (story.now().status, ruled(story)) == (Status.REQUESTED, "not_authorised")
    story = Acts()
    story.request(B, {"recipient": "did:web:c.example"})
    assert story.idle == ["authorisations.strangers"]


def test_requested_to_in_review_with_the_case_number_of_an_authority() -> None:
    story = Acts()
    story.request()
    story.review(B)
    assert story.idle == ["deeds.not_yours"]
    story.review()
    found = story.now()
    assert found.review is not None
    assert (found.status, found.review.case) == (Status.IN_REVIEW, "C-17")


def test_in_review_to_denied_or_returned_and_what_came_back_is_handed_in_again() -> None:
    story = Acts()
    story.request()
    story.review()
    story.act(A, "authorisation.return", reason="The end use is missing.")
    assert story.now().status is Status.RETURNED
    story.review()
    story.act(
        A,
        "authorisation.deny",
        {"number": "D-1", "decided": "2026-11-20", "document": "ab" * 32, "reason": "No."},
    )
    assert (story.now().status, story.idle) == (Status.DENIED, [])
    story.approve()
    assert story.idle == ["deeds.not_now"]


def test_in_review_to_approved_is_the_exporters_to_enter_and_lets_nothing_cross() -> None:
    story = approved(ONCE)
    assert story.now().status is Status.APPROVED_WITH_PROVISOS
    assert ruled(story) == "not_assured"
    assert approved().now().status is Status.APPROVED


def test_approved_to_assured_only_word_by_word_under_this_decision() -> None:
    story = approved(ONCE)
    story.assure(assurance=f"{ASSURANCE} Perhaps.")
    story.assure(decision="0" * 64)
    assert story.idle == ["authorisations.other_assurance", "authorisations.other_decision"]
    story.assure()
    assert story.now().status is Status.ASSURED
    assert ruled(story) == "provisos_not_accepted", "the provisos are still to be accepted"
    assert standing(story.now(), at=AT, basis=FINE).status == "waits_for_provisos"


def test_an_assurance_that_a_government_co_signs_names_that_document() -> None:
    story = Acts()
    story.classify()
    story.request()
    story.review()
    story.approve(cosigned=True)
    story.assure()
    assert story.idle == ["authorisations.not_cosigned"]
    story.assure(document="cd" * 32)
    assert story.now().status is Status.ASSURED


def test_assured_to_active_once_exactly_these_provisos_are_accepted() -> None:
    story = approved(ONCE)
    story.assure()
    story.accept(Proviso(text="Another.", check=None))
    assert story.idle == ["authorisations.other_provisos"]
    story.accept()
    assert ruled(story) == ID
    assert standing(story.now(), at=AT, basis=FINE).status == "active"


def test_a_basis_that_is_suspended_stops_it_at_both_ends_without_an_act() -> None:
    story = active()
    assert ruled(story, basis=STOPPED) == "basis_not_in_force"
    assert standing(story.now(), at=AT, basis=STOPPED).status == "basis_stopped"


def test_active_use_is_counted_once_for_each_transfer_by_each_side() -> None:
    story = active(ONCE)
    story.use(1)
    story.use(1)
    story.use(1, party=B)
    story.use(1, party=B)
    assert story.idle == ["authorisations.counted", "authorisations.counted"]
    assert (len(story.now().uses), len(story.now().receipts)) == (1, 1)
    assert ruled(story) == "quantity_used_up"
    assert ruled(story, transfer=transfer_id(1)) == ID, "its own transfer goes on"


def test_what_either_side_has_counted_is_not_left_to_the_other() -> None:
    for party in (A, B):
        story = active(ONCE)
        story.use(1, party=party)
        assert ruled(story) == "quantity_used_up"
        assert left(story.now(), transfer=None) == (0, None)


def test_active_to_exhausted_is_computed_and_more_is_not_counted() -> None:
    story = active(ONCE)
    story.use(1)
    story.use(2)
    assert story.idle == ["authorisations.used_up"]
    assert standing(story.now(), at=AT, basis=FINE).status == "exhausted"
    assert story.now().status is Status.ASSURED


def test_active_to_suspended_and_back_as_it_was() -> None:
    story = active(ONCE)
    story.act(A, "authorisation.suspend", basis="Licence condition 4", reason="An inquiry.")
    assert (story.now().status, ruled(story)) == (Status.SUSPENDED, "authorisation_suspended")
    story.use(1)
    assert story.idle == ["deeds.not_now"]
    story.act(A, "authorisation.resume", basis="Licence condition 4", reason="Settled.")
    assert (story.now().status, ruled(story)) == (Status.ASSURED, ID)


def test_active_to_amended_is_a_new_version_that_is_assured_anew() -> None:
    story = active(ONCE)
    story.use(1)
    story.act(B, "authorisation.amend", {**TERMS, "title": "Two sonars"})
    assert ruled(story) == "quantity_used_up", "until it is decided the old one stands"
    twice: JsonObject = {
        "text": "Two.",
        "check": {"kind": "quantity", "amount": 2, "unit": "transfers"},
    }
    story.approve(twice, step="amend_approve")
    found = story.now()
    assert (found.version, found.terms.title, ruled(story)) == (2, "Two sonars", "not_assured")
    story.assure()
    story.accept()
    assert left(story.now(), transfer=None) == (1, None), "what was counted stays counted"


def test_an_amendment_that_is_denied_leaves_what_there_was() -> None:
    story = active(ONCE)
    story.approve(step="amend_approve")
    assert story.idle == ["authorisations.no_amendment"]
    story.act(A, "authorisation.amend", {**TERMS, "recipient": "did:web:c.example"})
    assert story.idle[-1] == "authorisations.other_parties"
    story.act(B, "authorisation.amend", {**TERMS, "title": "More"})
    story.act(A, "authorisation.amend_deny", AGAINST)
    assert (story.now().proposed, ruled(story)) == (None, ID)


def test_an_amendment_taken_back_is_as_if_it_had_not_been_asked_for() -> None:
    story = active(ONCE)
    story.act(B, "authorisation.amend", {**TERMS, "title": "More"})
    story.act(A, "authorisation.amend_withdraw")
    assert story.idle == ["deeds.not_yours"], "only who asked for it takes it back"
    story.act(B, "authorisation.amend_withdraw")
    assert (story.now().proposed, story.now().version, ruled(story)) == (None, 1, ID)
    story.act(B, "authorisation.amend_withdraw")
    story.approve(step="amend_approve")
    story.act(A, "authorisation.amend_deny", AGAINST)
    assert story.idle[1:] == ["authorisations.no_amendment"] * 3
    assert (story.now().against, story.now().version) == (None, 1)
    story.act(A, "authorisation.amend", {**TERMS, "title": "Ours"})
    story.act(B, "authorisation.amend", {**TERMS, "title": "Theirs"})
    story.act(A, "authorisation.amend_withdraw")
    assert story.idle[-1] == "deeds.not_yours", "theirs took its place"


def test_an_amendment_that_the_other_side_replaced_waits_again_once_that_one_is_taken_back() -> (
    None
):
    story = active(ONCE)
    story.act(B, "authorisation.amend", {**TERMS, "title": "Theirs"})
    for title in ("Ours", "Ours again"):
        story.act(A, "authorisation.amend", {**TERMS, "title": title})
    story.act(A, "authorisation.amend_withdraw")
    found = story.now()
    assert (found.proposed and found.proposed.title, found.amender) == ("Theirs", B)
    story.act(A, "authorisation.amend_withdraw")
    assert story.idle == ["deeds.not_yours"], "what waits is theirs"
    story.act(A, "authorisation.amend", {**TERMS, "title": "Ours"})
    story.act(B, "authorisation.amend", {**TERMS, "title": "Theirs anew"})
    story.act(B, "authorisation.amend_withdraw")
    found = story.now()
    assert (found.proposed and found.proposed.title, found.amender) == ("Ours", A)
    story.act(A, "authorisation.amend_withdraw")
    assert (story.now().proposed, story.now().amender) == (None, None), "of one party the last"


def test_a_decision_on_an_amendment_leaves_none_that_it_replaced() -> None:
    for step in ("amend_approve", "amend_deny"):
        story = active(ONCE)
        story.act(B, "authorisation.amend", {**TERMS, "title": "Theirs"})
        story.act(A, "authorisation.amend", {**TERMS, "title": "Ours"})
        if step == "amend_deny":
            story.act(A, f"authorisation.{step}", AGAINST)
        else:
            story.approve(ONCE, step=step)
        assert (story.now().proposed, story.now().replaced) == (None, None)


def test_an_amendment_decided_while_it_is_taken_back_comes_out_by_the_common_order() -> None:
    story = active(ONCE)
    amended = story.act(B, "authorisation.amend", {**TERMS, "title": "More"})
    story.approve(step="amend_approve")
    story.act(B, "authorisation.amend_withdraw", lc=amended.lc + 1)
    assert (story.idle, story.now().version) == (["deeds.not_now"], 2), "the decision came first"
    story = active(ONCE)
    amended = story.act(B, "authorisation.amend", {**TERMS, "title": "More"})
    story.act(A, "authorisation.amend_deny", AGAINST)
    story.act(B, "authorisation.amend_withdraw", lc=amended.lc + 1)
    assert story.idle == ["authorisations.no_amendment"]
    assert story.now().against is not None


def test_active_to_expired_is_computed_from_its_dates() -> None:
    dates: JsonObject = {
        "text": "In January.",
        "check": {"kind": "dates", "starts": "2027-01-01T00:00:00Z", "ends": LATER},
    }
    story = active(dates)
    early, late = AT, Instant.parse(LATER)
    assert ruled(story, at=early) == "authorisation_not_begun"
    assert ruled(story, at=late) == ID
    assert ruled(story, at=late.plus(1)) == "authorisation_expired"
    told = [standing(story.now(), at=at, basis=FINE).status for at in (early, late, late.plus(1))]
    assert told == ["not_begun", "active", "expired"]


def test_active_to_revoked_and_nothing_crosses_any_more() -> None:
    story = active()
    story.act(A, "authorisation.revoke", basis="Article 2", reason="Misuse.")
    assert (story.now().status, ruled(story)) == (Status.REVOKED, "authorisation_revoked")


def test_any_end_to_reconciled_only_by_equal_totals_of_both_nil_too() -> None:
    story = active()
    story.report(A, 0, 0, 0)
    story.report(B, 0, 0, 0)
    assert (len(story.now().reports), story.now().status) == (1, Status.ASSURED)
    story.use(1)
    story.use(1, party=B)
    story.report(A, 1, 0, 10)
    assert story.idle == ["authorisations.totals"]
    assert totals(story.now()) == (1, 1, 10)
    story.report(A, 1, 1, 10, last=True)
    story.report(A, 1, 1, 10)
    assert story.idle[-1] == "authorisations.last"
    story.use(2)
    assert story.idle[-1] == "authorisations.closing"
    story.report(B, 1, 1, 10, last=True)
    assert (story.now().status, ruled(story)) == (Status.RECONCILED, "authorisation_revoked")


# --- what it covers ------------------------------------------------------------------------------


def test_a_class_of_items_and_a_community_cover_what_they_say() -> None:
    kind: JsonObject = {"scheme": "Munitions List", "code": "ML 9.c"}
    both: tuple[dict[str, Json], ...] = (
        {"items": [], "classes": [kind]},
        {"type": "community", "items": [], "members": [A, B]},
    )
    for terms in both:
        story = Acts()
        story.classify()
        story.request(A, terms)
        story.review()
        story.approve()
        story.assure()
        assert ruled(story) == ID
        story.act(A, "control.reclassify", {**CLASS, "code": "ML 10"}, thing=CONTROL)
        assert ruled(story) == (ID if "type" in terms else "not_authorised")
    story = Acts()
    story.classify()
    story.request(A, {"type": "community", "items": [], "members": [A, B], "excluded": [kind]})
    story.review()
    story.approve()
    story.assure()
    assert ruled(story) == "not_authorised"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"recipient": A}, "authorisations.parties"),
        ({"items": []}, "authorisations.covers"),
        ({"members": [A, B]}, "authorisations.covers"),
        ({"type": "community", "members": [A, B]}, "authorisations.covers"),
        ({"type": "community", "items": [], "members": [A]}, "authorisations.covers"),
        ({"type": "permit"}, "deeds.form"),
        ({"title": "a\nb"}, "deeds.form"),
        ({"use": "\u202e"}, "basics.character"),
    ],
)
def test_what_could_not_be_decided_is_no_request(terms: JsonObject, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        Acts().request(A, terms)
    assert caught.value.code == code


def test_of_several_that_refuse_the_nearest_is_named_and_of_several_that_allow_the_oldest() -> None:
    story = active(ONCE)
    second = "urn:uuid:00000000-0000-4000-8000-000000000002"
    story.act(A, "authorisation.request", TERMS, thing=ID)
    assert story.idle == ["deeds.exists"]
    story.act(A, "authorisation.request", {**TERMS, "authorisation": second}, thing=second)
    assert ruled(story) == ID
    story.use(1)
    assert ruled(story) == "quantity_used_up"
    story = Acts()
    story.classify()
    story.act(A, "authorisation.request", {**TERMS, "authorisation": second}, thing=second)
    story.request()
    story.review()
    story.approve()
    assert ruled(story) == "not_assured", "nearer than the older one, which nobody has decided"


def test_a_transfer_that_is_counted_stays_under_its_own_authorisation() -> None:
    story = active()
    story.use(1)
    second = "urn:uuid:00000000-0000-4000-8000-000000000002"
    for deed in story.deeds[1:5]:
        kind = deed.kind
        members = {**deed.data, "authorisation": second}
        if kind == "authorisation.assure":
            other = story.state.authorisations.get(second)
            assert other is not None
            assert other.decision is not None
            members["decision"] = decision_digest(other.decision)
        story.act(deed.party, kind, members, thing=second)
    assert story.idle == []
    story.act(A, "authorisation.suspend", basis="Condition 4", reason="An inquiry.")
    assert ruled(story) == second, "another transfer goes under the other one"
    assert ruled(story, transfer=transfer_id(1)) == "authorisation_suspended"


# --- the whole table -----------------------------------------------------------------------------


def test_no_step_of_the_other_party_counts() -> None:
    parts = {"exporter": B, "recipient": A, "opener": B}
    for step in STEPS.values():
        if step.by in parts:
            assert not active().now().plays(parts[step.by], step.by)


def test_an_act_on_nothing_and_an_unknown_act_are_told() -> None:
    story = Acts()
    story.review()
    story.act(A, "control.declassify", thing=CONTROL, reason="None.")
    assert sorted(story.idle) == ["deeds.none", "deeds.none"]
    with pytest.raises(PeerError, match="is no kind of act"):
        story.act(A, "authorisation.sell")
    assert controls.control_id(A, DIGEST) != controls.control_id(B, DIGEST)


def test_any_order_of_arrival_comes_to_the_same() -> None:
    story = active(ONCE)
    story.use(1)
    story.use(1, party=B)
    wanted = state_json(story.state)
    for order in itertools.islice(itertools.permutations(story.deeds), 0, 5000, 97):
        assert state_json(fold_deeds(TechnologyState(), order)) == wanted


def test_a_deed_of_the_room_is_read_by_its_own_family() -> None:
    bad: Json = 7
    for kind in ("retransfer.request", "endcheck.request", "control.classify"):
        deed = Deed(party=A, n=0, seen=0, lc=1, kind=kind, data={kind.partition(".")[0]: bad})
        with pytest.raises(PeerError):
            admit(deed)
