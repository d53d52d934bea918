"""What a user loses if this breaks: the first screen, and the page that a minister reads."""

import html
import re
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.instants import Instant
from comity.web.timeline import chart, clock
from support import framework, stages
from support.crossing import bring_in, sharing_pair, suspend
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.node.test_projects import TITLE, do, to_active

HOSTILE = "=1+1<script>alert(1)</script>\u05d0\u05d1"
DAY = 86_400


@on_a_loop
async def test_the_first_screen_tells_each_official_what_is_theirs(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    async with await logged_in(pair.b, "negotiator") as shown:
        await shown.get("/")
        mine, others = shown.words.split("For others of us Nothing waits")
        assert "12 units of the text wait for our answer." in mine
        assert "Article 1" in mine
        assert "Nothing by itself; the text stays where it is." in mine
        assert f'href="/agreements/{pair.instrument}"' in shown.text
        assert "being negotiated" in others
    async with await logged_in(pair.a, "negotiator") as shown:
        await shown.get("/", whose="theirs")
        assert "12 units of the text wait for their answer." in shown.words
        assert "Berevan" in shown.words
    async with await logged_in(pair.b, "signatory") as shown:
        await shown.get("/")
        assert "For you Nothing waits for you." in shown.words
        assert "negotiator" in shown.words, "who can"
        assert "mandate holder" not in shown.words, "whoever may only confirm is not asked"
    await pair.close()


@on_a_loop
async def test_the_list_filters_and_its_csv_opens_harmlessly(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=framework.TEXT,
        fields=framework.FIELDS,
        title=HOSTILE,
        counterpart=pair.b.did,
    )
    async with await logged_in(pair.a, "negotiator") as shown:
        await shown.get("/")
        assert "<script>alert" not in shown.text
        assert "The draft is not tabled yet." in shown.words
        page = await shown.get("/", format="csv")
        assert page.headers["content-type"].startswith("text/csv")
        assert "'=1+1" in shown.text
        await shown.get("/", q="no such words")
        assert "Nothing holds “no such words”." in shown.words
    await pair.close()


@on_a_loop
async def test_a_title_can_neither_act_nor_turn_a_page_around(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    made = await pair.a.call(
        "agreements.draft",
        who="negotiator",
        text=framework.TEXT,
        fields=framework.FIELDS,
        title=HOSTILE,
        counterpart=pair.b.did,
    )
    pair.instrument = str(made["instrument"])
    await stages.table(pair, pair.a)
    rel = (await pair.b.relationship()).rel_id
    async with await logged_in(pair.b, "negotiator") as shown:
        for path in ("/", f"/relationships/{rel}", f"/relationships/{rel}/timeline"):
            page = await shown.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in shown.text
            assert HOSTILE in shown.words
            assert 'dir="auto" class="person-text">=1+1&lt;script&gt;' in shown.text
        assert (
            f'href="/agreements/{pair.instrument}/rounds"'
            in (await shown.get(f"/relationships/{rel}")).text
        )
        export = await shown.get(f"/relationships/{rel}/timeline", format="csv")
        assert "'=1+1" in export.text
    await pair.close()


@pytest.mark.parametrize(
    ("stage", "who", "words"),
    [
        ("clean", "signatory", "The text is clean and is to be adopted by us."),
        ("initialled", "negotiator", "a signing window is to be proposed."),
        ("signing", "signatory", "A signature of ours is missing in the open window."),
    ],
)
@on_a_loop
async def test_every_step_to_a_signature_is_worded_with_what_hangs_on_it(
    stage: str, who: str, words: str, tmp_path: Path
) -> None:
    pair = await at_stage(stage, tmp_path)
    async with await logged_in(pair.a, who) as shown:
        await shown.get("/", whose="mine")
        assert words in shown.words
        assert f'href="/agreements/{pair.instrument}/conclude"' in shown.text
    await pair.close()


@on_a_loop
async def test_a_request_to_sign_leads_to_the_request(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await pair.a.call("agreements.suspend", who="signatory", instrument=pair.instrument)
    async with await logged_in(pair.a, "signatory") as shown:
        await shown.get("/")
        assert "It waits for a personal signature." in shown.words
        assert re.search(r'href="/requests/[0-9a-f-]{36}"', shown.text)
    await pair.close()


@on_a_loop
async def test_both_sites_show_the_same_digest_and_equal_numbers(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    await stages.act(pair, pair.b, "suspend", units=[])
    pages = []
    for party in (pair.a, pair.b):
        rel = (await party.relationship()).rel_id
        async with await logged_in(party, "mandate_holder") as shown:
            await shown.get("/relationships")
            assert f'href="/relationships/{rel}"' in shown.text
            await shown.get(f"/relationships/{rel}")
            pages.append((shown.text, shown.words))
    digests = [re.search(r'class="digest" title="([0-9a-f]{64})"', text) for text, _ in pages]
    assert digests[0] is not None
    assert digests[1] is not None
    assert digests[0][1] == digests[1][1]
    first, second = (words for _, words in pages)
    assert first.index("Aldoria and Berevan") > 0 < second.index("Berevan and Aldoria")
    for words in (first, second):
        assert "The clock" in words
        assert "none of one" in words, "a suspended instrument is not counted as in force"
        assert "a suspension that stands" in words
        assert "score" in words, "that there is none"
    assert "viewBox" in pages[0][0]
    assert " style=" not in pages[0][0]
    await pair.close()


@on_a_loop
async def test_every_number_leads_to_its_acts_and_an_earlier_cut_can_be_shown(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    rel = (await pair.a.relationship()).rel_id
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get(f"/relationships/{rel}")
        links = set(re.findall(r'href="(/relationships/[^"]+/evidence/[^"]+)"', shown.text))
        assert len(links) > 3
        for link in sorted(links):
            page = await shown.get(link.replace("&amp;", "&"))
            assert page.status_code == 200
            assert re.search(rf'href="/record/{rel}/(ours|theirs)/\d+"', shown.text)
        await shown.get(f"/relationships/{rel}", ours="5", theirs="5", at="2026-11-23T09:00:00Z")
        assert "an earlier cut, to compare" in shown.words
        assert "being negotiated" in shown.words
        beyond = await shown.get(f"/relationships/{rel}", ours="5000")
        assert beyond.status_code == 400
        assert "cannot be compared yet" in shown.words
        unknown = await shown.get(f"/relationships/{rel}/evidence/trust")
        assert unknown.status_code == 400
    await pair.close()


@on_a_loop
async def test_a_page_that_does_not_count_the_last_act_says_so_and_its_file_counts_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.renewing.RENEW_AFTER_S", 3600.0)
    pair = await at_stage("in_force", tmp_path)
    rel = (await pair.a.relationship()).rel_id
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get(f"/relationships/{rel}")
        assert "not counted on this page yet" not in shown.words
        await suspend(pair, pair.a)
        pages = (f"/relationships/{rel}", f"/relationships/{rel}/timeline")
        for path in (*pages, f"/relationships/{rel}/evidence/suspensions"):
            await shown.get(path)
            assert re.search(r"entr(y|ies) of the last moments", shown.words), path
        assert "Look again" in shown.words
        await shown.get(f"/relationships/{rel}/timeline", format="csv")
        assert "suspended" in shown.text
        for path in pages:
            await shown.get(path)
            assert "of the last moments" not in shown.words, path
    await pair.close()


@on_a_loop
async def test_the_timeline_pages_filters_and_exports(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    rel = (await pair.a.relationship()).rel_id
    async with await logged_in(pair.a, "desk_officer") as shown:
        await shown.get(f"/relationships/{rel}/timeline", group="negotiation", order="oldest")
        assert "tabled the first text" in shown.words
        assert "entered into force" not in shown.words
        await shown.get(f"/relationships/{rel}/timeline", format="csv", by="nonsense")
        assert shown.text.count("\r\n") > 15
        await shown.get(f"/relationships/{rel}/timeline", group="nonsense", start="3")
        assert "4 to" in shown.words
        await shown.get(f"/relationships/{rel}/timeline")
        whole = shown.words
        day = str(pair.clock.now())[:10]
        await shown.get(f"/relationships/{rel}/timeline", since=day, until=day, group="sharing")
        assert f'value="{day}"' in shown.text, "the days asked for are gone from the form"
        assert "All" in shown.words.partition("Show")[2][:20], "no way back to all"
        await shown.get(f"/relationships/{rel}/timeline", until="2020-01-01")
        assert "Nothing of this kind." in shown.words
        assert "Nothing of this kind." not in whole
        await shown.get(f"/relationships/{rel}/timeline", since="soon")
        assert shown.page is not None
        assert (shown.page.status_code // 100, "soon" in shown.words) == (4, True)
    await pair.close()


@on_a_loop
async def test_the_timeline_says_which_thing_happened_and_what_part_of_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    await do(pair, pair.a, "claim", name, milestone="Hull", evidence=["test report 4"])
    rel = (await pair.b.relationship()).rel_id
    async with await logged_in(pair.b, "desk_officer") as shown:
        await shown.get(f"/relationships/{rel}/timeline", group="technology")
        assert f"claimed a milestone of a project: {TITLE} Hull" in shown.words
        await shown.get(f"/relationships/{rel}/timeline", format="csv", group="technology")
        assert f",{TITLE}: Hull," in shown.text
        await shown.get(f"/relationships/{rel}")
        brief = shown.words.partition("In short")[2].partition("The clock")[0]
        assert f"Waits for us two, the gravest : {TITLE}: Hull Waits for them nothing" in brief
        assert (
            f"an answer to the claim of a milestone: {TITLE}"
            in brief.partition("Waiting the longest")[2]
        )
        assert "A milestone is due: Hull" in brief.partition("Falls due next")[2]
        assert "Meetings none held, none arranged" in brief
        latest = shown.text.partition('id="h-timeline"')[2].partition('id="h-areas"')[0]
        assert f'href="/projects/{name}"' in latest, "what happened to it does not lead there"
        measured = shown.text.partition('id="h-measures"')[2].partition('id="h-matters"')[0]
        assert 'href="/projects"' in measured
        assert "at work" in shown.words.partition("Measures")[2], "another word than its page has"
        assert "one of one proposed" in shown.words
    await pair.close()


def test_the_clock_stands_where_its_dates_are() -> None:
    term: JsonObject = {
        "signed_at": "2026-11-23T12:00:00Z",
        "in_force_at": "2026-11-23T12:00:00Z",
        "ends_at": "2036-11-23T12:00:00Z",
        "reviews": ["2031-11-23T12:00:00Z"],
        "notice_ends_at": "2032-05-23T12:00:00Z",
    }
    at = Instant.parse("2031-11-23T12:00:00Z")
    found = clock(term, at=at)
    assert found is not None
    places = {mark.code: mark.x for mark in found.marks}
    assert places["signed"] == found.start < places["review"] < places["notice"] < places["end"]
    assert places["now"] == places["review"] == found.now
    assert not found.open
    assert next(year for _, year in found.years) == "2027"
    endless = clock({**term, "ends_at": None}, at=at)
    assert endless is not None
    assert endless.open
    assert {mark.code for mark in endless.marks} == {
        "signed",
        "in_force",
        "review",
        "notice",
        "now",
    }
    assert clock({**term, "signed_at": None}, at=at) is None


def test_many_happenings_at_one_place_are_one_larger_mark() -> None:
    start = Instant.parse("2026-11-23T12:00:00Z")
    rows: list[JsonObject] = [
        {"at": str(start.plus(day * DAY)), "group": "life", "says": "x"}
        for day in (0, 0, 0, 300, 1000)
    ]
    found = chart(rows, groups=("life", "sharing"), at=start.plus(1000 * DAY))
    assert found is not None
    life, sharing = found.lanes
    assert [dot.count for dot in life.dots] == [3, 1, 1]
    assert life.dots[0].r > life.dots[1].r
    assert sharing.dots == ()
    assert len(found.ticks) == 5
    short = chart(rows[:1], groups=("life",), at=start)
    assert short is not None
    assert len(short.ticks) == 1
    assert chart([], groups=("life",), at=start) is None
    assert chart([{"at": None, "group": "life"}], groups=("life",), at=start) is None


@on_a_loop
async def test_every_link_of_the_first_screen_and_the_relationship_leads_somewhere(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    await pair.a.call("items.offer", who="desk_officer", item=item, counterpart=pair.b.did)
    await pair.a.call("agreements.suspend", who="signatory", instrument=pair.instrument)
    await stages.draft(pair)
    await pair.a.call(
        "officials.roles", who="mandate_holder", person="desk_officer", roles=["engineer"]
    )
    rel = (await pair.a.relationship()).rel_id
    async with await logged_in(pair.a, "mandate_holder") as shown:
        links: set[str] = set()
        for path in ("/", f"/relationships/{rel}", f"/relationships/{rel}/timeline"):
            await shown.get(path)
            found = re.findall(r'<a [^>]*href="(/[^"]*)"', shown.text)
            links.update(html.unescape(each) for each in found)
        assert {f"/drafts/{pair.instrument}", "/agreements", f"/record/{rel}/ours/4"} <= links
        lost = [link for link in sorted(links) if (await shown.get(link)).status_code != 200]
        assert lost == []
    await pair.close()
