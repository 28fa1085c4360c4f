"""The stack of open elements, as far as it is known (WHATWG HTML, 13.2.4.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.document import tag_rules as rules
from gateway.document.loose_formatting import LooseFormatting
from gateway.document.tag_rules import Names, Rule

_NONE: Final[Names] = frozenset()
SLOW: Final = 12  # looks at a name take so long as what is done to several entries at once, however few they are
_NEAR: Final = 8  # entries that are looked at one by one, before it is looked up where a name stands
_TAKE_MARKER: Final = rules.CELLS | {b"caption"}  # their markers go with them, however they are closed (13.2.6.4.15)


@dataclass(frozen=True, slots=True, eq=False)
class Unsure:
    """Up to `count` elements of these names, each of them open or not."""

    names: frozenset[bytes]
    count: int


class OpenStack:
    """Names of elements from the outermost on, or `Unsure` ones; `opened`: when each came, by `clock`.

    `loose`: formatting that may stand anywhere between them. `walked`: how many names and unsure entries were looked
    at, past the few that each tag looks at, or could have been in the time that was taken. Where each name stands is
    kept, so that a deep stack takes no longer.
    """

    def __init__(self) -> None:
        self.entries: list[bytes | Unsure] = []
        self.opened: list[int] = []
        self.clock = 0
        self.loose = LooseFormatting()
        self.walked = 0
        self._places: dict[bytes, list[int]] = {}  # where the entries of a name are, those that are sure
        self._unsure_places: list[int] = []
        self._unsure_names: dict[bytes, int] = {}  # how many unsure entries may be of a name
        self.unsure = 0  # elements that unsure entries stand for, past one each

    def count(self, name: bytes) -> int:
        """How many entries may be of this name."""
        sure = self._places.get(name)
        unsure = self._unsure_names.get(name, 0) if self._unsure_places else 0
        return len(sure) + unsure if sure else unsure

    @property
    def last(self) -> bytes:
        """The innermost element; nothing when it is unsure."""
        entry = self.entries[-1] if self.entries else b""
        return entry if isinstance(entry, bytes) else b""

    def ends_with(self, name: bytes) -> bool:
        return bool(self.entries) and self.entries[-1] == name

    def may_be_unsure(self, names: Iterable[bytes]) -> bool:
        """Whether an unsure entry may be of one of these names."""
        return bool(self._unsure_places) and any(map(self._unsure_names.get, names))

    def close(self, rule: Rule) -> bool:
        """Close what the rule says, with all inside it, if that is certain."""
        place = self.find(rule) if self.last in rule[0] or self.may_have(rule[0]) else None
        if place is None:
            return False
        self.pop(place, by_end=True)
        return True

    def find(self, rule: Rule) -> int | None:
        """The nearest target above every limit. In doubt None, and all that may be closed becomes unsure."""
        if self.last in rule[0]:
            self.walked += SLOW // 2
            return len(self.entries) - 1
        place, is_sure = self.look(rule)
        is_target = place >= 0 and self.entries[place] in rule[0]
        if not is_sure:
            self.blur(place if is_target else place + 1)
        return place if is_sure and is_target else None

    def look(self, rule: Rule) -> tuple[int, bool]:
        """The innermost sure target or limit (-1 for none), and whether no unsure entry inside may be one."""
        targets, limits = rule
        self.walked += SLOW // 2
        place = self.innermost(targets, limits)
        for unsure in reversed(self._unsure_places):
            if unsure < place:
                break
            self.walked += 1
            entry = self.entries[unsure]
            if isinstance(entry, Unsure) and not (entry.names.isdisjoint(targets) and entry.names.isdisjoint(limits)):
                return place, False
        return place, True

    def innermost(self, names: Names, others: Names = _NONE) -> int:
        """Where the innermost entry is that is surely of one of these names; -1 when there is none."""
        entries = self.entries
        place = len(entries)
        for entry in entries[: -_NEAR - 1 : -1]:
            place -= 1
            if entry in names or entry in others:
                return place
        if place == 0:
            return -1
        return max(
            (places[-1] for some in (names, others) for name in some if (places := self._places.get(name))), default=-1
        )

    def may_have(self, names: Iterable[bytes]) -> bool:
        """Whether any entry may be of one of these names."""
        return any(map(self._places.get, names)) or self.may_be_unsure(names)

    def push(self, name: bytes) -> None:
        if (places := self._places.get(name)) is None:
            places = self._places[name] = []
        places.append(len(self.entries))
        self.entries.append(name)
        self.opened.append(self.clock)
        if name in rules.MARKERS:
            self.loose.begin_level()

    def push_unsure(self, *names: bytes) -> None:
        """Elements that are open or not."""
        self.walked += SLOW
        for name in names:
            self.push(name)
        self.blur(len(self.entries) - len(names))

    def _forget(self, gone: Iterable[bytes | Unsure]) -> None:
        """Entries that are no longer there, from the outermost on: nothing is left that stood inside them."""
        for entry in gone:
            if isinstance(entry, Unsure):
                self.unsure -= entry.count - 1
                self._unsure_places.pop()
                self.walked += len(entry.names)
                for name in entry.names:
                    self._unsure_names[name] -= 1
            else:
                self._places[entry].pop()

    def pop_last(self, name: bytes) -> None:
        """Close the innermost element, called `name`, by its own end tag."""
        self.entries.pop()
        self.opened.pop()
        self._places[name].pop()
        if name in rules.MARKERS:
            if self.loose.is_mixed:
                self.loose.mix(1, self.clock)
            else:
                self.loose.end_level()

    def pop(self, place: int, *, itself: bool = True, by_end: bool = False) -> None:
        """Close everything from `place` on. Formatting in it becomes loose, unless it goes with a marker around it.

        `itself`: whether that holds for the element at `place` too, and not only for what is inside. `by_end`: whether
        that element is closed by its own end tag.
        """
        gone = self.entries[place:]
        del self.entries[place:], self.opened[place:]
        if len(gone) == 1 and isinstance(name := gone[0], bytes) and name not in rules.TOLD_APART:
            self._places[name].pop()
            return
        self.walked += SLOW
        if not (self._unsure_places and self._unsure_places[-1] >= place) and rules.MARKERS.isdisjoint(gone):
            self._loosen(gone if itself else gone[1:])
            self._forget(gone)
            return
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
        self._forget(gone)

    def blur(self, place: int) -> None:
        """What stands from `place` on may be open or not."""
        if place >= len(self.entries) or (place == len(self.entries) - 1 and isinstance(self.entries[place], Unsure)):
            return
        if place > 0 and isinstance(self.entries[place - 1], Unsure):
            place -= 1
        self.walked += 2 * SLOW
        gone = self.entries[place:]
        sure = [entry for entry in gone if isinstance(entry, bytes)]
        if not rules.MARKERS.isdisjoint(sure):
            self.loose.mix(sum(entry in rules.MARKERS for entry in sure), self.clock)
        self._loosen(sure)
        outer = gone[0]
        if isinstance(outer, Unsure) and len(sure) == len(gone) - 1 and outer.names.issuperset(sure):
            self._widen(place, outer, sure)
        else:
            self._merge(place, gone)

    def _widen(self, place: int, outer: Unsure, sure: list[bytes]) -> None:
        """Let an unsure entry stand for the sure ones inside it too, whose names it has: as `_merge`, but cheaper."""
        for name in sure:
            self._places[name].pop()
        self.entries[place:] = [Unsure(outer.names, outer.count + len(sure))]
        self.opened[place:] = [self.clock]
        self.unsure += len(sure)

    def _merge(self, place: int, gone: list[bytes | Unsure]) -> None:
        """Let one unsure entry stand for all that is `gone`, from `place` on."""
        self._forget(gone)
        names: frozenset[bytes] = frozenset().union(
            *(entry.names if isinstance(entry, Unsure) else (entry,) for entry in gone)
        )
        whole = Unsure(names, sum(entry.count if isinstance(entry, Unsure) else 1 for entry in gone))
        self.entries[place:] = [whole]
        self.opened[place:] = [self.clock]
        self._unsure_places.append(place)
        for name in names:
            self._unsure_names[name] = self._unsure_names.get(name, 0) + 1
        self.unsure += whole.count - 1

    def _loosen(self, entries: Iterable[bytes | Unsure]) -> None:
        if rules.FORMATTING.isdisjoint(entries):
            return
        for entry in entries:
            if isinstance(entry, bytes) and entry in rules.FORMATTING:
                self.loose.add(entry, self.clock)
