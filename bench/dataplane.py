"""Bytes on their way: a GiB served beside nginx and taken in beside curl, over the same TLS.

Both servers stand on this machine under the same certificate and give the same file to the same
client, one after the other, round by round. Ours is the piece that serves every counterpart, but
for the gate's signature check: curl does not sign. What is missing is said with how to install it.
"""

import asyncio
import os
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from comity.node.clock import SystemClock
from comity.node.dataplane.accesses import Access, Accesses, Pacer
from comity.node.dataplane.pulling import Wanted, pull
from comity.node.dataplane.serving import Bounds, serve
from comity.node.dataplane.sources import PayloadSource
from comity.node.founding import Founding, found
from comity.storage.files import PayloadFiles
from comity.storage.keyfiles import (
    TLS_CERTIFICATE_FILE,
    TLS_KEY_FILE,
    generate_personal,
    load_personal,
)
from comity.transport.downloading import LargeAnswer, LargeCall, download
from comity.transport.gate import Receive, Scope, Send
from comity.transport.serving import Door, bind, run
from comity.transport.serving import serve as serve_doors
from comity.transport.tls import server_context
from lines import Line, NotYetError
from processes import BUILD, environment

GIB: Final = 1 << 30
SMALL_BYTES: Final = 4 << 10
SMALL_PULLS: Final = 1000
ROUNDS: Final = 5
START_S_MAX: Final = 20.0
_INSTALL: Final = "apt-get install -y --no-install-recommends nginx-light curl"
_NGINX: Final = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ }}
http {{
  access_log off; sendfile on; keepalive_requests 100000; default_type application/octet-stream;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.3; root {folder}/payloads;
    ssl_certificate {certificate}; ssl_certificate_key {key};
  }}
}}
"""


class Server:
    """A server in a process of its own, with what its processes used so far."""

    def __init__(self, name: str, command: list[str], port: int) -> None:
        self.name, self.port = name, port
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
        )
        end = time.monotonic() + START_S_MAX
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > end:
                raise NotYetError(f"bytes on their way: {name} does not start")
            time.sleep(0.05)

    def url(self, name: str) -> str:
        return f"https://127.0.0.1:{self.port}/{name}"

    def cpu_s(self) -> float:
        """Return the processor time of the process and its children."""
        ticks = 0
        for process in self._processes():
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2]
            ticks += sum(map(int, fields.split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Return the most memory that its processes have had."""
        peaks = [
            line.split()[1]
            for process in self._processes()
            for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
            if line.startswith("VmHWM")
        ]
        return sum(map(int, peaks)) / 1024

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(15)

    def _processes(self) -> list[int]:
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii")
        return [own, *map(int, children.split())]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _curl(*urls: str) -> float:
    """Return how long curl takes for these addresses, on one connection."""
    command = ["curl", "--silent", "--fail", "--insecure"]
    for url in urls:
        command += ["--output", "/dev/null", url]
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def _piped(url: str) -> float:
    """Return how long ``curl | sha256sum`` takes."""
    began = time.perf_counter()
    with subprocess.Popen(["curl", "-sfk", url], stdout=subprocess.PIPE) as curl:
        subprocess.run(["sha256sum"], stdin=curl.stdout, check=True, capture_output=True)
    return time.perf_counter() - began


def _pulled(url: str, folder: Path, name: str) -> tuple[float, float]:
    """Return how long our pull takes with digest and fsync, and the memory it had, in MiB."""
    command = [sys.executable, __file__, "pull", url, str(folder), name]
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment()
    ).stdout.split()
    return float(told[0]), float(told[1])


def _install() -> None:
    """Install nginx and curl where that can be done; else say the line.

    Raises:
        NotYetError: They are not here.
    """
    if shutil.which("nginx") and shutil.which("curl"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(_INSTALL.split(), check=False, capture_output=True)
    if not (shutil.which("nginx") and shutil.which("curl")):
        raise NotYetError(f"bytes on their way: nginx or curl is missing; as root: {_INSTALL}")


def _party(root: Path) -> tuple[Path, Path]:
    """Return the certificate and key of a node made for this."""
    cards = []
    for role in ("mandate_holder", "legal_adviser"):
        folder = root / "people" / role
        generate_personal(folder, id=role, name=role, office=role, passphrase=b"bench bench")
        cards.append(load_personal(folder, passphrase=b"bench bench").card)
    founding = Founding(
        name="Bench",
        form="state",
        purpose="demonstration",
        host="localhost",
        port=_free_port(),
        local_port=_free_port(),
    )
    found(root / "node", founding, appointing=cards, clock=SystemClock())
    keys = root / "node" / "keys"
    return keys / TLS_CERTIFICATE_FILE, keys / TLS_KEY_FILE


def measure() -> list[Line]:
    """Return what serving and taking in cost, beside nginx and curl in the same run."""
    _install()
    BUILD.mkdir(exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="dataplane-", dir=BUILD))
    servers: list[Server] = []
    try:
        certificate, key = _party(root)
        files = PayloadFiles.open(root / "payloads")
        large = files.add(os.urandom(1 << 20) for _ in range(GIB >> 20)).name
        small = files.write(os.urandom(SMALL_BYTES))
        for path in (root / "payloads", root):
            path.chmod(0o755)  # nginx's worker is another user where root starts it
        ports = _free_port(), _free_port()
        config = root / "nginx.conf"
        config.write_text(
            _NGINX.format(folder=root, port=ports[1], certificate=certificate, key=key),
            encoding="utf-8",
        )
        own = [sys.executable, __file__, "serve", str(ports[0]), str(root), str(certificate)]
        servers.append(Server("Comity", [*own, str(key)], ports[0]))
        peer = ["nginx", "-p", str(root), "-c", str(config)]
        if os.geteuid() == 0:
            peer += ["-g", "user root;"]
        servers.append(Server("nginx", peer, ports[1]))
        return _lines(servers[0], servers[1], root, large=large, small=small)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(root, ignore_errors=True)


def _lines(ours: Server, nginx: Server, root: Path, *, large: str, small: str) -> list[Line]:
    whole = {one.name: [0.0] * ROUNDS for one in (ours, nginx)}
    used: dict[str, float] = {}
    for one in (ours, nginx):
        _curl(one.url(large))
        used[one.name] = one.cpu_s()
    for number in range(ROUNDS):
        for one in (ours, nginx):
            whole[one.name][number] = _curl(one.url(large))
    cpu = {one.name: (one.cpu_s() - used[one.name]) / ROUNDS for one in (ours, nginx)}
    many = {
        one.name: min(_curl(*[one.url(small)] * SMALL_PULLS) for _ in range(3))
        for one in (ours, nginx)
    }
    pairs = [(_pulled(nginx.url(large), root, large), _piped(nginx.url(large))) for _ in range(3)]
    mine = statistics.median(took for (took, _), _ in pairs)
    piped = statistics.median(took for _, took in pairs)
    own, other = (statistics.median(whole[one.name]) for one in (ours, nginx))
    return [
        _beside("1 GiB pulled over TLS", 1024 / own, 1024 / other, "{:,.0f} MiB/s", "nginx"),
        Line(
            what="processor time of the server for 1 GiB",
            figure=f"{cpu['Comity']:.2f} s",
            beside=f"nginx: {cpu['nginx']:.2f} s",
            ratio=f"{cpu['Comity'] / cpu['nginx']:.2f}",
        ),
        _beside(
            f"{SMALL_PULLS} pulls of 4 KiB on one connection",
            SMALL_PULLS / many["Comity"],
            SMALL_PULLS / many["nginx"],
            "{:,.0f}/s",
            "nginx",
        ),
        _beside(
            "1 GiB taken in, with digest and fsync",
            1024 / mine,
            1024 / piped,
            "{:,.0f} MiB/s",
            "curl | sha256sum, nothing kept",
        ),
        Line(
            what="most memory: serving, taking in 1 GiB",
            figure=f"{ours.resident_mib():.0f} MiB, {max(peak for (_, peak), _ in pairs):.0f} MiB",
        ),
    ]


def _beside(what: str, ours: float, other: float, form: str, name: str) -> Line:  # noqa: PLR0917 - a line has these parts
    return Line(
        what=what,
        figure=form.format(ours),
        beside=f"{name}: {form.format(other)}",
        ratio=f"{ours / other:.2f}",
    )


# --- what runs in processes of its own ------------------------------------------------------------


def _bounds(access: Access) -> Bounds:
    pacer = Pacer(each=None, node=None, now_s=time.monotonic)
    return Bounds(access=access, pacer=pacer, now=SystemClock().now)


def _serve(port: str, root: str, *tls_files: str) -> None:
    files, accesses = PayloadFiles(Path(root) / "payloads"), Accesses()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        name = str(scope["path"]).removeprefix("/")
        with accesses.open(name) as access:
            source = PayloadSource.of(files, name)
            await serve(source, scope, send, headers=[], bounds=_bounds(access))

    sock = bind("127.0.0.1", int(port), what="the bench", option="none")
    certificate, key = map(Path, tls_files)
    tls = server_context(certificate=certificate, key=key)
    door = Door(name="data", app=app, sock=sock, tls=tls)
    run(serve_doors([door], ready=lambda: None))


class _Client:
    """Calls without a signature: who answers is not at issue here."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE

    def download(
        self, method: str, path: str, *, headers: Mapping[str, str], bytes_max: int
    ) -> AbstractAsyncContextManager[LargeAnswer]:
        call = LargeCall(
            method=method,
            origin=self._origin,
            target=path,
            headers=headers,
            context=self._context,
            bytes_max=bytes_max,
        )
        return download(call, check=lambda _status, _headers: None)


def _pull(url: str, root: str, name: str) -> None:
    origin, _, path = url.rpartition("/")
    folder = Path(tempfile.mkdtemp(prefix="in-", dir=root))
    files = PayloadFiles.open(folder)
    wanted = Wanted(path=f"/{path}", token="t", size=GIB, sha256=name)

    async def accept(_answer: LargeAnswer) -> bool:
        return True

    async def main() -> None:
        began = time.perf_counter()
        writer = files.kept_writer("bench", bytes_max=GIB)
        with Accesses().open("bench") as access, writer:
            await pull(_Client(origin), wanted, writer=writer, access=access, look=accept)
            await asyncio.to_thread(writer.sync)
            writer.commit(name)
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(took, peak)

    run(main())
    shutil.rmtree(folder)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", port, root, *tls_files]:
            _serve(port, root, *tls_files)
        case ["pull", url, root, name]:
            _pull(url, root, name)
        case _:
            for line in measure():
                print(f"{line.what}: {line.figure}  {line.beside}  {line.ratio}".rstrip())
