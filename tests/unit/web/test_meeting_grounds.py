"""What an act on a meeting rests on: what is answered, and nothing beside it."""

import pytest

from comity.coordination.meeting_acts import STEPS
from comity.foundation.canonical import Json, JsonObject
from comity.web.meeting_grounds import rests_on

ITEM: JsonObject = {"item": "i", "title": "Charts", "about": None, "by": "them", "consented": False}
OUTCOME: JsonObject = {
    "outcome": "o",
    "item": "i",
    "kind": "decision",
    "text": "Charts go out.",
    "by": "them",
    "agreed": False,
}
MINUTE: JsonObject = {"item": "i", "agreed": None, "ours": None, "theirs": "Of charts."}
MEETING: JsonObject = {
    "may": list(STEPS),
    "status": "confirmed",
    "proposal": "p",
    "agenda_digest": "a",
    "record_digest": "r",
    "recallable": [{"of": "agree", "item": None}],
    "people": {"us": ["Minister"], "them": []},
    "agenda": [ITEM, {**ITEM, "item": "j"}],
    "outcomes": [OUTCOME, {**OUTCOME, "outcome": "q"}],
    "record": [MINUTE, {**MINUTE, "item": "j"}],
}


def changed(name: str, value: Json) -> JsonObject:
    return {**MEETING, name: value}


ANOTHER_ITEM = {"agenda": [ITEM], "agenda_digest": "b"}
OTHERS = {"people": {"us": ["Minister"], "them": ["Admiral"]}, "said": {"agree": ["them"]}}


@pytest.mark.parametrize(
    ("step", "thing", "beside"),
    [
        ("attend", "", {**ANOTHER_ITEM, "status": "agenda_agreed"}),
        ("add", "", ANOTHER_ITEM),
        ("outcome", "i", {"outcomes": []}),
        ("consent", "i", ANOTHER_ITEM),
        ("drop", "i", ANOTHER_ITEM),
        ("concur", "o", {"outcomes": [OUTCOME], "status": "closed"}),
        ("commit", "o", {"outcomes": [OUTCOME]}),
        ("take", "i", {"record": [MINUTE], "record_digest": "s"}),
        ("version", "i", {"record": [MINUTE], "record_digest": "s"}),
        ("cancel", "", {**ANOTHER_ITEM, "status": "agenda_agreed"}),
        ("agree", "", OTHERS),
        ("open", "", OTHERS),
        ("close", "", OTHERS),
    ],
)
def test_an_act_beside_it_refuses_nothing(step: str, thing: str, beside: JsonObject) -> None:
    assert rests_on({**MEETING, **beside}, step, thing) == rests_on(MEETING, step, thing)


@pytest.mark.parametrize(
    ("step", "thing", "name", "value"),
    [
        ("confirm", "", "proposal", "q"),
        ("cancel", "", "proposal", "q"),
        ("agree", "", "agenda_digest", "b"),
        ("open", "", "status", "adjourned"),
        ("attend", "", "people", {"us": ["Envoy"], "them": []}),
        ("consent", "i", "agenda", [{**ITEM, "title": "Ships"}]),
        ("consent", "i", "agenda", []),
        ("concur", "o", "outcomes", [{**OUTCOME, "text": "No chart goes out."}]),
        ("close", "", "outcomes", [OUTCOME]),
        ("draft", "", "outcomes", [{**OUTCOME, "agreed": True}]),
        ("take", "i", "record", [{**MINUTE, "theirs": "Of ships."}]),
        ("version", "i", "record", [{**MINUTE, "ours": "Of ours."}]),
        ("seal", "", "record_digest", "s"),
        ("recall", "", "recallable", []),
        *((step, "i", "may", []) for step in STEPS),
    ],
)
def test_nothing_is_answered_that_reads_otherwise_than_it_was_seen(
    step: str, thing: str, name: str, value: Json
) -> None:
    assert rests_on(changed(name, value), step, thing) != rests_on(MEETING, step, thing)
