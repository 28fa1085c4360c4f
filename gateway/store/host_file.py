"""The compiled lists as a file that several processes map, and the text files that it is made from."""

import contextlib
import mmap
import os
import secrets
import tempfile
from collections.abc import Buffer, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gateway.hosts.compilation import Compiler
from gateway.hosts.mapped import Damaged, Mapped, read_head, read_mapped, write_mapped
from gateway.hosts.run import RunHead, head_of
from gateway.store.private_files import FILE_MODE, settle

COMPILED: Final = "compiled"
_HEAD_BYTES: Final = 64 << 20  # no head is longer
_SCRATCH: Final = ".scratch-"


class CannotMap(Exception):  # noqa: N818 - reads as a sentence
    """A compiled file is missing or damaged; the text says which."""


def open_mapped(path: Path) -> Mapped:
    """The compiled lists at `path`. The file is mapped until the last of the value's users lets go of it, also when
    another takes its name meanwhile. Raises CannotMap when it is missing or damaged.
    """
    try:
        with path.open("rb") as file:
            return read_mapped(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
    except FileNotFoundError:
        raise CannotMap(f"{path} is missing") from None
    except Damaged as fault:
        raise CannotMap(f"{path} is damaged: {fault}") from fault
    except (OSError, ValueError) as fault:  # ValueError: an empty file cannot be mapped
        raise CannotMap(f"{path} cannot be used: {fault}") from fault


def compiled_head(path: Path) -> Mapping[str, Any] | None:
    """The head of the compiled lists at `path`, their body unread; None when there is none to rely on."""
    try:
        with path.open("rb") as file:
            return read_head(file.read(_HEAD_BYTES))
    except (OSError, Damaged):
        return None


def run_head(path: Path) -> RunHead | None:
    """The head of a run; None when there is none to rely on."""
    try:
        with path.open(encoding="utf-8") as file:
            return head_of(file.readline())
    except (OSError, ValueError):
        return None


def run_lines(path: Path) -> Iterator[str]:
    """The lines of a run. Raises OSError."""
    with path.open(encoding="ascii", newline="\n") as file:
        next(file, None)
        for line in file:
            yield line.rstrip("\n")


def write_run(path: Path, head: RunHead, lines: Iterable[str]) -> None:
    """Writes a run whole or not at all. Raises OSError."""

    def pieces() -> Iterator[bytes]:
        yield (head.to_line() + "\n").encode()
        for line in lines:
            yield (line + "\n").encode("ascii")

    write_whole(path, pieces())


def write_whole(path: Path, pieces: Iterable[Buffer]) -> None:
    """Puts a file at `path`: readers see the old or the whole new one, also after a power cut. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=_SCRATCH, dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
            os.fchmod(descriptor, FILE_MODE)
            file.writelines(pieces)
            file.flush()
            os.fsync(descriptor)
        fresh.rename(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    settle(path.parent)


def write_compiled(folder: Path, digest: str, lists: Sequence[tuple[str, RunHead, Path]]) -> None:
    """Compiles the runs of `lists` (name, head, file) into the compiled file of `folder`. Raises OSError."""
    compiler = Compiler()
    with scratch_files(folder) as scratch:
        hosts, paths = scratch(), scratch()
        with hosts.open("w", encoding="ascii") as of_hosts, paths.open("w", encoding="ascii") as of_paths:
            for key, number in compiler.compile([run_lines(file) for _name, _head, file in lists]):
                (of_paths if "/" in key else of_hosts).write(f"{key}\t{number}\n")
        heads = [{**head.to_plain(), "name": name} for name, head, _file in lists]
        seed = secrets.randbits(64)
        pieces = write_mapped(digest, heads, compiler.sets, _keys_in(hosts), _keys_in(paths), seed=seed)
        write_whole(folder / COMPILED, pieces)


@contextlib.contextmanager
def scratch_files(folder: Path) -> Iterator[Callable[[], Path]]:
    """Gives names for files that are gone afterwards, and takes away what a killed process left of such."""
    for left in folder.glob(f"{_SCRATCH}*"):
        left.unlink(missing_ok=True)
    made: list[Path] = []

    def make() -> Path:
        descriptor, name = tempfile.mkstemp(prefix=_SCRATCH, dir=folder)
        os.close(descriptor)
        made.append(Path(name))
        return made[-1]

    try:
        yield make
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def spilling(scratch: Callable[[], Path]) -> Callable[[list[str]], Callable[[], Iterator[str]]]:
    """The `spill` of hosts/run.py, into scratch files."""

    def spill(chunk: list[str]) -> Callable[[], Iterator[str]]:
        path = scratch()
        with path.open("w", encoding="ascii", newline="\n") as file:
            file.write("\n")  # where a run has its head
            file.writelines(line + "\n" for line in chunk)
        return lambda: run_lines(path)

    return spill


def _keys_in(path: Path) -> Callable[[], Iterator[tuple[str, int]]]:
    def keys() -> Iterator[tuple[str, int]]:
        with path.open(encoding="ascii", newline="\n") as file:
            for line in file:
                key, _, number = line.rpartition("\t")
                yield key, int(number)

    return keys
