"""Runs of several lists → what is known of each name; every name takes over what is said of those above it.

Only names that know more or less than the name above them are kept, so that one walk down to the longest of them
answers. Each name's knowledge is a set of sayings (a list, and which of its natures); sets are few and have numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from typing import Final, NamedTuple

from gateway.hosts.key import BELOW, EXCEPTION, HAS_PATHS, MARKS, ONLY

type Saying = tuple[int, int]  # number of the list, number of the nature in it (0: the list's own)

_NO_SAYINGS: Final[tuple[Saying, ...]] = ()


class Known(NamedTuple):
    """What the lists say of a name. `paths`: some list speaks of paths of it, or of a name above it."""

    sayings: tuple[Saying, ...] = _NO_SAYINGS
    paths: bool = False


class Compiler:
    """Gives numbers to sets as they come. Set 0 knows nothing."""

    def __init__(self) -> None:
        self.numbers: dict[Known, int] = {Known(): 0}

    @property
    def sets(self) -> Sequence[Known]:
        """The sets by their numbers."""
        return tuple(self.numbers)

    def compile(self, runs: Sequence[Iterable[str]]) -> Iterator[tuple[str, int]]:
        """Keys with the numbers of their sets, hosts and paths mixed, out of the ordered lines of each list."""
        # (key of a name, what holds below it); the last one is the nearest name above the one at hand.
        above: list[tuple[str, Known]] = []
        for key, lines in groupby(merge(*_numbered(runs)), key=_node):
            if "/" in key:
                sayings = tuple(sorted({(number, int(said)) for _key, number, said in lines}))
                yield key, self._number(Known(sayings))
                continue
            while above and not key.startswith(above[-1][0]):
                above.pop()
            inherited = above[-1][1] if above else Known()
            below, itself = _holds(inherited, lines)
            if below != inherited:
                yield key, self._number(below)
                above.append((key, below))
            if itself != below:
                yield key + ONLY, self._number(itself)

    def _number(self, known: Known) -> int:
        return self.numbers.setdefault(known, len(self.numbers))


def _numbered(runs: Sequence[Iterable[str]]) -> list[Iterator[tuple[str, int, str]]]:
    def split(number: int, lines: Iterable[str]) -> Iterator[tuple[str, int, str]]:
        for line in lines:
            key, _, said = line.rstrip("\n").partition("\t")
            yield key, number, said

    return [split(number, lines) for number, lines in enumerate(runs)]


def _node(line: tuple[str, int, str]) -> str:
    """The key of the name that a line speaks of; of a path, the whole key."""
    key = line[0]
    return key[:-1] if key[-1] in MARKS else key


def _holds(inherited: Known, lines: Iterable[tuple[str, int, str]]) -> tuple[Known, Known]:
    """What holds below a name and for the name itself."""
    below: set[Saying] = set()
    itself: set[Saying] = set()
    off_below: set[int] = set()
    off_itself: set[int] = set()
    paths = inherited.paths
    for key, number, said in lines:
        mark = key[-1]
        if mark == HAS_PATHS:
            paths = True
            continue
        if said == EXCEPTION:
            if mark != ONLY:
                off_below.add(number)
            if mark != BELOW:
                off_itself.add(number)
            continue
        if mark != ONLY:
            below.add((number, int(said)))
        if mark != BELOW:
            itself.add((number, int(said)))
    return (
        Known(_together(inherited.sayings, below, off_below), paths),
        Known(_together(inherited.sayings, itself, off_itself), paths),
    )


def _together(inherited: tuple[Saying, ...], said: set[Saying], off: set[int]) -> tuple[Saying, ...]:
    """The inherited sayings first, so that the nearer one is the later; what a list takes back of itself is gone."""
    if not said and not off:
        return inherited
    new = sorted(said.difference(inherited))
    return tuple(saying for saying in (*inherited, *new) if saying[0] not in off)
