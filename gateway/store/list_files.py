"""The files that a list is made of, read as lines: plain, packed with gzip, a folder, or an archive of one folder.

Sizes are bounded as they are unpacked. Nothing of an archive is written to the disk.
"""

import gzip
import hashlib
import io
import os
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from gateway.hosts.formats.reading import LONGEST_LINE

SQUIDGUARD: Final = ("domains", "urls", "expressions")
_MOST_FILES: Final = 1_000  # of a folder
_GZIP: Final = b"\x1f\x8b"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_TAR_AT: Final = 257
_TAR: Final = b"ustar"  # POSIX.1-1988, the magic of a header
_BLOCK: Final = 1 << 20


class SourceFault(Exception):  # noqa: N818 - reads as a sentence
    """A list's files cannot be used; the text says why."""


def files_of(path: Path) -> list[Path]:
    """The files that `path` stands for: itself; of a folder squidGuard's three, else all that are not hidden.

    Raises SourceFault when it is missing or has none.
    """
    try:
        if not path.is_dir():
            if not path.exists():
                raise SourceFault(f"{path} is missing")
            return [path]
        named = [path / name for name in SQUIDGUARD if (path / name).is_file()]
        found = named or sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    except OSError as fault:
        raise SourceFault(f"{path} cannot be read: {fault.strerror}") from fault
    if not found:
        raise SourceFault(f"the folder {path} has no files")
    if len(found) > _MOST_FILES:
        raise SourceFault(f"the folder {path} has more than {_MOST_FILES} files")
    return found


def watched_of(path: Path) -> list[Path]:
    """What must be watched to notice that a list changes, also files that may yet come."""
    if not path.is_dir():
        return [path]
    try:
        return sorted({*(path / name for name in SQUIDGUARD), *files_of(path)})
    except SourceFault:
        return [path / name for name in SQUIDGUARD]


def digest_of(files: list[Path], at_most: int) -> str:
    """SHA-256 over the bytes of the files as they lie there; of one file, what sha256sum prints. Raises SourceFault."""
    digest = hashlib.sha256()
    size = 0
    for file in files:
        with _plain_file(file) as stream:
            while block := _block(stream, file, _BLOCK):
                size += len(block)
                if size > at_most:
                    raise _too_long(file, at_most)
                digest.update(block)
    return digest.hexdigest()


def read_files(files: list[Path], at_most: int) -> Iterator[tuple[str, Iterator[str]]]:
    """Each file's name and its lines, to be used before the next is asked for. `at_most`: bytes of all, unpacked.

    Bytes that are not UTF-8 come as lone surrogates; of a line that is too long comes its beginning. Raises
    SourceFault, also while lines are read.
    """
    counter = _Counter(at_most)
    for file in files:
        with _plain_file(file) as stream:
            head = _block(stream, file, len(_GZIP))
            stream.seek(0)
            if head != _GZIP:
                yield str(file), _lines(stream, file, counter)
                continue
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield from _unpacked(cast("BinaryIO", unpacked), file, counter)


def _unpacked(stream: BinaryIO, file: Path, counter: "_Counter") -> Iterator[tuple[str, Iterator[str]]]:
    try:
        head = stream.read(_TAR_AT + len(_TAR))
        stream.seek(0)
    except (OSError, EOFError, zlib.error) as fault:
        raise SourceFault(f"{file} is damaged: {fault}") from fault
    if head[_TAR_AT:] != _TAR:
        yield str(file), _lines(stream, file, counter)
        return
    try:
        yield from _members(stream, file, counter)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as fault:
        raise SourceFault(f"{file} is damaged: {fault}") from fault


def _members(stream: BinaryIO, file: Path, counter: "_Counter") -> Iterator[tuple[str, Iterator[str]]]:
    """squidGuard's files in an archive. Those of one folder: one list has one meaning."""
    folder = None
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            counter.add(512 + (0 if member.isreg() else member.size))
            above, _, name = member.name.rpartition("/")
            if not member.isreg() or name not in SQUIDGUARD:
                continue
            if folder is not None and above != folder:
                raise SourceFault(f"{file} has several folders ({folder}, {above}): name a list for each of them")
            folder = above
            content = archive.extractfile(member)
            if content is not None:
                yield f"{file}/{member.name}", _lines(cast("BinaryIO", content), file, counter)
    if folder is None:
        raise SourceFault(f"{file} has no file called {', '.join(SQUIDGUARD)}")


class _Counter:
    """Counts bytes of one list over all its files."""

    def __init__(self, at_most: int) -> None:
        self.at_most, self.size = at_most, 0

    def add(self, size: int) -> None:
        self.size += size
        if self.size > self.at_most:
            raise _too_long(None, self.at_most)


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted; it raises SourceFault for those that are too many or damaged."""

    def __init__(self, stream: BinaryIO, file: Path, count: Callable[[int], None]) -> None:
        self._stream, self._file, self._count = stream, file, count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = cast("memoryview", buffer)
        try:
            block = self._stream.read(len(view))
        except (OSError, EOFError, zlib.error, tarfile.TarError) as fault:
            raise SourceFault(f"{self._file} is damaged: {fault}") from fault
        self._count(len(block))
        view[: len(block)] = block
        return len(block)


def _lines(stream: BinaryIO, file: Path, counter: _Counter) -> Iterator[str]:
    counted = io.BufferedReader(_Counted(stream, file, counter.add), _BLOCK)
    if counted.peek(2)[:2] in _UTF_16:
        raise SourceFault(f"{file} is written in UTF-16: save it as UTF-8")
    text = io.TextIOWrapper(counted, encoding="utf-8", errors="surrogateescape")
    most = LONGEST_LINE + 2
    while line := text.readline(most):
        yield line
        while len(line) == most and not line.endswith("\n"):
            line = text.readline(most)


def _block(stream: BinaryIO, file: Path, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as fault:
        raise SourceFault(f"{file} cannot be read: {fault.strerror}") from fault


def _plain_file(path: Path) -> BinaryIO:
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as fault:
        raise SourceFault(f"{path} cannot be read: {fault.strerror}") from fault
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SourceFault(f"{path} is not a plain file")
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor


def _too_long(file: Path | None, at_most: int) -> SourceFault:
    return SourceFault(f"{file or 'the list'} has more than {at_most} bytes; at-most: may allow more")
