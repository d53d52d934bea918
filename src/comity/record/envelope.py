"""The envelope: the leaf of a log, small, in the clear, and committing to a body beside it.

It says what kind of act, at which place of which log, after having seen what of the counterpart's
log. No names, no free text, no claimed time: those belong in the body, where they can be erased.
Source: record.md 4.2; design 5; spec 3.7; ``schemas/envelope.json``.
"""

import re
from collections.abc import Mapping
from typing import Final

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse_canonical
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.limits import ENVELOPE_BYTES_MAX, INTEGER_MAX
from comity.record.tree import EMPTY_ROOT

BODY_ALGORITHM: Final = "hmac-sha384"

_LOG: Final = re.compile(r"[!-*,-~]{1,255}", re.ASCII)
_KIND: Final = re.compile(r"[a-z]{1,32}\.[a-z_]{1,32}", re.ASCII)
_OF: Final = re.compile(r"[A-Za-z0-9:._~%/-]{1,128}", re.ASCII)
_ROOT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COMMITMENT: Final = re.compile(r"[0-9a-f]{96}", re.ASCII)
_MEMBERS: Final = frozenset({"v", "kind", "log", "n", "seen", "lc", "body"})


@attrs.frozen(kw_only=True)
class Seen:
    """The head of the counterpart's log that the author had verified; ``root`` in hexadecimal."""

    log: str
    size: int
    root: str

    @classmethod
    def nothing(cls, log: str) -> "Seen":
        """Return the head of a log of which nothing was seen yet."""
        return cls(log=log, size=0, root=EMPTY_ROOT.hex())


@attrs.frozen(kw_only=True)
class Envelope:
    """One entry of a log.

    Attributes:
        kind: What kind of act (``kinds``).
        log: The origin of the log it stands in.
        n: Its index there: a copy at another place is no entry.
        seen: What the author had verified of the counterpart's log.
        lc: A logical clock, for the order in which people are shown concurrent entries.
        of: The id of what it is about (an instrument, an item, a contract), or None.
        commitment: The commitment to the body, hexadecimal (``body.commit``).
    """

    kind: str
    log: str
    n: int
    seen: Seen
    lc: int
    of: str | None
    commitment: str

    def to_bytes(self) -> bytes:
        """Return the canonical JSON that is the leaf.

        Raises:
            MisuseError: ``record.envelope_ours``: what we are about to write, nobody could read.
        """
        value: dict[str, Json] = {
            "v": 1,
            "kind": self.kind,
            "log": self.log,
            "n": self.n,
            "seen": {"log": self.seen.log, "size": self.seen.size, "root": self.seen.root},
            "lc": self.lc,
            "body": {"alg": BODY_ALGORITHM, "c": self.commitment},
        }
        if self.of is not None:
            value["of"] = self.of
        try:
            data = canonical(value)
            if len(data) > ENVELOPE_BYTES_MAX:
                raise _wrong("its size")
            _envelope(value)  # every text in it is ASCII then, and every number small
        except (PeerError, ValueError) as error:
            raise MisuseError(
                "record.envelope_ours", f"This entry cannot be recorded: {error}"
            ) from error
        return data


def clock(*, n: int, seen: int) -> int:
    """Return the largest logical clock that entry ``n`` can have after seeing ``seen`` entries."""
    return n + seen + 1


def parse_envelope(data: bytes) -> Envelope:
    """Return the envelope in ``data``, which is exactly its canonical form. Source: spec 3.7.2.

    Raises:
        PeerError: ``record.envelope_members``, ``record.envelope_value``; ``json.*`` where it is
            not canonical JSON within the limits.
    """
    return _envelope(
        parse_canonical(data, bytes_max=ENVELOPE_BYTES_MAX, what="An entry's envelope")
    )


def _envelope(value: JsonObject) -> Envelope:
    """Return the envelope with these members, once each of them is what the clause says."""
    if set(value) - {"of"} != _MEMBERS:
        raise PeerError(
            "record.envelope_members",
            f"An envelope has the members {', '.join(sorted(_MEMBERS))} and perhaps of; found"
            f" {', '.join(sorted(value))[:200]}.",
        )
    seen, body = _object(value["seen"]), _object(value["body"])
    version = value["v"]
    checks = {
        "v": version == 1 and not isinstance(version, bool),
        "seen": set(seen) == {"log", "size", "root"},
        "body": set(body) == {"alg", "c"},
        "body.alg": body.get("alg") == BODY_ALGORITHM,
    }
    for name, right in checks.items():
        if not right:
            raise _wrong(name)
    of = _text(value["of"], _OF, name="of") if "of" in value else None
    return Envelope(
        kind=_text(value["kind"], _KIND, name="kind"),
        log=_text(value["log"], _LOG, name="log"),
        n=_count(value["n"], name="n"),
        seen=Seen(
            log=_text(seen["log"], _LOG, name="seen.log"),
            size=_count(seen["size"], name="seen.size"),
            root=_text(seen["root"], _ROOT, name="seen.root"),
        ),
        lc=_count(value["lc"], name="lc"),
        of=of,
        commitment=_text(body["c"], _COMMITMENT, name="body.c"),
    )


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json, form: re.Pattern[str], *, name: str) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise _wrong(name)
    return value


def _count(value: Json, *, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= INTEGER_MAX:
        raise _wrong(name)
    return value


def _wrong(name: str) -> PeerError:
    return PeerError(
        "record.envelope_value",
        f"The member {name} of an envelope is not what clause 3.7.2 says it is.",
    )
