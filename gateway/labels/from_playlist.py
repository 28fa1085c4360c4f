"""Hints in IPTV playlists (m3u): a group called "XXX", censored="1", a code that parents set.

Nothing of this is standardised, so all of it is a hint (trust D) and rates nothing alone; which words are hints is
in policies/scales/playlist.yaml. Sources: forms found in public playlists. RFC 8216 (HLS) has no rating tag.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import Found, Note
from gateway.labels.repeats import Repeats, TooManyDifferent
from gateway.labels.scales import Mark, Scales

LONGEST_LINE: Final = 4_000  # characters of one line that are looked at
MOST_PIECES: Final = 8  # of a group's name

_BEGINNING: Final = b"#EXTM3U"
_ENTRY: Final = "#EXTINF"
_GROUP: Final = "#EXTGRP:"
_ATTRIBUTE: Final = re.compile(r"(?<![A-Za-z-])([A-Za-z][A-Za-z-]{0,40}+)=\"([^\"]{0,200})\"")
_TRUE: Final = frozenset({"1", "true", "yes"})
# "VIP | XXX", "Adults: 18+", "XXX - Movies": the pieces of a group's name.
_SEPARATOR: Final = re.compile(r"\s[-–—]\s|[|/:;,•·]")
_HINTS: Final = frozenset({"group-title", "censored", "parent-code"})
_SCALE: Final = "playlist"


class PlaylistReader:
    name = "playlist"

    def reach(self, page: Page) -> int | None:
        if page.document is None:
            return None
        return 0 if page.document.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_BEGINNING) else None

    def find(self, page: Page) -> Iterator[Found]:
        document = page.document
        if document is not None:
            text = document.text if document.text is not None else document.body.decode("utf-8", "replace")
            yield from limited(self._hints(text, page.data.scales))

    def _hints(self, text: str, scales: Scales) -> Iterator[Found | Part]:
        repeats = Repeats(lambda name, value: _hint(name, value, scales))
        try:
            yield from self._in_lines(text, repeats)
        except TooManyDifferent as refused:
            yield Note(f"the rest of the playlist is not looked at: {refused}")  # it holds nothing but hints

    def _in_lines(self, text: str, repeats: Repeats[Mark | None]) -> Iterator[Part]:
        for number, whole in enumerate(text.split("\n"), 1):
            line = whole[:LONGEST_LINE].strip()
            if line.startswith(_ENTRY):
                said = [(name.casefold(), value.strip()) for name, value in _ATTRIBUTE.findall(line)]
            elif line.startswith(_GROUP):
                said = [("group-title", line.removeprefix(_GROUP).strip())]
            else:
                continue
            marks = (repeats.answer(name, value)[0] for name, value in said if name in _HINTS)
            mark = next((mark for mark in marks if mark is not None), None)
            if mark is not None:
                yield Part(mark, Trust.D, partial(self._label, mark, line, number))

    def _label(self, mark: Mark, line: str, number: int) -> Label:
        return label_of(
            mark,
            scope=Scope.PART,
            trust=Trust.D,
            carrier=self.name,
            raw=line[:300],
            place=f"line {number}",
            part=f"line {number}",
        )


def _hint(name: str, value: str, scales: Scales) -> Mark | None:
    """What one attribute of an entry hints at."""
    if name == "group-title":
        return _group(value, scales)
    said = value.casefold() in _TRUE if name == "censored" else bool(value)
    return scales.find(name, scale=_SCALE) if said else None


def _group(title: str, scales: Scales) -> Mark | None:
    """A group for adults: a piece of its name that is made of such words and nothing else ("Adult Swim" is not)."""
    for piece in _SEPARATOR.split(title)[:MOST_PIECES]:
        if whole := scales.find(piece, scale=_SCALE):
            return whole
        words = piece.split()[:MOST_PIECES]
        first = scales.find(words[0], scale=_SCALE) if words else None
        if first and all(scales.find(word, scale=_SCALE) for word in words[1:]):
            return first
    return None
