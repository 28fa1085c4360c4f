"""Noticing when the files that a person edits change."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from watchfiles import awatch

from gateway.store.files import calendars_beside, files_of, walk

QUIET_MS = 100  # changes closer together than this are one change
LONGEST_WAIT_MS = 1_000  # a file that never rests is read after this time all the same
LOOK_MS = 2_000  # how often to look without being told: not every file system tells

type Snapshot = dict[Path, tuple[int, ...]]


async def watch(
    paths: Sequence[Path], on_change: Callable[[frozenset[Path]], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Calls `on_change` with the files that came, went or changed, until `stop` is set.

    Folders are watched rather than files, because most editors put a new file in the place of the old one; what counts
    is whether a file's stamp differs, so it also sees a file come back and a symbolic link point elsewhere.
    """
    seen = await asyncio.to_thread(_stamps, paths)

    async def look() -> None:
        nonlocal seen
        before, seen = seen, await asyncio.to_thread(_stamps, paths)
        if changed := frozenset(path for path, _stamp in before.items() ^ seen.items()):
            await on_change(changed)

    while not stop.is_set():
        folders = await asyncio.to_thread(_folders_of, paths)
        try:
            async for _ in _stirrings(folders, stop):
                await look()
                if await asyncio.to_thread(_folders_of, paths) != folders:
                    break  # a folder came or went: watch what is there now
        except OSError:  # a folder went that very moment, or the system has no watches left: look by the clock
            await asyncio.sleep(LOOK_MS / 1000)
            await look()


def _stirrings(folders: Iterable[Path], stop: asyncio.Event) -> AsyncIterator[object]:
    """Something whenever something may have changed in `folders`, and every LOOK_MS."""
    return awatch(
        *folders,
        watch_filter=None,
        recursive=False,
        debounce=LONGEST_WAIT_MS,
        step=QUIET_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    )


def _stamps(paths: Iterable[Path]) -> Snapshot:
    """What tells one state of the files from another."""
    stamps: Snapshot = {}
    for path in paths:
        for file in (*files_of(path), *calendars_beside(path)):
            try:
                found = file.stat()
            except OSError:  # gone since it was listed
                continue
            stamps[file] = (found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return stamps


def _folders_of(paths: Iterable[Path]) -> frozenset[Path]:
    """The folders in which a change of `paths` shows: those given, all below them, the nearest above that exists."""
    folders: set[Path] = set()
    for path in paths:
        above = path.absolute().parent
        while not above.is_dir():
            above = above.parent
        folders.add(above)
        if path.is_dir():
            folders.update(folder for folder, _names in walk(path.absolute()))
    return frozenset(folders)
