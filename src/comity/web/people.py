"""People: who they are here, what they may enter and sign, and what two of them approve.

A page shows who can do what; the node decides it. Source: design 13.4.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from comity.foundation.canonical import canonical, parse
from comity.foundation.errors import ComityError, MisuseError
from comity.web.entry import read_credential
from comity.web.listing import Column, listing
from comity.web.roles import ROLES, role_names
from comity.web.visit import Goto, Html, Page, Plain, Reply, Visit, at, rows_of

_CARD_BYTES_MAX: Final = 64 << 10
_ACTS: Final = (
    "adopt",
    "initial",
    "sign",
    "sign_ad_referendum",
    "certify_language",
    "suspend",
    "resume",
    "withdraw",
    "renew",
    "release",
)
_HEADS: Final = ("mandate_holder", "engineer")
_APPOINT: Final = ("mandate_holder", "legal_adviser")
_APPROVERS: Final = ("mandate_holder", "legal_adviser", "engineer")


def act_words(visit: Visit) -> dict[str, str]:
    """Return the name of each act that full powers can give."""
    return {
        "adopt": visit._("adopt a text"),
        "initial": visit._("initial a text"),
        "sign": visit._("sign"),
        "sign_ad_referendum": visit._("sign ad referendum"),
        "certify_language": visit._("certify a language"),
        "suspend": visit._("suspend"),
        "resume": visit._("resume"),
        "withdraw": visit._("withdraw"),
        "renew": visit._("renew"),
        "release": visit._("release items"),
    }


def called(row: Mapping[str, object], official: object) -> str:
    """Return what people call an official whom an answer names; else the name on a new card."""
    names, members = row.get("names"), row.get("members")
    card = members.get("card") if isinstance(members, Mapping) else None
    known = names.get(official) if isinstance(names, Mapping) else None
    if known is None and isinstance(card, Mapping) and card.get("id") == official:
        known = card.get("name")
    return str(known or official)


def approval_words(visit: Visit, row: Mapping[str, object]) -> str:
    """Return what an approval is about, in a sentence."""
    who = called(row, row["concerns"])
    members = row["members"]
    given = members.get("roles") if isinstance(members, Mapping) else None
    named = role_names(visit.words, given) if isinstance(given, Sequence) else ""
    return {
        "officials.add": visit._("Add %(who)s, who will hold others' ways in", who=who),
        "officials.roles": visit._(
            "Give %(who)s exactly the roles: %(roles)s", who=who, roles=named
        ),
        "officials.close": visit._("Close the account of %(who)s", who=who),
        "officials.reopen": visit._("Open the account of %(who)s again", who=who),
        "accounts.invite": visit._("Make a link by which %(who)s comes in", who=who),
    }.get(str(row["operation"]), str(row["operation"]))


def account_state(visit: Visit, row: Mapping[str, object]) -> tuple[str, str]:
    """Return sign and word for the state of an account."""
    if row["disabled"]:
        return "closed", visit._("closed")
    if row["password"] or row["passkeys"]:
        return "good", visit._("in use")
    return "open", visit._("no password or passkey")


async def _list(visit: Visit) -> Reply:
    rows = list(rows_of(await visit.ask("officials"), "officials"))
    approvals = list(rows_of(await visit.ask("approvals"), "approvals"))
    columns = [
        Column(title=visit._("Name"), value=lambda row: row["name"]),
        Column(title=visit._("Office"), value=lambda row: row["office"]),
        Column(
            title=visit._("May enter"),
            value=lambda row: role_names(visit.words, _names(row, "roles")),
        ),
        Column(title=visit._("Full powers"), value=lambda row: _powers(visit, row)),
        Column(
            title=visit._("Own keys"),
            value=lambda row: visit._("yes") if row["key"] else visit._("none: cannot sign"),
        ),
        Column(title=visit._("Account"), value=lambda row: account_state(visit, row)[1]),
        Column(title=visit._("Id"), value=lambda row: row["id"]),
    ]
    found = listing(visit, rows, columns=columns, name="people")
    if isinstance(found, Plain):
        return found
    return Html(
        template="people/list.html",
        context={
            "list": found,
            "waiting": [one for one in approvals if one["status"] == "waiting"],
            "sentence": lambda row: approval_words(visit, row),
            "called": called,
            "state": lambda row: account_state(visit, row),
            "may_add": visit.has(*_HEADS),
            "roles": _role_rows(visit),
        },
    )


def _role_rows(visit: Visit) -> list[tuple[str, str, str]]:
    return [(code, visit._(name), visit._(help_)) for code, (name, help_) in ROLES.items()]


def _names(row: Mapping[str, object], name: str) -> list[str]:
    found = row[name]
    return [str(one) for one in found] if isinstance(found, Sequence) else []


def _powers(visit: Visit, row: Mapping[str, object]) -> str:
    words = act_words(visit)
    acts: dict[str, None] = {}
    for one in row["full_powers"] if isinstance(row["full_powers"], Sequence) else ():
        if isinstance(one, Mapping):
            acts |= dict.fromkeys(words.get(act, act) for act in _names(one, "acts"))
    return ", ".join(acts)


async def _add(visit: Visit) -> Reply:
    roles = [one for one in ROLES if one in visit.chosen("roles")]
    if not roles:
        raise MisuseError("web.no_role", "Choose at least one role: what the person may enter.")
    card = await _card(visit)
    answer = await visit.act("officials.add", card=card, roles=roles)
    if answer.get("approval"):
        return _asked(visit, answer)
    return Goto(
        path=at("people", str(answer["id"])),
        notice=visit._("%(name)s is known here now. Invite them next.", name=str(answer["name"])),
    )


async def _card(visit: Visit) -> dict[str, object]:
    """Return the card that was handed in as a file, or the one typed, which has no keys."""
    if "card" not in visit.files or not visit.files["card"].filename:
        return {name: visit.form.get(name, "").strip() for name in ("id", "name", "office")}
    data = await visit.file_bytes("card", top=_CARD_BYTES_MAX, what=visit._("the card"))
    try:
        found = parse(data, bytes_max=_CARD_BYTES_MAX, what="the card")
    except ComityError as error:
        raise _no_card() from error
    if not isinstance(found, Mapping):
        raise _no_card()
    return dict(found)


def _no_card() -> MisuseError:
    return MisuseError(
        "web.card",
        "That is no official's card: choose the file card.json of the person's own folder (comity"
        " officials new makes it). The keys themselves never leave that folder.",
    )


def _asked(visit: Visit, answer: Mapping[str, object]) -> Goto:
    return Goto(
        path=at("people", "approvals", str(answer["approval"])),
        notice=visit._("Nothing has changed yet: two persons approve this first."),
    )


async def _show(visit: Visit) -> Reply:
    return await _person(visit)


async def _person(visit: Visit, *, link: Mapping[str, object] | None = None) -> Html:
    person = await visit.see("officials.show", person=visit.at["person"])
    return Html(
        template="people/person.html",
        context={
            "person": person,
            "history": await visit.ask("history", kind="official", object=str(person["id"])),
            "link": link,
            "approvals": list(rows_of(person, "approvals")),
            "sentence": lambda row: approval_words(visit, row),
            "state": account_state(visit, person),
            "roles": _role_rows(visit),
            "acts": act_words(visit),
            "powers": list(rows_of(person, "full_powers")),
            "heads": visit.has(*_HEADS),
            "appoints": visit.has(*_APPOINT),
            "guarded": bool(set(_names(person, "roles")) & set(_APPROVERS))
            or bool(person["password"])
            or bool(person["passkeys"]),
        },
    )


def _seen(visit: Visit) -> tuple[str, Mapping[str, object]]:
    return "officials.show", {"person": visit.at["person"]}


async def _roles(visit: Visit) -> Reply:
    roles = [one for one in ROLES if one in visit.chosen("roles")]
    if not roles:
        raise MisuseError(
            "web.no_role", "Choose at least one role; to take all away, close the account."
        )
    answer = await visit.act(
        "officials.roles", seen=_seen(visit), person=visit.at["person"], roles=roles
    )
    return _asked(visit, answer)


async def _close(visit: Visit) -> Reply:
    return _asked(visit, await visit.act("officials.close", person=visit.at["person"]))


async def _reopen(visit: Visit) -> Reply:
    return _asked(visit, await visit.act("officials.reopen", person=visit.at["person"]))


async def _invite(visit: Visit) -> Reply:
    answer = await visit.act("accounts.invite", person=visit.at["person"])
    if answer.get("link"):
        return await _person(visit, link=answer)
    return _asked(visit, answer)


async def _grant(visit: Visit) -> Reply:
    acts = [one for one in _ACTS if one in visit.chosen("acts")]
    until = visit.form.get("until", "")
    if not acts or len(until) != len("2027-01-01"):
        raise MisuseError("web.powers", "Choose at least one act and the last day.")
    instruments = [visit.form["instrument"]] if visit.form.get("instrument") else []
    made = await visit.act(
        "officials.powers",
        official=visit.at["person"],
        acts=acts,
        valid_until=f"{until}T23:59:59Z",
        instruments=instruments,
    )
    return _requested(visit, made)


async def _revoke(visit: Visit) -> Reply:
    made = await visit.act(
        "officials.revoke",
        official=visit.at["person"],
        reason=visit.form.get("reason", "ended"),
    )
    return _requested(visit, made)


def _requested(visit: Visit, made: Mapping[str, object]) -> Goto:
    return Goto(
        path=at("requests", str(made["request"])),
        notice=visit._("Nothing has changed yet: this waits for the persons' own keys."),
    )


async def _approval(visit: Visit) -> Reply:
    return await _approval_page(visit)


async def _approval_page(visit: Visit, *, outcome: Mapping[str, object] | None = None) -> Html:
    found = await visit.ask("approvals.show", approval=visit.at["approval"])
    passkeys = await visit.ask("passkeys")
    return Html(
        template="people/approval.html",
        context={
            "found": found,
            "history": await visit.ask("history", kind="approval", object=str(found["approval"])),
            "sentence": approval_words(visit, found),
            "outcome": outcome,
            "has_passkey": bool(list(rows_of(passkeys, "passkeys"))),
            "mine": visit.person.id in _names(found, "can_approve"),
            "given": list(rows_of(found, "given")),
            "called": lambda official: called(found, official),
        },
    )


async def _challenge(visit: Visit) -> Reply:
    options = await visit.ask("approvals.challenge", approval=visit.at["approval"])
    return Plain(data=canonical(options), media="application/json")


async def _give(visit: Visit) -> Reply:
    answer = await visit.act(
        "approvals.give", approval=visit.at["approval"], credential=read_credential(visit)
    )
    outcome = answer.get("outcome")
    if isinstance(outcome, Mapping) and outcome.get("link"):
        return await _approval_page(visit, outcome=outcome)
    said = (
        visit._("Both have approved: it is done.")
        if answer["approved"]
        else visit._("Your approval is in. One more person has to approve.")
    )
    return Goto(path=at("people", "approvals", visit.at["approval"]), notice=said)


async def _refuse(visit: Visit) -> Reply:
    await visit.act("approvals.refuse", approval=visit.at["approval"])
    return Goto(
        path=at("people", "approvals", visit.at["approval"]),
        notice=visit._("Refused: nothing happens."),
    )


_ONE: Final = "/people/{person}"
_APPROVAL: Final = "/people/approvals/{approval}"
_FORMS: Final = (
    ("/people", "/people", _add),
    (f"{_ONE}/roles", _ONE, _roles),
    (f"{_ONE}/close", _ONE, _close),
    (f"{_ONE}/reopen", _ONE, _reopen),
    (f"{_ONE}/invite", _ONE, _invite),
    (f"{_ONE}/powers", _ONE, _grant),
    (f"{_ONE}/revoke", _ONE, _revoke),
    (f"{_APPROVAL}/challenge", _APPROVAL, _challenge),
    (f"{_APPROVAL}/give", _APPROVAL, _give),
    (f"{_APPROVAL}/refuse", _APPROVAL, _refuse),
)

PAGES: Final = (
    Page(method="GET", path="/people", work=_list, nav="people"),
    Page(method="GET", path=_ONE, work=_show, nav="people"),
    Page(method="GET", path=_APPROVAL, work=_approval, nav="people"),
    *(
        Page(method="POST", path=path, work=work, back=back, nav="people")
        for path, back, work in _FORMS
    ),
)
