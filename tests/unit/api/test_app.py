"""The whole table of operations as one application: each operation arrives where it is done."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import msgspec
import pytest

from comity.api.app import Answer, make_api
from comity.api.operations import OPERATIONS, Operation, Request
from comity.transport.gate import App

VALUES: dict[str, object] = {"acts": ["sign"], "roles": ["negotiator"], "answer": "accept"}


class Done:
    """Answers with what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Request, str | None, str | None]] = []

    async def __call__(
        self, operation: Operation, request: Request, *, official: str | None, upload: str | None
    ) -> Answer:
        self.calls.append((operation.name, request, official, upload))
        return b"bytes" if operation.answer == "bytes" else {"done": operation.name}

    async def receive(self, parts: AsyncIterator[bytes]) -> str:
        return b"".join([part async for part in parts]).decode()


def sample(operation: Operation) -> dict[str, object]:
    """Return members that the operation takes: those without a default."""
    made = {}
    for field in msgspec.structs.fields(operation.request):
        if field.required:
            text = str(field.type)
            plain: object = ["x"] if "list" in text else {} if "dict" in text else "x"
            made[field.name] = VALUES.get(field.name, plain)
    return made


@pytest.fixture(scope="module")
def done() -> Done:
    return Done()


@pytest.fixture(scope="module")
def app(done: Done) -> App:
    # The framework names every message by its own type.
    return make_api(  # type: ignore[return-value]
        token="t", dispatch=done, receive_upload=done.receive, version="1"
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_of_the_table_is_carried_out(
    operation: Operation, app: App, done: Done
) -> None:
    members = sample(operation)
    path = operation.path
    given = dict(members)
    for name in list(given):
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", str(given.pop(name)))

    async def main() -> httpx2.Response:
        wire = httpx2.ASGITransport(app=app)
        headers = {"authorization": "Bearer t", "x-comity-as": "anna"}
        async with httpx2.AsyncClient(
            transport=wire, base_url="http://localhost", headers=headers
        ) as client:
            if operation.body == "upload":
                return await client.request(
                    "POST", path, params={k: str(v) for k, v in given.items()}, content=b"file"
                )
            if operation.method == "GET":
                return await client.get(path, params={k: str(v) for k, v in given.items()})
            return await client.post(path, json=given)

    done.calls.clear()
    answer = asyncio.run(main())
    assert answer.status_code == 200, answer.text
    upload = "file" if operation.body == "upload" else None
    assert done.calls == [
        (operation.name, msgspec.convert(members, type=operation.request), "anna", upload)
    ]
    if operation.answer == "bytes":
        assert answer.content == b"bytes"
    else:
        assert answer.json() == {"done": operation.name}


def test_no_operation_shares_name_or_place_with_another() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    places = {(operation.method, operation.path) for operation in OPERATIONS}
    assert len(places) == len(OPERATIONS)
