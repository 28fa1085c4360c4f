"""Byte patterns that are looked for in one pass, however many they are: hyperscan reads some gigabytes a second.

To look for each word by itself takes as long for one as hyperscan takes for fifty.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import hyperscan

type Match = tuple[int, int]
"""The number of a pattern and the place where what it fits ends."""

_FLAGS: Final = hyperscan.HS_FLAG_DOTALL


class ByteSearch:
    """Patterns, compiled when something is looked through for the first time: that takes some milliseconds.

    While it reads, the interpreter's lock is let go of, and taken again for each match: where another thread computes,
    a match may wait for it. So matches must be few.
    """

    def __init__(self, patterns: Sequence[bytes], *, once: bool = False) -> None:
        """`patterns`: as Python writes them, but without a look around. `once`: of each, only the first end is told."""
        self._patterns = tuple(patterns)
        self._flags = _FLAGS | hyperscan.HS_FLAG_SINGLEMATCH if once else _FLAGS
        self._free: list[hyperscan.Scratch] = []  # no two threads may use one at the same time

    def matches_in(self, text: bytes, most: int) -> list[Match] | None:
        """What fits a pattern, in any order and with each of its ends; None where there are more than `most`."""
        found: list[Match] = []

        def keep(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            found.append((number, end))
            return len(found) > most  # true is the word to stop

        database = self._database
        try:
            scratch = self._free.pop()
        except IndexError:
            scratch = hyperscan.Scratch(database)
        try:
            database.scan(text, match_event_handler=keep, scratch=scratch)
        except hyperscan.ScanTerminated:
            return None
        finally:
            self._free.append(scratch)
        return found

    @cached_property
    def _database(self) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        count = len(self._patterns)
        database.compile(expressions=self._patterns, ids=range(count), elements=count, flags=[self._flags] * count)
        return database
