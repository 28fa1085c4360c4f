"""The tags of a Matroska or WebM file, as far as its first bytes are at hand.

Sources: RFC 8794 (EBML), sections 4 to 6; RFC 9559 (Matroska), section 5.1.8 (tags).
"""

from dataclasses import dataclass
from typing import Final

MAGIC: Final = b"\x1a\x45\xdf\xa3"
MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 8
LONGEST_VALUE: Final = 1_000  # bytes

_SEGMENT: Final = 0x18538067
_TAGS: Final = 0x1254C367
_TAG: Final = 0x7373
_SIMPLE_TAG: Final = 0x67C8
_TAG_NAME: Final = 0x45A3
_TAG_STRING: Final = 0x4487
_CONTAINERS: Final = frozenset({_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG})


class TooManyElements(Exception):  # noqa: N818 - names what was found
    """More elements than are looked at; the message is a sentence."""


@dataclass(slots=True)
class SimpleTag:
    """One tag: its name, its text, the byte where the text begins, and the tag that it stands in."""

    outer: "SimpleTag | None"
    name: str = ""
    value: str = ""
    at: int = 0

    def around(self, name: str) -> str:
        """The text of the nearest tag called `name` that this one stands in; "" without one."""
        here = self.outer
        while here is not None and here.name != name:
            here = here.outer
        return here.value if here is not None else ""


@dataclass(slots=True)
class _Element:
    kind: int
    begin: int
    end: int
    is_open: bool  # its size is not known (RFC 8794, section 6.2)
    is_cut: bool  # it goes on after what is at hand


def tags(data: bytes) -> list[SimpleTag]:
    """Every simple tag, in the order of the file. Raises TooManyElements."""
    found: list[SimpleTag] = []
    seen = 0
    left: list[tuple[int, int, int, SimpleTag | None]] = [(0, len(data), 0, None)]
    while left:
        at, limit, depth, tag = left.pop()
        element = _element_at(data, at, limit)
        if element is None:
            continue
        seen += 1
        if seen > MOST_ELEMENTS:
            raise TooManyElements(f"the file has more than {MOST_ELEMENTS} elements")
        if element.is_open and element.kind != _SEGMENT:
            # A live stream's cluster: what it holds is passed over one by one, until the segment goes on.
            left.append((element.begin, limit, depth, tag))
            continue
        left.append((element.end, limit, depth, tag))
        if element.kind in _CONTAINERS and depth < DEEPEST:
            inner = tag
            if element.kind == _SIMPLE_TAG:
                found.append(inner := SimpleTag(outer=tag))
            left.append((element.begin, element.end, depth + 1, inner))
        elif tag is not None:
            _fill(tag, element, data)
    return found


def _fill(tag: SimpleTag, element: _Element, data: bytes) -> None:
    # Half a mark may be a milder one: PG of PG-13.
    if element.kind in (_TAG_NAME, _TAG_STRING) and not element.is_cut:
        # A string may be padded with NUL (RFC 8794, section 7.4).
        text = data[element.begin : min(element.end, element.begin + LONGEST_VALUE)].decode("utf-8", "replace")
        text = text.partition("\0")[0].strip()
        if element.kind == _TAG_NAME:
            tag.name = text.upper()
        else:
            tag.value, tag.at = text, element.begin


def _element_at(data: bytes, at: int, limit: int) -> _Element | None:
    """The element at `at`; None at the end, or where none can be."""
    id_length = _vint_length(data, at, limit, longest=4)
    if not id_length:
        return None
    size_at = at + id_length
    size_length = _vint_length(data, size_at, limit, longest=8)
    if not size_length:
        return None
    begin = size_at + size_length
    mask = (1 << 7 * size_length) - 1
    size = int.from_bytes(data[size_at:begin]) & mask
    is_open = size == mask  # every bit set
    kind = int.from_bytes(data[at:size_at])
    is_cut = not is_open and begin + size > limit
    return _Element(kind, begin, limit if is_open or is_cut else begin + size, is_open, is_cut)


def _vint_length(data: bytes, at: int, limit: int, *, longest: int) -> int:
    """How many bytes the variable-size number at `at` has (RFC 8794, section 4); 0 when there is none."""
    if at >= limit or not data[at]:
        return 0
    length = 9 - data[at].bit_length()
    return length if length <= longest and at + length <= limit else 0
