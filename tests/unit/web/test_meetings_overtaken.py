"""A meeting that is coming up, and acts on it from pages that were seen before the other's."""

from pathlib import Path

from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from unit.web.test_commitment_pages import form as promise
from unit.web.test_commitment_pages import grounds
from unit.web.test_meeting_pages import form as meeting
from unit.web.test_meeting_pages import go, proposed


@on_a_loop
async def test_a_confirmed_meeting_is_among_what_is_coming_up_in_the_zone_it_was_named_in(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        await ours.get("/dates")
        assert "A meeting" not in ours.words, "nobody agreed to it"
        await go(pair, theirs, name, "confirm")
        for shown in (ours, theirs):
            await shown.get("/dates")
            assert f'href="/meetings/{name}"' in shown.text
            assert "A meeting that both confirmed begins" in shown.words
            assert "1 Feb 2027, 09:00 UTC , 10:00 in Europe/Paris" in shown.words
            listed = await shown.get("/dates?format=csv")
            assert "2027-02-01T09:00:00Z,First talks" in listed.text
            saved = await shown.get("/dates.ics")
            assert "First talks" not in saved.text, "it stands twice in a calendar with its feed"
            await shown.get("/meetings")
            assert "1 Feb 2027, 09:00 UTC , 10:00 in Europe/Paris" in shown.words
            await shown.get(f"/meetings/{name}")
            told = shown.words.partition("Why is it in this state?")[2]
            assert "1 Feb 2027, 09:00 UTC , 10:00 in Europe/Paris until" in told
    await pair.close()


@on_a_loop
async def test_what_does_not_rest_on_their_act_goes_through_from_a_page_seen_before_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        await go(pair, theirs, name, "confirm")
        await go(pair, theirs, name, "add", title="Charts")
        await ours.get(f"/meetings/{name}")
        await go(pair, theirs, name, "attend", people="Admiral")
        await ours.submit(f"/meetings/{name}/consent")
        assert "Both sides want this item now." in ours.words
        await ours.get(f"/meetings/{name}")
        await go(pair, theirs, name, "add", title="Ships")
        await ours.submit(f"/meetings/{name}/attend", {"people": "Minister"})
        assert "Said who takes part for us." in ours.words
        await ours.get(f"/meetings/{name}")
        await go(pair, theirs, name, "add", title="Ports")
        await ours.submit(f"/meetings/{name}/add", {"title": "Rocks"})
        assert "raised by us until they consent" in ours.words
        await ours.get(f"/meetings/{name}")
        await pair.settle()
        await go(pair, theirs, name, "attend", people="Admiral\nPilot")
        await ours.submit(f"/meetings/{name}/agree")
        assert "The agenda is agreed once both have said so." in ours.words
    await pair.close()


@on_a_loop
async def test_who_was_overtaken_reads_by_what_and_sends_what_they_typed_anew(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with (
        await logged_in(pair.a, "desk_officer") as ours,
        await logged_in(pair.b, "desk_officer") as theirs,
    ):
        name = await proposed(pair, ours)
        path = f"/meetings/{name}"
        await go(pair, theirs, name, "confirm")
        await go(pair, theirs, name, "add", title="Charts")
        await ours.get(path)
        await go(pair, theirs, name, "add", title="Ships")
        await ours.submit(f"{path}/agree")
        assert "api.changed" in ours.text, "an agenda is agreed to that nobody here has seen"
        assert "This page was overtaken." in ours.words
        assert "not allowed" not in ours.words
        told = ours.words.partition("What was done since you looked")[2]
        told = told.partition("How it stands")[0]
        assert told.count("added an item to the agenda") == 1
        assert f'<a href="{path}">See it as it is now' in ours.text
        await ours.submit(f"{path}/agree")
        assert "The agenda is agreed once both have said so." in ours.words, "it was shown since"
        await ours.get(path)
        own = await pair.a.call("meetings.attend", who="negotiator", meeting=name, people=["Envoy"])
        assert own["meeting"] == name
        await ours.submit(f"{path}/attend", {"people": "Minister"})
        assert "api.changed" in ours.text, "the names a colleague gave are replaced unseen"
        assert ">\nMinister</textarea>" in ours.text
        assert "we said who takes part" in ours.words.partition("since you looked")[2]
        await ours.submit(f"{path}/attend", {"people": "Envoy\nMinister"})
        assert "Said who takes part for us." in ours.words
    await pair.close()


@on_a_loop
async def test_what_is_only_listed_beside_a_body_or_a_commitment_overtakes_no_page_of_it(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, "desk_officer") as ours:
        await ours.get("/bodies/new")
        group = {"counterpart": (await pair.a.relationship()).rel_id, "name": "Harbour Group"}
        group |= {"grounds": await grounds(pair), "level": "group", "chair": "C", "contact": "D"}
        await ours.submit("/bodies", group)
        assert ours.page is not None
        path, body = ours.page.url.path, ours.page.url.path.rpartition("/")[2]
        await pair.settle()
        await pair.b.call("bodies.accept", who="negotiator", body=body, chair="E", contact="F")
        await pair.settle()
        await ours.get(path)
        async with await logged_in(pair.a, "negotiator") as colleague:
            await colleague.get("/meetings/new")
            await colleague.submit("/meetings", await meeting(pair, body=body, series=""))
        await ours.submit(f"{path}/appoint", {"chair": "G", "contact": "D"})
        assert "Named; they can read it." in ours.words
        await ours.get("/commitments/new")
        await ours.submit("/commitments", await promise(pair))
        path, owed = ours.page.url.path, ours.page.url.path.rpartition("/")[2]
        await pair.settle()
        await pair.b.call("commitments.accept", who="negotiator", commitment=owed)
        await pair.settle()
        await pair.a.call("commitments.progress", who="negotiator", commitment=owed, words="Half.")
        await ours.get(path)
        await pair.a.call("commitments.progress", who="negotiator", commitment=owed, words="Most.")
        await ours.submit(f"{path}/claim", {"evidence": "The list."})
        assert "api.changed" not in ours.text
        assert "claimed" in ours.words
    await pair.close()
