"""Formatting elements that were closed by something else than their own end tag: a parser opens them again.

That is so before the next text, as far back as the last marker: a cell, a caption, an object or a template keeps what
is outside from what is inside (WHATWG HTML, 13.2.4.3).
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from gateway.document.parse_limits import nodes_to_copy

_ALIKE: Final = 3  # elements of one name with the same attributes are opened again so often at most


@dataclass(slots=True)
class _Level:
    """What became loose since a marker. `listed`: as far as the parser keeps it to be opened again."""

    all: Counter[bytes] = field(default_factory=Counter)
    listed: Counter[bytes] = field(default_factory=Counter)


class LooseFormatting:
    """`count`: so many may be open at a time. `returning`: so many one text may open again.

    `dearest`: how many plain elements are as dear as a copy of any that was met, with its attributes.
    """

    def __init__(self) -> None:
        self.count = 0
        self.returning = 0
        self.dearest = 1
        self.is_mixed = False  # whether a marker may have outlived its element; the levels are then no longer known
        self._levels = [_Level()]
        self._kinds: dict[bytes, set[bytes]] = {}  # the different start tags of a name
        self._last: dict[bytes, int] = {}
        self._last_mixed = -1

    def meet(self, name: bytes, tag: bytes) -> None:
        """Take note of a start tag."""
        kinds = self._kinds.setdefault(name, set())
        if tag not in kinds:
            kinds.add(tag)
            self.dearest = max(self.dearest, nodes_to_copy(tag))

    def add(self, name: bytes, moment: int) -> None:
        """An element of this name became loose."""
        level = self._levels[-1]
        self._last[name] = moment
        if name == b"a" and level.all[name] and not self.is_mixed:
            return  # 13.2.6.4.7: there is one link at most
        level.all[name] += 1
        self.count += 1
        if self.is_mixed or level.listed[name] < _ALIKE * len(self._kinds[name]):
            level.listed[name] += 1
            self.returning += 1

    def has(self, name: bytes) -> bool:
        """Whether an element of this name may be loose here."""
        return any(level.all[name] for level in (self._levels if self.is_mixed else self._levels[-1:]))

    def is_settled(self, name: bytes, moment: int) -> bool:
        """Whether an element of this name that came at `moment` is the one that its end tag means.

        Not if another became loose after it, nor if a marker may stand between.
        """
        return self._last.get(name, -1) < moment and self._last_mixed < moment

    def end_links(self) -> None:
        """The start tag of a link does away with the link before it."""
        if not self.is_mixed:
            level = self._levels[-1]
            self.count -= level.all.pop(b"a", 0)
            self.returning -= level.listed.pop(b"a", 0)

    def begin_level(self) -> None:
        self._levels.append(_Level())

    def end_level(self) -> None:
        """The last marker went with its element, and what was loose since."""
        level = self._levels.pop()
        self.count -= level.all.total()
        self.returning -= level.listed.total()

    def mix(self, levels: int, moment: int) -> None:
        """The elements of the last `levels` markers went, but perhaps not the markers."""
        self.is_mixed = True
        self._last_mixed = moment
        for _ in range(levels):
            inner = self._levels.pop()
            self._levels[-1].all.update(inner.all)
            self._levels[-1].listed.update(inner.listed)
