"""Joint statements between two nodes: agreed, cleared, released by both or not at all."""

from pathlib import Path

from comity.foundation.members import one, rows
from comity.verify import verify_archive
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage
from support.statements import (
    FRENCH,
    WHO,
    adopted,
    begun,
    do,
    letters_of,
    ordered,
    page_of,
    shown,
    stands,
)
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
