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
        self._numbers: dict[Known, int] = {Known(): 0}
        # Millions of names, but few ways to say something of one below another: each is worked out once.
        self._worked_out: dict[tuple[int, _Said], tuple[int, int]] = {}

    @property
    def sets(self) -> Sequence[Known]:
        """The sets by their numbers."""
        return tuple(self._numbers)

    def compile(self, runs: Sequence[Iterable[str]]) -> Iterator[tuple[str, int]]:
        """Keys with the numbers of their sets, hosts and paths mixed, out of the ordered lines of each list."""
        # (key of a name, set that holds below it); the last one is the nearest name above the one at hand.
        above: list[tuple[str, int]] = [("", 0)]
        for key, lines in groupby(merge(*_numbered(runs)), key=_node):
            if "/" in key:
                sayings = tuple(sorted({(number, int(said)) for _key, number, said in lines}))
                yield key, self._number(Known(sayings))
                continue
            while not key.startswith(above[-1][0]):
                above.pop()
            inherited = above[-1][1]
            way = (inherited, tuple([(key_of_line[-1], number, said) for key_of_line, number, said in lines]))
            found = self._worked_out.get(way)
            if found is None:
                found = self._worked_out[way] = self._work_out(*way)
            below, itself = found
            if below != inherited:
                yield key, below
                above.append((key, below))
            if itself != below:
                yield key + ONLY, itself

    def _work_out(self, inherited: int, lines: "_Said") -> tuple[int, int]:
        below, itself = _holds(self.sets[inherited], lines)
        return self._number(below), self._number(itself)

    def _number(self, known: Known) -> int:
        return self._numbers.setdefault(known, len(self._numbers))


type _Said = tuple[tuple[str, int, str], ...]  # last character of the key, number of the list, what it says


def _numbered(runs: Sequence[Iterable[str]]) -> list[Iterator[tuple[str, int, str]]]:
    def split(number: int, lines: Iterable[str]) -> Iterator[tuple[str, int, str]]:
        for line in lines:
            key, _, said = line.partition("\t")
            yield key, number, said

    return [split(number, lines) for number, lines in enumerate(runs)]


def _node(line: tuple[str, int, str]) -> str:
    """The key of the name that a line speaks of; of a path, the whole key."""
    key = line[0]
    return key[:-1] if key[-1] in MARKS else key


def _holds(inherited: Known, lines: _Said) -> tuple[Known, Known]:
    """What holds below a name and for the name itself."""
    below: set[Saying] = set()
    itself: set[Saying] = set()
    off_below: set[int] = set()
    off_itself: set[int] = set()
    paths = inherited.paths
    for mark, number, said in lines:
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
