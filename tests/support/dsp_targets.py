"""What the peer is tried on: a node that serves the conformance profile, and the stand-in."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import adapter
import kit
from comity.sdk import Comity
from support.dsp_peer import Check, Peer
from support.dsp_scenarios import Target
from support.dsp_stand_in import StandIn
from support.processes import ROOT, WAIT_S, free_ports

SECRET: Final = "tck-secret"
PARTICIPANT: Final = "TCK_PARTICIPANT"
#: A rule waits 300 ms for the official kit, which is slow to listen; our peer listens at once.
AFTER_MS: Final = 20


@contextmanager
def standing_in(check: Check) -> Iterator[Target]:
    """Have the stand-in, and a peer before it."""
    profile = tomllib.loads(kit.PROFILE.read_text("utf-8"))
    with (
        Peer(PARTICIPANT, secret=SECRET, check=check) as peer,
        StandIn(profile, secret=SECRET, after_s=AFTER_MS / 1000, check=check) as stand_in,
    ):

        def begins(family: str, subject: str) -> None:
            stand_in.begins(family, subject, base=peer.base)

        yield Target(root=stand_in.base, base=stand_in.base, peer=peer, begins=begins)


@contextmanager
def a_node(folder: Path, check: Check) -> Iterator[Target]:
    """Have a node with the profile, served by its own process, and a peer before it."""
    node_port, api_port, adapter_port = free_ports(3)
    with ExitStack() as stack:
        peer = stack.enter_context(Peer(PARTICIPANT, secret=SECRET, check=check))
        place = kit.Place(node=node_port, api=api_port, kit=peer.port, adapter=adapter_port)
        profile = folder / "profile.toml"
        text = kit.placed(kit.PROFILE.read_text("utf-8"), place, after_ms=AFTER_MS)
        profile.write_text(text, encoding="utf-8")
        ready = folder / "ready"
        command = [sys.executable, "-m", "comity", "conformance", "serve", str(profile)]
        log = stack.enter_context((folder / "node.log").open("wb"))
        process = subprocess.Popen(
            [*command, "--folder", str(folder / "node"), "--ready-file", str(ready)],
            stdout=log,
            stderr=log,
            env={"PYTHONPATH": str(ROOT / "src")},
        )
        stack.callback(_ended, process)
        _wait_for(ready, process, folder / "node.log")
        node = Comity.from_folder(folder / "node", as_="operator")

        def begins(family: str, subject: str) -> None:
            adapter.ROUTES[f"/{family}"](node, asked(family, subject, peer))

        yield Target(root=place.root, base=place.base, peer=peer, begins=begins)


def asked(family: str, subject: str, peer: Peer) -> dict[str, str]:
    """Return what the official kit says to make a connector begin."""
    told = {"providerId": PARTICIPANT, "connectorAddress": peer.base}
    if family == "negotiations":
        return {**told, "offerId": f"offer{subject}", "datasetId": subject}
    return {**told, "agreementId": subject, "format": kit.FORMAT}


def _wait_for(ready: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(WAIT_S * 50):
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            if ready.exists():
                return
        else:
            break
    raise AssertionError(f"the node does not start: {log.read_text('utf-8')[-2000:]}")


def _ended(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=30)
