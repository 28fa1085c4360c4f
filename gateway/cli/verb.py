"""What every verb is made with: the command line itself, files it opens, problems it tells."""

import contextlib
import errno
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import typer

from gateway.edge.streams import say
from gateway.problems import Problem, ProblemsFound

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


def say_problems(problems: Iterable[Problem], kind: str = "") -> None:
    """Shows each problem with its line and a caret."""
    from gateway.store.files import source_line

    for problem in problems:
        say(replace(problem, message=kind + problem.message).show(source_line(problem)))


def counted(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
