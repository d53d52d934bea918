"""What a connector pushes to us is taken in by its token, once, whole, and as announced (9.8)."""

import random
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import attrs
import httpx2
import pytest

from comity.node.dataplane.serving import headers_of
from comity.node.dataspace.intake import Intake
from comity.sharing.model import State
from comity.sharing.ranges import repr_digest
from comity.transport.gate import Message, Receive, Scope, Send
from support.connected import CONSUMER, Connected, ask, connected, is_state, own, until
from support.connector_nodes import PEER, Facing, facing, rule
from support.crossing import bring_in
from support.loops import on_a_loop
from support.pushes import MORE, Asked, address_in, asked

BODY: Final = random.Random(3).randbytes(300_000)
DIGEST: Final = sha256(BODY).hexdigest()
SAID: Final = {"repr-digest": repr_digest(DIGEST)}


async def slowly(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@on_a_loop
async def test_what_is_pushed_is_kept_shown_recorded_and_declared_complete(tmp_path: Path) -> None:
    rules = rule("consumer", "transfer", "DELIVERED", "complete")
    async with facing(tmp_path, more=MORE, rules=rules) as found:
        one = await asked(found)
        assert one.endpoint == f"{found.base}/intake/{one.pid}"
        await one.start()
        assert (await found.ask("dataspace.inbox"))["inbox"] == [], "nobody of ours need act"
        got = await one.call("POST", slowly(BODY[:7], BODY[7:]), content_type="text/csv", **SAID)
        assert (got.status_code, got.headers["upload-complete"]) == (204, "?1")
        assert got.headers["repr-digest"] == repr_digest(DIGEST)
        await found.peer.calls(2)
        await found.quiet()
        assert await one.received() == {"digest": DIGEST, "bytes": len(BODY)}
        assert found.node.ctx.payloads.read(DIGEST) == BODY
        assert (await found.exchange(one.pid)).state is State.COMPLETED
        shown = await found.ask("dataspace.exchange", exchange=one.pid)
        assert shown["address"] == one.endpoint
        steps = shown["steps"]
        assert isinstance(steps, list)
        logged = [step["n"] for step in steps if "delivered" in step or "intake" in step]
        assert len(logged) == 2
        assert None not in logged, "both stand in the house log"


@on_a_loop
async def test_whoever_has_not_the_token_of_a_started_transfer_changes_nothing(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one, other = await asked(found), await asked(found, 2)
        before = await found.exchange(one.pid)
        assert (await one.call("POST", BODY, **SAID)).status_code == 404, "nothing has started"
        await one.start()
        await other.start()
        for token in ("", "Bearer", one.token[:-1], f"{one.token}x", other.token, "a b"):
            got = await one.call("POST", BODY, authorization=token, **SAID)
            assert (got.status_code, got.json()["code"]) == (404, "sharing.token"), token
        for method in ("GET", "DELETE", "PATCH", "OPTIONS"):
            got = await one.call(method)
            assert got.status_code in {400, 404}
        for path in ("/intake/", "/intake/none", f"/intake/{one.pid}/x", "/intake/%00", "/intake"):
            got = await found.http.post(
                found.base + path, content=BODY, headers={"authorization": f"Bearer {one.token}"}
            )
            assert got.status_code == 404
        assert await one.received() is None
        assert found.node.ctx.payloads.kept_size(one.pid) == 0
        assert (await found.exchange(one.pid)).serial == before.serial + 1, "the start alone"
        assert (await one.call("HEAD", authorization="wrong")).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (BODY, {"content-encoding": "gzip"}, 400, "intake.form"),
        (BODY, {"content-range": "bytes 0-9/10", **SAID}, 400, "intake.form"),
        (BODY[:10], {"content-range": "bytes 0-9/20"}, 400, "intake.form"),
        (BODY[:10], {"content-range": "bytes 5-14/20", **SAID}, 416, "intake.part"),
        (BODY, {"repr-digest": repr_digest("ab" * 32)}, 400, "intake.digest"),
        (BODY, {"content-digest": repr_digest("ab" * 32)}, 400, "intake.digest"),
        (BODY * 2, {}, 413, "intake.too_large"),
    ],
)
@on_a_loop
async def test_what_is_not_as_it_announces_is_refused_and_nothing_of_it_stays(
    tmp_path: Path, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    async with facing(tmp_path, more=MORE) as found:
        bounded(found, bytes_max=500_000)
        one = await asked(found)
        await one.start()
        got = await one.call("POST", body, **headers)
        told = got.json()
        assert (got.status_code, told.get("code") or told["type"].split(":")[-1]) == (status, code)
        assert await one.received() is None
        assert found.node.ctx.payloads.kept_size(one.pid) == 0
        assert (await one.call("POST", BODY, **SAID)).status_code == 204, "the right one is taken"


def bounded(found: Facing, **bounds: object) -> None:
    """Give the node's intake other bounds."""
    site = found.node.dataspace.site
    intake = attrs.evolve(site.intake, **bounds)  # type: ignore[arg-type]  # members by name
    found.node.dataspace.site = attrs.evolve(site, intake=intake)


@on_a_loop
async def test_a_body_without_an_end_or_without_haste_is_let_go(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        bounded(found, bytes_max=100_000)
        async with one.raw(*[BODY[:60_000]] * 3) as line:
            assert await line.status() == 413
        bounded(found, wait_s=0.1)
        async with one.raw(b"a") as line:
            assert await line.status() == 408
        assert await one.received() is None


@on_a_loop
async def test_a_push_is_taken_once_and_its_repetition_moves_nothing(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        assert (await one.call("PUT", BODY)).status_code == 204, "a digest is not demanded"
        serial = (await found.exchange(one.pid)).serial
        again = await one.call("POST", BODY, **SAID)
        assert (again.status_code, again.headers["upload-complete"]) == (204, "?1")
        for body, headers in ((BODY, {}), (b"x", {"repr-digest": repr_digest("ab" * 32)})):
            got = await one.call("POST", body, **headers)
            assert (got.status_code, got.json()["code"]) == (409, "intake.exists")
        head = await one.call("HEAD")
        assert (head.status_code, head.headers["upload-offset"]) == (204, str(len(BODY)))
        assert (await found.exchange(one.pid)).serial == serial
        assert await one.received() == {"digest": DIGEST, "bytes": len(BODY)}


@on_a_loop
async def test_parts_go_on_where_the_last_one_ended_also_after_a_restart(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        size = len(BODY)

        async def part(first: int, stop: int, digest: str = DIGEST) -> httpx2.Response:
            return await one.call(
                "POST",
                BODY[first:stop],
                content_range=f"bytes {first}-{stop - 1}/{size}",
                repr_digest=repr_digest(digest),
            )

        got = await part(0, 100_000)
        assert (got.status_code, got.headers["upload-complete"]) == (204, "?0")
        assert await one.received() is None, "a half is never shown"
        for first, digest in ((100_001, DIGEST), (99_999, DIGEST), (100_000, "ab" * 32)):
            got = await part(first, first + 50, digest)
            assert (got.status_code, got.headers["upload-offset"]) == (416, "100000")
        head = await one.call("HEAD")
        assert (head.headers["upload-offset"], head.headers["upload-complete"]) == ("100000", "?0")
        assert head.headers["repr-digest"] == repr_digest(DIGEST)
        await found.node.sharing.post.stop()
        await found.node.sharing.post.start()
        assert found.node.ctx.payloads.kept_size(one.pid) == 100_000, "a start sweeps none of it"
        got = await part(100_000, size)
        assert (got.status_code, got.headers["upload-complete"]) == (204, "?1")
        assert await one.received() == {"digest": DIGEST, "bytes": size}


@on_a_loop
async def test_two_pushes_at_once_do_not_mix(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        async with one.raw(BODY[:1000]) as line:
            await one.begun()
            got = await one.call("POST", BODY, **SAID)
            assert (got.status_code, got.json()["code"]) == (503, "intake.busy")
            line.send(BODY[1000:], b"")
            assert await line.status() == 204
        assert await one.received() == {"digest": DIGEST, "bytes": len(BODY)}


@pytest.mark.parametrize("ends", ["suspend", "terminate", "complete", "agreement", "theirs"])
@on_a_loop
async def test_a_push_that_runs_is_cut_when_permission_ends_and_its_token_is_dead(
    tmp_path: Path, ends: str
) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        async with one.raw(BODY[:100_000]) as line:
            await one.begun()
            await end(one, ends)
            assert await line.status() == 503
        assert await one.received() is None
        got = await one.call("POST", BODY, **SAID)
        assert got.status_code == 404
        assert await one.received() is None
        await found.quiet()
        if ends in {"suspend", "theirs"}:
            assert (await one.say("start", "TransferStartMessage"))[0] == 200
            assert (await one.call("POST", BODY, **SAID)).status_code == 404, "dead for good"
        if ends in {"terminate", "complete"}:
            assert found.node.ctx.payloads.kept_size(one.pid) == 0, "what came is forgotten"


async def end(one: Asked, how: str) -> None:
    """Take the permission for a transfer away."""
    if how == "agreement":
        await one.found.ask(
            "dataspace.suspend", connector=PEER, suspended=True, reason="Under review."
        )
    elif how == "theirs":
        await one.say("suspension", "TransferSuspensionMessage")
    else:
        await one.found.ask("dataspace.act", exchange=one.pid, do=how, reason="Enough.")


@on_a_loop
async def test_whoever_resumes_hands_over_a_fresh_token(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        one = await asked(found)
        await one.start()
        for do in ("suspend", "start"):
            await found.ask("dataspace.act", exchange=one.pid, do=do, reason="A pause.")
            await found.quiet()
        path, body = [(path, body) for _, path, _, body in found.peer.came][-1]
        assert path == "/dsp/transfers/their-pid/start"
        fresh = address_in(found, one.pid, body)
        assert (fresh.endpoint, fresh.token != one.token) == (one.endpoint, True)
        assert (await one.call("POST", BODY, **SAID)).status_code == 404
        assert (await fresh.call("POST", BODY, **SAID)).status_code == 204


# --- two nodes ------------------------------------------------------------------------------------


PROVIDER: Final = (
    rule("provider", "negotiation", "REQUESTED", "agree")
    + rule("provider", "negotiation", "VERIFIED", "finalize")
    + rule("provider", "transfer", "REQUESTED", "start")
)
LARGE: Final = random.Random(4).randbytes(5 << 20)


@attrs.define
class Watched:
    """Watches what comes to a node's intake, and can cut it once in the middle."""

    intake: Intake
    cut_at: int | None = None
    heads: list[tuple[str, str, int]] = attrs.field(factory=list)

    async def __call__(  # an ASGI call and which transfer
        self, scope: Scope, receive: Receive, send: Send, pid: str
    ) -> None:
        had = 0
        headers = headers_of(scope)

        async def watched() -> Message:
            nonlocal had
            message = await receive()
            body = message.get("body", b"")
            assert isinstance(body, bytes)
            had += len(body)
            if self.cut_at is not None and had > self.cut_at:
                self.cut_at = None
                self.intake.reacting.accesses.cut(pid, "cut by the test")
            return message

        try:
            await self.intake(scope, watched, send, pid)
        finally:
            self.heads.append((str(scope["method"]), headers.get("content-range", ""), had))


async def pushing(two: Connected, *, cut_at: int | None = None) -> tuple[str, Watched]:
    """Let B ask A to push what A released to it; return B's id of the transfer, and who watches."""
    await two.a.call("dataspace.set_playbook", who="release_officer", rules=PROVIDER)
    await two.b.call("dataspace.set_playbook", who="release_officer", rules=CONSUMER)
    item = await bring_in(two.a, LARGE)
    await two.a.call(
        "dataspace.release",
        who="release_officer",
        item=item,
        connector=own(two.b.name),
        push=True,
    )
    begun = await ask(two.b, item, of=two.a.name)
    made = await until(two.b, str(begun["exchange"]), is_state("FINALIZED"))
    site = two.b.node.dataspace.site
    watched = Watched(site.intake, cut_at=cut_at)
    two.b.node.dataspace.site = attrs.evolve(site, intake=watched)  # type: ignore[arg-type]  # called like it
    asked = await two.b.call(
        "dataspace.transfer",
        who="desk_officer",
        counterpart=own(two.a.name),
        contract=made["contract"],
        format="HttpData-PUSH",
    )
    return str(asked["exchange"]), watched


@on_a_loop
async def test_a_push_between_two_nodes_goes_on_after_a_cut_and_comes_whole(tmp_path: Path) -> None:
    async with connected(tmp_path) as two:
        pid, watched = await pushing(two, cut_at=3 << 20)
        done = await until(two.b, pid, lambda one: one["delivered"] is True)
        assert done["received"] == {"digest": sha256(LARGE).hexdigest(), "bytes": len(LARGE)}
        theirs = await until(two.a, str(done["theirs"]), lambda one: one["delivered"] is True)
        assert [method for method, _, _ in watched.heads] == ["POST", "HEAD", "POST"]
        _, part, size = watched.heads[-1]
        assert part.endswith(f"/{len(LARGE)}"), "only what was missing was sent again"
        assert size < len(LARGE) - (2 << 20)
        waits = done["waits"]
        assert isinstance(waits, dict)
        assert (waits["why"], waits["note"]) == ("received", None)
        assert theirs["waits"]["note"] is None  # type: ignore[index, call-overload]  # an object


@on_a_loop
async def test_a_push_that_was_paused_in_the_middle_comes_once_its_consumer_goes_on(
    tmp_path: Path,
) -> None:
    async with connected(tmp_path) as two:
        pid, watched = await pushing(two, cut_at=3 << 20)
        await until(two.b, pid, lambda _: bool(watched.heads))
        await two.b.call(
            "dataspace.act", who="desk_officer", exchange=pid, do="suspend", reason="A pause."
        )
        held = await until(two.b, pid, is_state("SUSPENDED"))
        assert held["received"] is None
        await until(two.a, str(held["theirs"]), is_state("SUSPENDED"))
        await two.b.call("dataspace.act", who="desk_officer", exchange=pid, do="start")
        done = await until(two.b, pid, lambda one: one["delivered"] is True)
        assert done["received"] == {"digest": sha256(LARGE).hexdigest(), "bytes": len(LARGE)}
