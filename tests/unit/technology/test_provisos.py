"""Provisos: what both gateways check of a decision, and what is no check at all. Spec 11.4."""

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.technology.authorisations import Status
from comity.technology.covering import standing
from comity.technology.provisos import (
    Check,
    Dates,
    Money,
    NoOnward,
    Purposes,
    Quantity,
    Recipients,
    ReturnBy,
    Value,
)
from support.authorising import (
    CLASS,
    CONTROL,
    FINE,
    ID,
    LATER,
    ONCE,
    A,
    Acts,
    B,
    active,
    ruled,
)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ({"kind": "recipients", "parties": ["did:web:c.example"]}, "recipient_not_authorised"),
        ({"kind": "recipients", "parties": [B]}, ID),
        ({"kind": "purposes", "purposes": ["survey"]}, "purpose_not_authorised"),
        ({"kind": "purposes", "purposes": ["planning"]}, ID),
        ({"kind": "quantity", "amount": 9, "unit": "bytes"}, "quantity_used_up"),
        ({"kind": "quantity", "amount": 10, "unit": "bytes"}, ID),
        (
            {"kind": "return_by", "at": "2026-11-01T00:00:00Z", "how": "return"},
            "authorisation_expired",
        ),
        ({"kind": "value", "limit": {"amount": "5.00", "currency": "EUR"}}, "value_used_up"),
        ({"kind": "no_onward"}, ID),
    ],
)
def test_each_check_is_held_to(check: JsonObject, code: str) -> None:
    assert ruled(active({"text": "As checked.", "check": check})) == code


def test_no_leave_to_pass_on_is_held_to() -> None:
    story = active({"text": "As checked.", "check": {"kind": "no_onward"}})
    assert ruled(story, onward=True) == "onward_not_authorised"
    assert ruled(active(), onward=True) == ID


@pytest.mark.parametrize(
    ("currency", "before", "code"),
    [("EUR", [], ID), ("EUR", [1], "value_used_up"), ("USD", [], "value_used_up")],
)
def test_a_value_is_counted_in_its_own_currency(
    currency: str, before: list[int], code: str
) -> None:
    worth: JsonObject = {"amount": "3.50", "currency": currency}
    story = active(
        {
            "text": "Five euros.",
            "check": {"kind": "value", "limit": {"amount": "5.00", "currency": "EUR"}},
        }
    )
    story.act(A, "control.reclassify", {**CLASS, "value": worth}, thing=CONTROL)
    for number in before:
        story.use(number, value=worth)
    assert ruled(story) == code
    story.use(9, value=worth)
    assert story.idle == ([] if code == ID else ["authorisations.value"])


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "quantity", "amount": 3, "unit": "crates"},
        {"kind": "escort", "officers": 2},
        {"kind": "quantity", "amount": 0, "unit": "transfers"},
        {"kind": "value", "limit": {"amount": "1.5", "currency": "EUR"}},
        {"kind": "quantity", "amount": 1, "unit": "transfers", "unless": "asked"},
    ],
)
def test_a_check_that_this_node_does_not_know_is_refused_never_passed_over(
    check: JsonObject,
) -> None:
    story = Acts()
    story.request()
    story.review()
    with pytest.raises(PeerError) as caught:
        story.approve({"text": "Something.", "check": check})
    assert caught.value.code == "deeds.form"


def test_a_check_that_stands_twice_or_ends_before_it_begins_is_no_decision() -> None:
    story = Acts()
    with pytest.raises(PeerError, match="stands twice"):
        story.approve(ONCE, ONCE)
    dates: JsonObject = {
        "text": "Never.",
        "check": {"kind": "dates", "starts": LATER, "ends": "2026-01-01T00:00:00Z"},
    }
    with pytest.raises(PeerError, match="end before they begin"):
        story.approve(dates)


def test_what_should_have_come_back_is_shown_until_somebody_says_what_became_of_it() -> None:
    back: JsonObject = {
        "text": "Back by new year.",
        "check": {"kind": "return_by", "at": "2026-12-31T00:00:00Z", "how": "destroy"},
    }
    story = active(back)
    after = Instant.parse("2027-01-01T00:00:00Z")
    assert not standing(story.now(), at=after, basis=FINE).return_due, "nothing came"
    story.use(1)
    story.use(1, party=B)
    assert standing(story.now(), at=after, basis=FINE).return_due
    story.act(B, "authorisation.dispose", how="destroyed", report="Shredded.")
    assert not standing(story.now(), at=after, basis=FINE).return_due


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Recipients(parties=[B]), f"Only to {B}."),
        (Purposes(purposes=["survey", "planning"]), "Only for survey, planning."),
        (Quantity(amount=2, unit="bytes"), "No more than 2 bytes in all."),
        (Quantity(amount=1, unit="transfers"), "No more than 1 transfer in all."),
        (Value(limit=Money(amount="5", currency="EUR")), "No more than 5 EUR in all."),
        (Dates(starts=LATER, ends=None), f"Not before {LATER}."),
        (Dates(starts=None, ends=LATER), f"Not after {LATER}."),
        (Dates(starts=None, ends=None), "At any time."),
        (NoOnward(), "Not to be passed on to others."),
        (ReturnBy(at=LATER, how="destroy"), f"To destroy by {LATER}."),
    ],
)
def test_a_check_is_read_in_words_where_nobody_wrote_others(check: Check, words: str) -> None:
    assert check.words == words


def test_a_request_is_taken_back_by_who_asked_until_it_is_decided() -> None:
    story = Acts()
    story.request()
    story.act(B, "authorisation.withdraw")
    story.act(A, "authorisation.withdraw")
    assert (story.idle, story.now().status) == (["deeds.not_yours"], Status.WITHDRAWN)
    with pytest.raises(PeerError, match="ends before it begins"):
        story.act(
            A,
            "authorisation.report",
            {
                "starts": "2026-12-01",
                "ends": "2026-11-01",
                "transfers": 0,
                "received": 0,
                "bytes": 0,
                "last": False,
            },
        )
