"""The stack of open elements, as far as it is known (WHATWG HTML, 13.2.4.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.document import tag_rules as rules
from gateway.document.loose_formatting import LooseFormatting
from gateway.document.tag_rules import Rule

_TAKE_MARKER: Final = rules.CELLS | {b"caption"}  # their markers go with them, however they are closed (13.2.6.4.15)


@dataclass(frozen=True, slots=True)
class Unsure:
    """Up to `count` elements of these names, each of them open or not."""

    names: frozenset[bytes]
    count: int


class OpenStack:
    """Names of elements from the outermost on, or `Unsure` ones; `opened`: when each came, by `clock`.

    `loose`: formatting that may stand anywhere between them. `walked`: how many entries were looked at.
    """

    def __init__(self) -> None:
        self.entries: list[bytes | Unsure] = []
        self.opened: list[int] = []
        self.clock = 0
        self.loose = LooseFormatting()
        self.walked = 0
        self._names: dict[bytes, int] = {}  # how many entries may be of a name
        self._unsure = 0

    @property
    def depth(self) -> int:
        return len(self.entries) + self._unsure + self.loose.count

    def count(self, name: bytes) -> int:
        """How many entries may be of this name."""
        return self._names.get(name, 0)

    @property
    def last(self) -> bytes:
        """The innermost element; nothing when it is unsure."""
        entry = self.entries[-1] if self.entries else b""
        return entry if isinstance(entry, bytes) else b""

    def ends_with(self, name: bytes) -> bool:
        return bool(self.entries) and self.entries[-1] == name

    def may_be_unsure(self, names: frozenset[bytes]) -> bool:
        """Whether an unsure entry may be of one of these names."""
        return any(isinstance(entry, Unsure) and not entry.names.isdisjoint(names) for entry in self.entries)

    def close(self, rule: Rule) -> bool:
        """Close what the rule says, with all inside it, if that is certain."""
        place = self.find(rule) if self.may_have(rule[0]) else None
        if place is None:
            return False
        self.pop(place, by_end=True)
        return True

    def find(self, rule: Rule) -> int | None:
        """The nearest target above every limit. In doubt None, and all that may be closed becomes unsure."""
        targets, limits = rule
        doubt = False
        for place in range(len(self.entries) - 1, -1, -1):
            self.walked += 1
            entry = self.entries[place]
            if isinstance(entry, Unsure):
                doubt = doubt or not (entry.names.isdisjoint(targets) and entry.names.isdisjoint(limits))
            elif entry in targets:
                if not doubt:
                    return place
                self.blur(place)
                return None
            elif entry in limits:
                if doubt:
                    self.blur(place + 1)
                return None
        if doubt:
            self.blur(0)
        return None

    def may_have(self, names: Iterable[bytes]) -> bool:
        """Whether any entry may be of one of these names."""
        return any(map(self._names.get, names))

    def push(self, name: bytes) -> None:
        self.entries.append(name)
        self.opened.append(self.clock)
        self._names[name] = self._names.get(name, 0) + 1
        if name in rules.MARKERS:
            self.loose.begin_level()

    def push_unsure(self, *names: bytes) -> None:
        """Elements that are open or not."""
        for name in names:
            self.push(name)
        self.blur(len(self.entries) - len(names))

    def _forget(self, entry: bytes | Unsure) -> None:
        if isinstance(entry, Unsure):
            self._unsure -= entry.count - 1
            self.walked += len(entry.names)
            for name in entry.names:
                self._names[name] -= 1
        else:
            self._names[entry] -= 1

    def pop_last(self, name: bytes) -> None:
        """Close the innermost element, called `name`, by its own end tag."""
        self.entries.pop()
        self.opened.pop()
        self._names[name] -= 1
        if name in rules.MARKERS and self.loose.is_mixed:
            self.loose.mix(1, self.clock)
        elif name in rules.MARKERS:
            self.loose.end_level()

    def pop(self, place: int, *, itself: bool = True, by_end: bool = False) -> None:
        """Close everything from `place` on. Formatting in it becomes loose, unless it goes with a marker around it.

        `itself`: whether that holds for the element at `place` too, and not only for what is inside. `by_end`: whether
        that element is closed by its own end tag.
        """
        gone = self.entries[place:]
        del self.entries[place:], self.opened[place:]
        markers = [at for at, entry in enumerate(gone) if entry in rules.MARKERS]
        hidden = any(isinstance(entry, Unsure) and not entry.names.isdisjoint(rules.MARKERS) for entry in gone)
        if not markers and not hidden:
            self._loosen(gone if itself else gone[1:])
        elif (
            not hidden
            and not self.loose.is_mixed
            and len(markers) == 1
            and (gone[markers[0]] in _TAKE_MARKER or (by_end and markers[0] == 0))
        ):
            self.loose.end_level()
            self._loosen(gone[: markers[0]])
        else:
            self.loose.mix(len(markers), self.clock)
            self._loosen(gone)
        for entry in gone:
            self._forget(entry)

    def blur(self, place: int) -> None:
        """What stands from `place` on may be open or not."""
        if place >= len(self.entries) or (place == len(self.entries) - 1 and isinstance(self.entries[place], Unsure)):
            return
        if place > 0 and isinstance(self.entries[place - 1], Unsure):
            place -= 1
        gone = self.entries[place:]
        if any(entry in rules.MARKERS for entry in gone):
            self.loose.mix(sum(entry in rules.MARKERS for entry in gone), self.clock)
        self._loosen(gone)
        for entry in gone:
            self._forget(entry)
        names: frozenset[bytes] = frozenset().union(
            *(entry.names if isinstance(entry, Unsure) else (entry,) for entry in gone)
        )
        whole = Unsure(names, sum(entry.count if isinstance(entry, Unsure) else 1 for entry in gone))
        self.entries[place:] = [whole]
        self.opened[place:] = [self.clock]
        for name in names:
            self._names[name] = self._names.get(name, 0) + 1
        self._unsure += whole.count - 1

    def _loosen(self, entries: Iterable[bytes | Unsure]) -> None:
        for entry in entries:
            if isinstance(entry, bytes) and entry in rules.FORMATTING:
                self.loose.add(entry, self.clock)
