"""The pieces of text of a page by their number, found from the nearer end: most signs stand in the frame of a page.

To make an object of each piece takes as long as to parse the page.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.work import Work

_FROM_END: Final = 500  # so many of the last pieces are found from the end
_AT_ONCE: Final = 64
_MOST_WRITTEN: Final = 64  # elements and pieces of text
_LONGEST_WRITTEN: Final = 4_000  # characters of them


class TextNodes:
    """The text nodes in `root`, those of nothing but space left out; `count`: how many there are."""

    def __init__(self, root: LexborNode | None, count: int, work: Work) -> None:
        self._count = count
        self._forward = _forward(root, work) if root is not None else iter(())
        self._backward = pieces_backward(root, work)
        self._first: list[LexborNode] = []
        self._last: list[LexborNode] = []  # from the end

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> LexborNode:
        """The node of one piece. Raises LookupError where there is none."""
        if not 0 <= number < self._count:
            raise IndexError(number)
        if number < len(self._first):
            return self._first[number]
        back = self._count - 1 - number
        if back < _FROM_END:
            return _grown(self._last, self._backward, back)
        return _grown(self._first, self._forward, number)


def _grown(known: list[LexborNode], others: Iterator[LexborNode], number: int) -> LexborNode:
    if len(known) <= number:
        known.extend(islice(others, number - len(known) + 1 + min(len(known), _AT_ONCE)))
    if len(known) <= number:
        raise LookupError("there are fewer pieces of text than were counted")
    return known[number]


def _forward(root: LexborNode, work: Work) -> Iterator[LexborNode]:
    for number, node in enumerate(root.traverse(include_text=True, skip_empty=True)):
        if not number % _AT_ONCE:
            work.charge(_AT_ONCE // 3)
        if node.is_text_node:
            yield node


def pieces_backward(root: LexborNode | None, work: Work) -> Iterator[LexborNode]:
    """The same text nodes from the end."""
    here = root
    while here is not None and root is not None:
        work.charge(1)
        inner = here.last_child
        if inner is None:
            if here.is_text_node and not here.is_empty_text_node:
                yield here
            while here.mem_id != root.mem_id and here.prev is None:
                here = here.parent
                if here is None:
                    return
            if here.mem_id == root.mem_id:
                return
            inner = here.prev
        here = inner


def beginning_of(element: LexborNode, longest: int, work: Work) -> str:
    """The first `longest` characters of the text in an element, its pieces put together as they are.

    Raises TooMuchWork.
    """
    pieces: list[str] = []
    length = 0
    for number, node in enumerate(element.traverse(include_text=True), 1):
        if not number % 4:
            work.charge(2)
        if node.is_text_node and (piece := node.text_content):
            pieces.append(piece)
            length += len(piece)
            if length >= longest:
                break
    return "".join(pieces)[:longest]


def html_of(element: LexborNode, longest: int) -> str:
    """The beginning of an element as HTML; of one that holds much only its start tag.

    To write a large element takes the square of its length.
    """
    nodes = list(islice(element.traverse(include_text=True), _MOST_WRITTEN + 1))
    length = sum(len(node.text_content or "") for node in nodes if node.is_text_node)
    if len(nodes) <= _MOST_WRITTEN and length <= _LONGEST_WRITTEN:
        return (element.html or "")[:longest]
    attributes = "".join(f' {name}="{value or ""}"' for name, value in element.attributes.items())
    return f"<{element.tag}{attributes}>"[:longest]
