"""How much work a page may make for the HTML parser, and how much is counted so far."""

from typing import Final

# What a page may cost: looks of about a microsecond each, so some 33 ms for 100 kB, our own reading of tags included.
_LOOKS_OF_SMALL: Final = 33_000
_LOOKS_A_BYTE: Final = 0.33
_MOST_STEPS: Final = 50_000_000
STEPS_A_LOOK: Final = 600  # looks of the parser at an open element or an attribute: 1.6 ns each at most
# Elements opened again: 1/6 us and some 200 bytes each, as much again for each attribute or two.
_NODES_A_LOOK: Final = 6
_MOST_NODES: Final = 250_000
_NODES_OF_SMALL: Final = 90_000
_NODES_A_BYTE: Final = 0.6
BYTES_A_LOOK: Final = 120  # that are looked through for elements in each other
MOST_COPIED: Final = 32_000_000  # bytes of text; as many of memory
COPIED_A_LOOK: Final = 3_000
LONG_TAG: Final = 1_000  # bytes
LOOKS_A_TAG: Final = 2  # that is read by itself: it takes longer than to parse it
_SEPARATORS: Final = b"\t\n\f\r /\"'"  # each attribute has one, or two quotes, of its own
_BYTES_A_NODE: Final = 200  # of attributes, which take as long to copy as a node
DEAREST: Final = 800  # nodes that are as dear as the copy of any tag of a thousand bytes


class Used:
    """What of the limits of a page is used up, and what is open, before the part that is looked at."""

    def __init__(self, source: bytes) -> None:
        self.most_looks = max(_LOOKS_OF_SMALL, int(_LOOKS_A_BYTE * len(source)))
        self.most_nodes = min(_MOST_NODES, max(_NODES_OF_SMALL, int(_NODES_A_BYTE * len(source))))
        self.own = 0  # looks of ours
        self.steps = 0
        self.nodes = 0
        self.depth = 0
        self.formatting = 0
        self.tags = 0  # about so many are in all of the page
        self.has_gap = True  # whether the page may have so many bytes as `LONG_TAG` without a ">"

    @property
    def looks(self) -> int:
        return self.own + self.steps // STEPS_A_LOOK + self.nodes // _NODES_A_LOOK

    def is_within(self) -> bool:
        """Whether no limit is passed."""
        return self.steps <= _MOST_STEPS and self.nodes <= self.most_nodes and self.looks <= self.most_looks


def nodes_to_copy(tag: bytes) -> int:
    """How many plain elements are as dear as a copy of this one, with its attributes."""
    attributes = len(tag) - len(tag.translate(None, _SEPARATORS))
    return 1 + attributes * 3 // 4 + len(tag) // _BYTES_A_NODE
