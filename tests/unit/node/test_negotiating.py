"""What a negotiator sees of a text, unit by unit, and what becomes of two who answer at once."""

from collections.abc import Sequence
from pathlib import Path

from comity.foundation.canonical import JsonObject
from support.framework import (
    CONDITIONED,
    OWN_WORDING,
    RED_LINE,
    RED_LINE_ID,
    RED_LINE_SENTENCE,
    UNAFFECTED,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import answer, at_stage, counter, draft, table
from support.two_nodes import Pair, Party

THIRD = "Article 3"


def rows(value: JsonObject, name: str) -> list[JsonObject]:
    found = value[name]
    assert isinstance(found, Sequence)
    return [dict(each) for each in found]  # type: ignore[arg-type]  # rows are objects


async def page(party: Party, pair: Pair, *, who: str = "negotiator", **asked: object) -> JsonObject:
    return await party.call("agreements.show", who=who, instrument=pair.instrument, **asked)


async def unit(party: Party, pair: Pair, label: str = THIRD, who: str = "negotiator") -> JsonObject:
    (row,) = rows(await page(party, pair, who=who, unit=label), "units")
    return row


async def reword(party: Party, pair: Pair, text: str, **more: object) -> JsonObject:
    asked: dict[str, object] = {"unit": THIRD, "text": text, **more}
    return await party.call(
        "agreements.counter_unit", who="negotiator", instrument=pair.instrument, **asked
    )


async def staged(party: Party, pair: Pair, who: str = "negotiator", **more: object) -> JsonObject:
    return await party.call("agreements.staged", who=who, instrument=pair.instrument, **more)


async def conditioned(root: Path) -> Pair:
    """Return the pair where B has countered the third-party article and A has a red line on it."""
    pair = await at_stage("tabled", root)
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    fields = ('relations = "unaffected"', 'relations = "conditioned"')
    await counter(pair, pair.b, (UNAFFECTED, CONDITIONED), fields)
    await table(pair, pair.b)
    return pair


@on_a_loop
async def test_a_unit_shows_their_wording_against_ours_with_fields_in_plain_words(
    tmp_path: Path,
) -> None:
    pair = await conditioned(tmp_path)
    one = await unit(pair.a, pair)
    assert (one["status"], one["our_turn"]) == ("bracketed", True)
    ours, theirs = sorted(rows(one, "alternatives"), key=lambda each: not each["ours"])
    assert UNAFFECTED in str(ours["text"])
    assert CONDITIONED in str(theirs["text"])
    difference = one["difference"]
    assert isinstance(difference, dict)
    assert ["gone", "does not affect "] in difference["runs"]
    assert difference["says_new"] != difference["says_gone"]
    assert "condition" in str(difference["says_new"])
    assert isinstance(one["answers"], list)
    assert {"accept", "accept_ad_ref", "counter", "object"} <= set(one["answers"])
    assert (await unit(pair.a, pair, "Article 2"))["difference"] is None
    await pair.close()


@on_a_loop
async def test_red_lines_and_notes_are_seen_by_no_official_without_a_role_for_them(
    tmp_path: Path,
) -> None:
    pair = await conditioned(tmp_path)
    await pair.a.call(
        "agreements.note",
        who="legal_adviser",
        instrument=pair.instrument,
        unit=THIRD,
        words="They gave way in 2019.",
    )
    for who in ("negotiator", "legal_adviser", "mandate_holder"):
        one = await unit(pair.a, pair, who=who)
        assert [each["sentence"] for each in rows(one, "red_lines")] == [RED_LINE_SENTENCE]
        (note,) = rows(one, "notes")
        assert (note["by"], note["words"]) == ("legal_adviser", "They gave way in 2019.")
    await answer(pair, pair.a, "accept", THIRD)
    for who in ("desk_officer", "release_officer", "signatory"):
        seen = str(await page(pair.a, pair, who=who)) + str(await staged(pair.a, pair, who))
        assert RED_LINE_SENTENCE not in seen
        assert RED_LINE_ID not in seen
        assert "gave way" not in seen
        await refused(
            "officials.private", pair.a.call("redlines", who=who, instrument=pair.instrument)
        )
    assert "2019" not in str(await page(pair.b, pair))
    await pair.close()


@on_a_loop
async def test_an_answer_says_at_once_which_red_line_forbids_it(tmp_path: Path) -> None:
    pair = await conditioned(tmp_path)
    said = await answer(pair, pair.a, "accept", THIRD)
    (finding,) = rows(said, "red_lines")
    assert (finding["line"], finding["label"]) == (RED_LINE_ID, THIRD)
    other = await answer(pair, pair.a, "reserve", "Article 2", words="legal")
    assert other["red_lines"] == [], "that answer has nothing to do with the red line"
    assert len(rows(await staged(pair.a, pair), "red_lines")) == 1
    await pair.close()


@on_a_loop
async def test_one_unit_is_countered_and_its_field_goes_along(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    words = f"This Framework {OWN_WORDING}."
    text = str((await unit(pair.b, pair))["alternatives"])
    assert UNAFFECTED in text
    await refused("comparing.quote", reword(pair.b, pair, words))
    fields = """["Article 3".third_parties]
relations = "unaffected"
onward = "consent"
quote = "shall not be read to affect"
"""
    await reword(pair.b, pair, words, fields=fields, why="for clarity")
    one = await unit(pair.b, pair)
    moves = rows(one, "staged")
    assert [(each["move"], each["by"]) for each in moves] == [
        ("propose", "negotiator"),
        ("explain", "negotiator"),
    ]
    assert moves[0]["text"] == words
    assert one["status"] == "new", "nothing has left"
    await table(pair, pair.b)
    assert (await unit(pair.a, pair))["explanations"] == [[pair.b.did, "for clarity"]]
    assert (await unit(pair.a, pair))["status"] == "bracketed"
    await pair.close()


@on_a_loop
async def test_a_counter_is_looked_at_before_it_is_staged(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    asked: dict[str, object] = {"instrument": pair.instrument, "unit": "Article 7"}

    async def look(operation: str = "agreements.counter_preview", **more: object) -> JsonObject:
        return await pair.b.call(operation, who="negotiator", **{**asked, **more})

    found = await look()
    assert found["text"] == "This Framework remains in force for ten years."
    (form,) = rows(found, "forms")
    assert (form["name"], form["years"], form["problem"]) == ("term", 10, None)
    assert found["difference"] is None
    assert "period" in str(found["fields_file"])
    form = {"name": "term", "unit": "", "quote": "twelve years", "years": 12}
    text = "This Framework remains in force for twelve years."
    found = await look(text=text, forms=[form])
    wording = found["wording"]
    assert isinstance(wording, dict)
    assert wording["says"] == ["Term: 12 years."]
    assert "twelve" in str(found["difference"])
    found = await look(text=text, fields=str(found["fields_file"]))
    assert found["wording"] is None
    problem = found["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "fields_file.field"
    found = await look(text=text, fields=str(found["fields_file"]).replace("ten", "twelve"))
    assert found["problem"] is None
    found = await look(delete=True)
    assert found["deleted"] is True
    assert found["forms"] == []
    problem = (await look(text="", heading=""))["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "comparing.no_words"
    assert rows(await staged(pair.b, pair), "moves") == []
    act = "agreements.counter_unit"
    error = await refused("agreements.field", look(act, text="Ten.", forms=[form]))
    assert error.facts["field"] == "term"
    both = look(act, text=text, forms=[form], fields="")
    await refused("agreements.fields_twice", both)
    await look(act, text=text, forms=[form])
    (row,) = rows(await staged(pair.b, pair), "moves")
    assert row["says"] == ["Term: 12 years."]
    await pair.close()


@on_a_loop
async def test_a_unit_is_proposed_to_be_deleted(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await reword(pair.b, pair, "", delete=True)
    assert rows(await unit(pair.b, pair), "staged")[0]["deleted"] is True
    await refused("comparing.no_words", reword(pair.b, pair, " ", heading=" "))
    await pair.close()


@on_a_loop
async def test_two_officials_who_answer_at_once_do_not_write_over_each_other(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    seen = str((await unit(pair.b, pair))["mark"])

    async def say(what: str, who: str, **more: object) -> JsonObject:
        return await pair.b.call(
            "agreements.answer",
            who=who,
            instrument=pair.instrument,
            answer=what,
            units=[THIRD],
            mark=seen,
            **more,
        )

    await say("accept", "negotiator")
    await say("accept", "negotiator")  # pressed twice
    error = await refused("unit.stale", say("object", "negotiator", words="no"))
    assert error.facts["why"] == "tray"
    assert "Chief Negotiator has put an answer" in error.message, error.message
    error = await refused("unit.stale", reword(pair.b, pair, "Other words.", mark=seen, fields=""))
    assert THIRD in error.message
    assert [each["move"] for each in rows(await staged(pair.b, pair), "moves")] == ["accept"]
    fresh = str((await unit(pair.b, pair))["mark"])
    await pair.b.call("agreements.unstage", who="negotiator", instrument=pair.instrument)
    seen = fresh
    error = await refused("unit.stale", say("park", "negotiator"))
    assert "removed" in error.message
    await pair.close()


@on_a_loop
async def test_an_answer_to_wording_that_has_changed_meanwhile_is_refused_at_the_unit(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    seen = str((await unit(pair.b, pair))["mark"])
    await answer(pair, pair.b, "accept", THIRD)
    await pair.a.call(
        "agreements.counter_unit",
        who="negotiator",
        instrument=pair.instrument,
        unit=THIRD,
        text="Nothing here affects others.",
        fields="",
    )
    await table(pair, pair.a)
    (row,) = rows(await unit(pair.b, pair), "staged")
    assert row["stale"] is True, "the tray says that the wording is gone"
    error = await refused(
        "unit.stale",
        pair.b.call(
            "agreements.answer",
            who="negotiator",
            instrument=pair.instrument,
            answer="object",
            units=[THIRD],
            mark=seen,
        ),
    )
    assert error.facts["why"] == "table"
    preview = (await staged(pair.b, pair, preview=True))["preview"]
    assert isinstance(preview, dict)
    problem = preview["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "agreements.digest_changed"
    assert preview["before"] == preview["after"]
    await pair.close()


@on_a_loop
async def test_the_tray_is_tabled_as_it_was_confirmed_or_not_at_all(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await answer(pair, pair.b, "accept", THIRD, "Article 4")
    confirmed = await staged(pair.b, pair, preview=True)
    preview = confirmed["preview"]
    assert isinstance(preview, dict)
    assert preview["problem"] is None
    before, after = preview["before"], preview["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before.get("agreed", 0), after["agreed"]) == (0, 2)
    await answer(pair, pair.b, "accept", "Article 5")

    async def send(tray: object) -> JsonObject:
        return await pair.b.call(
            "agreements.table", who="negotiator", instrument=pair.instrument, tray=tray
        )

    await refused("tray.stale", send(confirmed["mark"]))
    assert (await unit(pair.a, pair))["status"] != "agreed"
    done = await send((await staged(pair.b, pair))["mark"])
    assert done["entry"] == preview["n"]
    await pair.settle()
    assert (await unit(pair.a, pair))["status"] == "agreed"
    await pair.close()


@on_a_loop
async def test_one_answer_is_taken_out_of_the_tray_and_the_others_stay(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await answer(pair, pair.b, "accept", THIRD, "Article 4")
    left = await pair.b.call(
        "agreements.unstage", who="negotiator", instrument=pair.instrument, units=[THIRD]
    )
    assert left["staged"] == 1
    assert [each["label"] for each in rows(await staged(pair.b, pair), "moves")] == ["Article 4"]
    await pair.b.call(
        "agreements.unstage", who="negotiator", instrument=pair.instrument, units=["Article 4"]
    )
    assert (await staged(pair.b, pair))["staged"] == 0
    await pair.close()


@on_a_loop
async def test_units_are_paged_and_found_by_status_turn_and_words(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    await answer(pair, pair.b, "accept", THIRD)
    await table(pair, pair.b)
    whole = await page(pair.b, pair)
    every = [str(each["label"]) for each in rows(whole, "units")]
    assert whole["total"] == len(every)
    first = await page(pair.b, pair, limit=5)
    second = await page(pair.b, pair, start=5, limit=5)
    assert [each["label"] for each in rows(first, "units") + rows(second, "units")] == every[:10]
    pages = rows(first, "pages")
    assert [each["start"] for each in pages] == list(range(0, len(every), 5))
    assert (pages[0]["first"], pages[0]["last"]) == (every[0], every[4])

    async def labels(**asked: object) -> list[str]:
        return [
            str(each["label"])
            for each in rows(await page(pair.b, pair, who="negotiator", **asked), "units")
        ]

    assert await labels(status="agreed") == [THIRD]
    assert THIRD not in await labels(turn="ours")
    assert await labels(turn="theirs") == []
    assert await labels(words="  RELATIONS of either\nparty ") == [THIRD]
    assert await labels(words="no such words") == []
    await refused("agreements.no_status", labels(status="nice"))
    turns = whole["turns"]
    assert isinstance(turns, dict)
    assert turns["ours"] == len(every) - 1
    await pair.close()


@on_a_loop
async def test_every_state_of_the_text_can_be_read_and_compared(tmp_path: Path) -> None:
    pair = await conditioned(tmp_path)
    for party in (pair.a, pair.b):
        said = await party.call("agreements.states", instrument=pair.instrument)
        newest, first = rows(said, "states")
        assert (newest["number"], first["number"]) == (2, 1)
        assert (first["by"], first["ours"]) == (pair.a.did, party is pair.a)
        assert first["attested"] is not None
        units = first["units"]
        assert first["counts"] == {"open": units}
        assert "'bracketed': 1" in str(newest["counts"])
        rounds = await party.call("agreements.rounds", instrument=pair.instrument)
        assert [each["number"] for each in rows(rounds, "rounds")] == [1, 2]
        for earlier, later in (("1", "2"), ("ours", "theirs")):
            asked = {"instrument": pair.instrument, "earlier": earlier, "later": later}
            made = await party.call("agreements.compare", who=None, **asked)
            again = await party.call("agreements.compare", who=None, **asked)
            assert made == again
            (found,) = rows(made, "differences")
            assert (found["label"], found["kind"]) == (THIRD, "changed")
            assert "does not affect " in str(found["runs"])
    for wrong in ("0", "3", "x", "1e3", "99999999999"):
        await refused(
            "agreements.no_state",
            pair.a.call("agreements.compare", instrument=pair.instrument, earlier=wrong),
        )
    await pair.close()


@on_a_loop
async def test_red_lines_come_back_as_the_file_they_were_and_errors_name_the_line(
    tmp_path: Path,
) -> None:
    pair = await at_stage("introduced", tmp_path)
    await draft(pair)
    setting = {"who": "mandate_holder", "instrument": pair.instrument}
    await pair.a.call("redlines.set", **setting, lines=RED_LINE)
    kept = await pair.a.call("redlines", **setting)
    assert [each["id"] for each in rows(kept, "red_lines")] == [RED_LINE_ID]
    assert kept["toml"] == RED_LINE
    wrong = RED_LINE + RED_LINE.replace('"red"', '"crimson"')
    error = await refused("redlines.severity", pair.a.call("redlines.set", **setting, lines=wrong))
    assert error.facts["line"] == RED_LINE.count("\n") + 1
    assert rows(await pair.a.call("redlines", **setting), "red_lines") == rows(kept, "red_lines")
    await table(pair, pair.a)
    later = await pair.a.call("redlines", **setting)
    assert later["toml"] == RED_LINE
    await pair.close()


@on_a_loop
async def test_our_package_can_be_taken_back_before_it_is_accepted(tmp_path: Path) -> None:
    pair = await conditioned(tmp_path)
    await pair.b.call(
        "agreements.package",
        who="negotiator",
        instrument=pair.instrument,
        gives=["Article 4"],
        asks=[THIRD],
    )
    (row,) = rows(await staged(pair.b, pair), "moves")
    assert (row["gives"], row["asks"]) == (["Article 4"], [THIRD])
    await table(pair, pair.b)
    (offer,) = rows(await page(pair.a, pair), "packages")
    taken = {"instrument": pair.instrument, "package": str(offer["package"])}
    await refused(
        "agreements.package_not_ours",
        pair.a.call("agreements.withdraw_package", who="negotiator", **taken),
    )
    await pair.b.call("agreements.withdraw_package", who="negotiator", **taken)
    await pair.b.call(
        "agreements.unstage",
        who="negotiator",
        instrument=pair.instrument,
        packages=[taken["package"]],
    )
    assert (await staged(pair.b, pair))["staged"] == 0
    await pair.b.call("agreements.withdraw_package", who="negotiator", **taken)
    await table(pair, pair.b)
    assert rows(await page(pair.a, pair), "packages") == []
    await pair.close()
