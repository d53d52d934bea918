"""What comes after a controlled item has crossed: consent to pass it on, and end-use checks."""

from pathlib import Path

from comity.foundation.members import one, rows
from support.controlled import (
    asked_before_the_rule,
    authorised,
    controlled_pair,
    do,
    fetch,
    forbidding_pair,
)
from support.loops import on_a_loop
from support.refusals import refused
from support.told import told_alike
from support.worlds import fingerprints_of
from unit.node.test_authorisations import transfers


@on_a_loop
async def test_consent_to_pass_on_is_asked_about_what_came_and_about_nothing_else(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item)
    await fetch(pair, item)
    await pair.settle()
    _, came = await transfers(pair)
    sent, _ = await transfers(pair)
    asked: dict[str, object] = {
        "instrument": pair.instrument,
        "unit": "Article 2",
        "third": "Navy Yard of Cerulia",
        "use": "Repair.",
    }
    await refused(
        "retransfers.not_received",
        do(pair, pair.a, "retransfers.request", transfer=sent, **asked),
    )
    made = await do(pair, pair.b, "retransfers.request", transfer=came, **asked)
    name = str(made["retransfer"])
    pair.clock.tick(3 * 86_400)
    (row,) = rows(await pair.a.call("retransfers"), "retransfers")
    assert (row["status"], row["founded"], row["days_without_answer"]) == ("requested", True, 3)
    await refused(
        "deeds.not_now", do(pair, pair.b, "retransfers.use", retransfer=name, report="Gone.")
    )
    await do(pair, pair.a, "retransfers.grant", retransfer=name, provisos=["Not beyond."])
    await do(pair, pair.b, "retransfers.use", retransfer=name, report="Passed on.")
    await do(pair, pair.a, "retransfers.close", retransfer=name, reason="Seen.")
    told = [await each.call("retransfers.show", retransfer=name) for each in (pair.a, pair.b)]
    assert [each["status"] for each in told] == ["closed", "closed"]
    assert (await told_alike(pair, "technology"))[-4:] == [
        *("consent_asked", "consent_granted", "consent_used", "consent_closed"),
    ]
    assert await fingerprints_of(pair.a) == await fingerprints_of(pair.b)
    await pair.close()


@on_a_loop
async def test_no_consent_is_asked_or_given_for_what_the_article_forbids_to_pass_on(
    tmp_path: Path,
) -> None:
    pair, item = await forbidding_pair(tmp_path)
    await authorised(pair, item)
    await fetch(pair, item)
    await pair.settle()
    _, came = await transfers(pair)
    told: dict[str, object] = {"third": "Navy Yard of Cerulia", "use": "Repair."}
    grounds: dict[str, object] = {"instrument": pair.instrument, "unit": "Article 2"}
    asking = do(pair, pair.b, "retransfers.request", transfer=came, **told, **grounds)
    error = await refused("retransfers.forbidden", asking)
    assert str(error).startswith("Article 2 of Framework for Cooperation says")
    name = await asked_before_the_rule(pair, item)
    granting = do(pair, pair.a, "retransfers.grant", retransfer=name, provisos=[])
    await refused("retransfers.forbidden", granting)
    await do(pair, pair.a, "retransfers.return", retransfer=name, reason="The article forbids it.")
    await refused("retransfers.forbidden", do(pair, pair.b, "retransfers.again", retransfer=name))
    await do(pair, pair.b, "retransfers.withdraw", retransfer=name)
    told_by = [await each.call("retransfers.show", retransfer=name) for each in (pair.a, pair.b)]
    assert [one(each, "onward")["onward"] for each in told_by] == ["refused", "refused"]
    await pair.close()


def asked(check: str, zone: str) -> dict[str, object]:
    """Return how a person in a zone names a time and place."""
    return {
        "endcheck": check,
        "at": "2027-01-10T10:00",
        "zone": zone,
        "place": "Port of Berevan",
    }


@on_a_loop
async def test_an_end_use_check_is_arranged_by_both_and_concluded_by_who_asked(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    made = await do(
        pair,
        pair.a,
        "endchecks.request",
        authorisation=name,
        title="Where the sonar is",
        what="That it is on board.",
    )
    check = str(made["endcheck"])
    when: dict[str, object] = {"at": "2027-01-10T09:00:00Z", "place": "Port of Berevan"}
    await refused("days.zone", do(pair, pair.a, "endchecks.arrange", **asked(check, "Nowhere")))
    told = [await each.call("endchecks.show", endcheck=check) for each in (pair.a, pair.b)]
    assert [each["waits_for"] for each in told] == ["both", "both"]
    await do(pair, pair.a, "endchecks.arrange", **asked(check, "Europe/Paris"))
    told = [await each.call("endchecks.show", endcheck=check) for each in (pair.a, pair.b)]
    assert [each["waits_for"] for each in told] == ["them", "us"]
    await do(pair, pair.b, "endchecks.arrange", endcheck=check, **when)
    told = [await each.call("endchecks.show", endcheck=check) for each in (pair.a, pair.b)]
    assert [(each["status"], each["waits_for"]) for each in told] == [
        ("arranged", "us"),
        ("arranged", "them"),
    ]
    early = do(pair, pair.a, "endchecks.done", endcheck=check, report="Seen.")
    await refused("endchecks.not_yet", early)
    await pair.later(60 * 86_400)
    await do(pair, pair.a, "endchecks.done", endcheck=check, report="Seen.")
    await do(
        pair, pair.a, "endchecks.conclude", endcheck=check, result="favourable", report="Fine."
    )
    await do(pair, pair.a, "endchecks.follow_up", endcheck=check, report="Again in spring.")
    told = [await each.call("endchecks.show", endcheck=check) for each in (pair.a, pair.b)]
    assert [(each["status"], each["may"]) for each in told] == [
        ("follow_up", ["conclude"]),
        ("follow_up", []),
    ]
    assert (await told_alike(pair, "technology"))[-6:] == [
        *("check_asked", "check_arranged", "check_arranged"),
        *("check_done", "check_concluded", "check_followed_up"),
    ]
    assert [len(rows(await each.call("endchecks"), "endchecks")) for each in (pair.a, pair.b)] == [
        1,
        1,
    ]
    await pair.close()
