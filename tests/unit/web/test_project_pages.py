"""Officials of both sides run a project by its pages: proposal, sheet, plan, register, closing."""

import html
import re
from pathlib import Path

from comity.foundation.members import one
from support import framework
from support.loops import on_a_loop
from support.sites import Browser, logged_in
from support.stages import at_stage
from support.two_nodes import Pair
from unit.node.test_projects import to_active

FITTING = ("Articles under which something crosses", "Other articles")
TITLE = "Buoys <script>that</script> report ice"
SECRET = "Never the sonar of the boats"
FORM = {
    "title": TITLE,
    "purpose": "Twelve buoys warn both coasts of ice a day earlier.",
    "area": "technology",
    "sponsor": "Ministry of Ports",
    "user": "Coast Guard",
    "answer_by": "2026-12-31",
    "zone": "UTC",
    "words": "As spoken of in June.",
}
ITEM = {
    "name-0": "Pressure sensor",
    "scheme-0": "Aldorian control list",
    "code-0": "6A001",
    "edition-0": "2026-1",
    "decided_by-0": "Technology Security Officer",
    "critical-0": "yes",
    "release-0": "conditional",
    "conditions-0": "Not to be opened.",
}
PLAN = {
    "title-0": "Hull",
    "test-0": "It floats.",
    "performer-0": "us",
    "due-0": "2027-03-31",
    "amount-us": "250000.00",
    "currency-us": "eur",
    "in_kind-us": "",
    "amount-them": "0",
    "currency-them": "",
    "in_kind-them": "Two ship days",
    **dict.fromkeys(("background-within", "foreground-within", "foreground-outside"), "free"),
    **dict.fromkeys(("background-outside", "foreground-onward"), "consent"),
    "background-onward": "no",
    "zone": "UTC",
}


async def form(pair: Pair, **changed: str) -> dict[str, str]:
    found = await pair.a.call("grounds")
    rows = found["grounds"]
    assert isinstance(rows, list)
    chosen = next(
        row
        for row in rows
        if row["instrument"] == pair.instrument and "Article 2" in row["article"]
    )
    rel = await pair.a.relationship()
    return {
        "counterpart": rel.rel_id,
        "grounds": f"{chosen['instrument']} {chosen['unit']}",
        **FORM,
        **changed,
    }


async def go(pair: Pair, shown: Browser, name: str, where: str, **fields: str) -> None:
    """Open the page of a project, send one of its forms, and let it arrive."""
    tab = where.partition("/")[0]
    await shown.get(f"/projects/{name}" + ("" if tab == "do" else f"/{tab}"))
    await shown.submit(f"/projects/{name}/{where}", fields)
    assert shown.page is not None
    assert shown.page.status_code == 200, shown.words[:2000]
    await pair.settle()


async def proposed(pair: Pair, shown: Browser) -> str:
    await shown.get("/projects/new")
    first, other = (f'<optgroup label="{each}">' for each in FITTING)
    assert shown.text.index(first) < shown.text.index(other), "those that fit stand first"
    await shown.submit("/projects", await form(pair))
    await pair.settle()
    assert shown.page is not None
    return shown.page.url.path.rpartition("/")[2]


async def checked(pair: Pair, officer: Browser) -> str:
    """Return a project whose exportability both have checked."""
    name = await proposed(pair, officer)
    people = {"sponsor": "Fisheries Board", "user": "Ice Service"}
    await pair.b.call("projects.explore", who="project_officer", project=name, **people)
    await pair.settle()
    for party in (pair.a, pair.b):
        await party.call("projects.intend", who="project_officer", project=name)
        await pair.settle()
    for party in (pair.a, pair.b):
        security = "technology_security_officer"
        await party.call("projects.sheet", who=security, project=name, items=[])
        await pair.settle()
    return name


@on_a_loop
async def test_the_area_of_a_project_is_chosen_among_those_of_the_agreement(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as ours:
        await ours.get("/projects/new")
        assert '<option value="information-sharing" dir="auto">' in ours.text
        await ours.submit("/projects", await form(pair, area="information-sharing"))
        assert "Area information sharing" in ours.words
        await ours.get("/projects/new", area="A hand-written one")
        assert '<option value="A hand-written one" dir="auto" selected>' in ours.text
    await pair.close()


async def arranged(pair: Pair, ours: Browser, theirs: Browser, name: str) -> None:
    """Name the arrangement, agree on a plan, approve, begin."""
    await ours.get(f"/projects/{name}")
    await go(pair, ours, name, "do/arrange", grounds=ours.first_choice("grounds-arrange"))
    await go(pair, ours, name, "plan/plan", **PLAN)
    assert "Put up. It counts once they agree to exactly this plan." in ours.words
    await go(pair, theirs, name, "plan/agree_plan")
    for shown in (ours, theirs):
        await go(pair, shown, name, "do/approve")
        if shown is ours:
            assert "takes a word back that stands alone." in ours.words
    await go(pair, ours, name, "do/start")


async def worked(pair: Pair, ours: Browser, theirs: Browser, name: str) -> None:
    """Reach a milestone, register what was made, lend and take back."""
    await go(pair, ours, name, "plan/claim", evidence="report 4\nreport 5")
    await go(pair, theirs, name, "plan/accept")
    await go(
        pair,
        ours,
        name,
        "register/enter",
        ground="foreground",
        owner="both",
        title="Ice model",
        within="free",
        outside="free",
        onward="consent",
    )
    await go(pair, theirs, name, "register/confirm")
    await go(pair, ours, name, "register/lend", what="Test buoy no. 3", due="2027-02-01")
    await go(pair, theirs, name, "register/receive")
    await go(pair, ours, name, "register/take_back")


@on_a_loop
async def test_project_officers_of_both_sides_run_a_project_by_its_pages(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
        await logged_in(pair.a, "technology_security_officer") as our_security,
        await logged_in(pair.b, "technology_security_officer") as their_security,
    ):
        await ours.get("/projects")
        assert "There is none." in ours.words
        name = await proposed(pair, ours)
        assert "Proposed. Both sides see how long it waits" in ours.words
        assert "&lt;script&gt;" in ours.text
        await theirs.get("/projects", state="ours")
        assert "Answer the proposal … for us" in theirs.words
        await theirs.get(f"/projects/{name}")
        assert "The proposal has waited 0 days for its answer; both sides see this." in theirs.words
        await go(pair, theirs, name, "do/explore", sponsor="Fisheries Board", user="Ice Service")
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/intend")
        await our_security.get(f"/projects/{name}/disclosure")
        assert "Private to us" in our_security.words
        await go(pair, our_security, name, "disclosure/set_disclosure", may_not=SECRET)
        assert "nothing was sent" in our_security.words
        await go(pair, our_security, name, "sheet/sheet", **ITEM)
        await go(pair, their_security, name, "sheet/sheet", none_foreseen="yes")
        await theirs.get(f"/projects/{name}/sheet")
        assert "Aldorian control list 6A001" in theirs.words
        assert "no controlled item is foreseen" in theirs.words
        for shown in (ours, theirs, their_security):
            await shown.get(f"/projects/{name}/sheet")
            assert SECRET not in shown.text
        await arranged(pair, ours, theirs, name)
        await worked(pair, ours, theirs, name)
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/wind_up")
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/close", authorisations="none")
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            assert "■ closed" in shown.words
            assert "Nothing, in its present state." in shown.words
            await shown.get("/projects", format="csv")
            assert "closed" in shown.text
    await pair.close()


@on_a_loop
async def test_the_page_names_the_persons_of_ours_who_must_act_and_of_theirs_the_party(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as shown:
        name = await proposed(pair, shown)
    ours = {role: each.card.name for role, each in pair.b.people.items()}
    officer, security = ours["project_officer"], ours["technology_security_officer"]

    def said(shown: Browser) -> str:
        return re.sub(r" (?=[.,:] )", "", shown.words).replace("… ", "")

    async with await logged_in(pair.b, "signatory") as shown:
        await shown.get(f"/projects/{name}")
        able = f"{ours['mandate_holder']}, {officer}"
        one = f"one of {ours['mandate_holder']} or {officer}"
        assert f"Next: Answer the proposal for us: {one} The proposal" in said(shown)
        assert f"That is for: project officer, mandate holder. Next: {able}." in said(shown)
    async with await logged_in(pair.a, "signatory") as shown:
        await shown.get(f"/projects/{name}")
        assert "for them: Berevan The proposal" in said(shown)
    people = {"sponsor": "Fisheries Board", "user": "Ice Service"}
    await pair.b.call("projects.explore", who="project_officer", project=name, **people)
    await pair.settle()
    for party in (pair.a, pair.b):
        await party.call("projects.intend", who="project_officer", project=name)
        await pair.settle()
    async with await logged_in(pair.b, "project_officer") as shown:
        await shown.get(f"/projects/{name}")
        each = "Enter the exportability sheet for both: each of us has to do it"
        assert f"{each}: {security}, Aldoria" in said(shown)
        assert f"That is for: technology security officer. Next: {security}." in said(shown)
        for party in (pair.b, pair.a):
            who = "technology_security_officer"
            await party.call("projects.sheet", who=who, project=name, items=[])
            await pair.settle()
            await shown.get(f"/projects/{name}")
            assert "Our sheet is in." in said(shown)
            assert "That is for: technology security officer" not in said(shown)
            await shown.get(f"/projects/{name}/sheet")
            assert "That is for: technology security officer" not in said(shown)
        await shown.get(f"/projects/{name}")
        assert "Next: Name the arrangement for both: one of us is enough" in said(shown)
        assert f"enough: {officer}" not in said(shown), "nobody can name what is not there"
    await pair.close()


@on_a_loop
async def test_what_was_typed_stays_where_a_project_is_refused(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as shown:
        for changed, told in (
            ({"answer_by": "2020-01-01"}, "projects.past"),
            ({"zone": "Nowhere"}, "days.zone"),
            ({"grounds": "x"}, "web.no_grounds"),
        ):
            await shown.get("/projects/new")
            await shown.submit("/projects", await form(pair, **changed))
            assert told in shown.text
            assert "Twelve buoys warn both coasts" in shown.text
        name = await proposed(pair, shown)
        await pair.b.call("projects.explore", who="project_officer", project=name)
        await pair.settle()
        await shown.get(f"/projects/{name}")
        data = {**shown.hidden(f"/projects/{name}/do/notice"), "leaves": "2020-01-01"}
        data |= {"reason": "The budget ends.", "zone": "UTC"}
        shown.page = await shown.client.post(f"/projects/{name}/do/notice", data=data)
        assert "projects.past" in shown.text
        assert "The budget ends." in shown.text
        shown.page = await shown.client.post(f"/projects/{name}/do/dance", data=data)
        assert "web.no_step" in shown.text
    await pair.close()


@on_a_loop
async def test_a_sheet_in_which_something_is_missing_keeps_its_lines(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "project_officer") as officer,
        await logged_in(pair.a, "technology_security_officer") as shown,
    ):
        name = await proposed(pair, officer)
        people = {"sponsor": "Fisheries Board", "user": "Ice Service"}
        await pair.b.call("projects.explore", who="project_officer", project=name, **people)
        await pair.settle()
        for party in (pair.a, pair.b):
            await party.call("projects.intend", who="project_officer", project=name)
            await pair.settle()
        await shown.get(f"/projects/{name}/sheet")
        where = f"/projects/{name}/sheet/sheet"
        for given, told in (
            ({**ITEM, "scheme-0": ""}, "Item 1: the field 'Control list' is empty."),
            ({**ITEM, "name-0": ""}, "Item 1: the field 'Item' is empty."),
            ({**ITEM, "conditions-0": " "}, "Item 1: the field 'On which conditions' is empty."),
            ({**ITEM, "none_foreseen": "yes"}, "take away the one or the other"),
            ({}, "tick that no controlled item is foreseen"),
        ):
            await shown.get(f"/projects/{name}/sheet")
            assert "Item 5" in shown.words
            await shown.submit(where, given)
            assert shown.page is not None
            assert shown.page.status_code >= 400
            assert told in shown.words
            assert "Not entered yet. Their sheet" in shown.words
        await shown.submit(where, {**ITEM, "scheme-0": ""})
        assert "Pressure sensor" in shown.text
        again = await shown.get(where)
        assert again.url.path == f"/projects/{name}/sheet"
        await officer.get(f"/projects/{name}")
        assert "Enter the exportability sheet That is" not in officer.words
        assert ">Enter the exportability sheet</a>" not in officer.text, "a button for others"
        await officer.get(f"/projects/{name}/sheet")
        assert "That is for: technology security officer." in officer.words
        assert "Not entered yet." in officer.words
        assert "Edition of the list" not in officer.words
        await officer.get(f"/projects/{name}/disclosure")
        assert "That is for: " in officer.words
        assert "Up to which levels" not in officer.words
    await pair.close()


@on_a_loop
async def test_who_waits_for_an_arrangement_reads_how_far_its_text_is_and_a_notice_ends_with_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "project_officer") as officer:
        name = await checked(pair, officer)
        text = {"text": framework.TEXT, "fields": framework.FIELDS, "title": "Buoys"}
        drafted = await pair.a.call(
            "agreements.draft", who="negotiator", counterpart=pair.b.did, **text
        )
        await pair.a.call("agreements.table", who="negotiator", instrument=drafted["instrument"])
        await pair.settle()
        page = f"/projects/{name}"
        await officer.get(page)
        assert re.search(r"Under way: Buoys \S+ tabled, no answer yet", officer.words)
        assert "Draft another only if none of these is meant" in officer.words
        assert "it ends only where it is given up on its own page" in officer.words
        await go(pair, officer, name, "do/notice", leaves="2027-01-31", reason="The budget.")
        told = re.compile(r'<p class="([^"]*)">Notice to leave')
        assert told.findall(officer.text) == ["notice wait"]
        for party in (pair.a, pair.b):
            end = {"project": name, "reason": "The budget."}
            await party.call("projects.abandon", who="project_officer", **end)
            await pair.settle()
        await officer.get(page)
        assert told.findall(officer.text) == ["soft"]
    await pair.close()


@on_a_loop
async def test_from_a_project_one_comes_to_the_draft_of_its_arrangement(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "project_officer") as officer,
        await logged_in(pair.a, "desk_officer") as desk,
    ):
        name = await checked(pair, officer)
        await officer.get(f"/projects/{name}")
        assert "Draft the arrangement" in officer.words
        assert f"/projects/{name}/do/arrange" not in officer.text
        found = re.search(r'href="(/drafts/new\?[^"]*)"', officer.text)
        assert found is not None
        await desk.get(html.unescape(found[1]))
        assert 'value="skeleton:project-arrangement" checked' in desk.text
        assert 'value="Arrangement: ' in desk.text
        rel = await pair.a.relationship()
        given = {"counterpart": rel.rel_id, "title": "Buoys", "way": "skeleton:project-arrangement"}
        assert f'<option value="{pair.instrument}" dir="auto" selected' in desk.text
        shown = re.search(r'name="project" type="text" value="([^"]*)"', desk.text)
        assert shown is not None
        given |= {"under": pair.instrument, "project": html.unescape(shown[1])}
        await desk.submit("/drafts/new", given)
        assert "Contributions and cost shares" in desk.words
        assert "It stands under Framework for Cooperation." in desk.words
        assert f"The project is: {TITLE}. It is to make:" in desk.words, "to be typed again"
        await officer.get(f"/projects/{name}")
        assert "is named here once it is signed and in force" in officer.words
        assert "Under way: Buoys" in officer.words
    await pair.close()


@on_a_loop
async def test_a_word_of_one_side_hides_nothing_and_its_page_says_what_came_of_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        page = f"/projects/{name}"
        await go(pair, theirs, name, "do/explore")
        assert "Before the statement of intent, sponsor and user are named" in theirs.words
        await go(pair, theirs, name, "do/name", sponsor="Fisheries Board", user="Ice Service")
        await go(pair, theirs, name, "do/abandon", reason="The budget.")
        assert "Said. It counts once both have said the same." in theirs.words
        for shown in (ours, theirs):
            await shown.get(page)
            assert "Sign the statement of intent" in shown.words
            assert "takes it back by its next step" in shown.words
        await go(pair, theirs, name, "do/intend")
        assert "takes it back by its next step" not in theirs.words
        await go(pair, ours, name, "do/intend")
        assert "Both have said the same; it counts: intent signed." in ours.words
        assert "Since both signed the intent" not in ours.words
        await go(pair, ours, name, "do/name", sponsor="Port Office", user="Coast Guard")
        await theirs.get(page)
        close = theirs.words.replace(" ", "")
        assert "anewononeside:they,PortOffice,CoastGuard." in close
        assert "namedsponsoranduser:PortOffice,CoastGuard" in close
        entry = re.search(r'href="(/record/[^"]*)">entry', theirs.text)
        assert entry is not None
        assert (await theirs.get(html.unescape(entry[1]))).status_code == 200
        for shown in (ours, theirs):
            await go(pair, shown, name, "do/abandon", reason="The budget.")
        assert "Reasongiven:Thebudget." in theirs.words.replace(" ", "")
        assert "✓ intent signed ○ exportability checked" in theirs.words
    await pair.close()


@on_a_loop
async def test_what_both_said_and_not_alike_is_shown_with_what_each_said(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        await ours.get(f"/projects/{name}")
        assert "the project has ended as handed over" in ours.words, "it is ended unawares"
        assert "Not reached: Hull " in ours.words
        await go(pair, ours, name, "do/hand_over", to="Both pilots")
        await theirs.get(f"/projects/{name}")
        assert 'value="Both pilots"' in theirs.text, "its words are guessed"
        await go(pair, theirs, name, "do/hand_over", to="Their pilots")
        for shown in (ours, theirs):
            await shown.get(f"/projects/{name}")
            assert "both have said it, and not the same" in shown.words
            assert "Both pilots" in shown.words
            assert "Their pilots" in shown.words
        await go(pair, theirs, name, "do/hand_over", to="Both pilots")
        assert "it counts: handed over" in theirs.words
        assert "Not reached: Hull " in theirs.words.partition("What it is")[0]
    await pair.close()


@on_a_loop
async def test_an_intent_that_names_other_people_than_now_is_told_to_who_signed_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "project_officer") as ours,
        await logged_in(pair.b, "project_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        await go(pair, theirs, name, "do/explore", sponsor="Fisheries Board", user="Ice Service")
        await go(pair, ours, name, "do/intend")
        await ours.get(f"/projects/{name}")
        assert "reads otherwise now" not in ours.words
        await go(pair, theirs, name, "do/name", sponsor="Fisheries Board", user="Pilots")
        await ours.get(f"/projects/{name}")
        assert "we: what this side said it of reads otherwise now" in ours.words
    await pair.close()


@on_a_loop
async def test_a_milestone_is_not_lost_by_a_title_that_somebody_emptied(tmp_path: Path) -> None:
    pair = await at_stage("arranged", tmp_path)
    name = await to_active(pair)
    async with await logged_in(pair.a, "project_officer") as shown:
        await shown.get(f"/projects/{name}/plan")
        await shown.submit(f"/projects/{name}/plan/plan", {**PLAN, "title-0": ""})
        assert "Milestone 1 has no title. Nothing was put up" in shown.words
        found = await pair.a.call("projects.show", project=name)
        assert one(found, "plan")["put_up"] is None
    await pair.close()
