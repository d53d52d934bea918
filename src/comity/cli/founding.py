"""Making a party and running its node."""

import sys
from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command

_FOLDER = click.Path(path_type=Path)
_PORT = click.IntRange(1, 65535)


@command(
    "init",
    'init ministry-a --party "Ministry A" --form state --host a.example --port 8443 \\',
    "    --local-port 8080 --purpose operational --appointing alder/card.json \\",
    "    --appointing birch/card.json",
)
@click.argument("target", metavar="FOLDER", type=_FOLDER)
@click.option("--party", "name", required=True, metavar="NAME", help="The party's name.")
@click.option(
    "--form",
    required=True,
    type=click.Choice(["state", "organisation"]),
    help="What the party is.",
)
@click.option(
    "--host",
    required=True,
    help="Name or address of this machine as counterparts reach it; part of the party's identity.",
)
@click.option("--port", required=True, type=_PORT, help="The counterparts' port.")
@click.option(
    "--local-port", required=True, type=_PORT, help="The officials' port, localhost only."
)
@click.option(
    "--purpose",
    required=True,
    type=click.Choice(["operational", "demonstration"]),
    help="What the node is for; nodes of different purpose never meet.",
)
@click.option(
    "--appointing",
    required=True,
    multiple=True,
    metavar="CARD",
    type=_FOLDER,
    help="Card of an appointing official (comity officials new); give two.",
)
def init(
    desk: Desk,
    *,
    target: Path,
    name: str,
    form: str,
    host: str,
    port: int,
    local_port: int,
    purpose: str,
    appointing: tuple[Path, ...],
) -> None:
    """Make a party: folder, keys, identity.

    Two appointing officials stand behind every full powers that the party gives; they make their
    personal folders first, with comity officials new. Whatever is wrong is said before anything is
    written.
    """
    from comity.node.clock import SystemClock  # noqa: PLC0415 - help needs no database
    from comity.node.founding import Founding, found  # noqa: PLC0415 - help needs no database
    from comity.storage.keyfiles import load_card  # noqa: PLC0415 - help needs no keys

    cards = [load_card(card) for card in appointing]
    founding = Founding(
        name=name, form=form, purpose=purpose, host=host, port=port, local_port=local_port
    )
    folder = found(target, founding, appointing=cards, clock=SystemClock())
    config = folder.config
    desk.show(
        {"folder": str(folder.path), **config.to_json()},
        f"{config.name} is made: {config.party}",
        f"Folder {folder.path}; back it up, and keep it to yourself (docs/reference/folder.md).",
    )
    place = f"--folder {folder.path}"
    desk.hint(
        "",
        "Next:",
        f"  comity serve {place}                      leave it running",
        *(
            f"  comity officials add {path} --role ROLE {place}"
            for path in (str(card) for card in appointing)
        ),
        f"  comity officials link ID {place}          the official's first way into the site",
        f"  comity letter export {place}              the file for your counterpart",
    )


@command("serve", "serve --folder ministry-a")
@click.option(
    "--ready-file",
    type=_FOLDER,
    help="A file to write once both ports are open, for scripts that wait.",
)
def serve(desk: Desk, *, ready_file: Path | None) -> None:
    """Run the party's node until it is stopped.

    It opens the counterparts' port (TLS with pinned keys) and the officials' site and API (for this
    machine; for others where comity.json names a certificate). Stop it with Ctrl-C or a TERM
    signal: it ends in order, and goes on where it was when it is started again.
    """
    from comity.node.serve import serve as run  # noqa: PLC0415 - only here a node is loaded

    def told(site: str) -> None:
        desk.hint(
            f"The officials' site: {site}",
            "  comity officials link ID      a link that logs one official in, once",
        )

    run(desk.folder.path, ready_file=ready_file, told=told if sys.stderr.isatty() else None)
