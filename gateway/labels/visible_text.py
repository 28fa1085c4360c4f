"""The text that a person sees on a page, cut into lines as a browser would lay them out."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.invisible import has_invisible, without_invisible
from gateway.labels.place import UNSEEN, ancestors
from gateway.labels.signs import LONGEST_LINE

_INLINE: Final = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr", "text", "tspan"),
    }
)
_BREAKS: Final = frozenset({"br", "hr"})
STRETCH: Final = 40  # pieces of text; a long line is looked at in stretches of so many, with their neighbours
MOST_STEPS: Final = 30  # over empty elements, back to the piece of text before
STEP: Final = LONGEST_LINE // 2
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
    """The text of a tree's body, in order; what stands in elements that nobody sees, such as scripts, is in it too."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        nodes = tree.body.traverse(include_text=True, skip_empty=True) if tree.body is not None else ()
        self._nodes = [node for node in nodes if node.is_text_node]
        pieces = [node.text_content or "" for node in self._nodes]
        self.text = JOINT.join(pieces)
        if has_invisible(self.text):
            pieces = [without_invisible(piece) for piece in pieces]
            self.text = JOINT.join(pieces)
        self._starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))[:-1]
        self._blocks: dict[int, LexborNode | None] = {}
        self._joined: dict[int, bool] = {}

    def line_at(self, place: int) -> Line | None:
        """The line around the character at `place` of `text`, cut to what is near; None in a script and its kind."""
        middle = bisect_right(self._starts, place) - 1
        block = self._block_of(middle)
        if block is None or block.tag in UNSEEN:
            return None
        first, last = middle, middle + 1
        stretch = middle // STRETCH
        while first > max(0, (stretch - 1) * STRETCH) and self._is_joined(first):
            first -= 1
        while last < min(len(self._nodes), (stretch + 2) * STRETCH) and self._is_joined(last):
            last += 1
        begin = self._starts[first]
        end = self._starts[last] - 1 if last < len(self._nodes) else len(self.text)
        # Cut by steps, not around the place, so that the next place of a long line is in the same cut.
        begin = max(begin, begin + (place - begin) // STEP * STEP - STEP // 2)
        return Line(
            text=self.text[begin : min(end, begin + LONGEST_LINE)],
            at=place - begin,
            block=block,
            pieces=tuple(self._nodes[first:last]),
            starts=tuple(start - begin for start in self._starts[first:last]),
        )

    def _is_joined(self, piece: int) -> bool:
        """Whether a piece and the one before it stand on one line: in one block, with no br or hr between them."""
        known = self._joined.get(piece)
        if known is None:
            one, other = self._block_of(piece - 1), self._block_of(piece)
            same = one is not None and other is not None and one.mem_id == other.mem_id
            known = same and other is not None and not _is_broken_before(self._nodes[piece], other)
            self._joined[piece] = known
        return known

    def _block_of(self, piece: int) -> LexborNode | None:
        """The nearest ancestor of a piece that is laid out as a block."""
        if piece not in self._blocks:
            parent = self._nodes[piece].parent
            inside = ancestors(parent) if parent is not None else ()
            self._blocks[piece] = next((here for here in inside if here.tag not in _INLINE), None)
        return self._blocks[piece]


def _is_broken_before(node: LexborNode, block: LexborNode) -> bool:
    """Whether a br or hr stands between a piece of text and the one before it."""
    here: LexborNode | None = node
    for _ in range(MOST_STEPS):
        if here is None or here.mem_id == block.mem_id:
            return False
        before = here.prev
        if before is None:
            here = here.parent
        elif before.tag in _BREAKS:
            return True
        elif before.is_comment_node or (before.is_element_node and before.first_child is None):
            here = before  # nothing to be seen: what stands before it counts
        else:
            return False
    return False
