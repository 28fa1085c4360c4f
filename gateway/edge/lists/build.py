"""The process that compiles lists: orders as one JSON line on standard input, outcomes as one on standard output.

A process of its own, because reading millions of lines would hold up the event loop of the one that serves. What did
not change since the last time is not read again.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from gateway.edge.lists.order import Order, Outcome, copy_of, fresh_of, run_of
from gateway.hosts.formats.reading import ListReader
from gateway.hosts.mapped import VERSION
from gateway.hosts.run import FORMAT, RunHead, order_list
from gateway.store.host_file import (
    COMPILED,
    compiled_head,
    run_head,
    scratch_files,
    spilling,
    write_compiled,
    write_run,
)
from gateway.store.list_files import SourceFault, digest_of, files_of, read_files

_NICE: Final = 10
_OURS: Final = (".run", ".copy", ".new", ".part")

_log = logging.getLogger(__name__)


def main() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    os.umask(0o077)
    os.nice(_NICE)  # whoever browses goes first
    told = json.loads(sys.stdin.readline())
    outcomes = build(Path(told["folder"]), [Order(**order) for order in told["orders"]])
    sys.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes]) + "\n")


def build(folder: Path, orders: Sequence[Order]) -> list[Outcome]:
    """Reads what changed and compiles, in `folder`, what the orders name. Raises OSError when nothing can be written.

    A list whose files cannot be used keeps its last reading. Files of lists that are not named any more are removed.
    """
    with _alone_in(folder):
        _forget_others(folder, orders)
        outcomes, standing = [], []
        for order in orders:
            outcome, head = _take(folder, order)
            outcomes.append(outcome)
            if head is not None:
                standing.append((order.name, head, run_of(folder, order.name)))
        digest = _digest(VERSION, *((name, head.digest) for name, head, _ in standing))
        before = compiled_head(folder / COMPILED)
        if before is None or before.get("digest") != digest:
            write_compiled(folder, digest, standing)
        return outcomes


def _take(folder: Path, order: Order) -> tuple[Outcome, RunHead | None]:
    """Reads the list if it is another than at the last time; the head of the reading that stands now, if any does."""
    run, fresh = run_of(folder, order.name), fresh_of(folder, order.name)
    try:
        if order.path is not None:
            return Outcome(name=order.name, stands=True), _read(folder, order, Path(order.path))
        if fresh.exists():
            head = _read(folder, order, fresh)
            fresh.rename(copy_of(folder, order.name))
            return Outcome(name=order.name, stands=True), head
        if copy_of(folder, order.name).exists():
            return Outcome(name=order.name, stands=True), _read(folder, order, copy_of(folder, order.name))
        raise SourceFault("it was not fetched yet")
    except SourceFault as fault:
        fresh.unlink(missing_ok=True)
        last = run_head(run)
        return Outcome(name=order.name, stands=last is not None, error=str(fault)), last


def _read(folder: Path, order: Order, path: Path) -> RunHead:
    """The head of the list's reading, made anew unless its files are those of before. Raises SourceFault."""
    files = files_of(path)
    content = digest_of(files, order.at_most)
    if order.sha256 is not None and content != order.sha256:
        raise SourceFault(f"its SHA-256 is {content}, the policy wants {order.sha256}")
    shown = {str(file): str(file) if order.path is not None else order.origin for file in files}
    digest = _digest(FORMAT, order.format, order.below, list(shown.values()), content)
    run = run_of(folder, order.name)
    before = run_head(run)
    if before is not None and before.digest == digest:
        return before
    reader = ListReader(order.format, order.below)
    with scratch_files(folder) as scratch:
        named = ((_shown(name, shown), lines) for name, lines in read_files(files, order.at_most))
        head, lines = order_list(named, reader, digest, spilling(scratch))
        if order.path is None:
            _require_list(head)
        write_run(run, head, lines)
    return head


def _shown(name: str, shown: Mapping[str, str]) -> str:
    """A file as problems name it: a fetched one by its address. Of an archive, with the file inside it."""
    file = next(file for file in shown if name == file or name.startswith(file + "/"))
    return shown[file] + name.removeprefix(file)


def _require_list(head: RunHead) -> None:
    """A server that answers with something else (a sign-in page) must not empty a list. Raises SourceFault."""
    bad = sum(head.bad.values())
    refused = bad - sum(head.bad.get(sort, 0) for sort in _DELIBERATE)
    if head.entries == 0 or refused > head.entries:
        said = f", e.g. {head.problems[0].message}" if head.problems else ""
        raise SourceFault(f"what came is no list: {head.entries} entries, {bad} lines that cannot be read{said}")


# Sorts of lines that a good list may have many of.
_DELIBERATE: Final = frozenset(
    {"cosmetic rule", "modifier", "pattern", "exception for a path", "rewritten answer", "trigger"}
)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _forget_others(folder: Path, orders: Sequence[Order]) -> None:
    named = {order.name for order in orders}
    for path in folder.iterdir():
        if path.suffix in _OURS and path.stem not in named:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process compiles at a time; who waited finds the work done."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "rb") as lock:  # noqa: PTH123 - a descriptor
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
