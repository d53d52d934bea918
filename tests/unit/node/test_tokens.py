"""A program acts for one official, within the token's scopes, until the token ends."""

from pathlib import Path

import pytest

from comity.api.calling import Caller
from comity.api.operations import BY_NAME
from comity.api.scopes import Scope
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.node import tokens
from comity.node.dispatch import Expected
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import START, Party, make_pair

SOON = str(START.plus(3600))
YEAR = str(START.plus(366 * 86_400))


async def make(party: Party, *scopes: str, who: str = "negotiator", **more: str) -> JsonObject:
    asked = {"name": "nightly report", "expires": SOON, **more}
    return await party.call("tokens.create", who=who, scopes=list(scopes or ["read"]), **asked)


async def admitted(party: Party, secret: object) -> Caller | None:
    return await party.node.tokens.admit(str(secret))


async def refused(party: Party, caller: Caller | None, operation: str, **members: object) -> str:
    """Return why an operation is refused to a token; empty if it is not."""
    assert caller is not None
    op = BY_NAME[operation]
    try:
        await party.node.dispatch.call(
            op,
            op.request(**members),
            official=caller.official,
            upload=None,
            scopes=caller.scopes,
        )
    except RefusedError as error:
        return error.code
    return ""


@on_a_loop
async def test_a_token_is_its_officials_for_what_it_was_made_for(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await make(pair.a, "negotiate", "read")
    assert await admitted(pair.a, made["secret"]) == Caller(
        official="negotiator", scopes=("read", "negotiate")
    )
    assert await admitted(pair.b, made["secret"]) is None
    await pair.close()


@on_a_loop
async def test_the_secret_is_told_once_and_not_kept(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await make(pair.a)
    secret = str(made["secret"])
    assert secret.startswith("comity_pat_")
    listed = await pair.a.call("tokens", who="negotiator")
    assert listed["tokens"] == [{name: made[name] for name in made if name != "secret"}]
    await pair.stop(pair.a)
    end = secret.rpartition("_")[2]
    for file in pair.a.folder.rglob("*"):
        assert not file.is_file() or end.encode() not in file.read_bytes(), file
    await pair.close()


@pytest.mark.parametrize("how", ["expired", "revoked", "cut", "longer", "other", "none"])
@on_a_loop
async def test_a_token_that_does_not_count_is_nobodys(how: str, tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await make(pair.a)
    secret = str(made["secret"])
    if how == "expired":
        pair.clock.tick(3600)
    elif how == "revoked":
        for _ in range(2):
            await pair.a.call("tokens.revoke", who="negotiator", token=str(made["token"]))
    shown = {
        "cut": secret[:-1],
        "longer": secret + "A",
        "other": secret.replace(str(made["token"]), "0" * 16),
        "none": "comity_pat_",
    }.get(how, secret)
    assert await admitted(pair.a, shown) is None
    status = (await pair.a.call("tokens", who="negotiator"))["tokens"]
    assert isinstance(status, list)
    assert isinstance(status[0], dict)
    assert status[0]["status"] == (how if how in {"expired", "revoked"} else "given")
    await pair.close()


@on_a_loop
async def test_a_token_does_nothing_beyond_its_scopes(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    caller = await admitted(pair.a, (await make(pair.a, "read"))["secret"])
    one = {"instrument": pair.instrument}
    assert await refused(pair.a, caller, "agreements.show", **one) == ""
    assert await refused(pair.a, caller, "agreements.table", **one) == "tokens.scope"
    assert await refused(pair.a, caller, "redlines", **one) == "tokens.scope"
    every = await admitted(
        pair.a, (await make(pair.a, "read", "private", "negotiate", "people"))["secret"]
    )
    assert await refused(pair.a, every, "redlines", **one) == ""
    asked = {"name": "n", "scopes": ["read"], "expires": SOON}
    assert await refused(pair.a, every, "tokens.create", **asked) == "tokens.scope"
    card = dict(pair.a.people["negotiator"].card.to_json())
    roles = {"card": card, "roles": ["mandate_holder"]}
    assert await refused(pair.a, every, "officials.add", **roles) == "tokens.scope"
    assert await refused(pair.a, every, "agreements.sign", **one) == "tokens.scope"
    await pair.close()


@on_a_loop
async def test_a_condition_is_no_way_to_read_what_the_token_may_not(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    made = await make(pair.a, "negotiate")
    caller = await admitted(pair.a, made["secret"])
    assert caller is not None
    op = BY_NAME["agreements.unstage"]
    with pytest.raises(RefusedError) as caught:
        await pair.a.node.dispatch.call(
            op,
            op.request(instrument=pair.instrument),
            official=caller.official,
            upload=None,
            scopes=caller.scopes,
            expects=Expected(
                operation="redlines", members={"instrument": pair.instrument}, etag='"x"'
            ),
        )
    assert caught.value.code == "tokens.scope"
    await pair.close()


@on_a_loop
async def test_red_lines_are_shown_to_a_token_made_for_them_alone(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    op = BY_NAME["agreements.show"]
    lines = '[[redline]]\nid = "x"\nkind = "forbid_wording"\nseverity = "red"\n'
    lines += 'sentence = "Never ten."\npatterns = ["ten years"]\n'
    one = {"instrument": pair.instrument}
    await pair.b.call("redlines.set", who="mandate_holder", lines=lines, **one)
    cases: list[tuple[tuple[Scope, ...] | None, str, bool]] = [
        (None, "negotiator", True),
        (("read", "private"), "negotiator", True),
        (("read",), "negotiator", False),
        (None, "release_officer", False),
        (("read", "private"), "release_officer", False),
    ]
    for scopes, official, told in cases:
        answer = await pair.b.node.dispatch.call(
            op, op.request(**one), official=official, upload=None, scopes=scopes
        )
        assert isinstance(answer, dict)
        assert bool(answer["red_lines"]) is told
    await pair.close()


@pytest.mark.parametrize("expires", [str(START), str(START.plus(366 * 86_400 + 2))])
@on_a_loop
async def test_a_token_lasts_a_year_at_most(expires: str, tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    with pytest.raises(MisuseError) as caught:
        await make(pair.a, expires=expires)
    assert caught.value.code == "tokens.expires"
    await make(pair.a, expires=YEAR)
    with pytest.raises(MisuseError) as caught:
        await make(pair.a, expires="tomorrow")
    assert caught.value.code == "basics.instant"
    await pair.close()


@on_a_loop
async def test_nobody_sees_or_ends_the_tokens_of_others(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await make(pair.a)
    assert (await pair.a.call("tokens", who="signatory"))["tokens"] == []
    with pytest.raises(MisuseError) as caught:
        await pair.a.call("tokens.revoke", who="signatory", token=str(made["token"]))
    assert caught.value.code == "tokens.unknown"
    with pytest.raises(MisuseError) as caught:
        await pair.a.call("tokens")
    assert caught.value.code == "officials.who"
    await pair.close()


@on_a_loop
async def test_tokens_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "TOKENS_MAX", 1)
    pair = await make_pair(tmp_path)
    made = await make(pair.a)
    with pytest.raises(MisuseError) as caught:
        await make(pair.a)
    assert caught.value.code == "tokens.too_many"
    await pair.a.call("tokens.revoke", who="negotiator", token=str(made["token"]))
    await make(pair.a)
    await pair.close()


@on_a_loop
async def test_whoever_wonders_sees_when_a_token_was_last_used(tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    made = await make(pair.a)
    assert made["used"] is None
    for _ in range(2):
        await admitted(pair.a, made["secret"])
    listed = (await pair.a.call("tokens", who="negotiator"))["tokens"]
    assert isinstance(listed, list)
    assert isinstance(listed[0], dict)
    assert listed[0]["used"] == str(START)[:10]
    await pair.close()


@on_a_loop
async def test_what_a_counter_would_break_is_shown_to_a_token_made_for_it_alone(
    tmp_path: Path,
) -> None:
    pair = await at_stage("tabled", tmp_path)
    op = BY_NAME["agreements.counter_preview"]
    lines = '[[redline]]\nid = "x"\nkind = "forbid_wording"\nseverity = "red"\n'
    lines += 'sentence = "Never ten."\npatterns = ["ten years"]\n'
    one = {"instrument": pair.instrument}
    await pair.b.call("redlines.set", who="mandate_holder", lines=lines, **one)
    cases: list[tuple[tuple[Scope, ...] | None, bool]] = [
        (None, True),
        (("negotiate", "private"), True),
        (("negotiate",), False),
    ]
    for scopes, told in cases:
        answer = await pair.b.node.dispatch.call(
            op,
            op.request(unit="Article 7", **one),
            official="negotiator",
            upload=None,
            scopes=scopes,
        )
        assert isinstance(answer, dict)
        assert bool(answer["red_lines"]) is told
    await pair.close()
