"""The parts of a page: the card, row or article of a listing in which an element stands."""

import math
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.labels.place import ancestors
from gateway.labels.text_nodes import beginning_of
from gateway.labels.work import Work

MOST_SIBLINGS: Final = 30  # on each side
MOST_ASKED: Final = 16  # children of one element that are looked at one by one
MOST_LEVELS: Final = 16  # between a sign and the item that it belongs to

_NOT_A_PART: Final = frozenset({"html", "body", "main", "header", "footer"})
# Elements that are items by themselves; of others, two must share a class or three the bare name.
_ITEMS: Final = frozenset({"li", "article", "tr", "figure", "section", "dd"})
_LONGEST_LINK: Final = 200  # characters that are looked at
_NAMING: Final = "h2, h3, h4, h5, h6, img, picture, video, a[href]"


type Kind = tuple[str | None, str]
"""The tag of an element and its first class."""


class PartFinder:
    """Finds the item of a listing that an element stands in; what was found out is kept for the next element."""

    def __init__(self, tree: LexborHTMLParser, work: Work) -> None:
        self._tree = tree
        self._work = work
        self._among: dict[int, bool] = {}
        self._kinds: dict[int, Kind] = {}
        self._asked: Counter[int] = Counter()  # how often for children of an element

    @cached_property
    def _titles(self) -> list[LexborNode]:
        return self._tree.tags("h1")

    @property
    def has_title(self) -> bool:
        """Whether the page has a main heading."""
        return bool(self._titles)

    @cached_property
    def _page(self) -> set[int]:
        """What holds the page's only main heading is the page itself."""
        return {here.mem_id for here in ancestors(self._titles[0])} if len(self._titles) == 1 else set()

    def part_of(self, node: LexborNode) -> LexborNode | None:
        """The item of a listing that `node` stands in; None when it stands for the page.

        An item has a name of its own (a heading, a picture, a link with words) and stands among others of its kind.
        """
        self._work.charge(MOST_LEVELS // 4)
        for here in islice(ancestors(node), MOST_LEVELS):
            if here.tag in _NOT_A_PART or here.mem_id in self._page:
                return None
            if self._has_name(here) and self._is_among_its_kind(here):
                return here
        return None

    def _is_among_its_kind(self, node: LexborNode) -> bool:
        """Whether siblings of the same kind, with names, stand near: one, or two where only the bare tag is shared."""
        known = self._among.get(node.mem_id)
        if known is None and node.parent is not None:
            self._asked[node.parent.mem_id] += 1
            if self._asked[node.parent.mem_id] == MOST_ASKED:
                self._look_at_all(node.parent)
                known = self._among.get(node.mem_id)
        if known is None:
            known = self._among[node.mem_id] = self._look_beside(node)
        return known

    def _look_at_all(self, parent: LexborNode) -> None:
        """The same for all children at once: of each kind, the nearest on both sides tell."""
        places: dict[Kind, list[tuple[int, LexborNode]]] = {}
        place = 0
        for place, child in enumerate(parent.iter(include_text=True)):
            if child.is_element_node and self._has_name(child):
                places.setdefault(self._kind_of(child), []).append((place, child))
        self._work.charge(place // 2 + 2 * sum(map(len, places.values())))
        for (tag, name), kin in places.items():
            is_pair_enough = tag in _ITEMS or name != ""
            around = [-math.inf, -math.inf, *(place for place, _ in kin), math.inf, math.inf]
            for number, (place, child) in enumerate(kin, 2):
                # Are two of them near: one on each side, or both on one side? Or is one, where one is enough?
                before, after = place - around[number - 1], around[number + 1] - place
                if is_pair_enough:
                    self._among[child.mem_id] = before <= MOST_SIBLINGS or after <= MOST_SIBLINGS
                else:
                    second = min(max(before, after), place - around[number - 2], around[number + 2] - place)
                    self._among[child.mem_id] = second <= MOST_SIBLINGS

    def _look_beside(self, node: LexborNode) -> bool:
        own = self._kind_of(node)
        needed = 1 if node.tag in _ITEMS or own[1] else 2
        for other in siblings(node):
            self._work.left -= 1
            if self._has_name(other) and self._kind_of(other) == own:
                needed -= 1
                if not needed:
                    return True
        return False

    def _kind_of(self, node: LexborNode) -> Kind:
        known = self._kinds.get(node.mem_id)
        if known is None:
            classes = (node.attributes.get("class") or "").split(None, 1)
            known = self._kinds[node.mem_id] = node.tag, classes[0] if classes else ""
        return known

    def _has_name(self, node: LexborNode) -> bool:
        return node.mem_id in self._named

    @cached_property
    def _named(self) -> set[int]:
        """Every element that has a name in it or is one; each is come to once, however deep the page is."""
        named: set[int] = set()
        found = self._tree.css(_NAMING)
        self._work.charge_search(2 * len(found))
        for naming in found:
            if naming.tag == "a" and not self._has_words(naming):
                continue
            for here in ancestors(naming):
                if here.mem_id in named:
                    break
                named.add(here.mem_id)
        self._work.charge(len(named) // 2)
        return named

    def _has_words(self, link: LexborNode) -> bool:
        """Whether a link says words; one that says "18+" names nothing."""
        return any(map(str.isalpha, beginning_of(link, _LONGEST_LINK, self._work)))


def siblings(node: LexborNode, *sides: str) -> Iterator[LexborNode]:
    """The elements that stand near beside `node`, those before it first, the nearest of each side first.

    `sides`: "prev" or "next" for those of one side.
    """
    for direction in sides or ("prev", "next"):
        other = getattr(node, direction)
        for _ in range(MOST_SIBLINGS):
            if other is None:
                break
            if other.is_element_node:
                yield other
            other = getattr(other, direction)
