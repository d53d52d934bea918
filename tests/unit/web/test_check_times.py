"""When an end-use check took place, as its page, the list and the CSV say it."""

from pathlib import Path

from support.controlled import WHO, do
from support.loops import on_a_loop
from support.sites import logged_in
from unit.web.test_after_transfer_pages import crossed


@on_a_loop
async def test_a_check_says_in_utc_and_here_when_it_took_place_and_when_that_was_reported(
    tmp_path: Path,
) -> None:
    pair, _, name = await crossed(tmp_path)
    checks: list[str] = []
    for at in ("2027-03-01T09:00:00Z", "2027-03-02"):
        told = {"authorisation": name, "title": "The sonar", "what": "On board?"}
        made = await do(pair, pair.a, "endchecks.request", **told)
        checks.append(str(made["endcheck"]))
        for party in (pair.b, pair.a):
            when = {"at": at, "place": "Port"}
            await do(pair, party, "endchecks.arrange", endcheck=checks[-1], **when)
    async with await logged_in(pair.b, WHO) as theirs:
        theirs.client.cookies.set("comity_zone", "Europe/Paris")
        await theirs.get(f"/endchecks/{checks[0]}")
        here = "1 Mar 2027, 10:00 CET (1 Mar 2027, 09:00 UTC)"
        assert f"Time and place {here}" in theirs.words
    await pair.later(100 * 86_400)
    for check in checks:
        await do(pair, pair.a, "endchecks.done", endcheck=check, report="It is on board.")
    async with await logged_in(pair.b, WHO) as theirs:
        theirs.client.cookies.set("comity_zone", "Europe/Paris")
        await theirs.get(f"/endchecks/{checks[0]}")
        assert f"Took place {here}" in theirs.words
        assert "What was reported in the record of both since 3 Mar 2027, " in theirs.words
        await theirs.get(f"/endchecks/{checks[1]}")
        assert "Took place 2 Mar 2027 (UTC)" in theirs.words
        await theirs.get("/endchecks")
        assert "2 Mar 2027 (UTC)" in theirs.words
        await theirs.get("/endchecks", format="csv")
        assert "When (UTC)" in theirs.text.splitlines()[0]
    await pair.close()
