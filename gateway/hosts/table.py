"""Names of hosts and what is known of each, as a hash table that is read where it lies.

A slot is a word of 64 bits: the upper bits of the name's hash, and below them a number that is never 0 (an empty slot).
A name stands at its hash modulo the number of slots, or in one of the next slots, with no empty one between; the last
slot is always empty. A look-up costs one place in memory for each label of the name that is asked for, where a walk
through a trie costs one for each few characters.

The name itself is not kept, so another could be taken for it. Where a word stands and what it holds use up all 64 bits
of the hash (the number of slots is odd), and a name that is sought meets one or two words: it is wrongly found with
odds of at most three times the names that are kept in 2^64, for five million 8 in 10^13. Were all of the world's 10^9
names asked for, each with two names above it, the odds that a single one is mistaken were 1 in 400. Whoever
would pick such a name must know the seed of the hash: each file has a random one of its own, and only the gateway reads
the file.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from xxhash import xxh3_64_intdigest

from gateway.hosts.key import ONLY, Keys
from gateway.hosts.suffix import suffixes

# Half of the slots are empty, so that a name that is not there is told by two or three words beside one another: five
# million names are 80 MB. At three in five (67 MB) a look-up takes an eighth more.
_SLOTS: Final = 2  # for each name
_SEEDS: Final = 1 << 64
_TRIED: Final = 8  # seeds; that even the first makes two names alike has odds of one in a million

# Names of all lists together that are spelt out beside the table, for a bundle that takes them along.
MOST_SPELT: Final = 2_000

type Said = tuple[int | None, int | None]  # sets: of all below a name, and of the name itself where that differs


class Speaking(NamedTuple):
    """A name that is kept and that covers a host. `only`: it says something of this name alone."""

    name: str
    only: bool
    set: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """Which set holds for each name: for all below it, and for itself where that differs. Build with `NameTable.of`."""

    words: memoryview  # of unsigned numbers of 64 bits
    slots: int
    seed: int
    names: int
    spelt: Sequence[str] | None  # all of them; None: more than MOST_SPELT
    lone: bool  # whether a name of one label is kept
    said: Sequence[Said]  # by number; nothing of 0
    # Of these, by number: what holds for a name below, and for the name itself.
    below: Sequence[int | None]
    itself: Sequence[int | None]
    alike: int  # a word and a hash differ by less when their upper bits are the same; the number is below it

    @classmethod
    def of(cls, head: Mapping[str, Any], body: memoryview, sets: int) -> Self:
        """The table that `written` gave, of so many `sets`. Raises KeyError, TypeError or ValueError for another."""
        said: list[Said] = [(None, None), *((below, itself) for below, itself in head["said"])]
        slots, seed, words = head["slots"], head["seed"], body.cast("Q")
        if not (0 < slots < len(words) and words[-1] == 0 and 0 <= seed < _SEEDS):
            raise ValueError("the table of names has no end")
        if any(each not in range(sets) for pair in said for each in pair if each is not None):
            raise ValueError("the table of names has sets that do not exist")
        return cls(
            words=words,
            slots=slots,
            seed=seed,
            names=head["names"],
            spelt=head["spelt"],
            lone=head["lone"],
            said=said,
            below=tuple(below for below, _ in said),
            itself=tuple(below if itself is None else itself for below, itself in said),
            alike=_alike(head["said"]),
        )

    def __len__(self) -> int:
        return self.names

    def nearest(self, host: str) -> tuple[str, int] | None:
        """The host itself or the nearest name above it of which something is known, and its set."""
        # Written out, with nothing looked up twice: this is the hot path. An address needs no care: what would stand
        # above it is no name, so it is not kept.
        words, slots, seed, alike = self.words, self.slots, self.seed, self.alike
        sets = self.itself
        name = host.encode()
        dot = name.find(b".")
        while True:
            digest = xxh3_64_intdigest(name, seed)
            slot = digest % slots
            while word := words[slot]:
                if word ^ digest < alike:
                    known = sets[word & alike - 1]
                    if known is not None:
                        return name.decode(), known
                    break
                slot += 1
            if dot < 0:
                return None
            name = name[dot + 1 :]
            dot = name.find(b".")
            if dot < 0 and not self.lone:
                return None
            sets = self.below

    def speaking(self, host: str) -> Iterator[Speaking]:
        """Every name kept that covers the host, the shortest first; the last of them holds."""
        for name in reversed(list(suffixes(host))):
            below, itself = self._said_of(name)
            if below is not None:
                yield Speaking(name, False, below)
            if itself is not None and name == host:
                yield Speaking(name, True, itself)

    def _said_of(self, name: str) -> Said:
        digest = xxh3_64_intdigest(name.encode(), self.seed)
        slot = digest % self.slots
        while word := self.words[slot]:
            if word ^ digest < self.alike:
                return self.said[word & self.alike - 1]
            slot += 1
        return None, None


def written(keys: Keys, seed: int) -> tuple[dict[str, Any], memoryview]:
    """The head and the body of a table of `keys` with their sets, made with `seed` (of 64 bits).

    The two keys of a name follow one another, that with ONLY behind. Raises ValueError when a key is given twice.
    """
    for number in range(_TRIED):
        tried = (seed + number) % _SEEDS
        digests, numbers, head = _read(keys(), tried)
        words = _filled(digests, numbers, head["slots"], _alike(head["said"]))
        if words is not None:
            return head, memoryview(words).cast("B")
    raise ValueError("a name is given twice")


def _read(keys: Iterable[tuple[str, int]], seed: int) -> tuple["array[int]", "array[int]", dict[str, Any]]:
    """The digests of the names and the numbers of what is said of them, in their order; the head of their table."""
    digests, numbers = array("Q"), array("I")
    known: dict[Said, int] = {}
    spelt: list[str] = []
    lone = False
    for name, said in _names(keys):
        digests.append(xxh3_64_intdigest(name.encode(), seed))
        numbers.append(known.setdefault(said, len(known) + 1))
        lone = lone or "." not in name
        if len(spelt) <= MOST_SPELT:
            spelt.append(name)
    head = {
        "slots": len(digests) * _SLOTS | 1,
        "seed": seed,
        "names": len(digests),
        "spelt": spelt if len(spelt) <= MOST_SPELT else None,
        "lone": lone,
        "said": list(known),
    }
    return digests, numbers, head


def _names(keys: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Said]]:
    """Names, with what is said of all below them and of themselves alone."""
    waiting, below = "", 0
    for key, number in keys:
        if not key.endswith(ONLY):
            if waiting:
                yield _name(waiting), (below, None)
            waiting, below = key, number
        elif key[:-1] == waiting:
            yield _name(waiting), (below, number)
            waiting = ""
        else:
            if waiting:
                yield _name(waiting), (below, None)
            yield _name(key[:-1]), (None, number)
            waiting = ""
    if waiting:
        yield _name(waiting), (below, None)


def _name(key: str) -> str:
    return key[-2::-1]  # as host_in has it: without the dot at the end, turned round


def _alike(said: Sequence[Said]) -> int:
    return 1 << len(said).bit_length()


def _filled(digests: "array[int]", numbers: "array[int]", slots: int, alike: int) -> "array[int] | None":
    """The words of the table; None when two names are alike in it."""
    words = array("Q", bytes(8 * (slots + 1)))
    for digest, number in zip(digests, numbers, strict=True):
        slot = digest % slots
        while word := words[slot]:
            if word ^ digest < alike:
                return None
            slot += 1
        words[slot] = digest - digest % alike + number
        if slot == len(words) - 1:
            words.append(0)
    return words
