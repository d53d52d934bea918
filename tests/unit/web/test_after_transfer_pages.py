"""What follows a transfer, in a browser without a window: passing on, end-use checks, amending."""

from pathlib import Path

from comity.foundation.members import rows
from support.controlled import (
    WHO,
    asked_before_the_rule,
    authorised,
    controlled_pair,
    do,
    fetch,
    forbidding_pair,
)
from support.loops import on_a_loop
from support.sites import Browser, logged_in
from support.two_nodes import Pair

THIRD = "Navy Yard <b>of</b> Cerulia =1+1"
USE = "Repair of the sonar שלום."


async def crossed(root: Path) -> tuple[Pair, str, str]:
    """Return two nodes between which an item crossed under an authorisation."""
    pair, item = await controlled_pair(root)
    name = await authorised(pair, item, quantity=2, provisos=["Two persons carry it."])
    await fetch(pair, item)
    await pair.settle()
    return pair, item, name


async def came(pair: Pair) -> str:
    """Return what both call the transfer that B received."""
    found = (await pair.b.call("transfers"))["transfers"]
    assert isinstance(found, list)
    return next(str(row["shared_id"]) for row in found if row["moved"])


async def ask(pair: Pair, shown: Browser, **changed: str) -> str:
    """Ask to pass on what came; return the address of the question."""
    shared = await came(pair)
    await shown.get("/retransfers/new", transfer=shared)
    told = {
        "transfer": shared,
        "grounds": shown.first_choice("grounds"),
        "third": THIRD,
        "use": USE,
        "words": "As spoken of in June.",
    }
    await shown.submit("/retransfers", {**told, **changed})
    await pair.settle()
    assert shown.page is not None
    return shown.page.url.path


@on_a_loop
async def test_consent_to_pass_on_is_asked_and_given_in_the_pages(tmp_path: Path) -> None:
    pair, item, name = await crossed(tmp_path)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/retransfers")
        assert "There is none." in theirs.words
        assert await ask(pair, theirs, grounds="") == "/retransfers"
        assert "web.no_grounds" in theirs.text
        assert USE in theirs.words
        path = await ask(pair, theirs)
        assert "no answer is no consent" in theirs.words
        assert "<b>of</b>" not in theirs.text
        assert "As spoken of in June." in theirs.words
        await ours.get("/")
        assert "They ask to pass an item of ours on: consent, or refuse." in ours.words
        await ours.get("/retransfers", state="ours")
        assert "asked, not answered" in ours.words
        await ours.get(path)
        await ours.submit(f"{path}/grant", {"provisos": "Not beyond.\n\n Back by May. "})
        assert "consented, with provisos" in ours.words
        await pair.settle()
        await theirs.get(path)
        assert "Back by May." in theirs.words
        await theirs.submit(f"{path}/use", {"report": "Handed over."})
        assert "passed on, as we report" in theirs.words
        await pair.settle()
        for place in (f"/items/{item}", f"/authorisations/{name}"):
            await ours.get(place)
            assert THIRD.split("<", maxsplit=1)[0] in ours.words
            assert "passed on, as they report" in ours.words
        await ours.get(path)
        await ours.submit(f"{path}/close", {"reason": "Seen."})
        await ours.get("/retransfers", state="ended", format="csv")
        assert "closed" in ours.text
        await theirs.get(f"/transfers/{await came(pair)}")
        assert "Ask to pass it on" in theirs.words
    await pair.close()


@on_a_loop
async def test_a_question_is_sent_back_asked_again_refused_and_taken_back(tmp_path: Path) -> None:
    pair, _, _ = await crossed(tmp_path)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        path = await ask(pair, theirs)
        for shown, step, fields, told in (
            (ours, "return", {"reason": "Who is it?"}, "sent back for more"),
            (theirs, "again", {"words": "A state yard."}, "asked, not answered"),
            (ours, "refuse", {"reason": "Not to them."}, "It does not go on."),
        ):
            await shown.get(path)
            await shown.submit(f"{path}/{step}", fields)
            assert told in shown.words
            await pair.settle()
        await theirs.get(path)
        assert "Not to them." in theirs.words
        assert "Nothing, in its present state." in theirs.words
        path = await ask(pair, theirs)
        await theirs.get(path)
        await theirs.submit(f"{path}/withdraw", {"words": ""})
        assert "The question is taken back" in theirs.words
        data = {"reason": "x", "_csrf_token": "x"}
        data |= {name: value[0] for name, value in theirs.hidden("/leave").items()}
        theirs.page = await theirs.client.post(f"{path}/dance", data=data)
        assert "web.no_step" in theirs.text
    await pair.close()


@on_a_loop
async def test_an_end_use_check_is_arranged_and_concluded_in_the_pages(tmp_path: Path) -> None:
    pair, _, name = await crossed(tmp_path)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(f"/authorisations/{name}")
        assert "Ask for an end-use check" in ours.words
        await ours.get("/endchecks/new", authorisation=name)
        form = {"authorisation": name, "title": "Where the sonar is", "what": "On board?"}
        await ours.submit("/endchecks", {**form, "words": ""})
        assert "Now both name the same time and place." in ours.words
        assert ours.page is not None
        path = ours.page.url.path
        await pair.settle()
        await theirs.get("/")
        assert "An end-use check waits for us to name a time and place." in theirs.words
        await theirs.get(path)
        when = {"at": "2027-03-28T02:30", "zone": "Europe/Paris", "place": "Port"}
        await theirs.submit(f"{path}/arrange", when)
        assert "days.no_time" in theirs.text
        await theirs.submit(f"{path}/arrange", {**when, "at": "2026-11-01T10:00"})
        assert "2026-11-01T10:00 has passed" in theirs.words
        await theirs.submit(f"{path}/arrange", {**when, "at": "2027-03-29T10:00"})
        assert "Time and place count once both have named the same." in theirs.words
        await pair.settle()
        await ours.get(path)
        assert "They name" in ours.words
        await ours.submit(f"{path}/arrange")
        told = "Agreed: time and place stand, both have named the same."
        for fact in (told, "arranged", "29 Mar 2027, 08:00"):
            assert fact in ours.words
    await pair.later(200 * 86_400)
    await _concluded(pair, path)
    await pair.close()


async def _concluded(pair: Pair, path: str) -> None:
    """Report and conclude the check whose time has come, and read it at both sides."""
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        await ours.submit(f"{path}/done", {"report": "It is on board."})
        await ours.submit(f"{path}/conclude", {"result": "favourable", "report": "As assured."})
        assert "as was assured" in ours.words
        await ours.submit(f"{path}/follow_up", {"report": "Once more in spring."})
        await pair.settle()
        await theirs.get("/endchecks")
        assert "something is still to be done" in theirs.words
        theirs.client.headers["accept-language"] = "fr"
        await theirs.get(path)
        assert "il reste quelque chose à faire" in theirs.words
        await theirs.get("/endchecks", format="csv")
        assert "2027-03-29T08:00:00Z" in theirs.text


@on_a_loop
async def test_what_became_of_what_came_is_read_at_both_sides_and_told_to_who_sent_it(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get(path)
        assert "What became of it" not in theirs.words
        await theirs.submit(f"{path}/dispose", {"how": "destroyed", "report": f"Burnt {THIRD}"})
        await theirs.get(path)
        assert "What became of it" in theirs.words
        assert "destroyed as we say, " in theirs.words
        await pair.settle()
        await ours.get(path)
        assert "destroyed as they say, " in ours.words
        assert "Burnt Navy Yard" in ours.words
        assert "<b>of</b>" not in ours.text
        await ours.get("/")
        assert "They said what became of what came." in ours.words
        await theirs.get("/")
        assert "They said what became of what came." not in theirs.words
    await pair.close()


@on_a_loop
async def test_who_asked_for_a_check_reads_on_the_first_page_that_it_is_to_be_concluded(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    made = await do(
        pair, pair.a, "endchecks.request", authorisation=name, title="The sonar", what="On board?"
    )
    check = str(made["endcheck"])
    for party in (pair.b, pair.a):
        when = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
        await do(pair, party, "endchecks.arrange", endcheck=check, **when)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/endchecks/{check}")
        assert "It can be reported from 1 Mar 2027" in ours.words
        assert "What was seen" not in ours.words
    await pair.later(100 * 86_400)
    await do(pair, pair.a, "endchecks.done", endcheck=check, report="It is on board.")
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get("/")
        assert "An end-use check was made: say what it comes to." in ours.words
        assert f"/endchecks/{check}" in ours.text
        await theirs.get("/", whose="theirs")
        assert "they have not said what it comes to" in theirs.words
        await ours.get(f"/relationships/{(await pair.a.relationship()).rel_id}")
        assert "what an end-use check comes to" in ours.words
    await pair.close()


@on_a_loop
async def test_a_time_that_one_side_named_says_nothing_once_the_check_was_made_or_taken_back(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    when = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
    checks: list[str] = []
    for title in ("The sonar", "The ship"):
        told = {"authorisation": name, "title": title, "what": "On board?"}
        made = await do(pair, pair.a, "endchecks.request", **told)
        checks.append(str(made["endcheck"]))
        for party in (pair.b, pair.a):
            await do(pair, party, "endchecks.arrange", endcheck=checks[-1], **when)
        other = {"endcheck": checks[-1], "at": "2027-04-01T09:00:00Z", "place": "Yard"}
        await do(pair, pair.a, "endchecks.arrange", **other)
    await pair.later(100 * 86_400)
    await do(pair, pair.a, "endchecks.done", endcheck=checks[0], report="It is on board.")
    await do(pair, pair.a, "endchecks.withdraw", endcheck=checks[1])
    for party, waits in ((pair.a, ["us", None]), (pair.b, ["them", None])):
        found = [await party.call("endchecks.show", endcheck=each) for each in checks]
        assert [each["waits_for"] for each in found] == waits
        async with await logged_in(party, WHO) as shown:
            await shown.get(f"/endchecks/{checks[0]}")
            assert "Yard" not in shown.words.partition("Why is it")[0]
    await pair.close()


@on_a_loop
async def test_who_asked_for_a_check_reads_on_the_first_page_that_its_time_has_passed(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    made = await do(
        pair, pair.a, "endchecks.request", authorisation=name, title="The sonar", what="On board?"
    )
    when = {"at": str(pair.a.node.ctx.now().plus(60)), "place": "Port"}
    for party in (pair.b, pair.a):
        await do(pair, party, "endchecks.arrange", endcheck=made["endcheck"], **when)
    pair.clock.tick(3600)
    await pair.settle()
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get("/", whose="mine")
        assert "The time named for an end-use check has passed: report what was" in ours.words
        await theirs.get("/", whose="theirs")
        assert "has passed; they have not reported." in theirs.words
    await pair.close()


@on_a_loop
async def test_what_a_check_reported_is_still_read_after_it_was_concluded_and_followed_up(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    made = await do(
        pair, pair.a, "endchecks.request", authorisation=name, title="The sonar", what="On board?"
    )
    check = str(made["endcheck"])
    for party in (pair.b, pair.a):
        when = {"at": "2027-03-01T09:00:00Z", "place": "Port"}
        await do(pair, party, "endchecks.arrange", endcheck=check, **when)
    await pair.later(100 * 86_400)
    reads = []
    async with await logged_in(pair.b, WHO) as theirs:
        for step, given in (
            ("done", {"report": "It is on board."}),
            ("conclude", {"result": "favourable", "report": "All is well."}),
            ("follow_up", {"report": "Once more in spring."}),
        ):
            await do(pair, pair.a, f"endchecks.{step}", endcheck=check, **given)
            await theirs.get(f"/endchecks/{check}")
            reads.append(theirs.words)
    assert "What was reported" in reads[0]
    assert "How it was concluded" not in reads[0]
    for said in ("What was reported", "It is on board.", "How it was concluded", "All is well."):
        assert said in reads[1]
        assert said in reads[2]
    assert "What is still to be done" in reads[2]
    assert "Once more in spring." in reads[2]
    await pair.close()


@on_a_loop
async def test_a_recipient_finds_among_its_own_needs_that_it_must_stop_the_use_of_what_came(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    why = {"basis": "Condition 4", "reason": "An inquiry."}
    stop = "Stop the use of what came; they can let it go on."
    await do(pair, pair.a, "authorisations.suspend", authorisation=name, **why)
    for party, said in ((pair.a, "Let it go on, or revoke it."), (pair.b, stop)):
        async with await logged_in(party, WHO) as shown:
            await shown.get("/", whose="mine")
            assert said in shown.words
            await shown.get("/", whose="theirs")
            assert said not in shown.words
    await do(pair, pair.a, "authorisations.resume", authorisation=name, **why)
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/")
        assert stop not in theirs.words
        assert "They let it go on: items can cross under it again." in theirs.words
    await pair.close()


@on_a_loop
async def test_who_receives_learns_on_the_first_page_what_is_released_and_what_came(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item)
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/", whose="mine")
        assert "They released an item to us under it" in theirs.words
        await fetch(pair, item)
        await pair.settle()
        await theirs.get("/", whose="mine")
        assert "They released an item to us under it" not in theirs.words
        assert "An item came to us under it" in theirs.words
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get("/")
        assert "An item came" not in ours.words
    await pair.close()


@on_a_loop
async def test_who_may_not_ask_or_consent_is_told_who_can(tmp_path: Path) -> None:
    pair, _, name = await crossed(tmp_path)
    async with await logged_in(pair.b, WHO) as theirs:
        path = await ask(pair, theirs)
    async with await logged_in(pair.a, "negotiator") as shown:
        for page in (path, f"/authorisations/{name}", "/endchecks/new"):
            await shown.get(page)
            assert "That is for: " in shown.words
            assert "technology security officer" in shown.words
        await shown.get("/retransfers/new")
        assert "Nothing was received yet" in shown.words
    await pair.close()


@on_a_loop
async def test_who_consents_reads_under_what_it_came_and_that_this_forbids_it(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, no_onward=True, provisos=["Two persons carry it."])
    await fetch(pair, item)
    await pair.settle()
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        path = await ask(pair, theirs)
        await ours.get(path)
        assert "Under which authorisation it came" in ours.words
        assert "Two persons carry it." in ours.words
        assert "it forbids passing on" in ours.words
        await ours.get(f"/relationships/{(await pair.a.relationship()).rel_id}")
        assert "two; authorisations given: one" in ours.words, (
            "provisos are no part of authorisations"
        )
    await pair.close()


@on_a_loop
async def test_what_the_article_says_of_passing_on_is_read_before_anybody_asks_or_consents(
    tmp_path: Path,
) -> None:
    pair, item = await forbidding_pair(tmp_path / "forbidding")
    await authorised(pair, item)
    await fetch(pair, item)
    await pair.settle()
    said = "says that what is received may not be passed on, and a consent cannot lift that"
    transfer = next(
        row for row in rows(await pair.b.call("transfers"), "transfers") if row["moved"]
    )
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get(f"/transfers/{transfer['transfer']}")
        assert said in theirs.words
        assert "Ask to pass it on" not in theirs.words
        await theirs.get("/retransfers/new", transfer=str(transfer["shared_id"]))
        assert said in theirs.words
        assert "Ask them" not in theirs.words
        path = f"/retransfers/{await asked_before_the_rule(pair, item)}"
        await ours.get(path)
        assert said in ours.words
        assert "Refuse consent" in ours.words
        assert f'action="{path}/grant"' not in ours.text
    await pair.close()
    pair, _, _ = await crossed(tmp_path / "with consent")
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/retransfers/new", transfer=await came(pair))
        assert "only with the sender's consent Article 2" in theirs.words
        await ours.get(await ask(pair, theirs))
        assert "only with the sender's consent Article 2" in ours.words
    await pair.close()


@on_a_loop
async def test_a_transfer_names_the_authorisation_it_used_and_that_one_the_day_of_each_use(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    for party in (pair.a, pair.b):
        (moved,) = [row for row in rows(await party.call("transfers"), "transfers") if row["moved"]]
        async with await logged_in(party, WHO) as shown:
            await shown.get(f"/transfers/{moved['transfer']}")
            assert f'href="/authorisations/{name}"' in shown.text
            assert "A sonar for the survey , number L-2026-4 , version 1" in shown.words
            await shown.get("/transfers", format="csv")
            assert '"A sonar for the survey, number L-2026-4, version 1"' in shown.text
            await shown.get("/transfers", what="contracts", format="csv")
            assert "L-2026-4" not in shown.text
            await shown.get(f"/authorisations/{name}")
            use = shown.words.partition("Use so far")[2].partition("counted at both ends")[0]
            assert "2026" in use
            assert ", version 1 " in use
    await pair.close()
