"""Bodies and meetings between two nodes: what officials do, what both see, what never crosses."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import one, rows
from comity.node.days import instant_of
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import answer, at_stage, table
from support.two_nodes import Pair, Party
from support.worlds import fingerprints_of

WHO = "desk_officer"
TITLE = "First talks on charts"


async def propose(pair: Pair, party: Party, **changes: object) -> str:
    members: dict[str, object] = {
        "counterpart": pair.other(party).did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "title": TITLE,
        "series": "Harbour dialogue",
        "place": "Harbour House",
        "start": "2027-02-01T10:00",
        "end": "2027-02-01T12:00",
        "zone": "Europe/Paris",
        **changes,
    }
    made = await party.call("meetings.propose", who=WHO, **members)
    await pair.settle()
    return str(made["meeting"])


async def do(pair: Pair, party: Party, step: str, name: str, **members: object) -> JsonObject:
    made = await party.call(f"meetings.{step}", who=WHO, meeting=name, **members)
    await pair.settle()
    return made


async def both(pair: Pair, step: str, name: str) -> None:
    for party in (pair.a, pair.b):
        await do(pair, party, step, name)


async def shown(pair: Pair, name: str) -> list[JsonObject]:
    return [await each.call("meetings.show", meeting=name) for each in (pair.a, pair.b)]


async def confirmed(pair: Pair) -> str:
    name = await propose(pair, pair.a)
    await do(pair, pair.b, "confirm", name)
    return name


async def in_session(pair: Pair) -> str:
    name = await confirmed(pair)
    await do(pair, pair.a, "add", name, title="Charts")
    await do(pair, pair.b, "add", name, title="Ships")
    await do(pair, pair.b, "consent", name, item="1")
    await both(pair, "agree", name)
    await both(pair, "open", name)
    return name


@on_a_loop
async def test_a_meeting_is_arranged_held_and_recorded_and_both_say_the_same(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    ours, theirs = await shown(pair, name)
    assert (ours["waits_for"], theirs["waits_for"]) == ("them", "us")
    assert (ours["host"], theirs["host"]) == ("us", "them")
    assert ours["start"] == "2027-02-01T09:00:00Z", "ten in Paris is nine in UTC"
    await do(pair, pair.b, "counter", name, start="2027-02-01T14:00")
    ours, _ = await shown(pair, name)
    assert (ours["start"], ours["end"]) == ("2027-02-01T13:00:00Z", "2027-02-01T15:00:00Z")
    await do(pair, pair.a, "confirm", name)
    await do(pair, pair.a, "add", name, title="Charts")
    await do(pair, pair.b, "add", name, title="Ships")
    await do(pair, pair.a, "consent", name, item="2")
    await both(pair, "agree", name)
    await do(pair, pair.b, "attend", name, people=["Ambassador"])
    await both(pair, "open", name)
    await do(pair, pair.b, "outcome", name, item="1", kind="decision", text="One chart.")
    await do(pair, pair.a, "concur", name, outcome="1")
    await both(pair, "close", name)
    await do(pair, pair.a, "draft", name, texts=["They spoke of charts.", "And of ships."])
    await do(pair, pair.b, "take", name, item="1")
    await do(pair, pair.b, "version", name, item="2", text="Ships were not spoken of.")
    await both(pair, "seal", name)
    ours, theirs = await shown(pair, name)
    assert (ours["status"], theirs["status"]) == ("record_agreed",) * 2
    assert (ours["number"], theirs["number"]) == (1, 1)
    assert [item["by"] for item in rows(theirs, "agenda")] == ["them", "us"]
    assert one(theirs, "people") == {"us": ["Ambassador"], "them": []}
    first, second = rows(theirs, "record")
    assert first["agreed"] == "They spoke of charts."
    assert (second["agreed"], second["ours"]) == (None, "Ships were not spoken of.")
    assert ours["record_digest"] == theirs["record_digest"]
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_whoever_owes_the_second_word_on_a_meeting_finds_it_among_what_needs_them(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)

    async def asked() -> list[list[tuple[object, object]]]:
        found = [rows(await each.call("needs"), "needs") for each in (pair.a, pair.b)]
        return [
            [
                (row["code"], row["who"])
                for row in each
                if one(row, "object")["id"] == name and row["consequence"] != "to_know"
            ]
            for each in found
        ]

    await do(pair, pair.b, "confirm", name)
    await do(pair, pair.a, "add", name, title="Charts")
    await do(pair, pair.b, "consent", name, item="1")
    assert await asked() == [[], []], "what neither has begun asks nobody before its time is near"
    for step in ("agree", "open"):
        assert await asked() == [[], []]
        await do(pair, pair.a, step, name)
        assert await asked() == [[(f"meeting.{step}", "them")], [(f"meeting.{step}", "us")]]
        await do(pair, pair.b, step, name)
    await do(pair, pair.b, "outcome", name, item="1", kind="decision", text="One chart.")
    assert await asked() == [[("meeting.concur", "us")], [("meeting.concur", "them")]]
    await do(pair, pair.b, "close", name)
    assert await asked() == [[("meeting.close", "us")], [("meeting.close", "them")]]
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_an_agreed_outcome_becomes_a_commitment_once_and_only_by_an_act(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    await do(pair, pair.a, "outcome", name, item="1", kind="commitment", text="We send charts.")
    await do(pair, pair.a, "outcome", name, item="1", kind="decision", text="One chart.")
    terms = {
        "title": "Send charts",
        "test": "They are here.",
        "performer": "us",
        "beneficiary": "them",
        "due": "2027-06-30",
    }
    await refused("meetings.no_commitment", do(pair, pair.a, "commit", name, outcome="1", **terms))
    await do(pair, pair.b, "concur", name, outcome="1")
    await do(pair, pair.b, "concur", name, outcome="2")
    assert rows(await pair.b.call("commitments"), "commitments") == []
    await refused("meetings.no_commitment", do(pair, pair.a, "commit", name, outcome="2", **terms))
    made = await do(pair, pair.a, "commit", name, outcome="1", **terms)
    await refused("meetings.committed", do(pair, pair.b, "commit", name, outcome="1", **terms))
    for each in await shown(pair, name):
        assert rows(each, "outcomes")[0]["commitment"] == made["commitment"]
    found = await pair.b.call("commitments.show", commitment=made["commitment"])
    assert one(found, "source")["ref"] == name
    await pair.later(5 * 86_400)
    promise = {"commitment": made["commitment"]}
    await pair.b.call("commitments.accept", who=WHO, **promise)
    await pair.settle()
    early = pair.a.call("commitments.claim", who=WHO, fulfilled="2026-11-21", **promise)
    await refused("commitments.before", early)
    await pair.a.call("commitments.claim", who=WHO, fulfilled="2026-11-24", **promise)
    await pair.close()


@on_a_loop
async def test_what_is_owed_stands_on_the_agenda_of_the_next_meeting_by_itself(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    made = await pair.a.call(
        "commitments.propose",
        who=WHO,
        counterpart=pair.b.did,
        instrument=pair.instrument,
        unit="Article 2",
        title="Send charts",
        test="They are here.",
        performer="us",
        beneficiary="them",
        due="2027-01-15",
    )
    await pair.settle()
    promise = str(made["commitment"])
    name = await confirmed(pair)
    assert [rows(each, "pulled") for each in await shown(pair, name)] == [[], []]
    await pair.b.call("commitments.accept", who=WHO, commitment=promise)
    await pair.settle()
    for each in await shown(pair, name):
        assert [row["commitment"] for row in rows(each, "pulled")] == [promise]
    await do(pair, pair.a, "add", name, title="The charts", about="Send charts")
    await do(pair, pair.a, "cancel", name, reason="Storm.")
    assert [rows(each, "pulled") for each in await shown(pair, name)] == [[], []]
    await pair.close()


@on_a_loop
async def test_our_private_note_on_an_item_never_crosses(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await confirmed(pair)
    await do(pair, pair.a, "add", name, title="Charts")
    taint = "Wxyzzy-secret-note"
    before = await fingerprints_of(pair.a)
    await do(pair, pair.a, "note", name, item="1", text=taint)
    found = await pair.a.call("meetings.notes", who=WHO, meeting=name)
    assert [row["text"] for row in rows(found, "notes")] == [taint]
    await do(pair, pair.a, "add", name, title="Ships")
    assert not any(taint.encode() in sent for sent in pair.wire.sent)
    assert not any(taint.encode() in each.answer for each in pair.wire.carried)
    there = await pair.b.call("meetings.notes", who=WHO, meeting=name)
    assert rows(there, "notes") == []
    await do(pair, pair.a, "note", name, item="1", text="")
    again = await pair.a.call("meetings.notes", who=WHO, meeting=name)
    assert rows(again, "notes") == []
    assert before != await fingerprints_of(pair.a), "only the new item counts"
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_two_counters_that_cross_come_to_the_same_time_on_both_sides(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    pair.wire.down = True
    for party, start in ((pair.a, "2027-02-02T10:00"), (pair.b, "2027-02-03T10:00")):
        await party.call("meetings.counter", who=WHO, meeting=name, start=start)
    pair.wire.down = False
    for party in (pair.a, pair.b):
        party.node.delivery.wake((await party.relationship()).rel_id)
    await pair.settle()
    ours, theirs = await shown(pair, name)
    assert ours["start"] == theirs["start"]
    lost = [row["no_effect"] for row in rows(ours, "acts") if row["no_effect"]]
    assert [one({"it": each}, "it")["code"] for each in lost] == ["meetings.other_proposal"]
    again = pair.b if ours["offered_by"] == "us" else pair.a
    await do(pair, again, "counter", name, start="2027-02-04T10:00")
    await do(pair, pair.other(again), "confirm", name)
    assert [each["status"] for each in await shown(pair, name)] == ["confirmed"] * 2
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_nobody_agrees_by_mistake_to_an_agenda_with_nothing_on_it(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await propose(pair, pair.a)
    await refused("deeds.not_now", do(pair, pair.a, "agree", name))
    await do(pair, pair.b, "confirm", name)
    await refused("meetings.nothing_on_it", do(pair, pair.a, "agree", name))
    await do(pair, pair.a, "add", name, title="Charts")
    await both(pair, "agree", name)
    assert [each["status"] for each in await shown(pair, name)] == ["agenda_agreed"] * 2
    await pair.close()


@on_a_loop
async def test_no_meeting_opens_under_a_suspended_article_but_it_can_be_cancelled(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await confirmed(pair)
    await do(pair, pair.a, "add", name, title="Charts")
    await both(pair, "agree", name)
    await suspend(pair, pair.b)
    error = await refused("deeds.not_permitted", do(pair, pair.a, "open", name))
    assert error.facts["reason"] == "suspended"
    await refused("deeds.not_permitted", propose(pair, pair.a))
    await do(pair, pair.a, "cancel", name, reason="The article is suspended.")
    assert [each["status"] for each in await shown(pair, name)] == ["cancelled"] * 2
    await pair.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": "2026-01-01T10:00"}, "meetings.past"),
        ({"end": "2027-02-01T10:00"}, "meetings.times"),
        ({"start": "some day"}, "days.time"),
        ({"start": "2027-02-30T10:00"}, "days.time"),
        ({"zone": "Nowhere/Town"}, "days.zone"),
        ({"body": "nobody", "series": ""}, "deeds.no_thing"),
        ({"body": "nobody"}, "meetings.body_and_series"),
        ({"unit": "Article 99"}, "agreements.no_unit"),
        ({"title": "\u202ereversed"}, "node.character"),
    ],
)
@on_a_loop
async def test_a_wrong_proposal_of_a_meeting_is_told_and_nothing_is_recorded(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await fingerprints_of(pair.a)
    await refused(code, propose(pair, pair.a, **changes))
    assert await fingerprints_of(pair.a) == before
    await pair.close()


@on_a_loop
async def test_an_act_on_a_meeting_that_has_no_object_is_told(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await in_session(pair)
    await refused("meetings.which_item", do(pair, pair.a, "drop", name, item="7"))
    await refused("meetings.which_outcome", do(pair, pair.a, "concur", name, outcome="7"))
    await both(pair, "close", name)
    await refused("meetings.texts", do(pair, pair.a, "draft", name, texts=["One."]))
    await refused("meetings.no_text", do(pair, pair.a, "take", name, item="1"))
    await refused("deeds.not_yours", do(pair, pair.b, "draft", name, texts=["One.", "Two."]))
    await pair.close()


def test_a_time_that_the_clocks_skip_is_refused_and_one_they_repeat_is_the_first() -> None:
    with pytest.raises(MisuseError, match="There is no 2027-03-28T02:30 in Europe/Paris"):
        instant_of("2027-03-28T02:30", "Europe/Paris")
    assert str(instant_of("2027-10-31T02:30", "Europe/Paris")) == "2027-10-31T00:30:00Z"
    assert str(instant_of("2027-02-01T10:00:00Z", "Europe/Paris")) == "2027-02-01T10:00:00Z"


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("Vienna", "Europe/Vienna"),
        ("new york", "America/New_York"),
        ("Europe/Vienne", "Europe/Vienna"),
        ("europe/paris", "Europe/Paris"),
        ("?", "Europe/Paris or UTC"),
    ],
)
def test_a_zone_that_is_none_is_refused_with_those_it_may_be_meant_for(
    typed: str, proposed: str
) -> None:
    with pytest.raises(MisuseError, match=f"is no time zone; write one as {proposed}"):
        instant_of("2027-02-01T10:00", typed)


# --- bodies -------------------------------------------------------------------------------------


async def set_up(pair: Pair, party: Party, **changes: object) -> str:
    members: dict[str, object] = {
        "counterpart": pair.other(party).did,
        "instrument": pair.instrument,
        "unit": "Article 2",
        "name": "Harbour Group",
        "level": "group",
        "chair": "Director of Ports",
        "rhythm": "P6M",
        **changes,
    }
    made = await party.call("bodies.propose", who=WHO, **members)
    await pair.settle()
    return str(made["body"])


async def on_body(pair: Pair, party: Party, step: str, name: str, **members: object) -> None:
    await party.call(f"bodies.{step}", who=WHO, body=name, **members)
    await pair.settle()


@on_a_loop
async def test_a_body_is_set_up_by_both_and_counts_its_meetings(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await set_up(pair, pair.a, terms=pair.instrument)
    await refused("bodies.not_established", propose(pair, pair.a, body=name, series=""))
    await refused("meetings.body_and_series", propose(pair, pair.a, body=name))
    await on_body(pair, pair.b, "accept", name, chair="Harbour Master")
    part = await set_up(pair, pair.b, name="Chart experts", parent="Harbour Group")
    await on_body(pair, pair.a, "accept", part, chair="Hydrographer")
    first = await propose(pair, pair.a, body="Harbour Group", series="")
    second = await propose(
        pair,
        pair.b,
        body=name,
        series="",
        title="Second",
        start="2027-05-01T10:00",
        end="2027-05-01T11:00",
    )
    await do(pair, pair.b, "confirm", first)
    await do(pair, pair.a, "confirm", second)
    await on_body(pair, pair.b, "appoint", name, chair="Deputy", contact="desk")
    for party, whose in ((pair.a, "theirs"), (pair.b, "ours")):
        found = await party.call("bodies.show", body=name)
        assert one(found, whose)["chair"] == "Deputy"
        assert [row["name"] for row in rows(found, "parts")] == ["Chart experts"]
        assert [row["number"] for row in rows(found, "meetings")] == [2, 1]
        listed = await party.call("meetings", body=name)
        assert [row["meeting"] for row in rows(listed, "meetings")] == [first, second]
    for party in (pair.a, pair.b):
        await on_body(pair, party, "wind_up", name, reason="Done.")
    found = await pair.b.call("bodies", state="ended")
    assert [row["body"] for row in rows(found, "bodies")] == [name]
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_terms_of_reference_are_given_to_a_standing_body_by_both(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await set_up(pair, pair.a)
    await on_body(pair, pair.b, "accept", name, chair="Harbour Master")

    async def seen(party: Party) -> tuple[object, list[object], list[object]]:
        found = await party.call("bodies.show", body=name)
        asked: list[object] = [
            row["who"]
            for row in rows(await party.call("needs"), "needs")
            if row["code"] == "body.terms"
        ]
        named: list[object] = [row["by"] for row in rows(found, "naming")]
        return (found["waits_for"], [*named, bool(found["terms"])], asked)

    assert await seen(pair.a) == (None, [False], [])
    await on_body(pair, pair.b, "terms", name, terms=pair.instrument, words="As agreed.")
    assert await seen(pair.a) == ("us", ["them", False], ["us"])
    assert await seen(pair.b) == ("them", ["us", False], ["them"])
    await on_body(pair, pair.a, "terms", name, terms=pair.instrument)
    for party in (pair.a, pair.b):
        assert await seen(party) == (None, [True], [])
        again = on_body(pair, party, "terms", name, terms=pair.instrument)
        await refused("bodies.same_terms", again)
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_terms_drafted_from_the_skeleton_are_named_as_soon_as_both_agree_on_their_text(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await set_up(pair, pair.a)
    await on_body(pair, pair.b, "accept", name, chair="Harbour Master")
    asked = {"skeleton": "terms-of-reference", "title": "Terms of the Harbour Group"}
    draft = await pair.a.call("drafts.start", who="negotiator", counterpart=pair.b.did, **asked)
    tabling = {"draft": draft["draft"], "version": draft["version"]}
    await pair.a.call("drafts.table", who="negotiator", **tabling)
    await pair.settle()
    pair.instrument = str(draft["draft"])
    await pair.b.call("agreements.talk", who="negotiator", instrument=pair.instrument)
    await pair.settle()
    named = {"terms": "Terms of the Harbour Group"}
    await refused("bodies.terms", on_body(pair, pair.a, "terms", name, **named))
    await answer(pair, pair.b, "accept", "all")
    await table(pair, pair.b)
    for party in (pair.a, pair.b):
        await on_body(pair, party, "terms", name, **named)
    for party in (pair.a, pair.b):
        found = await party.call("bodies.show", body=name)
        assert found["terms_title"] == "Terms of the Harbour Group"
    await pair.close()


@on_a_loop
async def test_terms_of_reference_cannot_be_named_while_the_article_does_not_allow_the_body(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await set_up(pair, pair.a)
    await on_body(pair, pair.b, "accept", name, chair="Harbour Master")
    await suspend(pair, pair.b)
    await refused(
        "deeds.not_permitted", on_body(pair, pair.a, "terms", name, terms=pair.instrument)
    )
    await pair.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rhythm": "often"}, "bodies.rhythm"),
        ({"parent": "nobody"}, "deeds.no_thing"),
        ({"terms": "nothing"}, "agreements.no_instrument"),
    ],
)
@on_a_loop
async def test_a_wrong_body_is_told_and_nothing_is_recorded(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    pair = await at_stage("in_force", tmp_path)
    before = await fingerprints_of(pair.a)
    await refused(code, set_up(pair, pair.a, **changes))
    assert await fingerprints_of(pair.a) == before
    await pair.close()
