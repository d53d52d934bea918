"""Shell completion."""

import click
from click.shell_completion import get_completion_class

from comity.cli.desk import Desk
from comity.cli.lazy import command

_FILES = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/comity.fish",
}


@command("completion", 'completion bash   # then add: eval "$(comity completion bash)"')
@click.argument("shell", type=click.Choice(list(_FILES)))
def completion(desk: Desk, *, shell: str) -> None:
    """Print what lets the shell complete comity's commands with the tab key."""
    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    assert kind is not None
    desk.show(
        {"shell": shell, "source": (source := _source(kind, root))},
        source,
    )
    desk.hint(f"# To keep it, put its output into {_FILES[shell]}.")


def _source(kind: type, root: click.Command) -> str:
    return str(kind(root, {}, "comity", "_COMITY_COMPLETE").source())
