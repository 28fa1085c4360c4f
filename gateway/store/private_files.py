"""Files that only the gateway's own user may read: how they are made, written and read.

Every look at owner and mode is taken on the open file, never on its name, so that nothing can be swapped in between.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gateway.store.fault import DataFault

_MAX_BYTES: Final = 1 << 20

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


def private_folder(path: Path) -> Path:
    """`path` as a folder of mode 0700, made when it is missing (its parents get the usual mode).

    A folder of ours that others may enter is closed to them. Raises DataFault when it cannot be made or closed.
    """
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(FOLDER_MODE)
    except OSError as fault:
        raise DataFault(
            f"{path}: the data directory cannot be used ({fault.strerror}): "
            "name a folder that the gateway's user may write, with --data or in qorgan.yaml"
        ) from fault
    return path


def make_directory(path: Path) -> None:
    """Makes the directory `path` with mode 0700; its parent must exist. Raises DataFault."""
    try:
        path.mkdir(mode=0o700)
    except OSError as fault:
        raise DataFault(f"{path} cannot be made: {fault.strerror}") from fault
    path.chmod(0o700)  # the umask may have taken even more away


def require_directory(path: Path, *, forbidden: int = 0o077) -> None:
    """Raises DataFault unless `path` is a directory (no link) of this user without the mode bits `forbidden`."""
    with _opened(path, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        _require_own(path, os.fstat(descriptor), forbidden, mend=f"chmod {'700' if forbidden == 0o077 else 'go-w'}")


def read(path: Path) -> bytes:
    """The bytes of a regular file (no link) of this user with no access for others. Raises DataFault."""
    with _opened(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise DataFault(f"{path} is not an ordinary file")
        _require_own(path, status, 0o077, mend="chmod 600")
        if status.st_size > _MAX_BYTES:
            raise DataFault(f"{path} has {status.st_size} bytes; it is damaged or not the gateway's")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(_MAX_BYTES)


def write(path: Path, data: bytes) -> None:
    """Puts `data` at `path` with mode 0600: readers see the old file or the whole new one, also after a power cut."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)  # left by a process that was killed; the caller holds the lock
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(fresh, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # the umask may have taken even more away
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        fresh.rename(path)
        settle(path.parent)
    except OSError as fault:
        raise DataFault(f"{path} cannot be written: {fault.strerror}") from fault


def settle(directory: Path) -> None:
    """Waits until the names in `directory` are on the disk. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file `path`, so that two processes never change the CA at once. Raises DataFault."""
    with _opened(path, os.O_RDWR | os.O_CREAT) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        raise DataFault(f"{path} is missing") from None
    except OSError as fault:
        reason = "it is a link" if path.is_symlink() else fault.strerror
        raise DataFault(f"{path} cannot be used: {reason}") from fault
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _require_own(path: Path, status: os.stat_result, forbidden: int, *, mend: str) -> None:
    if status.st_uid != os.geteuid():
        raise DataFault(
            f"{path} belongs to user {status.st_uid}, the gateway runs as user {os.geteuid()}: "
            f"chown it to the gateway's user, or run the gateway as its owner"
        )
    mode = stat.S_IMODE(status.st_mode)
    if mode & forbidden:
        raise DataFault(f"{path} is open to other users (mode {mode:04o}): {mend} '{path}'")
