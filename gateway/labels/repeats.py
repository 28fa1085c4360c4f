"""Answers for texts that a document repeats: a catalogue states the same few ages for thousands of items."""

from collections.abc import Callable
from typing import Final

MOST_DIFFERENT: Final = 500


class TooManyDifferent(Exception):  # noqa: N818 - names what was found
    """More different texts than any document needs; the message is a sentence."""


class Repeats[Answer]:
    """Asks `ask` once for each combination of texts, and for MOST_DIFFERENT combinations at most."""

    def __init__(self, ask: Callable[..., Answer]) -> None:
        self._ask = ask
        self._known: dict[tuple[str, ...], Answer] = {}

    def answer(self, *texts: str) -> tuple[Answer, bool]:
        """What `ask` says to `texts`, and whether they were there before. Raises TooManyDifferent."""
        if texts in self._known:
            return self._known[texts], True
        if len(self._known) >= MOST_DIFFERENT:
            raise TooManyDifferent(f"there are more than {MOST_DIFFERENT} different ratings")
        answer = self._known[texts] = self._ask(*texts)
        return answer, False
