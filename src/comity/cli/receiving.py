"""What counterparts share with us: their catalogue, contracts and transfers."""

import threading
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Final

import click

from comity.cli.desk import Desk
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text
from comity.cli.words import size, table
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError, RefusedError, UnavailableError

_FILE = click.Path(path_type=Path, dir_okay=False)
_LOOK_AGAIN_S: Final = 0.5
_WAIT_S: Final = 600


def _brief(name: str) -> str:
    return name.removeprefix("urn:uuid:")[:8]


@command("catalogue", 'catalogue --of "Ministry A"')
@click.option(
    "--of", "counterpart", metavar="COUNTERPART", help="Whose; else the only counterpart's."
)
def catalogue(desk: Desk, *, counterpart: str | None) -> None:
    """Show what a counterpart released to us, and under which article."""
    answer = desk.whole("catalogue", counterpart=desk.counterpart(counterpart))
    lines = [_dataset(row) for row in rows(answer, "datasets")]
    desk.show(answer, *(table(lines, indent=0) or ["They have released nothing to us."]))
    if lines:
        desk.hint("", "To contract and pull one: comity fetch DATASET")


def _dataset(row: JsonObject) -> list[str]:
    title = text(row, "title") or "(no title)"
    if row.get("permitted") is False:
        said = f"not permitted: {text(row, 'code').replace('_', ' ')}"
    else:
        said = f"under {text(row, 'article')}"
    marks = f"{text(row, 'kind')}, {text(row, 'marking')}"
    return [_brief(text(row, "dataset")), title, size(number(row, "bytes")), marks, said]


@command("fetch", 'fetch 4c1f --from "Ministry A" -o survey.pdf --as nakamura')
@click.argument("dataset", metavar="DATASET")
@click.option(
    "--from", "counterpart", metavar="COUNTERPART", help="From whom; else the only counterpart."
)
@click.option(
    "-o", "output", type=_FILE, help="Where to write the file; else it stays in the node."
)
def fetch(desk: Desk, *, dataset: str, counterpart: str | None, output: Path | None) -> None:
    """Contract a dataset and pull its file.

    DATASET is the beginning of its id in the catalogue, or last. Our own node makes the ruling too:
    what no article permits is not taken. The digest is compared before anything counts as received.
    """
    whom = desk.counterpart(counterpart)
    answer = _settled(desk, desk.call("fetch", dataset=dataset, counterpart=whom))
    if answer.get("received") is not True and not one(answer, "moved"):
        raise _not_received(answer)
    shown = dict(answer)
    if output is not None:
        _save(desk, answer, output)
        shown["file"] = str(output)
    desk.show(shown, *_received(answer, output))


def _settled(desk: Desk, answer: JsonObject) -> JsonObject:
    """Return how the transfer ended; looks again until then."""
    waited = 0.0
    pause = threading.Event()
    with desk.patience("Waiting for the counterpart"):
        while answer.get("ended") is not True and text(answer, "family") == "transfer":
            if waited >= _WAIT_S:
                break
            pause.wait(_LOOK_AGAIN_S)
            waited += _LOOK_AGAIN_S
            answer = desk.call("transfers.show", transfer=text(answer, "transfer"))
    return answer


def _not_received(answer: JsonObject) -> Exception:
    if answer.get("ended") is True:
        reason = text(answer, "reason") or text(answer, "state")
        return RefusedError(
            "fetch.refused",
            f"Not received: {reason} ({text(answer, 'code') or 'no code given'}).",
            dict(answer),
        )
    return UnavailableError(
        "fetch.going_on",
        "Not received yet: the counterpart has not answered. Both nodes go on by themselves; look"
        " with comity transfers list.",
        dict(answer),
    )


def _received(answer: JsonObject, output: Path | None) -> Iterator[str]:
    ruling = one(answer, "ruling")
    yield f"Received from {text(answer, 'counterpart')}: {size(number(answer, 'bytes'))}"
    if ruling:
        yield f"  Our ruling   permitted under {text(ruling, 'article')}"
    yield f"  SHA-256      {text(answer, 'sha256')}, as promised"
    yield f"  Transfer     {_brief(text(answer, 'transfer'))}"
    yield f"  File         {output or 'in the node; comity transfers show ID -o FILE writes it'}"


def _save(desk: Desk, answer: JsonObject, output: Path) -> None:
    """Write the received file and compare its digest.

    Raises:
        PeerError: ``fetch.digest``.
    """
    desk.download("transfers.content", output, transfer=text(answer, "transfer"))
    with output.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    if found != text(answer, "sha256"):
        output.unlink()
        raise PeerError(
            "fetch.digest",
            f"The file has the digest {found}, not {text(answer, 'sha256')}; it was not kept. Look"
            " at the disk of the node.",
        )


@command("list", "transfers list")
def listing(desk: Desk) -> None:
    """List transfers and contract negotiations, in and out."""
    answer = desk.whole("transfers")
    lines = [_line(row) for row in rows(answer, "transfers")]
    desk.show(answer, *(table(lines, indent=0) or ["There was no transfer yet."]))


def _line(row: JsonObject) -> list[str]:
    way = "to" if text(row, "role") == "provider" else "from"
    state = text(row, "state").lower()
    said = f"{state}: {text(row, 'reason')}" if text(row, "reason") else state
    what = f"{text(row, 'family')} {way} {text(row, 'counterpart')}"
    return [_brief(text(row, "transfer")), what, size(number(row, "bytes")), said]


@command("show", "transfers show last", "transfers show last -o survey.pdf")
@click.argument("transfer", metavar="ID")
@click.option("-o", "output", type=_FILE, help="Where to write the received file.")
def show(desk: Desk, *, transfer: str, output: Path | None) -> None:
    """Show one transfer with its ruling, or write the file that came by it."""
    answer = desk.call("transfers.show", transfer=transfer)
    shown = dict(answer)
    lines = ["  ".join(_line(answer))]
    ruling = one(answer, "ruling")
    if ruling:
        lines.append(f"  Ruling   permitted under {text(ruling, 'article')}")
    lines.append(f"  SHA-256  {text(answer, 'sha256')}")
    if output is not None:
        _save(desk, answer, output)
        shown["file"] = str(output)
        lines.append(f"  File     {output}")
    desk.show(shown, *lines)


_REASON: Final = click.option("--reason", required=True, help="What the counterpart is told.")


@command("suspend", 'transfers suspend last --reason "We look at it again." --as release')
@click.argument("transfer", metavar="ID")
@_REASON
def suspend(desk: Desk, *, transfer: str, reason: str) -> None:
    """Pause a running transfer, in or out, until we go on.

    Its token dies at once and no further byte leaves. What came so far stays where it is.
    """
    answer = desk.call("transfers.suspend", transfer=transfer, reason=reason)
    desk.show(
        answer, f"Paused: {_brief(text(answer, 'transfer'))}. comity transfers resume goes on."
    )


@command("resume", "transfers resume last --as release")
@click.argument("transfer", metavar="ID")
def resume(desk: Desk, *, transfer: str) -> None:
    """Go on with a transfer that our own side paused.

    What the counterpart paused goes on when their official lets it.
    """
    answer = desk.call("transfers.resume", transfer=transfer)
    desk.show(answer, f"Going on: {_brief(text(answer, 'transfer'))}, with a fresh token.")


@command("terminate", 'transfers terminate last --reason "No longer needed." --as desk')
@click.argument("transfer", metavar="ID")
@_REASON
def terminate(desk: Desk, *, transfer: str, reason: str) -> None:
    """End a transfer for good; what came of it so far is removed.

    The contract stays: the file can be fetched again under it.
    """
    answer = desk.call("transfers.terminate", transfer=transfer, reason=reason)
    desk.show(answer, f"Ended: {_brief(text(answer, 'transfer'))}.")
