"""Bodies, meetings and calendar files in a browser without a window, on both sides."""

import html
from pathlib import Path

import comity.web
from support.forms import forms_of
from support.loops import on_a_loop
from support.sites import Browser, logged_in
from support.stages import at_stage
from support.two_nodes import Pair
from unit.web.test_commitment_pages import grounds

HOSTILE = "<script>alert(1)</script> =1+1 שלום"


async def form(pair: Pair, **changed: str) -> dict[str, str]:
    return {
        "counterpart": (await pair.a.relationship()).rel_id,
        "grounds": await grounds(pair),
        "title": f"First talks {HOSTILE}",
        "body": "",
        "series": "Harbour dialogue",
        "start": "2027-02-01T10:00",
        "end": "2027-02-01T12:00",
        "zone": "Europe/Paris",
        "mode": "in_person",
        "place": "Harbour House",
        "host": "us",
        "words": "",
        **changed,
    }


async def go(pair: Pair, shown: Browser, name: str, step: str, **members: str) -> None:
    await shown.get(f"/meetings/{name}")
    await shown.submit(f"/meetings/{name}/{step}", members)
    await pair.settle()


def held(shown: Browser, step: str) -> dict[str, str]:
    """Return what the form of a step holds."""
    for form_ in forms_of(shown.text):
        values = {each.name: each.value for each in form_.fields}
        if values.get("_step") == step:
            return values
    raise AssertionError(f"no form of {step}")


async def proposed(pair: Pair, shown: Browser) -> str:
    await shown.get("/meetings/new")
    await shown.submit("/meetings", await form(pair))
    await pair.settle()
    assert shown.page is not None
    return shown.page.url.path.rpartition("/")[2]


async def arranged(pair: Pair, ours: Browser, theirs: Browser) -> str:
    """Propose, counter and confirm a meeting, and build its agenda; return its id."""
    name = await proposed(pair, ours)
    assert "proposed, not answered" in ours.words
    assert "&lt;script&gt;" in ours.text
    await go(pair, theirs, name, "counter", zone="Europe/Berlin", mode="in_person")
    assert "meetings.same_slot" in theirs.text, "a proposal that proposes nothing waits for them"
    await go(pair, theirs, name, "counter", start="2027-02-01T14:00", zone="Europe/Paris")
    told = theirs.words.partition("Why is it in this state?")[2]
    first, _, second = told.partition("proposed another time or place")
    assert "1 Feb 2027, 09:00" in first, "which time was proposed first is lost"
    assert "1 Feb 2027, 13:00" in second
    assert "It stands once they confirm exactly this." in theirs.words
    await go(pair, ours, name, "confirm")
    assert "The agenda is open" in ours.words
    await go(pair, theirs, name, "add", title="Charts")
    await go(pair, ours, name, "consent")
    await go(pair, ours, name, "add", title="Ships")
    await go(pair, ours, name, "attend", people="Minister\nChief of Staff\n")
    return name


async def opened(pair: Pair, ours: Browser, theirs: Browser) -> str:
    name = await arranged(pair, ours, theirs)
    assert "One item is wanted by one side alone" in ours.words, "an agenda is agreed unawares"
    for step in ("agree", "open"):
        if step == "open":
            await ours.get(f"/meetings/{name}")
            assert "opened now, it is held now" in ours.words, "it is opened early unawares"
        await go(pair, ours, name, step)
        await theirs.get(f"/meetings/{name}")
        assert "Said so far by: they." in theirs.words
        await go(pair, theirs, name, step)
        assert "Both have said so" in theirs.words, "the second word counts, and is told so"
    await theirs.get(f"/meetings/{name}")
    assert "Chief of Staff" in theirs.words
    return name


@on_a_loop
async def test_officials_arrange_and_hold_a_meeting_without_a_manual(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        await ours.get("/meetings")
        assert "There is none." in ours.words
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "outcome", item="1", kind="commitment", text="We send charts.")
        await go(pair, theirs, name, "concur")
        assert "agreed by both" in theirs.words
        await ours.get(f"/meetings/{name}")
        assert 'value="We send charts."' in ours.text, "what was agreed is typed a second time"
        terms = {"title": "Send charts", "test": "They are here.", "performer": "us"}
        more = {"beneficiary": "them", "due": "2027-06-30", "zone": "UTC"}
        await go(pair, ours, name, "commit", **terms, **more)
        assert "Proposed as a commitment … proposed, not answered" in ours.words, (
            "nobody owes it yet"
        )
        promised = ours.text.partition('href="/commitments/')[2].partition('"')[0]
        for shown in (ours, theirs):
            await shown.get(f"/commitments/{promised}")
            assert f'href="/meetings/{name}#outcomes"' in shown.text, "nobody finds its source"
            assert "Charts , outcome 1" in shown.words
            assert "We send charts." in shown.words
        await go(pair, ours, name, "note", text="They hesitated.")
        assert "They hesitated." in ours.words
        await theirs.get(f"/meetings/{name}")
        assert "They hesitated." not in theirs.text
    await pair.close()


@on_a_loop
async def test_who_would_not_meet_reads_what_declining_and_cancelling_do(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        await ours.get("/meetings/new")
        assert "The article in force under which it is held." in ours.words
        await ours.submit("/meetings", await form(pair))
        assert ours.page is not None
        path = ours.page.url.path
        await pair.settle()
        assert "It ends this meeting for both for good" in ours.words
        assert "Confirm this time and place" not in ours.words, "that is for them"
        async with await logged_in(pair.b, "desk_officer") as theirs:
            await theirs.get(path)
            assert "It answers their proposal with no" in theirs.words
    await pair.close()


@on_a_loop
async def test_what_was_typed_into_a_refused_form_goes_into_no_other_of_the_page(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        for said in ("We send charts.", "They send tides."):
            await go(pair, ours, name, "outcome", item="1", kind="commitment", text=said)
            await go(pair, theirs, name, "concur")
        await ours.get(f"/meetings/{name}")
        assert held(ours, "commit1")["performer"] == "", "the wrong side is promised by a slip"
        past = {"due": "2020-01-01", "test": "Here.", "performer": "us", "beneficiary": "them"}
        await ours.submit(f"/meetings/{name}/commit", {**held(ours, "commit1"), **past})
        assert "commitments.past" in ours.text
        again, other = held(ours, "commit1"), held(ours, "commit2")
        assert (again["test"], again["due"], again["performer"]) == ("Here.", "2020-01-01", "us")
        assert (other["title"], other["test"], other["due"]) == (*("They send tides.",) * 2, "")
        await ours.submit(f"/meetings/{name}/note", {"text": "private " * 5_000})
        assert ours.page is not None
        assert ours.page.status_code == 400
        leaked = [
            each.action
            for each in forms_of(ours.text)
            if not each.action.endswith("/note")
            and any("private private" in field.value for field in each.fields)
        ]
        assert not leaked
    await pair.close()


@on_a_loop
async def test_officials_agree_a_record_with_two_versions_without_a_manual(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "close", sure="yes")
        await go(pair, theirs, name, "close", sure="yes")
        await ours.get(f"/meetings/{name}")
        await ours.submit(f"/meetings/{name}/draft", {"text-1": "Of charts.", "text-2": " "})
        assert "web.no_item_text" in ours.text
        assert ">\nOf charts.</textarea>" in ours.text, "what was written of another item is lost"
        await ours.submit(
            f"/meetings/{name}/draft", {"text-1": "Of charts.", "text-2": "Of ships."}
        )
        await pair.settle()
        await ours.get(f"/meetings/{name}")
        assert "for them to answer: 1. Charts ; 2. Ships" in ours.words
        assert "Agree to the record as it is" not in ours.words, "what is open is agreed to"
        await theirs.get(f"/meetings/{name}")
        start = theirs.text.partition('id="text-version-1"')[2].partition("</textarea>")[0]
        assert start.endswith(">\nOf charts."), "who changes one word types all of it anew"
        await go(pair, theirs, name, "version", text="Of charts.")
        assert "meetings.same_text" in theirs.text, "two equal texts stand as not agreed"
        await go(pair, theirs, name, "version", text="Not of charts.")
        assert "not agreed: two versions" in theirs.words
        assert "for us to answer: 2. Ships" in theirs.words
        start = theirs.text.partition('id="text-version-1"')[2].partition("</textarea>")[0]
        assert start.endswith(">\nNot of charts.")
        await theirs.submit(f"/meetings/{name}/take", nth=1)
        await pair.settle()
        await go(pair, theirs, name, "seal")
        await go(pair, ours, name, "seal")
        for shown in (ours, theirs):
            await shown.get(f"/meetings/{name}")
            assert "record agreed" in shown.words
            assert "Not of charts." in shown.words
            await shown.get("/meetings?state=held")
            assert "no. 1" in shown.words
    await pair.close()


@on_a_loop
async def test_outcomes_of_one_side_are_not_closed_over_unawares_and_begin_the_record(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await ours.get(f"/meetings/{name}")
        assert "Nothing is written down of what came of it." in ours.words
        await go(pair, ours, name, "outcome", item="1", kind="decision", text="Charts go out.")
        await go(pair, theirs, name, "concur")
        await go(pair, theirs, name, "outcome", item="1", kind="deferred", text="Fees.")
        await go(pair, ours, name, "close")
        assert "web.not_sure" in ours.text
        assert "1 outcome is the word of one side alone" in ours.words
        await go(pair, ours, name, "close", sure="yes")
        await go(pair, theirs, name, "close", sure="yes")
        await ours.get(f"/meetings/{name}")
        begun = "Decision: Charts go out.\ndeferred, not agreed by both: Fees.</textarea>"
        assert begun.lower() in ours.text.lower(), "what was agreed is lost for the record"
        record = {"text-1": "Charts go out.", "text-2": "Nothing."}
        await ours.submit(f"/meetings/{name}/draft", record)
        assert "web.not_sure" in ours.text, "it is recorded before they could concur"
        assert "can do so only until the record is drafted" in ours.words
    await pair.close()


@on_a_loop
async def test_what_was_typed_stays_where_a_meeting_is_refused(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        for changed, told in (
            ({"start": "2020-01-01T10:00"}, "meetings.past"),
            ({"end": "2027-02-01T09:00"}, "meetings.times"),
            ({"zone": "Nowhere"}, "days.zone"),
            ({"grounds": "x"}, "web.no_grounds"),
            ({"body": "Any", "series": "Dialogue"}, "meetings.body_and_series"),
        ):
            await shown.get("/meetings/new")
            await shown.submit("/meetings", await form(pair, **changed))
            assert told in shown.text
            assert "Harbour House" in shown.text
        await shown.get("/meetings")
        assert "There is none." in shown.words
    await pair.close()


@on_a_loop
async def test_a_refused_form_names_its_field_as_the_page_does(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/meetings/new")
        await shown.submit("/meetings", await form(pair, title=" "))
        assert "“What it is called” is empty; write something." in shown.words
        shown.client.headers["accept-language"] = "fr"
        await shown.get("/bodies/new")
        typed = {"counterpart": "x", "grounds": await grounds(pair), "name": "N", "chair": " "}
        await shown.submit("/bodies", {**typed, "level": "group"})
        told = shown.words.partition("Ce champ du formulaire")[2][:80]
        assert "chair" not in told
        assert "copré" in told
    await pair.close()


@on_a_loop
async def test_another_time_is_named_in_the_zone_of_the_meeting_wherever_its_reader_is(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        name = await proposed(pair, ours)
    async with await logged_in(pair.b, "desk_officer") as theirs:
        await theirs.get(f"/meetings/{name}")
        assert "1 Feb 2027, 09:00 UTC , 10:00 in Europe/Paris" in theirs.words
        preset = theirs.text.partition('id="zone-counter"')[2].partition(">")[0]
        assert 'value="Europe/Paris"' in preset, "half of the time is moved into another zone"
        theirs.client.cookies.set("comity_zone", "Europe/Paris")
        await theirs.get(f"/meetings/{name}")
        assert "1 Feb 2027, 10:00 CET" in theirs.words
        assert "10:00 in Europe/Paris" not in theirs.words, "the same time is told twice"
    await pair.close()


@on_a_loop
async def test_a_city_that_is_no_zone_is_answered_with_the_zone_it_lies_in(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/meetings/new")
        await shown.submit("/meetings", await form(pair, zone="Vienna"))
        assert "'Vienna' is no time zone; write one as Europe/Vienna." in html.unescape(shown.words)
        shown.client.headers["accept-language"] = "fr"
        await shown.get("/meetings/new")
        await shown.submit("/meetings", await form(pair, zone="Vienna"))
        assert "Europe/Vienna" in shown.words.partition("Vienna")[2][:200]
    await pair.close()


def test_every_field_of_a_zone_proposes_the_zones_there_are() -> None:
    found = 0
    for path in sorted((Path(comity.web.__file__).parent / "templates").glob("*/*.html")):
        page = path.read_text(encoding="utf-8")
        for field in page.split('field(visit, "zone"')[1:]:
            found += 1
            assert '"list": "zones"' in field.partition("}}")[0], path.name
            assert page.count('include "parts/zones.html"') == 1, path.name
    assert found > 10


@on_a_loop
async def test_a_meeting_that_was_opened_early_is_past_wherever_it_is_shown(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        opened_on = "23 Nov 2026"
        await ours.get("/meetings?state=held")
        assert opened_on in ours.words
        assert "1 Feb 2027" not in ours.words
        rel = (await pair.a.relationship()).rel_id
        await ours.get(f"/relationships/{rel}")
        assert f"{opened_on} , last: First talks" in ours.words, "what was held is still to come"
        await ours.get(f"/meetings/{name}")
        assert "Opened before that" in ours.words
        made = await pair.a.call("meetings.feed_new", who="desk_officer")
        feed = await ours.client.get(str(made["path"]))
        assert "DTSTART:20261123T" in feed.text
        assert "DTSTART:20270201T" not in feed.text
    await pair.close()


@on_a_loop
async def test_an_outcome_of_both_beside_two_versions_says_that_each_stands(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await opened(pair, ours, theirs)
        await go(pair, ours, name, "outcome", item="1", kind="decision", text="Charts go out.")
        await go(pair, theirs, name, "concur")
        for shown in (ours, theirs):
            await go(pair, shown, name, "close")
        await go(pair, ours, name, "draft", **{"text-1": "Of charts.", "text-2": "Of ships."})
        await go(pair, theirs, name, "version", text="Of other charts.")
        await theirs.submit(f"/meetings/{name}/version", {"text": "Of other ships."}, nth=1)
        await pair.settle()
        for shown in (ours, theirs):
            await shown.get(f"/meetings/{name}")
            assert shown.words.count("not agreed: two versions") == 2
            assert shown.words.count("as an outcome of this item stands by itself") == 1
    await pair.close()


@on_a_loop
async def test_a_meeting_at_which_nothing_can_be_done_names_nobody_who_could(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.b, "desk_officer") as theirs:
        async with await logged_in(pair.a, "desk_officer") as ours:
            name = await proposed(pair, ours)
        await go(pair, theirs, name, "decline", reason="Not now.")
    async with await logged_in(pair.a, "signatory") as shown:
        await shown.get(f"/meetings/{name}")
        told = shown.words.partition("What we can do")[2]
        assert told.startswith(" Nothing, in its present state.")
        assert "That is for" not in told
        assert shown.text.count('id="lacking"') == 1, "what the disabled button refers to"
    await pair.close()


@on_a_loop
async def test_who_wants_a_feed_reads_that_it_carries_what_falls_due_and_copies_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get("/calendar")
        assert "what falls due between the two sides" in shown.words
        await shown.submit("/calendar/feed/new", {})
        assert 'data-copy="#feed-address"' in shown.text
        assert '<code id="feed-address">http' in shown.text
    await pair.close()
