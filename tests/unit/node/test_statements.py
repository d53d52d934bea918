"""Joint statements between two nodes: agreed, cleared, released by both or not at all."""

from pathlib import Path

from comity.api.operations import BY_NAME
from comity.foundation.members import one, rows
from comity.node.statements import BY_ITSELF_S
from comity.verify import verify_archive
from support.crossing import suspend
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import act, at_stage
from support.statements import (
    FRENCH,
    WHO,
    adopted,
    agreed,
    begun,
    clear,
    cleared,
    do,
    letters_of,
    marked,
    ordered,
    page_of,
    shown,
    stands,
)
from support.two_nodes import START, Party
from support.worlds import fingerprints_of


@on_a_loop
async def test_a_statement_goes_from_its_first_word_to_its_release_the_same_on_both_sides(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    text = await adopted(pair)
    name = await begun(pair)
    assert await stands(pair, name) == ["negotiating"] * 2
    await do(pair, pair.a, "text", name, texts=(text,))
    ours, theirs = await shown(pair, name)
    assert (ours["waits_for"], theirs["waits_for"]) == ("them", "us")
    await do(pair, pair.b, "text", name)
    assert await stands(pair, name) == ["agreed"] * 2
    name = await ordered(pair, text)
    ours, theirs = await shown(pair, name)
    assert (ours["status"], theirs["status"]) == ("embargoed",) * 2
    assert rows(ours, "sentences")[0]["agreed"] == {
        "mark": "welcomed",
        "promise": None,
    }
    await pair.later(601)
    await pair.settle()
    ours, theirs = await shown(pair, name)
    assert (ours["status"], theirs["status"]) == ("released",) * 2
    assert ours["release_digest"] == theirs["release_digest"]
    (promise,) = rows(await pair.b.call("commitments"), "commitments")
    assert (promise["status"], promise["performer"]) == ("open", "them")
    assert (
        one(await pair.b.call("commitments.show", commitment=promise["commitment"]), "source")[
            "ref"
        ]
        == name
    )
    await pair.a.call("commitments.claim", who=WHO, commitment=promise["commitment"])
    await pair.settle()
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_anyone_verifies_the_page_and_a_changed_word_is_found(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    texts = [await adopted(pair), await adopted(pair, FRENCH, "D\u00e9claration conjointe")]
    name = await ordered(pair, *texts)
    await refused("statements.not_released", page_of(pair.a, name))
    await pair.later(601)
    await pair.settle()
    letters = await letters_of(pair)
    pages = [await page_of(party, name) for party in (pair.a, pair.b)]
    for page in pages:
        report = verify_archive(page, trust=letters)
        assert report.ok, report.lines
        assert verify_archive(page, trust=()).verdict == "not_established"
    assert pages[0] != pages[1], "each names its own party first"
    assert await page_of(pair.b, name, alternate="them") == pages[0], "both nodes make the same"
    bad = pages[0].replace(b"They reaffirm", b"They revoke", 1)
    report = verify_archive(bad, trust=letters)
    assert report.verdict == "failed"
    assert "revoke" in report.failures[0].detail
    assert b"<script" not in pages[0]
    await pair.close()


# --- every row of D2.4, reached through two nodes -------------------------------------------------


@on_a_loop
async def test_a_text_that_one_side_has_not_adopted_is_no_text_of_a_statement(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await begun(pair)
    text = await adopted(pair, adopting="A")
    await refused("statements.not_adopted", do(pair, pair.a, "text", name, texts=(text,)))
    await refused("statements.nothing_said", do(pair, pair.b, "text", name))
    await refused("agreements.no_instrument", do(pair, pair.a, "text", name, texts=("none",)))
    assert await stands(pair, name) == ["negotiating"] * 2
    await pair.close()


@on_a_loop
async def test_both_see_what_each_marks_and_only_what_both_say_alike_is_cleared(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await agreed(pair)
    await do(pair, pair.a, "mark", name, sentences=(1, 2), mark="welcomed")
    ours, theirs = await shown(pair, name)
    assert one(rows(ours, "sentences")[0], "ours")["mark"] == "welcomed"
    assert one(rows(theirs, "sentences")[0], "theirs")["mark"] == "welcomed"
    await refused("statements.unmarked", clear(pair, name))
    await refused("statements.which_sentence", do(pair, pair.a, "mark", name, sentences=(9,)))
    await refused("statements.which_mark", do(pair, pair.a, "mark", name, sentences=(1,)))
    await refused(
        "statements.who_does_what",
        do(pair, pair.a, "mark", name, sentences=(1,), mark="committed"),
    )
    await do(pair, pair.b, "mark", name)
    await refused("statements.nothing_marked", do(pair, pair.b, "mark", name))
    ours, _ = await shown(pair, name)
    assert one(rows(ours, "sentences")[1], "agreed")["mark"] == "welcomed"
    assert ours["unmarked"] == 3
    await pair.close()


@on_a_loop
async def test_nobody_clears_for_other_people_than_their_own(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await marked(pair)
    for operation, who in (
        ("statements.clear_press", "legal_adviser"),
        ("statements.clear_legal", "press_officer"),
        ("statements.clear_legal", "desk_officer"),
        ("statements.unclear_press", "desk_officer"),
    ):
        members = {"reason": "x"} if "unclear" in operation else {}
        await refused("officials.role", pair.a.call(operation, who=who, statement=name, **members))
    assert await stands(pair, name) == ["agreed"] * 2
    await clear(pair, name)
    assert await stands(pair, name) == ["cleared"] * 2
    await pair.close()


@on_a_loop
async def test_orders_that_differ_release_nothing_and_a_time_that_passed_is_none(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await cleared(pair)
    first, second = (str(pair.clock.now().plus(each)) for each in (60, 120))
    await do(pair, pair.a, "order", name, at=first)
    await do(pair, pair.b, "order", name, at=second)
    assert await stands(pair, name) == ["cleared"] * 2
    await refused("statements.past", do(pair, pair.a, "order", name, at=str(START)))
    await pair.later(200)
    assert await stands(pair, name) == ["cleared"] * 2
    await refused("statements.past", do(pair, pair.a, "order", name))
    await pair.close()


@on_a_loop
async def test_a_pull_that_meets_the_release_at_its_time_has_one_outcome_at_both_nodes(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    pair.wire.down = True
    await pair.b.call("statements.pull", who=WHO, statement=name, reason="Not now.")
    await pair.later(601)  # A's node releases at the time; it has not heard of the pull
    assert (await shown(pair, name))[0]["released_by"] == ["us"]
    await refused("statements.released_by_you", _pull(pair.a, name))
    pair.wire.calm()
    await pair.settle()
    assert await stands(pair, name) == ["pulled"] * 2
    for party in (pair.a, pair.b):
        assert rows(await party.call("commitments"), "commitments") == []
        await refused("statements.not_released", page_of(party, name))
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


async def _pull(party: Party, name: str) -> object:
    return await party.call("statements.pull", who=WHO, statement=name, reason="No.")


@on_a_loop
async def test_a_clearance_taken_back_in_the_embargo_holds_the_release_of_both(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    await do(pair, pair.b, "unclear_legal", name, who="legal_adviser", reason="A date is wrong.")
    await pair.later(601)
    assert await stands(pair, name) == ["agreed"] * 2
    await refused("statements.not_embargoed", do(pair, pair.a, "release", name))
    await pair.b.call("statements.clear_legal", who="legal_adviser", statement=name)
    await pair.settle()
    assert await stands(pair, name) == ["released"] * 2, "the order of both still stands"
    await pair.close()


@on_a_loop
async def test_a_node_that_slept_through_the_time_leaves_the_release_to_a_person(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    await refused("statements.embargo", do(pair, pair.a, "release", name))
    for party in (pair.a, pair.b):
        await pair.stop(party)
    pair.clock.tick(600 + BY_ITSELF_S + 1)
    for party in (pair.a, pair.b):
        await pair.start(party)
    await pair.settle()
    ours, theirs = await shown(pair, name)
    assert (ours["status"], ours["waits_what"], ours["due"]) == ("embargoed", "release", True)
    await do(pair, pair.a, "release", name)
    await refused("statements.released_by_you", do(pair, pair.a, "release", name))
    ours, theirs = await shown(pair, name)
    assert (ours["waits_for"], theirs["waits_for"]) == ("them", "us")
    await do(pair, pair.b, "release", name)
    assert await stands(pair, name) == ["released"] * 2
    await refused("deeds.not_now", do(pair, pair.b, "release", name))
    await pair.close()


@on_a_loop
async def test_nothing_is_released_while_its_article_is_suspended(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    await suspend(pair, pair.b)
    await pair.later(601)
    assert await stands(pair, name) == ["embargoed"] * 2
    await refused("deeds.not_permitted", do(pair, pair.a, "release", name))
    readout = {"title": "Ours", "text": "We met."}
    await refused("deeds.not_permitted", do(pair, pair.a, "readout", name, **readout))
    await do(pair, pair.a, "pull", name, reason="The article is suspended.")
    assert await stands(pair, name) == ["pulled"] * 2
    await pair.close()


@on_a_loop
async def test_another_text_after_clearance_starts_clearance_anew(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    other = await adopted(pair, "# Joint statement\n\nThey met. They parted.\n", "Another text")
    await do(pair, pair.a, "text", name, texts=(other,))
    assert await stands(pair, name) == ["embargoed"] * 2
    await do(pair, pair.b, "text", name)
    ours, _ = await shown(pair, name)
    assert (ours["status"], ours["unmarked"], ours["order"]) == ("agreed", 2, None)
    await pair.later(601)
    assert await stands(pair, name) == ["agreed"] * 2, "no time releases what nobody cleared"
    await pair.close()


@on_a_loop
async def test_a_text_that_one_side_opens_again_is_not_released(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    text = await adopted(pair)
    name = await ordered(pair, text)
    await pair.b.call("agreements.reopen", who="negotiator", instrument=text, reason="A mistake.")
    await pair.settle()
    await pair.later(601)
    assert await stands(pair, name) == ["embargoed"] * 2
    await refused("statements.not_adopted", do(pair, pair.a, "release", name))
    ours, _ = await shown(pair, name)
    assert rows(ours, "texts")[0]["stands"] is False
    assert len(rows(ours, "sentences")) == 5, "what was agreed can still be read"
    await pair.close()


@on_a_loop
async def test_an_erratum_of_both_stands_on_the_page_and_the_original_stays(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    await pair.later(601)
    await refused("statements.no_correction", do(pair, pair.b, "accept_correction", name))
    texts = {"en": "For Harbour House read Harbour Hall."}
    await do(pair, pair.a, "correct", name, texts=texts)
    _, theirs = await shown(pair, name)
    assert (theirs["waits_for"], theirs["waits_what"]) == ("us", "correct")
    await do(pair, pair.b, "accept_correction", name)
    assert await stands(pair, name) == ["corrected"] * 2
    made = await page_of(pair.b, name)
    assert b"read Harbour Hall" in made
    assert b"met at Harbour House" in made
    assert verify_archive(made, trust=await letters_of(pair)).ok
    await pair.close()


@on_a_loop
async def test_a_read_out_is_labelled_and_shown_where_it_departs(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await begun(pair)
    said = {"title": "Our talks", "text": "They warmly welcome the first common chart."}
    await do(pair, pair.b, "readout", name, who="press_officer", **said)
    await refused(
        "statements.nothing_to_compare",
        pair.a.call("statements.departs", statement=name, readout="1"),
    )
    text = await adopted(pair)
    await do(pair, pair.a, "text", name, texts=(text,))
    await do(pair, pair.b, "text", name)
    await refused(
        "statements.no_readout", pair.a.call("statements.departs", statement=name, readout="7")
    )
    for party, by in ((pair.a, "them"), (pair.b, "us")):
        found = await party.call("statements.departs", statement=name, readout="last")
        assert found["by"] == by
        assert one(found, "counts") == {"same": 0, "changed": 1, "added": 0, "left_out": 4}
    assert await stands(pair, name) == ["agreed"] * 2
    await pair.close()


@on_a_loop
async def test_markup_in_a_title_or_text_stays_words_on_the_page(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    hostile = "They met <script>alert(1)</script> & </pre><pre id=x> spoke. " * 2
    text = await adopted(
        pair, f"# <img src=x onerror=alert(1)>\n\n{hostile}\n", "<b>Joint</b> & co"
    )
    name = await agreed(pair, text)
    ours, _ = await shown(pair, name)
    count = len(rows(ours, "sentences"))
    numbers = tuple(range(1, count + 1))
    await do(pair, pair.a, "mark", name, sentences=numbers, mark="aspiration")
    await do(pair, pair.b, "mark", name)
    await clear(pair, name)
    await do(pair, pair.a, "order", name, at=str(pair.clock.now().plus(60)))
    await do(pair, pair.b, "order", name)
    await pair.later(61)
    made = await page_of(pair.a, name)
    assert b"<script" not in made
    assert b"<img" not in made
    assert made.count(b"</pre>") == 1
    assert verify_archive(made, trust=await letters_of(pair)).ok
    await refused("node.character", begun(pair, title="a bell \x07"))
    await pair.close()


@on_a_loop
async def test_nobody_is_asked_to_initial_a_text_that_a_statement_says(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    text = await adopted(pair)

    async def asked() -> set[object]:
        parties = (pair.a, pair.b)
        found = [row for each in parties for row in rows(await each.call("needs"), "needs")]
        return {row["code"] for row in found if one(row, "object")["id"] == text}

    assert not await asked(), "it states no entry into force: it is adopted and no more"
    name = await agreed(pair, text)
    assert not await asked(), "it is released, not signed"
    under, pair.instrument = pair.instrument, text
    await act(pair, pair.a, "initial")
    pair.instrument = under
    assert not await asked(), "initials under it ask for no others"
    found = rows(await pair.a.call("relationship", counterpart=pair.b.did), "measures")
    (oldest,) = [row for row in found if row["measure"] == "oldest_wait"]
    assert {line["value"] for line in rows(oldest, "lines")} == {None}, "nor does anybody wait"
    for party in (pair.a, pair.b):
        (said,) = rows(await party.call("agreements.show", instrument=text), "statements")
        assert said["statement"] == name
    await do(pair, pair.a, "pull", name, reason="Not now.")
    assert not await asked()
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_a_statement_that_waits_for_us_is_on_our_list_and_on_theirs(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await marked(pair)
    await clear(pair, name, pair.a)
    for party, who in ((pair.a, "them"), (pair.b, "us")):
        needs = await party.call("needs", who="legal_adviser")
        found = [row for row in rows(needs, "needs") if row["code"] == "statement.clear"]
        assert [row["who"] for row in found] == [who]
    listed = await pair.b.call("statements", state="ours")
    assert [row["statement"] for row in rows(listed, "statements")] == [name]
    listed = await pair.a.call("statements", state="ours", counterpart=pair.b.did)
    assert rows(listed, "statements") == []
    for state, count in (("open", 1), ("out", 0), ("all", 1)):
        assert len(rows(await pair.a.call("statements", state=state), "statements")) == count
    await pair.close()


@on_a_loop
async def test_who_has_cleared_a_statement_has_no_task_left_while_others_have(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await marked(pair)

    async def asked(who: str) -> list[object]:
        found = rows(await pair.a.call("needs", who=who, whose="mine"), "needs")
        return [row["roles"] for row in found if row["code"] == "statement.clear"]

    assert await asked("press_officer") == [["press_officer", "legal_adviser"]]
    await do(pair, pair.a, "clear_press", name, who="press_officer")
    assert await asked("press_officer") == []
    assert await asked("legal_adviser") == [["legal_adviser"]]
    await do(pair, pair.a, "unclear_press", name, who="press_officer", reason="A name is wrong.")
    assert await asked("press_officer") == [["press_officer", "legal_adviser"]]
    await pair.close()


@on_a_loop
async def test_who_has_only_a_browser_has_the_page_verified_by_their_own_node(
    tmp_path: Path,
) -> None:
    pair = await at_stage("in_force", tmp_path)
    name = await ordered(pair)
    await pair.later(601)
    made = await page_of(pair.a, name)
    operation = BY_NAME["evidence.verify"]
    for data, verdict in ((made, "verified"), (made.replace(b"next year", b"never"), "failed")):
        upload = pair.b.node.ctx.payloads.write(data)
        found = await pair.b.node.dispatch.call(
            operation, operation.request(pinned=True), official=None, upload=upload
        )
        assert isinstance(found, dict)
        assert found["verdict"] == verdict
        told = {row["stage"]: row["result"] for row in rows(found, "stages")}
        assert "agreement" not in told
        assert told["statement"] == "held"
        assert told["page"] == ("held" if verdict == "verified" else "failed")
    await pair.close()
