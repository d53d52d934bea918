"""Negotiations and transfers with registered connectors: where they stand, and going on in them."""

from hashlib import file_digest
from pathlib import Path
from typing import Final

import click

from comity.cli.connector_words import DO, brief, line, paragraph, state, step
from comity.cli.desk import Desk
from comity.cli.files import SMALL_FILE_BYTES_MAX, read_file
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import size, table, when
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, PeerError

_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_WHICH: Final = click.argument("exchange", metavar="ID")
_WHO: Final = click.argument("connector", metavar="CONNECTOR")
_ACTS: Final = [do for do in DO if do != "hold"]


@command("list", "exchanges list", "exchanges list --open")
@click.option("--open", "only_open", is_flag=True, help="Only what is under way.")
def listing(desk: Desk, *, only_open: bool) -> None:
    """List negotiations and transfers with registered connectors, what moved last first."""
    answer = desk.whole("dataspace.exchanges", state="open" if only_open else "all")
    lines = [line(row) for row in rows(answer, "exchanges")]
    desk.show(answer, *(table(lines, indent=0) or ["There is none yet."]))


@command("show", "exchanges show last")
@_WHICH
def show(desk: Desk, *, exchange: str) -> None:
    """Show where one stands, since when, who must act, what can be done, and what was tried.

    ID is ours or theirs, the beginning of ours, or last. Below stands what moved it, step by step.
    """
    answer = desk.call("dataspace.exchange", exchange=exchange)
    received = one(answer, "received")
    lines = [paragraph(answer)]
    if received:
        lines.append(
            f"Received: {size(number(received, 'bytes'))}, SHA-256 {text(received, 'digest')}."
        )
    lines += ["", f"Our id {text(answer, 'exchange')}, theirs {text(answer, 'theirs') or '-'}."]
    lines += [step(entry, text(answer, "name")) for entry in rows(answer, "steps")]
    desk.show(answer, *lines)
    if words(one(answer, "waits"), "can"):
        desk.hint("", f"To go on: comity exchanges act {brief(text(answer, 'exchange'))} WHAT")


@command("inbox", "exchanges inbox")
def inbox(desk: Desk) -> None:
    """List what waits for a person of ours, the oldest first, and why."""
    answer = desk.whole("dataspace.inbox")
    lines: list[str] = []
    for row in rows(answer, "inbox"):
        lines += [f"{brief(text(row, 'exchange'))}  {paragraph(row)}"]
    desk.show(answer, *(lines or ["Nothing waits for a person of ours."]))


@command(
    "act",
    "exchanges act 7f3a agree --as okoye",
    'exchanges act 7f3a terminate --because "The survey is out of date." --as okoye',
)
@_WHICH
@click.argument("do", metavar="WHAT", type=click.Choice(_ACTS))
@click.option("--because", "reason", default="", help="Why; the counterpart reads it.")
def act(desk: Desk, *, exchange: str, do: str, reason: str) -> None:
    """Go on in a negotiation or transfer, or end it.

    WHAT is one of those that comity exchanges show names. The article of the registration is asked
    again before anything is sent.
    """
    answer = desk.call("dataspace.act", exchange=exchange, do=do, reason=reason)
    desk.show(answer, *_now(answer))


def _now(answer: JsonObject) -> list[str]:
    pending = text(answer, "pending")
    going = f"; our message that makes it {pending} is on its way" if pending else ""
    return [f"{brief(text(answer, 'exchange'))}  {state(answer)}{going}."]


@command("counter", "exchanges counter 7f3a rules.json --as nakamura")
@_WHICH
@click.argument("policy", metavar="FILE", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Show what would be said; nothing is sent.")
def counter(desk: Desk, *, exchange: str, policy: Path, dry_run: bool) -> None:
    """Answer an offer of theirs with other rules, as ODRL in JSON.

    FILE has the rules we ask for; comity exchanges show --json has those on the table.
    """
    told = {"exchange": exchange, "policy": _words(policy)}
    if dry_run:
        answer = desk.call("dataspace.counter_preview", **told)
        same = "They mean the same." if answer.get("same") is True else "They mean something else."
        desk.show(
            answer,
            f"Theirs  {text(answer, 'theirs')}",
            f"Ours    {text(answer, 'ours')}",
            f"{same} Permitted by {text(answer, 'article')}. Nothing was sent.",
        )
        return
    answer = desk.call("dataspace.counter", **told)
    desk.show(answer, *_now(answer))


@command(
    "negotiate",
    'exchanges negotiate "Port Authority" urn:port:depths urn:offer:1 --as nakamura',
)
@_WHO
@click.argument("dataset", metavar="DATASET")
@click.argument("offer", metavar="OFFER")
@click.option("--kind", default="", help="What it is, in the words of the registration.")
@click.option("--marking", default="", help="Its level on the registration's scale.")
@click.option("--purpose", default="", help="What we want it for.")
@click.option("--policy", type=_FILE, help="A file with other rules, as ODRL in JSON.")
def negotiate(  # what is asked of whom, and what it is
    desk: Desk,
    *,
    connector: str,
    dataset: str,
    offer: str,
    kind: str,
    marking: str,
    purpose: str,
    policy: Path | None,
) -> None:
    """Ask a registered connector for a contract about one of its datasets.

    DATASET and OFFER are those of comity connectors catalogue. Without --kind, --marking and
    --purpose it is taken for the first kind and purpose and the lowest marking of the registration.
    """
    answer = desk.call(
        "dataspace.negotiate",
        counterpart=connector,
        dataset=dataset,
        offer=offer,
        policy="" if policy is None else _words(policy),
        kind=kind,
        marking=marking,
        purpose=purpose,
    )
    desk.show(answer, *_now(answer))
    desk.hint(f"Where it stands: comity exchanges show {brief(text(answer, 'exchange'))}")


def _words(path: Path) -> str:
    try:
        return read_file(path, bytes_max=SMALL_FILE_BYTES_MAX).decode()
    except UnicodeDecodeError as error:
        raise MisuseError("cli.not_utf8", f"{path}: not UTF-8. Rules are JSON text.") from error


@command(
    "transfer",
    'exchanges transfer "Port Authority" urn:contract:9 --as nakamura',
    'exchanges transfer "Port Authority" urn:contract:9 --push --as nakamura',
)
@_WHO
@click.argument("contract", metavar="CONTRACT")
@click.option("--push", is_flag=True, help="They send it to us; else we fetch it.")
def transfer(desk: Desk, *, connector: str, contract: str, push: bool) -> None:
    """Ask a registered connector for the data of a contract.

    CONTRACT is the id that comity connectors contracts shows. With --push their node is given an
    address of ours and a token; once they start, it takes the data in for a quarter of an hour.
    """
    how = "HttpData-PUSH" if push else "HttpData-PULL"
    answer = desk.call("dataspace.transfer", counterpart=connector, contract=contract, format=how)
    desk.show(answer, *_now(answer))
    desk.hint(f"Where it stands: comity exchanges show {brief(text(answer, 'exchange'))}")


@command("get", "exchanges get last -o depths.csv")
@_WHICH
@click.option("-o", "output", type=_FILE, required=True, help="Where to write the file.")
def get(desk: Desk, *, exchange: str, output: Path) -> None:
    """Write the file that came by a transfer, and compare its digest."""
    answer = desk.call("dataspace.exchange", exchange=exchange)
    received = one(answer, "received")
    if not received:
        raise MisuseError(
            "cli.nothing_received", f"Nothing was received by it: {paragraph(answer)}"
        )
    desk.download("dataspace.content", output, exchange=text(answer, "exchange"))
    with output.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    if found != text(received, "digest"):
        output.unlink()
        raise PeerError(
            "cli.exchange_digest",
            f"The file has the digest {found}, not {text(received, 'digest')}; it was not kept."
            " Look at the disk of the node.",
        )
    since = when(text(answer, "since"))
    desk.show(
        {**answer, "file": str(output)},
        f"{output}: {size(number(received, 'bytes'))} from {text(answer, 'name')}, {since}.",
        f"  SHA-256  {found}",
    )
