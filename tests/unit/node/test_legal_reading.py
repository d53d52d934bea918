"""What a user loses if this breaks: what the legal adviser must see, and the hold that stops us."""

from pathlib import Path

from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from support import stages
from support.framework import (
    CONDITIONED,
    RED_LINE,
    RED_LINE_SENTENCE,
    UNAFFECTED,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair, Party

SECRET = "the minister would never forgive us"


async def reading(pair: Pair, party: Party, **members: object) -> JsonObject:
    return await party.call(
        "agreements.reading", who="legal_adviser", instrument=pair.instrument, **members
    )


def units(answer: JsonObject) -> list[JsonObject]:
    return rows(answer, "units")


async def row(pair: Pair, party: Party, label: str, **members: object) -> JsonObject:
    found = [
        each for each in units(await reading(pair, party, **members)) if each["label"] == label
    ]
    assert len(found) == 1, label
    return found[0]


async def sign_off(
    pair: Pair, verdict: str, label: str, *, words: str = "", who: str = "legal_adviser"
) -> JsonObject:
    read = await row(pair, pair.a, label)
    return await pair.a.call(
        "agreements.review_unit",
        who=who,
        instrument=pair.instrument,
        unit=str(read["unit"]),
        wording=str(read["wording"]),
        verdict=verdict,
        words=words,
    )


async def b_conditions(pair: Pair) -> None:
    """B counters the article on third parties, by word and field."""
    await stages.answer(pair, pair.b, "accept", "all")
    await stages.counter(
        pair,
        pair.b,
        (UNAFFECTED, CONDITIONED),
        ('relations = "unaffected"', 'relations = "conditioned"'),
        ("ten years", "five years"),
        ("P10Y", "P5Y"),
    )
    await stages.table(pair, pair.b)


@on_a_loop
async def test_breaches_duties_effects_and_changes_stand_beside_their_unit(tmp_path: Path) -> None:
    pair = await stages.at_stage("tabled", tmp_path)
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    await b_conditions(pair)
    found = await reading(pair, pair.a, against=1)
    assert found["states"] == 2
    assert found["languages"] == [
        {"language": "en", "looked_for": ["duty", "third_party", "register"]}
    ]
    counts = one(found, "counts")
    assert (counts["red"], counts["breaches"], counts["changes"]) == (1, 1, 2)
    third = await row(pair, pair.a, "Article 3", against=1)
    (breach,) = rows(third, "breaches")
    assert breach["sentence"] == RED_LINE_SENTENCE
    assert (breach["by"], breach["passed"]) == (["theirs"], False)
    codes = {(each["group"], each["code"], each["new"]) for each in rows(third, "points")}
    assert ("third_party", "conditioned", True) in codes
    assert ("change", "field", True) in codes
    review = await row(pair, pair.a, "Article 4", against=1)
    assert ("duty", "both", False) in {
        (each["group"], each["code"], each["new"]) for each in rows(review, "points")
    }, "a duty that stood before is no new one"
    only = units(await reading(pair, pair.a, against=1, show="breaches"))
    assert [each["label"] for each in only] == ["Article 3"]
    changed = units(await reading(pair, pair.a, against=1, show="changes", start=1, limit=1))
    assert [each["label"] for each in changed] == ["Article 7"]
    await refused("legal.no_state", reading(pair, pair.a, against=3))
    await pair.close()


@on_a_loop
async def test_a_deviation_is_shown_beside_the_breach_it_lets_pass(tmp_path: Path) -> None:
    pair = await stages.at_stage("tabled", tmp_path)
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=pair.instrument, lines=RED_LINE
    )
    await b_conditions(pair)
    await pair.a.call(
        "redlines.deviate",
        who="mandate_holder",
        instrument=pair.instrument,
        line="free-hand",
        unit="Article 3",
    )
    (breach,) = rows(await row(pair, pair.a, "Article 3"), "breaches")
    assert breach["passed"] is True
    await pair.close()


@on_a_loop
async def test_a_sign_off_counts_for_the_wording_that_was_read(tmp_path: Path) -> None:
    pair = await stages.at_stage("tabled", tmp_path)
    await sign_off(pair, "clear", "Article 3", words="fine")
    third = await row(pair, pair.a, "Article 3")
    assert (third["standing"], one(third, "review")["by_name"]) == (
        "clear",
        "Aldoria Legal Adviser",
    )
    wording = str(third["wording"])
    await b_conditions(pair)
    assert (await row(pair, pair.a, "Article 3"))["standing"] == "changed"
    stale = pair.a.call(
        "agreements.review_unit",
        who="legal_adviser",
        instrument=pair.instrument,
        unit="Article 3",
        wording=wording,
        verdict="clear",
    )
    error = await refused("legal.changed", stale)
    assert "Read it again" in error.message
    to_read = units(await reading(pair, pair.a, show="to_read"))
    assert "Article 3" in [each["label"] for each in to_read]
    cleared = await pair.a.call(
        "agreements.clear_units",
        who="legal_adviser",
        instrument=pair.instrument,
        units={str(each["unit"]): str(each["wording"]) for each in to_read},
    )
    assert cleared["cleared"] == len(to_read)
    assert units(await reading(pair, pair.a, show="to_read")) == []
    await pair.close()


@on_a_loop
async def test_a_hold_stops_our_own_acts_until_it_is_lifted_or_overruled(tmp_path: Path) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    await refused("legal.hold_without_words", sign_off(pair, "hold", "Article 3"))
    await sign_off(pair, "hold", "Article 3", words=SECRET)

    async def adopt() -> JsonObject:
        return await pair.a.call("agreements.adopt", who="signatory", instrument=pair.instrument)

    error = await refused("legal.held", adopt())
    assert "Article 3" not in error.message, "a signatory does not read the legal review"
    clearing = pair.a.call("agreements.clear", who="mandate_holder", instrument=pair.instrument)
    assert "Article 3" in (await refused("legal.held", clearing)).message

    held = await row(pair, pair.a, "Article 3", show="held")
    overruling: dict[str, str] = {
        "who": "mandate_holder",
        "instrument": pair.instrument,
        "unit": "Article 3",
        "wording": str(held["wording"]),
        "words": "we take the risk",
    }
    await pair.a.call("agreements.overrule_hold", **overruling)
    assert (await row(pair, pair.a, "Article 3"))["standing"] == "overruled"
    request = await adopt()

    await sign_off(pair, "hold", "Article 3", words="again")
    await refused("legal.held", pair.a.sign(request, "signatory"))
    await sign_off(pair, "clear", "Article 3")
    await pair.a.sign(request, "signatory")
    await refused("legal.no_hold", pair.a.call("agreements.overrule_hold", **overruling))
    await pair.close()


@on_a_loop
async def test_nobody_without_a_role_for_it_and_not_the_counterpart_learns_of_it(
    tmp_path: Path,
) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    await sign_off(pair, "hold", "Article 3", words=SECRET)
    for who in ("signatory", "desk_officer", "release_officer"):
        await refused(
            "officials.role",
            pair.a.call("agreements.reading", who=who, instrument=pair.instrument),
        )
    shown = [await pair.a.call("agreements.show", who="signatory", instrument=pair.instrument)]
    shown.append(
        await pair.a.call("agreements.conclusion", who="signatory", instrument=pair.instrument)
    )
    assert shown[-1]["holds"] is None
    assert SECRET not in str(shown)
    await stages.say(pair, pair.b, "a word")
    await pair.settle()
    assert not [one for one in pair.wire.sent if SECRET.encode() in one]
    assert not [one for one in pair.wire.carried if SECRET.encode() in one.answer]
    theirs = await reading(pair, pair.b)
    assert SECRET not in str(theirs)
    await pair.close()


@on_a_loop
async def test_a_signatory_is_stopped_by_a_red_line_without_reading_it(tmp_path: Path) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    line = RED_LINE.replace('"forbid_effect"', '"forbid_wording"').replace(
        'effect = "conditions_third_parties"', 'patterns = ["third parties"]'
    )
    await pair.a.call("redlines.set", who="mandate_holder", instrument=pair.instrument, lines=line)
    for operation in ("adopt",):
        error = await refused(
            "redlines.blocked",
            pair.a.call(f"agreements.{operation}", who="signatory", instrument=pair.instrument),
        )
        assert RED_LINE_SENTENCE not in error.message + str(error.facts)
    await pair.close()
