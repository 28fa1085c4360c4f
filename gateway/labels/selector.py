"""The place of an element: a CSS selector that leads to it and to nothing else."""

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.labels.work import Work

_SIMPLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TAG: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
KEPT: Final = 16  # of so many elements in each other the selector of one is kept
MOST_STEPS: Final = 512  # browsers nest no deeper; a multiple of KEPT
MOST_LOOKS: Final = 8  # for an id or a name, each through the whole page, before all are counted at once
MOST_RARE: Final = 16  # elements of a name that the page has few of


class Selectors:
    """Makes selectors for the elements of a page; what was found out for one is kept for the next."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._numbers: dict[int, tuple[int, int]] = {}
        self._steps: dict[int, tuple[str, bool]] = {}  # of an element: the step to it, and whether it needs none before
        self._ways: dict[int, tuple[str, int]] = {}  # to an element: the selector and how many steps it has
        self._rare: dict[str, list[LexborNode]] = {}  # all elements of a name, when they are few
        self._looks = 0
        self._ids: dict[str, int] | None = None  # how many elements have each id, in lower case

    def of(self, node: LexborNode) -> str:
        """A selector of `node` (an element): from the nearest ancestor with an id of its own, else from the root.

        Steps count elements of one name (`:nth-of-type`), so what follows the element makes no difference.
        """
        unknown: list[tuple[int, str]] = []
        here: LexborNode | None = node
        while here is not None and here.is_element_node and (number := here.mem_id) not in self._ways:
            known = self._steps.get(number)
            if known is None:
                self._work.charge(3)
                anchor = self._own_id(here)
                known = self._steps[number] = anchor or self._step(here), anchor is not None
            if known[1]:
                self._ways[number] = known[0], 1
                break
            unknown.append((number, known[0]))
            here = here.parent
        way, steps = self._ways.get(here.mem_id, ("", 0)) if here is not None else ("", 0)
        self._work.charge(3 + len(unknown) + steps // 64)
        written = [way] if way else []
        for number, step in reversed(unknown):
            written.append(step)
            steps += 1
            if not steps % KEPT:
                # What is kept is cut too: or each element of a deep stack would keep, and be cut from, all of it.
                written, steps = [_last_steps(" > ".join(written), steps)], min(steps, MOST_STEPS)
                self._ways[number] = written[0], steps
        return _last_steps(" > ".join(written), steps)

    def _step(self, node: LexborNode) -> str:
        tag = node.tag or ""
        if tag in ("html", "head", "body"):
            return tag
        is_plain = _TAG.fullmatch(tag) is not None
        number = self._number_of_rare(node, tag) if is_plain else None
        if number is not None:
            return f"{tag}:nth-of-type({number})"
        if node.mem_id not in self._numbers:
            self._number_children(node.parent)
        among_its_name, among_all = self._numbers.get(node.mem_id, (1, 1))
        # A name that is no plain word cannot stand in a selector, so its place among all does.
        return f"{tag}:nth-of-type({among_its_name})" if is_plain else f"*:nth-child({among_all})"

    def _number_of_rare(self, node: LexborNode, tag: str) -> int | None:
        """The number of an element among those of its name beside it, when the page has few of this name.

        Its brothers may be thousands: to find all of one name is cheaper than to look at each of them.
        """
        rare = self._rare.get(tag)
        if rare is None:
            found = self._named(node, tag) if len(self._rare) < MOST_LOOKS else []
            rare = self._rare[tag] = found if len(found) <= MOST_RARE else []
        parent, number = node.parent, 0
        for each in rare if parent is not None else ():
            above = each.parent
            number += above is not None and parent is not None and above.mem_id == parent.mem_id
            if each.mem_id == node.mem_id:
                return number
        return None

    def _number_children(self, parent: LexborNode | None) -> None:
        """Numbers all children at once: there may be many, and more than one of them with a label."""
        counted: dict[str | None, int] = {}
        among_all = 0
        for among_all, child in enumerate(parent.iter() if parent is not None else (), 1):
            among_its_name = counted[child.tag] = counted.get(child.tag, 0) + 1
            self._numbers[child.mem_id] = among_its_name, among_all
        self._work.charge(among_all // 2)

    def _named(self, node: LexborNode, tag: str) -> list[LexborNode]:
        found = node.parser.tags(tag)
        self._work.charge_search(len(found))
        return found

    def _search(self, node: LexborNode, css: str) -> list[LexborNode]:
        found = node.parser.css(css)
        self._work.charge_search(len(found))
        return found

    def _own_id(self, node: LexborNode) -> str | None:
        """The selector of an element that is the only one with its id."""
        name = node.attributes.get("id")
        if not name or node.tag in ("html", "body") or not _SIMPLE.fullmatch(name):
            return None
        self._looks += 1
        if self._looks <= MOST_LOOKS:
            found = self._search(node, f"#{name}")
            return f"#{name}" if len(found) == 1 and found[0].mem_id == node.mem_id else None
        if self._ids is None:
            named = ((each.attributes.get("id") or "").lower() for each in self._search(node, "[id]"))
            self._ids = Counter(named)
            self._work.charge(len(self._ids))
        # In pages of old (quirks mode) case makes no difference to a selector.
        return f"#{name}" if self._ids.get(name.lower()) == 1 else None


def _last_steps(way: str, steps: int) -> str:
    return way if steps <= MOST_STEPS else way.split(" > ", steps - MOST_STEPS)[-1]
