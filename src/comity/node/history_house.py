"""The history of what only this house has: drafts, officials, approvals, pairings, requests.

Wishes for a release too. Nothing of it stands in a shared record before it leaves: the reasons come
from the stored thing and from the house log, and name who did it and by which rule the next step is
somebody's. Each has a page that every official here reads, so that its steps are told to all of
them; what concerns ways in is told to those who look after accounts. Source: agreements.md D6;
design 13.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.ports import ThingRow
from comity.node import history_sharing
from comity.node.approving import APPROVERS, NEEDED
from comity.node.context import HOUSE, relationship
from comity.node.draft_views import checked_forms
from comity.node.drafting import TABLING_ROLES
from comity.node.history_book import Asking, Book, Found, short_id, unknown, why
from comity.node.house_desk import Line, of_kinds
from comity.node.items import WISH, every, official_shown
from comity.node.officials import Official
from comity.node.people import FOLDER

#: What the house keeps of an official: who they are here, and their ways in.
_ACCOUNTS: Final = (
    "house.official",
    "house.account",
    "house.passkey_added",
    "house.passkey_removed",
)


def draft(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return a draft, whatever became of it.

    Raises:
        MisuseError: ``history.unknown``.
    """
    row = _thing(asking, "draft", named)
    book = asking.book(relationship(asking.tx, str(row.value["relationship"])))
    lines = of_kinds(asking.tx, asking.node.ctx, "house.draft", reader=asking.reader)
    steps = [line for line in lines if _fact(line, "instrument") == row.name]
    return book, Found(
        object=row.name,
        title=str(row.value["title"]),
        state=row.status,
        because=list(_draft_reasons(asking, book, row, steps=steps)),
        rows=(),
        house=steps,
    )


def _draft_reasons(
    asking: Asking, book: Book, row: ThingRow, *, steps: Sequence[Line]
) -> Iterator[JsonObject]:
    if steps and _fact(steps[0], "version") == 1:
        yield _by(asking, "draft_started", by=steps[0]["by"], at=steps[0]["at"])
    if row.status == "draft":
        if row.version > 1:
            yield _by(
                asking, "draft_changed", by=row.value.get("by"), at=row.updated, n=row.version
            )
        wrong = sum(each.problem is not None for each in checked_forms(row.value))
        if wrong:
            yield why("draft_wrong", n=wrong)
        yield why("draft_kept", roles=list(TABLING_ROLES))
    elif row.status == "dropped":
        yield _by(asking, "draft_dropped", by=row.value.get("by"), at=row.updated)
    else:
        tablings = [(by, one) for by, one in book.about(row.name) if one.kind == "agreement.table"]
        places = [book.place(by, one.n) for by, one in tablings if by == book.own]
        yield why("draft_tabled", places=places[:1])


def official(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return an official of ours: how they came here, and who gave them what they may enter.

    Raises:
        MisuseError: ``history.unknown``.
    """
    thing = asking.tx.things.get(HOUSE, "official", named)
    if thing is None:
        raise unknown("official", named)
    shown = asking.node.officials.shown(asking.tx, Official.read(thing.value))
    lines = of_kinds(asking.tx, asking.node.ctx, *_ACCOUNTS, reader=asking.reader)
    steps = [line for line in lines if _official_of(line) == named]
    way_in = bool(shown["password"] or shown["passkeys"])
    closed = shown["disabled"] is True
    return None, Found(
        object=named,
        title=f"{shown['name']}, {shown['office']}",
        state="closed" if closed else "in_use" if way_in else "no_way_in",
        because=list(_official_reasons(asking, steps, way_in=way_in or closed)),
        rows=(),
        house=steps,
        withheld=not asking.reader.accounts,
    )


def _official_of(line: Line) -> Json:
    said = _fact(line, "official")
    return said.get("id") if isinstance(said, Mapping) else said


def _official_reasons(
    asking: Asking, steps: Sequence[Line], *, way_in: bool
) -> Iterator[JsonObject]:
    """Yield what made account and roles what they are: how it began, then the last changes."""
    before: Mapping[str, Json] | None = None
    changes: dict[str, JsonObject] = {}
    for line in steps:
        now = _fact(line, "official")
        if line["kind"] != "house.official" or not isinstance(now, Mapping):
            continue
        if before is None:
            yield _changed(asking, "official_entered", line)
        elif before.get("disabled") != now.get("disabled"):
            changes.pop("account", None)
            code = "account_closed" if now.get("disabled") else "account_opened"
            changes["account"] = _changed(asking, code, line)
        elif before.get("roles") != now.get("roles"):
            changes.pop("roles", None)
            changes["roles"] = _changed(asking, "roles_given", line)
        before = now
    yield from changes.values()
    if not way_in:
        yield why("no_way_in")


def _changed(asking: Asking, code: str, line: Line) -> JsonObject:
    """Return a change with whoever made it: two persons, one official, or the folder's holder."""
    by = _fact(line, "by")
    now = _fact(line, "official")
    roles = now.get("roles") if isinstance(now, Mapping) else None
    approval = asking.tx.things.get(HOUSE, "approval", str(by))
    given = None if approval is None else approval.value["given"]
    rule = "folder" if by == FOLDER else ""
    names: list[Json] = [] if by == FOLDER else [by]
    if isinstance(given, Mapping):
        rule, names = "two_persons", [*sorted(given)]
    return why(code, who=_named(asking, names), rule=rule, at=line["at"], roles=roles or [])


def approval(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return what two persons approve: who asked, who gave it, who is missing.

    Raises:
        MisuseError: ``history.unknown``.
    """
    row = _thing(asking, "approval", named)
    shown = asking.node.approving.show(asking.tx, row.name)
    kinds = ("house.approval_asked", "house.approval_given", "house.approval_refused")
    lines = of_kinds(asking.tx, asking.node.ctx, *kinds, reader=asking.reader)
    steps = [line for line in lines if _fact(line, "approval") == row.name]
    return None, Found(
        object=row.name,
        title="",
        state=str(shown["status"]),
        because=list(_approval_reasons(asking, shown, steps=steps)),
        rows=(),
        house=steps,
    )


def _approval_reasons(
    asking: Asking, shown: JsonObject, *, steps: Sequence[Line]
) -> Iterator[JsonObject]:
    yield _by(asking, "approval_asked", by=shown["proposed_by"], at=shown["created"])
    given = shown["given"]
    assert isinstance(given, list)
    for one in given:
        assert isinstance(one, Mapping)
        yield _by(asking, "approval_given", by=one["official"], at=one["at"])
    if shown["status"] == "waiting":
        yield why(
            "approval_missing",
            n=NEEDED - len(given),
            who=_named(asking, shown["can_approve"]),
            roles=list(APPROVERS),
            at=shown["lapses"],
        )
    elif shown["status"] == "done":
        yield why("approval_done")
    elif shown["status"] == "lapsed":
        yield why("approval_lapsed", at=shown["lapses"])
    for line in steps:
        if line["kind"] == "house.approval_refused":
            yield _by(asking, "approval_refused", by=line["by"], at=line["at"])


def pairing(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return how far the pairing by one letter is.

    Raises:
        MisuseError: ``history.unknown``.
    """
    shown = asking.node.pairing.one(asking.tx, named)
    if shown is None:
        raise unknown("letter", named)
    book = None
    if isinstance(shown["relationship"], str):
        book = asking.book(relationship(asking.tx, shown["relationship"]))
    kinds = ("house.letter_read", "house.fingerprint_differed", "house.letter_accepted")
    lines = of_kinds(asking.tx, asking.node.ctx, *kinds, reader=asking.reader)
    return book, Found(
        object=named,
        title=str(shown["name"]),
        state=str(shown["state"]),
        because=list(_pairing_reasons(asking, book, shown)),
        rows=() if book is None else book.of_kinds("letter.introduce", "letter.accept"),
        house=[line for line in lines if _fact(line, "letter") == named],
    )


def _pairing_reasons(asking: Asking, book: Book | None, shown: JsonObject) -> Iterator[JsonObject]:
    if shown["read"]:
        yield _by(asking, "letter_read", by=shown["read_by"], at=shown["read"])
    if shown["compared"]:
        yield _by(asking, "letter_compared", by=shown["compared_by"], at=shown["compared"])
    if shown["state"] == "read":
        yield why("letter_not_compared")
    elif shown["state"] == "compared":
        signed, missing = _named(asking, shown["signed_by"]), _named(asking, shown["who"])
        if signed:
            yield why("letter_signed", who=signed)
        yield why("letter_unsigned", who=missing)
    if book is None:
        return
    accepted = [book.place(party, row.n) for party, row in book.of_kinds("letter.accept")]
    yield why("accepted" if len(accepted) < NEEDED else "both_accepted", places=accepted)
    if book.rel.status == "frozen":
        yield why("frozen", reason=book.rel.reason)


def wish(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return the wish to have an item released: who had it, who decides or decided it.

    Raises:
        MisuseError: ``history.unknown``.
    """
    row = _thing(asking, WISH, named)
    book = asking.book(relationship(asking.tx, str(row.value["relationship"])))
    kinds = ("house.release", "house.declined", "house.withdrawn")
    lines = of_kinds(asking.tx, asking.node.ctx, *kinds, reader=asking.reader)
    entry = row.value.get("entry")
    released = None
    if isinstance(entry, int):
        _, released = history_sharing.release(asking, f"{book.rel.rel_id}/ours/{entry}")
    return book, Found(
        object=row.name,
        title=str(row.value["title"]),
        state=row.status if released is None else released.state,
        because=list(_wish_reasons(asking, row, released=released)),
        rows=() if released is None else released.rows,
        house=[line for line in lines if _of_wish(line, row)],
    )


def _of_wish(line: Line, row: ThingRow) -> bool:
    if _fact(line, "wish") is not None:
        return _fact(line, "wish") == row.name
    entry = row.value.get("entry")
    return entry is not None and (_fact(line, "item"), _fact(line, "entry")) == (
        row.value["item"],
        entry,
    )


def _wish_reasons(asking: Asking, row: ThingRow, *, released: Found | None) -> Iterator[JsonObject]:
    value = row.value
    yield _by(asking, "wish_asked", by=value["by"], at=value["since"])
    if row.status == "waiting":
        yield why("wish_waits")
        return
    acts = () if released is None else released.because
    yield why(
        f"wish_{row.status}",
        places=[place for act in acts if act["code"] == "released" for place in _places(act)],
        who=_named(asking, [value.get("decided_by")]),
        at=value.get("decided_at"),
        reason=value.get("reason"),
    )
    yield from (act for act in acts if act["code"] != "released")


def _places(act: JsonObject) -> list[JsonObject]:
    places = act["places"]
    assert isinstance(places, list)
    return [one for one in places if isinstance(one, Mapping)]


def request(asking: Asking, named: str) -> tuple[Book | None, Found]:
    """Return a signing request: who has signed it, who is missing, or what came of it.

    Raises:
        MisuseError: ``history.unknown``.
    """
    row = _thing(asking, "request", named)
    return None, Found(
        object=row.name,
        title=str(row.value["title"]),
        state=row.status,
        because=list(_request_reasons(asking, row)),
        rows=(),
    )


def _request_reasons(asking: Asking, row: ThingRow) -> Iterator[JsonObject]:
    value = row.value
    asked, given, needed = value["signers"], value["signatures"], value["needed"]
    assert isinstance(asked, list)
    assert isinstance(given, Mapping)
    assert isinstance(needed, int)
    yield why("request_asked", at=value["created"])
    if given:
        yield why("request_signed", who=_named(asking, sorted(given)))
    if row.status == "waiting":
        missing = [one for one in asked if one not in given]
        yield why("request_missing", who=_named(asking, missing), n=needed - len(given))
    elif row.status == "done":
        yield why("request_done", at=str(row.updated))
    else:
        yield _by(asking, "request_dropped", by=value.get("dropped_by"), at=str(row.updated))


# --- helpers -----------------------------------------------------------------------------------


def _thing(asking: Asking, kind: str, named: str) -> ThingRow:
    """Return the one thing of the house of that id, or of that unique beginning of it."""
    known = asking.tx.things.get(HOUSE, kind, named)
    if known is not None:
        return known
    part = short_id(named)
    found = [row for row in every(asking.tx, HOUSE, kind) if short_id(row.name).startswith(part)]
    if len(found) != 1:
        raise unknown(kind, named)
    return found[0]


def _fact(line: Line, name: str) -> Json:
    facts = line["facts"]
    return facts.get(name) if isinstance(facts, Mapping) else None


def _by(asking: Asking, code: str, *, by: Json, at: object, n: int | None = None) -> JsonObject:
    return why(code, who=_named(asking, [by]), at=str(at), n=n)


def _named(asking: Asking, names: Json) -> list[Json]:
    """Return officials as people call them; one who is not known any more stands by the id."""
    found = names if isinstance(names, list) else []
    return [official_shown(asking.tx, str(one))["name"] or str(one) for one in found if one]
