"""What the official compatibility kit is told: its tests, the id each goes by, its settings.

The kit names a test by group and number, ``CN_C:01-02``, and asks for its id under a key made of
the same, ``CN_C_01_02_DATASETID``. The ids of ``profile.toml`` are made of the same once more, so
that one table is enough. Source: dataspace-protocol 10.3 and 11.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

HERE: Final = Path(__file__).resolve().parent
PROFILE: Final = HERE / "profile.toml"
FORMAT: Final = "HttpData-PULL"
#: How long the kit waits for a step before a test has failed, in seconds.
WAIT_S: Final = 20

#: Each group of tests: how its ids begin, which setting names them, how many tests its parts have.
GROUPS: Final[Mapping[str, tuple[str, str, tuple[int, ...]]]] = {
    "MET": ("", "", (1,)),
    "CAT": ("CAT", "DATASETID", (3,)),
    "CN": ("ACN", "DATASETID", (4, 7, 4)),
    "CN_C": ("ACNC", "DATASETID", (4, 6, 6)),
    "TP": ("ATP", "AGREEMENTID", (5, 5, 6)),
    "TP_C": ("ATPC", "AGREEMENTID", (5, 5, 6)),
}
#: Switched off in the kit itself: who may resume a transfer is not settled in the specification.
DISABLED: Final = frozenset({"TP:02-04", "TP_C:02-04"})


@attrs.frozen(kw_only=True)
class Place:
    """Where everybody listens; all of it on this machine.

    Attributes:
        node: The port of the node for its counterparts.
        api: The port of the node for its officials.
        kit: The port of the kit.
        adapter: The port of the adapter that makes the node begin.
    """

    node: int
    api: int
    kit: int
    adapter: int

    @property
    def root(self) -> str:
        """Return where the version document lies below."""
        return f"http://127.0.0.1:{self.node}"

    @property
    def base(self) -> str:
        """Return where the protocol's paths begin at the node."""
        return f"{self.root}/dsp/2025-1"

    @property
    def counterpart(self) -> str:
        """Return where they begin at the kit."""
        return f"http://127.0.0.1:{self.kit}"

    @property
    def initiate(self) -> str:
        """Return the address of the adapter."""
        return f"http://127.0.0.1:{self.adapter}"


def tests() -> Iterator[tuple[str, str, str]]:
    """Give each test's name, the setting that names its id, and that id; disabled ones as well."""
    for group, (start, setting, counts) in GROUPS.items():
        for part, count in enumerate(counts, 1):
            for number in range(1, count + 1):
                key = f"{group}_{part:02}_{number:02}_{setting}"
                yield f"{group}:{part:02}-{number:02}", key, f"{start}{part:02}{number:02}"


#: The tests that must pass.
ENABLED: Final = tuple(name for name, _, _ in tests() if name not in DISABLED)


def settings(place: Place, *, participant: str, secret: str) -> str:
    """Return the property file of a run against a node.

    Args:
        place: Where everybody listens.
        participant: The node's participant id.
        secret: What the kit sends as its ``Authorization``.
    """
    lines = {
        "dataspacetck.dsp.local.connector": "false",
        "dataspacetck.host": "127.0.0.1",
        "dataspacetck.port": str(place.kit),
        "dataspacetck.callback.address": place.counterpart,
        "dataspacetck.dsp.connector.agent.id": participant,
        "dataspacetck.dsp.connector.http.url": place.base,
        "dataspacetck.dsp.connector.http.base.url": place.root,
        "dataspacetck.dsp.connector.http.headers.authorization": secret,
        "dataspacetck.dsp.connector.negotiation.initiate.url": f"{place.initiate}/negotiations",
        "dataspacetck.dsp.connector.transfer.initiate.url": f"{place.initiate}/transfers",
        "dataspacetck.dsp.default.wait": str(WAIT_S),
    }
    for _, key, made in tests():
        if made:
            lines[key] = made
        if key.endswith("AGREEMENTID"):
            lines[key.replace("AGREEMENTID", "FORMAT")] = FORMAT
        if made.startswith("ACN0"):
            lines[key.replace("DATASETID", "OFFERID")] = f"CD123:{made}:456"
    return "".join(f"{name}={value}\n" for name, value in lines.items())


#: The kit against the connector that it brings along: what must work before anything else.
SELF_CHECK: Final = "dataspacetck.dsp.local.connector=true\ndataspacetck.dsp.default.wait=10\n"


def placed(text: str, place: Place, *, after_ms: int | None = None) -> str:
    """Return the text of the profile with other ports, and other delays if asked for.

    Args:
        text: The text of ``profile.toml``.
        place: Where everybody listens.
        after_ms: The delay of every rule, in milliseconds.

    Raises:
        ValueError: A line that is to be another is not there, or not once.
    """
    for pattern, line in (
        (r"^node\.port = \d+$", f"node.port = {place.node}"),
        (r"^node\.api_port = \d+$", f"node.api_port = {place.api}"),
        (r'^base = "[^"]*"$', f'base = "{place.counterpart}"'),
    ):
        text, count = re.subn(pattern, line, text, flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"the profile has {count} lines like {pattern}; expected: one")
    if after_ms is not None:
        text = re.sub(r'^after = "\d+ms"$', f'after = "{after_ms}ms"', text, flags=re.MULTILINE)
    return text
