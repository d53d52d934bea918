"""A pull that is called off while its file is being opened leaves no file open."""

import asyncio
from pathlib import Path

import pytest

from comity.node.dataplane.keeping import kept
from comity.storage.files import KeptWriter, PayloadFiles
from support.loops import on_a_loop


@on_a_loop
async def test_a_node_that_stops_while_a_file_is_opened_closes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = PayloadFiles.open(tmp_path)
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop, made = asyncio.get_running_loop(), list[KeptWriter]()
    real = files.kept_writer

    def slowly(key: str, *, bytes_max: int) -> KeptWriter:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        made.append(real(key, bytes_max=bytes_max))
        return made[0]

    monkeypatch.setattr(files, "kept_writer", slowly)
    task = asyncio.ensure_future(kept(files, "a pull", bytes_max=10))
    await begun.wait()
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ValueError, match="closed file"):
        made[0]._file.tell()
