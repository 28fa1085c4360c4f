"""The files that a person edits: reading them with every fault at its place, and noticing when they change."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from pathlib import Path

from watchfiles import awatch

from gateway.policy.parse import MAX_BYTES
from gateway.problems import Problem, ProblemsFound

ENDINGS = (".yaml", ".yml")
CASE_ENDINGS = (".cases.yaml", ".cases.yml")  # a household's cases lie beside its policy and are no part of it
MOST_FILES = 10_000  # of one folder
QUIET_MS = 100  # changes closer together than this are one change
LONGEST_WAIT_MS = 1_000  # a file that never rests is read after this time all the same
LOOK_MS = 2_000  # how often to look without being told: not every file system tells

type Snapshot = dict[Path, tuple[int, ...]]


def read_policy_files(paths: Sequence[Path]) -> dict[str, str]:
    """The text of every file named, and of every `*.yaml` and `*.yml` in a folder named: name → text.

    A name is the path as it was given, so that problems show what the person wrote; files of a folder come in the order
    of their names, hidden ones are left out. Raises ProblemsFound with every file that is missing, is not a plain file,
    is longer than the policy parser takes, or is not UTF-8. Blocks.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    for path in paths:
        if not path.exists():
            problems.append(Problem(str(path), 1, 1, "the file or folder is missing", "name one that exists"))
        found = list(_files_of(path))
        if path.is_dir() and not found:
            problems.append(Problem(str(path), 1, 1, "the folder has no file that ends in .yaml or .yml"))
        if len(found) > MOST_FILES:
            problems.append(Problem(str(path), 1, 1, f"the folder has more than {MOST_FILES} policy files"))
            continue
        for file in found:
            place = os.path.realpath(file)
            if place in seen:  # named itself and by its folder
                continue
            seen.add(place)
            try:
                texts[str(file)] = _text_of(file)
            except ProblemsFound as unreadable:
                problems.extend(unreadable.problems)
    if problems:
        raise ProblemsFound(problems)
    return texts


def case_files(path: Path) -> list[Path]:
    """The files of cases that `path` stands for: itself, or every `*.cases.yaml` in the folder and below. Blocks."""
    if not path.is_dir():
        return [path]
    found = (folder / name for folder, names in _walk(path) for name in names if name.endswith(CASE_ENDINGS))
    return [file for file in found if not file.name.startswith(".")]


def source_line(problem: Problem) -> str | None:
    """The line that `problem` points to, to be shown above the caret; None when it cannot be read any more. Blocks."""
    try:
        lines = _text_of(Path(problem.file)).split("\n")
    except (ProblemsFound, ValueError):
        return None
    return lines[problem.line - 1].rstrip("\r") if 0 < problem.line <= len(lines) else None


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


def _files_of(path: Path) -> Iterator[Path]:
    """The policy files that `path` stands for: itself, or what lies in it."""
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for folder, names in _walk(path):
        yield from (
            folder / name
            for name in names
            if name.endswith(ENDINGS) and not name.endswith(CASE_ENDINGS) and not name.startswith(".")
        )


def _walk(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """`path` and every folder below it that is not hidden, with the names of its files, in the order of names."""
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(folder), sorted(names)


def _text_of(path: Path) -> str:
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ProblemsFound([Problem(str(path), 1, 1, "this is not a plain file")])
            content = file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise ProblemsFound([Problem(str(path), 1, 1, f"the file cannot be read: {fault.strerror}")]) from fault
    if len(content) > MAX_BYTES:
        hint = "split it: a folder may hold many files"
        raise ProblemsFound([Problem(str(path), 1, 1, f"the file is longer than {MAX_BYTES} bytes", hint)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = content[: fault.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"the byte 0x{content[fault.start]:02x} here is not UTF-8"
        raise ProblemsFound([Problem(str(path), line, column, message, "save the file as UTF-8")]) from fault


def _stamps(paths: Iterable[Path]) -> Snapshot:
    """What tells one state of the files from another."""
    stamps: Snapshot = {}
    for path in paths:
        for file in _files_of(path):
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
            folders.update(folder for folder, _names in _walk(path.absolute()))
    return frozenset(folders)
