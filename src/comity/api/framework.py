"""The officials' API on Litestar: routes, OpenAPI and problems out of the table of operations.

Every operation of the table becomes one typed handler, so that the framework itself validates path,
query and body and writes the OpenAPI document. Every call carries the bearer token of the party's
folder; the acting official stands in ``X-Comity-As``. What an operation does, and for whom, is
decided behind ``Carry``. Source: design 10 and 13.5; docs/decisions/0002-http-framework.md.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from inspect import Parameter, Signature
from types import GenericAlias
from typing import Annotated, Final, Protocol, TypeAlias
from urllib.parse import quote

import attrs
import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.constants import RESERVED_KWARGS
from litestar.datastructures.state import State
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import BodyKwarg, HeaderParameter, PathParameter, QueryParameter
from litestar.response import File
from msgspec.structs import FieldInfo

from comity.api.answers import ANSWERS
from comity.api.calling import (
    PATH_MEMBER,
    TOKEN_PREFIX,
    Admit,
    Answer,
    Ask,
    Caller,
    Carry,
    Download,
    Spool,
    expected,
    in_person,
    key_of,
    no_token,
    objects_of,
)
from comity.api.operation import Operation
from comity.api.operation import Request as OperationRequest
from comity.foundation.errors import ComityError, MisuseError
from comity.protocols.etags import among, etag_of
from comity.protocols.problems import PROBLEM_JSON, problem_of

OFFICIAL_HEADER: Final = "X-Comity-As"
JSON_BODY_BYTES_MAX: Final = 80 << 20
"""A text of 32 MiB (design 13.14) with everything escaped, and its fields."""

_log: Final = logging.getLogger(__name__)
_FAULT: Final = ComityError(
    "api.fault", "The node has a fault; look at its log. Nothing is known to have changed."
)

_CALLER: Final = "comity.caller"
#: Nothing of an answer is kept or guessed at by a browser.
_PLAIN: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_HTTP_CODES: Final[Mapping[int, str]] = {
    400: "api.body",
    404: "api.not_found",
    405: "api.method",
    413: "api.too_large",
}

_Call: TypeAlias = Request[None, None, State]
_Official: TypeAlias = Annotated[str | None, HeaderParameter(name=OFFICIAL_HEADER)]
_Key: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="However often the call is made with this key, it acts once.",
    ),
]
_IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="The ETag of the object as you have seen it: if it changed, nothing is done.",
    ),
]
_IfNoneMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The ETag of the answer that you have."),
]
_JsonAnswer: TypeAlias = dict[str, object]
_Answered: TypeAlias = Response[_JsonAnswer] | Response[bytes] | File
_Connection: TypeAlias = ASGIConnection[BaseRouteHandler, None, None, State]
_Handle: TypeAlias = Callable[[_Call, Mapping[str, object]], Awaitable[_Answered]]


class _Typed(Protocol):
    def __call__(self, **given: object) -> Awaitable[_Answered]: ...


class ProblemDocument(msgspec.Struct):
    """RFC 9457 problem details, as for the counterparts' port, with facts."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, object] = {}


_PROBLEM_SPEC: Final = ResponseSpec(
    data_container=ProblemDocument,
    media_type=PROBLEM_JSON,
    generate_examples=False,
    description="A problem; `code` names it.",
)


def make_app(
    operations: Sequence[Operation],
    *,
    carry: Carry,
    spool: Spool,
    admit: Admit,
    token: str,
    version: str,
) -> Litestar:
    """Return the ASGI application of the officials' API.

    Args:
        operations: The table.
        carry: Carries out one operation; its ComityErrors become problems with their facts.
        spool: Takes the body of an upload.
        admit: Knows personal access tokens.
        token: The bearer token of the folder; every call shows it or a personal one.
        version: Version of the program, for the OpenAPI document at ``/api/openapi.json``.
    """
    objects = objects_of(operations)
    return Litestar(
        route_handlers=[
            _route(operation, carry, spool=spool, shown=objects.get(operation.name))
            for operation in operations
        ],
        guards=[_token_guard(token, admit)],
        exception_handlers={
            ComityError: _answer_comity_error,
            HTTPException: _answer_http_error,
            RecursionError: _answer_too_deep,  # its decoder lets a deeply nested body through
            Exception: _answer_fault,
        },
        openapi_config=OpenAPIConfig(
            title="Comity: the officials' API of one node",
            version=version,
            path="/api/openapi.json",  # below it the framework answers with pages of its own
            render_plugins=[JsonRenderPlugin(path="/")],
            components=Components(
                security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}
            ),
            security=[{"token": []}],
        ),
        request_max_body_size=JSON_BODY_BYTES_MAX,
        logging_config=None,  # the framework would write every call of every library to the log
        debug=False,
    )


def _route(
    operation: Operation, carry: Carry, *, spool: Spool, shown: Operation | None
) -> HTTPRouteHandler:
    """Return the typed handler of one operation.

    The members of the request are spread over path, query and body: those named in the path come
    from there; the others from the query for GET and uploads, from a JSON body otherwise.
    """
    fields = _Fields.of(operation)

    async def handle(call: _Call, values: Mapping[str, object]) -> _Answered:
        _check_query(call, known=fields.in_query)
        made = _request(operation, values)
        named = {name: str(values[name]) for name in fields.in_path}
        expects = expected(call.headers.get("if-match"), shown, named) if fields.acts else None
        ask = Ask(
            operation=operation,
            request=made,
            caller=_caller(call),
            upload=await spool(call.stream()) if operation.body == "upload" else None,
            once=key_of(call.headers.get("idempotency-key")) if fields.acts else None,
            expects=expects,
        )
        answered = _answered(await carry(ask))
        return answered if fields.acts else _unless_known(call, answered)

    decorate = post if fields.acts else get
    return decorate(
        PATH_MEMBER.sub(lambda found: "{" + _outside(found[1]) + ":str}", operation.path),
        name=operation.name,
        operation_id=operation.name,
        summary=operation.summary,
        description=operation.request.__doc__,
        tags=[operation.name.partition(".")[0]],
        status_code=200,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 412, 413, 422, 503), _PROBLEM_SPEC),
        request_max_body_size=None if operation.body == "upload" else JSON_BODY_BYTES_MAX,
    )(_typed(handle, fields))


def _caller(call: _Call) -> Caller:
    found: object = call.scope["state"][_CALLER]
    assert isinstance(found, Caller)  # the guard has put it there
    return found


@attrs.frozen(kw_only=True)
class _Fields:
    """Where each member of a request comes from."""

    acts: bool
    in_path: Mapping[str, FieldInfo]
    in_query: Mapping[str, FieldInfo]
    body: type[msgspec.Struct] | None
    bytes: bool
    answer: object

    @classmethod
    def of(cls, operation: Operation) -> "_Fields":
        """Spread the members of the operation's request."""
        fields = {field.name: field for field in msgspec.structs.fields(operation.request)}
        in_path = {name: fields.pop(name) for name in PATH_MEMBER.findall(operation.path)}
        made = cls(
            acts=operation.method == "POST",
            in_path=in_path,
            in_query=fields,
            body=None,
            bytes=operation.answer == "bytes",
            answer=ANSWERS.get(operation.name, _JsonAnswer),
        )
        if not made.acts or operation.body == "upload":
            return made
        body = msgspec.defstruct(
            operation.request.__name__,
            [_member(field) for field in fields.values()],
            forbid_unknown_fields=True,
            kw_only=True,
            frozen=True,
        )
        return attrs.evolve(made, in_query={}, body=body)


def _member(field: FieldInfo) -> tuple[str, object] | tuple[str, object, object]:
    """Return a field as ``defstruct`` takes it, with its default if it has one."""
    if field.default_factory is not msgspec.NODEFAULT:
        return (field.name, field.type, msgspec.field(default_factory=field.default_factory))
    if field.default is not msgspec.NODEFAULT:
        return (field.name, field.type, field.default)
    return (field.name, field.type)


def _typed(handle: _Handle, fields: _Fields) -> _Typed:
    """Return a function with one annotated argument per member, as the framework reads it.

    Members get a prefix inside, because the framework keeps names such as ``request`` for itself;
    outside they have their own names.
    """
    headers = {"official": _Official}
    headers |= {"once": _Key, "expects": _IfMatch} if fields.acts else {"known": _IfNoneMatch}
    parameters = [_argument("request", _Call)]
    parameters += [_argument(name, kind).replace(default=None) for name, kind in headers.items()]
    for name, field in fields.in_path.items():
        parameters.append(
            _argument("m_" + name, Annotated[field.type, PathParameter(name=_outside(name))])
        )
    for name, field in fields.in_query.items():
        member = _argument("m_" + name, Annotated[field.type, QueryParameter(name=name)])
        if field.default is not msgspec.NODEFAULT:
            member = member.replace(default=field.default)
        parameters.append(member)
    if fields.body is not None:
        media = RequestEncodingType.JSON
        parameters.append(_argument("data", Annotated[fields.body, BodyKwarg(media_type=media)]))

    async def typed(**given: object) -> _Answered:
        call, data = given["request"], given.get("data")
        values = {
            name.removeprefix("m_"): value for name, value in given.items() if name.startswith("m_")
        }
        if isinstance(data, msgspec.Struct):
            values.update((name, getattr(data, name)) for name in data.__struct_fields__)
        assert isinstance(call, Request)
        return await handle(call, values)

    typed.__dict__["__signature__"] = Signature(parameters)
    typed.__annotations__ = {each.name: each.annotation for each in parameters}
    typed.__annotations__["return"] = GenericAlias(
        Response, (bytes if fields.bytes else fields.answer,)
    )
    return typed


def _outside(name: str) -> str:
    """Return the name of a path member; the framework takes some names for itself."""
    return f"{name}_id" if name in RESERVED_KWARGS else name


def _argument(name: str, annotation: object) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation)


def _request(operation: Operation, values: Mapping[str, object]) -> OperationRequest:
    """Return the request; the framework leaves out the bounds of path and query members."""
    try:
        return msgspec.convert(values, type=operation.request)
    except msgspec.ValidationError as error:
        raise MisuseError("api.body", f"{operation.name}: {error}.") from error


def _check_query(call: _Call, *, known: Mapping[str, FieldInfo]) -> None:
    for name in call.query_params:
        if name not in known:
            raise MisuseError(
                "api.parameter",
                f"{name[:60]!r} is no parameter here; known: {', '.join(known) or 'none'}.",
            )


def _answered(answer: Answer) -> _Answered:
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/octet-stream", headers=_tagged(answer))
    if isinstance(answer, Download):
        if answer.path is None:
            named = {"content-disposition": f"attachment; filename*=utf-8''{quote(answer.name)}"}
            made = answer.data or b""
            return Response(made, media_type=answer.media, headers={**_tagged(made), **named})
        return File(
            answer.path,
            filename=answer.name,
            media_type=answer.media,
            content_disposition_type="attachment",
            chunk_size=1 << 20,
            headers=_PLAIN,
        )
    members: _JsonAnswer = {**answer}
    headers = {**_PLAIN, "etag": etag_of(answer)}
    return Response(members, media_type="application/json", headers=headers)


def _tagged(content: bytes) -> dict[str, str]:
    return {**_PLAIN, "etag": f'"{sha256(content).hexdigest()[:40]}"'}


def _unless_known(call: _Call, answered: _Answered) -> _Answered:
    """Return the answer, or that the caller has it already (RFC 9110 section 13.1.2)."""
    tag, known = answered.headers.get("etag"), call.headers.get("if-none-match")
    if tag is None or known is None or not among(tag, known):
        return answered
    return Response(b"", status_code=304, headers={**_PLAIN, "etag": tag})


def _token_guard(
    token: str, admit: Admit
) -> Callable[[_Connection, BaseRouteHandler], Awaitable[None]]:
    expected_header = f"Bearer {token}".encode()

    async def guard(connection: _Connection, handler: BaseRouteHandler) -> None:
        """Refuse whoever shows neither the folder's token nor a personal one that counts."""
        del handler
        shown = connection.headers.get("authorization", "")
        named = connection.headers.get(OFFICIAL_HEADER)
        caller: Caller | None = None
        if hmac.compare_digest(shown.encode(), expected_header):
            caller = Caller(official=named, scopes=None)
        elif shown.startswith("Bearer " + TOKEN_PREFIX):
            found = await admit(shown.removeprefix("Bearer "))
            caller = None if found is None else in_person(found, named=named)
        if caller is None:
            raise no_token()
        connection.scope["state"][_CALLER] = caller

    return guard


def _answer_comity_error(call: _Call, error: ComityError) -> Response[bytes]:
    del call
    if error.code != "api.token":
        return _problem(error, status=None)
    answer = _problem(error, status=401)
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _answer_http_error(call: _Call, error: HTTPException) -> Response[bytes]:
    """Return what the framework found wrong in a request, as our own problem."""
    del call
    if error.status_code >= 500:
        _log.error("a request failed", exc_info=error)
        return _problem(_FAULT, status=error.status_code)
    code = _HTTP_CODES.get(error.status_code, "api.request")
    return _problem(MisuseError(code, _words(error)), status=error.status_code)


def _answer_too_deep(call: _Call, error: RecursionError) -> Response[bytes]:
    _log.info("%s %s: nested too deeply", call.method, call.url.path, exc_info=error)
    return _problem(MisuseError("api.body", "The body is nested too deeply."), status=400)


def _answer_fault(call: _Call, error: Exception) -> Response[bytes]:
    _log.error("%s %s failed", call.method, call.url.path, exc_info=error)
    return _problem(_FAULT, status=500)


def _words(error: HTTPException) -> str:
    """Return the findings of the validation in one line, each with the member it is about."""
    found = error.extra if isinstance(error.extra, list) else []
    parts = [
        f"{str(each.get('key', 'request')).removeprefix('m_')}: {each.get('message', 'wrong')}"
        for each in found
        if isinstance(each, dict)
    ]
    return "; ".join(parts)[:2000] or f"{error.detail}."


def _problem(error: ComityError, *, status: int | None) -> Response[bytes]:
    problem = problem_of(error, status=status, facts=True)
    return Response(
        problem.to_bytes(), status_code=problem.status, media_type=PROBLEM_JSON, headers=_PLAIN
    )
