"""Signing with one's own keys, away from any node."""

import sys
from pathlib import Path

import click

from comity.agreements.asked import Asked, printed, read_request
from comity.agreements.request_file import REQUEST_BYTES_MAX
from comity.cli.desk import Desk
from comity.cli.files import check_new, read_file, write_new
from comity.cli.lazy import command
from comity.cli.passphrase import passphrase
from comity.cli.requests import hand_in
from comity.cli.values import text, words
from comity.cli.words import CAPACITY, plural, short, when
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.parties.signatures import sign_document
from comity.storage.keyfiles import Card, load_card, load_personal

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    "sign",
    "sign adoption.request.json --with keys-keller",
    "sign adoption.request.json --with keys-keller --yes --deliver --folder ministry-a",
)
@click.argument("request", type=_FILE)
@click.option(
    "--with",
    "personal",
    type=_PATH,
    default=Path(),
    metavar="FOLDER",
    help="Your personal folder; else the current directory.",
)
@click.option("-o", "output", type=_FILE, help="Where to write the signature.")
@click.option("--yes", is_flag=True, help="Do not show the text and do not ask; for scripts.")
@click.option("--deliver", is_flag=True, help="Hand the signature to the node of --folder.")
def sign(
    desk: Desk, *, request: Path, personal: Path, output: Path | None, yes: bool, deliver: bool
) -> None:
    """Sign a request with your own keys; needs no node.

    Shows what the document is, on whose behalf you would sign, what it lays down in plain words,
    and the text itself. The digests are computed anew from the exact bytes; nothing that a node
    merely claims is signed. The passphrase is asked for, or read from the file that
    COMITY_PASSPHRASE_FILE names.
    """
    asked = read_request(read_file(request, bytes_max=REQUEST_BYTES_MAX))
    card = load_card(personal)
    _check_asked(asked, card)
    target = output or Path(
        f"{request.name.removesuffix('.json').removesuffix('.request')}.{card.id}.jws"
    )
    check_new(target)
    if not (yes and (desk.settings.json or desk.settings.quiet)):
        _present(asked, card, whole=not yes)
    if not yes and not _agreed(card):
        raise click.Abort
    signature = _sign(asked, personal, card)
    write_new(target, signature)
    done: JsonObject = {
        "signed": text(asked.value, "request"),
        "signer": card.id,
        "capacity": asked.capacity,
        "digest": asked.digest,
        "signature": str(target),
    }
    if deliver:
        hand_in(desk, text(asked.value, "request"), signature, more=done)
        return
    desk.show(done, f"Signed: {target}")
    desk.hint(f"Next: comity deliver {target} --request {request}")


def _check_asked(asked: Asked, card: Card) -> None:
    signers = words(asked.value, "signers")
    if card.id not in signers:
        raise RefusedError(
            "sign.not_asked",
            f"{card.name} ({card.id}) is not asked to sign «{text(asked.value, 'title')}»; asked:"
            f" {', '.join(signers)}. Is --with the right folder?",
        )


def _present(asked: Asked, card: Card, *, whole: bool) -> None:
    """Show what would be signed, on the standard error so that scripts can read the answer."""
    value = asked.value
    purpose = text(value, "purpose")
    lines = [
        text(value, "title"),
        f"  You          {card.name}, {card.office}",
        f"  On behalf of {text(value, 'party_name')} ({text(value, 'party')})",
        f"  Signature    {CAPACITY.get(asked.capacity, asked.capacity)}",
        f"  Asked        {when(text(value, 'created'))}",
        f"  Digest       {short(asked.digest)} ...",
    ]
    if purpose != "operational":
        lines.append(f"  Purpose      {purpose}: this binds nobody")
    lines += ["", "What the document says", *(f"  {line}" for line in asked.says)]
    if asked.text is not None:
        fields = asked.text.fields()
        lines += ["", "What the text lays down, in plain words", *(f"  {line}" for line in fields)]
    added = asked.node_says()
    if added:
        lines += ["", "The node adds", *(f"  {line}" for line in added)]
    click.echo("\n".join(lines), err=True)
    if asked.text is None:
        return
    body = printed(asked.text)
    if not whole:
        size = plural(len(body.split()), "word")
        click.echo(f"\nThe text has {size}; its digest is right. Shown without --yes.", err=True)
    elif sys.stdout.isatty():
        click.echo_via_pager(body)
    else:
        click.echo(f"\n{body}", err=True)


def _agreed(card: Card) -> bool:
    if not sys.stdin.isatty():
        raise MisuseError(
            "sign.not_confirmed",
            "Nobody is at the terminal to confirm. Read the request, then use --yes.",
        )
    return click.confirm(f"{card.name}, do you sign this?", default=False, err=True)


def _sign(asked: Asked, personal: Path, card: Card) -> bytes:
    opened = load_personal(personal, passphrase=passphrase(f"Passphrase of {card.name}"))
    return sign_document(
        asked.document,
        signer=opened.signer,
        capacity=asked.capacity,
        on_behalf_of=text(asked.value, "party"),
        full_powers=asked.powers_of(card.id),
    )
