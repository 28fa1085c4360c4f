"""Standard output and standard error, as a command uses them: data on the one, messages on the other."""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator


def show(line: str) -> None:
    """Writes a line of data at once: the program that asks may wait for it. Raises OSError."""
    if sys.stdout is not None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """Writes a message. Whoever closed the terminal ends nothing by it."""
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Around a whole command: data that cannot be written (a full disk, a closed pipe) ends it with status 1.

    A character that the terminal cannot show is written as its number.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what still waits to be written would fail again at the exit
        if fault.errno != errno.EPIPE:  # then whoever read the data has read enough
            say(f"{fault.filename or 'reading or writing failed'}: {fault.strerror}")
        sys.exit(1)
