"""Every source of data keeps one contract: size and tag first, any part exact, changes noticed."""

import os
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from hashlib import sha256
from pathlib import Path

import attrs
import pytest

from comity.foundation.errors import ComityError, MisuseError, UnavailableError
from comity.node.dataplane.sources import (
    FileSource,
    FolderListing,
    PayloadSource,
    Source,
    Upstream,
)
from comity.sharing.ranges import Span
from comity.storage.files import PayloadFiles
from comity.transport.gate import Receive, Scope, Send, answer
from comity.transport.serving import Door, bind
from support.wire import run, served

CONTENT = random.Random(7).randbytes(300_000)
SECRET = "upstream-credential"


@attrs.define
class Origin:
    """An HTTP server behind a source, and everything it was asked."""

    status: int = 200
    etag: str = '"one"'
    more: Mapping[str, str] = attrs.field(factory=dict)
    ranges: bool = True
    content: bytes = CONTENT
    asked: list[dict[str, str]] = attrs.field(factory=list)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        lines = scope["headers"]
        assert isinstance(lines, list)
        told = {name.decode(): value.decode() for name, value in lines}
        self.asked.append({**told, ":path": str(scope["path"])})
        body, status = self.content, self.status
        headers = [(b"etag", self.etag.encode()), (b"set-cookie", b"a=b")]
        headers += [(name.encode(), value.encode()) for name, value in self.more.items()]
        if status == 200 and self.ranges and "range" in told:
            first, last = map(int, told["range"].removeprefix("bytes=").split("-"))
            headers.append((b"content-range", f"bytes {first}-{last}/{len(body)}".encode()))
            body, status = body[first : last + 1], 206
        await answer(send, status=status, body=body, content_type="text/x", headers=headers)


@asynccontextmanager
async def upstream(origin: Origin, *, bytes_max: int = 1 << 20) -> AsyncIterator[Upstream]:
    sock = bind("127.0.0.1", 0, what="a source", option="none")
    url = f"http://127.0.0.1:{sock.getsockname()[1]}/data?v=1"
    async with served(Door(name="source", app=origin.app, sock=sock, tls=None)):
        yield Upstream.of(url, headers={"authorization": SECRET}, bytes_max=bytes_max)


async def read(source: Source, span: Span) -> bytes:
    made = bytearray()
    async with aclosing(source.pieces(span, piece_bytes=65_536)) as pieces:
        async for piece in pieces:
            assert 0 < len(piece) <= 65_536
            made += piece
    return bytes(made)


Maker = Callable[[Path], Source]


def payload(folder: Path) -> Source:
    files = PayloadFiles.open(folder / "payloads")
    return PayloadSource.of(files, files.write(CONTENT))


def file(folder: Path) -> Source:
    (folder / "survey.bin").write_bytes(CONTENT)
    return FileSource.of(folder / "survey.bin")


def listed(folder: Path) -> Source:
    (folder / "survey.bin").write_bytes(CONTENT)
    (version,) = FolderListing(folder).look()
    assert version.digest == version.source.sha256
    return version.source


SPANS = [
    Span(0, len(CONTENT)),
    Span(0, 1),
    Span(65_535, 65_537),
    Span(123_456, len(CONTENT)),
    Span(len(CONTENT) - 1, len(CONTENT)),
    Span(5, 5),
]


async def keeps_the_contract(source: Source) -> None:
    assert source.size == len(CONTENT)
    assert source.etag.endswith('"')
    assert source.sha256 in {None, sha256(CONTENT).hexdigest()}
    for span in SPANS:
        assert await read(source, span) == CONTENT[span.start : span.stop], span
    async with aclosing(source.pieces(Span(0, source.size), piece_bytes=1000)) as pieces:
        assert await anext(pieces) == CONTENT[:1000], "whoever leaves early leaves nothing open"


@pytest.mark.parametrize("make", [payload, file, listed], ids=["payload", "file", "folder"])
def test_any_part_of_a_source_is_exact(tmp_path: Path, make: Maker) -> None:
    async def main() -> None:
        await keeps_the_contract(make(tmp_path))

    run(main)


@pytest.mark.parametrize("ranges", [True, False], ids=["parts", "wholes only"])
def test_any_part_of_an_upstream_is_exact(*, ranges: bool) -> None:
    async def main() -> None:
        async with upstream(Origin(ranges=ranges)) as source:
            await keeps_the_contract(await source.source())

    run(main)


@pytest.mark.parametrize("make", [file, listed], ids=["file", "folder"])
def test_nobody_gets_half_of_one_version_and_half_of_another(tmp_path: Path, make: Maker) -> None:
    async def main() -> None:
        source = make(tmp_path)
        (tmp_path / "survey.bin").write_bytes(CONTENT[:-1])
        with pytest.raises(UnavailableError) as caught:
            await read(source, Span(0, source.size))
        assert caught.value.code == "sources.changed"
        (tmp_path / "survey.bin").unlink()
        with pytest.raises(UnavailableError) as caught:
            await read(source, Span(0, source.size))
        assert caught.value.code == "sources.missing"
        with pytest.raises(UnavailableError):
            FileSource.of(tmp_path / "survey.bin")

    run(main)


def test_new_versions_of_a_folder_appear_by_themselves_and_cost_one_reading(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shared"
    listing = FolderListing(folder)
    with pytest.raises(UnavailableError):
        listing.look()
    folder.mkdir()
    assert listing.look() == ()
    (folder / "a").write_bytes(b"one")
    (folder / "b").write_bytes(b"two")
    (folder / ".hidden").write_bytes(b"no")
    (folder / "sub").mkdir()
    (folder / "link").symlink_to(tmp_path)
    (folder / "way out").symlink_to(folder / "a")
    first = listing.look()
    assert [(one.name, one.digest) for one in first] == [
        ("a", sha256(b"one").hexdigest()),
        ("b", sha256(b"two").hexdigest()),
    ]
    assert listing.look() == first
    assert listing.read == 2, "what did not change is not read again"
    (folder / "a").write_bytes(b"changed")
    second = listing.look()
    assert (second[0].digest, second[1]) == (sha256(b"changed").hexdigest(), first[1])
    assert listing.read == 3
    os.utime(folder / "b", ns=(1, 1))
    assert listing.look()[1].digest == first[1].digest
    assert listing.read == 4
    (folder / "a").unlink()
    assert [one.name for one in listing.look()] == ["b"]


def test_an_upstreams_credentials_and_words_stay_on_our_side() -> None:
    origin = Origin(more={"x-internal": "host-7"})

    async def main() -> None:
        async with upstream(origin) as source:
            made = await source.source()
            await read(made, Span(10, 20))
            assert SECRET not in repr(source) + repr(made)
            assert "one" not in made.etag

    run(main)
    assert [one["authorization"] for one in origin.asked] == [SECRET, SECRET]
    assert origin.asked[1]["if-range"] == '"one"'
    assert {one[":path"] for one in origin.asked} == {"/data"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": 302, "more": {"location": "http://127.0.0.1:1/"}}, "sources.upstream"),
        ({"status": 401}, "sources.upstream"),
        ({"status": 404}, "sources.upstream"),
        ({"status": 500}, "sources.upstream"),
        ({"more": {"content-encoding": "gzip"}}, "sources.upstream"),
        ({"content": bytes(2 << 20)}, "sources.too_large"),
    ],
)
def test_what_an_upstream_does_wrong_is_said_in_our_words(
    change: Mapping[str, object], code: str
) -> None:
    async def main() -> None:
        async with upstream(attrs.evolve(Origin(), **change)) as source:  # type: ignore[arg-type]  # the line names them
            with pytest.raises(ComityError) as caught:
                await source.source()
            assert (caught.value.code, caught.value.family) == (code, "unavailable")
            assert SECRET not in caught.value.message

    run(main)


@pytest.mark.parametrize(
    "change", [{"etag": '"two"'}, {"content": CONTENT[:-5]}, {"content": CONTENT + b"more"}]
)
def test_an_upstream_that_changed_since_is_noticed(change: Mapping[str, object]) -> None:
    origin = Origin()

    async def main() -> None:
        async with upstream(origin) as source:
            made = await source.source()
            for name, value in change.items():
                setattr(origin, name, value)
            with pytest.raises(UnavailableError) as caught:
                await read(made, Span(0, made.size))
            assert caught.value.code == "sources.changed"

    run(main)


def test_bytes_of_an_upstream_without_a_tag_are_never_joined() -> None:
    async def main() -> None:
        for tag in ("", 'W/"weak"'):
            origin = Origin(etag=tag)
            async with upstream(origin) as source:
                made = await source.source()
                assert made.etag.startswith('W/"')
                assert await read(made, Span(1, 9)) == CONTENT[1:9]
            assert "if-range" not in origin.asked[1]

    run(main)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a/", "file:///etc/passwd", "http://", "//a/b", "http://u:p@a/", "http://a/#x",
        "http://a/ b", "http://ä/", "http://a/\n",
    ],
)  # fmt: skip  # a list of words
def test_only_a_plain_address_is_called(url: str) -> None:
    with pytest.raises(MisuseError) as caught:
        Upstream.of(url, headers={}, bytes_max=1)
    assert caught.value.code == "sources.url"
