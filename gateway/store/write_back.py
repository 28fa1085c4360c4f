"""Writing a file that a person edits: whole or not at all, never over somebody else's change, with a bounded backup."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.store.fault import DataFault
from gateway.store.private_files import settle

MOST_BACKUPS: Final = 10
_STAMP: Final = "%Y%m%dT%H%M%S%fZ"


class Changed(Exception):  # noqa: N818 - reads as a sentence
    """The file is not what it was when it was read; nothing was written."""


def digest_of(content: bytes) -> str:
    """What tells one content of a file from another: SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_back(path: Path, content: bytes, *, instead_of: str, moment: datetime) -> Path:
    """Puts `content` in the place of the file whose content has the digest `instead_of`; returns the backup of that.

    Readers see the old file or the whole new one, also after a power cut; its mode and owner stay. A symbolic link
    stays one. Of each file the last MOST_BACKUPS backups are kept, hidden beside it, as readable as itself. `moment`
    (aware, UTC) names the backup. Raises Changed, and DataFault when it cannot be written. Blocks.
    """
    place = Path(os.path.realpath(path))
    try:
        with _locked(place.parent):
            before = place.read_bytes()
            if digest_of(before) != instead_of:
                raise Changed(str(path))
            status = place.stat()
            backup = place.with_name(f".{place.name}.{moment.strftime(_STAMP)}.bak")
            _write(backup, before, status)
            _write(place.with_name(f".{place.name}.new"), content, status, then=place)
            for old in backups_of(place)[:-MOST_BACKUPS]:
                old.unlink(missing_ok=True)
            settle(place.parent)
    except OSError as fault:
        raise DataFault(f"{path} cannot be written: {fault.strerror}") from fault
    return backup


def backups_of(path: Path) -> list[Path]:
    """The backups of a file, the oldest first."""
    return sorted(path.parent.glob(f".{path.name}.*.bak"))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds the folder, so that two workers never write into it at once."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(fresh: Path, content: bytes, like: os.stat_result, then: Path | None = None) -> None:
    """Writes a new file with the mode and owner of another, and moves it to `then` when it is safe on the disk."""
    fresh.unlink(missing_ok=True)  # left by a process that was killed
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if (like.st_uid, like.st_gid) != (os.geteuid(), os.fstat(file.fileno()).st_gid):
                os.fchown(file.fileno(), like.st_uid, like.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if then is not None:
            fresh.rename(then)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
