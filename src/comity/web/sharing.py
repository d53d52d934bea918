"""May I send this? Asking, bringing a file in, our items, and the wish to have one released.

A file that no article permits to send is refused before its bytes are taken in. What is brought in
goes nowhere by that. Source: agreements.md D6 (9); design 7.
"""

import mimetypes
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import msgspec

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.sharing.names import file_name
from comity.web.after_transfer_words import consent_state
from comity.web.listing import Column, listing
from comity.web.roles import role_names
from comity.web.sharing_words import Row, code_words, state_of, wish_state
from comity.web.visit import (
    File,
    Goto,
    Html,
    Page,
    Plain,
    Reply,
    Visit,
    at,
    readable,
    rows_of,
)
from comity.web.wording import bare, person, what_it_is

#: Of a form without script; it goes over a temporary file. With script the node's own limit holds.
FORM_FILE_BYTES_MAX: Final = 8 << 30
_CHUNK_BYTES: Final = 1 << 20
_PAGES_MAX: Final = 100
_WORDS: Final = ("area", "kind", "marking", "purpose")


async def counterparts(visit: Visit) -> list[Row]:
    """Return the counterparts that we know, as the first screen has them."""
    status = await visit.ask("status")
    return list(rows_of(status, "relationships"))


async def all_rows(visit: Visit, operation: str, name: str, **members: object) -> list[Row]:
    """Return the rows of a list that the node gives page by page."""
    made: list[Row] = []
    cursor = ""
    for _ in range(_PAGES_MAX):
        answer = await visit.ask(operation, cursor=cursor, **members)
        made += rows_of(answer, name)
        following = answer.get("next")
        if not isinstance(following, str):
            break
        cursor = following
    return made


async def asked_about(visit: Visit, **wanted: object) -> list[Row]:
    """Return the requests for consent whose members are so; for the pages of other things."""
    found = await all_rows(visit, "retransfers", "retransfers")
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


async def why_of(visit: Visit, kind: str, named: str) -> JsonObject | None:
    """Return why a thing is in its state; None where the record says nothing of it yet."""
    try:
        return await visit.ask("history", kind=kind, object=named)
    except MisuseError as error:
        if error.code != "history.unknown":
            raise
        return None


def chosen(visit: Visit, known: list[Row], name: str = "to") -> str:
    """Return the counterpart that the address names, or the only one; empty: not chosen yet."""
    told = visit.typed(name)
    if any(told == row["relationship"] for row in known):
        return told
    return str(known[0]["relationship"]) if len(known) == 1 else ""


# --- may I send this? -----------------------------------------------------------------------------


async def _share(visit: Visit) -> Reply:
    known = await counterparts(visit)
    to = chosen(visit, known)
    areas = await visit.ask("areas", counterpart=to) if to else None
    return Html(
        template="sharing/share.html",
        context={
            "counterparts": known,
            "to": to,
            "areas": areas,
            "choices": _choices(areas) if areas else {},
            "said": await _said(visit, to) if to else None,
            "lacking": role_names(visit.words, visit.node.allowed("items.add", visit.person.roles)),
            "form_bytes_max": FORM_FILE_BYTES_MAX,
            "code_words": lambda code: code_words(visit, code),
        },
    )


async def _answer(visit: Visit) -> Reply:
    """Return only the answer, for the script that asks while the form is filled in."""
    known = await counterparts(visit)
    to = chosen(visit, known)
    context = {
        "said": await _said(visit, to) if to else None,
        "code_words": lambda code: code_words(visit, code),
    }
    return Html(template="sharing/answer.html", context=context)


async def _said(visit: Visit, to: str) -> JsonObject | None:
    """Return yes, no or whom to ask about what the form describes, once it is described."""
    words = {name: visit.typed(name).strip() for name in _WORDS}
    if not all(words.values()):
        return None
    onward, action = visit.typed("onward") == "yes", await _action(visit, to)
    return await visit.ask("items.ask", counterpart=to, onward=onward, action=action, **words)


async def _action(visit: Visit, to: str) -> str:
    """Return as what something of the chosen area is sent: shared, or what the area has instead.

    An area of technology permits to transfer technology, and does not speak of sharing.
    """
    known: list[str] = []
    for row in rows_of(await visit.ask("areas", counterpart=to), "areas"):
        actions = row["actions"]
        if row["area"] == visit.typed("area").strip() and isinstance(actions, Sequence):
            known += [str(each) for each in actions]
    return "share" if "share" in known or not known else known[0]


def _choices(areas: JsonObject) -> dict[str, list[tuple[str, str]]]:
    """Return for each field its values, each with the areas that know it."""
    made: dict[str, dict[str, list[str]]] = {"kinds": {}, "markings": {}, "purposes": {}}
    for row in rows_of(areas, "areas"):
        for name, values in made.items():
            members = row["scale" if name == "markings" else name]
            for value in members if isinstance(members, list) else ():
                known = values.setdefault(str(value), [])
                known.append(str(row["area"]))
    return {
        name: [(value, " ".join(dict.fromkeys(known))) for value, known in values.items()]
        for name, values in made.items()
    }


async def _only_ask(visit: Visit) -> Reply:
    """Go to the page that answers; the address holds the description alone, so it can be kept."""
    words = {name: visit.form.get(name, "") for name in ("to", *_WORDS, "title", "onward")}
    return Goto(path=at("share", **words))


# --- bringing in ----------------------------------------------------------------------------------


async def _bring_in(visit: Visit) -> Reply:
    """Take in the file of a form; the form has it in a temporary file already."""
    file = visit.files.get("file")
    if file is None or not file.filename:
        raise MisuseError("web.no_file", "Choose a file first; nothing was brought in.")
    to = await _permitted(visit)
    upload = await visit.node.receive(_parts(file))
    return Goto(path=await _kept(visit, file.filename, upload=upload, to=to))


async def _parts(file: File) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK_BYTES):
        yield chunk


async def _bring_in_raw(visit: Visit) -> Reply:
    """Take in a file that a script sends as it is: never whole in memory, never half kept."""
    assert visit.body is not None
    size = _size(visit.query.get("size", ""))
    to = await _permitted(visit)
    await _room_for(visit, to, size)
    upload = await visit.node.receive(_whole(visit.body(), size))
    path = await _kept(visit, visit.query.get("name", ""), upload=upload, to=to)
    return Plain(data=msgspec.json.encode({"goto": path}), media="application/json")


def _size(text: str) -> int:
    """Return the announced number of bytes; what is no such number counts as too many."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 1 << 60


async def _whole(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """Give the chunks, and fail at the end if they are not as many bytes as were announced."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        yield chunk
    if seen != size:
        raise MisuseError(
            "web.upload_cut",
            f"{readable(seen)} of {readable(size)} arrived; nothing was kept. Send it again.",
        )


async def _permitted(visit: Visit) -> str:
    """Return for whom it is, once a file like this may be brought in.

    Raises:
        RefusedError: ``web.role``, ``web.not_permitted``.
        MisuseError: ``web.not_described``.
    """
    lacking = visit.node.allowed("items.add", visit.person.roles)
    if lacking:
        offices = " or ".join(lacking).replace("_", " ")
        raise RefusedError(
            "web.role", f"Only a {offices} of ours brings files in.", {"roles": lacking}
        )
    to = chosen(visit, await counterparts(visit))
    said = await _said(visit, to) if to else None
    if said is None:
        raise MisuseError(
            "web.not_described",
            "Say for whom it is, and its area, kind, marking and purpose. Nothing was brought in.",
        )
    if said["answer"] == "no" and visit.typed("keep") != "yes":
        raise RefusedError("web.not_permitted", f"{said['reason']} The file was not brought in.")
    return to


async def _room_for(visit: Visit, to: str, size: int) -> None:
    areas = await visit.ask("areas", counterpart=to)
    most, free = areas["bytes_max"], areas["bytes_free"]
    assert isinstance(most, int)
    assert isinstance(free, int)
    if size > min(most, free):
        raise MisuseError(
            "web.no_room",
            f"The file has {readable(size)}. A file may have {readable(most)}, and the"
            f" node's disk has room for {readable(free)}. Nothing was brought in.",
        )


async def _kept(visit: Visit, told: str, *, upload: str, to: str) -> str:
    name = file_name(told)
    added = await visit.act(
        "items.add",
        upload=upload,
        action=await _action(visit, to),
        name=name,
        title=visit.typed("title").strip() or name,
        media=mimetypes.guess_type(name)[0] or "application/octet-stream",
        area=visit.typed("area").strip(),
        kind=visit.typed("kind").strip(),
        marking=visit.typed("marking").strip(),
        purpose=visit.typed("purpose").strip(),
    )
    onward = "yes" if visit.typed("onward") == "yes" else None
    return at("items", str(added["id"]), to=to, onward=onward)


# --- our items ------------------------------------------------------------------------------------


async def _items(visit: Visit) -> Reply:
    rows = await all_rows(visit, "items", "items")
    rows.sort(key=lambda row: str(row["at"]), reverse=True)
    columns = [
        Column(title=visit._("Title"), value=lambda row: member(row, "note", "title")),
        Column(title=visit._("File"), value=lambda row: member(row, "note", "file_name")),
        Column(title=visit._("What it is"), value=_label),
        Column(title=visit._("Size"), value=lambda row: member(row, "item", "bytes")),
        Column(title=visit._("How it stands"), value=lambda row: bare(_standing(visit, row))),
        Column(title=visit._("Brought in"), value=lambda row: row["at"]),
    ]
    found = listing(visit, rows, columns=columns, name="items")
    if isinstance(found, Plain):
        return found
    context = {"list": found, "standing": lambda row: _standing(visit, row)}
    return Html(template="sharing/items.html", context=context)


def member(row: Row, *names: str) -> object:
    """Return a member of a member."""
    value: object = row
    for name in names:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def _label(row: Row) -> str:
    item = row.get("item")
    return what_it_is(item) if isinstance(item, Mapping) else ""


def _standing(visit: Visit, row: Row) -> str:
    """Return what became of an item: also what a withdrawal no longer calls back."""
    every, times = _objects(row["released"]), row["delivered"]
    released = [one for one in every if not one["withdrawn"]]
    still = {one["relationship"] for one in released}
    gone = {one["counterpart"] for one in every if one["relationship"] not in still}
    said = [
        visit._("released to %(name)s", name=person(one["counterpart"])) for one in released
    ] + [
        visit._("waits for release to %(name)s", name=person(one["counterpart"]))
        for one in _objects(row["waiting"])
    ]
    said += [
        visit._("withdrawn from %(name)s", name=person(name)) for name in sorted(map(str, gone))
    ]
    if isinstance(times, int) and times:
        more = visit.words.ngettext("delivered once", "delivered %(n)s times", times)
        said.append(more % {"n": visit.words.number(times)})
    return "; ".join(said) or visit._("only here")


def _objects(value: object) -> list[Row]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


async def _item(visit: Visit) -> Reply:
    found = await visit.ask("items.show", item=visit.at["item"])
    to = visit.query.get("to", "")
    answers = _objects(found["answers"])
    answers.sort(key=lambda said: said["relationship"] != to)
    waiting = {
        str(wish["relationship"]): wish
        for wish in _objects(found["wishes"])
        if wish["status"] == "waiting"
    }
    standing = {
        str(one["relationship"]): one for one in _objects(found["releases"]) if not one["withdrawn"]
    }
    roles = visit.person.roles
    return Html(
        template="sharing/item.html",
        context={
            "found": found,
            "history": await why_of(visit, "item", str(found["id"])),
            "connectors": await _connectors(visit, str(found["id"])),
            "answers": answers,
            "waiting": waiting,
            "standing": standing,
            "onward": visit.query.get("onward") == "yes",
            "may_offer": not visit.node.allowed("items.offer", roles),
            "may_classify": not visit.node.allowed("controls.classify", roles),
            "may_withdraw": not visit.node.allowed("items.withdraw", roles),
            "code_words": lambda code: code_words(visit, code),
            "state_of": lambda row: state_of(visit, row),
            "wish_state": lambda status: wish_state(visit, status),
            "consents": await asked_about(visit, item=found["id"], asked_by="them"),
            "consent_state": lambda row: consent_state(visit, row),
        },
    )


async def _connectors(visit: Visit, item: str) -> dict[str, object]:
    """Return to which registered connectors an item is released, and to which it could be."""
    datasets = await all_rows(visit, "dataspace.datasets", "datasets")
    to = next((row["to"] for row in datasets if row["dataset"] == item), ())
    known = await all_rows(visit, "dataspace.connectors", "connectors")
    has = [row for row in known if isinstance(to, list) and row["connector"] in to]
    return {
        "has": has,
        "lacks": [(str(row["connector"]), str(row["name"])) for row in known if row not in has],
        "may": not visit.node.allowed("dataspace.release", visit.person.roles),
    }


async def _offer(visit: Visit) -> Reply:
    item = visit.at["item"]
    asked = await visit.act(
        "items.offer",
        item=item,
        counterpart=visit.form.get("to", ""),
        onward=visit.form.get("onward") == "yes",
    )
    notice = visit._(
        "It waits for the release officer now. %(name)s learns nothing of that.",
        name=asked["counterpart"],
    )
    return Goto(path=at("items", item, to=asked["relationship"]), notice=notice)


async def _cancel(visit: Visit) -> Reply:
    item = visit.at["item"]
    settled = await visit.act("items.cancel", item=item, counterpart=visit.form.get("to", ""))
    return Goto(
        path=at("items", item, to=settled["relationship"]),
        notice=visit._("Taken back; nobody need decide it any more."),
    )


async def _withdraw(visit: Visit) -> Reply:
    item = visit.at["item"]
    # No look at what else changed: who withdraws must not be held up by a transfer that runs.
    done = await visit.act("items.withdraw", item=item, counterpart=visit.form.get("to", ""))
    told = (
        visit._(
            "%(name)s holds the withdrawal: both gateways are shut.",
            name=person(done["counterpart"]),
        )
        if done["held_by_counterpart"] is True
        else visit._(
            "Our gateway is shut. %(name)s has not confirmed it yet; our node goes on telling it.",
            name=done["counterpart"],
        )
    )
    return Goto(path=at("items", item, to=done["relationship"]), notice=told)


PAGES: Final = (
    Page(method="GET", path="/share", work=_share, nav="share"),
    Page(method="GET", path="/share/answer", work=_answer, nav="share"),
    Page(method="POST", path="/share/ask", work=_only_ask, back="/share", nav="share"),
    Page(
        method="POST",
        path="/share",
        work=_bring_in,
        back="/share",
        body_max=FORM_FILE_BYTES_MAX,
        nav="share",
    ),
    Page(method="POST", path="/share/file", work=_bring_in_raw, raw=True, nav="share"),
    Page(method="GET", path="/items", work=_items, nav="share"),
    Page(method="GET", path="/items/{item}", work=_item, nav="share"),
    Page(
        method="POST",
        path="/items/{item}/offer",
        work=_offer,
        back="/items/{item}",
        nav="share",
    ),
    Page(
        method="POST",
        path="/items/{item}/cancel",
        work=_cancel,
        back="/items/{item}",
        nav="share",
    ),
    Page(
        method="POST",
        path="/items/{item}/withdraw",
        work=_withdraw,
        back="/items/{item}",
        nav="share",
    ),
)
