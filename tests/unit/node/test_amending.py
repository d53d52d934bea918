"""What may be asked for by an amendment of an authorisation."""

from pathlib import Path

from comity.foundation.members import rows
from support.controlled import authorised, controlled_pair, do
from support.loops import on_a_loop
from support.refusals import refused


@on_a_loop
async def test_an_amendment_that_changes_nothing_is_refused_before_it_is_recorded(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    limits: dict[str, object] = {"quantity": 2, "starts": "2026-11-01", "ends": "2027-06-30"}
    name = await authorised(pair, item, **limits)
    shown = await pair.b.call("authorisations.show", authorisation=name)
    same: dict[str, object] = {"title": shown["title"], "use": shown["use"], "items": [item]}
    before = len(rows(shown, "acts"))
    for asked in (dict[str, object](), same, limits, {**same, **limits, "words": "  "}):
        members = {"authorisation": name, "whole": "items" in asked, **asked}
        await refused(
            "authorisations.no_change", do(pair, pair.b, "authorisations.amend", **members)
        )
    shown = await pair.b.call("authorisations.show", authorisation=name)
    assert (shown["amendment"], len(rows(shown, "acts"))) == (False, before)
    for change in (
        {"words": "Without the second proviso."},
        {"quantity": 3},
        {"quantity": 2, "unit": "bytes"},
        {"ends": "2027-07-01"},
        {"starts": "2026-11-02"},
        {"use": "Two surveys."},
    ):
        made = await do(pair, pair.b, "authorisations.amend", authorisation=name, **change)
        assert made["amendment"]
    await pair.close()
