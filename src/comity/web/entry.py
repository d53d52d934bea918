"""Coming in and going out: by a one-time link, by a password; and a session that ended in mid-form.

What was typed into a form whose session had ended is kept on the page that asks to log in, and goes
on from there. Nothing about an official is said to who has not shown that they are that official.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import canonical, parse
from comity.foundation.errors import ComityError, MisuseError
from comity.web.visit import SECRET_FIELDS, Goto, Html, Page, Plain, Reply, Visit

_KEPT: Final = "kept."
_NOT_KEPT: Final = SECRET_FIELDS | {"_csrf_token", "_once"}
_CREDENTIAL_MAX: Final = 64 << 10


@attrs.frozen(kw_only=True)
class Entered(Goto):
    """Somebody has shown who they are: a session begins.

    Attributes:
        official: Who.
        since: When it began.
        page: Shown in place of going to ``path``.
    """

    official: str
    since: str
    page: Html | None = None


@attrs.frozen(kw_only=True)
class Left(Goto):
    """The session ends."""


async def nothing(visit: Visit) -> Reply:
    """Never called: stands for no page."""
    raise AssertionError(visit)


def ask_to_enter(visit: Visit) -> Html:
    """Return the log-in page; a form that was posted without a session is kept in it."""
    context = _context(
        again=visit.path if visit.form else "",
        kept={n: list(visit.many[n]) for n in visit.form if n not in _NOT_KEPT},
        files=sorted(visit.files),
        following="" if visit.form else visit.here(),
    )
    return Html(template="entry/enter.html", context=context, status=401)


def _context(
    *, again: str, kept: Mapping[str, list[str]], files: list[str], following: str
) -> dict[str, object]:
    return {"again": again, "kept": kept, "files": files, "next": following, "prefix": _KEPT}


async def _enter(visit: Visit) -> Reply:
    if visit.who is not None and visit.problem is None:
        return Goto(path="/")
    context = _context(
        again=visit.form.get("again", ""),
        kept=_kept(visit),
        files=[],
        following=visit.typed("next"),
    )
    return Html(template="entry/enter.html", context=context)


def _kept(visit: Visit) -> dict[str, list[str]]:
    """Return the form that is kept over the log-in."""
    return {
        name.removeprefix(_KEPT): list(visit.many[name])
        for name in visit.form
        if name.startswith(_KEPT)
    }


async def _enter_by_password(visit: Visit) -> Reply:
    official, password = visit.form.get("official", ""), visit.form.get("password", "")
    if not official or not password:
        raise MisuseError("web.enter", "Type your id and your password.")
    known = await visit.node.enter_by_password(official.strip(), password)
    return await _entered(visit, known)


async def _link(visit: Visit) -> Reply:
    """Show what a link will do: a link that a mail program fetches must not be used up by it."""
    return Html(template="entry/link.html", context={"secret": visit.at["secret"]})


async def _enter_by_link(visit: Visit) -> Reply:
    known = await visit.node.enter_by_link(visit.at["secret"])
    return await _entered(visit, known)


async def _ask_passkey(visit: Visit) -> Reply:
    """Return what the browser asks an authenticator; it says nothing about anybody."""
    options = await visit.node.passkey_options()
    return Plain(data=canonical(options), media="application/json")


async def _enter_by_passkey(visit: Visit) -> Reply:
    known = await visit.node.enter_by_passkey(read_credential(visit))
    return await _entered(visit, known)


def read_credential(visit: Visit) -> dict[str, object]:
    """Return what an authenticator answered, as the script put it into the form.

    Raises:
        MisuseError: ``web.passkey``: the form came without it.
    """
    try:
        found = parse(
            visit.form.get("credential", "").encode(), bytes_max=_CREDENTIAL_MAX, what="the answer"
        )
    except ComityError as error:
        raise _no_passkey() from error
    if not isinstance(found, Mapping):
        raise _no_passkey()
    return dict(found)


def _no_passkey() -> MisuseError:
    return MisuseError(
        "web.passkey",
        "No answer of a passkey came with the form. It needs a browser with scripts allowed for"
        " this site and a device with a passkey; a password needs neither.",
    )


async def _entered(visit: Visit, official: str) -> Reply:
    """Begin the session; go on where the person wanted to go, on this site alone."""
    path = _inside(visit.form.get("next", ""))
    again = _inside(visit.form.get("again", ""))
    since = str(await visit.node.now())
    page = None
    if visit.form.get("again"):
        context = _context(again=again, kept=_kept(visit), files=[], following="")
        page = Html(template="entry/again.html", context=context)
    return Entered(official=official, since=since, path=path, page=page)


def _inside(path: str) -> str:
    """Return a path of this site; the first page where it is anything else."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


async def _leave(visit: Visit) -> Reply:
    del visit
    return Left(path="/enter")


PAGES: Final = (
    Page(method="GET", path="/enter", work=_enter, open=True),
    Page(
        method="POST",
        path="/enter",
        work=_enter_by_password,
        back="/enter",
        open=True,
        limited=True,
    ),
    Page(method="POST", path="/passkey/ask", work=_ask_passkey, open=True, limited=True),
    Page(
        method="POST",
        path="/passkey/enter",
        work=_enter_by_passkey,
        back="/enter",
        open=True,
        limited=True,
    ),
    Page(method="GET", path="/enter/{secret}", work=_link, open=True),
    Page(
        method="POST",
        path="/enter/{secret}",
        work=_enter_by_link,
        back="/enter",
        open=True,
        limited=True,
    ),
    Page(method="POST", path="/leave", work=_leave, open=True),
)
