"""What every verb is made with: the command line itself, files it opens, problems it ends with."""

import contextlib
import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import typer

from gateway.cli.telling import say_problems
from gateway.edge.streams import say
from gateway.problems import ProblemsFound

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def opened(file: str) -> BinaryIO:
    """A file, or standard input for `-`."""
    try:
        if file != "-":
            return Path(file).open("rb")
        if sys.stdin is None:
            raise OSError(errno.EBADF, "it is closed")
        return sys.stdin.buffer
    except OSError as fault:
        say(f"cannot read {'standard input' if file == '-' else file}: {fault.strerror}")
        raise typer.Exit(2) from None


@contextlib.contextmanager
def problems_told(status: int = 1) -> Iterator[None]:
    """Shows the problems of a file that cannot be used, and ends with `status`."""
    try:
        yield
    except ProblemsFound as found:
        say_problems(found.problems)
        raise typer.Exit(status) from None
