"""Files of the data directory that only the gateway's own user may read: keys, tokens, the database."""

import os
import stat
from pathlib import Path

from gateway.store.fault import StoreFault

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def private_folder(path: Path) -> Path:
    """`path` as a folder of mode 0700, made when it is missing (its parents get the usual mode).

    A folder of ours that others may enter is closed to them. Raises StoreFault when it cannot be made or closed.
    """
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(FOLDER_MODE)
    except OSError as fault:
        raise StoreFault(
            f"{path}: the data directory cannot be used ({fault.strerror}): "
            "name a folder that the gateway's user may write, with --data or in qorgan.yaml"
        ) from fault
    return path


def write_private(path: Path, content: bytes) -> None:
    """Puts `content` into `path` with mode 0600, whole or not at all: a reader never sees half of it.

    Raises StoreFault when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.unlink(missing_ok=True)  # of a process that was killed; in a container the next one has the same id
        # The mode is given at creation, so that there is no moment at which others may open it.
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise StoreFault(f"{path}: cannot be written ({fault.strerror})") from fault
