"""Evidence that stands without the nodes, and its verification."""

from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.files import read_file
from comity.cli.lazy import command
from comity.cli.words import size
from comity.foundation.canonical import Json

_FILE = click.Path(path_type=Path, dir_okay=False)
_OUTPUT: Final = click.option(
    "-o", "output", type=_FILE, required=True, help="Where to write the archive."
)
_ARCHIVE_BYTES_MAX: Final = 1 << 30
_NOT_VERIFIED: Final = 6
_NOT_ESTABLISHED: Final = 7


def _export(desk: Desk, operation: str, output: Path, **members: Json) -> None:
    count = desk.download(operation, output, **members)
    desk.show(
        {"file": str(output), "bytes": count},
        f"Evidence: {output} ({size(count)}); its README says how to check it without us.",
    )
    desk.hint(f"Next: comity verify {output} --trust OUR-LETTER --trust THEIR-LETTER")


@command("agreement", "evidence agreement last -o agreement.evidence.zip")
@click.argument("instrument", metavar="ID")
@_OUTPUT
def agreement(desk: Desk, *, instrument: str, output: Path) -> None:
    """Write the evidence of an agreement, as one archive."""
    _export(desk, "evidence.agreement", output, instrument=instrument)


@command("transfer", "evidence transfer last -o transfer.evidence.zip")
@click.argument("transfer_id", metavar="ID")
@_OUTPUT
def transfer(desk: Desk, *, transfer_id: str, output: Path) -> None:
    """Write the evidence of a transfer, as one archive."""
    _export(desk, "evidence.transfer", output, transfer=transfer_id)


@command(
    "verify",
    "verify agreement.evidence.zip --trust a.letter.json --trust b.letter.json",
    "verify statement.html --trust a.letter.json --trust b.letter.json",
)
@click.argument("evidence", type=_FILE)
@click.option(
    "--trust",
    "letters",
    multiple=True,
    metavar="LETTER",
    type=_FILE,
    help="A letter of introduction you have from its party itself; give both.",
)
def verify(desk: Desk, *, evidence: Path, letters: tuple[Path, ...]) -> None:
    """Verify evidence, or the page of a joint statement, offline; needs no node and no folder.

    Believes nothing but the letters given with --trust: letters inside the archive are compared
    with them. Exit code 0 only if everything holds; 6 if something does not, and the lines say
    what and where; 7 if the archive agrees with itself but the letters of both parties were not
    given: then nothing says whose archive it is.
    """
    from comity.verify import verify_archive  # noqa: PLC0415 - help needs no verifier

    data = read_file(evidence, bytes_max=_ARCHIVE_BYTES_MAX)
    with desk.patience("Verifying"):
        report = verify_archive(data, trust=[read_file(letter) for letter in letters])
    desk.show(
        {
            "ok": report.ok,
            "verdict": report.verdict,
            "authenticity": report.authenticity,
            "where": report.where,
            "checks": [
                {"what": one.what, "file": one.file, "ok": one.ok, "detail": one.detail}
                for one in report.checks
            ],
            "facts": list(report.facts),
        },
        *report.lines,
    )
    if not report.ok:
        unestablished = report.verdict == "not_established"
        click.get_current_context().exit(_NOT_ESTABLISHED if unestablished else _NOT_VERIFIED)
