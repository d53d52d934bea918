"""Letters of introduction: how two parties meet."""

from pathlib import Path

import click

from comity.cli.desk import Desk
from comity.cli.files import read_file, write_new
from comity.cli.lazy import command
from comity.cli.requests import REQUEST_FILE, hand_out
from comity.cli.values import one, text, words
from comity.cli.words import slug, some, when
from comity.foundation import base64url

_FILE = click.Path(path_type=Path, dir_okay=False)


@command("export", "letter export -o ministry-a.letter.json")
@click.option("-o", "output", type=_FILE, help="Where to write it.")
@click.option("--new", is_flag=True, help="A new letter, with a new validity.")
def export(desk: Desk, *, output: Path | None, new: bool) -> None:
    """Write our letter of introduction to a file.

    Bring the file to the counterpart by any way you like; it holds no secret. The same letter is
    written again until it expires or --new asks for another.
    """
    answer = desk.call("letters.export", new=new)
    path = output or Path(f"{slug(text(answer, 'name'))}.letter.json")
    write_new(path, base64url.decode(text(answer, "letter"), what="The letter"))
    shown = {name: value for name, value in answer.items() if name != "letter"}
    desk.show(
        {**shown, "file": str(path)},
        f"Letter of {text(answer, 'name')}: {path}",
        f"Valid until {when(text(answer, 'valid_until'))}.",
    )
    desk.hint("Next: with the counterpart's letter, comity letter show THEIR-FILE")


def _packed(path: Path) -> str:
    return base64url.encode(read_file(path))


@command("show", "letter show ministry-b.letter.json")
@click.argument("file", type=_FILE)
def show(desk: Desk, *, file: Path) -> None:
    """Show what a counterpart's letter says, and the fingerprint to compare.

    Read the numbers or the words to each other over the telephone or in person. If they are the
    same on both sides, nobody has changed either letter on the way.
    """
    answer = desk.call("letters.read", letter=_packed(file))
    mark = one(answer, "fingerprint")
    desk.show(
        answer,
        f"{text(answer, 'name')}  {text(answer, 'party')}",
        f"  Purpose             {text(answer, 'purpose')}",
        f"  Address             {text(answer, 'address')}",
        f"  Valid until         {when(text(answer, 'valid_until'))}",
        f"  Appoint officials   {some(words(answer, 'appointing'))}",
        "",
        "Fingerprint of both letters together: compare it by voice.",
        f"  {text(mark, 'groups')}",
        f"  {text(mark, 'words')}",
    )
    desk.hint(
        "",
        "Only if it is the same on the other side:",
        f'  comity letter accept {file} --fingerprint "{text(mark, "groups")}"',
    )


@command("accept", 'letter accept ministry-b.letter.json --fingerprint "0123 4567 ..." --as alder')
@click.argument("file", type=_FILE)
@click.option(
    "--fingerprint",
    required=True,
    help="The eight groups of digits, as the counterpart read them out.",
)
@REQUEST_FILE
def accept(desk: Desk, *, file: Path, fingerprint: str, output: Path | None) -> None:
    """Ask two officials to accept a letter whose fingerprint was compared.

    Writes the request that both appointing officials sign, each with the own keys (comity sign).
    With the second signature the counterpart's keys are pinned and the record of the relationship
    begins.
    """
    request = desk.call("letters.accept", letter=_packed(file), fingerprint=fingerprint)
    hand_out(desk, request, output)
