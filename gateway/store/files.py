"""The files that a person edits: reading them with every fault at its place."""

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.policy.named import named_by
from gateway.policy.parse import MAX_BYTES
from gateway.problems import Problem, ProblemsFound

ENDINGS = (".yaml", ".yml")
CASE_ENDINGS = (".cases.yaml", ".cases.yml")  # a household's cases lie beside its policy and are no part of it
MOST_CALENDARS = 100  # of one folder
MOST_FILES = 100_000  # of one folder
_REST_NS = 50_000_000  # a file that was written less than this ago is looked at again
_MOST_LOOKS = 40  # at a file that never rests: two seconds


def read_policy_files(paths: Sequence[Path]) -> dict[str, str]:
    """The text of every file named, and of every `*.yaml` and `*.yml` in a folder named: name → text.

    A name is the path as it was given, so that problems show what the person wrote; files of a folder come in the order
    of their names, hidden ones are left out. Files and folders that these files name come with them, as far as they
    are there. Raises ProblemsFound with every file that is missing, is not a plain file, is longer than the policy
    parser takes, or is not UTF-8. Blocks.
    """
    read = try_policy_files(paths)
    if read.unread:
        raise ProblemsFound(list(read.unread.values()))
    return read.texts


@dataclass(frozen=True, slots=True)
class Read:
    """Texts by the names of their files, and why others have none."""

    texts: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Problem] = field(default_factory=dict)


def try_policy_files(paths: Sequence[Path]) -> Read:
    """As `read_policy_files`, but a file that cannot be read keeps no other from being read. Blocks."""
    read = Read()
    places: set[tuple[int, int]] = set()
    for path in paths:
        if not path.exists():
            read.unread[str(path)] = Problem(str(path), 1, 1, "the file or folder is missing", "name one that exists")
        found = list(files_of(path))
        if path.is_dir() and not found:
            message = "the folder has no file that ends in .yaml or .yml"
            read.unread[str(path)] = Problem(str(path), 1, 1, message)
        _read_all(path, found, read, places)
    followed: set[str] = set()
    while named := [name for name in named_by(read.texts) if name not in followed]:
        followed.update(named)
        for path in map(Path, named):
            _read_all(path, list(files_of(path)), read, places)
    return read


def with_named(paths: Sequence[Path]) -> tuple[Path, ...]:
    """`paths` and the files and folders that they name: what to watch. Blocks."""
    return (*paths, *(Path(name) for name in named_by(try_policy_files(paths).texts)))


def _read_all(path: Path, files: Sequence[Path], read: Read, places: set[tuple[int, int]]) -> None:
    """Reads the `files` of a path that was named, less those that are in `places`: named themselves and by a folder."""
    if len(files) > MOST_FILES:
        message = f"the folder has more than {MOST_FILES} policy files"
        read.unread[str(path)] = Problem(str(path), 1, 1, message)
        return
    for file in files:
        try:
            content = file.stat()
            place = (content.st_dev, content.st_ino)
            if place not in places:
                places.add(place)
                read.texts[str(file)] = text_of(file)
        except OSError as fault:
            read.unread[str(file)] = _unreadable(file, fault)
        except ProblemsFound as unreadable:
            read.unread[str(file)] = unreadable.problems[0]


def _unreadable(path: Path, fault: OSError) -> Problem:
    return Problem(str(path), 1, 1, f"the file cannot be read: {fault.strerror}")


def case_files(path: Path) -> list[Path]:
    """The files of cases that `path` stands for: itself, or every `*.cases.yaml` in the folder and below. Blocks."""
    if not path.is_dir():
        return [path]
    found = (folder / name for folder, names in walk(path) for name in names if name.endswith(CASE_ENDINGS))
    return [file for file in found if not file.name.startswith(".")]


def source_line(problem: Problem) -> str | None:
    """The line that `problem` points to, to be shown above the caret; None when it cannot be read any more. Blocks."""
    try:
        lines = text_of(Path(problem.file)).split("\n")
    except (ProblemsFound, ValueError):
        return None
    return lines[problem.line - 1].rstrip("\r") if 0 < problem.line <= len(lines) else None


def files_of(path: Path) -> Iterator[Path]:
    """The policy files that `path` stands for: itself, or what lies in it."""
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for folder, names in walk(path):
        yield from (
            folder / name
            for name in names
            if name.endswith(ENDINGS) and not name.endswith(CASE_ENDINGS) and not name.startswith(".")
        )


def calendars_beside(path: Path) -> Iterator[Path]:
    """The calendar files that policies may name: those in the folders of the policy files that `path` stands for."""
    for folder in dict.fromkeys(file.parent for file in files_of(path)):
        yield from sorted(folder.glob("*.ics"))[:MOST_CALENDARS]


def walk(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """`path` and every folder below it that is not hidden, with the names of its files, in the order of names."""
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(folder), sorted(names)


def _content_at_rest(path: Path) -> bytes:
    """What is in the file once nobody wrote to it for a moment: many editors empty a file before they fill it."""
    content = b""
    for _ in range(_MOST_LOOKS):
        content, written = _content_of(path)
        rested = time.time_ns() - written
        if not 0 <= rested < _REST_NS:
            break
        time.sleep((_REST_NS - rested) / 1e9)
    return content


def _content_of(path: Path) -> tuple[bytes, int]:
    """The first bytes of a file, and when it was written, in nanoseconds since 1970. Raises OSError, ProblemsFound."""
    # Without O_NONBLOCK, opening a named pipe would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ProblemsFound([Problem(str(path), 1, 1, "this is not a plain file")])
        content = file.read(MAX_BYTES + 1)
        return content, os.fstat(descriptor).st_mtime_ns


def text_of(path: Path) -> str:
    """The text of one file. Raises ProblemsFound, as `read_policy_files` does. Blocks."""
    try:
        content = _content_at_rest(path)
    except OSError as fault:
        raise ProblemsFound([_unreadable(path, fault)]) from fault
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
