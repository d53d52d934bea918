"""Registered connectors: who they are, what they may have of ours, and what they offer us."""

from pathlib import Path
from typing import Final

import click

from comity.cli.connector_words import brief, line
from comity.cli.desk import Desk
from comity.cli.files import SMALL_FILE_BYTES_MAX, read_file
from comity.cli.lazy import command
from comity.cli.values import one, rows, text, words
from comity.cli.words import plural, some, table, when
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError

_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_WHO: Final = click.argument("connector", metavar="CONNECTOR")
_ITEM: Final = click.argument("item", metavar="ITEM")
_BECAUSE: Final = click.option(
    "--because", "reason", required=True, help="Why, for our own records."
)


@command("ours", "connectors ours", "connectors ours --json > ours.json")
def ours(desk: Desk) -> None:
    """Show what the operator of another connector needs to register ours.

    None of it is secret; it must reach them unchanged, over a way that both trust.
    """
    answer = desk.call("dataspace.own")
    desk.show(
        answer,
        f"Participant id  {text(answer, 'participant')}",
        f"Address         {text(answer, 'base')}",
        f"Public key      {text(answer, 'key')}",
        f"Pin of TLS key  {text(answer, 'pin')}",
    )


@command("list", "connectors list")
def listing(desk: Desk) -> None:
    """List the registered connectors, and the article under which each stands."""
    answer = desk.whole("dataspace.connectors")
    lines = [_line(row) for row in rows(answer, "connectors")]
    none = "No connector is registered yet: comity connectors register --help."
    desk.show(answer, *(table(lines, indent=0) or [none]))


def _line(row: JsonObject) -> list[str]:
    until = f", until {when(text(row, 'until'))}" if text(row, "until") else ""
    state = "suspended" if row.get("suspended") is True else f"open{until}"
    under = f"{text(row, 'article')} of {text(row, 'agreement')}"
    return [text(row, "name"), text(row, "connector"), under, state]


@command("show", 'connectors show "Port Authority"')
@_WHO
def show(desk: Desk, *, connector: str) -> None:
    """Show one registered connector, what it permits, and what is under way with it.

    CONNECTOR is its participant id or the name we gave it.
    """
    answer = desk.call("dataspace.connector", connector=connector)
    state = "suspended: nothing crosses" if answer.get("suspended") is True else "open"
    until = when(text(answer, "until")) if text(answer, "until") else "no end"
    scale = f"{' < '.join(words(answer, 'scale'))}, up to {text(answer, 'marking_max')}"
    entered = f"{when(text(answer, 'registered'))} by {text(answer, 'by') or 'a profile'}"
    lines = [
        f"{text(answer, 'name')}  ({state})",
        f"  Participant id  {text(answer, 'connector')}",
        f"  Address         {text(answer, 'base')}",
        f"  Data also at    {some(words(answer, 'origins')) or 'nowhere else'}",
        f"  Proves itself   by a {text(answer, 'identity')}; its key {text(answer, 'key') or '-'}",
        f"  TLS             {text(answer, 'pin') or 'certificates that the system trusts'}",
        f"  Under           {text(answer, 'article')} of {text(answer, 'agreement')}",
        f"  Area            {text(answer, 'area')}",
        f"  Kinds           {', '.join(words(answer, 'kinds'))}",
        f"  Markings        {scale}",
        f"  Purposes        {', '.join(words(answer, 'purposes'))}",
        f"  Passing on      {text(answer, 'onward')}",
        f"  Until           {until}",
        f"  Registered      {entered}",
    ]
    under_way = table([line(row) for row in rows(answer, "open")])
    past = table([_past(row) for row in rows(answer, "history")])
    desk.show(
        answer,
        *lines,
        *(["Under way", *under_way] if under_way else []),
        *(["History", *past] if past else []),
    )


def _past(row: JsonObject) -> list[str]:
    who = text(row, "by")
    if text(row, "proposed_by") not in {"", who}:
        who = f"{text(row, 'proposed_by')}, confirmed by {who}"
    return [when(text(row, "at")), text(row, "what"), who, text(row, "reason")]


@command(
    "register",
    'connectors register did:web:connector.port.example --name "Port Authority" \\',
    "    --base https://connector.port.example/protocol --key port.jwk.json \\",
    '    --agreement "Harbour Arrangement" --article "Article 6" --area information \\',
    "    --kind report --marking OPEN --marking LIMITED --marking-max LIMITED \\",
    "    --purpose planning --as okoye",
)
@click.argument("participant", metavar="PARTICIPANT_ID")
@click.option("--name", required=True, help="What our officials call it.")
@click.option("--base", required=True, help="Its Dataspace Protocol address, without a last slash.")
@click.option(
    "--key", type=_FILE, required=True, help="A file with its public P-256 key, as a JWK."
)
@click.option("--agreement", required=True, help="The agreement with it, as people call it.")
@click.option("--article", required=True, help="Its article that permits this.")
@click.option("--area", required=True, help="The area that the article opens.")
@click.option("--kind", "kinds", multiple=True, required=True, help="A kind of item; repeat it.")
@click.option(
    "--marking", "scale", multiple=True, required=True, help="A level, the lowest first; repeat it."
)
@click.option("--marking-max", required=True, help="The highest level that may cross.")
@click.option(
    "--purpose", "purposes", multiple=True, required=True, help="A permitted purpose; repeat it."
)
@click.option(
    "--onward",
    type=click.Choice(["refused", "consent", "free"]),
    default="refused",
    show_default=True,
    help="Whether the recipient may pass it on.",
)
@click.option("--until", default="", help="The last day, like 2030-12-31; else no end.")
@click.option("--pin", default="", help="The pin of its TLS key; else what the system trusts.")
@click.option(
    "--origin", "origins", multiple=True, help="Another https://host:port that gives its data."
)
def register(desk: Desk, *, participant: str, key: Path, **words_of: str | tuple[str, ...]) -> None:
    """Propose to register a connector of somebody else under an article.

    What you enter is the whole ground of what crosses later: the article's area, kinds, markings
    and purposes are asked at every step. docs/guides/connectors.md says what to exchange before.
    It holds once another person has confirmed it: comity connectors confirm.
    """
    told = {
        name: list(value) if isinstance(value, tuple) else value for name, value in words_of.items()
    }
    answer = desk.call("dataspace.register", id=participant, key=_key(key), **told)
    desk.show(answer, *_proposed(answer))
    _next(desk, answer)


def _next(desk: Desk, answer: JsonObject) -> None:
    part = f"{text(answer, 'proposal')[:8]} {text(answer, 'digest')[:8]}"
    desk.hint("", f"Another person confirms it: comity connectors confirm {part}")


_MEMBERS: Final = {
    "name": "Name",
    "base": "Address",
    "origins": "Data also at",
    "key": "Public key",
    "pin": "Pin of TLS key",
    "agreement": "Agreement",
    "article": "Article",
    "area": "Area",
    "kinds": "Kinds",
    "scale": "Markings",
    "marking_max": "Up to",
    "purposes": "Purposes",
    "onward": "Passing on",
    "until": "Until",
}


def _proposed(row: JsonObject) -> list[str]:
    """Return what is proposed; of a change, what it changes."""
    what = "To register" if text(row, "kind") == "register" else "To change"
    who = f"{text(row, 'by')}, {when(text(row, 'at'))}; lapses {when(text(row, 'lapses'))}"
    lines = [
        f"{text(row, 'proposal')[:8]}  {what} {text(row, 'connector')}; proposed by {who}",
        f"  Digest          {text(row, 'digest')}",
    ]
    reads, before = one(row, "registration"), one(row, "before")
    for name, title in _MEMBERS.items():
        if not before:
            lines.append(f"  {title:<15} {_value(reads, name)}")
        elif name in words(row, "differs"):
            lines.append(f"  {title:<15} {_value(reads, name)}  (now: {_value(before, name)})")
    if text(row, "reason"):
        lines.append(f"  Because         {text(row, 'reason')}")
    return lines


def _value(row: JsonObject, name: str) -> str:
    value = row.get(name)
    told = ", ".join(map(str, value)) if isinstance(value, list) else value
    return str(told or "-")


@command(
    "change",
    'connectors change "Port Authority" --key new.jwk.json --because "Their key is changed."',
    'connectors change "Port Authority" --until 2031-12-31 --because "Renewed."',
)
@_WHO
@click.option("--name", help="What our officials call it.")
@click.option("--base", help="Its Dataspace Protocol address, without a last slash.")
@click.option("--key", type=_FILE, help="A file with its public P-256 key, as a JWK.")
@click.option("--agreement", help="The agreement with it, as people call it.")
@click.option("--article", help="Its article that permits this.")
@click.option("--area", help="The area that the article opens.")
@click.option("--kind", "kinds", multiple=True, help="All kinds of item; repeat it.")
@click.option("--marking", "scale", multiple=True, help="All levels, the lowest first; repeat it.")
@click.option("--marking-max", help="The highest level that may cross.")
@click.option("--purpose", "purposes", multiple=True, help="All permitted purposes; repeat it.")
@click.option("--onward", type=click.Choice(["refused", "consent", "free"]), help="Passing on.")
@click.option("--until", help="The last day, like 2030-12-31; none: no end.")
@click.option("--pin", help="The pin of its TLS key; none: what the system trusts.")
@click.option("--origin", "origins", multiple=True, help="Every other origin of its data.")
@_BECAUSE
def change(
    desk: Desk, *, connector: str, key: Path | None, **words_of: str | tuple[str, ...] | None
) -> None:
    """Propose to change a registration: its address, key, article; what you leave out stays.

    It holds once another person has confirmed it; an old key is dead from that moment on.
    """
    found = desk.call("dataspace.connector", connector=connector)
    told: dict[str, Json] = {name: found.get(name) or "" for name in _MEMBERS}
    told["until"] = text(found, "until")
    told["origins"] = found.get("origins") or []
    for name, value in words_of.items():
        if value:
            given = list(value) if isinstance(value, tuple) else value
            told[name] = "" if (name, given) in {("until", "none"), ("pin", "none")} else given
    if key is not None:
        told["key"] = _key(key)
    answer = desk.call("dataspace.change", connector=connector, **told)
    desk.show(answer, *_proposed(answer))
    _next(desk, answer)


@command("proposals", "connectors proposals")
def proposals(desk: Desk) -> None:
    """List the registrations and changes that wait for a second person, with what they say."""
    answer = desk.whole("dataspace.proposals")
    lines = [line for row in rows(answer, "proposals") for line in _proposed(row)]
    desk.show(answer, *(lines or ["No registration waits for a second person."]))


@command("confirm", "connectors confirm 7f3a9c11 5be04a2d --as okonkwo")
@click.argument("proposal", metavar="PROPOSAL")
@click.argument("digest", metavar="DIGEST")
def confirm(desk: Desk, *, proposal: str, digest: str) -> None:
    """Confirm a registration, or a change of one, that another person proposed.

    PROPOSAL is its id, or the beginning; DIGEST its digest, or the first eight digits: both are in
    comity connectors proposals, beside what you confirm. Compare key and address with what their
    operator told you.
    """
    answer = desk.call("dataspace.confirm", proposal=proposal, digest=digest)
    name = text(answer, "name")
    if answer.get("changed") is True:
        desk.show(answer, f"The registration of {name} is changed; an old key or address is dead.")
        return
    desk.show(answer, f"{name} is registered; it sees nothing until you release something.")
    desk.hint(f'Next: comity connectors release ITEM --to "{name}"')


@command("refuse", 'connectors refuse 7f3a9c11 --because "Not their key." --as okonkwo')
@click.argument("proposal", metavar="PROPOSAL")
@_BECAUSE
def refuse(desk: Desk, *, proposal: str, reason: str) -> None:
    """Refuse a proposed registration or change, also one's own."""
    answer = desk.call("dataspace.refuse", proposal=proposal, reason=reason)
    desk.show(answer, "Refused: nothing of it holds.")


def _key(path: Path) -> str:
    try:
        return read_file(path, bytes_max=SMALL_FILE_BYTES_MAX).decode().strip()
    except UnicodeDecodeError as error:
        raise MisuseError(
            "cli.not_utf8", f"{path}: not UTF-8. The key is a JWK, which is JSON text."
        ) from error


@command("suspend", 'connectors suspend "Port Authority" --because "Under review." --as okoye')
@_WHO
@_BECAUSE
def suspend(desk: Desk, *, connector: str, reason: str) -> None:
    """Suspend all that a registration permits; data that runs is cut at once."""
    answer = desk.call("dataspace.suspend", connector=connector, suspended=True, reason=reason)
    desk.show(answer, "Suspended: nothing crosses until it is resumed.")


@command("resume", 'connectors resume "Port Authority" --because "Review over." --as okoye')
@_WHO
@_BECAUSE
def resume(desk: Desk, *, connector: str, reason: str) -> None:
    """Resume a suspended registration."""
    answer = desk.call("dataspace.suspend", connector=connector, suspended=False, reason=reason)
    desk.show(answer, "Resumed: its article permits again what it says.")


@command("catalogue", 'connectors catalogue "Port Authority"')
@_WHO
def catalogue(desk: Desk, *, connector: str) -> None:
    """Ask a connector what it offers us at this moment."""
    answer = desk.whole("dataspace.catalogue", connector=connector)
    lines = [
        [text(row, "dataset"), f"offer {text(offer, 'offer')}", ", ".join(words(row, "formats"))]
        for row in rows(answer, "datasets")
        for offer in rows(row, "offers")
    ]
    lines += [
        [text(row, "catalogue"), f"another catalogue, at {some(words(row, 'at'))}"]
        for row in rows(answer, "elsewhere")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["It offers us nothing now."]))
    if lines:
        desk.hint("", f'To ask for one: comity exchanges negotiate "{connector}" DATASET OFFER')


@command("offered", "connectors offered")
def offered(desk: Desk) -> None:
    """List what we offer to registered connectors, and to whom."""
    answer = desk.whole("dataspace.datasets")
    lines = [
        [
            brief(text(row, "dataset")),
            text(row, "title"),
            f"{text(row, 'kind')}, {text(row, 'marking')}, for {text(row, 'purpose')}",
            f"to {some(words(row, 'to'))}" if words(row, "to") else "withdrawn",
        ]
        for row in rows(answer, "datasets")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["We offer nothing to connectors."]))


@command("release", 'connectors release last --to "Port Authority" --as okoye')
@_ITEM
@click.option("--to", "connector", metavar="CONNECTOR", required=True, help="To which connector.")
@click.option("--push", is_flag=True, help="It may also have the data sent to an address of its.")
def release(desk: Desk, *, item: str, connector: str, push: bool) -> None:
    """Release an item of ours to a registered connector.

    ITEM is the beginning of its id, or last; comity share list names them. The article of the
    registration is asked first: what it does not permit cannot be released.
    """
    found = text(desk.call("items.show", item=item), "id")
    answer = desk.call("dataspace.release", item=found, connector=connector, push=push)
    desk.show(
        answer,
        f"Released to {text(answer, 'connector')} under {text(answer, 'article')}: it stands in"
        " that connector's catalogue now.",
    )


@command("withdraw", "connectors withdraw 4c1f --as okoye")
@_ITEM
def withdraw(desk: Desk, *, item: str) -> None:
    """Withdraw an item from all registered connectors; what they have received they keep."""
    answer = desk.call("dataspace.withdraw", dataset=_dataset(desk, item))
    desk.show(answer, "Withdrawn: no connector sees it or gets it from now on.")


def _dataset(desk: Desk, named: str) -> str:
    """Return the dataset of that id, or of that beginning.

    Raises:
        MisuseError: ``cli.no_dataset``: there is none, or several.
    """
    every = [text(row, "dataset") for row in rows(desk.whole("dataspace.datasets"), "datasets")]
    found = [one for one in every if one == named] or [
        one for one in every if one.removeprefix("urn:uuid:").startswith(named)
    ]
    if len(found) != 1:
        raise MisuseError(
            "cli.no_dataset",
            f"{plural(len(found), 'dataset')} of ours begin with {named[:60]!r}; comity connectors"
            " offered lists them.",
        )
    return found[0]


@command("contracts", "connectors contracts")
def contracts(desk: Desk) -> None:
    """List the contracts with registered connectors."""
    answer = desk.whole("dataspace.contracts")
    lines = [
        [
            text(row, "contract"),
            f"{'to' if text(row, 'role') == 'provider' else 'from'} {text(row, 'name')}",
            text(row, "title") or text(row, "dataset"),
            when(text(row, "agreed")),
        ]
        for row in rows(answer, "contracts")
    ]
    desk.show(answer, *(table(lines, indent=0) or ["There is no contract yet."]))
