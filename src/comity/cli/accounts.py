"""Accounts of officials: who is invited, what they may enter, whose account is closed.

Without ``--as`` the holder of the node's folder does it at once: so the first people get in, and
nobody is locked out for ever. With ``--as`` two persons approve it in the site where it matters.
"""

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.officials import ROLES, roles_line
from comity.cli.values import text
from comity.cli.words import when
from comity.foundation.canonical import JsonObject

_ROLE = click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice(ROLES),
    help="What the official may enter at this node; may be repeated.",
)


@command("enrol", 'officials enrol lerk --name "C. Lerk" --office Clerk --role desk_officer')
@click.argument("official", metavar="ID")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", required=True, help="The person's office.")
@_ROLE
def enrol(desk: Desk, *, official: str, name: str, office: str, roles: tuple[str, ...]) -> None:
    """Make a person known who enters acts and signs nothing.

    Such a person needs no keys. Whoever is to sign makes keys with comity officials new and hands
    in the card later, under the same id.
    """
    card: JsonObject = {"id": official, "name": name, "office": office}
    answer = desk.call("officials.add", card=card, roles=list(roles))
    if not _waits(desk, answer):
        desk.show(answer, f"{name} is known here as {official}.", roles_line(answer))
        desk.hint(f"Next: comity officials invite {official}")


@command("invite", "officials invite lerk --as alder")
@click.argument("official", metavar="ID")
def invite(desk: Desk, *, official: str) -> None:
    """Invite an official to the site by a link that works once, within three days.

    Whoever uses the link is that person here: hand it over where nobody else reads it. For people
    who can approve, and for those who have a way in, two persons approve the invitation first.
    """
    answer = desk.call("accounts.invite", person=official)
    if not _waits(desk, answer):
        name = text(answer, "name")
        desk.show(answer, f"{name} logs in once with:", "", f"  {text(answer, 'link')}", "")
        desk.hint(f"Good until {when(text(answer, 'expires'))}.")


@command("roles", "officials roles lerk --role desk_officer --role negotiator --as alder")
@click.argument("official", metavar="ID")
@_ROLE
def set_roles(desk: Desk, *, official: str, roles: tuple[str, ...]) -> None:
    """Set what an official may enter: exactly these roles."""
    answer = desk.call("officials.roles", person=official, roles=list(roles))
    if not _waits(desk, answer):
        desk.show(answer, f"{text(answer, 'name')} may enter from now on:", roles_line(answer))


@command("close", "officials close lerk --as alder")
@click.argument("official", metavar="ID")
def close(desk: Desk, *, official: str) -> None:
    """Close an official's account: they can neither enter nor sign here.

    Full powers already given are ended apart, with comity officials revoke.
    """
    answer = desk.call("officials.close", person=official)
    if not _waits(desk, answer):
        desk.show(answer, f"The account of {text(answer, 'name')} is closed.")


@command("reopen", "officials reopen lerk --as alder")
@click.argument("official", metavar="ID")
def reopen(desk: Desk, *, official: str) -> None:
    """Open the closed account of an official again."""
    answer = desk.call("officials.reopen", person=official)
    if not _waits(desk, answer):
        desk.show(answer, f"The account of {text(answer, 'name')} is open again.")


def _waits(desk: Desk, answer: JsonObject) -> bool:
    """Return whether two persons approve this first; then say so."""
    if answer.get("approved") is not False:
        return False
    desk.show(answer, "Nothing has changed yet: two persons approve this in the site, by passkey.")
    desk.hint(f"There: People, or /people/approvals/{text(answer, 'approval')}")
    return True
