"""Opening what came so far of a file, so that nobody who is called off leaves it open."""

import asyncio

from comity.storage.files import ContentFiles, KeptWriter


async def kept(files: ContentFiles, key: str, *, bytes_max: int) -> KeptWriter:
    """Return the file under a key, to go on with; whoever is cancelled meanwhile has it closed.

    The file is opened, and its digest computed anew, on another thread, which a cancellation does
    not stop.

    Raises: as ``ContentFiles.kept_writer``.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(files.kept_writer, key, bytes_max=bytes_max))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        writer = await opening
        writer.keep()
        raise
