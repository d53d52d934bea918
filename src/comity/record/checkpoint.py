"""The text of a checkpoint: which log, how many entries, which root.

Extension lines are refused: the ML-DSA-44 signatures do not cover them (record.md 2.3); what is to
be said stands in entries. Source: C2SP tlog-checkpoint v1.0.0; spec 3.5.
"""

import re
from typing import Final

import attrs

from comity.foundation.errors import PeerError
from comity.record.note import check_name, decode, encode
from comity.record.tree import HASH_BYTES, SIZE_MAX

CHECKPOINT_BYTES_MAX: Final = 512

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@attrs.frozen(kw_only=True)
class Checkpoint:
    """The head of a log: the root of its first ``size`` entries."""

    origin: str
    size: int
    root: bytes = attrs.field(repr=lambda raw: raw.hex())

    def text(self) -> bytes:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n".encode()


def parse_size(text: str) -> int | None:
    """Return the number in its only decimal spelling, or None."""
    if _SIZE.fullmatch(text) is None or int(text) > SIZE_MAX:
        return None
    return int(text)


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Return the checkpoint in the text of a note. Source: spec 3.5.1.

    Raises:
        PeerError: ``record.checkpoint_size``, ``record.checkpoint_text``,
            ``record.checkpoint_lines`` (extension lines above all),
            ``record.checkpoint_count``, ``record.checkpoint_root``; ``record.name``,
            ``record.base64``.
    """
    if len(text) > CHECKPOINT_BYTES_MAX:
        raise PeerError(
            "record.checkpoint_size",
            f"A checkpoint has at most {CHECKPOINT_BYTES_MAX} bytes; this one has {len(text)}.",
        )
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise PeerError("record.checkpoint_text", "The checkpoint is not UTF-8.") from error
    if len(lines) != 4 or lines[3]:
        raise PeerError(
            "record.checkpoint_lines",
            "A checkpoint has exactly three lines (log, size, root); extension lines are refused"
            " because not every signature covers them.",
        )
    origin = check_name(lines[0], what="The log named in a checkpoint")
    size = parse_size(lines[1])
    if size is None:
        raise PeerError(
            "record.checkpoint_count", f"{lines[1][:30]!r} is not the size of a log in decimal."
        )
    root = decode(lines[2], what="The root in a checkpoint")
    if len(root) != HASH_BYTES:
        raise PeerError(
            "record.checkpoint_root", f"A root has {HASH_BYTES} bytes; found {len(root)}."
        )
    return Checkpoint(origin=origin, size=size, root=root)
