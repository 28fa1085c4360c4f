"""The text that a person sees on a page, cut into lines as a browser would lay them out."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.place import ancestors
from gateway.labels.signs import LONGEST_LINE

# Elements whose text nobody sees, or that is not the page's own (WHATWG HTML, section 15.3.1, and raw text elements).
UNSEEN: Final = frozenset(
    {
        *("script", "style", "noscript", "template", "title", "textarea", "xmp", "plaintext", "iframe", "noembed"),
        *("noframes", "object", "audio", "video", "canvas", "select", "datalist", "pre", "code"),
    }
)
_INLINE: Final = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr", "text", "tspan"),
    }
)
_BREAKS: Final = frozenset({"br", "hr"})
MOST_PIECES: Final = 40  # of text on one side of a place
JOINT: Final = "\x1f"  # between two pieces of text; counts as a space


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text around one place. `at` is that place in `text`; `block` is the element that makes the line."""

    text: str
    at: int
    block: LexborNode
    pieces: tuple[LexborNode, ...]
    starts: tuple[int, ...]  # of each piece in `text`

    def element_of(self, start: int, end: int) -> LexborNode:
        """The innermost element that holds the characters from `start` to `end`."""
        one = self._parent_at(start)
        other = self._parent_at(max(start, end - 1))
        holding = {here.mem_id for here in ancestors(other)}
        return next((here for here in ancestors(one) if here.mem_id in holding), self.block)

    def _parent_at(self, place: int) -> LexborNode:
        piece = self.pieces[max(0, bisect_right(self.starts, place) - 1)]
        return piece.parent or self.block


class VisibleText:
    """The text of a tree's body, in order. What nobody sees is in `text` too: `line_at` leaves it out."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        nodes = tree.body.traverse(include_text=True, skip_empty=True) if tree.body is not None else ()
        self._nodes = [node for node in nodes if node.is_text_node]
        pieces = [node.text_content or "" for node in self._nodes]
        self.text = JOINT.join(pieces)
        self._starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))[:-1]

    def line_at(self, place: int) -> Line | None:
        """The line around the character at `place` of `text`, cut to what is near; None when nobody sees it."""
        middle = bisect_right(self._starts, place) - 1
        block = _block(self._nodes[middle])
        if block is None or any(here.tag in UNSEEN for here in ancestors(block)):
            return None
        first, last = middle, middle + 1
        nearest, farthest = place - LONGEST_LINE // 2, place + LONGEST_LINE // 2
        while first > 0 and middle - first < MOST_PIECES and self._starts[first] > nearest and self._same(first, block):
            first -= 1
        while (
            last < len(self._nodes)
            and last - middle < MOST_PIECES
            and self._starts[last] < farthest
            and self._same(last, block)
        ):
            last += 1
        begin = max(self._starts[first], nearest)
        end = self._starts[last] - 1 if last < len(self._nodes) else len(self.text)
        return Line(
            text=self.text[begin : min(end, farthest)],
            at=place - begin,
            block=block,
            pieces=tuple(self._nodes[first:last]),
            starts=tuple(start - begin for start in self._starts[first:last]),
        )

    def _same(self, piece: int, block: LexborNode) -> bool:
        """Whether a piece and the one before it stand on one line of `block`."""
        one, other = _block(self._nodes[piece - 1]), _block(self._nodes[piece])
        if one is None or other is None or not one.mem_id == other.mem_id == block.mem_id:
            return False
        return not _is_broken_before(self._nodes[piece], block)


def _block(node: LexborNode) -> LexborNode | None:
    """The nearest ancestor that is laid out as a block."""
    parent = node.parent
    return next((here for here in ancestors(parent) if here.tag not in _INLINE), None) if parent is not None else None


def _is_broken_before(node: LexborNode, block: LexborNode) -> bool:
    """Whether a br or hr stands between a piece of text and the one before it."""
    here: LexborNode | None = node
    while here is not None and here.mem_id != block.mem_id:
        before = here.prev
        while before is not None and before.is_element_node and before.first_child is None:
            if before.tag in _BREAKS:
                return True
            before = before.prev
        if before is not None and not before.is_comment_node:
            return False
        here = here.parent
    return False
