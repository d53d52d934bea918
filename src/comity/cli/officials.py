"""Officials: their personal folders, their roles at the node, their full powers."""

from pathlib import Path

import click

from comity.cli.dates import INSTANT
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.passphrase import new_passphrase
from comity.cli.requests import REQUEST_FILE, hand_out
from comity.cli.values import rows, text, words
from comity.cli.words import some, when
from comity.foundation.canonical import JsonObject

_PATH = click.Path(path_type=Path)
ROLES = (
    *("negotiator", "legal_adviser", "mandate_holder", "signatory", "desk_officer"),
    *("release_officer", "liaison_officer", "project_officer", "technology_security_officer"),
    *("press_officer", "engineer"),
)
_ACTS = (
    *("adopt", "initial", "sign", "sign_ad_referendum", "certify_language", "suspend", "resume"),
    *("withdraw", "renew", "release"),
)
_REASONS = ("ended", "key_lost", "key_stolen", "replaced", "mistake")


@command("new", 'officials new keys-keller --id keller --name "M. Keller" --office "Minister"')
@click.argument("target", metavar="FOLDER", type=_PATH)
@click.option("--id", "name_id", required=True, metavar="ID", help="Short name, for --as.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", required=True, help="The person's office.")
def new(desk: Desk, *, target: Path, name_id: str, name: str, office: str) -> None:
    """Make a personal folder with an official's own keys; needs no node.

    The keys are encrypted under a passphrase that only this person knows: it is asked for twice, or
    read from the file that COMITY_PASSPHRASE_FILE names. No node ever sees keys or passphrase;
    card.json, without secrets, is what the official hands to the node.
    """
    from comity.storage.keyfiles import CARD_FILE, generate_personal  # noqa: PLC0415 - heavy

    passphrase = new_passphrase(f"Passphrase for the keys of {name}")
    with desk.patience("Making keys"):
        made = generate_personal(
            target, id=name_id, name=name, office=office, passphrase=passphrase
        )
    card = target / CARD_FILE
    desk.show(
        {"folder": str(target), "card": str(card), "id": made.card.id, "key": made.card.pair.id},
        f"{name}, {office}: keys in {target}",
        f"  Card for the node: {card}",
    )
    desk.hint(f"Next: comity officials add {card} --role ROLE")


@command("add", "officials add keys-keller/card.json --role signatory")
@click.argument("card", type=_PATH)
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice(ROLES),
    help="What the official may enter at this node; may be repeated.",
)
def add(desk: Desk, *, card: Path, roles: tuple[str, ...]) -> None:
    """Make an official known to the node by their card.

    A role says what an official may enter here; it binds nobody. What binds needs full powers.
    """
    from comity.storage.keyfiles import load_card  # noqa: PLC0415 - help needs no keys

    answer = desk.call("officials.add", card=load_card(card).to_json(), roles=list(roles))
    if answer.get("approved") is False:
        desk.show(answer, "Nobody is added yet: two persons approve this in the site, by passkey.")
        return
    desk.show(
        answer, f"{text(answer, 'name')} is known here as {text(answer, 'id')}.", roles_line(answer)
    )


def roles_line(row: JsonObject) -> str:
    """Return the roles of an official as a line."""
    return f"  {', '.join(words(row, 'roles')).replace('_', ' ')}"


@command("list", "officials list")
def listing(desk: Desk) -> None:
    """List the officials this node knows, their roles and full powers."""
    answer = desk.whole("officials")
    lines = []
    for row in rows(answer, "officials"):
        lines.append(f"{text(row, 'id')}: {text(row, 'name')}, {text(row, 'office')}")
        lines.append(roles_line(row))
        lines += [
            f"  full powers to {some(words(power, 'acts'), most=10).replace('_', ' ')}"
            f" until {when(text(power, 'valid_until'))}"
            for power in rows(row, "full_powers")
        ]
    desk.show(answer, *(lines or ["No official is known yet: comity officials add CARD."]))


@command(
    "powers",
    "officials powers keller --act adopt --act sign --until 2028-01-31 --as alder",
)
@click.argument("official", metavar="ID")
@click.option(
    "--act",
    "acts",
    required=True,
    multiple=True,
    type=click.Choice(_ACTS),
    help="What the official may do for the party; may be repeated.",
)
@click.option(
    "--until", required=True, type=INSTANT, metavar="DATE", help="Last day; two years at most."
)
@click.option(
    "--instrument",
    "instruments",
    multiple=True,
    metavar="ID",
    help="Only for this instrument (its full id); may be repeated. Else for any.",
)
@REQUEST_FILE
def powers(
    desk: Desk,
    *,
    official: str,
    acts: tuple[str, ...],
    until: str,
    instruments: tuple[str, ...],
    output: Path | None,
) -> None:
    """Ask for full powers for an official.

    Writes the request that both appointing officials sign, each with the own keys. Full powers say
    what this person may do that binds the party, and until when.
    """
    request = desk.call(
        "officials.powers",
        official=official,
        acts=list(acts),
        valid_until=until,
        instruments=list(instruments),
    )
    hand_out(desk, request, output)


@command("revoke", "officials revoke keller --reason key_lost --as alder")
@click.argument("official", metavar="ID")
@click.option(
    "--reason",
    type=click.Choice(_REASONS),
    default="ended",
    show_default=True,
    help="Why.",
)
@REQUEST_FILE
def revoke(desk: Desk, *, official: str, reason: str, output: Path | None) -> None:
    """Ask to end an official's full powers.

    Writes the request that one of the appointing officials signs.
    """
    hand_out(desk, desk.call("officials.revoke", official=official, reason=reason), output)


@command("link", "officials link keller")
@click.argument("official", metavar="ID")
def link(desk: Desk, *, official: str) -> None:
    """Make a one-time link by which an official logs in to this node's site.

    It works once, within a quarter of an hour, and is shown here alone. After the first log-in the
    person sets a password or a passkey; nobody has either before.
    """
    made = desk.call("accounts.link", official=official)
    desk.show(made, f"{text(made, 'name')} logs in once with:", "", f"  {text(made, 'link')}", "")
    desk.hint(f"Good until {when(text(made, 'expires'))}.")
