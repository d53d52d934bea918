"""What tests of the wire have: a clock that is set, countable chance, certificates, a real port."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.node.peer_site import by_key, by_token, open_to_all, refusal
from comity.transport.client import PeerClient
from comity.transport.gate import (
    PEER,
    PROOF,
    App,
    Caller,
    Gate,
    GateLimits,
    GatePorts,
    Receive,
    RefusedCall,
    Scope,
    Send,
    TokenRoutes,
    answer,
    read_body,
    repeated,
)
from comity.transport.id_tokens import IdToken
from comity.transport.serving import Door, bind, serve
from comity.transport.tls import server_context
from support.parties import NOW, ed25519, p256

A, B = "did:web:a.example", "did:web:b.example"


class SetClock:
    """Says what it was set to."""

    def __init__(self, at: Instant = NOW) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at


class CountedChance:
    """Gives other bytes each time, the same in each run."""

    def __init__(self, name: str = "chance") -> None:
        self._name, self._count = name, 0

    def token(self, n: int) -> bytes:
        self._count += 1
        return sha256(f"{self._name} {self._count}".encode()).digest()[:n]


@attrs.frozen
class Certificate:
    """A self-made certificate in two files, and its pin."""

    certificate: Path
    key: Path
    pin: str


def make_certificate(folder: Path, name: str) -> Certificate:
    number = int.from_bytes(sha256(name.encode()).digest()) >> 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    certificate, key_file = folder / f"{name}.crt", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificate(certificate, key_file, sha256(spki).hexdigest())


@attrs.define
class Watched:
    """A gate of A that knows B, and everything that came through it or was refused."""

    origin: str = "https://a.example"
    clock: SetClock = attrs.field(factory=SetClock)
    limits: GateLimits = attrs.field(factory=GateLimits)
    streams: dict[str, int] = attrs.field(factory=dict)
    app: App | None = None
    came: list[tuple[str, str, bytes]] = attrs.field(factory=list)
    notes: list[RefusedCall] = attrs.field(factory=list)
    nonces: set[tuple[str, str]] = attrs.field(factory=set)
    made: Gate | None = None

    def caller(self, keyid: str) -> Caller | None:
        key = ed25519("network b").public
        known = keyid == key.thumbprint()
        return Caller(party=B, key=key, pinned_by="letter") if known else None

    def by_issuer(self, issuer: str) -> Caller | None:
        key = p256("dsp b").public
        return Caller(party=B, key=key, pinned_by="letter") if issuer == B else None

    async def first_use(self, keyid: str, nonce: str, expires: Instant) -> bool:
        assert expires > self.clock.now()
        new = (keyid, nonce) not in self.nonces
        self.nonces.add((keyid, nonce))
        return new

    async def keep(self, scope: Scope, receive: Receive, send: Send) -> None:
        if PEER not in scope:  # a key of its own, which opens nothing here
            raise RefusedError("sharing.token", "This token opens nothing here, or no longer.")
        proof = scope[PROOF]
        if isinstance(proof, IdToken) and not await self.first_use(
            proof.issuer, proof.jti, proof.forgotten
        ):
            raise repeated()
        body = await read_body(receive, bytes_max=64 << 20)
        self.came.append((str(scope["comity.peer"]), str(scope["path"]), body))
        await answer(send, status=200, body=b'{"ok":true}', content_type="application/json")

    def gate(self) -> Gate:
        """Return the one gate; it remembers its callers."""
        self.made = self.made or self._make()
        return self.made

    def _make(self) -> Gate:
        ports = GatePorts(
            now=self.clock.now,
            caller=self.caller,
            first_use=self.first_use,
            tokens=TokenRoutes(audience=A, has=by_token, by_issuer=self.by_issuer, refusal=refusal),
            open=open_to_all,
            by_key=by_key,
            note=self.notes.append,
            streams=lambda _method, path: self.streams.get(path),
        )
        return Gate(self.app or self.keep, origin=self.origin, ports=ports, limits=self.limits)


@attrs.define
class Peer:
    """A real port with a gate behind it, and a client of the counterpart's for it."""

    port: int
    watched: Watched
    client: PeerClient
    clock: SetClock
    pin: str
    keep_connected: bool = False


@asynccontextmanager
async def real_peer(folder: Path, watched: Watched) -> AsyncIterator[Peer]:
    """Serve the gate on a free loopback port under TLS until the block ends."""
    made = make_certificate(folder, "a")
    sock = bind("localhost", 0, what="the counterparts' site", option="--peer-port")
    port = sock.getsockname()[1]
    watched.origin = f"https://localhost:{port}"
    tls = server_context(certificate=made.certificate, key=made.key)
    door = Door(name="peers", app=watched.gate(), sock=sock, tls=tls)
    clock = SetClock(watched.clock.at)
    client = make_client(watched.origin, made.pin, clock=clock)
    async with served(door):
        peer = Peer(port, watched, client, clock, made.pin)
        yield peer
        if not peer.keep_connected:
            await client.aclose()


def make_client(
    origin: str, pin: str, *, clock: SetClock | None = None, name: str = "network b"
) -> PeerClient:
    return PeerClient(
        origin=origin,
        base="/comity",
        pin=pin,
        signer=ed25519(name),
        clock=clock or SetClock(),
        chance=CountedChance(name),
    )


@asynccontextmanager
async def served(*doors: Door) -> AsyncIterator[None]:
    ready, stop = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(serve(doors, ready=ready.set, stop=stop))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        stop.set()
        waiting.cancel()
        await task


def run(main: Callable[[], Awaitable[None]], *, wait_s: float = 20) -> None:
    """Run one asynchronous test."""

    async def bounded() -> None:
        async with asyncio.timeout(wait_s):
            await main()

    asyncio.run(bounded())
