"""The folder of a party's node: what stands where, and who may use it.

Layout, permissions and what to back up: ``docs/reference/folder.md``. Everything that can be wrong
with a folder is said before anything is written. Source: issue 3, bad input; design 13.3.
"""

import fcntl
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse
from comity.foundation.errors import ComityError, MisuseError, UnavailableError
from comity.foundation.instants import Instant
from comity.storage.files import sync_folder, write_durably

PURPOSES: Final = ("operational", "demonstration", "conformance")
CONFIG_BYTES_MAX: Final = 64 << 10
#: No pace is slower: whoever pulls would take the node for a dead one.
BYTES_PER_S_MIN: Final = 64 << 10

_SUBFOLDERS: Final = ("keys", "bodies", "payloads", "inbox", "letters")
_WORDS: Final = ("party", "name", "form", "purpose", "host")
_PORTS: Final = ("port", "local_port")
_LISTEN: Final = ("listen_host", "listen_port")
_SITE: Final = {"host", "port", "certificate", "key"}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)


@attrs.frozen(kw_only=True)
class SiteConfig:
    """Where officials reach the site from other machines: always https.

    Attributes:
        host: The name in the certificate, which browsers call.
        port: The port.
        certificate: File with the certificate and its chain (PEM), one that browsers trust.
        key: File with its private key (PEM, not encrypted, readable by the owner alone).
    """

    host: str
    port: int
    certificate: Path
    key: Path

    def to_json(self) -> JsonObject:
        """Return the member ``site`` of ``comity.json``."""
        return {
            "host": self.host,
            "port": self.port,
            "certificate": str(self.certificate),
            "key": str(self.key),
        }

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """Return what the member says, or None where it is wrong."""
        if not isinstance(value, Mapping) or set(value) != _SITE:
            return None
        host, port = value["host"], value["port"]
        files = [value["certificate"], value["key"]]
        if not (isinstance(host, str) and _HOST.fullmatch(host) and _is_port(port)):
            return None
        if not all(isinstance(file, str) and file for file in files):
            return None
        return cls(
            host=host, port=_port(port), certificate=Path(str(files[0])), key=Path(str(files[1]))
        )


@attrs.frozen(kw_only=True)
class PaceConfig:
    """How fast data may leave, in bytes a second; None is no bound.

    Attributes:
        transfer: One transfer.
        node: All of them together.
    """

    transfer: int | None
    node: int | None

    def to_json(self) -> JsonObject:
        """Return the member ``bytes_per_s`` of ``comity.json``."""
        return {
            name: value
            for name, value in (("transfer", self.transfer), ("node", self.node))
            if value is not None
        }

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """Return what the member says, or None where it is wrong."""
        if not isinstance(value, Mapping) or not set(value) <= {"transfer", "node"}:
            return None
        numbers = [value.get(name, BYTES_PER_S_MIN) for name in ("transfer", "node")]
        if not all(type(one) is int and one >= BYTES_PER_S_MIN for one in numbers):
            return None
        return cls(transfer=value.get("transfer"), node=value.get("node"))


@attrs.frozen(kw_only=True)
class PartyConfig:
    """What ``comity.json`` says.

    Attributes:
        party: The party id (did).
        name: The party's name, as in its letter.
        form: What sort of organisation it is, as in its letter.
        purpose: operational, demonstration or conformance.
        host: The address counterparts call, as in the party's letter.
        port: The port counterparts call.
        local_port: The officials' port, on loopback.
        created: When the folder was made.
        listen_host: Where the counterparts' port listens, if not at ``host``.
        listen_port: The port it listens on, if not ``port``: behind a forwarding machine the two
            differ. TLS ends in the node either way, for its key is the pinned one.
        site: Where officials reach the site from other machines; None: from this one alone.
        pace: How fast data may leave; None: as fast as it can.
    """

    party: str
    name: str
    form: str
    purpose: str
    host: str
    port: int
    local_port: int
    created: Instant
    listen_host: str | None = None
    listen_port: int | None = None
    site: SiteConfig | None = None
    pace: PaceConfig | None = None

    @property
    def origin(self) -> str:
        """The one spelling of the address that counterparts call."""
        return f"https://{self.host}" if self.port == 443 else f"https://{self.host}:{self.port}"

    @property
    def site_origin(self) -> str:
        """Where officials come in: the site for other machines, if there is one."""
        if self.site is None:
            return f"http://localhost:{self.local_port}"
        port = "" if self.site.port == 443 else f":{self.site.port}"
        return f"https://{self.site.host}{port}"

    @property
    def listen(self) -> tuple[str, int]:
        """Where the counterparts' port listens."""
        return self.listen_host or self.host, self.listen_port or self.port

    def to_json(self) -> JsonObject:
        """Return the members of ``comity.json``."""
        listen: dict[str, Json] = {
            name: value
            for name, value in (
                ("listen_host", self.listen_host),
                ("listen_port", self.listen_port),
            )
            if value is not None
        }
        if self.site is not None:
            listen["site"] = self.site.to_json()
        if self.pace is not None:
            listen["bytes_per_s"] = self.pace.to_json()
        return {
            **listen,
            "v": 1,
            "party": self.party,
            "name": self.name,
            "form": self.form,
            "purpose": self.purpose,
            "host": self.host,
            "port": self.port,
            "local_port": self.local_port,
            "created": str(self.created),
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Return the configuration in the members of ``comity.json``.

        Raises:
            MisuseError: ``folder.config``: a member is missing, unknown, or of another form.
        """
        text = {name: value.get(name) for name in (*_WORDS, "created")}
        numbers = {name: value.get(name) for name in _PORTS}
        known = {"v", *text, *numbers, *_LISTEN, "site", "bytes_per_s"}
        wrong = sorted(
            [name for name, member in text.items() if not isinstance(member, str)]
            + [name for name, member in numbers.items() if not _is_port(member)]
            + [name for name in value if name not in known]
            + ([] if _is_text(value.get("listen_host", "-")) else ["listen_host"])
            + ([] if _is_port(value.get("listen_port", 1)) else ["listen_port"])
            + ([] if "site" not in value or SiteConfig.from_json(value["site"]) else ["site"])
            + (
                []
                if "bytes_per_s" not in value or PaceConfig.from_json(value["bytes_per_s"])
                else ["bytes_per_s"]
            )
            + ([] if value.get("v") == 1 else ["v"])
            + ([] if value.get("purpose") in PURPOSES else ["purpose"])
        )
        if wrong:
            raise _config(f"look at: {', '.join(wrong)[:200]}")
        try:
            created = Instant.parse(str(text["created"]))
        except ComityError as error:
            raise _config(f"created: {error}") from error
        return cls(
            **{name: str(value[name]) for name in _WORDS},
            port=_port(value["port"]),
            local_port=_port(value["local_port"]),
            created=created,
            listen_host=str(value["listen_host"]) if "listen_host" in value else None,
            listen_port=_port(value["listen_port"]) if "listen_port" in value else None,
            site=SiteConfig.from_json(value.get("site")),
            pace=PaceConfig.from_json(value.get("bytes_per_s")),
        )


@attrs.frozen
class PartyFolder:
    """A party's folder. Make it with ``create``, later ``open`` it."""

    path: Path
    config: PartyConfig

    @classmethod
    def create(cls, path: Path, *, config: PartyConfig) -> Self:
        """Return a new folder with its configuration and its empty subfolders.

        Call ``check_free`` first where keys are made in between. ``comity.json`` is written last
        by whoever calls ``seal``; until then the folder counts as unfinished.

        Raises:
            MisuseError: ``folder.exists``, ``folder.not_writable``.
            UnavailableError: ``files.full``, ``files.failed``.
        """
        check_free(path)
        PartyConfig.from_json(config.to_json())
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
            for name in _SUBFOLDERS:
                (path / name).mkdir(mode=0o700, exist_ok=True)
            sync_folder(path)
        except OSError as error:
            raise _not_writable(path, error) from error
        return cls(path, config)

    def seal(self) -> None:
        """Write ``comity.json``: from now on the folder is a party's.

        Raises:
            UnavailableError: ``files.full``, ``files.failed``.
        """
        write_durably(self.config_file, canonical(self.config.to_json()) + b"\n")

    @classmethod
    def open(cls, path: Path, *, party: str | None = None) -> Self:
        """Return the folder of a party; writes nothing.

        Args:
            path: The folder.
            party: The party it must belong to, if the caller knows.

        Raises:
            MisuseError: ``folder.none``, ``folder.config``, ``folder.other_party``,
                ``folder.not_writable``, ``folder.open_to_others``.
        """
        file = path / "comity.json"
        try:
            data = file.read_bytes()
        except FileNotFoundError as error:
            raise MisuseError(
                "folder.none",
                f"{path} is not the folder of a party (there is no comity.json in it). Give the"
                " right folder with --folder, or make one with comity init.",
            ) from error
        except OSError as error:
            raise _not_writable(path, error) from error
        try:
            value = parse(data, bytes_max=CONFIG_BYTES_MAX, what="comity.json")
        except ComityError as error:
            raise _config(str(error)) from error
        if not isinstance(value, Mapping):
            raise _config("it is no JSON object")
        config = PartyConfig.from_json(value)
        if party is not None and config.party != party:
            raise MisuseError(
                "folder.other_party",
                f"{path} is the folder of {config.party} ({config.name}), not of {party}.",
            )
        _check_usable(path)
        return cls(path, config)

    @property
    def config_file(self) -> Path:
        """Who the party is, and its ports."""
        return self.path / "comity.json"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "comity.db"

    @property
    def keys(self) -> Path:
        """The node's private keys and its TLS certificate."""
        return self.path / "keys"

    @property
    def high_water(self) -> Path:
        """What was signed; outside the database on purpose."""
        return self.path / "high-water.json"

    @property
    def bodies(self) -> Path:
        """Large body containers."""
        return self.path / "bodies"

    @property
    def payloads(self) -> Path:
        """Files offered and received, named by their content."""
        return self.path / "payloads"

    @property
    def inbox(self) -> Path:
        """Received files under the names people know."""
        return self.path / "inbox"

    @property
    def letters(self) -> Path:
        """The own letter of introduction and those of counterparts."""
        return self.path / "letters"

    @property
    def api_token(self) -> Path:
        """What the commands show to the node; written anew by ``comity serve``."""
        return self.path / "api-token"

    @property
    def lock_file(self) -> Path:
        """Held while a process uses the folder."""
        return self.path / "lock"

    def write_api_token(self, token: str) -> None:
        """Write the token, readable by the owner alone. Errors as ``write_durably``."""
        write_durably(self.api_token, token.encode() + b"\n")

    def read_api_token(self) -> str:
        """Return the token of the running node.

        Raises:
            UnavailableError: ``folder.no_token``: no node has served from here.
        """
        try:
            return self.api_token.read_text().strip()
        except OSError as error:
            raise UnavailableError(
                "folder.no_token",
                "The node of this folder is not running, or belongs to another user. Start it with"
                " comity serve.",
            ) from error

    def lock(self) -> "FolderLock":
        """Return the lock, held until it is released or the process ends, however it ends.

        Raises:
            MisuseError: ``folder.in_use``: another process uses the folder.
            UnavailableError: ``folder.not_lockable``.
        """
        return FolderLock(self.lock_file)


class FolderLock:
    """The exclusive use of a folder."""

    def __init__(self, path: Path) -> None:
        try:
            self._number = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _not_lockable(error) from error
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._number, 20, 0).decode("ascii", "replace").strip()
            self.release()
            raise MisuseError(
                "folder.in_use",
                f"Another process{f' ({holder})' if holder else ''} uses {path.parent}: a node is"
                " running there. Use its commands, or stop it first.",
            ) from error
        except OSError as error:
            self.release()
            raise _not_lockable(error) from error
        os.ftruncate(self._number, 0)
        os.pwrite(self._number, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let others use the folder; again: no effect."""
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def check_free(path: Path) -> None:
    """See that a new party's folder can be made there; writes nothing.

    Raises:
        MisuseError: ``folder.exists``: something is there; ``folder.not_writable``.
    """
    parent = path
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    try:
        there = path.exists() and (not path.is_dir() or any(path.iterdir()))
    except OSError as error:
        raise _not_writable(path, error) from error
    if there:
        raise MisuseError(
            "folder.exists",
            f"{path} exists and is not empty: a party's folder is never written over. Choose"
            " another place, or remove it yourself.",
        )
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise _not_writable(parent, PermissionError(13, "no permission to write"))


def _check_usable(path: Path) -> None:
    if not os.access(path, os.W_OK | os.X_OK):
        raise _not_writable(path, PermissionError(13, "no permission to write"))
    if path.stat().st_mode & 0o022:
        raise MisuseError(
            "folder.open_to_others",
            f"Others than its owner can write into {path}: whoever does can act as this party."
            f" Close it: chmod 700 {path}",
        )


def _not_writable(path: Path, error: OSError) -> MisuseError:
    return MisuseError(
        "folder.not_writable",
        f"{path} cannot be used ({error.strerror}). Nothing was written. Choose a folder that you"
        " own, or have its permissions set.",
    )


def _not_lockable(error: OSError) -> UnavailableError:
    return UnavailableError(
        "folder.not_lockable",
        f"The folder cannot be locked ({error.strerror}): two nodes on one folder would destroy"
        " its record, so none is started. Use a local disk.",
    )


def _config(why: str) -> MisuseError:
    return MisuseError(
        "folder.config", f"The file comity.json does not say what it must ({why}). Correct it."
    )


def _is_port(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _port(value: Json) -> int:
    return value if isinstance(value, int) else 0
