"""The whole table of operations as one application: each operation arrives where it is done."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import msgspec
import pytest

from comity.api.app import Answer, Ask, Caller, make_api
from comity.api.operations import OPERATIONS, Operation, Request
from comity.transport.gate import App


class Done:
    """Answers with what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Request, str | None, str | None]] = []

    async def __call__(self, ask: Ask) -> Answer:
        self.calls.append((ask.operation.name, ask.request, ask.caller.official, ask.upload))
        return b"bytes" if ask.operation.answer == "bytes" else {"done": ask.operation.name}

    async def admit(self, secret: str) -> Caller | None:
        del secret
        return None

    async def receive(self, parts: AsyncIterator[bytes]) -> str:
        return b"".join([part async for part in parts]).decode()


def sample(operation: Operation) -> dict[str, object]:
    """Return members that the operation takes: those without a default."""
    fields = msgspec.structs.fields(operation.request)
    kinds = {
        field.name: msgspec.inspect.type_info(field.type) for field in fields if field.required
    }
    return {name: plain(kind) for name, kind in kinds.items()}


def plain(kind: msgspec.inspect.Type) -> object:
    """Return the plainest value of a member's type."""
    made: object = "x"
    match kind:
        case msgspec.inspect.LiteralType():
            made = kind.values[0]
        case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType():
            made = [plain(kind.item_type)]
        case msgspec.inspect.UnionType():
            made = plain(kind.types[0])
        case msgspec.inspect.StructType():
            made = {each.name: plain(each.type) for each in kind.fields if each.required}
        case msgspec.inspect.DictType():
            made = {}
        case msgspec.inspect.BoolType():
            made = True
        case msgspec.inspect.IntType():
            made = max(1, kind.ge or 0)
        case _:
            pass
    return made


@pytest.fixture(scope="module")
def done() -> Done:
    return Done()


@pytest.fixture(scope="module")
def app(done: Done) -> App:
    # The framework names every message by its own type.
    return make_api(  # type: ignore[return-value]
        token="t", carry=done, admit=done.admit, receive_upload=done.receive, version="1"
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
