"""From a clean text to signature, and suspension: what asks for a person's own keys."""

from pathlib import Path

import click

from comity.cli.dates import INSTANT
from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.requests import REQUEST_FILE, hand_out
from comity.cli.tabling import INSTRUMENT
from comity.cli.values import text
from comity.cli.words import held, when
from comity.foundation.canonical import JsonObject


@command("adopt", "agreement adopt last -o adoption.request.json --as keller")
@INSTRUMENT
@REQUEST_FILE
def adopt(desk: Desk, *, instrument: str, output: Path | None) -> None:
    """Ask a signatory to adopt the clean text: this text is the text.

    Writes the request that the acting official signs with the own keys (comity sign).
    """
    hand_out(desk, desk.call("agreements.adopt", instrument=instrument), output)


@command("initial", "agreement initial last -o initials.request.json --as keller")
@INSTRUMENT
@REQUEST_FILE
def initial(desk: Desk, *, instrument: str, output: Path | None) -> None:
    """Ask a signatory to initial the adopted text: it is fixed as definitive."""
    hand_out(desk, desk.call("agreements.initial", instrument=instrument), output)


@command("clear", "agreement clear last --as ito")
@INSTRUMENT
def clear(desk: Desk, *, instrument: str) -> None:
    """Clear this exact text for signature.

    The mandate holder's last permission. It stays in this node, and it is gone if the text changes.
    """
    answer = desk.call("agreements.clear", instrument=instrument)
    desk.show(answer, "Cleared for signature: exactly this text. Nobody else is told.")


@command(
    "window",
    "agreement window last --opens +0s --closes +3d --as keller",
    "agreement window last --opens 2026-12-01T09:00:00Z --closes 2026-12-01T17:00:00Z",
)
@INSTRUMENT
@click.option("--opens", type=INSTANT, required=True, metavar="WHEN", help="+0s, or an instant.")
@click.option("--closes", type=INSTANT, required=True, metavar="WHEN", help="+3d, or an instant.")
@click.option(
    "--signatory",
    "signatories",
    multiple=True,
    metavar="OFFICIAL",
    help="Who of ours signs; else those who hold full powers to sign.",
)
def window(
    desk: Desk, *, instrument: str, opens: str, closes: str, signatories: tuple[str, ...]
) -> None:
    """Propose a signing window; that says that we are ready.

    All listed signatories sign within it, or nobody has signed: what is there then is void on both
    sides, and another window can be proposed.
    """
    answer = desk.call(
        "agreements.window",
        instrument=instrument,
        opens=opens,
        closes=closes,
        signatories=list(signatories),
    )
    _show_window(desk, answer, "Proposed")


@command("ready", "agreement ready last --as keller")
@INSTRUMENT
def ready(desk: Desk, *, instrument: str) -> None:
    """Agree to the signing window that the counterpart proposed."""
    _show_window(desk, desk.call("agreements.ready", instrument=instrument), "Agreed")


def _show_window(desk: Desk, answer: JsonObject, what: str) -> None:
    desk.show(
        answer,
        f"{what}: signing from {when(text(answer, 'opens'))} to {when(text(answer, 'closes'))}.",
        f"  {held(answer.get('held_by_counterpart'))}",
    )


@command("sign", "agreement sign last -o signature.request.json --as keller")
@INSTRUMENT
@REQUEST_FILE
def sign(desk: Desk, *, instrument: str, output: Path | None) -> None:
    """Write the signing request for one signatory, the acting official.

    The signatory signs with comity sign, in a folder of their own, and hands the signature in
    before the window ends.
    """
    hand_out(desk, desk.call("agreements.sign", instrument=instrument), output)


@command("suspend", 'agreement suspend last "Article 6" --until 2027-03-31 --as keller')
@INSTRUMENT
@click.argument("units", metavar="[UNIT...]", nargs=-1)
@click.option(
    "--until", type=INSTANT, default=None, metavar="DATE", help="Until then; else further notice."
)
@REQUEST_FILE
def suspend(
    desk: Desk,
    *,
    instrument: str,
    units: tuple[str, ...],
    until: str | None,
    output: Path | None,
) -> None:
    """Ask a signatory to suspend the whole or some units.

    Without a UNIT the whole is suspended. Once signed and delivered, nothing crosses under it: on
    our side at once, on theirs as soon as it arrives.
    """
    request = desk.call(
        "agreements.suspend", instrument=instrument, units=list(units), until=until or ""
    )
    hand_out(desk, request, output)


@command("resume", "agreement resume last --as keller")
@INSTRUMENT
@REQUEST_FILE
def resume(desk: Desk, *, instrument: str, output: Path | None) -> None:
    """Ask a signatory to resume what is suspended, for our part.

    It ends once both parties have resumed.
    """
    hand_out(desk, desk.call("agreements.resume", instrument=instrument), output)
