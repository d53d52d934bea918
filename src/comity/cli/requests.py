"""Signing requests on their way: from the node to a person, and the signature back."""

from pathlib import Path
from typing import Final

import click

from comity.agreements.request_file import MEMBERS, REQUEST_BYTES_MAX, read_envelope
from comity.cli.desk import Desk
from comity.cli.files import read_file, write_new
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, plural, slug, table, when
from comity.foundation import base64url
from comity.foundation.canonical import JsonObject, canonical

_FILE = click.Path(path_type=Path, dir_okay=False)
REQUEST_FILE: Final = click.option(
    "-o", "output", metavar="REQUEST", type=_FILE, help="Where to write the request."
)


def hand_out(desk: Desk, request: JsonObject, output: Path | None) -> None:
    """Write a signing request to a file and say who signs it and how."""
    kept = {name: request[name] for name in MEMBERS if name in request}
    name = text(request, "request")
    path = output or Path(f"{slug(text(request, 'operation'))}-{name[:8]}.request.json")
    write_new(path, canonical(kept))
    signers = words(request, "signers")
    needed = number(request, "needed")
    whose = " and ".join(signers) if needed == len(signers) else f"{needed} of {', '.join(signers)}"
    desk.show(
        {
            "request": name,
            "file": str(path),
            "operation": text(request, "operation"),
            "title": text(request, "title"),
            "capacity": text(request, "capacity"),
            "signers": signers,
            "needed": needed,
        },
        f"{text(request, 'title')}",
        f"  Request   {path}",
        f"  To sign   {whose}",
    )
    desk.hint(f"Next: comity sign {path} --with PERSONAL-FOLDER --deliver")


@command("list", "requests list")
def listing(desk: Desk) -> None:
    """List what waits for a personal signature, oldest first."""
    answer = desk.whole("requests")
    found = rows(answer, "requests")
    lines = [
        [
            text(row, "request")[:8],
            text(row, "title"),
            f"waits for {', '.join(_missing(row))} since {when(text(row, 'created'))}",
        ]
        for row in found
    ]
    desk.show(answer, *(table(lines, indent=0) or ["No signing request waits."]))


def _missing(row: JsonObject) -> list[str]:
    signed = words(row, "signed_by")
    return [signer for signer in words(row, "signers") if signer not in signed]


@command("drop", "requests drop 3f9a")
@click.argument("request", metavar="ID")
def drop(desk: Desk, *, request: str) -> None:
    """Drop a request that is not settled; nothing binding has happened under it."""
    answer = desk.call("requests.drop", request=request)
    desk.show(answer, f"Dropped: {text(answer, 'title')}")


@command("show", "requests show 3f9a -o adoption.request.json")
@click.argument("request", metavar="ID")
@REQUEST_FILE
def show(desk: Desk, *, request: str, output: Path | None) -> None:
    """Write one signing request to a file, for the person who is to sign it.

    ID may be the beginning of it, as comity requests list shows it.
    """
    hand_out(desk, desk.call("requests.show", request=request), output)


@command("deliver", "deliver adoption.keller.jws --request adoption.request.json")
@click.argument("signature", type=_FILE)
@click.option(
    "--request",
    required=True,
    metavar="REQUEST",
    help="The request file that was signed, or the request's id.",
)
def deliver(desk: Desk, *, signature: Path, request: str) -> None:
    """Hand a signature file to the node.

    When it is the last one needed, the node does what was asked and says so.
    """
    name = request
    if Path(request).is_file():
        asked = read_envelope(read_file(Path(request), bytes_max=REQUEST_BYTES_MAX))
        name = text(asked, "request")
    hand_in(desk, name, read_file(signature))


def hand_in(desk: Desk, request: str, signatures: bytes, *, more: JsonObject | None = None) -> None:
    """Deliver a signature and say what followed.

    Args:
        desk: Where to.
        request: The request's id.
        signatures: The signature file.
        more: Members to print beside the node's answer.
    """
    answer = desk.call("requests.deliver", request=request, signatures=base64url.encode(signatures))
    if answer.get("done") is True:
        outcome = one(answer, "outcome")
        kind = text(outcome, "kind")
        lines = ["Delivered; it was the last signature needed, and it is done."]
        if kind:
            lines.append(f"  {kind.replace('.', ' ')}, entry {number(outcome, 'entry')}")
        if "held_by_counterpart" in answer:
            lines.append(f"  {held(answer['held_by_counterpart'])}")
    else:
        missing = plural(number(answer, "still_needed"), "signature")
        lines = [f"Delivered; {missing} still needed."]
    desk.show({**(more or {}), **answer}, *lines)
