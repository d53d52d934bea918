"""What is done twice by mistake happens once; what changed meanwhile is not written over."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import pytest

from comity.api.operations import BY_NAME
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError, MisuseError, RefusedError, UnavailableError
from comity.node import outcomes
from comity.node.dispatch import Call, Expected
from comity.protocols.etags import etag_of
from support import framework
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair, Party, make_pair

DAY_S = 86_400


async def act(
    party: Party,
    operation: str,
    members: Mapping[str, object],
    *,
    who: str = "negotiator",
    once: str | None = None,
    expects: Expected | None = None,
) -> JsonObject:
    op = BY_NAME[operation]
    answer = await party.node.dispatch.call(
        op, op.request(**members), official=who, upload=None, once=once, expects=expects
    )
    assert isinstance(answer, dict)
    return answer


async def draft(
    pair: Pair, key: str, *, who: str = "negotiator", title: str = framework.TITLE
) -> JsonObject:
    return await act(pair.a, "agreements.draft", drafting(pair.b, title), who=who, once=key)


def drafting(party: Party, title: str = framework.TITLE) -> dict[str, object]:
    return {"text": framework.TEXT, "title": title, "counterpart": party.did}


async def drafts(party: Party) -> int:
    listed = (await party.call("agreements"))["agreements"]
    assert isinstance(listed, list)
    return len(listed)


async def seen(party: Party, instrument: str) -> Expected:
    members = {"instrument": instrument}
    shown = await party.call("agreements.show", **members)
    return Expected(operation="agreements.show", members=members, etag=etag_of(shown))


@on_a_loop
async def test_a_double_click_drafts_one_agreement(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    made = await asyncio.gather(*[draft(pair, "k") for _ in range(3)])
    made.append(await draft(pair, "k"))
    assert [one == made[0] for one in made] == [True] * 4
    assert await drafts(pair.a) == 1
    await pair.close()


@on_a_loop
async def test_a_repeat_after_a_restart_acts_no_second_time(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    made = await draft(pair, "k")
    await pair.stop(pair.a)
    await pair.start(pair.a)
    assert await draft(pair, "k") == made
    assert await drafts(pair.a) == 1
    await pair.close()


@on_a_loop
async def test_an_act_and_its_outcome_are_durable_together(tmp_path: Path) -> None:
    """The node ends after the commit and before the answer: the key still acts once."""
    pair = await at_stage("introduced", tmp_path)
    operation = BY_NAME["agreements.draft"]
    request = operation.request(**drafting(pair.b))
    mark = outcomes.Mark.of("k", operation, request, who="negotiator", upload=None)
    node = pair.a.node
    (official,) = [
        await node.ctx.store.read(lambda tx: node.officials.find(tx, "negotiator")),
    ]
    call = Call(
        operation=operation,
        request=request,
        official=official,
        upload=None,
        store=node.ctx.store,
        keeper=outcomes.Keeper(mark=mark, day="020780"),
    )
    made = await node.dispatch.handlers["agreements.draft"](call)
    again = await draft(pair, "k")
    assert isinstance(made, dict)
    assert again["instrument"] == made["instrument"]
    assert await drafts(pair.a) == 1
    await pair.close()


@on_a_loop
async def test_a_key_stands_for_one_request_of_one_person(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await draft(pair, "k")
    with pytest.raises(MisuseError) as caught:
        await draft(pair, "k", title="Another")
    assert caught.value.code == "api.key_reused"
    other = await draft(pair, "k", who="desk_officer")
    assert other["instrument"]
    assert await drafts(pair.a) == 2
    await pair.close()


@on_a_loop
async def test_a_key_of_a_call_under_way_is_not_taken_for_another_request(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    first = asyncio.create_task(draft(pair, "k"))
    second = asyncio.create_task(draft(pair, "k", title="Another"))
    done = await asyncio.gather(first, second, return_exceptions=True)
    codes = [one.code for one in done if isinstance(one, ComityError)]
    assert codes == ["api.key_reused"]
    await pair.close()


@on_a_loop
async def test_what_failed_may_be_tried_again_with_the_same_key(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    wrong = {**drafting(pair.b), "counterpart": "nobody"}
    for _ in range(2):
        with pytest.raises(MisuseError) as caught:
            await act(pair.a, "agreements.draft", wrong, once="k")
        assert caught.value.code == "node.no_counterpart"
    await draft(pair, "k")
    assert await drafts(pair.a) == 1
    await pair.close()


@on_a_loop
async def test_a_role_taken_away_also_takes_the_answers_of_before(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await draft(pair, "k")
    card = dict(pair.a.people["negotiator"].card.to_json())
    await pair.a.call("officials.add", card=card, roles=["release_officer"])
    with pytest.raises(RefusedError) as caught:
        await draft(pair, "k")
    assert caught.value.code == "officials.role"
    await pair.close()


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\nb"])
@on_a_loop
async def test_a_key_that_is_none_is_refused(key: str, tmp_path: Path) -> None:
    pair = await make_pair(tmp_path)
    with pytest.raises(MisuseError) as caught:
        await act(pair.a, "letters.export", {}, once=key)
    assert caught.value.code == "api.key"
    await pair.close()


@on_a_loop
async def test_keys_are_forgotten_after_two_days(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await draft(pair, "k")
    pair.clock.tick(DAY_S)
    await draft(pair, "k")
    assert await drafts(pair.a) == 1
    pair.clock.tick(DAY_S)
    await draft(pair, "other")
    rows = await pair.a.node.ctx.store.read(lambda tx: tx.things.list("outcomes", "outcome"))
    assert len(rows) == 1
    await pair.close()


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(outcomes, "ROWS_MAX", 1)
        yield


@pytest.mark.usefixtures("few_rows")
@on_a_loop
async def test_keys_without_end_do_not_fill_the_disk(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    await draft(pair, "1")
    with pytest.raises(UnavailableError) as caught:
        await draft(pair, "2")
    assert caught.value.code == "api.too_many_keys"
    await pair.close()


@on_a_loop
async def test_a_secret_answer_is_told_once(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    op = attrs.evolve(BY_NAME["agreements.draft"], secret=True)
    request = op.request(**drafting(pair.b))
    dispatch = pair.a.node.dispatch
    await dispatch.call(op, request, official="negotiator", upload=None, once="k")
    with pytest.raises(MisuseError) as caught:
        await dispatch.call(op, request, official="negotiator", upload=None, once="k")
    assert caught.value.code == "api.answer_not_kept"
    assert await drafts(pair.a) == 1
    await pair.close()


@on_a_loop
async def test_of_two_officials_at_once_only_one_acts_on_what_both_saw(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    before = await seen(pair.a, pair.instrument)
    both = await asyncio.gather(
        *[
            act(
                pair.a,
                "agreements.abandon",
                {"instrument": pair.instrument, "reason": reason},
                expects=before,
            )
            for reason in ("one", "two")
        ],
        return_exceptions=True,
    )
    (error,) = [one for one in both if isinstance(one, ComityError)]
    assert error.code == "api.changed"
    now = await seen(pair.a, pair.instrument)
    assert error.facts["etag"] == now.etag
    told = error.facts["now"]
    assert isinstance(told, dict)
    assert told["title"] == framework.TITLE
    await pair.close()


@on_a_loop
async def test_a_state_that_cannot_be_compared_is_no_condition(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    for operation in ("catalogue", "nothing", "agreements.show"):
        with pytest.raises(MisuseError) as caught:
            await act(
                pair.a,
                "agreements.abandon",
                {"instrument": pair.instrument},
                expects=Expected(operation=operation, members={"x": 1}, etag="*"),
            )
        assert caught.value.code == "api.not_comparable"
    await pair.close()
