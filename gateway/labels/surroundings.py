"""What stands around a sign: the words of its element and its link, what names it from before, the box that it opens.

Many signs stand in or beside the same elements, so each is asked once; none costs more than a look at its beginning.
"""

from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.listing import MOST_LEVELS, MOST_SIBLINGS, siblings
from gateway.labels.signs import Signs, plain
from gateway.labels.work import Work

LONGEST_NAME: Final = 40  # characters of what names a number: "Android", "Возраст"
LONGEST_BOX: Final = 80  # characters of a number with its caption
MOST_OF_BOX: Final = 16  # elements and pieces of text in such a box
_BEGINNING: Final = 60  # characters of an element that are looked at
_MOST_OF_BEGINNING: Final = 500  # elements and pieces of text in these
_NOTHING: Final = (None, False)
_PAIRS: Final = {("dt", "dd"), ("th", "td")}


class Surroundings:
    """Looks around on one page; what was found out about an element is kept for the next sign."""

    def __init__(self, signs: Signs, work: Work) -> None:
        self._signs = signs
        self._work = work
        # By the number of an element.
        self._boxes: dict[int, str] = {}
        self._rows: dict[int, LexborNode] = {}
        self._beginnings: dict[int, tuple[str, bool]] = {}
        self._before: dict[int, tuple[str | None, bool]] = {}

    def name_of(self, element: LexborNode) -> str | None:
        """The text of an element; None when it is longer than a name, or has very much inside."""
        text, is_whole = self._beginning(element)
        return text if is_whole and len(text) <= LONGEST_NAME else None

    def follows_guard(self, element: LexborNode) -> bool:
        """Whether the element before names something that has numbers with a plus: <td>Android</td><td>6+</td>."""
        return self._named_before(element)[1]

    def title_before(self, element: LexborNode) -> str | None:
        """The language of a title that the element before is: <th>Возрастное ограничение</th><td>16+</td>."""
        return self._named_before(element)[0]

    def _named_before(self, element: LexborNode) -> tuple[str | None, bool]:
        """What the element before is, when it is a name: a title's language, and whether it is a guard."""
        known = self._before.get(element.mem_id)
        if known is None:
            self._work.charge(2)
            before = _element_before(element)
            words = self._beginning(before)[0].strip() if before is not None else ""
            known = self._before[element.mem_id] = self._meaning(words) if 0 < len(words) <= LONGEST_NAME else _NOTHING
        return known

    def _meaning(self, words: str) -> tuple[str | None, bool]:
        self._work.charge(4)
        title = self._signs.language_of_title(words)
        return title, title is None and self._signs.is_guarded(words) and not self._signs.read(words)

    def titled_by(self, element: LexborNode) -> tuple[LexborNode, str] | None:
        """The element that a title announces and what it says; None when the next one is none or says more."""
        after = _element_after(element)
        words = self.name_of(after) if after is not None else None
        return (after, words.strip()) if after is not None and words and words.strip() else None

    def is_statistic(self, block: LexborNode, text: str) -> bool:
        """Whether a number opens a small box with its caption, among boxes of other numbers: "18+ years", "90%"."""
        box = self.row_of(block).parent
        words = self._number_opening(box) if box is not None else ""
        if box is None or not words.startswith(text) or not any(character.isalpha() for character in words):
            return False
        self._work.charge(MOST_SIBLINGS // 2)
        return any(other.tag == box.tag and self._number_opening(other) for other in siblings(box))

    def list_of(self, block: LexborNode) -> tuple[int, str | None]:
        """What a block is listed in: the element around its row, and the row's tag."""
        row = self.row_of(block)
        return (row.parent.mem_id if row.parent is not None else row.mem_id), row.tag

    def row_of(self, block: LexborNode) -> LexborNode:
        """The outermost element that holds nothing beside this block, and of a cell its row."""
        row = self._rows.get(block.mem_id)
        if row is None:
            self._work.charge(4)
            row = self._rows[block.mem_id] = _row(block)
        return row

    def _number_opening(self, box: LexborNode) -> str:
        """The words of a small box that opens with a number; empty for every other box."""
        known = self._boxes.get(box.mem_id)
        if known is None:
            self._work.charge(8)
            words = plain(box.text(separator=" ")).strip() if _is_small(box) else ""
            known = self._boxes[box.mem_id] = words if words[:1].isdigit() else ""
        return known

    def _beginning(self, element: LexborNode) -> tuple[str, bool]:
        """The first characters in an element, and whether there are no more."""
        known = self._beginnings.get(element.mem_id)
        if known is None:
            known = self._beginnings[element.mem_id] = _beginning(element, self._work)
        return known


def _element_before(element: LexborNode) -> LexborNode | None:
    """The element that stands near before this one, when it is of a kind that names it."""
    before = next(siblings(element, "prev"), None)
    return before if before is not None and _is_pair(before, element) else None


def _element_after(element: LexborNode) -> LexborNode | None:
    """The element that stands near after this one, when it is of a kind that this one names."""
    after = next(siblings(element, "next"), None)
    return after if after is not None and _is_pair(element, after) else None


def _is_pair(one: LexborNode, other: LexborNode) -> bool:
    return one.tag == other.tag or (one.tag, other.tag) in _PAIRS


def _beginning(element: LexborNode, work: Work) -> tuple[str, bool]:
    text, left = "", _MOST_OF_BEGINNING
    work.charge(2)
    for node in element.traverse(include_text=True):
        if node.is_text_node:
            text += node.text_content or ""
        left -= 1
        work.left -= left % 2
        if len(text) > _BEGINNING or not left:
            return text[:_BEGINNING], False
    return text, True


def _is_small(box: LexborNode) -> bool:
    """Whether a box says little; a look at its first pieces, because it may be the whole page."""
    length = 0
    for node in islice(box.traverse(include_text=True, skip_empty=True), MOST_OF_BOX):
        length += len(node.text_content or "") if node.is_text_node else 0
    return length <= LONGEST_BOX and next(islice(box.traverse(), MOST_OF_BOX, None), None) is None


def _row(block: LexborNode) -> LexborNode:
    here = block
    for _ in range(MOST_LEVELS):
        if here.parent is None or here.parent.tag in ("body", "html"):
            break
        if here.tag not in ("td", "th") and next(siblings(here), None) is not None:
            break
        here = here.parent
    return here
