"""The gate: whatever is wrong with a call ends in a coded problem, a note, and nothing else."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256

import attrs
import pytest

from comity.foundation.errors import (
    ComityError,
    MisuseError,
    PeerError,
    RefusedError,
    UnavailableError,
)
from comity.transport.gate import App, GateLimits, Message, Receive, Scope, Send, answer
from comity.transport.messages import NO_CONTENT, Content, sign_request
from support.parties import NOW, ed25519
from support.wire import B, Watched, run

PATH = "/comity/relationships/00/sync"
BODY = b'{"example":"sync"}'
_dials: list[object] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        _dials.append(arguments)


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def nobody_is_called() -> Iterator[None]:
    """No test here may cause a connection of ours."""
    _dials.clear()
    yield
    assert not _dials


@attrs.define
class Given:
    """One call as the gate's server hands it over; a right one unless changed."""

    method: str = "POST"
    path: str = PATH
    query: bytes = b""
    body: list[bytes] = attrs.field(factory=lambda: [BODY])
    headers: dict[str, str] = attrs.field(factory=dict)
    chunked: bool = False
    signer: str = "network b"
    address: str = "192.0.2.1"
    nonce: bytes = bytes(18)
    ends: bool = True
    goes_away: bool = False

    def signed(self) -> dict[str, str]:
        whole = b"".join(self.body)
        media = "application/json" if whole else None
        content = Content(digest=sha256(whole).digest(), media=media) if whole else NO_CONTENT
        length = {"transfer-encoding": "chunked"} if self.chunked else {}
        if not self.chunked and whole:
            length = {"content-length": str(len(whole))}
        target = "https://a.example" + self.path + (f"?{self.query.decode()}" if self.query else "")
        made = sign_request(
            self.method,
            target,
            content=content,
            signer=ed25519(self.signer),
            created=NOW,
            nonce=self.nonce,
        )
        return {"host": "a.example", **length, **made}

    def scope(self, headers: dict[str, str]) -> Scope:
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
            "client": (self.address, 50000),
            "headers": [
                (name.encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
        }

    def receive(self) -> Receive:
        parts = list(self.body) or [b""]
        waiting: list[Message] = [
            {"type": "http.request", "body": part, "more_body": True} for part in parts
        ]
        waiting[-1]["more_body"] = not self.ends

        async def next_message() -> Message:
            if self.goes_away:
                return {"type": "http.disconnect"}
            if waiting:
                return waiting.pop(0)
            if self.ends:
                return {"type": "http.disconnect"}

            await asyncio.Event().wait()
            raise AssertionError

        return next_message


@attrs.frozen
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        problem = json.loads(self.body)
        assert set(problem) == {"type", "title", "status", "detail", "code"}
        assert self.headers["content-type"] == "application/problem+json"
        assert problem["status"] == self.status
        code = problem["code"]
        assert isinstance(code, str)
        return code


def call(
    watched: Watched, given: Given, change: Callable[[dict[str, str]], object] = lambda _: None
) -> Answered:
    sent: list[Message] = []
    headers = given.signed()
    change(headers)

    async def send(message: Message) -> None:
        sent.append(message)

    async def main() -> None:
        await watched.gate()(given.scope(headers), given.receive(), send)

    run(main)
    start = sent[0]
    lines = start["headers"]
    assert isinstance(lines, list)
    status = start["status"]
    assert isinstance(status, int)
    parts = [message["body"] for message in sent[1:] if isinstance(message["body"], bytes)]
    named = {name.decode(): value.decode() for name, value in lines}
    assert named["comity-time"] == str(watched.clock.now())
    return Answered(status, named, b"".join(parts))


def test_a_right_call_comes_through_with_its_caller() -> None:
    watched = Watched()
    assert call(watched, Given()).status == 200
    assert watched.came == [(B, PATH, BODY)]
    assert not watched.notes


def test_a_get_without_body_comes_through() -> None:
    watched = Watched()
    assert call(watched, Given(method="GET", body=[], query=b"start=0&stop=5")).status == 200
    assert watched.came == [(B, PATH, b"")]


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("streamed", [True, False])
def test_a_body_in_parts_is_put_together(*, chunked: bool, streamed: bool) -> None:
    watched = Watched(streams={PATH: 1000} if streamed else {})
    assert call(watched, Given(body=[b"ab", b"", b"cd"], chunked=chunked)).status == 200
    assert watched.came == [(B, PATH, b"abcd")]


REFUSED: list[tuple[str, Given, Callable[[dict[str, str]], object], int]] = [
    ("call.unsigned", Given(), lambda h: h.pop("signature"), 401),
    ("call.unsigned", Given(), lambda h: h.pop("signature-input"), 401),
    ("call.unsigned", Given(), lambda h: h.pop("content-digest"), 401),
    ("call.components", Given(), lambda h: h.pop("content-type"), 401),
    ("call.not_authenticated", Given(signer="stranger"), lambda _: None, 401),
    ("call.not_authenticated", Given(), lambda h: h.update(signature="sig-ed=:AAAA:"), 401),
    ("call.not_authenticated", Given(), lambda h: h.update({"content-type": "text/html"}), 401),
    (
        "call.content_type",
        Given(),
        lambda h: h.update({"content-encoding": "gzip"}),
        415,
    ),
    ("call.headers_too_large", Given(), lambda h: h.update(x="y" * 17_000), 431),
    (
        "call.headers_too_large",
        Given(),
        lambda h: h.update({f"x-{n}": "" for n in range(65)}),
        431,
    ),
    ("call.headers_too_large", Given(path="/" + "a" * 4097), lambda _: None, 431),
    ("call.body_too_large", Given(), lambda h: h.update({"content-length": "1048577"}), 413),
    (
        "call.body_too_large",
        Given(body=[b"x" * 600_000] * 2, chunked=True),
        lambda _: None,
        413,
    ),
]


@pytest.mark.parametrize(("code", "given", "change", "status"), REFUSED)
def test_a_call_with_one_thing_wrong_is_refused(
    code: str, given: Given, change: Callable[[dict[str, str]], object], status: int
) -> None:
    watched = Watched()
    answered = call(watched, given, change)
    assert (answered.code, answered.status) == (code, status)
    assert answered.headers["connection"] == "close"
    assert not watched.came
    assert [(note.code, note.address) for note in watched.notes] == [(code, "192.0.2.1")]


@pytest.mark.parametrize("streamed", [True, False])
def test_another_body_than_signed_is_refused(*, streamed: bool) -> None:
    watched = Watched(streams={PATH: 1000} if streamed else {})
    given = Given(body=[BODY])
    headers = given.signed()
    answered = call(watched, Given(body=[BODY.upper()]), lambda h: h.update(headers))
    assert (answered.code, answered.status) == ("call.digest", 400)
    assert not watched.came
    assert [note.party for note in watched.notes] == [B]


def test_a_call_that_is_repeated_is_refused() -> None:
    watched = Watched()
    assert call(watched, Given()).status == 200
    again = call(watched, Given())
    assert (again.code, again.status) == ("call.repeated", 401)
    assert call(watched, Given(nonce=b"1" * 18)).status == 200
    assert len(watched.came) == 2


@pytest.mark.parametrize(("later_s", "code"), [(300, "call.expired"), (-301, "call.early")])
def test_a_call_that_is_old_or_early_is_refused(later_s: int, code: str) -> None:
    watched = Watched()
    watched.clock.at = NOW.plus(later_s)
    assert call(watched, Given()).code == code
    assert not watched.nonces


def test_a_slow_body_is_waited_for_no_longer_than_allowed() -> None:
    watched = Watched(limits=GateLimits(body_wait_s=0.01))
    answered = call(watched, Given(ends=False))
    assert (answered.code, answered.status) == ("call.slow", 408)


def test_a_caller_who_goes_away_leaves_nothing() -> None:
    watched = Watched()
    assert call(watched, Given(goes_away=True)).code == "call.cut_off"
    assert not watched.came


def test_a_flood_of_wrong_calls_is_noted_only_so_often() -> None:
    watched = Watched(limits=GateLimits(failures_per_minute=3, notes_per_minute=2))
    codes = [call(watched, Given(signer="stranger")).code for _ in range(5)]
    assert codes == ["call.not_authenticated"] * 3 + ["call.too_many"] * 2
    assert len(watched.notes) == 2
    assert call(watched, Given()).status == 200, "a neighbour at the same address still gets in"
    assert call(watched, Given(signer="stranger", address="192.0.2.2")).status == 401
    watched.clock.at = NOW.plus(60)
    assert call(watched, Given(signer="stranger", nonce=b"2" * 18)).status == 401


def test_a_counterpart_that_calls_too_often_has_to_wait() -> None:
    watched = Watched(limits=GateLimits(calls_per_s=1))
    statuses = [call(watched, Given(nonce=bytes([n] * 18))).status for n in range(3)]
    assert statuses == [200, 200, 429]


def test_the_table_of_addresses_does_not_grow_without_end() -> None:
    watched = Watched(limits=GateLimits(failures_per_minute=1, addresses_max=2))
    for n in (1, 2, 3, 1):
        answered = call(watched, Given(signer="stranger", address=f"192.0.2.{n}"))
        assert answered.status == 401, "the oldest address was forgotten"


def raising(error: Exception, *, started: bool = False) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        if started:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "status", "code", "noted"),
    [
        (PeerError("sync.order", "Wrong order."), 400, "sync.order", True),
        (RefusedError("sharing.no_release", "Not released."), 403, "sharing.no_release", False),
        (UnavailableError("sync.busy", "Busy."), 503, "sync.busy", False),
        (MisuseError("redlines.fired", "A private word."), 500, "call.failed", False),
        (ValueError("a private word"), 500, "call.failed", False),
    ],
)
def test_an_error_of_the_node_says_nothing_private(
    error: Exception, *, status: int, code: str, noted: bool
) -> None:
    watched = Watched(app=raising(error))
    answered = call(watched, Given())
    assert (answered.status, answered.code) == (status, code)
    assert b"private" not in answered.body
    assert bool(watched.notes) == noted


def test_facts_stay_in_the_node() -> None:
    watched = Watched(app=raising(PeerError("sync.order", "Wrong.", {"secret": "private"})))
    assert b"private" not in call(watched, Given()).body


def test_an_answer_that_began_breaks_off_instead_of_lying() -> None:
    watched = Watched(app=raising(UnavailableError("sync.busy", "Busy."), started=True))
    with pytest.raises(ComityError):
        call(watched, Given())


def test_whatever_is_not_a_call_is_left_alone() -> None:
    watched = Watched()

    async def main() -> None:
        async def never(message: Message | None = None) -> Message:
            raise AssertionError(message)

        async def no_send(message: Message) -> None:
            await never(message)

        await watched.gate()({"type": "websocket"}, never, no_send)

    run(main)


def test_answers_of_the_application_keep_their_headers() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await answer(
            send, status=201, body=b"x", content_type="text/plain", headers=[(b"etag", b"1")]
        )

    answered = call(Watched(app=app), Given())
    assert (answered.status, answered.headers["etag"], answered.body) == (201, "1", b"x")
