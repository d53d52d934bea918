"""Tiles: the tree of a log cut into pieces of 256 hashes that never change once they are full.

A store keeps full tiles only; everything else (partial tiles, single hashes, old roots) is cut
from them and from the leaves by ``hash_reader``. ``full_tiles`` says what an append adds to it.
Paths and bundles are those of C2SP tlog-tiles, so that other people's tools can read a served log.
Source: C2SP tlog-tiles; spec 3.3.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation.errors import MisuseError, PeerError
from comity.record.ports import TileRow
from comity.record.proofs import ReadHash
from comity.record.tree import HASH_BYTES, SIZE_MAX, node_hash

TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES
LEVEL_MAX: Final = 63
ENTRY_BYTES_MAX: Final = (1 << 16) - 1

#: ``read_leaves(start, stop)`` returns the leaf hashes from ``start`` up to ``stop``.
ReadLeaves: TypeAlias = Callable[[int, int], Sequence[bytes]]
#: ``read_tile(level, index)`` returns the bytes of a full tile, or None if it is not stored.
ReadTile: TypeAlias = Callable[[int, int], bytes | None]

_PATH: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@attrs.frozen(kw_only=True)
class TileName:
    """Which tile: ``level`` (None for the bundle of entries themselves), index and width."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    def path(self) -> str:
        """Return the path under which tlog-tiles serves it. Source: spec 3.3.3."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{place}{partial}"


def parse_tile_path(path: str) -> TileName:
    """Return the tile that a path names.

    Raises:
        PeerError: ``record.tile_path``: no such path; every tile has exactly one.
    """
    found = _PATH.fullmatch(path[:200])
    if found is not None:
        level, place, width = found.groups()
        name = TileName(
            level=None if level == "entries" else int(level),
            index=int(place.replace("/", "").replace("x", "")),
            width=TILE_WIDTH if width is None else int(width),
        )
        # Rendering again refuses leading zeros and everything else with two spellings.
        if name.path() == path and (name.level or 0) <= LEVEL_MAX and name.index <= SIZE_MAX:
            return name
    raise PeerError("record.tile_path", f"{path[:60]!r} is not the path of a tile.")


def partial_width(level: int, size: int) -> int:
    """Return how many hashes the last, not yet full tile of a level has. Source: spec 3.3.2."""
    return (size >> (TILE_HEIGHT * level)) % TILE_WIDTH


def tiles_of(size: int) -> Iterator[TileName]:
    """Yield every tile of hashes that a log of ``size`` entries has, full and partial."""
    level = 0
    while (count := size >> (TILE_HEIGHT * level)) > 0:
        for index in range(count // TILE_WIDTH):
            yield TileName(level=level, index=index)
        if count % TILE_WIDTH:
            width = count % TILE_WIDTH
            yield TileName(level=level, index=count // TILE_WIDTH, width=width)
        level += 1


def became_full(before: int, after: int) -> Iterator[tuple[int, int]]:
    """Yield (level, index) of the tiles that are full at ``after`` but were not at ``before``.

    Lower levels come first: a tile is made of the roots of those below it.
    """
    level = 0
    while (full := after >> (TILE_HEIGHT * (level + 1))) > 0:
        for index in range(before >> (TILE_HEIGHT * (level + 1)), full):
            yield level, index
        level += 1


def full_tiles(
    before: int, after: int, *, leaf: Callable[[int], bytes], tile: ReadTile
) -> tuple[TileRow, ...]:
    """Return the tiles that become full when a log grows, the lower levels first.

    Args:
        before: Its size before.
        after: Its size after.
        leaf: The leaf hash at an index, stored or new.
        tile: Full tiles already stored.
    """
    made: dict[tuple[int, int], bytes] = {}

    def tile_now(level: int, index: int) -> bytes | None:
        found = made.get((level, index))
        return tile(level, index) if found is None else found

    rows = _Rows(leaves=lambda start, stop: [leaf(n) for n in range(start, stop)], tile=tile_now)
    for level, index in became_full(before, after):
        made[level, index] = b"".join(rows.make(level, index))
    return tuple(
        TileRow(level=level, index=index, data=data) for (level, index), data in made.items()
    )


def hash_reader(*, size: int, read_leaves: ReadLeaves, read_tile: ReadTile) -> ReadHash:
    """Return the ``read_hash`` that proofs ask, over a stored log of ``size`` entries.

    A full tile that the store lacks is computed from below: tiles are derived data. The reader
    remembers what it computed, so make one for one question and drop it.
    """
    rows = _Rows(leaves=read_leaves, tile=read_tile)

    def read_hash(level: int, index: int) -> bytes:
        if (index + 1) << level > size:
            raise MisuseError(
                "record.beyond_log", f"A hash beyond the {size} entries of the log was asked for."
            )
        tile_level, rest = divmod(level, TILE_HEIGHT)
        return _up(rows.slots(tile_level, index << rest, 1 << rest))

    return read_hash


def tile_bytes(name: TileName, read_hash: ReadHash) -> bytes:
    """Return the bytes of a tile of hashes, full or partial, as it is served."""
    level = TILE_HEIGHT * (name.level or 0)
    first = name.index * TILE_WIDTH
    return b"".join(read_hash(level, slot) for slot in range(first, first + name.width))


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as ``tile/entries/...`` serves them. Source: spec 3.3.4.

    Raises:
        MisuseError: ``record.entry_size``: an entry has more bytes than its prefix can say.
    """
    if any(len(entry) > ENTRY_BYTES_MAX for entry in entries):
        raise MisuseError(
            "record.entry_size", f"An entry of a log has at most {ENTRY_BYTES_MAX} bytes."
        )
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_entry_bundle(data: bytes) -> tuple[bytes, ...]:
    """Return the entries of a bundle.

    Raises:
        PeerError: ``record.bundle``: cut off, or more than 256 entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < TILE_WIDTH:
        stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or stop > len(data):
            break
        entries.append(data[at + 2 : stop])
        at = stop
    if at != len(data):
        raise PeerError(
            "record.bundle", f"The bundle of entries is cut off or too long after {at} bytes."
        )
    return tuple(entries)


class _Rows:
    """Rows of hashes at tile levels, from stored tiles where there are any."""

    def __init__(self, *, leaves: ReadLeaves, tile: ReadTile) -> None:
        self._leaves = leaves
        self._tile = tile
        self._roots: dict[tuple[int, int], bytes] = {}

    def slots(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return ``count`` hashes of a level, none of them across the border of a tile."""
        index, slot = divmod(first, TILE_WIDTH)
        data = None if level == 0 and count < TILE_WIDTH else self._tile(level, index)
        if data is None:
            return self._from_below(level, first, count)
        row = data[slot * HASH_BYTES : (slot + count) * HASH_BYTES]
        return [row[at : at + HASH_BYTES] for at in range(0, len(row), HASH_BYTES)]

    def make(self, level: int, index: int) -> Sequence[bytes]:
        """Return the 256 hashes of a tile that is not stored yet."""
        return self._from_below(level, index * TILE_WIDTH, TILE_WIDTH)

    def _from_below(self, level: int, first: int, count: int) -> Sequence[bytes]:
        if level == 0:
            return self._leaves(first, first + count)
        return [self._root(level - 1, below) for below in range(first, first + count)]

    def _root(self, level: int, index: int) -> bytes:
        """Return the root of a full tile."""
        found = self._roots.get((level, index))
        if found is None:
            found = _up(self.slots(level, index * TILE_WIDTH, TILE_WIDTH))
            self._roots[level, index] = found
        return found


def _up(row: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
