"""How much work a page may make for the readers of labels: a budget, counted in looks and not in time.

A look is about a microsecond on a slow machine. The same page takes the same number of looks on every machine, however
its bytes come in. Whatever walks through the page charges what it walked: ancestors, siblings, texts, selectors. What
takes no longer than some passes over the bytes is not charged.
"""

from collections.abc import Callable
from typing import Final

LOOKS_A_BYTE: Final = 0.52
LEAST_LOOKS: Final = 52_000  # a page of 100 kB has as many; smaller ones too
_ENDLESS: Final = 1 << 62
_TAGS_A_LOOK: Final = 40  # of a search with a plain selector


class TooMuchWork(Exception):  # noqa: N818 - names what was found
    """The page takes more looks than a page of its size may; the message is a sentence."""


class Work:
    """The budget of one page, parser and readers together.

    `left`: so many looks are left, or more, where a charge is only known to be that much at most.
    """

    __slots__ = ("_unsettled", "left", "most", "tags")

    def __init__(self, most: int = _ENDLESS, tags: int = 0) -> None:
        """`most`: looks. `tags`: about so many elements are come by in a search through all of the page."""
        self.most = most
        self.left = most
        self.tags = tags
        self._unsettled: list[tuple[int, Callable[[], int]]] = []

    @property
    def used(self) -> int:
        """How many looks were taken."""
        self._settle()
        return self.most - self.left

    def charge(self, looks: int) -> None:
        """Take looks. Raises TooMuchWork when they are used up, and then at every later call too."""
        self.left -= looks
        if self.left < 0:
            self._settle()
        if self.left < 0:
            raise TooMuchWork(f"the page takes more than {self.most} looks to read")

    def charge_at_most(self, looks: int, really: Callable[[], int]) -> None:
        """Take looks of which only an upper limit is known: `really`, which is dear, is asked if it comes to that."""
        self._unsettled.append((looks, really))
        self.charge(looks)

    def _settle(self) -> None:
        """Give back what was charged too much."""
        unsettled, self._unsettled = self._unsettled, []
        for looks, really in unsettled:
            self.left += looks - really()

    def charge_search(self, found: int) -> None:
        """Take the looks of a search through all of the page that found so many elements. Raises TooMuchWork."""
        self.charge(1 + self.tags // _TAGS_A_LOOK + found // 4)


def work_of(source: bytes) -> Work:
    """The budget of the page `source`; how many tags it has is known when it is parsed."""
    return Work(max(LEAST_LOOKS, int(LOOKS_A_BYTE * len(source))))
