"""Answers for texts that a document repeats: a catalogue states the same few ages for thousands of items."""

from collections.abc import Callable
from typing import Final

from gateway.labels.work import Work

MOST_DIFFERENT: Final = 500
_LOOKS_EACH: Final = 15
_CHARACTERS_A_LOOK: Final = 16


class TooManyDifferent(Exception):  # noqa: N818 - names what was found
    """More different texts than any document needs; the message is a sentence."""


class Repeats[Answer]:
    """Asks `ask` once for each combination of texts, and for MOST_DIFFERENT combinations at most.

    `work`: what each combination is charged to.
    """

    def __init__(self, ask: Callable[..., Answer], work: Work | None = None) -> None:
        self._ask = ask
        self._work = work or Work()
        self._known: dict[tuple[str, ...], Answer] = {}

    def answer(self, *texts: str) -> tuple[Answer, bool]:
        """What `ask` says to `texts`, and whether they were there before. Raises TooManyDifferent, TooMuchWork."""
        if texts in self._known:
            return self._known[texts], True
        if len(self._known) >= MOST_DIFFERENT:
            raise TooManyDifferent(f"there are more than {MOST_DIFFERENT} different ratings")
        self._work.charge(_LOOKS_EACH + sum(map(len, texts)) // _CHARACTERS_A_LOOK)
        answer = self._known[texts] = self._ask(*texts)
        return answer, False
