"""The text that a person sees on a page, cut into lines as a browser would lay them out."""

from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.invisible import without_invisible
from gateway.labels.pieces import JOINT, Pieces
from gateway.labels.place import MOST_ANCESTORS, UNSEEN, ancestors
from gateway.labels.signs import LONGEST_LINE
from gateway.labels.text_nodes import TextNodes
from gateway.labels.work import Work

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
_BETWEEN: Final = "\0"  # in no text of a tree: the parser drops or replaces it (WHATWG HTML, 13.2.5 and 13.2.6)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text around one place. `at` is that place in `text`; `block` is the element that makes the line."""

    text: str
    at: int
    block: LexborNode
    begin: int  # where `text` begins in the text of the page
    until: int  # a place of the same piece of text before this has the same line
    whole: "VisibleText"

    def element_of(self, start: int, end: int) -> LexborNode:
        """The innermost element that holds the characters from `start` to `end`."""
        first, last = self.begin + start, self.begin + max(start, end - 1)
        one, other = self.whole.piece_at(first), self.whole.piece_at(last)
        inner = self.whole.parent_of(one) or self.block
        return inner if one == other else _common(inner, self.whole.parent_of(other) or self.block)


def visible_text(tree: LexborHTMLParser, work: Work, *, has_invisible: bool = True) -> "VisibleText":
    """The text of the body. `has_invisible`: whether characters that nobody sees may be in it."""
    text = tree.body.text(separator=_BETWEEN, skip_empty=True) if tree.body is not None else ""
    if has_invisible:
        text = without_invisible(text)  # all at once: what stands between pieces is no part of a word
    text = text.replace(JOINT, " ").replace(_BETWEEN, JOINT)
    return VisibleText(text, TextNodes(tree.body, text.count(JOINT) + 1 if text else 0, work), work)


def _common(one: LexborNode, other: LexborNode) -> LexborNode:
    """The innermost element that holds both; it costs no more steps than elements stand between it and them."""
    seen = {one.mem_id: one, other.mem_id: other}
    ways = [iter(ancestors(one)), iter(ancestors(other))]
    next(ways[0], None), next(ways[1], None)
    if len(seen) == 1:
        return one
    while ways:
        for way in list(ways):
            here = next(way, None)
            if here is None:
                ways.remove(way)
            elif here.mem_id in seen:
                return here
            else:
                seen[here.mem_id] = here
    return one


class VisibleText:
    """The text of a tree's body, in order; what stands in elements that nobody sees, such as scripts, is in it too."""

    def __init__(self, text: str, nodes: TextNodes | list[LexborNode], work: Work) -> None:
        """`text`: of the `nodes`, with a `JOINT` between two of them."""
        self._work = work
        self.text = text
        self._pieces = Pieces(text)
        self._nodes = nodes
        self._blocks: dict[int, LexborNode | None] = {}  # of each element that text stands in
        self._block_at: dict[int, LexborNode | None] = {}  # of each piece that was asked for
        self._run = (0, 0)  # the pieces of the line that was looked at last, within its stretch
        self._run_stretch = -1

    def is_seen(self, place: int) -> bool:
        """Whether there is a line around the character at `place` of `text`."""
        block = self._block_of(self.piece_at(place))
        return block is not None and block.tag not in UNSEEN

    def is_apart(self, place: int) -> bool:
        """Whether the line around the character at `place` of `text` begins and ends near, and not with the text."""
        middle = self.piece_at(place)
        first, last = self._run_of(middle)
        return 0 < first > middle - STRETCH and last < middle + STRETCH

    def is_within(self, place: int, tag: str) -> bool:
        """Whether the character at `place` of `text` stands in such an element; True also where it stands too deep."""
        parent = self.parent_of(self.piece_at(place))
        around = list(ancestors(parent)) if parent is not None else []
        self._work.charge(len(around) // 4)
        return len(around) == MOST_ANCESTORS or any(here.tag == tag for here in around)

    def line_at(self, place: int) -> Line | None:
        """The line around the character at `place` of `text`, cut to what is near; None in a script and its kind."""
        self._work.charge(2)
        middle = self.piece_at(place)
        block = self._block_of(middle)
        if block is None or block.tag in UNSEEN:
            return None
        first, last = self._run_of(middle)
        begin = self._pieces.start_of(first)
        end = self._pieces.start_of(last) - 1 if last < len(self._nodes) else len(self.text)
        # Cut by steps, not around the place, so that the next place of a long line is in the same cut.
        step = begin + (place - begin) // STEP * STEP
        begin = max(begin, step - STEP // 2)
        return Line(
            text=self.text[begin : min(end, begin + LONGEST_LINE)],
            at=place - begin,
            block=block,
            begin=begin,
            until=step + STEP,
            whole=self,
        )

    def piece_at(self, place: int) -> int:
        """The number of the piece of text that the character at `place` of `text` is in."""
        return self._pieces.number_at(place)

    def parent_of(self, piece: int) -> LexborNode | None:
        """The element that a piece of text stands in."""
        return self._nodes[piece].parent

    def _run_of(self, middle: int) -> tuple[int, int]:
        """The pieces that stand on one line with this one, from the stretch before its own to the one after."""
        stretch = middle // STRETCH
        first, last = self._run
        if stretch == self._run_stretch and first <= middle < last:
            return self._run
        first, last = middle, middle + 1
        while first > max(0, (stretch - 1) * STRETCH) and self._is_joined(first):
            first -= 1
        while last < min(len(self._nodes), (stretch + 2) * STRETCH) and self._is_joined(last):
            last += 1
        self._work.charge(3 * (last - first) // 2)
        self._run, self._run_stretch = (first, last), stretch
        return first, last

    def _is_joined(self, piece: int) -> bool:
        """Whether a piece and the one before it stand on one line: in one block, with no br or hr between them."""
        one, other = self._block_of(piece - 1), self._block_of(piece)
        if one is None or other is None or one.mem_id != other.mem_id:
            return False
        return not self._is_broken_before(self._nodes[piece], other)

    def _block_of(self, piece: int) -> LexborNode | None:
        """The nearest ancestor of a piece that is laid out as a block."""
        if piece not in self._block_at:
            self._block_at[piece] = self._find_block(self._nodes[piece].parent)
        return self._block_at[piece]

    def _find_block(self, here: LexborNode | None) -> LexborNode | None:
        inside: list[int] = []
        block: LexborNode | None = None
        while here is not None and here.is_element_node:
            number = here.mem_id
            if number in self._blocks:
                block = self._blocks[number]
                break
            inside.append(number)
            if here.tag not in _INLINE:
                block = here
                break
            here = here.parent
        self._work.charge(len(inside) // 2)
        for number in inside:
            self._blocks[number] = block
        return block

    def _is_broken_before(self, node: LexborNode, block: LexborNode) -> bool:
        """Whether a br or hr stands between a piece of text and the one before it."""
        here: LexborNode | None = node
        for _ in range(MOST_STEPS):
            self._work.left -= 1
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
