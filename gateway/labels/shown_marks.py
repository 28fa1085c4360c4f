"""Where the marks of a page stand, told by counting pluses in its source and in its text: most pages have few.

A plus of the source stands in the text, or else in an attribute, in the head or in a comment; the parser makes no more
of them. Told is so of a source without words of warnings, with no mark that has no plus, and with nothing spelt by
a reference or parted by a character that nobody sees.
"""

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.pieces import JOINT
from gateway.labels.text_nodes import pieces_backward
from gateway.labels.visible_text import VisibleText
from gateway.labels.work import TooMuchWork, Work

_MOST_MARKS: Final = 8
_MOST_OF_END: Final = 48  # pieces of text
_BEFORE: Final = 6  # pieces that are looked at before the first with a mark
_STEPS_TO_END: Final = 200  # at most, over elements and pieces


class WrittenMarks:
    """Where the pluses of such a source stand: looked for once, because a page is long."""

    def __init__(self, written: str) -> None:
        self.places = _pluses(written)
        are_few = 0 < len(self.places) <= _MOST_MARKS
        self.are_at_end = are_few and self.places[0] >= len(written) * 3 // 4


def are_all_shown(written: WrittenMarks, visible: VisibleText) -> bool:
    """Whether all marks are in the text, and in no title of a drawing, so that no attribute has one.

    False where there are too many to be told.
    """
    places = _pluses(visible.text)
    is_told = len(places) == len(written.places) <= _MOST_MARKS
    return is_told and not any(visible.is_within(place, "title") for place in places)


def _pluses(text: str) -> list[int]:
    """The places of the pluses, as far as they are few."""
    places: list[int] = []
    place = text.find("+")
    while place >= 0 and len(places) <= _MOST_MARKS:
        places.append(place)
        place = text.find("+", place + 1)
    return places


def end_of_text(tree: LexborHTMLParser, written: WrittenMarks, work: Work) -> VisibleText | None:
    """The text of the end of the body, if all marks stand there and all of their lines: so it is with most signs."""
    if not written.are_at_end:
        return None
    count = len(written.places)
    end = VisibleText(*_pieces_of_end(tree, count), work)
    places = _pluses(end.text)
    return end if len(places) == count and all(map(end.is_apart, places)) else None


def _pieces_of_end(tree: LexborHTMLParser, count: int) -> tuple[str, list[LexborNode]]:
    """The last pieces of text, so far back that `count` marks stand in them; fewer where that is far."""
    nodes: list[LexborNode] = []
    pieces: list[str] = []
    most = _MOST_OF_END
    try:
        for node in pieces_backward(tree.body, Work(_STEPS_TO_END)):
            nodes.append(node)
            pieces.append((node.text_content or "").replace(JOINT, " "))
            if "+" in pieces[-1]:
                count -= pieces[-1].count("+")
                most = min(most, len(nodes) + _BEFORE) if not count else most
            if len(nodes) >= most:
                break
    except TooMuchWork:
        pass
    return JOINT.join(reversed(pieces)), nodes[::-1]
