"""The own account: how one comes in, how the site looks, what programs may do in one's name."""

import datetime as dt
from typing import Final

from comity.foundation.canonical import canonical
from comity.foundation.errors import MisuseError
from comity.web.entry import Entered, read_credential
from comity.web.texts import LANGUAGES, zones
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, rows_of

_DAYS: Final = (7, 30, 90, 365)
_SCOPES: Final = ("read", "private", "negotiate", "conclude", "share", "people", "operate")


async def _show(visit: Visit) -> Reply:
    return await _page(visit)


async def _page(visit: Visit, *, secret: str = "") -> Html:
    own = await visit.ask("accounts.own")
    passkeys = await visit.ask("passkeys")
    tokens = await visit.ask("tokens")
    return Html(
        template="account/account.html",
        context={
            "own": own,
            "passkeys": list(rows_of(passkeys, "passkeys")),
            "tokens": list(rows_of(tokens, "tokens")),
            "secret": secret,
            "scopes": _scopes(visit),
            "themes": [
                ("", visit._("As the system says")),
                ("light", visit._("Light")),
                ("dark", visit._("Dark")),
            ],
            "tongues": [("", visit._("As the browser asks")), *LANGUAGES.items()],
            "zones": [("", visit._("As the browser says")), *((name, name) for name in zones())],
            "days": [
                (str(days), visit.words.ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
                for days in _DAYS
            ],
        },
    )


def _scopes(visit: Visit) -> list[tuple[str, str]]:
    words = {
        "read": visit._("See agreements, items, transfers and the record"),
        "private": visit._("See and set what is private to us: red lines, notes, legal review"),
        "negotiate": visit._("Draft, answer, table"),
        "conclude": visit._("Ask for adoption, initials, signature; hand in signatures"),
        "share": visit._("Bring in, offer, release and fetch"),
        "people": visit._("Introductions and full powers"),
        "operate": visit._("Look after the node"),
    }
    return [(code, words[code]) for code in _SCOPES]


async def _password(visit: Visit) -> Reply:
    new, again = visit.form.get("password", ""), visit.form.get("again", "")
    if new != again:
        raise MisuseError("web.password_differs", "The two new passwords differ: type both again.")
    answer = await visit.act(
        "accounts.password", password=new, current=visit.form.get("current", "")
    )
    return Entered(
        official=visit.person.id,
        since=str(answer["since"]),
        path="/account",
        notice=visit._("Your password is set. Every other session of yours has ended."),
    )


async def _end_sessions(visit: Visit) -> Reply:
    answer = await visit.act("accounts.end_sessions")
    return Entered(
        official=visit.person.id,
        since=str(answer["since"]),
        path="/account",
        notice=visit._("Every other session of yours has ended."),
    )


async def _preferences(visit: Visit) -> Reply:
    form = visit.form
    await visit.act(
        "accounts.preferences",
        language=form.get("language", ""),
        zone=form.get("zone", ""),
        theme=form.get("theme", ""),
    )
    return Goto(path="/account", notice=visit._("Kept."))


async def _offer(visit: Visit) -> Reply:
    options = await visit.ask("passkeys.offer")
    return Plain(data=canonical(options), media="application/json")


async def _add(visit: Visit) -> Reply:
    name = visit.form.get("name", "").strip() or visit._("Passkey")
    await visit.act("passkeys.add", name=name, credential=read_credential(visit))
    return Goto(path="/account", notice=visit._("The passkey is added: log in with it next time."))


async def _remove(visit: Visit) -> Reply:
    await visit.act("passkeys.remove", passkey=visit.form.get("passkey", ""))
    return Goto(path="/account", notice=visit._("The passkey is removed."))


async def _token(visit: Visit) -> Reply:
    scopes = [one for one in _SCOPES if one in visit.chosen("scopes")]
    if not scopes:
        raise MisuseError("web.no_scope", "Choose at least one thing that the token is for.")
    days = visit.form.get("days", "")
    if days not in {str(one) for one in _DAYS}:
        raise MisuseError("web.days", "Choose how long the token is good for.")
    now = await visit.node.now()
    until = now.datetime() + dt.timedelta(days=int(days))
    made = await visit.act(
        "tokens.create",
        name=visit.form.get("token_name", "").strip(),
        scopes=scopes,
        expires=until.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return await _page(visit, secret=str(made["secret"]))


async def _revoke(visit: Visit) -> Reply:
    await visit.act("tokens.revoke", token=visit.form.get("token", ""))
    return Goto(path="/account", notice=visit._("The token is good for nothing any more."))


def _form(path: str) -> str:
    return f"/account/{path}"


PAGES: Final = (
    Page(method="GET", path="/account", work=_show, nav="account"),
    *(
        Page(method="POST", path=_form(path), work=work, back="/account", nav="account")
        for path, work in (
            ("password", _password),
            ("sessions", _end_sessions),
            ("preferences", _preferences),
            ("passkeys/offer", _offer),
            ("passkeys/add", _add),
            ("passkeys/remove", _remove),
            ("tokens", _token),
            ("tokens/revoke", _revoke),
        )
    ),
)
