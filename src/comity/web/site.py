"""The site as one ASGI application: pages on the framework's routes, sessions, form tokens, limits.

What every answer carries: a content security policy without anything inline, no framing, no
guessing of media types, nothing kept by caches. Source: design 10, 13.3, 13.13, 13.15; OWASP ASVS
5.0, chapter 3.
"""

import asyncio
import errno
import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

import attrs
import msgspec
from litestar import Litestar, Request, Response, get, route
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.datastructures.state import State
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import (
    HTTPException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.response import File as FileResponse
from litestar.response import Redirect
from litestar.response import Stream as StreamResponse
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState
from markupsafe import escape

from comity.foundation.errors import ComityError, MisuseError, RefusedError, UnavailableError
from comity.protocols.problems import problem_of
from comity.web import assets, entry, pages, sessions
from comity.web.form_labels import labelled
from comity.web.form_pages import form_page
from comity.web.ports import House, Node, Person, Sent
from comity.web.rendering import render
from comity.web.texts import Words, language_for, parse_instant, zone_for
from comity.web.visit import SECRET_FIELDS, Goto, Handout, Html, Page, Plain, Reply, Stream, Visit

_log: Final = logging.getLogger(__name__)
_MEMBER: Final = re.compile(r"\{([a-z_]+)\}")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_HTML: Final = "text/html; charset=utf-8"
_CONTROL: Final = frozenset({"_csrf_token", "_once", "_seen"})
#: In words that a person wrote, and not in the codes that a form carries along.
_WRITTEN: Final = re.compile(r"[^\w:.@-]|[^\x00-\x7f]")
_ONCE_MAX: Final = 5000
#: For forms by which strangers try to come in, from one address.
_LIMIT: Final = RateLimitConfig(rate_limit=("minute", 30))

_Request: TypeAlias = Request[None, None, State]
_Answer: TypeAlias = Response[bytes] | Response[str] | FileResponse | StreamResponse | Redirect


@attrs.define
class _Site:
    """What all handlers share."""

    node: Node
    house: House
    pages: Mapping[tuple[str, str], Page]
    #: (session, form token) -> the reply of the first post; a second one waits for it.
    done: "OrderedDict[tuple[str, str], asyncio.Future[Reply]]" = attrs.field(factory=OrderedDict)


def make_site(node: Node, house: House, *, more: Sequence[Page] = ()) -> ASGIApp:
    """Return the site's ASGI application.

    Args:
        node: The node behind it.
        house: Whose site it is.
        more: Further pages, for tests.
    """
    every = (*entry.PAGES, *pages.PAGES, *more)
    site = _Site(node=node, house=house, pages={(page.method, page.path): page for page in every})
    mark = sessions.party_mark(house.party)
    store = sessions.SessionStore(node)
    app = Litestar(
        route_handlers=[*(_handler(site, page) for page in every), _static],
        middleware=[sessions.make_config(party=house.party, secure=house.secure).middleware],
        csrf_config=CSRFConfig(
            secret=house.secret,
            cookie_name=f"comity_form_{mark}",
            cookie_secure=house.secure,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        stores={"sessions": store},
        exception_handlers={
            PermissionDeniedException: lambda request, _: _outside(site, request, _FOREIGN),
            TooManyRequestsException: lambda request, _: _outside(site, request, _TOO_MANY),
            HTTPException: lambda request, error: _refused(site, request, error),
            Exception: lambda request, error: _outside(site, request, _of_fault(error)),
        },
        openapi_config=None,
        request_max_body_size=2 << 20,
        logging_config=None,
        debug=False,
        multipart_form_part_limit=5000,
    )
    return _guarded(app, house)


_FOREIGN: Final = RefusedError(
    "web.foreign_form",
    "This form does not belong to a page that this browser got from this node (its cookie is gone,"
    " or another site sent it). Nothing was done. Go back, reload the page and send it again.",
)
_TOO_MANY: Final = UnavailableError(
    "web.too_many", "Too many tries to log in within a minute. Wait a minute and try again."
)
_FAULT: Final = ComityError(
    "web.fault",
    "The node has a fault; its engineer finds it in the node's log. Nothing is known to have"
    " changed.",
)


def _guarded(app: Litestar, house: House) -> ASGIApp:
    """Put before everything: only our own host names, and the headers of every answer."""
    hosts = frozenset(house.hosts)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if _name_of(host) not in hosts:
            await _refuse_host(send)
            return
        origin = headers.get(b"sec-fetch-site", b"none")
        if scope["method"] == "POST" and origin not in {b"none", b"same-origin"}:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        await app(scope, receive, send)

    return guarded


def _name_of(host: str) -> str:
    """Return the name in a ``Host`` header, without the port; empty for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return ""
    return parts.hostname or "" if port != 0 else ""


async def _refuse_host(send: Send) -> None:
    body = (
        b"This node does not answer under that name. Use the address that `comity serve` names.\n"
    )
    await send(
        {
            "type": "http.response.start",
            "status": 421,
            "headers": [(b"content-type", b"text/plain; charset=utf-8")],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})


@get("/static/{mark:str}/{name:str}", opt={"exclude_from_csrf": True})
async def _static(request: _Request) -> Response[bytes]:
    found = assets.served(str(request.path_params["name"]))
    if found is None:
        return Response(b"There is no such file.\n", status_code=404, media_type="text/plain")
    data, media = found
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(data, media_type=media, headers={**_of_kind(media), **kept})


def _handler(site: _Site, page: Page) -> HTTPRouteHandler:
    async def handle(request: _Request) -> _Answer:
        return await _serve(site, page, request)

    path = _MEMBER.sub(lambda found: "{" + found[1] + ":str}", page.path)
    handle.__annotations__["request"] = _Request
    return route(
        path,
        http_method=[page.method],
        status_code=200,
        request_max_body_size=None if page.raw else page.body_max,
        name=f"{page.method} {page.path}",
        middleware=[_LIMIT.middleware] if page.limited else [],
    )(handle)


async def _serve(site: _Site, page: Page, request: _Request) -> _Answer:
    """Return the answer to one call of a page."""
    visit = await _visit(site, page, request)
    if visit.who is None and not page.open:
        return _answer(entry.ask_to_enter(visit), visit, request)
    try:
        if page.method == "POST" and not page.raw:
            since = str(request.session.get("since", ""))
            reply = await _once(site, page, visit=visit, since=since)
        else:
            reply = await page.work(visit)
        return await _finish(reply, visit, request)
    except ComityError as error:
        _log.info("%s %s was refused: %s", page.method, page.path, error.code)
        return _problem(visit, request, error, status=problem_of(error).status)
    except HTTPException:
        raise
    except Exception:  # noqa: BLE001 - a person gets a page, the log gets the rest
        _log.exception("%s %s failed", page.method, page.path)
        return _problem(visit, request, _FAULT, status=500)


async def _once(site: _Site, page: Page, *, visit: Visit, since: str) -> Reply:
    """Return the reply to a form; the same form posted again gets the first one's."""
    if not visit.once:
        return await _tried(site, page, visit)
    key = (since + (visit.who.id if visit.who else ""), visit.once)
    if key in site.done:
        return await asyncio.shield(site.done[key])
    future = site.done[key] = asyncio.get_running_loop().create_future()
    while len(site.done) > _ONCE_MAX:
        site.done.popitem(last=False)
    try:
        reply = await _tried(site, page, visit)
    except BaseException as error:
        site.done.pop(key, None)
        future.set_exception(error if isinstance(error, ComityError) else _FAULT)
        future.exception()  # looked at: whoever waits for it gets it, and perhaps nobody does
        raise
    future.set_result(reply)
    if not isinstance(reply, Goto):
        site.done.pop(key, None)  # it was refused and shown again: the corrected form may come
    return reply


async def _tried(site: _Site, page: Page, visit: Visit) -> Reply:
    try:
        return await page.work(visit)
    except ComityError as error:
        back = site.pages.get(("GET", page.back))
        if back is None:
            raise
        _log.info("a form was refused: %s", error.code)
        visit.problem, visit.nav = error, back.nav
        visit.path = _MEMBER.sub(lambda found: quote(visit.at[found[1]], safe=":@"), back.path)
        reply = await back.work(visit)
        status = problem_of(error).status
        return attrs.evolve(reply, status=status) if isinstance(reply, Html) else reply


async def _visit(site: _Site, page: Page, request: _Request) -> Visit:
    who = await _who(site, request)
    many: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        many.setdefault(name, []).append(value)
    query = {name: values[-1] for name, values in many.items()}
    form, files = await _form(request, page)
    many |= form
    plain = {name: values[-1] for name, values in form.items()}
    token = request.headers.get("x-comity-once", "") if page.raw else plain.get("_once", "")
    return Visit(
        node=site.node,
        house=site.house,
        words=_words(request, who),
        who=who,
        path=request.url.path,
        at={name: str(value) for name, value in request.path_params.items()},
        query=query,
        many=many,
        form=plain,
        files=files,
        body=(lambda: _chunks(request)) if page.raw else None,
        once=_posting(token, many),
        chance=site.node.token(),
        notice=_notice(request, "notice"),
        tone=_notice(request, "tone"),
        csrf=str(ScopeState.from_scope(request.scope).csrf_token or ""),
        nav=page.nav,
    )


def _posting(token: str, many: Mapping[str, Sequence[str]]) -> str:
    """Return the name of one posting: the same form with the same words in it has the same."""
    if not token:
        return ""
    said = [[name, *many[name]] for name in sorted(many) if name not in _CONTROL]
    return f"{token[:64]}.{hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]}"


async def _chunks(request: _Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


async def _who(site: _Site, request: _Request) -> Person | None:
    session = request.session
    since = parse_instant(session.get("since"))
    official = session.get("official")
    if since is None or not isinstance(official, str):
        return None
    return await site.node.person(official, since=since)


async def _form(
    request: _Request, page: Page
) -> tuple[dict[str, list[str]], dict[str, UploadFile]]:
    kind = request.content_type[0]
    forms = {RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART}
    if page.method == "GET" or page.raw or kind not in forms:
        return {}, {}
    found: FormMultiDict = await request.form()
    form: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            form.setdefault(str(name), []).append(str(value).replace("\r\n", "\n"))
    return form, files


def _words(request: _Request, who: Person | None) -> Words:
    language = language_for(
        (who.language if who else "") or request.cookies.get("comity_language", ""),
        request.headers.get("accept-language", ""),
    )
    zone = zone_for(who.zone if who else "", request.cookies.get("comity_zone", ""))
    return Words(language=language, zone=zone)


def _notice(request: _Request, part: str) -> str:
    """Return what the last act left to say, once."""
    if request.method != "GET" or not request.session:
        return ""
    return str(request.session.pop(part, ""))


async def _finish(reply: Reply, visit: Visit, request: _Request) -> _Answer:
    if isinstance(reply, entry.Entered):
        await sessions.begin(request, reply.official, since=reply.since)
        if reply.notice:
            request.session["notice"] = reply.notice
        if reply.page is not None:
            return _answer(reply.page, visit, request)
        return Redirect(reply.path, status_code=303, headers=_HEADERS)
    if isinstance(reply, entry.Left):
        await sessions.end(request)
        return Redirect("/enter", status_code=303, headers=_HEADERS)
    return _answer(reply, visit, request)


def _answer(reply: Reply, visit: Visit, request: _Request) -> _Answer:
    match reply:
        case Goto(path=path, notice=notice, tone=tone):
            if notice and request.session:
                request.session.update({"notice": notice, "tone": tone})
            return Redirect(path, status_code=303, headers=_HEADERS)
        case Html(template=template, context=context, status=status):
            page = render(template, context, visit=visit)
            if visit.problem is not None:
                told = labelled(visit.problem, page, action=request.url.path)
                again, visit.problem = told is not visit.problem, told
                visit.lost = _lost(visit, page)
                page = render(template, context, visit=visit) if visit.lost or again else page
            return Response(page, status_code=status, media_type=_HTML, headers=_of_kind(_HTML))
        case Plain(data=data, media=media, name=name):
            named = {"content-disposition": _attachment(name)} if name else {}
            return Response(data, media_type=media, headers={**_of_kind(media), **named})
        case Handout(sent=sent):
            return _file(sent)
        case Stream(chunks=chunks, media=media, name=name):
            headers = {**_of_kind(media), "content-disposition": _attachment(name)}
            return StreamResponse(chunks, media_type=media, headers=headers)
    raise AssertionError(reply)


def _of_kind(media: str) -> dict[str, str]:
    """Return the headers of bytes of a kind; the framework would name a charset again."""
    return {**_HEADERS, "content-type": media}


def _file(sent: Sent) -> _Answer:
    if sent.path is not None:
        return FileResponse(
            sent.path,
            filename=sent.name,
            media_type="application/octet-stream",
            content_disposition_type="attachment",
            chunk_size=1 << 20,
            headers=_HEADERS,
        )
    return Response(
        sent.data or b"",
        media_type="application/octet-stream",
        headers={**_HEADERS, "content-disposition": _attachment(sent.name)},
    )


def _attachment(name: str) -> str:
    return f"attachment; filename*=utf-8''{quote(name)}"


# --- what went wrong ------------------------------------------------------------------------------


def _problem(visit: Visit, request: _Request, error: ComityError, *, status: int) -> _Answer:
    """Return a page of its own for a problem, with all that was typed."""
    visit.problem = error
    page = Html(template="problem.html", context={"status": status}, status=status)
    return _answer(page, visit, request)


def _lost(visit: Visit, page: str) -> dict[str, list[str]]:
    """Return what a person typed and does not find on the page: the field is not there any more."""
    lost = {
        name: [each for each in visit.many[name] if each.strip() and str(escape(each)) not in page]
        for name in visit.form
        if name not in _CONTROL | SECRET_FIELDS
    }
    return {name: values for name, values in lost.items() if any(map(_WRITTEN.search, values))}


def _outside(site: _Site, request: _Request, error: ComityError) -> Response[str]:
    """Return the page for what the framework refused before any page was reached."""
    visit = Visit(
        node=site.node,
        house=site.house,
        words=_words(request, None),
        who=None,
        path=request.url.path,
        at={},
        query={},
        many={},
        problem=error,
    )
    status = _STATUSES.get(error.code) or problem_of(error).status
    page = render("problem.html", {"status": status}, visit=visit)
    return Response(page, status_code=status, media_type=_HTML, headers=_of_kind(_HTML))


def _refused(site: _Site, request: _Request, error: HTTPException) -> _Answer:
    """Return what follows where the framework refused; who reloads a form comes to its page."""
    if error.status_code == 405 and request.method == "GET":
        where = form_page(site.pages.values(), request.url.path)
        if where:
            return Redirect(where, status_code=303, headers=_HEADERS)
    return _outside(site, request, _of_framework(error))


def _of_framework(error: HTTPException) -> ComityError:
    if error.status_code == 404:
        return MisuseError("web.no_page", "There is no such page here.")
    if error.status_code == 413:
        return MisuseError(
            "web.form_too_large",
            "What was sent is longer than this form takes. Nothing was stored.",
        )
    if error.status_code >= 500:
        return _of_fault(error)
    return MisuseError("web.request", f"The page cannot be asked for like this: {error.detail}.")


def _of_fault(error: Exception) -> ComityError:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UnavailableError(
            "web.disk_full", "The disk is full: nothing was stored. Make room, then try again."
        )
    _log.error("a page failed", exc_info=error)
    return _FAULT


_STATUSES: Final = {
    "web.no_page": 404,
    "web.form_too_large": 413,
    "web.too_many": 429,
    "web.fault": 500,
}
