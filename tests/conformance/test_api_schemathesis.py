"""The API keeps to its own document, whatever it is sent: no fault, no answer of another form.

schemathesis makes the calls from the OpenAPI document of a real node, by chance on a fixed seed.
Where a member names an object, a real one is named in half of the calls, so that calls get beyond
the first refusal.
"""

import asyncio
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Final, Protocol, cast, get_args

import attrs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.core.result import Ok
from schemathesis.python.asgi import _get_portal
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comity.api.operation import Role
from comity.api.operations import OPERATIONS
from comity.node import fetching
from comity.node.handlers import base
from comity.node.local_api import local_api
from support.stages import at_stage
from support.two_nodes import Pair

TOKEN: Final = "the folder's token"
HEADERS: Final = {"Authorization": f"Bearer {TOKEN}", "X-Comity-As": "negotiator"}
#: These ask the counterpart's node, which is not there.
AWAY: Final = {"catalogue", "fetch", "record.recover"}
EXAMPLES: Final = 6


@attrs.frozen(kw_only=True)
class Known:
    """What there is at the node."""

    names: dict[str, str]


def _everything(pair: Pair) -> None:
    """Let one official enter everything, so that roles end no call early."""

    async def add() -> None:
        await pair.start(pair.b)
        card = dict(pair.b.people["negotiator"].card.to_json())
        roles = list(get_args(Role))
        await pair.b.call("officials.add", card=card, roles=roles)
        await pair.stop(pair.b)

    asyncio.run(add())


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Known]]:
    pair = asyncio.run(_stopped(tmp_path_factory.mktemp("pair")))
    _everything(pair)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "HELD_WAIT_S", 0.0)
        patch.setattr(fetching, "FETCH_WAIT_S", 0.0)
        pair.open(pair.b)
        names = {
            "instrument": pair.instrument,
            "counterpart": pair.a.did,
            "person": "negotiator",
            "official": "negotiator",
        }
        yield pair, Known(names=names)
        _get_portal().call(pair.stop, pair.b)  # what calls began runs on that loop


async def _stopped(root: Path) -> Pair:
    pair = await at_stage("tabled", root)
    await pair.close()
    return pair


class Answer(Protocol):
    status_code: int
    text: str


class Made(Protocol):
    """A call that schemathesis has made up; its own types say Any."""

    body: object
    query: object
    path_parameters: object

    def call(self, *, headers: Mapping[str, str]) -> Answer: ...

    def validate_response(self, response: Answer, *, checks: Sequence[object]) -> None: ...


Calls = Mapping[str, SearchStrategy[Made]]


@pytest.fixture(scope="module")
def calls(known: tuple[Pair, Known]) -> Calls:
    """Return calls as the document describes them, by the name of the operation."""
    app = local_api(known[0].b.node, token=TOKEN)
    api = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HEADERS)
    made: dict[str, SearchStrategy[Made]] = {}
    for found in api.get_all_operations():
        assert isinstance(found, Ok)
        described = found.ok()
        name = str(described.definition.raw["operationId"])
        made[name] = cast("SearchStrategy[Made]", described.as_strategy())
    return made


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", [operation.name for operation in OPERATIONS])
def test_no_call_finds_a_fault_or_an_answer_of_another_form(
    name: str, calls: Calls, known: tuple[Pair, Known]
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=calls[name])
    def call(case: Made) -> None:
        _name_real_objects(case, known[1].names)
        answer = case.call(headers=HEADERS)
        away = name in AWAY and answer.status_code == 503
        assert answer.status_code < 500 or away, answer.text
        case.validate_response(
            answer,
            checks=[content_type_conformance, response_schema_conformance, status_code_conformance],
        )

    call()


def _name_real_objects(case: Made, names: dict[str, str]) -> None:
    if len(str(case.body) + str(case.path_parameters) + str(case.query)) % 2:
        return
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, MutableMapping):
            members = cast("MutableMapping[str, object]", place)
            members.update({name: names[name] for name in names if name in members})
