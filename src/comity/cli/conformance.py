"""Serving a node of purpose conformance from a profile."""

import sys
from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.foundation.errors import MisuseError

_FOLDER = click.Path(path_type=Path)


@command("serve", "conformance serve profile.toml --folder build/node")
@click.argument("profile", type=_FOLDER)
@click.option(
    "--ready-file",
    type=_FOLDER,
    help="A file to write once both ports are open, for scripts that wait.",
)
def serve(desk: Desk, *, profile: Path, ready_file: Path | None) -> None:
    """Serve a node of purpose conformance from a profile, until it is stopped.

    The profile lists counterparts, datasets with their sources, agreements registered outside the
    protocol, and playbook rules; docs/guides/conformance.md explains it. The node speaks plain http
    on this machine alone and can hold no relationship. The folder is made if there is none.
    """
    from comity.node.conformance import (  # noqa: PLC0415 - only here a node is loaded
        serve_profile,
    )

    if desk.settings.folder is None:
        raise MisuseError(
            "cli.no_folder",
            "Say where the node's files go: --folder PATH; it is made if there is none.",
        )
    folder = Path(desk.settings.folder)

    def told(base: str) -> None:
        desk.hint(f"Dataspace Protocol at {base}")

    serve_profile(
        profile,
        folder,
        ready_file=ready_file,
        told=told if sys.stderr.isatty() else None,
    )
