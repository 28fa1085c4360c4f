"""The place of an element: a CSS selector that leads to it and to nothing else."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

_SIMPLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TAG: Final = re.compile(r"[a-z][a-z0-9-]*")
MOST_STEPS: Final = 512  # browsers nest no deeper
MOST_IDS: Final = 3  # each costs a look through the whole tree


class Selectors:
    """Makes selectors for the elements of a page; what was counted for one is kept for the next."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[int, int]] = {}

    def of(self, node: LexborNode) -> str:
        """A selector of `node` (an element): from the nearest ancestor with an id of its own, else from the root.

        Steps count elements of one name (`:nth-of-type`), so what follows the element makes no difference.
        """
        steps: list[str] = []
        ids = 0
        here: LexborNode | None = node
        while here is not None and here.is_element_node and len(steps) < MOST_STEPS:
            name = here.attributes.get("id") if ids < MOST_IDS else None
            ids += name is not None
            if name and (anchor := _own_id(here, name)):
                return " > ".join([anchor, *reversed(steps)])
            steps.append(self._step(here))
            here = here.parent
        return " > ".join(reversed(steps))

    def _step(self, node: LexborNode) -> str:
        tag = node.tag or ""
        if tag in ("html", "head", "body"):
            return tag
        if node.mem_id not in self._numbers:
            self._number_children(node.parent)
        among_its_name, among_all = self._numbers.get(node.mem_id, (1, 1))
        # A name that is no plain word cannot stand in a selector, so its place among all does.
        return f"{tag}:nth-of-type({among_its_name})" if _TAG.fullmatch(tag) else f"*:nth-child({among_all})"

    def _number_children(self, parent: LexborNode | None) -> None:
        """Numbers all children at once: there may be many, and more than one of them with a label."""
        counted: dict[str | None, int] = {}
        for among_all, child in enumerate(parent.iter() if parent is not None else (), 1):
            among_its_name = counted[child.tag] = counted.get(child.tag, 0) + 1
            self._numbers[child.mem_id] = among_its_name, among_all


def _own_id(node: LexborNode, name: str) -> str | None:
    if node.tag in ("html", "body") or not _SIMPLE.fullmatch(name):
        return None
    found = node.parser.css(f"#{name}")
    return f"#{name}" if len(found) == 1 and found[0].mem_id == node.mem_id else None
