"""What a reader of labels is: a name, how much of a page it has to see, and what it finds there.

A new carrier is a module `from_….py` with a class of these two methods, and its line in `gateway.labels.read.READERS`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.document.document import UnreadableReason
from gateway.labels.label import Label
from gateway.labels.page import Page

MOST_NOTES: Final = 50
"""So many notes of a response are kept."""

EVERYTHING: Final = 1 << 62
"""A reach past the end of every page."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for a person: what was seen and not taken for a label."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding about the labels themselves, in one hyphenated word: "sign-form", "sign-language"."""

    word: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A structure that must not be guessed at: the whole reading becomes unreadable."""

    reason: UnreadableReason
    sentence: str


type Found = Label | Note | Flag | Blocked


class Room:
    """How many more notes somebody reads: a reader that may have thousands asks before it writes the next."""

    def __init__(self) -> None:
        self._left = MOST_NOTES

    def take(self) -> bool:
        """Whether there is room for one more, which is then used."""
        self._left -= 1
        return self._left >= 0


class Reader(Protocol):
    """One family of carriers."""

    @property
    def name(self) -> str:
        """The carrier as labels name it, e.g. "meta"."""

    def reach(self, page: Page) -> int | None:
        """How far into `page.source` (bytes) the reader must see the page as a tree; a cheap look at the raw bytes.

        None: nothing here for this reader. 0: it needs no tree. EVERYTHING: the whole page.
        """

    def find(self, page: Page) -> Iterator[Found]:
        """Everything that the carrier says, in the page's order. Called only when `reach` is not None.

        Whatever it raises is caught by the caller and makes the reading unreadable: nothing is silently less.
        """
