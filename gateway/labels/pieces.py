"""The pieces of a text by their number: most pages have one sign, for which no list of a thousand pieces is made."""

from bisect import bisect_right
from itertools import accumulate
from operator import add
from typing import Final

JOINT: Final = "\x1f"  # between two pieces of text; counts as a space
_FEW: Final = 16  # questions, each of which is answered by a look through the text


class Pieces:
    """A text of pieces with a `JOINT` between two of them; `count`: how many there are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.count = text.count(JOINT) + 1 if text else 0
        self._asked = 0
        self._starts: list[int] | None = None

    def number_at(self, place: int) -> int:
        """The number of the piece that the character at `place` is in; of a joint, the one before it."""
        starts = self._starts_if_many()
        if starts is not None:
            return max(0, bisect_right(starts, place) - 1)
        if place <= len(self._text) // 2:
            return self._text.count(JOINT, 0, place)
        return max(0, self.count - 1 - self._text.count(JOINT, place))

    def start_of(self, number: int) -> int:
        """Where a piece begins."""
        starts = self._starts_if_many()
        if starts is not None:
            return starts[number]
        if number <= self.count // 2:
            return len(self._text) - len(self._text.split(JOINT, number)[-1])
        start = len(self._text) + 1
        for _ in range(self.count - number):
            start = self._text.rfind(JOINT, 0, start - 1) + 1
        return start

    def _starts_if_many(self) -> list[int] | None:
        """Where each piece begins, when there were enough questions."""
        self._asked += 1
        if self._starts is None and self._asked > _FEW:
            lengths = map(len, self._text.split(JOINT)[:-1])
            self._starts = list(map(add, accumulate(lengths, initial=0), range(self.count)))
        return self._starts
