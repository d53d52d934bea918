"""Move a large file over TLS within this process and print by how much the process grew.

Run as a program by the fault tests: ``flat_memory.py FOLDER``.
"""

import resource
import sys
from hashlib import sha256
from pathlib import Path

from comity.node.dataplane.accesses import Accesses, Pacer
from comity.node.dataplane.pulling import Wanted, pull
from comity.node.dataplane.serving import Bounds, serve
from comity.node.dataplane.sources import PayloadSource
from comity.storage.files import PayloadFiles
from comity.transport.downloading import LargeAnswer
from comity.transport.gate import Receive, Scope, Send
from support.parties import NOW
from support.wire import Watched, real_peer, run

MIB = 1 << 20
PIECE = bytes(range(256)) * (MIB // 256)


def grown_bytes() -> int:
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def accept(_answer: LargeAnswer) -> bool:
    return True


def move(folder: Path, mib: int) -> None:
    """Serve a file of so many MiB and pull it."""
    theirs, ours = (PayloadFiles.open(folder / f"{name}{mib}") for name in ("theirs", "ours"))
    digest = sha256()
    for _ in range(mib):
        digest.update(PIECE)
    name = theirs.add(PIECE for _ in range(mib)).name
    assert name == digest.hexdigest()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        with Accesses().open("t") as access:
            pacer = Pacer(each=None, node=None, now_s=lambda: 0.0)
            bounds = Bounds(access=access, pacer=pacer, now=lambda: NOW)
            await serve(PayloadSource.of(theirs, name), scope, send, headers=[], bounds=bounds)

    async def main() -> None:
        async with real_peer(folder / f"wire{mib}", Watched(app=app)) as peer:
            wanted = Wanted(path="/file", token="t" * 43, size=mib * MIB, sha256=name)
            with (
                Accesses().open("t") as access,
                ours.kept_writer("t", bytes_max=mib * MIB) as writer,
            ):
                await pull(peer.client, wanted, writer=writer, access=access, look=accept)
                writer.commit(name)

    run(main, wait_s=250)


if __name__ == "__main__":
    move(Path(sys.argv[1]), 16)
    before = grown_bytes()
    move(Path(sys.argv[1]), 384)
    sys.stdout.write(f"{grown_bytes() - before}\n")
