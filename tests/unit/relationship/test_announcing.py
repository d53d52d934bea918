"""What a joint statement waits for is said at both nodes with the same words."""

import attrs

from comity.agreements.lifecycle import State
from comity.foundation.instants import Instant
from comity.relationship.matters import Matter, matters
from comity.relationship.timeline import timeline
from support.parties import NOW, A, B
from support.relations import picture
from support.stating import AT, READOUT, SAID, TEXT, Story, cleared, embargoed, erratum, released
from support.talks import in_force

SOON = NOW.plus(100)


def waiting(story: Story, *, at: Instant = SOON) -> list[Matter]:
    seen = picture(in_force(), deeds=story.deeds, at=at)
    return [one for one in matters(seen) if one.code.startswith("statement")]


def test_a_statement_is_open_for_whom_it_waits_and_until_its_release() -> None:
    (text,) = waiting(Story())
    assert (text.code, set(text.waits_for), text.until) == ("statement.draft", {A, B}, None)
    assert text.since == NOW.plus(10)
    (order,) = waiting(cleared())
    assert order.code == "statement.order"
    assert waiting(embargoed()) == [], "until its time it waits for nobody"
    (release,) = waiting(embargoed(), at=Instant.parse(AT))
    assert (release.code, release.until) == ("statement.release", Instant.parse(AT))
    story = released()
    assert waiting(story) == []
    erratum(story, A, en="x", fr="y")
    (correct,) = waiting(story)
    assert (correct.code, correct.waits_for, correct.until) == ("statement.correct", (B,), None)


def test_nobody_is_asked_to_agree_on_the_text_of_a_statement_before_one_can_be() -> None:
    story = Story()
    seen = picture(in_force(), deeds=story.deeds, at=SOON)
    (framework,) = seen.views.values()

    def asked(status: str, register: str = "political") -> list[str]:
        opening = attrs.evolve(framework.opening, register=register)
        text = attrs.evolve(framework, opening=opening, status=State(status), contents={})
        made = attrs.evolve(seen, views={**seen.views, TEXT: text})
        return [one.code for one in matters(made) if one.code.startswith("statement")]

    for status in ("tabled", "negotiating", "clean"):
        assert asked(status) == [], "the step of the text itself is what is asked for"
        assert asked(status, "binding") == ["statement.draft"], "another text hides it"
    assert asked("agreed_ad_ref") == ["statement.text"]
    story.act(A, "text", **SAID)
    assert [one.code for one in waiting(story)] == ["statement.text"]


def test_the_timeline_tells_who_released_pulled_and_said_what_alone() -> None:
    story = released()
    story.act(B, "accept_correction", erratum=erratum(story, A, en="x", fr="y"))
    story.act(A, "readout", readout=READOUT, language="en", title="Ours", text="We met.")
    seen = picture(in_force(), deeds=story.deeds, at=NOW.plus(100))
    told = [one for one in timeline(seen) if one.group == "coordination"]
    ways = {"statement_texts_said", "statement_cleared", "release_ordered", "erratum_proposed"}
    assert ways < {one.code for one in told}, "how it came to that is told as well"
    assert sorted((one.code, one.party) for one in told if one.code not in ways) == sorted(
        [
            ("statement_begun", A),
            ("statement_released", A),
            ("statement_released", B),
            ("statement_corrected", B),
            ("readout_issued", A),
        ]
    )
    assert {one.facts["title"] for one in told} == {"Charts"}
