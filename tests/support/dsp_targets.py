"""What the peer is tried on: a node that serves the conformance profile, and the stand-in."""

import http.client
import json
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import kit
from adapter import OPERATOR, Adapter, Begins, begin_at
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

        def begins(path: str, told: Mapping[str, str]) -> None:
            subject = told["datasetId" if path == "/negotiations" else "agreementId"]
            stand_in.begins(path[1:], subject, base=told["connectorAddress"])

        with adapting(begins) as initiate:
            base = stand_in.base
            yield Target(root=base, base=base, peer=peer, begins=asking(initiate, peer))


@contextmanager
def a_node(folder: Path, check: Check) -> Iterator[Target]:
    """Have a node with the profile, served by its own process, and a peer before it."""
    node_port, api_port = free_ports(2)
    with ExitStack() as stack:
        peer = stack.enter_context(Peer(PARTICIPANT, secret=SECRET, check=check))
        place = kit.Place(node=node_port, api=api_port, kit=peer.port, adapter=0)
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
        node = Comity.from_folder(folder / "node", as_=OPERATOR)
        initiate = stack.enter_context(adapting(begin_at(node)))
        yield Target(root=place.root, base=place.base, peer=peer, begins=asking(initiate, peer))


@contextmanager
def adapting(begins: Begins) -> Iterator[str]:
    """Have the adapter before a connector; return its address."""
    with Adapter(0, begins) as adapter:
        threading.Thread(target=adapter.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{adapter.server_address[1]}"
        finally:
            adapter.shutdown()


def asking(initiate: str, peer: Peer) -> Callable[[str, str, str], None]:
    """Return what asks a connector to begin, as the official kit does.

    Args:
        initiate: The address of the adapter.
        peer: Whom the connector is to ask.
    """

    def ask(family: str, subject: str, which: str) -> None:
        # "which" is not the kit's: it tells one call about a subject from the next.
        told = {"providerId": PARTICIPANT, "connectorAddress": peer.base, "which": which}
        if family == "negotiations":
            told |= {"offerId": f"offer{subject}", "datasetId": subject}
        else:
            told |= {"agreementId": subject, "format": kit.FORMAT}
        place = urlsplit(initiate)
        connection = http.client.HTTPConnection(place.netloc, timeout=WAIT_S)
        connection.request("POST", f"/{family}", json.dumps(told))
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        assert answer.status == 200, read

    return ask


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
