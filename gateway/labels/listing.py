"""The parts of a page: the card, row or article of a listing in which an element stands."""

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.url import Url, canonical
from gateway.labels.page import Page
from gateway.labels.place import ancestors

MOST_SIBLINGS: Final = 30  # on each side
MOST_LINKS: Final = 5_000

_NOT_A_PART: Final = frozenset({"html", "body", "main", "header", "footer"})
# Elements that are items by themselves; of others, two must share a class or three the bare name.
_ITEMS: Final = frozenset({"li", "article", "tr", "figure", "section", "dd"})
_NAMING: Final = "h2, h3, h4, h5, h6, img, picture, video, a[href]"


def part_of(node: LexborNode, said: str) -> LexborNode | None:
    """The item of a listing that `node` stands in; None when it stands for the page.

    An item has a name of its own (a heading, a picture, a link) besides `said`, the text of the sign, and stands
    among others of its kind. What holds the page's only h1 is the page itself.
    """
    for here in ancestors(node):
        if here.tag in _NOT_A_PART:
            return None
        if here.css_first("h1") is not None and len(here.parser.css("h1")) == 1:
            return None
        if _has_name(here, said) and _is_among_its_kind(here, said):
            return here
    return None


def _is_among_its_kind(node: LexborNode, said: str) -> bool:
    """Whether siblings of the same kind, with names, stand near: one, or two where only the bare tag is shared."""
    own = _kind(node)
    needed = 1 if node.tag in _ITEMS or own[1] else 2
    for other in _siblings(node):
        if _kind(other) == own and _has_name(other, said):
            needed -= 1
            if not needed:
                return True
    return False


def part_linking(page: Page, address: str) -> str | None:
    """The selector of the item that links to `address` (as written on the page); None when no link leads there."""
    target = _resolved(address, page.url)
    if target is None or page.url is None or target.href == page.url.href:
        return None
    end = target.path.rstrip("/").rpartition("/")[2]
    for link in page.whole_tree.css("a[href]")[:MOST_LINKS]:
        href = link.attributes.get("href") or ""
        if end in href and (found := _resolved(href, page.url)) and found.href == target.href:
            return page.selectors.of(part_of(link, "") or link)
    return None


def _resolved(address: str, base: Url | None) -> Url | None:
    try:
        return canonical(address, base) if address else None
    except ValueError:
        return None


def _has_name(node: LexborNode, said: str) -> bool:
    found = [node, *node.css(_NAMING)[:8]] if node.tag in ("a", "img") else node.css(_NAMING)[:8]
    return any(each.tag in ("img", "picture", "video") or _says_more(each, said) for each in found)


def _says_more(node: LexborNode, said: str) -> bool:
    text = node.text(strip=True)
    return bool(text) and text != said


def _siblings(node: LexborNode) -> Iterator[LexborNode]:
    for direction in ("prev", "next"):
        other = getattr(node, direction)
        for _ in range(MOST_SIBLINGS):
            if other is None:
                break
            if other.is_element_node:
                yield other
            other = getattr(other, direction)


def _kind(node: LexborNode) -> tuple[str | None, str]:
    classes = (node.attributes.get("class") or "").split()
    return node.tag, classes[0] if classes else ""
