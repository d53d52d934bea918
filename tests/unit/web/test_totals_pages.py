"""Totals of an authorisation in a browser without a window: who is asked, what each reads."""

from pathlib import Path

from support.controlled import WHO
from support.loops import on_a_loop
from support.sites import logged_in
from unit.web.test_after_transfer_pages import crossed


@on_a_loop
async def test_the_totals_that_the_other_side_reported_are_offered_to_be_reported_too(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await theirs.get(path)
        await theirs.submit(f"{path}/report", {"starts": "2026-11-23", "ends": "2026-11-23"})
        assert "Reported. It counts once both have reported the same." in theirs.words
        counted = "2026-11-23 to 2026-11-23: 1 transfer, 1 received, 960 bytes"
        assert f"We reported {counted}." in theirs.words
        assert "It waits for them to compare and report theirs" in theirs.words
        assert f"reported the totals ({counted})" in theirs.words
        await theirs.get("/", whose="theirs")
        assert "We reported the totals of a period; they have not" in theirs.words
        await pair.settle()
        await ours.get("/", whose="mine")
        assert "compare them with our record, and report ours." in ours.words
        await ours.get(path)
        assert f"They reported {counted}." in ours.words.partition("What we can do")[0]
        for field, day in (("starts", "2026-11-23"), ("ends", "2026-11-23")):
            assert f'name="{field}" type="date" value="{day}"' in ours.text
        await ours.submit(f"{path}/report", {"starts": "2026-11-23", "ends": "2026-11-23"})
        assert "Reported. Both have said the same: it counts." in ours.words
        assert f"Reports of both {counted}" in ours.words
        await pair.settle()
        await theirs.get("/")
        assert "They reported the same totals as we did: these count now." in theirs.words
    await pair.close()


@on_a_loop
async def test_both_read_on_the_first_page_and_on_top_that_their_totals_differ(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        for shown, starts in ((ours, "2026-11-22"), (theirs, "2026-11-23")):
            await shown.get(path)
            await shown.submit(f"{path}/report", {"starts": starts, "ends": "2026-11-23"})
            await pair.settle()
        assert "They reported otherwise: it counts once" in theirs.words
        for shown in (ours, theirs):
            await shown.get("/")
            assert "The totals of the two differ: they count once both" in shown.words
            await shown.get(path)
            head = shown.words.partition("For which use")[0]
            assert "The totals of the two differ" in head
            assert ("We" if shown is ours else "They") + " reported 2026-11-22 to" in head
            assert ("They" if shown is ours else "We") + " reported 2026-11-23 to" in head
            assert "for both" in head
        await theirs.submit(f"{path}/report", {"starts": "2026-11-22", "ends": "2026-11-23"})
        await pair.settle()
        for shown in (ours, theirs):
            await shown.get(path)
            assert "The totals of the two differ" not in shown.words
    await pair.close()
