"""Mail to our own people: the house's relay."""

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, text
from comity.cli.words import plural
from comity.foundation.canonical import JsonObject


def _told(desk: Desk, answer: JsonObject) -> None:
    relay = one(answer, "relay")
    if not relay:
        desk.show(answer, "This node sends no mail.")
        return
    domains = relay["domains"]
    assert isinstance(domains, list)
    waiting, error = number(answer, "waiting"), text(answer, "error")
    lines = [
        f"Relay: {text(relay, 'host')}:{number(relay, 'port')} ({text(relay, 'security')})",
        f"From:  {text(relay, 'sender')}",
        f"To:    addresses in {', '.join(map(str, domains))} only",
        f"{plural(waiting, 'mail')} to go" if waiting else "None waits to be sent.",
    ]
    desk.show(answer, *lines, *([f"The last attempt: {error}"] if error else []))


@command("show", "mail show")
def show(desk: Desk) -> None:
    """Show whether meetings are sent to our own people by mail, and how."""
    _told(desk, desk.call("mail"))


@command(
    "set",
    "mail set relay.aldoria.example --from meetings@aldoria.example \\",
    "    --domain aldoria.example --as nakamura",
)
@click.argument("host", metavar="HOST")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=25,
    show_default=True,
    help="The port of the relay.",
)
@click.option(
    "--security",
    type=click.Choice(["starttls", "tls", "plain"]),
    default="starttls",
    show_default=True,
    help="How it is encrypted; plain only to a relay on this machine.",
)
@click.option("--from", "sender", required=True, help="Whose address stands as the author.")
@click.option(
    "--domain", "domains", multiple=True, required=True, help="Where our people have addresses."
)
def set_relay(
    desk: Desk, *, host: str, port: int, security: str, sender: str, domains: tuple[str, ...]
) -> None:
    """Send meetings to our own people by the house's mail relay."""
    answer = desk.call(
        "mail.set",
        host=host,
        port=port,
        security=security,
        sender=sender,
        domains=[each.lower() for each in domains],
    )
    _told(desk, answer)


@command("off", "mail off --as nakamura")
def off(desk: Desk) -> None:
    """Send no mail any more; what waits is dropped."""
    _told(desk, desk.call("mail.off"))
