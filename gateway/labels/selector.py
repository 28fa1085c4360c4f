"""The place of an element: a CSS selector that leads to it and to nothing else."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

_SIMPLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TAG: Final = re.compile(r"[a-z][a-z0-9-]*")
MOST_STEPS: Final = 512  # the parser nests no deeper
MOST_IDS: Final = 3  # each costs a look through the whole tree


def selector_of(node: LexborNode) -> str:
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
        steps.append(_step(here))
        here = here.parent
    return " > ".join(reversed(steps))


def _own_id(node: LexborNode, name: str) -> str | None:
    if node.tag in ("html", "body") or not _SIMPLE.fullmatch(name):
        return None
    found = node.parser.css(f"#{name}")
    return f"#{name}" if len(found) == 1 and found[0].mem_id == node.mem_id else None


def _step(node: LexborNode) -> str:
    tag = node.tag or "*"
    if tag in ("html", "head", "body"):
        return tag
    place, other = 1, node.prev
    named = _TAG.fullmatch(tag) is not None
    while other is not None:
        place += other.is_element_node and (other.tag == tag or not named)
        other = other.prev
    return f"{tag}:nth-of-type({place})" if named else f"*:nth-child({place})"
