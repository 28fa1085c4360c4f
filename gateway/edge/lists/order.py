"""What is to be compiled: the lists of a policy with their files, as the process that compiles is told."""

import contextlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from gateway.hosts.listed import Meaning
from gateway.policy.lists import ListSource

FOLDER: Final = "lists"  # in the data directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One list. `path` is None for a list that is fetched: its file lies in the folder, and `origin` is its address."""

    name: str
    origin: str
    path: str | None
    format: str | None
    below: bool | None
    at_most: int
    sha256: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a list. `error`: why its files were not taken; then an older reading of it may stand."""

    name: str
    stands: bool  # it is in the compiled file
    error: str | None = None


def orders_of(lists: Iterable[ListSource]) -> tuple[Order, ...]:
    """The orders for the lists of a policy."""
    return tuple(
        Order(
            name=each.name,
            origin=each.origin,
            path=None if each.is_remote else str(path_of(each)),
            format=each.format,
            below=each.below,
            at_most=each.at_most,
            sha256=each.sha256,
        )
        for each in lists
    )


def path_of(source: ListSource) -> Path:
    """The file or folder of a list that is not fetched: relative to the policy file that names it."""
    written = Path(source.origin)
    with contextlib.suppress(RuntimeError):  # a user whom this machine does not know: there is no such file either
        written = written.expanduser()
    return Path(source.file).absolute().parent / written


def meanings_of(lists: Iterable[ListSource]) -> tuple[Meaning, ...]:
    """What the policy says that the hosts of its lists are."""
    return tuple(Meaning(name=each.name, topics=each.topics, kind=each.kind) for each in lists)


def copy_of(folder: Path, name: str) -> Path:
    """The copy of a fetched list that was taken."""
    return folder / f"{name}.copy"


def fresh_of(folder: Path, name: str) -> Path:
    """A fetched list that nobody has looked at yet."""
    return folder / f"{name}.new"


def run_of(folder: Path, name: str) -> Path:
    """A list read and put in order (gateway/hosts/run.py)."""
    return folder / f"{name}.run"
