"""What a user loses if this breaks: a text that passes although the legal adviser holds it."""

import pytest

from comity.agreements.model import Content
from comity.agreements.reviews import (
    Overruling,
    Review,
    alternatives_of,
    held,
    standing_of,
    wording_of,
)
from comity.agreements.texts import UnitView
from comity.foundation.errors import MisuseError
from support.parties import NOW
from support.reading import unit
from support.talks import content

ONE, OTHER = content("One wording."), content("Another wording.")


def review(about: UnitView, verdict: str) -> Review:
    return Review(
        unit=about.id,
        verdict=verdict,
        words="read",
        wording=wording_of(about),
        read=alternatives_of(about),
        by="adviser",
        at=NOW,
    )


def overruling(about: UnitView) -> Overruling:
    return Overruling(
        unit=about.id, words="we accept it", wording=wording_of(about), by="m", at=NOW
    )


@pytest.mark.parametrize(
    ("read", "verdict", "now", "overruled", "standing"),
    [
        (None, "", (ONE,), None, "unread"),
        ((ONE,), "clear", (ONE,), None, "clear"),
        ((ONE, OTHER), "clear", (ONE,), None, "clear"),
        ((ONE,), "clear", (ONE, OTHER), None, "changed"),
        ((ONE,), "clear", (OTHER,), None, "changed"),
        ((ONE,), "hold", (ONE,), None, "hold"),
        ((ONE,), "hold", (OTHER,), None, "hold"),
        ((ONE,), "hold", (ONE,), (ONE,), "overruled"),
        ((ONE,), "hold", (OTHER,), (ONE,), "hold"),
    ],
)
def test_a_sign_off_counts_for_what_was_read_and_a_hold_until_it_is_lifted(
    read: tuple[Content, ...] | None,
    verdict: str,
    now: tuple[Content, ...],
    overruled: tuple[Content, ...] | None,
    standing: str,
) -> None:
    present = unit("u1", *now)
    signed = None if read is None else review(unit("u1", *read), verdict)
    passed = None if overruled is None else overruling(unit("u1", *overruled))
    assert standing_of(present, signed, passed) == standing
    reviews = {} if signed is None else {"u1": signed}
    stopped = held([present], reviews, {} if passed is None else {"u1": passed})
    assert [one.id for one in stopped] == (["u1"] if standing == "hold" else [])


def test_a_sign_off_and_an_overruling_are_kept_as_they_were_given() -> None:
    made = review(unit("u1", ONE), "hold")
    assert Review.read_json(made.json()) == made
    passed = overruling(unit("u1", ONE))
    assert Overruling.read_json(passed.json()) == passed
    for value in ({}, {**made.json(), "more": 1}, None):
        with pytest.raises(MisuseError, match="A sign-off has exactly"):
            Review.read_json(value)
