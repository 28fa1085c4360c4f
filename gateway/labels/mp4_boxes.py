"""The boxes of an MP4, QuickTime or 3GP file, as far as its first bytes are at hand.

Sources: ISO/IEC 14496-12, section 4.2 (boxes) and 8.11.1 (meta); Apple, QuickTime File Format, atoms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_BOXES: Final = 20_000
DEEPEST: Final = 8

_FIRST: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp", b"pnot"})
_HEADER: Final = 8
_LARGE_HEADER: Final = 16
_FULL_HEADER: Final = 4  # version and flags


class TooManyBoxes(Exception):  # noqa: N818 - names what was found
    """More boxes than are looked at; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type with those it stands in ("moov/udta/rtng"), and the place of what it holds.

    `is_cut`: it goes on after what is at hand, or after the box that it stands in.
    """

    path: str
    begin: int
    end: int
    is_cut: bool


def is_mp4(data: bytes) -> bool:
    """Whether the first box is one that such files begin with."""
    return data[4:8] in _FIRST


def boxes(data: bytes, containers: frozenset[str]) -> Iterator[Box]:
    """Every box at the top and inside the `containers` (paths), in the order of the file. Raises TooManyBoxes."""
    seen = 0
    left = [(0, len(data), "")]
    while left:
        at, limit, inside = left.pop()
        box = _box_at(data, at, limit, inside)
        if box is None:
            continue
        seen += 1
        if seen > MOST_BOXES:
            raise TooManyBoxes(f"the file has more than {MOST_BOXES} boxes")
        yield box
        left.append((box.end, limit, inside))
        if box.path in containers and box.path.count("/") < DEEPEST:
            left.append((_first_inside(data, box), box.end, box.path))


def _box_at(data: bytes, at: int, limit: int, inside: str) -> Box | None:
    """The box at `at`; None at the end, or where no box can be."""
    if at + _HEADER > limit:
        return None
    size, header = int.from_bytes(data[at : at + 4]), _HEADER
    if size == 1:
        size, header = int.from_bytes(data[at + 8 : at + 16]), _LARGE_HEADER
    elif size == 0:
        # To the end of the file; inside of another box it is the zero that ends QuickTime's user data.
        size = limit - at if not inside else 0
    if size < header:
        return None
    kind = data[at + 4 : at + 8].decode("latin-1")
    path = f"{inside}/{kind}" if inside else kind
    return Box(path, min(at + header, limit), min(at + size, limit), is_cut=at + size > limit)


def _first_inside(data: bytes, box: Box) -> int:
    """Where the boxes inside begin: `meta` is a full box in ISO files and a plain one in QuickTime files."""
    is_full = box.path.endswith("/meta") and data[box.begin + 4 : box.begin + 8] != b"hdlr"
    return box.begin + _FULL_HEADER if is_full else box.begin
