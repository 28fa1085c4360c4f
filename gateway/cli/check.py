"""`qorgan check`: editors and scripts ask it at every change, so it loads nothing but what a check needs."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gateway.cli.telling import counted, say_problems
from gateway.edge.streams import say

_INTERRUPTED = 130  # as shells have it: 128 and the number of SIGINT


def plain_words(words: Sequence[str]) -> tuple[list[Path], bool] | None:
    """The files and whether `--explain` is there, of a `check` that says nothing else; None for all other words.

    What is plain needs no parser of command lines, and typer takes as long to load as the check itself.
    """
    if words[:1] != ["check"]:
        return None
    files = [word for word in words[1:] if word != "--explain"]
    if not files or any(word.startswith("-") for word in files):
        return None
    return [Path(file) for file in files], len(files) < len(words) - 1


def check_and_end(files: Sequence[Path], *, explain: bool) -> None:
    """Checks, and ends the process with the status."""
    try:
        with _little_garbage():
            status = check(files, explain=explain)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    sys.exit(status)


def check(files: Sequence[Path], *, explain: bool) -> int:
    """Tells what is wrong with the files, or in words what they do; the exit status: 1 if anything is wrong."""
    from gateway.edge.checking import check_files

    checked = check_files(files)
    if checked.problems:
        say_problems(checked.problems)
        say(counted(checked.problems, "problem"))
        return 1
    say_problems(checked.notes, "note: ")
    if explain:
        from gateway.edge.describing import describe_files

        print(describe_files(files))
    say("no problems" + (f", {counted(checked.notes, 'note')}" if checked.notes else ""))
    return 0


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Loads without the collector, which finds nothing then; and lets it find nothing when the process ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
