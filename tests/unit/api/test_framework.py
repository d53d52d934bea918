"""The officials' API as programs see it: typed, told in problems, closed without the token."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import attrs
import httpx2
import pytest
from litestar import Litestar
from msgspec import Meta

from comity.api.calling import Answer, Ask, Caller, Download
from comity.api.framework import JSON_BODY_BYTES_MAX, make_app
from comity.api.operation import Expected
from comity.api.operations import OPERATIONS, Operation, Request
from comity.foundation.errors import MisuseError, RefusedError
from comity.protocols.etags import etag_of
from comity.protocols.problems import read_problem
from comity.transport.gate import App


class OnePart(Request, frozen=True, kw_only=True):
    """One part of one thing."""

    thing: Annotated[str, Meta(max_length=5)]
    form: Literal["long", "short"] = "short"
    start: Annotated[int, Meta(ge=0)] = 0


class Note(Request, frozen=True, kw_only=True):
    """A note on a thing."""

    thing: str
    words: Annotated[str, Meta(min_length=1)]
    units: tuple[str, ...] = ()


class Upload(Request, frozen=True, kw_only=True):
    """A file."""

    name: str


class OneRequest(Request, frozen=True, kw_only=True):
    """A member that the framework has a use of its own for."""

    request: str


TABLE = (
    Operation(name="show", method="GET", path="/api/things/{thing}", request=OnePart, summary="S"),
    Operation(name="note", method="POST", path="/api/things/{thing}", request=Note, summary="N"),
    Operation(
        name="ask", method="GET", path="/api/asks/{request}", request=OneRequest, summary="A"
    ),
    Operation(name="do", method="POST", path="/api/do", request=Request, summary="D"),
    Operation(
        name="add", method="POST", path="/api/files", request=Upload, summary="U", body="upload"
    ),
    Operation(
        name="get", method="GET", path="/api/files", request=Request, summary="F", answer="bytes"
    ),
)


@attrs.define
class Node:
    """Keeps what it was asked, and answers or fails as it was told to."""

    answer: Answer | Exception = attrs.field(factory=lambda: {"done": True})
    asked: list[tuple[str, Request, str | None, str | None]] = attrs.field(factory=list)
    asks: list[Ask] = attrs.field(factory=list)

    async def carry(self, ask: Ask) -> Answer:
        self.asked.append((ask.operation.name, ask.request, ask.caller.official, ask.upload))
        self.asks.append(ask)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def admit(self, secret: str) -> Caller | None:
        known = secret == "comity_pat_known"
        return Caller(official="anna", scopes=("read",)) if known else None

    async def spool(self, parts: AsyncIterator[bytes]) -> str:
        return str(sum([len(part) async for part in parts]))

    def app(self, table: tuple[Operation, ...] = TABLE) -> Litestar:
        return make_app(
            table,
            carry=self.carry,
            spool=self.spool,
            admit=self.admit,
            token="secret",
            version="1.2",
        )


def _asgi(app: Litestar) -> App:
    """Return the application under the general ASGI types."""
    return app  # type: ignore[return-value]  # the framework names every message by its own type


def ask(
    node: Node,
    method: str,
    path: str,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    app: Litestar | None = None,
) -> httpx2.Response:
    async def main() -> httpx2.Response:
        wire = httpx2.ASGITransport(app=_asgi(app or node.app()), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=wire, base_url="http://localhost") as client:
            given = {"authorization": "Bearer secret", **(headers or {})}
            return await client.request(method, path, content=content, headers=given)

    return asyncio.run(main())


def test_members_come_from_path_query_and_body() -> None:
    node = Node()
    assert ask(node, "GET", "/api/things/t?form=long&start=7").json() == {"done": True}
    ask(node, "POST", "/api/things/t", content=b'{"words":"w"}', headers={"x-comity-as": "anna"})
    ask(node, "GET", "/api/asks/r1")
    ask(node, "POST", "/api/do", content=b"{}")
    assert node.asked == [
        ("show", OnePart(thing="t", form="long", start=7), None, None),
        ("note", Note(thing="t", words="w"), "anna", None),
        ("ask", OneRequest(request="r1"), None, None),
        ("do", Request(), None, None),
    ]


def test_a_file_comes_in_as_a_stream_of_any_size() -> None:
    node = Node()
    size = JSON_BODY_BYTES_MAX + 1
    assert ask(node, "POST", "/api/files?name=n", content=bytes(size)).status_code == 200
    assert node.asked == [("add", Upload(name="n"), None, str(size))]


@pytest.mark.parametrize("form", ["bytes", "file", "data"])
def test_a_file_goes_out_as_a_download(tmp_path: Path, form: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"<html>")
    answers: dict[str, Answer] = {
        "bytes": b"<html>",
        "file": Download(path=path, name="report.zip"),
        "data": Download(data=b"<html>", name="réport.zip"),
    }
    got = ask(Node(answers[form]), "GET", "/api/files")
    assert (got.status_code, got.content) == (200, b"<html>")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    expected = {
        "file": 'attachment; filename="report.zip"',
        "data": "attachment; filename*=utf-8''r%C3%A9port.zip",
    }
    assert got.headers.get("content-disposition") == expected.get(form)


@pytest.mark.parametrize(
    ("method", "path", "content", "code", "status"),
    [
        ("GET", "/api/things/t?form=other", None, "api.body", 400),
        ("GET", "/api/things/t?start=-1", None, "api.body", 400),
        ("GET", "/api/things/t?start=x", None, "api.body", 400),
        ("GET", "/api/things/longer", None, "api.body", 400),
        ("GET", "/api/things/t?from=1", None, "api.parameter", 400),
        ("POST", "/api/things/t?words=w", b'{"words":"w"}', "api.parameter", 400),
        ("POST", "/api/things/t", b'{"words":""}', "api.body", 400),
        ("POST", "/api/things/t", b'{"words":7}', "api.body", 400),
        ("POST", "/api/things/t", b'{"words":"w","x":1}', "api.body", 400),
        ("POST", "/api/things/t", b'{"words":"w","thing":"u"}', "api.body", 400),
        ("POST", "/api/things/t", b"{", "api.body", 400),
        ("POST", "/api/things/t", b"[" * 100_000, "api.body", 400),
        ("POST", "/api/things/t", b"", "api.body", 400),
        ("POST", "/api/do", b'{"x":1}', "api.body", 400),
        ("POST", "/api/files", b"x", "api.body", 400),
        ("GET", "/api/nothing", None, "api.not_found", 404),
        ("PUT", "/api/do", b"{}", "api.method", 405),
    ],
)
def test_a_wrong_request_is_told_in_words(
    method: str, path: str, content: bytes | None, code: str, status: int
) -> None:
    node = Node()
    got = ask(node, method, path, content=content)
    assert got.headers["content-type"] == "application/problem+json"
    error = read_problem(got.content, status=got.status_code).error()
    assert (got.status_code, error.code) == (status, code)
    assert isinstance(error, MisuseError)
    assert str(error)
    assert "m_" not in str(error)
    assert not node.asked


def test_a_body_beyond_all_texts_is_refused() -> None:
    content = b'{"words":"' + b"x" * JSON_BODY_BYTES_MAX + b'"}'
    got = ask(Node(), "POST", "/api/things/t", content=content)
    assert (got.status_code, got.json()["code"]) == (413, "api.too_large")


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer",
        "Bearer secre",
        "Bearer secret2",
        "Basic secret",
        "Bearer comity_pat_",
        "Bearer comity_pat_unknown",
        "comity_pat_known",
    ],
)
@pytest.mark.parametrize("path", ["/api/things/t", "/api/files", "/api/openapi.json"])
def test_nothing_is_told_without_the_token(shown: str, path: str) -> None:
    node = Node()
    got = ask(node, "GET", path, headers={"authorization": shown})
    assert (got.status_code, got.json()["code"]) == (401, "api.token")
    assert got.headers["www-authenticate"] == "Bearer"
    assert not node.asked


def test_a_personal_token_acts_for_its_official_alone() -> None:
    node = Node()
    token = {"authorization": "Bearer comity_pat_known"}
    ask(node, "POST", "/api/do", content=b"{}", headers=token)
    ask(node, "POST", "/api/do", content=b"{}", headers={**token, "x-comity-as": "anna"})
    assert [one.caller for one in node.asks] == [Caller(official="anna", scopes=("read",))] * 2
    got = ask(node, "POST", "/api/do", content=b"{}", headers={**token, "x-comity-as": "ben"})
    assert (got.status_code, got.json()["code"]) == (403, "api.other_official")
    assert len(node.asks) == 2


def test_the_key_of_a_call_goes_along_with_or_without_quotation_marks() -> None:
    node = Node()
    for sent in ("k 1", '"k 1"', '"'):
        ask(node, "POST", "/api/do", content=b"{}", headers={"idempotency-key": sent})
    ask(node, "POST", "/api/files?name=n", content=b"x", headers={"idempotency-key": "u"})
    ask(node, "GET", "/api/files", headers={"idempotency-key": "nothing for a GET"})
    assert [one.once for one in node.asks] == ["k 1", "k 1", '"', "u", None]


def test_the_state_that_was_seen_goes_along() -> None:
    node = Node()
    ask(
        node,
        "POST",
        "/api/things/t",
        content=b'{"words":"w"}',
        headers={"if-match": '"a", "b"'},
    )
    assert node.asks[0].expects == Expected(
        operation="show", members={"thing": "t"}, etag='"a", "b"'
    )
    got = ask(node, "POST", "/api/do", content=b"{}", headers={"if-match": '"a"'})
    assert (got.status_code, got.json()["code"]) == (400, "api.no_object")
    assert len(node.asks) == 1


def test_an_answer_that_the_caller_has_is_not_sent_again() -> None:
    node = Node()
    first = ask(node, "GET", "/api/things/t")
    tag = first.headers["etag"]
    assert tag == etag_of({"done": True})
    again = ask(node, "GET", "/api/things/t", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    node.answer = {"done": False}
    other = ask(node, "GET", "/api/things/t", headers={"if-none-match": tag})
    assert (other.status_code, other.json()) == (200, {"done": False})
    node.answer = b"report"
    report = ask(node, "GET", "/api/files")
    same = {"if-none-match": report.headers["etag"]}
    assert ask(node, "GET", "/api/files", headers=same).status_code == 304


@pytest.mark.parametrize(
    ("code", "status"), [("api.changed", 412), ("api.key_reused", 422), ("storage.stale", 409)]
)
def test_programs_can_tell_what_to_do_next_by_the_status(code: str, status: int) -> None:
    got = ask(Node(MisuseError(code, "Words.")), "POST", "/api/do", content=b"{}")
    assert got.status_code == status


def test_the_token_is_asked_for_before_a_body_is_read() -> None:
    got = ask(Node(), "POST", "/api/do", content=b"{", headers={"authorization": "no"})
    assert got.json()["code"] == "api.token"


def test_an_error_of_the_node_comes_with_its_facts() -> None:
    error = RefusedError("powers.none", "No powers.", {"who": ["anna", "ben"]})
    got = ask(Node(error), "GET", "/api/things/t")
    back = read_problem(got.content, status=got.status_code).error()
    assert (got.status_code, type(back)) == (403, RefusedError)
    assert (back.code, str(back), back.facts) == (error.code, str(error), error.facts)


def test_a_fault_shows_nothing_of_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    got = ask(Node(ValueError("a private word")), "GET", "/api/things/t")
    assert (got.status_code, got.json()["code"]) == (500, "api.fault")
    assert "private" not in got.text
    assert "failed" in caplog.text


def test_the_api_describes_itself() -> None:
    document = ask(Node(), "GET", "/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/things/{thing}",
        "/api/asks/{request_id}",
        "/api/do",
        "/api/files",
    }
    note = document["paths"]["/api/things/{thing}"]["post"]
    assert note["operationId"] == "note"
    body = note["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][body]
    assert set(schema["properties"]) == {"words", "units"}
    assert schema["required"] == ["words"]
    assert schema["properties"]["words"]["minLength"] == 1
    shown = document["paths"]["/api/things/{thing}"]["get"]["parameters"]
    assert {(each["name"], each["in"]) for each in shown} == {
        ("X-Comity-As", "header"),
        ("If-None-Match", "header"),
        ("thing", "path"),
        ("form", "query"),
        ("start", "query"),
    }
    assert "application/problem+json" in note["responses"]["400"]["content"]
    assert {each["name"] for each in note["parameters"]} == {
        "X-Comity-As",
        "Idempotency-Key",
        "If-Match",
        "thing",
    }


def test_the_whole_table_of_the_node_can_be_served() -> None:
    node = Node()
    app = node.app(OPERATIONS)
    document = ask(node, "GET", "/api/openapi.json", app=app).json()
    named = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert named == {operation.name for operation in OPERATIONS}
    answered = document["paths"]["/api/status"]["get"]["responses"]["200"]["content"]
    assert answered["application/json"]["schema"]["$ref"].endswith("/Status")
