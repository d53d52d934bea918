"""The form of acts on joint statements, and every step tried in every state."""

from typing import Final

import pytest

from comity.coordination.fold import CoordinationState, fold_deeds, state_json
from comity.coordination.statement_acts import ENDS, OPEN, STEPS
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from support.parties import A, B
from support.stating import (
    AT,
    BEGIN,
    ENGLISH,
    FRENCH,
    IN_FRENCH,
    PROMISE,
    READOUT,
    SAID,
    TEXT,
    Story,
    agreed,
    cleared,
    embargoed,
    erratum,
    mark,
    released,
)

BAD: Final[list[tuple[str, JsonObject, str]]] = [
    ("begin", {**BEGIN, "title": "two\nlines"}, "deeds.form"),
    ("begin", {**BEGIN, "salt": "5"}, "deeds.form"),
    ("begin", {**BEGIN, "more": "x"}, "deeds.form"),
    ("text", {**SAID, "sentences": 0}, "deeds.form"),
    ("text", {**SAID, "sentences": 501}, "deeds.form"),
    ("text", {**SAID, "texts": []}, "deeds.form"),
    ("text", {**SAID, "principal": "de"}, "statements.principal"),
    ("text", {**SAID, "texts": [ENGLISH, {**ENGLISH, "instrument": FRENCH}]}, "statements.twice"),
    ("text", {**SAID, "texts": [ENGLISH, {**IN_FRENCH, "instrument": TEXT}]}, "statements.twice"),
    ("mark", {"texts": "0" * 64, "marks": [mark(1), mark(1)]}, "statements.twice"),
    ("mark", {"texts": "0" * 64, "marks": [mark(1, "committed")]}, "statements.promise"),
    ("mark", {"texts": "0" * 64, "marks": [mark(1, "welcomed", PROMISE)]}, "statements.promise"),
    ("mark", {"texts": "0" * 64, "marks": [mark(1, "promised")]}, "deeds.form"),
    (
        "mark",
        {"texts": "0" * 64, "marks": [mark(1, "committed", {**PROMISE, "beneficiary": A})]},
        "statements.parties",
    ),
    ("clear", {"by": "minister", "content": "0" * 64}, "deeds.form"),
    (
        "order",
        {"content": "0" * 64, "at": AT, "channels": ["a", "A"], "languages": ["en"]},
        "statements.twice",
    ),
    (
        "order",
        {"content": "0" * 64, "at": "2027-02-30T00:00:00Z", "channels": [], "languages": ["en"]},
        "basics.no_date",
    ),
    (
        "order",
        {"content": "0" * 64, "at": AT, "channels": [], "languages": ["<script>"]},
        "deeds.form",
    ),
    (
        "correct",
        {"release": "0" * 64, "texts": [{"language": "en", "text": "x"}] * 2},
        "statements.twice",
    ),
    ("readout", {"readout": READOUT, "language": "en", "title": "x", "text": ""}, "deeds.form"),
    ("readout", {"readout": READOUT, "language": "en", "title": "x", "text": "\x00"}, "basics"),
    ("pull", {"reason": ""}, "deeds.form"),
]


@pytest.mark.parametrize(("step", "members", "code"), BAD)
def test_what_has_not_its_form_is_refused_before_it_is_stored(
    step: str, members: JsonObject, code: str
) -> None:
    with pytest.raises(PeerError) as caught:
        Story().act(B, step, **members)
    assert caught.value.code.startswith(code), caught.value


def test_every_step_is_tried_in_every_state_and_only_its_table_lets_it_count() -> None:
    pulled, corrected = embargoed(), released()
    pulled.act(A, "pull", reason="No.")
    asked = erratum(corrected, A, en="x", fr="y")
    corrected.act(B, "accept_correction", erratum=asked)
    stories = {
        each.status(): each
        for each in (Story(), agreed(), cleared(), embargoed(), released(), corrected, pulled)
    }
    assert set(stories) == {*OPEN, *ENDS}
    said: list[Json] = [{"language": "en", "text": "x"}]
    members: dict[str, JsonObject] = {
        "text": SAID,
        "mark": {"texts": "0" * 64, "marks": [mark(1)]},
        "clear": {"by": "press", "content": "0" * 64},
        "unclear": {"by": "press", "reason": "x"},
        "order": {"content": "0" * 64, "at": AT, "channels": [], "languages": ["en"]},
        "pull": {"reason": "x"},
        "release": {"release": "0" * 64},
        "correct": {"release": "0" * 64, "texts": said},
        "accept_correction": {"erratum": "0" * 64},
        "readout": {"readout": READOUT, "language": "en", "title": "x", "text": "x"},
    }
    for status, story in stories.items():
        story.act(A, "begin", **BEGIN)
        assert story.idle[-1] == "deeds.exists"
        for step, given in members.items():
            tried = Story()
            tried.deeds = list(story.deeds)
            before = len(tried.idle)
            tried.act(A, step, **given)
            refused = "deeds.not_now" in tried.idle[before:]
            assert refused == (status not in STEPS[step].sources), (status, step)


def test_an_act_on_a_statement_that_nobody_began_stays_without_effect() -> None:
    story = Story()
    story.deeds.clear()
    story.act(A, "pull", reason="x")
    assert story.idle == ["deeds.none"]


def test_the_state_says_what_stands_and_does_not_depend_on_arrival() -> None:
    story = released()
    erratum(story, A, en="x", fr="y")
    story.act(B, "readout", readout=READOUT, language="en", title="T", text="Words.")
    story.mark(B, mark(1))
    whole = state_json(story.state)
    state = CoordinationState()
    for deed in (*story.deeds[1::2], *story.deeds[::2]):
        state = fold_deeds(state, [deed])
    assert state_json(state) == whole
    half = embargoed()
    half.mark(A, mark(1, "aspiration"))
    half.order(A, at="2027-04-01T12:00:00Z")
    assert state_json(half.state) != state_json(embargoed().state)
